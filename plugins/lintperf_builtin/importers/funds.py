"""Rows of funds: under column headers, or as pairs of label and amount without any."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from lintperf_builtin.importers import labels, values
from lintperf_builtin.importers.cells import pick
from lintperf_builtin.importers.columns import AMOUNTS
from lintperf_builtin.importers.grid import Cell

if TYPE_CHECKING:
    from lintperf_builtin.importers.columns import Columns
    from lintperf_builtin.importers.form import Form
    from lintperf_builtin.importers.grid import Grid

__all__ = ["Pair", "Pairs", "find_pairs", "find_sources", "read_fund", "read_pairs", "read_sources"]

# What stands beside the amounts of a pair row.
_BESIDE = ("weight", "rate", "interim_rate", "score")


class Pair(NamedTuple):
    """A label of funds and the cell after it, which holds an amount or is blank; None at the end of a row."""

    label: Cell
    value: Cell | None
    name: str = ""

    @property
    def text(self) -> str:
        """The label, without the amount where both are in one cell."""
        return self.name or self.label.text


@dataclass(slots=True)
class Pairs:
    """What the labels of pairs in the rows above say: column of the label → amount, and the label's text."""

    amounts: dict[int, str] = field(default_factory=dict)
    titles: dict[int, str] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class _Group:
    """The amounts of one source in a row of pairs."""

    source: str
    label: Pair
    cells: dict[str, Cell | None] = field(default_factory=dict)
    others: list[tuple[str, Cell | None]] = field(default_factory=list)


def read_fund(form: Form, columns: Columns, grid: Grid, row: int, cells: list[Cell]) -> None:
    """Takes over a row of funds under its header; a row whose label nobody knows is left."""
    before = [cell for cell in cells if cell.end <= columns.first]
    label = next((cell for cell in reversed(before) if labels.fund_source(cell.text, form.generic_fiscal)), None)
    for cell in before:
        if labels.is_section_label(cell.text):
            form.used.add(cell)
            form.unit = form.unit or labels.currency_unit(cell.text)
    if label is None:
        return
    source = labels.fund_source(label.text, form.generic_fiscal)
    assert source is not None
    form.generic_fiscal = form.generic_fiscal or labels.fund_source(label.text, True) == "fiscal"
    found = {name: pick(grid, row, at) for name, at in columns.fields.items()}
    others = [(title, pick(grid, row, at)) for title, at in columns.others]
    form.add_fund(source, label, found, row, others)


def find_pairs(own: list[Cell], columns: Columns | None, pairs: Pairs | None) -> list[Pair]:
    """The pairs of label and amount in a row; empty for a row of any other kind.

    Under a header only labels in the columns of amounts make pairs: `预算数：| 100 | 到位数：| 100`. Without one, a
    total begins the section, and rows of sources follow.
    """
    found: list[Pair] = []
    for index, cell in enumerate(own):
        if (inline := _inline(cell)) is not None:
            found.append(inline)
        elif cell.text and _is_label(cell.text):
            # Formats without merged cells leave blank ones behind a label.
            after = own[index + 1 :]
            value = next((other for other in after if other.text), None)
            if value is not None and _is_amount(value.text):
                found.append(Pair(cell, value))
            elif not after or not after[0].text:
                found.append(Pair(cell, after[0] if after else None))
            elif pairs is not None and (_is_label(after[0].text) or _inline(after[0]) is not None):
                found.append(Pair(cell, None))
    if not found:
        return []
    if columns is not None:
        beside = any(pair.label.column >= columns.first for pair in found)
        return found if beside or (len(found) > 1 and _begins(found)) else []
    if pairs is not None or _begins(found):
        return found
    return []


def find_sources(grid: Grid, row: int) -> dict[int, Cell]:
    """The sources of funds side by side, their amounts in the row below: column → label. Empty for any other row."""
    if row + 1 >= len(grid.rows):
        return {}
    cells = [cell for cell in grid.own(row) if cell.text]
    found = {cell.column: cell for cell in cells if labels.fund_source(cell.text, False)}
    rest = [cell for cell in cells if cell.column not in found and not labels.is_section_label(cell.text)]
    if len(found) < 2 or rest or labels.fund_source(next(iter(found.values())).text, False) != "total":
        return {}
    below = [grid.rows[row + 1][column] for column in found]
    if all(cell is not None and _is_amount(cell.text) for cell in below) and any(cell and cell.text for cell in below):
        return found
    return {}


def read_sources(form: Form, found: dict[int, Cell], grid: Grid, row: int) -> None:
    """Takes over the amounts below sources that stand side by side: a row of funds each."""
    form.fund_headings.setdefault("annual", next(iter(found.values())).text)
    for cell in grid.own(row):
        if cell.text and cell.column not in found and labels.is_section_label(cell.text):
            form.used.add(cell)
            form.unit = form.unit or labels.currency_unit(cell.text)
    for column, label in found.items():
        source = labels.fund_source(label.text, form.generic_fiscal)
        assert source is not None
        form.generic_fiscal = form.generic_fiscal or labels.fund_source(label.text, True) == "fiscal"
        form.add_fund(source, label, {"annual": grid.rows[row + 1][column]}, row + 1, [])


def _inline(cell: Cell) -> Pair | None:
    """Label and amount in one cell: `其中：基本支出：60.5`."""
    label, colon, amount = cell.text.replace("：", ":").rpartition(":")
    if not colon or not amount.strip() or not _is_amount(amount.strip()) or not _is_label(label):
        return None
    value = Cell(amount.strip(), cell.row, cell.column, place=cell.place, unsure=cell.unsure)
    return Pair(cell, value, cell.text[: len(label)].strip())


def _begins(found: list[Pair]) -> bool:
    text = found[0].text
    if len(found) > 1 and all(pair.name for pair in found):
        return True
    return labels.fund_pair(text) is not None or (
        labels.fund_source(text, False) in ("total", "basic", "project") and labels.heading_field(text) is None
    )


def _is_label(text: str) -> bool:
    return bool(labels.fund_pair(text) or labels.fund_source(text, False) or labels.fund_field(text) in _BESIDE)


def _is_amount(text: str) -> bool:
    plain = text.removesuffix("元").rstrip("万亿") if text.endswith("元") else text
    return not isinstance(values.number(plain), str) or plain.endswith(("%", "％"))


def read_pairs(
    form: Form, found: list[Pair], pairs: Pairs, columns: Columns | None, grid: Grid, row: int, cells: list[Cell]
) -> None:
    """Takes over a row of pairs: one row of funds for each source that it names."""
    form.fund_pairs = True
    groups: list[_Group] = []
    taken = {pair.label for pair in found} | {pair.value for pair in found}
    for cell in cells:
        if cell not in taken and labels.is_section_label(cell.text):
            form.used.add(cell)
            form.unit = form.unit or labels.currency_unit(cell.text)
    generic = form.generic_fiscal
    for pair in found:
        text, column = pair.text, pair.label.column
        if (beside := labels.fund_field(text)) in _BESIDE and beside is not None:
            if groups:
                groups[0].cells.setdefault(beside, pair.value)
                form.used.add(pair.label)
                form.fund_headings.setdefault(beside, text)
            continue
        amount = labels.fund_pair(text)
        if amount is not None:
            pairs.amounts[column], pairs.titles[column] = amount, text.rstrip(":： ")
        amount = amount or pairs.amounts.get(column, "annual")
        source = "total" if labels.fund_pair(text) else labels.fund_source(text, generic)
        assert source is not None
        group = next((each for each in groups if each.source == source and amount not in each.cells), None)
        if group is None:
            group = _Group(source, pair)
            groups.append(group)
        form.used.add(pair.label)
        if amount == "medium":
            group.others.append((pairs.titles.get(column, text), pair.value))
            continue
        if not group.cells:
            group.label = pair
        group.cells[amount] = pair.value
        form.fund_headings.setdefault(amount, text)
    if columns is not None and groups:
        for name, at in columns.fields.items():
            if name not in AMOUNTS:
                groups[0].cells.setdefault(name, pick(grid, row, at))
    for group in groups:
        form.generic_fiscal = form.generic_fiscal or labels.fund_source(group.label.text, True) == "fiscal"
        every: dict[str, Cell | None] = dict.fromkeys(name for name in form.fund_headings if name != "medium")
        form.add_fund(
            group.source, group.label.label, {**every, **group.cells}, row, group.others, group.label.name or None
        )
