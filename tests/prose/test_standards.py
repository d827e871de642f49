"""Scoring standards: the points they list, what they demand, and the score that follows."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.prose.functions import (
    all_or_nothing,
    demanded_number,
    formula_only,
    listed_points,
    over_achievement_score_fits,
    rewarded_fault,
    score_by_standard,
)
from lintperf_builtin.prose.standards import recomputed, standard

D = Decimal


@pytest.mark.parametrize(
    ("text", "weight", "points"),
    [
        ("①有制度（1分）；②有台账（1.5分）。", 4, "2.5"),
        ("1.有制度(1分)；2.有台账(2 分)。符合1的前提下得分，否则得0分。", 3, "3"),
        ("一是按程序申请（2分）；二是材料齐全（2分）", 4, "4"),
        ("（1）有目录〔1分〕", 4, None),
        ("①优秀（4分）；②良好（3分）；③一般（2分）", 4, None),
        ("≥6场得4分；偏差超30%扣1分。", 4, None),
        ("①2小时到场（4分）；②当日修复（4分）；每延误1次扣0.5分。", 6, None),
    ],
)
def test_listed_points(text: str, weight: int, points: str | None) -> None:
    assert listed_points(text, D(weight)) == (None if points is None else D(points))


def test_formula_without_points() -> None:
    assert formula_only("到位率=（实到资金/应到资金）×100%。")
    assert not formula_only("到位率=（实到资金/应到资金）×100%，达到100%得满分。")
    assert not formula_only("视资料齐全程度。")


def test_all_or_nothing() -> None:
    assert all_or_nothing("能够改善的得满分，否则不得分。")
    assert all_or_nothing("有改善得5分，反之得0分")
    assert not all_or_nothing("显著改善得满分，一般按比例得分，否则不得分。")


def test_rewarded_fault() -> None:
    faults = ("重复", "挪用")
    assert rewarded_fault("①符合规划（1分）；②与同类项目重复（1分）。", faults) == "②与同类项目重复"
    assert rewarded_fault("①手续完整（1分）；②存在挪用资金的情况（1分）。", faults) == "②存在挪用资金的情况"
    assert rewarded_fault("①符合规划（1分）；②与同类项目不重复（1分）。", faults) is None
    assert rewarded_fault("①符合规划（1分）；②扣分：挪用（1分）。", faults) is None


@pytest.mark.parametrize(
    ("text", "target", "name", "expected"),
    [
        ("补植不少于30株的得4分；完成率超130%扣1分", "20株", "补植苗木", "30"),
        ("成活率 $\\geq 95\\%$ ，得满分", "≥95%", "苗木成活率", "95"),
        ("支出不超过125000元得满分", "≤12.5万元", "经费", "12.5"),
        ("完成率100%得满分，每降1%扣0.1分", "20株", "补植苗木", None),
        ("任务完成率100%得满分", "≥95%", "苗木成活率", None),
        ("≥30株得3分，≥20株得4分", "20株", "补植苗木", "20"),
        ("及时得满分", "及时", "报修", None),
    ],
)
def test_demanded_number(text: str, target: str, name: str, expected: str | None) -> None:
    assert demanded_number(text, target, None, name, D(4)) == (None if expected is None else D(expected))


@pytest.mark.parametrize(
    ("text", "target", "actual", "weight", "score"),
    [
        ("满6场得4分；不足的按比例扣分；偏差率超过130%的，扣1分。", "6场", "6场", 4, "4"),
        ("满6场得4分；不足的按比例扣分；偏差率超过130%的，扣1分。", "6场", "9场", 4, "3"),
        ("满6场得4分；不足的按比例扣分；偏差率超过130%的，扣1分。", "6场", "3场", 4, "2"),
        ("达到目标得满分，超过目标值30%以上的不得分", "10场", "14场", 4, "0"),
        ("①执行率100%，得满分；②每降低1个百分点扣0.1分，不足1个百分点的，按1个百分点扣分。", "100%", "97.5%", 5, "4.7"),
        ("执行率100%得满分，每降低2%扣0.5分，扣完为止", "100%", "40%", 5, "0"),
        ("①≥90%得满分；②＜90%按完成比例扣分。", "≥90%", "94.3%", 5, "5"),
        ("得分=实际完成值/目标值×分值", "10场", "9场", 4, "3.6"),
        ("完成得满分，否则不得分。", "10场", "9场", 4, "0"),
        ("支出不超过12万元得满分", "≤12万元", "11.5万元", 2, "2"),
        ("≥30株得满分，未完成按比例扣分", "20株", "20株", 4, None),
        ("①有制度（2分）；②有台账（2分）。", "10场", "9场", 4, None),
        ("完成得满分。", "10场", "9场", 4, None),
        ("完成得满分；超额较多的，酌情扣分。", "10场", "19场", 4, None),
        ("完成得满分，每少1次扣0.5分。", "10公里", "9公里", 4, None),
        ("完成得满分", "及时", "及时", 4, None),
    ],
)
def test_recomputed(text: str, target: str, actual: str, weight: int, score: str | None) -> None:
    expected = None if score is None else D(score)
    assert recomputed(standard(text, D(weight)), target, actual, D(weight)) == expected
    assert score_by_standard(text, target, actual, D(weight)) == expected


def test_scores_that_follow_the_deviation() -> None:
    limit = D("1.3")
    assert over_achievement_score_fits(D(10), D(5), D("1.5"), limit)
    assert over_achievement_score_fits(D(10), D(8), D("1.5"), limit)
    assert over_achievement_score_fits(D(10), D("6.67"), D("1.5"), limit)
    assert over_achievement_score_fits(D(10), D(0), D(3), limit)
    assert not over_achievement_score_fits(D(10), D("9.5"), D("1.5"), limit)
    assert not over_achievement_score_fits(D(10), D(0), D(0), limit)


_WORDS = st.lists(
    st.sampled_from(
        ["①", "②", "（1分）", "（2.5分）", "得满分", "得4分", "每降低1个百分点", "扣0.1分", "偏差超130%", "按比例扣分",
         "≥30个", "否则不得分", "=", "/", "×100%", "优", "；", "。", "，", "完成", "不足1个百分点按1个"]
    ),
    max_size=20,
)  # fmt: skip


@given(
    _WORDS.map("".join) | st.text(max_size=60),
    st.sampled_from(["30个", "≥90%", "及时", "", "≤5万元", "10～20次"]),
    st.integers(1, 20),
)
def test_any_standard_is_read_and_gives_at_most_the_weight(text: str, target: str, weight: int) -> None:
    found: Any = recomputed(standard(text, D(weight)), target, "25个", D(weight))
    assert found is None or 0 <= found <= weight
