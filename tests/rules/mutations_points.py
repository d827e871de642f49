"""Defects of weights, scores, totals and grades."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from tests.rules.mutation import Mutation

Form = dict[str, Any]

GRADES = ((Decimal(90), "优"), (Decimal(80), "良"), (Decimal(60), "中"), (Decimal(0), "差"))


def grade_of(score: Decimal) -> str:
    return next(word for least, word in GRADES if score >= least)


def add_to_total(form: Form, points: Decimal) -> None:
    """Let the total, and the grade where there is one, follow a score that has changed."""
    form["total"]["score"] += points
    if "grade" in form["total"]:
        form["total"]["grade"] = grade_of(form["total"]["score"])


def full_rows(form: Form, least: str = "1.5") -> list[int]:
    """Rows with full marks of at least so many points."""
    return [
        number
        for number, row in enumerate(form["indicators"])
        if row["name"] != "无" and row["score"] == row["weight"] >= Decimal(least)
    ]


def empty_rows(form: Form) -> list[int]:
    return [number for number, row in enumerate(form["indicators"]) if row["name"] == "无"]


def score_above_weight(form: Form, rng: random.Random) -> str | None:
    number = rng.choice(full_rows(form))
    form["indicators"][number]["score"] += Decimal("0.5")
    add_to_total(form, Decimal("0.5"))
    return f"/indicators/{number}/score"


def score_below_zero(form: Form, rng: random.Random) -> str | None:
    number = rng.choice(empty_rows(form))
    form["indicators"][number]["score"] = Decimal("-0.5")
    add_to_total(form, Decimal("-0.5"))
    return f"/indicators/{number}/score"


def full_marks_misstated(form: Form, rng: random.Random) -> str | None:
    form["total"]["weight"] = Decimal(rng.choice((95, 98, 110)))
    return "/total/weight"


def weight_too_high(form: Form, rng: random.Random) -> str | None:
    number = rng.choice(full_rows(form))
    for field in ("weight", "score"):
        form["indicators"][number][field] += Decimal(2)
    add_to_total(form, Decimal(2))
    return "/total/weight"


def total_off(form: Form, rng: random.Random) -> str | None:
    add_to_total(form, rng.choice((Decimal("-0.7"), Decimal("-1"), Decimal("-10"))))
    return "/total/score"


def empty_row_weighted(form: Form, rng: random.Random) -> str | None:
    rows = form["indicators"]
    empty = rng.choice(empty_rows(form))
    others = [number for number in full_rows(form) if rows[number]["level1"] == rows[empty]["level1"]]
    if not others:
        return None
    other = rng.choice(others)
    for field in ("weight", "score"):
        rows[other][field] -= Decimal("0.5")
        rows[empty][field] = Decimal("0.5")
    return f"/indicators/{empty}/weight"


def real_row_without_weight(form: Form, rng: random.Random) -> str | None:
    rows = form["indicators"]
    first = rng.choice(full_rows(form))
    others = [
        number for number in full_rows(form) if number != first and rows[number]["level1"] == rows[first]["level1"]
    ]
    if not others:
        return None
    other = rng.choice(others)
    for field in ("weight", "score"):
        rows[other][field] += rows[first][field]
        rows[first][field] = Decimal("0.0")
    return f"/indicators/{first}/weight"


def other_grade(form: Form, rng: random.Random) -> str | None:
    right = grade_of(form["total"]["score"])
    form["total"]["grade"] = rng.choice([word for _, word in GRADES if word != right])
    return "/total/grade"


def total_in_other_column(form: Form, rng: random.Random) -> str | None:
    column = rng.choice(("年度指标值", "实际完成值"))
    form["total"]["misplaced"] = [{"column": column, "value": form["total"].pop("weight")}]
    return "/total/misplaced/0/value"


def execution_above_weight(form: Form, rng: random.Random) -> str | None:
    top = form["funds"]["rows"][0]
    above = top["weight"] + rng.choice((Decimal("0.4"), Decimal(2)))
    add_to_total(form, above - top["score"])
    top["score"] = above
    return "/funds/rows/0/score"


def note_lays_down_other_points(form: Form, rng: random.Random) -> str | None:
    words = {"产出指标": "产出", "效益指标": "效益", "满意度指标": "满意"}
    sums = {
        name: sum(row["weight"] or 0 for row in form["indicators"] if word in (row["level1"] or ""))
        for name, word in words.items()
    }
    if not all(sums.values()) or any(
        "满意" in row["level2"] and "满意" not in row["level1"] for row in form["indicators"]
    ):
        return None
    chosen = rng.choice(list(sums))
    sums[chosen] += 5
    written = "、".join(f"{name}{points.normalize():f}分" for name, points in sums.items())
    notes = form["notes"] = [*(form.get("notes") or ()), f"注：1.一级指标分值统一设置为：{written}。2.本表一式两份。"]
    return f"/notes/{len(notes) - 1}"


MUTATIONS: list[Mutation] = [
    Mutation("LP704", note_lays_down_other_points),
    Mutation("LP201", score_above_weight),
    # a negative score is also a loss that nobody explains
    Mutation("LP202", score_below_zero, frozenset({"LP111", "LP404", "LP503", "LP510"})),
    Mutation("LP203", full_marks_misstated),
    # more points in one class also change the frame and the points that its heading prints
    Mutation("LP203", weight_too_high, frozenset({"LP205", "LP701", "LP704"})),
    Mutation("LP204", total_off),
    # points on an empty row rest on nothing
    Mutation("LP208", empty_row_weighted, frozenset({"LP104", "LP111"})),
    Mutation("LP208", real_row_without_weight),
    Mutation("LP209", other_grade),
    Mutation("LP210", total_in_other_column),
    # no formula gives more than the weight
    Mutation("LP211", execution_above_weight, frozenset({"LP302"})),
]
