"""Chinese text cut into sentences, clauses and list items, with the places of each; all linear."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from lintperf.patterns import pattern
from lintperf_builtin.facts.numerals import fold

__all__ = ["clause_start", "clauses", "items", "level", "sentences", "span_at"]

_INVISIBLE: Final = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), " ")
_LATEX: Final = pattern(r"\\(?:geqslant|geq|ge|leqslant|leq|le|%)(?![a-z])|\$")
_LATEX_SIGNS: Final = {"\\geqslant": "≥", "\\geq": "≥", "\\ge": "≥", "\\leqslant": "≤", "\\leq": "≤", "\\le": "≤",
                       "\\%": "%", "$": " "}  # fmt: skip
_TITLE: Final = pattern(r"《[^《》]{0,200}》")
_TITLE_INSIDE: Final = "〓"
_SENTENCE_END: Final = pattern(r"[。!?！？\n]+|<[/a-zA-Z][^<>]{0,60}>|[;；]")
_ITEM: Final = pattern(
    r"(?<![0-9.第表图])(?:[0-9]{1,2}[、．](?![0-9])|[0-9]{1,2}\.(?![0-9])|[(][0-9一二三四五六七八九十]{1,3}[)]|[①-⑳])"
)
# the marks that every text has are replaced one after the other: a tenth of the time of looking each place up
_MARKS: Final = [(mark, fold(mark)) for mark in "：；（）"]
_TO_LAST_MARK: Final = pattern(r"(?s:.*)[,，。;；!?！？\n()“”\"【】<>]")
_CLAUSE_END: Final = pattern(r"[,，。;；!?！？\n(（)）“”\"【】<>]")


def level(text: str) -> str:
    """`text` folded with every character at its place: signs as in `fold`, formula marks of conversions as signs,
    titles in 《》 blanked out, so that the numbers inside them are not read."""
    for mark, folded in _MARKS:
        text = text.replace(mark, folded)
    plain = fold(text)
    if len(plain) < len(text):  # `fold` leaves out what cannot be seen
        plain = fold(text.translate(_INVISIBLE))
    if "\\" in plain or "$" in plain:
        plain = _LATEX.sub(lambda match: _LATEX_SIGNS[match[0]].rjust(len(match[0])), plain)
    if "《" in plain:
        plain = _TITLE.sub(lambda match: f"《{_TITLE_INSIDE * (len(match[0]) - 2)}》", plain)
    return plain


def sentences(text: str) -> list[tuple[int, int]]:
    """Start and end of each sentence of a levelled text, its final mark included, blank ones left out."""
    found: list[tuple[int, int]] = []
    start = 0
    for match in _SENTENCE_END.finditer(text):
        if text[start : match.start()].strip():
            found.append((start, match.end()))
        start = match.end()
    if text[start:].strip():
        found.append((start, len(text)))
    return found


def span_at(spans: Sequence[tuple[int, int]], offset: int) -> tuple[int, int]:
    """The span that holds `offset`; the text's beginning where none does."""
    index = bisect_right(spans, (offset, 1 << 60)) - 1
    return spans[index] if index >= 0 else (0, 0)


def clauses(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Start and end of the clauses between two places of a levelled text; commas and brackets part them."""
    found: list[tuple[int, int]] = []
    for match in _CLAUSE_END.finditer(text, start, end):
        if match.start() > start:
            found.append((start, match.start()))
        start = match.end()
    if start < end:
        found.append((start, end))
    return found


def clause_start(text: str, start: int, offset: int) -> int:
    """Where the clause begins that holds `offset`, not before `start`; looks back at most 80 characters."""
    least = max(start, offset - 80)
    match = _TO_LAST_MARK.match(text, least, offset)
    return least if match is None else match.end()


def items(text: str) -> list[tuple[int, int]]:
    """Start and end of the numbered items of a levelled text (1. … 2. …, （一）…, ①…); one span where there is none."""
    starts = [match.start() for match in _ITEM.finditer(text)]
    if not starts:
        return [(0, len(text))]
    if starts[0] > 0:
        starts.insert(0, 0)
    return list(zip(starts, [*starts[1:], len(text)], strict=True))
