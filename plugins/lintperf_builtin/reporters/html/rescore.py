"""The re-scoring table of a document: stated scores beside recomputed ones, with links to the rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from lintperf.extension import Column
from lintperf.findings.texts import format_value
from lintperf.model import Text
from lintperf_builtin.reporters.html.marks import Marks
from lintperf_builtin.reporters.html.parts import both, same, text
from lintperf_builtin.tables import TABLES

__all__ = ["rescoring"]

_COUNTED = Text(
    "{differs} 处不一致，{agrees} 处一致，{open} 处没有公式可用、未复核。",
    "{differs} differ, {agrees} agree, {open} are left open: no formula fits.",
)
# the width of a column of numbers, in Chinese characters
_NARROW = 5


def rescoring(rows: Sequence[Mapping[str, Any]], name: str, marks: Marks) -> Iterator[str]:
    """The table with a caption that counts. Rows lead to where their score stands in the drawing."""
    table = next(table for table in TABLES if table.name == "rescore")
    columns = [column for column in table.columns if any(row.get(column.key) is not None for row in rows)]
    counts = {status: sum(row.get("status") == status for row in rows) for status in ("differs", "agrees", "open")}
    counted = Text(_COUNTED.zh.format(**counts), _COUNTED.en.format(**counts))
    yield f'<section class="rescore" aria-labelledby="{name}rescore">\n'
    yield f'<h2 id="{name}rescore">{both(table.title)}</h2>\n'
    yield f'<p>{both(counted)}</p>\n<div class="scroll" tabindex="0" role="group" aria-labelledby="{name}rescore">\n'
    widths = [column.width or _NARROW for column in columns]
    shares = (max(1, round(width * 100 / sum(widths))) for width in widths)
    cols = "".join(f'<col class="w{share}{_detail(column)}">' for share, column in zip(shares, columns, strict=True))
    yield f'<table class="list">\n<colgroup>{cols}</colgroup>\n'
    yield "<thead><tr>"
    yield "".join(
        f'<th scope="col" class="{column.kind}{_detail(column)}">{both(column.title)}</th>' for column in columns
    )
    yield "</tr></thead>\n<tbody>\n"
    for row in rows:
        status = row.get("status")
        kind = row.get("kind")
        yield f'<tr class="{text(str(status or ""))} {text(str(kind or ""))}">'
        for column in columns:
            value = _value(row.get(column.key))
            content = both(value) if isinstance(value, Text) else text(value)
            if column.key == "label":
                spot = marks.find(str(row.get("pointer") or ""))[0]
                content = f'<a href="#{marks.id(spot)}">{content}</a>' if spot is not None else content
                yield f'<th scope="row">{content}</th>'
            else:
                yield f'<td class="{column.kind}{_detail(column)}">{content}</td>'
        yield "</tr>\n"
    yield "</tbody>\n</table>\n</div>\n</section>\n"


def _detail(column: Column) -> str:
    """A class for the columns that a narrow page leaves out."""
    return " detail" if column.detail else ""


def _value(value: Any) -> Text | str:
    if value is None or value == "":
        return ""
    if isinstance(value, Text):
        return value
    if isinstance(value, Decimal | bool):
        return Text(format_value(value, None, "zh"), format_value(value, None, "en"))
    return same(str(value))
