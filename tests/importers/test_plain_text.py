"""Plain text: tab-separated extractions with slipped rows and cut cells, columns by wide space, places."""

from __future__ import annotations

import re
from collections import Counter
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lintperf_builtin.importers import IMPORTERS
from lintperf_builtin.importers.grid import MAX_CELLS, Grid
from lintperf_builtin.importers.plain_text import read_plain_text

from lintperf.document import Document
from lintperf.extension import Source, UnreadableError
from lintperf.model import TextPlace

HEADER = "绩效指标→一级指标→二级指标→三级指标→年度指标值→实际完成值→分值→得分→偏差原因分析"
FORM = f"""项目支出绩效自评表
（2023年度）

项目名称→绿道养护→→→→→项目金额→120000→
主管部门→云溪市城市管理局→→→→→实施单位→→绿道养护中心
项目资金（元）→→年初预算数→全年预算数→全年执行数→分值→执行率→得分→
→年度资金总额→120000.00→120000.00→90000.00→10→0.75→7.5→
→其中：当年财政拨款→120000.00→120000.00→90000.00→—→0.75→—→
年度总体目标→预期目标→→→→实际完成情况→→→
→养护绿道三十公里。→→→→养护绿道二十八公里。→→→
{HEADER}
→产出指标→数量指标→养护里程→≥30公里→28公里→30→28→雨季停工
→→→补植苗木→200株→200株→20→20→无
→→质量指标→苗木成活率→≥95%→96%→10→10→
→效益指标→社会效益指标→居民使用率→提高→提高→20→20→无
→→满意度指标→居民满意度→≥90%→93%→10→10→无
总分→→→→→→100→95.5→
""".replace("→", "\t")
ROWS = [
    ("产出指标", "数量指标", "养护里程", "≥30公里", "28公里", "30", "28", "雨季停工"),
    ("产出指标", "数量指标", "补植苗木", "200株", "200株", "20", "20", "无"),
    ("产出指标", "质量指标", "苗木成活率", "≥95%", "96%", "10", "10", ""),
    ("效益指标", "社会效益指标", "居民使用率", "提高", "提高", "20", "20", "无"),
    ("效益指标", "满意度指标", "居民满意度", "≥90%", "93%", "10", "10", "无"),
]
FIELDS = ("level1", "level2", "name", "target", "actual", "weight", "score", "explanation")


def read(text: str, suffix: str = ".txt") -> Document:
    importer = next(one for one in IMPORTERS if suffix in one.suffixes)
    (document,) = importer.read(Source(f"form{suffix}", text.encode()))
    return document


def rows(data: Any) -> list[tuple[str | None, ...]]:
    return [
        tuple(None if (value := row[name]) is None else str(value) for name in FIELDS) for row in data["indicators"]
    ]


def table(*lines: str) -> list[tuple[str | None, ...]]:
    """The indicators of the form with other rows under its header."""
    before, _ = FORM.split(HEADER.replace("→", "\t"))
    return rows(read(before + "\n".join([HEADER, *lines]).replace("→", "\t")).data)


def test_plain_form() -> None:
    document = read(FORM)
    data = document.data
    assert rows(data) == ROWS
    heading = data["heading"]
    assert (heading["project"], heading["unit"], heading["year"]) == ("绿道养护", "绿道养护中心", Decimal(2023))
    assert heading["project_amount"] == Decimal(120000)
    assert [row["executed"] for row in data["funds"]["rows"]] == [Decimal("90000.00")] * 2
    assert (data["goals"]["expected"], data["goals"]["achieved"]) == ("养护绿道三十公里。", "养护绿道二十八公里。")
    assert (data["total"]["weight"], data["total"]["score"]) == (Decimal(100), Decimal("95.5"))
    assert document.remarks == []
    assert document.unsure == frozenset()


def test_places_are_exact() -> None:
    document = read(FORM)
    place = document.locate("/indicators/1/actual")
    assert isinstance(place, TextPlace)
    assert document.source == FORM
    assert FORM[place.offset : place.end_offset] == "200株"
    assert (place.line, place.column) == (12, 13)
    line = FORM.split("\n")[place.line]
    assert line[place.column : place.end_column] == "200株"


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
def test_ends_of_lines_and_a_mark_at_the_start(ending: str) -> None:
    document = read("\ufeff" + FORM.replace("\n", ending))
    assert rows(document.data) == ROWS
    place = document.locate("/indicators/0/name")
    assert isinstance(place, TextPlace)
    assert document.source is not None
    assert document.source[place.offset : place.end_offset] == "养护里程"
    assert place.line == 11


@pytest.mark.parametrize("encoding", ["gb18030", "utf-16"])
def test_encodings(encoding: str) -> None:
    importer = next(one for one in IMPORTERS if ".txt" in one.suffixes)
    (document,) = importer.read(Source("form.txt", FORM.encode(encoding)))
    assert rows(document.data) == ROWS


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        # the blank of the merged first level is lost: the whole row stands one column too far left
        ("→质量指标→苗木成活率→≥95%→96%→10→10→无→", (None, "质量指标", "苗木成活率", "≥95%", "96%", "10", "10", "无")),
        # an added blank
        ("→→产出指标→数量指标→养护里程→30公里→28公里→30→28→无",
         ("产出指标", "数量指标", "养护里程", "30公里", "28公里", "30", "28", "无")),
        # a name at the left edge, the values one column too far left
        ("开展讲座→→→10场→11场→5→5→无→", (None, None, "开展讲座", "10场", "11场", "5", "5", "无")),
        # two of three cells: the level slipped into the column of the name
        ("→→→质量指标→无→无→0→0→无偏差", (None, "质量指标", "", "无", "无", "0", "0", "无偏差")),
        # all fits: names that look odd stay where they stand
        ("→决策→项目立项→立项依据→充分→充分→5→5→", ("决策", "项目立项", "立项依据", "充分", "充分", "5", "5", "")),
    ],
)  # fmt: skip
def test_slipped_rows(line: str, expected: tuple[str | None, ...]) -> None:
    first = "→产出指标→数量指标→养护里程→≥30公里→28公里→30→28→无"
    _, row = table(first, line)
    above = ("产出指标", "数量指标")
    assert row == tuple(above[at] if value is None else value for at, value in enumerate(expected))


def test_slipped_values_are_unsure_and_only_those() -> None:
    slipped = FORM.replace("\t\t质量指标\t", "\t质量指标\t").replace("96%\t10\t10\t", "96%\t10\t10\t无")
    document = read(slipped)
    assert rows(document.data)[2] == ("产出指标", "质量指标", "苗木成活率", "≥95%", "96%", "10", "10", "无")
    assert {pointer for pointer in document.unsure if pointer.startswith("/indicators")} >= {
        "/indicators/2/name", "/indicators/2/weight", "/indicators/2/score",
    }  # fmt: skip
    assert not any(pointer.startswith(("/indicators/0", "/funds", "/heading")) for pointer in document.unsure)


def test_slipped_totals() -> None:
    slipped = FORM.replace("总分\t\t\t\t\t\t100\t95.5\t", "\t\t总分\t\t\t\t\t100\t95.5\t—")
    total = read(slipped).data["total"]
    assert (total["weight"], total["score"]) == (Decimal(100), Decimal("95.5"))


def test_first_level_in_the_middle_of_its_rows() -> None:
    first, second, third = table(
        "→产出指标→数量指标→养护里程→30→28→30→28→",
        "→→经济效益指标→节约经费→提高→提高→5→5→",
        "→效益指标→社会效益指标→居民使用率→提高→提高→5→5→",
    )
    assert [row[0] for row in (first, second, third)] == ["产出指标", "效益指标", "效益指标"]


def test_a_cell_cut_by_the_end_of_a_page() -> None:
    cut = FORM.replace("雨季停工", "雨季连续停\n\n\t\t\t\t\t\t\t\t工两周")
    assert rows(read(cut).data)[0][-1] == "雨季连续停工两周"
    goals = FORM.replace(
        "三十公里。\t\t\t\t养护绿道二十八公里。", "三十\t\t\t\t养护绿道二十八\n- 2 -\n\n\t公里。\t\t\t\t公里。"
    )
    data = read(goals).data
    assert (data["goals"]["expected"], data["goals"]["achieved"]) == ("养护绿道三十公里。", "养护绿道二十八公里。")


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [("雨季停工", "雨季停工，\n工期顺延", "雨季停工，\n工期顺延"), ("养护里程", "养护\n里程", "养护\n里程"),
     ("28公里", "28\n公里", "28\n公里")],
)  # fmt: skip
def test_a_cell_with_line_breaks(old: str, new: str, expected: str) -> None:
    row = rows(read(FORM.replace(f"\t{old}", f"\t{new}", 1)).data)[0]
    assert expected in row
    assert len(rows(read(FORM.replace(f"\t{old}", f"\t{new}", 1)).data)) == len(ROWS)


def test_a_header_that_lost_a_blank() -> None:
    squeezed = FORM.replace("项目资金（元）\t\t", "项目资金（元）\t")
    assert read(squeezed).data["funds"] == read(FORM).data["funds"]


def test_two_forms_in_one_text() -> None:
    importer = next(one for one in IMPORTERS if ".txt" in one.suffixes)
    documents = list(importer.read(Source("forms.txt", (FORM + "\n" + FORM.replace("绿道养护", "古树保护")).encode())))
    assert [document.data["heading"]["project"] for document in documents] == ["绿道养护", "古树保护"]
    assert [rows(document.data) for document in documents] == [ROWS, ROWS]


def by_space(text: str, wide: bool) -> str:
    """The form with its columns in line, or each only two blanks from the next."""
    lines = [line.split("\t") for line in text.split("\n")]
    width = [max((2 * len(line[at]) for line in lines if len(line) > at + 1), default=0) + 3 for at in range(9)]
    drawn = []
    for line in lines:
        pieces = [
            field + " " * (width[at] - sum(2 if ord(one) > 0x2000 and one not in "≥—" else 1 for one in field))
            for at, field in enumerate(line[:9])
        ]
        joined = "".join(pieces).rstrip() if len(line) > 1 else line[0]
        drawn.append(joined if wide else re.sub(r"(?<=\S) {2,}", "  ", joined))
    return "\n".join(drawn)


@pytest.mark.parametrize("wide", [True, False])
def test_columns_by_wide_space(wide: bool) -> None:
    document = read(by_space(FORM, wide))
    assert rows(document.data) == ROWS
    assert document.data["goals"]["achieved"] == "养护绿道二十八公里。"
    assert document.data["heading"]["unit"] == "绿道养护中心"
    assert bool(document.unsure) is not wide


def test_one_wide_blank_parts_columns_but_no_word() -> None:
    text = FORM.replace("得分", "得　分").replace("\t", "　　")
    blocks = read_plain_text(text)[0].blocks
    texts = {cell.text for block in blocks if isinstance(block, Grid) for row in block.rows for cell in row if cell}
    assert "得　分" in texts


@pytest.mark.parametrize("text", ["买菜\n- 土豆\n", "甲\t乙\n丙\t丁\n", "一、绪论\n\n本文讨论绩效。\n"])
def test_a_text_without_a_form(text: str) -> None:
    document = read(text)
    assert document.data is None
    assert [remark.kind for remark in document.remarks] == ["unrecognised-table"]


@pytest.mark.parametrize("text", ["a\t" * (MAX_CELLS + 1), "a  " * (MAX_CELLS + 1), "a\n" * (MAX_CELLS + 1)])
def test_too_many_cells(text: str) -> None:
    with pytest.raises(UnreadableError) as caught:
        read(text)
    assert "too large" in caught.value.reason.en


@given(st.lists(st.lists(st.sampled_from(["", "产出指标", "数量指标", "5", "90%", "无", "总分", "原因长", "得分"]),
                         min_size=1, max_size=12), max_size=12))  # fmt: skip
def test_no_text_is_lost_whatever_the_rows(lines: list[list[str]]) -> None:
    # a number alone on its line after a blank one is a page's number
    assume(["5"] not in lines)
    text = FORM + "\n".join("\t".join(line) for line in lines)
    kept = ""
    for block in read_plain_text(text)[0].blocks:
        if isinstance(block, Grid):
            kept += "".join(cell.text for row in range(len(block.rows)) for cell in block.own(row))
        else:
            kept += block.text
    # a first level may be there twice, put up to where it belongs
    assert not Counter(re.sub(r"\s", "", text)) - Counter(kept)
