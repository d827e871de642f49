"""Strict YAML text to plain data with exact decimals: only what JSON can say, and no value changes its type."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NoReturn

from lintperf.document.errors import SyntaxProblem
from lintperf.document.json_text import MAX_DEPTH
from lintperf.document.lines import Lines
from lintperf.document.numbers import NUMBER_REFUSED, DecimalException, exact_decimal
from lintperf.model import Text, TextPlace

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["YamlDocument", "decode_yaml", "load_with_places", "load_yaml"]

# JSON's numbers without exponent: `010`, `1e3`, `12:30:00`, `0x1F`, `1_000` stay the text that was typed.
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
_CONSTANTS: dict[str, bool | None] = {"": None, "~": None, "null": None, "true": True, "false": False}
_TEXT_TAGS = {"!", "tag:yaml.org,2002:str"}
_MISSING = object()


@dataclass(slots=True)
class YamlDocument:
    """One document of a YAML text.

    data    plain data; numbers are Decimals with the decimals as written
    values  JSON pointer → place of each value, filled only when asked for
    keys    JSON pointer of a mapping's value → place of its key, likewise
    """

    data: Any = None
    values: dict[str, TextPlace] = field(default_factory=dict)
    keys: dict[str, TextPlace] = field(default_factory=dict)


def load_yaml(text: str) -> Any:
    """The data of a YAML text that holds one document; an empty text is None. Raises SyntaxProblem."""
    return _single(decode_yaml(text)).data


def load_with_places(text: str) -> tuple[Any, dict[str, TextPlace], dict[str, TextPlace]]:
    """Data, places of values and places of mapping keys of a YAML text that holds one document.

    Both dictionaries go by JSON pointer; the key of `/a/b` is the key `b`. Raises SyntaxProblem.
    """
    document = _single(decode_yaml(text, places=True))
    return document.data, document.values, document.keys


def decode_yaml(text: str, places: bool = False) -> list[YamlDocument]:
    """The documents of a YAML text, separated by `---`.

    Plain scalars are null (`~`, `null`, nothing), `true`, `false`, numbers as JSON writes them without exponent, or
    text: `no`, `12:30:00`, `010`, `1e3` and dates are text. Refused with SyntaxProblem, with the place: duplicate
    keys, keys that are no text, anchors, aliases, merge keys, tags other than `!!str`, more than MAX_DEPTH levels.
    """
    return list(_Builder(text, places).documents())


def _single(documents: list[YamlDocument]) -> YamlDocument:
    if len(documents) > 1:
        raise SyntaxProblem(Text(zh="此处只能有一个 YAML 文档", en="only one YAML document is allowed here"))
    return documents[0] if documents else YamlDocument()


@dataclass(slots=True)
class _Open:
    """A mapping or sequence whose end has not come yet."""

    value: dict[str, Any] | list[Any]
    pointer: str
    start: int
    end: int
    key: Any = _MISSING


class _Builder:
    """Builds data from the events of libyaml: no recursion, and refused things are seen before they take effect."""

    def __init__(self, text: str, places: bool) -> None:
        self.text = text
        self.lines = Lines(text) if places else None
        self.open: list[_Open] = []
        self.document = YamlDocument()

    def documents(self) -> Iterator[YamlDocument]:
        import yaml

        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        try:
            for event in yaml.parse(self.text, Loader=loader):
                match event:
                    case yaml.ScalarEvent():
                        self._scalar(event)
                    case yaml.MappingStartEvent() | yaml.SequenceStartEvent():
                        self._start(event, {} if isinstance(event, yaml.MappingStartEvent) else [])
                    case yaml.MappingEndEvent() | yaml.SequenceEndEvent():
                        self._end(event)
                    case yaml.DocumentStartEvent():
                        self.document = YamlDocument()
                    case yaml.DocumentEndEvent():
                        yield self.document
                    case yaml.AliasEvent():
                        self._refuse(event, Text(zh="不允许使用别名（*）", en="aliases (*) are not allowed"))
        except yaml.MarkedYAMLError as error:
            raise self._syntax_problem(error) from None
        except (yaml.YAMLError, UnicodeEncodeError):
            reason = Text(zh="有 YAML 不允许的字符", en="there is a character that YAML does not allow")
            raise SyntaxProblem(reason, _forbidden_character(self.text)) from None

    def _scalar(self, event: Any) -> None:
        self._check_properties(event)
        start, end = event.start_mark.index, event.end_mark.index
        text: str = event.value
        parent = self.open[-1] if self.open else None
        plain = event.implicit[0] and event.tag is None
        if parent is not None and parent.key is _MISSING and type(parent.value) is dict:
            self._key(event, parent, plain)
            return
        value: Any = text
        if plain:
            if text in _CONSTANTS:
                value = _CONSTANTS[text]
            elif _NUMBER.fullmatch(text):
                try:
                    value = exact_decimal(text)
                except DecimalException:
                    self._refuse(event, NUMBER_REFUSED)
        self._add(value, start, end)

    def _key(self, event: Any, parent: _Open, plain: bool) -> None:
        key: str = event.value
        if plain and key == "<<":
            self._refuse(event, Text(zh="不允许使用合并键（<<）", en="merge keys (<<) are not allowed"))
        if plain and (key in _CONSTANTS or _NUMBER.fullmatch(key)):
            self._refuse(event, Text(zh="键名必须是文字，请加引号", en="a key must be text: put it in quotes"))
        if key in parent.value:
            reason = Text(
                zh=f"键“{key[:60]}”在同一对象中出现两次", en=f'the key "{key[:60]}" stands twice in one object'
            )
            self._refuse(event, reason)
        parent.key = key
        parent.end = event.end_mark.index
        if self.lines is not None:
            self.document.keys[f"{parent.pointer}/{_escape(key)}"] = self._place(event)

    def _start(self, event: Any, value: dict[str, Any] | list[Any]) -> None:
        self._check_properties(event)
        parent = self.open[-1] if self.open else None
        if parent is not None and type(parent.value) is dict and parent.key is _MISSING:
            self._refuse(event, Text(zh="键名必须是文字", en="a key must be text"))
        if len(self.open) >= MAX_DEPTH:
            reason = Text(zh=f"嵌套过深（最多 {MAX_DEPTH} 层）", en=f"nested too deeply (at most {MAX_DEPTH} levels)")
            self._refuse(event, reason)
        start = event.start_mark.index
        self.open.append(_Open(value, self._pointer(), start, event.end_mark.index))

    def _end(self, event: Any) -> None:
        closed = self.open.pop()
        # The end of a block collection is marked where the next token starts, lines below: its last child ends it.
        flow_end = event.end_mark.index if event.end_mark.index > event.start_mark.index else closed.end
        self._add(closed.value, closed.start, max(closed.end, flow_end))

    def _add(self, value: Any, start: int, end: int) -> None:
        parent = self.open[-1] if self.open else None
        if self.lines is not None:
            self.document.values[self._pointer()] = self.lines.place(start, end)
        if parent is None:
            self.document.data = value
            return
        parent.end = max(parent.end, end)
        if isinstance(parent.value, dict):
            parent.value[parent.key] = value
            parent.key = _MISSING
        else:
            parent.value.append(value)

    def _pointer(self) -> str:
        """The pointer of the value that comes next; only needed, and only computed, when places are."""
        if self.lines is None or not self.open:
            return ""
        parent = self.open[-1]
        token = _escape(parent.key) if isinstance(parent.value, dict) else str(len(parent.value))
        return f"{parent.pointer}/{token}"

    def _check_properties(self, event: Any) -> None:
        if event.anchor is not None:
            self._refuse(event, Text(zh="不允许使用锚点（&）", en="anchors (&) are not allowed"))
        if event.tag is not None and event.tag not in _TEXT_TAGS:
            self._refuse(event, Text(zh="不允许使用标签（!）", en="tags (!) are not allowed"))

    def _refuse(self, event: Any, reason: Text) -> NoReturn:
        raise SyntaxProblem(reason, self._place(event))

    def _place(self, event: Any) -> TextPlace:
        lines = self.lines or Lines(self.text)
        return lines.place(event.start_mark.index, event.end_mark.index)

    def _syntax_problem(self, error: Any) -> SyntaxProblem:
        mark = error.problem_mark or error.context_mark
        detail = ", ".join(part for part in (error.context, error.problem) if part)
        reason = Text(zh=f"不符合 YAML 语法：{_in_chinese(detail)}", en=f"no valid YAML: {detail}")
        return SyntaxProblem(reason, Lines(self.text).place(mark.index, mark.index + 1) if mark else None)


# What libyaml says most, in Chinese; the rest is given as it stands.
_CHINESE = (
    ("found character that cannot start any token", "此处的字符不能开始一个值（例如用制表符缩进）"),
    ("mapping values are not allowed", "此处不能有冒号；文字中有冒号时请加引号"),
    ("did not find expected key", "缩进不一致，或缺少键名"),
    ("could not find expected ':'", "键名之后缺少冒号"),
    ("did not find expected '-' indicator", "缩进不一致，此处应有列表项“-”"),
    ("did not find expected ',' or", "缺少逗号或右括号"),
    ("found unexpected end of stream", "引号没有结束"),
    ("did not find expected node content", "此处应有一个值"),
    ("found unknown escape character", "反斜杠转义无效"),
    ("block sequence entries are not allowed", "此处不能有列表项“-”"),
    ("did not find expected <document start>", "文档结束之后还有内容"),
)


def _in_chinese(detail: str) -> str:
    return next((chinese for english, chinese in _CHINESE if english in detail), detail)


_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")


def _forbidden_character(text: str) -> TextPlace | None:
    found = _FORBIDDEN.search(text)
    return Lines(text).place(*found.span()) if found else None


def _escape(token: str) -> str:
    return token.replace("~", "~0").replace("/", "~1")
