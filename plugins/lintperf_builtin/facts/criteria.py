"""Facts of the scoring standard that is in force for a row: its own, or that of the same indicator in an annex."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from lintperf.extension import FactGroup, Subject
from lintperf.model import Text
from lintperf.patterns import pattern
from lintperf_builtin.facts.measures import parse_measure
from lintperf_builtin.facts.pairing import pair_names
from lintperf_builtin.facts.tables import REPORT, ReportTables, TableView, is_report

__all__ = ["CRITERIA_FACTS", "Criterion", "criteria"]

# two names of one indicator: see pairing.similarity; endings such as 场次 stay within it
_LIKENESS: Final = 0.8
_MOST_ANNEXES: Final = 8
_NOTHING: Final[tuple[str, ...]] = ()


class Criterion(NamedTuple):
    """The scoring standard in force for a row.

    scoring_rule  its text; None where none is printed
    due_score     the score that it gives for target, actual and weight, exact; None where it cannot be computed
    own_bound     whether it asks for another number than the target: 完成率90%以上得满分; it gives no due_score then
    """

    scoring_rule: str | None = None
    due_score: Decimal | None = None
    own_bound: bool = False


def criteria(subject: Subject) -> Sequence[Criterion]:
    """The standard of each row. A row of a report without one takes that of the row of its name in an annex."""
    rows, column = subject.rows("indicators"), subject.column("indicators", "criterion")
    if not any(column):
        return [_NONE] * len(rows)
    rules: list[str | None] = [rule or None for rule in column]
    if is_report(subject):
        views = subject.facts(ReportTables)[0].table_views
        printed = [view for view in views if any(row.get("criterion") for row in view.rows("indicators"))]
        nearest = printed[:_MOST_ANNEXES]
        for view in views:
            if view not in printed:
                _borrow(view, nearest, rules)
    return [
        _read(rule, row.get("target"), row.get("actual"), row.get("weight")) if rule else _NONE
        for rule, row in zip(rules, rows, strict=True)
    ]


_NONE: Final = Criterion()


def _borrow(view: TableView, printed: Sequence[TableView], rules: list[str | None]) -> None:
    """Fill in the standards of a table without them, from the first table that has the row's name."""
    names = [row.get("name") for row in view.rows("indicators")]
    for other in printed:
        theirs = [row.get("name") for row in other.rows("indicators")]
        for pair in pair_names(names, theirs, _NOTHING, _LIKENESS):
            here, there = view.numbers[pair.left], other.numbers[pair.right]
            rules[here] = rules[here] or rules[there]


# a share of the target that is enough: 完成率90%以上得满分, 偏差在10%以内; 偏差超130%扣1分 is about what is too much
_ENOUGH: Final = pattern(
    r"(?:完成率|完成比例|达成率|实现率|偏差率?)[^。；;，,0-9]{0,8}([0-9]{1,2}(?:\.[0-9]{1,4})?)\s*[%％]"
)


@lru_cache(maxsize=2048)
def _read(rule: str, target: str | None, actual: str | None, weight: Decimal | None) -> Criterion:
    from lintperf_builtin.prose.standards import recomputed, standard

    read = standard(rule, weight)
    goal = parse_measure(target or "")
    other = any(
        demand.unit == goal.unit and goal.value is not None and demand.value != goal.value for demand in read.demands
    )
    if other or _ENOUGH.search(rule) is not None:
        return Criterion(rule, own_bound=True)
    return Criterion(rule, None if weight is None else recomputed(read, target, actual, weight))


_TITLES: Final = {
    "scoring_rule": Text(
        "评分标准：本行的，或附件中同一指标的", "the scoring standard: of the row, or of the same indicator in an annex"
    ),
    "due_score": Text("按评分标准算得的分，不能计算时缺失", "the score by that standard; missing where it gives none"),
    "own_bound": Text("评分标准另有满分线，与指标值不同", "the standard asks for another number than the target"),
}

CRITERIA_FACTS: tuple[FactGroup, ...] = (
    FactGroup("self-evaluation", "indicators", (), criteria, Criterion, _TITLES),
    FactGroup(REPORT, "indicators", (), criteria, Criterion, _TITLES),
)
