"""Checks over all documents of a run: rows, budget changes and goal texts that two projects share.

A finding stands in the later of two documents and names the earlier one. Documents whose project is not named take no
part: nobody could say whether two of them are about different projects; nor are two of the same project compared.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final, NamedTuple
from zlib import crc32

from lintperf.extension import RunCheck, RunProblem, Subject
from lintperf.model import Text
from lintperf_builtin.facts.form import FormFacts, clause_joins, total_row, without_instructions
from lintperf_builtin.facts.indicator import RowNature
from lintperf_builtin.facts.texts import without_markup

__all__ = ["BATCH_CHECKS"]

_YUAN: Final = {"元": Decimal(1), "万元": Decimal(10_000), "亿元": Decimal(100_000_000)}
# Documents looked at for one row, amount or piece of text: what more of them share is no copy but a common word.
_MOST_SHARING: Final = 32
# Goal texts are looked up by the smallest of their three-character pieces' checksums. Of two texts that differ in a
# fifth of their characters a third of the pieces are the same: one pair in 20,000 shares none of 24.
_PIECE, _PIECES = 3, 24
# texts compared letter by letter with one, those first that share most pieces with it
_MOST_COMPARED: Final = 8
_LONGEST_TEXT: Final = 4000


class _Rows(NamedTuple):
    """The rows of a form that could have been copied: name and target of each, where it stands, its name as written."""

    project: str
    name: str
    unit: str
    rows: Mapping[str, tuple[int, str]]


class _Change(NamedTuple):
    """A budget change that no text of the form explains, in yuan where the form names its currency unit."""

    project: str
    name: str
    key: tuple[str, Any, str | None]
    change: Decimal
    pointer: str
    initial: Decimal
    annual: Decimal


class _Goal(NamedTuple):
    """A goal text without its project's name, and the checksums that it is looked up by."""

    project: str
    name: str
    pointer: str
    text: str
    pieces: tuple[int, ...]


def _squeezed(text: Any) -> str:
    return "".join(text.split()) if isinstance(text, str) else ""


def _heading(subject: Subject) -> Mapping[str, Any]:
    heading = subject.data.get("heading")
    return heading if isinstance(heading, Mapping) else {}


def _project(subject: Subject) -> tuple[str, str]:
    """The project's name without white space, "" where there is none, and as it is written."""
    name = _heading(subject).get("project")
    return _squeezed(name), name if isinstance(name, str) else ""


def _unit(subject: Subject) -> str:
    heading = _heading(subject)
    return _squeezed(heading.get("unit")) or _squeezed(heading.get("department"))


def _copyable_rows(subject: Subject, options: Mapping[str, Any]) -> _Rows | None:
    """Rows with a name and a target in numbers that are neither cost nor satisfaction rows, which every form must have.

    Rows such as 安全意识 — 提升 are alike by chance: there are few words for what a project does for everybody.
    """
    project, name = _project(subject)
    unit = _unit(subject)
    if not project or not unit:
        return None
    standard = options["standard_names"]
    rows: dict[str, tuple[int, str]] = {}
    natures = subject.facts(RowNature)
    names, targets = subject.column("indicators", "name"), subject.column("indicators", "target")
    for number, (written, target, nature) in enumerate(zip(names, targets, natures, strict=True)):
        if nature.is_empty or nature.is_cost or nature.indicator_class == "satisfaction":
            continue
        named = _squeezed(written)
        measured = isinstance(target, str) and any(map(str.isdigit, target))
        if named and measured and named not in standard and named not in project:
            rows.setdefault(f"{named}\x1f{_squeezed(target)}", (number, written))
    return _Rows(project, name, unit, rows) if len(rows) >= options["fewest"] else None


def copied_indicators(digests: Sequence[_Rows], options: Mapping[str, Any]) -> Iterator[RunProblem]:
    """Forms of a unit that share rows with an earlier one about another project, by name and target.

    fewest    rows that have to be alike
    everyone  a row that all forms of a unit have, where there are so many, is one that its forms must have
    """
    units: dict[str, list[int]] = {}
    for number, digest in enumerate(digests):
        units.setdefault(digest.unit, []).append(number)
    for numbers in units.values():
        spread = Counter(key for number in numbers for key in digests[number].rows)
        common = {key for key, count in spread.items() if count == len(numbers) >= options["everyone"]}
        seen: dict[str, list[int]] = {}
        for number in numbers:
            own = digests[number]
            keys = [key for key in own.rows if key not in common and spread[key] > 1]
            shared = Counter(
                other for key in keys for other in seen.get(key, ()) if digests[other].project != own.project
            )
            for key in keys:
                if len(seen.setdefault(key, [])) < _MOST_SHARING:
                    seen[key].append(number)
            other, count = min(shared.items(), key=lambda item: (-item[1], item[0]), default=(0, 0))
            if count < options["fewest"]:
                continue
            alike = [key for key in keys if key in digests[other].rows]
            names = tuple(own.rows[key][1] for key in alike)
            yield RunProblem(
                number,
                f"/indicators/{own.rows[alike[0]][0]}/name",
                {"rows": names, "count": Decimal(count), "other": digests[other].name},
                found=names,
                related=[(other, f"/indicators/{digests[other].rows[key][0]}/name") for key in alike],
            )


def _unexplained_change(subject: Subject, options: Mapping[str, Any]) -> _Change | None:
    """A changed total, as LP306 looks at it: neither its own explanation nor a text of the form says why."""
    project, name = _project(subject)
    unit = _unit(subject)
    funds = subject.data.get("funds")
    row = total_row(funds)
    initial, annual = row.get("initial"), row.get("annual")
    if not project or not unit or initial is None or annual is None or initial == annual:
        return None
    instructions = options["instructions"]
    reason = row.get("explanation") or ""
    says_why = _squeezed(reason) not in ("", *options["no_reason"])
    if says_why and not any(word in reason for word in instructions):
        return None
    said = without_instructions(subject.facts(FormFacts)[0].explanatory_text, instructions)
    if clause_joins(said, options["subjects"], options["changes"]):
        return None
    assert isinstance(funds, Mapping)
    currency = funds.get("currency_unit")
    factor = _YUAN.get(currency or "")
    key = (unit, _heading(subject).get("year"), None if factor is not None else "?")
    number = next(index for index, each in enumerate(funds["rows"]) if each is row)
    change = (annual - initial) * (factor or 1)
    return _Change(project, name, key, change, f"/funds/rows/{number}/annual", initial, annual)


def mirrored_budget_change(digests: Sequence[_Change], _options: Mapping[str, Any]) -> Iterator[RunProblem]:
    """Forms of a unit and year of which one lost what the other was given; `added` where this one was given it."""
    seen: dict[tuple[Any, ...], list[int]] = {}
    for number, own in enumerate(digests):
        opposite = seen.get((*own.key, -own.change), [])
        other = next((each for each in opposite if digests[each].project != own.project), None)
        alike = seen.setdefault((*own.key, own.change), [])
        if len(alike) < _MOST_SHARING:
            alike.append(number)
        if other is None:
            continue
        difference = own.annual - own.initial
        yield RunProblem(
            number,
            own.pointer,
            {"other": digests[other].name, "amount": abs(difference)},
            found=own.annual,
            expected=own.initial,
            difference=difference,
            related=[(number, f"{own.pointer.rpartition('/')[0]}/initial"), (other, digests[other].pointer)],
            variant="added" if difference > 0 else None,
        )


def _goal(subject: Subject, options: Mapping[str, Any]) -> _Goal | None:
    """The expected goal of a form, the overall or annual one of a report; None for one that is too short to tell."""
    project, name = _project(subject)
    goals = subject.data.get("goals")
    if not project or not isinstance(goals, Mapping):
        return None
    field = next((field for field in ("expected", "overall", "annual") if goals.get(field)), None)
    if field is None:
        return None
    text = _squeezed(without_markup(goals[field]))[:_LONGEST_TEXT].replace(project, "")
    if len(text) < options["shortest"]:
        return None
    # four bytes a character: pieces are cut from the bytes, not encoded one by one
    encoded = text.encode("utf-32-le", "surrogatepass")
    sums = {crc32(encoded[start : start + 4 * _PIECE]) for start in range(0, len(encoded) - 4 * (_PIECE - 1), 4)}
    return _Goal(project, name, f"/goals/{field}", text, tuple(sorted(sums)[:_PIECES]))


def goal_text_shared(digests: Sequence[_Goal], options: Mapping[str, Any]) -> Iterator[RunProblem]:
    """Documents whose goal text is that of an earlier one about another project.

    likeness  from which two texts count as one: twice the characters they share in order ÷ all characters of both
    Only texts unlike all before them are looked up again, so that a thousand copies cost no more than one.
    """
    firsts: dict[int, list[int]] = {}
    groups: dict[int, list[int]] = {}
    for number, own in enumerate(digests):
        sharing = Counter(first for piece in own.pieces for first in firsts.get(piece, ()))
        nearest = sorted(sharing.items(), key=lambda item: (-item[1], item[0]))[:_MOST_COMPARED]
        likeness = {first: _likeness(own.text, digests[first].text) for first, _ in nearest}
        alike = [first for first, value in likeness.items() if value >= options["likeness"]]
        if not alike:
            for piece in own.pieces:
                if len(firsts.setdefault(piece, [])) < _MOST_SHARING:
                    firsts[piece].append(number)
            groups[number] = [number]
            continue
        first = max(alike, key=lambda each: (likeness[each], -each))
        group = groups[first]
        for other in group:
            value = _likeness(own.text, digests[other].text)
            if digests[other].project != own.project and value >= options["likeness"]:
                yield RunProblem(
                    number,
                    own.pointer,
                    {"other": digests[other].name, "likeness": value},
                    related=[(other, digests[other].pointer)],
                )
                break
        if len(group) < _MOST_COMPARED and own.project not in {digests[other].project for other in group}:
            group.append(number)


def _likeness(one: str, other: str) -> Decimal:
    """How alike two texts are, in whole hundredths rounded down."""
    from rapidfuzz.distance import Indel  # 20 ms, only where two texts share something

    both = len(one) + len(other)
    return Decimal((both - Indel.distance(one, other)) * 100 // both).scaleb(-2)


BATCH_CHECKS: tuple[RunCheck, ...] = (
    RunCheck(
        "copied-indicators",
        "self-evaluation",
        _copyable_rows,
        copied_indicators,
        Text("同一单位两个项目的若干行指标相同", "rows alike in two projects of one unit"),
        {"fewest": "number", "everyone": "number", "standard_names": "text*"},
    ),
    RunCheck(
        "mirrored-budget-change",
        "self-evaluation",
        _unexplained_change,
        mirrored_budget_change,
        Text("同一单位一表调减的数额等于另一表调增的数额", "a cut in one form that equals an addition in another"),
        {"instructions": "text*", "no_reason": "text*", "subjects": "text*", "changes": "text*"},
    ),
    RunCheck(
        "goal-text-shared",
        ("self-evaluation", "evaluation-report"),
        _goal,
        goal_text_shared,
        Text("两个项目的绩效目标文字相同或相近", "a goal text that two projects share"),
        {"likeness": "number", "shortest": "number"},
    ),
)
