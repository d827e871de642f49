"""Checks of quotients: shares that no whole number gives, and costs a piece that are far from the plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal
from itertools import chain
from typing import Any, Final

from lintperf.extension import Check, Problem, Subject
from lintperf.model import Severity, Text
from lintperf.patterns import pattern
from lintperf.rules.functions import decimals
from lintperf_builtin.facts.form import FormFacts, clause_joins
from lintperf_builtin.facts.indicator import Achievement, RowNature
from lintperf_builtin.facts.tables import FORMS_AND_REPORTS, per_table

__all__ = ["SHARE_CHECKS", "rate_impossible_for_count", "share_fits", "unit_cost_off_plan"]

_ZERO: Final = Decimal(0)
_HUNDRED: Final = Decimal(100)
_ONE: Final = Decimal(1)
_SENTENCE: Final = pattern(r"[。；;！？\n]")
_SHARE: Final = pattern(
    r"([\u4e00-\u9fff]{2,12}率)[^0-9，,。；;]{0,6}([0-9]{1,2}(?:\.[0-9]{1,4})?)\s*[%％](?!\s*[-—~～至到])"
)
_COUNT: Final = r"[^0-9，,。；;]{0,12}?([0-9]{1,6})\s*(?![0-9.%％年月日号，,])[\u4e00-\u9fff]"
# characters that say what is counted: 古树 of 古树株数
_LEAST_OBJECT: Final = 2


def share_fits(share: Decimal, base: Decimal) -> bool:
    """Whether a whole number out of `base` makes a share, in percent, at the decimals written, rounded or cut off."""
    step = _ONE.scaleb(-int(decimals(share)))
    low = (share * base / _HUNDRED).to_integral_value(ROUND_FLOOR)
    return any(abs(number * _HUNDRED / base - share) < step for number in (low, low + 1))


def rate_impossible_for_count(subject: Subject, options: Mapping[str, Any]) -> Iterable[Problem]:
    """Shares that no whole number out of their base gives: 2% of 7.

    samples   verbs before a count that is the base of a share in the same sentence: 抽查 35 处, 合格率 97%
    exempted  words of names whose share is not one of pieces: 满意, 执行
    endings   of the names of counts, 株数; what stands before is what is counted
    In a table the base is a count row of what the share's name begins with: 古树株数 of 古树枯死率. Of several bases
    one that fits makes a note of it in a table, and silence in a sentence, which names its base. An unknown base says
    nothing.
    """
    in_tables = _in_tables(subject, options)
    return chain(in_tables, _in_sentences(subject, options)) if subject.rows("paragraphs") else in_tables


def _in_rows(subject: Subject, options: Mapping[str, Any]) -> Iterable[Problem]:
    natures, facts = subject.facts(RowNature), subject.facts(Achievement)
    counts = [number for number, row in enumerate(facts) if row.countable]
    # most tables count nothing of what their shares are of, as the names say
    beginnings = tuple(natures[number].name_stem[:_LEAST_OBJECT] for number in counts)
    shares = [
        number
        for number, row in enumerate(facts)
        if row.actual_unit == "%" and natures[number].name_stem.startswith(beginnings)
    ]
    return _not_fitting(subject, options, shares, counts) if shares else ()


_in_tables = per_table(_in_rows)


def _not_fitting(
    subject: Subject, options: Mapping[str, Any], shares: Sequence[int], counts: Sequence[int]
) -> Iterator[Problem]:
    rows, natures, facts = subject.rows("indicators"), subject.facts(RowNature), subject.facts(Achievement)
    bases: dict[str, list[int]] = {}
    for number in counts:
        row, value = facts[number], facts[number].actual_value
        if row.target_unit is not None and value is not None and value == value.to_integral_value():
            counted = _without_ending(natures[number].name_stem, options["endings"])
            if len(counted) >= _LEAST_OBJECT:
                bases.setdefault(counted, []).append(number)
    for number in shares if bases else ():
        row, share, stem = facts[number], facts[number].actual_value, natures[number].name_stem
        if share is None or not _ZERO < share < _HUNDRED or row.actual_operator not in (None, "="):
            continue
        if not stem.endswith("率") or any(word in stem for word in options["exempted"]):
            continue
        beside = [
            base
            for length in range(_LEAST_OBJECT, len(stem))
            for base in bases.get(stem[:length], ())
            if (facts[base].actual_value or 0) > 0
        ]
        fitting = [base for base in beside if share_fits(share, facts[base].actual_value or _ONE)]
        if not beside or len(fitting) == len(beside):
            continue
        wrong = next(base for base in beside if base not in fitting)
        yield Problem(
            f"/indicators/{number}/actual",
            {"share": rows[number].get("actual"), "base": rows[wrong].get("actual"), "of": rows[wrong].get("name")},
            rows[number].get("actual"),
            related=[f"/indicators/{base}/actual" for base in beside],
            severity=Severity.note if fitting else None,
        )


def _without_ending(stem: str, endings: Sequence[str]) -> str:
    """A count's name without the longest of the endings; without any of them it names no count of things."""
    ending = max((ending for ending in endings if stem.endswith(ending)), key=len, default=stem)
    return stem[: len(stem) - len(ending)]


def _in_sentences(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    verbs = tuple(verb for verb in options["samples"] if verb)
    count = pattern(f"(?:{'|'.join(map(re.escape, verbs))}){_COUNT}") if verbs else None
    for number, row in enumerate(subject.rows("paragraphs")):
        text = row.get("text") or ""
        if count is None or "率" not in text or not any(verb in text for verb in verbs):
            continue
        for sentence in _SENTENCE.split(text):
            bases = [Decimal(match[1]) for match in count.finditer(sentence)]
            bases = [base for base in bases if base > 0]
            for match in _SHARE.finditer(sentence) if bases else ():
                share = Decimal(match[2])
                if any(word in match[1] for word in options["exempted"]) or not share:
                    continue
                if not any(share_fits(share, base) for base in bases):
                    arguments = {"share": f"{match[2]}%", "base": f"{bases[0]:f}", "of": match[1]}
                    yield Problem(f"/paragraphs/{number}/text", arguments, f"{match[2]}%", variant="sentence")


def unit_cost_off_plan(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Spending a piece far from the plan, where one row counts what the money bought; at its actual.

    limit     the deviation that is reported, as a ratio; of a range from both bounds
    subjects, words  a clause with one of each explains low spending
    Nothing is said of forms with several counts, without a budget or with a target of 0.
    """
    form = subject.facts(FormFacts)[0]
    budget, spent = form.annual_total, form.executed_total
    if not budget or not spent or budget < _ZERO or spent < _ZERO:
        return
    natures, facts = subject.facts(RowNature), subject.facts(Achievement)
    counts = [n for n, nature in enumerate(natures) if nature.aspect == "quantity" and not nature.is_empty]
    if len(counts) != 1:
        return
    row, number = facts[counts[0]], counts[0]
    if row.target_value is None or row.actual_value is None or row.target_yuan is not None or row.target_unit == "%":
        return
    if row.target_value <= _ZERO or row.actual_value <= _ZERO or not row.comparable:
        return
    planned = [budget / bound for bound in (row.target_value, row.target_upper) if bound]
    paid = spent / row.actual_value
    near, far = min(planned), max(planned)
    if near * (_ONE - options["limit"]) <= paid <= far * (_ONE + options["limit"]):
        return
    if paid < near and clause_joins(form.explanatory_text, options["subjects"], options["words"]):
        return
    closest = near if paid < near else far
    yield Problem(
        f"/indicators/{number}/actual",
        {
            "paid": paid.quantize(Decimal("0.01")),
            "planned": closest.quantize(Decimal("0.01")),
            "ratio": paid / closest,
            "currency": (subject.data.get("funds") or {}).get("currency_unit"),
        },
        subject.rows("indicators")[number].get("actual"),
        related=[f"/indicators/{number}/target"],
    )


SHARE_CHECKS: tuple[Check, ...] = (
    Check(
        "rate-impossible-for-count",
        FORMS_AND_REPORTS,
        rate_impossible_for_count,
        Text("整数得不出的比率", "shares that no whole number gives"),
        {"samples": "text*", "exempted": "text*", "endings": "text*"},
    ),
    Check(
        "unit-cost-off-plan",
        "self-evaluation",
        unit_cost_off_plan,
        Text("单位成本与计划相差过大", "the cost of a piece against the plan"),
        {"limit": "number", "subjects": "text*", "words": "text*"},
    ),
)
