"""Printed forms as a Word document (WordprocessingML, ECMA-376 transitional), each in a section of its own.

Written by hand: python-docx would bring lxml for a part that needs neither, and states times in its properties.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintperf_builtin.renderers.archive import (
    CONTENT_TYPES,
    RELATIONSHIPS,
    content_types,
    escape,
    package,
    relationships,
)
from lintperf_builtin.renderers.printed import shown, starts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lintperf_builtin.renderers.printed import Box, Printed, Row

__all__ = ["draw"]

_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_MARGIN = 150  # tenths of a millimetre
_PAGE = (11906, 16838)  # A4 in twentieths of a point
# Rows with a longer text may break over pages: Word and LibreOffice else push them whole to the next one.
_LONG = 1200
_STYLES_OF = {
    "label": "CellLabel",
    "side": "CellLabel",
    "text": "CellText",
    "short": "CellShort",
    "number": "CellNumber",
}
_LINES = {"title": "FormTitle", "caption": "FormCaption", "corner": "FormCorner"}


def draw(forms: Sequence[Printed]) -> bytes:
    """The bytes of a .docx file with these forms."""
    body = []
    for at, form in enumerate(forms):
        section = _section(form)
        last = at == len(forms) - 1
        body += [_line(_LINES[line.look], line.text) for line in form.lines]
        # Tables that touch become one; a paragraph of one point parts them.
        body.append(_GAP.join(_table(form, rows) for rows in form.tables))
        body.append(_GAP + section if last else _gap(section))
    parts = {
        "word/document.xml": f"{_KIND}.document.main+xml",
        "word/styles.xml": f"{_KIND}.styles+xml",
        "word/settings.xml": f"{_KIND}.settings+xml",
        "word/fontTable.xml": f"{_KIND}.fontTable+xml",
        "word/footer1.xml": f"{_KIND}.footer+xml",
    }
    return package({
        CONTENT_TYPES: content_types(parts),
        "_rels/.rels": relationships({"rId1": ("officeDocument", "word/document.xml")}),
        "word/_rels/document.xml.rels": relationships({
            "rId1": ("styles", "styles.xml"),
            "rId2": ("settings", "settings.xml"),
            "rId3": ("fontTable", "fontTable.xml"),
            "rId4": ("footer", "footer1.xml"),
        }),
        "word/document.xml": f'<w:document xmlns:w="{_W}" xmlns:r="{RELATIONSHIPS}"><w:body>{"".join(body)}</w:body>'
        "</w:document>",
        "word/styles.xml": _STYLES,
        "word/settings.xml": _SETTINGS,
        "word/fontTable.xml": _FONTS,
        "word/footer1.xml": _FOOTER,
    })  # fmt: skip


def _twips(tenths: int) -> int:
    """Twentieths of a point for tenths of a millimetre."""
    return tenths * 1440 // 254


def _section(form: Printed) -> str:
    width, height = reversed(_PAGE) if form.landscape else _PAGE
    turned = ' w:orient="landscape"' if form.landscape else ""
    margin = _twips(_MARGIN)
    return (
        '<w:sectPr><w:footerReference w:type="default" r:id="rId4"/><w:type w:val="nextPage"/>'
        f'<w:pgSz w:w="{width}" w:h="{height}"{turned}/>'
        f'<w:pgMar w:top="{margin}" w:right="{margin}" w:bottom="{margin}" w:left="{margin}"'
        ' w:header="400" w:footer="400" w:gutter="0"/></w:sectPr>'
    )


def _gap(section: str = "") -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="Gap"/>{section}</w:pPr></w:p>'


_GAP = _gap()


def _line(style: str, text: str) -> str:
    return f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{_run(text)}</w:p>'


def _run(text: str) -> str:
    """One run: line feeds and tabs are elements of their own, blanks at the edges are kept."""
    if not text:
        return ""
    lines = [
        "<w:tab/>".join(
            f'<w:t xml:space="preserve">{escape(piece)}</w:t>' if piece else "" for piece in line.split("\t")
        )
        for line in text.split("\n")
    ]
    return f"<w:r>{'<w:br/>'.join(lines)}</w:r>"


def _table(form: Printed, rows: tuple[Row, ...]) -> str:
    widths = [_twips(width) for width in form.widths]
    lines = [
        "<w:tbl><w:tblPr>"
        f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:jc w:val="center"/>'
        f"<w:tblBorders>{''.join(_EDGES)}</w:tblBorders>"
        '<w:tblLayout w:type="fixed"/><w:tblCellMar><w:left w:w="60" w:type="dxa"/><w:right w:w="60" w:type="dxa"/>'
        "</w:tblCellMar></w:tblPr>",
        "<w:tblGrid>" + "".join(f'<w:gridCol w:w="{width}"/>' for width in widths) + "</w:tblGrid>",
    ]
    for row, boxes in zip(rows, starts(rows), strict=True):
        long = any(len(shown(box)) > _LONG for box in row.boxes)
        properties = ("" if long else "<w:cantSplit/>") + '<w:trHeight w:val="400"/>'
        properties += "<w:tblHeader/>" if row.header else ""
        cells = "".join(_cell(box, begins, widths) for box, begins in boxes.values())
        lines.append(f"<w:tr><w:trPr>{properties}</w:trPr>{cells}</w:tr>")
    return "".join(lines) + "</w:tbl>"


_EDGES = [
    f'<w:{edge} w:val="single" w:sz="4" w:space="0" w:color="000000"/>'
    for edge in ("top", "left", "bottom", "right", "insideH", "insideV")
]


def _cell(box: Box, begins: bool, widths: Sequence[int]) -> str:
    width = sum(widths[box.column : box.column + box.columns])
    properties = f'<w:tcW w:w="{width}" w:type="dxa"/>'
    if box.columns > 1:
        properties += f'<w:gridSpan w:val="{box.columns}"/>'
    if box.rows > 1:
        properties += '<w:vMerge w:val="restart"/>' if begins else "<w:vMerge/>"
    hidden = ("" if box.above else '<w:top w:val="nil"/>') + ("" if box.below else '<w:bottom w:val="nil"/>')
    if hidden:
        properties += f"<w:tcBorders>{hidden}</w:tcBorders>"
    if box.look == "label":
        properties += '<w:shd w:val="clear" w:color="auto" w:fill="F2F2F2"/>'
    properties += '<w:vAlign w:val="center"/>'
    text = _run(shown(box)) if begins else ""
    return (
        f'<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:pPr><w:pStyle w:val="{_STYLES_OF[box.look]}"/></w:pPr>{text}</w:p>'
        "</w:tc>"
    )


def _style(name: str, title: str, paragraph: str, run: str, base: str = "Normal") -> str:
    return (
        f'<w:style w:type="paragraph" w:customStyle="1" w:styleId="{name}"><w:name w:val="{title}"/>'
        f'<w:basedOn w:val="{base}"/><w:pPr>{paragraph}</w:pPr><w:rPr>{run}</w:rPr></w:style>'
    )


_SONG = '<w:rFonts w:ascii="Times New Roman" w:eastAsia="宋体" w:hAnsi="Times New Roman" w:cs="Times New Roman"/>'
_STYLES = (
    f'<w:styles xmlns:w="{_W}"><w:docDefaults><w:rPrDefault><w:rPr>'
    '<w:rFonts w:ascii="Times New Roman" w:eastAsia="仿宋" w:hAnsi="Times New Roman" w:cs="Times New Roman"/>'
    '<w:sz w:val="20"/><w:szCs w:val="20"/><w:lang w:val="en-US" w:eastAsia="zh-CN" w:bidi="ar-SA"/>'
    "</w:rPr></w:rPrDefault><w:pPrDefault/></w:docDefaults>"
    '<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/><w:qFormat/></w:style>'
    + _style(
        "FormTitle", "Form Title", '<w:spacing w:before="0" w:after="120"/><w:jc w:val="center"/>',
        f'{_SONG}<w:b/><w:bCs/><w:sz w:val="36"/><w:szCs w:val="36"/>',
    )
    + _style(
        "FormCaption", "Form Caption", '<w:spacing w:before="0" w:after="120"/><w:jc w:val="center"/>',
        '<w:sz w:val="24"/><w:szCs w:val="24"/>',
    )
    + _style(
        "FormCorner", "Form Corner", '<w:spacing w:before="0" w:after="60"/>', '<w:sz w:val="24"/><w:szCs w:val="24"/>'
    )
    + _style("CellText", "Cell Text", '<w:spacing w:before="20" w:after="20"/>', "")
    + _style("CellShort", "Cell Short", '<w:jc w:val="center"/>', "", "CellText")
    + _style("CellNumber", "Cell Number", '<w:jc w:val="center"/>', "", "CellText")
    + _style("CellLabel", "Cell Label", '<w:jc w:val="center"/>', f"{_SONG}<w:b/><w:bCs/>", "CellText")
    + _style("Gap", "Gap", '<w:spacing w:before="0" w:after="0" w:line="20" w:lineRule="exact"/>',
             '<w:sz w:val="2"/><w:szCs w:val="2"/>')
    + "</w:styles>"
)  # fmt: skip
# Without a compatibility mode Word opens a file as one of Word 2003.
_SETTINGS = (
    f'<w:settings xmlns:w="{_W}"><w:compat>'
    '<w:compatSetting w:name="compatibilityMode" w:uri="http://schemas.microsoft.com/office/word" w:val="15"/>'
    "</w:compat></w:settings>"
)
# Fonts to take where Windows' own are missing, by their names in English and on other systems.
_FONTS = f'<w:fonts xmlns:w="{_W}">' + "".join(
    f'<w:font w:name="{name}"><w:altName w:val="{others}"/><w:charset w:val="{charset}"/>'
    f'<w:family w:val="{family}"/></w:font>'
    for name, others, charset, family in (
        ("仿宋", "FangSong,仿宋_GB2312,STFangsong,Noto Serif CJK SC", "86", "modern"),
        ("宋体", "SimSun,STSong,Noto Serif CJK SC", "86", "auto"),
        ("Times New Roman", "Liberation Serif", "00", "roman"),
    )
) + "</w:fonts>"  # fmt: skip
_FOOTER = (
    f'<w:ftr xmlns:w="{_W}"><w:p><w:pPr><w:pStyle w:val="CellShort"/></w:pPr>'
    '<w:r><w:t xml:space="preserve">— </w:t></w:r><w:fldSimple w:instr=" PAGE "><w:r><w:t>1</w:t></w:r></w:fldSimple>'
    '<w:r><w:t xml:space="preserve"> —</w:t></w:r></w:p></w:ftr>'
)
