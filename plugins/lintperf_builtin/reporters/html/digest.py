"""What the page on a batch keeps of each document, and what it works out of all of them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import ROUND_FLOOR, Decimal
from typing import Any, Final, NamedTuple, TypeVar

from lintperf.model import Severity
from lintperf_builtin.tables.overview import ASPECTS, CLASSES

__all__ = ["BIN", "Bin", "Form", "Gathered", "Odd", "Overview", "bins", "median", "most_common", "odd_ones"]

Value = TypeVar("Value")

_HUNDRED: Final = Decimal(100)
# Far apart is more than this, whatever the batch looks like: 15 percentage points ...
_LEAST_GAP: Final = Decimal("0.15")
# ... and more than three standard deviations, estimated from the median absolute deviation, which a few odd ones do not
# move. 1.4826 makes it a standard deviation where values are normally distributed.
_DEVIATIONS: Final = Decimal(3) * Decimal("1.4826")
# below so many documents the middle of the batch says nothing: then 0 is expected
_FEWEST: Final = 8
BIN: Final = Decimal(2)


class Overview(NamedTuple):
    """The row of the table `overview`, as far as the page draws it."""

    project: str | None = None
    unit: str | None = None
    department: str | None = None
    year: Decimal | None = None
    total: Decimal | None = None
    full: Decimal | None = None
    grade: str | None = None
    execution: Decimal | None = None
    output: Decimal | None = None
    due: str | None = None
    bands: tuple[tuple[str, Decimal | None], ...] = ()
    frame: str | None = None
    frame_kept: bool | None = None
    classes: tuple[Decimal, ...] = ()
    aspects: tuple[Decimal, ...] = ()

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Overview:
        """Of a row of the table; empty for a document that has none."""
        classes = [row.get(f"class_{name}") for name in CLASSES]
        aspects = [row.get(f"aspect_{name}") for name in ASPECTS]
        return cls(
            row.get("project"),
            row.get("unit"),
            row.get("department"),
            row.get("year"),
            row.get("total_score"),
            row.get("full_marks"),
            row.get("grade"),
            row.get("execution_rate"),
            row.get("output_rate"),
            row.get("grade_due"),
            tuple((band["grade"], band["lower"]) for band in row.get("grade_bands") or ()),
            row.get("frame"),
            row.get("frame_kept"),
            () if None in classes else tuple(classes),  # type: ignore[arg-type]
            () if None in aspects else tuple(aspects),  # type: ignore[arg-type]
        )


@dataclass(slots=True)
class Form:
    """A document of the batch.

    counts    (code, severity) → findings
    details   findings as the page's script draws them; left_out: how many are not among them
    anchor    id of the part of the page in which it is drawn
    """

    path: str
    index: int
    type: str | None
    title: str
    unit: str
    overview: Overview
    counts: dict[tuple[str, Severity], int]
    details: list[Any] = field(default_factory=list)
    left_out: int = 0
    anchor: str | None = None

    def found(self, severity: Severity) -> int:
        """How many findings of a severity."""
        return sum(count for (_, each), count in self.counts.items() if each is severity)

    def score(self) -> Decimal | None:
        """The total score out of 100; None without one, or with full marks of 0."""
        total, full = self.overview.total, self.overview.full
        if total is None or (full is not None and full <= 0):
            return None
        return total if full is None else total / full * _HUNDRED


@dataclass(slots=True)
class Gathered:
    """The batch as far as it has gone by.

    units       documents by unit
    not_listed  documents beyond those in `forms`, and how many of them have no findings of their own
    examples    code → the first document with it, and the message there
    across      (document, others, code, message) of what the comparison found, the first of `pairs`
    """

    forms: list[Form] = field(default_factory=list)
    units: dict[str, int] = field(default_factory=dict)
    documents: int = 0
    not_listed: int = 0
    not_listed_clean: int = 0
    examples: dict[str, tuple[int, str]] = field(default_factory=dict)
    across: list[tuple[int, tuple[int, ...], str, str]] = field(default_factory=list)
    pairs: int = 0


def median(values: Iterable[Decimal]) -> Decimal:
    """The middle of the values, the mean of both middle ones where their number is even. Raises for none."""
    ordered = sorted(values)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else (ordered[middle - 1] + ordered[middle]) / 2


def most_common(values: Iterable[Value], nothing: Value) -> Value:
    """The value that occurs most often, the first of several; `nothing` does not count and is given for none."""
    counts = Counter(value for value in values if value != nothing)
    return max(counts, key=lambda value: counts[value], default=nothing)


class Odd(NamedTuple):
    """Documents whose output score rate is far from their execution rate.

    centre  how far output lies above execution in the middle of the batch, as a ratio; limit: how far from it is far
    forms   (position, output rate - execution rate), the farthest first
    """

    centre: Decimal
    limit: Decimal
    forms: tuple[tuple[int, Decimal], ...]


def odd_ones(forms: Sequence[Form]) -> Odd:
    """Documents whose gap between output and execution is farther from the batch's median gap than the others'.

    The limit is 15 percentage points or three robust standard deviations (1.4826 times the median absolute deviation),
    whichever is more. Of fewer than 8 documents each is held against a gap of 0.
    """
    gaps = {
        number: form.overview.output - form.overview.execution
        for number, form in enumerate(forms)
        if form.overview.output is not None and form.overview.execution is not None
    }
    centre, limit = Decimal(0), _LEAST_GAP
    if len(gaps) >= _FEWEST:
        centre = median(gaps.values())
        limit = max(limit, _DEVIATIONS * median(abs(gap - centre) for gap in gaps.values()))
    far = [(number, gap) for number, gap in gaps.items() if abs(gap - centre) > limit]
    return Odd(centre, limit, tuple(sorted(far, key=lambda each: (-abs(each[1] - centre), each[0]))))


class Bin(NamedTuple):
    """Scores from `low` up to, but not with, `high`; the last one takes 100 as well."""

    low: Decimal
    high: Decimal


def bins(scores: Sequence[Decimal]) -> tuple[Bin, ...]:
    """Bins of two points each that hold all scores: from 60 or the ten below the lowest score, to 100 or beyond it."""
    lowest = min(scores, default=_HUNDRED)
    highest = max(scores, default=_HUNDRED)
    low = min(Decimal(60), (lowest / 10).to_integral_value(ROUND_FLOOR) * 10)
    low = max(low, Decimal(0)) if lowest >= 0 else low
    found = []
    while low < _HUNDRED or (low <= highest and highest > _HUNDRED):
        found.append(Bin(low, low + BIN))
        low += BIN
    return tuple(found)
