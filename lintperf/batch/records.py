"""The records of a shard: lines as bytes, cells of a column as bytes, rows of columns as they are."""

from __future__ import annotations

import datetime
import io
import re
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from lintperf.batch.parts import arrow
from lintperf.document.numbers import exact_decimal
from lintperf.extension import UnreadableError
from lintperf.model import Text

if TYPE_CHECKING:
    from lintperf.batch.shards import Shard
    from lintperf.schema.fields import Field

__all__ = ["BATCH_ROWS", "LONGEST_LINE", "data_of", "open_rows", "records_of"]

LONGEST_LINE = 64 * 1024 * 1024
# rows that are held at once: a document has some kilobytes
BATCH_ROWS = 256
# a number as JSON writes it, within what `exact_decimal` takes
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,19})(?:\.[0-9]{1,15})?")
_BLANK = b" \t\r\n"


def records_of(shard: Shard) -> Iterator[tuple[int, bytes | UnreadableError | Any]]:
    """(number from 1, the bytes of a document, or the columns of its row, or why it cannot be read).

    Blank lines are counted and no records.
    """
    if shard.kind == "rows":
        yield from _rows(shard)
        return
    if shard.content is not None:
        yield from _lines(io.BytesIO(shard.content), len(shard.content), shard.first)
        return
    with Path(shard.path).open("rb") as stream:
        stream.seek(shard.start)
        yield from _lines(stream, shard.end - shard.start, shard.first)


def _lines(stream: BinaryIO, size: int, number: int) -> Iterator[tuple[int, bytes | UnreadableError]]:
    while size > 0:
        line = stream.readline(LONGEST_LINE)
        if not line:
            return
        size -= len(line)
        if len(line) == LONGEST_LINE and not line.endswith(b"\n"):
            while size > 0 and not line.endswith(b"\n"):
                line = stream.readline(1024 * 1024)
                size -= len(line)
                if not line:
                    break
            limit = LONGEST_LINE // (1024 * 1024)
            reason = Text(f"这一行超过 {limit} MiB", f"the line is longer than {limit} MiB")
            yield number, UnreadableError(reason, Text("每行写一份文档", "write one document a line"))
        elif line.strip(_BLANK):
            yield number, line
        number += 1


def open_rows(path: str) -> Any:
    """A Parquet file that is read piece by piece: without that, a column chunk is read whole."""
    return arrow().parquet.ParquetFile(path, pre_buffer=False, buffer_size=1024 * 1024)


def _batches(shard: Shard) -> Iterator[Any]:
    if shard.content is not None:
        with arrow().ipc.open_stream(shard.content) as stream:
            yield from stream
        return
    with open_rows(shard.path) as file:
        yield from file.iter_batches(
            BATCH_ROWS, range(shard.start, shard.end), [shard.column] if shard.column else None, use_threads=False
        )


def _rows(shard: Shard) -> Iterator[tuple[int, bytes | UnreadableError | Any]]:
    number = shard.first
    for batch in _batches(shard):
        if not shard.column:
            for row in batch.to_pylist():
                yield number, row
                number += 1
            continue
        for cell in batch.column(0):
            value = cell.as_py()
            if value is None:
                reason = Text("这一行没有文档", "the row holds no document")
                yield number, UnreadableError(reason, Text("请填写或删除", "fill it in or remove it"))
            else:
                yield number, value if isinstance(value, bytes) else value.encode()
            number += 1


def data_of(value: Any, field: Field | None = None) -> Any:
    """The values of a row as a JSON document would have them: numbers as Decimal, no fields that are null.

    A binary floating-point number becomes the shortest decimal that stands for it; columns of type decimal are exact.
    A column has one type: where the schema lets a field be a number, a text that is one is taken as such.
    """
    if value is None or isinstance(value, bool | Decimal):
        return value
    if isinstance(value, str):
        is_number = field is not None and field.kind in ("any", "number") and _NUMBER.fullmatch(value)
        return exact_decimal(value) if is_number else value
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, float):
        return Decimal(repr(value)) if value - value == 0 else None
    if isinstance(value, dict):
        known = field.properties if field is not None else {}
        return {name: data_of(item, known.get(name)) for name, item in value.items() if item is not None}
    if isinstance(value, list):
        return [data_of(item, field.items if field is not None else None) for item in value]
    if isinstance(value, datetime.date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)
