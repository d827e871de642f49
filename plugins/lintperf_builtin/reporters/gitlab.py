"""GitLab's code quality report: a subset of the Code Climate issue, one JSON array.

GitLab shows description, path and line, and compares the reports of two branches by fingerprints; of findings with the
same fingerprint it keeps one. So a fingerprint here covers the path too, and moved lines do not change it. GitLab
wants a line for every finding: a cell of an office file gets line 1 and is named in the description.

error → major, warning → minor, note → info: `critical` and `blocker` are for what endangers a running system.
"""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import sha256
from typing import Any

from lintperf.document.exact import dumps
from lintperf.findings.fingerprints import fingerprint
from lintperf.model import Finding, Notification, Severity, TextPlace
from lintperf.results import Results, View
from lintperf_builtin.reporters.layout import clean
from lintperf_builtin.reporters.paths import from_root
from lintperf_builtin.reporters.wording import cell_in_words, origin_and_related, sentence

__all__ = ["write"]

SEVERITIES = {Severity.error: "major", Severity.warning: "minor", Severity.note: "info"}


def _unique(path: str, *parts: str) -> str:
    return sha256("\x1f".join((path, *parts)).encode("utf-8", "surrogatepass")).hexdigest()


def _lines(finding: Finding) -> dict[str, int]:
    if not isinstance(finding.place, TextPlace):
        return {"begin": 1}
    return {"begin": finding.place.line + 1, "end": finding.place.end_line + 1}


def _description(finding: Finding, view: View) -> str:
    beside = [cell_in_words(finding.place, view.lang), origin_and_related(finding, view.lang)]
    zh = view.lang == "zh"
    where = ("；" if zh else "; ").join(part for part in beside if part)
    text = sentence(finding, view)
    if not where:
        return text
    return f"{text}（{where}）" if zh else f"{text} ({where})"


def _finding(finding: Finding, path: str, title: str | None, seen: dict[str, int], view: View) -> dict[str, Any]:
    rule = view.rules[finding.code]
    return {
        "type": "issue",
        "check_name": f"{finding.code} {rule.name}",
        "description": _description(finding, view),
        "severity": SEVERITIES[finding.severity],
        "fingerprint": _unique(path, fingerprint(finding, title, seen)),
        "location": {"path": path, "lines": _lines(finding)},
    }


def _notification(notification: Notification, path: str, number: int, view: View) -> dict[str, Any]:
    text = clean(notification.text.to(view.lang))
    return {
        "type": "issue",
        "check_name": "lintperf",
        "description": f"lintperf {notification.subject}: {text}",
        "severity": "critical",
        "fingerprint": _unique(path, "notification", notification.subject, notification.text.en, str(number)),
        "location": {"path": path, "lines": {"begin": 1}},
    }


def _items(results: Results, view: View) -> Iterator[dict[str, Any]]:
    name = from_root()
    for file in results.files:
        path = name(file.path)
        seen: dict[str, int] = {}
        for document in file.documents:
            for finding in document.findings:
                yield _finding(finding, path, document.title, seen, view)
        for number, notification in enumerate(file.notifications):
            yield _notification(notification, path, number, view)


def write(results: Results, view: View) -> Iterator[str]:
    """One array, an object a line. A failure of the tool itself is an issue too, `critical`: results are incomplete."""
    yield "["
    for number, item in enumerate(_items(results, view)):
        yield f"{',' if number else ''}\n  {dumps(item)}"
    yield "\n]\n"
