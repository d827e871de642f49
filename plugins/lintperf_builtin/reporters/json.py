"""The findings as JSON for other programs: one document after the other, numbers as exact as they were found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lintperf.document.exact import dumps, plain
from lintperf.findings.texts import basis, message
from lintperf.model import Finding, Notification, Related, Severity
from lintperf.results import DocumentResult, Results, View
from lintperf_builtin.reporters.places import location

__all__ = ["write"]


def _finding(finding: Finding, view: View) -> dict[str, Any]:
    rule, lang = view.rules[finding.code], view.lang
    fix = finding.fix
    return {
        "code": finding.code,
        "name": rule.name,
        "severity": finding.severity.name,
        "message": message(finding, rule, lang),
        "document": finding.document,
        "row": finding.row,
        "field": finding.field,
        "pointer": finding.pointer,
        "location": location(finding.place, finding.exact),
        "found": plain(finding.found, lang),
        "expected": plain(finding.expected, lang),
        "difference": plain(finding.difference, lang),
        "basis": basis(finding, rule, lang),
        "remedy": rule.remedy.to(lang),
        "confidence": finding.confidence.name,
        "related": [_related(each) for each in finding.related],
        "fix": fix and {"pointer": fix.pointer, "value": fix.value, "safe": fix.safe},
        "origin": finding.origin and {"file": finding.origin.file, **(location(finding.origin.place, True) or {})},
    }


def _related(related: Related) -> dict[str, Any]:
    """Another place; `path` and `document` only where that is in another document."""
    where = {} if related.path is None else {"path": related.path, "document": related.document}
    return {**where, "pointer": related.pointer, "location": location(related.place, related.exact)}


def _document(path: str, document: DocumentResult, view: View) -> Iterator[str]:
    head = dumps({"path": path, "type": document.type, "title": document.title})
    yield f'{head[:-1]}, "findings": ['
    for number, finding in enumerate(document.findings):
        yield f"{',' if number else ''}\n    {dumps(_finding(finding, view))}"
    coverage = {
        "rules_run": document.coverage.rules_run,
        "rules_not_applicable": document.coverage.not_applicable,
        "rules_skipped": [{"code": code, "reason": reason} for code, reason in document.coverage.skipped],
    }
    end = "\n  ]" if document.findings else "]"
    ruleset = {"name": document.ruleset_name, "hash": document.ruleset_hash}
    yield f'{end}, "coverage": {dumps(coverage)}, "ruleset": {dumps(ruleset)}}}'


def _summary(results: Results) -> dict[str, int]:
    totals = results.totals
    return {
        "files": totals.files,
        "documents": totals.documents,
        "errors": totals.by_severity.get(Severity.error, 0),
        "warnings": totals.by_severity.get(Severity.warning, 0),
        "notes": totals.by_severity.get(Severity.note, 0),
        "hidden": totals.hidden,
        "ignored": totals.ignored,
        "skipped_files": totals.skipped_files,
        "notifications": totals.notifications,
    }


def write(results: Results, view: View) -> Iterator[str]:
    """One JSON object. A finding is a line; the summary stands at the end, when everything has been counted.

    What the comparison of documents found stands behind the documents under `across`, each finding with its `path`:
    the documents themselves have been written by then.
    """
    notifications: list[Notification] = []
    across: list[str] = []
    yield f'{{"version": {dumps(view.version)}, "documents": ['
    first = True
    for file in results.files:
        notifications.extend(file.notifications)
        for document in file.documents:
            if file.across:
                head = {"path": file.path, "title": document.title}
                across += [dumps(head | _finding(finding, view)) for finding in document.findings]
                continue
            yield "\n  " if first else ",\n  "
            yield from _document(file.path, document, view)
            first = False
    failures = [
        {"path": each.path, "document": each.document, "subject": each.subject, "text": each.text.to(view.lang)}
        for each in notifications
    ]
    ruleset = {"name": view.ruleset_name, "hash": view.ruleset_hash}
    totals = results.totals
    comparing = dumps({"documents": totals.compared, "rules_run": totals.rules_comparing})
    listed = "".join(f"{',' if number else ''}\n    {text}" for number, text in enumerate(across))
    end = "\n  ]" if across else "]"
    yield f'\n], "across": {comparing[:-1]}, "findings": [{listed}{end}}},\n'
    yield f'"notifications": {dumps(failures)},\n"summary": {dumps(_summary(results))},\n'
    yield f'"ruleset": {dumps(ruleset)}}}\n'
