"""Invented evaluation reports in several formats and styles of heading: what is read of them, and where it stood."""

from __future__ import annotations

import html
import json
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lintperf_builtin.importers import report_text
from lintperf_builtin.importers.grid import Paragraph
from lintperf_builtin.importers.report import is_report
from lintperf_builtin.importers.report_outline import Line, headings, numbered, section_points, sections
from lintperf_builtin.importers.word import cell_offsets, footnote_texts, heading_levels
from office_files import FORM, TITLE, Block, C, Row, W, page, read, word, word_xml, zip_file

from lintperf.document import Document
from lintperf.model import CellPlace, ParagraphPlace, TextPlace

D = Decimal

REPORT_TITLE = "2023年度城市绿道养护项目支出绩效评价报告"
LETTER = (
    "根据《中共滨城市委关于推进预算绩效工作的意见》（滨发〔2021〕8号）要求，滨城市园林管理局（以下简称“我局”）对"
    "“城市绿道养护”项目开展绩效评价，现将情况报告如下。"
)
BACKGROUND = "绿道沿江而建，全长四十余公里，养护工作自开园以来由我局承担，资金列入部门预算，按季度拨付给养护单位。"
PAYMENTS: list[Row] = [
    ["序号", "支付内容", "支付金额", "收款单位", "支付时间"],
    ["1", "上半年养护费", "30.5", C("滨城绿化服务公司", rows=2), "2023年6月"],
    ["2", "下半年养护费", "29.5", "2023年12月"],
    [C("合计", columns=2), "60", "—", "—"],
]
GOALS: list[Row] = [
    ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值"],
    [C("产出指标（50分）", rows=2), "数量指标", "养护绿道长度", "≥40公里", "42公里"],
    ["质量指标", "养护验收合格率", "$\\geq 95\\%$", "97%"],
]
SCORES: list[Row] = [
    ["一级指标", "二级指标", "三级指标", "标杆值", "实际完成值", "权重", "得分"],
    [C("项目决策", rows=3), C("项目立项（10分）", rows=2), "立项依据充分性", "充分", "100%", "6", "6"],
    ["立项程序规范性", "规范", "100%", "4", "3.5"],
    [C("小计", columns=2), "--", "--", "10", "9.5"],
    [C("项目产出", rows=2), "产出数量（90分）", "养护绿道长度", "40公里", "42公里", "90", "85"],
    [C("小计", columns=2), "--", "--", "90", "85"],
    [C("合计", columns=3), "100", "--", "--", "94.5"],
]
QUANTITIES: list[Row] = [
    ["序号", "指标名称", "计划完成数量", "实际完成数量", "完成率"],
    ["1", "补植苗木", "200株", "240株", "120%"],
    ["2", "更换座椅", "30个", "30个", "100%"],
]
CRITERIA: list[Row] = [
    [C("评价指标", columns=4), *(C(one, rows=2) for one in ("指标说明", "评分标准", "标杆值", "实际完成值", "得分"))],
    ["一级指标", "二级指标", "三级指标", "权重"],
    [
        C("项目决策（10分）", rows=2), C("项目立项（10分）", rows=2), "立项依据充分性", "6", "立项是否有依据。",
        "①符合规划（3分）；②属于职责范围（3分）。", "充分", "100%", "6",
    ],
    ["立项程序规范性", "4", "程序是否合规。", "①经过论证（4分）。", "规范", "100%", "3.5"],
    [
        "项目产出（90分）", "产出数量（90分）", "养护绿道长度", "90", "考察养护长度。", "≥40公里得满分。",
        "40公里", "42公里", "85",
    ],
]  # fmt: skip
BLOCKS: list[Block] = [
    REPORT_TITLE,
    LETTER,
    "一、基本情况",
    "（一）项目背景",
    BACKGROUND,
    "（二）资金情况",
    "项目年初预算60万元，全部到位，支付情况见下表：",
    "表1-1 项目资金支付情况表",
    "单位：万元",
    PAYMENTS,
    "（三）绩效目标",
    "1.项目总目标",
    "保持绿道整洁、安全、通畅，让沿线居民有处可走、有景可看。",
    "2.年度绩效目标",
    "全年养护绿道不少于40公里，补植苗木不少于200株。",
    "表1-2 绩效目标完成情况表",
    GOALS,
    "二、评价工作情况",
    "本次评价时段为2023年1月1日至12月31日。评价依据包括：",
    "（1）《中华人民共和国预算法》；",
    "（2）财政部《项目支出绩效评价管理办法》（财预〔2020〕10号）；",
    "三、综合评价结论",
    "经评价，项目得分94.5分，等级为“优”¹，各项得分见下表。",
    "表3-1 得分情况表",
    SCORES,
    "1 等级分为四档：90（含）-100分为优、80（含）-90分为良、60（含）-80分为中、60分以下为差。",
    "（一）项目产出（满分90分，得分85分）",
    "数量指标完成情况如下。",
    "表3-2 数量指标完成情况表",
    QUANTITIES,
    "四、存在的问题",
    "座椅更换进度前松后紧，个别路段夜间照明不足，居民反映较多，需要在下一年度统筹安排并按季度检查。",
    "附件：绩效评价指标评分表",
    CRITERIA,
    "总分\t\t\t100\t\t\t\t\t94.5",
]


def one(content: bytes, suffix: str) -> Document:
    documents = read(content, suffix)
    assert len(documents) == 1
    return documents[0]


def markdown(blocks: list[Block]) -> bytes:
    lines = []
    for block in blocks:
        if isinstance(block, str):
            lines += [block.replace("\t", "  "), ""]
            continue
        body = "".join(
            "<tr>"
            + "".join(
                f"<td rowspan={cell.rows} colspan={cell.columns}>{html.escape(cell.text)}</td>"
                for cell in (value if isinstance(value, C) else C(value) for value in row)
            )
            + "</tr>"
            for row in block
        )
        lines += [f"<table>{body}</table>", ""]
    return "\n".join(lines).encode()


def styled(blocks: list[Block]) -> bytes:
    """The report with the headings of its chapters and sections in styles whose names mean nothing."""
    styles = (
        f'<w:styles xmlns:w="{W}"><w:style w:type="paragraph" w:styleId="a1"><w:name w:val="heading 1"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="a2"><w:name w:val="二级"/>'
        '<w:pPr><w:outlineLvl w:val="1"/></w:pPr></w:style>'
        '<w:style w:type="paragraph" w:styleId="a3"><w:name w:val="mine"/><w:basedOn w:val="a3b"/></w:style>'
        '<w:style w:type="paragraph" w:styleId="a3b"><w:name w:val="Heading 3"/></w:style></w:styles>'
    )
    xml = word_xml(blocks)
    starts = {
        "a1": ("一、", "二、", "三、", "四、", "附件："),
        "a2": ("（一）", "（二）", "（三）"),
        "a3": ("1.项目", "2.年度"),
    }
    for style, texts in starts.items():
        for text in texts:
            run = f"<w:r><w:t>{text}"
            xml = xml.replace(f"<w:p>{run}", f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr>{run}')
    return zip_file({"[Content_Types].xml": "<Types/>", "word/document.xml": xml, "word/styles.xml": styles})


DOCUMENT = one(word(BLOCKS), ".docx")
DATA = DOCUMENT.data


def rows(name: str, *fields: str, **given: Any) -> list[tuple[Any, ...]]:
    """The fields of the rows of an array that have the given values."""
    return [
        tuple(row[field] for field in fields)
        for row in DATA[name] or ()
        if all(row[key] == value for key, value in given.items())
    ]


@pytest.mark.parametrize(
    ("content", "suffix"),
    [(page(BLOCKS), ".html"), (markdown(BLOCKS), ".md"), (styled(BLOCKS), ".docx")],
    ids=["html", "markdown", "styles"],
)
def test_all_formats_give_the_same_data(content: bytes, suffix: str) -> None:
    document = one(content, suffix)
    assert document.data == DATA
    assert document.remarks == []


def test_the_schema_holds() -> None:
    schema = json.loads((Path(__file__).parents[2] / "schemas" / "evaluation-report.json").read_text(encoding="utf-8"))
    plain = json.loads(json.dumps(DATA, default=float))
    assert list(jsonschema.Draft202012Validator(schema).iter_errors(plain)) == []


def test_title_and_first_paragraph() -> None:
    assert (DATA["type"], DATA["version"], DATA["title"]) == ("evaluation-report", "1", REPORT_TITLE)
    assert DATA["heading"] == {
        "project": "城市绿道养护", "department": "滨城市园林管理局", "unit": None, "year": D(2023),
    }  # fmt: skip


def test_sections_are_a_tree() -> None:
    assert rows("sections", "number", "title", "level", "parent", "weight", "score") == [
        ("一、", "基本情况", 1, None, None, None),
        ("（一）", "项目背景", 2, 0, None, None),
        ("（二）", "资金情况", 2, 0, None, None),
        ("（三）", "绩效目标", 2, 0, None, None),
        ("1.", "项目总目标", 3, 3, None, None),
        ("2.", "年度绩效目标", 3, 3, None, None),
        ("二、", "评价工作情况", 1, None, None, None),
        ("三、", "综合评价结论", 1, None, None, None),
        ("（一）", "项目产出（满分90分，得分85分）", 2, 7, 90, 85),
        ("四、", "存在的问题", 1, None, None, None),
        (None, "附件：绩效评价指标评分表", 1, None, None, None),
    ]


def test_paragraphs_know_their_section_and_role() -> None:
    assert rows("paragraphs", "text", "section")[:3] == [
        (LETTER, None), (BACKGROUND, 1), ("项目年初预算60万元，全部到位，支付情况见下表：", 2),
    ]  # fmt: skip
    assert rows("paragraphs", "text", role="unit") == [("单位：万元",)]
    assert [text[:5] for (text,) in rows("paragraphs", "text", role="caption")] == [
        "表1-1 ",
        "表1-2 ",
        "表3-1 ",
        "表3-2 ",
    ]
    assert [text[:7] for (text,) in rows("paragraphs", "text", role="footnote")] == ["1 等级分为四"]
    # lines of a list are no headings
    assert rows("paragraphs", "text", section=6)[1:] == [
        ("（1）《中华人民共和国预算法》；",), ("（2）财政部《项目支出绩效评价管理办法》（财预〔2020〕10号）；",),
    ]  # fmt: skip


def test_payments() -> None:
    assert DATA["payments"] == {
        "rows": [
            {"label": "上半年养护费", "payee": "滨城绿化服务公司", "amount": D("30.5"), "date": "2023年6月"},
            {"label": "下半年养护费", "payee": "滨城绿化服务公司", "amount": D("29.5"), "date": "2023年12月"},
        ],
        "total": D(60),
    }
    assert DATA["funds"] == {"currency_unit": "万元", "rows": []}


def test_tables_are_told_by_their_headers() -> None:
    assert rows("tables", "role", "number", "caption", "section", "has_weights", "has_scores", "has_explanations") == [
        ("goals", "表1-2", "绩效目标完成情况表", 5, False, False, False),
        ("scores", "表3-1", "得分情况表", 7, True, True, False),
        ("quantities", "表3-2", "数量指标完成情况表", 8, False, False, False),
        ("criteria", "附件", "绩效评价指标评分表", 10, True, True, False),
    ]


def test_indicators() -> None:
    assert rows("indicators", "level1", "level2", "name", "target", "actual", "weight", "score", table=0) == [
        ("产出指标（50分）", "数量指标", "养护绿道长度", "≥40公里", "42公里", None, None),
        ("产出指标（50分）", "质量指标", "养护验收合格率", "$\\geq 95\\%$", "97%", None, None),
    ]
    assert rows("indicators", "level1", "level2", "name", "target", "actual", "weight", "score", table=1) == [
        ("项目决策", "项目立项（10分）", "立项依据充分性", "充分", "100%", 6, 6),
        ("项目决策", "项目立项（10分）", "立项程序规范性", "规范", "100%", 4, D("3.5")),
        ("项目产出", "产出数量（90分）", "养护绿道长度", "40公里", "42公里", 90, 85),
    ]
    assert rows("indicators", "level1", "name", "target", "actual", "completion_rate", table=2) == [
        (None, "补植苗木", "200株", "240株", "120%"),
        (None, "更换座椅", "30个", "30个", "100%"),
    ]
    assert rows("indicators", "level1", "name", "weight", "description", "criterion", "score", table=3) == [
        ("项目决策（10分）", "立项依据充分性", 6, "立项是否有依据。", "①符合规划（3分）；②属于职责范围（3分）。", 6),
        ("项目决策（10分）", "立项程序规范性", 4, "程序是否合规。", "①经过论证（4分）。", D("3.5")),
        ("项目产出（90分）", "养护绿道长度", 90, "考察养护长度。", "≥40公里得满分。", 85),
    ]


def test_subtotals() -> None:
    fields = ("table", "label", "kind", "level1", "first", "last", "weight", "score")
    assert rows("subtotals", *fields) == [
        (1, "小计", "subtotal", "项目决策", 2, 3, 10, D("9.5")),
        (1, "小计", "subtotal", "项目产出", 4, 4, 90, 85),
        (1, "合计", "total", None, 2, 4, None, D("94.5")),
        (3, "总分", "total", None, 7, 9, 100, D("94.5")),
    ]
    assert DATA["subtotals"][2]["misplaced"] == [{"column": "标杆值", "value": D(100)}]


def test_period_goals_and_grades() -> None:
    paragraph = next(at for at, each in enumerate(DATA["paragraphs"]) if "评价时段" in each["text"])
    assert DATA["period"] == {"from": "2023-01-01", "to": "2023-12-31", "label": "评价时段", "paragraph": D(paragraph)}
    assert DATA["goals"] == {
        "overall": "保持绿道整洁、安全、通畅，让沿线居民有处可走、有景可看。",
        "annual": "全年养护绿道不少于40公里，补植苗木不少于200株。",
    }
    assert rows("grade_bands", "grade", "lower", "upper") == [
        ("优", 90, 100), ("良", 80, 90), ("中", 60, 80), ("差", None, 60),
    ]  # fmt: skip


def test_citations() -> None:
    assert rows("citations", "title", "number", "issuer") == [
        ("中共滨城市委关于推进预算绩效工作的意见", "滨发〔2021〕8号", None),
        ("中华人民共和国预算法", None, None),
        ("项目支出绩效评价管理办法", "财预〔2020〕10号", "财政部"),
    ]


def test_places_in_word() -> None:
    places = {
        "/title": ParagraphPlace(0),
        "/sections/1": ParagraphPlace(3),
        "/paragraphs/0/text": ParagraphPlace(1),
        "/citations/0": ParagraphPlace(1, 2, 35),
        "/payments/rows/1/payee": CellPlace(0, 1, 3),
        "/payments/total": CellPlace(0, 3, 2),
        "/indicators/3/score": CellPlace(2, 2, 6),
        "/subtotals/2/misplaced/0/value": CellPlace(2, 6, 3),
        # a total as a line below its table
        "/subtotals/3/weight": ParagraphPlace(29),
    }
    assert {pointer: DOCUMENT.locate(pointer) for pointer in places} == places
    assert LETTER[2:35] == "《中共滨城市委关于推进预算绩效工作的意见》（滨发〔2021〕8号）"


def test_places_in_text() -> None:
    document = one(markdown(BLOCKS), ".md")
    place = document.locate("/citations/0")
    assert isinstance(place, TextPlace)
    assert document.source is not None
    assert (
        document.source[place.offset : place.end_offset]
        == "《中共滨城市委关于推进预算绩效工作的意见》（滨发〔2021〕8号）"
    )


def test_footnotes_of_word() -> None:
    """They stand behind the paragraph that refers to them, and have its place."""
    note = BLOCKS[BLOCKS.index(SCORES) + 1]
    assert isinstance(note, str)
    blocks = [block for block in BLOCKS if block != note]
    lead = "经评价，项目得分94.5分，等级为“优”"
    xml = word_xml(blocks).replace(f"{lead}¹", f'{lead}</w:t></w:r><w:r><w:footnoteReference w:id="2"/><w:t>')
    notes = (
        f'<w:footnotes xmlns:w="{W}"><w:footnote w:id="-1"><w:p><w:r><w:separator/></w:r></w:p></w:footnote>'
        f'<w:footnote w:id="2"><w:p><w:r><w:footnoteRef/><w:t xml:space="preserve"> {note[2:20]}</w:t></w:r>'
        f"<w:r><w:t>{note[20:]}</w:t></w:r></w:p></w:footnote></w:footnotes>"
    )
    parts = {"[Content_Types].xml": "<Types/>", "word/document.xml": xml, "word/footnotes.xml": notes}
    document = one(zip_file(parts), ".docx")
    at = next(at for at, each in enumerate(document.data["paragraphs"]) if each["role"] == "footnote")
    assert document.data["paragraphs"][at]["text"] == note[2:]
    assert document.data["paragraphs"][at - 1]["text"].startswith(lead)
    assert document.locate(f"/paragraphs/{at}") == document.locate(f"/paragraphs/{at - 1}")
    assert [{**band, "paragraph": None} for band in document.data["grade_bands"]] == [
        {**band, "paragraph": None} for band in DATA["grade_bands"]
    ]


def test_where_paragraphs_begin_in_the_xml() -> None:
    xml = word_xml(BLOCKS).encode()
    offsets = cell_offsets(xml)
    texts = [block for block in BLOCKS if isinstance(block, str)]
    for number, text in enumerate(texts):
        start = offsets[ParagraphPlace(number)]
        assert xml[start:].decode().startswith(f"<w:p><w:r><w:t>{text}")


@pytest.mark.parametrize(
    "styles", [b"<w:style " * 200_000, b"<w:style>" * 200_000, b"<a" * 500_000, b"</w:style>" * 99_999]
)
def test_hostile_styles_take_little_time(styles: bytes) -> None:
    started = time.process_time()
    assert heading_levels(styles) == {}
    assert footnote_texts(styles.replace(b"style", b"footnote")) in ({}, {"": ""})
    assert time.process_time() - started < 2


def test_a_report_and_the_form_annexed_to_it() -> None:
    report, form = read(word([*BLOCKS, TITLE, FORM]), ".docx")
    assert (report.data, report.remarks) == (DATA, [])
    (alone,) = read(word([TITLE, FORM]), ".docx")
    assert (form.index, form.data) == (1, alone.data)


def test_forms_alone_are_no_report() -> None:
    assert [document.data["type"] for document in read(word([REPORT_TITLE, TITLE, FORM]), ".docx")] == [
        "self-evaluation"
    ]
    assert not is_report(
        [Paragraph(TITLE), Paragraph("一、填表说明"), Paragraph("二、其他"), Paragraph(BACKGROUND)] * 3
    )


def test_a_table_over_two_pages_goes_on() -> None:
    head, first, second = SCORES[0], SCORES[1:4], SCORES[4:]
    cut = [*BLOCKS[: BLOCKS.index(SCORES)], [head, *first], [head, *second], *BLOCKS[BLOCKS.index(SCORES) + 1 :]]
    assert one(word(cut), ".docx").data == DATA


def test_a_cell_that_a_page_cut_is_joined_and_unsure() -> None:
    whole = "①符合规划，并且列入市级三年行动计划（3分）；②属于职责范围（3分）。"
    head = [*CRITERIA[:2]]
    begin: Row = ["决策", "立项", "立项依据", "6", "说明", "①符合规划，并且列入市级", "充分", "100%", "6"]
    rest: Row = ["", "", "", "", "", "三年行动计划（3分）；②属于职责范围（3分）。", "", "", ""]
    last: Row = ["决策", "立项", "立项程序", "4", "说明", "①经过论证（4分）。", "规范", "100%", "4"]
    at = BLOCKS.index(CRITERIA)
    document = one(word([*BLOCKS[:at], [*head, begin], [rest, last]]), ".docx")
    criteria = [row for row in document.data["indicators"] if row["table"] == 3]
    assert [row["criterion"] for row in criteria] == [whole, "①经过论证（4分）。"]
    assert document.unsure == {f"/indicators/{len(document.data['indicators']) - 2}/criterion"}


def test_captions_and_units_within_a_table() -> None:
    title: Row = [C("表1-1 资金支付明细（单位：万元）", columns=5)]
    at = BLOCKS.index(PAYMENTS)
    data = one(word([*BLOCKS[: at - 2], [title, *PAYMENTS], *BLOCKS[at + 1 :]]), ".docx").data
    assert (data["payments"], data["funds"]) == (DATA["payments"], DATA["funds"])
    title = [C("附表2 评价指标评分表", columns=9)]
    at = BLOCKS.index(CRITERIA)
    data = one(word([*BLOCKS[: at - 1], [title, *CRITERIA]]), ".docx").data
    assert (data["tables"][3]["number"], data["tables"][3]["caption"]) == ("附表2", "评价指标评分表")


def test_what_is_not_taken_over_is_said() -> None:
    strange: list[Row] = [["姓名", "科室"], ["甲", "绿化科"]]
    lost: list[Row] = [["三级指标", "指标值", "分值", ""], ["养护长度", "40公里", "10", "另见说明"]]
    form_like: list[Row] = [["三级指标", "备注", "分值"], ["养护长度", "按季度", "10"]]
    document = one(
        word([*BLOCKS, "一段说明文字，与表无关。", strange, "又一段。", lost, "再一段。", form_like]), ".docx"
    )
    assert [(remark.kind, remark.place) for remark in document.remarks] == [
        ("unmapped-content", CellPlace(5, 0, 0)),
        ("unrecognised-table", CellPlace(7, 0, 0)),
        ("unmapped-content", CellPlace(6, 1, 3)),
    ]
    assert document.remarks[0].arguments["text"] == "姓名 | 科室 | 甲 | 绿化科"


def test_cover_contents_and_two_lines_of_title() -> None:
    cover: list[Block] = [
        "附件2", "城市绿道养护项目", "绩效评价报告", "项目名称：城市绿道养护", "主管部门：滨城市园林管理局",
        "目 录", "一、基本情况…………1", "二、评价工作情况\t3",
    ]  # fmt: skip
    data = one(word([*cover, *BLOCKS[1:]]), ".docx").data
    assert data["title"] == "城市绿道养护项目绩效评价报告"
    assert data["heading"] == {
        "project": "城市绿道养护", "department": "滨城市园林管理局", "unit": None, "year": None,
    }  # fmt: skip
    assert data["notes"] == ["附件2"]
    assert data["paragraphs"][0]["text"] == LETTER
    assert data["sections"] == DATA["sections"]


def test_points_of_each_level_are_not_those_of_the_indicator() -> None:
    table: list[Row] = [
        ["一级指标", "分值", "二级指标", "分值", "三级指标", "分值", "指标解释", "得分"],
        [C("产出", rows=2), C("60", rows=2), "数量", "40", "补植苗木", "40", "考察补植", "38"],
        ["质量", "20", "苗木成活率", "20", "考察成活", "20"],
    ]
    data = one(word([*BLOCKS[:5], "表2 指标体系", table, *BLOCKS[5:]]), ".docx").data
    found = [row for row in data["indicators"] if row["table"] == 0]
    assert [(row["name"], row["weight"], row["score"], row["description"]) for row in found] == [
        ("补植苗木", 40, 38, "考察补植"), ("苗木成活率", 20, 20, "考察成活"),
    ]  # fmt: skip
    assert found[0]["others"] == [{"label": "分值", "text": "60"}, {"label": "分值", "text": "40"}]
    assert data["tables"][0]["role"] == "scores"


@pytest.mark.parametrize(
    "above", [["表1-1 资金情况表", "单位：万元"], ["表1-1 资金情况表（单位：万元）"], ["（金额单位：万元）"]]
)
def test_funds_in_a_table(above: list[Block]) -> None:
    funds: list[Row] = [
        ["资金来源", "年初预算数", "全年预算数", "全年执行数", "执行率"],
        ["年度资金总额", "60", "60", "57", "95%"],
        ["其中：财政拨款", "60", "60", "57", "95%"],
    ]
    at = BLOCKS.index(PAYMENTS)
    blocks = [*BLOCKS[: at - 2], *above, funds, *BLOCKS[at + 1 :]]
    data = one(word(blocks), ".docx").data
    assert data["payments"] is None
    assert data["funds"]["currency_unit"] == "万元"
    assert [(row["source"], row["annual"], row["executed"], row["rate"]) for row in data["funds"]["rows"]] == [
        ("total", 60, 57, "95%"), ("fiscal", 60, 57, "95%"),
    ]  # fmt: skip


# --- headings ---


def outline(*texts: str) -> list[tuple[Any, ...]]:
    found = headings([Line(text) for text in texts])
    return [
        (section["number"], section["title"], int(section["level"]))
        for section in sections([found[at] for at in sorted(found)])
    ]


PROSE = "这一段写明养护工作的开展情况，与标题无关。"


def test_decimal_numbers() -> None:
    assert outline("1.项目概况", PROSE, "1.1 项目背景", PROSE, "1.2 资金", PROSE, "2.评价结论", PROSE) == [
        ("1.", "项目概况", 1), ("1.1", "项目背景", 2), ("1.2", "资金", 2), ("2.", "评价结论", 1),
    ]  # fmt: skip


def test_chapters() -> None:
    assert outline("第一部分 概况", PROSE, "一、背景", PROSE, "第二部分 结论", PROSE, "一、得分", PROSE) == [
        ("第一部分", "概况", 1), ("一、", "背景", 2), ("第二部分", "结论", 1), ("一、", "得分", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "texts",
    [
        # a list: no text between its lines
        ("1.补植苗木", "2.更换座椅", "3.清理河道"),
        # sentences
        ("1.全年补植苗木二百株；", PROSE),
        ("（1）项目产出情况。涵盖补植与养护。", PROSE),
        # titles of regulations, amounts, years, a count that does not begin
        ("1.《预算法》", PROSE),
        ("1.5万元用于补植", PROSE),
        ("2023.6 开工", PROSE),
        ("7.更换座椅", PROSE),
        ("一是加强养护", PROSE),
    ],
)
def test_what_only_looks_like_a_heading(texts: tuple[str, ...]) -> None:
    assert outline("一、存在的问题", PROSE, *texts) == [("一、", "存在的问题", 1)]


def test_a_heading_at_the_start_of_its_paragraph() -> None:
    assert outline("一、存在的问题", "（一）预算编制偏粗。个别支出没有测算依据，导致年末调整。") == [
        ("一、", "存在的问题", 1), ("（一）", "预算编制偏粗", 2),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "kind", "value", "title"),
    [
        ("十二、建议", "han", 12, "建议"),
        ("二十、建议", "han", 20, "建议"),
        ("(二) 分析", "han-paren", 2, "分析"),
        ("（3）质量", "arabic-paren", 3, "质量"),
        ("1、背景", "arabic", 1, "背景"),
        ("2．背景", "arabic", 2, "背景"),
        ("2.3 背景", "decimal", 3, "背景"),
    ],
)
def test_numbers_of_headings(text: str, kind: str, value: int, title: str) -> None:
    number = numbered(text)
    assert number is not None
    assert (number.kind, number.value, number.title) == (kind, value, title)


@pytest.mark.parametrize(
    ("title", "points"),
    [
        ("项目决策（20分）", (20, None)),
        ("项目决策（满分20分，得分18.5分）", (20, D("18.5"))),
        ("项目决策(得分 18 分，满分 20 分)", (20, 18)),
        ("项目决策（分值：20，得分：18）", (20, 18)),
        ("项目决策（20分，得18分）", (20, None)),
        ("项目决策（2023年）", (None, None)),
        ("项目决策（占20%）", (None, None)),
        ("项目决策", (None, None)),
    ],
)
def test_points_in_headings(title: str, points: tuple[Decimal | None, Decimal | None]) -> None:
    if title.endswith("得18分）"):
        points = (D(20), D(18))
    assert section_points(title) == points


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(["一、甲乙", "（一）丙丁", "1.戊己", "（1）庚辛", PROSE, "2.壬癸", "（二）子丑"]), max_size=30
    )
)
def test_every_section_has_its_parent_before_it(texts: list[str]) -> None:
    found = headings([Line(text) for text in texts])
    tree = sections([found[at] for at in sorted(found)])
    for at, section in enumerate(tree):
        parent = section["parent"]
        if parent is None:
            assert section["level"] == 1
        else:
            assert parent < at
            assert section["level"] == tree[int(parent)]["level"] + 1


# --- sentences ---


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("评价基准期为2022年7月1日至2023年6月30日。", ("2022-07-01", "2023-06-30", "评价基准期")),
        ("评价工作时间：2023.1.5-2023.3.20", ("2023-01-05", "2023-03-20", "评价工作时间")),
        ("评价基准日为2023年12月31日。", (None, "2023-12-31", "评价基准日")),
    ],
)
def test_period(text: str, expected: tuple[str | None, str, str]) -> None:
    found = report_text.period([(3, text)])
    assert found == {"from": expected[0], "to": expected[1], "label": expected[2], "paragraph": D(3)}


@pytest.mark.parametrize(
    "text", ["合同期为2023年1月1日至2023年12月31日。", "评价时段以合同为准。合同自2023年2月30日至3月1日。"]
)
def test_no_period(text: str) -> None:
    assert report_text.period([(0, text)]) is None


def test_the_period_itself_comes_before_the_time_of_the_work() -> None:
    texts = [(0, "评价工作时间为2024年1月1日至2024年3月1日。"), (1, "评价时段为2023年1月1日至2023年12月31日。")]
    found = report_text.period(texts)
    assert found is not None
    assert found["from"] == "2023-01-01"


@pytest.mark.parametrize(
    "text",
    [
        "90（含）-100分为优、80（含）-90分为良、60（含）-80分为中、60分以下为差",
        "优（90-100分）、良（80-90分）、中（60-80分）、差（60分以下）",
        "90分-100分为“优”，80分（含）-90分为“良”，60分（含）-80分为“中”，60分以下为“差”",
    ],
)
def test_bands_of_grades(text: str) -> None:
    bands = [(band["grade"], band["lower"], band["upper"]) for band in report_text.grade_bands([(0, text)])]
    assert bands == [("优", 90, 100), ("良", 80, 90), ("中", 60, 80), ("差", None, 60)]


def test_bands_with_an_open_end() -> None:
    text = "90分（含）以上为优秀，60分以下为不合格。"
    bands = [(band["grade"], band["lower"], band["upper"]) for band in report_text.grade_bands([(0, text)])]
    assert bands == [("优秀", 90, None), ("不合格", None, 60)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("按照国务院《关于加强绿化的指导意见》", ("关于加强绿化的指导意见", None, "国务院")),
        ("依据《政府采购法》（主席令第68号）", ("政府采购法", "主席令第68号", None)),
        ("滨城市财政局《关于印发〈绩效管理办法〉的通知》（滨财〔2022〕 3号）",
         ("关于印发〈绩效管理办法〉的通知", "滨财〔2022〕3号", "滨城市财政局")),
        ("养护单位编写了《绿道四季》画册", None),
        ("签订《绿道养护合同》", None),
    ],
)  # fmt: skip
def test_one_citation(text: str, expected: tuple[str, str | None, str | None] | None) -> None:
    found = [(each["title"], each["number"], each["issuer"]) for each, _, _ in report_text.citations([(0, text)])]
    assert found == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("title", "texts", "expected"),
    [
        ("2023年度古树保护项目绩效评价报告", ["“古树保护”项目实施以来"], ("古树保护", None, D(2023))),
        # the text never speaks of it
        ("2023年度古树保护项目绩效评价报告", ["项目实施以来"], (None, None, D(2023))),
        ("2021-2023年古树保护项目绩效评价报告", ["古树保护"], ("古树保护", None, None)),
        ("绩效评价报告", ["滨城市林业局（以下简称“我局”）"], (None, "滨城市林业局", None)),
        ("古树保护项目2023年度绩效评价报告", ["古树保护"], ("古树保护", None, D(2023))),
        ("绩效自评报告", ["按要求，滨城市林业局对古树保护项目开展自评。"], (None, "滨城市林业局", None)),
        ("绩效评价报告", ["受滨城市财政局委托，评价组于3月进场。"], (None, "滨城市财政局", None)),
    ],
)
def test_heading(title: str, texts: list[str], expected: tuple[Any, ...]) -> None:
    found = report_text.heading_of(title, texts)
    assert (found["project"], found["department"], found["year"]) == expected
