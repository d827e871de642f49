"""Processes of this machine."""

from __future__ import annotations

import gc
import multiprocessing
import signal
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from itertools import islice
from typing import Any

from lintperf.batch.engines import DIED
from lintperf.batch.shards import BatchJob, Outcome, Shard, attempt, shared_session

__all__ = ["run_local"]

# shards handed out for each process: one at work, one at hand
AHEAD = 2


def run_local(shards: Iterator[Shard], job: BatchJob, processes: int) -> Iterator[Outcome]:
    """Outcomes in the order of the shards. With one process nothing is started."""
    if processes <= 1:
        yield from (attempt(shard, job) for shard in shards)
        return
    fork = "fork" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if fork else "spawn")
    if fork:
        # the workers inherit what is loaded; frozen, their garbage collection leaves its pages shared
        shared_session(job.cached)
        gc.collect()
        gc.freeze()
    running: deque[tuple[Shard, Future[Outcome]]] = deque()
    executor = _pool(processes, context)
    try:
        while True:
            for shard in islice(shards, max(0, processes * AHEAD - len(running))):
                running.append((shard, _submitted(executor, shard, job)))
            if not running:
                return
            shard, future = running.popleft()
            try:
                yield future.result()
            except BrokenProcessPool:
                # nobody knows which shard it was: those that were out go one by one, each with a process of its own
                executor.shutdown(cancel_futures=True)
                for each in [shard, *(other for other, future in running if not _is_done(future))]:
                    yield _alone(each, job, context)
                done = [future.result() for _, future in running if _is_done(future)]
                running.clear()
                yield from done
                executor = _pool(processes, context)
    except BaseException:
        # interrupted, or nobody wants the rest: what the workers are at would hold up the end of the process
        for child in multiprocessing.active_children():
            child.terminate()
        raise
    finally:
        executor.shutdown(cancel_futures=True)
        gc.unfreeze()


def _pool(processes: int, context: Any) -> ProcessPoolExecutor:
    return ProcessPoolExecutor(processes, mp_context=context, initializer=_leave_interrupts)


def _leave_interrupts() -> None:
    """Ctrl-C reaches all processes of a terminal; the parent ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _submitted(executor: ProcessPoolExecutor, shard: Shard, job: BatchJob) -> Future[Outcome]:
    """The work on a shard; a process may have died before it could be handed over, which its result then says."""
    try:
        return executor.submit(attempt, shard, job)
    except BrokenProcessPool as problem:
        failed: Future[Outcome] = Future()
        failed.set_exception(problem)
        return failed


def _is_done(future: Future[Outcome]) -> bool:
    return future.done() and not future.cancelled() and future.exception() is None


def _alone(shard: Shard, job: BatchJob, context: Any) -> Outcome:
    with _pool(1, context) as executor:
        try:
            return executor.submit(attempt, shard, job).result()
        except BrokenProcessPool:
            return Outcome(shard.number, failed=DIED)
