"""A new item into a list of a JSON or YAML text: nothing that is there changes but for a comma, layout is kept."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any, Literal

from lintperf.document import Locator
from lintperf.document.edits import Edit, edited
from lintperf.document.errors import SyntaxProblem
from lintperf.document.json_text import decode_json
from lintperf.document.yaml_text import decode_yaml
from lintperf.model import TextPlace

__all__ = ["appended"]

_INDENT = re.compile(r"[\r\n]([ \t]*)\S")
_BLANK = re.compile(r"[ \t]*")
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_-]*")
_REST_OF_LINE = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=[\r\n]|\Z)")


def appended(
    text: str,
    syntax: Literal["json", "yaml"],
    data: Any,
    index: int,
    locate: Locator,
    keys: Sequence[str],
    item: Mapping[str, str],
) -> Edit | None:
    """The edit that puts `item` at the end of the list at `keys` of a document, which makes what is not there yet.

    data    the document's values; index: which document of the text it is
    locate  JSON pointer in the document → place
    None where something else stands at `keys`, or where the text would not be read as meant.
    """
    holder, depth = data, 0
    while depth < len(keys) and isinstance(holder, dict) and keys[depth] in holder:
        holder, depth = holder[keys[depth]], depth + 1
    if not isinstance(holder, list if depth == len(keys) else dict):
        return None
    place = locate("".join("/" + key for key in keys[:depth]))
    if not isinstance(place, TextPlace):
        return None
    if text[place.offset : place.offset + 1] in ("{", "["):
        edit = _in_brackets(text, place, keys[depth:], item)
    elif syntax == "yaml":
        edit = _in_block(text, place, keys[depth:], item)
    else:
        return None
    return edit if _is_meant(text, edited(text, [edit]), syntax, data, index, keys, item) else None


def _newline(text: str) -> str:
    found = re.search(r"\r\n|\n|\r", text)
    return found[0] if found else "\n"


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)


def _line(item: Mapping[str, str]) -> str:
    return "{" + ", ".join(f"{_quoted(key)}: {_quoted(value)}" for key, value in item.items()) + "}"


def _unit(text: str) -> str:
    """One step of indentation: that of the first indented line."""
    found = re.search(r"[\r\n]([ \t]+)\S", text)
    return found[1] if found else "  "


def _in_brackets(text: str, place: TextPlace, keys: Sequence[str], item: Mapping[str, str]) -> Edit:
    inside = text[place.offset + 1 : place.end_offset - 1]
    end = place.offset + 1 + len(inside.rstrip())
    newline, unit = _newline(text), _unit(text)
    line = max(text.rfind("\n", 0, place.offset), text.rfind("\r", 0, place.offset)) + 1
    indent = _BLANK.match(text, line)[0]  # type: ignore[index]
    found = _INDENT.search(text, place.offset, place.end_offset)
    spread = found is not None and bool(inside.strip())
    if inside.strip() and not spread:
        return Edit(end, end, ", " + _nested(keys, item, None, "", newline))
    if not inside.strip():
        if "\n" not in text and "\r" not in text:
            return Edit(place.offset + 1, place.end_offset - 1, _nested(keys, item, None, "", newline))
        body = _nested(keys, item, unit, indent + unit, newline)
        return Edit(place.offset + 1, place.end_offset - 1, f"{newline}{indent}{unit}{body}{newline}{indent}")
    inner = found[1] if found is not None else indent + unit
    return Edit(end, end, f",{newline}{inner}{_nested(keys, item, unit, inner, newline)}")


def _nested(keys: Sequence[str], item: Mapping[str, str], unit: str | None, indent: str, newline: str) -> str:
    """The item within records and the list that are to be made; over several lines where there is a `unit`."""
    if not keys:
        return _line(item)
    if unit is None:
        inner = _nested(keys[1:], item, None, "", newline)
        return f"{_quoted(keys[0])}: " + (f"[{inner}]" if len(keys) == 1 else "{" + inner + "}")
    inner = _nested(keys[1:], item, unit, indent + unit, newline)
    opening, closing = ("[", "]") if len(keys) == 1 else ("{", "}")
    return f"{_quoted(keys[0])}: {opening}{newline}{indent}{unit}{inner}{newline}{indent}{closing}"


def _in_block(text: str, place: TextPlace, keys: Sequence[str], item: Mapping[str, str]) -> Edit:
    newline = _newline(text)
    rest = _REST_OF_LINE.match(text, place.end_offset)
    end = rest.end() if rest else place.end_offset
    before = "" if text[:end].endswith(("\n", "\r")) else newline
    lines = []
    column = place.column
    for key in keys:
        lines.append(" " * column + f"{key}:")
        column += 2
    pairs = ", ".join(f"{key}: {value if _PLAIN.fullmatch(value) else _quoted(value)}" for key, value in item.items())
    lines.append(" " * column + "- {" + pairs + "}")
    return Edit(end, end, before + newline.join(lines) + ("" if before else newline))


def _is_meant(
    text: str, after: str, syntax: str, data: Any, index: int, keys: Sequence[str], item: Mapping[str, str]
) -> bool:
    wanted = deepcopy(data)
    holder = wanted
    for key in keys[:-1]:
        holder = holder.setdefault(key, {})
    holder.setdefault(keys[-1], []).append(dict(item))
    try:
        before, found = (_documents(each, syntax) for each in (text, after))
    except SyntaxProblem:
        return False
    before[index] = wanted
    return before == found


def _documents(text: str, syntax: str) -> list[Any]:
    """The documents of a text as its reader counts them: items of a sequence each, nothing for an empty part."""
    parts = [decode_json(text)] if syntax == "json" else [each.data for each in decode_yaml(text)]
    return [item for part in parts if part is not None for item in (part if isinstance(part, list) else [part])]
