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

__all__ = ["SUFFIXES", "PartFormat", "arrow", "arrow_schema", "part_of", "record_batch"]

PartFormat = Literal["jsonl", "parquet"]
SUFFIXES: dict[PartFormat, str] = {"jsonl": ".jsonl", "parquet": ".parquet"}


def arrow() -> Any:
    """The module pyarrow. Raises UsageProblem with what to install where it is missing."""
    try:
        import pyarrow
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


def record_batch(rows: Sequence[tuple[Any, ...]]) -> pa.RecordBatch:
    """Rows of findings as an Arrow batch."""
    pa, schema = arrow(), arrow_schema()
    columns = zip(*rows, strict=True) if rows else ((),) * len(COLUMNS)
    return pa.record_batch(
        [pa.array(values, field.type) for values, field in zip(columns, schema, strict=True)], schema=schema
    )


def part_of(rows: Sequence[tuple[Any, ...]], how: PartFormat) -> bytes:
    """The bytes of a part: one JSON object a line, or a Parquet file with one group of rows."""
    if how == "jsonl":
        lines = [dumps(dict(zip(NAMES, row, strict=True))) for row in rows]
        return "".join([f"{line}\n" for line in lines]).encode("utf-8", "backslashreplace")
    pa = arrow()
    sink = pa.BufferOutputStream()
    table = pa.Table.from_batches([record_batch(rows)])
    pa.parquet.write_table(table, sink, compression="zstd")
    return bytes(sink.getvalue())
