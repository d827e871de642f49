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
from lintperf_builtin.reporters.sarif import write

from lintperf.model import CellPlace, Confidence, Coverage, Finding, Fix, Severity, Text, TextPlace
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
    assert location["physicalLocation"]["region"] == {"byteOffset": 0, "byteLength": 1234}
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
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", "".join(write(counted(files()), view("zh"))))


def test_braces_of_a_rules_own_text_are_no_placeholders() -> None:
    braced = rule("LP301", "x-y", Text("标题", "Title"), Text("{found} 与 {", "{found} and {"))
    run = log_of(rate_finding("a.json", PLACE), rules={"LP301": braced})
    assert run["tool"]["driver"]["rules"][0]["messageStrings"]["default"]["text"] == "{0} 与 {{."


def test_fixes_replace_json_text_and_nothing_else() -> None:
    fixes = [
        ("a.json", Fix("/x", Decimal("0.80"), True, PLACE), "0.80"),
        ("a.json", Fix("/x", '8"0%', False, PLACE), '"8\\"0%"'),
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
        "tags": ["national", FORM],
    }
    assert "财预〔2020〕10号" in descriptor["help"]["markdown"]
    assert "helpUri" not in descriptor


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
