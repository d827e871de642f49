"""Rows of two tables that are about the same indicator."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.facts.pairing import Pair, bare_name, pair_names, similarity

ENDINGS = ("场次", "数量")


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("开展 社区读书会\n场次", "开展社区读书会"),
        ("补植古树（株）", "补植古树"),
        ("“社区”书角数量", "社区书角"),
        ("场次", "场次"),
        ("TED 分享", "ted分享"),
        ("", ""),
    ],
)
def test_what_is_left_of_a_name(name: str, bare: str) -> None:
    assert bare_name(name, ENDINGS) == bare


@pytest.mark.parametrize(
    ("one", "other", "likeness"),
    [("召开社区协调会议", "召开社区会议", 12 / 14), ("书角", "书角", 1), ("书角", "古树", 0), ("", "", 1)],
)
def test_similarity_is_the_share_of_common_characters(one: str, other: str, likeness: float) -> None:
    assert similarity(one, other) == pytest.approx(likeness)


def test_names_alike_pair_before_similar_ones() -> None:
    left = ["召开社区会议", "召开社区协调会议", None, "修剪古树"]
    right = ["召开社区协调会议场次", "修剪古树", "", "召开 社区会议"]
    assert pair_names(left, right, ENDINGS, 0.8) == [Pair(0, 3, 1.0), Pair(1, 0, 1.0), Pair(3, 1, 1.0)]


def test_the_most_similar_pair_first_and_each_name_once() -> None:
    pairs = pair_names(["社区读书会", "社区读书分享会"], ["社区读书分享会议"], ENDINGS, 0.5)
    assert [(pair.left, pair.right) for pair in pairs] == [(1, 0)]
    assert pairs[0].likeness == pytest.approx(14 / 15)
    assert pair_names(["社区读书会"], ["古树巡查"], ENDINGS, 0.5) == []


def test_a_name_twice_pairs_twice_in_order() -> None:
    assert pair_names(["书角", "书角"], ["书角", "书角"], (), 0.8) == [Pair(0, 0, 1.0), Pair(1, 1, 1.0)]


def test_huge_tables_are_compared_by_equal_names_alone() -> None:
    left = [f"第{number}处绿道" for number in range(600)]
    right = [f"绿道第{number}处" for number in range(600)]
    assert pair_names([*left, "书角"], [*right, "书角"], (), 0.1) == [Pair(600, 600, 1.0)]


NAMES = st.lists(st.text("书角古树绿道场次 ", max_size=8), max_size=8)


@given(NAMES, NAMES, st.floats(0.1, 1))
def test_no_row_is_in_two_pairs_and_every_pair_is_alike(left: list[str], right: list[str], least: float) -> None:
    pairs = pair_names(left, right, ENDINGS, least)
    assert len({pair.left for pair in pairs}) == len({pair.right for pair in pairs}) == len(pairs)
    assert pairs == sorted(pairs)
    for pair in pairs:
        one, other = bare_name(left[pair.left], ENDINGS), bare_name(right[pair.right], ENDINGS)
        assert one
        assert other
        assert pair.likeness == (1 if one == other else similarity(one, other)) >= least
