"""What SARIF shows around a value, whatever the text: it holds the value and more, it is bounded, it is the text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.reporters.sarif.context import LONGEST, MOST_LINES, Excerpts

from lintperf.document.lines import Lines
from lintperf.model import TextPlace

LINES = st.sampled_from(["", "  ", "{", "  }", "- a: 1", "  b: 绿", '    "c": "道"', "x" * 400, "\t[", "},"])
BREAKS = st.sampled_from(["\n", "\r\n", "\r"])


@st.composite
def places(draw: st.DrawFn) -> tuple[str, TextPlace]:
    """A text of lines, and a stretch of it."""
    text = "".join(draw(st.lists(st.tuples(LINES, BREAKS).map("".join), max_size=30))) + draw(LINES)
    start = draw(st.integers(0, len(text)))
    end = draw(st.integers(start, min(len(text), start + draw(st.sampled_from([0, 3, 50, 3000])))))
    return text, Lines(text).place(start, end)


@given(places())
def test_the_context_holds_the_value_and_more_and_is_no_larger_than_a_screen(case: tuple[str, TextPlace]) -> None:
    text, place = case
    excerpts = Excerpts(text)
    around = excerpts.around(place)
    if around is None:
        return
    assert around.offset <= place.offset <= place.end_offset <= around.end_offset
    assert (around.offset, around.end_offset) != (place.offset, place.end_offset)
    assert excerpts.text(around) == text[around.offset : around.end_offset]
    assert Lines(text).place(around.offset, around.end_offset) == around
    size, lines = around.end_offset - around.offset, around.end_line - around.line
    assert size <= max(LONGEST, place.end_offset - place.offset + 240)
    assert lines < max(MOST_LINES, place.end_line - place.line + 5)


@given(places())
def test_the_beginning_of_a_place_is_inside_of_it(case: tuple[str, TextPlace]) -> None:
    text, place = case
    begun = Excerpts(text).beginning(place)
    assert begun.offset == place.offset
    assert begun.end_offset <= place.end_offset
    assert begun == place or begun.line == begun.end_line
