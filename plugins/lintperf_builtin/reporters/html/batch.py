"""The report on a run as a whole: a digest of each document as it goes by, and the part of the page made of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from lintperf.findings.texts import format_value, message
from lintperf.model import Finding, Severity, Text
from lintperf.results import DocumentResult, FileResult, Totals, View
from lintperf.rules.rule import PLACEHOLDER, Rule
from lintperf_builtin.reporters.html.batch_page import body
from lintperf_builtin.reporters.html.digest import Form, Gathered, Overview
from lintperf_builtin.reporters.html.page import Section
from lintperf_builtin.reporters.places import field_path, in_words, related_in_short
from lintperf_builtin.reporters.text import MONEY

__all__ = ["MOST_DETAILS", "MOST_FORMS", "Batch"]

# What one page can hold and a browser still opens: documents listed, findings written out in full (1,000 documents have
# some 15,000). What is more is counted and said to be left out.
MOST_FORMS: Final = 10_000
MOST_DETAILS: Final = 30_000
# findings of one document written out, the gravest first
MOST_DETAILS_OF_ONE: Final = 60
MOST_PAIRS: Final = 200

_TITLE: Final = Text("总览", "Overview")


@dataclass(slots=True)
class Batch:
    """Digests of the documents of a run, a few hundred bytes each and some hundred for each finding."""

    view: View
    gathered: Gathered = field(default_factory=Gathered)
    _places: dict[tuple[str, int], int] = field(default_factory=dict)
    _strings: dict[str, int] = field(default_factory=dict)
    _details: int = 0

    def take(self, file: FileResult) -> None:
        """Keep what the page says of the documents of a file. Files of the comparison (`across`) add to theirs."""
        for document in file.documents:
            if file.across:
                self._add_across(file, document)
            else:
                self._add(file, document)

    def section(self, totals: Totals, anchors: Mapping[tuple[str, int], str]) -> Section:
        """The part of the page. `anchors`: (path, index) of a document → id of the part in which it is drawn."""
        for form in self.gathered.forms:
            form.anchor = anchors.get((form.path, form.index))
        content = body(self.gathered, totals, self.view, tuple(self._strings))
        return Section("batch", _TITLE, content, ("batch.css",), ("vendor/echarts.min.js", "batch.js"))

    def _add(self, file: FileResult, document: DocumentResult) -> None:
        gathered = self.gathered
        rows = document.tables.get("overview") or [{}]
        overview = Overview.of(rows[0])
        unit = document.group or overview.unit or overview.department or ""
        gathered.units[unit] = gathered.units.get(unit, 0) + 1
        gathered.documents += 1
        counts: dict[tuple[str, Severity], int] = {}
        for finding in document.findings:
            key = (finding.code, finding.severity)
            counts[key] = counts.get(key, 0) + 1
        if gathered.documents > MOST_FORMS:
            gathered.not_listed += 1
            gathered.not_listed_clean += not document.findings
            return
        title = document.title or overview.project or ""
        form = Form(file.path, document.index, document.type, title, unit, overview, counts)
        self._places[file.path, document.index] = len(gathered.forms)
        gathered.forms.append(form)
        self._take_details(form, document.findings, document.type, across=False)
        for finding in document.findings:
            gathered.examples.setdefault(finding.code, (len(gathered.forms) - 1, self._message(finding)))

    def _add_across(self, file: FileResult, document: DocumentResult) -> None:
        number = self._places.get((file.path, document.index))
        if number is None:
            return
        form = self.gathered.forms[number]
        for finding in document.findings:
            key = (finding.code, finding.severity)
            form.counts[key] = form.counts.get(key, 0) + 1
            others = {(each.path, each.document) for each in finding.related if each.path is not None}
            numbers = sorted(self._places[other] for other in others if other in self._places)
            self.gathered.pairs += 1
            if len(self.gathered.across) < MOST_PAIRS:
                self.gathered.across.append((number, tuple(numbers), finding.code, self._message(finding)))
            self.gathered.examples.setdefault(finding.code, (number, self._message(finding)))
        self._take_details(form, document.findings, document.type, across=True)

    def _take_details(self, form: Form, findings: list[Finding], type_: str | None, across: bool) -> None:
        room = min(MOST_DETAILS - self._details, MOST_DETAILS_OF_ONE - len(form.details))
        if len(findings) > room:
            form.left_out += len(findings) - max(room, 0)
            findings = sorted(findings, key=lambda each: -each.severity)[: max(room, 0)]
        form.details += (self._detail(finding, type_, across) for finding in findings)
        self._details += len(findings)

    def _detail(self, finding: Finding, type_: str | None, across: bool) -> list[Any]:
        """A finding as the page's script draws it; texts as numbers of `strings`, because most of them recur."""
        view = self.view
        rule = view.rules[finding.code]
        place = "" if finding.place is None else in_words(finding.place, view.lang)
        template, values = self._parts(finding, rule)
        base = finding.pointer.rpartition("/")[0]
        record = field_path(base)
        heads: list[str] = []
        cells: list[int] = []
        marked = []
        beside = {related.pointer for related in finding.related if related.path is None}
        for name, value in finding.cells if type_ else ():
            if f"{base}/{name}" == finding.pointer:
                marked.append(len(heads) + 1)
            elif f"{base}/{name}" in beside:
                marked.append(-len(heads) - 1)
            path = f"{record}.{name}" if record else name
            heads.append(view.titles(type_ or "", path))
            money = view.units(type_ or "", path) in MONEY and isinstance(value, Decimal)
            shown = "" if value in (None, "") else format_value(value, "money" if money else None, view.lang)
            cells.append(self._number(shown))
        return [
            self._number(finding.code),
            int(finding.severity),
            self._number(place),
            self._number(finding.row or ""),
            self._number(related_in_short(finding, view.lang) if across else ""),
            self._number(template),
            [self._number(value) for value in values],
            self._number("\x1f".join(heads)),
            cells,
            marked,
        ]

    def _number(self, text: str) -> int:
        return self._strings.setdefault(text, len(self._strings))

    def _message(self, finding: Finding) -> str:
        return message(finding, self.view.rules[finding.code], self.view.lang)

    def _parts(self, finding: Finding, rule: Rule) -> tuple[str, list[str]]:
        """The message as its template, with \\x1f for each value, and the values: the template recurs."""
        lang = self.view.lang
        template = (rule.variants[finding.variant] if finding.variant else rule.message).to(lang)
        values = []
        for match in PLACEHOLDER.finditer(template):
            name, how = match.groups()
            value = finding.arguments[name] if name in finding.arguments else getattr(finding, name, None)
            values.append(format_value(value, how, lang))
        return PLACEHOLDER.sub("\x1f", template), values
