"""Uneven deductions against a definition that compares every pair, and in time that does not grow with the square."""

from __future__ import annotations

import time
from decimal import Decimal
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from lintperf_builtin.checks.deviations import DEVIATIONS_CHECKS
from lintperf_builtin.facts import FACT_GROUPS

from lintperf.rules.subject import DocumentSubject

D = Decimal
CHECKS = {check.name: check for check in DEVIATIONS_CHECKS}
OPTIONS = {"limit": D("1.3"), "points": D(5)}


def subject(rows: list[dict[str, Any]]) -> DocumentSubject:
    groups = tuple(group for group in FACT_GROUPS if group.type == "self-evaluation")
    return DocumentSubject("form.json", {"indicators": rows}, groups)


def row(number: int, actual: int, score: D) -> dict[str, Any]:
    return {
        "level1": "产出指标", "level2": "数量指标", "name": f"第{number}片林地补植", "target": "100株",
        "actual": f"{actual}株", "weight": D(10), "score": score,
    }  # fmt: skip


scored = st.tuples(st.integers(101, 129), st.sampled_from([D("10.00"), D("9.00"), D("8.00"), D("7.50")]))


@given(st.lists(scored, max_size=12))
@settings(max_examples=300)
def test_finds_uneven_forms_as_comparing_every_pair_does(values: list[tuple[int, D]]) -> None:
    rows = [row(number, actual, score) for number, (actual, score) in enumerate(values)]
    uneven = {
        index
        for (i, (a, s)), (j, (b, t)) in combinations(enumerate(values), 2)
        if (abs(a - b) <= 5 and s != t) or (a < b and s < t) or (b < a and t < s)
        for index in (i, j)
    }
    found = list(CHECKS["uneven-deduction"].run(subject(rows), OPTIONS))
    assert len(found) == bool(uneven)
    if found:
        named = {int(name.strip("第片林地补植")) for name in found[0].arguments["rows"]}
        assert named <= uneven
        assert len(named) > 1


def test_rows_alike_are_all_named() -> None:
    rows = [row(0, 110, D(10)), row(1, 110, D(10)), row(2, 113, D(9))]
    (problem,) = CHECKS["uneven-deduction"].run(subject(rows), OPTIONS)
    assert len(problem.arguments["rows"]) == 3


def test_time_grows_with_the_rows_not_their_square() -> None:
    def seconds(number: int) -> float:
        scores = [D(10), D(9), D(8)]
        whole = subject([row(i, 101 + i % 28, scores[i % 3]) for i in range(number)])
        taken = []
        for _ in range(4):  # the first fills the memory of facts
            start = time.process_time()
            for check in CHECKS.values():
                list(check.run(whole, OPTIONS | {"rows": D(3)}))
            taken.append(time.process_time() - start)
        return min(taken)

    assert seconds(8_000) < 40 * max(seconds(800), 0.001)
