"""Random typed expressions over random small documents: the compiled rule says what the independent oracle says."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from expression_oracle import MissingError, Tree, World, required, source, value
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from toy_domain import PARAMETERS, program, rule, run

# divisors of these give quotients that end, so that 50 digits hold every result exactly
AMOUNTS = [Decimal(text) for text in ("0", "0.00", "1", "1.0", "2", "-2", "4", "5", "0.5", "2.50", "-0.5", "8")]
CONSTANTS = [*(amount for amount in AMOUNTS if amount >= 0), Decimal("1.005"), Decimal("2.675"), Decimal("0.125")]
TEXTS = ["", " ", "木 椅", "石凳", "石", "树荫下的木 椅", "'引号'\\"]
KINDS = ["wood", "stone", "iron"]

NAMES: dict[str, list[str]] = {
    "number": ["seats", "height", "cost", "limit", "town_code", "town.code", "twice", "first_cost", "param.most"],
    "text": ["name", "note", "place", "town.name", "param.word"],
    "bool": ["shaded", "open", "roomy", "has_benches", "param.strict"],
    "kind": ["kind"],
}
LOOP_NAMES: dict[str, list[str]] = {
    "number": ["x.seats", "x.height", "x.cost", "limit", "town.code", "x.twice", "first_cost", "param.most"],
    "text": ["x.name", "x.note", "place", "param.word"],
    "bool": ["x.shaded", "open", "x.roomy", "has_benches", "param.strict"],
    "kind": ["x.kind"],
}
DIVISORS = ["seats", "height", "cost", "limit", "town.code"]
LOOP_DIVISORS = ["x.seats", "x.height", "x.cost", "limit"]

WORDS = st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3).map(lambda words: ("list", tuple(words)))
SIZES = st.lists(st.sampled_from(CONSTANTS), min_size=1, max_size=3).map(lambda items: ("list", tuple(items)))


@st.composite
def trees(draw: st.DrawFn, kind: str, depth: int, loop: bool = False) -> Tree:
    """A tree of a type; in a loop only what an aggregate may see."""
    names = (LOOP_NAMES if loop else NAMES)[kind]
    name = st.sampled_from(names).map(lambda text: ("name", text))
    if kind == "kind":
        return draw(name)
    if depth == 0 or draw(st.integers(0, 5)) == 0:
        constants = {"number": CONSTANTS, "text": TEXTS, "bool": [True, False]}[kind]
        return draw(name if draw(st.booleans()) else st.sampled_from(constants).map(lambda item: ("const", item)))

    def sub(inner: str) -> Tree:
        return draw(trees(inner, depth - 1, loop))

    def can_miss(inner: str) -> Tree:
        tree = sub(inner)
        return (
            tree
            if required(tree)
            else draw(
                st.sampled_from([n for n in names_of(inner) if "." not in n or n[0] == "x"]).map(
                    lambda text: ("name", text)
                )
            )
        )

    def names_of(inner: str) -> list[str]:
        always = ("param.most", "param.word", "param.strict", "roomy", "x.roomy", "has_benches")
        return [each for each in (LOOP_NAMES if loop else NAMES)[inner] if each not in always]

    def number_name() -> Tree:
        return draw(st.sampled_from((LOOP_NAMES if loop else NAMES)["number"]).map(lambda text: ("name", text)))

    if kind == "number":
        how = draw(
            st.sampled_from(
                ["+", "-", "*", "/", "negative", "call", "call", "if", "default", "maybe", "many"]
                + ["aggregate"] * (not loop)
            )
        )
        if how in ("+", "-", "*"):
            return (how, sub("number"), sub("number"))
        if how == "/":
            divisor = st.sampled_from(LOOP_DIVISORS if loop else DIVISORS).map(lambda text: ("name", text))
            amount = st.sampled_from([each for each in AMOUNTS if each >= 0]).map(lambda item: ("const", item))
            return ("/", sub("number"), draw(divisor | amount))
        if how == "negative":
            return (how, sub("number"))
        if how == "if":
            return ("if", sub("bool"), sub("number"), sub("number"))
        if how == "default":
            return ("call", "default", can_miss("number"), sub("number"))
        if how == "maybe":
            return ("call", "half_if_positive", sub("number"))
        if how == "many":
            return ("call", "how_many", sub("number"), sub("number"))
        if how == "aggregate":
            return draw(aggregates(["sum", "count", "highest", "lowest", "mean"], "number", depth))
        function = draw(st.sampled_from(["abs", "smaller", "larger", "decimals", "round_half_up", "length"]))
        if function == "decimals":
            return ("call", function, number_name())
        if function == "length":
            return ("call", function, sub("text"))
        if function == "round_half_up":
            return ("call", function, sub("number"), ("const", Decimal(draw(st.integers(0, 4)))))
        arguments = [sub("number") for _ in range(1 if function == "abs" else 2)]
        return ("call", function, *arguments)
    if kind == "text":
        how = draw(st.sampled_from(["squeeze", "if", "default"]))
        if how == "squeeze":
            return ("call", how, sub("text"))
        if how == "if":
            return ("if", sub("bool"), sub("text"), sub("text"))
        return ("call", "default", can_miss("text"), sub("text"))
    options = ["compare", "compare", "compare", "and", "and", "or", "or", "not", "present", "missing", "blank", "if",
               "same", "kind", "in", "in number", "between", "agrees", "words", "contains"]  # fmt: skip
    how = draw(st.sampled_from(options + ["aggregate"] * (not loop)))
    if how == "compare":
        return (draw(st.sampled_from(["==", "!=", "<", "<=", ">", ">="])), sub("number"), sub("number"))
    if how in ("and", "or"):
        return (how, *(sub("bool") for _ in range(draw(st.integers(2, 3)))))
    if how == "not":
        return ("not", sub("bool"))
    if how in ("present", "missing"):
        return ("call", how, can_miss(draw(st.sampled_from(["number", "text", "bool"]))))
    if how == "blank":
        return ("call", how, can_miss("text"))
    if how == "if":
        return ("if", sub("bool"), sub("bool"), sub("bool"))
    if how == "same":
        inner = draw(st.sampled_from(["text", "bool"]))
        return (draw(st.sampled_from(["==", "!="])), sub(inner), sub(inner))
    if how == "kind":
        other = draw(st.sampled_from(KINDS))
        if draw(st.booleans()):
            return (draw(st.sampled_from(["in", "not in"])), sub("kind"), ("list", (other, "stone")))
        return (draw(st.sampled_from(["==", "!="])), sub("kind"), ("const", other))
    if how == "in":
        return (draw(st.sampled_from(["in", "not in"])), sub("text"), draw(WORDS | st.just(("name", "param.words"))))
    if how == "in number":
        return (draw(st.sampled_from(["in", "not in"])), sub("number"), draw(SIZES | st.just(("name", "param.sizes"))))
    if how == "between":
        return ("between", sub("number"), sub("number"), sub("number"))
    if how == "agrees":
        return ("call", "agrees", sub("number"), number_name())
    if how == "words":
        function = draw(st.sampled_from(["contains_any", "starts_with", "ends_with", "is_one_of"]))
        return ("call", function, sub("text"), draw(WORDS | st.just(("name", "param.words"))))
    if how == "contains":
        return ("call", "contains", sub("text"), sub("text"))
    return draw(aggregates(["any", "all"], "bool", depth))


@st.composite
def aggregates(draw: st.DrawFn, names: list[str], kind: str, depth: int) -> Tree:
    conditions = draw(st.lists(trees("bool", depth - 1, True), max_size=2))
    return ("aggregate", draw(st.sampled_from(names)), draw(trees(kind, depth - 1, True)), conditions)


AMOUNT = st.none() | st.sampled_from(AMOUNTS)
TEXT = st.none() | st.sampled_from(TEXTS)
FLAG = st.none() | st.booleans()
BENCH = st.fixed_dictionaries(
    {},
    optional={
        "name": TEXT, "kind": st.none() | st.sampled_from(KINDS), "seats": AMOUNT, "height": AMOUNT, "cost": AMOUNT,
        "note": TEXT, "shaded": FLAG,
    },
)  # fmt: skip
# two rows at most, so that a mean ends as well
REGISTER = st.fixed_dictionaries(
    {"benches": st.lists(BENCH, min_size=1, max_size=2)},
    optional={
        "place": TEXT, "open": FLAG, "limit": AMOUNT, "town_code": AMOUNT,
        "town": st.none() | st.fixed_dictionaries({}, optional={"code": AMOUNT, "name": TEXT}),
    },
)  # fmt: skip


def worlds(data: dict[str, Any]) -> list[World]:
    """What names mean on each row of a document."""
    rows = []
    for bench in data["benches"]:
        seats = bench.get("seats")
        facts = {"twice": None if seats is None else seats * 2, "roomy": seats is not None and seats >= 3}
        rows.append(bench | facts)
    town = data.get("town") or {}
    document = {
        **{name: data.get(name) for name in ("place", "open", "limit", "town_code")},
        "town.code": town.get("code"),
        "town.name": town.get("name"),
        "first_cost": data["benches"][0].get("cost"),
        "has_benches": True,
        **{f"param.{name}": item for name, item in PARAMETERS.items()},
    }
    return [World(document | row, rows) for row in rows]


def by_oracle(condition: Tree | None, asserted: Tree, data: dict[str, Any]) -> tuple[set[int], bool]:
    """The rows with a finding, and whether the rule applied to any row."""
    hits: set[int] = set()
    ran = False
    for number, world in enumerate(worlds(data)):
        try:
            # what the condition vouches for is present, so nothing is gained or lost by looking at the two apart
            if condition is not None and not value(condition, world):
                continue
            holds = value(asserted, world)
        except (MissingError, ZeroDivisionError):
            continue
        ran = True
        if not holds:
            hits.add(number)
    return hits, ran


def by_engine(condition: Tree | None, asserted: Tree, data: dict[str, Any]) -> tuple[set[int], bool]:
    when = source(condition) if condition is not None else None
    compiled = program(rule(each="benches", when=when, condition=source(asserted)))
    findings, coverage, crashes = run(compiled, data)
    assert not crashes, crashes[0].text.en
    return {int(finding.pointer.split("/")[2]) for finding in findings}, not coverage.not_applicable


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(st.none() | trees("bool", 2), trees("bool", 4), REGISTER)
@example(
    None,
    ("and", ("call", "present", ("name", "seats")), (">", ("name", "seats"), ("const", Decimal(1)))),
    {"benches": [{}, {"seats": Decimal(1)}, {"seats": Decimal(2)}]},
)
def test_a_rule_says_what_the_oracle_says(condition: Tree | None, asserted: Tree, data: dict[str, Any]) -> None:
    assert by_engine(condition, asserted, data) == by_oracle(condition, asserted, data)


@pytest.mark.parametrize("kind", ["number", "text"])
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(data=st.data(), document=REGISTER)
def test_what_a_finding_says_is_what_the_oracle_says(kind: str, data: st.DataObject, document: dict[str, Any]) -> None:
    tree = data.draw(trees(kind, 3))
    compiled = program(rule(each="benches", condition="False", expected=source(tree)))
    findings, _, crashes = run(compiled, document)
    assert not crashes
    for finding, world in zip(findings, worlds(document), strict=True):
        try:
            expected = value(tree, world)
        except (MissingError, ZeroDivisionError):
            expected = None
        got = finding.expected
        if isinstance(got, Decimal):
            assert expected is not None
            assert got == expected.amount
        else:
            assert got == expected
