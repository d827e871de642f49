"""Grids to forms: rows are understood by their headers and labels, whatever their order and columns.

Each row is a header that opens a section (funds, goals, indicators), a line of the heading, a total, a note, or
belongs to the section that is open. What is understood is marked as used; what is not, is reported.
"""

from __future__ import annotations

import re
from collections import deque
from typing import TYPE_CHECKING, Any

from lintperf.document import Document
from lintperf.model import Remark, Text
from lintperf_builtin.importers import labels, values
from lintperf_builtin.importers.columns import (
    ENOUGH_HEADERS,
    Columns,
    GoalsHeader,
    filled,
    find_fund_columns,
    find_goals_header,
    find_indicator_columns,
    known_headers,
)
from lintperf_builtin.importers.form import INDICATOR_KEYS, Form, join
from lintperf_builtin.importers.grid import Grid, Paragraph, Part, unfold
from lintperf_builtin.importers.vocabulary import LEVELS, SUBTOTALS, TOTALS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lintperf_builtin.importers.grid import Cell

__all__ = ["documents"]

_YEAR_LINE = re.compile(r"[(（]?\s*((?:19|20)[0-9]{2})\s*年度?\s*[)）]?")
_UNIT_LINE = re.compile(r"[(（]?(?:金额)?单位[:：](?:人民币)?(元|万元|亿元)[)）]?")
_FORM_NUMBER = re.compile(r"(?:附件|附表|附|公开|表)\s*[-0-9一二三四五六七八九十]*\s*表?\s*[:：]?")
_INLINE = re.compile(r"([^:：\n]{2,20})[:：]\s*(\S.*)", re.DOTALL)
# A line with several captions: between them is wide space, or the next one shows what it is.
_PIECES = re.compile(r"\s{2,}|\t|\s(?=公开\S*表|\S{2,10}[:：])")
_TOTAL_INLINE = re.compile(r"(\D{2,8}?)\s*[:：]?\s*([0-9]{1,4}(?:\.[0-9]{1,4})?)\s*分?")
_GRADES = {
    "优", "良", "中", "差", "优秀", "良好", "中等", "合格", "不合格", "较好", "一般", "较差", "优良",
}  # fmt: skip
_CONTINUED = ("续", "(续)", "（续）", "续表")
_MAX_CAPTIONS = 8

_NO_FORM = Text(zh="文件中没有找到绩效自评表", en="the file holds no self-evaluation form that could be recognised")
_NOT_MAPPED = Text(
    zh="表中有自评表的栏目名，但没有找到可识别的指标表头（三级指标、指标值、分值等）",
    en="the table has headers of a self-evaluation form, but no header of indicators that could be recognised",
)
_NO_HEADING = Text(
    zh="有指标表，但没有自评表的标题、项目名称、项目资金或年度目标，不能认定为自评表",
    en="a table of indicators without the title, project, funds or goals of a self-evaluation form",
)
_OTHER_COLUMNS = Text(
    zh="上一张表未完，此表没有表头且列数不同，无法接续",
    en="the table before is unfinished; this one has no header and other columns, so it cannot continue it",
)


def documents(path: str, parts: Iterable[Part], remarks: list[Remark]) -> list[Document]:
    """The forms of a file, in order; without any, one document whose data is None.

    Remarks that belong to no form in particular go to the first document.
    """
    found: list[Document] = []
    loose = list(remarks)
    for part in parts:
        reader = _Reader()
        for block in unfold(part.blocks, lambda grid: known_headers(grid) >= ENOUGH_HEADERS):
            if isinstance(block, Paragraph):
                for line in block.text.split("\n"):
                    reader.paragraph(line.strip())
            else:
                reader.table(block)
        forms, unrecognised = reader.finish()
        for form in forms:
            found.append(form.document(path, len(found)))
        loose.extend(unrecognised)
    if not found:
        if not any(remark.kind == "unrecognised-table" for remark in loose):
            loose.append(Remark("unrecognised-table", {"reason": _NO_FORM}))
        return [Document(path, None, remarks=loose)]
    found[0].remarks = loose + found[0].remarks
    return found


class _Reader:
    """Reads the blocks of one part in order."""

    def __init__(self) -> None:
        self.forms: list[Form] = []
        self.remarks: list[Remark] = []
        self.form: Form | None = None
        # what is open: heading, funds, goals, indicators, after (the total), or "" for nothing
        self.section = ""
        self.funds: Columns | None = None
        self.goals: GoalsHeader | None = None
        # lines that may belong to the form that comes next
        self.captions: deque[tuple[str, Cell | None, Grid | None]] = deque(maxlen=_MAX_CAPTIONS)

    def finish(self) -> tuple[list[Form], list[Remark]]:
        """The forms, and what is to be said of tables that are none."""
        self._drop_captions()
        forms = []
        for form in self.forms:
            if form.columns is None:
                self._unrecognised(form.rows, _NOT_MAPPED)
            elif not (form.title or form.heading or form.funds or form.goals):
                self._unrecognised(form.rows, _NO_HEADING)
            else:
                forms.append(form)
        return forms, self.remarks

    def _drop_captions(self) -> None:
        """No form comes below these lines: those that are cells of the open form's table are its own."""
        if self.form is not None:
            self.form.rows.extend((grid, cell.row) for _, cell, grid in self.captions if cell and grid)
        self.captions.clear()

    def _unrecognised(self, rows: list[tuple[Grid, int]], reason: Text) -> None:
        place = next((cell.place for grid, row in rows for cell in filled(grid, row)), None)
        self.remarks.append(Remark("unrecognised-table", {"reason": reason}, place=place))

    def paragraph(self, text: str) -> None:
        """A line outside of tables: a caption of the form below, or a note of the one above."""
        if not text:
            return
        if self.form is not None and not self._has_title() and (labels.is_note(text) or labels.is_signature(text)):
            if self.section in ("indicators", "after"):
                self.form.add_note(text, [])
            return
        self.captions.append((text, None, None))

    def _has_title(self) -> bool:
        return any(labels.is_title(text) for text, _, _ in self.captions)

    def table(self, grid: Grid) -> None:
        """A table: the next form, more of the open one, or something else."""
        form = self.form
        before = (len(form.used), len(form.rows)) if form else (0, 0)
        open_columns = {"funds": self.funds, "goals": self.goals, "indicators": form.columns if form else None}
        columns = open_columns.get(self.section)
        other_columns = columns is not None and columns.width != grid.width
        if other_columns:
            # Other columns than the part that was open: only a header can tell what they hold.
            self.section = ""
        row = 0
        while row < len(grid.rows):
            row += self._row(grid, row)
        if self.form is form:
            if form is not None and len(form.used) == before[0]:
                # Nothing of it was understood: it is another table, not more of this form.
                del form.rows[before[1] :]
            elif form is not None:
                return
            rows = [(grid, row) for row in range(len(grid.rows))]
            if known_headers(grid) >= ENOUGH_HEADERS:
                self._unrecognised(rows, _NOT_MAPPED)
            elif other_columns and any(len(filled(grid, row)) > ENOUGH_HEADERS for _, row in rows):
                self._unrecognised(rows, _OTHER_COLUMNS)

    def _row(self, grid: Grid, row: int) -> int:
        """Reads one row, or the rows of one header; returns how many."""
        cells = filled(grid, row)
        if not cells:
            return 1
        if (columns := find_indicator_columns(grid, row)) is not None:
            self._open_indicators(grid, row, columns)
            return columns.rows
        if (columns := find_fund_columns(grid, row)) is not None:
            self._open_funds(grid, row, columns)
        elif self._takes_goals() and (goals := find_goals_header(grid, row)) is not None:
            self._open_goals(grid, row, goals)
        elif self._is_heading(grid, row, cells):
            self._heading(grid, row, cells)
        elif self._is_caption(cells):
            self.captions.append((cells[0].text, cells[0], grid))
        elif self.form is not None:
            self.form.rows.append((grid, row))
            if not self._closing(self.form, grid, row, cells):
                self._content(self.form, grid, row, cells)
        return 1

    def _takes_goals(self) -> bool:
        """Whether goals may come: their labels are plain words, which indicators and closing notes use as well."""
        return self.section != "indicators" and (self.section != "after" or self._has_title())

    def _content(self, form: Form, grid: Grid, row: int, cells: list[Cell]) -> None:
        """A row of the section that is open."""
        if self.section == "funds" and self.funds is not None:
            self._fund(form, self.funds, grid, row, cells)
        elif self.section == "goals" and self.goals is not None:
            self._goal(form, self.goals, cells)
        elif self.section == "indicators" and form.columns is not None:
            self._indicator(form, form.columns, grid, row, cells)

    # --- forms begin -------------------------------------------------------------------------------------------

    def _begin(self) -> Form:
        form = self.form = Form()
        self.forms.append(form)
        self.section = "heading"
        self.funds = self.goals = None
        for text, cell, owner in self.captions:
            self._caption(form, text, cell)
            if cell is not None and owner is not None:
                form.rows.append((owner, cell.row))
        self.captions.clear()
        return form

    def _caption(self, form: Form, text: str, cell: Cell | None) -> None:
        if labels.is_title(text):
            form.title = text
            if cell is not None:
                form.take("/title", cell)
            return
        if found := _YEAR_LINE.fullmatch(text):
            form.set_heading("year", "", None, found[1], cell)
            return
        used = True
        for piece in _PIECES.split(text):
            if found := _UNIT_LINE.fullmatch(re.sub(r"\s", "", piece)):
                form.caption_unit = found[1]
            elif (found := _INLINE.fullmatch(piece)) and (name := labels.heading_field(found[1])):
                form.set_heading(name, found[1], None, found[2].strip(), cell)
            elif _FORM_NUMBER.fullmatch(piece):
                form.add_note(piece, [cell] if cell else [])
            else:
                used = False
        if cell is not None:
            (form.used.add if used else form.used.discard)(cell)

    def _current(self, new: bool) -> Form:
        return self._begin() if new or self.form is None else self.form

    # --- the heading -------------------------------------------------------------------------------------------

    def _is_heading(self, grid: Grid, row: int, cells: list[Cell]) -> bool:
        names = [_heading_label(cell.text)[0] for cell in cells]
        if "project" in names:
            return True
        known = any(name in ("department", "unit", "project_amount", "year") for name in names)
        if self.form is None:
            return known and (len(cells) > 1 or len(grid.own(row)) > 1)
        if self.section == "heading":
            # In the heading a row of pairs needs no known label; single cells are captions that come late.
            return any(names) or (len(grid.own(row)) in (2, 4) and len(cells[0].text) <= 30)
        if self.section == "goals" and self.goals is not None:
            first = min((columns.start for columns in self.goals.columns.values()), default=grid.width)
            return any(name for name, cell in zip(names, cells, strict=True) if cell.column < first)
        if self.section == "after":
            return known and names[0] is not None and names[0] != "others"
        return False

    def _heading(self, grid: Grid, row: int, cells: list[Cell]) -> None:
        names = {_heading_label(cell.text)[0] for cell in cells}
        form = self.form
        again = form is not None and (
            self.section in ("indicators", "after")
            or ("project" in names and ("project" in form.heading or self.section != "heading"))
        )
        form = self._current(again)
        form.rows.append((grid, row))
        own = grid.own(row)
        index = 0
        while index < len(own):
            cell = own[index]
            name, label, text = _heading_label(cell.text)
            following = own[index + 1] if index + 1 < len(own) else None
            index += 1
            if name and text:
                form.set_heading(name, label, cell, text, cell)
            elif cell.text and following is not None and _heading_label(following.text)[0] is None:
                if name or labels.normal(cell.text):
                    form.set_heading(name or "others", cell.text, cell, following.text, following)
                    index += 1
            elif name:
                form.set_heading(name, cell.text, cell, "", following)
            elif labels.is_section_label(cell.text):
                form.used.add(cell)

    # --- funds -------------------------------------------------------------------------------------------------

    def _open_funds(self, grid: Grid, row: int, columns: Columns) -> None:
        repeated = self.section == "funds" and self.funds is not None
        form = self._current(self.form is not None and self.form.funds is not None and not repeated)
        form.rows.append((grid, row))
        self.section, self.funds = "funds", columns
        for cell in columns.headers:
            if cell.column >= columns.first or labels.is_section_label(cell.text):
                form.used.add(cell)
            form.unit = form.unit or labels.currency_unit(cell.text)
        form.first_place("/funds", columns.headers[0])
        unit_cell = next((cell for cell in columns.headers if labels.currency_unit(cell.text)), None)
        form.note_place("/funds/currency_unit", unit_cell)

    def _fund(self, form: Form, columns: Columns, grid: Grid, row: int, cells: list[Cell]) -> None:
        before = [cell for cell in cells if cell.end <= columns.first]
        label = next((cell for cell in reversed(before) if labels.fund_source(cell.text, form.generic_fiscal)), None)
        for cell in before:
            if labels.is_section_label(cell.text):
                form.used.add(cell)
                form.unit = form.unit or labels.currency_unit(cell.text)
        if label is None:
            return
        source = labels.fund_source(label.text, form.generic_fiscal)
        assert source is not None
        form.generic_fiscal = form.generic_fiscal or labels.fund_source(label.text, True) == "fiscal"
        form.add_fund(source, label, {name: _pick(grid, row, at) for name, at in columns.fields.items()}, row)

    # --- goals -------------------------------------------------------------------------------------------------

    def _open_goals(self, grid: Grid, row: int, header: GoalsHeader) -> None:
        form = self._current(self.section == "after")
        form.rows.append((grid, row))
        form.used.update(header.headers)
        form.used.update(cell for cell in filled(grid, row) if labels.is_section_label(cell.text))
        form.first_place("/goals", header.headers[0])
        self.section, self.goals = "goals", header
        for name, cell in header.texts.items():
            form.add_goal(name, cell)

    def _goal(self, form: Form, header: GoalsHeader, cells: list[Cell]) -> None:
        first = min((columns.start for columns in header.columns.values()), default=header.width)
        for cell in cells:
            names = [
                name
                for name, columns in header.columns.items()
                if cell.column < columns.stop and cell.end > columns.start
            ]
            if len(names) == 1:
                form.add_goal(names[0], cell)
            elif cell.end <= first and labels.is_section_label(cell.text):
                form.used.add(cell)

    # --- indicators --------------------------------------------------------------------------------------------

    def _open_indicators(self, grid: Grid, row: int, columns: Columns) -> None:
        form = self._current(self.form is not None and self.form.total is not None)
        form.rows.extend((grid, row + below) for below in range(columns.rows))
        for cell in columns.headers:
            if labels.indicator_field(cell.text) or labels.is_section_label(cell.text):
                form.used.add(cell)
        form.first_place("/indicators", columns.headers[0])
        form.columns = columns
        self.section = "indicators"
        self._drop_captions()

    def _indicator(self, form: Form, columns: Columns, grid: Grid, row: int, cells: list[Cell]) -> None:
        found = {name: _pick(grid, row, at, name in LEVELS) for name, at in columns.fields.items()}
        for cell in cells:
            if cell.end <= columns.first and labels.is_section_label(cell.text):
                form.used.add(cell)
        # A label beside the table that slipped into its first column is no indicator.
        level1 = found.get("level1")
        if level1 is not None and labels.normal(level1.text).startswith(("年度绩效指标", "绩效指标")):
            form.used.add(level1)
            found["level1"] = None
        new = {name: cell for name, cell in found.items() if cell is not None and cell.row == row and cell.text}
        if not new:
            return
        if set(new) == {"explanation"} and form.indicators:
            last = form.indicators[-1]
            last["explanation"] = join(last["explanation"] or "", new["explanation"].text)
            form.used.add(new["explanation"])
            return
        pointer = f"/indicators/{len(form.indicators)}"
        data: dict[str, Any] = dict.fromkeys(INDICATOR_KEYS)
        for name in columns.fields:
            owner = found[name]
            text = form.take(f"{pointer}/{name}", owner) if owner is not None else ""
            if name not in ("weight", "score"):
                data[name] = text
            elif owner is not None and owner.row == row:
                # A number that is merged over rows stands once, in the first: repeated it would be added up.
                data[name] = values.number(text, "分")
        self._carry_levels(form, data, pointer)
        form.note_place(pointer, found.get("name") or next(iter(new.values())))
        form.indicators.append(data)

    def _carry_levels(self, form: Form, data: dict[str, Any], pointer: str) -> None:
        """A blank level is that of the row above: not every office merges cells, and pages break."""
        if not form.indicators:
            return
        above, at = form.indicators[-1], f"/indicators/{len(form.indicators) - 1}"
        for name in ("level1", "level2"):
            if data[name] != "":
                if data[name] != above[name]:
                    return
                continue
            data[name] = above[name]
            if f"{at}/{name}" in form.places:
                form.places[f"{pointer}/{name}"] = form.places[f"{at}/{name}"]

    # --- the end of a form -------------------------------------------------------------------------------------

    def _is_caption(self, cells: list[Cell]) -> bool:
        """Whether a row of the grid is a line before a form: one cell, and no form open that could hold it."""
        text = cells[0].text
        if len(cells) > 1:
            return False
        if self.form is None:
            return True
        if labels.is_title(text) and self.section in ("indicators", "after"):
            if not labels.normal(text).endswith(_CONTINUED):
                self.section = "after"
            return True
        return self.section == "after" and (
            self._has_title() or not (labels.is_note(text) or labels.is_signature(text))
        )

    def _closing(self, form: Form, grid: Grid, row: int, cells: list[Cell]) -> bool:
        """Takes over a total, a note or a line of signatures; False for any other row."""
        if self.section not in ("indicators", "after"):
            return False
        rest = [cell for cell in cells if not (labels.is_section_label(cell.text) and cell.end <= _first(form))]
        if not rest:
            form.used.update(cells)
            return True
        first = rest[0]
        word = labels.normal(first.text)
        if form.total is None and form.columns is not None:
            inline = _TOTAL_INLINE.fullmatch(first.text)
            if word in TOTALS:
                self._total(form, form.columns, grid, row, first, rest[1:])
                return True
            if inline and labels.normal(inline[1]) in TOTALS:
                form.total = {
                    "label": inline[1].strip(),
                    "weight": None,
                    "score": values.number(inline[2]),
                    "grade": None,
                }
                for pointer in ("/total", "/total/label", "/total/score"):
                    form.take(pointer, first)
                self.section = "after"
                return True
        if labels.is_note(first.text) or (
            labels.is_signature(first.text) and (self.section == "after" or first.column_span > 1)
        ):
            label, *texts = [cell.text for cell in rest]
            if labels.is_signature(label) or not texts:
                form.add_note("  ".join([label, *texts]), rest)
            else:
                form.add_note(f"{label.rstrip(':：')}：{'  '.join(texts)}", rest)
            return True
        return word in SUBTOTALS

    def _total(self, form: Form, columns: Columns, grid: Grid, row: int, label: Cell, rest: list[Cell]) -> None:
        total: dict[str, Any] = {
            "label": form.take("/total/label", label),
            "weight": None,
            "score": None,
            "grade": None,
        }
        form.note_place("/total", label)
        placed = {}
        for name in ("weight", "score"):
            cell = _pick(grid, row, columns.fields.get(name, range(0)))
            if cell is not None and cell is not label:
                placed[cell] = name
                total[name] = values.number(form.take(f"/total/{name}", cell), "分")
        misplaced: list[dict[str, Any]] = []
        for cell in rest:
            if cell in placed:
                continue
            number = values.number(cell.text, "分")
            if number is None:
                form.used.add(cell)
            elif not isinstance(number, str):
                pointer = f"/total/misplaced/{len(misplaced)}"
                title = columns.titles.get(cell.column) or next((t for t in columns.titles.values() if t), "")
                misplaced.append({"column": title, "value": number})
                form.take(f"{pointer}/value", cell)
                for where in (pointer, f"{pointer}/column"):
                    form.note_place(where, cell)
                form.first_place("/total/misplaced", cell)
            elif total["grade"] is None and labels.normal(number).removeprefix("等级").lstrip(":：") in _GRADES:
                total["grade"] = form.take("/total/grade", cell)
        if misplaced:
            total["misplaced"] = misplaced
        form.total = total
        self.section = "after"


def _first(form: Form) -> int:
    return form.columns.first if form.columns is not None else 0


def _heading_label(text: str) -> tuple[str | None, str, str]:
    """The field that a cell of the heading names, its label, and the value where the cell holds both."""
    if name := labels.heading_field(text):
        return name, text, ""
    found = _INLINE.fullmatch(text)
    if found and (name := labels.heading_field(found[1])):
        return name, found[1], found[2].strip()
    return None, "", ""


def _pick(grid: Grid, row: int, columns: range, reaching: bool = False) -> Cell | None:
    """The cell of a field in a row: the first with text, else the first blank one; None where there is none.

    A cell counts that starts in the field's columns; with `reaching` also one that only reaches into them.
    """
    cells = [
        cell
        for column in columns
        if (cell := grid.rows[row][column]) is not None and (reaching or cell.column in columns)
    ]
    return next((cell for cell in cells if cell.text), cells[0] if cells else None)
