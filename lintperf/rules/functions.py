"""The functions of the expression language that know nothing of any domain.

All are total, without side effects, and bounded by the size of their arguments. Regular expressions are left out on
purpose: a pattern from a stranger can run for ever; word lists cannot.
"""

from __future__ import annotations

from collections.abc import Collection
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from lintperf.extension import Function
from lintperf.model import Text

__all__ = ["CORE_FUNCTIONS", "agrees", "decimals", "round_half_up"]

MOST_DECIMALS = 20
# readers let numbers up to 1E+40 through, and products of them have twenty decimals more
_WIDE = Context(prec=200)


# made once: rules round many times a document, and a Decimal from a tuple costs more than the rounding
_PLACES = tuple(Decimal(places) for places in range(MOST_DECIMALS + 1))
_STEPS = tuple(Decimal((0, (1,), -places)) for places in range(MOST_DECIMALS + 1))


def decimals(number: Decimal) -> Decimal:
    """How many decimals `number` is written with: 0.980 has 3, 98 has 0."""
    exponent = number.as_tuple().exponent
    places = max(0, -exponent) if isinstance(exponent, int) else 0
    return _PLACES[places] if places <= MOST_DECIMALS else Decimal(places)


def round_half_up(number: Decimal, places: Decimal) -> Decimal:
    """`number` rounded half up (0.005 → 0.01, -0.005 → -0.01) to `places` decimals, 0 to 20."""
    # bounded before `int`, which takes a minute for 1E+999999
    bounded = 0 if places <= 0 else MOST_DECIMALS if places >= MOST_DECIMALS else int(places)
    return number.quantize(_STEPS[bounded], ROUND_HALF_UP, _WIDE)


def agrees(computed: Decimal, stated: Decimal) -> bool:
    """Whether `computed`, rounded half up to the decimals that `stated` is written with, equals `stated`."""
    return computed == stated or round_half_up(computed, decimals(stated)) == stated


def _contains_any(text: str, words: Collection[str]) -> bool:
    # a plain loop: `any` over a generator takes twice as long
    for word in words:  # noqa: SIM110
        if word in text:
            return True
    return False


def _starts_with_any(text: str, words: Collection[str]) -> bool:
    return text.startswith(tuple(words))


def _ends_with_any(text: str, words: Collection[str]) -> bool:
    return text.endswith(tuple(words))


def _squeeze(text: str) -> str:
    return "".join(text.split())


def _function(name: str, parameters: str, result: str, call: Any, zh: str, en: str) -> Function:
    return Function(name, tuple(parameters.split()), result, call, Text(zh, en))


CORE_FUNCTIONS: tuple[Function, ...] = (
    _function("abs", "number", "number", abs, "绝对值", "the absolute value"),
    _function("smaller", "number number", "number", min, "两数中较小者", "the smaller of two numbers"),
    _function("larger", "number number", "number", max, "两数中较大者", "the larger of two numbers"),
    _function("decimals", "number", "number", decimals, "书写的小数位数", "the number of decimals as written"),
    _function("round_half_up", "number number", "number", round_half_up,
              "四舍五入到若干位小数", "rounded half up to so many decimals"),
    _function("agrees", "number number", "bool", agrees,
              "按所写小数位四舍五入后相等", "equal when the first is rounded half up to the decimals of the second"),
    _function("length", "text", "number", lambda text: Decimal(len(text)), "字数", "the number of characters"),
    _function("contains", "text text", "bool", lambda text, part: part in text,
              "文字包含另一段文字", "whether a text contains another"),
    _function("contains_any", "text text*", "bool", _contains_any,
              "文字包含词表中任一词", "whether a text contains a word of a list"),
    _function("starts_with", "text text*", "bool", _starts_with_any,
              "文字以词表中任一词开头", "whether a text starts with a word of a list"),
    _function("ends_with", "text text*", "bool", _ends_with_any,
              "文字以词表中任一词结尾", "whether a text ends with a word of a list"),
    _function("squeeze", "text", "text", _squeeze, "去掉全部空白", "the text without any white space"),
    _function("is_one_of", "text text*", "bool", lambda text, words: text in words,
              "文字等于词表中某一词", "whether a text equals a word of a list"),
)  # fmt: skip
