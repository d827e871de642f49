"""Results of unchanged files, kept from one run to the next in the user's cache folder.

One index holds the results of the files that were checked from one folder under the same settings: a line a file.
A file is known to be unchanged by its size, times and number, else by the digest of its bytes. A file that changed
just before it was read is not known by its times: it could have changed once more in the same tick of the clock.

What a result depends on is part of the index's key or of the line: lintperf, its plugins and their data (every file of
their packages), the installed distributions, the rule packs, the settings, the day where a pack or a document has
dates. A plugin whose results depend on anything else does not go with this cache.

Beside it lie what documents leave for the comparison with each other (read only when something has changed), and what
that comparison found. All of it is a checksum and JSON, never pickle; what is damaged is dropped and made again. Files
are replaced whole, so that runs at the same time do not harm each other; a folder that cannot be written to, or that
everybody can write to, is no error: nothing is kept then.
"""

from __future__ import annotations

import os
import re
import stat
import sys
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from threading import get_ident
from time import time_ns
from types import ModuleType
from typing import Any, NamedTuple
from zlib import crc32

import lintperf
from lintperf.across import Across, Read
from lintperf.config import Config, config_for, excluded, helpers, load_config, policy_from
from lintperf.pipeline import Session
from lintperf.policy import Policy
from lintperf.result_data import (
    NotPlain,
    Shared,
    document_from,
    document_to,
    json_text,
    json_value,
    plain_from,
    plain_to,
)
from lintperf.results import FileResult, Left, Totals
from lintperf.rules.cache import cache_folder, is_ours, key_of
from lintperf.work import DATA_SUFFIXES, Job, Task, check_all, worth_keeping

__all__ = ["ResultCache", "clear_cache", "kept_results", "result_folder", "size_of_cache"]

FORMAT = "1"
# nanoseconds before a reading in which a change may not show in the times of a file; FAT counts in two seconds
TICK = 2_000_000_000
MOST_BYTES = 512 * 1024 * 1024
# of what documents leave for the comparison, in characters; a run beyond that compares anew
MOST_LEFT = 128 * 1024 * 1024
# comparisons of different sets of files, kept in one index
MOST_COMPARISONS = 4
# results of larger files may hold texts as large, which would have to stay in memory to the end of the run
LARGEST_FILE = 512 * 1024
MOST_SHARED = 20_000
SUFFIXES = (".results", ".left")
DAY = 24 * 60 * 60 * 1_000_000_000
# before the digest of a comparison, where lines of files have a path: no path has it
COMPARISON = "\0"
_RULES = re.compile(r"[0-9a-f]{8}\.json|\.[0-9]+-[0-9]+\.tmp")
_RESULTS = re.compile(r"[0-9a-f]{8}\.(results|left)|\.[0-9]+-[0-9]+\.tmp")


class _Comparison(NamedTuple):
    """What the comparison of documents found: of how many, by which rules, the files in which it found something."""

    compared: int
    rules: tuple[str, ...]
    files: list[FileResult]


class _Line(NamedTuple):
    """What is kept of a file.

    state     its size, times and number before it was read; its size alone where the times cannot tell a change
    digest    SHA-256 of its bytes
    settings  what it was checked under, shortened
    days      the last days of entries of its documents, each with whether it was over, as JSON; "" for none
    body      its documents as JSON; "" for a file that is none of ours
    """

    state: str
    digest: str
    settings: str
    days: str
    body: str


@dataclass(slots=True)
class _Lines:
    """The lines of a file of the cache by path, not taken apart, and the records that they share.

    seen  the state of the file when it was read; None where there is none
    """

    lines: dict[str, str]
    shared: Shared
    seen: str | None = None


def result_folder() -> Path:
    """Where indexes lie."""
    return cache_folder() / "results"


def kept_results(session: Session, tasks: Sequence[Task], job: Job) -> ResultCache | None:
    """The results kept of earlier runs like this one; None where nothing is to be kept.

    That is so for few small files, for standard input, for a run that mends files, and where reports ask for more than
    findings. Raises UsageProblem for a wrong configuration.
    """
    if not worth_keeping(tasks, job):
        return None
    try:
        code = _code(session)
        if code is None:
            return None
        # settings without the day: where it matters it is part of what a line holds
        plain = replace(job, policy=replace(job.policy, today=None), seconds=0)
        run = key_of("results", FORMAT, os.getcwd(), plain)  # noqa: PTH109 - a text
        folder = result_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not (is_ours(folder.parent) and is_ours(folder)):
            return None
    except (OSError, RuntimeError):
        return None
    stem = folder / f"{crc32(run.encode(errors='surrogatepass')):08x}"
    return ResultCache(session, tasks, job, stem, f"{run}\0{code}")


class ResultCache:
    """What is kept of the files of one run. `tasks` are its files without those that a configuration excludes."""

    def __init__(self, session: Session, tasks: Sequence[Task], job: Job, stem: Path, key: str) -> None:
        self.tasks: list[Task] = []
        self._session = session
        self._job = job
        self._today = job.policy.today
        self._key = key
        self._index_file = stem.with_suffix(".results")
        self._left_file = stem.with_suffix(".left")
        self._index = _read(self._index_file, key)
        self._shared = self._index.shared
        self._left: _Lines | None = None
        # what this run adds and takes away
        self._new: dict[str, str] = {}
        self._new_left: dict[str, str] = {}
        self._gone: set[str] = set()
        # file by file: its state before it is read, its settings, its line
        self._states: list[str] = []
        self._under: list[str] = []
        self._found: list[_Line | None] = []
        self._settings: dict[tuple[Policy, bool, bool], str] = {}
        self._policies: dict[str, Policy] = {}
        self._comparison: _Comparison | None = None
        self._plan(tasks)

    # which files have not changed

    def _plan(self, tasks: Sequence[Task]) -> None:
        """Look at every file: its line where it has not changed, and its state before it is read."""
        job = self._job
        config = Config()
        configs: dict[str, Config] = {}
        usual: dict[tuple[str, bool], str] = {}
        for task in tasks:
            path = task.path
            folder = path[: max(path.rfind("/"), path.rfind(os.sep))]
            if job.use_config:
                if folder not in configs:
                    chosen = job.config_file
                    configs[folder] = load_config(Path(chosen)) if chosen else config_for(Path(path))
                config = configs[folder]
                if task.walked and config.values and excluded(config, Path(path)):
                    continue
            settings = usual.get((folder, task.walked))
            if settings is None:
                settings = self._settings_of(config, path, task.walked)
                if "per-file-ignores" not in config.values and not helpers(job.allow_libreoffice, config):
                    usual[folder, task.walked] = settings
            state = _state(path)
            self.tasks.append(task)
            self._states.append(state)
            self._under.append(settings)
            self._found.append(self._unchanged(path, state, settings))

    def _settings_of(self, config: Config, path: str, walked: bool) -> str:
        """The settings that a file is checked under, shortened; "" where its result may depend on another program."""
        job = self._job
        policy = policy_from(config, job.policy, Path(path), job.persona) if config.values else job.policy
        allowed = helpers(job.allow_libreoffice, config)
        if allowed and not path.lower().endswith(DATA_SUFFIXES):
            return ""
        key = (policy, walked, bool(allowed))
        name = self._settings.get(key)
        if name is None:
            day = policy.today if _has_dates(self._session, policy.rulesets) else None
            packs = self._session.packs.signature(policy.rulesets)
            parts = repr((replace(policy, today=day), packs, walked, sorted(allowed)))
            name = self._settings[key] = sha256(parts.encode(errors="surrogatepass")).hexdigest()[:24]
            self._policies[name] = policy
        return name

    def _unchanged(self, path: str, state: str, settings: str) -> _Line | None:
        """The line of a file that has not changed and would be checked under the same settings."""
        kept = self._index.lines.get(path)
        if kept is None or not state or not settings:
            return None
        parts = kept.split("\t", 4)
        if len(parts) != 5 or parts[2] != settings or (parts[3] and not self._same_days(parts[3])):
            return None
        line = _Line(*parts)
        if line.state == state and " " in state:
            return line
        return self._same_bytes(path, line, state)

    def _same_days(self, days: str) -> bool:
        return all(self._is_over(until) is over for until, over in json_value(days))

    def _is_over(self, until: str) -> bool:
        return self._today is not None and until < self._today

    def _same_bytes(self, path: str, line: _Line, state: str) -> _Line | None:
        """The line, with the file's state as it is now, where its bytes are those that were checked."""
        if line.state.partition(" ")[0] != state.partition(" ")[0]:
            return None
        try:
            with open(path, "rb") as stream:  # noqa: PTH123 - a Path costs more
                if sha256(stream.read()).hexdigest() != line.digest:
                    return None
        except OSError:
            return None
        if line.state != state:
            line = line._replace(state=state)
            self._new[path] = "\t".join(line)
        return line

    # results

    def files(self, processes: Callable[[int], int]) -> Iterator[FileResult]:
        """The results of all files in order: those kept, and those of changed files, which are checked.

        processes  how many processes to use for so many files
        """
        with_left = False
        if self._job.wanted.compared:
            self._comparison = self._kept_comparison()
            with_left = self._comparison is None
        if with_left:
            self._left = _read(self._left_file, self._key)
            # a file whose documents are to be compared has to be checked again where that is not kept
            for number, (task, line) in enumerate(zip(self.tasks, self._found, strict=True)):
                if line is not None and self._left_of(task.path, line) is None:
                    self._found[number] = None
        missing = [task for task, line in zip(self.tasks, self._found, strict=True) if line is None]
        job = replace(self._job, wanted=self._job.wanted._replace(digest=True))
        checked = check_all(self._session, missing, job, processes(len(missing)))
        ahead = None
        for number, task in enumerate(self.tasks):
            line = self._found[number]
            result = self._result(task.path, line, with_left) if line is not None else None
            if result is None:
                if line is not None:  # damaged in spite of its checksum, which only a plugin can do
                    ahead = next(check_all(self._session, [task], job, 1), None)
                elif ahead is None:
                    ahead = next(checked, None)
                if ahead is None or ahead.path != task.path:
                    continue  # a configuration has changed just now and excludes this file
                result, ahead = ahead, None
                self._found[number] = self._keep(result, self._states[number], self._under[number])
                result.sha256 = None
            yield result

    def _result(self, path: str, line: _Line, with_left: bool) -> FileResult | None:
        """The result that a line holds; None for a damaged one."""
        try:
            size, skipped, *documents = json_value(line.body)
            result = FileResult(path, skipped=skipped, size=size)
            for document in documents:
                result.documents.append(document_from(document, path, self._shared))
            left = self._left_of(path, line) if with_left else None
            for document, (pack, digests) in zip(result.documents, json_value(left) if left else (), strict=False):
                if digests:
                    policy = self._policies[line.settings]
                    if pack is not None:
                        policy = replace(policy, rulesets=(pack,), asked_for=True)
                    document.left = Left(policy, tuple((code, plain_from(digest)) for code, digest in digests))
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, ArithmeticError):
            return None
        return result

    def _left_of(self, path: str, line: _Line) -> str | None:
        """What the documents of a file leave for the comparison, as JSON, "" for nothing; None where it is not kept."""
        kept = self._left.lines.get(path) if self._left is not None else None
        mark, _, left = kept.partition("\t") if kept is not None else ("", "", "")
        return left if mark == f"{line.digest}{line.settings}" else None

    def _keep(self, result: FileResult, state: str, settings: str) -> _Line | None:
        """Keep the result of a file that was checked, unless something failed or is no plain data."""
        path = result.path
        self._gone.add(path)
        if result.notifications or result.sha256 is None or not settings or not state or not path.isprintable():
            return None
        if (result.size or 0) > LARGEST_FILE:
            return None
        try:
            documents = [document_to(document, self._shared) for document in result.documents]
            body = json_text([result.size, result.skipped, *documents])
            left = [_left_to(document.left) for document in result.documents]
        except (NotPlain, ValueError):
            return None
        days = [[until, self._is_over(until)] for document in result.documents for until in document.days]
        line = _Line(state, result.sha256, settings, json_text(days) if days else "", body)
        self._gone.discard(path)
        self._new[path] = "\t".join(line)
        if self._job.wanted.compared:
            told = json_text(left) if any(digests for _, digests in left) else ""
            self._new_left[path] = f"{line.digest}{settings}\t{told}"
        return line

    # the comparison of documents

    def compared(
        self, session: Session, files: Iterable[FileResult], read: Read, totals: Totals
    ) -> Iterator[FileResult]:
        """As `across.compared`, whose outcome is kept too. At the end, whatever it is, the cache is written."""
        try:
            across = Across(session, read)
            for file in files:
                across.take(file)
                yield file
            if self._comparison is not None:
                totals.compared, totals.rules_comparing, found = self._comparison
                yield from found
            else:
                kept: list[Any] | None = []
                for file in across.results(totals):
                    kept = self._with_compared(kept, file)
                    yield file
                self._keep_comparison(kept, totals)
        finally:
            self._save()

    def _comparison_key(self) -> str | None:
        """The key of the comparison of just these documents; None where one of them is not kept."""
        digest = sha256()
        today = False
        for task, line in zip(self.tasks, self._found, strict=True):
            if line is None:
                return None
            digest.update(f"{task.path}\t{line.digest}\t{line.settings}\n".encode(errors="surrogatepass"))
            today = today or bool(line.days)
        return f"{COMPARISON}{digest.hexdigest()}{self._today if today else ''}"

    def _kept_comparison(self) -> _Comparison | None:
        key = self._comparison_key()
        kept = self._index.lines.get(key) if key is not None else None
        if kept is None:
            return None
        try:
            count, rules, *files = json_value(kept)
            found = []
            for path, size, *documents in files:
                file = FileResult(path, size=size, across=True)
                file.documents += [document_from(document, path, self._shared) for document in documents]
                found.append(file)
        except (ValueError, KeyError, TypeError, IndexError, AttributeError, ArithmeticError):
            return None
        return _Comparison(count, tuple(rules), found)

    def _with_compared(self, kept: list[Any] | None, file: FileResult) -> list[Any] | None:
        """What is to be kept of a comparison so far and of one more file; None where something failed."""
        if kept is None or file.notifications:
            return None
        try:
            return [*kept, [file.path, file.size, *(document_to(each, self._shared) for each in file.documents)]]
        except NotPlain:
            return None

    def _keep_comparison(self, kept: list[Any] | None, totals: Totals) -> None:
        key = self._comparison_key() if self._job.wanted.compared else None
        if key is not None and kept is not None:
            self._new[key] = json_text([totals.compared, list(totals.rules_comparing), *kept])

    # writing

    def _save(self) -> None:
        """Write what is new; without effect where that is not possible."""
        with suppress(OSError, RuntimeError):
            if not self._new and not self._gone & self._index.lines.keys():
                if self._index.seen is not None and time_ns() - int(self._index.seen.split(" ")[1]) > DAY:
                    os.utime(self._index_file)  # still of use
                return
            self._index_file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            if self._new_left:
                self._write(self._left_file, self._left, self._new_left, MOST_LEFT)
            self._write(self._index_file, self._index, self._new, MOST_BYTES)
            _make_room(self._index_file.parent, {self._index_file, self._left_file})

    def _write(self, path: Path, before: _Lines | None, new: Mapping[str, str], most: int) -> None:
        """Write lines, together with those that other runs have written in the meantime."""
        if before is None or before.seen != _seen(path):
            before = _read(path, self._key)
        own = {task.path for task in self.tasks}
        lines = {
            name: line
            for name, line in before.lines.items()
            if name not in new
            and name not in self._gone
            and (name in own or name[:1] == COMPARISON or os.path.lexists(name))
        }
        shared = self._shared.texts
        if before.shared is not self._shared:
            if any(shared.get(name, text) != text for name, text in before.shared.texts.items()):
                lines = {}
            else:
                shared = {**before.shared.texts, **shared}
        lines.update(new)
        comparisons = [name for name in lines if name[:1] == COMPARISON]
        for name in comparisons[:-MOST_COMPARISONS]:
            del lines[name]
        head = {"key": self._key, "shared": shared if path == self._index_file else {}}
        body = "\n".join([json_text(head), *(f"{name}\t{line}" for name, line in lines.items())])
        content = body.encode(errors="surrogatepass")
        if len(content) > most or len(shared) > MOST_SHARED:
            path.unlink(missing_ok=True)
            return
        _replace(path, b"%08x\n" % crc32(content) + content)


def _left_to(left: Left | None) -> tuple[str | None, list[Any]]:
    """The pack that a document asked for, if any, and its digests. Raises NotPlain."""
    if left is None:
        return None, []
    asked_for = left.policy.rulesets[0] if left.policy.asked_for else None
    return asked_for, [[code, plain_to(digest)] for code, digest in left.digests]


def _state(path: str) -> str:
    """What a file is known by before it is read: its size and, where a change since must show in them, its times and
    number; "" for what is no file."""
    try:
        status = os.stat(path)  # noqa: PTH116 - see above
    except (OSError, ValueError):
        return ""
    if not stat.S_ISREG(status.st_mode):
        return ""
    written, changed = status.st_mtime_ns, status.st_ctime_ns
    if max(written, changed) > time_ns() - TICK:
        return str(status.st_size)
    return f"{status.st_size} {written} {changed} {status.st_ino}"


def _seen(path: Path) -> str | None:
    """The state of a file of the cache; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return f"{status.st_size} {status.st_mtime_ns} {status.st_ino}"


def _read(path: Path, key: str) -> _Lines:
    """A file of the cache; empty where there is none, or one that cannot be used."""
    seen = _seen(path)
    try:
        checksum, _, content = path.read_bytes().partition(b"\n")
        if checksum == b"%08x" % crc32(content):
            first, _, rest = content.decode(errors="surrogatepass").partition("\n")
            head = json_value(first)
            if head["key"] == key:
                lines = dict(line.split("\t", 1) for line in rest.split("\n")) if rest else {}
                return _Lines(lines, Shared(head["shared"]), seen)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        pass
    return _Lines({}, Shared(), seen)


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all. Raises OSError."""
    temporary = path.parent / f".{os.getpid()}-{get_ident()}.tmp"
    try:
        temporary.write_bytes(content)
        temporary.replace(path)
    finally:
        with suppress(OSError):
            temporary.unlink()


def _make_room(folder: Path, used: Collection[Path]) -> None:
    """Drop files that were not used for longest until the others fit, and what killed runs have left half written."""
    listed = []
    for path in folder.iterdir():
        with suppress(OSError):
            status = path.stat()
            if path.suffix == ".tmp" and time_ns() - status.st_mtime_ns > DAY:
                path.unlink()
            elif path.suffix in SUFFIXES:
                listed.append((path in used, -status.st_mtime_ns, path.name, status.st_size, path))
    total = 0
    # those in use and the newest first
    for in_use, _, _, size, path in sorted(listed, key=lambda each: (not each[0], *each[1:3])):
        total += size
        if total > MOST_BYTES and not in_use:
            with suppress(OSError):
                path.unlink()


def _has_dates(session: Session, rulesets: Sequence[str]) -> bool:
    """Whether a pack that may come into play is in force on some days only."""
    folders = list(session.packs.folders.values())
    for name in rulesets:
        if name not in session.packs.folders:
            beside = Path(name).parent if Path(name).name == "ruleset.yaml" else Path(name)
            folders += [path.parent for path in beside.resolve().parent.glob("*/ruleset.yaml")]
    for folder in folders:
        with suppress(OSError):
            if b"in_force" in (folder / "ruleset.yaml").read_bytes():
                return True
    return False


def _code(session: Session) -> str | None:
    """What results depend on beside files and settings: lintperf, its plugins, what is installed, Python, as a digest.

    None where a plugin is no module, so that nobody can say whether it is the same.
    """
    places = {Path(lintperf.__file__).parent}
    for plugin in session.extensions.plugins.values():
        if not isinstance(plugin, ModuleType) or not plugin.__file__:
            return None
        top = sys.modules.get(plugin.__name__.partition(".")[0], plugin)
        file = Path(top.__file__ or plugin.__file__)
        places.add(file.parent if file.name == "__init__.py" or top.__file__ is None else file)
    parts = [sys.version, *sorted(_installed())]
    for place in sorted(places):
        parts += _states_below(str(place))
    for path in (*(each.path for each in session.extensions.types.values()), *session.extensions.vocabulary):
        parts.append(f"{path} {_seen(path)}")
    return sha256("\n".join(parts).encode(errors="surrogatepass")).hexdigest()


def _installed() -> Iterator[str]:
    """Names and versions of all distributions on the path: importers and checks rest on some of them."""
    for folder in sys.path:
        with suppress(OSError):
            yield from (name for name in os.listdir(folder or ".") if name.endswith((".dist-info", ".egg-info")))  # noqa: PTH208


def _states_below(place: str) -> Iterator[str]:
    """Names, sizes and times of a file, or of all files in a folder, but for what Python compiles."""
    try:
        with os.scandir(place) as entries:
            listed = sorted(entries, key=lambda entry: entry.name)
    except NotADirectoryError:
        yield f"{place} {_seen(Path(place))}"
        return
    yield place
    for entry in listed:
        if entry.is_dir():
            if entry.name not in ("__pycache__", "node_modules") and not entry.name.startswith("."):
                yield from _states_below(entry.path)
        elif not entry.name.endswith(".pyc"):
            status = entry.stat()
            yield f"{entry.name} {status.st_size} {status.st_mtime_ns}"


def size_of_cache() -> tuple[int, int]:
    """How many files the cache has, compiled rules included, and their bytes."""
    sizes = [path.stat().st_size for path in _files_of_cache()]
    return len(sizes), sum(sizes)


def clear_cache() -> tuple[int, int]:
    """Remove everything that lintperf has put into its folder; returns how many files and bytes. Raises OSError."""
    count = size = 0
    for path in list(_files_of_cache()):
        size += path.stat().st_size
        count += 1
        path.unlink()
    with suppress(OSError):
        result_folder().rmdir()
    return count, size


def _files_of_cache() -> Iterator[Path]:
    """The files that are lintperf's own by their names: the folder may be one that the user chose."""
    for folder, name in ((cache_folder(), _RULES), (result_folder(), _RESULTS)):
        if folder.is_dir():
            yield from sorted(path for path in folder.iterdir() if name.fullmatch(path.name) and path.is_file())
