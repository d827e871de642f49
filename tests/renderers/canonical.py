"""Invented canonical forms for the round trip, and what a round trip may change."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from lintperf_builtin.importers.grid import clean

Form = dict[str, Any]

TITLE = "项目支出绩效自评表"
NOT_PRINTED = ("layout", "origin", "$schema", "lintperf")
TRAPS = (
    "0102007", "=1+1", "+86", "-5", "@SUM(A1)", "'引号开头", "1e5", "无", "—", "／", "9.80", "１２．５０", "<b>粗</b>",
    "&amp;&", "_x0041_", "≥95%", "a｜b|c", "100%", "TRUE", "2023/5/1", "#N/A", "𠮷野家", "“引”", "第一行\n第二行",
    "空\n\n行", "１\u3000２",
)  # fmt: skip
ALPHABET = "绿道养护古树社区图书角长者食堂０１23456789.,，。；：:、（）()<>&\"'｜|=+-%≥≤～/\\_#@*𠮷\n x"


def plain(data: Any, texts_of: tuple[str, ...] = ()) -> Any:
    """A document without what is not printed, and without the difference between null, [] and a missing field."""
    if isinstance(data, dict):
        kept = {name: plain(value) for name, value in data.items() if name not in NOT_PRINTED}
        return {name: value for name, value in sorted(kept.items()) if value is not None and value not in ([], {})}
    if isinstance(data, list):
        return [plain(value) for value in data]
    return f"{data:f}" if isinstance(data, Decimal) else data


def expected(form: Form) -> Any:
    """What a form that is printed and read again comes back as."""
    defaults = {"type": "self-evaluation", "version": "1", "kind": "self-evaluation", "title": TITLE}
    return plain({**defaults, **{name: value for name, value in form.items() if value is not None}})


def _readable(text: str) -> bool:
    """No white space at the edges or in runs: no reader of tables keeps those at the edges, no page those in runs."""
    lines = text.split("\n")
    return clean(text) == text != "" and all(line == line.strip() for line in lines) and "  " not in text


texts = st.one_of(
    st.sampled_from(TRAPS),
    st.text(ALPHABET, min_size=1, max_size=30).filter(_readable),
)
words = texts.map(lambda text: f"绿道{text}")
numbers = st.decimals(0, 10**9, allow_nan=False, allow_infinity=False, places=2)
points = st.one_of(
    st.none(), st.decimals(0, 100, places=1), st.decimals(0, 100, places=2), st.integers(0, 100).map(Decimal)
)
amounts = st.one_of(
    st.none(), numbers, st.just(Decimal("9.80")), st.just(Decimal("123456789012345678.12")),
    st.decimals(-(10**6), 10**6, places=6), st.integers(0, 10**12).map(Decimal),
)  # fmt: skip
rates = st.one_of(
    st.none(), st.decimals(0, 2, places=4), st.sampled_from(("82%", "100.00%", "-3.5%", "0%", "007%", "0.10%"))
)


def column(values: st.SearchStrategy[Any], rows: int) -> st.SearchStrategy[list[Any]]:
    """The values of a text column: the form has it, or lacks it and every row is null."""
    return st.one_of(st.just([None] * rows), st.lists(values, min_size=rows, max_size=rows))


cells = st.one_of(texts, st.just(""))


@st.composite
def _records(draw: st.DrawFn, fields: dict[str, tuple[str, Any]], rows: int) -> list[Form]:
    """Rows whose fields are text columns (`text`) or single values (`value`)."""
    result: list[Form] = [{} for _ in range(rows)]
    for name, (kind, values) in fields.items():
        drawn = draw(column(values, rows) if kind == "text" else st.lists(values, min_size=rows, max_size=rows))
        for row, value in zip(result, drawn, strict=True):
            row[name] = value
    return result


@st.composite
def _levels(draw: st.DrawFn, rows: int) -> list[tuple[str, str]]:
    """First and second levels in runs, as forms have them."""
    first = st.sampled_from(("产出指标", "效益指标（30分）", "满意度指标"))
    second = st.sampled_from(("数量指标", "质量指标", "社会效益指标"))
    return sorted(draw(st.lists(st.tuples(first, second), min_size=rows, max_size=rows)))


SOURCES = (
    ("total", "年度资金总额"), ("fiscal", "其中：当年财政拨款"), ("carryover", "上年结转资金"), ("other", "其他资金"),
)  # fmt: skip


@st.composite
def national_forms(draw: st.DrawFn) -> Form:
    """Forms with the fields of the national layout and any values that its importer can give."""
    rows = draw(st.integers(1, 8))
    fields: dict[str, tuple[str, Any]] = {
        "name": ("value", words), "target": ("text", cells), "actual": ("text", cells),
        "weight": ("value", points), "score": ("value", points), "explanation": ("text", cells),
    }  # fmt: skip
    indicators = draw(_records(fields, rows))
    for row, (level1, level2) in zip(indicators, draw(_levels(rows)), strict=True):
        row.update(level1=level1, level2=level2)
    funds = None
    if draw(st.booleans()):
        fund_fields: dict[str, tuple[str, Any]] = {
            **dict.fromkeys(("initial", "annual", "executed"), ("value", amounts)),
            "weight": ("value", points), "rate": ("value", rates), "score": ("value", points),
        }  # fmt: skip
        count = draw(st.integers(1, 4))
        funds = {
            "currency_unit": draw(st.sampled_from(("元", "万元", "亿元", None))),
            "rows": [
                {"source": source, "label": label, **row}
                for (source, label), row in zip(SOURCES, draw(_records(fund_fields, count)), strict=False)
            ],
        }
    goals = draw(st.one_of(st.none(), st.fixed_dictionaries({"expected": goal_texts, "achieved": goal_texts})))
    total = None
    if draw(st.booleans()):
        total = {
            "label": draw(st.sampled_from(("总分", "合计", "总 分"))),
            "weight": draw(points), "score": draw(points), "grade": draw(st.sampled_from(("优", "良好", None))),
        }  # fmt: skip
    return {
        "type": "self-evaluation",
        "version": "1",
        "title": draw(st.sampled_from((TITLE, "2023年度绿道养护项目支出绩效自评表", None))),
        "heading": {
            "project": draw(words),
            "project_amount": draw(amounts.filter(lambda value: value is None or value >= 0)),
            "department": draw(st.one_of(st.none(), words)),
            "unit": draw(st.one_of(st.none(), words, st.just(""))),
            "year": draw(st.one_of(st.none(), st.integers(1990, 2099).map(Decimal))),
            "others": draw(st.lists(st.fixed_dictionaries({"label": other_labels, "text": words}), max_size=3)),
        },
        "funds": funds,
        "goals": goals,
        "indicators": indicators,
        "total": total,
        "notes": draw(st.one_of(st.none(), notes)),
    }


other_labels = st.sampled_from(("项目负责人", "联系电话", "资金性质", "项目编码"))
goal_texts = st.one_of(
    words,
    st.just("养护绿道三十公里，补植苗木；" * 90),
    st.lists(words, min_size=2, max_size=5).map("。\n".join),
)
notes = st.lists(
    st.one_of(
        words.map(lambda text: f"注：{text}"),
        words.map(lambda text: f"评价结论：{text}"),
        st.just("填报人：李某  联系电话：01020304"),
    ),
    max_size=3,
)


# Further columns of the indicators, by the kind of form that has them.
MORE_COLUMNS = {
    "self-evaluation": ("operator", "unit", "completion_status", "weight_share", "converted_score", "criterion"),
    "department": ("operator", "unit", "criterion"),
    "monitoring": ("operator", "unit", "interim", "expected_actual", "likelihood"),
    "target-declaration": ("operator", "unit"),
}
TITLES = {
    "self-evaluation": TITLE,
    "department": "部门整体支出绩效自评表",
    "monitoring": "项目支出绩效运行监控表",
    "target-declaration": "项目支出绩效目标申报表",
}
OPERATORS = ("≥", "≤", "＝", "定性")
UNITS = ("公里", "%", "个", "人次")


def _present(draw: st.DrawFn, values: st.SearchStrategy[Any], rows: int) -> list[Any]:
    return draw(st.lists(values, min_size=rows, max_size=rows))


@st.composite
def all_forms(draw: st.DrawFn, last: bool = True) -> Form:
    """Forms of every kind, with the sections and columns that the national layout lacks.

    last: nothing follows in the file, so that a note without a mark of its own can be no caption of the next form
    """
    form = draw(national_forms())
    kind = draw(st.sampled_from(sorted(TITLES)))
    form["kind"], form["title"] = kind, TITLES[kind]
    indicators = form["indicators"]
    rows = len(indicators)
    chosen = draw(st.lists(st.sampled_from(MORE_COLUMNS[kind]), unique=True))
    values = {
        "operator": st.sampled_from(OPERATORS), "unit": st.sampled_from(UNITS),
        "likelihood": st.sampled_from(("确定能", "有可能")),
        "weight_share": rates.filter(lambda value: value is not None), "converted_score": points,
    }  # fmt: skip
    for name in chosen:
        for row, value in zip(indicators, _present(draw, values.get(name, words), rows), strict=True):
            row[name] = value
    if "completion_status" in chosen:
        for row in indicators:
            row["actual"] = row["actual"] or "三十公里"
    if kind == "target-declaration":
        for row in indicators:
            row.update(actual=None, score=None, explanation=None)
        if form["total"]:
            form["total"]["score"] = None
        if form["goals"]:
            form["goals"]["achieved"] = None
        if draw(st.booleans()):
            form["goals"] = {**(form["goals"] or {"expected": draw(words)}), "medium_expected": draw(goal_texts)}
        if draw(st.booleans()):
            medium = draw(
                _records({"name": ("value", words), "target": ("value", words), "weight": ("value", points)}, 3)
            )
            for row, (level1, level2) in zip(medium, draw(_levels(3)), strict=True):
                row.update(level1=level1, level2=level2)
            form["medium_indicators"] = medium
    if kind in ("self-evaluation", "department") and rows > 1 and draw(st.booleans()):
        for row in indicators[1:2]:
            row.update(score=None, merged=["score"])
        indicators[0]["score"] = indicators[0]["score"] or Decimal(20)
        if indicators[0]["level1"] != indicators[1]["level1"]:
            indicators[1].update(level1=indicators[0]["level1"], level2=indicators[0]["level2"])
    if kind == "department" and draw(st.booleans()):
        form["tasks"] = draw(
            _records(
                {
                    "name": ("value", words), "content": ("text", words), "result": ("text", words),
                    "budget": ("value", numbers), "executed": ("value", amounts),
                },
                2,
            )
        )  # fmt: skip
    if last and form["total"] and draw(st.booleans()):
        form["notes"] = [*(form["notes"] or ()), f"本表由绿化处填报，{draw(words)}"]
    if kind == "self-evaluation" and draw(st.booleans()):
        form["management"] = [
            {"aspect": aspect, "description": draw(words), "problems": draw(words)}
            for aspect in ("分配科学性", "下达及时性", "使用规范性")
        ]
    if form["funds"]:
        more = {
            "monitoring": ("interim_executed", "expected_executed", "interim_rate"),
            "self-evaluation": ("received", "explanation"),
        }.get(kind, ())
        for name in draw(st.lists(st.sampled_from(more), unique=True)) if more else ():
            value = words if name == "explanation" else rates if name == "interim_rate" else amounts
            for row in form["funds"]["rows"]:
                row[name] = draw(value.filter(lambda each: each is not None))
    for other in draw(st.lists(st.sampled_from(("备注", "数据来源")), unique=True)):
        for row in indicators:
            row.setdefault("others", []).append({"label": other, "text": draw(words)})
    return form
