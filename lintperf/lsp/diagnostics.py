"""Findings and problems as the editor's diagnostics."""

from __future__ import annotations

import re
from typing import Any

from lsprotocol import types as lsp

from lintperf.authoring import told_elsewhere
from lintperf.findings.texts import format_value, message
from lintperf.lsp.desk import Checked, Desk
from lintperf.lsp.texts import uri_of
from lintperf.model import Finding, Lang, Related, Severity, Text, TextPlace
from lintperf.results import DocumentResult
from lintperf.rules.rule import Rule, RuleProblem
from lintperf.rules.run import row_and_field
from lintperf.schema.fields import resolve

__all__ = ["SOURCE", "diagnostics_of", "related_range", "rule_uri", "span_of"]

SOURCE = "lintperf"
LEVELS = {
    Severity.error: lsp.DiagnosticSeverity.Error,
    Severity.warning: lsp.DiagnosticSeverity.Warning,
    Severity.note: lsp.DiagnosticSeverity.Information,
}
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*")


class Client:
    """What the editor can show."""

    def __init__(self, capabilities: lsp.ClientCapabilities | None = None) -> None:
        documents = capabilities.text_document if capabilities is not None else None
        published = documents.publish_diagnostics if documents is not None else None
        self.related = bool(published and published.related_information)
        self.descriptions = bool(published and published.code_description_support)
        self.data = bool(published and published.data_support)
        self.tags = bool(published and published.tag_support)


def diagnostics_of(desk: Desk, checked: Checked, client: Client) -> list[lsp.Diagnostic]:
    """All diagnostics of a text, in order of place."""
    found = [_of_finding(desk, checked, document, finding, client) for document, finding in checked.findings]
    for notification in checked.result.notifications if checked.result is not None else []:
        found.append(_plain(checked, notification.text, None, desk.lang, "internal", lsp.DiagnosticSeverity.Warning))
    if checked.trouble is not None:
        problem = checked.trouble
        trouble = told_elsewhere(problem) if isinstance(problem, RuleProblem) else problem.text
        found.append(_plain(checked, trouble, None, desk.lang, "configuration"))
    code = "configuration" if checked.kind == "config" else "rule-file"
    found += [_plain(checked, each.text, each.place, desk.lang, code) for each in checked.problems]
    for each in desk.failing.get(checked.text.uri, []) if not checked.problems else []:
        found.append(_plain(checked, each.text, each.place, desk.lang, "failing-case"))
    return sorted(found, key=lambda each: (each.range.start.line, each.range.start.character, str(each.code)))


def span_of(checked: Checked, finding: Finding) -> tuple[int, int]:
    """The stretch of the text that a finding is shown at; the first line where its place is not known."""
    if isinstance(finding.place, TextPlace):
        return checked.span(finding.place)
    return checked.text.line(0)


def rule_uri(rule: Rule) -> str:
    """The rule's own file."""
    return uri_of(rule.path)


def _of_finding(
    desk: Desk, checked: Checked, document: DocumentResult, finding: Finding, client: Client
) -> lsp.Diagnostic:
    rule = checked.rules[finding.code]
    related = None
    if client.related:
        related = [
            lsp.DiagnosticRelatedInformation(lsp.Location(checked.text.uri, where), _related_text(desk, document, each))
            for each in finding.related
            if (where := related_range(checked, each)) is not None
        ]
    return lsp.Diagnostic(
        range=checked.text.range(*span_of(checked, finding)),
        message=message(finding, rule, desk.lang),
        severity=LEVELS.get(finding.severity, lsp.DiagnosticSeverity.Hint),
        code=finding.code,
        code_description=lsp.CodeDescription(rule_uri(rule)) if client.descriptions else None,
        source=SOURCE,
        tags=[lsp.DiagnosticTag.Unnecessary] if client.tags and rule.name == "useless-suppression" else None,
        related_information=related or None,
        data=_data(finding) if client.data else None,
    )


def _data(finding: Finding) -> dict[str, Any]:
    """What an editor keeps with the diagnostic for quick fixes."""
    fix = None if finding.fix is None else ("safe" if finding.fix.safe else "unsafe")
    return {"pointer": finding.pointer, "document": finding.document, "row": finding.row, "fix": fix}


def related_range(checked: Checked, related: Related) -> lsp.Range | None:
    """Where a related place stands in the text; None for one of another file, and for a value that is not there."""
    if related.path is not None or not related.exact or not isinstance(related.place, TextPlace):
        return None
    return checked.text.range(*checked.span(related.place))


def _related_text(desk: Desk, document: DocumentResult, related: Related) -> str:
    """The row's label, the field's title and the value."""
    kind = desk.session.extensions.types.get(document.type or "")
    if kind is None:
        return related.pointer
    row, _ = row_and_field(kind.root, document.data, related.pointer)
    path = ".".join(part for part in related.pointer.split("/")[1:] if not part.isdigit())
    declared = kind.field(path)
    names = [name for name in (row, declared.title_in(desk.lang) if declared is not None else None) if name]
    value = resolve(document.data, related.pointer)
    shown = "" if isinstance(value, dict | list) else format_value(value, None, desk.lang)
    sign = "：" if desk.lang == "zh" else ": "
    return (" · ".join(names) or related.pointer) + (f"{sign}{shown}" if shown else "")


def _plain(
    checked: Checked,
    text: Text,
    place: TextPlace | None,
    lang: Lang,
    code: str,
    severity: lsp.DiagnosticSeverity = lsp.DiagnosticSeverity.Error,
) -> lsp.Diagnostic:
    start, end = checked.text.line(0)
    if place is not None:
        start, end = checked.span(place)
        # a problem inside of an expression is known by where it begins: the name there is what is wrong
        word = _WORD.match(checked.text.text, start, end)
        if code == "rule-file" and word is not None:
            end = word.end()
    return lsp.Diagnostic(checked.text.range(start, end), text.to(lang), severity, code, source=SOURCE)
