"""The words that every layer speaks: texts, severities, places, remarks, findings.

Plain data, no behaviour beyond small conversions; what never changes is a NamedTuple, which costs an eighth of a frozen
dataclass at start-up. Positions are code points and count from 0; only reporters
turn them into what a person or a format counts.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import IntEnum
from typing import Any, Literal, NamedTuple

__all__ = [
    "CellPlace",
    "Confidence",
    "Coverage",
    "Finding",
    "Fix",
    "Lang",
    "Notification",
    "Origin",
    "PagePlace",
    "ParagraphPlace",
    "Place",
    "Related",
    "Remark",
    "Scalar",
    "Severity",
    "SheetPlace",
    "Suppression",
    "Text",
    "TextPlace",
]

Lang = Literal["zh", "en"]
Scalar = str | Decimal | bool | None


class Severity(IntEnum):
    """How bad a finding is; `off` switches a rule off. Ordered: error > warning > note > off."""

    off = 0
    note = 1
    warning = 2
    error = 3


class Confidence(IntEnum):
    """How sure a rule is of what it says. Ordered: high > medium > low."""

    low = 1
    medium = 2
    high = 3


class Text(NamedTuple):
    """One text in Chinese and English."""

    zh: str
    en: str

    def to(self, lang: Lang) -> str:
        """The text in `lang`."""
        return self.zh if lang == "zh" else self.en


class TextPlace(NamedTuple):
    """A stretch of a text file: lines, columns and offsets in code points from 0, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int
    offset: int
    end_offset: int


class CellPlace(NamedTuple):
    """A cell of a table in a Word or HTML document: table, row and column count from 0.

    Tables count in document order over the whole file; row and column are those of the grid after spans are spread,
    so a merged cell has the place of its upper left corner.
    """

    table: int
    row: int
    column: int


class SheetPlace(NamedTuple):
    """A cell of a workbook: the sheet's name and the cell as people write it, `G12`."""

    sheet: str
    cell: str


class PagePlace(NamedTuple):
    """A cell on a page of a document that is laid out for print (PDF).

    page               counts from 0
    box                left, top, right, bottom in points (1/72 inch) from the page's upper left corner, rounded
    table, row, column as in CellPlace, of the table after its pieces on several pages are joined
    """

    page: int
    box: tuple[int, int, int, int]
    table: int
    row: int
    column: int


class ParagraphPlace(NamedTuple):
    """A stretch of a paragraph outside of tables, in a Word, HTML or PDF document.

    paragraph  counts from 0 over the paragraphs of the file's body outside of tables, blank ones of Word included
    start, end code points of the paragraph's text as the file has it, from 0, the end exclusive; None: to its end
    page       of a document laid out for print (PDF), from 0; None where the format has no pages
    """

    paragraph: int
    start: int = 0
    end: int | None = None
    page: int | None = None


Place = TextPlace | CellPlace | SheetPlace | PagePlace | ParagraphPlace


class Remark(NamedTuple):
    """What a reader or the schema check has to say of a document; a rule with the same `kind` makes it a finding.

    kind       the name of the rule that reports it: `unreadable-document`, `schema-violation`, `unmapped-content` …
    arguments  values for the rule's message
    pointer    JSON pointer of the value it is about, if the value was taken over
    place      where it is, if there is no pointer or the pointer has no place of its own
    variant    the key of the rule's message to use when it is not the main one
    severity   None for the rule's own, or a lower one for a milder form of the same defect
    """

    kind: str
    arguments: Mapping[str, Any] = {}
    pointer: str | None = None
    place: Place | None = None
    variant: str | None = None
    severity: Severity | None = None


class Related(NamedTuple):
    """Another place that a finding speaks of.

    path      the file of another document of the run; None: the finding's own document
    document  the index of that document in its file
    title     what that document is about
    """

    pointer: str
    place: Place | None = None
    exact: bool = True
    path: str | None = None
    document: int = 0
    title: str | None = None


class Origin(NamedTuple):
    """Where a value of a converted document stood: the name of the original file and the place in it."""

    file: str
    place: Place


class Fix(NamedTuple):
    """A new value for one place. `safe`: computed from the document itself; otherwise somebody has to look at it.

    found    the value that stands there now
    written  what to put in the place of `place` in a text file, as its syntax and the way the old value is written
             ask for; None where the value cannot be replaced in the file's text
    """

    pointer: str
    value: Scalar
    safe: bool
    place: Place | None = None
    found: Any = None
    written: str | None = None


class Suppression(NamedTuple):
    """Why a finding is not reported.

    kind     in_source: an entry of the document itself; external: a baseline
    pointer  the entry in the document, None for a baseline
    reason   what the entry says
    """

    kind: Literal["in_source", "external"]
    pointer: str | None = None
    reason: str | None = None
    until: str | None = None
    author: str | None = None


@dataclass(slots=True)
class Finding:
    """One thing a reviewer would send back, as data; reporters make the text.

    pointer     JSON pointer of the value in its document
    row, field  the label of the table row (an indicator's name) and the field's name, where there are any
    rows        the labels of all rows that it is about, sorted, where it is about several; else empty
    arguments   values that the rule's message names
    variant     which of the rule's messages applies: None the main one, else a key of `Rule.variants`
    cells       the values of the row that the finding looks at, in the schema's order: (field, value)
    place       where the value stands; `exact` is False when only an enclosing value has a known place
    snippet     the text at `place`
    origin      the place in the file that the document was converted from
    basis       what the rule rests on under the packs that the document asked for; empty: what the rule itself says
    baseline    whether a baseline holds the finding; None where there is no baseline, or none that may hold it
    """

    code: str
    severity: Severity
    confidence: Confidence
    path: str
    document: int
    pointer: str
    row: str | None = None
    field: str | None = None
    arguments: Mapping[str, Any] = dataclasses.field(default_factory=dict)
    found: Any = None
    expected: Any = None
    difference: Any = None
    variant: str | None = None
    related: tuple[Related, ...] = ()
    fix: Fix | None = None
    cells: tuple[tuple[str, Any], ...] = ()
    place: Place | None = None
    exact: bool = True
    snippet: str | None = None
    origin: Origin | None = None
    basis: tuple[Text, ...] = ()
    rows: tuple[str, ...] = ()
    baseline: Literal["new", "unchanged"] | None = None


class Notification(NamedTuple):
    """The tool itself failed on something (exit code 3): a rule that crashed, an importer, a time limit."""

    path: str
    document: int | None
    subject: str
    text: Text


@dataclass(slots=True)
class Coverage:
    """Which rules looked at a document: how many ran, which had nothing to look at, which could not run and why."""

    rules_run: int = 0
    not_applicable: tuple[str, ...] = ()
    skipped: tuple[tuple[str, str], ...] = ()
