"""The service from its start to its end: the web process, its workers, and the signals that it obeys.

SIGTERM and SIGINT stop it: no new connections, requests in flight finish within a limit; a second one does not wait.
SIGHUP reads the tokens again and opens the log anew.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import find_spec
from math import ceil
from pathlib import Path

import uvicorn

from lintperf.model import Lang, Text
from lintperf.policy import UsageProblem
from lintperf.server.app import create_app
from lintperf.server.auth import Tokens, read_tokens
from lintperf.server.connections import protocol_for
from lintperf.server.guard import Guard
from lintperf.server.logs import Log, pass_on
from lintperf.server.metrics import Metrics
from lintperf.server.pool import Pool
from lintperf.server.settings import ServerSettings
from lintperf.version import __version__

__all__ = ["serve"]

FAILED = 3


def serve(settings: ServerSettings, lang: Lang) -> int:
    """Serve until told to stop. Returns 0, or 3 where the workers cannot start; raises UsageProblem for settings.

    lang  the language of what the operator reads
    """
    tokens = read_tokens(Path(settings.tokens)) if settings.tokens else Tokens()
    log = Log(settings.log)
    listener = _listener(settings)
    with listener:
        service = _Service(settings, lang, tokens, log, listener)
        loop = "uvloop" if find_spec("uvloop") else "asyncio"
        code = uvicorn.Config(lambda: None, loop=loop, log_config=None, access_log=False)
        with asyncio.Runner(loop_factory=code.get_loop_factory()) as runner:
            try:
                return runner.run(service.run())
            finally:
                log.close()


def _listener(settings: ServerSettings) -> socket.socket:
    """The socket that listens. Raises UsageProblem with the address."""
    try:
        family, _, _, _, address = socket.getaddrinfo(
            settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        return socket.create_server(address[:2], family=family, backlog=2048)
    except (OSError, UnicodeError) as problem:
        reason = getattr(problem, "strerror", None) or str(problem)
        where = f"{settings.host}:{settings.port}"
        raise UsageProblem(Text(f"无法监听 {where}（{reason}）", f"cannot listen on {where} ({reason})")) from None


class _Server(uvicorn.Server):
    """uvicorn's server, whose signals are handled by the service."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave signals alone."""
        yield


class _Service:
    """All parts of the service."""

    def __init__(self, settings: ServerSettings, lang: Lang, tokens: Tokens, log: Log, listener: socket.socket) -> None:
        self.settings, self.lang, self.log, self.listener = settings, lang, log, listener
        self.pool = Pool(settings, report=log.event)
        self.metrics = Metrics(self.pool)
        log.lost = self.metrics.log_lost
        pass_on(log, "uvicorn.error", "asyncio")
        logging.getLogger("uvicorn.error").setLevel(logging.WARNING)
        app = create_app(settings, self.pool, self.metrics)
        self.guard = Guard(app, settings, self.pool, tokens, self.metrics, log)
        self.server = _Server(uvicorn.Config(
            self.guard,
            http=protocol_for(settings, self.metrics),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            root_path=settings.root_path,
            proxy_headers=bool(settings.proxies),
            forwarded_allow_ips=list(settings.proxies),
            timeout_keep_alive=ceil(settings.keep_alive),
            timeout_graceful_shutdown=ceil(settings.stop_seconds),
        ))  # fmt: skip

    async def run(self) -> int:
        """Serve until told to stop."""
        loop = asyncio.get_running_loop()
        for name in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(name, self.stop)
        loop.add_signal_handler(signal.SIGHUP, self.reload)
        serving = loop.create_task(self.server.serve([self.listener]))
        starting = loop.create_task(self.pool.start())
        await asyncio.wait({serving, starting}, return_when=asyncio.FIRST_COMPLETED)
        if starting.done() and (problem := starting.exception()) is not None:
            self.server.should_exit = True
            await serving
            if isinstance(problem, UsageProblem):
                raise problem
            self.say("检查进程无法启动", "the workers cannot start")
            return FAILED
        if starting.done():
            self.greet()
        await serving
        if not starting.done():
            starting.cancel()
        await self.pool.stop(0 if self.server.force_exit else 1)
        self.log.event("stopped")
        return 0

    def greet(self) -> None:
        """Say where the service is, and what its operator should know."""
        host, port = self.listener.getsockname()[:2]
        shown = f"[{host}]" if ":" in host else host
        self.log.event("started", version=__version__, host=host, port=port, workers=self.settings.processes)
        self.say(
            f"在 http://{shown}:{port}{self.settings.root_path}/ 提供服务，按 Ctrl-C 停止",
            f"serving on http://{shown}:{port}{self.settings.root_path}/, stop with Ctrl-C",
        )
        if not ipaddress.ip_address(host).is_loopback and not self.guard.tokens:
            self.say(
                "警告：其他计算机可以访问此服务，而没有要求令牌（--tokens）",
                "warning: other machines can reach this service, and no tokens are asked for (--tokens)",
            )
        _notify("READY=1")

    def say(self, zh: str, en: str) -> None:
        """A line for the operator."""
        with suppress(OSError, ValueError):
            print(f"lintperf: {Text(zh, en).to(self.lang)}", file=sys.stderr, flush=True)

    def stop(self) -> None:
        """Stop; the second time at once."""
        if self.server.should_exit:
            self.server.force_exit = True
            return
        self.log.event("stopping", running=self.pool.running, waiting=self.pool.waiting)
        _notify("STOPPING=1")
        self.pool.leaving = True
        self.server.should_exit = True

    def reload(self) -> None:
        """Read the tokens again and open the log anew; what is wrong is said, and what was there stays."""
        try:
            if self.settings.tokens:
                self.guard.tokens = read_tokens(Path(self.settings.tokens))
            self.log.reopen()
        except UsageProblem as problem:
            self.say(problem.text.zh, problem.text.en)
            return
        self.log.event("reloaded", tokens=len(self.guard.tokens.tokens))


def _notify(state: str) -> None:
    """Tell systemd, where it wants to know."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
            channel.sendto(state.encode(), address.replace("@", "\0", 1) if address.startswith("@") else address)
