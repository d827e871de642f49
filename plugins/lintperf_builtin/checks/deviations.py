"""Checks of deviations and their explanations that look at several rows, or into the parts of a composite target."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple

from lintperf.extension import Check, Problem, Subject
from lintperf.model import Text
from lintperf.patterns import pattern
from lintperf.rules.functions import agrees
from lintperf_builtin.facts.indicator import Achievement, RowNature
from lintperf_builtin.facts.measures import parse_measure
from lintperf_builtin.facts.scoring import shortfall_score_fits
from lintperf_builtin.facts.tables import FORMS_AND_REPORTS, per_table
from lintperf_builtin.facts.texts import without_blanks

__all__ = ["DEVIATIONS_CHECKS"]

_ONE: Final = Decimal(1)
_HUNDRED: Final = Decimal(100)


def repeated_explanation(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """One problem a form: the rows that share the text of their explanation, at the first of them.

    A text counts from `rows` rows on, or on two whose causes differ: another second level, or another unit of the
    target. White space makes no difference.
    """
    rows = subject.rows("indicators")
    explained = [n for n, nature in enumerate(subject.facts(RowNature)) if nature.explained and not nature.is_empty]
    texts = without_blanks([rows[number]["explanation"] for number in explained])
    if len(set(texts)) == len(texts):
        return
    groups: dict[str, list[int]] = {}
    for number, text in zip(explained, texts, strict=True):
        groups.setdefault(text, []).append(number)
    repeated: list[list[int]] = []
    for members in groups.values():
        if len(members) >= options["rows"] or (len(members) > 1 and _causes_differ(subject, members)):
            repeated.append(members)
    if repeated:
        numbers = sorted(number for members in repeated for number in members)
        first, *others = (f"/indicators/{number}/explanation" for number in numbers)
        names = tuple(_label(rows, number) for number in numbers)
        arguments = {"rows": names, "count": Decimal(len(numbers))}
        yield Problem(first, arguments, found=rows[numbers[0]]["explanation"], related=others)


def _causes_differ(subject: Subject, members: Sequence[int]) -> bool:
    """Whether the rows measure different things: another second level, or another unit."""
    rows, facts = subject.rows("indicators"), subject.facts(Achievement)
    return (
        len({rows[number].get("level2") for number in members}) > 1
        or len({facts[number].target_unit for number in members}) > 1
    )


def _label(rows: Sequence[Mapping[str, Any]], number: int) -> str:
    """What messages call a row: its name, or its number from 1 where it has none."""
    return rows[number].get("name") or f"#{number + 1}"


class _Loss(NamedTuple):
    """What a row deviates by, as a ratio, and what it lost: the share of its weight and the points."""

    deviation: Decimal
    share: Decimal
    points: Decimal
    weight: Decimal
    score: Decimal
    number: int


def uneven_deduction(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """One problem a form: rows of one class whose deductions contradict each other, at the second row of a pair.

    A class is first and second level; over- and under-achievement apart, and over-achievement up to `limit` (a
    ratio) apart from that beyond. Only plain counts; a shortfall scored in proportion contradicts nothing. Two rows
    contradict each other when the larger deviation loses the smaller share, or when the deviations are within
    `points` percentage points and the shares differ. Equal points count as equal: some offices deduct a fixed number.
    """
    near = options["points"] / _HUNDRED
    uneven: set[int] = set()
    example: tuple[_Loss, _Loss] | None = None
    for members in _deviating(subject, options["limit"]):
        members.sort()
        pairs = list(_contradictions(members, near))
        for one, other in pairs:
            if example is None or other.number < example[1].number:
                example = one, other
        # rows alike contradict the same rows
        alike = {(loss.deviation, loss.share) for pair in pairs for loss in pair}
        uneven.update(loss.number for loss in members if (loss.deviation, loss.share) in alike)
    if example is None:
        return
    one, other = example
    rows, facts = subject.rows("indicators"), subject.facts(Achievement)
    pointer = f"/indicators/{other.number}/score"
    yield Problem(
        pointer,
        {
            "rows": tuple(_label(rows, number) for number in sorted(uneven)),
            "first": _label(rows, one.number),
            "first_completion": facts[one.number].completion,
            "first_share": one.share,
            "second": _label(rows, other.number),
            "second_completion": facts[other.number].completion,
            "second_share": other.share,
        },
        found=rows[other.number].get("score"),
        related=[f"/indicators/{number}/score" for number in sorted(uneven) if number != other.number],
    )


def _deviating(subject: Subject, limit: Decimal) -> Iterator[list[_Loss]]:
    """The rows with plain counts that deviate, by class and kind of deviation; only where somebody lost points."""
    groups: dict[tuple[Any, ...], list[tuple[int, Decimal]]] = {}
    rows, natures = subject.rows("indicators"), subject.facts(RowNature)
    achievements = subject.facts(Achievement)
    if not any(achievements[number].countable for number, nature in enumerate(natures) if not nature.full_marks):
        return
    for number, facts in enumerate(achievements):
        if not facts.countable:
            continue
        completion = facts.completion
        if completion is None or completion == 1 or natures[number].is_empty or natures[number].shares_points:
            continue
        row = rows[number]
        key = (row.get("level1"), row.get("level2"), completion > 1, completion >= limit)
        groups.setdefault(key, []).append((number, completion))
    for members in groups.values():
        if len(members) > 1 and not all(natures[number].full_marks for number, _ in members):
            losses = [_loss(rows[number], number, completion) for number, completion in members]
            yield [loss for loss in losses if loss is not None]


def _loss(row: Mapping[str, Any], number: int, completion: Decimal) -> _Loss | None:
    """What a row lost; None where it is not scored, outside 0 to its weight, or a shortfall in proportion."""
    weight, score = row.get("weight"), row.get("score")
    if weight is None or score is None or not weight or not 0 <= score <= weight:
        return None
    if completion < 1 and shortfall_score_fits(weight, score, completion, None, None):
        return None
    return _Loss(abs(completion - _ONE), _ONE - score / weight, weight - score, weight, score, number)


def _contradictions(members: Sequence[_Loss], near: Decimal) -> Iterator[tuple[_Loss, _Loss]]:
    """Pairs of contradicting rows among `members`, which are in the order of their deviation; linear.

    For each row: the row before it, when it is near, and the row that lost most among those of a smaller deviation.
    """
    most: _Loss | None = None  # of all rows with a smaller deviation than the one at hand
    waiting: list[_Loss] = []  # rows of the same deviation as the one before
    for before, row in zip((None, *members), members, strict=False):
        if waiting and waiting[-1].deviation < row.deviation:
            most = max((*waiting, most) if most is not None else waiting, key=lambda loss: loss.share)
            waiting.clear()
        waiting.append(row)
        if before is not None and row.deviation - before.deviation <= near and not _same_loss(before, row):
            yield before, row
        elif most is not None and most.share > row.share and not _same_loss(most, row):
            yield most, row


def _same_loss(one: _Loss, other: _Loss) -> bool:
    """Whether two rows lost the same points, or the same share as far as the decimals of their scores can say it."""
    return (
        one.points == other.points
        or agrees(other.weight * (_ONE - one.share), other.score)
        or agrees(one.weight * (_ONE - other.share), one.score)
    )


_MEASURE_WORD: Final = pattern(r"[0-9.]+[^0-9.]{0,2}$")


def partial_explanation(subject: Subject, _options: Mapping[str, Any]) -> Iterator[Problem]:
    """Composite targets with parts that the actual lacks or has in another number and the explanation does not name.

    An explanation that names no part where every part deviates is about the row as a whole, and no problem.
    """
    rows, natures = subject.rows("indicators"), subject.facts(RowNature)
    for number, facts in enumerate(subject.facts(Achievement)):
        if not facts.missing_parts or not natures[number].explained:
            continue
        row = rows[number]
        text = "".join(row["explanation"].split())
        parts = tuple(_MEASURE_WORD.sub("", part) for part in facts.missing_parts)
        unnamed = tuple(part for part in parts if part not in text)
        target = parse_measure(row.get("target") or "", row.get("operator") or None, row.get("unit") or None)
        if not unnamed or len(unnamed) == len(target.parts):
            continue
        pointer = f"/indicators/{number}"
        yield Problem(
            f"{pointer}/explanation",
            {"unnamed": unnamed, "deviating": parts},
            found=row["explanation"],
            related=(f"{pointer}/target", f"{pointer}/actual"),
        )


DEVIATIONS_CHECKS: tuple[Check, ...] = (
    Check(
        "repeated-explanation",
        FORMS_AND_REPORTS,
        per_table(repeated_explanation),
        Text("多行使用同一段偏差说明", "one explanation on several rows"),
        {"rows": "number"},
    ),
    Check(
        "uneven-deduction",
        FORMS_AND_REPORTS,
        per_table(uneven_deduction),
        Text("同类指标扣分尺度不一", "uneven deductions within one class"),
        {"limit": "number", "points": "number"},
    ),
    Check(
        "partial-explanation",
        FORMS_AND_REPORTS,
        per_table(partial_explanation),
        Text("组合指标的偏差只说明了一部分", "an explanation that covers a part of a composite's deviations"),
    ),
)
