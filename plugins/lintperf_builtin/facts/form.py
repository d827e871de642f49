"""Facts of a form as a whole: amounts in yuan, execution, what the texts explain; and functions over rates."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from lintperf.extension import FactGroup, Function, Subject
from lintperf.model import Text
from lintperf.patterns import pattern
from lintperf.rules.functions import agrees, decimals, round_half_up

__all__ = [
    "FORM_FACTS",
    "FORM_FUNCTIONS",
    "FormFacts",
    "Rate",
    "form_facts",
    "is_department_wide",
    "own_texts",
    "read_rate",
    "total_row",
]

_YUAN: Final = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
# a comma between digits belongs to the number: 1,297,780元
_CLAUSE: Final = pattern(r"[，。；;！!？?\n]|(?<![0-9]),|,(?![0-9])|<[^<>]*>")
_HUNDRED: Final = Decimal(100)
# above this a rate without % can only be a percentage: no budget is executed tenfold
_RATIO_AT_MOST: Final = Decimal(10)
# offices round the ratio to whole percents or to hundredths of a percent before they multiply
_RATE_DECIMALS: Final = (Decimal(2), Decimal(4))
# a ratio without decimals, 0 or 1, says nothing when rounded to a whole; it stands for two decimals
_WHOLE_RATIO_DECIMALS: Final = Decimal(2)
_DEDUCTION: Final = pattern(
    r"每(?:降低|减少|下降|低于?|少)\s*([0-9]{1,3}(?:\.[0-9]{1,4})?)\s*(?:个百分点|%|％)[，,]?[^，。；]{0,8}?扣\s*([0-9]{1,3}(?:\.[0-9]{1,4})?)\s*分"
)


class FormFacts(NamedTuple):
    """What the form as a whole says. Amounts in yuan are None where the form names no unit."""

    initial_total: Decimal | None
    annual_total: Decimal | None
    executed_total: Decimal | None
    annual_yuan: Decimal | None
    executed_yuan: Decimal | None
    execution_weight: Decimal | None
    execution_score: Decimal | None
    has_weights: bool
    has_scores: bool
    weight_sum: Decimal | None
    score_sum: Decimal | None
    has_targets: bool
    has_actuals: bool
    deduction_per_point: Decimal | None
    explanatory_text: str


class Rate(NamedTuple):
    """A stated rate against a computed one.

    ratio     the stated rate as a ratio
    agrees    whether it is the computed rate at the decimals it is written with; None without a computed rate
    expected  the computed rate in the notation and with the decimals of the stated one
    points    how far apart both are, in percentage points
    """

    ratio: Decimal
    agrees: bool | None = None
    expected: Decimal | str | None = None
    points: Decimal | None = None


# what department-wide and transfer-payment forms have beside goals
_FURTHER_TEXTS: Final = (("tasks", ("content", "result")), ("management", ("description", "problems")))


def total_row(funds: Any) -> Mapping[str, Any]:
    """The fund row of the total; where there is none, an empty mapping."""
    rows = funds.get("rows") if isinstance(funds, Mapping) else None
    for row in rows or ():
        if row.get("source") == "total":
            return row  # type: ignore[no-any-return]
    return {}


def is_department_wide(data: Mapping[str, Any]) -> bool:
    """Whether a form is about all spending of a department: by its kind, or by its title or tasks."""
    return data.get("kind") == "department" or bool(data.get("tasks")) or "整体支出" in (data.get("title") or "")


def own_texts(data: Mapping[str, Any]) -> Iterable[str]:
    """The texts in which a form explains itself: goals, tasks, management, explanations, further columns, notes."""
    goals = data.get("goals") or {}
    texts: list[str | None] = [goals.get("expected"), goals.get("achieved")]
    for name, fields in _FURTHER_TEXTS:
        for row in data.get(name) or ():
            texts += map(row.get, fields)
    funds = data.get("funds") or {}
    for row in (*(funds.get("rows") or ()), *(data.get("indicators") or ())):
        texts.append(row.get("explanation"))
        if "others" in row:
            texts += [cell.get("text") for cell in row["others"] or ()]
    texts += data.get("notes") or ()
    # the prose of a report
    texts += [row.get("text") for row in data.get("paragraphs") or ()]
    return filter(None, texts)


def form_facts(subject: Subject) -> FormFacts:
    """The facts of a form; a missing part gives None, never 0."""
    data = subject.data
    funds = data.get("funds") or {}
    total = total_row(funds)
    unit = _YUAN.get(funds.get("currency_unit") or "")
    annual, executed = total.get("annual"), total.get("executed")
    weights, scores = subject.column("indicators", "weight"), subject.column("indicators", "score")
    texts = "\n".join(own_texts(data))
    match = _DEDUCTION.search(texts) if "扣" in texts else None
    deduction = Decimal(match[2]) / Decimal(match[1]) if match and Decimal(match[1]) else None
    return FormFacts(
        total.get("initial"),
        annual,
        executed,
        annual * unit if annual is not None and unit is not None else None,
        executed * unit if executed is not None and unit is not None else None,
        total.get("weight"),
        total.get("score"),
        any(weight is not None for weight in weights),
        any(score is not None for score in scores),
        _sum(weights),
        _sum(scores),
        any(subject.column("indicators", "target")),
        any(subject.column("indicators", "actual")),
        deduction,
        texts,
    )


def _sum(column: Sequence[Any]) -> Decimal | None:
    """The sum of a column that every row fills; None where one does not, and without any row."""
    try:
        return sum(column, Decimal(0)) if column else None
    except TypeError:  # a row without a number
        return None


def _rate_value(rate: Any) -> tuple[Decimal | None, bool]:
    """The number of a rate as written and whether it stands with a percent sign."""
    if isinstance(rate, Decimal):
        return rate, False
    if isinstance(rate, str) and rate[-1:] in ("%", "％"):
        return Decimal(rate[:-1]), True
    return None, False


def read_rate(rate: Any, computed: Decimal | None) -> Rate | None:
    """A stated execution rate, in any of its notations, against the computed ratio; None where no rate is stated.

    0.82, 82%, 81.8 and 82 are all read; without a sign the notation that fits the computed rate is taken, else the
    nearer one. Without a computed rate a number above 10 is a percentage. A rate agrees when the computed one, rounded
    half up to the decimals written, equals it; a ratio without decimals (1) is compared at two.
    """
    stated, percent = _rate_value(rate)
    if stated is None:
        return None
    if computed is None:
        return Rate(stated / _HUNDRED if percent or stated > _RATIO_AT_MOST else stated)
    places = decimals(stated)
    as_percentage = round_half_up(computed * _HUNDRED, places)
    if not percent:
        as_ratio = round_half_up(computed, places or _WHOLE_RATIO_DECIMALS)
        if as_ratio == stated:
            return Rate(stated, True, as_ratio, Decimal(0))
        if as_percentage != stated and not _nearer(computed, stated):
            return Rate(stated, False, as_ratio, abs(as_ratio - stated) * _HUNDRED)
    expected = f"{as_percentage:f}{rate[-1]}" if percent else as_percentage
    return Rate(stated / _HUNDRED, as_percentage == stated, expected, abs(as_percentage - stated))


def _rate_agrees(rate: Any, computed: Decimal, other: Decimal | None) -> bool | None:
    read = read_rate(rate, computed)
    if read is None or read.agrees or other is None:
        return read.agrees if read is not None else None
    second = read_rate(rate, other)
    return second is not None and second.agrees


def _rate_as_written(rate: Any, computed: Decimal) -> Decimal | str | None:
    read = read_rate(rate, computed)
    return read.expected if read is not None else None


def _rate_points(rate: Any, computed: Decimal) -> Decimal | None:
    read = read_rate(rate, computed)
    return read.points if read is not None else None


def _stated_ratio(rate: Any, computed: Decimal | None) -> Decimal | None:
    read = read_rate(rate, computed)
    return read.ratio if read is not None else None


def _nearer(computed: Decimal, stated: Decimal) -> bool:
    """Whether a rate without sign is nearer to the computed one as a percentage than as a ratio."""
    return abs(computed * _HUNDRED - stated) < abs(computed - stated) * _HUNDRED and stated > _RATIO_AT_MOST


def clause_joins(text: str, subjects: Iterable[str], verbs: Iterable[str]) -> bool:
    """Whether one clause of a text (between commas, stops and line ends) has a word of both lists."""
    return any(
        any(word in clause for word in subjects) and any(word in clause for word in verbs)
        for clause in _CLAUSE.split(text)
    )


_SENTENCE_END: Final = pattern(r"[。；;\n]")


def without_instructions(text: str, hints: Iterable[str]) -> str:
    """A text without the sentences that tell how to fill the form in: those that have one of the hints."""
    hints = tuple(hints)
    if not any(hint in text for hint in hints):
        return text
    sentences = _SENTENCE_END.split(text)
    return "\n".join(sentence for sentence in sentences if not any(hint in sentence for hint in hints))


def _digits_only(text: str) -> bool:
    bare = "".join(text.split())
    return bare.isdigit()


def execution_score_fits(
    weight: Decimal, score: Decimal, ratio: Decimal | None, rate: Decimal | None, deduction: Decimal | None
) -> bool:
    """Whether a score for execution follows from a formula in use, at the decimals it is written with.

    ratio      executed ÷ annual; rate: the stated one as a ratio; deduction: points lost for each point below 100 %.
    Accepted: ratio × weight, the ratio rounded to two decimals (82%) or four (81.81%) × weight, stated rate × weight,
    each at most the weight and at least 0; and with a printed deduction weight - deduction × points below 100 %.
    """
    rounded = () if ratio is None else (ratio, *(round_half_up(ratio, places) for places in _RATE_DECIMALS))
    for value in (*rounded, rate):
        if value is None:
            continue
        if agrees(min(max(value * weight, Decimal(0)), weight), score):
            return True
        if deduction is not None:
            below = max(Decimal(0), (1 - value) * _HUNDRED)
            if agrees(max(Decimal(0), weight - deduction * below), score):
                return True
    return False


def _titles(**texts: str) -> dict[str, Text]:
    return {name: Text(*text.split(" | ")) for name, text in texts.items()}


FORM_FACTS: tuple[FactGroup, ...] = (
    FactGroup(
        "self-evaluation",
        "",
        (),
        form_facts,
        FormFacts,
        _titles(
            initial_total="资金总额年初预算数 | the initial budget of the total row",
            annual_total="资金总额全年预算数 | the annual budget of the total row",
            executed_total="资金总额全年执行数 | the executed amount of the total row",
            annual_yuan="全年预算数折合元 | the annual budget in yuan",
            executed_yuan="全年执行数折合元 | the executed amount in yuan",
            execution_weight="预算执行率分值 | the weight of execution",
            execution_score="预算执行率得分 | the score of execution",
            has_weights="指标表有分值 | some indicator has a weight",
            has_scores="指标表有得分 | some indicator has a score",
            weight_sum="各指标分值之和；有一行无分值时缺失 | the sum of all weights; missing where a row has none",
            score_sum="各指标得分之和；有一行无得分时缺失 | the sum of all scores; missing where a row has none",
            has_targets="指标表有指标值 | some indicator has a target",
            has_actuals="指标表有完成值 | some indicator has an actual",
            deduction_per_point="文中写明的执行率每低一个百分点所扣分数 | points lost a percentage point, as printed",
            explanatory_text="目标、说明和备注的全部文字 | all goals, explanations and notes",
        ),
    ),
)

FORM_FUNCTIONS: tuple[Function, ...] = (
    Function(
        "clause_joins",
        ("text", "text*", "text*"),
        "bool",
        clause_joins,
        Text("同一分句中同时有两个词表中的词", "whether one clause has a word of both lists"),
    ),
    Function(
        "rate_agrees",
        ("any", "number", "number?"),
        "bool?",
        _rate_agrees,
        Text(
            "所写执行率（0.82、82%、81.8 均可）与算得的比值一致，或与另一比值一致",
            "whether a rate as written (0.82, 82%, 81.8) is the computed ratio, or another one",
        ),
    ),
    Function(
        "rate_as_written",
        ("any", "number"),
        "any?",
        _rate_as_written,
        Text("算得的比值，按所写执行率的写法", "the computed ratio in the notation of the rate as written"),
    ),
    Function(
        "rate_points",
        ("any", "number"),
        "number?",
        _rate_points,
        Text(
            "所写执行率与算得的比值相差的百分点", "percentage points between a rate as written and the computed ratio"
        ),
    ),
    Function(
        "stated_ratio",
        ("any", "number?"),
        "number?",
        _stated_ratio,
        Text("所写执行率，折为比值", "the rate as written as a ratio"),
    ),
    Function(
        "without_instructions",
        ("text", "text*"),
        "text",
        without_instructions,
        Text("去掉填表说明的文字", "a text without the sentences that tell how to fill the form in"),
    ),
    Function("digits_only", ("text",), "bool", _digits_only, Text("只有数字", "whether a text is digits only")),
    Function(
        "execution_score_fits",
        ("number", "number", "number?", "number?", "number?"),
        "bool",
        execution_score_fits,
        Text(
            "得分符合某一通行公式：分值、得分、执行数÷预算数、所写执行率、每个百分点所扣分数",
            "whether a score follows from a formula in use: weight, score, executed ÷ annual, stated rate, deduction",
        ),
    ),
)
