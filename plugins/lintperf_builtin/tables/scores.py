"""What a row should score: the formulas in official use, each with its numbers put in, and why there may be none.

The formulas are those that the rules about scores accept (facts.scoring, facts.form, prose.standards), so that table
and findings never contradict each other. A row that no formula can score is left open and never guessed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from lintperf.model import Text
from lintperf.patterns import pattern
from lintperf.rules.functions import agrees, decimals, round_half_up
from lintperf_builtin.facts.criteria import Criterion
from lintperf_builtin.facts.indicator import Achievement, RowNature
from lintperf_builtin.prose.standards import standard, worked

__all__ = ["Scored", "Way", "execution_score", "indicator_score", "nearest", "number_text", "rounded_as"]

_ZERO: Final = Decimal(0)
_ONE: Final = Decimal(1)
_TWO: Final = Decimal(2)
_HUNDRED: Final = Decimal(100)
_EXACT: Final = Decimal(20)
# a ratio is rounded to whole percents or to hundredths of a percent before it is multiplied
_RATE_DECIMALS: Final = (_TWO, Decimal(4))
_LEAVES_OPEN: Final = ("扣", "不得分", "酌情")


class Way(NamedTuple):
    """A formula that gives a score: the exact score, and the formula with its numbers, without the result.

    words  whether the formula is a sentence, behind which the result stands without a sign
    """

    score: Decimal
    formula: Text
    words: bool = False


class Scored(NamedTuple):
    """What a row should score.

    score    the score at the decimals of the stated one; None where no formula gives one
    formula  with numbers and result; None without a score
    low, high  what the accepted formulas range over, where they differ, or the band that an official method leaves
    note     why there is no score, or what is to be known beside it
    wrong    without a score: whether the stated one cannot be right all the same
    """

    score: Decimal | None = None
    formula: Text | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    note: Text | None = None
    wrong: bool = False


def number_text(number: Decimal) -> str:
    """A number for a formula: as it is written, with at most four decimals."""
    return f"{number:f}" if decimals(number) <= 4 else _short(number)


def _short(number: Decimal) -> str:
    """A computed number with at most four decimals, without zeros at the end."""
    return f"{round_half_up(number, Decimal(4)).normalize():f}"


def _percent(ratio: Decimal) -> str:
    return f"{round_half_up(ratio * _HUNDRED, _TWO).normalize():f}%"


def rounded_as(exact: Decimal, stated: Decimal | None, least: Decimal = _TWO) -> Decimal:
    """A score as the stated one is written: rounded half up to its decimals or `least`, whichever are more, and cut
    down to its decimals where nothing is lost by that. Without a stated one zeros at the end are left out.
    """
    places = decimals(stated) if stated is not None else _ZERO
    exact = round_half_up(exact, _EXACT)
    full = round_half_up(exact, max(places, least))
    short = round_half_up(exact, places)
    return short if short == full else full


def nearest(ways: Sequence[Way], stated: Decimal | None, note: Text | None = None, least: Decimal = _TWO) -> Scored:
    """The way that the stated score follows, at the decimals it is written with, else the first one.

    low and high are what all ways range over, where they differ.
    """
    chosen = ways[0]
    score = rounded_as(chosen.score, stated, least)
    if stated is not None:
        for way in ways:
            if agrees(way.score, stated) or agrees(round_half_up(way.score, _EXACT), stated):
                chosen, score = way, round_half_up(way.score, decimals(stated))
                break
    values = [rounded_as(way.score, stated, least) for way in ways]
    low, high = min(values), max(values)
    sign = " " if chosen.words else " = " if chosen.score == score else " ≈ "
    formula = Text(f"{chosen.formula.zh}{sign}{score:f}", f"{chosen.formula.en}{sign}{score:f}")
    if low == high:
        return Scored(score, formula, note=note)
    return Scored(score, formula, low, high, note)


# ---------------------------------------------------------------------------------------------- indicators

_SHARED: Final = Text("与相邻行共用一格分值或得分", "weight or score is one cell with that of a row beside it")
_NO_WEIGHT: Final = Text("没有分值", "no weight")
_EMPTY: Final = Text("空行，不计分", "an empty row, not scored")
_NO_TARGET: Final = Text("没有指标值", "no target")
_NO_ACTUAL: Final = Text("没有完成值", "no actual")
_UNITS: Final = Text("指标值与完成值单位不同，不能比较", "target and actual have different units")
_OTHER_LINE: Final = Text("评分标准另有满分线", "the standard asks for another number than the target")
_POINT_BY_POINT: Final = Text("评分标准按要点给分，须对照材料评定", "the standard gives points one by one, on evidence")
_OTHER_RULE: Final = Text(
    "评分标准或表中所注另有扣分办法", "the standard or a note has a rule of its own for lost points"
)
_WORDS: Final = Text("定性指标，须对照材料评定", "a qualitative target, judged on evidence")
_PROSE: Final = Text("指标值没有可计算的数", "the target gives nothing to compute with")
_INCOMPARABLE: Final = Text("完成值与指标值不能直接比较", "target and actual cannot be compared")
_MET: Final = Text("达到指标值，得满分", "target met, full marks")
_ON_BOUND: Final = Text("恰为界限，按字面未达到", "exactly on a bound that does not count, read literally")
_ABOVE_RANGE: Final = Text("高于指标值的区间，是否扣分由评审决定", "above the range of the target: for the reviewer")
_BEYOND: Final = Text("超额较多，是否扣分由评审决定", "far above the target: for the reviewer")

# The three bands of qualitative targets (财预〔2020〕10号): how a result begins, the least and the most of the weight.
_BANDS: Final = (
    (pattern(r"未达成|未完成|未实现"), Decimal("0"), Decimal("0.6")),
    (pattern(r"部分(?:达成|完成|实现)"), Decimal("0.6"), Decimal("0.8")),
    (pattern(r"(?:全部|全面|基本)?(?:达成|完成|实现)(?:了)?(?:预期|年度|既定)"), Decimal("0.8"), Decimal("1")),
)
_FIRST_BAND: Final = pattern(r"(?:全部或)?基本(?:达成|完成|实现)")


def indicator_score(
    row: Mapping[str, Any],
    nature: RowNature,
    facts: Achievement,
    criterion: Criterion,
    limit: Decimal,
    deducts: bool,
) -> Scored:
    """What an indicator should score.

    limit    actual ÷ target from which offices may take points off for over-achievement
    deducts  whether a text of the form states a rule of its own for lost points
    """
    weight, stated = row.get("weight"), row.get("score")
    if nature.is_empty:
        return Scored(note=_EMPTY)
    if weight is None:
        return Scored(note=_NO_WEIGHT)
    if nature.shares_points:
        return Scored(note=_SHARED)
    printed = _printed(row, criterion, weight)
    full = Way(weight, _MET, True)
    rule = criterion.scoring_rule
    open_rule = criterion.due_score is None and (
        any(word in rule for word in _LEAVES_OPEN) if rule is not None else deducts
    )
    if facts.met:
        if printed is not None:
            return nearest((printed,), stated)
        if stated is not None and stated < weight:
            if open_rule:
                return Scored(note=_OTHER_RULE)
            if (facts.completion or _ONE) > limit:
                return Scored(note=_BEYOND)
        return nearest((full,), stated)
    if facts.met is None:
        return _unknown(row, facts, rule, printed, stated, weight)
    if facts.strict_equality or facts.above_range:
        note = _ON_BOUND if facts.strict_equality else _ABOVE_RANGE
        ways = (full,) if printed is None else (printed, full)
        scored = nearest(ways, stated, note)
        return scored if stated is None or scored.score == stated else Scored(note=note)
    return _missed(row, facts, criterion, printed, stated, weight, open_rule)


def _missed(
    row: Mapping[str, Any],
    facts: Achievement,
    criterion: Criterion,
    printed: Way | None,
    stated: Decimal | None,
    weight: Decimal,
    open_: bool,
) -> Scored:
    general = list(_shortfall(facts, weight))
    ways = general if printed is None else [printed, *general]
    if ways:
        if stated is not None and stated >= weight:
            # full marks for a missed target are right only where they are what is due at two decimals and more
            due = [
                way for way in (printed, *general[:1]) if way is not None and rounded_as(way.score, stated) >= weight
            ]
            if due:
                return nearest(due, stated)
            if criterion.own_bound:
                return Scored(note=_OTHER_LINE)
            return nearest(ways, None)
        scored = nearest(ways, stated)
        if scored.score == stated:
            return scored
        if criterion.own_bound:
            return Scored(note=_OTHER_LINE)
        if open_ and stated is not None:
            return Scored(note=_OTHER_RULE)
        return scored
    if criterion.own_bound:
        return Scored(note=_OTHER_LINE)
    wrong = stated is not None and stated >= weight
    if facts.target_kind == "words":
        return _band("".join((row.get("actual") or "").split()), stated, weight)._replace(wrong=wrong)
    less = Text(
        f"未达到指标值，应低于 {weight:f}；没有公式算出扣多少",
        f"target missed, less than {weight:f}; no formula says how much less",
    )
    return Scored(note=less, wrong=wrong)


def _unknown(
    row: Mapping[str, Any],
    facts: Achievement,
    rule: str | None,
    printed: Way | None,
    stated: Decimal | None,
    weight: Decimal,
) -> Scored:
    """A row of which nobody can say by its cells whether the target is met."""
    target, actual = ("".join((row.get(name) or "").split()) for name in ("target", "actual"))
    if printed is not None:
        return nearest((printed,), stated)
    if not target and not rule:
        return Scored(note=_NO_TARGET)
    if not actual:
        return Scored(note=_NO_ACTUAL)
    if facts.unit_relation == "different":
        return Scored(note=_UNITS)
    if rule is not None and standard(rule, weight).points:
        return Scored(note=_POINT_BY_POINT)
    if facts.target_kind in ("words", "prose", "empty", "template"):
        return _band(actual, stated, weight)
    return Scored(note=_PROSE if facts.target_kind in ("composite", "unreadable") else _INCOMPARABLE)


def _band(actual: str, stated: Decimal | None, weight: Decimal) -> Scored:
    """A qualitative result in the words of the official bands leaves a range, any other nothing."""
    if _FIRST_BAND.match(actual):
        share: tuple[Decimal, Decimal] | None = (Decimal("0.8"), _ONE)
    else:
        share = next(((low, high) for words, low, high in _BANDS if words.match(actual)), None)
    if share is None:
        return Scored(note=_WORDS)
    low, high = (rounded_as(each * weight, stated) for each in share)
    bounds = f"{share[0] * 100:.0f}%–{share[1] * 100:.0f}%"
    outside = stated is not None and not low <= stated <= high
    return Scored(None, None, low, high, Text(
        f"定性指标，按三档记分办法为分值的 {bounds}，即 {low:f}–{high:f}"
        + (f"，填报的 {stated:f} 在其外" if outside else ""),
        f"qualitative; its official band is {bounds} of the weight, {low:f}–{high:f}"
        + (f", which leaves out the stated {stated:f}" if outside else ""),
    ))  # fmt: skip


def _printed(row: Mapping[str, Any], criterion: Criterion, weight: Decimal) -> Way | None:
    """The way that the printed scoring standard prescribes; None where its formula is not complete."""
    if criterion.due_score is None or criterion.scoring_rule is None:
        return None
    found = worked(standard(criterion.scoring_rule, weight), row.get("target"), row.get("actual"), weight)
    if found is None:
        return None
    points = number_text(weight)
    if found.how == "steps" and found.number is not None and found.points is not None:
        steps, each = _short(found.number), number_text(found.points)
        return Way(found.score, _by_standard(f"{points} − {steps} × {each}"))
    if found.how == "share" and found.number is not None:
        return Way(found.score, _by_standard(f"{points} × {_percent(found.number)}"))
    if found.how == "beyond" and found.points is not None:
        return Way(found.score, _by_standard(f"{points} − {number_text(found.points)}"))
    if found.how == "full":
        return Way(found.score, Text("达到评分标准，得满分", "what the standard asks for, full marks"), True)
    return Way(found.score, Text("未达到评分标准，得", "below what the standard asks for, points"), True)


def _by_standard(formula: str) -> Text:
    return Text(f"按评分标准 {formula}", f"by the printed standard {formula}")


def _shortfall(facts: Achievement, weight: Decimal) -> Iterator[Way]:
    """The ways to score a missed target, the most generous first; none where the ratio is not known."""
    points = number_text(weight)
    if facts.parts_completion is not None and facts.parts_completion < 1:
        share = facts.parts_completion
        mean = Text("各部分完成率的平均", "mean of the parts")
        words = (f"{points} × {_percent(share)}（{mean.zh}）", f"{points} × {_percent(share)} ({mean.en})")
        yield from _ways(weight, share, Text(*words))
    elif facts.completion is not None and facts.completion < 1:
        share = max(facts.completion, _ZERO)
        goal, done = facts.target_value or _ZERO, facts.actual_value
        plain = bool(goal) and done is not None and done >= 0 and _alike(done / goal, share)
        formula = (
            f"{points} × {number_text(done)} ÷ {number_text(goal)}"
            if plain and done is not None
            else f"{points} × {_percent(share)}"
        )
        yield from _ways(weight, share, Text(formula, formula))
    elif facts.excess is not None and facts.excess > 0:
        goal, done = facts.target_value or _ZERO, facts.actual_value
        plain = bool(goal) and done is not None and _alike((done - goal) / goal, facts.excess)
        if plain and done is not None:
            first = f"{points} × {number_text(goal)} ÷ {number_text(done)}"
            difference = f"({number_text(done)} − {number_text(goal)}) ÷ {number_text(goal)}"
        else:
            first = f"{points} ÷ {_short(_ONE + facts.excess)}"
            difference = _percent(facts.excess)
        second = f"{points} × (1 − {difference})"
        yield from _ways(weight, _ONE / (_ONE + facts.excess), Text(first, first))
        yield from _ways(weight, max(_ONE - facts.excess, _ZERO), Text(second, second))


def _alike(one: Decimal, other: Decimal) -> bool:
    """Whether two ratios are one: quotients are cut at different lengths."""
    return round_half_up(one, _EXACT) == round_half_up(other, _EXACT)


def _ways(weight: Decimal, share: Decimal, formula: Text) -> Iterator[Way]:
    """The share times the weight, and the share rounded to two decimals first."""
    yield Way(round_half_up(share * weight, _EXACT), formula)
    short = round_half_up(share, _TWO)
    if short != share:
        product = f"{number_text(weight)} × {short:f}"
        yield Way(short * weight, Text(f"{product}（比率取两位小数）", f"{product} (ratio at two decimals)"))


# ---------------------------------------------------------------------------------------------- execution

_NO_MONEY: Final = Text("没有预算和执行，得", "neither budget nor spending, points")
_NO_AMOUNTS: Final = Text("没有预算数或执行数", "budget or spending is missing")
_NO_BUDGET: Final = Text("预算数为 0，执行率无法计算", "a budget of 0 gives no rate")


def execution_score(
    row: Mapping[str, Any], base: Decimal | None, rate: Decimal | None, deduction: Decimal | None
) -> Scored:
    """What execution should score.

    base       what is divided by: the annual budget, or what the pack says instead
    rate       the stated rate as a ratio; deduction: points lost for each percentage point below 100 %, as printed
    """
    weight, stated, spent = row.get("weight"), row.get("score"), row.get("executed")
    if weight is None:
        return Scored(note=_NO_WEIGHT)
    if base is None or spent is None:
        return Scored(note=_NO_AMOUNTS)
    least = decimals(stated) if stated is not None else _TWO
    if base <= 0:
        if spent or row.get("annual"):
            return Scored(note=_NO_BUDGET)
        return nearest((Way(_ZERO, _NO_MONEY, True),), stated, least=least)
    return nearest(list(_execution(weight, spent, base, rate, deduction)), stated, least=least)


def _execution(
    weight: Decimal, spent: Decimal, base: Decimal, rate: Decimal | None, deduction: Decimal | None
) -> Iterator[Way]:
    points = number_text(weight)
    ratio = spent / base
    shares = [(ratio, f"{points} × {spent:,f} ÷ {base:,f}", f"{points} × {spent:,f} ÷ {base:,f}")]
    for places in _RATE_DECIMALS:
        short = round_half_up(ratio, places)
        text = f"{points} × {_percent(short)}"
        shares.append((short, f"{text}（执行率四舍五入）", f"{text} (rate rounded)"))
    if rate is not None:
        text = f"{points} × {_percent(rate)}"
        shares.append((rate, f"{text}（填报的执行率）", f"{text} (the stated rate)"))
    if deduction is not None:
        for share, _, _ in shares:
            below = max(_ZERO, (_ONE - share) * _HUNDRED)
            formula = f"{points} − {_short(below)} × {number_text(deduction)}"
            yield Way(
                max(_ZERO, weight - deduction * below),
                Text(f"按表中所注 {formula}", f"by the note in the form {formula}"),
            )
    for share, zh, en in shares:
        capped = min(max(share * weight, _ZERO), weight)
        if share > 1:
            zh, en = f"{zh}，至多 {points}", f"{en}, at most {points}"
        yield Way(capped, Text(zh, en))
