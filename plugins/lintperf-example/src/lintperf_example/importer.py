"""Reads `.bench` files: a park's name on the first line, then a bench a line, `number | seats | length in metres`."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from lintperf.document import Document, places_in
from lintperf.extension import Source, UnreadableError
from lintperf.model import Place, Remark, Text, TextPlace

__all__ = ["read_benches"]

FIELDS = ("number", "seats", "length")
LARGEST = 1024 * 1024
LONGEST_NUMBER = 30


def read_benches(source: Source) -> Iterator[Document]:
    """The one document of a file. Raises UnreadableError for a file that is too large or no UTF-8."""
    if len(source.content) > LARGEST:
        raise UnreadableError(Text("文件超过 1 MiB", "the file is larger than 1 MiB"))
    try:
        text = source.content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UnreadableError(
            Text("文件不是 UTF-8 编码", "the file is not UTF-8"), Text("请另存为 UTF-8", "save it as UTF-8")
        ) from None
    benches: list[dict[str, Any]] = []
    data: dict[str, Any] = {"type": "bench-register", "park": None, "benches": benches}
    places: dict[str, Place] = {}
    remarks: list[Remark] = []
    offset = 0
    for number, line in enumerate(text.split("\n")):
        if number == 0:
            data["park"] = line.strip() or None
            places["/park"] = _place(number, offset, line, 0, len(line))
        elif "|" in line:
            bench: dict[str, Any] = {}
            column = 0
            for field, cell in zip(FIELDS, line.split("|"), strict=False):
                bench[field] = cell.strip() or None if field == "number" else _number(cell)
                places[f"/benches/{len(benches)}/{field}"] = _place(number, offset, line, column, column + len(cell))
                column += len(cell) + 1
            places[f"/benches/{len(benches)}"] = _place(number, offset, line, 0, len(line))
            benches.append(bench)
        elif line.strip():
            # nothing is dropped without a word; a rule named `unmapped-content` makes this a finding
            remarks.append(
                Remark("unmapped-content", {"text": line.strip()}, None, _place(number, offset, line, 0, len(line)))
            )
        offset += len(line) + 1
    yield Document(source.path, data, locate=places_in(places), remarks=remarks, source=text)


def _number(cell: str) -> Decimal | str | None:
    """The cell as an exact number; as it stands where it is none, so that the schema check finds it."""
    written = cell.strip()
    try:
        number = Decimal(written) if len(written) <= LONGEST_NUMBER else None
    except InvalidOperation:
        number = None
    return (number if number is not None and number.is_finite() else written) if written else None


def _place(line: int, offset: int, text: str, start: int, end: int) -> TextPlace:
    """A stretch of a line without the blanks around it."""
    cell = text[start:end]
    start += len(cell) - len(cell.lstrip())
    end = max(start, start + len(cell.strip()))
    return TextPlace(line, start, line, end, offset + start, offset + end)
