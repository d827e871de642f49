"""The texts of a document with the numbers they state, for checks: paragraphs of a report, goal texts of a form."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, Final, NamedTuple, cast

from lintperf.extension import Subject
from lintperf_builtin.prose.sentences import level
from lintperf_builtin.prose.statements import Stated, stated

__all__ = ["REPORT", "Passage", "Spoken", "passages"]

REPORT: Final = "evaluation-report"
_GOALS: Final = (("/goals/expected", "expected"), ("/goals/achieved", "achieved"))


class Spoken(NamedTuple):
    """A number of a text and where findings on it point."""

    pointer: str
    words: Stated


@dataclass(eq=False)
class Passage:
    """One text of a document; what costs time is done when it is first asked for.

    pointer  of the text as a whole
    role     expected or achieved for goal texts of a form, text or footnote … for paragraphs of a report
    section  index of the section that a paragraph stands in, or None
    text     as written; `plain` the same with folded signs, every character at its place
    numbers  the numbers it states, in order: those that the document carries (`carried`), else they are read
    """

    pointer: str
    role: str
    section: int | None
    text: str
    carried: Sequence[Spoken] | None = None

    @cached_property
    def plain(self) -> str:
        return level(self.text)

    @cached_property
    def numbers(self) -> Sequence[Spoken]:
        if self.carried is not None:
            return self.carried
        return [Spoken(self.pointer, each) for each in stated(self.text)]


def passages(subject: Subject) -> Sequence[Passage]:
    """The texts of a document, in order. Statements that a report carries are taken as they are; else they are read.

    Those of the latest document are remembered, as several checks ask one after another.
    """
    return _remembered(cast("Hashable", subject))


@lru_cache(maxsize=1)
def _remembered(subject: Any) -> Sequence[Passage]:
    return tuple(_passages(subject))


def _passages(subject: Subject) -> Iterator[Passage]:
    if subject.data.get("type") != REPORT:
        goals = subject.data.get("goals")
        for pointer, key in _GOALS:
            text = goals.get(key) if isinstance(goals, Mapping) else None
            if text:
                yield Passage(pointer, key, None, text)
        return
    carried: dict[int, list[Spoken]] | None = None
    if subject.data.get("statements") is not None:
        carried = {}
        for index, row in enumerate(subject.rows("statements")):
            number = row.get("paragraph")
            if number is not None:
                carried.setdefault(int(number), []).append(Spoken(f"/statements/{index}/text", _of_row(row)))
    for index, paragraph in enumerate(subject.rows("paragraphs")):
        text, role = paragraph.get("text"), paragraph.get("role") or "text"
        if not text or role in ("caption", "unit"):
            continue
        pointer = f"/paragraphs/{index}/text"
        numbers = None if carried is None else carried.get(index, [])
        section = paragraph.get("section")
        yield Passage(pointer, role, None if section is None else int(section), text, numbers)


def _of_row(row: Mapping[str, Any]) -> Stated:
    text = row.get("text") or ""
    start = row.get("start")
    end = row.get("end")
    return Stated(
        row.get("quantity") or "",
        row.get("subject"),
        _number(row.get("value")),
        _number(row.get("upper")),
        row.get("unit"),
        row.get("qualifier") or "exact",
        row.get("date"),
        text,
        row.get("sentence") or "",
        0 if start is None else int(start),
        0 if end is None else int(end),
        row.get("confidence") or "low",
    )


def _number(value: Any) -> Decimal | None:
    return None if value is None else Decimal(value)
