"""Texts of numbers as forms write them: full-width signs, thousands separators, 万 and 亿, Chinese numerals.

Everything is exact: a number is a `Decimal` with the decimals that were written.
"""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Final

from lintperf.patterns import pattern

__all__ = [
    "ARABIC",
    "CHINESE",
    "EXACT",
    "MAX_DIGITS",
    "SCALE",
    "SCALES",
    "chinese_number",
    "fold",
    "number",
    "times_ten",
]

# Wide enough that no product or scaling of two numbers of MAX_DIGITS digits is ever rounded.
EXACT: Final = Context(prec=200, rounding=ROUND_HALF_UP)
MAX_DIGITS: Final = 30

# Patterns over folded text. ARABIC takes only whole groups of three between separators.
ARABIC: Final = r"[-+]?(?:[0-9]{1,3}(?:[,，][0-9]{3})+(?![0-9])|[0-9]+)(?:\.[0-9]+)?"
CHINESE: Final = r"[零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟点]+"

# How many powers of ten a character after a number stands for: 5.8万 is 5.8 × 10⁴.
SCALES: Final[dict[str, int]] = {
    "百": 2, "千": 3, "万": 4, "十万": 5, "百万": 6, "千万": 7, "亿": 8, "十亿": 9, "百亿": 10, "千亿": 11, "万亿": 12,
}  # fmt: skip
SCALE: Final = "|".join(sorted(SCALES, key=len, reverse=True))

_DIGITS: Final = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_PLACES: Final = {"十": 10, "百": 100, "千": 1000}
_FORMAL: Final = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟", "一二三四五六七八九十百千")

_FOLDED: Final[dict[str, str]] = (
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F) if chr(code) != "，"}
    | dict.fromkeys("–—―−‐‑﹣", "-")
    | dict.fromkeys("～〜∼˜", "~")
    | dict.fromkeys("≧⩾≽", "≥")
    | dict.fromkeys("≦⩽≼", "≤")
    | {"═": "=", "﹦": "=", "﹥": ">", "﹤": "<", "﹪": "%", "⁄": "/"}
    | dict.fromkeys("\u200b\u200c\u200d\u2060\ufeff\u00ad", "")
)
_FOLDING: Final = str.maketrans(_FOLDED)
# in prose few characters are to be folded: finding them takes a quarter of the time of looking up each
_SIGNS: Final = pattern(f"[{re.escape(''.join(_FOLDED))}]")
_LONG: Final = 40


def fold(text: str) -> str:
    """`text` with one character for each sign: ASCII for full-width forms, one dash, one wave, ≥ ≤ for their variants.

    The full-width comma stays, as it separates both thousands and clauses. Characters without width disappear.
    """
    if len(text) < _LONG:
        return text.translate(_FOLDING)
    return _SIGNS.sub(lambda match: _FOLDED[match[0]], text)


def number(text: str) -> tuple[Decimal, int] | None:
    """The value of a number in digits (`1,234.50`, folded) and how many decimals it was written with.

    None for more than MAX_DIGITS digits, counted without leading zeros and separators.
    """
    plain = text.replace(",", "").replace("，", "")
    whole, _, fraction = plain.lstrip("+-").partition(".")
    if len(whole.lstrip("0")) + len(fraction) > MAX_DIGITS:
        return None
    return Decimal(plain), len(fraction)


def times_ten(value: Decimal, power: int) -> Decimal:
    """`value` × 10^power, exactly and without an exponent in its text: 5.8 and 4 give 58000."""
    if not power:
        return value
    scaled = EXACT.scaleb(value, power)
    return EXACT.quantize(scaled, Decimal(1)) if scaled.adjusted() >= 0 and int(scaled) == scaled else scaled


def chinese_number(text: str) -> tuple[Decimal, int] | None:
    """The value of a Chinese numeral (三十二, 两百, 一千零五, 二〇二一, 九十五点五) and its decimals.

    None for what is not written by the rules, such as 一千五 (1,005 or 1,500), 百 alone or more than MAX_DIGITS
    characters.
    """
    if not text or len(text) > MAX_DIGITS:
        return None
    whole, point, fraction = text.translate(_FORMAL).partition("点")
    value = _whole(whole)
    if value is None:
        return None
    if not point:
        return Decimal(value), 0
    digits = [_DIGITS.get(character) for character in fraction]
    if not digits or None in digits:
        return None
    return Decimal(f"{value}.{''.join(map(str, digits))}"), len(digits)


def _whole(text: str) -> int | None:
    """A whole Chinese numeral: digit by digit as years are (二〇二一; 五六 is "five or six"), or in sections."""
    if len(text) == 4 and "两" not in text and all(character in _DIGITS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    total = 0
    rest = text
    for sign, size in (("亿", 10**8), ("万", 10**4)):
        head, found, tail = rest.partition(sign)
        if found:
            section = _section(head, leading=not total)
            if not section:
                return None
            total += section * size
            rest = tail
    if not total:
        return _section(rest, leading=True)
    if not rest:
        return total
    section = None if rest in _DIGITS else _section(rest, leading=False)  # 一万五: 10,005 or 15,000
    return None if section is None else total + section


def _section(text: str, *, leading: bool) -> int | None:
    """A numeral below 10,000. Only at the very beginning of a number 十 may stand without a digit."""
    value = 0
    digit: int | None = None
    limit = 10_000
    zero = False
    for index, character in enumerate(text):
        place = _PLACES.get(character)
        if place is None:
            found = _DIGITS.get(character)
            if found is None or digit is not None:
                return None
            if found == 0:
                if len(text) == 1 and leading:
                    return 0
                if zero or (leading and index == 0):
                    return None
                zero = True
                continue
            digit = found
        else:
            if digit is None:
                if place != 10 or index or not leading:
                    return None
                digit = 1
            if place >= limit:
                return None
            value += digit * place
            limit = place
            digit, zero = None, False
    if digit is not None:
        # 一千五 is read as 1,500 by some and as a slip by others; 一千零五 and 三十五 are plain.
        if limit > 10 and limit != 10_000 and not zero:
            return None
        value += digit
    elif not value or text[-1] == "零" or text[-1] == "〇":
        return None
    return value
