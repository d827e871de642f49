"""Defects of wording, citations, goal texts and explanations (LP504, LP509, LP6 and LP8 of texts, LP703)."""

from __future__ import annotations

import random
from decimal import Decimal
from typing import Any

from tests.rules.mutation import Mutation
from tests.rules.mutations_targets import at_least_percent, give_score, in_proportion, pick, plain_count, words

Form = dict[str, Any]
EXPECTED = "/goals/expected"
ACHIEVED = "/goals/achieved"


def add(form: Form, name: str, sentence: str) -> str:
    """Put a sentence at the end of a goal text; the text's pointer."""
    form["goals"][name] += sentence
    return f"/goals/{name}"


def reason_alone(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, at_least_percent):
        row = form["indicators"][i]
        target = Decimal(row["target"][1:-1])
        actual = (target * Decimal("0.6")).quantize(Decimal("0.1"))
        row["actual"] = f"{actual}%"
        row["explanation"] = rng.choice(("受连续降雨影响，作业天数减少。", "因牌匾供货延迟，进度有待加快。"))
        give_score(form, row, in_proportion(row, actual / target))
        return f"/indicators/{i}/explanation"
    return None


def called_unfinished(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, words):
        add(form, "achieved", f"{form['indicators'][i]['name']}尚未达到。")
        return f"/indicators/{i}/score"
    return None


def explained_as_unfinished(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, words):
        row = form["indicators"][i]
        row["explanation"] = "场地封闭，未能在年内实施。下一步将补做。"
        give_score(form, row, row["weight"] - Decimal("0.5"))
        return f"/indicators/{i}/actual"
    return None


def result_copied(form: Form, _rng: random.Random) -> str:
    form["goals"]["expected"] = "养护绿道四段十二公里，补植苗木三百株，更换沿线座椅"
    form["goals"]["achieved"] = f"已{form['goals']['expected']}。"
    return ACHIEVED


def list_miscounted(form: Form, rng: random.Random) -> str:
    first, second = rng.choice(
        (("四", "（一）栈道。（二）坐凳。（三）灯具。"), ("两", "（一）栈道。（二）坐凳。（三）灯具。"))
    )
    return add(form, "achieved", f"图册分{first}部分：{second}")


def mark_left_open(form: Form, rng: random.Random) -> str:
    return add(
        form, "expected", rng.choice(("建设“一街一角。", "编印《古树图册。", "修缮凉亭（含廊架。", "打造一街一角”。"))
    )


def another_year(form: Form, _rng: random.Random) -> str:
    form["goals"]["expected"] += f"汇总{form['heading']['year'] - 4:f}年度巡查记录。"
    return EXPECTED


def another_number(form: Form, rng: random.Random) -> str:
    wanted, done = rng.choice(((6, 4), (15, 18)))
    add(form, "expected", f"更换{wanted}盏凉亭灯具。")
    return add(form, "achieved", f"更换{done}盏凉亭灯具。")


def item_forgotten(form: Form, _rng: random.Random) -> str:
    form["goals"]["expected"] = "1.粉刷凉亭柱廊8座；2.开设陶艺课堂3期。"
    form["goals"]["achieved"] = "完成凉亭柱廊粉刷8座。"
    return EXPECTED


def cited_wrongly(form: Form, rng: random.Random) -> str:
    wrong = (
        "依据《财政部关于预算绩效评价工作规程的通知》（财预〔2020〕10号）实施。",
        "依据《项目支出绩效评价管理办法》（财预〔2019〕10号）实施。",
        "落实国务院办公厅《关于全面实施预算绩效管理的意见》。",
    )
    return add(form, "expected", rng.choice(wrong))


def nobody_asked(form: Form, rng: random.Random) -> str:
    place = next(i for i, row in enumerate(form["indicators"]) if row["name"].endswith("满意度"))
    form["indicators"][place]["name"] = rng.choice(("满意率和满意度", "对管护单位的满意度", "工作人员满意度"))
    return f"/indicators/{place}/name"


def filed_as_quantity(form: Form, rng: random.Random) -> str | None:
    for i in pick(form, rng, at_least_percent):
        row = form["indicators"][i]
        if row["level1"].startswith("产出"):
            row["level2"], row["name"] = "数量指标", "栈道巡护完成率"
            return f"/indicators/{i}/name"
    return None


def word_doubled(form: Form, rng: random.Random) -> str:
    return add(form, "achieved", rng.choice(("凉亭养护的的成效明显。", "巡查员在在雨季加密巡查。")))


def traditional(form: Form, rng: random.Random) -> str:
    return add(form, "achieved", rng.choice(("凉亭養护规范。", "完成凉亭巡查任務。")))


def widths_mixed(form: Form, _rng: random.Random) -> str:
    return add(form, "achieved", "另有：（1）粉刷廊柱；（2）修补地面；(3)清理沟渠。")


def two_forms(form: Form, _rng: random.Random) -> str:
    add(form, "achieved", "区街社三级联动，区街社共同巡查。")
    return add(form, "expected", "建立街区社三级管护网络。")


def no_number(form: Form, _rng: random.Random) -> str | None:
    if not any(plain_count(row) and row["name"] != "无" for row in form["indicators"] if row["target"]):
        return None
    form["goals"]["expected"] = "加强管护，改善环境，方便群众。"
    return EXPECTED


def praise_alone(form: Form, _rng: random.Random) -> str:
    form["goals"]["achieved"] = "环境优美，群众交口称赞，效果良好。"
    return ACHIEVED


# a goal text written anew also drops what explained a change of the budget
UNEXPLAINED = frozenset({"LP306"})

MUTATIONS: list[Mutation] = [
    Mutation("LP504", reason_alone),
    Mutation("LP509", called_unfinished),
    Mutation("LP509", explained_as_unfinished, frozenset({"LP404"})),
    Mutation("LP608", result_copied, UNEXPLAINED),
    Mutation("LP609", list_miscounted),
    Mutation("LP610", mark_left_open),
    Mutation("LP618", another_year),
    Mutation("LP619", another_number),
    Mutation("LP620", item_forgotten, UNEXPLAINED),
    Mutation("LP703", cited_wrongly),
    Mutation("LP801", nobody_asked),
    Mutation("LP802", filed_as_quantity),
    Mutation("LP803", word_doubled),
    Mutation("LP804", traditional),
    Mutation("LP804", widths_mixed),
    Mutation("LP805", two_forms),
    Mutation("LP807", no_number),
    Mutation("LP809", praise_alone, UNEXPLAINED),
]
