"""An empty folder, forms in it, and the command line."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from batch_runs import lines


@pytest.fixture(autouse=True)
def own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder, no settings from outside."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("LINTPERF_", "LC_")) or name in ("LANG", "NO_COLOR"):
            monkeypatch.delenv(name)


@pytest.fixture
def forms(tmp_path: Path) -> Path:
    """`forms.jsonl` with 60 forms."""
    path = tmp_path / "forms.jsonl"
    path.write_bytes(b"".join(lines(60)))
    return path


@pytest.fixture
def lintperf(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, str]]:
    """The command line in this process."""

    def run(*arguments: object) -> tuple[int, str, str]:
        from lintperf.cli.main import run as run_command

        code = run_command([str(each) for each in arguments])
        out, err = capsys.readouterr()
        return code, out, err

    return run
