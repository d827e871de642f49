"""Invented forms as rows of cells, and the same rows written as a Word file, a workbook and a web page."""

from __future__ import annotations

import html
import io
import zipfile
from dataclasses import dataclass

import openpyxl
from lintperf_builtin.importers import IMPORTERS

from lintperf.document import Document
from lintperf.extension import Source

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


@dataclass(frozen=True)
class C:
    """A cell with its spans."""

    text: str
    rows: int = 1
    columns: int = 1


Row = list["C | str"]
# A paragraph outside of tables, or a table.
Block = str | list[Row]


def cell(value: C | str) -> C:
    return value if isinstance(value, C) else C(value)


def spread(table: list[Row]) -> list[list[tuple[C, bool, bool]]]:
    """For each place: the cell, whether it starts in this row, and whether in this column."""
    taken: dict[tuple[int, int], tuple[C, bool, bool]] = {}
    for row, cells in enumerate(table):
        column = 0
        for one in map(cell, cells):
            while (row, column) in taken:
                column += 1
            for down in range(one.rows):
                for right in range(one.columns):
                    taken[row + down, column + right] = (one, down == 0, right == 0)
            column += one.columns
    width = 1 + max(column for _, column in taken)
    blank = C(""), True, True
    return [[taken.get((row, column), blank) for column in range(width)] for row in range(len(table))]


def word_xml(blocks: list[Block]) -> str:
    def paragraph(text: str) -> str:
        return "".join(f"<w:p><w:r><w:t>{html.escape(line)}</w:t></w:r></w:p>" for line in text.split("\n"))

    def table(rows: list[Row]) -> str:
        parts = []
        for row in spread(rows):
            tcs = []
            for one, top, left in row:
                if not left:
                    continue
                merge = "" if one.rows == 1 else ('<w:vMerge w:val="restart"/>' if top else "<w:vMerge/>")
                tcs.append(
                    f'<w:tc><w:tcPr><w:gridSpan w:val="{one.columns}"/>{merge}</w:tcPr>'
                    f"{paragraph(one.text if top else '')}</w:tc>"
                )
            parts.append(f"<w:tr>{''.join(tcs)}</w:tr>")
        return f"<w:tbl>{''.join(parts)}</w:tbl>"

    body = "".join(paragraph(block) if isinstance(block, str) else table(block) for block in blocks)
    return f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>'


def zip_file(parts: dict[str, str | bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def word_file(xml: str) -> bytes:
    return zip_file({"[Content_Types].xml": "<Types/>", "word/document.xml": xml})


def word(blocks: list[Block]) -> bytes:
    return word_file(word_xml(blocks))


def excel(*sheets: list[Block]) -> bytes:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for index, blocks in enumerate(sheets):
        sheet = book.create_sheet(f"表{index + 1}")
        top = 1
        for block in blocks:
            table: list[Row] = [[block]] if isinstance(block, str) else block
            for row, places in enumerate(spread(table), top):
                for column, (one, first_row, first_column) in enumerate(places, 1):
                    if not (first_row and first_column):
                        continue
                    target = sheet.cell(row, column)
                    target.value = one.text or None
                    target.data_type = "s" if one.text else "n"
                    if one.rows > 1 or one.columns > 1:
                        sheet.merge_cells(
                            start_row=row,
                            start_column=column,
                            end_row=row + one.rows - 1,
                            end_column=column + one.columns - 1,
                        )
            top += len(table)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def page(blocks: list[Block]) -> bytes:
    def table(rows: list[Row]) -> str:
        lines = []
        for row in rows:
            cells = [
                f'<td rowspan="{one.rows}" colspan={one.columns}><p>'
                + html.escape(one.text).replace("\n", "<br>")
                + "</p></td>"
                for one in map(cell, row)
            ]
            lines.append(f"<tr>{''.join(cells)}</tr>")
        return f"<table>{''.join(lines)}</table>"

    body = "".join(f"<p>{html.escape(block)}</p>" if isinstance(block, str) else table(block) for block in blocks)
    return f'<html><head><meta charset="utf-8"><title>x</title></head><body>{body}</body></html>'.encode()


def read(content: bytes, suffix: str) -> list[Document]:
    importer = next(one for one in IMPORTERS if suffix in one.suffixes)
    return list(importer.read(Source(f"form{suffix}", content)))


def read_all(blocks: list[Block]) -> dict[str, list[Document]]:
    """The blocks through each format."""
    return {
        ".docx": read(word(blocks), ".docx"),
        ".xlsx": read(excel(blocks), ".xlsx"),
        ".html": read(page(blocks), ".html"),
    }


def read_one(blocks: list[Block]) -> Document:
    """The only form of the blocks, read as Word."""
    (document,) = read(word(blocks), ".docx")
    return document


HEADING: list[Row] = [
    ["项目名称", C("绿道养护", 1, 4), "项目金额", C("3,600,000", 1, 3)],
    ["主管部门", C("城市管理局", 1, 4), "实施单位", C("绿化处", 1, 3)],
]
FUNDS: list[Row] = [
    [C("项目资金\n（元）", 5), C("", 1, 2), "年初预算数", "全年预算数", "全年执行数", "分值", "执行率", "得分"],
    [C("年度资金总额", 1, 2), "1,200,000.00", "1200000.00", "1176000.00", "10", "0.98", "9.80"],
    [C("其中：当年财政拨款", 1, 2), "1200000.00", "1200000.00", "1176000.00", "—", "98%", "—"],
    [C("上年结转资金", 1, 2), "0.00", "0.00", "0.00", "—", "", "—"],
    [C("其他资金", 1, 2), "", "", "", "－", "", "/"],
]
GOALS: list[Row] = [
    [C("年度总体目标", 2), C("预期目标", 1, 4), C("实际完成情况", 1, 4)],
    [C("养护绿道三十公里。", 1, 4), C("养护绿道二十九公里。", 1, 4)],
]
INDICATOR_HEADER: Row = [
    "一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分", "偏差原因分析及改进措施",
]  # fmt: skip
INDICATORS: list[Row] = [
    [C("年度绩效指标", 5), *INDICATOR_HEADER],
    [C("产出指标", 2), C("数量指标", 2), "养护长度", "≥30公里", "29公里", "50.0", "48.5", "汛期停工，下季度补齐。"],
    ["补植灌木", "500株", "500株", "20", "２０分", "无偏差"],
    ["效益指标", "社会效益指标", "游客满意度", "≥90%", "92%", "20", "20", " "],
    [C("总分", 1, 5), "100", "98.30", "—"],
]
FORM: list[Row] = [*HEADING, *FUNDS, *GOALS, *INDICATORS]
TITLE = "项目支出绩效自评表"
