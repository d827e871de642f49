"""Glyphs to text: lines by their baselines, wrapped lines joined the way they were before they were wrapped."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from lintperf_builtin.importers.grid import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lintperf_builtin.importers.pdf_pages import Glyph

__all__ = ["PADDING", "Line", "is_cut", "join_lines", "lines_of", "padding", "segments_of", "would_wrap"]

# Glyphs whose baselines differ by less than this share of their size stand on one line: raised signs are 0.3 to 0.4.
_SAME_LINE = 0.45
# A gap of this share of the size between Latin letters or digits is a space that the file does not hold as text.
_SPACE_GAP = 0.22
# Twice the width of a Chinese character is no gap between characters of one text, unless the text is spread out.
WIDE_GAP = 1.6
# A gap of this share between a Chinese character and a Latin one is more than none: programs leave a fifth there of
# their own accord, and drop a space at such a place where they already left more.
_MIXED_GAP = 0.12
# Word leaves 5.4 points between text and the edge of a cell, others less. Taking more makes fewer line breaks.
PADDING = 5.4
_LEAST_PADDING = 1.0
# What must be left of a line beyond what the next piece of text needs, before its end counts as meant.
_SLACK = 0.2
# The same between a Chinese and a Latin character, where there may have been a space.
_MIXED_SLACK = 0.5
_OVERLAP = 0.6
# Points by which twice the middle of a centred line may miss that of its cell.
_CENTRED = 4.0
_WIDE = frozenset("WF")
# What may not begin a line: a line before it can end early although one more character had room.
_OPENERS = frozenset("（《「『【〔〈“‘([{<￥$")
_CLOSERS = frozenset("，。、；：？！）》」』】〕〉”’…—％%℃‰°,.;:?!)]}>·～~")


@dataclass(slots=True)
class Line:
    """Glyphs on one baseline, from left to right; for upright text a column of glyphs from the top."""

    glyphs: list[Glyph] = field(default_factory=list)
    upright: bool = False

    @property
    def left(self) -> float:
        """The left edge."""
        return min(glyph.left for glyph in self.glyphs)

    @property
    def right(self) -> float:
        """The right edge."""
        return max(glyph.right for glyph in self.glyphs)

    @property
    def top(self) -> float:
        """The upper edge."""
        return min(glyph.top for glyph in self.glyphs)

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return max(glyph.bottom for glyph in self.glyphs)

    @property
    def size(self) -> float:
        """The size of the text: the largest glyph's."""
        return max(_size(glyph) for glyph in self.glyphs)

    def text(self, tabs: bool = False, spaced: bool = False) -> str:
        """The line's text; with `tabs`, wide gaps without white space in the file are tabs.

        With `spaced`, gaps between Chinese and Latin characters are spaces.
        """
        if self.upright:
            return "".join(glyph.text for glyph in self.glyphs)
        size = self.size
        pieces = [self.glyphs[0].text]
        for before, glyph in pairwise(self.glyphs):
            gap = glyph.left - before.right
            if before.text.isspace() or glyph.text.isspace():
                pass
            elif tabs and gap > WIDE_GAP * size:
                pieces.append("\t")
            elif (gap > _SPACE_GAP * size and _is_latin(before.text) and _is_latin(glyph.text)) or (
                spaced and gap > _MIXED_GAP * size and _is_mixed(before.text, glyph.text)
            ):
                pieces.append(" ")
            pieces.append(glyph.text)
        return "".join(pieces)


def _size(glyph: Glyph) -> float:
    return max(glyph.bottom - glyph.top, min(glyph.right - glyph.left, 2 * (glyph.bottom - glyph.top)), 1.0)


def _is_wide(text: str) -> bool:
    return unicodedata.east_asian_width(text[0]) in _WIDE


def _is_latin(text: str) -> bool:
    return text.isalnum() and not _is_wide(text)


def lines_of(glyphs: Sequence[Glyph]) -> list[Line]:
    """The lines of a stretch of glyphs, from top to bottom; without lines of nothing but white space.

    Glyphs that follow each other downwards make upright lines, read from right to left.
    """
    if _runs_down(glyphs):
        return _columns(glyphs)
    found: list[Line] = []
    base = 0.0
    for glyph in sorted(glyphs, key=lambda one: one.base):
        if not found or glyph.base - base > _SAME_LINE * max(_size(glyph), _size(found[-1].glyphs[0])):
            found.append(Line())
            base = glyph.base
        found[-1].glyphs.append(glyph)
    for line in found:
        line.glyphs = _without_copies(sorted(line.glyphs, key=lambda one: one.left))
    return _trimmed(found)


def _trimmed(lines: Iterable[Line]) -> list[Line]:
    """The lines without white space at their beginning, and those without any text dropped.

    White space at the end stays: where a line is wrapped it is the space between two words.
    """
    kept = []
    for line in lines:
        start = next((at for at, glyph in enumerate(line.glyphs) if not glyph.text.isspace()), None)
        if start is not None:
            line.glyphs = line.glyphs[start:]
            kept.append(line)
    return kept


def _without_copies(glyphs: list[Glyph]) -> list[Glyph]:
    """The glyphs of a line, without those drawn a second time to look bold."""
    kept: list[Glyph] = []
    for glyph in glyphs:
        if kept and kept[-1].text == glyph.text:
            width = max(glyph.right - glyph.left, 0.1)
            if not glyph.text.isspace() and kept[-1].right - glyph.left > _OVERLAP * width:
                continue
        kept.append(glyph)
    return kept


def _runs_down(glyphs: Sequence[Glyph]) -> bool:
    """Whether the text is written downwards: most glyphs stand below the one before, at the same place across."""
    shown = [glyph for glyph in glyphs if not glyph.text.isspace()]
    # Two glyphs below each other are as well two lines.
    if len(shown) < 3:
        return False
    down = sum(
        1
        for before, glyph in pairwise(shown)
        if abs(glyph.middle - before.middle) < 0.3 * _size(before) and glyph.base - before.base > 0.5 * _size(before)
    )
    return down * 4 >= (len(shown) - 1) * 3


def _columns(glyphs: Sequence[Glyph]) -> list[Line]:
    """Upright lines from right to left."""
    found: list[Line] = []
    for glyph in sorted(glyphs, key=lambda one: -one.middle):
        if not found or found[-1].glyphs[0].middle - glyph.middle > _SAME_LINE * _size(glyph):
            found.append(Line(upright=True))
        found[-1].glyphs.append(glyph)
    for line in found:
        line.glyphs.sort(key=lambda one: one.base)
    return _trimmed(found)


def segments_of(line: Line) -> list[Line]:
    """The line cut at its wide gaps: what stands in different columns of a table without ruling lines."""
    size = line.size
    found: list[Line] = []
    right = 0.0
    for glyph in line.glyphs:
        if glyph.text.isspace():
            continue
        if not found or glyph.left - right > WIDE_GAP * size:
            found.append(Line())
        found[-1].glyphs.append(glyph)
        right = glyph.right
    return found


def padding(cells: Iterable[tuple[Sequence[Line], float, float]]) -> float:
    """How far texts keep from the edges of the cells of one table, in points: the least that is seen, at most PADDING.

    Each cell is given with its lines, left and right edge.
    """
    seen = (
        distance
        for lines, left, right in cells
        for line in lines
        for distance in (line.left - left, right - _end(line))
        if distance >= _LEAST_PADDING
    )
    return min(PADDING, min(seen, default=PADDING))


def join_lines(lines: Sequence[Line], left: float, right: float, padding: float = PADDING, tabs: bool = False) -> str:
    """The text of a cell or of paragraphs between two edges: wrapped lines joined, real breaks kept as line feeds.

    With `tabs`, wide gaps in a line are tabs, and such a line is not joined with the next.
    """
    if not lines:
        return ""
    spaced = _is_spaced(lines)
    texts = [line.text(tabs, spaced) for line in lines]
    centred = all(_is_centred(line, left, right) for line in lines)
    joined = texts[0]
    for number, text in enumerate(texts[1:], 1):
        before, line = lines[number - 1], lines[number]
        if line.upright:
            joined += text
        elif (tabs and _apart(before, line)) or _room(before, left, right, padding, centred) > _needed(before, line):
            joined = f"{joined.rstrip()}\n{text}"
        else:
            joined += (" " if _needs_space(before, line, spaced) else "") + text
    return clean(joined)


def _is_centred(line: Line, left: float, right: float) -> bool:
    return abs((line.left + _end(line)) - (left + right)) < _CENTRED


def _is_spaced(lines: Sequence[Line]) -> bool:
    """Whether the text puts spaces between Chinese and Latin characters: mostly, where nothing hides them."""
    with_space = without = 0
    for line in lines:
        glyphs = line.glyphs
        for number in range(1, len(glyphs)):
            before, glyph = glyphs[number - 1], glyphs[number]
            if _is_mixed(before.text, glyph.text):
                without += glyph.left - before.right < _SPACE_GAP * line.size
            elif glyph.text == " " and number + 1 < len(glyphs) and _is_mixed(before.text, glyphs[number + 1].text):
                with_space += 1
    return with_space > without


def _is_mixed(one: str, other: str) -> bool:
    """Whether one is a Chinese character and the other a Latin letter or a digit."""
    return one.isalnum() and other.isalnum() and _is_wide(one) != _is_wide(other)


def _apart(before: Line, line: Line) -> bool:
    """Whether two lines outside of tables are none of one paragraph: tab stops, another size, more space between."""
    if "\t" in before.text(True) or "\t" in line.text(True):
        return True
    size = max(before.size, line.size)
    return abs(before.size - line.size) > 0.15 * size or line.top - before.bottom > 1.2 * size


def is_cut(line: Line, left: float, right: float) -> bool:
    """Whether the line reaches the edge, so that its text may go on on the next: nothing ends there for sure."""
    return _room(line, left, right, PADDING, _is_centred(line, left, right)) < 1.5 * line.size


def would_wrap(before: Line, line: Line, left: float, right: float) -> bool:
    """Whether the beginning of a line had no room at the end of the one before."""
    return _room(before, left, right, PADDING, _is_centred(before, left, right)) <= _needed(before, line)


def _end(line: Line) -> float:
    """The right edge of the line's last character that is no white space."""
    return max((glyph.right for glyph in line.glyphs if not glyph.text.isspace()), default=line.right)


def _room(line: Line, left: float, right: float, padding: float, centred: bool) -> float:
    """How much could still have stood at the end of the line."""
    if centred:
        return right - left - 2 * padding - (_end(line) - line.left)
    return right - padding - _end(line)


def _needed(before: Line, line: Line) -> float:
    """The room that the next line's beginning would have needed at the end of the line before."""
    last = before.glyphs[-1].text
    mixed = last.isspace() or _is_mixed(last, line.glyphs[0].text)
    return _first_unit(line) + (_MIXED_SLACK if mixed else _SLACK) * line.size


def _first_unit(line: Line) -> float:
    """The width of what could not be parted from the line's first glyph: a word, a number, brackets, punctuation."""
    first = line.glyphs[0]
    end = first.right
    for before, glyph in pairwise(line.glyphs):
        tied = (
            before.text in _OPENERS or glyph.text in _CLOSERS or (before.text in _CLOSERS and not _is_wide(glyph.text))
        )
        if glyph.text.isspace() or not (tied or not (_is_wide(before.text) or _is_wide(glyph.text))):
            break
        end = glyph.right
    return end - first.left


def _needs_space(before: Line, line: Line, spaced: bool) -> bool:
    """Whether there was a space where the line was wrapped: programs do not keep it.

    A number or a word too long for the line was cut, not parted.
    """
    last, first = before.glyphs[-1].text, line.glyphs[0].text
    if _is_mixed(last, first):
        return spaced
    if _is_wide(last) or _is_wide(first) or not first.isalnum() or first.isdigit() or last.isspace():
        return False
    if last in ",.;:!?":
        # No program wraps behind these signs without a space, unless all before is one long word.
        return any(glyph.text.isspace() or _is_wide(glyph.text) for glyph in before.glyphs)
    return _is_latin(last) and not last.isdigit() and not all(_is_latin(glyph.text) for glyph in before.glyphs)
