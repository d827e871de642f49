"""A form of canonical JSON as it is printed: rows of cells in the national layout, as a Word file, workbook or page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from office_files import Block, C, Row, excel, page, word

__all__ = ["printed"]

WRITERS = {"docx": word, "xlsx": excel, "html": page}
INDICATORS = ("level1", "level2", "name", "target", "actual", "weight", "score", "explanation")
INDICATOR_HEADERS = (
    "一级指标",
    "二级指标",
    "三级指标",
    "年度指标值",
    "实际完成值",
    "分值",
    "得分",
    "偏差原因分析及改进措施",
)
FUNDS = ("initial", "annual", "executed", "weight", "rate", "score")
FUND_HEADERS = ("年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分")


def printed(form: Mapping[str, Any], suffix: str) -> bytes:
    """The form as a file of this suffix. Cells of equal levels below each other are merged, as forms do."""
    return WRITERS[suffix](blocks(form))


def blocks(form: Mapping[str, Any]) -> list[Block]:
    """The title and one table of nine columns."""
    heading = form["heading"]
    rows: list[Row] = [["项目名称", C(_text(heading.get("project")), 1, 8)]]
    rows.append(
        ["主管部门", C(_text(heading.get("department")), 1, 4), "实施单位", C(_text(heading.get("unit")), 1, 3)]
    )
    funds = form.get("funds")
    if funds:
        rows.append([C(f"项目资金（{funds['currency_unit']}）", len(funds["rows"]) + 1), C("", 1, 2), *FUND_HEADERS])
        rows += [[C(row["label"], 1, 2), *(_text(row.get(key)) for key in FUNDS)] for row in funds["rows"]]
    goals = form.get("goals")
    if goals:
        rows.append([C("年度总体目标", 2), C("预期目标", 1, 4), C("实际完成情况", 1, 4)])
        rows.append([C(goals["expected"], 1, 4), C(goals["achieved"], 1, 4)])
    indicators = form["indicators"]
    rows.append([C("绩效指标", len(indicators) + 1), *INDICATOR_HEADERS])
    rows += _indicators(indicators)
    total = form["total"]
    rows.append([C("总分", 1, 6), _text(total["weight"]), _text(total["score"]), ""])
    return [f"{form['title']}", f"（{heading['year']}年度）", rows]


def _indicators(indicators: list[Mapping[str, Any]]) -> list[Row]:
    rows: list[Row] = []
    above: Mapping[str, Any] = {}
    for number, row in enumerate(indicators):
        cells: Row = []
        for depth, key in ((1, "level1"), (2, "level2")):
            path = [row[level] for level in INDICATORS[:depth]]
            if path != [above.get(level) for level in INDICATORS[:depth]]:
                cells.append(C(row[key], _run(indicators[number:], path)))
        rows.append(cells + [_text(row.get(key)) for key in INDICATORS[2:]])
        above = row
    return rows


def _run(rows: list[Mapping[str, Any]], path: list[str]) -> int:
    """How many rows from the first on have these levels."""
    for number, row in enumerate(rows):
        if [row[level] for level in INDICATORS[: len(path)]] != path:
            return number
    return len(rows)


def _text(value: object) -> str:
    return "" if value is None else f"{value}"
