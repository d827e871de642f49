"""Invented forms of every layout family, drawn in every format, are read back value by value."""

from __future__ import annotations

import json
import os
from decimal import Decimal
from typing import Any

import pytest
from generator.choosing import Seeded
from generator.comparing import compare
from generator.drawers import DRAWERS, have_soffice
from generator.families import FAMILIES
from generator.invent import invent
from generator.measure import Measured, measure, report
from generator.strategies import Choices, forms
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lintperf.extension import Source
from lintperf.pipeline import open_session, read_documents

SLOW = bool(os.environ.get("CI") or os.environ.get("LINTPERF_SLOW_TESTS"))
# Files of a family in a format; more with `python tests/generator/measure.py`.
COUNT = 4
SOME = ("national", "sichuan", "hubei", "monitoring", "target-declaration-twins")


def wrong(found: Measured) -> str:
    """What was read wrong, as the measurement prints it; empty where all is right and nothing was left over."""
    lost = [kind for kind in found.remarks if kind in ("unmapped-content", "unrecognised-table")]
    return report(found, 20, 2) if found.right != found.values or found.crashes or lost else ""


@pytest.mark.parametrize("format", ["docx", "xlsx", "html"])
@pytest.mark.parametrize("family", FAMILIES)
def test_every_value_of_an_office_file_is_read(family: str, format: str) -> None:
    assert wrong(measure(family, format, COUNT, 7)) == ""


@pytest.mark.parametrize("format", ["ods", "xls"])
@pytest.mark.parametrize("family", SOME)
def test_every_value_of_other_workbooks_is_read(family: str, format: str) -> None:
    assert wrong(measure(family, format, 2, 7)) == ""


@pytest.mark.parametrize("format", ["csv", "md", "txt"])
@pytest.mark.parametrize("family", SOME)
def test_nearly_every_value_of_a_text_is_read(family: str, format: str) -> None:
    found = measure(family, format, 2, 7)
    assert found.right >= found.values * Decimal("0.99"), report(found, 20, 2)


def test_a_file_of_python_docx_is_read() -> None:
    assert wrong(measure("hubei", "python-docx", 1, 7)) == ""


@pytest.mark.skipif(not (SLOW and have_soffice()), reason="needs LibreOffice, and CI or LINTPERF_SLOW_TESTS")
@pytest.mark.parametrize("family", FAMILIES)
def test_pdf_made_by_libreoffice_is_read(family: str) -> None:
    found = measure(family, "pdf", 5, 7)
    assert found.right >= found.values * Decimal("0.99"), report(found, 20, 2)


@pytest.mark.parametrize("family", FAMILIES)
def test_invented_forms_keep_to_the_schema(family: str) -> None:
    validator = open_session().extensions.types["self-evaluation"].validator
    for number in range(20):
        form = invent(Seeded(f"schema:{number}"), FAMILIES[family])
        _, violations = validator.check(form)
        assert violations == [], [dict(one.arguments) for one in violations]


@pytest.mark.parametrize("family", FAMILIES)
def test_the_same_seed_invents_the_same_form(family: str) -> None:
    first, second = (invent(Seeded("same"), FAMILIES[family]) for _ in range(2))
    assert json.dumps(first, default=str) == json.dumps(second, default=str)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data(), st.sampled_from(sorted(FAMILIES)))
def test_what_a_family_holds_it_can_print(data: st.DataObject, family: str) -> None:
    chosen = FAMILIES[family]
    form = data.draw(forms(chosen))
    assert chosen.reduce(form) == form
    chosen.lay_out(form, Choices(data.draw))  # raises where cells overlap or leave holes


@settings(max_examples=40, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(st.data(), st.sampled_from(sorted(FAMILIES)))
def test_any_invented_form_is_read(data: st.DataObject, family: str) -> None:
    form = data.draw(forms(FAMILIES[family]))
    sheet = FAMILIES[family].lay_out(form, Choices(data.draw))
    source = Source("form.html", DRAWERS["html"]([sheet], Seeded("page")))
    documents, _ = read_documents(open_session(), source)
    (found,) = (document.data for document in documents)
    assert [value for value in compare(form, found, FAMILIES[family].unsaid) if not value.right] == []


def changed(form: dict[str, Any], row: int, field: str, value: Any) -> dict[str, Any]:
    rows = [dict(one) for one in form["indicators"]]
    rows[row][field] = value
    return {**form, "indicators": rows}


def test_the_comparison_sees_every_difference() -> None:
    form = invent(Seeded("differences"), FAMILIES["national"])
    assert all(value.right for value in compare(form, form))
    row = next(number for number, one in enumerate(form["indicators"]) if one["weight"] is not None)
    weight = form["indicators"][row]["weight"]
    for field, value in (("weight", weight + 1), ("weight", weight.quantize(Decimal("0.001"))), ("weight", None),
                         ("weight", str(weight)), ("target", "别的"), ("unit", "个")):  # fmt: skip
        bad = [one for one in compare(form, changed(form, row, field, value)) if not one.right]
        assert [(one.pointer, one.found) for one in bad] == [(f"/indicators/{row}/{field}", value)]
    without = {**form, "indicators": form["indicators"][:-1]}
    assert any(not one.right for one in compare(form, without))
    assert any(not one.right for one in compare(without, form))
    assert any(not one.right for one in compare(form, {**form, "title": None}))
    assert any(not one.right for one in compare(form, {**form, "notes": ["多出一条"]}))
