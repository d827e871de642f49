"""An output format: how often each code was found."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from lintperf.results import Results, View

__all__ = ["write_tally"]


def write_tally(results: Results, view: View) -> Iterator[str]:
    """A line a code with its count and title. `results.files` can be taken once, while the run goes on."""
    counts: Counter[str] = Counter()
    for file in results.files:
        for document in file.documents:
            counts.update(finding.code for finding in document.findings)
    for code, count in sorted(counts.items()):
        yield f"{count:>5}  {code}  {view.rules[code].title.to(view.lang)}\n"
