"""Comments, fills and corrected values in workbooks: all else as it was."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

import openpyxl
import pytest
from marks import WRONG_RATE, annotate, check, findings, fixed, part, parts_of
from office_files import excel, zip_file
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from lintperf.model import SheetPlace

CONTENT = excel(WRONG_RATE)
RATE = "H5"
RED, YELLOW, BLUE, GREEN = "FFFFC7CE", "FFFFEB9C", "FFDDEBF7", "FFC6EFCE"


def book(content: bytes, values: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=values)


def changed_book(change: Callable[[Any], None], content: bytes = CONTENT) -> bytes:
    """The workbook with a change made in its first sheet."""
    loaded = book(content)
    change(loaded.worksheets[0])
    buffer = io.BytesIO()
    loaded.save(buffer)
    return buffer.getvalue()


def with_part(content: bytes, name: str, old: str, new: str) -> bytes:
    parts = parts_of(content)
    text = parts[name].decode()
    assert old in text
    return zip_file({**parts, name: text.replace(old, new)})


def numeric(sheet: Any) -> None:
    sheet[RATE].value = 0.95
    sheet[RATE].number_format = "0.00"


def codes(content: bytes) -> set[str]:
    return {finding.code for finding in findings(check(content, ".xlsx"))}


def test_each_cell_with_findings_has_one_comment_and_a_fill() -> None:
    copy = annotate(CONTENT, ".xlsx")
    found = findings(check(CONTENT, ".xlsx"))
    sheet = book(copy.content).worksheets[0]
    commented = {cell.coordinate: cell for row in sheet.iter_rows() for cell in row if cell.comment is not None}
    places = {finding.place.cell for finding in found if isinstance(finding.place, SheetPlace)}
    assert set(commented) == places
    assert (copy.comments, copy.cells) == (len(found), len(places))
    comment = commented[RATE].comment
    assert comment.author == "lintperf"
    assert comment.text.startswith("错误 LP301 执行率计算错误\n执行率写为 0.95")
    assert comment.text.endswith("lintperf rule LP301")
    assert commented[RATE].fill.fgColor.rgb == RED
    for finding in found:
        assert isinstance(finding.place, SheetPlace)
        assert f" {finding.code} " in commented[finding.place.cell].comment.text


def test_the_comments_have_shapes_and_all_parts_are_xml() -> None:
    parts = parts_of(annotate(CONTENT, ".xlsx").content)
    for name, content in parts.items():
        if name.endswith((".xml", ".rels", ".vml")):
            ElementTree.fromstring(content)
    drawing = parts["xl/drawings/vmlDrawing1.vml"].decode()
    comments = parts["xl/comments1.xml"].decode()
    assert drawing.count("<v:shape ") == comments.count("<comment ") > 0
    assert "<x:Row>4</x:Row><x:Column>7</x:Column>" in drawing
    assert len(set(re.findall("_x0000_s[0-9]+", drawing))) == drawing.count("<v:shape ")


def test_only_the_sheet_the_styles_and_the_lists_of_parts_change() -> None:
    before, after = parts_of(CONTENT), parts_of(annotate(CONTENT, ".xlsx").content)
    assert list(after)[: len(before)] == list(before)
    differ = {name for name in before if before[name] != after[name]}
    assert differ == {
        "[Content_Types].xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml",
        "xl/worksheets/sheet1.xml",
    }  # fmt: skip
    assert set(after) - set(before) == {
        "xl/comments1.xml", "xl/drawings/vmlDrawing1.vml", "xl/worksheets/_rels/sheet1.xml.rels",
        "xl/worksheets/lintperf1.xml",
    }  # fmt: skip


def test_in_the_sheet_only_styles_of_cells_and_the_drawing_are_new() -> None:
    name = "xl/worksheets/sheet1.xml"
    before, after = part(CONTENT, name), part(annotate(CONTENT, ".xlsx").content, name)
    drawing = re.search("<legacyDrawing [^>]*/>", after)
    assert drawing is not None
    # the one before it in the schema's order, and the end of the sheet
    assert re.search("<pageMargins [^>]*/>$", after[: drawing.start()])
    assert after[drawing.end() :] == "</worksheet>"
    style = re.compile(r' s="[0-9]+"')
    assert style.sub("", after.replace(drawing[0], "")) == style.sub("", before)


def test_values_formats_and_other_formatting_stay() -> None:
    def style(sheet: Any) -> None:
        numeric(sheet)
        sheet[RATE].font = Font(bold=True, name="宋体")
        sheet[RATE].number_format = "0.000"
        sheet["K1"].value = "=1+1"
        sheet["A1"].fill = PatternFill("solid", fgColor="FF123456")

    content = changed_book(style)
    copy = book(annotate(content, ".xlsx").content)
    before, after = book(content).worksheets[0], copy.worksheets[0]
    for row in before.iter_rows():
        for cell in row:
            other = after[cell.coordinate]
            assert (cell.value, cell.number_format) == (other.value, other.number_format)
            for kind in ("font", "border", "alignment", "protection"):
                assert repr(getattr(cell, kind)) == repr(getattr(other, kind))
            assert other.comment is not None or repr(cell.fill) == repr(other.fill)


def test_the_sheet_with_the_legend_lists_all_findings_and_is_no_form() -> None:
    copy = annotate(CONTENT, ".xlsx").content
    found = findings(check(CONTENT, ".xlsx"))
    loaded = book(copy)
    assert loaded.sheetnames == ["表1", "lintperf"]
    rows = list(loaded["lintperf"].iter_rows(values_only=True))
    head = next(number for number, row in enumerate(rows) if row[0] == "级别")
    assert [row[1] for row in rows[head + 1 :]] == [finding.code for finding in found]
    assert any(row[2].startswith(f"表1!{RATE} ") and "0.95" in row[3] and row[4] and row[5] for row in rows[head + 1 :])
    fills = {row[0].value: row[0].fill.fgColor.rgb for row in loaded["lintperf"].iter_rows() if row[0].value}
    assert (fills["错误"], fills["警告"], fills["提示"]) == (RED, YELLOW, BLUE)
    assert check(copy, ".xlsx").documents == check(CONTENT, ".xlsx").documents
    again = book(annotate(copy, ".xlsx").content)
    assert again.sheetnames == ["表1", "lintperf", "lintperf (2)"]


def test_the_same_input_gives_the_same_bytes() -> None:
    assert annotate(CONTENT, ".xlsx") == annotate(CONTENT, ".xlsx")


@pytest.mark.parametrize("title", ["2023 年", "A&B", "甲'乙", "<表>"])
def test_names_of_sheets(title: str) -> None:
    content = changed_book(lambda sheet: setattr(sheet, "title", title))
    copy = book(annotate(content, ".xlsx").content)
    assert copy[title][RATE].comment is not None
    (link,) = {
        cell.hyperlink.location
        for row in copy["lintperf"].iter_rows()
        for cell in row
        if cell.hyperlink and cell.hyperlink.location.endswith(f"!{RATE}")
    }
    assert link == "'" + title.replace("'", "''") + f"'!{RATE}"


def test_existing_comments_are_kept_and_joined() -> None:
    def comment(sheet: Any) -> None:
        sheet[RATE].comment = Comment("已与财务核对", "处长")
        sheet["B2"].comment = Comment("全称？", "处长")

    content = changed_book(comment)
    copy = annotate(content, ".xlsx").content
    sheet = book(copy).worksheets[0]
    assert (sheet["B2"].comment.text, sheet["B2"].comment.author) == ("全称？", "处长")
    joined = sheet[RATE].comment
    assert joined.author == "处长"
    assert joined.text.startswith("已与财务核对\n\n错误 LP301 ")
    before, after = parts_of(content), parts_of(copy)
    assert set(after) - set(before) == {"xl/worksheets/lintperf1.xml"}
    (drawing,) = [name for name in after if name.endswith(".vml")]
    shapes = after[drawing].decode()
    cells = re.findall(r"<(?:\w+:)?Row>([0-9]+)</(?:\w+:)?Row>\s*<(?:\w+:)?Column>([0-9]+)<", shapes)
    assert len(cells) == len(set(cells)) == len([1 for row in sheet.iter_rows() for cell in row if cell.comment])
    assert len(re.findall("<(?:v:)?legacyDrawing ", after["xl/worksheets/sheet1.xml"].decode())) == 1
    ids = re.findall(r'<(?:\w+:)?shape [^>]*\bid="(_x0000_s[0-9]+)"', shapes)
    assert len(ids) == len(set(ids))


def test_a_number_is_corrected_as_a_number_in_its_format() -> None:
    content = changed_book(numeric)
    assert "LP301" in codes(content)
    copy = fixed(content, ".xlsx")
    cell = book(copy.content).worksheets[0][RATE]
    assert (cell.value, cell.number_format, cell.data_type) == (0.98, "0.00", "n")
    assert cell.fill.fgColor.rgb == GREEN
    assert "已改正 0.95 → 0.98" in cell.comment.text
    assert "LP301" not in codes(copy.content)
    assert [(fix.place, fix.found, fix.value) for fix in copy.corrected] == [
        (SheetPlace("表1", RATE), Decimal("0.95"), Decimal("0.98"))
    ]
    assert 'fullCalcOnLoad="1"' in part(copy.content, "xl/workbook.xml")


def test_a_percentage_is_corrected_as_the_number_behind_it() -> None:
    def percent(sheet: Any) -> None:
        sheet[RATE].value = 0.95
        sheet[RATE].number_format = "0%"

    copy = fixed(changed_book(percent), ".xlsx").content
    cell = book(copy).worksheets[0][RATE]
    assert (cell.value, cell.number_format) == (0.98, "0%")


def test_a_text_stays_a_text() -> None:
    copy = fixed(CONTENT, ".xlsx").content
    cell = book(copy).worksheets[0][RATE]
    assert (cell.value, cell.data_type) == ("0.98", "s")
    shared = changed_book(lambda sheet: setattr(sheet[RATE], "value", "0.95 "))
    assert book(fixed(shared, ".xlsx").content).worksheets[0][RATE].value == "0.98 "


def test_a_formula_is_not_replaced() -> None:
    content = with_part(
        changed_book(numeric), "xl/worksheets/sheet1.xml", "<v>0.95</v>", "<f>1.9/2</f><v>0.95</v>"
    )  # fmt: skip
    copy = fixed(content, ".xlsx")
    assert copy.corrected == []
    assert book(copy.content).worksheets[0][RATE].value == "=1.9/2"
    assert book(copy.content, values=True).worksheets[0][RATE].value == 0.95
    assert "可改为 0.98" in book(copy.content).worksheets[0][RATE].comment.text


def test_cells_and_rows_that_the_file_does_not_hold_are_made_in_their_place() -> None:
    def blank(sheet: Any) -> None:
        sheet["G13"].value = None

    content = changed_book(blank)
    copy = annotate(content, ".xlsx")
    sheet = part(copy.content, "xl/worksheets/sheet1.xml")
    rows = [int(row) for row in re.findall('<row r="([0-9]+)"', sheet)]
    assert rows == sorted(set(rows))
    for row in re.findall("<row .*?</row>", sheet):
        columns = [openpyxl.utils.column_index_from_string(name) for name in re.findall('<c r="([A-Z]+)', row)]
        assert columns == sorted(set(columns))
    places = {finding.place for finding in findings(check(content, ".xlsx"))}
    assert copy.cells == len(places)
    assert check(copy.content, ".xlsx").documents == check(content, ".xlsx").documents


def test_a_prefix_for_the_main_namespace() -> None:
    parts = parts_of(CONTENT)
    for name in ("xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"):
        text = re.sub(r"(</?)(?!\?)(?=[a-zA-Z])", r"\1x:", parts[name].decode())
        parts[name] = text.replace("xmlns=", "xmlns:x=").encode()
    content = zip_file(dict(parts))
    copy = fixed(content, ".xlsx").content
    assert book(copy).worksheets[0][RATE].comment is not None
    assert book(copy).worksheets[0][RATE].fill.fgColor.rgb == GREEN
    assert "LP301" not in codes(copy)


def test_several_sheets_and_macros() -> None:
    content = excel(WRONG_RATE, ["说明"], WRONG_RATE)
    copy = annotate(content, ".xlsx").content
    loaded = book(copy)
    assert [sheet[RATE].comment is not None for sheet in loaded.worksheets] == [True, False, True, False]
    before, after = parts_of(content), parts_of(copy)
    assert before["xl/worksheets/sheet2.xml"] == after["xl/worksheets/sheet2.xml"]
    blocks = [re.findall('data="([0-9]+)"', part(copy, f"xl/drawings/vmlDrawing{n}.vml")) for n in (1, 2)]
    assert blocks == [["1"], ["2"]]
    macros = zip_file({**parts_of(CONTENT), "xl/vbaProject.bin": b"\x00\x01"})
    assert parts_of(annotate(macros, ".xlsm").content)["xl/vbaProject.bin"] == b"\x00\x01"


def test_a_workbook_without_a_form_has_its_finding_in_its_first_cell() -> None:
    copy = annotate(excel(["会议通知"]), ".xlsx")
    assert (copy.comments, copy.cells) == (1, 1)
    assert book(copy.content).worksheets[0]["A1"].comment.text.split()[1] == "LP003"


@pytest.mark.filterwarnings("ignore:Workbook contains no default style")
def test_a_workbook_without_styles_gets_its_own() -> None:
    parts = parts_of(CONTENT)
    del parts["xl/styles.xml"]
    name = "xl/_rels/workbook.xml.rels"
    parts[name] = re.sub(rb"<Relationship [^>]*styles[^>]*/>", b"", parts[name])
    parts["[Content_Types].xml"] = re.sub(rb"<Override [^>]*styles[^>]*/>", b"", parts["[Content_Types].xml"])
    copy = annotate(zip_file(dict(parts)), ".xlsx").content
    assert book(copy).worksheets[0][RATE].fill.fgColor.rgb == RED


def test_a_rounded_number_is_recognised_and_another_scale_is_not() -> None:
    def rounded(sheet: Any) -> None:
        sheet[RATE].value = 0.945
        sheet[RATE].number_format = "0.00"

    assert book(fixed(changed_book(rounded), ".xlsx").content).worksheets[0][RATE].value == 0.98

    def truth(sheet: Any) -> None:
        sheet[RATE].value = True

    content = changed_book(truth)
    assert book(annotate(content, ".xlsx").content).worksheets[0][RATE].value is True


def test_a_comment_stands_beside_its_cell_whatever_the_widths() -> None:
    def widths(sheet: Any) -> None:
        sheet.column_dimensions["I"].width = 100
        sheet.row_dimensions[5].height = 300

    drawing = part(annotate(changed_book(widths), ".xlsx").content, "xl/drawings/vmlDrawing1.vml")
    behind = "</x:Anchor><x:AutoFill>False</x:AutoFill><x:Row>4</x:Row><x:Column>7<"
    (anchor,) = re.findall(f"<x:Anchor>([^<]*){behind}", drawing)
    assert anchor.startswith("8, 12, 4, 12, ")
    column, offset, row, _ = anchor.split(", ")[4:]
    # 260 points are 346 pixels: they end within column I (700 pixels) and row 5 (400 pixels)
    assert (column, offset, row) == ("8", "358", "4")
