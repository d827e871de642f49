"""The same input gives the same bytes, whatever the hash seed and the number of processes."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from forms import DEFECTS, clean_form, defective_form, form_text
from running import command, environment

SEEDS = ("0", "1", "2", "3", "31337")
JOBS = ("1", "2", "4")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Sixty forms: each defect that there is, clean ones, a file of several, one that cannot be read."""
    path = tmp_path_factory.mktemp("many")
    texts = [form_text(defective_form(seed, code)[0]) for seed, code in enumerate(DEFECTS)]
    texts += [form_text(defective_form(seed)[0]) for seed in range(100, 112)]
    texts += [form_text(clean_form(seed, 12)) for seed in range(58 - len(texts))]
    texts.append("[" + ",".join(texts[:5]) + "]")
    texts.append(texts[0][:200])
    for number, text in enumerate(texts):
        (path / ("ab"[number % 2])).mkdir(exist_ok=True)
        (path / "ab"[number % 2] / f"{number:02}.json").write_text(text, encoding="utf-8")
    assert len(texts) == 60
    yield path


@pytest.mark.parametrize("form", ["github", "gitlab", "junit", "markdown", "rdjson"])
def test_same_bytes_of_formats_for_forges(folder: Path, form: str) -> None:
    """What differs from the formats below is the writing alone: two runs that differ in both ways are enough."""
    one, other = (
        subprocess.run(
            command("check", ".", "--format", form, "--jobs", jobs, "--persona", "auditor", "--no-config"),
            cwd=folder, capture_output=True, env=environment({"PYTHONHASHSEED": seed}), check=False,
        )
        for seed, jobs in (("0", "1"), ("31337", "3"))
    )  # fmt: skip
    assert (one.returncode, one.stderr) == (1, b"")
    assert one.stdout == other.stdout
    assert one.stdout.count(b"LP") > 30


@pytest.mark.parametrize("form", ["concise", "json", "sarif", "text"])
def test_same_bytes(folder: Path, form: str) -> None:
    """Every seed, every number of processes; a failure names the first line that differs."""
    expected: list[bytes] = []
    for seed, jobs in product(SEEDS, JOBS):
        done = subprocess.run(
            command("check", ".", "--format", form, "--jobs", jobs, "--persona", "auditor", "--no-config"),
            cwd=folder, capture_output=True, env=environment({"PYTHONHASHSEED": seed}), check=False,
        )  # fmt: skip
        assert (done.returncode, done.stderr) == (1, b"")
        lines = done.stdout.splitlines()
        expected = expected or lines
        differing = [(old, new) for old, new in zip(expected, lines, strict=False) if old != new][:1]
        assert (differing, len(lines)) == ([], len(expected)), f"seed {seed}, {jobs} processes"
    assert len(expected) > 30
