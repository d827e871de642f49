"""A finding's fingerprint: the same before and after lines have moved, for baselines and for SARIF."""

from __future__ import annotations

import re
from hashlib import sha256
from typing import Any

from lintperf.findings.texts import format_value
from lintperf.model import Finding

__all__ = ["fingerprint"]

_INDEX = re.compile(r"/[0-9]+(?=/|$)")


def _as_text(value: Any) -> str:
    """The whole value: `format_value` alone would cut a long text."""
    if isinstance(value, str):
        return value
    return "" if value is None else format_value(value)


def fingerprint(finding: Finding, title: str | None, seen: dict[str, int]) -> str:
    """SHA-256 in hex over code, document's title, row's label, field and what was found.

    No line, no cell, no row number, no path: a finding keeps its fingerprint while rows and documents move around it
    and loses it when the value it complains of is changed. White space does not count.

    seen  how many like it went before, one dictionary a file: alike findings differ by their number. It is updated
    """
    field = _INDEX.sub("", finding.pointer)
    parts = [finding.code, title or "", finding.row or "", field, _as_text(finding.found)]
    key = "\x1f".join("".join(part.split()) for part in parts)
    number = seen.get(key, 0)
    seen[key] = number + 1
    return sha256(f"{key}\x1f{number}".encode("utf-8", "surrogatepass")).hexdigest()
