"""The layout families, one invented form each: what is read, which layout is recognised, and that nothing is left."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from lintperf_builtin.importers.forms import documents
from lintperf_builtin.importers.grid import Cell, Grid, Part
from lintperf_builtin.importers.html import read_html
from office_files import FORM, FUNDS, GOALS, HEADING, INDICATOR_HEADER, TITLE, Block, C, Row, page, read_all, read_one

from lintperf.document import Document
from lintperf.model import CellPlace

D = Decimal


def read(*blocks: Block) -> Document:
    """The only form, the same in all formats and without anything left over."""
    found = read_all(list(blocks))
    for suffix, several in found.items():
        assert len(several) == 1, suffix
        assert several[0].remarks == [], suffix
        assert several[0].data == found[".docx"][0].data, suffix
    return found[".docx"][0]


def rows(data: dict[str, Any], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row.get(name) for name in names) for row in data["indicators"]]


def funds(data: dict[str, Any], *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row.get(name) for name in names) for row in data["funds"]["rows"]]


def test_national() -> None:
    data = read(TITLE, FORM).data
    assert data["kind"] == "self-evaluation"
    assert data["layout"] == {"name": "national", "confidence": "high"}
    assert "received" not in data["funds"]["rows"][0]
    assert "merged" not in data["indicators"][0]
    assert not {"tasks", "management", "medium_indicators", "payments"} & data.keys()


def test_national_with_letters_numbers_and_template_dots() -> None:
    data = read(
        TITLE,
        [
            *HEADING,
            [
                C("项目资金\n（万元）", 2),
                "",
                "年初预算数",
                "全年预算数（A）",
                "全年执行数（B）",
                "分值",
                "执行率（B/A）",
                "得分",
            ],
            ["年度资金总额：", "880", "880", "800", "10", "90.91%", "9.09"],
        ],
        [
            INDICATOR_HEADER,
            [C("产出指标（50分）", 2), C("数量指标", 2), "指标1：修剪株数", "9", "9", "50", "50", ""],
            ["……", "", "", "", "", ""],
        ],
    ).data
    assert data["layout"] == {"name": "national-ab", "confidence": "high"}
    assert rows(data, "level1", "name", "weight") == [
        ("产出指标（50分）", "指标1：修剪株数", D(50)), ("产出指标（50分）", "……", None),
    ]  # fmt: skip
    assert data["funds"]["rows"][0]["rate"] == "90.91%"


def test_weight_before_target_stars_and_parts() -> None:
    data = read(
        TITLE,
        [
            *HEADING,
            [C("资金情况（万元）", 2), "", "全年预算数（A）", "全年执行数（B）", "分值", "执行率", "得分"],
            ["资金总额", "20", "20", "10", "1.00", "10"],
        ],
        [
            ["一级指标", "二级指标", "三级指标", "分值", "年度指标值", "全年实际值", "得分"],
            ["产出指标", "数量指标", "★管护面积", "40", "≥66亩", "70亩", "40"],
            ["", "", "其中：新增", "", "≥6亩", "7亩", ""],
        ],
    ).data
    assert data["layout"] == {"name": "rural", "confidence": "high"}
    assert rows(data, "name", "target", "weight", "score") == [
        ("★管护面积", "≥66亩", D(40), D(40)), ("其中：新增", "≥6亩", None, None),
    ]  # fmt: skip


def test_sichuan() -> None:
    data = read(
        "报表编号:510000_0099zp",
        "部门预算项目支出绩效自评表（2023年度）",
        [
            *HEADING,
            [
                C("预算执行情况(10分)", 3), "年度预算数(万元)", "年初预算", "调整后预算数", "预算执行数",
                "预算执行率", "权重", "得分", "原因",
            ],
            ["总额", "238.90", "251.80", "251.80", "100.00%", "10", "10", C("调整说明", 2)],
            ["其中：财政资金", "0.00", "0.00", "0.00", "0.00%", "/", "/"],
        ],
        [
            [
                C("绩效指标(90分)", 2), "一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位",
                "完成值", "权重", "得分", "未完成原因分析",
            ],
            ["产出指标", "数量指标", "养护率", "=", "100", "%", "100", "60", "60", ""],
            [C("合计", 1, 8), "60", "60", ""],
        ],
    ).data  # fmt: skip
    assert data["layout"] == {"name": "sichuan", "confidence": "high"}
    assert data["heading"]["others"] == [{"label": "报表编号", "text": "510000_0099zp"}]
    assert funds(data, "source", "initial", "annual", "executed", "rate", "weight", "explanation") == [
        ("total", D("238.90"), D("251.80"), D("251.80"), "100.00%", D(10), "调整说明"),
        ("fiscal", D("0.00"), D("0.00"), D("0.00"), "0.00%", None, "调整说明"),
    ]
    assert rows(data, "operator", "target", "unit", "actual") == [("=", "100", "%", "100")]


def test_yunnan_header_of_two_rows_and_summary() -> None:
    data = read(
        "部门：古树保护站    公开13表",
        "2022年度项目支出绩效自评表",
        [
            *HEADING,
            *FUNDS,
            *GOALS,
            [
                C("绩效指标", 1, 3), C("年度指标值", 1, 3), C("实际完成值", 2), C("分值", 2), C("得分", 2),
                C("偏差原因分析及改进措施", 2),
            ],
            ["一级指标", "二级指标", "三级指标", "指标性质", "指标值", "度量单位"],
            ["产出指标", "数量指标", "挂牌株数", "≧", "735", "株", "735", "10", "9", ""],
            [C("总分", 1, 7), "100", "96", "优"],
        ],
    ).data  # fmt: skip
    assert data["layout"] == {"name": "yunnan", "confidence": "high"}
    assert rows(data, "operator", "target", "unit", "actual", "weight") == [("≧", "735", "株", "735", D(10))]
    assert data["total"] == {"label": "总分", "weight": D(100), "score": D(96), "grade": "优"}


def test_parts_of_the_actual_are_columns_of_their_own() -> None:
    data = read(
        TITLE,
        HEADING,
        [
            [
                C("一级指标", 2), C("二级指标", 2), C("三级指标", 2), C("年度指标值", 1, 3), C("实际完成值", 1, 2),
                C("分值", 2), C("得分", 2),
            ],
            ["性质", "值", "单位", "值", "单位"],
            ["产出指标", "数量指标", "挂牌株数", "≥", "200", "株", "2.1", "百株", "10", "10"],
        ],
    ).data  # fmt: skip
    (row,) = data["indicators"]
    assert (row["operator"], row["target"], row["unit"], row["actual"]) == ("≥", "200", "株", "2.1")
    assert row["others"] == [{"label": "实际完成值：单位", "text": "百株"}]


def test_hubei_states_the_weight_in_a_header_and_merges_scores() -> None:
    document = read(
        TITLE,
        [
            *HEADING,
            [C("预算执行情况（万元）", 3), "", "预算数（A）", "执行数（B）", "执行率（B/A）", "得分（20分*执行率）"],
            ["年度财政资金总额", "100.00", "95.00", "95%", "19"],
            ["其他资金", "", "", "", ""],
        ],
        [
            ["年度绩效目标1（80分）", "一级指标", "二级指标", "三级指标", "年初目标值（A）", "实际完成值（B）", "得分"],
            [C("", 2), C("产出指标", 2), C("数量指标", 2), "巡查", "9次", "9次", C("40", 2)],
            ["补植", "9株", "9株"],
            ["", "总分", "", "", "", "", "59"],
            ["", "偏差大或目标未完成原因分析", C("无", 1, 5)],
            ["", "改进措施及结果应用方案", C("照此办理", 1, 5)],
        ],
    )
    data = document.data
    assert data["layout"] == {"name": "hubei", "confidence": "high"}
    assert funds(data, "source", "weight", "score") == [("total", D(20), D(19)), ("other", None, None)]
    assert document.locate("/funds/rows/0/weight") == CellPlace(0, 2, 5)
    assert rows(data, "weight", "score", "merged") == [(None, D(40), None), (None, None, ["score"])]
    assert data["total"]["score"] == D(59)
    assert data["notes"] == ["偏差大或目标未完成原因分析：无", "改进措施及结果应用方案：照此办理"]


@pytest.mark.parametrize("beside", [True, False])
def test_hebei_pairs_of_label_and_amount(beside: bool) -> None:
    above: list[Row] = [
        ["预算执行情况（万元）", C("预算安排情况", 1, 2), C("资金到位情况", 1, 2), C("资金执行情况", 1, 2)],
        ["", "预算数：", "100.5", "到位数：", "90", "执行数：", "80.0"],
        ["", "其中：财政资金", "60.5", "其中：财政资金", "60", "其中：财政资金", "50.0"],
        ["", "其他", "40", "其他", "30", "其他", "30"],
    ]
    left: list[Row] = [
        [
            C("预算安排情况\n（万元）", 3), "预算数：", "100.5", C("资金到位情况", 3), "到位数：", "90",
            C("资金执行情况", 3), "执行数：", "80.0",
        ],
        ["其中：财政资金", "60.5", "其中：财政资金", "60", "其中：财政资金", "50.0"],
        ["其他", "40", "其他", "30", "其他", "30"],
    ]  # fmt: skip
    data = read(
        TITLE,
        [*HEADING, *(left if beside else above)],
        GOALS,
        [
            [
                "一级指标", "二级指标", "三级指标", "分值", "符号", "值", "单位", "实际完成值", "完成情况",
                "单项得分", "权重占比", "折算得分",
            ],
            ["产出指标", "数量指标", "巡查", "100", "≥", "9", "次", "9", "完成", "100", "30%", "30"],
            [C("总分", 1, 9), "", "", "98.5"],
        ],
    ).data  # fmt: skip
    assert data["layout"] == {"name": "hebei", "confidence": "high"}
    assert data["funds"]["currency_unit"] == "万元"
    assert funds(data, "source", "annual", "received", "executed") == [
        ("total", D("100.5"), D(90), D("80.0")),
        ("fiscal", D("60.5"), D(60), D("50.0")),
        ("other", D(40), D(30), D(30)),
    ]
    names = ("weight", "completion_status", "score", "weight_share", "converted_score")
    assert rows(data, *names) == [(D(100), "完成", D(100), "30%", D(30))]
    assert data["total"]["score"] == D("98.5")


def test_budget_received_executed() -> None:
    data = read(
        TITLE,
        [
            *HEADING,
            [C("项目资金（元）", 2), "", "预算数", "到位数", "执行数", "分值", "执行率", "得分"],
            ["资金总额", "9", "8", "7", "10", "87.5", "8.75"],
        ],
        [INDICATOR_HEADER, ["产出指标", "数量指标", "巡查", "9次", "9次", "90", "90", ""]],
    ).data
    assert data["layout"] == {"name": "three-amounts", "confidence": "high"}
    assert funds(data, "annual", "received", "executed", "rate") == [(D(9), D(8), D(7), D("87.5"))]


def test_transfer_payment_without_scores() -> None:
    data = read(
        "转移支付区域绩效自评表",
        [
            ["转移支付名称", C("古树保护补助", 1, 5)],
            ["中央主管部门", C("林草主管部门", 1, 5)],
            ["地方主管部门", C("市林业局", 1, 2), "资金使用单位", C("古树站", 1, 2)],
            [C("资金投入情况\n（万元）", 4), "", "全年预算数(A)", "全年执行数(B)", C("预算执行率(B/A)", 1, 2)],
            ["年度资金总额", "30", "27", C("90%", 1, 2)],
            ["其中：中央财政资金", "20", "17", C("85%", 1, 2)],
            ["地方资金", "10", "10", C("100%", 1, 2)],
            [C("资金管理情况", 3), "", C("情况说明", 1, 2), C("存在问题和改进措施", 1, 2)],
            ["分配科学性", C("按因素法分配", 1, 2), C("无", 1, 2)],
            ["使用规范性", C("专款专用", 1, 2), C("", 1, 2)],
            [C("总体目标完成情况", 2), C("总体目标", 1, 2), C("全年实际完成情况", 1, 3)],
            [C("保护三百株", 1, 2), C("保护三百株", 1, 3)],
            ["一级指标", "二级指标", "三级指标", "指标值", "全年实际完成值", "未完成原因和改进措施"],
            ["产出指标", "数量指标", "保护株数", "300", "300", ""],
            ["说明", C("无", 1, 5)],
        ],
    ).data  # fmt: skip
    assert data["kind"] == "self-evaluation"
    assert data["layout"] == {"name": "transfer-payment", "confidence": "high"}
    assert data["heading"]["project"] == "古树保护补助"
    assert data["heading"]["department"] == "市林业局"
    assert data["heading"]["others"] == [{"label": "中央主管部门", "text": "林草主管部门"}]
    assert funds(data, "source", "annual", "weight", "score") == [
        ("total", D(30), None, None), ("fiscal", D(20), None, None), ("fiscal", D(10), None, None),
    ]  # fmt: skip
    assert data["management"] == [
        {"aspect": "分配科学性", "description": "按因素法分配", "problems": "无"},
        {"aspect": "使用规范性", "description": "专款专用", "problems": ""},
    ]
    assert data["goals"] == {"expected": "保护三百株", "achieved": "保护三百株"}
    assert rows(data, "weight", "score", "actual") == [(None, None, "300")]
    assert data["notes"] == ["说明：无"]
    assert data["total"] is None


DECLARED: list[Row] = [
    ["一级指标", "二级指标", "三级指标", "指标值"],
    ["产出指标", "数量指标", "购书", "≥500册"],
]


@pytest.mark.parametrize(
    "amounts",
    [
        [[C("项目资金（万元）", 3), "年度资金总额：", "100.0"], ["其中：财政拨款", "60"], ["其他资金", "40"]],
        [["项目资金（万元）", "年度资金总额：", "100.0", "财政拨款：", "60", "其他资金：", "40"]],
        [[C("项目资金（万元）", 2), "资金总额", "财政拨款", "其他资金"], ["100.0", "60", "40"]],
    ],
)
def test_declaration_of_targets(amounts: list[Row]) -> None:
    data = read(
        "项目支出绩效目标申报表", [["项目名称", "社区图书角"], *amounts], [["年度总体目标", "添书五百册"]], DECLARED
    ).data
    assert data["kind"] == "target-declaration"
    assert data["layout"] == {"name": "target-declaration", "confidence": "high"}
    assert data["funds"]["currency_unit"] == "万元"
    assert funds(data, "source", "annual", "executed") == [
        ("total", D("100.0"), None), ("fiscal", D(60), None), ("other", D(40), None),
    ]  # fmt: skip
    assert data["goals"] == {"expected": "添书五百册", "achieved": None}
    assert rows(data, "target", "actual", "weight", "score") == [("≥500册", None, None, None)]


def test_declaration_with_twins_of_medium_term_and_year() -> None:
    document = read(
        "项目支出绩效目标申报表",
        [
            ["项目名称", C("社区图书角", 1, 7)],
            [C("项目资金（万元）", 2), C("中期资金总额：", 1, 2), "300", C("年度资金总额：", 1, 2), C("100", 1, 2)],
            [C("其中：财政拨款", 1, 2), "240", C("其中：财政拨款", 1, 2), C("80", 1, 2)],
            [C("总体目标", 2), C("中期目标（2023年—2025年）", 1, 3), C("年度目标", 1, 4)],
            [C("三年添书一千册", 1, 3), C("添书三百册", 1, 4)],
            [C("绩效指标", 3), "一级指标", "二级指标", "三级指标", "指标值", "二级指标", "三级指标", "指标值"],
            [C("产出指标", 2), C("数量指标", 2), "购书", "1000册", C("数量指标", 2), "购书", "300册"],
            ["书架", "30组", "", ""],
        ],
    )
    data = document.data
    assert data["layout"] == {"name": "target-declaration-twins", "confidence": "high"}
    assert funds(data, "source", "annual", "label") == [
        ("total", D(100), "年度资金总额："), ("fiscal", D(80), "其中：财政拨款"),
    ]  # fmt: skip
    assert data["funds"]["rows"][1]["others"] == [{"label": "中期资金总额", "text": "240"}]
    assert data["goals"] == {"expected": "添书三百册", "achieved": None, "medium_expected": "三年添书一千册"}
    assert rows(data, "level1", "level2", "name", "target") == [("产出指标", "数量指标", "购书", "300册")]
    assert [(row["level1"], row["name"], row["target"]) for row in data["medium_indicators"]] == [
        ("产出指标", "购书", "1000册"), ("产出指标", "书架", "30组"),
    ]  # fmt: skip
    assert document.locate("/medium_indicators/1/name") == CellPlace(0, 7, 3)


@pytest.mark.parametrize("told_by", ["side label", "header"])
def test_medium_indicators_in_a_table_of_their_own(told_by: str) -> None:
    target = "中期指标值" if told_by == "header" else "指标值"
    side = "绩效指标" if told_by == "header" else "长期绩效指标"
    data = read(
        "项目支出绩效目标申报表",
        [
            ["项目名称", C("社区图书角", 1, 4)],
            [side, "一级指标", "二级指标", "三级指标", target],
            ["", "产出指标", "数量指标", "购书", "1000册"],
            ["年度绩效指标", "一级指标", "二级指标", "三级指标", "指标值"],
            ["", "产出指标", "数量指标", "购书", "300册"],
        ],
    ).data
    assert rows(data, "name", "target") == [("购书", "300册")]
    assert [(row["name"], row["target"]) for row in data["medium_indicators"]] == [("购书", "1000册")]


def test_department() -> None:
    data = read(
        "部门整体支出绩效自评表",
        [
            ["部门（单位）名称", C("园林绿化局", 1, 8)],
            [
                C("部门预算执行情况（万元）", 4), "", "年初预算数", "全年预算数", "全年执行数", "分值",
                C("执行率", 1, 2), "得分",
            ],
            ["年度资金总额", "90", "100", "95", "10", C("95%", 1, 2), "9.5"],
            ["其中：基本支出", "60", "60", "60", "—", C("100%", 1, 2), "—"],
            ["项目支出", "30", "40", "35", "—", C("87.5%", 1, 2), "—"],
            [
                C("年度主要任务", 3), C("任务名称", 2), C("完成情况", 2), C("预算数（万元）", 1, 3),
                C("执行数（万元）", 1, 3),
            ],
            ["总额", "财政拨款", "其他资金", "总额", "财政拨款", "其他资金"],
            ["古树复壮", "复壮九株", "30.0", "20", "10", "25", "20", "5"],
            [C("年度总体目标", 1, 2), C("预期目标", 1, 3), C("实际完成情况", 1, 4)],
            [C("", 1, 2), C("全年运转正常", 1, 3), C("正常", 1, 4)],
            [C("", 1, 1), *INDICATOR_HEADER],
            ["", "产出指标", "数量指标", "巡查", "9次", "9次", "90", "90", ""],
        ],
    ).data  # fmt: skip
    assert data["kind"] == "department"
    assert data["layout"] == {"name": "department", "confidence": "high"}
    assert data["heading"]["department"] == "园林绿化局"
    assert funds(data, "source", "annual") == [("total", D(100)), ("basic", D(60)), ("project", D(40))]
    assert data["tasks"] == [
        {
            "name": "古树复壮", "result": "复壮九株", "budget": D("30.0"), "budget_fiscal": D(20),
            "budget_other": D(10), "executed": D(25), "executed_fiscal": D(20), "executed_other": D(5),
        }
    ]  # fmt: skip


def test_total_of_the_tasks_is_the_only_statement_of_funds() -> None:
    data = read(
        "部门整体支出绩效目标申报表",
        [
            ["部门名称", C("园林绿化局", 1, 4)],
            [C("年度主要任务", 2), C("任务名称", 2), C("预算金额（万元）", 1, 3)],
            ["总额", "财政拨款", "其他资金"],
            ["", "古树复壮", "30", "20", "10"],
            ["", "金额合计", "30", "20", "10"],
            ["", *DECLARED[0]],
            ["", *DECLARED[1]],
        ],
    ).data
    assert data["kind"] == "target-declaration"
    assert funds(data, "source", "label", "annual") == [
        ("total", "金额合计", D(30)), ("fiscal", "财政拨款", D(20)), ("other", "其他资金", D(10)),
    ]  # fmt: skip
    assert len(data["tasks"]) == 1


def test_monitoring() -> None:
    data = read(
        "项目支出绩效目标执行监控表",
        [
            ["项目名称", C("绿道养护", 1, 15)],
            [
                C("项目资金（万元）", 2), C("", 1, 3), "年初预算数", C("1—7月执行数", 1, 4),
                C("1—7月执行率", 1, 4), C("全年预计执行数", 1, 3),
            ],
            [C("年度资金总额", 1, 3), "120", C("60.5", 1, 4), C("50.42%", 1, 4), C("120", 1, 3)],
            ["年度总体目标", C("养护三十公里", 1, 15)],
            [
                C("绩效指标", 3), C("一级指标", 2), C("二级指标", 2), C("三级指标", 2), C("年度指标值", 2),
                C("1-7月执行情况", 2), C("全年预计完成情况", 2), C("偏差原因分析", 1, 6), C("完成目标可能性", 1, 3),
            ],
            ["经费保障", "制度保障", "人员保障", "硬件条件保障", "其他", "原因说明", "确定能", "有可能", "完全不可能"],
            [
                "产出指标", "数量指标", "养护长度", "30公里", "12公里", "30公里", "", "√", "", "", "雨", "汛期",
                "", "√", "",
            ],
        ],
    ).data  # fmt: skip
    assert data["kind"] == "monitoring"
    assert data["layout"] == {"name": "monitoring", "confidence": "high"}
    assert funds(data, "initial", "interim_executed", "interim_rate", "expected_executed", "rate", "annual") == [
        (D(120), D("60.5"), "50.42%", D(120), None, None)
    ]
    assert rows(data, "target", "interim", "expected_actual", "explanation", "likelihood", "actual") == [
        ("30公里", "12公里", "30公里", "汛期", "有可能", None)
    ]
    assert data["indicators"][0]["others"] == [
        {"label": "制度保障", "text": "√"}, {"label": "其他", "text": "雨"},
    ]  # fmt: skip


def test_further_columns() -> None:
    document = read(
        TITLE,
        HEADING,
        [
            [
                "一级指标", "二级指标", "三级指标", "指标解释", "年度指标值", "评分标准", "实际完成值", "分值",
                "得分", "备注",
            ],
            ["产出指标", "数量指标", "巡查", "全年次数", "9次", "每少一次扣一分", "8次", "10", "9", "见附件"],
        ],
    )  # fmt: skip
    (row,) = document.data["indicators"]
    assert row["criterion"] == "每少一次扣一分"
    assert row["others"] == [{"label": "指标解释", "text": "全年次数"}, {"label": "备注", "text": "见附件"}]
    assert document.locate("/indicators/0/others/1/text") == CellPlace(1, 1, 9)


def test_payments() -> None:
    data = read(
        TITLE,
        [
            *HEADING,
            [C("资金支付", 3), "支付摘要", "收款人", "实际支付金额（元）"],
            ["苗木款", "甲苗圃", "300.50"],
            ["合计", "", "300.50"],
        ],
        [INDICATOR_HEADER, ["产出指标", "数量指标", "巡查", "9次", "9次", "90", "90", ""]],
    ).data
    assert data["payments"] == {
        "rows": [{"label": "苗木款", "payee": "甲苗圃", "amount": D("300.50")}], "total": D("300.50"),
    }  # fmt: skip


def test_confidence_is_capped_where_the_tables_were_rebuilt() -> None:
    parts = read_html(page([TITLE, FORM]))
    (document,) = documents("form.pdf", parts, [], best_confidence="medium")
    assert document.data["layout"] == {"name": "national", "confidence": "medium"}


def test_layout_that_nobody_knows() -> None:
    rows: list[Row] = [["指标名称", "指标性质", "目标值", "实际值"], ["巡查", "≥", "9", "9"]]
    data = read(TITLE, HEADING, rows).data
    assert data["layout"] == {"name": "other", "confidence": "low"}


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("2023年度项目绩效目标自评表", "self-evaluation"),
        ("部门（单位）整体绩效自评表", "department"),
        ("项目支出绩效运行监控表", "monitoring"),
        ("绩效目标申报表", "self-evaluation"),
    ],
)
def test_kind_is_told_by_title_and_columns(title: str, kind: str) -> None:
    assert read_one([title, FORM]).data["kind"] == kind


def test_cells_read_by_a_guess_are_named() -> None:
    (part,) = read_html(page([TITLE, FORM]))
    grid = next(block for block in part.blocks if isinstance(block, Grid))
    score = next(cell for row in range(len(grid.rows)) for cell in grid.own(row) if cell.text == "48.5")
    score.unsure = True
    (document,) = documents("form.txt", [part], [])
    assert document.unsure == {"/indicators/0/score"}


def test_row_cut_by_a_page_is_joined_and_doubted() -> None:
    first: list[Row] = [INDICATOR_HEADER, ["产出指标", "数量指标", "巡查", "9次", "9次", "50", "40", "雨天停工，"]]
    second: list[Row] = [
        INDICATOR_HEADER,
        ["", "", "次数", "", "", "", "", "往后补齐。"],
        ["", "", "补植", "9株", "9株", "40", "40", ""],
    ]
    document = read(TITLE, HEADING, first, second)
    assert rows(document.data, "name", "explanation", "score") == [
        ("巡查次数", "雨天停工，往后补齐。", D(40)), ("补植", "", D(40)),
    ]  # fmt: skip
    assert document.unsure == {"/indicators/0/name", "/indicators/0/explanation"}


def test_row_after_a_repeated_header_stays_a_row() -> None:
    header: Row = ["一级指标", "二级指标", "三级指标", "指标值"]
    first: list[Row] = [header, ["产出指标", "数量指标", "巡查", "9次"]]
    data = read("绩效目标申报表", HEADING, first, [header, ["", "", "补植", "九株"]]).data
    assert rows(data, "level2", "name") == [("数量指标", "巡查"), ("数量指标", "补植")]


def test_row_above_a_repeated_header_is_not_swallowed() -> None:
    data = read(
        TITLE,
        [
            *HEADING,
            INDICATOR_HEADER,
            ["产出指标", "数量指标", "预算执行率", "9次", "9次", "50", "40", "因天气原因"],
            INDICATOR_HEADER,
            ["产出指标", "数量指标", "补植", "9株", "9株", "40", "40", ""],
        ],
    ).data
    assert rows(data, "name") == [("预算执行率",), ("补植",)]


def test_indicators_may_be_named_like_notes_and_totals() -> None:
    data = read(
        TITLE,
        HEADING,
        [
            INDICATOR_HEADER,
            [C("产出指标", 2), C("数量指标", 2), "合计", "9次", "9次", "50", "40", ""],
            ["说明：一", "9株", "9株", "40", "40", ""],
            [C("总分", 1, 5), "90", "80", ""],
        ],
    ).data
    assert rows(data, "name") == [("合计",), ("说明：一",)]
    assert data["total"]["weight"] == D(90)


def test_numbered_lines_belong_to_the_note_above_them() -> None:
    several = read_all([TITLE, FORM, "注：1.得分保留两位。", "2.分值合计一百。", "网站地图"])
    notes = ["注：1.得分保留两位。", "2.分值合计一百。"]
    assert several[".docx"][0].data["notes"] == several[".html"][0].data["notes"] == notes
    # On a sheet every line is a cell of the form's own grid.
    assert several[".xlsx"][0].data["notes"] == [*notes, "网站地图"]


def test_blank_goals_are_blank_texts() -> None:
    goals: list[Row] = [[C("年度总体目标", 2), "预期目标", "实际完成情况"], ["", ""]]
    data = read(TITLE, [*HEADING], goals, [INDICATOR_HEADER, ["产出", "数量", "巡查", "9", "9", "5", "5", ""]]).data
    assert data["goals"] == {"expected": "", "achieved": ""}


def test_two_departments_in_one_file() -> None:
    def form(name: str) -> list[Row]:
        return [["部门名称", C(name, 1, 7)], INDICATOR_HEADER, ["产出", "数量", "巡查", "9", "9", "5", "5", ""]]

    title = "部门整体支出绩效自评表"
    for several in read_all([title, form("甲局"), title, form("乙局")]).values():
        assert [document.data["heading"]["department"] for document in several] == ["甲局", "乙局"]


def test_lines_with_a_place_keep_it() -> None:
    from lintperf_builtin.importers.grid import Paragraph

    (part,) = read_html(page([TITLE, FORM]))
    place = CellPlace(7, 7, 7)
    blocks = [*part.blocks, Paragraph("注：得分保留两位。", place)]
    (document,) = documents("form.md", [Part(blocks)], [])
    assert document.locate("/notes/0") == place
    assert Cell("", 0, 0).unsure is False


@pytest.mark.parametrize(
    ("row", "total"),
    [
        # the cells on the left are merged
        (["总分", "100", "90", "优"], (D(100), D(90), "优")),
        # blank cells between the points
        (["合计", "", "100", "", "90", "良"], (D(100), D(90), "良")),
        (["总分", "90"], (None, D(90), None)),
    ],
)
def test_total_in_a_table_of_its_own(row: Row, total: tuple[Any, ...]) -> None:
    rows_: list[Row] = [INDICATOR_HEADER, ["产出指标", "数量指标", "巡查", "9次", "9次", "100", "90", ""]]
    end: list[Row] = [row, [C("注：得分保留两位小数。", 1, len(row))]]
    (part,) = read_html(page([TITLE, HEADING, rows_, end]))
    (document,) = documents("form.html", [part], [])
    assert document.data is not None
    found = document.data["total"]
    assert (found["weight"], found["score"], found["grade"]) == total
    assert document.data["notes"] == ["注：得分保留两位小数。"]
    assert document.remarks == []
    assert "/total/score" in document.unsure
