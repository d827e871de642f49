"""The findings of a document as a list: what is wrong, the values it rests on, basis, remedy, links to the places."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from lintperf.findings.texts import basis, format_value, message
from lintperf.model import Confidence, Finding, Related, Suppression, Text
from lintperf.results import View
from lintperf.rules.rule import PLACEHOLDER, Rule
from lintperf_builtin.reporters.html.marks import Marks, Note
from lintperf_builtin.reporters.html.parts import SEVERITIES, both, labelled, same, text
from lintperf_builtin.reporters.places import field_path, in_words, origin_in_words

__all__ = ["Elsewhere", "entries", "title_of"]

# (path of a file, index of the document in it, pointer) → id of the element that shows the value, "" for none
Elsewhere = Callable[[str, int, str], str]

_MONEY = frozenset({"currency", "元", "万元", "亿元"})
# texts of cells stand in full in the drawing
_LONGEST = 60
_BLANK = Text("（空）", "(blank)")
_FOUND, _EXPECTED, _DIFFERENCE = Text("现为", "Found"), Text("应为", "Expected"), Text("相差", "Difference")
_BASIS, _REMEDY, _WHY = Text("依据", "Basis"), Text("建议", "Remedy"), Text("缘由", "Why")
_SEE, _PLACE, _ORIGIN, _FIX = (
    Text("另见", "See"),
    Text("位置", "Place"),
    Text("原件", "Original"),
    Text("可改为", "Could be"),
)
_LOOK = Text("（须复核）", " (needs a look)")
_UNSURE = Text("把握不大，请核对原件", "Read with little confidence: compare with the original")
_TO_CELL = Text("到表中查看", "Show in the document")
_WHOLE = Text("整份文档", "Whole document")
_ACROSS = Text("与本次检查的其他文档比较", "Compared with the other documents of this run")
_REASON, _UNTIL, _AUTHOR = Text("忽略的理由", "Why it is ignored"), Text("截止", "Until"), Text("登记人", "By")
_IN_BASELINE = Text("基线中已有", "In the baseline")
_OPERANDS = Text("所在行的数值", "Values of the row")


def title_of(view: View, type_: str | None, path: str) -> Text:
    """The title of a field in both languages."""
    if not type_:
        return same(path)
    return view.both_titles(type_, path) if view.both_titles is not None else same(view.titles(type_, path))


def entries(
    notes: tuple[Note, ...],
    marks: Marks,
    type_: str | None,
    view: View,
    elsewhere: Elsewhere,
    suppressions: Mapping[int, Suppression],
) -> Iterator[str]:
    """The items of a list. `suppressions`: id of a suppressed finding → why."""
    for note in notes:
        yield from _entry(note, marks, type_, view, elsewhere, suppressions.get(id(note.finding)))


def _entry(
    note: Note, marks: Marks, type_: str | None, view: View, elsewhere: Elsewhere, suppression: Suppression | None
) -> Iterator[str]:
    finding = note.finding
    rule = view.rules[finding.code]
    severity = finding.severity.name
    related = " ".join(marks.id(spot) for spot in note.related)
    cell = marks.id(note.spot) if note.spot is not None else ""
    suppressed = " suppressed" if note.suppressed else ""
    yield (
        f'<li id="{note.id}" class="finding {severity}{suppressed}" tabindex="-1" data-code="{text(finding.code)}"'
        f' data-severity="{severity}" data-cell="{cell}" data-related="{related}">\n'
    )
    yield (
        f'<h3><span class="number {severity}{suppressed}">{note.number}</span> '
        f'<span class="severity {severity}">{both(SEVERITIES[finding.severity])}</span> '
        f'<span class="code">{text(finding.code)}</span> <span class="rule">{both(rule.title)}</span></h3>\n'
    )
    yield f'<p class="where">{_where(note, marks, type_, view)}</p>\n'
    said = Text(message(finding, rule, "zh"), message(finding, rule, "en"))
    yield f'<p class="message" id="{note.id}m">{both(said)}</p>\n'
    yield '<div class="more">\n'
    yield from _operands(finding, type_, view)
    yield "<dl>\n"
    for label, value in _told(note, type_, view, suppression):
        yield f"<dt>{both(label)}</dt><dd>{value}</dd>\n"
    base = finding.pointer.rpartition("/")[0]
    shown = {f"{base}/{name}" for name, _ in finding.cells} if len(finding.cells) > 1 else set()
    beyond = (each for each in finding.related if each.path is not None or each.pointer not in shown)
    others = [_related(each, marks, type_, view, elsewhere) for each in beyond]
    if others:
        yield f'<dt>{both(_SEE)}</dt><dd><ul class="see">{"".join(f"<li>{each}</li>" for each in others)}</ul></dd>\n'
    yield "</dl>\n</div>\n</li>\n"


def _where(note: Note, marks: Marks, type_: str | None, view: View) -> str:
    """Row and field, which lead to the cell."""
    finding = note.finding
    path = field_path(finding.pointer)
    field = title_of(view, type_, path) if path else _WHOLE
    row = finding.row or ""
    name = Text(f"「{row}」{field.zh}", f"“{row}” {field.en}") if row else field
    if note.spot is None:
        return both(name)
    return f'<a class="to" href="#{marks.id(note.spot)}" {labelled(_TO_CELL, view.lang, "title")}>{both(name)}</a>'


def _operands(finding: Finding, type_: str | None, view: View) -> Iterator[str]:
    """The values of the row that the finding looks at: the wrong one marked, those it is held against as well.

    Nothing where it looks at one alone, which stands in the drawing.
    """
    if len(finding.cells) < 2:
        return
    base = finding.pointer.rpartition("/")[0]
    record = field_path(base)
    beside = {each.pointer for each in finding.related if each.path is None}
    heads, values = [], []
    for name, value in finding.cells:
        path = f"{record}.{name}" if record else name
        pointer = f"{base}/{name}"
        mark = ' class="wrong"' if pointer == finding.pointer else ' class="beside"' if pointer in beside else ""
        unit = view.units(type_, path) if type_ else None
        heads.append(f'<th scope="col"{mark}>{both(title_of(view, type_, path))}</th>')
        shown = text(_value(value, unit)) if value is not None and value != "" else both(_BLANK)
        values.append(f"<td{mark}>{shown}</td>")
    yield (
        f'<div class="scroll"><table class="operands" {labelled(_OPERANDS, view.lang)}>'
        f"<tr>{''.join(heads)}</tr><tr>{''.join(values)}</tr></table></div>\n"
    )


def _value(value: Any, unit: str | None) -> str:
    if isinstance(value, Decimal):
        return format_value(value, "money" if unit in _MONEY else None)
    said = value if isinstance(value, str) else format_value(value)
    return said if len(said) <= _LONGEST else said[: _LONGEST - 1] + "…"


def _told(note: Note, type_: str | None, view: View, suppression: Suppression | None) -> Iterator[tuple[Text, str]]:
    """What else there is to say, as label and HTML."""
    finding = note.finding
    rule = view.rules[finding.code]
    unit = view.units(type_, field_path(finding.pointer)) if type_ else None
    how = "money" if unit in _MONEY else None
    if finding.expected is not None:
        yield from _compared(finding, rule, how)
    if finding.fix is not None:
        yield _FIX, both(_formatted(finding.fix.value, how)) + ("" if finding.fix.safe else both(_LOOK))
    rests_on = Text(basis(finding, rule, "zh"), basis(finding, rule, "en"))
    for label, each in ((_BASIS, rests_on), (_REMEDY, rule.remedy), (_WHY, rule.why)):
        if each.zh or each.en:
            yield label, both(each)
    if finding.place is not None:
        yield _PLACE, both(Text(in_words(finding.place, "zh"), in_words(finding.place, "en")))
    if finding.origin is not None:
        yield _ORIGIN, both(Text(origin_in_words(finding, "zh"), origin_in_words(finding, "en")))
    if finding.path and any(each.path is not None for each in finding.related):
        yield Text("范围", "Scope"), both(_ACROSS)
    if finding.confidence is Confidence.low:
        yield Text("把握", "Confidence"), both(_UNSURE)
    if suppression is not None:
        if suppression.kind == "external":
            yield _REASON, both(_IN_BASELINE)
        for label, said in ((_REASON, suppression.reason), (_UNTIL, suppression.until), (_AUTHOR, suppression.author)):
            if said:
                yield label, text(said)


def _compared(finding: Finding, rule: Rule, how: str | None) -> Iterator[tuple[Text, str]]:
    """Found, expected and their difference, as the message writes them.

    A difference in another unit, percentage points between rates, is left to the message.
    """
    template = rule.variants[finding.variant] if finding.variant else rule.message
    written = {name: said for name, said in PLACEHOLDER.findall(template.zh) if said}
    found, expected, difference = finding.found, finding.expected, finding.difference
    for name, label, value in (("found", _FOUND, found), ("expected", _EXPECTED, expected)):
        if value is not None:
            yield label, both(_formatted(value, written.get(name, how)))
    plain = isinstance(found, Decimal) and isinstance(expected, Decimal) and isinstance(difference, Decimal)
    if plain and abs(difference) == abs(found - expected):
        yield _DIFFERENCE, both(_formatted(difference, written.get("difference", how)))


def _formatted(value: Any, how: str | None) -> Text:
    return Text(format_value(value, how, "zh"), format_value(value, how, "en"))


def _related(related: Related, marks: Marks, type_: str | None, view: View, elsewhere: Elsewhere) -> str:
    path = field_path(related.pointer)
    field = title_of(view, type_, path) if path else _WHOLE
    place = related.place
    stands = Text(in_words(place, "zh"), in_words(place, "en")) if place is not None else same("")
    if related.path is None:
        spot = marks.find(related.pointer)[0]
        target = marks.id(spot) if spot is not None else ""
        names = Text(" ".join(filter(None, (field.zh, stands.zh))), " ".join(filter(None, (field.en, stands.en))))
    else:
        target = elsewhere(related.path, related.document, related.pointer)
        file = " · ".join(filter(None, (related.title, related.path)))
        names = Text(
            " ".join(filter(None, (file, stands.zh, field.zh))), " ".join(filter(None, (file, stands.en, field.en)))
        )
    return f'<a href="#{target}">{both(names)}</a>' if target else both(names)
