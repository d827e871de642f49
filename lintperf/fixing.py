"""Fixes carried out: rounds of check, choose, change, until nothing is left that a fix could mend.

A corrected value can make another one wrong, such as the total that it enters. The next round mends that one from what
is right by then, so that a sum is that of the mended rows whatever came first.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from lintperf.document import Document
from lintperf.document.edits import Edit, edited, encoded_edits, kept_type
from lintperf.extension import Source
from lintperf.findings.places import located_fix
from lintperf.model import Finding, Fix, Notification, Severity, Text, TextPlace
from lintperf.pipeline import Session, check_document, check_source, read_documents
from lintperf.policy import Policy
from lintperf.results import FINDINGS, DocumentResult, FileResult, Mended, Wanted
from lintperf.schema.fields import resolve

__all__ = ["Chosen", "carried_out", "difference", "is_wanted", "mend"]

# A form is in order after two or three rounds; fixes that undo each other would never come to an end. Where rounds are
# cheap there may be many: a wrong word that is told once a document has its turn in one text after the other.
MOST_ROUNDS = 5
MOST_ROUNDS_IN_MEMORY = 200
# how many fixes are tried one by one to find the one that does harm, before all of a document are taken back
MOST_TRIES = 40

STILL_FOUND = Text("改后问题仍在，已撤回", "the defect would still be there: taken back")
HARMFUL = Text("改后会出现新的错误，已撤回", "it would bring a new error: taken back")
CONFLICTING = Text("同一个值另有优先的修正，未执行", "another fix for the same value goes first: not carried out")
UNWRITABLE = Text("无法在文件的文字中写入这个值", "the value cannot be written into the text of the file")
UNFAITHFUL = Text("写入后文件读出的数据不对，已撤回", "the file would not read as meant: taken back")

# which finding: its rule and the value that it points to; and in which document of the file
_Key = tuple[str, str]
_Place = tuple[int, str, str]


@dataclass(slots=True)
class Chosen:
    """The fixes chosen so far.

    fixes   by place: the newest fix, with what stood there in the beginning
    causes  by place: the findings that chose one, in their order
    """

    fixes: dict[Hashable, Fix] = field(default_factory=dict)
    causes: dict[Hashable, list[Finding]] = field(default_factory=dict)

    def changing(self) -> list[Fix]:
        """The fixes that change a value: a total may be right again when what it adds up is mended."""
        return [fix for fix in self.fixes.values() if fix.value != fix.found]

    def take(self, place: Hashable, finding: Finding) -> None:
        """Choose the fix of a finding for a place."""
        fix = finding.fix
        assert fix is not None
        known = self.fixes.get(place)
        self.fixes[place] = fix if known is None else fix._replace(found=known.found)
        self.causes.setdefault(place, []).append(finding)


def is_wanted(finding: Finding, unsafe: bool) -> bool:
    """Whether the finding has a fix that may be carried out; `unsafe`: also one that somebody has to look at."""
    return finding.fix is not None and (finding.fix.safe or unsafe)


def carried_out(
    findings: Iterable[Finding],
    place_of: Callable[[Finding], Hashable | None],
    again: Callable[[list[Finding], list[Fix]], Iterable[Finding]],
    rounds: int = MOST_ROUNDS,
) -> Chosen:
    """The fixes of findings, round by round.

    place_of  what the fix of a finding changes; None where the fix is not wanted
    again     what is found when the given fixes are carried out on the original; it is also told the findings that
              are new in this round

    Where several findings of a round would change one place, the one of higher severity goes first, then the one whose
    code is first in the alphabet; the others have their turn in the next round, if they are still found.
    """
    chosen = Chosen()
    states: set[frozenset[tuple[Hashable, Any]]] = set()
    for _ in range(rounds):
        new: dict[Hashable, Finding] = {}
        for finding in findings:
            place = place_of(finding)
            if place is None or finding.fix is None:
                continue
            known, rival = chosen.fixes.get(place), new.get(place)
            if known is not None and known.value == finding.fix.value:
                continue
            if rival is None or _order(finding) < _order(rival):
                new[place] = finding
        if not new:
            break
        for place, finding in new.items():
            chosen.take(place, finding)
        state = frozenset((place, fix.value) for place, fix in chosen.fixes.items())
        if state in states:
            break  # fixes undo each other
        states.add(state)
        findings = again(list(new.values()), chosen.changing())
    return chosen


def _order(finding: Finding) -> tuple[int, str]:
    return -finding.severity, finding.code


def mend(
    session: Session,
    source: Source,
    policy: Policy,
    unsafe: bool = False,
    skip_unknown: bool = False,
    wanted: Wanted = FINDINGS,
    only: Collection[tuple[int, str, str]] | None = None,
) -> FileResult:
    """Carry out the fixes of a JSON or YAML file: what is left to find in the mended text, and what was changed.

    Only values change: layout, comments, order, encoding and the way values are written stay. A fix is taken back, and
    told, when its finding is still there afterwards, when an error is there that was not there before, or when its
    value cannot be written; it is not offered again in the result. What is mended once is not changed by mending it
    again. Other files are checked and left alone: their result has `mended` None.

    unsafe                carry out also those fixes that somebody has to look at
    skip_unknown, wanted  as of `check_source`
    only                  of what is found first, the only findings to mend and to report: (document, code, pointer).
                          Others, that a baseline holds, stay as they are and are not told; None: all are meant
    """
    result = check_source(session, source, policy, skip_unknown, wanted)
    aside = frozenset[_Place]()
    if only is not None:
        aside = frozenset(_place(finding) for each in result.documents for finding in each.findings) - frozenset(only)
        _set_aside(result, aside)
    fixable = {document.index for document in result.documents if any(map(_in_text, document.findings))}
    if not fixable:
        return result
    documents = [each for each in read_documents(session, source)[0] if each.index in fixable]
    text = documents[0].source
    assert text is not None
    asked = _Asked(session, policy, unsafe, aside)
    repairs = [_repair(asked, each, _of(result, each.index)) for each in documents]
    edits = [edit for repair in repairs for edit in repair.edits]
    refused = [each for repair in repairs for each in repair.refused]
    applied = [each for repair in repairs for each in repair.applied]
    content = encoded_edits(source.content, text, edits)
    reason = None
    if content is None:
        reason = UNWRITABLE
    elif edits and not _faithful(session, source, content, repairs):
        reason = UNFAITHFUL
    if content is None or reason is not None:
        refused += [(finding, reason or UNWRITABLE) for finding in applied]
        applied, edits, content = [], [], source.content
    left = result
    if edits:
        left = check_source(session, source._replace(content=content), policy, skip_unknown, wanted)
        _set_aside(left, aside)
    for finding in (finding for document in left.documents for finding in document.findings):
        if any(_place(finding) == _place(each) for each, _ in refused):
            finding.fix = None  # nobody shall be told to try again
    left.mended = Mended(tuple(applied), tuple(refused), text, edited(text, edits), content)
    return left


def _place(finding: Finding) -> _Place:
    return finding.document, finding.code, finding.pointer


def _set_aside(result: FileResult, aside: Collection[_Place]) -> None:
    for document in result.documents:
        document.findings = [finding for finding in document.findings if _place(finding) not in aside]


def _in_text(finding: Finding) -> bool:
    return finding.fix is not None and finding.fix.written is not None


def _of(result: FileResult, index: int) -> DocumentResult:
    return next(document for document in result.documents if document.index == index)


@dataclass(slots=True)
class _Repair:
    """What is changed in one document: `data` is that of the mended document."""

    index: int
    data: Any
    edits: list[Edit]
    applied: list[Finding]
    refused: list[tuple[Finding, Text]]


class _Asked(NamedTuple):
    """What holds for all documents of a file; `aside`: findings that are as good as not there."""

    session: Session
    policy: Policy
    unsafe: bool
    aside: frozenset[_Place]


def _repair(asked: _Asked, document: Document, first: DocumentResult) -> _Repair:
    """The fixes of one document that do what they say, the others left out."""
    banned: dict[_Key, Text] = {}
    trial = _trial(asked, document, first.findings, banned)
    while reasons := _reasons(document, first.findings, trial):
        if HARMFUL in reasons.values():
            reasons = _culprits(asked, document, first.findings, banned, trial)
        elif rivals := _rivals(reasons, trial):
            # without the lesser ones the others may do what they say
            settled = _trial(asked, document, first.findings, banned | rivals)
            if not _reasons(document, first.findings, settled).keys() & reasons.keys():
                reasons = rivals
        banned |= reasons
        trial = _trial(asked, document, first.findings, banned)
    changed = {fix.pointer for fix in trial.chosen.changing()}
    applied = [
        replace(causes[-1], fix=located_fix(document, trial.chosen.fixes[pointer]))
        for pointer, causes in trial.chosen.causes.items()
        if pointer in changed
    ]
    applied.sort(key=lambda finding: finding.fix.place.offset)  # type: ignore[union-attr]
    told = {(finding.code, finding.pointer): finding for finding in [*trial.findings, *first.findings]}
    refused = [(told[key], reason) for key, reason in sorted(banned.items()) if key in told]
    return _Repair(document.index, trial.data, _edits(applied), applied, refused)


@dataclass(slots=True)
class _Trial:
    """What a document looks like with the fixes carried out that are not banned, and what is found in it."""

    chosen: Chosen
    data: Any
    findings: list[Finding]


def _trial(asked: _Asked, document: Document, findings: list[Finding], banned: dict[_Key, Text]) -> _Trial:
    trial = _Trial(Chosen(), document.data, findings)

    def place_of(finding: Finding) -> str | None:
        fix = finding.fix
        if fix is None or not is_wanted(finding, asked.unsafe) or (finding.code, finding.pointer) in banned:
            return None
        # a value that does not stand in the file has no place to be changed in
        return fix.pointer if isinstance(document.locate(fix.pointer), TextPlace) else None

    def again(_new: list[Finding], fixes: list[Fix]) -> list[Finding]:
        trial.data = _with_values(document.data, fixes)
        crashes: list[Notification] = []
        changed = replace(document, data=trial.data, valid=False)
        found = check_document(asked.session, changed, asked.policy, crashes).findings
        trial.findings = [finding for finding in found if _place(finding) not in asked.aside]
        return trial.findings

    trial.chosen = carried_out(findings, place_of, again, MOST_ROUNDS_IN_MEMORY)
    return trial


def _with_values(data: Any, fixes: Iterable[Fix]) -> Any:
    data = deepcopy(data)
    for fix in fixes:
        parent, _, token = fix.pointer.rpartition("/")
        record = resolve(data, parent)
        key = int(token) if isinstance(record, list) else token.replace("~1", "/").replace("~0", "~")
        record[key] = kept_type(fix.found, fix.value)
    return data


def _reasons(document: Document, first: list[Finding], trial: _Trial) -> dict[_Key, Text]:
    """Which fixes of a trial may not stay, and why; HARMFUL stands for one that is still to be found."""
    found = {(finding.code, finding.pointer) for finding in trial.findings}
    before = {(finding.code, finding.pointer) for finding in first}
    reasons: dict[_Key, Text] = {}
    for fix in trial.chosen.changing():
        causes = trial.chosen.causes[fix.pointer]
        if located_fix(document, fix).written is None:
            reasons |= {(cause.code, cause.pointer): UNWRITABLE for cause in causes}
        for cause in causes:
            if (cause.code, cause.pointer) in found:
                reasons[cause.code, cause.pointer] = STILL_FOUND
    if not reasons and trial.chosen.changing():
        reasons = {
            (finding.code, finding.pointer): HARMFUL
            for finding in trial.findings
            if finding.severity is Severity.error and (finding.code, finding.pointer) not in before
        }
    return reasons


def _rivals(reasons: dict[_Key, Text], trial: _Trial) -> dict[_Key, Text]:
    """Of the findings that chose a fix for the place of one that is still found, those of the lowest rank."""
    rivals: dict[_Key, Text] = {}
    for causes in trial.chosen.causes.values():
        keys = {(cause.code, cause.pointer) for cause in causes}
        if len(keys) > 1 and keys & reasons.keys():
            least = max(causes, key=_order)
            rivals[least.code, least.pointer] = CONFLICTING
    return rivals


def _culprits(
    asked: _Asked, document: Document, first: list[Finding], banned: dict[_Key, Text], trial: _Trial
) -> dict[_Key, Text]:
    """The one fix without which no new error is left, the newest first; else all of the document."""
    changed = {fix.pointer for fix in trial.chosen.changing()}
    causes = [cause for pointer in changed for cause in trial.chosen.causes[pointer]]
    keys = dict.fromkeys((cause.code, cause.pointer) for cause in sorted(causes, key=_place_order, reverse=True))
    for key in list(keys)[:MOST_TRIES]:
        without = _trial(asked, document, first, banned | {key: HARMFUL})
        if HARMFUL not in _reasons(document, first, without).values():
            return {key: HARMFUL}
    return dict.fromkeys(keys, HARMFUL)


def _place_order(finding: Finding) -> tuple[int, str, str]:
    return *_order(finding), finding.pointer


def _edits(applied: Iterable[Finding]) -> list[Edit]:
    edits = []
    for finding in applied:
        fix = finding.fix
        assert fix is not None and isinstance(fix.place, TextPlace) and fix.written is not None
        edits.append(Edit(fix.place.offset, fix.place.end_offset, fix.written))
    return edits


def _faithful(session: Session, source: Source, content: bytes, repairs: Iterable[_Repair]) -> bool:
    """Whether the mended file reads as the documents that were checked."""
    read, _ = read_documents(session, source._replace(content=content))
    before, _ = read_documents(session, source)
    meant = {document.index: document.data for document in before}
    meant.update((repair.index, repair.data) for repair in repairs)
    return {document.index: document.data for document in read} == meant


def difference(path: str, mended: Mended) -> Iterator[str]:
    """What fixes change in a file, as a unified diff that `patch` and `git apply` take; line ends are its own."""
    from difflib import unified_diff

    # a mark at the beginning belongs to the first line
    mark = "\ufeff" if mended.content.startswith(b"\xef\xbb\xbf") else ""
    before, after = _lines(mark + mended.before), _lines(mark + mended.after)
    for line in unified_diff(before, after, path, path):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def _lines(text: str) -> list[str]:
    """The lines with their ends; only a line feed ends one, as for `patch`."""
    pieces = text.split("\n")
    return [f"{line}\n" for line in pieces[:-1]] + ([pieces[-1]] if pieces[-1] else [])
