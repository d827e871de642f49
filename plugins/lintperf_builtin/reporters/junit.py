"""JUnit XML, as test panels of CI systems read it: a suite a file, a failure a finding.

A case is named by rule and row and not by its place, so that panels which compare two runs know it again after lines
have moved; the place stands in the failure. The class is the document. There is no time and no host in it: the same
input gives the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from lintperf.document.places import short
from lintperf.findings.texts import basis
from lintperf.model import Finding, Notification, Place, Suppression, Text
from lintperf.results import DocumentResult, FileResult, Results, View
from lintperf_builtin.reporters.layout import clean, visible
from lintperf_builtin.reporters.places import field_path, in_words
from lintperf_builtin.reporters.wording import ACROSS, origin_and_related, sentence

__all__ = ["write"]

BASIS, REMEDY, WHERE = Text("依据", "Basis"), Text("建议", "Remedy"), Text("位置", "Place")
NOTHING = Text("未发现问题", "nothing found")
# XML 1.0 has no word for these either, not even escaped
_NO_CHARACTER = re.compile("[\ufffe\uffff]")


def _characters(text: str) -> str:
    return _NO_CHARACTER.sub("\ufffd", visible(text))


def _attributes(**values: str) -> str:
    return "".join(f" {name}={quoteattr(_characters(value))}" for name, value in values.items())


def _element(name: str, lines: list[str], **values: str) -> str:
    """An element whose text is one line for each of `lines`."""
    body = "\n".join(escape(_characters(line)) for line in lines)
    return f"<{name}{_attributes(**values)}>{body}</{name}>"


def _case(name: str, document: str, content: str = "") -> str:
    head = f"    <testcase{_attributes(classname=document, name=name)}"
    return f"{head}>{content}</testcase>\n" if content else f"{head}/>\n"


def _class(path: str, document: DocumentResult) -> str:
    """The document as a class: its file, and its title where it has one."""
    title = clean(document.title or "")
    return f"{path} {title}" if title else path


def _place(path: str, place: Place | None) -> str:
    return path if place is None else f"{path}:{short(place)}"


def _failure(finding: Finding, view: View) -> str:
    rule, lang = view.rules[finding.code], view.lang
    colon = "：" if lang == "zh" else ": "
    what = sentence(finding, view)
    lines = [_place(finding.path, finding.place), what]
    if finding.place is not None:
        lines.append(f"{WHERE.to(lang)}{colon}{in_words(finding.place, lang)}")
    if beside := origin_and_related(finding, lang):
        lines.append(beside)
    for label, text in ((BASIS, basis(finding, rule, lang)), (REMEDY, rule.remedy.to(lang))):
        if text:
            lines.append(f"{label.to(lang)}{colon}{clean(text)}")
    return _element("failure", lines, type=finding.severity.name, message=what)


def _suppressed(document: DocumentResult) -> list[tuple[Finding, Suppression]]:
    """What the document itself does not want reported; a baseline would be a list of all that is old."""
    return [each for each in document.suppressed if each[1].kind == "in_source"]


def _skipped(finding: Finding, why: Suppression, view: View) -> str:
    reason = clean(why.reason or "")
    if why.until:
        reason += f"（至 {why.until}）" if view.lang == "zh" else f" (until {why.until})"
    where = _place(finding.path, finding.place)
    return _element("skipped", [f"{where} {sentence(finding, view)}"], type="suppressed", message=reason)


def _name(finding: Finding, document: DocumentResult, view: View, seen: dict[str, int]) -> str:
    """`LP301 执行率计算错误 · 年度资金总额 · 执行率`; alike ones get a number."""
    path = field_path(finding.pointer)
    field = view.titles(document.type, path) if document.type and path and finding.field else ""
    parts = (f"{finding.code} {view.rules[finding.code].title.to(view.lang)}", finding.row, field)
    name = " · ".join(clean(part) for part in parts if part)
    number = seen[name] = seen.get(name, 0) + 1
    return name if number == 1 else f"{name} ({number})"


def _document(path: str, document: DocumentResult, across: bool, view: View) -> Iterator[str]:
    class_, seen = _class(path, document), dict[str, int]()
    for finding in document.findings:
        yield _case(_name(finding, document, view, seen), class_, _failure(finding, view))
    for finding, why in _suppressed(document):
        yield _case(_name(finding, document, view, seen), class_, _skipped(finding, why, view))
    if not document.findings and not across:
        yield _case(NOTHING.to(view.lang), class_)


def _error(path: str, notification: Notification, view: View) -> str:
    text = clean(notification.text.to(view.lang))
    return _case(
        f"lintperf {notification.subject}", path, _element("error", [path, text], type="lintperf", message=text)
    )


def _suite(file: FileResult, view: View) -> Iterator[str]:
    cases = [case for document in file.documents for case in _document(file.path, document, file.across, view)]
    cases += [_error(file.path, notification, view) for notification in file.notifications]
    if not cases:
        return
    name = file.path
    if file.across:
        name += f"（{ACROSS.to('zh')}）" if view.lang == "zh" else f" ({ACROSS.to('en')})"
    failures = sum(len(document.findings) for document in file.documents)
    skipped = sum(len(_suppressed(document)) for document in file.documents)
    counts = {"tests": len(cases), "failures": failures, "errors": len(file.notifications), "skipped": skipped}
    attributes = _attributes(name=name, **{key: str(count) for key, count in counts.items()})
    yield f"  <testsuite{attributes}>\n"
    yield from cases
    yield "  </testsuite>\n"


def write(results: Results, view: View) -> Iterator[str]:
    """A suite a file with documents: a failed case a finding, a passed one for a document without any.

    Findings of every severity that is shown are failures, its name their type: what shall not be seen is filtered
    before. What the document itself suppresses is skipped, with its reason. A failure of the tool itself is an error.
    What the comparison of documents found has suites of its own.
    """
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="lintperf">\n'
    for file in results.files:
        yield from _suite(file, view)
    yield "</testsuites>\n"
