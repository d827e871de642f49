"""Runs made by hand: JSON, Word and Excel places, Chinese text, texts that try to break the output."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from lintperf.model import (
    CellPlace,
    Confidence,
    Coverage,
    Finding,
    Fix,
    Lang,
    Notification,
    Origin,
    Related,
    Severity,
    SheetPlace,
    Text,
    TextPlace,
)
from lintperf.results import DocumentResult, FileResult, Results, Totals, View
from lintperf.rules.rule import Citation, Rule
from lintperf.schema.fields import fields_of, lookup

SCHEMAS = Path(__file__).parents[2] / "schemas"
FORM = "self-evaluation"
HOSTILE = "95%\x1b[31m红\x1b[0m, 第二\r\n行::error::%0A [看](1) {0} **粗** \u202e\x9b2J"


def rule(code: str, name: str, title: Text, message: Text, **others: Any) -> Rule:
    settings: dict[str, Any] = {
        "pack": "national",
        "path": f"rulesets/national/rules/{code}-{name}.yaml",
        "remedy": Text("按全年执行数 ÷ 全年预算数重新计算。", "Compute executed ÷ annual budget again."),
        "why": Text("执行率决定得分。", "The rate decides the score."),
        "source": (Citation(Text("项目支出绩效评价管理办法", "Measures for evaluation"), "财预〔2020〕10号"),),
        "severity": Severity.error,
        "confidence": Confidence.high,
        "types": (FORM,),
    }
    return Rule(code=code, name=name, title=title, message=message, **(settings | others))


GOAL = "完成全区绿道养护，保持路面整洁、设施完好，为市民提供舒适的休闲环境，并持续提升服务质量与群众满意程度"
RULES = {
    each.code: each
    for each in (
        rule(
            "LP001",
            "unreadable-document",
            Text("文件无法读取", "Unreadable document"),
            Text("无法读取：{reason}。", "Cannot be read: {reason}."),
            types=(),
            remark=True,
        ),
        rule(
            "LP301",
            "execution-rate-miscomputed",
            Text("执行率计算错误", "Execution rate miscomputed"),
            Text(
                "执行率写为 {found}，应为 {expected}（{executed:money} ÷ {annual:money}），相差 {difference}。",
                "The rate is given as {found}; {executed:money} ÷ {annual:money} is {expected}, off by {difference}.",
            ),
            dimension="accuracy",
        ),
        rule(
            "LP402",
            "strict-bound-met-by-equality",
            Text("严格不等号恰好相等仍得满分", "Strict bound met by equality"),
            Text(
                "“{row}”的实际值 {actual} 不满足 {target}，却得满分；若本意为“不低于”，请改用 ≥。",
                "The actual {actual} of “{row}” does not meet {target}; if “at least” is meant, write ≥.",
            ),
            severity=Severity.warning,
            confidence=Confidence.medium,
            variants={"equal": Text("恰好等于 {target}。", "Just {target}.")},
            source=(Citation(Text("本规则集约定", "House rule"), house=True),),
        ),
        rule(
            "LP807",
            "vague-goal",
            Text("总体目标没有数字", "Goal without a number"),
            Text("总体目标没有可核对的数字", "The goal has no number to check"),
            severity=Severity.note,
            confidence=Confidence.low,
            source=(),
            why=Text("", ""),
        ),
    )
}


def rate_finding(path: str, place: Any, **others: Any) -> Finding:
    """A wrong execution rate in the first fund row."""
    settings: dict[str, Any] = {
        "severity": Severity.error,
        "confidence": Confidence.high,
        "document": 0,
        "pointer": "/funds/rows/0/rate",
        "row": "年度资金总额",
        "field": "rate",
        "arguments": {"executed": Decimal("731000.00"), "annual": Decimal("860000.00")},
        "found": Decimal("0.95"),
        "expected": Decimal("0.85"),
        "difference": Decimal("0.10"),
        "cells": (
            ("annual", Decimal("860000.00")),
            ("executed", Decimal("731000.00")),
            ("weight", Decimal("10")),
            ("rate", Decimal("0.95")),
            ("score", Decimal("9.50")),
        ),
        "fix": Fix("/funds/rows/0/rate", Decimal("0.85"), True, place),
        "place": place,
        "snippet": "0.95",
    }
    return Finding("LP301", path=path, **(settings | others))


def bound_finding(path: str, place: Any, related_place: Any, actual: str = "95%", **others: Any) -> Finding:
    """A strict bound met by equality in the fourth indicator row."""
    settings: dict[str, Any] = {
        "severity": Severity.warning,
        "confidence": Confidence.medium,
        "document": 0,
        "pointer": "/indicators/3/target",
        "row": "苗木成活率",
        "field": "target",
        "arguments": {"actual": actual, "target": ">95%", "row": "苗木成活率"},
        "found": actual,
        "related": (
            Related("/indicators/3/actual", related_place),
            Related("/goals/expected", None, exact=False),
        ),
        "cells": (
            ("target", ">95%"),
            ("actual", actual),
            ("weight", Decimal("5.0")),
            ("score", Decimal("5.0")),
            ("explanation", ""),
        ),
        "place": place,
        "snippet": '">95%"',
    }
    return Finding("LP402", path=path, **(settings | others))


def goal_finding(path: str, place: Any) -> Finding:
    """A note about a text, known only by the value around it."""
    return Finding(
        "LP807",
        Severity.note,
        Confidence.low,
        path,
        0,
        "/goals/expected",
        field="expected",
        cells=(("expected", GOAL),),
        place=place,
        exact=False,
    )


def files(folder: str = "forms") -> list[FileResult]:
    """A JSON form, a Word form with a hostile cell, a workbook of two forms, a broken file, one that is not ours."""
    coverage = Coverage(58, ("LP108", "LP212"), (("LP703", "未找到法规清单"),))
    form, word, book, broken = (
        f"{folder}/{name}" for name in ("绿道 养护.json", "古树保护.docx", "图书角.xlsx", "a%b.json")
    )
    run = [
        FileResult(
            form,
            [
                DocumentResult(
                    0,
                    FORM,
                    "绿道养护",
                    [
                        rate_finding(form, TextPlace(11, 16, 11, 20, 300, 304)),
                        bound_finding(
                            form,
                            TextPlace(40, 16, 40, 22, 900, 906),
                            TextPlace(41, 16, 41, 21, 930, 935),
                            origin=Origin("绿道 养护.docx", CellPlace(0, 14, 3)),
                        ),
                        goal_finding(form, TextPlace(20, 2, 23, 3, 500, 590)),
                    ],
                    coverage,
                    hidden=3,
                )
            ],
        ),
        FileResult(
            word,
            [
                DocumentResult(
                    0,
                    FORM,
                    "古树保护（含“一树一策”）",
                    [
                        rate_finding(word, CellPlace(0, 5, 5), fix=None),
                        bound_finding(word, CellPlace(0, 14, 3), CellPlace(0, 14, 4), HOSTILE, variant="equal"),
                    ],
                    coverage,
                    ignored=1,
                )
            ],
        ),
        FileResult(
            book,
            [
                DocumentResult(0, FORM, "社区图书角", [rate_finding(book, SheetPlace("自评表", "G12"))], coverage),
                DocumentResult(1, FORM, "社区图书角", [], coverage),
            ],
        ),
        FileResult(
            broken,
            [
                DocumentResult(
                    0,
                    None,
                    None,
                    [
                        Finding(
                            "LP001",
                            Severity.error,
                            Confidence.high,
                            broken,
                            0,
                            "",
                            arguments={"reason": "第 3 行第 7 列缺少逗号"},
                            place=TextPlace(2, 6, 2, 6, 40, 40),
                        )
                    ],
                    Coverage(4),
                )
            ],
            [Notification(broken, None, "json", Text("读取用时超过 10 秒", "reading took more than 10 seconds"))],
        ),
        FileResult(f"{folder}/package.json", skipped=True),
    ]
    for number, file in enumerate(run):
        file.size = 100 + number
        for document in file.documents:
            document.ruleset_name, document.ruleset_hash = "national", "5f" * 32
    # this one asks for a pack of its own, on which its findings rest
    chosen = run[1].documents[0]
    chosen.ruleset_name, chosen.ruleset_hash = "riverside", "6e" * 32
    chosen.findings[0].basis = (
        Text("河〔2020〕1号", "River rules 2020/1"),
        Text("财预〔2020〕10号", "财预〔2020〕10号"),
    )
    return run


def counted(given: Iterable[FileResult]) -> Results:
    """Results whose totals grow while the files are taken, as in a run."""
    totals = Totals()

    def going_by() -> Iterator[FileResult]:
        for file in given:
            totals.count(file)
            yield file

    return Results(going_by(), totals)


_FIELDS = fields_of(json.loads((SCHEMAS / f"{FORM}.json").read_text(encoding="utf-8"), parse_int=Decimal))


def view(lang: Lang = "zh", **others: Any) -> View:
    """A view with the titles of the self-evaluation form."""

    def titles(_type: str, path: str) -> str:
        field = lookup(_FIELDS, path)
        return field.title_in(lang) if field is not None else path

    def units(_type: str, path: str) -> str | None:
        field = lookup(_FIELDS, path)
        return field.unit if field is not None else None

    settings: dict[str, Any] = {
        "rules": RULES,
        "titles": titles,
        "units": units,
        "ruleset_name": "national",
        "ruleset_hash": "5f" * 32,
        "version": "0.1.0",
    }
    return View(lang=lang, **(settings | others))
