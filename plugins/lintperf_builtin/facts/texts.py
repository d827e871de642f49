"""The texts of a document with their places: goals, explanations, paragraphs, headings, notes; and what they say."""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, Final, NamedTuple, cast

from lintperf.extension import Function, Subject
from lintperf.model import Text
from lintperf.patterns import pattern

__all__ = [
    "TEXT_FUNCTIONS",
    "Passage",
    "any_of",
    "excerpt",
    "passages",
    "quotations",
    "states_remedy",
    "together",
    "values",
    "without_blanks",
    "without_markup",
]

_EXCERPT: Final = 12


@lru_cache(maxsize=32)
def any_of(words: tuple[str, ...]) -> re.Pattern[str]:
    """A pattern that finds the first of the words: a fifth of the time that a search for each of them takes."""
    return re.compile("|".join(map(re.escape, words)) if words else "(?!)")


def without_blanks(texts: Sequence[str | None]) -> Sequence[str]:
    """The texts without white space, None as "": columns are compared so. Mostly there is none, which one look says."""
    written = [text or "" for text in texts]
    whole = "".join(written)
    return written if "".join(whole.split()) == whole else ["".join(text.split()) for text in written]


class Passage(NamedTuple):
    """One text of a document.

    pointer  JSON pointer of the text
    role     goal, paragraph, heading, explanation, name, cell or note
    """

    pointer: str
    text: str
    role: str


# the fields of a row that hold words, and their role; targets and actuals are values
_ROW_FIELDS: Final = (
    ("name", "name"),
    ("description", "cell"),
    ("criterion", "cell"),
    ("explanation", "explanation"),
)
_ARRAYS: Final = (
    ("sections", (("title", "heading"),)),
    ("paragraphs", (("text", "paragraph"),)),
    ("tasks", (("content", "goal"), ("result", "goal"))),
    ("management", (("description", "note"), ("problems", "note"))),
    ("indicators", _ROW_FIELDS),
)


def passages(subject: Subject) -> Sequence[Passage]:
    """The texts of a form or report in its order, each wording once: a merged cell repeats its text in every row.

    The goals of a report repeat paragraphs, with other line ends; they are left out there. Those of the latest
    document are remembered, as several checks ask one after another.
    """
    return _remembered(cast("Hashable", subject))


@lru_cache(maxsize=1)
def _together(subject: Any) -> str:
    goals = subject.data.get("goals")
    texts: list[Any] = [goals.get("expected"), goals.get("achieved")] if isinstance(goals, Mapping) else []
    for array, fields in _ARRAYS:
        if subject.rows(array):
            for field, _ in fields:
                texts += subject.column(array, field)
    texts += subject.column("funds.rows", "explanation")
    texts += subject.data.get("notes") or ()
    return "\n".join(filter(None, dict.fromkeys(texts)))


def together(subject: Subject) -> str:
    """The texts of `passages`, a line each, in no particular order: what it does not contain, none of them contains.

    Most texts are clean, and one look at all of them spares the looks at each (and making the passages at all).
    """
    return _together(cast("Hashable", subject))


@lru_cache(maxsize=1)
def _values(subject: Any) -> str:
    return "\n".join(filter(None, (*subject.column("indicators", "target"), *subject.column("indicators", "actual"))))


def values(subject: Subject) -> str:
    """The targets and actuals of all rows, a line each: what `together` leaves out, for one look at them too."""
    return _values(cast("Hashable", subject))


@lru_cache(maxsize=1)
def _remembered(subject: Any) -> Sequence[Passage]:
    return tuple(_passages(subject))


def _passages(subject: Subject) -> Iterator[Passage]:
    data = subject.data
    seen: set[str] = set()
    goals = data.get("goals")
    if isinstance(goals, Mapping) and not data.get("paragraphs"):
        for name in ("expected", "achieved"):
            if goals.get(name):
                yield Passage(f"/goals/{name}", goals[name], "goal")
    for array, fields in _ARRAYS:
        for number, row in enumerate(subject.rows(array)):
            for field, role in fields:
                text = row.get(field)
                if text and (role in ("paragraph", "heading") or text not in seen):
                    seen.add(text)
                    yield Passage(f"/{array}/{number}/{field}", text, role)
    for number, row in enumerate(subject.rows("funds.rows")):
        text = row.get("explanation")
        if text and text not in seen:
            seen.add(text)
            yield Passage(f"/funds/rows/{number}/explanation", text, "explanation")
    for number, note in enumerate(data.get("notes") or ()):
        if note:
            yield Passage(f"/notes/{number}", note, "note")


def excerpt(text: str, start: int, end: int) -> str:
    """The words around a place, for messages: a few characters on either side, line ends as spaces."""
    before, after = max(0, start - _EXCERPT), min(len(text), end + _EXCERPT)
    words = " ".join(text[before:after].split())
    return f"{'…' if before else ''}{words}{'…' if after < len(text) else ''}"


_MARKUP: Final = pattern(r"<(?:/?[a-zA-Z][a-zA-Z0-9]{0,9}(?:\s[^<>]{0,200})?/?)>|&[a-z]{2,6};")


def without_markup(text: str) -> str:
    """A text with a space for each tag or reference that an export left in it; all places stay where they were."""
    if "<" not in text and "&" not in text:
        return text
    return _MARKUP.sub(lambda match: " " * len(match[0]), text)


_MOST_QUOTATIONS: Final = 100
_QUOTES: Final = pattern(r"《[^》]{0,120}》|“[^”]{0,120}”|「[^」]{0,120}」")


def quotations(text: str) -> list[tuple[int, int]]:
    """Start and end of the titles and quotations of a text, at most a hundred of them."""
    return [match.span() for match in islice(_QUOTES.finditer(text), _MOST_QUOTATIONS)]


_CLAUSE_END: Final = pattern(r"[，。；;！!？?\n]|(?<![0-9]),|,(?![0-9])")
_DATE: Final = pattern(r"[0-9]{1,2}\s*月|[0-9]{4}\s*年|[上下]半年|年[底末初]|季度|[上中下]旬")
_DONE: Final = "完成"
_NOT_DONE: Final = ("未", "没有", "无法", "不能", "难以", "不了")


@lru_cache(maxsize=2048)
def states_remedy(text: str, words: tuple[str, ...], wanting: tuple[str, ...]) -> bool:
    """Whether an explanation says what is done about a deviation: a clause with one of `words`, or 完成 with a date.

    A word counts no more where one of `wanting` (有待, 需要) stands before it in the clause: that names what is
    missing, not what is done. 未能在12月完成 is no completion.
    """
    remedy, want = any_of(words), any_of(wanting)
    for clause in _CLAUSE_END.split(text):
        bare = "".join(clause.split())
        found = remedy.search(bare)
        if found is not None:
            wanted = want.search(bare)
            if found.start() < (wanted.start() if wanted is not None else len(bare)):
                return True
        place = bare.find(_DONE)
        if place >= 0 and _DATE.search(bare) and not any(word in bare[:place] for word in _NOT_DONE):
            return True
    return False


def _states_remedy(text: str, words: Iterable[str], wanting: Iterable[str]) -> bool:
    return states_remedy(text, tuple(words), tuple(wanting))


TEXT_FUNCTIONS: tuple[Function, ...] = (
    Function(
        "states_remedy",
        ("text", "text*", "text*"),
        "bool",
        _states_remedy,
        Text(
            "偏差说明写有改进措施：措施词、表示欠缺的词（其后的措施词不算）；完成加日期也算",
            "whether an explanation names a remedy: words of remedies, and words of wants behind which they do not "
            "count; 完成 with a date is one",
        ),
    ),
)
