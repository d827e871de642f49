"""Who may ask, and how often: bearer tokens from a file, and buckets of requests that fill with time."""

from __future__ import annotations

import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from math import ceil
from pathlib import Path

from lintperf.model import Text
from lintperf.policy import UsageProblem

__all__ = ["Rates", "Token", "Tokens", "read_tokens"]

SHORTEST = 16
# addresses or tokens whose requests are counted at a time; those that waited longest are forgotten first
MOST_BUCKETS = 10_000
HASH = re.compile(r"sha256:[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Token:
    """A line of the file of tokens.

    name          whom it belongs to; it is in the log
    digest        the SHA-256 of the token
    rate          requests a minute; None: what holds for all
    metrics_only  it opens `/metrics` and nothing else
    off           it is known and refused
    """

    name: str
    digest: bytes
    rate: float | None = None
    metrics_only: bool = False
    off: bool = False


class Tokens:
    """The tokens of a file."""

    def __init__(self, tokens: Iterable[Token] = ()) -> None:
        self.tokens = tuple(tokens)

    def __bool__(self) -> bool:
        return bool(self.tokens)

    def find(self, authorization: bytes | None) -> Token | None:
        """The token that the header names; None without one, or for one that nobody has.

        All tokens are compared, each in constant time, so that the time tells nothing of them.
        """
        scheme, _, value = (authorization or b"").partition(b" ")
        if scheme.lower() != b"bearer" or not value.strip():
            return None
        digest, found = sha256(value.strip()).digest(), None
        for token in self.tokens:
            if hmac.compare_digest(token.digest, digest):
                found = token
        return found


def read_tokens(path: Path) -> Tokens:
    """The tokens of a file: lines of `NAME TOKEN [rate=N] [metrics] [off]`, `#` starts a comment.

    TOKEN is the token itself, of at least 16 characters, or `sha256:` and the hash of it in hexadecimal digits.
    Raises UsageProblem with the line, but never with what is in it.
    """
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, ValueError) as wrong:
        reason = getattr(wrong, "strerror", None) or "UTF-8"
        raise UsageProblem(Text(f"{path}：无法读取（{reason}）", f"{path}: cannot be read ({reason})")) from None
    tokens: list[Token] = []
    for number, line in enumerate(lines, 1):
        words = line.split()
        if not words or words[0].startswith("#"):
            continue
        token = _token(words)
        if isinstance(token, Token) and any(token.name == each.name or token.digest == each.digest for each in tokens):
            token = Text("名称或令牌与前面的重复", "the name or the token was there before")
        if isinstance(token, Text):
            raise UsageProblem(Text(f"{path}:{number}：{token.zh}", f"{path}:{number}: {token.en}"))
        tokens.append(token)
    if not tokens:
        raise UsageProblem(Text(f"{path}：没有令牌", f"{path}: there is no token in it"))
    return Tokens(tokens)


def _token(words: list[str]) -> Token | Text:
    """The token of a line, or what is wrong with it."""
    if len(words) < 2:
        return Text("应为：名称 令牌", "expected NAME TOKEN")
    name, value, *options = words
    if value.startswith("sha256:"):
        if not HASH.fullmatch(value := value.lower()):
            return Text("sha256: 之后应为 64 位十六进制数字", "sha256: is followed by 64 hexadecimal digits")
        digest = bytes.fromhex(value[7:])
    elif len(value) < SHORTEST:
        return Text(f"令牌至少 {SHORTEST} 个字符", f"a token has at least {SHORTEST} characters")
    else:
        digest = sha256(value.encode()).digest()
    rate = None
    for option in options:
        if re.fullmatch(r"rate=[0-9]+(\.[0-9]+)?", option):
            rate = float(option[5:])
        elif option not in ("metrics", "off"):
            return Text("令牌之后只能是 rate=数字、metrics、off", "after the token: rate=N, metrics, off")
    return Token(name, digest, rate, "metrics" in options, "off" in options)


class Rates:
    """A bucket of requests for each name: it holds so many at most, and fills so fast.

    rate   requests a minute; 0: no limit
    burst  requests that a full bucket holds; 0: those of a minute
    """

    def __init__(self, rate: float, burst: int = 0) -> None:
        self.rate, self.burst = rate, burst
        self._buckets: dict[str, tuple[float, float]] = {}

    def wait(self, name: str, now: float, rate: float | None = None) -> int:
        """Take a request of this name out of its bucket: 0, or the seconds until there will be one.

        now   the time in seconds
        rate  what holds for this name instead
        """
        rate = self.rate if rate is None else rate
        if rate <= 0:
            return 0
        most = float(self.burst or max(1, ceil(rate)))
        left, since = self._buckets.pop(name, (most, now))
        left = min(most, left + max(0.0, now - since) * rate / 60)
        if len(self._buckets) >= MOST_BUCKETS:
            del self._buckets[next(iter(self._buckets))]
        if left < 1:
            self._buckets[name] = (left, now)
            return max(1, ceil((1 - left) * 60 / rate))
        self._buckets[name] = (left - 1, now)
        return 0
