"""Office packages (zip files of XML): what a file really is, and its parts within limits."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from contextlib import contextmanager
from typing import TYPE_CHECKING

from lintperf.extension import UnreadableError
from lintperf.model import Text
from lintperf_builtin.readers.text import check_size

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["damaged", "is_xml", "kind_of", "open_package", "read_part", "refuse_kind"]

MAX_PART = 32 * 1024 * 1024
MAX_TOTAL = 64 * 1024 * 1024
# Deflate reaches 1,032; tables of a form reach 20 to 60.
_MAX_RATIO = 250
_RATIO_FROM = 4 * 1024 * 1024
_MAX_PARTS = 5000

_SAVE_AGAIN = Text(zh="请用 Office 打开后另存一次", en="open the file in an office program and save it again")


def _or_convert(zh: str, en: str) -> Text:
    """A remedy for a format that LibreOffice could convert."""
    return Text(
        zh=f"{zh}；或安装 LibreOffice 并加上 --allow-libreoffice",
        en=f"{en}; or install LibreOffice and give --allow-libreoffice",
    )


# kind → its name, and what to do with such a file
_KINDS: dict[str, tuple[Text, Text | None]] = {
    "encrypted": (
        Text(zh="文件设有打开密码", en="the file is protected by a password"),
        Text(zh="请取消密码后另存", en="save it without the password"),
    ),
    "old": (
        Text(zh="文件是旧版 Office 格式，或已损坏", en="the file has the old Office format, or it is damaged"),
        Text(zh="请另存为 .docx 或 .xlsx", en="save it as .docx or .xlsx"),
    ),
    "old-word": (
        Text(
            zh="文件是旧版 Word 或 WPS 格式（.doc、.wps）", en="the file has the old format of Word or WPS (.doc, .wps)"
        ),
        _or_convert("请用 Word 或 WPS 另存为 .docx", "save it as .docx in Word or WPS"),
    ),
    "old-excel": (
        Text(zh="文件实际是旧版 Excel 格式（.xls、.et）", en="the file has the old format of Excel (.xls, .et)"),
        Text(zh="请将后缀改为 .xls，或另存为 .xlsx", en="rename it to .xls, or save it as .xlsx"),
    ),
    "word": (
        Text(zh="文件实际是 Word 文档", en="the file is really a Word document"),
        Text(zh="请将后缀改为 .docx", en="rename it to .docx"),
    ),
    "excel": (
        Text(zh="文件实际是 Excel 工作簿", en="the file is really an Excel workbook"),
        Text(zh="请将后缀改为 .xlsx", en="rename it to .xlsx"),
    ),
    "excel-binary": (
        Text(zh="文件实际是二进制 Excel 工作簿（.xlsb）", en="the file is really a binary Excel workbook (.xlsb)"),
        _or_convert("请另存为 .xlsx", "save it as .xlsx"),
    ),
    "powerpoint": (
        Text(zh="文件实际是 PowerPoint 演示文稿", en="the file is really a PowerPoint presentation"),
        None,
    ),
    "open-document": (
        Text(zh="文件是 OpenDocument 格式（.odt）", en="the file is an OpenDocument file (.odt)"),
        _or_convert("请另存为 .docx", "save it as .docx"),
    ),
    "open-sheet": (
        Text(zh="文件实际是 OpenDocument 工作簿（.ods）", en="the file is really an OpenDocument workbook (.ods)"),
        Text(zh="请将后缀改为 .ods", en="rename it to .ods"),
    ),
    "xml-sheet": (
        Text(zh="文件实际是 XML 电子表格 2003", en="the file is really an XML Spreadsheet 2003"),
        Text(zh="请将后缀改为 .xls，或另存为 .xlsx", en="rename it to .xls, or save it as .xlsx"),
    ),
    "xml-word": (
        Text(zh="文件实际是 Word XML 文档", en="the file is really a Word XML document"),
        _or_convert("请用 Word 另存为 .docx", "save it as .docx in Word"),
    ),
    "web-archive": (
        Text(zh="文件实际是网页档案（.mht）", en="the file is really a web archive (.mht)"),
        Text(zh="请将后缀改为 .mht", en="rename it to .mht"),
    ),
    "zip": (
        Text(zh="文件是压缩包，不是 Office 文件", en="the file is a zip archive, no office file"),
        Text(zh="请解压后检查其中的文件", en="unpack it and check the files in it"),
    ),
    "pdf": (
        Text(zh="文件实际是 PDF", en="the file is really a PDF"),
        Text(
            zh="请将后缀改为 .pdf，或提供 Word、Excel 原件", en="rename it to .pdf, or use the Word or Excel original"
        ),
    ),
    "rtf": (
        Text(zh="文件是 RTF 文档", en="the file is an RTF document"),
        _or_convert("请用 Word 或 WPS 另存为 .docx", "save it as .docx in Word or WPS"),
    ),
    "html": (
        Text(zh="文件实际是网页", en="the file is really a web page"),
        Text(zh="请将后缀改为 .html", en="rename it to .html"),
    ),
    "empty": (Text(zh="文件是空的", en="the file is empty"), None),
    "other": (
        Text(zh="文件不是 Office 文件，或已损坏", en="the file is no office file, or it is damaged"),
        _SAVE_AGAIN,
    ),
}
_MARKS = (
    (b"%PDF", "pdf"),
    (b"{\\rtf", "rtf"),
)
# Names in the directory of an old file, the telling ones first.
_STREAMS = tuple(
    (name.encode("utf-16-le"), kind)
    for name, kind in (
        ("EncryptedPackage", "encrypted"),
        ("WordDocument", "old-word"),
        ("PowerPoint Document", "powerpoint"),
        ("Workbook", "old-excel"),
        ("Book\x00", "old-excel"),
    )
)
_ARCHIVE = re.compile(rb"^(?:MIME-Version:|Content-Type:\s*multipart/related)", re.IGNORECASE | re.MULTILINE)
_HTML = re.compile(rb"<(?:!doctype\s+html|html|head|body|table|meta)\b", re.IGNORECASE)
_PARTS = (
    ("word/", "word"),
    ("xl/workbook.bin", "excel-binary"),
    ("xl/", "excel"),
    ("ppt/", "powerpoint"),
)


def kind_of(content: bytes) -> str:
    """What the bytes are, whatever the file's name says: a key of the kinds above."""
    if not content.strip():
        return "empty"
    if content.startswith(b"\xd0\xcf\x11\xe0"):
        return next((kind for name, kind in _STREAMS if name in content), "old")
    if content.startswith(b"PK"):
        return _kind_of_zip(content)
    for mark, kind in _MARKS:
        if content.startswith(mark):
            return kind
    start = content[:4000].replace(b"\x00", b"")
    if _ARCHIVE.search(start) and not start.lstrip().startswith(b"<"):
        return "web-archive"
    if b"urn:schemas-microsoft-com:office:spreadsheet" in start and b"<html" not in start.lower():
        return "xml-sheet"
    if b'progid="Word.Document"' in start:
        return "xml-word"
    return "html" if _HTML.search(start) else "other"


def _kind_of_zip(content: bytes) -> str:
    with damaged(), zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        if "mimetype" in names:
            with archive.open("mimetype") as stream:
                return "open-sheet" if b"opendocument.spreadsheet" in stream.read(200) else "open-document"
        return next((kind for start, kind in _PARTS if any(name.startswith(start) for name in names)), "zip")


def refuse_kind(kind: str) -> UnreadableError:
    """The error for a file that is of this kind where another is expected."""
    reason, remedy = _KINDS[kind]
    return UnreadableError(reason, remedy)


def open_package(content: bytes, kind: str) -> zipfile.ZipFile:
    """The zip archive of an office file of this kind (`word`, `excel`, `open-sheet`).

    Raises UnreadableError when the file is something else, damaged, protected, or inflates beyond the limits.
    """
    check_size(content)
    found = kind_of(content)
    if found != kind:
        raise refuse_kind(found)
    with damaged():
        archive = zipfile.ZipFile(io.BytesIO(content))
    entries = archive.infolist()
    if len(entries) > _MAX_PARTS:
        raise _bomb()
    if any(entry.flag_bits & 1 for entry in entries):
        raise refuse_kind("encrypted")
    # Office writes no other; with LZMA the file says how much memory its reader has to take.
    if any(entry.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED) for entry in entries):
        raise UnreadableError(
            Text(zh="压缩方式不是 Office 所用的", en="the file is compressed in a way that Office does not use"),
            _SAVE_AGAIN,
        )
    # zipfile stops reading an entry at its declared size, so what is declared is what can come out.
    for entry in entries:
        ratio = entry.file_size / max(entry.compress_size, 1)
        if ratio > _MAX_RATIO and entry.file_size > _RATIO_FROM:
            raise _bomb()
    return archive


def read_part(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """One part of a package, inflated; None where there is no such part. Raises UnreadableError."""
    with damaged():
        try:
            entry = archive.getinfo(name)
        except KeyError:
            return None
        if entry.file_size > MAX_PART:
            raise _bomb()
        return archive.read(entry)


def is_xml(archive: zipfile.ZipFile, name: str) -> bool:
    """Whether a part starts like XML, whatever its name says. Raises UnreadableError."""
    with damaged(), archive.open(name) as stream:
        start = stream.read(512).lstrip(b"\xef\xbb\xbf\xff\xfe\x00 \t\r\n")
    return not start or start.startswith(b"<")


def _bomb() -> UnreadableError:
    size = f"{MAX_PART // (1024 * 1024)} MiB"
    return UnreadableError(
        Text(zh=f"文件解压后过大（单个部分超过 {size} 或压缩比异常）",
             en=f"the file inflates too far (a part of more than {size}, or a suspicious ratio)"),
        Text(zh="请只保留自评表后再检查", en="keep only the forms and check again"),
    )  # fmt: skip


@contextmanager
def damaged() -> Iterator[None]:
    """Turns what zipfile and zlib raise on damaged archives into UnreadableError."""
    try:
        yield
    except (
        zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, OverflowError,
        NotImplementedError, RuntimeError,
    ) as error:  # fmt: skip
        raise UnreadableError(
            Text(zh="文件已损坏或不完整", en=f"the file is damaged or incomplete ({error})"), _SAVE_AGAIN
        ) from None
