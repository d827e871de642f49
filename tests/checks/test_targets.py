"""Complements against a definition that compares every pair, and in time that does not grow with the square."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.checks.targets import TARGETS_CHECKS
from lintperf_builtin.facts import FACT_GROUPS

from lintperf.rules.subject import DocumentSubject

CHECK = {check.name: check for check in TARGETS_CHECKS}["complements-exceed-whole"]
PAIRS = {"pairs": ("合格率/不合格率", "完好率/损坏率", "完好率/破损率")}
PARTNERS = {
    "合格率": {"不合格率"}, "不合格率": {"合格率"}, "完好率": {"损坏率", "破损率"}, "损坏率": {"完好率"},
    "破损率": {"完好率"},
}  # fmt: skip

named = st.tuples(st.sampled_from(["", "路灯", "护栏"]), st.sampled_from(sorted(PARTNERS)), st.integers(0, 100))


def subject(rows: list[tuple[str, str, int]]) -> DocumentSubject:
    groups = tuple(group for group in FACT_GROUPS if group.type == "self-evaluation")
    indicators: list[dict[str, Any]] = [
        {"name": prefix + ending, "target": "≥1%", "actual": f"{share}%"} for prefix, ending, share in rows
    ]
    return DocumentSubject("form.json", {"indicators": indicators}, groups)


@given(st.lists(named, max_size=8))
def test_finds_what_comparing_every_pair_finds(rows: list[tuple[str, str, int]]) -> None:
    expected = {
        f"/indicators/{second}/actual"
        for second, (prefix, ending, share) in enumerate(rows)
        for before, other, part in rows[:second]
        if other in PARTNERS[ending] and (before == prefix or not before or not prefix) and share + part > 100
    }
    found = list(CHECK.run(subject(rows), PAIRS))
    assert {problem.pointer for problem in found} == expected
    assert len(found) == len(expected)
    assert all(problem.arguments["total"] > Decimal(1) for problem in found)


def test_time_grows_with_the_rows_not_their_square() -> None:
    def seconds(number: int) -> float:
        whole = subject([(f"{i}号路灯", ("完好率", "损坏率")[i % 2], 60) for i in range(number)] + [("", "完好率", 99)])
        list(CHECK.run(whole, PAIRS))  # fills the memory of facts
        start = time.perf_counter()
        list(CHECK.run(whole, PAIRS))
        return time.perf_counter() - start

    assert seconds(8_000) < 40 * max(seconds(800), 0.001)
