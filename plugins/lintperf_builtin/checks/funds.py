"""Checks of the money: rates of empty budgets, sources against their total, payments."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from lintperf.extension import Check, Problem, Subject
from lintperf.model import Text
from lintperf.patterns import pattern
from lintperf.rules.functions import agrees, decimals, round_half_up
from lintperf_builtin.facts.form import FormFacts, read_rate
from lintperf_builtin.facts.tables import FORMS_AND_REPORTS

__all__ = ["FUNDS_CHECKS", "other_year_payment", "payments_not_total", "rate_without_budget", "sources_not_total"]

_ZERO: Final = Decimal(0)
_COLUMNS: Final = (
    ("initial", Text("年初预算数", "initial budget")),
    ("annual", Text("全年预算数", "annual budget")),
    ("received", Text("到位资金", "amount received")),
    ("executed", Text("全年执行数", "executed amount")),
    ("interim_executed", Text("年中执行数", "amount executed so far")),
    ("expected_executed", Text("全年预计执行数", "amount expected to be executed")),
)
# a department's spending by its nature (basic, project) is no source
_SOURCES: Final = ("fiscal", "carryover", "other")
_YEAR: Final = pattern(r"(?<![0-9])((?:19|20)[0-9]{2})\s*(?=年)")


def rate_without_budget(subject: Subject, _options: Mapping[str, Any]) -> Iterator[Problem]:
    """Fund rows with neither budget nor spending that still claim a rate or points: at the rate, else at the score."""
    for number, row in enumerate(subject.rows("funds.rows")):
        score, rate = row.get("score"), row.get("rate")
        if not (score or rate) or row.get("annual") != _ZERO or row.get("executed") != _ZERO:
            continue
        read = read_rate(rate, None)
        claimed = {"score": score if score is not None else _ZERO}
        base = f"/funds/rows/{number}"
        if read is not None and read.ratio > 0:
            expected = _zero_like(rate)
            related = [f"{base}/annual", f"{base}/executed"]
            if score is not None and score > 0:
                related.append(f"{base}/score")
                yield Problem(f"{base}/rate", claimed, rate, expected, related=related, variant="points")
            else:
                yield Problem(f"{base}/rate", claimed, rate, expected, related=related)
        elif score is not None and score > 0:
            yield Problem(
                f"{base}/score",
                claimed,
                score,
                round_half_up(_ZERO, decimals(score)),
                score,
                [f"{base}/annual", f"{base}/executed"],
                variant="score",
            )


def _zero_like(rate: Any) -> Any:
    """A rate of nothing in the notation of another: 0.00 for 1.00, 0.00% for 100.00%."""
    if isinstance(rate, Decimal):
        return round_half_up(_ZERO, decimals(rate))
    return f"{round_half_up(_ZERO, decimals(Decimal(rate[:-1]))):f}{rate[-1]}"


def sources_not_total(subject: Subject, _options: Mapping[str, Any]) -> Iterator[Problem]:
    """Each money column of the total row against the sum of its sources; parts of a source (detail) do not count.

    A blank source counts as 0 where another is filled. The sum, rounded to the decimals of the total, must equal it.
    A form that has a single row for sources names a part of the total; a department's spending by its nature (basic,
    project) is no source.
    """
    rows, sources = subject.rows("funds.rows"), subject.column("funds.rows", "source")
    if "total" not in sources:
        return
    total = sources.index("total")
    parts = [row for row, source in zip(rows, sources, strict=True) if source in _SOURCES]
    unit = (subject.data.get("funds") or {}).get("currency_unit")
    for column, title in _COLUMNS:
        stated = rows[total].get(column)
        if stated is None:
            continue
        filled = [amount for row in parts if (amount := row.get(column)) is not None]
        added = sum(filled, _ZERO)
        if filled and not agrees(added, stated) and not (len(parts) == 1 and added < stated):
            yield Problem(
                f"/funds/rows/{total}/{column}",
                {"column": title, "currency": unit, "gap": abs(stated - added)},
                stated,
                added,
                stated - added,
                [
                    f"/funds/rows/{number}/{column}"
                    for number, source in enumerate(sources)
                    if source in _SOURCES and rows[number].get(column) is not None
                ],
            )


def payments_not_total(subject: Subject, _options: Mapping[str, Any]) -> Iterator[Problem]:
    """The payments against their stated total, and what was paid against the amount executed; once a form.

    A payment without an amount leaves the sum open. Sums are compared at the decimals of what they are compared with.
    """
    payments = subject.data.get("payments") or {}
    rows, total = payments.get("rows") or (), payments.get("total")
    amounts = [row.get("amount") for row in rows]
    added: Decimal | None = None
    if amounts and None not in amounts:
        added = sum(amounts, _ZERO)
    unit = (subject.data.get("funds") or {}).get("currency_unit")
    if added is not None and total is not None and not agrees(added, total):
        related = [f"/payments/rows/{number}/amount" for number in range(len(rows))]
        gap = {"currency": unit, "gap": abs(total - added)}
        yield Problem("/payments/total", gap, total, added, total - added, related)
        return
    paid = total if total is not None else added
    executed = subject.facts(FormFacts)[0].executed_total
    if paid is None or executed is None or agrees(executed, paid) or agrees(paid, executed):
        return
    funds = subject.rows("funds.rows")
    at = next(number for number, row in enumerate(funds) if row.get("source") == "total")
    yield Problem(
        "/payments/total" if total is not None else "/payments/rows",
        {"currency": unit, "gap": abs(paid - executed)},
        paid,
        executed,
        paid - executed,
        [f"/funds/rows/{at}/executed"],
        variant="executed",
    )


def other_year_payment(subject: Subject, _options: Mapping[str, Any]) -> Iterator[Problem]:
    """Payments whose label names years (20XX年) and not the project's; one that names both is left alone."""
    year = (subject.data.get("heading") or {}).get("year")
    if year is None:
        return
    for number, row in enumerate((subject.data.get("payments") or {}).get("rows") or ()):
        years = _YEAR.findall(row.get("label") or "")
        if years and str(int(year)) not in years:
            amount = row.get("amount")
            related = ["/heading/year"] if amount is None else ["/heading/year", f"/payments/rows/{number}/amount"]
            yield Problem(
                f"/payments/rows/{number}/label",
                {"label": row["label"], "amount": amount},
                Decimal(years[0]),
                year,
                related=related,
            )


FUNDS_CHECKS: tuple[Check, ...] = (
    Check(
        "rate-without-budget",
        FORMS_AND_REPORTS,
        rate_without_budget,
        Text("预算和执行均为 0 时的执行率和得分", "rate and points where budget and spending are both 0"),
    ),
    Check(
        "sources-not-total",
        FORMS_AND_REPORTS,
        sources_not_total,
        Text("各资金来源之和与资金总额", "the sum of the sources against the total"),
    ),
    Check(
        "payments-not-total",
        FORMS_AND_REPORTS,
        payments_not_total,
        Text("各笔支付与合计、全年执行数", "payments against their total and the amount executed"),
    ),
    Check(
        "other-year-payment",
        FORMS_AND_REPORTS,
        other_year_payment,
        Text("支付摘要中的年度", "the year that a payment's label names"),
    ),
)
