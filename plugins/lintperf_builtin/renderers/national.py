"""The national layout of 2020: heading, funds, goals, indicators and total on one grid of columns.

What a document has beyond it is printed too, in further columns and sections; what it lacks leaves no column. A column
or section is there exactly when some row has a value for it, with exceptions that keep a form recognisable as what it
is: the name of an indicator; blank columns of numbers where a header would have fewer than three; a blank column of
scores in an evaluation that has neither results nor scores.
"""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from lintperf.extension import Omission
from lintperf.model import Text
from lintperf_builtin.importers import labels
from lintperf_builtin.renderers.columns import (
    FUNDS,
    INDICATORS,
    MANAGEMENT,
    MEDIUM,
    PAYMENTS,
    TASKS,
    Column,
    chosen,
)
from lintperf_builtin.renderers.printed import Box, Line, Printed, Row, printable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from lintperf_builtin.renderers.printed import Look

__all__ = ["lay_out"]

# tenths of a millimetre: A4 less margins of 15 mm
_PORTRAIT, _LANDSCAPE = 1800, 2670
# Columns that would have to shrink to less than four fifths in portrait get a landscape page.
_WIDEST_PORTRAIT = 2250
_SIDE = Column("", "", 130, "side")
# label and text, twice
_HEADING = (300, 700, 260, 540)
_NOTE = (300, 1500)
# How much worse it is to make a box narrower than to shift its edge.
_SQUEEZE = 8
# Texts longer than this are easier to read from the left than centred.
_SHORT = 24

_TITLES = {
    "self-evaluation": "项目支出绩效自评表",
    "target-declaration": "项目支出绩效目标申报表",
    "monitoring": "项目支出绩效运行监控表",
    "department": "部门整体支出绩效自评表",
}
_SOURCES = {
    "total": "年度资金总额", "fiscal": "其中：当年财政拨款", "carryover": "上年结转资金", "other": "其他资金",
    "basic": "基本支出", "project": "项目支出", "detail": "其中",
}  # fmt: skip
# the number of a form stands at the upper left corner of its page
_FORM_NUMBER = re.compile(r"(?:附件|附表|附|公开)\s*[-0-9一二三四五六七八九十]*\s*表?\s*[:：]?")
_LABELLED = re.compile(r"([^\s：]{1,20})：(\S.*)", re.DOTALL)
_MERGING = {"weight", "score", "weight_share", "converted_score"}
# where the grade of the total row goes: the first of these columns that holds no number
_GRADE_COLUMNS = ("explanation", "criterion", "", "completion_status", "actual", "target", "name")

_CHARACTERS = Text(
    "含有任何办公文件都不能保存的控制字符，已印作 �",
    "has control characters that no office file can hold; printed as �",
)
_SETTINGS = Text("检查设置不是表的内容，没有印出", "settings of the check are no part of a form and are not printed")
_NO_COLUMN = Text(
    "表中没有名为「{column}」的空栏，没有印出", "the form has no free column named {column}; it is not printed"
)
_NOT_MERGED = Text("不能与上一行合并，已分别印出", "cannot be merged with the row above; printed apart")


def lay_out(documents: Sequence[Mapping[str, Any]]) -> tuple[list[Printed], list[Omission]]:
    """Self-evaluation forms on paper, in their order, and what of them could not be printed as it is."""
    printed: list[Printed] = []
    omissions: list[Omission] = []
    for index, data in enumerate(documents):
        form = _Form(data, index)
        printed.append(form.printed())
        omissions += form.omissions
    return printed, omissions


class _Form:
    """One form while it is laid out."""

    def __init__(self, data: Mapping[str, Any], index: int) -> None:
        self.data = data
        self.index = index
        self.omissions: list[Omission] = []
        funds = data.get("funds") or {}
        self.funds: Sequence[Mapping[str, Any]] = funds.get("rows") or ()
        self.unit: str | None = funds.get("currency_unit")
        payments = data.get("payments") or {}
        self.payments = [dict(row) for row in payments.get("rows") or ()]
        if payments.get("total") is not None:
            self.payments.append({"label": "合计", "amount": payments["total"]})
        self.indicators: Sequence[Mapping[str, Any]] = data["indicators"]
        self.medium: Sequence[Mapping[str, Any]] = data.get("medium_indicators") or ()
        self.tasks: Sequence[Mapping[str, Any]] = data.get("tasks") or ()
        self.management: Sequence[Mapping[str, Any]] = data.get("management") or ()
        self.total: Mapping[str, Any] | None = data.get("total")
        totals = [{name: value} for name, value in (self.total or {}).items() if name in ("weight", "score")]
        few = ("name", "weight", "score")
        used = [*self.indicators, {"name": ""}, *totals]
        evaluated = (data.get("kind") or "self-evaluation") in ("self-evaluation", "department")
        if evaluated and not any(row.get(name) is not None for row in used for name in ("actual", "score")):
            used.append({"score": Decimal(0)})
        self.indicator_columns = chosen(INDICATORS, used, few, 3)
        self.medium_columns = chosen(MEDIUM, [*self.medium, {"name": ""}], ("name", "target", "weight"), 3)
        self.fund_columns = [Column("label", "", 330), *chosen(FUNDS, self.funds, ("annual", "executed"), 2)]
        if not any(column.field in ("initial", "annual", "executed") for column in self.fund_columns):
            self.fund_columns = [self.fund_columns[0], *chosen(FUNDS, [*self.funds, {"annual": 0, "executed": 0}])]
        self.task_columns = chosen(TASKS, [*self.tasks, {"name": ""}], ("name", "budget", "executed"), 3)
        self.management_columns = chosen(MANAGEMENT, [*self.management, {"aspect": ""}])
        self.payment_columns = chosen(PAYMENTS, self.payments)
        self.grid = self._grid()

    def _grid(self) -> _Grid:
        """The columns of the section with the most of them; every other section uses some of their edges."""
        sections: list[list[Column]] = [self.indicator_columns]
        for rows, columns in (
            (self.medium, self.medium_columns),
            (self.funds, self.fund_columns),
            (self.tasks, self.task_columns),
            (self.management, self.management_columns),
            (self.payments, self.payment_columns),
        ):
            if rows:
                sections.append(columns)
        most = max(map(len, sections))
        widest = next(list(columns) for columns in sections if len(columns) == most)
        while len(widest) < 3:  # the heading has two pairs
            widest.append(Column("", "", 300))
        return _Grid([_SIDE.width, *(column.width for column in widest)])

    def printed(self) -> Printed:
        """The form on paper."""
        if self.data.get("lintperf"):
            self._omit("/lintperf", _SETTINGS)
        notes = [self._text(f"/notes/{at}", note) for at, note in enumerate(self.data.get("notes") or ())]
        above = 0
        while above < len(notes) and _FORM_NUMBER.fullmatch(notes[above]):
            above += 1
        lines = [Line(note, "corner", (f"/notes/{at}",)) for at, note in enumerate(notes[:above])]
        title = self.data.get("title")
        kind = self.data.get("kind") or "self-evaluation"
        lines.append(Line(_TITLES[kind] if title is None else self._text("/title", title), "title", ("/title",)))
        heading = self.data.get("heading") or {}
        if heading.get("year") is not None:
            lines.append(Line(f"（{heading['year']:f}年度）", "caption", ("/heading/year",)))
        if self.unit and not self.funds:
            lines.append(Line(f"金额单位：{self.unit}", "caption", ("/funds/currency_unit",)))

        tables = [
            [*self._heading(heading), *self._funds()],
            self._section("资金支付", self.payments, self.payment_columns, "/payments/rows"),
            self._goals(),
            self._section("年度主要任务", self.tasks, self.task_columns, "/tasks"),
            self._section("资金管理情况", self.management, self.management_columns, "/management"),
            self._section("中期绩效指标", self.medium, self.medium_columns, "/medium_indicators"),
            [
                *self._section("年度绩效指标", self.indicators, self.indicator_columns, "/indicators", header=True),
                *self._total(),
                *(self._note(note, f"/notes/{at}") for at, note in enumerate(notes[above:], start=above)),
            ],
        ]
        # What has no header to repeat goes on in the table before.
        joined: list[list[Row]] = []
        for table in filter(None, tables):
            if joined and not table[0].header and not any(row.header for row in joined[-1]):
                joined[-1] += table
            else:
                joined.append(table)
        name = str(heading.get("project") or lines[-1].text)
        return Printed(
            name, tuple(lines), self.grid.widths, self.grid.landscape, tuple(tuple(table) for table in joined)
        )

    # --- values ------------------------------------------------------------------------------------------------

    def _omit(self, pointer: str, reason: Text) -> None:
        self.omissions.append(Omission(self.index, pointer, reason))

    def _text(self, pointer: str, value: str) -> str:
        text, had_illegal = printable(value)
        if had_illegal:
            self._omit(pointer, _CHARACTERS)
        return text

    def _value(self, pointer: str, value: Any) -> str | Decimal:
        if value is None:
            return ""
        return value if isinstance(value, Decimal) else self._text(pointer, str(value))

    def _cell(self, row: Mapping[str, Any], column: Column, pointer: str) -> tuple[str | Decimal, str]:
        """The value of a row in a column, and what to add to the row's pointer to get the value's."""
        if column.field:
            field = f"/{column.field}"
            return self._value(f"{pointer}{field}", row.get(column.field)), field
        others = [at for at, other in enumerate(row.get("others") or ()) if other["label"] == column.title]
        if column.nth >= len(others):
            return "", ""
        at = others[column.nth]
        field = f"/others/{at}/text"
        return self._value(f"{pointer}{field}", row["others"][at]["text"]), field

    # --- sections ----------------------------------------------------------------------------------------------

    def _heading(self, heading: Mapping[str, Any]) -> list[Row]:
        """Pairs of label and value: those of the national form on its two lines, all others below them."""

        def pair(name: str, label: str) -> list[tuple[str, str | Decimal, str]]:
            value, where = heading.get(name), f"/heading/{name}"
            return [] if value is None else [(label, self._value(where, value), where)]

        lines = [
            [*pair("project", "项目名称"), *pair("project_amount", "项目金额（元）")],
            [*pair("department", "主管部门"), *pair("unit", "实施单位")],
        ]
        others: list[tuple[str, str | Decimal, str]] = []
        for at, other in enumerate(heading.get("others") or ()):
            where = f"/heading/others/{at}"
            label = self._text(f"{where}/label", other["label"])
            others.append((label, self._text(f"{where}/text", other["text"]), f"{where}/text"))
        lines += [others[at : at + 2] for at in range(0, len(others), 2)]
        spans = self.grid.fit(_HEADING)
        rows = []
        for line in filter(None, lines):
            boxes = []
            for at, (label, value, where) in enumerate(line):
                (first, span), (second, width) = spans[2 * at : 2 * at + 2]
                if len(line) == 1:
                    width = self.grid.count - second
                box = _box(second, width, value, "text", grouped=True, pointers=(where,))
                boxes += [Box(first, span, label, "label"), box]
            rows.append(Row(tuple(boxes)))
        return rows

    def _funds(self) -> list[Row]:
        if not self.funds:
            return []
        # half-width brackets: the column is narrow
        side = f"项目资金\n({self.unit})" if self.unit else "项目资金"
        rows = []
        for row in self.funds:
            label = row.get("label")
            rows.append({**row, "label": _SOURCES[row["source"]] if label is None else label})
        return self._beside(side, self._rows(rows, self.fund_columns, "/funds/rows"), "/funds")

    def _goals(self) -> list[Row]:
        goals = self.data.get("goals") or {}
        rows: list[Row] = []
        for side, names in (
            ("年度总体目标", (("expected", "预期目标"), ("achieved", "实际完成情况"))),
            ("中期", (("medium_expected", "中期目标"), ("medium_achieved", "中期目标完成情况"))),
        ):
            texts = [Column(name, title, 900) for name, title in names if goals.get(name) is not None]
            if texts:
                header, row = self._rows([goals], texts, "/goals", numbered=False)
                rows += self._beside(side, [header, row._replace(splits=True)], "/goals")
        return rows

    def _section(
        self,
        side: str,
        rows: Sequence[Mapping[str, Any]],
        columns: Sequence[Column],
        pointer: str,
        header: bool = False,
    ) -> list[Row]:
        """A list with a header that repeats on every page; `header` prints it even over no rows."""
        if not rows and not header:
            return []
        return self._beside(side, self._rows(rows, columns, pointer), pointer.removesuffix("/rows"), repeat=True)

    def _rows(
        self, rows: Sequence[Mapping[str, Any]], columns: Sequence[Column], pointer: str, numbered: bool = True
    ) -> list[Row]:
        """A header and rows right of the side column."""
        spans = self.grid.fit([column.width for column in columns], first=1)
        header = Row(tuple(
            Box(at, span, self._text(pointer, column.title), "label")
            for column, (at, span) in zip(columns, spans, strict=True)
        ))  # fmt: skip
        merged = [self._merged(rows, column, pointer) for column in columns]
        result = [header]
        for at, row in enumerate(rows):
            where = f"{pointer}/{at}" if numbered else pointer
            boxes = []
            for column, (first, span), heights in zip(columns, spans, merged, strict=True):
                if heights[at]:
                    value, field = self._cell(row, column, where)
                    covered = [f"{pointer}/{at + below}{field}" for below in range(heights[at])]
                    pointers = tuple(covered) if numbered else (f"{pointer}{field}",)
                    boxes.append(_box(first, span, value, column.look, heights[at], column.grouped, pointers))
            result.append(Row(tuple(boxes)))
        return result

    def _merged(self, rows: Sequence[Mapping[str, Any]], column: Column, pointer: str) -> list[int]:
        """For each row how many rows the box of this column spans; 0 where the box of a row above reaches down."""
        if column.field in ("level1", "level2"):
            levels: Callable[[Mapping[str, Any]], Any] = (
                (lambda row: row.get("level1"))
                if column.field == "level1"
                else (lambda row: (row.get("level1"), row.get("level2")))
            )
            return _heights(len(list(group)) for _, group in groupby(rows, levels))
        if column.field not in _MERGING:
            return [1] * len(rows)
        heights: list[int] = []
        for at, row in enumerate(rows):
            if column.field not in (row.get("merged") or ()):
                heights.append(1)
            elif heights and row.get(column.field) is None:
                heights[-1] += 1
            else:
                self._omit(f"{pointer}/{at}/merged", _NOT_MERGED)
                heights.append(1)
        return _heights(heights)

    def _beside(self, side: str, rows: list[Row], pointer: str, repeat: bool = False) -> list[Row]:
        """The rows with the name of their section, whose pointer it is, at the left.

        A header that repeats must not share a box with the rows below it, or Word does not repeat it: the name then
        stands beside the rows alone, without a line above it.
        """
        named = Box(0, 1, side, "side", pointers=(pointer,))
        if not repeat:
            return [Row((named._replace(rows=len(rows)), *rows[0].boxes)), *rows[1:]]
        if len(rows) == 1:
            return [Row((named, *rows[0].boxes), header=True)]
        header = Row((Box(0, 1, "", "side", below=False), *rows[0].boxes), header=True)
        first = Row((named._replace(rows=len(rows) - 1, above=False), *rows[1].boxes))
        return [header, first, *rows[2:]]

    # --- the end -----------------------------------------------------------------------------------------------

    def _total(self) -> list[Row]:
        """The row of the total: each number in its column, the label before the first of them."""
        total = self.total
        if total is None:
            return []
        spans = self.grid.fit([column.width for column in self.indicator_columns], first=1)
        at: dict[str, tuple[int, int]] = {}
        for column, span in zip(self.indicator_columns, spans, strict=True):
            at.setdefault(column.field or column.title, span)
        boxes: dict[int, Box] = {}
        # Where scores are converted by shares, the total is that of the converted ones.
        score = "converted_score" if "converted_score" in at else "score"
        for place, name in (("weight", "weight"), (score, "score")):
            if place in at:
                boxes[at[place][0]] = self._total_box(at[place], total.get(name), "number", name)
        for index, wrong in enumerate(total.get("misplaced") or ()):
            title = wrong["column"]
            key = labels.indicator_field(title) or title
            if key in at and at[key][0] not in boxes:
                boxes[at[key][0]] = self._total_box(at[key], wrong["value"], "number", f"misplaced/{index}/value")
            else:
                reason = Text(_NO_COLUMN.zh.format(column=title), _NO_COLUMN.en.format(column=title))
                self._omit(f"/total/misplaced/{index}", reason)
        if total.get("grade") is not None:
            named = [at[name] for name in _GRADE_COLUMNS if name in at]
            free = [span for span in (*named, *at.values()) if span[0] not in boxes]
            boxes[free[0][0]] = self._total_box(free[0], total["grade"], "short", "grade")
        label = total.get("label")
        first = min(boxes, default=self.grid.count)
        text = "总分" if label is None else self._text("/total/label", label)
        row = [Box(0, first, text, "label", pointers=("/total/label",))]
        end = first
        for start, box in sorted(boxes.items()):
            row += [Box(column, width, "", "short") for column, width in spans if end <= column < start]
            row.append(box)
            end = start + box.columns
        row += [Box(column, width, "", "short") for column, width in spans if column >= end]
        return [Row(tuple(row))]

    def _total_box(self, span: tuple[int, int], value: Any, look: Look, field: str) -> Box:
        where = f"/total/{field}"
        return _box(span[0], span[1], self._value(where, value), look, pointers=(where,))

    def _note(self, note: str, pointer: str) -> Row:
        """A note in one box; one that a label opens, 评价结论：…, in two; signatures in a box each."""
        pieces = note.split("  ")
        if labels.is_signature(note) and 1 < len(pieces) <= self.grid.count and all(map(str.strip, pieces)):
            spans = self.grid.fit([1] * len(pieces))
            boxes = (
                Box(at, span, piece, "text", pointers=(pointer,))
                for (at, span), piece in zip(spans, pieces, strict=True)
            )
            return Row(tuple(boxes))
        found = _LABELLED.fullmatch(note)
        if found and labels.is_note(found[1]) and not labels.is_signature(note):
            (first, span), (second, width) = self.grid.fit(_NOTE)
            text = Box(second, width, found[2], "text", pointers=(pointer,))
            return Row((Box(first, span, found[1], "label"), text))
        return Row((Box(0, self.grid.count, note, "text", pointers=(pointer,)),))


def _box(
    column: int,
    columns: int,
    value: str | Decimal,
    look: Look,
    rows: int = 1,
    grouped: bool = False,
    pointers: tuple[str, ...] = (),
) -> Box:
    if isinstance(value, str) and look == "short" and (len(value) > _SHORT or "\n" in value):
        look = "text"
    return Box(column, columns, value, look, rows, grouped and isinstance(value, Decimal), pointers=pointers)


def _heights(groups: Iterable[int]) -> list[int]:
    return [height if at == 0 else 0 for height in groups for at in range(height)]


class _Grid:
    """The columns that all tables of a form share, fitted to the width of a page."""

    def __init__(self, widths: Sequence[int]) -> None:
        wanted = sum(widths)
        self.landscape = wanted > _WIDEST_PORTRAIT
        page = _LANDSCAPE if self.landscape else _PORTRAIT
        edges = [page * sum(widths[:at]) // wanted for at in range(len(widths) + 1)]
        self.edges = edges
        self.count = len(widths)
        self.widths = tuple(right - left for left, right in pairwise(edges))

    def fit(self, widths: Sequence[int], first: int = 0) -> list[tuple[int, int]]:
        """(column, span) for boxes of these relative widths from column `first` to the last one.

        Of all ways the one that takes least from any box (least squares), and whose edges are nearest to where the
        widths would have them.
        """
        count = len(widths)
        left, right = self.edges[first], self.edges[-1]
        wanted = [left + (right - left) * sum(widths[:at]) // sum(widths) for at in range(count + 1)]
        # cost and edges of the best way to end box `at` on an edge
        best: dict[int, tuple[int, tuple[int, ...]]] = {first: (0, (first,))}
        for at in range(1, count + 1):
            ends = [self.count] if at == count else range(first + at, self.count - (count - at) + 1)
            best = {
                end: min(
                    (cost + (self.edges[end] - wanted[at]) ** 2 + self._taken(wanted, at, start, end), (*path, end))
                    for start, (cost, path) in best.items()
                    if start < end
                )
                for end in ends
            }
        _, path = best[self.count]
        return [(start, end - start) for start, end in pairwise(path)]

    def _taken(self, wanted: Sequence[int], at: int, start: int, end: int) -> int:
        """What box `at` would lose of its width between two edges, squared; it weighs more than a shifted edge."""
        lost = (wanted[at] - wanted[at - 1]) - (self.edges[end] - self.edges[start])
        return _SQUEEZE * lost**2 if lost > 0 else 0
