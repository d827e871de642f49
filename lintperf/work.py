"""Files checked one after another or by several processes, results in the order of the files either way."""

from __future__ import annotations

import os
import signal
import stat
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from lintperf.config import Config, config_for, excluded, helpers, load_config, policy_from
from lintperf.extension import Source, UnreadableError
from lintperf.model import Notification, Severity, Text
from lintperf.pipeline import Session, check_document, check_source, open_session, read_documents, rules_of, unreadable
from lintperf.plugins import PluginProblem, told
from lintperf.policy import Policy, UsageProblem
from lintperf.results import FINDINGS, FileResult, Totals, Wanted
from lintperf.rules.rule import RuleProblem

if TYPE_CHECKING:
    from concurrent.futures import Future

    from lintperf.document import Document

__all__ = [
    "CRASHED",
    "DATA_SUFFIXES",
    "Job",
    "Task",
    "blamed",
    "check_all",
    "check_one",
    "exit_code",
    "lowest_failing",
    "persona_for",
    "read_again",
    "worth_keeping",
]

MAX_BYTES = 256 * 1024 * 1024
DATA_SUFFIXES = (".json", ".yaml", ".yml")
# fewer JSON and YAML files are checked before an index of results is read
FEWEST_KEPT = 8


CRASHED = 3


class DocumentTimeout(BaseException):
    """A file took longer than the limit."""


@dataclass(frozen=True, slots=True)
class Task:
    """One file: its path, whether it was found in a folder, its bytes if they do not come from disk.

    beside  it is not checked itself: it is only there for others to be compared with
    """

    path: str
    walked: bool = False
    content: bytes | None = None
    beside: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """What holds for all files of a run: settings, how to find configurations, the time limit a file in seconds.

    wanted  what the results shall hold beside the findings
    fixes   which fixes to carry out in JSON and YAML files: none, the safe ones, or also those to look at
    only    of what is found first, the only findings that count: (document, code, pointer); see `mend`
    """

    policy: Policy
    persona: str | None
    use_config: bool
    config_file: str | None
    skip_unknown: bool
    seconds: float
    allow_libreoffice: bool = False
    wanted: Wanted = FINDINGS
    fixes: Literal["safe", "unsafe"] | None = None
    only: frozenset[tuple[int, str, str]] | None = None


def lowest_failing(word: str) -> Severity:
    """The lowest severity that gives exit code 1; `off` for `never`."""
    return Severity.off if word == "never" else Severity[word]


def worth_keeping(tasks: Sequence[Task], job: Job) -> bool:
    """Whether results of these files may be kept for the next run (lintperf.result_cache): not a few small files, which
    are checked before an index is read, nor standard input, nor where more than findings is wanted or files are mended.
    """
    wanted = job.wanted
    if wanted.data or wanted.tables or wanted.source or wanted.digests_only or job.fixes is not None:
        return False
    if any(task.content is not None or task.beside for task in tasks):
        return False
    return len(tasks) >= FEWEST_KEPT or not all(task.path.lower().endswith(DATA_SUFFIXES) for task in tasks)


def persona_for(chosen: str | None, fail_on: Severity) -> str | None:
    """The persona chosen, if any: who fails on notes wants to see them."""
    return chosen or ("reviewer" if fail_on is Severity.note else None)


def exit_code(totals: Totals, fail_on: Severity) -> int:
    """3 where the tool itself failed on something, 1 where something at or above `fail_on` was found, else 0."""
    if totals.notifications:
        return CRASHED
    return int(fail_on is not Severity.off and totals.worst() >= fail_on)


def check_all(session: Session, tasks: Sequence[Task], job: Job, processes: int) -> Iterator[FileResult]:
    """The result of each file, in order. A process that dies costs the files it was on, not the run."""
    if processes <= 1 or len(tasks) < 2:
        for task in tasks:
            result = check_one(session, task, job)
            if result is not None:
                yield result
        return
    yield from _check_in_processes(session, tasks, job, processes)


def _check_in_processes(session: Session, tasks: Sequence[Task], job: Job, processes: int) -> Iterator[FileResult]:
    from lintperf.processes import FORKS, BrokenProcessPool, start, submit, terminate

    global _SESSION
    # small enough to share the work out evenly, large enough that handing it over costs nothing
    size = max(1, min(64, len(tasks) // (processes * 4) or 1))
    chunks = deque(tasks[first : first + size] for first in range(0, len(tasks), size))
    _SESSION = session if FORKS else None
    running: deque[tuple[Sequence[Task], Future[list[FileResult] | Text]]] = deque()
    executor = start(processes)
    try:
        while chunks or running:
            while chunks and len(running) < processes * 4:
                chunk = chunks.popleft()
                running.append((chunk, submit(executor, _check_chunk, chunk, job)))
            chunk, future = running.popleft()
            try:
                yield from _results(future.result())
            except BrokenProcessPool:
                executor.shutdown(cancel_futures=True)
                yield from _one_by_one(chunk, job)
                executor = start(processes)
                running = deque((again, submit(executor, _check_chunk, again, job)) for again, _ in running)
    except BaseException:
        terminate()
        raise
    finally:
        # not to wait is to race with the end of the process, which then complains of closed pipes
        executor.shutdown(cancel_futures=True)


def _one_by_one(chunk: Sequence[Task], job: Job) -> Iterator[FileResult]:
    """The files of a chunk whose process died, each in a process of its own, to name the one that kills it."""
    from lintperf.processes import BrokenProcessPool, start

    for task in chunk:
        with start(1) as executor:
            try:
                yield from _results(executor.submit(_check_chunk, [task], job).result())
            except BrokenProcessPool:
                text = Text("检查进程意外终止", "the process that checked the file died")
                yield FileResult(task.path, notifications=[Notification(task.path, None, "worker", text)])


_SESSION: Session | None = None


def _check_chunk(tasks: Sequence[Task], job: Job) -> list[FileResult] | Text:
    """The results of some files, or why the run has to stop."""
    global _SESSION
    if _SESSION is None:
        _SESSION = open_session()
    try:
        results = (check_one(_SESSION, task, job) for task in tasks)
        return [result for result in results if result is not None]
    except (UsageProblem, PluginProblem, RuleProblem) as problem:
        # such exceptions do not survive the way to the parent: it makes one of their text
        return told(problem)


def _results(outcome: list[FileResult] | Text) -> list[FileResult]:
    if isinstance(outcome, Text):
        raise UsageProblem(outcome)
    return outcome


def check_one(session: Session, task: Task, job: Job) -> FileResult | None:
    """The result of one file; None for one that a configuration excludes."""
    policy, config = job.policy, Config()
    if job.use_config:
        path = Path(task.path)
        config = load_config(Path(job.config_file)) if job.config_file else config_for(path)
        if task.walked and excluded(config, path):
            return None
        policy = policy_from(config, job.policy, path, job.persona)
    try:
        with _time_limit(job.seconds):
            content = task.content if task.content is not None else _read(task.path)
            skip_unknown = job.skip_unknown or task.walked
            if skip_unknown and _names_no_type(session, task.path, content):
                return FileResult(task.path, skipped=True, size=len(content), sha256=_digest(content, job.wanted))
            source = Source(task.path, content, helpers(job.allow_libreoffice, config))
            if task.beside:
                wanted = Wanted(compared=True, digests_only=True)
                return check_source(session, source, policy, skip_unknown, wanted)
            if job.fixes is not None:
                from lintperf.fixing import mend

                return mend(session, source, policy, job.fixes == "unsafe", skip_unknown, job.wanted, job.only)
            return check_source(session, source, policy, skip_unknown, job.wanted)
    except UsageProblem as problem:
        raise blamed(problem, session, config, job.policy) from None
    except UnreadableError as problem:
        return _unreadable(session, task, policy, problem)
    except DocumentTimeout:
        text = Text(f"检查超过 {job.seconds:g} 秒，已放弃", f"gave up after {job.seconds:g} seconds")
        return FileResult(task.path, notifications=[Notification(task.path, None, "time", text)])
    except MemoryError:
        text = Text("内存不足，已放弃", "gave up: out of memory")
        return FileResult(task.path, notifications=[Notification(task.path, None, "memory", text)])
    except (PluginProblem, RuleProblem):
        raise
    except Exception as problem:  # a bug that one document shows must not hide the findings of all others
        what = f"{type(problem).__name__}: {problem}"
        text = Text(
            f"检查时程序出错（{what}），其余文件照常检查", f"the check crashed ({what}); all other files are checked"
        )
        return FileResult(task.path, notifications=[Notification(task.path, None, "check", text)])


def _digest(content: bytes, wanted: Wanted) -> str | None:
    """The digest of a file that is none of ours, where it is asked for by itself."""
    if not wanted.digest:
        return None
    from hashlib import sha256

    return sha256(content).hexdigest()


def read_again(session: Session, task: Task, job: Job) -> list[Document]:
    """The documents of a file that was checked before; none where it cannot be read any more."""
    config = Config()
    if job.use_config:
        config = load_config(Path(job.config_file)) if job.config_file else config_for(Path(task.path))
    try:
        with _time_limit(job.seconds):
            content = task.content if task.content is not None else _read(task.path)
            source = Source(task.path, content, helpers(job.allow_libreoffice, config))
            return read_documents(session, source)[0]
    except (UnreadableError, DocumentTimeout, MemoryError):
        return []


def _names_no_type(session: Session, path: str, content: bytes) -> bool:
    """Whether a data file has none of our types anywhere in it, so that it is none of ours even if it has errors.

    Projects are full of JSON with comments and YAML with anchors, which strict readers refuse. A form that is broken
    still has its type in it.
    """
    if not path.lower().endswith(DATA_SUFFIXES):
        return False
    encodings = ("utf-8", "utf-16-le", "utf-16-be")
    return not any(name.encode(encoding) in content for name in session.extensions.types for encoding in encodings)


def blamed(problem: UsageProblem, session: Session, config: Config, chosen: Policy) -> UsageProblem:
    """The problem, with the configuration file before it when the settings `chosen` on the command line are fine."""
    try:
        rules_of(session, chosen, [None, *session.extensions.types])
    except UsageProblem:
        return problem
    return UsageProblem(Text(f"{config.path}：{problem.text.zh}", f"{config.path}: {problem.text.en}"))


def _unreadable(session: Session, task: Task, policy: Policy, problem: UnreadableError) -> FileResult:
    result = FileResult(task.path)
    result.documents.append(check_document(session, unreadable(task.path, problem), policy, result.notifications))
    return result


def _read(path: str) -> bytes:
    try:
        if not stat.S_ISREG(os.stat(path).st_mode):  # noqa: PTH116 - see find_files
            # opening a pipe would wait for somebody to write into it
            raise UnreadableError(
                Text("不是普通文件", "it is no regular file"),
                Text("管道请用 - 和 --stdin-filename", "for a pipe use - and --stdin-filename"),
            )
        with open(path, "rb") as stream:  # noqa: PTH123 - see find_files
            if os.fstat(stream.fileno()).st_size > MAX_BYTES:
                limit = MAX_BYTES // (1024 * 1024)
                raise UnreadableError(
                    Text(f"文件超过 {limit} MiB", f"the file is larger than {limit} MiB"),
                    Text("请拆分文件", "split the file"),
                )
            return stream.read()
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise UnreadableError(
            Text(f"无法打开（{reason}）", f"it cannot be opened ({reason})"),
            Text("请检查文件和权限", "look at the file and its permissions"),
        ) from None


@contextmanager
def _time_limit(seconds: float) -> Iterator[None]:
    """Raises DocumentTimeout in this thread after so many seconds, where the platform can; 0: no limit."""
    if not seconds or not hasattr(signal, "setitimer") or threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(_signal: int, _frame: Any) -> None:
        raise DocumentTimeout

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
