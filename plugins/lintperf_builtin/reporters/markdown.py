"""A summary in Markdown for a merge request: counts, the first hundred findings, the rest counted.

Texts of documents come from strangers: nothing in them becomes markup, a link, a mention of a user or an issue. The
whole stays below what the forges take for one comment.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter

from lintperf.document.places import short
from lintperf.model import Finding, Severity, Text
from lintperf.results import FileResult, Results, View
from lintperf_builtin.reporters.layout import clean
from lintperf_builtin.reporters.wording import (
    against_baseline,
    counted,
    nothing_found,
    number_of,
    origin_and_related,
    sentence,
    since_revision,
)

__all__ = ["write"]

MOST_FINDINGS = 100
# more than that would push the discussion off the screen: they are folded away
MOST_OPEN = 20
MOST_FAILURES = 10
# UTF-16 units; the smallest limit for a comment is 65,536 characters
LONGEST = 60_000
LONGEST_HEAD = 20_000
LONGEST_TEXT = 600
SEVERITIES = (Severity.error, Severity.warning, Severity.note)
MARKS = {Severity.error: "🔴", Severity.warning: "🟠", Severity.note: "🔵"}

NO_DOCUMENT = Text("没有可检查的文档", "No document to check")
NAMES = {
    Severity.error: Text("错误", "error"),
    Severity.warning: Text("警告", "warning"),
    Severity.note: Text("提示", "note"),
}
HEADS = Text("| 规则 | 位置 | 问题 |", "| Rule | Place | Problem |")
RULE_HEADS = Text("| 数量 | 级别 | 规则 | 标题 |", "| Count | Severity | Rule | Title |")
BY_RULE = Text("按规则统计", "Counts by rule")
FURTHER = Text("其余 {} 条", "{} more")
FAILED = Text("工具自身出错，结果不完整", "The tool itself failed: results are incomplete")

# everything that Markdown could take for markup, as a reference to the character
_MARKUP = re.compile(r"[\\`*_{}\[\]<>|~&$]")
# what forges turn into links behind Markdown's back: @user, #1, !1, ~label, %milestone, $1, &1, :emoji:, GH-1, URLs
_REFERENCE = re.compile(r"[@#!~%$&:](?=[A-Za-z0-9_\"'/?.+-])|(?<=[wW])\.(?=\S)|(?<=GH)-(?=[0-9])")
_BREAK = "&#8203;"


def _escaped(text: str) -> str:
    """`text` on one line of a table, to be read as it stands.

    Markup characters are written as references; behind what starts a mention or a link stands a zero-width space.
    """
    marked = _REFERENCE.sub(lambda match: f"{match[0]}\u200b", _shortened(text))
    return _MARKUP.sub(lambda match: f"&#{ord(match[0])};", marked).replace("\u200b", _BREAK)


def _code(text: str) -> str:
    """`text` as code, in which forges look for no links."""
    text = _shortened(text)
    if "`" in text or "|" in text:
        return f"<code>{_MARKUP.sub(lambda match: f'&#{ord(match[0])};', text)}</code>"
    return f"`{text}`"


def _shortened(text: str) -> str:
    text = clean(text)
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


@dataclass(slots=True)
class _Kept:
    """The rows that may be shown, of each severity as many as could be, and the failures."""

    rows: dict[Severity, list[str]] = field(default_factory=lambda: {severity: [] for severity in SEVERITIES})
    failures: list[str] = field(default_factory=list)

    def take(self, file: FileResult, view: View) -> None:
        for document in file.documents:
            for finding in document.findings:
                rows = self.rows[finding.severity]
                if len(rows) < MOST_FINDINGS:
                    rows.append(_row(finding, view))
        for notification in file.notifications:
            if len(self.failures) < MOST_FAILURES:
                text = f"{notification.path}: {notification.subject}: {notification.text.to(view.lang)}"
                self.failures.append(f"> - {_escaped(text)}\n")


def _row(finding: Finding, view: View) -> str:
    where = finding.path if finding.place is None else f"{finding.path}:{short(finding.place)}"
    text = sentence(finding, view)
    if beside := origin_and_related(finding, view.lang):
        text += f"（{beside}）" if view.lang == "zh" else f" ({beside})"
    return f"| {finding.code} | {_code(where)} | {_escaped(text)} |\n"


def _headline(results: Results, view: View) -> str:
    totals, zh = results.totals, view.lang == "zh"
    if not totals.documents:
        return NO_DOCUMENT.to(view.lang)
    documents = number_of(totals.documents, "份文档", "document", view.lang)
    found = [
        counted(totals.by_severity[severity], severity, view.lang)
        for severity in SEVERITIES
        if totals.by_severity.get(severity)
    ]
    if not found:
        return f"{nothing_found(totals).to(view.lang)}{'：已检查 ' if zh else ': checked '}{documents}"
    return f"{documents}：{'，'.join(found)}" if zh else f"{documents}: {', '.join(found)}"


def _by_rule(by_code: Mapping[str, int], view: View) -> Iterator[str]:
    """Rows of the codes found, the most frequent first."""
    for code, count in sorted(by_code.items(), key=lambda item: (-item[1], item[0])):
        rule = view.rules[code]
        name = NAMES[rule.severity].to(view.lang) if rule.severity in NAMES else ""
        yield f"| {count} | {name} | {code} | {_escaped(rule.title.to(view.lang))} |\n"


def _table(heads: Text, rows: Sequence[str], view: View) -> str:
    return f"{heads.to(view.lang)}\n{'|---' * (heads.en.count('|') - 1)}|\n{''.join(rows)}"


def _listed(rows: Sequence[tuple[str, Severity]], view: View) -> str:
    """A table for each severity, under its name."""
    parts = []
    for severity, group in groupby(rows, itemgetter(1)):
        name = NAMES[severity].to(view.lang)
        parts.append(f"**{MARKS[severity]} {name}**\n\n{_table(HEADS, [row for row, _ in group], view)}")
    return "\n".join(parts)


def _folded(title: str, content: str) -> str:
    return f"<details>\n<summary>{title}</summary>\n\n{content}\n</details>\n"


def _fitting(rows: Iterable[str], room: int, most: int) -> list[str]:
    """The first rows, at most so many, that together take at most `room`."""
    fitting: list[str] = []
    for row in rows:
        room -= _units(row)
        if room < 0 or len(fitting) == most:
            break
        fitting.append(row)
    return fitting


def _left_out(shown: Counter[Severity], results: Results, view: View) -> str:
    """How many findings are not listed; "" for none."""
    zh = view.lang == "zh"
    rest = [
        counted(more, severity, view.lang)
        for severity in SEVERITIES
        if (more := results.totals.by_severity.get(severity, 0) - shown[severity]) > 0
    ]
    if not rest:
        return ""
    if zh:
        return f"\n以上列出 {sum(shown.values())} 条，另有 {'，'.join(rest)}没有列出。\n"
    return f"\n{sum(shown.values())} listed above, {', '.join(rest)} not listed.\n"


def _limits(results: Results, view: View) -> Iterator[str]:
    """What a baseline or a revision left out."""
    totals = results.totals
    if totals.baseline is not None:
        yield against_baseline(totals.baseline, view.lang)
    if totals.since is not None:
        yield since_revision(totals.since, view.lang)


def _notes(results: Results, view: View) -> Iterator[str]:
    totals, zh = results.totals, view.lang == "zh"
    if totals.hidden:
        yield f"{totals.hidden} 条未显示" if zh else f"{totals.hidden} hidden"
    if totals.ignored:
        yield f"{totals.ignored} 条已忽略" if zh else f"{totals.ignored} ignored"
    if totals.skipped_files:
        files = number_of(totals.skipped_files, "个文件", "file", view.lang)
        yield f"{files}不是可检查的文档" if zh else f"{files} passed over"
    yield f"lintperf {view.version} · {_escaped(view.ruleset_name)}"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _head(kept: _Kept, results: Results, view: View) -> Iterator[str]:
    totals = results.totals
    yield f"### lintperf · {_headline(results, view)}\n\n"
    if kept.failures:
        failures = _fitting(kept.failures, LONGEST_HEAD, MOST_FAILURES)
        more = totals.notifications - len(failures)
        yield f"> **{FAILED.to(view.lang)}**\n>\n{''.join(failures)}" + (f"> - … +{more}\n" if more else "") + "\n"
    if totals.by_code:
        rows = _fitting(_by_rule(totals.by_code, view), LONGEST_HEAD, len(totals.by_code))
        yield _folded(BY_RULE.to(view.lang), _table(RULE_HEADS, rows, view)) + "\n"


def write(results: Results, view: View) -> Iterator[str]:
    """Heading, counts, findings: errors first, each severity in the order of the run, at most a hundred of them.

    Nothing can be written before everything has been counted; of the findings, so many are kept as could be shown.
    """
    kept = _Kept()
    for file in results.files:
        kept.take(file, view)
    head = "".join(_head(kept, results, view))
    rows = [(row, severity) for severity in SEVERITIES for row in kept.rows[severity]]
    rows = rows[: len(_fitting((row for row, _ in rows), LONGEST - _units(head), MOST_FINDINGS))]
    yield head
    if rows:
        yield _listed(rows[:MOST_OPEN], view)
    if folded := rows[MOST_OPEN:]:
        yield "\n" + _folded(FURTHER.to(view.lang).format(len(folded)), _listed(folded, view))
    yield _left_out(Counter(severity for _, severity in rows), results, view)
    yield from (f"\n{_escaped(text)}\n" for text in _limits(results, view))
    yield f"\n<sub>{' · '.join(_notes(results, view))}</sub>\n"
