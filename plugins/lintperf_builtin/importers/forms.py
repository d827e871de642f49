"""Grids to forms: rows are understood by their headers and labels, whatever their order and columns.

Each row is a header that opens a section (funds, goals, tasks, indicators …), a line of the heading, a total, a note,
or belongs to the section that is open. What is understood is marked as used; what is not, is reported.
"""

from __future__ import annotations

import re
from collections import deque
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lintperf.document import Document
from lintperf.model import ParagraphPlace, Remark, Text, TextPlace
from lintperf_builtin.importers import labels, values
from lintperf_builtin.importers.cells import pick
from lintperf_builtin.importers.columns import (
    ENOUGH_HEADERS,
    Columns,
    GoalsHeader,
    filled,
    find_fund_columns,
    find_goals_header,
    find_indicator_columns,
    find_management_columns,
    find_payment_columns,
    find_task_columns,
    known_headers,
)
from lintperf_builtin.importers.form import Form
from lintperf_builtin.importers.funds import Pair, Pairs, find_pairs, find_sources, read_fund, read_pairs, read_sources
from lintperf_builtin.importers.grid import Cell, Grid, Paragraph, Part, unfold
from lintperf_builtin.importers.indicators import read_indicator, read_management, read_medium, read_payment, read_task
from lintperf_builtin.importers.report import is_report, read_report
from lintperf_builtin.importers.totals import total_under

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lintperf.model import Place

__all__ = ["documents"]

_YEAR_LINE = re.compile(r"[(（]?\s*((?:19|20)[0-9]{2})\s*年度?\s*[)）]?")
_UNIT_LINE = re.compile(r"[(（]?(?:金额)?单位[:：](?:人民币)?(元|万元|亿元)[)）]?")
_FORM_NUMBER = re.compile(r"(?:附件|附表|附|公开|表)\s*[-0-9一二三四五六七八九十]*\s*表?\s*[:：]?")
_INLINE = re.compile(r"([^:：\n]{2,20})[:：]\s*(\S.*)", re.DOTALL)
# A line with several captions: between them is wide space, or the next one shows what it is.
_PIECES = re.compile(r"\s{2,}|\t|\s(?=公开\S*表|\S{2,10}[:：])")
_TOTAL_INLINE = re.compile(r"(\D{2,8}?)\s*[:：]?\s*([0-9]{1,4}(?:\.[0-9]{1,4})?)\s*分?")
_NUMBERED = re.compile(r"[(（]?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})\s*[.、．)）:：]|[①-⑳]")
_MAX_CAPTIONS = 8
_MAX_GRADE = 20

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


def documents(path: str, parts: Iterable[Part], remarks: list[Remark], best_confidence: str = "high") -> list[Document]:
    """The forms of a file, in order; without any, one document whose data is None.

    remarks          what belongs to no form in particular; goes to the first document
    best_confidence  of the layout: `medium` where the tables themselves were rebuilt (PDF, text)
    """
    found: list[Document] = []
    loose = list(remarks)
    for part in parts:
        blocks = part.blocks
        if is_report(blocks):
            report, blocks = read_report(path, blocks, len(found))
            found.append(report)
            loose.extend(part.remarks)
        reader = _Reader()
        for block in unfold(blocks, lambda grid: known_headers(grid) >= ENOUGH_HEADERS):
            if isinstance(block, Paragraph) and block.footnote:
                continue
            if isinstance(block, Paragraph):
                # Where a paragraph stands matters in reports; here it would make a cell of it.
                place = None if isinstance(block.place, ParagraphPlace | TextPlace) else block.place
                for line in block.text.split("\n"):
                    reader.paragraph(line.strip(), place)
            else:
                reader.table(block)
        forms, unrecognised = reader.finish()
        for form in forms:
            found.append(form.document(path, len(found), best_confidence))
        loose.extend(unrecognised)
        if forms or unrecognised:
            loose.extend(part.remarks)
    labels.forget()
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
        self.pairs: Pairs | None = None
        self.goals: GoalsHeader | None = None
        self.tasks: Columns | None = None
        self.management: Columns | None = None
        self.payments: Columns | None = None
        self.medium: Columns | None = None
        # whether the table at hand goes on from the one before and nothing but its header was read yet
        self.after_break = False
        # whether the line before was a note below the table: numbered ones belong to it
        self.noted = False
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
        """No form comes below these lines: those that are cells of the open form's table are notes of its own."""
        form = self.form
        if form is not None:
            own = {id(grid) for grid, _ in form.rows}
            for text, cell, grid in self.captions:
                if cell is None or grid is None:
                    continue
                form.rows.append((grid, cell.row))
                if id(grid) in own and self.section == "after":
                    form.add_note(text, [cell])
        self.captions.clear()

    def _settle_captions(self) -> None:
        """A note follows, so lines above it that stand in the open form's table are notes as well."""
        form = self.form
        if form is None or self._has_title():
            return
        own = {id(grid) for grid, _ in form.rows}
        kept = [caption for caption in self.captions if caption[1] is None or id(caption[2]) not in own]
        for text, cell, grid in self.captions:
            if cell is not None and grid is not None and id(grid) in own:
                form.rows.append((grid, cell.row))
                form.add_note(text, [cell])
        self.captions.clear()
        self.captions.extend(kept)

    def _unrecognised(self, rows: list[tuple[Grid, int]], reason: Text) -> None:
        place = next((cell.place for grid, row in rows for cell in filled(grid, row)), None)
        self.remarks.append(Remark("unrecognised-table", {"reason": reason}, place=place))

    def paragraph(self, text: str, place: Place | None = None) -> None:
        """A line outside of tables: a caption of the form below, or a note of the one above."""
        if not text:
            return
        # A line with a place counts as a cell of its own.
        cells = [Cell(text, 0, 0, place=place)] if place is not None else []
        if self.form is not None and not self._has_title():
            if labels.is_note(text) or labels.is_signature(text):
                if self.section in ("indicators", "after"):
                    self._settle_captions()
                    self.form.add_note(text, cells)
                    self.noted = True
                return
            if self.noted and _NUMBERED.match(text):
                self.form.add_note(text, cells)
                return
        self.noted = False
        self.captions.append((text, cells[0] if cells else None, None))

    def _has_title(self) -> bool:
        return any(labels.is_title(text) for text, _, _ in self.captions)

    def table(self, grid: Grid) -> None:
        """A table: the next form, more of the open one, or something else."""
        # What stood below the form in its own table was no caption of another form: that begins in this one.
        self._settle_captions()
        form = self.form
        before = (len(form.used), len(form.rows)) if form else (0, 0)
        open_columns = {
            "funds": self.funds, "goals": self.goals, "indicators": form.columns if form else None,
            "tasks": self.tasks, "management": self.management, "medium": self.medium,
            "payments": self.payments,
        }  # fmt: skip
        columns = open_columns.get(self.section)
        self.noted = False
        self.after_break = form is not None and self.section == "indicators"
        other_columns = columns is not None and columns.width != grid.width
        if other_columns:
            # Other columns than the part that was open: only a header can tell what they hold, or the words that end
            # a form.
            self.section = "after" if self.section == "indicators" and self._ends_form(grid) else ""
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

    def _ends_form(self, grid: Grid) -> bool:
        """Whether a table below the indicators is the end of their form: its total, notes or signatures.

        Offices draw it as a table of its own, with columns that are no longer those of the indicators.
        """
        if self.form is None or self._has_title():
            return False
        first = next((cells[0] for row in range(len(grid.rows)) if (cells := filled(grid, row))), None)
        if first is None:
            return False
        if _is_total(first.text):
            return self.form.total is None
        ends = labels.is_note(first.text) or labels.is_signature(first.text)
        return ends and known_headers(grid) < ENOUGH_HEADERS

    def _row(self, grid: Grid, row: int) -> int:
        """Reads one row, or the rows of one header; returns how many."""
        cells = filled(grid, row)
        if not cells:
            if self.section == "goals" and self.form is not None and self.goals is not None:
                self._goal(self.form, self.goals, grid, row)
            return 1
        # A row without any word of a form's labels heads nothing.
        worded = any(labels.may_be_label(cell.text) for cell in cells)
        if worded and (columns := find_indicator_columns(grid, row)) is not None:
            self._open_indicators(grid, row, columns)
            return columns.rows
        after_break, self.after_break = self.after_break, False
        if worded and (rows := self._header(grid, row)):
            return rows
        if worded and (pairs := self._pairs(grid, row)):
            self._read_pairs(pairs, grid, row, cells)
        elif worded and self._takes_goals() and (goals := find_goals_header(grid, row)) is not None:
            self._open_goals(grid, row, goals)
        elif self._is_heading(grid, row, cells):
            self._heading(grid, row, cells)
        elif self._is_caption(cells):
            self.captions.append((cells[0].text, cells[0], grid))
        elif self.form is not None:
            self.form.rows.append((grid, row))
            if not self._closing(self.form, grid, row, cells):
                self._content(self.form, grid, row, cells, after_break)
        return 1

    def _header(self, grid: Grid, row: int) -> int:
        """Opens the section whose header starts in this row; returns how many rows it takes, 0 where it is none."""
        if (columns := find_task_columns(grid, row)) is not None:
            self.tasks = self._open_table("tasks", grid, row, columns)
            return columns.rows
        if (columns := find_management_columns(grid, row)) is not None:
            self.management = self._open_table("management", grid, row, columns)
            return columns.rows
        if self.form is not None and (columns := find_payment_columns(grid, row)) is not None:
            self.payments = self._open_table("payments", grid, row, columns)
            return columns.rows
        if (columns := find_fund_columns(grid, row)) is not None:
            self._open_funds(grid, row, columns)
            return columns.rows
        if self.form is not None and self.section == "heading" and (sources := find_sources(grid, row)):
            self.form.rows.extend((grid, row + below) for below in range(2))
            self.section = "funds"
            read_sources(self.form, sources, grid, row)
            return 2
        return 0

    def _takes_goals(self) -> bool:
        """Whether goals may come: their labels are plain words, which indicators and closing notes use as well."""
        return self.section not in ("indicators", "medium") and (self.section != "after" or self._has_title())

    def _content(self, form: Form, grid: Grid, row: int, cells: list[Cell], after_break: bool) -> None:
        """A row of the section that is open."""
        if self.section == "funds" and self.funds is not None:
            read_fund(form, self.funds, grid, row, cells)
        elif self.section == "goals" and self.goals is not None:
            self._goal(form, self.goals, grid, row)
        elif self.section == "tasks" and self.tasks is not None:
            read_task(form, self.tasks, grid, row, cells)
        elif self.section == "management" and self.management is not None:
            read_management(form, self.management, grid, row, cells)
        elif self.section == "payments" and self.payments is not None:
            read_payment(form, self.payments, grid, row, cells)
        elif self.section == "medium" and self.medium is not None:
            read_medium(form, self.medium, grid, row, cells)
        elif self.section == "indicators" and form.columns is not None:
            read_indicator(form, form.columns, grid, row, cells, after_break)
        elif all(labels.is_section_label(cell.text) for cell in cells):
            form.used.update(cells)
            form.unit = form.unit or next(filter(None, (labels.currency_unit(cell.text) for cell in cells)), None)

    # --- forms begin -------------------------------------------------------------------------------------------

    def _begin(self) -> Form:
        form = self.form = Form()
        self.forms.append(form)
        self.section = "heading"
        self.funds = self.goals = self.pairs = self.tasks = self.management = self.payments = self.medium = None
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
        # Below a title, any label of the heading begins the form.
        pair = labels.heading_field(cells[0].text) is not None
        if self.form is None:
            return (known and len(grid.own(row)) > 1) or (pair and self._has_title())
        if pair and self.section in ("indicators", "after") and self._has_title():
            return True
        if self.section == "heading":
            # In the heading a row of pairs needs no known label; single cells are captions that come late.
            if not any(names) and all(labels.is_section_label(cell.text) for cell in cells):
                return False
            return any(names) or (len(grid.own(row)) in (2, 4) and len(cells[0].text) <= 30)
        if self.section in ("funds", "tasks", "management", "payments"):
            return names[0] is not None and len(grid.own(row)) > 1 and not labels.fund_source(cells[0].text, False)
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

    # --- funds, tasks, management ------------------------------------------------------------------------------

    def _open_funds(self, grid: Grid, row: int, columns: Columns) -> None:
        repeated = self.section == "funds" and self.funds is not None
        form = self._current(self.form is not None and self.form.funds is not None and not repeated)
        form.rows.extend((grid, row + below) for below in range(columns.rows))
        self.section, self.funds = "funds", columns
        self.pairs = None
        for cell in columns.headers:
            form.headers.append(cell.text)
            if cell in columns.named or columns.is_beside(cell) or labels.is_section_label(cell.text):
                form.used.add(cell)
            form.unit = form.unit or labels.currency_unit(cell.text)
            if stated := labels.stated_weight(cell.text):
                form.stated_weight = form.stated_weight or (Decimal(stated), cell)
        has = columns.fields.keys()
        if {"interim_executed", "rate"} <= has and not has & {"executed", "interim_rate"}:
            # The only rate beside an execution so far is that of the execution so far.
            columns.fields["interim_rate"] = columns.fields.pop("rate")
            columns.headings["interim_rate"] = columns.headings.pop("rate")
        form.fund_headings.update(columns.headings)
        form.first_place("/funds", columns.headers[0])
        unit_cell = next((cell for cell in columns.headers if labels.currency_unit(cell.text)), None)
        form.note_place("/funds/currency_unit", unit_cell)

    def _pairs(self, grid: Grid, row: int) -> list[Pair]:
        if self.form is None or self.section not in ("heading", "funds"):
            return []
        return find_pairs(grid.own(row), self.funds if self.section == "funds" else None, self.pairs)

    def _read_pairs(self, found: list[Pair], grid: Grid, row: int, cells: list[Cell]) -> None:
        form = self._current(False)
        form.rows.append((grid, row))
        if self.pairs is None:
            self.pairs = Pairs()
        self.section = "funds"
        read_pairs(form, found, self.pairs, self.funds, grid, row, cells)

    def _open_table(self, section: str, grid: Grid, row: int, columns: Columns) -> Columns:
        form = self._current(self.section == "after")
        form.rows.extend((grid, row + below) for below in range(columns.rows))
        for cell in columns.headers:
            if cell in columns.named or columns.is_beside(cell) or labels.is_section_label(cell.text):
                form.used.add(cell)
            if section == "tasks":
                form.unit = form.unit or labels.currency_unit(cell.text)
        form.first_place(f"/{section}", columns.headers[0])
        self.section = section
        return columns

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

    def _goal(self, form: Form, header: GoalsHeader, grid: Grid, row: int) -> None:
        first = min((columns.start for columns in header.columns.values()), default=header.width)
        for cell in grid.own(row):
            names = [
                name
                for name, columns in header.columns.items()
                if cell.column < columns.stop and cell.end > columns.start
            ]
            if len(names) == 1:
                form.add_goal(names[0], cell)
            elif cell.text and cell.end <= first and labels.is_section_label(cell.text):
                form.used.add(cell)

    # --- indicators --------------------------------------------------------------------------------------------

    def _open_indicators(self, grid: Grid, row: int, columns: Columns) -> None:
        form = self._current(self.form is not None and self.form.total is not None)
        form.rows.extend((grid, row + below) for below in range(columns.rows))
        for cell in columns.headers:
            form.headers.append(cell.text)
            if cell in columns.named or columns.is_beside(cell) or labels.is_section_label(cell.text):
                form.used.add(cell)
        form.first_place("/indicators", columns.headers[0])
        if columns.only_medium:
            self.section, self.medium = "medium", columns
            form.medium = form.medium or []
        else:
            self.section, form.columns = "indicators", columns
        # A header that comes again stands on a new page.
        self.after_break = bool(form.indicators)
        self._drop_captions()

    # --- the end of a form -------------------------------------------------------------------------------------

    def _is_caption(self, cells: list[Cell]) -> bool:
        """Whether a row of the grid is a line before a form: one cell, and no form open that could hold it."""
        text = cells[0].text
        if len(cells) > 1:
            return False
        if self.form is None:
            return True
        if labels.is_title(text) and self.section in ("indicators", "after", ""):
            if not labels.is_continued(text):
                self.section = "after"
            return True
        if self.section == "indicators" and _FORM_NUMBER.fullmatch(text):
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
        if self._is_named_so(form, grid, row, first):
            return False
        if form.total is None and form.columns is not None:
            inline = _TOTAL_INLINE.fullmatch(first.text)
            if labels.is_in("totals", first.text):
                if grid.width != form.columns.width:
                    grid, row = total_under(form.columns, grid, row, first), 0
                    form.rows[-1] = grid, row
                    first, *rest = filled(grid, row)
                    self._total(form, form.columns, grid, row, first, rest)
                else:
                    self._total(form, form.columns, grid, row, first, rest[1:])
                return True
            if inline and labels.is_in("totals", inline[1]):
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
        if self.section == "indicators" and len(cells) == 1 and self._is_band(form, first):
            if labels.normal(first.text).endswith("指标"):
                form.band = first
                form.used.add(first)
            else:
                form.add_note(first.text, [first])
            return True
        if labels.is_note(first.text) or (
            labels.is_signature(first.text) and (self.section == "after" or first.column_span > 1)
        ):
            self._settle_captions()
            label, *texts = [cell.text for cell in rest]
            if labels.is_signature(label) or not texts:
                form.add_note("  ".join([label, *texts]), rest)
            else:
                form.add_note(f"{label.rstrip(':：')}：{'  '.join(texts)}", rest)
            return True
        return labels.is_in("subtotals", first.text)

    def _is_band(self, form: Form, cell: Cell) -> bool:
        """Whether a cell spans all columns of the indicators."""
        if form.columns is None or cell.column_span == 1:
            return False
        return cell.column <= form.columns.first and cell.end >= max(at.stop for at in form.columns.fields.values())

    def _is_named_so(self, form: Form, grid: Grid, row: int, first: Cell) -> bool:
        """Whether a row that begins like a note or a total is an indicator of that name: it has a target or actual."""
        if self.section != "indicators" or form.columns is None or first.column_span > 1:
            return False
        fields = form.columns.fields
        if first.column != fields["name"].start:
            return False
        beside = (pick(grid, row, fields[name]) for name in ("target", "actual", "interim") if name in fields)
        return any(cell is not None and cell.row == row and cell.text for cell in beside)

    def _total(self, form: Form, columns: Columns, grid: Grid, row: int, label: Cell, rest: list[Cell]) -> None:
        total: dict[str, Any] = {
            "label": form.take("/total/label", label),
            "weight": None,
            "score": None,
            "grade": None,
        }
        form.note_place("/total", label)
        placed = {}
        # Where scores are converted by shares, the total is that of the converted ones.
        scores = [columns.fields[name] for name in ("converted_score", "score") if name in columns.fields]
        for name, places in (("weight", [columns.fields.get("weight", range(0))]), ("score", scores)):
            found = [cell for at in places if (cell := pick(grid, row, at)) is not None and cell is not label]
            cell = next((cell for cell in found if cell.text), found[0] if found else None)
            if cell is not None:
                placed[cell] = name
                total[name] = values.number(form.take(f"/total/{name}", cell), "分")
        form.add_rest_of_total(
            total, "/total", (cell for cell in rest if cell not in placed), columns.titles, _is_grade
        )
        form.total = total
        self.section = "after"


def _is_total(text: str) -> bool:
    """Whether a text is the label of the total, or holds the total as well: 总分：96."""
    inline = _TOTAL_INLINE.fullmatch(text)
    return labels.is_in("totals", text) or (inline is not None and labels.is_in("totals", inline[1]))


def _is_grade(text: str) -> bool:
    """Whether a text of the total row says how good it is: 优, 等级：良, A级, 优（90分以上）."""
    return len(text) <= _MAX_GRADE and not text.endswith(("%", "％"))


def _first(form: Form) -> int:
    return form.columns.first if form.columns is not None else 0


def _heading_label(text: str) -> tuple[str | None, str, str]:
    """The field that a cell of the heading names, its label, and the value where the cell holds both."""
    if labels.may_be_label(text) and (name := labels.heading_field(text)):
        return name, text, ""
    found = _INLINE.fullmatch(text)
    if found and (name := labels.heading_field(found[1])):
        return name, found[1], found[2].strip()
    return None, "", ""
