"""One line a finding, for editors and scripts: `PATH:LINE:COL: SEVERITY CODE [NAME] MESSAGE`."""

from __future__ import annotations

from collections.abc import Iterator

from lintperf.document.places import short
from lintperf.findings.texts import message
from lintperf.results import Results, View
from lintperf_builtin.reporters.layout import clean, visible
from lintperf_builtin.reporters.places import origin_in_words, related_in_short

__all__ = ["write"]


def write(results: Results, view: View) -> Iterator[str]:
    """A line a finding and nothing else. A file without lines has its cell there; an unknown place is left out.

    A finding about a sentence or about two documents names the other places at its end.
    """
    for file in results.files:
        for document in file.documents:
            for finding in document.findings:
                rule = view.rules[finding.code]
                where = finding.path if finding.place is None else f"{finding.path}:{short(finding.place)}"
                text = clean(message(finding, rule, view.lang))
                if beside := related_in_short(finding, view.lang):
                    text += f"（另见 {visible(beside)}）" if view.lang == "zh" else f" (see {visible(beside)})"
                if origin := origin_in_words(finding, view.lang):
                    text += f"（原件 {origin}）" if view.lang == "zh" else f" (from {origin})"
                yield f"{visible(where)}: {finding.severity.name} {finding.code} [{rule.name}] {text}\n"
