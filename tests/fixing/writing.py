"""Data as JSON and YAML text in every style that people and programs write: layout, quotes, escapes, comments."""

from __future__ import annotations

import random
import re
from decimal import Decimal
from typing import Any

from lintperf.document.exact import dumps

__all__ = ["as_json", "as_yaml"]

SAFE_PLAIN = re.compile(r"[A-Za-z\u4e00-\u9fff][A-Za-z0-9\u4e00-\u9fff%（）。，≥]*")
NOT_TEXT = {"null", "true", "false"}
COMMENTS = ("", "", "  # 备注：1", ' # x: [y] "z"')


def _scalar(value: Any) -> str | None:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return format(value, "f") if isinstance(value, Decimal) else None


def _quoted(text: str, choice: random.Random) -> str:
    escaped = choice.random() < 0.3
    return re.sub("[\u0100-\u9fff]", lambda found: f"\\u{ord(found[0]):04x}" if escaped else found[0], dumps(text))


def as_json(data: Any, choice: random.Random) -> str:
    """JSON text; spaces, tabs, line breaks and escapes as they come."""

    def space() -> str:
        return choice.choice(("", "", " ", "\n  ", "\t", "\r\n"))

    def write(value: Any) -> str:
        if isinstance(value, dict):
            keys = [f"{space()}{_quoted(key, choice)}{space()}:{space()}" for key in value]
            members = [key + write(item) for key, item in zip(keys, value.values(), strict=True)]
            return "{" + f"{space()},".join(members) + space() + "}"
        if isinstance(value, list):
            return "[" + f"{space()},".join(space() + write(item) for item in value) + space() + "]"
        written = _scalar(value)
        return _quoted(value, choice) if written is None else written

    return space() + write(data) + space()


def as_yaml(data: Any, choice: random.Random) -> str:
    """YAML text: block and flow, plain, quoted and block scalars, comments, values left out for null."""
    return "# 表\n" + _block(data, 0, choice).lstrip("\n")


def _text(value: str, choice: random.Random) -> str:
    styles = ['"']
    if "\n" not in value and value.isprintable():
        styles.append("'")
        if SAFE_PLAIN.fullmatch(value) and value not in NOT_TEXT:
            styles.append("plain")
    style = choice.choice(styles)
    if style == "plain":
        return value
    return _quoted(value, choice) if style == '"' else "'" + value.replace("'", "''") + "'"


def _flow(value: Any, choice: random.Random) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_quoted(key, choice)}: {_flow(item, choice)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_flow(item, choice) for item in value) + "]"
    return _scalar(value) or _text(value, choice)


def _literal(value: str, indent: int) -> str | None:
    """A block scalar, for a text that one can hold as it is."""
    lines = value.removesuffix("\n").split("\n")
    if not value or (not value.isprintable() and not value.replace("\n", "").isprintable()):
        return None
    if any(not line or line != line.strip() for line in lines) or value.count("\n") < 1:
        return None
    head = "|" if value.endswith("\n") else "|-"
    return head + "".join(f"\n{' ' * indent}{line}" for line in lines)


def _block(value: Any, indent: int, choice: random.Random) -> str:
    """What stands behind `key:` or `-`, from the space or line break on, up to its own line break."""
    if isinstance(value, dict | list) and value and choice.random() < 0.8:
        pad = "\n" + " " * indent
        if isinstance(value, dict):
            items = [f"{pad}{_quoted(key, choice)}:{_block(item, indent + 2, choice)}" for key, item in value.items()]
        else:
            items = [f"{pad}-{_block(item, indent + 2, choice)}" for item in value]
        return "".join(item.removesuffix("\n") for item in items) + "\n"
    if isinstance(value, str) and choice.random() < 0.5 and (literal := _literal(value, indent + 1)) is not None:
        return f" {literal}\n"
    if value is None and choice.random() < 0.5:
        return f"{choice.choice(COMMENTS)}\n"
    return f" {_flow(value, choice)}{choice.choice(COMMENTS)}\n"
