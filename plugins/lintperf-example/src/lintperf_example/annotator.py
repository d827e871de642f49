"""A copy of a `.bench` file with each finding in a line of its own below the line that it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from lintperf.extension import Annotated, Source
from lintperf.findings.texts import message
from lintperf.model import Fix, TextPlace
from lintperf.results import FileResult, View

__all__ = ["write_remarks"]


def write_remarks(source: Source, result: FileResult, view: View, _fixes: Sequence[Fix]) -> Annotated:
    """The copy; a finding without a line stands below the first one. Fixes are not carried out."""
    below: dict[int, list[str]] = defaultdict(list)
    for document in result.documents:
        for finding in document.findings:
            line = finding.place.line if isinstance(finding.place, TextPlace) else 0
            below[line].append(f"# {finding.code} {message(finding, view.rules[finding.code], view.lang)}")
    lines = source.content.decode().splitlines()
    written = [text for number, line in enumerate(lines) for text in (line, *below[number])]
    count = sum(map(len, below.values()))
    return Annotated(
        "".join(f"{line}\n" for line in written).encode(), count, len([each for each in below.values() if each])
    )
