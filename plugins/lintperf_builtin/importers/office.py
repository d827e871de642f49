"""The importers of office files: how each format becomes grids; `forms` makes documents of them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintperf.extension import Importer
from lintperf.model import Text

if TYPE_CHECKING:
    from lintperf.document import Document
    from lintperf.extension import Source

__all__ = ["EXCEL", "HTML", "WORD"]


def _read_word(source: Source) -> list[Document]:
    from lintperf_builtin.importers.forms import documents
    from lintperf_builtin.importers.word import read_word

    return documents(source.path, read_word(source.content), [])


def _read_excel(source: Source) -> list[Document]:
    from lintperf_builtin.importers.excel import read_excel
    from lintperf_builtin.importers.forms import documents

    parts, remarks = read_excel(source.content)
    return documents(source.path, parts, remarks)


def _read_html(source: Source) -> list[Document]:
    from lintperf_builtin.importers.forms import documents
    from lintperf_builtin.importers.html import read_html

    return documents(source.path, read_html(source.content), [])


WORD = Importer("word", (".docx",), _read_word, Text(zh="Word 文档", en="Word document"))
EXCEL = Importer("excel", (".xlsx", ".xlsm"), _read_excel, Text(zh="Excel 工作簿", en="Excel workbook"))
HTML = Importer("html", (".html", ".htm"), _read_html, Text(zh="网页", en="web page"))
