"""The runs of a Word paragraph: their text, and marks put between any two characters without changing it."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping

from lintperf_builtin.annotators.markup import Edits, Node

__all__ = ["CLOSED", "paragraph_text", "put_marks", "run_text", "runs"]

# What stands in the file and not on the page.
_UNSEEN = {"Fallback", "del", "moveFrom", "rt", "pPr"}
# Content that is looked at as a whole: what is in it has places of its own, or is no text of the cell.
CLOSED = {*_UNSEEN, "tbl", "txbxContent", "tcPr", "sdtPr"}
# The text of a run, and what in it stands for characters.
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-", "sym": "\ufffd"}
_WRITTEN = re.compile(r"&[#\w]{1,12};|\r\n|.", re.DOTALL)
_PRESERVE = 'xml:space="preserve"'


def runs(node: Node) -> Iterator[Node]:
    """The runs of a paragraph that are on the page, in order."""
    for child in node.children:
        if child.local == "r":
            yield child
        elif child.local not in CLOSED:
            yield from runs(child)


def _child_text(child: Node) -> str:
    return child.text if child.local == "t" else _CHARACTERS.get(child.local, "")


def run_text(run: Node) -> str:
    """The text of a run."""
    return "".join(map(_child_text, run.children))


def paragraph_text(paragraph: Node) -> str:
    """The text of a paragraph itself, without that of text boxes in it."""
    return "".join(map(run_text, runs(paragraph)))


def put_marks(edits: Edits, paragraph: Node, starts: Mapping[int, str], ends: Mapping[int, str]) -> bool:
    """Put marks before (`starts`) and behind (`ends`) characters of a paragraph, given by position in its text.

    A run is split where a mark falls into it; both parts look as the whole did. False, and nothing is put, where that
    cannot be done: in a formula, in text boxes, in text that is written in an unusual way.
    """
    if next(paragraph.all("txbxContent"), None) is not None:
        return False
    changes: list[tuple[int, bytes]] = []
    preserved: list[Node] = []
    at = 0
    last = len(paragraph_text(paragraph))
    if any(not 0 <= position <= last for position in (*starts, *ends)):
        return False
    for run in runs(paragraph):
        text = run_text(run)
        end = at + len(text)
        inside = {position for position in (*starts, *ends) if at < position < end}
        if not text:
            continue
        if run.namespace != paragraph.namespace and (inside or at in starts or end in ends):
            return False
        if at in starts:
            changes.append((run.start, starts[at].encode("ascii", "xmlcharrefreplace")))
        for position in sorted(inside):
            marks = ends.get(position, "") + starts.get(position, "")
            split = _split(edits, run, position - at, marks.encode("ascii", "xmlcharrefreplace"), preserved)
            if split is None:
                return False
            changes.append(split)
        if end in ends:
            changes.append((run.end, ends[end].encode("ascii", "xmlcharrefreplace")))
        at = end
    for where, text_ in changes:
        edits.insert(where, text_)
    for node in dict.fromkeys(preserved):
        edits.attribute(node, "xml:space", "preserve")
    return True


def _split(edits: Edits, run: Node, position: int, marks: bytes, preserved: list[Node]) -> tuple[int, bytes] | None:
    """Where to put what, so that a run ends before a character in it, the marks follow, and a like run goes on."""
    properties = run.child("rPr")
    again = edits.start_tag(run) + (edits.source(properties) if properties is not None else b"")
    over = f"</{edits.tag_name(run)}>".encode()
    at = 0
    for child in run.children:
        text = _child_text(child)
        if position == at and text:
            return child.start, over + marks + again
        if at < position < at + len(text):
            before, behind = text[: position - at], text[position - at :]
            where = _byte_of(edits.content(child), text, position - at)
            if where is None:
                return None
            tag = edits.tag_name(child)
            opening = edits.start_tag(child)
            if b"preserve" not in opening:
                # white space at the edge of a text is dropped unless it says otherwise
                if before[-1].isspace():
                    preserved.append(child)
                if behind[0].isspace():
                    opening = f"<{tag} {_PRESERVE}>".encode()
            return child.inner + where, f"</{tag}>".encode() + over + marks + again + opening
        at += len(text)
    return None


def _byte_of(content: bytes, text: str, position: int) -> int | None:
    """The byte of a character in the content of an element as it is written; None where that is not plain UTF-8."""
    try:
        written = _WRITTEN.findall(content.decode())
    except UnicodeDecodeError:
        return None
    read = [html.unescape(piece) if piece[0] == "&" else "\n" if piece[0] == "\r" else piece for piece in written]
    if "".join(read) != text or any(len(piece) != 1 for piece in read):
        return None
    return len("".join(written[:position]).encode())
