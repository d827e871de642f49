"""The quick way to read a JSON document: decoded and held against its schema in one pass.

msgspec reads bytes into the types that a schema describes, numbers as exact decimals, in less than half of the time
that decoding and a schema check take one after the other. It says less: only whether a document is plainly in order.
Whatever is not (wrong values, unknown or repeated fields, other encodings, fields whose schema says more than these
types can) is left to the careful way, which finds it and says where. A property test holds the two in agreement.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal, DecimalException
from typing import TYPE_CHECKING, Annotated, Any, Literal, NamedTuple, NotRequired, TypedDict

from lintperf.document.numbers import exact_decimal

if TYPE_CHECKING:
    from lintperf.schema.catalogue import DocumentType

__all__ = ["QuickReaders", "quick_reader"]

# Documents read before the quick way pays for the import of msgspec and the types it builds, some 30 ms.
FIRST = 50
LONGEST = 1_000_000
_TYPE = re.compile(rb'"type"[ \t\r\n]*:[ \t\r\n]*"([^"\\]{1,100})"')
_TYPE_WITHIN = 500
_KEY_END = re.compile(rb'"[ \t\r\n]*:')
_NEGATIVE_ZERO = re.compile(rb":[ \t\r\n]*-0[^.0-9]")
_POINTS = {value: Decimal(value) for value in range(1, 101)}  # most whole numbers of a form are points
_KINDS = {str: "string"}  # of constants; msgspec knows no others but null
_ANNOTATIONS = frozenset(("$schema", "$id", "$defs", "title", "description", "default", "examples"))
_TEXT_LIMITS = {"minLength": "min_length", "maxLength": "max_length", "pattern": "pattern"}
_LIST_LIMITS = {"minItems": "min_length", "maxItems": "max_length"}


class _Unsupported(Exception):
    """A schema that says more than the types here can."""


class _Doubt(Exception):
    """A document for the careful way."""


class _Numbers(NamedTuple):
    """What msgspec leaves to do in the records of one kind: whole numbers are still int, and nobody counted the keys.

    numbers  names of fields that hold a number or nothing
    mixed    name → the value as it has to be, for other fields with numbers; raises _Doubt
    records  name → records in that field, one or a list of them
    """

    numbers: tuple[str, ...]
    mixed: tuple[tuple[str, Callable[[Any], Any]], ...]
    records: tuple[tuple[str, _Numbers], ...]


class QuickReaders:
    """Reads documents of all types; see `quick_reader`. Calls before the 50th find nothing: they would not pay."""

    def __init__(self, types: Mapping[str, DocumentType]) -> None:
        self._types = types
        self._readers: dict[str, Callable[[bytes], Any] | None] = {}
        self._calls = 0

    def __call__(self, content: bytes) -> Any:
        """The data of a JSON text that is one document and fits its schema; None for everything else."""
        self._calls += 1
        found = _TYPE.search(content, 0, _TYPE_WITHIN) if self._calls > FIRST else None
        if found is None:
            return None
        name = found[1].decode(errors="replace")
        if name not in self._readers:
            known = name in self._types
            self._readers[name] = quick_reader(self._types[name].schema) if known else None
        reader = self._readers[name]
        return reader(content) if reader is not None else None


def quick_reader(schema: Mapping[str, Any]) -> Callable[[bytes], Any] | None:
    """A function from the bytes of a JSON text to the data, or to None where the careful way has to look.

    None where the schema says more than can be checked here, or msgspec is not installed.
    """
    try:
        import msgspec

        record, numbers = _record(schema, schema, "Document")
    except (ImportError, _Unsupported):
        return None
    decode = msgspec.json.Decoder(record, float_hook=exact_decimal).decode
    refused = (msgspec.MsgspecError, UnicodeDecodeError, DecimalException, RecursionError, _Doubt)

    def read(content: bytes) -> Any:
        if len(content) > LONGEST:
            return None
        try:
            data = decode(content)
            zeros: list[str] = []
            keys = _settle((data,), numbers, zeros)
        except refused:
            return None
        # fewer keys than the text has: one is unknown or stands twice
        if keys != content.count(b":") and keys != len(_KEY_END.findall(content)):
            return None
        if zeros and _NEGATIVE_ZERO.search(content):  # as an int it has lost its sign
            return None
        return data

    return read


def _settle(records: Any, plan: _Numbers, zeros: list[str]) -> int:
    """Make whole numbers decimals, in place; gives the number of keys in all records and those within them.

    zeros  is given the names of the fields that are a whole 0
    """
    keys = 0
    numbers, mixed, inner = plan
    for record in records:
        keys += len(record)
        for name in numbers:
            value = record.get(name)
            if value is not None and value.__class__ is not Decimal:
                if value.__class__ is not int:
                    raise _Doubt
                record[name] = _POINTS.get(value) or exact_decimal(value)
                if not value:
                    zeros.append(name)
        for name, settled in mixed:
            if name in record:
                record[name] = value = settled(record[name])
                if value is not None and not value:
                    zeros.append(name)
        for name, within in inner:
            value = record.get(name)
            if value:
                keys += _settle(value if value.__class__ is list else (value,), within, zeros)
    return keys


def _record(schema: Mapping[str, Any], whole: Mapping[str, Any], label: str) -> tuple[Any, _Numbers]:
    """The type of an object and what is to do in it. Fields that cannot be checked here are left out of it."""
    _only(schema, "type", "properties", "required", "additionalProperties")
    if schema.get("additionalProperties") is not False:
        raise _Unsupported
    required = schema.get("required", ())
    fields: dict[str, Any] = {}
    numbers: list[str] = []
    mixed: list[tuple[str, Callable[[Any], Any]]] = []
    records: list[tuple[str, _Numbers]] = []
    for name, declared in schema.get("properties", {}).items():
        try:
            kind, todo = _field(_resolved(declared, whole), whole, f"{label}_{name}")
        except _Unsupported:
            if name in required:
                raise
            continue
        fields[name] = kind if name in required else NotRequired[kind]
        if todo is True:
            numbers.append(name)
        elif isinstance(todo, _Numbers):
            records.append((name, todo))
        elif todo is not None:
            mixed.append((name, todo))
    return TypedDict(label, fields), _Numbers(tuple(numbers), tuple(mixed), tuple(records))  # type: ignore[operator]


def _field(schema: Mapping[str, Any], whole: Mapping[str, Any], label: str) -> tuple[Any, Any]:
    """The type of a value, and what is to do: True for a number, _Numbers for records, a function, or None."""
    if "const" in schema or "enum" in schema:
        _only(schema, "const" if "const" in schema else "enum", "type")
        options = [schema["const"]] if "const" in schema else schema["enum"]
        allowed = _kinds(schema) or {"string", "null"}
        if not all(("null" if option is None else _KINDS.get(type(option))) in allowed for option in options):
            raise _Unsupported
        return Literal[tuple(options)], None
    kinds = _kinds(schema)
    nothing = "null" in kinds
    kinds.discard("null")
    kind, todo = _of_kind(kinds, schema, whole, label, nothing)
    return (kind | None if nothing else kind), todo


def _of_kind(
    kinds: set[str], schema: Mapping[str, Any], whole: Mapping[str, Any], label: str, nothing: bool
) -> tuple[Any, Any]:
    import msgspec

    if kinds == {"string"}:
        _only(schema, "type", *_TEXT_LIMITS)
        return Annotated[str, msgspec.Meta(**_limits(schema, _TEXT_LIMITS))], None
    if kinds == {"boolean"}:
        _only(schema, "type")
        return bool, None
    if kinds == {"number"} and nothing:
        _only(schema, "type")
        return Any, True
    if kinds - {"string"} and kinds <= {"number", "integer", "string"}:
        return Any, _mixed(kinds, schema, nothing)
    if kinds == {"array"}:
        _only(schema, "type", "items", *_LIST_LIMITS)
        item, todo = _field(_resolved(schema.get("items", {}), whole), whole, label)
        if todo is not None and not isinstance(todo, _Numbers):
            raise _Unsupported
        return Annotated[list[item], msgspec.Meta(**_limits(schema, _LIST_LIMITS))], todo  # type: ignore[valid-type]
    if kinds == {"object"}:
        return _record(schema, whole, label)
    raise _Unsupported


def _mixed(kinds: set[str], schema: Mapping[str, Any], nothing: bool) -> Callable[[Any], Any]:
    """A function that gives the value of a field for whole numbers, or for numbers and texts, as it has to be."""
    _only(schema, "type", "minimum", "maximum", *_TEXT_LIMITS)
    least, most = schema.get("minimum"), schema.get("maximum")
    shape, shortest, longest = (schema.get(name) for name in ("pattern", "minLength", "maxLength"))
    search = re.compile(shape).search if shape is not None else None
    fractions, texts = "number" in kinds, "string" in kinds

    def settled(value: Any) -> Any:
        kind = value.__class__
        if value is None and nothing:
            return value
        if kind is str and texts:
            fits = (search is None or bool(search(value))) and (shortest or 0) <= len(value) <= (longest or LONGEST)
        elif kind is int or (kind is Decimal and fractions):
            fits = (least is None or value >= least) and (most is None or value <= most)
            value = exact_decimal(value)
        else:
            fits = False  # 2022.0 is a whole number to a schema; the careful way knows
        if not fits:
            raise _Doubt
        return value

    return settled


def _kinds(schema: Mapping[str, Any]) -> set[str]:
    kinds = schema.get("type", ())
    return {kinds} if isinstance(kinds, str) else set(kinds)


def _limits(schema: Mapping[str, Any], names: Mapping[str, str]) -> dict[str, Any]:
    return {ours: schema[theirs] for theirs, ours in names.items() if theirs in schema}


def _resolved(schema: Any, whole: Mapping[str, Any]) -> Mapping[str, Any]:
    """The schema itself, or the definition that it refers to."""
    if not isinstance(schema, Mapping):
        raise _Unsupported
    if "$ref" not in schema:
        return schema
    _only(schema, "$ref")
    start, _, name = schema["$ref"].rpartition("/")
    if start != "#/$defs" or "$ref" in whole["$defs"][name]:
        raise _Unsupported
    found: Mapping[str, Any] = whole["$defs"][name]
    return found


def _only(schema: Mapping[str, Any], *known: str) -> None:
    """Raises _Unsupported where a schema says something else than these and what it is called."""
    if not {key for key in schema if not key.startswith("x-")} <= _ANNOTATIONS.union(known):
        raise _Unsupported
