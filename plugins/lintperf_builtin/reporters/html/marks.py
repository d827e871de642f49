"""Where findings are marked on a drawn document: each pointer's paragraph or box, and the very words in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from lintperf.model import Finding, Severity
from lintperf.results import View
from lintperf.schema.fields import resolve
from lintperf_builtin.renderers.printed import Box, Row, shown
from lintperf_builtin.reporters.html.blocks import Drawn, Grid, Prose, Words, spots
from lintperf_builtin.reporters.html.generic import value_text
from lintperf_builtin.reporters.places import field_path

__all__ = ["Flag", "Marks", "Note", "Spot", "worst"]

# The fields that name a row: a finding on a row as a whole is marked there.
_NAMES = ("name", "label", "aspect", "title", "text", "number")
_FURTHER = "表中没有印出的内容"
_LABEL, _VALUE = 500, 1300
_LONGEST = 300


class Note(NamedTuple):
    """A finding on the page.

    id          of its entry in the list
    number      what people call it: its place in the list, from 1; S1, S2 … of what is suppressed
    spot        where it is marked; None: it is about the document
    related     the spots it speaks of
    """

    id: str
    number: str
    finding: Finding
    suppressed: bool
    spot: int | None
    related: tuple[int, ...]


class Flag(NamedTuple):
    """A note at a spot, and the stretches of the spot's text that it is about; none: all of it."""

    note: Note
    words: tuple[Words, ...]


class Spot(NamedTuple):
    """A paragraph or box with its flags."""

    id: str
    pointers: tuple[str, ...]
    flags: tuple[Flag, ...]


class Marks:
    """The drawn document and its findings, brought together.

    prefix      of all ids
    data        values of the document, for what the drawing has no room for
    """

    def __init__(
        self,
        prefix: str,
        drawn: Drawn,
        data: Any,
        findings: Sequence[Finding],
        suppressed: Sequence[Finding],
        type_: str | None,
        view: View,
    ) -> None:
        self.prefix = prefix
        self._places(drawn)
        further = self._further(drawn, data, [*findings, *suppressed], type_, view)
        if further is not None:
            label = Prose(_FURTHER, "label")
            drawn = drawn._replace(blocks=(*drawn.blocks, label, further))
            self._places(drawn)
        self.drawn = drawn
        self.notes = self._notes(findings, "f", False)
        self.suppressed = self._notes(suppressed, "s", True)
        self._flags: dict[int, list[Note]] = {}
        for note in (*self.notes, *self.suppressed):
            if note.spot is not None:
                self._flags.setdefault(note.spot, []).append(note)

    # --- pointers → spots --------------------------------------------------------------------------------------

    def _places(self, drawn: Drawn) -> None:
        self._spots = list(spots(drawn))
        self._within = drawn.within
        self._at: dict[str, int] = {}
        rows: dict[str, tuple[int, int]] = {}
        for number, (_, pointers) in enumerate(self._spots):
            for pointer in pointers:
                self._at.setdefault(pointer, number)
                row, _, name = pointer.rpartition("/")
                rank = _NAMES.index(name) if name in _NAMES else len(_NAMES)
                if rank < len(_NAMES) or row.rpartition("/")[2].isdecimal():
                    rows[row] = min(rows.get(row, (rank, number)), (rank, number))
        self._rows = {row: number for row, (_, number) in rows.items()}

    def find(self, pointer: str) -> tuple[int | None, Words | None, bool]:
        """The spot of a value, the words in it, and whether it shows that value itself; None: the whole document."""
        above = pointer
        while above:
            if above in self._within:
                target, words = self._within[above]
                return self._at.get(target), words, True
            number = self._at.get(above, self._rows.get(above))
            if number is not None:
                return number, None, above == pointer
            above = above.rpartition("/")[0]
        return None, None, pointer == ""

    def _further(
        self, drawn: Drawn, data: Any, findings: Sequence[Finding], type_: str | None, view: View
    ) -> Grid | None:
        """The values that findings speak of and the drawing does not show, and those it has no room for."""
        asked = [*drawn.further, *(finding.pointer for finding in findings)]
        rows = []
        for pointer in dict.fromkeys(asked):
            if self.find(pointer)[2]:
                continue
            value = resolve(data, pointer)
            if value is None or value in ("", [], {}):
                continue
            path = field_path(pointer)
            title = view.titles(type_, path) if type_ else path
            text = value_text(value)
            if isinstance(text, str) and not isinstance(value, str) and len(text) > _LONGEST:
                text = text[:_LONGEST] + "…"
            rows.append(Row((Box(0, 1, title, "label"), Box(1, 1, text, "text", pointers=(pointer,)))))
        return Grid((_LABEL, _VALUE), tuple(rows)) if rows else None

    # --- findings ----------------------------------------------------------------------------------------------

    def _notes(self, findings: Sequence[Finding], letter: str, suppressed: bool) -> tuple[Note, ...]:
        """Those about the whole document first, the others in the order of the drawing."""
        placed = [(self.find(finding.pointer)[0], index, finding) for index, finding in enumerate(findings)]
        placed.sort(key=lambda each: (-1 if each[0] is None else each[0], each[1]))
        notes = []
        for number, (spot, index, finding) in enumerate(placed, start=1):
            found = (self.find(each.pointer)[0] for each in finding.related if each.path is None)
            related = dict.fromkeys(each for each in found if each is not None and each != spot)
            name = f"S{number}" if suppressed else str(number)
            notes.append(Note(f"{self.prefix}{letter}{index}", name, finding, suppressed, spot, tuple(related)))
        return tuple(notes)

    def id(self, spot: int) -> str:
        """The id of a spot on the page."""
        return f"{self.prefix}c{spot}"

    def spot(self, number: int) -> Spot:
        """A spot by its number in the order of the drawing, with its flags."""
        item, pointers = self._spots[number]
        text = item.text if isinstance(item, Prose) else shown(item)
        flags = []
        for note in self._flags.get(number, ()):
            words = self.find(note.finding.pointer)[1]
            flags.append(Flag(note, (words,) if words else tuple(_quoted(note.finding, text))))
        return Spot(self.id(number), pointers, tuple(flags))


def worst(flags: Sequence[Flag]) -> Severity:
    """The highest severity of these flags."""
    return max(flag.note.finding.severity for flag in flags)


def _quoted(finding: Finding, text: str) -> Iterator[Words]:
    """The stretches of a text that a finding quotes: what it found, inside the excerpt that it shows if there is one.

    Nothing where it quotes the whole text or none of it.
    """
    found = finding.found if isinstance(finding.found, list | tuple) else (finding.found,)
    said = [value for value in finding.arguments.values() if isinstance(value, str)]
    words = [each for each in found if _is_part(each, text)]
    if not words:
        words = [each for each in said if _is_part(each, text) and len(each) > 1 and each != finding.row]
    excerpts = [each for value in said for each in [value.strip("…")] if _is_part(each, text)]
    for word in words:
        around = next((each for each in excerpts if word in each and word != each), None)
        if around is not None:
            start = text.index(around) + around.index(word)
            yield Words(start, start + len(word))
            continue
        start = text.find(word)
        while start >= 0:
            yield Words(start, start + len(word))
            start = text.find(word, start + len(word))


def _is_part(value: Any, text: str) -> bool:
    return isinstance(value, str) and 0 < len(value) < len(text) and value in text
