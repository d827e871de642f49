"""What changed between two versions of a document: order and layout never, what is new or different always."""

from __future__ import annotations

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintperf.findings.changes import ALL, NOTHING, Changes, changes, earlier, is_touched, pair_documents
from lintperf.model import Confidence, Coverage, Finding, Related, Severity
from lintperf.results import DocumentResult
from lintperf.schema.fields import Field, fields_of

MENU = fields_of(
    {
        "type": "object",
        "properties": {
            "kitchen": {"type": "object", "properties": {"name": {"type": "string"}, "seats": {"type": "number"}}},
            "dishes": {
                "type": "array",
                "items": {
                    "type": "object",
                    "x-label": "name",
                    "properties": {
                        "name": {"type": "string"},
                        "price": {"type": "number"},
                        "parts": {"type": "array", "items": {"type": "object", "x-label": "name", "properties": {}}},
                    },
                },
            },
        },
    }
)
prices = st.integers(0, 5).map(Decimal)
parts = st.lists(st.fixed_dictionaries({"name": st.sampled_from("盐糖葱"), "grams": prices}), max_size=3)
dish = st.fixed_dictionaries(
    {"name": st.sampled_from(["豆腐", "米饭", "面条", "茶"]), "price": prices}, optional={"parts": parts}
)
menu = st.fixed_dictionaries(
    {
        "kitchen": st.fixed_dictionaries({"name": st.text("甲乙", max_size=2), "seats": prices}),
        "dishes": st.lists(dish, max_size=6),
    }
)


def pointers(value: Any, pointer: str = "") -> list[str]:
    """All pointers of a document but its own."""
    below = list(value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ())
    found = [f"{pointer}/{key}" for key, _ in below]
    return found + [each for key, item in below for each in pointers(item, f"{pointer}/{key}")]


def touched(found: Changes, data: Any) -> set[str]:
    return {pointer for pointer in pointers(data) if found.touch(pointer)}


@given(menu)
def test_a_copy_has_not_changed(data: Any) -> None:
    assert changes(data, deepcopy(data), MENU) == NOTHING


@given(menu, st.randoms(use_true_random=False))
def test_rows_in_another_order_have_not_changed(data: Any, rng: Any) -> None:
    moved = deepcopy(data)
    rng.shuffle(moved["dishes"])
    for row in moved["dishes"]:
        rng.shuffle(row.get("parts", []))
    assert touched(changes(data, moved, MENU), moved) == set()


@given(menu)
def test_everything_of_a_new_document_has_changed(data: Any) -> None:
    assert touched(ALL, data) == set(pointers(data))


@given(menu, st.data())
def test_a_changed_value_touches_its_row_and_no_other(data: Any, draw: st.DataObject) -> None:
    if not data["dishes"]:
        return
    number = draw.draw(st.integers(0, len(data["dishes"]) - 1))
    changed = deepcopy(data)
    changed["dishes"][number]["price"] = Decimal(99)
    assert touched(changes(data, changed, MENU), changed) == {
        f"/dishes/{number}", *pointers(changed["dishes"][number], f"/dishes/{number}")
    }  # fmt: skip


@given(menu, dish, st.data())
def test_a_new_row_touches_itself_and_the_list(data: Any, row: Any, draw: st.DataObject) -> None:
    number = draw.draw(st.integers(0, len(data["dishes"])))
    changed = deepcopy(data)
    changed["dishes"].insert(number, {**row, "name": "新菜"})
    new = {f"/dishes/{number}", *pointers(changed["dishes"][number], f"/dishes/{number}")}
    assert touched(changes(data, changed, MENU), changed) == {"/dishes", *new}


@given(menu, menu)
def test_what_is_not_touched_is_the_same_in_both(old: Any, new: Any) -> None:
    """Soundness: a row without a change stood in the old version just so; a value without one has not changed."""
    found = changes(old, new, MENU)
    for number, row in enumerate(new["dishes"]):
        if not found.touch(f"/dishes/{number}"):
            assert not any(found.touch(pointer) for pointer in pointers(row, f"/dishes/{number}"))
            same = [{key: value for key, value in each.items() if value != []} for each in old["dishes"]]
            assert any(_alike({k: v for k, v in row.items() if v != []}, each) for each in same)
    for name in ("name", "seats"):
        if not found.touch(f"/kitchen/{name}"):
            assert (old["kitchen"][name] or None) == (new["kitchen"][name] or None)


def _alike(row: dict[str, Any], other: dict[str, Any]) -> bool:
    """The same but for the order of parts."""

    def key(each: dict[str, Any]) -> Any:
        return {**each, "parts": sorted(map(str, each.get("parts", [])))}

    return bool(key(row) == key(other))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"price": Decimal("9.5")}, {"price": Decimal("9.50")}),
        ({"note": None}, {}),
        ({"note": ""}, {"note": None}),
        ({"dishes": []}, {}),
        ({"origin": {"file": "a.docx"}}, {"origin": {"file": "b.docx"}}),
        ({"dishes": [{"name": "茶", "note": None}]}, {"dishes": [{"name": "茶"}]}),
    ],
)
def test_what_says_the_same_has_not_changed(old: Any, new: Any) -> None:
    assert changes(old, new, MENU) == NOTHING


def test_values_and_records_outside_of_rows() -> None:
    old = {"kitchen": {"name": "甲", "seats": Decimal(4)}, "open": True}
    found = changes(old, {"kitchen": {"name": "甲", "seats": Decimal(5)}, "open": True}, MENU)
    assert [found.touch(each) for each in ("/kitchen/seats", "/kitchen", "/kitchen/name", "/open", "")] == [
        True, True, False, False, False
    ]  # fmt: skip
    gone = changes(old, {"kitchen": {"name": "甲"}, "open": True}, MENU)
    assert gone.touch("/kitchen/seats")


def test_a_row_taken_out_touches_the_list_alone() -> None:
    rows = [{"name": "茶", "price": Decimal(1)}, {"name": "米饭", "price": Decimal(2)}]
    found = changes({"dishes": rows}, {"dishes": rows[1:]}, MENU)
    assert touched(found, {"dishes": rows[1:]}) == {"/dishes"}


def test_another_kind_of_value_is_a_change() -> None:
    assert changes({"dishes": []}, {"dishes": "无"}, MENU).touch("/dishes")
    assert changes([], {"dishes": []}, MENU).touch("/dishes/0")
    assert changes({"tags": ["a", "b"]}, {"tags": ["b", "a"]}, MENU).touch("/tags/0")


def test_many_rows_take_time_by_their_number() -> None:
    """Each row compared with each would take minutes here."""
    old = [{"name": f"菜{number}", "price": Decimal(number)} for number in range(20_000)]
    new = [{**row, "price": row["price"] + 1} for row in reversed(old)]
    assert len(changes({"dishes": old}, {"dishes": new}, MENU).below) == 20_000


def finding(pointer: str, *related: Related) -> Finding:
    return Finding("TT101", Severity.error, Confidence.high, "a.json", 0, pointer, related=related)


def test_a_finding_is_touched_by_what_it_speaks_of() -> None:
    here = Changes(below=frozenset({"/dishes/1"}))
    there = {("b.json", 0): ALL}

    def other(path: str, index: int) -> Changes:
        return there.get((path, index), NOTHING)

    assert is_touched(finding("/dishes/1/price"), here, other)
    assert not is_touched(finding("/dishes/10/price"), here, other)
    assert is_touched(finding("/total", Related("/dishes/1/price")), here, other)
    assert is_touched(finding("/total", Related("/total", path="b.json")), here, other)
    assert not is_touched(finding("/total", Related("/dishes/1", path="c.json")), here, other)


def result(index: int, title: str | None, data: Any, type_: str | None = "menu") -> DocumentResult:
    return DocumentResult(index, type_, title, [], Coverage(), data=data)


def test_documents_of_a_file_are_known_by_value_then_by_title() -> None:
    old = [earlier(result(n, title, {"n": n})) for n, title in enumerate(["甲", "乙", "乙", None])]
    new = [result(0, "乙", {"n": 2}), result(1, "丙", {"n": 9}), result(2, "乙", {"n": 8}), result(3, "甲", {"n": 0})]
    assert [each and each.data["n"] for each in pair_documents(old, new)] == [2, 3, 1, 0]
    assert pair_documents(old[:1], [result(0, "丁", {}), result(1, "戊", {})]) == [None, None]
    assert pair_documents(old[:1], [result(0, "丁", {}, "other")]) == [None]


def test_fields_without_a_schema() -> None:
    assert changes({"a": 1}, {"a": 2}, Field("", "record")).touch("/a")
