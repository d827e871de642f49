"""Rows of indicators, and of the other tables of a form: tasks, management of the funds."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lintperf_builtin.importers import labels, values
from lintperf_builtin.importers.cells import pick
from lintperf_builtin.importers.columns import LEVELS
from lintperf_builtin.importers.form import INDICATOR_KEYS, join

if TYPE_CHECKING:
    from lintperf_builtin.importers.columns import Columns
    from lintperf_builtin.importers.form import Form
    from lintperf_builtin.importers.grid import Cell, Grid

__all__ = ["read_indicator", "read_management", "read_medium", "read_payment", "read_task"]

_NUMBERS = ("weight", "score", "converted_score")
_MEDIUM_KEYS = ("level1", "level2", "name", "operator", "target", "unit", "weight")
_TASK_AMOUNTS = ("budget", "budget_fiscal", "budget_other", "executed", "executed_fiscal", "executed_other")
# Fields that a page break may cut: their rest stands alone in the first row of the next page.
_CUT_TEXTS = {
    "name", "target", "actual", "explanation", "criterion", "completion_status", "interim", "expected_actual",
}  # fmt: skip


def read_indicator(form: Form, columns: Columns, grid: Grid, row: int, cells: list[Cell], after_break: bool) -> None:
    """Takes over a row of indicators. `after_break`: the first row of a table that goes on from the one above."""
    found = _cells(columns, columns.fields, grid, row)
    for cell in cells:
        if cell.end <= columns.first and labels.is_section_label(cell.text):
            form.used.add(cell)
    # A label beside the table that slipped into its first column is no indicator.
    level1 = found.get("level1")
    if level1 is not None and labels.normal(level1.text).startswith(("年度绩效指标", "绩效指标")):
        form.used.add(level1)
        found["level1"] = None
    new = {name: cell for name, cell in found.items() if cell is not None and cell.row == row and cell.text}
    if columns.medium:
        read_medium(form, columns, grid, row, [])
    if not new and not any(_others(columns, grid, row)):
        return
    if form.indicators and _goes_on(form, new, after_break):
        _join(form, new)
        return
    pointer = f"/indicators/{len(form.indicators)}"
    if not new:
        return
    data: dict[str, Any] = {name: None for name, always in INDICATOR_KEYS.items() if always or name in columns.fields}
    merged = [name for name in columns.fields if _read_field(form, pointer, name, found[name], row, data)]
    if columns.ticked:
        _read_ticks(form, pointer, columns, grid, row, data)
    if merged and form.indicators:
        data["merged"] = sorted(merged, key=list(INDICATOR_KEYS).index)
    others = form.take_others(pointer, [(title, pick(grid, row, at)) for title, at in columns.others], row)
    if others is not None:
        data["others"] = [*data.get("others", ()), *others]
    if form.band is not None and not data["level1"]:
        data["level1"] = form.take(f"{pointer}/level1", form.band)
    _carry_levels(form.indicators, "/indicators", data, pointer, form)
    form.note_place(pointer, found.get("name") or next(iter(new.values())))
    form.indicators.append(data)


def _cells(columns: Columns, fields: dict[str, range], grid: Grid, row: int) -> dict[str, Cell | None]:
    """The cells of a row by field. A level may be in a cell that begins further left, but in no other field's."""
    found = {name: pick(grid, row, at, name in LEVELS) for name, at in fields.items()}
    for name in LEVELS:
        cell = found.get(name)
        if cell is None or cell.column in fields[name]:
            continue
        others = (at for each in (columns.fields, columns.medium) for other, at in each.items() if other not in LEVELS)
        if any(cell.column in at for at in others):
            found[name] = None
    return found


def _others(columns: Columns, grid: Grid, row: int) -> list[Cell]:
    found = (pick(grid, row, at) for _, at in (*columns.others, *columns.ticked))
    return [cell for cell in found if cell is not None and cell.row == row and cell.text]


def _read_field(form: Form, pointer: str, name: str, owner: Cell | None, row: int, data: dict[str, Any]) -> bool:
    """Takes over one field of a row; True where its cell is one with that of the row above."""
    text = form.take(f"{pointer}/{name}", owner) if owner is not None else ""
    if name != "weight_share" and name not in _NUMBERS:
        data[name] = text
        return False
    if owner is None:
        return False
    if owner.row != row:
        # A number that is merged over rows stands once, in the first: repeated it would be added up.
        return True
    data[name] = values.rate(text) if name == "weight_share" else values.number(text, "分")
    return False


def _read_ticks(form: Form, pointer: str, columns: Columns, grid: Grid, row: int, data: dict[str, Any]) -> None:
    """Columns to tick: the ticked ones' names are the likelihood; any other text stays beside the row."""
    data.setdefault("likelihood", "")
    chosen: list[str] = []
    written: list[tuple[str, Cell | None]] = []
    for title, at in columns.ticked:
        cell = pick(grid, row, at)
        if cell is None or not cell.text:
            continue
        if labels.is_in("ticks", cell.text) or cell.text == title:
            chosen.append("".join(title.split()))
            form.take(f"{pointer}/likelihood", cell)
        elif labels.is_in("unticked", cell.text):
            form.used.add(cell)
        else:
            written.append((title, cell))
    if chosen:
        data["likelihood"] = "、".join(chosen)
    others = form.take_others(pointer, written, row)
    if others is not None:
        data["others"] = others


def _goes_on(form: Form, new: dict[str, Cell], after_break: bool) -> bool:
    """Whether a row is the rest of the row above: its explanation alone, or texts that a page break cut."""
    if set(new) == {"explanation"}:
        return True
    if not after_break or not new or not set(new) <= _CUT_TEXTS or {"name", "target"} <= set(new):
        return False
    above = form.indicators[-1]
    if "name" in new:
        # Where rows have no points, one with a name alone may be a row of its own; so may the lines of a template.
        text = new["name"].text
        pointless = above.get("weight") is None and above.get("score") is None
        if pointless or labels.is_in("template_dots", text) or labels.starts_numbered(text):
            return False
    return all(above.get(name) and not str(above[name]).endswith("。") for name in new)


def _join(form: Form, new: dict[str, Cell]) -> None:
    last, pointer = form.indicators[-1], f"/indicators/{len(form.indicators) - 1}"
    for name, cell in new.items():
        last[name] = join(last[name] or "", cell.text)
        form.used.add(cell)
        form.unsure.add(f"{pointer}/{name}")


def _carry_levels(rows: list[dict[str, Any]], at: str, data: dict[str, Any], pointer: str, form: Form) -> None:
    """A blank level is that of the row above: not every office merges cells, and pages break."""
    if not rows:
        return
    above, at = rows[-1], f"{at}/{len(rows) - 1}"
    for name in ("level1", "level2"):
        if data[name] != "":
            if data[name] != above[name]:
                return
            continue
        data[name] = above[name]
        if f"{at}/{name}" in form.places:
            form.places[f"{pointer}/{name}"] = form.places[f"{at}/{name}"]


def read_medium(form: Form, columns: Columns, grid: Grid, row: int, cells: list[Cell]) -> None:
    """Takes over a medium-term indicator: it stands beside the annual one, or in a table of its own."""
    found = _cells(columns, {name: at for name, at in columns.medium.items() if name in _MEDIUM_KEYS}, grid, row)
    rows = form.medium = form.medium if form.medium is not None else []
    for cell in cells:
        if cell.end <= columns.first and labels.is_section_label(cell.text):
            form.used.add(cell)
    shared = () if columns.only_medium else columns.fields
    new = [
        cell
        for name, cell in found.items()
        if cell is not None and cell.row == row and cell.text and (name != "level1" or name not in shared)
    ]
    if not new:
        return
    pointer = f"/medium_indicators/{len(rows)}"
    data: dict[str, Any] = dict.fromkeys(_MEDIUM_KEYS)
    for name, owner in found.items():
        _read_field(form, pointer, name, owner, row, data)
    _carry_levels(rows, "/medium_indicators", data, pointer, form)
    form.note_place(pointer, found.get("name") or new[0])
    form.first_place("/medium_indicators", new[0])
    rows.append(data)


def read_task(form: Form, columns: Columns, grid: Grid, row: int, cells: list[Cell]) -> None:
    """Takes over a task, or the total of the tasks: funds of the department, where the form has no others."""
    found = {name: pick(grid, row, at) for name, at in columns.fields.items()}
    for cell in cells:
        if cell.end <= columns.first and labels.is_section_label(cell.text):
            form.used.add(cell)
    name = found["name"]
    label = next((cell for cell in cells if labels.is_in("task_totals", cell.text)), None)
    if label is not None and (label is name or label.end <= columns.fields["name"].stop):
        if form.funds is None:
            _read_task_total(form, columns, label, found, row)
        return
    if not any(cell is not None and cell.row == row and cell.text for cell in found.values()):
        return
    tasks = form.tasks = form.tasks or []
    pointer = f"/tasks/{len(tasks)}"
    data: dict[str, Any] = {}
    for key in ("name", "content", "result", *_TASK_AMOUNTS, "rate"):
        if key not in found:
            continue
        data[key] = None
        owner = found[key]
        if owner is None:
            continue
        text = form.take(f"{pointer}/{key}", owner)
        if key == "rate":
            data[key] = values.rate(text) if owner.row == row else None
        elif key not in _TASK_AMOUNTS:
            data[key] = text
        elif owner.row == row:
            form.amount_cells.append((data, key, owner))
    others = form.take_others(pointer, [(title, pick(grid, row, at)) for title, at in columns.others], row)
    if others is not None:
        data["others"] = others
    form.note_place(pointer, name or cells[0])
    form.first_place("/tasks", name or cells[0])
    tasks.append(data)


def _read_task_total(form: Form, columns: Columns, label: Cell, found: dict[str, Cell | None], row: int) -> None:
    for source, part in (("total", ""), ("fiscal", "_fiscal"), ("other", "_other")):
        cells = {
            name: found[f"{column}{part}"]
            for name, column in (("annual", "budget"), ("executed", "executed"))
            if f"{column}{part}" in found
        }
        if not part and "rate" in found:
            cells["rate"] = found["rate"]
        if not any(cell is not None and cell.text for cell in cells.values()):
            continue
        names = [f"{column}{part}" for column in ("budget", "executed") if f"{column}{part}" in found]
        form.add_fund(source, label, cells, row, [], columns.headings[names[0]] if part else None)


def read_payment(form: Form, columns: Columns, grid: Grid, row: int, cells: list[Cell]) -> None:
    """Takes over a payment, or the total of the payments."""
    payments = form.payments = form.payments or {"rows": [], "total": None}
    found = {name: pick(grid, row, at) for name, at in columns.fields.items()}
    for cell in cells:
        if cell.end <= columns.first and labels.is_section_label(cell.text):
            form.used.add(cell)
    amount = found.get("amount")
    label = next((cell for cell in cells if labels.is_in("totals", cell.text)), None)
    if label is not None and payments["total"] is None and label.column < columns.fields["amount"].start:
        form.used.add(label)
        if amount is not None:
            form.take("/payments/total", amount)
            form.amount_cells.append((payments, "total", amount))
        return
    if not any(cell is not None and cell.row == row and cell.text for cell in found.values()):
        return
    pointer = f"/payments/rows/{len(payments['rows'])}"
    data: dict[str, Any] = {"label": None, "payee": None, "amount": None}
    for name in ("label", "payee"):
        owner = found.get(name)
        if owner is not None:
            data[name] = form.take(f"{pointer}/{name}", owner)
    if amount is not None and amount.row == row:
        form.take(f"{pointer}/amount", amount)
        form.amount_cells.append((data, "amount", amount))
    form.note_place(pointer, found.get("label") or cells[0])
    form.first_place("/payments/rows", cells[0])
    payments["rows"].append(data)


def read_management(form: Form, columns: Columns, grid: Grid, row: int, cells: list[Cell]) -> None:
    """Takes over a row on managing the funds."""
    before = [cell for cell in cells if cell.end <= columns.fields["aspect"].stop]
    for cell in before[:-1]:
        if labels.is_section_label(cell.text):
            form.used.add(cell)
    aspect = before[-1] if before and before[-1].row == row else None
    found = {name: pick(grid, row, columns.fields[name]) for name in ("description", "problems")}
    if aspect is None:
        return
    rows = form.management = form.management or []
    pointer = f"/management/{len(rows)}"
    data: dict[str, Any] = {"aspect": form.take(f"{pointer}/aspect", aspect)}
    for name, owner in found.items():
        data[name] = form.take(f"{pointer}/{name}", owner) if owner is not None else ""
    form.note_place(pointer, aspect)
    form.first_place("/management", aspect)
    rows.append(data)
