"""Rows whose weight or score is one cell with that of a neighbour: none of them has full marks of its own."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from lintperf_builtin.facts import FACT_GROUPS
from lintperf_builtin.facts.indicator import RowNature, row_nature

from lintperf.rules.subject import DocumentSubject

TEN = Decimal(10)


def natures(*rows: dict[str, Any]) -> list[RowNature]:
    return list(DocumentSubject("form.json", {"indicators": list(rows)}, FACT_GROUPS).facts(RowNature))


def row(name: str, score: Decimal | None = TEN, merged: list[str] | None = None) -> dict[str, Any]:
    return {"name": name, "target": "1株", "weight": TEN, "score": score, "merged": merged}


def test_without_merged_cells_each_row_has_its_own_facts() -> None:
    rows = [row("古树"), row("绿道", Decimal(9)), {"name": "无", "target": "无"}]
    plain = [row_nature(None, None, each["name"], each["target"], None, each.get("weight"), each.get("score"))
             for each in rows]  # fmt: skip
    assert natures(*rows) == plain
    assert [nature.full_marks for nature in plain] == [True, False, None]
    assert not any(nature.shares_points for nature in plain)


@pytest.mark.parametrize("field", ["weight", "score"])
def test_all_rows_of_a_merged_cell_share_its_points(field: str) -> None:
    found = natures(row("甲"), row("乙"), row("丙", None, [field]), row("丁", None, [field]), row("戊"))
    assert [nature.shares_points for nature in found] == [False, True, True, True, False]
    assert [nature.full_marks for nature in found] == [True, None, None, None, True]


def test_other_merged_fields_leave_points_alone() -> None:
    found = natures(row("甲"), row("乙", TEN, ["weight_share", "converted_score"]), row("丙", TEN, []))
    assert [nature.full_marks for nature in found] == [True, True, True]


def test_a_first_row_that_says_it_is_merged_shares_with_none_before_it() -> None:
    found = natures(row("甲", None, ["score"]), row("乙"))
    assert [nature.shares_points for nature in found] == [True, False]


@pytest.mark.parametrize(
    ("level1", "level2", "expected"),
    [
        ("（50分）", "数量指标", "output"),
        ("", "成本指标", "output"),
        (None, "可持续影响指标", "benefit"),
        ("（10分）", "满意度指标", "satisfaction"),
        # the first level says what it is: nothing is made of the second
        ("成本指标（10分）", "经济成本指标", ""),
        ("决策", "项目质量", ""),
        ("产出指标（50分）", "社会效益指标", "output"),
        ("（50分）", "其他", ""),
    ],
)
def test_the_class_of_a_row_under_a_heading_of_points_alone(level1: str | None, level2: str, expected: str) -> None:
    assert natures({"level1": level1, "level2": level2, "name": "古树"})[0].indicator_class == expected
