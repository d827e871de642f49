"""A pool without processes: calls are performed where they are made. For tests of what calls answer."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from lintperf.pipeline import Session
from lintperf.server.calls import perform, warm
from lintperf.server.messages import Answer, Call


class InProcess:
    """Performs calls at once, one after the other."""

    ready = True

    def __init__(self, session: Session | None = None) -> None:
        self.session = session or warm()

    async def run(self, call: Call, gone: Callable[[], Awaitable[bool]] | None = None) -> Answer:
        """The answer to a call."""
        return self.perform(call)

    def perform(self, call: Call) -> Answer:
        """The answer to a call."""
        return perform(self.session, call)


class NoMetrics:
    """Counts nothing."""

    def text(self) -> str:
        """Nothing."""
        return ""
