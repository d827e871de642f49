"""YAML: only what JSON can say, no value changes its type, and the same standard of mistakes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.readers import READERS

from lintperf.document.errors import SyntaxProblem
from lintperf.document.yaml_text import decode_yaml, load_with_places, load_yaml
from lintperf.extension import Source, UnreadableError
from lintperf.model import TextPlace

KEYS = st.text("abc甲~/: #-", min_size=1, max_size=5)
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-999, 999).map(Decimal), st.text("ab甲 :#'\"\n1.", max_size=8)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
)


def read(text: str) -> list[Any]:
    return list(READERS[1].read(Source("f.yaml", text.encode())))


def plain(value: Any) -> Any:
    """The value with ints for Decimals, so that PyYAML can write it."""
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, list):
        return [plain(one) for one in value]
    return int(value) if isinstance(value, Decimal) else value


def walk(value: Any, pointer: str = "") -> list[tuple[str, Any]]:
    found = [(pointer, value)]
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in items:
        found += walk(one, f"{pointer}/{str(key).replace('~', '~0').replace('/', '~1')}")
    return found


@given(VALUES, st.sampled_from([True, False, None]))
def test_values_come_back_and_every_value_has_its_place(value: Any, flow: bool | None) -> None:
    text = yaml.safe_dump(plain(value), allow_unicode=True, default_flow_style=flow)
    data, values, keys = load_with_places(text)
    assert data == value
    assert load_yaml(text) == value
    assert set(values) == {pointer for pointer, _ in walk(value)}
    assert set(keys) == {p for p, _ in walk(value) if p and not (p.rsplit("/", 1)[1].isdigit() and p not in keys)}
    for pointer, one in walk(value):
        place = values[pointer]
        piece = text[place.offset : place.end_offset]
        if isinstance(one, Decimal | bool):
            assert piece == str(plain(one)).lower()
        elif isinstance(one, list | dict) and flow:
            assert load_yaml(piece) == one


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("no", "no"), ("yes", "yes"), ("on", "on"), ("True", "True"), ("12:30:00", "12:30:00"),
        ("010", "010"), ("1e3", "1e3"),
        ("2021-12-01", "2021-12-01"), ("0x1F", "0x1F"), ("1_000", "1_000"), ("+5", "+5"),
        (".5", ".5"), (".inf", ".inf"),
        ("1.00", Decimal("1.00")), ("-3", Decimal(-3)), ("0", Decimal(0)), ("'1'", "1"),
        ('"true"', "true"), ("!!str 1", "1"),
        ("true", True), ("false", False), ("null", None), ("~", None), ("", None), ("|\n  1", "1"),
    ],
)  # fmt: skip
def test_scalars(text: str, value: Any) -> None:
    got = load_yaml(f"a: {text}")["a"]
    assert (got, type(got)) == (value, type(value))
    assert str(got) == str(value)


@pytest.mark.parametrize(
    ("text", "says", "line", "column"),
    [
        ("a: 1\nb: 2\n'a': 3", "两次", 2, 0),
        ("a: &x [1]\nb: *x", "锚点", 0, 3),
        ("a: *x", "别名", 0, 3),
        ("<<: {a: 1}", "合并键", 0, 0),
        ("1: a", "加引号", 0, 0),
        ("true: a", "加引号", 0, 0),
        ("? [a]\n: b", "键名", 0, 2),
        ("a: !!python/name:os.system x", "标签", 0, 3),
        ("a: !!float 1", "标签", 0, 3),
        ("a:\n\t- b", "制表符", 1, 0),
        ("a: b: c", "冒号", 0, 4),
        ("a: [1, 2", "括号", 0, 8),
        ("a: 'b", "引号", 0, 5),
        ("a: 1\n b: 2", "冒号", None, None),
        ("甲: \x01", "字符", 0, 3),
        ("a: " + "9" * 1001, "过长", 0, 3),
        ("[" * 200, "嵌套", 0, 100),
        ("- " * 200 + "a", "嵌套", 0, 200),
    ],
)
def test_refused_with_reason_and_place(text: str, says: str, line: int | None, column: int | None) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        decode_yaml(text)
    assert says in caught.value.reason.zh
    assert caught.value.reason.en
    if line is not None:
        assert caught.value.place is not None
        assert (caught.value.place.line, caught.value.place.column) == (line, column)


def test_place_of_a_block_ends_with_its_last_value() -> None:
    text = "a:\n  b: 1\n  c: [x]\n\n# remark\nd: 2\n"
    _, values, keys = load_with_places(text)
    assert text[values["/a"].offset : values["/a"].end_offset] == "b: 1\n  c: [x]"
    assert keys["/a/c"] == TextPlace(2, 2, 2, 3, 12, 13)


def test_several_documents_and_sequences() -> None:
    documents = read("- a: 1\n- a: 2\n---\na: 3\n---\n")
    assert [document.data for document in documents] == [{"a": Decimal(n)} for n in (1, 2, 3)]
    assert [document.index for document in documents] == [0, 1, 2]
    assert [document.locate("/a").offset for document in documents] == [5, 12, 21]
    assert documents[0].locate("/b") is None
    assert [read("a: 1")[0].source, read("a: 1")[0].path] == ["a: 1", "f.yaml"]


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n---\n", "[]"])
def test_file_without_document(text: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(text)
    assert "没有文档" in caught.value.reason.zh


def test_one_document_is_asked_for() -> None:
    with pytest.raises(SyntaxProblem):
        load_yaml("a\n---\nb")


@given(st.text("ab: -[]{}'\"|>&*!%@#\n\t?,~<0\u2028\x85甲", max_size=25))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        decode_yaml(text, places=True)
    except SyntaxProblem as problem:
        assert problem.reason.zh
        assert problem.place is None or problem.place.end_offset <= len(text)
