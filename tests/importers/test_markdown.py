"""Markdown: pipe tables with escapes and breaks, HTML tables in between, places."""

from __future__ import annotations

import pytest
from office_files import FORM as CELLS
from office_files import TITLE, page
from office_files import read as read_office
from test_plain_text import FORM, ROWS, read, rows

from lintperf.model import CellPlace, TextPlace


def drawn(form: str = FORM) -> str:
    lines = []
    for line in form.split("\n"):
        if "\t" not in line:
            lines.append(f"# {line}\n" if line else "")
            continue
        fields = [*line.split("\t"), *[""] * 9][:9]
        lines.append("| " + " | ".join(fields) + " |")
        if "项目名称" in line:
            lines.append("|" + " --- |" * 9)
    return "\n".join(lines)


def test_pipe_table() -> None:
    document = read(drawn(), ".md")
    assert rows(document.data) == ROWS
    assert document.data["title"] == "项目支出绩效自评表"
    assert document.data["heading"]["year"] == 2023
    assert document.data["heading"]["unit"] == "绿道养护中心"
    place = document.locate("/indicators/1/actual")
    assert isinstance(place, TextPlace)
    assert drawn()[place.offset : place.end_offset] == "200株"
    assert drawn().split("\n")[place.line][place.column : place.end_column] == "200株"


def test_rows_without_pipes_at_their_ends() -> None:
    bare = "\n".join(line.strip("| ") if "一级指标" in line else line for line in drawn().split("\n"))
    assert "\n绩效指标 | 一级指标" in bare
    assert rows(read(bare, ".md").data) == ROWS


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r"停工\|顺延", "停工|顺延"), ("停工<br>顺延", "停工\n顺延"), ("停工<BR />顺延", "停工\n顺延"),
        ("**停工**", "停工"), ("停工&lt;两周", "停工<两周"), (r"停工\*", "停工*"), (r"停工\\", "停工\\"),
        ("停工&amp;lt;", "停工&lt;"), ("2**3", "2**3"), ("停工&", "停工&"), ("_停_", "_停_"),
    ],
)  # fmt: skip
def test_marks(written: str, meant: str) -> None:
    assert rows(read(drawn().replace("雨季停工", written), ".md").data)[0][-1] == meant


def test_html_table_between_lines() -> None:
    markup = page([CELLS]).decode()
    table = markup[markup.index("<table") : markup.index("</table>") + len("</table>")]
    importer_sees = f"# {TITLE}\n\n<table><tr><td>目录</td></tr></table>\n\n{table}\n\n结束\n"
    document = read(importer_sees, ".md")
    expected = read_office(page([TITLE, CELLS]), ".html")[0]
    assert document.data["indicators"] == expected.data["indicators"]
    assert document.data["funds"] == expected.data["funds"]
    place = document.locate("/indicators/0/name")
    assert isinstance(place, CellPlace)
    assert place.table == 1


def test_a_text_without_a_form() -> None:
    document = read("# 说明\n\n| 字段 | 含义 |\n| --- | --- |\n| 分值 | 权重 |\n", ".md")
    assert document.data is None
    assert [remark.kind for remark in document.remarks] == ["unrecognised-table"]
