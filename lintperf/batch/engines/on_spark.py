"""Spark: a run over shards, and a DataFrame of documents checked where its partitions lie."""

from __future__ import annotations

import os
import pickle
import re
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from lintperf.batch.engines import DIED
from lintperf.batch.parts import arrow, table_of
from lintperf.batch.rows import COLUMNS, row_of
from lintperf.batch.shards import BatchJob, Outcome, Shard, attempt, lint_records, shared_session
from lintperf.model import Text
from lintperf.pipeline import rules_of
from lintperf.policy import UsageProblem

if TYPE_CHECKING:
    import pyarrow as pa
    from pyspark.sql import DataFrame, SparkSession

__all__ = ["lint_frame", "run_on_spark"]

# what is out at once: shards for each processor of the cluster, and bytes of content that they may hold
AHEAD = 16
MOST_CONTENT = 256 * 1024 * 1024
_RAISED = re.compile(r"[A-Za-z_]+(?:Error|Exception): ")
SPARK_TYPES = {"text": "string", "integer": "bigint"}


def _pyspark() -> Any:
    try:
        import pandas  # noqa: F401 - without it Spark says so in the midst of the run
        import pyspark.sql
    except ImportError:
        raise UsageProblem(Text(
            "--engine spark 需要 pyspark 和 Java，请安装：pip install 'lintperf[spark]'",
            "--engine spark needs pyspark and Java; install it: pip install 'lintperf[spark]'",
        )) from None  # fmt: skip
    return pyspark


def _session(processes: int) -> SparkSession:
    """The session of this program; else that of the configured master, or of this machine where there is none."""
    pyspark = _pyspark()
    running = pyspark.sql.SparkSession.getActiveSession()
    if running is not None:
        return running
    builder = pyspark.sql.SparkSession.builder.appName("lintperf batch")
    if "spark.master" not in dict(pyspark.SparkConf().getAll()) and not os.environ.get("MASTER"):
        # its Python processes are this Python, whatever `python3` is on the path
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        # a task may fail once
        builder = builder.master(f"local[{processes}, 2]").config("spark.ui.enabled", "false")
    try:
        return builder.config("spark.ui.showConsoleProgress", "false").getOrCreate()
    except pyspark.errors.PySparkException as problem:
        what = str(problem)[:300]
        raise UsageProblem(Text(f"Spark 未能启动：{what}", f"Spark did not start: {what}")) from None


def run_on_spark(shards: Iterator[Shard], job: BatchJob, processes: int) -> Iterator[Outcome]:
    """Outcomes in waves. Where a wave is given up, its shards go one by one, and those that fail again are named.

    The executors need lintperf and pyarrow, and the inputs under the same paths.
    """
    pyspark = _pyspark()
    arrow()
    own = pyspark.sql.SparkSession.getActiveSession() is None
    spark = _session(processes)
    try:
        most = spark.sparkContext.defaultParallelism * AHEAD
        for wave in _waves(shards, most):
            left = {shard.number: shard for shard in wave}
            try:
                for outcome in _on_executors(spark, wave, job):
                    del left[outcome.number]
                    yield outcome
            except Exception as problem:
                if not _is_sparks(problem):
                    raise
            for shard in left.values():
                yield _alone(spark, shard, job)
    finally:
        if own:
            spark.stop()


def _waves(shards: Iterable[Shard], most: int) -> Iterator[list[Shard]]:
    wave: list[Shard] = []
    held = 0
    for shard in shards:
        wave.append(shard)
        held += len(shard.content or b"")
        if len(wave) >= most or held >= MOST_CONTENT:
            yield wave
            wave, held = [], 0
    if wave:
        yield wave


def _on_executors(spark: SparkSession, wave: list[Shard], job: BatchJob) -> Iterator[Outcome]:
    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        pa = arrow()
        for batch in batches:
            for each in batch.column(0):
                # what the driver packed, and it unpacks: both are this program
                outcome = attempt(pickle.loads(each.as_py()), job)  # noqa: S301 # nosec B301
                yield pa.record_batch([pa.array([pickle.dumps(outcome)], pa.binary())], names=["outcome"])

    packed = [(pickle.dumps(shard),) for shard in wave]
    rows = spark.sparkContext.parallelize(packed, len(packed))
    frame = spark.createDataFrame(rows, "shard binary").mapInArrow(work, "outcome binary")
    for row in frame.toLocalIterator(prefetchPartitions=True):
        yield pickle.loads(bytes(row.outcome))  # noqa: S301 # nosec B301


def _alone(spark: SparkSession, shard: Shard, job: BatchJob) -> Outcome:
    try:
        return next(_on_executors(spark, [shard], job))
    except Exception as problem:
        if not _is_sparks(problem):
            raise
        what = _reason(problem)
        return Outcome(shard.number, failed=Text(f"{DIED.zh}（{what}）", f"{DIED.en} ({what})"))


def _reason(problem: Exception) -> str:
    """What Python raised on an executor, which stands in the midst of what Java says; else the first line of all."""
    lines = str(problem).splitlines() or [type(problem).__name__]
    return next((line for line in lines if _RAISED.match(line)), lines[0])[:200]


def _is_sparks(problem: Exception) -> bool:
    """Whether Spark gave up; what its Java side raises has no class of its own in all versions."""
    return type(problem).__module__.partition(".")[0] in ("py4j", "pyspark")


def lint_frame(frame: DataFrame, job: BatchJob, column: str = "document", name: str | None = None) -> DataFrame:
    """The findings on a DataFrame of documents, as a DataFrame with the columns of findings (`COLUMNS`).

    column  the column with the documents: JSON as text or binary
    name    the column that tells documents apart, for the column `path` of the findings; None: all have the path ""

    Nothing is read before the result is asked for; partitions stay where they are. `record` counts the rows of a
    partition from 1. What breaks down on a document is a row with the code `""` and the message that says why.
    """
    _pyspark()
    chosen = frame.select(*[each for each in (column, name) if each is not None])
    types = ", ".join(f"`{each.name}` {SPARK_TYPES[each.kind]}" for each in COLUMNS)

    def work(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        first = 1
        for batch in batches:
            yield from _checked(batch, first, job)
            first += batch.num_rows

    return chosen.mapInArrow(work, types)


def _checked(batch: pa.RecordBatch, first: int, job: BatchJob) -> list[pa.RecordBatch]:
    pa = arrow()
    session = shared_session(job.cached)
    rules = rules_of(session, job.job.policy, [None, *session.extensions.types])
    paths = batch.column(1).to_pylist() if batch.num_columns > 1 else [""] * batch.num_rows
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, batch.schema) as stream:
        stream.write_batch(batch)
    shard = Shard(0, "rows", "", 0, first=first, content=bytes(sink.getvalue()), column=batch.schema.names[0])
    rows: list[tuple[Any, ...]] = []
    for record, result in lint_records(session, shard, job.job):
        assert record is not None
        path = str(paths[record - first])
        for document in result.documents:
            rows += [row_of(each, document, path, record, rules[each.code], job.lang) for each in document.findings]
        for note in result.notifications:
            rows.append((
                path, record, note.document or 0, None, None, None, "", note.subject, "error", "high", "", None, None,
                None, None, None, "", "{}", note.text.to(job.lang), "",
            ))  # fmt: skip
    return list(table_of(rows).to_batches())
