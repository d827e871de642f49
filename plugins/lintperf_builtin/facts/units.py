"""Units of targets and actuals: their names, which are one and the same, and exact conversion.

Units that count different things and are still used for each other (人 and 人次, 家 and 个) are *soft* different:
the numbers can be compared, and a rule may say a word about it.
"""

from __future__ import annotations

from decimal import Context, Decimal
from functools import lru_cache
from math import gcd
from typing import Final, Literal

from lintperf_builtin.facts.numerals import EXACT, SCALE, SCALES, fold
from lintperf_builtin.facts.words import EMPTY_UNITS

__all__ = [
    "COUNTING_UNITS",
    "MONEY_UNITS",
    "NAMES",
    "UnitRelation",
    "canonical_unit",
    "convert",
    "convert_wide",
    "read_unit",
    "unit_relation",
]

UnitRelation = Literal["same", "convertible", "soft", "different", "unknown"]

# Families: unit → size as numerator and denominator in the family's base unit. 1 亩 is 2000/3 平方米, hence fractions.
_MONEY: Final = {
    "分钱": (1, 100), "角": (1, 10), "元": (1, 1), "百元": (100, 1), "千元": (10**3, 1), "万元": (10**4, 1),
    "十万元": (10**5, 1), "百万元": (10**6, 1), "千万元": (10**7, 1), "亿元": (10**8, 1), "十亿元": (10**9, 1),
    "百亿元": (10**10, 1), "千亿元": (10**11, 1), "万亿元": (10**12, 1),
}  # fmt: skip
_FAMILIES: Final[tuple[dict[str, tuple[int, int]], ...]] = (
    _MONEY,
    {"小数": (1, 1), "成": (1, 10), "%": (1, 100), "百分点": (1, 100), "‰": (1, 1000)},
    {"米": (1, 1), "公里": (1000, 1), "分米": (1, 10), "厘米": (1, 100), "毫米": (1, 1000)},
    {"平方米": (1, 1), "公顷": (10_000, 1), "亩": (2000, 3), "平方公里": (10**6, 1)},
    {"立方米": (1, 1), "升": (1, 1000), "毫升": (1, 10**6)},
    {"公斤": (1, 1), "吨": (1000, 1), "斤": (1, 2), "克": (1, 1000)},
    {"秒": (1, 1), "分钟": (60, 1), "小时": (3600, 1), "天": (86_400, 1), "周": (604_800, 1)},
    {"个月": (1, 1), "季度": (3, 1), "年": (12, 1)},
    {"千瓦时": (1, 1), "万千瓦时": (10**4, 1)},
    {"次": (1, 1), "批": (1, 1)},
    {"人": (1, 1), "名": (1, 1), "位": (1, 1)},
    {"课时": (1, 1), "学时": (1, 1)},
)

# Other ways to write a unit; everything is looked up after `fold` and without white space, Latin letters in lower case.
_ALIASES: Final = {
    "元": "圆 人民币 人民币元 rmb ¥ ￥", "万元": "万圆 人民币万元", "亿元": "人民币亿元",
    "%": "百分比 百分率 百分数 百分比(%) %(百分比)", "百分点": "个百分点", "‰": "千分比", "小数": "比值",
    "米": "m 公尺", "公里": "千米 km", "厘米": "cm 公分", "毫米": "mm", "分米": "dm",
    "平方米": "㎡ m2 m² 平米 平方", "平方公里": "平方千米 km2 km²", "公顷": "ha hm2",
    "立方米": "m³ m3 ㎥ 立方", "升": "l", "毫升": "ml", "公斤": "千克 kg", "吨": "t", "克": "g",
    "小时": "h 个小时 钟头", "分钟": "min", "秒": "s 秒钟", "天": "日 自然日 日历天 日历日", "周": "星期 个星期 礼拜",
    "个月": "月", "季度": "个季度 季", "年": "周年 年度", "工作日": "个工作日 工作天",
    "千瓦时": "kwh", "千瓦": "kw", "兆瓦": "mw", "GB": "gb", "TB": "tb", "MB": "mb",
    "场": "场次", "次": "次数", "批": "批次", "人": "人数", "分": "分数",
    "户": "户数", "课时": "节课", "人次": "人·次 人(次) 人/次", "套": "整套", "例": "例数", "家": "家数", "个": "个数",
}  # fmt: skip

_COUNTED: Final = (
    "个 人 名 位 人次 人天 户 户次 家 家次 所 校 企业 场 次 批 期 届 轮 趟 份 本 册 套 卷 台 辆 架 艘 部 项 "
    "件 件次 宗 起 例 条 则 篇 幅 张 面 块 座 栋 幢 间 处 口 眼 孔 盏 根 棵 株 头 只 匹 尾 羽 支 队 组 班 团 "
    "类 种 款 品种 门 节 课时 学时 课 堂 题 页 字 点 站 村 社区 镇 乡 县 街道 床 床位 片 颗 粒 瓶 箱 包 桶 盒 "
    "袋 把 顶 盆 枚 车次 班次 航次 单 笔 段 线 对 双 集 首 版 票 道 扇 项目"
)
COUNTING_UNITS: Final = frozenset(_COUNTED.split())
MONEY_UNITS: Final = frozenset(_MONEY)

# Used for each other though they are not the same. 个 counts anything.
_SOFT: Final = tuple(
    frozenset(group.split())
    for group in (
        "人 名 位 人次 人天",
        "家 户 所 户次 家次 企业 校",
        "次 批 场 期 届 轮 趟 班次 课 堂 节",
        "份 本 册 套 卷 部 篇 集",
        "条 则 篇 项 件 起 宗 例 单 笔 项目",
        "台 套 辆 部 架 件",
        "座 栋 幢 处 所 间",
        "棵 株",
        "村 社区",
        "床 床位",
        "课时 学时 小时 节 课",
        "天 工作日",
        "% 百分点",
    )
)

_SIZE: Final = {unit: (family, *size) for family, members in enumerate(_FAMILIES) for unit, size in members.items()}
_KNOWN: Final = COUNTING_UNITS | _SIZE.keys() | {"工作日", "分", "倍", "千瓦", "兆瓦", "GB", "TB", "MB"}
NAMES: Final[dict[str, str]] = {unit: unit for unit in _KNOWN} | {
    alias: unit for unit, aliases in _ALIASES.items() for alias in aliases.split()
}
_ONE: Final = Decimal(1)
_NO_UNIT: Final = frozenset(("", *EMPTY_UNITS))
_REPORTED: Final = Context(prec=28, rounding=EXACT.rounding)


def canonical_unit(text: str) -> str | None:
    """The canonical name of a unit as written (`百分比` → %, `㎡` → 平方米, `万元/ 人` → 万元/人).

    A unit that is not in the table is returned as written without white space; None for a blank, / or 无.
    """
    return read_unit(text)[1]


@lru_cache(maxsize=4096)
def read_unit(text: str) -> tuple[int, str | None]:
    """A unit from a column of its own: the power of ten in it (`万人`: 4) and its canonical name.

    Amounts keep their unit (`万元`: 0, 万元). `万` alone is (4, None).
    """
    plain = "".join(fold(text).split()).lower().removeprefix("单位:")
    if len(plain) > 2 and plain[0] == "(" and plain[-1] == ")":
        plain = plain[1:-1]
    if plain in _NO_UNIT:
        return 0, None
    name = NAMES.get(plain)
    if name is not None:
        return 0, name
    head, slash, per = plain.partition("/")
    if slash and head and per:
        power, unit = read_unit(head)
        return power, f"{unit}/{'/'.join(NAMES.get(part, part) for part in per.replace('·', '/').split('/'))}"
    for scale in SCALE.split("|"):
        if plain.startswith(scale) and (plain == scale or plain[len(scale) :] in NAMES):
            return SCALES[scale], NAMES.get(plain[len(scale) :])
    return 0, plain


def unit_relation(a: str | None, b: str | None) -> UnitRelation:
    """How two canonical units stand to each other.

    same         one unit, or synonyms (批 and 次)
    convertible  one family with another size (万元 and 元)
    soft         used for each other, though not the same (人 and 人次; 个 and what is counted; 次/年 and 次)
    different    two known units of different kinds
    unknown      one is missing or not in the table
    """
    if a is None or b is None:
        return "unknown"
    if a == b:
        return "same"
    if "/" in a or "/" in b:
        return _compound_relation(a, b)
    size_a, size_b = _SIZE.get(a), _SIZE.get(b)
    if size_a is not None and size_a == size_b and "百分点" not in (a, b):
        return "same"
    if any(a in group and b in group for group in _SOFT):
        return "soft"
    if size_a is not None and size_b is not None and size_a[0] == size_b[0]:
        return "convertible"
    if a not in _KNOWN or b not in _KNOWN:
        return "unknown"
    if "个" in (a, b) and a in COUNTING_UNITS and b in COUNTING_UNITS:
        return "soft"
    return "different"


def _compound_relation(a: str, b: str) -> UnitRelation:
    """元/人 against 万元/人: by the numerators, if both are per the same; one without a denominator is soft."""
    unit_a, slash_a, per_a = a.partition("/")
    unit_b, slash_b, per_b = b.partition("/")
    relation = unit_relation(unit_a, unit_b)
    if slash_a and slash_b:
        return relation if per_a == per_b or unit_relation(per_a, per_b) == "same" else "different"
    return "soft" if relation in ("same", "convertible") else relation


def convert(value: Decimal, from_unit: str | None, to_unit: str | None) -> Decimal | None:
    """`value` in `to_unit`: exact, or rounded half up to 28 digits where the quotient never ends (米² to 亩).

    Between units of one family only; None for all others, soft different ones among them.
    """
    wide = convert_wide(value, from_unit, to_unit)
    if wide is None:
        return None
    reported = _REPORTED.plus(wide)
    # few numbers are longer than what is reported; of those a quotient that never ends fills all digits
    return wide if reported == wide or len(wide.as_tuple().digits) < EXACT.prec else reported


def convert_wide(value: Decimal, from_unit: str | None, to_unit: str | None) -> Decimal | None:
    """`convert` without the last rounding: 200 digits, so that comparing the result cannot go wrong."""
    if from_unit is None or to_unit is None:
        return None
    if from_unit == to_unit:
        return value
    ratio = _ratio(from_unit, to_unit)
    if ratio is None:
        return None
    numerator, denominator = ratio
    product = EXACT.multiply(value, numerator)
    return product if denominator is None else EXACT.divide(product, denominator)


@lru_cache(maxsize=1024)
def _ratio(from_unit: str, to_unit: str) -> tuple[Decimal, Decimal | None] | None:
    """How many of `to_unit` make one of `from_unit`: numerator and denominator, None for a denominator of 1."""
    head, _, per = from_unit.partition("/")
    to_head, _, to_per = to_unit.partition("/")
    if per != to_per and unit_relation(per or None, to_per or None) != "same":
        return None
    size, to_size = _SIZE.get(head), _SIZE.get(to_head)
    if size is None or to_size is None or size[0] != to_size[0]:
        return (_ONE, None) if head == to_head else None
    numerator, denominator = size[1] * to_size[2], size[2] * to_size[1]
    common = gcd(numerator, denominator)
    return Decimal(numerator // common), Decimal(denominator // common) if denominator != common else None
