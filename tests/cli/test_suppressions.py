"""Suppressions in the document, end to end: followed, told in the output, and reported when they have no effect."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from forms import clean_form, form_text
from running import Run

from lintperf.cli.check import CheckOptions, check_command
from lintperf.policy import Policy

Lintperf = Callable[..., Run]
REASON = "系统打印的合计行，已向财政部门说明"
ROW = "古树巡查次数"


def self_evaluation() -> dict[str, Any]:
    form = clean_form(3, 10)
    row = next(row for row in form["indicators"] if row["weight"])
    row["name"], row["score"] = ROW, row["weight"] + 1
    return form


def report() -> dict[str, Any]:
    rows = [
        {"table": 0, "name": ROW, "weight": 10, "score": 11},
        {"table": 0, "name": "古树复壮株数", "weight": 10, "score": 9},
    ]
    return {
        "type": "evaluation-report",
        "title": "古树保护项目绩效评价报告",
        "paragraphs": [{"text": "古树保护项目绩效评价报告"}],
        "tables": [{"role": "scores"}],
        "indicators": rows,
    }


DOCUMENTS = {"self-evaluation": self_evaluation, "evaluation-report": report}


@pytest.fixture(params=sorted(DOCUMENTS))
def check(request: pytest.FixtureRequest, capsys: pytest.CaptureFixture[str]) -> Callable[..., Any]:
    """Check a document with some entries, on some day: the document's part of the JSON report."""

    def run(
        *entries: dict[str, Any],
        today: str | None = "2024-06-30",
        persona: str = "reviewer",
        rulesets: tuple[str, ...] = (),
    ) -> Any:
        document = DOCUMENTS[request.param]()
        document["lintperf"] = {"ignore": list(entries)}
        Path("a.json").write_text(form_text(document), encoding="utf-8")
        policy = Policy(select=("LP002", "LP006", "LP201"), today=today, persona=persona, rulesets=rulesets)
        check_command(CheckOptions(("a.json",), policy, persona=persona, format="json", no_config=True))
        return json.loads(capsys.readouterr().out)["documents"][0]

    return run


def codes(document: Any) -> list[tuple[str, str]]:
    return sorted((each["code"], each["severity"]) for each in document["findings"])


def test_the_finding_stays_in_the_report_with_its_place_and_the_reason(check: Callable[..., Any]) -> None:
    document = check(
        {"code": "LP201", "row": "古树 巡查次数", "reason": REASON, "until": "2024-12-31", "author": "某甲"}
    )
    assert document["findings"] == []
    (finding,) = document["suppressed"]
    assert (finding["code"], finding["row"], finding["field"]) == ("LP201", ROW, "score")
    assert finding["location"]["line"] > 1
    assert finding["suppression"] == {
        "kind": "in_source", "pointer": "/lintperf/ignore/0", "reason": REASON, "until": "2024-12-31", "author": "某甲"
    }  # fmt: skip


@pytest.mark.parametrize(("today", "holds"), [("2024-06-30", True), ("2024-07-01", False), (None, True)])
def test_it_holds_on_its_last_day_and_comes_back_after_it(
    check: Callable[..., Any], today: str | None, holds: bool
) -> None:
    document = check({"code": "LP201", "reason": REASON, "until": "2024-06-30"}, today=today, persona="author")
    if holds:
        assert (codes(document), len(document["suppressed"])) == ([], 1)
        return
    assert codes(document) == [("LP006", "warning"), ("LP201", "error")]
    (told,) = (each["message"] for each in document["findings"] if each["code"] == "LP006")
    assert told == "忽略 LP201 的设置不起作用：已于 2024-06-30 到期"


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ({"code": "score-exceeds-wieght"}, "没有这条规则，是否为 score-exceeds-weight？"),
        ({"code": "lp201"}, "没有这条规则，是否为 LP201？"),
        ({"code": "LP2"}, "没有这条规则"),
        ({"code": "LP201", "row": "古树巡察次数"}, f"文档中没有名为「古树巡察次数」的行，是否为「{ROW}」？"),
        ({"code": "LP201", "row": "读书会场次数目与人次"}, "文档中没有名为「读书会场次数目与人次」的行"),
        ({"code": "LP201", "until": "2024-02-30"}, "没有 2024-02-30 这一天"),
    ],
)
def test_entries_without_effect(check: Callable[..., Any], entry: dict[str, str], words: str) -> None:
    document = check({"reason": REASON, **entry})
    assert codes(document) == [("LP006", "warning"), ("LP201", "error")]
    (told,) = (each for each in document["findings"] if each["code"] == "LP006")
    assert words in told["message"]
    assert told["pointer"] == "/lintperf/ignore/0"


def test_an_entry_that_nothing_needs_any_more_is_a_note(check: Callable[..., Any]) -> None:
    document = check({"code": "LP201", "reason": REASON}, {"code": "LP201", "reason": "又一条"})
    assert codes(document) == [("LP006", "note")]
    assert document["findings"][0]["pointer"] == "/lintperf/ignore/1"


@pytest.mark.parametrize("reason", [None, "", "  \n"])
def test_an_entry_without_a_reason_is_an_error_and_is_not_followed(
    check: Callable[..., Any], reason: str | None
) -> None:
    entry = {"code": "LP201"} if reason is None else {"code": "LP201", "reason": reason}
    document = check(entry)
    assert codes(document) == [("LP002", "error"), ("LP201", "error")]
    assert document["suppressed"] == []


def test_a_mandatory_rule_cannot_be_suppressed(check: Callable[..., Any]) -> None:
    folder = Path("city-bureau")
    (folder / "rules").mkdir(parents=True)
    pack = "name: city-bureau\ntitle: {zh: 市局, en: City}\nversion: '1'\nextends: [base]\nmandatory: [LP201]\n"
    (folder / "ruleset.yaml").write_text(pack, encoding="utf-8")
    document = check({"code": "score-exceeds-weight", "reason": REASON}, rulesets=("city-bureau",))
    assert (codes(document), document["suppressed"]) == ([("LP006", "warning"), ("LP201", "error")], [])
    assert "该规则是强制规则，不能忽略" in document["findings"][0]["message"] + document["findings"][1]["message"]


def test_what_the_persona_would_not_see_is_not_shown_as_suppressed(lintperf: Lintperf) -> None:
    form = clean_form(3, 20)
    for row in [row for row in form["indicators"] if row["weight"]][:4]:
        row["explanation"] = "因天气原因"
    form["lintperf"] = {"ignore": [{"code": "LP505", "reason": REASON}]}
    Path("a.json").write_text(form_text(form), encoding="utf-8")
    run = ("check", "a.json", "--select", "LP505", "--format", "json", "--no-config")
    shown = {name: json.loads(lintperf(*run, "--persona", name).out)["documents"][0] for name in ("author", "reviewer")}
    assert [len(shown[name]["suppressed"]) for name in ("author", "reviewer")] == [0, 1]


def test_a_finding_about_several_rows_needs_an_entry_for_each(lintperf: Lintperf) -> None:
    form = clean_form(3, 20)
    rows = [row for row in form["indicators"] if row["weight"]][:4]
    for row in rows:
        row["explanation"] = "因天气原因"
    for count in (3, 4):
        entries = [{"code": "LP505", "row": row["name"], "reason": REASON} for row in rows[:count]]
        form["lintperf"] = {"ignore": entries}
        Path("a.json").write_text(form_text(form), encoding="utf-8")
        run = lintperf("check", "a.json", "--select", "LP505,LP006", "--format", "json", "--persona", "reviewer")
        document = json.loads(run.out)["documents"][0]
        assert len(document["suppressed"]) == (count == 4)
        assert codes(document) == ([] if count == 4 else [("LP505", "note")])


def test_findings_that_compare_documents_are_suppressed_in_the_document(lintperf: Lintperf) -> None:
    form = clean_form(1, 8)
    for number, name in enumerate(("a.json", "b.json")):
        heading = {**form["heading"], "project": f"社区图书角{number}"}
        ignore = {"ignore": [{"code": code, "reason": REASON} for code in ("LP901", "LP902", "LP903")]}
        Path(name).write_text(form_text({**form, "heading": heading, "lintperf": ignore}), encoding="utf-8")
    run = lintperf("check", ".", "--select", "LP9,LP006", "--persona", "auditor", "--format", "json", "--no-config")
    log = json.loads(run.out)
    assert (log["across"]["findings"], run.code) == ([], 0)
    held = log["across"]["suppressed"]
    assert {(each["path"], each["suppression"]["reason"]) for each in held} == {("b.json", REASON)}
    assert log["summary"]["ignored"] == len(held) > 0
    # whether an entry for such a rule is needed depends on which files are checked: nothing is said of the others
    assert all(document["findings"] == [] for document in log["documents"])
    assert "条已忽略" in lintperf("check", ".", "--select", "LP9", "--persona", "auditor", "--format", "text").out
