"""A deterministic generator of self-evaluation forms: clean ones, and ones with one known defect.

The forms are canonical JSON (`schemas/self-evaluation.json`) as an importer would write it: the national layout of
2020, every number a Decimal with the decimals of a printed form. The same arguments give the same form on every
machine. All names are invented.

What repeats, so that nobody measures a cache: 1,000 forms of 25 indicators have 23,500 rows that are not empty, with
2,200 distinct names, 8,000 targets, 10,000 actual values and 19,400 combinations of the three. Level names, `无`,
`无偏差`, words such as `及时` and frequent percentages (`≥95%`) recur as they do in real forms; names of projects and
units, goal texts, explanations and amounts are a form's own. `python benchmarks/forms.py` counts it again.
"""

from __future__ import annotations

import json
import random
import sys
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

__all__ = ["DEFECTS", "Form", "clean_form", "defective_form", "form_text", "write_forms"]

Form = dict[str, Any]

NO_DEVIATION = "无偏差"
FEWEST = 8
MOST_PLAIN = 35  # above it the word lists run out


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


def _records(text: str) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(word.split("/")) for word in text.split())


PLACE_HEADS = "栖松柏梧榆桃杏枫兰芷汀碧丹紫黛翠槐桐荷菱苇蓼萍蕙葵藤榕楠桂棠樱柚橘椒麦稻粟黍茶竹"
PLACE_TAILS = "岭湾浦渡堰陂坝墩亭关堡屯营丘冈峰谷崖潭滩浔野涧畈垄坞峪墟垸汊埠圩岗垭碛渚沚坂坨塬"
PLACE_KINDS = ("县", "区", "市")
OFFICES = _records(
    """
    城市管理局/园林绿化中心 水务局/河湖管护中心 文化和旅游局/公共文化馆 住房和城乡建设局/公用设施所
    农业农村局/农技推广站 民政局/社区发展中心 应急管理局/防灾减灾中心 体育局/全民健身站 交通运输局/公路养护段
    生态环境局/环境监测站
    """
)
THEMES = _words("提升 管护 惠民 更新 运维 综合整治 服务保障 补短板")

# things that are counted in pieces, and the unit they are counted in
FACILITIES = _records(
    """
    绿道/公里 消防栓/个 路灯/盏 健身器材/套 公共厕所/座 充电桩/台 雨污管网/公里 乡村公路/公里 文化长廊/米
    公交候车亭/座 灌溉水渠/米 垃圾分类屋/座 智能门禁/套 口袋公园/个 水位标尺/根 应急广播/套 无障碍坡道/处
    长者食堂/家 图书角/个 晒谷场/处 休闲座椅/张 桥梁护栏/米 防汛闸门/扇 停车泊位/个 古树名木/株 河道岸线/米
    井盖/个 苗木花卉/株 交通标牌/块 蓄水池/座 沼气设备/套 儿童乐园/处
    """
)
FACILITY_WORK = _words("养护 新建 维修 更换 巡检 加装 改造 刷新 登记 检测")
# things that are held or done, with what is counted of them
ACTIVITIES = _words(
    """
    阅读分享会 义诊 普法宣讲 技能培训班 非遗展演 亲子运动会 灭火演练 农技指导 志愿者沙龙 养生讲座 电影下乡
    书法展 护林巡查 水质采样 食品抽检 卷宗整理 地名普查 虫害防治 禁渔巡航 古籍修复 戏曲进校园 创业路演
    急救教学 合唱比赛 植树 龙舟赛 科普夏令营 夜校课程
    """
)
ACTIVITY_COUNTS = _records(
    """
    举办场数/场 参与人次/人次 覆盖行政村数/个 开展次数/次 惠及户数/户 发放图册本数/本 成果份数/份 结对组数/组
    """
)
FACILITY_RATES = _words("验收合格率 设施完好率 隐患排除率 标识清晰率 质量达标率 建档齐全率 负荷合规率")
ACTIVITY_RATES = _words("材料规范率 数据准确率 抽查通过率 核对一致率 问题整改率 持证上岗率 签到属实率")
QUALITY_WORDS = _records("管理规范性/规范 台账完整性/完整 记录真实性/真实 流程合规性/合规")
REVERSE_RATES = _words("返修率 投诉率 返工率 退件率")
DEADLINES = _words("响应时限 办结时限 到场时限 修复时限")
TIME_BOUNDS = _records("48/小时 24/小时 30/分钟 7/个工作日 15/天 20/天")
WHOLE_COSTS = _words("项目总成本控制数 项目经费总支出 项目总支出控制数 全部经费支出额")
ECONOMIC = _records(
    """
    民宿接待收入/万元 特产销售额/万元 集市摊位租金/万元 带动就业人数/人 新增商户数/家 吸引返乡创业者/人
    直播间成交笔数/笔 果园采摘订单量/单
    """
)
SOCIAL_RATES = _words("政策知晓率 群众参与率 服务覆盖率 日均利用率 求助回应率 信息公开率")
SOCIAL_WORDS = _records(
    """
    公共服务水平/有效提升 出行便利程度/明显改善 文明素养/显著提高 安全意识/明显增强 邻里关系/明显改善
    办事体验/有效改善
    """
)
ECOLOGY = _records(
    """
    林木覆盖率/% 断面水质优良率/% 生活污水收集率/% 年节水量/吨 新增绿地面积/平方米 鸟类观测种类/种
    """
)
LASTING = _records(
    """
    管护制度健全性/健全/ 长效运行机制/基本建立/ 设备设计使用期//年 人才梯队稳定性/稳定/ 志愿队伍存续期//年
    经验推广点数//个
    """
)
RESPONDENTS = _words("周边居民 服务对象 参训学员 读者 游客 养殖户 学生家长 驻区企业 老年人 货车司机")

SHORT_CAUSES = _words(
    """
    受连续强降雨影响 因材料供货延迟 因施工单位人员轮换 受道路封闭影响 因场地临时装修 受高温天气影响
    因合作机构更换负责人 因公开招标时间延后 受学校考试安排影响 因设备检修周期延长
    """
)
SHORT_EFFECTS = _words(
    """
    有效作业天数减少 现场进度放缓 报名人员少于预期 下半年安排压缩 部分点位推迟 组织难度加大
    """
)
OVER_CAUSES = _words(
    """
    群众报名踊跃 新增共建单位主动承接 中标单价低于预期 与邻近点位合并组织 志愿者投入多于预期 社会捐赠物资充足
    """
)
REMEDIES = _words(
    """
    下一步将提前储备材料，错峰安排作业 今后加强与协作单位的衔接，按月核对进度
    下一步将完善应急预案，预留机动时间 今后将结合往年数据合理测算指标值 下一步将提早启动采购程序，压实责任分工
    今后将增设线上渠道，扩大覆盖人群 下一步加强季度调度，及时纠正偏差 今后将细化年度计划，科学设定目标值
    """
)
GOAL_OPENINGS = _words(
    """
    围绕改善人居环境 聚焦群众身边的小事 按照年度工作要点 为补齐公共服务短板 着眼基层治理需要
    """
)
GOAL_ENDINGS = _words("切实增强群众获得感。 形成可复制的管护经验。 为后续工作打好基础。 让公共服务更加可及。")
DONE_OPENINGS = _words(
    """
    截至年底，各项任务有序推进 全年工作按计划实施 项目组会同街道、社区分片落实 在各协作单位支持下
    """
)
DONE_ENDINGS = _words(
    """
    有关资料已归档，群众反映良好。 经第三方抽查，现场情况良好。 相关做法在全域交流。 后续管护责任已落实到人。
    """
)


@dataclass
class _Row:
    """A row before its weight is known: what it measures, and how much of the target was reached."""

    level1: str
    level2: str
    name: str
    sign: str
    target: str
    unit: str
    actual: str
    ratio: Decimal = Decimal(1)
    explanation: str = NO_DEVIATION
    countable: bool = False


@dataclass
class _Draft:
    """The state of one form while it is made."""

    rng: random.Random
    large: bool
    year: int
    used: set[str] = field(default_factory=set)
    rows: list[_Row] = field(default_factory=list)
    shortfalls: list[tuple[int, int]] = field(default_factory=list)


def _bigrams(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


def _pick(draft: _Draft, words: Sequence[Any]) -> Any:
    """A member of `words` whose name shares no two characters in a row with what the form has picked before.

    In a large form the words run out; there `_named` puts a place before each name instead.
    """
    order = draft.rng.sample(range(len(words)), len(words))
    for index in order:
        word = words[index]
        text = word if isinstance(word, str) else word[0]
        if not _bigrams(text) & draft.used:
            draft.used |= _bigrams(text)
            return word
    return words[order[0]]


def _named(draft: _Draft, name: str) -> str:
    """The name of a row; in a large form with a place of four characters in front, to keep names unlike."""
    if not draft.large:
        return name
    heads = draft.rng.sample(PLACE_HEADS, 2)
    tails = draft.rng.sample(PLACE_TAILS, 2)
    return f"{heads[0]}{tails[0]}{heads[1]}{tails[1]}{name}"


def _percent(draft: _Draft, low: Decimal, high: Decimal) -> Decimal:
    """A percentage strictly between the bounds, with one or two decimals and no trailing zero."""
    places = draft.rng.choice((1, 1, 2))
    step = Decimal(1).scaleb(-places)
    lowest, highest = int(low / step) + 1, -int(-high // step) - 1
    value = draft.rng.randint(lowest, highest)
    if value % 10 == 0:
        value += 1 if value < highest else -1
    return value * step


def _amount_of(number: int) -> int:
    """The number as a plan would have it: rounded to tens or hundreds when it is large."""
    if number >= 1000:
        return number // 100 * 100
    return number // 10 * 10 if number >= 200 else number


def _cause(draft: _Draft, causes: Sequence[str], effects: Sequence[str], name: str) -> str:
    rng = draft.rng
    effect = f"，{rng.choice(effects)}" if effects else ""
    direction = "低于年初设定" if effects else "高于年初设定"
    return f"{rng.choice(causes)}{effect}，{name}{direction}。{rng.choice(REMEDIES)}。"


def _plain_count(draft: _Draft, level2: str, name: str, unit: str, way: str) -> _Row:
    """`36场`, reached exactly, exceeded by less than 30% with an explanation, or missed (`way`: equal, over, short)."""
    rng = draft.rng
    target = _amount_of(rng.choice((rng.randint(12, 90), rng.randint(90, 900), rng.randint(900, 8000))))
    actual, ratio, explanation = target, Decimal(1), NO_DEVIATION
    if way == "over":
        actual = target + max(1, target * rng.randint(3, 24) // 100)
        explanation = _cause(draft, OVER_CAUSES, (), name)
    elif way == "short":
        target = max(target, 50)
        low, high = draft.shortfalls.pop()
        actual = target - target * rng.randint(low, high) // 100
        ratio = Decimal(actual) / target
        explanation = _cause(draft, SHORT_CAUSES, SHORT_EFFECTS, name)
    sign = "=" if rng.random() < 0.2 else ""
    return _Row("产出指标", level2, name, sign, str(target), unit, str(actual), ratio, explanation, countable=True)


def _at_least_count(draft: _Draft, level1: str, level2: str, name: str, unit: str) -> _Row:
    """`≥120公里`, reached with 2% to 25% to spare, never on the bound."""
    rng = draft.rng
    target = _amount_of(rng.choice((rng.randint(20, 90), rng.randint(90, 900), rng.randint(900, 9000))))
    actual = target + max(1, target * rng.randint(2, 25) // 100)
    sign = rng.choice(("≥", "≥", "≥", "不少于", ">"))
    return _Row(level1, level2, name, sign, str(target), unit, str(actual))


def _range_count(draft: _Draft, name: str, unit: str) -> _Row:
    """`60～100个`, with an actual inside the range and not on a bound."""
    low = draft.rng.randrange(20, 200, 10)
    high = low + draft.rng.randrange(20, 120, 10)
    actual = draft.rng.randint(low + 1, high - 1)
    return _Row("产出指标", "数量指标", name, "", f"{low}～{high}", unit, str(actual))


def _rate(draft: _Draft, level1: str, level2: str, name: str, *, short: bool = False) -> _Row:
    """`≥95%` with 97.3%, `100%` with 100%; or, `short`, a missed one with reason and remedy."""
    rng = draft.rng
    target = rng.choice((80, 85, 90, 90, 92, 95, 95, 96, 97, 98))
    if short:
        low, high = draft.shortfalls.pop()
        actual = (Decimal(target) * (100 - rng.randint(low, high)) / 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
        reason = _cause(draft, SHORT_CAUSES, SHORT_EFFECTS, name)
        return _Row(level1, level2, name, "≥", str(target), "%", str(actual), actual / target, reason)
    if level2 == "质量指标" and rng.random() < 0.3:
        return _Row(level1, level2, name, "", "100", "%", "100")
    actual = _percent(draft, Decimal(target), Decimal(100))
    return _Row(level1, level2, name, rng.choice(("≥", "≥", "≥", ">")), str(target), "%", str(actual))


def _at_most(draft: _Draft, level2: str, name: str, target: Decimal | int, unit: str) -> _Row:
    """`≤48小时` with 36小时, below the bound by 5% or more."""
    bound = Decimal(target)
    actual = (bound * draft.rng.randint(60, 92) / 100).quantize(bound, ROUND_HALF_UP)
    if actual >= bound:
        actual = bound - Decimal(1).scaleb(int(bound.as_tuple().exponent))
    sign = draft.rng.choice(("≤", "≤", "≤", "不超过", "<"))
    return _Row("产出指标", level2, name, sign, str(target), unit, str(actual))


def _date(draft: _Draft, name: str) -> _Row:
    """A deadline within the year, kept: `2023年11月30日前` with an earlier day, or the month with the same month."""
    rng = draft.rng
    month = rng.randint(4, 12)
    if rng.random() < 0.3:
        text = f"{draft.year}年{month}月"
        return _Row("产出指标", "时效指标", name, "", text, "", text)
    day = rng.randint(20, 30)
    target = f"{draft.year}年{month}月{day}日前"
    return _Row("产出指标", "时效指标", name, "", target, "", f"{draft.year}年{month}月{rng.randint(2, day - 2)}日")


def _thing(draft: _Draft) -> str:
    """A facility or an activity, as a noun."""
    if draft.rng.random() < 0.5:
        return str(_pick(draft, FACILITIES)[0])
    return str(_pick(draft, ACTIVITIES))


def _count_name(draft: _Draft) -> tuple[str, str]:
    """The name and unit of a count."""
    if draft.rng.random() < 0.5:
        thing, unit = _pick(draft, FACILITIES)
        aspect = "长度" if unit in ("公里", "米") else "数量"
        return _named(draft, f"{thing}{_pick(draft, FACILITY_WORK)}{aspect}"), unit
    thing = _pick(draft, ACTIVITIES)
    aspect, unit = _pick(draft, ACTIVITY_COUNTS)
    return _named(draft, f"{thing}{aspect}"), unit


def _quantity_rows(draft: _Draft, number: int, shorts: int) -> Iterator[_Row]:
    """Counts. At least one in three is a `≥` for the goal texts to name; of the plain ones at most 40% are equal."""
    at_least = max(1, round(number * 0.4))
    ranges = number // 5
    plain = number - at_least - ranges
    equal = plain * 2 // 5
    ways = ["short"] * min(shorts, plain - equal) + ["equal"] * equal
    ways += ["over"] * (plain - len(ways))
    kinds = [*ways, *["least"] * at_least, *["range"] * ranges]
    draft.rng.shuffle(kinds)
    for kind in kinds:
        name, unit = _count_name(draft)
        if kind == "least":
            yield _at_least_count(draft, "产出指标", "数量指标", name, unit)
        elif kind == "range":
            yield _range_count(draft, name, unit)
        else:
            yield _plain_count(draft, "数量指标", name, unit, kind)


def _quality_rows(draft: _Draft, number: int, shorts: int) -> Iterator[_Row]:
    for index in range(number):
        chance = draft.rng.random()
        if index >= shorts and chance < 0.2:
            aspect, word = _pick(draft, QUALITY_WORDS)
            yield _Row("产出指标", "质量指标", _named(draft, f"{_thing(draft)}{aspect}"), "定性", word, "", word)
        elif index >= shorts and chance < 0.32:
            name = _named(draft, f"{_thing(draft)}{_pick(draft, REVERSE_RATES)}")
            bound = Decimal(draft.rng.choice(("2.0", "3.0", "4.5", "5.0")))
            yield _at_most(draft, "质量指标", name, bound, "%")
        else:
            facility = draft.rng.random() < 0.5
            thing = _pick(draft, FACILITIES)[0] if facility else _pick(draft, ACTIVITIES)
            aspect = _pick(draft, FACILITY_RATES if facility else ACTIVITY_RATES)
            yield _rate(draft, "产出指标", "质量指标", _named(draft, f"{thing}{aspect}"), short=index < shorts)


def _time_rows(draft: _Draft, number: int) -> Iterator[_Row]:
    for _ in range(number):
        chance = draft.rng.random()
        thing = _thing(draft)
        if chance < 0.4:
            yield _date(draft, _named(draft, f"{thing}完成时间"))
        elif chance < 0.7:
            name = _named(draft, f"{thing}{_pick(draft, DEADLINES)}")
            bound, unit = draft.rng.choice(TIME_BOUNDS)
            yield _at_most(draft, "时效指标", name, int(bound), unit)
        elif chance < 0.85:
            yield _Row("产出指标", "时效指标", _named(draft, f"{thing}实施及时性"), "定性", "及时", "", "及时")
        else:
            yield _rate(draft, "产出指标", "时效指标", _named(draft, f"{thing}处置及时率"))


def _cost_rows(draft: _Draft, number: int) -> Iterator[_Row]:
    """Costs of single things; the row about the whole budget follows when the budget is known."""
    for _ in range(number):
        thing, unit = _pick(draft, FACILITIES)
        name = _named(draft, f"每{unit}{thing}维护成本")
        yield _at_most(draft, "成本指标", name, draft.rng.randrange(120, 4800, 20), f"元/{unit}")


def _benefit_rows(draft: _Draft, number: int, empties: int, shorts: int) -> Iterator[_Row]:
    """Benefits by class; empty rows stand for classes that have none."""
    rng = draft.rng
    classes = ["经济效益指标", "社会效益指标", "生态效益指标", "可持续影响指标"]
    without = rng.sample(("经济效益指标", "生态效益指标"), empties)
    filled = [name for name in classes if name not in without]
    counts = dict.fromkeys(classes, 0)
    counts["社会效益指标"] = max(shorts, 1)
    for index in range(number - empties - counts["社会效益指标"]):
        counts[filled[index % len(filled)]] += 1
    for level2 in classes:
        if level2 in without:
            yield _Row("效益指标", level2, "无", "", "无", "", "无", Decimal(0))
        for index in range(counts[level2]):
            yield _benefit(draft, level2, short=level2 == "社会效益指标" and index < shorts)


def _benefit(draft: _Draft, level2: str, *, short: bool) -> _Row:
    rng = draft.rng
    if level2 == "经济效益指标":
        aspect, unit = _pick(draft, ECONOMIC)
        return _at_least_count(draft, "效益指标", level2, _named(draft, aspect), unit)
    if level2 == "生态效益指标":
        aspect, unit = _pick(draft, ECOLOGY)
        if unit == "%":
            return _rate(draft, "效益指标", level2, _named(draft, aspect))
        return _at_least_count(draft, "效益指标", level2, _named(draft, aspect), unit)
    if level2 == "可持续影响指标":
        aspect, word, unit = _pick(draft, LASTING)
        if word:
            return _Row("效益指标", level2, _named(draft, aspect), "定性", word, "", word)
        years = rng.randint(8, 30)
        return _Row("效益指标", level2, _named(draft, aspect), "≥", str(years), unit, str(years + years // 8))
    if short or rng.random() < 0.5:
        name = _named(draft, f"{_thing(draft)}{_pick(draft, SOCIAL_RATES)}")
        return _rate(draft, "效益指标", level2, name, short=short)
    aspect, word = _pick(draft, SOCIAL_WORDS)
    return _Row("效益指标", level2, _named(draft, aspect), "定性", word, "", word)


def _satisfaction_rows(draft: _Draft, number: int) -> Iterator[_Row]:
    for _ in range(number):
        name = _named(draft, f"{_pick(draft, RESPONDENTS)}满意度")
        yield _rate(draft, "满意度指标", "服务对象满意度指标", name)


def _spread(rng: random.Random, points: int, number: int) -> list[Decimal]:
    """Weights that add up to `points` exactly: multiples of 0.5, or of a smaller step where there are many rows."""
    step = next(s for s in map(Decimal, ("0.5", "0.1", "0.01", "0.001", "0.0001")) if points / s >= 3 * number)
    units = int(points / step)
    shares = [2] * number
    for _ in range(units - 2 * number):
        shares[rng.randrange(number)] += 1
    return [share * step for share in shares]


def _rounded(value: Decimal, places: int) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP)


def _as_sum(value: Decimal) -> Decimal:
    """A total as forms print it: without zeros at the end, but with one decimal at least."""
    plain = value.normalize()
    exponent = plain.as_tuple().exponent
    return plain.quantize(Decimal("0.1")) if isinstance(exponent, int) and exponent > -1 else plain


def clean_form(seed: int, indicators: int = 25) -> Form:
    """A form that gives no finding under the national self-evaluation pack, errors, warnings and notes alike.

    `indicators` counts all rows, one or two empty ones included, from 8 upwards; 20 to 30 is what real forms have
    (8 to 12 KB as `form_text`). From 36 upwards the names carry a place in front, to stay unlike each other, and the
    weights have up to four decimals, so that they still add up to 50, 30 and 10. Seeds below 48,000 give forms of
    48,000 different units. Raises ValueError for fewer than 8 indicators.
    """
    if indicators < FEWEST:
        raise ValueError(f"a form needs {FEWEST} indicators or more, not {indicators}")
    rng = random.Random(f"lintperf form {seed} {indicators}")  # a text seeds alike in every process
    draft = _Draft(rng, large=indicators > MOST_PLAIN, year=rng.randint(2020, 2024))
    # bands of deviation in percent, far enough apart that a larger one plainly loses more
    draft.shortfalls = [(3, 7), (15, 19), (26, 30)]
    rng.shuffle(draft.shortfalls)
    shorts = rng.choice((0, 1, 1, 2, 2, 3))

    satisfied = max(1, indicators // 12)
    empties = 1 if indicators < 15 else rng.choice((1, 2))
    benefits = max(3, indicators * 28 // 100)
    outputs = indicators - satisfied - benefits
    costs = 1 if indicators < 15 else max(1, outputs // 8)
    timely = max(1, outputs // 5)
    quality = max(1, outputs // 4)
    counts = outputs - costs - timely - quality
    where = [rng.choice("nqb") for _ in range(shorts)]
    quality_shorts = min(where.count("q"), quality)
    benefit_shorts = min(where.count("b"), 1)

    rows = [
        *_quantity_rows(draft, counts, where.count("n")),
        *_quality_rows(draft, quality, quality_shorts),
        *_time_rows(draft, timely),
        *_cost_rows(draft, costs - 1),
    ]
    whole_cost = _Row("产出指标", "成本指标", rng.choice(WHOLE_COSTS), "≤", "", "", "")
    rows.append(whole_cost)
    output_rows = len(rows)
    rows += _benefit_rows(draft, benefits, empties, benefit_shorts)
    rows += _satisfaction_rows(draft, satisfied)
    draft.rows = rows

    weights = _weights(rng, rows)
    scores = [_score(row, weight) for row, weight in zip(rows, weights, strict=True)]
    share = sum(scores[:output_rows], Decimal()) / sum(weights[:output_rows], Decimal())
    funds, budget, spent = _funds(rng, share)
    _state_cost(rng, whole_cost, budget, spent)
    return _assemble(draft, seed, funds, weights, scores)


def _weights(rng: random.Random, rows: Sequence[_Row]) -> list[Decimal]:
    """Weights by class: output 50, benefit 30, satisfaction 10; empty rows 0.0."""
    weights: dict[int, Decimal] = {}
    for level1, points in (("产出指标", 50), ("效益指标", 30), ("满意度指标", 10)):
        members = [i for i, row in enumerate(rows) if row.level1 == level1 and row.name != "无"]
        weights |= dict(zip(members, _spread(rng, points, len(members)), strict=True))
    return [weights.get(i, Decimal("0.0")) for i in range(len(rows))]


def _score(row: _Row, weight: Decimal) -> Decimal:
    """Full marks, or in proportion with two decimals (more where the weight itself has more)."""
    if row.name == "无" or row.ratio == 1:
        return weight
    exponent = weight.as_tuple().exponent
    assert isinstance(exponent, int)
    return _rounded(weight * row.ratio, max(2, 1 - exponent))


def _funds(rng: random.Random, share: Decimal) -> tuple[Form, Decimal, Decimal]:
    """The table of funds, in yuan with two decimals; its budget and spending.

    The execution rate stays from 91% to 99.6% and within 4 points of `share`, the share of output points gained. Some
    forms have money carried over, some a budget raised within the year (`_goals` explains it).
    """
    cent = Decimal("0.01")
    budget = Decimal(rng.randrange(3000, 90000)) * 100 + Decimal("0.00")
    low = max(Decimal("0.910"), share - Decimal("0.04"))
    high = max(low + Decimal("0.01"), min(Decimal("0.996"), share + Decimal("0.04")))
    spent = (budget * rng.randint(int(low * 10**6), int(high * 10**6)) / 10**6).quantize(cent, ROUND_HALF_UP)
    carried = Decimal(rng.randrange(50, 500)) * 100 + Decimal("0.00") if rng.random() < 0.2 else Decimal("0.00")
    left = min(carried * rng.randint(1, 8) / 100, (budget - spent) / 2)  # so that no source is overspent
    carried_spent = (carried - left).quantize(cent, ROUND_HALF_UP)
    notation = rng.choice(("0.98", "0.98", "98%", "98.20%"))

    def rate(annual: Decimal, executed: Decimal) -> Decimal | str:
        part = executed / annual if annual else Decimal()
        if notation == "0.98":
            return _rounded(part, 2)
        return f"{_rounded(part * 100, 0 if notation == '98%' else 2)}%"

    stated = _rounded(spent / budget, 4 if notation == "98.20%" else 2)
    score = _rounded(stated * 10, 2)
    added = Decimal(rng.randrange(100, 900)) * 100 + Decimal("0.00") if rng.random() < 0.15 else Decimal("0.00")
    rows: list[Form] = []
    for source, label, annual, executed in (
        ("total", "年度资金总额", budget, spent),
        ("fiscal", "其中：当年财政拨款", budget - carried, spent - carried_spent),
        ("carryover", "上年结转资金", carried, carried_spent),
        ("other", "其他资金", Decimal("0.00"), Decimal("0.00")),
    ):
        top = source == "total"
        rows.append(
            {
                "source": source,
                "label": label,
                "initial": annual - added if source in ("total", "fiscal") else annual,
                "annual": annual,
                "executed": executed,
                "weight": Decimal("10.0") if top else None,
                "rate": rate(annual, executed),
                "score": score if top else None,
            }
        )
    return {"currency_unit": "元", "rows": rows}, budget, spent


def _state_cost(rng: random.Random, row: _Row, budget: Decimal, spent: Decimal) -> None:
    """The cost row of the whole budget: at most the budget, with what was spent, in 万元 or 元."""
    if rng.random() < 0.7:
        row.target, row.actual, row.unit = str(_rounded(budget / 10000, 2)), str(_rounded(spent / 10000, 2)), "万元"
    else:
        row.target, row.actual, row.unit = f"{budget:f}", f"{spent:f}", "元"


def _assemble(draft: _Draft, seed: int, funds: Form, weights: list[Decimal], scores: list[Decimal]) -> Form:
    rng, rows = draft.rng, draft.rows
    place, department, unit = _owner(seed)
    project = _project(draft, place)
    total = sum(scores, Decimal()) + funds["rows"][0]["score"]
    columns = rng.random() < 0.2  # a layout with columns of their own for operator and unit
    points = rng.random() < 0.25  # a layout whose first level carries its points
    worth = {"产出指标": "（50分）", "效益指标": "（30分）", "满意度指标": "（10分）"}
    budget = funds["rows"][0]["annual"]
    form: Form = {
        "type": "self-evaluation",
        "version": "1",
        "title": f"{draft.year}年度项目支出绩效自评表",
        "heading": {
            "project": project,
            "project_amount": budget * rng.randint(1, 4),
            "department": department,
            "unit": unit,
            "year": Decimal(draft.year),
        },
        "funds": funds,
        "goals": _goals(draft, funds, project),
        "indicators": [
            _indicator(row, weight, score, columns=columns, points=worth[row.level1] if points else "")
            for row, weight, score in zip(rows, weights, scores, strict=True)
        ],
        "total": {"label": "总分", "weight": Decimal(100), "score": _as_sum(total)},
    }
    if rng.random() < 0.3:
        form["total"]["grade"] = _grade(total)
    if rng.random() < 0.3:
        form["notes"] = [f"填报单位：{unit}", "联系电话：见部门公开栏"]
    return form


def _grade(total: Decimal) -> str:
    return next(word for least, word in ((90, "优"), (80, "良"), (60, "中"), (0, "差")) if total >= least)


def _owner(seed: int) -> tuple[str, str, str]:
    """Place, department and unit of a seed; different for all seeds below 48,000."""
    wide = len(PLACE_HEADS) * len(PLACE_TAILS) * len(PLACE_KINDS) * len(OFFICES)
    number = seed * 7919 % wide  # 7919 is prime to it, so that neighbours are unlike and none is met twice
    number, office = divmod(number, len(OFFICES))
    number, kind = divmod(number, len(PLACE_KINDS))
    head, tail = divmod(number, len(PLACE_TAILS))
    place = f"{PLACE_HEADS[head]}{PLACE_TAILS[tail]}{PLACE_KINDS[kind]}"
    department, unit = OFFICES[office]
    return place, f"{place}{department}", f"{place}{unit}"


def _project(draft: _Draft, place: str) -> str:
    rng = draft.rng
    first, second = rng.sample(FACILITIES, 2)
    return f"{place}{first[0]}和{second[0]}{rng.choice(THEMES)}项目"


def _goals(draft: _Draft, funds: Form, project: str) -> Form:
    """Goal texts that name some of the form's own `≥` counts: the target as expected, the actual as achieved."""
    rng = draft.rng
    named = [row for row in draft.rows if row.level2 == "数量指标" and row.sign in ("≥", ">", "不少于")][:5]
    expected = [f"{row.name}不少于{row.target}{row.unit}" for row in named]
    achieved = [f"完成{row.name}{row.actual}{row.unit}" for row in named]
    numbered = rng.random() < 0.5
    if numbered:
        expected = [f"{i}.{text}" for i, text in enumerate(expected, 1)]
        achieved = [f"{i}.{text}" for i, text in enumerate(achieved, 1)]
    top = funds["rows"][0]
    money = ""
    if top["annual"] != top["initial"]:
        money = f"年中因任务增加，追加预算{top['annual'] - top['initial']:f}元。"
    if rng.random() < 0.5:
        rate = top["rate"] if isinstance(top["rate"], str) else f"{_rounded(top['rate'] * 100, 0)}%"
        money += f"全年执行数{top['executed']:f}元，预算执行率{rate}。"
    return {
        "expected": f"{rng.choice(GOAL_OPENINGS)}，实施{project}，{draft.year}年度计划{'：' if numbered else ''}"
        f"{'；'.join(expected)}，{rng.choice(GOAL_ENDINGS)}",
        "achieved": f"{rng.choice(DONE_OPENINGS)}。{'；'.join(achieved)}。{money}{rng.choice(DONE_ENDINGS)}",
    }


def _indicator(row: _Row, weight: Decimal, score: Decimal, *, columns: bool, points: str) -> Form:
    """The row as canonical JSON: operator and unit in the cells, or in columns of their own."""
    out: Form = {"level1": f"{row.level1}{points}", "level2": row.level2, "name": row.name}
    word = row.sign == "定性"
    if columns:
        out |= {"operator": row.sign, "target": row.target, "unit": row.unit, "actual": row.actual}
    else:
        out |= {
            "target": f"{'' if word else row.sign}{row.target}{row.unit}",
            "actual": f"{row.actual}{row.unit}",
        }
    return out | {"weight": weight, "score": score, "explanation": row.explanation}


# --- one defect ------------------------------------------------------------------------------------------------------


def _scored(form: Form, rng: random.Random, fits: Callable[[Form], bool]) -> Form:
    """A row that is not empty, has full marks, and fits. Raises LookupError where the form has none."""
    rows = [
        row for row in form["indicators"] if row["name"] != "无" and row["score"] == row["weight"] >= 1 and fits(row)
    ]
    if not rows:
        raise LookupError("no row of this form fits")
    row: Form = rng.choice(rows)
    return row


def _any(_row: Form) -> bool:
    return True


def _percent_row(row: Form) -> bool:
    return str(row["target"]).startswith("≥") and str(row["target"]).endswith("%") and "operator" not in row


def _change_score(form: Form, row: Form, score: Decimal) -> None:
    """Another score, and the total and grade that follow from it."""
    form["total"]["score"] = _as_sum(form["total"]["score"] + score - row["score"])
    row["score"] = score
    if "grade" in form["total"]:
        form["total"]["grade"] = _grade(form["total"]["score"])


def _department_code(form: Form, rng: random.Random) -> None:
    form["heading"]["department"] = f"0{rng.randint(100, 999)}{rng.randint(100, 999)}"


def _missing_weight(form: Form, rng: random.Random) -> None:
    _scored(form, rng, _any)["weight"] = None


def _blank_actual(form: Form, rng: random.Random) -> None:
    _scored(form, rng, _any)["actual"] = ""


def _actual_is_bound(form: Form, rng: random.Random) -> None:
    row = _scored(form, rng, _percent_row)
    row["actual"] = row["target"]


def _score_above(form: Form, rng: random.Random) -> None:
    row = _scored(form, rng, _any)
    _change_score(form, row, row["weight"] + Decimal("1.0"))


def _score_negative(form: Form, rng: random.Random) -> None:
    row = _scored(form, rng, _any)
    _change_score(form, row, -row["weight"])


def _weights_short(form: Form, rng: random.Random) -> None:
    row = _scored(form, rng, _any)
    _change_score(form, row, row["score"] - Decimal("0.5"))
    row["weight"] = row["score"]


def _total_wrong(form: Form, _rng: random.Random) -> None:
    form["total"]["score"] = _as_sum(form["total"]["score"] - Decimal("0.7"))
    if "grade" in form["total"]:
        form["total"]["grade"] = _grade(form["total"]["score"])


def _empty_row_weight(form: Form, rng: random.Random) -> None:
    empty = next(row for row in form["indicators"] if row["name"] == "无")
    row = _scored(form, rng, lambda row: row["level1"] == empty["level1"])
    row["weight"] -= Decimal("0.5")
    row["score"] -= Decimal("0.5")
    empty["weight"] = empty["score"] = Decimal("0.5")


def _rate_wrong(form: Form, _rng: random.Random) -> None:
    top = form["funds"]["rows"][0]
    exact = top["executed"] / top["annual"]
    top["rate"] = _rounded(exact, 2) + Decimal("0.03") * (-1 if exact > Decimal("0.95") else 1)
    right = _rounded(exact * 10, 2)
    form["total"]["score"] = _as_sum(form["total"]["score"] + right - top["score"])
    top["score"] = right


def _rate_from_nothing(form: Form, _rng: random.Random) -> None:
    form["funds"]["rows"][3]["rate"] = Decimal("1.00")


def _sources_apart(form: Form, _rng: random.Random) -> None:
    form["funds"]["rows"][1]["initial"] -= Decimal("1200.00")


def _spent_above(form: Form, _rng: random.Random) -> None:
    _total, fiscal, _carried, other = form["funds"]["rows"]
    moved = _rounded(fiscal["annual"] * Decimal("0.2"), 2)
    for key in ("initial", "annual"):
        fiscal[key] -= moved
        other[key] += moved
    fiscal["rate"] = _rounded(fiscal["executed"] / fiscal["annual"], 2)
    other["rate"] = Decimal("0.00")


def _cost_above(form: Form, _rng: random.Random) -> None:
    row = next(row for row in form["indicators"] if row["name"] in WHOLE_COSTS)
    budget = form["funds"]["rows"][0]["annual"]
    row["target"] = f"≤{_rounded(budget * Decimal('1.15'), 2):f}元"
    row["actual"] = f"{form['funds']['rows'][0]['executed']:f}元"
    for key in ("operator", "unit"):
        row.pop(key, None)


def _missed_full(form: Form, rng: random.Random) -> None:
    row = _scored(form, rng, _percent_row)
    row["actual"] = f"{_rounded(Decimal(row['target'][1:-1]) * Decimal('0.9'), 1)}%"
    row["explanation"] = "因材料供货延迟，进度放缓。下一步将提前储备材料。"


def _strict_equal(form: Form, rng: random.Random) -> None:
    row = _scored(form, rng, _percent_row)
    row["actual"] = row["target"][1:]
    row["target"] = f">{row['actual']}"


def _far_above(form: Form, rng: random.Random) -> None:
    def fits(row: Form) -> bool:
        plain = row["target"][0].isdigit() and "～" not in row["target"]
        return plain and row["level2"] == "数量指标" and "operator" not in row

    row = _scored(form, rng, fits)
    digits = "".join(c for c in row["target"] if c.isdigit())
    row["actual"] = f"{int(digits) * 2}{row['target'][len(digits) :]}"
    row["explanation"] = NO_DEVIATION


def _lost_unexplained(form: Form, rng: random.Random) -> None:
    row = _scored(form, rng, _percent_row)
    target = Decimal(row["target"][1:-1])
    actual = _rounded(target * Decimal("0.5"), 1)
    row["actual"] = f"{actual}%"
    _change_score(form, row, _rounded(row["weight"] * actual / target, 2))


def _no_remedy(form: Form, rng: random.Random) -> None:
    _lost_unexplained(form, rng)
    row = next(r for r in form["indicators"] if r["score"] < r["weight"] and r["explanation"] == NO_DEVIATION)
    row["explanation"] = "受连续强降雨影响，有效作业天数减少。"


def _same_twice(form: Form, rng: random.Random) -> None:
    row = _scored(form, rng, _percent_row)
    other = _scored(form, rng, lambda other: other is not row and other["level2"] == row["level2"])
    other |= {key: row[key] for key in ("name", "target", "actual", "explanation")}


def _frame_off(form: Form, rng: random.Random) -> None:
    first = _scored(form, rng, lambda row: row["level1"].startswith("产出") and row["weight"] >= 2)
    second = _scored(form, rng, lambda row: row["level1"].startswith("效益"))
    for row, step in ((first, Decimal(-1)), (second, Decimal(1))):
        row["weight"] += step
        row["score"] += step


def _nobody_asked(form: Form, _rng: random.Random) -> None:
    row = next(row for row in form["indicators"] if row["level1"].startswith("满意度"))
    row["name"] = "项目实施满意度"


def _typed_operator(form: Form, rng: random.Random) -> None:
    row = _scored(form, rng, _percent_row)
    row["target"] = f">={row['target'][1:]}"


DEFECTS: dict[str, Callable[[Form, random.Random], None]] = {
    "LP102": _department_code,
    "LP103": _missing_weight,
    "LP104": _blank_actual,
    "LP106": _actual_is_bound,
    "LP201": _score_above,
    "LP202": _score_negative,
    "LP203": _weights_short,
    "LP204": _total_wrong,
    "LP208": _empty_row_weight,
    "LP301": _rate_wrong,
    "LP303": _rate_from_nothing,
    "LP304": _sources_apart,
    "LP305": _spent_above,
    "LP310": _cost_above,
    "LP401": _missed_full,
    "LP402": _strict_equal,
    "LP501": _far_above,
    "LP503": _lost_unexplained,
    "LP504": _no_remedy,
    "LP607": _same_twice,
    "LP701": _frame_off,
    "LP801": _nobody_asked,
    "LP806": _typed_operator,
}


def defective_form(seed: int, code: str | None = None, indicators: int = 25) -> tuple[Form, str]:
    """A clean form with one thing broken, and the code of the rule that has to find it.

    `code` is a key of DEFECTS; without it the seed chooses. One broken thing can break further rules with it: a
    negative score is also a loss without a reason, a weight too low also upsets the framework. So `code` is among the
    findings, not always alone. A form in which the defect has no place (no `≥` percentage, say) is passed over for the
    form of another seed, deterministically.
    """
    chosen = code if code is not None else list(DEFECTS)[seed % len(DEFECTS)]
    for attempt in range(100):
        rng = random.Random(f"lintperf defect {seed} {chosen} {attempt}")
        form = clean_form(seed + attempt * 104729, indicators)
        try:
            DEFECTS[chosen](form, rng)
        except LookupError:
            continue
        return form, chosen
    raise LookupError(f"no form of {indicators} indicators has a place for {chosen}")


# --- text ------------------------------------------------------------------------------------------------------------


def form_text(form: Form) -> str:
    """The form as JSON: indented by two, text as it is, every Decimal a number with the decimals it has."""
    return "".join(_pieces(form, "\n")) + "\n"


def write_forms(folder: Path, number: int) -> None:
    """Clean forms, all different, as `000000.json` … in the folder; those already there stay."""
    folder.mkdir(exist_ok=True)
    for seed in range(number):
        path = folder / f"{seed:06}.json"
        if not path.exists():
            path.write_text(form_text(clean_form(seed)), encoding="utf-8")


def _pieces(value: Any, indent: str) -> Iterator[str]:
    if isinstance(value, Decimal):
        yield f"{value:f}"
    elif isinstance(value, dict):
        yield from _block("{}", indent, ([json.dumps(k), ": ", *_pieces(v, indent + "  ")] for k, v in value.items()))
    elif isinstance(value, list):
        yield from _block("[]", indent, (_pieces(v, indent + "  ") for v in value))
    else:
        yield json.dumps(value, ensure_ascii=False)


def _block(ends: str, indent: str, members: Iterator[Any]) -> Iterator[str]:
    separator = ends[0] + indent + "  "
    for member in members:
        yield separator
        yield from member
        separator = "," + indent + "  "
    yield indent + ends[1] if separator[0] == "," else ends


def _main() -> None:
    """Print one form (`forms.py SEED [INDICATORS]`), or how much repeats between forms."""
    if len(sys.argv) > 1:
        sys.stdout.write(form_text(clean_form(*map(int, sys.argv[1:3]))))
        return
    forms = [clean_form(seed) for seed in range(1000)]
    rows = [row for form in forms for row in form["indicators"] if row["name"] != "无"]
    for title, values in (
        ("names", [row["name"] for row in rows]),
        ("targets", [row["target"] for row in rows]),
        ("actuals", [row["actual"] for row in rows]),
        ("name, target and actual", [(row["name"], row["target"], row["actual"]) for row in rows]),
        ("explanations but 无偏差", [row["explanation"] for row in rows if row["explanation"] != NO_DEVIATION]),
        ("expected goals", [form["goals"]["expected"] for form in forms]),
    ):
        print(f"{title}: {len(values)}, distinct {len(set(values))}")
    sizes = sorted(len(form_text(form).encode()) for form in forms)
    print(f"bytes a form: {sizes[0]} to {sizes[-1]}, median {sizes[len(sizes) // 2]}")


if __name__ == "__main__":
    _main()
