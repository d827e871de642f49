"""Which column a field of a text row belongs to, where the extraction of a table has lost or added blanks.

The header says what each column holds: levels, numbers, reasons. A row whose fields fit the columns that they stand
in is left as it is. One that has a text among the numbers, or a number among the names, is laid anew: a dynamic
programme over fields and columns finds the order-keeping assignment with the least cost. Costs:

- a field in a column that it does not fit: 1 to 7, see `_misfit`
- two fields under one cell of the header: 4
- a change of the shift against the plain reading: 2, a quarter for each further column, and a half where no blank
  stands. A whole row that slipped by one costs one change; of equal ones the leftmost counts, as it is the leading
  blanks that get lost
- a row that is shorter than all others and whose last field has not slipped by as much: 3
- an indicator without a name: 1.5, since forms leave targets and reasons blank, but hardly ever names
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from lintperf_builtin.importers import labels, values

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["HEADING", "Header", "align", "family", "header_of", "plain_misfit"]

# A misfit as large makes the plain reading doubtful; smaller ones only choose between other readings.
_HARD = 4.0
_CHANGE, _FURTHER, _LATER, _NOT_BESIDE = 2.0, 0.25, 0.01, 0.5
_NO_NAME = 1.5
_LACKS = 3.0
# A row slips by a few columns, not more.
_FURTHEST = 6
# Rows with more fields or columns than any form has are left as they are.
_MAX_COLUMNS = 60

_SIGN = r"(?:约|不少于|不低于|不超过|不高于|大于等于|小于等于|大于|小于|超过|[≥≧>＞≤≦<＜=＝═]){0,2}\s*"
_VALUE = re.compile(
    rf"{_SIGN}[-+]?[0-9０-９][0-9０-９,，.．]*\s*(?:%|％|‰|万|亿)?[^\W\d]{{0,2}}(?:/[^\W\d]{{1,3}})?"
    rf"|{_SIGN}(?:19|20)[0-9]{{2}}\s*年(?:\s*[0-9]{{1,2}}\s*月(?:\s*[0-9]{{1,2}}\s*日)?)?(?:底|前|底前)?"
)
_NUMBER = re.compile(r"[-+]?[0-9０-９][0-9０-９,，.．]*\s*(?:分|%|％)?")
_AMOUNT = re.compile(r"[-+]?[0-9０-９][0-9０-９,，.．]*\s*(?:元|万元|亿元)?")
_RATE = re.compile(r"[-+]?[0-9０-９][0-9０-９,，.．]*\s*(?:%|％)?")
_FAMILIES = {
    "产出": re.compile(r"(产出|数量|质量|时效)(指标)?"),
    "效益": re.compile(r"效益(指标)?|(经济|社会|生态|环境|生态环境)效益(指标)?|可持续(影响|发展)(指标)?"),
}
_FIRST_LEVEL = re.compile(r"(产出|效益|决策|过程|投入|管理)(指标)?")
_SECOND_LEVEL = re.compile(
    r"(数量|质量|时效|(经济|社会|生态|环境)效益|生态环境效益|可持续(影响|发展)|(服务|受益|社会)(对象|公众)满意度"
    r"|(经济|社会|生态环境)成本)(指标)?"
)
_LEVEL = re.compile(r".{0,12}(指标|效益|影响|满意度|成本)")
_OPERATORS = re.compile(r"[≥≧>＞≤≦<＜=＝═]{1,2}|定性|定量|正向|反向|.{0,4}[于过等]")

# field of an indicator or a funds row → kind of its column; all others hold values of any sort
_KINDS = {
    "level1": "level1", "level2": "level2", "name": "name", "operator": "operator", "unit": "unit",
    "weight": "number", "score": "number", "converted_score": "number", "weight_share": "rate",
    "explanation": "prose", "criterion": "any", "likelihood": "any", "ticked": "any", "others": "any",
    "rate": "rate", "initial": "amount", "annual": "amount", "received": "amount", "executed": "amount",
    "interim_executed": "amount",
    "expected_executed": "amount",
    "interim_rate": "rate",
}  # fmt: skip
_TASK_KINDS = {
    "name": "text", "content": "text", "result": "text", "budget": "amount", "executed": "amount", "rate": "rate",
    "whole": "amount", "fiscal": "amount", "other": "amount",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Header:
    """What the columns of a part of a form hold.

    kinds  a kind a column: `label` beside a section, `level1`, `level2`, `name`, `operator`, `unit`, `value`, `number`,
           `amount`, `rate`, `prose`, `source` for the labels of funds rows, `text` for words, `goal` where the column
           of a goal begins, `goal-more` and `goal-last` right of that, `any`
    part   `indicators`, `funds`, `tasks`, `goals`, `heading` or `other`
    cells  for each column the first column of the header's cell over it: under one cell stands one text
    """

    kinds: tuple[str, ...]
    part: str
    cells: tuple[int, ...] = ()

    def with_labels(self, texts: Sequence[str]) -> Header:
        """This header of funds, corrected by the first row below: `年度预算数（万元）` above 总额 heads no amounts."""
        sources = [column for column, text in enumerate(texts) if text and labels.fund_source(text, below_fiscal=False)]
        if self.part != "funds" or not sources:
            return self
        kinds = list(self.kinds)
        kinds[: sources[-1] + 1] = ["source"] * min(sources[-1] + 1, len(kinds))
        return Header(tuple(kinds), self.part, self.cells)

    def goal_columns(self, columns: Sequence[int]) -> list[int]:
        """For each column under a header of goals the one where that goal begins; columns left of them as they are.

        Two texts under one goal stay apart: the second one is none of its own.
        """
        starts = sorted(self.columns("goal"))
        moved = [max((start for start in starts if start <= column), default=column) for column in columns]
        return moved if len(set(moved)) == len(moved) else list(columns)

    def columns(self, *kinds: str) -> frozenset[int]:
        """The columns of these kinds."""
        return frozenset(column for column, kind in enumerate(self.kinds) if kind in kinds)


# Lines before the first header: labels stand at the left.
HEADING = Header(("label",), "heading")


def header_of(texts: Sequence[str], above: Header | None = None) -> Header:
    """What the columns under a row of headers hold. `above`: the line of headers above this one, if there is one."""
    own = [text for text in texts if text]
    fields = {labels.indicator_field(text) for text in own}
    if (above is not None and above.part == "indicators") or len({"level1", "level2", "name"} & fields) >= 2:
        return _with(above, _indicator_kinds(texts), "indicators", texts)
    tasks = any({"name", "content"} & {*labels.ambiguous_fields("tasks", text)} for text in own)
    if tasks or (above is not None and above.part == "tasks"):
        return _with(above, _task_kinds(texts), "tasks", texts)
    if any(_KINDS.get(labels.fund_field(text) or "") == "amount" for text in own):
        return _with(above, _fund_kinds(texts), "funds", texts)
    if any(labels.goal_field(text) for text in own):
        return Header(tuple(_goal_kinds(texts)), "goals")
    return _with(above, ["any" if text else "" for text in texts], "other", texts)


def _with(above: Header | None, kinds: list[str], part: str, texts: Sequence[str]) -> Header:
    """Kinds of columns, the blank ones taken from the line above or from the column that reaches over them."""
    upper = above.kinds if above is not None else ()
    width = max(len(kinds), len(upper))
    full: list[str] = []
    cells: list[int] = []
    for column in range(width):
        kind = kinds[column] if column < len(kinds) else ""
        if not kind and column < len(upper):
            kind = upper[column]
        full.append(kind or (full[-1] if full else "label"))
        begins = (column < len(texts) and texts[column]) or (
            above is not None and column < len(above.cells) and above.cells[column] == column
        )
        cells.append(column if begins or not cells else cells[-1])
    return Header(tuple(full), part, tuple(cells))


def _indicator_kinds(texts: Sequence[str]) -> list[str]:
    kinds = []
    started = False
    for text in texts:
        field = labels.indicator_field(text) if text else None
        if field is None and not started:
            kinds.append("label" if text else "")
        elif field is None:
            kinds.append("any" if text else "")
        else:
            started = True
            kinds.append(_KINDS.get(field, "value"))
    return kinds


def _fund_kinds(texts: Sequence[str]) -> list[str]:
    kinds = []
    started = False
    for text in texts:
        kind = _KINDS.get(labels.fund_field(text) or "", "any") if text else ""
        started = started or kind == "amount"
        kinds.append(kind if started else "source")
    return kinds


def _task_kinds(texts: Sequence[str]) -> list[str]:
    kinds: list[str] = []
    for text in texts:
        fields = labels.ambiguous_fields("tasks", text) or labels.ambiguous_fields("task_parts", text)
        kinds.append(_TASK_KINDS.get(fields[0], "any") if text and fields else "label" if text and not kinds else "")
    return kinds


def _goal_kinds(texts: Sequence[str]) -> list[str]:
    # of several labels for the same goal the right one counts, the left one names the section
    last = {name: column for column, text in enumerate(texts) if (name := labels.goal_field(text))}
    starts = sorted(last.values())
    kinds = []
    for column in range(len(texts)):
        if column < starts[0]:
            kinds.append("label")
        elif column in starts:
            kinds.append("goal")
        else:
            kinds.append("goal-more" if column < starts[-1] else "goal-last")
    return kinds


def _misfit(kind: str, text: str) -> float:
    """How badly a text fits a column of this kind: 0 well, _HARD or more hardly possible."""
    blank = values.is_blank_mark(text)
    short = text if len(text) <= 60 else ""
    value = bool(short) and _VALUE.fullmatch(short) is not None
    match kind:
        case "label":
            fits = blank or labels.is_section_label(text) or bool(labels.heading_field(text))
            return 0 if fits else 3
        case "level1" | "level2":
            return _HARD if value else _level_misfit(kind, short)
        case "name":
            word = labels.normal(short)
            if word.endswith("指标") and (_FIRST_LEVEL.fullmatch(word) or _SECOND_LEVEL.fullmatch(word)):
                return _HARD + 3
            # a name that says nothing is as bad as none
            return _HARD if value else _NO_NAME if blank else 0
        case "operator":
            return 0 if blank or _OPERATORS.fullmatch(short) else 3
        case "unit":
            return _HARD if _NUMBER.fullmatch(short) and short != "%" else 0 if len(text) <= 8 else 3
        case "number":
            return 0 if blank or _NUMBER.fullmatch(short) else _HARD
        case "amount":
            return 0 if blank or _AMOUNT.fullmatch(short) else _HARD
        case "rate":
            return 0 if blank or _RATE.fullmatch(short) else _HARD
        case "source" | "text":
            return _HARD if _NUMBER.fullmatch(short) else 0
        case "prose":
            return _HARD if _NUMBER.fullmatch(short) else 0
        case "goal-more":
            return _HARD
        case "value":
            return 1.0 if len(text) > 40 else 0
        case "beyond":
            return _HARD
    return 0


def _level_misfit(kind: str, text: str) -> float:
    word = labels.normal(text)
    if kind == "level1" and _SECOND_LEVEL.fullmatch(word):
        return 3
    if kind == "level2" and _FIRST_LEVEL.fullmatch(word):
        return 3
    return 0 if _LEVEL.fullmatch(word) or not word else 3


def family(text: str) -> str | None:
    """The first level that a level belongs to: 数量 to 产出, 社会效益 to 效益; None where it may be any."""
    word = labels.normal(text)
    return next((name for name, pattern in _FAMILIES.items() if pattern.fullmatch(word)), None)


def plain_misfit(header: Header, texts: Sequence[str]) -> float:
    """How badly the texts of a row fit the columns that they stand in; 0 where nothing is doubtful."""
    if header.part == "goals" or _is_total(header, texts):
        return 0
    plain = [column for column, text in enumerate(texts) if text]
    found = [_misfit(_kind(header, column), texts[column]) for column in plain]
    found += [_HARD for left, right in pairwise(plain) if _under_one(header, left, right)]
    return sum(misfit for misfit in found if misfit >= _HARD)


def _is_total(header: Header, texts: Sequence[str]) -> bool:
    return header.part == "indicators" and any(
        labels.is_in("totals", text) for text in [text for text in texts if text][:2]
    )


def align(header: Header, texts: Sequence[str], lacking: int = 0, doubtful: bool = False) -> tuple[float, list[int]]:
    """The cost of a row, and the column of each of its texts that are not blank, in their order.

    lacking   how many fields the row has less than all others; so far its last text is likely to have slipped
    doubtful  whether where the texts stand says little, so that another assignment needs no misfit as a reason
    """
    plain = [column for column, text in enumerate(texts) if text]
    filled = [texts[column] for column in plain]
    if header.part in ("heading", "other"):
        return (_misfit("label", texts[0]) if texts and texts[0] else 0), plain
    total = _is_total(header, texts)
    room = max(len(header.kinds), *plain, 0) + 1 if plain else 0
    if not plain or room > _MAX_COLUMNS:
        return 0, plain
    misfit_of = _total_misfit if total else _misfit
    kinds = [_kind(header, column) for column in range(room)]
    known = [{kind: misfit_of(kind, text) for kind in {*kinds}} for text in filled]
    misfits = [[costs[kind] for kind in kinds] for costs in known]
    found = [misfit[column] for misfit, column in zip(misfits, plain, strict=True)]
    found += [_HARD for left, right in pairwise(plain) if _under_one(header, left, right)]
    if max(found) < _HARD and not lacking and not doubtful:
        return sum(found), plain
    names = header.columns("name") if not total and len(filled) > 1 else frozenset()
    cost = sum(found) + (_NO_NAME if names and not names & set(plain) else 0) + (_LACKS if lacking else 0)
    better, best = _cheapest(header, misfits, plain, names, lacking)
    return (better, best) if better < cost else (cost, plain)


def _total_misfit(kind: str, text: str) -> float:
    """How badly a text of the row of totals fits a column: its numbers belong to the numbers."""
    if kind == "beyond":
        return _HARD
    return _HARD if _NUMBER.fullmatch(text[:60]) and kind != "number" else 0


def _under_one(header: Header, left: int, right: int) -> bool:
    """Whether two columns stand under one cell of a header that says what both hold."""
    cells = header.cells
    return right < len(cells) and cells[left] == cells[right] and header.kinds[right] not in ("label", "source")


def _kind(header: Header, column: int) -> str:
    return header.kinds[column] if column < len(header.kinds) else "beyond"


def _cheapest(
    header: Header, misfits: list[list[float]], plain: list[int], names: frozenset[int], lacking: int
) -> tuple[float, list[int]]:
    """The assignment of fields to columns, in order, with the least cost; no field moves further than _FURTHEST."""
    room = len(misfits[0])

    def nameless(left: int, right: int) -> float:
        """The cost of leaving out the columns of the name."""
        return _NO_NAME if names and left < min(names) and max(names) < right else 0

    # whether blanks stand before a field: where some are left, others may have been lost
    beside = [after - before > 1 for before, after in pairwise([-1, *plain])]
    # for each field: column → the least cost of having it there, and the column of the field before
    ways: list[dict[int, tuple[float, int]]] = [{-1: (0.0, -1)}]
    shifts = [0, *plain]
    for number, misfit in enumerate(misfits):
        reached: dict[int, tuple[float, int]] = {}
        for column in range(max(plain[number] - _FURTHEST, 0), min(plain[number] + _FURTHEST + 1, room)):
            shift = column - plain[number]
            options = [
                (
                    cost
                    + nameless(left, column)
                    + (_HARD if number and _under_one(header, left, column) else 0)
                    + _turn(shift - (left - shifts[number] if number else 0), number, beside[number]),
                    left,
                )
                for left, (cost, _) in ways[-1].items()
                if left < column
            ]
            if options:
                cost, left = min(options)
                reached[column] = (cost + misfit[column], left)
        if not reached:
            return float("inf"), plain
        ways.append(reached)
    cost, column = min(
        (cost + nameless(column, room) + (_LACKS if lacking and column - plain[-1] != lacking else 0), column)
        for column, (cost, _) in ways[-1].items()
    )
    path = []
    for reached in reversed(ways[1:]):
        path.append(column)
        column = reached[column][1]
    return cost, path[::-1]


def _turn(change: int, number: int, beside_blank: bool) -> float:
    """What it costs that the shift changes by so many columns before a field."""
    if not change:
        return 0
    return _CHANGE + _FURTHER * (abs(change) - 1) + _LATER * number + (0 if beside_blank else _NOT_BESIDE)
