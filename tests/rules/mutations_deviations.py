"""Defects of deviations and their explanations (LP501 to LP503, LP505 to LP508)."""

from __future__ import annotations

import random
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from lintperf_builtin.facts.units import COUNTING_UNITS

from tests.rules.mutation import Mutation
from tests.rules.mutations_targets import (
    CENT,
    REASON,
    at_least_percent,
    give_score,
    in_proportion,
    pick,
    plain_count,
    unit_of,
)

Form = dict[str, Any]
NO_DEVIATION = "无偏差"


def counted(row: Form) -> bool:
    """A plain count of things that are counted one by one: 36场, but not 36公里."""
    return plain_count(row) and unit_of(row) in COUNTING_UNITS


def twice_the_target(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, plain_count):
        row = form["indicators"][i]
        unit = unit_of(row)
        row["actual"] = f"{int(row['target'].removesuffix(unit)) * 2}{unit}"
        row["explanation"] = NO_DEVIATION
        return f"/indicators/{i}/explanation"
    return None


def one_more_than_planned(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, counted):
        row = form["indicators"][i]
        unit = unit_of(row)
        row["actual"] = f"{int(row['target'].removesuffix(unit)) + 1}{unit}"
        row["explanation"] = NO_DEVIATION
        return f"/indicators/{i}/explanation"
    return None


def loss_without_reason(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, at_least_percent):
        row = form["indicators"][i]
        target = Decimal(row["target"][1:-1])
        actual = (target * Decimal("0.6")).quantize(Decimal("0.1"), ROUND_HALF_UP)
        row["actual"], row["explanation"] = f"{actual}%", NO_DEVIATION
        give_score(form, row, in_proportion(row, actual / target))
        return f"/indicators/{i}/explanation"
    return None


def one_text_for_three(form: Form, rng: random.Random) -> str | None:
    places = pick(form, rng, lambda row: row["explanation"] == NO_DEVIATION, 3)
    for i in places:
        form["indicators"][i]["explanation"] = REASON
    return f"/indicators/{places[0]}/explanation" if places else None


def alike_but_not_in_points(form: Form, rng: random.Random) -> str | None:
    places = pick(form, rng, counted, 2)
    if not places:
        return None
    first, second = (form["indicators"][i] for i in places)
    for row, actual in ((first, 150), (second, 152)):
        unit = unit_of(row)
        row["target"], row["actual"] = f"100{unit}", f"{actual}{unit}"
        row["explanation"] = f"{row['name']}报名踊跃，高于年初设定。今后将合理测算指标值。"
    give_score(form, second, second["weight"] - Decimal("0.5"))
    return f"/indicators/{places[1]}/score"


def above_the_range(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, lambda row: "～" in row["target"] and row["level2"] == "数量指标"):
        row = form["indicators"][i]
        upper = row["target"].partition("～")[2]
        number = int("".join(c for c in upper if c.isdigit()))
        row["actual"] = f"{number + 7}{upper.lstrip('0123456789')}"
        row["explanation"] = "群众报名踊跃，高于年初设定。今后将合理测算指标值。"
        return f"/indicators/{i}/actual"
    return None


def part_left_out(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, plain_count):
        row = form["indicators"][i]
        row["target"] = "灯谜会4场、剪纸课2场、皮影展3场"
        row["actual"] = "灯谜会4场、剪纸课1场、皮影展2场"
        row["explanation"] = "剪纸课因场地维修减少一场。下一步将提前安排场地。"
        ratio = (1 + Decimal(1) / 2 + Decimal(2) / 3) / 3
        give_score(form, row, (row["weight"] * ratio).quantize(CENT, ROUND_HALF_UP))
        return f"/indicators/{i}/explanation"
    return None


MUTATIONS: list[Mutation] = [
    Mutation("LP501", twice_the_target),
    Mutation("LP502", one_more_than_planned),
    Mutation("LP503", loss_without_reason),
    Mutation("LP505", one_text_for_three),
    Mutation("LP506", alike_but_not_in_points, frozenset({"LP510"})),
    Mutation("LP507", above_the_range),
    Mutation("LP508", part_left_out),
]
