"""Documents checked in this process, with the rows of their tables."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from lintperf.document import Document
from lintperf.pipeline import Session, check_document, open_session
from lintperf.policy import Policy
from lintperf.results import DocumentResult, Wanted


@pytest.fixture(scope="session")
def session() -> Session:
    return open_session()


@pytest.fixture(scope="session")
def check(session: Session) -> Callable[..., DocumentResult]:
    """A document checked by an auditor, with the rows of `summary` and `rescore`; a crash fails the test."""

    def run(form: dict[str, Any], **settings: Any) -> DocumentResult:
        crashes: list[Any] = []
        policy = Policy(persona="auditor", today="2026-01-01", **settings)
        wanted = Wanted(tables=("summary", "rescore"))
        result = check_document(session, Document("form.json", form), policy, crashes, wanted)
        assert not crashes, crashes
        return result

    return run
