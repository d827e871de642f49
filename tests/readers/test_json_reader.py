"""JSON: strict, exact, with the place of every value and every mistake."""

from __future__ import annotations

import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.readers import READERS
from lintperf_builtin.readers.json_places import JsonPlaces

from lintperf.document.errors import SyntaxProblem
from lintperf.document.json_text import MAX_DEPTH, decode_json
from lintperf.extension import Source, UnreadableError
from lintperf.model import TextPlace

SCALARS = st.one_of(
    st.none(), st.booleans(), st.text(max_size=8), st.decimals(allow_nan=False, allow_infinity=False, places=3)
)  # fmt: skip
VALUES = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4)
)  # fmt: skip
SPACES = st.text(" \t\n\r", max_size=2)


def read(content: bytes) -> list[Any]:
    return list(READERS[0].read(Source("f.json", content)))


def write(value: Any, space: str = "") -> str:
    """JSON of a value with this white space wherever it may stand, non-ASCII characters partly escaped."""
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, list):
        return f"[{space}{f'{space},{space}'.join(write(one, space) for one in value)}{space}]"
    if isinstance(value, dict):
        pairs = (f"{json.dumps(key)}{space}:{space}{write(one, space)}" for key, one in value.items())
        return f"{{{space}{f'{space},{space}'.join(pairs)}{space}}}"
    return json.dumps(value, ensure_ascii=isinstance(value, str) and len(value) % 2 == 0)


def walk(value: Any, pointer: str = "") -> list[tuple[str, Any]]:
    """Every pointer with its value."""
    found = [(pointer, value)]
    if isinstance(value, dict):
        for key, one in value.items():
            found += walk(one, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for index, one in enumerate(value):
            found += walk(one, f"{pointer}/{index}")
    return found


@given(VALUES, SPACES)
def test_values_come_back_and_every_place_holds_its_value(value: Any, space: str) -> None:
    text = space + write(value, space) + space
    assert decode_json(text) == value
    locate = JsonPlaces(text)
    for pointer, one in walk(value):
        place = locate(pointer)
        assert place is not None
        assert decode_json(text[place.offset : place.end_offset]) == one
        assert text[place.offset : place.end_offset].strip() == text[place.offset : place.end_offset]
        before = text[: place.offset].replace("\r\n", "\n").replace("\r", "\n")
        assert place.line == before.count("\n")
    assert locate("/no such key") is None or isinstance(value, dict)


@given(st.lists(VALUES, min_size=1, max_size=4), SPACES)
def test_array_is_several_documents_with_their_own_pointers(values: list[Any], space: str) -> None:
    text = write(values, space)
    documents = read(text.encode())
    assert [document.data for document in documents] == values
    assert [document.index for document in documents] == list(range(len(values)))
    for document, value in zip(documents, values, strict=True):
        assert document.source == text
        place = document.locate("")
        assert isinstance(place, TextPlace)
        assert decode_json(text[place.offset : place.end_offset]) == value


def test_numbers_keep_their_decimals() -> None:
    assert [str(number) for number in decode_json("[1.00, 0.10, 10, -0.0]")] == ["1.00", "0.10", "10", "-0.0"]


def test_places_count_code_points_and_lines() -> None:
    text = '{"名": "🌳树",\r\n "值": [1,\r 25]}'
    locate = JsonPlaces(text)
    assert locate("/名") == TextPlace(0, 6, 0, 10, 6, 10)
    assert locate("/值/1") == TextPlace(2, 1, 2, 3, text.index("25"), text.index("25") + 2)
    assert locate("/值/2") is None
    assert locate("/名/0") is None


@pytest.mark.parametrize(
    ("text", "says", "line", "column"),
    [
        ('{"a": 1, "a": 2}', "两次", 0, 9),
        ('{"b": {"x": 1,\n "\\u0078" : 2}, "c": "::"}', "两次", 1, 1),
        ('{"s": "\\":", "a": 1, "a" :2}', "两次", 0, 21),
        ("[1, NaN]", "NaN", 0, 4),
        ('{"NaN": -Infinity}', "NaN", 0, 8),
        ("[1,]", "逗号", 0, 3),
        ('{"a": 1,}', "逗号", 0, 8),
        ("{'a': 1}", "双引号", 0, 1),
        ('{"a" 1}', "冒号", 0, 5),
        ('["a\nb"]', "换行", 0, 3),
        ('["a', "引号", 0, 1),
        ('["\\x"]', "转义", 0, 2),
        ('["\\u12"]', "十六进制", 0, 3),
        ('["甲\\ud800"]', "代理", 0, 3),
        ('["\\udc00\\ud800"]', "代理", 0, 2),
        ('["\\\\", "\\uD83Dx"]', "代理", 0, 8),
        ("[1] x", "结束", 0, 4),
        ("", "空", 0, 0),
        (" \n", "空", None, None),
        ("[1e9999]", "指数", 0, 1),
        ('["1e9999", 1e-2000]', "指数", 0, 11),
        ("[0, " + "9" * 1001 + "]", "过长", 0, 4),
        ("[" * (MAX_DEPTH + 1) + "]" * (MAX_DEPTH + 1), "嵌套", None, None),
        ("[" * 100_000, "嵌套", None, None),
        ('{"a":' * 100_000, "嵌套", None, None),
    ],
)
def test_refused_with_reason_and_place(text: str, says: str, line: int | None, column: int | None) -> None:
    with pytest.raises(SyntaxProblem) as caught:
        decode_json(text)
    assert says in caught.value.reason.zh
    assert caught.value.reason.en
    place = caught.value.place
    if line is not None:
        assert place is not None
        assert (place.line, place.column) == (line, column)


@pytest.mark.parametrize(
    "text", ['{"a": {"b": 1}, "c": {"b": 1}}', '["\\ud83d\\ude00"]', '{"a :": ": \\" :"}', '["\\\\ud800"]']
)
def test_what_only_looks_wrong_is_read(text: str) -> None:
    assert decode_json(text) == json.loads(text)


def test_the_deepest_nesting_that_is_read() -> None:
    assert decode_json("[" * MAX_DEPTH + "]" * MAX_DEPTH)


@given(st.text('{}[]:,"\\ud8a19.eE-+nult \n', max_size=30))
def test_agrees_with_the_standard_library_or_refuses(text: str) -> None:
    try:
        data = decode_json(text)
    except SyntaxProblem as problem:
        assert problem.reason.zh
        assert problem.place is None or problem.place.end_offset <= len(text)
    else:
        assert data == json.loads(text, parse_float=Decimal, parse_int=Decimal)


def test_reader_passes_reason_and_place_on() -> None:
    with pytest.raises(UnreadableError) as caught:
        read(b'{"a": }')
    assert caught.value.place == TextPlace(0, 6, 0, 7, 6, 7)
    with pytest.raises(UnreadableError) as caught:
        read(b"[]")
    assert "没有文档" in caught.value.reason.zh
