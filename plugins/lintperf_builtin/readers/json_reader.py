"""JSON files: one document, or an array of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lintperf.document import Document
from lintperf.document.errors import SyntaxProblem
from lintperf.document.json_text import decode_json
from lintperf.extension import Importer, Source, UnreadableError
from lintperf.model import Text
from lintperf_builtin.readers.json_places import JsonPlaces
from lintperf_builtin.readers.text import decode

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["JSON", "NO_DOCUMENT", "read_json"]

NO_DOCUMENT = Text(zh="文件中没有文档", en="the file holds no document")


def read_json(source: Source) -> Iterator[Document]:
    """The documents of a JSON file: those of a top-level array, else one. Raises UnreadableError."""
    text = decode(source.content)
    try:
        data = decode_json(text)
    except SyntaxProblem as problem:
        raise UnreadableError(problem.reason, place=problem.place) from None
    if not isinstance(data, list):
        return iter((Document(source.path, data, locate=JsonPlaces(text), source=text),))
    if not data:
        raise UnreadableError(NO_DOCUMENT)
    return _documents(source.path, text, data)


def _documents(path: str, text: str, items: list[Any]) -> Iterator[Document]:
    for index, data in enumerate(items):
        yield Document(path, data, index, locate=JsonPlaces(text, f"/{index}"), source=text)


JSON = Importer(name="json", suffixes=(".json",), read=read_json, title=Text(zh="JSON 文件", en="JSON file"))
