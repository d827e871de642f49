"""Plain text (.txt): tables whose columns are parted by tabs or by wide space, as programs extract them from documents.

What such an extraction loses is put right where the header tells how, and marked as unsure: lines that are pieces of
one row are joined, rows that have slipped sideways are aligned (`alignment`), cells cut by a page break are mended.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from lintperf.document.lines import Lines
from lintperf_builtin.importers import labels
from lintperf_builtin.importers.alignment import HEADING, align, family, header_of, plain_misfit
from lintperf_builtin.importers.form import join
from lintperf_builtin.importers.grid import Budget, Paragraph, Part
from lintperf_builtin.importers.report_outline import is_headingish
from lintperf_builtin.importers.report_text import is_title
from lintperf_builtin.importers.text_tables import Field, column_header, field_at, grid_of, is_free, is_header, width_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["read_plain_text"]

_LINE = re.compile(r"[^\r\n\f]*")
_END = re.compile(r"\r\n|[\r\n\f]")
# Two blanks or more, or one of full width, part columns of a text without tabs; 得　分 is one word all the same.
_WIDE = re.compile(r"[ \u3000]{2,}|(?<![ \u3000]\w)\u3000|\u3000(?!\w(?:[ \u3000]|$))")
# A page's number: with its marks wherever it stands, a bare one only below a blank line.
_PAGE_MARK = re.compile(r"\s*(?:[-—–－]\s*[0-9]{1,4}\s*[-—–－]|第\s*[0-9]{1,4}\s*页.{0,20})\s*")
_PAGE_NUMBER = re.compile(r"\s*[0-9]{1,3}\s*")
_CAPTION = re.compile(r"[(（]?(?:19|20)[0-9]{2}\s*年度?[)）]?|[(（]?(?:金额)?单位[:：].{1,8}")
_DOTS = re.compile(r"[.…·。\s]+")
_INLINE = re.compile(r"([^:：]{2,20})[:：]")
_CLOSING = re.compile(r"(?:\s*</[A-Za-z][A-Za-z0-9]{0,10}>)+$")
# What a join must at least save, so that a doubtful one is not made.
_WORTH = 0.5
# Lines or pieces that a row is put together from, at most.
_MAX_LINES_OF_ROW = 60
# Widths of a letter by which a field may be out of line with its header.
_OUT_OF_LINE = 2
# Headers that are looked at closely; a file of hundreds of forms has no more that slipped.
_MAX_REPAIRS = 500
# Rows that did not fit; more of them are no forms.
_MAX_ALIGNED = 5000
# Digits of a row's number.
_LONGEST_NUMBER = 4
# Lines among which a report has its title.
_BEFORE_TITLE = 60
# Rows below a header that tell whether it has slipped.
_MAX_AHEAD = 8


class _Line(NamedTuple):
    """A line: its fields, for columns by wide space where each begins and ends on paper, and what was before it.

    broken whether a page ended before it: a blank line, a form feed, a page number
    """

    fields: list[Field]
    extents: list[tuple[int, int]] | None
    broken: bool


def read_plain_text(text: str) -> list[Part]:
    """The paragraphs and tables of a text, in order. Raises UnreadableError when it has too many cells."""
    Budget().take(text.count("\t") + text.count("\n") + text.count("\r") + text.count("\f"))
    by_space = not _has_tabs(text)
    lines = list(_lines(text, by_space, Budget()))
    reader = _Reader(lines)
    for number, line in enumerate(lines):
        reader.line(line, number)
    width = width_of(row for block in reader.blocks if isinstance(block, list) for row in block)
    budget, places = Budget(), Lines(text)
    return [
        Part(
            [
                Paragraph(block.text, places.place(block.start, block.end))
                if isinstance(block, Field)
                else grid_of(block, width, places, budget)
                for block in reader.blocks
            ]
        )
    ]


def _has_tabs(text: str) -> bool:
    """Whether tabs part the columns: a line with two fields or more."""
    return "\t" in text and any("\t" in line[0].strip() for line in _LINE.finditer(text))


def _lines(text: str, by_space: bool, budget: Budget) -> Iterator[_Line]:
    position = 0
    broken = False
    while position <= len(text):
        found = _LINE.match(text, position)
        assert found is not None
        start, end = found.span()
        content = found[0]
        ending = _END.match(text, end)
        position = ending.end() if ending else len(text) + 1
        start_of_line = content[:80]
        if (
            not content.strip()
            or _PAGE_MARK.fullmatch(start_of_line)
            or (broken and _PAGE_NUMBER.fullmatch(start_of_line))
        ):
            # a line of tabs alone is a blank row, no page break
            broken = broken or "\t" not in content
        else:
            yield (
                _by_space(text, start, end, broken, budget)
                if by_space
                else _Line(_by_tabs(text, start, end), None, broken)
            )
            broken = False
        broken = broken or (ending is not None and ending[0] == "\f")


def _by_tabs(text: str, start: int, end: int) -> list[Field]:
    fields = []
    while True:
        at = text.find("\t", start, end)
        fields.append(field_at(text, start, at if at >= 0 else end))
        if at < 0:
            return fields
        start = at + 1


def _by_space(text: str, start: int, end: int, broken: bool, budget: Budget) -> _Line:
    """The fields of a line by wide space, and where each stands on paper, an East Asian character two columns wide."""
    fields: list[Field] = []
    position = start
    while position < end:
        found = _WIDE.search(text, position, end)
        stop = found.start() if found else end
        field = field_at(text, position, stop)
        if field.text:
            budget.take(1)
            fields.append(field)
        position = found.end() if found else end
    extents = []
    at, paper = start, 0
    for field in fields:
        paper += _paper_width(text[at : field.start])
        after = paper + _paper_width(field.text)
        extents.append((paper, after))
        at, paper = field.end, after
    return _Line(fields, extents, broken)


def _paper_width(text: str) -> int:
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)


class _Reader:
    """Makes rows of lines; what stands between tables is a paragraph."""

    def __init__(self, lines: Sequence[_Line]) -> None:
        self.lines = lines
        # the number of fields of the line that has most: no row has more
        self.widest = max((len(line.fields) for line in lines), default=0)
        # the number of fields that nearly all rows have, 0 where they differ: one with fewer lacks some
        self.even = _even_width(lines)
        # paragraphs, and tables as rows of one field a column
        self.blocks: list[Field | list[list[Field]]] = []
        self.header = HEADING
        # where the columns of the header begin and end on paper
        self.paper: list[tuple[int, int]] = []
        # the last row as it was read, of how many lines, and the header that was open
        # before it, with whether it was the row above
        self.last: list[Field] = []
        self.lines_of_last = 0
        self.mended = 0
        self.before = (HEADING, False)
        self.after_header = False
        self.total_seen = False
        self.repairs = self.aligned = 0
        # whether the columns of the row at hand are known by the order of its fields alone
        self.doubtful = False
        # whether the text is a report: then headings stand between its tables, blank lines or not
        self.report = any(is_title(line.fields[0].text) for line in lines[:_BEFORE_TITLE])

    @property
    def table(self) -> list[list[Field]] | None:
        """The rows of the table that is open."""
        return block if self.blocks and isinstance(block := self.blocks[-1], list) else None

    def line(self, line: _Line, number: int) -> None:
        """Takes one line of the text, the `number`th of all."""
        fields = line.fields
        if line.extents is None and is_header([field.text for field in fields]):
            fields = self._header_that_fits(fields, number)
        if line.extents is not None:
            self._line_by_space(line)
        elif self.report and len(fields) == 1 and is_headingish(fields[0].text):
            self._paragraph(fields[0])
        elif not line.broken and self._joins(fields):
            self._replace([*self.last[:-1], _joined(self.last[-1], fields[0], "\n"), *fields[1:]])
        elif len(fields) > 1 or self._stands_alone(fields[0].text, number):
            self._row(fields, mend=line.broken)
        elif not (line.broken and self._continues_cell(fields[0])):
            self._paragraph(fields[0])

    def _paragraph(self, field: Field) -> None:
        self.blocks.append(field)
        self.last = []

    def _stands_alone(self, text: str, number: int) -> bool:
        """Whether a line with one field is a row of a label, whose blanks at the end were cut off."""
        if not labels.heading_field(text) and not labels.is_in("totals", text):
            return False
        following = self.lines[number + 1 : number + 2]
        within = self.table is not None and not self.lines[number].broken
        return within or any(len(line.fields) > 1 and not line.broken for line in following)

    # --- rows --------------------------------------------------------------------------------------------------

    def _row(self, fields: list[Field], mend: bool) -> None:
        """Takes a row. `mend`: it may go on with the row above."""
        texts = [field.text for field in fields]
        header = is_header(texts)
        if header and self.blocks and isinstance(title := self.blocks[-1], Field) and self._begins_header(title, texts):
            self.blocks.pop()
            fields = [_joined(title, fields[0], "\n"), *fields[1:]]
        below_header = self.after_header
        row = self._laid(fields)
        if mend and not header and not below_header and self.table and self._mends(self.table[-1], row):
            above = self.table[-1]
            self.table[-1] = [
                _mended(above[column], row[column]) if column < len(row) and row[column].text else above[column]
                for column in range(len(above))
            ]
            self.last = []
            self.mended += 1
            return
        if self.table is None:
            self.blocks.append([])
        assert self.table is not None
        self.table.append(row)
        if not header and self.header.part == "indicators":
            self._lift_level(self.table)
        self.last, self.lines_of_last, self.mended = fields, 1, 0

    def _replace(self, fields: list[Field]) -> None:
        """The last row, with another line joined to it."""
        assert self.table is not None
        self.header, self.after_header = self.before
        self.table[-1] = self._laid(fields)
        self.last = fields
        self.lines_of_last += 1

    def _laid(self, fields: list[Field]) -> list[Field]:
        """The fields of a row in their columns; opens the header where the row is one."""
        texts = [field.text for field in fields]
        self.before = (self.header, self.after_header)
        if is_header(texts):
            self.header = header_of(texts, self.header if self.after_header else None)
            self.after_header = True
            self.total_seen = self.total_seen and self.header.part == "indicators"
            return fields
        if self.after_header:
            self.header = self.header.with_labels(texts)
            fields = self._side_label_up(fields)
            texts = [field.text for field in fields]
        self.after_header = False
        first = next((text for text in texts if text), "")
        if labels.heading_field(first) == "project":
            self.header, self.total_seen = HEADING, False
        if is_free(texts):
            return fields
        if self.header.part == "indicators" and labels.is_in("totals", first):
            self.total_seen = True
        plain = [column for column, text in enumerate(texts) if text]
        if self.aligned >= _MAX_ALIGNED:
            return fields
        cost, chosen = align(self.header, texts, max(self.even - len(fields), 0), self.doubtful)
        self.aligned += chosen != plain or cost > 1
        if self.header.part == "goals":
            # anywhere under its header a goal is that goal
            chosen = self.header.goal_columns(chosen)
        filled = [field for field in fields if field.text]
        return fields if chosen == plain else _placed(filled, chosen, plain)

    def _header_that_fits(self, fields: list[Field], number: int) -> list[Field]:
        """The header, or the same with the blank put back that was lost between two of its cells.

        The rows below tell: where several of them do not fit their columns, and would with all columns from some cell
        on moved one to the right, the blank is missing there.
        """
        above = self.header if self.after_header else None
        rows: list[list[str]] = []
        for line in self.lines[number + 1 : number + 1 + _MAX_AHEAD]:
            texts = [field.text for field in line.fields]
            if line.extents is not None or (rows and is_header(texts)):
                break
            if len(texts) > 1 and not is_free(texts) and not (self.even and len(texts) < self.even):
                rows.append(texts)
        under = rows.pop(0) if rows and is_header(rows[0]) else None

        def misfit(row: Sequence[Field]) -> float:
            header = header_of([field.text for field in row], above)
            header = header_of(under, header) if under is not None else header
            header = header.with_labels(rows[0])
            return sum(plain_misfit(header, texts) for texts in rows)

        if not rows or len(fields) >= self.widest or self.repairs >= _MAX_REPAIRS or not (worst := misfit(fields)):
            return fields
        self.repairs += 1
        at = [number for number, field in enumerate(fields) if number and field.text][: 2 * _MAX_AHEAD]
        # where a blank is left, another may have been lost
        at.sort(key=lambda number: bool(fields[number - 1].text))
        options = [[*fields[:one], Field("", fields[one].start, fields[one].start), *fields[one:]] for one in at]
        best = min(options, key=misfit, default=fields)
        return best if misfit(best) * 2 <= worst else fields

    def _side_label_up(self, fields: list[Field]) -> list[Field]:
        """The row below a header of goals without the label of the section, which belongs beside the header."""
        header = self.table[-1] if self.table else []
        if self.header.part != "goals" or not header or header[0].text or not fields[0].text:
            return fields
        if len(fields) < 2 or not labels.goal_field(fields[0].text):
            return fields
        header[0] = fields[0]._replace(unsure=True)
        return [Field("", fields[0].end, fields[0].end), *fields[1:]]

    def _lift_level(self, table: list[list[Field]]) -> None:
        """Puts the first level up into the first of the rows it was merged over.

        The text of a merged cell stands in the middle of its rows on paper, and there some extractions leave it. That
        it belongs higher up, the second levels above tell.
        """
        levels, second = sorted(self.header.columns("level1")), sorted(self.header.columns("level2"))
        row = table[-1]
        if not levels or not second or len(row) <= max(levels[0], second[0]) or not row[levels[0]].text:
            return
        first = levels[0]
        own = family(row[first].text)
        top = None
        for above in reversed(table[:-1]):
            if len(above) <= max(first, second[0]) or above[first].text:
                break
            level = above[second[0]].text
            if level and family(level) != own:
                break
            top = above if level else top
        if own is not None and top is not None:
            top[first] = row[first]._replace(unsure=True)

    def _begins_header(self, title: Field, texts: list[str]) -> bool:
        """Whether the line above a header is the first line of its first cell: `项目资金` above `（万元）`."""
        return bool(
            texts[0]
            and not labels.is_known_header(texts[0])
            and not labels.is_section_label(texts[0])
            and labels.is_section_label(title.text)
        )

    def _mends(self, above: list[Field], row: list[Field]) -> bool:
        """Whether a row is the rest of the one above, whose cells a page break has cut: no numbers, no new name."""
        header = self.header
        own = {column for column, field in enumerate(row) if field.text}
        if (
            self.mended >= _MAX_LINES_OF_ROW
            or not own
            or any(column >= len(above) or not above[column].text for column in own)
        ):
            return False
        if header.part == "goals":
            return own <= header.columns("goal")
        if header.part != "indicators" or self.total_seen:
            return False
        if any(re.fullmatch(_DOTS, row[column].text) for column in own):
            return False
        numbers, names = header.columns("number", "operator", "unit"), header.columns("name")
        values, prose = header.columns("value"), header.columns("prose")
        return not own & numbers and not (own & names and own & values) and bool(own & (values | prose))

    # --- lines that belong to the row above ------------------------------------------------------------------------

    def _joins(self, fields: list[Field]) -> bool:
        """Whether a line goes on with the last cell of the line above: a row that is cheaper whole than in pieces."""
        last = self.last
        if not last or not last[-1].text or not fields[0].text or self.total_seen:
            return False
        if len(last) + len(fields) - 1 > self.widest or self.lines_of_last >= _MAX_LINES_OF_ROW:
            return False
        whole = [field.text for field in (*last[:-1], *fields)]
        whole[len(last) - 1] = f"{last[-1].text}\n{fields[0].text}"
        upper, lower = [field.text for field in last], [field.text for field in fields]
        if _headers(whole) > _headers(upper) + _headers(lower):
            return True
        if is_header(lower) or _starts_something(lower[0]) or _counts_on(upper[0], lower[0]):
            return False
        header = self.header
        upper_cost = 0.0 if self.after_header else align(header, upper)[0]
        whole_cost = 0.0 if self.after_header and is_header(whole) else align(header, whole)[0]
        return whole_cost + _WORTH < upper_cost + align(header, lower)[0]

    def _continues_cell(self, field: Field) -> bool:
        """Whether a lone line after a page break is the rest of the last cell above; then it is joined to it."""
        if (
            not self.table
            or self.mended >= _MAX_LINES_OF_ROW
            or self.header is HEADING
            or self.total_seen
            or _starts_something(field.text)
        ):
            return False
        row = self.table[-1]
        column = max((column for column, other in enumerate(row) if other.text), default=-1)
        if column not in self.header.columns("prose", "goal", "goal-last"):
            return False
        row[column] = _mended(row[column], field)
        self.last = []
        self.mended += 1
        return True

    # --- columns by wide space ---------------------------------------------------------------------------------

    def _line_by_space(self, line: _Line) -> None:
        fields, extents = line.fields, line.extents or []
        texts = [field.text for field in fields]
        if is_header(texts):
            if self.after_header and self.paper:
                fields = _placed(fields, columns := self._columns(extents), columns)
            else:
                self.paper = extents
            self._row(fields, mend=False)
            return
        columns = self._columns(extents)
        if self.doubtful:
            fields = [field._replace(unsure=True) for field in fields]
        if len(fields) == 1:
            inside = bool(self.paper) and not self.total_seen and extents[0][0] >= self.paper[0][1]
            row = _placed(fields, columns, columns)
            if inside and self.table and not _starts_something(texts[0]) and self._mends(self.table[-1], row):
                self._row(row, mend=True)
            else:
                self._paragraph(fields[0])
            return
        free = is_free(texts) or not self.paper
        self._row(_placed(fields, columns, columns) if not free else fields, mend=not free)

    def _columns(self, extents: list[tuple[int, int]]) -> list[int]:
        """The columns of the header that fields stand under; by their order where they stand under none, or two do."""
        found = [_nearest(self.paper, extent) for extent in extents] if self.paper else []
        self.doubtful = False
        if len(set(found)) == len(extents) and _in_line(self.paper, found, extents):
            return found
        goals = sorted(self.header.columns("goal"))
        self.doubtful = bool(self.paper)
        return goals if self.header.part == "goals" and len(goals) == len(extents) else [*range(len(extents))]


def _in_line(paper: list[tuple[int, int]], columns: list[int], extents: list[tuple[int, int]]) -> bool:
    """Whether three of four fields begin, end or have their middle where the header above them does."""
    fits = 0
    for column, (left, right) in zip(columns, extents, strict=True):
        begin, end = paper[column]
        fits += min(abs(left - begin), abs(right - end), abs(left + right - begin - end) // 2) <= _OUT_OF_LINE
    return fits * 4 >= len(extents) * 3


def _even_width(lines: Sequence[_Line]) -> int:
    """The number of fields of the rows of a text that keeps blank ones at the end of rows; 0 for any other text."""
    rows = [line.fields for line in lines if len(line.fields) > 1]
    if not rows or all(row[-1].text for row in rows):
        return 0
    (width, often), *_ = Counter(map(len, rows)).most_common(1)
    return width if often * 10 >= len(rows) * 6 and width == max(map(len, rows)) else 0


def _nearest(paper: list[tuple[int, int]], extent: tuple[int, int]) -> int:
    """The column that shares most room on paper with a field; if none does, the last that begins left of it."""
    left, right = extent

    def distance(column: int) -> tuple[int, int]:
        begin, end = paper[column]
        return max(begin, left) - min(end, right), abs(begin + end - left - right)

    column = min(range(len(paper)), key=distance)
    if distance(column)[0] < 0:
        return column
    return max((at for at, (begin, _) in enumerate(paper) if begin <= left), default=column)


def _headers(texts: Sequence[str]) -> int:
    return sum(1 for text in texts if text and column_header(text))


def _counts_on(number: str, following: str) -> bool:
    """Whether two rows begin with their numbers: 1 below 序号, 3 below 2."""
    if not following.isdecimal() or len(following) > _LONGEST_NUMBER:
        return False
    if number.isdecimal() and len(number) <= _LONGEST_NUMBER:
        return int(following) == int(number) + 1
    return following == "1" and "number" in labels.ambiguous_fields("report_columns", number)


def _starts_something(text: str) -> bool:
    """Whether a line is no continuation: a title, a note, a total, a label of the heading."""
    inline = _INLINE.match(text)
    return bool(
        labels.is_title(text)
        or labels.is_note(text)
        or labels.is_signature(text)
        or labels.is_in("totals", text)
        or labels.heading_field(text)
        or (inline and (labels.heading_field(inline[1]) or labels.is_in("totals", inline[1])))
        or _CAPTION.fullmatch(text[:40])
    )


def _joined(first: Field, second: Field, between: str) -> Field:
    return Field(f"{first.text}{between}{second.text}", first.start, second.end, unsure=True)


def _mended(first: Field, second: Field) -> Field:
    """A cell that a page break has cut; its place is that of the first piece."""
    if not first.text:
        return second
    # programs close at the page's end what they opened: a tag says nothing of where a sentence ends
    whole = _CLOSING.sub("", first.text)
    between = join(whole, second.text)[len(whole) : -len(second.text)]
    return Field(f"{first.text}{between}{second.text}", first.start, first.end, unsure=True)


def _placed(filled: Sequence[Field], columns: Sequence[int], plain: Sequence[int]) -> list[Field]:
    """The row that has these fields in these columns; those that do not stand where they seemed to are unsure."""
    row: list[Field] = []
    for field, column, seeming in zip(filled, columns, plain, strict=True):
        row.extend([Field("", field.start, field.start)] * (column - len(row)))
        row.append(field._replace(unsure=field.unsure or column != seeming))
    return row
