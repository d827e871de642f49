"""Defects of targets and actuals (LP401 to LP412)."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from tests.rules.mutation import Mutation

Form = dict[str, Any]
REASON = "因材料供货延迟，现场进度放缓。下一步将提前储备材料，按月核对进度。"
CENT = Decimal("0.01")
GRADES = ((90, "优"), (80, "良"), (60, "中"), (0, "差"))


def pick(form: Form, rng: random.Random, fits: Callable[[Form], bool], number: int = 1) -> list[int]:
    """The positions, in order, of `number` random rows with full marks that fit; none where there are too few.

    Only forms that write operator and unit into the cells.
    """
    places = [
        i
        for i, row in enumerate(form["indicators"])
        if row["name"] != "无" and "operator" not in row and row["score"] == row["weight"] >= 1 and fits(row)
    ]
    return sorted(rng.sample(places, number)) if len(places) >= number else []


def at_least_percent(row: Form) -> bool:
    """A row such as ≥95% with 97.3%."""
    return str(row["target"]).startswith("≥") and str(row["target"]).endswith("%")


def plain_count(row: Form) -> bool:
    """A count without any sign: 36场."""
    target = row["target"]
    return row["level2"] == "数量指标" and target[0].isdigit() and "～" not in target and not target.endswith("%")


def words(row: Form) -> bool:
    """A qualitative row: 及时 with 及时."""
    return row["target"] == row["actual"] and not any(c.isdigit() for c in row["target"])


def unit_of(row: Form) -> str:
    """What stands behind the digits of a plain target."""
    return str(row["target"]).lstrip("0123456789")


def give_score(form: Form, row: Form, score: Decimal) -> None:
    """Another score for the row, with the total and the grade that follow from it."""
    form["total"]["score"] += score - row["score"]
    row["score"] = score
    if "grade" in form["total"]:
        total = form["total"]["score"]
        form["total"]["grade"] = next(word for least, word in GRADES if total >= least)


def in_proportion(row: Form, ratio: Decimal) -> Decimal:
    """The score that a ratio of the weight gives, half up to two decimals."""
    return (row["weight"] * ratio).quantize(CENT, ROUND_HALF_UP)


def _missed(row: Form, share: str) -> Decimal:
    """Let a ≥ percentage be missed; the ratio that was reached."""
    target = Decimal(row["target"][1:-1])
    actual = (target * Decimal(share)).quantize(Decimal("0.1"), ROUND_HALF_UP)
    row["actual"], row["explanation"] = f"{actual}%", REASON
    return actual / target


def missed_with_full_marks(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, at_least_percent):
        _missed(form["indicators"][i], "0.9")
        return f"/indicators/{i}/score"
    return None


def equality_on_strict_sign(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, at_least_percent):
        row = form["indicators"][i]
        row["actual"] = row["target"][1:]
        row["target"] = f">{row['actual']}"
        return f"/indicators/{i}/actual"
    return None


def score_out_of_proportion(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, at_least_percent):
        row = form["indicators"][i]
        _missed(row, "0.9")
        give_score(form, row, in_proportion(row, Decimal("0.7")))
        return f"/indicators/{i}/score"
    return None


def points_lost_though_met(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, words):
        row = form["indicators"][i]
        row["explanation"] = REASON
        give_score(form, row, row["weight"] - Decimal("0.5"))
        return f"/indicators/{i}/score"
    return None


def another_unit(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, at_least_percent):
        row = form["indicators"][i]
        row["actual"] = f"{row['actual'][:-1]}次"
        return f"/indicators/{i}/actual"
    return None


def on_the_bound(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, at_least_percent):
        row = form["indicators"][i]
        row["actual"] = row["target"][1:]
        return f"/indicators/{i}/actual"
    return None


def about(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, plain_count):
        row = form["indicators"][i]
        row["target"] = f"约{row['target']}"
        return f"/indicators/{i}/target"
    return None


def percentage_for_words(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, words):
        form["indicators"][i]["actual"] = "100%"
        return f"/indicators/{i}/actual"
    return None


def as_required(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, words):
        row = form["indicators"][i]
        row["target"] = row["actual"] = "按要求完成"
        return f"/indicators/{i}/target"
    return None


def name_for_target(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, words):
        row = form["indicators"][i]
        row["target"] = row["actual"] = f"完成{row['name']}"
        return f"/indicators/{i}/target"
    return None


def word_for_rate(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, lambda row: at_least_percent(row) and row["name"].endswith("率")):
        row = form["indicators"][i]
        row["target"] = row["actual"] = "良好"
        return f"/indicators/{i}/target"
    return None


def more_than_all(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, lambda row: at_least_percent(row) and row["name"].endswith("满意度")):
        row = form["indicators"][i]
        row["target"], row["actual"] = "≥100%", "100%"
        return f"/indicators/{i}/target"
    return None


def more_than_the_whole(form: Form, rng: random.Random) -> str | None:
    places = pick(form, rng, lambda row: at_least_percent(row) and row["level2"] == "质量指标", 2)
    if not places:
        return None
    first, second = (form["indicators"][i] for i in places)
    first |= {"name": "栈桥木板完好率", "target": "≥90%", "actual": "98.6%"}
    second |= {"name": "栈桥木板破损率", "target": "≤5%", "actual": "3.2%"}
    return f"/indicators/{places[1]}/actual"


MUTATIONS: list[Mutation] = [
    Mutation("LP401", missed_with_full_marks),
    Mutation("LP402", equality_on_strict_sign, frozenset({"LP406"})),
    Mutation("LP403", score_out_of_proportion),
    Mutation("LP404", points_lost_though_met),
    Mutation("LP405", another_unit),
    Mutation("LP406", on_the_bound),
    Mutation("LP407", about),
    Mutation("LP408", percentage_for_words),
    Mutation("LP409", as_required),
    Mutation("LP409", name_for_target),
    Mutation("LP410", word_for_rate),
    Mutation("LP411", more_than_all),
    Mutation("LP412", more_than_the_whole),
]
