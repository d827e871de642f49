"""House rules of the rule packs: what no loader checks and no reviewer should have to."""

from __future__ import annotations

import dataclasses
import importlib
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lintperf.cases import cases_beside, inherited_cases, run_cases, run_choice_cases
from lintperf.pipeline import Session, open_session
from lintperf.policy import Policy
from lintperf.resources import data_folder
from lintperf.rules.dimensions import DIMENSIONS
from lintperf.rules.packs import Pack, load_pack
from lintperf.rules.rule import PLACEHOLDER, Rule

RULESETS = data_folder("rulesets")
PACKS: list[Pack] = [load_pack(path.parent) for path in sorted(RULESETS.glob("*/ruleset.yaml"))]
RULES: list[Rule] = [rule for pack in PACKS for rule in pack.rules]
LIVING: list[Rule] = [rule for rule in RULES if rule.status != "removed"]

# rules that no change of a clean form's data can break
WITHOUT_MUTATION = {
    "LP001": "about files that cannot be read: there is no form then",
    "LP003": "about tables of office files",
    "LP004": "about cells of office files",
    "LP901": "compares documents: see test_batch.py",
    "LP902": "compares documents: see test_batch.py",
    "LP903": "compares documents: see test_batch.py",
}


def by_code(rule: Rule) -> str:
    """The id of a parametrised test."""
    return f"{rule.pack}-{rule.code}"


@pytest.fixture(scope="module")
def session() -> Session:
    return open_session()


def test_there_are_rules_in_every_pack() -> None:
    assert {"base", "cn-self-evaluation"} <= {pack.name for pack in PACKS}
    for pack in PACKS:
        assert pack.rules or pack.severities or pack.assignments, pack.name


def test_codes_and_names_are_unique() -> None:
    # a pack may replace a rule of a pack that it extends; it is the same rule then, with the same name
    names = {(rule.code, rule.name) for rule in RULES}
    assert [code for code, count in Counter(code for code, _ in names).items() if count > 1] == []
    assert [name for name, count in Counter(name for _, name in names).items() if count > 1] == []


def test_no_stray_file_in_rulesets() -> None:
    expected = {pack.folder / "ruleset.yaml" for pack in PACKS}
    for rule in RULES:
        expected |= {Path(rule.path), cases_beside(rule)}
    for pack in PACKS:
        expected |= set(inherited_cases(pack.folder))
        if pack.chosen_when:
            expected.add(pack.folder / "ruleset.test.yaml")
    found = {path for path in RULESETS.rglob("*") if path.is_file()}
    assert sorted(str(path.relative_to(RULESETS)) for path in found - expected) == []


@pytest.mark.parametrize("rule", RULES, ids=by_code)
def test_file_is_named_after_the_rule(rule: Rule) -> None:
    assert Path(rule.path).name == f"{rule.code}-{rule.name}.yaml"


@pytest.mark.parametrize("rule", LIVING, ids=by_code)
def test_cases_hold(session: Session, rule: Rule) -> None:
    ruleset = session.ruleset(Policy(rulesets=(rule.pack,)), rule.types[0])
    results = list(run_cases(session, dataclasses.replace(ruleset, rules=(rule,))))
    assert [(result.name, result.failure.en) for result in results if result.failure] == []
    # one that must be silent and one that must fire: the format of case files asks for both
    assert len(results) >= 2
    assert [name for name, count in Counter(result.name for result in results).items() if count > 1] == []


@pytest.mark.parametrize("pack", [pack for pack in PACKS if not pack.rules], ids=lambda pack: pack.name)
def test_a_pack_of_parameters_shows_what_each_of_them_changes(session: Session, pack: Pack) -> None:
    results = list(run_cases(session, session.ruleset(Policy(rulesets=(pack.name,))), only=pack.name))
    assert [(result.code, result.name, result.failure.en) for result in results if result.failure] == []
    rules = {rule.code: rule for rule in session.ruleset(Policy(rulesets=(pack.name,))).rules}
    shown = {name for result in results for name in parameters_of(rules[result.code])}
    assert sorted(set(pack.assignments) - shown) == []


@pytest.mark.parametrize("pack", [pack for pack in PACKS if pack.chosen_when], ids=lambda pack: pack.name)
def test_a_pack_is_chosen_for_its_documents_alone(session: Session, pack: Pack) -> None:
    results = list(run_choice_cases(session, pack.name))
    assert [(result.name, result.failure.en) for result in results if result.failure] == []
    assert len(results) >= 2


@pytest.mark.parametrize("pack", PACKS, ids=lambda pack: pack.name)
def test_a_pack_of_a_place_says_what_it_rests_on(pack: Pack) -> None:
    assert not pack.chosen_when or pack.source
    for citation in pack.source:
        assert bool(citation.number) != citation.house, citation.title.en


def texts(rule: Rule) -> Iterator[tuple[str, str, str]]:
    """Which text of a rule, and its Chinese and English wording."""
    pairs = {"message": rule.message} | {f"variants/{name}": text for name, text in rule.variants.items()}
    for key, text in pairs.items():
        yield key, text.zh, text.en


def test_every_rule_says_which_dimension_of_data_quality_it_protects() -> None:
    assert [rule.code for rule in RULES if rule.dimension is None] == []
    assert {rule.dimension for rule in LIVING} == set(DIMENSIONS)


def test_the_schema_of_rules_knows_the_dimensions() -> None:
    schema = json.loads((data_folder("schemas") / "rule.json").read_text(encoding="utf-8"))
    assert schema["properties"]["dimension"]["enum"] == list(DIMENSIONS)


@pytest.mark.parametrize("rule", RULES, ids=by_code)
def test_both_languages_say_the_same(rule: Rule) -> None:
    for key, zh, en in texts(rule):
        chinese, english = (Counter(match.group(0) for match in PLACEHOLDER.finditer(text)) for text in (zh, en))
        assert set(chinese) == set(english), key
    for text in (rule.title, rule.message, rule.remedy, rule.why):
        assert re.search("[\u4e00-\u9fff]", text.zh)
        assert not re.search("[，。；：！？]", text.en)


@pytest.mark.parametrize("rule", RULES, ids=by_code)
def test_no_placeholder_outside_of_messages(rule: Rule) -> None:
    for text in (rule.title, rule.remedy, rule.why):
        assert not PLACEHOLDER.search(text.zh + text.en)


@pytest.mark.parametrize("rule", RULES, ids=by_code)
def test_a_source_is_a_regulation_or_says_that_it_is_none(rule: Rule) -> None:
    for citation in rule.source:
        assert bool(citation.number) != citation.house, citation.title.en


def parameters_of(rule: Rule) -> Iterator[str]:
    """The parameters that a rule names in its expressions and options."""
    options = [value["param"] for value in rule.options.values() if isinstance(value, dict) and "param" in value]
    expressions = [rule.when, rule.condition, rule.found, rule.expected, rule.difference, *rule.let.values()]
    expressions += [milder.when for milder in rule.milder]
    expressions += [rule.fix.value] if rule.fix else []
    yield from options
    for expression in expressions:
        yield from re.findall(r"\bparam\.([a-z][a-z0-9_]*)", expression or "")


def test_every_parameter_is_used() -> None:
    declared = {name for pack in PACKS for name in pack.parameters}
    used = {name for rule in LIVING for name in parameters_of(rule)}
    assert sorted(declared - used) == []


def test_a_parameter_is_declared_once() -> None:
    names = Counter(name for pack in PACKS for name in pack.parameters)
    assert [name for name, count in names.items() if count > 1] == []


def test_every_check_is_used(session: Session) -> None:
    assert sorted(set(session.extensions.checks) - {rule.check for rule in LIVING}) == []


def mutations() -> list[Any]:
    """The mutations of all families."""
    modules = sorted(path.stem for path in Path(__file__).parent.glob("mutations_*.py"))
    return [item for module in modules for item in importlib.import_module(f"tests.rules.{module}").MUTATIONS]


def test_every_rule_has_a_mutation_or_a_reason_to_have_none() -> None:
    broken = {mutation.code for mutation in mutations()}
    living = {rule.code for rule in LIVING if "self-evaluation" in rule.types}
    assert sorted(living - broken - set(WITHOUT_MUTATION)) == []
    assert sorted(set(WITHOUT_MUTATION) & broken) == []
    assert sorted(set(WITHOUT_MUTATION) - living) == []
