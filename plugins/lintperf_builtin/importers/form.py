"""A form while it is being read: the document type's fields, their places, and the cells already taken over."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lintperf.document import Document, places_in
from lintperf.model import Remark
from lintperf_builtin.importers import labels, values
from lintperf_builtin.importers.recognise import kind_of, layout_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from decimal import Decimal

    from lintperf.model import Place
    from lintperf_builtin.importers.columns import Columns
    from lintperf_builtin.importers.grid import Cell, Grid

__all__ = ["INDICATOR_KEYS", "Form", "join"]

# Fields of a row in the schema's order. Those that every layout of the national form has are always written, null
# where this one lacks them; the others only where the table has their column.
FUND_KEYS = {
    "initial": True, "annual": True, "received": False, "executed": True, "interim_executed": False,
    "expected_executed": False, "weight": True, "rate": True, "interim_rate": False, "score": True,
    "explanation": True,
}  # fmt: skip
INDICATOR_KEYS = {
    "level1": True, "level2": True, "name": True, "operator": True, "target": True, "unit": True, "actual": True,
    "completion_status": False, "interim": False, "expected_actual": False, "likelihood": False, "weight": True,
    "weight_share": False, "score": True, "converted_score": False, "criterion": False, "explanation": True,
}  # fmt: skip
_CUT = 60
_ENDS_SENTENCE = tuple("。；;.!！？?：:”）)>")


@dataclass(slots=True, eq=False)
class Form:
    """One form. Whatever takes over a cell's text puts the cell into `used`: what is left over is reported."""

    title: str | None = None
    heading: dict[str, Any] = field(default_factory=dict)
    others: list[dict[str, str]] = field(default_factory=list)
    unit: str | None = None
    caption_unit: str | None = None
    funds: list[dict[str, Any]] | None = None
    fund_headings: dict[str, str] = field(default_factory=dict)
    fund_pairs: bool = False
    stated_weight: tuple[Decimal, Cell] | None = None
    goals: dict[str, str | None] | None = None
    tasks: list[dict[str, Any]] | None = None
    management: list[dict[str, Any]] | None = None
    payments: dict[str, Any] | None = None
    columns: Columns | None = None
    indicators: list[dict[str, Any]] = field(default_factory=list)
    medium: list[dict[str, Any]] | None = None
    # a row over the whole width that names the first level of the rows below it
    band: Cell | None = None
    total: dict[str, Any] | None = None
    notes: list[str] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    unsure: set[str] = field(default_factory=set)
    used: set[Cell] = field(default_factory=set)
    rows: list[tuple[Grid, int]] = field(default_factory=list)
    amount_cells: list[tuple[dict[str, Any], str, Cell]] = field(default_factory=list)
    headers: list[str] = field(default_factory=list)
    generic_fiscal: bool = False

    def note_place(self, pointer: str, cell: Cell | None) -> None:
        """Remembers where the value at `pointer` stands."""
        if cell is not None and cell.place is not None:
            self.places[pointer] = cell.place

    def first_place(self, pointer: str, cell: Cell) -> None:
        """Remembers where the value at `pointer` begins, unless that is known already."""
        if pointer not in self.places:
            self.note_place(pointer, cell)

    def take(self, pointer: str, cell: Cell) -> str:
        """Takes over the text of a cell as the value at `pointer`."""
        self.used.add(cell)
        self.note_place(pointer, cell)
        if cell.unsure:
            self.unsure.add(pointer)
        return cell.text

    def take_others(self, pointer: str, found: list[tuple[str, Cell | None]], row: int) -> list[dict[str, str]] | None:
        """Takes over the cells of columns without a field of their own: those with text that begin in `row`."""
        others: list[dict[str, str]] = []
        for label, cell in found:
            if cell is None or cell.row != row or not cell.text:
                continue
            where = f"{pointer}/others/{len(others)}"
            others.append({"label": " ".join(label.split()), "text": self.take(f"{where}/text", cell)})
            for part in (where, f"{where}/label"):
                self.note_place(part, cell)
            self.first_place(f"{pointer}/others", cell)
        return others or None

    def set_heading(self, name: str, label: str, label_cell: Cell | None, text: str, cell: Cell | None) -> None:
        """Takes over a field of the heading; what has no field of its own, or has it already, goes to the others."""
        for owner in (label_cell, cell):
            if owner is not None:
                self.used.add(owner)
        place = cell or label_cell
        if place is not None:
            self.first_place("/heading", label_cell or place)
        if self.title and labels.is_in("department_names", label) and labels.is_department_title(self.title):
            name = "department"
        if name == "others" or name in self.heading:
            pointer = f"/heading/others/{len(self.others)}"
            for where in (pointer, f"{pointer}/text"):
                self.note_place(where, place)
            self.note_place(f"{pointer}/label", label_cell or cell)
            self._doubt(f"{pointer}/text", place)
            self.others.append({"label": label.rstrip(" :："), "text": text})
            return
        self.note_place(f"/heading/{name}", place)
        self._doubt(f"/heading/{name}", place)
        if name == "project_amount":
            self.heading[name] = values.yuan(text, labels.currency_unit(label) or self.caption_unit)
        elif name == "year":
            self.heading[name] = values.year(text)
        else:
            self.heading[name] = text

    def _doubt(self, pointer: str, cell: Cell | None) -> None:
        if cell is not None and cell.unsure:
            self.unsure.add(pointer)

    def add_rest_of_total(
        self,
        total: dict[str, Any],
        pointer: str,
        cells: Iterable[Cell],
        titles: Mapping[int, str],
        is_grade: Callable[[str], bool],
    ) -> None:
        """Takes over what a row of totals holds beside its label, weight and score: a grade, numbers out of place.

        titles  column → header; a number in a column without one is named after the table's first header
        """
        misplaced: list[dict[str, Any]] = []
        for cell in cells:
            number = values.number(cell.text, "分")
            if number is None:
                self.used.add(cell)
            elif not isinstance(number, str):
                where = f"{pointer}/misplaced/{len(misplaced)}"
                title = titles.get(cell.column) or next((title for title in titles.values() if title), "")
                misplaced.append({"column": title, "value": number})
                self.take(f"{where}/value", cell)
                for part in (where, f"{where}/column"):
                    self.note_place(part, cell)
                self.first_place(f"{pointer}/misplaced", cell)
            elif total["grade"] is None and is_grade(number):
                total["grade"] = self.take(f"{pointer}/grade", cell)
        if misplaced:
            total["misplaced"] = misplaced

    def add_note(self, text: str, cells: list[Cell]) -> None:
        """Takes over a note of the form."""
        pointer = f"/notes/{len(self.notes)}"
        self.used.update(cells)
        if cells:
            self.note_place(pointer, cells[0])
            self.first_place("/notes", cells[0])
            if any(cell.unsure for cell in cells):
                self.unsure.add(pointer)
        self.notes.append(text)

    def add_fund(
        self,
        source: str,
        label: Cell,
        cells: dict[str, Cell | None],
        row: int,
        others: list[tuple[str, Cell | None]],
        label_text: str | None = None,
    ) -> None:
        """Takes over a row of funds. `cells`: field → cell, None where the row lacks it, for all columns there are.

        `label_text`: the row's label where it is another than the text of the cell.
        """
        if self.funds is None:
            self.funds = []
        pointer = f"/funds/rows/{len(self.funds)}"
        text = self.take(f"{pointer}/label", label)
        data: dict[str, Any] = {"source": source, "label": text if label_text is None else label_text}
        for where in (pointer, f"{pointer}/source"):
            self.note_place(where, label)
        self.first_place("/funds/rows", label)
        self.first_place("/funds", label)
        for name, always in FUND_KEYS.items():
            if always or name in cells:
                data[name] = None
            cell = cells.get(name)
            if cell is None:
                continue
            text = self.take(f"{pointer}/{name}", cell)
            if name == "explanation":
                data[name] = text
            elif cell.row != row:
                continue  # a number merged over rows stands once, in the first
            elif name in ("rate", "interim_rate"):
                data[name] = values.rate(text)
            elif name in ("weight", "score"):
                data[name] = values.number(text, "分")
            else:
                self.amount_cells.append((data, name, cell))
        if (more := self.take_others(pointer, others, row)) is not None:
            data["others"] = more
        self.funds.append(data)

    def add_goal(self, name: str, cell: Cell) -> None:
        """Takes over a goal text, or more of it from a further row."""
        goals = self.goals = self.goals or {}
        before = goals.get(name)
        self.used.add(cell)
        if before is None or not before:
            goals[name] = self.take(f"/goals/{name}", cell)
        elif cell.text:
            goals[name] = join(before, cell.text)
            self._doubt(f"/goals/{name}", cell)

    def document(self, path: str, index: int, best_confidence: str) -> Document:
        """The document, with remarks on cells that were not taken over."""
        amounts = {unit for _, _, cell in self.amount_cells if (unit := values.amount_unit(cell.text))}
        unit = self.unit or self.caption_unit or (amounts.pop() if len(amounts) == 1 else None)
        for row, name, cell in self.amount_cells:
            row[name] = values.number(cell.text, unit or "")
        self._place_stated_weight()
        heading = {name: self.heading.get(name) for name in ("project", "project_amount", "department", "unit", "year")}
        kind = kind_of(self)
        data: dict[str, Any] = {
            "type": "self-evaluation",
            "version": "1",
            "kind": kind,
            "layout": layout_of(self, kind, best_confidence),
            "title": self.title,
            "heading": {**heading, "others": self.others},
            "funds": None if self.funds is None else {"currency_unit": unit, "rows": self.funds},
            "goals": self.goals and self._all_goals(self.goals),
            "indicators": self.indicators,
            "total": self.total,
            "notes": self.notes or None,
        }
        for name, part in (
            ("payments", self.payments), ("tasks", self.tasks), ("management", self.management),
            ("medium_indicators", self.medium),
        ):  # fmt: skip
            if part is not None:
                data[name] = part
        first = next((cell for grid, row in self.rows for cell in grid.own(row) if cell.text), None)
        self.note_place("", first)
        remarks = [
            Remark("unmapped-content", {"text": re.sub(r"\s+", " ", cell.text)[:_CUT]}, place=cell.place)
            for grid, row in self.rows
            for cell in grid.own(row)
            if cell.text and cell not in self.used
        ]
        unsure = frozenset(self.unsure)
        return Document(path, data, index, locate=places_in(self.places), remarks=remarks, unsure=unsure)

    def _all_goals(self, goals: dict[str, str | None]) -> dict[str, str | None]:
        always = {"expected": goals.get("expected"), "achieved": goals.get("achieved")}
        return {**always, **{name: text for name, text in goals.items() if name not in always}}

    def _place_stated_weight(self) -> None:
        """The points for execution that a header states belong to the total, where no column gives them."""
        total = next((row for row in self.funds or () if row["source"] == "total"), None)
        if self.stated_weight is None or total is None or "weight" in self.fund_headings:
            return
        total["weight"], cell = self.stated_weight
        self.note_place(f"/funds/rows/{(self.funds or []).index(total)}/weight", cell)


def join(first: str, second: str) -> str:
    """Two pieces of one text: a line break between sentences, nothing where a page break cut one."""
    return f"{first}\n{second}" if first.endswith(_ENDS_SENTENCE) else first + second
