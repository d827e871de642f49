"""How the rules do on invented reports: `python tests/reports/measure.py --count 200`.

Consistent reports must have no error and no warning; each kind of defect must be found where it was put. Reports go
through a file of `--format` (html, docx, styled, md, txt) and the importer, or as canonical JSON straight to the rules.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

if __package__ in (None, ""):
    root = Path(__file__).resolve().parents[2]
    sys.path[:0] = [str(root / "tests"), str(root / "plugins"), str(root)]

from lintperf.document import Document
from lintperf.extension import Source
from lintperf.model import Finding, Severity
from lintperf.pipeline import Session, check_document, open_session, read_documents
from lintperf.policy import Policy
from reports.mutate import DEFECTS, Defect
from reports.wordings import WORDINGS
from reports.wordings_final import FINAL
from reports.write import Draft, Wordings, Written, canonical, draw, longer, report

__all__ = ["Checked", "Rate", "calibration", "check", "differences", "found_in", "growth", "recall", "silent"]

POLICY = Policy(persona="auditor")
# Wordings of reports: those of development, and those that nobody was shown.
SETS: Mapping[str, Wordings] = {"held-out": WORDINGS, "final": {**WORDINGS, **FINAL}}
FORMATS = ("json", "html", "docx", "styled", "md", "txt")


class Checked(NamedTuple):
    """The findings on a report, the data they point into, and the seconds of reading and checking."""

    findings: list[Finding]
    data: Mapping[str, Any]
    seconds: float
    crashes: list[str]


def check(session: Session, made: Draft, format: str, written: Written) -> Checked:
    """Checks a draft as a file of `format`."""
    notifications: list[Any] = []
    if format == "json":
        from lintperf_builtin.prose.statements import statements

        data = {**written.data, "statements": statements(written.data["paragraphs"])}
        started = time.process_time()
        documents = [Document("report.json", data)]
    else:
        suffix = {"styled": "docx"}.get(format, format)
        content = draw(made, format, "drawing")
        started = time.process_time()
        documents, notifications = read_documents(session, Source(f"report.{suffix}", content))
    findings: list[Finding] = []
    for document in documents:
        findings += check_document(session, document, POLICY, notifications).findings
    seconds = time.process_time() - started
    reports = [one for one in documents if one.data and one.data.get("type") == "evaluation-report"]
    crashes = [note.text.en for note in notifications]
    if len(reports) != 1 or len(documents) != 1:
        crashes.append(f"{len(documents)} documents, {len(reports)} of them reports")
    return Checked(findings, reports[0].data if reports else {}, seconds, crashes)


def _pointed(finding: Finding, data: Mapping[str, Any]) -> Iterator[str]:
    """What a finding points at and speaks of; a statement stands for its paragraph."""
    for pointer in (finding.pointer, *(one.pointer for one in finding.related)):
        yield f"{pointer}/"
        parts = pointer.split("/")
        if parts[1:2] in (["statements"], ["citations"], ["grade_bands"]) and len(parts) > 2:
            paragraph = data[parts[1]][int(parts[2])].get("paragraph")
            if paragraph is not None:
                yield f"/paragraphs/{paragraph}/"
        if parts[1:2] == ["period"] and (data.get("period") or {}).get("paragraph") is not None:
            yield f"/paragraphs/{data['period']['paragraph']}/"


def found_in(findings: list[Finding], data: Mapping[str, Any], defect: Defect, places: list[str]) -> bool:
    """Whether one of the defect's rules fires at one of the places; anywhere, where there are none."""
    for finding in findings:
        if finding.code in defect.codes:
            if not places:
                return True
            if any(pointer.startswith(f"{place}/") for pointer in _pointed(finding, data) for place in places):
                return True
    return False


class Recall(NamedTuple):
    """Of one kind: how often it was put, found at its place, and found at all; seeds where it was missed."""

    put: int
    found: int
    elsewhere: int
    missed: list[int]


def recall(
    session: Session, defect: Defect, format: str, count: int, start: int = 0, wordings: Wordings = WORDINGS
) -> Recall:
    """Puts a defect into `count` reports that offer a place for it."""
    put = found = elsewhere = 0
    missed = []
    for seed in range(start, start + 12 * count):
        if put == count:
            break
        made = report(str(seed), wordings)
        places = defect.put(made, random.Random(f"{defect.name}:{seed}"))
        if places is None:
            continue
        put += 1
        written = canonical(made)
        pointers = [written.pointers[id(one)] for one in places if id(one) in written.pointers]
        checked = check(session, made, format, written)
        if found_in(checked.findings, checked.data, defect, pointers):
            found += 1
        else:
            elsewhere += any(finding.code in defect.codes for finding in checked.findings)
            missed.append(seed)
    return Recall(put, found, elsewhere, missed)


def silent(
    session: Session, format: str, count: int, start: int = 0, wordings: Wordings = WORDINGS
) -> tuple[list[tuple[int, Finding]], list[float], list[str]]:
    """Errors and warnings on consistent reports with their seeds, seconds of each report, crashes."""
    alarms, seconds, crashes = [], [], []
    for seed in range(start, start + count):
        made = report(str(seed), wordings)
        checked = check(session, made, format, canonical(made))
        alarms += [(seed, one) for one in checked.findings if one.severity >= Severity.warning]
        seconds.append(checked.seconds)
        crashes += [f"seed {seed}: {text}" for text in checked.crashes]
    return alarms, seconds, crashes


class Rate(NamedTuple):
    """What a rule does: defects of its own that were put and found, findings beside defects of others, false alarms."""

    put: int
    found: int
    beside: int
    false: int


def calibration(session: Session, format: str, count: int, each: int, wordings: Wordings = WORDINGS) -> dict[str, Rate]:
    """Rates of each rule that a kind of defect names, or that fires: from which its `confidence` is set."""
    rates: dict[str, Rate] = defaultdict(lambda: Rate(0, 0, 0, 0))
    for seed in range(count):
        made = report(str(seed), wordings)
        for code in Counter(one.code for one in check(session, made, format, canonical(made)).findings):
            rates[code] = rates[code]._replace(false=rates[code].false + 1)
    for defect in DEFECTS:
        put = 0
        for seed in range(12 * each):
            made = report(str(seed), wordings)
            places = defect.put(made, random.Random(f"{defect.name}:{seed}"))
            if places is None or put == each:
                continue
            put += 1
            written = canonical(made)
            checked = check(session, made, format, written)
            pointers = [written.pointers[id(one)] for one in places if id(one) in written.pointers]
            hits = {
                code
                for code in defect.codes
                if found_in(checked.findings, checked.data, defect._replace(codes=frozenset({code})), pointers)
            }
            for code in hits or defect.codes:  # one of the codes is enough
                rates[code] = rates[code]._replace(put=rates[code].put + 1, found=rates[code].found + bool(hits))
            for code in {one.code for one in checked.findings} - defect.codes:
                rates[code] = rates[code]._replace(beside=rates[code].beside + 1)
    return dict(rates)


def growth(session: Session, format: str, times: int = 10, rounds: int = 5) -> tuple[float, float]:
    """Seconds for a report and for one `times` as long, the best of `rounds`."""
    made = report("growth")
    both = made, longer(made, times)
    found = [[check(session, one, format, canonical(one)).seconds for one in both] for _ in range(rounds)]
    return min(one for one, _ in found), min(two for _, two in found)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _plain(one) for key, one in value.items() if one not in (None, [])}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return Decimal(str(value)) if isinstance(value, int | Decimal) and not isinstance(value, bool) else value


# What a report in a file says in no certain place.
_FREE = frozenset({"layout", "origin", "statements", "notes", "goals", "version", "$schema", "others", "funds"})


def differences(written: Mapping[str, Any], read: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
    """Where the data that was read differs from the data that was written: pointer, written, read."""
    found: list[tuple[str, Any, Any]] = []

    def walk(pointer: str, one: Any, two: Any) -> None:
        if isinstance(one, dict) and isinstance(two, dict):
            for key in sorted(set(one) | set(two)):
                if key not in _FREE:
                    walk(f"{pointer}/{key}", one.get(key), two.get(key))
        elif isinstance(one, list) and isinstance(two, list):
            for at in range(max(len(one), len(two))):
                walk(f"{pointer}/{at}", one[at] if at < len(one) else None, two[at] if at < len(two) else None)
        elif one != two:
            found.append((pointer, one, two))

    walk("", _plain(written), _plain(read))
    return found


def _shown(finding: Finding, session: Session, data: Mapping[str, Any]) -> str:
    where = data.get("paragraphs", [])
    parts = finding.pointer.split("/")
    text = ""
    if parts[1:2] == ["paragraphs"]:
        text = where[int(parts[2])]["text"]
    elif parts[1:2] == ["statements"]:
        one = data["statements"][int(parts[2])]
        text = f"{one.get('subject')} = {one.get('text')} in {one.get('sentence')}"
    elif parts[1:2] == ["indicators"]:
        row = data["indicators"][int(parts[2])]
        text = " ".join(f"{key}={value}" for key, value in row.items() if value is not None and key != "description")
    arguments = {key: str(value)[:60] for key, value in finding.arguments.items()}
    return (
        f"{finding.code} {finding.pointer} found={finding.found} expected={finding.expected} {arguments} | {text[:200]}"
    )


def main() -> int:
    """Prints false alarms, recall per kind and times."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=200, help="consistent reports")
    parser.add_argument("--each", type=int, default=20, help="reports per kind of defect")
    parser.add_argument("--format", default="html", choices=FORMATS)
    parser.add_argument("--wordings", default="held-out", choices=SETS)
    parser.add_argument("--start", type=int, default=0, help="first seed")
    parser.add_argument("--kinds", default="", help="kinds of defect by comma, or `none`")
    parser.add_argument("--calibrate", action="store_true", help="only a table of each rule's rates")
    parser.add_argument("--grow", action="store_true", help="only the time of a report and of one ten times as long")
    parser.add_argument(
        "--import", dest="importing", action="store_true", help="only what the importer reads otherwise"
    )
    parser.add_argument(
        "--dump", metavar="FILE", help="only write the report of --start (with --kinds: broken) and exit"
    )
    options = parser.parse_args()
    session, wordings = open_session(), SETS[options.wordings]
    kinds = [one for one in DEFECTS if not options.kinds or one.name in options.kinds.split(",")]
    if options.dump:
        made = report(str(options.start), wordings)
        if options.kinds:
            print(kinds[0].put(made, random.Random(f"{kinds[0].name}:{options.start}")) is not None)
        Path(options.dump).write_bytes(draw(made, options.format, "drawing"))
        return 0
    if options.calibrate:
        print("rule   defects  found  beside other defects  on consistent reports")
        for code, rate in sorted(calibration(session, options.format, options.count, options.each, wordings).items()):
            print(f"{code}  {rate.put:7} {rate.found:6} {rate.beside:21} {rate.false:22}")
        return 0
    if options.grow:
        one, ten = growth(session, options.format)
        ratio = f"{1000 * one:.0f} ms, ten times as long {1000 * ten:.0f} ms: {ten / one:.1f} times"
        print(f"one report ({options.format}) {ratio}")
        return 0 if ten <= 11 * one else 1
    if options.importing:
        return _importing(session, options.format, options.count, options.start, wordings)
    alarms, seconds, crashes = silent(session, options.format, options.count, options.start, wordings)
    codes = Counter(finding.code for _, finding in alarms)
    print(f"{options.count} consistent reports ({options.format}): {len(alarms)} errors and warnings, {dict(codes)}")
    shown: dict[str, int] = defaultdict(int)
    for seed, finding in alarms:
        shown[finding.code] += 1
        if shown[finding.code] <= 3:
            made = report(str(seed), wordings)
            data = check(session, made, options.format, canonical(made)).data
            print(f"    seed {seed}: {_shown(finding, session, data)}")
    print(f"    mean {1000 * sum(seconds) / len(seconds):.0f} ms, longest {1000 * max(seconds):.0f} ms")
    for text in crashes[:5]:
        print(f"    {text}")
    ok = not alarms and not crashes
    for defect in kinds:
        found = recall(session, defect, options.format, options.each, options.start, wordings)
        share = found.found / found.put if found.put else 0
        ok = ok and share >= 0.95
        mark = "" if share >= 0.95 else f"  <-- {found.elsewhere} elsewhere, seeds {found.missed[:6]}"
        print(
            f"{defect.name:34} {'/'.join(sorted(defect.codes)):24} {found.found:4} of {found.put:4} {share:6.2f}{mark}",
            flush=True,
        )
    return 0 if ok else 1


def _importing(session: Session, format: str, count: int, start: int, wordings: Wordings) -> int:
    fields: dict[str, list[str]] = defaultdict(list)
    for seed in range(start, start + count):
        made = report(str(seed), wordings)
        written = canonical(made)
        read = check(session, made, format, written)
        for pointer, one, two in differences(written.data, read.data):
            name = "/".join(part for part in pointer.split("/") if not part.isdigit())
            fields[name].append(f"seed {seed} {pointer}: written {one!r:.90} read {two!r:.90}")
        for text in read.crashes:
            fields["crash"].append(f"seed {seed}: {text}")
    for name, cases in sorted(fields.items(), key=lambda item: -len(item[1])):
        print(f"{name}: {len(cases)}\n    " + "\n    ".join(cases[:3]))
    return 1 if fields else 0


if __name__ == "__main__":
    raise SystemExit(main())
