"""Evaluation reports: paragraphs and grids to the type evaluation-report, whatever the file's format.

Headings make a tree, tables are told by their headers and captions, and a self-evaluation form that is annexed to a
report goes to the reader of forms. Nothing is lost silently: what is not taken over is reported.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lintperf.document import Document, places_in
from lintperf.model import ParagraphPlace, Remark, Text, TextPlace
from lintperf_builtin.importers import labels, report_text, vocabulary
from lintperf_builtin.importers.columns import ENOUGH_HEADERS, filled, find_fund_columns, known_headers
from lintperf_builtin.importers.grid import Grid, Paragraph, unfold
from lintperf_builtin.importers.normal import compact
from lintperf_builtin.importers.report_outline import (
    ANNEX,
    Line,
    headings,
    is_headingish,
    numbered,
    sections,
)
from lintperf_builtin.importers.report_tables import LONGEST_CAPTION, Caption, Tables, caption_of
from lintperf_builtin.importers.values import year

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lintperf.model import Place
    from lintperf_builtin.importers.grid import Block
    from lintperf_builtin.importers.report_outline import Heading

__all__ = ["is_report", "read_report"]

_CUT = 60
# Lines before the first table among which a title is looked for: after a cover and a letter of transmittal.
_MOST_BEFORE_TITLE = 60
# A report has as many paragraphs of prose and as many headings; a file of forms has not.
_ENOUGH_PROSE = 2
_ENOUGH_HEADINGS = 2
_PROSE = 40

_CONTENTS = re.compile(r".{2,80}?(?:…{2,}|\.{4,}|·{4,}|\t)\s*[0-9]{1,3}")
_INLINE = re.compile(r"([^:：\n]{2,20})[:：]\s*(\S.*)", re.DOTALL)
_MARKS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3}")
_FOOTNOTE = re.compile(r"(?:([0-9]{1,3})\s+|([⁰¹²³⁴⁵⁶⁷⁸⁹]{1,3})\s*|\[([0-9]{1,3})\]\s*)(?=\D)")
# A heading that a page's line structure put behind the sentence before it.
_GLUED = re.compile(
    r"(?<=[。；])(?=(?:[（(](?:[一二三四五六七八九十]{1,3}|[0-9]{1,2})[）)]|[一二三四五六七八九十]{1,3}、|[0-9]{1,2}[.、](?![0-9]))[^。；;：:]{2,40}$)"
)
_ENDS = tuple("。！？；：!?;:")
# A line that does not end there is the end of no paragraph, if it is as long.
_LONG_LINE = 12

_NOT_MAPPED = Text(
    zh="表中有绩效指标或资金的栏目名，但没有找到可识别的表头",
    en="headers of indicators or funds, but none that could be recognised",
)


def is_report(blocks: Iterable[Block]) -> bool:
    """Whether a stretch of a file is an evaluation report: its title says so, and prose under headings follows."""
    titled = False
    prose = found = 0
    for number, block in enumerate(blocks):
        if isinstance(block, Grid):
            if number == 0 and _is_form(block):
                return False
            continue
        for text in block.text.split("\n"):
            text = text.strip()
            titled = titled or (number <= _MOST_BEFORE_TITLE and report_text.is_title(text))
            if not titled and number > _MOST_BEFORE_TITLE:
                return False
            prose += len(text) >= _PROSE and "。" in text
            found += bool(text) and (bool(block.level) or is_headingish(text))
        if titled and prose >= _ENOUGH_PROSE and found >= _ENOUGH_HEADINGS:
            return True
    return False


def read_report(path: str, blocks: Sequence[Block], index: int) -> tuple[Document, list[Block]]:
    """The report as a document, and the blocks of the forms annexed to it, in order.

    index  of the document in its file
    """
    reader = _Reader()
    own, annexed = _without_forms(unfold(blocks, lambda grid: known_headers(grid) >= ENOUGH_HEADERS))
    reader.read(_joined(_items(own)))
    return reader.document(path, index), annexed


# --- blocks ----------------------------------------------------------------------------------------------------------


def _is_form(grid: Grid) -> bool:
    """Whether a table is a form of its own: it names the project, and has indicators or funds."""
    names = any(
        labels.heading_field(cell.text) == "project"
        for row in range(min(len(grid.rows), 6))
        for cell in filled(grid, row)
    )
    if not names:
        return False
    for row in range(len(grid.rows)):
        cells = filled(grid, row)
        if any(labels.indicator_field(cell.text) == "name" for cell in cells) or find_fund_columns(grid, row):
            return True
    return False


def _without_forms(blocks: Iterable[Block]) -> tuple[list[Block], list[Block]]:
    """The blocks of the report, and those of the forms within it: tables, the titles above them, notes below."""
    own: list[Block] = []
    annexed: list[Block] = []
    width = 0  # of the form at hand
    for block in blocks:
        if isinstance(block, Paragraph):
            if width and (labels.is_note(block.text) or labels.is_signature(block.text)):
                annexed.append(block)
            else:
                own.append(block)
                width = width if not block.text.strip() else 0
        elif _is_form(block):
            start = len(own)
            while start and isinstance(above := own[start - 1], Paragraph) and _belongs_to_form(above):
                start -= 1
            annexed += [*own[start:], block]
            del own[start:]
            width = block.width
        elif width == block.width:
            annexed.append(block)
        else:
            width = 0
            own.append(block)
    return own, annexed


def _belongs_to_form(paragraph: Paragraph) -> bool:
    text = paragraph.text.strip()
    inline = _INLINE.fullmatch(text)
    return (
        not text
        or labels.is_title(text)
        or (len(text) <= LONGEST_CAPTION and inline is not None and labels.heading_field(inline[1]) is not None)
        or re.fullmatch(r"[（(]?\s*(?:19|20)[0-9]{2}\s*年度?\s*[）)]?|[（(]?(?:金额)?单位[:：]\S{1,4}[）)]?", text)
        is not None
    )


def _items(blocks: Iterable[Block]) -> list[Line | Grid]:
    """The blocks with their paragraphs as lines: one a line break, without white space at the edges."""
    items: list[Line | Grid] = []
    for block in blocks:
        if isinstance(block, Grid):
            items.append(block)
            continue
        place = block.place
        # Text that was put together, or freed of marks, is not where its place says, letter by letter.
        # A footnote of Word stands where its mark is.
        kept = not block.footnote
        if isinstance(place, TextPlace):
            kept = place.end_offset - place.offset == len(block.text)
        start = 0
        for text in block.text.split("\n"):
            bare = text.strip()
            if bare:
                shift = start + text.index(bare) if kept else None
                items.append(Line(bare, place, block.level, block.footnote, shift))
            start += len(text) + 1
    return items


def _joined(items: list[Line | Grid]) -> list[Line | Grid]:
    """Puts the lines of a PDF together again where a page or the end of a line cut a paragraph, and parts headings
    from the sentence before them. Other formats know their paragraphs."""
    result: list[Line | Grid] = []
    for item in items:
        if not isinstance(item, Line) or not _is_rebuilt(item):
            result.append(item)
            continue
        last = result[-1] if result else None
        if isinstance(last, Line) and _is_rebuilt(last) and _goes_on(last.text, item.text):
            last.text += item.text
            last.shift, last.unsure = None, True
        else:
            result.append(item)
        _part(result)
    return result


def _is_rebuilt(line: Line) -> bool:
    return isinstance(line.place, ParagraphPlace) and line.place.page is not None


def _goes_on(text: str, more: str) -> bool:
    """Whether a line is the rest of the one before."""
    if len(text) < _LONG_LINE or text.endswith(_ENDS) or is_headingish(text) or is_headingish(more):
        return False
    if report_text.is_title(text) or any(
        len(line) <= LONGEST_CAPTION and (caption_of(line) or ANNEX.fullmatch(line)) for line in (text, more)
    ):
        return False
    return not (labels.currency_unit(more) and len(more) <= _LONG_LINE)


def _part(result: list[Line | Grid]) -> None:
    """Parts the last line from a heading that stands behind its last sentence."""
    last = result[-1]
    assert isinstance(last, Line)
    found = _GLUED.search(last.text)
    if found and is_headingish(last.text[found.start() :]):
        rest = Line(last.text[found.start() :], last.place, shift=None, unsure=True)
        last.text = last.text[: found.start()]
        result.append(rest)


# --- the report ------------------------------------------------------------------------------------------------------


class _Reader:
    def __init__(self) -> None:
        self.tables = Tables()
        self.places = self.tables.places
        self.title: str | None = None
        self.heading: dict[str, Any] = {}
        self.found: list[Heading] = []
        self.paragraphs: list[dict[str, Any]] = []
        self.lines: list[Line] = []
        self.notes: list[str] = []
        self.caption: Caption | None = None
        # the marks of footnotes in the text so far that have had no footnote yet
        self.marks: set[str] = set()

    def read(self, items: list[Line | Grid]) -> None:
        """Reads the report in order."""
        start = self._read_title(items)
        items = _without_contents(items[start:])
        found = headings(items)
        first = min(found, default=len(items))
        for at, item in enumerate(items):
            if isinstance(item, Grid):
                self.tables.read(item, self.caption, self._section())
                self.caption = None
                continue
            heading = found.get(at)
            if heading is not None:
                self._open_section(heading, item)
                if heading.whole:
                    continue
            if at < first and self._read_cover(item):
                continue
            if len(item.text) <= LONGEST_CAPTION and labels.is_in("page_furniture", item.text):
                self._note(item.text, item.place)
                continue
            self._paragraph(item, at, items)

    def _section(self) -> int | None:
        return len(self.found) - 1 if self.found else None

    def _read_title(self, items: list[Line | Grid]) -> int:
        """Reads the title; returns the number of items up to its end. What stands above it becomes notes."""
        for at, item in enumerate(items):
            if not isinstance(item, Line) or not report_text.is_title(item.text):
                continue
            title, begin = item.text, at
            above = items[at - 1] if at else None
            if isinstance(above, Line) and _is_half_title(above.text, title):
                title, begin = above.text + title, at - 1
            self.title = title
            self._place("/title", items[begin] if isinstance(items[begin], Line) else item)
            self._place("", item)
            for line in items[:begin]:
                if isinstance(line, Line):
                    self._note(line.text, line.place)
                else:
                    self.tables.read(line, None, None)
            return at + 1
        return 0

    def _read_cover(self, line: Line) -> bool:
        """Takes over a line of the cover, 项目名称：…."""
        inline = _INLINE.fullmatch(line.text)
        name = labels.heading_field(inline[1]) if inline and len(line.text) <= LONGEST_CAPTION else None
        if not inline or name not in ("project", "department", "unit", "year") or name in self.heading:
            return False
        text = inline[2].strip()
        self.heading[name] = year(text) if name == "year" else text
        self._place(f"/heading/{name}", line)
        return True

    def _open_section(self, heading: Heading, line: Line) -> None:
        self.tables.close()
        self.caption = None
        pointer = f"/sections/{len(self.found)}"
        self.found.append(heading)
        for where in (pointer, f"{pointer}/title", f"{pointer}/number"):
            self._place(where, line)
        if line.unsure:
            self.tables.unsure.add(f"{pointer}/title")
        if heading.kind == "annex":
            self.caption = caption_of(line.text, line.place)

    def _paragraph(self, line: Line, at: int, items: list[Line | Grid]) -> None:
        text = line.text
        if self.tables.unit_line(text):
            self._add(line, "unit")
        elif self.tables.total_line(text, line.place):
            pass
        elif line.footnote or self._is_footnote(text):
            self._add(line, "footnote")
        elif (caption := caption_of(line.text, line.place)) is not None and _before_grid(items, at):
            self.tables.close()
            self.tables.unit_in(text)
            self.caption = caption
            self._add(line, "caption")
        elif labels.is_note(text) and at and isinstance(items[at - 1], Grid):
            self._add(line, "note")
        else:
            if len(text) <= LONGEST_CAPTION and text.rstrip().endswith("表") and _before_grid(items, at):
                self.tables.close()
                self.caption = Caption(None, text, line.place)
                self._add(line, "caption")
                return
            self.tables.close()
            self.caption = None
            self._add(line, "text")

    def _is_footnote(self, text: str) -> bool:
        """Whether a line begins with the mark of a footnote that the text has set."""
        found = _FOOTNOTE.match(text)
        if found is None:
            return False
        mark = (found[1] or found[2] or found[3]).translate(_MARKS)
        if mark in self.marks:
            self.marks.discard(mark)
            return True
        return False

    def _add(self, line: Line, role: str) -> None:
        number = len(self.paragraphs)
        section = self._section()
        self.paragraphs.append(
            {"text": line.text, "section": None if section is None else Decimal(section), "role": role}
        )
        self.lines.append(line)
        for where in (f"/paragraphs/{number}", f"/paragraphs/{number}/text"):
            self._place(where, line)
        if line.unsure:
            self.tables.unsure.add(f"/paragraphs/{number}/text")
        if role == "text":
            self.marks.update(mark.translate(_MARKS) for mark in _RAISED.findall(line.text))

    def _note(self, text: str, place: Place | None) -> None:
        if place is not None:
            self.places[f"/notes/{len(self.notes)}"] = place
        self.notes.append(text)

    def _place(self, pointer: str, line: Line | Grid) -> None:
        if isinstance(line, Line) and line.place is not None:
            self.places[pointer] = line.place

    # --- the document --------------------------------------------------------------------------------------------

    def document(self, path: str, index: int) -> Document:
        """The document, with remarks on what was not taken over."""
        tables = self.tables
        texts = [(number, each["text"]) for number, each in enumerate(self.paragraphs)]
        funds = tables.amounts()
        outline = sections(self.found)
        read = report_text.heading_of(self.title, [text for _, text in texts])
        heading = {name: self.heading.get(name, tables.form.heading.get(name, value)) for name, value in read.items()}
        citations: list[dict[str, Any]] = []
        for citation, start, end in report_text.citations(texts):
            self._place_stretch(f"/citations/{len(citations)}", citation, int(citation["paragraph"]), start, end)
            citations.append(citation)
        bands = report_text.grade_bands(texts)
        period = report_text.period(texts)
        for pointer, entry in (
            *((f"/grade_bands/{number}", band) for number, band in enumerate(bands)),
            ("/period", period),
        ):
            if entry is not None:
                for where in (pointer, *(f"{pointer}/{name}" for name in entry)):
                    self._place(where, self.lines[int(entry["paragraph"])])
        for text, place in tables.notes:
            self._note(text, place)
        data: dict[str, Any] = {
            "type": "evaluation-report",
            "version": "1",
            "title": self.title,
            "heading": heading,
            "period": period,
            "sections": outline,
            "paragraphs": self.paragraphs,
            "funds": funds,
            "payments": tables.payments,
            "goals": self._goals(outline),
            "tables": tables.tables,
            "indicators": tables.indicators,
            "subtotals": tables.subtotals,
            "grade_bands": bands,
            "citations": citations,
            "statements": self._statements(),
            "notes": self.notes or None,
        }
        unsure = frozenset(tables.unsure)
        return Document(path, data, index, locate=places_in(self.places), remarks=list(self._remarks()), unsure=unsure)

    def _place_stretch(self, pointer: str, fields: Iterable[str], number: int, start: int, end: int) -> None:
        """Notes where a stretch of a paragraph stands, for what was read of it and its fields; the whole paragraph
        where that has the words in other letters."""
        line = self.lines[number]
        place = line.place
        if line.shift is not None and isinstance(place, ParagraphPlace):
            begin = place.start + line.shift
            place = place._replace(start=begin + start, end=begin + end)
        elif line.shift is not None and isinstance(place, TextPlace):
            place = place._replace(
                column=place.column + start,
                end_line=place.line,
                end_column=place.column + end,
                offset=place.offset + start,
                end_offset=place.offset + end,
            )
        if place is not None:
            self.places[pointer] = place
            self.places.update((f"{pointer}/{name}", place) for name in fields)

    def _statements(self) -> list[dict[str, Any]]:
        """The numbers that the text states."""
        from lintperf_builtin.prose.statements import statements

        found = statements(self.paragraphs)
        for number, statement in enumerate(found):
            at, start, end = statement.get("paragraph"), statement.get("start"), statement.get("end")
            if at is None:
                continue
            pointer = f"/statements/{number}"
            if start is None or end is None:
                self._place(pointer, self.lines[int(at)])
            else:
                self._place_stretch(pointer, statement, int(at), int(start), int(end))
        return found

    def _goals(self, outline: list[dict[str, Any]]) -> dict[str, Any] | None:
        """The overall and the annual goal: the text of the sections that are named so."""
        goals: dict[str, str] = {}
        for number, section in enumerate(outline):
            if len(section["title"]) > LONGEST_CAPTION:
                continue
            name = next(iter(vocabulary.current().words["report_goals"].fields(compact(section["title"]))), None)
            if name is None or name in goals:
                continue
            own = [
                (at, each["text"])
                for at, each in enumerate(self.paragraphs)
                if each["section"] == number and each["role"] == "text"
            ]
            if own:
                goals[name] = "\n".join(text for _, text in own)
                self._place(f"/goals/{name}", self.lines[own[0][0]])
        return {"overall": goals.get("overall"), "annual": goals.get("annual")} if goals else None

    def _remarks(self) -> Iterable[Remark]:
        tables = self.tables
        for grid in tables.unknown:
            cells = [cell for row in range(len(grid.rows)) for cell in filled(grid, row)]
            if not cells:
                continue
            if known_headers(grid) >= ENOUGH_HEADERS and any(labels.indicator_field(c.text) == "name" for c in cells):
                yield Remark("unrecognised-table", {"reason": _NOT_MAPPED}, place=cells[0].place)
            else:
                text = " | ".join(re.sub(r"\s+", " ", cell.text) for cell in cells)
                yield Remark("unmapped-content", {"text": text[:_CUT]}, place=cells[0].place)
        for grid, row in tables.rows:
            for cell in grid.own(row):
                if cell.text and cell not in tables.used:
                    text = re.sub(r"\s+", " ", cell.text)[:_CUT]
                    yield Remark("unmapped-content", {"text": text}, place=cell.place)


def _without_contents(items: list[Line | Grid]) -> list[Line | Grid]:
    """The items without the table of contents: it says nothing that the headings do not."""
    first = next((at for at, item in enumerate(items) if isinstance(item, Grid)), len(items))
    return [
        item
        for at, item in enumerate(items)
        if at > first
        or not isinstance(item, Line)
        or not (_CONTENTS.fullmatch(item.text) or "".join(item.text.split()) == "目录")
    ]


def _is_half_title(above: str, title: str) -> bool:
    """Whether the title begins in the line above: it names the project there, and only the kind of report here."""
    short = compact(title)
    return (
        len(short) <= 16
        and 4 <= len(above) <= LONGEST_CAPTION
        and not above.endswith((*_ENDS, "，", "号"))
        and _INLINE.fullmatch(above) is None
        and ANNEX.match(above) is None
        and numbered(above) is None
    )


def _before_grid(items: Sequence[Line | Grid], at: int) -> bool:
    """Whether a table follows, at most after a line of its unit."""
    for item in items[at + 1 : at + 3]:
        if isinstance(item, Grid):
            return True
        if labels.currency_unit(item.text) is None or len(item.text) > LONGEST_CAPTION:
            return False
    return False
