"""Schema check: both validators agree, a wrong value hides only what depends on it, every violation has its place."""

from __future__ import annotations

import copy
import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from toy_domain import SCHEMA, plugin, register, write_pack

from lintperf.document import Document
from lintperf.model import Notification
from lintperf.pipeline import check_document, open_session
from lintperf.policy import Policy
from lintperf.resources import data_folder
from lintperf.schema.fields import fields_of, lookup, resolve
from lintperf.schema.validation import Validator, violations

SCHEMAS = sorted(data_folder("schemas").glob("*.json"))


def loaded(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def resolved(schema: Any, root: Any) -> Any:
    while "$ref" in schema:
        target = root
        for part in schema["$ref"].removeprefix("#/").split("/"):
            target = target[part]
        schema = {**target, **{key: value for key, value in schema.items() if key != "$ref"}}
    return schema


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.sampled_from(["", "a", "TT101", "2024-01-01", "长" * 30, "\u2028"])
    | st.sampled_from([Decimal(text) for text in ("0", "-0", "1", "1.0", "1.5", "-3", "1E+30", "0.1", "9" * 25)]),
    lambda inner: st.lists(inner, max_size=3)
    | st.dictionaries(st.sampled_from(["a", "zh", "code", "标"]), inner, max_size=3),
    max_leaves=4,
)  # fmt: skip


@st.composite
def documents(draw: st.DrawFn, schema: Any, root: Any, depth: int = 0) -> Any:
    """A document that mostly fits a schema; one value in twelve is anything at all."""
    schema = resolved(schema, root)
    if draw(st.integers(0, 11)) == 0:
        return draw(ANYTHING)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return draw(st.sampled_from(schema["enum"]))
    for keyword in ("oneOf", "anyOf", "allOf"):
        if keyword in schema and "properties" not in schema:
            return draw(documents(draw(st.sampled_from(schema[keyword])), root, depth + 1))
    types = schema.get("type", ["object"] if "properties" in schema else ["string", "number", "boolean", "null"])
    kind = draw(st.sampled_from([types] if isinstance(types, str) else types))
    if kind == "object":
        names = [name for name in schema.get("properties", {})
                 if name in schema.get("required", ()) or draw(st.integers(0, 2)) == 0]  # fmt: skip
        if names and draw(st.integers(0, 9)) == 0:
            names.remove(draw(st.sampled_from(names)))
        data = {name: draw(documents(schema["properties"][name], root, depth + 1)) for name in names}
        other = schema.get("additionalProperties")
        if isinstance(other, dict) and depth < 6:
            for name in draw(st.lists(st.sampled_from(["a", "b_c", "TT101", "1x"]), max_size=2, unique=True)):
                data[name] = draw(documents(other, root, depth + 1))
        if draw(st.integers(0, 19)) == 0:
            data[draw(st.sampled_from(["unknown", "", "a/b~c"]))] = draw(ANYTHING)
        return data
    if kind == "array":
        items = schema.get("items", {})
        return draw(st.lists(documents(items, root, depth + 1), max_size=3)) if depth < 8 else []
    if kind in ("number", "integer"):
        return draw(st.sampled_from([Decimal(text) for text in ("0", "1", "1.0", "2.50", "100", "-1", "0.01")]))
    if kind == "boolean":
        return draw(st.booleans())
    return None if kind == "null" else draw(st.sampled_from(["长椅", "a", "", "TT101", "a-b", "2024-01-01", "x" * 500]))


@pytest.mark.parametrize("path", SCHEMAS, ids=lambda path: path.stem)
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large,
                                                                  HealthCheck.function_scoped_fixture])  # fmt: skip
@given(data=st.data())
def test_the_fast_validator_and_the_reference_agree(path: Path, data: st.DataObject) -> None:
    schema = loaded(path)
    document = data.draw(documents(schema, schema))
    assert Validator(schema).is_valid(document) == (next(violations(schema, document), None) is None)


@pytest.mark.parametrize(
    ("schema", "document", "valid"),
    [
        ({"type": "integer"}, Decimal("1.0"), True),
        ({"type": "integer"}, Decimal("1.5"), False),
        ({"type": "integer"}, True, False),
        ({"type": "number"}, True, False),
        ({"type": "number"}, "1", False),
        ({"maximum": 0.1}, Decimal("0.1"), True),
        ({"maximum": 0.1}, Decimal("0.1000001"), False),
        ({"minimum": 1}, Decimal("1.00"), True),
        ({"enum": [1, "a"]}, Decimal("1.0"), True),
        ({"const": True}, Decimal("1"), False),
        ({"maxLength": 2}, "绩效", True),
        ({"maxLength": 1}, "\U0002070e", True),
        ({"pattern": "^[0-9]+$"}, "١", False),
        ({"uniqueItems": True}, [Decimal("1"), Decimal("1.0")], False),
    ],
)
def test_cases_on_which_they_must_agree(schema: Any, document: Any, valid: bool) -> None:
    assert Validator(schema).is_valid(document) is valid
    assert (next(violations(schema, document), None) is None) is valid


def test_known_differences() -> None:
    """Where the two differ, and what keeps the difference from mattering."""
    # `$` lets a final line break pass in Python only
    newline = {"pattern": "^[0-9]{4}$"}
    assert Validator(newline).is_valid("2024\n") is False
    assert list(violations(newline, "2024\n")) == []
    # so such a document is checked, has no violation to tell, and is taken as it is
    assert Validator(newline).check("2024\n") == ("2024\n", [])


def test_our_patterns_hold_no_class_on_which_engines_differ() -> None:
    for path in SCHEMAS:
        for part in path.read_text(encoding="utf-8").split('"pattern": "')[1:]:
            pattern = part.split('"')[0]
            assert not any(mark in pattern for mark in ("\\\\d", "\\\\w", "\\\\s", "\\\\b")), (path.name, pattern)


GOOD = register({"name": "甲", "seats": 1, "cost": 5}, {"name": "乙", "seats": 1, "cost": 5}, limit=4, place="河边")


@pytest.mark.parametrize(
    ("pointer", "value", "codes"),
    [
        ("", None, ["TT101 0", "TT101 1", "TT102 0", "TT102 1", "TT103"]),
        ("/benches/0/seats", "一", ["TT101 1", "TT102 0", "TT102 1", "TT103"]),
        ("/benches/0/seats", {"a": Decimal(1)}, ["TT101 1", "TT102 0", "TT102 1", "TT103"]),
        ("/benches/1/cost", [], ["TT101 0", "TT101 1", "TT102 0", "TT103"]),
        ("/benches/0", "甲", ["TT101 1", "TT102 1", "TT103"]),
        ("/benches/0", None, ["TT101 1", "TT102 1", "TT103"]),
        ("/limit", "4", ["TT101 0", "TT101 1", "TT102 0", "TT102 1"]),
        ("/benches", {}, ["TT103"]),
        ("/benches", None, ["TT103"]),
        ("/town", "镇", ["TT101 0", "TT101 1", "TT102 0", "TT102 1", "TT103"]),
        ("/place", Decimal(1), ["TT101 0", "TT101 1", "TT102 0", "TT102 1", "TT103"]),
        ("/benches/0/kind", "gold", ["TT101 0", "TT101 1", "TT102 0", "TT102 1", "TT103"]),
        ("/benches/0/unknown", "x", ["TT101 0", "TT101 1", "TT102 0", "TT102 1", "TT103"]),
    ],
)
def test_a_wrong_value_hides_only_what_depends_on_it(
    tmp_path: Path, pointer: str, value: Any, codes: list[str]
) -> None:
    pack = write_pack(
        tmp_path / "toy",
        {},
        {"code": "TT102", "name": "dear", "assert": "cost < 5", "at": "cost"},
        {
            "code": "TT103",
            "name": "limit",
            "each": None,
            "assert": "limit > 4 or missing(town.code) and False",
            "at": "limit",
        },
        default_for=["bench-register"],
    )
    data = copy.deepcopy(GOOD)
    if pointer:
        parent, _, last = pointer.rpartition("/")
        holder = resolve(data, parent)
        holder[int(last) if isinstance(holder, list) else last] = value
    crashes: list[Notification] = []
    session = open_session(plugins={"toy": plugin(tmp_path, pack)}, use_cache=False)
    result = check_document(session, Document("b.json", data), Policy(persona="auditor"), crashes)
    assert not crashes
    found = sorted(
        f"{each.code} {each.pointer.split('/')[2]}" if each.pointer.count("/") > 1 else each.code
        for each in result.findings
    )
    assert found == codes


@pytest.mark.parametrize(
    ("change", "pointer", "problem", "expected"),
    [
        ({"plase": "x"}, "/plase", "unknown field", "place"),
        ({"limit": "x"}, "/limit", "wrong type", "a number"),
        ({"open": Decimal(1)}, "/open", "wrong type", "true or false"),
        ({"place": "长" * 401}, "/place", "too long", "≤ 400"),
        ({"town": {"nam": "x"}}, "/town/nam", "unknown field", "name"),
        ({"benches": [{"kind": "wod"}]}, "/benches/0/kind", "not one of those allowed", "did you mean wood?"),
        ({"benches": [{"a/b~c": "x"}]}, "/benches/0/a~1b~0c", "unknown field", "one of name"),
    ],
)
def test_violations_say_what_and_where(change: dict[str, Any], pointer: str, problem: str, expected: str) -> None:
    ((_, remark),) = violations(SCHEMA, {**GOOD, **change})
    assert remark.kind == "schema-violation"
    assert remark.pointer == pointer
    assert problem in remark.arguments["problem"].en
    assert expected in remark.arguments["expected"].en


def test_missing_fields_are_told_one_by_one() -> None:
    remarks = [remark for _, remark in violations(SCHEMA, {})]
    assert [remark.arguments["expected"].en for remark in remarks] == ["type", "benches"]


def test_the_checked_data_is_a_copy() -> None:
    data = copy.deepcopy(GOOD)
    data["benches"][0]["seats"] = "x"
    before = copy.deepcopy(data)
    kept, remarks = Validator(SCHEMA).check(data)
    assert data == before
    assert len(remarks) == 1
    assert kept["benches"][0]["seats"] is None
    assert kept["benches"][1] == data["benches"][1]


def test_fields_of_a_schema() -> None:
    root = fields_of(SCHEMA)
    seats = lookup(root, "benches.seats")
    assert seats is not None
    assert (seats.kind, seats.choices) == ("number", None)
    kind = lookup(root, "benches.kind")
    assert kind is not None
    assert kind.choices == {"wood", "stone", "iron"}
    assert lookup(root, "benches.nothing") is None
    assert lookup(root, "place.inner") is None
    assert root.title_in("zh") == "长椅登记"
    assert root.title_in("en") == "Register of benches"


def test_wrong_values_are_set_aside_however_many_there_are() -> None:
    data = register(*[{"seats": "x", "cost": 1}] * 300)
    data["benches"] += ["no bench"] * 300
    kept, remarks = Validator(SCHEMA).check(data)
    assert len(remarks) == 200
    assert [row.get("seats") for row in kept["benches"]] == [None] * 600
    assert data["benches"][0]["seats"] == "x"


def test_a_wrong_item_leaves_its_place_as_rules_expect_it() -> None:
    """None among texts, a record without fields among records: nothing that a rule stumbles over."""
    schema = {
        "type": "object",
        "$defs": {"row": {"type": "object", "properties": {"names": {"type": "array", "items": {"type": "string"}}}}},
        "properties": {"rows": {"type": "array", "items": {"$ref": "#/$defs/row"}}},
    }
    kept, remarks = Validator(schema).check({"rows": [{"names": ["甲", ["乙"], {}]}, "丙"]})
    assert kept == {"rows": [{"names": ["甲", None, None]}, {}]}
    assert [remark.pointer for remark in remarks] == ["/rows/0/names/1", "/rows/0/names/2", "/rows/1"]
