"""The built-in output formats. Each lives in a module of its own, loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from lintperf.extension import Reporter
from lintperf.model import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lintperf.results import Results, View

__all__ = ["REPORTERS"]


def _write_of(module: str) -> Callable[[Results, View], Iterator[str]]:
    """The function `write` of a module here, which is imported at the first call: sarif_om alone costs 70 ms."""

    def write(results: Results, view: View) -> Iterator[str]:
        return cast("Iterator[str]", import_module(f"{__name__}.{module}").write(results, view))

    return write


REPORTERS: tuple[Reporter, ...] = (
    Reporter("text", _write_of("text"), Text("给人看的报告", "A report for people")),
    Reporter("concise", _write_of("concise"), Text("每条发现一行", "One line a finding")),
    Reporter("json", _write_of("json"), Text("JSON，数字保持精确", "JSON with exact numbers")),
    Reporter("sarif", _write_of("sarif"), Text("SARIF 2.1.0", "SARIF 2.1.0")),
    Reporter("github", _write_of("github"), Text("GitHub Actions 注解", "GitHub Actions annotations")),
)
