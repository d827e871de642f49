"""The sheet `lintperf` of an annotated workbook: what the fills mean, and all findings with their places."""

from __future__ import annotations

from collections.abc import Sequence

from lintperf.model import Lang, Severity, SheetPlace, Text
from lintperf_builtin.annotators.excel_styles import CORRECTED, FILLS, HEAD, Styles
from lintperf_builtin.annotators.markup import Edits, Node, escape
from lintperf_builtin.annotators.notes import SEVERITIES, Note
from lintperf_builtin.annotators.package import XML_HEAD, Package, root_of
from lintperf_builtin.importers.spreadsheet import LEGEND
from lintperf_builtin.reporters.layout import display_width

__all__ = ["add_legend"]

_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
_RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_TITLE = "lintperf"
# in characters: severity, rule, place, finding, basis, remedy
_WIDTHS = (10, 10, 52, 64, 30, 48)
_HEADS = (
    Text("级别", "Severity"), Text("规则", "Rule"), Text("位置", "Place"), Text("问题", "Finding"),
    Text("依据", "Basis"), Text("建议", "Remedy"),
)  # fmt: skip
_ABOUT = Text(
    "本表由 lintperf 添加，列出批注的全部问题；底色只表示级别，单元格的值和格式没有改变。",
    "Added by lintperf: all findings of the comments. Fills show the severity; values and formats are as they were.",
)
_ABOUT_CORRECTED = Text(
    "本表由 lintperf 添加，列出批注的全部问题；底色只表示级别，除已改正的单元格外，值和格式没有改变。",
    "Added by lintperf: all findings of the comments. Fills show the severity; but for corrected cells, "
    "values and formats are as they were.",
)
_CORRECTED = Text("已改正的值，原值见批注", "A corrected value; the comment names the old one")
# The height of a line, in points.
_LINE = 15
# Excel takes no longer text in a cell.
_LONGEST = 32_000


def add_legend(package: Package, book: str, notes: Sequence[Note], styles: Styles, lang: Lang, corrected: bool) -> None:
    """Append the sheet to the workbook; its first cell says what it is, so that it is not read as a form."""
    part = package.free_name("xl/worksheets/lintperf{}.xml")
    package.write(part, (XML_HEAD + _sheet(package.spreadsheet, notes, styles, lang, corrected)).encode())
    package.declare(part, _SHEET)
    relation = package.relate(book, "worksheet", part)
    xml = package.read(book)
    root = root_of(xml)
    sheets = root.child("sheets")
    if sheets is None:
        return
    taken = {node.attributes.get("name", "").lower() for node in sheets.children}
    title = next(name for number in range(1, len(taken) + 2)
                 if (name := _TITLE if number == 1 else f"{_TITLE} ({number})") not in taken)  # fmt: skip
    highest = max((_number(node) for node in sheets.children), default=0)
    edits = Edits(xml)
    namespace = _STRICT if "purl.oclc.org" in root.namespace else _RELATIONS
    link = f'xmlns:r="{namespace}" r:id="{relation}"'
    edits.append(sheets, f'<{edits.prefix(sheets)}sheet name="{title}" sheetId="{highest + 1}" {link}/>')
    package.write(book, edits.done())


def _number(sheet: Node) -> int:
    text = sheet.attributes.get("sheetId", "")
    return int(text) if text.isdecimal() else 0


def _sheet(namespace: str, notes: Sequence[Note], styles: Styles, lang: Lang, corrected: bool) -> str:
    rows: list[list[tuple[str, str | None]]] = [
        [(LEGEND, None)],
        [((_ABOUT_CORRECTED if corrected else _ABOUT).to(lang), None)],
    ]
    for severity in (Severity.error, Severity.warning, Severity.note):
        count = sum(note.severity is severity for note in notes)
        rows.append([(SEVERITIES[severity].to(lang), FILLS[severity]), (str(count), None)])
    if corrected:
        rows.append([("", CORRECTED), (_CORRECTED.to(lang), None)])
    rows.append([])
    rows.append([(head.to(lang), HEAD) for head in _HEADS])
    links = []
    for note in notes:
        rows.append([
            (SEVERITIES[note.severity].to(lang), FILLS[note.severity]),
            (note.code, ""), (note.where, ""), (note.message, ""), (note.basis, ""), (note.remedy, ""),
        ])  # fmt: skip
        if isinstance(note.place, SheetPlace):
            target = "'" + note.place.sheet.replace("'", "''") + f"'!{note.place.cell}"
            links.append(f'<hyperlink ref="C{len(rows)}" location="{escape(target)}" display="{escape(note.where)}"/>')
    columns = "".join(
        f'<col min="{number}" max="{number}" width="{width}" customWidth="1"/>'
        for number, width in enumerate(_WIDTHS, start=1)
    )
    data = "".join(_row(number, cells, styles) for number, cells in enumerate(rows, start=1))
    linked = f"<hyperlinks>{''.join(links)}</hyperlinks>" if links else ""
    return f'<worksheet xmlns="{namespace}"><cols>{columns}</cols><sheetData>{data}</sheetData>{linked}</worksheet>'


def _row(number: int, cells: Sequence[tuple[str, str | None]], styles: Styles) -> str:
    """A row of texts. The second of each pair: a fill, "" for none but lines that wrap, None for plain text."""
    parts = []
    for column, (text, fill) in enumerate(cells):
        style = styles.filled(0, fill, wraps=True) if fill is not None else None
        shown = f' s="{style}"' if style is not None else ""
        parts.append(
            f'<c r="{chr(ord("A") + column)}{number}"{shown} t="inlineStr"><is><t xml:space="preserve">'
            f"{escape(text[:_LONGEST])}</t></is></c>"
        )
    wrapped = [(text, width) for (text, fill), width in zip(cells, _WIDTHS, strict=False) if fill is not None]
    lines = max((-(-display_width(text) // (width - 1)) for text, width in wrapped), default=1)
    return f'<row r="{number}" ht="{max(lines, 1) * _LINE}" customHeight="1">{"".join(parts)}</row>'
