"""GitHub's runner reading workflow commands, after the rules of its source: a line, its command, properties, data."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Command", "parsed"]

KNOWN = ("error", "warning", "notice", "debug", "group", "endgroup", "add-mask", "stop-commands", "echo")
DATA = (("%0D", "\r"), ("%0A", "\n"), ("%25", "%"))
PROPERTY = (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%"))


class Command(NamedTuple):
    name: str
    properties: dict[str, str]
    data: str


def _unescaped(text: str, table: tuple[tuple[str, str], ...]) -> str:
    for escaped, character in table:
        text = text.replace(escaped, character)
    return text


def parsed(line: str) -> Command | None:
    """The command of a line of a job's log; None where the runner would just print the line."""
    line = line.lstrip()
    if not line.startswith("::"):
        return None
    end = line.find("::", 2)
    if end < 0:
        return None
    name, _, listed = line[2:end].partition(" ")
    if name not in KNOWN:
        return None
    properties = {}
    for each in listed.strip().split(","):
        key, separator, value = each.partition("=")
        if separator:
            properties[key] = _unescaped(value, PROPERTY)
    return Command(name, properties, _unescaped(line[end + 2 :], DATA))
