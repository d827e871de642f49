"""Findings of checks with a fix, and rules that make one finding of the rows alike in a field."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

import pytest
from toy_domain import TEXT, program, register, rule, run

from lintperf.extension import Check, Problem, Subject
from lintperf.model import Fix
from lintperf.rules.rule import FixRule, RuleProblem


def too_few_seats(subject: Subject, _options: Mapping[str, Any]) -> Iterator[Problem]:
    """Benches with fewer than two seats; a missing number is a variant without a value that would be right."""
    for number, row in enumerate(subject.rows("benches")):
        if row.get("seats") is None:
            yield Problem(f"/benches/{number}/seats", expected=Decimal(2), variant="missing")
        elif row["seats"] < 2:
            yield Problem(f"/benches/{number}/seats", found=row["seats"], expected=Decimal(2))


CHECKS = {"too-few-seats": Check("too-few-seats", "bench-register", too_few_seats, TEXT)}


def with_check(value: str) -> Any:
    fixing = rule(check="too-few-seats", fix=FixRule(value, True), variants={"missing": TEXT})
    return program(fixing, checks=CHECKS)


def test_what_a_check_expects_is_the_fix_of_the_main_defect() -> None:
    findings, _, crashes = run(with_check("expected"), register({"seats": 1}, {"seats": 3}, {"name": "石凳"}))
    assert not crashes
    assert [(each.pointer, each.fix) for each in findings] == [
        ("/benches/0/seats", Fix("/benches/0/seats", Decimal(2), True)),
        ("/benches/2/seats", None),
    ]


def test_a_rule_with_a_check_computes_no_fix_of_its_own() -> None:
    with pytest.raises(RuleProblem, match="can only say expected"):
        with_check("seats + 1")


@pytest.mark.parametrize(
    ("once", "pointers"),
    [
        (True, [("/benches/0/seats", 3)]),
        # one of wood and two of stone
        ("kind", [("/benches/0/seats", 2), ("/benches/1/seats", 1)]),
        # a type without the field: all rows are alike in it
        ("storey", [("/benches/0/seats", 3)]),
    ],
)
def test_rows_alike_in_a_field_make_one_finding(once: bool | str, pointers: list[tuple[str, int]]) -> None:
    compiled = program(rule(each="benches", condition="seats >= 2", at="seats", once=once))
    rows = ({"kind": "stone", "seats": 1}, {"kind": "wood", "seats": 0}, {"kind": "stone", "seats": 1}, {"seats": 2})
    findings, _, crashes = run(compiled, register(*rows))
    assert not crashes
    assert sorted((each.pointer, int(each.arguments["count"])) for each in findings) == pointers
