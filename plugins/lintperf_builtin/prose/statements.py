"""The numbers that Chinese prose states: of what, how much, in which unit, how exactly, and where.

One pass over each paragraph finds the numbers; what stands around a number in its clause says what it is a number of.
A subject is one of the known quantities of `patterns.json` (综合得分, 年初预算数, 实际支出 …), the points of a block
(满分, 得分, 项目决策得分), the noun of a count (读书会), or None where that is uncertain. Time is linear in the text.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, NamedTuple

from lintperf.patterns import pattern
from lintperf_builtin.facts.numerals import MAX_DIGITS, SCALES, chinese_number, number, times_ten
from lintperf_builtin.facts.units import MONEY_UNITS, NAMES
from lintperf_builtin.prose.sentences import clause_start, level, sentences, span_at
from lintperf_builtin.prose.words import any_of, words

__all__ = ["Counted", "Stated", "bare_noun", "counted", "noun_behind", "period_of", "stated", "statements"]


class Stated(NamedTuple):
    """One number of a text; the fields are those of `statements` in the schema of reports, without the paragraph."""

    quantity: str
    subject: str | None
    value: Decimal | None
    upper: Decimal | None
    unit: str | None
    qualifier: str
    date: str | None
    text: str
    sentence: str
    start: int
    end: int
    confidence: str


# Statements in a paragraph, and paragraphs that are remembered for the checks that look again.
_MOST: Final = 2_000
_REMEMBERED: Final = 2_048


def statements(paragraphs: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The numbers of paragraphs (`text` each; captions and lines of units are left out), in the shape of the schema.

    Money is in yuan, percentages as written before the sign, counts scaled by their 万 or 亿. A subject that is not
    certain is None; rules do not compare such a statement. Never raises.
    """
    found: list[dict[str, Any]] = []
    for index, paragraph in enumerate(paragraphs):
        text = paragraph.get("text")
        if not text or paragraph.get("role") in ("caption", "unit"):
            continue
        found.extend({**each._asdict(), "paragraph": index} for each in stated(text))
    return found


@lru_cache(maxsize=_REMEMBERED)
def stated(text: str) -> tuple[Stated, ...]:
    """The numbers of one text, in their order; at most 2,000 of them."""
    plain = level(text)
    tokens = _tokens()
    spans = sentences(plain)
    found: list[Stated] = []
    heard = _Heard()
    last_sentence = (0, 0)
    for match in tokens.finditer(plain):
        read = _READERS.get(match.lastgroup or "")
        if read is None:
            continue
        span = span_at(spans, match.start())
        if span != last_sentence:
            heard, last_sentence = _Heard(), span
        before = "".join(plain[clause_start(plain, span[0], match.start()) : match.start()].split())
        value = read(match)
        if value is None:
            continue
        subject, confidence, heard = _subject(value, before, plain[match.end() : match.end() + 40], heard)
        sentence = text[span[0] : span[1]].strip()
        found.append(
            Stated(
                _kind(value, subject),
                subject,
                value.value,
                value.upper,
                value.unit,
                _qualifier(before, value.after + plain[match.end() : match.end() + 4]),
                value.date,
                text[match.start() : match.end()].strip()[:500],
                sentence,
                match.start(),
                match.end(),
                confidence,
            )
        )
        if len(found) == _MOST:
            break
    return tuple(found)


class Counted(NamedTuple):
    """A count or a percentage of a levelled text and where it stands, without what it is a number of."""

    value: Decimal
    unit: str
    start: int
    end: int
    quantity: str


def counted(plain: str, units: Container[str] | None = None) -> list[Counted]:
    """At least the counts and percentages among what `stated` finds in a text, ranges left out, for a quick look.

    units  those that matter, by their names; None for all
    To find the numbers takes a tenth of the time that it takes to say what each is a number of, and where all are
    plain figures with a unit behind them, a third of that, without the pattern for all kinds (10 ms at its first use).
    """
    found = _plain_counts(plain, units)
    return list(_all_counts(plain, units)) if found is None else found


def _plain_counts(plain: str, units: Container[str] | None) -> list[Counted] | None:
    """Plain figures with each unit that they may have; None where a number may be written in another way."""
    if "百分之" in plain:
        return None
    found: list[Counted] = []
    known = _units_by_beginning()
    for match in _figures().finditer(plain):  # something stands behind each
        place = match.end()
        following = plain[place]
        if following in _NO_PLAIN_FIGURES or not match[1].isascii():
            return None
        for written, unit in known[following]:
            if (units is None or unit in units) and plain.startswith(written, place):
                value = _decimal(match[1])
                if value is not None:
                    kind = "percentage" if unit == "%" else "count"
                    found.append(Counted(value, unit, match.start(), place + len(written), kind))
    return found


@lru_cache(maxsize=1)
def _units_by_beginning() -> dict[str, list[tuple[str, str]]]:
    """The units of counts, and the percent sign, as written and by name, by their first characters."""
    units = {"%": [("%", "%")]}
    for name in NAMES:
        if name not in _NOT_COUNTED and NAMES[name] not in _NOT_COUNTED:
            units.setdefault(name[0], []).append((name, NAMES[name]))
    return units


# what stands behind figures that are no plain number: 5.8万人, 30余人, 3至5人
_NO_PLAIN_FIGURES: Final = "十百千万亿余多~至到-"


@lru_cache(maxsize=1)
def _figures() -> re.Pattern[str]:
    """Figures before what may be a unit or makes them no plain number, 5.8万人, 3至5人; or 表1, 第1次, 三十余场.

    What stands before a figure is looked at behind it: a search for a character is fast, one for a place is not.
    """
    plain = r"(?<![0-9.A-Za-z+].)(?>(?:[0-9]{0,2}(?:,[0-9]{3})+(?![0-9])|[0-9]{0,14})(?:\.[0-9]{1,12})?)"
    behind = re.escape("".join((*_units_by_beginning(), _NO_PLAIN_FIGURES)))
    spelt = "".join(sorted({name[0] for name in _CHINESE_UNITS}))
    return re.compile(
        r"([0-9表图第一二两三四五六七八九十百千万零〇]"
        rf"(?:(?<=[0-9]){plain}(?=\s{{0,6}}[{behind}])|(?<=[表图第])(?=\s{{0,3}}[0-9])"
        rf"|(?<=[一二两三四五六七八九十百千万零〇])(?=\s{{0,3}}[余多]?[{spelt}])))\s{{0,6}}"
    )


def _all_counts(plain: str, units: Container[str] | None) -> Iterator[Counted]:
    """The same by the pattern for all kinds of numbers."""
    for match in _tokens().finditer(plain):
        if match.lastgroup not in _COUNTING:
            continue
        value = _READERS[match.lastgroup](match)
        if value is not None and value.value is not None and value.upper is None:
            unit = NAMES.get(value.unit or "", value.unit) or ""
            if units is None or unit in units:
                yield Counted(value.value, unit, *match.span(), value.quantity)


_COUNTING: Final = frozenset(("count", "percentage", "spelt"))


# ---------------------------------------------------------------------------------------------- numbers


class _Value(NamedTuple):
    """A number as read: its kind, bounds and unit; `after` is what stands between number and unit (余, 多)."""

    quantity: str
    value: Decimal | None = None
    upper: Decimal | None = None
    unit: str | None = None
    date: str | None = None
    after: str = ""


# taken as a whole: no shorter number is tried for each kind and unit that the whole one has not (half of all time)
_NUMBER: Final = r"(?>(?:[0-9]{1,3}(?:,[0-9]{3})+(?![0-9])|[0-9]{1,15})(?:\.[0-9]{1,12})?)"
_CHINESE: Final = r"[一二两三四五六七八九十百千万零〇]{1,8}"
_GAP: Final = r"\s{0,3}"
_TO: Final = rf"{_GAP}(?:-{{1,2}}|~|至|到){_GAP}"
_DAY: Final = rf"(?:19|20)[0-9]{{2}}{_GAP}年{_GAP}[0-9]{{1,2}}{_GAP}月(?:{_GAP}[0-9]{{1,2}}{_GAP}[日号])?"
_LATER: Final = rf"(?:{_DAY}|[0-9]{{1,2}}{_GAP}月(?:{_GAP}[0-9]{{1,2}}{_GAP}[日号])?|[0-9]{{1,2}}{_GAP}[日号])"
# Chinese numerals count with these only: 两个, 三场; 一个, 一批 and 一方面 say nothing.
_CHINESE_UNITS: Final = [
    "个",
    "名",
    "人",
    "人次",
    "场",
    "场次",
    "次",
    "期",
    "届",
    "家",
    "所",
    "份",
    "本",
    "册",
    "套",
    "台",
    "辆",
    "项",
    "件",
    "篇",
    "幅",
    "座",
    "处",
    "棵",
    "株",
    "支",
    "班",
    "门",
    "课时",
    "学时",
    "村",
    "户",
    "批",
]
_LISTS: Final = [
    "大类",
    "大部分",
    "个方面",
    "方面",
    "个部分",
    "部分",
    "个阶段",
    "阶段",
    "个环节",
    "环节",
    "个步骤",
    "大板块",
    "板块",
    "大任务",
    "大模块",
]
_NOT_COUNTED: Final = MONEY_UNITS | {
    "年",
    "月",
    "分",
    "%",
    "‰",
    "日",
    "百分点",
    "小数",
    "成",
    "人民币",
    "¥",
    "￥",
    "元",
}


@lru_cache(maxsize=1)
def _tokens() -> re.Pattern[str]:
    """All kinds of numbers; the name of a group is its kind, those without a reader are passed over."""
    units = [name for name in NAMES if name not in _NOT_COUNTED and NAMES[name] not in _NOT_COUNTED]
    latin = [name for name in units if name.isascii()]
    words_ = [name for name in units if not name.isascii()]
    unit = rf"(?:{any_of(words_)}|(?:{any_of(latin)})(?![a-zA-Z0-9]))"
    scale = any_of(SCALES)
    # one look at the character clears most places of a text before any of the kinds is tried
    return re.compile(
        rf"(?=[0-9表图〔\[(第百一二两三四五六七八九十千万零〇])"
        rf"(?:(?P<number>[表图]{_GAP}[0-9]{{1,3}}(?:[-.][0-9]{{1,3}})?|[〔\[(]{_GAP}(?:19|20)[0-9]{{2}}{_GAP}[〕\])]{_GAP}(?:第{_GAP})?[0-9]{{1,5}}{_GAP}号)"
        rf"|(?P<period>{_DAY}{_TO}{_LATER}|(?:19|20)[0-9]{{2}}{_GAP}年?{_TO}(?:19|20)[0-9]{{2}}{_GAP}年)"
        rf"|(?P<date>{_DAY}|(?:19|20)[0-9]{{2}}{_GAP}年)"
        rf"|(?P<ordinal>第{_GAP}(?:[0-9]{{1,5}}|{_CHINESE})(?![0-9]))"
        rf"|(?P<percentage>(?<![0-9.A-Za-z+])(?P<p1>{_NUMBER}){_GAP}%?(?:{_TO}(?P<p2>{_NUMBER}))?{_GAP}[%％]"
        rf"|百分之(?:(?P<pc>{_CHINESE})|(?P<p3>{_NUMBER})))"
        rf"|(?P<money>(?<![0-9.A-Za-z+])(?P<m1>{_NUMBER})(?:{_GAP}(?:{scale})?元?{_TO}(?P<m2>{_NUMBER}))?"
        rf"{_GAP}(?P<about_m>余|多)?(?P<ms>{scale})?(?P<about_n>余|多)?{_GAP}元)"
        rf"|(?P<score>(?<![0-9.A-Za-z+])(?P<s1>{_NUMBER}){_GAP}分(?![钟之别类期部组析享支公配布批店院局校数])(?:值(?!为))?)"
        rf"|(?P<list>(?<![0-9.A-Za-z第])(?:(?P<l1>[0-9]{{1,2}})|(?P<lc>[二两三四五六七八九十]{{1,2}})){_GAP}(?P<lu>{any_of(_LISTS)}))"
        rf"|(?P<count>(?<![0-9.A-Za-z+])(?P<c1>{_NUMBER})(?:{_TO}(?P<c2>{_NUMBER}))?{_GAP}(?P<about_c>余|多)?"
        rf"(?:(?P<cs>{scale})(?P<about_d>余|多)?)?{_GAP}(?P<cu>{unit}))"
        rf"|(?P<spelt>(?<![0-9一二两三四五六七八九十百千万第零〇])(?P<cc>{_CHINESE}){_GAP}(?P<about_s>余|多)?(?P<ccu>{any_of(_CHINESE_UNITS)})))"
    )


def _decimal(text: str | None) -> Decimal | None:
    if text and len(text) < MAX_DIGITS and text.isdecimal():
        return Decimal(text)
    read = number(text) if text else None
    return None if read is None else read[0]


def _times(value: Decimal | None, scale: str | None) -> Decimal | None:
    return None if value is None else times_ten(value, SCALES[scale]) if scale else value


def _percentage(match: re.Match[str]) -> _Value | None:
    if match["pc"]:
        read = chinese_number(match["pc"])
        return _Value("percentage", read[0], None, "%") if read else None
    value, upper = _decimal(match["p1"] or match["p3"]), _decimal(match["p2"])
    return None if value is None else _Value("percentage", value, upper, "%")


def _money(match: re.Match[str]) -> _Value | None:
    value, upper = (_times(_decimal(match[group]), match["ms"]) for group in ("m1", "m2"))
    if value is None:
        return None
    about = match["about_m"] or match["about_n"] or ""
    return _Value("money", value, upper, f"{match['ms'] or ''}元", after=about)


def _score(match: re.Match[str]) -> _Value | None:
    value = _decimal(match["s1"])
    return None if value is None else _Value("score", value, None, "分")


def _list(match: re.Match[str]) -> _Value | None:
    read = _decimal(match["l1"]) if match["l1"] else (chinese_number(match["lc"]) or (None,))[0]
    return None if read is None else _Value("list", read, None, match["lu"])


def _count(match: re.Match[str]) -> _Value | None:
    first, second, scale, unit, about, behind = match.group("c1", "c2", "cs", "cu", "about_c", "about_d")
    value, upper = _times(_decimal(first), scale), _times(_decimal(second), scale)
    if value is None or (upper is not None and upper < value):
        return None
    return _Value("count", value, upper, unit, after=about or behind or "")


def _spelt(match: re.Match[str]) -> _Value | None:
    read = chinese_number(match["cc"])
    if read is None or read[0] <= 1:
        return None
    return _Value("count", read[0], None, match["ccu"], after=match["about_s"] or "")


_PARTS: Final = pattern(r"([0-9]+)\s*([年月日号])")


def _date_of(text: str, year: str = "", month: str = "") -> str:
    """A date as year-month-day, as far as it is written; missing beginnings come from `year` and `month`."""
    parts = {unit: digits for digits, unit in _PARTS.findall(text)}
    year = parts.get("年", year)
    month = parts.get("月", "" if "年" in parts else month)
    day = parts.get("日", parts.get("号", ""))
    if not month:
        return year
    return f"{year}-{int(month):02d}" + (f"-{int(day):02d}" if day else "")


def _ordinal_number(match: re.Match[str]) -> _Value | None:
    digits = match[0].removeprefix("第").strip()
    read = number(digits) if digits.isdigit() else chinese_number(digits)
    return None if read is None else _Value("ordinal", read[0])


def _date(match: re.Match[str]) -> _Value:
    return _Value("date", date=_date_of(match[0]))


def _period(match: re.Match[str]) -> _Value | None:
    bounds = period_of(match[0])
    return None if bounds is None else _Value("period", date=bounds[0])


_TO_PATTERN: Final = pattern(r"\s*(?:-{1,2}|~|至|到)\s*")


def period_of(text: str) -> tuple[str, str] | None:
    """First and last date of a period as written (2024年3月1日至11月30日), each as far as it is written, or None."""
    halves = _TO_PATTERN.split(level(text).strip())
    if len(halves) != 2:
        return None
    first = _date_of(halves[0] if "年" in halves[0] else f"{halves[0]}年")
    last = _date_of(halves[1], first[:4], first[5:7])
    return first, last


_READERS: Final = {
    "period": _period,
    "date": _date,
    "ordinal": _ordinal_number,
    "percentage": _percentage,
    "money": _money,
    "score": _score,
    "list": _list,
    "count": _count,
    "spelt": _spelt,
}


# ---------------------------------------------------------------------------------------------- subjects

_LONGEST_NOUN: Final = 30
_NOUN: Final = pattern(r"[^\s,，。;；、:：()（）!?！？0-9<>【】\[\]]{2,}")
_LIST_MARK: Final = pattern(r"^(?:[一二三四五六七八九十]{1,3}[是、]|[(][^)]{1,3}[)]|[0-9]{1,2}[.、]|[①-⑳])")
_POINTS: Final = (
    r"(?P<weight>满分(?:分值|值)?|权重(?:分值?|值|占比)?|分值|标准分值?|基准分|指标(?:权重分?|分值|总分)|总分值|应得分?|设置分值|赋分|配分|占|共设|设)"
    r"|(?P<score>(?:实际|评价|自评|最终|评定|共|合计|累计|综合)*(?:得分|评分|打分|得到|得了|获得|获评|实得分?|得)(?:合计|共计)?|评价分[数值]?)"
)
_POINTS_END: Final = pattern(rf"(?:{_POINTS})(?:为|是|:|：|共|共计|合计)?$")
_BLOCK_TRIM: Final = pattern(
    r"^(?:其中|[该本此](?:项|类|部分|方面|板块|维度|一级|二级|三级|项目)*|即|故|因此|综上|综合|经过?|评价|经评价|根据评分标准)+|(?:共|总|合计|项目|部分|方面|类|的|设置|设定|指标)+$"
)


class _Heard(NamedTuple):
    """What the sentence has said before a number: whose points it speaks of, and how many there are."""

    block: str = ""
    weight: Decimal | None = None


def _subject(value: _Value, before: str, behind: str, heard: _Heard) -> tuple[str | None, str, _Heard]:
    """What a number is a number of, how sure that is, and what the sentence has said with it."""
    if value.quantity in ("money", "percentage", "score"):
        known = _known(value, before, behind)
        # behind 满分20分 a plain score is that of the same part
        if known is not None and (known != "综合得分" or heard.weight in (None, _FULL_MARKS)):
            return known, "high", heard
    if value.quantity in ("score", "percentage"):
        return _points(value, before, behind, heard)
    if value.quantity == "count":
        subject = _counted(before, behind)
        return subject, "low" if subject is None else "medium", heard
    if value.quantity in ("money", "period"):
        return _noun_before(before), "low", heard
    return None, "low", heard


_FULL_MARKS: Final = Decimal(100)
_SUM_OF_POINTS: Final = pattern(
    r"(?:部分|指标|方面|类|板块|维度)(?:内容|情况|评价|指标)?(?P<weight>共计?|共设|合计|总计|计|总分)(?:为|是)?$"
)
_SHARE_OF_POINTS: Final = pattern(r"(?P<weight>权重(?:占比|值)?)(?:为|是|占|:|：)?$")
_RATE_OF_POINTS: Final = pattern(r"得分率(?:为|是|达到|达|:|：)?$")
_BAND: Final = pattern(r"\s*(?:[（(]\s*不?含|及?以上|及?以下|以内|至|-|~|起)")


def _points(value: _Value, before: str, behind: str, heard: _Heard) -> tuple[str | None, str, _Heard]:
    """The points of a block: 满分, 得分 and 得分率, each behind the name of its block, if the sentence gives one."""
    share = _SHARE_OF_POINTS.search(before) if value.quantity == "percentage" else None
    rate = value.quantity == "percentage" and share is None
    match = share or (
        _RATE_OF_POINTS.search(before) if rate else _SUM_OF_POINTS.search(before) or _POINTS_END.search(before)
    )
    if match is None or _BAND.match(behind):
        return (_noun_before(before) if rate else None), "low", heard
    lead = before[: match.start()]
    noun = _BLOCK_TRIM.sub("", _LIST_MARK.sub("", lead.rpartition("，")[2])).strip('“”":：、')
    block = noun if noun and noun not in _EMPTY_BLOCKS else heard.block
    if rate:
        return f"{block}得分率", "high" if not block else "medium", heard._replace(block=block)
    weighs = match["weight"] is not None
    heard = _Heard(block, value.value if weighs else heard.weight)
    return f"{block}{'满分' if weighs else '得分'}", "high" if not block else "medium", heard


def _noun_before(before: str) -> str | None:
    noun = bare_noun(before)
    return noun[-_LONGEST_NOUN:] if len(noun) >= 2 else None


_EMPTY_BLOCKS: Final = frozenset(
    ("指标", "项目", "部分", "权重", "评价", "三级", "二级", "一级", "共", "总", "实际", "最终", "小计")
)


def _known(value: _Value, before: str, behind: str) -> str | None:
    """The known quantity that the end of a clause names, unless its beginning or a band (90分以上) makes it another."""
    quantity = value.quantity
    if quantity == "score" and _BAND.match(behind):
        return None
    lists = words()
    for subject, kind, ending in lists.quantities:
        if kind != quantity:
            continue
        match = ending.search(before)
        if match is None:
            continue
        lead = before[: match.start()]
        # 项目 within the words is preceded by the project's name
        named = match[0].startswith("项目") or lists.lead.search(lead)
        if lead and (lists.never.search(lead) or not named):
            return None
        if quantity == "score" and (lists.blocks.search(lead) or lists.full_marks.search(before)):
            return None
        if quantity == "score" and value.value == _FULL_MARKS and "总分" in match[0]:
            return None  # 总分100分 are the points at stake
        return subject
    return None


def noun_behind(behind: str) -> re.Match[str] | None:
    """The words right behind a number, to the next mark or figure."""
    return _NOUN.match(behind.lstrip('”" ')[:_LONGEST_NOUN])


def _counted(before: str, behind: str) -> str | None:
    """The noun of a count: behind it (12场读书会), else before it (读书会12场)."""
    noun = noun_behind(behind)
    if noun is not None and behind[:1] not in "。；;，,、":
        stop = words().stop.search(noun[0])
        after = noun[0] if stop is None else noun[0][: stop.start()]
        after = after.strip("“”的之 ")
        if len(after) >= 2:
            return after
        if stop is None or stop.start() > 0:
            return None
    return _noun_before(before)


_TIME: Final = pattern(
    r"^(?:截至|截止)?(?:(?:(?:19|20)[0-9]{2}年度?|本年度?|当年|年内|全年)?(?:[0-9]{1,2}月(?:[0-9]{1,2}日)?)?(?:年?底|末|以来|期间|内|[,，])?)"
)


def bare_noun(text: str) -> str:
    """`text` without white space, list marks, and the verbs and qualifiers at its ends: 已举办读书会共 → 读书会."""
    lists = words()
    bare = _LIST_MARK.sub("", "".join(text.split()))
    bare = _TIME.sub("", bare.rpartition("、")[2] or bare)
    while bare[-1:] in lists.endings:
        shorter = lists.trailing.sub("", bare)
        for _, ending in lists.before:
            shorter = ending.sub("", shorter)
        if shorter == bare:
            break
        bare = shorter
    match = lists.leading.match(bare)
    if match is not None and match.end():
        # 全年共刊发 names nothing, 全年共开展巡查 does
        rest = bare[match.end() :]
        left = None if rest else lists.nominal.search(bare)
        bare = left[0] if left is not None else rest
    return bare.strip('“”"的:： ')


def _kind(value: _Value, subject: str | None) -> str:
    return (
        "weight" if value.quantity == "score" and subject is not None and subject.endswith("满分") else value.quantity
    )


def _qualifier(before: str, behind: str) -> str:
    lists = words()
    behind = behind.lstrip()
    for name, beginning in lists.after:
        if beginning.match(behind):
            return name
    if before[-1:] not in lists.endings:
        return "exact"
    found: Sequence[tuple[int, str]] = sorted(
        (match.start(), name) for name, ending in lists.before if (match := ending.search(before)) is not None
    )
    return found[0][1] if found else "exact"
