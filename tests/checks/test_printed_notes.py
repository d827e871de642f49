"""What a form's printed note lays down for each class of indicators."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.checks.framework import Printed, printed_points

NAMES = {
    "output": ["产出", "产出指标", "产出类指标"],
    "benefit": ["效益", "效益指标", "效果指标"],
    "satisfaction": ["满意度", "满意度指标", "服务对象满意度指标"],
    "execution": ["预算执行率", "预算资金执行率", "资金执行率", "预算执行情况"],
}
EXCEPTIONS = ("特殊情况", "可适当")
SOFT = ("原则上",)
FULL = Decimal(100)


def points(note: str, full: Decimal = FULL) -> dict[str, str] | None:
    printed = printed_points(note, full, EXCEPTIONS, SOFT)
    return None if printed is None else {name: format(value.normalize(), "f") for name, value in printed.points.items()}


@pytest.mark.parametrize(
    ("note", "expected"),
    [
        ("注：1.一级指标分值统一设置为：产出指标40分、效益指标35分、满意度指标15分、预算资金执行率10分。",
         {"output": "40", "benefit": "35", "satisfaction": "15", "execution": "10"}),
        ("产出指标（50分），效益指标（ 40 分）", {"output": "50", "benefit": "40"}),
        ("各类权重：产出指标占50%，效益指标权重为30％", {"output": "50", "benefit": "30"}),
        ("产出、效益指标各占40分，满意度指标10分", {"output": "40", "benefit": "40", "satisfaction": "10"}),
        ("产出指标和效益指标分值均为45分", {"output": "45", "benefit": "45"}),
        ("产出指标、效益指标、满意度指标分别占50分", None),
        ("1.产出指标50分;2.效益指标40分", {"output": "50", "benefit": "40"}),
        ("产出指标权重分值应设置为22.5分；效益指标：67.5分", {"output": "22.5", "benefit": "67.5"}),
        # the sum of two is none of either
        ("产出和效益指标80分，满意度指标10分", None),
        # one class alone may be about anything
        ("满意度指标10分", None),
        # a class with two numbers is left out
        ("产出指标50分、效益指标30分、满意度指标10分。产出指标60分", {"benefit": "30", "satisfaction": "10"}),
        # second-level names are none of the classes
        ("经济效益10分、社会效益10分、生态效益10分", None),
        ("产出指标50分、效益指标30分。如有特殊情况，可另行设置", None),
        ("产出指标50分、效益指标30分，可适当调整", None),
        ("填表人：王五", None),
        ("产出指标完成80%以上得满分，效益指标达到60%以上得一半", None),
    ],
)  # fmt: skip
def test_a_note_lays_down(note: str, expected: dict[str, str] | None) -> None:
    assert points(note) == expected


def test_a_percentage_is_a_share_of_full_marks() -> None:
    note = "产出指标占50%、效益指标占12.5%"
    assert points(note, Decimal(120)) == {"output": "60", "benefit": "15"}


def test_a_rule_of_thumb_is_told_from_a_rule() -> None:
    assert printed_points("原则上产出指标50分、效益指标30分", FULL, EXCEPTIONS, SOFT) == Printed(
        {"output": Decimal(50), "benefit": Decimal(30)}, soft=True
    )
    rule = printed_points("产出指标50分、效益指标30分。填报原则上一年一次", FULL, EXCEPTIONS, SOFT)
    assert rule is not None
    assert not rule.soft


NUMBERS = st.integers(1, 199).map(lambda number: Decimal(number) / 2)


@given(
    st.dictionaries(st.sampled_from(list(NAMES)), NUMBERS, min_size=2),
    st.data(),
)
def test_what_is_written_is_read(wanted: dict[str, Decimal], data: st.DataObject) -> None:
    pieces = []
    for name, number in wanted.items():
        word = data.draw(st.sampled_from(NAMES[name]))
        shape = data.draw(
            st.sampled_from(["{}{}分", "{}（{}分）", "{}占{}%", "{}权重为{}％", "{} {} 分", "{}分值：{}分"])
        )
        pieces.append(shape.format(word, format(number.normalize(), "f")))
    joint = data.draw(st.sampled_from(["、", "，", "；", "。", "\n"]))
    assert points("注：" + joint.join(pieces)) == {
        name: format(wanted[name].normalize(), "f") for name in NAMES if name in wanted
    }


@given(st.text("产出效益满意度执行率预算指标分各占0123.%、，（）。 原则上", max_size=200))
def test_any_text_is_read(note: str) -> None:
    printed_points(note, FULL, EXCEPTIONS, SOFT)


def test_a_long_note_is_read_in_time() -> None:
    printed_points("产出、效益指标各占统一设置为（（（" * 20_000 + "50分", FULL, EXCEPTIONS, SOFT)
