"""Defects of budgets, execution, payments and cost rows."""

from __future__ import annotations

import random
import re
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.rules.mutation import Mutation
from tests.rules.mutations_points import add_to_total

Form = dict[str, Any]

CENT = Decimal("0.01")
# a sentence of the goal text that repeats budget or spending
MONEY_SENTENCE = re.compile(r"全年执行数[^。]*。")


def rate_like(old: Decimal | str, ratio: Decimal) -> Decimal | str:
    """A ratio in the notation of another rate."""
    if isinstance(old, Decimal):
        return ratio.quantize(old, ROUND_HALF_UP)
    return f"{(ratio * 100).quantize(Decimal(old[:-1]), ROUND_HALF_UP):f}{old[-1]}"


def rate_of(row: Form) -> Decimal:
    ratio: Decimal = row["executed"] / row["annual"] if row["annual"] else Decimal(0)
    return ratio


def cost_row(form: Form) -> int:
    """The row about the whole budget, the last of the cost rows."""
    return max(number for number, row in enumerate(form["indicators"]) if row["level2"] == "成本指标")


def amount(row: Form, field: str) -> Decimal:
    """The number of a cell in its own unit."""
    match = re.search(r"[0-9.]+", row[field])
    assert match is not None
    return Decimal(match[0])


def rewrite(row: Form, field: str, number: Decimal) -> None:
    row[field] = re.sub(r"[0-9.]+", f"{number:f}", row[field], count=1)


def in_yuan(row: Form) -> Decimal:
    """How many yuan the unit of a cost row is."""
    return Decimal(10000) if "万元" in (row.get("unit") or row["target"]) else Decimal(1)


def spend(form: Form, ratio: Decimal) -> None:
    """Let the form execute another share of its budget, consistently everywhere."""
    total, fiscal = form["funds"]["rows"][:2]
    less = total["executed"] - (total["annual"] * ratio).quantize(CENT)
    for row in (total, fiscal):
        row["executed"] -= less
        row["rate"] = rate_like(row["rate"], rate_of(row))
    score = (rate_of(total) * total["weight"]).quantize(CENT, ROUND_HALF_UP)
    add_to_total(form, score - total["score"])
    total["score"] = score
    cost = form["indicators"][cost_row(form)]
    rewrite(cost, "actual", (total["executed"] / in_yuan(cost)).quantize(CENT, ROUND_HALF_UP))
    form["goals"]["achieved"] = MONEY_SENTENCE.sub("", form["goals"]["achieved"])


def pay(form: Form, label: str) -> Form:
    """A table of two payments that add up to the amount executed."""
    executed = form["funds"]["rows"][0]["executed"]
    first = (executed * Decimal("0.4")).quantize(CENT)
    form["payments"] = {
        "rows": [
            {"label": f"{form['heading']['year']}年度项目首款", "payee": "甲公司", "amount": first},
            {"label": label, "payee": None, "amount": executed - first},
        ],
        "total": executed,
    }
    payments: Form = form["payments"]
    return payments


def wrong_rate(form: Form, rng: random.Random) -> str | None:
    rows = form["funds"]["rows"]
    number = rng.choice([number for number, row in enumerate(rows) if row["annual"]])
    row = rows[number]
    row["rate"] = rate_like(row["rate"], rate_of(row) - rng.choice((Decimal("0.03"), Decimal("0.11"))))
    return f"/funds/rows/{number}/rate"


def wrong_execution_score(form: Form, rng: random.Random) -> str | None:
    points = rng.choice((Decimal("-0.50"), Decimal("-3.00")))
    form["funds"]["rows"][0]["score"] += points
    add_to_total(form, points)
    return "/funds/rows/0/score"


def rate_of_nothing(form: Form, rng: random.Random) -> str | None:
    rows = form["funds"]["rows"]
    number = rng.choice([number for number, row in enumerate(rows) if not row["annual"]])
    rows[number]["rate"] = rate_like(rows[number]["rate"], Decimal(1))
    return f"/funds/rows/{number}/rate"


def source_off(form: Form, rng: random.Random) -> str | None:
    column = rng.choice(("initial", "annual", "executed"))
    form["funds"]["rows"][1][column] -= Decimal("300.00")
    return f"/funds/rows/0/{column}"


def source_overspent(form: Form, rng: random.Random) -> str | None:
    _total, fiscal, _carried, other = form["funds"]["rows"]
    moved = (fiscal["annual"] * rng.choice((Decimal("0.2"), Decimal("0.3")))).quantize(CENT)
    for column in ("initial", "annual"):
        fiscal[column] -= moved
        other[column] += moved
    for row in (fiscal, other):
        row["rate"] = rate_like(row["rate"], rate_of(row))
    return "/funds/rows/1/executed"


def budget_changed(form: Form, rng: random.Random) -> str | None:
    total, fiscal = form["funds"]["rows"][:2]
    if total["initial"] != total["annual"]:
        return None
    change = Decimal(rng.choice(("-20000.00", "5000.00")))
    for row in (total, fiscal):
        row["initial"] += change
    return "/funds/rows/0/annual"


def little_spent(form: Form, rng: random.Random) -> str | None:
    spend(form, rng.choice((Decimal("0.55"), Decimal("0.83"))))
    return "/funds/rows/0/rate"


def payments_off(form: Form, rng: random.Random) -> str | None:
    payments = pay(form, "项目尾款")
    rng.choice(payments["rows"])["amount"] += Decimal("120.00")
    return "/payments/total"


def payments_not_executed(form: Form, rng: random.Random) -> str | None:
    payments = pay(form, "项目尾款")
    for holder, key in ((rng.choice(payments["rows"]), "amount"), (payments, "total")):
        holder[key] += Decimal("120.00")
    return "/payments/total"


def target_above_budget(form: Form, _rng: random.Random) -> str | None:
    number = cost_row(form)
    row = form["indicators"][number]
    rewrite(row, "target", (amount(row, "target") * Decimal("1.15")).quantize(CENT))
    return f"/indicators/{number}/target"


def actual_off_by_last_digit(form: Form, rng: random.Random) -> str | None:
    number = cost_row(form)
    row = form["indicators"][number]
    rewrite(row, "actual", amount(row, "actual") + rng.choice((CENT, -CENT)))
    return f"/indicators/{number}/actual"


def cost_in_percent(form: Form, _rng: random.Random) -> str | None:
    if rate_of(form["funds"]["rows"][0]) >= Decimal("0.995"):
        return None
    number = cost_row(form)
    row = form["indicators"][number]
    row["name"] = "项目总支出占预算比例"
    row["target"] = row["actual"] = "100%"
    for key in ("operator", "unit"):
        row.pop(key, None)
    return f"/indicators/{number}/actual"


def strict_sign(form: Form, _rng: random.Random) -> str | None:
    number = cost_row(form)
    row = form["indicators"][number]
    field = "operator" if "operator" in row else "target"
    row[field] = row[field].replace("≤", "<")
    return f"/indicators/{number}/target"


def payment_of_last_year(form: Form, rng: random.Random) -> str | None:
    pay(form, f"{form['heading']['year'] - rng.choice((1, 2))}年度项目尾款")
    return "/payments/rows/1/label"


MUTATIONS: list[Mutation] = [
    # the goal text may repeat the rate
    Mutation("LP301", wrong_rate, frozenset({"LP601"})),
    Mutation("LP302", wrong_execution_score),
    Mutation("LP303", rate_of_nothing),
    # another amount in a source also changes the source's rate
    Mutation("LP304", source_off, frozenset({"LP301", "LP305"})),
    Mutation("LP305", source_overspent),
    Mutation("LP306", budget_changed),
    # less money for the same output is also a lower unit cost
    Mutation("LP307", little_spent, frozenset({"LP316"})),
    Mutation("LP308", payments_off),
    Mutation("LP308", payments_not_executed),
    Mutation("LP310", target_above_budget),
    Mutation("LP311", actual_off_by_last_digit),
    Mutation("LP312", cost_in_percent),
    Mutation("LP313", strict_sign),
    Mutation("LP314", payment_of_last_year),
    Mutation("LP315", little_spent, frozenset({"LP307", "LP316"}), extend=True),
]
