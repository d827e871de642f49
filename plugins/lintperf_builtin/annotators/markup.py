"""XML changed at byte offsets: what is not changed stays as it was, byte for byte.

Nothing is parsed and written anew, so prefixes, quotes, white space and the order of attributes survive. What is put
in is ASCII with character references: it fits whatever encoding the part declares.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

from lintperf.extension import UnreadableError
from lintperf.model import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["DEEP", "FIRST", "SHALLOW", "Edits", "Node", "Watch", "escape", "scan"]

# How much of an element to keep: its own extent, or everything within it as well.
SHALLOW, DEEP = 1, 2

# The rank of what comes before all else at its place.
FIRST = -1

# Levels within an element that is kept with all it holds; a text box in a table in a text box has some 40.
_DEEPEST = 200

_TAG = re.compile(rb"""<[^"'>]*(?:"[^"]*"[^"'>]*|'[^']*'[^"'>]*)*>""")
_NAME = re.compile(rb"</?([^\s/>]+)")
_INVALID = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "\r": "&#13;"}


@dataclass(slots=True, eq=False)
class Node:
    """An element and where it stands, in bytes.

    name        `namespace local`, or the local name where there is no namespace
    start, inner, close, end   its start tag begins, its content begins, its end tag begins, and it is over; for an
                element without content (`<a/>`) the last three are the same
    text        the characters directly in it; children, both empty unless it was kept DEEP
    """

    name: str
    attributes: dict[str, str]
    start: int
    inner: int
    close: int = 0
    end: int = 0
    text: str = ""
    children: list[Node] = field(default_factory=list)

    @property
    def local(self) -> str:
        """The name without its namespace."""
        return self.name.rpartition(" ")[2]

    @property
    def namespace(self) -> str:
        """The namespace, "" where there is none."""
        return self.name.rpartition(" ")[0]

    @property
    def is_empty_tag(self) -> bool:
        """Whether it is written `<a/>`."""
        return self.inner == self.end

    def child(self, *locals_: str) -> Node | None:
        """The first child with one of these local names."""
        return next((node for node in self.children if node.local in locals_), None)

    def all(self, local: str) -> Iterator[Node]:
        """The elements with this local name within, at any depth, in order; none within another of them."""
        for node in self.children:
            if node.local == local:
                yield node
            else:
                yield from node.all(local)

    def attribute(self, local: str) -> str | None:
        """The value of an attribute, whatever its namespace."""
        return next((value for key, value in self.attributes.items() if key.rpartition(" ")[2] == local), None)


# An element's name, attributes, byte offset, depth (the root has 0) → SHALLOW, DEEP, or 0 for one not to keep.
Watch = Callable[[str, dict[str, str], int, int], int]


def scan(xml: bytes, watch: Watch) -> list[Node]:
    """The elements that `watch` wants kept, in the order of their start tags.

    `watch` is asked about every element, also within those that are kept. Raises UnreadableError for what is no
    XML in an encoding that has ASCII as a part.
    """
    if xml.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\x00" in xml[:4]:
        raise _damaged()
    kept: list[Node] = []
    # for each open element its node, if it is kept, and how many levels up everything is kept; 0: not even here
    stack: list[tuple[Node | None, int]] = []

    def start(name: str, attributes: dict[str, str]) -> None:
        offset = parser.CurrentByteIndex
        wanted = watch(name, attributes, offset, len(stack))
        parent, deep = stack[-1] if stack else (None, 0)
        node = None
        if deep > _DEEPEST:
            raise _damaged()
        if wanted or deep:
            tag = _TAG.match(xml, offset)
            if tag is None:
                raise _damaged()
            node = Node(name, attributes, offset, tag.end())
            if deep and parent is not None:
                parent.children.append(node)
            if wanted:
                kept.append(node)
        stack.append((node, deep + 1 if deep or wanted == DEEP else 0))

    def end(_name: str) -> None:
        node, _ = stack.pop()
        if node is None:
            return
        if xml[node.inner - 2 : node.inner] == b"/>":
            node.close = node.end = node.inner
        else:
            node.close = parser.CurrentByteIndex
            node.end = xml.index(b">", node.close) + 1

    def characters(text: str) -> None:
        node, deep = stack[-1]
        if node is not None and deep:
            node.text += text

    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = characters
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(xml, True)
    except (expat.ExpatError, LookupError, ValueError):
        raise _damaged() from None
    return kept


def _damaged() -> UnreadableError:
    return UnreadableError(
        Text(zh="文件的 XML 已损坏或编码少见，无法写入批注", en="the file's XML is damaged or in a rare encoding"),
        Text(zh="请用 Office 打开后另存一次", en="open the file in an office program and save it again"),
    )


def _refuse_doctype(*_arguments: Any) -> None:
    raise _damaged()


def escape(text: str) -> str:
    """`text` as it may stand in an element or attribute; characters that XML does not have become U+FFFD."""
    return "".join(_ESCAPES.get(character, character) for character in _INVALID.sub("\ufffd", text))


def _encoded(text: str | bytes) -> bytes:
    return text if isinstance(text, bytes) else text.encode("ascii", "xmlcharrefreplace")


class Edits:
    """Changes to one part, gathered and then made in one go. Those at the same place stay in the order they came."""

    def __init__(self, xml: bytes) -> None:
        self._xml = xml
        self._changes: list[tuple[int, int, int, bytes]] = []
        self._opened: dict[int, tuple[Node, list[bytes], list[bytes]]] = {}

    def replace(self, start: int, end: int, text: str | bytes, rank: int = 0) -> None:
        """Put `text` in the place of the bytes from `start` to `end`; bytes of the same part go in as they are."""
        self._changes.append((start, end, rank, _encoded(text)))

    def insert(self, at: int, text: str | bytes, rank: int = 0) -> None:
        """Put `text` before the byte `at`; of several texts there, those of the lowest rank come first."""
        self.replace(at, at, text, rank)

    def prepend(self, node: Node, text: str | bytes) -> None:
        """Put `text` before the content of an element, behind what was prepended already."""
        if node.is_empty_tag:
            self._open(node)[1].append(_encoded(text))
        else:
            self.insert(node.inner, text, FIRST)

    def append(self, node: Node, text: str | bytes) -> None:
        """Put `text` behind the content of an element."""
        if node.is_empty_tag:
            self._open(node)[2].append(_encoded(text))
        else:
            self.insert(node.close, text)

    def _open(self, node: Node) -> tuple[Node, list[bytes], list[bytes]]:
        return self._opened.setdefault(node.start, (node, [], []))

    def attribute(self, node: Node, name: str, value: str) -> None:
        """Give an element an attribute without namespace, once for each name."""
        tag = self._xml[node.start : node.inner]
        found = re.search(rb"\s" + name.encode() + rb"""\s*=\s*("[^"]*"|'[^']*')""", tag)
        if found is not None:
            self.replace(node.start + found.start(1), node.start + found.end(1), f'"{escape(value)}"')
        else:
            at = node.start + 1 + len(self.tag_name(node))
            self.insert(at, f' {name}="{escape(value)}"')

    def rename(self, node: Node, local: str) -> None:
        """Give an element another local name; its prefix stays."""
        old = self.tag_name(node)
        new = self.prefix(node) + local
        self.replace(node.start + 1, node.start + 1 + len(old), new)
        if not node.is_empty_tag:
            self.replace(node.close + 2, node.close + 2 + len(old), new)

    def tag_name(self, node: Node) -> str:
        """The name of an element as it is written, with its prefix."""
        found = _NAME.match(self._xml, node.start)
        return found[1].decode("utf-8", "replace") if found is not None else ""

    def source(self, node: Node) -> bytes:
        """An element as it is written."""
        return self._xml[node.start : node.end]

    def start_tag(self, node: Node) -> bytes:
        """The start tag of an element as it is written."""
        return self._xml[node.start : node.inner]

    def content(self, node: Node) -> bytes:
        """What stands between the tags of an element, as it is written."""
        return self._xml[node.inner : node.close]

    def prefix(self, node: Node) -> str:
        """The prefix of an element with its colon, "" where its namespace is the default one."""
        first, colon, _ = self.tag_name(node).partition(":")
        return first + colon if colon else ""

    def done(self) -> bytes:
        """The part with all changes made."""
        for node, before, after in self._opened.values():
            closing = f"</{self.tag_name(node)}>".encode()
            self.replace(node.end - 2, node.end, b"".join([b">", *before, *after, closing]))
        self._opened.clear()
        pieces = []
        position = 0
        for start, end, _, text in sorted(self._changes, key=lambda change: change[:3]):
            pieces += [self._xml[position:start], text]
            position = end
        return b"".join([*pieces, self._xml[position:]])
