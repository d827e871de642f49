"""All hooks of lintperf, in the order of a run. The built-in plugins use them like anybody's.

A plugin is a module or object with functions of these names, each marked `@lintperf.hookspecs.hookimpl`, registered
under the entry point group `lintperf`. A misspelt hook, a wrong argument or a plugin that fails to load stops the run
with the plugin's name and version: a check that silently did not run looks like a clean document.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from lintperf.extension import (
        Annotator,
        Check,
        FactGroup,
        Function,
        Importer,
        Renderer,
        Reporter,
        RunCheck,
        Table,
    )

__all__ = ["PROJECT", "hookimpl", "hookspec"]

PROJECT = "lintperf"
hookspec = pluggy.HookspecMarker(PROJECT)
hookimpl = pluggy.HookimplMarker(PROJECT)


@hookspec
def lintperf_schemas() -> Iterable[Path]:  # type: ignore[empty-body]
    """JSON Schemas of document types, one file each; the type's name is the file's stem.

    Example: `return [Path(__file__).parent / "schemas" / "road-survey.json"]`
    """


@hookspec
def lintperf_importers() -> Sequence[Importer]:  # type: ignore[empty-body]
    """Readers of files: which suffixes, and a function from bytes to documents.

    Example: `return [Importer(name="toml", suffixes=(".toml",), read=read_toml)]`
    """


@hookspec
def lintperf_vocabulary() -> Iterable[Path]:  # type: ignore[empty-body]
    """YAML files of words for importers: header synonyms, labels, layouts; later files add to earlier ones.

    Example: `return [Path(__file__).parent / "vocabulary" / "road-survey.yaml"]`
    """


@hookspec
def lintperf_facts() -> Sequence[FactGroup]:  # type: ignore[empty-body]
    """Facts that rules may use like fields: typed, documented, computed once a row or document.

    Example: `return [FactGroup("road-survey", "sections", ("length", "width"), area_facts)]`
    """


@hookspec
def lintperf_functions() -> Sequence[Function]:  # type: ignore[empty-body]
    """Functions that expressions may call; total, without side effects, bounded in time by the size of their arguments.

    Example: `return [Function("is_weekday", ("text",), "bool", is_weekday)]`
    """


@hookspec
def lintperf_checks() -> Sequence[Check]:  # type: ignore[empty-body]
    """Checks that an expression cannot say: generator functions that rules name under `check`.

    Example: `return [Check("repeated-name", "road-survey", repeated_name)]`
    """


@hookspec
def lintperf_run_checks() -> Sequence[RunCheck]:  # type: ignore[empty-body]
    """Checks that compare the documents of a run: a digest of each, and a function over all digests at the end.

    Example: `return [RunCheck("same-bench-twice", "road-survey", bench_numbers, repeated_numbers, Text("…", "…"))]`
    """


@hookspec
def lintperf_rulesets() -> Iterable[Path]:  # type: ignore[empty-body]
    """Folders of rule packs, each with a `ruleset.yaml`; the pack's name is the folder's.

    Example: `return [Path(__file__).parent / "rulesets" / "road-survey"]`
    """


@hookspec
def lintperf_tables() -> Sequence[Table]:  # type: ignore[empty-body]
    """Tables over the documents of a run: columns, and a function from a document to its rows.

    Example: `return [Table("lengths", "road-survey", (Column("road", Text("…", "…")),), lengths, Text("…", "…"))]`
    """


@hookspec
def lintperf_reporters() -> Sequence[Reporter]:  # type: ignore[empty-body]
    """Output formats: a name and a function from the results of a run to text.

    Example: `return [Reporter("csv", write_csv)]`
    """


@hookspec
def lintperf_renderers() -> Sequence[Renderer]:  # type: ignore[empty-body]
    """Printable files: a document type, suffixes, and a function from documents to the bytes of a file.

    Example: `return [Renderer("odt", (".odt",), "road-survey", write_odt)]`
    """


@hookspec
def lintperf_annotators() -> Sequence[Annotator]:  # type: ignore[empty-body]
    """Writers of findings into a copy of the file itself: suffixes, and a function from findings to the copy's bytes.

    Example: `return [Annotator("odt", (".odt",), write_comments, Text("ODT 文档", "ODT document"))]`
    """
