"""PDF files drawn in code: every stroke and glyph where a test wants it, with Chinese text and no font file."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

# A4, in points
WIDTH, HEIGHT = 595, 842
SIZE = 10
PADDING = 5
LEADING = 13


@dataclass
class Canvas:
    """A page; coordinates count from the upper left corner."""

    width: int = WIDTH
    height: int = HEIGHT
    rotate: int = 0
    operators: list[str] = field(default_factory=list)
    picture: bool = False

    def text(self, x: float, baseline: float, text: str, size: float = SIZE, matrix: str | None = None) -> None:
        code = text.encode("utf-16-be").hex()
        place = matrix or f"1 0 0 1 {x} {self.height - baseline}"
        self.operators.append(f"BT /F1 {size} Tf {place} Tm <{code}> Tj ET")

    def line(self, x0: float, y0: float, x1: float, y1: float) -> None:
        self.operators.append(f"{x0} {self.height - y0} m {x1} {self.height - y1} l S")

    def bar(self, x: float, y: float, width: float, height: float) -> None:
        """A filled rectangle from its upper left corner."""
        self.operators.append(f"{x} {self.height - y - height} {width} {height} re f")

    def frame(self, x: float, y: float, width: float, height: float) -> None:
        """The outline of a rectangle."""
        self.operators.append(f"{x} {self.height - y - height} {width} {height} re S")

    def cell(self, x0: float, y0: float, x1: float, y1: float, text: str, centred: bool = False) -> None:
        """The four edges of a cell, and its text line by line."""
        for edge in ((x0, y0, x1, y0), (x0, y1, x1, y1), (x0, y0, x0, y1), (x1, y0, x1, y1)):
            self.line(*edge)
        self.lines(x0, y0, x1, text, centred)

    def lines(self, x0: float, y0: float, x1: float, text: str, centred: bool = False) -> None:
        """Lines of text in a cell, as they are: a `|` ends a line."""
        for number, line in enumerate(text.split("|") if text else []):
            start = (x0 + x1 - width_of(line)) / 2 if centred else x0 + PADDING
            self.text(start, y0 + 11 + number * LEADING, line)

    def table(self, x: list[float], y: list[float], rows: list[list[str]]) -> None:
        """A table of single cells; `<` continues the cell to the left, `^` the one above."""
        for row, texts in enumerate(rows):
            for column, text in enumerate(texts):
                if text in ("<", "^"):
                    continue
                right, down = column + 1, row + 1
                while right < len(texts) and texts[right] == "<":
                    right += 1
                while down < len(rows) and rows[down][column] == "^":
                    down += 1
                self.cell(x[column], y[row], x[right], y[down], text)


def width_of(text: str, size: float = SIZE) -> float:
    """The width of a text as `pdf` declares it: half for ASCII."""
    return sum(size / 2 if character.isascii() else size for character in text)


def stream(data: bytes, dictionary: bytes = b"") -> bytes:
    packed = zlib.compress(data)
    return b"<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream" % (dictionary, len(packed), packed)


def file(objects: list[bytes], trailer: bytes = b"") -> bytes:
    """The objects, numbered from 1, as a PDF; the first is the catalog."""
    content = b"%PDF-1.7\n"
    offsets = []
    for number, body in enumerate(objects, 1):
        offsets.append(len(content))
        content += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return (
        content
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF"
        % (
            len(objects) + 1,
            table,
            len(objects) + 1,
            trailer,
            len(content),
        )
    )


def pdf(*pages: Canvas, trailer: bytes = b"", mapped: bool = True) -> bytes:
    """The pages as a PDF file. `mapped`: whether the font says which characters its glyphs are."""
    first = 7
    kids = b" ".join(b"%d 0 R" % (first + 2 * number) for number in range(len(pages)))
    ranges = [f"<{high:02x}00> <{high:02x}ff> <{high:02x}00>" for high in range(256)]
    blocks = [ranges[at : at + 100] for at in range(0, 256, 100)]
    cmap = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        "1 begincodespacerange <0000> <ffff> endcodespacerange\n"
        + "".join(f"{len(block)} beginbfrange\n" + "\n".join(block) + "\nendbfrange\n" for block in blocks)
        + "endcmap end end"
    )
    to_unicode = b"/ToUnicode 5 0 R" if mapped else b""
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(pages)),
        b"<</Type/Font/Subtype/Type0/BaseFont/Invented/Encoding/Identity-H/DescendantFonts[4 0 R]%s>>" % to_unicode,
        b"<</Type/Font/Subtype/CIDFontType2/BaseFont/Invented/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)"
        b"/Supplement 0>>/DW 1000/W[32 126 500]/FontDescriptor<</Type/FontDescriptor/FontName/Invented/Flags 4"
        b"/FontBBox[0 -120 1000 880]/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 80>>>>",
        stream(cmap.encode()),
        stream(b"\x00", b"/Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8"),
    ]
    for number, page in enumerate(pages):
        operators = list(page.operators)
        if page.picture:
            operators.insert(0, f"q {page.width} 0 0 {page.height} 0 0 cm /I1 Do Q")
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 %d %d]/Rotate %d/Contents %d 0 R"
            b"/Resources<</Font<</F1 3 0 R>>/XObject<</I1 6 0 R>>>>>>"
            % (page.width, page.height, page.rotate, first + 2 * number + 1)
        )
        objects.append(stream("\n".join(operators).encode()))
    return file(objects, trailer)
