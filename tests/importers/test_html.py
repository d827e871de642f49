"""Web pages: encodings, spans, layout tables, entities, unfinished markup."""

from __future__ import annotations

import pytest
from lintperf_builtin.importers.grid import Grid, Paragraph
from lintperf_builtin.importers.html import read_html
from office_files import FORM, TITLE, page, read

from lintperf.extension import UnreadableError

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
