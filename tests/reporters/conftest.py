"""The files of the sample run on disk, and the writers by name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from lintperf_builtin.reporters import REPORTERS

from lintperf.results import FileResult, View

from .sample import counted, files

WRITERS = {reporter.name: reporter.write for reporter in REPORTERS}
Written = Callable[..., str]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A working folder of its own."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def written(folder: Path) -> Written:
    """What a format writes for a run."""

    def write(name: str, view: View, run: list[FileResult] | None = None) -> str:
        return "".join(WRITERS[name](counted(files() if run is None else run), view))

    return write
