"""The importers of office files: how each format becomes grids; `forms` makes documents of them.

What a file is, its bytes say. The names of current formats have to agree with it; under the names of old ones stands
whatever systems export (a page named .xls, a .docx named .wps), and it is read as what it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lintperf.extension import Importer
from lintperf.model import Remark, Severity, Text

if TYPE_CHECKING:
    from collections.abc import Callable

    from lintperf.document import Document
    from lintperf.extension import Source
    from lintperf_builtin.importers.grid import Part

__all__ = ["EXCEL", "HTML", "OLD_EXCEL", "OLD_WORD", "OPEN_SHEET", "PDF", "WEB_ARCHIVE", "WORD"]

_SHEETS = ("excel", "old-excel", "open-sheet", "xml-sheet")
_PAGES = ("html", "web-archive")
# What LibreOffice makes of kinds that are read through it alone, and the suffix it knows them by.
_CONVERTED = {
    "old-word": (".doc", "docx"),
    "xml-word": (".xml", "docx"),
    "rtf": (".rtf", "docx"),
    "open-document": (".odt", "docx"),
    "excel-binary": (".xlsb", "xlsx"),
}


def _word(content: bytes) -> list[Part]:
    from lintperf_builtin.importers.word import read_word

    return read_word(content)


def _excel(content: bytes) -> list[Part]:
    from lintperf_builtin.importers.excel import read_excel

    return read_excel(content)


def _old_excel(content: bytes) -> list[Part]:
    from lintperf_builtin.importers.xls import read_xls

    return read_xls(content)


def _open_sheet(content: bytes) -> list[Part]:
    from lintperf_builtin.importers.ods import read_ods

    return read_ods(content)


def _xml_sheet(content: bytes) -> list[Part]:
    from lintperf_builtin.importers.xml_sheet import read_xml_sheet

    return read_xml_sheet(content)


def _html(content: bytes) -> list[Part]:
    from lintperf_builtin.importers.html import read_html

    return read_html(content)


def _web_archive(content: bytes) -> list[Part]:
    from lintperf_builtin.importers.web_archive import read_web_archive

    return read_web_archive(content)


def _text(content: bytes) -> list[Part]:
    """Fields parted by tabs, under the name of a workbook. Raises UnreadableError for what is no such text."""
    from lintperf_builtin.importers.package import refuse_kind
    from lintperf_builtin.importers.plain_text import read_plain_text
    from lintperf_builtin.readers.text import decode

    if b"\t" not in content:
        raise refuse_kind("other")
    return read_plain_text(decode(content))


_READERS: dict[str, Callable[[bytes], list[Part]]] = {
    "word": _word,
    "excel": _excel,
    "old-excel": _old_excel,
    "open-sheet": _open_sheet,
    "xml-sheet": _xml_sheet,
    "html": _html,
    "web-archive": _web_archive,
    "other": _text,
}


def _reads(*kinds: str) -> Callable[[Source], list[Document]]:
    """A reader of files that are of one of these kinds, or that LibreOffice may turn into one."""

    def read(source: Source) -> list[Document]:
        from lintperf_builtin.importers.forms import documents
        from lintperf_builtin.importers.package import kind_of, refuse_kind
        from lintperf_builtin.readers.text import check_size

        check_size(source.content)
        kind = kind_of(source.content)
        if kind in kinds:
            return documents(source.path, _READERS[kind](source.content), [])
        if kind in _CONVERTED and _allows_libreoffice(source):
            return _through_libreoffice(source, *_CONVERTED[kind])
        raise refuse_kind(kind)

    return read


def _allows_libreoffice(source: Source) -> bool:
    from lintperf_builtin.importers.libreoffice import HELPER

    return HELPER in source.helpers


def _through_libreoffice(source: Source, suffix: str, target: str) -> list[Document]:
    from lintperf_builtin.importers.forms import documents
    from lintperf_builtin.importers.libreoffice import converted

    parts = _READERS["word" if target == "docx" else "excel"](converted(source.content, suffix, target))
    names = {"from": Path(source.path).suffix or suffix, "to": f".{target}"}
    remark = Remark("unreadable-document", names, variant="converted", severity=Severity.note)
    return documents(source.path, parts, [remark])


def _read_html(source: Source) -> list[Document]:
    from lintperf_builtin.importers.forms import documents

    return documents(source.path, _html(source.content), [])


def _read_pdf(source: Source) -> list[Document]:
    from lintperf_builtin.importers.forms import documents
    from lintperf_builtin.importers.pdf import read_pdf

    parts, remarks = read_pdf(source.content)
    return documents(source.path, parts, remarks, best_confidence="medium")


WORD = Importer("word", (".docx", ".docm"), _reads("word"), Text(zh="Word 文档", en="Word document"))
EXCEL = Importer("excel", (".xlsx", ".xlsm"), _reads("excel"), Text(zh="Excel 工作簿", en="Excel workbook"))
OLD_EXCEL = Importer(
    "old-excel",
    (".xls", ".et", ".xlsb"),
    _reads(*_SHEETS, *_PAGES, "other"),
    Text(zh="旧版 Excel 或 WPS 表格", en="old Excel or WPS workbook"),
)
OPEN_SHEET = Importer(
    "open-sheet", (".ods",), _reads("open-sheet"), Text(zh="OpenDocument 工作簿", en="OpenDocument workbook")
)
OLD_WORD = Importer(
    "old-word",
    (".doc", ".wps", ".rtf", ".odt"),
    _reads("word", *_PAGES),
    Text(zh="旧版 Word 或 WPS 文字", en="old Word or WPS document"),
)
HTML = Importer("html", (".html", ".htm"), _read_html, Text(zh="网页", en="web page"))
PDF = Importer("pdf", (".pdf",), _read_pdf, Text(zh="PDF 文件", en="PDF file"))
WEB_ARCHIVE = Importer("web-archive", (".mht", ".mhtml"), _reads(*_PAGES), Text(zh="网页档案", en="web archive"))
