"""Tables as lines of text for a terminal: columns lined up by the width of Chinese characters, long texts below."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from lintperf.display import cut, display_width, pad, wrap
from lintperf.model import Lang
from lintperf.tables.sheet import Heading, cell_text

__all__ = ["text_rows"]

# Chinese characters: a text column with room for more stands on lines of its own
LONG = 16
GAP = "  "
INDENT = " " * 6
NARROWEST = 4
ENOUGH = 10
_COLORS = {"bad": "31", "doubtful": "33", "quiet": "2", "strong": "1"}


def text_rows(
    headings: Sequence[Heading], rows: Sequence[Mapping[str, Any]], lang: Lang, width: int, color: bool = False
) -> Iterator[str]:
    """Lines, each with its end, of at most `width` columns: a header, a rule, the rows.

    Long texts stand below their row; what is too wide for its column is cut. Where the columns do not fit side by
    side, each cell that is not blank stands on a line of its own, behind the column's title.
    """
    long = [heading for heading in headings if heading.kind == "text" and heading.width >= LONG]
    shown = [heading for heading in headings if heading not in long and not heading.detail]
    cells = [[cell_text(row.get(heading.key), heading.kind, lang) for heading in shown] for row in rows]
    widths = _fitted(shown, cells, width)
    if sum(widths) + len(GAP) * (len(widths) - 1) > width:
        yield from _listed(headings, rows, lang, width)
        return
    right = [heading.kind != "text" for heading in shown]
    yield _joined([heading.title for heading in shown], widths, right)
    yield "─" * min(width, sum(widths) + len(GAP) * (len(widths) - 1)) + "\n"
    for row, texts in zip(rows, cells, strict=True):
        code = ";".join(_COLORS.get(word, "0") for word in (row.get("tone") or "").split()) if color else ""
        line = _joined(texts, widths, right)
        yield f"\033[{code}m{line[:-1]}\033[0m\n" if code else line
        for heading in long:
            for line in wrap(cell_text(row.get(heading.key), heading.kind, lang), max(20, width - len(INDENT))):
                yield f"{INDENT}{line}\n"


def _listed(headings: Sequence[Heading], rows: Sequence[Mapping[str, Any]], lang: Lang, width: int) -> Iterator[str]:
    """Each row as a list of titles and cells, a blank line between rows."""
    titles = max((display_width(heading.title) for heading in headings), default=0)
    titles = min(titles, width // 2)
    room = max(1, width - titles - len(GAP))
    for number, row in enumerate(rows):
        if number:
            yield "\n"
        for heading in headings:
            texts = wrap(cell_text(row.get(heading.key), heading.kind, lang), room)
            for at, text in enumerate(texts):
                title = cut(heading.title, titles) if at == 0 else ""
                yield f"{pad(title, titles)}{GAP}{text}\n"


def _fitted(headings: Sequence[Heading], cells: Iterable[Sequence[str]], width: int) -> list[int]:
    """Widths of the columns: as wide as their cells, texts at most twice their room; the widest texts give way."""
    widths = [display_width(heading.title) for heading in headings]
    for row in cells:
        widths = [max(wide, display_width(text)) for wide, text in zip(widths, row, strict=True)]
    texts = [number for number, heading in enumerate(headings) if heading.kind == "text"]
    for number in texts:
        widths[number] = min(widths[number], headings[number].room * 3)
    room = width - len(GAP) * (len(widths) - 1)
    while sum(widths) > room:
        # the first text says what the row is about
        others = [number for number in texts[1:] if widths[number] > ENOUGH]
        widest = max(others or texts or range(len(widths)), key=lambda number: widths[number])
        if widths[widest] <= NARROWEST:
            break
        widths[widest] -= 1
    return widths


def _joined(texts: Sequence[str], widths: Sequence[int], right: Sequence[bool]) -> str:
    parts = [pad(cut(text, wide), wide, at) for text, wide, at in zip(texts, widths, right, strict=True)]
    return GAP.join(parts).rstrip() + "\n"
