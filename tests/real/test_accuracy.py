"""The real forms: the same findings in every format, every `must` of our codes, no `must_not`, hardly a false alarm."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from lintperf.pipeline import open_session
from tests.real import accuracy

REAL = Path(__file__).parents[2].parent / "shared" / "real"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real forms are not beside the checkout")


@pytest.fixture(scope="module")
def by_format() -> dict[str, list[dict[str, Any]]]:
    session = open_session()
    return {kind: accuracy.findings(session, REAL, kind) for kind in accuracy.FORMATS}


@pytest.mark.parametrize("kind", [kind for kind in accuracy.FORMATS if kind != "docx"])
def test_every_format_gives_the_same_findings(by_format: dict[str, list[dict[str, Any]]], kind: str) -> None:
    assert accuracy.keys(by_format[kind]) == accuracy.keys(by_format["docx"])


def test_every_must_of_our_codes_is_found(by_format: dict[str, list[dict[str, Any]]]) -> None:
    program, _ = open_session().program(accuracy.POLICY, "self-evaluation")
    missed = re.findall(r"^MISS +must +\S+ +(form \S+ +(LP[0-9]+) .*)$", accuracy.score(REAL, by_format["docx"]), re.M)
    assert [line for line, code in missed if code in program.by_code] == []


def test_nothing_is_found_that_must_not_be(by_format: dict[str, list[dict[str, Any]]]) -> None:
    printed = accuracy.score(REAL, by_format["docx"])
    assert re.search(r"must_not broken +0 ", printed), printed
    right, whole = map(int, re.findall(r"precision \(E \+ W\) +([0-9]+)/([0-9]+)", printed)[0])
    assert right >= 0.95 * whole, printed
    assert re.search(r"notes not on the list 0", printed), printed


@pytest.mark.parametrize("kind", accuracy.REPORT_FORMATS)
def test_the_report(kind: str) -> None:
    printed = accuracy.score(REAL, accuracy.report_findings(open_session(), REAL, kind))
    assert re.search(r"together 17/17 = 100.0%", printed), printed
    assert re.search(r"must_not broken +0 ", printed), printed
    right, whole = map(int, re.findall(r"precision \(E \+ W\) +([0-9]+)/([0-9]+)", printed)[0])
    assert whole >= 25 and right >= 0.9 * whole, printed


def test_the_list_is_not_empty() -> None:
    expected = json.loads((REAL / "expected.json").read_text(encoding="utf-8"))
    assert len(accuracy.forms(REAL)) == 8
    assert set(map(str, accuracy.forms(REAL))) <= set(expected["forms"])
