"""The fix of LP806: signs for typed operators, and never another meaning."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.facts.indicator import operators_as_signs
from lintperf_builtin.facts.measures import parse_measure


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        (">=95%", "≥95%"),
        ("=>95%", "≥95%"),
        ("< =3天", "≤3天"),
        ("＜＝3天", "≤3天"),
        ("==12公里", "=12公里"),
        ("≥60&&≤100", "≥60且≤100"),
        (">=60&&<=100家", "≥60且≤100家"),
    ],
)
def test_typed_operators_become_signs(typed: str, plain: str) -> None:
    assert operators_as_signs(typed) == plain


@pytest.mark.parametrize("text", ["", "≥95%", "60～100家", "阅读&分享会3场", "无"])
def test_nothing_typed_nothing_offered(text: str) -> None:
    assert operators_as_signs(text) is None


PIECES = st.sampled_from(
    [">", "<", "=", "&", "＞", "＝", "≥", "≤", "60", "100", "%", "家", " ", "且", "～", "不少于", "-"]
)


@given(st.lists(PIECES, max_size=8).map("".join))
def test_a_fix_reads_as_the_target_did(text: str) -> None:
    fixed = operators_as_signs(text)
    if fixed is not None:
        assert fixed != text
        assert parse_measure(fixed) == parse_measure(text)._replace(text=fixed, raw_operator=False)
        assert operators_as_signs(fixed) is None
