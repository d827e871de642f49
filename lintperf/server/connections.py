"""Limits of connections that no application sees: how many, how large headers are, how slow a client may be.

A connection that sends its headers or its body too slowly, or that does not take its answer, is closed: it would hold
memory, and its place, for as long as it likes.
"""

from __future__ import annotations

import asyncio
from time import monotonic
from typing import Any, ClassVar

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from lintperf.model import Text
from lintperf.server.metrics import Metrics
from lintperf.server.problems import language, problem
from lintperf.server.settings import ServerSettings, shown_size

__all__ = ["protocol_for"]

LONGEST_URL = 8 * 1024


def protocol_for(settings: ServerSettings, metrics: Metrics) -> type[asyncio.Protocol]:
    """The protocol of connections under these limits, for uvicorn's `http`."""
    return type("Connection", (_Connection,), {"settings": settings, "metrics": metrics})


class _Connection(HttpToolsProtocol):
    """uvicorn's connection with a watch on time and size.

    While something is expected of the client, a timer runs; it looks whether the client kept to the limits, and runs
    again if so. A small request arrives in one piece and never meets it.
    """

    settings: ClassVar[ServerSettings]
    metrics: ClassVar[Metrics]

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._timer: asyncio.TimerHandle | None = None
        self._awaits = "headers"  # "headers", "body", or "" while the client has nothing to send
        self._since = self._heard = 0.0
        self._size = 0
        self._refused = False
        self._unsent: tuple[float, float, int] | None = None
        self._send_timer: asyncio.TimerHandle | None = None

    # the life of a connection

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A client came."""
        super().connection_made(transport)
        if len(self.connections) > self.settings.max_connections:
            self._refuse(503, "connections", Text("连接过多，请稍后再试", "too many connections; try again soon"))
            return
        self._since = monotonic()
        self._watch(self.settings.header_seconds)

    def connection_lost(self, exc: Exception | None) -> None:
        """The client went."""
        self._unwatch()
        if self._send_timer is not None:
            self._send_timer.cancel()
        super().connection_lost(exc)

    # what the client sends

    def data_received(self, data: bytes) -> None:
        """Bytes came."""
        if self._refused:
            return
        self._heard = monotonic()
        if self._awaits != "body":
            self._size += len(data)
        super().data_received(data)
        if self._refused or self.transport.is_closing():
            return
        if self._awaits == "headers" and self._size > self.settings.max_headers:
            self._refuse_headers()
        elif not self._awaits:
            self._unwatch()
        elif self._timer is None:
            self._watch(self._patience())

    def on_message_begin(self) -> None:
        """A request begins."""
        super().on_message_begin()
        self._awaits, self._since = "headers", self._heard

    def on_headers_complete(self) -> None:
        """Its headers are there."""
        size = len(self.url) + sum(len(name) + len(value) for name, value in self.headers)
        if self._refused:
            return
        if len(self.url) > LONGEST_URL:
            self._refuse(414, "headers", Text("网址过长", "the address is too long"))
        elif size > self.settings.max_headers:
            self._refuse_headers()
        else:
            self._awaits, self._size = "body", 0
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """A piece of its body is there."""
        if self._refused:
            return
        self._size += len(body)
        if self.cycle.response_complete and self._size > 4 * self.settings.max_total:
            # it was refused long ago, and still sends; until here it is heard out, or a browser would not look at the
            # answer
            self._abort("body")
            return
        super().on_body(body)

    def on_message_complete(self) -> None:
        """All of it is there."""
        self._awaits, self._size = "", 0
        if not self._refused:
            super().on_message_complete()

    # limits of time

    def _patience(self) -> float:
        return self.settings.header_seconds if self._awaits == "headers" else self.settings.idle_seconds

    def _watch(self, seconds: float) -> None:
        self._timer = self.loop.call_later(seconds, self._look)

    def _unwatch(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        self._timer = None
        now = monotonic()
        if self._awaits == "headers":
            late = now - self._since >= self.settings.header_seconds
        elif self._awaits == "body" and not self.flow.read_paused:
            late = now - self._heard >= self.settings.idle_seconds or now - self._since >= self.settings.read_seconds
        else:
            late = False
        if not late:
            if self._awaits:
                self._watch(min(1.0, self._patience()))
        elif self._awaits == "body" and self.cycle is not None and self.cycle.response_started:
            self._abort("slow")
        else:
            self._refuse(408, "slow", Text("上传太慢，已放弃", "gave up: the request arrives too slowly"))

    # what the client does not take

    def pause_writing(self) -> None:
        """The client takes its answer slower than it is written."""
        super().pause_writing()
        now = monotonic()
        self._unsent = (now, now, self.transport.get_write_buffer_size())
        if self._send_timer is None:
            self._send_timer = self.loop.call_later(self.settings.idle_seconds, self._look_at_sending)

    def resume_writing(self) -> None:
        """It caught up."""
        self._unsent = None
        super().resume_writing()

    def _look_at_sending(self) -> None:
        self._send_timer = None
        if self.transport.is_closing() or self._unsent is None:
            return
        since, moved, before = self._unsent
        now, size = monotonic(), self.transport.get_write_buffer_size()
        if size < before:
            moved = now
        if now - moved >= self.settings.idle_seconds or now - since >= self.settings.read_seconds:
            self._abort("unread")
            return
        self._unsent = (since, moved, size)
        self._send_timer = self.loop.call_later(min(1.0, self.settings.idle_seconds), self._look_at_sending)

    def timeout_keep_alive_handler(self) -> None:
        """An idle connection has been kept long enough; one that has not taken its answer is idle too."""
        if self.transport.get_write_buffer_size():
            self._abort("unread")
        else:
            super().timeout_keep_alive_handler()

    # ends

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words
        """What came is no HTTP."""
        self._refuse(400, "no-http", Text("不是合法的 HTTP 请求", "this is no valid HTTP request"))

    def _refuse_headers(self) -> None:
        limit = shown_size(self.settings.max_headers)
        self._refuse(431, "headers", Text(f"请求头超过 {limit}", f"the headers are larger than {limit}"))

    def _refuse(self, status: int, why: str, text: Text) -> None:
        """Answer with a problem and close, where no answer has begun."""
        if self._refused:
            return
        self._refused = True
        self.metrics.refused(why)
        if self.cycle is not None and not self.cycle.response_complete:
            self.cycle.disconnected = True  # what the application still says goes nowhere
            self.cycle.message_event.set()
        answer = problem(status, text, language(self.headers or (), b""))
        head = [
            f"HTTP/1.1 {status} {'Refused'}",
            f"content-type: {answer.media_type}",
            f"content-length: {len(answer.body)}",
            "cache-control: no-store",
            "x-content-type-options: nosniff",
            "connection: close",
        ]
        self.transport.write("\r\n".join([*head, "", ""]).encode("ascii") + answer.body)
        self.transport.close()

    def _abort(self, why: str) -> None:
        self._refused = True
        self.metrics.refused(why)
        self.transport.abort()
