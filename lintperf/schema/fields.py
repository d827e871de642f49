"""The fields of a document type as its JSON Schema declares them: types for expressions, titles for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from lintperf.model import Lang

__all__ = ["Field", "Kind", "fields_of", "lookup", "resolve"]

Kind = Literal["text", "number", "bool", "record", "list", "any"]
_KINDS: dict[str, Kind] = {
    "string": "text",
    "number": "number",
    "integer": "number",
    "boolean": "bool",
    "object": "record",
    "array": "list",
}


@dataclass(frozen=True, slots=True)
class Field:
    """One field. Every field may be missing from a document, so expressions treat all but records and lists so.

    choices     the values of an enumeration of texts, else None
    properties  the fields of a record; items: the field that stands for each item of a list
    label       the property of a record that names it (schema keyword `x-label`)
    unit        the unit of a number (schema keyword `x-unit`), for showing it
    """

    name: str
    kind: Kind
    title: str = ""
    choices: frozenset[str] | None = None
    properties: Mapping[str, Field] = field(default_factory=dict)
    items: Field | None = None
    label: str | None = None
    unit: str | None = None

    def title_in(self, lang: Lang) -> str:
        """The title in one language; schemas write both in `title` as `中文 | English`."""
        chinese, _, english = self.title.partition(" | ")
        return (english or chinese) if lang == "en" else chinese


def _kind(schema: Mapping[str, Any]) -> tuple[Kind, frozenset[str] | None]:
    if "enum" in schema or "const" in schema:
        values = [value for value in schema.get("enum", [schema.get("const")]) if value is not None]
        if all(isinstance(value, str) for value in values):
            return "text", frozenset(values)
        if all(isinstance(value, bool) for value in values):
            return "bool", None
        if all(isinstance(value, int | Decimal) for value in values):
            return "number", None
        return "any", None
    types = schema.get("type", [])
    names = [types] if isinstance(types, str) else list(types)
    kinds = {_KINDS[name] for name in names if name != "null"}
    return (kinds.pop() if len(kinds) == 1 else "any"), None


def fields_of(schema: Mapping[str, Any], name: str = "") -> Field:
    """The field that a JSON Schema declares, with all below it. `$ref` into the schema's own `$defs` is followed."""
    return _field(schema, name, schema)


def _field(schema: Mapping[str, Any], name: str, root: Mapping[str, Any], depth: int = 0) -> Field:
    if "$ref" in schema and depth < 20:
        target: Any = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
    kind, choices = _kind(schema)
    return Field(
        name=name,
        kind=kind,
        title=schema.get("title", name),
        choices=choices,
        properties={key: _field(value, key, root, depth + 1) for key, value in schema.get("properties", {}).items()},
        items=_field(schema["items"], name, root, depth + 1) if "items" in schema else None,
        label=schema.get("x-label"),
        unit=schema.get("x-unit"),
    )


def lookup(root: Field, path: str) -> Field | None:
    """The field at a dotted path, lists passed through to their items: `indicators.score`. None if there is none."""
    found: Field | None = root
    for part in path.split(".") if path else []:
        if found is not None and found.items is not None:
            found = found.items
        found = found.properties.get(part) if found is not None else None
    return found


def resolve(data: Any, pointer: str) -> Any:
    """The value at a JSON pointer (RFC 6901), None where there is none."""
    for token in pointer.split("/")[1:]:
        if isinstance(data, Mapping):
            data = data.get(token.replace("~1", "/").replace("~0", "~"))
        elif isinstance(data, list) and token.isdigit() and int(token) < len(data):
            data = data[int(token)]
        else:
            return None
    return data


def arrays(root: Field, prefix: str = "") -> Iterator[str]:
    """The dotted paths of all arrays of records that are not inside another array."""
    for name, child in root.properties.items():
        path = f"{prefix}{name}"
        if child.kind == "list" and child.items is not None and child.items.kind == "record":
            yield path
        elif child.kind == "record":
            yield from arrays(child, f"{path}.")
