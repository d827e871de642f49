"""Formulas of missed targets: proportional scores, what fits them, and what a text says of deductions."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.facts.indicator import achievement
from lintperf_builtin.facts.scoring import (
    marks_due,
    proportional_score,
    shortfall_earns_full_marks,
    shortfall_score_fits,
    states_deduction,
    without,
)

D = Decimal
weights = st.integers(1, 400).map(lambda n: D(n) / 2)
targets = st.integers(1, 9_999)


def facts(target: str, actual: str) -> tuple[D | None, D | None, D | None]:
    found = achievement(target, actual, None, None)
    return found.completion, found.excess, found.parts_completion


@pytest.mark.parametrize(
    ("weight", "score", "target", "actual", "due"),
    [
        ("10", "10.0", "30次", "24次", "8.0"),
        ("10", "10", "30次", "24次", "8"),
        ("10", "5", "120人", "53人", "4.42"),
        ("10", "10", "≤24小时", "30小时", "8"),
        ("10", "10", "≤2%", "5%", "4"),
        ("8", "8", "灯谜会4场、剪纸课2场", "灯谜会4场、剪纸课1场", "6"),
        ("2", "2.000", "7户", "1户", "0.286"),
        ("10", "3", "350本", "0本", "0"),
    ],
)
def test_proportional_score(weight: str, score: str, target: str, actual: str, due: str) -> None:
    found = proportional_score(D(weight), D(score), *facts(target, actual))
    assert str(found) == due
    assert marks_due(D(weight), D(score), *facts(target, actual)) == due


@pytest.mark.parametrize(
    ("target", "actual"), [("30次", "30次"), ("≤24小时", "20小时"), ("及时", "未完成"), ("≤0起", "1起")]
)
def test_without_a_shortfall_there_is_no_proportion(target: str, actual: str) -> None:
    assert proportional_score(D(10), D(3), *facts(target, actual)) is None
    assert marks_due(D("10.0"), D(3), *facts(target, actual)) == "<10.0"
    assert shortfall_score_fits(D(10), D(3), *facts(target, actual))
    assert not shortfall_earns_full_marks(D(10), D(3), *facts(target, actual))


@given(weights, targets, st.data(), st.integers(0, 3))
def test_the_exact_quotient_fits_at_every_precision(weight: D, target: int, data: st.DataObject, places: int) -> None:
    actual = data.draw(st.integers(0, target - 1))
    with localcontext(Context(prec=50)):
        step = D(1).scaleb(-places)
        # the score as a person with a fraction in hand would write it, not from the rounded ratio
        numerator, denominator = weight.as_integer_ratio()
        score = (D(actual * numerator) / D(target * denominator)).quantize(step, ROUND_HALF_UP)
        assert shortfall_score_fits(weight, score, *facts(f"{target}株", f"{actual}株"))


@given(weights, targets, st.data())
def test_both_formulas_of_a_ceiling_fit_and_others_do_not(weight: D, target: int, data: st.DataObject) -> None:
    actual = data.draw(st.integers(target + 1, 3 * target))
    with localcontext(Context(prec=50)):
        cent = D("0.01")
        shares = D(target) / actual, max(D(0), 1 - D(actual - target) / target)
        for share in shares:
            score = (weight * share).quantize(cent, ROUND_HALF_UP)
            assert shortfall_score_fits(weight, score, *facts(f"≤{target}株", f"{actual}株"))
        beyond = (weight * max(shares)).quantize(cent, ROUND_HALF_UP) + weight * D("0.01") + D("0.02")
        assert not shortfall_score_fits(weight, beyond, *facts(f"≤{target}株", f"{actual}株"))


def test_a_shortfall_too_small_to_show_earns_full_marks() -> None:
    assert shortfall_earns_full_marks(D(5), D("5.0"), *facts("10000人次", "9999人次"))
    assert not shortfall_earns_full_marks(D(10), D(10), *facts("30次", "29次"))


@pytest.mark.parametrize(
    "text", ["每减少1次扣0.5分", "低于80%的，不得分。", "超过指标值10%的，扣 1 分", "资料；每延迟一天扣一分"]
)
def test_states_deduction(text: str) -> None:
    assert states_deduction(text)


@pytest.mark.parametrize(
    "text",
    ["", "扣分较多", "每季度评分一次", "执行率每降低1个百分点扣0.1分", "每月巡查；因延误扣0.5分", "未完成部分工作"],
)
def test_states_no_deduction(text: str) -> None:
    assert not states_deduction(text)


def test_without_takes_words_and_white_space_out() -> None:
    assert without(" 已 完成 古树普查\n", ["已", "完成"]) == "古树普查"
    assert without("古树普查", []) == "古树普查"
