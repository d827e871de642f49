"""lintperf beside ajv-cli (the schema alone) and Spectral (ten rules written to mean the same), on the same files.

`python benchmarks/peers/compare.py` installs the pinned packages with npm into `node_modules` beside this file when
they are not there, checks that Spectral and lintperf find the same in forms with known defects, and measures. Without
npm it says so and measures nothing. Only an installation touches the network.
"""

from __future__ import annotations

import json
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.forms import defective_form, form_text, write_forms
from benchmarks.measure import Figure, run

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["CODES", "install", "lintperf_command", "measure", "unlike_findings"]

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SCHEMA = ROOT / "schemas" / "self-evaluation.json"
CODES = ("LP103", "LP104", "LP201", "LP202", "LP203", "LP204", "LP208", "LP301", "LP303", "LP305")
FINDINGS = (0, 1)  # exit codes of a linter that worked


def lintperf_command() -> list[str]:
    """The command of lintperf: the script of this Python's environment, else `python -m lintperf`."""
    script = Path(sys.executable).parent / "lintperf"
    return [str(script)] if script.exists() else [sys.executable, "-m", "lintperf"]


def install() -> str | None:
    """Puts the peers in place if they are not. None, or a sentence that says why they are not to be had."""
    if shutil.which("node") is None or shutil.which("npm") is None:
        return "skipped: node and npm are not installed"
    if not (HERE / "node_modules" / ".package-lock.json").exists():
        command = ["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"]
        try:
            subprocess.run(command, cwd=HERE, check=True, capture_output=True)
        except subprocess.CalledProcessError as error:
            return f"skipped: npm could not install the peers: {error.stderr.decode(errors='replace')[-300:]}"
    return None


def _spectral(files: str) -> list[str]:
    binary = str(HERE / "node_modules" / ".bin" / "spectral")
    return [binary, "lint", "-r", str(HERE / "ruleset.mjs"), "--ignore-unknown-format", "-q", "-f", "json", files]


def _ajv(files: str) -> list[str]:
    binary = str(HERE / "node_modules" / ".bin" / "ajv")
    # strict mode would refuse the schema's x- annotations
    return [binary, "validate", "--spec=draft2020", "--strict=false", "-s", str(SCHEMA), "-d", files]


def _lintperf(folder: str, codes: tuple[str, ...] | None) -> list[str]:
    select = ["--select", ",".join(codes)] if codes else []
    return [
        *lintperf_command(),
        "check",
        folder,
        *select,
        "--no-config",
        "--jobs",
        "1",
        "--persona",
        "auditor",
        "--format",
        "json",
    ]


def unlike_findings(forms: int = 4) -> list[str]:
    """Where Spectral and lintperf differ on `forms` forms of each of the ten defects; empty when they agree.

    Compared are the code and the row (or the part of the form) that it stands in; fields are named too freely for more.
    """
    with tempfile.TemporaryDirectory() as folder:
        for code in CODES:
            for seed in range(forms):
                form, _ = defective_form(seed, code)
                (Path(folder) / f"{code}-{seed}.json").write_text(form_text(form), encoding="utf-8")
        spectral = {
            (Path(one["source"]).name, one["code"], _row(one["path"]))
            for one in json.loads(run(_spectral(f"{folder}/*.json"), accept=FINDINGS).output)
        }
        documents = json.loads(run(_lintperf(folder, CODES), accept=FINDINGS).output)["documents"]
        ours = {
            (Path(document["path"]).name, one["code"], _row(one["pointer"].split("/")[1:]))
            for document in documents
            for one in document["findings"]
        }
    unlike = [f"Spectral alone: {' '.join(one)}" for one in sorted(spectral - ours)]
    return unlike + [f"lintperf alone: {' '.join(one)}" for one in sorted(ours - spectral)]


def _row(path: list[str | int]) -> str:
    """The row that a path leads into, or the empty text for the form as a whole."""
    parts = [str(part) for part in path]
    numbered = [i for i, part in enumerate(parts) if part.isdigit()]
    return "/".join(parts[: numbered[0] + 1]) if numbered else ""


def measure(forms: int = 200, repetitions: int = 5) -> list[Figure]:
    """Times per form over `forms` different forms in one process (ten times as many for the schema), as ratios.

    Start-up is the time of the same command on one form. Runs take turns; each figure is the median over the rounds.
    """
    with tempfile.TemporaryDirectory() as root:
        folders = {number: str(Path(root) / str(number)) for number in (1, forms, 10 * forms)}
        for number, folder in folders.items():
            write_forms(Path(folder), number)
        many = 10 * forms
        commands: dict[str, tuple[int, Callable[[str], list[str]]]] = {
            "ajv": (many, lambda folder: _ajv(f"{folder}/*.json")),
            "schema": (many, lambda folder: _lintperf(folder, ("LP002",))),
            "all": (many, lambda folder: _lintperf(folder, None)),
            "spectral": (forms, lambda folder: _spectral(f"{folder}/*.json")),
            "ten": (forms, lambda folder: _lintperf(folder, CODES)),
        }
        start: dict[str, list[float]] = {name: [] for name in commands}
        bare: dict[str, list[float]] = {name: [] for name in commands}
        whole: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(repetitions):
            for name, (number, command) in commands.items():
                first = run(command(folders[1]), accept=FINDINGS).seconds
                last = run(command(folders[number]), accept=FINDINGS).seconds
                start[name].append(first)
                bare[name].append((last - first) / (number - 1))
                whole[name].append(last / number)

    def times(taken: dict[str, list[float]], theirs: str, ours: str) -> float:
        return statistics.median(taken[theirs]) / statistics.median(taken[ours])

    def middle(taken: list[float], digits: int) -> str:
        return f"{statistics.median(taken) * 1e3:.{digits}f}"

    def beside(theirs: str, ours: str) -> str:
        each = f"{middle(bare[theirs], 3)} against {middle(bare[ours], 3)} ms a form"
        return f"{each}; start-up {middle(start[theirs], 0)} against {middle(start[ours], 0)} ms"

    spectral, ajv = "Spectral ÷ lintperf, ten rules", "ajv-cli (schema alone) ÷ lintperf"
    return [
        Figure(f"{spectral}, start-up subtracted", times(bare, "spectral", "ten"), "×", 100, True,
               beside("spectral", "ten")),
        Figure(f"{spectral}, {forms:,} forms with start-up", times(whole, "spectral", "ten"), "×"),
        Figure(f"{ajv} (schema alone), start-up subtracted", times(bare, "ajv", "schema"), "×", 1, True,
               beside("ajv", "schema")),
        Figure(f"{ajv} (schema alone), {many:,} forms with start-up", times(whole, "ajv", "schema"), "×"),
        Figure(f"{ajv} (whole catalogue), start-up subtracted", times(bare, "ajv", "all"), "×",
               note=beside("ajv", "all")),
        Figure(f"{ajv} (whole catalogue), one form with start-up", times(start, "ajv", "all"), "×"),
    ]  # fmt: skip


def _main() -> int:
    reason = install()
    if reason is not None:
        print(reason)
        return 0
    unlike = unlike_findings()
    print("\n".join(unlike) or "Spectral and lintperf find the same in all defective forms.")
    for figure in measure():
        print(f"{figure.name}: {figure.value:.2f}{figure.unit}  {figure.note}")
    return 1 if unlike else 0


if __name__ == "__main__":
    sys.exit(_main())
