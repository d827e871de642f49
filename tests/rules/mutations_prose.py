"""Defects of scoring standards and goal texts (LP114 to LP116, LP207, LP317, LP510, LP603 to LP605, LP614)."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.rules.mutation import Mutation
from tests.rules.mutations_targets import give_score, pick, plain_count, unit_of

Form = dict[str, Any]


def a_standard(text: Callable[[Form], str], fits: Callable[[Form], bool] | None = None) -> Callable[..., str | None]:
    """A mutation that prints a standard beside a random row."""

    def mutate(form: Form, rng: random.Random) -> str | None:
        for i in pick(form, rng, fits or (lambda row: row["name"] != "无")):
            row = form["indicators"][i]
            row["criterion"] = text(row)
            return f"/indicators/{i}/criterion"
        return None

    return mutate


formula_without_points = a_standard(lambda row: f"{row['name']}=（年末登记数/年初登记数）×100%。")
fault_earns_points = a_standard(
    lambda row: f"①手续完整（{row['weight'] - 1}分）；②与同类项目重复（1分）。", lambda row: row["weight"] > 1
)
deviation_beyond_the_whole = a_standard(
    lambda row: f"达到指标值得{row['weight']}分；未完成按比例扣分；偏差超130%扣1分。", plain_count
)


def points_listed_twice(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, lambda row: row["weight"] > 1):
        row = form["indicators"][i]
        row["criterion"] = f"①手续完整（1分）；②档案齐全（{row['weight']}分）。"
        return f"/indicators/{i}/criterion"
    return None


def degree_without_steps(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, lambda row: row["level2"] == "社会效益指标" and row["name"] != "无"):
        row = form["indicators"][i]
        row["name"], row["target"], row["actual"] = "街区邻里融洽程度", "显著", "显著"
        row["criterion"] = "能够惠及居民，得满分，否则不得分。"
        give_score(form, row, row["weight"])
        return f"/indicators/{i}/criterion"
    return None


def cost_as_a_floor(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, lambda row: row["level2"] == "成本指标" and row["name"] != "无"):
        row = form["indicators"][i]
        row["name"], row["target"], row["actual"] = "驿站运行费用控制率", "≥95%", "97.5%"
        row.pop("operator", None)
        row.pop("unit", None)
        give_score(form, row, row["weight"])
        return f"/indicators/{i}/target"
    return None


def standard_asks_for_more(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, plain_count):
        row = form["indicators"][i]
        unit = unit_of(row)
        number = int(row["target"].removesuffix(unit))
        row["criterion"] = f"不少于{number + 5}{unit}得满分，未完成按比例扣分。"
        return f"/indicators/{i}/criterion"
    return None


def loss_for_more_than_planned(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, plain_count):
        row = form["indicators"][i]
        unit = unit_of(row)
        row["actual"] = f"{int(row['target'].removesuffix(unit)) * 4}{unit}"
        row["explanation"] = f"{row['name']}需求大增，高于年初设定。今后将合理测算指标值。"
        give_score(form, row, row["weight"] - Decimal("0.7"))
        return f"/indicators/{i}/score"
    return None


def achieved_count_off(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, plain_count):
        row = form["indicators"][i]
        unit = unit_of(row)
        row["name"], number = "古驿道石阶修补数量", int(row["target"].removesuffix(unit))
        form["goals"]["achieved"] += f"已完成古驿道石阶修补{number + 3}{unit}。"
        return "/goals/achieved"
    return None


def weeks_do_not_fit(form: Form, rng: random.Random) -> str:
    form["goals"]["achieved"] += f"街区简报每周刊发{rng.randint(2, 4)}篇，全年共刊发{rng.randint(30, 90)}篇。"
    return "/goals/achieved"


def deviation_in_goal_text(form: Form, rng: random.Random) -> str:
    form["goals"]["achieved"] += f"其中一项偏差率超过{rng.randint(11, 15) * 10}%，存在目标偏低的情况。"
    return "/goals/achieved"


MUTATIONS: list[Mutation] = [
    Mutation("LP114", formula_without_points),
    Mutation("LP115", fault_earns_points),
    Mutation("LP116", degree_without_steps),
    Mutation("LP207", points_listed_twice),
    Mutation("LP317", cost_as_a_floor),
    Mutation("LP510", loss_for_more_than_planned),
    Mutation("LP603", standard_asks_for_more),
    Mutation("LP604", deviation_beyond_the_whole),
    Mutation("LP604", deviation_in_goal_text),
    Mutation("LP605", achieved_count_off),
    Mutation("LP614", weeks_do_not_fit),
]
