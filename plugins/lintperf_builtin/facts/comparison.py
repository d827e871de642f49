"""An actual against its target: is it met, by how much, and what stands in the way of saying so.

Everything is computed exactly; only quotients are rounded, half up to 28 digits.
"""

from __future__ import annotations

from decimal import Context, Decimal
from typing import Final, NamedTuple

from lintperf.patterns import pattern
from lintperf_builtin.facts.measures import (
    IS_COMPOSITE,
    IS_DATE,
    IS_NUMBER,
    IS_PROSE,
    IS_RANGE,
    IS_WORDS,
    Date,
    Measure,
    Part,
)
from lintperf_builtin.facts.numerals import EXACT
from lintperf_builtin.facts.units import convert, convert_wide, unit_relation

__all__ = ["Comparison", "compare", "compare_dates", "compare_range", "compare_values"]


class Comparison(NamedTuple):
    """What an actual says about its target.

    comparable            both are numbers in units that allow it, or dates, composites, or words that answer each other
    met                   whether the target is met; None where nobody can say. A target without sign or with = is a
                          floor: 24 of 30 misses it, 33 of 30 meets it. An actual that is itself a bound (≥90%) meets
                          the target if all it allows does, misses it if nothing does
    strict_equality       > or < and the actual exactly on the bound: `met` is False for that reason
    on_bound              the actual exactly on the bound of an inequality
    completion            actual ÷ target for floors; of a range against its upper bound when above, its lower one when
                          below, else 1. None for ceilings, targets of zero or less, dates, words, composites, and an
                          actual that is a range or a ceiling
    reverse               the target is a ceiling (≤, <, 不超过)
    excess                of a ceiling: (actual - target) ÷ target when above, else 0; None above a ceiling of zero
    above_range           the actual is above the target's upper bound
    parts_completion      composite: mean of the parts' ratios, each at most 1, a missing part 0
    missing_parts         composite: parts of the target that the actual lacks or has in another number
    unit_relation         see `units.unit_relation`; "unknown" where one of them is no number
    actual_in_target_unit the actual's number in the target's unit
    """

    comparable: bool
    met: bool | None = None
    strict_equality: bool = False
    on_bound: bool = False
    completion: Decimal | None = None
    reverse: bool = False
    excess: Decimal | None = None
    above_range: bool = False
    parts_completion: Decimal | None = None
    missing_parts: tuple[str, ...] = ()
    unit_relation: str = "unknown"
    actual_in_target_unit: Decimal | None = None


_NUMERIC: Final = (IS_NUMBER, IS_RANGE)
_QUOTIENT: Final = Context(prec=28, rounding=EXACT.rounding)
_ZERO: Final = Decimal(0)
_ONE: Final = Decimal(1)
_CEILINGS: Final = ("<=", "<")
_SHARES: Final = ("%", "‰", "百分点")


def compare(target: Measure, actual: Measure) -> Comparison:
    """Compare an actual with its target, both from `parse_measure`; total.

    A number without a unit is taken in the other's unit. A bare share (0.95) beside a percentage counts as a ratio
    where that lies nearer to the target, so 0.95 answers ≥95% and 0.5 answers ≤2% as 0.5%.
    """
    if target.kind in _NUMERIC and actual.kind is IS_NUMBER and actual.operator is None:
        common = _compare_alike(target, actual)
        if common is not None:
            return common
    kinds = target.kind, actual.kind
    if target.kind is IS_COMPOSITE:
        return _compare_parts(target, actual)
    if target.value is not None and actual.value is not None:
        return _compare_numbers(target, actual)
    if kinds == (IS_DATE, IS_DATE):
        return _compare_dates(target, actual)
    if kinds == (IS_WORDS, IS_WORDS) or (target.kind is IS_PROSE and target.text.strip() == actual.text.strip()):
        met = _words_met(target.text, actual.text)
        return Comparison(comparable=met is not None, met=met, reverse=target.operator in _CEILINGS)
    return Comparison(comparable=False, reverse=target.operator in _CEILINGS)


# ---------------------------------------------------------------------------------------------- numbers


def _compare_alike(target: Measure, actual: Measure) -> Comparison | None:
    """A number against a number or a range in one unit, as most rows are; None leaves all else to `_compare_numbers`.

    It says the same in a fifth of the time; a test holds the two against each other.
    """
    if target.unit is None or target.unit != actual.unit or target.head or actual.head:
        return None
    value, bound = actual.value, target.value
    assert value is not None and bound is not None
    if target.upper is None:
        return Comparison(True, *compare_values(target.operator, bound, value), False, None, (), "same", value)
    if target.operator is not None or target.upper_operator != "<=":
        return None
    met, completion, above = compare_range(bound, target.upper, value)
    return Comparison(True, met, False, False, completion, False, None, above, None, (), "same", value)


def compare_values(
    operator: str | None, bound: Decimal, value: Decimal
) -> tuple[bool, bool, bool, Decimal | None, bool, Decimal | None]:
    """A number against a bound in the same unit: the fields from `met` to `excess` of a Comparison."""
    equal = value == bound
    if operator in _CEILINGS:
        met = value < bound or (equal and operator == "<=")
        excess = _ZERO if value <= bound else _ratio(EXACT.subtract(value, bound), bound)
        return met, equal and operator == "<", equal, None, True, excess
    met = value > bound or (equal and operator != ">")
    bounded = equal and operator not in (None, "=")
    completion = _ONE if equal and bound > 0 else _ratio(value, bound)
    return met, bounded and operator == ">", bounded, completion, False, None


def compare_range(bound: Decimal, top: Decimal, value: Decimal) -> tuple[bool, Decimal | None, bool]:
    """A number against a range with both its bounds, in one unit: `met`, `completion` and `above_range`."""
    if bound <= value <= top:
        return True, _ONE if bound > 0 else None, False
    return False, _ratio(value, top if value > top else bound), value > top


_UP: Final = pattern(r"提高|提升|增长|增加|上升|新增")
_DOWN: Final = pattern(r"下降|降低|减少|压减|缩减")


def _compare_numbers(target: Measure, actual: Measure) -> Comparison:
    relation = unit_relation(target.unit, actual.unit)
    reverse = target.operator in _CEILINGS and target.kind is IS_NUMBER
    lower = None if relation == "different" else _in_target_unit(actual.value, actual.unit, target)
    if lower is None or _opposed(target.head, actual.head):
        return Comparison(comparable=False, reverse=reverse, unit_relation=relation)
    upper = lower if actual.upper is None else _in_target_unit(actual.upper, actual.unit, target)
    assert target.value is not None and upper is not None
    point = actual.kind is IS_NUMBER and actual.operator in (None, "=")
    met = _allows(target, lower, actual, upper)
    bound, top = target.value, target.upper
    on_bound = strict = above = False
    completion = excess = None
    if top is not None:
        above = lower > top
        on_bound = point and target.operator is not None and lower in (bound, top)
        strict = point and (
            (target.operator == ">" and lower == bound) or (target.upper_operator == "<" and lower == top)
        )
    else:
        on_bound = point and target.operator not in (None, "=") and lower == bound
        strict = on_bound and target.operator in (">", "<")
    if reverse:
        excess = _ZERO if upper <= bound else _ratio(EXACT.subtract(upper, bound), bound)
    elif actual.kind is IS_NUMBER and actual.operator not in _CEILINGS:
        if top is None:
            completion = _ratio(lower, bound)
        elif above or lower < bound:
            completion = _ratio(lower, top if above else bound)
        else:
            completion = _ONE if bound > 0 else None
    return Comparison(
        comparable=True,
        met=met,
        strict_equality=strict,
        on_bound=on_bound,
        completion=completion,
        reverse=reverse,
        excess=excess,
        above_range=above,
        unit_relation=relation,
        actual_in_target_unit=lower if len(lower.as_tuple().digits) < EXACT.prec else _QUOTIENT.plus(lower),
    )


def _ratio(part: Decimal, whole: Decimal) -> Decimal | None:
    """`part` ÷ `whole` to 28 digits; None unless the whole is above zero."""
    return _QUOTIENT.divide(part, whole) if whole > 0 else None


def _in_target_unit(value: Decimal | None, unit: str | None, target: Measure) -> Decimal | None:
    """`value` in the target's unit, unrounded; None where the units do not allow it."""
    if value is None:
        return None
    if unit is None or target.unit is None:
        return _as_share(value, unit, target)
    converted = convert_wide(value, unit, target.unit)
    if converted is not None:
        return converted
    head, target_head = unit.partition("/")[0], target.unit.partition("/")[0]
    return convert_wide(value, head, target_head) or value


def _as_share(value: Decimal, unit: str | None, target: Measure) -> Decimal:
    """A number where one side lacks its unit: as it stands, or as a ratio beside a percentage."""
    assert target.value is not None
    if target.unit in _SHARES and unit is None and 0 < value <= 1:
        wide = convert_wide(value, "小数", target.unit)
        assert wide is not None
        # On a scale of ratios the nearer reading: 10 is the middle between 1 and 100.
        middle = EXACT.sqrt(EXACT.multiply(wide, value))
        return wide if middle < (target.upper or target.value) else value
    if unit in _SHARES and target.unit is None and 0 < target.value <= 1:
        return convert_wide(value, unit, "小数") or value
    return value


def _opposed(target: str, actual: str) -> bool:
    """Whether one speaks of a rise and the other of a fall."""
    if not target or not actual:
        return False
    return bool((_UP.search(target) and _DOWN.search(actual)) or (_DOWN.search(target) and _UP.search(actual)))


def _allows(target: Measure, lower: Decimal, actual: Measure, upper: Decimal) -> bool | None:
    """Whether all (True) or none (False) of what the actual allows meets the target; None if some of it does."""
    # The ends of what the actual allows, None for none, and whether each end is left out.
    low: Decimal | None = None if actual.kind is IS_NUMBER and actual.operator in _CEILINGS else lower
    high: Decimal | None = None if actual.kind is IS_NUMBER and actual.operator in (">=", ">") else upper
    low_open, high_open = actual.operator == ">", (actual.upper_operator or actual.operator) == "<"
    bound, top = target.value, target.upper
    assert bound is not None
    answers = []
    if target.kind is IS_RANGE or target.operator not in _CEILINGS:
        answers.append(_above(low, low_open, high, high_open, bound, strict=target.operator == ">"))
    if target.kind is IS_RANGE or target.operator in _CEILINGS:
        ceiling = bound if top is None else top
        strict = (target.upper_operator or target.operator) == "<"
        flipped = (None if end is None else end.copy_negate() for end in (high, low))
        answers.append(_above(next(flipped), high_open, next(flipped), low_open, ceiling.copy_negate(), strict=strict))
    return False if False in answers else None if None in answers else True


def _above(
    low: Decimal | None, low_open: bool, high: Decimal | None, high_open: bool, bound: Decimal, *, strict: bool
) -> bool | None:
    """Whether everything from `low` to `high` is above `bound` (`strict`) or at least there; False if nothing is."""
    if low is not None and (low > bound or (low == bound and (not strict or low_open))):
        return True
    if high is not None and (high < bound or (high == bound and (strict or high_open))):
        return False
    return None


# ---------------------------------------------------------------------------------------------- dates and words


def _compare_dates(target: Measure, actual: Measure) -> Comparison:
    assert target.date is not None and actual.date is not None
    return Comparison(comparable=True, met=compare_dates(target.operator, target.date, actual.date))


def compare_dates(operator: str | None, target: Date, actual: Date) -> bool:
    """Whether a date meets another: at the latest then, unless the operator says otherwise.

    By what both dates state: without a day an actual is in time all through the target's month.
    """
    order = 0
    for wanted, found in zip(target, actual, strict=True):
        if wanted is not None and found is not None:
            order = (found > wanted) - (found < wanted)
            if order:
                break
        elif wanted is not found and (wanted, found) != (target[0], actual[0]):
            break  # one is coarser from here on
    if operator == ">" or operator == ">=":
        return order > 0 or (order == 0 and operator == ">=")
    return order < 0 or (order == 0 and operator != "<")


_IGNORED: Final = pattern(r"[\s。.;；,，!！、]+")
_AFFIRMATION: Final = pattern(
    r"(?:已经|已|全部|均|按时|按期|按要求|按计划|如期|圆满|顺利)*(?:完成|达成|实现|达标|达到|落实|是)"
    r"(?:了|预期|年度|既定|全部|预定|年初|绩效)*(?:目标|指标|要求|标准|效果|目标值|指标值)?"
)
_NEGATION: Final = pattern(
    r".{0,6}(?:未|没有|没|未能|尚未)(?:全部|全面|按时|按期|按要求|如期|能)*(?:完成|达成|实现|达标|达到|落实|开展|实施).{0,10}"
    r"|不达标|不合格|不及时|不满意|不规范|不合规|否"
)


def _words_met(target: str, actual: str) -> bool | None:
    wanted, found = _IGNORED.sub("", target), _IGNORED.sub("", actual)
    if wanted == found or _AFFIRMATION.fullmatch(found) or found == f"已{wanted}":
        return True
    return False if _NEGATION.fullmatch(found) else None


# ---------------------------------------------------------------------------------------------- composites


def _compare_parts(target: Measure, actual: Measure) -> Comparison:
    parts = actual.parts
    if actual.kind is IS_NUMBER and actual.value is not None:
        parts = (Part(actual.head, actual.value, actual.unit),)
    if not parts:
        return Comparison(comparable=False)
    ratios: list[Decimal] = []
    missing: list[str] = []
    met = True
    for part in target.parts:
        found = _part(part, parts)
        if found is None or found != part.value:
            missing.append(part.name or part.unit or "")
        met = met and found is not None and found >= part.value
        if found is None:
            ratios.append(_ZERO)
        elif part.value <= 0 or found >= part.value:
            ratios.append(_ONE)
        else:
            ratios.append(max(_ZERO, _QUOTIENT.divide(found, part.value)))
    total = _ZERO
    for ratio in ratios:
        total = EXACT.add(total, ratio)
    return Comparison(
        comparable=True,
        met=met,
        parts_completion=_QUOTIENT.divide(total, Decimal(len(ratios))),
        missing_parts=tuple(missing),
    )


def _part(wanted: Part, parts: tuple[Part, ...]) -> Decimal | None:
    """The actual's number for a part of the target, by name (without a name by unit); several of one name add up."""
    total: Decimal | None = None
    for part in parts:
        if part.name != wanted.name or unit_relation(part.unit, wanted.unit) == "different":
            continue
        if not wanted.name and part.unit != wanted.unit:
            continue
        value = convert(part.value, part.unit, wanted.unit)
        total = EXACT.add(total or _ZERO, part.value if value is None else value)
    return total
