"""The findings as JSON for other programs: one document after the other, numbers as exact as they were found."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lintperf.document.exact import dumps, plain
from lintperf.findings.texts import basis, message
from lintperf.model import Finding, Notification, Related, Severity, Suppression
from lintperf.results import DocumentResult, Results, Totals, View
from lintperf_builtin.reporters.places import location

__all__ = ["write"]


def _finding(finding: Finding, view: View) -> dict[str, Any]:
    rule, lang = view.rules[finding.code], view.lang
    fix = finding.fix
    state = {} if finding.baseline is None else {"baseline": finding.baseline}
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
        **state,
    }


def _suppressed(finding: Finding, why: Suppression, view: View) -> dict[str, Any]:
    """A finding that is not reported, with the entry of the document or the baseline that says so."""
    return {**_finding(finding, view), "suppression": why._asdict()}


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
    yield f'{end}, "suppressed": ['
    for number, (finding, why) in enumerate(document.suppressed):
        yield f"{',' if number else ''}\n    {dumps(_suppressed(finding, why, view))}"
    end = "\n  ]" if document.suppressed else "]"
    yield f'{end}, "coverage": {dumps(coverage)}, "ruleset": {dumps(ruleset)}}}'


def _statistics(totals: Totals) -> dict[str, Any]:
    """Findings by rule and by group, for --statistics; `group` is null for documents that name none."""
    by_group = [
        {
            "group": name,
            "documents": group.documents,
            "errors": group.by_severity.get(Severity.error, 0),
            "warnings": group.by_severity.get(Severity.warning, 0),
            "notes": group.by_severity.get(Severity.note, 0),
        }
        for name, group in sorted(totals.by_group.items(), key=lambda item: (item[0] is None, item[0] or ""))
    ]
    return {"by_rule": dict(sorted(totals.by_code.items())), "by_group": by_group}


def _summary(results: Results) -> dict[str, Any]:
    totals = results.totals
    limits: dict[str, Any] = {}
    if totals.baseline is not None:
        states = {name: getattr(totals.baseline, name) for name in ("new", "unchanged", "absent")}
        limits["baseline"] = {name: sum(counts.values()) for name, counts in states.items()}
    if totals.since is not None:
        since = totals.since
        limits["since"] = {
            "revision": since.revision, "unchanged_files": since.files, "earlier_findings": since.findings,
        }  # fmt: skip
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
        **limits,
    }


def write(results: Results, view: View) -> Iterator[str]:
    """One JSON object. A finding is a line; the summary stands at the end, when everything has been counted.

    What the comparison of documents found stands behind the documents under `across`, each finding with its `path`:
    the documents themselves have been written by then.
    """
    notifications: list[Notification] = []
    across: list[str] = []
    across_suppressed: list[str] = []
    yield f'{{"version": {dumps(view.version)}, "documents": ['
    first = True
    for file in results.files:
        notifications.extend(file.notifications)
        for document in file.documents:
            if file.across:
                head = {"path": file.path, "title": document.title}
                across += [dumps(head | _finding(finding, view)) for finding in document.findings]
                across_suppressed += [dumps(head | _suppressed(*each, view)) for each in document.suppressed]
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
    yield f'\n], "across": {comparing[:-1]}, "findings": {_listed(across)}, '
    yield f'"suppressed": {_listed(across_suppressed)}}},\n'
    yield f'"notifications": {dumps(failures)},\n"summary": {dumps(_summary(results))},\n'
    if view.statistics:
        yield f'"statistics": {dumps(_statistics(totals))},\n'
    yield f'"ruleset": {dumps(ruleset)}}}\n'


def _listed(items: list[str]) -> str:
    """An array with an item a line."""
    return "[" + ",".join(f"\n    {item}" for item in items) + ("\n  ]" if items else "]")
