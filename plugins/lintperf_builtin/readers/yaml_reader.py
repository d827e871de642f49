"""YAML files: one document, several separated by `---`, or sequences of them."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from lintperf.document import Document, Locator
from lintperf.document.errors import SyntaxProblem
from lintperf.document.yaml_text import YamlDocument, decode_yaml
from lintperf.extension import Source, UnreadableError
from lintperf.model import Place
from lintperf_builtin.readers.json_reader import NO_DOCUMENT, null_document
from lintperf_builtin.readers.text import check_documents, check_values, decode

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["read_yaml"]

# libyaml's events cost ten times what JSON does
_MAX_SEPARATORS = 500_000


def read_yaml(source: Source) -> Iterator[Document]:
    """The documents of a YAML file; a document that is a sequence stands for its items. Raises UnreadableError."""
    text = decode(source.content)
    check_values(text, "\n,:", _MAX_SEPARATORS)
    try:
        parts = decode_yaml(text)
    except SyntaxProblem as problem:
        raise UnreadableError(problem.reason, place=problem.place, source=text) from None
    found = list(_roots(parts))
    if not found:
        raise UnreadableError(NO_DOCUMENT)
    check_documents(len(found))

    @cache
    def with_places() -> list[YamlDocument]:
        return decode_yaml(text, places=True)

    def locator(part: int, root: str) -> Locator:
        def locate(pointer: str) -> Place | None:
            return with_places()[part].values.get(root + pointer)

        return locate

    def documents() -> Iterator[Document]:
        for index, (part, root, data) in enumerate(found):
            locate = locator(part, root)
            remarks = [null_document(locate(""))] if data is None else []
            yield Document(source.path, data, index, locate=locate, remarks=remarks, source=text, syntax="yaml")

    return documents()


def _roots(parts: list[YamlDocument]) -> Iterator[tuple[int, str, object]]:
    """Each document's part of the file, its pointer there and its data; an empty part is none."""
    for part, document in enumerate(parts):
        if isinstance(document.data, list):
            yield from ((part, f"/{item}", data) for item, data in enumerate(document.data))
        elif document.data is not None:
            yield part, "", document.data
