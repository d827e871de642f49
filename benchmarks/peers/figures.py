"""Measures the peers over growing numbers of forms and growing forms; the runs of all take turns.

Times are processor times: beside other work on the machine the wall time of a run may be tenfold, of some tools only.
"""

from __future__ import annotations

import statistics
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.forms import Form, clean_form, form_text
from benchmarks.measure import Run, run
from benchmarks.peers.agreement import found_by, write_kinds
from benchmarks.peers.table import FINDINGS, LINTPERF, Peer

__all__ = ["FULL", "QUICK", "Cell", "Plan", "Point", "Series", "measure"]


@dataclass(frozen=True)
class Plan:
    """What is measured.

    forms       numbers of forms in one run, each with the rounds of it
    indicators  numbers of indicators in one form, each with the rounds of it
    limit       seconds of processor time that a run may take; a tool that would need more is not run there, nor beyond
    """

    forms: dict[int, int]
    indicators: dict[int, int]
    limit: int


FULL = Plan({1: 9, 10: 5, 100: 5, 1000: 3, 10_000: 2}, {10: 5, 100: 5, 1000: 3, 10_000: 3}, 120)
QUICK = Plan({1: 5, 10: 3, 100: 3, 1000: 1}, {10: 3, 100: 3, 1000: 1}, 60)


@dataclass(frozen=True)
class Point:
    """So many forms in one run, or one form with so many indicators."""

    kind: str
    size: int


@dataclass
class Series:
    """The runs of one peer, by point, in the order of the rounds.

    cut     the first point of a kind that would take, or took, too long; the tool is not run beyond
    failed  the first point of a kind at which the tool broke down; it is not run beyond either
    """

    runs: dict[Point, list[Run]] = field(default_factory=dict)
    cut: set[Point] = field(default_factory=set)
    failed: set[Point] = field(default_factory=set)

    def seconds(self, point: Point) -> float:
        """The median processor time at a point, in seconds. Raises KeyError where it was not measured."""
        return statistics.median(one.cpu for one in self.runs[point])


@dataclass(frozen=True)
class Cell:
    """What was measured at a point: medians of processor time in seconds and of peak memory in MiB.

    times is the median over the rounds of the ratio to lintperf's run of the same round.
    """

    seconds: float
    memory: float
    times: float

    @classmethod
    def of(cls, runs: Sequence[Run], ours: Sequence[Run]) -> Cell:
        """The medians of a peer's runs and of their ratios to lintperf's of the same rounds."""
        return cls(
            statistics.median(one.cpu for one in runs),
            statistics.median(one.memory for one in runs),
            statistics.median(a.cpu / b.cpu for a, b in zip(runs, ours, strict=True)),
        )


def measure(peers: Sequence[Peer], plan: Plan, say: Callable[[str], None]) -> dict[str, Series]:
    """The runs of each peer, by its name.

    One form of each folder has a negative score, which every peer can say, so that each run shows that it has read the
    forms and judged them. Raises RuntimeError where a run finds anything else. All run once before anything counts.
    A tool that breaks down at some size is not run beyond it.
    """
    taken = {peer.name: Series() for peer in peers}
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root) / "forms"
        written = 0
        for size, rounds in plan.forms.items():
            write_kinds(folder, _forms(written, size))
            written = size
            _take_rounds(peers, taken, Point("forms", size), rounds, folder, plan, say)
        for size, rounds in plan.indicators.items():
            folder = Path(root) / f"indicators-{size}"
            write_kinds(folder, [("form", form_text(_negative(clean_form(1, size))))])
            _take_rounds(peers, taken, Point("indicators", size), rounds, folder, plan, say)
    return taken


def _forms(written: int, number: int) -> Iterator[tuple[str, str]]:
    """The forms from the `written`-th to the `number`-th: the first with a negative score, the rest clean."""
    for seed in range(written, number):
        form = clean_form(seed)
        yield f"{seed:06}", form_text(form if seed else _negative(form))


def _negative(form: Form) -> Form:
    """The form with the score of its first row below zero, and the total that follows from it."""
    row = next(row for row in form["indicators"] if row["score"] > 0)
    form["total"]["score"] -= 2 * row["score"]
    row["score"] = -row["score"]
    return form


def _take_rounds(
    peers: Sequence[Peer], taken: dict[str, Series], point: Point, rounds: int, folder: Path, plan: Plan,
    say: Callable[[str], None],
) -> None:  # fmt: skip
    where = f"{point.size:,} {point.kind}"
    expected = found_by(LINTPERF, folder)
    if {one.code for one in expected} != {"LP202"}:
        raise RuntimeError(f"the form to be found is not found alone: {sorted(expected)}")
    going = []
    for peer in peers:
        series = taken[peer.name]
        if any(out.kind == point.kind for out in (*series.cut, *series.failed)):
            continue
        if _needed(series, point) > plan.limit:
            series.cut.add(point)
            say(f"{where}: {peer.name} would take more than {plan.limit} s")
        else:
            going.append(peer)
    for number in range(rounds + (point.size == 1)):
        for peer in tuple(going):
            series = taken[peer.name]
            try:
                one = run(peer.command(folder / peer.reads), accept=FINDINGS, limit=plan.limit)
            except (TimeoutError, RuntimeError) as problem:
                going.remove(peer)
                series.runs.pop(point, None)
                (series.cut if isinstance(problem, TimeoutError) else series.failed).add(point)
                say(f"{where}: {peer.name}: {problem}")
                continue
            found = peer.findings(one.output)
            if found != expected:
                raise RuntimeError(f"{peer.name} finds {sorted(found)} and not {sorted(expected)}")
            if number or point.size > 1:  # the very first runs read everything from the disk
                series.runs.setdefault(point, []).append(one)
            say(f"{where}: {peer.name} {one.cpu:.2f} s, {one.memory:.0f} MiB")


def _needed(series: Series, point: Point) -> float:
    """The seconds that a point will take if time grows with size; 0 where nothing is known."""
    before = [other for other in series.runs if other.kind == point.kind]
    if not before:
        return 0
    start = min(series.seconds(other) for other in before)
    last = before[-1]
    return start + (series.seconds(last) - start) * point.size / last.size
