"""Worker processes of this machine, as runs over files and runs over shards start, feed and end them."""

from __future__ import annotations

import multiprocessing
import signal
from collections.abc import Callable
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from typing import Any, ParamSpec, TypeVar

__all__ = ["FORKS", "BrokenProcessPool", "start", "submit", "terminate"]

Parameters = ParamSpec("Parameters")
Result = TypeVar("Result")

# forked workers inherit what is loaded; others load their own
FORKS = "fork" in multiprocessing.get_all_start_methods()


def start(processes: int) -> ProcessPoolExecutor:
    """So many processes, forked where the platform can."""
    context = multiprocessing.get_context("fork" if FORKS else "spawn")
    return ProcessPoolExecutor(processes, mp_context=context, initializer=_leave_interrupts)


def _leave_interrupts() -> None:
    """Ctrl-C reaches all processes of a terminal; the parent ends its workers."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def submit(
    executor: ProcessPoolExecutor,
    function: Callable[Parameters, Result],
    *arguments: Parameters.args,
    **named: Parameters.kwargs,
) -> Future[Result]:
    """A call in a worker. Where one died before it could be handed over, the result raises BrokenProcessPool."""
    try:
        return executor.submit(function, *arguments, **named)
    except BrokenProcessPool as problem:
        failed: Future[Any] = Future()
        failed.set_exception(problem)
        return failed


def terminate() -> None:
    """End all workers at once: interrupted, or nobody wants the rest, which would hold up the end of the process."""
    for child in multiprocessing.active_children():
        child.terminate()
