"""The stage of `check` that carries out fixes: files written back, differences shown, and what was done told."""

from __future__ import annotations

import sys
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePath

from lintperf.cli.output import complain, write_bytes, write_file, write_stream
from lintperf.document.places import short
from lintperf.fixing import difference, is_wanted
from lintperf.model import Lang
from lintperf.pipeline import Session
from lintperf.results import FileResult, Mended
from lintperf.work import Job, Task, check_one

__all__ = ["Fixing", "carried_out", "of_reported", "shown"]


@dataclass(slots=True)
class Fixing:
    """What fixing has done so far; told when the run is over.

    annotatable  suffixes of the files that `annotate` can correct in a copy
    files, places  how many files and values were changed
    unsafe       how many fixes are left that only `--unsafe-fixes` carries out
    office       files with values that could be corrected in a copy, and how many such values
    """

    lang: Lang
    with_unsafe: bool
    annotatable: Collection[str]
    files: int = 0
    places: int = 0
    unsafe: int = 0
    office: list[str] = field(default_factory=list)
    in_office: int = 0

    def count(self, file: FileResult) -> None:
        """Add what one file brings, and say on standard error which fixes were not carried out."""
        if file.across:
            return
        if file.mended is not None:
            self.files += bool(file.mended.applied)
            self.places += len(file.mended.applied)
            self._tell_refused(file.path, file.mended)
        found = 0
        for document in file.documents:
            for finding in document.findings:
                if finding.fix is None:
                    continue
                if finding.fix.written is not None:
                    self.unsafe += not finding.fix.safe
                elif finding.fix.place is not None and is_wanted(finding, self.with_unsafe):
                    found += 1
        if found and PurePath(file.path).suffix.lower() in self.annotatable:
            self.office.append(file.path)
            self.in_office += found

    def _tell_refused(self, path: str, mended: Mended) -> None:
        for finding, reason in mended.refused:
            place = f":{short(finding.place)}" if finding.place is not None else ""
            complain(f"{path}{place}: {finding.code} {reason.to(self.lang)}")

    def tell(self, done: bool) -> None:
        """Say on standard error what was done; `done`: the files were written, otherwise only shown."""
        for line in self._told(done):
            complain(line)

    def _told(self, done: bool) -> Iterator[str]:
        places, files = self.places, self.files
        if self.lang == "zh":
            if places:
                yield f"{'已' if done else '可'}改正 {places} 处，涉及 {files} 个文件{'' if done else '，尚未写入'}。"
            if self.unsafe:
                yield f"另有 {self.unsafe} 处须复核的改正，用 --unsafe-fixes 执行。"
            if self.office:
                yield (
                    f"{len(self.office)} 个办公文件中有 {self.in_office} 处可改正，原件不改动；"
                    f"请用 lintperf annotate {self.office[0]} --fix -o 副本 写入副本。"
                )
            return
        if places:
            yield f"{'Fixed' if done else 'Would fix'} {_count(places, 'value')} in {_count(files, 'file')}."
        if self.unsafe:
            yield f"{_count(self.unsafe, 'fix', 'fixes')} more need{'s' if self.unsafe == 1 else ''} --unsafe-fixes."
        if self.office:
            yield (
                f"{_count(self.in_office, 'value')} in {_count(len(self.office), 'office file')} could be corrected; "
                f"originals stay as they are, write a copy: lintperf annotate {self.office[0]} --fix -o COPY"
            )


def _count(number: int, one: str, many: str | None = None) -> str:
    return f"{number} {one if number == 1 else many or one + 's'}"


def of_reported(
    files: Iterable[FileResult], session: Session, job: Job, tasks: Mapping[str, Task]
) -> Iterator[FileResult]:
    """The results as they come, the values mended of those findings that are reported, and of no others.

    For runs that report less than they find: what a baseline holds, or has not changed, is left as it is. The job says
    which fixes are wanted.
    """
    for file in files:
        reported = [finding for document in file.documents for finding in document.findings]
        fixable = any(finding.fix and finding.fix.written is not None for finding in reported)
        again = None
        if fixable and not file.across:
            only = frozenset((finding.document, finding.code, finding.pointer) for finding in reported)
            again = check_one(session, tasks[file.path], replace(job, only=only))
        if again is None:
            yield file
            continue
        before = {document.index: document for document in file.documents}
        for document in again.documents:
            known = before[document.index]
            document.suppressed, document.ignored = known.suppressed, known.ignored
            document.data = document.data if known.data is not None else None
        yield again


def carried_out(files: Iterable[FileResult], fixing: Fixing, tasks: dict[str, Task]) -> Iterator[FileResult]:
    """The results as they come, each file written as soon as its values are mended.

    tasks  what is checked, by path. Of one with content, which came from standard input, the text goes to standard
           output, changed or not, and takes the place of the content
    """
    for file in files:
        fixing.count(file)
        content = tasks[file.path].content
        if content is not None and not file.across:
            if file.mended is not None:
                content = file.mended.content
                tasks[file.path] = replace(tasks[file.path], content=content)
            _to_stdout(content)
        elif file.mended is not None and file.mended.applied:
            write_bytes([file.mended.content], Path(file.path))
        yield file


def _to_stdout(content: bytes) -> None:
    sys.stdout.flush()
    with suppress(BrokenPipeError):
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()


def shown(files: Iterable[FileResult], fixing: Fixing, output: str | None) -> bool:
    """Show what fixing would change as a unified diff, and write nothing but that. True where there is something."""
    pieces = _differences(files, fixing)
    if output is not None:
        write_file(pieces, Path(output))
    else:
        write_stream(pieces, sys.stdout)
    return fixing.places > 0


def _differences(files: Iterable[FileResult], fixing: Fixing) -> Iterator[str]:
    for file in files:
        fixing.count(file)
        if file.mended is not None and file.mended.applied:
            yield from difference(file.path, file.mended)
