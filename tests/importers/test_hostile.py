"""Files that are damaged, disguised or made to exhaust the reader: one reason and remedy, never another exception."""

from __future__ import annotations

import io
import random
import time
import tracemalloc
import zipfile

import openpyxl
import pytest
from office_files import FORM, TITLE, W, excel, page, read, word, word_file, word_xml, zip_file

from lintperf.extension import UnreadableError

WORD, EXCEL, HTML = word([TITLE, FORM]), excel([TITLE, FORM]), page([TITLE, FORM])
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500)


def refused(content: bytes, suffix: str) -> UnreadableError:
    """The error, which has to come within the limits of time and memory and to say what to do in both languages."""
    tracemalloc.start()
    begin = time.process_time()
    with pytest.raises(UnreadableError) as caught:
        read(content, suffix)
    assert time.process_time() - begin < 10
    assert tracemalloc.get_traced_memory()[1] < 512 * 1024 * 1024
    tracemalloc.stop()
    error = caught.value
    assert error.reason.zh and error.reason.en and error.reason.zh != error.reason.en
    return error


@pytest.mark.parametrize(
    ("content", "suffix", "says"),
    [
        (EXCEL, ".docx", "Excel"),
        (WORD, ".xlsx", "Word"),
        (WORD, ".html", "Word"),
        (HTML, ".docx", "网页"),
        (HTML, ".xlsx", "网页"),
        (b"%PDF-1.7\n...", ".docx", "PDF"),
        (b"{\\rtf1 text}", ".docx", "RTF"),
        (OLE, ".docx", "旧版"),
        (OLE, ".xlsx", "旧版"),
        (OLE + "EncryptedPackage".encode("utf-16-le"), ".docx", "密码"),
        (zip_file({"a.txt": "x"}), ".docx", "压缩包"),
        (zip_file({"mimetype": "application/vnd.oasis.opendocument.text"}), ".docx", "OpenDocument"),
        (zip_file({"xl/workbook.bin": "x"}), ".xlsx", "xlsb"),
        (b"", ".docx", "空"),
        (b"  \n", ".html", "空"),
        (b"plain text", ".xlsx", "不是 Office"),
        (WORD[: len(WORD) // 2], ".docx", "损坏"),
        (EXCEL[:-100], ".xlsx", "损坏"),
        (b"PK\x03\x04" + bytes(50), ".docx", "损坏"),
    ],
)
def test_what_the_file_really_is(content: bytes, suffix: str, says: str) -> None:
    error = refused(content, suffix)
    assert says in error.reason.zh
    assert error.remedy is not None or "空" in error.reason.zh


def test_zip_with_a_password() -> None:
    content = bytearray(WORD)
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := content.find(mark, start)) >= 0:
            content[start + at] |= 1
            start += 4
    assert "密码" in refused(bytes(content), ".docx").reason.zh


@pytest.mark.parametrize("part", ["word/document.xml", "xl/worksheets/sheet1.xml"])
def test_zip_bomb(part: str) -> None:
    suffix = ".docx" if part.startswith("word") else ".xlsx"
    assert "解压" in refused(zip_file({part: b" " * (40 * 1024 * 1024)}), suffix).reason.zh


def test_size_that_the_zip_declares_too_small() -> None:
    content = bytearray(zip_file({"word/document.xml": word_xml(["长" * 100_000])}))
    for mark, at in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        start = content.find(mark)
        content[start + at : start + at + 4] = (1000).to_bytes(4, "little")
    assert "损坏" in refused(bytes(content), ".docx").reason.zh


ENTITIES = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'


def test_entity_bombs() -> None:
    assert "DOCTYPE" in refused(word_file(ENTITIES + word_xml(["&b;"]).replace("&amp;", "&")), ".docx").reason.zh
    parts = {
        name: zipfile.ZipFile(io.BytesIO(EXCEL)).read(name) for name in zipfile.ZipFile(io.BytesIO(EXCEL)).namelist()
    }
    parts["xl/workbook.xml"] = ENTITIES.encode() + parts["xl/workbook.xml"].split(b"?>")[-1]
    assert "DOCTYPE" in refused(zip_file(parts), ".xlsx").reason.zh


def test_too_many_cells() -> None:
    row = "<w:tr>" + "<w:tc/>" * 60 + "</w:tr>"
    assert (
        "单元格"
        in refused(word_file(f'<w:document xmlns:w="{W}"><w:tbl>{row * 4000}</w:tbl></w:document>'), ".docx").reason.zh
    )
    wide = '<w:tr><w:tc><w:tcPr><w:gridSpan w:val="999999999"/></w:tcPr></w:tc></w:tr>'
    assert (
        "单元格"
        in refused(word_file(f'<w:document xmlns:w="{W}"><w:tbl>{wide}</w:tbl></w:document>'), ".docx").reason.zh
    )
    html = "<table>" + "<tr><td rowspan=60000 colspan=1000>a" * 300 + "</table>"
    assert "单元格" in refused(html.encode(), ".html").reason.zh


def test_merged_range_of_a_whole_sheet() -> None:
    book = openpyxl.load_workbook(io.BytesIO(EXCEL))
    book.active.merge_cells("K1:K2")
    buffer = io.BytesIO()
    book.save(buffer)
    archive = zipfile.ZipFile(buffer)
    parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    parts[sheet] = parts[sheet].replace(b'"K1:K2"', b'"A1:XFD1048576"')
    assert "单元格" in refused(zip_file(parts), ".xlsx").reason.zh


def test_a_stray_cell_in_the_last_row_costs_nothing() -> None:
    book = openpyxl.load_workbook(io.BytesIO(EXCEL))
    book.active["XFD1048576"].font = openpyxl.styles.Font(bold=True)
    buffer = io.BytesIO()
    book.save(buffer)
    assert read(buffer.getvalue(), ".xlsx")[0].data == read(EXCEL, ".xlsx")[0].data


@pytest.mark.parametrize("nested", ["<w:tbl><w:tr><w:tc>", "<w:p>"])
def test_deep_nesting_in_word(nested: str) -> None:
    xml = f'<w:document xmlns:w="{W}">{nested * 20000}'
    with pytest.raises(UnreadableError):
        read(word_file(xml), ".docx")


@pytest.mark.parametrize(
    "piece",
    ["<table><tr><td>", "<div>", "<a ", "<!--", "<![CDATA[", "&", "&#", "<", "</", "<td ", "<!", "<?", "<a b='"],
)
def test_markup_that_repeats(piece: str) -> None:
    content = (piece * (400_000 // len(piece))).encode()
    begin = time.process_time()
    try:
        documents = read(content, ".html")
        assert [document.data for document in documents] == [None]
    except UnreadableError:
        pass
    assert time.process_time() - begin < 10


@pytest.mark.parametrize(("content", "suffix"), [(WORD, ".docx"), (EXCEL, ".xlsx"), (HTML, ".html")])
def test_damaged_bytes_never_raise_anything_else(content: bytes, suffix: str) -> None:
    chance = random.Random(7)
    for _ in range(40):
        damaged = bytearray(content)
        for _ in range(chance.choice((1, 3, 20))):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        if chance.random() < 0.2:
            del damaged[chance.randrange(len(damaged)) :]
        try:
            read(bytes(damaged), suffix)
        except UnreadableError as error:
            assert error.reason.zh


@pytest.mark.parametrize(
    "part", ["xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels"]
)
def test_damaged_parts_of_a_workbook(part: str) -> None:
    archive = zipfile.ZipFile(io.BytesIO(EXCEL))
    parts = {name: archive.read(name) for name in archive.namelist()}
    chance = random.Random(part)
    for _ in range(15):
        xml = bytearray(parts[part])
        for _ in range(2):
            xml[chance.randrange(len(xml))] = chance.choice(b'<>"/ x0A1&')
        try:
            read(zip_file({**parts, part: bytes(xml)}), ".xlsx")
        except UnreadableError as error:
            assert error.reason.zh
