"""The `batch` command: very many documents into a folder of findings, or one SARIF log."""

from __future__ import annotations

import gc
import os
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path

from lintperf.batch.engines import Engine, engine_named
from lintperf.batch.parts import PartFormat, arrow
from lintperf.batch.run import Failure, Report, Run, begun_on, run_key
from lintperf.batch.shards import BatchJob, Outcome, Shard, shared_session
from lintperf.batch.sources import SUFFIXES, Input, inputs_of, shards_of
from lintperf.cli.check import CheckOptions, job_for, nearest_config, view_for
from lintperf.cli.files import find_files
from lintperf.cli.output import complain, default_lang, write_file
from lintperf.config import policy_from
from lintperf.model import Lang, Notification, Severity, Text
from lintperf.names import near_name
from lintperf.pipeline import Session, open_session
from lintperf.policy import UsageProblem
from lintperf.results import FileResult, Results, Totals
from lintperf.work import CRASHED, blamed, lowest_failing

__all__ = ["BatchOptions", "batch_command"]

MIB = 1024 * 1024
# seconds between two lines of progress where no terminal shows them
PROGRESS_EVERY = 10.0


@dataclass(frozen=True, slots=True)
class BatchOptions:
    """The options that `check` does not have.

    format     None: by the suffix of the output, else parquet where pyarrow is installed, else jsonl
    shard_size in MiB
    resume     go on in a folder that holds the same run
    """

    output: str
    engine: str = "local"
    format: str | None = None
    column: str | None = None
    shard_size: int = 16
    resume: bool = True


def batch_command(options: CheckOptions, batch: BatchOptions) -> int:
    """Check and write. Exit codes as of `check`; 3 also where a shard was given up."""
    if not options.paths:
        raise UsageProblem(Text("请给出文件或文件夹", "name files or folders"))
    day = begun_on(Path(batch.output)) if batch.resume else None
    if day is not None:
        options = replace(options, policy=replace(options.policy, today=day))
    session = open_session(use_cache=not options.no_cache)
    gc.set_threshold(50_000, 20, 50)
    config = nearest_config(options)
    lang: Lang = options.lang or config.values.get("lang") or default_lang()
    fail_on = lowest_failing(options.fail_on or config.values.get("fail-on") or "error")
    types = session.extensions.types
    readable = session.extensions.importers
    out = Path(batch.output)
    files = [
        (path, walked)
        for path, walked in find_files(options.paths, {*readable, *SUFFIXES})
        # what it writes lies in a folder that is walked
        if not (walked and Path(path).absolute().is_relative_to(out.absolute()))
    ]
    fields = {name for kind in types.values() for name in kind.root.properties}
    inputs = inputs_of(files, readable, fields, batch.column)
    how = _format(batch)
    part: PartFormat | None = None if how == "sarif" else "jsonl" if how == "jsonl" else "parquet"
    job = job_for(options, fail_on)
    policy = policy_from(config, job.policy, None, job.persona)
    try:
        view = view_for(options, session, policy, config.values, lang, fail_on)
    except UsageProblem as problem:
        raise blamed(problem, session, config, job.policy) from None
    work = BatchJob(job, lang, part, not options.no_cache)
    shared_session(session=session)
    processes = options.jobs or config.values.get("jobs") or _processors()
    size = batch.shard_size * MIB
    shown = _Progress(sum(each.size for each in inputs), lang, options.quiet)
    if part is None:
        report = Report()
        found = _in_order(inputs, work, engine_named(batch.engine), processes, size, report, shown)
        write_file(session.extensions.reporters["sarif"].write(Results(found, Totals()), view), out)
        shown.end()
        _tell(report, out, lang, options.quiet, sorted(_comparing(session, policy)))
        return _code(report, fail_on)
    run = Run(out, run_key(inputs, work, size, _rules(session, view.ruleset_hash)), work, size, not batch.resume)
    run.open()
    report = run.carry_out(inputs, engine_named(batch.engine), processes, shown)
    shown.end()
    not_compared = sorted(_comparing(session, policy))
    run.close(report, {
        "lintperf": view.version,
        "ruleset": {"name": view.ruleset_name, "hash": view.ruleset_hash},
        "format": part,
        "rules_not_run": not_compared,
    })  # fmt: skip
    _tell(report, out, lang, options.quiet, not_compared)
    return _code(report, fail_on)


def _code(report: Report, fail_on: Severity) -> int:
    if report.failures or report.counts.notifications:
        return CRASHED
    return int(fail_on is not Severity.off and report.counts.worst() >= fail_on)


def _in_order(
    inputs: list[Input], job: BatchJob, engine: Engine, processes: int, size: int, report: Report, shown: _Progress
) -> Iterator[FileResult]:
    """The records with findings in the order of the input, shard by shard; `report` is complete at the end."""
    cut: dict[int, Shard] = {}
    waiting: dict[int, Outcome] = {}
    done = 0

    def noted() -> Iterator[Shard]:
        for shard in shards_of(inputs, size):
            cut[shard.number] = shard._replace(content=None)
            yield shard

    for outcome in engine(noted(), job, processes):
        waiting[outcome.number] = outcome
        while report.shards in waiting:
            outcome = waiting.pop(report.shards)
            shard = cut.pop(report.shards)
            report.shards += 1
            if outcome.refused is not None:
                raise UsageProblem(outcome.refused)
            if outcome.failed is not None:
                report.failures.append(Failure(shard.number, shard.path, shard.first, shard.size, outcome.failed))
                note = Notification(shard.path, None, "worker", outcome.failed)
                yield FileResult(shard.path, notifications=[note])
            report.counts.add(outcome.counts)
            yield from outcome.results
            done += shard.size
            shown(done, 0, report.counts.documents)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _format(batch: BatchOptions) -> str:
    known = ("parquet", "jsonl", "sarif")
    if batch.format is not None:
        if batch.format not in known:
            near = near_name(batch.format, known)
            raise UsageProblem(Text(
                f"没有格式 {batch.format}，可用：{'、'.join(known)}" + (f"；是否为 {near}？" if near else ""),
                f"unknown format {batch.format}, use one of {', '.join(known)}"
                + (f"; did you mean {near}?" if near else ""),
            ))  # fmt: skip
        if batch.format == "parquet":
            # before processes are started, so that they share it
            arrow()
        return batch.format
    if batch.output.endswith(".sarif"):
        return "sarif"
    if find_spec("pyarrow") is None:
        return "jsonl"
    arrow()
    return "parquet"


def _rules(session: Session, ruleset: str) -> str:
    """What rules a run has: the packs chosen, and all packs that documents can ask for."""
    return f"{ruleset} {session.packs.signature(())}"


def _comparing(session: Session, policy: object) -> set[str]:
    """The codes of the rules that compare documents with each other: shards know nothing of each other."""
    codes: set[str] = set()
    for name in session.extensions.types:
        program, _ = session.program(policy, name)  # type: ignore[arg-type]
        codes |= {program.rules[number].code for number, _, _ in program.run_checks}
    return codes


def _tell(report: Report, out: Path, lang: Lang, quiet: bool, not_compared: list[str]) -> None:
    counts = report.counts
    for path, _, zh, en in counts.notifications:
        complain(f"lintperf: {path}: {zh if lang == 'zh' else en}")
    for each in report.failures:
        where = Text(
            f"{each.path} 从第 {each.first} 条记录起（分片 {each.shard}）：{each.text.zh}",
            f"{each.path} from record {each.first} on (shard {each.shard}): {each.text.en}",
        )
        complain(f"lintperf: {where.to(lang)}")
    if quiet:
        return
    errors, warnings, notes = (counts.by_severity.get(name, 0) for name in ("error", "warning", "note"))
    text = Text(
        f"{counts.documents} 份文档：{errors} 个错误，{warnings} 个警告，{notes} 条提示 → {out}",
        f"{counts.documents} documents: {errors} errors, {warnings} warnings, {notes} notes → {out}",
    )
    complain(text.to(lang))
    if not_compared and counts.documents > 1:
        codes = ", ".join(not_compared)
        text = Text(f"批量检查不比较各文档（{codes}）", f"a batch run does not compare documents ({codes})")
        complain(text.to(lang))


@dataclass(slots=True)
class _Progress:
    """How far a run has come, on standard error: a line that is written over, or one now and then."""

    total: int
    lang: Lang
    quiet: bool
    started: float = 0.0
    told: float = 0.0
    width: int = 0

    def __post_init__(self) -> None:
        self.started = self.told = time.monotonic()

    def __call__(self, done: int, kept: int, documents: int) -> None:
        if self.quiet:
            return
        now = time.monotonic()
        terminal = sys.stderr.isatty()
        if now - self.told < (0.2 if terminal else PROGRESS_EVERY):
            return
        self.told = now
        spent = max(now - self.started, 0.001)
        left = spent * max(0, self.total - done) / max(1, done - kept)
        share = f"{100 * done / max(1, self.total):.1f}%"
        text = Text(
            f"检查 {share}，{documents} 份，每秒 {documents / spent:.0f} 份，还需 {_duration(left)}",
            f"checking {share}, {documents} documents, {documents / spent:.0f} a second, {_duration(left)} left",
        ).to(self.lang)
        if terminal:
            self.width = max(self.width, len(text) * 2)
            print(f"\r{text:<{self.width}}", end="", file=sys.stderr, flush=True)
        else:
            complain(text)

    def end(self) -> None:
        """Wipe the line."""
        if self.width:
            print(f"\r{'':<{self.width}}\r", end="", file=sys.stderr, flush=True)


def _duration(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"
