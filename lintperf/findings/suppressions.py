"""What a document itself does not want reported: `lintperf.ignore`, with a reason, for a row, until a day."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

from lintperf.model import Finding, Remark, Severity, Suppression, Text
from lintperf.names import near_name
from lintperf.rules.rule import Rule
from lintperf.schema.fields import Field

__all__ = ["last_days", "row_labels", "suppress"]

MANDATORY = Text("该规则是强制规则，不能忽略", "the rule is mandatory and cannot be ignored")
UNUSED = Text("没有与之相符的问题", "it matches no finding")


class _Entry(NamedTuple):
    """An entry that can be followed: the rule it is for, the row it is limited to (white space squeezed out)."""

    rule: Rule
    row: str | None
    word: str
    suppression: Suppression


def last_days(data: Any) -> tuple[str, ...]:
    """The last days that entries of a document hold, as they are written, each once; empty for most documents."""
    settings = data.get("lintperf") if isinstance(data, Mapping) else None
    listed = settings.get("ignore") if isinstance(settings, Mapping) else None
    if not isinstance(listed, list):
        return ()
    days = (entry.get("until") for entry in listed if isinstance(entry, Mapping))
    return tuple(sorted({day for day in days if isinstance(day, str) and day}))


def suppress(
    findings: Sequence[Finding],
    data: Any,
    rules: Mapping[str, Rule],
    today: str | None,
    later: Collection[str] = (),
    labels: Callable[[], Iterable[str]] | None = None,
    known: Callable[[], Collection[str]] | None = None,
) -> tuple[list[Finding], list[tuple[Finding, Suppression]], list[Remark]]:
    """The findings that remain, those that are suppressed and by which entry, and remarks on entries without effect.

    An entry without a reason breaks the schema and is not followed; nor is one past its `until`, the last day it
    holds, or one for a mandatory rule. A finding about several rows is suppressed when entries cover all of them.

    today   None: no entry has expired
    later   codes of rules whose findings are not among these yet, so that an entry for one is not useless
    labels  the labels of the document's rows: an entry for a row that there is not is told the nearest
    known   codes and names of all rules that there are, in force or not: a rule that is not in force here may be in
            force elsewhere, and only one that is nowhere is a mistake. None: nothing is said of either
    """
    settings = data.get("lintperf") if isinstance(data, Mapping) else None
    listed = settings.get("ignore") if isinstance(settings, Mapping) else None
    if not isinstance(listed, list) or not listed:
        return list(findings), [], []
    remarks: list[Remark] = []
    entries: list[_Entry] = []
    for number, entry in enumerate(listed):
        if not isinstance(entry, Mapping) or not _is_reason(entry.get("reason")):
            continue
        if not isinstance(entry.get("code"), str):
            continue
        word, row, until = entry["code"], entry.get("row"), entry.get("until")
        pointer = f"/lintperf/ignore/{number}"
        rule = rules.get(word) or next((rule for rule in rules.values() if rule.name == word), None)
        if problem := _problem(word, rule, until, today, known):
            remarks.append(_remark(word, problem, pointer))
        elif rule is not None:
            why = Suppression("in_source", pointer, entry["reason"], _text(until), _text(entry.get("author")))
            entries.append(_Entry(rule, _squeezed(row) if isinstance(row, str) and row else None, word, why))
    kept: list[Finding] = []
    suppressed: list[tuple[Finding, Suppression]] = []
    used: set[str | None] = set()
    by_code: dict[str, list[_Entry]] = {}
    for entry in entries:
        by_code.setdefault(entry.rule.code, []).append(entry)
    for finding in findings:
        needed = _covering(finding, by_code.get(finding.code, ()))
        used.update(entry.suppression.pointer for entry in needed)
        covered = {entry.row for entry in needed}
        if needed and (None in covered or _rows(finding) <= covered):
            suppressed.append((finding, needed[0].suppression))
        else:
            kept.append(finding)
    for entry in entries:
        if entry.suppression.pointer not in used and entry.rule.code not in later:
            remarks.append(_unused(entry, labels))
    remarks.sort(key=lambda remark: int((remark.pointer or "").rpartition("/")[2]))
    return kept, suppressed, remarks


def _is_reason(value: Any) -> bool:
    return isinstance(value, str) and bool(value.strip())


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None


def _squeezed(text: str) -> str:
    """Without white space, which says nothing in a label: files and people break lines differently."""
    return "".join(text.split())


def _problem(
    word: str, rule: Rule | None, until: Any, today: str | None, known: Callable[[], Collection[str]] | None
) -> Text | None:
    """Why an entry cannot be followed."""
    if rule is not None and rule.mandatory:
        return MANDATORY
    if isinstance(until, str) and until:
        try:
            date.fromisoformat(until)
        except ValueError:
            return Text(f"没有 {until} 这一天", f"there is no day {until}")
        if today is not None and until < today:
            return Text(f"已于 {until} 到期", f"it expired on {until}")
    if rule is None and known is not None and word not in known():
        names = known()
        # a code near a wrong one is another rule, unless only its case is wrong
        near = word.upper() if word.upper() in names else near_name(word, [name for name in names if "-" in name])
        meant = Text(f"，是否为 {near}？", f", did you mean {near}?") if near else Text("", "")
        return Text(f"没有这条规则{meant.zh}", f"there is no such rule{meant.en}")
    return None


def _remark(word: str, problem: Text, pointer: str | None, severity: Severity | None = None) -> Remark:
    return Remark("useless-suppression", {"rule": word, "reason": problem}, pointer, severity=severity)


def _unused(entry: _Entry, labels: Callable[[], Iterable[str]] | None) -> Remark:
    """A remark on an entry that no finding needs: milder where the defect is gone than where its row is misspelt."""
    if entry.row is not None and labels is not None:
        squeezed = {_squeezed(label): label for label in labels()}
        if entry.row not in squeezed:
            near = near_name(entry.row, squeezed)
            meant = (
                Text(f"，是否为「{squeezed[near]}」？", f", did you mean “{squeezed[near]}”?") if near else Text("", "")
            )
            problem = Text(
                f"文档中没有名为「{entry.row}」的行{meant.zh}", f"the document has no row “{entry.row}”{meant.en}"
            )
            return _remark(entry.word, problem, entry.suppression.pointer)
    return _remark(entry.word, UNUSED, entry.suppression.pointer, Severity.note)


def _rows(finding: Finding) -> set[str]:
    return {_squeezed(row) for row in finding.rows or (finding.row or "",)}


def _covering(finding: Finding, entries: Iterable[_Entry]) -> list[_Entry]:
    """The entries that a finding needs, in their order: one for all rows, or one for each of its rows."""
    rows = _rows(finding)
    needed: dict[str | None, _Entry] = {}
    for entry in entries:
        if None in needed or rows <= needed.keys():
            break
        if entry.row is None or entry.row in rows:
            needed.setdefault(entry.row, entry)
    return list(needed.values())


def row_labels(root: Field, data: Any) -> Iterator[str]:
    """The labels of all rows of a document (schema keyword `x-label`), rows within rows included."""
    if root.items is not None:
        for item in data if isinstance(data, list) else ():
            label = item.get(root.items.label) if isinstance(item, Mapping) and root.items.label else None
            if isinstance(label, str) and label:
                yield label
            yield from row_labels(root.items, item)
    elif isinstance(data, Mapping):
        for name, field in root.properties.items():
            if name in data:
                yield from row_labels(field, data[name])
