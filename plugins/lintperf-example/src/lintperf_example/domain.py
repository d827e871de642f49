"""Facts, a function and a check: plain functions over plain data, total, without side effects."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from lintperf.extension import Check, FactGroup, Function, Problem, RunCheck, RunProblem, Subject
from lintperf.model import Text

__all__ = ["BENCH_FACTS", "NUMBERS_ELSEWHERE", "REPEATED_NUMBERS", "STARTS_LIKE_A_NUMBER", "BenchFacts"]


class BenchFacts(NamedTuple):
    """What follows from the length and the seats of a bench.

    width_per_seat  metres for each seat; missing without a length or without seats
    is_wide         whether it has at least 0.6 m for each seat; False where that is not known
    """

    width_per_seat: Decimal | None
    is_wide: bool


def _bench_facts(length: Decimal | None, seats: Decimal | None) -> BenchFacts:
    # no exception leaves a fact: what cannot be said is None, zero seats included
    width = length / seats if length is not None and seats else None
    return BenchFacts(width, width is not None and width >= Decimal("0.6"))


BENCH_FACTS = FactGroup(
    type="bench-register",
    each="benches",
    inputs=("length", "seats"),
    compute=_bench_facts,
    record=BenchFacts,
    titles={
        "width_per_seat": Text("每个座位的宽度（米）", "metres for each seat"),
        "is_wide": Text("每个座位至少 0.6 米", "at least 0.6 m for each seat"),
    },
)


def _starts_like_a_number(text: str) -> bool:
    return text[:1].isdigit()


STARTS_LIKE_A_NUMBER = Function(
    name="starts_like_a_number",
    parameters=("text",),
    result="bool",
    call=_starts_like_a_number,
    title=Text("文字以数字开头", "whether a text begins with a digit"),
)


def _repeated_numbers(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    first: dict[str, int] = {}
    for position, bench in enumerate(subject.rows("benches")):
        number = bench.get("number")
        if number is None or number in options["not_numbers"]:
            continue
        if number in first:
            yield Problem(
                pointer=f"/benches/{position}/number",
                found=number,
                related=[f"/benches/{first[number]}/number"],
                arguments={"row_before": Decimal(first[number] + 1)},
            )
        else:
            first[number] = position


REPEATED_NUMBERS = Check(
    name="repeated-bench-numbers",
    type="bench-register",
    run=_repeated_numbers,
    title=Text("重复的编号", "Numbers used twice"),
    options={"not_numbers": "text*"},
)


def _numbers(subject: Subject, options: Mapping[str, Any]) -> dict[str, int]:
    # all that a register leaves for the comparison: its numbers and where they stand
    numbers: dict[str, int] = {}
    for position, bench in enumerate(subject.rows("benches")):
        number = bench.get("number")
        if number is not None and number not in options["not_numbers"]:
            numbers.setdefault(number, position)
    return numbers


def _numbers_elsewhere(digests: Sequence[dict[str, int]], _options: Mapping[str, Any]) -> Iterator[RunProblem]:
    first: dict[str, tuple[int, int]] = {}
    for document, numbers in enumerate(digests):
        for number, position in numbers.items():
            if number in first:
                other, row = first[number]
                yield RunProblem(
                    document, f"/benches/{position}/number", found=number, related=[(other, f"/benches/{row}/number")]
                )
            else:
                first[number] = (document, position)


NUMBERS_ELSEWHERE = RunCheck(
    name="bench-numbers-elsewhere",
    type="bench-register",
    digest=_numbers,
    compare=_numbers_elsewhere,
    title=Text("别的登记表中已有的编号", "Numbers that another register uses"),
    options={"not_numbers": "text*"},
)
