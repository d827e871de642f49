"""The same findings from dask and Spark as from this machine's processes, also when workers die."""

from __future__ import annotations

import json
import os
import shutil
import signal
import warnings
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from batch_runs import JOB, ROOT, findings, inputs, lines, packed, told

from lintperf.batch.shards import Outcome
from lintperf.batch.sources import shards_of

SIZE = 20_000


def rows_of(outcomes: list[Outcome]) -> list[dict[str, Any]]:
    """The findings of shards that came in any order."""
    assert [outcome.failed for outcome in outcomes] == [None] * len(outcomes)
    ordered = sorted(outcomes, key=lambda outcome: outcome.number)
    assert [outcome.number for outcome in ordered] == list(range(len(ordered)))
    return [json.loads(line) for outcome in ordered for line in outcome.part.splitlines()]


@pytest.fixture
def workers_find_us(monkeypatch: pytest.MonkeyPatch) -> None:
    """Processes that engines start have no settings of pytest's."""
    known = os.environ.get("PYTHONPATH", "")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(filter(None, [str(ROOT), str(ROOT / "plugins"), known])))


def test_dask(forms: Path, workers_find_us: None) -> None:
    distributed = pytest.importorskip("distributed")
    import dask

    from lintperf.batch.engines.on_dask import run_on_dask

    # a hundred of its forms: work for as long as it takes to lose a worker
    forms.write_bytes(b"".join(lines(60)) * 4)
    expected = told(findings(forms))
    compressed = next(packed(forms))
    with (
        distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None) as cluster,
        dask.config.set({"scheduler-address": cluster.scheduler_address}),
        distributed.Client(cluster) as client,
    ):
        assert told(rows_of(list(run_on_dask(shards_of(inputs(compressed), SIZE), JOB, 2)))) == expected
        process = next(iter(client.run(os.getpid).values()))
        outcomes = []
        for outcome in run_on_dask(shards_of(inputs(forms), SIZE), JOB, 2):
            if not outcomes:
                os.kill(process, signal.SIGKILL)
            outcomes.append(outcome)
        assert told(rows_of(outcomes)) == expected
        assert process not in client.run(os.getpid).values()


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    """Spark in this process with two threads; a task may fail once."""
    pytest.importorskip("pyspark")
    pytest.importorskip("pandas")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java")
    import sys

    from pyspark.sql import SparkSession

    known = os.environ.get("PYTHONPATH", "")
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, [str(ROOT), str(ROOT / "plugins"), known]))
    os.environ["PYSPARK_PYTHON"] = sys.executable
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        session = (
            SparkSession.builder.master("local[2, 2]")
            .config("spark.ui.enabled", "false")
            .config("spark.driver.host", "127.0.0.1")
            .config("spark.driver.bindAddress", "127.0.0.1")
            .getOrCreate()
        )
    session.sparkContext.setLogLevel("OFF")
    yield session
    session.stop()
    os.environ["PYTHONPATH"] = known
    del os.environ["PYSPARK_PYTHON"]


def _python_workers() -> list[int]:
    """The processes that Spark runs Python functions in: children of its daemon."""
    import psutil

    found = []
    for process in psutil.Process().children(recursive=True):
        with suppress(psutil.Error):  # it has ended meanwhile
            if "pyspark.daemon" in " ".join(process.cmdline()):
                found += [child.pid for child in process.children()]
    return found


def test_spark(forms: Path, spark: Any) -> None:
    from lintperf.batch.engines.on_spark import run_on_spark

    forms.write_bytes(b"".join(lines(60)) * 4)
    expected = told(findings(forms))
    outcomes = []
    for outcome in run_on_spark(shards_of(inputs(forms), SIZE), JOB, 2):
        if len(outcomes) == 2:
            for process in _python_workers():
                os.kill(process, signal.SIGKILL)
        outcomes.append(outcome)
    assert told(rows_of(outcomes)) == expected


def test_a_frame_of_spark(forms: Path, spark: Any) -> None:
    from lintperf.batch.engines.on_spark import lint_frame

    documents = [(f"form-{number}", line.decode()) for number, line in enumerate(lines(60), 1)]
    frame = spark.createDataFrame(documents, "name string, document string").repartition(3)
    found = lint_frame(frame, JOB, name="name").collect()
    expected = [(f"form-{row['record']}", row["code"], row["pointer"], row["message"]) for row in findings(forms)]
    assert sorted((row.path, row.code, row.pointer, row.message) for row in found) == sorted(expected)


def test_what_is_missing_is_said(forms: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from lintperf.batch.engines import engine_named
    from lintperf.batch.parts import arrow
    from lintperf.policy import UsageProblem

    for package, call in (
        ("distributed", lambda: list(engine_named("dask")(iter(()), JOB, 1))),
        ("pyspark.sql", lambda: list(engine_named("spark")(iter(()), JOB, 1))),
        ("pyarrow", arrow),
    ):
        with monkeypatch.context() as patched:
            patched.setitem(sys.modules, package, None)
            with pytest.raises(UsageProblem, match="pip install"):
                call()
