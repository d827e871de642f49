"""The row of a document for the page on a batch: scores, rates, points by class, grade and frame, exactly."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from generator.choosing import Seeded
from generator.families import FAMILIES
from generator.invent import invent

from benchmarks.forms import clean_form
from lintperf.document import Document
from lintperf.pipeline import Session, check_document
from lintperf.policy import Policy
from lintperf.results import Wanted

D = Decimal


def overview(session: Session, document: dict[str, Any], **settings: Any) -> dict[str, Any]:
    crashes: list[Any] = []
    policy = Policy(today="2026-01-01", **settings)
    result = check_document(session, Document("a.json", document), policy, crashes, Wanted(tables=("overview",)))
    assert not crashes, crashes
    (row,) = result.tables["overview"]
    return dict(row)


def indicator(level1: str, level2: str, weight: str, score: str) -> dict[str, Any]:
    return {"level1": level1, "level2": level2, "name": "巡查次数", "weight": D(weight), "score": D(score)}


def form(**parts: Any) -> dict[str, Any]:
    return {
        "type": "self-evaluation",
        "heading": {"project": "古树保护", "unit": "古树保护站", "department": "园林绿化局", "year": D(2023)},
        "funds": {
            "rows": [
                {
                    "source": "total", "annual": D("80.00"), "executed": D("60.00"), "rate": "70%", "weight": D(10),
                    "score": D("7.5"),
                }
            ]
        },
        "indicators": [
            indicator("产出指标", "数量指标", "30", "24"),
            indicator("产出指标", "成本指标", "20", "20"),
            indicator("效益指标", "社会效益指标", "30", "28"),
            indicator("满意度指标", "服务对象满意度指标", "10", "10"),
        ],
        "total": {"weight": D(100), "score": D("89.5"), "grade": "良"},
        **parts,
    }  # fmt: skip


def test_a_form(session: Session) -> None:
    row = overview(session, form())
    assert {key: row[key] for key in ("project", "unit", "department", "year", "grade", "grade_due")} == {
        "project": "古树保护", "unit": "古树保护站", "department": "园林绿化局", "year": D(2023), "grade": "良",
        "grade_due": "良",
    }  # fmt: skip
    assert (row["total_score"], row["full_marks"]) == (D("89.5"), D(100))
    # computed, not the 70% that is stated
    assert row["execution_rate"] == D("0.75")
    assert (row["output_weight"], row["output_score"], row["output_rate"]) == (D(50), D(44), D("0.88"))
    classes = {key: value for key, value in row.items() if key.startswith("class_") and value}
    assert classes == {
        "class_execution": D(10), "class_output": D(50), "class_benefit": D(30), "class_satisfaction": D(10)
    }  # fmt: skip
    aspects = {key: value for key, value in row.items() if key.startswith("aspect_") and value}
    assert aspects == {
        "aspect_quantity": D(30), "aspect_cost": D(20), "aspect_social": D(30), "aspect_satisfaction": D(10)
    }  # fmt: skip
    assert (row["frame"], row["frame_kept"]) == ("10/50/30/10", True)
    assert [(band["grade"], band["lower"]) for band in row["grade_bands"]] == [
        ("优", D(90)), ("良", D(80)), ("中", D(60)), ("差", None)
    ]  # fmt: skip


def test_what_is_missing_is_unknown_and_never_nothing(session: Session) -> None:
    row = overview(session, {"type": "self-evaluation", "heading": {}, "indicators": []})
    assert all(value is None for key, value in row.items() if key not in ("grade_bands", "frame"))


@pytest.mark.parametrize(
    ("total", "rate"),
    [
        ({"annual": D(0), "executed": D(0), "rate": "100%"}, None),
        ({"annual": D(50), "executed": D(60)}, D("1.2")),
        ({"annual": D(50), "rate": "98%"}, D("0.98")),
        ({"rate": D("0.5")}, D("0.5")),
        ({}, None),
    ],
)
def test_execution(session: Session, total: dict[str, Any], rate: Decimal | None) -> None:
    assert overview(session, form(funds={"rows": [{"source": "total", **total}]}))["execution_rate"] == rate


def test_bands_that_a_form_prints_go_before_those_of_the_pack(session: Session) -> None:
    notes = ["注：得分95（含）-100分为优，85（含）-95分为良，60分（含）以上为中，60分以下为差。"]
    assert overview(session, form(notes=notes, total={"score": D(92)}))["grade_due"] == "良"
    assert overview(session, form(total={"score": D(92)}))["grade_due"] == "优"
    assert overview(session, form(total={"score": D(92), "weight": D(120)}))["grade_due"] is None


def test_the_frame_is_that_of_the_pack_in_force(session: Session) -> None:
    hubei = form()
    hubei["funds"]["rows"][0]["weight"] = D(20)
    hubei["indicators"][0]["weight"] = D(20)
    row = overview(session, hubei, rulesets=("cn-hubei",))
    assert (row["frame"], row["frame_kept"]) == ("20/80", True)
    row = overview(session, hubei)
    assert (row["frame"], row["frame_kept"]) == ("10/50/30/10", False)
    declared = overview(session, form(kind="target-declaration"))
    assert (declared["frame"], declared["frame_kept"]) == (None, None)


def test_cost_at_the_first_level_is_a_class_of_its_own(session: Session) -> None:
    row = overview(session, form(indicators=[indicator("成本指标", "经济成本指标", "20", "20")]))
    assert (row["class_cost"], row["class_output"], row["output_rate"]) == (D(20), D(0), None)
    assert row["frame_kept"] is False


def test_a_report_is_read_by_its_table_of_scores(session: Session) -> None:
    rows = [
        {"table": 0, "level1": "产出指标", "name": "巡查次数", "target": "12次"},
        {"table": 1, "level1": "决策", "level2": "项目立项", "name": "立项依据", "weight": D(20), "score": D(18)},
        {"table": 1, "level1": "产出", "level2": "产出数量", "name": "巡查次数", "weight": D(80), "score": D(60)},
    ]
    report = {
        "type": "evaluation-report",
        "title": "古树保护项目绩效评价报告",
        "heading": {"unit": "古树保护站"},
        "paragraphs": [],
        "tables": [{"role": "goals"}, {"role": "scores"}],
        "indicators": rows,
        "subtotals": [{"table": 1, "kind": "total", "label": "合计", "weight": D(100), "score": D(78)}],
    }
    row = overview(session, report)
    assert (row["project"], row["unit"], row["total_score"]) == ("古树保护项目绩效评价报告", "古树保护站", D(78))
    assert (row["class_decision"], row["class_output"], row["output_rate"]) == (D(20), D(80), D("0.75"))
    assert row["grade_due"] == "中"
    without = overview(session, {**report, "tables": [{"role": "goals"}, {"role": "quantities"}]})
    assert (without["total_score"], without["class_output"]) == (None, None)


@pytest.mark.parametrize("name", sorted(FAMILIES))
def test_every_layout_gives_a_row(session: Session, name: str) -> None:
    for seed in range(3):
        row = overview(session, invent(Seeded(seed), FAMILIES[name]))
        points = [value for key, value in row.items() if key.startswith("class_")]
        assert None not in points or not any(points)


def test_a_clean_form_keeps_its_frame(session: Session) -> None:
    for seed in range(5):
        row = overview(session, clean_form(seed, 12))
        assert row["frame_kept"] is True
        assert sum(value for key, value in row.items() if key.startswith("class_")) == row["full_marks"]
