"""Routes and their answers: requests become calls for the pool, answers of workers become answers of HTTP."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from hashlib import sha256
from typing import Protocol

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from lintperf.model import Lang, Text
from lintperf.server.fields import INTERNAL
from lintperf.server.messages import Answer, Call
from lintperf.server.pool import PoolProblem
from lintperf.server.problems import Refusal, language, problem
from lintperf.server.settings import ServerSettings
from lintperf.server.uploads import read_upload

__all__ = ["NAMES", "Metrics", "Runner", "create_app"]

# where the access log finds the names of the files that a request brought
NAMES = "lintperf.names"
# what clients are told of the settings
LIMITS = ("max_file", "max_total", "max_files", "max_fields", "max_field", "seconds", "memory")
# POST /v1/…: calls with files
UPLOADS = ("check", "convert", "annotate", "fix", "summary", "rescore", "view")
# GET: path → call without files
TOLD = {
    "/v1/rules": "rules",
    "/v1/rules/{code}": "rule",
    "/v1/schemas": "schemas",
    "/v1/schemas/{name}": "schema",
    "/v1/rulesets": "rulesets",
    "/v1/service": "service",
}
Endpoint = Callable[[Request], Awaitable[Response]]


class Runner(Protocol):
    """What performs calls: see lintperf.server.pool."""

    @property
    def ready(self) -> bool:
        """Whether calls are performed."""

    async def run(self, call: Call, gone: Callable[[], Awaitable[bool]] | None = None) -> Answer:
        """The answer to a call. Raises PoolProblem."""


class Metrics(Protocol):
    """What counts: see lintperf.server.metrics."""

    def text(self) -> str:
        """The state in the text format of Prometheus."""


def _response(answer: Answer) -> Response:
    # the header as it is: Starlette would add a charset to types that have none
    headers = {"Content-Type": answer.media_type, **dict(answer.headers)}
    return Response(answer.body, answer.status, headers)


def _language(request: Request) -> Lang:
    return language(request.scope["headers"], request.scope["query_string"])


def _said(settings: ServerSettings) -> dict[str, tuple[str, ...]]:
    """What the service itself says to every call."""
    said = {
        "seconds": str(settings.seconds),
        "limits": json.dumps({name: getattr(settings, name) for name in LIMITS}),
        "secured": "true" if settings.tokens else "false",
        "root": settings.root_path,
    }
    return {INTERNAL + name: (value,) for name, value in said.items()}


class _Service:
    """The endpoints."""

    def __init__(self, settings: ServerSettings, pool: Runner, metrics: Metrics) -> None:
        self.settings, self.pool, self.metrics = settings, pool, metrics
        self._descriptions: dict[Lang, Answer] = {}
        self._inside = _said(settings)

    def upload(self, name: str) -> Endpoint:
        """An endpoint that takes files."""

        async def endpoint(request: Request) -> Response:
            upload = await read_upload(request, self.settings)
            request.scope[NAMES] = [label for label, _ in upload.files]
            return await self.answer(request, name, upload.files, upload.fields)

        return endpoint

    def lookup(self, name: str) -> Endpoint:
        """An endpoint that only tells; the parameters of its path are handed over as fields of our own."""

        async def endpoint(request: Request) -> Response:
            fields: dict[str, tuple[str, ...]] = {}
            for key, value in request.query_params.multi_items():
                fields[key] = (*fields.get(key, ()), value)
            inside = {INTERNAL + key: (str(value),) for key, value in request.path_params.items()}
            return await self.answer(request, name, (), fields, inside)

        return endpoint

    async def answer(
        self,
        request: Request,
        name: str,
        files: tuple[tuple[str, bytes], ...],
        fields: Mapping[str, tuple[str, ...]],
        inside: Mapping[str, tuple[str, ...]] | None = None,
    ) -> Response:
        """The answer of a worker to a call, or the problem that there is none."""
        if any(key.startswith(INTERNAL) for key in fields):
            raise Refusal(422, Text(f"没有以 {INTERNAL} 开头的字段", f"no field begins with {INTERNAL}"))
        accept = request.headers.get("accept", "")
        call = Call(name, files, {**fields, **self._inside, **(inside or {})}, accept, _language(request))
        return _response(await self.pool.run(call, request.is_disconnected))

    async def openapi(self, request: Request) -> Response:
        """The description of the service; what is installed does not change while it runs."""
        lang = _language(request)
        if lang not in self._descriptions:
            call = Call("openapi", (), self._inside, "", lang)
            self._descriptions[lang] = await self.pool.run(call, None)
        answer = self._descriptions[lang]
        return _response(replace(answer, headers=(*answer.headers, ("Cache-Control", "no-cache"))))

    async def health(self, _request: Request) -> Response:
        """Whether the process answers."""
        return Response(b'{"status": "ok"}\n', media_type="application/json")

    async def ready(self, request: Request) -> Response:
        """Whether requests are carried out."""
        if self.pool.ready:
            return Response(b'{"status": "ready"}\n', media_type="application/json")
        text = Text("服务正在启动或停止", "the service is starting or stopping")
        return _response(problem(503, text, _language(request), (("Retry-After", "1"),)))

    async def measures(self, _request: Request) -> Response:
        """For Prometheus."""
        headers = {"Content-Type": "text/plain; version=0.0.4; charset=utf-8"}
        return Response(self.metrics.text(), headers=headers)


def _file(media_type: str, content: bytes) -> Endpoint:
    """An endpoint that serves a file of the page."""
    tag = f'"{sha256(content).hexdigest()[:32]}"'
    headers = {"Content-Type": media_type, "ETag": tag, "Cache-Control": "no-cache"}

    async def endpoint(request: Request) -> Response:
        known = [each.strip().removeprefix("W/") for each in request.headers.get("if-none-match", "").split(",")]
        if tag in known or known == ["*"]:
            return Response(status_code=304, headers=headers)
        return Response(content, headers=headers)

    return endpoint


def create_app(
    settings: ServerSettings, pool: Runner, metrics: Metrics, page: Mapping[str, tuple[str, bytes]] | None = None
) -> Starlette:
    """The application. It neither starts nor stops the pool.

    page  the files of the page by their paths, with their media types; those of the package without
    """
    service = _Service(settings, pool, metrics)
    files = _page() if page is None else page
    routes = [
        *(Route(f"/v1/{name}", service.upload(name), methods=["POST"]) for name in UPLOADS),
        *(Route(path, service.lookup(name)) for path, name in TOLD.items()),
        Route("/openapi.json", service.openapi),
        Route("/healthz", service.health),
        Route("/readyz", service.ready),
        Route("/metrics", service.measures),
        *(Route(path, _file(media_type, content)) for path, (media_type, content) in files.items()),
    ]
    handlers = {
        Refusal: _refused,
        PoolProblem: _unanswered,
        HTTPException: _not_routed,
        ClientDisconnect: _gone,
        Exception: _failed,
    }
    app = Starlette(routes=routes, exception_handlers=handlers)  # type: ignore[arg-type]
    app.router.redirect_slashes = False  # a redirection would lose what was uploaded
    return app


def _page() -> Mapping[str, tuple[str, bytes]]:
    from lintperf.server.page import files

    return files()


async def _refused(request: Request, refusal: Refusal) -> Response:
    return _response(problem(refusal.status, refusal.text, _language(request), refusal.headers))


async def _unanswered(request: Request, trouble: PoolProblem) -> Response:
    headers = (("Retry-After", str(trouble.retry_after)),) if trouble.retry_after else ()
    return _response(problem(trouble.status, trouble.text, _language(request), headers))


async def _failed(request: Request, _problem: Exception) -> Response:
    """A defect of ours: it is in the log, and no word of it goes to the client."""
    text = Text("服务内部出错，请告知管理员", "the service failed; tell its administrator")
    return _response(problem(500, text, _language(request)))


async def _gone(_request: Request, _problem: ClientDisconnect) -> Response:
    return Response(status_code=400)  # nobody reads it


async def _not_routed(request: Request, trouble: HTTPException) -> Response:
    method, path = request.method, request.url.path
    if trouble.status_code == 405:
        methods = {each.strip() for each in (trouble.headers or {}).get("Allow", "").split(",")}
        allowed = ", ".join(sorted(methods | {"OPTIONS"}))
        if method == "OPTIONS":
            return Response(status_code=204, headers={"Allow": allowed})
        text = Text(f"{path} 不支持 {method}，可用：{allowed}", f"{path} does not take {method}, use {allowed}")
        return _response(problem(405, text, _language(request), (("Allow", allowed),)))
    text = Text(f"没有 {path}；见 /openapi.json", f"there is no {path}; see /openapi.json")
    return _response(problem(404, text, _language(request)))
