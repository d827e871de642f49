"""What an importer read, beside what was drawn: every value of a form once, with the ones that differ."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, NamedTuple

__all__ = ["Value", "compare"]

_ABSENT = (None, [], {})
# Metadata of reading, not values of the form.
_SKIPPED = {"layout", "origin", "version", "lintperf", "payments"}


class Value(NamedTuple):
    """One value of a form: its path with `*` for rows, its pointer, what was drawn and what was read."""

    field: str
    pointer: str
    expected: Any
    found: Any
    right: bool


def compare(
    expected: Mapping[str, Any], found: Mapping[str, Any], unsaid: tuple[str, ...] = (), wrapped: bool = False
) -> list[Value]:
    """Every value that was drawn or read.

    unsaid   beginnings of paths where nothing is compared, as in `Family.unsaid`
    wrapped  the format loses line breaks and merges (PDF, text): white space in texts and `merged` do not count
    """
    values = []
    for pointer, left, right in _leaves(_loose(expected), _loose(found), ""):
        field = re.sub(r"/\d+(?=/|$)", "/*", pointer).lstrip("/")
        if any(one.startswith(path) for path in unsaid for one in (field, pointer.lstrip("/"))):
            continue
        if wrapped and field.startswith("indicators/*/merged"):
            continue
        values.append(Value(field, pointer, left, right, _same(left, right, wrapped)))
    return values


def _loose(form: Mapping[str, Any]) -> dict[str, Any]:
    """The form without what is written in more than one right way: notes run together, blank further columns."""
    loose = {name: value for name, value in form.items() if name not in _SKIPPED}
    loose["notes"] = re.sub(r"[\s:：]", "", "".join(form.get("notes") or ())) or None
    heading = dict(form.get("heading") or {})
    heading["others"] = sorted(
        (re.sub(r"[\s:：]", "", other["label"]), other["text"]) for other in heading.get("others") or ()
    )
    loose["heading"] = heading
    for part in ("indicators", "medium_indicators"):
        loose[part] = [_loose_row(row) for row in form.get(part) or ()]
    return loose


def _loose_row(row: Mapping[str, Any]) -> dict[str, Any]:
    loose = dict(row)
    loose["others"] = {
        re.split("[：:／/·]", other["label"])[-1]: other["text"] for other in row.get("others") or () if other["text"]
    }
    loose["merged"] = dict.fromkeys(row.get("merged") or (), "merged")
    loose["likelihood"] = row.get("likelihood") or None
    return loose


def _leaves(left: Any, right: Any, pointer: str) -> Iterator[tuple[str, Any, Any]]:
    if isinstance(left, Mapping) or isinstance(right, Mapping):
        left, right = left if isinstance(left, Mapping) else {}, right if isinstance(right, Mapping) else {}
        for name in [*left, *(name for name in right if name not in left)]:
            yield from _leaves(left.get(name), right.get(name), f"{pointer}/{name}")
    elif isinstance(left, list) or isinstance(right, list):
        for number, (one, other) in enumerate(_aligned(left or [], right or [])):
            yield from _leaves(one, other, f"{pointer}/{number}")
    elif left not in _ABSENT or right not in _ABSENT:
        yield pointer, left, right


def _aligned(left: list[Any], right: list[Any]) -> list[tuple[Any, Any]]:
    """Rows side by side; where one is lost or too many, the others still meet their counterparts."""
    if len(left) == len(right):
        return list(zip(left, right, strict=True))
    keys = [[json.dumps(row, default=str, ensure_ascii=False) for row in rows] for rows in (left, right)]
    pairs: list[tuple[Any, Any]] = []
    for _, start, end, other_start, other_end in SequenceMatcher(None, *keys, autojunk=False).get_opcodes():
        pairs += zip_longest(left[start:end], right[other_start:other_end])
    return pairs


def _same(left: Any, right: Any, wrapped: bool) -> bool:
    if isinstance(left, Decimal) or isinstance(right, Decimal):
        # decimals as written: 9.8 is not 9.80
        return isinstance(left, Decimal) and isinstance(right, Decimal | int) and str(left) == str(right)
    if isinstance(left, tuple | list) and isinstance(right, tuple | list):
        return len(left) == len(right) and all(
            _same(one, other, wrapped) for one, other in zip(left, right, strict=True)
        )
    if isinstance(left, str) and isinstance(right, str):
        if wrapped:
            return re.sub(r"\s", "", left) == re.sub(r"\s", "", right)
        # web pages write two spaces as a no-break space and a space
        return left.replace("\xa0", " ") == right.replace("\xa0", " ")
    return bool(left == right)
