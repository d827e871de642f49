"""Scoring standards (评分标准): what they ask for, which points they give and take, and the score that follows.

A standard is a text in the cell of a table. What is read: enumerated points with their marks, ①…（1分）; demands, ≥6场
or ≥90%得满分; what happens below (按比例扣分, 每降低1个百分点扣0.1分, 不得分) and beyond (偏差超130%扣1分). What the
text leaves open stays open: `recomputed` gives a score only where the formula is complete.
"""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Final, NamedTuple

from lintperf.patterns import pattern
from lintperf_builtin.facts.measures import Kind, Measure, parse_measure
from lintperf_builtin.facts.numerals import EXACT, SCALES
from lintperf_builtin.facts.units import NAMES, convert, unit_relation
from lintperf_builtin.prose.sentences import level
from lintperf_builtin.prose.words import any_of

__all__ = ["Deduction", "Demand", "Point", "Standard", "Threshold", "Worked", "recomputed", "standard", "worked"]


class Point(NamedTuple):
    """One point of a list: its mark (①), its text without the points, and the points that it gives."""

    mark: str
    text: str
    points: Decimal


class Demand(NamedTuple):
    """A number that earns full marks: ≥ 30个. `subject` is what stands before it in its clause."""

    subject: str
    operator: str
    value: Decimal
    unit: str | None
    text: str


class Deduction(NamedTuple):
    """每降低1个百分点扣0.1分: for each `step` (of `unit`; None: a count) below the target `points` are lost.

    started   whether a part of a step counts as a whole one
    """

    step: Decimal
    unit: str | None
    points: Decimal
    started: bool


class Threshold(NamedTuple):
    """偏差超130%扣1分: beyond `ratio` (a deviation of 0.3, however it is worded) `points` are lost; None: all of them.

    percent   the percentage as written, 130
    named     the word used for it: 偏差 or 完成率
    """

    ratio: Decimal
    percent: Decimal
    named: str
    points: Decimal | None


class Standard(NamedTuple):
    """A scoring standard as read.

    points        the enumerated points with marks, in order
    alternatives  whether they exclude each other (优4分, 良3分) and so do not add up
    full          it says when full marks are given: 得满分, 得4分
    nothing       otherwise there are none: 否则不得分
    proportional  what is missed costs in proportion: 按比例扣分
    deductions    points for each step below the target
    thresholds    points lost beyond a deviation
    demands       numbers that earn full marks
    formula       it prints a formula of the indicator: 到位率=（…/…）×100%
    rule          it says at all how points are given or lost
    """

    text: str
    points: tuple[Point, ...]
    alternatives: bool
    full: bool
    nothing: bool
    proportional: bool
    deductions: tuple[Deduction, ...]
    thresholds: tuple[Threshold, ...]
    demands: tuple[Demand, ...]
    formula: bool
    rule: bool


_HUNDRED: Final = Decimal(100)
_ONE: Final = Decimal(1)
_LONGEST: Final = 5_000
_NUMBER: Final = r"[0-9]{1,9}(?:\.[0-9]{1,6})?"

_MARK: Final = pattern(
    r"[①-⑳]|(?<![0-9.])[(]?[0-9]{1,2}(?:[.、](?![0-9])|[)])|[一二三四五六七八九十]{1,2}是|[一二三四五六七八九十]、|[A-Ha-h][.、]"
)
_POINTS: Final = pattern(
    rf"[(（\[]\s*(?:得|计|占|满分|分值[:：]?|共|[+])?\s*({_NUMBER})\s*分?\s*[)）\]]|(?:得|计)\s*({_NUMBER})\s*分"
)
_BRACKETED: Final = pattern(rf"[(（\[]\s*(?:得|计|占|满分|分值[:：]?)?\s*({_NUMBER})\s*分\s*[)）\]]")
_FULL: Final = pattern(r"满分|得全分|不扣分")
_EARNS: Final = pattern(rf"(?:得|计|赋)\s*({_NUMBER})\s*分")
_NOTHING: Final = pattern(
    r"(?:否则|不然|反之|其他情况|其余情?况?)[^。；;]{0,12}?(?:不得分|得\s*0\s*分|计\s*0\s*分|0\s*分|零分|不计分)"
)
_PROPORTIONAL: Final = pattern(
    r"按(?:照)?(?:实际)?(?:完成)?(?:情况)?(?:的)?(?:比例|比率|百分比|完成率|完成情况|权重)[^。；;，,]{0,8}?(?:扣|得|计|给|折算|赋)"
    r"|按(?:完成)?比例|得分\s*=|[×*xX]\s*(?:指标|该指标|本指标|权重|分值|标准)?(?:权重|分值|标准分|满分)|等比例|酌情扣分|成比例"
)
_DEDUCTION: Final = pattern(
    rf"每(?:降低|减少|下降|低|少|差|偏离|偏差|超过|超出|超|增加|高|延迟|延误|逾期|有|出现|发现|存在|缺)?[^，,。；;0-9一]{{0,12}}?({_NUMBER}|一)?\s*"
    rf"(个百分点|百分点|%|个|次|场|项|人次|人|天|日|份|户|家|例|处|条|件|篇|期|本|起|人·次)[^。；;]{{0,16}}?扣(?:减|除)?\s*({_NUMBER})\s*分"
)
_STARTED: Final = pattern(r"不足\s*(?:1|一)\s*个?[^，,。；;]{0,8}[，,]?[^，,。；;]{0,4}?按\s*(?:1|一)\s*个?")
# what is beyond the target: 偏差超130%扣1分, 实际完成数超过计划数130%的，扣1分
_THRESHOLD: Final = pattern(
    r"(?<!每)(偏差率?|偏离[度率]?|完成率|完成比例|完成值|完成[数量]|实际完成[数量值]?|实际值|超额(?:完成)?|超[过出]?|高于|大于)"
    rf"[^。；;0-9扣低少每不未小<]{{0,24}}?({_NUMBER})\s*%[^。；;0-9]{{0,16}}?(?:扣(?:减|除)?\s*({_NUMBER})\s*分|不得分)"
)
_BEYOND: Final = pattern(r"[超>]|大于|高于|以上")
_BEYOND_RULE: Final = pattern(r"(?:超|高于|大于|偏差|偏离|>)[^。；;]{0,40}(?:扣|不得分|酌情)")
_ANY_DEVIATION: Final = ("偏差", "偏离", "超出", "超过目标", "超过预期")
_FORMULA: Final = pattern(r"[^=，,。；;]{2,30}=\s*[^=。；;]{0,80}(?:[/÷×*]|100%)")
_RULE: Final = pattern(
    rf"得分|满分|扣|不得|(?:得|计|赋|给)\s*{_NUMBER}\s*分|{_NUMBER}\s*分(?!钟)|按比例|不计分|零分|酌情|得全分"
)
_OPERATORS: Final = {
    "不低于": ">=", "不少于": ">=", "不小于": ">=", "达到": ">=", "至少": ">=", "≥": ">=", ">=": ">=", "超过": ">",
    "大于": ">", "高于": ">", ">": ">", "不超过": "<=", "不高于": "<=", "不大于": "<=", "≤": "<=", "<=": "<=",
    "低于": "<", "小于": "<", "<": "<", "=": "=", "等于": "=", "为": "=", "完成": ">=", "达": ">=",
}  # fmt: skip
_UNITS: Final = any_of(name for name in NAMES if not name.isascii() and name not in ("分", "分数", "小数", "比值"))
_DEMAND: Final = pattern(
    rf"({any_of(_OPERATORS)}|(?<=[率度]))\s*({_NUMBER})\s*({any_of(SCALES)})?\s*(%|‰|(?:{_UNITS})|h|km|m²|㎡|m(?![a-z0-9²])|t(?![a-z]))"
)
_SENTENCE: Final = pattern(r"[。；;\n]|(?=[①-⑳])")


@lru_cache(maxsize=2_048)
def standard(text: str, weight: Decimal | None = None) -> Standard:
    """The scoring standard that `text` prints; `weight` tells 得4分 as full marks from a part of them. Never raises."""
    plain = level(text[:_LONGEST]).replace("％", "%")
    points = _enumerated(plain)
    formula = _FORMULA.search(plain) is not None
    rules = plain
    nothing = _NOTHING.search(plain) is not None
    full = _FULL.search(plain) is not None or any(
        weight is None or Decimal(match[1]) == weight for match in _EARNS.finditer(plain)
    )
    return Standard(
        text=text,
        points=points,
        alternatives=_alternatives(plain, points, weight),
        full=full,
        nothing=nothing,
        proportional=_PROPORTIONAL.search(plain) is not None,
        deductions=tuple(_deductions(plain)),
        thresholds=tuple(_thresholds(plain)),
        demands=tuple(_demands(plain, weight)),
        formula=formula,
        rule=_RULE.search(rules) is not None or _PROPORTIONAL.search(plain) is not None,
    )


def _enumerated(plain: str) -> tuple[Point, ...]:
    """The points of a list, each with its marks in brackets behind it: at least two of them, each with one mark."""
    marks = list(_MARK.finditer(plain))
    found: list[Point] = []
    for mark, following in zip(marks, [*marks[1:], None], strict=False):
        part = plain[mark.end() : following.start() if following else len(plain)]
        given = list(_BRACKETED.finditer(part))
        if not given:
            continue
        body = part[: given[0].start()]
        tail = part[given[0].end() :]
        if not following and not tail.strip(" 。；;，,、"):
            tail = ""
        found.append(Point(mark[0], body.strip(" 。；;，,、:："), Decimal(given[0][1])))
        if len(given) > 1:
            return ()
    return tuple(found) if len(found) > 1 else ()


_GRADES: Final = pattern(
    r"优秀|良好|一般|较差|较好|基本|部分|优[:：(（]|良[:：(（]|[0-9]{1,3}%?\s*(?:-|~|至)\s*[0-9]{1,3}%?|否则"
)


def _alternatives(plain: str, points: tuple[Point, ...], weight: Decimal | None) -> bool:
    """Whether the points of a list exclude each other: they fall, from the weight on, or are the steps of a scale."""
    if not points:
        return False
    if "任一" in plain or "之一" in plain or "其中一" in plain or "取最高" in plain:
        return True
    values = [point.points for point in points]
    falling = all(one > other for one, other in pairwise(values))
    if weight is not None and values[0] == weight and len(values) > 1:
        return True
    return falling and all(_GRADES.search(point.text) for point in points)


def _deductions(plain: str) -> list[Deduction]:
    started = _STARTED.search(plain) is not None
    found = []
    for match in _DEDUCTION.finditer(plain):
        step = _ONE if match[1] in (None, "一") else Decimal(match[1])
        if step > 0:
            unit = "百分点" if match[2] in ("个百分点", "百分点", "%") else match[2]
            found.append(Deduction(step, unit, Decimal(match[3]), started))
    return found


def _thresholds(plain: str) -> list[Threshold]:
    found = []
    for match in _THRESHOLD.finditer(plain):
        if not _BEYOND.search(match[0]):
            continue
        percent = Decimal(match[2])
        completion = match[1].startswith("完成") or percent >= _HUNDRED
        ratio = (percent - _HUNDRED if completion else percent) / _HUNDRED
        if ratio >= 0:
            found.append(Threshold(ratio, percent, match[1], Decimal(match[3]) if match[3] else None))
    return found


def _demands(plain: str, weight: Decimal | None) -> list[Demand]:
    """The numbers that earn full marks: in a clause before 得满分 or 得N分 of the weight, the first in its sentence."""
    found: list[Demand] = []
    place = 0
    for part in _SENTENCE.split(plain):
        place += len(part)
        earned = _FULL.search(part) or next(
            (match for match in _EARNS.finditer(part) if weight is None or Decimal(match[1]) == weight), None
        )
        if earned is None:
            continue
        # what earns less stands before it: ≥80%得3分，≥90%得满分
        lesser = max((match.end() for match in _EARNS.finditer(part, 0, earned.start())), default=0)
        for match in _DEMAND.finditer(part, lesser, earned.start()):
            before = "".join(part[: match.start()].split())
            clause = re.split(r"[，,()（）:：]", before)[-1]
            if any(word in clause for word in _ANY_DEVIATION) or clause.endswith(("每", "未", "不")):
                continue
            unit = NAMES.get(match[4], match[4])
            value = Decimal(match[2])
            if match[3]:
                value = EXACT.scaleb(value, SCALES[match[3]])
            found.append(Demand(clause.lstrip("①②③④⑤⑥⑦⑧⑨⑩"), _OPERATORS.get(match[1], "="), value, unit, match[0]))
            break
    return found


# ---------------------------------------------------------------------------------------------- the score that follows


class Worked(NamedTuple):
    """A score that a standard gives, exactly and not rounded, and how it comes about.

    how      full: full marks; beyond: `points` lost beyond a deviation (None: all of them); steps: `points` lost for
             each of `number` steps; share: the weight times `number`; nothing
    """

    score: Decimal
    how: str
    number: Decimal | None = None
    points: Decimal | None = None


def recomputed(read: Standard, target: str | None, actual: str | None, weight: Decimal) -> Decimal | None:
    """The score of `worked`."""
    found = worked(read, target, actual, weight)
    return None if found is None else found.score


def worked(read: Standard, target: str | None, actual: str | None, weight: Decimal) -> Worked | None:
    """The score that a standard gives a row, exactly and not rounded; None where its formula is not complete.

    Complete are: full marks for a met demand, with what is missed in proportion, by steps or worth nothing, and points
    lost beyond a deviation. A list of points, a qualitative target, or a number that cannot be compared gives None.
    """
    if read.points or not read.rule:
        return None
    goal, done = parse_measure(target or ""), parse_measure(actual or "")
    value = _in_unit(done, goal)
    if value is None or goal.value is None or goal.value <= 0 or goal.kind is not Kind.number:
        return None
    asked = _asked(read, goal)
    if asked is None:
        return None
    operator, bound = asked
    if operator in ("<=", "<"):
        return Worked(weight, "full") if value <= bound and (read.full or read.demands) else None
    completion = EXACT.divide(value, bound)
    if value >= bound:
        return _beyond(read, completion, weight) if read.full or read.demands or read.thresholds else None
    return _below(read, bound, value, completion, goal.unit, weight)


def _in_unit(done: Measure, goal: Measure) -> Decimal | None:
    if done.kind is not Kind.number or done.value is None or done.operator not in (None, "="):
        return None
    if done.unit is None or goal.unit is None or done.unit == goal.unit:
        return done.value
    if unit_relation(done.unit, goal.unit) == "soft":
        return done.value
    return convert(done.value, done.unit, goal.unit)


def _asked(read: Standard, goal: Measure) -> tuple[str, Decimal] | None:
    """Operator and number that the standard asks for: its own, or those of the target; None where they contradict."""
    assert goal.value is not None
    for demand in read.demands:
        if demand.unit == goal.unit or unit_relation(demand.unit, goal.unit) in ("same", "soft"):
            return (goal.operator or demand.operator, demand.value) if demand.value == goal.value else None
    return goal.operator or ">=", goal.value


def _beyond(read: Standard, completion: Decimal, weight: Decimal) -> Worked | None:
    for threshold in read.thresholds:
        if completion - _ONE > threshold.ratio:
            left = Decimal(0) if threshold.points is None else max(Decimal(0), weight - threshold.points)
            return Worked(left, "beyond", completion, threshold.points)
    if completion > _ONE and not read.thresholds and _BEYOND_RULE.search(level(read.text)):
        return None  # a rule in words that are not known
    return Worked(weight, "full")


def _below(
    read: Standard, bound: Decimal, value: Decimal, completion: Decimal, unit: str | None, weight: Decimal
) -> Worked | None:
    if len(read.deductions) == 1:
        rule = read.deductions[0]
        missed = bound - value
        if rule.unit == "百分点" and unit != "%":
            missed = (_ONE - completion) * _HUNDRED
        elif rule.unit != "百分点" and unit_relation(rule.unit, unit) not in ("same", "soft"):
            return None
        steps = EXACT.divide(missed, rule.step)
        if rule.started:
            steps = steps.to_integral_value(ROUND_CEILING)
        return Worked(max(Decimal(0), weight - steps * rule.points), "steps", steps, rule.points)
    if read.deductions:
        return None
    if read.proportional:
        share = max(Decimal(0), completion)
        return Worked(EXACT.multiply(weight, share), "share", share)
    return Worked(Decimal(0), "nothing") if read.nothing else None
