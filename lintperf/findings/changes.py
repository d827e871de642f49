"""What of a document has changed since an earlier version of it, and which findings are about that.

Rows are compared by what they hold, not by their number: a row that has only changed its place has not changed. A
finding is about a change when

- it points to a value of a row that is new or in which a value was changed, or to another value that was changed;
- or it speaks of such a value elsewhere: the rows that do not add up, the other document that the text was copied from;
- or the earlier version did not have it: the change is elsewhere, the defect is its consequence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from lintperf.findings.baseline import Entry, Matcher
from lintperf.findings.fingerprints import field_of, identity, rows_of
from lintperf.model import Finding
from lintperf.results import DocumentResult
from lintperf.schema.fields import Field

__all__ = ["ALL", "NOTHING", "Changes", "Earlier", "changes", "earlier", "is_touched", "pair_documents"]

# members of a document that say where it came from and how it is checked, not what it states
ASIDE = frozenset({"origin"})


@dataclass(frozen=True, slots=True)
class Changes:
    """The places of a document that are not what they were.

    below  pointers of values that are new or were changed, with all that is below them
    at     pointers of records and lists in which something was changed, added or taken out, these alone
    """

    below: frozenset[str] = frozenset()
    at: frozenset[str] = frozenset()

    def touch(self, pointer: str) -> bool:
        """Whether what stands at a pointer was changed, or anything around it that counts as one with it."""
        if pointer in self.at:
            return True
        while pointer not in self.below:
            if not pointer:
                return False
            pointer = pointer.rpartition("/")[0]
        return True


ALL = Changes(below=frozenset({""}))
NOTHING = Changes()


@dataclass(slots=True)
class _Noted:
    below: set[str] = field(default_factory=set)
    at: set[str] = field(default_factory=set)


def changes(old: Any, new: Any, root: Field) -> Changes:
    """What differs in `new`. Rows are matched by being equal, then by label (`root` says which member that is).

    Numbers are compared as numbers: `9.5` and `9.50` are the same.
    """
    noted = _Noted()
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        old, new = ({key: value for key, value in each.items() if key not in ASIDE} for each in (old, new))
    _compare(old, new, "", root, noted)
    noted.at.discard("")
    return Changes(frozenset(noted.below), frozenset(noted.at))


def _compare(old: Any, new: Any, pointer: str, declared: Field | None, noted: _Noted) -> None:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        _compare_records(old, new, pointer, declared, noted)
    elif _are_rows(old) and _are_rows(new):
        _compare_rows(old, new, pointer, declared.items if declared is not None else None, noted)
    else:
        noted.below.add(pointer)
        noted.at.add(pointer.rpartition("/")[0])


def _are_rows(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, Mapping) for item in value)


def _compare_records(
    old: Mapping[str, Any], new: Mapping[str, Any], pointer: str, declared: Field | None, noted: _Noted
) -> None:
    for key in dict.fromkeys((*new, *old)):
        inner = declared.properties.get(key) if declared is not None else None
        path = f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}"
        if _is_blank(old.get(key)) and _is_blank(new.get(key)):
            continue
        _compare(old.get(key), new.get(key), path, inner, noted)


def _is_blank(value: Any) -> bool:
    """A member that is left out, null or empty says the same."""
    return value is None or value == "" or value == [] or value == {}


def _compare_rows(
    old: Sequence[Mapping[str, Any]],
    new: Sequence[Mapping[str, Any]],
    pointer: str,
    declared: Field | None,
    noted: _Noted,
) -> None:
    label = declared.label if declared is not None else None
    left = list(old)
    unmatched: list[int] = []
    by_value: dict[Any, list[int]] = {}
    for number in range(len(left) - 1, -1, -1):
        by_value.setdefault(_content(left[number]), []).append(number)
    taken: set[int] = set()
    for number, row in enumerate(new):
        same = by_value.get(_content(row))
        if same:
            taken.add(same.pop())
        else:
            unmatched.append(number)
    by_label: dict[Any, list[int]] = {}
    for number, row in enumerate(left):
        if number not in taken and label is not None and isinstance(row.get(label), str):
            by_label.setdefault(row[label], []).append(number)
    gone = len(left) - len(taken)
    for number in unmatched:
        row, path = new[number], f"{pointer}/{number}"
        name = row.get(label) if label is not None else None
        candidates = by_label.get(name, []) if isinstance(name, str) else []
        if not candidates:
            noted.below.add(path)
            noted.at.add(pointer)
            continue
        gone -= 1
        _compare_row(left[candidates.pop(0)], row, path, declared, noted)
    if gone:
        noted.at.add(pointer)


def _compare_row(
    old: Mapping[str, Any], new: Mapping[str, Any], path: str, declared: Field | None, noted: _Noted
) -> None:
    """Two versions of a row: changed as a whole where one of its own values is; rows inside it are compared."""
    inner = {key for key in (*old, *new) if _are_rows(old.get(key, [])) and _are_rows(new.get(key, []))}
    own_old, own_new = ({k: v for k, v in row.items() if k not in inner and not _is_blank(v)} for row in (old, new))
    if own_old != own_new:
        noted.below.add(path)
        return
    before = len(noted.below) + len(noted.at)
    for key in sorted(inner):
        field_ = declared.properties.get(key) if declared is not None else None
        _compare(old.get(key, []), new.get(key, []), f"{path}/{key}", field_, noted)
    if len(noted.below) + len(noted.at) > before:
        noted.at.add(path)


def _content(value: Any) -> Any:
    """What a value says, to be compared and hashed: without blank members, rows in any order."""
    if isinstance(value, Mapping):
        return frozenset((key, _content(item)) for key, item in value.items() if not _is_blank(item))
    if isinstance(value, list):
        items = [_content(item) for item in value]
        return frozenset(Counter(items).items()) if _are_rows(value) else tuple(items)
    return value


class Earlier(NamedTuple):
    """A document before the change: type, title, values, and what it was reported for."""

    type: str | None
    title: str | None
    data: Any
    entries: tuple[Entry, ...]

    def matcher(self) -> Matcher:
        """Knows its findings again."""
        return Matcher(self.entries, _known_by)


def earlier(document: DocumentResult) -> Earlier:
    """What has to be known of an earlier version, checked with its values (`Wanted.data`)."""
    entries = tuple(
        Entry(each.code, rows_of(each), field_of(each.pointer), _known_by(each), each.severity)
        for each in document.findings
    )
    return Earlier(document.type, document.title, document.data, entries)


def _known_by(finding: Finding) -> str:
    """As in a baseline, and what was expected beside it: a sum that is wrong by another amount is another finding."""
    return f"{identity(finding)}\x1f{finding.expected}\x1f{finding.difference}"


def pair_documents(old: Sequence[Earlier], new: Sequence[DocumentResult]) -> list[Earlier | None]:
    """The earlier version of each document of a file: the equal one, else that of its type and title.

    Where one is left on either side they belong together. None: the document is new.
    """
    left = list(old)
    found: list[Earlier | None] = [None] * len(new)

    def pair(fits: Callable[[Earlier, DocumentResult], bool]) -> None:
        for number, document in enumerate(new):
            if found[number] is None:
                match = next((each for each in left if fits(each, document)), None)
                if match is not None:
                    found[number] = match
                    left.remove(match)

    pair(lambda before, document: before.data is not None and before.data == document.data)
    pair(lambda before, document: (before.type, before.title) == (document.type, document.title))
    if len(left) == 1 and found.count(None) == 1:
        pair(lambda before, document: before.type == document.type)
    return found


def is_touched(finding: Finding, here: Changes, there: Callable[[str, int], Changes]) -> bool:
    """Whether a finding points to or speaks of a value that was changed; `there`: what changed in other documents."""
    if here.touch(finding.pointer):
        return True
    return any(
        (here if related.path is None else there(related.path, related.document)).touch(related.pointer)
        for related in finding.related
    )
