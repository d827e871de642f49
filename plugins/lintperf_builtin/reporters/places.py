"""Places as people and formats count them: from 1. With `lintperf.document.places` the only modules that add 1."""

from __future__ import annotations

from typing import Any

from lintperf.document.places import in_words, short
from lintperf.model import CellPlace, Finding, Lang, PagePlace, ParagraphPlace, Place, Related, SheetPlace, TextPlace

__all__ = [
    "MOST_RELATED",
    "field_path",
    "in_words",
    "location",
    "origin_in_words",
    "related_in_short",
    "related_in_words",
]

MOST_RELATED = 3


def origin_in_words(finding: Finding, lang: Lang) -> str:
    """`form.docx 表1 第6行第5列`: where the value stood before it was converted; "" for what never was."""
    if finding.origin is None:
        return ""
    return f"{finding.origin.file} {in_words(finding.origin.place, lang)}"


def related_in_words(related: Related, title: str, lang: Lang, path: str | None = None) -> str:
    """`表1 第6行第5列 得分`; of another document `b.docx 表1 第6行第5列 得分`.

    title  that of the field; path: the file that was named just before, which need not be named again
    """
    place = in_words(related.place, lang) if related.place is not None else ""
    file = related.path if related.path is not None and related.path != path else ""
    return " ".join(part for part in (file, place, title) if part)


def related_in_short(finding: Finding, lang: Lang) -> str:
    """`表1!R6C5、表1!R7C5`, for findings that one place does not explain: of a sentence, or of two documents.

    "" for all others: what a cell is held against mostly stands in its own row.
    """
    if not isinstance(finding.place, ParagraphPlace) and all(each.path is None for each in finding.related):
        return ""
    places = dict.fromkeys((each.path, short(each.place)) for each in finding.related if each.place is not None)
    named = []
    before = None
    for path, place in places:
        named.append(place if path is None or path == before else f"{path}:{place}")
        before = path
    joint = "、" if lang == "zh" else ", "
    if len(named) <= MOST_RELATED:
        return joint.join(named)
    more = len(named) - MOST_RELATED
    return joint.join(named[:MOST_RELATED]) + (f" 等 {len(named)} 处" if lang == "zh" else f" and {more} more")


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
        case ParagraphPlace():
            members = {"paragraph": place.paragraph + 1}
            if (place.start, place.end) != (0, None):
                members |= {"start": place.start + 1, "end": place.end}
            if place.page is not None:
                members |= {"page": place.page + 1}
        case PagePlace():
            members = {
                "page": place.page + 1,
                "box": place.box,
                "table": place.table + 1,
                "row": place.row + 1,
                "column": place.column + 1,
            }
    return members if exact else members | {"enclosing": True}


def field_path(pointer: str) -> str:
    """The field that a pointer speaks of, without the rows' numbers: `funds.rows.rate` for `/funds/rows/0/rate`."""
    steps = (step.replace("~1", "/").replace("~0", "~") for step in pointer.split("/")[1:])
    return ".".join(step for step in steps if not step.isdecimal())
