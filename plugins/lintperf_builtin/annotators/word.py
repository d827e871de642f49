"""Findings as comments in a Word file, corrected values as tracked changes; every other byte stays as it was."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from lintperf.extension import Annotated, Source, UnreadableError
from lintperf.model import CellPlace, Fix, ParagraphPlace, Place, Text
from lintperf.results import FileResult, View
from lintperf_builtin.annotators.markup import DEEP, FIRST, SHALLOW, Edits, Node, escape, scan
from lintperf_builtin.annotators.notes import AUTHOR, INITIALS, Corrected, Note, fixes_by_place, notes, rewritten
from lintperf_builtin.annotators.package import XML_HEAD, Package
from lintperf_builtin.annotators.runs import CLOSED, paragraph_text, put_marks, run_text, runs
from lintperf_builtin.importers.word import cell_offsets, main_part

__all__ = ["annotate_word"]

_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_STRICT = "http://purl.oclc.org/ooxml/wordprocessingml/main"
_COMMENTS = "application/vnd.openxmlformats-officedocument.wordprocessingml.comments+xml"
# A comment is set as plain text, whatever the document's standard style looks like.
_PLAIN = (
    '<{w}pPr><{w}spacing {a}before="0" {a}after="0" {a}line="240" {a}lineRule="auto"/>'
    '<{w}ind {a}left="0" {a}right="0" {a}firstLine="0"/><{w}jc {a}val="left"/></{w}pPr>'
)


def annotate_word(source: Source, result: FileResult, view: View, fixes: Sequence[Fix]) -> Annotated:
    """A copy of a .docx file with a comment for each finding on its cell or paragraph, `fixes` as tracked changes.

    A finding without a place stands at the first paragraph. Raises UnreadableError.
    """
    package = Package(source.content, "word")
    main = main_part(package.archive)
    xml = package.read(main)
    offsets = cell_offsets(xml)
    wanted = fixes_by_place(fixes)
    places = {finding.place for document in result.documents for finding in document.findings} | set(wanted)
    cells = {offset for place in places if (offset := _offset(offsets, place)) >= 0}
    anchors = _Anchors(xml, cells)
    edits = Edits(xml)
    pen = _Pen(edits, anchors)
    corrected: dict[Place, Corrected] = {}
    for place, fix in wanted.items():
        done = pen.correct(anchors.nodes.get(offsets.get(place, -1)), fix) if isinstance(place, CellPlace) else None
        if done is not None:
            corrected[place] = done
    listed = notes(result, view, corrected)
    by_anchor: dict[int, dict[_Stretch, list[Note]]] = defaultdict(lambda: defaultdict(list))
    for note in listed:
        offset = anchors.of(_offset(offsets, note.place))
        by_anchor[offset][_stretch(note.place, anchors.nodes[offset])].append(note)
    comments = _Comments(package, main, anchors.namespace, anchors.ids)
    for offset, stretches in sorted(by_anchor.items()):
        pen.comments(
            anchors.nodes[offset],
            {stretch: [comments.add(note) for note in group] for stretch, group in sorted(stretches.items())},
        )
    package.write(main, edits.done())
    comments.save()
    carried_out = [fix for place, fix in wanted.items() if place in corrected]
    return Annotated(package.save(), len(listed), sum(map(len, by_anchor.values())), carried_out)


# From which to which character of a paragraph; from 0 to -1: all of a paragraph or cell.
_Stretch = tuple[int, int]
_ALL: _Stretch = (0, -1)


def _stretch(place: Place | None, node: Node) -> _Stretch:
    """What of a paragraph a place means; all of it where the paragraph has no such characters."""
    if not isinstance(place, ParagraphPlace) or (place.start, place.end) == (0, None) or node.local != "p":
        return _ALL
    length = len(paragraph_text(node))
    end = length if place.end is None else place.end
    return (place.start, end) if 0 <= place.start < end <= length else _ALL


def _offset(offsets: Mapping[Place, int], place: Place | None) -> int:
    """Where the cell or the paragraph of a place begins; -1 where there is none. A stretch counts as its paragraph."""
    if isinstance(place, ParagraphPlace):
        place = ParagraphPlace(place.paragraph)
    return offsets.get(place, -1) if isinstance(place, CellPlace | ParagraphPlace) else -1


@dataclass(slots=True)
class _Anchors:
    """The elements that comments are anchored in, by byte offset: cells, and paragraphs for what has no cell.

    A comment must not stand in a text box: the paragraph that holds the box takes its place.
    """

    xml: bytes
    cells: set[int]
    nodes: dict[int, Node] = field(default_factory=dict)
    instead: dict[int, int] = field(default_factory=dict)
    first: int = -1
    namespace: str = _WORD
    ids: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        open_: list[tuple[str, int]] = []
        outer: set[int] = set()

        def watch(name: str, attributes: dict[str, str], offset: int, depth: int) -> int:
            namespace, _, local = name.rpartition(" ")
            del open_[depth:]
            open_.append((local, offset))
            if depth == 0:
                self.namespace = namespace
            for key, value in attributes.items():
                if key.endswith(" id") and value.isdecimal() and key.startswith((_WORD, _STRICT)):
                    self.ids.add(int(value))
            if local == "p" and self.first < 0:
                self.first = offset
                return DEEP
            if local == "body" and depth == 1:
                body.append(offset)
                return SHALLOW
            if offset not in self.cells:
                return 0
            box = next((level for level, (above, _) in enumerate(open_) if above == "txbxContent"), None)
            if box is not None:
                paragraph = next((at for above, at in reversed(open_[:box]) if above == "p"), -1)
                self.instead[offset] = paragraph
                outer.add(paragraph)
            return DEEP

        body: list[int] = []
        self.nodes = {node.start: node for node in scan(self.xml, watch)}
        if self.first < 0:
            if not body:
                raise UnreadableError(
                    Text(zh="Word 文件没有正文", en="the Word file has no body"),
                    Text(zh="请用 Word 打开后另存一次", en="open it in Word and save it again"),
                )
            self.first = body[0]
        missing = outer - self.nodes.keys()
        if missing:
            found = scan(self.xml, lambda _n, _a, offset, _d: DEEP if offset in missing else 0)
            self.nodes.update((node.start, node) for node in found)

    def of(self, offset: int) -> int:
        """The offset of the element that takes the comments for a cell, or for no cell (-1)."""
        offset = self.instead.get(offset, offset)
        return offset if offset in self.nodes else self.first


def _paragraphs(node: Node) -> Iterator[Node]:
    """The paragraphs of a cell itself, not those of tables and text boxes in it."""
    for child in node.children:
        if child.local == "p":
            yield child
        elif child.local not in CLOSED:
            yield from _paragraphs(child)


class _Pen:
    """Writes marks of comments and tracked changes into the main part, in the words of its own namespace."""

    def __init__(self, edits: Edits, anchors: _Anchors) -> None:
        self.edits = edits
        self.namespace = anchors.namespace
        self.next_id = _free(anchors.ids)
        self.ids = anchors.ids

    def _words(self, beside: Node) -> tuple[str, str, str]:
        """Prefix of elements, prefix of attributes, declaration: as at `beside`, or a prefix of our own."""
        prefix = self.edits.prefix(beside)
        if prefix:
            return prefix, prefix, ""
        return "lp:", "lp:", f' xmlns:lp="{escape(self.namespace)}"'

    def comments(self, node: Node, ids: Mapping[_Stretch, Sequence[int]]) -> None:
        """Marks a cell or paragraph, or stretches of a paragraph, as what comments are about: stretch → their ids."""
        whole = list(ids.get(_ALL, ()))
        starts: dict[int, str] = defaultdict(str)
        ends: dict[int, str] = defaultdict(str)
        for (start, end), some in ids.items():
            if (start, end) != _ALL:
                opening, closing = self._marks(node, some)
                starts[start] += opening
                ends[end] += closing
        if starts and not put_marks(self.edits, node, starts, ends):
            whole = [one for some in ids.values() for one in some]
        if whole:
            self.comment(node, whole)

    def comment(self, node: Node, ids: Sequence[int]) -> None:
        """Marks a cell or paragraph as what the comments with these ids are about."""
        paragraphs = [node] if node.local == "p" else list(_paragraphs(node)) if node.local == "tc" else []
        if not paragraphs:
            w, _, declared = self._words(node)
            start, end = self._marks(node, ids)
            # a body's last element sets the page, a cell must end with a paragraph
            put = self.edits.prepend if node.local == "body" else self.edits.append
            put(node, f"<{w}p{declared}>{start}{end}</{w}p>")
            return
        written = [paragraph for paragraph in paragraphs if paragraph_text(paragraph).strip()] or paragraphs[:1]
        first, last = written[0], written[-1]
        start, _ = self._marks(first, ids)
        properties = first.child("pPr")
        if properties is not None:
            # outside of a tracked change, so that accepting it leaves the mark
            self.edits.insert(properties.end, start, FIRST)
        else:
            self.edits.prepend(first, start)
        self.edits.append(last, self._marks(last, ids)[1])

    def _marks(self, beside: Node, ids: Sequence[int]) -> tuple[str, str]:
        w, a, declared = self._words(beside)
        start = "".join(f'<{w}commentRangeStart{declared} {a}id="{one}"/>' for one in ids)
        end = "".join(
            f'<{w}commentRangeEnd{declared} {a}id="{one}"/><{w}r{declared}><{w}commentReference {a}id="{one}"/></{w}r>'
            for one in ids
        )
        return start, end

    def correct(self, cell: Node | None, fix: Fix) -> Corrected | None:
        """Replaces a value in a cell by a tracked change; None where it does not stand there as it was found."""
        if cell is None:
            return None
        candidates = []
        for paragraph in _paragraphs(cell):
            before = paragraph_text(paragraph)
            after = rewritten(before, fix.found, fix.value)
            # formulas are read as text, but have runs of another kind
            if after is not None and next(paragraph.all("oMath"), None) is None:
                candidates.append((paragraph, before, after))
        if len(candidates) > 1 and fix.found is None:
            del candidates[1:]
        if len(candidates) != 1:
            return None
        paragraph, before, after = candidates[0]
        written = [run for run in runs(paragraph) if run_text(run)]
        for run in written:
            self._delete(run)
        properties = written[0].child("rPr") if written else None
        self._insert(paragraph, written[-1] if written else None, properties, after)
        return Corrected(before.strip(), after.strip())

    def _tracked(self, beside: Node, element: str) -> tuple[str, str]:
        w, a, declared = self._words(beside)
        one = next(self.next_id)
        self.ids.add(one)
        return f'<{w}{element}{declared} {a}id="{one}" {a}author="{AUTHOR}">', f"</{w}{element}>"

    def _delete(self, run: Node) -> None:
        start, end = self._tracked(run, "del")
        self.edits.insert(run.start, start)
        for child in run.children:
            if child.local == "t":
                self.edits.rename(child, "delText")
        self.edits.insert(run.end, end)

    def _insert(self, paragraph: Node, last: Node | None, properties: Node | None, text: str) -> None:
        beside = last or paragraph
        start, end = self._tracked(beside, "ins")
        w, _, declared = self._words(beside)
        opening = f"{start}<{w}r{declared}>"
        closing = f'<{w}t xml:space="preserve">{escape(text)}</{w}t></{w}r>{end}'
        if last is None:
            self.edits.append(paragraph, opening + closing)
            return
        self.edits.insert(last.end, opening)
        if properties is not None:
            self.edits.insert(last.end, self.edits.source(properties))
        self.edits.insert(last.end, closing)


def _free(taken: set[int]) -> Iterator[int]:
    """Whole numbers from 0 that are not taken when they come up."""
    number = 0
    while True:
        if number not in taken:
            yield number
        number += 1


class _Comments:
    """The part that holds the comments' texts: the file's own, extended, or a new one."""

    def __init__(self, package: Package, main: str, namespace: str, ids: set[int]) -> None:
        self.package = package
        self.main = main
        self.namespace = namespace
        known = next((relation.target for relation in package.relations(main) if relation.kind == "comments"), None)
        self.name = known if known is not None and package.has(known) else None
        self.edits: Edits | None = None
        self.root: Node | None = None
        self.texts: list[str] = []
        if self.name is not None:
            xml = package.read(self.name)
            nodes = scan(xml, lambda _n, _a, _o, depth: SHALLOW if depth <= 1 else 0)
            self.edits, self.root = Edits(xml), nodes[0]
            ids |= {int(one) for node in nodes[1:] if (one := node.attribute("id") or "").isdecimal()}
        self.free = _free(ids)
        self.ids = ids

    def add(self, note: Note) -> int:
        """Writes a comment; returns its id."""
        one = next(self.free)
        self.ids.add(one)
        prefix = self.edits.prefix(self.root) if self.edits is not None and self.root is not None else "w:"
        w = prefix or "lp:"
        declared = "" if prefix else f' xmlns:lp="{escape(self.namespace)}"'
        plain = _PLAIN.format(w=w, a=w)
        mark = f"<{w}r><{w}annotationRef/></{w}r>"
        size = f'<{w}sz {w}val="18"/><{w}szCs {w}val="18"/>'
        paragraphs = [
            f"<{w}p>{plain}{mark if first else ''}<{w}r><{w}rPr>{f'<{w}b/>' if first else ''}{size}</{w}rPr>"
            f'<{w}t xml:space="preserve">{escape(line)}</{w}t></{w}r></{w}p>'
            for line, first in [(note.head, True), *((line, False) for line in note.lines)]
        ]
        self.texts.append(
            f'<{w}comment{declared} {w}id="{one}" {w}author="{AUTHOR}" {w}initials="{INITIALS}">'
            f"{''.join(paragraphs)}</{w}comment>"
        )
        return one

    def save(self) -> None:
        """Puts the comments into the package; without any nothing is changed."""
        if not self.texts:
            return
        if self.edits is not None and self.root is not None and self.name is not None:
            self.edits.append(self.root, "".join(self.texts))
            self.package.write(self.name, self.edits.done())
            return
        folder = self.main.rpartition("/")[0]
        name = f"{folder}/comments.xml".lstrip("/")
        if self.package.has(name):
            name = self.package.free_name(f"{folder}/comments{{}}.xml".lstrip("/"))
        text = f'{XML_HEAD}<w:comments xmlns:w="{escape(self.namespace)}">{"".join(self.texts)}</w:comments>'
        self.package.write(name, text.encode())
        self.package.declare(name, _COMMENTS)
        self.package.relate(self.main, "comments", name)
