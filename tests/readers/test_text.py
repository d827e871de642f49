"""Encodings: read what offices write, refuse what is no text."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lintperf_builtin.readers.text import decode

from lintperf.document.lines import Lines
from lintperf.extension import UnreadableError

TEXT = '{"项目": "古树保护，≥90%"}\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030", "gbk", "gb2312"])
def test_encodings(encoding: str) -> None:
    text = TEXT.replace("≥", ">")
    assert decode(text.encode(encoding)) == text


def test_utf_16_big_endian_with_mark() -> None:
    assert decode(b"\xfe\xff" + TEXT.encode("utf-16-be")) == TEXT


@pytest.mark.parametrize(
    "content",
    [
        TEXT.encode("utf-16-le"),
        b"\x89PNG\r\n\x1a\n\x00\x00",
        b"a\x00b",
        b"\xff\xfe\x00",
        b"\x81",
        b"\xd6\xd0\x01",
        b"\xff\xff",
    ],
)
def test_refused(content: bytes) -> None:
    with pytest.raises(UnreadableError) as caught:
        decode(content)
    assert caught.value.reason.zh
    assert caught.value.remedy is not None


def test_size_limit() -> None:
    with pytest.raises(UnreadableError) as caught:
        decode(bytes(64 * 1024 * 1024 + 1))
    assert "超过" in caught.value.reason.zh


@given(st.binary(max_size=40))
def test_any_bytes_are_text_or_refused(content: bytes) -> None:
    try:
        assert "\x00" not in decode(content)
    except UnreadableError as error:
        assert error.reason.en


@given(st.text("甲a\r\n\u2028", max_size=20), st.integers(-3, 25), st.integers(-3, 25))
def test_lines(text: str, start: int, end: int) -> None:
    place = Lines(text).place(start, end)
    assert 0 <= place.offset <= place.end_offset <= len(text)
    before = text[: place.offset]
    assume(not (before.endswith("\r") and text[place.offset :].startswith("\n")))
    lines = re.split(r"\r\n|\n|\r", before)
    assert (place.line, place.column) == (len(lines) - 1, len(lines[-1]))
