"""The values of cells: exact numbers and rates with the decimals as written, blanks, texts."""

from __future__ import annotations

import re
from decimal import Decimal

from lintperf_builtin.importers import vocabulary

__all__ = ["amount_unit", "is_blank_mark", "number", "rate", "year", "yuan"]

# Only these: other compatibility characters, ① or ㎡, are no digits of a number.
_HALF_WIDTH = str.maketrans("０１２３４５６７８９．，＋－−％", "0123456789.,+--%")
_NUMBER = re.compile(r"([-+]?)([0-9]{1,3}(?:,[0-9]{3})+|[0-9]{1,18})(\.[0-9]{1,12})?")
_AMOUNT = re.compile(rf"(?:¥|￥|人民币)?({_NUMBER.pattern})(元|万元|亿元)?")
_RATE = re.compile(r"[-+]?[0-9]{1,12}(?:\.[0-9]{1,12})?%")
_YEAR = re.compile(r"((?:19|20)[0-9]{2})(?:年度?)?")
_IN_YUAN = {"元": 0, "万元": 4, "亿元": 8}


def is_blank_mark(text: str) -> bool:
    """Whether the text of a cell says that there is no number."""
    plain = "".join(text.split())
    return not plain or plain in vocabulary.current().words["blanks"]


def _half_width(text: str) -> str:
    return re.sub(r"\s+", "", text.translate(_HALF_WIDTH))


def number(text: str, suffix: str = "") -> Decimal | str | None:
    """The number of a cell with the decimals as written; None for a blank cell, else the text as it stands.

    Thousands separators and full-width digits are read; so is `suffix` (分, 元) behind the number.
    """
    if is_blank_mark(text):
        return None
    plain = _half_width(text)
    if suffix and plain.endswith(suffix):
        plain = plain[: -len(suffix)]
    if not _NUMBER.fullmatch(plain):
        return text
    return Decimal(plain.replace(",", ""))


def amount_unit(text: str) -> str | None:
    """The unit of money that stands behind an amount in its cell."""
    found = _AMOUNT.fullmatch(_half_width(text))
    return found[5] if found else None


def rate(text: str) -> Decimal | str | None:
    """An execution rate in the form's own notation: a plain number is a Decimal, with % it stays text (`82%`)."""
    plain = _half_width(text)
    return plain if _RATE.fullmatch(plain) else number(text)


def year(text: str) -> Decimal | str | None:
    """The year of a cell (`2023年度`); None for a blank cell, else the text as it stands."""
    if is_blank_mark(text):
        return None
    found = _YEAR.fullmatch(_half_width(text).strip("()（）"))
    return Decimal(found[1]) if found else text


def yuan(text: str, unit: str | None) -> Decimal | str | None:
    """An amount in yuan, exact: the unit behind the number holds, else `unit`, else yuan."""
    if is_blank_mark(text):
        return None
    found = _AMOUNT.fullmatch(_half_width(text))
    if not found:
        return text
    shift = _IN_YUAN[found[5] or unit or "元"]
    plain = Decimal(found[1].replace(",", ""))
    moved = plain.scaleb(shift)
    # Without decimals left there is none to keep: 3.5万元 is 35000, not 3.5E+4.
    return Decimal(f"{moved:f}") if shift else plain
