"""Workbooks: what their cells show, merges, formulas, sheets."""

from __future__ import annotations

import datetime
import io
import re
import zipfile
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lintperf_builtin.importers.excel import read_excel
from lintperf_builtin.importers.number_formats import shown
from office_files import FORM, TITLE, excel, read, zip_file

from lintperf.model import Severity, SheetPlace

DAY = datetime.datetime(2021, 12, 5, 8, 7, 6)  # noqa: DTZ001 - workbooks know no time zones


@pytest.mark.parametrize(
    ("value", "number_format", "text"),
    [
        (9.8, "0.00", "9.80"),
        (9.8, "General", "9.8"),
        (987000, "0.00", "987000.00"),
        (987000, "#,##0.00", "987,000.00"),
        (0.98, "0%", "98%"),
        (0.99944, "0.00%", "99.94%"),
        (2.5, "0", "3"),
        (1.005, "0.00", "1.01"),
        (-3.456, "0.0_ ;[Red]-0.0 ", "-3.5"),
        (-3.456, "0.0_);(0.0)", "(3.5)"),
        (0, '0;-0;"—"', "—"),
        (5, '0"分"', "5分"),
        (12, "0.0#", "12.0"),
        (12.345, "0.0#", "12.35"),
        (12.5, "#.##", "12.5"),
        (98.7, '"<"0.0"万元"', "<98.7万元"),
        (200, "General", "200"),
        (200.0, "General", "200"),
        (0.1 + 0.2, "General", "0.3"),
        (1 / 3, "General", "0.333333333"),
        (1e-7, "General", "0.0000001"),
        (3948000, "@", "3948000"),
        (1234.5, "0.00E+00", "1234.5"),
        (0.5, "# ?/?", "0.5"),
        (12345, "G/通用格式", "12345"),
        (True, "General", "TRUE"),
        (None, "0.00", ""),
        ("0102007", "@", "0102007"),
        ("#DIV/0!", "0.00", "#DIV/0!"),
        (DAY, 'yyyy"年"m"月"', "2021年12月"),
        (DAY, "yyyy年mm月dd日", "2021年12月05日"),
        (DAY, "[$-804]yyyy/m/d;@", "2021/12/5"),
        (DAY, "yy-mm-dd hh:mm:ss", "21-12-05 08:07:06"),
        (DAY, "h:mm AM/PM", "8:07 AM"),
        (DAY, "General", "2021-12-05 08:07:06"),
        (datetime.time(8, 30), "h:mm", "8:30"),
        (datetime.timedelta(hours=30), "[h]:mm:ss", "30:00:00"),
        (float("inf"), "0.00", "Infinity"),
        (123456, "0!.0,", "12.3"),
        (123456, '0!.0,"万元"', "12.3万元"),
        (12345678, "#,##0,", "12,346"),
        (1234567.891, '#,##0.0,"千元"', "1,234.6千元"),
        (1234.5, '_ ¥* #,##0.00_ ;_ ¥* -#,##0.00_ ;_ ¥* "-"??_ ;_ @_ ', "¥1,234.50"),
        (0, '_ * #,##0.00_ ;_ * -#,##0.00_ ;_ * "-"??_ ;_ @_ ', "-"),
        (0, "#,##0;;", ""),
        (5, ";;;", ""),
        ("五", ";;;", ""),
        ("五", '@"公里"', "五公里"),
        ("五", '0;0;0;"约"@', "约五"),
        (5, '@"公里"', "5公里"),
        (5, 'G/通用格式"分"', "5分"),
        (12, "[>=10]0.0;0", "12.0"),
        (3, "[>=10]0.0;0", "3"),
        (-7, '[<0]"负"0;0', "-负7"),
        (102007, "0000000", "0102007"),
        (123400, "000-000", "123-400"),
        (20231231, '0000"年"00"月"00"日"', "2023年12月31日"),
        (0.5, "0.0%%", "5000.0%%"),
        (2.675, "0.00", "2.68"),
        (0.1 + 0.7, "0.0000000000000000", "0.8000000000000000"),
        (-2, "[$¥-804]#,##0.00", "-¥2.00"),
        (Decimal("1.50"), "0.00", "1.50"),
        (DAY, "[$-804]aaaa", "星期日"),
        (DAY, "e-mm-dd", "2021-12-05"),
        (DAY, '上午/下午h"时"mm"分"', "上午8时07分"),
        (DAY, '[DBNum1][$-804]yyyy"年"m"月"', "2021年12月"),
    ],
)
def test_shown(value: object, number_format: str, text: str) -> None:
    assert shown(value, number_format).strip() == text


@given(st.floats(), st.text('0#?.,%;"[]_*\\-年mdhsy@GE+/ ', max_size=12))
def test_every_number_and_format_shows_something(value: float, number_format: str) -> None:
    assert isinstance(shown(value, number_format), str)


@given(st.decimals(-(10**9), 10**9, places=2))
def test_two_decimals_are_kept(number: Decimal) -> None:
    assert Decimal(shown(float(number), "0.00")) == number


def workbook(change: Any) -> bytes:
    """The usual form in a workbook, changed."""
    book = openpyxl.load_workbook(io.BytesIO(excel([TITLE, FORM])))
    change(book)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_numbers_and_dates_in_cells() -> None:
    def change(book: Any) -> None:
        for cell, value, number_format in (
            ("E12", datetime.date(2021, 12, 1), "yyyy年m月"), ("F12", 0.98, "0%"),
            ("G12", 9.8, "0.00"), ("H5", 0.98, "0.00"),
        ):  # fmt: skip
            book.active[cell].value = value
            book.active[cell].number_format = number_format

    (document,) = read(workbook(change), ".xlsx")
    row = document.data["indicators"][0]
    assert (row["target"], row["actual"], str(row["weight"])) == ("2021年12月", "98%", "9.80")
    assert str(document.data["funds"]["rows"][0]["rate"]) == "0.98"


def test_formula_without_result_is_reported() -> None:
    def change(book: Any) -> None:
        book.active["H15"].value = "=SUM(H12:H14)"

    (document,) = read(workbook(change), ".xlsx")
    assert document.data["total"]["score"] is None
    (remark,) = document.remarks
    assert (remark.kind, remark.arguments) == ("unreadable-document", {"formula": "=SUM(H12:H14)"})
    assert (remark.variant, remark.severity) == ("no-result", Severity.warning)
    assert remark.place == SheetPlace("表1", "H15")


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_hidden_sheets_are_read_and_said(state: str) -> None:
    def change(book: Any) -> None:
        book.create_sheet("封面", 0)
        book["表1"].sheet_state = state

    (document,) = read(workbook(change), ".xlsx")
    assert document.data == read(excel([TITLE, FORM]), ".xlsx")[0].data
    (remark,) = document.remarks
    assert (remark.kind, remark.variant, remark.place) == ("unmapped-content", "hidden", SheetPlace("表1", "A1"))
    assert remark.arguments["where"].zh == "工作表"


def test_a_hidden_sheet_without_a_form_is_passed_over() -> None:
    def change(book: Any) -> None:
        book.create_sheet("下拉选项").append(["优", "良"])
        book["下拉选项"].sheet_state = "hidden"

    assert read(workbook(change), ".xlsx")[0].remarks == []


def test_hidden_rows_and_columns_are_read_and_said_once() -> None:
    def change(book: Any) -> None:
        sheet = book.active
        for row in (12, 13, 20):
            sheet.row_dimensions[row].hidden = True
        sheet.column_dimensions["G"].hidden = True

    (document,) = read(workbook(change), ".xlsx")
    assert document.data == read(excel([TITLE, FORM]), ".xlsx")[0].data
    assert [(remark.arguments["where"].zh, remark.arguments["where"].en) for remark in document.remarks] == [
        ("第 12–13 行", "rows 12–13"), ("G 列", "columns G"),
    ]  # fmt: skip


def test_a_format_that_shows_nothing_is_said() -> None:
    def change(book: Any) -> None:
        for cell, value in (("G12", 45.5), ("G13", 0)):
            book.active[cell].value = value
            book.active[cell].number_format = ";;;"

    (document,) = read(workbook(change), ".xlsx")
    assert [row["weight"] for row in document.data["indicators"]][:2] == [None, None]
    (remark,) = document.remarks
    assert (remark.variant, remark.arguments["text"], remark.place) == ("concealed", "45.5", SheetPlace("表1", "G12"))


def test_text_under_a_merged_range_is_said() -> None:
    archive = zipfile.ZipFile(io.BytesIO(excel([TITLE, FORM])))
    parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    title = b'<mergeCells count="'
    assert title in parts[sheet]
    parts[sheet] = re.sub(rb'<mergeCell ref="B2:E2" ?/>', b'<mergeCell ref="B2:F2"/>', parts[sheet])
    (document,) = read(zip_file(parts), ".xlsx")
    assert [(r.kind, r.arguments["text"], r.place) for r in document.remarks][:1] == [
        ("unmapped-content", "项目金额", SheetPlace("表1", "F2"))
    ]


def styled(number_formats: list[tuple[int | float, str]]) -> bytes:
    book = openpyxl.Workbook()
    for row, (value, number_format) in enumerate(number_formats, 1):
        book.active.cell(row, 1).value = value
        book.active.cell(row, 1).number_format = number_format
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_numbers_that_are_dates() -> None:
    shown_as = [
        (45291, "yyyy/m/d", "2023/12/31"),
        (45291.5, 'm"月"d"日" h:mm', "12月31日 12:00"),
        (1.25, "[h]:mm", "30:00"),
        (0.5, "h:mm", "12:00"),
        (59, "yyyy-mm-dd", "1900-02-28"),
        (61, "yyyy-mm-dd", "1900-03-01"),
        (3_000_000, "yyyy-mm-dd", "3000000"),
    ]
    (part,) = read_excel(styled([(value, number_format) for value, number_format, _ in shown_as]))
    assert [row[0].text for row in part.blocks[0].rows] == [text for _, _, text in shown_as]


@given(
    st.lists(
        st.tuples(
            st.integers(-(10**9), 10**9) | st.floats(-1e9, 1e9, allow_nan=False, allow_subnormal=False),
            st.sampled_from(["General", "0", "0.00", "#,##0.00", "0%", "0.00%", '0"分"', "@"]),
        ),
        min_size=1,
        max_size=8,
    )
)
@settings(max_examples=25, deadline=None)
def test_values_are_those_that_openpyxl_reads(cells: list[tuple[int | float, str]]) -> None:
    content = styled(cells)
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    expected = [shown(cell.value, cell.number_format) for (cell,) in book.active.iter_rows()]
    (part,) = read_excel(content)
    assert [row[0].text for row in part.blocks[0].rows] == expected


def test_sheets_and_merges_are_those_that_openpyxl_reads() -> None:
    content = excel([TITLE, FORM], [], [FORM])
    book = openpyxl.load_workbook(io.BytesIO(content))
    parts = read_excel(content)
    assert len(parts) == len(book.worksheets)
    for part, sheet in zip(parts, book.worksheets, strict=True):
        cells = [cell for grid in part.blocks for row in range(len(grid.rows)) for cell in grid.own(row)]
        assert {cell.place.cell: cell.text for cell in cells if cell.text} == {
            cell.coordinate: str(cell.value)
            for row in sheet.iter_rows()
            for cell in row
            if str(cell.value or "").strip()
        }
        spans = {(c.row + 1, c.column + 1, c.row_span, c.column_span) for c in cells if c.row_span * c.column_span > 1}
        assert spans == {
            (m.min_row, m.min_col, m.max_row - m.min_row + 1, m.max_col - m.min_col + 1)
            for m in sheet.merged_cells.ranges
        }


def test_form_in_the_middle_of_a_sheet() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    for row, cells in enumerate(
        [["项目名称", "古树保护"], ["一级指标", "二级指标", "三级指标", "分值"], ["产出", "数量", "挂牌", 5]]
    ):
        for column, value in enumerate(cells):
            sheet.cell(row + 7, column + 4).value = value
    buffer = io.BytesIO()
    book.save(buffer)
    (document,) = read(buffer.getvalue(), ".xlsx")
    assert document.data["heading"]["project"] == "古树保护"
    assert document.data["indicators"][0]["weight"] == 5
    assert document.locate("/indicators/0/weight") == SheetPlace("Sheet", "G9")
