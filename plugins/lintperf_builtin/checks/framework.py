"""Checks of a form's framework: the points of its classes against those that a pack, or the form itself, lays down."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from lintperf.extension import Check, Problem, Subject
from lintperf.model import Severity, Text
from lintperf.patterns import pattern
from lintperf_builtin.checks.totals import HEADING_POINTS, heading_points
from lintperf_builtin.facts.form import FormFacts, is_department_wide
from lintperf_builtin.facts.indicator import RowNature

__all__ = ["FRAMEWORK_CHECKS", "printed_points"]

_ZERO: Final = Decimal(0)
_CLASSES: Final = {
    "output": Text("产出", "output"),
    "benefit": Text("效益", "benefit"),
    "satisfaction": Text("满意度", "satisfaction"),
    "execution": Text("预算执行率", "execution"),
}


class Frame(NamedTuple):
    """The points of a form by class.

    sums     of each class, and of execution
    natures  the rows' natures
    points   the points of each row
    """

    sums: dict[str, Decimal]
    natures: Sequence[RowNature]
    points: Sequence[Decimal | None]

    def first(self) -> dict[str, int]:
        """The first row of each class that has points."""
        first: dict[str, int] = {}
        for number, (nature, points) in enumerate(zip(self.natures, self.points, strict=True)):
            if points:
                first.setdefault(nature.indicator_class, number)
        return first


def _frame(subject: Subject) -> Frame | None:
    """The points by class: weights of rows, or what first-level headings print where rows have none.

    None where there is neither, or a row with points is of no known class.
    """
    form = subject.facts(FormFacts)[0]
    natures = subject.facts(RowNature)
    if form.has_weights:
        points = subject.column("indicators", "weight")
    else:
        points = _printed_by_row(subject.rows("indicators"), natures)
    if not any(points):
        return None
    sums = {"output": _ZERO, "benefit": _ZERO, "satisfaction": _ZERO, "execution": form.execution_weight or _ZERO}
    try:
        for nature, weight in zip(natures, points, strict=True):
            if weight:
                sums[nature.indicator_class] += weight
    except KeyError:  # a row of no known class
        return None
    return Frame(sums, natures, points)


def _printed_by_row(rows: Sequence[Mapping[str, Any]], natures: Sequence[RowNature]) -> list[Decimal | None]:
    """The points that first-level headings print, each at the first row below it; none where they are incomplete."""
    if heading_points(rows, natures) is None:
        return []
    seen: set[str] = set()
    points: list[Decimal | None] = []
    for row in rows:
        level1 = row.get("level1") or ""
        match = None if level1 in seen else HEADING_POINTS.search(level1)
        seen.add(level1)
        points.append(None if match is None else Decimal(match[1]))
    return points


def _complete(subject: Subject) -> bool:
    """Whether no row that is not empty lacks its weight, where the form has weights."""
    return not subject.facts(FormFacts)[0].has_weights or all(
        row.get("weight") is not None or nature.is_empty or "weight" in (row.get("merged") or ())
        for row, nature in zip(subject.rows("indicators"), subject.facts(RowNature), strict=True)
    )


def framework_weights(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """The sums of the weights by class where they differ from `options`, in points; one problem a form.

    free   classes of which only the sum of points is laid down
    also   frames that are as good, each as `50/30/10/10`
    Nothing is said of a form without points for indicators and execution, with rows of another class, or whose points
    do not add up to what the options add up to; nor of forms other than a project's self-evaluation.
    """
    data = subject.data
    if subject.facts(FormFacts)[0].execution_weight is None or is_department_wide(data):
        return
    if data.get("kind") not in (None, "self-evaluation"):
        return
    frame = _frame(subject)
    if frame is None:
        return
    laid_down: dict[str, Decimal] = {name: options[name] for name in _CLASSES}
    if frame.sums == laid_down or sum(frame.sums.values()) != sum(laid_down.values()):
        return
    found, wanted = _together(frame.sums, options["free"]), _together(laid_down, options["free"])
    differing = [names for names in wanted if found[names] != wanted[names]]
    if not differing or "/".join(_points(frame.sums[name]) for name in _CLASSES) in options["also"]:
        return
    arguments = {
        "classes": _joined([_title(names) for names in wanted], "/"),
        "differing": [_difference(names, found[names], wanted[names]) for names in differing],
    }
    first = frame.first()
    places = [f"/indicators/{first[name]}/weight" for names in differing for name in names if name in first]
    top = f"/indicators/{min(first.values())}/weight"
    related = [place for place in places if place != top]
    # it is about classes: which row comes first in one says nothing
    row = "、".join(_CLASSES[name].zh for names in differing for name in names)
    yield Problem(top, arguments, _shown(found), _shown(wanted), related=related, row=row)


def _together(points: Mapping[str, Decimal], free: Sequence[str]) -> dict[tuple[str, ...], Decimal]:
    """The points by class; the free ones as one, where the first of them stands."""
    grouped: dict[tuple[str, ...], Decimal] = {}
    free_names = tuple(name for name in _CLASSES if name in free)
    for name in _CLASSES:
        names = free_names if name in free_names else (name,)
        grouped[names] = grouped.get(names, _ZERO) + points[name]
    return grouped


def _points(number: Decimal) -> str:
    """The number without zeros at its end: 50.0 is 50."""
    return format(number.normalize(), "f") if number else "0"


def _shown(points: Mapping[tuple[str, ...], Decimal]) -> str:
    return "/".join(_points(number) for number in points.values())


def _joined(texts: Sequence[Text], joint: str) -> Text:
    return Text(joint.join(text.zh for text in texts), joint.join(text.en for text in texts))


def _title(names: Sequence[str]) -> Text:
    return _joined([_CLASSES[name] for name in names], "+")


def _difference(names: Sequence[str], found: Decimal, wanted: Decimal) -> Text:
    title = _title(names)
    return Text(
        f"{title.zh} {_points(found)}（规定 {_points(wanted)}）",
        f"{title.en} {_points(found)} ({_points(wanted)} laid down)",
    )


# ---------------------------------------------------------------------------------------------- printed notes

_WORDS: Final = {
    "output": r"产出(?:类)?(?:指标)?",
    "benefit": r"(?<!经济)(?<!社会)(?<!生态)(?:效益|效果)(?:类)?(?:指标)?",
    "satisfaction": r"(?:服务对象|社会公众|受益对象)?满意度(?:类)?(?:指标)?",
    "execution": r"(?:项目|部门)?(?:预算|资金)(?:资金|支出)?执行(?:率|情况)(?:指标)?",
}
_CLASS: Final = "|".join(f"(?P<{name}>{words})" for name, words in _WORDS.items())
_NUMBER: Final = r"[0-9]{1,3}(?:\.[0-9]{1,2})?"
_CLASS_NAME: Final = pattern(_CLASS)
# 产出指标50分, 产出指标（50分）, 产出指标权重为50%, 产出、效益指标各40分; the words between name and number are few
_STATED: Final = pattern(
    rf"(?P<names>(?:(?:{'|'.join(_WORDS.values())})[、和及与,，]?){{1,4}})"
    r"(?P<between>(?:分值|权重|权数|比重|满分|标准分|设置|设定|统一|应当|应|[的均各为占是计共:：（(]){0,6})"
    rf"(?P<number>{_NUMBER})(?P<unit>分|%|％)"
)
_POINTS_WORDS: Final = ("分", "%", "％")
_SENTENCE: Final = pattern(r"[。；;\n]|(?<![0-9])[0-9][.、．](?![0-9])")
_HUNDRED: Final = Decimal(100)


class Printed(NamedTuple):
    """What a note lays down: points or percentages by class, and whether it is a rule of thumb only."""

    points: dict[str, Decimal]
    soft: bool


def printed_points(note: str, full: Decimal, exceptions: Sequence[str], softeners: Sequence[str]) -> Printed | None:
    """The points by class that a printed note lays down; None where it lays down fewer than two, or allows others.

    full        full marks, of which a percentage is a share
    exceptions  words that allow other points: 特殊情况, 可适当调整; anywhere in the note
    softeners   words of a rule of thumb: 原则上
    A class with two different numbers is left out. White space does not count.
    """
    if not any(word in note for word in _POINTS_WORDS):
        return None
    bare = "".join(note.split())
    found: dict[str, set[Decimal]] = {}
    sentences = []
    for sentence in _SENTENCE.split(bare):
        matches = list(_STATED.finditer(sentence))
        if matches:
            sentences.append(sentence)
        for match in matches:
            names = [name.lastgroup for name in _CLASS_NAME.finditer(match["names"])]
            if len(names) > 1 and not any(word in match["between"] for word in "均各"):
                continue  # 产出和效益指标80分: the sum of both
            number = Decimal(match["number"])
            value = number if match["unit"] == "分" else number * full / _HUNDRED
            for name in names:
                assert name is not None
                found.setdefault(name, set()).add(value)
    points = {name: min(found[name]) for name in _CLASSES if len(found.get(name, ())) == 1}
    if len(points) < 2 or any(word in bare for word in exceptions):
        return None
    return Printed(points, any(word in sentence for sentence in sentences for word in softeners))


def printed_note_broken(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """The points by class that the form's notes lay down against those of its table; one problem a note.

    full_marks  of a form that does not state them; exceptions, softeners: see `printed_points`
    Nothing is said where the table has no points, where a row lacks its weight or is of no known class, and of classes
    that the note does not name; of execution only where the form gives it a weight. A rule of thumb makes a note of it.
    """
    notes = subject.data.get("notes") or ()
    frame: Frame | None = None
    for number, note in enumerate(notes):
        if not note or not _may_state(note):
            continue
        full = (subject.data.get("total") or {}).get("weight") or options["full_marks"]
        printed = printed_points(note, full, options["exceptions"], options["softeners"])
        if printed is None:
            continue
        frame = frame or _frame(subject)
        if frame is None or not _complete(subject):
            return
        execution = subject.facts(FormFacts)[0].execution_weight
        differing = [
            name
            for name, points in printed.points.items()
            if frame.sums[name] != points and not (name == "execution" and execution is None)
        ]
        if not differing:
            continue
        arguments = {
            "differing": [_stated_otherwise(name, frame.sums[name], printed.points[name]) for name in differing]
        }
        first = frame.first()
        related = [f"/indicators/{first[name]}/weight" for name in differing if name in first]
        yield Problem(
            f"/notes/{number}",
            arguments,
            "/".join(f"{_CLASSES[name].zh}{_points(frame.sums[name])}" for name in printed.points),
            "/".join(f"{_CLASSES[name].zh}{_points(points)}" for name, points in printed.points.items()),
            related=related,
            severity=Severity.note if printed.soft else None,
            variant="rule-of-thumb" if printed.soft else None,
        )


def _may_state(note: str) -> bool:
    """A quick look: names of two classes and a number of points."""
    return ("产出" in note) + ("效益" in note) + ("满意" in note) + ("执行" in note) > 1 and (
        "分" in note or "%" in note or "％" in note
    )


def _stated_otherwise(name: str, found: Decimal, printed: Decimal) -> Text:
    title = _CLASSES[name]
    return Text(
        f"{title.zh} {_points(found)} 分（注为 {_points(printed)} 分）",
        f"{title.en} {_points(found)} (the note says {_points(printed)})",
    )


FRAMEWORK_CHECKS: tuple[Check, ...] = (
    Check(
        "framework-weights",
        "self-evaluation",
        framework_weights,
        Text("各类指标的分值与规定不符", "the weights of the classes differ from the framework"),
        {**dict.fromkeys(_CLASSES, "number"), "free": "text*", "also": "text*"},
    ),
    Check(
        "printed-note-broken",
        "self-evaluation",
        printed_note_broken,
        Text("各类指标的分值与表中的注不符", "the weights of the classes differ from the form's own note"),
        {"full_marks": "number", "exceptions": "text*", "softeners": "text*"},
    ),
)
