"""A form while it is being read: the document type's fields, their places, and the cells already taken over."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from lintperf.document import Document, places_in
from lintperf.model import Remark
from lintperf_builtin.importers import labels, values

if TYPE_CHECKING:
    from lintperf.model import Place
    from lintperf_builtin.importers.columns import Columns
    from lintperf_builtin.importers.grid import Cell, Grid

__all__ = ["FUND_NUMBERS", "INDICATOR_KEYS", "Form", "join"]

FUND_NUMBERS = ("initial", "annual", "executed", "weight", "rate", "score")
INDICATOR_KEYS = (
    "level1", "level2", "name", "operator", "target", "unit", "actual", "weight", "score", "explanation",
)  # fmt: skip
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
    goals: dict[str, str | None] | None = None
    columns: Columns | None = None
    indicators: list[dict[str, Any]] = field(default_factory=list)
    total: dict[str, Any] | None = None
    notes: list[str] = field(default_factory=list)
    places: dict[str, Place] = field(default_factory=dict)
    used: set[Cell] = field(default_factory=set)
    rows: list[tuple[Grid, int]] = field(default_factory=list)
    amount_cells: list[tuple[dict[str, Any], str, Cell]] = field(default_factory=list)
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
        return cell.text

    def set_heading(self, name: str, label: str, label_cell: Cell | None, text: str, cell: Cell | None) -> None:
        """Takes over a field of the heading; what has no field of its own, or has it already, goes to the others."""
        for owner in (label_cell, cell):
            if owner is not None:
                self.used.add(owner)
        place = cell or label_cell
        if place is not None:
            self.first_place("/heading", label_cell or place)
        if name == "others" or name in self.heading:
            pointer = f"/heading/others/{len(self.others)}"
            for where in (pointer, f"{pointer}/text"):
                self.note_place(where, place)
            self.note_place(f"{pointer}/label", label_cell or cell)
            self.others.append({"label": label.rstrip(" :："), "text": text})
            return
        self.note_place(f"/heading/{name}", place)
        if name == "project_amount":
            self.heading[name] = values.yuan(text, labels.currency_unit(label) or self.caption_unit)
        elif name == "year":
            self.heading[name] = values.year(text)
        else:
            self.heading[name] = text

    def add_note(self, text: str, cells: list[Cell]) -> None:
        """Takes over a note of the form."""
        pointer = f"/notes/{len(self.notes)}"
        self.used.update(cells)
        if cells:
            self.note_place(pointer, cells[0])
            self.first_place("/notes", cells[0])
        self.notes.append(text)

    def add_fund(self, source: str, label: Cell, cells: dict[str, Cell | None], row: int) -> None:
        """Takes over a row of funds. `cells`: field → cell, None where the row lacks it, for all columns there are."""
        if self.funds is None:
            self.funds = []
        pointer = f"/funds/rows/{len(self.funds)}"
        data: dict[str, Any] = {"source": source, "label": self.take(f"{pointer}/label", label)}
        for where in (pointer, f"{pointer}/source"):
            self.note_place(where, label)
        self.first_place("/funds/rows", label)
        for name in (*FUND_NUMBERS, "explanation"):
            data[name] = None
            cell = cells.get(name)
            if cell is None:
                continue
            text = self.take(f"{pointer}/{name}", cell)
            if name == "explanation":
                data[name] = text
            elif cell.row != row:
                continue  # a number merged over rows stands once, in the first
            elif name == "rate":
                data[name] = values.rate(text)
            elif name in ("weight", "score"):
                data[name] = values.number(text, "分")
            else:
                self.amount_cells.append((data, name, cell))
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

    def document(self, path: str, index: int) -> Document:
        """The document, with remarks on cells that were not taken over."""
        amounts = {unit for _, _, cell in self.amount_cells if (unit := values.amount_unit(cell.text))}
        unit = self.unit or self.caption_unit or (amounts.pop() if len(amounts) == 1 else None)
        for row, name, cell in self.amount_cells:
            row[name] = values.number(cell.text, unit or "")
        heading = {name: self.heading.get(name) for name in ("project", "project_amount", "department", "unit", "year")}
        data: dict[str, Any] = {
            "type": "self-evaluation",
            "version": "1",
            "title": self.title,
            "heading": {**heading, "others": self.others},
            "funds": None if self.funds is None else {"currency_unit": unit, "rows": self.funds},
            "goals": self.goals and {"expected": self.goals.get("expected"), "achieved": self.goals.get("achieved")},
            "indicators": self.indicators,
            "total": self.total,
            "notes": self.notes or None,
        }
        first = next((cell for grid, row in self.rows for cell in grid.own(row) if cell.text), None)
        self.note_place("", first)
        remarks = [
            Remark("unmapped-content", {"text": re.sub(r"\s+", " ", cell.text)[:_CUT]}, place=cell.place)
            for grid, row in self.rows
            for cell in grid.own(row)
            if cell.text and cell not in self.used
        ]
        return Document(path, data, index, locate=places_in(self.places), remarks=remarks)


def join(first: str, second: str) -> str:
    """Two pieces of one text: a line break between sentences, nothing where a page break cut one."""
    return f"{first}\n{second}" if first.endswith(_ENDS_SENTENCE) else first + second
