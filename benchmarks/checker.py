"""The one place where the benchmarks call lintperf's engine in process."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["open_checker"]


def open_checker() -> Callable[[bytes], list[str]]:
    """A function from the bytes of a JSON form to the codes found: the whole catalogue, notes and low confidence too.

    Packs are loaded and compiled at its first call. It raises RuntimeError where a rule crashed, because a crash would
    pass for speed.
    """
    import gc

    from lintperf.extension import Source
    from lintperf.pipeline import check_source, open_session
    from lintperf.policy import Policy

    gc.set_threshold(50_000, 20, 50)  # as the command does: documents make no cycles
    session = open_session()
    policy = Policy(persona="auditor")

    def check(content: bytes) -> list[str]:
        result = check_source(session, Source("form.json", content), policy)
        if result.notifications:
            raise RuntimeError(result.notifications[0].text.en)
        return [finding.code for document in result.documents for finding in document.findings]

    return check
