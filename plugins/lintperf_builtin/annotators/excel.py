"""Findings as comments and light fills in a workbook, with a sheet that lists them; all else stays as it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Decimal

from lintperf.extension import Annotated, Source
from lintperf.model import Fix, Place, Scalar, SheetPlace
from lintperf.results import FileResult, View
from lintperf_builtin.annotators.excel_comments import Comments
from lintperf_builtin.annotators.excel_legend import add_legend
from lintperf_builtin.annotators.excel_sheet import SheetCells, position
from lintperf_builtin.annotators.excel_styles import CORRECTED, FILLS, Styles
from lintperf_builtin.annotators.markup import DEEP, Edits, Node, scan
from lintperf_builtin.annotators.notes import Corrected, Note, as_number, fixes_by_place, notes, rewritten, written
from lintperf_builtin.annotators.package import Package, root_of

__all__ = ["annotate_excel"]


def annotate_excel(source: Source, result: FileResult, view: View, fixes: Sequence[Fix]) -> Annotated:
    """A copy of a workbook with a comment and a fill on each cell that has findings, and with `fixes` carried out.

    A finding without a place stands in A1 of the first sheet. Formulas are not replaced by values. Raises
    UnreadableError.
    """
    package = Package(source.content, "excel")
    book = package.main if package.has(package.main) else "xl/workbook.xml"
    sheets = _sheets(package, book)
    wanted = fixes_by_place(fixes)
    fallback = SheetPlace(next(iter(sheets), ""), "A1")
    places = {finding.place for document in result.documents for finding in document.findings}
    cells: dict[str, set[str]] = defaultdict(set)
    for place in {_known(place, sheets, fallback) for place in places} | set(wanted):
        if isinstance(place, SheetPlace) and place.sheet in sheets:
            cells[place.sheet].add(place.cell)
    opened = {name: SheetCells(package.read(sheets[name]), wanted_cells) for name, wanted_cells in cells.items()}
    corrected = _correct(package, book, opened, wanted)
    listed = notes(result, view, corrected)
    by_place: dict[SheetPlace, list[Note]] = defaultdict(list)
    for note in listed:
        by_place[_known(note.place, sheets, fallback)].append(note)
    styles = Styles(package, book)
    for name, sheet in opened.items():
        comments = Comments(package, sheets[name], sheet)
        for cell in sorted(cells[name], key=position):
            place = SheetPlace(name, cell)
            group = by_place.get(place, [])
            fill = CORRECTED if place in corrected else FILLS[max(note.severity for note in group)] if group else None
            if fill is not None:
                style = styles.filled(sheet.style(cell), fill)
                if style is not None:
                    sheet.set_style(cell, style)
            if group:
                comments.add(cell, group)
        drawing = comments.save()
        if drawing is not None:
            sheet.set_drawing(drawing)
        package.write(sheets[name], sheet.done())
    if listed:
        add_legend(package, book, listed, styles, view.lang, bool(corrected))
    styles.save()
    if corrected:
        _compute_anew(package, book)
    carried_out = [fix for place, fix in wanted.items() if place in corrected]
    return Annotated(package.save(), len(listed), len(by_place), carried_out)


def _sheets(package: Package, book: str) -> dict[str, str]:
    """The parts of the workbook's sheets, by the names that places use."""
    targets = {relation.id: relation.target for relation in package.relations(book) if relation.kind == "worksheet"}
    found: dict[str, str] = {}
    for node in root_of(package.read(book)).all("sheet"):
        part = targets.get(node.attribute("id") or "", "")
        # of two sheets with one name the first is meant
        if part and package.has(part):
            found.setdefault(node.attributes.get("name", ""), part)
    return found


def _known(place: Place | None, sheets: Mapping[str, str], fallback: SheetPlace) -> SheetPlace:
    return place if isinstance(place, SheetPlace) and place.sheet in sheets else fallback


def _correct(
    package: Package, book: str, sheets: Mapping[str, SheetCells], wanted: Mapping[Place, Fix]
) -> dict[Place, Corrected]:
    """Writes the new values; one that does not stand in its cell as it was found, or is computed there, stays."""
    cells = [
        (place, fix, sheets[place.sheet].cell(place.cell))
        for place, fix in wanted.items()
        if isinstance(place, SheetPlace) and place.sheet in sheets
    ]
    shared = _shared_texts(package, book, {_value(cell) for _, _, cell in cells if cell and _kind(cell) == "s"})
    corrected: dict[Place, Corrected] = {}
    for place, fix, cell in cells:
        if not isinstance(place, SheetPlace) or (cell is not None and cell.child("f") is not None):
            continue
        sheet = sheets[place.sheet]
        if cell is not None and _kind(cell) == "n" and _value(cell):
            number = _new_number(_value(cell), fix.found, fix.value)
            if number is not None:
                sheet.set_number(place.cell, number)
                corrected[place] = Corrected(written(fix.found), written(fix.value))
            continue
        before = _text(cell, shared) if cell is not None else ""
        if before is None:
            continue
        after = rewritten(before, fix.found, fix.value)
        if after is None:
            continue
        if not before and isinstance(fix.value, Decimal):
            sheet.set_number(place.cell, format(fix.value, "f"))
        else:
            sheet.set_text(place.cell, after)
        corrected[place] = Corrected(before.strip(), after.strip())
    return corrected


def _kind(cell: Node) -> str:
    return cell.attributes.get("t", "n")


def _value(cell: Node) -> str:
    value = cell.child("v")
    return value.text.strip() if value is not None else ""


def _texts(node: Node) -> str:
    """A text with its runs, without the reading aid above characters."""
    return "".join(
        child.text if child.local == "t" else _texts(child) for child in node.children if child.local in ("t", "r")
    )


def _text(cell: Node, shared: Mapping[str, str]) -> str | None:
    """The text of a cell that holds one or nothing; None for any other."""
    kind, value = _kind(cell), _value(cell)
    if kind == "s":
        return shared.get(value)
    if kind == "inlineStr":
        text = cell.child("is")
        return _texts(text) if text is not None else ""
    return value if kind == "str" or not value else None


def _shared_texts(package: Package, book: str, indices: set[str]) -> dict[str, str]:
    """The shared texts with these numbers."""
    part = next((relation.target for relation in package.relations(book) if relation.kind == "sharedStrings"), None)
    if not indices or part is None or not package.has(part):
        return {}
    seen = -1
    numbers: list[str] = []

    def watch(name: str, _attributes: dict[str, str], _offset: int, depth: int) -> int:
        nonlocal seen
        if depth != 1 or name.rpartition(" ")[2] != "si":
            return 0
        seen += 1
        if str(seen) not in indices:
            return 0
        numbers.append(str(seen))
        return DEEP

    return dict(zip(numbers, map(_texts, scan(package.read(part), watch)), strict=True))


def _new_number(raw: str, found: Scalar, value: Scalar) -> str | None:
    """What to write for `value` into a cell that holds the number `raw` and was read as `found`.

    None where the two are not the same number at the precision read: then the cell shows it in another scale.
    """
    old, new, held = _number(found), _number(value), as_number(raw)
    try:
        held = Decimal(raw) if held is None else held
        if old is None or new is None or held.quantize(old, ROUND_HALF_UP) != old:
            return None
    except ArithmeticError:
        return None
    return format(new, "f")


def _number(value: Scalar) -> Decimal | None:
    if isinstance(value, Decimal):
        return value
    return as_number(value) if isinstance(value, str) else None


def _compute_anew(package: Package, book: str) -> None:
    """Asks for formulas to be computed when the workbook is opened: a value that they use may have changed."""
    xml = package.read(book)
    root = root_of(xml)
    edits = Edits(xml)
    settings = root.child("calcPr")
    if settings is not None:
        edits.attribute(settings, "fullCalcOnLoad", "1")
    else:
        before = [node for node in root.children if node.local in _BEFORE_CALCULATION]
        text = f'<{edits.prefix(root)}calcPr fullCalcOnLoad="1"/>'
        edits.insert(before[-1].end, text) if before else edits.append(root, text)
    package.write(book, edits.done())


_BEFORE_CALCULATION = {
    "fileVersion", "fileSharing", "workbookPr", "workbookProtection", "bookViews", "sheets", "functionGroups",
    "externalReferences", "definedNames",
}  # fmt: skip
