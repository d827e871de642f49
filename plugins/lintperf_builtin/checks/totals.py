"""Checks of the total row: do the weights make full marks, where do they stand, does the grade fit the score."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from operator import gt
from typing import Any, Final, NamedTuple

from lintperf.extension import Check, Problem, Subject
from lintperf.model import Severity, Text
from lintperf.patterns import pattern
from lintperf.rules.functions import agrees, decimals, round_half_up
from lintperf_builtin.facts.form import FormFacts, read_rate
from lintperf_builtin.facts.indicator import RowNature
from lintperf_builtin.facts.tables import FORMS_AND_REPORTS, per_table

__all__ = [
    "HEADING_POINTS",
    "TOTALS_CHECKS",
    "Added",
    "Grading",
    "added_scores",
    "grade_mismatch",
    "grading",
    "heading_points",
    "may_print_points",
    "misplaced_total",
    "printed_bounds",
    "score_exceeds_weight",
    "scores_not_total",
    "stated_grade",
    "weights_not_full_marks",
]

_ZERO: Final = Decimal(0)


def weights_not_full_marks(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Weights of all indicators and of execution against the form's full marks.

    full_marks       the full marks of a form that does not state them
    partial_frames   sums of indicator weights that are complete where execution bears no weight in this form
    detail_prefixes  beginnings of names of rows that are parts of the row above
    Where no row has a weight, the points that first-level headings print, `产出指标（40分）`, stand for them. Weights
    of parts may be counted or not; where a column states the share of each row, the shares may make the full marks.
    Nothing is said where neither is there, where a row that is not empty lacks them (parts and rows of a merged cell
    apart), or where a total row of the indicators alone leaves execution's weight to be added. Where both its weight
    and its score count the indicators alone and make full marks, execution's points come on top: a note.
    """
    rows = subject.rows("indicators")
    prefixes = tuple(options["detail_prefixes"])
    form = subject.facts(FormFacts)[0]
    weights = form.weight_sum
    if not form.has_weights:
        weights = heading_points(rows, subject.facts(RowNature))
    elif weights is None:
        weights = _ZERO
        for row, nature in zip(rows, subject.facts(RowNature), strict=True):
            weight = row.get("weight")
            if weight is not None:
                weights += weight
            elif not nature.is_empty and not _bears_none(row, prefixes):
                return
    if weights is None:
        return
    stated = (subject.data.get("total") or {}).get("weight")
    usual = options["full_marks"]
    full = usual if stated is None else stated
    execution = form.execution_weight
    both = weights + (execution or _ZERO)
    if both == full:
        return

    def complete(sum_: Decimal) -> bool:
        with_execution = sum_ + (execution or _ZERO)
        if with_execution == full or (sum_ == full and with_execution == usual):
            return True
        return execution is None and sum_ in options["partial_frames"]

    if complete(weights) or any(map(complete, _other_sums(rows, weights, prefixes))):
        return
    beside = weights == stated and _counts_indicators_alone(subject)
    yield Problem(
        "/indicators" if stated is None else "/total/weight",
        {"weights": weights, "execution": execution or _ZERO, "gap": abs(both - full)},
        both,
        full,
        both - full,
        severity=Severity.note if beside else None,
        variant="beside" if beside else None,
    )


def _counts_indicators_alone(subject: Subject) -> bool:
    """Whether the total score is that of the indicators without execution's: then so is the total of the weights."""
    scores = [row["score"] for row in subject.rows("indicators") if row.get("score") is not None]
    total = (subject.data.get("total") or {}).get("score")
    return bool(scores) and total is not None and sum(scores, _ZERO) == total


def _bears_none(row: Mapping[str, Any], prefixes: tuple[str, ...]) -> bool:
    """Whether a row has no weight by design: a part of the row above, or one of several that share a cell."""
    return "weight" in (row.get("merged") or ()) or (row.get("name") or "").lstrip().startswith(prefixes)


def _other_sums(rows: Sequence[Mapping[str, Any]], weights: Decimal, prefixes: tuple[str, ...]) -> Iterator[Decimal]:
    """What else the indicators may weigh together: without parts of the row above, and by their stated shares."""
    parts = [row["weight"] for row in rows if row.get("weight") and _bears_none(row, prefixes)]
    if parts:
        yield weights - sum(parts, _ZERO)
    shares = [read for row in rows if (read := read_rate(row.get("weight_share"), None)) is not None]
    if shares:
        yield sum((share.ratio for share in shares), _ZERO) * 100


class Added(NamedTuple):
    """The stated scores of a form added up, as its total counts them.

    own        what the indicators score; execution: what execution scores, 0 where it bears none
    alone      the stated total is that of the indicators, which make full marks without execution
    converted  the total adds up the scores that a column converts
    """

    own: Decimal
    execution: Decimal
    alone: bool
    converted: bool

    @property
    def score(self) -> Decimal:
        """What the total should be."""
        return self.own if self.alone else self.own + self.execution


def added_scores(subject: Subject, full_marks: Decimal, detail_prefixes: Sequence[str]) -> Added | None:
    """What the scores of all rows make together; None where that cannot be said.

    It cannot where a row that is not empty lacks its score (parts and rows of a merged cell apart), or where execution
    bears points in another table and the rows alone do not make full marks. Where a column converts the scores, the
    converted ones count, or those as they are if that gives the stated total.
    """
    total = subject.data.get("total") or {}
    stated = total.get("score")
    form = subject.facts(FormFacts)[0]
    if not form.has_scores:
        return None
    scores = form.score_sum
    if scores is None:
        scores, prefixes = _ZERO, tuple(detail_prefixes)
        for row, nature in zip(subject.rows("indicators"), subject.facts(RowNature), strict=True):
            score = row.get("score")
            if score is not None:
                scores += score
            elif not (nature.is_empty or nature.shares_points or _squeezed(row.get("name")).startswith(prefixes)):
                return None
    full = total.get("weight") or full_marks
    execution = form.execution_score or _ZERO
    if form.execution_score is None and (form.execution_weight is not None or _weights(subject) < full):
        return None
    # no field of a report: there it may be anything
    others = [other for other in subject.column("indicators", "converted_score") if isinstance(other, Decimal)]
    converted = sum(others, _ZERO) > _ZERO
    own = sum(others, _ZERO) if converted else scores
    if stated is None or agrees(own + execution, stated):
        return Added(own, execution, False, converted)
    if agrees(scores + execution, stated):
        return Added(scores, execution, False, False)
    return Added(own, execution, _weights(subject) == full and agrees(own, stated), converted)


def _weights(subject: Subject) -> Decimal:
    """What the indicators weigh together, a row without a weight nothing."""
    return sum(filter(None, subject.column("indicators", "weight")), _ZERO)


def scores_not_total(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Scores of all indicators and of execution against the stated total score, at the decimals it is written with.

    full_marks       the full marks of a form that does not state them
    detail_prefixes  beginnings of names of rows that are parts of the row above
    Nothing is said where `added_scores` says nothing; a total row may count the indicators alone (then LP203 judges
    it).
    """
    stated = (subject.data.get("total") or {}).get("score")
    if stated is None:
        return
    form = subject.facts(FormFacts)[0]
    # scores that add up as they are leave nothing to say, whatever else the rows have
    if form.score_sum is not None and agrees(form.score_sum + (form.execution_score or _ZERO), stated):
        return
    sums = added_scores(subject, options["full_marks"], options["detail_prefixes"])
    if sums is None or agrees(sums.score, stated):
        return
    added = sums.score
    rounded = round_half_up(added, decimals(stated))
    yield Problem(
        "/total/score",
        {"scores": sums.own, "execution": sums.execution, "gap": abs(stated - added)},
        stated,
        rounded if rounded == added else added,
        stated - added,
    )


def _squeezed(text: str | None) -> str:
    return "".join((text or "").split())


# points that a heading prints: （40分）
HEADING_POINTS: Final = pattern(r"[（(]\s*([0-9]{1,4}(?:\.[0-9]{1,4})?)\s*分\s*[)）]")


def may_print_points(headings: Sequence[str | None]) -> bool:
    """Whether any of the headings may say how many points it bears: a look at all of them at once."""
    return "分" in "".join(filter(None, headings))


def heading_points(rows: Sequence[Mapping[str, Any]], natures: Sequence[RowNature]) -> Decimal | None:
    """The sum of the points that first-level headings print, each heading once: 产出指标（40分）.

    None where a row that is not empty stands under a heading without points, or where there is none at all.
    """
    headings: dict[str, Decimal] = {}
    for row, nature in zip(rows, natures, strict=True):
        level1 = row.get("level1") or ""
        if level1 in headings:
            continue
        match = HEADING_POINTS.search(level1) if "分" in level1 else None
        if match is not None:
            headings[level1] = Decimal(match[1])
        elif not nature.is_empty:
            return None
    return sum(headings.values(), _ZERO) if headings else None


def score_exceeds_weight(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Rows that score more than they weigh; one cell with the score of several rows is no score of the first.

    Where no row has a weight: headings whose rows score more than the points they print, 产出指标（40分）, at the first
    row; where headings print none, all rows together against full marks less the weight of execution.
    full_marks  the full marks of a form that does not state them
    """
    rows = subject.rows("indicators")
    form = subject.facts(FormFacts)[0]
    if form.has_weights:
        scores, weights = subject.column("indicators", "score"), subject.column("indicators", "weight")
        if form.weight_sum is not None and form.score_sum is not None and not any(map(gt, scores, weights)):
            return
        for number, (score, weight) in enumerate(zip(scores, weights, strict=True)):
            if score is None or weight is None or score <= weight or subject.facts(RowNature)[number].shares_points:
                continue
            base = f"/indicators/{number}"
            yield Problem(f"{base}/score", {}, score, weight, score - weight, (f"{base}/weight",))
        return
    scored = [number for number, row in enumerate(rows) if row.get("score") is not None]
    if not scored:
        return
    if heading_points(rows, subject.facts(RowNature)) is None:
        added = sum((rows[number]["score"] for number in scored), _ZERO)
        full = (subject.data.get("total") or {}).get("weight") or options["full_marks"]
        most = full - (form.execution_weight or _ZERO)
        if added > most:
            related = [f"/indicators/{number}/score" for number in scored[1:]]
            pointer = f"/indicators/{scored[0]}/score"
            yield Problem(pointer, {}, added, most, added - most, related, variant="all-rows")
        return
    blocks: dict[str, list[int]] = {}
    for number in scored:
        blocks.setdefault(rows[number].get("level1") or "", []).append(number)
    for heading, numbers in blocks.items():
        match = HEADING_POINTS.search(heading)
        added = sum((rows[number]["score"] for number in numbers), _ZERO)
        if match is None or added <= (most := Decimal(match[1])):
            continue
        related = [f"/indicators/{number}/score" for number in numbers]
        arguments = {"heading": "".join(heading.split())}
        pointer = f"/indicators/{numbers[0]}/level1"
        yield Problem(pointer, arguments, added, most, added - most, related, variant="heading")


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


class Grading(NamedTuple):
    """The grades in force for a form: their words, best first, and the lowest score of each but the last."""

    grades: tuple[tuple[str, ...], ...]
    bounds: list[Decimal]

    def of(self, score: Decimal) -> int:
        """The position of the grade that a score earns."""
        return next((number for number, bound in enumerate(self.bounds) if score >= bound), len(self.bounds))

    def bands(self) -> list[str]:
        """All grades with their bounds: 优 ≥ 90."""
        bands = [f"{self.grades[number][0]} ≥ {bound:f}" for number, bound in enumerate(self.bounds)]
        return [*bands, f"{self.grades[len(self.bounds)][0]} < {self.bounds[-1]:f}"]


def grading(subject: Subject, options: Mapping[str, Any]) -> Grading | None:
    """How scores become grades: by the bands that the form prints in its notes or the grade's cell, else by those of
    the options; see `grade_mismatch`. None where printed bands were read in part only, and for other full marks.
    """
    total = subject.data.get("total") or {}
    if total.get("weight") not in (None, options["full_marks"]):
        return None
    grades = _words(tuple(options["grades"]))
    printed = printed_bounds([total.get("grade") or "", *(subject.data.get("notes") or ())], grades)
    bounds = [printed.get(number, bound) for number, bound in enumerate(options["lower_bounds"])]
    if any(upper <= lower for upper, lower in pairwise(bounds)):
        return None
    return Grading(grades, bounds)


@lru_cache(maxsize=16)
def _words(grades: tuple[str, ...]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(words.split()) for words in grades)


def stated_grade(written: str, grades: tuple[tuple[str, ...], ...]) -> int | None:
    """The position of a grade as written, 优（90分以上）; None where it is in other words."""
    word = _SPACE.sub("", _BRACKETED.sub("", written))
    return next((number for number, words in enumerate(grades) if word in words), None)


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
    if not written or score is None:
        return
    scale = grading(subject, options)
    stated = stated_grade(written, scale.grades) if scale is not None else None
    if scale is None or stated is None:
        return
    right = scale.of(score)
    if right != stated:
        yield Problem(
            "/total/grade",
            {"score": score, "bands": scale.bands()},
            written,
            scale.grades[right][0],
            related=("/total/score",),
            repaired=_regraded(written, scale.grades[stated], scale.grades[right]),
        )


def _regraded(written: str, stated: Sequence[str], right: Sequence[str]) -> str | None:
    """The right word for a cell that holds the wrong one alone: 优（90分以上） would be wrong as 良（90分以上）.

    Of words that mean the same, 优 and 优秀, the one like the wrong word is taken.
    """
    word = _SPACE.sub("", written)
    if word not in stated:
        return None
    number = stated.index(word)
    return right[number] if number < len(right) else right[0]


def printed_bounds(texts: Sequence[str], grades: tuple[tuple[str, ...], ...]) -> dict[int, Decimal]:
    """The lower bounds that texts print for grades, by the grade's position: 90分以上为优, 良（80-89分）, 优≥90."""
    positions = {word: number for number, words in enumerate(grades) for word in words}
    firsts = {word[0] for word in positions}
    found: dict[int, Decimal] = {}
    for text in texts:
        # most notes name no grade
        if text and not firsts.isdisjoint(text) and any(char.isdigit() for char in text):
            for match in _bands(grades).finditer(_INCLUDED.sub("", text)):
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
        FORMS_AND_REPORTS,
        per_table(weights_not_full_marks),
        Text("分值合计与满分", "the sum of the weights against full marks"),
        {"full_marks": "number", "partial_frames": "number*", "detail_prefixes": "text*"},
    ),
    Check(
        "score-exceeds-weight",
        FORMS_AND_REPORTS,
        per_table(score_exceeds_weight),
        Text("得分与分值", "scores against weights"),
        {"full_marks": "number"},
    ),
    Check(
        "scores-not-total",
        FORMS_AND_REPORTS,
        per_table(scores_not_total),
        Text("得分合计与总得分", "the sum of the scores against the stated total"),
        {"full_marks": "number", "detail_prefixes": "text*"},
    ),
    Check(
        "misplaced-total",
        FORMS_AND_REPORTS,
        per_table(misplaced_total),
        Text("合计行的分值合计所在栏目", "the column in which the total of the weights stands"),
        {"full_marks": "number"},
    ),
    Check(
        "grade-mismatch",
        FORMS_AND_REPORTS,
        per_table(grade_mismatch),
        Text("等级与总得分", "the grade against the total score"),
        {"grades": "text*", "lower_bounds": "number*", "full_marks": "number"},
    ),
)
