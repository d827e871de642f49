"""Importers of office files and texts: Word, Excel, PDF, web pages, plain text to forms."""

from lintperf.extension import Importer
from lintperf_builtin.importers.office import EXCEL, HTML, OLD_EXCEL, OLD_WORD, OPEN_SHEET, PDF, WEB_ARCHIVE, WORD
from lintperf_builtin.importers.text_files import DELIMITED_TEXT, MARKDOWN, PLAIN_TEXT

__all__ = ["IMPORTERS"]

IMPORTERS: tuple[Importer, ...] = (
    WORD, EXCEL, HTML, PDF, OPEN_SHEET, OLD_EXCEL, OLD_WORD, WEB_ARCHIVE, PLAIN_TEXT, DELIMITED_TEXT, MARKDOWN,
)  # fmt: skip
