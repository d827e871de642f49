"""Which rows of two tables are about the same indicator: by their names, first alike, then similar."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from lintperf.patterns import pattern

__all__ = ["Pair", "bare_name", "pair_names", "similarity"]

_BRACKETS: Final = pattern(r"[（(\[［【][^（）()\[\]［］【】]*[)）\]］】]")
_SIGNS: Final = str.maketrans("", "", "“”‘’\"'《》〈〉、，,。.；;：:·-—－　")
# beyond this many comparisons rows that have no row alike stay unpaired: tables of that size are no report's
_MOST_COMPARISONS: Final = 250_000


class Pair(NamedTuple):
    """Two rows of the same indicator: positions in both lists of names, and how similar the names are, from 0 to 1."""

    left: int
    right: int
    likeness: float


@lru_cache(maxsize=8192)
def bare_name(name: str, suffixes: tuple[str, ...]) -> str:
    """A name without white space, punctuation, a bracket, letter case, and without one of the endings 场次, 数量, 条数.

    A name that is an ending and nothing else stays as it is.
    """
    bare = "".join(_BRACKETS.sub("", name).translate(_SIGNS).split()).casefold()
    for suffix in suffixes:
        if bare.endswith(suffix) and len(bare) > len(suffix):
            return bare[: -len(suffix)]
    return bare


def similarity(one: str, other: str) -> float:
    """How similar two texts are, from 0 to 1: twice the characters in common order over the length of both."""
    from rapidfuzz.distance import Indel

    return Indel.normalized_similarity(one, other)


def pair_names(
    left: Sequence[str | None], right: Sequence[str | None], suffixes: Iterable[str], least: float
) -> list[Pair]:
    """Pairs of names in two lists, each name in one pair at most, in the order of `left`.

    Names alike by `bare_name` pair first, in their order; what is left over pairs from the most similar down to
    `least`; of equal ones the earlier first. Blank names pair with nothing.
    """
    endings = tuple(suffixes)
    ours, theirs = ([bare_name(name or "", endings) for name in names] for names in (left, right))
    waiting: dict[str, list[int]] = {}
    for number in range(len(theirs) - 1, -1, -1):
        waiting.setdefault(theirs[number], []).append(number)
    pairs: list[Pair] = []
    unpaired: list[int] = []
    for number, name in enumerate(ours):
        if name and waiting.get(name):
            pairs.append(Pair(number, waiting[name].pop(), 1.0))
        elif name:
            unpaired.append(number)
    free = sorted(number for name, numbers in waiting.items() if name for number in numbers)
    if unpaired and free and len(unpaired) * len(free) <= _MOST_COMPARISONS:
        pairs += _similar(ours, theirs, unpaired, free, least)
    return sorted(pairs)


def _similar(
    ours: Sequence[str], theirs: Sequence[str], unpaired: Sequence[int], free: Sequence[int], least: float
) -> list[Pair]:
    candidates = [
        (-likeness, one, other)
        for one in unpaired
        for other in free
        if (likeness := similarity(ours[one], theirs[other])) >= least
    ]
    pairs: list[Pair] = []
    used: set[tuple[str, int]] = set()
    for negative, one, other in sorted(candidates):
        if ("left", one) not in used and ("right", other) not in used:
            used |= {("left", one), ("right", other)}
            pairs.append(Pair(one, other, -negative))
    return pairs
