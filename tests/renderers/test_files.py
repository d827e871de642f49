"""What the printed files hold: typed cells, repeated headers, sections of pages; the same bytes for the same form."""

from __future__ import annotations

import io
import re
import zipfile
from copy import deepcopy
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import docx
import openpyxl
import pytest

from lintperf.extension import Omission, Rendered
from lintperf.pipeline import open_session
from renderers.canonical import Form

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
FORMATS = (".docx", ".xlsx", ".html")
RENDERERS = open_session(use_cache=False).extensions.renderers


def indicator(name: str, **fields: Any) -> Form:
    return {"level1": "产出指标", "level2": "数量指标", "name": name, **fields}


FORM: Form = {
    "type": "self-evaluation",
    "title": "2023年度绿道养护自评表",
    "heading": {"project": "绿道养护", "project_amount": Decimal("3600000"), "unit": "绿化处", "year": Decimal(2023)},
    "funds": {
        "currency_unit": "万元",
        "rows": [
            {
                "source": "total", "label": "年度资金总额", "annual": Decimal("1200.00"), "executed": Decimal("1176.5"),
                "weight": Decimal(10), "rate": "98.04%", "score": Decimal("9.80"),
            },
            {"source": "other", "annual": Decimal("123456789012345678.9")},
        ],
    },
    "goals": {"expected": "养护三十公里。", "achieved": None},
    "indicators": [
        indicator("养护长度", target="=1+1", actual="0102007", weight=Decimal("50.0"), score=Decimal("9.80")),
        indicator("补植灌木", target="500", actual="500", weight=Decimal(30), score=Decimal(30)),
    ],
    "total": {"label": "总分", "weight": Decimal(100), "score": Decimal("49.60"), "grade": "差"},
    "notes": ["附件2", "注：汛期停工。"],
}  # fmt: skip


def write(suffix: str, *forms: Form) -> Rendered:
    return RENDERERS["self-evaluation", suffix].write(forms)


def sheet(form: Form) -> Any:
    return openpyxl.load_workbook(io.BytesIO(write(".xlsx", form).content)).worksheets[0]


def cells(form: Form) -> dict[str, Any]:
    """The cells of the sheet by what they show: value → cell."""
    return {str(cell.value): cell for row in sheet(form).iter_rows() for cell in row if cell.value is not None}


def word_tables(form: Form) -> list[ElementTree.Element]:
    archive = zipfile.ZipFile(io.BytesIO(write(".docx", form).content))
    return list(ElementTree.fromstring(archive.read("word/document.xml")).iter(f"{W}tbl"))


@pytest.mark.parametrize("suffix", FORMATS)
def test_the_same_form_gives_the_same_bytes(suffix: str) -> None:
    assert write(suffix, FORM) == write(suffix, deepcopy(FORM))


@pytest.mark.parametrize("suffix", (".docx", ".xlsx"))
def test_no_clock_is_in_the_package(suffix: str) -> None:
    archive = zipfile.ZipFile(io.BytesIO(write(suffix, FORM).content))
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert not [name for name in archive.namelist() if name.startswith("docProps/")]


def test_numbers_of_a_workbook_are_numbers_with_their_decimals() -> None:
    found = cells(FORM)
    assert (found["3600000"].data_type, found["3600000"].number_format) == ("n", "#,##0")
    assert (found["1176.5"].data_type, found["1176.5"].number_format) == ("n", "#,##0.0")
    assert (found["9.8"].value, found["9.8"].number_format) == (9.8, "0.00")
    assert (found["0.9804"].value, found["0.9804"].number_format) == (0.9804, "0.00%")


def test_what_a_double_cannot_hold_is_text() -> None:
    assert cells(FORM)["123,456,789,012,345,678.9"].data_type == "s"


def test_texts_of_a_workbook_stay_texts() -> None:
    found = cells(FORM)
    for text in ("=1+1", "0102007", "500"):
        assert (found[text].data_type, found[text].number_format) == ("s", "@")


def test_a_workbook_has_a_sheet_for_each_form_with_a_name_of_its_own() -> None:
    forms = []
    for project in ("绿道养护", "绿道养护", "古树[保护]/2023:*?", "长" * 40, "长" * 40, "History", "'"):
        form = deepcopy(FORM)
        form["heading"]["project"] = project
        forms.append(form)
    book = openpyxl.load_workbook(io.BytesIO(write(".xlsx", *forms).content))
    assert book.sheetnames == [
        "绿道养护", "绿道养护 (2)", "古树保护2023", "长" * 31, "长" * 27 + " (2)", "History1", "自评表",
    ]  # fmt: skip


def test_the_header_of_indicators_repeats_on_every_page() -> None:
    page = sheet(FORM)
    row = next(row for row in range(1, page.max_row + 1) if page.cell(row, 2).value == "一级指标")
    assert page.print_title_rows == f"${row}:${row}"
    repeated = [
        [text.text for text in row.iter(f"{W}t")]
        for row in word_tables(FORM)[-1].iter(f"{W}tr")
        if row.find(f"{W}trPr/{W}tblHeader") is not None
    ]
    assert repeated == [["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"]]
    assert write(".html", FORM).content.decode().count("<thead>") == 1


def test_no_merged_cell_leaves_a_repeated_header() -> None:
    """Word does not repeat a header row that shares a cell with the rows below."""
    header = word_tables(FORM)[-1].find(f"{W}tr")
    assert header is not None
    assert header.find(f".//{W}vMerge") is None


def test_rows_do_not_split_over_pages_unless_they_are_long() -> None:
    form = deepcopy(FORM)
    form["goals"]["expected"] = "养护三十公里，" * 300
    splitting = [
        "".join(text.text or "" for text in row.iter(f"{W}t"))[:10]
        for table in word_tables(form)
        for row in table.iter(f"{W}tr")
        if row.find(f"{W}trPr/{W}cantSplit") is None
    ]
    assert splitting == ["养护三十公里，养护三"]


def test_wide_forms_turn_the_page() -> None:
    form = deepcopy(FORM)
    for row in form["indicators"]:
        row.update(criterion="按比例得分", operator="≥", unit="公里", explanation="", completion_status="完成")
    document = docx.Document(io.BytesIO(write(".docx", FORM, form).content))
    assert [section.orientation for section in document.sections] == [0, 1]
    assert sheet(form).page_setup.orientation == "landscape"
    assert sheet(FORM).page_setup.orientation == "portrait"
    assert '<section class="wide">' in write(".html", form).content.decode()


def test_a_page_needs_nothing_else() -> None:
    page = write(".html", FORM).content.decode()
    assert not re.search(r"(src|href)=|@import|url\(", page)
    assert "size: A4" in page
    assert "<title>绿道养护</title>" in page


def test_a_column_is_there_exactly_when_a_row_has_a_value() -> None:
    page = write(".html", FORM).content.decode()
    for header in ("年初预算数", "偏差原因分析及改进措施", "指标性质", "实际完成情况", "主管部门"):
        assert header not in page
    form = deepcopy(FORM)
    form["indicators"][1]["explanation"] = ""
    form["goals"]["achieved"] = ""
    page = write(".html", form).content.decode()
    assert "偏差原因分析及改进措施" in page
    assert "实际完成情况" in page


def test_equal_levels_are_one_cell() -> None:
    rows = {str(area) for area in sheet(FORM).merged_cells.ranges}
    first = next(row for row in range(1, 30) if sheet(FORM).cell(row, 2).value == "产出指标")
    assert {f"B{first}:B{first + 1}", f"C{first}:C{first + 1}"} <= rows


def test_a_long_goal_takes_several_rows_of_a_workbook() -> None:
    form = deepcopy(FORM)
    form["goals"]["expected"] = "养护三十公里，" * 9000
    page = sheet(form)
    pieces = [str(cell.value) for row in page.iter_rows() for cell in row if str(cell.value).startswith("养护三十")]
    assert len(pieces) > 1
    assert all(len(piece) <= 32_767 for piece in pieces)
    assert max(page.row_dimensions[row].height for row in range(1, page.max_row + 1)) <= 409


@pytest.mark.parametrize("suffix", FORMATS)
def test_control_characters_are_shown_and_said(suffix: str) -> None:
    form = deepcopy(FORM)
    form["indicators"][0]["name"] = "养护\x01长度\ud800"
    rendered = write(suffix, form)
    assert [(each.document, each.pointer) for each in rendered.omissions] == [(0, "/indicators/0/name")]
    content = rendered.content
    if suffix != ".html":
        archive = zipfile.ZipFile(io.BytesIO(content))
        content = b"".join(archive.read(name) for name in archive.namelist())
    assert "养护\ufffd长度\ufffd" in content.decode()


def omissions(**changes: Any) -> list[tuple[str, str]]:
    return [(each.pointer, each.reason.en) for each in write(".html", {**FORM, **changes}).omissions]


def test_what_is_not_printed_is_said() -> None:
    assert omissions() == []
    assert omissions(lintperf={"ignore": []}) == [
        ("/lintperf", "settings of the check are no part of a form and are not printed")
    ]
    misplaced = [{"column": "实际完成值", "value": Decimal(7)}, {"column": "备注", "value": Decimal(8)}]
    assert omissions(total={**FORM["total"], "misplaced": misplaced}) == [
        ("/total/misplaced/1", "the form has no free column named 备注; it is not printed")
    ]
    merged = [{**FORM["indicators"][0], "merged": ["score"]}]
    assert omissions(indicators=merged) == [
        ("/indicators/0/merged", "cannot be merged with the row above; printed apart")
    ]


def test_the_index_of_the_document_is_said() -> None:
    (omission,) = write(".docx", FORM, {**FORM, "lintperf": {"ignore": []}}).omissions
    assert isinstance(omission, Omission)
    assert omission.document == 1
