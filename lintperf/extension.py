"""What a plugin hands to lintperf: importers, facts, functions, checks, reporters. Plain records of functions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TypeVar

from lintperf.document import Document
from lintperf.model import Place, Severity, Text

if TYPE_CHECKING:
    from lintperf.results import Results, View

__all__ = [
    "Check",
    "FactGroup",
    "Function",
    "Importer",
    "Problem",
    "Reporter",
    "Source",
    "Subject",
    "UnreadableError",
]

Record = TypeVar("Record")


class UnreadableError(Exception):
    """A file that cannot be read: becomes the finding `unreadable-document` (LP001), never a traceback.

    reason   a sentence without the file's name: what is wrong
    remedy   what the user can do about it, or None
    place    where in the file, if that is known
    """

    def __init__(self, reason: Text, remedy: Text | None = None, place: Place | None = None) -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.remedy = remedy
        self.place = place


class Source(NamedTuple):
    """A file to read: the path as the user named it, and its bytes."""

    path: str
    content: bytes


class Importer(NamedTuple):
    """A reader of one kind of file.

    name      what messages call it
    suffixes  lower case, with the dot
    read      the documents of a file, in its order; raises UnreadableError. An office file that holds no form gives
              one document with `data=None` and a remark `unrecognised-table`
    title     what the format is called, for messages and `--help`
    """

    name: str
    suffixes: tuple[str, ...]
    read: Callable[[Source], Iterable[Document]]
    title: Text


class FactGroup(NamedTuple):
    """Facts computed together: a pure function from some fields of a row to a record of facts.

    type     the document type they belong to
    each     the array whose rows they describe (`indicators`, `funds.rows`); "" for the document as a whole
    inputs   the fields of the row that `compute` takes, in order, None where a row lacks one; for a document-wide
             group empty: `compute` takes the Subject
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
    """

    pointer: str
    arguments: Mapping[str, Any] = {}
    found: Any = None
    expected: Any = None
    difference: Any = None
    related: Sequence[str] = ()
    severity: Severity | None = None
    variant: str | None = None


class Subject(Protocol):
    """The document that a check or a document-wide fact looks at."""

    data: Mapping[str, Any]
    path: str

    def rows(self, each: str) -> Sequence[Mapping[str, Any]]:
        """The rows of an array of the document; empty where the document lacks it."""

    def text(self) -> str:
        """All texts of the document, perhaps with more around them: what it does not contain, no text contains."""

    def facts(self, record: type[Record]) -> Sequence[Record]:
        """The facts of one group, aligned with `rows`; of a document-wide group a sequence of one."""


class Check(NamedTuple):
    """A check that rules name under `check`.

    run      yields problems; takes the subject and the options of the rule
    options  names of the options and their types (`text`, `number`, `bool`, `text*`, `number*`, `any`), all required
    """

    name: str
    type: str
    run: Callable[[Subject, Mapping[str, Any]], Iterator[Problem]]
    title: Text
    options: Mapping[str, str] = {}


class Reporter(NamedTuple):
    """An output format: `write` takes the results and how to show them, and yields pieces of text."""

    name: str
    write: Callable[[Results, View], Iterator[str]]
    title: Text
