"""LP006: entries of `lintperf.ignore` that are unused, expired, or name a mandatory rule."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from benchmarks.forms import clean_form
from lintperf.document import Document
from lintperf.findings.texts import message
from lintperf.model import Notification
from lintperf.pipeline import Session, check_document, open_session, rules_of
from lintperf.policy import Policy


@pytest.fixture(scope="module")
def session() -> Session:
    return open_session()


def codes(session: Session, entry: dict[str, Any], policy: Policy, weight: int = 10) -> list[tuple[str, str]]:
    """Code and Chinese message of what is found in a form with one entry and one score above its weight."""
    form = clean_form(3)
    row = next(row for row in form["indicators"] if row["weight"])
    row["score"] = row["weight"] + (1 if weight else 0)
    form["lintperf"] = {"ignore": [{"reason": "系统打印", **entry}]}
    failed: list[Notification] = []
    result = check_document(session, Document("form.json", form), policy, failed)
    assert failed == []
    rules = rules_of(session, policy, ["self-evaluation"])
    return [(finding.code, message(finding, rules[finding.code], "zh")) for finding in result.findings]


def policy(**settings: Any) -> Policy:
    return Policy(persona="auditor", select=("LP006", "LP201"), **settings)


def test_an_entry_that_suppresses_something_is_not_reported(session: Session) -> None:
    assert codes(session, {"code": "LP201"}, policy()) == []


def test_an_entry_that_matches_nothing_is_reported(session: Session) -> None:
    found = codes(session, {"code": "score-exceeds-weight"}, policy(), weight=0)
    assert [code for code, _ in found] == ["LP006"]
    assert "score-exceeds-weight" in found[0][1]


def test_an_entry_for_another_row_is_reported_beside_the_finding(session: Session) -> None:
    found = codes(session, {"code": "LP201", "row": "古树复壮株数"}, policy())
    assert sorted(code for code, _ in found) == ["LP006", "LP201"]


def test_an_entry_holds_on_its_last_day_and_not_after(session: Session) -> None:
    entry = {"code": "LP201", "until": "2024-03-31"}
    assert codes(session, entry, policy(today="2024-03-31")) == []
    found = codes(session, entry, policy(today="2024-04-01"))
    assert sorted(code for code, _ in found) == ["LP006", "LP201"]
    assert any("2024-03-31" in text for code, text in found if code == "LP006")
    assert codes(session, entry, policy()) == []


def test_an_entry_for_a_mandatory_rule_is_reported_and_not_followed(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "city-bureau"
    (folder / "rules").mkdir(parents=True)
    text = "name: city-bureau\ntitle: {zh: 市局, en: City bureau}\nversion: '1'\nextends: [base]\nmandatory: [LP201]\n"
    (folder / "ruleset.yaml").write_text(text, encoding="utf-8")
    found = codes(session, {"code": "LP201"}, policy(rulesets=(str(folder),)))
    assert sorted(code for code, _ in found) == ["LP006", "LP201"]
    assert any("强制" in text for code, text in found if code == "LP006")
