"""Actuals against targets: cases, an oracle in fractions, and operators that change the answer when flipped."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lintperf_builtin.facts import comparison
from lintperf_builtin.facts.comparison import Comparison, compare
from lintperf_builtin.facts.measures import parse_measure

D = Decimal


def compared(target: str, actual: str) -> Comparison:
    return compare(parse_measure(target), parse_measure(actual))


@pytest.mark.parametrize(
    ("target", "actual", "expected"),
    [
        # floors
        (
            "30期",
            "24期",
            {"met": False, "completion": D("0.8"), "unit_relation": "same", "actual_in_target_unit": D(24)},
        ),
        ("30期", "33期", {"met": True, "completion": D("1.1")}),
        ("=3项", "3项", {"met": True, "completion": D(1), "on_bound": False}),
        ("=3项", "2项", {"met": False}),
        ("约120人", "53人", {"met": False, "completion": D("0.4416666666666666666666666667")}),
        ("≥90%", "90%", {"met": True, "on_bound": True, "strict_equality": False}),
        ("≥90%", "89.99%", {"met": False, "on_bound": False}),
        (">90%", "90%", {"met": False, "on_bound": True, "strict_equality": True, "completion": D(1)}),
        (">90%", "90.1%", {"met": True, "on_bound": False, "strict_equality": False}),
        ("0", "0", {"met": True, "completion": None}),
        # ceilings
        ("<98.7万元", "96.92万元", {"met": True, "reverse": True, "excess": D(0), "completion": None}),
        ("<2%", "2%", {"met": False, "strict_equality": True, "on_bound": True, "excess": D(0), "reverse": True}),
        ("≤2%", "2%", {"met": True, "strict_equality": False, "on_bound": True}),
        (
            "≤4万元",
            "50000元",
            {"met": False, "excess": D("0.25"), "actual_in_target_unit": D(5), "unit_relation": "convertible"},
        ),
        ("≤0", "1", {"met": False, "excess": None, "reverse": True}),
        ("≤0", "0", {"met": True, "excess": D(0)}),
        # ranges
        ("≥60&&≤100", "200", {"met": False, "above_range": True, "completion": D(2)}),
        ("60～100", "100", {"met": True, "above_range": False, "completion": D(1), "on_bound": False}),
        ("≥60&&≤100", "100", {"met": True, "on_bound": True}),
        (">60&&<100", "100", {"met": False, "strict_equality": True, "above_range": False}),
        ("60-100", "48", {"met": False, "above_range": False, "completion": D("0.8")}),
        ("60-100", "80", {"met": True, "reverse": False, "completion": D(1)}),
        # units
        ("735人次", "735", {"comparable": True, "met": True, "unit_relation": "unknown"}),
        ("735", "735人次", {"comparable": True, "met": True}),
        ("10家", "10个", {"comparable": True, "met": True, "unit_relation": "soft"}),
        ("10人", "10元", {"comparable": False, "met": None, "completion": None, "unit_relation": "different"}),
        ("≥10亩", "6666.66平方米", {"met": False, "unit_relation": "convertible"}),
        ("≥10亩", "6666.67平方米", {"met": True}),
        ("≥2000平方米", "3亩", {"met": True, "on_bound": True, "actual_in_target_unit": D(2000)}),
        ("≥95%", "0.95", {"met": True, "on_bound": True, "actual_in_target_unit": D(95)}),
        ("≥95%", "0.94", {"met": False}),
        ("≥95%", "1", {"met": True, "actual_in_target_unit": D(100)}),
        ("≥95%", "95", {"met": True}),
        ("≤2%", "0.5", {"met": True, "actual_in_target_unit": D("0.5")}),
        ("≥0.95", "96%", {"met": True, "actual_in_target_unit": D("0.96")}),
        ("每年4次", "4次", {"met": True, "unit_relation": "soft"}),
        ("1.2亿元", "12000万元", {"met": True, "completion": D(1)}),
        ("下降5%", "增长5%", {"comparable": False, "met": None}),
        ("下降5%", "下降6%", {"comparable": True, "met": True}),
        # actuals that are bounds
        ("≥90%", "≥90%", {"met": True, "on_bound": False}),
        (">90%", "≥90%", {"met": None, "on_bound": False}),
        ("≥90%", "<90%", {"met": False, "completion": None}),
        ("≥90%", "≤90%", {"met": None}),
        ("6000", "超过6700", {"met": True}),
        ("≤5天", "5天以内", {"met": True, "on_bound": False}),
        ("≤5天", "3～7天", {"met": None}),
        ("3～7天", "4～6天", {"met": True, "completion": None}),
        # dates
        ("2021年12月", "2021年12月", {"comparable": True, "met": True, "completion": None}),
        ("2021年12月", "2021年12月31日", {"met": True}),
        ("2021年12月", "2022年1月", {"met": False}),
        ("2021年12月15日", "2021年12月", {"met": True}),
        ("2021年12月15日前", "2021年12月16日", {"met": False}),
        ("6月30日前", "2021年7月1日", {"met": False}),
        ("6月30日前", "2021年6月30日", {"met": True}),
        ("2021年", "2021年11月", {"met": True}),
        ("2021年12月", "12月", {"met": True}),
        ("2021年12月", "30期", {"comparable": False, "met": None}),
        # words
        ("及时", "及时", {"comparable": True, "met": True}),
        ("提高", "已提高。", {"met": True}),
        ("达成预期指标", "已完成", {"met": True}),
        ("达成预期指标", "达成年度指标", {"met": True}),
        ("达成预期指标", "部分达成年度指标", {"met": None, "comparable": False}),
        ("提高", "基本完成", {"met": None}),
        ("提高", "未完成", {"met": False, "comparable": True}),
        ("及时", "未按时完成", {"met": False}),
        ("及时", "不及时", {"met": False}),
        ("未发生", "未发生", {"met": True}),
        ("效果良好", "100%", {"comparable": False, "met": None}),
        ("300家", "由于台风影响，项目终止开展。", {"comparable": False, "met": None}),
        ("300家", "无", {"comparable": False}),
        ("无", "无", {"comparable": False, "met": None}),
        # composites
        (
            "手册1册、报告4篇、名录3份、案例5篇",
            "手册1册、报告3篇、图册6份",
            {
                "comparable": True,
                "met": False,
                "parts_completion": D("0.4375"),
                "missing_parts": ("报告", "名录", "案例"),
            },
        ),
        ("手册1册、报告4篇", "手册1册、报告6篇", {"met": True, "parts_completion": D(1), "missing_parts": ("报告",)}),
        (
            "手册1册、报告4篇",
            "报告2篇",
            {"met": False, "parts_completion": D("0.25"), "missing_parts": ("手册", "报告")},
        ),
        ("手册1册、报告4篇", "报告2篇、报告2篇、手册1册", {"met": True, "missing_parts": ()}),
        ("3场，120人", "3场，60人", {"parts_completion": D("0.75"), "missing_parts": ("人",)}),
        ("手册1册、报告4篇", "已完成", {"comparable": False, "parts_completion": None}),
    ],
)
def test_compare(target: str, actual: str, expected: dict[str, Any]) -> None:
    found = compared(target, actual)._asdict()
    assert {name: found[name] for name in expected} == expected


def test_nothing_is_said_of_what_cannot_be_compared() -> None:
    assert compared("2 95%", "95%") == Comparison(comparable=False)
    assert compared("≤预算数", "20万元") == Comparison(comparable=False, reverse=True)


HOLDS = {
    "≥": lambda actual, bound: actual >= bound,
    ">": lambda actual, bound: actual > bound,
    "≤": lambda actual, bound: actual <= bound,
    "<": lambda actual, bound: actual < bound,
    "=": lambda actual, bound: actual >= bound,
    "": lambda actual, bound: actual >= bound,
}
YUAN = {"元": 1, "千元": 1000, "万元": 10_000, "亿元": 10**8}
SMALL = st.builds(lambda number, places: D(number).scaleb(-places), st.integers(0, 300), st.integers(0, 2))


@settings(max_examples=1000, deadline=None)
@given(st.sampled_from(sorted(HOLDS)), SMALL, SMALL, st.sampled_from(sorted(YUAN)), st.sampled_from(sorted(YUAN)))
def test_against_fractions(sign: str, bound: Decimal, actual: Decimal, unit: str, actual_unit: str) -> None:
    found = compared(f"{sign}{bound:f}{unit}", f"{actual:f}{actual_unit}")
    limit, value = Fraction(bound), Fraction(actual) * YUAN[actual_unit] / YUAN[unit]
    assert found.comparable
    assert found.met is HOLDS[sign](value, limit)
    assert found.on_bound is (sign not in ("", "=") and value == limit)
    assert found.strict_equality is (sign in ("<", ">") and value == limit)
    assert found.reverse is (sign in ("≤", "<"))
    assert Fraction(found.actual_in_target_unit or 0) == value
    expected: Fraction | None = None if found.reverse or limit == 0 else value / limit
    assert (found.completion is None) is (expected is None)
    if expected is not None and found.completion is not None:
        assert abs(Fraction(found.completion) - expected) <= expected / 10**27
    if found.reverse and value <= limit:
        assert found.excess == 0
    elif found.reverse and limit:
        assert found.excess is not None
        assert abs(Fraction(found.excess) - (value - limit) / limit) <= value / limit / 10**26


@settings(max_examples=500, deadline=None)
@given(SMALL, SMALL, SMALL, st.booleans(), st.booleans())
def test_range_against_fractions(a: Decimal, b: Decimal, actual: Decimal, low_strict: bool, high_strict: bool) -> None:
    lower, upper = min(a, b), max(a, b)
    low, high = (">" if low_strict else "≥"), ("<" if high_strict else "≤")
    found = compared(f"{low}{lower:f}%且{high}{upper:f}%", f"{actual:f}%")
    assert found.met is (HOLDS[low](actual, lower) and HOLDS[high](actual, upper))
    assert found.above_range is (actual > upper)
    assert found.strict_equality is ((low_strict and actual == lower) or (high_strict and actual == upper))


@given(SMALL, SMALL)
def test_flipped_operator_changes_the_answer(bound: Decimal, actual: Decimal) -> None:
    """≥ and < divide all numbers between them, ≤ and > too; ≥ and > part only on the bound."""
    met = {sign: compared(f"{sign}{bound:f}%", f"{actual:f}%").met for sign in ("≥", ">", "≤", "<")}
    assert met["≥"] is not met["<"]
    assert met["≤"] is not met[">"]
    assert (met["≥"] is not met[">"]) is (actual == bound) is (met["≤"] is not met["<"])


VALUES = st.sampled_from(
    [
        "≥95%",
        ">5",
        "≤3天",
        "60～100",
        "<2%",
        "24期",
        "",
        "无",
        "及时",
        "未完成",
        "手册1册、报告4篇",
        "报告2篇",
        "2021年12月",
        "年底前",
        "……",
        "0",
        "-5%",
        "0.95",
        "超过6700",
        "3～7天",
        "2 95%",
        "5塘口",
        "1e5",
    ]
) | st.text("0123456789.%≥≤<>～-万元人年月日无报告1篇、", max_size=12)


@settings(max_examples=600, deadline=None)
@given(VALUES, VALUES)
def test_total(target: str, actual: str) -> None:
    found = compared(target, actual)
    if not found.comparable:
        assert (found.met, found.completion, found.excess, found.parts_completion) == (None, None, None, None)
    if found.parts_completion is not None:
        assert 0 <= found.parts_completion <= 1
    if found.strict_equality:
        assert found.on_bound
        assert found.met is False


@given(
    st.sampled_from(["", "=", "≥", ">", "≤", "<"]),
    st.decimals(0, 500, places=1),
    st.decimals(0, 500, places=1),
    st.sampled_from(["次", "%", "万元", "人次"]),
)
def test_the_short_way_says_what_the_long_way_says(sign: str, target: Decimal, actual: Decimal, unit: str) -> None:
    goal, done = parse_measure(f"{sign}{target}{unit}"), parse_measure(f"{actual}{unit}")
    short = comparison._compare_alike(goal, done)
    assert short is not None
    assert short == comparison._compare_numbers(goal, done)


@given(
    st.decimals(-5, 50, places=1),
    st.decimals(0, 50, places=1),
    st.decimals(-5, 80, places=1),
    st.sampled_from(["", "≥", ">"]),
    st.sampled_from(["次", "%", "万元", "人次"]),
)
def test_the_short_way_of_ranges(bound: Decimal, width: Decimal, actual: Decimal, sign: str, unit: str) -> None:
    goal, done = parse_measure(f"{sign}{bound}～{bound + width}{unit}"), parse_measure(f"{actual}{unit}")
    short = comparison._compare_alike(goal, done) if goal.upper is not None else None
    if short is None:
        assert sign or goal.kind != "range"
    else:
        assert repr(short) == repr(comparison._compare_numbers(goal, done))
