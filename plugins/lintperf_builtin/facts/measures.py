"""The one parser of targets, actuals and amounts: any text gives a Measure, never an exception.

Clean values (`≥95%`, `350 本`) take one regular expression; the rest goes through a grammar over folded text. What
could be read in two ways (`2 95%`) is not guessed: it is `unreadable`, with a reason.
"""

from __future__ import annotations

import re
from calendar import monthrange
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from lintperf.patterns import pattern
from lintperf_builtin.facts.numerals import (
    ARABIC,
    CHINESE,
    EXACT,
    MAX_DIGITS,
    SCALE,
    SCALES,
    chinese_number,
    fold,
    number,
    times_ten,
)
from lintperf_builtin.facts.units import MONEY_UNITS, NAMES, convert, read_unit
from lintperf_builtin.facts.words import (
    CEILINGS,
    EMPTY_VALUES,
    NO_OPERATOR,
    OPERATOR_ENDINGS,
    OPERATOR_SIGNS,
    OPERATOR_WORDS,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = [
    "COMMON_UNITS",
    "IS_COMPOSITE",
    "IS_DATE",
    "IS_EMPTY",
    "IS_NUMBER",
    "IS_PROSE",
    "IS_RANGE",
    "IS_TEMPLATE",
    "IS_UNREADABLE",
    "IS_WORDS",
    "REASONS",
    "SIGN",
    "SIGNS",
    "Date",
    "Kind",
    "Measure",
    "Part",
    "amount_in_yuan",
    "common_date",
    "parse_measure",
    "rounds_to",
]

# Why a text is unreadable.
REASONS: Final = (
    "conflicting-operators",  # two operators that do not say the same: ≥ in its column and ≤ in the value
    "conflicting-units",  # the bounds of a range cannot be brought to one unit
    "impossible-date",  # 2021年13月
    "malformed-number",  # 1,00 · 95.
    "number-too-long",  # more than 30 digits
    "operator-without-number",  # ≥
    "repeated-operator",  # ≥≥90
    "reversed-range",  # 100～60
    "several-numbers",  # 2 95%
    "trailing-text",  # a number inside a text that is neither a unit nor a noun
    "unknown-operator",  # the column of operators holds none
    "unknown-unit",  # 5A级
    "unsupported-operator",  # ≠
)


class Kind(StrEnum):
    """What a text turned out to be.

    number      one number, perhaps with operator and unit
    range       a lower and an upper bound
    date        a date or a period's end; the year may be missing
    composite   several named amounts: 总报告1篇、分类报告4篇
    words       a short text without a number: 及时; may carry an operator (<预算数)
    empty       blank or a sign for nothing: 无, 不适用, /, —
    template    the form's own filling instructions: ……, 请填写
    prose       a sentence
    unreadable  none of these; `reason` says why
    """

    number = "number"
    range = "range"
    date = "date"
    composite = "composite"
    words = "words"
    empty = "empty"
    template = "template"
    prose = "prose"
    unreadable = "unreadable"


# a member of an enumeration is looked up anew at each access, which takes seven times as long as a name
IS_COMPOSITE: Final = Kind.composite
IS_DATE: Final = Kind.date
IS_EMPTY: Final = Kind.empty
IS_NUMBER: Final = Kind.number
IS_PROSE: Final = Kind.prose
IS_RANGE: Final = Kind.range
IS_TEMPLATE: Final = Kind.template
IS_UNREADABLE: Final = Kind.unreadable
IS_WORDS: Final = Kind.words


# year, month and day, each None where the text has none
Date = tuple[int | None, int | None, int | None]


class Part(NamedTuple):
    """One amount of a composite; `name` is empty where the text gives none (3场，120人)."""

    name: str
    value: Decimal
    unit: str | None


class Measure(NamedTuple):
    """A target, actual or amount as read.

    text            as written
    kind            see Kind; number fields are set for number and range only, `date` for dates, `parts` for composites
    operator        ">=", ">", "<=", "<", "=", or None where none is written; of a range that of its lower bound
    value           the number, scaled by its 万 or 亿 when it counts (5.8万人: 58000) and as written when it is money
                    (98.7万元: 98.7); the lower bound of a range
    upper           upper bound of a range, in the same unit
    upper_operator  "<=" or "<" of a range's upper bound
    unit            canonical name, see `units`; None where neither the value nor its column has one
    decimals        decimals written in the number (98.70: 2)
    approximate     约, 左右, 若干, 适量, 余 … stand with it
    exceeding       the operator is a word for "more than": 超过6628
    raw_operator    an operator is typed as code: >=, &&, %=
    date            see Date
    parts           the amounts of a composite
    reason          why it is unreadable, one of REASONS
    scale           power of ten moved from the text into `value` (5.8万人: 4); the written precision of `value` is
                    decimals - scale
    head            what stands before the number: 达到, 满意度; "" for nothing
    """

    text: str
    kind: Kind
    operator: str | None = None
    value: Decimal | None = None
    upper: Decimal | None = None
    upper_operator: str | None = None
    unit: str | None = None
    decimals: int = 0
    approximate: bool = False
    exceeding: bool = False
    raw_operator: bool = False
    date: Date | None = None
    parts: tuple[Part, ...] = ()
    reason: str | None = None
    scale: int = 0
    head: str = ""


def parse_measure(text: str, operator: str | None = None, unit: str | None = None) -> Measure:
    """The measure that `text` writes; total, and linear in the length of the text.

    `operator` and `unit` come from columns of their own (指标性质, 度量单位) where the form has them. An operator there
    must agree with one in the text; a unit in the text goes before the one of the column. A text of more than 2,000
    characters is prose. Results are memoised, but for long texts, which would only fill the memory.
    """
    if len(text) > _MEMOISED_LENGTH:
        return _read(text, operator, unit)
    return _memoised(text, operator, unit)


def amount_in_yuan(m: Measure) -> Decimal | None:
    """The amount of a single number in 元, exactly; None for ranges, other kinds and units that are no money."""
    if m.unit not in MONEY_UNITS or m.value is None or m.kind is not IS_NUMBER:
        return None
    return convert(m.value, m.unit, "元")


def rounds_to(exact: Decimal, stated: Decimal, decimals: int) -> bool:
    """Whether `exact`, rounded half up to `decimals` places, is `stated` (9865元 = 0.9865万元 rounds to 0.99).

    Halves round away from zero. Negative `decimals` round to tens, hundreds …
    """
    step = EXACT.scaleb(Decimal(1), -decimals)
    return EXACT.multiply(EXACT.divide(exact, step).to_integral_value(EXACT.rounding), step) == stated


# ---------------------------------------------------------------------------------------------- the common shapes

_MEMOISED_LENGTH: Final = 200
_LONGEST: Final = 2_000
_LONGEST_VALUE: Final = 200
_LONGEST_PART: Final = 60
_LONGEST_WORDS: Final = 20

# signs, and the words that are most common: what they mean, and a pattern for one of them
SIGNS: Final = OPERATOR_SIGNS | {word: OPERATOR_WORDS[word] for word in ("不少于", "不低于", "不超过", "不高于")}
SIGN: Final = rf"(?:不少于|不低于|不超过|不高于|[{''.join(OPERATOR_SIGNS)}])"
_COMMON: Final = pattern(
    rf"({SIGN}?)"
    r"\s?([0-9]{1,15})(\.[0-9]{1,12})?\s?([^0-9\s]{0,4})"
)
_COMMON_RANGE: Final = pattern(r"([0-9]{1,9})(\.[0-9]{1,6})?[～~]([0-9]{1,9})(\.[0-9]{1,6})?\s?([^0-9\s]{0,4})")
# the grammar looks up which months have a 31st and which years a 29 February
_COMMON_DATE: Final = pattern(
    r"((?:19|20)[0-9]{2})年([1-9]|1[0-2])月(?:([1-9]|1[0-9]|2[0-8]|(?<!年2月)(?:29|30))日)?(前?)"
)
# 年, 月 and 日 can make a date of a number, 分数 and the like stand for a name; the grammar decides there.
_NOT_COMMON: Final = ("年", "月", "年度", "日", "人民币")
COMMON_UNITS: Final[dict[str, str | None]] = {
    "": None,
    "％": "%",
    **{alias: name for alias, name in NAMES.items() if alias not in _NOT_COMMON},
    **{f"元/{alias}": f"元/{name}" for alias, name in NAMES.items() if alias not in _NOT_COMMON},
}


def _read(text: str, operator: str | None, unit: str | None) -> Measure:
    match = _COMMON.fullmatch(text)
    if match is not None:
        sign, whole, fraction, rest = match.groups()
        if rest in COMMON_UNITS and not (fraction and not rest and len(whole) == 4):  # 2021.12 may be a date
            measure = Measure(
                text,
                IS_NUMBER,
                SIGNS[sign] if sign else None,
                Decimal(whole + fraction if fraction else whole),
                None,
                None,
                COMMON_UNITS[rest],
                len(fraction) - 1 if fraction else 0,
            )
            return measure if operator is None and unit is None else _with_columns(measure, operator, unit)
    elif (match := _COMMON_RANGE.fullmatch(text)) is not None:
        between = _common_range(text, *match.groups())
        if between is not None:
            return _with_columns(between, operator, unit)
    elif (dated := common_date(text)) is not None:
        return _with_columns(Measure(text, IS_DATE, dated[0], date=dated[1]), operator, unit)
    return _with_columns(_read_text(text, unit), operator, unit)


def common_date(text: str) -> tuple[str | None, Date] | None:
    """A date in the common way, 2021年6月30日前: its operator, and year, month and day; None for all other texts."""
    match = _COMMON_DATE.fullmatch(text)
    if match is None:
        return None
    year, month, day, before = match.groups()
    return "<=" if before else None, (int(year), int(month), int(day) if day else None)


def _common_range(
    text: str, low: str, low_fraction: str | None, high: str, high_fraction: str | None, rest: str
) -> Measure | None:
    """A range of two numbers in one unit, 90～120次; None where the grammar has to look."""
    if rest not in COMMON_UNITS or (not rest and (low_fraction or high_fraction)):  # 2021.5～2021.12 are dates
        return None
    lower, upper = Decimal(low + (low_fraction or "")), Decimal(high + (high_fraction or ""))
    if lower > upper:
        return None
    decimals = max(len(low_fraction or ".") - 1, len(high_fraction or ".") - 1)
    return Measure(text, IS_RANGE, None, lower, upper, "<=", COMMON_UNITS[rest], decimals)


_memoised = lru_cache(maxsize=8192)(_read)


# ---------------------------------------------------------------------------------------------- the grammar

_OPERATORS: Final = {"≥": ">=", "≤": "<=", ">": ">", "\ue000": ">", "<": "<", "=": "="} | OPERATOR_WORDS
_COLUMN_OPERATORS: Final[dict[str, str | None]] = {
    "": None,
    **dict.fromkeys(NO_OPERATOR),
    **dict.fromkeys(CEILINGS, "<="),
    **_OPERATORS,
}


def _any_of(names: Iterable[str]) -> str:
    """A pattern for any of the names, the longest first."""
    return "|".join(re.escape(name) for name in sorted(names, key=lambda name: (-len(name), name)))


# Words for an operator become its sign before a number, so that the grammar knows signs only. "More than" gets a
# sign of its own: as a word it is also how an actual boasts.
_MORE: Final = "\ue000"
_WORDS: Final = tuple(OPERATOR_WORDS)
_COMPARING: Final = tuple(word for word in _WORDS if word[-1] in "于过")  # these alone make 不超过预算 but not 不满意
_WORD_SIGN: Final = {
    word: _MORE if operator == ">" else {">=": "≥", "<=": "≤"}.get(operator, operator)
    for word, operator in OPERATOR_WORDS.items()
}
_WORD_BEFORE_NUMBER: Final = pattern(
    rf"(?:{_any_of(_WORDS)})(?=(?:大?约|近)?[-+¥￥0-9零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟年本当上下第])"
)
_SIGN = f"[≥≤><={_MORE}]"
_FIRST_SIGN: Final = pattern(_SIGN)
_SIGN_TWICE: Final = pattern(_SIGN + _SIGN)
_ABOUT = r"(?<![节集签条预履公契合违制续守])大?约|大概|大致|接近|将近|(?<![附最临邻远])近"
_AFTER = (
    r"及以上|或以上|\(含\)以上|以上\(含\)|含以上|以上|及以下|或以下|\(含\)以下|以下\(含\)|以下|及以内|以内|之内|内|封顶"
    r"|左右|上下|不等"
)
_PLAIN = rf"[^0-9,，。;；、()≥≤<>={_MORE}~!?！？…\s-]"
# A text of figures keeps its Chinese numerals as letters (统一培训30人); only one without figures is read by them.
_FIGURES, _NUMERALS = (
    rf"(?P<about>{_ABOUT})?(?P<operator>{_SIGN})?(?P<about_too>{_ABOUT})?(?P<yuan>[¥￥]|人民币)?(?P<number>{digits})"
    for digits in (ARABIC, CHINESE)
)
_HEAD = (
    rf"(?P<head>(?:{_PLAIN}{{0,8}}(?:19|20)[0-9]{{2}}年度?(?:[0-9]{{1,2}}月(?:[0-9]{{1,2}}日)?)?)?{_PLAIN}{{0,16}}?)"
)
# Whether the text has figures → the pattern of the first number with its head, and that of a second one.
_FIRST: Final = {True: pattern(_HEAD + _FIGURES), False: pattern(_HEAD + _NUMERALS)}
_SECOND: Final = {True: pattern(_FIGURES), False: pattern(_NUMERALS)}
_BETWEEN_BOUNDS: Final = pattern(r"(?P<dash>~|-{1,2}|至|到)|(?P<and>且|并且|同时|和|[,，;；])?")
_LETTERS = r"[^\W\d_]"
_REST: Final = pattern(rf"(?P<after>(?:{_AFTER}){{0,2}})(?P<tail>{_LETTERS}{{0,14}}?)(?P<end>(?:{_AFTER}){{0,2}})")
_PER_WORD: Final = pattern(rf"{_LETTERS}{{1,4}}")
_SCALE: Final = pattern(SCALE)
_LONGEST_UNIT: Final = max(map(len, NAMES))
_VERBS: Final = pattern(
    r"(?>已经|已|共计|共|累计|总计|合计|实际|全年|年度|年内|本年|当年|每年|平均|计划|预计|仅|只|全部|均|都|为|是|有"
    r"|达到|达成|达|完成|实现|举办|开展|新增|增加|增长|提高|提升|下降|降低|减少|压减|控制|保持|维持|稳定|组织|召开|发放|培训"
    r"|编制|印发|发布|确保|力争|在|于|至|到|了|占|得|获|计|按|约|:)*+"
)
_PER_HEAD: Final = pattern(r"(?:平均)?每(?P<per>人次|人|户|家|年度?|月|季度|季|周|天|日|次|场|期|村|个|亩|生|所)|人均")
_CAUSE: Final = pattern(r"因|由于|受.{1,12}影响|鉴于|为了")
_NEGATIVE: Final = pattern(r"[未不没无]")
_ENUMERATOR: Final = pattern(r"(?:(?<=[;；。,，])|^)(?:[0-9]{1,2}[、.](?=[^0-9])|\([0-9]{1,2}\)|[0-9]{1,2}\)|[①-⑳])")
_BETWEEN: Final = pattern(r"([^≤<]{1,40})([≤<])[^≤<0-9]{1,8}([≤<])([^≤<]{1,40})")
_NOTE: Final = pattern(r"([^()]+)\(([^()]*)\)")

_CODE: Final = pattern(r">=|=>|<=|=<|==|&&|!=|^%=")
_CODE_SIGNS: Final = {
    ">=": "≥", "=>": "≥", "<=": "≤", "=<": "≤", "==": "=", "&&": "且", "!=": "≠",
    "%=": "≥",  # what character recognition makes of ≥
}  # fmt: skip
# Residue of a conversion; nobody typed it.
_MARKUP: Final = pattern(r"\$|\\(?:geqslant|geq|ge|leqslant|leq|le|gt|lt|times|%)(?![a-z])|&(?:ge|le|gt|lt|nbsp);")
_MARKUP_SIGNS: Final = {
    "\\geqslant": "≥", "\\geq": "≥", "\\ge": "≥", "\\leqslant": "≤", "\\leq": "≤", "\\le": "≤", "\\gt": ">",
    "\\lt": "<", "\\%": "%", "&ge;": "≥", "&le;": "≤", "&gt;": ">", "&lt;": "<", "\\times": "×",
}  # fmt: skip
_SPACE: Final = pattern(r"(?<![0-9])\s+|\s+(?![0-9])")
_CHINESE_YEAR: Final = pattern(r"二[〇零][〇零一二三四五六七八九]{2}(?=年)")
_FRACTION: Final = pattern(rf"百分之?百|(百|千)分之({ARABIC}|{CHINESE})")

_EMPTY: Final = frozenset(("", *EMPTY_VALUES))
_TEMPLATE: Final = pattern(
    r"[…\.·。]{2,}|…|.*(?:请填写|请输入|请选择|此处填写|填写说明).*|\(?.{0,40}[0-9]+字(?:以内|左右|以下|之内)\)?"
    r"|指标[0-9]+:?…*|[x×*□○]{2,}.{0,3}|\(填写.{0,40}\)",
    re.IGNORECASE,
)
_SIGNS_ONLY: Final = pattern(r"[-/\\_,.，。、·:;；!?！？'\"“”()|~]+")


def _read_text(text: str, unit: str | None) -> Measure:
    if len(text) > _LONGEST:
        return Measure(text, IS_PROSE)
    plain, raw = _cleaned(text)
    if plain.lower() in _EMPTY or (_SIGNS_ONLY.fullmatch(plain) and not re.fullmatch(r"[.。·]{2,}", plain)):
        return Measure(text, IS_EMPTY)
    if len(plain) <= _LONGEST_VALUE and _TEMPLATE.fullmatch(plain):
        return Measure(text, IS_TEMPLATE)
    plain = plain.rstrip("。;；,，、.!！") or plain
    if not any(character in _NUMERIC for character in plain):
        return _without_number(text, plain, raw)
    found = None
    if len(plain) <= _LONGEST_VALUE:
        found = _date(text, plain, has_unit=unit is not None and read_unit(unit) != (0, None)) or _value(text, plain)
    found = found or _composite(text) or _left_over(text, plain)
    return found._replace(raw_operator=True) if raw else found


_NUMERIC: Final = frozenset("0123456789零〇一二两三四五六七八九十百千万亿壹贰叁肆伍陆柒捌玖拾佰仟年月底末")


def _cleaned(text: str, line_break: str = "") -> tuple[str, bool]:
    """Folded text with signs for operators and without white space, but between digits, where it parts two numbers.

    And whether an operator was typed as code.
    """
    plain = fold(text)
    if line_break:
        plain = plain.strip().replace("\n", line_break)
    if "\\" in plain or "$" in plain or "&" in plain:
        plain = _MARKUP.sub(lambda match: _MARKUP_SIGNS.get(match[0], ""), plain)
    plain = _SPACE.sub("", plain)
    if plain[-1:].isspace() or plain[:1].isspace():
        plain = plain.strip()
    coded, count = _CODE.subn(lambda match: _CODE_SIGNS[match[0]], plain)
    if "年" in coded:
        coded = _CHINESE_YEAR.sub(lambda m: str(chinese_number(m[0])[0]), coded)  # type: ignore[index]
    if "分" in coded:
        coded = _FRACTION.sub(lambda m: "100%" if not m[1] else m[2] + ("%" if m[1] == "百" else "‰"), coded)
    return _WORD_BEFORE_NUMBER.sub(lambda match: _WORD_SIGN[match[0]], coded), bool(count)


def _without_number(text: str, plain: str, raw: bool) -> Measure:
    """Words, prose or an operator with nothing behind it."""
    if plain in _OPERATORS:
        return Measure(text, IS_UNREADABLE, raw_operator=raw, reason="operator-without-number")
    if _is_prose(plain):
        return Measure(text, IS_PROSE, raw_operator=raw)
    sign = plain[0] if _FIRST_SIGN.match(plain) else None
    if plain.startswith(_COMPARING):
        sign = max((word for word in _COMPARING if plain.startswith(word)), key=len)
    return Measure(
        text,
        IS_WORDS,
        _OPERATORS[sign] if sign else None,
        approximate=any(word in plain for word in ("若干", "适量", "左右", "大约")) or "几" in plain,
        raw_operator=raw,
    )


def _is_prose(plain: str) -> bool:
    if len(plain) > _LONGEST_WORDS or _CAUSE.match(plain):
        return True
    return any(mark in plain for mark in "。;；!！?？") or (("，" in plain or "," in plain) and len(plain) > 12)


def _left_over(text: str, plain: str) -> Measure:
    """What no rule of the grammar takes: words with a numeral in them, prose, or unreadable with the reason."""
    digits = re.findall(r"[0-9]+(?:[.,，][0-9]+)*[.,，]?", plain[:_LONGEST_VALUE])
    if not digits:
        return _without_number(text, plain, raw=False)
    if len(plain) > _LONGEST_WORDS and sum(map(str.isalpha, plain)) > 4:
        return Measure(text, IS_PROSE)
    if _CAUSE.match(plain) or any(mark in plain for mark in "。;；!！?？"):
        return Measure(text, IS_PROSE)
    return Measure(text, IS_UNREADABLE, reason=_reason(plain, digits))


def _reason(plain: str, digits: list[str]) -> str:
    if "≠" in plain:
        return "unsupported-operator"
    if any(sum(character.isdigit() for character in run) > MAX_DIGITS for run in digits):
        return "number-too-long"
    sign = _FIRST_SIGN.search(plain)
    if sign is not None and (_SIGN_TWICE.search(plain) or plain[: sign.start()].endswith(_WORDS)):
        return "repeated-operator"
    if len(digits) > 1:
        return "several-numbers"
    if not re.fullmatch(ARABIC, digits[0]):
        return "malformed-number"
    end = plain.find(digits[0]) + len(digits[0])
    return "unknown-unit" if re.match(_LETTERS, plain[end:]) else "trailing-text"


# ---------------------------------------------------------------------------------------------- numbers and ranges


class _Bound(NamedTuple):
    """One number as the grammar finds it, in `unit`; its scale is taken in unless the unit is money."""

    value: Decimal
    unit: str | None
    decimals: int
    scale: int
    scaled: bool  # 万 or the like was written
    operator: str | None  # as typed
    approximate: bool


class _Frame(NamedTuple):
    """What stands around the numbers: the head, the unit with its denominator, the operator behind and in the head."""

    head: str
    unit: str | None
    after: str | None
    word: str | None
    approximate: bool


def _value(text: str, plain: str) -> Measure | None:
    """A number or range that fills the whole text, or its first clause when no other number follows."""
    if plain[0] in "0123456789(①②③④⑤⑥⑦⑧⑨":
        plain = _ENUMERATOR.sub("", plain, count=1)
    between = _BETWEEN.fullmatch(plain)
    if between is not None:  # 60≤X≤100
        lower, first, second, upper = between.groups()
        plain = f"{'≥' if first == '≤' else '>'}{lower}且{second}{upper}"
    found = _clause(text, plain)
    if found is not None:
        return found
    note = _NOTE.fullmatch(plain)
    if note is not None:  # 24期(其中线上12期); 200(个)
        found = _clause(text, note[1])
        if found is not None and found.value is not None and found.unit is None:
            return found._replace(unit=NAMES.get(note[2].lower()))
        return found
    mark = _CLAUSE_END.search(plain)
    if mark is not None and not _FIGURE.search(plain, mark.end()):
        return _clause(text, plain[: mark.start()])
    return None


_COMMA = r"(?<![0-9])[，,]|[，,](?![0-9]{3}(?![0-9]))"  # one that does not part thousands
_CLAUSE_END: Final = pattern(rf"[。;；]|{_COMMA}")
_FIGURE: Final = pattern("[0-9]")


def _clause(text: str, plain: str) -> Measure | None:
    """The number or range that the whole of `plain` is; None if it is none of them."""
    figures = _FIGURE.search(plain) is not None
    match = _FIRST[figures].match(plain)
    if match is None or not _sign_is_sign(match):
        return None
    first, end = _bound(match, plain)
    if isinstance(first, str):
        return Measure(text, IS_UNREADABLE, reason=first)
    if first is None:
        return None
    between = _BETWEEN_BOUNDS.match(plain, end)
    assert between is not None
    match_too = _SECOND[figures].match(plain, between.end())
    # Without a dash both bounds want their signs: ≥60≤100, 不少于60且不超过100.
    if match_too is not None and (between["dash"] or (match["operator"] and match_too["operator"])):
        second, end = _bound(match_too, plain)
        if isinstance(second, str):
            return Measure(text, IS_UNREADABLE, reason=second)
        if second is None or not (figures or second.unit):
            return None
        frame = _frame(match, plain, end, second.unit, figures=figures)
        if isinstance(frame, _Frame):
            return _range(text, first, second, frame, dash=bool(between["dash"]))
    else:
        if not figures and (first.unit is None or (first.unit == "分" and not first.scaled)):  # 十分 means very
            return None
        if first.unit == "年" and first.operator is None and 1900 <= first.value < 2100:  # 2022年度自评表 names a year
            return None
        frame = _frame(match, plain, end, first.unit, figures=figures)
        if isinstance(frame, _Frame):
            return _single(text, first, frame)
    return Measure(text, IS_UNREADABLE, reason=frame) if frame else None


def _sign_is_sign(match: re.Match[str]) -> bool:
    """A minus behind a noun is a dash (培训-30人), behind a verb or nothing it is a sign (增长-3%)."""
    return match["number"][0] not in "+-" or _VERBS.fullmatch(match["head"]) is not None


def _bound(match: re.Match[str], plain: str) -> tuple[_Bound | str | None, int]:
    """The number that `match` begins, with its unit and scale, and where it ends; a reason or None if it is none."""
    digits, end = match["number"], match.end()
    odd = plain[end : end + 1] in _ODD
    end += odd
    unit, end = _unit_at(plain, end)
    scale_text = ""
    if unit is None and (scale := _SCALE.match(plain, end)) is not None:
        scale_text, end = scale[0], scale.end()
        if plain[end : end + 1] in _ODD:
            odd, end = True, end + 1
        unit, end = _unit_at(plain, end)
    if unit is None and match["yuan"]:
        unit = "元"
    if digits[-1].isdecimal():
        read = number(digits)
        if read is None:
            return "number-too-long", end
    else:
        if unit == "元" and digits[-1] in "万亿" and not any(sign in digits[:-1] for sign in "万亿"):
            digits, scale_text = digits[:-1], digits[-1]
        read = chinese_number(digits)
        if read is None:
            return None, end
    value, decimals = read
    about = odd or match["about"] is not None or match["about_too"] is not None
    if scale_text and unit == "元":
        return _Bound(value, f"{scale_text}元", decimals, 0, True, match["operator"], about), end
    scale_power = SCALES[scale_text] if scale_text else 0
    scaled = bool(scale_text) or digits[-1] in SCALES
    return _Bound(times_ten(value, scale_power), unit, decimals, scale_power, scaled, match["operator"], about), end


_ODD: Final = frozenset("余多几来")


def _unit_at(plain: str, start: int) -> tuple[str | None, int]:
    """The longest unit that begins at `start`, by its canonical name, and where it ends."""
    for end in range(min(start + _LONGEST_UNIT, len(plain)), start, -1):
        name = NAMES.get(plain[start:end].lower())
        if name is not None:
            return name, end
    return None, start


def _frame(match: re.Match[str], plain: str, end: int, unit: str | None, *, figures: bool) -> _Frame | str | None:
    """What stands around the numbers that end at `end`; a reason, or None if they are no value."""
    head = match["head"]
    if head.endswith("第") or (head and _CAUSE.match(head)):
        return None
    per: list[str] = []
    while len(per) < 2 and plain[end : end + 1] in ("/", "·"):
        name, after_name = _unit_at(plain, end + 1)
        if name is None:
            word = _PER_WORD.match(plain, end + 1)
            if word is None:
                return None
            name, after_name = word[0], word.end()
        per.append(name)
        end = after_name
    rest = _REST.fullmatch(plain, end)
    if rest is None or _NEGATIVE.search(rest["tail"]):
        return None
    tail, after = rest["tail"], rest["after"] + rest["end"]
    operator_word = None
    approximate = any(word in after for word in ("左右", "上下", "不等")) or re.search(_ABOUT, head) is not None
    if head:
        per_head = _PER_HEAD.search(head)
        if per_head is not None and not per and unit is not None:
            per = [NAMES.get(per_head["per"] or "人", per_head["per"] or "人")]
            head = head[: per_head.start()] + head[per_head.end() :]
        if head in _OPERATORS and match["operator"] is None:
            head, operator_word = "", head
        elif any(word in head for word in _WORDS if len(word) > 1):
            # 不少于不低于90; without a second operator it speaks of another thing: 超过计划5%
            return "repeated-operator" if match["operator"] is not None else None
        if not _VERBS.fullmatch(head):
            if not figures or (unit is None and match["operator"] is None and not tail):
                return None
            if head[-1].isascii() and head[-1].isalpha():
                return None
    if tail:
        if not figures or unit == "成":
            return None
        if unit is None:
            if len(tail) > 4 or not all("\u4e00" <= character <= "\u9fff" for character in tail):
                return "unknown-unit"
            unit = tail
    if per:
        if unit is None:
            return "unknown-unit"
        unit = "/".join((unit, *per))
    signs = {sign for ending, sign in OPERATOR_ENDINGS.items() if ending in after}
    if len(signs) > 1:
        return "conflicting-operators"
    return _Frame(head.rstrip(":"), unit, next(iter(signs), None), operator_word, approximate)


def _single(text: str, bound: _Bound, frame: _Frame) -> Measure:
    typed = bound.operator or frame.word
    before = _OPERATORS[typed] if typed else None
    if before and frame.after and before != frame.after:
        return Measure(text, IS_UNREADABLE, reason="conflicting-operators")
    return Measure(
        text,
        IS_NUMBER,
        before or frame.after,
        bound.value,
        unit=frame.unit,
        decimals=bound.decimals,
        approximate=bound.approximate or frame.approximate,
        exceeding=before == ">" and typed != ">",
        scale=bound.scale,
        head=frame.head,
    )


def _range(text: str, lower: _Bound, upper: _Bound, frame: _Frame, *, dash: bool) -> Measure:
    signs = [_OPERATORS[bound.operator] if bound.operator else None for bound in (lower, upper)]
    if (signs[0] or "")[:1] == "<" and (signs[1] or "")[:1] == ">":  # ≤100且≥60
        lower, upper, signs = upper, lower, signs[::-1]
    lower_sign, upper_sign = signs
    if (
        frame.word
        or (lower_sign or ">=")[0] != ">"
        or (upper_sign or "<=")[0] != "<"
        or (frame.after and (not dash or frame.after != "<="))
    ):
        return Measure(text, IS_UNREADABLE, reason="conflicting-operators")
    value, scale = _in_unit_of_upper(lower, upper)
    if value is None:
        return Measure(text, IS_UNREADABLE, reason="conflicting-units")
    if value > upper.value:
        return Measure(text, IS_UNREADABLE, reason="reversed-range")
    return Measure(
        text,
        IS_RANGE,
        lower_sign,
        value,
        upper.value,
        upper_sign or "<=",
        frame.unit or lower.unit,
        max(lower.decimals, upper.decimals),
        lower.approximate or upper.approximate or frame.approximate,
        scale=min(scale, upper.scale),
        head=frame.head,
    )


def _in_unit_of_upper(lower: _Bound, upper: _Bound) -> tuple[Decimal | None, int]:
    """The lower bound in the upper bound's unit, and its scale.

    5-6万 starts at 50,000, 5000-1万 at 5,000 and 5000元-1万元 at 0.5 万元.
    """
    if lower.unit is None or lower.unit == upper.unit or upper.unit is None:
        if lower.unit is None and upper.scale and not lower.scaled:
            scaled = times_ten(lower.value, upper.scale)
            if scaled <= upper.value:
                return scaled, upper.scale
        return lower.value, lower.scale
    return convert(lower.value, lower.unit, upper.unit), 0


# ---------------------------------------------------------------------------------------------- dates

_MONTH_WORDS: Final = {  # the month that ends it
    "年底": 12, "底": 12, "年末": 12, "末": 12, "年终": 12, "内": 12, "年内": 12, "上半年": 6, "下半年": 12,
    "年初": 1, "初": 1, "年中": 6,
}  # fmt: skip
_QUARTERS: Final = {"一": 3, "1": 3, "二": 6, "2": 6, "三": 9, "3": 9, "四": 12, "4": 12}
_DONE = (
    r"(?:全部|全面|已|按期|按时|如期|均)?(?:完成|完工|竣工|结束|达成|提交|办结|验收|交付|发布|开工|实施|启动|支付|上线|建成|印发|通过)"
    r"(?:验收|编制|编写|完成)?"
)
_NUMERAL = "[一二三四五六七八九十]"
_DATE: Final = pattern(
    rf"(?P<sign>{_SIGN})?(?:于|已于|在|截至|截止到?|预计|计划|到|至|{_DONE}时间:?)?"
    r"(?:(?P<year>(?:19|20)[0-9]{2}|本|当|该)年度?)?"
    rf"(?:(?P<month>[0-9]{{1,2}}|{_NUMERAL}{{1,2}})月份?(?:(?P<day>[0-9]{{1,2}}|{_NUMERAL}{{1,3}})[日号])?"
    r"|(?P<word>年[底末终内初中]|底|末|内|初|[上下]半年)|第?(?P<quarter>[一二三四1-4])季度)?"
    r"(?P<third>上旬|中旬|下旬|月底|底|月末|末|初)?"
    rf"(?:(?P<before>(?:之|以)?前|之内|以内|内|及?之?以前){_LETTERS}{{0,8}}|(?P<after>(?:之|以)?后){_LETTERS}{{0,8}}|{_DONE})?"
)
_NUMERIC_DATE: Final = pattern(
    rf"(?P<sign>{_SIGN})?(?P<year>(?:19|20)[0-9]{{2}})(?P<dash>[-/.])(?P<month>[0-9]{{1,2}})"
    r"(?:(?P=dash)(?P<day>[0-9]{1,2})(?:日|[T ]?[0-9]{2}:[0-9]{2}(?::[0-9]{2})?)?)?"
    r"(?:(?P<before>(?:之|以)?前)|(?P<after>(?:之|以)?后))?(?:完成)?"
)
_PERIOD: Final = pattern(r"(.{2,14}?)(?:至|到|~|-{1,2})(.{2,14})")


def _date(text: str, plain: str, *, has_unit: bool) -> Measure | None:
    """A date, or the end of a period; None if the text is none. With a unit column a decimal number stays one."""
    match = _DATE.fullmatch(plain)
    if match is not None and (match["year"] or match["month"] or match["word"] or match["quarter"]):
        if match["word"] in ("内", "底", "末", "初") and not match["year"]:
            return None
        if match["sign"] and match["month"] and not (match["year"] or match["day"] or match["before"]):
            return None  # ≤3月 is a duration
        return _dated(text, match)
    match = _NUMERIC_DATE.fullmatch(plain)
    if match is not None:
        month = int(match["month"])
        decimal = match["dash"] == "." and match["sign"]  # ≥2021.5
        if match["day"] is None and (has_unit or decimal or not 1 <= month <= 12):
            return None
        return _dated(text, match)
    period = _PERIOD.fullmatch(plain) if "年" in plain or "月" in plain else None
    if period is not None:
        start, end = _DATE.fullmatch(period[1]), _DATE.fullmatch(period[2])
        if start is None or end is None or not (start["year"] or start["month"]) or not (end["year"] or end["month"]):
            return None
        found = _dated(text, end)
        if found.date is not None and found.date[0] is None and (start["year"] or "").isdecimal():
            return found._replace(date=(int(start["year"]), *found.date[1:]))
        return found
    return None


def _dated(text: str, match: re.Match[str]) -> Measure:
    group = match.groupdict()
    year = int(group["year"]) if (group["year"] or "").isdecimal() else None
    month, day = _small_number(group["month"]), _small_number(group["day"])
    word, third = group.get("word"), group.get("third")
    within = False
    if word:
        month = _MONTH_WORDS[word]
        within = word in ("内", "年内")
    elif group.get("quarter"):
        month = _QUARTERS[group["quarter"] or ""]
    elif third and month is None:
        month = 1 if third == "初" else 12
    elif third and day is None:
        day = {"上旬": 10, "中旬": 20, "初": 10}.get(third)
    if month is not None and not 1 <= month <= 12:
        return Measure(text, IS_UNREADABLE, reason="impossible-date")
    if day is not None and not 1 <= day <= monthrange(year or 2000, month or 1)[1]:
        return Measure(text, IS_UNREADABLE, reason="impossible-date")
    written = _OPERATORS[group["sign"] or ""] if group["sign"] else None
    implied = "<=" if group["before"] or within else ">=" if group["after"] else None
    if written and implied and written[0] != implied[0]:
        return Measure(text, IS_UNREADABLE, reason="conflicting-operators")
    return Measure(text, IS_DATE, written or implied, date=(year, month, day))


def _small_number(text: str | None) -> int | None:
    """A month or day in digits or as a numeral; 0, which is neither, for a numeral that is wrong."""
    if not text:
        return None
    if text.isdecimal():
        return int(text)
    read = chinese_number(text)
    return int(read[0]) if read else 0


# ---------------------------------------------------------------------------------------------- composites, columns

_PART_MARK: Final = pattern(rf"[、;；。]|{_COMMA}")


def _composite(text: str) -> Measure | None:
    """Several amounts, each in a clause of its own; None as soon as one clause is no plain amount or a ceiling."""
    plain = _ENUMERATOR.sub("", _cleaned(text, line_break=";")[0]).rstrip("。;；,，、")
    clauses = [clause for clause in _PART_MARK.split(plain) if clause]
    if len(clauses) < 2 or any(len(clause) > _LONGEST_PART for clause in clauses):
        return None
    parts = []
    approximate = False
    for clause in clauses:
        measure = _clause("", clause)
        if measure is None or measure.value is None or measure.upper is not None or measure.operator in ("<", "<="):
            return None
        if not measure.head and measure.unit is None:
            return None
        approximate = approximate or measure.approximate
        parts.append(Part(measure.head, measure.value, measure.unit))
    return Measure(text, IS_COMPOSITE, approximate=approximate, parts=tuple(parts))


def _with_columns(measure: Measure, operator: str | None, unit: str | None) -> Measure:
    """The measure with what the columns of operator and unit add to it."""
    if measure.kind not in (IS_NUMBER, IS_RANGE, IS_DATE, IS_WORDS):
        return measure
    if unit and measure.unit is None and measure.value is not None:
        measure = _in_column_unit(measure, unit)
    if not operator:
        return measure
    column, raw = SIGNS.get(operator), False
    if column is None:
        plain, raw = _cleaned(operator)
        column = _COLUMN_OPERATORS.get(plain, "")
    if column is None:
        return measure
    if not column:
        return Measure(measure.text, IS_UNREADABLE, reason="unknown-operator")
    if (measure.kind is IS_RANGE and column != "=") or (measure.operator or column) != column:
        return Measure(measure.text, IS_UNREADABLE, reason="conflicting-operators")
    raw = raw or measure.raw_operator
    return measure._replace(operator=None if measure.kind is IS_RANGE else column, raw_operator=raw)


def _in_column_unit(measure: Measure, unit: str) -> Measure:
    """A number without a unit, in that of its column: 5.8 in 万人 is 58,000 人; 5.8万 in 万元 is 5.8 万元."""
    power, name = read_unit(unit)
    assert measure.value is not None
    if measure.scale and name in MONEY_UNITS and name != "元":
        back = Decimal(10**measure.scale)
        upper = None if measure.upper is None else EXACT.divide(measure.upper, back)
        return measure._replace(value=EXACT.divide(measure.value, back), upper=upper, unit=name, scale=0)
    if power and not measure.scale:
        upper = None if measure.upper is None else times_ten(measure.upper, power)
        return measure._replace(value=times_ten(measure.value, power), upper=upper, unit=name, scale=power)
    return measure._replace(unit=name)
