"""Checks of goal texts: vague goals, copied results, other years and numbers, items that nobody mentions again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from itertools import filterfalse, islice
from typing import Any, Final, NamedTuple, cast

from lintperf.extension import Check, Problem, Subject
from lintperf.model import Text
from lintperf.patterns import pattern
from lintperf_builtin.facts.indicator import Achievement, RowNature
from lintperf_builtin.facts.texts import without_markup
from lintperf_builtin.facts.units import COUNTING_UNITS

__all__ = ["GOALS_CHECKS"]

_EXPECTED: Final = "/goals/expected"
_ACHIEVED: Final = "/goals/achieved"
_HUNDRED: Final = Decimal(100)
_YEAR: Final = pattern(r"(?:19|20)(?<![0-9]..)[0-9]{2}\s*(?:[-—~～至到]\s*(?:19|20)?[0-9]{2}\s*)?年?度?(?![0-9])")
_DOCUMENT_NUMBER: Final = pattern(r"[〔\[［(（]\s*(?:19|20)[0-9]{2}\s*[〕\]］)）]\s*第?[0-9]+\s*号")
# what stands before the first character of an item's number is looked at behind it: a search for a set of characters is
# fast, one for a place is not
_AT_ITEM: Final = r"(?:(?<=^.)|(?<=[\s。；;：:，,>）)].))"
_IN_BRACKETS: Final = r"(?<=[（(])\s*(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})\s*[）)]"
_ITEM_NUMBER: Final = pattern(rf"[（(0-9]{_AT_ITEM}(?:{_IN_BRACKETS}|(?<=[0-9])[0-9]?\s*[.、．)）](?![0-9]))")
_DIGIT: Final = pattern("[0-9０-９]")
_NUMERAL: Final = pattern(
    r"(?:[二两三四五六七八九十百千万]|[一二三四五六七八九]?[十百千万])[一二两三四五六七八九十百千万余多]*"
    r"(?=[个项次场期家人名户件条篇份座处套台公里亩吨批轮部册枚支辆])|百分之"
)


def _texts(subject: Subject) -> tuple[str, str]:
    """Expected and achieved goal without markup; "" for a missing one. Remembered: six checks ask one after another."""
    return _texts_of(cast("Hashable", subject))


@lru_cache(maxsize=1)
def _texts_of(subject: Any) -> tuple[str, str]:
    goals = subject.data.get("goals")
    goals = goals if isinstance(goals, Mapping) else {}
    return without_markup(goals.get("expected") or "").strip(), without_markup(goals.get("achieved") or "").strip()


# three figures, or five and more, are no year and no item's number
_FIGURES: Final = pattern(r"[0-9](?<![0-9].)(?:[0-9]{2}|[0-9]{4,})(?![0-9])(?!\s*号)")


@lru_cache(maxsize=1024)
def _states_number(text: str) -> bool:
    """Whether a text states a quantity: years, document numbers and numbers of list items are none."""
    if _FIGURES.search(text) is not None:
        return True
    for other in (_DOCUMENT_NUMBER, _YEAR, _ITEM_NUMBER):
        text = other.sub(" ", text)
    return _DIGIT.search(text) is not None or _NUMERAL.search(text) is not None


def vague_goal(subject: Subject, _options: Mapping[str, Any]) -> Iterator[Problem]:
    """An expected goal without any quantity in a form that has rows with a number to count."""
    expected, _ = _texts(subject)
    if not expected or _states_number(expected):
        return
    natures, facts = subject.facts(RowNature), subject.facts(Achievement)
    countable = [
        number
        for number, row in enumerate(facts)
        if row.quantitative
        and not natures[number].is_empty
        and natures[number].aspect == "quantity"
        and row.target_unit != "%"
    ]
    if countable:
        related = [f"/indicators/{number}/target" for number in countable]
        yield Problem(_EXPECTED, {"rows_with_numbers": Decimal(len(countable))}, related=related)


# --- copied results --------------------------------------------------------------------------------------------------

_ROUNDING: Final = Decimal("0.001")
_PLAIN: Final = pattern(r"[^\w]|_")


@lru_cache(maxsize=1024)
def _compared(text: str, filler: tuple[str, ...]) -> str:
    """A goal text as it is compared: without markup, item numbers, punctuation and filler."""
    text = _ITEM_NUMBER.sub("", text)
    for word in filler:
        text = text.replace(word, "")
    return _PLAIN.sub("", text)


@lru_cache(maxsize=1024)
def _copied(expected: str, achieved: str, filler: tuple[str, ...], ratio: Decimal, shortest: int) -> Decimal | None:
    """How alike both texts are where that makes one a copy of the other; None where it does not."""
    one, other = _compared(expected, filler), _compared(achieved, filler)
    if max(len(one), len(other)) < shortest or min(len(one), len(other)) < ratio * max(len(one), len(other)) / 2:
        return None
    # no more characters can go together than both texts have; a tenth of a percent covers the rounding
    common = sum((Counter(one) & Counter(other)).values())
    if Decimal(2 * common) / (len(one) + len(other)) + _ROUNDING < ratio:
        return None
    from rapidfuzz import fuzz  # 20 ms, only where the texts could be alike

    alike = Decimal(str(round(fuzz.ratio(one, other), 1))) / _HUNDRED
    return alike if alike >= ratio else None


def _too_unlike(expected: str, achieved: str, filler: tuple[str, ...], ratio: Decimal) -> bool:
    """A quick look that clears most forms: so many letters of the expected text are not in the achieved one that they
    cannot be alike in `ratio`, whatever `_compared` cuts (figures of items and characters of fillers are not counted).

    Where u letters of n are alone, at most n - u, and at most the other text's m, can go together: 2t ÷ (2t + u) is the
    most that both texts can be alike.
    """
    least = int(1000 * (ratio - _ROUNDING))  # in thousandths
    if not 0 < least < 1000:
        return False
    twice = 2 * (1000 - least)
    enough = min(twice * len(expected) // (2000 - least), twice * len(achieved) // least)
    others = "".join((achieved, "0123456789一二三四五六七八九十", *filler))
    alone = filter(str.isalpha, filterfalse(others.__contains__, expected))
    return next(islice(alone, enough, None), None) is not None


def _likeness(subject: Subject, options: Mapping[str, Any]) -> Decimal | None:
    expected, achieved = _texts(subject)
    filler, ratio = options["filler"], options["ratio"]
    if not expected or not achieved or _too_unlike(expected, achieved, filler, ratio):
        return None
    return _copied(expected, achieved, filler, ratio, int(options["shortest"]))


def goal_text_copied(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """An achieved text that repeats the expected one: `ratio` (0 to 1) alike after `filler` (已, 完成) is cut.

    Texts of which both are shorter than `shortest` characters are left alone.
    """
    alike = _likeness(subject, options)
    if alike is not None:
        yield Problem(_ACHIEVED, {"likeness": alike}, related=(_EXPECTED,))


def achieved_text_without_result(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """An achieved text without a number and without a word of results (`words`), unless it repeats the goal."""
    _, achieved = _texts(subject)
    # nearly every text has one of the words: the cheaper question first
    if not achieved or any(word in achieved for word in options["words"]) or _states_number(achieved):
        return
    if _likeness(subject, options) is None:
        yield Problem(_ACHIEVED, found=achieved)


# --- years -----------------------------------------------------------------------------------------------------------

_GOAL_YEAR: Final = pattern(r"((?:19|20)(?<![0-9\-—~～至到]..)[0-9]{2})\s*年度(?!\s*[-—~～至到])")
# what stands before is looked at behind the first two figures: a search for a figure is fast, one for a place is not
_ANY_YEAR: Final = pattern(r"((?:19|20)(?<![0-9]..)[0-9]{2})(?![0-9])")
_BASE_WORDS: Final = (
    "较",
    "比",
    "同比",
    "以",
    "基数",
    "基准",
    "上年",
    "截至",
    "截止",
    "自",
    "从",
    "根据",
    "按照",
    "依据",
)


def goal_year_differs(subject: Subject, _options: Mapping[str, Any]) -> Iterator[Problem]:
    """A year, 2019年度, of the expected goal that neither the achieved text nor the form's year repeats; one a form.

    Titles in 《》, document numbers, ranges of years and years that a comparison starts from are left out. Without
    any year in heading, title and achieved text there is nothing to compare with.
    """
    expected, achieved = _texts(subject)
    if not expected or not achieved or "年度" not in expected:
        return
    bare = _without_titles(expected)
    heading = subject.data.get("heading") or {}
    own = {str(heading["year"])} if heading.get("year") is not None else set()
    if own.issuperset(_GOAL_YEAR.findall(bare)):
        return
    own |= set(_ANY_YEAR.findall(subject.data.get("title") or ""))
    reported = set(_ANY_YEAR.findall(achieved))
    if not own and not reported:
        return
    for match in _GOAL_YEAR.finditer(bare):
        before = bare[max(0, match.start() - 4) : match.start()]
        if match[1] in own | reported or any(word in before for word in _BASE_WORDS):
            continue
        years = tuple(sorted(own | reported))
        yield Problem(_EXPECTED, {"year": match[1], "years": years}, found=f"{match[1]}年度", related=(_ACHIEVED,))
        return


def _without_titles(text: str) -> str:
    """A text with blanks for titles and numbers of documents, all places as they were."""
    return _TITLES.sub(lambda match: " " * len(match[0]), text) if "《" in text or "〔" in text else text


_TITLES: Final = pattern(r"《[^》]{0,120}》|〔[^〕]{0,20}〕")

# --- numbers ---------------------------------------------------------------------------------------------------------

_NUMBER: Final = pattern(
    r"(?<![0-9.年第])(?P<least>不少于|不低于|至少|≥|超过|约|不超过|≤|每\S{0,4})?\s*(?<![0-9.])(?P<number>[0-9]{1,9}(?:\.[0-9]{1,4})?)\s*"
    r"(?P<more>余|多)?(?P<unit>[\u4e00-\u9fff]{1,2})(?P<rest>[^，,。；;、：:\n0-9]{0,16})"
)
# what every match with a counter and a noun of two characters has, also where a title or an item's number is cut out
# of it; no counter begins with the characters of years and amounts
_MAYBE_COUNTS: Final = pattern(
    r"[0-9](?:\s*(?![年月日元万亿])[\u4e00-\u9fff][^，,。；;、：:\n0-9]{2}"
    r"|\s*[^，,。；;、：:\n0-9]{0,3}(?:[\[〔［（(《]|[\s>）)][0-9]))"
)
_REASON_WORDS: Final = ("因", "由于", "调整", "变更", "取消", "增加", "减少", "未完成", "超额")
_LEAST_NOUN: Final = 2
_MOST_NUMBERS: Final = 200


def goal_numbers_differ(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """A plain number of the expected goal that the achieved text gives otherwise: the same counter and a noun in
    common behind it, where both texts have one such number; one problem a form, at the first.

    A noun in common are the first or the last two characters, or any two outside of the words `common` where both
    texts use the counter but once. 不少于, 约 and the like are met by other numbers; a sentence that gives a reason
    explains itself.
    """
    expected, achieved = _texts(subject)
    if not expected or not achieved or not (_MAYBE_COUNTS.search(expected) and _MAYBE_COUNTS.search(achieved)):
        return
    wanted = _counted(expected)
    done = _counted(achieved) if any(not count.loose for count in wanted) else ()
    for count in wanted if done else ():
        alone = _only(count, wanted) and _only(count, done)
        alike = [other for other in done if _same_thing(count, other, alone, options["common"])]
        rivals = [other for other in wanted if _same_thing(count, other, False, ())]
        if len(alike) != 1 or len(rivals) != 1 or count.loose or alike[0].loose or alike[0].number == count.number:
            continue
        words = {"expected_words": count.words(), "found_words": alike[0].words()}
        yield Problem(_ACHIEVED, words, found=alike[0].number, expected=count.number, related=(_EXPECTED,))
        return


class _Count(NamedTuple):
    """A count of a goal text; loose where it is a bound or explained."""

    number: Decimal
    unit: str
    noun: str
    loose: bool

    def words(self) -> str:
        return f"{self.number:f}{self.unit}{self.noun}"


def _only(count: _Count, counts: Sequence[_Count]) -> bool:
    return sum(other.unit == count.unit for other in counts) == 1


@lru_cache(maxsize=1024)
def _counted(text: str) -> tuple[_Count, ...]:
    """The counts in a text, at most 200."""
    found = []
    text = _ITEM_NUMBER.sub(" ", _TITLES.sub(" ", _DOCUMENT_NUMBER.sub(" ", text)))
    for match in islice(_NUMBER.finditer(text), _MOST_NUMBERS):
        unit = next((match["unit"][:size] for size in (2, 1) if match["unit"][:size] in COUNTING_UNITS), None)
        if unit is None or unit in ("年", "月", "日"):
            continue
        noun = "".join((match["unit"][len(unit) :] + match["rest"]).split())
        sentence = _sentence_at(text, match.start())
        explained = any(word in sentence for word in _REASON_WORDS)
        found.append(_Count(Decimal(match["number"]), unit, noun, bool(match["least"] or match["more"] or explained)))
    return tuple(found)


def _sentence_at(text: str, place: int) -> str:
    """The sentence around a place."""
    start = max(text.rfind(mark, 0, place) for mark in "。；\n") + 1
    ends = [end for mark in "。；\n" if (end := text.find(mark, place)) >= 0]
    return text[start : min(ends, default=len(text))]


def _same_thing(one: _Count, other: _Count, anywhere: bool, common: Sequence[str]) -> bool:
    """Whether two counts have one counter and nouns that begin or end alike, or share two characters `anywhere`."""
    if one.unit != other.unit or len(one.noun) < _LEAST_NOUN or len(other.noun) < _LEAST_NOUN:
        return False
    if one.noun[:2] == other.noun[:2] or one.noun[-2:] == other.noun[-2:]:
        return True
    pairs = {one.noun[place : place + 2] for place in range(len(one.noun) - 1)} if anywhere else set()
    return any(pair in other.noun for pair in pairs - set(common))


# --- items -----------------------------------------------------------------------------------------------------------

_ITEM_SPLIT: Final = pattern(
    rf"[（(0-9一二三四五六七八九]{_AT_ITEM}"
    rf"(?:{_IN_BRACKETS}|(?<=[0-9])[0-9]?\s*[.、．](?![0-9])|(?<=[一二三四五六七八九])是)"
)
_LONGEST_ITEM_HEAD: Final = 40
_LEAST_ITEM: Final = 4
_MOST_ITEMS: Final = 100
_GIVEN_UP: Final = ("终止", "取消", "中止", "暂停", "未实施", "未开展", "未启动", "没有启动", "没有实施")


def goal_item_dropped(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Items of a numbered list in the expected goal of which no indicator and no achieved text says anything.

    An item counts as mentioned where three of its characters in a row, other than common words (`common`), stand in
    any name, target or actual, or in the achieved text. An achieved text that says that the project was given up
    accounts for all items. One problem a form.
    """
    expected, achieved = _texts(subject)
    pieces = [piece.strip() for piece in _ITEM_SPLIT.split(expected, _MOST_ITEMS)[1:]]
    if len(pieces) < 2 or not achieved:
        return
    common = list(filter(expected.__contains__, options["common"]))
    everything = ""
    dropped = []
    for piece in pieces:
        head = shown = _ITEM_END.split(piece, 1)[0][:_LONGEST_ITEM_HEAD]
        for word in common:
            head = head.replace(word, " ")
        runs = [run if run.isalnum() else _PLAIN.sub("", run) for run in head.split()]
        # most items are mentioned in the words of the achieved text
        if any(gram in achieved for run in runs for gram in _grams(run)):
            continue
        grams = {gram for run in runs for gram in _grams(run)}
        if sum(map(len, runs)) < _LEAST_ITEM or not grams:
            continue
        if not everything:
            rows = subject.rows("indicators")
            cells = [row.get(field) or "" for row in rows for field in ("name", "target", "actual", "explanation")]
            everything = _PLAIN.sub("", achieved) + _PLAIN.sub("", "\n".join(cells))
        if not any(gram in everything for gram in grams):
            dropped.append(shown)
    if dropped and not any(word in achieved for word in _GIVEN_UP):
        yield Problem(_EXPECTED, {"items": tuple(dropped)}, found=dropped[0], related=(_ACHIEVED,))


def _grams(run: str) -> Iterator[str]:
    """The three characters that stand together at each place of a run; a run of two is one itself."""
    if len(run) == 2:
        yield run
    for place in range(len(run) - 2):
        yield run[place : place + 3]


_ITEM_END: Final = pattern(r"[。；;：:\n]")


_LIKENESS_OPTIONS: Final[Mapping[str, str]] = {"filler": "text*", "ratio": "number", "shortest": "number"}

GOALS_CHECKS: tuple[Check, ...] = (
    Check("vague-goal", "self-evaluation", vague_goal, Text("目标没有数量", "a goal without any number")),
    Check(
        "goal-text-copied",
        "self-evaluation",
        goal_text_copied,
        Text("完成情况照抄预期目标", "an achieved text that repeats the goal"),
        _LIKENESS_OPTIONS,
    ),
    Check(
        "achieved-text-without-result",
        "self-evaluation",
        achieved_text_without_result,
        Text("完成情况没有写出结果", "an achieved text without a result"),
        {**_LIKENESS_OPTIONS, "words": "text*"},
    ),
    Check(
        "goal-year-differs",
        "self-evaluation",
        goal_year_differs,
        Text("目标的年度与完成情况不一致", "a goal of another year"),
    ),
    Check(
        "goal-numbers-differ",
        "self-evaluation",
        goal_numbers_differ,
        Text("目标与完成情况的数量不一致", "other numbers in goal and result"),
        {"common": "text*"},
    ),
    Check(
        "goal-item-dropped",
        "self-evaluation",
        goal_item_dropped,
        Text("目标所列事项没有下文", "items of the goal that nobody mentions again"),
        {"common": "text*"},
    ),
)
