"""Headings of a report and their tree: by the styles of Word and the tags of web pages, else by their numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NamedTuple

from lintperf_builtin.importers.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lintperf.model import Place

__all__ = ["ANNEX", "Heading", "Line", "Number", "headings", "is_headingish", "numbered", "section_points", "sections"]

_HAN = "一二三四五六七八九十"
# Kinds of numbers, tried in this order; how they nest, _ORDER says where the text itself leaves it open.
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("chapter", re.compile(rf"第([{_HAN}]{{1,3}})(?:部分|章|篇)[\s、:：]*")),
    ("part", re.compile(rf"第([{_HAN}]{{1,3}})节[\s、:：]*")),
    ("han", re.compile(rf"([{_HAN}]{{1,3}})\s*[、.．]\s*")),
    ("han-paren", re.compile(rf"[（(]\s*([{_HAN}]{{1,3}})\s*[）)][、.．]?\s*")),
    ("decimal", re.compile(r"([0-9]{1,2}(?:[.．][0-9]{1,2}){1,3})[.．、]?\s*(?![0-9.．%％万亿元]|个百分)")),
    ("arabic", re.compile(r"([0-9]{1,2})\s*[.．、]\s*(?![0-9])")),
    ("arabic-paren", re.compile(r"[（(]\s*([0-9]{1,2})\s*[）)][、.．]?\s*")),
    ("arabic-half", re.compile(r"([0-9]{1,2})\s*[）)]\s*")),
)  # fmt: skip
_ORDER = {
    kind: number
    for number, kind in enumerate(
        ("chapter", "part", "han", "han-paren", "arabic", "decimal", "arabic-paren", "arabic-half")
    )
}
# 1. and 1.1 count on one ladder.
_LADDER = ("arabic", "decimal")
ANNEX = re.compile(r"附\s*(?:件|表)\s*(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})?\s*[:：.、]?\s*(.*)", re.DOTALL)
# Kinds that open a chapter or its parts: they need neither a style nor an unbroken count.
_MAIN = ("chapter", "part", "han", "han-paren")
# A heading is no longer than this; a paragraph that somebody gave a heading's style is.
_LONGEST = 45
_LONGEST_STYLED = 120
_ENDS_TEXT = tuple("。；;，,、：:!！?？.")
# As many headings by style, and the file has its headings styled.
_ENOUGH_STYLED = 3
# How far a heading's text goes that stands at the beginning of its paragraph.
_LEAD = re.compile(r"([^。：:；;，,]{2,20})[。：:]")
# A table stands within as many lines below the title of an annex.
_NEAR = 3

_BRACKETED = re.compile(r"[（(]([^（()）]{1,40})[）)]\s*[:：]?$")
_POINTS = re.compile(
    r"(满分|分值|权重|标准分|总分|满分值)?(实际得分|自评得分|评价得分|得分|实得)?(?:为|[:：])?\s*([0-9]{1,4}(?:\.[0-9]{1,4})?)\s*(分?)(?![0-9%％年])"
)


@dataclass(slots=True, eq=False)
class Line:
    """A paragraph of the report.

    shift   where the text begins in the paragraph that `place` names, in code points; None where the paragraph has it
            in other letters
    unsure  whether it was put together, or parted, by a guess
    """

    text: str
    place: Place | None = None
    level: int | None = None
    footnote: bool = False
    shift: int | None = 0
    unsure: bool = False


class Number(NamedTuple):
    """The number of a heading: its kind, as written, what it counts, and the text behind it."""

    kind: str
    text: str
    value: int
    title: str


class Heading(NamedTuple):
    """A heading; `whole` is False where the paragraph goes on behind it."""

    kind: str
    number: str | None
    title: str
    level: int | None
    whole: bool = True


def numbered(text: str) -> Number | None:
    """The number that a line begins with, if any."""
    for kind, pattern in _KINDS:
        found = pattern.match(text)
        if found:
            return Number(kind, found[0].strip(), _value(found[1]), text[found.end() :].strip())
    return None


def _value(text: str) -> int:
    if text[0] in _HAN:
        tens, _, ones = text.rpartition("十")
        if "十" not in text:
            return _HAN.index(text[0]) + 1
        return (_HAN.index(tens[0]) + 1 if tens else 1) * 10 + (_HAN.index(ones[0]) + 1 if ones else 0)
    return int(re.split(r"[.．]", text)[-1])


def is_headingish(text: str) -> bool:
    """Whether a line looks like a heading by its number and its length alone."""
    found = numbered(text)
    return found is not None and _plausible(found.title)


def _plausible(title: str) -> bool:
    bare = _BRACKETED.sub("", title).strip()
    return (
        2 <= len(bare) <= _LONGEST
        and not title.startswith(("《", "“", "是", "、"))
        and not bare.endswith(_ENDS_TEXT)
        and "。" not in title
        and "；" not in title
    )


def headings(items: Sequence[Line | Grid]) -> dict[int, Heading]:
    """The headings among the lines of a report, by their position.

    What has a heading's style is one. Without a style it needs a number, and little text; numbers in Arabic digits,
    which lists use as well, also need their count unbroken, text below each, and a file without styles.
    """
    styled = {
        at: line for at, line in enumerate(items) if isinstance(line, Line) and line.level and _is_styled(line.text)
    }
    has_styles = len(styled) >= _ENOUGH_STYLED
    found: dict[int, Heading] = {}
    candidates: dict[int, Number] = {}
    for at, line in enumerate(items):
        if not isinstance(line, Line) or line.footnote:
            continue
        number = numbered(line.text)
        if at in styled:
            kind, text, title = (number.kind, number.text, number.title) if number else ("", None, line.text)
            if not number and ANNEX.fullmatch(line.text):
                kind = "annex"
            found[at] = Heading(kind, text, title, line.level)
        elif number is not None and (not has_styles or number.kind in _MAIN):
            if _plausible(number.title):
                candidates[at] = number
            elif number.kind in ("han", "han-paren") and not number.title.startswith("是"):
                lead = _LEAD.match(number.title)
                if lead and _plausible(lead[1]):
                    found[at] = Heading(number.kind, number.text, lead[1], None, whole=False)
        elif (
            ANNEX.fullmatch(line.text) and _plausible(line.text) and (found or candidates) and _before_table(items, at)
        ):
            found[at] = Heading("annex", None, line.text, None)
    _settle(items, found, candidates)
    return found


def _is_styled(text: str) -> bool:
    return len(text) <= _LONGEST_STYLED and not (len(text) > _LONGEST and text.endswith("。"))


def _before_table(items: Sequence[Line | Grid], at: int) -> bool:
    following = items[at + 1 : at + 1 + _NEAR]
    return any(isinstance(item, Grid) for item in following) and all(
        isinstance(item, Grid) or len(item.text) <= _LONGEST for item in following[:1]
    )


def _settle(items: Sequence[Line | Grid], found: dict[int, Heading], candidates: dict[int, Number]) -> None:
    """Takes those candidates for headings that are none of a list."""
    counts: dict[str, int] = {}
    for at in range(len(items)):
        heading = found.get(at)
        if heading is not None:
            counts = {kind: count for kind, count in counts.items() if _ORDER[kind] < _ORDER.get(heading.kind, 0)}
            if number := numbered(f"{heading.number or ''}{heading.title}"):
                counts[number.kind] = number.value
            continue
        number = candidates.get(at)
        if number is None:
            continue
        if number.kind not in _MAIN or number.kind == "han-paren":
            neighbours = (candidates.get(at - 1), candidates.get(at + 1))
            if any(other is not None and other.kind == number.kind for other in neighbours):
                continue  # lines of a list: no text stands between them
        expected = counts.get(number.kind, 0) + 1
        if number.kind not in _MAIN and number.kind != "decimal" and number.value not in (expected, expected + 1):
            continue
        found[at] = Heading(number.kind, number.text, number.title, None)
        counts = {kind: count for kind, count in counts.items() if _ORDER[kind] < _ORDER[number.kind]}
        counts[number.kind] = number.value


def sections(found: Sequence[Heading]) -> list[dict[str, Any]]:
    """The headings as the schema has them: each with its level and the one around it."""
    result: list[dict[str, Any]] = []
    stack: list[tuple[Heading, int]] = []
    for heading in found:
        cut = next((depth for depth, (other, _) in enumerate(stack) if _is_beside(other, heading)), None)
        if cut is None:
            while stack and _is_inside(stack[-1][0], heading):
                stack.pop()
        else:
            del stack[cut:]
        weight, score = section_points(heading.title)
        result.append(
            {
                "number": heading.number,
                "title": heading.title,
                "level": Decimal(len(stack) + 1),
                "parent": Decimal(stack[-1][1]) if stack else None,
                "weight": weight,
                "score": score,
            }
        )
        stack.append((heading, len(result) - 1))
    return result


def _is_beside(open_one: Heading, heading: Heading) -> bool:
    """Whether a heading ends the open one: of equal rank, or above it."""
    if heading.kind == "annex" or open_one.kind == "annex":
        return heading.kind == "annex" or not heading.level or not open_one.level or open_one.level >= heading.level
    if open_one.level and heading.level:
        return open_one.level >= heading.level
    if open_one.kind in _LADDER and heading.kind in _LADDER:
        return _depth(open_one) >= _depth(heading)
    return open_one.kind == heading.kind


def _depth(heading: Heading) -> int:
    return len(re.findall(r"[0-9]+", heading.number or ""))


def _is_inside(open_one: Heading, heading: Heading) -> bool:
    """Whether the open heading is of a kind that stands below the new one's, where no other of its kind is open."""
    if open_one.level and heading.level:
        return False
    return _ORDER.get(open_one.kind, -1) > _ORDER.get(heading.kind, len(_ORDER))


def section_points(title: str) -> tuple[Decimal | None, Decimal | None]:
    """The points at stake and those given that a heading states in brackets at its end; None for what it leaves out.

    （满分7分，得分6分）, （20分）, （得分6分/满分7分）.
    """
    bracketed = _BRACKETED.search(title)
    if bracketed is None:
        return None, None
    weight = score = None
    for whole, given, number, unit in _POINTS.findall(re.sub(r"\s", "", bracketed[1])):
        if not (whole or given or unit):
            continue
        if given or (not whole and weight is not None):
            score = Decimal(number) if score is None else score
        elif weight is None:
            weight = Decimal(number)
    return weight, score
