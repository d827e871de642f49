"""A new entry in a list of a JSON or YAML text: what it looks like in each layout, and that nothing else changes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lintperf.document.additions import appended
from lintperf.document.edits import edited
from lintperf.extension import Source
from lintperf.pipeline import open_session, read_documents

SESSION = open_session()
KEYS = ("lintperf", "ignore")
ITEM = {"code": "LP301", "row": "绿道：养护", "reason": "已核实"}
LINE = '{"code": "LP301", "row": "绿道：养护", "reason": "已核实"}'
CASES = [
    ("a.json", '{"a": 1}', '{"a": 1, "lintperf": {"ignore": [' + LINE + "]}}"),
    ("a.json", "{}", '{"lintperf": {"ignore": [' + LINE + "]}}"),
    (
        "a.json",
        '{\n    "a": 1\n}\n',
        '{\n    "a": 1,\n    "lintperf": {\n        "ignore": [\n            ' + LINE + "\n        ]\n    }\n}\n",
    ),
    (
        "a.json",
        '{\r\n\t"a": []\r\n}',
        '{\r\n\t"a": [],\r\n\t"lintperf": {\r\n\t\t"ignore": [\r\n\t\t\t' + LINE + "\r\n\t\t]\r\n\t}\r\n}",
    ),
    ("a.json", '{\n  "lintperf": {}\n}', '{\n  "lintperf": {\n    "ignore": [\n      ' + LINE + "\n    ]\n  }\n}"),
    ("a.json", '{\n  "lintperf": {"ignore": []}\n}', '{\n  "lintperf": {"ignore": [\n    ' + LINE + "\n  ]}\n}"),
    (
        "a.json",
        '{"lintperf": {"ignore": [{"code": "LP1"}]}}',
        '{"lintperf": {"ignore": [{"code": "LP1"}, ' + LINE + "]}}",
    ),
    (
        "a.json",
        '{"lintperf": {"ignore": [\n   {"code": "LP1"}\n ]}}',
        '{"lintperf": {"ignore": [\n   {"code": "LP1"},\n   ' + LINE + "\n ]}}",
    ),
    (
        "a.yaml",
        "a: 1 # 注\nb:\n  - x\n",
        'a: 1 # 注\nb:\n  - x\nlintperf:\n  ignore:\n    - {code: LP301, row: "绿道：养护", reason: "已核实"}\n',
    ),
    ("a.yaml", "a: 1", 'a: 1\nlintperf:\n  ignore:\n    - {code: LP301, row: "绿道：养护", reason: "已核实"}'),
    (
        "a.yaml",
        "lintperf:\n  ignore:\n  - code: LP1\n    reason: x\na: |\n  绿道\n",
        "lintperf:\n  ignore:\n  - code: LP1\n    reason: x\n"
        '  - {code: LP301, row: "绿道：养护", reason: "已核实"}\na: |\n  绿道\n',
    ),
    (
        "a.yaml",
        "a: |\n  绿道\n",
        'a: |\n  绿道\nlintperf:\n  ignore:\n    - {code: LP301, row: "绿道：养护", reason: "已核实"}\n',
    ),
    ("a.yaml", "lintperf: {ignore: [{code: LP1}]}\n", "lintperf: {ignore: [{code: LP1}, " + LINE + "]}\n"),
]


def with_item(path: str, text: str, index: int = 0) -> str | None:
    document = read_documents(SESSION, Source(path, text.encode()))[0][index]
    syntax = document.syntax
    assert syntax is not None
    edit = appended(text, syntax, document.data, index, document.locate, KEYS, ITEM)
    return edited(text, [edit]) if edit is not None else None


@pytest.mark.parametrize(("path", "before", "after"), CASES)
def test_layouts(path: str, before: str, after: str) -> None:
    assert with_item(path, before) == after


@pytest.mark.parametrize(
    "before", ['{"lintperf": 1}', '{"lintperf": {"ignore": null}}', '{"lintperf": {"ignore": {}}}']
)
def test_what_is_no_list_is_left_alone(before: str) -> None:
    assert with_item("a.json", before) is None


def test_the_right_one_of_several_documents() -> None:
    assert (
        with_item("a.json", '[{"a": 1},\n {"a": 2}]', 1)
        == '[{"a": 1},\n {"a": 2, "lintperf": {"ignore": [' + LINE + "]}}]"
    )
    assert with_item("a.yaml", "a: 1\n---\na: 2\n", 0) == (
        'a: 1\nlintperf:\n  ignore:\n    - {code: LP301, row: "绿道：养护", reason: "已核实"}\n---\na: 2\n'
    )


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(0, 99) | st.text("绿道 {}[],:\"'#", max_size=6),
    lambda below: (
        st.lists(below, max_size=3) | st.dictionaries(st.text("ab绿", min_size=1, max_size=3), below, max_size=3)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(
    data=st.dictionaries(st.text("abc绿", min_size=1, max_size=3), VALUES, max_size=4),
    entries=st.none() | st.lists(st.just({"code": "LP1", "reason": "x"}), max_size=2),
    indent=st.sampled_from([None, 1, 2, "\t"]),
    suffix=st.sampled_from([".json", ".yaml"]),
)
def test_nothing_else_changes(data: dict[str, Any], entries: Any, indent: Any, suffix: str) -> None:
    if entries is not None:
        data = {**data, "lintperf": {"ignore": entries}}
    if indent == "\t" and suffix == ".yaml":
        indent = 2
    text = json.dumps(data, indent=indent, ensure_ascii=False)
    if not data:
        return
    after = with_item(f"a{suffix}", text)
    assert after is not None
    assert json.loads(after) == {**data, "lintperf": {"ignore": [*(entries or []), ITEM]}}
    # the old text with something put in, at one place
    start = next((at for at, (old, new) in enumerate(zip(text, after, strict=False)) if old != new), len(text))
    rest = text[start:].lstrip()
    assert after.endswith(rest)
