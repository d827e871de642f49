"""Layouts, header spellings, several forms, continued tables, totals, notes, remarks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from office_files import (
    FORM,
    FUNDS,
    GOALS,
    HEADING,
    INDICATOR_HEADER,
    INDICATORS,
    TITLE,
    Block,
    C,
    Row,
    excel,
    read,
    read_all,
    read_one,
    word,
)

from lintperf.document import Document
from lintperf.model import CellPlace

START: list[Row] = [*HEADING, *FUNDS, *GOALS]


def unmapped(document: Document) -> list[str]:
    return [remark.arguments["text"] for remark in document.remarks if remark.kind == "unmapped-content"]


def form(header: Row, *rows: Row, before: list[Row] = START) -> dict[str, Any]:
    """The data of a form with this table of indicators below the usual parts."""
    document = read_one([TITLE, before, [header, *rows]])
    assert document.remarks == []
    return document.data


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("年度指标值", "target"), ("年度 指标值\n（A）", "target"), ("指标目标值", "target"),
        ("年初目标值(A)", "target"),
        ("实际完成值（B）", "actual"), ("全年实际值", "actual"), ("完 成 值", "actual"), ("实际完成情况", "actual"),
        ("分　值", "weight"), ("权重", "weight"), ("指标分值（分）", "weight"), ("分值（权重）", "weight"),
        ("自评得分", "score"), ("得分\n（自评）", "score"),
        ("未完成原因及拟采取的改进措施", "explanation"), ("偏差原因分析", "explanation"),
        ("未完成原因分析", "explanation"),
        ("全年实际完成结果", "actual"), ("本年度目标值", "target"), ("得分情况", "score"), ("指标分值设置", "weight"),
        ("偏差较大的原因说明", "explanation"), ("计算单位", "unit"),
        ("指标性质", "operator"), ("度量单位", "unit"), ("计量单位", "unit"),
    ],
)  # fmt: skip
def test_spellings_of_headers(header: str, field: str) -> None:
    others = {"target": "年度指标值", "actual": "实际完成值", "weight": "分值", "score": "得分"}
    header_row: Row = ["一级指标", "二级指标", "三级指标", header, *(h for f, h in others.items() if f != field)]
    values = {"target": "≥3次", "actual": "4次", "weight": "10", "score": "9"}
    row: Row = ["产出指标", "数量指标", "巡查", "7", *(v for f, v in values.items() if f != field)]
    (indicator,) = form(header_row, row)["indicators"]
    assert indicator[field] in ("7", Decimal(7))
    assert {f: indicator[f] for f in others if f != field} == {
        f: Decimal(v) if f in ("weight", "score") else v for f, v in values.items() if f != field
    }


def test_weight_before_target_and_separate_operator_and_unit() -> None:
    data = form(
        [
            C("一级指标", 2),
            C("二级指标", 2),
            C("三级指标", 2),
            C("分值", 2),
            C("年度指标值", 1, 3),
            C("完成值", 2),
            C("得分", 2),
        ],
        ["指标性质", "指标值", "度量单位"],
        ["产出指标", "数量指标", "古树挂牌", "15", "≥", "200", "株", "210", "15"],
    )
    assert data["indicators"] == [
        {
            "level1": "产出指标", "level2": "数量指标", "name": "古树挂牌", "operator": "≥", "target": "200",
            "unit": "株", "actual": "210", "weight": Decimal(15), "score": Decimal(15), "explanation": None,
        }
    ]  # fmt: skip


def test_form_without_scores() -> None:
    data = form(
        ["一级指标", "二级指标", "三级指标", "指标值", "全年完成值", "未完成原因"],
        ["产出", "数量", "购书", "5册", "4册", "缺货"],
    )
    assert (data["indicators"][0]["weight"], data["indicators"][0]["score"]) == (None, None)
    assert data["indicators"][0]["explanation"] == "缺货"


def test_labels_beside_the_table_may_slip_and_break_up() -> None:
    document = read_one(
        [
            TITLE,
            [
                *START,
                ["", *INDICATOR_HEADER],
                ["年度绩效", "产出指标", "数量指标", "巡查", "3次", "3次", "10", "10", ""],
                ["指标", "", "", "补植", "5株", "5株", "10", "10", ""],
            ],
        ]
    )
    assert document.remarks == []
    assert [(row["level1"], row["level2"]) for row in document.data["indicators"]] == [("产出指标", "数量指标")] * 2
    assert document.locate("/indicators/1/level1") == CellPlace(0, 10, 1)


def test_slipped_label_in_the_column_of_levels() -> None:
    data = form(INDICATOR_HEADER, ["年度绩效指标", "数量指标", "巡查", "3次", "3次", "10", "10", ""])
    assert data["indicators"][0]["level1"] in (None, "")


def test_level_that_is_not_merged_is_that_of_the_row_above() -> None:
    data = form(
        INDICATOR_HEADER,
        ["产出指标", "数量指标", "甲", "1", "1", "5", "5", ""],
        ["", "", "乙", "1", "1", "5", "5", ""],
        ["效益指标", "", "丙", "1", "1", "5", "5", ""],
    )
    assert [(r["level1"], r["level2"]) for r in data["indicators"]] == [
        ("产出指标", "数量指标"), ("产出指标", "数量指标"), ("效益指标", ""),
    ]  # fmt: skip


def test_number_merged_over_rows_stands_once() -> None:
    data = form(
        INDICATOR_HEADER,
        ["产出指标", "数量指标", "甲", "1", "1", C("10", 2), C("9", 2), C("同一原因", 2)],
        ["产出指标", "数量指标", "乙", "1", "1"],
    )
    assert [(r["weight"], r["score"]) for r in data["indicators"]] == [(Decimal(10), Decimal(9)), (None, None)]
    assert [r["explanation"] for r in data["indicators"]] == ["同一原因", "同一原因"]


def test_what_is_no_number_stays_as_written() -> None:
    data = form(
        INDICATOR_HEADER,
        ["产出", "数量", "甲", "1", "1", "10分", "约9", ""],
        ["产出", "数量", "乙", "1", "1", "无", "－－", ""],
        ["产出", "数量", "丙", "1", "1", "1,00", "①", ""],
    )
    assert [(r["weight"], r["score"]) for r in data["indicators"]] == [
        (Decimal(10), "约9"), (None, None), ("1,00", "①"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "cells", "unit", "amounts"),
    [
        ("项目资金（万元）", ["120.50", "120.5万元"], "万元", [Decimal("120.50"), Decimal("120.5")]),
        ("项目资金（万元）", ["1205000元", "1"], "万元", ["1205000元", Decimal(1)]),
        ("项目资金", ["1205000元", "１，２０５，０００"], "元", [Decimal(1205000), Decimal(1205000)]),
        ("项目资金", ["12万元", "5元"], None, ["12万元", "5元"]),
        ("项目资金", ["12", "-5"], None, [Decimal(12), Decimal(-5)]),
    ],
)
def test_amounts_and_their_unit(header: str, cells: list[str], unit: str | None, amounts: list[Any]) -> None:
    funds: list[Row] = [
        [C(header, 2), "", "年初预算数", "全年执行数（B）", "分值"],
        ["年度资金总额：", *cells, "10"],
    ]
    data = read_one([TITLE, [*HEADING, *funds], [INDICATOR_HEADER, *INDICATORS[1:2]]]).data
    assert data["funds"]["currency_unit"] == unit
    assert [data["funds"]["rows"][0][key] for key in ("initial", "executed")] == amounts
    assert data["funds"]["rows"][0]["annual"] is None


def test_caption_gives_unit_year_and_other_fields() -> None:
    funds: list[Row] = [["", "全年预算数", "全年执行数", "执行率"], ["资金总额", "5.00", "4.00", "80.00%"]]
    blocks: list[Block] = [
        "附件2",
        TITLE,
        "（2023年度）",
        "填报单位：园林局    单位：万元",
        [*HEADING, *funds],
        [INDICATOR_HEADER],
    ]
    for documents in read_all(blocks).values():
        (document,) = documents
        assert document.data["heading"]["year"] == Decimal(2023)
        assert document.data["funds"]["currency_unit"] == "万元"
        assert document.data["heading"]["others"] == [{"label": "填报单位", "text": "园林局"}]
        assert document.data["heading"]["project_amount"] == Decimal("36000000000")
        assert document.data["notes"] == ["附件2"]
        assert document.remarks == []


def test_heading_with_unknown_and_inline_labels() -> None:
    heading: list[Row] = [
        [C("项目名称：社区图书角", 1, 2), "项目负责人", "周某"],
        ["主管部门及代码", "文化局 301", "资金使用单位", ""],
        ["服务街道", "东街", "项目年度", "2024年"],
    ]
    document = read_one([TITLE, [*heading, *FUNDS], [INDICATOR_HEADER]])
    assert document.remarks == []
    assert document.data["heading"] == {
        "project": "社区图书角", "project_amount": None, "department": "文化局 301", "unit": "", "year": Decimal(2024),
        "others": [{"label": "项目负责人", "text": "周某"}, {"label": "服务街道", "text": "东街"}],
    }  # fmt: skip
    assert document.locate("/heading/unit") == CellPlace(0, 1, 3)
    assert document.locate("/heading/others/1/text") == CellPlace(0, 2, 1)


def test_details_of_fiscal_funds() -> None:
    funds: list[Row] = [
        [C("资金情况（万元）", 6), C("", 1, 2), "年初预算数", "全年预算数", "全年执行数"],
        [C("年度资金总额", 1, 2), "10", "10", "10"],
        [C("其中：", 4), "财政拨款", "9", "9", "9"],
        ["中央资金", "4", "4", "4"],
        ["市级资金", "5", "5", "5"],
        ["单位自筹", "1", "1", "1"],
    ]
    document = read_one([TITLE, [*HEADING, *funds], [INDICATOR_HEADER]])
    assert document.remarks == []
    assert [row["source"] for row in document.data["funds"]["rows"]] == ["total", "fiscal", "detail", "detail", "other"]


def test_sources_without_a_row_above_them_add_up() -> None:
    funds: list[Row] = [
        ["", "全年预算数", "全年执行数"],
        ["资金总额", "9", "9"],
        ["中央补助", "4", "4"],
        ["地方资金", "5", "5"],
    ]
    rows = read_one([TITLE, [*HEADING, *funds], [INDICATOR_HEADER]]).data["funds"]["rows"]
    assert [row["source"] for row in rows] == ["total", "fiscal", "fiscal"]


def test_row_of_funds_that_nobody_knows_is_reported() -> None:
    funds: list[Row] = [["", "全年预算数", "全年执行数"], ["资金总额", "9", "9"], ["捐树款", "4", "3"]]
    document = read_one([TITLE, [*HEADING, *funds], [INDICATOR_HEADER]])
    assert len(document.data["funds"]["rows"]) == 1
    assert unmapped(document) == ["捐树款", "4", "3"]


@pytest.mark.parametrize(
    "goals",
    [
        [[C("年度绩效目标", 2), "年初设定目标", "全年完成情况"], ["种一百棵树", "种了一百棵"]],
        [["年度目标", "预期目标", "种一百棵树", "实际完成情况", "种了一百棵"]],
        [["预期目标", "种一百棵树"], ["实际完成情况", "种了一百棵"]],
        [["年度总体目标", "预期目标", "实际完成情况"], ["", "种一", "种了一"], ["", "百棵树", "百棵"]],
    ],
)
def test_goals_below_and_beside_their_labels(goals: list[Row]) -> None:
    document = read_one([TITLE, HEADING, goals, [INDICATOR_HEADER]])
    assert document.remarks == []
    assert document.data["goals"] == {"expected": "种一百棵树", "achieved": "种了一百棵"}


def test_several_forms_in_one_file_sheet_and_over_sheets() -> None:
    second: list[Row] = [["项目名称", C("古树保护", 1, 8)], *FUNDS, *INDICATORS]
    for suffix, documents in read_all([TITLE, FORM, TITLE, second, "", FORM]).items():
        names = [document.data["heading"]["project"] for document in documents]
        assert names == ["绿道养护", "古树保护", "绿道养护"], suffix
        assert [document.index for document in documents] == [0, 1, 2]
        assert [document.remarks for document in documents] == [[], [], []], suffix
        assert [document.data["title"] for document in documents] == [TITLE, TITLE, None]
    sheets = read(excel([TITLE, FORM], ["填表说明"], [second]), ".xlsx")
    assert [document.data["heading"]["project"] for document in sheets] == ["绿道养护", "古树保护"]


@pytest.mark.parametrize("repeated", [True, False])
def test_table_that_goes_on_after_a_page(repeated: bool) -> None:
    header: list[Row] = [["年度绩效指标", *INDICATOR_HEADER]]
    first: list[Row] = [*header, ["", "产出指标", "数量指标", "巡查", "9次", "7次", "50", "40", "雨天停工，"]]
    second: list[Row] = [
        *(header if repeated else []),
        ["", "", "", "", "", "", "", "", "往后补齐。"],
        ["", "", "质量指标", "成活率", "98%", "98%", "40", "40", ""],
        [C("总分", 1, 6), "90", "80", ""],
    ]
    document = read_one([TITLE, START, first, "- 2 -", second, "注：分值合计九十。", "填表人：周某"])
    assert document.remarks == []
    rows = document.data["indicators"]
    assert [row["explanation"] for row in rows] == ["雨天停工，往后补齐。", ""]
    assert [row["level1"] for row in rows] == ["产出指标", "产出指标"]
    assert document.data["total"]["score"] == Decimal(80)
    assert document.data["notes"] == ["注：分值合计九十。", "填表人：周某"]
    assert document.locate("/indicators/1/score") == CellPlace(2, 1 + repeated, 7)
    assert document.locate("/indicators/1/level1") == CellPlace(1, 1, 1)


def test_goals_that_go_on_in_the_next_table() -> None:
    goals: list[Row] = [["预期目标", "实际完成情况"], ["修步道十", "修了"]]
    document = read_one([TITLE, HEADING, goals, [["公里", "九公里"]], [INDICATOR_HEADER]])
    assert document.remarks == []
    assert document.data["goals"] == {"expected": "修步道十公里", "achieved": "修了九公里"}


def test_continuation_with_other_columns_is_reported() -> None:
    document = read_one([TITLE, FORM[:-1], [["树", "1", "2", "3", "4"]]])
    (remark,) = document.remarks
    assert remark.kind == "unrecognised-table"
    assert remark.place == CellPlace(1, 0, 0)


def test_total_in_the_wrong_column_and_grade() -> None:
    rows: list[Row] = [*FORM[:-1], [C("总分", 1, 3), "100", "", "", "98.3", "优"]]
    document = read_one([TITLE, rows])
    assert document.remarks == []
    assert document.data["total"] == {
        "label": "总分", "weight": None, "score": Decimal("98.3"), "grade": "优",
        "misplaced": [{"column": "年度指标值", "value": Decimal(100)}],
    }  # fmt: skip
    assert document.locate("/total/misplaced/0/value") == CellPlace(0, 13, 4)
    assert document.locate("/total/grade") == CellPlace(0, 13, 8)


def test_total_in_one_cell_notes_and_signatures() -> None:
    rows: list[Row] = [
        *FORM[:-1],
        [C("总得分：98.3分", 1, 8)],
        ["其他需要说明事项", C("无", 1, 8)],
        [C("注：1.得分一档最高不超过该指标分值。", 1, 9)],
        [C("填报人：周某", 1, 4), C("联系电话：", 1, 5)],
    ]
    document = read_one([TITLE, rows])
    assert document.remarks == []
    assert document.data["total"]["score"] == Decimal("98.3")
    assert document.data["notes"] == [
        "其他需要说明事项：无", "注：1.得分一档最高不超过该指标分值。", "填报人：周某  联系电话：",
    ]  # fmt: skip
    assert document.locate("/notes/1") == CellPlace(0, 15, 0)


def test_closing_notes_may_use_the_words_of_goals() -> None:
    rows: list[Row] = [*FORM, ["", "绩效目标", C("来年不变", 1, 7)]]
    document = read_one([TITLE, rows])
    assert document.data["goals"]["expected"] == "养护绿道三十公里。"
    assert unmapped(document) == ["绩效目标", "来年不变"]


def test_words_of_sections_in_other_columns_are_reported() -> None:
    row: Row = ["产出", "数量", "巡查", "1", "1", "5", "5", "", "指标"]
    document = read_one([TITLE, START, [[*INDICATOR_HEADER, "抽查"], row]])
    assert unmapped(document) == ["抽查", "指标"]


def test_nothing_is_dropped_silently() -> None:
    header: Row = [*INDICATOR_HEADER, "抽查记录"]
    document = read_one(
        [
            TITLE,
            [*HEADING, ["项目名称", "甲", "", "", "", "", "", "", "杂项"]],
            [
                header,
                ["产出", "数量", "巡查", "1", "1", "5", "5", "", "三月抽查" * 30],
                ["小计", "", "", "", "", "5", "5", "", ""],
            ],
        ]
    )
    texts = unmapped(document)
    assert "抽查记录" in texts
    assert ("三月抽查" * 30)[:60] in texts
    assert "小计" in texts
    assert len(document.data["indicators"]) == 1


def test_text_that_looks_like_a_form_but_is_none() -> None:
    (document,) = read(word([TITLE, HEADING]), ".docx")
    assert document.data is None
    (remark,) = document.remarks
    assert remark.kind == "unrecognised-table"
    assert "指标" in remark.arguments["reason"].zh
    assert remark.place == CellPlace(0, 0, 0)


def test_indicators_without_any_other_part_are_no_form() -> None:
    (document,) = read(word(["评价报告", [INDICATOR_HEADER, ["产出", "数量", "甲", "1", "1", "5", "5", ""]]]), ".docx")
    assert document.data is None
    assert [remark.kind for remark in document.remarks] == ["unrecognised-table"]


def test_file_without_form() -> None:
    for documents in read_all(["会议通知", [["时间", "地点"], ["九点", "一楼"]]]).values():
        (document,) = documents
        assert document.data is None
        assert [remark.kind for remark in document.remarks] == ["unrecognised-table"]


def test_other_tables_beside_a_form_are_silent_unless_they_look_like_one() -> None:
    layout: list[Row] = [["首页", "信息公开"]]
    document = read_one([layout, TITLE, FORM, [["经办", "日期"], ["周某", "三月"]]])
    assert document.remarks == []
    document = read_one([TITLE, FORM, [["年初预算数", "一级指标", "预期目标"], ["1", "2", "3"]]])
    assert [remark.kind for remark in document.remarks] == ["unrecognised-table"]
