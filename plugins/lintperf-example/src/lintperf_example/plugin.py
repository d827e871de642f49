"""The hooks, in the order of a run. A plugin leaves out those it does not need."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from lintperf.extension import Annotator, Check, FactGroup, Function, Importer, Renderer, Reporter, RunCheck, Table
from lintperf.hookspecs import hookimpl
from lintperf.model import Text
from lintperf_example.annotator import write_remarks
from lintperf_example.domain import BENCH_FACTS, NUMBERS_ELSEWHERE, REPEATED_NUMBERS, STARTS_LIKE_A_NUMBER
from lintperf_example.importer import read_benches
from lintperf_example.renderer import write_sheet
from lintperf_example.reporter import write_tally
from lintperf_example.tables import PARKS

HERE = Path(__file__).parent


@hookimpl
def lintperf_schemas() -> Iterable[Path]:
    """One document type: `bench-register`."""
    return [HERE / "schemas" / "bench-register.json"]


@hookimpl
def lintperf_importers() -> Sequence[Importer]:
    """Text files that end in `.bench`."""
    return [Importer("bench", (".bench",), read_benches, Text("长椅登记文本", "bench register as text"))]


@hookimpl
def lintperf_vocabulary() -> Iterable[Path]:
    """Words that forms of the parks use, for the readers of self-evaluation forms."""
    return [HERE / "vocabulary" / "parks.yaml"]


@hookimpl
def lintperf_facts() -> Sequence[FactGroup]:
    """What rules may know of a bench beyond its fields."""
    return [BENCH_FACTS]


@hookimpl
def lintperf_functions() -> Sequence[Function]:
    """What expressions may call."""
    return [STARTS_LIKE_A_NUMBER]


@hookimpl
def lintperf_checks() -> Sequence[Check]:
    """What an expression cannot say."""
    return [REPEATED_NUMBERS]


@hookimpl
def lintperf_run_checks() -> Sequence[RunCheck]:
    """What only several documents show."""
    return [NUMBERS_ELSEWHERE]


@hookimpl
def lintperf_rulesets() -> Iterable[Path]:
    """The pack of rules, default for the document type."""
    return [HERE / "rulesets" / "bench-register"]


@hookimpl
def lintperf_tables() -> Sequence[Table]:
    """One row a register."""
    return [PARKS]


@hookimpl
def lintperf_reporters() -> Sequence[Reporter]:
    """A count of findings by code."""
    return [Reporter("tally", write_tally, Text("按代码计数", "Counts by code"))]


@hookimpl
def lintperf_renderers() -> Sequence[Renderer]:
    """Text files to print."""
    return [Renderer("sheet", (".txt",), "bench-register", write_sheet, Text("纯文本", "plain text"))]


@hookimpl
def lintperf_annotators() -> Sequence[Annotator]:
    """Findings below the lines of a `.bench` file."""
    return [Annotator("bench", (".bench",), write_remarks, Text("长椅登记文本", "bench register as text"))]
