"""Web archives (.mht, .mhtml), as Word and browsers save a page with all it needs in one file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lintperf.extension import UnreadableError
from lintperf.model import Text
from lintperf_builtin.importers.html import read_html
from lintperf_builtin.readers.text import check_size

if TYPE_CHECKING:
    from email.message import Message

    from lintperf_builtin.importers.grid import Part

__all__ = ["read_web_archive"]

_MAX_BYTES = 32 * 1024 * 1024
_MAX_PARTS = 2000


def read_web_archive(content: bytes) -> list[Part]:
    """The pages of a web archive, in their order, each a part of its own. Raises UnreadableError.

    A workbook saved this way has a page for each sheet, and a frame that holds nothing.
    """
    from email import policy
    from email.parser import BytesParser

    check_size(content, _MAX_BYTES)
    # what begins each part: the parser takes memory for every one of them
    if content.count(b"\n--") > _MAX_PARTS:
        raise UnreadableError(
            Text(zh="网页档案的部分过多", en="the web archive has too many parts"),
            Text(zh="请另存为 .html 或 .docx", en="save it as .html or .docx"),
        )
    try:
        message = BytesParser(policy=policy.compat32).parsebytes(content.lstrip())
        pages = [page for part in message.walk() if (page := _page(part)) is not None]
    except (RecursionError, ValueError, LookupError, AttributeError, TypeError):  # what its headers can make it raise
        pages = []
    if not pages:
        raise UnreadableError(
            Text(zh="网页档案中没有网页，或已损坏", en="the web archive holds no page, or it is damaged"),
            Text(zh="请另存为 .html 或 .docx", en="save it as .html or .docx"),
        )
    return [part for page in pages for part in read_html(page)]


def _page(part: Message) -> bytes | None:
    """The bytes of a part that is a page; its charset, where only the archive states it, is put before it."""
    if part.get_content_type() not in ("text/html", "application/xhtml+xml"):
        return None
    body = part.get_payload(decode=True)
    if not isinstance(body, bytes) or not body.strip():
        return None
    charset = part.get_content_charset()
    if charset and charset.isascii() and b"charset" not in body[:4096].lower():
        return f'<meta charset="{charset}">'.encode() + body
    return body
