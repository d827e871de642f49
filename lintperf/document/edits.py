"""New values into JSON and YAML texts: of the text only the characters of the value change.

A value keeps the way it is written: a number stays a number with at least its decimals, what stands in quotes stays in
quotes of the same kind, a block of YAML stays a block, escapes outside of what changes stay. Whatever is offered has
been read back: it means the new value and nothing else.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from decimal import Decimal
from itertools import pairwise
from typing import Any, Literal, NamedTuple

from lintperf.document.errors import SyntaxProblem
from lintperf.document.exact import dumps
from lintperf.document.json_text import decode_json
from lintperf.model import Scalar, TextPlace

__all__ = ["Edit", "OverlapProblem", "Syntax", "edited", "encoded_edits", "encoding_of", "kept_type", "replacement"]

Syntax = Literal["json", "yaml"]

# where a text in quotes gets others: a value of one line
_LINE_BREAK = re.compile(r"[\r\n\x85\u2028\u2029]")
_BLOCK = re.compile(r"(?P<tag>!\S*[ \t]+)?(?P<style>[|>])[-+0-9]*[ \t]*(?P<comment>#[^\r\n]*)?(?P<end>\r\n|\n|\r)")
_TAG = re.compile(r"(?:!\S*)(?:[ \t]+|$)")
# what stands before a value that is not written out: `key:` or the dash of a list
_BEFORE_NOTHING = re.compile(r"(?::|(?:^|[ \t-])-)[ \t]*\Z")
# how many characters before and behind a part of a text are tried to find it by
_AROUND = ((0, 0), *(sides for many in (1, 2, 4, 8, 16) for sides in ((many, many), (many, 0), (0, many))))
_CODECS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (b"", "utf-8"),
    (b"", "gb18030"),
)


class OverlapProblem(ValueError):
    """Two edits of one text change the same characters."""


class Edit(NamedTuple):
    """The characters from `start` to `end` (code points from 0, exclusive) give way to `text`."""

    start: int
    end: int
    text: str


def edited(text: str, edits: Iterable[Edit]) -> str:
    """The text with all edits made at once. Raises OverlapProblem where two of them meet in a character or point."""
    pieces, done = [], 0
    for edit in _in_order(edits):
        pieces += [text[done : edit.start], edit.text]
        done = edit.end
    return "".join([*pieces, text[done:]])


def encoding_of(content: bytes, text: str) -> tuple[bytes, str] | None:
    """The mark at the beginning of a file and its encoding, by which `text` is its content to the last byte.

    None where no encoding that forms come in gives back the very bytes.
    """
    for mark, name in _CODECS:
        if content.startswith(mark):
            try:
                if mark + text.encode(name) == content:
                    return mark, name
            except UnicodeEncodeError:
                continue
    return None


def encoded_edits(content: bytes, text: str, edits: Iterable[Edit]) -> bytes | None:
    """The file's bytes with the edits made: mark, encoding and every byte outside of the edits stay.

    text  what the file's bytes say. None where it is not known how they say it (see `encoding_of`), or where a new
    text has a character that the encoding lacks. Raises OverlapProblem.
    """
    known = encoding_of(content, text)
    if known is None:
        return None
    mark, name = known
    try:
        return mark + edited(text, edits).encode(name)
    except UnicodeEncodeError:
        return None


def _in_order(edits: Iterable[Edit]) -> list[Edit]:
    ordered = sorted(edits)
    for before, after in pairwise(ordered):
        if after.start < before.end or (after.start, after.end) == (before.start, before.end):
            raise OverlapProblem(f"{before} and {after}")
    return ordered


def kept_type(found: Any, value: Scalar) -> Scalar:
    """`value` in the type and with the decimals of the value that it replaces.

    A number written as text stays text; a number keeps its trailing zeros: 97.3 for 98.00 is 97.30.
    """
    if not isinstance(value, Decimal) or not value.is_finite():
        return value
    if isinstance(found, str) and found.strip():
        return format(value, "f")
    if isinstance(found, Decimal):
        missing = int(value.as_tuple().exponent) - int(found.as_tuple().exponent)
        if missing > 0 and int(value.as_tuple().exponent) <= 0:
            digits = value.as_tuple()
            return Decimal((digits.sign, (*digits.digits, *(0,) * missing), int(digits.exponent) - missing))
    return value


def replacement(text: str, place: TextPlace, syntax: Syntax, found: Any, value: Scalar) -> str | None:
    """What to write in the place of a value so that the document has `kept_type(found, value)` there.

    found  the value that stands at `place` now: text, number, truth value or None. None is returned where it is a
    record or a list, where `value` has no words in the syntax, or where no way of writing it would be read as meant.
    """
    if isinstance(found, dict | list) or (isinstance(value, Decimal) and not value.is_finite()):
        return None
    segment = text[place.offset : place.end_offset]
    value = kept_type(found, value)
    candidates = _json_candidates(segment, found, value)
    if syntax == "yaml":
        candidates = _yaml_candidates(text, place, segment, found, value)
    reads = _reads_in_json if syntax == "json" else _reads_in_yaml
    return next((each for each in candidates if each is not None and reads(each, value)), None)


def _json_candidates(segment: str, found: Any, value: Scalar) -> Iterable[str | None]:
    if isinstance(value, str) and isinstance(found, str):
        yield _spliced(segment, found, value)
    yield dumps(value)


def _yaml_candidates(text: str, place: TextPlace, segment: str, found: Any, value: Scalar) -> Iterable[str | None]:
    """Ways to write the value, the one most like what stands there first."""
    block = _BLOCK.match(segment)
    if isinstance(value, str) and isinstance(found, str) and segment:
        yield _spliced(segment, found, value)
        if block is not None:
            yield _block(segment, block, value)
    tag = _TAG.match(segment)
    head, bare = (tag[0], segment[tag.end() :]) if tag is not None else ("", segment)
    if head and not isinstance(value, str):
        # what the tag makes a text shall be none any more
        head = ""
    if not segment:
        line = text[: place.offset].rpartition("\n")[2]
        if not _BEFORE_NOTHING.search(line):
            return
        head = " " if line.endswith((":", "-")) else ""
    tail = ""
    if block is not None:
        # a block reaches over the end of its last line; its comment stands in the first
        tail = f" {block['comment']}" if block["comment"] else ""
        tail += segment[len(segment.rstrip(" \t\r\n")) :]
    plain = value if isinstance(value, str) else dumps(value)
    single = "'" + plain.replace("'", "''") + "'" if not _LINE_BREAK.search(plain) else None
    if not isinstance(value, str):
        yield head + plain + tail
    elif bare.startswith("'"):
        yield head + single + tail if single is not None else None
    elif not bare.startswith('"') and not _LINE_BREAK.search(plain):
        yield head + plain + tail
    yield head + dumps(value) + tail


def _spliced(segment: str, found: str, value: str) -> str | None:
    """The source text with only the part changed in which the two values differ, where it stands there as it is.

    None where that part, with what surrounds it, does not stand there exactly once.
    """
    start = 0
    while start < min(len(found), len(value)) and found[start] == value[start]:
        start += 1
    end = 0
    while end < min(len(found), len(value)) - start and found[-1 - end] == value[-1 - end]:
        end += 1
    # what stands around it tells it from others; on one side there may be a line break of the source
    for before, behind in _AROUND:
        left, right = max(0, start - before), max(0, end - behind)
        old, new = found[left : len(found) - right], value[left : len(value) - right]
        if old and segment.count(old) == 1:
            return segment.replace(old, new)
    return None


def _block(segment: str, block: re.Match[str], value: str) -> str | None:
    """The value as a literal block with the head and the indentation of the one that stands there."""
    indent = re.search(r"^[ ]+", segment[block.end() :], re.MULTILINE)
    if block["style"] != "|" or indent is None or not value or value.startswith((" ", "\n")):
        return None
    end = block["end"]
    lines = value.removesuffix("\n").split("\n")
    blank = segment[len(segment.rstrip(" \t\r\n")) :]
    return segment[: block.end()] + end.join(indent[0] + line if line else "" for line in lines) + blank


def _same(got: Any, value: Scalar) -> bool:
    """Whether a value read back is the one meant: type, and decimals of a number, included."""
    if type(got) is not type(value):
        return False
    return str(got) == str(value) if isinstance(value, Decimal) else got == value


def _reads_in_json(written: str, value: Scalar) -> bool:
    try:
        got = decode_json(written)
    except SyntaxProblem:
        return False
    return _same(got, value)


def _reads_in_yaml(written: str, value: Scalar) -> bool:
    """Whether it is read as meant behind a dash and, if it has one line, inside of brackets too."""
    from lintperf.document.yaml_text import decode_yaml

    texts = [f"- {written}\n"]
    if not _LINE_BREAK.search(written):
        texts.append(f"[{written}]\n")
    try:
        read = [document.data for text in texts for document in decode_yaml(text)]
    except SyntaxProblem:
        return False
    return len(read) == len(texts) and all(
        isinstance(items, list) and len(items) == 1 and _same(items[0], value) for items in read
    )
