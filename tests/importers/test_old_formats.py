"""Workbooks before .xlsx and beside it, web archives, and what systems export under the names of old formats."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
import xlwt
from lintperf_builtin.importers import IMPORTERS
from office_files import FORM, TITLE, excel, page, read, word, zip_file
from old_files import all_of, ods_file, ods_xml, web_archive, xls, xml_sheet

from lintperf.document import Document
from lintperf.extension import Source, UnreadableError
from lintperf.model import Remark, SheetPlace

DATA = read(word([TITLE, FORM]), ".docx")[0].data
FILES = all_of([TITLE, FORM])


def without_layout(document: Document) -> dict:
    return {key: value for key, value in document.data.items() if key != "origin"}


@pytest.mark.parametrize("name", FILES)
def test_every_format_gives_the_same_form(name: str) -> None:
    (document,) = read(FILES[name], Path(name).suffix)
    assert without_layout(document) == DATA
    assert document.remarks == []


def test_current_formats_under_old_names() -> None:
    for content, suffix in (
        (excel([TITLE, FORM]), ".xls"), (excel([TITLE, FORM]), ".et"), (word([TITLE, FORM]), ".wps"),
        (word([TITLE, FORM]), ".doc"), (FILES["form.ods"], ".xls"), (word([TITLE, FORM]), ".docm"),
    ):  # fmt: skip
        (document,) = read(content, suffix)
        assert without_layout(document) == DATA


def test_places_in_workbooks() -> None:
    for name in ("form.xls", "form.ods", "xml.xls"):
        (document,) = read(FILES[name], Path(name).suffix)
        assert document.locate("/indicators/0/name") == SheetPlace("表1", "D12")


def old_workbook(write: object) -> bytes:
    """The form as .xls, with one more sheet that `write` fills."""
    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("表1")
    rows = [
        ["项目名称", "古树保护"],
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"],
        ["产出指标", "数量指标", "挂牌古树"],
    ]
    for row, cells in enumerate(rows):
        for column, text in enumerate(cells):
            sheet.write(row, column, text)
    write(book, sheet)  # type: ignore[operator]
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def test_xls_shows_numbers_by_their_formats() -> None:
    def write(_book: object, sheet: xlwt.Worksheet) -> None:
        for column, value, number_format in (
            (3, 0.95, "0%"), (4, 45291, 'yyyy"年"m"月"'), (5, 9.8, "0.00"), (6, 9.5, "General"),
        ):  # fmt: skip
            sheet.write(2, column, value, xlwt.easyxf(num_format_str=number_format))
        sheet.write(0, 3, 102007, xlwt.easyxf(num_format_str="0000000"))

    (document,) = read(old_workbook(write), ".xls")
    row = document.data["indicators"][0]
    assert (row["target"], row["actual"], str(row["weight"]), str(row["score"])) == ("95%", "2023年12月", "9.80", "9.5")


def test_xls_says_what_is_hidden() -> None:
    def write(_book: object, sheet: xlwt.Worksheet) -> None:
        sheet.visibility = 1
        sheet.row(2).hidden = True
        sheet.col(1).hidden = True

    (document,) = read(old_workbook(write), ".xls")
    hidden = [remark for remark in document.remarks if remark.variant == "hidden"]
    assert [(remark.arguments["where"].zh, remark.place) for remark in hidden] == [
        ("工作表", SheetPlace("表1", "A1")),
        ("第 3 行", SheetPlace("表1", "A3")),
        ("B 列", SheetPlace("表1", "B1")),
    ]


def test_ods_text_of_a_cell() -> None:
    xml = ods_xml([[["甲", "x"]]]).replace(
        "<text:p>x</text:p>",
        "<office:annotation><text:p>批注</text:p></office:annotation>"
        '<text:p>一<text:s text:c="2"/>二<text:line-break/>三<text:tab/><text:span>四</text:span></text:p>'
        "<text:p>五</text:p>",
    )
    assert texts(xml) == [["甲", "一  二\n三\t四\n五"]]


def texts(xml: str) -> list[list[str]]:
    from lintperf_builtin.importers.ods import read_ods

    return [[cell.text if cell else "" for cell in row] for row in read_ods(ods_file(xml))[0].blocks[0].rows]


def test_ods_repeats_and_hides() -> None:
    from lintperf_builtin.importers.ods import read_ods

    xml = ods_xml([["x"]])
    start = xml.index("<table:table ")
    xml = (
        xml[:start] + '<table:table table:name="表1"><table:table-column table:number-columns-repeated="2"/>'
        '<table:table-column table:visibility="collapse"/>'
        '<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="2"/>'
        '<table:table-cell table:number-columns-repeated="2"><text:p>x</text:p></table:table-cell></table:table-row>'
        '<table:table-row table:number-rows-repeated="1048000"><table:table-cell '
        'table:number-columns-repeated="16384"/></table:table-row></table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    assert texts(xml) == [["", "", "x", "x"], ["", "", "x", "x"]]
    (remark,) = read_ods(ods_file(xml))[0].remarks
    assert (remark.arguments["where"].zh, remark.arguments["text"]) == ("C 列", "x")


def test_ods_formula_without_a_result() -> None:
    xml = ods_xml([TITLE, FORM]).replace("<text:p>无偏差</text:p>", "", 1)
    blank = xml.index("<table:table-cell ", xml.index("２０分")) + len("<table:table-cell ")
    xml = xml[:blank] + 'table:formula="of:=CONCATENATE([.A1])" ' + xml[blank:]
    (document,) = read(ods_file(xml), ".ods")
    assert [(r.kind, r.variant, r.arguments) for r in document.remarks] == [
        ("unreadable-document", "no-result", {"formula": "=CONCATENATE([.A1])"})
    ]


def test_ods_with_a_password() -> None:
    content = ods_file("\x01", **{"META-INF/manifest.xml": "<m><manifest:encryption-data/></m>"})
    assert "密码" in refused(content, ".ods").reason.zh


def refused(content: bytes, suffix: str) -> UnreadableError:
    with pytest.raises(UnreadableError) as caught:
        read(content, suffix)
    return caught.value


def test_xml_spreadsheet_formats_encodings_and_what_is_hidden() -> None:
    xml = xml_sheet([TITLE, FORM])
    xml = xml.replace(
        "<Worksheet", '<Styles><Style ss:ID="s1"><NumberFormat ss:Format="0.00"/></Style>'
        '<Style ss:ID="s2" ss:Parent="s1"/><Style ss:ID="s3"><NumberFormat ss:Format="Percent"/></Style>'
        "</Styles><Worksheet",
    )  # fmt: skip
    score = xml.index(">9.80<")
    cell = xml.rindex("<Cell", 0, score)
    changed = xml[cell:score].replace("<Cell ", '<Cell ss:StyleID="s2" ').replace("String", "Number") + ">9.8<"
    xml = xml[:cell] + changed + xml[score + len(">9.80<") :]
    xml = xml.replace('<Row ss:Index="13">', '<Row ss:Index="13" ss:Hidden="1">').replace("?>", ' encoding="gbk"?>', 1)
    (document,) = read(xml.encode("gbk"), ".xls")
    assert without_layout(document) == DATA
    assert [(r.variant, r.arguments["where"].zh) for r in document.remarks] == [("hidden", "第 13 行")]


def test_text_by_tabs_named_xls() -> None:
    text = "\n".join(["\t".join(["项目名称", "古树保护"]), "\t".join(
        ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"]),
        "\t".join(["产出指标", "数量指标", "挂牌古树", "≥30株", "31株", "50", "50"])])  # fmt: skip
    (document,) = read(text.encode("gb18030"), ".xls")
    assert [row["name"] for row in document.data["indicators"]] == ["挂牌古树"]


@pytest.mark.parametrize("charset", ["utf-8", "gb2312"])
def test_web_archive_states_the_encoding(charset: str) -> None:
    bare = page([TITLE, FORM]).decode().replace('<meta charset="utf-8">', "")
    encoding = "gb18030" if charset == "gb2312" else charset
    (document,) = read(web_archive(bare.encode(encoding), charset), ".mhtml")
    assert without_layout(document) == DATA


def ole(*streams: str) -> bytes:
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "\x00".join(streams).encode("utf-16-le") + bytes(600)


@pytest.mark.parametrize(
    ("content", "suffix", "says", "remedy"),
    [
        (ole("WordDocument"), ".doc", "旧版 Word", "--allow-libreoffice"),
        (ole("WordDocument"), ".wps", "旧版 Word", ".docx"),
        (ole("WordDocument"), ".docx", "旧版 Word", ".docx"),
        (b"{\\rtf1 x}", ".rtf", "RTF", "--allow-libreoffice"),
        (b"{\\rtf1 x}", ".doc", "RTF", "--allow-libreoffice"),
        (zip_file({"mimetype": "application/vnd.oasis.opendocument.text"}), ".odt", "OpenDocument", ".docx"),
        (zip_file({"xl/workbook.bin": "x"}), ".xlsb", ".xlsb", ".xlsx"),
        (ole("EncryptedPackage"), ".xls", "密码", "密码"),
        (ole("Workbook"), ".xlsx", "旧版 Excel", ".xls"),
        (xls([TITLE]), ".xlsx", "旧版 Excel", ".xls"),
        (FILES["form.ods"], ".xlsx", "OpenDocument", ".ods"),
        (FILES["xml.xls"], ".xlsx", "XML 电子表格", ".xls"),
        (FILES["form.mht"], ".docx", "网页档案", ".mht"),
        (
            b'<?xml version="1.0"?><?mso-application progid="Word.Document"?><w:wordDocument/>',
            ".doc",
            "Word XML",
            ".docx",
        ),
        (b"plain words", ".xls", "不是 Office", ""),
        (b"MIME-Version: 1.0\nContent-Type: text/plain\n\nx", ".mht", "没有网页", ".html"),
        (xls([TITLE])[:3000], ".xls", "损坏", "另存"),
    ],
)
def test_what_is_not_read_says_the_way_out(content: bytes, suffix: str, says: str, remedy: str) -> None:
    error = refused(content, suffix)
    assert says in error.reason.zh
    assert remedy in (error.remedy.zh if error.remedy else "")


def test_libreoffice_never_runs_unasked(monkeypatch: pytest.MonkeyPatch) -> None:
    from lintperf_builtin.importers import libreoffice

    monkeypatch.setattr(libreoffice, "converted", lambda *_: pytest.fail("it ran"))
    for suffix in (".doc", ".docx", ".wps", ".rtf"):
        refused(ole("WordDocument"), suffix)


def read_with_help(content: bytes, suffix: str) -> list[Document]:
    importer = next(one for one in IMPORTERS if suffix in one.suffixes)
    return list(importer.read(Source(f"form{suffix}", content, frozenset({"libreoffice"}))))


def fake_program(folder: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> None:
    program = folder / "soffice"
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/bin:/usr/bin")


def test_libreoffice_converts_in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "made.docx").write_bytes(word([TITLE, FORM]))
    script = (
        "mkdir out; cp {0}/made.docx out/form.docx; pwd > {0}/where; echo $@ > {0}/arguments; "
        "cp profile/user/registrymodifications.xcu {0}/"
    )
    fake_program(tmp_path, monkeypatch, script.format(tmp_path))
    (document,) = read_with_help(ole("WordDocument"), ".wps")
    assert without_layout(document) == DATA
    (remark,) = document.remarks
    assert (remark.kind, remark.variant, remark.arguments["from"]) == ("unreadable-document", "converted", ".wps")
    assert not Path((tmp_path / "where").read_text().strip()).exists()
    assert "--convert-to docx" in (tmp_path / "arguments").read_text()
    settings = (tmp_path / "registrymodifications.xcu").read_text()
    assert 'name="DisableMacrosExecution" oor:op="fuse"><value>true' in settings


def test_libreoffice_missing_failing_and_slow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lintperf_builtin.importers import libreoffice

    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnreadableError, match="was not found"):
        read_with_help(ole("WordDocument"), ".doc")
    fake_program(tmp_path, monkeypatch, "exit 1")
    with pytest.raises(UnreadableError, match="could not convert"):
        read_with_help(ole("WordDocument"), ".doc")
    fake_program(tmp_path, monkeypatch, f"echo $$ > {tmp_path}/id; sleep 600 & echo $! >> {tmp_path}/id; wait")
    monkeypatch.setattr(libreoffice, "_SECONDS", 1.0)
    with pytest.raises(UnreadableError, match="did not finish"):
        read_with_help(ole("WordDocument"), ".doc")
    for number in (tmp_path / "id").read_text().split():
        status = Path(f"/proc/{number}/stat")
        assert not status.exists() or status.read_text().split()[2] == "Z"


def test_xlsx_in_parts_with_other_prefixes_and_places() -> None:
    archive = zipfile.ZipFile(io.BytesIO(excel([TITLE, FORM])))
    parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    for tag in (b"worksheet", b"sheetData", b"row", b"mergeCells", b"mergeCell", b"is", b"c", b"v", b"t"):
        for start in (b"<", b"</"):
            for end in (b" ", b">", b"/"):
                parts[sheet] = parts[sheet].replace(start + tag + end, start + b"x:" + tag + end)
    parts[sheet] = parts[sheet].replace(b"xmlns=", b"xmlns:x=")
    (document,) = read(zip_file(parts), ".xlsx")
    assert without_layout(document) == DATA


def test_remarks_are_plain_data() -> None:
    assert Remark("unmapped-content").severity is None
