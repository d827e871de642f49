"""The README taken literally: its files are written, its commands run, their output is what it shows."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
# `<!-- file: NAME -->` or `<!-- run -->`, then a fenced block
STEP = re.compile(r"<!-- (?:file: (?P<file>\S+)|run) -->\n```\w*\n(?P<text>.*?)```\n", re.DOTALL)


def test_a_rule_in_five_minutes(tmp_path: Path) -> None:
    ran = 0
    for step in STEP.finditer(README):
        if step["file"] is not None:
            path = tmp_path / step["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step["text"], encoding="utf-8")
            continue
        command, _, expected = step["text"].partition("\n")
        words = shlex.split(command.removeprefix("$ lintperf "))
        done = subprocess.run(
            [sys.executable, "-m", "lintperf", *words],
            cwd=tmp_path,
            env={"PYTHONPATH": f"{ROOT}:{ROOT / 'plugins'}", "LANG": "zh_CN.UTF-8", "PATH": ""},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.stdout == expected, (command, done.stderr)
        ran += 1
    assert ran == 2


def test_a_misspelt_field_is_named_with_its_place(tmp_path: Path) -> None:
    """What the README promises for `wieght >=`."""
    for step in STEP.finditer(README):
        if step["file"] is not None:
            path = tmp_path / step["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step["text"].replace("assert: weight >=", "assert: wieght >="), encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "lintperf", "check", "form.json", "--ruleset", "county", "--lang", "zh"],
        cwd=tmp_path,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'plugins'}", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert re.search(r"XC001-weight-too-small\.yaml:9:9: .*wieght.*weight", done.stderr), done.stderr


def test_the_list_of_rules_is_up_to_date() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "lintperf", "rules", "--format", "markdown", "--lang", "zh"],
        cwd=ROOT,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'plugins'}", "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout in (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")


def test_every_document_it_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []
