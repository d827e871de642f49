"""`--since REV`: only findings about documents and rows that changed since a revision of their git repository."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from lintperf.cli.git import Repository, repository_of
from lintperf.extension import RunCheck
from lintperf.findings.changes import ALL, NOTHING, Changes, changes, earlier, is_touched, pair_documents
from lintperf.model import Finding, Text
from lintperf.pipeline import Session
from lintperf.policy import UsageProblem
from lintperf.results import DocumentResult, FileResult, SinceTotals, Totals, View, Wanted
from lintperf.schema.fields import Field
from lintperf.work import Job, Task, check_one

__all__ = ["SinceStage", "since_stage"]


@dataclass(slots=True)
class SinceStage:
    """A run limited to what changed.

    job        that of the run, with the values of documents in the results
    tasks      the files to check; those that have not changed are there only where documents are compared, `beside`
    keep_data  whether reporters want the values of documents, which have to be known here
    """

    session: Session
    job: Job
    keep_data: bool
    tasks: list[Task]
    repositories: dict[str, Repository]
    totals: SinceTotals
    _beside: frozenset[str] = frozenset()
    _changes: dict[tuple[str, int], Changes] = field(default_factory=dict)

    def of_changed_files(self, files: Iterable[FileResult]) -> Iterator[FileResult]:
        """The files as they come, without those that are only there to be compared with."""
        for file in files:
            if file.across or file.path not in self._beside:
                yield file
            elif file.notifications:
                yield FileResult(file.path, notifications=file.notifications)

    def results(self, files: Iterable[FileResult], totals: Totals) -> Iterator[FileResult]:
        """The files as they come, with the findings about what changed."""
        totals.since = self.totals
        before = {task.path: task for task in self.tasks}
        for file in files:
            if file.across:
                for document in file.documents:
                    document.findings = self._kept_across(file.path, document)
            elif file.documents:
                self._keep_news(before[file.path], file)
            yield file

    def _keep_news(self, task: Task, file: FileResult) -> None:
        repository = repository_of(task.path, self.totals.revision, self.repositories)
        content = repository.content_before(task.path)
        old = []
        if content is not None:
            job = replace(self.job, wanted=Wanted(data=True), fixes=None)
            result = check_one(self.session, Task(task.path, task.walked, content), job)
            old = [earlier(document) for document in result.documents] if result is not None else []
        for document, version in zip(file.documents, pair_documents(old, file.documents), strict=True):
            here = ALL
            if version is not None and version.type == document.type and version.type is not None:
                here = changes(version.data, document.data, self._root(document))
            self._changes[file.path, document.index] = here
            if version is not None:
                matcher = version.matcher()
                document.findings = self._counted(
                    document,
                    # each finding uses up its earlier self, whether or not it is kept for another reason
                    [not matcher.take(each) or is_touched(each, here, self._there) for each in document.findings],
                )
            if not self.keep_data:
                document.data = None

    def _kept_across(self, path: str, document: DocumentResult) -> list[Finding]:
        here = self._there(path, document.index)
        return self._counted(document, [is_touched(each, here, self._there) for each in document.findings])

    def _counted(self, document: DocumentResult, kept: Sequence[bool]) -> list[Finding]:
        self.totals.findings += len(kept) - sum(kept)
        return [finding for finding, keep in zip(document.findings, kept, strict=True) if keep]

    def _there(self, path: str, index: int) -> Changes:
        return self._changes.get((path, index), NOTHING)

    def _root(self, document: DocumentResult) -> Field:
        return self.session.extensions.types[document.type].root if document.type else Field("", "record")


def since_stage(
    revision: str, update_baseline: bool, session: Session, tasks: list[Task], job: Job, view: View
) -> SinceStage:
    """What limits a run to the changes since `revision`. Raises UsageProblem.

    Files that have not changed are left out. Where rules compare documents with each other they are still read for
    that: a new document may be a copy of an old one.
    """
    if update_baseline:
        raise UsageProblem(Text(
            "--update-baseline 须检查全部文档，不能与 --since 同用",
            "--update-baseline has to check all documents and cannot go with --since",
        ))  # fmt: skip
    repositories: dict[str, Repository] = {}
    checks = session.extensions.checks
    comparing = any(isinstance(checks.get(rule.check or ""), RunCheck) for rule in view.rules.values())
    kept: list[Task] = []
    beside: set[str] = set()
    unchanged = 0
    for task in tasks:
        repository = repository_of(task.path, revision, repositories)
        if task.content is None and repository.is_unchanged(task.path):
            unchanged += 1
            if comparing:
                beside.add(task.path)
                kept.append(replace(task, beside=True))
        else:
            kept.append(task)
    if len(beside) == len(kept):
        # nothing has changed, and what is old has been compared before
        kept, beside = [], set()
    totals = SinceTotals(revision, unchanged)
    job, keep_data = replace(job, wanted=job.wanted._replace(data=True)), job.wanted.data
    return SinceStage(session, job, keep_data, kept, repositories, totals, frozenset(beside))
