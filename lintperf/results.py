"""What a run hands to reporters: the findings of each file in order, and how to show them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from lintperf.model import Coverage, Finding, Lang, Notification, Severity, Suppression
from lintperf.rules.rule import Rule

if TYPE_CHECKING:
    from lintperf.policy import Policy

__all__ = ["FINDINGS", "Coverage", "DocumentResult", "FileResult", "Left", "Results", "Totals", "View", "Wanted"]


class Wanted(NamedTuple):
    """What a result shall hold beside the findings.

    compared  what the document leaves for the comparison with others (lintperf.across)
    data      the values of the documents
    tables    names of tables (hook `lintperf_tables`) whose rows are worked out for each document
    """

    compared: bool = False
    data: bool = False
    tables: tuple[str, ...] = ()


FINDINGS = Wanted()


class Left(NamedTuple):
    """What a document leaves for the comparison with the others of a run.

    policy   the settings and packs that it was checked under
    digests  (code of a rule that compares documents, what its check keeps of this one)
    """

    policy: Policy
    digests: tuple[tuple[str, Any], ...]


@dataclass(slots=True)
class DocumentResult:
    """The findings of one document, in order of place and code. `type` and `title` are None where they are unknown.

    group                       what it is counted under with others: the unit that it is of (schema keyword `x-group`)
    suppressed                  findings that are not reported, located as the others, and why; `ignored` counts those
                                that the document itself does not want
    data                        the document's values, where they were asked for (Wanted.data)
    tables                      rows by the name of a table, where they were asked for (Wanted.tables)
    ruleset_name, ruleset_hash  the packs that were applied: those of the run, or the one that the document asked for
    left                        for the comparison with other documents; None where there is nothing to compare
    """

    index: int
    type: str | None
    title: str | None
    findings: list[Finding]
    coverage: Coverage
    ignored: int = 0
    hidden: int = 0
    ruleset_name: str = ""
    ruleset_hash: str = ""
    left: Left | None = None
    group: str | None = None
    suppressed: list[tuple[Finding, Suppression]] = field(default_factory=list)
    data: Any = None
    tables: dict[str, list[Mapping[str, Any]]] = field(default_factory=dict)


@dataclass(slots=True)
class FileResult:
    """The documents of one file, whose bytes it counts as `size`.

    skipped  the file is none of ours (a JSON file without a document type)
    across   the file went by before; its documents now hold what their comparison with others found, and only that
    """

    path: str
    documents: list[DocumentResult] = field(default_factory=list)
    notifications: list[Notification] = field(default_factory=list)
    skipped: bool = False
    size: int | None = None
    across: bool = False


@dataclass(slots=True)
class Totals:
    """Counts over a run, filled while the files go by; complete when the last one has been taken.

    compared        how many documents were compared with others
    rules_comparing codes of the rules that did so, in order
    """

    files: int = 0
    documents: int = 0
    skipped_files: int = 0
    by_severity: dict[Severity, int] = field(default_factory=dict)
    by_code: dict[str, int] = field(default_factory=dict)
    hidden: int = 0
    ignored: int = 0
    notifications: int = 0
    rules_run: int = 0
    compared: int = 0
    rules_comparing: tuple[str, ...] = ()

    def count(self, file: FileResult) -> None:
        """Add what there is to say about one file."""
        self.files += not file.across
        self.skipped_files += file.skipped
        self.notifications += len(file.notifications)
        for document in file.documents:
            self.documents += not file.across
            self.hidden += document.hidden
            self.ignored += document.ignored
            self.rules_run += document.coverage.rules_run
            for finding in document.findings:
                self.by_severity[finding.severity] = self.by_severity.get(finding.severity, 0) + 1
                self.by_code[finding.code] = self.by_code.get(finding.code, 0) + 1

    def worst(self) -> Severity:
        """The highest severity so far; `off` where nothing was found."""
        return max(self.by_severity, default=Severity.off)


@dataclass(slots=True)
class Results:
    """A run: `files` can be taken once, in order, while the run goes on; `totals` counts what has gone by.

    What the comparison of documents found comes when all files have gone by: these files come once more, `across`.
    """

    files: Iterable[FileResult]
    totals: Totals


@dataclass(frozen=True, slots=True)
class View:
    """How to show results.

    rules      every rule in force by code, also those that only some documents ask for
    titles     (document type, path of a field in the schema such as `indicators.score`) → its title
    units      the same → the unit of a number, None where it has none
    """

    lang: Lang
    rules: Mapping[str, Rule]
    titles: Callable[[str, str], str]
    units: Callable[[str, str], str | None]
    ruleset_name: str
    ruleset_hash: str
    version: str
    color: bool = False
    width: int = 80
    explain: bool = False
    statistics: bool = False
    quiet: bool = False
    fail_on: Severity = Severity.error
