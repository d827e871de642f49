"""Results of files as plain JSON and back, exactly: what is read again is reported as if it had been found anew.

Never pickle: what is read are texts, numbers, lists, and named tuples of modules that are loaded. A value that is
nothing of this kind raises NotPlain, and its file is checked anew each time.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from decimal import Decimal
from math import isfinite
from typing import Any
from zlib import crc32

from lintperf.model import Confidence, Coverage, Finding, Fix, Origin, Severity, Suppression, Text
from lintperf.results import DocumentResult

__all__ = ["NotPlain", "Shared", "document_from", "document_to", "json_text", "json_value", "plain_from", "plain_to"]


_DECODER = json.JSONDecoder()
_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, separators=(",", ":"))


class NotPlain(TypeError):
    """A value that cannot be kept."""


def json_text(value: Any) -> str:
    """A value as compact JSON on one line."""
    return _ENCODER.encode(value)


def json_value(text: str) -> Any:
    """What `json_text` was given. Raises ValueError."""
    value, end = _DECODER.raw_decode(text)  # json.loads looks for white space first, which takes as long
    if end != len(text):
        raise ValueError(text)
    return value


# what JSON has of its own
_AS_IS = frozenset({str, bool, int, type(None)})


def plain_to(value: Any) -> Any:
    """A value as JSON can hold it; other types than JSON's own become a record with one letter. Raises NotPlain."""
    kind = type(value)
    if kind in _AS_IS:
        return value
    if kind is Decimal:
        return {"d": str(value)}
    if kind is tuple:
        return {"t": _all_to(value)}
    if kind is list:
        return _all_to(value)
    if kind is Text:
        return {"x": [value.zh, value.en]}
    if kind is dict:
        return {"m": [_all_to(value), _all_to(value.values())]}
    if kind is float and isfinite(value):
        return value
    if kind is frozenset:
        return {"f": sorted(_all_to(value), key=json_text)}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        name = f"{kind.__module__}:{kind.__qualname__}"
        if _named_tuple(name) is kind:
            return {"n": [name, *_all_to(value)]}
    raise NotPlain(kind.__name__)


def _all_to(values: Iterable[Any]) -> list[Any]:
    return [each if type(each) in _AS_IS else plain_to(each) for each in values]


def plain_from(value: Any) -> Any:
    """The value that `plain_to` was given. Raises ValueError for what it cannot have made."""
    if type(value) is list:
        return _all_from(value)
    if type(value) is not dict:
        return value
    ((letter, held),) = value.items()
    if letter == "d":
        return Decimal(held)
    if letter == "t":
        return tuple(_all_from(held))
    if letter == "x":
        return Text(*held)
    if letter == "m":
        return dict(zip(_all_from(held[0]), _all_from(held[1]), strict=True))
    if letter == "f":
        return frozenset(_all_from(held))
    if letter == "n":
        kind = _named_tuple(held[0])
        if kind is not None:
            return kind._make(_all_from(held[1:]))
    raise ValueError(letter)


def _all_from(values: Iterable[Any]) -> list[Any]:
    return [each if type(each) in _AS_IS else plain_from(each) for each in values]


_KINDS: dict[str, Any] = {}


def _named_tuple(name: str) -> Any:
    """The class of named tuples called `module:name`; None where there is none. No module is loaded for it."""
    if name not in _KINDS:
        module, _, names = name.partition(":")
        kind: Any = sys.modules.get(module)
        for each in names.split("."):
            kind = getattr(kind, each, None)
        is_one = isinstance(kind, type) and issubclass(kind, tuple) and hasattr(kind, "_fields")
        if not is_one:
            return None
        _KINDS[name] = kind
    return _KINDS[name]


class Shared:
    """Records that many documents have in common, each kept once: by a short name, as JSON."""

    def __init__(self, texts: Mapping[str, str] | None = None) -> None:
        self.texts: dict[str, str] = dict(texts or {})
        self._names: dict[tuple[Any, ...], str] = {}
        self._values: dict[str, tuple[Any, ...]] = {}

    def name(self, record: tuple[Any, ...]) -> str:
        """The name of a record of texts, numbers, and tuples of them, which is kept from now on."""
        name = self._names.get(record)
        if name is None:
            text = json_text(record)
            # told by what it is: two runs at the same time call the same record the same
            name = f"{crc32(text.encode(errors='surrogatepass')):08x}"
            while self.texts.get(name, text) != text:
                name += "x"
            self.texts[name], self._names[record] = text, name
        return name

    def record(self, name: str) -> tuple[Any, ...]:
        """The record of a name. Raises KeyError, ValueError."""
        record = self._values.get(name)
        if record is None:
            record = self._values[name] = _tuples(json_value(self.texts[name]))
        return record


def _tuples(value: Any) -> Any:
    return tuple(_tuples(each) for each in value) if isinstance(value, list) else value


def document_to(document: DocumentResult, shared: Shared) -> list[Any]:
    """A document's result without what it leaves for the comparison. Raises NotPlain.

    Neither values nor source are kept, nor tables; findings are kept as they were before any baseline.
    """
    if document.data is not None or document.tables:
        raise NotPlain("data")
    coverage = document.coverage
    name = shared.name((
        document.type, coverage.rules_run, tuple(coverage.not_applicable), tuple(coverage.skipped),
        document.ruleset_name, document.ruleset_hash,
    ))  # fmt: skip
    kept: list[Any] = [name, document.index, document.title, document.group, document.ignored, document.hidden]
    if document.findings or document.suppressed:
        kept.append([_finding_to(finding) for finding in document.findings])
        kept.append([[_finding_to(finding), *why] for finding, why in document.suppressed])
    return kept


def document_from(kept: list[Any], path: str, shared: Shared) -> DocumentResult:
    """The result of a document of the file at `path`. Raises ValueError, KeyError, TypeError for what is damaged."""
    kind, rules_run, not_applicable, skipped, ruleset_name, ruleset_hash = shared.record(kept[0])
    document = DocumentResult(
        kept[1], kind, kept[2], [], Coverage(rules_run, not_applicable, skipped), kept[4], kept[5],
        ruleset_name, ruleset_hash, None, kept[3],
    )  # fmt: skip
    if len(kept) > 6:
        document.findings = [_finding_from(each, path) for each in kept[6]]
        document.suppressed = [(_finding_from(each, path), Suppression(*why)) for each, *why in kept[7]]
    return document


def _texts(texts: Iterable[Text]) -> list[list[str]]:
    return [[text.zh, text.en] for text in texts]


def _finding_to(finding: Finding) -> list[Any]:
    if finding.baseline is not None or type(finding.arguments) is not dict:
        raise NotPlain("finding")
    fix, origin = finding.fix, finding.origin
    return [
        finding.code, int(finding.severity), int(finding.confidence), finding.document, finding.pointer, finding.row,
        finding.field, plain_to(finding.arguments), plain_to(finding.found), plain_to(finding.expected),
        plain_to(finding.difference), finding.variant, _all_to(finding.related),
        _all_to(fix) if fix is not None else None,
        [[name, plain_to(value)] for name, value in finding.cells], plain_to(finding.place), finding.exact,
        finding.snippet, [origin.file, plain_to(origin.place)] if origin is not None else None, _texts(finding.basis),
        list(finding.rows),
    ]  # fmt: skip


def _finding_from(kept: list[Any], path: str) -> Finding:
    (
        code, severity, confidence, document, pointer, row, field, arguments, found, expected, difference, variant,
        related, fix, cells, place, exact, snippet, origin, basis, rows,
    ) = kept  # fmt: skip
    return Finding(
        code,
        Severity(severity),
        Confidence(confidence),
        path,
        document,
        pointer,
        row,
        field,
        plain_from(arguments),
        plain_from(found),
        plain_from(expected),
        plain_from(difference),
        variant,
        tuple(_all_from(related)),
        Fix(*_all_from(fix)) if fix is not None else None,
        tuple((name, plain_from(value)) for name, value in cells),
        plain_from(place),
        exact,
        snippet,
        Origin(origin[0], plain_from(origin[1])) if origin is not None else None,
        tuple(Text(*each) for each in basis),
        tuple(rows),
    )
