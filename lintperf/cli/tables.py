"""The commands `summary` and `rescore`: tables over the documents of a run, to the terminal or into a file."""

from __future__ import annotations

import gc
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lintperf.across import compared
from lintperf.cli.check import (
    CheckOptions,
    counting,
    job_for,
    nearest_config,
    processes_for,
    tasks_of,
    view_for,
    with_progress,
)
from lintperf.cli.output import complain, default_lang, write_bytes, write_stream
from lintperf.config import policy_from
from lintperf.findings.texts import message
from lintperf.model import Lang, Severity, Text
from lintperf.names import near_name
from lintperf.pipeline import Session, open_session
from lintperf.policy import UsageProblem
from lintperf.results import FileResult, Totals, View, Wanted
from lintperf.tables.collect import SUMMARY, entries
from lintperf.tables.writing import SUMMARY_FORMATS, TABLE_FORMATS, write_summary, write_table
from lintperf.work import blamed, check_all, exit_code, lowest_failing, read_again

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

__all__ = ["summary_command", "table_command"]


def summary_command(options: CheckOptions) -> int:
    """One row a document and, in a workbook, the findings and their counts. Exit codes as of `check`."""
    how = _format(options, SUMMARY_FORMATS)
    run = _Run(options, SUMMARY)
    table = run.session.extensions.tables.get(SUMMARY)
    pieces = write_summary(table, run.files, run.view, how)
    _write(pieces, options, how)
    return run.code()


def table_command(options: CheckOptions, name: str) -> int:
    """The rows of a table of each document. Files that cannot be read are told on standard error.

    Exit codes as of `check`, the findings of which do not count: 1 where a file cannot be read.
    """
    how = _format(options, TABLE_FORMATS)
    run = _Run(options, name)
    table = run.session.extensions.tables.get(name)
    if table is None:
        names = sorted(run.session.extensions.tables)
        near = near_name(name, names)
        raise UsageProblem(Text(
            f"没有表 {name}，可用：{'、'.join(names)}" + (f"；是否为 {near}？" if near else ""),
            f"unknown table {name}, use one of {', '.join(names)}" + (f"; did you mean {near}?" if near else ""),
        ))  # fmt: skip
    _write(write_table(table, entries(run.telling(), name), run.view, how), options, how)
    return run.code()


def _format(options: CheckOptions, known: Collection[str]) -> str:
    """The format asked for, else the one that the suffix of the output says, else text."""
    suffix = Path(options.output).suffix.lower().removeprefix(".") if options.output else ""
    suffix = {"txt": "text"}.get(suffix, suffix)
    if options.format is not None:
        if options.format == "xlsx" and not options.output and sys.stdout.isatty():
            raise UsageProblem(Text(
                "工作簿不能输出到终端，请用 -o 文件.xlsx", "a workbook does not go to a terminal; use -o FILE.xlsx",
            ))  # fmt: skip
        return options.format
    if not options.output:
        return "text"
    if suffix in known:
        return suffix
    names = [".txt" if name == "text" else f".{name}" for name in known]
    near = near_name(f".{suffix}", names)
    raise UsageProblem(Text(
        f"不能写成 {options.output}；后缀可用：{'、'.join(names)}" + (f"；是否为 {near}？" if near else ""),
        f"cannot write {options.output}; use one of the suffixes {', '.join(names)}"
        + (f"; did you mean {near}?" if near else ""),
    ))  # fmt: skip


class _Run:
    """A run of the checks whose documents give rows to a table."""

    def __init__(self, options: CheckOptions, table: str) -> None:
        if not options.paths:
            raise UsageProblem(Text("请给出文件或文件夹", "name files or folders"))
        gc.set_threshold(50_000, 20, 50)  # documents make no cycles
        self.session: Session = open_session(use_cache=not options.no_cache)
        tasks = tasks_of(options, self.session)
        config = nearest_config(options)
        lang: Lang = options.lang or config.values.get("lang") or default_lang()
        self.fail_on = lowest_failing(options.fail_on or "never")
        wanted = Wanted(compared=table == SUMMARY, tables=(table,) if table in self.session.extensions.tables else ())
        job = replace(job_for(options, self.fail_on), wanted=wanted)
        policy = policy_from(config, job.policy, None, job.persona)
        try:
            self.view: View = view_for(options, self.session, policy, config.values, lang, self.fail_on)
        except UsageProblem as problem:
            raise blamed(problem, self.session, config, job.policy) from None
        jobs = options.jobs if options.jobs is not None else config.values.get("jobs")
        checked = check_all(self.session, tasks, job, processes_for(jobs, len(tasks)))
        terminal = not options.output and sys.stdout.isatty()
        self.totals = Totals()
        by_path = {task.path: task for task in tasks}
        found = compared(
            self.session,
            with_progress(checked, len(tasks), lang, terminal),
            lambda path: read_again(self.session, by_path[path], job),
            self.totals,
        )
        self.files = counting(found, self.totals, lang)
        self.unreadable: list[str] = []

    def telling(self) -> Iterator[FileResult]:
        """The files; why one cannot be read is told on standard error when all have gone by."""
        for file in self.files:
            for document in file.documents:
                for finding in document.findings if document.type is None else ():
                    if finding.severity is Severity.error:
                        text = message(finding, self.view.rules[finding.code], self.view.lang)
                        self.unreadable.append(f"{file.path}: {finding.severity.name} {finding.code} {text}")
            yield file
        for line in self.unreadable:
            complain(line)

    def code(self) -> int:
        """The exit code when all files have gone by."""
        return exit_code(self.totals, self.fail_on) or int(bool(self.unreadable))


def _write(pieces: Iterator[bytes], options: CheckOptions, how: str) -> None:
    if options.output:
        write_bytes(pieces, Path(options.output))
    elif how == "xlsx":
        sys.stdout.buffer.writelines(pieces)
        sys.stdout.buffer.flush()
    else:
        write_stream((piece.decode("utf-8") for piece in pieces), sys.stdout)
