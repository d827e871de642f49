"""The short way to the facts of a row says what reading both sides and comparing them says."""

from __future__ import annotations

from decimal import Decimal
from unittest.mock import patch

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.facts import indicator, measures

NUMBERS = st.from_regex(r"[0-9]{1,7}(\.[0-9]{1,3})?", fullmatch=True)
SIGNS = ["", "≥", "＞", ">", "<", "≤", "＝", "不少于", "不低于", "不超过", "不高于"]


@given(
    st.sampled_from(SIGNS),
    NUMBERS,
    st.one_of(NUMBERS, st.none()),
    st.sampled_from([*measures.COMMON_UNITS, "年", "月", "点"]),
    st.sampled_from(["", " "]),
    st.sampled_from([None, None, "", "≥", "=", "不超过", "至少", "定性", "反向"]),
    st.sampled_from([None, None, "", "%", "个", "万元", "人次", "周年", "万人", "月", "/", "元/人", "公里 "]),
    st.booleans(),
)
def test_two_numbers_in_one_unit(
    sign: str,
    bound: str,
    value: str | None,
    unit: str,
    space: str,
    operator: str | None,
    column: str | None,
    bare: bool,
) -> None:
    written = "" if bare else unit
    target, actual = f"{sign}{bound}{space}{written}", f"{value or bound}{written}"
    _same_both_ways(target, actual, operator, column)


@given(
    NUMBERS,
    NUMBERS,
    NUMBERS,
    st.sampled_from(["～", "~", "-", "至"]),
    st.sampled_from([*measures.COMMON_UNITS, "年", "月", "点"]),
    st.sampled_from(SIGNS),
    st.sampled_from([None, "", "≥", "=", "区间"]),
    st.sampled_from([None, "", "%", "个", "万元"]),
    st.booleans(),
)
def test_a_range_and_a_number_in_one_unit(
    bound: str,
    top: str,
    value: str,
    dash: str,
    unit: str,
    sign: str,
    operator: str | None,
    column: str | None,
    bare: bool,
) -> None:
    written = "" if bare else unit
    _same_both_ways(f"{sign}{bound}{dash}{top}{written}", f"{value}{written}", operator, column)


DATES = st.from_regex(
    r"20(20|21|24)年(0?[1-9]|1[0-3])月((0?[1-9]|[12][0-9]|3[0-2])日)?(前|底|以前|后)?", fullmatch=True
)


@given(DATES, DATES, st.sampled_from([None, "", "≤", "="]), st.sampled_from([None, "", "天"]))
def test_two_dates(target: str, actual: str, operator: str | None, column: str | None) -> None:
    _same_both_ways(target, actual, operator, column)


def _same_both_ways(target: str, actual: str, operator: str | None, column: str | None) -> None:
    short = indicator.achievement.__wrapped__(target, actual, operator, column)
    with (
        patch.object(indicator, "_plain_achievement", return_value=None),
        patch.object(indicator, "_plain_dates", return_value=None),
    ):
        long = indicator.achievement.__wrapped__(target, actual, operator, column)
    assert repr(short) == repr(long)


@pytest.mark.parametrize(
    ("target", "actual"),
    [
        ("95%", "≥95%"),
        ("5次", "5场"),
        ("5", "5"),
        ("≥5～6次", "5次"),
        ("6～5次", "5次"),
        ("5～6次", "5～6次"),
        ("及时", "及时"),
        ("5次\n6次", "7次"),
    ],
)
def test_all_else_goes_the_long_way(target: str, actual: str) -> None:
    assert indicator._plain_achievement(f"{target}\n{actual}") is None


def test_plain_rows_go_the_short_way() -> None:
    facts = indicator._plain_achievement("≥95%\n98.5%")
    assert facts is not None
    assert (facts.target_operator, facts.target_value, facts.actual_value) == (">=", Decimal(95), Decimal("98.5"))
    assert (facts.met, facts.target_unit, facts.completion) == (True, "%", Decimal("98.5") / Decimal(95))


def test_plain_ranges_and_dates_go_the_short_way() -> None:
    between = indicator._plain_achievement("60～170本\n176本")
    assert between is not None
    assert (between.target_value, between.target_upper, between.above_range) == (Decimal(60), Decimal(170), True)
    assert (between.met, between.completion) == (False, Decimal(176) / Decimal(170))
    late = indicator._plain_dates("2021年6月30日前", "2021年7月1日")
    assert late is not None
    assert (late.target_kind, late.target_operator, late.met) == ("date", "<=", False)
    assert indicator._plain_dates("2021年2月30日", "2021年2月3日") is None


@given(st.text("指标一12：:…. .（()）[%％个件万元单位率\n\t无/", max_size=10))
def test_the_looks_at_ends_of_a_name_change_nothing(name: str) -> None:
    bare = "".join(name.split())
    empty, _, unit, stem = indicator._name_facts.__wrapped__(name)
    match = indicator._BRACKET_UNIT.search(name)
    assert (unit is not None) <= (match is not None)
    assert stem == (bare if match is None else bare[: bare.rfind(match[0].strip()[0])])
    nothing = {"", *indicator.EMPTY_CELLS}
    assert empty == (indicator._ORDINAL.sub("", bare) in nothing or indicator._DOTS.fullmatch(bare) is not None)
