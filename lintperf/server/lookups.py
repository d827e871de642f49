"""Calls without files: rules, packs, schemas, what the service takes and gives; its description for programs."""

from __future__ import annotations

import json
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from lintperf.document.exact import dumps, plain, pretty
from lintperf.explaining import (
    all_rules,
    brief,
    choosable_packs,
    cited,
    explained,
    explained_in_markdown,
    in_full,
    listed,
    listed_in_markdown,
    parameter_data,
    rule_called,
)
from lintperf.model import Lang, Text
from lintperf.names import near_name
from lintperf.pipeline import Session
from lintperf.policy import PERSONAS, UsageProblem
from lintperf.schema.catalogue import load_schema, schema_files
from lintperf.server.fields import Values, policy_of
from lintperf.server.media import FORMATS, JSON, PLAIN, SCHEMA, SUFFIXES, Offer, chosen, offers, with_charset
from lintperf.server.messages import Answer, Call
from lintperf.server.openapi import Place, description
from lintperf.server.problems import Refusal
from lintperf.surroundings import today
from lintperf.version import __version__

__all__ = ["LOOKUPS", "VARY", "Doing"]

Doing = Callable[[Session, Call, Values, Lang], Answer]
VARY = ("Vary", "Accept, Accept-Language")
_RULE_FORMATS = ("json", "text", "markdown")


def _data(value: Any) -> Answer:
    return Answer(200, JSON, (pretty(value) + "\n").encode(), (VARY,))


def _text(offer: Offer, lines: list[str]) -> Answer:
    return Answer(200, with_charset(offer.media_type), ("\n".join(lines) + "\n").encode(), (VARY,))


def _rules(session: Session, call: Call, values: Values, lang: Lang) -> Answer:
    offer = chosen(call.accept, values.one("format"), offers(_RULE_FORMATS, "json"))
    policy = policy_of(values, list(session.extensions.pack_folders))
    _, rules = all_rules(session, policy)
    if offer.name == "json":
        return _data([brief(rule, lang) for rule in rules])
    lines = listed_in_markdown if offer.name == "markdown" else listed
    return _text(offer, lines(rules, choosable_packs(session, policy), lang))


def _rule(session: Session, call: Call, values: Values, lang: Lang) -> Answer:
    offer = chosen(call.accept, values.one("format"), offers(_RULE_FORMATS, "json"))
    policy = policy_of(values, list(session.extensions.pack_folders))
    ruleset, rules = all_rules(session, policy)
    try:
        rule = rule_called(values.inside("code"), rules)
    except UsageProblem as usage:
        raise Refusal(404, usage.text) from None
    packs = choosable_packs(session, policy)
    if offer.name == "json":
        return _data(in_full(rule, ruleset, packs, lang))
    if offer.name == "markdown":
        return _text(offer, [explained_in_markdown(rule, ruleset, packs, lang)])
    return _text(offer, explained(rule, ruleset, packs, lang))


def _schemas(session: Session, _call: Call, _values: Values, _lang: Lang) -> Answer:
    files = schema_files(session.extensions.types)
    return _data({"schemas": [
        {"name": name, "title": load_schema(path).get("title", name), "document": name in session.extensions.types}
        for name, path in files.items()
    ]})  # fmt: skip


def _schema(session: Session, _call: Call, values: Values, _lang: Lang) -> Answer:
    files, name = schema_files(session.extensions.types), values.inside("name").removesuffix(".json")
    if name not in files:
        near = near_name(name, files)
        raise Refusal(404, Text(
            f"没有模式 {name[:100]}，可用：{'、'.join(files)}" + (f"；是否为 {near}？" if near else ""),
            f"unknown schema {name[:100]}, use one of {', '.join(files)}" + (f"; did you mean {near}?" if near else ""),
        ))  # fmt: skip
    return Answer(200, SCHEMA, files[name].read_bytes())


def _rulesets(session: Session, _call: Call, _values: Values, lang: Lang) -> Answer:
    """The packs with all their parameters, those of the packs that they extend too."""
    listed = []
    day = today()
    for name in session.extensions.pack_folders:
        pack = session.packs.pack(name)
        ruleset = session.packs.ruleset((name,), None, day)
        first, last = pack.in_force
        listed.append(
            {
                "name": name,
                "title": pack.title.to(lang),
                "version": pack.version,
                "extends": list(pack.extends),
                "default_for": list(pack.default_for),
                "chosen_by_document": bool(pack.chosen_when),
                "in_force": {"from": first, "to": last},
                "source": [cited(citation, lang) for citation in pack.source],
                "rules": len(ruleset.rules),
                "parameters": [parameter_data(each, lang) for each in ruleset.parameters.values()],
            }
        )
    return _data({"rulesets": listed})


def _service(session: Session, _call: Call, values: Values, lang: Lang) -> Answer:
    return _data({"version": __version__, **_offered(session, lang), "limits": _limits(values)})


def _limits(values: Values) -> dict[str, Any]:
    limits: dict[str, Any] = json.loads(values.inside("limits"), parse_float=Decimal)
    return limits


def _offered(session: Session, lang: Lang) -> dict[str, Any]:
    """What the installed plugins read and write."""
    extensions = session.extensions
    importers = dict.fromkeys(extensions.importers.values())
    return {
        "documents": list(extensions.types),
        "importers": [
            {
                "suffixes": list(each.suffixes),
                "media_types": list(dict.fromkeys(SUFFIXES[name] for name in each.suffixes if name in SUFFIXES)),
                "title": each.title.to(lang),
            }
            for each in importers
        ],
        "annotatable": sorted(extensions.annotators),
        "formats": [
            {"name": name, "media_type": FORMATS.get(name, PLAIN), "title": each.title.to(lang)}
            for name, each in sorted(extensions.reporters.items())
        ],
        "tables": [{"name": name, "title": each.title.to(lang)} for name, each in sorted(extensions.tables.items())],
        "personas": list(PERSONAS),
    }


def _openapi(session: Session, _call: Call, values: Values, lang: Lang) -> Answer:
    offered = _offered(session, lang)
    schemas = {name: load_schema(each.path) for name, each in session.extensions.types.items()}
    place = Place(_limits(values), values.inside("secured") == "true", values.inside("root"))
    document = description(offered, list(session.extensions.pack_folders), schemas, place, lang)
    return Answer(200, JSON, (dumps(plain(document, lang)) + "\n").encode(), (VARY,))


LOOKUPS: dict[str, Doing] = {
    "rules": _rules,
    "rule": _rule,
    "schemas": _schemas,
    "schema": _schema,
    "rulesets": _rulesets,
    "service": _service,
    "openapi": _openapi,
}
