"""A row of a form on a terminal: its heads, values and marks lined up, cut to the width there is."""

from __future__ import annotations

from collections.abc import Sequence

from lintperf.display import clean, cut, display_width, pad, visible, wrap

__all__ = ["clean", "cut", "display_width", "grid", "pad", "visible", "wrap"]

SEPARATOR = " │ "
BLANK_SEPARATOR = " " * len(SEPARATOR)
NARROWEST = 4


def _shrink(widths: Sequence[int], room: int, keep: int) -> list[int]:
    """Column widths that together take at most `room`: the widest give way first, column `keep` last."""
    fitted = list(widths)
    while sum(fitted) > room:
        candidates = [i for i in range(len(fitted)) if i != keep and fitted[i] > NARROWEST]
        if not candidates:
            candidates = [i for i in range(len(fitted)) if fitted[i] > NARROWEST]
        if not candidates:
            break
        widest = max(candidates, key=lambda i: fitted[i])
        fitted[widest] -= 1
    return fitted


def grid(
    heads: Sequence[str], values: Sequence[str], right: Sequence[bool], marks: Sequence[str], width: int
) -> tuple[str, str, str]:
    """A table of one row: the line of heads, the line of values, the line of marks, all of the same display width.

    right  which columns are numbers and stand at the right
    marks  a character a column to underline its value with, "" for none; `^` is the one that has to be seen
    width  columns to fit in. Wide cells are cut; if that is not enough, columns far from `^` are left out
    """
    centre = next((i for i, mark in enumerate(marks) if mark == "^"), 0)
    shown = list(range(len(heads)))
    most = max(1, (width + len(SEPARATOR)) // (NARROWEST + len(SEPARATOR)))
    while len(shown) > most:
        shown.pop(0 if centre - shown[0] > shown[-1] - centre else -1)
    widths = [max(display_width(heads[i]), display_width(values[i]), 1) for i in shown]
    room = width - len(SEPARATOR) * (len(shown) - 1)
    widths = _shrink(widths, room, shown.index(centre) if shown else 0)
    lines: tuple[list[str], list[str], list[str]] = ([], [], [])
    for i, column in zip(shown, widths, strict=True):
        value = cut(values[i], column)
        lines[0].append(pad(cut(heads[i], column), column, right[i]))
        lines[1].append(pad(value, column, right[i]))
        mark = marks[i] * max(1, display_width(value)) if marks[i] else ""
        lines[2].append(pad(mark, column, right[i]))
    return SEPARATOR.join(lines[0]), SEPARATOR.join(lines[1]), BLANK_SEPARATOR.join(lines[2])
