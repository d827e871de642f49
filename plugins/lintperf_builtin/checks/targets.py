"""Checks of targets and actuals by their names: shares above the whole, and complements that exceed it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from lintperf.extension import Check, Problem, Subject
from lintperf.model import Text
from lintperf_builtin.facts.indicator import Achievement, RowNature
from lintperf_builtin.facts.tables import FORMS_AND_REPORTS, per_table
from lintperf_builtin.facts.units import convert

__all__ = ["TARGETS_CHECKS"]

_WHOLE: Final = Decimal(100)
# a floor of 100 % → the variant of its message
_FLOORS: Final = {">": "", ">=": "at-least"}


def impossible_percentage(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Shares above 100 %: a target or an actual beyond it, or a target that asks for 100 % or more.

    `endings` are the names of shares, `growing` the words of names that may pass 100 % all the same. One problem a
    row: the target before the actual. Variants: `actual` for the actual, `at-least` for ≥100%.
    """
    natures, facts = subject.facts(RowNature), subject.facts(Achievement)
    shares = [number for number, row in enumerate(facts) if row.target_unit == "%" or row.actual_unit == "%"]
    for number in shares:
        variant = _beyond_whole(facts[number])
        if variant is None or not _is_share(natures[number], options):
            continue
        field, other = ("actual", "target") if variant == "actual" else ("target", "actual")
        written = subject.rows("indicators")[number]
        yield Problem(
            f"/indicators/{number}/{field}",
            {"name": written.get("name")},
            found=written.get(field),
            related=(f"/indicators/{number}/{other}",),
            variant=variant or None,
        )


def _beyond_whole(row: Achievement) -> str | None:
    """Which cell is beyond 100 %: "" the target, "at-least" a target of ≥100%, "actual"; None for neither."""
    highest = row.target_value if row.target_upper is None else row.target_upper
    if row.target_unit == "%" and highest is not None and highest >= _WHOLE:
        if highest > _WHOLE:
            return ""
        if row.target_upper is None and row.target_operator in _FLOORS:
            return _FLOORS[row.target_operator]
    if row.actual_unit == "%" and row.actual_value is not None and row.actual_value > _WHOLE:
        return "actual"
    return None


def _is_share(nature: RowNature, options: Mapping[str, Any]) -> bool:
    """Whether the name is one of a part of a whole."""
    stem = nature.name_stem
    return (
        not nature.is_empty
        and stem.endswith(tuple(options["endings"]))
        and not any(word in stem for word in options["growing"])
    )


@lru_cache(maxsize=16)
def _partners(pairs: tuple[str, ...]) -> tuple[re.Pattern[str], dict[str, tuple[str, ...]]]:
    """A pattern for the ending of a name, the longest first (不合格率 before 合格率), and what excludes each ending."""
    partners: dict[str, list[str]] = {}
    for pair in pairs:
        one, _, other = pair.partition("/")
        partners.setdefault(one, []).append(other)
        partners.setdefault(other, []).append(one)
    words = sorted(map(re.escape, partners), key=len, reverse=True)
    ending = re.compile(f"(?:{'|'.join(words) or '(?!)'})$", re.MULTILINE)
    return ending, {word: tuple(others) for word, others in partners.items()}


def complements_exceed_whole(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Actuals of two shares that exclude each other and add up to more than 100 %, at the second row.

    `pairs` are name endings of two characters or more, `正常率/差错率`. Two rows belong together when what stands
    before the ending is the same or one of them has nothing before it. Of several partners the largest counts.
    Linear in the rows.
    """
    ending, partners = _partners(tuple(options["pairs"]))
    stems = [nature.name_stem for nature in subject.facts(RowNature)]
    # most tables have no two names that exclude each other
    present = set(ending.findall("\n".join(stems)))
    if all(present.isdisjoint(partners[word]) for word in present):
        return
    named = [(number, match[0]) for number, stem in enumerate(stems) if (match := ending.search(stem)) is not None]
    facts = subject.facts(Achievement)
    # ending → what stands before it → the row with the largest share so far; "*" stands for any
    seen: dict[str, dict[str, tuple[Decimal, int]]] = {}
    for number, word in named:
        row, stem = facts[number], stems[number]
        if row.actual_value is None or row.actual_operator not in (None, "="):
            continue
        share = convert(row.actual_value, row.actual_unit, "%")
        if share is None:
            continue
        prefix = stem[: -len(word)]
        others = [seen[other] for other in partners[word] if other in seen]
        wanted = ("", prefix) if prefix else ("*",)
        found = max((rows[key] for rows in others for key in wanted if key in rows), default=None)
        if found is not None and found[0] + share > _WHOLE:
            yield _exceeding(subject.rows("indicators"), found[1], number, found[0] + share)
        own = seen.setdefault(word, {})
        for key in (prefix, "*"):
            if key not in own or own[key][0] < share:
                own[key] = (share, number)


def _exceeding(rows: Sequence[Mapping[str, Any]], first: int, second: int, total: Decimal) -> Problem:
    one, other = rows[first], rows[second]
    return Problem(
        f"/indicators/{second}/actual",
        {
            "first": one.get("name"),
            "first_actual": one.get("actual"),
            "second": other.get("name"),
            "total": total / _WHOLE,
        },
        found=other.get("actual"),
        related=(f"/indicators/{first}/actual",),
    )


TARGETS_CHECKS: tuple[Check, ...] = (
    Check(
        "impossible-percentage",
        FORMS_AND_REPORTS,
        per_table(impossible_percentage),
        Text("比率超过百分之百", "shares above 100 %"),
        {"endings": "text*", "growing": "text*"},
    ),
    Check(
        "complements-exceed-whole",
        FORMS_AND_REPORTS,
        per_table(complements_exceed_whole),
        Text("互补的比率之和超过百分之百", "complements that exceed the whole"),
        {"pairs": "text*"},
    ),
)
