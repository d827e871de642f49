"""What the service says when it cannot do what was asked: problem details (RFC 9457) with a sentence for a person."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import parse_qsl

from lintperf.document.exact import dumps
from lintperf.model import Lang, Text
from lintperf.server.messages import Answer

__all__ = ["MEDIA_TYPE", "TITLES", "Refusal", "kind_of", "language", "problem", "quality"]

MEDIA_TYPE = "application/problem+json"
DEFAULT: Lang = "zh"

# status → the last part of the problem's type, and its title
TITLES: dict[int, tuple[str, Text]] = {
    400: ("wrong-setting", Text("设置有误", "Wrong setting")),
    401: ("token-needed", Text("需要令牌", "Token needed")),
    403: ("forbidden", Text("不允许", "Forbidden")),
    404: ("not-found", Text("没有找到", "Not found")),
    405: ("method-not-allowed", Text("不支持的方法", "Method not allowed")),
    406: ("not-acceptable", Text("没有可接受的格式", "Not acceptable")),
    408: ("too-slow", Text("接收超时", "Request timeout")),
    413: ("too-large", Text("内容过大", "Content too large")),
    415: ("unsupported-file", Text("不支持的文件类型", "Unsupported file type")),
    421: ("wrong-host", Text("主机名不对", "Misdirected request")),
    422: ("not-processable", Text("无法处理", "Not processable")),
    429: ("too-many-requests", Text("请求过多", "Too many requests")),
    431: ("headers-too-large", Text("请求头过大", "Request headers too large")),
    500: ("failed", Text("服务出错", "Internal error")),
    503: ("unavailable", Text("暂不可用", "Unavailable")),
}


class Refusal(Exception):
    """A request that is not carried out: the status and the sentence that the client gets."""

    def __init__(self, status: int, text: Text, headers: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__(text.en)
        self.status = status
        self.text = text
        self.headers = headers


def kind_of(status: int) -> str:
    """The type of the problems with this status, a URI."""
    name, _ = TITLES.get(status, TITLES[500 if status >= 500 else 400])
    return f"urn:lintperf:problem:{name}"


def problem(status: int, detail: Text, lang: Lang, headers: tuple[tuple[str, str], ...] = ()) -> Answer:
    """A problem as an answer in the language of the caller."""
    _, title = TITLES.get(status, TITLES[500 if status >= 500 else 400])
    members = {"type": kind_of(status), "title": title.to(lang), "status": status, "detail": detail.to(lang)}
    body = dumps(members).encode() + b"\n"
    return Answer(status, MEDIA_TYPE, body, (*headers, ("Content-Language", lang)))


def language(headers: Iterable[tuple[bytes, bytes]], query: bytes) -> Lang:
    """The language of a request: `lang` of its query, else the one that Accept-Language prefers; Chinese without."""
    if b"lang=" in query:
        for name, value in parse_qsl(query.decode("ascii", "replace")[:4096], max_num_fields=None):
            if name == "lang" and value in ("zh", "en"):
                return "zh" if value == "zh" else "en"
    for name_, value_ in headers:
        if name_.lower() == b"accept-language":
            return _preferred(value_.decode("latin-1"))
    return DEFAULT


def _preferred(accepted: str) -> Lang:
    best: tuple[float, Lang] = (0.0, DEFAULT)
    for item in accepted.split(",")[:32]:
        tag, _, rest = item.partition(";")
        word = tag.strip().lower().partition("-")[0]
        liked = quality(rest)
        if word in ("zh", "en", "*") and liked > best[0]:
            best = (liked, "en" if word == "en" else "zh")
    return best[1]


def quality(parameters: str) -> float:
    """How much is liked (`q=`) an element of an Accept header; 1 without, 0 where it cannot be read."""
    for parameter in parameters.split(";"):
        name, sign, value = parameter.partition("=")
        if sign and name.strip().lower() == "q":
            try:
                number = float(value)
            except ValueError:
                return 0.0
            return number if 0 <= number <= 1 else 0.0
    return 1.0
