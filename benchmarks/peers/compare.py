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

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.forms import clean_form, defective_form, form_text
from benchmarks.measure import Figure, run

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
    return [*lintperf_command(), "check", folder, *select, "--no-config", "--persona", "auditor", "--format", "json"]


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
    """Times per form over `forms` different forms in one process, with start-up and without.

    Start-up is the time of the same command on one form; the runs take turns and the medians are compared.
    """
    with tempfile.TemporaryDirectory() as many, tempfile.TemporaryDirectory() as one:
        for seed in range(forms):
            text = form_text(clean_form(seed))
            (Path(many) / f"{seed:05}.json").write_text(text, encoding="utf-8")
            if seed == 0:
                (Path(one) / "00000.json").write_text(text, encoding="utf-8")
        commands = {
            "ajv": (_ajv(f"{one}/*.json"), _ajv(f"{many}/*.json")),
            "schema": (_lintperf(one, ("LP002",)), _lintperf(many, ("LP002",))),
            "spectral": (_spectral(f"{one}/*.json"), _spectral(f"{many}/*.json")),
            "ten": (_lintperf(one, CODES), _lintperf(many, CODES)),
            "all": (_lintperf(one, None), _lintperf(many, None)),
        }
        taken: dict[str, list[tuple[float, float]]] = {name: [] for name in commands}
        for _ in range(repetitions):
            for name, (single, whole) in commands.items():
                taken[name].append((run(single, accept=FINDINGS).seconds, run(whole, accept=FINDINGS).seconds))
    start = {name: statistics.median(pair[0] for pair in pairs) for name, pairs in taken.items()}
    total = {name: statistics.median(pair[1] for pair in pairs) for name, pairs in taken.items()}
    bare = {name: (total[name] - start[name]) / (forms - 1) for name in taken}
    whole_run = {name: total[name] / forms for name in taken}

    def beside(ours: str, theirs: str) -> str:
        return (
            f"{bare[ours] * 1e3:.3f} ms against {bare[theirs] * 1e3:.3f} ms a form; "
            f"start-up {start[ours] * 1e3:.0f} against {start[theirs] * 1e3:.0f} ms"
        )

    return [
        Figure("Spectral ÷ lintperf, ten rules, without start-up", bare["spectral"] / bare["ten"], "×", 100, True,
               beside("ten", "spectral")),
        Figure(f"Spectral ÷ lintperf, ten rules, {forms} forms with start-up",
               whole_run["spectral"] / whole_run["ten"], "×"),
        Figure("ajv-cli (schema alone) ÷ lintperf (whole catalogue), without start-up", bare["ajv"] / bare["all"], "×",
               1, True, beside("all", "ajv")),
        Figure(f"ajv-cli (schema alone) ÷ lintperf (whole catalogue), {forms} forms with start-up",
               whole_run["ajv"] / whole_run["all"], "×"),
        Figure("ajv-cli ÷ lintperf, the schema alone in both, without start-up", bare["ajv"] / bare["schema"], "×",
               None, True, beside("schema", "ajv")),
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
