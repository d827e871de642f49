"""A self-evaluation form as blocks: the printed layout, from whatever of the data fits the schema."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from lintperf_builtin.renderers.national import lay_out
from lintperf_builtin.reporters.html.blocks import Block, Drawn, Grid, Prose

__all__ = ["draw_form"]

_KINDS = ("self-evaluation", "target-declaration", "monitoring", "department")
_SOURCES = ("total", "fiscal", "carryover", "other", "basic", "project", "detail")
_LISTS = ("tasks", "management", "indicators", "medium_indicators")


def draw_form(data: Mapping[str, Any]) -> Drawn:
    """The form as `render` prints it. What breaks the schema in structure is left out; wrong scalars are shown."""
    fitting = _fitting(data)
    (printed,), omissions = lay_out([fitting])
    blocks: list[Block] = [Prose(line.text, line.look, pointers=line.pointers) for line in printed.lines]
    blocks += (Grid(printed.widths, rows) for rows in printed.tables)
    # the total of the payments is printed as a row below them
    payments = (fitting.get("payments") or {}).get("rows") or ()
    total = f"/payments/rows/{len(payments)}"
    within = {"/payments/total": (f"{total}/amount", None)}
    return Drawn(tuple(blocks), printed.landscape, within, tuple(each.pointer for each in omissions))


def _fitting(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data with records where records belong, lists where lists belong, and rows of scalars."""
    form: dict[str, Any] = {"title": _words(data.get("title"))}
    kind = data.get("kind")
    form["kind"] = kind if kind in _KINDS else None
    for name in ("heading", "goals", "total"):
        form[name] = _row(data.get(name))
    form["total"]["label"] = _words(form["total"].get("label"))
    if not isinstance(data.get("total"), Mapping):
        form["total"] = None
    year = form["heading"].get("year")
    if not isinstance(year, Decimal | None):
        form["heading"]["year"] = None
    for name in ("project", "project_amount", "department", "unit"):
        form["heading"].setdefault(name, None)
    funds = data.get("funds")
    if not isinstance(funds, Mapping):
        funds = {}
    unit = funds.get("currency_unit")
    form["funds"] = {"currency_unit": unit if isinstance(unit, str) else None, "rows": _rows(funds.get("rows"))}
    for row in form["funds"]["rows"]:
        if row.get("source") not in _SOURCES:
            row["source"] = "detail"
    payments = data.get("payments")
    if isinstance(payments, Mapping):
        form["payments"] = {"rows": _rows(payments.get("rows")), "total": _scalar(payments.get("total"))}
    for name in _LISTS:
        form[name] = _rows(data.get(name))
    notes = data.get("notes")
    form["notes"] = [note if isinstance(note, str) else "" for note in notes] if isinstance(notes, list) else []
    return form


def _scalar(value: Any) -> Any:
    return value if isinstance(value, str | Decimal | None) else None


def _words(value: Any) -> str | None:
    """What stands where a text belongs."""
    return f"{value:f}" if isinstance(value, Decimal) else value if isinstance(value, str) else None


def _rows(value: Any) -> list[dict[str, Any]]:
    """Rows of a list; what is no row is an empty one, so that all keep their numbers."""
    return [_row(each) for each in value] if isinstance(value, list | tuple) else []


def _row(value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        return {}
    scalars = ((name, item) for name, item in value.items() if isinstance(item, str | Decimal))
    row: dict[str, Any] = {name: item for name, item in scalars if name not in ("others", "merged", "misplaced")}
    others = value.get("others")
    if isinstance(others, list):
        row["others"] = [
            {"label": str(each.get("label") or ""), "text": str(each.get("text") or "")}
            if isinstance(each, Mapping)
            else {"label": "", "text": ""}
            for each in others
        ]
    merged = value.get("merged")
    if isinstance(merged, list):
        row["merged"] = [each for each in merged if isinstance(each, str)]
    misplaced = value.get("misplaced")
    if isinstance(misplaced, list):
        row["misplaced"] = [
            {"column": str(each.get("column") or ""), "value": _scalar(each.get("value"))}
            for each in misplaced
            if isinstance(each, Mapping)
        ]
    return row
