"""A document as it is drawn on a page: paragraphs and tables of boxes in order, with the values that each shows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, NamedTuple

from lintperf_builtin.renderers.printed import Box, Row

__all__ = ["Block", "Drawn", "Grid", "Look", "Prose", "Words", "spots"]

# title, caption, corner: as of a printed form; heading: of a section, with its level; text: running text;
# label: the title of a table that is no heading
Look = Literal["title", "caption", "corner", "heading", "text", "label"]


class Words(NamedTuple):
    """A stretch of a paragraph's text that is a value of its own, from `start` to before `end` in code points."""

    start: int
    end: int


class Prose(NamedTuple):
    """A line or paragraph.

    level     of a heading, from 1
    pointers  JSON pointers of the values that it shows
    """

    text: str
    look: Look
    level: int = 0
    pointers: tuple[str, ...] = ()


class Grid(NamedTuple):
    """A table: rows of boxes on columns of these relative widths, which fill the page.

    wide  whether it wants a page in landscape of its own
    """

    widths: tuple[int, ...]
    rows: tuple[Row, ...]
    wide: bool = False


Block = Prose | Grid


class Drawn(NamedTuple):
    """A document to draw.

    landscape  whether all of it is wider than a page in portrait
    within     pointer of a value that is part of a block → the pointer of that block, and where in its text
    further    pointers of values that the layout has no room for, to be listed below it
    """

    blocks: tuple[Block, ...]
    landscape: bool = False
    within: Mapping[str, tuple[str, Words | None]] = {}
    further: tuple[str, ...] = ()


def spots(drawn: Drawn) -> Iterator[tuple[Prose | Box, tuple[str, ...]]]:
    """All paragraphs and boxes in order, with their pointers; those that show no value too."""
    for block in drawn.blocks:
        if isinstance(block, Prose):
            yield block, block.pointers
            continue
        for row in block.rows:
            for box in row.boxes:
                yield box, box.pointers
