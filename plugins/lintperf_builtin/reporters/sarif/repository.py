"""The git checkout that a folder lies in, read from its files: no program is started, nothing in it is run.

Whatever cannot be read is not known; a checkout with references in a table (`reftable`) has no revision here.
"""

from __future__ import annotations

import re
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from lintperf.surroundings import checkout_around

__all__ = ["Repository", "find_repository"]

_SECTION = re.compile(r'\[\s*([A-Za-z0-9.-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]')
_HEX = re.compile(r"[0-9a-f]{40}(?:[0-9a-f]{24})?")
_SCP = re.compile(r"(?:[^@/\\\s]+@)?([A-Za-z0-9][A-Za-z0-9.-]+):(?![/\\]{2})(\S+)")
_SCHEMES = ("https", "http", "ssh", "git", "git+ssh", "ssh+git")
# nobody writes a configuration of this size
MOST_BYTES = 1024 * 1024


class Repository(NamedTuple):
    """A checkout: its root, where it was cloned from (never with a name or password), what is checked out."""

    root: Path
    uri: str | None
    revision: str | None
    branch: str | None


def find_repository(folder: Path) -> Repository | None:
    """The checkout around a folder; None where there is none."""
    around = checkout_around(str(folder))
    if around is None:
        return None
    root = Path(around)
    entry = root / ".git"
    with suppress(OSError, ValueError):
        if entry.is_dir():
            return _read(root, entry)
        if entry.is_file():
            # of a submodule or a further work tree
            return _read(root, (root / _line(entry).removeprefix("gitdir:").strip()))
    return None


def _line(path: Path) -> str:
    """The text of a small file; "" where it cannot be read."""
    try:
        if path.stat().st_size > MOST_BYTES:
            return ""
        return path.read_text(encoding="utf-8", errors="replace").strip()
    except OSError:
        return ""


def _read(root: Path, folder: Path) -> Repository:
    head = _line(folder / "HEAD")
    shared = _line(folder / "commondir")
    common = folder / shared if shared else folder
    branch, revision = None, head
    if head.startswith("ref:"):
        reference = head.removeprefix("ref:").strip()
        branch = reference.removeprefix("refs/heads/")
        # a reference that leads out of the folder is none
        revision = "" if ".." in reference else _line(common / reference) or _packed(common, reference)
    known = _HEX.fullmatch(revision) is not None
    return Repository(root, _address(_line(common / "config")), revision if known else None, branch if known else None)


def _packed(folder: Path, reference: str) -> str:
    for line in _line(folder / "packed-refs").splitlines():
        revision, _, name = line.partition(" ")
        if name == reference:
            return revision
    return ""


def _address(config: str) -> str | None:
    """The address of `origin`, or of the first remote that has one, as a URI."""
    addresses: dict[str, str] = {}
    remote = None
    for line in config.splitlines():
        section = _SECTION.match(line.strip())
        if section:
            remote = section[2] if section[1].lower() == "remote" else None
            continue
        key, _, value = line.partition("=")
        if remote is not None and key.strip().lower() == "url":
            addresses.setdefault(remote, value.strip().strip('"'))
    first = addresses.get("origin") or next(iter(addresses.values()), None)
    return None if first is None else _uri(first)


def _uri(address: str) -> str | None:
    """`https://host/owner/name.git` of an address on another machine: without user, password, query and fragment.

    None for a folder of this machine.
    """
    if "://" not in address:
        short = _SCP.fullmatch(address)
        if not short:
            return None
        return f"ssh://{short[1].lower()}/{quote(short[2].lstrip('/'))}"
    try:
        parts = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme.lower() not in _SCHEMES or not host:
        return None
    scheme = "ssh" if "ssh" in parts.scheme.lower() else parts.scheme.lower()
    host = f"[{host}]" if ":" in host else host
    return f"{scheme}://{host}{f':{port}' if port else ''}{quote(parts.path, safe='/%~')}"
