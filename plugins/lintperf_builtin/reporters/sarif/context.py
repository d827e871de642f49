"""Excerpts of a text file: the value, and the row or the lines around it, never more than a screen."""

from __future__ import annotations

from lintperf.document.lines import Lines
from lintperf.model import TextPlace

__all__ = ["LONGEST", "Excerpts"]

MOST_LINES = 16
LONGEST = 1000
# around a value whose row is too large to show: so many lines, or code points of a long line
LINES_AROUND = 2
CHARACTERS_AROUND = 120
_OPENING = ("{", "[", "- ")
_CLOSING = ("}", "]")


class Excerpts:
    """What can be shown of one text."""

    __slots__ = ("_begun", "_lines", "_rows", "_source")

    def __init__(self, source: str) -> None:
        self._source = source
        self._lines = Lines(source)
        self._begun: dict[int, tuple[int, str]] = {}
        self._rows: dict[tuple[int, int], tuple[int, int] | None] = {}

    def text(self, place: TextPlace) -> str:
        """The characters at a place."""
        return self._source[place.offset : place.end_offset]

    def beginning(self, place: TextPlace) -> TextPlace:
        """The first line of a place that fills more than a screen: enough to find it by; another place as it is."""
        if place.end_line - place.line < MOST_LINES and place.end_offset - place.offset <= LONGEST:
            return place
        end = min(self._end(place.line), place.offset + CHARACTERS_AROUND, place.end_offset)
        return self._lines.place(place.offset, end)

    def around(self, place: TextPlace) -> TextPlace | None:
        """The row that a value stands in, as whole lines; where it is too large, some lines or characters around it.

        None where there is nothing around it.
        """
        first, last = place.line, place.end_line
        blocks = [(max(0, first - LINES_AROUND), min(len(self._lines) - 1, last + LINES_AROUND))]
        row = self._row(first, last)
        if row is not None:
            blocks.insert(0, row)
        for top, bottom in blocks:
            # a value may take its line break with it
            start, end = self._lines.start(top), max(self._end(bottom), place.end_offset)
            if end - start <= LONGEST and (start < place.offset or end > place.end_offset):
                return self._lines.place(start, end)
        start = max(self._lines.start(first), place.offset - CHARACTERS_AROUND)
        end = max(min(self._end(last), place.end_offset + CHARACTERS_AROUND), place.end_offset)
        if start >= place.offset and end <= place.end_offset:
            return None
        return self._lines.place(start, end)

    def _row(self, first: int, last: int) -> tuple[int, int] | None:
        """First and last line of the row around some lines: what is indented more than the line that opens it."""
        key = (first, last)
        if key not in self._rows:
            opening = self._opening(first)
            row = None if opening is None else (opening, self._closing(opening, last))
            self._rows[key] = row if row is not None and row[1] - row[0] < MOST_LINES else None
        return self._rows[key]

    def _end(self, line: int) -> int:
        """Where a line ends, before its break."""
        start, end = self._lines.start(line), self._lines.start(line + 1)
        if end > start and self._source[end - 1] == "\n":
            end -= 1
        return end - 1 if end > start and self._source[end - 1] == "\r" else end

    def _line(self, number: int) -> tuple[int, str]:
        """The indentation of a line and the beginning of the text behind it; a line may be as long as the file."""
        known = self._begun.get(number)
        if known is None:
            start = self._lines.start(number)
            text = self._source[start : min(self._end(number), start + CHARACTERS_AROUND)]
            stripped = text.lstrip()
            known = self._begun[number] = (len(text) - len(stripped), stripped[:2])
        return known

    def _opening(self, first: int) -> int | None:
        indentation, text = self._line(first)
        if text.startswith(_OPENING):
            return first
        for number in range(first - 1, max(-1, first - MOST_LINES), -1):
            above, text = self._line(number)
            if text and above < indentation:
                return number
        return None

    def _closing(self, opening: int, last: int) -> int:
        indentation = self._line(opening)[0]
        end = last
        for number in range(last + 1, min(len(self._lines), opening + MOST_LINES + 1)):
            below, text = self._line(number)
            if not text:
                continue
            if below <= indentation:
                return number if below == indentation and text.startswith(_CLOSING) else end
            end = number
        return end
