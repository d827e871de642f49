"""What a run hands to reporters: the findings of each file in order, and how to show them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from lintperf.model import Coverage, Finding, Lang, Notification, Severity, Suppression, Text
from lintperf.rules.rule import Rule

if TYPE_CHECKING:
    from lintperf.policy import Policy

__all__ = [
    "FINDINGS",
    "Absent",
    "BaselineTotals",
    "Coverage",
    "DocumentResult",
    "FileResult",
    "GroupTotals",
    "Left",
    "Mended",
    "Results",
    "SinceTotals",
    "Totals",
    "View",
    "Wanted",
]


class Wanted(NamedTuple):
    """What a result shall hold beside the findings.

    compared  what the document leaves for the comparison with others (lintperf.across)
    data      the values of the documents
    tables    names of tables (hook `lintperf_tables`) whose rows are worked out for each document
    source    the text of the documents' files, where they are text files, and the digest of every file
    digests_only  nothing but `compared`: no rule runs on the document itself
    digest  the digest of every file
    """

    compared: bool = False
    data: bool = False
    tables: tuple[str, ...] = ()
    source: bool = False
    digests_only: bool = False
    digest: bool = False


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
    source                      the text of the file, where it was asked for (Wanted.source) and is a text file
    ruleset_name, ruleset_hash  the packs that were applied: those of the run, or the one that the document asked for
    left                        for the comparison with other documents; None where there is nothing to compare
    days                        the last days of the document's own entries against findings, those over included: on
                                another day the result may be another one
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
    source: str | None = None
    days: tuple[str, ...] = ()


class Mended(NamedTuple):
    """What fixes changed in a text file.

    applied  one finding for each value that was changed, in the order of the file: its fix has the new value, the
             place and the old value of the original
    refused  findings whose fix was not carried out, or was taken back, and why
    before   the text of the file, and after: with the new values; the same where nothing was changed
    content  the bytes of the file with the new values: mark, encoding and all else as they were
    """

    applied: tuple[Finding, ...]
    refused: tuple[tuple[Finding, Text], ...]
    before: str
    after: str
    content: bytes


@dataclass(slots=True)
class FileResult:
    """The documents of one file, whose bytes it counts as `size`.

    skipped  the file is none of ours (a JSON file without a document type)
    across   the file went by before; its documents now hold what their comparison with others found, and only that
    mended   what fixes changed, where they were asked for: the documents are then those of the mended text
    sha256   the digest of the file's bytes in hexadecimal, where it was asked for (Wanted.source, Wanted.digest)
    """

    path: str
    documents: list[DocumentResult] = field(default_factory=list)
    notifications: list[Notification] = field(default_factory=list)
    skipped: bool = False
    size: int | None = None
    across: bool = False
    mended: Mended | None = None
    sha256: str | None = None


class Absent(NamedTuple):
    """What a baseline holds and a run no longer finds: so many (`times`) alike findings.

    path   of the file, relative to the folder of the baseline
    rows   the labels of its rows, white space squeezed out; field: the dotted path of the field
    """

    path: str
    title: str | None
    group: str | None
    code: str
    rows: tuple[str, ...]
    field: str
    times: int


@dataclass(slots=True)
class BaselineTotals:
    """A run against its baseline, complete when the last file has been taken: numbers of findings by code.

    new       found and not held; unchanged: found and held; absent: held and no longer found
    vanished  the absent ones
    updated   the new ones are held from now on (`--update-baseline`): none of them is reported

    The baseline had `unchanged` + `absent` on what was checked, the run has `unchanged` + `new`.
    """

    new: dict[str, int] = field(default_factory=dict)
    unchanged: dict[str, int] = field(default_factory=dict)
    absent: dict[str, int] = field(default_factory=dict)
    vanished: list[Absent] = field(default_factory=list)
    updated: bool = False


@dataclass(slots=True)
class SinceTotals:
    """A run that is limited to what changed since a revision of a repository.

    revision  as the user named it
    files     how many files had not changed since
    findings  how many findings were there before, on what has not changed, and are not reported
    """

    revision: str
    files: int = 0
    findings: int = 0


@dataclass(slots=True)
class GroupTotals:
    """What was found in the documents of one group (DocumentResult.group)."""

    documents: int = 0
    by_severity: dict[Severity, int] = field(default_factory=dict)


@dataclass(slots=True)
class Totals:
    """Counts over a run, filled while the files go by; complete when the last one has been taken.

    by_group        the same by group; None: of documents that belong to none
    baseline        against a baseline, where there is one
    since           where the run is limited to changes
    compared        how many documents were compared with others
    rules_comparing codes of the rules that did so, in order
    """

    files: int = 0
    documents: int = 0
    skipped_files: int = 0
    by_severity: dict[Severity, int] = field(default_factory=dict)
    by_code: dict[str, int] = field(default_factory=dict)
    by_group: dict[str | None, GroupTotals] = field(default_factory=dict)
    hidden: int = 0
    ignored: int = 0
    notifications: int = 0
    rules_run: int = 0
    compared: int = 0
    rules_comparing: tuple[str, ...] = ()
    baseline: BaselineTotals | None = None
    since: SinceTotals | None = None

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
            group = self.by_group.setdefault(document.group, GroupTotals())
            group.documents += not file.across
            for finding in document.findings:
                self.by_severity[finding.severity] = self.by_severity.get(finding.severity, 0) + 1
                group.by_severity[finding.severity] = group.by_severity.get(finding.severity, 0) + 1
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
    both_titles  the same in both languages, where it is known
    annotatable  suffixes of files that can be corrected in a copy (`lintperf annotate --fix`)
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
    both_titles: Callable[[str, str], Text] | None = None
    annotatable: Collection[str] = ()
