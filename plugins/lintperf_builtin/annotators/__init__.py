"""Findings written into copies of office files, on the very cells; loaded only when a file is annotated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lintperf.extension import Annotated, Annotator
from lintperf.model import Text

if TYPE_CHECKING:
    from lintperf.extension import Source
    from lintperf.model import Fix
    from lintperf.results import FileResult, View

__all__ = ["ANNOTATORS"]


def _word(source: Source, result: FileResult, view: View, fixes: Sequence[Fix]) -> Annotated:
    from lintperf_builtin.annotators.word import annotate_word

    return annotate_word(source, result, view, fixes)


def _excel(source: Source, result: FileResult, view: View, fixes: Sequence[Fix]) -> Annotated:
    from lintperf_builtin.annotators.excel import annotate_excel

    return annotate_excel(source, result, view, fixes)


ANNOTATORS = (
    Annotator("word", (".docx",), _word, Text("Word 批注", "Word comments")),
    Annotator("excel", (".xlsx", ".xlsm"), _excel, Text("Excel 批注", "Excel comments")),
)
