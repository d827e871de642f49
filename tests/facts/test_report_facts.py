"""Tables of a report as forms of their own, and the scoring standard that is in force for a row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from lintperf_builtin.facts import FACT_GROUPS
from lintperf_builtin.facts.criteria import Criterion
from lintperf_builtin.facts.form import FormFacts
from lintperf_builtin.facts.indicator import Achievement
from lintperf_builtin.facts.tables import REPORT, ReportTables, per_table

from lintperf.extension import Problem, Subject
from lintperf.rules.subject import DocumentSubject

GROUPS = [group for group in FACT_GROUPS if group.type == REPORT]


def subject(**data: Any) -> Subject:
    return DocumentSubject("report.json", {"type": REPORT, "paragraphs": [], **data}, GROUPS)


def indicator(table: int | None, name: str, **cells: Any) -> dict[str, Any]:
    return {"table": None if table is None else Decimal(table), "name": name, **cells}


REPORT_ROWS = [
    indicator(1, "古树巡查", target="30次", actual="33次", weight=Decimal(6)),
    indicator(0, "书角数量", target="3个", actual="3个"),
    indicator(1, "补植古树", target="12株", actual="12株", weight=Decimal(4)),
    indicator(None, "绿道"),
]
TABLES = [{"role": "goals"}, {"role": "scores", "caption": "得分表"}]
TOTALS = [
    {"table": Decimal(1), "label": "小计", "kind": "subtotal"},
    {"table": Decimal(1), "label": "合计", "kind": "total"},
]


def test_a_table_has_its_own_rows_facts_and_total() -> None:
    views = subject(indicators=REPORT_ROWS, tables=TABLES, subtotals=TOTALS).facts(ReportTables)[0].table_views
    assert [(view.index, view.role, list(view.numbers), view.total) for view in views] == [
        (1, "scores", [0, 2], 1),
        (0, "goals", [1], None),
        (None, "", [3], None),
    ]
    scores, goals, rest = views
    assert [facts.actual_value for facts in scores.facts(Achievement)] == [33, 12]
    assert scores.facts(FormFacts)[0].has_weights
    assert not goals.facts(FormFacts)[0].has_weights
    assert scores.data["total"] == TOTALS[1]
    assert goals.data["total"] is None
    assert scores.pointer("/indicators/1/score") == "/indicators/2/score"
    assert scores.pointer("/total/misplaced/0/value") == "/subtotals/1/misplaced/0/value"
    assert goals.pointer("/total/score") == "/total/score"
    assert (goals.pointer("/indicators"), rest.pointer("/indicators")) == ("/tables/0", "/indicators")
    assert scores.pointer("/heading/year") == "/heading/year"


def test_a_table_that_the_list_of_tables_lacks_still_counts() -> None:
    views = subject(indicators=[indicator(7, "绿道")]).facts(ReportTables)[0].table_views
    assert [(view.index, view.role) for view in views] == [(7, "")]


def test_a_check_of_forms_runs_on_each_table() -> None:
    def counts(part: Subject, _options: Mapping[str, Any]) -> Iterator[Problem]:
        """Points to the last row."""
        last = len(part.rows("indicators")) - 1
        yield Problem(f"/indicators/{last}/name", found=last + 1, related=["/indicators/0/name"])

    report = subject(indicators=REPORT_ROWS, tables=TABLES)
    found = [(each.pointer, each.found, list(each.related)) for each in per_table(counts)(report, {})]
    assert found == [
        ("/indicators/2/name", 2, ["/indicators/0/name"]),
        ("/indicators/1/name", 1, ["/indicators/1/name"]),
        ("/indicators/3/name", 1, ["/indicators/3/name"]),
    ]
    form = DocumentSubject("form.json", {"type": "self-evaluation", "indicators": REPORT_ROWS}, GROUPS)
    assert [each.pointer for each in per_table(counts)(form, {})] == ["/indicators/3/name"]


def criteria(*rows: dict[str, Any]) -> list[Criterion]:
    return list(subject(indicators=list(rows), tables=[{"role": "scores"}, {"role": "criteria"}]).facts(Criterion))


def test_a_row_takes_the_standard_of_the_annex() -> None:
    printed = "完成30次得满分，未完成按比例扣分。"
    score = {"target": "30次", "actual": "24次", "weight": Decimal(10)}
    got = criteria(
        indicator(0, "古树巡查场次", **score),
        indicator(0, "书角", **score),
        indicator(1, "古树巡查", weight=Decimal(10), criterion=printed),
    )
    assert got == [Criterion(printed, Decimal(8)), Criterion(), Criterion(printed)]


def test_a_standard_with_a_bound_of_its_own_gives_no_score() -> None:
    row = {"target": "30次", "actual": "28次", "weight": Decimal(10)}
    texts = (
        "完成率90%以上得满分。",
        "偏差在10%以内得满分。",
        "完成28次得满分。",
        "完成30次得满分，偏差超130%扣1分，未完成按比例扣分。",
    )
    got = criteria(*(indicator(1, f"巡查{number}", criterion=text, **row) for number, text in enumerate(texts)))
    assert [each.own_bound for each in got] == [True, True, True, False]
    assert [each.due_score is None for each in got] == [True, True, True, False]


def test_a_form_without_standards_has_none() -> None:
    assert criteria(indicator(0, "古树巡查"), indicator(0, "书角")) == [Criterion(), Criterion()]
