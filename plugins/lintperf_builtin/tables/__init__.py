"""Tables over the documents of a run. What computes their rows is loaded when a run asks for it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

from lintperf.extension import Column, Table
from lintperf.model import Text
from lintperf_builtin.facts.tables import FORMS_AND_REPORTS
from lintperf_builtin.tables import overview

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lintperf.extension import Subject

__all__ = ["TABLES"]


def _rows_of(module: str) -> Callable[..., Iterable[Mapping[str, Any]]]:
    """The function `rows` of a module here, which is imported at the first call: most runs want no table."""

    def rows(subject: Subject, *parameters: Mapping[str, Any]) -> Iterable[Mapping[str, Any]]:
        return cast("Iterable[Mapping[str, Any]]", import_module(f"{__name__}.{module}").rows(subject, *parameters))

    return rows


TABLES: tuple[Table, ...] = (
    Table(
        "summary",
        FORMS_AND_REPORTS,
        (
            Column("unit", Text("单位", "Unit"), width=9),
            Column("project", Text("项目", "Project"), width=12),
            Column("year", Text("年度", "Year"), "count", detail=True),
            Column("total", Text("总分", "Total"), "number", mean=True),
            Column("grade", Text("等级", "Grade"), width=3, detail=True),
            Column("execution_rate", Text("执行率", "Execution"), "percent", mean=True),
        ),
        _rows_of("summary"),
        Text("绩效评价汇总表", "Summary of the documents"),
    ),
    Table(
        "rescore",
        FORMS_AND_REPORTS,
        (
            Column("level1", Text("一级指标", "Level 1"), width=5, detail=True),
            Column("level2", Text("二级指标", "Level 2"), width=5, detail=True),
            Column("label", Text("项目或指标", "Row"), width=12),
            Column("target", Text("指标值", "Target"), width=8),
            Column("actual", Text("完成值", "Actual"), width=8),
            Column("weight", Text("分值", "Weight"), "number"),
            Column("stated", Text("填报", "Stated"), "number"),
            Column("recomputed", Text("复核", "Rescored"), "number"),
            Column("difference", Text("相差", "Difference"), "number"),
            Column("result", Text("结论", "Result"), width=4),
            Column("formula", Text("计算方法", "Formula"), width=20),
            Column("note", Text("说明", "Note"), width=16),
        ),
        _rows_of("rescore"),
        Text("得分复核表", "Stated and recomputed scores"),
        (
            "detail_row_prefixes",
            "execution_base",
            "full_marks",
            "grade_lower_bounds",
            "grade_words",
            "over_achievement_ratio",
        ),
    ),
    Table(
        "overview", FORMS_AND_REPORTS, overview.COLUMNS, overview.rows, Text("概览", "Overview"), overview.PARAMETERS
    ),
)
