"""The pack that a document asks for by its marks, and what a run, its cache and its reports make of it."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toy_domain import plugin, register, write_pack

from lintperf.cases import run_cases, run_choice_cases
from lintperf.document import Document
from lintperf.model import Notification
from lintperf.pipeline import Session, check_document, open_session, rules_of
from lintperf.policy import Policy
from lintperf.results import DocumentResult
from lintperf.rules.choice import Choice, Chooser, Mark
from lintperf.rules.rule import RuleProblem

LEAST = {"least": {"type": "number", "default": 2, "title": {"zh": "最少", "en": "least"}}}
RIVER = {"at": ["/place"], "contains": ["河畔", "滨河"]}
AUDITOR = Policy(persona="auditor")


def mark(at: str, test: str, *values: Any, **others: Any) -> Mark:
    return Mark((at,), test, values, **others)


def chosen(data: Any, *choices: Choice) -> str | None:
    return Chooser(choices).pack(data)


@pytest.mark.parametrize(
    ("one", "data", "holds"),
    [
        (mark("/place", "equals", "滨河"), {"place": "滨河"}, True),
        (mark("/place", "equals", "滨河"), {"place": "滨河路"}, False),
        (mark("/year", "equals", Decimal(2016)), {"year": Decimal("2016.0")}, True),
        (mark("/year", "equals", Decimal(2016)), {"year": "2016"}, False),
        (mark("/place", "contains", "滨河"), {"place": "老滨河路"}, True),
        (mark("/place", "contains", "滨河"), {"place": "滨 河"}, False),
        (mark("/place", "contains", "滨河"), {"place": "滨"}, False),
        (mark("/place", "contains", "滨河"), {"place": None}, False),
        (mark("/code", "like", "51[0-9][0-9]*"), {"code": "5101-甲"}, True),
        (mark("/code", "like", "51[0-9][0-9]*"), {"code": "51个长椅"}, False),
        (mark("/code", "like", "51[0-9][0-9]*"), {"code": "x5101"}, False),
        (mark("/code", "like", "*甲"), {"code": "乙甲"}, True),
        (mark("/layout/name", "equals", "a"), {"layout": {"name": "a"}}, True),
        (mark("/layout/name", "equals", "a"), {"layout": "a"}, False),
        (mark("/layout/name", "equals", "a"), {"layout": None}, False),
        (mark("/others", "contains", "滨河"), {"others": [{"label": "x", "text": "滨河"}]}, True),
        (mark("/others", "equals", "y"), {"others": [{"label": "x"}, ["y"]]}, True),
        (mark("/place", "equals", True), {"place": True}, True),
    ],
)
def test_a_mark_holds(one: Mark, data: Any, holds: bool) -> None:
    assert (chosen(data, Choice("p", (one,))) == "p") is holds


def test_the_most_points_win_and_a_tie_chooses_none() -> None:
    data = {"place": "滨河", "code": "5101"}
    by_place = Choice("a", (mark("/place", "contains", "滨河", points=2),))
    by_code = Choice("b", (mark("/code", "like", "51*"), mark("/code", "like", "*01")))
    assert chosen(data, by_place) == "a"
    assert chosen(data, by_place, by_code) is None
    assert chosen(data, by_place, by_code, Choice("c", (mark("/code", "equals", "5101", points=3),))) == "c"
    # one mark that holds in several fields or for several of its values counts once
    twice = Choice("d", (Mark(("/place", "/code"), "contains", ("滨河", "51"), 2),))
    assert chosen(data, by_place, twice) is None
    assert chosen({}, by_place, by_code) is None


def test_without_a_required_mark_a_pack_is_not_chosen() -> None:
    choice = Choice(
        "a", (mark("/year", "equals", Decimal(2016), points=0, required=True), mark("/place", "equals", "x"))
    )
    assert chosen({"year": Decimal(2016), "place": "x"}, choice) == "a"
    assert chosen({"year": Decimal(2017), "place": "x"}, choice) is None
    # a required mark without points alone is no reason
    assert chosen({"year": Decimal(2016)}, choice) is None


WORDS = st.text("河畔路东a", min_size=2, max_size=3)


@given(
    st.text("河畔路东a", max_size=8), st.lists(WORDS, min_size=1, max_size=4), st.lists(WORDS, min_size=1, max_size=4)
)
def test_contains_says_what_a_plain_search_says(place: str, one: list[str], other: list[str]) -> None:
    choices = (
        Choice("one", (mark("/place", "contains", *one, points=2),)),
        Choice("other", (mark("/place", "contains", *other),)),
    )
    holds = [any(word in place for word in words) for words in (one, other)]
    assert chosen({"place": place}, *choices) == ("one" if holds[0] else "other" if holds[1] else None)


# ---- packs


def packs(folder: Path, *further: Path) -> Session:
    usual = write_pack(
        folder / "usual", {"assert": "seats >= param.least"}, parameters=LEAST, default_for=["bench-register"]
    )
    river = write_pack(
        folder / "river",
        extends=["usual"],
        set={"least": 4},
        chosen_when={"bench-register": [RIVER]},
        source=[{"title": {"zh": "河岸办法", "en": "river rules"}, "number": "河〔2020〕1号"}],
    )
    return open_session(plugins={"toy": plugin(folder, usual, river, *further)}, use_cache=False)


def check(session: Session, policy: Policy = AUDITOR, **fields: Any) -> DocumentResult:
    crashes: list[Notification] = []
    result = check_document(session, Document("b.json", register({"seats": 3}, **fields)), policy, crashes)
    assert not crashes
    return result


def test_a_document_is_checked_with_the_pack_it_asks_for(tmp_path: Path) -> None:
    session = packs(tmp_path)
    by_the_river, elsewhere = check(session, place="河畔公园"), check(session, place="山顶")
    assert [finding.code for finding in by_the_river.findings] == ["TT101"]
    assert (by_the_river.ruleset_name, elsewhere.ruleset_name) == ("river", "usual")
    assert elsewhere.findings == []
    assert by_the_river.ruleset_hash != elsewhere.ruleset_hash
    # the finding rests on what the pack says that set the threshold, then on what the rule says
    assert [text.zh for text in by_the_river.findings[0].basis] == ["河〔2020〕1号", "自定"]


def test_a_named_pack_goes_before_the_documents_wish(tmp_path: Path) -> None:
    session = packs(tmp_path)
    result = check(session, Policy(rulesets=("usual",), persona="auditor"), place="河畔公园")
    assert (result.ruleset_name, result.findings) == ("usual", [])


def test_the_settings_of_a_run_hold_for_a_chosen_pack_too(tmp_path: Path) -> None:
    session = packs(tmp_path)
    assert check(session, Policy(parameters=(("least", "3"),), persona="auditor"), place="河畔").findings == []
    assert check(session, Policy(ignore=("TT101",), persona="auditor"), place="河畔").ruleset_name == "river"


def test_the_choice_comes_from_the_cache_as_from_the_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINTPERF_CACHE_DIR", str(tmp_path / "cache"))
    packs(tmp_path)
    for _ in range(2):
        session = open_session(plugins={"toy": plugin(tmp_path, tmp_path / "usual", tmp_path / "river")})
        result = check(session, place="河畔公园")
        assert (result.ruleset_name, len(result.findings)) == ("river", 1)
        assert len(list((tmp_path / "cache").glob("*.json"))) == 2
    # a change of the marks counts at once
    write_pack(tmp_path / "river", extends=["usual"], chosen_when={"bench-register": [RIVER | {"contains": ["山顶"]}]})
    session = open_session(plugins={"toy": plugin(tmp_path, tmp_path / "usual", tmp_path / "river")})
    assert check(session, place="河畔公园").ruleset_name == "usual"
    assert check(session, place="山顶").ruleset_name == "river"


def test_a_pack_out_of_force_is_not_chosen(tmp_path: Path) -> None:
    old = write_pack(
        tmp_path / "old",
        extends=["usual"],
        in_force={"until": "2020-12-31"},
        chosen_when={"bench-register": [RIVER | {"points": 2}]},
    )
    session = packs(tmp_path, old)
    assert check(session, place="河畔").ruleset_name == "old"
    assert check(session, Policy(persona="auditor", today="2020-12-31"), place="河畔").ruleset_name == "old"
    assert check(session, Policy(persona="auditor", today="2021-01-01"), place="河畔").ruleset_name == "river"


def test_reports_know_the_rules_that_only_a_chosen_pack_has(tmp_path: Path) -> None:
    more = write_pack(
        tmp_path / "more",
        {"code": "TT102", "name": "no-note", "assert": "not blank(note)", "at": "note"},
        extends=["usual"],
        chosen_when={"bench-register": [{"at": ["/place"], "equals": ["山顶"]}]},
    )
    session = packs(tmp_path, more)
    result = check(session, place="山顶")
    assert [finding.code for finding in result.findings] == ["TT102"]
    assert list(rules_of(session, AUDITOR, ["bench-register"])) == ["TT101", "TT102"]


def test_a_pack_that_is_chosen_cannot_put_another_rule_under_a_code(tmp_path: Path) -> None:
    other = write_pack(
        tmp_path / "other",
        {"name": "other", "assert": "seats >= 9"},
        extends=["usual"],
        chosen_when={"bench-register": [{"at": ["/place"], "equals": ["山顶"]}]},
    )
    with pytest.raises(RuleProblem) as raised:
        check(packs(tmp_path, other), place="山顶")
    assert "TT101" in raised.value.text.zh
    # named by the user it can
    policy = Policy(rulesets=("other",), persona="auditor")
    assert [finding.code for finding in check(packs(tmp_path, other), policy).findings] == ["TT101"]


@pytest.mark.parametrize(
    "item",
    [
        {"at": ["/place"]},
        {"at": ["place"], "equals": ["x"]},
        {"at": ["/place"], "equals": ["x"], "contains": ["xy"]},
        {"at": ["/place"], "contains": ["x"]},
        {"at": ["/place"], "like": ["*a*b*c*d*"]},
        {"at": ["/place"], "equals": ["x"], "points": -1},
    ],
)
def test_a_mark_that_says_nothing_is_refused(tmp_path: Path, item: dict[str, Any]) -> None:
    wrong = write_pack(tmp_path / "wrong", extends=["usual"], chosen_when={"bench-register": [item]})
    with pytest.raises(RuleProblem) as raised:
        check(packs(tmp_path, wrong), place="x")
    assert raised.value.path.endswith("ruleset.yaml")


# ---- cases of a pack


def write(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


def test_cases_of_inherited_rules_run_under_the_packs_own_parameters(tmp_path: Path) -> None:
    session = packs(tmp_path)
    cases = (
        "pass: [{name: four, document: {benches: [{seats: 4}]}}]\n"
        "fail: [{name: three, document: {benches: [{seats: 3}]}, findings: [{found: 3}]}]\n"
    )
    write(tmp_path / "river" / "rules" / "TT101-too-few-seats.test.yaml", cases)
    write(tmp_path / "usual" / "rules" / "TT101-too-few-seats.test.yaml", cases)

    def failures(name: str) -> list[str]:
        ruleset = session.ruleset(Policy(rulesets=(name,)))
        return [result.name for result in run_cases(session, ruleset, only=name) if result.failure]

    assert failures("river") == []
    # two seats are enough there
    assert failures("usual") == ["three"]
    write(tmp_path / "river" / "rules" / "TT109-gone.test.yaml", cases)
    assert failures("river") == [""]


def test_cases_of_a_choice(tmp_path: Path) -> None:
    session = packs(tmp_path)
    assert list(run_choice_cases(session, "usual")) == []
    assert [result.failure is not None for result in run_choice_cases(session, "river")] == [True]
    write(
        tmp_path / "river" / "ruleset.test.yaml",
        "chosen: [{name: bank, document: {place: 河畔}}, {name: hill, document: {place: 山顶}}]\n"
        "left: [{name: none, document: {}}]\n",
    )
    found = [(result.name, result.failure is not None) for result in run_choice_cases(session, "river")]
    assert found == [("bank", False), ("hill", True), ("none", False)]
