"""One row a document: whose it is, its score, what was spent, what outputs scored, how points are shared out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from lintperf.extension import Column, Subject
from lintperf.model import Text
from lintperf_builtin.checks.totals import printed_bounds
from lintperf_builtin.facts.form import FormFacts, read_rate, total_row
from lintperf_builtin.facts.indicator import RowNature
from lintperf_builtin.facts.tables import ReportTables, is_report

__all__ = ["ASPECTS", "CLASSES", "COLUMNS", "PARAMETERS", "rows"]

_ZERO: Final = Decimal(0)

CLASSES: Final = {
    "execution": Text("预算执行率", "Execution"),
    "decision": Text("决策", "Decision"),
    "process": Text("过程", "Process"),
    "cost": Text("成本", "Cost"),
    "output": Text("产出", "Output"),
    "benefit": Text("效益", "Benefit"),
    "satisfaction": Text("满意度", "Satisfaction"),
    "other": Text("其他", "Other"),
}
ASPECTS: Final = {
    "quantity": Text("数量", "Quantity"),
    "quality": Text("质量", "Quality"),
    "time": Text("时效", "Timeliness"),
    "cost": Text("成本", "Cost"),
    "economic": Text("经济效益", "Economic"),
    "social": Text("社会效益", "Social"),
    "ecological": Text("生态效益", "Ecological"),
    "sustainable": Text("可持续影响", "Lasting"),
    "satisfaction": Text("满意度", "Satisfaction"),
}
# classes of the first level that are no class of a self-evaluation's own frame
_FURTHER_CLASSES: Final = (("成本", "cost"), ("决策", "decision"), ("过程", "process"), ("预算执行", "execution"))

COLUMNS: tuple[Column, ...] = (
    Column("project", Text("项目名称", "Project")),
    Column("unit", Text("实施单位", "Unit")),
    Column("department", Text("主管部门", "Department")),
    Column("year", Text("年度", "Year"), "count"),
    Column("kind", Text("表种", "Kind of form")),
    Column("total_score", Text("总得分", "Total score"), "number"),
    Column("full_marks", Text("满分", "Full marks"), "number"),
    Column("grade", Text("等级", "Grade")),
    Column("grade_due", Text("总得分所属等级", "Grade of the score")),
    Column("execution_rate", Text("预算执行率", "Execution rate"), "percent"),
    Column("execution_weight", Text("执行率分值", "Weight of execution"), "number"),
    Column("execution_score", Text("执行率得分", "Score of execution"), "number"),
    Column("output_weight", Text("产出指标分值", "Weight of outputs"), "number"),
    Column("output_score", Text("产出指标得分", "Score of outputs"), "number"),
    Column("output_rate", Text("产出得分率", "Output score rate"), "percent"),
    *(
        Column(f"class_{key}", Text(f"{title.zh}分值", f"Points: {title.en}"), "number")
        for key, title in CLASSES.items()
    ),
    *(
        Column(f"aspect_{key}", Text(f"其中{title.zh}", f"Of these: {title.en}"), "number")
        for key, title in ASPECTS.items()
    ),
)

# the classes of which a pack lays down the points
_LAID_DOWN: Final = ("execution", "output", "benefit", "satisfaction")
PARAMETERS: Final = (
    "full_marks",
    "grade_words",
    "grade_lower_bounds",
    *(f"framework_{name}" for name in _LAID_DOWN),
    "framework_free",
    "framework_also",
)


def rows(subject: Subject, values: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """The row of a form, or of a report by its table of scores.

    total_score       as stated; of a report the total row of its table of scores
    grade_due         the grade that the total score falls into: by the bands that the document prints, else by those
                      of its packs. None without a score, with other full marks than the bands', or without bands
    execution_rate    executed ÷ annual budget of the total row, a ratio; where one of them is missing the stated rate.
                      None for a budget of 0
    output_rate       score ÷ weight over the output rows that have both, a ratio; None without points. Cost rows of a
                      first level of their own are no outputs
    class_…, aspect_… sums of weights in points by first and second level; None where the document has no weights
    And, not as columns:
    grade_bands       the packs' grades, best first: grade and lower bound, None for the last; empty without bands
    frame             the points that the packs lay down: execution/output/benefit/satisfaction, as 10/50/30/10; classes
                      of which only the sum is laid down as one, 20/80
    frame_kept        whether the points of a form are those; None where either is unknown
    """
    data = subject.data
    heading = _record(data.get("heading"))
    view = _scores(subject)
    form = subject.facts(FormFacts)[0]
    total = _record(view.data.get("total")) if view is not None else {}
    row: dict[str, Any] = {
        "project": heading.get("project") or data.get("title"),
        "unit": heading.get("unit"),
        "department": heading.get("department"),
        "year": heading.get("year"),
        "kind": data.get("kind"),
        "total_score": total.get("score"),
        "full_marks": total.get("weight"),
        "grade": total.get("grade") or None,
        "execution_rate": _execution(data, form),
        "execution_weight": form.execution_weight,
        "execution_score": form.execution_score,
    }
    row.update(_points(view, form.execution_weight) if view is not None else {})
    yield {
        **{column.key: row.get(column.key) for column in COLUMNS},
        "grade_due": _grade_due(data, total, values),
        "grade_bands": _bands(values),
        **_frame(row, values),
    }


def _plain(number: Decimal) -> str:
    return f"{number.normalize():f}"


def _bands(values: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    names = [words.split()[0] for words in values.get("grade_words") or ()]
    bounds: Sequence[Decimal] = values.get("grade_lower_bounds") or ()
    if len(names) != len(bounds) + 1:
        return []
    return [{"grade": name, "lower": lower} for name, lower in zip(names, (*bounds, None), strict=True)]


def _grade_due(data: Mapping[str, Any], total: Mapping[str, Any], values: Mapping[str, Any]) -> str | None:
    score, full = total.get("score"), values.get("full_marks")
    words, bounds = values.get("grade_words"), values.get("grade_lower_bounds")
    if score is None or not words or not bounds or total.get("weight") not in (None, full):
        return None
    grades = tuple(tuple(each.split()) for each in words)
    printed = printed_bounds([total.get("grade") or "", *(data.get("notes") or ())], grades)
    due = next((number for number, bound in enumerate(bounds) if score >= printed.get(number, bound)), len(bounds))
    name: str = grades[due][0]
    return name


def _frame(row: Mapping[str, Any], values: Mapping[str, Any]) -> dict[str, Any]:
    points = {name: values.get(f"framework_{name}") for name in _LAID_DOWN}
    if None in points.values() or _is_other_kind(row):
        return {"frame": None, "frame_kept": None}
    free: Sequence[str] = values.get("framework_free") or ()
    shown = _together(points, free)
    found = {name: row.get(f"class_{name}") for name in _LAID_DOWN}
    kept = None
    if None not in found.values() and row.get("execution_weight") is not None:
        others = any(row.get(f"class_{name}") for name in CLASSES if name not in _LAID_DOWN)
        order = ("output", "benefit", "satisfaction", "execution")
        also = "/".join(_plain(found[name] or _ZERO) for name in order) in (values.get("framework_also") or ())
        kept = also or (not others and _together(found, free) == shown)
    return {"frame": "/".join(map(_plain, shown)), "frame_kept": kept}


def _is_other_kind(row: Mapping[str, Any]) -> bool:
    """Whether a document is of a kind whose points no pack lays down: neither a self-evaluation nor of unknown kind."""
    return row.get("kind") not in (None, "self-evaluation")


def _together(points: Mapping[str, Decimal | None], free: Sequence[str]) -> list[Decimal]:
    """The points by class, those of the free classes as one behind the others."""
    fixed = [points[name] or _ZERO for name in _LAID_DOWN if name not in free]
    return fixed if not free else [*fixed, sum((points[name] or _ZERO for name in _LAID_DOWN if name in free), _ZERO)]


def _record(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _scores(subject: Subject) -> Subject | None:
    """A form itself; of a report the first table of scores that has weights, None where there is none."""
    if not is_report(subject):
        return subject
    views = subject.facts(ReportTables)[0].table_views
    return next((view for view in views if view.role == "scores"), None)


def _execution(data: Mapping[str, Any], form: FormFacts) -> Decimal | None:
    annual, executed = form.annual_total, form.executed_total
    if annual is not None and executed is not None:
        return executed / annual if annual > 0 else None
    stated = read_rate(total_row(data.get("funds")).get("rate"), None)
    return stated.ratio if stated is not None else None


def _class_of(row: Mapping[str, Any], nature: RowNature) -> str:
    """The class of a row for the structure of points; cost rows are outputs unless the first level is theirs."""
    level1 = row.get("level1") or ""
    if nature.indicator_class:
        return nature.indicator_class
    return next((name for word, name in _FURTHER_CLASSES if word in level1), "other")


def _points(view: Subject, execution: Decimal | None) -> dict[str, Decimal | None]:
    """The weights by class and aspect, and what the outputs weigh and score; nothing where no row has a weight."""
    classes: dict[str, Decimal] = {}
    aspects: dict[str, Decimal] = {}
    weight_of_outputs = score_of_outputs = _ZERO
    for row, nature in zip(view.rows("indicators"), view.facts(RowNature), strict=True):
        weight, score = row.get("weight"), row.get("score")
        if not weight:
            continue
        name = _class_of(row, nature)
        classes[name] = classes.get(name, _ZERO) + weight
        if nature.aspect:
            aspects[nature.aspect] = aspects.get(nature.aspect, _ZERO) + weight
        if name == "output" and score is not None:
            weight_of_outputs += weight
            score_of_outputs += score
    if not classes:
        return {}
    if execution:
        classes["execution"] = classes.get("execution", _ZERO) + execution
    points: dict[str, Decimal | None] = {f"class_{name}": classes.get(name, _ZERO) for name in CLASSES}
    points |= {f"aspect_{name}": aspects.get(name, _ZERO) for name in ASPECTS}
    if weight_of_outputs > 0:
        points["output_weight"], points["output_score"] = weight_of_outputs, score_of_outputs
        points["output_rate"] = score_of_outputs / weight_of_outputs
    return points
