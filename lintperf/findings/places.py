"""Where findings stand and in which order they are told."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from lintperf.document import Document
from lintperf.document.origin import origin_at, unsure_pointers
from lintperf.model import CellPlace, Confidence, Finding, Fix, PagePlace, ParagraphPlace, Place, SheetPlace, TextPlace
from lintperf.schema.fields import resolve

__all__ = ["doubt", "in_order", "locate", "located_fix", "nearest"]

_CELL = re.compile(r"([A-Z]+)([0-9]+)")


def nearest(document: Document, pointer: str) -> tuple[Place | None, bool]:
    """The place of a value, or of the nearest value around it that has one; the second item says which it is."""
    place = document.locate(pointer)
    exact = True
    while place is None and pointer:
        pointer, exact = pointer.rpartition("/")[0], False
        place = document.locate(pointer)
    return place, exact


def doubt(document: Document, findings: Sequence[Finding]) -> None:
    """Lower the confidence of findings that rest on values read by a guess: their own, their row's, related ones."""
    unsure = unsure_pointers(document)
    if not unsure:
        return
    for finding in findings:
        row = finding.pointer.rpartition("/")[0]
        used = {finding.pointer, *(related.pointer for related in finding.related)}
        used.update(f"{row}/{name}" for name, _ in finding.cells)
        if not unsure.isdisjoint(used):
            finding.confidence = Confidence.low


def locate(document: Document, findings: Sequence[Finding]) -> None:
    """Give each finding its place, the places in this document of what it relates to, and the text there."""
    for finding in findings:
        if finding.place is None:
            finding.place, finding.exact = nearest(document, finding.pointer)
        finding.snippet = _snippet(document, finding)
        finding.origin = origin_at(document.data, finding.pointer)
        if finding.related:
            finding.related = tuple(
                related._replace(place=place, exact=exact) if related.path is None else related
                for related in finding.related
                for place, exact in [nearest(document, related.pointer)]
            )
        if finding.fix is not None:
            finding.fix = located_fix(document, finding.fix)


def located_fix(document: Document, fix: Fix) -> Fix:
    """The fix with its place, what stands there, and what to write there instead."""
    place, found = document.locate(fix.pointer), resolve(document.data, fix.pointer)
    written = None
    if isinstance(place, TextPlace) and document.source is not None and document.syntax is not None:
        # few documents have anything to mend
        from lintperf.document.edits import replacement

        written = replacement(document.source, place, document.syntax, found, fix.value)
    return fix._replace(place=place, found=found, written=written)


def _snippet(document: Document, finding: Finding) -> str | None:
    if document.data is None:  # the place of what could not be read is a point, not a value
        return None
    if isinstance(finding.place, TextPlace) and document.source is not None:
        return document.source[finding.place.offset : finding.place.end_offset]
    if not finding.exact:
        return None
    value: Any = resolve(document.data, finding.pointer)
    return None if value is None or isinstance(value, dict | list) else str(value)


def _key(finding: Finding) -> tuple[Any, ...]:
    place = finding.place
    if isinstance(place, TextPlace):
        position: tuple[Any, ...] = (0, "", place.offset, 0)
    elif isinstance(place, CellPlace | PagePlace):
        position = (0, "", place.table, place.row, place.column)
    elif isinstance(place, ParagraphPlace):
        # Paragraphs and tables are counted each on their own: text comes before tables.
        position = (-1, "", place.paragraph, place.start)
    elif isinstance(place, SheetPlace):
        match = _CELL.fullmatch(place.cell)
        column, row = match.groups() if match else ("", "0")
        position = (0, "", int(row), len(column), column)
    else:
        position = (-2,)
    return (position, finding.code, finding.pointer)


def in_order(findings: Sequence[Finding]) -> list[Finding]:
    """By place, then code. The sheets of a workbook are documents of their own, so their order is that of the file."""
    return sorted(findings, key=_key)
