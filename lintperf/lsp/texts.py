"""Texts that an editor holds, and places in them as the protocol counts: the one conversion to and from code points.

Lines end as in `document.lines`: with LF, CR LF or CR, and not with U+2028, form feeds and the like.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from pathlib import Path

from lsprotocol import types as lsp
from pygls.uris import to_fs_path

__all__ = ["EditorText", "uri_of"]

_BREAK = re.compile(r"\r\n|\n|\r")
_SUFFIXES = {"json": ".json", "jsonc": ".json", "yaml": ".yaml"}
_BEYOND_BMP = re.compile("[\U00010000-\U0010ffff]")


def uri_of(path: str | Path) -> str:
    """The URI of a file."""
    return Path(path).absolute().as_uri()


class EditorText:
    """One state of an open text.

    path      where it lies, or its name where it has not been saved anywhere
    encoding  what columns count: utf-8, utf-16 or utf-32 units
    language  what the editor takes it for: json, yaml
    """

    __slots__ = ("_starts", "encoding", "language", "path", "saved", "text", "uri", "version")

    def __init__(self, uri: str, text: str, version: int, encoding: str, language: str = "") -> None:
        self.uri = uri
        self.text = text
        self.version = version
        self.encoding = encoding
        path = to_fs_path(uri) if uri.startswith("file:") else None
        self.saved = path is not None
        self.language = language
        self.path = Path(path if path is not None else uri.rpartition("/")[2].rpartition(":")[2] or "untitled")
        if not self.saved and not self.path.suffix:
            # a new text has a language before it has a name
            self.path = self.path.with_suffix(_SUFFIXES.get(language, ""))
        self._starts = [0, *(found.end() for found in _BREAK.finditer(text))]

    @property
    def suffix(self) -> str:
        """The file's suffix, lower case."""
        return self.path.suffix.lower()

    def changed(self, changes: Iterable[lsp.TextDocumentContentChangeEvent], version: int) -> EditorText:
        """The text after the editor's changes, each of them counted in the state that the one before left."""
        state = self
        for change in changes:
            if isinstance(change, lsp.TextDocumentContentChangePartial):
                start, end = state.offset(change.range.start), state.offset(change.range.end)
                text = state.text[:start] + change.text + state.text[max(start, end) :]
            else:
                text = change.text
            state = EditorText(self.uri, text, version, self.encoding, self.language)
        return state

    def line(self, number: int) -> tuple[int, int]:
        """Offsets of a line's start and of its end without the line break; those of the text's end beyond the last."""
        if not 0 <= number < len(self._starts):
            return len(self.text), len(self.text)
        start = self._starts[number]
        if number + 1 == len(self._starts):
            return start, len(self.text)
        end = self._starts[number + 1]
        while end > start and self.text[end - 1] in "\r\n":
            end -= 1
        return start, end

    def offset(self, position: lsp.Position) -> int:
        """The offset in code points; columns beyond the line's end are its end."""
        start, end = self.line(position.line)
        line = self.text[start:end]
        if self._counts_alike(line):
            return start + min(position.character, len(line))
        units = 0
        for number, character in enumerate(line):
            if units >= position.character:
                return start + number
            units += self._units(character)
        return end

    def position(self, offset: int) -> lsp.Position:
        """The position of an offset in code points."""
        offset = min(max(offset, 0), len(self.text))
        line = bisect_right(self._starts, offset) - 1
        before = self.text[self._starts[line] : offset]
        return lsp.Position(line, len(before) if self._counts_alike(before) else self._units(before))

    def range(self, start: int, end: int) -> lsp.Range:
        """The range between two offsets in code points, the end exclusive."""
        return lsp.Range(self.position(start), self.position(end))

    def _counts_alike(self, text: str) -> bool:
        """Whether each code point of `text` is one unit."""
        if self.encoding == "utf-32" or text.isascii():
            return True
        return self.encoding == "utf-16" and _BEYOND_BMP.search(text) is None

    def _units(self, text: str) -> int:
        if self.encoding == "utf-8":
            return len(text.encode("utf-8", "surrogatepass"))
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
