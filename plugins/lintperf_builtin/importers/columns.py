"""Which column holds what: the headers of a table, read by their words, never by their position."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lintperf_builtin.importers import labels, values

if TYPE_CHECKING:
    from collections.abc import Callable

    from lintperf_builtin.importers.grid import Cell, Grid

__all__ = [
    "AMOUNTS",
    "LEVELS",
    "Columns",
    "GoalsHeader",
    "filled",
    "find_fund_columns",
    "find_goals_header",
    "find_indicator_columns",
    "find_management_columns",
    "find_payment_columns",
    "find_task_columns",
    "known_headers",
]

LEVELS = ("level1", "level2", "name")
AMOUNTS = ("initial", "annual", "received", "executed", "interim_executed", "expected_executed")
# A table with as many different headers of a form is one, or should have been.
ENOUGH_HEADERS = 3
_MOST_HEADER_ROWS = 4
# Fields whose sub-headers name further columns: 性质, 值, 单位 of the actual; 经费保障 … under the explanation.
_WITH_PARTS = ("actual", "interim", "expected_actual", "explanation", "likelihood")


@dataclass(slots=True)
class Columns:
    """The columns of a table's part, as its header tells them.

    fields  field → its columns
    medium  the same for the medium-term twin of a table that holds two sets of indicators side by side
    only_medium  whether the whole table is one of medium-term indicators
    others  known columns without a field of their own: title, columns
    ticked  columns to tick: title, columns
    titles  column → the text of its header, for columns that no field has too
    headers the cells of the header, of which some name no column
    rows    how many rows the header takes
    width   columns of the grid
    """

    fields: dict[str, range]
    titles: dict[int, str]
    headers: list[Cell]
    rows: int
    width: int
    medium: dict[str, range] = field(default_factory=dict)
    only_medium: bool = False
    others: list[tuple[str, range]] = field(default_factory=list)
    ticked: list[tuple[str, range]] = field(default_factory=list)
    named: set[Cell] = field(default_factory=set)
    headings: dict[str, str] = field(default_factory=dict)

    def is_beside(self, cell: Cell) -> bool:
        """Whether a cell of the header's rows names the section: it stands left of all fields and spans rows."""
        return cell.end <= self.first and cell.row_span > self.rows

    @property
    def first(self) -> int:
        """The first column that has a field."""
        return min(columns.start for columns in self.fields.values())


@dataclass(slots=True)
class GoalsHeader:
    """The labels of the goals: above their texts (`columns`), or before them (`texts`)."""

    columns: dict[str, range] = field(default_factory=dict)
    texts: dict[str, Cell] = field(default_factory=dict)
    headers: list[Cell] = field(default_factory=list)
    width: int = 0


@dataclass(slots=True, eq=False)
class _Claim:
    """A header with the columns below it, and what it may name."""

    cell: Cell
    title: str
    columns: range
    candidates: tuple[str, ...]


def filled(grid: Grid, row: int) -> list[Cell]:
    """The cells with text that start in this row, from left to right."""
    return [cell for cell in grid.own(row) if cell.text]


def known_headers(grid: Grid) -> int:
    """How many different headers and labels of a form the grid's own texts hold; counts no further than enough."""
    found: set[str] = set()
    for row in range(len(grid.rows)):
        for cell in filled(grid, row):
            if not cell.tables and labels.is_known_header(cell.text):
                found.add(labels.normal(cell.text))
        if len(found) >= ENOUGH_HEADERS:
            break
    return len(found)


def find_indicator_columns(grid: Grid, row: int) -> Columns | None:
    """The columns of indicators, if their header starts in this row: three fields or more, the name among them.

    The header goes on in the rows below that hold nothing but headers; the lowest one of a column counts, so that
    性质, 值 and 单位 under one 年度指标值 are three columns. A field that comes twice, with its neighbours, belongs to
    a second set of indicators: the left one is that of the medium term.
    """
    cells = filled(grid, row)
    if not any(labels.indicator_field(cell.text) for cell in cells):
        return None
    if _is_data(cells, labels.indicator_field):
        return None
    rows = _header_rows(grid, row, cells, labels.indicator_field)
    claims = _claims(grid, row, rows, "indicators", 0)
    twins = _second_set(claims)
    columns = _columns(grid, rows, cells, claims[: twins[0]] + claims[twins[1] :] if twins else claims)
    beside = (cell.text for cell in cells if "name" in columns.fields and cell.end <= columns.first)
    if not twins and (
        labels.is_in("medium_targets", columns.headings.get("target", ""))
        or any(labels.is_in("medium_sections", text) for text in beside)
    ):
        columns.medium, columns.only_medium = columns.fields, True
    if twins:
        columns.medium = _columns(grid, rows, [], claims[: twins[1]]).fields
        columns.named.update(claim.cell for claim in claims)
    if len(columns.fields) < ENOUGH_HEADERS or "name" not in columns.fields:
        return None
    return columns


def _is_data(cells: list[Cell], field_of: Callable[[str], str | None]) -> bool:
    """Whether a row is none of a header: it holds a number, or too much of it are no headers."""
    known = sum(field_of(cell.text) is not None for cell in cells)
    strange = sum(field_of(cell.text) is None and not labels.is_section_label(cell.text) for cell in cells)
    levels = sum(field_of(cell.text) in LEVELS for cell in cells)
    return (levels < 2 and 2 * strange > known) or any(_is_number(cell) for cell in cells)


def _header_rows(grid: Grid, row: int, cells: list[Cell], field_of: Callable[[str], str | None]) -> int:
    """How many rows the header takes that starts in `row`; their cells are added to `cells`."""
    rows = 1
    while row + rows < len(grid.rows) and rows < _MOST_HEADER_ROWS:
        below = filled(grid, row + rows)
        known = sum(field_of(cell.text) is not None for cell in below)
        strange = sum(field_of(cell.text) is None and not labels.is_section_label(cell.text) for cell in below)
        if not known or strange > known // 3 or any(_is_number(cell) for cell in below):
            break
        cells += below
        rows += 1
    return rows


def _is_number(cell: Cell) -> bool:
    return bool(cell.text) and not isinstance(values.rate(cell.text.rstrip("元万亿分")), str)


def _claims(grid: Grid, row: int, rows: int, section: str, start: int) -> list[_Claim]:
    """The headers from left to right; where one stands above others, the lowest of a column counts."""
    claims: list[_Claim] = []
    for column in range(start, grid.width):
        covering = [cell for at in range(row + rows - 1, row - 1, -1) if (cell := grid.rows[at][column]) is not None]
        covering = [cell for index, cell in enumerate(covering) if cell.text and cell not in covering[:index]]
        if not covering:
            continue
        cell, candidates, title = covering[0], _candidates(section, covering[0].text), covering[0].text
        if len(covering) > 1:
            cell, candidates, title = _below(section, covering)
        last = claims[-1] if claims else None
        if last is not None and last.cell is cell and last.columns.stop == column:
            last.columns = range(last.columns.start, column + 1)
        else:
            claims.append(_Claim(cell, title, range(column, column + 1), candidates))
    return claims


def _candidates(section: str, text: str) -> tuple[str, ...]:
    found = labels.ambiguous_fields(section, text)
    if not found and section == "indicators" and labels.indicator_field(text) == "ticked":
        return ("ticked",)
    return found


def _below(section: str, covering: list[Cell]) -> tuple[Cell, tuple[str, ...], str]:
    """What a column is whose header stands below others, the lowest first."""
    lowest, *above = covering
    candidates = _candidates(section, lowest.text)
    for upper in above:
        over = _candidates(section, upper.text)
        if not over:
            continue
        if not candidates and upper.column_span == lowest.column_span:
            return upper, over, upper.text  # a second line of the same header
        if over[0] in _WITH_PARTS and upper.column_span > 1:
            if over[0] in ("explanation", "likelihood"):
                return lowest, candidates or ("others",), lowest.text
            if "target" in candidates or over[0] in candidates:
                return lowest, over, upper.text
            return lowest, ("others",), f"{upper.text}：{lowest.text}"
        if not candidates:
            return upper, over, upper.text
    return lowest, candidates, lowest.text


def _second_set(claims: list[_Claim]) -> tuple[int, int] | None:
    """Where two sets of indicators stand side by side: the first claim of the left and of the right one."""
    for left, claim in enumerate(claims):
        if not claim.candidates or claim.candidates[0] not in LEVELS:
            continue
        for right in range(left + 1, len(claims)):
            if claims[right].candidates == claim.candidates and claims[right].cell is not claim.cell:
                kinds = [one.candidates[:1] for one in claims[left:right]]
                if ("name",) in kinds and ("target",) in kinds:
                    return left, right
                return None
    return None


def _columns(grid: Grid, rows: int, headers: list[Cell], claims: list[_Claim]) -> Columns:
    """Gives each header its field: first those that can name but one, then the others where theirs is still free.

    A second column of one field is nobody's: taking either would be a guess, the first is the usual one.
    """
    columns = Columns({}, {}, headers, rows, grid.width)
    for certain in (True, False):
        for claim in claims:
            if (len(claim.candidates) == 1) is not certain:
                continue
            for name in claim.candidates:
                if name == "others":
                    columns.others.append((claim.title, claim.columns))
                elif name == "ticked":
                    columns.ticked.append((claim.title, claim.columns))
                elif name not in columns.fields:
                    columns.fields[name] = claim.columns
                    columns.headings[name] = claim.title
                elif columns.headings[name] == claim.title and columns.fields[name].stop == claim.columns.start:
                    columns.fields[name] = range(columns.fields[name].start, claim.columns.stop)
                else:
                    continue
                columns.named.add(claim.cell)
                break
    for claim in claims:
        for column in claim.columns:
            columns.titles[column] = claim.title
        if claim.cell in columns.named:
            over = (cell for cell in headers if cell.column <= claim.columns.start < cell.end)
            columns.named.update(cell for cell in over if labels.is_known_header(cell.text))
    columns.others.sort(key=lambda other: other[1].start)
    return columns


def find_fund_columns(grid: Grid, row: int) -> Columns | None:
    """The columns of funds, if their header is this row: an amount and one field more, right of the rows' labels."""
    cells = filled(grid, row)
    if not any(labels.fund_field(cell.text) in AMOUNTS for cell in cells):
        return None
    if _is_data(cells, labels.fund_field):
        return None
    rows = _header_rows(grid, row, cells, labels.fund_field)
    columns = _columns(grid, rows, cells, _claims(grid, row, rows, "funds", _labels_end(grid, row + rows)))
    amounts = sum(amount in columns.fields for amount in AMOUNTS)
    if not amounts or len(columns.fields) < 2 or any(labels.indicator_field(cell.text) in LEVELS for cell in cells):
        return None
    return columns


def _labels_end(grid: Grid, row: int) -> int:
    """The column after the labels of funds rows: a header above them, 年度预算数（万元）, is none of an amount."""
    for below in range(row, min(row + 5, len(grid.rows))):
        for cell in filled(grid, below):
            if labels.fund_source(cell.text, below_fiscal=False):
                return cell.end
    return 0


def find_task_columns(grid: Grid, row: int) -> Columns | None:
    """The columns of a department's tasks, if their header starts in this row: the name and two fields more.

    Amounts may be in three columns: `budget` or `executed` as a whole, `budget_fiscal`, `budget_other`.
    """
    cells = filled(grid, row)
    if len(cells) < ENOUGH_HEADERS or not any("name" in labels.ambiguous_fields("tasks", cell.text) for cell in cells):
        return None

    def known(text: str) -> str | None:
        return next(iter(labels.ambiguous_fields("tasks", text) or labels.ambiguous_fields("task_parts", text)), None)

    rows = _header_rows(grid, row, cells, known)
    whole = _claims(grid, row, rows, "tasks", 0)
    claims = [part for claim in whole for part in _amount_parts(grid, row + rows - 1, claim)]
    columns = _columns(grid, rows, cells, claims)
    if "name" not in columns.fields or len(columns.fields) < ENOUGH_HEADERS - 1:
        return None
    return columns


def _amount_parts(grid: Grid, row: int, claim: _Claim) -> list[_Claim]:
    """The columns under 预算数 or 执行数, where 总额, 财政拨款 and 其他资金 stand in the lowest row of the header."""
    name = next((name for name in claim.candidates if name in ("budget", "executed")), None)
    if name is None:
        return [claim]
    found = []
    for column in claim.columns:
        below = grid.rows[row][column]
        part = next(iter(labels.ambiguous_fields("task_parts", below.text)), None) if below else None
        if below is None or below is claim.cell or part is None:
            return [claim]
        field_name = name if part == "whole" else f"{name}_{part}"
        found.append(_Claim(below, below.text, range(column, column + 1), (field_name,)))
    return found


def find_payment_columns(grid: Grid, row: int, section: str = "payments") -> Columns | None:
    """The columns of payments, if their header is this row: what was paid for, and the amount.

    section  of the vocabulary, that knows the words of the headers
    """
    cells = filled(grid, row)
    found = {labels.ambiguous_fields(section, cell.text)[:1] for cell in cells}
    if ("label",) not in found or ("amount",) not in found:
        return None
    return _columns(grid, 1, cells, _claims(grid, row, 1, section, 0))


def find_management_columns(grid: Grid, row: int) -> Columns | None:
    """The columns of the section on managing the funds, if their header is this row."""
    cells = filled(grid, row)
    found = {labels.ambiguous_fields("management", cell.text)[:1] for cell in cells}
    if ("description",) not in found or ("problems",) not in found:
        return None
    columns = _columns(grid, 1, cells, _claims(grid, row, 1, "management", 0))
    start = min(columns.fields[name].start for name in ("description", "problems"))
    columns.fields["aspect"] = range(start)
    return columns


def find_goals_header(grid: Grid, row: int) -> GoalsHeader | None:
    """The labels of expected and achieved goals, if this row has them.

    `年度总体目标 | 预期目标 | 实际完成情况`: the texts stand below. `预期目标 | text | 实际完成情况 | text`, or one
    such pair: beside. Of two labels for the same the right one counts, the left one names the section.
    """
    cells = filled(grid, row)
    known = {index: name for index, cell in enumerate(cells) if (name := labels.goal_field(cell.text))}
    chosen: dict[str, int] = {}
    for index, name in known.items():
        if name.startswith("medium_"):
            chosen.setdefault(name, index)
        elif name == "expected" and "medium_expected" in labels.ambiguous_fields("goals", cells[index].text):
            chosen.setdefault("medium_expected", index)
        elif name == "achieved" and ("expected" in chosen or "expected" not in known.values()):
            chosen["achieved"] = index
        elif name == "expected" and "achieved" not in chosen:
            chosen["expected"] = index
    if not chosen:
        return None
    if "medium_expected" in chosen and "expected" not in chosen:
        # 总目标 is that of the whole period only beside one of the year.
        alone = cells[chosen["medium_expected"]].text
        if "expected" in labels.ambiguous_fields("goals", alone):
            chosen["expected"] = chosen.pop("medium_expected")
    header = GoalsHeader(headers=[cells[index] for index in known], width=grid.width)
    own = grid.own(row)
    beside = {
        name: following
        for name, index in chosen.items()
        if (following := _following(own, cells[index])) is not None and not labels.goal_field(following.text)
    }
    leader = next((name for name in ("expected", "medium_expected") if name in chosen), "achieved")
    if len(chosen) > 1 and leader not in beside:
        header.columns = {name: _range(cells[index]) for name, index in chosen.items()}
    elif beside:
        header.texts = beside
    elif leader != "achieved":
        header.columns = {name: _range(cells[index]) for name, index in chosen.items()}
    else:
        return None
    return header


def _following(own: list[Cell], cell: Cell) -> Cell | None:
    return next((other for other in own if other.column == cell.end), None)


def _range(cell: Cell) -> range:
    return range(cell.column, cell.end)
