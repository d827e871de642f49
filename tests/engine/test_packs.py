"""Packs that build on each other, and what a user's policy makes of them."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from toy_domain import plugin, register, write_pack

from lintperf.document import Document
from lintperf.model import Finding, Notification, Severity
from lintperf.pipeline import Session, check_document, open_session
from lintperf.policy import Policy, UsageProblem, apply_policy
from lintperf.rules.packs import Ruleset, load_pack, merge
from lintperf.rules.rule import RuleProblem

PARAMETER = {"least": {"type": "number", "default": 2, "title": {"zh": "最少", "en": "least"}}}
OTHER = {"code": "TT102", "name": "no-note", "assert": "not blank(note)", "at": "note", "severity": "note"}


def session(folder: Path, *packs: Path) -> Session:
    return open_session(plugins={"toy": plugin(folder, *packs)}, use_cache=False)


def findings(of: Session, policy: Policy, data: Any) -> list[Finding]:
    crashes: list[Notification] = []
    result = check_document(of, Document("benches.json", data), policy, crashes)
    assert not crashes
    return result.findings


def merged(*folders: Path, today: str | None = None) -> Ruleset:
    packs = {folder.name: load_pack(folder) for folder in folders}
    return merge([folders[-1].name], packs, today)


def test_a_pack_replaces_rules_and_changes_what_it_extends(tmp_path: Path) -> None:
    below = write_pack(
        tmp_path / "below", {"assert": "seats >= param.least"}, OTHER, parameters=PARAMETER, severities={"TT102": "off"}
    )
    above = write_pack(
        tmp_path / "above",
        {"code": "TT102", "name": "no-name", "assert": "not blank(name)", "at": "name"},
        extends=["below"],
        set={"least": 4},
        severities={"TT101": "warning"},
        mandatory=["TT101"],
    )
    ruleset = merged(below, above)
    assert [(rule.code, rule.name, rule.severity.name, rule.pack, rule.mandatory) for rule in ruleset.rules] == [
        ("TT101", "too-few-seats", "warning", "below", True),
        ("TT102", "no-name", "error", "above", False),
    ]
    assert ruleset.values() == {"least": 4}
    assert ruleset.packs == ("below", "above")
    assert ruleset.hash != merged(below).hash
    # the pack below is what it was
    assert [rule.severity.name for rule in merged(below).rules] == ["error", "off"]
    assert merged(below).values() == {"least": 2}


def test_an_extended_pack_lies_beside_or_comes_from_a_plugin(tmp_path: Path) -> None:
    below = write_pack(tmp_path / "below", {"assert": "seats >= param.least"}, parameters=PARAMETER)
    (tmp_path / "elsewhere").mkdir()
    beside = write_pack(tmp_path / "elsewhere" / "beside", OTHER)
    own = write_pack(tmp_path / "elsewhere" / "own", extends=["below", "beside"], set={"least": 5})
    found = findings(session(tmp_path, below), Policy(rulesets=(str(own),), persona="auditor"), register({"seats": 4}))
    assert sorted(finding.code for finding in found) == ["TT101", "TT102"]
    assert beside.is_dir()
    by_file = Policy(rulesets=(str(own / "ruleset.yaml"),), persona="auditor")
    assert len(findings(session(tmp_path, below), by_file, register({"seats": 4}))) == 2


def test_two_packs_chosen_together(tmp_path: Path) -> None:
    one = write_pack(tmp_path / "one", {})
    two = write_pack(tmp_path / "two", OTHER)
    policy = Policy(rulesets=("one", "two"), persona="auditor")
    assert len(findings(session(tmp_path, one, two), policy, register({"seats": 1}))) == 2


def test_removed_rules_do_not_run_and_take_the_one_below_away(tmp_path: Path) -> None:
    below = write_pack(tmp_path / "below", {}, OTHER)
    above = write_pack(tmp_path / "above", {"status": "removed"}, extends=["below"], severities={"TT101": "note"})
    assert [rule.code for rule in merged(below, above).rules] == ["TT102"]


@pytest.mark.parametrize(("day", "runs"), [("2023-12-31", False), ("2024-01-01", True), ("2024-12-31", True),
                                           ("2025-01-01", False), (None, True)])  # fmt: skip
def test_packs_are_in_force_on_their_days_and_say_what_they_skip(tmp_path: Path, day: str | None, runs: bool) -> None:
    below = write_pack(
        tmp_path / "below", {"assert": "seats >= param.least"}, OTHER, parameters=PARAMETER,
        in_force={"from": "2024-01-01", "until": "2024-12-31"},
    )  # fmt: skip
    above = write_pack(
        tmp_path / "above", {"code": "TT103", "name": "no-cost", "assert": "present(cost)"},
        extends=["below"], set={"least": 3}, severities={"TT102": "off"}, mandatory=["TT101"],
    )  # fmt: skip
    ruleset = merged(below, above, today=day)
    assert [rule.code for rule in ruleset.rules] == (["TT101", "TT102", "TT103"] if runs else ["TT103"])
    skipped = () if runs else (("TT101", "below 2024-01-01…2024-12-31"), ("TT102", "below 2024-01-01…2024-12-31"))
    assert ruleset.skipped == skipped


def test_skipped_rules_are_counted_in_the_coverage(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "old", {}, OTHER, in_force={"until": "2020-01-01"}, default_for=["bench-register"])
    crashes: list[Notification] = []
    document = Document("b.json", register({"seats": 1}))
    result = check_document(session(tmp_path, pack), document, Policy(today="2024-01-01"), crashes)
    assert [code for code, _ in result.coverage.skipped] == ["TT101", "TT102"]
    assert result.findings == []


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"extends": ["below"], "severities": {"TT110": "note"}}, "unknown rule TT110, did you mean TT101?"),
        ({"extends": ["below"], "mandatory": ["TT10"]}, "unknown rule TT10, did you mean TT101?"),
        ({"extends": ["below"], "set": {"lest": 1}}, "unknown parameter lest, did you mean least?"),
        ({"extends": ["below"], "set": {"least": "x"}}, "parameter least must be number"),
        ({"extends": ["belw"]}, "unknown ruleset belw, did you mean below?"),
        ({"extends": ["above"]}, "packs extend each other: above → above"),
    ],
)
def test_packs_that_cannot_be_merged(tmp_path: Path, changes: dict[str, Any], says: str) -> None:
    below = write_pack(tmp_path / "below", {}, parameters=PARAMETER)
    above = write_pack(tmp_path / "above", **changes)
    with pytest.raises(RuleProblem) as caught:
        merged(below, above)
    assert says in caught.value.text.en
    assert caught.value.path == str(above / "ruleset.yaml")


def test_packs_that_extend_each_other_in_a_ring(tmp_path: Path) -> None:
    for name, parent in (("aa", "bb"), ("bb", "cc"), ("cc", "aa")):
        write_pack(tmp_path / name, extends=[parent])
    with pytest.raises(RuleProblem, match="aa → bb → cc → aa"):
        session(tmp_path).ruleset(Policy(rulesets=(str(tmp_path / "aa"),)))


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"name": "other"}, "the name must be the folder's: toy"),
        ({"parameters": {"p": {"type": "number", "default": "x", "title": {"zh": "a", "en": "b"}}}}, "must be number"),
        ({"severities": {"TT101": "fatal"}}, "not one of those allowed"),
        ({"in_force": {"from": "1.1.2024"}}, "written wrongly"),
        ({"paramters": {}}, "unknown field; expected parameters"),
    ],
)
def test_pack_files_that_cannot_be_used(tmp_path: Path, changes: dict[str, Any], says: str) -> None:
    folder = write_pack(tmp_path / "toy", {}, **changes)
    with pytest.raises(RuleProblem) as caught:
        load_pack(folder)
    assert says in caught.value.text.en
    assert caught.value.place is not None


def test_a_code_or_a_name_used_twice_in_a_pack(tmp_path: Path) -> None:
    with pytest.raises(RuleProblem, match="TT101 is already used in TT101-a"):
        load_pack(write_pack(tmp_path / "one", {"name": "a"}, {"name": "b"}))
    with pytest.raises(RuleProblem, match="too-few-seats is already used in TT101"):
        load_pack(write_pack(tmp_path / "two", {}, {"code": "TT102"}))


def test_a_rule_in_a_file_of_another_name(tmp_path: Path) -> None:
    folder = write_pack(tmp_path / "toy", {})
    (folder / "rules" / "TT101-too-few-seats.yaml").rename(folder / "rules" / "TT109-too-few-seats.yaml")
    with pytest.raises(RuleProblem, match=r"must be named TT101-too-few-seats\.yaml"):
        load_pack(folder)


def test_a_document_type_without_a_pack_is_checked_against_its_schema_only(tmp_path: Path) -> None:
    empty = session(tmp_path)
    assert findings(empty, Policy(), register({"seats": 1})) == []
    program, compiled = empty.program(Policy(), "bench-register")
    assert program.rules == ()
    assert compiled.name == ""


# -- policy ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def ruleset(tmp_path: Path) -> Ruleset:
    return merged(
        write_pack(
            tmp_path / "toy",
            {"assert": "seats >= param.least"},
            OTHER,
            {"code": "TT201", "name": "no-cost", "assert": "present(cost)"},
            {"code": "TT202", "name": "rusty", "assert": "present(kind)"},
            parameters={
                **PARAMETER,
                "words": {"type": "text*", "default": ["木"], "title": {"zh": "词", "en": "words"}},
                "strict": {"type": "bool", "default": False, "title": {"zh": "严", "en": "strict"}},
            },
            severities={"TT202": "off"},
        )
    )


@pytest.mark.parametrize(
    ("policy", "codes"),
    [
        (Policy(), "TT101 TT102 TT201"),
        (Policy(select=("TT1",)), "TT101 TT102"),
        (Policy(select=("TT",)), "TT101 TT102 TT201"),
        (Policy(select=("no-note", "TT201")), "TT102 TT201"),
        (Policy(select=("TT202",)), "TT202"),
        (Policy(select=("TT2",)), "TT201"),
        (Policy(select=("TT1",), ignore=("TT102",)), "TT101"),
        (Policy(ignore=("TT",)), ""),
        (Policy(ignore=("no-note",)), "TT101 TT201"),
        (Policy(extend_select=("TT202",)), "TT101 TT102 TT201 TT202"),
        (Policy(extend_select=("rusty",)), "TT101 TT102 TT201 TT202"),
        (Policy(select=("TT1",), extend_select=("TT201",)), "TT101 TT102 TT201"),
        (Policy(extend_select=("TT202",), ignore=("TT202",)), "TT101 TT102 TT201"),
        (Policy(severities=(("TT1", Severity.off),)), "TT201"),
        (Policy(severities=(("TT202", Severity.note),)), "TT101 TT102 TT201 TT202"),
        (Policy(severities=(("TT202", Severity.off),), extend_select=("TT202",)), "TT101 TT102 TT201"),
    ],
)
def test_what_is_selected(ruleset: Ruleset, policy: Policy, codes: str) -> None:
    rules, _ = apply_policy(ruleset, policy)
    assert " ".join(rule.code for rule in rules) == codes


def test_severities_of_the_user_win_the_last_one_first(ruleset: Ruleset) -> None:
    policy = Policy(severities=(("TT", Severity.note), ("TT101", Severity.warning)))
    rules, _ = apply_policy(ruleset, policy)
    assert [(rule.code, rule.severity.name) for rule in rules] == [
        ("TT101", "warning"), ("TT102", "note"), ("TT201", "note"), ("TT202", "note"),
    ]  # fmt: skip


def test_parameters_from_text_and_from_configuration(ruleset: Ruleset) -> None:
    given = (("least", "3.50"), ("words", "石, 铁"), ("strict", "yes"))
    _, values = apply_policy(ruleset, Policy(parameters=given))
    assert values == {"least": Decimal("3.50"), "words": ("石", "铁"), "strict": True}
    _, values = apply_policy(ruleset, Policy(parameters=(("least", Decimal(1)), ("words", ["甲"]), ("least", "9"))))
    assert values["least"] == 9
    assert values["words"] == ("甲",)


@pytest.mark.parametrize(
    ("policy", "says"),
    [
        (Policy(select=("too-few-seat",)), "no rule matches too-few-seat, did you mean too-few-seats?"),
        (Policy(ignore=("rusti",)), "no rule matches rusti, did you mean rusty?"),
        (Policy(extend_select=("XX",)), "no rule matches XX"),
        (Policy(severities=(("TT9", Severity.note),)), "no rule matches TT9"),
        (Policy(parameters=(("lest", "1"),)), "unknown parameter lest, did you mean least?"),
        (Policy(parameters=(("least", "many"),)), "parameter least must be number, got many"),
        (Policy(parameters=(("least", "NaN"),)), "parameter least must be number"),
        (Policy(parameters=(("strict", "maybe"),)), "parameter strict must be bool"),
        (Policy(parameters=(("words", Decimal(1)),)), "must be text"),
    ],
)
def test_what_a_user_may_not_say(ruleset: Ruleset, policy: Policy, says: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        apply_policy(ruleset, policy)
    assert says in caught.value.text.en


@pytest.mark.parametrize("policy", [Policy(ignore=("TT101",)), Policy(ignore=("TT",)),
                                    Policy(ignore=("too-few-seats",)),
                                    Policy(severities=(("TT101", Severity.off),))])  # fmt: skip
def test_mandatory_rules_cannot_be_switched_off(tmp_path: Path, policy: Policy) -> None:
    pack = write_pack(tmp_path / "toy", {}, OTHER, mandatory=["TT101"])
    with pytest.raises(UsageProblem, match="TT101 is mandatory"):
        apply_policy(merged(pack), policy)
    rules, _ = apply_policy(merged(pack), Policy(severities=(("TT101", Severity.note),)))
    assert rules[0].severity is Severity.note


def test_an_unknown_pack_names_the_near_one(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "benches", {})
    with pytest.raises(UsageProblem, match="unknown ruleset bnches, did you mean benches"):
        session(tmp_path, pack).ruleset(Policy(rulesets=("bnches",)))


# -- severity, once, suppression ------------------------------------------------------------------------------------

MILDER = {
    "milder": [
        {"when": "seats == 1 and shaded", "severity": "note"},
        {"when": "seats == 1", "severity": "warning", "message": "single"},
    ],
    "variants": {"single": {"zh": "{name}只有一个座位", "en": "{name} has one seat"}},
}


@pytest.mark.parametrize(
    ("bench", "severity", "variant"),
    [
        ({"seats": 0}, "error", None),
        ({"seats": 1}, "warning", "single"),
        ({"seats": 1, "shaded": False}, "warning", "single"),
        ({"seats": 1, "shaded": True}, "note", None),
    ],
)
def test_the_first_milder_form_that_holds(
    tmp_path: Path, bench: dict[str, Any], severity: str, variant: str | None
) -> None:
    pack = write_pack(tmp_path / "toy", MILDER)
    (found,) = findings(session(tmp_path, pack), Policy(rulesets=("toy",), persona="auditor"), register(bench))
    assert (found.severity.name, found.variant) == (severity, variant)


def test_a_milder_form_is_never_worse_than_what_the_user_wants(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "toy", MILDER)
    policy = Policy(rulesets=("toy",), severities=(("TT101", Severity.note),), persona="auditor")
    found = findings(session(tmp_path, pack), policy, register({"seats": 0}, {"seats": 1}))
    assert [finding.severity.name for finding in found] == ["note", "note"]


def test_once_makes_one_finding_of_all_rows(tmp_path: Path) -> None:
    pack = write_pack(
        tmp_path / "toy", {"once": True, "message": {"zh": "{rows}，{count} 处", "en": "{rows}, {count}"}}
    )
    rows = register({"name": "甲", "seats": 1}, {"name": "乙", "seats": 5}, {"seats": 0}, {"name": "丁", "seats": 1})
    (found,) = findings(session(tmp_path, pack), Policy(rulesets=("toy",)), rows)
    assert found.pointer == "/benches/0/seats"
    assert found.arguments["rows"] == ["甲", "#/benches/2", "丁"]
    assert found.arguments["count"] == 3
    assert [related.pointer for related in found.related] == ["/benches/2/seats", "/benches/3/seats"]


def test_a_fix_is_computed_from_the_row(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "toy", {"fix": {"value": "smaller(cost, 2)", "safe": True}})
    found = findings(
        session(tmp_path, pack), Policy(rulesets=("toy",)), register({"seats": 1, "cost": 9}, {"seats": 0})
    )
    assert found[0].fix is not None
    assert (found[0].fix.pointer, found[0].fix.value, found[0].fix.safe) == ("/benches/0/seats", 2, True)
    assert found[1].fix is None
