"""Strict JSON text to plain data with exact decimals."""

from __future__ import annotations

import json
import re
from json.decoder import scanstring  # type: ignore[attr-defined]
from typing import Any, NoReturn

from lintperf.document.errors import SyntaxProblem
from lintperf.document.lines import Lines
from lintperf.document.numbers import NUMBER_REFUSED, DecimalException, exact_decimal
from lintperf.model import Text, TextPlace

__all__ = ["MAX_DEPTH", "decode_json", "too_deep"]

# Levels of nesting; our own types need six, and everything behind the reader recurses.
MAX_DEPTH = 100

_DEEP = Text(zh=f"嵌套过深（最多 {MAX_DEPTH} 层）", en=f"nested too deeply (at most {MAX_DEPTH} levels)")
_SURROGATE = Text(
    zh="\\u 转义写成了半个字符（单独的代理项）",
    en="a \\u escape gives half a character (a lone surrogate)",
)
_NOT_FINITE = re.compile(r"-?(?:NaN|Infinity)")
_STRING = r'"(?:[^"\\]|\\.)*"'
_STRING_OR_CONSTANT = re.compile(rf"{_STRING}|{_NOT_FINITE.pattern}", re.DOTALL)
_STRING_OR_NUMBER = re.compile(rf"{_STRING}|-?[0-9][-+.0-9eE]*", re.DOTALL)
_STRING_OR_BRACKET = re.compile(rf"{_STRING}|[\[\]{{}},:]", re.DOTALL)
_SURROGATE_ESCAPE = re.compile(r"\\u[dD][89a-fA-F]")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)

# The messages of the standard library's scanner, in words that help whoever typed the file.
_REASONS = {
    "Expecting value": Text(zh="此处应有一个值", en="a value is expected here"),
    "Expecting ',' delimiter": Text(zh="此处应有逗号或右括号", en="a comma or a closing bracket is expected here"),
    "Expecting ':' delimiter": Text(zh="键名之后应有冒号", en="a colon is expected after the key"),
    "Expecting property name enclosed in double quotes": Text(
        zh="此处应有用双引号括起的键名", en="a key in double quotes is expected here"
    ),
    "Illegal trailing comma": Text(zh="最后一项之后不能有逗号", en="no comma is allowed after the last item"),
    "Unterminated string starting at": Text(
        zh="从此处开始的字符串没有结束的引号", en="the string that starts here has no closing quote"
    ),
    "Invalid control character at": Text(
        zh="字符串中有换行或控制字符，应写成 \\n 等转义",
        en="a line break or control character inside a string; write \\n or another escape",
    ),
    "Invalid \\escape": Text(zh="反斜杠转义无效", en="an invalid backslash escape"),
    "Invalid \\uXXXX escape": Text(
        zh="\\u 之后应有四位十六进制数字", en="\\u must be followed by four hexadecimal digits"
    ),
    "Extra data": Text(zh="文档结束之后还有内容", en="there is more text after the end of the document"),
}


class _DuplicateKeyError(ValueError):
    """Two equal keys in one object; where, is looked up afterwards."""


class _NotFiniteError(ValueError):
    """NaN or Infinity."""


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    data = dict(pairs)
    if len(data) != len(pairs):
        raise _DuplicateKeyError
    return data


def _refuse(_name: str) -> NoReturn:
    raise _NotFiniteError


_KEY_END = re.compile(r'"[ \t\n\r]*:')
# Sees the pairs of each object, at nearly twice the time.
_strict = json.JSONDecoder(
    object_pairs_hook=_unique, parse_float=exact_decimal, parse_int=exact_decimal, parse_constant=_refuse
)


def _decode(text: str) -> tuple[Any, int]:
    """The data and how many objects it has.

    Decodes fast and counts the keys that came out: as many as went in means that no key stood twice.

    The keys of the text are not counted but bounded from above: each has its colon, outside of all strings, and a
    closing quote before it. Only if a bound is above the count, the pairs of each object are looked at.
    """
    objects: list[dict[str, Any]] = []
    note = objects.append

    def noted(data: dict[str, Any]) -> dict[str, Any]:
        note(data)
        return data

    fast = json.JSONDecoder(
        object_hook=noted, parse_float=exact_decimal, parse_int=exact_decimal, parse_constant=_refuse
    )
    data = fast.decode(text)
    keys = sum(map(len, objects))
    if keys == text.count(":") or keys == len(_KEY_END.findall(text)):
        return data, len(objects)
    return _strict.decode(text), len(objects)


def decode_json(text: str) -> Any:
    """The data of a JSON text: every number a Decimal with the decimals as written.

    Refused with SyntaxProblem, with the place: anything that RFC 8259 does not allow, NaN and Infinity, a key that
    stands twice in one object, half a surrogate pair, numbers of more than 1000 digits or with an exponent beyond
    999, more than MAX_DEPTH levels.
    """
    try:
        data, objects = _decode(text)
    except json.JSONDecodeError as error:
        raise _syntax_problem(text, error) from None
    except RecursionError:
        raise SyntaxProblem(_DEEP) from None
    except DecimalException:
        raise SyntaxProblem(NUMBER_REFUSED, _number_place(text)) from None
    except _NotFiniteError:
        reason = Text(zh="NaN 和 Infinity 不是 JSON 数字", en="NaN and Infinity are not JSON numbers")
        raise SyntaxProblem(reason, _first_match(text, _STRING_OR_CONSTANT)) from None
    except _DuplicateKeyError:
        raise _duplicate_key(text) from None
    # The searches below cost microseconds and spare a walk over nearly every document.
    if "\\" in text and _SURROGATE_ESCAPE.search(text) and (place := _lone_surrogate(text)) is not None:
        raise SyntaxProblem(_SURROGATE, place)
    if objects + text.count("[") > MAX_DEPTH and too_deep(data):
        raise SyntaxProblem(_DEEP)
    return data


def too_deep(data: Any) -> bool:
    """Whether `data` nests more than MAX_DEPTH levels of objects and arrays. Does not recurse."""
    level = [data]
    for _ in range(MAX_DEPTH):
        level = [
            value
            for parent in level
            if type(parent) is dict or type(parent) is list
            for value in (parent.values() if type(parent) is dict else parent)
            if type(value) is dict or type(value) is list
        ]
        if not level:
            return False
    return True


def _syntax_problem(text: str, error: json.JSONDecodeError) -> SyntaxProblem:
    offset = error.pos
    # Some versions of the scanner add the character or "at", some do not.
    message = next((known for known in _REASONS if error.msg.startswith(known)), "")
    if text[offset : offset + 1] in ("}", "]") and text[:offset].rstrip().endswith(","):
        message = "Illegal trailing comma"
    reason = _REASONS.get(message, Text(zh="不符合 JSON 语法", en=f"no valid JSON: {error.msg}"))
    if not text.strip():
        reason = Text(zh="文件是空的", en="the file is empty")
    return SyntaxProblem(reason, Lines(text).place(offset, offset + 1))


def _first_match(text: str, pattern: re.Pattern[str]) -> TextPlace | None:
    """The place of the pattern's first match that is no string."""
    for found in pattern.finditer(text):
        if found[0][0] != '"':
            return Lines(text).place(*found.span())
    return None


def _number_place(text: str) -> TextPlace | None:
    for found in _STRING_OR_NUMBER.finditer(text):
        if found[0][0] == '"':
            continue
        try:
            exact_decimal(found[0])
        except DecimalException:
            return Lines(text).place(*found.span())
    return None


def _lone_surrogate(text: str) -> TextPlace | None:
    high: re.Match[str] | None = None
    for found in _ESCAPE.finditer(text):
        code = int(found[1], 16) if found[1] else 0
        if high is not None:
            if 0xDC00 <= code <= 0xDFFF and found.start() == high.end():
                high = None
                continue
            break
        if 0xD800 <= code <= 0xDBFF:
            high = found
        elif 0xDC00 <= code <= 0xDFFF:
            high = found
            break
    return Lines(text).place(*high.span()) if high is not None else None


def _duplicate_key(text: str) -> SyntaxProblem:
    """Names the first key that repeats one of its object. The text is known to be valid up to there."""
    open_objects: list[set[str] | None] = []
    key_expected = False
    for found in _STRING_OR_BRACKET.finditer(text):
        symbol = found[0]
        if symbol in "{[":
            open_objects.append(set() if symbol == "{" else None)
            key_expected = symbol == "{"
        elif symbol in "}]":
            open_objects.pop()
            key_expected = False
        elif symbol == ",":
            key_expected = open_objects[-1] is not None
        elif symbol[0] == '"' and key_expected:
            keys = open_objects[-1]
            key = scanstring(symbol, 1, True)[0]
            if keys is not None and key in keys:
                reason = Text(
                    zh=f"键“{key[:60]}”在同一对象中出现两次", en=f'the key "{key[:60]}" stands twice in one object'
                )
                return SyntaxProblem(reason, Lines(text).place(*found.span()))
            if keys is not None:
                keys.add(key)
            key_expected = False
    return SyntaxProblem(Text(zh="有重复的键", en="a key stands twice in one object"))
