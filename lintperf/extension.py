"""What a plugin hands to lintperf: importers, facts, functions, checks, tables, reporters, renderers, annotators."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Protocol, TypeVar

from lintperf.document import Document
from lintperf.model import Fix, Place, Scalar, Severity, Text

if TYPE_CHECKING:
    from lintperf.results import FileResult, Results, View

__all__ = [
    "Annotated",
    "Annotator",
    "Assets",
    "Check",
    "Column",
    "FactGroup",
    "Function",
    "Importer",
    "Omission",
    "Problem",
    "Rendered",
    "Renderer",
    "Reporter",
    "RunCheck",
    "RunProblem",
    "Sample",
    "Source",
    "Subject",
    "Table",
    "UnreadableError",
    "quick_reading",
    "vocabulary_files",
]

Record = TypeVar("Record")

# Files of words that plugins bring for importers (hook `lintperf_vocabulary`), in force while an importer reads; empty
# where an importer is called by itself.
vocabulary_files: ContextVar[tuple[Path, ...]] = ContextVar("vocabulary_files", default=())
# Bytes of a JSON text → the data of the one document that it is and that fits its schema; None where an importer has to
# read it itself and the schema check comes later. In force while an importer reads.
quick_reading: ContextVar[Callable[[bytes], Any] | None] = ContextVar("quick_reading", default=None)


class UnreadableError(Exception):
    """A file that cannot be read: becomes the finding `unreadable-document` (LP001), never a traceback.

    reason   a sentence without the file's name: what is wrong
    remedy   what the user can do about it, or None
    place    where in the file, if that is known
    source   the text of a text file, where that could be read at least: reports show the lines around the place
    """

    def __init__(
        self, reason: Text, remedy: Text | None = None, place: Place | None = None, source: str | None = None
    ) -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.remedy = remedy
        self.place = place
        self.source = source


class Source(NamedTuple):
    """A file to read.

    path     as the user named it
    content  its bytes
    helpers  names of other programs on this machine that the user allows importers to run (`libreoffice`)
    """

    path: str
    content: bytes
    helpers: frozenset[str] = frozenset()


class Importer(NamedTuple):
    """A reader of one kind of file.

    name      what messages call it
    suffixes  lower case, with the dot
    read      the documents of a file, in its order; raises UnreadableError. An office file that holds no form gives
              one document with `data=None` and a remark `unrecognised-table`
    title     what the format is called, for messages and `--help`
    shared    whether files of these suffixes are mostly something else (`.txt`, `.md`): one without any document is
              skipped and counted where a folder is walked, and a finding only where it is named
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[Source], Iterable[Document]]
    title: Text
    shared: bool = False


class FactGroup(NamedTuple):
    """Facts computed together: a pure function from some fields of a row to a record of facts.

    type     the document type they belong to
    each     the array whose rows they describe (`indicators`, `funds.rows`); "" for the document as a whole
    inputs   the fields of the row that `compute` takes, in order, None where a row lacks one. Empty: `compute` takes
             the Subject and returns a record, or one for each row of `each` where rows depend on their neighbours
    compute  total, never raising: what cannot be said is None
    record   a NamedTuple class; the annotations `str | None`, `Decimal | None`, `bool`, … give the types, field names
             are the facts' names
    titles   what each fact means, for `docs/expressions.md` and error messages
    """

    type: str
    each: str
    inputs: tuple[str, ...]
    compute: Callable[..., Any]
    record: Any
    titles: Mapping[str, Text]


class Function(NamedTuple):
    """A function that expressions may call.

    parameters  types of the arguments: text, number, bool, any, list of text as `text*`; a trailing `?` lets the
                argument be missing (otherwise a missing argument makes the rule not applicable)
    result      the type of the result, with `?` where it can be missing
    """

    name: str
    parameters: tuple[str, ...]
    result: str
    call: Callable[..., Any]
    title: Text


class Problem(NamedTuple):
    """What a check found: places as JSON pointers, values as data. The rule adds code, severity and texts.

    severity  None for the rule's own, or a lower one for a milder form of the same defect
    variant   the key of the rule's message to use when it is not the main one
    row       the name of what it is about where that is not the row of `pointer`: a group of rows
    repaired  what the value at `pointer` would be without the defect, whole: the text with the one wrong word
              replaced. A rule whose fix says `repaired` puts it there. None where that is not clear
    """

    pointer: str
    arguments: Mapping[str, Any] = {}
    found: Any = None
    expected: Any = None
    difference: Any = None
    related: Sequence[str] = ()
    severity: Severity | None = None
    variant: str | None = None
    row: str | None = None
    repaired: Scalar = None


class Subject(Protocol):
    """The document that a check or a document-wide fact looks at."""

    data: Mapping[str, Any]
    path: str

    def rows(self, each: str) -> Sequence[Mapping[str, Any]]:
        """The rows of an array of the document; empty where the document lacks it."""

    def column(self, each: str, name: str) -> Sequence[Any]:
        """The values of one field in all rows of an array, None where a row lacks it; made once a document.

        Most documents are clean, and one look along a column shows it sooner than a look at every row.
        """

    def text(self) -> str:
        """All texts of the document, perhaps with more around them: what it does not contain, no text contains."""

    def facts(self, record: type[Record]) -> Sequence[Record]:
        """The facts of one group, aligned with `rows`; of a document-wide group a sequence of one."""


class Check(NamedTuple):
    """A check that rules name under `check`.

    type     the document type it looks at, or several of them
    run      gives problems, mostly as a generator; takes the subject and the options of the rule
    options  names of the options and their types (`text`, `number`, `bool`, `text*`, `number*`, `any`), all required
    """

    name: str
    type: str | tuple[str, ...]
    run: Callable[[Subject, Mapping[str, Any]], Iterable[Problem]]
    title: Text
    options: Mapping[str, str] = {}


class RunProblem(NamedTuple):
    """What a comparison of documents found: as `Problem`, in the document whose digest is the `document`th.

    related  places in other documents: (number of the digest, JSON pointer)
    """

    document: int
    pointer: str
    arguments: Mapping[str, Any] = {}
    found: Any = None
    expected: Any = None
    difference: Any = None
    related: Sequence[tuple[int, str]] = ()
    severity: Severity | None = None
    variant: str | None = None


class RunCheck(NamedTuple):
    """A check over all documents of a run, which rules name under `check` as any other.

    Documents are read one after the other, perhaps by several processes, and none is kept: each leaves a digest.

    type     the document type it compares, or several of them; documents of different types are not compared
    digest   what a document leaves: small plain data that can be pickled; None for one that takes no part. Takes the
             subject and the options of the rule
    compare  yields problems; takes the digests in the order of the run, always two or more, and the options. Time
             should grow with the number of documents and not with its square
    options  as of a Check
    """

    name: str
    type: str | tuple[str, ...]
    digest: Callable[[Subject, Mapping[str, Any]], Any]
    compare: Callable[[Sequence[Any], Mapping[str, Any]], Iterator[RunProblem]]
    title: Text
    options: Mapping[str, str] = {}


class Column(NamedTuple):
    """A column of a table.

    key     the member of a row
    kind    text; number: a Decimal with the decimals it is written with; money; percent: a ratio; count: whole number.
            A text in a column of numbers is shown as it is
    total   whether a sum below the column means something
    mean    whether a mean below it does
    width   Chinese characters that the column has room for in a workbook; 0: by its kind. A text column of 16 or more
            stands on lines of its own on a terminal
    detail  whether the column is left out on a terminal
    """

    key: str
    title: Text
    kind: Literal["text", "number", "money", "percent", "count"] = "text"
    total: bool = False
    mean: bool = False
    width: int = 0
    detail: bool = False


class Table(NamedTuple):
    """A table over the documents of a run, of which each gives its rows: `lintperf summary`, `lintperf rescore`.

    type        the document type that it is about, or several of them
    rows        the rows of one document in order: column's key → text, Decimal, bool, Text (in both languages) or None;
                a key that is no column goes to JSON alone, and the key `tone` nowhere: it says how a row looks (`bad`,
                `doubtful`, `quiet`, `strong`, or several with blanks between). Takes the Subject and, where the table
                names parameters, a mapping of their values. Total, never raising: what cannot be said is None
    parameters  of rule packs, by name; one that the packs in force lack is not in the mapping
    """

    name: str
    type: str | tuple[str, ...]
    columns: tuple[Column, ...]
    rows: Callable[..., Iterable[Mapping[str, Any]]]
    title: Text
    parameters: tuple[str, ...] = ()


class Sample(NamedTuple):
    """A file to try the service with: where it is among the assets, its name, and what people call it."""

    path: str
    name: str
    title: Text


class Assets(NamedTuple):
    """What the page of the service needs to show what a reporter wrote.

    title    of the page
    heading  what it is for
    files    style sheets, scripts and samples by their path, which the service serves as they are; `page.css` is that
             of the page as a whole
    samples  those of the files that somebody may try it with
    """

    title: Text
    heading: Text
    files: Mapping[str, bytes]
    samples: tuple[Sample, ...] = ()


class Reporter(NamedTuple):
    """An output format: `write` takes the results and how to show them, and yields pieces of text.

    documents  in runs of at most so many files results hold the values of the documents (DocumentResult.data)
    tables     names of tables whose rows results shall hold (DocumentResult.tables)
    source     whether results shall hold the text of text files (DocumentResult.source)
    assets     a reporter that has them is no format to ask for: it writes for the page of the service, a JSON object
               of pieces of HTML (see lintperf.server.page)
    """

    name: str
    write: Callable[[Results, View], Iterator[str]]
    title: Text
    documents: int = 0
    tables: tuple[str, ...] = ()
    source: bool = False
    assets: Callable[[], Assets] | None = None


class Omission(NamedTuple):
    """What a renderer could not print of a document, and why.

    document  which of the documents handed over, from 0
    pointer   JSON pointer of the value
    """

    document: int
    pointer: str
    reason: Text


class Rendered(NamedTuple):
    """A printable file: its bytes, the same for the same documents, and what of the documents is not in it."""

    content: bytes
    omissions: Sequence[Omission] = ()


class Renderer(NamedTuple):
    """Draws documents of one type as a printable file.

    name      what messages call it
    suffixes  of the files it makes, lower case, with the dot
    type      the document type it draws
    write     documents that fit their schema → one file with all of them, in order; total
    """

    name: str
    suffixes: tuple[str, ...]
    type: str
    write: Callable[[Sequence[Mapping[str, Any]]], Rendered]
    title: Text


class Annotated(NamedTuple):
    """A copy of a file with findings written into it.

    content    the bytes of the copy, the same for the same file and findings
    comments   how many findings it carries, on how many cells (or paragraphs)
    corrected  the fixes that were carried out, of those that were asked for
    """

    content: bytes
    comments: int
    cells: int
    corrected: Sequence[Fix] = ()


class Annotator(NamedTuple):
    """Writes findings into a copy of a file, at their places; all else in the copy is as it was.

    name      what messages call it
    suffixes  of the files it takes, lower case, with the dot; each has an importer
    write     the file, what was found in it, how to show it, and which of the findings' fixes to carry out; raises
              UnreadableError for a file that cannot be taken apart
    """

    name: str
    suffixes: tuple[str, ...]
    write: Callable[[Source, FileResult, View, Sequence[Fix]], Annotated]
    title: Text
