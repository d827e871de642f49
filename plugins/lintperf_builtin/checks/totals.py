"""Checks of the total row: do the weights make full marks, where do they stand, does the grade fit the score."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final

from lintperf.extension import Check, Problem, Subject
from lintperf.model import Text
from lintperf.patterns import pattern
from lintperf_builtin.facts.form import FormFacts
from lintperf_builtin.facts.indicator import RowNature

__all__ = ["TOTALS_CHECKS", "grade_mismatch", "misplaced_total", "printed_bounds", "weights_not_full_marks"]

_ZERO: Final = Decimal(0)


def weights_not_full_marks(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Weights of all indicators and of execution against the form's full marks.

    full_marks       the full marks of a form that does not state them
    partial_frames   sums of indicator weights that are complete where execution bears no weight in this form
    Nothing is said where no row has a weight, where a row that is not empty lacks one, or where a total row of the
    indicators alone leaves execution's weight to be added.
    """
    weights, seen = _ZERO, False
    for row, nature in zip(subject.rows("indicators"), subject.facts(RowNature), strict=True):
        weight = row.get("weight")
        if weight is not None:
            weights += weight
            seen = True
        elif not nature.is_empty:
            return
    if not seen:
        return
    stated = (subject.data.get("total") or {}).get("weight")
    usual = options["full_marks"]
    full = usual if stated is None else stated
    execution = subject.facts(FormFacts)[0].execution_weight
    both = weights + (execution or _ZERO)
    if both == full or (weights == full and both == usual):
        return
    if execution is None and weights in options["partial_frames"]:
        return
    yield Problem(
        "/indicators" if stated is None else "/total/weight",
        {"weights": weights, "execution": execution or _ZERO, "gap": abs(both - full)},
        both,
        full,
        both - full,
    )


def misplaced_total(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """A total row without a weight whose sum of weights, or full marks, stands in another column; once a form.

    full_marks   the full marks of a form that does not state them
    Other numbers of the total row, and forms without any weight, are left alone.
    """
    total = subject.data.get("total") or {}
    misplaced = total.get("misplaced")
    if not misplaced or total.get("weight") is not None:
        return
    weights = [row["weight"] for row in subject.rows("indicators") if row.get("weight") is not None]
    if not weights:
        return
    for number, cell in enumerate(misplaced):
        if cell.get("value") in (sum(weights), options["full_marks"]):
            pointer = f"/total/misplaced/{number}/value"
            yield Problem(pointer, {"column": cell.get("column")}, cell.get("value"), related=("/total/label",))
            return


_SPACE: Final = pattern(r"\s+")
_BRACKETED: Final = pattern(r"[（(\[【][^（）()\[\]【】]*[）)\]】]")
# 90（含）以上, （含90分）: bands are half-open with or without it
_INCLUDED: Final = pattern(r"[（(]?不?含[0-9.]*分?[）)]?|[（）()［］\[\]【】：:“”\"'\s]|分(?!数)")
_NUMBER: Final = r"[0-9]{1,3}(?:\.[0-9]{1,2})?"
_DASH: Final = r"[-－—–~～至到]+"


def grade_mismatch(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """The grade of the total row against the total score.

    grades       one text a grade, best first, its words separated by spaces: 优 优秀
    lower_bounds the lowest score of each grade but the last, which takes all below
    full_marks   the scale of the bounds; a form with other full marks is left alone
    Bands that the form prints in its notes or in the grade's cell go before `lower_bounds`. A grade in other words is
    left alone.
    """
    total = subject.data.get("total") or {}
    written, score = total.get("grade"), total.get("score")
    if not written or score is None or total.get("weight") not in (None, options["full_marks"]):
        return
    grades = tuple(tuple(words.split()) for words in options["grades"])
    word = _SPACE.sub("", _BRACKETED.sub("", written))
    stated = next((number for number, words in enumerate(grades) if word in words), None)
    if stated is None:
        return
    printed = printed_bounds([written, *(subject.data.get("notes") or ())], grades)
    bounds = [printed.get(number, bound) for number, bound in enumerate(options["lower_bounds"])]
    if any(upper <= lower for upper, lower in pairwise(bounds)):
        return  # printed bands that were read in part only
    right = next((number for number, bound in enumerate(bounds) if score >= bound), len(bounds))
    if right != stated:
        bands = [f"{grades[number][0]} ≥ {bound:f}" for number, bound in enumerate(bounds)]
        bands.append(f"{grades[len(bounds)][0]} < {bounds[-1]:f}")
        yield Problem(
            "/total/grade",
            {"score": score, "bands": bands},
            written,
            grades[right][0],
            related=("/total/score",),
        )


def printed_bounds(texts: Sequence[str], grades: tuple[tuple[str, ...], ...]) -> dict[int, Decimal]:
    """The lower bounds that texts print for grades, by the grade's position: 90分以上为优, 良（80-89分）, 优≥90."""
    pattern = _bands(grades)
    positions = {word: number for number, words in enumerate(grades) for word in words}
    found: dict[int, Decimal] = {}
    for text in texts:
        if text and any(char.isdigit() for char in text):
            for match in pattern.finditer(_INCLUDED.sub("", text)):
                groups = match.groupdict()
                word = groups["word"] or groups["word2"]
                numbers = [Decimal(groups[name]) for name in _BOUNDS if groups[name] is not None]
                bound = _ZERO if groups["below"] or groups["below2"] else min(numbers)
                found.setdefault(positions[word], bound)
    return found


_BOUNDS: Final = ("low", "high", "least", "low2", "high2", "least2")


@lru_cache(maxsize=16)
def _bands(grades: tuple[tuple[str, ...], ...]) -> re.Pattern[str]:
    """What a band looks like without spaces, brackets and 分: the word and then its numbers, or the other way round."""
    words = "|".join(sorted((re.escape(word) for words in grades for word in words), key=len, reverse=True))

    def bounds(suffix: str) -> str:
        low, high, least = (f"(?P<{name}{suffix}>{_NUMBER})" for name in ("low", "high", "least"))
        range_or_bound = f"{_DASH}{high}|[及或]?以上|[≤<][^0-9，。；、]{{0,4}}(?:[≤<][0-9]+)?|(?P<below{suffix}>以下)"
        return f"(?:(?:≥|>=|不低于|大于等于){least}|{low}(?:{range_or_bound}))"

    before = f"(?P<word>{words})[级等为是得]{{0,2}}{bounds('')}"
    after = f"{bounds('2')}[^0-9，。；、]{{0,4}}?(?P<word2>{words})"
    return re.compile(f"{before}|{after}")


TOTALS_CHECKS: tuple[Check, ...] = (
    Check(
        "weights-not-full-marks",
        "self-evaluation",
        weights_not_full_marks,
        Text("分值合计与满分", "the sum of the weights against full marks"),
        {"full_marks": "number", "partial_frames": "number*"},
    ),
    Check(
        "misplaced-total",
        "self-evaluation",
        misplaced_total,
        Text("合计行的分值合计所在栏目", "the column in which the total of the weights stands"),
        {"full_marks": "number"},
    ),
    Check(
        "grade-mismatch",
        "self-evaluation",
        grade_mismatch,
        Text("等级与总得分", "the grade against the total score"),
        {"grades": "text*", "lower_bounds": "number*", "full_marks": "number"},
    ),
)
