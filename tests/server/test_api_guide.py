"""The commands of docs/api.md do what they say."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from server.asgi import form, send

ROOT = Path(__file__).parents[2]
COMMANDS = [line for line in (ROOT / "docs" / "api.md").read_text("utf-8").splitlines() if line.startswith("curl ")]
STARTS = {
    "check?filename": b'{"version"',
    "persona=reviewer": b"{",
    "format=html": b"<!DOCTYPE html>",
    "/v1/convert": b'{\n  "type"',
    "/v1/annotate": b"PK",
    "/v1/fix": b"",
    "/v1/summary": b"PK",
    "/v1/rescore": b"",
    "/v1/rules/LP401": b"### LP401",
    "/v1/rulesets": b"{\n",
    "/v1/rules": b"[\n",
    "/v1/": b"{\n",
}


@pytest.mark.parametrize("line", COMMANDS)
def test_commands_are_answered(line: str) -> None:
    files: list[tuple[str, bytes]] = []
    fields: list[tuple[str, str]] = []
    headers: dict[str, str] = {}
    body, url = b"", ""
    words = iter(shlex.split(line)[1:])
    for word in words:
        match word:
            case "-F":
                name, _, value = next(words).partition("=")
                if value.startswith("@"):
                    files.append((Path(value[1:]).name, (ROOT / value[1:]).read_bytes()))
                else:
                    fields.append((name, value))
            case "-H":
                name, _, value = next(words).partition(": ")
                headers[name] = value
            case "--data-binary":
                body = (ROOT / next(words)[1:]).read_bytes()
                headers["Content-Type"] = "application/x-www-form-urlencoded"
            case "-o":
                next(words)
            case "-OJ":
                pass
            case _:
                url = word.removeprefix("http://127.0.0.1:8000")
    if files:
        body, own = form(files, fields)
        headers |= own
    reply = send("POST" if body else "GET", url, body, headers)
    assert reply.status == 200, reply.body
    start = next(start for mark, start in STARTS.items() if mark in line)
    assert reply.body.startswith(start)


def test_there_are_commands() -> None:
    assert len(COMMANDS) == 13
