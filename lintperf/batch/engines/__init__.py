"""Engines: each takes shards as they are cut and gives their outcomes, in any order.

An engine calls `attempt` (`lint_shard` that never raises) where it likes. It hands a shard whose process died out a
second time, and names it when that dies too. What it must not do: keep more than some shards at a time, which may hold
content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from lintperf.batch.shards import BatchJob, Outcome, Shard
from lintperf.model import Text

__all__ = ["DIED", "Engine", "engine_named"]

# shards, the job, processes on this machine (where it is for the engine to start any) → outcomes
Engine = Callable[[Iterator[Shard], BatchJob, int], Iterator[Outcome]]

DIED = Text("检查进程两次意外终止", "the process that checked it died twice")


def engine_named(name: str) -> Engine:
    """The engine of that name (`local`, `dask`, `spark`); what it needs is imported only now."""
    if name == "dask":
        from lintperf.batch.engines.on_dask import run_on_dask

        return run_on_dask
    if name == "spark":
        from lintperf.batch.engines.on_spark import run_on_spark

        return run_on_spark
    from lintperf.batch.engines.local import run_local

    return run_local
