"""Unit names, how units stand to each other, and exact conversion."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.facts.units import (
    _FAMILIES,
    COUNTING_UNITS,
    NAMES,
    canonical_unit,
    convert,
    read_unit,
    unit_relation,
)

D = Decimal


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("百分比", "%"),
        ("％", "%"),
        (" 百分比（%） ", "%"),
        ("㎡", "平方米"),
        ("H", "小时"),
        ("场次", "场"),
        ("（个）", "个"),
        ("单位：万元", "万元"),
        ("元 / 人", "元/人"),
        ("元/人·年", "元/人/年"),
        ("塘口", "塘口"),
        ("", None),
        ("/", None),
        ("无", None),
        ("—", None),
        ("千克", "公斤"),
    ],
)
def test_canonical_name(text: str, name: str | None) -> None:
    assert canonical_unit(text) == name


@pytest.mark.parametrize(
    ("text", "power", "name"),
    [("万人", 4, "人"), ("万元", 0, "万元"), ("万", 4, None), ("亿斤", 8, "斤"), ("万元/人", 0, "万元/人")],
)
def test_scaled_unit(text: str, power: int, name: str | None) -> None:
    assert read_unit(text) == (power, name)


@pytest.mark.parametrize(
    ("relation", "pairs"),
    [
        ("same", [("元", "元"), ("批", "次"), ("人", "名"), ("元/人", "元/名"), ("塘口", "塘口")]),
        (
            "convertible",
            [
                ("万元", "元"),
                ("%", "‰"),
                ("%", "小数"),
                ("米", "公里"),
                ("亩", "公顷"),
                ("天", "小时"),
                ("吨", "斤"),
                ("元/人", "万元/人"),
                ("年", "个月"),
            ],
        ),
        (
            "soft",
            [
                ("人", "人次"),
                ("家", "个"),
                ("株", "个"),
                ("场", "次"),
                ("份", "册"),
                ("天", "工作日"),
                ("%", "百分点"),
                ("次/年", "次"),
            ],
        ),
        (
            "different",
            [("人", "元"), ("%", "个"), ("米", "平方米"), ("场", "家"), ("次/年", "次/个月"), ("天", "个月")],
        ),
        ("unknown", [("元", None), (None, None), ("塘口", "个")]),
    ],
)
def test_relation_both_ways(relation: str, pairs: list[tuple[str | None, str | None]]) -> None:
    for a, b in pairs:
        assert (unit_relation(a, b), unit_relation(b, a)) == (relation, relation), (a, b)


@pytest.mark.parametrize(
    ("value", "source", "target", "result"),
    [
        ("98.70", "万元", "元", "987000"),
        ("9865", "元", "万元", "0.9865"),
        ("0.95", "小数", "%", "95"),
        ("5", "‰", "%", "0.5"),
        ("15", "亩", "公顷", "1"),
        ("1", "天", "小时", "24"),
        ("90", "分钟", "小时", "1.5"),
        ("1.2", "万元/人", "元/人", "12000"),
        ("3", "批", "次", "3"),
        ("5", "人", "人次", None),
        ("5", "人", "元", None),
        ("5", "人", None, None),
        ("4", "次/年", "次/个月", None),
    ],
)
def test_convert(value: str, source: str, target: str | None, result: str | None) -> None:
    assert convert(D(value), source, target) == (None if result is None else D(result))


def test_quotient_without_end_has_28_digits() -> None:
    assert str(convert(D(1000), "平方米", "亩")) == "1.5"
    assert str(convert(D(1), "亩", "平方米")) == "666.6666666666666666666666667"


UNITS = [(unit, index) for index, family in enumerate(_FAMILIES) for unit in family]


@given(st.decimals(0, 10**12, places=4), st.sampled_from(UNITS), st.sampled_from(UNITS))
def test_conversion_agrees_with_fractions(value: Decimal, source: tuple[str, int], target: tuple[str, int]) -> None:
    result = convert(value, source[0], target[0])
    if source[1] != target[1]:
        assert result is None
        return
    family = _FAMILIES[source[1]]
    exact = Fraction(value) * Fraction(*family[source[0]]) / Fraction(*family[target[0]])
    assert result is not None
    denominator = exact.denominator
    for prime in (2, 5):
        while denominator % prime == 0:
            denominator //= prime
    error = abs(Fraction(result) - exact)
    assert error == 0 if denominator == 1 else error <= exact / 10**27


def test_table_is_consistent() -> None:
    assert all(NAMES[unit] == unit for unit in COUNTING_UNITS)
    assert all(NAMES[name] == name for name in NAMES.values())
