"""Names of files as forges look them up: from the root of the repository, with `/`, whatever folder we run in."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path, PurePath

from lintperf.surroundings import checkout_around

__all__ = ["from_root"]

# a file's findings come one after the other
NAMES_KEPT = 16


def from_root() -> Callable[[str], str]:
    """What gives paths from the root of the git repository around the working folder, or from that where there is none.

    A file outside of it keeps its path.
    """
    folder = Path.cwd()
    root = checkout_around(str(folder)) or folder

    @lru_cache(NAMES_KEPT)
    def name(path: str) -> str:
        whole = PurePath(posixpath.normpath((folder / path).as_posix()))
        if whole.is_relative_to(root):
            return whole.relative_to(root).as_posix()
        return posixpath.normpath(PurePath(path).as_posix())

    return name
