"""JSON text with exact numbers: a Decimal is written with the decimals it has, never by way of a float."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from json.encoder import encode_basestring
from typing import Any

from lintperf.model import Lang, Text

__all__ = ["dumps", "plain", "pretty"]

# valid inside a JSON string, yet able to command a terminal, reorder a line or stop an encoder
_ESCAPED = re.compile("[\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def _string(text: str) -> str:
    quoted = encode_basestring(text)
    if text.isascii() and "\x7f" not in text:
        return quoted
    return _ESCAPED.sub(lambda match: f"\\u{ord(match.group()):04x}", quoted)


def dumps(value: Any, other: Callable[[Any], str] | None = None) -> str:
    """`value` as JSON text on one line.

    other  writes an object of any other class; without it such an object is a TypeError
    Raises ValueError for a Decimal that JSON has no word for (NaN, Infinity).
    """
    if isinstance(value, str):
        return _string(value)
    if isinstance(value, dict):
        return "{" + ", ".join([f"{_string(key)}: {dumps(item, other)}" for key, item in value.items()]) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join([dumps(item, other) for item in value]) + "]"
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return int.__repr__(value)
    if isinstance(value, Decimal):
        if not value.is_finite():
            raise ValueError(f"JSON has no number {value}")
        return format(value, "f")
    if other is None:
        raise TypeError(f"no JSON for {type(value).__name__}")
    return other(value)


def pretty(value: Any, indent: str = "") -> str:
    """`value` as JSON text over several lines, two spaces a level; what `dumps` refuses is refused."""
    inner = indent + "  "
    if isinstance(value, dict) and value:
        members = [f"{inner}{_string(key)}: {pretty(item, inner)}" for key, item in value.items()]
        return "{\n" + ",\n".join(members) + f"\n{indent}}}"
    if isinstance(value, list | tuple) and value:
        return "[\n" + ",\n".join(inner + pretty(item, inner) for item in value) + f"\n{indent}]"
    return dumps(value)


def plain(value: Any, lang: Lang) -> Any:
    """A finding's value as JSON can hold it: texts in one language, tuples as lists, anything unknown as text."""
    if value is None or isinstance(value, str | bool | int):
        return value
    if isinstance(value, Decimal):
        return value if value.is_finite() else str(value)
    if isinstance(value, Text):
        return value.to(lang)
    if isinstance(value, Mapping):
        return {str(key): plain(item, lang) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [plain(item, lang) for item in value]
    return str(value)
