"""Files: their URIs from the root of the repository, and what a log says of them."""

from __future__ import annotations

import os.path
from pathlib import Path, PurePath
from typing import NamedTuple
from urllib.parse import quote

import sarif_om as om  # type: ignore[import-untyped]

from lintperf.model import Lang, Text
from lintperf_builtin.reporters.sarif.messages import plain_message
from lintperf_builtin.reporters.sarif.repository import Repository, find_repository

__all__ = ["ROOT", "Root", "artifact", "base_ids", "provenance", "root_of_run"]

ROOT = "%SRCROOT%"
MEDIA_TYPES = {
    ".json": "application/json",
    ".yaml": "application/yaml",
    ".yml": "application/yaml",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".xls": "application/vnd.ms-excel",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".pdf": "application/pdf",
    ".html": "text/html",
    ".htm": "text/html",
    ".txt": "text/plain",
    ".md": "text/markdown",
}
WORKING_FOLDER = Text("运行 lintperf 时所在的文件夹", "The folder that lintperf was run in")
REPOSITORY = Text("Git 仓库的根文件夹", "The root of the git repository")


class Root(NamedTuple):
    """What URIs are relative to: the root of the repository around the working folder, or that folder.

    Code scanning looks files up from the root of the repository, wherever the program ran.
    """

    working: Path
    folder: Path
    repository: Repository | None

    def uri(self, path: str) -> tuple[str, str | None]:
        """The URI of a file and its base: relative below the root, absolute elsewhere."""
        whole = Path(os.path.normpath(self.working / path))
        try:
            name = whole.relative_to(self.folder).as_posix()
        except ValueError:
            return whole.as_uri(), None
        return quote(name, errors="surrogateescape"), ROOT


def root_of_run() -> Root:
    """The root for files named from the working folder."""
    working = Path.cwd()
    repository = find_repository(working)
    return Root(working, repository.root if repository else working, repository)


def base_ids(root: Root, lang: Lang) -> dict[str, om.ArtifactLocation]:
    """What the base of URIs means; where it lies on this machine is nobody's business."""
    meaning = WORKING_FOLDER if root.repository is None else REPOSITORY
    return {ROOT: om.ArtifactLocation(description=plain_message(meaning.to(lang)))}


def provenance(root: Root) -> list[om.VersionControlDetails] | None:
    """Which version of which repository was checked; None where it has no address that others can use."""
    found = root.repository
    if found is None or found.uri is None:
        return None
    return [
        om.VersionControlDetails(
            repository_uri=found.uri,
            revision_id=found.revision,
            branch=found.branch,
            mapped_to=om.ArtifactLocation(uri_base_id=ROOT),
        )
    ]


def artifact(path: str, size: int | None, sha256: str | None, root: Root) -> om.Artifact:
    """A file that was checked."""
    uri, base = root.uri(path)
    return om.Artifact(
        location=om.ArtifactLocation(uri=uri, uri_base_id=base),
        length=-1 if size is None else size,
        hashes={"sha-256": sha256} if sha256 else None,
        mime_type=MEDIA_TYPES.get(PurePath(path).suffix.lower()),
        roles=["analysisTarget"],
    )
