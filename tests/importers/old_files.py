"""The blocks of `office_files` written as .xls, .ods, XML Spreadsheet 2003 and web archive."""

from __future__ import annotations

import html
import io

import xlwt
from office_files import Block, Row, page, spread, zip_file

ODS = (
    'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
    'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
    'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0" '
    'xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0"'
)
XML_SHEET = "urn:schemas-microsoft-com:office:spreadsheet"


def _rows(blocks: list[Block]) -> list[Row]:
    """All blocks one below the other; a paragraph is a row of one cell."""
    return [row for block in blocks for row in ([[block]] if isinstance(block, str) else block)]


def xls(*sheets: list[Block]) -> bytes:
    book = xlwt.Workbook(encoding="utf-8")
    for index, blocks in enumerate(sheets):
        sheet = book.add_sheet(f"表{index + 1}", cell_overwrite_ok=True)
        for row, places in enumerate(spread(_rows(blocks)) if blocks else []):
            for column, (one, first_row, first_column) in enumerate(places):
                if not (first_row and first_column):
                    continue
                if one.rows > 1 or one.columns > 1:
                    sheet.write_merge(row, row + one.rows - 1, column, column + one.columns - 1, one.text)
                else:
                    sheet.write(row, column, one.text)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def ods_xml(*sheets: list[Block]) -> str:
    tables = []
    for index, blocks in enumerate(sheets):
        rows = []
        for places in spread(_rows(blocks)) if blocks else []:
            cells = []
            for one, first_row, first_column in places:
                if not (first_row and first_column):
                    cells.append("<table:covered-table-cell/>")
                    continue
                lines = "".join(f"<text:p>{html.escape(line)}</text:p>" for line in one.text.split("\n") if line)
                cells.append(
                    f'<table:table-cell table:number-columns-spanned="{one.columns}" '
                    f'table:number-rows-spanned="{one.rows}">{lines}</table:table-cell>'
                )
            rows.append(f"<table:table-row>{''.join(cells)}</table:table-row>")
        tables.append(f'<table:table table:name="表{index + 1}">{"".join(rows)}</table:table>')
    return (
        f"<office:document-content {ODS}><office:body><office:spreadsheet>"
        f"{''.join(tables)}</office:spreadsheet></office:body></office:document-content>"
    )


def ods_file(xml: str | bytes, **more: str) -> bytes:
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return zip_file({"mimetype": kind, "content.xml": xml, **more})


def ods(*sheets: list[Block]) -> bytes:
    return ods_file(ods_xml(*sheets))


def xml_sheet(blocks: list[Block]) -> str:
    rows = []
    for number, places in enumerate(spread(_rows(blocks)), 1):
        cells = [
            f'<Cell ss:Index="{column}" ss:MergeAcross="{one.columns - 1}" ss:MergeDown="{one.rows - 1}">'
            f'<Data ss:Type="String">{html.escape(one.text)}</Data></Cell>'
            for column, (one, first_row, first_column) in enumerate(places, 1)
            if first_row and first_column
        ]
        rows.append(f'<Row ss:Index="{number}">{"".join(cells)}</Row>')
    return (
        '<?xml version="1.0"?><?mso-application progid="Excel.Sheet"?>'
        f'<Workbook xmlns="{XML_SHEET}" xmlns:ss="{XML_SHEET}" xmlns:x="urn:schemas-microsoft-com:office:excel">'
        f'<Worksheet ss:Name="表1"><Table>{"".join(rows)}</Table></Worksheet></Workbook>'
    )


def web_archive(content: bytes, charset: str = "utf-8") -> bytes:
    """A page in a web archive, encoded as Word does, beside a picture."""
    import quopri

    return (
        b"MIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=\"--=_Part\"\r\n\r\n"
        b"----=_Part\r\nContent-Location: file:///C:/form.htm\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        b'Content-Type: text/html; charset="' + charset.encode() + b'"\r\n\r\n' + quopri.encodestring(content) + b"\r\n"
        b"----=_Part\r\nContent-Transfer-Encoding: base64\r\nContent-Type: image/png\r\n\r\niVBORw0KGgo=\r\n"
        b"----=_Part--\r\n"
    )  # fmt: skip


def all_of(blocks: list[Block]) -> dict[str, bytes]:
    """The blocks in each of these formats, by suffix; XML and pages as systems name them."""
    return {
        "form.xls": xls(blocks),
        "form.et": xls(blocks),
        "form.ods": ods(blocks),
        "xml.xls": xml_sheet(blocks).encode(),
        "page.xls": page(blocks),
        "page.doc": page(blocks),
        "form.mht": web_archive(page(blocks)),
        "archive.doc": web_archive(page(blocks)),
    }
