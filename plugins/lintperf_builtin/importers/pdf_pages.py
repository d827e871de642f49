"""Pages of a PDF as glyphs and ruling lines, read with PDFium; nothing here knows of tables.

All coordinates are points from the upper left corner of the page as a reader sees it, whatever its rotation.
PDFium allows one thread at a time, so `read_pages` holds a lock while it reads a page.
"""

from __future__ import annotations

import ctypes
import math
import threading
import time
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from lintperf.extension import UnreadableError
from lintperf.model import Text
from lintperf_builtin.importers.pdf_guard import check_streams
from lintperf_builtin.readers.text import check_size

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["Glyph", "Page", "Rule", "read_pages"]

# A long report with annexes has a few hundred pages and half a million characters.
MAX_PAGES = 500
MAX_GLYPHS = 1_000_000
MAX_OBJECTS = 500_000
MAX_SECONDS = 60.0

# A filled shape no thicker than this is a ruling line; the boldest frames of forms have 2.25 points.
_THICK = 3.5
# A stroke that leaves its axis by no more than this over its length is level or upright.
_SLANT = 1.0
_MAX_NESTED = 10
# Every seventh character is asked for its angle: enough to tell how a page stands.
_ANGLE_STEP = 7
_FEW = 200

_TEXT, _PATH, _IMAGE, _FORM = 1, 2, 3, 5
_STROKED = 1
# PDFium passes over text narrower than half of this, in points.
_NO_WIDTH = 0.02
_LINE_TO, _MOVE_TO = 0, 2
_WIDGET, _FREE_TEXT = 20, 3

# Radicals that fonts show in place of the characters themselves. NFKC knows the Kangxi radicals and the compatibility
# ideographs, but not the supplement (U+2E80); these of it are whole characters (EquivalentUnifiedIdeograph.txt).
_RADICALS = str.maketrans(
    "⺟⺠⻁⻄⻅⻆⻉⻋⻑⻓⻔⻗⻘⻙⻚⻛⻜⻝⻢⻣⻥⻦⻧⻨⻩⻪⻬⻮⻰⻳",
    "母民虎西见角贝车長长门雨青韦页风飞食马骨鱼鸟卤麦黄黾齐齿龙龟",
)


class Glyph(NamedTuple):
    """A character on a page: its box, and the line it stands on (`base`). White space has a box of its own too."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    base: float

    @property
    def middle(self) -> float:
        """The middle between left and right."""
        return (self.left + self.right) / 2


class Rule(NamedTuple):
    """A ruling line, level or upright: `at` is its place across, `start` and `end` along its direction."""

    at: float
    start: float
    end: float


@dataclass(slots=True)
class Page:
    """What a page shows.

    glyphs    in the order of the content stream
    level     ruling lines from left to right, `at` counted from the top
    upright   ruling lines from top to bottom, `at` counted from the left
    pictures  the share of the page that its largest picture covers, 0 to 1
    shapes    how many shapes with curves it has: a page without glyphs and with thousands has its text as outlines
    unmapped  how many glyphs have no known character
    """

    index: int
    width: float
    height: float
    glyphs: list[Glyph] = field(default_factory=list)
    level: list[Rule] = field(default_factory=list)
    upright: list[Rule] = field(default_factory=list)
    pictures: float = 0.0
    shapes: int = 0
    unmapped: int = 0


_LOCK = threading.Lock()
_REMEDY = Text(
    zh="请提供 Word 或 Excel 原件，或重新导出 PDF", en="use the Word or Excel original, or export the PDF again"
)
_PASSWORD = Text(zh="PDF 设有打开密码", en="the PDF is protected by a password")
_NO_PASSWORD = Text(
    zh="请取消密码后另存，或提供 Word、Excel 原件", en="save it without the password, or use the Word or Excel original"
)
_DAMAGED = Text(zh="PDF 文件已损坏", en="the PDF file is damaged")
_NOT_PDF = Text(zh="文件不是 PDF", en="the file is no PDF")
_SPLIT = Text(zh="请只保留自评表所在的页", en="keep only the pages with the forms")
_NOT_INSTALLED = Text(zh="未安装读取 PDF 的组件", en="the component that reads PDF is not installed")
_INSTALL = Text(zh='请运行 pip install "pypdfium2>=4.30"', en='run pip install "pypdfium2>=4.30"')


def read_pages(content: bytes) -> list[Page]:
    """The pages of a PDF, in order. Raises UnreadableError for damage, a password, and beyond the limits."""
    check_size(content)
    if b"%PDF-" not in content[:4096]:
        raise UnreadableError(_NOT_PDF if content else Text(zh="文件是空的", en="the file is empty"), _REMEDY)
    check_streams(content)
    try:
        import pypdfium2.raw as pdfium  # type: ignore[import-untyped]
    except ImportError:
        raise UnreadableError(_NOT_INSTALLED, _INSTALL) from None
    # The library keeps pointing into the bytes: the buffer has to outlive the document.
    buffer = ctypes.create_string_buffer(content, len(content))
    with _LOCK:
        document = pdfium.FPDF_LoadMemDocument64(buffer, len(content), None)
        if not document:
            protected = pdfium.FPDF_GetLastError() in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY)
            raise UnreadableError(_PASSWORD, _NO_PASSWORD) if protected else UnreadableError(_DAMAGED, _REMEDY)
        try:
            return list(_Reader(pdfium, document).pages())
        finally:
            pdfium.FPDF_CloseDocument(document)


class _Reader:
    """Reads the pages of one open document and counts what it reads."""

    def __init__(self, pdfium: Any, document: Any) -> None:
        self.pdfium = pdfium
        self.document = document
        self.glyphs = MAX_GLYPHS
        self.objects = MAX_OBJECTS
        self.deadline = time.monotonic() + MAX_SECONDS

    def pages(self) -> Iterator[Page]:
        """The pages in order."""
        count = self.pdfium.FPDF_GetPageCount(self.document)
        if count < 1:
            raise UnreadableError(_DAMAGED, _REMEDY)
        if count > MAX_PAGES:
            raise UnreadableError(
                Text(
                    zh=f"PDF 有 {count} 页（最多 {MAX_PAGES} 页）",
                    en=f"the PDF has {count} pages (at most {MAX_PAGES})",
                ),
                _SPLIT,
            )
        for index in range(count):
            yield self._page(index)

    def _page(self, index: int) -> Page:
        pdfium = self.pdfium
        self._take(0, 0)
        handle = pdfium.FPDF_LoadPage(self.document, index)
        if not handle:
            raise UnreadableError(
                Text(zh=f"PDF 第 {index + 1} 页已损坏", en=f"page {index + 1} of the PDF is damaged"), _REMEDY
            )
        try:
            if self._flatten(handle):
                pdfium.FPDF_ClosePage(handle)
                handle = pdfium.FPDF_LoadPage(self.document, index)
            self._give_width(pdfium.FPDFPage_CountObjects(handle), pdfium.FPDFPage_GetObject, handle, 0)
            text = pdfium.FPDFText_LoadPage(handle)
            try:
                return self._read(index, handle, text)
            finally:
                if text:
                    pdfium.FPDFText_ClosePage(text)
        finally:
            pdfium.FPDF_ClosePage(handle)

    def _give_width(self, count: int, get: Callable[[Any, int], Any], owner: Any, depth: int) -> None:
        """Keeps PDFium from passing over single characters of fonts that are neither embedded nor installed.

        It takes their glyphs to be empty, and text without width to be none. With a stroke they have a width.
        """
        pdfium = self.pdfium
        self._take(0, max(count, 0))
        edges = [ctypes.c_float() for _ in range(4)]
        still = pdfium.FS_MATRIX(1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
        for number in range(count):
            found = get(owner, number)
            kind = pdfium.FPDFPageObj_GetType(found)
            if kind == _FORM and depth < _MAX_NESTED:
                inner = pdfium.FPDFFormObj_CountObjects(found)
                self._give_width(inner, pdfium.FPDFFormObj_GetObject, found, depth + 1)
            elif kind == _TEXT and pdfium.FPDFPageObj_GetBounds(found, *edges) and _is_flat(edges):
                pdfium.FPDFPageObj_SetStrokeWidth(found, 1.0)
                pdfium.FPDFTextObj_SetTextRenderMode(found, _STROKED)
                pdfium.FPDFPageObj_TransformF(found, still)

    def _flatten(self, handle: Any) -> bool:
        """Makes what is typed into a fillable form part of the page; whether there was any."""
        pdfium = self.pdfium
        count = pdfium.FPDFPage_GetAnnotCount(handle)
        self._take(0, count)
        for number in range(count):
            annotation = pdfium.FPDFPage_GetAnnot(handle, number)
            if not annotation:
                continue
            kind = pdfium.FPDFAnnot_GetSubtype(annotation)
            pdfium.FPDFPage_CloseAnnot(annotation)
            if kind in (_WIDGET, _FREE_TEXT):
                return bool(pdfium.FPDFPage_Flatten(handle, 0) == 1)
        return False

    def _read(self, index: int, handle: Any, text: Any) -> Page:
        pdfium = self.pdfium
        bounds = pdfium.FS_RECTF()
        if not pdfium.FPDF_GetPageBoundingBox(handle, bounds):
            bounds.right, bounds.top = pdfium.FPDF_GetPageWidthF(handle), pdfium.FPDF_GetPageHeightF(handle)
        count = max(pdfium.FPDFText_CountChars(text), 0) if text else 0
        self._take(count, 0)
        turns = self._text_turns(text, count)
        if turns is None:
            turns = pdfium.FPDFPage_GetRotation(handle) % 4
        place, width, height = _turned(turns, bounds.left, bounds.bottom, bounds.right, bounds.top)
        page = Page(index, width, height)
        self._glyphs(page, text, count, place)
        _Drawing(self, page, place).read(handle)
        return page

    def _take(self, glyphs: int, objects: int) -> None:
        """Counts what is read. Raises UnreadableError beyond the limits."""
        self.glyphs -= glyphs
        self.objects -= objects
        if self.glyphs < 0 or self.objects < 0:
            raise UnreadableError(
                Text(zh="PDF 的内容过多", en="the PDF holds too much content"),
                _SPLIT,
            )
        if time.monotonic() > self.deadline:
            seconds = int(MAX_SECONDS)
            raise UnreadableError(
                Text(zh=f"读取 PDF 超过 {seconds} 秒", en=f"reading the PDF takes more than {seconds} seconds"), _SPLIT
            )

    def _text_turns(self, text: Any, count: int) -> int | None:
        """How many quarter turns to the right make most of the page's text upright; None for a page without text."""
        angles: Counter[int] = Counter()
        for number in range(0, count, _ANGLE_STEP if count > _FEW else 1):
            angle = self.pdfium.FPDFText_GetCharAngle(text, number)
            if angle >= 0 and self.pdfium.FPDFText_IsGenerated(text, number) != 1:
                angles[round(angle / (math.pi / 2)) % 4] += 1
        if not angles:
            return None
        # PDFium counts the angle clockwise; the page has to be turned back.
        return (4 - max(angles, key=lambda turns: angles[turns])) % 4

    def _glyphs(self, page: Page, text: Any, count: int, place: Callable[[float, float], tuple[float, float]]) -> None:
        pdfium = self.pdfium
        box, x, y = pdfium.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        at_x, at_y, at_box = ctypes.byref(x), ctypes.byref(y), ctypes.byref(box)
        add = page.glyphs.append
        get_code, is_generated = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_IsGenerated
        is_unmapped = pdfium.FPDFText_HasUnicodeMapError
        get_box, get_origin = pdfium.FPDFText_GetLooseCharBox, pdfium.FPDFText_GetCharOrigin
        for number in range(count):
            # White space that PDFium guessed from gaps is no text of the file.
            if is_generated(text, number) == 1:
                continue
            if not get_box(text, number, at_box) or not get_origin(text, number, at_x, at_y):
                continue
            # Without a table of characters PDFium takes the number of the glyph for one.
            shown = "\ufffd" if is_unmapped(text, number) == 1 else _character(get_code(text, number))
            if shown == "\ufffd" or "\ue000" <= shown <= "\uf8ff":
                page.unmapped += 1
            x0, y0 = place(box.left, box.top)
            x1, y1 = place(box.right, box.bottom)
            left, right = (x0, x1) if x0 <= x1 else (x1, x0)
            top, bottom = (y0, y1) if y0 <= y1 else (y1, y0)
            if right < 0 or bottom < 0 or left > page.width or top > page.height:
                continue
            add(Glyph(shown, left, top, right, bottom, place(x.value, y.value)[1]))


def _is_flat(edges: list[ctypes.c_float]) -> bool:
    """Whether left and right, or bottom and top, are the same."""
    left, bottom, right, top = (edge.value for edge in edges)
    return right - left < _NO_WIDTH or top - bottom < _NO_WIDTH


def _character(code: int) -> str:
    """The character of a code: hyphens at line ends and radicals as what they stand for."""
    if code in (0x02, 0xAD, 0xFFFE):
        # PDFium's sign for a hyphen at the end of a line
        return "-"
    if code < 0x20 or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
        return " " if code in (0x09, 0x0A, 0x0D) else "\ufffd"
    shown = chr(code)
    if 0x2F00 <= code <= 0x2FD5 or 0xF900 <= code <= 0xFAFF:
        return unicodedata.normalize("NFKC", shown)
    return shown.translate(_RADICALS) if 0x2E80 <= code <= 0x2EF3 else shown


def _turned(
    turns: int, left: float, bottom: float, right: float, top: float
) -> tuple[Callable[[float, float], tuple[float, float]], float, float]:
    """How a point of the page's own space is seen after quarter turns to the right; the width and height seen."""
    width, height = right - left, top - bottom
    if turns == 1:
        return (lambda x, y: (y - bottom, x - left)), height, width
    if turns == 2:
        return (lambda x, y: (right - x, y - bottom)), width, height
    if turns == 3:
        return (lambda x, y: (top - y, right - x)), height, width
    return (lambda x, y: (x - left, top - y)), width, height


_Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: _Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


class _Drawing:
    """Collects the ruling lines and pictures of a page."""

    def __init__(self, reader: _Reader, page: Page, place: Callable[[float, float], tuple[float, float]]) -> None:
        self.pdfium = reader.pdfium
        self.take = reader._take
        self.page = page
        self.place = place

    def read(self, handle: Any) -> None:
        """Goes through the objects of the page."""
        count = self.pdfium.FPDFPage_CountObjects(handle)
        self.take(0, max(count, 0))
        for number in range(count):
            self._object(self.pdfium.FPDFPage_GetObject(handle, number), _IDENTITY, 0)

    def _object(self, handle: Any, outer: _Matrix, depth: int) -> None:
        kind = self.pdfium.FPDFPageObj_GetType(handle)
        if kind == _PATH:
            self._path(handle, _product(self._matrix(handle), outer))
        elif kind == _IMAGE:
            self._picture(_product(self._matrix(handle), outer))
        elif kind == _FORM and depth < _MAX_NESTED:
            matrix = _product(self._matrix(handle), outer)
            count = self.pdfium.FPDFFormObj_CountObjects(handle)
            self.take(0, max(count, 0))
            for number in range(count):
                self._object(self.pdfium.FPDFFormObj_GetObject(handle, number), matrix, depth + 1)

    def _matrix(self, handle: Any) -> _Matrix:
        found = self.pdfium.FS_MATRIX()
        if not self.pdfium.FPDFPageObj_GetMatrix(handle, found):
            return _IDENTITY
        return found.a, found.b, found.c, found.d, found.e, found.f

    def _picture(self, matrix: _Matrix) -> None:
        a, b, c, d, _, _ = matrix
        share = abs(a * d - b * c) / max(self.page.width * self.page.height, 1.0)
        self.page.pictures = max(self.page.pictures, min(share, 1.0))

    def _path(self, handle: Any, matrix: _Matrix) -> None:
        pdfium = self.pdfium
        count = pdfium.FPDFPath_CountSegments(handle)
        self.take(0, max(count, 0))
        fill, stroke = ctypes.c_int(), ctypes.c_int()
        if not pdfium.FPDFPath_GetDrawMode(handle, fill, stroke) or not (fill.value or stroke.value):
            return
        a, b, c, d, e, f = matrix
        x, y = ctypes.c_float(), ctypes.c_float()
        outlines: list[list[tuple[float, float]]] = []
        for number in range(count):
            segment = pdfium.FPDFPath_GetPathSegment(handle, number)
            kind = pdfium.FPDFPathSegment_GetType(segment)
            if kind not in (_LINE_TO, _MOVE_TO):
                self.page.shapes += 1
                return
            pdfium.FPDFPathSegment_GetPoint(segment, x, y)
            point = self.place(a * x.value + c * y.value + e, b * x.value + d * y.value + f)
            if kind == _MOVE_TO or not outlines:
                outlines.append([point])
            else:
                outlines[-1].append(point)
            if pdfium.FPDFPathSegment_GetClose(segment):
                outlines[-1].append(outlines[-1][0])
        for outline in outlines:
            if stroke.value:
                for one, next_one in pairwise(outline):
                    self._rule(*one, *next_one, _SLANT)
            else:
                xs, ys = [point[0] for point in outline], [point[1] for point in outline]
                self._rule(min(xs), min(ys), max(xs), max(ys), _THICK)

    def _rule(self, x0: float, y0: float, x1: float, y1: float, across: float) -> None:
        """Notes a line from one point to another when it is level or upright, up to a thickness."""
        width, height = abs(x1 - x0), abs(y1 - y0)
        if height <= across and width > height:
            start, end = max(min(x0, x1), 0.0), min(max(x0, x1), self.page.width)
            if start < end and 0 <= y0 <= self.page.height:
                self.page.level.append(Rule((y0 + y1) / 2, start, end))
        elif width <= across and height > width:
            start, end = max(min(y0, y1), 0.0), min(max(y0, y1), self.page.height)
            if start < end and 0 <= x0 <= self.page.width:
                self.page.upright.append(Rule((x0 + x1) / 2, start, end))


def _product(inner: _Matrix, outer: _Matrix) -> _Matrix:
    """The matrix that applies `inner`, then `outer`."""
    a, b, c, d, e, f = inner
    p, q, r, s, t, u = outer
    return a * p + b * r, a * q + b * s, c * p + d * r, c * q + d * s, e * p + f * r + t, e * q + f * s + u
