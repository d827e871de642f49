"""A document of any type as blocks: a list of records as a table, everything else as fields with their titles."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from lintperf.document.exact import dumps
from lintperf.results import View
from lintperf_builtin.renderers.printed import Box, Row
from lintperf_builtin.reporters.html.blocks import Block, Drawn, Grid, Prose
from lintperf_builtin.reporters.places import field_path

__all__ = ["draw_values", "token", "value_text"]

_DEEPEST = 8
_LABEL, _VALUE = 400, 1400
# fields of every document that say how to read it and not what it says
_SETTINGS = ("$schema", "type", "version", "layout", "origin", "lintperf")


def draw_values(data: Any, type_: str | None, title: str | None, view: View) -> Drawn:
    """All values of the document with the titles that its schema gives them."""
    blocks: list[Block] = [Prose(title, "title")] if title else []
    blocks += _blocks(data, "", type_, view, 1)
    return Drawn(tuple(blocks))


def token(name: str) -> str:
    """A name as a step of a JSON pointer."""
    return name.replace("~", "~0").replace("/", "~1")


def value_text(value: Any) -> str | Decimal:
    """A value in a box; what is no text and no number as JSON."""
    if value is None:
        return ""
    if isinstance(value, str) or (isinstance(value, Decimal) and value.is_finite()):
        return value
    return dumps(value, lambda other: f'"{other}"')


def _blocks(value: Any, pointer: str, type_: str | None, view: View, level: int) -> Iterator[Block]:
    if not isinstance(value, Mapping):
        yield Grid((_LABEL + _VALUE,), (Row((Box(0, 1, value_text(value), "text", pointers=(pointer,)),)),))
        return
    fields: list[Row] = []
    further: list[tuple[str, str, Any]] = []
    for name, item in value.items():
        where = f"{pointer}/{token(str(name))}"
        title = _title(where, type_, view)
        if level == 1 and name in _SETTINGS:
            continue
        records = isinstance(item, list) and item and all(isinstance(each, Mapping) for each in item)
        if records or (isinstance(item, Mapping) and level < _DEEPEST):
            further.append((title, where, item))
        else:
            shown = Box(1, 1, value_text(item), "text", pointers=(where,))
            fields.append(Row((Box(0, 1, title, "label"), shown)))
    if fields:
        yield Grid((_LABEL, _VALUE), tuple(fields))
    for title, where, item in further:
        yield Prose(title, "heading", level, pointers=(where,))
        if isinstance(item, list):
            yield _table(item, where, type_, view)
        else:
            yield from _blocks(item, where, type_, view, level + 1)


def _table(rows: list[Mapping[str, Any]], pointer: str, type_: str | None, view: View) -> Grid:
    names = list(dict.fromkeys(name for row in rows for name in row))
    header = Row(
        tuple(Box(at, 1, _title(f"{pointer}/0/{token(name)}", type_, view), "label") for at, name in enumerate(names)),
        header=True,
    )
    body = [
        Row(
            tuple(
                Box(
                    at,
                    1,
                    value_text(row.get(name)),
                    "number" if isinstance(row.get(name), Decimal) else "text",
                    pointers=(f"{pointer}/{number}/{token(name)}",),
                )
                for at, name in enumerate(names)
            )
        )
        for number, row in enumerate(rows)
    ]
    return Grid(tuple(300 for _ in names) or (300,), (header, *body))


def _title(pointer: str, type_: str | None, view: View) -> str:
    path = field_path(pointer)
    return view.titles(type_, path) if type_ else path.rpartition(".")[2]
