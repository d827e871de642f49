"""Tables of a report: goals, scores, quantities, criteria, payments and funds, recognised by headers and captions."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from lintperf.model import TextPlace
from lintperf_builtin.importers import labels, values
from lintperf_builtin.importers.cells import pick
from lintperf_builtin.importers.columns import (
    LEVELS,
    Columns,
    filled,
    find_fund_columns,
    find_indicator_columns,
    find_payment_columns,
)
from lintperf_builtin.importers.form import Form, join
from lintperf_builtin.importers.funds import read_fund
from lintperf_builtin.importers.normal import compact

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintperf.model import Place
    from lintperf_builtin.importers.grid import Cell, Grid

__all__ = ["LONGEST_CAPTION", "Caption", "Tables", "caption_of"]

_NUMBERS = ("weight", "score")
_RATES = ("completion_rate", "score_rate")
_TEXTS = ("level1", "level2", "name", "operator", "target", "unit", "actual", "description", "criterion", "explanation")
_KEYS = (
    "table", "level1", "level2", "name", "operator", "target", "unit", "actual", "completion_rate", "weight", "score",
    "score_rate", "description", "criterion", "explanation",
)  # fmt: skip
# Fields that a page break may cut: their rest stands without points in the first row of the next page.
_CUT_TEXTS = {"name", "target", "actual", "description", "criterion", "explanation", "level2"}
_UNIT_LINE = re.compile(r"[(（]?(?:金额)?单位[:：](?:人民币)?(元|万元|亿元)[)）]?")
_TOTAL_LINE = re.compile(r"(\D{2,8}?)[\s:：]*([0-9].*)", re.DOTALL)
_LINE_NUMBER = re.compile(r"[0-9]+(?:\.[0-9]+)?")
# What a line of totals holds beside its numbers.
_BETWEEN = re.compile(r"[\s分/—–－-]*")
LONGEST_CAPTION = 60
_CAPTION = re.compile(
    r"((?:续\s*)?(?:表|附\s*表|附\s*件)\s*(?:[0-9]{1,3}|[一二三四五六七八九十]{1,3})(?:\s*[-－—–.．]\s*[0-9]{1,3})*|附\s*[表件])"
    r"(?:\s*[:：.、．]\s*|\s+|(?=\S))(\S.*)",
    re.DOTALL,
)
_COUNTED = re.compile(r"数量|数$")
_LONGEST_TOTAL = 10


@dataclass(slots=True)
class Caption:
    """What a table is called: its number and its title, as written."""

    number: str | None
    text: str | None
    place: Place | None = None


def caption_of(text: str, place: Place | None = None) -> Caption | None:
    """The caption that a line is: 表3-1 …, 附件：…; None for any other line."""
    if len(text) > LONGEST_CAPTION or text.endswith(("。", "；", "，", "：")):
        return None
    found = _CAPTION.fullmatch(text)
    return Caption(found[1], found[2], place) if found else None


@dataclass(slots=True, eq=False)
class _Open:
    """The table at hand, which a further grid may continue.

    rows   the indexes of its indicators
    start  index of the first
    """

    index: int
    columns: Columns
    extra: dict[str, range]
    start: int
    rows: list[int] = field(default_factory=list)
    after_subtotal: int = 0
    ended: bool = False


class Tables:
    """The tables of a report, as far as they are read.

    used     cells that were taken over
    rows     the rows that belong to a table; a cell with text there that is not used was not taken over
    unknown  grids that are none of the kinds
    """

    def __init__(self) -> None:
        self.tables: list[dict[str, Any]] = []
        self.indicators: list[dict[str, Any]] = []
        self.subtotals: list[dict[str, Any]] = []
        self.payments: dict[str, Any] | None = None
        # funds and the heading are read as those of a form
        self.form = Form()
        self.places: dict[str, Place] = self.form.places
        self.unsure: set[str] = self.form.unsure
        self.used: set[Cell] = self.form.used
        self.rows: list[tuple[Grid, int]] = []
        self.unknown: list[Grid] = []
        self.notes: list[tuple[str, Place | None]] = []
        self._open: _Open | None = None
        self._payments: Columns | None = None
        self._funds: Columns | None = None
        self._unit: str | None = None

    # --- what the report reader tells ----------------------------------------------------------------------------

    def close(self) -> None:
        """Ends the table at hand: a heading or a caption follows, or text that is none of a table's notes."""
        self._open = self._payments = self._funds = None
        self._unit = None

    def unit_line(self, text: str) -> bool:
        """Whether a line names the unit of the amounts in the next table; it is kept for that."""
        found = _UNIT_LINE.fullmatch("".join(text.split()))
        if found:
            self._unit = found[1]
        return found is not None

    def unit_in(self, text: str) -> None:
        """Keeps the unit that a caption names: 资金情况表（单位：万元）."""
        self._unit = labels.currency_unit(text) or self._unit

    def total_line(self, text: str, place: Place | None) -> bool:
        """Takes over a total that stands as a line below the table at hand; False for any other line."""
        table = self._open
        found = _TOTAL_LINE.fullmatch(text.strip())
        if table is None or table.ended or found is None or not labels.is_in("totals", found[1]):
            return False
        numbers = _LINE_NUMBER.findall(found[2])
        fields = sorted(
            (name for name in _NUMBERS if name in table.columns.fields),
            key=lambda name: table.columns.fields[name].start,
        )
        if len(numbers) != len(fields) or not numbers or _BETWEEN.sub("", _LINE_NUMBER.sub("", found[2])):
            return False
        row = self._subtotal(table, found[1].strip(), "total", None)
        pointer = f"/subtotals/{len(self.subtotals)}"
        for name, number in zip(fields, numbers, strict=True):
            row[name] = Decimal(number)
        if place is not None:
            self.places.update(dict.fromkeys((pointer, *(f"{pointer}/{name}" for name in ("label", *fields))), place))
        self.subtotals.append(row)
        table.ended = True
        return True

    def read(self, grid: Grid, caption: Caption | None, section: int | None) -> bool:
        """Reads a grid. False where it holds nothing that is known; it is among `unknown` then."""
        before = len(self.used)
        rows_before = len(self.rows)
        row = 0
        fresh = True  # nothing but captions was read of the grid
        after_break = self._open is not None
        while row < len(grid.rows):
            cells = filled(grid, row)
            if not cells:
                row += 1
                continue
            header = self._header(grid, row, caption, section, fresh)
            if header:
                fresh = False
                row += header
                after_break = after_break and self._open is not None and bool(self._open.rows)
                continue
            self.rows.append((grid, row))
            if fresh and len(cells) == 1 and len(grid.own(row)) == 1 and grid.width > 1:
                caption = self._title_row(cells[0], caption)
            elif self._row(grid, row, cells, after_break):
                fresh = after_break = False
            row += 1
        if len(self.used) == before:
            del self.rows[rows_before:]
            self.unknown.append(grid)
            return False
        return True

    # --- headers -------------------------------------------------------------------------------------------------

    def _header(self, grid: Grid, row: int, caption: Caption | None, section: int | None, fresh: bool) -> int:
        """Opens a table whose header begins in this row; returns how many rows it takes, 0 for any other row."""
        if (columns := find_indicator_columns(grid, row)) is not None:
            self._use_header(grid, row, columns)
            self._open_indicators(columns, caption, section, fresh)
            return columns.rows
        if (columns := find_payment_columns(grid, row, "report_payments")) is not None and self._open is None:
            self._use_header(grid, row, columns)
            self.close_but_unit()
            self._payments = columns
            self.payments = self.payments or {"rows": [], "total": None}
            self.form.first_place("/payments", columns.headers[0])
            return columns.rows
        if self._open is None and (columns := find_fund_columns(grid, row)) is not None:
            self._use_header(grid, row, columns)
            self._funds = columns
            self._payments = None
            self.form.fund_headings.update(columns.headings)
            self.form.first_place("/funds", columns.headers[0])
            return columns.rows
        return 0

    def close_but_unit(self) -> None:
        """Ends the table at hand and keeps the unit that a line above the next one gave."""
        unit, self._unit = self._unit, None
        self.close()
        self._unit = unit

    def _use_header(self, grid: Grid, row: int, columns: Columns) -> None:
        self.rows.extend((grid, row + below) for below in range(columns.rows))
        self.used.update(columns.headers)
        stated = next(filter(None, (labels.currency_unit(cell.text) for cell in columns.headers)), None)
        self.form.unit = self.form.unit or stated
        if self._unit:
            self.form.caption_unit = self.form.caption_unit or self._unit

    def _open_indicators(self, columns: Columns, caption: Caption | None, section: int | None, fresh: bool) -> None:
        extra = _arrange(columns)
        open_table = self._open
        if open_table is not None and not open_table.ended and caption is None and fresh:
            same = columns.fields.keys() == open_table.columns.fields.keys()
            if same and columns.width == open_table.columns.width:
                open_table.columns, open_table.extra = columns, extra
                return
        self.close()
        index = len(self.tables)
        names = columns.fields.keys() | extra.keys()
        self.tables.append(
            {
                "role": _role(columns, extra, caption),
                "number": caption.number if caption else None,
                "caption": caption.text if caption else None,
                "section": None if section is None else Decimal(section),
                "has_weights": "weight" in names,
                "has_scores": "score" in names,
                "has_explanations": "explanation" in names,
            }
        )
        pointer = f"/tables/{index}"
        first = columns.headers[0].place
        for name in ("", "/number", "/caption"):
            place = (caption.place if caption else None) or first
            if place is not None:
                self.places[pointer + name] = place
        self._open = _Open(index, columns, extra, len(self.indicators))

    def _title_row(self, cell: Cell, caption: Caption | None) -> Caption | None:
        """A row over the whole width above the header: the caption, or the unit."""
        if self.unit_line(cell.text):
            self.used.add(cell)
            return caption
        if caption is None:
            self.used.add(cell)
            self.unit_in(cell.text)
            return caption_of(cell.text, cell.place) or Caption(None, cell.text, cell.place)
        if compact(caption.text or "") == compact(cell.text):
            self.used.add(cell)
        return caption

    # --- rows ----------------------------------------------------------------------------------------------------

    def _row(self, grid: Grid, row: int, cells: list[Cell], after_break: bool) -> bool:
        if self._open is not None and self._open.columns.width == grid.width:
            self._indicator_row(self._open, grid, row, cells, after_break)
        elif self._payments is not None and self._payments.width == grid.width:
            self._payment(self._payments, grid, row, cells)
        elif self._funds is not None and self._funds.width == grid.width:
            read_fund(self.form, self._funds, grid, row, cells)
        else:
            return self._pairs(grid, row)
        return True

    def _pairs(self, grid: Grid, row: int) -> bool:
        """A row of labels with their texts, 项目名称 | …: the heading."""
        own = grid.own(row)
        found = False
        for label, value in pairwise(own):
            name = labels.heading_field(label.text) if label.text and value.text else None
            if name in ("project", "department", "unit", "year") and labels.heading_field(value.text) is None:
                self.form.set_heading(name, label.text, label, value.text, value)
                found = True
        return found

    def _indicator_row(self, table: _Open, grid: Grid, row: int, cells: list[Cell], after_break: bool) -> None:
        if len(cells) == 1 and cells[0].column_span >= grid.width - 1 and not _sum_kind(cells[0].text):
            self.used.add(cells[0])
            self.notes.append((cells[0].text, cells[0].place))
            return
        fields = table.columns.fields | table.extra
        label = self._sum_label(cells, fields)
        if label is not None:
            self._sum_row(table, grid, row, label, cells)
            return
        found = {name: pick(grid, row, at, name in LEVELS) for name, at in fields.items()}
        for name in LEVELS:
            cell = found.get(name)
            # A level's cell may begin further left, but in no other field.
            if cell is not None and any(cell.column in at for other, at in fields.items() if other != name):
                found[name] = None
        new = {name: cell for name, cell in found.items() if cell is not None and cell.row == row and cell.text}
        if not new:
            return
        if after_break and table.rows and self._join(table, new):
            return
        self._indicator(table, grid, row, found, new)

    def _indicator(
        self, table: _Open, grid: Grid, row: int, found: dict[str, Cell | None], new: dict[str, Cell]
    ) -> None:
        number = len(self.indicators)
        pointer = f"/indicators/{number}"
        data: dict[str, Any] = dict.fromkeys(_KEYS)
        data["table"] = Decimal(table.index)
        merged = []
        for name, cell in found.items():
            if cell is None:
                if name in _TEXTS and name not in LEVELS:
                    data[name] = ""
                continue
            if name in _NUMBERS:
                if cell.row != row:
                    # A number that is merged over rows stands once, in the first.
                    merged.append(name)
                    self.used.add(cell)
                else:
                    data[name] = values.number(self.form.take(f"{pointer}/{name}", cell), "分")
            elif name in _RATES:
                data[name] = values.rate(self.form.take(f"{pointer}/{name}", cell)) if cell.row == row else None
            elif name in _TEXTS:
                data[name] = self.form.take(f"{pointer}/{name}", cell)
            else:
                self.used.add(cell)  # its number in the table
        if merged:
            data["merged"] = sorted(merged, key=_NUMBERS.index)
        data["others"] = self.form.take_others(pointer, list(self._others(table, grid, row)), row)
        if data["others"] is None:
            del data["others"]
        if data["name"] is None:
            data["name"] = ""
        self._carry_levels(table, data, pointer)
        self.form.note_place(pointer, found.get("name") or next(iter(new.values())))
        self.form.first_place("/indicators", next(iter(new.values())))
        self.indicators.append(data)
        table.rows.append(number)

    @staticmethod
    def _others(table: _Open, grid: Grid, row: int) -> Iterator[tuple[str, Cell | None]]:
        """The cells of columns that have no field, with their titles."""
        named = {column for at in (*table.columns.fields.values(), *table.extra.values()) for column in at}
        seen: set[int] = set()
        for column, title in table.columns.titles.items():
            cell = grid.rows[row][column]
            if column in named or cell is None or cell.column in named or id(cell) in seen:
                continue
            seen.add(id(cell))
            yield title, cell

    def _carry_levels(self, table: _Open, data: dict[str, Any], pointer: str) -> None:
        """A blank level is that of the row above: not every office merges cells, and pages break."""
        if not table.rows:
            return
        at = table.rows[-1]
        above = self.indicators[at]
        for name in ("level1", "level2"):
            if name not in table.columns.fields:
                continue
            if data[name]:
                if data[name] != above[name]:
                    return
                continue
            data[name] = above[name]
            if (place := self.places.get(f"/indicators/{at}/{name}")) is not None:
                self.places[f"{pointer}/{name}"] = place

    def _join(self, table: _Open, new: dict[str, Cell]) -> bool:
        """Adds the rest of a row that a page break cut to the row it belongs to; False where it is a row of its own."""
        number = table.rows[-1]
        last = self.indicators[number]
        if not new.keys() <= _CUT_TEXTS or {"name", "target"} <= new.keys():
            return False
        if not all(last.get(name) for name in new) or (last["weight"] is None and last["score"] is None):
            return False
        for name, cell in new.items():
            last[name] = join(last[name], cell.text)
            self.used.add(cell)
            self.unsure.add(f"/indicators/{number}/{name}")
        return True

    # --- subtotals -----------------------------------------------------------------------------------------------

    @staticmethod
    def _sum_label(cells: list[Cell], fields: dict[str, range]) -> Cell | None:
        """The label of a row of sums: it stands where levels and names do, and no target is beside it."""
        for cell in cells:
            if cell.column >= fields["name"].stop:
                return None
            if _sum_kind(cell.text):
                return cell
        return None

    def _sum_row(self, table: _Open, grid: Grid, row: int, label: Cell, cells: list[Cell]) -> None:
        fields = table.columns.fields
        kind = _sum_kind(label.text)
        level = pick(grid, row, fields["level1"], True) if "level1" in fields else None
        if level is label or (level is not None and not level.text):
            level = None
        level2 = pick(grid, row, fields["level2"], True) if "level2" in fields else None
        if (
            level2 is label
            or level2 is level
            or (level2 is not None and (not level2.text or level2.column >= label.column))
        ):
            level2 = None
        # Without merged cells a blank left of the label continues the level above it.
        within = table.rows and "level1" in fields and label.column >= fields["level1"].stop
        of_level = level.text if level is not None else self.indicators[table.rows[-1]]["level1"] if within else None
        if of_level:
            kind = "subtotal"
        pointer = f"/subtotals/{len(self.subtotals)}"
        data = self._subtotal(table, self.form.take(f"{pointer}/label", label), kind, of_level)
        self.form.note_place(pointer, label)
        self.form.first_place("/subtotals", label)
        for name, cell in (("level1", level), ("level2", level2)):
            if cell is not None:
                data[name] = self.form.take(f"{pointer}/{name}", cell)
        placed: set[Cell] = {cell for cell in (label, level, level2) if cell is not None}
        for name in _NUMBERS:
            cell = pick(grid, row, fields[name]) if name in fields else None
            if cell is not None and cell.row == row and cell not in placed:
                data[name] = values.number(self.form.take(f"{pointer}/{name}", cell), "分")
                placed.add(cell)
        rest = (cell for cell in cells if cell not in placed)
        self.form.add_rest_of_total(
            data, pointer, rest, table.columns.titles, lambda text: labels.is_in("grades", text)
        )
        self.subtotals.append(data)
        if kind == "total":
            table.ended = True
        table.after_subtotal = len(table.rows)

    def _subtotal(self, table: _Open, label: str, kind: str | None, level1: str | None) -> dict[str, Any]:
        """A subtotal with the rows it counts: all for a total; those of its level, or since the last subtotal."""
        counted = table.rows if kind == "total" else table.rows[table.after_subtotal :]
        if kind != "total" and level1:
            start = len(table.rows)
            while start and self.indicators[table.rows[start - 1]]["level1"] == level1:
                start -= 1
            counted = table.rows[start:]
        return {
            "table": Decimal(table.index),
            "label": label,
            "kind": kind,
            "level1": level1,
            "level2": None,
            "first": Decimal(counted[0]) if counted else None,
            "last": Decimal(counted[-1]) if counted else None,
            "weight": None,
            "score": None,
            "grade": None,
        }

    # --- payments, funds -------------------------------------------------------------------------------------------

    def _payment(self, columns: Columns, grid: Grid, row: int, cells: list[Cell]) -> None:
        """Takes over a payment, or the total of the payments."""
        assert self.payments is not None
        found = {name: pick(grid, row, at) for name, at in columns.fields.items()}
        amount = found["amount"]
        label = next((cell for cell in cells if labels.is_in("totals", cell.text)), None)
        if label is not None and label.column < columns.fields["amount"].start:
            self.used.update(cells)
            if amount is not None and self.payments["total"] is None:
                self.form.take("/payments/total", amount)
                self.form.amount_cells.append((self.payments, "total", amount))
            return
        pointer = f"/payments/rows/{len(self.payments['rows'])}"
        data: dict[str, Any] = {"label": None, "payee": None, "amount": None, "date": None}
        for name in ("label", "payee", "date"):
            cell = found.get(name)
            if cell is not None:
                data[name] = self.form.take(f"{pointer}/{name}", cell)
        above = self.payments["rows"][-1] if self.payments["rows"] else None
        if above and not data["payee"] and "payee" in found and isinstance(cells[0].place, TextPlace):
            # Text has no merged cells: what was merged downwards is blank.
            data["payee"] = above["payee"]
            self.unsure.add(f"{pointer}/payee")
        if amount is not None and amount.row == row:
            self.form.take(f"{pointer}/amount", amount)
            self.form.amount_cells.append((data, "amount", amount))
        named = {column for at in columns.fields.values() for column in at}
        for cell in cells:
            title = columns.titles.get(cell.column, "")
            if cell.column not in named and labels.is_in("report_columns", title):
                self.used.add(cell)  # its number in the table
        self.form.note_place(pointer, found.get("label") or cells[0])
        self.form.first_place("/payments/rows", cells[0])
        self.payments["rows"].append(data)

    def amounts(self) -> dict[str, Any] | None:
        """Gives all amounts their numbers; returns the funds, None where neither they nor payments name a unit."""
        form = self.form
        found = {unit for _, _, cell in form.amount_cells if (unit := values.amount_unit(cell.text))}
        unit = form.unit or form.caption_unit or (found.pop() if len(found) == 1 else None)
        for row, name, cell in form.amount_cells:
            row[name] = values.number(cell.text, unit or "")
        if form.funds is None and (unit is None or not form.amount_cells):
            return None
        return {"currency_unit": unit, "rows": form.funds or []}


def _sum_kind(text: str) -> str | None:
    """Whether a text is the label of a total or of a subtotal."""
    if len(text) > _LONGEST_TOTAL:
        return None
    if labels.is_in("totals", text):
        return "total"
    return "subtotal" if labels.is_in("subtotals", text) or labels.normal(text).endswith("小计") else None


def _arrange(columns: Columns) -> dict[str, range]:
    """Finds the columns that only reports have, and puts right what reports have twice; returns the former.

    The points of each level stand right of it: those of the indicator are right of its name. Of a third and a fourth
    level the lower one is the indicator.
    """
    fields = columns.fields
    extra: dict[str, range] = {}
    spans: list[tuple[str, range]] = []
    for column, title in columns.titles.items():
        if spans and spans[-1][0] == title and spans[-1][1].stop == column:
            spans[-1] = (title, range(spans[-1][1].start, column + 1))
        else:
            spans.append((title, range(column, column + 1)))
    named = {at.start for at in fields.values()}
    for title, at in spans:
        kinds = labels.ambiguous_fields("report_columns", title)
        status = fields.get("completion_status")
        if status is not None and at.start == status.start and "completion_rate" in kinds:
            del fields["completion_status"]
            extra["completion_rate"] = at
        elif kinds and kinds[0] not in extra and at.start not in named:
            extra[kinds[0]] = at
        again = labels.ambiguous_fields("indicators", title)
        if "name" in again and at.start > fields["name"].start and "四级" in title:
            fields["name"] = at
        if "weight" in again and "weight" in fields and fields["weight"].start < fields["name"].start < at.start:
            fields["weight"] = at
    for name in ("completion_status", "interim", "expected_actual", "weight_share", "converted_score", "likelihood"):
        fields.pop(name, None)
    return extra


def _role(columns: Columns, extra: dict[str, range], caption: Caption | None) -> str:
    """What a table holds: criteria, scores, quantities or goals, by its columns; the caption settles goals."""
    fields = columns.fields
    if "criterion" in fields:
        return "criteria"
    if "score" in fields:
        return "scores"
    title = compact(caption.text or "") if caption else ""
    counted = any(_COUNTED.search(labels.normal(columns.headings.get(name, ""))) for name in ("target", "actual"))
    if "level1" not in fields and "actual" in fields and (counted or "completion_rate" in extra):
        return "quantities"
    if "description" in extra and not labels.is_in("report_tables", title):
        return "criteria"
    return "goals"
