"""Web pages: encodings, spans, layout tables, entities, unfinished markup."""

from __future__ import annotations

import pytest
from lintperf_builtin.importers.grid import Grid, Paragraph
from lintperf_builtin.importers.html import read_html
from office_files import FORM, TITLE, page, read

from lintperf.extension import UnreadableError
from lintperf.model import CellPlace

FORM_PAGE = page([TITLE, FORM]).decode()


def grid(markup: str) -> list[list[str | None]]:
    tables = [block for block in read_html(markup.encode())[0].blocks if isinstance(block, Grid)]
    return [[None if cell is None else cell.text for cell in row] for row in tables[0].rows]


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [("utf-8", "utf-8"), ("gb2312", "gbk"), ("GBK", "gb18030"), ("utf-8", "gb18030"),
     ("gbk", "utf-8"), ("x", "utf-8-sig"), ("utf-8", "utf-16")],
)  # fmt: skip
def test_encodings(declared: str, encoding: str) -> None:
    content = FORM_PAGE.replace("utf-8", declared).encode(encoding)
    assert read(content, ".html")[0].data == read(FORM_PAGE.encode(), ".html")[0].data


def test_text_in_no_encoding() -> None:
    with pytest.raises(UnreadableError):
        read(b"<table><td>\xff\xff\xff\x00", ".html")


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        ("&nbsp;", ""),
        ("甲<br>乙<br/> 丙", "甲\n乙\n丙"),
        ("<p>甲</p>\n  <p> 乙\n 丙</p>", "甲\n乙 丙"),
        ("&lt;p&gt;甲&lt;/p&gt;&ge;5", "<p>甲</p>≥5"),
        ("<98.7万元", "<98.7万元"),
        ("&ge;3&amp;&amp;&le;5", "≥3&&≤5"),
        ("甲<script>if (a<b) document.write('</td>')</script>乙", "甲乙"),
        ("甲<!-- <td>无</td> -->乙", "甲乙"),
        ("甲<![if !supportEmptyParas]>乙<o:p></o:p>", "甲乙"),
        ("<span title='a>b'>甲</span>", "甲"),
        ("甲&nbsp;乙", "甲\xa0乙"),
        ("甲\x1c\v乙", "甲 乙"),
        ("<pre>甲   乙\t丙\n  丁 </pre>  戊   己", "甲   乙\t丙\n  丁\n戊 己"),
    ],
)
def test_text_of_a_cell(cell: str, text: str) -> None:
    assert grid(f"<table><tr><td>{cell}</td></tr></table>") == [[text]]


def test_spans() -> None:
    markup = """<table><thead><tr><th rowspan=2>甲<th colspan="2">乙</tr><tr><td>丙<td>丁</thead>
        <tr><td ROWSPAN='3' data-colspan=4>戊<td>己<tr><td colspan=2>庚</table>"""
    assert grid(markup) == [["甲", "乙", "乙"], ["甲", "丙", "丁"], ["戊", "己", None], ["戊", "庚", "庚"]]


def test_cells_never_overlap() -> None:
    assert grid("<table><tr><td>甲<td rowspan=2>乙<tr><td colspan=3>丙<td>丁</table>") == [
        ["甲", "乙", None], ["丙", "乙", "丁"],
    ]  # fmt: skip


def test_form_inside_layout_tables() -> None:
    body = FORM_PAGE.split("<body>")[1].split("</body>")[0]
    laid_out = f"<table><tr><td>首页</td><td><table><tr><td>{body}</td></tr></table></td></tr></table>"
    (document,) = read(laid_out.encode(), ".html")
    assert document.data == read(FORM_PAGE.encode(), ".html")[0].data
    assert document.remarks == []
    assert str(document.locate("/total")) == "CellPlace(table=2, row=13, column=1)"


def test_page_that_leaves_everything_open() -> None:
    blocks = read_html("<head><title>题<body><p>甲<table><tr><td>乙<div>丙".encode())[0].blocks
    assert isinstance(blocks[0], Paragraph)
    assert blocks[0].text == "甲"
    assert grid("<p>甲<table><tr><td>乙<div>丙") == [["乙\n丙"]]


def test_end_tags_without_start() -> None:
    assert grid("</td></tr></table></script><table><td>甲</td></tr></table></table>") == [["甲"]]


@pytest.mark.parametrize(
    "hidden",
    ["<span style='display:none'>密</span>", '<div STYLE="Display: None ;color:red">密<br>密</div>', "<p hidden>密</p>",
     "<span style='mso-hide:all;display:none'><font>密</font></span>", "<b hidden='hidden'>密<b>密</b></b>"],
)  # fmt: skip
def test_text_that_a_page_hides_is_said_and_not_read(hidden: str) -> None:
    (part,) = read_html(f"<table><tr><td>甲<td>乙{hidden}丙</table>".encode())
    assert [cell.text.replace("\n", "") for cell in part.blocks[0].own(0)] == ["甲", "乙丙"]
    (remark,) = part.remarks
    assert (remark.variant, remark.place) == ("concealed", CellPlace(0, 0, 1))
    assert remark.arguments["text"].startswith("密")


def test_hidden_cells_take_no_place_and_hidden_rows_are_read() -> None:
    markup = (
        "<table><tr><th style='display:none'>编号<th>甲<th>乙"
        "<tr><td style='display:none'>17<td>丙<td>丁"
        "<tr style='display:none'><td style='display:none'>18<td>戊<td>己</table>"
    )
    assert grid(markup) == [["甲", "乙"], ["丙", "丁"], ["戊", "己"]]
    remarks = read_html(markup.encode())[0].remarks
    assert [(r.variant, r.arguments["where"].zh, r.arguments["text"], r.place) for r in remarks] == [
        ("hidden", "表1 第 3 行", "戊", CellPlace(0, 2, 0)),
        ("concealed", "网页表格中 3 处", "编号", CellPlace(0, 0, 0)),
    ]


@pytest.mark.parametrize(
    "start",
    [
        "<div style='display:none'>",
        "<p hidden>",
        "<span hidden>",
        "<div hidden><div>",
        "<table style='display:none'><tr><td>",
    ],
)
def test_a_table_is_read_wherever_it_stands(start: str) -> None:
    (document,) = read(f"<html><body>{start}x{FORM_PAGE}".encode(), ".html")
    assert document.data["indicators"] == read(FORM_PAGE.encode(), ".html")[0].data["indicators"]


@pytest.mark.parametrize(
    "attribute", ["class='hidden'", 'type="hidden"', "data-hidden=1", 'title="not hidden "', "style='border:none'"]
)
def test_what_is_not_hidden(attribute: str) -> None:
    assert grid(f"<table><tr><td {attribute}>甲<td>乙</table>") == [["甲", "乙"]]


def test_furniture_that_a_page_hides_outside_tables_is_not_spoken_of() -> None:
    (part,) = read_html("<p>甲<div style='display:none'>登录<ul><li>首页</ul></div><p>乙".encode())
    assert [block.text for block in part.blocks] == ["甲", "乙"]
    assert part.remarks == []


def test_fields_of_a_page_show_their_values() -> None:
    markup = (
        '<table><tr><td><input type="text" value="98&amp;"/>分<td><input value=5><td><input type=hidden value="x">'
        '<input type="submit" value="保存"><td><input type=radio checked>是'
        '<input type="radio" value="checked">否</table>'
    )
    assert grid(markup) == [["98&分", "5", "", "☑是☐否"]]


def test_page_as_word_saves_it() -> None:
    page_of_word = (
        '<html xmlns:o="urn:schemas-microsoft-com:office:office"><head><meta http-equiv=Content-Type '
        'content="text/html; charset=gb2312"><!--[if gte mso 9]><xml><o:Author>x</o:Author></xml><![endif]-->'
        "<style><!-- td {mso-ignore:colspan} --></style></head><body lang=ZH-CN><div class=WordSection1>"
        "<xml><w:View>Print</w:View></xml><table class=MsoNormalTable><![if !supportMisalignedColumns]><tr>"
        "<td width=91 style='border:solid windowtext 1.0pt'><p class=MsoNormal><span lang=EN-US>&ge;</span><span "
        "style='font-family:宋体'>九成</span><o:p>&nbsp;</o:p></p></td></tr><![endif]></table></div></body></html>"
    )
    blocks = read_html(page_of_word.encode("gb18030"))[0].blocks
    assert [[cell.text for cell in block.own(0)] for block in blocks if isinstance(block, Grid)] == [["≥九成"]]
    assert not any(isinstance(block, Paragraph) for block in blocks)


def test_preformatted_text_ends_with_its_cell() -> None:
    assert grid("<table><tr><td><pre>甲  乙<td>丙  丁</table>") == [["甲  乙", "丙 丁"]]
