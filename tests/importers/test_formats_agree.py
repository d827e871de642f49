"""The same form in every office format gives the same data, with its own places."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from office_files import FORM, FUNDS, GOALS, HEADING, INDICATOR_HEADER, TITLE, C, read_all, read_one

from lintperf.model import CellPlace, SheetPlace

DATA = read_one([TITLE, FORM]).data


def pointers(data: Any, pointer: str = "") -> list[str]:
    """All pointers of scalars."""
    if isinstance(data, dict):
        return [one for key, value in data.items() for one in pointers(value, f"{pointer}/{key}")]
    if isinstance(data, list):
        return [one for index, value in enumerate(data) for one in pointers(value, f"{pointer}/{index}")]
    return [pointer]


def test_all_formats_give_the_same_data() -> None:
    for suffix, documents in read_all([TITLE, FORM]).items():
        assert [document.data for document in documents] == [DATA], suffix
        assert documents[0].remarks == [], suffix


def test_fields_are_those_of_the_form() -> None:
    assert list(DATA) == [
        "type", "version", "kind", "layout", "title", "heading", "funds", "goals", "indicators", "total", "notes",
    ]  # fmt: skip
    assert DATA["title"] == TITLE
    assert DATA["heading"] == {
        "project": "绿道养护",
        "project_amount": Decimal(3600000),
        "department": "城市管理局",
        "unit": "绿化处",
        "year": None,
        "others": [],
    }
    funds = DATA["funds"]
    assert funds["currency_unit"] == "元"
    assert [row["source"] for row in funds["rows"]] == ["total", "fiscal", "carryover", "other"]
    assert str(funds["rows"][0]["initial"]) == "1200000.00"
    assert [row["rate"] for row in funds["rows"]] == [Decimal("0.98"), "98%", None, None]
    assert [row["weight"] for row in funds["rows"]] == [Decimal(10), None, None, None]
    assert str(funds["rows"][0]["score"]) == "9.80"
    assert DATA["goals"] == {"expected": "养护绿道三十公里。", "achieved": "养护绿道二十九公里。"}
    assert DATA["total"] == {"label": "总分", "weight": Decimal(100), "score": Decimal("98.30"), "grade": None}


def test_indicators_spread_merged_levels_and_keep_decimals() -> None:
    rows = DATA["indicators"]
    assert [(row["level1"], row["level2"], row["name"]) for row in rows] == [
        ("产出指标", "数量指标", "养护长度"),
        ("产出指标", "数量指标", "补植灌木"),
        ("效益指标", "社会效益指标", "游客满意度"),
    ]
    assert [str(row["weight"]) for row in rows] == ["50.0", "20", "20"]
    assert [str(row["score"]) for row in rows] == ["48.5", "20", "20"]
    assert [row["explanation"] for row in rows] == ["汛期停工，下季度补齐。", "无偏差", ""]
    assert rows[0]["operator"] is None and rows[0]["unit"] is None


@pytest.mark.parametrize(
    ("pointer", "row", "column", "cell"),
    [
        ("/heading/project", 0, 1, "B2"),
        ("/funds/rows/0/rate", 3, 7, "H5"),
        ("/funds/rows/3/score", 6, 8, "I8"),
        ("/goals/achieved", 8, 5, "F10"),
        ("/indicators/1/level1", 10, 1, "B12"),
        ("/indicators/1/target", 11, 4, "E13"),
        ("/indicators/2/explanation", 12, 8, "I14"),
        ("/indicators/2", 12, 3, "D14"),
        ("/total/score", 13, 7, "H15"),
        ("/funds", 2, 0, "A4"),
        ("/heading", 0, 0, "A2"),
        ("/goals", 7, 0, "A9"),
        ("/indicators", 9, 0, "A11"),
        ("/total", 13, 1, "B15"),
    ],
)
def test_places(pointer: str, row: int, column: int, cell: str) -> None:
    documents = read_all([TITLE, FORM])
    assert documents[".docx"][0].locate(pointer) == CellPlace(0, row, column)
    assert documents[".html"][0].locate(pointer) == CellPlace(0, row, column)
    assert documents[".xlsx"][0].locate(pointer) == SheetPlace("表1", cell)


def test_every_value_that_the_form_has_a_cell_for_has_a_place() -> None:
    document = read_one([TITLE, FORM])
    drawn = [pointer for pointer in pointers(DATA) if not pointer.startswith("/layout/")]
    without = {pointer.rsplit("/", 1)[-1] for pointer in drawn if document.locate(pointer) is None}
    assert without == {"type", "version", "kind", "title", "year", "operator", "unit", "grade", "explanation", "notes"}
    assert all(document.locate(f"/indicators/{row}/explanation") for row in range(3))


TEXT = (
    st.text(st.sampled_from("养护绿道树木①㎡≥％<&>\"'30.5、。 "), min_size=1, max_size=12).map(str.strip).filter(bool)
)
NUMBER = st.decimals(0, 100, places=2).map(str)


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.tuples(TEXT, TEXT, TEXT, NUMBER, NUMBER, st.one_of(st.just(""), TEXT)), min_size=1, max_size=6),
    st.integers(1, 3),
)
def test_rows_come_back_as_written(rows: list[tuple[str, ...]], merged: int) -> None:
    rows = [(f"名{name}", f"值{' '.join(target.split())}", f"实{' '.join(actual.split())}", *rest)
            for name, target, actual, *rest in rows]  # fmt: skip
    merged = min(merged, len(rows))
    table = [[C("绩效指标", len(rows) + 1), *INDICATOR_HEADER]]
    for index, row in enumerate(rows):
        levels: list[C | str] = ["效益指标", "社会效益指标"]
        if index < merged:
            levels = [C("产出指标", merged), C("数量指标", merged)] if index == 0 else []
        table.append([*levels, *row])
    for suffix, documents in read_all([TITLE, [*HEADING, *FUNDS, *GOALS, *table]]).items():
        (document,) = documents
        assert document.remarks == []
        got = [
            tuple(row[key] for key in ("name", "target", "actual", "weight", "score", "explanation"))
            for row in document.data["indicators"]
        ]
        expected = [
            (" ".join(name.split()), target, actual, Decimal(weight), Decimal(score), " ".join(text.split()))
            for name, target, actual, weight, score, text in rows
        ]
        assert [tuple(" ".join(v.split()) if isinstance(v, str) else v for v in row) for row in got] == expected, suffix
        assert [row["level1"] for row in document.data["indicators"]] == ["产出指标"] * merged + ["效益指标"] * (
            len(rows) - merged
        )
