"""A copy of an office package: its parts as they are, some of them edited, some added."""

from __future__ import annotations

import copy
import io
import posixpath
import shutil
import warnings
import zipfile
from typing import NamedTuple
from urllib.parse import unquote

from lintperf.extension import UnreadableError
from lintperf.model import Text
from lintperf_builtin.annotators.markup import DEEP, SHALLOW, Edits, Node, escape, scan
from lintperf_builtin.importers.package import damaged, open_package, read_part

__all__ = ["XML_HEAD", "Package", "Relation", "root_of"]

XML_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_TYPES = "[Content_Types].xml"
_RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_STRICT = "http://purl.oclc.org/ooxml/officeDocument/relationships"
_SPREADSHEET = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_STRICT_SPREADSHEET = "http://purl.oclc.org/ooxml/spreadsheetml/main"
# Of all parts together, inflated: what is copied unread may be large, but not without end.
_MAX_COPIED = 512 * 1024 * 1024
# The earliest time that a zip file knows: the same input gives the same bytes.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


class Relation(NamedTuple):
    """What a part says of another: the last word of the relation's type, and the name of the other part."""

    id: str
    kind: str
    target: str


class Package:
    """The parts of an office file and the changes to them. Nothing is written before `save`."""

    def __init__(self, content: bytes, kind: str) -> None:
        """`kind`: `word` or `excel`. Raises UnreadableError."""
        self._content = content
        self.archive = open_package(content, kind)
        self._entries = self.archive.infolist()
        if sum(entry.file_size for entry in self._entries) > _MAX_COPIED:
            raise UnreadableError(
                Text(zh="文件解压后过大，无法复制", en="the file inflates too far to be copied"),
                Text(zh="请删去文件中的大图片、视频后再试", en="take large pictures and films out of it"),
            )
        self._names = {entry.filename.lower(): entry.filename for entry in self._entries}
        self._changed: dict[str, bytes] = {}
        roots = self.relations("")
        self.main = next((relation.target for relation in roots if relation.kind == "officeDocument"), "")
        self._strict = self.has(_relations_of("")) and _STRICT.encode() in self.read(_relations_of(""))

    @property
    def spreadsheet(self) -> str:
        """The namespace of workbooks and sheets in this package."""
        return _STRICT_SPREADSHEET if self._strict else _SPREADSHEET

    def has(self, name: str) -> bool:
        """Whether there is such a part."""
        return name.lower() in self._names

    def read(self, name: str) -> bytes:
        """A part as it is now. Raises UnreadableError where there is none."""
        actual = self._names.get(name.lower(), name)
        content = self._changed[actual] if actual in self._changed else read_part(self.archive, actual)
        if content is None:
            raise UnreadableError(
                Text(zh=f"文件缺少部分 {name[:80]}", en=f"the file lacks its part {name[:80]}"),
                Text(zh="请用 Office 打开后另存一次", en="open the file in an office program and save it again"),
            )
        return content

    def write(self, name: str, content: bytes) -> None:
        """Change a part, or add one."""
        self._changed[self._names.setdefault(name.lower(), name)] = content

    def free_name(self, pattern: str) -> str:
        """The first of `pattern` with 1, 2, 3 … in the place of `{}` that no part has."""
        return next(name for number in range(1, 1_000_000) if not self.has(name := pattern.format(number)))

    def relations(self, part: str) -> list[Relation]:
        """What a part ("" for the package) says of other parts, in order; links out of the package are left out."""
        name = _relations_of(part)
        if not self.has(name):
            return []
        found = []
        for node in scan(self.read(name), lambda _n, _a, _o, depth: SHALLOW if depth == 1 else 0):
            kind = node.attributes.get("Type", "")
            if node.local != "Relationship" or node.attributes.get("TargetMode") == "External":
                continue
            target = node.attributes.get("Target", "")
            target = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), target)).lstrip("/")
            if not self.has(target):
                target = unquote(target)
            target = self._names.get(target.lower(), target)
            found.append(Relation(node.attributes.get("Id", ""), kind.rpartition("/")[2], target))
        return found

    def relate(self, part: str, kind: str, target: str) -> str:
        """Let a part refer to another part; returns the relation's id."""
        name = _relations_of(part)
        if not self.has(name):
            self.write(name, f'{XML_HEAD}<Relationships xmlns="{_RELATIONS}"></Relationships>'.encode())
        xml = self.read(name)
        nodes = scan(xml, lambda _n, _a, _o, depth: SHALLOW if depth <= 1 else 0)
        taken = {node.attributes.get("Id") for node in nodes}
        new = next(f"rId{number}" for number in range(1, len(taken) + 2) if f"rId{number}" not in taken)
        target = posixpath.relpath(target, posixpath.dirname(part) or ".")
        edits = Edits(xml)
        edits.append(
            nodes[0],
            f'<{edits.prefix(nodes[0])}Relationship Id="{new}" '
            f'Type="{_STRICT if self._strict else _OFFICE}/{kind}" Target="{escape(target)}"/>',
        )
        self.write(name, edits.done())
        return new

    def declare(self, part: str, content_type: str) -> None:
        """Say in the package's list of types what a new part holds."""
        self._declare("Override", "PartName", f"/{part}", content_type)

    def declare_suffix(self, suffix: str, content_type: str) -> None:
        """Say in the package's list of types what parts with this suffix hold, unless it says so already."""
        self._declare("Default", "Extension", suffix, content_type)

    def _declare(self, element: str, key: str, value: str, content_type: str) -> None:
        xml = self.read(_TYPES)
        nodes = scan(xml, lambda _n, _a, _o, depth: SHALLOW if depth <= 1 else 0)
        root, known = nodes[0], nodes[1:]
        if any(node.local == element and node.attributes.get(key, "").lower() == value.lower() for node in known):
            return
        edits = Edits(xml)
        text = f'<{edits.prefix(root)}{element} {key}="{escape(value)}" ContentType="{content_type}"/>'
        # Office writes the suffixes first, and some readers expect them there.
        edits.prepend(root, text) if element == "Default" else edits.append(root, text)
        self.write(_TYPES, edits.done())

    def save(self) -> bytes:
        """The package with the changes: entries in their order, with their times and attributes; new ones at the end.

        Without any change the bytes are those of the original.
        """
        if not self._changed:
            return self._content
        buffer = io.BytesIO()
        left = dict(self._changed)
        with damaged(), zipfile.ZipFile(buffer, "w") as out, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of a name that stands twice in the original as well
            out.comment = self.archive.comment
            for entry in self._entries:
                info = copy.copy(entry)
                in_effect = self.archive.getinfo(entry.filename) is entry
                if in_effect and entry.filename in left:
                    out.writestr(info, left.pop(entry.filename))
                    continue
                with self.archive.open(entry) as source, out.open(info, "w") as target:
                    shutil.copyfileobj(source, target)
            for name, content in left.items():
                info = zipfile.ZipInfo(name, _NO_TIME)
                info.compress_type = zipfile.ZIP_DEFLATED
                info.create_system = 0
                out.writestr(info, content)
        return buffer.getvalue()


def _relations_of(part: str) -> str:
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def root_of(xml: bytes) -> Node:
    """The whole of a small part as a tree. Raises UnreadableError."""
    return scan(xml, lambda _n, _a, _o, depth: DEEP if depth == 0 else 0)[0]
