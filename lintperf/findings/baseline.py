"""Baselines: findings that were there when checking began, so that only new ones are reported.

A baseline lists documents (path relative to the baseline's folder, title, group) and what was found in each: code,
label of the row or rows, field, and a hash over what was found. It has no line, no number of a row and no message, so
a finding is known again when lines move, rows change places, files are laid out anew or the language changes; when the
value that it complains of changes, it is new. Alike findings are counted: the second of two is new where one is held.

A document is known by its path and title. Where a file is gone, what is held for its documents serves documents of the
same title and group in files that the baseline does not know: a moved or renamed file keeps its baseline.

Findings of mandatory rules and of files that cannot be read are never held.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lintperf.document.exact import dumps
from lintperf.findings.fingerprints import field_of, identity, rows_of
from lintperf.model import Confidence, Finding, Severity, Suppression
from lintperf.results import Absent, BaselineTotals, DocumentResult, FileResult
from lintperf.rules.rule import Rule

__all__ = ["VERSION", "Baseline", "Comparison", "Entry", "Matcher", "baseline_from", "baseline_text", "is_holdable"]

VERSION = 1
# a file that nobody could look into may hide anything: what is found there is not accepted once for all
NEVER_HELD = frozenset({"unreadable-document"})
HELD = Suppression("external")


class Entry(NamedTuple):
    """What is held of a finding; `times` counts alike ones.

    rows    the labels of its rows, sorted; empty where they have none
    others  the paths of other documents that it speaks of
    """

    code: str
    rows: tuple[str, ...]
    field: str
    id: str
    severity: Severity
    confidence: Confidence = Confidence.high
    others: tuple[str, ...] = ()
    times: int = 1


class Held(NamedTuple):
    """What is held of one document."""

    path: str
    title: str | None
    group: str | None
    entries: tuple[Entry, ...]


class Baseline(NamedTuple):
    """Documents in the order of the file: by path, those of one file in their order there."""

    documents: tuple[Held, ...] = ()

    def size(self) -> int:
        """How many findings it holds."""
        return sum(entry.times for document in self.documents for entry in document.entries)


def is_holdable(finding: Finding, rules: Mapping[str, Rule]) -> bool:
    """Whether a baseline may hold a finding: not that of a mandatory rule, nor that a file cannot be read."""
    rule = rules.get(finding.code)
    return rule is None or not (rule.mandatory or rule.name in NEVER_HELD)


def baseline_from(data: Mapping[str, Any]) -> Baseline:
    """The baseline in data that fits `schemas/baseline.json`, whatever the order of its documents and entries."""
    documents = [
        Held(
            document["path"],
            document.get("title"),
            document.get("group"),
            _summed(
                Entry(
                    entry["code"],
                    tuple(sorted("".join(row.split()) for row in entry.get("rows", ()))),
                    entry.get("field", ""),
                    entry["id"],
                    Severity[entry["severity"]],
                    Confidence[entry.get("confidence", "high")],
                    tuple(sorted(entry.get("others", ()))),
                    int(entry.get("count", 1)),
                )
                for entry in document["findings"]
            ),
        )
        for document in data["documents"]
    ]
    return Baseline(tuple(sorted(documents, key=lambda document: document.path)))


def baseline_text(baseline: Baseline) -> str:
    """The baseline as JSON: a finding a line, so that versions of it can be compared and merged line by line."""
    blocks = []
    for document in baseline.documents:
        head: dict[str, Any] = {"path": document.path}
        head |= {"title": document.title} if document.title is not None else {}
        head |= {"group": document.group} if document.group is not None else {}
        lines = ",\n".join(f"  {dumps(_entry_data(entry))}" for entry in document.entries)
        blocks.append(f'{dumps(head)[:-1]}, "findings": [\n{lines}\n]}}')
    listed = "[\n" + ",\n".join(blocks) + "\n]" if blocks else "[]"
    return f'{{\n"type": "baseline",\n"version": {VERSION},\n"documents": {listed}\n}}\n'


def _entry_data(entry: Entry) -> dict[str, Any]:
    data: dict[str, Any] = {"code": entry.code}
    data |= {"rows": entry.rows} if entry.rows else {}
    data |= {"field": entry.field} if entry.field else {}
    data |= {"severity": entry.severity.name}
    data |= {"confidence": entry.confidence.name} if entry.confidence is not Confidence.high else {}
    data |= {"others": entry.others} if entry.others else {}
    data |= {"id": entry.id}
    data |= {"count": entry.times} if entry.times > 1 else {}
    return data


def _summed(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Alike entries as one, in a fixed order."""
    counts: Counter[Entry] = Counter()
    for entry in entries:
        counts[entry._replace(times=1)] += entry.times
    return tuple(entry._replace(times=count) for entry, count in sorted(counts.items()))


class Matcher:
    """Findings of one document known again, each as often as it is there; `known_by` gives the id of an entry."""

    def __init__(self, entries: Iterable[Entry], known_by: Callable[[Finding], str] = identity) -> None:
        self._known_by = known_by
        self._left: dict[tuple[str, str], list[Entry]] = {}
        for entry in entries:
            self._left.setdefault((entry.code, entry.id), []).append(entry)

    def take(self, finding: Finding) -> bool:
        """Whether the finding is there; it is then used up. One about several rows may have lost some of them."""
        key = (finding.code, self._known_by(finding))
        if key not in self._left:
            return False
        entries, rows = self._left[key], rows_of(finding)
        found = next((entry for entry in entries if entry.rows == rows), None)
        if found is None and rows:
            wanted = Counter(rows)
            found = next((entry for entry in entries if wanted <= Counter(entry.rows)), None)
        if found is None:
            return False
        number = entries.index(found)
        if found.times > 1:
            entries[number] = found._replace(times=found.times - 1)
        else:
            del entries[number]
        return True

    def left(self) -> list[Entry]:
        """What has not been taken, in order."""
        return sorted(entry for entries in self._left.values() for entry in entries)


@dataclass(slots=True)
class _Document:
    """A document of the run: what is held for it, and what a new baseline shall hold."""

    path: str
    index: int
    title: str | None
    group: str | None
    matcher: Matcher
    found: list[Entry] = field(default_factory=list)


@dataclass(slots=True)
class Comparison:
    """A run against a baseline: files go through `take` one by one, `finish` says what has vanished.

    baseline  what is held
    paths     the paths of the files of the run, as a baseline writes them, and `key`: a file's path → that
    exists    whether a file that is no part of the run still exists, by such a path
    rules     the rules in force by code; what other rules had found is neither there nor gone
    shows     whether the run shows findings of a severity and confidence; what it hides is neither there nor gone
    update    accept new findings: they are held from now on; see `updated`
    """

    baseline: Baseline
    paths: Collection[str]
    key: Callable[[str], str]
    exists: Callable[[str], bool]
    rules: Mapping[str, Rule]
    shows: Callable[[Severity, Confidence], bool]
    update: bool = False
    totals: BaselineTotals = field(default_factory=BaselineTotals)
    refused: int = 0
    _known: dict[str, list[int]] = field(default_factory=dict)
    _free: dict[tuple[str, str | None], list[int]] = field(default_factory=dict)
    _used: set[int] = field(default_factory=set)
    _read: set[str] = field(default_factory=set)
    _failed: set[str] = field(default_factory=set)
    _documents: dict[tuple[str, int], _Document] = field(default_factory=dict)
    _here: dict[str, bool] = field(default_factory=dict)

    def __post_init__(self) -> None:
        run = frozenset(self.paths)
        for number, held in enumerate(self.baseline.documents):
            self._known.setdefault(held.path, []).append(number)
            if held.title is not None and held.path not in run:
                self._free.setdefault((held.title, held.group), []).append(number)

    def take(self, file: FileResult) -> None:
        """Set aside what the baseline holds (`DocumentResult.suppressed`); what stays among the findings is new."""
        path = self.key(file.path)
        if not file.across:
            self._read.add(path)
            self._pair(path, file.documents)
        if file.notifications or any(document.type is None for document in file.documents):
            # what was found before may still be there
            self._failed.add(path)
        for document in file.documents:
            seen = self._documents.get((path, document.index))
            if seen is not None:
                self._sort_out(document, seen)

    def _sort_out(self, document: DocumentResult, seen: _Document) -> None:
        fresh: list[Finding] = []
        for finding in document.findings:
            if not is_holdable(finding, self.rules):
                self.refused += 1
                fresh.append(finding)
                continue
            held = seen.matcher.take(finding)
            finding.baseline = "unchanged" if held else "new"
            counts = self.totals.unchanged if held else self.totals.new
            counts[finding.code] = counts.get(finding.code, 0) + 1
            if self.update:
                seen.found.append(self._entry(finding))
            if held or self.update:
                document.suppressed.append((finding, HELD))
            else:
                fresh.append(finding)
        document.findings = fresh

    def _entry(self, finding: Finding) -> Entry:
        others = {self.key(related.path) for related in finding.related if related.path is not None}
        return Entry(
            finding.code,
            rows_of(finding),
            field_of(finding.pointer),
            identity(finding),
            finding.severity,
            finding.confidence,
            tuple(sorted(others)),
        )

    def _pair(self, path: str, documents: list[DocumentResult]) -> None:
        """Find what is held for each document of a file: under its path and title, else under that of a file gone."""
        own = [number for number in self._known.get(path, ()) if number not in self._used]
        pairs: dict[int, int] = {}
        for same_group in (True, False):
            for position, document in enumerate(documents):
                if position not in pairs:
                    number = next((each for each in own if self._is_of(each, document, same_group)), None)
                    if number is not None:
                        pairs[position] = number
                        own.remove(number)
        for position, document in enumerate(documents):
            if position not in pairs and (number := self._moved(path, document)) is not None:
                pairs[position] = number
        if len(documents) == 1 and not pairs and len(self._known.get(path, ())) == 1 and own and documents[0].title:
            pairs[0] = own[0]  # the only one of its file, under a new title
        self._used.update(pairs.values())
        for position, document in enumerate(documents):
            entries = self.baseline.documents[pairs[position]].entries if position in pairs else ()
            self._documents[path, document.index] = _Document(
                path, document.index, document.title, document.group, Matcher(entries)
            )

    def _is_of(self, number: int, document: DocumentResult, same_group: bool) -> bool:
        held = self.baseline.documents[number]
        return held.title == document.title and (held.group == document.group or not same_group)

    def _moved(self, path: str, document: DocumentResult) -> int | None:
        """What is held for a document of the same title and group in a file gone, or in the same form as another file.

        The form of the same name with another suffix counts as gone: it was converted, and the run is about the copy.
        """
        if document.title is None or path in self._known:
            return None
        free = [number for number in self._free.get((document.title, document.group), ()) if number not in self._used]
        places = {number: self.baseline.documents[number].path for number in free}
        same = next((number for number in free if _stem(places[number]) == _stem(path)), None)
        return same if same is not None else next((each for each in free if not self._exists(places[each])), None)

    def _exists(self, path: str) -> bool:
        if path not in self._here:
            self._here[path] = self.exists(path)
        return self._here[path]

    def finish(self) -> BaselineTotals:
        """What has vanished: held for files of this run or files gone, and found by no rule that ran."""
        for held, entry in self._vanished():
            self.totals.absent[entry.code] = self.totals.absent.get(entry.code, 0) + entry.times
            where = (held.path, held.title, held.group)
            self.totals.vanished.append(Absent(*where, entry.code, entry.rows, entry.field, entry.times))
        return self.totals

    def _vanished(self) -> Iterator[tuple[Held, Entry]]:
        for held in self._left():
            for entry in held.entries:
                if self._is_gone(held, entry):
                    yield held, entry

    def _left(self) -> Iterator[Held]:
        """What is held and was not found: of documents of the run, then of documents that were not met."""
        for document in self._documents.values():
            if left := document.matcher.left():
                yield Held(document.path, document.title, document.group, tuple(left))
        for number, held in enumerate(self.baseline.documents):
            if number not in self._used:
                yield held

    def _is_gone(self, held: Held, entry: Entry) -> bool:
        """Whether an entry that nothing was found for may be dropped: the run would have found it."""
        if held.path not in self._read:
            return not self._exists(held.path)
        if held.path in self._failed or entry.code not in self.rules:
            return False
        if not self.shows(entry.severity, entry.confidence):
            return False
        return all(other in self._read or not self._exists(other) for other in entry.others)

    def updated(self) -> Baseline:
        """The new baseline: what was found, and what this run could not have found."""
        entries: dict[tuple[str, int, str | None, str | None], list[Entry]] = {}
        for document in self._documents.values():
            key = (document.path, document.index, document.title, document.group)
            kept = [
                entry for entry in document.matcher.left() if not self._is_gone(Held(*key[:1], *key[2:], ()), entry)
            ]
            entries[key] = [*document.found, *kept]
        for number, held in enumerate(self.baseline.documents):
            if number not in self._used:
                kept = [entry for entry in held.entries if not self._is_gone(held, entry)]
                # behind the documents of the same file that were met, in the order they had
                entries[held.path, len(self.baseline.documents) + number, held.title, held.group] = kept
        ordered = sorted(entries.items(), key=lambda item: item[0][:2])
        return Baseline(
            tuple(Held(path, title, group, _summed(found)) for (path, _, title, group), found in ordered if found)
        )


def _stem(path: str) -> str:
    name = path.rpartition("/")[2]
    return path.rpartition(".")[0] if "." in name[1:] else path
