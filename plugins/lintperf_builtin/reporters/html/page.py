"""The page around the sections of a report: head, navigation, foot, and the style sheets and scripts written into it.

A page is one file that asks for nothing else: its content security policy forbids every request, and every style and
script other than those written here. So no element may carry a `style` attribute or an event handler.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from hashlib import sha256
from importlib.resources import files
from typing import NamedTuple

from lintperf.model import Lang, Notification, Text
from lintperf.results import View
from lintperf_builtin.reporters.html.parts import both, labelled, text

__all__ = ["Section", "made", "page", "resource"]

_SKIP = Text("跳到正文", "Skip to content")
_SECTIONS = Text("本报告各部分", "Parts of this report")
_FAILED = Text(
    "工具自身出错 {} 处，以下结果不完整。",
    "The tool itself failed {} time(s): what follows is incomplete.",
)
_LANGUAGE = Text("语言", "Language")
_MADE = Text(
    "由 lintperf {version} 检查；规则包 {ruleset}（{hash}）",
    "Checked by lintperf {version}; rules {ruleset} ({hash})",
)
_LANGUAGES: tuple[tuple[Lang, str, str], ...] = (("zh", "zh-CN", "中文"), ("en", "en", "English"))


class Section(NamedTuple):
    """A part of the page with an entry in its navigation.

    name     its id
    body     pieces of HTML, taken once
    styles   names of files in this package, which the page writes into itself; the same file is written once
    scripts  the same; each is a function of its own or otherwise keeps its names to itself
    """

    name: str
    title: Text
    body: Iterable[str]
    styles: tuple[str, ...] = ()
    scripts: tuple[str, ...] = ()


@cache
def resource(name: str) -> str:
    """A style sheet or script of this package."""
    return files(__package__ or __name__).joinpath(name).read_text("utf-8")


def page(
    title: Text,
    brand: Text,
    sections: Sequence[Section],
    view: View,
    failures: Sequence[Notification] = (),
    failed: int = 0,
) -> Iterator[str]:
    """A whole page: pieces of HTML. Its language is that of the run; a reader can change it on the page.

    title     of the window
    brand     what stands in the bar at the top
    failures  of the tool itself, told before all else; `failed` is how many there were
    """
    styles = [resource(name) for name in dict.fromkeys(("page.css", *(n for each in sections for n in each.styles)))]
    scripts = [resource(name) for name in dict.fromkeys(("page.js", *(n for each in sections for n in each.scripts)))]
    language = next(tag for lang, tag, _ in _LANGUAGES if lang == view.lang)
    yield (
        f'<!DOCTYPE html>\n<html lang="{language}" data-lang="{view.lang}">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_policy(styles, scripts)}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        '<meta name="color-scheme" content="light dark">\n'
        f'<meta name="generator" content="lintperf {text(view.version)}">\n'
        f"<title>{text(title.to(view.lang))}</title>\n"
    )
    yield from (f"<style>{style}</style>\n" for style in styles)
    yield f'</head>\n<body>\n<a class="skip" href="#main">{both(_SKIP)}</a>\n'
    yield f'<header class="top">\n<p class="brand">{both(brand)}</p>\n'
    if len(sections) > 1:
        yield f"<nav {labelled(_SECTIONS, view.lang)}>\n<ul>\n"
        yield from (f'<li><a href="#{text(each.name)}">{both(each.title)}</a></li>\n' for each in sections)
        yield "</ul>\n</nav>\n"
    buttons = "".join(
        f'<button type="button" lang="{tag}" data-set-lang="{lang}" aria-pressed="{str(lang == view.lang).lower()}">'
        f"{name}</button>"
        for lang, tag, name in _LANGUAGES
    )
    yield f'<div class="language" role="group" {labelled(_LANGUAGE, view.lang)}>{buttons}</div>\n</header>\n'
    yield '<main id="main" tabindex="-1">\n'
    if failures:
        counted = Text(_FAILED.zh.format(failed), _FAILED.en.format(failed))
        yield f'<aside class="failures" {labelled(counted, view.lang)}>\n<p>{both(counted)}</p>\n<ul>\n'
        yield from (f"<li><code>{text(each.path)}</code> {both(each.text)}</li>\n" for each in failures)
        yield "</ul>\n</aside>\n"
    for each in sections:
        yield f'<section id="{text(each.name)}" class="part" {labelled(each.title, view.lang)}>\n'
        yield from each.body
        yield "</section>\n"
    yield f'</main>\n<footer class="made">{both(made(view))}</footer>\n'
    yield from (f"<script>{script}</script>\n" for script in scripts)
    yield "</body>\n</html>\n"


def made(view: View) -> Text:
    """What checked the documents, with which rules."""
    values = {"version": view.version, "ruleset": view.ruleset_name, "hash": view.ruleset_hash[:12]}
    return Text(_MADE.zh.format(**values), _MADE.en.format(**values))


def _policy(styles: Sequence[str], scripts: Sequence[str]) -> str:
    """No request of any kind; the styles and scripts that are written into the page, and no others."""
    style, script = (" ".join(map(_digest, each)) or "'none'" for each in (styles, scripts))
    allowed = f"style-src {style}; script-src {script}; img-src data:"
    return f"default-src 'none'; {allowed}; base-uri 'none'; form-action 'none'"


def _digest(content: str) -> str:
    return f"'sha256-{b64encode(sha256(content.encode()).digest()).decode()}'"
