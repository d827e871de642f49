"""A form laid out on paper: lines of text and tables of boxes on one grid of columns, whatever format draws them."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal, NamedTuple

__all__ = ["Box", "Line", "Printed", "Row", "printable", "shown", "starts"]

# label: a header or the name of a field; side: the name of a section, at its left; text: long, from the left;
# short: centred; number: centred, never wrapped
Look = Literal["label", "side", "text", "short", "number"]

_LINE_ENDS = re.compile("\r\n|[\r\v\f]")
# What XML 1.0 cannot hold; HTML forbids most of it as well.
_ILLEGAL = re.compile("[\x00-\x08\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Line(NamedTuple):
    """A line above the tables. title: the form's name; caption: centred below it; corner: at the left, before all.

    pointers  as of a Box
    """

    text: str
    look: Literal["title", "caption", "corner"]
    pointers: tuple[str, ...] = ()


class Box(NamedTuple):
    """A cell: its first column and its spans on the grid.

    value          a number keeps its decimals; a text its line feeds
    grouped        whether the digits of a number are grouped by thousands
    above, below   whether it has a line at its upper and lower edge
    pointers       JSON pointers of the values that it shows; of a section's name that of the section
    """

    column: int
    columns: int
    value: str | Decimal
    look: Look
    rows: int = 1
    grouped: bool = False
    above: bool = True
    below: bool = True
    pointers: tuple[str, ...] = ()


class Row(NamedTuple):
    """A row of a table: the boxes that start in it, from left to right.

    header  it repeats on every page
    splits  its texts may go on in further rows, where a format has no room for them in one
    """

    boxes: tuple[Box, ...]
    header: bool = False
    splits: bool = False


class Printed(NamedTuple):
    """One form on paper.

    name    short, for the tab of a workbook
    widths  of the grid's columns, in tenths of a millimetre; they fill the page between its margins
    tables  each breaks over pages by itself; all share the grid
    """

    name: str
    lines: tuple[Line, ...]
    widths: tuple[int, ...]
    landscape: bool
    tables: tuple[tuple[Row, ...], ...]


def printable(text: str) -> tuple[str, bool]:
    """The text with line feeds as its only line ends, and whether it had characters that no file format can hold.

    Those become U+FFFD, so that a reader sees where they were.
    """
    text = _LINE_ENDS.sub("\n", text)
    clean = _ILLEGAL.sub("\ufffd", text)
    return clean, clean != text


def shown(box: Box) -> str:
    """The text of a box: a number with all decimals it has, never with an exponent."""
    if isinstance(box.value, str):
        return box.value
    return f"{box.value:,f}" if box.grouped else f"{box.value:f}"


def starts(rows: tuple[Row, ...]) -> list[dict[int, tuple[Box, bool]]]:
    """For each row the boxes that cover it, by their first column, and whether they start there."""
    covered: list[dict[int, tuple[Box, bool]]] = [{} for _ in rows]
    for at, row in enumerate(rows):
        for box in row.boxes:
            for below in range(box.rows):
                covered[at + below][box.column] = (box, below == 0)
    return [dict(sorted(row.items())) for row in covered]
