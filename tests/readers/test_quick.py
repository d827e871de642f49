"""The quick way to read a document agrees with the careful one: same data, or it leaves the document to it."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from lintperf.document.errors import SyntaxProblem
from lintperf.document.json_text import decode_json
from lintperf.extension import Source
from lintperf.pipeline import open_session, read_documents
from lintperf.schema.quick import FIRST, quick_reader
from lintperf.schema.validation import Validator

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas/self-evaluation.json").read_text(encoding="utf-8"))
FORM = """{"type": "self-evaluation", "version": "1", "heading": {"project": "绿道养护", "year": 2023},
 "funds": {"currency_unit": "万元", "rows": [{"source": "total", "annual": 12.50, "executed": 10, "rate": "80%"},
 {"source": "fiscal", "annual": 0, "rate": 0.8}]},
 "indicators": [{"name": "养护长度", "target": "≥5公里", "weight": 10, "score": 9.50, "others": []}],
 "notes": ["无"]}"""
read: Any = quick_reader(SCHEMA)
validator = Validator(SCHEMA)


def careful(text: str) -> Any:
    """The data where it is a document that fits its schema, else None."""
    try:
        data = decode_json(text)
    except SyntaxProblem:
        return None
    return data if not validator.check(data)[1] else None


def test_the_data_are_the_same_to_the_last_decimal() -> None:
    data = read(FORM.encode())
    assert repr(data) == repr(decode_json(FORM))
    assert repr(data["funds"]["rows"][0]["annual"]) == "Decimal('12.50')"


@pytest.mark.parametrize(
    ("found", "put"),
    [
        ('"year": 2023', '"year": 2023.0'),
        ('"year": 2023', '"year": 1066'),
        ('"year": 2023', '"year": true'),
        ('"weight": 10', '"weight": "10"'),
        ('"weight": 10', '"weight": true'),
        ('"weight": 10', '"weight": -0'),
        ('"weight": 10', '"weight": 1e99'),
        ('"weight": 10', f'"weight": 1{"0" * 60}'),
        ('"weight": 10', '"weight": [10]'),
        ('"weight": 10', '"wieght": 10'),
        ('"weight": 10', '"weight": 10, "weight": 10'),
        ('"weight": 10', '"weight": NaN'),
        ('"80%"', '"eighty"'),
        ('"80%"', "true"),
        ('"80%"', "-0"),
        ('"万元"', '"千元"'),
        ('"type": "self-evaluation"', '"type": "evaluation-report"'),
        ('"version": "1"', '"version": 1'),
        ('"name": "养护长度", ', ""),
        ('["无"]', "{}"),
        ("绿道养护", "\\ud800"),
        ("绿道养护", "绿" * 1001),
        ("}]}", "}]}]"),
    ],
)
def test_what_is_not_plainly_in_order_is_left_to_the_careful_way(found: str, put: str) -> None:
    assert found in FORM
    assert read(FORM.replace(found, put, 1).encode()) is None


@pytest.mark.parametrize("text", ["", "[]", f"[{FORM}]", "\ufeff" + FORM, FORM + "x", "null", "1"])
def test_other_texts_are_left_to_the_careful_way(text: str) -> None:
    assert read(text.encode()) is None


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_a_text_in_another_encoding_is_left_to_the_careful_way(encoding: str) -> None:
    assert read(FORM.encode(encoding)) is None


def test_agreement_on_damaged_forms() -> None:
    chance = random.Random(7)
    pieces = ['"', ":", ",", "{", "}", "0", "-", "null", "\\", " ", "1.50", '"text": "x"', "[", "]", "Ａ", "\x01", ""]
    accepted = 0
    for _ in range(4000):
        start = chance.randrange(len(FORM))
        end = start + chance.choice((0, 0, 1, 2, 5))
        text = FORM[:start] + chance.choice(pieces) + FORM[end:]
        quick = read(text.encode())
        if quick is not None:
            accepted += 1
            assert repr(quick) == repr(careful(text)), text
    assert accepted > 100


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "object"},
        {"type": "object", "additionalProperties": False, "minProperties": 1},
        {"type": "object", "additionalProperties": False, "required": ["a"], "properties": {"a": {"oneOf": []}}},
    ],
)
def test_a_schema_that_says_more_has_no_quick_way(schema: Any) -> None:
    assert quick_reader(schema) is None


def test_a_session_takes_the_quick_way_when_it_pays() -> None:
    session = open_session()
    source = Source("form.json", FORM.encode())
    valid = [read_documents(session, source)[0][0].valid for _ in range(FIRST + 2)]
    assert valid == [False] * FIRST + [True] * 2
