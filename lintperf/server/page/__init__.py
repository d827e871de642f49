"""The web page of the service: files to serve, none of which depends on who asks.

The page knows no document: what it shows of one, and the style sheets and scripts for that, come from the reporter that
has assets (lintperf.extension.Reporter), by the call `view` and under `/page/report/`.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from importlib.resources import files as resources
from pathlib import PurePosixPath

from lintperf.extension import Assets, Reporter, Sample
from lintperf.model import Text
from lintperf.plugins import load_extensions
from lintperf.version import __version__

__all__ = ["REPORTER", "files"]

REPORTER = "page"
OWN = ("first.js", "page.css", "page.js", "requests.js", "words.js", "icon.svg")
MEDIA_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def files(reporter: Reporter | None = None) -> Mapping[str, tuple[str, bytes]]:
    """Path → media type and content. `reporter`: the one with the assets; None: that of the installed plugins."""
    if reporter is None:
        reporter = load_extensions().pages[REPORTER]
    if reporter.assets is None:
        raise ValueError(f"{reporter.name} has no assets")
    assets = reporter.assets()
    found = {"/": _index(assets), **{f"/page/{name}": _own(name) for name in OWN}}
    found |= {f"/page/report/{name}": content for name, content in assets.files.items()}
    return {path: (_media_type(path), content) for path, content in found.items()}


def _index(assets: Assets) -> bytes:
    page = _own("index.html").decode()
    for mark, said in (
        ("title", html.escape(assets.title.zh)),
        ("brand", _both(assets.title)),
        ("heading", _both(assets.heading)),
        ("samples", "".join(map(_sample, assets.samples))),
        ("version", html.escape(__version__)),
    ):
        page = page.replace(f"<!-- {mark} -->", said)
    return page.encode()


def _both(value: Text) -> str:
    zh, en = html.escape(value.zh), html.escape(value.en)
    return f'<span class="zh" lang="zh-CN">{zh}</span><span class="en" lang="en">{en}</span>'


def _own(name: str) -> bytes:
    return resources(__package__).joinpath(name).read_bytes()


def _sample(sample: Sample) -> str:
    path, name = html.escape(f"page/report/{sample.path}"), html.escape(sample.name)
    said = _both(Text(f"用{sample.title.zh}试一试", f"Try it with {sample.title.en}"))
    return f'<button type="button" class="quiet" data-sample="{path}" data-name="{name}">{said}</button>'


def _media_type(path: str) -> str:
    return MEDIA_TYPES.get(PurePosixPath(path).suffix or ".html", "application/octet-stream")
