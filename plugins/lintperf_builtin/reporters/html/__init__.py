"""The report as one self-contained web page: documents drawn with their findings, and the batch as a whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from lintperf.model import Notification, Text
from lintperf.results import DocumentResult, FileResult, Results, View
from lintperf_builtin.reporters.html.page import Section, page

if TYPE_CHECKING:
    from lintperf_builtin.reporters.html.batch import Batch

__all__ = ["MOST_DRAWN", "Parts", "drawn", "gathered", "write"]

# Documents are drawn in runs of at most so many.
MOST_DRAWN = 40
# failures of the tool itself that are told one by one
MOST_FAILURES = 20

_TITLE = Text("绩效文档检查报告", "Performance document check")


class Parts(NamedTuple):
    """What a page shows of a run, taken from its results as they went by.

    documents  how many there were
    batch      the part on all of them, unless there was exactly one
    few        the documents to draw: all, or none where there were too many
    anchors    (path, index) of a document to draw → the id of its part
    failures   of the tool itself, the first ones
    """

    documents: int
    batch: Batch | None
    few: list[tuple[FileResult, DocumentResult]]
    anchors: dict[tuple[str, int], str]
    failures: list[Notification]


def write(results: Results, view: View) -> Iterator[str]:
    """A page with the batch, unless there is exactly one document, and each document, where there are few."""
    parts = gathered(results, view)
    sections: list[Section] = []
    if parts.batch is not None:
        sections.append(parts.batch.section(results.totals, parts.anchors))
    sections += drawn(parts, view)
    name = parts.few[0][1].title if parts.documents == 1 else None
    title = Text(f"{name} · {_TITLE.zh}", f"{name} · {_TITLE.en}") if name else _TITLE
    yield from page(title, _TITLE, sections, view, parts.failures, results.totals.notifications)


def gathered(results: Results, view: View) -> Parts:
    """Take the results, once."""
    batch: Batch | None = None
    few: list[tuple[FileResult, DocumentResult]] = []
    waiting: list[FileResult] = []
    failures: list[Notification] = []
    documents = 0
    for file in results.files:
        failures += file.notifications[: MOST_FAILURES - len(failures)]
        documents += 0 if file.across else len(file.documents)
        waiting.append(file)
        if documents > 1:
            batch = batch or _batch(view)
            for each in waiting:
                batch.take(each)
            waiting.clear()
        if file.across:
            few = [(owner, _with_across(owner, document, file)) for owner, document in few]
        elif documents <= MOST_DRAWN:
            few += ((file, document) for document in file.documents)
        else:
            few.clear()
    if documents == 0:
        batch = _batch(view)
    anchors = {(file.path, document.index): f"d{number}" for number, (file, document) in enumerate(few)}
    return Parts(documents, batch, few, anchors, failures)


def _batch(view: View) -> Batch:
    """What gathers the documents of a run, imported where there are several."""
    from lintperf_builtin.reporters.html.batch import Batch

    return Batch(view)


def _with_across(owner: FileResult, document: DocumentResult, across: FileResult) -> DocumentResult:
    """The document with what its comparison with others found behind its own findings."""
    if across.path != owner.path:
        return document
    more = [each for found in across.documents if found.index == document.index for each in found.findings]
    return replace(document, findings=[*document.findings, *more]) if more else document


def drawn(parts: Parts, view: View) -> Iterator[Section]:
    """The part of each document to draw, in order."""
    from lintperf_builtin.reporters.html.document import document_section, marks_of

    few, anchors = parts.few, parts.anchors
    marked = {
        key: marks_of(name, document, view) for (key, name), (_, document) in zip(anchors.items(), few, strict=True)
    }

    def elsewhere(path: str, index: int, pointer: str) -> str:
        marks = marked.get((path, index))
        spot = marks.find(pointer)[0] if marks is not None else None
        return marks.id(spot) if marks is not None and spot is not None else anchors.get((path, index), "")

    for (key, name), (file, document) in zip(anchors.items(), few, strict=True):
        yield document_section(name, file, document, marked[key], view, elsewhere)
