"""What the option parser refuses, in one line and in the user's language."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lintperf.model import Text
from lintperf.names import near_name

__all__ = ["explained"]

_QUOTED = re.compile(r"'([^']*)'")

# how the option parser's types are called, and what to write
_VALUES = {"int": ("整数", "a whole number"), "float": ("数字", "a number"), "bool": ("1 或 0", "1 or 0")}
_OTHER = ("别的值", "something else")


def explained(problem: Any) -> Text:
    """The usage error of the option parser (click's, known by its attributes) as a sentence with the remedy."""
    context = getattr(problem, "ctx", None)
    command = context.command_path if context is not None else "lintperf"
    help_zh, help_en = f"（用法见 {command} -h）", f" (see {command} -h)"
    kind = type(problem).__name__
    if kind == "NoSuchOption":
        near = _suggested(_near(problem.option_name, _option_names(context)))
        return Text(
            f"没有选项 {problem.option_name}{near.zh}{help_zh}",
            f"no such option: {problem.option_name}{near.en}{help_en}",
        )
    if kind == "MissingParameter":
        name = _name(problem)
        return Text(f"缺少参数 {name}{help_zh}", f"missing argument {name}{help_en}")
    if kind == "BadParameter":
        name, value = _name(problem), _value(problem)
        variable = getattr(problem.param, "envvar", None)
        source = f" / {variable}" if isinstance(variable, str) else ""
        kind_of_value = str(getattr(problem.param.type, "name", ""))
        zh, en = next((words for start, words in _VALUES.items() if kind_of_value.startswith(start)), _OTHER)
        return Text(
            f"{name}{source} 应为{zh}，得到 {value}{help_zh}", f"{name}{source} must be {en}, got {value}{help_en}"
        )
    found = _QUOTED.search(problem.message)
    if kind == "UsageError" and found is not None and "command" in problem.message:
        names = list(getattr(context.command, "commands", ())) if context is not None else []
        near = _suggested(_near(found[1], names))
        zh, en = ("、".join(names), ", ".join(names)) if not near.zh else ("", "")
        return Text(
            f"没有命令 {found[1]}{near.zh}" + (f"；可用：{zh}" if zh else ""),
            f"no such command: {found[1]}{near.en}" + (f"; there are {en}" if en else ""),
        )
    if kind == "BadOptionUsage" and "argument" in problem.message:
        return Text(
            f"选项 {problem.option_name} 之后应有值{help_zh}", f"option {problem.option_name} needs a value{help_en}"
        )
    message = " ".join(problem.format_message().split())
    return Text(f"用法不对：{message}{help_zh}", f"{message}{help_en}")


def _near(name: str, names: Sequence[str]) -> str | None:
    return next((known for known in names if len(name) > 2 and known.startswith(name)), None) or near_name(name, names)


def _suggested(near: str | None) -> Text:
    return Text(f"，是否为 {near}？", f", did you mean {near}?") if near else Text("", "")


def _option_names(context: Any) -> list[str]:
    if context is None:
        return []
    return [name for parameter in context.command.params for name in parameter.opts if name.startswith("-")]


def _name(problem: Any) -> str:
    parameter = problem.param
    if parameter is None:
        return str(problem.param_hint or "")
    options = [name for name in parameter.opts if name.startswith("--")]
    return options[0] if options else str(parameter.human_readable_name).upper()


def _value(problem: Any) -> str:
    found = _QUOTED.search(problem.message)
    return found[1] if found else problem.message
