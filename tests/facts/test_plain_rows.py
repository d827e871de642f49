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
    short = indicator.achievement.__wrapped__(target, actual, operator, column)
    with patch.object(indicator, "_plain_achievement", return_value=None):
        long = indicator.achievement.__wrapped__(target, actual, operator, column)
    assert repr(short) == repr(long)


@pytest.mark.parametrize(
    ("target", "actual"),
    [
        ("95%", "≥95%"),
        ("5次", "5场"),
        ("5", "5"),
        ("5～6次", "5次"),
        ("及时", "及时"),
        ("5次\n6次", "7次"),
    ],
)
def test_all_else_goes_the_long_way(target: str, actual: str) -> None:
    assert indicator._plain_achievement(target, actual) is None


def test_plain_rows_go_the_short_way() -> None:
    facts = indicator._plain_achievement("≥95%", "98.5%")
    assert facts is not None
    assert (facts.target_operator, facts.target_value, facts.actual_value) == (">=", Decimal(95), Decimal("98.5"))
    assert (facts.met, facts.target_unit, facts.completion) == (True, "%", Decimal("98.5") / Decimal(95))
