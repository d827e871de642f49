"""Workbooks: what their cells show, merges, formulas, sheets."""

from __future__ import annotations

import datetime
import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.importers.number_formats import shown
from office_files import FORM, TITLE, excel, read

from lintperf.model import SheetPlace

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
    assert (remark.kind, remark.arguments) == ("unmapped-content", {"text": "=SUM(H12:H14)"})
    assert remark.place == SheetPlace("表1", "H15")


def test_hidden_sheets_are_read() -> None:
    def change(book: Any) -> None:
        book.create_sheet("封面", 0)
        book["表1"].sheet_state = "hidden"

    assert read(workbook(change), ".xlsx")[0].data == read(excel([TITLE, FORM]), ".xlsx")[0].data


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
