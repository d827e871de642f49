"""What a finding is known by before and after lines, rows and files have moved: for baselines and for SARIF."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any

from lintperf.findings.texts import format_value
from lintperf.model import Finding
from lintperf.rules.run import row_and_field
from lintperf.schema.fields import Field

__all__ = ["field_of", "fingerprint", "identity", "name_rows", "rows_of"]

_INDEX = re.compile(r"/[0-9]+(?=/|$)")


def _as_text(value: Any) -> str:
    """The whole value: `format_value` alone would cut a long text."""
    if isinstance(value, str):
        return value
    return "" if value is None else format_value(value)


def field_of(pointer: str) -> str:
    """The field that a pointer leads to, as a dotted path without the numbers of rows: `dishes.price`."""
    return _INDEX.sub("", pointer).strip("/").replace("/", ".")


def name_rows(findings: Iterable[Finding], root: Callable[[], Field], data: Any) -> None:
    """Tell findings about several rows the labels of all of them: the first of them changes when rows change places.

    A finding about a group of rows that has a name of its own keeps that.
    """
    for finding in findings:
        if not finding.related or finding.rows:
            continue
        field = _INDEX.sub("", finding.pointer)
        others = [
            related.pointer
            for related in finding.related
            if related.path is None and related.pointer != finding.pointer and _INDEX.sub("", related.pointer) == field
        ]
        if others and finding.row == row_and_field(root(), data, finding.pointer)[0]:
            labels = [finding.row or "", *(row_and_field(root(), data, pointer)[0] or "" for pointer in others)]
            finding.rows = tuple(sorted(labels))


def rows_of(finding: Finding) -> tuple[str, ...]:
    """The labels of the rows that a finding is about, sorted, white space squeezed out; empty for none with a label."""
    labels = ("".join(label.split()) for label in finding.rows or (finding.row or "",))
    return tuple(sorted(label for label in labels if label))


def identity(finding: Finding) -> str:
    """Sixteen hexadecimal digits over code, field and what was found; rows and document have to be compared beside it.

    White space does not count, nor does what was found where that is the value of the first of several rows.
    """
    found = "" if len(finding.rows) > 1 else _as_text(finding.found)
    parts = [finding.code, field_of(finding.pointer), found]
    key = "\x1f".join("".join(part.split()) for part in parts)
    return _digest(key)[:16]


def fingerprint(finding: Finding, title: str | None, seen: dict[str, int]) -> str:
    """SHA-256 in hex over code, document's title, label of the row or rows, field and what was found.

    No line, no cell, no row number, no path: a finding keeps its fingerprint while rows and documents move around it
    and loses it when the value it complains of is changed. White space does not count.

    seen  how many like it went before, one dictionary a file: alike findings differ by their number. It is updated
    """
    field = _INDEX.sub("", finding.pointer)
    parts = [finding.code, title or "", "\x1e".join(finding.rows) or finding.row or "", field, _as_text(finding.found)]
    key = "\x1f".join("".join(part.split()) for part in parts)
    number = seen.get(key, 0)
    seen[key] = number + 1
    return _digest(f"{key}\x1f{number}")


def _digest(text: str) -> str:
    from hashlib import sha256  # 3 ms at start-up that most runs need not pay

    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
