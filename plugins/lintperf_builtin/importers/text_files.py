"""The importers of plain text: tables that were exported or copied out of a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintperf.extension import Importer
from lintperf.model import Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from lintperf.document import Document
    from lintperf.extension import Source
    from lintperf_builtin.importers.grid import Part

__all__ = ["DELIMITED_TEXT", "MARKDOWN", "PLAIN_TEXT"]


def _read(source: Source, read: Callable[[str], list[Part]]) -> list[Document]:
    """The documents of a text; findings can quote it."""
    from lintperf_builtin.importers.forms import documents
    from lintperf_builtin.importers.package import kind_of, refuse_kind
    from lintperf_builtin.readers.text import decode

    kind = kind_of(source.content)
    # a text may begin with or quote HTML and be none
    if kind not in ("other", "html"):
        raise refuse_kind(kind)
    text = decode(source.content)
    found = documents(source.path, read(text), [])
    for document in found:
        document.source = text
    return found


def _read_plain_text(source: Source) -> list[Document]:
    from lintperf_builtin.importers.plain_text import read_plain_text

    return _read(source, read_plain_text)


def _read_delimited_text(source: Source) -> list[Document]:
    from lintperf_builtin.importers.delimited_text import read_delimited_text

    return _read(source, read_delimited_text)


def _read_markdown(source: Source) -> list[Document]:
    from lintperf_builtin.importers.markdown import read_markdown

    return _read(source, read_markdown)


PLAIN_TEXT = Importer("plain-text", (".txt",), _read_plain_text, Text(zh="纯文本", en="plain text"), shared=True)
DELIMITED_TEXT = Importer(
    "delimited-text", (".csv", ".tsv"), _read_delimited_text, Text(zh="CSV 文本", en="CSV text"), shared=True
)
MARKDOWN = Importer("markdown", (".md",), _read_markdown, Text(zh="Markdown 文本", en="Markdown text"), shared=True)
