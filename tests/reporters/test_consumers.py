"""JUnit XML, GitLab's code quality, rdjson and GitHub's commands, as those who read them see them."""

from __future__ import annotations

import io
import json
import re
import tracemalloc
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from junitparser import JUnitXml
from lintperf_builtin.reporters.layout import clean, visible
from lintperf_builtin.reporters.paths import from_root
from lxml import etree

from lintperf.extension import Source
from lintperf.model import (
    CellPlace,
    Coverage,
    Finding,
    Lang,
    Notification,
    Related,
    SheetPlace,
    Suppression,
    Text,
    TextPlace,
)
from lintperf.pipeline import check_source, open_session, rules_of
from lintperf.policy import Policy
from lintperf.results import DocumentResult, FileResult, View, Wanted

from .conftest import WRITERS, Written
from .sample import FORM, HOSTILE, bound_finding, counted, files, rate_finding, view
from .workflow_commands import parsed

HERE = Path(__file__).parent
JUNIT = etree.XMLSchema(etree.parse(HERE / "junit-10.xsd"))
SCHEMAS = {
    name: jsonschema.Draft202012Validator(json.loads((HERE / file).read_text(encoding="utf-8")))
    for name, file in (("gitlab", "gitlab-codequality-schema.json"), ("rdjson", "rdjson-schema.json"))
}
PLACE = TextPlace(0, 4, 0, 8, 4, 8)
FAILURE = Notification("a.json", 0, "LP301", Text("规则 LP301 出错", "rule LP301 crashed"))
# text of any kind, and much of what formats have a meaning for
TEXTS = st.text(max_size=60) | st.text(
    st.sampled_from("<>&\"'`|*_[](){}#@!~$%:;,=/\\\n\r\t\x00\x0b\x1b\x9b\u202e￾\ud800 a1表")
)


def run_of(*findings: Finding, path: str = "a.json", title: str = "社区图书角", **others: Any) -> list[FileResult]:
    return [FileResult(path, [DocumentResult(0, FORM, title, list(findings), Coverage(58), **others)])]


def report(name: str, run: list[FileResult], lang: Lang = "zh") -> str:
    return "".join(WRITERS[name](counted(run), view(lang)))


def suites(text: str) -> Any:
    root = etree.parse(io.BytesIO(text.encode("utf-8")))
    JUNIT.assertValid(root)
    return root.getroot()


# ---- the sample run, whole


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_junit_is_valid_and_counts_right(written: Written, lang: Any) -> None:
    root = suites(written("junit", view(lang)))
    for suite in root:
        cases = suite.findall("testcase")
        assert int(suite.get("tests")) == len(cases)
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("skipped")) == len(suite.findall("testcase/skipped"))
        assert int(suite.get("errors")) == len(suite.findall("testcase/error"))
        names = [(case.get("classname"), case.get("name")) for case in cases]
        assert len(set(names)) == len(names)
    assert [suite.get("name") for suite in root] == [file.path for file in files()[:4]]
    assert len(root.findall(".//failure")) == sum(len(d.findings) for file in files() for d in file.documents)


def test_junit_is_read_by_a_reader_of_it(written: Written) -> None:
    read = JUnitXml.fromstring(written("junit", view("zh")).encode())
    cases = [case for suite in read for case in suite]
    assert [type(result).__name__ for case in cases for result in case.result] == ["Failure"] * 7 + ["Error"]
    assert sum(case.is_passed for case in cases) == 1
    assert cases[0].result[0].type == "error"
    assert cases[0].result[0].message == (
        "「年度资金总额」执行率写为 0.95，应为 0.85（731,000.00 ÷ 860,000.00），相差 0.10。"
    )


@pytest.mark.parametrize("name", sorted(SCHEMAS))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_json_of_others_fits_their_schema(written: Written, name: str, lang: Any) -> None:
    assert [error.message for error in SCHEMAS[name].iter_errors(json.loads(written(name, view(lang))))] == []


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_the_schemas_can_fail(written: Written, name: str) -> None:
    log = json.loads(written(name, view("zh")))
    first = log[0] if isinstance(log, list) else log["diagnostics"][0]
    for key in list(first):
        if key in ("suggestions", "related_locations"):
            continue
        value = first.pop(key)
        assert not SCHEMAS[name].is_valid(log), key
        first[key] = value
    assert SCHEMAS[name].is_valid(log)
    first["extra"] = 1
    assert not SCHEMAS[name].is_valid(log)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_runner_reads_every_command(written: Written, lang: Any) -> None:
    lines = written("github", view(lang)).splitlines()
    commands = [parsed(line) for line in lines]
    assert None not in commands
    assert [command.name for command in commands if command] == [
        "error", "warning", "notice", "error", "warning", "error", "error", "error",
    ]  # fmt: skip
    for command in commands:
        assert command is not None
        assert set(command.properties) <= {"file", "line", "endLine", "col", "endColumn", "title"}
        assert command.properties["file"] in {file.path for file in files()}
        assert all(command.properties[key].isdecimal() for key in command.properties if key not in ("file", "title"))


# ---- texts that try to break out


@given(TEXTS, TEXTS, TEXTS)
def test_junit_holds_any_text(path: str, row: str, actual: str) -> None:
    run = run_of(bound_finding(path or "a", PLACE, None, actual, row=row), path=path or "a", title=row)
    run[0].notifications.append(FAILURE._replace(path=path, text=Text(actual, actual)))
    text = report("junit", run)
    assert len(suites(text)[0]) == 2
    assert ElementTree.fromstring(text.encode()).tag == "testsuites"


@given(TEXTS, TEXTS, TEXTS, st.sampled_from(sorted(SCHEMAS)))
def test_json_of_others_holds_any_text(path: str, row: str, actual: str, name: str) -> None:
    run = run_of(bound_finding(path or "a", PLACE, None, actual, row=row), path=path or "a", title=row)
    run[0].notifications.append(FAILURE._replace(path=path or "a", text=Text(actual, actual)))
    text = report(name, run)
    assert SCHEMAS[name].is_valid(json.loads(text))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", text)


@given(TEXTS, TEXTS, TEXTS)
def test_the_runner_gets_any_text_back(path: str, row: str, actual: str) -> None:
    path = f"f{path}"
    line = report("github", run_of(bound_finding(path, PLACE, None, actual, row=row), path=path))
    assert line.endswith("\n")
    assert len(line.splitlines()) == 1
    command = parsed(line[:-1])
    assert command is not None
    assert command.name == "warning"
    assert visible(command.properties["file"]) == visible(from_root()(path))
    assert clean(actual)[:100].split("…")[0].rstrip() in clean(command.data)


# ---- JUnit


def test_alike_findings_of_a_document_have_names_of_their_own_which_no_place_changes() -> None:
    def names(line: int) -> list[str]:
        place = TextPlace(line, 4, line, 8, 4, 8)
        found = (rate_finding("a.json", place), rate_finding("a.json", place), bound_finding("a.json", place, None))
        return [case.get("name") for case in suites(report("junit", run_of(*found)))[0]]

    assert names(0) == [
        "LP301 执行率计算错误 · 年度资金总额 · 执行率",
        "LP301 执行率计算错误 · 年度资金总额 · 执行率 (2)",
        "LP402 严格不等号恰好相等仍得满分 · 苗木成活率 · 年度指标值",
    ]
    assert names(9) == names(0)


def test_junit_says_cells_as_people_do() -> None:
    run = run_of(rate_finding("a.xlsx", SheetPlace("自评表", "G12")), path="a.xlsx")
    failure = suites(report("junit", run)).find(".//failure")
    assert failure.text.splitlines() == [
        "a.xlsx:自评表!G12",
        "「年度资金总额」执行率写为 0.95，应为 0.85（731,000.00 ÷ 860,000.00），相差 0.10。",
        "位置：自评表!G12",
        "依据：财预〔2020〕10号",
        "建议：按全年执行数 ÷ 全年预算数重新计算。",
    ]


def test_what_the_document_suppresses_is_skipped_with_its_reason() -> None:
    why = Suppression("in_source", "/lintperf/ignore/0", "县里另有规定\x07", "2026-12-31", "审核员")
    held = (rate_finding("a.json", PLACE), Suppression("external"))
    run = run_of(suppressed=[(bound_finding("a.json", PLACE, None), why), held])
    (suite,) = suites(report("junit", run))
    assert [suite.get(each) for each in ("tests", "failures", "errors", "skipped")] == ["2", "0", "0", "1"]
    skipped = suite.find("testcase/skipped")
    assert skipped.get("message") == "县里另有规定␇（至 2026-12-31）"
    assert skipped.text.startswith("a.json:1:5 “苗木成活率”的实际值 95%")


def test_what_the_comparison_found_has_a_suite_of_its_own_and_foreign_files_have_none() -> None:
    run = [*run_of(), FileResult("package.json", skipped=True), *run_of(goal := bound_finding("a.json", PLACE, None))]
    run[2].across = True
    root = suites(report("junit", run, "en"))
    assert [(suite.get("name"), suite.get("tests"), suite.get("failures")) for suite in root] == [
        ("a.json", "1", "0"),
        ("a.json (compared with the other documents of this run)", "1", "1"),
    ]
    assert goal.code in root[1][0].get("name")


# ---- GitLab


def test_fingerprints_are_one_a_finding_and_stay_where_lines_move(folder: Path) -> None:
    def prints(line: int) -> list[str]:
        place = TextPlace(line, 4, line, 8, 4, 8)
        run = [
            each
            for path in ("a.json", "b.json")
            for each in run_of(*(rate_finding(path, place) for _ in range(2)), path=path)
        ]
        run[0].notifications += [FAILURE, FAILURE]
        return [item["fingerprint"] for item in json.loads(report("gitlab", run))]

    assert len(set(prints(0))) == 6
    assert prints(0) == prints(7)


def test_paths_are_from_the_root_of_the_repository(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / ".git").mkdir()
    (folder / "unit" / "2023").mkdir(parents=True)

    def path(name: str) -> str:
        run = run_of(rate_finding(name, PLACE), path=name)
        (item,) = json.loads(report("gitlab", run))
        command = parsed(report("github", run))
        assert command is not None
        assert command.properties["file"] == item["location"]["path"]
        return item["location"]["path"]

    assert path("./unit//a.json") == "unit/a.json"
    monkeypatch.chdir(folder / "unit" / "2023")
    assert path("a.json") == "unit/2023/a.json"
    assert path("../a.json") == "unit/a.json"
    assert path(str(folder / "unit" / "b.json")) == "unit/b.json"
    assert path("/elsewhere/c.json") == "/elsewhere/c.json"


def test_gitlab_gets_lines_and_reads_of_cells(folder: Path) -> None:
    cell, lines, failure = json.loads(
        report(
            "gitlab",
            [
                *run_of(rate_finding("a.docx", CellPlace(0, 5, 5)), path="a.docx"),
                *run_of(rate_finding("a.json", TextPlace(11, 0, 13, 2, 0, 90))),
                FileResult("a.json", notifications=[FAILURE]),
            ],
        )
    )
    assert cell["location"]["lines"] == {"begin": 1}
    assert cell["description"].endswith("相差 0.10。（表1 第6行第6列）")
    assert lines["location"]["lines"] == {"begin": 12, "end": 14}
    assert (failure["severity"], failure["description"]) == ("critical", "lintperf LP301: 规则 LP301 出错")
    assert [item["severity"] for item in json.loads(report("gitlab", files()))] == [
        "major", "minor", "info", "major", "minor", "major", "major", "critical",
    ]  # fmt: skip


# ---- rdjson


SESSION = open_session()
FORM_TEXT = (
    '{"type": "self-evaluation", "project": {"name": "绿道养护😀"},\n'
    ' "funds": {"rows": [{"label": "年度资金总额", "kind": "total", "annual": 860000.00, "executed": 731000.00,'
    ' "weight": 10, "rate": 0.95, "score": 9.50}]}}\n'
)


def checked(name: str, text: str, source: bool = True) -> Any:
    """What rdjson says of a file."""
    policy = Policy()
    result = check_source(SESSION, Source(name, text.encode()), policy, wanted=Wanted(source=source))
    types = SESSION.extensions.types
    shown = View(
        "zh",
        rules_of(SESSION, policy, [None, *types]),
        lambda _type, path: path,
        lambda _type, _path: None,
        "",
        "",
        "0",
    )
    return json.loads("".join(WRITERS["rdjson"](counted([result]), shown)))["diagnostics"]


def characters(text: str, range_: Any) -> str:
    """What a range of lines and byte columns holds, within one line."""
    start, end = range_["start"], range_["end"]
    assert start["line"] == end["line"]
    line = text.split("\n")[start["line"] - 1].encode()
    return line[start["column"] - 1 : end["column"] - 1].decode()


@pytest.mark.parametrize("name", ["a.json", "a.yaml"])
def test_columns_count_bytes_and_a_suggestion_replaces_the_value(name: str) -> None:
    (rate,) = (each for each in checked(name, FORM_TEXT) if each["code"]["value"] == "LP301")
    assert characters(FORM_TEXT, rate["location"]["range"]) == "0.95"
    (suggestion,) = rate["suggestions"]
    assert characters(FORM_TEXT, suggestion["range"]) == "0.95"
    assert suggestion["text"] == "0.85"
    line, (start, end) = suggestion["range"]["start"]["line"], (suggestion["range"][each] for each in ("start", "end"))
    lines = [each.encode() for each in FORM_TEXT.split("\n")]
    before, after = lines[line - 1][: start["column"] - 1], lines[line - 1][end["column"] - 1 :]
    lines[line - 1] = before + suggestion["text"].encode() + after
    mended = checked(name, b"\n".join(lines).decode())
    assert "LP301" not in {each["code"]["value"] for each in mended}
    related = {characters(FORM_TEXT, each["location"]["range"]) for each in rate["related_locations"]}
    assert related == {"860000.00", "731000.00"}
    # 「绿道养护」is 12 bytes wide and stands before nothing here; the label of the row stands before the rate
    assert rate["location"]["range"]["start"]["column"] > FORM_TEXT.split("\n")[1].index("0.95") + 1


def test_without_the_text_there_are_lines_alone_and_no_suggestion() -> None:
    (rate,) = (each for each in checked("a.json", FORM_TEXT, source=False) if each["code"]["value"] == "LP301")
    assert rate["location"]["range"] == {"start": {"line": 2}, "end": {"line": 2}}
    assert "suggestions" not in rate


def test_a_cell_is_named_in_the_message_and_other_documents_by_path(folder: Path) -> None:
    finding = rate_finding(
        "a.docx",
        CellPlace(0, 5, 5),
        related=(
            Related("/funds/rows/0/annual", CellPlace(0, 5, 3)),
            Related("/funds/rows/0/annual", TextPlace(3, 2, 3, 8, 30, 36), path="b.json", title="古树保护"),
        ),
    )
    log = json.loads(report("rdjson", run_of(finding, path="a.docx", source=None)))
    (diagnostic,) = log["diagnostics"]
    assert diagnostic["message"].startswith("表1 第6行第6列：「年度资金总额」执行率写为 0.95，应为 0.85")
    assert diagnostic["location"] == {"path": "a.docx"}
    assert diagnostic["related_locations"] == [
        {"message": "表1 第6行第4列 全年预算数", "location": {"path": "a.docx"}},
        {
            "message": "全年预算数 (古树保护)",
            "location": {"path": "b.json", "range": {"start": {"line": 4}, "end": {"line": 4}}},
        },
    ]


@given(st.text(st.characters(codec="utf-8", exclude_characters='"\\'), max_size=20))
def test_byte_columns_of_any_text(label: str) -> None:
    label = json.dumps(label, ensure_ascii=False)[1:-1]
    text = FORM_TEXT.replace("年度资金总额", label)
    for each in checked("a.json", text):
        for range_ in (each["location"].get("range"), *(s["range"] for s in each.get("suggestions", ()))):
            if range_ is not None and range_["start"]["line"] == range_["end"]["line"]:
                characters(text, range_)  # fails where a column cuts a character in two


# ---- all of them


@pytest.mark.parametrize("name", ["junit", "gitlab", "rdjson", "markdown"])
def test_memory_does_not_grow_with_the_run(name: str) -> None:
    def many(count: int) -> Iterator[FileResult]:
        for number in range(count):
            path = f"forms/{number}.json"
            yield from run_of(*(bound_finding(path, PLACE, None, HOSTILE) for _ in range(3)), path=path)

    def peak(count: int) -> int:
        tracemalloc.start()
        for _piece in WRITERS[name](counted(many(count)), view("zh")):
            pass
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return peak

    peak(40)
    assert peak(240) < peak(80) + 40_000


def test_numbers_are_those_of_the_finding() -> None:
    finding = rate_finding("a.json", PLACE, found=Decimal("0.950"), expected=Decimal("0.850"))
    for name in ("junit", "gitlab", "rdjson", "markdown"):
        assert "0.950，应为 0.850" in report(name, run_of(finding))
