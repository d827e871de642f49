"""A whole run into a folder: shards that are done stay done, and what is there at the end does not tell who stopped.

The folder holds `findings/part-00000.…` for each shard, `summary.json`, and `_SUCCESS`, the list of parts, when all is
there. What a run needs to go on lies in `.lintperf-run`: its settings and inputs, and the counts of each shard. Parts
and counts are written whole and renamed, counts last.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from lintperf.batch.engines import Engine
from lintperf.batch.parts import SUFFIXES
from lintperf.batch.rows import SCHEMA_VERSION
from lintperf.batch.shards import BatchJob, Counts, Outcome, Shard
from lintperf.batch.sources import Input, shards_of
from lintperf.document.exact import pretty
from lintperf.model import Severity, Text
from lintperf.policy import UsageProblem
from lintperf.version import __version__

__all__ = ["Failure", "Report", "Run", "begun_on", "run_key"]

STATE = ".lintperf-run"


@dataclass(frozen=True, slots=True)
class Failure:
    """A shard that was given up: where it stands in the input, and why."""

    shard: int
    path: str
    first: int
    size: int
    text: Text


@dataclass(slots=True)
class Report:
    """What came of a run. `kept` shards were done before it began."""

    counts: Counts = field(default_factory=Counts)
    shards: int = 0
    kept: int = 0
    failures: list[Failure] = field(default_factory=list)


# (bytes of the input that are done, those done before this run, documents of this run)
Progress = Callable[[int, int, int], None]


def run_key(inputs: Sequence[Input], job: BatchJob, size: int, rules: str) -> str:
    """What the outcome of a run depends on, as hexadecimal digits: inputs as they are, settings, rules, versions."""
    parts = (__version__, SCHEMA_VERSION, [each[:6] for each in inputs], job, size, rules)
    return sha256(repr(parts).encode("utf-8", "surrogateescape")).hexdigest()


def begun_on(folder: Path) -> str | None:
    """The day that an unfinished run in a folder began on: it goes on as of that day. None where there is none."""
    try:
        if (folder / "_SUCCESS").exists():
            return None
        return (folder / STATE / "run").read_text(encoding="utf-8").split("\n")[1] or None
    except (OSError, ValueError, IndexError):
        return None


@dataclass(slots=True)
class Run:
    """A run into `folder`.

    key    see `run_key`: a folder with another key holds another run
    fresh  forget what is there
    """

    folder: Path
    key: str
    job: BatchJob
    size: int
    fresh: bool = False

    def _part(self, number: int) -> Path:
        assert self.job.format is not None
        return self.folder / "findings" / f"part-{number:05}{SUFFIXES[self.job.format]}"

    def _note(self, number: int) -> Path:
        return self.folder / STATE / f"{number:05}.json"

    def open(self) -> None:
        """Make the folder ready, or go on in it. Raises UsageProblem where it holds something else."""
        state = self.folder / STATE
        try:
            settings = state / "run"
            known = settings.read_text(encoding="utf-8").partition("\n")[0] if settings.is_file() else None
            if known is None and self.folder.is_dir() and any(self.folder.iterdir()):
                raise UsageProblem(Text(
                    f"{self.folder} 不是空文件夹，也不是批量检查的结果，请另选一个",
                    f"{self.folder} is neither empty nor the output of a batch run; choose another folder",
                ))  # fmt: skip
            if known is not None and known != self.key and not self.fresh:
                raise UsageProblem(Text(
                    f"{self.folder} 是另一次批量检查的结果（输入、规则、设置或版本不同）；"
                    "请另选一个文件夹，或用 --no-resume 重新开始",
                    f"{self.folder} holds another run (its inputs, rules, settings or version differ); "
                    "choose another folder, or start anew with --no-resume",
                ))  # fmt: skip
            if known is not None and self.fresh:
                self._clear()
            (self.folder / "findings").mkdir(parents=True, exist_ok=True)
            state.mkdir(exist_ok=True)
            for place in (self.folder, self.folder / "findings", state):
                for left in place.glob(".writing-*"):
                    left.unlink()
            _write(settings, f"{self.key}\n{self.job.job.policy.today or ''}\n".encode())
            for name in ("summary.json", "_SUCCESS"):
                with suppress(FileNotFoundError):
                    (self.folder / name).unlink()
        except OSError as problem:
            raise _cannot_write(self.folder, problem) from None

    def _clear(self) -> None:
        """Delete what a run has written, and nothing else."""
        state = self.folder / STATE
        for path in [*(self.folder / "findings").glob("part-*"), *state.glob("*.json"), state / "run"]:
            path.unlink(missing_ok=True)

    def carry_out(self, inputs: Sequence[Input], engine: Engine, processes: int, progress: Progress) -> Report:
        """Check what is not done yet. Raises UsageProblem for wrong settings and where nothing can be written."""
        report = Report()
        done = kept = documents = 0
        cut: dict[int, Shard] = {}

        def to_do() -> Iterator[Shard]:
            nonlocal done, kept
            for shard in shards_of(inputs, self.size):
                report.shards += 1
                if self._counts(shard.number) is not None:
                    report.kept += 1
                    done += shard.size
                    kept += shard.size
                    continue
                cut[shard.number] = shard._replace(content=None)
                yield shard

        for outcome in engine(to_do(), self.job, processes):
            shard = cut.pop(outcome.number)
            if outcome.refused is not None:
                raise UsageProblem(outcome.refused)
            if outcome.failed is not None:
                report.failures.append(Failure(shard.number, shard.path, shard.first, shard.size, outcome.failed))
            else:
                self._keep(outcome)
                documents += outcome.counts.documents
            done += shard.size
            progress(done, kept, documents)
        for number in range(report.shards):
            counts = self._counts(number)
            if counts is not None:
                report.counts.add(counts)
        report.failures.sort(key=lambda failure: failure.shard)
        return report

    def _keep(self, outcome: Outcome) -> None:
        part = self._part(outcome.number)
        note = {"size": len(outcome.part), "sha256": sha256(outcome.part).hexdigest(), "counts": asdict(outcome.counts)}
        try:
            _write(part, outcome.part)
            _write(self._note(outcome.number), json.dumps(note, ensure_ascii=False).encode("utf-8", "surrogatepass"))
        except OSError as problem:
            raise _cannot_write(part, problem) from None

    def _counts(self, number: int) -> Counts | None:
        """The counts of a shard that is done; None where it is not, or its part is not what was written."""
        note = self._noted(number)
        return None if note is None else Counts(**note["counts"])

    def _noted(self, number: int) -> dict[str, Any] | None:
        try:
            note: dict[str, Any] = json.loads(self._note(number).read_bytes())
            return note if self._part(number).stat().st_size == note["size"] else None
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def close(self, report: Report, more: Mapping[str, Any]) -> None:
        """Write the summary and, when nothing failed, the list of parts. The same run gives the same bytes."""
        try:
            _write(self.folder / "summary.json", f"{pretty(_summary(report, more))}\n".encode("utf-8", "surrogatepass"))
            if not report.failures:
                parts = [self._listed(number) for number in range(report.shards)]
                manifest = {"version": SCHEMA_VERSION, "lintperf": __version__, "parts": parts}
                _write(self.folder / "_SUCCESS", f"{pretty(manifest)}\n".encode())
        except OSError as problem:
            raise _cannot_write(self.folder, problem) from None

    def _listed(self, number: int) -> dict[str, Any]:
        note = self._noted(number)
        assert note is not None
        counts = note["counts"]
        return {
            "name": f"findings/{self._part(number).name}",
            "documents": counts["documents"],
            "findings": counts["findings"],
            "size": note["size"],
            "sha256": note["sha256"],
        }


def _summary(report: Report, more: Mapping[str, Any]) -> dict[str, Any]:
    counts = report.counts
    severities = [each.name for each in (Severity.error, Severity.warning, Severity.note)]
    return {
        "version": SCHEMA_VERSION,
        **more,
        "records": counts.files,
        "documents": counts.documents,
        "skipped": counts.skipped,
        "findings": counts.findings,
        "hidden": counts.hidden,
        "ignored": counts.ignored,
        "by_severity": {name: counts.by_severity.get(name, 0) for name in severities},
        "by_code": dict(sorted(counts.by_code.items())),
        "by_type": [{"type": name or None, "documents": many} for name, many in sorted(counts.by_type.items())],
        "by_group": [
            {"group": name or None, **dict(zip(("documents", "errors", "warnings", "notes"), numbers, strict=True))}
            for name, numbers in sorted(counts.by_group.items())
        ],
        "notifications": [
            {"path": path, "subject": subject, "text": {"zh": zh, "en": en}}
            for path, subject, zh, en in counts.notifications
        ],
        "failed_shards": [
            {
                "shard": each.shard, "path": each.path, "first_record": each.first, "size": each.size,
                "text": each.text._asdict(),
            }
            for each in report.failures
        ],
    }  # fmt: skip


def _write(path: Path, content: bytes) -> None:
    """Write beside `path`, then rename: nothing half-written is ever seen under its name."""
    temporary = path.with_name(f".writing-{path.name}")
    with temporary.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)


def _cannot_write(path: Path, problem: OSError) -> UsageProblem:
    reason = problem.strerror or str(problem)
    return UsageProblem(Text(f"无法写入 {path}：{reason}", f"cannot write {path}: {reason}"))
