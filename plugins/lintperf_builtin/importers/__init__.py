"""Importers of office files: Word, Excel, web pages to forms."""

from lintperf.extension import Importer
from lintperf_builtin.importers.office import EXCEL, HTML, WORD

__all__ = ["IMPORTERS"]

IMPORTERS: tuple[Importer, ...] = (WORD, EXCEL, HTML)
