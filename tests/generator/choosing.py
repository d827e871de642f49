"""Choices, so that the same invention can be driven by a seed or by hypothesis (which then shrinks it)."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Protocol, TypeVar

__all__ = ["Chooser", "Seeded"]

T = TypeVar("T")


class Chooser(Protocol):
    """Where an invention gets its choices from. Smaller and earlier choices are the simpler ones."""

    def below(self, end: int) -> int:
        """A whole number from 0 up to, not including, `end`."""

    def pick(self, values: Sequence[T]) -> T:
        """One of `values`; the first is the simplest."""

    def chance(self, percent: int) -> bool:
        """True in about `percent` of a hundred cases; False is the simpler."""


class Seeded:
    """Choices from a seed: the same text gives the same choices on every machine."""

    def __init__(self, seed: str) -> None:
        self._random = random.Random(seed)

    def below(self, end: int) -> int:
        return self._random.randrange(end)

    def pick(self, values: Sequence[T]) -> T:
        return values[self._random.randrange(len(values))]

    def chance(self, percent: int) -> bool:
        return self._random.randrange(100) < percent
