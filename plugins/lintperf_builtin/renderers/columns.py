"""The columns that a printed form can have: their headers, widths and looks, in the order of the national layout."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lintperf_builtin.renderers.printed import Look

__all__ = ["FUNDS", "INDICATORS", "MANAGEMENT", "MEDIUM", "PAYMENTS", "TASKS", "Column", "chosen"]


class Column(NamedTuple):
    """A column of a section.

    field   of the row; "" for a column that only `others` has
    title   its header
    width   in tenths of a millimetre, before the columns are fitted to the page
    nth     of a column of `others`: which one of that label in its row, from 0
    """

    field: str
    title: str
    width: int
    look: Look = "text"
    grouped: bool = False
    nth: int = 0


def _amount(field: str, title: str) -> Column:
    return Column(field, title, 240, "number", grouped=True)


FUNDS = (
    _amount("initial", "年初预算数"),
    _amount("annual", "全年预算数"),
    _amount("received", "实际到位数"),
    _amount("interim_executed", "年中执行数"),
    _amount("executed", "全年执行数"),
    _amount("expected_executed", "全年预计执行数"),
    Column("weight", "分值", 140, "number"),
    Column("interim_rate", "年中执行率", 170, "number"),
    Column("rate", "执行率", 170, "number"),
    Column("score", "得分", 140, "number"),
    Column("explanation", "偏差原因分析", 300),
)
PAYMENTS = (
    Column("label", "支付摘要", 700),
    Column("payee", "收款人", 500),
    _amount("amount", "实际支付金额"),
)
TASKS = (
    Column("name", "任务名称", 300),
    Column("content", "主要内容", 420),
    Column("result", "完成情况", 420),
    _amount("budget", "预算金额"),
    _amount("budget_fiscal", "财政拨款预算"),
    _amount("budget_other", "其他资金预算"),
    _amount("executed", "执行金额"),
    _amount("executed_fiscal", "财政拨款执行"),
    _amount("executed_other", "其他资金执行"),
    Column("rate", "执行率", 170, "number"),
)
MANAGEMENT = (
    Column("aspect", "管理环节", 320),
    Column("description", "情况说明", 700),
    Column("problems", "存在问题和改进措施", 650),
)
INDICATORS = (
    Column("level1", "一级指标", 170, "short"),
    Column("level2", "二级指标", 190, "short"),
    Column("name", "三级指标", 340),
    Column("operator", "指标性质", 140, "short"),
    Column("target", "年度指标值", 240, "short"),
    Column("unit", "度量单位", 140, "short"),
    Column("interim", "年中完成值", 240, "short"),
    Column("actual", "实际完成值", 240, "short"),
    Column("expected_actual", "全年预计完成值", 240, "short"),
    Column("completion_status", "完成情况", 220, "short"),
    Column("likelihood", "完成可能性", 180, "short"),
    Column("weight", "分值", 140, "number"),
    Column("weight_share", "权重占比", 150, "number"),
    Column("score", "得分", 140, "number"),
    Column("converted_score", "折算得分", 150, "number"),
    Column("criterion", "评分标准", 320),
    Column("explanation", "偏差原因分析及改进措施", 320),
)
MEDIUM = (
    Column("level1", "一级指标", 170, "short"),
    Column("level2", "二级指标", 190, "short"),
    Column("name", "三级指标", 500),
    Column("operator", "指标性质", 140, "short"),
    Column("target", "中期指标值", 400, "short"),
    Column("unit", "度量单位", 140, "short"),
    Column("weight", "分值", 140, "number"),
)


def chosen(
    columns: Sequence[Column], rows: Iterable[Mapping[str, Any]], always: Sequence[str] = (), least: int = 1
) -> list[Column]:
    """The columns that some row has a value for, and those of `always` where they would be fewer than `least`.

    Columns of `others` come last, in the order in which the rows name them.
    """
    rows = list(rows)
    used = {name for row in rows for name, value in row.items() if value is not None}
    if sum(column.field in used for column in columns) < least:
        used.update(always)
    kept = [column for column in columns if column.field in used]
    further: dict[tuple[str, int], Column] = {}
    for row in rows:
        seen: dict[str, int] = {}
        for other in row.get("others") or ():
            nth = seen[other["label"]] = seen.get(other["label"], -1) + 1
            further.setdefault((other["label"], nth), Column("", other["label"], 220, "short", nth=nth))
    return kept + list(further.values())
