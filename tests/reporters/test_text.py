"""The report for people: what it must never do and what it must always say."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lintperf_builtin.reporters.layout import display_width
from lintperf_builtin.reporters.text import write

from lintperf.model import CellPlace, Coverage, Finding, Fix, Notification, Related, Text, TextPlace
from lintperf.results import DocumentResult, FileResult

from .conftest import Written
from .sample import FORM, HOSTILE, bound_finding, counted, files, rate_finding, view

PLACE = TextPlace(0, 4, 0, 8, 4, 8)


def one(*findings: Finding, path: str = "a.json", **others: Any) -> list[FileResult]:
    return [FileResult(path, [DocumentResult(0, FORM, "社区图书角", list(findings), Coverage(58), **others)])]


def text_of(run: list[FileResult], lang: Any = "zh", **others: Any) -> str:
    return "".join(write(counted(run), view(lang, **others)))


def test_no_control_character_of_a_document_reaches_the_terminal() -> None:
    finding = bound_finding(HOSTILE, PLACE, None, HOSTILE, row=HOSTILE, snippet=HOSTILE)
    shown = text_of([FileResult(HOSTILE, [DocumentResult(0, FORM, HOSTILE, [finding], Coverage(1))])], explain=True)
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", shown)


def test_color_wraps_what_is_printed_and_changes_nothing_else() -> None:
    plain, colored = text_of(files()), text_of(files(), color=True)
    assert "\033" not in plain
    assert "\033[1;31merror\033[0m" in colored
    assert re.sub("\033\\[[0-9;]*m", "", colored).split() == plain.split()


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.text(max_size=60),
    st.text(max_size=60),
    st.integers(40, 140),
    st.sampled_from(["zh", "en"]),
    st.booleans(),
)
def test_every_line_of_a_finding_fits_the_width(actual: str, row: str, width: int, lang: str, explain: bool) -> None:
    finding = bound_finding("a.docx", CellPlace(0, 14, 3), CellPlace(0, 14, 4), actual, row=row)
    shown = text_of(one(finding, path="a.docx"), lang, width=width, explain=explain, quiet=True)
    assert all(display_width(line) <= width for line in shown.splitlines())


@pytest.mark.parametrize(
    ("place", "exact", "lang", "shown"),
    [
        (CellPlace(0, 5, 5), True, "zh", "表1 第6行「年度资金总额」"),
        (CellPlace(0, 5, 5), True, "en", "table 1 row 6 “年度资金总额”"),
        (CellPlace(0, 5, 5), False, "zh", "所在 表1 第6行「年度资金总额」"),
        (CellPlace(0, 5, 5), False, "en", "in table 1 row 6 “年度资金总额”"),
        (PLACE, True, "zh", "第1行第5列「年度资金总额」"),
        (PLACE, True, "en", "line 1 column 5 “年度资金总额”"),
        (None, True, "zh", " 「年度资金总额」"),
    ],
)
def test_places_count_from_one_and_say_when_they_only_enclose(place: Any, exact: bool, lang: Any, shown: str) -> None:
    assert shown in text_of(one(rate_finding("a.docx", place, exact=exact)), lang)


def test_a_cell_without_a_table_of_its_row_says_its_column() -> None:
    assert "表1 第6行第6列「年度资金总额」" in text_of(one(rate_finding("a.docx", CellPlace(0, 5, 5), cells=())))


def test_amounts_are_separated_and_scores_are_not() -> None:
    finding = rate_finding("a.json", PLACE, cells=(("annual", Decimal("1234567.8")), ("score", Decimal("1234.50"))))
    shown = text_of(one(finding))
    assert "1,234,567.8" in shown
    assert " 1234.50" in shown


def test_a_blank_cell_in_question_is_shown_as_blank() -> None:
    shown = text_of(one(bound_finding("a.json", PLACE, None, "")))
    assert "（空）" in shown
    assert "------" in shown


def test_where_to_read_more_is_said_once_a_rule() -> None:
    run = one(*(rate_finding("a.json", TextPlace(n, 0, n, 4, 0, 4)) for n in range(5)))
    shown = text_of(run)
    assert shown.count("lintperf rule LP301") == 1
    assert shown.count("执行率写为") == 5


def test_related_places_outside_the_row_are_named_and_bounded() -> None:
    related = tuple(Related(f"/indicators/{n}/score", CellPlace(0, n, 6)) for n in range(5))
    shown = text_of(one(rate_finding("a.docx", CellPlace(0, 5, 5), related=related)), width=100)
    assert "另见  表1 第1行第7列 得分、表1 第2行第7列 得分、表1 第3行第7列 得分 等 5 处" in shown


def test_the_value_of_a_fix_is_shown_and_unsafe_ones_are_said_to_be_so() -> None:
    fixes = [Fix("/x", Decimal("0.850"), True, PLACE), Fix("/x", "≥95%", False, CellPlace(0, 0, 0))]
    shown = text_of(one(*(rate_finding("a.json", PLACE, fix=fix) for fix in fixes)))
    assert shown.count("可改为") == 2
    assert "可改为 0.850\n" in shown
    assert "可改为 ≥95%，须复核\n" in shown


@pytest.mark.parametrize(
    ("lang", "shown"),
    [
        (
            "zh",
            "没有发现问题：已检查 1 份文档，2 条未显示（--persona reviewer 查看），1 条已忽略。\n"
            "检查规则 58 条，不适用 0 条，跳过 0 条。\n",
        ),
        (
            "en",
            "Nothing found: 1 document checked, 2 hidden (see --persona reviewer), 1 ignored.\n"
            "58 rules, 0 not applicable, 0 skipped.\n",
        ),
    ],
)
def test_a_clean_document_gets_a_friendly_line_and_what_was_done(lang: Any, shown: str) -> None:
    assert text_of(one(hidden=2, ignored=1), lang) == shown


@pytest.mark.parametrize(("lang", "shown"), [("zh", "没有可检查的文档。\n"), ("en", "No document to check.\n")])
def test_nothing_to_check_does_not_look_like_a_clean_document(lang: Any, shown: str) -> None:
    assert text_of([], lang) == shown


def test_failures_of_the_tool_and_skipped_rules_are_said_with_their_reason() -> None:
    coverage = Coverage(1, (), (("LP703", "没有清单"),))
    run = [
        FileResult(
            "a.json",
            [DocumentResult(0, FORM, None, [], coverage)],
            [Notification("a.json", 0, "LP301", Text("出错", "crashed"))],
        )
    ]
    assert text_of(run).endswith("工具自身出错 1 处，结果不完整。\n跳过 LP703：没有清单\n")


def test_quiet_leaves_the_findings_and_nothing_else(written: Written) -> None:
    quiet, whole = written("text", view("zh", quiet=True)), written("text", view("zh"))
    assert whole.startswith(quiet)
    assert "检查规则" in whole.removeprefix(quiet)
    assert text_of(one(), quiet=True) == ""


def test_statistics_list_the_most_frequent_code_first() -> None:
    shown = text_of(files(), statistics=True, quiet=True)
    assert shown.endswith(
        "  3  LP301  执行率计算错误\n"
        "  2  LP402  严格不等号恰好相等仍得满分\n"
        "  1  LP001  文件无法读取\n"
        "  1  LP807  总体目标没有数字\n\n"
    )
