"""The words by which prose is read, from `patterns.json`: read at first use, as most runs meet little prose."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from lintperf.patterns import pattern

__all__ = ["Words", "any_of", "words"]


class Words(NamedTuple):
    """The lists of `patterns.json` as patterns.

    before, after   qualifier → what stands right before a number, or between number and unit or right behind them
    leading         verbs and adverbs at the beginning of a text, as often as they come
    nominal         those of the former that can be what is counted
    trailing        the same at its end
    stop            where a noun behind a number ends
    partial         words of a part, a share or a change
    planned, done   words of plans and of results
    quantities      subject, kind, and the pattern of the end of what stands before the number in its clause
    lead            what may stand before that, at its end
    never           words that make a known quantity another one
    blocks          words that make a score that of a part
    full_marks      words that make a total the points at stake
    endings         the last characters of all words of `before` and `trailing`: a text that ends otherwise has none
    """

    before: tuple[tuple[str, re.Pattern[str]], ...]
    after: tuple[tuple[str, re.Pattern[str]], ...]
    leading: re.Pattern[str]
    nominal: re.Pattern[str]
    trailing: re.Pattern[str]
    stop: re.Pattern[str]
    partial: re.Pattern[str]
    planned: re.Pattern[str]
    done: re.Pattern[str]
    quantities: tuple[tuple[str, str, re.Pattern[str]], ...]
    lead: re.Pattern[str]
    never: re.Pattern[str]
    blocks: re.Pattern[str]
    full_marks: re.Pattern[str]
    endings: frozenset[str]


def any_of(names: Iterable[str], *, escaped: bool = True) -> str:
    """A pattern for any of the names, the longest first."""
    return "|".join(re.escape(name) if escaped else name for name in sorted(names, key=lambda name: (-len(name), name)))


@lru_cache(maxsize=1)
def words() -> Words:
    """The built-in words."""
    data: dict[str, Any] = json.loads(Path(__file__).with_name("patterns.json").read_text(encoding="utf-8"))
    qualifiers = data["qualifiers"]
    copula = rf"(?:{any_of(data['copula'])}|{_qualifier_words(qualifiers)})"
    return Words(
        tuple(
            (name, pattern(rf"(?:{any_of(each['before'])})$")) for name, each in qualifiers.items() if each["before"]
        ),
        tuple((name, pattern(rf"(?:{any_of(each['after'])})")) for name, each in qualifiers.items() if each["after"]),
        pattern(rf"(?:{any_of(data['leading'])})*+"),
        pattern(rf"(?:{any_of(data['nominal'])})$"),
        pattern(rf"(?:{any_of(data['trailing'])})+$"),
        pattern(any_of(data["stops"])),
        pattern(any_of(data["partial"])),
        pattern(any_of(data["planned"])),
        pattern(any_of(data["done"])),
        tuple(
            (subject, each["kind"], pattern(rf"(?:{_cores(each)}){copula}{{0,3}}$"))
            for subject, each in data["quantities"].items()
        ),
        pattern(rf"(?:{any_of(data['lead'], escaped=False)}|{any_of(data['lead_nouns'])}|[:：])$"),
        pattern(any_of(data["never"])),
        pattern(any_of(data["blocks"])),
        pattern(any_of(data["full_marks"])),
        frozenset(
            word[-1]
            for words_ in (*(each["before"] for each in qualifiers.values()), data["trailing"])
            for word in words_
        ),
    )


def _cores(quantity: dict[str, Any]) -> str:
    return "|".join((*quantity.get("patterns", ()), any_of(quantity["core"])))


def _qualifier_words(qualifiers: dict[str, dict[str, list[str]]]) -> str:
    return any_of(word for each in qualifiers.values() for word in each["before"])
