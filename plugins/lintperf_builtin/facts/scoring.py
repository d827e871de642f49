"""Scores of missed targets: the formulas in official use, whether a score follows one, what a text says of deductions.

A positive target that is missed earns actual ÷ target of its weight. For a ceiling two formulas are in use:
target ÷ actual, and 1 - (actual - target) ÷ target. A composite earns the mean of its parts' ratios.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import Final

from lintperf.extension import Function
from lintperf.model import Text
from lintperf.patterns import pattern
from lintperf.rules.functions import agrees, decimals, round_half_up

__all__ = [
    "SCORING_FUNCTIONS",
    "marks_due",
    "proportional_score",
    "shortfall_earns_full_marks",
    "shortfall_score_fits",
    "states_deduction",
    "without",
]

_ZERO: Final = Decimal(0)
_ONE: Final = Decimal(1)
_TWO: Final = Decimal(2)
_EXACT_DECIMALS: Final = Decimal(20)
# a condition and what it costs, within one sentence: 每减少1次扣0.5分, 低于80%不得分
_DEDUCTION: Final = pattern(
    r"(?:每|低于|不足|不到|未达|未完成|小于|少于|超过|超出|高于|大于)[^。；;\n]{0,40}?(?:扣[^。；;，,\n]{0,8}分|不得分|不计分|得0分)"
)
_SENTENCE_END: Final = pattern(r"[。；;\n]")
_OF_EXECUTION: Final = ("执行率", "支出率", "支出进度")


def _ratios(completion: Decimal | None, excess: Decimal | None, parts: Decimal | None) -> tuple[Decimal, ...]:
    """The shares of the weight that a shortfall earns, the most generous first; empty where there is no shortfall."""
    if parts is not None and parts < 1:
        return (parts,)
    if completion is not None and completion < 1:
        return (max(completion, _ZERO),)
    if excess is not None and excess > 0:
        return (_ONE / (_ONE + excess), max(_ONE - excess, _ZERO))
    return ()


def _points(share: Decimal, weight: Decimal) -> Decimal:
    """A share of the weight. Ratios have 28 digits; cut to 20 decimals a third of 1.5 is 0.5 again, not just below."""
    return round_half_up(share * weight, _EXACT_DECIMALS)


def proportional_score(
    weight: Decimal, score: Decimal, completion: Decimal | None, excess: Decimal | None, parts: Decimal | None
) -> Decimal | None:
    """The score of a missed target in proportion, rounded half up to two decimals, or as many as `score` has.

    Zeros at the end are cut down to the decimals of `score`. For a ceiling target ÷ actual × weight. None where
    nothing is missed or the ratio is not known: completion 1 or more, excess 0, a target of zero.
    """
    ratios = _ratios(completion, excess, parts)
    if not ratios:
        return None
    least = decimals(score)
    exact = round_half_up(_points(ratios[0], weight), max(least, _TWO))
    short = round_half_up(exact, least)
    return short if short == exact else exact


def shortfall_earns_full_marks(
    weight: Decimal, score: Decimal, completion: Decimal | None, excess: Decimal | None, parts: Decimal | None
) -> bool:
    """Whether the score in proportion of a missed target rounds to the weight: 999 of 1,000 at a weight of 2.

    False where the ratio is not known.
    """
    due = proportional_score(weight, score, completion, excess, parts)
    return due is not None and due >= weight


def shortfall_score_fits(
    weight: Decimal, score: Decimal, completion: Decimal | None, excess: Decimal | None, parts: Decimal | None
) -> bool:
    """Whether the score of a missed target follows from a formula in use, at the decimals it is written with.

    Accepted: each ratio × weight, and the ratio rounded half up to two decimals × weight; 0 from an excess of 100 %.
    True where nothing is missed or the ratio is not known: then there is nothing to say.
    """
    ratios = _ratios(completion, excess, parts)
    return not ratios or any(
        # the product itself first: it is cheap and nearly always enough
        agrees(share * weight, score) or agrees(_points(share, weight), score)
        for ratio in ratios
        for share in (ratio, round_half_up(ratio, _TWO))
    )


def marks_due(
    weight: Decimal, score: Decimal, completion: Decimal | None, excess: Decimal | None, parts: Decimal | None
) -> str:
    """What a missed target should have earned, for messages: the score in proportion, else `<` and the weight."""
    due = proportional_score(weight, score, completion, excess, parts)
    return f"<{weight:f}" if due is None else f"{due:f}"


def states_deduction(text: str) -> bool:
    """Whether a text prints a rule of its own for lost points: 每减少1次扣0.5分. Rules about execution do not count."""
    if "分" not in text:
        return False
    return any(
        _DEDUCTION.search(sentence) is not None
        for sentence in _SENTENCE_END.split(text)
        if "分" in sentence and not any(word in sentence for word in _OF_EXECUTION)
    )


def without(text: str, words: Collection[str]) -> str:
    """The text without white space and without any of the words, taken out in their order."""
    bare = "".join(text.split())
    for word in words:
        bare = bare.replace(word, "")
    return bare


_SHORTFALL: Final = ("number", "number", "number?", "number?", "number?")
_ARGUMENTS: Final = Text(
    "分值、得分、完成率、反向指标超出率、组合指标完成率", "weight, score, completion, excess, parts' completion"
)

SCORING_FUNCTIONS: tuple[Function, ...] = (
    Function(
        "proportional_score",
        _SHORTFALL,
        "number?",
        proportional_score,
        Text(
            f"未完成时按比例应得的分：{_ARGUMENTS.zh}", f"the score in proportion of a missed target: {_ARGUMENTS.en}"
        ),
    ),
    Function(
        "shortfall_earns_full_marks",
        _SHORTFALL,
        "bool",
        shortfall_earns_full_marks,
        Text(
            f"未完成但按比例计算后仍为满分：{_ARGUMENTS.zh}",
            f"whether a missed target's score in proportion rounds to full marks: {_ARGUMENTS.en}",
        ),
    ),
    Function(
        "shortfall_score_fits",
        _SHORTFALL,
        "bool",
        shortfall_score_fits,
        Text(
            f"未完成时的得分符合某一通行公式：{_ARGUMENTS.zh}",
            f"whether the score of a missed target follows from a formula in use: {_ARGUMENTS.en}",
        ),
    ),
    Function(
        "marks_due",
        _SHORTFALL,
        "text",
        marks_due,
        Text(
            f"未完成时应得的分，不能按比例算时为“<分值”：{_ARGUMENTS.zh}",
            f"the score in proportion as text, or `<` and the weight: {_ARGUMENTS.en}",
        ),
    ),
    Function(
        "states_deduction",
        ("text",),
        "bool",
        states_deduction,
        Text("文字写明扣分办法（每少一次扣0.5分）", "whether a text prints a rule for lost points"),
    ),
    Function(
        "without",
        ("text", "text*"),
        "text",
        without,
        Text("去掉空白和词表中各词后的文字", "a text without white space and without the words of a list"),
    ),
)
