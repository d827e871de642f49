"""What stands at a place of a JSON or YAML text that may be broken, because somebody is typing in it.

The readers refuse a broken text; an editor wants to complete a key all the same. These scanners never fail: they walk
over what they do not understand.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal, NamedTuple

__all__ = ["Path", "Spot", "pointer_of", "spot_at"]

Path = tuple[str | int, ...]


class Spot(NamedTuple):
    """The place of a cursor.

    path       to the member or item that the cursor is in: its last part is the key or the number of the item. Where a
               key is to be written, the key as far as it is there
    part       key, value, or item: an item of a YAML list, which may also become the first key of a record
    start      of the token that the cursor touches, and end; both at the cursor where it touches none
    quote      the quotation mark that the token starts with, or ""
    siblings   the other keys of the record
    following  the next character that is no white space, "" at the end
    flow       whether the text is JSON here, or YAML in brackets
    """

    path: Path
    part: Literal["key", "value", "item"]
    start: int
    end: int
    quote: str = ""
    siblings: frozenset[str] = frozenset()
    following: str = ""
    flow: bool = True


def pointer_of(path: Path) -> str:
    """The path as a JSON pointer."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def spot_at(text: str, suffix: str, offset: int) -> Spot | None:
    """What stands before the cursor at `offset`; None between two members, where nothing can be written."""
    if suffix == ".json":
        return _flow_spot(text, _JSON, offset, 0, len(text), ())
    return _yaml_spot(text, offset)


_JSON = re.compile(r'"(?:[^"\\\r\n]|\\.)*"?|[{}\[\],:]|[^\s{}\[\],:"]+')
# a colon inside of a plain YAML text is one of its characters unless white space or a bracket follows
_FLOW = re.compile(
    r'"(?:[^"\\]|\\.)*"?|\'(?:[^\']|\'\')*\'?|#[^\r\n]*|[{}\[\],]|:(?=[\s,{}\[\]]|$)|(?:[^\s{}\[\],:]|:(?![\s,{}\[\]]|$))'
    r"(?:(?:[^\r\n{}\[\],:]|:(?![\s,{}\[\]]|$))*(?:[^\s{}\[\],:]|:(?![\s,{}\[\]]|$)))?"
)
_COLON_NEXT = re.compile(r"\s*:")


@dataclass(slots=True, eq=False)
class _Open:
    """A record or array that has not been closed. `keys`: each with where it starts."""

    path: Path
    record: bool
    expects: Literal["key", "colon", "value", "comma"]
    key: str = ""
    index: int = 0
    keys: dict[str, int] = field(default_factory=dict)

    def below(self) -> Path:
        return (*self.path, self.key if self.record else self.index)


def _plain(token: str) -> str:
    """The text of a key's token without its quotation marks; escapes are rare in keys and left as they are."""
    if token[:1] in ('"', "'"):
        token = token[1:-1] if len(token) > 1 and token[-1] == token[0] else token[1:]
    return token


def _quote(token: str) -> str:
    return token[0] if token[:1] in ('"', "'") else ""


def _following(text: str, offset: int) -> str:
    found = _NEXT.search(text, offset)
    return found[0] if found else ""


_NEXT = re.compile(r"\S")


def _flow_spot(text: str, tokens: re.Pattern[str], offset: int, start: int, end: int, base: Path) -> Spot | None:
    """The spot within brackets. The walk goes on until the record around the cursor ends, for its other keys."""
    stack: list[_Open] = []
    holder: _Open | None = None
    spot: Spot | None = None
    for match in tokens.finditer(text, start, end):
        token, first, last = match[0], match.start(), match.end()
        if token[0] == "#" and tokens is _FLOW:
            continue
        mark = token in _MARKS
        if spot is None and (first >= offset or (not mark and first < offset <= last)):
            touched = match if first < offset else None
            if not stack:
                return Spot(base, "value", first, last, _quote(token)) if touched else None
            holder, spot = stack[-1], _here(stack[-1], touched, offset, text)
            if spot is None:
                return None
        _step(stack, token, first, base, _COLON_NEXT.match(text, last) is not None)
        if holder is not None and all(each is not holder for each in stack):
            break
    if spot is None and stack:
        holder, spot = stack[-1], _here(stack[-1], None, offset, text)
    if spot is None or holder is None:
        return None
    return spot._replace(siblings=frozenset(key for key, place in holder.keys.items() if place != spot.start))


_MARKS = frozenset("{}[],:")


def _here(holder: _Open, match: re.Match[str] | None, offset: int, text: str) -> Spot | None:
    token = match[0] if match else ""
    start, end = match.span() if match else (offset, offset)
    following = _following(text, end)
    is_key = holder.expects == "key" or (match is not None and (holder.expects != "value" or following == ":"))
    if holder.record and is_key:
        return Spot((*holder.path, _plain(token)), "key", start, end, _quote(token), frozenset(), following)
    if holder.expects == "value":
        return Spot(holder.below(), "value", start, end, _quote(token), frozenset(), following)
    return None


def _step(stack: list[_Open], token: str, first: int, base: Path, colon_next: bool) -> None:
    top = stack[-1] if stack else None
    if token in ("{", "["):
        path = top.below() if top else base
        if top:
            top.expects = "comma"
        stack.append(_Open(path, token == "{", "key" if token == "{" else "value"))
    elif token in ("}", "]"):
        if any(each.record == (token == "}") for each in stack):
            while stack.pop().record != (token == "}"):
                pass
    elif top is None:
        return
    elif token == ",":
        top.index += 1
        top.expects = "key" if top.record else "value"
    elif token == ":":
        top.expects = "value" if top.record else top.expects
    elif top.record and (top.expects != "value" or colon_next):
        top.key, top.expects = _plain(token), "colon"
        top.keys.setdefault(top.key, first)
    else:
        top.expects = "comma"


_INDENT = re.compile(r"[ ]*")
_DASH = re.compile(r"-(?=[ \t]|$)[ \t]*")
_KEY = re.compile(
    r"(\"(?:[^\"\\]|\\.)*\"|'(?:[^']|'')*'|[^\s#\-?{}\[\],&*!|>'\"%@`][^\r\n]*?|-[^\s][^\r\n]*?)"
    r"[ \t]*:(?=[ \t\r\n]|$)[ \t]*"
)
_BLOCK = re.compile(r"[|>][-+0-9]*[ \t]*(?:#.*)?$")


@dataclass(slots=True, eq=False)
class _Block:
    """A mapping (its keys' column) or a sequence (its dashes' column) that may go on."""

    column: int
    path: Path
    record: bool
    key: str = ""
    index: int = -1
    keys: dict[str, int] = field(default_factory=dict)

    def below(self) -> Path:
        return (*self.path, self.key if self.record else self.index)


def _yaml_spot(text: str, offset: int) -> Spot | None:
    stack: list[_Block] = []
    hidden: int | None = None  # the column of the key whose block of text goes on below it
    found: tuple[_Block | None, Spot] | None = None
    position = 0
    while position <= len(text):
        end = text.find("\n", position)
        end = len(text) if end < 0 else end
        stop = end - 1 if text[position:end].endswith("\r") else end
        here = position <= offset <= end
        column = len(_INDENT.match(text, position, stop)[0])  # type: ignore[index]
        line = text[position + column : stop]
        position_of_line, position = position, end + 1
        if line.startswith(("---", "...")) and column == 0:
            if found is not None:
                break
            stack, hidden = [], None
            continue
        if hidden is not None and (not line or column > hidden):
            if here and line:
                return None
            if not here:
                continue
        if line:
            hidden = None
        if not line or line.startswith("#"):
            if here and found is None and not line:
                found = _blank(stack, offset - position_of_line, offset)
                if found is None:
                    return None
            continue
        scan = _Line(text, position_of_line, position_of_line + column, stop, offset, here)
        spot, holder, text_below = _walk_line(stack, scan)
        if scan.ended >= position:
            end = text.find("\n", scan.ended)
            position = (len(text) if end < 0 else end) + 1
        if spot is not None:
            if holder is None:
                return spot
            found = (holder, spot)
        elif here and found is None:
            return None
        if text_below:
            hidden = text_below - 1
        if found is not None and all(each is not found[0] for each in stack):
            break
    if found is None:
        return None
    holder, spot = found
    if holder is None:
        return spot
    return spot._replace(siblings=frozenset(key for key, place in holder.keys.items() if place != spot.start))


@dataclass(slots=True)
class _Line:
    """One line: where it begins, its first character that is no space, its end, the cursor and whether that is here.

    ended  where what begins on the line ends, brackets over several lines
    """

    text: str
    line: int
    start: int
    stop: int
    offset: int
    here: bool
    ended: int = -1


def _enter(stack: list[_Block], column: int, record: bool) -> _Block:
    """The mapping or sequence that an entry at `column` belongs to; opened where there is none yet."""
    while stack and (stack[-1].column > column or (stack[-1].column == column and record and not stack[-1].record)):
        stack.pop()
    if stack and stack[-1].column == column and stack[-1].record == record:
        return stack[-1]
    opened = _Block(column, stack[-1].below() if stack else (), record)
    stack.append(opened)
    return opened


def _walk_line(stack: list[_Block], line: _Line) -> tuple[Spot | None, _Block | None, int]:
    """The spot on this line if the cursor is on it, the mapping it belongs to, and 1 + the column of a block text."""
    text, at, stop = line.text, line.start, line.stop
    item: _Block | None = None
    while dash := _DASH.match(text, at, stop):
        item = _enter(stack, at - line.line, False)
        item.index += 1
        at = dash.end()
    column = at - line.line
    key = _KEY.match(text, at, stop)
    if key is None:
        return _loose(stack, line, item, at)
    holder = _enter(stack, column, True)
    holder.key = _plain(key[1])
    holder.keys.setdefault(holder.key, at)
    value = key.end()
    if line.here and at <= line.offset <= key.end(1):
        return (
            Spot((*holder.path, holder.key), "key", at, key.end(1), _quote(key[1]), flow=False, following=":"),
            holder,
            0,
        )
    if _BLOCK.match(text, value, stop):
        return None, None, column + 1
    spot = _value(line, value, holder.below())
    return spot, None, 0


def _loose(stack: list[_Block], line: _Line, item: _Block | None, at: int) -> tuple[Spot | None, _Block | None, int]:
    """A line without a key: an item of a list, a text that goes on, or a key that is being typed."""
    text = line.text
    column = at - line.line
    if text[at : at + 1] in ("{", "["):
        path = item.below() if item is not None else stack[-1].below() if stack else ()
        return _value(line, at, path), None, 0
    if not line.here:
        return None, None, 0
    end = max(at, len(text[: line.stop].rstrip()), line.offset) if at < line.stop else max(at, line.offset)
    start = min(at, line.offset)
    quote = _quote(text[at:end])
    if item is not None:
        return Spot(item.below(), "item", start, end, quote, flow=False, following=_following(text, end)), None, 0
    while stack and stack[-1].column > column:
        stack.pop()
    written = _plain(text[at:end])
    if not stack or (stack[-1].record and stack[-1].column == column):
        holder = stack[-1] if stack else _enter(stack, column, True)
        return Spot((*holder.path, written), "key", start, end, quote, flow=False), holder, 0
    # further in than the key above it: the first key of its value
    return Spot((*stack[-1].below(), written), "key", start, end, quote, flow=False), None, 0


def _value(line: _Line, at: int, path: Path) -> Spot | None:
    """The spot in the value that begins at `at`; brackets are followed over lines."""
    text = line.text
    if text[at : at + 1] in ("{", "["):
        line.ended = _closing(text, at)
        if not at < line.offset <= line.ended:
            return None
        return _flow_spot(text, _FLOW, line.offset, at, line.ended, path)
    if not line.here or (line.offset < at and at < line.stop):
        return None
    end = max(at, len(text[: line.stop].rstrip()), line.offset)
    start = min(at, line.offset) if at < line.stop else line.offset
    return Spot(path, "value", start, max(start, end), _quote(text[at:end]), flow=False)


def _closing(text: str, at: int) -> int:
    """The end of the brackets that open at `at`; of the line where they are not closed."""
    depth = 0
    for match in _FLOW.finditer(text, at):
        if match[0] in ("{", "["):
            depth += 1
        elif match[0] in ("}", "]"):
            depth -= 1
            if depth == 0:
                return match.end()
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _blank(stack: list[_Block], column: int, offset: int) -> tuple[_Block | None, Spot] | None:
    """A blank line: a key of the mapping at this column, or the first one of the value of the key above."""
    holders = [each for each in stack if each.record and each.column <= column]
    if not holders:
        return None if stack else (None, Spot(("",), "key", offset, offset, flow=False))
    holder = holders[-1]
    while stack[-1] is not holder:
        stack.pop()
    if holder.column == column:
        return holder, Spot((*holder.path, ""), "key", offset, offset, flow=False)
    return None, Spot((*holder.below(), ""), "key", offset, offset, flow=False)
