"""The expression language case by case: values, missing values, narrowing, division by zero, aggregates, names."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from toy_domain import GROUPS, PARAMETERS, SCHEMA, crash, outcome, program, register, rule, run

from lintperf.extension import Function
from lintperf.model import Text
from lintperf.rules.functions import CORE_FUNCTIONS, agrees, decimals, round_half_up

BENCH = {"name": "树荫下的长椅", "kind": "wood", "seats": 3, "height": Decimal("0.45"), "cost": Decimal("980.00")}


def computed(expression: str, data: dict[str, Any], **fields: Any) -> Any:
    """The value of an expression on the first bench."""
    compiled = program(rule(each="benches", condition="False", expected=expression, **fields))
    findings, _, crashes = run(compiled, data)
    assert not crashes, crashes[0].text.en
    return findings[0].expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("seats - 5", "-2"),
        ("-seats", "-3"),
        ("0.1 + 0.2", "0.3"),
        ("1 / 3 * 3 == 1", "False"),
        ("1 / 8", "0.125"),
        ("abs(-seats)", "3"),
        ("smaller(2, seats)", "2"),
        ("larger(2, seats)", "3"),
        ("decimals(cost)", "2"),
        ("decimals(0.980)", "3"),
        ("decimals(98)", "0"),
        ("round_half_up(0.005, 2)", "0.01"),
        ("round_half_up(-0.005, 2)", "-0.01"),
        ("round_half_up(2.5, 0)", "3"),
        ("round_half_up(1.005, 2)", "1.01"),
        ("round_half_up(7, -3)", "7"),
        ("length('长椅 a')", "4"),
        ("length(name)", "6"),
        ("squeeze(' 木\u3000椅 \\t')", "木椅"),
        ("'木' if seats > 2 else '石'", "木"),
        ("'甲' '乙'", "甲乙"),
        ("twice", "6"),
        ("param.most", "2.50"),
    ],
)
def test_values(expression: str, expected: str) -> None:
    got = computed(expression, register(BENCH))
    assert str(got) == expected


@pytest.mark.parametrize(
    ("condition", "holds"),
    [
        ("seats == 3.00", True),
        ("seats != 3", False),
        ("0 < seats <= 3", True),
        ("3 < seats <= 4", False),
        ("seats in [1, 3.0]", True),
        ("seats not in (1, 3)", False),
        ("seats in {3, 4}", True),
        ("kind == 'wood'", True),
        ("'stone' == kind", False),
        ("kind in ['stone', 'iron']", False),
        ("name in param.words", False),
        ("2.5 in param.sizes", True),
        ("param.strict", True),
        ("roomy == True", True),
        ("not roomy or seats > 2", True),
        ("contains(name, '长椅')", True),
        ("contains(name, '')", True),
        ("contains_any(name, ['石', '树'])", True),
        ("starts_with(name, ['长', '树荫'])", True),
        ("ends_with(name, ['长椅'])", True),
        ("is_one_of(kind, ['wood', 'iron'])", True),
        ("agrees(0.8549, 0.85)", True),
        ("agrees(0.855, 0.85)", False),
        ("agrees(0.845, 0.85)", True),
        ("agrees(0.85, 0.850)", True),
        ("agrees(-0.845, -0.85)", True),
        ("agrees(99.5, 100)", True),
        ("town.code == 4", True),
        ("town_code == 5", True),
        ("place == '河边'", True),
        ("first_cost == cost and has_benches", True),
    ],
)
def test_conditions(condition: str, holds: bool) -> None:
    data = register(BENCH, town={"code": 4}, town_code=5, place="河边")
    assert outcome(condition, data, each="benches") == ("fine" if holds else "finding")


@pytest.mark.parametrize(
    ("condition", "bench", "expected"),
    [
        ("seats > 1", {}, "not applicable"),
        ("seats > 1", {"seats": None}, "not applicable"),
        ("not seats > 1", {}, "not applicable"),
        ("present(seats) and seats > 1", {}, "finding"),
        ("present(seats) and seats > 1", {"seats": 2}, "fine"),
        ("missing(seats) or seats > 1", {}, "fine"),
        ("missing(seats) or seats > 1", {"seats": 1}, "finding"),
        ("not present(seats) or seats > 1", {}, "fine"),
        ("not (missing(seats) or seats < 1)", {}, "finding"),
        ("seats > 1 if present(seats) else True", {}, "fine"),
        ("True if missing(seats) else seats > 1", {"seats": 0}, "finding"),
        ("present(seats) and present(cost) and seats < cost", {"seats": 1}, "finding"),
        # what stands before the test is not vouched for
        ("seats > 1 and present(seats)", {}, "not applicable"),
        # nor is another value
        ("present(seats) and cost > 1", {"seats": 1}, "not applicable"),
        # one side of an `or` alone vouches for nothing
        ("(present(seats) or shaded) and seats > 1", {"shaded": True}, "not applicable"),
        ("default(seats, 0) == 0", {}, "fine"),
        ("default(seats, 0) == 0", {"seats": 5}, "finding"),
        ("default(seats, cost) > 1", {"seats": 5}, "not applicable"),
        ("blank(note)", {}, "fine"),
        ("blank(note)", {"note": " \u3000\n"}, "fine"),
        ("blank(note)", {"note": "旧"}, "finding"),
        ("not blank(note) and length(note) > 1", {}, "finding"),
        ("present(note)", {"note": ""}, "fine"),
        ("present(seats + cost)", {"seats": 1}, "finding"),
        ("present(twice) and twice > 1", {}, "finding"),
        ("missing(kind) or kind == 'wood'", {}, "fine"),
        ("half_if_positive(seats) > 1", {"seats": -4}, "not applicable"),
        ("present(half_if_positive(seats)) and half_if_positive(seats) > 1", {"seats": -4}, "finding"),
        ("missing(half_if_positive(seats))", {}, "fine"),
        ("how_many(seats, cost) == 1", {"cost": 1}, "fine"),
        ("how_many(seats + 1, 2) == 1", {}, "fine"),
        ("seats / cost > 1", {"seats": 1, "cost": 0}, "not applicable"),
        ("seats / cost > 1", {"seats": 0, "cost": 0}, "not applicable"),
        ("cost == 0 or seats / cost > 1", {"seats": 1, "cost": 0}, "fine"),
        ("cost != 0 and seats / cost > 1", {"seats": 1, "cost": 0}, "finding"),
    ],
)
def test_missing_values_and_division_by_zero(condition: str, bench: dict[str, Any], expected: str) -> None:
    assert outcome(condition, register(bench), each="benches") == expected


def test_a_condition_that_does_not_hold_or_cannot_be_told_leaves_the_row_out() -> None:
    benches = register({"seats": 1}, {"seats": 2, "cost": 9}, {"cost": 0}, {"seats": 3, "cost": 0})
    compiled = program(rule(each="benches", when="seats > 1 and 1 / cost < 1", condition="False"))
    findings, coverage, _ = run(compiled, benches)
    assert [finding.pointer for finding in findings] == ["/benches/1"]
    assert coverage.rules_run == 1
    assert coverage.not_applicable == ()


def test_a_rule_is_not_applicable_where_no_row_is() -> None:
    findings, coverage, _ = run(program(rule(each="benches", condition="cost > 0")), register({"seats": 1}, {}))
    assert findings == []
    assert coverage.not_applicable == ("TT101",)
    assert coverage.rules_run == 0


AGGREGATE_ROWS = (
    {"name": "甲", "kind": "wood", "seats": 2, "cost": Decimal("10.50")},
    {"name": "乙", "kind": "stone", "seats": 4},
    {"name": "丙", "seats": 3, "cost": 1},
)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("sum(x.seats for x in benches)", "9"),
        ("sum(x.seats * 2 for x in benches if x.seats > 2)", "14"),
        ("sum(x.seats for x in benches if x.seats > 100)", "0"),
        ("count(x for x in benches)", "3"),
        ("count(x for x in benches if x.seats > 2 if x.seats < 4)", "1"),
        ("count(x for x in benches if present(x.cost) if x.cost > 5)", "1"),
        ("highest(x.seats for x in benches)", "4"),
        ("lowest(x.seats for x in benches)", "2"),
        ("mean(x.seats for x in benches)", "3"),
        ("mean(x.seats for x in benches if x.seats > 100)", "None"),
        ("highest(x.seats for x in benches if x.seats > 100)", "None"),
        ("any(x.seats > 3 for x in benches)", "True"),
        ("any(x.seats > 9 for x in benches)", "False"),
        ("all(x.seats > 1 for x in benches)", "True"),
        ("all(x.seats > 2 for x in benches)", "False"),
        ("any(x.seats > 9 for x in benches if x.seats > 100)", "False"),
        ("all(x.seats > 9 for x in benches if x.seats > 100)", "True"),
        # a missing value makes the whole missing, unless the condition leaves its row out
        ("sum(x.cost for x in benches)", "None"),
        ("sum(x.cost for x in benches if present(x.cost))", "11.50"),
        ("sum(default(x.cost, 0) for x in benches)", "11.50"),
        ("count(x for x in benches if x.cost > 5)", "None"),
        ("count(x for x in benches if x.kind == 'wood')", "None"),
        # `any` and `all` are decided by one row, whatever others lack and wherever it stands
        ("any(x.cost > 10 for x in benches)", "True"),
        ("any(x.cost < 5 for x in benches)", "True"),
        ("any(x.cost > 99 for x in benches)", "None"),
        ("all(x.cost > 5 for x in benches)", "False"),
        ("all(x.cost > 0 for x in benches)", "None"),
        ("sum(1 / (x.seats - 2) for x in benches)", "None"),
        ("sum(x.twice for x in benches)", "18"),
        ("count(x for x in benches if x.roomy)", "2"),
        ("sum(x.seats for x in benches) / limit", "4.5"),
        ("sum(x.seats * limit for x in benches)", "18"),
        ("sum(x.cost for x in benches if present(x.cost) and first_cost == 10.5)", "11.50"),
        ("sum(half_if_positive(x.seats) for x in benches)", "4.5"),
        ("count(row for row in benches)", "3"),
        ("sum(data.seats for data in benches)", "9"),
    ],
)
def test_aggregates(expression: str, expected: str) -> None:
    for rows in (AGGREGATE_ROWS, AGGREGATE_ROWS[::-1]):
        data = register(*rows, limit=2)
        if "first_cost" in expression and rows is not AGGREGATE_ROWS:
            continue
        got = computed(expression, data)
        assert str(got) == expected or got == Decimal(expected)


def test_aggregates_of_no_rows() -> None:
    data = register(limit=1)
    for expression, expected in (
        ("sum(x.seats for x in benches)", Decimal(0)),
        ("count(x for x in benches)", Decimal(0)),
        ("any(x.roomy for x in benches)", False),
        ("all(x.roomy for x in benches)", True),
        ("mean(x.seats for x in benches)", None),
    ):
        findings, _, _ = run(program(rule(condition="False", expected=expression)), data)
        assert findings[0].expected == expected


def test_aggregates_that_differ_beyond_a_float_are_two() -> None:
    rows = register({"seats": 1, "cost": Decimal("0.12345678901234567895")})
    low = "count(x for x in benches if x.cost > 0.1234567890123456789)"
    high = "count(x for x in benches if x.cost > 0.12345678901234567899)"
    findings, _, _ = run(program(rule(condition="False", found=low, expected=high)), rows)
    assert (findings[0].found, findings[0].expected) == (1, 0)


def test_lets_build_on_each_other_and_on_the_row() -> None:
    lets = {"total": "sum(x.seats for x in benches)", "share": "seats / total", "big": "share > 0.5"}
    compiled = program(rule(each="benches", let=lets, when="total > 0", condition="not big", expected="share"))
    findings, _, _ = run(compiled, register({"seats": 3}, {"seats": 1}))
    assert [(finding.pointer, finding.expected) for finding in findings] == [("/benches/0", Decimal("0.75"))]


def test_a_let_may_hide_a_field_and_is_missing_with_what_it_is_made_of() -> None:
    compiled = program(rule(each="benches", let={"cost": "seats * 10"}, condition="cost < 20"))
    findings, _, _ = run(compiled, register({"seats": 2, "cost": 1}, {"cost": 99}))
    assert [finding.pointer for finding in findings] == ["/benches/0"]


def test_fields_with_like_names_stay_apart() -> None:
    """`town.code` and `town_code` are two fields, and so are a loop's own names and those of the code around it."""
    data = register({"seats": 1}, town={"code": 1}, town_code=2)
    assert outcome("town.code == 1 and town_code == 2", data, each="benches") == "fine"
    assert outcome("town_code == 2 and town.code == 1", data) == "fine"


ODD = ["t1", "l_x", "row", "rows", "data", "fact", "hit", "crash", "i", "K0", "h0", "n0", "values", "aggregates",
       "facts_0", "row_facts", "problem", "zip", "Exception", "ArithmeticError", "__builtins__", "__import__", "v0_t1",
       "d0", "o1", "None_", "名称"]  # fmt: skip


@pytest.mark.parametrize("name", ODD)
def test_names_of_fields_never_meet_names_of_the_generated_code(name: str) -> None:
    schema: Any = {
        "type": "object",
        "properties": {
            name: {"type": "number"},
            "benches": {
                "type": "array",
                "items": {"type": "object", "properties": {name: {"type": "number"}, "t2": {"type": "number"}}},
            },
        },
    }
    data = {name: Decimal(5), "benches": [{name: Decimal(1), "t2": Decimal(2)}, {name: Decimal(3), "t2": Decimal(4)}]}
    whole = f"sum(half_if_positive(x.{name}) + x.{name} + half_if_positive(x.t2) for x in benches)"
    for each, own in (("benches", 1), ("", 5)):
        compiled = program(
            rule("TT101", each=each, let={"double": f"{name} * 2"}, condition=f"{name} != {own}",
                 found=name, expected=whole, difference="double"),
            rule("TT102", each=each, condition=f"present({name}) and {whole} == 9"),
            schema=schema, groups=(),
        )  # fmt: skip
        findings, _, crashes = run(compiled, data)
        assert not crashes
        assert {finding.code for finding in findings} == {"TT101"}
        assert findings[0].found == own
        assert findings[0].expected == 9
        assert findings[0].difference == own * 2


@pytest.mark.parametrize(
    "name", ["class", "if", "a-b", "x.y", "1st", "", "a b", "'", '"""', "\\", "\n", "a';crash(1)#"]
)
def test_properties_that_are_no_names_are_out_of_reach_and_harmless(name: str) -> None:
    fields = {name: {"type": "number"}, "seats": {"type": "number"}}
    holder = {"type": "object", "properties": fields}
    schema: Any = {
        "type": "object",
        "properties": {**fields, "town": holder, "benches": {"type": "array", "items": holder}},
    }
    row = {name: Decimal(1), "seats": Decimal(2)}
    compiled = program(
        rule(each="benches", condition="seats == sum(x.seats for x in benches) and town.seats == 9", found="seats"),
        schema=schema, groups=(),
    )  # fmt: skip
    findings, _, crashes = run(compiled, {**row, "town": {**row, "seats": Decimal(9)}, "benches": [row, row]})
    assert not crashes
    assert [finding.found for finding in findings] == [2, 2]


def test_a_crash_costs_one_rule_only_and_is_told_once() -> None:
    rows = register({"seats": 1}, {"seats": 2})
    compiled = program(
        rule("TT101", each="benches", condition="crash(seats)"),
        rule("TT102", each="benches", condition="seats > 1"),
        rule("TT103", each="benches", condition="any(crash(x.seats) for x in benches)"),
        rule("TT104", each="benches", condition="any(x.seats > 5 for x in benches)", once=True),
    )
    findings, _, crashes = run(compiled, rows)
    assert sorted(crash.subject for crash in crashes) == ["TT101", "TT103"]
    assert "RuntimeError" in crashes[0].text.zh
    assert [finding.code for finding in findings] == ["TT102", "TT104"]


def test_a_crash_in_what_a_finding_says_leaves_the_finding() -> None:
    findings, _, crashes = run(program(rule(each="benches", condition="False", expected="crash(seats)")),
                               register({"seats": 1}))  # fmt: skip
    assert len(findings) == 1
    assert findings[0].expected is None
    assert len(crashes) == 1


def test_facts_that_break_their_promise_are_crashes_of_the_rules_that_stand_on_them() -> None:
    def broken(_seats: Any) -> Any:
        raise KeyError("no such bench")

    groups = (GROUPS[0].__class__("bench-register", "benches", ("seats",), broken, GROUPS[0].record, {}), GROUPS[1])
    compiled = program(
        rule("TT101", each="benches", condition="twice > 1"),
        rule("TT102", condition="count(x for x in benches) > 5"),
        groups=groups,
    )
    findings, _, crashes = run(compiled, register({"seats": 1}))
    assert [finding.code for finding in findings] == ["TT102"]
    assert {each.subject for each in crashes} == {"TT101"}


def test_every_core_function_is_total_on_odd_numbers() -> None:
    """Whatever the numbers, a function gives a value or an ArithmeticError, which makes a rule not applicable."""
    numbers = [Decimal(text) for text in ("0", "-0", "1E+40", "-1E-40", "0.000", "9" * 30, "1.5")]
    texts = ["", " ", "长椅", "\ud800", "a" * 5000]
    for function in CORE_FUNCTIONS:
        for first in numbers if function.parameters[0] == "number" else texts:
            for second in numbers if function.parameters[-1] == "number" else texts:
                arguments = [first, [second, "椅"] if function.parameters[-1] == "text*" else second]
                try:
                    result = function.call(*arguments[: len(function.parameters)])
                except ArithmeticError:
                    continue
                kinds = {"number": Decimal, "bool": bool, "text": str}
                assert isinstance(result, kinds[function.result])


def test_core_functions_on_bounds() -> None:
    assert decimals(Decimal("1E+5")) == 0
    assert round_half_up(Decimal("0.125"), Decimal(99)) == Decimal("0.125")
    assert round_half_up(Decimal("0.125"), Decimal("1E+999999")) == Decimal("0.125")
    assert agrees(Decimal("1E-9"), Decimal("0.00"))
    assert agrees(Decimal("0." + "1" * 25), Decimal("0." + "1" * 25))


def test_texts_of_functions_are_in_both_languages() -> None:
    for function in CORE_FUNCTIONS:
        assert isinstance(function, Function)
        assert function.title.zh
        assert function.title.en
        assert function.title != Text("", "")


def test_the_toy_is_as_it_says() -> None:
    assert PARAMETERS["most"] == Decimal("2.50")
    assert SCHEMA["properties"]["type"]["const"] == "bench-register"
    with pytest.raises(RuntimeError):
        crash(Decimal(1))
