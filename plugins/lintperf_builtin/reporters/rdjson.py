"""The Reviewdog Diagnostic Format (`rdjson`): reviewdog posts it on Gitea, Gitee and other forges.

Columns count UTF-8 bytes from 1, the end exclusive. A file without lines has a location without a range, its cell
stands in the message. Each fix is a suggestion: the characters to write, as `--fix` would write them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePath
from typing import Any

from lintperf.document.exact import dumps
from lintperf.model import Finding, Fix, Notification, Place, Related, Severity, TextPlace
from lintperf.results import DocumentResult, Results, View
from lintperf_builtin.reporters.layout import clean
from lintperf_builtin.reporters.places import field_path, in_words
from lintperf_builtin.reporters.wording import cell_in_words, origin_and_related, sentence

__all__ = ["write"]

SEVERITIES = {Severity.error: "ERROR", Severity.warning: "WARNING", Severity.note: "INFO"}


def _column(source: str, column: int, offset: int) -> int:
    """The column in bytes of the character at `offset`, `column` code points into its line."""
    return len(source[offset - column : offset].encode("utf-8", "surrogatepass")) + 1


def _range(place: TextPlace, source: str | None) -> dict[str, Any]:
    """The stretch; whole lines where the text is not at hand to count bytes in."""
    start, end = {"line": place.line + 1}, {"line": place.end_line + 1}
    if source is not None:
        start["column"] = _column(source, place.column, place.offset)
        end["column"] = _column(source, place.end_column, place.end_offset)
    return {"start": start, "end": end}


def _location(path: str, place: Place | None, source: str | None) -> dict[str, Any]:
    # relative to the working folder or absolute: reviewdog finds the repository's root itself
    location: dict[str, Any] = {"path": PurePath(path).as_posix()}
    if isinstance(place, TextPlace):
        location["range"] = _range(place, source)
    return location


def _message(finding: Finding, view: View) -> str:
    """What a reader of the diff needs, in a few lines: the cell where there is no line, what is wrong, how to mend."""
    rule, lang = view.rules[finding.code], view.lang
    cell = cell_in_words(finding.place, lang)
    lines = [sentence(finding, view), origin_and_related(finding, lang), clean(rule.remedy.to(lang))]
    text = "\n".join(line for line in lines if line)
    if not cell:
        return text
    return f"{cell}：{text}" if lang == "zh" else f"{cell}: {text}"


def _related(related: Related, path: str, document: DocumentResult, view: View) -> dict[str, Any]:
    title = view.titles(document.type, field_path(related.pointer)) if document.type else related.pointer
    message = title
    if related.place is not None and not isinstance(related.place, TextPlace):
        message = f"{in_words(related.place, view.lang)} {title}"
    elsewhere = related.path is not None and related.path != path
    if elsewhere and related.title:
        message += f" ({related.title})"
    source = None if elsewhere else document.source
    return {"message": clean(message), "location": _location(related.path or path, related.place, source)}


def _suggestion(fix: Fix | None, source: str | None) -> dict[str, Any] | None:
    """None where there is no fix, or none that is a replacement of characters: whole lines would go with them."""
    if fix is None or fix.written is None or source is None or not isinstance(fix.place, TextPlace):
        return None
    return {"range": _range(fix.place, source), "text": fix.written}


def _diagnostic(finding: Finding, document: DocumentResult, view: View) -> dict[str, Any]:
    diagnostic: dict[str, Any] = {
        "message": _message(finding, view),
        "location": _location(finding.path, finding.place, document.source),
        "severity": SEVERITIES[finding.severity],
        "code": {"value": finding.code},
    }
    if suggestion := _suggestion(finding.fix, document.source):
        diagnostic["suggestions"] = [suggestion]
    # what is not in the file cannot be shown there
    related = [each for each in finding.related if each.exact or each.path is not None]
    if related:
        diagnostic["related_locations"] = [_related(each, finding.path, document, view) for each in related]
    return diagnostic


def _failure(notification: Notification, view: View) -> dict[str, Any]:
    return {
        "message": f"lintperf {notification.subject}: {clean(notification.text.to(view.lang))}",
        "location": _location(notification.path, None, None),
        "severity": SEVERITIES[Severity.error],
        "code": {"value": "lintperf"},
    }


def _diagnostics(results: Results, view: View) -> Iterator[dict[str, Any]]:
    for file in results.files:
        for document in file.documents:
            for finding in document.findings:
                yield _diagnostic(finding, document, view)
        for notification in file.notifications:
            yield _failure(notification, view)


def write(results: Results, view: View) -> Iterator[str]:
    """One DiagnosticResult, a diagnostic a line. A failure of the tool itself is a diagnostic too."""
    yield '{"source": {"name": "lintperf"}, "diagnostics": ['
    for number, diagnostic in enumerate(_diagnostics(results, view)):
        yield f"{',' if number else ''}\n  {dumps(diagnostic)}"
    yield "\n]}\n"
