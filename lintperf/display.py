"""Text on a terminal: what is safe to print, how wide it is, how to cut, wrap and line it up.

A Chinese character takes two columns. Characters of ambiguous width (`“”`, `·`, `≥`, box lines) count as one, as
terminals draw them unless told otherwise.
"""

from __future__ import annotations

import re
import unicodedata

from lintperf.patterns import pattern

__all__ = ["clean", "cut", "display_width", "pad", "visible", "wrap"]

# what could command a terminal or reorder a line: control characters, bidirectional marks, lone surrogates
_UNSAFE = pattern("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
# a run of narrow characters stays whole; a wide one may stand alone
_PIECE = pattern(r"[!-~]+|\s+|.", re.DOTALL)
_NEVER_FIRST = frozenset("，。、；：？！）》」』】〕〉”’％‰…·,.;:?!)]}%")
_NEVER_LAST = frozenset("（《「『【〔〈“‘([{")


def _picture(match: re.Match[str]) -> str:
    code = ord(match.group())
    if code < 0x20:
        return chr(0x2400 + code)
    return "␡" if code == 0x7F else "\ufffd"


def visible(text: str) -> str:
    """`text` harmless to a terminal: control characters, line ends among them, as pictures; nothing else changed."""
    return _UNSAFE.sub(_picture, text)


def clean(text: str) -> str:
    """`text` on one line and harmless to a terminal, its white space squeezed."""
    return visible(" ".join(text.split()))


def display_width(text: str) -> int:
    """How many columns `text` takes on a terminal."""
    if text.isascii():
        return len(text)
    width = 0
    for character in text:
        if unicodedata.east_asian_width(character) in "WF":
            width += 2
        elif unicodedata.category(character) not in ("Mn", "Me", "Cf"):
            width += 1
    return width


def cut(text: str, width: int) -> str:
    """`text` in at most `width` columns, with an ellipsis where something is left out; `width` is at least 1."""
    if display_width(text) <= width:
        return text
    kept, used = [], 0
    for character in text:
        used += display_width(character)
        if used > width - 1:
            break
        kept.append(character)
    return "".join(kept) + "…"


def pad(text: str, width: int, right: bool = False) -> str:
    """`text` filled up with blanks to `width` columns; `right` puts it at the right end."""
    blanks = " " * (width - display_width(text))
    return blanks + text if right else text + blanks


def wrap(text: str, width: int) -> list[str]:
    """`text` broken into lines of at most `width` columns.

    Breaks stand between words and between Chinese characters, never before closing or after opening punctuation
    unless a line would hold nothing else; what alone is wider than a line is broken anywhere.
    """
    pieces: list[str] = []
    for piece in _PIECE.findall(text):
        glued = (
            bool(pieces)
            and not piece.isspace()
            and (piece[0] in _NEVER_FIRST or (pieces[-1][-1] in _NEVER_LAST) or unicodedata.combining(piece[0]) > 0)
        )
        if glued and not pieces[-1].isspace() and display_width(pieces[-1] + piece) <= width:
            pieces[-1] += piece
        else:
            pieces.append(piece)
    lines: list[str] = []
    line = ""
    for piece in pieces:
        if display_width(line + piece) <= width:
            line += piece
            continue
        if line.strip():
            lines.append(line.rstrip())
        line = "" if piece.isspace() else piece
        while display_width(line) > width:
            head = cut(line, width + 1)[:-1] or line[0]
            lines.append(head)
            line = line[len(head) :]
    if line.strip():
        lines.append(line.rstrip())
    return lines
