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

from lintperf.model import Confidence, Coverage, Finding, Fix, Origin, Related, Severity, Suppression, Text
from lintperf.results import DocumentResult

__all__ = ["NotPlain", "Shared", "document_from", "document_to", "json_text", "plain_from", "plain_to"]


class NotPlain(TypeError):
    """A value that cannot be kept."""


def json_text(value: Any) -> str:
    """A value as compact JSON on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def plain_to(value: Any) -> Any:
    """A value as JSON can hold it; other types than JSON's own become a record with one letter. Raises NotPlain."""
    kind = type(value)
    if value is None or kind is str or kind is bool or kind is int:
        return value
    if kind is Decimal:
        return {"d": str(value)}
    if kind is tuple:
        return {"t": [plain_to(each) for each in value]}
    if kind is list:
        return [plain_to(each) for each in value]
    if kind is Text:
        return {"x": [value.zh, value.en]}
    if kind is dict:
        return {"m": [[plain_to(key), plain_to(each)] for key, each in value.items()]}
    if kind is float and isfinite(value):
        return value
    if kind is frozenset:
        return {"f": sorted((plain_to(each) for each in value), key=json_text)}
    if isinstance(value, tuple) and hasattr(value, "_fields"):
        name = f"{kind.__module__}:{kind.__qualname__}"
        if _named_tuple(name) is kind:
            return {"n": [name, [plain_to(each) for each in value]]}
    raise NotPlain(kind.__name__)


def plain_from(value: Any) -> Any:
    """The value that `plain_to` was given. Raises ValueError for what it cannot have made."""
    if type(value) is list:
        return [plain_from(each) for each in value]
    if type(value) is not dict:
        return value
    ((letter, held),) = value.items()
    if letter == "d":
        return Decimal(held)
    if letter == "t":
        return tuple(plain_from(each) for each in held)
    if letter == "x":
        return Text(*held)
    if letter == "m":
        return {plain_from(key): plain_from(each) for key, each in held}
    if letter == "f":
        return frozenset(plain_from(each) for each in held)
    if letter == "n":
        name, members = held
        kind = _named_tuple(name)
        if kind is not None:
            return kind._make(plain_from(each) for each in members)
    raise ValueError(letter)


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
        self._names = {text: name for name, text in self.texts.items()}
        self._values: dict[str, Any] = {}

    def name(self, value: Any) -> str:
        """The name of a record, which is kept from now on."""
        text = json_text(value)
        name = self._names.get(text)
        if name is None:
            # told by what it is: two runs at the same time call the same record the same
            name = f"{crc32(text.encode(errors='surrogatepass')):08x}"
            while name in self.texts:
                name += "x"
            self.texts[name], self._names[text] = text, name
        return name

    def value(self, name: str) -> Any:
        """The record of a name. Raises KeyError, ValueError."""
        value = self._values.get(name)
        if value is None:
            value = self._values[name] = json.loads(self.texts[name])
        return value


def document_to(document: DocumentResult, shared: Shared) -> list[Any]:
    """A document's result without what it leaves for the comparison. Raises NotPlain.

    Neither values nor source are kept, nor tables; findings are kept as they were before any baseline.
    """
    if document.data is not None or document.tables:
        raise NotPlain("data")
    coverage = document.coverage
    name = shared.name([
        document.type, coverage.rules_run, list(coverage.not_applicable), [list(each) for each in coverage.skipped],
        document.ruleset_name, document.ruleset_hash,
    ])  # fmt: skip
    kept: list[Any] = [name, document.index, document.title, document.group, document.ignored, document.hidden]
    if document.findings or document.suppressed:
        kept.append([_finding_to(finding) for finding in document.findings])
        kept.append([[_finding_to(finding), *why] for finding, why in document.suppressed])
    return kept


def document_from(kept: list[Any], path: str, shared: Shared) -> DocumentResult:
    """The result of a document of the file at `path`. Raises ValueError, KeyError, TypeError for what is damaged."""
    kind, rules_run, not_applicable, skipped, ruleset_name, ruleset_hash = _shared_record(kept[0], shared)
    document = DocumentResult(
        kept[1], kind, kept[2], [], Coverage(rules_run, not_applicable, skipped), kept[4], kept[5],
        ruleset_name, ruleset_hash, None, kept[3],
    )  # fmt: skip
    if len(kept) > 6:
        document.findings = [_finding_from(each, path) for each in kept[6]]
        document.suppressed = [(_finding_from(each, path), Suppression(*why)) for each, *why in kept[7]]
    return document


def _shared_record(name: str, shared: Shared) -> tuple[Any, ...]:
    value = shared.value(name)
    if type(value) is list:
        kind, rules_run, not_applicable, skipped, *rest = value
        # tuples do not change: all documents may hold the same
        value = (kind, rules_run, tuple(not_applicable), tuple((code, reason) for code, reason in skipped), *rest)
        shared._values[name] = value
    return value  # type: ignore[no-any-return]


def _texts(texts: Iterable[Text]) -> list[list[str]]:
    return [[text.zh, text.en] for text in texts]


def _finding_to(finding: Finding) -> list[Any]:
    if finding.baseline is not None or type(finding.arguments) is not dict:
        raise NotPlain("finding")
    fix, origin = finding.fix, finding.origin
    return [
        finding.code, int(finding.severity), int(finding.confidence), finding.document, finding.pointer, finding.row,
        finding.field, plain_to(finding.arguments), plain_to(finding.found), plain_to(finding.expected),
        plain_to(finding.difference), finding.variant, [plain_to(each) for each in finding.related],
        [plain_to(each) for each in fix] if fix is not None else None,
        [[name, plain_to(value)] for name, value in finding.cells], plain_to(finding.place), finding.exact,
        finding.snippet, [origin.file, plain_to(origin.place)] if origin is not None else None, _texts(finding.basis),
        list(finding.rows),
    ]  # fmt: skip


def _finding_from(kept: list[Any], path: str) -> Finding:
    (
        code, severity, confidence, document, pointer, row, field, arguments, found, expected, difference, variant,
        related, fix, cells, place, exact, snippet, origin, basis, rows,
    ) = kept  # fmt: skip
    others: list[Related] = [plain_from(each) for each in related]
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
        tuple(others),
        Fix(*(plain_from(each) for each in fix)) if fix is not None else None,
        tuple((name, plain_from(value)) for name, value in cells),
        plain_from(place),
        exact,
        snippet,
        Origin(origin[0], plain_from(origin[1])) if origin is not None else None,
        tuple(Text(*each) for each in basis),
        tuple(rows),
    )
