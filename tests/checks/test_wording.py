"""Wording, citations, goals and explanations: any text is taken, in linear time, and the parts do what they say."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lintperf_builtin.checks.citations import Citation, citations_in
from lintperf_builtin.checks.goals import _compared, _too_unlike
from lintperf_builtin.facts.texts import excerpt, passages, states_remedy, together, without_markup
from rapidfuzz import fuzz

from lintperf.document import Document
from lintperf.pipeline import Session, check_document, open_session
from lintperf.policy import Policy
from lintperf.rules.subject import DocumentSubject

CODES = ("LP504", "LP509", "LP608", "LP609", "LP610", "LP618", "LP619", "LP620", "LP703")
CODES += ("LP801", "LP802", "LP803", "LP804", "LP805", "LP807", "LP809")
POLICY = Policy(persona="auditor", select=CODES)


@pytest.fixture(scope="module")
def session() -> Session:
    return open_session()


def found(session: Session, data: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Code and pointer of what the rules of wording find; no rule may fail on the way."""
    failed: list[Any] = []
    result = check_document(session, Document("form.json", dict(data)), POLICY, failed)
    assert failed == []
    return [(finding.code, finding.pointer) for finding in result.findings]


def form(expected: str, achieved: str, name: str = "绿道巡查次数", explanation: str = "") -> dict[str, Any]:
    row = {"level1": "产出指标", "level2": "数量指标", "name": name, "target": "60次", "actual": "42次"}
    return {
        "type": "self-evaluation",
        "heading": {},
        "funds": {"rows": []},
        "goals": {"expected": expected, "achieved": achieved},
        "indicators": [row | {"weight": 10, "score": 7, "explanation": explanation}],
        "total": {},
    }


def report(paragraphs: list[str]) -> dict[str, Any]:
    return {
        "type": "evaluation-report",
        "sections": [{"number": "一、", "title": "基本情况", "level": 1}],
        "paragraphs": [{"text": text, "section": 0} for text in paragraphs],
    }


PIECES = st.sampled_from(
    [
        *"《》“”（）()【】〔〕[]、，。；：\n <>养護务2次个项年的在",
        *("（一）", "1.", "一是", "2023年度", "四个方面", "三大类：", "财预〔2020〕10号", "财政部", "满意度", "未完成"),
        *("《项目支出绩效评价管理办法》", "有待", "完成", "<p>", "&nbsp;", "举办6场读书会", "绿道养护"),
    ]
)
TEXTS = st.lists(PIECES, max_size=40).map("".join)


@given(TEXTS, TEXTS, TEXTS, TEXTS)
@settings(max_examples=150, deadline=None)
def test_any_text_is_taken(session: Session, one: str, two: str, three: str, four: str) -> None:
    for code, pointer in [*found(session, form(one, two, three, four)), *found(session, report([one, two, three]))]:
        assert code in CODES
        assert pointer


HOSTILE: dict[str, Callable[[int], str]] = {
    "open brackets": lambda size: "（" * size,
    "quotes": lambda size: "“" * size,
    "titles": lambda size: "《绿道" * size,
    "citations": lambda size: "财政部《绿道办法》（财预〔2020〕10号）" * size,
    "lists": lambda size: "四个方面：一是" * size,
    "doubled": lambda size: "目的的" * size,
    "traditional": lambda size: "“養護”" * size,
    "numbers": lambda size: "举办6场读书会" * size,
    "items": lambda size: "（一）绿道养护" * size,
    "remedies": lambda size: "有待加强，" * size,
    "unfinished": lambda size: "绿道尚未完成，" * size,
}


@pytest.mark.parametrize("make", HOSTILE.values(), ids=HOSTILE)
def test_a_long_text_takes_little_time(session: Session, make: Callable[[int], str]) -> None:
    text = make(2400)[:19000]
    found(session, form("绿道", "绿道"))
    started = time.process_time()
    found(session, form(text, text[1:], "绿道巡查", text))
    found(session, report([text, text]))
    assert time.process_time() - started < 2


def test_a_citation_has_title_number_and_what_stands_before() -> None:
    text = "依据：财政部《绿道养护〈试行〉办法》（ 财预 [2020] 第10号 ）、《古树保护条例》。"
    first, second = citations_in(text)
    assert first == Citation("绿道养护〈试行〉办法", "财预〔2020〕10号", "财政部", text.index("《"))
    assert (second.title, second.number) == ("古树保护条例", "")


@pytest.mark.parametrize(
    ("text", "states"),
    [
        ("汛期封闭。今后将错峰巡查", True),
        ("已于2023年3月完成", True),
        ("未能在2023年3月完成", False),
        ("巡查有待加强", False),
        ("巡查有待加强，将增加频次", True),
        ("需要加强巡查", False),
        ("经费调剂用于围栏", False),
        ("", False),
    ],
)
def test_remedies(text: str, states: bool) -> None:
    assert states_remedy(text, ("将", "今后", "加强"), ("有待", "需要")) is states


def test_markup_leaves_all_places_where_they_were() -> None:
    text = "<p style='x'>绿道&nbsp;养护</p>成本<98万元"
    plain = without_markup(text)
    assert len(plain) == len(text)
    assert plain.split() == ["绿道", "养护", "成本<98万元"]


def test_an_excerpt_says_where_it_is_cut() -> None:
    assert excerpt("绿道", 0, 1) == "绿道"
    assert excerpt("一" * 20 + "绿" + "二" * 20, 20, 21) == f"…{'一' * 12}绿{'二' * 12}…"


def test_a_merged_text_is_reported_once(session: Session) -> None:
    data = form("养护绿道12公里。", "完成养护12公里。", explanation="图册》印刷延迟，今后将提前。")
    data["indicators"].append(dict(data["indicators"][0], name="步道清扫次数"))
    assert found(session, data) == [("LP610", "/indicators/0/explanation")]


_PARTS = ("绿道", "巡查", "60次", "已", "完成", "按计划", "1.", "（二）", "，", "。", "长椅", "36", "修缮", "A")
_GOAL = st.lists(st.sampled_from(_PARTS), max_size=25).map("".join)


@given(_GOAL, _GOAL, st.sampled_from(("0.5", "0.9")))
def test_texts_that_are_too_unlike_are_no_copies(expected: str, achieved: str, ratio: str) -> None:
    filler = ("已", "按计划", "完成")
    if _too_unlike(expected, achieved, filler, Decimal(ratio)):
        one, other = _compared(expected, filler), _compared(achieved, filler)
        assert fuzz.ratio(one, other) / 100 < float(ratio)


def test_one_look_at_all_texts_sees_each(session: Session) -> None:
    data = form("计划巡查60次。", "完成巡查42次。", explanation="因暴雨停工。")
    data |= {"notes": ["由养护站填报"], "tasks": [{"content": "修缮长椅", "result": "修缮36张"}]}
    subject = DocumentSubject("form.json", data, ())
    assert sorted(together(subject).split("\n")) == sorted({passage.text for passage in passages(subject)})
