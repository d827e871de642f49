"""What a bureau lists of each form or report in one line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Final

from lintperf.extension import Subject
from lintperf.rules.functions import round_half_up
from lintperf_builtin.facts.form import FormFacts, read_rate, total_row
from lintperf_builtin.facts.tables import ReportTables, is_report

__all__ = ["rows"]

_RATIO_DECIMALS: Final = Decimal(4)


def rows(subject: Subject) -> Iterator[Mapping[str, Any]]:
    """One row: who and what, total score and grade as stated, the execution rate as a ratio.

    execution_rate  executed ÷ annual budget of the total row to four decimals, else the stated rate; None without both
    Of a report the total is that of its first table with one.
    """
    heading = subject.data.get("heading") or {}
    total = _total(subject)
    yield {
        "unit": heading.get("unit"),
        "department": heading.get("department"),
        "project": heading.get("project") or subject.data.get("title"),
        "year": heading.get("year"),
        "total": total.get("score"),
        "grade": total.get("grade"),
        "execution_rate": _execution_rate(subject),
    }


def _total(subject: Subject) -> Mapping[str, Any]:
    if is_report(subject):
        totals = (view.data["total"] or {} for view in subject.facts(ReportTables)[0].table_views)
        return next((total for total in totals if total.get("score") is not None), {})
    return subject.data.get("total") or {}


def _execution_rate(subject: Subject) -> Decimal | None:
    form = subject.facts(FormFacts)[0]
    annual, spent = form.annual_total, form.executed_total
    try:
        if annual is not None and spent is not None and annual > 0:
            return round_half_up(spent / annual, _RATIO_DECIMALS)
        read = read_rate(total_row(subject.data.get("funds")).get("rate"), None)
    except ArithmeticError:  # amounts of a size that no form has and no rounding can take
        return None
    return None if read is None else read.ratio
