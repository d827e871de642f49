"""Eight of the ten rules for frictionless over the two tables of each form; prints a JSON array of [file, code, row].

`python check.py FOLDER`. Fields are described by a table schema each, comparisons within a row are constraints and
`row-constraint` checks; what needs more than a formula is a check of one's own, as its documentation shows them. The
tables are read out of the forms by the JSON dialect's `property`. Numbers are exact decimals. A check sees one table:
sums over the indicators, the funds and the total (LP203, LP204) are left out.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import attrs
from frictionless import Check, Checklist, Detector, Dialect, Resource, Row, Schema, checks, errors
from frictionless.formats import JsonControl
from frictionless.resources import TableResource

BLANK = frozenset(("", "无", "不适用", "/", "—", "－", "-", "_"))
SAYS = re.compile(r"[^\W_]")
PERCENT = re.compile(r"([-+]?[0-9]+(?:[.][0-9]+)?)[%％]")


def _empty(row: Row) -> bool:
    return all((row[name] or "").strip() in BLANK for name in ("name", "target"))


class OwnError(errors.RowError):
    """An error of a check of our own; its note is the code."""

    type = "own-error"
    title = "Rule of the catalogue"
    description = "A rule of the catalogue does not hold"
    template = "{note}"


@attrs.define(kw_only=True, repr=False)
class indicator_rules(Check):  # noqa: N801 -- frictionless names checks so
    """LP103, LP104 and LP208: what depends on whether a row is empty or a column is there."""

    type = "indicator-rules"
    Errors = [OwnError]  # noqa: RUF012 -- frictionless reads it from the class

    def connect(self, resource: Resource) -> None:
        """Starts a table."""
        super().connect(resource)
        self.lacking: dict[str, list[Any]] = {"weight": [], "score": []}
        self.there: set[str] = set()

    def validate_row(self, row: Row) -> Iterator[errors.RowError]:
        """Points without evidence and weights of empty rows at once; what is missing waits for the table's end."""
        empty = _empty(row)
        for key, lacking in self.lacking.items():
            if row[key] is not None:
                self.there.add(key)
            elif not empty:
                lacking.append(OwnError.from_row(row, note="LP103"))
        blank = any(SAYS.search(row[name] or "") is None for name in ("target", "actual"))
        if not empty and blank and row["score"] is not None and row["score"] > 0:
            yield OwnError.from_row(row, note="LP104")
        if row["weight"] is not None and (row["weight"] > 0 if empty else row["weight"] == 0):
            yield OwnError.from_row(row, note="LP208")

    def validate_end(self) -> Iterator[errors.RowError]:
        """Rows without a weight or score, where the table has such a column."""
        for key in sorted(self.there):
            yield from self.lacking[key]


@attrs.define(kw_only=True, repr=False)
class fund_rules(Check):  # noqa: N801 -- frictionless names checks so
    """LP301 and LP303: what depends on the notation of a rate."""

    type = "fund-rules"
    Errors = [OwnError]  # noqa: RUF012 -- frictionless reads it from the class

    def validate_row(self, row: Row) -> Iterator[errors.RowError]:
        """The rate against the spending; a rate or points where there is neither budget nor spending."""
        rate, annual, executed = row["rate"], row["annual"], row["executed"]
        percent = PERCENT.fullmatch(rate) if isinstance(rate, str) else None
        stated = Decimal(percent[1]) if percent else rate if isinstance(rate, Decimal | int) else None
        if annual is None or executed is None:
            return
        if stated is not None and annual > 0:
            step = Decimal(1).scaleb(Decimal(stated).as_tuple().exponent)
            computed = executed / annual * (100 if percent else 1)
            if computed.quantize(step if percent or step < 1 else Decimal("0.01"), ROUND_HALF_UP) != stated:
                yield OwnError.from_row(row, note="LP301")
        if annual == executed == 0 and ((stated or 0) > 0 or (row["score"] or 0) > 0):
            yield OwnError.from_row(row, note="LP303")


def _number(name: str, **constraints: Any) -> dict[str, Any]:
    return {"name": name, "type": "number", "constraints": constraints}


def _text(name: str) -> dict[str, Any]:
    return {"name": name, "type": "string"}


CONSTRAINTS = {
    "LP201": "score is None or weight is None or score <= weight",
    "LP305": "executed is None or annual is None or executed <= annual",
}
CODES = {f'the row constraint to conform is "{formula}"': code for code, formula in CONSTRAINTS.items()}
INDICATORS = Schema.from_descriptor({
    "missingValues": [],
    "fields": [_text("name"), _text("target"), _text("actual"), _number("weight"), _number("score", minimum=0)],
})  # fmt: skip
FUNDS = Schema.from_descriptor({
    "missingValues": [],
    "fields": [_number("annual"), _number("executed"), {"name": "rate", "type": "any"}, _number("score")],
})  # fmt: skip
TABLES = (
    ("indicators", INDICATORS, "LP201", indicator_rules),
    ("funds.rows", FUNDS, "LP305", fund_rules),
)
TAKEN = ("row-constraint", "constraint-error", "own-error")


def findings(path: Path) -> Iterator[tuple[str, str, str]]:
    """File, code and row of what is wrong in a form. Raises RuntimeError where a table cannot be read as described."""
    for name, schema, formula, own in TABLES:
        table = TableResource(
            path=path.name,
            basepath=str(path.parent),
            encoding="utf-8",
            schema=schema.to_copy(),
            dialect=Dialect(controls=[JsonControl(property=name)]),
            detector=Detector(schema_sync=True),
        )
        report = table.validate(Checklist(checks=[checks.row_constraint(formula=CONSTRAINTS[formula]), own()]))
        for error in report.tasks[0].errors if report.tasks else report.errors:
            if error.type not in TAKEN:
                raise RuntimeError(f"{path}: {error.message}")
            code = {"constraint-error": "LP202", "own-error": error.note}.get(error.type) or CODES[error.note]
            yield path.name, code, f"{name.replace('.', '/')}/{error.row_number - 2}"  # type: ignore[attr-defined]


if __name__ == "__main__":
    found = {one for path in sorted(Path(sys.argv[1]).iterdir()) for one in findings(path)}
    json.dump(sorted(found), sys.stdout)
