"""A document's part of the page: head, the drawing with the findings beside it, re-scoring, coverage.

`drawing` gives the middle part alone, for a server that answers with a fragment; its style sheets and scripts are
`STYLES` and `SCRIPTS`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any

from lintperf.findings.texts import format_value
from lintperf.model import Coverage, Lang, Text
from lintperf.results import DocumentResult, FileResult, View
from lintperf_builtin.reporters.html.blocks import Drawn
from lintperf_builtin.reporters.html.findings import Elsewhere, entries, title_of
from lintperf_builtin.reporters.html.form import draw_form
from lintperf_builtin.reporters.html.generic import draw_values
from lintperf_builtin.reporters.html.marks import Marks
from lintperf_builtin.reporters.html.page import Section
from lintperf_builtin.reporters.html.parts import SEVERITIES, both, labelled, same, text
from lintperf_builtin.reporters.html.report import draw_report
from lintperf_builtin.reporters.html.rescore import rescoring
from lintperf_builtin.reporters.html.sheet import sheet

__all__ = ["SCRIPTS", "STYLES", "TABLES", "document_section", "drawing", "marks_of"]

STYLES = ("document.css", "sheet.css")
SCRIPTS = ("document.js",)
# what a document's part shows beside findings, where it is there
TABLES = ("summary", "rescore")

_DOCUMENT = Text("文档", "Document")
_AS_IT_IS = Text("文档原样", "The document")
_FINDINGS = Text("检查发现", "Findings")
_NOTHING = Text("没有发现问题。", "Nothing found.")
_NOT_DRAWN = Text("文件没有读出内容，没有可画的表。", "Nothing could be read from the file: there is nothing to draw.")
_IGNORED = Text("已忽略的发现", "Findings that are ignored")
_SHOW_IGNORED = Text("在文档中标出已忽略的", "Mark ignored ones in the document")
_HIDDEN = Text(
    "另有 {count} 条按所选身份或把握程度没有列出；以审核人或审计身份（--persona）检查可以看到。",
    "{count} more are not listed for this persona or confidence; a reviewer or auditor (--persona) sees them.",
)
_FILTER = Text("筛选", "Filter")
_SEARCH = Text("查找文字", "Search")
_RULE, _ALL_RULES = Text("规则", "Rule"), Text("全部规则", "All rules")
_BEFORE, _NEXT = Text("上一条（Shift+F8）", "Previous (Shift+F8)"), Text("下一条（F8）", "Next (F8)")
_FACTS: tuple[tuple[str, Text, str | None], ...] = (
    ("unit", Text("单位", "Unit"), None),
    ("department", Text("主管部门", "Department"), None),
    ("year", Text("年度", "Year"), None),
    ("total", Text("总分", "Total score"), None),
    ("grade", Text("等级", "Grade"), None),
    ("execution_rate", Text("执行率", "Execution rate"), "percent"),
)
_FILE = Text("文件", "File")
_COVERAGE = Text("检查范围", "What was checked")
_RAN = Text(
    "检查规则 {ran} 条，不适用 {idle} 条，跳过 {skipped} 条。",
    "{ran} rules, {idle} not applicable, {skipped} skipped.",
)
_IDLE = Text("不适用的规则", "Rules that had nothing to look at")
_SKIPPED = Text("跳过的规则", "Rules that could not run")
_UNDER = Text("规则包 {name}（{hash}）", "Rules {name} ({hash})")


def document_section(
    name: str, file: FileResult, document: DocumentResult, marks: Marks, view: View, elsewhere: Elsewhere
) -> Section:
    """The part of the page about one document."""
    title = same(document.title or PurePath(file.path).name)
    return Section(name, title, _body(name, file, document, marks, view, elsewhere), STYLES, SCRIPTS)


def marks_of(name: str, document: DocumentResult, view: View) -> Marks:
    """The document drawn, its findings brought to their places. `name`: what ids begin with."""
    suppressed = [finding for finding, _ in document.suppressed]
    drawn = _drawn(document, view)
    return Marks(name, drawn, document.data, document.findings, suppressed, document.type, view)


def _drawn(document: DocumentResult, view: View) -> Drawn:
    data = document.data
    if data is None:
        return Drawn(())
    if isinstance(data, Mapping) and document.type == "self-evaluation":
        return draw_form(data)
    if isinstance(data, Mapping) and document.type == "evaluation-report":
        return draw_report(data)
    return draw_values(data, document.type, document.title, view)


def drawing(document: DocumentResult, marks: Marks, view: View, elsewhere: Elsewhere) -> Iterator[str]:
    """The document as it is with its findings beside it: a fragment of HTML."""
    suppressions = {id(finding): why for finding, why in document.suppressed}
    prefix = marks.prefix
    yield f'<div class="desk" data-document="{prefix}">\n'
    yield f'<section class="sheet" aria-labelledby="{prefix}sheet">\n'
    yield f'<h2 class="unseen" id="{prefix}sheet">{both(_AS_IT_IS)}</h2>\n'
    if marks.drawn.blocks:
        yield from sheet(marks, view.lang)
    else:
        yield f'<p class="empty">{both(_NOT_DRAWN)}</p>\n'
    yield f'</section>\n<section class="findings" id="{prefix}findings" aria-labelledby="{prefix}heading">\n'
    count = len(marks.notes)
    yield f'<div class="bar">\n<h2 id="{prefix}heading">{both(_FINDINGS)} <span class="count">{count}</span></h2>\n'
    if count > 1:
        yield from _controls(marks, view)
    yield "</div>\n"
    if count:
        yield '<ol class="list">\n'
        yield from entries(marks.notes, marks, document.type, view, elsewhere, suppressions)
        yield "</ol>\n"
    else:
        yield f'<p class="empty">{both(_NOTHING)}</p>\n'
    if document.hidden:
        yield f'<p class="empty">{both(_filled(_HIDDEN, count=document.hidden))}</p>\n'
    if marks.suppressed:
        yield '<details class="ignored">\n'
        yield f'<summary>{both(_IGNORED)} <span class="count">{len(marks.suppressed)}</span></summary>\n'
        box = '<input type="checkbox" data-show-ignored>'
        yield f'<p class="scripted"><label>{box} {both(_SHOW_IGNORED)}</label></p>\n'
        yield '<ol class="list">\n'
        yield from entries(marks.suppressed, marks, document.type, view, elsewhere, suppressions)
        yield "</ol>\n</details>\n"
    yield "</section>\n</div>\n"


def _controls(marks: Marks, view: View) -> Iterator[str]:
    """Filters and steps; they need a script and are hidden without one."""
    lang = view.lang
    by_severity = Counter(note.finding.severity for note in marks.notes)
    by_rule = Counter(note.finding.code for note in marks.notes)
    yield f'<div class="controls scripted" role="group" {labelled(_FILTER, lang)}>\n'
    for severity, name in SEVERITIES.items():
        if by_severity[severity]:
            yield (
                f'<button type="button" class="toggle {severity.name}" data-severity="{severity.name}"'
                f' aria-pressed="true">{both(name)} <span class="count">{by_severity[severity]}</span></button>\n'
            )
    yield f"<select data-rule {labelled(_RULE, lang)}>{_option('', _ALL_RULES, lang)}"
    for code in sorted(by_rule):
        title = view.rules[code].title
        count = by_rule[code]
        named = Text(f"{code} {title.zh}（{count}）", f"{code} {title.en} ({count})")
        yield _option(code, named, lang)
    yield "</select>\n"
    yield f'<input type="search" data-search {labelled(_SEARCH, lang)} {labelled(_SEARCH, lang, "placeholder")}>\n'
    yield (
        f'<span class="steps">{_step(-1, "↑", _BEFORE, lang)}{_step(1, "↓", _NEXT, lang)}</span>\n'
        '<output class="shown" aria-live="polite"></output>\n</div>\n'
    )


def _step(by: int, sign: str, name: Text, lang: Lang) -> str:
    return (
        f'<button type="button" data-step="{by}" {labelled(name, lang)} {labelled(name, lang, "title")}>{sign}</button>'
    )


def _option(value: str, title: Text, lang: Lang) -> str:
    zh, en = text(title.zh), text(title.en)
    return f'<option value="{text(value)}" data-zh="{zh}" data-en="{en}">{zh if lang == "zh" else en}</option>'


def _body(
    name: str, file: FileResult, document: DocumentResult, marks: Marks, view: View, elsewhere: Elsewhere
) -> Iterator[str]:
    yield from _head(file, document, marks, view)
    yield from drawing(document, marks, view, elsewhere)
    rows = document.tables.get("rescore")
    if rows:
        yield from rescoring(rows, name, marks)
    yield from _coverage(document, view)


def _head(file: FileResult, document: DocumentResult, marks: Marks, view: View) -> Iterator[str]:
    kind = title_of(view, document.type, "") if document.type else _DOCUMENT
    yield f'<header class="head">\n<p class="kind">{both(kind)}</p>\n<h1>{text(document.title or file.path)}</h1>\n'
    yield '<dl class="facts">\n'
    for label, value in _facts(document):
        yield f"<div><dt>{both(label)}</dt><dd>{both(value)}</dd></div>\n"
    yield f'<div><dt>{both(_FILE)}</dt><dd class="path">{text(file.path)}</dd></div>\n</dl>\n<p class="chips">'
    counts = Counter(note.finding.severity for note in marks.notes)
    for severity, named in SEVERITIES.items():
        quiet = "" if counts[severity] else " none"
        yield f'<span class="chip {severity.name}{quiet}">{both(named)} <b>{counts[severity]}</b></span> '
    yield "</p>\n</header>\n"


def _facts(document: DocumentResult) -> Iterator[tuple[Text, Text]]:
    rows: Sequence[Mapping[str, Any]] = document.tables.get("summary") or ({"unit": document.group},)
    for key, label, how in _FACTS:
        value = rows[0].get(key)
        if value is not None and value != "":
            yield label, Text(format_value(value, how, "zh"), format_value(value, how, "en"))


def _coverage(document: DocumentResult, view: View) -> Iterator[str]:
    coverage: Coverage = document.coverage
    counts = {"ran": coverage.rules_run, "idle": len(coverage.not_applicable), "skipped": len(coverage.skipped)}
    yield f'<section class="coverage">\n<h2>{both(_COVERAGE)}</h2>\n<p>{both(_filled(_RAN, **counts))}'
    if document.ruleset_name:
        under = _filled(_UNDER, name=document.ruleset_name, hash=document.ruleset_hash[:12])
        yield f" {both(under)}"
    yield "</p>\n"
    if coverage.skipped:
        yield f"<h3>{both(_SKIPPED)}</h3>\n<ul>\n"
        yield from (f"<li><code>{text(code)}</code> {text(reason)}</li>\n" for code, reason in coverage.skipped)
        yield "</ul>\n"
    if coverage.not_applicable:
        yield f'<details>\n<summary>{both(_IDLE)} <span class="count">{len(coverage.not_applicable)}</span></summary>\n'
        yield '<ul class="columns">\n'
        for code in coverage.not_applicable:
            rule = view.rules.get(code)
            yield f"<li><code>{text(code)}</code> {both(rule.title) if rule is not None else ''}</li>\n"
        yield "</ul>\n</details>\n"
    yield "</section>\n"


def _filled(template: Text, **values: object) -> Text:
    return Text(template.zh.format(**values), template.en.format(**values))
