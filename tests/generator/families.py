"""The layout families: how offices print a form, and what of a form each of them can hold."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from generator import sections
from generator.sheet import Block, Sheet, Table, places

if TYPE_CHECKING:
    from generator.choosing import Chooser

__all__ = ["FAMILIES", "Family"]

Form = dict[str, Any]

_MONEY = ("万元", "元", "亿元")
_NATIONAL_SOURCES = (
    ("total", ("年度资金总额", "年度资金总额：", "资金总额", "年度资金 总额")),
    ("fiscal", ("其中：当年财政拨款", "其中:本年财政拨款", "当年财政拨款", "其中：财政拨款")),
    ("carryover", ("上年结转资金", "上年结转\n资金")),
    ("other", ("其他资金", "其他 资金")),
)
_NATIONAL = ("level1", "level2", "name", "target", "actual", "weight", "score", "explanation")
_NOTE = (
    "注：",
    ("1.得分保留两位小数。", "定性指标按完成情况分三档记分。", "1.金额单位与预算批复一致；\n2.分值合计100分。"),
)
_SIGNATURE = (
    "",
    ("填表人：林栀    联系电话：5550123    填表日期：2023年3月2日", "项目负责人：周岩      财务负责人：何苇"),
)


@dataclass(frozen=True)
class Family:
    """A layout family.

    kind             the schema's `kind` of its forms
    titles           headings above the form; {year} stands for the fiscal year
    heading          rows of fields, in the order printed
    caption_year     whether a line below the title states the year
    fund_columns     fields of a fund row; fund_sources: source and labels of each row
    goals            fields of the goals, in the order printed
    indicator_columns fields of an indicator in the order of their columns
    sections         names of the parts from top to bottom, see `sections.SECTIONS`
    notes            label and texts of what stands below
    currency_units   units that its amounts come in
    execution_points points of the execution rate, None where the family gives none
    stated_points    whether the header of the scores states them instead of a column
    total_fields     what the total row can hold
    level_points     whether level-1 cells carry their points; numbered: whether names begin 指标1：
    stars            whether ★ and 其中 rows stand among the indicators; merges: whether scores stand over several rows
    options          choices of its sections: spellings of headers and labels
    rare             whether some of its forms are written in rare spellings
    unsaid           beginnings of paths that the layout does not settle: nothing is compared there
    """

    name: str
    titles: tuple[str, ...]
    fund_columns: tuple[str, ...]
    fund_sources: tuple[tuple[str, tuple[str, ...]], ...]
    indicator_columns: tuple[str, ...]
    sections: tuple[str, ...] = ("heading", "funds", "goals", "indicators", "total", "notes")
    kind: str = "self-evaluation"
    heading: tuple[tuple[str, ...], ...] = (("project",), ("department", "unit"))
    goals: tuple[str, ...] = ("expected", "achieved")
    other_fields: tuple[tuple[str, tuple[str, ...]], ...] = ()
    notes: tuple[tuple[str, tuple[str, ...]], ...] = (_NOTE, _SIGNATURE)
    currency_units: tuple[str | None, ...] = _MONEY
    execution_points: Decimal | None = Decimal(10)
    stated_points: bool = False
    total_fields: tuple[str, ...] = ("label", "weight", "score", "grade")
    level_points: bool = False
    numbered: bool = False
    stars: bool = False
    merges: bool = False
    options: dict[str, tuple[str, ...]] = field(default_factory=dict, hash=False)
    rare: bool = False
    unsaid: tuple[str, ...] = ()
    caption_year: bool = True

    def lay_out(self, form: Form, choose: Chooser, merges_texts: bool = True) -> Sheet:
        """The form as an office prints it.

        form          one that `reduce` leaves as it is
        merges_texts  as in `Style.of`

        Raises ValueError where its cells overlap or leave holes.
        """
        style = sections.Style.of(form, choose, self, merges_texts)
        before: list[Block] = [note for note in form["notes"] or [] if note.startswith("附件")]
        captions = style.captions(form)
        tables: list[Table] = [style.inside(captions) if style.title_inside else []]
        before += [] if style.title_inside else captions
        after: list[Block] = []
        for name in self.sections:
            rows = sections.SECTIONS[name](form, style)
            paragraphs = [row for row in rows if isinstance(row, str)]
            after += paragraphs
            cells = [row for row in rows if not isinstance(row, str)]
            if cells and tables[-1] and style.splits and choose.chance(40):
                tables.append([])
            elif cells and tables[-1] and style.gaps and choose.chance(40):
                tables[-1].append(style.gap())
            for row in cells:
                if row is None:
                    tables.append([])
                else:
                    tables[-1].append(row)
        for table in tables:
            places(table)  # raises where cells overlap or leave holes
        return Sheet([*before, *tables, *after])

    def reduce(self, form: Form) -> Form:
        """What this family can hold of a form; what it lacks is None. A second reduction changes nothing."""
        heading = {name for row in self.heading for name in row}
        given = form["heading"]
        reduced: Form = dict.fromkeys(form)
        reduced.update(type="self-evaluation", kind=self.kind, title=form["title"])
        reduced["heading"] = {
            name: _or_blank(given.get(name), name) if name in heading else None
            for name in ("project", "project_amount", "department", "unit")
        }
        shows_year = "year" in heading or (self.caption_year and not re.search("20[0-9]{2}", form["title"] or ""))
        reduced["heading"]["year"] = given.get("year") if shows_year else None
        reduced["heading"]["others"] = [dict(other) for other in given.get("others") or []]
        reduced["funds"] = self._funds(form)
        goals = form.get("goals") or {}
        reduced["goals"] = {name: goals.get(name) or "" for name in self.goals} if self.goals else None
        for name in ("tasks", "management"):
            reduced[name] = form.get(name) if name in self.sections else None
        reduced["indicators"] = [self._indicator(row, self.indicator_columns) for row in form["indicators"]]
        medium = form.get("medium_indicators") if "medium_indicators" in self.sections else None
        shared = ("level1", "level2", "name", "operator", "target", "unit", "weight")
        columns = tuple(name for name in self.indicator_columns if name in shared)
        reduced["medium_indicators"] = medium and [
            {name: value for name, value in self._indicator(row, columns).items() if name in columns} for row in medium
        ]
        total = form.get("total") if "total" in self.sections else None
        reduced["total"] = total and {name: total.get(name) if name in self.total_fields else None for name in total}
        return {**reduced, "notes": form.get("notes") or None}

    def _funds(self, form: Form) -> Form | None:
        funds = form.get("funds")
        if not funds or not self.fund_columns:
            return None
        rows = []
        for row in funds["rows"]:
            kept = {"source": row["source"], "label": row["label"]}
            kept |= {name: row.get(name) for name in self.fund_columns}
            if "explanation" in self.fund_columns:
                kept["explanation"] = kept["explanation"] or ""
            if self.stated_points:
                kept["weight"] = self.execution_points if row["source"] == "total" else None
            rows.append(kept)
        return {"currency_unit": funds["currency_unit"], "rows": rows}

    def _indicator(self, row: Form, columns: tuple[str, ...]) -> Form:
        extra = (*sections.OTHER_COLUMNS, *sections.LIKELIHOODS)
        kept = {name: row.get(name) for name in columns if name not in extra}
        if "operator" not in columns and row.get("operator") is not None:
            kept["target"] = "".join(row.get(part) or "" for part in ("operator", "target", "unit"))
        if set(columns) & set(sections.LIKELIHOODS):
            kept["likelihood"] = row.get("likelihood")
        for name in kept:
            if name not in sections.NUMBERS and name != "weight_share":
                kept[name] = kept[name] or ""
        if row.get("merged"):
            kept["merged"] = [name for name in row["merged"] if name in columns]
        kept["others"] = [other for other in row.get("others") or [] if other["label"] in columns] or None
        return kept


def _or_blank(value: Any, name: str) -> Any:
    return value if name == "project_amount" else value or ""


_ATTACHED = ("附件", ("2", "3-1", ""))

FAMILIES: dict[str, Family] = {
    family.name: family
    for family in (
        Family(
            "national",
            ("项目支出绩效自评表", "{year}年度项目支出绩效自评表", "预算项目支出绩效自评表"),
            ("initial", "annual", "executed", "weight", "rate", "score"),
            _NATIONAL_SOURCES,
            _NATIONAL,
            heading=(("project", "project_amount"), ("department", "unit")),
            merges=True,
            currency_units=(*_MONEY, None),
            rare=True,
        ),
        Family(
            "national-ab",
            ("项目支出绩效自评表", "{year}年度项目支出绩效目标自评表"),
            ("initial", "annual", "executed", "weight", "rate", "score"),
            _NATIONAL_SOURCES,
            _NATIONAL,
            level_points=True,
            numbered=True,
            notes=(_ATTACHED, _NOTE, _SIGNATURE),
            options={"letters": ("yes",)},
            rare=True,
        ),
        Family(
            "rural",
            ("绩效目标自评表", "农村项目资金绩效目标自评表"),
            ("annual", "executed", "weight", "rate", "score"),
            (_NATIONAL_SOURCES[0], _NATIONAL_SOURCES[1], _NATIONAL_SOURCES[3]),
            ("level1", "level2", "name", "weight", "target", "actual", "score", "explanation"),
            heading=(("project", "other:0"), ("department", "unit")),
            other_fields=(("负责人及电话", ("", "林栀 5550123")),),
            level_points=True,
            stars=True,
            options={
                "letters": ("yes", "no"),
                "goals": ("年初设定目标|年度总体目标完成情况综述", "预期目标|实际完成情况"),
                "actual": ("全年实际值", "实际完成值"),
                "explanation": ("未完成原因及拟采取的改进措施", "未完成原因和改进措施"),
            },
            rare=True,
        ),
        Family(
            "sichuan",
            ("部门预算项目支出绩效自评表({year}年度)", "部门预算项目支出绩效自评表（{year}年度）"),
            ("initial", "annual", "executed", "rate", "weight", "score", "explanation"),
            (
                ("total", ("总额",)),
                ("fiscal", ("其中：财政资金", "其中:财政资金")),
                ("other", ("财政专户管理资金",)),
                ("other", ("单位资金",)),
                ("other", ("其他资金",)),
            ),
            ("level1", "level2", "name", "operator", "target", "unit", "actual", "weight", "score", "explanation"),
            sections=("heading", "sichuan-goals", "funds", "indicators", "total", "notes"),
            heading=(("project",), ("department", "unit")),
            other_fields=(
                ("报表编号", ("510000_0013zp",)),
                ("2.项目实施内容及过程概述", ("", "按季度巡查并建立台账。")),
            ),
            notes=(
                ("评价结论：", ("自评95分，成效明显。", "")),
                ("存在问题：", ("养护资金到位偏晚。", "")),
                ("改进措施：", ("提前编制计划。", "无")),
                ("", ("项目负责人：周岩      财务负责人：何苇",)),
            ),
            currency_units=("万元",),
            options={
                "initial": ("年初预算", "年初预算数"),
                "annual": ("调整后预算数",),
                "executed": ("预算执行数",),
                "rate": ("预算执行率",),
                "weight": ("权重",),
                "actual": ("完成值",),
                "explanation": ("未完成原因分析",),
                "fund_explanation": ("原因",),
                "fund_side": ("预算执行情况（10分）", "预算执行情况(10分)"),
                "fund_corner": ("年度预算数（{unit}）", "年度预算数({unit})"),
                "side": ("绩效指标（90分）", "绩效指标(90分)"),
            },
            rare=True,
        ),
        Family(
            "yunnan",
            ("{year}年度项目支出绩效自评表", "项目支出绩效自评表"),
            ("initial", "annual", "executed", "weight", "rate", "score"),
            _NATIONAL_SOURCES,
            ("level1", "level2", "name", "operator", "target", "unit", "actual", "weight", "score", "explanation"),
            other_fields=(("部门", ("云溪市城市管理局",)),),
            notes=(("公开", ("14表", "13表")), ("其他需要说明事项：", ("无", "本年新增花境两处。", "")), _NOTE),
            options={"header": ("two", "two", "one")},
            rare=True,
        ),
        Family(
            "hubei",
            ("{year}年度绿化处项目自评表", "项目支出绩效自评表"),
            ("annual", "executed", "rate", "score"),
            (("total", ("年度财政资金总额", "财政资金总额")),),
            ("level1", "level2", "name", "target", "actual", "score"),
            sections=("heading", "funds", "indicators", "total", "notes"),
            heading=(("project",), ("department", "unit")),
            goals=(),
            other_fields=(("项目类别", ("1、部门预算项目☑  2、市直专项□",)),),
            notes=(
                ("偏差大或目标未完成原因分析：", ("无", "汛期停工。", "")),
                ("改进措施及结果应用方案：", ("提前招标。", "")),
                ("备注：", ("", "无")),
            ),
            execution_points=Decimal(20),
            stated_points=True,
            total_fields=("label", "score"),
            merges=True,
            options={
                "annual": ("预算数（A）", "预算数(A)"),
                "executed": ("执行数（B）", "执行数(B)"),
                "rate": ("执行率（B/A）", "执行率(B/A)"),
                "fund_score": ("得分（20分*执行率）", "得分\n(20分*执行率)"),
                "target": ("年初目标值（A）", "年初目标值(A)"),
                "actual": ("实际完成值（B）", "实际完成值(B)"),
                "fund_side": ("预算执行情况（{unit}）\n（20分）", "预算执行情况({unit})(20分)"),
                "side": ("年度绩效目标\n（80分）", "年度绩效目标（80分）"),
            },
        ),
        Family(
            "hebei",
            ("项目支出绩效自评表", "预算项目绩效自评表"),
            ("annual", "received", "executed"),
            (("total", ("预算数：",)), ("fiscal", ("其中：财政资金",)), ("other", ("其他",))),
            (
                "level1",
                "level2",
                "name",
                "weight",
                "operator",
                "target",
                "unit",
                "actual",
                "completion_status",
                "score",
                "weight_share",
                "converted_score",
            ),
            heading=(("project", "year"), ("department", "unit")),
            caption_year=False,
            sections=("heading", "hebei-funds", "goals", "indicators", "notes"),
            notes=(("存在问题、原因及下一步整改措施：", ("无", "个别苗木未成活，已补植。")), _SIGNATURE),
            execution_points=None,
            options={
                "operator": ("符号",),
                "target": ("值",),
                "unit": ("单位", "单位（文字描述）"),
                "actual": ("实际完成值", "实际完成指标值"),
                "score": ("单项得分", "自评得分"),
                "goals": ("年度预期目标|具体完成情况", "预期目标|实际完成情况"),
                "header": ("two", "one"),
            },
            unsaid=("funds/rows/*/label", "funds/rows/*/others", "funds/rows/*/rate"),
        ),
        Family(
            "three-amounts",
            ("项目支出绩效自评表", "财政支出项目绩效自评表"),
            ("annual", "received", "executed", "weight", "rate", "score"),
            _NATIONAL_SOURCES,
            ("level1", "level2", "name", "weight", "criterion", "target", "actual", "score", "explanation"),
            options={
                "annual": ("全年预算数", "预算数"),
                "received": ("资金到位数", "实际到位数", "到位资金"),
                "executed": ("全年执行数", "实际支出数"),
                "criterion": ("评分标准", "计分标准"),
            },
            level_points=True,
        ),
        Family(
            "transfer-payment",
            ("转移支付区域（项目）绩效目标自评表", "绿化补助资金转移支付区域绩效目标自评表"),
            ("annual", "executed", "rate"),
            (
                ("total", ("年度资金总额：", "年度资金总额")),
                ("fiscal", ("其中：中央财政资金", "其中：中央补助")),
                ("fiscal", ("地方资金", "地方财政资金")),
                ("other", ("其他资金",)),
            ),
            ("level1", "level2", "name", "target", "actual", "explanation"),
            sections=("heading", "funds", "management", "goals", "indicators", "notes"),
            heading=(("project",), ("other:0",), ("department", "unit")),
            other_fields=(("中央主管部门", ("林业和草原部门", "")),),
            notes=(_ATTACHED, ("说明：", ("无", "审计未发现问题。")), _NOTE),
            currency_units=("万元",),
            execution_points=None,
            options={
                "heading_project": ("转移支付（项目）名称", "转移支付名称"),
                "heading_unit": ("资金使用单位",),
                "heading_department": ("地方主管部门", "省级主管部门"),
                "letters": ("yes",),
                "rate": ("预算执行率", "执行率"),
                "fund_side": ("资金投入情况（{unit}）", "资金情况\n({unit})"),
                "goals": ("总体目标|全年实际完成情况",),
                "target": ("指标值",),
                "actual": ("全年实际完成值", "全年完成值"),
                "explanation": ("未完成原因和改进措施", "未完成原因"),
            },
            unsaid=("funds/rows/2/source",),
        ),
        Family(
            "target-declaration",
            ("项目支出绩效目标申报表", "{year}年项目支出绩效目标表"),
            ("annual",),
            (
                ("total", ("年度资金总额：", "资金总额")),
                ("fiscal", ("其中：财政拨款", "财政拨款")),
                ("other", ("其他资金",)),
            ),
            ("level1", "level2", "name", "target"),
            sections=("heading", "plain-funds", "goals", "indicators", "notes"),
            kind="target-declaration",
            goals=("expected",),
            notes=(_SIGNATURE,),
            execution_points=None,
            options={"target": ("指标值", "年度指标值"), "goals": ("年度目标", "年度绩效目标")},
        ),
        Family(
            "target-declaration-split",
            ("部门预算项目绩效目标申报表", "{year}年部门预算项目绩效目标表"),
            ("annual",),
            (
                ("total", ("资金总额", "年度资金总额")),
                ("fiscal", ("其中：财政拨款", "财政拨款")),
                ("other", ("其他资金",)),
            ),
            ("level1", "level2", "name", "operator", "target", "unit", "weight"),
            sections=("heading", "plain-funds", "goals", "indicators", "notes"),
            kind="target-declaration",
            goals=("expected",),
            notes=(_SIGNATURE,),
            execution_points=None,
            options={"target": ("指标值",), "weight": ("权重", "分值"), "goals": ("年度目标", "总体目标")},
        ),
        Family(
            "target-declaration-twins",
            ("项目支出绩效目标申报表",),
            ("annual",),
            (("total", ("年度资金总额：",)), ("fiscal", ("其中：财政拨款",)), ("other", ("其他资金",))),
            ("level1", "level2", "name", "target"),
            sections=("heading", "twin-funds", "twin-goals", "medium_indicators", "notes"),
            kind="target-declaration",
            heading=(("project",), ("department", "unit")),
            other_fields=(("项目属性", ("延续性项目", "新增项目")), ("项目期", ("3年", "2022—2024年"))),
            goals=("medium_expected", "expected"),
            notes=(),
            execution_points=None,
            unsaid=("funds/rows/*/others",),
        ),
        Family(
            "department",
            ("部门整体支出绩效自评表", "部门（单位）整体支出绩效自评表"),
            ("initial", "annual", "executed", "weight", "rate", "score"),
            (
                ("total", ("资金总额", "年度资金总额")),
                ("basic", ("基本支出", "其中：基本支出")),
                ("project", ("项目支出",)),
            ),
            _NATIONAL,
            sections=("heading", "funds", "tasks", "goals", "indicators", "total", "notes"),
            kind="department",
            heading=(("department",),),
            currency_units=("万元",),
            options={
                "heading_department": ("部门名称", "部门（单位）名称"),
                "fund_side": ("部门整体支出\n（{unit}）", "年度部门预算执行情况（{unit}）"),
            },
            level_points=True,
        ),
        Family(
            "monitoring",
            ("项目支出绩效目标执行监控表", "项目支出绩效运行监控表"),
            ("initial", "interim_executed", "interim_rate", "expected_executed"),
            (
                ("total", ("年度资金总额", "年度资金总额：")),
                ("fiscal", ("其中：本年一般公共预算拨款", "其中：当年财政拨款")),
                ("other", ("其他资金",)),
            ),
            (
                "level1",
                "level2",
                "name",
                "target",
                "interim",
                "expected_actual",
                *sections.CAUSES,
                "explanation",
                *sections.LIKELIHOODS,
                "备注",
            ),
            sections=("heading", "funds", "goals", "indicators", "notes"),
            kind="monitoring",
            goals=("expected",),
            currency_units=("万元", "元"),
            notes=(_NOTE,),
            execution_points=None,
            options={"header": ("two",), "explanation": ("原因说明",), "goals": ("",)},
        ),
        Family(
            "shanxi",
            ("{year}年度项目支出绩效自评表", "省级项目支出绩效自评表"),
            ("initial", "annual", "executed", "weight", "rate", "score"),
            (
                _NATIONAL_SOURCES[0],
                ("fiscal", ("其中：省级财政资金", "其中：财政拨款")),
                ("carryover", ("上年结转资金", "以前年度结转资金")),
                _NATIONAL_SOURCES[3],
            ),
            ("level1", "level2", "name", "weight", "target", "actual", "score", "explanation", "备注"),
            heading=(("project",), ("department", "unit"), ("other:0", "other:1")),
            other_fields=(
                ("项目负责人", ("周岩", "")),
                ("联系电话", ("5550123", "")),
                ("填报单位", ("云溪市园林绿化局",)),
            ),
            merges=True,
            rare=True,
            options={
                "goals": ("年初设定目标|全年实际完成情况", "预期目标|实际完成情况"),
                "weight": ("分值", "分值（权重）", "指标分值"),
            },
        ),
    )
}
