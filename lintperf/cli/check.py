"""The `check` command: settings, files, results, the reporter, the exit code."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from lintperf.across import compared
from lintperf.cli.files import find_files
from lintperf.cli.output import complain, default_lang, wants_color, write_file, write_stream
from lintperf.config import Config, config_for, load_config, policy_from
from lintperf.model import Lang, Severity, Text
from lintperf.names import near_name
from lintperf.pipeline import Session, open_session
from lintperf.policy import Policy, UsageProblem
from lintperf.results import FileResult, Results, Totals, View, Wanted
from lintperf.views import view_of
from lintperf.work import (
    CRASHED,
    Job,
    Task,
    blamed,
    check_all,
    exit_code,
    lowest_failing,
    persona_for,
    read_again,
    worth_keeping,
)

__all__ = [
    "TIME_LIMIT",
    "CheckOptions",
    "check_command",
    "counting",
    "job_for",
    "nearest_config",
    "processes_for",
    "tasks_of",
    "view_for",
    "with_progress",
]

# below this, starting processes costs more than it brings
FILES_WORTH_PROCESSES = 48
FILES_WORTH_PROGRESS = 20
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
    tasks = tasks_of(options, session)
    config = nearest_config(options)
    settings = config.values
    held = _baseline_path(options, config)
    if held is not None:
        # it may lie in a folder that is walked
        tasks = [task for task in tasks if not (task.walked and Path(task.path).absolute() == held.absolute())]
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
    wanted = Wanted(True, len(tasks) <= reporter.documents, reporter.tables, reporter.source)
    fixes = _wanted_fixes(options)
    job = replace(job_for(options, fail_on), wanted=wanted, fixes=fixes)
    policy = policy_from(config, job.policy, None, job.persona)
    # wrong codes, parameters and rules are found before the first file is read
    try:
        view = view_for(options, session, policy, settings, lang, fail_on)
    except UsageProblem as problem:
        raise blamed(problem, session, config, job.policy) from None
    baseline = since = None
    if held is not None:
        from lintperf.cli.baseline import baseline_stage

        baseline = baseline_stage(held, options.update_baseline, session, policy, view, [task.path for task in tasks])
    if options.since is not None:
        from lintperf.cli.since import since_stage

        since = since_stage(options.since, options.update_baseline, session, tasks, job, view)
        tasks, job = since.tasks, since.job
    # a new baseline holds what is left after fixing; with an old one, only what is new is mended
    limited = fixes is not None and (since is not None or (baseline is not None and not options.update_baseline))
    mending, job = job, replace(job, fixes=None) if limited else job
    kept = None
    if not options.no_cache and fixes is None and since is None and worth_keeping(tasks, job):
        from lintperf.result_cache import kept_results

        kept = kept_results(session, tasks, job)
    jobs = options.jobs if options.jobs is not None else settings.get("jobs")
    if kept is None:
        compare, checked = compared, check_all(session, tasks, job, processes_for(jobs, len(tasks)))
    else:
        compare, checked = kept.compared, kept.files(lambda count: processes_for(jobs, count))
    totals = Totals()
    by_path = {task.path: task for task in tasks}
    results = compare(
        session,
        with_progress(
            checked,
            len(tasks),
            lang,
            to_terminal=not options.output and sys.stdout.isatty(),
        ),
        lambda path: read_again(session, by_path[path], job),
        totals,
    )
    if since is not None:
        results = since.of_changed_files(results)
    if baseline is not None:
        results = baseline.results(results, totals)
    if since is not None:
        results = since.results(results, totals)
    fixing = None
    if fixes is not None:
        from lintperf.cli import fixes as stage

        fixing = stage.Fixing(lang, fixes == "unsafe", session.extensions.annotators)
        if limited:
            results = stage.of_reported(results, session, mending, by_path)
        results = counting(results, totals, lang)
        if options.diff:
            changing = stage.shown(results, fixing, options.output)
            if not options.quiet:
                fixing.tell(done=False)
            return CRASHED if totals.notifications else int(changing)
        counted = stage.carried_out(results, fixing, by_path)
    else:
        counted = counting(results, totals, lang)
    pieces = reporter.write(Results(counted, totals), view)
    if options.output:
        write_file(pieces, Path(options.output))
    else:
        # standard output belongs to the text that came from standard input
        mended_from_stdin = fixes is not None and options.paths == ("-",)
        write_stream(pieces, sys.stderr if mended_from_stdin else sys.stdout)
    if fixing is not None and not options.quiet:
        fixing.tell(done=True)
    if baseline is not None:
        baseline.save(lang, options.quiet)
    return exit_code(totals, fail_on)


def _wanted_fixes(options: CheckOptions) -> Literal["safe", "unsafe"] | None:
    """Which fixes the options ask for; None where they ask for none."""
    if options.unsafe_fixes:
        return "unsafe"
    return "safe" if options.fix or options.diff else None


def _baseline_path(options: CheckOptions, config: Config) -> Path | None:
    """The file given on the command line, "" for none; else that of the configuration, relative to its folder."""
    path = None
    if options.baseline is not None:
        path = Path(options.baseline) if options.baseline else None
    elif "baseline" in config.values:
        path = Path(config.origins["baseline"]).parent / config.values["baseline"]
    if path is None and options.update_baseline:
        raise UsageProblem(Text(
            "--update-baseline 要写入哪个文件？请加 --baseline 文件，或在配置中写 baseline",
            "which file is --update-baseline to write? add --baseline FILE, or set baseline in the configuration",
        ))  # fmt: skip
    return path


def nearest_config(options: CheckOptions) -> Config:
    """The configuration that decides about the output: the given file's, or the nearest of the first path."""
    if options.no_config:
        return Config()
    if options.config:
        return load_config(Path(options.config).resolve())
    first = options.stdin_filename if options.paths[0] == "-" else options.paths[0]
    path = Path(first or ".")
    return config_for(path / "-" if path.is_dir() else path)


def job_for(options: CheckOptions, fail_on: Severity) -> Job:
    """What holds for all files of a run."""
    policy = options.policy
    persona = persona_for(options.persona, fail_on)
    return Job(
        policy=replace(policy, persona=persona or policy.persona),
        persona=persona,
        use_config=not options.no_config,
        config_file=str(Path(options.config).resolve()) if options.config else None,
        skip_unknown=options.ignore_unknown,
        seconds=options.timeout,
        allow_libreoffice=options.allow_libreoffice,
    )


def tasks_of(options: CheckOptions, session: Session) -> list[Task]:
    """The files that the options name, folders walked; or standard input. Raises UsageProblem."""
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


def processes_for(jobs: int | None, files: int) -> int:
    """How many processes to use: as many as asked for, else one for few files and one a processor for many."""
    if jobs:
        return int(jobs)
    if files < FILES_WORTH_PROCESSES:
        return 1
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return min(available, 16)


def view_for(
    options: CheckOptions, session: Session, policy: Policy, settings: object, lang: Lang, fail_on: Severity
) -> View:
    """How to show what is found on this terminal. Raises UsageProblem for wrong codes and parameters."""
    values = settings if isinstance(settings, dict) else {}
    return view_of(
        session,
        policy,
        lang,
        fail_on,
        color=wants_color(options.color, sys.stdout) and not options.output,
        width=_width(),
        explain=options.explain or bool(values.get("explain")),
        statistics=options.statistics or bool(values.get("statistics")),
        quiet=options.quiet,
    )


def _width() -> int:
    """Columns of the terminal, within reason; 80 where there is none. What shutil does, without its 4 ms of imports."""
    columns = int(os.environ.get("COLUMNS", "")) if os.environ.get("COLUMNS", "").isdigit() else 0
    if not columns:
        with suppress(OSError, ValueError, AttributeError):
            columns = os.get_terminal_size(sys.stdout.fileno()).columns
    return max(40, min(columns or 80, 160))


def counting(files: Iterable[FileResult], totals: Totals, lang: Lang) -> Iterator[FileResult]:
    """The results, counted as they go by; notifications are told on standard error at once."""
    for file in files:
        totals.count(file)
        for notification in file.notifications:
            complain(f"lintperf: {notification.path}: {notification.text.to(lang)}")
        yield file


def with_progress(files: Iterator[FileResult], count: int, lang: Lang, to_terminal: bool) -> Iterator[FileResult]:
    """A bar on standard error when there are many files, somebody watches, and the report goes elsewhere."""
    if count < FILES_WORTH_PROGRESS or not sys.stderr.isatty() or to_terminal:
        yield from files
        return
    import typer

    label = "检查" if lang == "zh" else "checking"
    with typer.progressbar(files, length=count, label=label, file=sys.stderr) as bar:
        yield from bar
