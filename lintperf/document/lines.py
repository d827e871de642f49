"""Offsets of a text to lines and columns: code points from 0, the same for every text format."""

from __future__ import annotations

import re
from bisect import bisect_right

from lintperf.model import TextPlace

__all__ = ["Lines"]

# what editors and the language server protocol take for the end of a line; not U+2028 and the like
_BREAK = re.compile(r"\r\n|\n|\r")


class Lines:
    """The lines of one text."""

    __slots__ = ("_size", "_starts")

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in _BREAK.finditer(text))]
        self._size = len(text)

    def place(self, offset: int, end_offset: int) -> TextPlace:
        """The stretch from `offset` to `end_offset` (exclusive); both are kept inside the text."""
        offset = min(max(offset, 0), self._size)
        end_offset = min(max(end_offset, offset), self._size)
        line, column = self._position(offset)
        end_line, end_column = self._position(end_offset)
        return TextPlace(line, column, end_line, end_column, offset, end_offset)

    def start(self, line: int) -> int:
        """Where a line begins; the end of the text for a line behind the last one."""
        return self._starts[line] if line < len(self._starts) else self._size

    def __len__(self) -> int:
        return len(self._starts)

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._starts, offset) - 1
        return line, offset - self._starts[line]
