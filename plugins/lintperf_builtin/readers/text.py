"""Bytes to text: the encodings that forms come in, and nothing guessed beyond them."""

from __future__ import annotations

import codecs
import re

from lintperf.extension import UnreadableError
from lintperf.model import Text

__all__ = ["MAX_BYTES", "MAX_DOCUMENTS", "MAX_VALUES", "check_documents", "check_size", "check_values", "decode"]

MAX_BYTES = 32 * 1024 * 1024
# Data takes a few hundred bytes a value; a form has some hundreds of values.
MAX_VALUES = 1_000_000
MAX_DOCUMENTS = 10_000

_SPLIT = Text(zh="请拆分文件", en="split the file")
_REMEDY = Text(zh="请另存为 UTF-8 编码的文本文件", en="save the file as UTF-8 text")
# GB18030 gives a character to nearly every pair of bytes; binary files show in what no text contains.
_NOT_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ufffd\ufffe\uffff]")


def check_size(content: bytes, limit: int = MAX_BYTES) -> None:
    """Raises UnreadableError when the file is larger than `limit` bytes."""
    if len(content) > limit:
        size = f"{limit // (1024 * 1024)} MiB"
        raise UnreadableError(
            Text(zh=f"文件超过 {size}", en=f"the file is larger than {size}"),
            _SPLIT,
        )


def check_values(text: str, separators: str, limit: int = MAX_VALUES) -> None:
    """Raises UnreadableError when a text has more of the characters that come with a value than `limit`.

    A bound from above, taken before anything is built: texts may contain such characters too.
    """
    if len(text) > limit and sum(map(text.count, separators)) > limit:
        raise UnreadableError(
            Text(
                zh=f"文件中的数据过多（超过 {limit} 项）", en=f"the file holds too much data (more than {limit} values)"
            ),
            _SPLIT,
        )


def check_documents(number: int) -> None:
    """Raises UnreadableError when a file has more than MAX_DOCUMENTS."""
    if number > MAX_DOCUMENTS:
        raise UnreadableError(
            Text(
                zh=f"文件中的文档过多（超过 {MAX_DOCUMENTS} 份）",
                en=f"the file holds more than {MAX_DOCUMENTS} documents",
            ),
            _SPLIT,
        )


def decode(content: bytes) -> str:
    """The text of a file in UTF-8 (with or without mark), UTF-16 with its mark, or GB18030 (so GBK, GB2312).

    Raises UnreadableError when it is none of them or contains what no text contains.
    """
    check_size(content)
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        text = _try(content, "utf-16")
    else:
        text = _try(content, "utf-8-sig")
        if text is None:
            text = _try(content, "gb18030")
            if text is not None and _NOT_TEXT.search(text):
                text = None
    if text is None:
        raise UnreadableError(
            Text(
                zh="文件的编码无法识别（不是 UTF-8、带标记的 UTF-16 或 GB18030）",
                en="the encoding is unknown (not UTF-8, UTF-16 with its mark, or GB18030)",
            ),
            _REMEDY,
        )
    if "\x00" in text:
        raise UnreadableError(
            Text(
                zh="文件含有空字符：是二进制文件，或是没有标记的 UTF-16",
                en="the file contains NUL characters: it is binary, or UTF-16 without its mark",
            ),
            _REMEDY,
        )
    return text


def _try(content: bytes, encoding: str) -> str | None:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        return None
