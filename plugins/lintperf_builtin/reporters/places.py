"""Places as people and formats count them: from 1. The one module of the reporters that adds 1."""

from __future__ import annotations

from typing import Any

from lintperf.model import CellPlace, Lang, Place, SheetPlace, TextPlace

__all__ = ["field_path", "in_words", "location", "short"]


def in_words(place: Place, lang: Lang, column: bool = True) -> str:
    """`第12行第5列`, `表1 第6行第5列`, `Sheet1!G12`; `column=False` leaves out the column of a table's cell."""
    if isinstance(place, SheetPlace):
        return f"{place.sheet}!{place.cell}"
    if isinstance(place, TextPlace):
        line, col = place.line + 1, place.column + 1
        return f"第{line}行第{col}列" if lang == "zh" else f"line {line} column {col}"
    table, row, col = place.table + 1, place.row + 1, place.column + 1
    if lang == "zh":
        return f"表{table} 第{row}行" + (f"第{col}列" if column else "")
    return f"table {table} row {row}" + (f" column {col}" if column else "")


def short(place: Place) -> str:
    """`12:5`, `表1!R6C5`, `Sheet1!G12`: for programs, the same in every language."""
    if isinstance(place, SheetPlace):
        return f"{place.sheet}!{place.cell}"
    if isinstance(place, TextPlace):
        return f"{place.line + 1}:{place.column + 1}"
    return f"表{place.table + 1}!R{place.row + 1}C{place.column + 1}"


def location(place: Place | None, exact: bool) -> dict[str, Any] | None:
    """The place as JSON gives it, None where it is unknown; `enclosing` where only a value around it has a place."""
    members: dict[str, Any]
    match place:
        case None:
            return None
        case TextPlace():
            members = {
                "line": place.line + 1,
                "column": place.column + 1,
                "end_line": place.end_line + 1,
                "end_column": place.end_column + 1,
            }
        case CellPlace():
            members = {"table": place.table + 1, "row": place.row + 1, "column": place.column + 1}
        case SheetPlace():
            members = {"sheet": place.sheet, "cell": place.cell}
    return members if exact else members | {"enclosing": True}


def field_path(pointer: str) -> str:
    """The field that a pointer speaks of, without the rows' numbers: `funds.rows.rate` for `/funds/rows/0/rate`."""
    steps = (step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
    return ".".join(step for step in steps if not step.isdecimal())
