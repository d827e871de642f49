"""Findings after the rules: suppressions, places, order, coverage."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from toy_domain import plugin, program, register, rule, run, write_pack

from lintperf.document import Document, places_in
from lintperf.extension import Source
from lintperf.findings.places import in_order, locate
from lintperf.findings.suppressions import suppress
from lintperf.findings.texts import format_value
from lintperf.model import CellPlace, Confidence, Finding, Severity, SheetPlace, TextPlace
from lintperf.pipeline import Session, check_source, open_session
from lintperf.policy import Policy

RULES = {each.code: each for each in (rule("TT101", name="low"), rule("TT102"), rule("TT103", mandatory=True))}


def finding(code: str = "TT101", pointer: str = "/a", row: str | None = None, **fields: Any) -> Finding:
    return Finding(code, Severity.error, Confidence.high, "b.json", 0, pointer, row, **fields)


FINDINGS = [finding(), finding(row="甲"), finding(row="乙"), finding("TT102", row="甲"), finding("TT103", row="甲")]


@pytest.mark.parametrize(
    ("entry", "ignored", "remark"),
    [
        ({"code": "TT101"}, 3, None),
        ({"code": "low"}, 3, None),
        ({"code": "TT101", "row": "甲"}, 1, None),
        ({"code": "TT101", "row": "丙"}, 0, "it matches no finding"),
        ({"code": "TT101", "row": ""}, 3, None),
        ({"code": "TT103"}, 0, "the rule is mandatory"),
        ({"code": "TT999"}, 0, None),
        ({"code": "TT101", "until": "2024-05-01"}, 3, None),
        ({"code": "TT101", "until": "2024-04-30"}, 0, "it expired on 2024-04-30"),
        ({"code": "TT101", "reason": ""}, 0, None),
        ({"code": 5}, 0, None),
        ({}, 0, None),
    ],
)
def test_what_a_document_ignores(entry: dict[str, Any], ignored: int, remark: str | None) -> None:
    data = {"lintperf": {"ignore": [{"reason": "已核对", **entry}]}}
    kept, suppressed, remarks = suppress(FINDINGS, data, RULES, "2024-05-01")
    assert len(suppressed) == ignored
    assert len(kept) == len(FINDINGS) - ignored
    assert [each.kind for each in remarks] == (["useless-suppression"] if remark else [])
    if remark:
        assert remark in remarks[0].arguments["reason"].en
        assert remarks[0].pointer == "/lintperf/ignore/0"


def test_dates_do_not_count_without_a_day() -> None:
    data = {"lintperf": {"ignore": [{"code": "TT101", "reason": "已核对", "until": "1999-01-01"}]}}
    assert len(suppress(FINDINGS, data, RULES, None)[1]) == 3


@pytest.mark.parametrize("data", [None, [], {}, {"lintperf": None}, {"lintperf": []}, {"lintperf": {"ignore": {}}},
                                  {"lintperf": {"ignore": [None, "x", []]}}])  # fmt: skip
def test_odd_settings_suppress_nothing(data: Any) -> None:
    assert suppress(FINDINGS, data, RULES, None) == (FINDINGS, [], [])


def test_two_entries_for_one_finding() -> None:
    data = {"lintperf": {"ignore": [{"code": "TT102", "reason": "a"}, {"code": "TT102", "reason": "b"}]}}
    _, suppressed, remarks = suppress(FINDINGS, data, RULES, None)
    assert [(each.code, why.reason) for each, why in suppressed] == [("TT102", "a")]
    assert [remark.pointer for remark in remarks] == ["/lintperf/ignore/1"]


def test_places_are_those_of_the_value_or_of_what_is_around_it() -> None:
    cell = CellPlace(0, 1, 2)
    whole = CellPlace(0, 1, 0)
    data = {"benches": [{"seats": "3", "note": None}]}
    document = Document("b.docx", data, locate=places_in({"/benches/0/seats": cell, "/benches/0": whole}))
    found = [finding(pointer="/benches/0/seats"), finding(pointer="/benches/0/cost/x"), finding(pointer="/limit")]
    locate(document, found)
    assert [(each.place, each.exact, each.snippet) for each in found] == [
        (cell, True, "3"), (whole, False, None), (None, False, None),
    ]  # fmt: skip


def test_findings_come_in_the_order_of_their_places() -> None:
    def at(place: Any, code: str = "TT101", pointer: str = "/a") -> Finding:
        return finding(code, pointer, place=place)

    def text(offset: int) -> TextPlace:
        return TextPlace(0, offset, 0, offset, offset, offset)

    ordered = [at(None), at(text(2), "TT101"), at(text(2), "TT102", "/a"), at(text(2), "TT102", "/b"), at(text(10))]
    assert in_order(ordered[::-1]) == ordered
    cells = [at(CellPlace(0, 2, 9)), at(CellPlace(0, 10, 0)), at(CellPlace(1, 0, 0))]
    assert in_order(cells[::-1]) == cells
    sheets = [at(SheetPlace("一", cell)) for cell in ("B2", "AA2", "A10", "B10")]
    assert in_order(sheets[::-1]) == sheets


def test_coverage_counts_every_rule_once() -> None:
    compiled = program(
        rule("TT101", each="benches", condition="seats > 1"),
        rule("TT102", each="benches", condition="cost > 1"),
        rule("TT103", condition="limit > 1"),
        rule("TT104", condition="count(x for x in benches) > 0"),
        rule("TT105", each="benches", when="False", condition="True"),
        rule("TT106", remark=True),
    )
    _, coverage, _ = run(compiled, register({"seats": 1}, {"seats": 5}))
    assert coverage.rules_run == 3
    assert coverage.not_applicable == ("TT102", "TT103", "TT105")
    _, coverage, _ = run(compiled, register())
    assert coverage.not_applicable == ("TT101", "TT102", "TT103", "TT105")


@pytest.fixture
def session(tmp_path: Path) -> Session:
    pack = write_pack(
        tmp_path / "toy",
        {"related": ["name"], "severity": "warning"},
        {"code": "TT102", "name": "dear", "assert": "cost < 5", "at": "cost", "confidence": "low"},
        {"code": "TT103", "name": "broken", "assert": "crash(seats)"},
        default_for=["bench-register"],
    )
    return open_session(plugins={"toy": plugin(tmp_path, pack)}, use_cache=False)


TEXT = '{"type": "bench-register", "benches": [\n  {"name": "树荫下", "seats": 1, "cost": 9.0}\n]}'


def test_a_file_from_bytes_to_findings(session: Session) -> None:
    result = check_source(session, Source("b.json", TEXT.encode()), Policy(persona="auditor"))
    (document,) = result.documents
    assert [(each.code, each.row, each.field, each.snippet) for each in document.findings] == [
        ("TT101", "树荫下", "seats", "1"),
        ("TT102", "树荫下", "cost", "9.0"),
    ]
    first = document.findings[0]
    assert isinstance(first.place, TextPlace)
    assert (first.place.line, first.place.column) == (1, TEXT.split("\n")[1].index("1,"))
    assert isinstance(first.related[0].place, TextPlace)
    assert [each.subject for each in result.notifications] == ["TT103"]


def test_what_a_persona_does_not_see_is_counted(session: Session) -> None:
    shown = {}
    for persona in ("author", "reviewer", "auditor"):
        result = check_source(session, Source("b.json", TEXT.encode()), Policy(persona=persona))
        shown[persona] = (len(result.documents[0].findings), result.documents[0].hidden)
    assert shown == {"author": (1, 1), "reviewer": (1, 1), "auditor": (2, 0)}


def test_an_importer_that_crashes_is_told_of(session: Session) -> None:
    def broken(_source: Source) -> Any:
        raise RuntimeError("cannot")

    from lintperf.extension import Importer
    from lintperf.model import Text

    session.extensions.importers[".bench"] = Importer("benches", (".bench",), broken, Text("长椅", "benches"))
    result = check_source(session, Source("x.bench", b""), Policy())
    assert result.documents == []
    assert "RuntimeError: cannot" in result.notifications[0].text.en


@pytest.mark.parametrize(
    ("number", "how", "text"),
    [
        ("1E+30", "percent", "1" + "0" * 32 + "%"),
        ("3" * 37 + ".3333333333333", None, "3" * 37 + ".333333"),
        ("1E+40", "money", "10" + ",000" * 13),
        ("0.12345", "percent", "12.35%"),
    ],
)
def test_large_numbers_can_be_told(number: str, how: str | None, text: str) -> None:
    assert format_value(Decimal(number), how) == text


def test_many_suppressed_findings_take_time_by_their_number() -> None:
    """Comparing findings with each other would take minutes here."""
    many = [finding(pointer=f"/{number}") for number in range(50_000)]
    entries = {"lintperf": {"ignore": [{"code": "TT101", "reason": "已核对"}]}}
    kept, suppressed, _ = suppress(many, entries, RULES, None)
    assert (kept, len(suppressed)) == ([], 50_000)
