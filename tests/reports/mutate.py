"""Defects of reports: each breaks one thing, and says which rules must find it and where.

A defect is put into the draft, before it is printed, so that words and tables around it stay as they were. Where a
broken number has consequences that would be defects of their own (subtotals, headings), `settle` brings them along.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, NamedTuple

from reports.world import rounded
from reports.write import Cited, Cost, Draft, Heading, Paragraph, Rows, Sentence

__all__ = ["DEFECTS", "Defect"]

Row = dict[str, Any]
# What a finding may point at: blocks, rows and subtotals of the draft; empty: the document as a whole.
Places = list[Any]


class Defect(NamedTuple):
    """One kind of defect.

    name    what is broken
    codes   the rules of which one must fire
    put     breaks the draft in place and returns what a finding may point at, or None where it offers no place
    """

    name: str
    codes: frozenset[str]
    put: Callable[[Draft, random.Random], Places | None]


DEFECTS: list[Defect] = []


def _defect(*codes: str) -> Callable[[Callable[[Draft, random.Random], Places | None]], Callable[..., Any]]:
    def register(put: Callable[[Draft, random.Random], Places | None]) -> Callable[..., Any]:
        DEFECTS.append(Defect(put.__name__.replace("_", "-"), frozenset(codes), put))
        return put

    return register


def _slots(made: Draft, key: str, slot: str) -> list[tuple[Paragraph, Sentence]]:
    """Sentences of the paragraphs `key` in which `slot` is printed."""
    return [
        (block, one)
        for block in made.blocks
        if isinstance(block, Paragraph) and (block.key == key or (key.endswith(":") and block.key.startswith(key)))
        for one in block.sentences
        if f"{{{slot}}}" in one.template
    ]


def _change(made: Draft, rng: random.Random, key: str, slot: str, change: Callable[[Any], Any]) -> Places | None:
    found = _slots(made, key, slot)
    if not found:
        return None
    block, sentence = rng.choice(found)
    sentence.values[slot] = change(sentence.values[slot])
    return [block]


def _both(made: Draft) -> tuple[Rows, Rows]:
    return made.table("scores"), made.table("criteria")


def _twins(made: Draft, fits: Callable[[Row], bool]) -> list[tuple[Row, Row]]:
    """Rows of the score table that fit, each with its row of the annex."""
    scores, annex = _both(made)
    return [(row, twin) for row, twin in zip(scores.rows, annex.rows, strict=True) if fits(row)]


def _is_count(made: Draft) -> Callable[[Row], bool]:
    counts = {row.name for row in made.world.indicators if row.kind == "count"}
    return lambda row: row["name"] in counts


def _all_rows(made: Draft, name: str) -> Iterator[tuple[Rows, Row]]:
    for block in made.blocks:
        if isinstance(block, Rows):
            for row in block.rows:
                if row["name"] == name:
                    yield block, row


def _sentence(made: Draft, rng: random.Random, key: str, **values: Any) -> Sentence:
    return Sentence(rng.choice(made.wordings[key]), values)


def settle(made: Draft) -> None:
    """Brings points in level cells, subtotals, totals, headings and sentences in line with the rows."""
    for table in _both(made):
        for level in ("level1", "level2"):
            sums: dict[str, Decimal] = {}
            for row in table.rows:
                sums[row[level]] = sums.get(row[level], Decimal()) + row["weight"]
            for row in table.rows:
                if "（" in row[level]:
                    row[level] = f"{row[level].partition('（')[0]}（{sums[row[level]]}分）"
        for subtotal in table.subtotals:
            rows = table.rows[subtotal["first"] : subtotal["last"] + 1]
            if "level1" in subtotal:
                subtotal["level1"] = rows[0]["level1"]
            for name in ("weight", "score"):
                subtotal[name] = sum((row[name] for row in rows), Decimal())
    scores = made.table("scores")
    for block in made.blocks:
        name = getattr(block, "key", "").partition(":")[2]
        rows = [row for row in scores.rows if name in (_bare(row["level1"]), _bare(row["level2"]))] if name else []
        if rows:
            weight, score = (sum((row[one] for row in rows), Decimal()) for one in ("weight", "score"))
            if isinstance(block, Heading) and block.points:
                block.points = (weight, score)
            elif isinstance(block, Paragraph):
                changed = {"weight": weight, "score": score, "rate": rounded(score / weight * 100)}
                for sentence in block.sentences:
                    sentence.values.update({key: value for key, value in changed.items() if key in sentence.values})
    for _, sentence in _slots(made, "conclusion", "score"):
        sentence.values["score"] = scores.subtotals[-1]["score"]


def _bare(level: str) -> str:
    return level.partition("（")[0]


def _less(value: Any) -> Any:
    """Another number that no rounding can explain."""
    return value - 2 if value > 4 else value + 2


# -- the text against the tables --------------------------------------------------------------------------------------


@_defect("LP601")
def total_in_text(made: Draft, rng: random.Random) -> Places | None:
    return _change(made, rng, "conclusion", "score", lambda value: value - rng.choice((1, 2, Decimal("0.5"))))


@_defect("LP209", "LP601")
def grade_in_text(made: Draft, rng: random.Random) -> Places | None:
    return _change(
        made, rng, "conclusion", "grade", lambda grade: rng.choice([one for one in "优良中" if one != grade])
    )


def _headings(made: Draft) -> list[Heading]:
    return [block for block in made.blocks if isinstance(block, Heading) and block.points]


@_defect("LP601")
def score_in_heading(made: Draft, rng: random.Random) -> Places | None:
    block = rng.choice(_headings(made))
    assert block.points
    block.points = (block.points[0], block.points[1] - 1)
    return [block]


@_defect("LP601", "LP205")
def weight_in_heading(made: Draft, rng: random.Random) -> Places | None:
    block = rng.choice(_headings(made))
    assert block.points
    block.points = (block.points[0] + 2, block.points[1])
    return [block]


@_defect("LP601")
def score_of_block_in_text(made: Draft, rng: random.Random) -> Places | None:
    return _change(made, rng, "block:", "score", lambda value: value - 1)


@_defect("LP601")
def weight_of_block_in_text(made: Draft, rng: random.Random) -> Places | None:
    return _change(made, rng, "block:", "weight", lambda value: value + 5)


@_defect("LP212", "LP601")
def score_rate_in_text(made: Draft, rng: random.Random) -> Places | None:
    return _change(made, rng, "block:", "rate", lambda value: value - 7)


@_defect("LP601", "LP301")
def execution_rate_in_text(made: Draft, rng: random.Random) -> Places | None:
    key = rng.choice(("spent", "execution"))
    return _change(made, rng, key, "rate", lambda value: value - 4)


@_defect("LP601", "LP308", "LP301")
def spending_in_text(made: Draft, rng: random.Random) -> Places | None:
    key = rng.choice(("spent", "execution", "cost"))
    return _change(made, rng, key, "executed", lambda value: value - Decimal("8.4"))


@_defect("LP309", "LP601")
def budget_in_text(made: Draft, rng: random.Random) -> Places | None:
    return _change(made, rng, "budget", "budget", lambda value: value + 20)


@_defect("LP309")
def part_of_budget(made: Draft, rng: random.Random) -> Places | None:
    def change(parts: list[Cost]) -> list[Cost]:
        at = rng.randrange(len(parts))
        return [Cost(one.name, one.amount + 3) if number == at else one for number, one in enumerate(parts)]

    return _change(made, rng, "budget", "parts", change)


@_defect("LP605", "LP601")
def count_in_text(made: Draft, rng: random.Random) -> Places | None:
    return _change(made, rng, "progress", "done", lambda value: value + 7)


@_defect("LP605", "LP601")
def count_in_analysis(made: Draft, rng: random.Random) -> Places | None:
    key = "missed" if _slots(made, "missed", "done") else "over"
    return _change(made, rng, key, "done", lambda value: value - 2 if key == "missed" else value + 9)


@_defect("LP605", "LP601")
def target_in_analysis(made: Draft, rng: random.Random) -> Places | None:
    key = "missed" if _slots(made, "missed", "planned") else "over"
    return _change(made, rng, key, "planned", lambda value: value + 11)


@_defect("LP601", "LP605", "LP414")
def rate_in_text(made: Draft, rng: random.Random) -> Places | None:
    key = rng.choice(("quality", "satisfaction", "survey"))
    return _change(made, rng, key, "share", lambda value: rounded(Decimal(value) - 5))


@_defect("LP414")
def impossible_share(made: Draft, rng: random.Random) -> Places | None:
    """The same share in every table and in the text, which no whole number out of the stated base gives."""
    base = made.world.checked_base
    possible = {rounded(Decimal(good) / base * 100) for good in range(base + 1)}
    share = next(
        value
        for value in (Decimal(9700 + rng.randrange(150)) / 100 for _ in range(1000))
        if rounded(value) not in possible
    )
    places: Places = []
    for _, row in _all_rows(made, made.world.topic.checked):
        row["actual"] = f"{share}%"
        places.append(row)
    for block, sentence in _slots(made, "quality", "share"):
        sentence.values["share"] = str(share)
        places.append(block)
    return places


# -- money ------------------------------------------------------------------------------------------------------------


@_defect("LP308")
def payment_changed(made: Draft, rng: random.Random) -> Places | None:
    row = rng.choice(made.payments.rows)
    row["amount"] += Decimal("1.5")
    return [made.payments]


@_defect("LP308", "LP601")
def payments_total(made: Draft, rng: random.Random) -> Places | None:
    assert made.payments.total is not None
    made.payments.total += Decimal(rng.randint(1, 9))
    return [made.payments]


@_defect("LP314")
def payment_of_another_year(made: Draft, rng: random.Random) -> Places | None:
    row, year = rng.choice(made.payments.rows), made.world.year
    row["label"] = row["label"].replace(str(year), str(year - 1))
    return [row]


# -- sums of the tables -----------------------------------------------------------------------------------------------


def _points(made: Draft, rng: random.Random, table: Rows, level: str) -> Places | None:
    names = sorted({row[level] for row in table.rows if "（" in row[level]})
    if not names:
        return None
    name = rng.choice(names)
    weight = Decimal(re.search(r"（(\d+)分", name)[1])  # type: ignore[index]
    changed = f"{_bare(name)}（{weight + rng.choice((1, 2, 5))}分）"
    places: Places = [row for row in table.rows if row[level] == name]
    for row in places:
        row[level] = changed
    for subtotal in table.subtotals:
        if subtotal.get(level) == name:
            subtotal[level] = changed
            places.append(subtotal)
    return places


@_defect("LP205")
def points_of_group_in_annex(made: Draft, rng: random.Random) -> Places | None:
    return _points(made, rng, made.table("criteria"), "level2")


@_defect("LP205")
def points_of_group(made: Draft, rng: random.Random) -> Places | None:
    return _points(made, rng, made.table("scores"), "level2")


@_defect("LP205")
def points_of_block(made: Draft, rng: random.Random) -> Places | None:
    return _points(made, rng, rng.choice(_both(made)), "level1")


@_defect("LP206")
def subtotal_score(made: Draft, rng: random.Random) -> Places | None:
    subtotal = rng.choice(made.table("scores").subtotals[:-1])
    subtotal["score"] -= 1
    return [subtotal]


@_defect("LP206")
def subtotal_weight(made: Draft, rng: random.Random) -> Places | None:
    subtotal = rng.choice(made.table("scores").subtotals[:-1])
    subtotal["weight"] += 2
    return [subtotal]


@_defect("LP204", "LP206")
def total_score(made: Draft, rng: random.Random) -> Places | None:
    subtotal = rng.choice(_both(made)).subtotals[-1]
    subtotal["score"] += rng.choice((1, Decimal("0.6")))
    return [subtotal]


@_defect("LP210")
def misplaced_total(made: Draft, rng: random.Random) -> Places | None:
    subtotal = made.table("scores").subtotals[-1]
    subtotal["misplaced"] = [{"column": made.table("scores").labels["target"], "value": subtotal["weight"]}]
    subtotal["weight"] = None
    return [subtotal]


@_defect("LP113")
def no_total_row(made: Draft, rng: random.Random) -> Places | None:
    table = made.table("scores")
    table.subtotals.pop()
    return [table]


@_defect("LP201")
def score_above_weight(made: Draft, rng: random.Random) -> Places | None:
    twins = rng.choice(_twins(made, lambda row: row["score"] == row["weight"]))
    for row in twins:
        row["score"] += 1
    settle(made)
    return list(twins)


@_defect("LP702")
def output_and_benefit_too_light(made: Draft, rng: random.Random) -> Places | None:
    heavy = max(_twins(made, _is_count(made)), key=lambda twins: twins[0]["weight"])
    light = made.table("scores").rows[0], made.table("criteria").rows[0]
    outcome = sum(row["weight"] for row in made.table("scores").rows if "决策" not in row["level1"])
    process = sum(row["weight"] for row in made.table("scores").rows if "过程" in row["level1"])
    more = outcome - process - 59
    if more >= heavy[0]["weight"]:
        return None
    for row in heavy:
        row["weight"] -= more
        row["score"] = min(row["score"], row["weight"])
    for row in light:
        row["weight"] += more
        row["score"] += more
    settle(made)
    return []


# -- body against annex -----------------------------------------------------------------------------------------------


@_defect("LP602")
def weights_shifted_in_annex(made: Draft, rng: random.Random) -> Places | None:
    annex = made.table("criteria")
    at = rng.choice([i for i in range(len(annex.rows) - 1) if annex.rows[i]["level2"] == annex.rows[i + 1]["level2"]])
    one, two = annex.rows[at : at + 2]
    if min(one["weight"], two["weight"]) < 2:
        return None
    for row, more in ((one, 1), (two, -1)):
        row["weight"] += more
        row["score"] += more
    return [one, two, *made.table("scores").rows[at : at + 2]]


@_defect("LP602")
def score_in_annex(made: Draft, rng: random.Random) -> Places | None:
    at = rng.randrange(len(made.table("criteria").rows))
    row = made.table("criteria").rows[at]
    row["score"] -= 1
    return [row, made.table("scores").rows[at]]


@_defect("LP602")
def row_missing_in_annex(made: Draft, rng: random.Random) -> Places | None:
    scores, annex = _both(made)
    at = rng.choice([i for i in range(len(annex.rows) - 1) if annex.rows[i]["level2"] == annex.rows[i + 1]["level2"]])
    gone = annex.rows.pop(at + 1)
    annex.rows[at]["weight"] += gone["weight"]
    annex.rows[at]["score"] += gone["score"]
    for subtotal in annex.subtotals:
        subtotal["last"] -= 1
    return [annex.rows[at], *scores.rows[at : at + 2], annex]


@_defect("LP606", "LP602")
def name_differs_in_annex(made: Draft, rng: random.Random) -> Places | None:
    scores, annex = _both(made)
    found = [at for at, row in enumerate(annex.rows) if len(row["name"]) > 6 and _is_count(made)(row)]
    if not found:
        return None
    at = rng.choice(found)
    name = annex.rows[at]["name"]
    annex.rows[at]["name"] = name[:3] + name[4:]
    return [annex.rows[at], scores.rows[at]]


# -- standards --------------------------------------------------------------------------------------------------------


@_defect("LP603")
def number_in_standard(made: Draft, rng: random.Random) -> Places | None:
    found = []
    for at, row in enumerate(made.table("criteria").rows):
        planned = row["target"].strip("≥")
        if _is_count(made)(row) and planned in row["criterion"]:
            found.append((at, row, planned))
    at, row, planned = rng.choice(found)
    number = int(re.match(r"\d+", planned)[0])  # type: ignore[index]
    changed = planned.replace(str(number), str(number + max(2, number // 4)))
    row["criterion"] = row["criterion"].replace(planned, changed, 1)
    return [row, made.table("scores").rows[at]]


@_defect("LP207")
def mark_in_standard(made: Draft, rng: random.Random) -> Places | None:
    rows = [row for row in made.table("criteria").rows if re.search(r"（[\d.]+分）", row["criterion"])]
    row = rng.choice(rows)
    row["criterion"] = re.sub(
        r"（([\d.]+)分）", lambda found: f"（{Decimal(found[1]) + Decimal('0.5')}分）", row["criterion"], count=1
    )
    return [row]


@_defect("LP114")
def formula_only(made: Draft, rng: random.Random) -> Places | None:
    row = next(row for row in made.table("criteria").rows if row["name"] == "资金到位率")
    row["criterion"] = _sentence(made, rng, "formula_only", name=row["name"]).text
    return [row]


@_defect("LP115")
def fault_is_rewarded(made: Draft, rng: random.Random) -> Places | None:
    rows = [row for row in made.table("criteria").rows if re.search(r"①.*②", row["criterion"])]
    row = rng.choice([row for row in rows if "分）" in row["criterion"]])
    fault = rng.choice(made.wordings["fault_point"])
    row["criterion"] = re.sub(r"②[^（]*（", f"②{fault}（", row["criterion"], count=1)
    return [row]


@_defect("LP116")
def all_or_nothing(made: Draft, rng: random.Random) -> Places | None:
    row = rng.choice([row for row in made.table("criteria").rows if row["target"] == "显著"])
    row["criterion"] = _sentence(made, rng, "all_or_nothing", weight=row["weight"]).text
    return [row]


@_defect("LP604")
def deviation_in_standard(made: Draft, rng: random.Random) -> Places | None:
    row = rng.choice([row for row in made.table("criteria").rows if _is_count(made)(row)])
    found = re.match(r"≥(\d+)(.*)", row["target"])
    assert found
    values = {"name": row["name"], "planned": found[1], "unit": found[2], "weight": row["weight"]}
    sentence = _sentence(made, rng, "standard_deviation_broken", **values)
    row["criterion"] = sentence.text
    return [made.table("criteria"), *made.table("criteria").rows]


@_defect("LP604")
def deviation_in_text(made: Draft, rng: random.Random) -> Places | None:
    world = made.world
    if world.over is None:
        return None
    rate = rounded(Decimal(world.over.done) / world.over.planned * 100)
    block = made.paragraph("over")
    block.sentences.append(_sentence(made, rng, "deviation_broken", name=world.over.name, rate=rate))
    return [block]


@_defect("LP510", "LP404")
def deduction_without_rule(made: Draft, rng: random.Random) -> Places | None:
    """An over-achievement that loses a point though the standard does not ask for it."""
    world = made.world
    if world.over is None:
        return None
    places = _twins(made, lambda row: world.over is not None and row["name"] == world.over.name)[0]
    places[1]["criterion"] = Sentence(
        rng.choice(made.wordings["standard_count"]),
        {"name": world.over.name, "planned": world.over.planned, "unit": places[0]["target"].strip("≥0123456789"),
         "weight": places[0]["weight"]},
    ).text  # fmt: skip
    return list(places)


# -- targets and actuals ----------------------------------------------------------------------------------------------


def _set_actual(made: Draft, name: str, done: int, unit: str) -> Places:
    """The same number in every table and in the progress of the project."""
    places: Places = []
    for block, row in _all_rows(made, name):
        row["actual"] = f"{done}{unit}"
        if block.role == "quantities":
            planned = int(re.match(r"\d+", row["target"])[0])  # type: ignore[index]
            row["completion_rate"] = f"{rounded(Decimal(done) / planned * 100)}%"
        elif block.role != "goals":
            places.append(row)
    for _, sentence in _slots(made, "progress", "done"):
        if sentence.values["row"] == name:
            sentence.values["done"] = done
    return places


@_defect("LP401")
def missed_target_full_marks(made: Draft, rng: random.Random) -> Places | None:
    rows = [one for one in made.world.indicators if one.kind == "count" and one.score == one.weight]
    if not rows:
        return None
    row = rng.choice(rows)
    assert row.count
    return _set_actual(made, row.name, row.planned - max(1, row.planned // 10), row.count.unit)


@_defect("LP403")
def score_not_proportional(made: Draft, rng: random.Random) -> Places | None:
    found = _twins(made, lambda row: _is_count(made)(row) and row["score"] < row["weight"])
    found = [twins for twins in found if made.world.over is None or twins[0]["name"] != made.world.over.name]
    if not found:
        return None
    twins = found[0]
    for row in twins:
        row["score"] -= 2
    for _, sentence in _slots(made, "missed", "score"):
        sentence.values["score"] = twins[0]["score"]
    settle(made)
    return list(twins)


@_defect("LP405")
def unit_differs(made: Draft, rng: random.Random) -> Places | None:
    twins = rng.choice(_twins(made, _is_count(made)))
    for row in twins:
        row["actual"] = re.sub(r"\D+$", "公里", row["actual"])
    return list(twins)


@_defect("LP416")
def completion_rate(made: Draft, rng: random.Random) -> Places | None:
    row = rng.choice(made.table("quantities").rows)
    row["completion_rate"] = f"{rounded(Decimal(row['completion_rate'].strip('%')) + 6)}%"
    return [row]


@_defect("LP408")
def words_as_percentage(made: Draft, rng: random.Random) -> Places | None:
    table = rng.choice(_both(made))
    places: Places = [table, *table.rows]
    for row in table.rows:
        if row["target"] == "显著":
            row["actual"] = "100%"
    return places


@_defect("LP413")
def actuals_copied(made: Draft, rng: random.Random) -> Places | None:
    places: Places = []
    for world_row in made.world.indicators:
        if world_row.kind == "count" and world_row.count:
            for block, row in _all_rows(made, world_row.name):
                row["target"] = row["actual"] = f"{world_row.planned}{world_row.count.unit}"
                if block.role == "quantities":
                    row["completion_rate"] = "100%"
    for table in made.blocks:
        if isinstance(table, Rows):
            places += [table, *table.rows]
    return places


@_defect("LP106")
def actual_is_a_bound(made: Draft, rng: random.Random) -> Places | None:
    twins = rng.choice(_twins(made, lambda row: row["target"].startswith("≥") and row["target"].endswith("%")))
    for row in twins:
        row["actual"] = row["target"]
    return list(twins)


@_defect("LP410")
def rate_is_a_word(made: Draft, rng: random.Random) -> Places | None:
    twins = rng.choice(_twins(made, lambda row: row["name"] == made.world.topic.timely))
    for row in twins:
        row["target"], row["actual"] = "及时", "及时"
    return list(twins)


@_defect("LP411")
def rate_above_whole(made: Draft, rng: random.Random) -> Places | None:
    twins = rng.choice(_twins(made, lambda row: row["name"] == made.world.topic.checked))
    for row in twins:
        row["target"] = "≥105%"
    return list(twins)


@_defect("LP317")
def cost_reversed(made: Draft, rng: random.Random) -> Places | None:
    places: Places = []
    for _, row in _all_rows(made, "项目总成本"):
        row["target"] = row["target"].replace("≤", "≥")
        places.append(row)
    return places


@_defect("LP801")
def satisfaction_of_nobody(made: Draft, rng: random.Random) -> Places | None:
    places: Places = []
    name = rng.choice(("满意度", "服务满意度"))
    for _, row in _all_rows(made, f"{made.world.topic.respondents}满意度"):
        row["name"] = name
        places.append(row)
    return places


@_defect("LP607")
def row_twice(made: Draft, rng: random.Random) -> Places | None:
    """A row of the body and the annex is split in two with the same name and target."""
    at = rng.choice([at for at, row in enumerate(made.table("scores").rows) if row["target"] == "显著"])
    places: Places = []
    for table in _both(made):
        row = table.rows[at]
        twin = dict(row)
        row["weight"] = row["score"] = Decimal(2)
        twin["weight"] = twin["score"] = twin["weight"] - 2
        table.rows.insert(at + 1, twin)
        for subtotal in table.subtotals:
            subtotal["first"] += subtotal["first"] > at
            subtotal["last"] += subtotal["last"] >= at
        places += [row, twin]
    settle(made)
    return places


@_defect("LP108")
def points_for_empty_rows(made: Draft, rng: random.Random) -> Places | None:
    row = made.table("goals").rows[-1]
    row["level1"] = f"{row['level1']}（10分）"
    row["name"] = row["target"] = row["actual"] = rng.choice(("不适用", "无"))
    return [row]


@_defect("LP617")
def goal_not_evaluated(made: Draft, rng: random.Random) -> Places | None:
    table = made.table("goals")
    row = {
        "level1": "产出指标",
        "level2": "数量指标",
        "name": "印发宣传折页数量",
        "target": "≥600份",
        "actual": "650份",
    }
    table.rows.insert(1, row)
    return [table, *table.rows]


# -- the text by itself -----------------------------------------------------------------------------------------------


@_defect("LP611")
def evidence_after_the_period(made: Draft, rng: random.Random) -> Places | None:
    world, block = made.world, made.paragraph("quality")
    share = next(row.actual for row in world.indicators if row.name == world.topic.checked).strip("%")
    block.sentences[:] = [
        _sentence(made, rng, "evidence_broken", name=world.topic.checked, share=share, next_year=world.year + 1,
            base=world.checked_base, good=world.checked_good,
        )
    ]  # fmt: skip
    return [block]


@_defect("LP611")
def period_ends_before_payments(made: Draft, rng: random.Random) -> Places | None:
    year = made.world.year
    made.period = (made.period[0], f"{year}-08-31")
    block = made.paragraph("period")
    for sentence in block.sentences:
        if "to_day" in sentence.values:
            sentence.values["to_day"] = f"{year}年8月31日"
    if all(row["date"].split("年")[1].startswith(tuple("12345678")) for row in made.payments.rows):
        return None
    return [block, made.payments, *made.payments.rows, *made.paragraphs("spent"), *made.paragraphs("progress_lead")]


@_defect("LP616")
def evaluated_before_the_year(made: Draft, rng: random.Random) -> Places | None:
    year = made.world.year
    block = made.paragraph("process")
    for sentence in block.sentences:
        sentence.values.update(begin=f"{year}年3月", end=f"{year}年6月")
    return [block]


@_defect("LP612")
def effect_left_out(made: Draft, rng: random.Random) -> Places | None:
    found = made.paragraphs("effect")
    if len(found) < 3:  # one item left is no list
        return None
    made.blocks.remove(found.pop())
    rows = [row for table in _both(made) for row in table.rows if row["target"] == "显著"]
    heading = made.heading("group:社会效益")
    return [*found, *rows, heading, *made.paragraphs("effects_lead")]


@_defect("LP613")
def problem_blames_full_marks(made: Draft, rng: random.Random) -> Places | None:
    block = made.paragraphs("problem")[-1]
    block.sentences[:] = [_sentence(made, rng, "blame", name="绩效目标合理性")]
    return [block, *(row for table in _both(made) for row in table.rows if row["name"] == "绩效目标合理性")]


@_defect("LP614")
def arithmetic(made: Draft, rng: random.Random) -> Places | None:
    block = made.paragraph("monthly")
    block.sentences[-1:] = [_sentence(made, rng, "monthly_broken", total=rng.choice((18, 30, 100)))]
    return [block]


@_defect("LP703")
def number_of_regulation(made: Draft, rng: random.Random) -> Places | None:
    return _cited(made, "中发", lambda one: one._replace(number="中发〔2019〕34号"))


@_defect("LP703")
def title_of_regulation(made: Draft, rng: random.Random) -> Places | None:
    return _cited(made, "财预", lambda one: one._replace(title="财政部关于项目支出绩效评价办法的通知"))


def _cited(made: Draft, number: str, change: Callable[[Cited], Cited]) -> Places | None:
    for block in made.paragraphs("basis"):
        for sentence in block.sentences:
            cited = sentence.values["cited"]
            if (cited.number or "").startswith(number):
                sentence.values["cited"] = change(cited)
                return [block]
    return None


@_defect("LP609")
def count_of_tasks(made: Draft, rng: random.Random) -> Places | None:
    return _count_of_list(made, rng, "tasks")


@_defect("LP609")
def count_of_aspects(made: Draft, rng: random.Random) -> Places | None:
    return _count_of_list(made, rng, "period")


def _count_of_list(made: Draft, rng: random.Random, key: str) -> Places | None:
    """More items than are listed, but fewer after 等, which may leave some out."""
    block, sentence = rng.choice(_slots(made, key, "number"))
    more = -1 if "等{number}" in sentence.template else 2
    words, value = "二三四五六七八", sentence.values["number"]
    sentence.values["number"] = words[words.index(value) + more] if value in words else str(int(value) + more)
    return [block]


@_defect("LP610")
def unpaired_mark(made: Draft, rng: random.Random) -> Places | None:
    return _appended(made, rng, "unpaired")


@_defect("LP803")
def doubled_word(made: Draft, rng: random.Random) -> Places | None:
    return _appended(made, rng, "doubled")


@_defect("LP804")
def traditional_characters(made: Draft, rng: random.Random) -> Places | None:
    return _appended(made, rng, "traditional")


def _appended(made: Draft, rng: random.Random, key: str) -> Places | None:
    block = made.paragraph(rng.choice(("background", "purpose", "principles", "practice")))
    block.sentences.append(_sentence(made, rng, key))
    return [block]


@_defect("LP615")
def annex_not_named(made: Draft, rng: random.Random) -> Places | None:
    made.paragraph("conclusion").sentences.pop()
    return []


@_defect("LP112")
def chapter_missing(made: Draft, rng: random.Random) -> Places | None:
    gone = rng.choice(("practice", "problems", "advice"))
    start = made.blocks.index(made.heading(gone))
    end = start + 1
    while end < len(made.blocks) and not (isinstance(made.blocks[end], Heading) and made.blocks[end].key != gone):
        if getattr(made.blocks[end], "key", "") == "caption":
            break
        end += 1
    del made.blocks[start:end]
    return []
