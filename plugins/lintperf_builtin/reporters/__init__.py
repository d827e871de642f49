"""The built-in output formats. Each lives in a module of its own, loaded when it is asked for."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, cast

from lintperf.extension import Assets, Reporter
from lintperf.model import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from lintperf.results import Results, View

__all__ = ["PAGE", "REPORTERS"]


def _write_of(module: str) -> Callable[[Results, View], Iterator[str]]:
    """The function `write` of a module here, which is imported at the first call: sarif_om alone costs 70 ms."""

    def write(results: Results, view: View) -> Iterator[str]:
        return cast("Iterator[str]", import_module(f"{__name__}.{module}").write(results, view))

    return write


REPORTERS: tuple[Reporter, ...] = (
    Reporter("text", _write_of("text"), Text("给人看的报告", "A report for people")),
    Reporter("concise", _write_of("concise"), Text("每条发现一行", "One line a finding")),
    Reporter("json", _write_of("json"), Text("JSON，数字保持精确", "JSON with exact numbers")),
    Reporter("sarif", _write_of("sarif"), Text("SARIF 2.1.0", "SARIF 2.1.0"), source=True),
    Reporter("github", _write_of("github"), Text("GitHub Actions 注解", "GitHub Actions annotations")),
    Reporter("gitlab", _write_of("gitlab"), Text("GitLab 代码质量报告", "GitLab code quality report")),
    Reporter("junit", _write_of("junit"), Text("JUnit XML", "JUnit XML")),
    Reporter("rdjson", _write_of("rdjson"), Text("reviewdog 诊断格式", "Reviewdog Diagnostic Format"), source=True),
    Reporter("markdown", _write_of("markdown"), Text("合并请求评论用的摘要", "A summary for a merge request comment")),
    Reporter(
        "html",
        _write_of("html"),
        Text("网页报告，一个文件，离线可看", "A web page in one file, to read offline"),
        documents=40,
        tables=("overview", "rescore", "summary"),
    ),
)


def _assets() -> Assets:
    return cast("Assets", import_module(f"{__name__}.html.service").assets())


# for the page of the service
PAGE = Reporter(
    "page",
    _write_of("html.service"),
    Text("服务网页上的各部分", "The parts of the page of the service"),
    documents=40,
    tables=("overview", "rescore", "summary"),
    assets=_assets,
)
