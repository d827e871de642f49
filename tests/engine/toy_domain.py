"""A small invented domain, a register of park benches, and short ways to compile and run rules over it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

from lintperf.document import Document
from lintperf.extension import Check, FactGroup, Function
from lintperf.model import Confidence, Coverage, Finding, Notification, Severity, Text
from lintperf.rules.compiler import compile_rules
from lintperf.rules.functions import CORE_FUNCTIONS
from lintperf.rules.program import Program, link
from lintperf.rules.rule import Rule
from lintperf.rules.run import run_rules
from lintperf.schema.fields import fields_of

TEXT = Text("文", "text")

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "长椅登记 | Register of benches",
    "type": "object",
    "x-title": "/place",
    "required": ["type", "benches"],
    "additionalProperties": False,
    "$defs": {"number": {"type": ["number", "null"]}, "text": {"type": ["string", "null"], "maxLength": 400}},
    "properties": {
        "type": {"const": "bench-register"},
        "place": {"$ref": "#/$defs/text"},
        "open": {"type": ["boolean", "null"]},
        "limit": {"$ref": "#/$defs/number"},
        "town_code": {"$ref": "#/$defs/number"},
        "town": {
            "type": ["object", "null"],
            "additionalProperties": False,
            "properties": {"code": {"$ref": "#/$defs/number"}, "name": {"$ref": "#/$defs/text"}},
        },
        "benches": {
            "type": "array",
            "items": {
                "type": "object",
                "additionalProperties": False,
                "x-label": "name",
                "properties": {
                    "name": {"$ref": "#/$defs/text"},
                    "kind": {"enum": ["wood", "stone", "iron", None]},
                    "seats": {"$ref": "#/$defs/number"},
                    "height": {"$ref": "#/$defs/number"},
                    "cost": {"$ref": "#/$defs/number"},
                    "note": {"$ref": "#/$defs/text"},
                    "shaded": {"type": ["boolean", "null"]},
                },
            },
        },
    },
}


class BenchFacts(NamedTuple):
    """Facts of a bench."""

    twice: Decimal | None
    roomy: bool


class RegisterFacts(NamedTuple):
    """Facts of the register."""

    first_cost: Decimal | None
    has_benches: bool


def bench_facts(seats: Decimal | None) -> BenchFacts:
    """Twice the seats; roomy from three seats."""
    return BenchFacts(None if seats is None else seats * 2, seats is not None and seats >= 3)


def register_facts(subject: Any) -> RegisterFacts:
    """The cost of the first bench, whether there is one."""
    rows = subject.rows("benches")
    return RegisterFacts(rows[0].get("cost") if rows else None, bool(rows))


GROUPS = (
    FactGroup("bench-register", "benches", ("seats",), bench_facts, BenchFacts, {}),
    FactGroup("bench-register", "", (), register_facts, RegisterFacts, {}),
)


def half_if_positive(number: Decimal) -> Decimal | None:
    """Half of a number above zero, nothing for any other."""
    return number / 2 if number > 0 else None


def how_many(one: Decimal | None, other: Decimal | None) -> Decimal:
    """How many of two numbers are there."""
    return Decimal((one is not None) + (other is not None))


def crash(number: Decimal) -> bool:
    """A function with a bug."""
    raise RuntimeError(f"broken on {number}")


EXTRA_FUNCTIONS = (
    Function("half_if_positive", ("number",), "number?", half_if_positive, TEXT),
    Function("how_many", ("number?", "number?"), "number", how_many, TEXT),
    Function("crash", ("number",), "bool", crash, TEXT),
)
FUNCTIONS = {function.name: function for function in (*CORE_FUNCTIONS, *EXTRA_FUNCTIONS)}
PARAMETERS: dict[str, Any] = {
    "most": Decimal("2.50"),
    "strict": True,
    "word": "石",
    "words": ("石", "木 "),
    "sizes": (Decimal("2"), Decimal("2.50")),
}


def rule(code: str = "TT101", **fields: Any) -> Rule:
    """A rule with texts filled in; `condition` is its assertion."""
    plain: dict[str, Any] = {
        "name": code.lower(),
        "pack": "toy",
        "path": f"{code}.yaml",
        "title": TEXT,
        "message": TEXT,
        "remedy": TEXT,
        "why": TEXT,
        "source": (),
        "severity": Severity.error,
        "declared": Severity.error,
        "confidence": Confidence.high,
        "types": ("bench-register",),
    }
    return Rule(code, **(plain | fields))


def program(
    *rules: Rule,
    schema: Mapping[str, Any] = SCHEMA,
    groups: Sequence[FactGroup] = GROUPS,
    functions: Mapping[str, Function] | None = None,
    checks: Mapping[str, Check] | None = None,
    parameters: Mapping[str, Any] | None = None,
) -> Program:
    """Rules compiled and linked, as a session does it but without files."""
    root = fields_of(schema)
    functions = FUNCTIONS if functions is None else functions
    checks = checks or {}
    parameters = PARAMETERS if parameters is None else parameters
    plan = compile_rules("bench-register", root, rules, groups, functions, checks, parameters)
    return link(plan, "bench-register", lambda: root, rules, groups, functions, checks)


def run(compiled: Program, data: Mapping[str, Any]) -> tuple[list[Finding], Coverage, list[Notification]]:
    """What the rules say of a document, without schema check."""
    return run_rules(compiled, Document("benches.json", data), data, [])


def outcome(condition: str, data: Mapping[str, Any], **fields: Any) -> str:
    """`finding`, `fine` or `not applicable` for one rule over one document; a crash is an error."""
    findings, coverage, crashes = run(program(rule(condition=condition, **fields)), data)
    assert not crashes, crashes[0].text.en
    if findings:
        return "finding"
    return "not applicable" if coverage.not_applicable else "fine"


def register(*benches: Mapping[str, Any], **fields: Any) -> dict[str, Any]:
    """A register; numbers may be given as text."""
    return {"type": "bench-register", **exact(fields), "benches": [exact(bench) for bench in benches]}


def exact(record: Mapping[str, Any]) -> dict[str, Any]:
    """The record with its ints as Decimal, and so for records inside."""
    return {
        key: Decimal(value) if isinstance(value, int) and not isinstance(value, bool)
        else exact(value) if isinstance(value, Mapping) else value
        for key, value in record.items()
    }  # fmt: skip


RULE_FILE: dict[str, Any] = {
    "code": "TT101",
    "name": "too-few-seats",
    "title": {"zh": "座位过少", "en": "Too few seats"},
    "severity": "error",
    "confidence": "high",
    "applies_to": ["bench-register"],
    "each": "benches",
    "assert": "seats >= 2",
    "at": "seats",
    "message": {"zh": "只有 {found} 个座位", "en": "only {found} seats"},
    "remedy": {"zh": "加座位。", "en": "Add seats."},
    "why": {"zh": "坐不下。", "en": "There is no room."},
    "source": [{"title": {"zh": "自定", "en": "own"}, "house": True}],
}


def write_pack(folder: Path, *rules: Mapping[str, Any], **fields: Any) -> Path:
    """A pack in `folder` (whose name it takes) with rule files made of RULE_FILE and changes; None leaves a key out."""
    (folder / "rules").mkdir(parents=True, exist_ok=True)
    head = {"name": folder.name, "title": {"zh": "长椅", "en": "benches"}, "version": "1", **fields}
    (folder / "ruleset.yaml").write_text(json.dumps(head, ensure_ascii=False, default=str), encoding="utf-8")
    for changes in rules:
        data = {key: value for key, value in (RULE_FILE | dict(changes)).items() if value is not None}
        path = folder / "rules" / f"{data['code']}-{data['name']}.yaml"
        path.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    return folder


def write_rule_text(folder: Path, text: str, code: str = "TT101", name: str = "too-few-seats") -> Path:
    """A rule file with exactly this text, in a pack that is made for it."""
    write_pack(folder, default_for=["bench-register"])
    path = folder / "rules" / f"{code}-{name}.yaml"
    path.write_text(text, encoding="utf-8", newline="")
    return path


def plugin(folder: Path, *packs: Path, checks: Sequence[Check] = (), groups: Sequence[FactGroup] = GROUPS) -> Any:
    """A plugin object with the toy's schema, facts, functions and packs, as `open_session(plugins=…)` takes it."""
    from types import SimpleNamespace

    from lintperf.hookspecs import hookimpl

    schema = folder / "bench-register.json"
    if not schema.exists():
        schema.write_text(json.dumps(SCHEMA, ensure_ascii=False), encoding="utf-8")

    def lintperf_schemas() -> list[Path]:
        return [schema]

    def lintperf_facts() -> Sequence[FactGroup]:
        return groups

    def lintperf_functions() -> Sequence[Function]:
        return EXTRA_FUNCTIONS

    def lintperf_checks() -> Sequence[Check]:
        return checks

    def lintperf_rulesets() -> Sequence[Path]:
        return packs

    hooks = (lintperf_schemas, lintperf_facts, lintperf_functions, lintperf_checks, lintperf_rulesets)
    return SimpleNamespace(**{hook.__name__: hookimpl(hook) for hook in hooks})
