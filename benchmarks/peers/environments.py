"""Where the peers are installed: environments of their own beside this file, never that of lintperf.

What goes into one is pinned by a file: `package-lock.json` for node, a `requirements.txt` for each Python tool. It is
installed anew when that file has changed. Only an installation touches the network.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

__all__ = ["NODE", "Environment", "NodeEnvironment", "PythonEnvironment"]

HERE = Path(__file__).resolve().parent
MARK = "installed-from"


@dataclass(frozen=True)
class Environment(ABC):
    """Packages that one file pins.

    name    what stands in sentences about it
    pinned  the file that pins them
    folder  where they are installed
    """

    name: str
    pinned: Path
    folder: Path

    @abstractmethod
    def version(self, package: str) -> str:
        """The pinned version of a package. Raises LookupError where it is not pinned."""

    @abstractmethod
    def steps(self) -> list[Sequence[str]]:
        """The commands that install it into an empty folder. Raises FileNotFoundError where one of them is missing."""

    def missing(self) -> str | None:
        """None where the packages are there as pinned, else a sentence."""
        mark = self.folder / MARK
        if not mark.is_file():
            return f"{self.name} is not installed: python benchmarks/peers/run.py --install"
        if mark.read_bytes() != self.pinned.read_bytes():
            return f"{self.name} is installed in other versions: python benchmarks/peers/run.py --install"
        return None

    def install(self) -> str | None:
        """Installs the packages where they are missing. None, or a sentence that says why they are not to be had."""
        if self.missing() is None:
            return None
        shutil.rmtree(self.folder, ignore_errors=True)
        try:
            for step in self.steps():
                subprocess.run(step, cwd=self.pinned.parent, check=True, capture_output=True)
        except FileNotFoundError as error:
            return f"{self.name} cannot be installed: {error.filename or error} is missing"
        except subprocess.CalledProcessError as error:
            said = (error.stderr or error.stdout).decode(errors="replace").strip()
            return f"{self.name} cannot be installed: {said[-300:]}"
        (self.folder / MARK).write_bytes(self.pinned.read_bytes())
        return None


class NodeEnvironment(Environment):
    """What `package-lock.json` pins, in `node_modules`."""

    def version(self, package: str) -> str:
        """The version in package.json."""
        wanted: dict[str, str] = json.loads((self.pinned.parent / "package.json").read_bytes())["dependencies"]
        return wanted[package]

    def steps(self) -> list[Sequence[str]]:
        """`npm ci`, without the packages' own scripts."""
        npm = shutil.which("npm")
        if npm is None or shutil.which("node") is None:
            raise FileNotFoundError("node or npm")
        return [(npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund")]

    def program(self, name: str) -> str:
        """The path of a program of a package."""
        return str(self.folder / ".bin" / name)


class PythonEnvironment(Environment):
    """What a `requirements.txt` pins, in a virtual environment."""

    def version(self, package: str) -> str:
        """The version in requirements.txt."""
        match = re.search(rf"^{re.escape(package)}==(\S+)", self.pinned.read_text(encoding="utf-8"), re.MULTILINE)
        if match is None:
            raise LookupError(f"{self.pinned}: {package} is not pinned")
        return match[1]

    def steps(self) -> list[Sequence[str]]:
        """A virtual environment of this Python; exactly the pinned packages, whatever they would ask for."""
        packages = (
            "-m",
            "pip",
            "install",
            "--disable-pip-version-check",
            "--quiet",
            "--no-deps",
            "-r",
            str(self.pinned),
        )
        return [(sys.executable, "-m", "venv", str(self.folder)), (self.program("python"), *packages)]

    def program(self, name: str) -> str:
        """The path of a program of the environment."""
        return str(self.folder / ("Scripts" if os.name == "nt" else "bin") / name)


NODE = NodeEnvironment("the peers that run on node", HERE / "package-lock.json", HERE / "node_modules")


def python_environment(name: str, folder: str) -> PythonEnvironment:
    """The environment of the tool whose rules and requirements.txt lie in `folder` here."""
    return PythonEnvironment(name, HERE / folder / "requirements.txt", HERE / "environments" / folder)
