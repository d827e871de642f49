"""Inputs cut into shards, while the run goes on: nothing is read twice but the ends of lines.

A JSONL file is cut into stretches of bytes at ends of lines, a Parquet file into groups of rows. What cannot be read
from its middle (compressed files, large groups of rows) is read here and handed over as it is.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Collection, Iterator, Sequence
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from lintperf.batch.parts import arrow
from lintperf.batch.records import BATCH_ROWS, LONGEST_LINE, open_rows
from lintperf.batch.shards import Shard
from lintperf.model import Text
from lintperf.policy import UsageProblem

__all__ = ["SHARD_SIZE", "SUFFIXES", "Input", "inputs_of", "shards_of"]

SHARD_SIZE = 16 * 1024 * 1024
FILES_A_SHARD = 512
BLOCK = 1024 * 1024
LINES = (".jsonl", ".ndjson")
ROWS = (".parquet", ".pq")
COMPRESSED = (".gz", ".zst")
# last suffixes of inputs that hold many documents
SUFFIXES = (*LINES, *ROWS, *COMPRESSED)
COLUMNS = ("document", "json", "content", "body", "data")


class Input(NamedTuple):
    """A file to check.

    kind    lines, packed (lines, compressed), rows, or file: a document of its own
    column  see Shard
    stamp   changes when the file does
    problem why it cannot be opened
    """

    path: str
    walked: bool
    kind: str
    size: int
    column: str = ""
    stamp: int = 0
    problem: Text | None = None


def inputs_of(
    files: Sequence[tuple[str, bool]], readable: Collection[str], fields: Collection[str], column: str | None
) -> list[Input]:
    """What the files are. Raises UsageProblem for a Parquet file in which the documents are not found.

    files     (path, found in a folder); compressed files in folders that are no JSONL are left out
    readable  suffixes that importers read
    fields    names of the fields of documents
    column    the column of Parquet files that holds the documents, None to find it
    """
    found = []
    for path, walked in files:
        kind = _kind(path)
        if kind is None and walked and Path(path).suffix.lower() not in readable:
            continue
        size = stamp = 0
        problem = None
        used = ""
        try:
            status = Path(path).stat()
            size, stamp = status.st_size, status.st_mtime_ns
            if kind == "rows":
                used = _column(path, fields, column)
        except OSError as error:
            problem = _reason(error)
        found.append(Input(path, walked, kind or "file", size, used, stamp, problem))
    return found


def _kind(path: str) -> str | None:
    suffixes = [suffix.lower() for suffix in Path(path).suffixes]
    if suffixes[-1:] and suffixes[-1] in LINES:
        return "lines"
    if suffixes[-1:] and suffixes[-1] in ROWS:
        return "rows"
    if suffixes[-1:] and suffixes[-1] in COMPRESSED and len(suffixes) > 1 and suffixes[-2] in LINES:
        return "packed"
    return None


def _reason(error: Exception) -> Text:
    what = getattr(error, "strerror", None) or str(error)
    return Text(f"无法读取（{what}）", f"it cannot be read ({what})")


def _column(path: str, fields: Collection[str], chosen: str | None) -> str:
    """The column with the documents; "" where the columns are their fields. Raises OSError for a broken file."""
    pa = arrow()
    try:
        schema = pa.parquet.read_schema(path)
    except pa.ArrowException as error:
        raise OSError(str(error)) from None
    texts = [
        each.name for each in schema
        if pa.types.is_string(each.type) or pa.types.is_large_string(each.type)
        or pa.types.is_binary(each.type) or pa.types.is_large_binary(each.type)
    ]  # fmt: skip
    if chosen is not None:
        if chosen in texts:
            return chosen
        raise UsageProblem(Text(
            f"{path} 没有文本或二进制的列 {chosen}；列：{'、'.join(schema.names)}",
            f"{path} has no column {chosen} of texts or bytes; its columns: {', '.join(schema.names)}",
        ))  # fmt: skip
    for name in COLUMNS:
        if name in texts:
            return name
    if "type" in schema.names and len(set(schema.names) & set(fields)) > 1:
        return ""
    if len(texts) == 1:
        return str(texts[0])
    raise UsageProblem(Text(
        f"{path} 的文档在哪一列？请用 --column 指出；列：{'、'.join(schema.names)}",
        f"which column of {path} holds the documents? name it with --column; its columns: {', '.join(schema.names)}",
    ))  # fmt: skip


def shards_of(inputs: Sequence[Input], size: int = SHARD_SIZE) -> Iterator[Shard]:
    """The shards of the inputs, in order, cut as they are asked for; `size` bytes each or a little more."""
    number = 0
    waiting: list[Input] = []
    for each in [*inputs, None]:
        if waiting and (each is None or each.kind != "file" or _full(waiting, size)):
            files = tuple((file.path, file.walked) for file in waiting)
            yield Shard(number, "files", files[0][0], sum(file.size for file in waiting), files=files)
            number += 1
            waiting = []
        if each is None:
            return
        if each.kind == "file":
            # what is wrong with a file its reader tells
            waiting.append(each)
            continue
        for shard in _shards(each, size):
            yield shard._replace(number=number, path=each.path, walked=each.walked)
            number += 1


def _full(files: Sequence[Input], size: int) -> bool:
    return len(files) >= FILES_A_SHARD or sum(file.size for file in files) >= size


def _shards(source: Input, size: int) -> Iterator[Shard]:
    """The shards of one input, without their numbers; what breaks off ends with a shard that says so."""
    if source.problem is not None:
        yield Shard(0, "broken", "", source.size, problem=source.problem)
        return
    if source.kind == "rows":
        pa = arrow()
        try:
            yield from _row_shards(source, size, pa)
        except (OSError, pa.ArrowException) as error:
            yield Shard(0, "broken", "", 0, problem=_reason(error))
        return
    try:
        yield from _line_shards(source, size) if source.kind == "lines" else _packed_shards(source, size)
    except OSError as error:
        yield Shard(0, "broken", "", 0, problem=_reason(error))


def _line_shards(source: Input, size: int) -> Iterator[Shard]:
    with Path(source.path).open("rb") as stream:
        start, first = 0, 1
        while True:
            end, lines = _cut(stream, start, size)
            if end == start:
                return
            yield Shard(0, "lines", "", end - start, first=first, start=start, end=end)
            start, first = end, first + lines


def _cut(stream: BinaryIO, start: int, size: int) -> tuple[int, int]:
    """Where the first line ends that reaches to `start + size`, and how many lines end on the way there."""
    stream.seek(start)
    position, lines = start, 0
    while True:
        left = start + size - position
        block = stream.read(min(BLOCK, left) if left > 0 else 64 * 1024)
        if not block:
            return position, lines
        if left > 0:
            position += len(block)
            lines += block.count(b"\n")
            if position - start >= size and block.endswith(b"\n"):
                return position, lines
            continue
        stop = block.find(b"\n")
        if stop >= 0:
            return position + stop + 1, lines + 1
        position += len(block)


def _unpacked(raw: BinaryIO, path: str) -> Iterator[bytes]:
    """The bytes of a compressed file, all members or frames of it. Raises OSError for damage and where the end is cut.

    Little is read at once: some kilobytes can stand for a thousand times as many.
    """
    new, broken = _decompressor(path)
    unpack, begun = new(), False
    while block := raw.read(8 * 1024):
        while block:
            try:
                piece = unpack.decompress(block)
            except broken as error:
                raise OSError(str(error)) from None
            begun = True
            if piece:
                yield piece
            if not unpack.eof:
                break
            # archives may be padded with zeros
            block = unpack.unused_data.lstrip(b"\0")
            unpack, begun = new(), False
    if begun:
        raise OSError("unexpected end of file")


def _decompressor(path: str) -> tuple[Callable[[], Any], type[Exception]]:
    if path.lower().endswith(".gz"):
        return lambda: zlib.decompressobj(31), zlib.error
    try:
        import zstandard
    except ImportError:
        raise UsageProblem(Text(
            "读取 .zst 需要 zstandard，请安装：pip install 'lintperf[batch]'",
            ".zst needs zstandard; install it: pip install 'lintperf[batch]'",
        )) from None  # fmt: skip
    return lambda: zstandard.ZstdDecompressor().decompressobj(), zstandard.ZstdError


def _packed_shards(source: Input, size: int) -> Iterator[Shard]:
    """Lines of a compressed file, handed over; what comes before damage is checked all the same."""
    first, done, held = 1, 0, 0
    pieces: list[bytes] = []
    problem = None
    with Path(source.path).open("rb") as raw:
        try:
            for piece in _unpacked(raw, source.path):
                stop = piece.rfind(b"\n") + 1 if held + len(piece) >= size else 0
                if not stop:
                    pieces.append(piece)
                    held += len(piece)
                    if held > size + LONGEST_LINE:
                        limit = LONGEST_LINE // (1024 * 1024)
                        problem = Text(f"一行超过 {limit} MiB", f"a line is longer than {limit} MiB")
                        pieces = []
                        break
                    continue
                content = b"".join([*pieces, piece[:stop]])
                yield Shard(0, "lines", "", raw.tell() - done, first=first, content=content)
                first, done = first + content.count(b"\n"), raw.tell()
                pieces, held = [piece[stop:]], len(piece) - stop
        except OSError as error:
            problem = _reason(error)
    if any(pieces):
        yield Shard(0, "lines", "", source.size - done, first=first, content=b"".join(pieces))
        done = source.size
    if problem is not None:
        yield Shard(0, "broken", "", source.size - done, problem=problem)


def _row_shards(source: Input, size: int, pa: Any) -> Iterator[Shard]:
    """Groups of rows, small ones together; large ones are read here, and their rows handed over."""
    with open_rows(source.path) as file:
        table = file.metadata
        share = source.size / max(1, table.num_rows)
        start, held, rows, first = 0, 0, 0, 1
        for number in range(table.num_row_groups):
            group = table.row_group(number)
            large = group.total_byte_size > 2 * size
            if rows and (large or held + group.total_byte_size > size):
                yield Shard(
                    0, "rows", "", int(rows * share), first=first, start=start, end=number, column=source.column
                )
                start, held, first, rows = number, 0, first + rows, 0
            if large:
                for content, many in _handed_over(file, number, source.column, size, pa):
                    taken = int(many * share)
                    yield Shard(0, "rows", "", taken, first=first, content=content, column=source.column)
                    first += many
                start = number + 1
            else:
                held += group.total_byte_size
                rows += group.num_rows
        if rows:
            end = table.num_row_groups
            yield Shard(0, "rows", "", int(rows * share), first=first, start=start, end=end, column=source.column)


def _handed_over(file: Any, group: int, column: str, size: int, pa: Any) -> Iterator[tuple[bytes, int]]:
    """The rows of a group as Arrow streams, and how many there are in each."""
    batches: list[Any] = []
    held = 0
    for batch in file.iter_batches(BATCH_ROWS, [group], [column] if column else None, use_threads=False):
        batches.append(batch)
        held += batch.nbytes
        if held >= size:
            yield _stream(batches, pa), sum(each.num_rows for each in batches)
            batches, held = [], 0
    if batches:
        yield _stream(batches, pa), sum(each.num_rows for each in batches)


def _stream(batches: Sequence[Any], pa: Any) -> bytes:
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batches[0].schema) as stream:
        for batch in batches:
            stream.write_batch(batch)
    return bytes(sink.getvalue())
