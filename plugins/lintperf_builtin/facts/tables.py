"""The tables of an evaluation report, each as a form of its own, so that what holds for a form is checked on each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple, TypeVar

from lintperf.extension import FactGroup, Problem, Subject
from lintperf.model import Text
from lintperf_builtin.facts.form import FormFacts, form_facts

__all__ = [
    "FORMS_AND_REPORTS",
    "REPORT",
    "TABLE_FACTS",
    "ReportTables",
    "TableView",
    "is_report",
    "per_table",
    "report_tables",
]

REPORT: Final = "evaluation-report"
FORMS_AND_REPORTS: Final = ("self-evaluation", REPORT)
# paragraphs that belong to tables
_NOTES: Final = ("footnote", "note")

Record = TypeVar("Record")
Run = Callable[[Subject, Mapping[str, Any]], Iterable[Problem]]


class TableView:
    """One table of a report as a `Subject`: its rows as `indicators`, its total row as `total`, pointers as in a form.

    index    the table's position in `tables`; None for rows that name no table
    role     goals, scores, quantities, criteria; "" where it is not known
    numbers  the positions of its rows in the report's `indicators`
    total    the position of its total row in the report's `subtotals`, or None
    """

    __slots__ = ("_columns", "_form", "_report", "data", "index", "numbers", "path", "role", "total")

    def __init__(
        self, report: Subject, index: int | None, numbers: Sequence[int], total: int | None, notes: Sequence[str]
    ) -> None:
        table = _at(report.rows("tables"), index)
        rows = report.rows("indicators")
        self.path = report.path
        self.index = index
        self.role: str = table.get("role") or ""
        self.numbers = numbers
        self.total = total
        self.data: Mapping[str, Any] = {
            "type": REPORT,
            "title": table.get("caption"),
            "heading": report.data.get("heading"),
            "indicators": [rows[number] for number in numbers],
            "total": _at(report.rows("subtotals"), total) or None,
            "notes": notes,
        }
        self._report = report
        self._columns: dict[str, list[Any]] = {}
        self._form: FormFacts | None = None

    def rows(self, each: str) -> Sequence[Mapping[str, Any]]:
        """The table's rows for `indicators`, else the report's."""
        if each == "indicators":
            rows: Sequence[Mapping[str, Any]] = self.data["indicators"]
            return rows
        return self._report.rows(each)

    def column(self, each: str, name: str) -> Sequence[Any]:
        """The values of a field in the table's rows for `indicators`, else in the report's."""
        if each != "indicators":
            return self._report.column(each, name)
        column = self._columns.get(name)
        if column is None:
            column = self._columns[name] = [row.get(name) for row in self.data["indicators"]]
        return column

    def text(self) -> str:
        """All texts of the report."""
        return self._report.text()

    def facts(self, record: type[Record]) -> Sequence[Record]:
        """Facts of the table's rows; those of the form as a whole are of this table alone."""
        if record is FormFacts:
            if self._form is None:
                self._form = form_facts(self)
            return (self._form,)  # type: ignore[return-value]
        facts = self._report.facts(record)
        return [facts[number] for number in self.numbers]

    def pointer(self, pointer: str) -> str:
        """Where a pointer into the table as a form leads in the report."""
        _, first, *rest = pointer.split("/")
        if first == "indicators" and rest:
            return "/".join(("/indicators", str(self.numbers[int(rest[0])]), *rest[1:]))
        if first == "indicators":
            return f"/tables/{self.index}" if self.index is not None else "/indicators"
        if first == "total" and self.total is not None:
            return "/".join(("/subtotals", str(self.total), *rest))
        return pointer


class ReportTables(NamedTuple):
    """The tables that hold rows, in the order of their first rows."""

    table_views: tuple[TableView, ...]


def _at(rows: Sequence[Mapping[str, Any]], index: Any) -> Mapping[str, Any]:
    return rows[int(index)] if index is not None and 0 <= index < len(rows) else {}


def _index(value: Any) -> int | None:
    return None if value is None else int(value)


def report_tables(subject: Subject) -> ReportTables:
    """The tables of a report. The last row of kind `total` that names a table is its total row."""
    numbers: dict[int | None, list[int]] = {}
    for number, row in enumerate(subject.rows("indicators")):
        numbers.setdefault(_index(row.get("table")), []).append(number)
    totals = {
        _index(row.get("table")): number
        for number, row in enumerate(subject.rows("subtotals"))
        if row.get("kind") == "total"
    }
    # bands of grades may stand in the prose as well
    bands = {_index(row.get("paragraph")) for row in subject.rows("grade_bands")}
    notes = [
        row["text"]
        for number, row in enumerate(subject.rows("paragraphs"))
        if row.get("text") and (row.get("role") in _NOTES or number in bands)
    ]
    return ReportTables(
        tuple(TableView(subject, index, rows, totals.get(index), notes) for index, rows in numbers.items())
    )


def is_report(subject: Subject) -> bool:
    """Whether a document is an evaluation report."""
    return subject.data.get("type") == REPORT


def per_table(run: Run) -> Run:
    """A check of forms that runs on a form as it is, and on each table of a report, with pointers into the report."""

    def check(subject: Subject, options: Mapping[str, Any]) -> Iterable[Problem]:
        return _on_tables(run, subject, options) if subject.data.get("type") == REPORT else run(subject, options)

    check.__doc__ = run.__doc__
    return check


def _on_tables(run: Run, report: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    for view in report.facts(ReportTables)[0].table_views:
        for problem in run(view, options):
            yield problem._replace(
                pointer=view.pointer(problem.pointer), related=[view.pointer(other) for other in problem.related]
            )


TABLE_FACTS: tuple[FactGroup, ...] = (
    FactGroup(
        REPORT,
        "",
        (),
        report_tables,
        ReportTables,
        {
            "table_views": Text(
                "各张指标表，各自作为一张表检查（供检查使用）",
                "the tables of indicators, each as a form of its own (for checks)",
            )
        },
    ),
)
