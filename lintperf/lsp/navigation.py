"""Where to go from a place: related values, the file of a rule, its cases; and the outline of a document."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from lsprotocol import types as lsp

from lintperf.document import Document
from lintperf.findings.texts import format_value
from lintperf.lsp.desk import Checked, Desk
from lintperf.lsp.diagnostics import related_range, rule_uri
from lintperf.lsp.hover import findings_at, rule_at
from lintperf.lsp.texts import uri_of
from lintperf.model import TextPlace
from lintperf.schema.fields import Field

__all__ = ["definitions_at", "references_at", "symbols_of"]

_START = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))


def references_at(checked: Checked, offset: int) -> list[lsp.Location]:
    """The places that the findings at an offset relate to."""
    found: list[lsp.Location] = []
    for _, finding in findings_at(checked, offset, offset):
        for related in finding.related:
            where = related_range(checked, related)
            location = lsp.Location(checked.text.uri, where) if where is not None else None
            if location is not None and location not in found:
                found.append(location)
    return found


def definitions_at(desk: Desk, checked: Checked, offset: int) -> list[lsp.Location]:
    """The file of the rule that is named at an offset, else the related places; from a rule its cases, and back."""
    ruled = rule_at(desk, checked, offset)
    path = checked.text.path
    if ruled is not None and (not checked.text.saved or uri_of(ruled[0].path) != uri_of(path)):
        return [lsp.Location(rule_uri(ruled[0]), _START)]
    if checked.text.saved and checked.kind in ("rule", "cases"):
        stem = path.name.removesuffix(".yaml").removesuffix(".test")
        other = path.with_name(f"{stem}.test.yaml" if checked.kind == "rule" else f"{stem}.yaml")
        return [lsp.Location(uri_of(other), _START)] if other.is_file() else []
    return references_at(checked, offset)


def symbols_of(desk: Desk, checked: Checked) -> list[lsp.DocumentSymbol]:
    """The outline of a file's documents: their sections by title, the rows of each by label."""
    if checked.kind != "document":
        return []
    documents = desk.documents(checked.text)
    found: list[lsp.DocumentSymbol] = []
    for document in documents:
        name = document.data.get("type") if isinstance(document.data, Mapping) else None
        kind = desk.session.extensions.types.get(name) if isinstance(name, str) else None
        if kind is None:
            continue
        inside = _members(desk, checked, document, kind.root, document.data, "")
        if len(documents) == 1:
            return inside
        title = next((each.title for each in _results(checked) if each.index == document.index), None)
        symbol = _symbol(checked, document, "", title or kind.name, lsp.SymbolKind.File, inside)
        found += [symbol] if symbol is not None else []
    return found


def _results(checked: Checked) -> list[Any]:
    return checked.result.documents if checked.result is not None else []


def _members(
    desk: Desk, checked: Checked, document: Document, declared: Field, record: Any, pointer: str
) -> list[lsp.DocumentSymbol]:
    """The records and lists of a record, and their rows; single values only of the sections below the document."""
    found = []
    for name, below in declared.properties.items():
        value = record.get(name) if isinstance(record, Mapping) else None
        where = f"{pointer}/{name}"
        inside: list[lsp.DocumentSymbol] = []
        if isinstance(value, list) and below.items is not None:
            inside = _rows(desk, checked, document, below.items, value, where)
            kind = lsp.SymbolKind.Array
        elif isinstance(value, Mapping):
            inside = _members(desk, checked, document, below, value, where)
            kind = lsp.SymbolKind.Object
        elif value is None or not pointer:
            continue
        else:
            kind = lsp.SymbolKind.Field
        shown = format_value(value, None, desk.lang) if kind is lsp.SymbolKind.Field else None
        symbol = _symbol(checked, document, where, below.title_in(desk.lang), kind, inside, shown)
        found += [symbol] if symbol is not None else []
    return sorted(found, key=lambda each: (each.range.start.line, each.range.start.character))


def _rows(
    desk: Desk, checked: Checked, document: Document, declared: Field, rows: list[Any], pointer: str
) -> list[lsp.DocumentSymbol]:
    found = []
    for number, row in enumerate(rows):
        label = row.get(declared.label) if isinstance(row, Mapping) and declared.label else None
        name = format_value(label, None, desk.lang) if isinstance(label, str) and label.strip() else f"#{number + 1}"
        symbol = _symbol(checked, document, f"{pointer}/{number}", name, lsp.SymbolKind.Struct, [])
        found += [symbol] if symbol is not None else []
    return found


def _symbol(
    checked: Checked,
    document: Document,
    pointer: str,
    name: str,
    kind: lsp.SymbolKind,
    inside: list[lsp.DocumentSymbol],
    detail: str | None = None,
) -> lsp.DocumentSymbol | None:
    place = document.locate(pointer)
    if not isinstance(place, TextPlace):
        return None
    shift = 1 if checked.text.text.startswith("\ufeff") else 0
    whole = checked.text.range(place.offset + shift, place.end_offset + shift)
    first = checked.text.range(*checked.span(place))
    return lsp.DocumentSymbol(name, kind, whole, first, detail, children=inside or None)
