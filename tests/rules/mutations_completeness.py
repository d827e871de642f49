"""Defects of reading, completeness and framework: what is missing, left over, or written where a value belongs."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.rules.mutation import Mutation

__all__ = ["MUTATIONS"]

Form = dict[str, Any]
Row = dict[str, Any]


def real_row(form: Form, rng: random.Random, fits: Callable[[Row], bool] = lambda row: True) -> tuple[str, Row] | None:
    """Pointer and row of a random indicator that is not empty, has full marks above 0, and fits."""
    rows = [
        (f"/indicators/{index}", row)
        for index, row in enumerate(form["indicators"])
        if row["name"] != "无" and row["score"] == row["weight"] > 0 and fits(row)
    ]
    return rng.choice(rows) if rows else None


def empty_row(form: Form) -> tuple[str, Row]:
    """Pointer and row of the first empty indicator; every clean form has one."""
    index = next(index for index, row in enumerate(form["indicators"]) if row["name"] == "无")
    return f"/indicators/{index}", form["indicators"][index]


def is_percentage(row: Row) -> bool:
    """Whether target and actual are percentages in their own cells, `≥95%` and `97.3%`."""
    return row["target"].startswith("≥") and row["target"].endswith("%") and "operator" not in row


def is_plain_count(row: Row) -> bool:
    """Whether the target is a number with a unit behind it, `36场`."""
    return (
        row["level2"] == "数量指标"
        and "operator" not in row
        and row["target"][:1].isdigit()
        and "～" not in row["target"]
    )


def field_misspelt(form: Form, rng: random.Random) -> str:
    index = rng.randrange(len(form["indicators"]))
    form["indicators"][index]["wieght"] = Decimal(1)
    return f"/indicators/{index}/wieght"


def useless_ignore(form: Form, rng: random.Random) -> str:
    form["lintperf"] = {"ignore": [{"code": rng.choice(("LP201", "LP106")), "reason": "系统打印的行"}]}
    return "/lintperf/ignore/0"


def markup_in_goal(form: Form, rng: random.Random) -> str:
    name = rng.choice(("expected", "achieved"))
    form["goals"][name] = f"<p>{form['goals'][name]}</p>"
    return f"/goals/{name}"


def reference_in_explanation(form: Form, rng: random.Random) -> str | None:
    found = real_row(form, rng)
    if found is None:
        return None
    found[1]["explanation"] += "&nbsp;"
    return f"{found[0]}/explanation"


def no_project(form: Form, rng: random.Random) -> str:
    form["heading"]["project"] = rng.choice(("", None))
    return "/heading/project"


def no_unit(form: Form, rng: random.Random) -> str:
    form["heading"]["department"] = form["heading"]["unit"] = rng.choice(("", None))
    return "/heading/unit"


def no_year(form: Form, rng: random.Random) -> str:
    form["heading"]["year"] = None
    return "/heading/year"


def code_for_name(form: Form, rng: random.Random) -> str:
    form["heading"]["department"] = f"0{rng.randint(100, 999)}{rng.randint(100, 999)}"
    return "/heading/department"


def points_erased(form: Form, rng: random.Random) -> str | None:
    found = real_row(form, rng)
    if found is None:
        return None
    field = rng.choice(("weight", "score"))
    found[1][field] = None
    return f"{found[0]}/{field}"


def both_points_erased(form: Form, rng: random.Random) -> str | None:
    found = real_row(form, rng)
    if found is None:
        return None
    found[1]["weight"] = found[1]["score"] = None
    return f"{found[0]}/weight"


def evidence_erased(form: Form, rng: random.Random) -> str | None:
    found = real_row(form, rng)
    if found is None:
        return None
    field = rng.choice(("target", "actual"))
    found[1][field] = ""
    return f"{found[0]}/{field}"


def unit_erased(form: Form, rng: random.Random) -> str | None:
    found = real_row(form, rng, lambda row: is_plain_count(row) and row["name"].endswith(("数量", "长度")))
    if found is None:
        return None
    row = found[1]
    row["target"] = "".join(character for character in row["target"] if character.isdigit())
    row["actual"] = "".join(character for character in row["actual"] if character.isdigit())
    return f"{found[0]}/target"


def actual_as_bound(form: Form, rng: random.Random) -> str | None:
    found = real_row(form, rng, is_percentage)
    if found is None:
        return None
    found[1]["actual"] = f"≥{found[1]['actual']}"
    return f"{found[0]}/actual"


def actual_in_words(form: Form, rng: random.Random) -> str | None:
    found = real_row(form, rng, lambda row: is_percentage(row) or is_plain_count(row))
    if found is None:
        return None
    found[1]["actual"] = rng.choice(("完成", "已全部完成", "由于场地封闭，未开展。"))
    return f"{found[0]}/actual"


def block_without_indicator(form: Form, rng: random.Random) -> str | None:
    rows = form["indicators"]
    places = [index for index, row in enumerate(rows) if row["level1"].startswith("满意度指标（")]
    for index in places:
        rows[index] |= {"name": "无", "target": "无", "actual": "无", "explanation": "无偏差"}
    return f"/indicators/{places[0]}/level1" if places else None


def explanation_erased(form: Form, rng: random.Random) -> str | None:
    found = real_row(form, rng, lambda row: row["explanation"] == "无偏差")
    if found is None:
        return None
    found[1]["explanation"] = ""
    return f"{found[0]}/explanation"


def template_label(form: Form, rng: random.Random) -> str:
    index = rng.randrange(len(form["indicators"]))
    above = form["indicators"][index]
    row: Row = {"level1": above["level1"], "level2": above["level2"], "name": rng.choice(("指标2：", "……"))}
    row |= {"target": "", "actual": "", "weight": None, "score": None, "explanation": ""}
    form["indicators"].insert(index, row)
    return f"/indicators/{index}/name"


def template_hint(form: Form, rng: random.Random) -> str:
    form["goals"]["achieved"] += rng.choice(("（100字以内）", "请填写完成情况。", "另建××处。"))
    return "/goals/achieved"


def zero_in_empty_row(form: Form, rng: random.Random) -> str:
    pointer, row = empty_row(form)
    row["actual"] = rng.choice(("0", "0个"))
    return f"{pointer}/actual"


def blank_in_empty_row(form: Form, rng: random.Random) -> str:
    pointer, row = empty_row(form)
    field = rng.choice(("name", "target", "actual"))
    row[field] = ""
    return f"{pointer}/{field}"


def framework_shifted(form: Form, rng: random.Random) -> str | None:
    """A point of one output indicator goes to a benefit; headings that print the old sums lose them."""
    source = real_row(form, rng, lambda row: row["level1"].startswith("产出") and row["weight"] >= 2)
    goal = real_row(form, rng, lambda row: row["level1"].startswith("效益"))
    if source is None or goal is None:
        return None
    for (_, row), step in ((source, Decimal(-1)), (goal, Decimal(1))):
        row["weight"] += step
        row["score"] += step
    for row in form["indicators"]:
        row["level1"] = row["level1"].split("（")[0]
    first = next(index for index, row in enumerate(form["indicators"]) if row["weight"])
    return f"/indicators/{first}/weight"


def operator_typed(form: Form, rng: random.Random) -> str | None:
    found = real_row(form, rng, is_percentage)
    if found is None:
        return None
    found[1]["target"] = f">={found[1]['target'][1:]}"
    return f"{found[0]}/target"


MUTATIONS: list[Mutation] = [
    Mutation("LP002", field_misspelt),
    Mutation("LP006", useless_ignore),
    Mutation("LP005", markup_in_goal),
    Mutation("LP005", reference_in_explanation),
    Mutation("LP101", no_project),
    Mutation("LP101", no_unit),
    Mutation("LP101", no_year),
    Mutation("LP102", code_for_name),
    # without the row's points the sums of the form cannot be right either
    Mutation("LP103", points_erased, frozenset({"LP203", "LP204", "LP205"})),
    Mutation("LP103", both_points_erased, frozenset({"LP203", "LP204", "LP205"})),
    Mutation("LP104", evidence_erased),
    Mutation("LP105", unit_erased),
    Mutation("LP106", actual_as_bound),
    Mutation("LP107", actual_in_words),
    # an empty row that keeps its points is a defect of its own
    Mutation("LP108", block_without_indicator, frozenset({"LP208"})),
    Mutation("LP109", explanation_erased),
    Mutation("LP110", template_label),
    Mutation("LP110", template_hint),
    Mutation("LP111", zero_in_empty_row),
    Mutation("LP111", blank_in_empty_row),
    Mutation("LP701", framework_shifted),
    Mutation("LP806", operator_typed),
]
