"""What `--since` asks git: which files differ from a revision, and what they held there. No network, no writing."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from lintperf.model import Text
from lintperf.policy import UsageProblem
from lintperf.surroundings import checkout_around

__all__ = ["Repository", "repository_of"]

# git looks at files and nothing else: no monitor, no sub-repositories, no waiting for a password. Filters of the
# user's own settings (line ends, Git LFS) run as they do for `git status`: without them every such file would differ
SETTINGS = ("-c", "core.fsmonitor=false", "-c", "core.quotePath=false", "-c", "diff.ignoreSubmodules=all")
ENVIRONMENT = {"GIT_OPTIONAL_LOCKS": "0", "GIT_TERMINAL_PROMPT": "0", "GIT_NO_LAZY_FETCH": "1", "LC_ALL": "C"}


@dataclass(frozen=True, slots=True)
class Repository:
    """A work tree against a revision.

    root     the folder of the work tree, as the operating system knows it
    commit   what the revision stands for
    before   path in the work tree → path in the revision, for files that differ; others do not differ or are new
    known    the paths in the revision
    """

    root: str
    commit: str
    before: Mapping[str, str] = field(default_factory=dict)
    known: frozenset[str] = frozenset()

    def path_of(self, file: str) -> str:
        """The path of a file within the work tree, with `/`. Links to its folder are followed, its own is not."""
        folder, name = os.path.split(os.path.abspath(file))  # noqa: PTH100 - not the file's own link
        return os.path.relpath(os.path.join(os.path.realpath(folder), name), self.root).replace(os.sep, "/")  # noqa: PTH118

    def is_unchanged(self, file: str) -> bool:
        """Whether a file is what it was in the revision."""
        path = self.path_of(file)
        return path in self.known and path not in self.before

    def content_before(self, file: str) -> bytes | None:
        """What a file held in the revision, under the name it had there; None for a new file. Raises UsageProblem."""
        path = self.path_of(file)
        path = self.before.get(path, path)
        if path not in self.known:
            return None
        return _git(self.root, "cat-file", "blob", f"{self.commit}:{path}")


def repository_of(file: str, revision: str, opened: dict[str, Repository]) -> Repository:
    """The repository that a file lies in, against `revision`; each is looked at once. Raises UsageProblem.

    opened  repositories by their folder, filled here
    """
    folder = os.path.realpath(os.path.dirname(os.path.abspath(file)))  # noqa: PTH100, PTH120 - a Path costs more
    root = checkout_around(folder)
    if root is None:
        raise UsageProblem(Text(
            f"--since：{file} 不在 Git 仓库中；请在仓库内运行，或去掉 --since",
            f"--since: {file} is in no git repository; run it in one, or leave --since out",
        ))  # fmt: skip
    if root not in opened:
        opened[root] = _opened(root, revision)
    return opened[root]


def _opened(root: str, revision: str) -> Repository:
    if not revision or revision.startswith("-") or "\0" in revision:
        raise _unknown(revision)
    try:
        commit = _git(root, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{revision}^{{commit}}")
    except UsageProblem:
        _git(root, "rev-parse", "--git-dir")  # raises where it is git itself, or the repository, that is wrong
        raise _unknown(revision) from None
    sha = commit.decode("ascii").strip()
    before: dict[str, str] = {}
    parts = iter(
        _git(
            root, "diff", "--name-status", "-z", "-M", "--no-ext-diff", "--no-textconv", "--ignore-submodules=all",
            sha, "--",
        ).split(b"\0")
    )  # fmt: skip
    for status in parts:
        if not status:
            break
        path = os.fsdecode(next(parts))
        if status[:1] in (b"R", b"C"):
            before[os.fsdecode(next(parts))] = path
        else:
            before[path] = path
    listed = _git(root, "ls-tree", "-r", "-z", "--name-only", "--full-tree", sha)
    return Repository(root, sha, before, frozenset(os.fsdecode(path) for path in listed.split(b"\0") if path))


def _unknown(revision: str) -> UsageProblem:
    return UsageProblem(Text(
        f"--since：仓库中没有版本 {revision}；请写提交、分支或标签，浅克隆须先取回历史（git fetch --unshallow）",
        f"--since: the repository has no revision {revision}; name a commit, branch or tag, and fetch the history of"
        " a shallow clone first (git fetch --unshallow)",
    ))  # fmt: skip


def _git(root: str, *arguments: str) -> bytes:
    """What git prints. Raises UsageProblem where there is no git, or where it fails."""
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603 - fixed arguments; a revision never begins with `-`
            ["git", "-C", root, "--no-pager", *SETTINGS, *arguments],  # noqa: S607 - the user's git, wherever it is
            stdin=subprocess.DEVNULL,
            capture_output=True,
            env={**_environment(), **ENVIRONMENT},
            check=False,
        )
    except FileNotFoundError:
        raise UsageProblem(Text(
            "--since 需要 git，本机没有；请安装 git，或去掉 --since",
            "--since needs git, which is not installed; install it, or leave --since out",
        )) from None  # fmt: skip
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        reason = said[0][:300] if said else f"git {arguments[0]}: {done.returncode}"
        raise UsageProblem(Text(
            f"--since：{Path(root)} 的 Git 仓库无法使用（{reason}）",
            f"--since: the git repository of {Path(root)} cannot be used ({reason})",
        ))  # fmt: skip
    return done.stdout


def _environment() -> dict[str, str]:
    """The environment without what a calling git hook sets: it may point to another repository or index."""
    return {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}


_OF_A_HOOK = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX", "GIT_OBJECT_DIRECTORY"})
