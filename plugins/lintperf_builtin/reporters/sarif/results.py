"""Findings as results: where they are, what they follow from, how to mend them, why they are not reported.

An office file has no lines, and none are invented: the region is the whole file in bytes, the cell stands in the
logical locations and its row in the rendered snippet.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePath

import sarif_om as om  # type: ignore[import-untyped]

from lintperf.document.exact import plain
from lintperf.document.places import short
from lintperf.findings.fingerprints import fingerprint
from lintperf.findings.texts import format_value
from lintperf.model import (
    Finding,
    Fix,
    Lang,
    Notification,
    ParagraphPlace,
    Place,
    Related,
    Suppression,
    Text,
    TextPlace,
)
from lintperf.results import DocumentResult, View
from lintperf_builtin.reporters.places import field_path, in_words
from lintperf_builtin.reporters.sarif.context import LONGEST, Excerpts
from lintperf_builtin.reporters.sarif.messages import escaped, message_of, plain_message
from lintperf_builtin.reporters.sarif.rules import LEVELS

__all__ = ["File", "Opened", "notification_of", "result_of"]

FIX_MEANING = Text("改为 '{value}'", "Replace by '{value}'")
FLOW_MEANING = Text("据以核对的各数，依次到所报告的一处", "The values it is checked against, one after the other")
KINDS = {"in_source": "inSource", "external": "external"}
# what code scanning takes of one result
MOST_RELATED = 1000


@dataclass(slots=True)
class File:
    """The file whose results are being written. others: locations of the files that have gone by"""

    path: str
    size: int | None
    location: om.ArtifactLocation
    others: Mapping[str, om.ArtifactLocation]
    seen: dict[str, int] = field(default_factory=dict)


@dataclass(slots=True)
class Opened:
    """The document whose results are being written.

    title  path of a field in the schema → what it is called
    """

    file: File
    result: DocumentResult
    view: View
    title: Callable[[str], str]
    excerpts: Excerpts | None


# ---- places


def _content(text: str) -> om.ArtifactContent:
    """The text at a region; of a long one a view of its beginning: what is called `text` has to be all of it."""
    return om.ArtifactContent(text=text) if len(text) <= LONGEST else _view(f"{text[:LONGEST]}…")


def _view(text: str) -> om.ArtifactContent:
    """What a person would see at a region. It is a message, so that placeholders and links in it have to be escaped."""
    return om.ArtifactContent(rendered=om.MultiformatMessageString(text=escaped(text)))


def _region(place: TextPlace, snippet: str | None = None) -> om.Region:
    return om.Region(
        start_line=place.line + 1,
        start_column=place.column + 1,
        end_line=place.end_line + 1,
        end_column=place.end_column + 1,
        snippet=None if snippet is None else _content(snippet),
    )


def _lines(place: TextPlace, text: str) -> om.Region:
    """Whole lines need no columns."""
    region = _region(place, text)
    if place.column == 0:
        region.start_column = None
    return region


def _row_in_words(finding: Finding, opened: Opened) -> str:
    """`年度资金总额 │ 全年预算数 860000.00 │ 执行率 0.95`: what stands in the row of an office file's cell."""
    lang = opened.view.lang
    parent = field_path(finding.pointer).rpartition(".")[0]
    words = [finding.row] if finding.row else []
    for name, value in finding.cells:
        words.append(f"{opened.title(f'{parent}.{name}' if parent else name)} {format_value(value, None, lang)}")
    if not finding.cells:
        words.append(finding.snippet or opened.title(field_path(finding.pointer)) or PurePath(opened.file.path).name)
    return " │ ".join(words)[:LONGEST]


def _physical(finding: Finding, opened: Opened) -> om.PhysicalLocation:
    file, place, context = opened.file, finding.place, None
    region = None
    if isinstance(place, TextPlace):
        snippet, excerpts = finding.snippet, opened.excerpts
        if excerpts is not None:
            if not finding.exact:
                place = excerpts.beginning(place)
            snippet = excerpts.text(place)
            around = excerpts.around(place)
            context = None if around is None else _lines(around, excerpts.text(around))
        region = _region(place, snippet)
    elif file.size is not None:
        region = om.Region(byte_offset=0, byte_length=file.size, snippet=_view(_row_in_words(finding, opened)))
    return om.PhysicalLocation(artifact_location=file.location, region=region, context_region=context)


def _logical(name: str, kind: str, within: str) -> om.LogicalLocation:
    return om.LogicalLocation(name=name, kind=kind, fully_qualified_name=f"{within}/{name}" if within else name)


def _logical_place(place: Place, within: str) -> om.LogicalLocation:
    return _logical(short(place), "paragraph" if isinstance(place, ParagraphPlace) else "cell", within)


def _logical_locations(finding: Finding, opened: Opened) -> list[om.LogicalLocation]:
    """Form, row and field as people call them, and the cell where there are no lines; the most exact one first."""
    document = opened.result
    located, within = [], ""
    if document.title:
        located.append(_logical(document.title, "form", ""))
        within = document.title
    if finding.row:
        located.append(_logical(finding.row, "row", within))
        within = f"{within}/{finding.row}" if within else finding.row
    path = field_path(finding.pointer)
    if document.type and path:
        located.append(_logical(opened.title(path), "field", within))
    located.reverse()
    if finding.place is not None and not isinstance(finding.place, TextPlace):
        located.append(_logical_place(finding.place, ""))
    if finding.origin is not None:
        located.append(_logical_place(finding.origin.place, finding.origin.file))
    return located


def _related(number: int, related: Related, opened: Opened) -> om.Location:
    text = opened.title(field_path(related.pointer)) if opened.result.type else related.pointer
    region, logical = None, None
    if isinstance(related.place, TextPlace):
        snippet = None
        if related.path is None and opened.excerpts is not None:
            snippet = opened.excerpts.text(opened.excerpts.beginning(related.place))
        region = _region(related.place)
        if snippet:
            text += f" {format_value(snippet)}"
    elif related.place is not None:
        text += f" ({in_words(related.place, opened.view.lang)})"
        logical = [_logical_place(related.place, "")]
    where = opened.file.location
    if related.path is not None:
        where = opened.file.others[related.path]
        text += f" ({related.title or related.path})"
    return om.Location(
        id=number,
        physical_location=om.PhysicalLocation(artifact_location=where, region=region),
        logical_locations=logical,
        message=plain_message(text),
    )


def _row(pointer: str) -> str:
    return pointer.rpartition("/")[0]


def _code_flows(finding: Finding, related: list[om.Location], opened: Opened) -> list[om.CodeFlow] | None:
    """From the numbers of other rows to the one that should fit them, where viewers can walk through lines.

    What stands in the finding's own row is seen at a glance; it stays a related place.
    """
    numbers = isinstance(finding.found, Decimal) and isinstance(finding.expected, Decimal)
    if not numbers or not isinstance(finding.place, TextPlace):
        return None
    row = _row(finding.pointer)
    operands = [
        each
        for each, given in zip(related, finding.related, strict=False)
        if given.path is None and isinstance(given.place, TextPlace) and _row(given.pointer) != row
    ]
    if len(operands) < 2:
        return None
    last = om.Location(
        physical_location=om.PhysicalLocation(
            artifact_location=opened.file.location,
            region=_region(finding.place),
        ),
        message=plain_message(
            f"{opened.title(field_path(finding.pointer))} {format_value(finding.found, None, opened.view.lang)}"
            f" ≠ {format_value(finding.expected, None, opened.view.lang)}"
        ),
    )
    steps = [om.Location(physical_location=each.physical_location, message=each.message) for each in operands]
    flow = om.ThreadFlow(locations=[om.ThreadFlowLocation(location=step) for step in (*steps, last)])
    return [om.CodeFlow(message=plain_message(FLOW_MEANING.to(opened.view.lang)), thread_flows=[flow])]


# ---- results


def _fix(fix: Fix, opened: Opened) -> om.Fix | None:
    """A replacement in the text; None where the file is not one whose values can be replaced."""
    if fix.written is None or not isinstance(fix.place, TextPlace):
        return None
    shown = format_value(fix.value, None, opened.view.lang)
    replacement = om.Replacement(
        deleted_region=_region(fix.place), inserted_content=om.ArtifactContent(text=fix.written)
    )
    return om.Fix(
        description=plain_message(FIX_MEANING.to(opened.view.lang).format(value=shown)),
        artifact_changes=[om.ArtifactChange(artifact_location=opened.file.location, replacements=[replacement])],
        properties={"safe": fix.safe},
    )


def _suppression(suppression: Suppression) -> om.Suppression:
    properties = {
        "pointer": suppression.pointer,
        "until": suppression.until,
        "author": suppression.author,
    }
    return om.Suppression(
        kind=KINDS[suppression.kind],
        state="accepted",
        justification=suppression.reason,
        properties={name: value for name, value in properties.items() if value is not None} or None,
    )


def result_of(finding: Finding, opened: Opened, rule_index: int, suppression: Suppression | None = None) -> om.Result:
    """A finding, reported or not."""
    rule, lang = opened.view.rules[finding.code], opened.view.lang
    fix = _fix(finding.fix, opened) if finding.fix else None
    properties = {
        "pointer": finding.pointer,
        "row": finding.row,
        "field": finding.field,
        "found": plain(finding.found, lang),
        "expected": plain(finding.expected, lang),
        "difference": plain(finding.difference, lang),
        "confidence": finding.confidence.name,
        "enclosing": None if finding.exact else True,
        "relatedLeftOut": len(finding.related) - MOST_RELATED if len(finding.related) > MOST_RELATED else None,
    }
    location = om.Location(
        physical_location=_physical(finding, opened),
        logical_locations=_logical_locations(finding, opened) or None,
    )
    related = [_related(number, each, opened) for number, each in enumerate(finding.related[:MOST_RELATED], 1)]
    return om.Result(
        rule_id=finding.code,
        rule_index=rule_index,
        level=LEVELS[finding.severity],
        message=message_of(finding, rule, lang),
        locations=[location],
        related_locations=related or None,
        code_flows=_code_flows(finding, related, opened) if len(related) > 1 else None,
        fixes=[fix] if fix else None,
        partial_fingerprints={"lintperf/v1": fingerprint(finding, opened.result.title, opened.file.seen)},
        baseline_state=finding.baseline,
        suppressions=[_suppression(suppression)] if suppression else None,
        properties={name: value for name, value in properties.items() if value is not None},
    )


def notification_of(notification: Notification, file: File, codes: Mapping[str, int], lang: Lang) -> om.Notification:
    """Something that the tool itself failed on."""
    rule = None
    if notification.subject in codes:
        rule = om.ReportingDescriptorReference(id=notification.subject, index=codes[notification.subject])
    return om.Notification(
        message=om.Message(text=escaped(f"{notification.subject}: {notification.text.to(lang)}")),
        level="error",
        associated_rule=rule,
        locations=[om.Location(physical_location=om.PhysicalLocation(artifact_location=file.location))],
    )
