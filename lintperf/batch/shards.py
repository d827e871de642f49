"""One shard checked: documents one after the other, nothing kept but rows of findings and counts."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, NamedTuple

from lintperf.batch.parts import PartFormat, part_of
from lintperf.batch.records import data_of, records_of
from lintperf.batch.rows import row_of
from lintperf.config import Config, config_for, excluded, load_config, policy_from
from lintperf.document import Document
from lintperf.extension import UnreadableError
from lintperf.model import Lang, Notification, Place, Severity, Text, TextPlace
from lintperf.pipeline import Session, check_document, open_session, rules_of, unreadable
from lintperf.plugins import PluginProblem, told
from lintperf.policy import UsageProblem
from lintperf.results import FileResult
from lintperf.rules.rule import Rule, RuleProblem
from lintperf.work import Job, Task, check_one

__all__ = ["BatchJob", "Counts", "Outcome", "Shard", "attempt", "lint_records", "lint_shard", "shared_session"]


class Shard(NamedTuple):
    """A piece of the input, the same on every machine: what one call of `lint_shard` checks.

    number   its place in the run, from 0
    kind     lines of a JSONL file, rows of a Parquet file, files that are documents each, or an input that is broken
    path     the input as the user named it; of the first one for `files`
    size     how many bytes of the input it stands for
    walked   the input was found in a folder
    first    the number of its first record, from 1
    start, end  for `lines`: the bytes of the file that it covers; for `rows`: the row groups
    content  the records themselves, where only who cut them could read them: lines, or an Arrow stream
    column   of a Parquet file: the column with the documents; "" where the columns are the fields of documents
    files    for `files`: (path, found in a folder)
    problem  why an input is broken
    """

    number: int
    kind: Literal["lines", "rows", "files", "broken"]
    path: str
    size: int
    walked: bool = False
    first: int = 1
    start: int = 0
    end: int = 0
    content: bytes | None = None
    column: str = ""
    files: tuple[tuple[str, bool], ...] = ()
    problem: Text | None = None


@dataclass(frozen=True, slots=True)
class BatchJob:
    """What holds for all shards of a run: what to check by, and how findings come back.

    format  of the parts; None: no part is made, `results` of the outcome hold what was found
    cached  whether compiled rules are kept in the user's cache folder
    """

    job: Job
    lang: Lang = "zh"
    format: PartFormat | None = "jsonl"
    cached: bool = True


@dataclass(slots=True)
class Counts:
    """What there is to count over documents; sums of it are the same in any order.

    by_type   of documents; by_group: documents, errors, warnings, notes of each unit; "" where there is none
    """

    files: int = 0
    documents: int = 0
    skipped: int = 0
    findings: int = 0
    hidden: int = 0
    ignored: int = 0
    by_severity: dict[str, int] = field(default_factory=dict)
    by_code: dict[str, int] = field(default_factory=dict)
    by_type: dict[str, int] = field(default_factory=dict)
    by_group: dict[str, list[int]] = field(default_factory=dict)
    notifications: list[list[str]] = field(default_factory=list)

    def take(self, result: FileResult) -> None:
        """Count what was found in one record."""
        self.files += 1
        self.skipped += result.skipped
        for document in result.documents:
            self.documents += 1
            self.findings += len(document.findings)
            self.hidden += document.hidden
            self.ignored += document.ignored
            kind = document.type or ""
            self.by_type[kind] = self.by_type.get(kind, 0) + 1
            group = self.by_group.setdefault(document.group or "", [0, 0, 0, 0])
            group[0] += 1
            for finding in document.findings:
                group[4 - finding.severity] += 1
                name = finding.severity.name
                self.by_severity[name] = self.by_severity.get(name, 0) + 1
                self.by_code[finding.code] = self.by_code.get(finding.code, 0) + 1
        for each in result.notifications:
            self.notifications.append([each.path, each.subject, each.text.zh, each.text.en])

    def add(self, other: Counts) -> None:
        """Count what another shard has counted."""
        self.files += other.files
        self.documents += other.documents
        self.skipped += other.skipped
        self.findings += other.findings
        self.hidden += other.hidden
        self.ignored += other.ignored
        self.notifications += other.notifications
        for mine, theirs in (
            (self.by_severity, other.by_severity), (self.by_code, other.by_code), (self.by_type, other.by_type),
        ):  # fmt: skip
            for name, number in theirs.items():
                mine[name] = mine.get(name, 0) + number
        for name, numbers in other.by_group.items():
            known = self.by_group.setdefault(name, [0, 0, 0, 0])
            for index, number in enumerate(numbers):
                known[index] += number

    def worst(self) -> Severity:
        """The highest severity; `off` where nothing was found."""
        return max((Severity[name] for name in self.by_severity), default=Severity.off)


@dataclass(slots=True)
class Outcome:
    """What came of a shard.

    part     its findings as bytes of the job's format
    results  what was found, where no part was asked for: records with findings or notifications
    failed   why there is nothing: two attempts broke down
    refused  why the whole run has to stop: wrong settings or rules
    """

    number: int
    part: bytes = b""
    counts: Counts = field(default_factory=Counts)
    results: list[FileResult] = field(default_factory=list)
    failed: Text | None = None
    refused: Text | None = None


_SESSION: Session | None = None


def shared_session(cached: bool = True, session: Session | None = None) -> Session:
    """The session of this process: given by who starts it, or opened the first time that it is needed."""
    global _SESSION
    if session is not None:
        _SESSION = session
    if _SESSION is None:
        # documents make no cycles: looking for them less often saves a twentieth of the time
        gc.set_threshold(50_000, 20, 50)
        _SESSION = open_session(use_cache=cached)
    return _SESSION


def attempt(shard: Shard, job: BatchJob) -> Outcome:
    """`lint_shard` for engines: never raises, tries twice. What kills the process is the engine's to notice."""
    try:
        try:
            return lint_shard(shard, job)
        except (OSError, MemoryError):
            return lint_shard(shard, job)
    except (UsageProblem, PluginProblem, RuleProblem) as problem:
        return Outcome(shard.number, refused=told(problem))
    except Exception as problem:
        what = f"{type(problem).__name__}: {problem}"[:300]
        return Outcome(shard.number, failed=Text(f"检查时出错（{what}）", f"it broke down ({what})"))


def lint_shard(shard: Shard, job: BatchJob, session: Session | None = None) -> Outcome:
    """The findings of a shard. A document that cannot be read is a finding (LP001); a crash a notification.

    Raises OSError where the input can no longer be read, UsageProblem, PluginProblem or RuleProblem for wrong settings.
    """
    session = shared_session(job.cached, session)
    outcome = Outcome(shard.number)
    rows: list[tuple[Any, ...]] = []
    rules: dict[str, Rule] = {}
    for record, result in lint_records(session, shard, job.job):
        outcome.counts.take(result)
        if job.format is None:
            if result.notifications or any(document.findings for document in result.documents):
                outcome.results.append(_in_file(result, record, shard.kind == "lines"))
            continue
        for document in result.documents:
            for finding in document.findings:
                rule = rules.get(finding.code)
                if rule is None:
                    rules.update(rules_of(session, job.job.policy, [None, *session.extensions.types]))
                    rule = rules[finding.code]
                rows.append(row_of(finding, document, result.path, record, rule, job.lang))
    if job.format is not None:
        outcome.part = part_of(rows, job.format)
    return outcome


def _in_file(result: FileResult, record: int | None, lines: bool) -> FileResult:
    """The result of a record with the places of its file: a line stands where it stands, a cell of Parquet nowhere."""
    if record is None:
        return result
    result.size = None
    for document in result.documents:
        for finding in document.findings:
            finding.place = _moved(finding.place, record - 1, lines)
            finding.related = tuple(
                each._replace(place=_moved(each.place, record - 1, lines)) for each in finding.related
            )
            if finding.fix is not None:
                place = _moved(finding.fix.place, record - 1, lines)
                finding.fix = finding.fix._replace(place=place, written=finding.fix.written if place else None)
    return result


def _moved(place: Place | None, by: int, lines: bool) -> Place | None:
    if not lines or not isinstance(place, TextPlace):
        return None
    return place._replace(line=place.line + by, end_line=place.end_line + by)


def lint_records(session: Session, shard: Shard, job: Job) -> Iterator[tuple[int | None, FileResult]]:
    """(number of the record, None for a file; what was found in it) for the records of a shard, in order."""
    if shard.kind == "files":
        for path, walked in shard.files:
            result = check_one(session, Task(path, walked), job)
            if result is not None:
                yield None, result
        return
    config = Config()
    if job.use_config:
        source = Path(shard.path)
        config = load_config(Path(job.config_file)) if job.config_file else config_for(source)
        if shard.walked and excluded(config, source):
            return
        job = replace(job, use_config=False, policy=policy_from(config, job.policy, source, job.persona))
    if shard.kind == "broken":
        assert shard.problem is not None
        yield None, _unreadable(session, shard.path, UnreadableError(shard.problem), job)
        return
    for number, content in records_of(shard):
        # the suffix names the importer; what is told of the record is told by file and number
        name = f"{shard.path}:{number}"
        if isinstance(content, bytes):
            checked = check_one(session, Task(f"{name}.json", content=content), job)
            assert checked is not None
            result = checked
        elif isinstance(content, UnreadableError):
            result = _unreadable(session, shard.path, content, job)
        else:
            kind = session.extensions.types.get(content.get("type"))
            data = data_of(content, kind.root if kind is not None else None)
            result = _check_data(session, name, data, job)
        if result.notifications:
            result.notifications = [each._replace(path=name) for each in result.notifications]
        result.path = shard.path
        yield number, result


def _unreadable(session: Session, path: str, problem: UnreadableError, job: Job) -> FileResult:
    result = FileResult(path)
    found = check_document(session, unreadable(path, problem), job.policy, result.notifications, job.wanted)
    result.documents.append(found)
    return result


def _check_data(session: Session, name: str, data: Any, job: Job) -> FileResult:
    """What is found in a document that comes as values."""
    result = FileResult(name)
    try:
        found = check_document(session, Document(name, data), job.policy, result.notifications, job.wanted)
        result.documents.append(found)
    except (UsageProblem, PluginProblem, RuleProblem):
        raise
    except Exception as problem:  # a bug that one document shows must not hide the findings of all others
        what = f"{type(problem).__name__}: {problem}"
        text = Text(
            f"检查时程序出错（{what}），其余记录照常检查", f"the check crashed ({what}); all other records are checked"
        )
        result.notifications.append(Notification(name, None, "check", text))
    return result
