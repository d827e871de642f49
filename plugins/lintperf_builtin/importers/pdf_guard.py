"""Refuses PDF files that unpack to far more than any form holds, before the library reads them.

PDFium is well tested against damage, but it unpacks what it is given, and a page cannot be stopped while it loads. So
the compressed streams are unpacked once here, piece by piece and thrown away, and counted. Drawings that draw each
other over and over are short however long they take: a file that may hold such is tried in a process of its own first.
"""

from __future__ import annotations

import re
import subprocess
import sys
import zlib
from typing import TYPE_CHECKING

from lintperf.extension import UnreadableError
from lintperf.model import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["check_streams"]

# A page with a form has 50 to 200 KB of drawing instructions, an embedded Chinese font up to 20 MB.
MAX_STREAM = 16 * 1024 * 1024
MAX_FONT = 48 * 1024 * 1024
MAX_TOTAL = 192 * 1024 * 1024
_MAX_FILTERS = 3
_CHUNK = 1024 * 1024
_BLOCK = 64 * 1024
# A stream's dictionary is this long at most before its data, as far as the guard looks.
_DICTIONARY = 4096

_STREAM = re.compile(rb"stream\r?\n")
_FLATE = re.compile(rb"/Fl(?:ateDecode)?\b|#[0-9a-fA-F]{2}")
_IMAGE = re.compile(rb"/Subtype\s*/Image\b")
_FONT = re.compile(rb"/Length1\b|/(?:CIDFontType0C|Type1C|OpenType)\b")
_FORM = re.compile(rb"/Form\b|#[0-9a-fA-F]{2}")
_DRAWS = re.compile(rb"\bDo\b")
# A drawing that draws others, or itself, more than once may come to any number of pieces: such a file is tried first.
_TRIAL_SECONDS = 10
_TRIAL_MEMORY = 512 * 1024 * 1024
_TRIAL = """
import sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (%d, %d))
except (ImportError, ValueError, OSError):
    pass
import pypdfium2.raw as pdfium
content = sys.stdin.buffer.read()
document = pdfium.FPDF_LoadMemDocument64(content, len(content), None)
for number in range(pdfium.FPDF_GetPageCount(document) if document else 0):
    pdfium.FPDF_ClosePage(pdfium.FPDF_LoadPage(document, number))
"""

_TOO_MUCH = Text(
    zh="PDF 的压缩内容解开后过大，可能是恶意文件",
    en="the compressed content of the PDF is too large, it may be malicious",
)
_REMEDY = Text(
    zh="请提供 Word 或 Excel 原件，或重新导出 PDF", en="use the Word or Excel original, or export the PDF again"
)


def check_streams(content: bytes) -> None:
    """Raises UnreadableError when a stream of a PDF is larger than MAX_STREAM unpacked, or all are than MAX_TOTAL.

    Fonts may have MAX_FONT; pictures do not count, nobody unpacks them.
    """
    total = 0
    branches = False
    for dictionary, start in _streams(content):
        if not _FLATE.search(dictionary):
            continue
        limit = MAX_FONT if _FONT.search(dictionary) else MAX_STREAM
        size, draws = _unpacked(content, start, limit, bool(_FORM.search(dictionary)))
        total += size
        if size > limit or total > MAX_TOTAL:
            raise UnreadableError(_TOO_MUCH, _REMEDY)
        branches = branches or draws > 1
    if branches:
        _try_out(content)


def _streams(content: bytes) -> Iterator[tuple[bytes, int]]:
    """The dictionary of each stream that is no picture, and where its data begins."""
    position = 0
    while (found := _STREAM.search(content, position)) is not None:
        head = content[max(found.start() - _DICTIONARY, position) : found.start()]
        begin = head.rfind(b" obj")
        dictionary = head[begin:] if begin >= 0 else head
        if not head.endswith(b"end") and not _IMAGE.search(dictionary):
            yield dictionary, found.end()
        position = found.end()


def _unpacked(content: bytes, start: int, limit: int, is_form: bool) -> tuple[int, int]:
    """The size of a stream unpacked, at most a little over the limit; and how often it draws other things.

    A stream packed several times is unpacked as often.
    """
    size = draws = 0
    inner: list[bytes] = []
    unpacker = zlib.decompressobj()
    try:
        while start < len(content) and size <= limit and not unpacker.eof:
            packed = content[start : start + _BLOCK]
            start += len(packed)
            while packed and size <= limit:
                data = unpacker.decompress(packed, _CHUNK)
                if not data:
                    break
                packed = unpacker.unconsumed_tail
                size += len(data)
                draws += len(_DRAWS.findall(data)) if is_form else 0
                if size <= _CHUNK:
                    inner.append(data)
    except zlib.error:
        # Damaged or packed in another way: the library takes what came before, as this does.
        pass
    first = b"".join(inner)
    for _ in range(_MAX_FILTERS):
        if first[:1] != b"\x78" or size > limit:
            break
        again = zlib.decompressobj()
        try:
            first = again.decompress(first, limit + 1)
        except zlib.error:
            break
        size = max(size, len(first))
    return size, draws


def _try_out(content: bytes) -> None:
    """Loads all pages in a process with limits. Raises UnreadableError when it does not come to an end."""
    code = _TRIAL % (_TRIAL_MEMORY, _TRIAL_MEMORY)
    try:
        done = subprocess.run(  # noqa: S603 - this very interpreter and a fixed program
            [sys.executable, "-c", code],
            input=content,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_TRIAL_SECONDS,
            check=False,
        )
    except (subprocess.TimeoutExpired, OSError):
        raise UnreadableError(_TOO_MUCH, _REMEDY) from None
    if done.returncode != 0:
        raise UnreadableError(_TOO_MUCH, _REMEDY)
