"""The page of the documentation that shows what was measured: docs/peers.md, Chinese first."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from string import Template

from benchmarks.measure import Run
from benchmarks.peers.agreement import PROBES
from benchmarks.peers.figures import Cell, Plan, Point, Series
from benchmarks.peers.table import CODES, LINTPERF, Peer

__all__ = ["Results", "page"]


@dataclass(frozen=True)
class Results:
    """What the page shows.

    command     the command that made it
    processors  of the machine
    compared    the forms on which all of the peers agreed with lintperf
    peers       those that could be installed, lintperf first
    absent      names of those that could not
    wrong       for each peer, positions of the probes that it judges wrongly
    series      for each peer, its runs
    """

    command: str
    plan: Plan
    processors: int
    compared: int
    peers: Sequence[Peer]
    absent: Sequence[str]
    wrong: Mapping[str, Sequence[int]]
    series: Mapping[str, Series]


# the page without its figures, by the positions of the languages in `Words`
TEXTS = tuple(Path(__file__).with_name(f"page-{language}.md") for language in ("zh", "en"))


def page(results: Results) -> str:
    """The page as Markdown."""
    sections = [
        Template(text.read_text(encoding="utf-8")).substitute(_parts(results, language))
        for language, text in enumerate(TEXTS)
    ]
    return "\n".join(["# 同类工具 Peers\n", *sections])


def _parts(results: Results, language: int) -> dict[str, str]:
    peers, plan = results.peers, results.plan
    comma = ("、", ", ")[language]
    colon = ("：", ": ")[language]
    tool, broken = (("工具", "崩溃"), ("Tool", "breaks down"))[language]
    absent = ("未能安装、没有测的：{}。", " Not to be had and left out: {}.")[language]
    cannot: dict[tuple[str, str], list[str]] = {}
    for peer in peers:
        for code, reason in peer.cannot.items():
            cannot.setdefault((peer.name, reason[language]), []).append(code)
    return {
        "codes": comma.join(CODES),
        "command": results.command,
        "compared": str(results.compared),
        "absent": absent.format(comma.join(results.absent)) if results.absent else "",
        "tools": _table(
            [tool, *(("版本", "规则写成", "能表达"), ("Version", "Rules written as", "Expresses"))[language]],
            [[peer.name, peer.version, peer.language[language], f"{len(peer.codes)} / {len(CODES)}"] for peer in peers],
        ),
        "speed": _table(
            [tool, *(("一份表", "×", "每多一份", "×", "份数"), ("One form", "×", "Each more", "×", "Forms"))[language]],
            [[peer.name, *_speed(results, peer)] for peer in peers],
        ),
        "forms": _growth(results, "forms", plan.forms, tool, broken),
        "indicators": _growth(results, "indicators", plan.indicators, tool, broken),
        "cannot": "\n".join(
            f"- {name}{('，', ', ')[language]}{comma.join(codes)}{colon}{reason}"
            for (name, reason), codes in cannot.items()
        ),
        "exactness": _table(
            [tool, *(f"{probe.code} {probe.what[language]}" for probe in PROBES)],
            [[peer.name, *_marks(results, peer)] for peer in peers],
        ),
        "strengths": "\n".join(f"- {peer.name}{colon}{peer.strength[language]}" for peer in peers),
        "processors": str(results.processors),
        "rounds_of_forms": _rounds(plan.forms),
        "rounds_of_indicators": _rounds(plan.indicators),
        "limit": str(plan.limit),
    }  # fmt: skip


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *rows))


def _rounds(rounds: Mapping[int, int]) -> str:
    return ", ".join(f"{size:,}: {number}" for size, number in rounds.items())


def _speed(results: Results, peer: Peer) -> list[str]:
    """Start-up and time of a further form, each with its ratio to lintperf; over how many forms it was measured."""
    one = Point("forms", 1)
    start = _cell(results, peer, one)
    series, ours = results.series[peer.name], results.series[LINTPERF.name]
    measured = [point for point in series.runs if point.kind == "forms" and point in ours.runs]
    most = max(measured, key=lambda point: point.size)
    if start is None or most == one:
        return [_time(start.seconds) if start else "–", _ratio(start.times) if start else "–", "–", "–", "–"]
    further = [
        (mine.cpu - series.seconds(one)) / (other.cpu - ours.seconds(one))
        for mine, other in zip(series.runs[most], ours.runs[most], strict=False)
    ]
    each = (series.seconds(most) - series.seconds(one)) / (most.size - 1)
    return [
        _time(start.seconds), _ratio(start.times),
        _time(each) if each > 0 else "–", _ratio(statistics.median(further)) if each > 0 else "–", f"{most.size:,}",
    ]  # fmt: skip


def _growth(results: Results, kind: str, sizes: Mapping[int, int], tool: str, broken: str) -> str:
    def text(peer: Peer, size: int) -> str:
        cell = _cell(results, peer, Point(kind, size))
        if cell is not None:
            return f"{_time(cell.seconds)}<br>{cell.memory:,.0f} MiB<br>{_ratio(cell.times)}"
        failed = any(point.kind == kind for point in results.series[peer.name].failed)
        return broken if failed else f"> {results.plan.limit} s"

    rows = [[peer.name, *(text(peer, size) for size in sizes)] for peer in results.peers]
    return _table([tool, *(f"{size:,}" for size in sizes)], rows)


def _cell(results: Results, peer: Peer, point: Point) -> Cell | None:
    """What was measured at a point; None where the tool would take too long or broke down."""
    runs = results.series[peer.name].runs.get(point)
    ours: Sequence[Run] | None = results.series[LINTPERF.name].runs.get(point)
    return Cell.of(runs, ours) if runs and ours else None


def _marks(results: Results, peer: Peer) -> list[str]:
    return [
        "–" if probe.code in peer.cannot else "✗" if position in results.wrong[peer.name] else "✓"
        for position, probe in enumerate(PROBES)
    ]


def _time(seconds: float) -> str:
    """A time with two or three figures: 0.31 ms, 340 ms, 12.3 s."""
    if seconds >= 1:
        return f"{seconds:.1f} s"
    thousandths = seconds * 1000
    return f"{thousandths:.0f} ms" if thousandths >= 10 else f"{thousandths:.2f} ms"


def _ratio(times: float) -> str:
    return f"{times:.1f} ×" if times >= 0.95 else f"{times:.2f} ×"
