"""What Word puts into a cell, and how it merges cells."""

from __future__ import annotations

import io

import pytest
from lintperf_builtin.importers.grid import Grid, Paragraph
from lintperf_builtin.importers.word import read_word
from office_files import FORM, TITLE, C, W, read, read_one, spread, word, word_file, zip_file

MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"
M = "http://schemas.openxmlformats.org/officeDocument/2006/math"


def blocks(body: str, namespace: str = W) -> list[Paragraph | Grid]:
    xml = f'<w:document xmlns:w="{namespace}" xmlns:mc="{MC}" xmlns:m="{M}"><w:body>{body}</w:body></w:document>'
    return read_word(word_file(xml))[0].blocks


def grid(rows: str) -> list[list[str | None]]:
    (only,) = blocks(f"<w:tbl>{rows}</w:tbl>")
    assert isinstance(only, Grid)
    return [[None if cell is None else cell.text for cell in row] for row in only.rows]


def tc(text: str, properties: str = "") -> str:
    return f"<w:tc><w:tcPr>{properties}</w:tcPr><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>"


@pytest.mark.parametrize(
    ("runs", "text"),
    [
        ("<w:r><w:t>甲</w:t></w:r><w:r><w:t>乙</w:t></w:r>", "甲乙"),
        ("<w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t></w:r>", "甲\t乙\n丙"),
        ("<w:pPr><w:tabs><w:tab w:val='left' w:pos='400'/></w:tabs></w:pPr><w:r><w:t>甲</w:t></w:r>", "甲"),
        ("<w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>新</w:t></w:r></w:ins>", "新"),
        ("<w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom><w:moveTo><w:r><w:t>新</w:t></w:r></w:moveTo>", "新"),
        ("<w:hyperlink><w:r><w:t>链接</w:t></w:r></w:hyperlink>", "链接"),
        ("<w:sdt><w:sdtContent><w:r><w:t>控件</w:t></w:r></w:sdtContent></w:sdt>", "控件"),
        ("<w:r><w:sym w:font='Symbol' w:char='F0B3'/><w:t>90%</w:t></w:r>", "≥90%"),
        ("<w:r><w:sym w:font='Wingdings 2' w:char='F052'/></w:r>", "☑"),
        ("<w:r><w:sym w:font='Unknown' w:char='F012'/></w:r>", "\ufffd"),
        ("<m:oMath><m:r><m:t>≤5</m:t></m:r></m:oMath>", "≤5"),
        ("<w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>3</w:t></w:r>", "3"),
        (
            "<w:ruby><w:rt><w:r><w:t>pin</w:t></w:r></w:rt><w:rubyBase><w:r><w:t>拼</w:t></w:r></w:rubyBase></w:ruby>",
            "拼",
        ),
    ],
)
def test_text_of_a_paragraph(runs: str, text: str) -> None:
    assert [block.text for block in blocks(f"<w:p>{runs}</w:p>") if isinstance(block, Paragraph)] == [text]


def test_text_box_is_read_once() -> None:
    box = "<w:txbxContent><w:p><w:r><w:t>框内</w:t></w:r></w:p></w:txbxContent>"
    body = (
        f"<w:p><w:r><w:t>正文</w:t><mc:AlternateContent><mc:Choice>{box}</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert sorted(block.text for block in blocks(body) if isinstance(block, Paragraph)) == ["框内", "正文"]


def test_paragraphs_of_a_cell_are_lines_and_blank_ones_none() -> None:
    body = "<w:tc><w:p/><w:p><w:r><w:t>一</w:t></w:r></w:p><w:p/><w:p><w:r><w:t> 二 </w:t></w:r></w:p></w:tc>"
    assert grid(f"<w:tr>{body}</w:tr>") == [["一\n 二"]]


def test_spans_and_merges() -> None:
    restart, go_on, two = "<w:vMerge w:val='restart'/>", "<w:vMerge/>", "<w:gridSpan w:val='2'/>"
    left, more = "<w:hMerge w:val='restart'/>", "<w:hMerge/>"
    rows = (
        f"<w:tr>{tc('甲', two + restart)}{tc('乙')}</w:tr>"
        f"<w:tr>{tc('', two + go_on)}{tc('丙')}</w:tr>"
        f"<w:tr>{tc('丁')}{tc('', go_on)}{tc('戊')}</w:tr>"
        f"<w:tr><w:trPr><w:gridBefore w:val='1'/></w:trPr>{tc('己')}</w:tr>"
        f"<w:tr>{tc('庚', left)}{tc('', more)}{tc('辛')}</w:tr>"
    )
    assert grid(rows) == [
        ["甲", "甲", "乙"],
        ["甲", "甲", "丙"],
        ["丁", "", "戊"],
        [None, "己", None],
        ["庚", "庚", "辛"],
    ]


def test_deleted_row_is_gone() -> None:
    assert grid(f"<w:tr><w:trPr><w:del/></w:trPr>{tc('旧')}</w:tr><w:tr>{tc('新')}</w:tr>") == [["新"]]


def test_strict_office_namespace_and_unusual_part() -> None:
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    xml = f'<w:document xmlns:w="{strict}"><w:body><w:p><w:r><w:t>甲</w:t></w:r></w:p></w:body></w:document>'
    relations = '<Relationships><Relationship Id="r" Type="x/officeDocument" Target="/word/main.xml"/></Relationships>'
    (part,) = read_word(zip_file({"_rels/.rels": relations, "word/main.xml": xml}))
    assert part.blocks == [Paragraph("甲")]


def test_table_in_a_cell_is_text_of_a_form_and_a_table_of_a_layout() -> None:
    inner = [["株", "5"], ["亩", "3"]]
    form = [*FORM[:-1], ["", "", "", "", "", "", "", "", ""]]
    xml = word([TITLE, form])
    assert read(xml, ".docx")[0].data is not None
    (document,) = read(nested(FORM, inner), ".docx")
    assert document.data["goals"]["expected"] == "株\t5\n亩\t3"
    (document,) = read(layout(), ".docx")
    assert document.data == read_one([TITLE, FORM]).data
    assert str(document.locate("/total")) == "CellPlace(table=1, row=13, column=1)"


def nested(form: list, inner: list) -> bytes:
    from office_files import word_xml

    table = word_xml([inner]).split("<w:body>")[1].split("</w:body>")[0]
    marked = word_xml([TITLE, form]).replace("<w:p><w:r><w:t>养护绿道三十公里。</w:t></w:r></w:p>", f"{table}<w:p/>")
    return word_file(marked)


def layout() -> bytes:
    from office_files import word_xml

    xml = word_xml([TITLE, FORM])
    head, body = xml.split("<w:body>")
    body = body.removesuffix("</w:body></w:document>")
    return word_file(
        f"{head}<w:body><w:tbl><w:tr>{tc('导航')}<w:tc>{body}<w:p/></w:tc></w:tr></w:tbl></w:body></w:document>"
    )


def test_file_written_by_another_program() -> None:
    docx = pytest.importorskip("docx")
    file = docx.Document()
    file.add_paragraph(TITLE)
    places = spread(FORM)
    table = file.add_table(len(places), len(places[0]))
    for row, cells in enumerate(places):
        for column, (one, top, left) in enumerate(cells):
            if top and left:
                target = table.cell(row, column)
                if one.rows > 1 or one.columns > 1:
                    target = target.merge(table.cell(row + one.rows - 1, column + one.columns - 1))
                target.text = one.text
    buffer = io.BytesIO()
    file.save(buffer)
    (document,) = read(buffer.getvalue(), ".docx")
    assert document.data == read_one([TITLE, FORM]).data
    assert isinstance(FORM[0][1], C)
