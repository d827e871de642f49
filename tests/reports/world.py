"""One invented project whose numbers all agree: budget, payments, indicators, scores by printed rules, grade."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_CEILING, ROUND_HALF_UP, Decimal
from typing import NamedTuple

from generator.choosing import Chooser

__all__ = ["BANDS", "Indicator", "Part", "Payment", "Topic", "World", "invent", "rounded"]

CENT = Decimal("0.01")
# lower bounds of the grades, best first
BANDS = ((90, "优"), (80, "良"), (60, "中"), (0, "差"))
_PLACES = ("云溪区", "青桐区", "南浦区", "松岭县", "白鹭区", "碧波县", "晴川区", "梧桐县")


def rounded(value: Decimal, places: str = "0.01") -> Decimal:
    """`value` rounded half up, without zeros at the end."""
    short = value.quantize(Decimal(places), ROUND_HALF_UP).normalize()
    return short.quantize(Decimal(1)) if short == short.to_integral_value() else short


class Count(NamedTuple):
    """Something that is counted: the indicator's name, what the text calls it, verb and unit."""

    name: str
    thing: str
    verb: str
    unit: str
    low: int
    high: int


class Topic(NamedTuple):
    """What a project is about. `counts` may be the base of no rate but `checked`, whose base is the first count."""

    project: str
    bureau: str
    purpose: str
    respondents: str
    counts: tuple[Count, ...]
    checked: str
    timely: str
    benefits: tuple[str, ...]
    tasks: tuple[tuple[str, str], ...]
    costs: tuple[str, ...]


TOPICS = (
    Topic(
        "绿道养护",
        "园林绿化局",
        "改善居民慢行出行环境",
        "绿道使用者",
        (
            Count("绿道巡护次数", "绿道巡护", "开展", "次", 60, 160),
            Count("补植苗木数量", "苗木", "补植", "株", 200, 900),
            Count("更换标识牌数量", "标识牌", "更换", "块", 20, 90),
            Count("清理垃圾桶数量", "垃圾桶", "清理", "个", 40, 120),
            Count("修复护栏处数", "护栏", "修复", "处", 10, 60),
            Count("绿道讲解活动场次", "绿道讲解活动", "举办", "场", 10, 40),
        ),
        "巡护达标率",
        "养护月报提交及时率",
        ("改善慢行出行环境", "提升绿道景观品质", "增强市民护绿意识"),
        (
            ("日常巡护", "对区管绿道实行分段巡护，及时处理破损和安全隐患"),
            ("苗木补植", "按照季节安排补植缺株，做好修剪和灌溉"),
            ("设施维护", "维护护栏、标识牌和座椅等设施"),
            ("宣传引导", "面向居民宣传文明使用绿道"),
        ),
        ("养护人工费", "苗木购置费", "设施维修费", "宣传费"),
    ),
    Topic(
        "古树保护",
        "林业局",
        "延续古树名木的生态和文化价值",
        "古树周边居民",
        (
            Count("古树体检株数", "古树体检", "完成", "株", 60, 200),
            Count("古树复壮株数", "古树复壮", "实施", "株", 10, 50),
            Count("安装支撑杆数量", "支撑杆", "安装", "根", 30, 120),
            Count("建立电子档案数量", "电子档案", "建立", "份", 60, 220),
            Count("古树科普讲座场次", "古树科普讲座", "举办", "场", 8, 30),
        ),
        "体检结论合格率",
        "体检报告提交及时率",
        ("延续古树生态价值", "弘扬古树历史文化", "带动周边居民参与保护"),
        (
            ("古树体检", "逐株检查长势和病虫害情况"),
            ("复壮救护", "对衰弱株采取换土、支撑和防腐措施"),
            ("建档挂牌", "更新一树一档的图文资料"),
        ),
        ("体检费", "复壮材料费", "建档费", "科普活动费"),
    ),
    Topic(
        "社区图书角",
        "文化体育局",
        "让居民就近享有阅读服务",
        "读者",
        (
            Count("新增图书册数", "图书", "新增", "册", 1000, 6000),
            Count("阅读分享会场次", "阅读分享会", "举办", "场", 12, 60),
            Count("图书角巡检次数", "图书角巡检", "开展", "次", 24, 80),
            Count("更新书架数量", "书架", "更新", "组", 10, 50),
            Count("招募阅读志愿者人数", "阅读志愿者", "招募", "人", 30, 120),
        ),
        "编目准确率",
        "新书上架及时率",
        ("营造社区阅读氛围", "方便居民就近借阅", "丰富居民文化生活"),
        (
            ("图书更新", "按照读者荐购清单采购新书"),
            ("场所维护", "更换书架和灯具，改善阅读环境"),
            ("阅读推广", "围绕传统节日组织分享和诵读"),
            ("志愿服务", "组织志愿者值守并开展培训"),
            ("数据管理", "登记借阅数据，按季度分析需求"),
        ),
        ("图书购置费", "设备更新费", "活动组织费", "志愿者补贴"),
    ),
    Topic(
        "老年食堂",
        "民政局",
        "解决老年人就餐不便的问题",
        "就餐老年人",
        (
            Count("助餐服务人次", "助餐服务", "提供", "人次", 8000, 40000),
            Count("上门送餐份数", "餐食", "上门送出", "份", 2000, 9000),
            Count("食品安全检查次数", "食品安全检查", "开展", "次", 24, 96),
            Count("厨师培训场次", "厨师培训", "组织", "场", 6, 24),
            Count("营养讲座场次", "营养讲座", "举办", "场", 6, 24),
        ),
        "食品抽检合格率",
        "送餐准时率",
        ("缓解老年人就餐困难", "促进邻里互助", "减轻家庭照料负担"),
        (
            ("堂食助餐", "按照老年人口味和健康需要安排菜品"),
            ("上门送餐", "为行动不便的老年人送餐到户"),
            ("食品安全", "落实留样、晨检和消毒制度"),
            ("营养健康", "邀请营养师讲解合理膳食"),
        ),
        ("餐食补贴", "人员经费", "设备购置费", "培训费"),
    ),
    Topic(
        "河道保洁",
        "水务局",
        "保持河道水面和岸线整洁",
        "沿河居民",
        (
            Count("水面保洁次数", "水面保洁", "实施", "次", 120, 365),
            Count("设置警示牌数量", "警示牌", "设置", "块", 20, 90),
            Count("水质取样次数", "水质取样", "完成", "次", 24, 96),
            Count("修补岸坡处数", "岸坡", "修补", "处", 10, 50),
            Count("护河志愿活动场次", "护河志愿活动", "组织", "场", 8, 36),
        ),
        "保洁考核合格率",
        "险情上报及时率",
        ("改善河道水环境", "提升沿河居住品质", "增强居民护河意识"),
        (
            ("水面保洁", "每日打捞漂浮物并清运"),
            ("岸线维护", "修补岸坡，清除杂草"),
            ("水质观测", "定点取样并比对历史数据"),
        ),
        ("保洁人工费", "船只租赁费", "检测费", "宣传费"),
    ),
    Topic(
        "儿童阅读推广",
        "教育局",
        "培养儿童的阅读兴趣和习惯",
        "参与家长",
        (
            Count("绘本故事会场次", "绘本故事会", "举办", "场", 30, 120),
            Count("发放阅读礼包数量", "阅读礼包", "发放", "份", 500, 3000),
            Count("家长课堂期数", "家长课堂", "开办", "期", 10, 40),
            Count("培训阅读指导员人数", "阅读指导员", "培训", "人", 30, 120),
            Count("流动书车进校次数", "流动书车进校", "安排", "次", 20, 80),
        ),
        "活动方案通过率",
        "礼包发放及时率",
        ("培养儿童阅读习惯", "带动家庭亲子阅读", "促进城乡阅读均衡"),
        (
            ("故事会", "由指导员带领儿童共读绘本"),
            ("家长课堂", "讲解亲子阅读的方法"),
            ("流动书车", "把图书送到偏远学校"),
            ("指导员培养", "选拔并培训阅读指导员"),
        ),
        ("活动组织费", "礼包采购费", "书车运行费", "讲师费"),
    ),
    Topic(
        "公共自行车维护",
        "交通运输局",
        "保障市民绿色短途出行",
        "骑行市民",
        (
            Count("检修车辆数量", "车辆", "检修", "辆", 800, 3000),
            Count("更换轮胎数量", "轮胎", "更换", "条", 400, 1600),
            Count("站点保洁次数", "站点保洁", "开展", "次", 100, 300),
            Count("新增锁桩数量", "锁桩", "新增", "个", 40, 200),
            Count("安全骑行宣传场次", "安全骑行宣传", "组织", "场", 8, 36),
        ),
        "检修验收合格率",
        "故障响应及时率",
        ("方便市民短途出行", "减少机动车尾气排放", "倡导绿色出行方式"),
        (
            ("车辆检修", "定期检修车辆并更换易损件"),
            ("站点维护", "保持站点整洁，补充锁桩"),
            ("调度服务", "早晚高峰调配车辆"),
            ("安全宣传", "宣传文明骑行"),
        ),
        ("检修人工费", "配件购置费", "调度费", "宣传费"),
    ),
)


class Part(NamedTuple):
    """A part of the budget, in 万元."""

    name: str
    amount: Decimal


class Payment(NamedTuple):
    """A payment, in 万元."""

    label: str
    payee: str
    amount: Decimal
    month: int
    day: int


@dataclass
class Indicator:
    """A row of the score table and, with its standard, of the annex.

    kind   words | count | rate | cost | execution | effect | satisfaction: how it is scored
    points the marks of an enumerated standard, in order
    """

    level1: str
    level2: str
    name: str
    kind: str
    target: str
    actual: str
    weight: Decimal
    score: Decimal
    description: str
    count: Count | None = None
    planned: int = 0
    done: int = 0
    points: tuple[Decimal, ...] = ()
    criterion: str = ""


@dataclass
class World:
    """Everything that a report about one project says."""

    topic: Topic
    place: str
    year: int
    budget: Decimal
    executed: Decimal
    rate: Decimal
    parts: list[Part]
    payments: list[Payment]
    indicators: list[Indicator] = field(default_factory=list)
    valid: int = 0
    sent: int = 0
    checked_base: int = 0
    checked_good: int = 0
    over: Indicator | None = None
    weak: Indicator | None = None

    @property
    def bureau(self) -> str:
        return f"{self.place}{self.topic.bureau}"

    @property
    def total(self) -> Decimal:
        return sum((row.score for row in self.indicators), Decimal())

    @property
    def grade(self) -> str:
        return next(word for bound, word in BANDS if self.total >= bound)

    def blocks(self) -> list[tuple[str, list[tuple[str, list[Indicator]]]]]:
        """The rows by first and second level, in order."""
        found: dict[str, dict[str, list[Indicator]]] = {}
        for row in self.indicators:
            found.setdefault(row.level1, {}).setdefault(row.level2, []).append(row)
        return [(one, list(groups.items())) for one, groups in found.items()]


def _shares(total: Decimal, number: int, choose: Chooser, step: str = "0.01") -> list[Decimal]:
    """`number` positive amounts of two decimals that add up to `total`."""
    weights = [20 + choose.below(60) for _ in range(number)]
    parts = [(total * weight / sum(weights)).quantize(Decimal(step), ROUND_HALF_UP) for weight in weights]
    parts[-1] += total - sum(parts)
    return parts


def invent(choose: Chooser) -> World:
    """A project in which everything agrees."""
    topic = choose.pick(TOPICS)
    year = 2019 + choose.below(6)
    budget = Decimal(40 + choose.below(400)) + Decimal(choose.pick((0, 0, 50, 25, 36))) / 100
    executed = budget if choose.chance(40) else rounded(budget * (920 + choose.below(78)) / 1000)
    rate = rounded(executed / budget * 100)
    names = topic.costs[: 3 + choose.below(2)]
    parts = [Part(name, rounded(one)) for name, one in zip(names, _shares(budget, len(names), choose), strict=True)]
    number = 3 + choose.below(3)
    months = (2, 4, 6, 9, 11)
    labels = ("首款", "进度款", "第二期款", "第三期款", "尾款")
    company = choose.pick(("青禾服务有限公司", "知行公益服务中心", "润泽工程有限公司", "百灵社会工作服务社"))
    payments = [
        Payment(f"{year}年度{topic.project}项目{labels[i]}", company, rounded(one), months[i], 3 + choose.below(24))
        for i, one in enumerate(_shares(executed, number, choose))
    ]
    world = World(topic, choose.pick(_PLACES), year, budget, executed, rate, parts, payments)
    _score(world, choose)
    return world


def _score(world: World, choose: Chooser) -> None:
    prefix = choose.pick(("项目", ""))
    decision, process, output, benefit = (f"{prefix}{one}" for one in ("决策", "过程", "产出", "效益"))
    small = choose.chance(50)
    marks = ((3, 2), (3, 2), (3, 2)) if small else ((4, 3), (4, 3), (3, 3))
    groups = (
        ("项目立项", (("立项依据充分性", "充分"), ("立项程序规范性", "规范"))),
        ("绩效目标", (("绩效目标合理性", "合理"), ("绩效指标明确性", "明确"))),
        ("资金投入", (("预算编制科学性", "科学"), ("资金分配合理性", "合理"))),
    )
    for (level2, rows), weights in zip(groups, marks, strict=True):
        for (name, word), weight in zip(rows, weights, strict=True):
            world.indicators.append(_words(decision, level2, name, word, weight))
    _process(world, process, choose)
    rest = 100 - sum(int(row.weight) for row in world.indicators)
    effects = 2 + choose.below(2)
    benefit_points = 20
    _output(world, output, rest - benefit_points, choose)
    each = {2: (8, 7), 3: (5, 5, 5)}[effects]
    for name, weight in zip(world.topic.benefits, each, strict=False):
        world.indicators.append(
            Indicator(benefit, "社会效益", name, "effect", "显著", "显著", Decimal(weight), Decimal(weight), "")
        )
    world.sent = 100 + 20 * choose.below(15)
    world.valid = world.sent - choose.below(12)
    good = world.valid * (910 + choose.below(80)) // 1000
    share = rounded(Decimal(good) / world.valid * 100)
    world.indicators.append(
        Indicator(
            benefit, "满意度", f"{world.topic.respondents}满意度", "satisfaction", "≥90%", f"{share}%",
            Decimal(5), Decimal(5), "",
        )
    )  # fmt: skip


def _words(level1: str, level2: str, name: str, word: str, weight: int) -> Indicator:
    """A row about conduct, scored point by point."""
    points = [Decimal(1)] * weight
    if weight == 3:
        points = [Decimal("1.5"), Decimal("1.5")]
    elif weight > 4:
        points = [Decimal(2)] * (weight // 2) + [Decimal(1)] * (weight % 2)
    full = Decimal(weight)
    return Indicator(level1, level2, name, "words", word, word, full, full, "", points=tuple(points))


def _process(world: World, level1: str, choose: Chooser) -> None:
    arrival, execution, use = choose.pick(((2, 5, 3), (3, 4, 3), (2, 4, 4)))
    add = world.indicators.append
    full = Decimal(arrival)
    add(Indicator(level1, "资金管理", "资金到位率", "rate", "100%", "100%", full, full, ""))
    full = Decimal(execution)
    lost = (100 - world.rate).to_integral_value(ROUND_CEILING) * Decimal("0.1")
    add(Indicator(level1, "资金管理", "预算执行率", "execution", "100%", f"{world.rate}%", full, full - lost, ""))
    add(_words(level1, "资金管理", "资金使用合规性", "合规", use))
    add(_words(level1, "组织实施", "管理制度健全性", "健全", 5))
    add(_words(level1, "组织实施", "制度执行有效性", "有效", 5))
    if choose.chance(40):
        weak = world.indicators[-2]
        weak.score -= weak.points[-1]
        weak.actual = "基本健全"
        world.weak = weak


def _output(world: World, level1: str, points: int, choose: Chooser) -> None:
    quality, timely, cost = 6, 5, 4
    counts = world.topic.counts[: 4 + choose.below(len(world.topic.counts) - 3)]
    each, more = divmod(points - quality - timely - cost, len(counts))
    missed = choose.below(len(counts)) if choose.chance(60) else -1
    over = choose.below(len(counts)) if choose.chance(25) else -1
    for number, count in enumerate(counts):
        planned = count.low + choose.below(count.high - count.low)
        if planned > 100:
            planned -= planned % 10
        weight = score = Decimal(each + (number < more))
        done = planned + (0 if choose.chance(20) else 1 + choose.below(max(1, planned // 8)))
        if number == missed:
            done = planned - max(1, planned * (5 + choose.below(15)) // 100)
            score = rounded(weight * done / planned)
        row = Indicator(
            level1, "产出数量", count.name, "count", f"≥{planned}{count.unit}", f"{done}{count.unit}", weight, score,
            "", count=count, planned=planned, done=done,
        )  # fmt: skip
        if number == over and number != missed:
            row.done = planned * 3 // 2 + 1
            row.actual, row.score = f"{row.done}{count.unit}", weight - 1
            world.over = row
        world.indicators.append(row)
    world.checked_base = 40 + choose.below(160)
    world.checked_good = world.checked_base - choose.below(3)
    share = rounded(Decimal(world.checked_good) / world.checked_base * 100)
    add = world.indicators.append
    full = Decimal(quality)
    add(Indicator(level1, "产出质量", world.topic.checked, "rate", "≥95%", f"{share}%", full, full, ""))
    full = Decimal(timely)
    add(Indicator(level1, "产出时效", world.topic.timely, "rate", "100%", "100%", full, full, ""))
    full = Decimal(cost)
    target, actual = f"≤{world.budget}万元", f"{world.executed}万元"
    add(Indicator(level1, "产出成本", "项目总成本", "cost", target, actual, full, full, ""))
