"""The `check` command: settings, files, results, the reporter, the exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from lintperf.across import compared
from lintperf.cli.files import find_files
from lintperf.cli.output import complain, default_lang, wants_color, write_file, write_stream
from lintperf.cli.work import Job, Task, blamed, check_all, read_again
from lintperf.config import Config, config_for, load_config, policy_from
from lintperf.model import Lang, Severity, Text
from lintperf.names import near_name
from lintperf.pipeline import Session, open_session, rules_of
from lintperf.policy import Policy, UsageProblem
from lintperf.results import FileResult, Results, Totals, View, Wanted
from lintperf.version import __version__

__all__ = [
    "CRASHED",
    "TIME_LIMIT",
    "CheckOptions",
    "check_command",
    "job_for",
    "lowest_failing",
    "nearest_config",
    "view_for",
]

# below this, starting processes costs more than it brings
FILES_WORTH_PROCESSES = 48
FILES_WORTH_PROGRESS = 20
CRASHED = 3
# seconds a file may take
TIME_LIMIT = 60.0


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """The options of `check` as given; None where the configuration or a default decides."""

    paths: tuple[str, ...]
    policy: Policy
    persona: str | None = None
    format: str | None = None
    output: str | None = None
    lang: Lang | None = None
    fail_on: str | None = None
    jobs: int | None = None
    no_cache: bool = False
    statistics: bool = False
    config: str | None = None
    no_config: bool = False
    explain: bool = False
    quiet: bool = False
    color: str = "auto"
    stdin_filename: str | None = None
    ignore_unknown: bool = False
    timeout: float = TIME_LIMIT
    allow_libreoffice: bool = False
    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False
    baseline: str | None = None
    update_baseline: bool = False
    since: str | None = None


def check_command(options: CheckOptions) -> int:
    """Check and report. Returns 0, 1 or 3; raises UsageProblem, RuleProblem or PluginProblem (exit code 2)."""
    if not options.paths:
        raise UsageProblem(Text("请给出文件或文件夹，- 表示标准输入", "name files or folders, - for standard input"))
    # documents make no cycles: looking for them less often saves a twentieth of a large run
    gc.set_threshold(50_000, 20, 50)
    session = open_session(use_cache=not options.no_cache)
    tasks = _tasks(options, session)
    config = nearest_config(options)
    settings = config.values
    lang: Lang = options.lang or settings.get("lang") or default_lang()
    fail_on = lowest_failing(options.fail_on or settings.get("fail-on") or "error")
    name = (
        options.format
        or settings.get("format")
        or ("text" if sys.stdout.isatty() and not options.output else "concise")
    )
    reporter = session.extensions.reporters.get(name)
    if reporter is None:
        names = sorted(session.extensions.reporters)
        near = near_name(name, names)
        origin = config.origins.get("format") if not options.format else None
        where = Text(f"{origin}：", f"{origin}: ") if origin else Text("", "")
        meant = Text(f"；是否为 {near}？", f"; did you mean {near}?") if near else Text("", "")
        raise UsageProblem(Text(
            f"{where.zh}没有格式 {name}，可用：{'、'.join(names)}{meant.zh}",
            f"{where.en}unknown format {name}, use one of {', '.join(names)}{meant.en}",
        ))  # fmt: skip
    wanted = Wanted(compared=True, data=len(tasks) <= reporter.documents, tables=reporter.tables)
    job = replace(job_for(options, fail_on), wanted=wanted)
    policy = policy_from(config, job.policy, None, job.persona)
    # wrong codes, parameters and rules are found before the first file is read
    try:
        view = view_for(options, session, policy, settings, lang, fail_on)
    except UsageProblem as problem:
        raise blamed(problem, session, config, job.policy) from None
    processes = _processes(options.jobs if options.jobs is not None else settings.get("jobs"), len(tasks))
    totals = Totals()
    by_path = {task.path: task for task in tasks}
    results = compared(
        session,
        _with_progress(
            check_all(session, tasks, job, processes),
            len(tasks),
            lang,
            to_terminal=not options.output and sys.stdout.isatty(),
        ),
        lambda path: read_again(session, by_path[path], job),
        totals,
    )
    counted = _counted(results, totals, lang)
    pieces = reporter.write(Results(counted, totals), view)
    if options.output:
        write_file(pieces, Path(options.output))
    else:
        write_stream(pieces, sys.stdout)
    if totals.notifications:
        return CRASHED
    return 1 if fail_on is not Severity.off and totals.worst() >= fail_on else 0


def nearest_config(options: CheckOptions) -> Config:
    """The configuration that decides about the output: the given file's, or the nearest of the first path."""
    if options.no_config:
        return Config()
    if options.config:
        return load_config(Path(options.config).resolve())
    first = options.stdin_filename if options.paths[0] == "-" else options.paths[0]
    path = Path(first or ".")
    return config_for(path / "-" if path.is_dir() else path)


def lowest_failing(word: str) -> Severity:
    """The lowest severity that gives exit code 1; `off` for `never`."""
    return Severity.off if word == "never" else Severity[word]


def job_for(options: CheckOptions, fail_on: Severity) -> Job:
    """What holds for all files of a run."""
    policy = options.policy
    # who fails on notes wants to see them
    persona = options.persona or ("reviewer" if fail_on is Severity.note else None)
    return Job(
        policy=replace(policy, persona=persona or policy.persona),
        persona=persona,
        use_config=not options.no_config,
        config_file=str(Path(options.config).resolve()) if options.config else None,
        skip_unknown=options.ignore_unknown,
        seconds=options.timeout,
        allow_libreoffice=options.allow_libreoffice,
    )


def _tasks(options: CheckOptions, session: Session) -> list[Task]:
    if "-" in options.paths:
        if len(options.paths) > 1:
            raise UsageProblem(Text("- 不能与其他路径同用", "- stands alone"))
        if not options.stdin_filename:
            raise UsageProblem(Text(
                "从标准输入读取时请用 --stdin-filename 给出文件名，以便识别格式",
                "give --stdin-filename with standard input, so that the format is known",
            ))  # fmt: skip
        return [Task(options.stdin_filename, content=sys.stdin.buffer.read())]
    return [Task(path, walked) for path, walked in find_files(options.paths, session.extensions.importers)]


def _processes(jobs: int | None, files: int) -> int:
    if jobs:
        return int(jobs)
    if files < FILES_WORTH_PROCESSES:
        return 1
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(available, 16)


def view_for(
    options: CheckOptions, session: Session, policy: Policy, settings: object, lang: Lang, fail_on: Severity
) -> View:
    """How to show what is found with the rules of a policy. Raises UsageProblem for wrong codes and parameters."""
    types = session.extensions.types
    values = settings if isinstance(settings, dict) else {}
    rules = rules_of(session, policy, [None, *types])
    _, compiled = session.program(policy, next(iter(types), None))

    def title(document_type: str, path: str) -> str:
        field = types[document_type].field(path) if document_type in types else None
        return field.title_in(lang) if field is not None else path

    def unit(document_type: str, path: str) -> str | None:
        field = types[document_type].field(path) if document_type in types else None
        return field.unit if field is not None else None

    return View(
        lang=lang,
        rules=rules,
        titles=title,
        units=unit,
        ruleset_name=compiled.name,
        ruleset_hash=compiled.hash,
        version=__version__,
        color=wants_color(options.color, sys.stdout) and not options.output,
        width=_width(),
        explain=options.explain or bool(values.get("explain")),
        statistics=options.statistics or bool(values.get("statistics")),
        quiet=options.quiet,
        fail_on=fail_on,
    )


def _width() -> int:
    """Columns of the terminal, within reason; 80 where there is none. What shutil does, without its 4 ms of imports."""
    columns = int(os.environ.get("COLUMNS", "")) if os.environ.get("COLUMNS", "").isdigit() else 0
    if not columns:
        with suppress(OSError, ValueError, AttributeError):
            columns = os.get_terminal_size(sys.stdout.fileno()).columns
    return max(40, min(columns or 80, 160))


def _counted(files: Iterable[FileResult], totals: Totals, lang: Lang) -> Iterator[FileResult]:
    """The results, counted as they go by; notifications are told on standard error at once."""
    for file in files:
        totals.count(file)
        for notification in file.notifications:
            complain(f"lintperf: {notification.path}: {notification.text.to(lang)}")
        yield file


def _with_progress(files: Iterator[FileResult], count: int, lang: Lang, to_terminal: bool) -> Iterator[FileResult]:
    """A bar on standard error when there are many files, somebody watches, and the report goes elsewhere."""
    if count < FILES_WORTH_PROGRESS or not sys.stderr.isatty() or to_terminal:
        yield from files
        return
    import typer

    label = "检查" if lang == "zh" else "checking"
    with typer.progressbar(files, length=count, label=label, file=sys.stderr) as bar:
        yield from bar
