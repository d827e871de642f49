"""The report for people: each finding with its row of the form, the cell in question underlined.

Nothing of a document reaches the terminal as it stands: control characters are shown as pictures. Lines fit the
view's width; Chinese characters take two columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import PurePath
from typing import Any

from lintperf.extension import Column
from lintperf.findings.texts import basis, format_value, message
from lintperf.model import Finding, Lang, Related, Severity, Text
from lintperf.results import DocumentResult, GroupTotals, Results, View
from lintperf.tables.collect import group_rows
from lintperf.tables.lines import text_rows
from lintperf.tables.sheet import headings
from lintperf_builtin.reporters.layout import clean, cut, display_width, grid, visible, wrap
from lintperf_builtin.reporters.places import (
    MOST_RELATED,
    field_path,
    in_words,
    origin_in_words,
    related_in_words,
)
from lintperf_builtin.reporters.wording import (
    ACROSS,
    against_baseline,
    counted,
    nothing_found,
    number_of,
    since_revision,
)

__all__ = ["write"]

INDENT = " " * 6
SHORTEST_LABEL = 10
BOLD, DIM, RED, YELLOW, CYAN, GREEN = "1", "2", "31", "33", "36", "32"
COLORS = {Severity.error: RED, Severity.warning: YELLOW, Severity.note: CYAN}
MONEY = frozenset({"currency", "元", "万元", "亿元"})

BLANK = Text("（空）", "(blank)")
ENCLOSING = Text("所在", "in")
BASIS, REMEDY, WHY, SEE, ORIGINAL = (
    Text("依据", "Basis "),
    Text("建议", "Remedy"),
    Text("缘由", "Why   "),
    Text("另见", "See   "),
    Text("原件", "Origin"),
)
FIX = Text("可改为 {}", "could be {}")
HIDDEN = Text("{} 条未显示（--persona reviewer 查看）", "{} hidden (see --persona reviewer)")
UNSAFE_FIX = Text("可改为 {}，须复核", "could be {}, needs a look")
BY_FIX, BY_UNSAFE_FIX = Text("（--fix）", " (--fix)"), Text("（--unsafe-fixes）", " (--unsafe-fixes)")


@dataclass(slots=True)
class _Seen:
    """What has gone by that the totals do not count."""

    explained: set[str] = field(default_factory=set)
    not_applicable: int = 0
    skipped: int = 0
    reasons: dict[tuple[str, str], None] = field(default_factory=dict)
    rulesets: dict[str, int] = field(default_factory=dict)
    safe: int = 0
    unsafe: int = 0
    in_copy: int = 0

    def count_fix(self, finding: Finding, path: str, view: View) -> None:
        """Whether and how the finding's value could be put right: in the file itself, or in a copy of it."""
        fix = finding.fix
        if fix is None or fix.place is None:
            return
        if fix.written is not None:
            self.safe += fix.safe
            self.unsafe += not fix.safe
        elif PurePath(path).suffix.lower() in view.annotatable:
            self.in_copy += 1


def _paint(view: View, text: str, *codes: str) -> str:
    if not view.color or not text:
        return text
    return f"\033[{';'.join(codes)}m{text}\033[0m"


def _packed(parts: Sequence[str], joint: str, width: int) -> Iterator[str]:
    """`parts` joined, as many on a line as fit; what is too long for a line of its own is wrapped."""
    line = ""
    for part in parts:
        if line and display_width(line + joint + part) > width:
            yield from wrap(line, width)
            line = ""
        line += (joint if line else "") + part
    yield from wrap(line, width)


def _line(text: str) -> str:
    return text.rstrip() + "\n"


def _document_head(path: str, document: DocumentResult, view: View) -> str:
    names = [view.titles(document.type, "") if document.type else "", document.title or ""]
    title = " · ".join(clean(name) for name in names if name)
    shown = visible(path)
    room = view.width - display_width(shown) - 2
    if title and room >= SHORTEST_LABEL:
        return _line(f"{_paint(view, shown, BOLD)}  {cut(title, room)}")
    head = _line(_paint(view, shown, BOLD))
    return head + _line("  " + cut(title, view.width - 2)) if title else head


def _where(finding: Finding, view: View, marked: bool, room: int) -> str:
    """Place and row in at most `room` columns; "" where nothing is known. The row's label gives way first."""
    where = ""
    if finding.place is not None:
        where = visible(in_words(finding.place, view.lang, column=not (marked and finding.row)))
        if not finding.exact:
            where = f"{ENCLOSING.to(view.lang)} {where}"
    if not finding.row:
        return cut(where, room)
    opening, closing = ("「", "」") if view.lang == "zh" else (" “", "”")
    if not where:
        opening = opening.strip()
    left = room - display_width(where + opening + closing)
    if left < SHORTEST_LABEL and where and display_width(finding.row) > left:
        return cut(where, room)
    return where + opening + cut(clean(finding.row), max(1, left)) + closing


def _finding_head(finding: Finding, view: View, marked: bool) -> Iterator[str]:
    rule = view.rules[finding.code]
    severity = _paint(view, finding.severity.name, BOLD, COLORS[finding.severity])
    start = len(f"  {finding.severity.name} {finding.code} ")
    title = cut(clean(rule.title.to(view.lang)), max(1, view.width - start))
    left = start + display_width(title)
    head = f"  {severity} {_paint(view, finding.code, BOLD)} {title}"
    where = _where(finding, view, marked, view.width - left - 2) if left + 2 + SHORTEST_LABEL <= view.width else ""
    whole = _where(finding, view, marked, view.width - len(INDENT))
    if where == whole or (where and display_width(where) >= view.width // 3):
        yield _line(f"{head}{' ' * (view.width - left - display_width(where))}{where}")
        return
    yield _line(head)
    yield _line(INDENT + whole)


def _value(value: Any, unit: str | None, blank: str, lang: Lang) -> str:
    """A cell as the form would show it: amounts with thousands separated; `blank` for absence."""
    if value is None or value == "":
        return blank
    if isinstance(value, Decimal):
        return format_value(value, "money" if unit in MONEY else None, lang)
    return clean(value if isinstance(value, str) else format_value(value, None, lang))


def _row(finding: Finding, type_: str, view: View) -> list[str]:
    """The row around the cell: heads, values, marks. `^` under what is wrong, `-` under what it was held against."""
    base = finding.pointer.rpartition("/")[0]
    record = field_path(base)
    beside = {related.pointer for related in finding.related if related.path is None}
    heads, values, right, marks = [], [], [], []
    for name, value in finding.cells:
        path = f"{record}.{name}" if record else name
        pointer = f"{base}/{name}"
        mark = "^" if pointer == finding.pointer else "-" if pointer in beside else ""
        heads.append(clean(view.titles(type_, path)))
        values.append(_value(value, view.units(type_, path), BLANK.to(view.lang) if mark else "", view.lang))
        right.append(isinstance(value, Decimal))
        marks.append(mark)
    top, middle, bottom = grid(heads, values, right, marks, view.width - len(INDENT))
    lines = [_line(INDENT + _paint(view, top.rstrip(), DIM)), _line(INDENT + middle)]
    if bottom.strip():
        lines.append(_line(INDENT + _paint(view, bottom.rstrip(), BOLD, COLORS[finding.severity])))
    return lines


def _snippet(finding: Finding, view: View) -> list[str]:
    shown = cut(clean(finding.snippet or ""), view.width - len(INDENT))
    if not shown:
        return []
    mark = "^" * max(1, display_width(shown))
    return [_line(INDENT + shown), _line(INDENT + _paint(view, mark, BOLD, COLORS[finding.severity]))]


def _labelled(label: Text, text: str, view: View) -> Iterator[str]:
    """`label  text`, the text wrapped beside its label."""
    name = label.to(view.lang)
    start = f"{INDENT}{name}  "
    for number, line in enumerate(wrap(clean(text), max(20, view.width - display_width(start)))):
        yield _line((f"{INDENT}{_paint(view, name, DIM)}  " if number == 0 else " " * display_width(start)) + line)


def _elsewhere(finding: Finding, type_: str | None, view: View) -> Iterator[str]:
    """Related places outside the row that was shown."""
    base = finding.pointer.rpartition("/")[0]
    shown = {f"{base}/{name}" for name, _ in finding.cells}
    others: list[Related] = [
        related for related in finding.related if related.path is not None or related.pointer not in shown
    ]
    if not others:
        return
    named = []
    path = None
    for related in others[:MOST_RELATED]:
        title = view.titles(type_, field_path(related.pointer)) if type_ else related.pointer
        named.append(related_in_words(related, title, view.lang, path))
        path = related.path
    text = ("、" if view.lang == "zh" else ", ").join(named)
    if len(others) > MOST_RELATED:
        text += f" 等 {len(others)} 处" if view.lang == "zh" else f" and {len(others) - MOST_RELATED} more"
    yield from _labelled(SEE, text, view)


def _original(finding: Finding, view: View) -> Iterator[str]:
    """The place in the file that the document was converted from."""
    if origin := origin_in_words(finding, view.lang):
        yield from _labelled(ORIGINAL, origin, view)


def _after(finding: Finding, view: View, seen: _Seen) -> Iterator[str]:
    """Basis, remedy and reason where they are asked for; the hint where to read more once a rule."""
    rule, lang = view.rules[finding.code], view.lang
    rests_on = basis(finding, rule, lang)
    if view.explain:
        for label, text in ((BASIS, rests_on), (REMEDY, rule.remedy.to(lang)), (WHY, rule.why.to(lang))):
            if text:
                yield from _labelled(label, text, view)
    hints = []
    if finding.code not in seen.explained:
        seen.explained.add(finding.code)
        if rests_on and not view.explain:
            hints.append(f"{BASIS.to(lang).strip()} {clean(rests_on)}")
        hints.append(f"lintperf rule {finding.code}")
    if finding.fix is not None:
        words = FIX if finding.fix.safe else UNSAFE_FIX
        how = BY_FIX if finding.fix.safe else BY_UNSAFE_FIX
        hint = words.to(lang).format(clean(format_value(finding.fix.value, None, lang)))
        hints.append(hint + (how.to(lang) if finding.fix.written is not None else ""))
    for line in _packed(hints, "  ·  ", view.width - len(INDENT)):
        yield _line(INDENT + _paint(view, line, DIM))


def _finding(finding: Finding, type_: str | None, view: View, seen: _Seen) -> Iterator[str]:
    row = _row(finding, type_, view) if type_ and finding.cells else []
    yield from _finding_head(finding, view, marked=len(row) == 3)
    yield from row or _snippet(finding, view)
    for line in wrap(clean(message(finding, view.rules[finding.code], view.lang)), view.width - len(INDENT)):
        yield _line(INDENT + line)
    yield from _elsewhere(finding, type_, view)
    yield from _original(finding, view)
    yield from _after(finding, view, seen)
    yield "\n"


def _found(results: Results, view: View) -> str:
    """What was looked at and what was found there."""
    totals, lang = results.totals, view.lang
    counts = totals.by_severity
    documents = number_of(totals.documents, "份文档", "document", lang)
    parts = [
        _paint(view, counted(counts[severity], severity, lang), BOLD, COLORS[severity])
        for severity in COLORS
        if counts.get(severity, 0)
    ]
    if not totals.documents and totals.since is not None and totals.since.files:
        text = "没有改动过的文档" if lang == "zh" else "No document has changed"
    elif not totals.documents:
        text = "没有可检查的文档" if lang == "zh" else "No document to check"
    elif parts:
        text = f"{documents}：{'，'.join(parts)}" if lang == "zh" else f"{documents}: {', '.join(parts)}"
    else:
        fine = _paint(view, nothing_found(totals).to(lang), BOLD, GREEN)
        text = f"{fine}：已检查 {documents}" if lang == "zh" else f"{fine}: {documents} checked"
    if totals.hidden:
        text += "，" if lang == "zh" else ", "
        text += HIDDEN.to(lang).format(totals.hidden)
    if totals.ignored:
        text += f"，{totals.ignored} 条已忽略" if lang == "zh" else f", {totals.ignored} ignored"
    return text + ("。" if lang == "zh" else ".")


def _ran(results: Results, view: View, seen: _Seen) -> str:
    """Which rules looked: a clean report is worth no more than this line."""
    totals = results.totals
    run, idle, skipped = totals.rules_run, seen.not_applicable, seen.skipped
    if view.lang == "zh":
        unit = "条" if totals.documents == 1 else "条次"
        return f"检查规则 {run} {unit}，不适用 {idle} {unit}，跳过 {skipped} {unit}。"
    what = "rules" if totals.documents == 1 else "rule runs"
    return f"{run} {what}, {idle} not applicable, {skipped} skipped."


def _compared(results: Results, view: View) -> str:
    """How many documents were compared with each other, by how many rules."""
    rules, documents = len(results.totals.rules_comparing), results.totals.compared
    if view.lang == "zh":
        return f"另以 {rules} 条规则相互比较 {documents} 份文档。"
    return f"{number_of(rules, '', 'rule', 'en')} compared {documents} documents with each other."


def _rulesets(view: View, seen: _Seen) -> str:
    """The packs other than the run's, by document or configuration, with the number of documents."""
    if view.lang == "zh":
        named = "、".join(f"{name}（{count} 份）" for name, count in sorted(seen.rulesets.items()))
        return f"另按规则包检查：{named}。"
    named = ", ".join(f"{name} ({count})" for name, count in sorted(seen.rulesets.items()))
    return f"Under other rulesets: {named}."


def _fixable(view: View, seen: _Seen) -> Iterator[str]:
    """How many values could be put right, and how."""
    if view.lang == "zh":
        if seen.safe:
            yield f"{seen.safe} 处可自动改正（--fix）。"
        if seen.unsafe:
            yield f"{seen.unsafe} 处可改正，须复核（--unsafe-fixes）。"
        if seen.in_copy:
            yield f"{seen.in_copy} 处可在副本中改正（lintperf annotate --fix）。"
        return
    if seen.safe:
        yield f"{seen.safe} fixable with --fix."
    if seen.unsafe:
        yield f"{seen.unsafe} fixable with --unsafe-fixes, to be looked at."
    if seen.in_copy:
        yield f"{seen.in_copy} can be corrected in a copy (lintperf annotate --fix)."


def _summary(results: Results, view: View, seen: _Seen) -> Iterator[str]:
    """What was found; which rules looked; what was not looked at and why."""
    totals, zh = results.totals, view.lang == "zh"
    yield _line(_found(results, view))
    sentences = [_ran(results, view, seen)] if totals.documents else []
    if totals.compared:
        sentences.append(_compared(results, view))
    if seen.rulesets:
        sentences.append(_rulesets(view, seen))
    if totals.baseline is not None:
        sentences.append(against_baseline(totals.baseline, view.lang))
    if totals.since is not None:
        sentences.append(since_revision(totals.since, view.lang))
    sentences += _fixable(view, seen)
    for line in _packed(sentences, "" if zh else " ", view.width):
        yield _line(line)
    if totals.skipped_files:
        files = number_of(totals.skipped_files, "个文件", "file", view.lang)
        yield _line(f"{files}不是可检查的文档，已略过。" if zh else f"{files} passed over: no document of ours.")
    if totals.notifications:
        failures = number_of(totals.notifications, "处", "failure", view.lang)
        text = f"工具自身出错 {failures}，结果不完整。" if zh else f"{failures} of the tool itself: results incomplete."
        yield _line(_paint(view, text, BOLD, RED))
    for code, reason in seen.reasons:
        skipped = f"跳过 {code}：{reason}" if zh else f"skipped {code}: {reason}"
        yield _line(cut(clean(skipped), view.width))


def _statistics(by_code: Mapping[str, int], view: View) -> Iterator[str]:
    """Codes with counts and titles, the most frequent first."""
    if not by_code:
        return
    digits = max(len(str(count)) for count in by_code.values())
    for code, count in sorted(by_code.items(), key=lambda item: (-item[1], item[0])):
        start = f"  {count:>{digits}}  {code}  "
        title = clean(view.rules[code].title.to(view.lang))
        yield _line(start + cut(title, max(1, view.width - len(start))))
    yield "\n"


_BY_GROUP = (
    Column("documents", Text("份数", "Documents"), "count"),
    Column("errors", Text("错误", "Errors"), "count"),
    Column("warnings", Text("警告", "Warnings"), "count"),
    Column("notes", Text("提示", "Notes"), "count"),
    Column("group", Text("单位", "Unit"), width=15),
)


def _group_statistics(groups: Mapping[str | None, GroupTotals], view: View) -> Iterator[str]:
    """Documents and findings of each group, most findings first; nothing where no document names its group."""
    if not any(groups):
        return
    rows = group_rows(groups, view.lang)
    for line in text_rows(headings(_BY_GROUP, view.lang), rows, view.lang, view.width - 2):
        yield f"  {line}"
    yield "\n"


def write(results: Results, view: View) -> Iterator[str]:
    """Findings document by document, then statistics if asked for, then the summary unless `quiet`."""
    seen = _Seen()
    for file in results.files:
        for document in file.documents:
            coverage = document.coverage
            seen.not_applicable += len(coverage.not_applicable)
            seen.skipped += len(coverage.skipped)
            seen.reasons.update(dict.fromkeys(coverage.skipped))
            chosen = document.ruleset_name if document.type and document.ruleset_name != view.ruleset_name else ""
            if chosen and not file.across:
                seen.rulesets[chosen] = seen.rulesets.get(chosen, 0) + 1
            if document.findings:
                yield _document_head(file.path, document, view)
                if file.across:
                    yield _line(_paint(view, f"  {ACROSS.to(view.lang)}", DIM))
                if chosen:
                    label = "规则包" if view.lang == "zh" else "ruleset"
                    yield _line(_paint(view, f"  {label} {clean(chosen)}", DIM))
                yield "\n"
            for finding in document.findings:
                seen.count_fix(finding, file.path, view)
                yield from _finding(finding, document.type, view, seen)
    if view.statistics:
        yield from _statistics(results.totals.by_code, view)
        yield from _group_statistics(results.totals.by_group, view)
    if not view.quiet:
        yield from _summary(results, view, seen)
