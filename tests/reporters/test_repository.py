"""What a SARIF log says of the git checkout around the working folder, and what it must not say."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lintperf_builtin.reporters.sarif import write
from lintperf_builtin.reporters.sarif.repository import find_repository

from .sample import counted, files, view

REVISION = "0123456789abcdef0123456789abcdef01234567"


def checkout(folder: Path, address: str | None = "https://example.org/forms.git") -> Path:
    """The files of a `.git` that matter here."""
    git = folder / ".git"
    (git / "refs" / "heads").mkdir(parents=True)
    (git / "HEAD").write_text("ref: refs/heads/main\n", encoding="utf-8")
    (git / "refs" / "heads" / "main").write_text(f"{REVISION}\n", encoding="utf-8")
    remote = "" if address is None else f'[remote "origin"]\n\turl = {address}\n\tfetch = +refs/heads/*:refs/x/*\n'
    (git / "config").write_text(f"[core]\n\tbare = false\n{remote}", encoding="utf-8")
    return git


def run_in(_folder: Path, lang: Any = "zh") -> Any:
    return json.loads("".join(write(counted(files("forms")), view(lang))))["runs"][0]


def test_the_version_of_the_checkout_is_told(folder: Path) -> None:
    checkout(folder)
    run = run_in(folder)
    assert run["versionControlProvenance"] == [
        {
            "repositoryUri": "https://example.org/forms.git",
            "branch": "main",
            "mappedTo": {"uriBaseId": "%SRCROOT%"},
            "revisionId": REVISION,
        }
    ]
    assert run["originalUriBaseIds"] == {"%SRCROOT%": {"description": {"text": "Git 仓库的根文件夹"}}}


def test_names_of_files_start_at_the_root_of_the_checkout(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    checkout(folder)
    (folder / "区财政局").mkdir()
    monkeypatch.chdir(folder / "区财政局")
    run = run_in(folder)
    assert run["artifacts"][3]["location"]["uri"] == "%E5%8C%BA%E8%B4%A2%E6%94%BF%E5%B1%80/forms/a%25b.json"
    assert str(folder) not in json.dumps(run, ensure_ascii=False)


def test_without_a_remote_nothing_is_said_but_names_still_start_at_the_root(folder: Path) -> None:
    checkout(folder, None)
    run = run_in(folder)
    assert "versionControlProvenance" not in run
    assert run["originalUriBaseIds"]["%SRCROOT%"]["description"]["text"] == "Git 仓库的根文件夹"


@pytest.mark.parametrize(
    ("address", "uri"),
    [
        ("https://wang:s3cret@example.org:8443/ju/forms.git?token=s3cret#x", "https://example.org:8443/ju/forms.git"),
        ("https://s3cret@example.org/forms", "https://example.org/forms"),
        ("git@example.org:ju/绿道.git", "ssh://example.org/ju/%E7%BB%BF%E9%81%93.git"),
        ("ssh://git@example.org:2222/ju/forms.git", "ssh://example.org:2222/ju/forms.git"),
        ("git+ssh://git@[2001:db8::1]/forms.git", "ssh://[2001:db8::1]/forms.git"),
        ('"https://example.org/quoted.git"', "https://example.org/quoted.git"),
        ("/srv/git/forms.git", None),
        ("../forms.git", None),
        ("file:///srv/git/forms.git", None),
        ("C:\\git\\forms.git", None),
        ("C:/git/forms.git", None),
        ("https://[broken/forms.git", None),
        ("https://example.org:port/forms.git", None),
        ("", None),
    ],
)
def test_an_address_is_told_without_secrets_and_a_folder_not_at_all(
    folder: Path, address: str, uri: str | None
) -> None:
    checkout(folder, address)
    found = find_repository(folder)
    assert found is not None
    assert found.uri == uri


def test_a_packed_reference_a_detached_head_and_an_unborn_branch(folder: Path) -> None:
    git = checkout(folder)
    (git / "refs" / "heads" / "main").unlink()
    (git / "packed-refs").write_text(f"# pack-refs\n{'f' * 40} refs/heads/other\n{REVISION} refs/heads/main\n")
    assert find_repository(folder) == (folder, "https://example.org/forms.git", REVISION, "main")
    (git / "HEAD").write_text(f"{'a' * 64}\n")
    assert find_repository(folder) == (folder, "https://example.org/forms.git", "a" * 64, None)
    (git / "HEAD").write_text("ref: refs/heads/.invalid\n")
    assert find_repository(folder) == (folder, "https://example.org/forms.git", None, None)


def test_a_further_work_tree_has_its_own_head_and_the_shared_address(folder: Path) -> None:
    git = checkout(folder / "main")
    own = git / "worktrees" / "review"
    own.mkdir(parents=True)
    (own / "HEAD").write_text("ref: refs/heads/review\n")
    (own / "commondir").write_text("../..\n")
    (git / "refs" / "heads" / "review").write_text("b" * 40)
    (folder / "review").mkdir()
    (folder / "review" / ".git").write_text(f"gitdir: {own}\n")
    assert find_repository(folder / "review") == (
        folder / "review", "https://example.org/forms.git", "b" * 40, "review",
    )  # fmt: skip


def test_a_broken_checkout_is_no_failure(folder: Path) -> None:
    assert find_repository(folder) is None
    (folder / ".git").write_bytes(b"\xff\xfe\x00 nothing")
    assert find_repository(folder) is None
    (folder / ".git").write_text("gitdir: gone\n")
    assert find_repository(folder) == (folder, None, None, None)


def test_a_reference_does_not_lead_out_of_the_checkout(folder: Path) -> None:
    git = checkout(folder)
    (folder / "secret").write_text("c" * 40)
    (git / "HEAD").write_text("ref: ../secret\n")
    found = find_repository(folder)
    assert found is not None
    assert found.revision is None
