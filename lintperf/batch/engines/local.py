"""Processes of this machine."""

from __future__ import annotations

import gc
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from itertools import islice

from lintperf.batch.engines import DIED
from lintperf.batch.shards import BatchJob, Outcome, Shard, attempt, shared_session
from lintperf.processes import FORKS, BrokenProcessPool, start, submit, terminate

__all__ = ["run_local"]

# shards handed out for each process: one at work, one at hand
AHEAD = 2


def run_local(shards: Iterator[Shard], job: BatchJob, processes: int) -> Iterator[Outcome]:
    """Outcomes in the order of the shards. With one process nothing is started."""
    if processes <= 1:
        yield from (attempt(shard, job) for shard in shards)
        return
    if FORKS:
        # the workers inherit what is loaded; frozen, their garbage collection leaves its pages shared
        shared_session(job.cached)
        gc.collect()
        gc.freeze()
    running: deque[tuple[Shard, Future[Outcome]]] = deque()
    executor = start(processes)
    try:
        while True:
            for shard in islice(shards, max(0, processes * AHEAD - len(running))):
                running.append((shard, submit(executor, attempt, shard, job)))
            if not running:
                return
            shard, future = running.popleft()
            try:
                yield future.result()
            except BrokenProcessPool:
                # nobody knows which shard it was: those that were out go one by one, each with a process of its own
                executor.shutdown(cancel_futures=True)
                for each in [shard, *(other for other, future in running if not _is_done(future))]:
                    yield _alone(each, job)
                done = [future.result() for _, future in running if _is_done(future)]
                running.clear()
                yield from done
                executor = start(processes)
    except BaseException:
        terminate()
        raise
    finally:
        executor.shutdown(cancel_futures=True)
        gc.unfreeze()


def _is_done(future: Future[Outcome]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _alone(shard: Shard, job: BatchJob) -> Outcome:
    with start(1) as executor:
        try:
            return executor.submit(attempt, shard, job).result()
        except BrokenProcessPool:
            return Outcome(shard.number, failed=DIED)
