"""A hypothesis strategy over invented forms: the same inventions as by a seed, shrunk towards few and plain rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from hypothesis import strategies as st

from generator.families import FAMILIES, Family
from generator.invent import invent

__all__ = ["Choices", "forms"]

T = TypeVar("T")


class Choices:
    """Choices drawn by hypothesis; the first and the unlikely-not are what it shrinks to."""

    def __init__(self, draw: Callable[[st.SearchStrategy[Any]], Any]) -> None:
        self._draw = draw

    def below(self, end: int) -> int:
        return int(self._draw(st.integers(0, end - 1)))

    def pick(self, values: Sequence[T]) -> T:
        return values[self.below(len(values))]

    def chance(self, percent: int) -> bool:
        return self.below(100) >= 100 - percent


@st.composite
def forms(draw: Callable[[st.SearchStrategy[Any]], Any], family: Family | None = None) -> dict[str, Any]:
    """Invented canonical forms that `family` can hold; without one, of any family."""
    chosen = family or FAMILIES[draw(st.sampled_from(sorted(FAMILIES)))]
    return invent(Choices(draw), chosen)
