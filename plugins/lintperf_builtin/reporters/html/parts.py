"""Pieces of HTML: escaped texts, texts in both languages, labels, data for scripts."""

from __future__ import annotations

import html
import re
from typing import Any

from lintperf.document.exact import dumps
from lintperf.model import Lang, Severity, Text

__all__ = ["SEVERITIES", "both", "data", "labelled", "same", "text"]

SEVERITIES = {
    Severity.error: Text("错误", "error"),
    Severity.warning: Text("警告", "warning"),
    Severity.note: Text("提示", "note"),
}

# What no HTML page may hold, and marks that turn the direction of all that follows them: shown as U+FFFD.
_UNSAFE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)


def text(value: str) -> str:
    """A text as the content of an element or the value of an attribute in double quotes."""
    return html.escape(_UNSAFE.sub("\ufffd", value))


def both(value: Text) -> str:
    """A text in both languages; the page shows one of them. Where both are the same, it is written once."""
    if value.zh == value.en:
        return text(value.zh)
    return f'<span class="zh" lang="zh-CN">{text(value.zh)}</span><span class="en" lang="en">{text(value.en)}</span>'


def same(value: str) -> Text:
    """A text of a document, which has one language."""
    return Text(value, value)


def labelled(value: Text, lang: Lang, attribute: str = "aria-label") -> str:
    """An attribute that changes with the language of the page: `aria-label`, `title`, `placeholder`."""
    zh, en = text(value.zh), text(value.en)
    return f'{attribute}="{zh if lang == "zh" else en}" data-zh-{attribute}="{zh}" data-en-{attribute}="{en}"'


def data(name: str, value: Any) -> str:
    """Data for scripts: an element `<script type="application/json" id=name>`. Nothing in it can end the element."""
    written = dumps(value).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return f'<script type="application/json" id="{text(name)}">{_UNSAFE.sub(_escape, written)}</script>\n'


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"
