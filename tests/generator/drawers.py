"""Drawings in file formats: Word, Excel (new and old), OpenDocument, web page, comma-separated, Markdown, text, PDF.

Files are written as offices and their systems write them, not through lintperf: merged cells, blank continuation cells,
numbers as numbers with a format or as text, pages in GBK, tables inside tables.
"""

from __future__ import annotations

import csv
import html
import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Sequence
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from generator.sheet import Cell, Sheet, Table, places

if TYPE_CHECKING:
    from generator.choosing import Chooser

__all__ = ["DRAWERS", "convert", "have_soffice"]

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_TYPES = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
_PAGE_WIDTH = 15400
_ODF = ("office", "table", "text")
_ODS_TYPE = "application/vnd.oasis.opendocument.spreadsheet"


def _column_widths(table: Table) -> list[int]:
    """Widths in twentieths of a point that share a landscape page, wider where texts are longer."""
    rows, width = places(table)
    need = [3.0] * width
    for row in rows:
        for column, cell in row:
            longest = max((len(part) for part in cell.text.split("\n")), default=0)
            share = min(longest, 60) / cell.columns
            for one in range(column, column + cell.columns):
                need[one] = max(need[one], min(share, 14.0))
    return [int(_PAGE_WIDTH * part / sum(need)) for part in need]


def _docx(sheets: Sequence[Sheet], choose: Chooser) -> bytes:
    breaks = choose.chance(30)
    split_runs = choose.chance(30)
    fonts = '<w:rPr><w:rFonts w:eastAsia="宋体"/><w:sz w:val="18"/></w:rPr>'

    def run(text: str) -> str:
        pieces = [text[:2], text[2:]] if split_runs and len(text) > 3 else [text]
        return "".join(
            f'<w:r>{fonts}<w:t xml:space="preserve">{html.escape(piece, quote=False)}</w:t></w:r>' for piece in pieces
        )

    def paragraphs(text: str) -> str:
        lines = text.split("\n")
        if breaks:
            joined = f"<w:r>{fonts}<w:br/></w:r>".join(run(part) for part in lines)
            return f"<w:p>{joined}</w:p>"
        return "".join(f"<w:p>{run(part) if part else ''}</w:p>" for part in lines)

    def table(block: Table) -> str:
        grid = _column_widths(block)
        below: dict[tuple[int, int], Cell] = {}
        parts = []
        for number, row in enumerate(places(block)[0]):
            cells = {column: (cell, True) for column, cell in row}
            for (at, column), cell in below.items():
                if at == number:
                    cells[column] = (cell, False)
            for column, cell in row:
                below.update({(number + down, column): cell for down in range(1, cell.rows)})
            drawn = []
            for column, (cell, first) in sorted(cells.items()):
                size = sum(grid[column : column + cell.columns])
                properties = f'<w:tcW w:w="{size}" w:type="dxa"/>'
                if cell.columns > 1:
                    properties += f'<w:gridSpan w:val="{cell.columns}"/>'
                if cell.rows > 1:
                    properties += '<w:vMerge w:val="restart"/>' if first else "<w:vMerge/>"
                text = paragraphs(cell.text) if first else "<w:p/>"
                drawn.append(f"<w:tc><w:tcPr>{properties}</w:tcPr>{text}</w:tc>")
            parts.append(f"<w:tr>{''.join(drawn)}</w:tr>")
        lines = "".join(
            f'<w:{side} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
            for side in ("top", "left", "bottom", "right", "insideH", "insideV")
        )
        columns = "".join(f'<w:gridCol w:w="{size}"/>' for size in grid)
        return (
            f'<w:tbl><w:tblPr><w:tblW w:w="{sum(grid)}" w:type="dxa"/><w:tblBorders>{lines}</w:tblBorders>'
            f'<w:tblLayout w:type="fixed"/></w:tblPr><w:tblGrid>{columns}</w:tblGrid>{"".join(parts)}</w:tbl><w:p/>'
        )

    body = []
    for number, sheet in enumerate(sheets):
        if number and choose.chance(50):
            body.append('<w:p><w:r><w:br w:type="page"/></w:r></w:p>')
        body += [paragraphs(block) if isinstance(block, str) else table(block) for block in sheet.blocks]
    page = '<w:sectPr><w:pgSz w:w="16838" w:h="11906" w:orient="landscape"/><w:pgMar w:top="720" w:right="720" w:bottom="720" w:left="720" w:header="400" w:footer="400" w:gutter="0"/></w:sectPr>'  # noqa: E501
    xml = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
        f'<w:document xmlns:w="{_W}"><w:body>{"".join(body)}{page}</w:body></w:document>'
    )
    return _zip((("[Content_Types].xml", _TYPES), ("_rels/.rels", _RELATIONS), ("word/document.xml", xml)))


def _zip(parts: Sequence[tuple[str, str]]) -> bytes:
    """A zip of these parts with a fixed date, so that the same drawing has the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(zipfile.ZipInfo(name), content, method)
    return buffer.getvalue()


def _python_docx(sheets: Sequence[Sheet], choose: Chooser) -> bytes:
    """The same by python-docx: with styles, themes and all the parts of a file that Word itself starts from."""
    import docx

    document = docx.Document()
    for number, sheet in enumerate(sheets):
        if number:
            document.add_page_break()
        for block in sheet.blocks:
            if isinstance(block, str):
                document.add_paragraph(block)
                continue
            rows, width = places(block)
            drawn = document.add_table(len(rows), width, style="Table Grid")
            for at, row in enumerate(rows):
                for column, cell in row:
                    one = drawn.cell(at, column)
                    if cell.rows > 1 or cell.columns > 1:
                        one = one.merge(drawn.cell(at + cell.rows - 1, column + cell.columns - 1))
                    one.text = cell.text
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def _typed(text: str) -> tuple[Any, str] | None:
    """A number cell and its format that show exactly `text`; None where text is the only way."""
    if re.fullmatch(r"-?(0|[1-9][0-9]{0,11})(\.[0-9]{1,6})?", text):
        value = Decimal(text)
        decimals = len(text.partition(".")[2])
        return (value, f"0.{'0' * decimals}" if decimals else "General")
    if re.fullmatch(r"[1-9][0-9]{0,2}(,[0-9]{3})+(\.[0-9]{1,6})?", text):
        decimals = len(text.partition(".")[2])
        return (Decimal(text.replace(",", "")), "#,##0" + (f".{'0' * decimals}" if decimals else ""))
    if re.fullmatch(r"(0|[1-9][0-9]{0,3})(\.[0-9]{1,4})?%", text):
        decimals = len(text[:-1].partition(".")[2])
        return (Decimal(text[:-1]).scaleb(-2), "0" + (f".{'0' * decimals}" if decimals else "") + "%")
    return None


def _plain(value: Decimal) -> Decimal:
    """The number as a workbook stores it: without the zeros that only the format shows."""
    return Decimal(format(value.normalize(), "f"))


def _sheet_tables(sheet: Sheet, top: int = 0) -> list[tuple[int, Cell, int]]:
    """Row, cell and column of everything on a worksheet from row `top`: paragraphs become merged rows."""
    width = max((places(block)[1] for block in sheet.blocks if not isinstance(block, str)), default=1)
    found = []
    for block in sheet.blocks:
        table = [[Cell(block, 1, width)]] if isinstance(block, str) else block
        for number, row in enumerate(places(table)[0]):
            found += [(top + number, cell, column) for column, cell in row]
        top += len(table)
    return found


def _xlsx(sheets: Sequence[Sheet], choose: Chooser) -> bytes:
    import openpyxl
    from openpyxl.styles import Alignment

    book = openpyxl.Workbook()
    book.remove(book.active)
    typed = choose.pick((0, 50, 100))
    left, gap = choose.pick((0, 0, 1)), choose.pick((0, 0, 2))
    stacked = choose.chance(30)
    page, top = book.create_sheet("1"), gap
    for number, sheet in enumerate(sheets, 1):
        if number > 1 and not stacked:
            page, top = book.create_sheet(f"{number}"), gap
        cells = [(row, cell, column + left) for row, cell, column in _sheet_tables(sheet, top)]
        top = max(row for row, _, _ in cells) + 1 + gap
        for row, cell, column in cells:
            target = page.cell(row + 1, column + 1)
            number_format = _typed(cell.text) if choose.chance(typed) else None
            if number_format is not None:
                target.value = _plain(number_format[0])
                target.number_format = number_format[1]
            elif cell.text:
                target.value = cell.text
                target.data_type = "s"
                target.alignment = Alignment(wrap_text=True)
            if cell.rows > 1 or cell.columns > 1:
                page.merge_cells(None, row + 1, column + 1, row + cell.rows, column + cell.columns)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _xls(sheets: Sequence[Sheet], choose: Chooser) -> bytes:
    import xlwt

    book = xlwt.Workbook(encoding="utf-8")
    typed = choose.pick((0, 50, 100))
    styles: dict[str, Any] = {}
    for number, sheet in enumerate(sheets, 1):
        page = book.add_sheet(f"{number}")
        for row, cell, column in _sheet_tables(sheet):
            found = _typed(cell.text) if choose.chance(typed) else None
            value, shape = (_plain(found[0]), found[1]) if found else (cell.text, "General")
            style = styles.setdefault(shape, xlwt.easyxf(num_format_str=shape))
            if cell.rows > 1 or cell.columns > 1:
                page.write_merge(row, row + cell.rows - 1, column, column + cell.columns - 1, value, style)
            else:
                page.write(row, column, value, style)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _ods(sheets: Sequence[Sheet], choose: Chooser) -> bytes:
    typed = choose.pick((0, 50, 100))
    tables = []
    for number, sheet in enumerate(sheets, 1):
        cells = {(row, column): cell for row, cell, column in _sheet_tables(sheet)}
        height = 1 + max(row for row, _ in cells)
        width = max(column + cell.columns for (_, column), cell in cells.items())
        rows = []
        for row in range(height):
            drawn = [_ods_cell(cells.get((row, column)), choose.chance(typed)) for column in range(width)]
            rows.append(f"<table:table-row>{''.join(drawn)}</table:table-row>")
        tables.append(f'<table:table table:name="{number}">{"".join(rows)}</table:table>')
    namespaces = " ".join(f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in _ODF)
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {namespaces} office:version="1.2">'
        f"<office:body><office:spreadsheet>{''.join(tables)}</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = (
        '<?xml version="1.0" encoding="UTF-8"?>'
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0" manifest:version="1.2">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{_ODS_TYPE}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/></manifest:manifest>'
    )
    return _zip((("mimetype", _ODS_TYPE), ("META-INF/manifest.xml", manifest), ("content.xml", content)))


def _ods_cell(cell: Cell | None, typed: bool) -> str:
    if cell is None:
        return "<table:covered-table-cell/>"
    options = ""
    if cell.columns > 1 or cell.rows > 1:
        options = f' table:number-columns-spanned="{cell.columns}" table:number-rows-spanned="{cell.rows}"'
    found = _typed(cell.text) if typed else None
    if found:
        kind = "percentage" if found[1].endswith("%") else "float"
        options += f' office:value-type="{kind}" office:value="{_plain(found[0])}"'
    elif cell.text:
        options += ' office:value-type="string"'
    text = "".join(f"<text:p>{_ods_text(part)}</text:p>" for part in cell.text.split("\n")) if cell.text else ""
    return f"<table:table-cell{options}>{text}</table:table-cell>"


def _ods_text(text: str) -> str:
    """Text with further spaces as the format wants them."""
    return re.sub("  +", lambda run: f' <text:s text:c="{len(run[0]) - 1}"/>', html.escape(text, quote=False))


def _html(sheets: Sequence[Sheet], choose: Chooser) -> bytes:
    charset = choose.pick(("utf-8", "gb18030", "gbk"))
    nested = choose.chance(30)
    style = choose.pick(("p", "span", "plain", "br"))

    def cell_html(cell: Cell, tag: str) -> str:
        spans = (f' rowspan="{cell.rows}"' if cell.rows > 1 else "") + (
            f" colspan={cell.columns}" if cell.columns > 1 else ""
        )
        lines = [html.escape(part, quote=False).replace("  ", "&nbsp; ") for part in cell.text.split("\n")]
        if not cell.text:
            inner = "&nbsp;" if style != "plain" else ""
        elif style == "p":
            inner = "".join(f'<p style="text-align:center"><span lang="EN-US">{part}</span></p>' for part in lines)
        elif style == "span":
            inner = "<br/>".join(f'<span style="font-family:宋体">{part}</span>' for part in lines)
        else:
            inner = "<BR>\r\n".join(lines)
        return f"<{tag}{spans}>{inner}</{tag}>"

    def table(block: Table) -> str:
        rows = []
        for number, row in enumerate(block):
            tag = "th" if number == 0 and style == "plain" else "td"
            rows.append("<tr>\r\n" + "\r\n".join(cell_html(cell, tag) for cell in row) + "\r\n</tr>")
        return f'<table border="1" cellspacing="0"><tbody>{"".join(rows)}</tbody></table>'

    parts = []
    for sheet in sheets:
        for block in sheet.blocks:
            text = html.escape(block, quote=False).replace("  ", "&nbsp; ") if isinstance(block, str) else table(block)
            parts.append(f'<p align="center">{text}</p>' if isinstance(block, str) else text)
    content = "\n".join(parts)
    if nested:
        content = (
            '<table width="1000" align="center"><tr><td class="left"><a href="/">首页</a></td>'
            f'<td><div class="content">{content}</div></td></tr></table>'
        )
    page = (
        f'<!DOCTYPE html><html><head><meta http-equiv="Content-Type" content="text/html; charset={charset}">'
        f"<title>信息公开</title></head><body>{content}</body></html>"
    )
    return page.encode(charset, "xmlcharrefreplace")


def _spread(table: Table) -> list[list[str]]:
    """The texts of a table with blanks where a merged cell runs on, as programs without merged cells leave it."""
    rows, width = places(table)
    lines = [[""] * width for _ in rows]
    for number, row in enumerate(rows):
        for column, cell in row:
            lines[number][column] = cell.text
    return lines


def _csv(sheets: Sequence[Sheet], choose: Chooser) -> bytes:
    buffer = io.StringIO()
    writer = csv.writer(buffer, delimiter=choose.pick((",", ",", ";", "\t")), lineterminator="\r\n")
    for sheet in sheets:
        width = max(places(block)[1] for block in sheet.blocks if not isinstance(block, str))
        for block in sheet.blocks:
            writer.writerows([[block] + [""] * (width - 1)] if isinstance(block, str) else _spread(block))
    return buffer.getvalue().encode(choose.pick(("utf-8-sig", "gb18030", "utf-8")))


def _md(sheets: Sequence[Sheet], choose: Chooser) -> bytes:
    lines = []
    for sheet in sheets:
        for number, block in enumerate(sheet.blocks):
            if isinstance(block, str):
                lines += [f"# {block}" if number == 0 and choose.chance(50) else block, ""]
                continue
            rows = _spread(block)
            for at, row in enumerate(rows):
                cells = [text.replace("|", "\\|").replace("\n", "<br>") for text in row]
                lines.append(f"| {' | '.join(cells)} |")
                if at == 0:
                    lines.append("|" + " --- |" * len(row))
            lines.append("")
    return "\n".join(lines).encode()


def _txt(sheets: Sequence[Sheet], choose: Chooser) -> bytes:
    """As programs extract the text of a printed table: fields by tabs, line breaks in a cell as spaces.

    Merged cells leave blank fields, but those two columns wide may leave none, in all rows of a stretch alike. After a
    blank line, the end of a page, a long cell runs on in a row of its own.
    """
    squeeze = choose.chance(40)
    trailing = choose.chance(50)
    pages = choose.chance(40)
    lines = []
    for sheet in sheets:
        squeezed: dict[int, bool] = {}
        ends: list[str] = []
        for block in sheet.blocks:
            if isinstance(block, str):
                lines.append(block.replace("\n", " "))
                continue
            rows, width = places(block)
            for row in rows:
                fields: list[str | None] = [""] * width
                cut = None
                for column, cell in row:
                    text = cell.text.replace("\n", " ")
                    if pages and len(ends) < 2 and cell.rows == 1 and len(text) > 18 and choose.chance(10):
                        ends.append(text)
                        cut = (column, text[len(text) * 2 // 3 :])
                        text = text[: len(text) * 2 // 3]
                    fields[column] = text
                    if squeeze and cell.columns == 2 and len(row) > 4 and not cut:
                        if column not in squeezed:
                            squeezed[column] = choose.chance(40)
                        if squeezed[column]:
                            fields[column + 1] = None
                lines.append(_tabbed([text for text in fields if text is not None], trailing))
                if cut is not None:
                    lines += ["", _tabbed([""] * cut[0] + [cut[1]] + [""] * (width - cut[0] - 1), trailing)]
            lines.append("")
    return "\n".join(lines).encode()


def _tabbed(fields: list[str], trailing: bool) -> str:
    while not trailing and len(fields) > 1 and not fields[-1]:
        fields.pop()
    return "\t".join(fields)


Drawer = Callable[[Sequence[Sheet], "Chooser"], bytes]
# format → drawer. PDF is made from the Word drawing by `convert`.
DRAWERS: dict[str, Drawer] = {
    "docx": _docx,
    "python-docx": _python_docx,
    "xlsx": _xlsx,
    "xls": _xls,
    "ods": _ods,
    "html": _html,
    "csv": _csv,
    "md": _md,
    "txt": _txt,
}


def have_soffice() -> bool:
    """Whether LibreOffice is installed."""
    return shutil.which("soffice") is not None


def convert(files: Sequence[Path], target: str, folder: Path, profile: Path) -> None:
    """Converts files to `target` (pdf, ods, xls, doc …) by LibreOffice, all in one start of it.

    Raises CalledProcessError where LibreOffice fails and FileNotFoundError where a result is missing.
    """
    command = ["soffice", "--headless", f"-env:UserInstallation={profile.as_uri()}", "--convert-to", target]
    subprocess.run([*command, "--outdir", str(folder), *map(str, files)], check=True, capture_output=True, timeout=1800)
    for file in files:
        result = folder / f"{file.stem}.{target}"
        if not result.exists():
            raise FileNotFoundError(result)
