"""Forms to print: `national` lays them out, `word`, `excel` and `html` draw what it laid out."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from lintperf.extension import Rendered, Renderer
from lintperf.model import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from typing import Any

__all__ = ["RENDERERS"]


def _write_of(module: str) -> Callable[[Sequence[Mapping[str, Any]]], Rendered]:
    """Lays out documents and hands them to `draw` of a module here, which is imported at the first call."""

    def write(documents: Sequence[Mapping[str, Any]]) -> Rendered:
        from lintperf_builtin.renderers.national import lay_out

        printed, omissions = lay_out(documents)
        return Rendered(import_module(f"{__name__}.{module}").draw(printed), omissions)

    return write


RENDERERS: tuple[Renderer, ...] = (
    Renderer("word", (".docx",), "self-evaluation", _write_of("word"), Text("Word 文档", "Word document")),
    Renderer("excel", (".xlsx",), "self-evaluation", _write_of("excel"), Text("Excel 工作簿", "Excel workbook")),
    Renderer("html", (".html", ".htm"), "self-evaluation", _write_of("html"), Text("网页", "web page")),
)
