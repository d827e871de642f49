"""The shapes of what the service answers in JSON, as JSON Schemas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from lintperf.model import Text

__all__ = ["SHAPES", "array", "nullable", "record"]

Schema = dict[str, Any]


def record(members: Mapping[str, Schema], required: Sequence[str] | None = None) -> Schema:
    """An object with these members, all of them required unless told."""
    return {"type": "object", "properties": dict(members), "required": list(members if required is None else required)}


def array(items: Schema) -> Schema:
    """A list of such values."""
    return {"type": "array", "items": items}


def nullable(schema: Schema) -> Schema:
    """The value, or null."""
    if isinstance(schema.get("type"), str):
        return schema | {"type": [schema["type"], "null"]}
    return {"anyOf": [schema, {"type": "null"}]}


def _of(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


_WORD: Schema = {"type": "string"}
_COUNT: Schema = {"type": "integer", "minimum": 0}
_NUMBER: Schema = {"type": "integer", "minimum": 1}
_TRUTH: Schema = {"type": "boolean"}
_LEVEL: Schema = {"type": "string", "enum": ["error", "warning", "note"]}
_POINTER: Schema = {"type": "string", "description": Text("JSON 指针", "a JSON pointer")}
_VALUE: Schema = {"description": Text("文档中的值", "a value of the document")}
_MAP: Schema = {"type": "object"}

_LOCATION: Schema = {
    "type": "object",
    "properties": {
        **dict.fromkeys(
            ("line", "column", "end_line", "end_column", "table", "row", "paragraph", "start", "page"), _NUMBER
        ),
        "end": nullable(_COUNT),
        "sheet": _WORD,
        "cell": _WORD,
        "box": {},
        "enclosing": _TRUTH,
    },
    "description": Text(
        "在文件中的位置：文字的行列，表格的行列，工作表的单元格，段落，或页；从 1 数起",
        "the place in the file: line and column of a text, cell of a table or sheet, paragraph, or page; from 1",
    ),
}
_FINDING = record({
    "code": _WORD,
    "name": _WORD,
    "severity": _LEVEL,
    "message": _WORD,
    "document": _COUNT,
    "row": nullable(_WORD),
    "field": nullable(_WORD),
    "pointer": _POINTER,
    "location": nullable(_of("Location")),
    "found": _VALUE,
    "expected": _VALUE,
    "difference": _VALUE,
    "basis": nullable(_WORD),
    "remedy": _WORD,
    "confidence": {"type": "string", "enum": ["high", "medium", "low"]},
    "related": array(record(
        {"path": _WORD, "document": _COUNT, "pointer": _POINTER, "location": nullable(_of("Location"))},
        required=("pointer", "location"),
    )),
    "fix": nullable(record({"pointer": _POINTER, "value": _VALUE, "safe": _TRUTH})),
    "origin": nullable(_MAP),
})  # fmt: skip
_SUPPRESSED = {"allOf": [_of("Finding"), record({"suppression": _MAP})]}
_PACKS = record({"name": _WORD, "hash": _WORD})
_ACROSS = {"allOf": [_of("Finding"), record({"path": _WORD, "title": nullable(_WORD)})]}

_REPORT = record(
    {
        "version": _WORD,
        "documents": array(record({
            "path": _WORD,
            "type": nullable(_WORD),
            "title": nullable(_WORD),
            "findings": array(_of("Finding")),
            "suppressed": array(_SUPPRESSED),
            "coverage": record({
                "rules_run": _COUNT,
                "rules_not_applicable": array(_WORD),
                "rules_skipped": array(record({"code": _WORD, "reason": _WORD})),
            }),
            "ruleset": _PACKS,
        })),
        "across": record({
            "documents": _COUNT,
            "rules_run": array(_WORD),
            "findings": array(_ACROSS),
            "suppressed": array({"allOf": [_ACROSS, record({"suppression": _MAP})]}),
        }),
        "notifications": array(record({
            "path": _WORD, "document": nullable(_COUNT), "subject": _WORD, "text": _WORD,
        })),
        "summary": record(dict.fromkeys(
            ("files", "documents", "errors", "warnings", "notes", "hidden", "ignored", "skipped_files",
             "notifications"), _COUNT,
        )),
        "statistics": record({"by_rule": _MAP, "by_group": array(_MAP)}),
        "ruleset": _PACKS,
    },
    required=("version", "documents", "across", "notifications", "summary", "ruleset"),
)  # fmt: skip

_PARAMETER = record({"name": _WORD, "type": _WORD, "value": {}, "title": _WORD, "pack": _WORD})
_RULE = record({
    "code": _WORD,
    "name": _WORD,
    "title": _WORD,
    "severity": {"type": "string", "enum": ["error", "warning", "note", "off"]},
    "confidence": {"type": "string", "enum": ["high", "medium", "low"]},
    "dimension": nullable(_WORD),
    "pack": _WORD,
    "types": array(_WORD),
    "status": _WORD,
    "mandatory": _TRUTH,
    "fix": {"enum": ["safe", "unsafe", None]},
})  # fmt: skip
_RULE_IN_FULL = {"allOf": [_of("Rule"), record({
    "why": _WORD,
    "remedy": _WORD,
    "messages": array(_WORD),
    "when": nullable(_WORD),
    "assert": nullable(_WORD),
    "check": nullable(_WORD),
    "parameters": array(_of("Parameter")),
    "elsewhere": array(record({"pack": _WORD, "parameters": _MAP})),
    "source": array(_WORD),
    "example": nullable(_WORD),
})]}  # fmt: skip
_PACK = record({
    "name": _WORD,
    "title": _WORD,
    "version": _WORD,
    "extends": array(_WORD),
    "default_for": array(_WORD),
    "chosen_by_document": _TRUTH,
    "in_force": record({"from": nullable(_WORD), "to": nullable(_WORD)}),
    "source": array(_WORD),
    "rules": _COUNT,
    "parameters": array(_of("Parameter")),
})  # fmt: skip
_SERVICE = record({
    "version": _WORD,
    "documents": array(_WORD),
    "importers": array(record({"suffixes": array(_WORD), "media_types": array(_WORD), "title": _WORD})),
    "annotatable": array(_WORD),
    "formats": array(record({"name": _WORD, "media_type": _WORD, "title": _WORD})),
    "tables": array(record({"name": _WORD, "title": _WORD})),
    "personas": array(_WORD),
    "limits": record({
        **dict.fromkeys(("max_file", "max_total", "max_files", "max_fields", "max_field", "memory"), _COUNT),
        "seconds": {"type": "number"},
    }),
})  # fmt: skip
_SUMMARY = record({
    "version": _WORD,
    "documents": array(record({"path": _WORD})),
    "by_rule": array(record({
        "code": _WORD, "rule": _WORD, "severity": _WORD, "findings": _COUNT, "documents": _COUNT,
    })),
    "by_group": array(record({
        "group": nullable(_WORD), **dict.fromkeys(("documents", "errors", "warnings", "notes"), _COUNT),
    })),
    "ruleset": _PACKS,
})  # fmt: skip
_TABLE = record({
    "version": _WORD,
    "table": _WORD,
    "title": _WORD,
    "columns": array(record({"key": _WORD, "title": _WORD, "kind": _WORD})),
    "documents": array(record({
        "path": _WORD, "document": _COUNT, "type": _WORD, "title": nullable(_WORD), "group": nullable(_WORD),
        "rows": array(_MAP),
    })),
})  # fmt: skip

# by the names of the components
SHAPES: dict[str, Schema] = {
    "Location": _LOCATION,
    "Finding": _FINDING,
    "Report": _REPORT,
    "Rule": _RULE,
    "Rules": array(_of("Rule")),
    "RuleInFull": _RULE_IN_FULL,
    "Parameter": _PARAMETER,
    "Rulesets": record({"rulesets": array(_PACK)}),
    "Schemas": record({"schemas": array(record({"name": _WORD, "title": _WORD, "document": _TRUTH}))}),
    "Service": _SERVICE,
    "Summary": _SUMMARY,
    "Table": _TABLE,
}
