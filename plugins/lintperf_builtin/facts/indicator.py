"""Facts of an indicator row: how its target and actual read and compare, what kind of row it is, what its note says."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Final, NamedTuple

from lintperf.extension import FactGroup, Function, Subject
from lintperf.model import Text
from lintperf.patterns import pattern
from lintperf_builtin.facts.comparison import compare, compare_dates, compare_range, compare_values
from lintperf_builtin.facts.measures import (
    COMMON_UNITS,
    IS_DATE,
    IS_NUMBER,
    IS_RANGE,
    SIGN,
    SIGNS,
    Measure,
    amount_in_yuan,
    common_date,
    parse_measure,
)
from lintperf_builtin.facts.units import COUNTING_UNITS, MONEY_UNITS, convert, unit_relation
from lintperf_builtin.facts.words import EMPTY_CELLS

__all__ = [
    "INDICATOR_FACTS",
    "INDICATOR_FUNCTIONS",
    "Achievement",
    "RowNature",
    "achievement",
    "row_nature",
    "row_natures",
]


class Achievement(NamedTuple):
    """Target and actual as read and compared; see `measures.Measure` and `comparison.Comparison`."""

    target_kind: str
    target_operator: str | None
    target_value: Decimal | None
    target_upper: Decimal | None
    target_unit: str | None
    target_approximate: bool
    target_raw_operator: bool
    target_yuan: Decimal | None
    actual_kind: str
    actual_operator: str | None
    actual_value: Decimal | None
    actual_unit: str | None
    actual_exceeding: bool
    actual_yuan: Decimal | None
    actual_yuan_step: Decimal | None
    quantitative: bool
    countable: bool
    comparable: bool
    met: bool | None
    strict_equality: bool
    on_bound: bool
    completion: Decimal | None
    reverse: bool
    excess: Decimal | None
    above_range: bool
    parts_completion: Decimal | None
    missing_parts: tuple[str, ...]
    unit_relation: str


class RowNature(NamedTuple):
    """What kind of row it is, and what its explanation amounts to."""

    is_empty: bool
    indicator_class: str
    aspect: str
    is_cost: bool
    is_rate: bool
    name_unit: str | None
    explanation_kind: str
    explained: bool
    full_marks: bool | None
    name_stem: str
    shares_points: bool


@lru_cache(maxsize=8192)
def achievement(target: str | None, actual: str | None, operator: str | None, unit: str | None) -> Achievement:
    """The facts of a target and an actual, each with the columns for operator and unit where the form has them.

    An actual takes the unit of the unit column only when it writes none itself.
    """
    if target and actual and (not operator or operator in SIGNS) and (not unit or unit in _PLAIN_UNITS):
        # what stands in columns of its own reads as if it were written with the number
        plain = _plain_achievement(f"{operator or ''}{target}{unit or ''}\n{actual}{unit or ''}")
        if plain is None and "月" in target and not operator and not unit:
            plain = _plain_dates(target, actual)
        if plain is not None:
            return plain
    goal = parse_measure(target or "", operator or None, unit or None)
    done = parse_measure(actual or "", None, unit or None)
    result = compare(goal, done)
    relation = result.unit_relation
    if relation == "unknown" and goal.unit is not None and done.unit is not None:
        relation = unit_relation(goal.unit, done.unit)
    quantitative = goal.kind is IS_NUMBER or goal.kind is IS_RANGE
    return Achievement(
        goal.kind,
        goal.operator,
        goal.value,
        goal.upper,
        goal.unit,
        goal.approximate,
        goal.raw_operator,
        amount_in_yuan(goal),
        done.kind,
        done.operator,
        done.value,
        done.unit,
        done.exceeding,
        amount_in_yuan(done),
        _last_digit_in_yuan(done),
        quantitative,
        _countable(goal),
        result.comparable,
        result.met,
        result.strict_equality,
        result.on_bound,
        result.completion,
        result.reverse,
        result.excess,
        result.above_range,
        result.parts_completion,
        result.missing_parts,
        relation,
    )


# target and actual in one text: two numbers in one unit (≥95% with 97.3%), or a range and a number (60～170本 with
# 164本), as most rows have them
_NUMBER: Final = r"[0-9]{1,15}(?:\.[0-9]{1,12})?"
_PLAIN: Final = pattern(rf"({SIGN}?)\s?({_NUMBER})(?:[～~]({_NUMBER}))?\s?([^0-9\s]{{1,4}})\n\s?({_NUMBER})\s?\4")
_PLAIN_UNITS: Final = {
    alias: (name, name in COUNTING_UNITS) for alias, name in COMMON_UNITS.items() if name is not None
}


def _plain_achievement(both: str) -> Achievement | None:
    """The facts of two numbers, or of a range and a number, in one unit; None for everything else.

    It says what reading both sides and comparing them says, in a third of the time; a test holds both together.
    """
    match = _PLAIN.fullmatch(both)
    if match is None:
        return None
    sign, bound_text, top_text, alias, value_text = match.groups()
    known = _PLAIN_UNITS.get(alias)
    if known is None:
        return None
    unit, counted = known
    operator = SIGNS[sign] if sign else None
    bound, value = Decimal(bound_text), Decimal(value_text)
    kind, top, countable = IS_NUMBER, None, counted and (operator is None or operator == "=")
    if top_text is None:
        compared = (*compare_values(operator, bound, value), False)
    else:
        kind, top, countable = IS_RANGE, Decimal(top_text), False
        if operator is not None or top < bound:
            return None
        met, completion, above = compare_range(bound, top, value)
        compared = (met, False, False, completion, False, None, above)
    target_yuan = actual_yuan = step = None
    if unit in MONEY_UNITS:
        target_yuan = convert(bound, unit, "元") if top is None else None
        actual_yuan = convert(value, unit, "元")
        step = convert(Decimal(1).scaleb(-len(value_text.partition(".")[2])), unit, "元")
    of_target = (kind, operator, bound, top, unit, False, False, target_yuan)
    of_actual = (IS_NUMBER, None, value, unit, False, actual_yuan, step)
    return _record((*of_target, *of_actual, True, countable, True, *compared, None, (), "same"))


def _plain_dates(target: str, actual: str) -> Achievement | None:
    """The facts of two dates in the common way; None for everything else. As above a test holds it to the long way."""
    wanted, found = common_date(target), common_date(actual)
    if wanted is None or found is None:
        return None
    met = compare_dates(wanted[0], wanted[1], found[1])
    of_target = (IS_DATE, wanted[0], None, None, None, False, False, None)
    of_actual = (IS_DATE, found[0], None, None, False, None, None)
    compared = (met, False, False, None, False, None, False)
    return _record((*of_target, *of_actual, False, False, True, *compared, None, (), "unknown"))


_record = Achievement._make


def _last_digit_in_yuan(m: Measure) -> Decimal | None:
    """What one unit of the last digit written is worth in yuan, 100 for 0.98万元; None if it is no single amount."""
    if m.unit not in MONEY_UNITS or m.kind is not IS_NUMBER:
        return None
    return convert(Decimal(1).scaleb(m.scale - m.decimals), m.unit, "元")


def _countable(goal: Measure) -> bool:
    """A plain number of things: no sign but =, a counting unit or none, no percentage, no money."""
    if goal.kind is not IS_NUMBER or goal.operator not in (None, "="):
        return False
    return goal.unit is None or goal.unit in COUNTING_UNITS


_CLASSES: Final = (("满意", "satisfaction"), ("产出", "output"), ("效益", "benefit"), ("效果", "benefit"))
_ASPECTS: Final = (
    ("满意", "satisfaction"),
    ("数量", "quantity"),
    ("质量", "quality"),
    ("时效", "time"),
    ("成本", "cost"),
    ("经济", "economic"),
    ("社会", "social"),
    ("生态", "ecological"),
    ("可持续", "sustainable"),
)
_CLASS_OF_ASPECT: Final = dict.fromkeys(("quantity", "quality", "time", "cost"), "output") | dict.fromkeys(
    ("economic", "social", "ecological", "sustainable"), "benefit"
)
# a first level says something beside points: 产出指标（50分）
_WORD: Final = pattern(r"[\u4e00-\u9fff](?<!分)")
_NOTHING: Final = frozenset(("", *EMPTY_CELLS))
# the template's own numbering and dots: 指标2： with nothing behind it, …… in a row that was not used
_ORDINAL: Final = pattern(r"^指标[0-9一二三四五六七八九十]{1,3}[：:]?")
_DOTS: Final = pattern(r"(?:…|\.{3,})+")
_NO_DEVIATION: Final = pattern(
    r"(无|没有|未发生|不存在)(明显|较大)?(偏差|偏离)[。.]?|(已|按期|按时|全部)*完成[。.]?|无[。.]?|[/／—－_-]+"
)
_BRACKET_UNIT: Final = pattern(r"[（(]\s*(?:单位[：:]?)?\s*([^（）()]{1,6})\s*[）)]\s*$")
_CLOSING: Final = ("）", ")")
_RATES: Final = ("率", "比例", "占比", "比重", "覆盖面", "满意度", "知晓度")


@lru_cache(maxsize=8192)
def _class_of(level1: str, level2: str) -> tuple[str, str]:
    text = level1 + "|" + level2
    aspect = next((name for word, name in _ASPECTS if word in level2), "")
    if aspect == "satisfaction" or "满意" in level1:
        return "satisfaction", aspect or "satisfaction"
    klass = next((name for word, name in _CLASSES if word in text), "")
    if not klass and not _WORD.search(level1):
        # the first level is blank or gives its points alone: （50分）
        klass = _CLASS_OF_ASPECT.get(aspect, "")
    return klass, aspect


@lru_cache(maxsize=8192)
def _name_facts(name: str) -> tuple[bool, bool, str | None, str]:
    bare = "".join(name.split())
    # the patterns only where their first or last character stands
    match = _BRACKET_UNIT.search(name) if bare[-1:] in _CLOSING else None
    unit = match.group(1) if match else None
    stem = bare[: bare.rfind(match.group(0).strip()[0])] if match and bare else bare
    is_rate = stem.endswith(_RATES)
    if unit is not None and unit not in COUNTING_UNITS and unit not in MONEY_UNITS and unit not in ("%", "％", "‰"):
        unit = None if len(unit) > 3 else unit
    said = _ORDINAL.sub("", bare) if bare.startswith("指标") else bare
    return said in _NOTHING or (said[0] in "…." and _DOTS.fullmatch(bare) is not None), is_rate, unit, stem


def row_nature(
    level1: str | None,
    level2: str | None,
    name: str | None,
    target: str | None,
    explanation: str | None,
    weight: Decimal | None,
    score: Decimal | None,
) -> RowNature:
    """The facts of a row's own cells. A row is empty when name and target are blank or signs for nothing.

    explanation_kind   "absent": the form has no such column; "blank"; "none": it says there is no deviation; "text"
    full_marks         score = weight; None where one is missing or the weight is 0
    name_stem          the name without white space and without a unit in brackets at its end
    """
    return _natures([level1], [level2], [name], [target], [explanation], [weight], [score])[0]


def _natures(
    level1: Sequence[str | None],
    level2: Sequence[str | None],
    names: Sequence[str | None],
    targets: Sequence[str | None],
    explanations: Sequence[str | None],
    weights: Sequence[Decimal | None],
    scores: Sequence[Decimal | None],
) -> list[RowNature]:
    """`row_nature` of rows given by their columns, which is how most of it is the same for many of them."""
    kind_of = {explanation: _explanation_kind(explanation) for explanation in set(explanations)}
    kinds = map(kind_of.__getitem__, explanations)
    # a row's target only counts here where it says nothing
    nothing = [not target or (target[0] in _NOTHING_BEGINS and _says_nothing(target)) for target in targets]
    full = [
        None if not weight or score is None else score == weight for weight, score in zip(weights, scores, strict=True)
    ]
    return list(map(_nature, level1, level2, names, nothing, kinds, full))


_LONGEST_NO_DEVIATION: Final = 30
_LONGEST_NOTHING: Final = 12
# how a text that says nothing begins; white space goes before anything
_NOTHING_BEGINS: Final = frozenset(word[0] for word in _NOTHING if word) | frozenset(" \t\r\n\u3000\xa0")


def _explanation_kind(explanation: str | None) -> str:
    if explanation is None:
        return "absent"
    if len(explanation) < _LONGEST_NO_DEVIATION:
        return _note_kind(explanation)
    return "text" if explanation.strip() else "blank"


@lru_cache(maxsize=4096)
def _note_kind(note: str) -> str:
    bare = "".join(note.split())
    return "blank" if not bare else "none" if _NO_DEVIATION.fullmatch(bare) else "text"


def _says_nothing(text: str) -> bool:
    return len(text) < _LONGEST_NOTHING and "".join(text.split()) in _NOTHING


@lru_cache(maxsize=8192)
def _nature(
    level1: str | None, level2: str | None, name: str | None, nothing: bool, kind: str, full: bool | None
) -> RowNature:
    klass, aspect = _class_of(level1 or "", level2 or "")
    nameless, is_rate, unit, stem = _name_facts(name or "")
    return RowNature(
        nameless and nothing, klass, aspect, aspect == "cost", is_rate, unit, kind, kind == "text", full, stem, False
    )


_CELLS: Final = ("level1", "level2", "name", "target", "explanation", "weight", "score")
_POINTS: Final = frozenset(("weight", "score"))


def row_natures(subject: Subject) -> Sequence[RowNature]:
    """`row_nature` of each row. Rows with one cell for the points of several (`merged`) have no full marks each.

    shares_points holds for all rows of such a cell, the first one with the number included.
    """
    natures = _natures(*(subject.column("indicators", cell) for cell in _CELLS))
    column = subject.column("indicators", "merged")
    for number, merged in enumerate(column) if any(column) else ():
        if merged and _POINTS.intersection(merged):
            for shared in (number - 1, number) if number else (number,):
                natures[shared] = natures[shared]._replace(full_marks=None, shares_points=True)
    return natures


_TYPED: Final = pattern(r"[>＞]\s?[=＝]|[=＝]\s?[>＞]|[<＜]\s?[=＝]|[=＝]\s?[<＜]|[=＝]{2}|[&＆]{2}")
_SIGN_OF: Final = {"&": "且", "＆": "且", ">": "≥", "＞": "≥", "<": "≤", "＜": "≤"}


def operators_as_signs(text: str) -> str | None:
    """A target with ≥, ≤, = and 且 for operators typed as code; None where that would change how it reads."""
    plain = _TYPED.sub(lambda match: _SIGN_OF.get(match[0][0]) or _SIGN_OF.get(match[0][-1], "="), text)
    before = parse_measure(text)
    if plain == text or parse_measure(plain) != before._replace(text=plain, raw_operator=False):
        return None
    return plain


_STRICT: Final = pattern(r"[>＞<＜]")


def bound_included(text: str) -> str | None:
    """A target with ≥ for > or ≤ for <; None where it has not exactly one such sign or would read otherwise."""
    signs = _STRICT.findall(text)
    if len(signs) != 1:
        return None
    plain = text.replace(signs[0], _SIGN_OF[signs[0]])
    before, after = parse_measure(text), parse_measure(plain)
    included = {">": ">=", "<": "<="}.get(before.operator or "")
    if included is None or after != before._replace(text=plain, operator=included):
        return None
    return plain


def _titles(**texts: str) -> dict[str, Text]:
    return {name: Text(*text.split(" | ")) for name, text in texts.items()}


INDICATOR_FACTS: tuple[FactGroup, ...] = (
    FactGroup(
        "self-evaluation",
        "indicators",
        ("target", "actual", "operator", "unit"),
        achievement,
        Achievement,
        _titles(
            target_kind="指标值的类型：number 数字、range 区间、date 日期、composite 组合、words "
            "定性文字、empty 空、template 模板文字、"
            "prose 句子、unreadable | what the target is: number, range, date, composite, words, "
            "empty, template, prose or unreadable",
            target_operator="指标值的符号：>= > <= < = | the target's operator",
            target_value="指标值的数字；区间为下限 | the target's number; of a range the lower bound",
            target_upper="区间上限 | the upper bound of a range",
            target_unit="指标值的单位 | the target's unit",
            target_approximate="指标值含约、左右等 | the target is approximate",
            target_raw_operator="符号以 >=、&& 等写出 | an operator typed as code",
            target_yuan="指标值折合元 | the target in yuan",
            actual_kind="完成值的类型 | what the actual is, in the words of target_kind",
            actual_operator="完成值的符号 | the actual's operator",
            actual_value="完成值的数字 | the actual's number",
            actual_unit="完成值的单位 | the actual's unit",
            actual_exceeding="完成值写作“超过N” | the actual says more than N in words",
            actual_yuan="完成值折合元 | the actual in yuan",
            actual_yuan_step="完成值末位数字的一个单位折合元 | the actual's last digit in yuan",
            quantitative="指标值是数字或区间 | the target is a number or a range",
            countable="指标值是不带不等号的计数 | the target is a plain count",
            comparable="完成值可与指标值比较 | the actual can be compared with the target",
            met="达到指标值 | the target is met",
            strict_equality="完成值恰等于严格不等号的界限 | the actual is exactly on the bound of > or <",
            on_bound="完成值恰等于不等号的界限 | the actual is exactly on the bound of an inequality",
            completion="完成率：完成值÷指标值 | completion: actual ÷ target",
            reverse="反向指标（不超过） | the target is a ceiling",
            excess="反向指标的超出率 | of a ceiling: (actual - target) ÷ target, else 0",
            above_range="高于区间上限 | above the upper bound of a range",
            parts_completion="组合指标各部分完成率的平均，每部分至多为 1 | "
            "composite: mean of the parts' ratios, each at most 1",
            missing_parts="组合指标中缺少或数量不同的部分 | "
            "composite: parts that the actual lacks or has in another number",
            unit_relation="单位关系：same 相同、convertible 可换算、soft 近似、different 不同、unknown 不明 | "
            "same, convertible, soft, different or unknown",
        ),
    ),
    FactGroup(
        "self-evaluation",
        "indicators",
        (),
        row_natures,
        RowNature,
        _titles(
            is_empty="空行：名称和指标值均为无、不适用、/ 或空白 | "
            "an empty row: name and target blank or signs for nothing",
            indicator_class="类别：output 产出、benefit 效益、satisfaction 满意度 | "
            "output, benefit, satisfaction or blank",
            aspect="二级类别：quantity、quality、time、cost、economic、social、ecological、sustainable、satisfaction | "
            "quantity, quality, time, cost, economic, social, ecological, sustainable, satisfaction or blank",
            is_cost="成本指标 | a cost row",
            is_rate="名称为率、比例、满意度等 | the name is a rate, share or satisfaction",
            name_unit="名称末尾括号中的单位 | the unit in brackets at the name's end",
            explanation_kind="偏差说明：absent 无此栏、blank 空白、none 无偏差、text 有说明 | "
            "absent, blank, none or text",
            explained="写有偏差说明 | a deviation is explained",
            full_marks="得满分 | full marks",
            name_stem="名称去掉空白和末尾括号中的单位 | the name without white space and without a unit in brackets",
            shares_points="与相邻行共用一格分值或得分 | weight or score is one cell with that of a row beside it",
        ),
    ),
)

INDICATOR_FUNCTIONS: tuple[Function, ...] = (
    Function(
        "operators_as_signs",
        ("text",),
        "text?",
        operators_as_signs,
        Text(
            "以 ≥、≤、且 代替键入的 >=、<=、&&；读法会改变时缺失",
            "the text with ≥, ≤ and 且 for >=, <= and && typed in it; missing where that would change its reading",
        ),
    ),
    Function(
        "bound_included",
        ("text",),
        "text?",
        bound_included,
        Text(
            "以 ≥、≤ 代替唯一的 >、<；没有或不止一个时缺失",
            "the text with ≥ or ≤ for its one > or <; missing where there is none or more than one",
        ),
    ),
)
