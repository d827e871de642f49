"""The zip packages of office files: the same parts give the same bytes."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["CONTENT_TYPES", "HEAD", "RELATIONSHIPS", "content_types", "escape", "package", "quoteattr", "relationships"]

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
CONTENT_TYPES = "[Content_Types].xml"
RELATIONSHIPS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
# the first day that a zip archive can state
_NO_DAY = (1980, 1, 1, 0, 0, 0)


def package(parts: Mapping[str, str]) -> bytes:
    """A zip archive of XML parts, in their order, without a clock in it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, xml in parts.items():
            entry = zipfile.ZipInfo(name, _NO_DAY)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 0  # else the name of this machine's system is in the file
            archive.writestr(entry, HEAD + xml)
    return buffer.getvalue()


def content_types(parts: Mapping[str, str]) -> str:
    """The part that gives each part (by its path) its content type."""
    overrides = "".join(f'<Override PartName="/{name}" ContentType="{kind}"/>' for name, kind in parts.items())
    return (
        f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{overrides}</Types>'
    )


def relationships(targets: Mapping[str, tuple[str, str]]) -> str:
    """A part of relationships: id → (type, target)."""
    lines = "".join(
        f'<Relationship Id="{name}" Type="{RELATIONSHIPS}/{kind}" Target="{target}"/>'
        for name, (kind, target) in targets.items()
    )
    return f'<Relationships xmlns="{_PACKAGE}/relationships">{lines}</Relationships>'
