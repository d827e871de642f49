"""JSON files: one document, or an array of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lintperf.document import Document
from lintperf.document.errors import SyntaxProblem
from lintperf.document.json_text import decode_json
from lintperf.extension import Importer, Source, UnreadableError, quick_reading
from lintperf.model import Remark, Text
from lintperf_builtin.readers.json_places import JsonPlaces
from lintperf_builtin.readers.text import check_documents, check_values, decode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lintperf.model import Place

__all__ = ["JSON", "NO_DOCUMENT", "null_document", "read_json"]

NO_DOCUMENT = Text(zh="文件中没有文档", en="the file holds no document")


def read_json(source: Source) -> Iterator[Document]:
    """The documents of a JSON file: those of a top-level array, else one. Raises UnreadableError."""
    quickly = quick_reading.get()
    known = quickly(source.content) if quickly is not None else None
    if known is not None:
        text = source.content.decode()
        return iter((Document(source.path, known, locate=JsonPlaces(text), source=text, syntax="json", valid=True),))
    text = decode(source.content)
    check_values(text, ",[{")
    try:
        data = decode_json(text)
    except SyntaxProblem as problem:
        raise UnreadableError(problem.reason, place=problem.place, source=text) from None
    if data is None or data == []:
        raise UnreadableError(NO_DOCUMENT)
    places = JsonPlaces(text)
    if not isinstance(data, list):
        return iter((Document(source.path, data, locate=places, source=text, syntax="json"),))
    check_documents(len(data))
    return _documents(source.path, text, data, places)


def _documents(path: str, text: str, items: list[Any], places: JsonPlaces) -> Iterator[Document]:
    for index, data in enumerate(items):
        locate = places.below(f"/{index}")
        remarks = [null_document(locate(""))] if data is None else []
        yield Document(path, data, index, locate=locate, remarks=remarks, source=text, syntax="json")


def null_document(place: Place | None) -> Remark:
    """What there is to say about a null among the documents of a file: it would pass for a clean one."""
    reason = Text(zh="此处的文档是空值（null）", en="this document is null")
    remedy = Text(zh="请填写或删除", en="fill it in or remove it")
    return Remark("unreadable-document", {"reason": reason, "remedy": remedy}, place=place)


JSON = Importer(name="json", suffixes=(".json",), read=read_json, title=Text(zh="JSON 文件", en="JSON file"))
