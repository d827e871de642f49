"""Labels in their normal form, and what the vocabulary makes of them."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from lintperf_builtin.importers import vocabulary

__all__ = [
    "currency_unit",
    "fund_field",
    "fund_source",
    "goal_field",
    "heading_field",
    "indicator_field",
    "is_known_header",
    "is_note",
    "is_section_label",
    "is_signature",
    "is_title",
    "normal",
]

_BRACKETS = re.compile(r"\([^()]*\)|\[[^\[\]]*\]|【[^【】]*】")
_BLANK = re.compile(r"[\s\u200b-\u200d\u2060\ufeff]+")
_NUMBERING = re.compile(r"^(?:[0-9]{1,2}[.、．]|[一二三四五六七八九十]{1,3}、)(?![0-9])")
_CURRENCY = re.compile(r"(?:\(|单位:)(?:单位:|人民币|金额:)*(元|万元|亿元)(?:\)|$|人民币|[,，;；])")
_MAX_LABEL = 60

_Words = dict[str, str]


def _words(fields: dict[str, tuple[str, ...]]) -> _Words:
    return {word: field for field, words in fields.items() for word in words}


_HEADING = _words(vocabulary.HEADING)
_FUNDS = _words(vocabulary.FUND_FIELDS)
_INDICATORS = _words(vocabulary.INDICATOR_FIELDS)
_OTHERS = set(vocabulary.HEADING_OTHERS)
_EXPECTED = set(vocabulary.EXPECTED)
_ACHIEVED = set(vocabulary.ACHIEVED)
_EXPLANATION = re.compile(vocabulary.EXPLANATION)
_SOURCES = [(re.compile(pattern), source) for pattern, source in vocabulary.FUND_SOURCES]
_NOTE_START = re.compile(vocabulary.NOTE_START)
_SIGNATURE = re.compile(vocabulary.SIGNATURE)
_TITLE = re.compile(vocabulary.TITLE)


@lru_cache(maxsize=4096)
def normal(text: str) -> str:
    """The normal form of a label: half width, lower case, without white space, brackets, numbering and colons.

    A text too long for a label is blank; one that stands wholly in brackets keeps what they enclose.
    """
    if len(text) > 4 * _MAX_LABEL:
        return ""
    text = _BLANK.sub("", unicodedata.normalize("NFKC", text)).lower()
    bare = _BRACKETS.sub("", text)
    bare = _NUMBERING.sub("", (bare or text.strip("()[]【】")).strip(":;,.、*★☆。_-—"))
    return bare.strip(":;,.、*★☆。") if len(bare) <= _MAX_LABEL else ""


def heading_field(text: str) -> str | None:
    """The field of the heading that this label names; `others` for labels without a field of their own."""
    word = normal(text)
    return _HEADING.get(word) or ("others" if word in _OTHERS else None)


def fund_field(text: str) -> str | None:
    """The field of a funds row that this column header names."""
    word = normal(text)
    return _FUNDS.get(word) or ("explanation" if _explains(word) else None)


def indicator_field(text: str) -> str | None:
    """The field of an indicator that this column header names."""
    word = normal(text)
    return _INDICATORS.get(word) or ("explanation" if _explains(word) else None)


def _explains(word: str) -> bool:
    return word == "原因" or _EXPLANATION.search(word) is not None


def goal_field(text: str) -> str | None:
    """`expected` or `achieved` where this label names it."""
    word = normal(text)
    if word in _EXPECTED:
        return "expected"
    return "achieved" if word in _ACHIEVED else None


def fund_source(label: str, below_fiscal: bool) -> str | None:
    """The source that the label of a funds row names, as the schema calls it; None for labels nobody knows.

    `below_fiscal`: a row of fiscal appropriation as a whole stands above, so its parts are details.
    """
    word = re.sub(r"^其中[:,]?", "", normal(label))
    for pattern, source in _SOURCES:
        if pattern.search(word):
            if source in ("level", "part"):
                return "detail" if below_fiscal else "fiscal"
            return source
    return None


def currency_unit(text: str) -> str | None:
    """元, 万元 or 亿元 where the text names it in brackets or after 单位."""
    found = _CURRENCY.search(_BLANK.sub("", unicodedata.normalize("NFKC", text[:200])))
    return found[1] if found else None


def is_section_label(text: str) -> bool:
    """Whether the text names a section, or is a piece of such a name (a narrow column cuts it into cells)."""
    word = normal(text)
    return bool(word) and any(word in label for label in vocabulary.SECTION_LABELS)


def is_note(text: str) -> bool:
    """Whether the text begins a note or names one."""
    return _NOTE_START.match(text) is not None or normal(text) in vocabulary.NOTE_LABELS


def is_signature(text: str) -> bool:
    """Whether the text begins a line of signatures."""
    return len(text) <= 200 and _SIGNATURE.match(normal(text)) is not None


def is_title(text: str) -> bool:
    """Whether a line of text is the title of a form."""
    return len(text) <= 100 and _TITLE.search(_BLANK.sub("", text)) is not None and not text.rstrip().endswith("。")


def is_known_header(text: str) -> bool:
    """Whether the text is a header or label of any part of a form."""
    return bool(
        text
        and len(text) <= 4 * _MAX_LABEL
        and (indicator_field(text) or fund_field(text) or goal_field(text) or heading_field(text))
    )
