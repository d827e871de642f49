"""Checks of one indicator in two places: twice in a table, in body and annex, in the goals and in the scores."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from lintperf.extension import Check, Problem, Subject
from lintperf.model import Text
from lintperf_builtin.facts.indicator import Achievement, RowNature
from lintperf_builtin.facts.pairing import Pair, pair_names
from lintperf_builtin.facts.tables import FORMS_AND_REPORTS, REPORT, ReportTables, TableView, per_table
from lintperf_builtin.facts.texts import without_blanks

__all__ = [
    "REPORT_PAIR_CHECKS",
    "duplicate_indicator",
    "indicator_names_differ",
    "tables_disagree",
    "target_not_evaluated",
]

# no report has more tables of one kind that are worth comparing with each other
_MOST_TABLES: Final = 8
_PAIRING: Final = {"suffixes": "text*", "least": "number"}
_COLUMNS: Final = (("weight", Text("分值", "weight")), ("score", Text("得分", "score")))


def _kept(view: TableView) -> list[int]:
    """The positions in a table of the rows that are not empty."""
    return [number for number, nature in enumerate(view.facts(RowNature)) if not nature.is_empty]


def _names(view: TableView, kept: Sequence[int]) -> list[str | None]:
    rows = view.rows("indicators")
    return [rows[number].get("name") for number in kept]


def _pairs(one: TableView, other: TableView, options: Mapping[str, Any]) -> list[Pair]:
    """Pairs of rows of two tables, as positions in each; empty rows pair with nothing."""
    left, right = _kept(one), _kept(other)
    pairs = pair_names(_names(one, left), _names(other, right), options["suffixes"], float(options["least"]))
    return [Pair(left[pair.left], right[pair.right], pair.likeness) for pair in pairs]


def _bodies_and_annexes(
    subject: Subject, options: Mapping[str, Any]
) -> Iterator[tuple[TableView, TableView, list[Pair]]]:
    """Each table of standards with the table of scores that shares most rows with it, at least half of the smaller."""
    views = subject.facts(ReportTables)[0].table_views
    scores = [view for view in views if view.role == "scores"][:_MOST_TABLES]
    for annex in [view for view in views if view.role == "criteria"][:_MOST_TABLES]:
        candidates = [(body, _pairs(body, annex, options)) for body in scores]
        body, pairs = max(candidates, key=lambda item: len(item[1]), default=(None, []))
        if body is not None and 2 * len(pairs) >= max(1, min(len(_kept(body)), len(_kept(annex)))):
            yield body, annex, pairs


def tables_disagree(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Rows of the body's table of scores and of the annex that differ in weight or score, or stand in one of them only.

    suffixes, least  see `pairing.pair_names`
    One problem a row, at the annex, or at the body's table where the annex lacks the row. A number that one of the
    tables lacks is not compared.
    """
    for body, annex, pairs in _bodies_and_annexes(subject, options):
        ours, theirs = body.rows("indicators"), annex.rows("indicators")
        for pair in pairs:
            for column, title in _COLUMNS:
                here, there = theirs[pair.right].get(column), ours[pair.left].get(column)
                if here is not None and there is not None and here != there:
                    yield Problem(
                        annex.pointer(f"/indicators/{pair.right}/{column}"),
                        {"name": theirs[pair.right].get("name"), "column": title},
                        here,
                        there,
                        here - there,
                        [body.pointer(f"/indicators/{pair.left}/{column}")],
                    )
                    break
        yield from _missing(annex, body, {pair.right for pair in pairs}, "only-annex")
        yield from _missing(body, annex, {pair.left for pair in pairs}, "only-body")


def _missing(view: TableView, other: TableView, paired: set[int], variant: str) -> Iterator[Problem]:
    related = (other.pointer("/indicators"),)
    for number in _kept(view):
        row = view.rows("indicators")[number]
        if number not in paired and row.get("name") and row.get("weight"):
            pointer = view.pointer(f"/indicators/{number}/name")
            yield Problem(pointer, {"weight": row["weight"]}, row["name"], related=related, variant=variant)


def indicator_names_differ(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Indicators with another name in a further table than in the table of scores, at the name in the latter.

    suffixes, least  see `pairing.pair_names`
    White space, brackets and the endings do not count. Rows with different targets are different indicators.
    """
    views = subject.facts(ReportTables)[0].table_views
    scores = next((view for view in views if view.role == "scores"), None)
    if scores is None:
        return
    for view in [view for view in views if view.role in ("criteria", "quantities")][:_MOST_TABLES]:
        ours, theirs = scores.rows("indicators"), view.rows("indicators")
        for pair in _pairs(scores, view, options):
            if pair.likeness < 1 and _same_target(scores, pair.left, view, pair.right):
                yield Problem(
                    scores.pointer(f"/indicators/{pair.left}/name"),
                    {"other": theirs[pair.right].get("name")},
                    ours[pair.left].get("name"),
                    related=(view.pointer(f"/indicators/{pair.right}/name"),),
                )


def _same_target(one: TableView, left: int, other: TableView, right: int) -> bool:
    ours, theirs = one.facts(Achievement)[left], other.facts(Achievement)[right]
    if ours.target_value is None and theirs.target_value is None:
        return True
    return (ours.target_value, ours.target_upper) == (theirs.target_value, theirs.target_upper)


def duplicate_indicator(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Rows of one table with the same target, level and name, at the second of them.

    fillers  words that make no difference between two names: 项目, 开展
    shortest characters that a name without them must have to say what is measured
    White space does not count; empty rows and rows without a target are left alone.
    """
    by_target: dict[str, list[int]] = {}
    for number, target in enumerate(without_blanks(subject.column("indicators", "target"))):
        by_target.setdefault(target, []).append(number)
    rows, natures = subject.rows("indicators"), subject.facts(RowNature)
    groups: dict[tuple[str | None, ...], list[int]] = {}
    for target, alike in by_target.items():
        if len(alike) == 1:  # most targets stand alone, and need no further look
            continue
        for number in alike:
            if not natures[number].is_empty:
                level2 = "".join((rows[number].get("level2") or "").split())
                key = (natures[number].indicator_class, level2, target, rows[number].get("unit"))
                groups.setdefault(key, []).append(number)
    for (*_, written, _unit), members in groups.items():
        if not written or len(members) == 1:
            continue
        first: dict[str, int] = {}
        for number in members:
            name = "".join((rows[number].get("name") or "").split())
            for word in options["fillers"]:
                name = name.replace(word, "")
            earlier = first.setdefault(name, number)
            if earlier != number and len(name) >= options["shortest"]:
                yield Problem(
                    f"/indicators/{number}/name",
                    {"first": rows[earlier].get("name"), "target": rows[number].get("target")},
                    rows[number].get("name"),
                    related=[f"/indicators/{earlier}/name", f"/indicators/{number}/target"],
                )


def target_not_evaluated(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Rows of the table of goals that no table of scores has, or counts that are scored and no goal; one a report.

    suffixes, least  see `pairing.pair_names`
    Rows of decision and process are in no table of goals. At the first row that is missing; the others are related.
    """
    views = subject.facts(ReportTables)[0].table_views
    goals = next((view for view in views if view.role == "goals"), None)
    scores = next((view for view in views if view.role == "scores"), None)
    if goals is None or scores is None:
        return
    pairs = _pairs(goals, scores, options)
    evaluated, planned = {pair.left for pair in pairs}, {pair.right for pair in pairs}
    missing = [
        number for number in _kept(goals) if number not in evaluated and goals.rows("indicators")[number]["name"]
    ]
    facts, natures = scores.facts(Achievement), scores.facts(RowNature)
    further = [
        number
        for number in _kept(scores)
        if number not in planned and facts[number].countable and natures[number].indicator_class == "output"
    ]
    places = [goals.pointer(f"/indicators/{number}/name") for number in missing]
    places += [scores.pointer(f"/indicators/{number}/name") for number in further]
    if not places:
        return
    arguments = {
        "missing": [goals.rows("indicators")[number]["name"] for number in missing],
        "further": [scores.rows("indicators")[number]["name"] for number in further],
        "count": len(missing),
        "others": len(further),
    }
    variant = None if missing and further else "not-scored" if missing else "no-goal"
    yield Problem(places[0], arguments, related=places[1:], variant=variant)


REPORT_PAIR_CHECKS: tuple[Check, ...] = (
    Check(
        "tables-disagree",
        REPORT,
        tables_disagree,
        Text("正文得分表与附件评分表", "the body's table of scores against the annex"),
        _PAIRING,
    ),
    Check(
        "indicator-names-differ",
        REPORT,
        indicator_names_differ,
        Text("同一指标在两张表中的名称", "the names of an indicator in two tables"),
        _PAIRING,
    ),
    Check(
        "duplicate-indicator",
        FORMS_AND_REPORTS,
        per_table(duplicate_indicator),
        Text("一张表中重复的指标", "indicators that a table has twice"),
        {"fillers": "text*", "shortest": "number"},
    ),
    Check(
        "target-not-evaluated",
        REPORT,
        target_not_evaluated,
        Text("绩效目标表与得分表", "the table of goals against the table of scores"),
        _PAIRING,
    ),
)
