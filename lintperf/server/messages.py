"""What goes between the web process and a worker: a call there, an answer back; frames of plain bytes, no pickles.

A worker reads files from strangers: what comes back from it is taken as text and bytes only, never as code.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lintperf.model import Lang

__all__ = ["LEAD", "Answer", "Call", "answer_from", "call_from", "frame_of_answer", "frame_of_call", "lengths"]

# number of the call, length of the head, length of the body
LEAD = struct.Struct("!QIQ")


@dataclass(frozen=True, slots=True)
class Call:
    """One piece of work for a worker.

    name    what to do: `check`, `convert`, …
    files   (name as the client gave it, bytes); names are labels, never paths
    fields  the other fields of the request: name → values in their order
    accept  the media type or format that was chosen, in the words of who performs the call
    lang    the language of sentences
    """

    name: str
    files: tuple[tuple[str, bytes], ...] = ()
    fields: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    accept: str = ""
    lang: Lang = "zh"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call came to: the status, the body and the further headers of an HTTP answer.

    A status of 0 goes no further than the pool: there is no answer, `media_type` and `body` say why.
    """

    status: int
    media_type: str
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


_encode = json.JSONEncoder(separators=(",", ":")).encode


def _frame(number: int, head: Any, *bodies: bytes) -> list[bytes]:
    text = _encode(head).encode("ascii")
    return [LEAD.pack(number, len(text), sum(map(len, bodies))), text, *bodies]


def frame_of_call(number: int, call: Call) -> list[bytes]:
    """The pieces to write, in order, for a call with this number."""
    sizes = [[name, len(content)] for name, content in call.files]
    fields = {name: list(values) for name, values in call.fields.items()}
    head = [call.name, sizes, fields, call.accept, call.lang]
    return _frame(number, head, *(content for _, content in call.files))


def call_from(head: bytes, body: bytes | memoryview) -> Call:
    """The call that a frame's head and body hold."""
    name, sizes, fields, accept, lang = json.loads(head)
    files, start = [], 0
    for label, size in sizes:
        files.append((label, bytes(body[start : start + size])))
        start += size
    return Call(name, tuple(files), {key: tuple(values) for key, values in fields.items()}, accept, lang)


def frame_of_answer(number: int, answer: Answer, last: bool = False) -> list[bytes]:
    """The pieces to write, in order, for the answer to the call with this number.

    last  the worker ends after it, to be replaced
    """
    return _frame(number, [answer.status, answer.media_type, answer.headers, last], answer.body)


def answer_from(head: bytes, body: bytes) -> tuple[Answer, bool]:
    """The answer that a frame's head and body hold, and whether the worker ends after it.

    Raises ValueError where the head is none of ours.
    """
    try:
        status, media_type, headers, last = json.loads(head)
        if type(status) is not int or not (status == 0 or 200 <= status <= 599) or not isinstance(media_type, str):
            raise ValueError(status)
        answer = Answer(status, media_type, body, tuple((str(name), str(value)) for name, value in headers))
    except (TypeError, RecursionError) as problem:
        raise ValueError(str(problem)) from None
    return answer, bool(last)


def lengths(lead: bytes) -> tuple[int, int, int]:
    """The number of the call, the length of the head and that of the body, from the first bytes of a frame."""
    return LEAD.unpack(lead)
