"""The documents of a run compared with each other, when the last of them has been read.

Documents go by one at a time, checked by several processes perhaps, and none is kept: each leaves digests (see
`RunCheck`), which are compared at the end in the order of the run. Only files in which something was found then are
read again, for places and for what the document itself does not want reported. The same input gives the same results,
however many processes there were.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import localcontext
from typing import Any, NamedTuple

from lintperf.document import Document
from lintperf.extension import RunCheck, RunProblem
from lintperf.findings.fingerprints import name_rows
from lintperf.findings.places import doubt, in_order, locate, nearest
from lintperf.findings.suppressions import suppress
from lintperf.model import Coverage, Finding, Notification, Related, Text
from lintperf.pipeline import Session, rest_on_pack
from lintperf.policy import Policy
from lintperf.results import DocumentResult, FileResult, Totals
from lintperf.rules.program import Program
from lintperf.rules.run import CONTEXT, row_and_field

__all__ = ["Across", "compared"]

# documents of files that were read again, kept for the findings that come next: copies speak of the same first document
FILES_KEPT = 8

Read = Callable[[str], Sequence[Document]]


class _Entry(NamedTuple):
    """A document that has gone by: where it stands, under which settings it was checked, and its digests."""

    file: int
    path: str
    size: int | None
    number: int
    type: str
    title: str | None
    group: str | None
    ruleset_name: str
    ruleset_hash: str
    policy: Policy
    digests: Mapping[str, Any]


@dataclass(slots=True)
class Across:
    """Gathers what documents leave, and compares it.

    read  the documents of a file that has gone by; none where it can no longer be read
    """

    session: Session
    read: Read
    files: int = 0
    entries: list[_Entry] = field(default_factory=list)
    _again: dict[str, Sequence[Document]] = field(default_factory=dict)

    def take(self, file: FileResult) -> None:
        """Take what the documents of a file leave for the comparison."""
        for document in file.documents:
            if document.left is not None and document.type is not None:
                left, document.left = document.left, None
                self.entries.append(_Entry(
                    self.files, file.path, file.size, document.index, document.type, document.title, document.group,
                    document.ruleset_name, document.ruleset_hash, left.policy, dict(left.digests),
                ))  # fmt: skip
        self.files += 1

    def results(self, totals: Totals) -> Iterator[FileResult]:
        """The files in which the comparison found something, in the order of the run; empty for a single document.

        Each has the findings of the comparison alone. `totals` is told which rules compared how many documents.
        """
        found: dict[int, list[Finding]] = {}
        notifications: dict[int, list[Notification]] = {}
        rules: set[str] = set()
        documents: set[int] = set()
        with localcontext(CONTEXT):
            for (code, _, _), numbers in self._groups().items():
                if len(numbers) < 2:
                    continue
                rules.add(code)
                documents.update(numbers)
                try:
                    for number, finding in self._compare(code, numbers):
                        found.setdefault(number, []).append(finding)
                except Exception as problem:  # a plugin's bug must not hide the findings of all other rules
                    first = self.entries[numbers[0]]
                    notifications.setdefault(numbers[0], []).append(_crash(first, code, problem))
        totals.compared, totals.rules_comparing = len(documents), tuple(sorted(rules))
        by_file: dict[int, list[int]] = {}
        for number in sorted(found.keys() | notifications.keys()):
            by_file.setdefault(self.entries[number].file, []).append(number)
        for numbers in by_file.values():
            first = self.entries[numbers[0]]
            result = FileResult(first.path, size=first.size, across=True)
            for number in numbers:
                result.notifications += notifications.get(number, [])
                if number in found:
                    result.documents.append(self._finished(self.entries[number], found[number]))
            yield result

    def _groups(self) -> dict[tuple[str, str, str], list[int]]:
        """The documents to compare with each other: by rule, type, and the options in force for them."""
        groups: dict[tuple[str, str, str], list[int]] = {}
        shown: dict[tuple[Policy, str], dict[str, str]] = {}
        for number, entry in enumerate(self.entries):
            settings = (entry.policy, entry.type)
            if settings not in shown:
                shown[settings] = {code: repr(sorted(options.items())) for code, _, options in self._checks(entry)}
            for code, options in shown[settings].items():
                if code in entry.digests:
                    groups.setdefault((code, entry.type, options), []).append(number)
        return groups

    def _program(self, entry: _Entry) -> Program:
        return self.session.program(entry.policy, entry.type)[0]

    def _checks(self, entry: _Entry) -> Iterator[tuple[str, RunCheck, Mapping[str, Any]]]:
        program = self._program(entry)
        for number, check, options in program.run_checks:
            yield program.rules[number].code, check, options

    def _compare(self, code: str, numbers: list[int]) -> Iterator[tuple[int, Finding]]:
        first = self.entries[numbers[0]]
        check, options = next((check, options) for each, check, options in self._checks(first) if each == code)
        digests = [self.entries[number].digests[code] for number in numbers]
        for problem in check.compare(digests, options):
            number = numbers[problem.document]
            yield number, self._finding(self.entries[number], code, problem, numbers)

    def _finding(self, entry: _Entry, code: str, problem: RunProblem, numbers: list[int]) -> Finding:
        rule = self._program(entry).by_code[code]
        severity = rule.severity if problem.severity is None else min(rule.severity, problem.severity)
        others = ((self.entries[numbers[other]], pointer) for other, pointer in problem.related)
        return Finding(
            code=code,
            severity=severity,
            confidence=rule.confidence,
            path=entry.path,
            document=entry.number,
            pointer=problem.pointer,
            arguments=problem.arguments,
            found=problem.found,
            expected=problem.expected,
            difference=problem.difference,
            variant=problem.variant,
            related=tuple(
                Related(pointer, None, False, other.path, other.number, other.title)
                if other is not entry
                else Related(pointer)
                for other, pointer in others
            ),
        )

    def _finished(self, entry: _Entry, findings: list[Finding]) -> DocumentResult:
        """The findings of a document as those of its own check are finished: labels, suppression, places, order.

        Where nobody sees them the file is not read again; they count as hidden.
        """
        policy, program = entry.policy, self._program(entry)
        result = DocumentResult(
            entry.number, entry.type, entry.title, [], Coverage(),
            ruleset_name=entry.ruleset_name, ruleset_hash=entry.ruleset_hash, group=entry.group,
        )  # fmt: skip
        if not any(policy.shows(finding.severity, finding.confidence) for finding in findings):
            result.hidden = len(findings)
            return result
        document = self._document(entry.path, entry.number)
        if document is not None:
            for finding in findings:
                finding.row, finding.field = row_and_field(program.root(), document.data, finding.pointer)
            name_rows(findings, program.root, document.data)
            # entries without effect were told with the document itself
            kept, suppressed, _ = suppress(findings, document.data, program.by_code, policy.today)
            doubt(document, findings)
            result.suppressed = [each for each in suppressed if policy.shows(each[0].severity, each[0].confidence)]
            result.ignored = len(result.suppressed)
        else:
            kept = findings
        shown = [finding for finding in kept if policy.shows(finding.severity, finding.confidence)]
        result.hidden = len(kept) - len(shown)
        if policy.asked_for:
            rest_on_pack(shown, program)
        if document is not None:
            locate(document, shown)
            result.source = document.source  # for nothing: it is at hand, and the result goes no further than here
        for finding in shown:
            finding.related = tuple(self._placed(related) for related in finding.related)
        result.findings = in_order(shown)
        return result

    def _placed(self, related: Related) -> Related:
        """A place in another document, found there."""
        other = self._document(related.path, related.document) if related.path is not None else None
        if other is None:
            return related
        place, exact = nearest(other, related.pointer)
        return related._replace(place=place, exact=exact)

    def _document(self, path: str, index: int) -> Document | None:
        documents = self._again.pop(path, None)
        if documents is None:
            documents = self.read(path)
        self._again[path] = documents
        if len(self._again) > FILES_KEPT:
            del self._again[next(iter(self._again))]
        return next((document for document in documents if document.index == index), None)


def _crash(entry: _Entry, code: str, problem: Exception) -> Notification:
    what = f"{type(problem).__name__}: {problem}"
    return Notification(entry.path, entry.number, code, Text(
        f"规则 {code} 比较各文档时出错（{what}），其余规则照常检查",
        f"rule {code} crashed while it compared the documents ({what}); all other rules ran",
    ))  # fmt: skip


def compared(session: Session, files: Iterable[FileResult], read: Read, totals: Totals) -> Iterator[FileResult]:
    """The files as they come, then what the comparison of their documents found."""
    across = Across(session, read)
    for file in files:
        across.take(file)
        yield file
    yield from across.results(totals)
