"""JSON, GitHub commands and concise lines: exactness and escaping."""

from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.reporters.places import field_path

from lintperf.document.exact import dumps, plain
from lintperf.document.places import short
from lintperf.model import CellPlace, Coverage, Severity, SheetPlace, Text, TextPlace
from lintperf.results import DocumentResult, FileResult

from .conftest import WRITERS
from .sample import FORM, HOSTILE, bound_finding, counted, rate_finding, view

PLACE = TextPlace(0, 4, 0, 8, 4, 8)
VALUES = st.recursive(
    st.none() | st.booleans() | st.text() | st.decimals(allow_nan=False, allow_infinity=False, places=3),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def report(name: str, *findings: Any, path: str = "a.json", lang: Any = "zh") -> str:
    run = [FileResult(path, [DocumentResult(0, FORM, "社区图书角", list(findings), Coverage(58))])]
    return "".join(WRITERS[name](counted(run), view(lang)))


@given(VALUES)
def test_dumps_is_json_that_reads_back_the_same(value: Any) -> None:
    assert json.loads(dumps(value), parse_float=Decimal, parse_int=Decimal) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("9.80"), "9.80"),
        (Decimal("0.10"), "0.10"),
        (Decimal("1E+3"), "1000"),
        (Decimal("1E-7"), "0.0000001"),
        (Decimal("12345678901234567890.123"), "12345678901234567890.123"),
        (Decimal("-0"), "-0"),
        (Severity.error, "3"),
        ("\x1b\x9b\u202e\ud800\u2028", '"\\u001b\\u009b\\u202e\\ud800\\u2028"'),
    ],
)
def test_numbers_keep_their_decimals_and_strings_are_harmless(value: Any, text: str) -> None:
    assert dumps(value) == text


def test_what_json_has_no_word_for_is_refused() -> None:
    with pytest.raises(ValueError, match="NaN"):
        dumps(Decimal("NaN"))
    with pytest.raises(TypeError, match="object"):
        dumps(object())


def test_plain_values_of_a_finding() -> None:
    assert plain((Text("一", "one"), Decimal("NaN"), {"a": SheetPlace}), "en")[:2] == ["one", "NaN"]


def test_json_has_exactly_the_promised_members() -> None:
    log = json.loads(report("json", rate_finding("a.json", PLACE)))
    assert list(log) == ["version", "documents", "across", "notifications", "summary", "ruleset"]
    assert log["across"] == {"documents": 0, "rules_run": [], "findings": [], "suppressed": []}
    document = log["documents"][0]
    assert list(document) == ["path", "type", "title", "findings", "suppressed", "coverage", "ruleset"]
    assert " ".join(document["findings"][0]) == (
        "code name severity message document row field pointer location found expected difference basis remedy"
        " confidence related fix origin"
    )
    assert list(document["coverage"]) == ["rules_run", "rules_not_applicable", "rules_skipped"]
    assert " ".join(log["summary"]) == (
        "files documents errors warnings notes hidden ignored skipped_files notifications"
    )


@pytest.mark.parametrize(
    ("place", "location"),
    [
        (PLACE, {"line": 1, "column": 5, "end_line": 1, "end_column": 9}),
        (CellPlace(0, 5, 5), {"table": 1, "row": 6, "column": 6}),
        (SheetPlace("自评表", "G12"), {"sheet": "自评表", "cell": "G12"}),
        (None, None),
    ],
)
def test_json_locations_count_from_one(place: Any, location: Any) -> None:
    log = json.loads(report("json", rate_finding("a.json", place)))
    assert log["documents"][0]["findings"][0]["location"] == location


def test_json_keeps_hostile_text_whole() -> None:
    text = report("json", bound_finding("a.json", PLACE, None, HOSTILE))
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", text)
    assert json.loads(text)["documents"][0]["findings"][0]["found"] == HOSTILE


def test_github_escapes_what_would_end_a_command() -> None:
    path = "a,b:c%\n::warning::x.json"
    lines = report("github", bound_finding(path, PLACE, None, HOSTILE), path=path).splitlines()
    assert len(lines) == 1
    assert lines[0].startswith(
        "::warning file=a%2Cb%3Ac%25%0A%3A%3Awarning%3A%3Ax.json,line=1,endLine=1,col=5,endColumn=9,title=LP402 "
    )
    assert "%25␛[31m红" in lines[0]


def test_github_gives_no_columns_for_several_lines_and_no_line_for_a_cell() -> None:
    several = report("github", rate_finding("a.json", TextPlace(0, 4, 2, 1, 0, 9)))
    assert several.startswith("::error file=a.json,line=1,endLine=3,title=")
    cell = report("github", rate_finding("a.docx", CellPlace(0, 5, 5)), lang="en")
    assert cell.startswith("::error file=a.docx,title=LP301 Execution rate miscomputed (table 1 row 6 column 6)::")


@pytest.mark.parametrize(
    ("place", "start"),
    [
        (PLACE, "a.x:1:5: error LP301 [execution-rate-miscomputed] The rate"),
        (CellPlace(0, 11, 6), "a.x:表1!R12C7: error LP301 "),
        (SheetPlace("Sheet1", "G12"), "a.x:Sheet1!G12: error LP301 "),
        (None, "a.x: error LP301 "),
    ],
)
def test_concise_lines(place: Any, start: str) -> None:
    assert report("concise", rate_finding("a.x", place), lang="en").startswith(start)


def test_concise_is_one_line_a_finding_whatever_the_text() -> None:
    text = report("concise", bound_finding(HOSTILE, PLACE, None, HOSTILE), path=HOSTILE)
    assert len(text.splitlines()) == 1
    assert "\x1b" not in text


@pytest.mark.parametrize(
    ("pointer", "path"),
    [
        ("/funds/rows/0/rate", "funds.rows.rate"),
        ("/indicators/12", "indicators"),
        ("/heading/others/3/te~1xt~0", "heading.others.te/xt~"),
        ("", ""),
    ],
)
def test_field_path(pointer: str, path: str) -> None:
    assert field_path(pointer) == path


def test_short_place() -> None:
    assert short(CellPlace(1, 0, 0)) == "表2!R1C1"
