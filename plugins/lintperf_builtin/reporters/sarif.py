"""SARIF 2.1.0 (OASIS, errata 01) for code scanning: a log written piece by piece, results as they come.

The objects are sarif-om's. Its classes check no types and its own serialiser is slow and wants everything in memory,
so each construction stands in a small typed function here and the text is ours. Columns count code points from 1.

An office file has no lines, and none are invented: the region is the whole file in bytes, the cell stands in the
logical locations.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

import attr
import sarif_om as om  # type: ignore[import-untyped]

from lintperf.document.exact import dumps, plain
from lintperf.document.places import short
from lintperf.findings.fingerprints import fingerprint
from lintperf.findings.texts import format_value, message
from lintperf.model import (
    Confidence,
    Finding,
    Fix,
    Lang,
    Notification,
    ParagraphPlace,
    Place,
    Related,
    Severity,
    Text,
    TextPlace,
)
from lintperf.results import DocumentResult, FileResult, Results, View
from lintperf.rules.rule import PLACEHOLDER, Rule
from lintperf_builtin.reporters.places import field_path, in_words

__all__ = ["write"]

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
INFORMATION = "https://pypi.org/project/lintperf/"
ROOT = "%SRCROOT%"
LANGUAGES: Mapping[Lang, str] = {"zh": "zh-CN", "en": "en"}
LEVELS = {Severity.error: "error", Severity.warning: "warning", Severity.note: "note", Severity.off: "none"}
PROBLEM = {Severity.error: "error", Severity.warning: "warning", Severity.note: "recommendation"}
PRECISION = {Confidence.high: "high", Confidence.medium: "medium", Confidence.low: "low"}
MEDIA_TYPES = {
    ".json": "application/json",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".pdf": "application/pdf",
    ".html": "text/html",
    ".htm": "text/html",
    ".txt": "text/plain",
    ".md": "text/markdown",
}
WRITTEN_AS_JSON = (".json", ".yaml", ".yml")
ROOT_MEANING = Text("运行 lintperf 时所在的文件夹", "The folder that lintperf was run in")
FIX_MEANING = Text("改为 {value}", "Replace by {value}")
WHY, REMEDY, BASIS = Text("为什么", "Why"), Text("修改建议", "Remedy"), Text("依据", "Basis")
# what SARIF would read as a link or as a placeholder inside a message
_LINK = re.compile(r"\[(?=[^\[\]]*\]\()")
_BRACED_NUMBER = re.compile(r"\{(?=[0-9]+\})|(?<=[0-9])\}")


_properties_of: dict[type[Any], list[tuple[str, str, Any]]] = {}


def _properties(class_: type[Any]) -> list[tuple[str, str, Any]]:
    """Of a sarif-om class: attribute, `"property": `, the value that goes without saying. Worked out once a class.

    A level never goes without saying: a result without one has that of its rule, not the schema's default.
    """
    known = _properties_of.get(class_)
    if known is None:
        known = _properties_of[class_] = []
        for each in attr.fields(class_):
            property_ = each.metadata["schema_property_name"]
            default = each.default.factory() if isinstance(each.default, attr.Factory) else each.default  # type: ignore[arg-type]
            known.append((each.name, f"{dumps(property_)}: ", None if property_ == "level" else default))
    return known


def _json(item: Any) -> str:
    """A sarif-om object as JSON text, in the schema's order, without what is absent or goes without saying."""
    written = []
    for name, key, default in _properties(type(item)):
        value = getattr(item, name)
        if value is not None and (default is None or value != default):
            written.append(key + dumps(value, _json))
    return "{" + ", ".join(written) + "}"


# ---- files and places


def _uri(path: str) -> tuple[str, str | None]:
    """A path as URI and its base: relative to the working folder where it lies below it, absolute elsewhere."""
    name = posixpath.normpath(PurePath(path).as_posix())
    if Path(path).is_absolute():
        try:
            name = Path(path).relative_to(Path.cwd()).as_posix()
        except ValueError:
            return Path(path).as_uri(), None
    if name.startswith("../"):
        return Path(posixpath.normpath(Path.cwd().joinpath(name).as_posix())).as_uri(), None
    return quote(name, errors="surrogateescape"), ROOT


def _artifact_location(path: str, index: int) -> om.ArtifactLocation:
    uri, base = _uri(path)
    return om.ArtifactLocation(uri=uri, uri_base_id=base, index=index)


def _artifact(path: str, size: int | None) -> om.Artifact:
    uri, base = _uri(path)
    media_type = MEDIA_TYPES.get(PurePath(path).suffix.lower())
    return om.Artifact(
        location=om.ArtifactLocation(uri=uri, uri_base_id=base),
        length=-1 if size is None else size,
        mime_type=media_type,
        roles=["analysisTarget"],
    )


def _text_region(place: TextPlace, snippet: str | None = None) -> om.Region:
    return om.Region(
        start_line=place.line + 1,
        start_column=place.column + 1,
        end_line=place.end_line + 1,
        end_column=place.end_column + 1,
        snippet=None if snippet is None else om.ArtifactContent(text=snippet),
    )


@dataclass(slots=True)
class _File:
    """The file whose results are being written."""

    path: str
    size: int | None
    location: om.ArtifactLocation
    seen: dict[str, int]
    others: Mapping[str, om.ArtifactLocation]


def _physical(place: Place | None, file: _File, snippet: str | None = None) -> om.PhysicalLocation:
    if isinstance(place, TextPlace):
        region = _text_region(place, snippet)
    elif file.size is not None:
        region = om.Region(byte_offset=0, byte_length=file.size)
    else:
        region = None
    return om.PhysicalLocation(artifact_location=file.location, region=region)


def _logical(name: str, kind: str, within: str) -> om.LogicalLocation:
    return om.LogicalLocation(name=name, kind=kind, fully_qualified_name=f"{within}/{name}" if within else name)


def _logical_place(place: Place, within: str) -> om.LogicalLocation:
    return _logical(short(place), "paragraph" if isinstance(place, ParagraphPlace) else "cell", within)


def _logical_locations(finding: Finding, document: DocumentResult, view: View) -> list[om.LogicalLocation]:
    """Form, row and field as people call them, and the cell where there are no lines; the most exact one first."""
    located, within = [], ""
    if document.title:
        located.append(_logical(document.title, "form", ""))
        within = document.title
    if finding.row:
        located.append(_logical(finding.row, "row", within))
        within = f"{within}/{finding.row}" if within else finding.row
    path = field_path(finding.pointer)
    if document.type and path:
        located.append(_logical(view.titles(document.type, path), "field", within))
    located.reverse()
    if finding.place is not None and not isinstance(finding.place, TextPlace):
        located.append(_logical_place(finding.place, ""))
    if finding.origin is not None:
        located.append(_logical_place(finding.origin.place, finding.origin.file))
    return located


def _related(number: int, related: Related, document: DocumentResult, file: _File, view: View) -> om.Location:
    text = view.titles(document.type, field_path(related.pointer)) if document.type else related.pointer
    region, logical = None, None
    if isinstance(related.place, TextPlace):
        region = _text_region(related.place)
    elif related.place is not None:
        text += f" ({in_words(related.place, view.lang)})"
        logical = [_logical_place(related.place, "")]
    where = file.location
    if related.path is not None:
        where = file.others[related.path]
        text += f" ({related.title or related.path})"
    return om.Location(
        id=number,
        physical_location=om.PhysicalLocation(artifact_location=where, region=region),
        logical_locations=logical,
        message=om.Message(text=_escaped(text)),
    )


# ---- texts


def _escaped(text: str) -> str:
    """`text` so that nothing in it is taken for a link or a placeholder of the message."""
    if "](" in text:
        text = _LINK.sub(r"\\[", text)
    if "{" in text:
        text = _BRACED_NUMBER.sub(lambda match: match.group() * 2, text)
    return text


def _sentence(text: str) -> str:
    """`text` with the ASCII full stop that the SARIF SDK's rule SARIF2001 asks of a rule's messages in any language."""
    return text.rstrip().rstrip("。．.") + "."


@cache
def _names(template: Text) -> tuple[tuple[str, str | None], ...]:
    """The placeholders of a message in the order of their numbers, the same in both languages."""
    found = (match.groups() for text in (template.zh, template.en) for match in PLACEHOLDER.finditer(text))
    return tuple(dict.fromkeys((name, how) for name, how in found))


def _template(template: Text, lang: Lang) -> om.MultiformatMessageString:
    """A rule's message with SARIF's numbered placeholders."""
    numbers = {name: number for number, name in enumerate(_names(template))}
    pieces, end = [], 0
    text = template.to(lang)
    for match in PLACEHOLDER.finditer(text):
        name, how = match.groups()
        pieces += [_doubled(text[end : match.start()]), f"{{{numbers[name, how]}}}"]
        end = match.end()
    return om.MultiformatMessageString(text=_sentence("".join(pieces) + _doubled(text[end:])))


def _doubled(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def _argument(finding: Finding, name: str, how: str | None, lang: Lang) -> str:
    value = finding.arguments[name] if name in finding.arguments else getattr(finding, name, None)
    return _escaped(format_value(value, how, lang))


def _message(finding: Finding, rule: Rule, lang: Lang) -> om.Message:
    template = rule.variants[finding.variant] if finding.variant else rule.message
    return om.Message(
        id=finding.variant or "default",
        text=_escaped(message(finding, rule, lang)),
        arguments=[_argument(finding, name, how, lang) for name, how in _names(template)] or None,
    )


# ---- rules


def _pascal(name: str) -> str:
    return "".join(part[:1].upper() + part[1:] for part in name.split("-"))


def _basis(rule: Rule, lang: Lang) -> str:
    return ("；" if lang == "zh" else "; ").join(citation.to(lang) for citation in rule.source)


def _help(rule: Rule, lang: Lang) -> om.MultiformatMessageString:
    parts = [
        (label.to(lang), text)
        for label, text in (
            (WHY, rule.why.to(lang)),
            (REMEDY, rule.remedy.to(lang)),
            (BASIS, _basis(rule, lang)),
        )
        if text
    ]
    colon = "：" if lang == "zh" else ": "
    return om.MultiformatMessageString(
        text="\n".join(f"{label}{colon}{text}" for label, text in parts),
        markdown="\n\n".join(f"**{label}**\n\n{text}" for label, text in parts),
    )


def _strings(rule: Rule, lang: Lang) -> dict[str, om.MultiformatMessageString]:
    return {name: _template(text, lang) for name, text in ({"default": rule.message} | dict(rule.variants)).items()}


def _descriptor(rule: Rule, lang: Lang) -> om.ReportingDescriptor:
    return om.ReportingDescriptor(
        id=rule.code,
        name=_pascal(rule.name),
        short_description=om.MultiformatMessageString(text=rule.title.to(lang)),
        full_description=om.MultiformatMessageString(text=rule.why.to(lang) or rule.title.to(lang)),
        help=_help(rule, lang),
        message_strings=_strings(rule, lang),
        default_configuration=om.ReportingConfiguration(level=LEVELS[rule.severity]),
        properties={
            "name": rule.name,
            "pack": rule.pack,
            "confidence": rule.confidence.name,
            "precision": PRECISION[rule.confidence],
            "problem.severity": PROBLEM.get(rule.severity, "recommendation"),
            "tags": [rule.pack, *rule.types],
        },
    )


def _translated(rule: Rule, lang: Lang) -> om.ReportingDescriptor:
    """The texts of a rule in the language that the driver does not speak."""
    return om.ReportingDescriptor(
        id=rule.code,
        short_description=om.MultiformatMessageString(text=rule.title.to(lang)),
        full_description=om.MultiformatMessageString(text=rule.why.to(lang) or rule.title.to(lang)),
        help=_help(rule, lang),
        message_strings=_strings(rule, lang),
    )


def _driver(rules: list[Rule], view: View) -> om.ToolComponent:
    return om.ToolComponent(
        name="lintperf",
        version=view.version,
        semantic_version=view.version,
        information_uri=INFORMATION,
        language=LANGUAGES[view.lang],
        rules=[_descriptor(rule, view.lang) for rule in rules],
    )


def _translation(rules: list[Rule], view: View) -> om.ToolComponent:
    lang: Lang = "en" if view.lang == "zh" else "zh"
    return om.ToolComponent(
        name="lintperf",
        version=view.version,
        semantic_version=view.version,
        language=LANGUAGES[lang],
        contents=["localizedData"],
        associated_component=om.ToolComponentReference(name="lintperf"),
        translation_metadata=om.TranslationMetadata(name=f"lintperf {LANGUAGES[lang]}"),
        rules=[_translated(rule, lang) for rule in rules],
    )


# ---- results


def _fix(fix: Fix, file: _File, lang: Lang) -> om.Fix | None:
    """A replacement in the text; None where the file is not one whose values are written as JSON."""
    if not isinstance(fix.place, TextPlace) or not file.path.lower().endswith(WRITTEN_AS_JSON):
        return None
    shown = format_value(fix.value, None, lang)
    replacement = om.Replacement(
        deleted_region=_text_region(fix.place),
        inserted_content=om.ArtifactContent(text=dumps(fix.value)),
    )
    return om.Fix(
        description=om.Message(text=_escaped(FIX_MEANING.to(lang).format(value=shown))),
        artifact_changes=[om.ArtifactChange(artifact_location=file.location, replacements=[replacement])],
        properties={"safe": fix.safe},
    )


def _result(finding: Finding, document: DocumentResult, file: _File, rule_index: int, view: View) -> om.Result:
    rule, lang = view.rules[finding.code], view.lang
    fix = _fix(finding.fix, file, lang) if finding.fix else None
    properties = {
        "pointer": finding.pointer,
        "row": finding.row,
        "field": finding.field,
        "found": plain(finding.found, lang),
        "expected": plain(finding.expected, lang),
        "difference": plain(finding.difference, lang),
        "confidence": finding.confidence.name,
        "enclosing": None if finding.exact else True,
    }
    return om.Result(
        rule_id=finding.code,
        rule_index=rule_index,
        level=LEVELS[finding.severity],
        message=_message(finding, rule, lang),
        locations=[
            om.Location(
                physical_location=_physical(finding.place, file, finding.snippet),
                logical_locations=_logical_locations(finding, document, view) or None,
            )
        ],
        related_locations=[
            _related(number, related, document, file, view) for number, related in enumerate(finding.related, 1)
        ]
        or None,
        fixes=[fix] if fix else None,
        partial_fingerprints={"lintperf/v1": fingerprint(finding, document.title, file.seen)},
        properties={name: value for name, value in properties.items() if value is not None},
    )


def _notification(notification: Notification, file: _File, codes: Mapping[str, int], lang: Lang) -> om.Notification:
    rule = None
    if notification.subject in codes:
        rule = om.ReportingDescriptorReference(id=notification.subject, index=codes[notification.subject])
    return om.Notification(
        message=om.Message(text=_escaped(f"{notification.subject}: {notification.text.to(lang)}")),
        level="error",
        associated_rule=rule,
        locations=[om.Location(physical_location=om.PhysicalLocation(artifact_location=file.location))],
    )


def _results(file: FileResult, opened: _File, codes: Mapping[str, int], view: View) -> Iterator[str]:
    for document in file.documents:
        for finding in document.findings:
            yield _json(_result(finding, document, opened, codes[finding.code], view))


def write(results: Results, view: View) -> Iterator[str]:
    """A log of one run: the rules first, then result by result, then the files and what failed.

    Only the list of files is held until the end. The same input gives the same bytes: no clock, no machine's paths
    unless the user named a file outside the working folder.
    """
    rules = [rule for _, rule in sorted(view.rules.items()) if rule.status != "removed"]
    codes = {rule.code: index for index, rule in enumerate(rules)}
    root = om.ArtifactLocation(description=om.Message(text=ROOT_MEANING.to(view.lang)))
    run = om.Run(
        tool=om.Tool(driver=_driver(rules, view)),
        language=LANGUAGES[view.lang],
        column_kind="unicodeCodePoints",
        original_uri_base_ids={ROOT: root},
        translations=[_translation(rules, view)],
        properties={"ruleset": view.ruleset_name, "rulesetHash": view.ruleset_hash},
    )
    yield f'{{"$schema": {dumps(SCHEMA)}, "version": "2.1.0", "runs": [\n{_json(run)[:-1]}, "results": ['
    artifacts: list[str] = []
    locations: dict[str, om.ArtifactLocation] = {}
    notifications: list[om.Notification] = []
    first = True
    for file in results.files:
        if file.skipped and not file.documents:
            continue
        if file.path not in locations:
            locations[file.path] = _artifact_location(file.path, len(artifacts))
            artifacts.append(_json(_artifact(file.path, file.size)))
        opened = _File(file.path, file.size, locations[file.path], {}, locations)
        for text in _results(file, opened, codes, view):
            yield f"{'' if first else ','}\n{text}"
            first = False
        notifications += [_notification(each, opened, codes, view.lang) for each in file.notifications]
    invocation = om.Invocation(
        execution_successful=not notifications, tool_execution_notifications=notifications or None
    )
    listed = ",\n".join(artifacts)
    yield f'\n], "artifacts": [\n{listed}\n], "invocations": [{_json(invocation)}]}}\n]}}\n'
