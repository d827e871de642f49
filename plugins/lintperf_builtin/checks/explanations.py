"""Checks of what a form says of unfinished work against rows that report no deviation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from itertools import islice
from typing import Any, Final, NamedTuple

from lintperf.extension import Check, Problem, Subject
from lintperf.model import Text
from lintperf.patterns import pattern
from lintperf_builtin.facts.indicator import Achievement, RowNature
from lintperf_builtin.facts.texts import any_of, together, values, without_markup

__all__ = ["EXPLANATIONS_CHECKS"]

_CLAUSE: Final = pattern(r"[，,。；;！!？?\n]")
_DENIED: Final = ("无", "没有", "不存在", "避免", "防止", "杜绝")
_LEAST_SHARED: Final = 4
_MOST_CLAUSES: Final = 50
# what a row is about begins and ends with words that say nothing of its thing
_TITLE_MARKS: Final = pattern(r"[《》“”（）()\s]")


class _Unfinished(NamedTuple):
    """A clause that says that something is not finished, where it stands, and the row it belongs to, if any."""

    pointer: str
    clause: str
    word: str
    row: int | None


def no_deviation_but_text_says_so(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Rows with full marks or 无偏差 whose thing another text calls unfinished, and rows whose own explanation says so
    while their actual says that the target is met (variant `own`); one problem a row.

    words     of unfinished work; `a…b` are two words in this order within a clause
    A thing is the same where name and clause (or the name of the row that the explanation belongs to) share four
    characters or more that are half of the name, and no third row's name has them.
    """
    first = _firsts(options["words"])
    if first.search(together(subject)) is None and first.search(values(subject)) is None:
        return
    unfinished = list(islice(_unfinished(subject, options["words"]), _MOST_CLAUSES))
    if not unfinished:
        return
    rows, natures, facts = subject.rows("indicators"), subject.facts(RowNature), subject.facts(Achievement)
    names = [_TITLE_MARKS.sub("", nature.name_stem) for nature in natures]
    for number, nature in enumerate(natures):
        if nature.is_empty:
            continue
        pointer = f"/indicators/{number}"
        own = next((item for item in unfinished if item.row == number), None)
        if own is not None and _says_met(rows[number], facts[number]) and nature.full_marks is not True:
            words = {"clause": own.clause, "actual": rows[number].get("actual")}
            related = (own.pointer,)
            yield Problem(f"{pointer}/actual", words, rows[number].get("actual"), related=related, variant="own")
            continue
        if nature.full_marks is not True and not (nature.full_marks is None and nature.explanation_kind == "none"):
            continue
        for item in unfinished:
            if item.row == number or not _same_thing(names, number, item):
                continue
            words = {"name": rows[number].get("name"), "clause": item.clause}
            field = "score" if nature.full_marks else "explanation"
            yield Problem(f"{pointer}/{field}", words, rows[number].get(field), related=(item.pointer,))
            break


@lru_cache(maxsize=16)
def _firsts(words: tuple[str, ...]) -> re.Pattern[str]:
    """What must stand in a text that has one of the words."""
    return any_of(tuple(dict.fromkeys(word.split("…")[0] for word in words)))


def _says_met(row: Mapping[str, Any], facts: Achievement) -> bool:
    """Whether the actual says that the target is met: by its value, or in the target's own words."""
    target, actual = ("".join((row.get(field) or "").split()) for field in ("target", "actual"))
    return facts.met is True or bool(target and target == actual)


def _unfinished(subject: Subject, words: Sequence[str]) -> Iterator[_Unfinished]:
    goals = subject.data.get("goals")
    goals = goals if isinstance(goals, Mapping) else {}
    if goals.get("achieved"):
        for clause, word in _clauses(without_markup(goals["achieved"]), tuple(words)):
            yield _Unfinished("/goals/achieved", clause, word, None)
    for number, row in enumerate(subject.rows("indicators")):
        for field in ("explanation", "actual"):
            for clause, word in _clauses(row.get(field) or "", tuple(words)):
                yield _Unfinished(f"/indicators/{number}/{field}", clause, word, number)


@lru_cache(maxsize=2048)
def _clauses(text: str, words: tuple[str, ...]) -> tuple[tuple[str, str], ...]:
    """The clauses of a text that have one of the words, with the word; 无未完成事项 has none."""
    found = []
    if not any(word.split("…")[0] in text for word in words):
        return ()
    for clause in _CLAUSE.split(text):
        for word in words:
            place = _find(clause, word)
            if place is not None and not any(denial in clause[max(0, place - 3) : place] for denial in _DENIED):
                found.append((" ".join(clause.split()), word))
                break
    return tuple(found)


def _find(clause: str, word: str) -> int | None:
    first, _, second = word.partition("…")
    place = clause.find(first)
    if place < 0 or (second and clause.find(second, place + len(first)) < 0):
        return None
    return place


def _same_thing(names: Sequence[str], number: int, item: _Unfinished) -> bool:
    """Whether a row's name and an unfinished clause are about one thing, and no third row is about it too."""
    name = names[number]
    about = [_TITLE_MARKS.sub("", item.clause)] + ([names[item.row]] if item.row is not None else [])
    shared = max((_longest_shared(name, text) for text in about), key=len)
    if len(shared) < _LEAST_SHARED or 2 * len(shared) < len(name):
        return False
    return not any(shared in other for place, other in enumerate(names) if place not in (number, item.row))


@lru_cache(maxsize=4096)
def _longest_shared(one: str, other: str) -> str:
    """The longest run of characters that two short texts share."""
    one, other = one[:80], other[:200]
    best = ""
    for start in range(len(one)):
        while start + len(best) < len(one) and one[start : start + len(best) + 1] in other:
            best = one[start : start + len(best) + 1]
    return best


EXPLANATIONS_CHECKS: tuple[Check, ...] = (
    Check(
        "no-deviation-but-text-says-so",
        ("self-evaluation", "evaluation-report"),
        no_deviation_but_text_says_so,
        Text("写无偏差或得满分，文中却说没有完成", "no deviation in the row, unfinished in the text"),
        {"words": "text*"},
    ),
)
