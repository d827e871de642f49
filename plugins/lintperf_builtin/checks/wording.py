"""Checks of wording: punctuation, doubled words, mixed script and terms, lists that count wrong, names of rows."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from typing import Any, Final

from lintperf.extension import Check, Problem, Subject
from lintperf.model import Severity, Text
from lintperf.patterns import pattern
from lintperf_builtin.facts.indicator import Achievement, RowNature
from lintperf_builtin.facts.numerals import chinese_number
from lintperf_builtin.facts.tables import is_report
from lintperf_builtin.facts.texts import (
    Passage,
    any_of,
    excerpt,
    passages,
    quotations,
    together,
    without_markup,
)
from lintperf_builtin.facts.units import MONEY_UNITS

__all__ = ["WORDING_CHECKS"]

TYPES: Final = ("self-evaluation", "evaluation-report")

# --- punctuation -----------------------------------------------------------------------------------------------------

_OPENERS: Final = {"《": "《", "“": "“", "（": "(", "(": "(", "「": "「", "【": "[", "〔": "[", "[": "[", "［": "["}
_CLOSERS: Final = {"》": "《", "”": "“", "）": "(", ")": "(", "」": "「", "】": "[", "〕": "[", "]": "[", "］": "["}
_MARKS: Final = pattern("[《》“”（）()「」【】〔〕\\[\\]［］]")
# 1) and 一） number an item; [90,100) is a range of numbers
_ITEM_MARK: Final = pattern(
    r"(?:^|[\s。；;，,：:、>])(?:[0-9]{1,2}|[a-zA-Z]|[一二三四五六七八九十]{1,3}|[①-⑳])\s*[)）]"
)
_INTERVAL: Final = pattern(r"[\[(（【［]\s*[-+0-9.%％]+\s*[,，~～、-]\s*[-+0-9.%％∞]+\s*[\])）】］]")


def unbalanced_punctuation(subject: Subject, _options: Mapping[str, Any]) -> Iterator[Problem]:
    """Quotation marks, title marks and brackets without their other half, one problem a text.

    Round brackets of both widths go together, so do square ones. What a page break cuts in two is whole again: an
    opening mark with its closing one in the next paragraph; a quotation over several paragraphs opens each of them.
    """
    if _MARKS.search(together(subject)) is None:
        return
    waiting: tuple[Passage, int] | None = None  # a paragraph whose opening mark has not met its other half
    for passage in passages(subject):
        found = _unpaired(passage.text)
        if waiting is not None:
            before, position = waiting
            kind = _OPENERS[before.text[position]]
            waiting = None
            goes_on = found is not None and _CLOSERS.get(passage.text[found]) == kind
            if passage.role == "paragraph" and (goes_on or _OPENERS.get(passage.text.lstrip()[:1]) == kind == "“"):
                found = _unpaired(passage.text, found) if goes_on else found
            else:
                yield _unpaired_problem(before, position)
        if found is None:
            continue
        if passage.role == "paragraph" and passage.text[found] in _OPENERS:
            waiting = passage, found
        else:
            yield _unpaired_problem(passage, found)
    if waiting is not None:
        yield _unpaired_problem(*waiting)


def _unpaired(text: str, skip: int | None = None) -> int | None:
    """Where the first mark without its other half stands, but for the one at `skip`; None where all are pairs."""
    if _MARKS.search(text) is None:
        return None
    items = {match.end() - 1 for match in _ITEM_MARK.finditer(text)}
    ranges = {place for match in _INTERVAL.finditer(text) for place in (match.start(), match.end() - 1)}
    opened: dict[str, list[int]] = {}
    for match in _MARKS.finditer(text):
        place, mark = match.start(), match[0]
        if place == skip or place in ranges:
            continue
        if mark in _OPENERS:
            opened.setdefault(_OPENERS[mark], []).append(place)
        elif opened.get(_CLOSERS[mark]):
            opened[_CLOSERS[mark]].pop()
        elif place not in items:
            return place
    return min((places[0] for places in opened.values() if places), default=None)


def _unpaired_problem(passage: Passage, position: int) -> Problem:
    mark = passage.text[position]
    return Problem(
        passage.pointer,
        {"mark": mark, "excerpt": excerpt(passage.text, position, position + 1)},
        found=mark,
        variant="closing" if mark in _CLOSERS else None,
    )


# --- doubled words ---------------------------------------------------------------------------------------------------


def repeated_character(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Function words written twice, `words` (在在, 的的), outside of `exceptions` (实实在在, 目的的); one a text."""
    whole = together(subject)
    if any_of(options["words"]).search(whole) is None:
        return
    words: Sequence[str] = [word for word in options["words"] if word in whole]
    for passage in passages(subject):
        hits = sorted((place, word) for word in words for place in _places(passage.text, word))
        for place, word in hits:
            if not _within(passage.text, place, len(word), options["exceptions"]):
                arguments = {"word": word, "excerpt": excerpt(passage.text, place, place + len(word))}
                repaired = _undoubled(passage.text, words, options["exceptions"])
                yield Problem(
                    passage.pointer, arguments, found=word, expected=word[: len(word) // 2], repaired=repaired
                )
                break


def _undoubled(text: str, words: Sequence[str], exceptions: Sequence[str]) -> str:
    """The text with each of the words once where it stands twice, outside of the exceptions."""
    for word in words:
        pieces, done = [], 0
        place = text.find(word)
        while place >= 0:
            after = place + 1
            if not _within(text, place, len(word), exceptions):
                pieces.append(text[done:place])
                done = after = place + len(word) // 2
            place = text.find(word, after)
        text = "".join([*pieces, text[done:]])
    return text


def _places(text: str, word: str) -> Iterator[int]:
    place = text.find(word)
    while place >= 0:
        yield place
        place = text.find(word, place + 1)


def _within(text: str, place: int, length: int, exceptions: Sequence[str]) -> bool:
    """Whether the characters at a place are part of one of the exceptions.

    `目的的^项科` is the exception 目的的 except behind 项 or 科: 项目的的 is wrong.
    """
    for exception in exceptions:
        right, _, unless = exception.partition("^")
        first = max(0, place - len(right) + length)
        found = text.find(right, first, place + len(right))
        if found >= 0 and not (found and text[found - 1] in unless):
            return True
    return False


# --- script ----------------------------------------------------------------------------------------------------------

_IDEOGRAPH: Final = pattern("[\u4e00-\u9fff]")
_ENUMERATOR: Final = pattern(
    r"(?:^|(?<=[\s。；;：:，,、>）)]))(?P<open>[（(])\s*(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})\s*(?P<close>[）)])"
)
_SECTION_NUMBER: Final = pattern(r"^\s*(?P<open>[（(])\s*(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})\s*(?P<close>[）)])")
# traditional forms of surnames: the characters behind them are a person's name
_SURNAMES: Final = frozenset(
    "陳張劉黃趙吳孫馬鄭謝韓許鄧馮蕭葉蘇盧蔣賈鄒閻陸譚龍錢湯龔萬嚴賀顧羅歐陽單於葛楊範關莊聶齊龐樊"
)
_LONGEST_GIVEN_NAME: Final = 2
# different characters outside of the standard set beyond which each text is looked at
_MOST_RARE: Final = 8


def mixed_script(subject: Subject, _options: Mapping[str, Any]) -> Iterator[Problem]:
    """Traditional characters in simplified texts, one problem a text; brackets of both widths among numbers of one
    list, or among the headings of one kind (variant `brackets`).

    Quotations, titles and names of persons are left out.
    """
    whole = together(subject)
    # all texts at once: most documents have no traditional character, and brackets of one width
    simplified_only = _all_in_use(whole)
    both_widths = ("(" in whole or ")" in whole) and ("（" in whole or "）" in whole)
    for passage in passages(subject) if both_widths or not simplified_only else ():
        found = None if simplified_only else next(_traditional(passage.text), None)
        if found is not None:
            place, simplified = found
            character = passage.text[place]
            yield Problem(
                passage.pointer,
                {"character": character, "excerpt": excerpt(passage.text, place, place + 1)},
                found=character,
                expected=simplified,
                repaired=_all_simplified(passage.text),
            )
        if not both_widths:
            continue
        widths = [match["open"] + match["close"] for match in _ENUMERATOR.finditer(passage.text)]
        odd = _minority(widths)
        if odd is not None and passage.role != "heading":
            match = list(_ENUMERATOR.finditer(passage.text))[odd]
            words = {"excerpt": excerpt(passage.text, match.start(), match.end())}
            repaired = _alike_brackets(passage.text, widths, _ENUMERATOR)
            yield Problem(passage.pointer, words, found=match[0], variant="brackets", repaired=repaired)
    if subject.rows("sections"):
        yield from _mixed_headings(subject)


def _all_in_use(text: str) -> bool:
    """Whether no character has another simplified form; False as well where many rare ones would have to be asked."""
    for _ in range(_MOST_RARE):
        rare = _outside_simplified_set(text)
        if not rare:
            return True
        if any(_simplified(character) != character for character in rare):
            return False
        text = text.replace(rare, "")
    return False


def _traditional(text: str) -> Iterator[tuple[int, str]]:
    """Place and simplified form of each traditional character that stands for itself."""
    # the simplified standard set has all that common texts need; only what is outside of it is looked up
    if not _outside_simplified_set(text):
        return
    quoted = quotations(text)
    for place, character in enumerate(text):
        simplified = _simplified(character)
        if simplified == character or any(start < place < end for start, end in quoted):
            continue
        before = text[max(0, place - _LONGEST_GIVEN_NAME) : place + 1]
        if not any(surname in _SURNAMES for surname in before):
            yield place, simplified


def _all_simplified(text: str) -> str:
    """The text with the simplified form of each traditional character that stands for itself."""
    characters = list(text)
    for place, simplified in _traditional(text):
        characters[place] = simplified
    return "".join(characters)


def _alike_brackets(text: str, widths: Sequence[str], numbers: re.Pattern[str]) -> str | None:
    """The text with its numbers in brackets of the commoner kind of `widths`; None where no kind is."""
    (pair, most), *others = Counter(widths).most_common()
    if any(count == most for _, count in others):
        return None
    characters = list(text)
    for match in numbers.finditer(text):
        characters[match.start("open")], characters[match.start("close")] = pair[0], pair[1]
    return "".join(characters)


def _outside_simplified_set(text: str) -> str:
    """The first characters that GB 2312 lacks, the character set of simplified Chinese; "" where it has them all."""
    try:
        text.encode("gb2312")
    except UnicodeEncodeError as problem:
        return text[problem.start : problem.end]
    return ""


@lru_cache(maxsize=4096)
def _simplified(character: str) -> str:
    """The simplified form of a traditional character; any other itself."""
    if _IDEOGRAPH.match(character) is None or not _outside_simplified_set(character):
        return character
    converted = _converter().convert(character)
    return str(converted)


@lru_cache(maxsize=1)
def _converter() -> Any:
    from opencc import OpenCC  # 20 ms, for the few documents with a rare character

    return OpenCC("t2s")


def _minority(widths: Sequence[str]) -> int | None:
    """The first of the rarer kind among bracket pairs; None where all are alike."""
    kinds = {width: widths.count(width) for width in widths}
    if len(kinds) < 2:
        return None
    rarest = min(reversed(kinds), key=lambda width: kinds[width])
    return widths.index(rarest)


def _mixed_headings(subject: Subject) -> Iterator[Problem]:
    """One problem a report: headings whose numbers stand in brackets of both widths, at the first of the rarer."""
    numbered = []
    for number, section in enumerate(subject.rows("sections")):
        match = _SECTION_NUMBER.match(section.get("number") or "")
        if match is not None:
            numbered.append((number, match[1] + match[2]))
    odd = _minority([width for _, width in numbered])
    if odd is not None:
        number = numbered[odd][0]
        section = subject.rows("sections")[number]
        words = f"{section.get('number') or ''}{section.get('title') or ''}"
        repaired = _alike_brackets(section["number"], [width for _, width in numbered], _SECTION_NUMBER)
        yield Problem(
            f"/sections/{number}/number",
            {"excerpt": words},
            found=section["number"],
            variant="brackets",
            repaired=repaired,
        )


# --- terms -----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def _pairs(entries: tuple[str, ...]) -> tuple[tuple[tuple[str, str], ...], re.Pattern[str]]:
    """The two forms of each `甲/乙`, and a pattern of the first of each: without one of them no pair is there."""
    split = [entry.split("/") for entry in entries]
    pairs = tuple((pair[0], pair[1]) for pair in split if len(pair) == 2 and all(pair))
    return pairs, any_of(tuple(one for one, _ in pairs))


def mixed_term(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Both forms of a term, of `pairs` (`甲/乙`), in one document; one problem a pair, at the first of the rarer."""
    whole = together(subject)
    pairs, either = _pairs(options["pairs"])
    if either.search(whole) is None:
        return
    for forms in pairs:
        if not all(form in whole for form in forms):
            continue
        found: dict[str, list[str]] = {form: [] for form in forms}
        texts = {}
        for passage in passages(subject):
            texts[passage.pointer] = passage.text
            for form in forms:
                found[form] += [passage.pointer] * passage.text.count(form)
        if not all(found.values()):
            continue
        usual, rarer = sorted(forms, key=lambda form: -len(found[form]))
        counts = {"usual": usual, "usual_count": Decimal(len(found[usual])), "rarer_count": Decimal(len(found[rarer]))}
        pointer = found[rarer][0]
        # one form may be a part of the other
        repaired = texts[pointer].replace(rarer, usual) if rarer not in usual and usual not in rarer else None
        yield Problem(pointer, counts, found=rarer, expected=usual, related=(found[usual][0],), repaired=repaired)


# --- lists -----------------------------------------------------------------------------------------------------------

_COUNT_WORD: Final = pattern(
    r"(?<![-—第表图0-9一二三四五六七八九十百千万年月.])([二两三四五六七八九十]{1,3}|[0-9]{1,2})\s*(?:个|大|项|大类)?"
    r"(?:方面|部分|大类|板块|环节|阶段|步骤|举措|措施|任务|要点|内容|类|项|点)"
)
# what every match above ends with; it begins with a set, which is searched for fast
_MAYBE_COUNTED: Final = pattern(
    r"[0-9二两三四五六七八九十](?=[\s个大项方部板环阶步举措任要内类点])\s*(?:个|大|项|大类)?"
    r"(?:方面|部分|大类|板块|环节|阶段|步骤|举措|措施|任务|要点|内容|类|项|点)"
)
_LEAD_IN: Final = 30
_LONGEST_LIST: Final = 4000
_MOST_PARAGRAPHS: Final = 60
_FEWEST_ITEMS: Final = 2
_STYLES: Final = (
    ("（{}）", "一二三四五六七八九十"),
    ("{}是", "一二三四五六七八九十"),
    ("第{}，", "一二三四五六七八九十"),
    ("（{}）", "123456789"),
    ("{}.", "123456789"),
    ("{}、", "123456789"),
    ("{}、", "一二三四五六七八九十"),
    ("{}", "①②③④⑤⑥⑦⑧⑨⑩"),
)
_HALF_TO_FULL: Final = str.maketrans("(),．", "（），.")


def count_word_mismatch(subject: Subject, _options: Mapping[str, Any]) -> Iterator[Problem]:
    """A number of parts, 分四大部分, before a list with another number of items; one a text.

    The list begins within a few words behind the number. In a report it may go on, or only begin, in the paragraphs
    of the same section, or be the headings below it. Where its first number comes twice, whose items they are is
    unclear, and nothing is said.
    """
    if not _may_announce(together(subject)):
        return
    listed = passages(subject)
    for position, passage in enumerate(listed):
        if not _may_announce(passage.text):
            continue
        text = _as_compared(passage.text)
        for match in _COUNT_WORD.finditer(text):
            announced = int(match[1]) if match[1].isdecimal() else _small(match[1])
            if announced is None or announced < _FEWEST_ITEMS:
                continue
            named = _named_items(text, match.end()) or _items_before(text, match)
            if announced in named:
                continue
            counted = named[0] if named else _counted_items(subject, listed, position, text, match.end())
            if counted is not None and counted != announced:
                words = {"counted": Decimal(counted), "announced": Decimal(announced), "phrase": match[0]}
                yield Problem(passage.pointer, words, found=match[0])
                break


def _may_announce(text: str) -> bool:
    """Whether a text may state a number of parts: markup may stand within it."""
    return "<" in text or "&" in text or _MAYBE_COUNTED.search(text) is not None


@lru_cache(maxsize=256)
def _as_compared(text: str) -> str:
    return without_markup(text).translate(_HALF_TO_FULL)


def _small(numeral: str) -> int | None:
    if numeral == "两":
        return 2
    read = chinese_number(numeral)
    return int(read[0]) if read else None


def _counted_items(subject: Subject, listed: Sequence[Passage], position: int, text: str, start: int) -> int | None:
    """How many items the list behind a number has; None where there is none or it is unclear."""
    lead = text[start : start + _LEAD_IN]
    stop = lead.find("。")
    # 具体如下。 ends a sentence and announces the list all the same
    lead = lead if stop < 0 or lead[:stop].endswith("如下") else lead[:stop]
    firsts = [(lead.find(style.format(digits[0])), style, digits) for style, digits in _STYLES]
    firsts = [first for first in firsts if first[0] >= 0]
    is_paragraph = listed[position].role == "paragraph"
    behind = list(_behind(subject, listed, position)) if is_paragraph else []
    if firsts:
        place, style, digits = min(firsts)
        return _items(text[start + place : start + place + _LONGEST_LIST], style, digits, behind)
    ends = text[start:].strip()
    if not is_paragraph or len(ends) > _LEAD_IN or not _ANNOUNCED.search(text[max(0, start - _LEAD_IN) :]):
        return None
    for style, digits in _STYLES:
        if behind and behind[0].startswith(style.format(digits[0])):
            return _items(behind[0][:_LONGEST_LIST], style, digits, behind[1:])
    return _headings_below(subject, listed[position]) if not behind else None


_NAMED: Final = pattern(
    r"(?:工作|内容|任务|指标)?\s*(?:[：:]|[，,]?\s*(?:具体|主要|分别)?(?:为|是|包括|即)[：:]?)\s*"
    r"([^，,。；;：:、（）\n]{2,14}(?:、[^，,。；;：:、（）\n]{2,14}){1,11})(?=[。；;]|\s*$)"
)
_LAST_TWO: Final = ("以及", "和", "及", "与")


def _named_items(text: str, start: int) -> tuple[int, ...]:
    """How many things a number is followed by, 四个方面：甲、乙、丙、丁。; none where they are no plain list.

    和 in the last of them may join two: then both counts. A list that ends in 等 is open.
    """
    match = _NAMED.match(text, start)
    if match is None or match[1].endswith(("等", "等等", "等方面", "等内容")):
        return ()
    items = match[1].split("、")
    if any(mark in items[0] for mark in ("一是", "第一")):
        return ()
    joined = any(word in items[-1][1:-1] for word in _LAST_TWO)
    return (len(items), len(items) + 1) if joined else (len(items),)


_NAMED_BEFORE: Final = pattern(r"([^，,。；;：:、（）\n]{3,14}(?:、[^，,。；;：:、（）\n]{3,14}){2,11})$")
_WHOLES: Final = ("方面", "部分", "大类", "板块", "环节", "阶段")
_LONGEST_NAMING: Final = 160
_NOT_NAMED: Final = ("等", "的", "分", "共", "为", "有", "在", "从", "上述", "以上", "这", "其他", "另外")


def _items_before(text: str, match: re.Match[str]) -> tuple[int, ...]:
    """How many things stand before a number of parts, 甲情况、乙情况和丙情况三个方面; none where they are no list.

    Verbs before a number of tasks, 制定、修订、完善三项制度, are no list of them, so only parts and aspects count.
    """
    if not match[0].endswith(_WHOLES):
        return ()
    found = _NAMED_BEFORE.search(text[max(0, match.start() - _LONGEST_NAMING) : match.start()])
    if found is None or found[1].endswith(_NOT_NAMED):
        return ()
    items = found[1].split("、")
    joined = any(word in items[-1][1:-1] for word in _LAST_TWO)
    return (len(items), len(items) + 1) if joined else (len(items),)


_ANNOUNCED: Final = pattern(r"如下|以下|下述|下列|[：:]\s*$")


def _behind(subject: Subject, listed: Sequence[Passage], position: int) -> Iterator[str]:
    """The paragraphs behind one in the same section."""
    paragraphs = subject.rows("paragraphs")
    number = int(listed[position].pointer.split("/")[2])
    section = paragraphs[number].get("section")
    for row in islice(paragraphs, number + 1, number + 1 + _MOST_PARAGRAPHS):
        if row.get("section") != section:
            return
        yield _as_compared(row.get("text") or "").lstrip()


def _items(text: str, style: str, digits: str, behind: Sequence[str]) -> int | None:
    """The items of a list that begins in a text and may go on at the starts of paragraphs; None where it is unclear."""
    marks = [style.format(digit) for digit in digits]
    place, count = 0, 0
    while count < len(marks) and (found := text.find(marks[count], place)) >= 0:
        place, count = found + 1, count + 1
    for paragraph in behind:
        if count < len(marks) and paragraph.startswith(marks[count]):
            count += 1
    again = text.count(marks[0]) > 1 or any(marks[0] in paragraph for paragraph in behind)
    return None if again or count < _FEWEST_ITEMS or count == len(marks) else count


def _headings_below(subject: Subject, passage: Passage) -> int | None:
    """How many numbered headings stand right below the section of a paragraph; None for fewer than two."""
    section = subject.rows("paragraphs")[int(passage.pointer.split("/")[2])].get("section")
    if section is None:
        return None
    below = [row for row in subject.rows("sections") if row.get("parent") == section and row.get("number")]
    return len(below) if len(below) >= _FEWEST_ITEMS else None


# --- names of rows ---------------------------------------------------------------------------------------------------

_SATISFIED: Final = "满意"
_OBJECT: Final = pattern(r"^(?:服务)?对(?!象|口|接|方)[^的]+的?")
_NOT_A_PERSON: Final = ("卫生", "民生", "再生", "招商", "场所", "厕所", "布局", "举办")


def satisfaction_without_respondent(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Satisfaction rows that do not say who is satisfied, one problem each.

    words, endings   of persons and bodies, anywhere in the name and before 满意度
    staff            names of an office's own staff, whose answers say little of a service to others (variant `staff`)
    staff_projects   words in project name or goal by which the project serves the staff
    A respondent in target or actual counts; one in the second level alone makes it a note. What several tables of a
    report repeat is one problem, at the first.
    """
    serves_staff: bool | None = None
    rows = subject.rows("indicators")
    tables: dict[str, Any] = {}
    for number, nature in enumerate(subject.facts(RowNature)):
        stem = nature.name_stem
        if _SATISFIED not in stem or nature.is_empty:
            continue
        row = rows[number]
        if _repeated(tables, stem, row):
            continue
        subject_of = stem[: stem.index(_SATISFIED)]
        pointer = f"/indicators/{number}/name"
        if subject_of.endswith(options["staff"]):
            if serves_staff is None:
                serves_staff = _serves(subject, options["staff_projects"])
            if not serves_staff:
                yield Problem(pointer, {"name": row["name"]}, found=row["name"], variant="staff")
            continue
        if _names_somebody(subject_of, options):
            continue
        if any(_names_somebody(row.get(name) or "", options) for name in ("target", "actual", "description")):
            continue
        named_above = _names_somebody((row.get("level2") or "").split(_SATISFIED)[0], options)
        yield Problem(
            pointer,
            {"name": row["name"]},
            found=row["name"],
            variant="object" if _OBJECT.match(subject_of) else None,
            severity=Severity.note if named_above and not subject_of else None,
        )


def _repeated(tables: dict[str, Any], name: str, row: Mapping[str, Any]) -> bool:
    """Whether a row repeats one of an earlier table; `tables` keeps the table in which each name came first."""
    table = row.get("table")
    return table is not None and tables.setdefault(name, table) != table


def _serves(subject: Subject, words: Sequence[str]) -> bool:
    data = subject.data
    heading, goals = data.get("heading") or {}, data.get("goals") or {}
    texts = [heading.get("project"), goals.get("expected"), goals.get("annual"), data.get("title")]
    return any(word in text for text in texts if text for word in words)


def _names_somebody(text: str, options: Mapping[str, Any]) -> bool:
    """Whether a text names persons or a body; what 对…的 names is the object, not who answers."""
    text = "".join(text.split())
    text = text.split(_SATISFIED)[0]
    text = _OBJECT.sub("", text) if "对" in text else text
    bare = text.rstrip("的等（(、及和与")
    if bare.endswith(options["endings"]) and not bare.endswith(_NOT_A_PERSON):
        return True
    return any(word in text for word in options["words"])


_ASPECTS: Final = {
    "数量": "quantity",
    "质量": "quality",
    "时效": "time",
    "成本": "cost",
    "经济": "economic",
    "社会": "social",
    "生态": "ecological",
    "可持续": "sustainable",
}


def wrong_class(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Rows filed under a second level that their name or target does not belong to, one problem each.

    An entry of `misfiled` is `二级指标/名称的末尾/应属的类别`; `exceptions` are endings of names that are right.
    An amount of money or a date as the target of a quantity is wrong under any name (variants `amount`, `date`). What
    several tables of a report repeat is one problem, at the first.
    """
    belongs, endings = _belongs(options["misfiled"])
    rows, facts = subject.rows("indicators"), subject.facts(Achievement)
    tables: dict[str, Any] = {}
    in_report = is_report(subject)
    for number, nature in enumerate(subject.facts(RowNature)):
        aspect, stem = nature.aspect, nature.name_stem
        ending = stem.endswith(endings.get(aspect, ()))
        other = _no_quantity(facts[number]) if aspect == "quantity" else None
        # in a form most rows need no further look; those of a report are noted, as a later table may repeat them
        if not (ending or other or in_report) or not aspect or nature.is_empty:
            continue
        if stem.endswith(options["exceptions"]) or _repeated(tables, stem, rows[number]):
            continue
        row, pointer = rows[number], f"/indicators/{number}"
        words = {"name": row.get("name") or "", "level2": "".join((row.get("level2") or "").split())}
        if ending:
            right = next(right for ending, right in belongs[aspect] if stem.endswith(ending))
            related = (f"{pointer}/level2",)
            yield Problem(f"{pointer}/name", {**words, "right": right}, found=row["name"], related=related)
        elif other:
            yield Problem(
                f"{pointer}/name",
                {**words, "right": _RIGHT_CLASS[other], "target": row.get("target")},
                found=row.get("name"),
                related=(f"{pointer}/target",),
                variant=other,
            )


_RIGHT_CLASS: Final = {"date": "时效指标", "amount": "成本指标或经济效益指标"}


def _no_quantity(facts: Achievement) -> str | None:
    """What a target is that counts nothing: a date or an amount of money."""
    return "date" if facts.target_kind == "date" else "amount" if facts.target_unit in MONEY_UNITS else None


@lru_cache(maxsize=16)
def _belongs(
    misfiled: tuple[str, ...],
) -> tuple[Mapping[str | None, Sequence[tuple[str, str]]], Mapping[str | None, tuple[str, ...]]]:
    """The endings of names that are wrong under an aspect, each with where such rows belong, in their order; and the
    endings alone."""
    belongs: dict[str | None, list[tuple[str, str]]] = {}
    for entry in (entry.split("/") for entry in misfiled):
        if len(entry) == 3:
            belongs.setdefault(_ASPECTS.get(entry[0]), []).append((entry[1], entry[2]))
    return belongs, {aspect: tuple(ending for ending, _ in wrong) for aspect, wrong in belongs.items()}


WORDING_CHECKS: tuple[Check, ...] = (
    Check(
        "unbalanced-punctuation",
        TYPES,
        unbalanced_punctuation,
        Text("引号、书名号、括号不成对", "quotation marks and brackets without their other half"),
    ),
    Check(
        "repeated-character",
        TYPES,
        repeated_character,
        Text("虚词重复", "doubled function words"),
        {"words": "text*", "exceptions": "text*"},
    ),
    Check(
        "mixed-script",
        TYPES,
        mixed_script,
        Text("繁体字、全半角括号混用", "traditional characters, brackets of both widths"),
    ),
    Check("mixed-term", TYPES, mixed_term, Text("同一用语有两种写法", "two forms of one term"), {"pairs": "text*"}),
    Check(
        "count-word-mismatch",
        TYPES,
        count_word_mismatch,
        Text("列举的项数与所写的数目不符", "a list with another number of items than announced"),
    ),
    Check(
        "satisfaction-without-respondent",
        TYPES,
        satisfaction_without_respondent,
        Text("满意度指标没有写明对象", "satisfaction of nobody in particular"),
        {"words": "text*", "endings": "text*", "staff": "text*", "staff_projects": "text*"},
    ),
    Check(
        "wrong-indicator-class",
        TYPES,
        wrong_class,
        Text("指标归错类别", "indicators under another second level"),
        {"misfiled": "text*", "exceptions": "text*"},
    ),
)
