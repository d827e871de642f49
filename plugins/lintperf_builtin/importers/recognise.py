"""Which kind of form and which layout it is: from the title and the columns, by the marks that layouts.yaml lists."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintperf_builtin.importers import labels, vocabulary
from lintperf_builtin.importers.normal import compact

if TYPE_CHECKING:
    from lintperf_builtin.importers.form import Form

__all__ = ["kind_of", "layout_of"]

_CONFIDENCES = ("low", "medium", "high")
# Shares of a layout's marks: from here on it is likely, and below that none.
_MOST = 0.6
_FEW = 0.5


def kind_of(form: Form) -> str:
    """The kind of form, as the schema calls it.

    The title tells it, unless the columns say otherwise: what has actuals or scores is no declaration of targets, and
    a department-wide form without either is one.
    """
    columns = form.columns.fields if form.columns is not None else {}
    titled = labels.kind_of_title(form.title) if form.title else None
    results = "actual" in columns or "score" in columns or bool(form.goals and "achieved" in form.goals)
    interim = "interim" in columns or "expected_actual" in columns or "interim_executed" in form.fund_headings
    if titled == "monitoring" or (interim and "actual" not in columns):
        return "monitoring"
    if titled == "self-evaluation" and form.title and labels.is_department_title(form.title):
        titled = "department"
    if not results and titled != "self-evaluation":
        return "target-declaration"
    if titled == "department" or (titled is None and form.tasks is not None and "project" not in form.heading):
        return "department"
    return "self-evaluation"


def layout_of(form: Form, kind: str, best_confidence: str) -> dict[str, str]:
    """The layout's name and the confidence, at most `best_confidence`; `other` where none fits.

    high: all marks, or a form number that names it; medium: most of them; low: few. A form number outweighs all marks;
    of equals the first counts, and those of later vocabulary files come first.
    """
    marks = _marks(form, kind)
    texts = "\n".join([form.title or "", *form.notes, *(f"{each['label']}:{each['text']}" for each in form.others)])
    texts = compact(texts)
    best: tuple[float, str, int] | None = None
    for layout in vocabulary.current().layouts:
        named = any(pattern.search(texts) for pattern in layout.texts)
        required = all(_holds(mark, marks) for mark in layout.requires)
        if not required and not named:
            continue
        hits = sum(_holds(mark, marks) for mark in layout.marks)
        share = hits / len(layout.marks) if layout.marks else 1.0
        if share < _FEW and not named:
            continue
        worth = share + named
        if named:
            confidence = 2 if required else 1
        else:
            confidence = 2 if hits == len(layout.marks) else 1 if share >= _MOST else 0
        if best is None or worth > best[0]:
            best = (worth, layout.name, confidence)
    if best is None:
        return {"name": "other", "confidence": "low"}
    return {"name": best[1], "confidence": _CONFIDENCES[min(best[2], _CONFIDENCES.index(best_confidence))]}


def _holds(mark: str, marks: set[str]) -> bool:
    return mark[1:] not in marks if mark.startswith("!") else mark in marks


def _marks(form: Form, kind: str) -> set[str]:
    marks = {f"kind={kind}"}
    for section, headings in (
        ("funds", form.fund_headings),
        ("indicators", form.columns.headings if form.columns is not None else {}),
    ):
        for name, title in headings.items():
            marks |= {f"{section}.{name}", f"{section}.{name}={labels.normal(title)}"}
    marks |= {f"goals.{name}" for name in form.goals or ()}
    marks |= {f"heading.{name}" for name in form.heading}
    marks |= {
        name
        for name, there in (
            ("tasks", form.tasks), ("management", form.management), ("medium", form.medium),
            ("pairs", form.fund_pairs or None), ("total", form.total), ("stated-weight", form.stated_weight),
        )
        if there is not None
    }  # fmt: skip
    headers = [compact(header).lower() for header in form.headers]
    if any("(a)" in header for header in headers) and any("(b)" in header for header in headers):
        marks.add("a-b")
    if form.columns is not None:
        weight, target = form.columns.fields.get("weight"), form.columns.fields.get("target")
        if weight is not None and target is not None and weight.start < target.start:
            marks.add("weight-first")
    words = vocabulary.current().words
    for mark, section, names in (
        ("level-points", "level_points", ("level1", "level2")),
        ("numbered-names", "numbered_names", ("name",)),
    ):
        texts = {row[name] for row in form.indicators for name in names if row.get(name)}
        if any(words[section].search(compact(text)) for text in texts):
            marks.add(mark)
    if any((row["name"] or "") in words["template_dots"].exact for row in form.indicators):
        marks.add("template-dots")
    if any("score" in row.get("merged", ()) for row in form.indicators):
        marks.add("scores-merged")
    return marks
