"""From arguments to an exit code: which parser, and what each kind of failure means."""

from __future__ import annotations

import os

from lintperf.cli.output import complain, default_lang, open_streams, today
from lintperf.model import Lang, Text
from lintperf.plugins import PluginProblem, told
from lintperf.rules.rule import RuleProblem, UsageProblem

__all__ = ["run"]

USAGE = 2
FAILED = 3
INTERRUPTED = 130
# variables of the environment that stand for no option
NO_OPTIONS = frozenset({"LINTPERF_CACHE_DIR", "LINTPERF_TRACEBACK"})


def run(arguments: list[str]) -> int:
    """Run a command; returns the exit code: 0 clean, 1 findings, 2 wrong usage or rules, 3 the tool itself failed."""
    open_streams()
    try:
        if _is_plain_check(arguments):
            return _plain_check(arguments[1:])
        from lintperf.cli.app import app

        code = app(arguments, prog_name="lintperf", standalone_mode=False)
        if code == INTERRUPTED:  # the option parser caught it
            raise KeyboardInterrupt
    except (UsageProblem, PluginProblem, RuleProblem) as problem:
        complain(f"lintperf: {told(problem).to(_lang_of(arguments))}")
        return USAGE
    except KeyboardInterrupt:
        complain(f"lintperf: {Text('已中断', 'interrupted').to(_lang_of(arguments))}")
        return INTERRUPTED
    except Exception as problem:
        # the option parser's own: an exit with a code, an abort, or a usage error
        if hasattr(problem, "exit_code") and hasattr(problem, "show"):
            from lintperf.cli.usage import explained

            complain(f"lintperf: {explained(problem).to(_lang_of(arguments))}")
            return USAGE
        if hasattr(problem, "exit_code"):
            return int(problem.exit_code)
        if os.environ.get("LINTPERF_TRACEBACK"):
            raise
        complain(f"lintperf: {_failure(problem).to(_lang_of(arguments))}")
        return FAILED
    return code if isinstance(code, int) else 0


def _is_plain_check(arguments: list[str]) -> bool:
    """`lintperf check` with nothing but paths, which is what people type: it needs no option parser.

    Importing typer and building the commands takes a third of such a run.
    """
    if len(arguments) < 2 or arguments[0] != "check":
        return False
    if any(name.startswith("LINTPERF_") and name not in NO_OPTIONS for name in os.environ):
        return False
    return not any(argument.startswith("-") for argument in arguments[1:])


def _plain_check(paths: list[str]) -> int:
    from lintperf.cli.check import CheckOptions, check_command
    from lintperf.policy import Policy

    return check_command(CheckOptions(paths=tuple(paths), policy=Policy(today=today())))


def _lang_of(arguments: list[str]) -> Lang:
    for position, argument in enumerate([*arguments, f"--lang={os.environ.get('LINTPERF_LANG')}"]):
        value = argument.removeprefix("--lang=") if argument.startswith("--lang=") else None
        if argument == "--lang" and position + 1 < len(arguments):
            value = arguments[position + 1]
        if value in ("zh", "en"):
            return "zh" if value == "zh" else "en"
    return default_lang()


def _failure(problem: Exception) -> Text:
    """For what nobody foresaw: exit code 1 would say that there are findings."""
    what = f"{type(problem).__name__}: {problem}"[:300]
    return Text(
        f"程序内部出错（{what}）；设置 LINTPERF_TRACEBACK=1 再运行可得详情，请附上报告问题",
        f"internal error ({what}); run again with LINTPERF_TRACEBACK=1 for details to report it",
    )
