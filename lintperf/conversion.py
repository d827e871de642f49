"""A file read and written as canonical JSON, with what could not be taken over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from lintperf.document import Document
from lintperf.document.exact import pretty
from lintperf.document.origin import origin_of
from lintperf.extension import Source
from lintperf.model import Finding, Notification
from lintperf.pipeline import Session, check_document, read_documents, rules_of
from lintperf.policy import Policy
from lintperf.rules.rule import Rule

__all__ = ["Reading", "canonical", "read_and_judge", "with_origins"]

# suffixes of files that hold the document's own form: nothing is converted
AS_WRITTEN = (".json", ".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Reading:
    """The documents of a file, and what was found while they were read.

    rules          of the findings, by code
    notifications  an importer crashed
    """

    documents: Sequence[Document]
    findings: Sequence[Finding]
    rules: Mapping[str, Rule]
    notifications: Sequence[Notification]

    @property
    def read(self) -> list[Document]:
        """The documents that could be read."""
        return [document for document in self.documents if document.data is not None]


def read_and_judge(session: Session, source: Source) -> Reading:
    """The documents of a file, and what the rules about reading say of them."""
    documents, notifications = read_documents(session, source)
    policy = Policy(select=("LP0",), persona="auditor")
    rules = rules_of(session, policy, [None, *session.extensions.types])
    findings = [each for document in documents for each in check_document(session, document, policy, []).findings]
    return Reading(documents, findings, rules, notifications)


def with_origins(documents: Sequence[Document]) -> None:
    """Write into each document where its values stood in the file, unless that holds the document's own form."""
    for document in documents:
        if PurePath(document.path).suffix.lower() not in AS_WRITTEN and isinstance(document.data, dict):
            document.data["origin"] = origin_of(document)


def canonical(documents: Sequence[Document]) -> str:
    """The text of a JSON file with the values of one document, or with a list of those of several."""
    data: Any = documents[0].data if len(documents) == 1 else [document.data for document in documents]
    return pretty(data) + "\n"
