"""The parts of a printed form, from the heading to the signatures, as rows of cells."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from generator.sheet import Cell, Row, line, widths

if TYPE_CHECKING:
    from generator.choosing import Chooser
    from generator.families import Family

__all__ = ["CAUSES", "LIKELIHOODS", "NUMBERS", "OTHER_COLUMNS", "RARE", "RARE_SOURCES", "SECTIONS", "Style"]

Form = dict[str, Any]

CAUSES = ("经费保障", "制度保障", "人员保障", "硬件条件保障", "其他")
LIKELIHOODS = ("确定能", "有可能", "完全不可能")
OTHER_COLUMNS = (*CAUSES, "备注")
NUMBERS = ("weight", "score", "converted_score")
# Further fields that do not stand in the rows of the heading.
CAPTIONS = ("报表编号", "部门", "填报单位", "2.项目实施内容及过程概述")
MONEY = ("initial", "annual", "received", "executed", "interim_executed", "expected_executed")

_HEADINGS = {
    "project": ("项目名称", "项 目 名 称", "项目\n名称"),
    "project_amount": ("项目金额",),
    "year": ("项目年度", "预算年度"),
    "department": ("主管部门", "主管部门", "主 管 部 门", "主管部门及代码", "项目主管部门"),
    "unit": ("实施单位", "项目实施单位", "项目单位", "实施单位（盖章）", "实施\n单位"),
}
_FUNDS = {
    "initial": ("年初预算数", "年初 预算数", "年初预算"),
    "annual": ("全年预算数", "全年 预算数", "全年\n预算数"),
    "received": ("到位资金",),
    "executed": ("全年执行数", "全年 执行数", "全年\n执行数"),
    "interim_executed": ("1—7月执行数", "1-7月执行数", "1至7月执行数"),
    "interim_rate": ("1—7月执行率", "执行率"),
    "expected_executed": ("全年预计执行数", "预计全年执行数"),
    "weight": ("分值", "分 值"),
    "rate": ("执行率", "执行\n率"),
    "score": ("得分", "得 分"),
    "explanation": ("偏差原因",),
}
_LETTERS = {
    "annual": ("（A）", "(A)", "\n（A）"),
    "executed": ("（B）", "(B)", "\n（B）"),
    "rate": ("（B/A）", "(B/A)", "（B/A×100%）"),
}
_INDICATORS = {
    "level1": ("一级指标", "一级 指标", "一级\n指标"),
    "level2": ("二级指标", "二级 指标", "二级\n指标"),
    "name": ("三级指标", "三级指标", "三级\n指标"),
    "operator": ("指标性质", "指标\n性质"),
    "target": ("年度指标值", "年度 指标值", "年度指标值"),
    "unit": ("度量单位", "计量单位"),
    "actual": ("实际完成值", "实际完成值", "实际 完成值", "全年实际完成值"),
    "completion_status": ("完成情况",),
    "interim": ("1—7月执行情况", "1-7月执行情况", "1至7月完成情况"),
    "expected_actual": ("全年预计完成情况", "预计全年完成情况"),
    "weight": ("分值", "分 值", "分\n值"),
    "score": ("得分", "得 分", "自评得分"),
    "weight_share": ("权重占比",),
    "converted_score": ("折算得分",),
    "criterion": ("评分标准",),
    "explanation": ("偏差原因分析及改进措施", "偏差原因分析\n及改进措施", "偏差原因及改进措施"),
}
# Spellings that few offices use: one form in eight is written in them.
RARE = {
    "heading_project": ("项目名称（全称）", "项目（政策）名称", "预算项目名称"),
    "heading_department": ("主管部门（单位）", "预算主管部门", "一级预算单位", "市级主管部门", "主管部门名称"),
    "heading_unit": ("执行单位", "资金使用单位", "项目承担单位", "预算单位", "项目实施单位（公章）", "实施部门"),
    "fund_initial": ("年初预算批复数", "年初预算安排数", "年初批复预算", "年初预算金额"),
    "fund_annual": ("调整后预算数", "全年预算数（调整后）", "年度预算数", "预算安排数", "调整预算数"),
    "fund_executed": ("实际执行数", "全年支出数", "预算执行数", "实际支出数", "全年实际执行数", "全年支出金额"),
    "fund_rate": ("预算执行率", "预算执行率（%）", "执行率(%)", "全年预算执行率"),
    "fund_weight": ("权重", "标准分值", "分值（10分）"),
    "fund_score": ("自评得分", "实际得分", "得分（10分）"),
    "level1": ("一级指标名称",),
    "level2": ("二级指标名称",),
    "name": ("三级指标名称", "指标名称", "具体指标"),
    "operator": ("符号", "指标符号", "运算符号", "性质"),
    "target": ("指标值", "目标值", "年初目标值", "预期指标值", "年度目标值", "年度绩效指标值", "年初设定指标值"),
    "unit": ("单位", "指标单位", "计算单位"),
    "actual": ("全年完成值", "实际完成指标值", "完成值", "年度实际完成值", "实际完成情况", "全年实际值", "指标完成值"),
    "weight": ("权重", "指标权重", "标准分值", "权重分值", "分值（权重）", "满分"),
    "score": ("实际得分", "指标得分", "自评分", "自评分数", "单位自评得分", "得分情况"),
    "criterion": ("评价标准", "评分细则", "赋分标准", "评分规则"),
    "explanation": (
        "未完成原因分析",
        "偏差原因分析及整改措施",
        "偏差原因",
        "未完成原因及改进措施",
        "偏差情况说明",
        "未完成原因和拟采取的措施",
        "偏差较大原因分析及改进措施",
    ),
    "goals": (
        "年度绩效目标|绩效目标完成情况",
        "年初设定目标|完成情况",
        "预期绩效目标|目标完成情况",
        "年初绩效目标|全年完成情况",
    ),
    "side": ("绩效指标完成情况", "指标完成情况", "年度绩效指标完成情况", "绩效目标指标"),
    "total": ("总得分", "自评总分", "得分合计", "合    计", "评价得分", "总分（100分）"),
}
RARE_SOURCES = {
    "total": ("资金总额合计", "项目资金总额", "本年资金总额", "年度预算资金总额"),
    "fiscal": ("其中：财政资金", "其中：一般公共预算", "财政性资金", "本年财政拨款", "其中：本级财政资金"),
    "carryover": ("结转结余资金", "上年结余结转资金", "以前年度结转结余", "上年结转"),
    "other": ("自筹资金", "其他", "其他来源资金", "单位自有资金", "社会资金"),
}
_GOALS = ("预期目标|实际完成情况", "预期目标|目标实际完成情况", "年初预期目标|全年实际完成情况")
_GOAL_SIDES = ("年度总体目标", "年度总体\n目标", "年度总体 目标", "年度总体目标完成情况", "年\n度\n总\n体\n目\n标")
_SIDES = ("绩效指标", "年度绩效指标", "年度绩效\n指标", "绩 效 指 标", "绩\n效\n指\n标")
_BLANKS = ("", "", "—", "－", "-", "/", "——", "--")


@dataclass
class Style:
    """How one office prints its forms; constant over a form.

    width         columns of the table
    blank         what stands in a number's cell that has none
    unit_in       where the unit of the amounts stands: label (beside the funds), caption (above the table) or cells
    points_mark   what follows weights and scores, 分 or nothing
    levels        first and second levels are merged cells, repeated in each row, or stand once with blanks below
    side          whether a label runs down beside the indicators
    splits        whether parts of the form may be tables of their own
    thousands     whether amounts have separators; wide_digits: whether numbers are in full-width digits
    letters       （A）, （B） and （B/A） after the headers of the funds, or None
    merges_texts  whether one cell may hold the same text of several rows
    continued     whether the indicators go on in a second table below a repeated header
    title_inside  whether the lines above the table are its first rows
    gaps          whether blank rows stand between the parts
    rare          whether labels and headers are in rare spellings
    cuts          whether a reason runs on in a row of its own, as after a page
    """

    choose: Chooser
    family: Family
    width: int
    blank: str
    unit_in: str
    points_mark: str
    levels: str
    side: bool
    splits: bool
    thousands: bool
    wide_digits: bool
    letters: tuple[str, str, str] | None
    merges_texts: bool
    continued: bool
    title_inside: bool
    gaps: bool
    rare: bool
    cuts: bool

    @classmethod
    def of(cls, form: Form, choose: Chooser, family: Family, merges_texts: bool = True) -> Style:
        """A style for drawing `form`, with a table wide enough for its widest part.

        merges_texts  False for formats without merged cells, which would lose that a text stands for several rows
        """
        columns = len(family.indicator_columns)
        # Yunnan's header of two rows says 绩效指标 above the levels instead of beside them.
        side = not (family.name == "yunnan" and choose.chance(80))
        funds = len(family.fund_columns) + 2
        if "tasks" in family.sections:
            columns = max(columns, 10)
        if "medium_indicators" in family.sections:
            columns = 7
        if "hebei-funds" in family.sections:
            funds = 7
        has_letters = choose.pick(family.options.get("letters", ("no",))) == "yes"
        return cls(
            choose,
            family,
            width=max(columns + side, funds + choose.below(2), 5),
            blank=choose.pick(_BLANKS),
            unit_in=choose.pick(("label", "label", "label", "caption", "caption", "cells")),
            points_mark=choose.pick(("", "", "", "", "", "", "", "分")),
            levels=choose.pick(("merged", "merged", "merged", "repeated", "blank")),
            side=side,
            splits=choose.chance(15),
            thousands=choose.chance(25),
            wide_digits=choose.chance(4),
            letters=(choose.pick(_LETTERS["annual"]), choose.pick(_LETTERS["executed"]), choose.pick(_LETTERS["rate"]))
            if has_letters
            else None,
            merges_texts=merges_texts,
            continued=choose.chance(10),
            title_inside=choose.chance(10),
            gaps=choose.chance(8),
            rare=family.rare and choose.chance(12),
            cuts=choose.chance(15),
        )

    def captions(self, form: Form) -> list[str]:
        """The lines above the table."""
        lines = [form["title"]]
        if form["heading"]["year"] is not None and self.family.caption_year:
            lines.append(self.choose.pick(("（{}年度）", "({}年度)", "（ {} 年度）")).format(form["heading"]["year"]))
        unit = form["funds"] and form["funds"]["currency_unit"]
        if unit and self.unit_in == "caption" and not self._unit_in_labels():
            lines.append(self.choose.pick(("单位：{}", "金额单位：{}", "（单位：{}）")).format(unit))
        others = {other["label"]: other["text"] for other in form["heading"]["others"]}
        for label in CAPTIONS[:2]:
            if label in others:
                sheet = next((note for note in form["notes"] or () if note.startswith("公开")), "")
                beside = f"    {sheet}" if sheet else ""
                lines.insert(0, f"{label}{'：' if label == '部门' else ':'}{others[label]}{beside}")
        if "填报单位" in others:
            filed = f"填报单位：{others['填报单位']}"
            beside = len(lines) > 1 and lines[-1].startswith(("单位", "金额单位"))
            lines[-1:] = [f"{filed}      {lines[-1]}"] if beside else [lines[-1], filed]
        return lines

    def gap(self) -> Row:
        """A row with nothing in it, as stands between the parts of some forms."""
        return [Cell("", 1, self.width)] if self.splits else [Cell("") for _ in range(self.width)]

    def inside(self, captions: list[str]) -> list[Row]:
        """The captions as rows of the table itself."""
        return [[Cell(caption, 1, self.width)] for caption in captions]

    def _unit_in_labels(self) -> bool:
        texts = self.family.options.get("fund_side", ()) + self.family.options.get("fund_corner", ())
        return any("{unit}" in text for text in texts)

    def spellings(self, key: str) -> tuple[str, ...]:
        """What the family prints there instead of the usual words; empty where it has none of its own."""
        rare = RARE.get(key, ()) if self.rare else ()
        return rare or self.family.options.get(key, ())

    def header(self, field: str) -> str:
        """What heads the column of an indicator's field."""
        return self.choose.pick(self.spellings(field) or _INDICATORS.get(field) or (field,))

    def label(self, field: str) -> str:
        """What stands before a field of the heading."""
        return self.choose.pick(self.spellings(f"heading_{field}") or _HEADINGS[field])

    def fund_header(self, field: str) -> str:
        """What heads a column of the funds."""
        options = self.family.options
        shared = options.get(field) if field != "score" and field != "explanation" else None
        text = self.choose.pick(self.spellings(f"fund_{field}") or shared or _FUNDS[field])
        if self.letters and field in ("annual", "executed", "rate"):
            text += self.letters[("annual", "executed", "rate").index(field)]
        return text

    def money(self, value: Decimal | None, form: Form) -> str:
        """An amount of the funds, with its unit where that stands in the cells."""
        text = self.number(value, money=True)
        unit = form["funds"]["currency_unit"]
        return (
            text + unit
            if value is not None and unit and self.unit_in == "cells" and not self._unit_in_labels()
            else text
        )

    def points(self, value: Decimal | None) -> str:
        """A weight or a score, with 分 in some offices."""
        return self.number(value) + (self.points_mark if value is not None else "")

    def number(self, value: Decimal | str | None, money: bool = False) -> str:
        """A number as this office writes it; its mark for blanks where there is none."""
        if value is None:
            return self.blank
        text = str(value)
        if money and self.thousands and isinstance(value, Decimal):
            text = f"{value:,}"
        if self.wide_digits:
            text = text.translate(
                {ord("0") + digit: "０１２３４５６７８９"[digit] for digit in range(10)} | {ord("%"): "％"}
            )
        return text


def heading(form: Form, style: Style) -> list[Row]:
    """Labels and fields, one or two pairs a row."""
    values = form["heading"]
    shown = [other for other in values["others"] if other["label"] not in CAPTIONS]
    plan = [list(row) for row in style.family.heading]
    named = [int(name.split(":")[1]) for row in plan for name in row if name.startswith("other:")]
    rest = [f"other:{number}" for number in range(len(shown)) if number not in named]
    plan += [rest[start : start + 2] for start in range(0, len(rest), 2)]
    rows = []
    for fields in plan:
        texts = []
        for name in fields:
            if name.startswith("other:"):
                other = shown[int(name.split(":")[1])]
                texts += [other["label"], other["text"]]
            elif name == "year":
                texts += [style.label(name), style.choose.pick(("{}", "{}年", "{}年度")).format(values[name])]
            elif name == "project_amount":
                unit = form["funds"] and form["funds"]["currency_unit"]
                label = style.label(name) + ("" if unit in ("元", None) else "（元）")
                texts += [label, style.number(values[name], money=True)]
            else:
                texts += [style.label(name), values[name]]
        rows.append(line(texts, _pairs(style.width, len(fields))))
    return rows


def _pairs(width: int, count: int) -> list[int]:
    """Widths of labels and fields in turn: labels narrow, fields sharing the rest."""
    share, left = divmod(width, count)
    spans = []
    for number in range(count):
        spans += [1, share + (left if number == 0 else 0) - 1]
    return spans


def _fund_side(form: Form, style: Style) -> str:
    unit = form["funds"]["currency_unit"]
    if unit is None:
        return style.choose.pick(("项目资金", "资金情况"))
    if "fund_side" in style.family.options:
        return style.choose.pick(style.family.options["fund_side"]).replace("{unit}", unit)
    if style.unit_in in ("caption", "cells") and "fund_corner" not in style.family.options:
        return style.choose.pick(("项目资金", "资金情况"))
    return style.choose.pick(("项目资金\n（{}）", "项目资金（{}）", "项目资金 ({})", "资金情况（{}）")).format(unit)


def _fund_text(form: Form, style: Style, row: Form, field: str) -> str:
    if field == "explanation":
        return str(row[field])
    if field in MONEY:
        return style.money(row[field], form)
    return style.points(row[field]) if field in NUMBERS else style.number(row[field])


def funds(form: Form, style: Style) -> list[Row]:
    """A header and a row a source, beside a label that runs down."""
    rows = form["funds"]["rows"]
    fields = style.family.fund_columns
    spans = [1, *widths(style.width - 1, len(fields) + 1)]
    unit = form["funds"]["currency_unit"] or ""
    corner = style.choose.pick(style.family.options.get("fund_corner", ("",))).replace("{unit}", unit)
    header = line([corner, *(style.fund_header(field) for field in fields)], spans[1:])
    lines = [[Cell(_fund_side(form, style), len(rows) + 1), *header]]
    reasons = {row.get("explanation") for row in rows}
    merged = style.merges_texts and "explanation" in fields and len(reasons) == 1 and reasons != {""}
    for number, row in enumerate(rows):
        texts: list[str | Cell] = [row["label"]]
        for field in fields:
            if field == "explanation" and merged:
                if number == 0:
                    texts.append(Cell(row[field], len(rows)))
                continue
            texts.append(_fund_text(form, style, row, field))
        lines.append(line(texts, spans[1 : 1 + len(texts)]))
    return lines


def plain_funds(form: Form, style: Style) -> list[Row]:
    """Labels and amounts without a header."""
    rows = form["funds"]["rows"]
    left = (style.width - 1) // 2
    lines = [line([row["label"], style.money(row["annual"], form)], [left, style.width - 1 - left]) for row in rows]
    lines[0].insert(0, Cell(_fund_side(form, style), len(rows)))
    return lines


def twin_funds(form: Form, style: Style) -> list[Row]:
    """The amounts of the whole period beside those of the year."""
    rows = form["funds"]["rows"]
    spans = [2, 1, 2, style.width - 6]
    lines = []
    for row in rows:
        medium = row["label"].replace("年度", "中期")
        several = None if row["annual"] is None else row["annual"] * 3
        texts = [medium, style.money(several, form), row["label"], style.money(row["annual"], form)]
        lines.append(line(texts, spans))
    lines[0].insert(0, Cell(_fund_side(form, style), len(rows)))
    return lines


def hebei_funds(form: Form, style: Style) -> list[Row]:
    """Budget, money received and money spent side by side, each with its parts below."""
    unit = form["funds"]["currency_unit"]
    spans = widths(style.width, 6)
    titles = (f"预算安排情况（{unit}）", f"资金到位情况（{unit}）", f"资金执行情况（{unit}）")
    header = [Cell(title, 1, spans[2 * number] + spans[2 * number + 1]) for number, title in enumerate(titles)]
    lines = [header]
    for row in form["funds"]["rows"]:
        total = row["source"] == "total"
        names = ("预算数：", "到位数：", "执行数：") if total else (row["label"],) * 3
        texts = []
        for name, field in zip(names, ("annual", "received", "executed"), strict=True):
            texts += [name, style.number(row[field], money=True)]
        lines.append(line(texts, spans))
    return lines


def goals(form: Form, style: Style) -> list[Row]:
    """Expected and achieved side by side under their headers; one text beside its label where there is only one."""
    values = form["goals"]
    if len(style.family.goals) == 1:
        text = values[style.family.goals[0]]
        label = style.choose.pick(style.family.options.get("goals", ("",)))
        side = style.choose.pick(("年度总体目标", "年度\n总体\n目标", "总体目标"))
        if not label:
            return [line([side, text], [1, style.width - 1])]
        return [line([Cell(side, 2), label], [1, style.width - 1]), line([text], [style.width - 1])]
    headers = style.choose.pick(style.spellings("goals") or _GOALS).split("|")
    side = style.choose.pick(
        ("年度总体目标", "年度总体\n目标", "年度总体 目标", "年度总体目标完成情况", "年\n度\n总\n体\n目\n标")
    )
    left = (style.width - 1) // 2
    spans = [left, style.width - 1 - left]
    return [
        [Cell(side, 2), *line(headers, spans)],
        line([values[name] for name in style.family.goals], spans),
    ]


def twin_goals(form: Form, style: Style) -> list[Row]:
    """Goals of the whole period beside those of the year."""
    left = (style.width - 1) // 2
    spans = [left, style.width - 1 - left]
    headers = [
        style.choose.pick(("中期目标", "中期目标（2022年—2024年）", "实施期目标")),
        style.choose.pick(("年度目标", "年度目标")),
    ]
    values = form["goals"]
    return [
        [Cell(style.choose.pick(("总体目标", "总体\n目标")), 2), *line(headers, spans)],
        line([values["medium_expected"], values["expected"]], spans),
    ]


def sichuan_goals(form: Form, style: Style) -> list[Row]:
    """The section 项目基本情况 of the Sichuan form."""
    content = next((o["text"] for o in form["heading"]["others"] if o["label"].startswith("2.")), "")
    values = form["goals"]
    left = (style.width - 3) // 2
    spans = [left, style.width - 3 - left]
    return [
        [
            Cell("项目基本情况", 3),
            Cell("1.项目年度目标完成情况", 2, 2),
            *line(["项目年度目标", "年度目标完成情况"], spans),
        ],
        line([values["expected"], values["achieved"]], spans),
        [Cell("2.项目实施内容及过程概述", 1, 2), Cell(content, 1, style.width - 3)],
    ]


def management(form: Form, style: Style) -> list[Row]:
    """How the money was managed: aspects with a description and the problems."""
    rows = form["management"]
    third = (style.width - 1) // 3
    spans = [style.width - 1 - 2 * third, third, third]
    header = line(["", "情况说明", "存在问题和改进措施"], spans)
    lines = [[Cell("资金管理情况", len(rows) + 1), *header]]
    lines += [line([row["aspect"], row["description"], row["problems"]], spans) for row in rows]
    return lines


def tasks(form: Form, style: Style) -> list[Row]:
    """The tasks of a department with budget and execution, each in three."""
    rows = form["tasks"]
    spans = widths(style.width - 1, 9)
    money = ("budget", "budget_fiscal", "budget_other", "executed", "executed_fiscal", "executed_other")
    side = Cell(style.choose.pick(("年度主要任务", "年度主要任务完成情况", "年度\n主要\n任务")), len(rows) + 2)
    top = [
        Cell("任务名称", 2, spans[0]),
        Cell(style.choose.pick(("主要内容", "任务内容")), 2, spans[1]),
        Cell("完成情况", 2, spans[2]),
        Cell("预算数（万元）", 1, sum(spans[3:6])),
        Cell("执行数（万元）", 1, sum(spans[6:9])),
    ]
    second = line(["总额", "财政拨款", "其他资金"] * 2, spans[3:])
    lines = [[side, *top], second]
    for row in rows:
        texts = [row["name"], row["content"], row["result"], *(style.number(row[name], money=True) for name in money)]
        lines.append(line(texts, spans))
    return lines


def indicators(form: Form, style: Style) -> list[Row | None]:
    """The header, perhaps in two rows, and a row an indicator; levels and scores merged as they are.

    None where the table goes on in another one below a repeated header, as after the end of a page.
    """
    rows = form["indicators"]
    fields = style.family.indicator_columns
    side = int(style.side)
    spans = dict(zip(fields, widths(style.width - side, len(fields), fields.index("name")), strict=True))
    body: list[Row] = []
    for number in range(len(rows)):
        cells = []
        for field in fields:
            cell = _indicator_cell(rows, number, field, style)
            if cell is not None:
                cells.append(Cell(cell.text, cell.rows, spans[field]))
        body.append(cells)
    pieces = [body]
    if style.continued and style.levels != "merged" and len(body) > 3 and all(c.rows == 1 for r in body for c in r):
        cut = 2 + style.choose.below(len(body) - 3)
        pieces = [body[:cut], body[cut:]]
    if style.cuts and style.levels == "blank" and len(pieces) == 1 and fields[-1] == "explanation":
        _cut_a_reason(body)
    header = _header(style, spans)
    text = style.choose.pick(
        style.family.options.get(
            "side", ("绩效指标", "年度绩效指标", "年度绩效\n指标", "绩 效 指 标", "绩\n效\n指\n标")
        )
    )
    lines: list[Row | None] = []
    for number, piece in enumerate(pieces):
        drawn = [*map(list, header), *piece]
        if side:
            drawn[0].insert(0, Cell(text if number == 0 or style.choose.chance(50) else "", len(drawn)))
        lines += ([None] if number else []) + drawn
    return lines


def _cut_a_reason(body: list[Row]) -> None:
    """Lets the last cell of one row run on in a row of its own, as where the end of a page cut it."""
    if any(cell.rows > 1 for row in body for cell in row):
        return
    for number, row in enumerate(body):
        text = row[-1].text
        half = len(text) // 2
        if len(text) > 12 and "\n" not in text and text[half - 1] not in "。；，）":
            rest = [Cell("", 1, cell.columns) for cell in row[:-1]]
            body[number] = [*row[:-1], Cell(text[:half], 1, row[-1].columns)]
            body.insert(number + 1, [*rest, Cell(text[half:], 1, row[-1].columns)])
            return


def _header(style: Style, spans: dict[str, int]) -> list[Row]:
    fields = list(spans)
    groups = {}
    if style.choose.pick(style.family.options.get("header", ("one",))) == "two":
        if style.family.kind == "monitoring":
            groups = {"经费保障": ("偏差原因分析", (*CAUSES, "explanation")), "确定能": ("完成目标可能性", LIKELIHOODS)}
        elif not style.side:
            groups = {"level1": (style.choose.pick(("绩效指标", "绩效 指标")), ("level1", "level2", "name"))}
        if "operator" in fields:
            groups["operator"] = (style.choose.pick(("年度指标值", "预期指标值")), ("operator", "target", "unit"))
    inner = {name for _, names in groups.values() for name in names}
    if not groups:
        return [[Cell(style.header(field), 1, spans[field]) for field in fields]]
    top: Row = []
    second: Row = []
    for name in fields:
        if name in groups:
            title, names = groups[name]
            top.append(Cell(title, 1, sum(spans[one] for one in names)))
        elif name not in inner:
            top.append(Cell(style.header(name), 2, spans[name]))
        if name in inner:
            header = "指标值" if name == "target" and style.family.name == "yunnan" else style.header(name)
            second.append(Cell(header, 1, spans[name]))
    return [top, second]


def _indicator_cell(rows: list[Form], number: int, field: str, style: Style) -> Cell | None:
    row = rows[number]
    if field in ("level1", "level2"):
        keys = ("level1",) if field == "level1" else ("level1", "level2")
        same = [all(other[key] == row[key] for key in keys) for other in rows]
        continues = number > 0 and same[number - 1]
        if style.levels == "repeated":
            return Cell(row[field])
        if style.levels == "blank":
            return Cell("" if continues else row[field])
        if continues:
            return None
        end = number
        while end < len(rows) and same[end]:
            end += 1
        return Cell(row[field], end - number)
    if field in NUMBERS or field == "weight_share":
        if field in (row.get("merged") or ()):
            return None
        end = number + 1
        while end < len(rows) and field in (rows[end].get("merged") or ()):
            end += 1
        return Cell(style.points(row[field]) if field in NUMBERS else style.number(row[field]), end - number)
    if field in LIKELIHOODS:
        return Cell("√" if row["likelihood"] == field else "")
    if field == "explanation" and style.merges_texts and row["explanation"]:
        # one reason for several rows with one score
        def continues_reason(at: int) -> bool:
            return (
                at < len(rows)
                and bool(rows[at].get("merged"))
                and rows[at]["explanation"] == rows[at - 1]["explanation"]
            )

        if continues_reason(number):
            return None
        end = number + 1
        while continues_reason(end):
            end += 1
        return Cell(row[field], end - number)
    if field in OTHER_COLUMNS:
        return Cell(next((other["text"] for other in row["others"] or () if other["label"] == field), ""))
    return Cell(row[field])


def medium_indicators(form: Form, style: Style) -> list[Row]:
    """Indicators of the whole period beside those of the year, under the same first level."""
    rows = list(zip(form["medium_indicators"], form["indicators"], strict=True))
    spans = [1, 1, *widths(style.width - 2, 6, 1)]
    header = ["一级指标", "二级指标", "三级指标", "指标值", "二级指标", "三级指标", "指标值"]
    lines = [line(header, spans[1:])]
    years = [annual for _, annual in rows]
    for number, (medium, annual) in enumerate(rows):
        cells: list[tuple[Cell | None, int]] = [(_indicator_cell(years, number, "level1", style), spans[1])]
        for row, first in ((medium, 2), (annual, 5)):
            second = _indicator_cell(years, number, "level2", style)
            cells += [
                (second, spans[first]),
                (Cell(row["name"]), spans[first + 1]),
                (Cell(row["target"]), spans[first + 2]),
            ]
        lines.append([Cell(cell.text, cell.rows, span) for cell, span in cells if cell is not None])
    lines[0].insert(0, Cell("绩效指标", len(lines)))
    return lines


def total(form: Form, style: Style) -> list[Row]:
    """The total row: its label runs up to the first number, blank cells stand where it has none."""
    values = form["total"]
    fields = style.family.indicator_columns
    side = int(style.side)
    spans = widths(style.width - side, len(fields), fields.index("name"))
    first = next(number for number, name in enumerate(fields) if name in ("weight", "score"))
    cells = [Cell(values["label"], 1, side + sum(spans[:first]))]
    for number in range(first, len(fields)):
        name = fields[number]
        text = style.points(values[name]) if name in ("weight", "score") else ""
        if name == "explanation" and values["grade"]:
            text = values["grade"]
        cells.append(Cell(text, 1, spans[number]))
    return [cells]


def notes(form: Form, style: Style) -> list[Row | str]:
    """What stands below the form: labelled rows, a note over the whole width, or lines after the table."""
    found: list[Row | str] = []
    for note in form["notes"] or []:
        label, colon, text = note.partition("：")
        if note.startswith(("附件", "公开")):
            continue
        below = bool(found) and isinstance(found[-1], str)
        parts = re.split(" {4,}", note)
        if colon and not note.startswith("注") and len(parts) == 1:
            found.append(note if below else line([label, text], [2, style.width - 2]))
        elif below or style.choose.chance(50) or (not note.startswith("注") and len(parts) != 2):
            found.append(note)
        elif note.startswith("注"):
            found.append([Cell(note, 1, style.width)])
        else:
            found.append(line(parts, [style.width // 2, style.width - style.width // 2]))
    return found


SECTIONS: dict[str, Callable[[Form, Style], list[Any]]] = {
    "heading": heading,
    "funds": funds,
    "plain-funds": plain_funds,
    "twin-funds": twin_funds,
    "hebei-funds": hebei_funds,
    "goals": goals,
    "twin-goals": twin_goals,
    "sichuan-goals": sichuan_goals,
    "management": management,
    "tasks": tasks,
    "indicators": indicators,
    "medium_indicators": medium_indicators,
    "total": total,
    "notes": notes,
}
