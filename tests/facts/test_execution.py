"""Execution rates in all notations, the scores that follow from them, and clauses about money."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.facts.form import clause_joins, execution_score_fits, read_rate

ratios = st.decimals(Decimal("0"), Decimal("1"), places=6)


@given(ratios, st.integers(2, 4))
def test_a_ratio_written_at_any_precision_agrees(computed: Decimal, places: int) -> None:
    stated = computed.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    read = read_rate(stated, computed)
    assert read is not None
    assert (read.agrees, read.ratio, read.expected, read.points) == (True, stated, stated, 0)


@given(ratios, st.integers(0, 2), st.sampled_from("%％"))
def test_a_percentage_written_at_any_precision_agrees(computed: Decimal, places: int, sign: str) -> None:
    number = (computed * 100).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    read = read_rate(f"{number:f}{sign}", computed)
    assert read is not None
    assert (read.agrees, read.ratio, read.expected) == (True, number / 100, f"{number:f}{sign}")


@given(st.decimals(Decimal("0.2"), Decimal("1"), places=6), st.integers(0, 2))
def test_a_percentage_without_sign_agrees(computed: Decimal, places: int) -> None:
    number = (computed * 100).quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    read = read_rate(number, computed)
    assert read is not None
    assert read.agrees
    assert read.ratio == number / 100


@given(ratios, ratios, st.sampled_from(["ratio", "percent"]))
def test_a_rate_agrees_exactly_when_it_is_the_expected_one(computed: Decimal, other: Decimal, how: str) -> None:
    stated = other.quantize(Decimal("0.01")) if how == "ratio" else f"{(other * 100).quantize(Decimal('0.1')):f}%"
    read = read_rate(stated, computed)
    assert read is not None
    assert read.points is not None
    assert read.agrees == (read.expected == stated) == (read.points == 0)


@pytest.mark.parametrize(
    ("stated", "expected", "points"),
    [("0.85", "0.82", "3.00"), ("85", "82", "3"), ("81.9", "81.8", "0.1"), ("1", "0.82", "18.00")],
)
def test_what_a_wrong_rate_should_be(stated: str, expected: str, points: str) -> None:
    read = read_rate(Decimal(stated), Decimal("0.8182"))
    assert read is not None
    assert not read.agrees
    assert (str(read.expected), read.points) == (expected, Decimal(points))


@pytest.mark.parametrize("nothing", [None, "", "—"])
def test_no_rate(nothing: str | None) -> None:
    assert read_rate(nothing, Decimal("0.5")) is None
    assert read_rate(nothing, None) is None


@pytest.mark.parametrize(("stated", "ratio"), [(Decimal("1.00"), "1"), (Decimal(98), "0.98"), ("0.5%", "0.005")])
def test_a_rate_without_a_budget_is_read_by_its_size(stated: Decimal | str, ratio: str) -> None:
    assert read_rate(stated, None) == (Decimal(ratio), None, None, None)


@given(ratios, st.sampled_from([Decimal(10), Decimal(20), Decimal(15)]))
def test_scores_of_all_formulas_fit_and_others_do_not(ratio: Decimal, weight: Decimal) -> None:
    for places in ("0.01", "0.0001", "0.000001"):
        score = (ratio.quantize(Decimal(places), ROUND_HALF_UP) * weight).quantize(Decimal("0.01"), ROUND_HALF_UP)
        assert execution_score_fits(weight, score, ratio, None, None)
        assert not execution_score_fits(weight, score + Decimal("0.20"), ratio, None, None)


def test_a_printed_deduction_goes_beside_the_proportion() -> None:
    weight, ratio = Decimal(10), Decimal("0.9")
    assert execution_score_fits(weight, Decimal("8.0"), ratio, None, Decimal("0.2"))
    assert not execution_score_fits(weight, Decimal("8.0"), ratio, None, None)
    assert execution_score_fits(weight, Decimal(0), Decimal("0.1"), None, Decimal("0.2"))


def test_a_comma_in_a_number_does_not_end_a_clause() -> None:
    words = (("预算",), ("收回",))
    assert clause_joins("将预算 1,234,500 元收回", *words)
    assert not clause_joins("预算已下达,设备由厂家收回", *words)
    assert not clause_joins("预算1,234元，设备由厂家收回", *words)
