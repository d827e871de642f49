"""Checks of blocks of rows: points that headings print, subtotals, copied actuals, the weight of results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple

from lintperf.extension import Check, Problem, Subject
from lintperf.model import Text
from lintperf.patterns import pattern
from lintperf.rules.functions import agrees
from lintperf_builtin.checks.totals import may_print_points
from lintperf_builtin.facts.indicator import Achievement, RowNature
from lintperf_builtin.facts.tables import FORMS_AND_REPORTS, REPORT, ReportTables, TableView, per_table

__all__ = [
    "REPORT_BLOCK_CHECKS",
    "actuals_copied",
    "heading_points_mismatch",
    "output_and_benefit_too_light",
    "subtotal_mismatch",
]

_ZERO: Final = Decimal(0)
# points that a heading prints, also where a page break left a second bracket in them: （28分）, (满分7分), (25)分)
_POINTS: Final = pattern(
    r"[（(]\s*(?:满分|分值|权重|共|计)?[：:]?\s*([0-9]{1,4}(?:\.[0-9]{1,4})?)[\s/)）]{0,3}分\s*[)）]"
)


class _Block(NamedTuple):
    """Rows under one heading: its field, the points it prints, and the positions of the rows."""

    field: str
    points: dict[Decimal, None]
    rows: list[int]


@lru_cache(maxsize=2048)
def _heading_of(written: str | None) -> tuple[str, Decimal | None]:
    """A heading without white space and points, and its points."""
    text = "".join((written or "").split())
    match = _POINTS.search(text) if "分" in text else None
    return (text, None) if match is None else (text.replace(match[0], ""), Decimal(match[1]))


def _blocks(field: str, *levels: Sequence[str | None]) -> Iterator[_Block]:
    """Blocks of one level, in the order of their first rows; `levels` are its headings and those above them.

    A heading is the same with and without its points: further pages repeat it, some without them.
    """
    written: dict[tuple[str | None, ...], list[int]] = {}
    for number, headings in enumerate(zip(*levels, strict=True)):
        written.setdefault(headings, []).append(number)
    blocks: dict[tuple[str, ...], _Block] = {}
    for headings, numbers in written.items():
        names = tuple(_heading_of(heading)[0] for heading in headings)
        points = _heading_of(headings[-1])[1]
        if not names[-1] and points is None:
            continue
        block = blocks.setdefault(names, _Block(field, {}, []))
        block.rows.extend(numbers)
        if points is not None:
            block.points[points] = None
    for block in blocks.values():
        block.rows.sort()
        yield block


def heading_points_mismatch(subject: Subject, options: Mapping[str, Any]) -> Iterable[Problem]:
    """Points in a heading, `产出数量（28分）`, that are not the sum of the weights below it; one problem a heading.

    detail_prefixes  beginnings of names of rows that are parts of the row above; their weights may count or not
    The rows count and never the points of sub-headings. Nothing is said where a heading is repeated with other
    points, where a row that is not empty lacks its weight (parts and rows of a merged cell apart), where weights are
    shares of a block, and of blocks without weights.
    """
    level1, level2 = subject.column("indicators", "level1"), subject.column("indicators", "level2")
    blocks: list[_Block] = []
    if may_print_points(level1):
        blocks += _blocks("level1", level1)
    if may_print_points(level2):
        blocks += _blocks("level2", level1, level2)
    return _unequal_headings(subject, options, blocks) if blocks else ()


def _unequal_headings(subject: Subject, options: Mapping[str, Any], blocks: Iterable[_Block]) -> Iterator[Problem]:
    rows, natures = subject.rows("indicators"), subject.facts(RowNature)
    column = subject.column("indicators", "weight")
    prefixes = tuple(options["detail_prefixes"])
    for block in blocks:
        if len(block.points) != 1:
            continue
        points = next(iter(block.points))
        # the sum of the rows, as nearly always, leaves nothing to ask
        if sum([column[number] or _ZERO for number in block.rows], _ZERO) == points:
            continue
        if any(rows[number].get("weight_share") for number in block.rows):
            continue
        weights, parts, known = _ZERO, _ZERO, False
        for number in block.rows:
            weight = rows[number].get("weight")
            detail = "".join((rows[number].get("name") or "").split()).startswith(prefixes)
            if weight is not None:
                known = True
                weights += weight
                parts += weight if detail else _ZERO
            elif not (natures[number].is_empty or natures[number].shares_points or detail):
                break
        else:
            if known and points != weights - parts:
                yield _heading(rows, block, weights)


def _heading(rows: Sequence[Mapping[str, Any]], block: _Block, weights: Decimal) -> Problem:
    first = block.rows[0]
    points = next(iter(block.points))
    heading = next(
        rows[number][block.field] for number in block.rows if _heading_of(rows[number].get(block.field))[1] is not None
    )
    return Problem(
        f"/indicators/{first}/{block.field}",
        {"heading": "".join(heading.split()), "gap": abs(points - weights)},
        points,
        weights,
        points - weights,
        [f"/indicators/{number}/weight" for number in block.rows if rows[number].get("weight") is not None],
        row="".join(heading.split()),
    )


# rows that a finding lists beside its own place
_MOST_RELATED: Final = 100
_COLUMNS: Final = (("weight", Text("分值", "weight")), ("score", Text("得分", "score")))


class _Sums(NamedTuple):
    """Running sums of a column, so that each subtotal costs the same: before row 0, before row 1, … after the last."""

    numbers: list[Decimal]
    filled: list[int]
    lacking: list[int]


def _sums(subject: Subject, column: str) -> _Sums:
    sums = _Sums([_ZERO], [0], [0])
    for row, nature in zip(subject.rows("indicators"), subject.facts(RowNature), strict=True):
        number = row.get(column)
        lacks = number is None and not (nature.is_empty or nature.shares_points)
        sums.numbers.append(sums.numbers[-1] + (number or _ZERO))
        sums.filled.append(sums.filled[-1] + (number is not None))
        sums.lacking.append(sums.lacking[-1] + lacks)
    return sums


def subtotal_mismatch(subject: Subject, _options: Mapping[str, Any]) -> Iterator[Problem]:
    """Subtotals of weights and scores against the rows they count, at the decimals of the subtotal.

    Nothing is said where it is not known which rows a subtotal counts, or where one that is not empty has no number.
    """
    subtotals = subject.rows("subtotals")
    columns = [(column, title, _sums(subject, column)) for column, title in _COLUMNS] if subtotals else []
    rows = len(subject.rows("indicators"))
    for number, subtotal in enumerate(subtotals):
        first, last = subtotal.get("first"), subtotal.get("last")
        if subtotal.get("kind") == "total" or first is None or last is None or not 0 <= first <= last < rows:
            continue
        start, end = int(first), int(last) + 1
        for column, title, sums in columns:
            stated = subtotal.get(column)
            if stated is None or sums.lacking[end] > sums.lacking[start] or sums.filled[end] == sums.filled[start]:
                continue
            added = sums.numbers[end] - sums.numbers[start]
            if not agrees(added, stated):
                yield Problem(
                    f"/subtotals/{number}/{column}",
                    {
                        "column": title,
                        "block": "".join((subtotal.get("level1") or subtotal["label"]).split()),
                        "gap": abs(stated - added),
                    },
                    stated,
                    added,
                    stated - added,
                    [f"/indicators/{row}/{column}" for row in range(start, min(end, start + _MOST_RELATED))],
                )


def actuals_copied(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Tables in which more than a share of the countable targets are met exactly; one problem a table.

    share  of the countable rows, as a ratio: more than that
    least  the fewest rows that are met exactly
    Countable is a plain number with a counting unit: no percentage, no inequality, date or amount of money. Of targets
    of 1 nothing can be learnt, so a table of them alone is left alone.
    """
    rows, natures = subject.rows("indicators"), subject.facts(RowNature)
    countable, copied, telling = 0, [], False
    for number, facts in enumerate(subject.facts(Achievement)):
        if not facts.countable or facts.target_value is None or natures[number].is_empty:
            continue
        if facts.target_unit is None or facts.actual_value is None or facts.target_yuan is not None:
            continue
        countable += 1
        if facts.actual_operator in (None, "=") and facts.completion == 1:
            copied.append(number)
            telling = telling or facts.target_value > 1
    if telling and len(copied) >= options["least"] and len(copied) > options["share"] * countable:
        first, *others = (f"/indicators/{number}/actual" for number in copied)
        names = tuple(rows[number].get("name") or f"#{number + 1}" for number in copied)
        yield Problem(first, {"names": names, "count": len(copied), "all": countable}, related=others)


_RESULTS: Final = ("output", "benefit", "satisfaction")


def output_and_benefit_too_light(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Tables of scores or of standards whose output and benefit weigh less than `least` of `full_marks`.

    Satisfaction is a part of the benefit. Nothing is said of tables of results alone, and where weights are missing or
    do not make full marks. The first table that falls short counts.
    """
    for view in subject.facts(ReportTables)[0].table_views:
        if view.role not in ("scores", "criteria"):
            continue
        light = _light(view, options["least"], options["full_marks"])
        if light is not None:
            yield light
            return


def _light(view: TableView, least: Decimal, full: Decimal) -> Problem | None:
    rows, natures = view.rows("indicators"), view.facts(RowNature)
    weights = [row.get("weight") or _ZERO for row in rows]
    results = [number for number, nature in enumerate(natures) if nature.indicator_class in _RESULTS]
    weighed = sum((weights[number] for number in results), _ZERO)
    if not results or len(results) == len(rows) or sum(weights, _ZERO) != full or weighed >= least:
        return None
    first, *others = (view.pointer(f"/indicators/{number}/weight") for number in results)
    return Problem(first, {"gap": least - weighed}, weighed, least, weighed - least, others)


REPORT_BLOCK_CHECKS: tuple[Check, ...] = (
    Check(
        "heading-points-mismatch",
        FORMS_AND_REPORTS,
        per_table(heading_points_mismatch),
        Text("标题写明的分值与所属各行", "the points of a heading against the rows below it"),
        {"detail_prefixes": "text*"},
    ),
    Check(
        "subtotal-mismatch",
        REPORT,
        subtotal_mismatch,
        Text("小计与所计各行", "subtotals against the rows they count"),
    ),
    Check(
        "actuals-copied",
        FORMS_AND_REPORTS,
        per_table(actuals_copied),
        Text("与指标值完全相同的完成值", "actuals that are exactly their targets"),
        {"share": "number", "least": "number"},
    ),
    Check(
        "output-and-benefit-too-light",
        REPORT,
        output_and_benefit_too_light,
        Text("产出与效益的分值之和", "the weight of output and benefit"),
        {"least": "number", "full_marks": "number"},
    ),
)
