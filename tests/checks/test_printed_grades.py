"""Grade bands as forms print them."""

from __future__ import annotations

import pytest
from lintperf_builtin.checks.totals import printed_bounds

GRADES = (("优", "优秀"), ("良", "良好"), ("中", "中等"), ("差", "较差"))


@pytest.mark.parametrize(
    ("text", "bounds"),
    [
        ("90分以上为优，80-90分为良，60-80分为中，60分以下为差", (90, 80, 60, 0)),
        ("等级：优（90-100分）、良（80-89分）、中（60-79分）、差（0-59分）", (90, 80, 60, 0)),
        ("优秀：95（含）-100分；良好：85（含）-95分；中等：60（含）-85分", (95, 85, 60, None)),
        ("90≤得分≤100为优，80≤得分<90为良", (90, 80, None, None)),
        ("60≤中<80，80≤良<90，90≤优", (90, 80, 60, None)),
        ("优≥92.5，良≥80", (92.5, 80, None, None)),
        ("90（含90）分以上评定为优；75分（含）以上为良", (90, 75, None, None)),
        ("优 90-100 良 80-90 中 60-80 差 0-60", (90, 80, 60, 0)),
        ("优[90,100]、良[80-90)", (None, 80, None, None)),
        ("得分在92分及以上为优秀", (92, None, None, None)),
        ("填报人：李优良 联系电话：83901200", (None, None, None, None)),
        ("等级分为优、良、中、差四档，共12项指标", (None, None, None, None)),
    ],
)
def test_printed_bounds(text: str, bounds: tuple[float | None, ...]) -> None:
    found = printed_bounds([text], GRADES)
    assert tuple(found.get(number) for number in range(4)) == bounds
