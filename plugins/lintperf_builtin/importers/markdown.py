"""Markdown (.md): pipe tables, HTML tables, headings and other lines.

Own code for the tables: parsers of Markdown, markdown-it-py among them, tell the lines of a table, but not where on
its line a cell begins.
"""

from __future__ import annotations

import html
import re
from itertools import pairwise
from typing import TYPE_CHECKING

from lintperf.document.lines import Lines
from lintperf.extension import UnreadableError
from lintperf.model import CellPlace, Text
from lintperf_builtin.importers.grid import Block, Budget, Grid, Paragraph, Part, clean
from lintperf_builtin.importers.html import read_html
from lintperf_builtin.importers.text_tables import Field, field_at, grid_of, width_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["read_markdown"]

# Characters; marks of Markdown cost more than those of tables, and a form has a few thousand.
_LONGEST = 4_000_000
_LINE = re.compile(r"[^\r\n]*")
# The line under the first row of a table.
_RULE = re.compile(r"\s{0,3}\|?\s*:?-+:?\s*(?:\|\s*:?-+:?\s*)*\|?\s*")
_FENCE = re.compile(r"\s{0,3}(?:```|~~~)")
_HEADING = re.compile(r"\s{0,3}#{1,6}\s")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
# `\|` in a table, and other characters that need no backslash to be themselves.
# What stands between `$` is a formula and keeps them.
_ESCAPED = re.compile(r"(\$[^$\n]{1,80}\$)|\\([!-/:-@\[-`{-~])")
_STRONG = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1", re.DOTALL)
_TABLE = re.compile(r"<(/?)table\b", re.IGNORECASE)


def read_markdown(text: str) -> list[Part]:
    """The lines and tables of a text, in order. Raises UnreadableError when it has too many cells."""
    if len(text) > _LONGEST:
        raise UnreadableError(
            Text(zh="Markdown 文件过大", en="the Markdown file is too large"),
            Text(zh="请只保留自评表后再检查", en="keep only the forms and check again"),
        )
    Budget().take(text.count("\n") + text.count("\r"))
    budget, places = Budget(), Lines(text)
    blocks: list[Block] = []
    position = tables = 0
    for start, end in _html_tables(text):
        blocks += _blocks(text, position, start, budget, places)
        found = [block for part in read_html(text[start:end].encode("utf-8", "replace")) for block in part.blocks]
        blocks += found
        tables = _count_on(found, tables)
        position = end
    blocks += _blocks(text, position, len(text), budget, places)
    return [Part(blocks)]


def _html_tables(text: str) -> Iterator[tuple[int, int]]:
    """Where the outermost HTML tables stand; one that is never closed reaches to the end."""
    depth, start = 0, 0
    for found in _TABLE.finditer(text):
        if not found[1]:
            start = found.start() if not depth else start
            depth += 1
        elif depth:
            depth -= 1
            end = text.find(">", found.end()) + 1 or len(text)
            if not depth:
                yield start, end
    if depth:
        yield start, len(text)


def _count_on(blocks: Iterable[Block], tables: int) -> int:
    """Numbers the tables of a fragment after those that came before it; returns how many there are then."""
    most = tables
    stack = list(blocks)
    while stack:
        block = stack.pop()
        if not isinstance(block, Grid):
            continue
        for row in range(len(block.rows)):
            for cell in block.own(row):
                if isinstance(cell.place, CellPlace):
                    cell.place = cell.place._replace(table=cell.place.table + tables)
                    most = max(most, cell.place.table + 1)
                stack.extend(cell.tables)
    return most


def _blocks(text: str, start: int, end: int, budget: Budget, places: Lines) -> list[Block]:
    """The paragraphs and pipe tables of a stretch without HTML tables."""
    found: list[Paragraph | list[list[Field]]] = []
    rows: list[list[Field]] | None = None
    position = start
    while position < end:
        line = _LINE.match(text, position, end)
        assert line is not None
        content = line[0]
        if "|" in content and not (rows is None and not _looks_like_row(content)):
            if rows is None:
                rows = []
                found.append(rows)
            if not _RULE.fullmatch(content):
                budget.take(content.count("|") + 1)
                rows.append(_row(text, line.start(), line.end()))
        elif _FENCE.match(content):
            rows = None
        else:
            rows = None
            if content.strip():
                found.append(_line(text, line.start(), line.end(), places))
        position = line.end() + (2 if text.startswith("\r\n", line.end()) else 1)
    width = width_of(row for block in found if isinstance(block, list) for row in block)
    spread: list[Block] = []
    for block in found:
        if isinstance(block, Paragraph):
            spread.append(block)
        elif width and block:
            spread.append(grid_of(block, width, places, budget))
    return spread


def _looks_like_row(content: str) -> bool:
    """Whether a line can begin a table: it opens with a pipe, or has several."""
    return content.lstrip().startswith("|") or content.count("|") > 1


def _row(text: str, start: int, end: int) -> list[Field]:
    """The cells of a line between its pipes; the pipes at its ends are optional."""
    cuts = [
        found.start()
        for found in re.compile(r"\|").finditer(text, start, end)
        if not _is_escaped(text, found.start(), start)
    ]
    edges = [start - 1, *cuts, end]
    fields = [_cell(text, left + 1, right) for left, right in pairwise(edges)]
    if fields and not fields[0].text and cuts and not text[start : cuts[0]].strip():
        fields.pop(0)
    if fields and cuts and not text[cuts[-1] + 1 : end].strip():
        fields.pop()
    return fields


def _is_escaped(text: str, at: int, start: int) -> bool:
    before = at
    while before > start and text[before - 1] == "\\":
        before -= 1
    return (at - before) % 2 == 1


def _cell(text: str, start: int, end: int) -> Field:
    field = field_at(text, start, end)
    return field._replace(text=_plain(field.text)) if field.text else field


def _unescaped(found: re.Match[str]) -> str:
    return found[1] or found[2]


def _plain(text: str) -> str:
    """The text without the marks of Markdown that change no word: strong, escapes, entities, `<br>`."""
    text = _STRONG.sub(r"\2", _BREAK.sub("\n", text))
    text = _ENTITY.sub(lambda found: html.unescape(found[0]), _ESCAPED.sub(_unescaped, text))
    return clean(text)


def _line(text: str, start: int, end: int, places: Lines) -> Paragraph:
    """A line outside of tables; its place is that of its text without the marks of a heading."""
    heading = _HEADING.match(text, start, end)
    if heading is None:
        field = field_at(text, start, end)
        return Paragraph(_plain(field.text), places.place(field.start, field.end))
    begin = heading.end()
    field = field_at(text, begin, begin + len(text[begin:end].rstrip().rstrip("#")))
    return Paragraph(_plain(field.text), places.place(field.start, field.end), heading[0].count("#"))
