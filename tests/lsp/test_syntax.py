"""What stands at a cursor (¦) in texts that are being typed: path, part, token, keys beside it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lintperf.lsp.syntax import spot_at

JSON = [
    ("{¦}", (("",), "key", "", [])),
    ('{"a": 1, "b¦', (("b",), "key", '"b', ["a"])),
    ('{"a": {"c¦": 1, "d": 2}, "e": 3}', (("a", "c"), "key", '"c"', ["d"])),
    ('{"a": ¦}', (("a",), "value", "", ["a"])),
    ('{"a": ¦ "b": 1}', (("a",), "value", "", ["a", "b"])),
    ('{"a": [1, ¦]}', (("a", 1), "value", "", [])),
    ('{"a": [{"k": "v¦"}, 2]}', (("a", 0, "k"), "value", '"v"', ["k"])),
    ('{"a": 1 ¦}', None),
    ('{"a": 1, ¦ "b": 2}', (("",), "key", "", ["a", "b"])),
    ('[{"a": ¦', ((0, "a"), "value", "", ["a"])),
    ('{"a": 1\n  "b¦"\n "c": 1}', (("b",), "key", '"b"', ["a", "c"])),
    ('{"a": "x, {: [¦", "b": 1}', (("a",), "value", '"x, {: ["', ["a", "b"])),
    ('{"a": 1]}}, "b¦', ((), "value", '"b', [])),
    ("¦", None),
]
YAML = [
    ("ty¦", (("ty",), "key", "ty", [])),
    ("type: se¦", (("type",), "value", "se", [])),
    ("type: self-evaluation\nhea¦", (("hea",), "key", "hea", ["type"])),
    ("a:\n  b: 1\n  ¦\nc: 2", (("a", ""), "key", "", ["b"])),
    ("a:\n  ¦", (("a", ""), "key", "", [])),
    ("a:\n¦", (("",), "key", "", ["a"])),
    ("a:\n  - x: 1\n    ¦\n", (("a", 0, ""), "key", "", ["x"])),
    ("a:\n- x: 1\n  y¦\n", (("a", 0, "y"), "key", "y", ["x"])),
    ("a:\n- ¦\n", (("a", 0), "item", "", [])),
    ("a: [x, ¦]", (("a", 1), "value", "", [])),
    ("a: {zh: x, ¦}\nb: 1", (("a", ""), "key", "", ["zh"])),
    ("a: {zh: x,\n  e¦n: y}\nb: 1", (("a", "en"), "key", "en", ["zh"])),
    ("a: |\n  foo\n  b¦ar\nb: 1", None),
    ("when: prese¦nt(x)", (("when",), "value", "present(x)", [])),
    ("when: 'a > ¦'", (("when",), "value", "'a > '", [])),
    ("fix: {value: ¦, safe: true}", (("fix", "value"), "value", "", ["safe", "value"])),
    ("- a: 1\n  b: 2\n- ¦", ((1,), "item", "", [])),
    ("a: 1\n---\nb¦: 2", (("b",), "key", "b", [])),
    ("a:\n  - {n: 1}\n  - {n: 2, ¦}\n", (("a", 1, ""), "key", "", ["n"])),
    ("a:\r\n  b: ¦\r\n", (("a", "b"), "value", "", [])),
    ("a: [x\nb: y¦\n", (("b",), "value", "y", [])),
    ("# a: 1¦", None),
]


@pytest.mark.parametrize(("written", "wanted"), JSON)
def test_in_json(written: str, wanted: tuple[object, ...] | None) -> None:
    assert described(written, ".json") == wanted


@pytest.mark.parametrize(("written", "wanted"), YAML)
def test_in_yaml(written: str, wanted: tuple[object, ...] | None) -> None:
    assert described(written, ".yaml") == wanted


def described(written: str, suffix: str) -> tuple[object, ...] | None:
    offset = written.index("¦")
    text = written.replace("¦", "")
    spot = spot_at(text, suffix, offset)
    if spot is None:
        return None
    return spot.path, spot.part, text[spot.start : spot.end], sorted(spot.siblings)


PIECES = ["{", "}", "[", "]", ",", ":", '"', "'", "a", "\n", "\r\n", "  ", "- ", ": ", "|", "#", "---", "绿", "\\", "1"]


@pytest.mark.parametrize("suffix", [".json", ".yaml"])
@settings(deadline=None)
@given(text=st.lists(st.sampled_from(PIECES), max_size=40).map("".join), data=st.data())
def test_no_text_is_too_broken(suffix: str, text: str, data: st.DataObject) -> None:
    offset = data.draw(st.integers(0, len(text)))
    spot = spot_at(text, suffix, offset)
    assert spot is None or 0 <= spot.start <= offset <= spot.end <= len(text)
