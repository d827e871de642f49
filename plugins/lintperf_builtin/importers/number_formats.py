"""Numbers of a workbook as their cells show them: decimals, percentages, dates and texts by number format."""

from __future__ import annotations

import datetime
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache
from typing import NamedTuple

__all__ = ["BUILT_IN", "is_date", "moment", "shown"]

# Formats that a workbook names by number alone, as the Chinese edition of Excel shows them.
BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00",
    5: '"¥"#,##0;"¥"-#,##0', 6: '"¥"#,##0;[Red]"¥"-#,##0', 7: '"¥"#,##0.00;"¥"-#,##0.00',
    8: '"¥"#,##0.00;[Red]"¥"-#,##0.00', 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "# ?/?", 13: "# ??/??",
    14: "yyyy/m/d", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm",
    21: "h:mm:ss", 22: "yyyy/m/d h:mm", 27: 'yyyy"年"m"月"', 28: 'm"月"d"日"', 29: 'm"月"d"日"', 30: "m-d-yy",
    31: 'yyyy"年"m"月"d"日"', 32: 'h"时"mm"分"', 33: 'h"时"mm"分"ss"秒"', 34: '上午/下午h"时"mm"分"',
    35: '上午/下午h"时"mm"分"ss"秒"', 36: 'yyyy"年"m"月"', 37: "#,##0;-#,##0", 38: "#,##0;[Red]-#,##0",
    39: "#,##0.00;-#,##0.00", 40: "#,##0.00;[Red]-#,##0.00", 41: '_ * #,##0_ ;_ * -#,##0_ ;_ * "-"_ ;_ @_ ',
    42: '_ "¥"* #,##0_ ;_ "¥"* -#,##0_ ;_ "¥"* "-"_ ;_ @_ ', 43: '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ',
    44: '_ "¥"* #,##0.00_ ;_ "¥"* -#,##0.00_ ;_ "¥"* "-"??_ ;_ @_ ', 45: "mm:ss", 46: "[h]:mm:ss", 47: "mm:ss.0",
    48: "##0.0E+0", 49: "@", 50: 'yyyy"年"m"月"', 51: 'm"月"d"日"', 52: 'yyyy"年"m"月"', 53: 'm"月"d"日"',
    54: 'm"月"d"日"', 55: '上午/下午h"时"mm"分"', 56: '上午/下午h"时"mm"分"ss"秒"', 57: 'yyyy"年"m"月"',
    58: 'm"月"d"日"',
}  # fmt: skip

# Excel shows a number without format with at most eleven characters.
_GENERAL_WIDTH = 11
# Of the seventeen digits that it stores, it shows fifteen.
_STORED = Context(prec=15, rounding=ROUND_HALF_UP)
# Nothing is longer in a form; a format of thousands of signs would only cost time.
_MAX_FORMAT = 400
# quoted text, characters escaped by \ or !, padding (_x) and filling (*x), brackets, the word for "as it is"
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"?|[\\!](?P<escaped>.)|(?P<padding>[_*].?)|\[(?P<bracket>[^\]]*)\]?'
    r"|(?P<general>general|g/通用格式)|(?P<digit>[0#?])|(?P<sign>[.,%@])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|=|<|>)\s*(-?[0-9]+(?:\.[0-9]+)?)")
_ELAPSED = re.compile(r"h+|m+|s+", re.IGNORECASE)
_DATE = re.compile(
    r"yyyy|yy|e|mmmm|mmm|mm|m|aaaa|aaa|dddd|ddd|dd|d|hh|h|ss|s|am/pm|上午/下午", re.IGNORECASE
)  # fmt: skip
_SCIENCE = re.compile(r"[0#?.]e[+-]|[0#?]\s*/\s*[0-9#?]", re.IGNORECASE)
_WEEKDAYS = "一二三四五六日"
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


class _Piece(NamedTuple):
    """A piece of a format: its kind (`text`, `digit`, `sign`, `general`, `other`) and its characters."""

    kind: str
    text: str


class _Section(NamedTuple):
    """One of the sections between semicolons: its pieces, and the condition that chooses it."""

    pieces: tuple[_Piece, ...]
    condition: tuple[str, Decimal] | None
    elapsed: bool


def shown(value: object, number_format: str) -> str:
    """The text that a cell with this value and number format shows.

    Rounds half up to the decimals of the format, as Excel does, and scales by a thousand for each comma at its end.
    Formats of fractions and scientific notation show the number as without format; `None` is blank, and so is what
    the format hides (`;;;`).
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float | Decimal):
        return _number(value if isinstance(value, Decimal) else Decimal(repr(value)), number_format)
    if isinstance(value, datetime.datetime | datetime.date | datetime.time):
        return _date(value, number_format)
    if isinstance(value, datetime.timedelta):
        minutes, seconds = divmod(round(value.total_seconds()), 60)
        hours, minutes = divmod(minutes, 60)
        if not any(piece.kind == "other" and "s" in piece.text.lower() for piece in _sections(number_format)[0].pieces):
            return f"{hours}:{minutes:02}"
        return f"{hours}:{minutes:02}:{seconds:02}"
    return _text(str(value), number_format)


@lru_cache(maxsize=512)
def is_date(number_format: str) -> bool:
    """Whether a number with this format is shown as a date or a time of day."""
    section = _sections(number_format)[0]
    if any(piece.kind in ("general", "digit") for piece in section.pieces):
        # `ss.00` has digits as well; nothing else that shows a date has
        return section.elapsed or any(piece.text.lower() in ("s", "ss") for piece in _dated(section))
    return section.elapsed or any(piece.text[0] in "yYmMdDhHsSaA上下" for piece in _dated(section))


def moment(days: Decimal, number_format: str, from_1904: bool = False) -> object:
    """The date, time or duration that a number of days stands for; the number itself where there is none.

    Day 1 is 1 January 1900, and 60 a day that never was; or day 0 is 1 January 1904.
    """
    if not Decimal(0) <= days < 2_958_466:  # the year 10000
        return days
    seconds = int((days * 86400).to_integral_value(ROUND_HALF_UP))
    if _sections(number_format)[0].elapsed:
        return datetime.timedelta(seconds=seconds)
    if seconds < 86400 and not from_1904:
        return (datetime.datetime(1900, 1, 1) + datetime.timedelta(seconds=seconds)).time()  # noqa: DTZ001
    # before the day that never was, dates are one day later than its mistake makes them
    start = datetime.datetime(1904, 1, 1) if from_1904 else datetime.datetime(1899, 12, 30 if days >= 60 else 31)  # noqa: DTZ001
    try:
        return start + datetime.timedelta(seconds=seconds)
    except OverflowError:
        return days


def _dated(section: _Section) -> list[_Piece]:
    joined = "".join(piece.text for piece in section.pieces if piece.kind == "other")
    return [_Piece("other", found[0]) for found in _DATE.finditer(joined)]


@lru_cache(maxsize=512)
def _sections(number_format: str) -> tuple[_Section, ...]:
    sections: list[_Section] = []
    pieces: list[_Piece] = []
    condition: tuple[str, Decimal] | None = None
    elapsed = False
    for found in _TOKEN.finditer(number_format[:_MAX_FORMAT]):
        kind = found.lastgroup or ""
        text = found[kind] or ""
        if kind == "other" and text == ";":
            sections.append(_Section(tuple(pieces), condition, elapsed))
            pieces, condition, elapsed = [], None, False
        elif kind in ("quoted", "escaped"):
            pieces.append(_Piece("text", text))
        elif kind == "bracket":
            if limit := _CONDITION.fullmatch(text.strip()):
                condition = limit[1], Decimal(limit[2])
            elif _ELAPSED.fullmatch(text):
                elapsed = True
                pieces.append(_Piece("other", text))
            elif text.startswith("$") and (currency := text[1:].partition("-")[0]):
                pieces.append(_Piece("text", currency))
        elif kind != "padding":
            pieces.append(_Piece(kind, text))
    sections.append(_Section(tuple(pieces), condition, elapsed))
    return tuple(sections)


def _holds(number: Decimal, condition: tuple[str, Decimal]) -> bool:
    operator, limit = condition
    return {
        "<": number < limit,
        "<=": number <= limit,
        ">": number > limit,
        ">=": number >= limit,
        "=": number == limit,
        "<>": number != limit,
    }[operator]


def _general(number: Decimal) -> str:
    if not number.is_finite():
        return str(number)
    whole = len(str(int(abs(number)))) if number.adjusted() < 400 else 400
    places = max(_GENERAL_WIDTH - 1 - whole, 0)
    if -number.as_tuple().exponent > places:  # type: ignore[operator]  # finite: the exponent is a number
        number = _round(number, places)
        text = f"{number:f}"
        return text.rstrip("0").rstrip(".") if "." in text else text
    text = f"{number:f}"
    # A float that is whole came from a cell without decimals.
    return text[:-2] if text.endswith(".0") else text


def _round(number: Decimal, places: int) -> Decimal:
    try:
        return number.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)
    except ArithmeticError:  # more digits than a number has here
        return number


def _chosen(number: Decimal, sections: tuple[_Section, ...]) -> tuple[_Section, Decimal]:
    """The section for a number, and the number as that section writes it."""
    numeric = sections[:3]
    if any(section.condition for section in numeric):
        for section in numeric:
            if section.condition is None or _holds(number, section.condition):
                return section, number
        return numeric[-1], number
    if number < 0 and len(numeric) > 1:
        # The section for negative numbers writes the sign itself, or means to leave it out.
        return numeric[1], -number
    if number == 0 and len(numeric) > 2:
        return numeric[2], number
    return numeric[0], number


def _number(number: Decimal, number_format: str) -> str:
    if not number.is_finite() or abs(number.adjusted()) > 25:
        return _general(number)
    number = _STORED.create_decimal(number) if len(number.as_tuple().digits) > 15 else number
    sections = _sections(number_format)
    section, number = _chosen(number, sections)
    pieces = section.pieces
    if not pieces:
        # an empty section hides what it is for; a format without anything is no format
        return "" if len(sections) > 1 else _general(number)
    if any(piece.text == "@" and piece.kind == "sign" for piece in pieces):
        return "".join(_general(number) if p.kind == "sign" and p.text == "@" else p.text for p in pieces)
    if any(piece.kind == "general" for piece in pieces):
        return "".join(_general(number) if piece.kind == "general" else piece.text for piece in pieces)
    marks = "".join("\x00" if piece.kind == "text" else piece.text for piece in pieces)
    if _SCIENCE.search(marks):
        return _general(number)
    digits = [at for at, piece in enumerate(pieces) if piece.kind == "digit"]
    if not digits:
        return "".join(piece.text for piece in pieces if piece.text != "," or piece.kind == "text")
    return _written(number, pieces, digits)


def _written(number: Decimal, pieces: tuple[_Piece, ...], digits: list[int]) -> str:
    """A number put into the places of its format; text may stand between them (`0!.0,` shows 12345 as 1.2)."""
    point = next((at for at, p in enumerate(pieces) if p.kind == "sign" and p.text == "."), None)
    whole = [at for at in digits if point is None or at < point]
    parts = [at for at in digits if point is not None and at > point]
    # after the last place of the number a comma scales, between places it groups
    last = whole[-1] if whole else -1
    commas = [at for at, p in enumerate(pieces) if p.kind == "sign" and p.text == ","]
    scaling = [at for at in commas if at > (parts[-1] if parts else last) or (last < at < (point or 0))]
    grouped = any(whole and whole[0] < at < last for at in commas)
    percents = sum(1 for p in pieces if p.kind == "sign" and p.text == "%")
    number = number.scaleb(2 * percents - 3 * len(scaling))
    rounded = _round(number, len(parts))
    integer, _, fraction = f"{abs(rounded):f}".partition(".")
    integer = integer.lstrip("0")
    least = sum(1 for at in whole if pieces[at].text == "0")
    integer = integer.rjust(least, "0")
    kept = len(fraction)
    while kept and fraction[kept - 1] == "0" and pieces[parts[kept - 1]].text != "0":
        kept -= 1
    out: dict[int, str] = {}
    left = integer
    for number_of, at in enumerate(reversed(whole)):
        if number_of == len(whole) - 1:
            taken, left = left, ""
        else:
            left, taken = left[:-1], left[-1:]
        out[at] = taken
    if grouped and len(whole) == last - whole[0] + 1 - sum(1 for at in commas if whole[0] < at < last):
        # nothing but digits and commas: grouped as one number
        for at in whole:
            out[at] = ""
        out[whole[0]] = f"{int(integer or 0):,}".rjust(least, "0") if integer else ""
    for at, digit in zip(parts, fraction[:kept].ljust(len(parts), "\x00"), strict=False):
        out[at] = digit.replace("\x00", "")
    if point is not None:
        out[point] = "." if kept else ""
    for at in commas:
        out[at] = ""
    sign = "-" if rounded < 0 else ""
    return sign + "".join(out.get(at, piece.text) for at, piece in enumerate(pieces))


def _text(text: str, number_format: str) -> str:
    """A text by the section for texts, which can add to it or hide it."""
    sections = _sections(number_format)
    section = sections[3] if len(sections) > 3 else sections[-1]
    if len(sections) > 3 and not section.pieces:
        return ""
    if not any(piece.kind == "sign" and piece.text == "@" for piece in section.pieces):
        return text
    return "".join(text if p.kind == "sign" and p.text == "@" else p.text for p in section.pieces)


def _date(value: datetime.datetime | datetime.date | datetime.time, number_format: str) -> str:
    section = _sections(number_format)[0]
    if not _dated(section) or any(piece.kind == "general" for piece in section.pieces):
        return value.isoformat(" ") if isinstance(value, datetime.datetime) else value.isoformat()
    out: list[str] = []
    # Letters of a date stand one a piece: those between literal texts are read together.
    run = ""
    half = "am/pm" in (joined := "".join(p.text for p in section.pieces if p.kind == "other").lower())
    half = half or "上午/下午" in joined
    clock = _Clock(value, half, joined)
    for piece in (*section.pieces, _Piece("text", "")):
        if piece.kind == "other":
            run += piece.text
            continue
        if run:
            out.append(clock.write(run))
            run = ""
        out.append("" if piece.kind == "sign" and piece.text == "@" else piece.text)
    return "".join(out).strip()


class _Clock:
    """Writes the letters of a date format; `m` is minutes after hours and before seconds, else months."""

    def __init__(self, value: datetime.datetime | datetime.date | datetime.time, half: bool, letters: str) -> None:
        self.value = value
        self.half = half
        self.rest = letters
        self.after_hour = False

    def write(self, run: str) -> str:
        """The run with its letters replaced."""
        return _DATE.sub(self._part, run)

    def _part(self, found: re.Match[str]) -> str:
        code = found[0].lower()
        value = self.value
        hour = getattr(value, "hour", 0)
        self.rest = self.rest[self.rest.find(code) + len(code) :]
        if code in ("am/pm", "上午/下午"):
            return ("上午" if hour < 12 else "下午") if code == "上午/下午" else ("AM" if hour < 12 else "PM")
        minutes = code in ("m", "mm") and (self.after_hour or bool(re.match(r"[^a-z]*s", self.rest)))
        self.after_hour = code in ("h", "hh")
        year, month = getattr(value, "year", 1900), getattr(value, "month", 1)
        if code in ("aaaa", "aaa", "dddd", "ddd"):
            if not isinstance(value, datetime.date):
                return ""
            day = _WEEKDAYS[value.weekday()]
            return day if code == "aaa" else f"星期{day}"
        if code in ("mmm", "mmmm"):
            return _MONTHS[month - 1]
        number = {
            "y": year if code == "yyyy" else year % 100,
            "e": year,
            "m": getattr(value, "minute", 0) if minutes else month,
            "d": getattr(value, "day", 0),
            "h": (hour % 12 or 12) if self.half else hour,
            "s": getattr(value, "second", 0),
        }[code[0]]
        return f"{number:02}" if len(code) == 2 else str(number)
