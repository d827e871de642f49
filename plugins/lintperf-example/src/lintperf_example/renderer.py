"""Prints registers as plain text in columns, one below the other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lintperf.extension import Omission, Rendered
from lintperf.model import Text

__all__ = ["write_sheet"]

_HEADER = ("编号", "座位数", "长度（米）")


def write_sheet(documents: Sequence[Mapping[str, Any]]) -> Rendered:
    """All registers as UTF-8 text. The text has no room for line breaks: they become blanks, and that is said."""
    lines: list[str] = []
    omissions: list[Omission] = []
    for index, document in enumerate(documents):
        park = document.get("park") or ""
        if "\n" in park:
            omissions.append(Omission(index, "/park", Text("换行已印成空格", "line breaks are printed as blanks")))
        lines += [" ".join(park.split("\n")), "\t".join(_HEADER)]
        for bench in document["benches"]:
            cells = (bench.get(field) for field in ("number", "seats", "length"))
            lines.append("\t".join("" if cell is None else str(cell) for cell in cells))
        lines.append("")
    return Rendered("\n".join(lines).encode(), omissions)
