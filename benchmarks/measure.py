"""How the benchmarks measure: several runs that take turns, medians, ratios, peak memory of a process.

Times of one machine say little about another and noise comes in stretches; so what is compared takes turns within one
run, and the figure is the median of the ratios of neighbours.
"""

from __future__ import annotations

import gc
import json
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

__all__ = ["Figure", "Run", "Timing", "exact", "median_run", "ratio", "run", "take_run_turns", "take_turns"]

MIB = 1024 * 1024
MARK = "\0figures "
# what the small process runs: small modules alone, so that it stays small; the limit passes to what it starts
STARTER = f"""
import posix, sys, time
if sys.argv[1] != "0":
    import resource
    resource.setrlimit(resource.RLIMIT_CPU, (int(sys.argv[1]), resource.RLIM_INFINITY))
start = time.perf_counter()
process = posix.posix_spawnp(sys.argv[2], sys.argv[2:], posix.environ)
_, status, usage = posix.wait4(process, 0)
seconds = time.perf_counter() - start
code = posix.waitstatus_to_exitcode(status)
sys.stderr.write({MARK!r} + f"{{seconds}} {{usage.ru_utime + usage.ru_stime}} {{code}} {{usage.ru_maxrss}}")
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """A line of the table.

    value   what was measured, in `unit`
    target  the bound it is held against, None where there is none
    least   True: the value has to reach the target; False: it has to stay at or below it
    note    what stands behind the figure: the times themselves
    """

    name: str
    value: float
    unit: str
    target: float | None = None
    least: bool = False
    note: str = ""

    @property
    def met(self) -> bool | None:
        """Whether the target is met; None where there is none."""
        if self.target is None:
            return None
        return self.value >= self.target if self.least else self.value <= self.target


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a command: wall and processor time in seconds, exit code, output, and peak memory in MiB.

    The processor time is that of the process and of the children that it waited for, in sum; the memory is the largest
    resident set among them, not their sum. Wall time well above processor time: the machine was busy with other things.
    """

    seconds: float
    cpu: float
    code: int
    output: str
    memory: float


@dataclass(frozen=True, slots=True)
class Timing:
    """The times of one thing, in seconds, in the order in which they were taken."""

    seconds: tuple[float, ...]

    @property
    def median(self) -> float:
        """The median, in seconds."""
        return statistics.median(self.seconds)


def take_turns(actions: Mapping[str, Callable[[], object]], repetitions: int) -> dict[str, Timing]:
    """The times of each action: all of them once unmeasured, then `repetitions` rounds of all in turn.

    The garbage collector runs before each action and stays on during it: what an action allocates is its own cost.
    """
    for action in actions.values():
        action()
    taken: dict[str, list[float]] = {name: [] for name in actions}
    for _ in range(repetitions):
        for name, action in actions.items():
            gc.collect()
            start = time.perf_counter()
            action()
            taken[name].append(time.perf_counter() - start)
    return {name: Timing(tuple(seconds)) for name, seconds in taken.items()}


def take_run_turns(
    commands: Mapping[str, Sequence[str]], repetitions: int, accept: Sequence[int]
) -> dict[str, list[Run]]:
    """The runs of each command: all of them once unmeasured, then `repetitions` rounds of all in turn."""
    for command in commands.values():
        run(command, accept=accept)
    taken: dict[str, list[Run]] = {name: [] for name in commands}
    for _ in range(repetitions):
        for name, command in commands.items():
            taken[name].append(run(command, accept=accept))
    return taken


def ratio(over: Timing, under: Timing) -> float:
    """The median of the ratios of times taken in the same round."""
    return statistics.median(a / b for a, b in zip(over.seconds, under.seconds, strict=True))


def exact(content: bytes) -> Any:
    """The exact decoding that lintperf is held against: `json` with every number a Decimal."""
    return json.loads(content.decode("utf-8"), parse_float=Decimal, parse_int=Decimal)


def run(command: Sequence[str], cwd: Path | None = None, accept: Sequence[int] = (0,), limit: int = 0) -> Run:
    """Runs a command to its end. Raises RuntimeError with what it wrote where its exit code is not accepted.

    limit: seconds of processor time after which it is ended and TimeoutError raised; 0: it may take what it likes.

    A small process starts it and takes the figures: on Linux a process that is started by a large one shows the large
    one's resident set as its own peak.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        starter = [sys.executable, "-I", "-S", "-c", STARTER, str(limit), *command]
        done = subprocess.run(starter, cwd=cwd, stdin=subprocess.DEVNULL, stdout=out, stderr=err)
        out.seek(0)
        err.seek(0)
        output = out.read().decode(errors="replace")
        said, _, figures = err.read().decode(errors="replace").rpartition(MARK)
        if done.returncode != 0 or not figures:
            raise RuntimeError(f"could not start: {' '.join(command)}\n{(said or figures)[-2000:]}")
    seconds, cpu, code, peak = figures.split()
    if int(code) == -signal.SIGXCPU:
        raise TimeoutError(f"stopped after {limit} s: {' '.join(command)}")
    if int(code) not in accept:
        raise RuntimeError(f"exit code {code} of: {' '.join(command)}\n{(said or output)[-2000:]}")
    scale = 1 if sys.platform == "darwin" else 1024  # ru_maxrss is bytes on macOS, KiB elsewhere
    return Run(float(seconds), float(cpu), int(code), output, int(peak) * scale / MIB)


def median_run(command: Sequence[str], repetitions: int, cwd: Path | None = None, accept: Sequence[int] = (0,)) -> Run:
    """The run of median time among `repetitions`."""
    runs = sorted((run(command, cwd, accept) for _ in range(repetitions)), key=lambda one: one.seconds)
    return runs[len(runs) // 2]
