"""What a table looks like before it becomes a file: headings in one language, cells as text."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal, localcontext
from typing import Any, Literal, NamedTuple

from lintperf.display import clean
from lintperf.extension import Column
from lintperf.model import Lang, Text

__all__ = ["DEFAULT_WIDTHS", "Heading", "Kind", "Sheet", "cell_text", "headings", "is_number", "percentage"]

Kind = Literal["text", "number", "money", "percent", "count"]

# Chinese characters
DEFAULT_WIDTHS: dict[Kind, int] = {"text": 10, "number": 4, "money": 8, "percent": 5, "count": 3}


class Heading(NamedTuple):
    """A column in one language; see `extension.Column`."""

    key: str
    title: str
    kind: Kind = "text"
    total: bool = False
    mean: bool = False
    width: int = 0
    detail: bool = False

    @property
    def room(self) -> int:
        """Chinese characters that the column has room for."""
        return self.width or DEFAULT_WIDTHS[self.kind]


class Sheet(NamedTuple):
    """A table to write: its name (of a workbook's sheet), the title above it, a line below the title, its columns."""

    name: str
    title: str
    headings: tuple[Heading, ...]
    subtitle: str = ""


def headings(columns: Iterable[Column], lang: Lang) -> tuple[Heading, ...]:
    """Columns in one language."""
    return tuple(
        Heading(column.key, column.title.to(lang), column.kind, column.total, column.mean, column.width, column.detail)
        for column in columns
    )


def is_number(value: Any) -> bool:
    """Whether a cell's value is a number; True and False are none, nor is what no file has a word for."""
    return (isinstance(value, int) and not isinstance(value, bool)) or (
        isinstance(value, Decimal) and value.is_finite()
    )


def percentage(ratio: Decimal | int) -> Decimal:
    """A ratio as a percentage, rounded half up to two decimals."""
    with localcontext(prec=60, rounding=ROUND_HALF_UP):
        return (Decimal(ratio) * 100).quantize(Decimal("0.01"))


def cell_text(value: Any, kind: Kind, lang: Lang) -> str:
    """A cell as text on one line: numbers with their decimals, money with thousands separated, ratios as percentages.

    Absence is "". What could command a terminal or reorder a line is shown as a picture.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return {True: Text("是", "yes"), False: Text("否", "no")}[value].to(lang)
    if isinstance(value, Text):
        return clean(value.to(lang))
    if is_number(value):
        if kind == "percent":
            return f"{percentage(value):f}%"
        return f"{value:,f}" if kind == "money" else f"{Decimal(value):f}"
    return clean(str(value))
