"""A stranger's table: parameters of packs reach it, a crash is told, the command writes it."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from lintperf.document import Document
from lintperf.extension import Column, Subject, Table
from lintperf.hookspecs import hookimpl
from lintperf.model import Text
from lintperf.pipeline import Session, check_document, open_session
from lintperf.policy import Policy
from lintperf.results import Wanted

FORM = {"type": "self-evaluation", "heading": {"unit": "市文化馆"}, "indicators": [{"name": "图书"}, {"name": "座椅"}]}


def lengths(subject: Subject, parameters: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for row in subject.rows("indicators"):
        yield {"name": row["name"], "length": len(row["name"]), **parameters}


def crashing(subject: Subject) -> Iterator[Mapping[str, Any]]:
    yield {"name": subject.data["no such field"]}


NAME = Column("name", Text("名称", "Name"))
TABLES = [
    Table("lengths", "self-evaluation", (NAME,), lengths, Text("字数", "Lengths"), ("full_marks", "unknown")),
    Table("crashing", ("self-evaluation",), (NAME,), crashing, Text("出错", "Crashing")),
    Table("elsewhere", "evaluation-report", (NAME,), crashing, Text("别处", "Elsewhere")),
]


@pytest.fixture
def session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Session:
    monkeypatch.setenv("LINTPERF_CACHE_DIR", str(tmp_path))
    module = types.SimpleNamespace(lintperf_tables=hookimpl(lambda: TABLES))
    return open_session({"stranger": module})


def rows(session: Session, name: str, policy: Policy) -> tuple[dict[str, Any], list[str]]:
    crashes: list[Any] = []
    result = check_document(session, Document("a.json", FORM), policy, crashes, Wanted(tables=(name,)))
    return result.tables, [crash.text.zh for crash in crashes]


@pytest.mark.parametrize("fresh", [True, False])
def test_a_table_gets_the_parameters_that_its_packs_have(session: Session, fresh: bool) -> None:
    policy = Policy(parameters=(("full_marks", "120"),))
    if not fresh:  # the compiled rules come from the cache the second time
        rows(session, "lengths", policy)
        session.programs.clear()
    tables, crashes = rows(session, "lengths", policy)
    assert crashes == []
    assert tables["lengths"] == [
        {"name": "图书", "length": 2, "full_marks": 120}, {"name": "座椅", "length": 2, "full_marks": 120},
    ]  # fmt: skip


def test_a_crash_is_told_and_hides_no_finding(session: Session) -> None:
    tables, crashes = rows(session, "crashing", Policy())
    assert tables == {}
    assert crashes == ["表 crashing 计算出错（KeyError: 'no such field'）"]


def test_a_table_about_other_documents_has_no_rows(session: Session) -> None:
    assert rows(session, "elsewhere", Policy()) == ({}, [])
