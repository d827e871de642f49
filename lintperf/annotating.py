"""The findings of an office file written into a copy of it, and corrected values with them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from os.path import splitext
from typing import NamedTuple

from lintperf.across import compared
from lintperf.extension import Annotated, Annotator, Source
from lintperf.findings.places import in_order
from lintperf.fixing import carried_out, is_wanted
from lintperf.model import Finding, Fix, Place, Text
from lintperf.pipeline import Session, read_documents
from lintperf.policy import UsageProblem
from lintperf.results import FileResult, Totals, View

__all__ = ["Copy", "annotator_for", "findings_of", "is_unreadable", "whole", "written"]

# the rule that reports a file of which nothing can be read
UNREADABLE = "unreadable-document"
# what to save a file as that holds cells, and a text that can be written into
_TO_EXCEL = (".xls", ".ods", ".et", ".csv")
_TO_WORD = (".doc", ".wps", ".odt", ".rtf")


class Copy(NamedTuple):
    """A copy of a file with findings written into it.

    asked  how many values were to be corrected
    left   what a check of the copy finds
    """

    annotated: Annotated
    asked: int
    left: FileResult


def annotator_for(session: Session, file: str, otherwise: Text) -> Annotator:
    """What writes into files with the suffix of this one. Raises UsageProblem, which says what to do instead.

    otherwise  what to do with a file that cannot be saved as one that can be written into
    """
    suffix = splitext(file)[1].lower()  # noqa: PTH122 - a name of an upload is no path
    annotator = session.extensions.annotators.get(suffix)
    if annotator is not None:
        return annotator
    known = sorted(session.extensions.annotators)
    shown = suffix or Text("没有后缀的", "a file without a suffix")
    zh, en = shown if isinstance(shown, Text) else (f" {shown} ", f"a {shown} file")
    if suffix in _TO_EXCEL:
        way = Text("请另存为 .xlsx 后再批注", "save it as .xlsx first")
    elif suffix in _TO_WORD:
        way = Text("请另存为 .docx 后再批注", "save it as .docx first")
    else:
        way = otherwise
    raise UsageProblem(Text(
        f"不能在{zh}文件中写批注（可以：{'、'.join(known)}）；{way.zh}",
        f"cannot write comments into {en} (only {', '.join(known)}); {way.en}",
    ))  # fmt: skip


def whole(session: Session, source: Source, checked: Iterable[FileResult]) -> FileResult:
    """What is found in a file, with what the comparison of the documents in it finds.

    checked  the result of that one file, with what documents leave for the comparison
    """
    file, *across = compared(session, checked, lambda _path: read_documents(session, source)[0], Totals())
    for more in across:
        file.notifications += more.notifications
        further = {document.index: document for document in more.documents}
        for document in file.documents:
            if document.index in further:
                document.findings = in_order([*document.findings, *further[document.index].findings])
                document.hidden += further[document.index].hidden
    return file


def written(
    source: Source,
    result: FileResult,
    annotator: Annotator,
    view: View,
    check: Callable[[Source], FileResult],
    fix: bool,
    unsafe: bool,
) -> Copy:
    """The copy of a file, what was found in it written in; with fixes if `fix`, also `unsafe` ones.

    With fixes the copy is checked again: what is wrong only now, and can be mended, is mended too. The copy is made
    from the original each time. Raises UnreadableError for a file that cannot be taken apart.
    """
    shown = left = result
    annotated = None

    def place_of(finding: Finding) -> Place | None:
        return finding.fix.place if finding.fix is not None and fix and is_wanted(finding, unsafe) else None

    def again(new: list[Finding], fixes: list[Fix]) -> Iterator[Finding]:
        nonlocal shown, left, annotated
        if annotated is not None:
            shown = _with(shown, new)
        annotated = annotator.write(source, shown, view, fixes)
        left = check(Source(source.path, annotated.content))
        return findings_of(left)

    chosen = carried_out(findings_of(result), place_of, again)
    if annotated is None:
        annotated = annotator.write(source, result, view, [])
    return Copy(annotated, len(chosen.changing()), left)


def findings_of(result: FileResult) -> Iterator[Finding]:
    """The findings of a file, document by document."""
    for document in result.documents:
        yield from document.findings


def _with(result: FileResult, findings: list[Finding]) -> FileResult:
    """The result with findings that only came up after a correction."""
    documents = [
        replace(
            document,
            findings=in_order([*document.findings, *(each for each in findings if each.document == document.index)]),
        )
        for document in result.documents
    ]
    return replace(result, documents=documents)


def is_unreadable(result: FileResult, view: View) -> bool:
    """Whether nothing of the file could be read: there is no place for a comment. One without a form has places."""
    return all(document.type is None for document in result.documents) and any(
        view.rules[finding.code].name == UNREADABLE for finding in findings_of(result)
    )
