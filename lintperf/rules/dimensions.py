"""Dimensions of data quality: what a rule protects, whatever its documents are about.

Five of those that ISO/IEC 25012 and GB/T 36344-2018 name; their words are kept where the two agree.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from lintperf.model import Text

__all__ = ["DIMENSIONS", "Dimension"]


class Dimension(NamedTuple):
    """One dimension: what it is called, and what a defect of this dimension is."""

    title: Text
    meaning: Text


DIMENSIONS: Mapping[str, Dimension] = {
    "accuracy": Dimension(
        Text("准确性", "Accuracy"),
        Text(
            "数值与据以算出它的各数不合，或所写令人怀疑并非实情。",
            "A value does not follow from the values it is computed from, or what is written can hardly be true.",
        ),
    ),
    "validity": Dimension(
        Text("有效性", "Validity"),
        Text(
            "数值或文字不是该处所要求的类型、形式或范围，不合规定。",
            "A value or a text is not of the kind, form or range that its place or a regulation asks for.",
        ),
    ),
    "completeness": Dimension(
        Text("完整性", "Completeness"),
        Text("应当填写或说明的内容缺失。", "Something that has to be there, or to be explained, is missing."),
    ),
    "consistency": Dimension(
        Text("一致性", "Consistency"),
        Text(
            "两处所写相互矛盾，或同类事项写法不一。",
            "Two statements contradict each other, or like things are not treated alike.",
        ),
    ),
    "timeliness": Dimension(
        Text("及时性", "Timeliness"),
        Text(
            "日期、年度或时间先后与文档所述的时段不合。",
            "A date, a year or a sequence in time does not fit the period.",
        ),
    ),
}
