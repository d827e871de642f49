"""A dask cluster: the one that is configured (DASK_SCHEDULER_ADDRESS), else workers on this machine."""

from __future__ import annotations

from asyncio import CancelledError
from collections.abc import Iterator
from contextlib import ExitStack
from itertools import islice
from typing import Any

from lintperf.batch.engines import DIED
from lintperf.batch.shards import BatchJob, Outcome, Shard, attempt
from lintperf.model import Text
from lintperf.policy import UsageProblem

__all__ = ["run_on_dask"]

# shards handed out for each thread of the cluster: one at work, some on the way
AHEAD = 3


def run_on_dask(shards: Iterator[Shard], job: BatchJob, processes: int) -> Iterator[Outcome]:
    """Outcomes as they come. A shard whose worker dies is handed to another by dask, which names it in the end.

    The workers need lintperf, and the inputs under the same paths.
    """
    try:
        import dask
        import distributed
    except ImportError:
        raise UsageProblem(Text(
            "--engine dask 需要 dask，请安装：pip install 'lintperf[dask]'",
            "--engine dask needs dask; install it: pip install 'lintperf[dask]'",
        )) from None  # fmt: skip
    with ExitStack() as stack:
        address = dask.config.get("scheduler-address", None) or dask.config.get("scheduler_address", None)
        if address is None:
            cluster = distributed.LocalCluster(n_workers=processes, threads_per_worker=1, dashboard_address=None)
            client = distributed.Client(stack.enter_context(cluster))
        else:
            client = distributed.Client(address)
        stack.enter_context(client)
        threads = sum(client.nthreads().values()) or 1
        numbers: dict[Any, int] = {}
        pending = distributed.as_completed()

        def hand_out(many: int) -> None:
            for shard in islice(shards, many):
                future = client.submit(attempt, shard, job, pure=False, retries=1)
                numbers[future.key] = shard.number
                pending.add(future)

        hand_out(threads * AHEAD)
        for future in pending:
            number = numbers.pop(future.key)
            try:
                # waits once more where the worker died with the result that it had just made
                outcome = future.result()
            except (Exception, CancelledError) as problem:
                what = type(problem).__name__
                outcome = Outcome(number, failed=Text(f"{DIED.zh}（{what}）", f"{DIED.en} ({what})"))
            future.release()
            hand_out(1)
            yield outcome
