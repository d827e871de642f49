"""Defects of blocks of rows: points of a heading, copied actuals, a row that stands twice."""

from __future__ import annotations

import random
import re
from typing import Any

from lintperf_builtin.facts.indicator import achievement

from tests.rules.mutation import Mutation
from tests.rules.mutations_points import full_rows

Form = dict[str, Any]


def heading_off(form: Form, rng: random.Random) -> str | None:
    """Another number of points in a first-level heading, wherever it is repeated."""
    rows = form["indicators"]
    headings = sorted({row["level1"] for row in rows if re.search(r"（[0-9.]+分）", row["level1"] or "")})
    if not headings:
        return None
    chosen = rng.choice(headings)
    points = re.search(r"（([0-9.]+)分）", chosen)
    assert points is not None
    other = chosen.replace(points[1], str(int(float(points[1])) + rng.choice((-2, 1, 5))))
    first = next(number for number, row in enumerate(rows) if row["level1"] == chosen)
    for row in rows:
        if row["level1"] == chosen:
            row["level1"] = other
    return f"/indicators/{first}/level1"


COUNT = re.compile(r"[=≥]?([0-9]+)(个|场次|场|本|套|盏|张|处|人次|人|家|件|座|米|株|户|条|块|份|组|次)")


def actuals_as_planned(form: Form, rng: random.Random) -> str | None:
    """Counts with full marks get a plain target and exactly that as actual."""
    rows = form["indicators"]
    counts = [number for number in full_rows(form, "0.5") if COUNT.fullmatch(rows[number]["target"] or "")]
    plain = [number for number, row in enumerate(rows) if re.fullmatch(r"=?[0-9]+[^0-9%.]{1,3}", row["target"] or "")]
    if len(counts) < 4 or 2 * len(counts) <= len({*counts, *plain}):
        return None
    for number in counts:
        rows[number]["target"] = rows[number]["actual"] = rows[number]["target"].lstrip("=≥")
        rows[number]["explanation"] = "无偏差"
    first = next(number for number in sorted({*counts, *plain}) if is_copied(rows[number]))
    return f"/indicators/{first}/actual"


def is_copied(row: dict[str, Any]) -> bool:
    facts = achievement(row["target"], row["actual"], None, row.get("unit"))
    return facts.countable and facts.target_unit is not None and facts.completion == 1


def row_twice(form: Form, rng: random.Random) -> str | None:
    """A row says what another one of its second level says, in a name that differs by a word without meaning."""
    rows = form["indicators"]
    pairs = [
        (one, other)
        for one in full_rows(form, "0.5")
        for other in full_rows(form, "0.5")
        if one < other and all(rows[one][name] == rows[other][name] for name in ("level1", "level2"))
    ]
    pairs = [pair for pair in pairs if len(rows[pair[0]]["name"]) >= 6]
    if not pairs:
        return None
    one, other = rng.choice(pairs)
    for field in ("name", "target", "actual", "explanation"):
        rows[other][field] = rows[one][field]
    rows[other]["name"] = f"项目{rows[one]['name']}"
    return f"/indicators/{other}/name"


MUTATIONS: list[Mutation] = [
    Mutation("LP205", heading_off),
    # the goal texts still give the numbers of before
    Mutation("LP413", actuals_as_planned, frozenset({"LP605"})),
    # both rows carry the same explanation and the same cost
    Mutation("LP607", row_twice, frozenset({"LP505"})),
]
