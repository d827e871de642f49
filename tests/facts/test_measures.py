"""What every notation of a target or actual is read as; that any text is read, fast, and written values come back."""

from __future__ import annotations

import time
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from lintperf_builtin.facts import measures
from lintperf_builtin.facts.measures import REASONS, Kind, Measure, Part, amount_in_yuan, parse_measure, rounds_to

D = Decimal


def facts(measure: Measure) -> dict[str, Any]:
    """What a measure says beyond the defaults, without its text and kind."""
    defaults = Measure("", Kind.empty)._asdict()
    return {
        name: value
        for name, value in measure._asdict().items()
        if name not in ("text", "kind") and (value != defaults[name] or (name == "value" and value is not None))
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # signs and words for operators
        ("≥95%", {"operator": ">=", "value": D(95), "unit": "%"}),
        ("≧ 95 %", {"operator": ">=", "value": D(95), "unit": "%"}),
        ("＞＝95％", {"operator": ">=", "value": D(95), "unit": "%", "raw_operator": True}),
        (">=12株", {"operator": ">=", "value": D(12), "unit": "株", "raw_operator": True}),
        ("%=95%", {"operator": ">=", "value": D(95), "unit": "%", "raw_operator": True}),
        ("不少于30家", {"operator": ">=", "value": D(30), "unit": "家"}),
        ("不得少于三十二家", {"operator": ">=", "value": D(32), "unit": "家"}),
        ("不低于百分之九十五", {"operator": ">=", "value": D(95), "unit": "%"}),
        ("大于或等于3次", {"operator": ">=", "value": D(3), "unit": "次"}),
        ("至少2场", {"operator": ">=", "value": D(2), "unit": "场"}),
        ("40棵以上", {"operator": ">=", "value": D(40), "unit": "棵"}),
        ("40棵及以上", {"operator": ">=", "value": D(40), "unit": "棵"}),
        ("90%（含）以上", {"operator": ">=", "value": D(90), "unit": "%"}),
        ("≥90%以上", {"operator": ">=", "value": D(90), "unit": "%"}),
        ("30名以上志愿者", {"operator": ">=", "value": D(30), "unit": "名"}),
        ("30名志愿者以上", {"operator": ">=", "value": D(30), "unit": "名"}),
        ("> 5 处", {"operator": ">", "value": D(5), "unit": "处"}),
        ("超过6700", {"operator": ">", "value": D(6700), "exceeding": True}),
        ("多于3个", {"operator": ">", "value": D(3), "unit": "个", "exceeding": True}),
        ("突破1万人次", {"operator": ">", "value": D(10000), "unit": "人次", "exceeding": True, "scale": 4}),
        ("≤ 5天", {"operator": "<=", "value": D(5), "unit": "天"}),
        ("≦5天", {"operator": "<=", "value": D(5), "unit": "天"}),
        ("不超过100万元", {"operator": "<=", "value": D(100), "unit": "万元"}),
        ("控制在100万元以内", {"operator": "<=", "value": D(100), "unit": "万元", "head": "控制在"}),
        ("30天内", {"operator": "<=", "value": D(30), "unit": "天"}),
        ("7个工作日内", {"operator": "<=", "value": D(7), "unit": "工作日"}),
        ("≤7工作日", {"operator": "<=", "value": D(7), "unit": "工作日"}),
        ("≤3月", {"operator": "<=", "value": D(3), "unit": "个月"}),
        ("<49万元", {"operator": "<", "value": D(49), "unit": "万元"}),
        ("低于2‰", {"operator": "<", "value": D(2), "unit": "‰"}),
        ("=3 项", {"operator": "=", "value": D(3), "unit": "项"}),
        ("═100%", {"operator": "=", "value": D(100), "unit": "%"}),
        ("＝100％", {"operator": "=", "value": D(100), "unit": "%"}),
        (r"$\geq 90\%$", {"operator": ">=", "value": D(90), "unit": "%"}),
        ("&lt;2%", {"operator": "<", "value": D(2), "unit": "%"}),
        # numbers
        ("0", {"value": D(0)}),
        ("0.00", {"value": D(0), "decimals": 2}),
        ("98.70万元", {"value": D("98.70"), "unit": "万元", "decimals": 2}),
        ("1,234,567.80元", {"value": D("1234567.80"), "unit": "元", "decimals": 2}),
        ("1，234人", {"value": D(1234), "unit": "人"}),
        ("３０期", {"value": D(30), "unit": "期"}),
        ("5.8万", {"value": D(58000), "decimals": 1, "scale": 4}),
        ("5.8万人", {"value": D(58000), "unit": "人", "decimals": 1, "scale": 4}),
        ("1.2亿", {"value": D(120000000), "decimals": 1, "scale": 8}),
        ("1.2亿元", {"value": D("1.2"), "unit": "亿元", "decimals": 1}),
        ("5千元", {"value": D(5), "unit": "千元"}),
        ("¥500", {"value": D(500), "unit": "元"}),
        ("-5%", {"value": D(-5), "unit": "%"}),
        ("增长-3%", {"value": D(-3), "unit": "%", "head": "增长"}),
        ("两百个", {"value": D(200), "unit": "个"}),
        ("一千零五人", {"value": D(1005), "unit": "人"}),
        ("三十万元", {"value": D(30), "unit": "万元"}),
        ("百分之百", {"value": D(100), "unit": "%"}),
        ("百分之九十五点五", {"value": D("95.5"), "unit": "%", "decimals": 1}),
        ("九成", {"value": D(9), "unit": "成"}),
        # units
        ("95百分比", {"value": D(95), "unit": "%"}),
        ("2个百分点", {"value": D(2), "unit": "百分点"}),
        ("2.5h", {"value": D("2.5"), "unit": "小时", "decimals": 1}),
        ("12㎡", {"value": D(12), "unit": "平方米"}),
        ("3批次", {"value": D(3), "unit": "批"}),
        ("4次/年", {"value": D(4), "unit": "次/年"}),
        ("每年4次", {"value": D(4), "unit": "次/年"}),
        ("至少每年4次", {"operator": ">=", "value": D(4), "unit": "次/年"}),
        ("每月不少于2次", {"operator": ">=", "value": D(2), "unit": "次/个月"}),
        ("500元/人·年", {"value": D(500), "unit": "元/人/年"}),
        ("4次/年以上", {"operator": ">=", "value": D(4), "unit": "次/年"}),
        ("12企业", {"value": D(12), "unit": "企业"}),
        ("3口塘", {"value": D(3), "unit": "口"}),
        # what stands around a number
        ("约120人", {"value": D(120), "unit": "人", "approximate": True}),
        ("100人左右", {"value": D(100), "unit": "人", "approximate": True}),
        ("4100余家", {"value": D(4100), "unit": "家", "approximate": True}),
        ("3万余人", {"value": D(30000), "unit": "人", "approximate": True, "scale": 4}),
        ("5万余元", {"value": D(5), "unit": "万元", "approximate": True}),
        ("节约5%", {"value": D(5), "unit": "%", "head": "节约"}),
        ("最近3年", {"value": D(3), "unit": "年", "head": "最近"}),
        ("已完成24期", {"value": D(24), "unit": "期", "head": "已完成"}),
        ("达到95%以上", {"operator": ">=", "value": D(95), "unit": "%", "head": "达到"}),
        ("游客满意度：≥90%", {"operator": ">=", "value": D(90), "unit": "%", "head": "游客满意度"}),
        ("统一培训30人", {"value": D(30), "unit": "人", "head": "统一培训"}),
        ("2021年举办12场", {"value": D(12), "unit": "场", "head": "2021年举办"}),
        ("24期（其中线上12期）", {"value": D(24), "unit": "期"}),
        ("200（个）", {"value": D(200), "unit": "个"}),
        ("24期，因天气减少", {"value": D(24), "unit": "期"}),
        ("1、修剪古树3株", {"value": D(3), "unit": "株", "head": "修剪古树"}),
        ("100%。", {"value": D(100), "unit": "%"}),
        ("完成了3座书架，其余因供货推迟到下一年度", {"value": D(3), "unit": "座", "head": "完成了"}),
    ],
)
def test_number(text: str, expected: dict[str, Any]) -> None:
    measure = parse_measure(text)
    assert (measure.text, measure.kind, facts(measure)) == (text, Kind.number, expected)


def test_written_number_keeps_its_decimals_and_a_scaled_one_has_no_exponent() -> None:
    assert str(parse_measure("98.70万元").value) == "98.70"
    assert str(parse_measure("5.8万人").value) == "58000"
    assert str(parse_measure("5.12345万人").value) == "51234.5"


@pytest.mark.parametrize(
    ("text", "operator", "lower", "upper", "upper_operator", "unit"),
    [
        ("≥60&&≤100", ">=", "60", "100", "<=", None),
        (">60&&<100", ">", "60", "100", "<", None),
        ("≤100且≥60", ">=", "60", "100", "<=", None),
        ("不少于60不超过100株", ">=", "60", "100", "<=", "株"),
        ("60%≤X＜100%", ">=", "60", "100", "<", "%"),
        ("≥60，≤100", ">=", "60", "100", "<=", None),
        ("60～100", None, "60", "100", "<=", None),
        ("60~100", None, "60", "100", "<=", None),
        ("60-100", None, "60", "100", "<=", None),
        ("60—100", None, "60", "100", "<=", None),
        ("60——100", None, "60", "100", "<=", None),
        ("60 至 100", None, "60", "100", "<=", None),
        ("60%-100%", None, "60", "100", "<=", "%"),
        ("60%～100%（含）", None, "60", "100", "<=", "%"),
        ("5～7天", None, "5", "7", "<=", "天"),
        ("5～7个工作日内", None, "5", "7", "<=", "工作日"),
        ("三至五家", None, "3", "5", "<=", "家"),
        ("5-6万人", None, "50000", "60000", "<=", "人"),
        ("5000-1万", None, "5000", "10000", "<=", None),
        ("5～6万元", None, "5", "6", "<=", "万元"),
        ("5000元-1万元", None, "0.5", "1", "<=", "万元"),
    ],
)
def test_range(text: str, operator: str | None, lower: str, upper: str, upper_operator: str, unit: str | None) -> None:
    found = parse_measure(text)
    assert found.kind is Kind.range
    assert (found.operator, found.value, found.upper, found.upper_operator, found.unit) == (
        operator,
        D(lower),
        D(upper),
        upper_operator,
        unit,
    )
    assert found.raw_operator is ("&&" in text)


@pytest.mark.parametrize(
    ("text", "operator", "date"),
    [
        ("2021年12月", None, (2021, 12, None)),
        ("2021 年 12 月", None, (2021, 12, None)),
        ("2021年12月31日", None, (2021, 12, 31)),
        ("2021-12-31", None, (2021, 12, 31)),
        ("2021-12", None, (2021, 12, None)),
        ("2021/6/5", None, (2021, 6, 5)),
        ("2021.12", None, (2021, 12, None)),
        ("2021.12.31", None, (2021, 12, 31)),
        ("2021-12-31 00:00:00", None, (2021, 12, 31)),
        ("2021年12月前", "<=", (2021, 12, None)),
        ("2021年12月31日前完成", "<=", (2021, 12, 31)),
        ("≤2021年12月", "<=", (2021, 12, None)),
        ("不晚于2021年6月30日", "<=", (2021, 6, 30)),
        ("6月30日前", "<=", (None, 6, 30)),
        ("12月底前", "<=", (None, 12, None)),
        ("十二月底前", "<=", (None, 12, None)),
        ("年底前", "<=", (None, 12, None)),
        ("年内", "<=", (None, 12, None)),
        ("2021年底", None, (2021, 12, None)),
        ("2021年", None, (2021, None, None)),
        ("二〇二一年", None, (2021, None, None)),
        ("2021年上半年", None, (2021, 6, None)),
        ("第三季度", None, (None, 9, None)),
        ("6月中旬", None, (None, 6, 20)),
        ("2021年1月-12月", None, (2021, 12, None)),
        ("2021年1月1日至2021年12月31日", None, (2021, 12, 31)),
        ("2021年12月完成", None, (2021, 12, None)),
        ("2021年12月以后", ">=", (2021, 12, None)),
    ],
)
def test_date(text: str, operator: str | None, date: tuple[int | None, int | None, int | None]) -> None:
    found = parse_measure(text)
    assert (found.kind, found.operator, found.date, found.value) == (Kind.date, operator, date, None)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "养护手册1册、巡查报告4篇、古树名录3份",
            (Part("养护手册", D(1), "册"), Part("巡查报告", D(4), "篇"), Part("古树名录", D(3), "份")),
        ),
        ("1.手册1册；2.报告4篇。", (Part("手册", D(1), "册"), Part("报告", D(4), "篇"))),
        ("手册1册\n报告4篇", (Part("手册", D(1), "册"), Part("报告", D(4), "篇"))),
        ("举办讲座3场，参加120人", (Part("举办讲座", D(3), "场"), Part("参加", D(120), "人"))),
        ("3场，120人", (Part("", D(3), "场"), Part("", D(120), "人"))),
        ("绿篱1,200米，乔木300株", (Part("绿篱", D(1200), "米"), Part("乔木", D(300), "株"))),
    ],
)
def test_composite(text: str, parts: tuple[Part, ...]) -> None:
    found = parse_measure(text)
    assert (found.kind, found.parts) == (Kind.composite, parts)


@pytest.mark.parametrize(
    ("kind", "texts"),
    [
        (
            Kind.words,
            "及时 提高 显著 规范 效果良好 达成预期指标 统一部署 一流 十分满意 万人 一千五人 五六家 第三次 无偏差 "
            "熟练掌握 零投诉",
        ),
        (Kind.empty, "无 不适用 / — －  _ -- —— N/A n/a 无此项 ／ ！ 。 （无） 不涉及"),
        (Kind.template, "…… … ... 请填写 (100字以内) （100字以内） 指标1： 指标2 XXX ××"),
        (
            Kind.prose,
            "由于台风影响，绿道封闭。 因停水未开展 受施工影响仅完成2次 "
            "项目已经全部完成并且通过了主管部门组织的竣工验收 "
            "书架全部安装，其中3座因供货推迟到下一年度5月完成 书架已安装；图书未上架",
        ),
    ],
)
def test_text_without_number(kind: Kind, texts: str) -> None:
    for text in texts.split(" "):
        found = parse_measure(text)
        assert (found.kind, found.value, found.text) == (kind, None, text), text


@pytest.mark.parametrize("text", ["", " ", "\u3000", "\n", "\u200b"])
def test_blank(text: str) -> None:
    assert parse_measure(text).kind is Kind.empty


@pytest.mark.parametrize(
    ("text", "operator", "approximate"),
    [
        ("<预算数", "<", False),
        ("不超过预算", "<=", False),
        ("若干", None, True),
        ("适量", None, True),
        ("几十家", None, True),
        ("不满意", None, False),
        ("超额完成", None, False),
    ],
)
def test_words_with_operator(text: str, operator: str | None, approximate: bool) -> None:
    found = parse_measure(text)
    assert (found.kind, found.operator, found.approximate) == (Kind.words, operator, approximate)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("2 95%", "several-numbers"),
        ("10 000人次", "several-numbers"),
        ("24/30", "several-numbers"),
        ("≥≥90", "repeated-operator"),
        ("≥不少于90", "repeated-operator"),
        ("不少于不低于90", "repeated-operator"),
        ("≥=90", "repeated-operator"),
        (">90%以上", "conflicting-operators"),
        ("≤60&&≥100", "reversed-range"),
        ("≥60&&≥100", "conflicting-operators"),
        ("100～60", "reversed-range"),
        ("5米-6元", "conflicting-units"),
        ("2021年13月", "impossible-date"),
        ("2021年2月30日", "impossible-date"),
        ("100,00", "malformed-number"),
        ("5A级", "unknown-unit"),
        ("附件3", "trailing-text"),
        ("2022年度自评表", "unknown-unit"),
        ("≠5", "unsupported-operator"),
        ("≥", "operator-without-number"),
        ("不少于", "operator-without-number"),
        ("1" * 31, "number-too-long"),
        ("≥" + "1" * 31 + "元", "number-too-long"),
    ],
)
def test_not_guessed(text: str, reason: str) -> None:
    found = parse_measure(text)
    assert (found.kind, found.reason, found.value) == (Kind.unreadable, reason, None)
    assert reason in REASONS


@pytest.mark.parametrize(
    ("text", "operator", "unit", "expected"),
    [
        ("735", "≧", "人次", {"operator": ">=", "value": D(735), "unit": "人次"}),
        ("100", "═", "%", {"operator": "=", "value": D(100), "unit": "%"}),
        ("100%", "＝", "百分比", {"operator": "=", "value": D(100), "unit": "%"}),
        ("98.5", None, "万元", {"value": D("98.5"), "unit": "万元", "decimals": 1}),
        ("5.8", "不少于", "万人", {"operator": ">=", "value": D(58000), "unit": "人", "decimals": 1, "scale": 4}),
        ("5.8万", None, "人", {"value": D(58000), "unit": "人", "decimals": 1, "scale": 4}),
        ("5.8万", None, "万元", {"value": D("5.8"), "unit": "万元", "decimals": 1}),
        ("98.5万元", None, "元", {"value": D("98.5"), "unit": "万元", "decimals": 1}),
        ("≥95", "≥", "%", {"operator": ">=", "value": D(95), "unit": "%"}),
        ("95", ">=", "%", {"operator": ">=", "value": D(95), "unit": "%", "raw_operator": True}),
        ("3", "反向指标", "次", {"operator": "<=", "value": D(3), "unit": "次"}),
        ("3", "定量", "/", {"value": D(3)}),
        ("2021.5", "≤", "万元", {"operator": "<=", "value": D("2021.5"), "unit": "万元", "decimals": 1}),
        ("12", "≤", "月", {"operator": "<=", "value": D(12), "unit": "个月"}),
        ("300", "", "元/人", {"value": D(300), "unit": "元/人"}),
    ],
)
def test_columns(text: str, operator: str | None, unit: str | None, expected: dict[str, Any]) -> None:
    measure = parse_measure(text, operator, unit)
    assert (measure.kind, facts(measure)) == (Kind.number, expected)


def test_column_operator_against_the_value() -> None:
    assert parse_measure("≤95", "≥").reason == "conflicting-operators"
    assert parse_measure("95", "分值").reason == "unknown-operator"
    assert parse_measure("60-100", "≥").reason == "conflicting-operators"
    assert parse_measure("60-100", "=").kind is Kind.range
    assert parse_measure("2021年12月", "≤").operator == "<="
    assert parse_measure("有效", "定性").kind is Kind.words
    assert parse_measure("", "≥", "%").kind is Kind.empty


@pytest.mark.parametrize(
    ("text", "yuan"),
    [
        ("98.7万元", "987000"),
        ("9865元", "9865"),
        ("1.2亿元", "120000000"),
        ("3千元", "3000"),
        ("12", None),
        ("5%", None),
        ("5～6万元", None),
        ("无", None),
    ],
)
def test_amount(text: str, yuan: str | None) -> None:
    assert amount_in_yuan(parse_measure(text)) == (None if yuan is None else D(yuan))


@pytest.mark.parametrize(
    ("exact", "stated", "decimals", "answer"),
    [
        ("0.9865", "0.99", 2, True),
        ("0.9865", "0.98", 2, False),
        ("0.985", "0.99", 2, True),
        ("0.9849", "0.98", 2, True),
        ("-0.985", "-0.99", 2, True),
        ("58123", "58000", -3, True),
        ("2.5", "3", 0, True),
        ("0.98", "0.985", 2, False),
    ],
)
def test_rounds_to(exact: str, stated: str, decimals: int, answer: bool) -> None:
    assert rounds_to(D(exact), D(stated), decimals) is answer


@given(st.decimals(-(10**15), 10**15, places=8), st.integers(0, 6))
def test_rounds_to_is_half_up(exact: Decimal, decimals: int) -> None:
    rounded = exact.quantize(D(1).scaleb(-decimals), ROUND_HALF_UP)
    assert rounds_to(exact, rounded, decimals)
    assert not rounds_to(exact, rounded + D(1).scaleb(-decimals), decimals)


# ------------------------------------------------------------------------------------------- any text

ALPHABET = (
    "0123456789.,，-—~～%％≥≤><=&!/·()（）、；。…\\$ \n"
    "约不少于超过至以上内年月日底前季度第一二十百千万亿点分之元人次个家每无x因着"
)
TEXTS = st.text(max_size=40) | st.text(ALPHABET, max_size=40)
SIGNS = st.sampled_from([">=", ">", "<=", "<", "=", None])


@settings(max_examples=600, deadline=None)
@given(TEXTS, st.none() | TEXTS, st.none() | TEXTS)
@example("!!", None, None)
@example("..!", None, None)
@example("百分之", None, None)
@example("一月三十一十日", None, None)
def test_any_text_gives_a_consistent_measure(text: str, operator: str | None, unit: str | None) -> None:
    found = parse_measure(text, operator, unit)
    assert found.text == text
    assert (found.value is not None) == (found.kind in (Kind.number, Kind.range))
    assert (found.upper is not None) == (found.kind is Kind.range) == (found.upper_operator is not None)
    assert (found.date is not None) == (found.kind is Kind.date)
    assert bool(found.parts) == (found.kind is Kind.composite)
    assert (found.reason in REASONS) if found.kind is Kind.unreadable else found.reason is None
    assert found.operator in (">=", ">", "<=", "<", "=", None)
    if found.value is not None and found.upper is not None:
        assert found.value <= found.upper


@pytest.mark.parametrize(
    "piece",
    [
        "9",
        "9.",
        "1,",
        "约",
        "达到",
        "不少于",
        "年",
        "(",
        "每年",
        "1、",
        "已",
        "1-",
        "万",
        "一",
        "以上",
        "/a",
        "次",
        "…",
        "≥",
        "报告1篇，",
        "，",
        " ",
        "1 ",
        "百分之",
        "2021年",
        "至",
        "1月",
        "\\geq",
        "&&",
    ],
)
def test_time_is_linear(piece: str) -> None:
    """A text ten times as long takes about ten times as long; the bound is generous for a busy machine."""
    for ending in ("", "!", "3次"):
        for length in (60, 199, 1990):
            text = (piece * length)[: length - len(ending)] + ending
            best = 1.0
            for _ in range(3):
                start = time.perf_counter()
                measures._memoised.cache_clear()
                parse_measure(text)
                best = min(best, time.perf_counter() - start)
            assert best < 0.0005 + length * 40e-6, (piece, ending, length, best)


def test_long_text_is_prose() -> None:
    assert parse_measure("1" * 2001).kind is Kind.prose
    assert parse_measure("修剪" * 100_000).kind is Kind.prose


# ------------------------------------------------------------------------------------------- written and read again

WIDE = str.maketrans("0123456789.%><=", "０１２３４５６７８９．％＞＜＝")
OPERATORS = {
    None: [("", "")],
    ">=": [
        ("≥", ""),
        ("≧", ""),
        (">=", ""),
        ("＞＝", ""),
        ("不少于", ""),
        ("不低于", ""),
        ("大于等于", ""),
        ("", "以上"),
        ("", "及以上"),
    ],
    ">": [(">", ""), ("＞", ""), ("大于", ""), ("超过", ""), ("高于", "")],
    "<=": [("≤", ""), ("≦", ""), ("<=", ""), ("不超过", ""), ("不高于", ""), ("", "以内"), ("小于等于", "")],
    "<": [("<", ""), ("＜", ""), ("小于", ""), ("低于", ""), ("少于", "")],
    "=": [("=", ""), ("═", ""), ("＝", ""), ("等于", "")],
}
UNITS = [
    (None, ""),
    ("%", "%"),
    ("%", "百分比"),
    ("‰", "‰"),
    ("元", "元"),
    ("万元", "万元"),
    ("亿元", "亿元"),
    ("人", "人"),
    ("人次", "人次"),
    ("家", "家"),
    ("场", "场次"),
    ("次", "次"),
    ("株", "株"),
    ("小时", "h"),
    ("小时", "小时"),
    ("亩", "亩"),
    ("工作日", "个工作日"),
    ("平方米", "㎡"),
    ("元/人", "元/人"),
    ("次/年", "次/年"),
]


def chinese(value: int) -> str:
    """A whole number below a hundred million as a Chinese numeral, an encoder independent of the parser."""

    def below_ten_thousand(number: int) -> str:
        text, gap = "", False
        for place, sign in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
            digit, number = divmod(number, place)
            if digit:
                text += ("零" if gap and text else "") + "零一二三四五六七八九"[digit] + sign
                gap = False
            else:
                gap = True
        return text

    high, low = divmod(value, 10_000)
    text = below_ten_thousand(high) + "万" if high else ""
    rest = below_ten_thousand(low)
    # After 万 a missing thousand is said as 零; 一万零五 but 一万五千.
    return (text + ("零" if high and low and low < 1000 else "") + rest) or "零"


@st.composite
def written(draw: st.DrawFn) -> tuple[str, str | None, Decimal, str | None, int]:
    """A value in one of its notations, with what it says."""
    operator = draw(st.sampled_from(list(OPERATORS)))
    before, after = draw(st.sampled_from(OPERATORS[operator]))
    unit, unit_text = draw(st.sampled_from(UNITS))
    decimals = draw(st.integers(0, 4))
    value = D(draw(st.integers(0, 10**12))).scaleb(-decimals)
    digits = f"{value:f}"
    style = draw(st.sampled_from(["plain", "grouped", "wide", "grouped wide", "chinese"]))
    if style == "chinese" and unit is not None and "元" not in unit and unit_text not in ("‰", "㎡", "h", "百分比"):
        value = D(draw(st.integers(1, 10**8 - 1)))
        digits, decimals = chinese(int(value)), 0
    elif "grouped" in style:
        digits = f"{value:,f}"
        digits = digits.replace(",", "，") if "wide" in style else digits
    elif style == "wide":
        digits, unit_text = digits.translate(WIDE), unit_text.translate(WIDE)
    if unit is None and operator is None and style in ("plain", "wide") and decimals and 1900 <= value < 2100:
        value += 10_000  # 2021.12 is a date
        digits = f"{value:f}"
    space = draw(st.sampled_from(["", " ", "\u3000"]))
    gap = draw(st.sampled_from(["", " "]))
    return f"{before}{space}{digits}{gap}{unit_text}{after}", operator, value, unit, decimals


@settings(max_examples=1500, deadline=None)
@given(written())
def test_written_value_comes_back(case: tuple[str, str | None, Decimal, str | None, int]) -> None:
    text, operator, value, unit, decimals = case
    found = parse_measure(text)
    assert (found.kind, found.operator, found.value, found.unit, found.decimals) == (
        Kind.number,
        operator,
        value,
        unit,
        decimals,
    ), text
    assert found.exceeding is (operator == ">" and text[0] not in ">＞")
    assert found.raw_operator is (text[:2] in (">=", "<=", "＞＝"))


@settings(max_examples=400, deadline=None)
@given(
    st.integers(0, 10**6),
    st.integers(1, 10**6),
    st.integers(0, 2),
    st.sampled_from(["{}～{}{u}", "{}-{}{u}", "{}—{}{u}", "{}至{}{u}", "{}{u}~{}{u}", "≥{}{u}&&≤{}{u}", "≥{}且≤{}{u}"]),
    st.sampled_from(["", "%", "天", "株", "万元"]),
)
def test_written_range_comes_back(start: int, width: int, places: int, pattern: str, unit: str) -> None:
    lower, upper = D(start).scaleb(-places), D(start + width).scaleb(-places)
    text = pattern.format(f"{lower:f}", f"{upper:f}", u=unit)
    found = parse_measure(text)
    if found.kind is Kind.date:  # 2021-12 without a unit
        assert not unit and "{}-{}" in pattern
        return
    assert (found.kind, found.value, found.upper, found.unit) == (Kind.range, lower, upper, unit or None), text
    assert found.operator == (">=" if "≥" in pattern else None)


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["手册", "名录", "巡查报告", "讲座"]), st.integers(0, 9999), st.sampled_from("册份篇场")
        ),
        min_size=2,
        max_size=8,
    ),
    st.sampled_from("、，；\n"),
)
def test_written_composite_comes_back(parts: list[tuple[str, int, str]], mark: str) -> None:
    found = parse_measure(mark.join(f"{name}{value}{unit}" for name, value, unit in parts))
    assert found.kind is Kind.composite
    assert found.parts == tuple(Part(name, D(value), unit) for name, value, unit in parts)


@given(
    st.dates().filter(lambda day: 1900 <= day.year < 2100),
    st.sampled_from(["%Y年%m月%d日", "%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d"]),
    st.sampled_from([("", None), ("前", "<="), ("之前", "<=")]),
)
def test_written_date_comes_back(day: Any, pattern: str, ending: tuple[str, str | None]) -> None:
    found = parse_measure(day.strftime(pattern) + ending[0])
    assert (found.kind, found.date, found.operator) == (Kind.date, (day.year, day.month, day.day), ending[1])


@given(
    st.sampled_from(["", "≥", "＞", "<", "＝", "不少于", "不低于", "不超过", "不高于"]),
    st.from_regex(r"[0-9]{1,7}(\.[0-9]{1,3})?", fullmatch=True),
    st.sampled_from(["", "次", "家", "人次", "%", "％", "万元", "元", "公里", "个工作日", "份", "户"]),
    st.one_of(st.none(), st.from_regex(r"[0-9]{1,7}(\.[0-9]{1,3})?", fullmatch=True)),
)
def test_common_shapes_read_as_the_grammar_reads_them(sign: str, first: str, unit: str, second: str | None) -> None:
    text = f"{sign}{first}{unit}" if second is None else f"{first}～{second}{unit}"
    assert measures._read(text, None, None) == measures._with_columns(measures._read_text(text, None), None, None)
