"""Requests to the application without a server or a client library between: every byte can be chosen."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode, urlsplit

from server.in_process import InProcess, NoMetrics

from lintperf.server.app import create_app
from lintperf.server.settings import ServerSettings

PAGE = {"/": ("text/html; charset=utf-8", b"<!DOCTYPE html>"), "/page/page.css": ("text/css; charset=utf-8", b"p {}")}
BOUNDARY = "7f3a-lintperf"


class Reply(NamedTuple):
    """What came back."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def detail(self) -> str:
        """The sentence of a problem."""
        assert self.headers["content-type"] == "application/problem+json"
        assert self.json["status"] == self.status
        return str(self.json["detail"])


@cache
def pool() -> InProcess:
    return InProcess()


@cache
def app(settings: ServerSettings | None = None) -> Any:
    return create_app(settings or ServerSettings(), pool(), NoMetrics(), PAGE)


def send(
    method: str,
    target: str,
    body: bytes | Sequence[bytes] = b"",
    headers: Mapping[str, str] | Sequence[tuple[str, str]] = (),
    application: Any = None,
) -> Reply:
    """Send a request whose body arrives in pieces; the answer."""
    pieces = [body] if isinstance(body, bytes) else list(body)
    return asyncio.run(_send(method, target, pieces, dict(headers), application or app()))


async def _send(method: str, target: str, pieces: list[bytes], headers: dict[str, str], application: Any) -> Reply:
    url = urlsplit(target)
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": url.path, "raw_path": quote(url.path).encode(), "query_string": url.query.encode(), "root_path": "",
        "headers": [(name.lower().encode(), value.encode("utf-8")) for name, value in headers.items()],
        "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 8000),
    }  # fmt: skip
    waiting = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    waiting.append({"type": "http.request", "body": b"", "more_body": False})
    sent: list[Any] = []

    async def receive() -> Any:
        return waiting.pop(0) if waiting else {"type": "http.disconnect"}

    async def take(message: Any) -> None:
        sent.append(message)

    await application(scope, receive, take)
    start = next(message for message in sent if message["type"] == "http.response.start")
    content = b"".join(message.get("body", b"") for message in sent if message["type"] == "http.response.body")
    got = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in start["headers"]}
    return Reply(start["status"], got, content)


def form(
    files: Iterable[tuple[str, bytes]] = (), fields: Iterable[tuple[str, str]] = (), end: bool = True
) -> tuple[bytes, dict[str, str]]:
    """A multipart form as browsers write it, and its header."""
    lines = []
    for name, value in fields:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
        lines.append(head.encode() + value.encode() + b"\r\n")
    for name, content in files:
        shown = name.replace('"', "%22").replace("\r", "%0D").replace("\n", "%0A")
        head = (
            f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{shown}"\r\n'
            "Content-Type: application/octet-stream\r\n\r\n"
        )
        lines.append(head.encode() + content + b"\r\n")
    if end:
        lines.append(f"--{BOUNDARY}--\r\n".encode())
    return b"".join(lines), {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}


def post(
    call: str,
    files: Iterable[tuple[str, bytes]],
    fields: Iterable[tuple[str, str]] = (),
    headers: Mapping[str, str] | None = None,
    query: Iterable[tuple[str, str]] = (),
    application: Any = None,
) -> Reply:
    """Upload files as a form."""
    body, own = form(files, fields)
    return send("POST", f"/v1/{call}?{urlencode(list(query))}", body, own | (dict(headers or {})), application)


def copied(content: bytes, project: str) -> bytes:
    """A form again, as that of another project: rules that compare the files of a run find what was copied."""
    data = json.loads(content)
    data["heading"]["project"] = project
    return json.dumps(data, ensure_ascii=False).encode()
