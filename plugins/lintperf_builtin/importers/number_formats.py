"""Numbers of a workbook as their cells show them: decimals, percentages, dates and texts by number format."""

from __future__ import annotations

import datetime
import re
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

__all__ = ["shown"]

# Excel shows a number without format with at most eleven characters.
_GENERAL_WIDTH = 11
# quoted text, escaped characters, padding (_x) and filling (*x), conditions and colours in brackets
_LITERAL = re.compile(r'"([^"]*)"|\\(.)|_.|\*.|\[[^\]]*\]')
_DIGITS = re.compile(r"[#0?,]*[#0?](?:\.([0#?]*))?")
_DATE = re.compile(r"yyyy|yy|mmmm|mmm|mm|m|dddd|ddd|dd|d|hh|h|ss|s|am/pm|上午/下午", re.IGNORECASE)


def shown(value: object, number_format: str) -> str:
    """The text that a cell with this value and number format shows.

    Rounds half up to the decimals of the format, as Excel does. Formats of fractions and scientific notation show
    the number as without format; `None` is blank.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return _number(Decimal(repr(value)), number_format)
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return _date(value, number_format)
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        hours, minutes = divmod(minutes, 60)
        return f"{hours}:{minutes:02}:{seconds:02}"
    return str(value)


def _general(number: Decimal) -> str:
    if not number.is_finite():
        return str(number)
    whole = len(str(int(abs(number))))
    places = max(_GENERAL_WIDTH - 1 - whole, 0)
    if -number.as_tuple().exponent > places:  # type: ignore[operator]  # finite: the exponent is a number
        number = _round(number, places)
        text = f"{number:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    text = f"{number:f}"
    # A float that is whole came from a cell without decimals.
    return text[:-2] if text.endswith(".0") else text


def _round(number: Decimal, places: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _number(number: Decimal, number_format: str) -> str:
    if not number.is_finite() or abs(number.adjusted()) > 25:
        return _general(number)
    sections = _sections(number_format)
    section = sections[0]
    if number < 0 and len(sections) > 1:
        # The section for negative numbers writes the sign itself, or means to leave it out.
        section, number = sections[1], -number
    elif number == 0 and len(sections) > 2:
        section = sections[2]
    if section.strip().lower() in ("general", "@", "g/通用格式", ""):
        return _general(number)
    plain = _LITERAL.sub(lambda found: _protect(found[1] or found[2] or ""), section)
    digits = _DIGITS.search(plain)
    if digits is None:
        return _restore(plain)
    if re.search(r"[eE][+-]|/[?#0-9]", plain):
        return _general(number)
    if "%" in plain:
        number = number.scaleb(2)
    decimals = digits[1] or ""
    rounded = _round(number, len(decimals))
    text = f"{abs(rounded):,f}" if "," in digits[0] else f"{abs(rounded):f}"
    optional = len(decimals) - len(decimals.rstrip("#?"))
    while optional and text.endswith("0"):
        text, optional = text[:-1], optional - 1
    sign = "-" if rounded < 0 else ""
    return _restore(sign + plain[: digits.start()] + text.rstrip(".") + plain[digits.end() :])


@lru_cache(maxsize=256)
def _sections(number_format: str) -> list[str]:
    return re.findall(r'(?:[^;"\\]|"[^"]*"|\\.)+', number_format) or [""]


# Literal text of a format is moved out of the way of its placeholders and back.
_SHIFT = 0xF0000


def _protect(text: str) -> str:
    return "".join(chr(_SHIFT + ord(character)) if ord(character) < 0xF000 else character for character in text)


def _restore(text: str) -> str:
    return "".join(chr(ord(character) - _SHIFT) if ord(character) >= _SHIFT else character for character in text)


def _date(value: datetime.datetime | datetime.date | datetime.time, number_format: str) -> str:
    plain = _LITERAL.sub(lambda found: _protect(found[1] or found[2] or ""), _sections(number_format)[0])
    if not _DATE.search(plain):
        return value.isoformat(" ") if isinstance(value, datetime.datetime) else value.isoformat()
    year, month, day = getattr(value, "year", 1900), getattr(value, "month", 1), getattr(value, "day", 0)
    hour, minute, second = getattr(value, "hour", 0), getattr(value, "minute", 0), getattr(value, "second", 0)
    half = "am/pm" in plain.lower() or "上午/下午" in plain
    clock = (hour % 12 or 12) if half else hour
    after_hour = False

    def part(found: re.Match[str]) -> str:
        nonlocal after_hour
        code = found[0].lower()
        rest = plain[found.end() :].lower()
        if code in ("am/pm", "上午/下午"):
            return ("上午" if hour < 12 else "下午") if code == "上午/下午" else ("AM" if hour < 12 else "PM")
        # `m` is minutes after hours and before seconds, else months.
        minutes = code in ("m", "mm") and (after_hour or bool(re.match(r"[^a-z]*s", rest)))
        after_hour = code in ("h", "hh")
        number = {
            "y": year if code == "yyyy" else year % 100,
            "m": minute if minutes else month,
            "d": day,
            "h": clock,
            "s": second,
        }[code[0]]
        return f"{number:02}" if len(code) == 2 else str(number)

    return _restore(_DATE.sub(part, plain)).strip()
