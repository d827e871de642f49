"""Invented forms as canonical data, as offices write them: decimals as written, blanks, every kind of target."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING, Any

from generator import sections, words

if TYPE_CHECKING:
    from generator.choosing import Chooser
    from generator.families import Family

__all__ = ["invent"]

Form = dict[str, Any]
_SIGNS = ("≥", "≤", "=", ">", "<", "≧", "＝", "═", ">=", "<=", "不低于", "不超过", "大于等于", "约", "")
_SPLIT_SIGNS = ("≥", "≤", "=", "≧", "═", "＝", "＞", ">", "<", "定性", "")


def invent(choose: Chooser, family: Family) -> Form:
    """A form that `family` can hold (its own `reduce` leaves it as it is)."""
    subject = choose.pick(words.SUBJECTS)
    form: Form = {
        "type": "self-evaluation",
        "kind": family.kind,
        "title": choose.pick(family.titles).replace("{year}", str(2019 + choose.below(6))),
        "heading": _heading(choose, family, subject),
        "funds": _funds(choose, family),
        "goals": {
            "expected": _prose(choose, words.EXPECTED),
            "achieved": _prose(choose, words.ACHIEVED),
            "medium_expected": _prose(choose, words.EXPECTED),
            "medium_achieved": None,
        },
        "tasks": [_task(choose, number) for number in range(1 + choose.below(5))],
        "management": [
            {
                "aspect": aspect,
                "description": choose.pick(("符合规定", "", "按因素法分配，程序完备。")),
                "problems": choose.pick(("", "无", "个别镇拨付偏慢，已督促整改。")),
            }
            for aspect in words.MANAGEMENT[: 3 + choose.below(5)]
        ],
        "indicators": _indicators(choose, family),
        "medium_indicators": None,
        "notes": _notes(choose, family),
    }
    if "medium_indicators" in family.sections:
        form["medium_indicators"] = [_medium(choose, row) for row in form["indicators"]]
    form["total"] = _total(choose, family, form["indicators"])
    return family.reduce(form)


def _prose(choose: Chooser, texts: tuple[str, ...]) -> str:
    """A text, blank, or several of them: long goals run to a page."""
    if choose.chance(8):
        return ""
    if choose.chance(20):
        return "\n".join(choose.pick(texts) for _ in range(2 + choose.below(3)))
    return choose.pick(texts)


def _heading(choose: Chooser, family: Family, subject: str) -> Form:
    others = [{"label": label, "text": choose.pick(texts)} for label, texts in family.other_fields]
    suffix = choose.pick(("", "项目", "经费", "专项资金", "（二期）"))
    return {
        "project": subject + suffix,
        "project_amount": Decimal(choose.pick(("3600000", "1200000.00", "85000", "120500.50"))),
        "department": choose.pick(words.OFFICES) if not choose.chance(7) else "",
        "unit": choose.pick(words.OFFICES),
        "year": Decimal(2019 + choose.below(6)),
        "others": others,
    }


def _part(choose: Chooser, amount: Decimal) -> Decimal:
    """All or most of an amount, with its decimals."""
    if not choose.chance(60):
        return amount
    return (amount * (40 + choose.below(60)) / 100).quantize(Decimal(1).scaleb(int(amount.as_tuple().exponent)))


def _amount(choose: Chooser, unit: str | None) -> Decimal:
    """An amount as offices write it: yuan with fen or none, larger units with up to six decimals."""
    whole = choose.pick((0, 12, 120, 4580, 986000, 1250000)) + choose.below(1000)
    if unit in ("元", None):
        return Decimal(whole + 1000).quantize(choose.pick((Decimal(1), Decimal("0.01")))) + (
            Decimal(choose.below(100)).scaleb(-2) if choose.chance(30) else Decimal(0)
        )
    places = choose.pick((0, 2, 1, 4, 6))
    if unit == "亿元":
        whole %= 50
    else:
        whole %= 10000
    return Decimal(whole * 10**places + choose.below(10**places)).scaleb(-places)


def _rate(choose: Chooser, notation: str, executed: Decimal | None, budget: Decimal | None) -> Decimal | str | None:
    if executed is None or budget is None or notation == "blank":
        return None
    ratio = executed / budget if budget else Decimal(0)
    if notation == "share":
        return ratio.quantize(Decimal("0.01"))
    if notation == "points":
        return (ratio * 100).quantize(Decimal("0.1"))
    if notation == "percent":
        return f"{(ratio * 100).quantize(Decimal(1))}%"
    return f"{(ratio * 100).quantize(Decimal('0.01'))}%"


def _funds(choose: Chooser, family: Family) -> Form:
    unit = choose.pick(family.currency_units)
    notation = choose.pick(("share", "percent", "percent2", "points", "blank"))
    rows = []
    rare = sections.RARE_SOURCES if family.rare and family.name != "sichuan" and choose.chance(12) else {}
    for number, (source, labels) in enumerate(family.fund_sources):
        row: Form = {"source": source, "label": choose.pick(rare.get(source, labels))}
        if number == 0 or not choose.chance(30):
            zero = number > 0 and choose.chance(30)
            nil = choose.pick((Decimal("0.00"), Decimal(0)))
            row["initial"] = nil if zero else _amount(choose, unit)
            row["annual"] = row["initial"] if not choose.chance(30) else _amount(choose, unit)
            for field in ("received", "executed", "interim_executed", "expected_executed"):
                row[field] = nil if zero else _part(choose, row["annual"])
            if number and choose.chance(20):
                row["initial"] = None
            row["rate"] = _rate(choose, notation, row["executed"], row["annual"])
            row["interim_rate"] = _rate(choose, notation, row["interim_executed"], row["initial"])
        if number == 0:
            row["weight"] = family.execution_points
            row["score"] = choose.pick(
                (family.execution_points, Decimal("9.80"), Decimal("8.5"), Decimal("10.00"), None)
            )
            row["explanation"] = choose.pick(words.EXPLANATIONS)
        else:
            row["explanation"] = choose.pick(("", "", "追加中央资金", "/"))
        rows.append(row)
    if choose.chance(30):
        for row in rows:
            row["explanation"] = rows[0].get("explanation", "")
    return {"currency_unit": unit, "rows": rows}


def _task(choose: Chooser, number: int) -> Form:
    name, content = words.TASKS[number % len(words.TASKS)]
    fiscal, other = _amount(choose, "万元"), choose.pick((Decimal(0), Decimal("0.00"), Decimal("12.5")))
    spent = _amount(choose, "万元")
    return {
        "name": name if not choose.chance(20) else f"任务{number + 1}：{name}",
        "content": content,
        "result": choose.pick(("已完成", "", "完成92%，余下部分跨年实施。")),
        "budget": fiscal + other,
        "budget_fiscal": fiscal,
        "budget_other": other,
        "executed": spent + other,
        "executed_fiscal": spent,
        "executed_other": other,
        "rate": None,
    }


def _points(choose: Chooser) -> Decimal:
    return Decimal(choose.pick(("10", "5", "2.5", "5.0", "8", "12.50", "3", "20")))


def _measured(choose: Chooser, measure: str, split: bool) -> tuple[str, str, str, str]:
    """Sign, target, unit and actual for a kind of measure; sign and unit apart only in forms that split them."""
    if measure == "words":
        word = choose.pick(words.QUALITIES)
        return (choose.pick(("定性", "")) if split else "", word, "", choose.pick((word, "基本" + word)))
    if measure == "date":
        date = choose.pick(("2023年12月", "2022年12月31日前", "年底前", "2021年12月31日", "第三季度", "2023.12"))
        return (choose.pick(("≤", "", "定性")) if split else "", date, "", choose.pick((date, "2023年11月")))
    if measure == "days":
        days = str(1 + choose.below(30))
        sign = choose.pick(("≤", "不超过")) if not split else "≤"
        unit = choose.pick(("工作日", "小时", "天"))
        return sign, days, unit, days if split else f"{days}{unit}"
    if measure == "%":
        number = choose.pick(("90", "95", "100", "85.5", "９８", "99.00"))
        done = choose.pick((number, "100", "92.35", "88"))
        sign = choose.pick(_SPLIT_SIGNS[:6] if split else (*_SIGNS[:8], ""))
        return sign, number, "%", choose.pick((f"{done}%", done)) if split else f"{done}%"
    number = choose.pick(("12", "200", "1", "1,200", "５", "0", "36.5", "5.8万", "三", "二十四", "12000"))
    done = choose.pick((number, "13", "0", "约200", "210"))
    sign = choose.pick((*_SPLIT_SIGNS[:8], "") if split else _SIGNS)
    return sign, number, measure, choose.pick((done, f"{done}{measure}"))


def _joined(choose: Chooser, sign: str, number: str, unit: str) -> str:
    if not choose.chance(12):
        return f"{sign}{number}{choose.pick(('', ' ')) if unit else ''}{unit}"
    return choose.pick(
        (
            f"{number}{unit}以上",
            f"60～100{unit}",
            f"≥60{unit}&&≤100{unit}",
            f"总报告1篇、分类报告4{unit or '篇'}",
            f"60-100{unit}",
            "无",
            "",
            "不适用",
            "/",
            "——",
        )
    )


def _indicators(choose: Chooser, family: Family) -> list[Form]:
    rows: list[Form] = []
    split = "operator" in family.indicator_columns
    spelt = choose.pick(("", "", "short")) if family.level_points else ""
    levels = words.LEVELS
    if choose.chance(20):
        levels = (words.COST_LEVEL, (levels[0][0], levels[0][1][:3]), *levels[1:])
    for level1, seconds in levels:
        shown = level1
        if family.level_points and not choose.chance(20):
            shown = f"{level1}{choose.pick(('', chr(10)))}（{choose.pick((50, 30, 10, 40))}分）"
        elif choose.chance(6):
            shown = "\n".join(level1)
        if choose.chance(5):
            continue
        for second in seconds:
            if spelt == "" and choose.chance(10):
                continue
            count = choose.pick((1, 2, 1, 3, 4, 6)) if level1 == "产出指标" else choose.pick((1, 1, 2))
            label = second if not choose.chance(8) else second.replace("指标", "\n指标")
            if family.level_points and choose.chance(8):
                label += "（20分）"
            rows += _group(choose, family, shown, label, second, count, split)
    return rows or _group(choose, family, "产出指标", "数量指标", "数量指标", 1, split)


def _group(
    choose: Chooser, family: Family, level1: str, label: str, second: str, count: int, split: bool
) -> list[Form]:
    """The rows of one second level; perhaps a template row left empty, a ★ row, one score over all of them."""
    group: list[Form] = []
    stock = words.INDICATORS[second]
    start = choose.below(len(stock))
    for number in range(count):
        name, measure = stock[(start + number) % len(stock)]
        if number >= len(stock):
            name += f"（{number + 1}）"
        sign, target, unit, actual = _measured(choose, measure, split)
        if not split:
            target = _joined(choose, sign, target, unit)
        row = _row(choose, family, level1, label, name, sign, target, unit, actual)
        if choose.chance(4):
            row["name"] += "\n" + choose.pick(("（含续建）", "（按季度统计）"))
        if family.stars and choose.chance(15):
            row["name"] = choose.pick(("★", "其中：", "★其中：")) + row["name"]
            row.update(weight=None, score=None, weight_share=None, converted_score=None)
        group.append(row)
    if choose.chance(6):
        group = [_empty(choose, family, level1, label, "")]
    if family.numbered:
        for number, row in enumerate(group, 1):
            row["name"] = f"指标{number}：{row['name']}"
        if choose.chance(40):
            group.append(_empty(choose, family, level1, label, f"指标{len(group) + 1}："))
        if choose.chance(50):
            group.append(_empty(choose, family, level1, label, choose.pick(("……", "..."))))
    elif family.merges and len(group) > 1 and choose.chance(50) and all(row["weight"] is not None for row in group):
        alike = choose.chance(30)
        for row in group[1:]:
            row.update(weight=None, score=None, merged=["weight", "score"])
            if alike:
                row["explanation"] = group[0]["explanation"]
    return group


def _row(
    choose: Chooser, family: Family, level1: str, level2: str, name: str, sign: str, target: str, unit: str, actual: str
) -> Form:
    weight = _points(choose)
    full = not choose.chance(25)
    ticked = choose.pick(("确定能", "有可能", "完全不可能", ""))
    return {
        "level1": level1,
        "level2": level2,
        "name": name,
        "operator": sign if "operator" in family.indicator_columns else None,
        "target": target,
        "unit": unit if "operator" in family.indicator_columns else None,
        "actual": actual if not choose.chance(4) else "",
        "completion_status": choose.pick(("完成", "已完成", "未完成", "")),
        "interim": choose.pick((actual, "", "正在推进")),
        "expected_actual": choose.pick((actual, "按期完成")),
        "likelihood": ticked,
        "weight": weight,
        "weight_share": choose.pick(("10%", "5.5%", "12%")),
        "score": weight if full else (weight * Decimal("0.9")).quantize(Decimal("0.01")),
        "converted_score": (weight * Decimal("0.9")).quantize(Decimal("0.1")),
        "merged": None,
        "criterion": choose.pick(("完成得满分，未完成按比例扣分", "每低1个百分点扣0.5分，扣完为止")),
        "explanation": choose.pick(words.EXPLANATIONS),
        "others": _others(choose, family),
    }


def _others(choose: Chooser, family: Family) -> list[Form]:
    """Ticks under the causes of a deviation, and remarks, where the layout has columns for them."""
    found = []
    for column in sections.OTHER_COLUMNS:
        if column in family.indicator_columns and choose.chance(20):
            found.append(
                {"label": column, "text": "√" if column in sections.CAUSES else choose.pick(("跨年实施", "无"))}
            )
    return found


def _empty(choose: Chooser, family: Family, level1: str, level2: str, name: str) -> Form:
    """A row of the template that nobody filled, or struck out."""
    row: Form = dict.fromkeys(_row(choose, family, level1, level2, name, "", "", "", ""))
    blank = choose.pick(("", "", "无", "/"))
    row.update(level1=level1, level2=level2, name=name, target=blank, actual=blank, others=[])
    if "operator" in family.indicator_columns:
        row.update(operator="", unit="")
    row.update(completion_status="", interim="", expected_actual="", likelihood="", criterion="", explanation="")
    return row


def _medium(choose: Chooser, row: Form) -> Form:
    fields = ("level1", "level2", "name", "operator", "target", "unit", "weight")
    found = {field: row[field] for field in fields}
    if choose.chance(40) and found["target"]:
        found["target"] = choose.pick(("≥600", "100%", "逐年提高"))
    return found


def _total(choose: Chooser, family: Family, indicators: list[Form]) -> Form:
    score = sum((row["score"] for row in indicators if row["score"] is not None), Decimal(0))
    return {
        "label": choose.pick(
            sections.RARE["total"] if family.rare and choose.chance(12) else ("总分", "合计", "总 分", "总计")
        ),
        "weight": choose.pick((Decimal(100), Decimal("100.00"), Decimal("100.0"))),
        "score": choose.pick((score, Decimal("96.5"), Decimal("100"))),
        "grade": choose.pick((None, "优", "良", "优秀", "中")),
    }


def _notes(choose: Chooser, family: Family) -> list[str]:
    return [f"{label}{choose.pick(texts)}" for label, texts in family.notes if not choose.chance(15)]
