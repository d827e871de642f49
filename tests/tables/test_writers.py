"""Tables as workbooks, CSV, JSON and text: what stands where, hostile texts, the same bytes each time."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from lintperf.display import display_width
from lintperf.extension import Column, Table
from lintperf.model import Severity, Text
from lintperf.results import View
from lintperf.tables.collect import Entry
from lintperf.tables.sheet import cell_text
from lintperf.tables.workbook import Workbook
from lintperf.tables.writing import MOST_SHEETS, TABLE_FORMATS, write_table

D = Decimal
HOSTILE = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(A1)",
    "＝1+1",
    '<script>"&amp;',
    "a\x1b[31m\u202eb",
    "\ud800",
    "x" * 40_000,
]

# a table of a domain that nobody here knows
ROADS = Table(
    "roads",
    "road-survey",
    (
        Column("road", Text("道路", "Road"), width=8),
        Column("length", Text("长度", "Length"), "number", total=True),
        Column("cost", Text("造价", "Cost"), "money", total=True),
        Column("share", Text("占比", "Share"), "percent", mean=True),
        Column("lanes", Text("车道", "Lanes"), "count", mean=True),
        Column("remark", Text("备注", "Remark"), width=20),
    ),
    lambda subject: [],
    Text("道路一览", "Roads"),
)
ROWS: list[dict[str, Any]] = [
    {"road": "滨江路", "length": D("12.50"), "cost": D("1234567.80"), "share": D("0.25"), "lanes": 4, "remark": None},
    {"road": "古树巷", "length": D("3.1"), "cost": D("200"), "share": D(1) / 3, "lanes": D(2), "tone": "bad",
     "remark": Text("路面破损", "damaged"), "pointer": "/roads/1"},
]  # fmt: skip


def view(lang: str = "zh", width: int = 60) -> View:
    return View(
        lang=lang,  # type: ignore[arg-type]
        rules={},
        titles=lambda _type, path: path,
        both_titles=lambda _type, path: Text(path, path),
        units=lambda _type, _path: None,
        ruleset_name="pack",
        ruleset_hash="0",
        version="1",
        width=width,
        fail_on=Severity.error,
    )


def entry(rows: list[dict[str, Any]], number: int = 0) -> Entry:
    return Entry(f"{number}.json", 0, "road-survey", f"第{number}次调查", "养护所", rows)  # type: ignore[arg-type]


def written(how: str, *entries: Entry, lang: str = "zh", width: int = 60) -> bytes:
    return b"".join(write_table(ROADS, entries, view(lang, width), how))


def workbook(content: bytes) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content))


def test_a_workbook_prints_and_filters() -> None:
    sheet = workbook(written("xlsx", entry(ROWS)))["第0次调查"]
    cells = [[cell.value for cell in line] for line in sheet.iter_rows()]
    assert cells[0][0] == "道路一览"
    assert cells[1][0].split() == ["第0次调查", "·", "养护所", "0.json"]
    assert cells[2] == ["道路", "长度", "造价", "占比", "车道", "备注"]
    assert cells[3] == ["滨江路", 12.5, 1234567.8, 0.25, 4, None]
    assert cells[4][5] == "路面破损"
    formats = [cell.number_format for cell in sheet[4]]
    assert formats == ["General", "0.00", "#,##0.00", "0.00%", "0", "General"]
    assert sheet["B5"].number_format == "0.0"  # as many decimals as the number is written with
    assert (sheet.freeze_panes, sheet.auto_filter.ref, sheet.print_title_rows) == ("A4", "A3:F5", "$3:$3")
    assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
    assert [cells[5][0], cells[5][1], cells[6][0], cells[6][3]] == [
        "合计", "=SUBTOTAL(109,B4:B5)", "平均", "=SUBTOTAL(101,D4:D5)",
    ]  # fmt: skip
    assert sheet["A5"].fill.fgColor.rgb == "FFFDE2E1"


def test_totals_have_their_values_where_nothing_calculates() -> None:
    book = openpyxl.load_workbook(io.BytesIO(written("xlsx", entry(ROWS))), data_only=True)
    sheet = book["第0次调查"]
    assert [sheet["B6"].value, sheet["C6"].value] == [15.6, 1234767.8]
    assert sheet["E7"].value == 3


def test_a_number_that_no_double_holds_stays_a_text() -> None:
    long = D("12345678901234567.89")
    sheet = workbook(written("xlsx", entry([{"road": "长", "length": long, "cost": D("NaN")}])))["第0次调查"]
    assert (sheet["B4"].value, sheet["B4"].data_type) == ("12345678901234567.89", "s")


@pytest.mark.parametrize("text", HOSTILE)
def test_no_text_becomes_a_formula_or_breaks_the_file(text: str) -> None:
    rows = [{"road": text, "length": text, "remark": Text(text, text)}]
    content = written("xlsx", entry(rows))
    for name in zipfile.ZipFile(io.BytesIO(content)).namelist():
        assert b"<f>1+1" not in zipfile.ZipFile(io.BytesIO(content)).read(name)
    sheet = workbook(content)["第0次调查"]
    for cell in (sheet["A4"], sheet["B4"], sheet["F4"]):
        assert cell.data_type in ("s", "inlineStr")
        assert cell.quotePrefix == text.startswith(("=", "+", "-", "@", "＝"))
    line = list(csv.reader(io.StringIO(written("csv", entry(rows)).decode("utf-8-sig"))))[1]
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in line)
    assert json.loads(written("json", entry(rows)))["documents"][0]["rows"][0]["road"] is not None
    shown = written("text", entry(rows)).decode()
    assert "\x1b" not in shown and "\u202e" not in shown


def test_csv_opens_in_excel_and_keeps_numbers() -> None:
    content = written("csv", entry(ROWS), entry([{"road": "-"}], 1))
    assert content.startswith("\ufeff文件,单位,项目,道路,".encode())
    lines = list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))
    assert lines[1] == ["0.json", "养护所", "第0次调查", "滨江路", "12.50", "1234567.80", "25.00%", "4", ""]
    assert lines[2][6] == "33.33%"
    assert lines[3][3] == "-"  # a dash alone is no formula
    assert content.count(b"\r\n") == 4


def test_json_is_exact_and_has_what_is_no_column_but_the_look() -> None:
    got = json.loads(written("json", entry(ROWS), lang="en"), parse_float=D)
    assert (got["table"], got["columns"][2]) == ("roads", {"key": "cost", "title": "Cost", "kind": "money"})
    first, second = got["documents"][0]["rows"]
    assert str(first["cost"]) == "1234567.80"
    assert (second["remark"], second["pointer"], "tone" in second) == ("damaged", "/roads/1", False)


def test_text_is_lined_up_and_fits() -> None:
    lines = written("text", entry(ROWS), width=50).decode().splitlines()
    assert lines[:2] == ["0.json  第0次调查 · 养护所", "道路一览"]
    assert lines[3].split() == ["道路", "长度", "造价", "占比", "车道"]
    assert lines[5].split() == ["滨江路", "12.50", "1,234,567.80", "25.00%", "4"]
    assert lines[7] == "      路面破损"
    assert all(display_width(line) <= 50 for line in lines)
    assert len({display_width(line) for line in lines[3:7]}) == 1


def test_columns_that_do_not_fit_become_lists() -> None:
    lines = written("text", entry(ROWS), width=24).decode().splitlines()
    assert lines[3:9] == ["道路  滨江路", "长度  12.50", "造价  1,234,567.80", "占比  25.00%", "车道  4", ""]
    assert all(display_width(line) <= 24 for line in lines[1:])


def test_many_documents_share_a_sheet() -> None:
    some = workbook(written("xlsx", *(entry(ROWS, number) for number in range(3))))
    assert some.sheetnames == ["第0次调查", "第1次调查", "第2次调查"]
    many = workbook(written("xlsx", *(entry(ROWS, number) for number in range(MOST_SHEETS + 2))))
    assert many.sheetnames == ["道路一览"]
    sheet = many["道路一览"]
    assert [cell.value for cell in sheet[2]][:4] == ["文件", "单位", "项目", "道路"]
    assert sheet.max_row == 2 + 2 * (MOST_SHEETS + 2) + 2


@pytest.mark.parametrize("how", sorted(TABLE_FORMATS))
def test_the_same_rows_give_the_same_bytes_and_none_give_a_file(how: str) -> None:
    assert written(how, entry(ROWS)) == written(how, entry(ROWS))
    assert written(how)


def test_names_of_sheets_are_ones_that_excel_takes() -> None:
    book = Workbook("zh")
    names = [book.name(wanted) for wanted in ("a/b:[c]", "ab c", "A/BC", "", "长" * 50, "'", "长" * 50)]
    assert names[0] == "abc" and names[2] == "ABC2"
    assert len({name.lower() for name in names}) == len(names) and all(0 < len(name) <= 31 for name in names)


def test_rows_beyond_a_sheet_are_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lintperf.tables.workbook._MOST_ROWS", 5)
    rows = [{"road": str(number)} for number in range(9)]
    sheet = workbook(written("xlsx", entry(rows)))["第0次调查"]
    assert sheet["A6"].value == "另有 7 行未列出（超出工作表可容纳的行数）"


@pytest.mark.parametrize(
    ("value", "kind", "text"),
    [
        (D("0.12345"), "percent", "12.35%"),  # half up
        (D("-1234.50"), "money", "-1,234.50"),
        (D("1E+3"), "number", "1000"),
        (True, "count", "是"),
        (None, "text", ""),
        ("两\n行", "text", "两 行"),
    ],
)
def test_cells_as_text(value: Any, kind: Any, text: str) -> None:
    assert cell_text(value, kind, "zh") == text


def test_memory_does_not_hold_the_rows_of_all_documents() -> None:
    """The writers take a document when they have written the one before (a workbook of few keeps some at first)."""
    for how in ("json", "csv", "text"):
        taken: list[int] = []

        def entries(seen: list[int] = taken) -> Iterator[Entry]:
            for number in range(100):
                seen.append(number)
                yield entry(ROWS, number)

        pieces = write_table(ROADS, entries(), view(), how)
        for _ in range(4):
            next(pieces)
        assert len(taken) <= 4
