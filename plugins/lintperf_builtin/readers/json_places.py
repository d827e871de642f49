"""Where the values of a JSON text stand, computed only when somebody asks."""

from __future__ import annotations

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import TYPE_CHECKING

from lintperf.document.lines import Lines

if TYPE_CHECKING:
    from lintperf.document import Locator
    from lintperf.model import TextPlace

__all__ = ["JsonPlaces"]

_SPACE = re.compile(r"[ \t\n\r]*")
# the C scanner: text and offset → value and end
_scan = json.JSONDecoder(parse_float=str, parse_int=str).scan_once  # type: ignore[attr-defined]

# start and end of a value, in code points
_Span = tuple[int, int]


class JsonPlaces:
    """Pointer → place of the value in a JSON text that is known to be valid; None where there is no such value.

    Walks with the C scanner, only along the pointers asked for, and remembers the containers it has walked.
    """

    __slots__ = ("_children", "_lines", "_text")

    def __init__(self, text: str) -> None:
        self._text = text
        self._lines: Lines | None = None
        self._children: dict[int, dict[str, _Span]] = {}

    def __call__(self, pointer: str) -> TextPlace | None:
        """The place of the value at `pointer`; None where the document has no such value."""
        start = self._skip_space(0)
        span = (start, len(self._text.rstrip(" \t\n\r")))
        for token in pointer.split("/")[1:]:
            found = self._members(span[0]).get(token.replace("~1", "/").replace("~0", "~"))
            if found is None:
                return None
            span = found
        if self._lines is None:
            self._lines = Lines(self._text)
        return self._lines.place(*span)

    def below(self, root: str) -> Locator:
        """The places of a document that is part of the text: pointers are relative to `root`.

        All documents of a text share what one of them has made walk, so that a long array is walked once.
        """
        return lambda pointer: self(root + pointer)

    def _members(self, start: int) -> dict[str, _Span]:
        """The spans of the members of the object or array that starts at `start`; empty for other values."""
        members = self._children.get(start)
        if members is None:
            members = self._children[start] = {}
            opening = self._text[start]
            if opening in "{[":
                self._walk(members, start, opening == "{")
        return members

    def _walk(self, members: dict[str, _Span], start: int, has_keys: bool) -> None:
        text = self._text
        position = self._skip_space(start + 1)
        while text[position] not in "}]":
            if has_keys:
                token, position = scanstring(text, position + 1, True)
                position = self._skip_space(self._skip_space(position) + 1)
            else:
                token = str(len(members))
            end = _scan(text, position)[1]
            members[token] = (position, end)
            position = self._skip_space(end)
            if text[position] == ",":
                position = self._skip_space(position + 1)

    def _skip_space(self, position: int) -> int:
        found = _SPACE.match(self._text, position)
        return found.end() if found else position
