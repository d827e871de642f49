"""Which pack a document asks for: packs state marks of their documents, the one with the most points is chosen.

Every document goes through here, and most ask for none: marks are sorted once by field and by how they begin, so that
a document without any is known as such after one look at each of its few fields.
"""

from __future__ import annotations

from collections.abc import Sequence
from fnmatch import fnmatchcase
from operator import add
from typing import Any, NamedTuple

__all__ = ["Choice", "Chooser", "Mark"]


class Mark(NamedTuple):
    """One mark of a document: one of the fields `at` answers to one of `values`.

    at        JSON pointers; of an array or a record all values below count
    test      equals, like (a shell pattern over the whole text) or contains
    values    what the test is about
    points    what it brings when it holds
    required  without it the pack is not chosen
    """

    at: tuple[str, ...]
    test: str
    values: tuple[Any, ...]
    points: int = 1
    required: bool = False


class Choice(NamedTuple):
    """A pack that can be chosen, by its marks."""

    pack: str
    marks: tuple[Mark, ...]


class _Field:
    """What is asked of one field; marks go by their number.

    equal   value → marks
    like    (beginning without wildcards, pattern, mark); beginnings: all of these
    within  the first two characters of a word, which has no fewer → (word, mark)
    """

    __slots__ = ("beginnings", "equal", "like", "path", "within")

    def __init__(self, pointer: str) -> None:
        self.path = tuple(pointer.split("/")[1:])
        self.equal: dict[Any, list[int]] = {}
        self.like: list[tuple[str, str, int]] = []
        self.beginnings: tuple[str, ...] = ()
        self.within: dict[str, list[tuple[str, int]]] = {}


class Chooser:
    """Choices made ready for many documents."""

    __slots__ = ("_choices", "_fields")

    def __init__(self, choices: Sequence[Choice]) -> None:
        fields: dict[str, _Field] = {}
        self._choices: list[tuple[str, list[tuple[int, Mark]]]] = []
        number = 0
        for pack, marks in choices:
            own = []
            for mark in marks:
                for pointer in mark.at:
                    if pointer not in fields:
                        fields[pointer] = _Field(pointer)
                    _ask(fields[pointer], mark, number)
                own.append((number, mark))
                number += 1
            self._choices.append((pack, own))
        self._fields = list(fields.values())

    def pack(self, data: Any) -> str | None:
        """The pack whose marks bring the most points; None where no mark holds, or where two packs come out alike."""
        hits: set[int] = set()
        for asked in self._fields:
            value = data
            for token in asked.path:
                value = value.get(token) if isinstance(value, dict) else None
            if value is not None:
                _look(asked, value, hits)
        return self._best(hits) if hits else None

    def _best(self, hits: set[int]) -> str | None:
        best, winner = 0, None
        for pack, marks in self._choices:
            if any(mark.required and number not in hits for number, mark in marks):
                continue
            points = sum(mark.points for number, mark in marks if number in hits)
            if points > best:
                best, winner = points, pack
            elif points == best:
                winner = None
        return winner


def _ask(asked: _Field, mark: Mark, number: int) -> None:
    for value in mark.values:
        if mark.test == "equals":
            asked.equal.setdefault(value, []).append(number)
        elif mark.test == "like":
            end = min((value.index(sign) for sign in "*?[" if sign in value), default=len(value))
            asked.like.append((value[:end], value, number))
            asked.beginnings = (*asked.beginnings, value[:end])
        else:
            asked.within.setdefault(value[:2], []).append((value, number))


def _look(asked: _Field, value: Any, hits: set[int]) -> None:
    if isinstance(value, str):
        _look_at_text(asked, value, hits)
    elif isinstance(value, dict):
        for item in value.values():
            _look(asked, item, hits)
    elif isinstance(value, list):
        for item in value:
            _look(asked, item, hits)
    elif value in asked.equal:
        hits.update(asked.equal[value])


def _look_at_text(asked: _Field, text: str, hits: set[int]) -> None:
    if text in asked.equal:
        hits.update(asked.equal[text])
    if text.startswith(asked.beginnings):
        hits.update(
            number for beginning, shape, number in asked.like if text.startswith(beginning) and fnmatchcase(text, shape)
        )
    within = asked.within
    if within and not within.keys().isdisjoint(map(add, text, text[1:])):
        for words in within.values():
            hits.update(number for word, number in words if word in text)
