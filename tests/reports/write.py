"""A project told as a report: a draft of headings, paragraphs and tables, which becomes canonical JSON and files.

A draft keeps the slots of each sentence apart from its words, so that a defect can be put into one number, and it is
written twice: as the canonical data that importing must give, and as blocks that the drawers of forms print.
"""

from __future__ import annotations

import copy
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, NamedTuple

from generator.choosing import Chooser, Seeded
from generator.drawers import DRAWERS
from generator.sheet import Block, Cell, Sheet, Table

from reports.wordings import HEADINGS, LABELS, WORDINGS
from reports.world import Indicator, World, invent, rounded

__all__ = [
    "Cited",
    "Cost",
    "Draft",
    "Heading",
    "Paragraph",
    "Rows",
    "Sentence",
    "Wordings",
    "Written",
    "canonical",
    "draft",
    "draw",
    "longer",
    "report",
]

ORDINALS = "零一二三四五六七八九十"
Wordings = Mapping[str, tuple[str, ...]]
_CIRCLES = "①②③④⑤⑥⑦⑧⑨"
# Names that tell the copies of a row apart.
_AREAS = ("东", "南", "西", "北", "中")
# How headings of the three levels are numbered: words, words in brackets, digits.
_NUMBERINGS = (
    ("{}、", "（{}）", "{}."),
    ("{}、", "（{}）", "{}．"),
    ("{}、", "（{}）", "{}、"),
    ("{}、", "({})", "{}. "),
)


class Cited(NamedTuple):
    """A regulation as it is cited."""

    title: str
    number: str | None = None
    issuer: str = ""

    def __str__(self) -> str:
        return f"{self.issuer}《{self.title}》" + (f"（{self.number}）" if self.number else "")

    def __format__(self, spec: str) -> str:
        return str(self)


@dataclass
class Sentence:
    """One wording and what its slots hold. A list is printed by `joined`."""

    template: str
    values: dict[str, Any]

    @property
    def text(self) -> str:
        return self.template.format(**{name: _printed(value) for name, value in self.values.items()})


def _printed(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    return "、".join(str(_printed(one)) for one in value) if isinstance(value, list) else value


def _yuan(amount: Decimal) -> str:
    """An amount in 万元 as it is written in 元: 3,527,400."""
    return f"{amount * 10000:,.2f}".removesuffix(".00")


@dataclass
class Heading:
    """A heading; `points` are printed in it: weight and score."""

    level: int
    title: str
    key: str
    points: tuple[Decimal, Decimal] | None = None
    shape: str = "（满分{}分，得分{}分）"
    numbered: bool = True

    @property
    def text(self) -> str:
        return self.title + (self.shape.format(*map(_printed, self.points)) if self.points else "")


@dataclass
class Paragraph:
    """Sentences; `key` says what it is about."""

    key: str
    sentences: list[Sentence]
    role: str = "text"

    @property
    def text(self) -> str:
        return "".join(one.text for one in self.sentences)


@dataclass
class Rows:
    """A table of indicators. `rows` are canonical rows without `table`; subtotals stand between them."""

    key: str
    role: str
    number: str
    caption: str
    labels: dict[str, str]
    rows: list[dict[str, Any]]
    subtotals: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Payments:
    """The table of payments."""

    key: str
    number: str
    caption: str
    labels: dict[str, str]
    rows: list[dict[str, Any]]
    total: Decimal | None


@dataclass
class Draft:
    """A report before it is printed."""

    world: World
    title: Sentence
    blocks: list[Heading | Paragraph | Rows | Payments]
    period: tuple[str, str]
    numbering: tuple[str, str, str]
    wordings: Wordings

    def paragraph(self, key: str) -> Paragraph:
        return next(one for one in self.blocks if isinstance(one, Paragraph) and one.key == key)

    def paragraphs(self, key: str) -> list[Paragraph]:
        return [one for one in self.blocks if isinstance(one, Paragraph) and one.key == key]

    def heading(self, key: str) -> Heading:
        return next(one for one in self.blocks if isinstance(one, Heading) and one.key == key)

    def table(self, role: str) -> Rows:
        return next(one for one in self.blocks if isinstance(one, Rows) and one.role == role)

    @property
    def payments(self) -> Payments:
        return next(one for one in self.blocks if isinstance(one, Payments))


class Written(NamedTuple):
    """Canonical data, and the JSON pointer of each block, row and subtotal of the draft by its id."""

    data: dict[str, Any]
    pointers: dict[int, str]


class _Writer:
    """Chooses wordings and headings and gathers the blocks of a draft."""

    def __init__(self, world: World, choose: Chooser, wordings: Wordings) -> None:
        self.world, self.choose, self.wordings = world, choose, wordings
        self.blocks: list[Any] = []
        self.by_chapter = choose.chance(50)
        self.caption_style = choose.below(3)
        self.chapter = self.number = 0
        self.labels = {name: choose.pick(words) for name, words in LABELS.items()}
        place, topic, year = world.place, world.topic, world.year
        self.central = Cited("中共中央 国务院关于全面实施预算绩效管理的意见", "中发〔2018〕34号")
        self.measures = Cited("项目支出绩效评价管理办法", "财预〔2020〕10号")
        self.local = Cited(
            f"{place}财政局关于开展{year + 1}年绩效评价工作的通知",
            f"{place[0]}财绩〔{year + 1}〕{3 + choose.below(40)}号",
        )
        self.common: dict[str, Any] = {
            "project": topic.project, "bureau": world.bureau, "place": place, "purpose": topic.purpose,
            "year": year, "next_year": year + 1, "last_year": year - 1, "start_year": year - 2 - choose.below(4),
            "budget": world.budget, "executed": world.executed, "rate": world.rate, "valid": world.valid,
            "sent": world.sent, "respondents": topic.respondents, "left": world.budget - world.executed,
            "yuan": _yuan(world.budget), "executed_yuan": _yuan(world.executed),
            "central": self.central, "measures": self.measures, "local": self.local,
        }  # fmt: skip

    def sentence(self, key: str, **values: Any) -> Sentence:
        template = self.choose.pick(self.wordings[key])
        held = {**self.common, **values}
        return Sentence(template, {name: value for name, value in held.items() if f"{{{name}}}" in template})

    def heading(self, level: int, key: str, title: str = "", points: tuple[Decimal, Decimal] | None = None) -> None:
        if level == 1:
            self.chapter, self.number = self.chapter + 1, 0 if self.by_chapter else self.number
        self.blocks.append(Heading(level, title or self.choose.pick(HEADINGS[key]), key, points))

    def paragraph(self, key: str, *sentences: Sentence, role: str = "text") -> Paragraph:
        made = Paragraph(key, list(sentences) or [self.sentence(key)], role)
        self.blocks.append(made)
        return made

    def table_number(self) -> str:
        self.number += 1
        return f"表{self.chapter}-{self.number}" if self.by_chapter else f"表{self.number}"

    def caption(self, number: str, title: str) -> None:
        between = " " if self.caption_style < 2 else "："
        self.blocks.append(Paragraph("caption", [Sentence(f"{number}{between}{title}", {})], "caption"))


def draft(world: World, choose: Chooser, wordings: Wordings = WORDINGS) -> Draft:
    """A consistent report on a project, in wordings that `choose` picks."""
    writer = _Writer(world, choose, wordings)
    title = writer.sentence("title")
    writer.paragraph("intro")
    _basics(writer)
    period = _work(writer)
    score_table = _conclusion(writer)
    _analysis(writer)
    _closing(writer)
    _annex(writer, score_table)
    return Draft(world, title, writer.blocks, period, choose.pick(_NUMBERINGS), wordings)


def _basics(writer: _Writer) -> None:
    world, choose = writer.world, writer.choose
    topic, year = world.topic, world.year
    writer.heading(1, "basics")
    writer.heading(2, "overview")
    writer.heading(3, "background")
    writer.paragraph("background")
    writer.heading(3, "content")
    names = [name for name, _ in topic.tasks]
    writer.paragraph(
        "tasks", writer.sentence("tasks", list=names, number=_counted(len(names), choose)), writer.sentence("task_list")
    )
    pieces = "；".join(f"{ORDINALS[at]}是{name}，{does}" for at, (name, does) in enumerate(topic.tasks, 1))
    writer.paragraph("task_items", Sentence(pieces + "。", {}))
    writer.heading(3, "progress")
    writer.paragraph("progress_lead")
    for row in world.indicators:
        if row.count is not None:
            one = row.count
            half = row.done * (40 + choose.below(20)) // 100
            sentence = writer.sentence(
                "progress", verb=one.verb, thing=one.thing, done=row.done, unit=one.unit, planned=row.planned,
                half=half, rest=row.done - half, before=row.done - 1 - choose.below(max(1, row.done // 9)),
            )  # fmt: skip
            sentence.values["row"] = row.name
            writer.paragraph("progress", sentence)
    writer.paragraph("monthly", writer.sentence("aside"), writer.sentence("monthly"))
    writer.heading(2, "money")
    parts = [Cost(part.name, part.amount) for part in world.parts]
    writer.paragraph("budget", writer.sentence("sources"), writer.sentence("budget", parts=parts))
    number = writer.table_number()
    writer.paragraph("spent", writer.sentence("spent", table=number), writer.sentence("payments_note", table=number))
    writer.caption(number, choose.pick(("项目资金支付情况表", "资金使用明细表", "项目资金使用情况表")))
    writer.blocks.append(Paragraph("unit", [Sentence("单位：万元", {})], "unit"))
    rows = [
        {"label": one.label, "payee": one.payee, "amount": one.amount, "date": f"{year}年{one.month}月{one.day}日"}
        for one in world.payments
    ]
    writer.blocks.append(Payments("payments", number, "", writer.labels, rows, world.executed))
    writer.heading(2, "goals")
    writer.heading(3, "overall")
    writer.paragraph("overall")
    writer.heading(3, "annual")
    number = writer.table_number()
    writer.paragraph("annual", writer.sentence("annual", table=number))
    title = choose.pick(("项目绩效目标完成情况表", "年度绩效目标及完成情况", "绩效目标表"))
    writer.caption(number, title)
    writer.blocks.append(_goal_table(writer, number, title))


class Cost(NamedTuple):
    """A part of the budget in a sentence."""

    name: str
    amount: Decimal

    def __str__(self) -> str:
        return f"{self.name}{_printed(self.amount)}万元"


def _counted(number: int, choose: Chooser) -> str:
    return choose.pick((ORDINALS[number], str(number)))


def _goal_table(writer: _Writer, number: str, title: str) -> Rows:
    names = {
        "产出数量": ("产出指标", "数量指标"),
        "产出质量": ("产出指标", "质量指标"),
        "产出时效": ("产出指标", "时效指标"),
        "产出成本": ("产出指标", "成本指标"),
        "社会效益": ("效益指标", "社会效益指标"),
        "满意度": ("满意度指标", "服务对象满意度指标"),
    }
    rows = []
    for row in writer.world.indicators:
        if row.level2 in names:
            level1, level2 = names[row.level2]
            rows.append(
                {"level1": level1, "level2": level2, "name": row.name, "target": row.target, "actual": row.actual}
            )
    return Rows(
        "goals", "goals", number, title, {**writer.labels, "target": "年度指标值", "actual": "实际完成值"}, rows
    )


def _work(writer: _Writer) -> tuple[str, str]:
    year, choose = writer.world.year, writer.choose
    writer.heading(1, "work")
    writer.heading(2, "purpose")
    writer.paragraph("purpose")
    days = (f"{year}年1月1日", f"{year}年12月31日")
    aspects = [level1.removeprefix("项目") for level1, _ in writer.world.blocks()]
    writer.paragraph(
        "period",
        writer.sentence("period", from_day=days[0], to_day=days[1]),
        writer.sentence("aspects", list=[f"项目{one}" for one in aspects], number=_counted(len(aspects), choose)),
    )
    writer.heading(2, "bases")
    writer.paragraph("bases_lead")
    for number, cited in enumerate((Cited("中华人民共和国预算法"), writer.central, writer.measures, writer.local), 1):
        writer.paragraph("basis", Sentence("（{number}）{cited}；", {"number": number, "cited": cited}))
    writer.paragraph("principles")
    writer.heading(2, "process")
    begin, end = f"{year + 1}年{2 + choose.below(2)}月", f"{year + 1}年{5 + choose.below(4)}月"
    writer.paragraph("process", writer.sentence("process", begin=begin, end=end))
    share = writer.world.indicators[-1].actual.removesuffix("%")
    writer.paragraph("survey", writer.sentence("survey", share=share))
    return f"{year}-01-01", f"{year}-12-31"


def _score_rows(writer: _Writer, points_at: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Rows and subtotals of the score table. `points_at`: 0 points in no level, 1 in the second, 2 in both."""
    rows: list[dict[str, Any]] = []
    subtotals: list[dict[str, Any]] = []
    for name, groups in writer.world.blocks():
        first = len(rows)
        weight = sum((row.weight for _, some in groups for row in some), Decimal())
        level1 = f"{name}（{weight}分）" if points_at == 2 else name
        for group, some in groups:
            level2 = f"{group}（{sum((row.weight for row in some), Decimal())}分）" if points_at else group
            rows += [
                {
                    "level1": level1, "level2": level2, "name": row.name, "target": row.target,
                    "actual": row.actual, "weight": row.weight, "score": row.score,
                }
                for row in some
            ]  # fmt: skip
        score = sum((row["score"] for row in rows[first:]), Decimal())
        subtotals.append(
            {"label": writer.labels["subtotal"], "kind": "subtotal", "level1": level1, "first": first,
             "last": len(rows) - 1, "weight": weight, "score": score}
        )  # fmt: skip
    subtotals.append(
        {"label": writer.labels["total"], "kind": "total", "first": 0, "last": len(rows) - 1,
         "weight": Decimal(100), "score": writer.world.total}
    )  # fmt: skip
    return rows, subtotals


def _conclusion(writer: _Writer) -> Rows:
    world, choose = writer.world, writer.choose
    writer.heading(1, "conclusion")
    number = writer.table_number()
    writer.paragraph(
        "conclusion",
        writer.sentence("conclusion", score=world.total, grade=world.grade, table=number),
        writer.sentence("annex_note"),
    )
    title = choose.pick(("项目绩效评价得分表", "绩效评价指标得分情况表", "评价得分汇总表"))
    writer.caption(number, title)
    rows, subtotals = _score_rows(writer, choose.below(3))
    table = Rows("scores", "scores", number, title, writer.labels, rows, subtotals)
    writer.blocks.append(table)
    bands = writer.paragraph("bands")
    bands.role = "note" if bands.text.startswith("注") else "text"
    return table


def _analysis(writer: _Writer) -> None:
    world, choose = writer.world, writer.choose
    writer.heading(1, "analysis")
    for name, groups in world.blocks():
        rows = [row for _, some in groups for row in some]
        weight, score = (sum((getattr(row, one) for row in rows), Decimal()) for one in ("weight", "score"))
        writer.heading(2, f"block:{name}", f"{name}情况")
        rated = choose.chance(30)
        rate = rounded(score / weight * 100)
        sentence = writer.sentence(
            "block_rate" if rated else "block",
            name=name,
            weight=weight,
            score=score,
            **({"rate": rate} if rated else {}),
        )
        writer.paragraph(f"block:{name}", sentence)
        for group, some in groups:
            points = tuple(sum((getattr(row, one) for row in some), Decimal()) for one in ("weight", "score"))
            writer.heading(3, f"group:{group}", group, (points[0], points[1]))
            _group(writer, group, some)


def _group(writer: _Writer, group: str, rows: list[Indicator]) -> None:
    world, year = writer.world, writer.world.year
    if group == "产出数量":
        number = writer.table_number()
        writer.paragraph("quantities", writer.sentence("quantities", table=number))
        writer.caption(number, "数量指标完成情况表")
        table = Rows("quantities", "quantities", number, "数量指标完成情况表", writer.labels, [])
        for row in rows:
            share = rounded(Decimal(row.done) / row.planned * 100)
            unit = row.count.unit if row.count else ""
            table.rows.append(
                {
                    "name": row.name,
                    "target": f"{row.planned}{unit}",
                    "actual": row.actual,
                    "completion_rate": f"{share}%",
                }
            )
        writer.blocks.append(table)
        for row in rows:
            unit = row.count.unit if row.count else ""
            values = {"name": row.name, "planned": row.planned, "done": row.done, "unit": unit, "score": row.score}
            if row is world.over:
                writer.paragraph(
                    "over", writer.sentence("over", **values, rate=rounded(Decimal(row.done) / row.planned * 100))
                )
            elif row.done < row.planned:
                writer.paragraph("missed", writer.sentence("missed", **values))
        return
    if group == "社会效益":
        writer.paragraph("effects_lead")
        for at, row in enumerate(rows, 1):
            writer.paragraph("effect", writer.sentence("effect", order=f"{ORDINALS[at]}是", name=row.name))
        return
    for row in rows:
        values = {"name": row.name, "score": row.score, "share": row.actual.removesuffix("%")}
        if row is world.weak:
            writer.paragraph("weak", writer.sentence("weak", **values, lost=row.weight - row.score))
        elif row.kind == "words":
            writer.paragraph("full", writer.sentence("full", **values))
        elif row.kind == "execution":
            writer.paragraph("execution", writer.sentence("execution", **values))
        elif row.kind == "cost":
            writer.paragraph("cost", writer.sentence("cost"))
        elif row.kind == "satisfaction":
            writer.paragraph("satisfaction", writer.sentence("satisfaction", **values))
        elif row.name == "资金到位率":
            writer.paragraph("arrival", writer.sentence("arrival"))
        elif row.name == world.topic.timely:
            writer.paragraph("timely", writer.sentence("timely", **values))
        else:
            event = f"{11 + writer.choose.below(2)}月{3 + writer.choose.below(20)}日"
            sentence = writer.sentence(
                "quality", **values, base=world.checked_base, good=world.checked_good, event=event, year=year
            )
            writer.paragraph("quality", sentence)


def _closing(writer: _Writer) -> None:
    world, choose = writer.world, writer.choose
    writer.heading(1, "practice")
    for _ in range(2):
        writer.paragraph("practice")
    writer.heading(1, "problems")
    missed = [row for row in world.indicators if row.count and row.done < row.planned]
    if missed:
        writer.paragraph("problem", writer.sentence("problem_missed", name=missed[0].name))
    if world.weak is not None:
        writer.paragraph("problem", writer.sentence("problem_weak"))
    writer.paragraph("problem", writer.sentence("problem_general"))
    writer.heading(1, "advice")
    advice = writer.wordings["advice"]
    first = choose.below(len(advice))
    for at in range(2):
        template = advice[(first + at) % len(advice)]
        writer.paragraph("advice", Sentence(template, {}))


def _criterion(writer: _Writer, row: Indicator) -> str:
    values: dict[str, Any] = {"name": row.name, "weight": row.weight, "planned": row.planned}
    if row.kind == "words":
        asked = writer.wordings["points_law" if row.name == "立项依据充分性" else "points_ask"]
        points = [
            f"{_CIRCLES[at]}{text}（{_printed(mark)}分）"
            for at, (text, mark) in enumerate(zip(asked, row.points, strict=False))
        ]
        return "；".join(points) + "。" + writer.sentence("standard_tail").text
    if row.kind == "count":
        key = "standard_over" if row is writer.world.over else "standard_count"
        return writer.sentence(key, **values, unit=row.count.unit if row.count else "").text
    if row.kind == "rate":
        key = "standard_full_rate" if row.target == "100%" else "standard_rate"
        return writer.sentence(key, **values, bound=row.target.strip("≥%")).text
    return writer.sentence(f"standard_{row.kind}", **values).text


def _annex(writer: _Writer, scores: Rows) -> None:
    writer.blocks.append(Heading(1, "附件：绩效评价指标体系评分表", "annex", numbered=False))
    rows = copy.deepcopy(scores.rows)
    for row, made in zip(rows, writer.world.indicators, strict=True):
        row["description"] = writer.sentence("description", name=made.name).text
        row["criterion"] = _criterion(writer, made)
    totals = copy.deepcopy(scores.subtotals[-1:])
    writer.blocks.append(Rows("annex", "criteria", "附件", "绩效评价指标体系评分表", writer.labels, rows, totals))


def canonical(made: Draft) -> Written:
    """The data that importing the report must give, but for the statements, and where each part of the draft stands."""
    world = made.world
    data: dict[str, Any] = {
        "type": "evaluation-report",
        "title": made.title.text,
        "heading": {"project": world.topic.project, "department": world.bureau, "unit": None, "year": world.year},
        "sections": [], "paragraphs": [], "funds": {"currency_unit": "万元", "rows": []},
        "tables": [], "indicators": [], "subtotals": [], "citations": [],
    }  # fmt: skip
    pointers: dict[int, str] = {}
    open_sections: list[tuple[int, int]] = []
    counters = [0] * 10
    for block in made.blocks:
        section = open_sections[-1][1] if open_sections else None
        if isinstance(block, Heading):
            while open_sections and open_sections[-1][0] >= block.level:
                open_sections.pop()
            counters[block.level] += 1
            counters[block.level + 1 :] = [0] * (9 - block.level)
            pointers[id(block)] = f"/sections/{len(data['sections'])}"
            open_sections.append((block.level, len(data["sections"])))
            weight, score = block.points or (None, None)
            data["sections"].append(
                {
                    "number": (_number(block, counters, made.numbering) or "").strip() or None,
                    "title": block.text, "level": block.level,
                    "parent": open_sections[-2][1] if len(open_sections) > 1 else None,
                    "weight": weight, "score": score,
                }
            )  # fmt: skip
        elif isinstance(block, Paragraph):
            place = len(data["paragraphs"])
            pointers[id(block)] = f"/paragraphs/{place}"
            data["paragraphs"].append({"text": block.text, "section": section, "role": block.role})
            _gather(data, made, block, place)
        elif isinstance(block, Payments):
            pointers[id(block)] = "/payments"
            for number, row in enumerate(block.rows):
                pointers[id(row)] = f"/payments/rows/{number}"
            data["payments"] = {"rows": block.rows, "total": block.total}
        else:
            _add_table(data, pointers, block, section)
    annual = [one for key in ("annual",) for one in made.paragraphs(key)]
    overall = made.paragraphs("overall")
    data["goals"] = {
        "overall": overall[0].text if overall else None,
        "annual": annual[0].text if annual else None,
    }
    return Written(data, pointers)


def _number(heading: Heading, counters: list[int], numbering: tuple[str, str, str]) -> str | None:
    if not heading.numbered:
        return None
    number = counters[heading.level]
    return numbering[heading.level - 1].format(ORDINALS[number] if heading.level < 3 else number)


def _gather(data: dict[str, Any], made: Draft, block: Paragraph, place: int) -> None:
    for sentence in block.sentences:
        for value in sentence.values.values():
            if isinstance(value, Cited):
                cited = {"title": value.title, "number": value.number, "issuer": value.issuer or None}
                data["citations"].append({**cited, "paragraph": place})
    if block.key == "period":
        label = next(word for word in ("评价时段", "评价期间", "评价基准期") if word in block.text)
        data["period"] = {"from": made.period[0], "to": made.period[1], "label": label, "paragraph": place}
    if block.key == "bands":
        best = 100 if "100分为优" in block.text else None
        bounds = (("优", 90, best), ("良", 80, 90), ("中", 60, 80), ("差", None, 60))
        data["grade_bands"] = [
            {
                "grade": grade,
                "lower": None if lower is None else Decimal(lower),
                "upper": None if upper is None else Decimal(upper),
                "paragraph": place,
            }
            for grade, lower, upper in bounds
        ]


def _add_table(data: dict[str, Any], pointers: dict[int, str], block: Rows, section: int | None) -> None:
    table, first = len(data["tables"]), len(data["indicators"])
    pointers[id(block)] = f"/tables/{table}"
    scored = block.role in ("scores", "criteria")
    data["tables"].append(
        {
            "role": block.role, "number": block.number, "caption": block.caption, "section": section,
            "has_weights": scored, "has_scores": scored, "has_explanations": False,
        }
    )  # fmt: skip
    for number, row in enumerate(block.rows, first):
        pointers[id(row)] = f"/indicators/{number}"
        data["indicators"].append({"table": table, **row})
    for subtotal in block.subtotals:
        pointers[id(subtotal)] = f"/subtotals/{len(data['subtotals'])}"
        moved = {"first": subtotal["first"] + first, "last": subtotal["last"] + first}
        data["subtotals"].append({"table": table, **subtotal, **moved})


def _sheet(made: Draft) -> Sheet:
    """The report as blocks for the drawers."""
    blocks: list[Block] = [made.title.text]
    counters = [0] * 10
    for block in made.blocks:
        if isinstance(block, Heading):
            counters[block.level] += 1
            counters[block.level + 1 :] = [0] * (9 - block.level)
            blocks.append((_number(block, counters, made.numbering) or "") + block.text)
        elif isinstance(block, Paragraph):
            blocks.append(block.text)
        elif isinstance(block, Payments):
            blocks.append(_payment_grid(block))
        elif block.role == "quantities":
            blocks.append(_quantity_grid(block))
        else:
            blocks.append(_indicator_grid(block))
    return Sheet(blocks)


def _payment_grid(block: Payments) -> Table:
    labels = block.labels
    table = [[Cell(text) for text in ("序号", labels["purpose"], labels["amount"], labels["payee"], labels["day"])]]
    for number, row in enumerate(block.rows):
        cells = [Cell(str(number + 1)), Cell(row["label"]), Cell(_printed(row["amount"]))]
        if number == 0:
            cells.append(Cell(row["payee"], len(block.rows)))
        table.append([*cells, Cell(row["date"])])
    if block.total is not None:
        table.append([Cell("合计", 1, 2), Cell(_printed(block.total)), Cell("—"), Cell("—")])
    return table


def _quantity_grid(block: Rows) -> Table:
    labels = block.labels
    table = [[Cell(text) for text in ("序号", "三级指标", labels["planned"], labels["done"], labels["completion"])]]
    for number, row in enumerate(block.rows, 1):
        texts = (str(number), row["name"], row["target"], row["actual"], row["completion_rate"])
        table.append([Cell(text) for text in texts])
    return table


def _indicator_grid(block: Rows) -> Table:
    """Rows with merged level cells; subtotals after the last row they count."""
    labels = block.labels
    names = ["target", "actual"]
    if block.role == "scores":
        names += ["weight", "score"]
    elif block.role == "criteria":
        names = ["weight", "description", "criterion", "target", "actual", "score"]
    heads = {**labels, "criterion": labels["standard"]}
    table = [[Cell(text) for text in ("一级指标", "二级指标", "三级指标", *(heads[name] for name in names))]]
    after: dict[int, list[dict[str, Any]]] = {}
    for subtotal in block.subtotals:
        after.setdefault(subtotal["last"], []).append(subtotal)
    for number, row in enumerate(block.rows):
        line = []
        for depth, level in enumerate(("level1", "level2")):
            above = block.rows[number - 1] if number else {}
            keys = ("level1", "level2")[: depth + 1]
            if number and all(above.get(key) == row[key] for key in keys):
                continue
            below = number
            while below + 1 < len(block.rows) and all(block.rows[below + 1][key] == row[key] for key in keys):
                below += 1
            span = below - number + 1
            # the cell of the first level goes on beside its subtotal
            if level == "level1" and any(one["kind"] == "subtotal" for one in after.get(below, ())):
                span += 1
            line.append(Cell(row[level], span))
        line += [Cell(row["name"]), *(Cell(_shown(row.get(name))) for name in names)]
        table.append(line)
        for subtotal in after.get(number, ()):
            values = [Cell(_shown(subtotal.get(name))) if name in ("weight", "score") else Cell("--") for name in names]
            first = [Cell(subtotal["label"], 1, 2 if subtotal["kind"] == "subtotal" else 3)]
            for misplaced in subtotal.get("misplaced", ()):
                values[names.index("target")] = Cell(_printed(misplaced["value"]))
            table.append(first + values)
    return table


def _shown(value: Any) -> str:
    return "--" if value is None else str(_printed(value))


def draw(made: Draft, format: str, seed: str) -> bytes:
    """The report as a file: `styled` is Word with heading styles, else a name of `generator.drawers.DRAWERS`."""
    if format == "styled":
        return _styled(made)
    return DRAWERS[format]([_sheet(made)], Seeded(seed))


def _styled(made: Draft) -> bytes:
    """Word with heading styles whose numbers are typed."""
    import docx
    from generator.sheet import places

    document = docx.Document()
    headings = [one for one in made.blocks if isinstance(one, Heading)]
    blocks = _sheet(made).blocks
    document.add_heading(str(blocks[0]), 0)
    for block, source in zip(blocks[1:], made.blocks, strict=True):
        if isinstance(block, str):
            if any(source is heading for heading in headings) and isinstance(source, Heading):
                document.add_heading(block, source.level)
            else:
                document.add_paragraph(block)
            continue
        rows, width = places(block)
        drawn = document.add_table(len(rows), width, style="Table Grid")
        grid = [list(row.cells) for row in drawn.rows]
        for at, row in enumerate(rows):
            for column, cell in row:
                one = grid[at][column]
                if cell.rows > 1 or cell.columns > 1:
                    one = one.merge(grid[at + cell.rows - 1][column + cell.columns - 1])
                one.text = cell.text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def report(seed: str, wordings: Wordings = WORDINGS) -> Draft:
    """The consistent report of a seed."""
    choose = Seeded(f"report:{seed}")
    return draft(invent(choose), choose, wordings)


def longer(made: Draft, times: int) -> Draft:
    """The same report with `times` as many paragraphs, rows and payments: a row's points are shared by its copies."""
    blocks: list[Any] = []
    for block in made.blocks:
        copies = [copy.deepcopy(block) for _ in range(times)]
        if isinstance(block, Paragraph) and block.role == "text":
            blocks += copies
            continue
        one = copies[0]
        if isinstance(one, Payments):
            one.rows = [
                {**row, "amount": row["amount"] / times, "label": f"{row['label']}之{number}"}
                for row in one.rows
                for number in range(times)
            ]
        elif isinstance(one, Rows):
            one.rows = [_share(row, times, number) for row in one.rows for number in range(times)]
            for subtotal in one.subtotals:
                subtotal["first"] *= times
                subtotal["last"] = subtotal["last"] * times + times - 1
        blocks.append(one)
    return Draft(made.world, made.title, blocks, made.period, made.numbering, made.wordings)


def _share(row: Mapping[str, Any], times: int, number: int) -> dict[str, Any]:
    shared: dict[str, Any] = {name: row[name] / times for name in ("weight", "score") if name in row}
    if "criterion" in row:
        shared["criterion"] = re.sub(
            r"(（|得|扣)([0-9.]+)分", lambda mark: f"{mark[1]}{Decimal(mark[2]) / times}分", row["criterion"]
        )
    return {**row, **shared, "name": f"{_AREAS[number % len(_AREAS)]}{number}片区{row['name']}"}
