"""Whole runs as text files: documents, command, expected output, exit code.

`python tests/scenarios/test_scenarios.py --update` writes what comes out now: look at the difference.

A scenario is a `.txt` file of blocks, each with a head:

    -- file NAME                  its content follows, up to the next head
    -- file NAME as NAME.json     an office file or page: the form of that JSON file, printed in the national layout
    -- run ARGUMENTS              the arguments of `lintperf`, as in a shell
    -- exit CODE
    -- output                     standard output, whole; `first N` its first lines; `cut N` the start of each line
    -- errors                     standard error; without this block there must be none

What stands before the first head says what the scenario shows. A backslash before `-- ` at the start of a line is
dropped. What changes with every new rule or version is masked: numbers of rules, hashes, the version.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
HEAD = re.compile(r"-- (file|run|exit|output|errors)\b *(.*)")
MASKS = (
    (re.compile(r"检查规则 \d+ (条次?)，不适用 \d+"), r"检查规则 … \1，不适用 …"),
    (re.compile(r"\d+ (rules|rule runs), \d+ not"), r"… \1, … not"),
    (re.compile(r'"rules_run": \d+, "rules_not_applicable": \[[^]]*\]'), '"rules_run": …, "rules_not_applicable": […]'),
    (re.compile(r'"hash": "[0-9a-f]{64}"'), '"hash": "…"'),
    (re.compile(r'^\{"version": "[0-9.]+"', re.MULTILINE), '{"version": "…"'),
)
SCENARIOS = sorted(HERE.glob("*.txt"))

Piece = tuple[str, str, str]


def pieces(text: str) -> Iterator[Piece]:
    """The blocks of a scenario as (kind, argument, content); the first is its description."""
    kind, argument, lines = "", "", []
    for line in text.splitlines(keepends=True):
        found = HEAD.fullmatch(line.rstrip("\n"))
        if found:
            yield kind, argument, "".join(lines)
            kind, argument, lines = found[1], found[2], []
        else:
            lines.append(line.removeprefix("\\") if line.startswith("\\-- ") else line)
    yield kind, argument, "".join(lines)


def in_full(text: str) -> str:
    """The text as a block's content: on lines of its own, whatever looks like a head hidden."""
    hidden = re.sub(r"^(?=-- )", r"\\", text, flags=re.MULTILINE)
    return hidden if hidden.endswith("\n") or not hidden else hidden + "\n"


def masked(text: str, argument: str = "") -> str:
    """The output as the scenario shows it."""
    for pattern, shown in MASKS:
        text = pattern.sub(shown, text)
    words = argument.split()
    options = dict(zip(words[::2], map(int, words[1::2]), strict=True))
    lines = text.splitlines(keepends=True)[: options.get("first")]
    if "cut" in options:
        lines = [line.rstrip("\n")[: options["cut"]] + "\n" for line in lines]
    return "".join(lines)


def write_file(folder: Path, argument: str, content: str) -> None:
    """A file of a scenario."""
    from printed import printed

    name, _, source = argument.partition(" as ")
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if source:
        form = json.loads((folder / source).read_text(encoding="utf-8"), parse_float=Decimal)
        path.write_bytes(printed(form, path.suffix[1:]))
    else:
        path.write_text(content, encoding="utf-8")


def run(folder: Path, arguments: str) -> tuple[int, str, str]:
    """A run in the scenario's folder: Chinese, no settings from outside, no terminal."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LINTPERF_", "LC_", "LANG"))}
    path = os.pathsep.join(filter(None, [str(ROOT), str(ROOT / "plugins"), os.environ.get("PYTHONPATH")]))
    done = subprocess.run(
        [sys.executable, "-m", "lintperf", *shlex.split(arguments)],
        cwd=folder, capture_output=True, env={**kept, "PYTHONPATH": path, "COLUMNS": "80"}, check=False,
    )  # fmt: skip
    return done.returncode, done.stdout.decode(), done.stderr.decode()


def replay(text: str) -> str:
    """The scenario with what happens now in place of what is expected."""
    made = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        code, out, err = 0, "", ""
        told = True
        for kind, argument, content in pieces(text):
            if kind in ("run", "") and err and not told:
                made.append(f"-- errors\n{in_full(err)}")
            if kind == "":
                made.append(content)
                continue
            if kind == "file":
                write_file(folder, argument, content)
                made.append(f"-- file {argument}\n{in_full(content)}")
            elif kind == "run":
                code, out, err = run(folder, argument)
                told = False
                made.append(f"-- run {argument}\n")
            elif kind == "exit":
                made.append(f"-- exit {code}\n")
            elif kind == "output":
                made.append(f"-- output {argument}".rstrip() + f"\n{in_full(masked(out, argument))}")
            else:
                told = True
                made.append(f"-- errors\n{in_full(err)}" if err else "")
        if err and not told:
            made.append(f"-- errors\n{in_full(err)}")
    return "".join(made)


@pytest.mark.parametrize("path", SCENARIOS, ids=lambda path: path.stem)
def test_scenario(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    kinds = [kind for kind, _, _ in pieces(text)]
    assert kinds.count("run") == kinds.count("exit") >= 1
    assert kinds.count("output") >= 1
    assert replay(text) == text, f"python {Path(__file__).name} --update shows what changed"


def test_there_are_scenarios() -> None:
    assert len(SCENARIOS) >= 15


def main() -> None:
    """Without `--update` the names of those that differ; with it they are written anew. Names choose scenarios."""
    sys.path.insert(0, str(ROOT / "tests" / "importers"))
    chosen = [name for name in sys.argv[1:] if not name.startswith("-")]
    for path in SCENARIOS:
        text = path.read_text(encoding="utf-8")
        if chosen and path.stem not in chosen:
            continue
        now = replay(text)
        if now != text:
            print(path.name)
            if "--update" in sys.argv:
                path.write_text(now, encoding="utf-8")


if __name__ == "__main__":
    main()
