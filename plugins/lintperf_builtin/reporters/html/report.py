"""An evaluation report as blocks: headings and paragraphs in order, each table below its caption."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Any

from lintperf_builtin.renderers.columns import FUNDS, Column, chosen
from lintperf_builtin.renderers.printed import Box, Row
from lintperf_builtin.reporters.html.blocks import Block, Drawn, Grid, Look, Prose, Words

__all__ = ["draw_report"]

_INDICATORS = (
    Column("level1", "一级指标", 150, "short"),
    Column("level2", "二级指标", 160, "short"),
    Column("name", "三级指标", 260),
    Column("description", "指标说明", 320),
    Column("operator", "指标性质", 120, "short"),
    Column("target", "指标值", 220, "short"),
    Column("unit", "度量单位", 120, "short"),
    Column("actual", "实际完成值", 220, "short"),
    Column("completion_rate", "完成率", 150, "number"),
    Column("weight", "分值", 120, "number"),
    Column("criterion", "评分标准", 480),
    Column("score", "得分", 120, "number"),
    Column("score_rate", "得分率", 150, "number"),
    Column("explanation", "偏差原因及改进措施", 320),
)
_PAYMENTS = (
    Column("label", "支付摘要", 600),
    Column("payee", "收款人", 400),
    Column("amount", "实际支付金额", 240, "number", grouped=True),
    Column("date", "支付日期", 260, "short"),
)
_FUNDS = (Column("label", "资金名称", 330), *FUNDS)
_TABLES = {"goals": "绩效目标表", "scores": "得分表", "quantities": "数量指标完成情况表", "criteria": "评分标准表"}
_SOURCES = {
    "total": "资金总额", "fiscal": "财政拨款", "carryover": "结转资金", "other": "其他资金",
    "basic": "基本支出", "project": "项目支出", "detail": "其中",
}  # fmt: skip
_MERGING = ("weight", "score", "score_rate")
_LEVELS = ("level1", "level2")
# tables wider than this, in tenths of a millimetre, want a landscape page
_WIDE = 2000


def draw_report(data: Mapping[str, Any]) -> Drawn:
    """The report from whatever of its data fits the schema; what stands in no text of it is listed as further."""
    report = _Report(data)
    blocks = tuple(report.blocks())
    within, further = report.within()
    return Drawn(blocks, within=within, further=further)


def _records(value: Any) -> list[Mapping[str, Any]]:
    """The rows of a list; what is no row is an empty one, so that all keep their numbers."""
    return [each if isinstance(each, Mapping) else {} for each in value] if isinstance(value, list | tuple) else []


def _number(value: Any) -> int | None:
    """A number that counts something."""
    return int(value) if isinstance(value, Decimal | int) and 0 <= value < 10**9 else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


class _Report:
    """One report while it is drawn."""

    def __init__(self, data: Mapping[str, Any]) -> None:
        self.data = data
        self.sections = _records(data.get("sections"))
        self.paragraphs = _records(data.get("paragraphs"))
        self.tables = _records(data.get("tables"))
        self.indicators = _records(data.get("indicators"))
        self.subtotals = _records(data.get("subtotals"))
        payments = data.get("payments")
        self.payments = _records(payments.get("rows")) if isinstance(payments, Mapping) else []
        self.payments_total = payments.get("total") if isinstance(payments, Mapping) else None
        funds = data.get("funds")
        self.funds = _records(funds.get("rows")) if isinstance(funds, Mapping) else []
        self.captions = self._captions()

    # --- blocks ------------------------------------------------------------------------------------------------

    def blocks(self) -> Iterator[Block]:
        if title := _text(self.data.get("title")):
            yield Prose(title, "title", pointers=("/title",))
        waiting: Block | None = None
        placed: set[str] = set()
        for section, paragraph in self._order():
            if paragraph is None:
                yield from [waiting] if waiting else []
                waiting = None
                yield self._heading(section)
                continue
            prose, key = self._paragraph(paragraph)
            # the line of a unit stands between a caption and its table
            if waiting and prose.look != "corner":
                yield waiting
                waiting = None
            yield prose
            if key is not None:
                waiting = self._table(key)
                placed.add(key)
        yield from [waiting] if waiting else []
        for key in self._keys():
            if key not in placed and (table := self._table(key)):
                yield Prose(self._caption(key), "label", pointers=self._pointers(key))
                yield table
        for at, note in enumerate(self.data.get("notes") or () if isinstance(self.data.get("notes"), list) else ()):
            if text := _text(note):
                yield Prose(text, "text", pointers=(f"/notes/{at}",))

    def _order(self) -> Iterator[tuple[int, int | None]]:
        """Sections, as (number, None), and paragraphs, as (section, number), in the order of the text."""
        count = len(self.sections)
        of = [_number(each.get("section")) for each in self.paragraphs]
        known = [-1 if each is None or not 0 <= each < count else each for each in of]
        for section in range(-1, count):
            if section >= 0:
                yield section, None
            yield from ((section, at) for at, each in enumerate(known) if each == section)

    def _heading(self, at: int) -> Prose:
        section = self.sections[at]
        level = _number(section.get("level")) or 1
        pointers = (f"/sections/{at}", *(f"/sections/{at}/{name}" for name in ("number", "title", "weight", "score")))
        return Prose(f"{_text(section.get('number'))}{_text(section.get('title'))}", "heading", level, pointers)

    def _paragraph(self, at: int) -> tuple[Prose, str | None]:
        """A paragraph, and the table that it is the caption of."""
        paragraph = self.paragraphs[at]
        role = _text(paragraph.get("role"))
        key = self.captions.get(at)
        pointers = (f"/paragraphs/{at}", f"/paragraphs/{at}/text", *(self._pointers(key) if key else ()))
        looks: Mapping[str, Look] = {"caption": "caption", "unit": "corner"}
        return Prose(_text(paragraph.get("text")), looks.get(role, "text"), pointers=pointers), key

    # --- tables ------------------------------------------------------------------------------------------------

    def _keys(self) -> list[str]:
        """The tables by name: those of money, those of indicators, and rows without a table of theirs."""
        strays = any(self._of(row) is None for row in self.indicators)
        return ["funds", "payments", *map(str, range(len(self.tables))), *(["none"] if strays else [])]

    def _of(self, row: Mapping[str, Any]) -> int | None:
        table = _number(row.get("table"))
        return table if table is not None and 0 <= table < len(self.tables) else None

    def _pointers(self, key: str) -> tuple[str, ...]:
        if key == "none":
            return ("/indicators",)
        if not key.isdecimal():
            return (f"/{key}", f"/{key}/rows")
        return (f"/tables/{key}", *(f"/tables/{key}/{name}" for name in ("caption", "number", "role")))

    def _caption(self, key: str) -> str:
        if not key.isdecimal():
            return {"funds": "项目资金", "payments": "资金支付", "none": "指标"}[key]
        table = self.tables[int(key)]
        named = " ".join(filter(None, (_text(table.get("number")), _text(table.get("caption")))))
        return named or _TABLES.get(_text(table.get("role")), "指标表")

    def _captions(self) -> dict[int, str]:
        """Paragraph → the table that it is the caption of; the first that no other table claims is of payments."""
        captions = [at for at, each in enumerate(self.paragraphs) if each.get("role") == "caption"]
        found: dict[int, str] = {}
        for key, table in enumerate(self.tables):
            caption = _text(table.get("caption"))
            for at in captions:
                if caption and at not in found and caption in _text(self.paragraphs[at].get("text")):
                    found[at] = str(key)
                    break
        left = [at for at in captions if at not in found]
        if self.payments and left:
            found[left[0]] = "payments"
        return found

    def _table(self, key: str) -> Grid | None:
        if key == "payments":
            rows = list(self.payments)
            if self.payments_total is not None:
                rows.append({"label": "合计", "amount": self.payments_total})
            return self._plain(rows, _PAYMENTS, "/payments/rows")
        if key == "funds":
            named = [{**row, "label": row.get("label") or _SOURCES.get(_text(row.get("source")))} for row in self.funds]
            return self._plain(named, _FUNDS, "/funds/rows")
        table = None if key == "none" else int(key)
        rows_of = [at for at, row in enumerate(self.indicators) if self._of(row) == table]
        sums = [at for at, row in enumerate(self.subtotals) if self._of(row) == table]
        return self._scored(rows_of, sums) if rows_of or sums else None

    def _plain(self, rows: Sequence[Mapping[str, Any]], columns: tuple[Column, ...], pointer: str) -> Grid | None:
        if not rows:
            return None
        used = chosen(columns, [_printable(row) for row in rows])
        body = [
            Row(tuple(_cell(row, column, at, f"{pointer}/{number}") for at, column in enumerate(used)))
            for number, row in enumerate(rows)
        ]
        return _grid(used, body)

    def _scored(self, rows: Sequence[int], sums: Sequence[int]) -> Grid:
        """Rows of indicators with the rows of their sums between them, behind the last row that each counts."""
        records = [_printable(self.indicators[at]) for at in rows]
        numbers = [{k: v for k, v in self.subtotals[at].items() if k in ("weight", "score")} for at in sums]
        columns = chosen(_INDICATORS, [*records, *map(_printable, numbers), {"name": ""}])
        behind: dict[int, list[int]] = {}
        last_row = rows[-1] if rows else -1
        for at in sums:
            last = _number(self.subtotals[at].get("last"))
            total = self.subtotals[at].get("kind") == "total"
            behind.setdefault(last_row if last is None or total or last not in rows else last, []).append(at)
        body: list[Row] = []
        chunk: list[int] = []
        for at in rows:
            chunk.append(at)
            if at in behind:
                body += self._chunk(chunk, columns)
                body += (self._sum(each, columns) for each in behind.pop(at))
                chunk = []
        body += self._chunk(chunk, columns)
        body += (self._sum(at, columns) for each in behind.values() for at in each)
        return _grid(columns, body)

    def _chunk(self, rows: Sequence[int], columns: Sequence[Column]) -> Iterator[Row]:
        """Rows without a sum between them; boxes of levels and merged numbers span several."""
        heights = {column.field: self._heights(rows, column.field) for column in columns}
        for index, at in enumerate(rows):
            boxes = []
            for place, column in enumerate(columns):
                height = heights[column.field][index]
                if height:
                    box = _cell(self.indicators[at], column, place, f"/indicators/{at}")
                    covered = tuple(f"/indicators/{each}/{column.field}" for each in rows[index : index + height])
                    boxes.append(box._replace(rows=height, pointers=covered if column.field else box.pointers))
            yield Row(tuple(boxes))

    def _heights(self, rows: Sequence[int], field: str) -> list[int]:
        """For each row how many rows the box of a field spans; 0 where the box of a row above reaches down."""
        if field in _LEVELS:
            names = _LEVELS[: _LEVELS.index(field) + 1]
            groups = groupby(rows, lambda at: tuple(_text(self.indicators[at].get(name)) for name in names))
            return [size if at == 0 else 0 for _, each in groups for size in [len(list(each))] for at in range(size)]
        heights: list[int] = []
        start = 0
        for index, at in enumerate(rows):
            row = self.indicators[at]
            merged = row.get("merged")
            if (
                heights
                and field in _MERGING
                and isinstance(merged, list)
                and field in merged
                and row.get(field) is None
            ):
                heights[start] += 1
                heights.append(0)
            else:
                start = index
                heights.append(1)
        return heights

    def _sum(self, at: int, columns: Sequence[Column]) -> Row:
        row, where = self.subtotals[at], f"/subtotals/{at}"
        places = {column.field: place for place, column in enumerate(columns) if column.field in ("weight", "score")}
        boxes: dict[int, Box] = {
            place: Box(place, 1, _value(row.get(field)), "number", pointers=(f"{where}/{field}",))
            for field, place in places.items()
        }
        for index, wrong in enumerate(_records(row.get("misplaced"))):
            title = _text(wrong.get("column"))
            free = [p for p, column in enumerate(columns) if p and p not in boxes and column.title == title]
            free = free or [p for p, column in enumerate(columns) if p and p not in boxes and column.field == "target"]
            free = free or [p for p in range(1, len(columns)) if p not in boxes]
            if free:
                pointers = (f"{where}/misplaced/{index}", f"{where}/misplaced/{index}/value")
                boxes[free[0]] = Box(free[0], 1, _value(wrong.get("value")), "number", pointers=pointers)
        if row.get("grade") is not None:
            after = [p for p in range(1, len(columns)) if p not in boxes]
            if after:
                boxes[after[-1]] = Box(after[-1], 1, _value(row["grade"]), "short", pointers=(f"{where}/grade",))
        first = min(boxes, default=len(columns))
        label = " ".join(filter(None, (_text(row.get("level2")) or _text(row.get("level1")), _text(row.get("label")))))
        result = [Box(0, first, label or "合计", "label", pointers=(where, f"{where}/label"))]
        result += (boxes.get(place) or Box(place, 1, "", "short") for place in range(first, len(columns)))
        return Row(tuple(result))

    # --- values that stand in the text -------------------------------------------------------------------------

    def within(self) -> tuple[dict[str, tuple[str, Words | None]], tuple[str, ...]]:
        """Values → the paragraph and words that state them, and the values of the heading that no text states."""
        found: dict[str, tuple[str, Words | None]] = {}
        for at, row in enumerate(_records(self.data.get("statements"))):
            self._put(found, f"/statements/{at}", row, self._stretch(row))
        for at, row in enumerate(_records(self.data.get("citations"))):
            self._put(found, f"/citations/{at}", row, self._named(row, _text(row.get("title"))))
            if row.get("number"):
                self._put(found, f"/citations/{at}/number", row, self._named(row, _text(row.get("number"))))
        for at, row in enumerate(_records(self.data.get("grade_bands"))):
            self._put(found, f"/grade_bands/{at}", row, None)
        period = self.data.get("period")
        if isinstance(period, Mapping):
            self._put(found, "/period", period, self._period(period))
        further = []
        for name, value in self._told():
            place = self._stated(value)
            if place is None:
                further.append(name)
            else:
                found[name] = place
        if self.payments_total is not None:
            found["/payments/total"] = (f"/payments/rows/{len(self.payments)}/amount", None)
        return found, tuple(further)

    def _put(
        self,
        found: dict[str, tuple[str, Words | None]],
        pointer: str,
        row: Mapping[str, Any],
        words: Words | None,
    ) -> None:
        at = _number(row.get("paragraph"))
        if at is not None and 0 <= at < len(self.paragraphs):
            found[pointer] = (f"/paragraphs/{at}/text", words)

    def _text_of(self, row: Mapping[str, Any]) -> str:
        at = _number(row.get("paragraph"))
        return _text(self.paragraphs[at].get("text")) if at is not None and 0 <= at < len(self.paragraphs) else ""

    def _stretch(self, row: Mapping[str, Any]) -> Words | None:
        start, end = _number(row.get("start")), _number(row.get("end"))
        if start is None or end is None or not 0 <= start < end <= len(self._text_of(row)):
            return None
        return Words(start, end)

    def _named(self, row: Mapping[str, Any], words: str) -> Words | None:
        start = self._text_of(row).find(words) if words else -1
        return Words(start, start + len(words)) if start >= 0 else None

    def _period(self, period: Mapping[str, Any]) -> Words | None:
        """The words of the period: those that a statement in its paragraph gives as a stretch of time."""
        at = _number(period.get("paragraph"))
        for row in _records(self.data.get("statements")):
            if row.get("quantity") == "period" and _number(row.get("paragraph")) == at:
                return self._stretch(row)
        return None

    def _told(self) -> Iterator[tuple[str, str]]:
        """Values of the heading and the goals, which the importer took from the text."""
        for part in ("heading", "goals"):
            record = self.data.get(part)
            for name, value in record.items() if isinstance(record, Mapping) else ():
                if isinstance(value, str) and value:
                    yield f"/{part}/{name}", value
                elif isinstance(value, Decimal):
                    yield f"/{part}/{name}", f"{value:f}"

    def _stated(self, value: str) -> tuple[str, Words | None] | None:
        """The first place of the text with these words, the title before all."""
        texts = [("/title", _text(self.data.get("title")))]
        texts += ((f"/paragraphs/{at}/text", _text(each.get("text"))) for at, each in enumerate(self.paragraphs))
        for pointer, text in texts:
            start = text.find(value)
            if start >= 0:
                return pointer, None if text == value else Words(start, start + len(value))
        return None


def _printable(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row without what has no column."""
    kept = {name: value for name, value in row.items() if isinstance(value, str | Decimal)}
    others = [each for each in _records(row.get("others")) if isinstance(each.get("label"), str)]
    return {**kept, "others": others}


def _value(value: Any) -> str | Decimal:
    return value if isinstance(value, str | Decimal) else ""


def _grid(columns: Sequence[Column], body: Sequence[Row]) -> Grid:
    widths = tuple(column.width for column in columns)
    return Grid(widths, (_header(columns), *body), sum(widths) > _WIDE)


def _header(columns: Sequence[Column]) -> Row:
    return Row(tuple(Box(at, 1, column.title, "label") for at, column in enumerate(columns)), header=True)


def _cell(row: Mapping[str, Any], column: Column, at: int, where: str) -> Box:
    if column.field:
        value, pointer = _value(row.get(column.field)), f"{where}/{column.field}"
    else:
        others = [
            (index, each) for index, each in enumerate(_records(row.get("others"))) if each.get("label") == column.title
        ]
        value, pointer = "", ""
        if column.nth < len(others):
            index, each = others[column.nth]
            value, pointer = _value(each.get("text")), f"{where}/others/{index}/text"
    look = column.look
    if isinstance(value, str) and look == "short" and len(value) > 24:
        look = "text"
    grouped = column.grouped and isinstance(value, Decimal)
    return Box(at, 1, value, look, grouped=grouped, pointers=(pointer,) if pointer else ())
