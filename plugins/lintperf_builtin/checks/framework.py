"""The check of a form's framework: the weights of its classes against those that a pack lays down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from lintperf.extension import Check, Problem, Subject
from lintperf.model import Text
from lintperf_builtin.facts.form import FormFacts
from lintperf_builtin.facts.indicator import RowNature

__all__ = ["FRAMEWORK_CHECKS"]

_CLASSES: Final = {
    "output": Text("产出", "output"),
    "benefit": Text("效益", "benefit"),
    "satisfaction": Text("满意度", "satisfaction"),
    "execution": Text("预算执行率", "execution"),
}


def framework_weights(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """The sums of the weights by class where they differ from `options`, in points; one problem a form.

    Nothing is said of a form without weights for indicators and execution, with weighted rows of another class, or
    whose weights do not add up to what the options add up to.
    """
    form = subject.facts(FormFacts)[0]
    if not form.has_weights or form.execution_weight is None:
        return
    sums = dict.fromkeys(_CLASSES, Decimal(0))
    sums["execution"] = form.execution_weight
    first: dict[str, int] = {}
    for index, (row, nature) in enumerate(zip(subject.rows("indicators"), subject.facts(RowNature), strict=True)):
        weight = row.get("weight")
        if not weight:
            continue
        if not nature.indicator_class:
            return
        sums[nature.indicator_class] += weight
        first.setdefault(nature.indicator_class, index)
    wanted = {name: options[name] for name in _CLASSES}
    differing = [name for name in _CLASSES if sums[name] != wanted[name]]
    if not differing or sum(sums.values()) != sum(wanted.values()):
        return
    arguments = {"differing": [_difference(name, sums[name], wanted[name]) for name in differing]}
    places = [f"/indicators/{first[name]}/weight" for name in differing if name in first]
    top = f"/indicators/{min(first.values())}/weight" if first else "/indicators"
    related = [place for place in places if place != top]
    yield Problem(top, arguments, _shown(sums), _shown(wanted), related=related)


def _points(number: Decimal) -> str:
    """The number without zeros at its end: 50.0 is 50."""
    return format(number.normalize(), "f") if number else "0"


def _shown(weights: Mapping[str, Decimal]) -> str:
    return "/".join(_points(weights[name]) for name in _CLASSES)


def _difference(name: str, found: Decimal, wanted: Decimal) -> Text:
    title = _CLASSES[name]
    return Text(
        f"{title.zh} {_points(found)}（规定 {_points(wanted)}）",
        f"{title.en} {_points(found)} ({_points(wanted)} laid down)",
    )


FRAMEWORK_CHECKS: tuple[Check, ...] = (
    Check(
        "framework-weights",
        "self-evaluation",
        framework_weights,
        Text("各类指标的分值与规定不符", "the weights of the classes differ from the framework"),
        dict.fromkeys(_CLASSES, "number"),
    ),
)
