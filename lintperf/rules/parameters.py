"""Parameters of packs: thresholds and word lists with a type and a default, set by packs and by users."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any, Literal, get_args

__all__ = ["ParameterType", "fits", "from_text"]

ParameterType = Literal["text", "number", "bool", "text*", "number*", "any"]
TYPES: tuple[str, ...] = get_args(ParameterType)


def fits(value: Any, kind: str) -> bool:
    """Whether a value is of a parameter type: text, number, bool, a list of texts or of numbers, or anything."""
    if kind == "any":
        return True
    if kind == "bool":
        return isinstance(value, bool)
    if kind == "text":
        return isinstance(value, str)
    if kind == "number":
        return isinstance(value, Decimal)
    return isinstance(value, list | tuple) and all(fits(item, kind.removesuffix("*")) for item in value)


def from_text(text: str, kind: str) -> Any:
    """The value that the command line's `NAME=VALUE` means; lists are separated by commas. Raises ValueError."""
    if kind == "bool":
        if text.lower() in ("true", "yes", "1", "on", "是"):
            return True
        if text.lower() in ("false", "no", "0", "off", "否"):
            return False
        raise ValueError(text)
    if kind == "number":
        try:
            number = Decimal(text)
        except InvalidOperation:
            raise ValueError(text) from None
        if not number.is_finite():
            raise ValueError(text)
        return number
    if kind.endswith("*"):
        return tuple(from_text(part.strip(), kind.removesuffix("*")) for part in text.split(",") if part.strip())
    return text
