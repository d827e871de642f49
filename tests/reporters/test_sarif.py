"""SARIF: valid by the official schema, true to the findings, harmless, and written as a stream."""

from __future__ import annotations

import json
import re
import tracemalloc
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from lintperf_builtin.reporters.sarif import log, write
from lintperf_builtin.reporters.sarif.context import Excerpts

from lintperf.document.lines import Lines
from lintperf.model import (
    CellPlace,
    Confidence,
    Coverage,
    Finding,
    Fix,
    Related,
    Severity,
    Suppression,
    Text,
    TextPlace,
)
from lintperf.results import DocumentResult, FileResult

from .conftest import Written
from .sample import FORM, HOSTILE, RULES, bound_finding, counted, files, rate_finding, rule, view

SCHEMA = json.loads(Path(__file__).with_name("sarif-schema-2.1.0.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft4Validator(SCHEMA)
PLACE = TextPlace(0, 4, 0, 8, 4, 8)


def log_of(*findings: Finding, path: str = "a.json", size: int | None = None, lang: Any = "zh", **others: Any) -> Any:
    run = [FileResult(path, [DocumentResult(0, FORM, "社区图书角", list(findings), Coverage(58))], size=size)]
    log = json.loads("".join(write(counted(run), view(lang, **others))), parse_float=Decimal)
    return log["runs"][0]


def uris(run: Any) -> list[str]:
    return [artifact["location"]["uri"] for artifact in run["artifacts"]]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_log_is_valid_by_the_official_schema(written: Written, lang: Any) -> None:
    log = json.loads(written("sarif", view(lang)))
    assert [error.message for error in VALIDATOR.iter_errors(log)] == []
    assert log["$schema"] == SCHEMA["id"]


def test_the_validator_can_fail(written: Written) -> None:
    log = json.loads(written("sarif", view("zh")))
    del log["runs"][0]["results"][0]["message"]
    assert not VALIDATOR.is_valid(log)


def test_an_empty_run_is_valid() -> None:
    assert VALIDATOR.is_valid(json.loads("".join(write(counted([]), view("en")))))


def test_every_level_is_said_even_where_it_is_the_schemas_default() -> None:
    """A result without a level would take its rule's: a warning of an error rule would turn into an error."""
    run = log_of(*(rate_finding("a.json", PLACE, severity=each) for each in (Severity.warning, Severity.note)))
    assert [result["level"] for result in run["results"]] == ["warning", "note"]
    levels = {each["id"]: each["defaultConfiguration"]["level"] for each in run["tool"]["driver"]["rules"]}
    assert levels == {"LP001": "error", "LP301": "error", "LP402": "warning", "LP807": "note"}


def test_regions_count_code_points_from_one() -> None:
    run = log_of(rate_finding("a.json", TextPlace(11, 16, 12, 0, 300, 304)))
    assert run["columnKind"] == "unicodeCodePoints"
    assert run["results"][0]["locations"][0]["physicalLocation"]["region"] == {
        "startLine": 12,
        "startColumn": 17,
        "endLine": 13,
        "endColumn": 1,
        "snippet": {"text": "0.95"},
    }


def test_an_office_file_has_its_cell_and_no_invented_line() -> None:
    location = log_of(rate_finding("a.docx", CellPlace(0, 5, 5)), path="a.docx", size=1234)["results"][0]["locations"][
        0
    ]
    words = "年度资金总额 │ 全年预算数 860000.00 │ 全年执行数 731000.00 │ 分值 10 │ 执行率 0.95 │ 得分 9.50"
    assert location["physicalLocation"]["region"] == {
        "byteOffset": 0,
        "byteLength": 1234,
        "snippet": {"rendered": {"text": words}},
    }
    assert "contextRegion" not in location["physicalLocation"]
    assert [(each["kind"], each["fullyQualifiedName"]) for each in location["logicalLocations"]] == [
        ("field", "社区图书角/年度资金总额/执行率"),
        ("row", "社区图书角/年度资金总额"),
        ("form", "社区图书角"),
        ("cell", "表1!R6C6"),
    ]


def test_numbers_are_numbers_with_their_decimals() -> None:
    text = "".join(write(counted(files()), view("zh")))
    assert '"found": 0.95, "expected": 0.85, "difference": 0.10' in text


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_message_strings_filled_with_the_arguments_give_the_text(lang: Any) -> None:
    run = log_of(rate_finding("a.json", PLACE), bound_finding("a.json", PLACE, None), lang=lang)
    for result in run["results"]:
        descriptor = run["tool"]["driver"]["rules"][result["ruleIndex"]]
        assert descriptor["id"] == result["ruleId"]
        message = result["message"]
        template = descriptor["messageStrings"][message["id"]]["text"]
        filled = template.format(*message["arguments"])
        assert filled.rstrip(".") == message["text"].rstrip("。.")


def test_the_other_language_is_a_translation_with_the_same_rules_and_placeholders() -> None:
    run = log_of(lang="zh")
    driver, translation = run["tool"]["driver"], run["translations"][0]
    assert (driver["language"], translation["language"]) == ("zh-CN", "en")
    assert [each["id"] for each in translation["rules"]] == [each["id"] for each in driver["rules"]]
    for own, other in zip(driver["rules"], translation["rules"], strict=True):
        for key, string in own["messageStrings"].items():
            numbers = [
                set(re.findall(r"\{\d\}", each)) for each in (string["text"], other["messageStrings"][key]["text"])
            ]
            assert numbers[0] == numbers[1]
    english = log_of(lang="en")
    assert english["tool"]["driver"]["rules"][1]["shortDescription"] == translation["rules"][1]["shortDescription"]


def test_a_hostile_argument_is_no_link_no_placeholder_and_no_escape_code() -> None:
    finding = bound_finding("a.json", PLACE, None, HOSTILE)
    message = log_of(finding)["results"][0]["message"]
    assert "\\[看](1) {{0}}" in message["text"]
    assert "\\[看](1) {{0}}" in message["arguments"][1]
    office = bound_finding("a.docx", CellPlace(0, 1, 1), None, HOSTILE)
    region = log_of(office, path="a.docx", size=9)["results"][0]["locations"][0]["physicalLocation"]["region"]
    assert "\\[看](1) {{0}}" in region["snippet"]["rendered"]["text"]
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", "".join(write(counted(files()), view("zh"))))


def test_braces_of_a_rules_own_text_are_no_placeholders() -> None:
    braced = rule("LP301", "x-y", Text("标题", "Title"), Text("{found} 与 {", "{found} and {"))
    run = log_of(rate_finding("a.json", PLACE), rules={"LP301": braced})
    assert run["tool"]["driver"]["rules"][0]["messageStrings"]["default"]["text"] == "'{0}' 与 {{."


def test_fixes_replace_json_text_and_nothing_else() -> None:
    fixes = [
        ("a.json", Fix("/x", Decimal("0.80"), True, PLACE, written="0.80"), "0.80"),
        ("a.yaml", Fix("/x", "8'0%", False, PLACE, written="'8''0%'"), "'8''0%'"),
        ("a.txt", Fix("/x", "80%", True, PLACE), None),
        ("a.docx", Fix("/x", "80%", True, CellPlace(0, 0, 0)), None),
    ]
    for path, fix, inserted in fixes:
        result = log_of(rate_finding(path, PLACE, fix=fix), path=path)["results"][0]
        if inserted is None:
            assert "fixes" not in result
            continue
        assert result["fixes"][0]["properties"] == {"safe": fix.safe}
        replacement = result["fixes"][0]["artifactChanges"][0]["replacements"][0]
        assert replacement["insertedContent"]["text"] == inserted
        assert replacement["deletedRegion"] == {"startLine": 1, "startColumn": 5, "endLine": 1, "endColumn": 9}


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("forms/绿道 养护.json", "forms/%E7%BB%BF%E9%81%93%20%E5%85%BB%E6%8A%A4.json"),
        ("./a//b/../c.json", "a/c.json"),
        ("a%b#c?d:e[f].json", "a%25b%23c%3Fd%3Ae%5Bf%5D.json"),
        ("-", "-"),
    ],
)
def test_relative_paths_become_uris_below_the_root(path: str, uri: str) -> None:
    run = log_of(path=path)
    assert uris(run) == [uri]
    assert run["artifacts"][0]["location"]["uriBaseId"] == "%SRCROOT%"
    assert "uri" not in run["originalUriBaseIds"]["%SRCROOT%"]
    assert "versionControlProvenance" not in run


def test_an_absolute_path_below_the_working_folder_is_relative_and_one_outside_is_a_file_uri(folder: Path) -> None:
    assert uris(log_of(path=str(folder / "forms" / "a.json"))) == ["forms/a.json"]
    assert str(folder) not in "".join(write(counted(files(str(folder / "forms"))), view("zh")))
    for outside in (str(folder.parent / "a.json"), "../a.json"):
        run = log_of(path=outside)
        assert uris(run) == [(folder.parent / "a.json").as_uri()]
        assert "uriBaseId" not in run["artifacts"][0]["location"]


def test_failures_of_the_tool_are_notifications_and_the_run_is_not_successful() -> None:
    run = json.loads("".join(write(counted(files()), view("en"))))["runs"][0]
    invocation = run["invocations"][0]
    assert invocation["executionSuccessful"] is False
    assert invocation["toolExecutionNotifications"][0]["message"]["text"] == "json: reading took more than 10 seconds"
    assert log_of()["invocations"] == [{"executionSuccessful": True}]


def test_a_file_of_which_only_some_documents_are_ours_keeps_their_results() -> None:
    ours = DocumentResult(1, FORM, None, [rate_finding("a.json", PLACE)], Coverage(1))
    file = FileResult("a.json", [ours], skipped=True)
    run = json.loads("".join(write(counted([file]), view("en"))))["runs"][0]
    assert (len(run["results"]), len(run["artifacts"])) == (1, 1)


def test_a_suppressed_finding_is_a_result_with_the_reason() -> None:
    finding = rate_finding("a.json", PLACE)
    document = DocumentResult(0, FORM, "社区图书角", [finding], Coverage(1))
    entry = Suppression("in_source", "/lintperf/ignore/0", "按批复保留", "2030-12-31", "王工")
    others = [rate_finding("a.json", PLACE) for _ in range(2)]
    document.suppressed = [(others[0], entry), (others[1], Suppression("external"))]
    run = json.loads("".join(write(counted([FileResult("a.json", [document])]), view("zh"))))["runs"][0]
    suppressions = [result.get("suppressions") for result in run["results"]]
    assert suppressions == [
        None,
        [
            {
                "kind": "inSource",
                "status": "accepted",
                "justification": "按批复保留",
                "properties": {"pointer": "/lintperf/ignore/0", "until": "2030-12-31", "author": "王工"},
            }
        ],
        [{"kind": "external", "status": "accepted"}],
    ]


def test_a_suppression_leaves_the_fingerprints_of_others_alone() -> None:
    first, second = (rate_finding("a.json", at(text)) for text in ("30", "12"))

    def prints(findings: list[Finding], suppressed: list[Any]) -> list[str]:
        document = DocumentResult(0, FORM, "社区图书角", findings, Coverage(1), suppressed=suppressed)
        run = json.loads("".join(write(counted([FileResult("a.json", [document])]), view("zh"))))["runs"][0]
        return [result["partialFingerprints"]["lintperf/v1"] for result in run["results"]]

    both = prints([first, second], [])
    assert len(set(both)) == 2
    assert prints([second], [(first, Suppression("external"))]) == both


def test_a_result_says_whether_a_baseline_holds_it() -> None:
    given: list[Any] = ["new", "unchanged", None]
    run = log_of(*(rate_finding("a.json", PLACE, baseline=each) for each in given))
    assert [result.get("baselineState") for result in run["results"]] == given


FORM_TEXT = """{
  "funds": {
    "rows": [
      {"annual": 30, "score": 1},
      {
        "annual": 12,
        "score": 2
      },
      {"annual": 9, "score": 3}
    ]
  },
  "goal": "GOAL"
}
""".replace("GOAL", "绿" * 3000)


def with_source(*findings: Finding, source: str = FORM_TEXT) -> Any:
    document = DocumentResult(0, FORM, "社区图书角", list(findings), Coverage(1), source=source)
    file = FileResult("a.json", [document], size=len(source.encode()), sha256="ab" * 32)
    return json.loads("".join(write(counted([file]), view("zh"))), parse_float=Decimal)["runs"][0]


def at(text: str, source: str = FORM_TEXT) -> TextPlace:
    offset = source.index(text)
    return Lines(source).place(offset, offset + len(text))


def physical(place: TextPlace, source: str = FORM_TEXT, **others: Any) -> Any:
    run = with_source(rate_finding("a.json", place, **others), source=source)
    assert VALIDATOR.is_valid({"version": "2.1.0", "runs": [run]})
    return run["results"][0]["locations"][0]["physicalLocation"]


def test_the_row_around_a_value_is_its_context() -> None:
    found = physical(at("12"))
    assert found["region"]["snippet"] == {"text": "12"}
    assert found["contextRegion"] == {
        "startLine": 5,
        "endLine": 8,
        "endColumn": 9,
        "snippet": {"text": '      {\n        "annual": 12,\n        "score": 2\n      },'},
    }
    assert physical(at("30"))["contextRegion"]["snippet"]["text"] == '      {"annual": 30, "score": 1},'


def test_the_context_of_yaml_is_the_item_of_the_list() -> None:
    source = "rows:\n- annual: 30\n  score: 1\n- annual: 12\n\n  score: 2\n- annual: 9\n"
    assert physical(at("12", source), source)["contextRegion"]["snippet"]["text"] == "- annual: 12\n\n  score: 2"
    assert physical(at("score: 1", source), source)["contextRegion"]["snippet"]["text"] == "- annual: 30\n  score: 1"


@pytest.mark.parametrize("line_break", ["\n", "\r\n", "\r"])
def test_a_value_without_a_row_has_some_lines_around_it(line_break: str) -> None:
    source = line_break.join(f"第{number}行" for number in range(9))
    found = physical(at("第4行", source), source)["contextRegion"]
    assert (found["startLine"], found["endLine"]) == (3, 7)
    assert found["snippet"]["text"] == line_break.join(f"第{number}行" for number in range(2, 7))
    assert physical(at("第0行", source), source)["contextRegion"]["endLine"] == 3


def test_of_a_long_line_some_characters_around_the_value_are_shown() -> None:
    source = '{"a": "' + "绿" * 2000 + '", "b": 7, "c": "' + "道" * 2000 + '"}'
    found = physical(at("7", source), source)["contextRegion"]
    assert len(found["snippet"]["text"]) == 241
    assert found["startLine"] == found["endLine"] == 1
    assert found["endColumn"] - found["startColumn"] == 241


def test_the_text_of_a_file_is_looked_through_once(monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[str] = []
    monkeypatch.setattr(log, "Excerpts", lambda source: opened.append(source) or Excerpts(source))
    documents = [
        DocumentResult(number, FORM, None, [rate_finding("a.json", at("12"))], Coverage(1), source=FORM_TEXT)
        for number in range(5)
    ]
    json.loads("".join(write(counted([FileResult("a.json", documents)]), view("zh"))))
    assert len(opened) == 1


def test_nothing_is_around_a_text_that_is_all_there_is() -> None:
    assert "contextRegion" not in physical(at("绿道", "绿道"), "绿道")


def test_an_enclosing_value_that_fills_the_screen_is_shown_by_its_first_line() -> None:
    whole = TextPlace(0, 0, 13, 0, 0, len(FORM_TEXT))
    found = physical(whole, exact=False)
    assert found["region"] == {
        "startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 2, "snippet": {"text": "{"},
    }  # fmt: skip
    assert found["contextRegion"]["endLine"] == 3
    # a value of its own is what the finding is about, however long it is: only what is shown of it is cut
    long = physical(at('"' + "绿" * 3000 + '"'))
    assert long["region"]["endColumn"] == 3013
    assert long["region"]["snippet"] == {"rendered": {"text": '"' + "绿" * 999 + "…"}}


def test_a_finding_that_follows_from_other_rows_leads_through_them() -> None:
    related = [Related(f"/funds/rows/{number}/annual", at(text)) for number, text in ((1, "12"), (2, "9"), (0, "30"))]
    settings = {"pointer": "/funds/rows/0/annual", "found": Decimal("30"), "expected": Decimal("21")}
    result = with_source(rate_finding("a.json", at("30"), related=tuple(related), **settings))["results"][0]
    (flow,) = result["codeFlows"]
    steps = [each["location"] for each in flow["threadFlows"][0]["locations"]]
    assert [(each["message"]["text"], each["physicalLocation"]["region"]["startLine"]) for each in steps] == [
        ("全年预算数 12", 6),
        ("全年预算数 9", 9),
        ("全年预算数 30 ≠ 21", 4),
    ]
    assert len(result["relatedLocations"]) == 3


@pytest.mark.parametrize(
    "settings",
    [{"related": ()}, {"expected": None}, {"expected": "21"}, {"place": CellPlace(0, 1, 1)}],
    ids=["one value", "nothing expected", "no number", "no lines"],
)
def test_no_way_is_shown_where_there_is_none(settings: Any) -> None:
    related = tuple(Related(f"/funds/rows/{number}/annual", at("12")) for number in (1, 2))
    result = with_source(rate_finding("a.json", **{"place": PLACE, "related": related, **settings}))["results"][0]
    assert "codeFlows" not in result


def test_related_places_beyond_what_code_scanning_takes_are_counted() -> None:
    many = tuple(Related(f"/indicators/{number}/score", PLACE) for number in range(1003))
    result = log_of(rate_finding("a.json", PLACE, related=many))["results"][0]
    assert (len(result["relatedLocations"]), result["properties"]["relatedLeftOut"]) == (1000, 3)


def test_a_file_is_known_by_its_digest() -> None:
    run = with_source(rate_finding("a.json", at("12")))
    assert run["artifacts"][0]["hashes"] == {"sha-256": "ab" * 32}


def test_the_log_says_how_it_counts_lines_and_what_category_it_is() -> None:
    run = log_of()
    assert run["newlineSequences"] == ["\r\n", "\n", "\r"]
    assert run["automationDetails"] == {"id": "lintperf/national/"}


def test_files_are_listed_once_and_results_point_to_them() -> None:
    run = json.loads("".join(write(counted(files()), view("zh"))))["runs"][0]
    assert len(run["artifacts"]) == 4
    for result in run["results"]:
        at = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert run["artifacts"][at["index"]]["location"]["uri"] == at["uri"]


def test_removed_rules_are_not_in_force() -> None:
    gone = rule("LP999", "gone", Text("无", "Gone"), Text("无。", "Gone."), status="removed")
    run = log_of(rules=RULES | {"LP999": gone})
    assert [each["id"] for each in run["tool"]["driver"]["rules"]] == sorted(RULES)


def test_rules_carry_what_code_scanning_reads() -> None:
    descriptor = log_of()["tool"]["driver"]["rules"][1]
    assert descriptor["name"] == "ExecutionRateMiscomputed"
    assert descriptor["properties"] == {
        "name": "execution-rate-miscomputed",
        "pack": "national",
        "confidence": Confidence.high.name,
        "precision": "high",
        "problem.severity": "error",
        "tags": ["accuracy", "national", FORM],
    }
    assert "财预〔2020〕10号" in descriptor["help"]["markdown"]
    assert descriptor["helpUri"] == "urn:lintperf:rule:LP301"


def test_a_rule_is_related_to_its_dimension_of_data_quality() -> None:
    run = log_of()
    (taxonomy,) = run["taxonomies"]
    assert run["tool"]["driver"]["supportedTaxonomies"] == [{"name": "data-quality", "index": 0}]
    assert [(each["id"], each["shortDescription"]["text"]) for each in taxonomy["taxa"]] == [
        ("accuracy", "准确性"),
        ("validity", "有效性"),
        ("completeness", "完整性"),
        ("consistency", "一致性"),
        ("timeliness", "及时性"),
    ]
    (relationship,) = run["tool"]["driver"]["rules"][1]["relationships"]
    assert relationship["kinds"] == ["superset"]
    assert taxonomy["taxa"][relationship["target"]["index"]]["id"] == relationship["target"]["id"] == "accuracy"
    assert relationship["target"]["toolComponent"] == {"name": "data-quality", "index": 0}
    assert "relationships" not in run["tool"]["driver"]["rules"][0]
    translated = run["translations"][1]
    assert translated["associatedComponent"] == {"name": taxonomy["name"]}
    assert [each["shortDescription"]["text"] for each in translated["taxa"]][:2] == ["Accuracy", "Validity"]


def test_names_of_rules_are_pascal_case_identifiers() -> None:
    odd = rule("LP106", "actual-is-a-bound", Text("标题", "Title"), Text("{found}", "{found}"))
    names = [each["name"] for each in log_of(rules={"LP106": odd})["tool"]["driver"]["rules"]]
    assert names == ["ActualIsaBound"]


def test_values_stand_in_single_quotes_and_lose_those_of_the_rule() -> None:
    quoted = rule("LP301", "x-y", Text("标题", "Title"), Text("“{row}”为 {found}，“{row}{field}”", "“{row}”: {found}"))
    run = log_of(rate_finding("a.json", PLACE), rules={"LP301": quoted})
    template = run["tool"]["driver"]["rules"][0]["messageStrings"]["default"]["text"]
    assert template == "'{0}'为 '{1}'，“'{0}''{2}'”."
    assert run["results"][0]["message"]["text"] == "'年度资金总额'为 '0.95'，“'年度资金总额''rate'”"


def test_results_are_not_held_in_memory() -> None:
    def many(count: int) -> Any:
        for number in range(count // 10):
            findings = [rate_finding("a.json", PLACE, row=f"第{number}行{n}") for n in range(10)]
            yield FileResult("a.json", [DocumentResult(0, FORM, None, findings, Coverage(1))])

    def peak(count: int) -> int:
        tracemalloc.start()
        for _ in write(counted(many(count)), view("zh")):
            pass
        used = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return used

    peak(10)
    # what stays is a line a file in the list of artifacts, not the results' 1.5 KB each
    assert peak(1000) - peak(100) < 900 * 150
