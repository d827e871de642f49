"""Numbers in digits and in Chinese numerals."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.facts.numerals import chinese_number, fold, number, times_ten

D = Decimal


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("零", 0),
        ("三", 3),
        ("两", 2),
        ("十", 10),
        ("十二", 12),
        ("二十", 20),
        ("三十二", 32),
        ("一百零五", 105),
        ("一百一十", 110),
        ("两百", 200),
        ("一千零五", 1005),
        ("一千零五十", 1050),
        ("一千一百", 1100),
        ("三万", 30_000),
        ("一万零五", 10_005),
        ("一万二千", 12_000),
        ("十二万三千四百五十六", 123_456),
        ("三亿", 300_000_000),
        ("三亿零二百万", 302_000_000),
        ("二〇二一", 2021),
        ("壹佰贰拾", 120),
    ],
)
def test_chinese_number(text: str, value: int) -> None:
    assert chinese_number(text) == (D(value), 0)


def test_chinese_decimals() -> None:
    assert chinese_number("九十五点五零") == (D("95.50"), 2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "百",
        "万",
        "一千五",
        "三百五",
        "一万五",
        "五六",
        "三三十",
        "十百",
        "一十十",
        "百一",
        "点五",
        "五点",
        "五点十",
        "零五",
        "一百零",
        "一千零零五",
        "两〇二一",
        "一" * 31,
    ],
)
def test_not_by_the_rules(text: str) -> None:
    assert chinese_number(text) is None


@pytest.mark.parametrize(
    ("text", "value", "decimals"), [("1,234.50", "1234.50", 2), ("1，234", "1234", 0), ("-5", "-5", 0), ("007", "7", 0)]
)
def test_number(text: str, value: str, decimals: int) -> None:
    assert number(text) == (D(value), decimals)


def test_number_has_at_most_thirty_digits() -> None:
    assert number("9" * 30) == (D("9" * 30), 0)
    assert number("9" * 31) is None
    assert number("0." + "9" * 30) == (D("0." + "9" * 30), 30)
    assert number("1." + "9" * 30) is None


@given(st.decimals(0, 10**16, places=6), st.integers(0, 12))
def test_times_ten_is_exact_and_plain(value: Decimal, power: int) -> None:
    result = times_ten(value, power)
    assert result == value * 10**power
    assert "E" not in str(result) or "E-" in str(result)


def test_fold() -> None:
    assert fold("≧９０．５％（含）—～／＋\u200b，") == "≥90.5%(含)-~/+，"


@given(st.text(st.sampled_from("绿道（）：；～―≧⩽％－０９＝﹤⁄\u200b\ufeff，。60%a"), max_size=90))
def test_long_texts_fold_as_their_characters_do(text: str) -> None:
    assert fold(text) == "".join(map(fold, text))
