"""Widths, cuts, breaks and tables for texts that mix Chinese and Latin."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.reporters.layout import clean, cut, display_width, grid, pad, visible, wrap

TEXTS = st.text(
    st.one_of(
        st.sampled_from("绿道养护率％，。（）“”≥95%.0 aZ│·…é\u0301\u200d"), st.characters(exclude_categories=["Cs"])
    ),
    max_size=40,
).map(clean)


@pytest.mark.parametrize(
    ("text", "width"),
    [("", 0), ("95%", 3), ("执行率", 6), ("（%）", 5), ("“≥”", 3), ("e\u0301", 1), ("９５％", 6), ("ｶ", 1), ("㎡", 2)],
)
def test_display_width(text: str, width: int) -> None:
    assert display_width(text) == width


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a\r\n b\t", "a b"),
        ("\x1b[31m", "␛[31m"),
        ("\x00\x7f", "␀␡"),
        ("\x9b2J", "\ufffd2J"),
        ("\u202egpj.exe", "\ufffdgpj.exe"),
        ("\ud800", "\ufffd"),
    ],
)
def test_clean_leaves_nothing_that_commands_a_terminal(text: str, shown: str) -> None:
    assert clean(text) == shown


def test_visible_keeps_the_blanks_of_a_path() -> None:
    assert visible("a  b\n.json") == "a  b␊.json"


@given(st.text())
def test_clean_text_has_no_control_character(text: str) -> None:
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in clean(text))


@given(TEXTS, st.integers(1, 60))
def test_cut_fits_and_cuts_only_what_does_not(text: str, width: int) -> None:
    shown = cut(text, width)
    assert display_width(shown) <= width
    assert (shown == text) == (display_width(text) <= width)


@given(TEXTS, st.integers(4, 60))
def test_wrap_fits_and_loses_nothing_but_blanks(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert max(map(display_width, lines), default=0) <= width
    assert "".join("".join(lines).split()) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("执行率写为 0.95，应为 0.85。", ["执行率写为", "0.95，应为", "0.85。"]),
        ("得分是为（满分）", ["得分是为", "（满分）"]),
        ("one two three", ["one two", "three"]),
        ("abcdefghijklmnop", ["abcdefghij", "klmnop"]),
        ("", []),
    ],
)
def test_wrap_keeps_punctuation_where_it_belongs(text: str, lines: list[str]) -> None:
    assert wrap(text, 10) == lines


@given(
    st.lists(st.tuples(TEXTS, TEXTS, st.booleans()), min_size=1, max_size=9),
    st.integers(0, 8),
    st.integers(10, 120),
)
def test_the_lines_of_a_table_are_equally_wide_and_its_columns_aligned(
    columns: list[tuple[str, str, bool]], marked: int, width: int
) -> None:
    marks = ["^" if number == marked % len(columns) else "" for number in range(len(columns))]
    heads = [head.replace("│", "|") for head, _, _ in columns]
    values = [value.replace("│", "|") for _, value, _ in columns]
    lines = grid(heads, values, [right for _, _, right in columns], marks, width)
    assert len({display_width(line) for line in lines}) == 1
    assert display_width(lines[0]) <= width
    rules = [[display_width(line[:i]) for i, each in enumerate(line) if each == "│"] for line in lines[:2]]
    assert rules[0] == rules[1]
    assert "^" in lines[2]


def test_the_mark_stands_under_its_value() -> None:
    heads, values, marks = grid(["年度指标值", "得分"], [">95%", "5.0"], [False, True], ["", "^"], 74)
    assert (heads, values, marks) == ("年度指标值 │ 得分", ">95%       │  5.0", "              ^^^")


def test_a_table_too_wide_keeps_the_marked_column_whole_the_longest() -> None:
    heads, values, _ = grid(["甲" * 20, "乙"], ["x" * 40, "12345678"], [False, True], ["", "^"], 30)
    assert "12345678" in values
    assert "…" in values
    assert display_width(heads) == display_width(values) == 30


def test_columns_far_from_the_mark_go_when_there_is_no_room() -> None:
    heads, _, _ = grid([str(n) * 4 for n in range(9)], ["9" * 4] * 9, [False] * 9, [""] * 8 + ["^"], 18)
    assert heads == "6666 │ 7777 │ 8888"


def test_pad_counts_columns_not_characters() -> None:
    assert pad("率", 4) == "率  "
    assert pad("率", 4, right=True) == "  率"
