"""The README and the tutorials taken literally: their files are written, commands run, the output is what they show.

`python tests/test_guides.py --update` writes the output into the guides; read the difference before you keep it.
"""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
# `<!-- file: NAME -->` or `<!-- run -->`, then a fenced block
STEP = re.compile(r"<!-- (?:file: (?P<file>\S+)|run) -->\n```\w*\n(?P<text>.*?)```\n", re.DOTALL)


GUIDES = ("README.md", "docs/tutorial.md", "docs/tutorial-en.md")


def lintperf(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lintperf", *words],
        cwd=folder,
        env={"PYTHONPATH": f"{ROOT}:{ROOT / 'plugins'}", "LANG": "zh_CN.UTF-8", "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def write_files(text: str, folder: Path) -> None:
    for step in STEP.finditer(text):
        if step["file"] is not None:
            path = folder / step["file"]
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(step["text"], encoding="utf-8")


@pytest.mark.parametrize("guide", GUIDES)
def test_its_commands_do_what_it_shows(guide: str, tmp_path: Path) -> None:
    text = (ROOT / guide).read_text(encoding="utf-8")
    write_files(text, tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    steps = [step["text"] for step in STEP.finditer(text) if step["file"] is None]
    assert len(steps) >= 2
    for step in steps:
        command, _, expected = step.partition("\n")
        done = lintperf(tmp_path, *shlex.split(command.removeprefix("$ lintperf ")))
        assert done.stdout + done.stderr == expected, command


def test_a_misspelt_field_is_named_with_its_place(tmp_path: Path) -> None:
    """What the README promises for `wieght >=`."""
    write_files(README.replace("assert: weight >=", "assert: wieght >="), tmp_path)
    done = lintperf(tmp_path, "check", "form.json", "--ruleset", "county", "--lang", "zh")
    assert done.returncode == 2
    assert re.search(r"XC001-weight-too-small\.yaml:9:9: .*wieght.*weight", done.stderr), done.stderr


def test_the_list_of_rules_is_up_to_date() -> None:
    done = lintperf(ROOT, "rules", "--format", "markdown", "--lang", "zh")
    assert done.stdout in (ROOT / "docs" / "rules.md").read_text(encoding="utf-8")


def test_every_document_it_links_to_is_there() -> None:
    links = re.findall(r"\]\(([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def update(guide: str, folder: Path) -> None:
    """Write what the commands print into a guide."""
    path = ROOT / guide
    text = path.read_text(encoding="utf-8")
    write_files(text, folder)
    (folder / "examples").symlink_to(ROOT / "examples")

    def rewritten(step: re.Match[str]) -> str:
        if step["file"] is not None:
            return step.group()
        command = step["text"].partition("\n")[0]
        done = lintperf(folder, *shlex.split(command.removeprefix("$ lintperf ")))
        return step.group().replace(step["text"], f"{command}\n{done.stdout}{done.stderr}")

    path.write_text(STEP.sub(rewritten, text), encoding="utf-8")


if __name__ == "__main__" and sys.argv[1:] == ["--update"]:
    for each in GUIDES:
        with tempfile.TemporaryDirectory() as made:
            update(each, Path(made))
