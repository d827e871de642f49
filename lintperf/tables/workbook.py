"""Tables as a workbook (.xlsx) to print and pass on: title, frozen header, filter, widths, A4 landscape, totals.

Rows are written as they come and not kept. The same rows give the same bytes: no clock, no user name. No text of a
document becomes a formula. Numbers are numbers where fifteen digits hold them, with the decimals they are written with.
"""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from lintperf.display import display_width
from lintperf.model import Lang, Text
from lintperf.tables.sheet import Heading, Sheet, cell_text, is_number

__all__ = ["Workbook", "WorkbookSheet"]

# stands in the file's properties in place of the time at which it was written
_NO_DAY = datetime(2000, 1, 1)  # noqa: DTZ001 - no moment at all
_DIGITS = 15  # that a double keeps
_LONGEST = 32_000
_A4 = 9
_NOT_IN_NAMES = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
_LONGEST_NAME = 31
_MOST_ROWS = 1_048_576 - 10
_FONT = "仿宋"
# a Chinese character of 10 points, in the units of a column's width, and points of a line and of what stands around it
_WIDE = 1.9
_LINE, _AROUND = 13.0, 5.0
_TALLEST = 409.0
# columns of so few characters stand in the middle
_SHORT = 4
# what Excel takes for a formula when such a text is edited, or read from another program
_FORMULA = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_TONES: dict[str, dict[str, Any]] = {
    "bad": {"bg_color": "#FDE2E1", "font_color": "#9C1C14"},
    "doubtful": {"bg_color": "#FFF3D6", "font_color": "#7A5200"},
    "quiet": {"font_color": "#6B6B6B"},
    "strong": {"bold": True, "bg_color": "#EEF2F7"},
}
_TOTALS = Text("合计", "Total")
_MEANS = Text("平均", "Mean")


class WorkbookSheet:
    """One sheet that is being written."""

    def __init__(self, book: Workbook, sheet: Sheet) -> None:
        self._book = book
        self.sheet = sheet
        self._at = book.xlsx.add_worksheet(book.name(sheet.name))
        self._next = 0
        self._sums: dict[str, Decimal] = {}
        self._counts: dict[str, int] = {}
        self._header = -1
        self._left_out = 0

    def _head(self) -> None:
        """Title and header; only when the first row comes, so that the line below the title can be set until then."""
        at, last = self._at, len(self.sheet.headings) - 1
        at.hide_gridlines(2)
        at.set_landscape()
        at.set_paper(_A4)
        at.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        at.fit_to_pages(1, 0)
        at.center_horizontally()
        at.set_footer("&C— &P / &N —")
        for number, heading in enumerate(self.sheet.headings):
            at.set_column(number, number, heading.room * _WIDE + 1)
        for text, look, height in ((self.sheet.title, "title", 30), (self.sheet.subtitle, "subtitle", 18)):
            if text:
                at.set_row(self._next, height)
                style = self._book.look(look)
                if last:
                    at.merge_range(self._next, 0, self._next, last, "", style)
                at.write_string(self._next, 0, text, style)
                self._next += 1
        self._header = self._next
        at.set_row(self._header, 30)
        for number, heading in enumerate(self.sheet.headings):
            at.write_string(self._header, number, heading.title, self._book.look("header"))
        self._next += 1
        at.freeze_panes(self._next, 0)
        at.repeat_rows(self._header)

    def row(self, values: Mapping[str, Any], tones: Mapping[str, str] | None = None, tone: str | None = None) -> None:
        """Write a row.

        tone   how the whole row looks, see `extension.Table`; tones: how single cells do, by key
        Rows beyond what a sheet can hold are counted and not written; the sheet says so below.
        """
        if self._header < 0:
            self._head()
        if self._next >= _MOST_ROWS:
            self._left_out += 1
            return
        lines = max((self._lines(values.get(heading.key), heading) for heading in self.sheet.headings), default=1)
        self._at.set_row(self._next, min(lines * _LINE + _AROUND, _TALLEST))
        for number, heading in enumerate(self.sheet.headings):
            value = values.get(heading.key)
            look = (tones or {}).get(heading.key, tone)
            self._cell(number, heading, value, look)
            if (heading.total or heading.mean) and is_number(value):
                self._sums[heading.key] = self._sums.get(heading.key, Decimal(0)) + value  # type: ignore[operator]
                self._counts[heading.key] = self._counts.get(heading.key, 0) + 1
        self._next += 1

    def _lines(self, value: Any, heading: Heading) -> int:
        """How many lines a cell takes: not every program fits the height of a row to its texts."""
        if value is None or is_number(value):
            return 1
        return max(1, -(-display_width(cell_text(value, heading.kind, self._book.lang)) // (heading.room * 2)))

    def _cell(self, column: int, heading: Heading, value: Any, tone: str | None) -> None:
        at, book = self._at, self._book
        if is_number(value) and (pattern := _number_format(value, heading)) is not None:
            kind = "count" if heading.kind == "count" else "number"
            at.write_number(self._next, column, float(value), book.cell(kind, pattern, tone))
            return
        text = cell_text(value, heading.kind, book.lang)
        if not text:
            at.write_blank(self._next, column, None, book.cell("text", "", tone))
            return
        if len(text) > _LONGEST:
            text = text[:_LONGEST] + "…"
        kind = "quoted" if text.startswith(_FORMULA) else "text"
        align = "right" if heading.kind != "text" else "center" if heading.room <= _SHORT else ""
        at.write_string(self._next, column, text, book.cell(kind, align, tone))

    def finish(self) -> None:
        """The filter over the rows and, below them, sums and means that follow the filter."""
        if self._header < 0:
            self._head()
        at, first = self._at, self._header + 1
        last = self._next - 1
        if last < first:
            return
        at.autofilter(self._header, 0, last, len(self.sheet.headings) - 1)
        for label, wanted in ((_TOTALS, "total"), (_MEANS, "mean")):
            columns = [
                (number, heading)
                for number, heading in enumerate(self.sheet.headings)
                if getattr(heading, wanted) and self._counts.get(heading.key)
            ]
            if columns:
                self._foot(label, wanted == "mean", columns, first, last)
        if self._left_out:
            text = Text(
                f"另有 {self._left_out} 行未列出（超出工作表可容纳的行数）",
                f"{self._left_out} more rows are not listed: a sheet has no room for them",
            )
            at.write_string(self._next, 0, text.to(self._book.lang), self._book.look("subtitle"))

    def _foot(self, label: Text, mean: bool, columns: Sequence[tuple[int, Heading]], first: int, last: int) -> None:
        from xlsxwriter.utility import xl_range  # type: ignore[import-untyped]

        at, style = self._at, self._book.cell("text", "", "strong")
        for number in range(len(self.sheet.headings)):
            at.write_blank(self._next, number, None, style)
        at.write_string(self._next, 0, label.to(self._book.lang), style)
        for number, heading in columns:
            value = self._sums[heading.key]
            if mean:
                value /= self._counts[heading.key]
            pattern = "0.00%" if heading.kind == "percent" else "0.00" if mean else "#,##0.##" if value % 1 else "#,##0"
            area = xl_range(first, number, last, number)
            formula = f"=SUBTOTAL({101 if mean else 109},{area})"
            kind = "count" if heading.kind == "count" else "number"
            at.write_formula(self._next, number, formula, self._book.cell(kind, pattern, "strong"), float(value))
        self._next += 1


class Workbook:
    """A workbook that is being written, sheet after sheet or several at a time."""

    def __init__(self, lang: Lang) -> None:
        import xlsxwriter  # type: ignore[import-untyped]

        self.lang: Lang = lang
        self._bytes = io.BytesIO()
        self.xlsx = xlsxwriter.Workbook(self._bytes, {"constant_memory": True, "strings_to_formulas": False})
        self.xlsx.set_properties({"created": _NO_DAY})
        self._names: set[str] = set()
        self._formats: dict[tuple[str, str, str | None], Any] = {}
        self._sheets: list[WorkbookSheet] = []

    def name(self, wanted: str) -> str:
        """A name that a sheet can have: at most 31 characters, none that Excel refuses, no two alike."""
        base = _NOT_IN_NAMES.sub("", wanted).strip("' ")[: _LONGEST_NAME - 4] or "1"
        chosen, number = base, 1
        while chosen.lower() in self._names:
            number += 1
            chosen = f"{base}{number}"
        self._names.add(chosen.lower())
        return chosen

    def look(self, name: str) -> Any:
        """The format of a title, the line below it or a header."""
        key = ("", name, None)
        if key not in self._formats:
            basic: dict[str, Any] = {"font_name": _FONT, "valign": "vcenter", "align": "center", "text_wrap": True}
            basic |= {
                "title": {"font_name": "宋体", "font_size": 16, "bold": True, "text_wrap": False},
                "subtitle": {"font_size": 10, "align": "left", "font_color": "#555555", "text_wrap": False},
                "header": {"font_size": 10, "bold": True, "border": 1, "bg_color": "#DCE6F1"},
            }[name]
            self._formats[key] = self.xlsx.add_format(basic)
        return self._formats[key]

    def cell(self, kind: str, how: str, tone: str | None) -> Any:
        """The format of a cell: a number with its pattern, or a text and how it is aligned."""
        key = (kind, how, tone)
        if key not in self._formats:
            basic: dict[str, Any] = {"font_name": _FONT, "font_size": 10, "border": 1, "valign": "vcenter"}
            if kind in ("number", "count"):
                basic |= {"num_format": how, "align": "right" if kind == "number" else "center"}
            else:
                basic |= {"text_wrap": True, "align": how or "left"}
            if kind == "quoted":
                basic["quote_prefix"] = True
            for word in (tone or "").split():
                basic |= _TONES.get(word, {})
            self._formats[key] = self.xlsx.add_format(basic)
        return self._formats[key]

    def sheet(self, sheet: Sheet) -> WorkbookSheet:
        """A new sheet, behind those that there are."""
        self._sheets.append(WorkbookSheet(self, sheet))
        return self._sheets[-1]

    def content(self) -> bytes:
        """The bytes of the file; nothing can be written afterwards."""
        for sheet in self._sheets:
            sheet.finish()
        self.xlsx.close()
        return self._bytes.getvalue()


def _number_format(value: Decimal | int, heading: Heading) -> str | None:
    """The format that shows a number as written; None where a double does not hold it."""
    number = Decimal(value)
    digits = len(number.as_tuple().digits)
    exponent = number.as_tuple().exponent
    decimals = max(0, -exponent) if isinstance(exponent, int) else 0
    if digits > _DIGITS or decimals > _DIGITS or abs(number.adjusted()) > _DIGITS:
        return None
    if heading.kind == "percent":
        return "0.00%"
    whole = "#,##0" if heading.kind == "money" else "0"
    return f"{whole}.{'0' * decimals}" if decimals else whole
