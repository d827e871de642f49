"""What the page of the service shows of a run, as JSON: the parts of the HTML report, each by itself.

    {"language": "zh",
     "parts": [{"id", "kind", "title", "html", "styles", "scripts"}],     kind: batch | document
     "files": [{"path", "skipped", "failures": [{"zh", "en"}], "documents": [
         {"index", "type", "title", "counts": {"error", "warning", "note"}, "hidden", "part": id or null}]}],
     "made": {"zh", "en"}}

Ids inside a part begin with that of the part: two parts of different answers do not fit on one page at a time.
Documents of runs with more than `MOST_DRAWN` have no part; links of the batch name the parts that they would have,
`d0`, `d1` … in the order of the files.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from importlib.resources import files
from typing import Any

from lintperf.document.exact import dumps
from lintperf.extension import Assets, Sample
from lintperf.model import Text
from lintperf.results import DocumentResult, FileResult, Results, View
from lintperf_builtin.reporters.html import drawn, gathered
from lintperf_builtin.reporters.html.document import SCRIPTS, STYLES
from lintperf_builtin.reporters.html.page import Section, made, resource
from lintperf_builtin.reporters.html.parts import SEVERITIES

__all__ = ["assets", "write"]

BATCH_STYLES, BATCH_SCRIPTS = ("batch.css",), ("vendor/echarts.min.js", "batch.js")
SAMPLE = "示例：绿道养护自评表.docx"


def assets() -> Assets:
    """The style sheets and scripts of the report, and a form to try the service with."""
    names = ("page.css", *STYLES, *SCRIPTS, *BATCH_STYLES, *BATCH_SCRIPTS)
    sample = files(__package__).joinpath("sample", "sample.docx").read_bytes()
    return Assets(
        Text("绩效文档检查", "Performance document check"),
        Text("检查绩效自评表和评价报告", "Check self-evaluation forms and evaluation reports"),
        {**{name: resource(name).encode() for name in names}, "sample.docx": sample},
        (Sample("sample.docx", SAMPLE, Text("一份虚构的自评表", "an invented self-evaluation form")),),
    )


def write(results: Results, view: View) -> Iterator[str]:
    """The parts of the page on this run, as JSON."""
    seen: list[FileResult] = []
    parts = gathered(replace(results, files=_noting(results, seen)), view)
    numbers = {
        (file.path, document.index): f"d{number}"
        for number, (file, document) in enumerate(
            (file, document) for file in seen if not file.across for document in file.documents
        )
    }
    written = []
    if parts.batch is not None and parts.documents:
        written.append(_part(parts.batch.section(results.totals, numbers), "batch"))
    written += (_part(section, "document") for section in drawn(parts, view))
    yield dumps({
        "language": view.lang,
        "parts": written,
        "files": list(_files(seen, {part["id"] for part in written}, numbers)),
        "made": _both(made(view)),
    })  # fmt: skip
    yield "\n"


def _noting(results: Results, seen: list[FileResult]) -> Iterator[FileResult]:
    """The files as they go by; of each is kept what the list of files says, without the values of its documents."""
    for file in results.files:
        light = [replace(each, data=None, tables={}, left=None) for each in file.documents]
        seen.append(replace(file, documents=light))
        yield file


def _part(section: Section, kind: str) -> dict[str, Any]:
    return {
        "id": section.name,
        "kind": kind,
        "title": _both(section.title),
        "html": "".join(section.body),
        "styles": list(section.styles),
        "scripts": list(section.scripts),
    }


def _files(seen: list[FileResult], drawn_: set[str], numbers: dict[tuple[str, int], str]) -> Iterator[dict[str, Any]]:
    further: dict[tuple[str, int], list[DocumentResult]] = {}
    for file in seen:
        for document in file.documents if file.across else ():
            further.setdefault((file.path, document.index), []).append(document)
    for file in seen:
        if file.across:
            continue
        documents = []
        for document in file.documents:
            key = (file.path, document.index)
            counts = Counter(each.severity for also in (document, *further.get(key, ())) for each in also.findings)
            documents.append({
                "index": document.index,
                "type": document.type,
                "title": document.title,
                "counts": {severity.name: counts[severity] for severity in SEVERITIES},
                "hidden": document.hidden,
                "number": numbers[key],
                "part": numbers[key] if numbers[key] in drawn_ else None,
            })  # fmt: skip
        yield {
            "path": file.path,
            "skipped": file.skipped,
            "failures": [_both(each.text) for each in file.notifications],
            "documents": documents,
        }


def _both(value: Text) -> dict[str, str]:
    return {"zh": value.zh, "en": value.en}
