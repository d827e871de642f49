"""The hook, with the real pre-commit, on a git repository made for the test.

pre-commit installs the hook with pip into an environment of its own, with all that lintperf needs. That takes most of
a minute and a package index: without `CI` or `LINTPERF_SLOW_TESTS` in the environment only what needs no
installation is tried.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

sys.path[:0] = [str(Path(__file__).parents[2] / "benchmarks"), str(Path(__file__).parents[1] / "importers")]
from forms import clean_form, defective_form, form_text  # noqa: E402 - its folder is no package
from office_files import FORM, TITLE, word  # noqa: E402

ROOT = Path(__file__).parents[2]
HOOKS = ROOT / ".pre-commit-hooks.yaml"

has_git = pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
slow = pytest.mark.skipif(
    not (os.environ.get("CI") or os.environ.get("LINTPERF_SLOW_TESTS")),
    reason="installs packages: set CI or LINTPERF_SLOW_TESTS",
)


def command(*arguments: str) -> list[str]:
    pytest.importorskip("pre_commit")
    return [sys.executable, "-m", "pre_commit", *arguments]


def run(arguments: list[str], folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("GIT_", "LINTPERF_", "PRE_COMMIT", "PYTHONPATH"))
    }
    identity = {f"GIT_{who}_{what}": "x@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    return subprocess.run(
        arguments, cwd=folder, capture_output=True, text=True, check=False,
        env={**kept, **identity, "GIT_CONFIG_GLOBAL": os.devnull, "LANG": "C.UTF-8", **settings},
    )  # fmt: skip


def git(folder: Path, *arguments: str) -> str:
    done = run(["git", *arguments], folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def pattern(name: str = "lintperf") -> re.Pattern[str]:
    import yaml

    hooks = {hook["id"]: hook for hook in yaml.safe_load(HOOKS.read_text(encoding="utf-8"))}
    assert set(hooks) == {"lintperf", "lintperf-fix"}
    return re.compile(hooks[name]["files"])


@pytest.mark.parametrize(
    "name",
    [
        "a.json",
        "b/c.yaml",
        "b/c.yml",
        "绿道 养护.docx",
        "x.xlsx",
        "x.XLSM",
        "x.html",
        "x.htm",
        "x.DOCX",
        "x.xls",
        "x.pdf",
    ],
)
def test_files_of_the_hook(name: str) -> None:
    assert pattern().search(name)


@pytest.mark.parametrize(
    "name", ["a.py", "json", "a.json.bak", "docx/readme.md", "a.doc", "a.txt", "a.csv", "a.xhtml", "a.jsonl"]
)
def test_files_that_are_not_the_hooks(name: str) -> None:
    assert not pattern().search(name)


# Old formats that need LibreOffice would fail every commit; web archives and plain text are hardly ever forms there.
NOT_HOOKED = {".doc", ".wps", ".rtf", ".odt", ".xlsb", ".mht", ".mhtml", ".txt", ".csv", ".tsv", ".md"}


def test_the_suffixes_are_those_of_the_importers() -> None:
    from lintperf.pipeline import open_session

    suffixes = set(open_session().extensions.importers)
    assert {suffix for suffix in suffixes if not pattern().search(f"form{suffix}")} == NOT_HOOKED


def test_the_files_that_are_corrected_are_those_that_can_be() -> None:
    from lintperf.extension import Source
    from lintperf.pipeline import open_session, read_documents

    session = open_session()
    for suffix in session.extensions.importers:
        text = '{"type": "self-evaluation"}' if suffix == ".json" else "type: self-evaluation"
        documents = (
            [] if suffix in (".doc", ".wps") else read_documents(session, Source(f"x{suffix}", text.encode()))[0]
        )
        writable = any(document.syntax is not None for document in documents)
        assert bool(pattern("lintperf-fix").search(f"form{suffix}")) is writable, suffix


def test_the_hooks_are_valid() -> None:
    done = run(command("validate-manifest", str(HOOKS)), ROOT)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> str:
    """pre-commit's own folder, so that nothing of the user's is touched."""
    return str(tmp_path_factory.mktemp("pre-commit"))


@pytest.fixture(scope="module")
def hook_repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What somebody who names lintperf's repository gets: the files of the checkout, committed."""
    folder = tmp_path_factory.mktemp("lintperf")
    for name in ("lintperf", "plugins", "schemas", "rulesets"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        shutil.copy(ROOT / name, folder / name)
    git(folder, "init", "--quiet")
    git(folder, "add", ".")
    git(folder, "commit", "--quiet", "-m", "lintperf")
    return folder


@slow
@has_git
def test_commits(home: str, hook_repository: Path, tmp_path: Path) -> None:
    """A commit with a wrong form is refused and says why; with right ones and foreign files it passes."""
    revision = git(hook_repository, "rev-parse", "HEAD").strip()
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hook_repository}\n  rev: {revision}\n  hooks:\n  - id: lintperf\n", encoding="utf-8"
    )
    settings = {"PRE_COMMIT_HOME": home}
    assert run(command("install"), tmp_path, **settings).returncode == 0
    form = tmp_path / "forms" / "绿道 养护.json"
    form.parent.mkdir()

    def commit() -> subprocess.CompletedProcess[str]:
        git(tmp_path, "add", "--all")
        return run(["git", "commit", "-m", "forms"], tmp_path, **settings)

    form.write_text(form_text(clean_form(1)), encoding="utf-8")
    (tmp_path / "package.json").write_text('{"name": "x"}', encoding="utf-8")
    (tmp_path / "tsconfig.json").write_text("{// comment\n}", encoding="utf-8")
    (tmp_path / "compose.yml").write_text("a: &a 1\nb: *a\n", encoding="utf-8")
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    (tmp_path / "form.docx").write_bytes(word([TITLE, FORM]))
    done = commit()
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Passed" in done.stdout + done.stderr

    form.write_text(form_text(defective_form(2, "LP301")[0]), encoding="utf-8")
    done = commit()
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert "Failed" in said and "LP301" in said and "绿道 养护.json:" in said

    form.write_text(form_text(clean_form(2)), encoding="utf-8")
    (tmp_path / "form.docx").write_bytes(b"PK\x03\x04")
    done = commit()
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert "form.docx: error LP001" in said and "LP301" not in said

    (tmp_path / "form.docx").unlink()
    (tmp_path / "notes.txt").write_text("y", encoding="utf-8")
    done = commit()
    assert done.returncode == 0, done.stdout + done.stderr

    (tmp_path / "notes.txt").write_text("z", encoding="utf-8")
    assert "Skipped" in (lambda done: done.stdout + done.stderr)(commit())


@slow
@has_git
def test_commits_with_corrections(home: str, hook_repository: Path, tmp_path: Path) -> None:
    """The first commit is refused because the hook changed a file; the second one passes, with the right value."""
    revision = git(hook_repository, "rev-parse", "HEAD").strip()
    git(tmp_path, "init", "--quiet")
    (tmp_path / ".pre-commit-config.yaml").write_text(
        f"repos:\n- repo: {hook_repository}\n  rev: {revision}\n  hooks:\n  - id: lintperf-fix\n", encoding="utf-8"
    )
    settings = {"PRE_COMMIT_HOME": home}
    assert run(command("install"), tmp_path, **settings).returncode == 0
    form = tmp_path / "绿道 养护.json"
    before = form_text(defective_form(2, "LP301")[0])
    form.write_text(before, encoding="utf-8")
    foreign = '{"name": "x"}'
    (tmp_path / "package.json").write_text(foreign, encoding="utf-8")
    codes = []
    for _ in range(2):
        git(tmp_path, "add", "--all")
        done = run(["git", "commit", "-m", "forms"], tmp_path, **settings)
        codes.append((done.returncode, "files were modified by this hook" in done.stdout + done.stderr))
    assert codes == [(1, True), (0, False)]
    after = form.read_text(encoding="utf-8")
    pairs = zip(before.splitlines(), after.splitlines(), strict=True)
    assert [old.split(":")[0].strip() for old, new in pairs if old != new] == ['"rate"']
    assert (tmp_path / "package.json").read_text(encoding="utf-8") == foreign
