"""A document as rules look at it: its rows by array, and its facts, each computed once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypeVar

from lintperf.extension import FactGroup

__all__ = ["DocumentSubject"]

Record = TypeVar("Record")


class DocumentSubject:
    """The `Subject` of the extension interface. A row that is no record counts as a row without fields."""

    __slots__ = ("_columns", "_facts", "_groups", "_records", "_rows", "_text", "aggregates", "data", "path")

    def __init__(
        self, path: str, data: Mapping[str, Any], groups: Sequence[FactGroup], source: str | None = None
    ) -> None:
        self.path = path
        self.data = data
        self._groups = groups
        self._rows: dict[str, list[Mapping[str, Any]]] = {}
        self._columns: dict[str, tuple[dict[str, Sequence[Any]], bool]] = {}
        self._facts: dict[int, Sequence[Any]] = {}
        self._records: dict[type[Any], Sequence[Any]] = {}
        # a text file without escapes holds all its texts as they are
        self._text = source if source is not None and "\\" not in source else None
        self.aggregates: dict[str, Any] = {}

    def rows(self, each: str) -> list[Mapping[str, Any]]:
        """The rows of the array at a dotted path, empty where the document lacks it."""
        rows = self._rows.get(each)
        if rows is None:
            value: Any = self.data
            for part in each.split("."):
                value = value.get(part) if isinstance(value, Mapping) else None
            rows = self._rows[each] = value if isinstance(value, list) else []
        return rows

    def column(self, each: str, name: str) -> Sequence[Any]:
        """The values of a field in all rows of an array, None where a row lacks it."""
        known = self._columns.get(each)
        if known is None:
            known = self._columns[each] = _columns(self.rows(each))
        columns, alike = known
        column = columns.get(name)
        if column is None:
            rows = self.rows(each)
            column = columns[name] = (None,) * len(rows) if alike else [row.get(name) for row in rows]
        return column

    def text(self) -> str:
        """All texts of the document, in no particular order, perhaps with more around them.

        What it does not contain, no text contains: one look at it clears most documents.
        """
        if self._text is None:
            texts: list[str] = []
            _collect(self.data.values(), texts)
            self._text = "\n".join(texts)
        return self._text

    def row_facts(self, number: int) -> Sequence[Any]:
        """The records of fact group `number`: one a row, or a single one for a document-wide group."""
        facts = self._facts.get(number)
        if facts is None:
            group = self._groups[number]
            compute, inputs = group.compute, group.inputs
            if group.each and not inputs:
                facts = compute(self)
            elif group.each:
                facts = list(map(compute, *[self.column(group.each, name) for name in inputs]))
            else:
                facts = (compute(self),)
            self._facts[number] = facts
        return facts

    def fact(self, number: int, position: int) -> Any:
        """One fact of a document-wide group."""
        return self.row_facts(number)[0][position]

    def facts(self, record: type[Record]) -> Sequence[Record]:
        """The records of the group with this record class. Raises LookupError when no plugin supplies it."""
        facts = self._records.get(record)
        if facts is None:
            number = next((n for n, group in enumerate(self._groups) if group.record is record), None)
            if number is None:
                raise LookupError(f"no fact group supplies {record.__name__}")
            facts = self._records[record] = self.row_facts(number)
        return facts


def _columns(rows: Sequence[Mapping[str, Any]]) -> tuple[dict[str, Sequence[Any]], bool]:
    """The rows turned into columns, where all have the same fields in one order, as programs write them; whether so."""
    names = tuple(rows[0]) if rows else ()
    if any(tuple(row) != names for row in rows):
        return {}, False
    # twenty columns at the price of four that ask row by row
    return dict(zip(names, zip(*[row.values() for row in rows], strict=True), strict=True)), True


def _collect(values: Iterable[Any], texts: list[str]) -> None:
    for value in values:
        kind = value.__class__
        if kind is str:
            texts.append(value)
        elif kind is dict:
            _collect(value.values(), texts)
        elif kind is list:
            _collect(value, texts)
