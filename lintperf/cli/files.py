"""Files to check: what the user named, folders walked in a fixed order."""

from __future__ import annotations

import os
import stat
from collections.abc import Collection, Iterator, Sequence

from lintperf.model import Text
from lintperf.policy import UsageProblem

__all__ = ["find_files"]

SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__", "venv", "site-packages"})


def find_files(paths: Sequence[str], suffixes: Collection[str]) -> list[tuple[str, bool]]:
    """(path, found by walking a folder) for every file, in the order of paths, each file once.

    A folder is walked for files with one of the suffixes; hidden folders, lock files of office programs (`~$…`) and
    folders of dependencies are left out. Raises UsageProblem for a path that does not exist.
    """
    found: dict[str, tuple[str, bool]] = {}
    for name in paths:
        if _is_folder(name):
            for folder, file in _walk(name):
                # a Path for each file costs more than its check
                if file[max(0, file.rfind(".")) :].lower() in suffixes:
                    path = folder + file
                    found.setdefault(os.path.normpath(path), (path, True))
        else:
            key = os.path.normpath(name)
            found[key] = (found[key][0] if key in found else name, False)
    return sorted(found.values())


def _is_folder(name: str) -> bool:
    """Raises UsageProblem for what does not exist; a link to nowhere does, it is said to be unreadable later on."""
    try:
        if name:
            return stat.S_ISDIR(os.stat(name).st_mode)  # noqa: PTH116 - "" is no Path
    except OSError as problem:
        if os.path.lexists(name):
            return False
        if not isinstance(problem, FileNotFoundError | NotADirectoryError):
            raise UsageProblem(
                Text(f"无法打开 {name[:200]}：{problem.strerror}", f"cannot open {name[:200]}: {problem.strerror}")
            ) from None
    shown = name or '""'
    raise UsageProblem(Text(f"没有这个文件或文件夹：{shown}", f"no such file or folder: {shown}"))


def _walk(top: str) -> Iterator[tuple[str, str]]:
    """(path of a folder with the separator at its end, name of a file in it)."""
    for root, folders, files in os.walk(top):
        folders[:] = sorted(f for f in folders if not f.startswith(".") and f not in SKIPPED_FOLDERS)
        folder = os.path.join(root, "").removeprefix("./")  # noqa: PTH118 - a text
        for file in files:
            if not file.startswith((".", "~$")):
                yield folder, file
