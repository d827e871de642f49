"""Defects of quotients: shares without a base or that no number gives, a cost a piece off the plan, a wrong source."""

from __future__ import annotations

import random
from typing import Any

from tests.rules.mutation import Mutation
from tests.rules.mutations_points import full_rows

Form = dict[str, Any]


def rewrite(row: dict[str, Any], **cells: str) -> None:
    """Other texts in a row, none of them in columns of their own."""
    row.pop("operator", None)
    row.pop("unit", None)
    row.update(cells)


def share_of_seven(form: Form, rng: random.Random) -> str | None:
    """A count of 7 and a share of the same things that sevenths do not give."""
    rows = form["indicators"]
    counts = [number for number in full_rows(form, "0.5") if rows[number]["level2"] == "数量指标"]
    rates = [
        number
        for number in full_rows(form, "0.5")
        if rows[number]["name"].endswith("合格率") or rows[number]["name"].endswith("完好率")
    ]
    if not counts or not rates:
        return None
    count, rate = rng.choice(counts), rng.choice(rates)
    rewrite(rows[count], name="藤架数量", target="7株", actual="7株", explanation="无偏差")
    rewrite(rows[rate], name="藤架合格率", target="≥90%", actual="96.5%", explanation="无偏差")
    return f"/indicators/{rate}/actual"


def task_as_percentage(form: Form, rng: random.Random) -> str | None:
    rows = form["indicators"]
    social = [number for number in full_rows(form, "0.5") if rows[number]["level2"] == "社会效益指标"]
    if not social:
        return None
    number = rng.choice(social)
    rewrite(rows[number], name="完善藤架管护服务", target="≥85%", actual="91%", explanation="无偏差")
    return f"/indicators/{number}/target"


def half_for_the_money(form: Form, rng: random.Random) -> str | None:
    """One count alone, and half of it done for all of the money."""
    rows = form["indicators"]
    counts = [number for number in full_rows(form, "0.5") if rows[number]["level2"] == "数量指标"]
    if not counts:
        return None
    for row in rows:
        if row["level2"] == "数量指标":
            row["level2"] = "质量指标"
    rewrite(
        rows[counts[0]],
        level2="数量指标",
        name="藤架补植数量",
        target="60株",
        actual="24株",
        explanation="暴雨延误，明年补植",
    )
    return f"/indicators/{counts[0]}/actual"


def lottery_money_as_other(form: Form, rng: random.Random) -> str | None:
    rows = {row["source"]: row for row in form["funds"]["rows"]}
    fiscal, other = rows.get("fiscal"), rows.get("other")
    if fiscal is None or other is None or not other.get("label"):
        return None
    for field in (fiscal.keys() | other.keys()) - {"source", "label"}:
        fiscal[field], other[field] = other.get(field), fiscal.get(field)
    form["goals"]["expected"] += "部分经费来自福彩公益金。"
    return f"/funds/rows/{form['funds']['rows'].index(other)}/label"


MUTATIONS: list[Mutation] = [
    # the goal texts still give the numbers of before
    Mutation("LP414", share_of_seven, frozenset({"LP605", "LP620"})),
    Mutation("LP415", task_as_percentage, frozenset({"LP605", "LP620"})),
    # a shortfall with full marks; rows filed anew are named for what they were
    Mutation("LP316", half_for_the_money, frozenset({"LP401", "LP605", "LP506", "LP620", "LP802"})),
    Mutation("LP318", lottery_money_as_other, frozenset({"LP608"})),
]
