"""What ships with lintperf, brought by the same hooks that anybody's plugin uses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from lintperf.extension import Annotator, Check, FactGroup, Function, Importer, Renderer, Reporter, RunCheck, Table
from lintperf.hookspecs import hookimpl
from lintperf.resources import data_folder

DOCUMENT_TYPES = ("self-evaluation", "evaluation-report")
VOCABULARY = ("heading", "funds", "goals", "indicators", "tables", "layouts", "reports")


@hookimpl
def lintperf_schemas() -> Iterable[Path]:
    """The document types of performance evaluation."""
    return [data_folder("schemas") / f"{name}.json" for name in DOCUMENT_TYPES]


@hookimpl
def lintperf_importers() -> Sequence[Importer]:
    """JSON and YAML, and the office formats that forms come in."""
    from lintperf_builtin.importers import IMPORTERS
    from lintperf_builtin.readers import READERS

    return [*READERS, *IMPORTERS]


@hookimpl
def lintperf_vocabulary() -> Iterable[Path]:
    """The words of the forms that lintperf knows."""
    folder = Path(__file__).parent / "vocabulary"
    return [folder / f"{name}.yaml" for name in VOCABULARY]


@hookimpl
def lintperf_facts() -> Sequence[FactGroup]:
    """What rules may know of a form beyond its fields."""
    from lintperf_builtin.facts import FACT_GROUPS

    return FACT_GROUPS


@hookimpl
def lintperf_functions() -> Sequence[Function]:
    """Functions over amounts and texts of forms."""
    from lintperf_builtin.facts import FUNCTIONS
    from lintperf_builtin.prose.functions import PROSE_FUNCTIONS

    return (*FUNCTIONS, *PROSE_FUNCTIONS)


@hookimpl
def lintperf_checks() -> Sequence[Check]:
    """What an expression cannot say."""
    from lintperf_builtin.checks import CHECKS

    return CHECKS


@hookimpl
def lintperf_run_checks() -> Sequence[RunCheck]:
    """What only several documents show."""
    from lintperf_builtin.checks import RUN_CHECKS

    return RUN_CHECKS


@hookimpl
def lintperf_rulesets() -> Iterable[Path]:
    """The rule packs that ship with lintperf: every folder of `rulesets/` that has a `ruleset.yaml`."""
    return sorted(path.parent for path in data_folder("rulesets").glob("*/ruleset.yaml"))


@hookimpl
def lintperf_tables() -> Sequence[Table]:
    """What a reviewer or a bureau lays side by side."""
    from lintperf_builtin.tables import TABLES

    return TABLES


@hookimpl
def lintperf_reporters() -> Sequence[Reporter]:
    """The output formats, and what writes for the page of the service."""
    from lintperf_builtin.reporters import PAGE, REPORTERS

    return (*REPORTERS, PAGE)


@hookimpl
def lintperf_renderers() -> Sequence[Renderer]:
    """Forms as Word, Excel and web pages to print."""
    from lintperf_builtin.renderers import RENDERERS

    return RENDERERS


@hookimpl
def lintperf_annotators() -> Sequence[Annotator]:
    """Comments in Word files and workbooks."""
    from lintperf_builtin.annotators import ANNOTATORS

    return ANNOTATORS
