"""How tests start the command line in a process of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]


class Run(NamedTuple):
    code: int
    out: str
    err: str


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "lintperf", *arguments]


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This process's, with where the packages are, and without anything of the tests' own."""
    known = {name: value for name, value in os.environ.items() if not name.startswith("PYTHONDEV")}
    path = os.pathsep.join(filter(None, [str(ROOT), str(ROOT / "plugins"), os.environ.get("PYTHONPATH")]))
    return {**known, "PYTHONPATH": path, **settings}
