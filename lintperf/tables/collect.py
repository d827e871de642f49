"""What a run gathers for tables: the rows of each document, and a summary of all with counts by rule and by group."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, NamedTuple

from lintperf.document.places import in_words
from lintperf.extension import Column, Table
from lintperf.findings.texts import basis, format_value, message
from lintperf.model import Finding, Lang, Severity, Text
from lintperf.results import DocumentResult, FileResult, GroupTotals, View

__all__ = ["FINDINGS", "SUMMARY", "Entry", "Summary", "entries", "finding_row", "group_rows"]

# the table that gives `Summary` what it says of a document beside its findings
SUMMARY = "summary"
MOST_REMARKS = 3
_SEVERITIES = {
    Severity.error: Text("错误", "error"),
    Severity.warning: Text("警告", "warning"),
    Severity.note: Text("提示", "note"),
}
_TONES = {Severity.error: "bad", Severity.warning: "doubtful"}
_UNSTATED = Text("（未写明）", "(not stated)")
_FILE = Column("path", Text("文件", "File"), width=10)


class Entry(NamedTuple):
    """A document that has gone by, with its rows of one table."""

    path: str
    number: int
    type: str
    title: str | None
    group: str | None
    rows: list[Mapping[str, Any]]


def entries(files: Iterable[FileResult], table: str) -> Iterator[Entry]:
    """The documents that give rows to a table, as the files go by."""
    for file in files:
        for document in file.documents if not file.across else ():
            if document.type is not None and table in document.tables:
                rows = document.tables[table]
                yield Entry(file.path, document.index, document.type, document.title, document.group, rows)


FINDINGS: tuple[Column, ...] = (
    Column("group", Text("单位", "Unit"), width=7),
    Column("title", Text("项目", "Document"), width=8),
    Column("severity", Text("级别", "Severity"), width=3),
    Column("code", Text("规则", "Rule"), width=4),
    Column("rule", Text("规则名称", "Title"), width=8),
    Column("place", Text("位置", "Place"), width=7),
    Column("row", Text("所在行", "Row"), width=7),
    Column("message", Text("问题", "Finding"), width=20),
    Column("expected", Text("应为", "Expected"), width=5),
    Column("difference", Text("相差", "Difference"), width=4),
    Column("basis", Text("依据", "Basis"), width=10),
    Column("remedy", Text("修改建议", "Remedy"), width=14),
    _FILE,
)


def finding_row(finding: Finding, document: DocumentResult, path: str, view: View) -> dict[str, Any]:
    """A finding as a row of the columns FINDINGS."""
    rule, lang = view.rules[finding.code], view.lang
    return {
        "path": path,
        "group": document.group,
        "title": document.title,
        "place": in_words(finding.place, lang) if finding.place is not None else None,
        "row": finding.row,
        "code": finding.code,
        "rule": rule.title,
        "severity": _SEVERITIES[finding.severity],
        "message": message(finding, rule, lang),
        "expected": _value(finding.expected, lang),
        "difference": _value(finding.difference, lang),
        "basis": basis(finding, rule, lang),
        "remedy": rule.remedy,
        "tones": {"severity": _TONES[finding.severity]} if finding.severity in _TONES else {},
    }


def _value(value: Any, lang: Lang) -> str | None:
    return None if value is None else format_value(value, None, lang)


def group_rows(groups: Mapping[str | None, GroupTotals], lang: Lang) -> list[dict[str, Any]]:
    """Documents and findings of each group as rows, most findings first."""
    rows = []
    for name, group in groups.items():
        errors, warnings, notes = (group.by_severity.get(severity, 0) for severity in _SEVERITIES)
        row = {"group": name or _UNSTATED.to(lang), "documents": group.documents, "errors": errors,
               "warnings": warnings, "notes": notes}  # fmt: skip
        rows.append(((-errors - warnings - notes, name is None, name or ""), row))
    return [row for _, row in sorted(rows, key=lambda each: each[0])]


@dataclass(slots=True)
class _Listed:
    """A document of the summary: its row, and its most severe findings in the order in which they came."""

    row: dict[str, Any]
    group: str | None
    remarks: list[tuple[Severity, str]] = field(default_factory=list)
    counts: dict[Severity, int] = field(default_factory=dict)


@dataclass(slots=True)
class _Rule:
    """What a rule found, in how many documents; those come one after the other, so that the last one will do."""

    findings: int = 0
    documents: int = 0
    last: tuple[str, int] | None = None


@dataclass(slots=True)
class Summary:
    """One row a document, and counts by rule and by group. Of each document it keeps one row and a few sentences."""

    table: Table | None
    view: View
    _documents: dict[tuple[str, int], _Listed] = field(default_factory=dict)
    _rules: dict[str, _Rule] = field(default_factory=dict)

    def take(self, file: FileResult) -> None:
        """Count what there is to say about a file, also where it comes once more with what the comparison found."""
        for document in file.documents:
            key = (file.path, document.index)
            listed = self._documents.get(key)
            if listed is None:
                rows = document.tables.get(self.table.name, ()) if self.table is not None else ()
                first = dict(rows[0]) if rows else {"group": document.group, "title": document.title}
                listed = self._documents[key] = _Listed(first, document.group)
            for finding in document.findings:
                severity = finding.severity
                listed.counts[severity] = listed.counts.get(severity, 0) + 1
                counted = self._rules.setdefault(finding.code, _Rule())
                counted.findings += 1
                counted.documents += counted.last != key
                counted.last = key
                self._remark(listed, finding)

    def _remark(self, listed: _Listed, finding: Finding) -> None:
        """Keep the sentence of a finding while it is among the most severe ones."""
        remarks = listed.remarks
        if len(remarks) == MOST_REMARKS and finding.severity <= remarks[-1][0]:
            return
        text = message(finding, self.view.rules[finding.code], self.view.lang)
        where = in_words(finding.place, self.view.lang) if finding.place is not None else ""
        colon = "：" if self.view.lang == "zh" else ": "
        remarks.append((finding.severity, f"{where}{colon}{text}" if where else text))
        remarks.sort(key=lambda remark: -remark[0])
        del remarks[MOST_REMARKS:]

    def columns(self) -> tuple[Column, ...]:
        """The columns of `rows`."""
        own = self.table.columns if self.table is not None else (
            Column("group", Text("单位", "Unit")), Column("title", Text("项目", "Document"), width=12),
        )  # fmt: skip
        return (
            Column("number", Text("序号", "No."), "count"),
            *own,
            Column("errors", Text("错误", "Errors"), "count", total=True),
            Column("warnings", Text("警告", "Warnings"), "count", total=True),
            Column("notes", Text("提示", "Notes"), "count", total=True),
            Column("remarks", Text("主要问题", "First remarks"), width=26),
            _FILE,
        )

    def in_short(self) -> str:
        """How many documents, how many of them without findings, and the findings by severity; one line."""
        counts = [listed.counts for listed in self._documents.values()]
        every, clean = len(counts), sum(not each for each in counts)
        errors, warnings, notes = (sum(each.get(severity, 0) for each in counts) for severity in _SEVERITIES)
        return Text(
            f"共 {every} 份，{clean} 份没有问题；错误 {errors} 条，警告 {warnings} 条，提示 {notes} 条",
            f"{every} documents, {clean} without findings; errors {errors}, warnings {warnings}, notes {notes}",
        ).to(self.view.lang)

    def rows(self) -> Iterator[dict[str, Any]]:
        """The documents in the order of the run."""
        chinese = self.view.lang == "zh"
        stop = "；" if chinese else "; "
        for number, ((path, _), listed) in enumerate(self._documents.items(), start=1):
            errors, warnings, notes = (listed.counts.get(each, 0) for each in _SEVERITIES)
            remarks = [text.rstrip("。.；;") for _, text in listed.remarks]
            if len(remarks) > 1:
                remarks = [f"{at}. {text}" for at, text in enumerate(remarks, start=1)]
            more = errors + warnings + notes - len(remarks)
            text = stop.join(remarks)
            if more > 0:
                text += f"；等 {more + len(remarks)} 条" if chinese else f"; {more} more"
            yield {
                "number": number,
                **listed.row,
                "errors": errors,
                "warnings": warnings,
                "notes": notes,
                "remarks": text or None,
                "path": path,
                "tones": ({"errors": "bad"} if errors else {}) | ({"warnings": "doubtful"} if warnings else {}),
                "tone": "bad" if errors else "doubtful" if warnings else None,
            }

    def rule_columns(self) -> tuple[Column, ...]:
        """The columns of `by_rule`."""
        return (
            Column("code", Text("规则", "Rule"), width=6),
            Column("rule", Text("规则名称", "Title"), width=24),
            Column("severity", Text("级别", "Severity"), width=5),
            Column("findings", Text("条数", "Findings"), "count", total=True, width=6),
            Column("documents", Text("涉及份数", "Documents"), "count", width=6),
            Column("share", Text("占份数", "Share"), "percent"),
        )

    def by_rule(self) -> Iterator[dict[str, Any]]:
        """How often each rule found something, most often first, and in how many documents."""
        every = len(self._documents)
        for code, counted in sorted(self._rules.items(), key=lambda item: (-item[1].findings, item[0])):
            rule = self.view.rules[code]
            yield {
                "code": code,
                "rule": rule.title,
                "severity": _SEVERITIES.get(rule.severity),
                "findings": counted.findings,
                "documents": counted.documents,
                "share": (Decimal(counted.documents) / every).quantize(Decimal("0.0001"), ROUND_HALF_UP),
                "tones": {"severity": _TONES[rule.severity]} if rule.severity in _TONES else {},
            }

    def group_columns(self) -> tuple[Column, ...]:
        """The columns of `by_group`."""
        return (
            Column("group", Text("单位", "Unit"), width=20),
            Column("documents", Text("份数", "Documents"), "count", total=True, width=6),
            Column("clean", Text("无问题份数", "Without findings"), "count", total=True, width=7),
            Column("errors", Text("错误", "Errors"), "count", total=True),
            Column("warnings", Text("警告", "Warnings"), "count", total=True),
            Column("notes", Text("提示", "Notes"), "count", total=True),
            Column("mean", Text("每份问题", "Findings each"), "number", width=6),
        )

    def by_group(self) -> Iterator[dict[str, Any]]:
        """Documents and findings of each group, most findings first."""
        groups: dict[str | None, GroupTotals] = {}
        clean: dict[str | None, int] = {}
        for listed in self._documents.values():
            group = groups.setdefault(listed.group, GroupTotals())
            group.documents += 1
            clean[listed.group] = clean.get(listed.group, 0) + (not listed.counts)
            for severity, count in listed.counts.items():
                group.by_severity[severity] = group.by_severity.get(severity, 0) + count
        unstated = _UNSTATED.to(self.view.lang)
        for row in group_rows(groups, self.view.lang):
            found = row["errors"] + row["warnings"] + row["notes"]
            each = (Decimal(found) / row["documents"]).quantize(Decimal("0.1"), ROUND_HALF_UP)
            free = clean[None if row["group"] == unstated else row["group"]]
            tones = ({"errors": "bad"} if row["errors"] else {}) | ({"warnings": "doubtful"} if row["warnings"] else {})
            yield {**row, "clean": free, "mean": each, "tones": tones}
