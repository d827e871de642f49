"""New values in texts: the very characters, and nothing but what was meant."""

from __future__ import annotations

import codecs
import random
from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lintperf_builtin.readers.json_places import JsonPlaces

from lintperf.document.edits import (
    Edit,
    OverlapProblem,
    Syntax,
    edited,
    encoded_edits,
    encoding_of,
    kept_type,
    replacement,
)
from lintperf.document.exact import dumps
from lintperf.document.json_text import decode_json
from lintperf.document.yaml_text import decode_yaml, load_with_places
from lintperf.model import Scalar, TextPlace
from lintperf.schema.fields import resolve
from tests.fixing.writing import as_json, as_yaml

NUMBER = Decimal


def place_in(text: str, syntax: Syntax, pointer: str) -> TextPlace:
    place = JsonPlaces(text)(pointer) if syntax == "json" else load_with_places(text)[1][pointer]
    assert place is not None
    return place


def parsed(text: str, syntax: Syntax) -> Any:
    return decode_json(text) if syntax == "json" else decode_yaml(text)[0].data


def change(text: str, syntax: Syntax, pointer: str, value: Scalar) -> str | None:
    place = place_in(text, syntax, pointer)
    written = replacement(text, place, syntax, resolve(parsed(text, syntax), pointer), value)
    return None if written is None else edited(text, [Edit(place.offset, place.end_offset, written)])


@pytest.mark.parametrize(
    ("text", "pointer", "value", "after"),
    [
        ('{"a": 98.00,\t"b": 1}', "/a", NUMBER("97.3"), '{"a": 97.30,\t"b": 1}'),
        ('{"a": 98}', "/a", NUMBER("97.35"), '{"a": 97.35}'),
        ('{"a": "9.50"}', "/a", NUMBER("8.2"), '{"a": "8.2"}'),
        ('{"a": null }', "/a", NUMBER("8.20"), '{"a": 8.20 }'),
        ('{"a": 1}', "/a", None, '{"a": null}'),
        ('{"a": 1}', "/a", True, '{"a": true}'),
        ('{"a": 0.85}', "/a", "85%", '{"a": "85%"}'),
        ('{"a": "\\u7eff\\u9053>95%"}', "/a", "绿道≥95%", '{"a": "\\u7eff\\u9053≥95%"}'),
        ('{"a": "x\\ty"}', "/a", 'x\t"y"', '{"a": "x\\t\\"y\\""}'),
        ('{"a": "的的"}', "/a", "的", '{"a": "的"}'),
        ('{"a": ""}', "/a", "x", '{"a": "x"}'),
        ('{"a/b": {"c~d": [1, 2]}}', "/a~1b/c~0d/1", NUMBER(3), '{"a/b": {"c~d": [1, 3]}}'),
        ('[{"a": 1e2}]', "/0/a", NUMBER("5"), '[{"a": 5}]'),
    ],
)  # fmt: skip
def test_json(text: str, pointer: str, value: Scalar, after: str) -> None:
    assert change(text, "json", pointer, value) == after


@pytest.mark.parametrize(
    ("text", "pointer", "value", "after"),
    [
        ("a: 98.00  # 总分\nb: 1\n", "/a", NUMBER("97.3"), "a: 97.30  # 总分\nb: 1\n"),
        ("a: 1\r\nb: 2\r\n", "/b", NUMBER(3), "a: 1\r\nb: 3\r\n"),
        ("a: '9.5'\n", "/a", NUMBER("8.2"), "a: '8.2'\n"),
        ('a: "9.5"\n', "/a", NUMBER("8.2"), 'a: "8.2"\n'),
        ("a:\nb: 1\n", "/a", NUMBER(5), "a: 5\nb: 1\n"),
        ("a:  # 空\nb: 1\n", "/a", NUMBER(5), "a: 5  # 空\nb: 1\n"),
        ("a: ~\n", "/a", "无", "a: 无\n"),
        ("- \n- 1\n", "/0", NUMBER(6), "- 6 \n- 1\n"),
        ("{a: , b: 1}\n", "/a", NUMBER(6), "{a: 6, b: 1}\n"),
        ("{a, b: 1}\n", "/a", NUMBER(6), None),
        ("? a\n: 1\n", "/a", NUMBER(6), "? a\n: 6\n"),
        ("a: 优秀\n", "/a", "true", 'a: "true"\n'),
        ("a: 优秀\n", "/a", "12", 'a: "12"\n'),
        ("a: 82%\n", "/a", "92%", "a: 92%\n"),
        ("a: \">95%\"\n", "/a", "≥95%", "a: \"≥95%\"\n"),
        ("a: '>95%'\n", "/a", "≥95%", "a: '≥95%'\n"),
        ("a: '甲''乙'\n", "/a", "甲''乙", "a: '甲''''乙'\n"),
        ("a: x y\n", "/a", "x: y", 'a: "x: y"\n'),
        ("a: x y\n", "/a", "x #y", 'a: "x #y"\n'),
        ("a: [x, y]\n", "/a/0", "x, y", 'a: ["x, y", y]\n'),
        ("a: 12\n", "/a", "12公里", "a: 12公里\n"),
        ("a: !!str 12  # 文字\n", "/a", "13", "a: !!str 13  # 文字\n"),
        ("a: | # 甲\n  养的的\n  巡查\n\nb: 1\n", "/a", "养的\n巡查\n", "a: | # 甲\n  养的\n  巡查\n\nb: 1\n"),
        ("a: |\n  甲\n  乙\nb: 1\n", "/a", "丙\n丁\n", "a: |\n  丙\n  丁\nb: 1\n"),
        ("a: |\n  甲\nb: 1\n", "/a", "乙", 'a: 乙\nb: 1\n'),
        ("a: >-  # 目标\n  甲 乙\n  丙\nb: 1\n", "/a", "丁: 戊", 'a: "丁: 戊" # 目标\nb: 1\n'),
        ("a: >-\n  养护的的绿道\n  巡查\nb: 1\n", "/a", "养护的绿道 巡查", "a: >-\n  养护的绿道\n  巡查\nb: 1\n"),
        ('a: "养护的的\n  绿道"\n', "/a", "养护的 绿道", 'a: "养护的\n  绿道"\n'),
    ],
)  # fmt: skip
def test_yaml(text: str, pointer: str, value: Scalar, after: str | None) -> None:
    got = change(text, "yaml", pointer, value)
    assert got == after
    if got is not None:
        assert resolve(parsed(got, "yaml"), pointer) == kept_type(resolve(parsed(text, "yaml"), pointer), value)


def test_containers_and_what_has_no_words() -> None:
    text = '{"a": [1], "b": 2}'
    assert change(text, "json", "/a", NUMBER(1)) is None
    assert change(text, "json", "/b", NUMBER("NaN")) is None
    assert change(text, "json", "/b", NUMBER("1." + "3" * 50)) is None


def test_several_edits_at_once_and_none_that_meet() -> None:
    assert edited("abcdef", [Edit(4, 5, "E"), Edit(0, 2, "")]) == "cdEf"
    assert edited("abc", [Edit(1, 2, "B"), Edit(2, 3, "C")]) == "aBC"
    assert edited("abc", []) == "abc"
    for meeting in ([Edit(0, 2, "x"), Edit(1, 3, "y")], [Edit(1, 1, "x"), Edit(1, 1, "y")], [Edit(0, 2, "x")] * 2):
        with pytest.raises(OverlapProblem):
            edited("abc", meeting)


CONTENT = '{"名称": "绿道，养护",\r\n\t"得分": 98.0}'
ENCODINGS = [
    (b"", "utf-8"),
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"", "gb18030"),
]


@pytest.mark.parametrize(("mark", "name"), ENCODINGS)
def test_bytes_outside_of_an_edit_stay(mark: bytes, name: str) -> None:
    content = mark + CONTENT.encode(name)
    assert encoding_of(content, CONTENT) == (mark, name)
    start = CONTENT.index("98.0")
    done = encoded_edits(content, CONTENT, [Edit(start, start + 4, "97.5")])
    assert done == mark + CONTENT.replace("98.0", "97.5").encode(name)
    assert encoded_edits(content, CONTENT, []) == content


def test_what_cannot_be_written_back() -> None:
    assert encoding_of("é".encode("latin-1"), "é") is None
    assert encoded_edits(b"\xe9", "é", []) is None
    assert encoded_edits(b"abc", "abc", [Edit(0, 1, "\ud800")]) is None


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-10000, max_value=10000),
    st.sampled_from(["", "优", "true", "null", "12", "-3.50", "82%", ">95%", "≥95%", "a: b", "x #y", "- 甲", "'单'"]),
    st.sampled_from(['"双"', "甲\n乙", "甲\n\n乙\n", " 前后 ", "tab\t", "\\", "[1]", "&x", "*y", "!z", "%", "@"]),
    st.sampled_from(["`", "|", ">", "~", "\u2028", "\x85", "\x7f", "𠮷", "养护的的绿道，巡查12次。\n二是补植苗木。\n"]),
    st.text(max_size=12).filter(lambda text: "\x00" not in text),
)  # fmt: skip
DATA = st.recursive(
    SCALARS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["名称", "得分", "a", "b-c", "d/e", "f~g", "x y"]), inner, max_size=4),
    ),
    max_leaves=10,
)


def leaves(data: Any, pointer: str = "") -> list[str]:
    if isinstance(data, dict):
        parts = [(key.replace("~", "~0").replace("/", "~1"), item) for key, item in data.items()]
    elif isinstance(data, list):
        parts = [(str(number), item) for number, item in enumerate(data)]
    else:
        return [pointer]
    return [found for token, item in parts for found in leaves(item, f"{pointer}/{token}")]


def with_value(data: Any, pointer: str, value: Any) -> Any:
    data = deepcopy(data)
    parent, _, token = pointer.rpartition("/")
    record = resolve(data, parent)
    record[int(token) if isinstance(record, list) else token.replace("~1", "/").replace("~0", "~")] = value
    return data


def exact(data: Any) -> Any:
    """Data in which 1.0 and 1.00 differ, and so do 1 and True."""
    if isinstance(data, dict):
        return {key: exact(item) for key, item in data.items()}
    if isinstance(data, list):
        return [exact(item) for item in data]
    return type(data).__name__, str(data)


@settings(max_examples=150, deadline=None)
@given(
    st.one_of(st.dictionaries(st.sampled_from(["名称", "得分", "a"]), DATA, min_size=1), st.lists(DATA, min_size=1)),
    st.randoms(use_true_random=False),
    st.sampled_from(["json", "yaml"]),
    st.lists(SCALARS, min_size=1, max_size=3),
)
def test_exactly_these_values_change(data: Any, choice: random.Random, syntax: Syntax, values: list[Scalar]) -> None:
    text = as_json(data, choice) if syntax == "json" else as_yaml(data, choice)
    original = parsed(text, syntax)
    assert exact(original) == exact(data), text
    pointers = leaves(data)
    chosen = dict(zip(choice.sample(pointers, min(len(values), len(pointers))), values, strict=False))
    meant, edits, places = data, [], []
    for pointer, value in chosen.items():
        place, found = place_in(text, syntax, pointer), resolve(data, pointer)
        written = replacement(text, place, syntax, found, value)
        assert written is not None, (text, pointer, value)
        meant = with_value(meant, pointer, kept_type(found, value))
        edits.append(Edit(place.offset, place.end_offset, written))
        places.append((place.offset, place.end_offset))
    after = edited(text, edits)
    assert exact(parsed(after, syntax)) == exact(meant), (text, after)
    # all that stands between the edits is as it was
    position, source = 0, 0
    for edit in sorted(edits):
        kept = text[source : edit.start]
        assert after[position : position + len(kept)] == kept
        position, source = position + len(kept) + len(edit.text), edit.end
    assert after[position:] == text[source:]


@given(st.text(max_size=30), st.text(max_size=30), st.sampled_from(["json", "yaml"]))
def test_what_is_written_reads_as_meant(before: str, after: str, syntax: Syntax) -> None:
    text = dumps({"a": before})
    done = change(text, syntax, "/a", after)
    assert done is not None
    assert parsed(done, syntax) == {"a": after}
