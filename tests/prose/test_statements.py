"""The numbers of Chinese prose: what they are numbers of, how much, and where."""

from __future__ import annotations

import time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.facts.units import NAMES
from lintperf_builtin.prose.sentences import level
from lintperf_builtin.prose.statements import bare_noun, counted, period_of, stated, statements

D = Decimal


def read(text: str) -> list[tuple[str, str | None, Decimal | None, Decimal | None, str | None, str]]:
    """What a text states, without places."""
    return [(s.quantity, s.subject, s.value, s.upper, s.unit, s.qualifier) for s in stated(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("综合得分为98.5分", ("score", "综合得分", D("98.5"), None, "分", "exact")),
        ("经评价，古树保护项目绩效评价总得分 96 分，", ("score", "综合得分", D(96), None, "分", "exact")),
        ("绿道养护项目年初预算数80.5万元", ("money", "年初预算数", D(805000), None, "万元", "exact")),
        ("调整后预算为1,234,500.50元", ("money", "全年预算数", D("1234500.50"), None, "元", "exact")),
        ("截至2023年12月31日，项目实际支出0.8亿元", ("money", "实际支出", D(80000000), None, "亿元", "exact")),
        ("2023年度预算执行率为97.25％", ("percentage", "预算执行率", D("97.25"), None, "%", "exact")),
        ("百分之九十五", ("percentage", None, D(95), None, "%", "exact")),
        ("已组织开展绿道巡查36次", ("count", "绿道", D(36), None, "次", "exact")),
        ("举办12场社区读书会，", ("count", "社区读书会", D(12), None, "场", "exact")),
        ("共更换路灯灯具1.2万盏", ("count", "路灯灯具", D(12000), None, "盏", "exact")),
        ("不少于30家老年食堂", ("count", "老年食堂", D(30), None, "家", "at-least")),
        ("受益居民约500余人", ("count", "居民", D(500), None, "人", "about")),
        ("读书会场次共计三十二场", ("count", "读书会", D(32), None, "场", "total")),
        ("短片每期2-5分钟", ("count", "短片每期", D(2), D(5), "分钟", "exact")),
        ("分为五大类", ("list", None, D(5), None, "大类", "exact")),
        ("第三届", ("ordinal", None, D(3), None, None, "exact")),
    ],
)
def test_one_number(text: str, expected: tuple[Any, ...]) -> None:
    assert read(text)[-1] == expected


def test_points_of_a_block_follow_its_name() -> None:
    text = "项目决策指标满分20分，得18.5分，得分率92.5%；绿道巡查次数权重6分，得分6分。"
    assert [(s.subject, s.value) for s in stated(text)] == [
        ("项目决策满分", D(20)),
        ("项目决策得分", D("18.5")),
        ("项目决策得分率", D("92.5")),
        ("绿道巡查次数满分", D(6)),
        ("绿道巡查次数得分", D(6)),
    ]


def test_a_score_behind_the_points_of_a_part_is_that_of_the_part() -> None:
    assert [s.subject for s in stated("本部分分值共40分，评价得分为39.5分。")] == ["满分", "得分"]
    assert [s.subject for s in stated("满分100分，评价得分为95分。")] == ["满分", "综合得分"]


@pytest.mark.parametrize(
    "text",
    [
        "综合得分90分（含）以上为优，80分（含）至90分为良。",
        "总分一般设置为100分。",
        "产出指标综合得分38分。",
        "其中，首款实际支出20万元。",
        "上年项目实际支出59万元。",
    ],
)
def test_what_is_not_the_known_quantity(text: str) -> None:
    assert not {"综合得分", "实际支出"} & {s.subject for s in stated(text)}


@pytest.mark.parametrize(
    "text", ["《2023年古树名录（36株）》", "财预〔2020〕10号", "表3-2 项目情况", "“1+5”办法", "5A级", "一个、一批"]
)
def test_no_number_is_read(text: str) -> None:
    assert [s for s in stated(text) if s.quantity in ("count", "money", "percentage")] == []


def test_dates_and_periods() -> None:
    found = stated("评价工作时间为2024年3月1日至11月 30日，2022-2025年规划，2021年9月建成。")
    assert [(s.quantity, s.date) for s in found] == [("period", "2024-03-01"), ("period", "2022"), ("date", "2021-09")]
    assert found[0].subject is not None
    assert found[0].subject.endswith("评价工作时间")
    assert period_of(found[0].text) == ("2024-03-01", "2024-11-30")
    assert period_of("2024年3月至2025年2月") == ("2024-03", "2025-02")
    assert period_of("2024年3月") is None


def test_paragraphs_keep_their_numbers_and_places() -> None:
    paragraphs = [
        {"text": "单位：万元", "role": "unit"},
        {"text": None},
        {"text": "目标为“ $\\geq 90\\%$ ”。实际 ９５．５％，", "role": "text"},
    ]
    found = statements(paragraphs)
    assert [(s["paragraph"], s["value"], s["qualifier"]) for s in found] == [
        (2, D(90), "at-least"),
        (2, D("95.5"), "exact"),
    ]
    text = paragraphs[2]["text"]
    assert text is not None
    assert [text[s["start"] : s["end"]].strip() for s in found] == [s["text"] for s in found]
    assert found[1]["sentence"] == "实际 ９５．５％，"
    assert set(found[0]) == {
        "quantity", "subject", "value", "upper", "unit", "qualifier", "date", "text", "sentence", "start", "end",
        "confidence", "paragraph",
    }  # fmt: skip


def test_bare_nouns() -> None:
    assert bare_noun("2023年全年共组织开展社区读书会累计") == "社区读书会"
    assert bare_noun("（1）已完成古树挂牌、老年食堂") == "老年食堂"
    assert bare_noun("全年共") == ""


_WORDS = (
    *("综合得分", "满分", "得分", "项目", "预算数", "为", "约", "12", "3.5", "1,200", "万", "元", "%", "分", "场"),
    *("读书会", "，", "。", "（", "）", "《", "》", "2023年", "5月", "至", "-", "每", "共", "第", "三十", "百分之"),
    *("\u200b", "$\\geq", "①", "〔2020〕"),
)
_PIECES = st.lists(st.sampled_from(_WORDS), max_size=40)


@given(_PIECES.map("".join) | st.text(max_size=80))
def test_any_text_is_read_and_its_places_are_exact(text: str) -> None:
    for found in stated(text):
        assert 0 <= found.start < found.end <= len(text)
        assert found.text == text[found.start : found.end].strip()
        assert found.sentence in text
        assert found.upper is None or found.value is None or found.quantity != "count" or found.upper >= found.value


_MARKS = "0123456789.,% 年月日个场次万千至-～到（）第表一二三十余多人项公里米％\u3000\n"
_SIGNS = (*_MARKS, "人次", "百分之", "1,234", "12.5")


@given(_PIECES.map("".join) | st.lists(st.sampled_from(_SIGNS), max_size=14).map("".join))
def test_a_quick_look_misses_no_count(text: str) -> None:
    """What the quick look at goal texts does not see, no rule compares with the table."""
    seen = {(one.value, one.unit, one.start) for one in counted(level(text))}
    for found in stated(text):
        if found.quantity in ("count", "percentage") and found.upper is None:
            assert (found.value, NAMES.get(found.unit or "", found.unit), found.start) in seen


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("完成绿道巡查36次，合格率97.5%", [D(36), D("97.5")]),
        ("修缮长椅1,200张，支出80.5元，2023年", [D(1200)]),
        ("三个社区，0.5万人次", [D(3), D(5000)]),
        ("百分之五", [D(5)]),
    ],
)
def test_a_quick_look_sees_counts_alone(text: str, values: list[Decimal]) -> None:
    assert [one.value for one in counted(level(text))] == values


def test_time_is_linear() -> None:
    piece = (
        "绿道养护项目年初预算数80万元，共举办12场社区读书会，其中上半年5场，综合得分为98分，（一）项目产出得分38分。"
    )
    stated(piece)

    def seconds(times: int) -> float:
        text = piece * times
        best = 9.0
        for attempt in range(3):
            begin = time.process_time()
            stated(text + " " * attempt)
            best = min(best, time.process_time() - begin)
        return best

    assert seconds(200) < 30 * seconds(20)


def test_a_long_paragraph_without_end_is_bounded() -> None:
    begin = time.perf_counter()
    stated("项目总" * 20_000 + "1分")
    stated("1" * 50_000)
    stated("《" * 20_000)
    assert time.perf_counter() - begin < 5
