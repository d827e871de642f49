"""Workflow commands of GitHub Actions: every finding becomes an annotation of the pull request."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from lintperf.findings.texts import message
from lintperf.model import Finding, Severity, TextPlace
from lintperf.results import Results, View
from lintperf_builtin.reporters.layout import visible
from lintperf_builtin.reporters.paths import from_root
from lintperf_builtin.reporters.places import in_words, origin_in_words

__all__ = ["write"]

COMMANDS = {Severity.error: "error", Severity.warning: "warning"}


def _data(text: str) -> str:
    return visible(text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A"))


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _command(name: str, properties: Mapping[str, str], text: str) -> str:
    listed = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {listed}::{_data(text)}\n"


def _lines(place: TextPlace) -> dict[str, str]:
    """GitHub refuses columns on an annotation of several lines."""
    lines = {"line": str(place.line + 1), "endLine": str(place.end_line + 1)}
    if place.line != place.end_line:
        return lines
    return lines | {"col": str(place.column + 1), "endColumn": str(place.end_column + 1)}


def _annotation(finding: Finding, path: str, view: View) -> str:
    rule = view.rules[finding.code]
    title = f"{finding.code} {rule.title.to(view.lang)}"
    properties = {"file": path}
    if isinstance(finding.place, TextPlace):
        properties |= _lines(finding.place)
    elif finding.place is not None:
        title += f" ({in_words(finding.place, view.lang)})"
    if origin := origin_in_words(finding, view.lang):
        title += f" ({origin})"
    properties["title"] = title
    return _command(COMMANDS.get(finding.severity, "notice"), properties, message(finding, rule, view.lang))


def write(results: Results, view: View) -> Iterator[str]:
    """An annotation a finding; a cell of an office file is named in the title. Failures of the tool are errors.

    Files are named from the root of the repository, where GitHub looks them up whatever folder the step ran in.
    """
    name = from_root()
    for file in results.files:
        for document in file.documents:
            for finding in document.findings:
                yield _annotation(finding, name(finding.path), view)
        for notification in file.notifications:
            title = f"lintperf {notification.subject}"
            yield _command("error", {"file": name(notification.path), "title": title}, notification.text.to(view.lang))
