"""Facts of rows that depend on their neighbours: computed over the whole array, used like those of a single row."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import NamedTuple

from toy_domain import program, register, rule, run

from lintperf.extension import FactGroup, Subject


class Beside(NamedTuple):
    """Whether the bench before has as many seats."""

    as_before: bool


def beside(subject: Subject) -> Sequence[Beside]:
    """A record for each bench."""
    benches = [{}, *subject.rows("benches")]
    return [Beside(one.get("seats") == other.get("seats")) for one, other in pairwise(benches)]


GROUPS = (FactGroup("bench-register", "benches", (), beside, Beside, {}),)


def test_a_rule_uses_them_row_by_row() -> None:
    compiled = program(rule(each="benches", condition="not as_before", at="seats"), groups=GROUPS)
    findings, _, crashes = run(compiled, register({"seats": 2}, {"seats": 2}, {"seats": 3}, {"seats": 3}))
    assert not crashes
    assert [finding.pointer for finding in findings] == ["/benches/1/seats", "/benches/3/seats"]


def test_aggregates_see_them_too() -> None:
    compiled = program(rule(condition="count(r for r in benches if r.as_before) < 2"), groups=GROUPS)
    assert [len(run(compiled, register(*benches))[0]) for benches in ([{"seats": 2}] * 2, [{"seats": 2}] * 3)] == [0, 1]
