"""The normal form in which labels are compared."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

__all__ = ["MAX_LABEL", "compact", "normal"]

# No label is longer; texts of four times the length are not even looked at.
MAX_LABEL = 60
_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_BLANK = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")
_NUMBERING = re.compile(r"^(?:[0-9]{1,2}[.、．]|[一二三四五六七八九十]{1,3}、)(?![0-9])")


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """The normal form of a label: half width, lower case, without white space, brackets, numbering and colons.

    A text too long for a label is blank; one that stands wholly in brackets keeps what they enclose.
    """
    if len(text) > 4 * MAX_LABEL:
        return ""
    text = compact(text).lower()
    bare = _BRACKETS.sub("", text)
    bare = _NUMBERING.sub("", (bare or text.strip("()[]【】")).strip(":;,.、*★☆。_-—"))
    return bare.strip(":;,.、*★☆。") if len(bare) <= MAX_LABEL else ""


def compact(text: str) -> str:
    """The text in half width and without white space; brackets and all else stay."""
    return _BLANK.sub("", unicodedata.normalize("NFKC", text))
