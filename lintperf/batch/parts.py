"""Rows of findings as bytes: JSON Lines or Parquet. The same rows give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from lintperf.batch.rows import COLUMNS, NAMES, SCHEMA_VERSION
from lintperf.document.exact import dumps
from lintperf.model import Text
from lintperf.policy import UsageProblem

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["SUFFIXES", "PartFormat", "arrow", "arrow_schema", "part_of", "table_of"]

PartFormat = Literal["jsonl", "parquet"]
SUFFIXES: dict[PartFormat, str] = {"jsonl": ".jsonl", "parquet": ".parquet"}


def arrow() -> Any:
    """The module pyarrow. Raises UsageProblem with what to install where it is missing."""
    try:
        import pyarrow
        import pyarrow.json
        import pyarrow.parquet
    except ImportError:
        raise UsageProblem(Text(
            "读写 Parquet 需要 pyarrow，请安装：pip install 'lintperf[batch]'",
            "Parquet needs pyarrow; install it: pip install 'lintperf[batch]'",
        )) from None  # fmt: skip
    return pyarrow


def arrow_schema() -> pa.Schema:
    """The columns of findings for Arrow, Parquet and Spark."""
    pa = arrow()
    kinds = {"text": pa.string(), "integer": pa.int64()}
    fields = [pa.field(column.name, kinds[column.kind], column.nullable) for column in COLUMNS]
    return pa.schema(fields, metadata={"lintperf.findings": str(SCHEMA_VERSION)})


def table_of(rows: Sequence[tuple[Any, ...]]) -> pa.Table:
    """Rows of findings as an Arrow table.

    By way of their JSON: Arrow's other ways from Python values import pandas wherever it is installed, 50 MB a process.
    """
    pa, schema = arrow(), arrow_schema()
    if not rows:
        return schema.empty_table()
    content = _lines(rows)
    if b"\\ud" in content:
        # half a character in a text of an office file: Arrow has no place for it
        content = _lines([[_whole(value) for value in row] for row in rows])
    return pa.json.read_json(
        pa.BufferReader(content),
        pa.json.ReadOptions(use_threads=False, block_size=len(content) + 1),
        pa.json.ParseOptions(explicit_schema=schema, newlines_in_values=False),
    ).cast(schema)


def _lines(rows: Sequence[Sequence[Any]]) -> bytes:
    return "".join([f"{dumps(dict(zip(NAMES, row, strict=True)))}\n" for row in rows]).encode()


def _whole(value: Any) -> Any:
    return value.encode("utf-8", "replace").decode() if isinstance(value, str) else value


def part_of(rows: Sequence[tuple[Any, ...]], how: PartFormat) -> bytes:
    """The bytes of a part: one JSON object a line, or a Parquet file with one group of rows."""
    if how == "jsonl":
        return _lines(rows)
    pa = arrow()
    sink = pa.BufferOutputStream()
    pa.parquet.write_table(table_of(rows), sink, compression="zstd")
    return bytes(sink.getvalue())
