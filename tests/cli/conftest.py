"""Forms to check, and the command line run in this process or in its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parents[2] / "benchmarks"), str(Path(__file__).parents[1] / "importers")]
from forms import clean_form, defective_form, form_text  # noqa: E402 - its folder is no package
from running import Run, command, environment  # noqa: E402


@pytest.fixture(autouse=True)
def own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty folder, no settings from outside, Chinese."""
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("LINTPERF_", "LC_")) or name in ("LANG", "NO_COLOR", "PYTHONIOENCODING"):
            monkeypatch.delenv(name)


@pytest.fixture
def lintperf(capsys: pytest.CaptureFixture[str]) -> Callable[..., Run]:
    """The command line in this process."""

    def run(*arguments: str) -> Run:
        from lintperf.cli.main import run as run_command
        from lintperf.config import _nearest, load_config

        # a process reads each file once; here tests write others in between
        load_config.cache_clear()
        _nearest.cache_clear()
        code = run_command(list(arguments))
        out, err = capsys.readouterr()
        return Run(code, out, err)

    return run


@pytest.fixture
def process() -> Callable[..., Run]:
    """The command line in a process of its own; keyword arguments are environment variables."""

    def run(*arguments: str, stdin: bytes | None = None, **settings: str) -> Run:
        done = subprocess.run(
            command(*arguments), input=stdin, capture_output=True, env=environment(settings), check=False
        )
        return Run(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture
def clean(tmp_path: Path) -> Path:
    """`clean.json`, a form without findings."""
    path = tmp_path / "clean.json"
    path.write_text(form_text(clean_form(1, 8)), encoding="utf-8")
    return path


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """`wrong.json`, a form whose execution rate is miscomputed (LP301)."""
    path = tmp_path / "wrong.json"
    path.write_text(form_text(defective_form(2, "LP301", 8)[0]), encoding="utf-8")
    return path
