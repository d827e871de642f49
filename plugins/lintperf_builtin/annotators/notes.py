"""What a comment says of a finding, and how a corrected value is written in the place of the old one."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from lintperf.findings.texts import format_value, message, plain_number
from lintperf.model import Finding, Fix, Place, Scalar, Severity, Text
from lintperf.results import FileResult, View
from lintperf_builtin.reporters.places import field_path, in_words, related_in_words

__all__ = ["AUTHOR", "INITIALS", "Corrected", "Note", "as_number", "fixes_by_place", "notes", "rewritten", "written"]

AUTHOR, INITIALS = "lintperf", "LP"
SEVERITIES = {
    Severity.error: Text("错误", "error"),
    Severity.warning: Text("警告", "warning"),
    Severity.note: Text("提示", "note"),
}
BASIS, REMEDY, SEE, ABOUT = Text("依据", "Basis"), Text("建议", "Remedy"), Text("另见", "See"), Text("所指", "About")
EXPECTED, FOUND = Text("应为", "expected"), Text("现为", "found")
CORRECTED, COULD_BE = Text("已改正", "Corrected"), Text("可改为", "Could be")
LOOK = Text("，须复核", ", needs a look")
MOST_RELATED = 3

# Numbers as forms write them; full-width digits and marks are read as their narrow twins.
_NUMBER = re.compile(r"[-+－＋]?[0-9０-９]{1,18}(?:[,，][0-9０-９]{3})*(?:[.．][0-9０-９]{1,12})?")
_NARROW = str.maketrans("０１２３４５６７８９．，＋－％", "0123456789.,+-%")


class Corrected(NamedTuple):
    """A value that was replaced: the text of its cell before and after."""

    before: str
    after: str


class Note(NamedTuple):
    """One finding as a comment: `head` says code and title, `lines` the rest; what follows is for lists."""

    place: Place | None
    severity: Severity
    code: str
    head: str
    lines: tuple[str, ...]
    where: str
    message: str
    basis: str
    remedy: str


def notes(result: FileResult, view: View, corrected: Mapping[Place, Corrected]) -> list[Note]:
    """A note for each finding of a file, in their order.

    corrected  the values that were replaced in the copy, by place
    """
    return [
        _note(finding, document.type, view, corrected) for document in result.documents for finding in document.findings
    ]


def _note(finding: Finding, type_: str | None, view: View, corrected: Mapping[Place, Corrected]) -> Note:
    rule, lang = view.rules[finding.code], view.lang
    said = _line(message(finding, rule, lang))
    basis = _line(("；" if lang == "zh" else "; ").join(citation.to(lang) for citation in rule.source))
    remedy = _line(rule.remedy.to(lang))
    lines = [said, *_operands(finding, said, view), *_about(finding, type_, view), *_see(finding, type_, view)]
    lines += _fix(finding, view, corrected)
    if basis:
        lines.append(f"{BASIS.to(lang)} {basis}")
    if remedy:
        lines.append(f"{REMEDY.to(lang)} {remedy}")
    lines.append(f"lintperf rule {finding.code}")
    return Note(
        place=finding.place,
        severity=finding.severity,
        code=finding.code,
        head=f"{SEVERITIES[finding.severity].to(lang)} {finding.code} {_line(rule.title.to(lang))}",
        lines=tuple(lines),
        where=_where(finding, type_, view),
        message=said,
        basis=basis,
        remedy=remedy,
    )


def _line(text: str) -> str:
    return " ".join(text.split())


def _operands(finding: Finding, said: str, view: View) -> Iterator[str]:
    """Expected and found, where the message names them not; of the difference only the message knows the unit."""
    lang = view.lang
    parts = []
    for name, value in ((EXPECTED, finding.expected), (FOUND, finding.found)):
        shown = _line(format_value(value, None, lang))
        as_money = format_value(value, "money", lang) if isinstance(value, Decimal) else shown
        if value is not None and shown not in said and as_money not in said:
            parts.append(f"{name.to(lang)} {shown}")
    if parts:
        yield ("，" if lang == "zh" else ", ").join(parts)


def _title(type_: str | None, pointer: str, view: View) -> str:
    path = field_path(pointer)
    return view.titles(type_, path) if type_ and path else path


def _about(finding: Finding, type_: str | None, view: View) -> Iterator[str]:
    """Row and field, where the comment stands on a cell around the value and not on its own."""
    if not finding.exact or finding.place is None:
        parts = [part for part in (finding.row, _title(type_, finding.pointer, view)) if part]
        if parts:
            yield f"{ABOUT.to(view.lang)} {_line(' · '.join(parts))}"


def _see(finding: Finding, type_: str | None, view: View) -> Iterator[str]:
    """The other places that the finding speaks of."""
    named = []
    for related in finding.related[:MOST_RELATED]:
        named.append(related_in_words(related, _title(type_, related.pointer, view), view.lang))
    if named:
        more = len(finding.related) - len(named)
        tail = Text(f" 等 {len(finding.related)} 处", f" and {more} more").to(view.lang) if more else ""
        yield f"{SEE.to(view.lang)} {('、' if view.lang == 'zh' else ', ').join(named)}{tail}"


def _fix(finding: Finding, view: View, corrected: Mapping[Place, Corrected]) -> Iterator[str]:
    if finding.fix is None:
        return
    done = corrected.get(finding.fix.place) if finding.fix.place is not None else None
    lang = view.lang
    if done is not None:
        yield f"{CORRECTED.to(lang)} {_line(format_value(done.before, None, lang))} → {_line(done.after)}"
    else:
        look = "" if finding.fix.safe else LOOK.to(lang)
        yield f"{COULD_BE.to(lang)} {_line(format_value(finding.fix.value, None, lang))}{look}"


def _where(finding: Finding, type_: str | None, view: View) -> str:
    place = in_words(finding.place, view.lang) if finding.place is not None else ""
    return _line(" ".join(part for part in (place, finding.row or "", _title(type_, finding.pointer, view)) if part))


def fixes_by_place(fixes: Iterable[Fix]) -> dict[Place, Fix]:
    """One fix a place: of several the last, which knows what those before it changed."""
    return {fix.place: fix for fix in fixes if fix.place is not None}


def written(value: Scalar) -> str:
    """A value as it is written into a cell: numbers in plain notation with their decimals."""
    return plain_number(value) if isinstance(value, Decimal) else str(value)


def as_number(text: str) -> Decimal | None:
    """The value of a text that is one number, perhaps with `%` behind it (`85%` is 0.85); None for any other."""
    plain = text.strip().translate(_NARROW).replace(",", "")
    percent = plain.endswith("%")
    try:
        number = Decimal(plain.removesuffix("%"))
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    return number.scaleb(-2) if percent else number


def rewritten(text: str, found: Scalar, value: Scalar) -> str | None:
    """The text of a cell with the new value in the place of the one `found` there; what stands around it remains.

    A number is recognised however it is written (`1,200.50`, `９.５`), and keeps its thousands separators. None where
    the old value does not stand in the text exactly once.
    """
    if isinstance(value, bool) or value is None:
        return None
    if found is None:
        return written(value) if not text.strip() else None
    if isinstance(found, Decimal):
        hits = [hit for hit in _NUMBER.finditer(text) if as_number(hit[0]) == found]
        if len(hits) != 1:
            return None
        separated = isinstance(value, Decimal) and re.search("[,，]", hits[0][0])
        new = format_value(value, "money") if separated else written(value)
        return text[: hits[0].start()] + new + text[hits[0].end() :]
    old = str(found)
    if text.strip() == old.strip():
        return written(value)
    parts = re.split(rf"(?<![0-9.]){re.escape(old)}(?![0-9])", text) if old else []
    if len(parts) == 2:
        return parts[0] + written(value) + parts[1]
    # a rate is kept without the white space and the wide characters of its cell
    return written(value) if re.sub(r"\s+", "", text.translate(_NARROW)) == old else None
