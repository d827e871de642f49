"""A small invented domain, the stock of a community book corner, with rules whose fixes meet in one value."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lintperf.hookspecs import hookimpl
from lintperf.pipeline import Session, open_session

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "图书角 | Book corner",
    "type": "object",
    "additionalProperties": False,
    "properties": {
        "type": {"const": "book-corner"},
        "total": {"type": ["number", "null"]},
        "grade": {"type": ["string", "null"], "maxLength": 20},
        "books": {
            "type": "array",
            "items": {
                "type": "object",
                "x-label": "name",
                "properties": {
                    "name": {"type": "string", "maxLength": 100},
                    "copies": {"type": ["number", "null"]},
                    "price": {"type": ["number", "null"]},
                    "cost": {"type": ["number", "null"]},
                    "shelf": {"type": ["string", "null"], "maxLength": 20},
                },
            },
        },
    },
}

RULE = """\
code: {code}
name: {name}
title: {{zh: 文, en: text}}
severity: {severity}
confidence: high
applies_to: [book-corner]
{body}
message: {{zh: 文, en: text}}
remedy: {{zh: 文, en: text}}
why: {{zh: 文, en: text}}
source: [{{title: {{zh: 文, en: text}}, house: true}}]
"""
COST = "each: books\nassert: cost == copies * price\nat: cost\nfix: {value: copies * price, safe: true}"
SUM = "sum(r.cost for r in books)"
TOTAL = f"assert: total == {SUM}\nat: total\nfix: {{value: {SUM}, safe: true}}"


def must_be(field: str, value: str, fixed: str, safe: bool = True) -> str:
    """The own part of a rule by which a field of each book must have a value, with a fix that gives it another."""
    return f"each: books\nassert: {field} == {value}\nat: {field}\nfix: {{value: '{fixed}', safe: {str(safe).lower()}}}"


def session(folder: Path, rules: dict[str, tuple[str, str]]) -> Session:
    """A session with this domain alone; `rules`: code → (severity, the rule's own part)."""
    pack = folder / "books"
    (pack / "rules").mkdir(parents=True)
    (pack / "ruleset.yaml").write_text(
        "name: books\nversion: '1'\ntitle: {zh: 文, en: text}\ndefault_for: [book-corner]\n", encoding="utf-8"
    )
    for code, (severity, body) in rules.items():
        text = RULE.format(code=code, name=code.lower(), severity=severity, body=body)
        (pack / "rules" / f"{code}-{code.lower()}.yaml").write_text(text, encoding="utf-8")
    schema = folder / "book-corner.json"
    schema.write_text(json.dumps(SCHEMA), encoding="utf-8")

    class Plugin:
        @staticmethod
        @hookimpl
        def lintperf_schemas() -> list[Path]:
            return [schema]

        @staticmethod
        @hookimpl
        def lintperf_rulesets() -> list[Path]:
            return [pack]

    return open_session({"books": Plugin}, use_cache=False)
