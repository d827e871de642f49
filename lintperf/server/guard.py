"""What every request passes: who asks, how often, how much; and every answer: security headers, log, metrics.

It holds nothing of the application: it is wrapped around it.
"""

from __future__ import annotations

import re
import secrets
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from pathlib import Path
from time import monotonic
from typing import Any

from lintperf.model import Text
from lintperf.server.auth import Rates, Token, Tokens
from lintperf.server.logs import Log
from lintperf.server.messages import Answer
from lintperf.server.metrics import Metrics
from lintperf.server.pool import Pool, PoolProblem
from lintperf.server.problems import language, problem
from lintperf.server.settings import ServerSettings, shown_size

__all__ = ["CONTENT_SECURITY_POLICY", "SECURITY_HEADERS", "Guard", "TooLarge"]

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'none'; frame-ancestors 'none'; base-uri 'none'"
)
# on every answer that does not bring its own
SECURITY_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-frame-options", b"DENY"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"cache-control", b"no-store"),
)
REQUEST_ID = re.compile(rb"[A-Za-z0-9._-]{1,64}")
SAFE = ("GET", "HEAD", "OPTIONS")
# what is told to everybody: the page, which asks for the token, and whether the service is there
OPEN = frozenset({"/", "/favicon.ico", "/healthz", "/readyz", "/openapi.json"})


class TooLarge(PoolProblem):
    """The request is larger than allowed."""

    status = 413


class Guard:
    """An ASGI application around another.

    tokens  may be replaced while the service runs
    """

    def __init__(
        self, app: App, settings: ServerSettings, pool: Pool, tokens: Tokens, metrics: Metrics, log: Log
    ) -> None:
        self.app, self.settings, self.pool = app, settings, pool
        self.tokens, self.metrics, self.log = tokens, metrics, log
        self.rates = Rates(settings.rate, settings.burst)
        self.hosts = frozenset(host.lower().encode() for host in settings.hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "http":
            await _Exchange(self, scope, receive, send).run()
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1000})
        else:
            await self.app(scope, receive, send)

    def refusal(self, scope: Scope, headers: dict[bytes, bytes]) -> tuple[Token | None, PoolProblem | None]:
        """The token that a request brings, and why it is refused, if it is."""
        if self.hosts:
            host = re.sub(rb":[0-9]*$", b"", headers.get(b"host", b"").lower())
            if host not in self.hosts:
                return None, _refused(421, "此服务不接受这个主机名", "this service does not answer to that host name")
        if scope["method"] not in SAFE and headers.get(b"sec-fetch-site") == b"cross-site":
            return None, _refused(403, "不接受其他网站页面发来的请求", "requests from pages of other sites are refused")
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if path in OPEN or path.startswith("/page/"):
            return None, None
        token = None
        if self.tokens:
            authorization = headers.get(b"authorization")
            token = self.tokens.find(authorization)
            if token is None and authorization:
                return None, _refused(401, "令牌不对", "the token is wrong")
            if token is None:
                return None, _refused(
                    401, "需要令牌：Authorization: Bearer 令牌", "a token is needed: Authorization: Bearer TOKEN"
                )
            if token.off:
                return token, _refused(403, "这个令牌已停用", "this token was switched off")
            if token.metrics_only and path != "/metrics":
                return token, _refused(403, "这个令牌只能读取 /metrics", "this token opens /metrics only")
        if path == "/metrics":
            return token, None
        client = scope.get("client")
        name = token.name if token is not None else client[0] if client else ""
        seconds = self.rates.wait(name, monotonic(), token.rate if token is not None else None)
        if seconds:
            return token, PoolProblem(
                Text(f"请求过于频繁，请 {seconds} 秒后再试", f"too many requests; try again in {seconds} seconds"),
                seconds,
                429,
            )
        return token, None


def _refused(status: int, zh: str, en: str) -> PoolProblem:
    return PoolProblem(Text(zh, en), status=status)


class _Exchange:
    """One request and its answer."""

    __slots__ = (
        "_receive",
        "_send",
        "done",
        "guard",
        "headers",
        "id",
        "received",
        "scope",
        "sent",
        "started",
        "status",
        "token",
    )

    def __init__(self, guard: Guard, scope: Scope, receive: Receive, send: Send) -> None:
        self.guard, self.scope, self._receive, self._send = guard, scope, receive, send
        self.headers: dict[bytes, bytes] = dict(scope["headers"])
        given = self.headers.get(b"x-request-id", b"")
        self.id = given if REQUEST_ID.fullmatch(given) else secrets.token_hex(8).encode()
        self.started = monotonic()
        self.status = self.received = self.sent = 0
        self.done = False
        self.token: Token | None = None

    async def run(self) -> None:
        """Answer the request, whatever happens, and write it down."""
        try:
            self.token, refusal = self.guard.refusal(self.scope, self.headers)
            if refusal is not None:
                await self.refuse(refusal)
                return
            await self.guard.app(self.scope, self.receive, self.send)
        except PoolProblem as refusal:
            await self.refuse(refusal)
        except Exception as wrong:
            where = [f"{Path(each.filename).name}:{each.lineno}" for each in traceback.extract_tb(wrong.__traceback__)]
            self.guard.log.event(
                "error", id=self.id.decode(), error=type(wrong).__name__, where=" < ".join(where[:-6:-1])
            )
            await self.refuse(PoolProblem(Text("程序内部出错", "internal error"), status=500))
        finally:
            self.guard.pool.hold(-self.received)
            self.write_down()

    async def receive(self) -> MutableMapping[str, Any]:
        """A piece of the request, counted."""
        message = await self._receive()
        if message["type"] == "http.request":
            size = len(message.get("body", b""))
            if size:
                if self.received + size > self.guard.settings.max_total:
                    limit = shown_size(self.guard.settings.max_total)
                    raise TooLarge(
                        Text(
                            f"上传的内容超过 {limit}，请分批上传",
                            f"the upload is larger than {limit}: send less at a time",
                        )
                    )
                self.guard.pool.hold(size)
                self.received += size
        return message

    async def send(self, message: MutableMapping[str, Any]) -> None:
        """A piece of the answer, counted, with the headers that all answers have."""
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = list(message.get("headers", ()))
            present = {name for name, _ in headers}
            headers += [each for each in SECURITY_HEADERS if each[0] not in present]
            headers.append((b"x-request-id", self.id))
            message = {**message, "headers": headers}
        else:
            self.sent += len(message.get("body", b""))
            self.done = not message.get("more_body", False)
        await self._send(message)

    async def refuse(self, refusal: PoolProblem) -> None:
        """Answer with a problem, unless the answer has begun: then it is broken off."""
        if self.status:
            if not self.done:
                raise ConnectionAbortedError
            return
        lang = language(self.scope["headers"], self.scope.get("query_string", b""))
        further: tuple[tuple[str, str], ...] = ()
        if refusal.retry_after:
            further += (("retry-after", str(refusal.retry_after)),)
        if refusal.status == 401:
            further += (("www-authenticate", 'Bearer realm="lintperf"'),)
        answer: Answer = problem(refusal.status, refusal.text, lang, further)
        headers = [(b"content-type", answer.media_type.encode()), (b"content-length", str(len(answer.body)).encode())]
        headers += [(name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in answer.headers]
        await self.send({"type": "http.response.start", "status": answer.status, "headers": headers})
        body = b"" if self.scope["method"] == "HEAD" else answer.body
        await self.send({"type": "http.response.body", "body": body})

    def write_down(self) -> None:
        """The line in the log, and the metrics."""
        seconds = monotonic() - self.started
        route, scope, guard = self.route(), self.scope, self.guard
        guard.metrics.answered(route, scope["method"], self.status, seconds, self.received, self.sent)
        details: dict[str, Any] = {}
        if self.token is not None:
            details["token"] = self.token.name
        if not self.done:
            details["broken"] = True
        if guard.settings.log_names and "lintperf.names" in scope:
            details["names"] = list(scope["lintperf.names"])
        client = scope.get("client")
        guard.log.event(
            "request",
            id=self.id.decode(),
            client=client[0] if client else None,
            method=scope["method"],
            route=route,
            status=self.status,
            ms=round(seconds * 1000, 1),
            received=self.received,
            sent=self.sent,
            **details,
        )

    def route(self) -> str:
        """The route as the application has it, with names for what varies; `other` for what it has not."""
        scope = self.scope
        if "endpoint" not in scope and self.status not in (401, 403, 429):
            return "other"
        path: str = scope["path"].removeprefix(scope.get("root_path", ""))
        parameters = scope.get("path_params", {})
        if "endpoint" not in scope:
            return "refused"
        for name, value in parameters.items():
            if value:
                path = path.removesuffix(str(value)) + f"{{{name}}}"
        return path
