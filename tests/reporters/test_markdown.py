"""The Markdown summary, as a renderer of tables reads it: what is told, what is counted, what nobody can smuggle in."""

from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.reporters.layout import clean
from markdown_it import MarkdownIt

from lintperf.model import Coverage, Finding, Lang, Notification, Text, TextPlace
from lintperf.results import BaselineTotals, DocumentResult, FileResult, SinceTotals

from .conftest import WRITERS, Written
from .sample import FORM, HOSTILE, bound_finding, counted, rate_finding, view

# html=True: a forge lets HTML through, so what is no markup must not look like it either
RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
PLACE = TextPlace(0, 4, 0, 8, 4, 8)
TEXTS = st.text(max_size=80) | st.text(
    st.sampled_from("<>&;\"'`|*_[](){}#@!~$%^=:/\\\n\r\t\x00-.1aw表😀\u202e"), max_size=80
)
ALLOWED = {"<details>", "</details>", "<summary>", "</summary>", "<sub>", "</sub>", "<code>", "</code>"}


def summary(*findings: Finding, lang: Lang = "zh", **others: Any) -> str:
    run = [FileResult("a.json", [DocumentResult(0, FORM, "社区图书角", list(findings), Coverage(58))], **others)]
    return "".join(WRITERS["markdown"](counted(run), view(lang)))


def rows(text: str) -> list[list[str]]:
    """The cells of all rows of tables as a reader sees them, without zero-width spaces."""
    found: list[list[str]] = []
    inside = ""
    for token in RENDERER.parse(text):
        if token.type == "tr_open":
            found.append([])
        elif token.type in ("td_open", "th_open"):
            inside = token.type
        elif token.type == "inline" and inside:
            assert {child.type for child in token.children} <= {"text", "code_inline", "html_inline", "text_special"}
            assert {child.content for child in token.children if child.type == "html_inline"} <= ALLOWED
            shown = "".join(child.content for child in token.children if child.type != "html_inline")
            found[-1].append(shown.replace("\u200b", ""))
            inside = ""
        elif token.type in ("td_close", "th_close"):
            inside = ""
    return found


def findings_of(text: str) -> list[list[str]]:
    return [row for row in rows(text) if row[0].startswith("LP")]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_sample_is_a_heading_and_two_tables(written: Written, lang: Any) -> None:
    text = written("markdown", view(lang))
    lines = findings_of(text)
    assert [line[0] for line in lines] == ["LP301", "LP301", "LP301", "LP001", "LP402", "LP402", "LP807"]
    assert lines[0][1] == "forms/绿道 养护.json:12:17"
    assert ["4", "错误" if lang == "zh" else "error", "LP301"][1:] == [rows(text)[1][1], rows(text)[1][2]]
    html = set(re.findall(r"<[^>]*>", RENDERER.render(text)))
    assert {tag for tag in html if re.match(r"</?(a|img|script|em|strong)\b", tag)} <= {"<strong>", "</strong>"}


@given(TEXTS, TEXTS, TEXTS)
def test_any_text_stays_text_in_its_cell(path: str, row: str, actual: str) -> None:
    path = f"f{path}"
    finding = bound_finding(path, PLACE, None, actual, row=row or None)
    (line,) = findings_of(summary(finding))
    assert len(line) == 3
    assert line[1] == clean(f"{path}:1:5")
    expected = clean(actual)
    assert (expected if len(expected) < 100 else expected[:90]) in line[2] or not expected


# what GitHub and GitLab turn into something else behind the Markdown: none of it may be left
REFERENCES = re.compile(
    r"@[A-Za-z0-9]|[#!$&~%](?=[A-Za-z0-9\"])|:[a-z0-9_+-]+:|https?://|ftp://|mailto:[^\u200b]|[wW]{3}\.[^\u200b]|GH-[0-9]"
)


@given(TEXTS)
@pytest.mark.parametrize(
    "sort", ["@all", "#12", "!3", "%4", "~5", "&6", "$7", ":tada:", "http://a.b", "www.a.b", "GH-1"]
)
def test_nobody_is_mentioned_and_nothing_linked(sort: str, around: str) -> None:
    (line,) = re.findall(r"^\| LP402.*$", summary(bound_finding("a.json", PLACE, None, f"{around}{sort} {sort}")), re.M)
    shown = RENDERER.renderInline(line.split("|")[3])
    for entity, character in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&amp;", "&")):
        shown = shown.replace(entity, character)
    assert not REFERENCES.search(shown), shown


def test_errors_come_first_a_hundred_at_most_and_the_rest_is_counted() -> None:
    many = [bound_finding("a.json", PLACE, None, str(number)) for number in range(120)]
    errors = [rate_finding("a.json", TextPlace(number, 0, number, 1, 0, 1)) for number in range(30)]
    text = summary(*many, *errors)
    lines = findings_of(text)
    assert [line[0] for line in lines] == ["LP301"] * 30 + ["LP402"] * 70
    assert [line[1] for line in lines[:2]] == ["a.json:1:1", "a.json:2:1"]
    assert "\n以上列出 100 条，另有 50 个警告没有列出。\n" in text
    assert "<summary>其余 80 条</summary>" in text
    assert "### lintperf · 1 份文档：30 个错误，120 个警告\n" in text
    assert "\n100 listed above, 50 warnings not listed.\n" in summary(*many, *errors, lang="en")


def test_a_hundred_are_not_said_to_be_cut() -> None:
    assert "没有列出" not in summary(*(rate_finding("a.json", PLACE) for _ in range(100)))


def test_the_whole_stays_below_the_smallest_limit_whatever_the_texts() -> None:
    long = "|@x😀" * 2000
    failures = [Notification(long, 0, long, Text(long, long)) for _ in range(50)]
    many = [bound_finding(long, PLACE, None, long, row=long) for _ in range(300)]
    text = summary(*many, notifications=failures)
    assert 30_000 < len(text.encode("utf-16-le")) // 2 < 65_000
    assert len(findings_of(text)) < 100
    assert f"另有 {300 - len(findings_of(text))} 个警告没有列出" in text


def test_failures_of_the_tool_stand_before_everything() -> None:
    text = summary(notifications=[Notification("a.json", 0, "json", Text("读取用时超过 10 秒", "too slow"))])
    assert text.startswith(
        "### lintperf · 没有发现问题：已检查 1 份文档\n\n> **工具自身出错，结果不完整**\n>\n"
        "> - a.json: json: 读取用时超过 10 秒\n"
    )


def test_nothing_found_and_nothing_there() -> None:
    assert summary(lang="en").startswith("### lintperf · Nothing found: checked 1 document\n")
    empty = "".join(WRITERS["markdown"](counted([]), view("zh")))
    assert empty.startswith("### lintperf · 没有可检查的文档\n")


def test_hostile_text_as_a_reader_sees_it() -> None:
    (line,) = findings_of(summary(bound_finding("a.json", PLACE, None, HOSTILE)))
    assert "95%␛[31m红␛[0m, 第二 行::error::%0A [看](1) {0} **粗**" in line[2]


def test_what_a_baseline_and_a_revision_left_out_is_said() -> None:
    results = counted([FileResult("a.json", [DocumentResult(0, FORM, "社区图书角", [], Coverage(58))])])
    results.totals.baseline = BaselineTotals(unchanged={"LP301": 4}, absent={"LP301": 1})
    results.totals.since = SinceTotals("@main", 2, 3)
    text = "".join(WRITERS["markdown"](results, view("zh")))
    assert text.startswith("### lintperf · 没有新的问题：已检查 1 份文档\n")
    assert "\n基线中原有的 4 条未列出，1 条已消失（--update-baseline 更新基线）。\n" in text
    assert "\n自 @&#8203;main 起未改动的 2 个文件和原有的 3 条问题未列出。\n" in text
