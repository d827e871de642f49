"""The example plugin is complete: its own tests pass, and once installed the command line knows it."""

from __future__ import annotations

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

from lintperf.hookspecs import hookimpl

EXAMPLE = Path(__file__).parents[2] / "plugins" / "lintperf-example"
PROJECT = tomllib.loads((EXAMPLE / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """The path as it is with the example installed: its module and its metadata."""
    project = PROJECT["project"]
    information = tmp_path / f"lintperf_example-{project['version']}.dist-info"
    information.mkdir()
    (information / "METADATA").write_text(
        f"Metadata-Version: 2.1\nName: {project['name']}\nVersion: {project['version']}\n", encoding="utf-8"
    )
    points = "".join(f"{name} = {target}\n" for name, target in project["entry-points"]["lintperf"].items())
    (information / "entry_points.txt").write_text(f"[lintperf]\n{points}", encoding="utf-8")
    path = [str(tmp_path), str(EXAMPLE / "src"), *(entry for entry in sys.path if entry)]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path), "LINTPERF_CACHE_DIR": str(tmp_path / "cache")}


def lintperf(environment: dict[str, str], *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "lintperf", *arguments, "--lang", "zh"]
    return subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, cwd=EXAMPLE, check=False)


def test_its_own_tests_pass(environment: dict[str, str]) -> None:
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-c",
        str(EXAMPLE / "pyproject.toml"),
        "tests",
    ]
    done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, cwd=EXAMPLE, check=False)
    assert done.returncode == 0, done.stdout
    assert "8 passed" in done.stdout


def test_its_commands_in_the_readme_do_what_they_say(environment: dict[str, str]) -> None:
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    block = readme.split("```")[1].strip().splitlines()
    assert block[0] == "python -m pip install ."
    outputs = [lintperf(environment, *line.split()[1:]) for line in block[1:]]
    assert [done.returncode for done in outputs] == [1, 1, 0, 0]
    assert "BR101" in outputs[0].stdout
    assert "编号“02”已用于第 2 张长椅" in outputs[0].stdout
    assert outputs[1].stdout == "    1  BR101  座位过窄\n    1  BR102  编号重复\n"
    assert "0 个不符" in outputs[2].stdout
    assert "座位过窄" in outputs[3].stdout


def test_it_shows_every_hook_and_every_file_of_its_readme() -> None:
    import lintperf.hookspecs as hookspecs

    text = (EXAMPLE / "src" / "lintperf_example" / "plugin.py").read_text(encoding="utf-8")
    hooks = [name for name in vars(hookspecs) if name.startswith("lintperf_")]
    positions = [text.index(f"@hookimpl\ndef {name}(") for name in hooks]
    assert positions == sorted(positions)
    assert callable(hookimpl)
    readme = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    named = [
        cell.strip("` ") for line in readme.splitlines() if line.startswith("| `") for cell in [line.split("|")[1]]
    ]
    assert len(named) == 12
    assert [name for name in named if not (EXAMPLE / name).exists()] == []


def test_its_build_takes_everything_with_it() -> None:
    """The wheel holds what lies below the packages' folders; the data is inside them."""
    (package,) = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    source = EXAMPLE / package
    assert (source / "schemas" / "bench-register.json").is_file()
    assert len(list((source / "rulesets" / "bench-register" / "rules").glob("*.yaml"))) == 6
