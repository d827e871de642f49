"""Functions of expressions over scoring standards."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import TYPE_CHECKING, Final

from lintperf.extension import Function
from lintperf.model import Text
from lintperf.patterns import pattern
from lintperf.rules.functions import agrees
from lintperf_builtin.facts.measures import Kind, parse_measure
from lintperf_builtin.facts.units import convert, unit_relation

if TYPE_CHECKING:
    from lintperf_builtin.prose.standards import Standard

__all__ = [
    "PROSE_FUNCTIONS",
    "all_or_nothing",
    "demanded_number",
    "formula_only",
    "listed_points",
    "over_achievement_score_fits",
    "rewarded_fault",
    "score_by_standard",
]

_ZERO: Final = Decimal(0)
_ONE: Final = Decimal(1)
_TWO: Final = Decimal(2)
_NEGATION: Final = pattern(r"[不未无没非免防杜禁否零]|是否|扣|有无")
_THERE_IS: Final = ("存在", "发生", "出现")
_FAULT_TAIL: Final = pattern(r"(?:的?等?(?:情况|现象|问题|行为|支出|资金|开支|违规行为)?)[。；;，,、\s]*$")
_DEMANDING_MORE: Final = ("超", "偏差", "偏离", "完成率", "得分率")


def standard(criterion: str, weight: Decimal | None) -> Standard:
    """A scoring standard as read; what reads it is imported at the first one, as most forms print none."""
    from lintperf_builtin.prose import standards

    return standards.standard(criterion, weight)


def listed_points(criterion: str, weight: Decimal | None) -> Decimal | None:
    """The sum of the points that a standard lists (①…（1分）②…（1.5分）); None where it lists none that add up.

    Alternatives (优4分, 良3分), deductions and `得4分` do not add up.
    """
    read = standard(criterion, weight)
    if not read.points or read.alternatives or read.deductions:
        return None
    return sum((point.points for point in read.points), Decimal(0))


def formula_only(criterion: str) -> bool:
    """Whether a standard prints the formula of its indicator and says nothing of points."""
    read = standard(criterion, None)
    return read.formula and not read.rule


def all_or_nothing(criterion: str) -> bool:
    """Whether a standard gives full marks or none (得满分，否则不得分) without points, steps or proportion."""
    read = standard(criterion, None)
    return read.full and read.nothing and not (read.points or read.proportional or read.deductions or read.thresholds)


def rewarded_fault(criterion: str, faults: Collection[str]) -> str | None:
    """The enumerated point that gives marks and ends in a fault (…重复（0.5分）), or None.

    A point with a negation (不, 未, 无, 没有, 避免) or a deduction in it rewards no fault.
    """
    for point in standard(criterion, None).points:
        if not point.points or _NEGATION.search(point.text):
            continue
        bare = _FAULT_TAIL.sub("", point.text)
        if bare.endswith(tuple(faults)) or (bare.startswith(_THERE_IS) and any(word in bare for word in faults)):
            return f"{point.mark}{point.text}"
    return None


def demanded_number(criterion: str, target: str, unit: str | None, name: str, weight: Decimal | None) -> Decimal | None:
    """The number that a standard demands for full marks, in the unit of the target; None where none is comparable.

    Compared are numbers of the same unit, and percentages only where the standard names the indicator (or nothing)
    before them. Where one of several demands is the target's number, that one is taken.
    """
    goal = parse_measure(target, None, unit)
    if goal.value is None or goal.kind not in (Kind.number, Kind.range):
        return None
    found: list[Decimal] = []
    read = standard(criterion, weight)
    for demand in read.demands:
        if any(word in demand.subject for word in _DEMANDING_MORE if word not in name):
            continue
        relation = unit_relation(demand.unit, goal.unit) if goal.unit and demand.unit else "unknown"
        if relation not in ("same", "convertible"):
            continue
        if demand.unit == "%" and not _names(demand.subject, name):
            continue
        value = convert(demand.value, demand.unit, goal.unit) if relation == "convertible" else demand.value
        if value is not None:
            found.append(value)
    if not found:
        return None
    stated = (goal.value, goal.upper)
    return next((value for value in found if value in stated), found[0])


def _names(subject: str, name: str) -> bool:
    """Whether what stands before a percentage is the indicator's name, its end, or nothing."""
    bare = "".join(name.split())
    return not subject or subject in bare or bare in subject


def over_achievement_score_fits(weight: Decimal, score: Decimal, completion: Decimal, limit: Decimal) -> bool:
    """Whether an over-achieving row's score follows its deviation, as 财预〔2020〕10号 asks without giving a formula.

    Accepted, at the decimals that the score is written with: weight × (2 - completion), weight × (1 - what exceeds the
    limit), weight ÷ completion; 0 where they would be negative. False for a completion of 0.
    """
    if completion <= 0:
        return False
    shares = (_TWO - completion, _ONE - max(_ZERO, completion - limit), _ONE / completion)
    return any(agrees(max(_ZERO, share) * weight, score) for share in shares)


def score_by_standard(criterion: str, target: str, actual: str, weight: Decimal) -> Decimal | None:
    """The score that a printed standard gives; None where its formula is not complete."""
    from lintperf_builtin.prose.standards import recomputed

    return recomputed(standard(criterion, weight), target, actual, weight)


PROSE_FUNCTIONS: tuple[Function, ...] = (
    Function(
        "listed_points",
        ("text", "number?"),
        "number?",
        listed_points,
        Text(
            "评分标准逐条所列分数之和：标准、分值；不能相加时缺失",
            "the sum of the points that a standard lists: standard, weight; missing where they do not add up",
        ),
    ),
    Function(
        "formula_only",
        ("text",),
        "bool",
        formula_only,
        Text("评分标准只有计算公式，没有得分或扣分办法", "whether a standard gives a formula and no rule for points"),
    ),
    Function(
        "all_or_nothing",
        ("text",),
        "bool",
        all_or_nothing,
        Text("评分标准只有满分和不得分两档", "whether a standard gives full marks or none"),
    ),
    Function(
        "rewarded_fault",
        ("text", "text*"),
        "text?",
        rewarded_fault,
        Text(
            "评分标准中以过错得分的一条：标准、过错的词",
            "the point of a standard that gives marks for a fault: standard, words for faults",
        ),
    ),
    Function(
        "demanded_number",
        ("text", "text", "text?", "text", "number?"),
        "number?",
        demanded_number,
        Text(
            "评分标准要求的数，按指标值的单位：标准、指标值、度量单位、指标名称、分值",
            "the number that a standard demands, in the target's unit: standard, target, unit, name, weight",
        ),
    ),
    Function(
        "over_achievement_score_fits",
        ("number", "number", "number", "number"),
        "bool",
        over_achievement_score_fits,
        Text(
            "超额完成时的得分与偏离程度相符：分值、得分、完成率、超额界限",
            "whether the score of an over-achievement follows its deviation: weight, score, completion, limit",
        ),
    ),
    Function(
        "score_by_standard",
        ("text", "text", "text", "number"),
        "number?",
        score_by_standard,
        Text(
            "按所印评分标准应得的分：标准、指标值、完成值、分值；标准不完整时缺失",
            "the score that a printed standard gives: standard, target, actual, weight; missing where it gives none",
        ),
    ),
)
