"""One language server for many tests: starting one costs most of a second."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[2] / "benchmarks")]
from client import Editor  # noqa: E402 - its folder is no package


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder whose configuration asks for the execution rate alone."""
    path = tmp_path_factory.mktemp("desk")
    (path / "lintperf.toml").write_text('select = ["LP001", "LP002", "LP006", "LP301", "LP205"]\n')
    return path


@pytest.fixture(scope="session")
def editor(folder: Path) -> Iterator[Editor]:
    """An editor that counts as editors do, in UTF-16, in Chinese."""
    editor = Editor(folder)
    editor.initialize(initializationOptions={"debounce": 0})
    yield editor
    code, errors = editor.close()
    assert (code, errors) == (0, "")
