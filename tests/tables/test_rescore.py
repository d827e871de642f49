"""The re-scoring table: exact values for each formula, what stays open, totals and grades, agreement with the rules."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from generator.choosing import Seeded
from generator.families import FAMILIES
from generator.invent import invent
from hypothesis import given, settings
from hypothesis import strategies as st
from reports.mutate import DEFECTS, Defect
from reports.write import canonical, report

from benchmarks.forms import clean_form
from lintperf.document import Document
from lintperf.model import Text
from lintperf.pipeline import Session, check_document
from lintperf.policy import Policy
from lintperf.results import DocumentResult, Wanted
from lintperf.rules.functions import round_half_up
from tests.rules.test_mutations import MUTATIONS

D = Decimal
Check = Callable[..., DocumentResult]


def form(*rows: dict[str, Any], **parts: Any) -> dict[str, Any]:
    return {"type": "self-evaluation", "heading": {"project": "绿道养护"}, "indicators": list(rows), **parts}


def row(**cells: Any) -> dict[str, Any]:
    numbers = {key: D(value) if key in ("weight", "score") else value for key, value in cells.items()}
    return {"level1": "产出指标", "level2": "数量指标", "name": "绿道巡查次数", **numbers}


def first(check: Check, document: dict[str, Any], kind: str = "indicator", **settings: Any) -> dict[str, Any]:
    rows = check(document, **settings).tables["rescore"]
    return next(dict(each) for each in rows if each["kind"] == kind)


def zh(text: Text | None) -> str | None:
    return None if text is None else text.zh


# target, actual, weight, stated → status, recomputed, formula
CASES = [
    ("50次", "45次", "10", "9.0", "agrees", "9.0", "10 × 45 ÷ 50 = 9.0"),
    ("50次", "45次", "10", "9.5", "differs", "9.0", "10 × 45 ÷ 50 = 9.0"),
    ("50次", "45次", "10", None, "open", "9", "10 × 45 ÷ 50 = 9"),
    ("30次", "25次", "10", "8.33", "agrees", "8.33", "10 × 25 ÷ 30 ≈ 8.33"),
    ("30次", "25次", "10", "8.3", "agrees", "8.3", "10 × 25 ÷ 30 ≈ 8.3"),
    ("30次", "25次", "15", "12.45", "agrees", "12.45", "15 × 0.83（比率取两位小数） = 12.45"),
    ("30次", "25次", "15", "14", "differs", "12.50", "15 × 25 ÷ 30 = 12.50"),
    ("30次", "25次", "10", "10", "differs", "8.33", "10 × 25 ÷ 30 ≈ 8.33"),
    ("1000次", "999次", "2", "2", "agrees", "2", "2 × 999 ÷ 1000 ≈ 2"),
    ("10000人次", "9999人次", "5", "5.0", "agrees", "5.0", "5 × 9999 ÷ 10000 ≈ 5.0"),
    ("≥95%", "97%", "10", "10", "agrees", "10", "达到指标值，得满分 10"),
    ("≥95%", "97%", "10", "8", "differs", "10", "达到指标值，得满分 10"),
    ("≥95%", "97%", "10", "12", "differs", "10", "达到指标值，得满分 10"),
    ("≤20小时", "24小时", "10", "8.33", "agrees", "8.33", "10 × 20 ÷ 24 ≈ 8.33"),
    ("≤20小时", "24小时", "10", "8.0", "agrees", "8.0", "10 × (1 − (24 − 20) ÷ 20) = 8.0"),
    ("≤20小时", "24小时", "10", "7", "differs", "8.33", "10 × 20 ÷ 24 ≈ 8.33"),
    ("≤2万元", "25000元", "10", "8", "agrees", "8", "10 ÷ 1.25 = 8"),
    ("总报告1篇、分报告4篇", "总报告1篇、分报告2篇", "10", "7.5", "agrees", "7.5",
     "10 × 75%（各部分完成率的平均） = 7.5"),
    (">95%", "95%", "10", "10", "agrees", "10", "达到指标值，得满分 10"),
]  # fmt: skip


@pytest.mark.parametrize(("target", "actual", "weight", "stated", "status", "recomputed", "formula"), CASES)
def test_formulas_with_their_numbers(
    check: Check, target: str, actual: str, weight: str, stated: str | None, status: str, recomputed: str, formula: str
) -> None:
    given_score = {} if stated is None else {"score": stated}
    found = first(check, form(row(target=target, actual=actual, weight=weight, **given_score)))
    assert (found["status"], str(found["recomputed"]), zh(found["formula"])) == (status, recomputed, formula)
    assert found["difference"] == (None if stated is None else D(stated) - D(recomputed))


def test_the_range_of_the_accepted_formulas_is_told_where_none_fits(check: Check) -> None:
    found = first(check, form(row(target="≤20小时", actual="24小时", weight="10", score="7")))
    assert (found["low"], found["high"]) == (D("8"), D("8.33"))
    assert zh(found["note"]) == "各种通行算法为 8–8.33"


def test_an_explanation_and_a_blank_score_are_said(check: Check) -> None:
    cells = {"target": "50次", "actual": "45次", "weight": "10", "explanation": "连日大雨，改为次年补做"}
    assert zh(first(check, form(row(**cells, score="8")))["note"]) == "表中写有偏差说明"
    assert first(check, form(row(**cells, score="9")))["note"] is None
    assert first(check, form(row(**cells)))["result"].zh == "未填报"


OPEN = [
    ({"target": "显著", "actual": "有所提高", "weight": "10", "score": "9"}, "定性指标，须对照材料评定"),
    ({"target": "30次", "actual": "", "weight": "10", "score": "9"}, "没有完成值"),
    ({"target": "", "actual": "30次", "weight": "10", "score": "9"}, "没有指标值"),
    ({"target": "30次", "actual": "30次", "score": "9"}, "没有分值"),
    ({"target": "36株", "actual": "100%", "weight": "10", "score": "9"}, "指标值与完成值单位不同，不能比较"),
    ({"target": "30次", "actual": "90次", "weight": "10", "score": "9"}, "超额较多，是否扣分由评审决定"),
    ({"target": "60～100本", "actual": "150本", "weight": "10", "score": "9"}, "高于指标值的区间，是否扣分由评审决定"),
    ({"target": ">95%", "actual": "95%", "weight": "10", "score": "9"}, "恰为界限，按字面未达到"),
    (
        {"target": "健全", "actual": "健全完善", "weight": "5", "score": "4",
         "criterion": "①有制度（2.5分）；②有台账（2.5分）。"},
        "评分标准按要点给分，须对照材料评定",
    ),
    (
        {"target": "100%", "actual": "97%", "weight": "5", "score": "5",
         "criterion": "成活率达到95%的得满分，低于95%的按比例扣分。"},
        "评分标准另有满分线",
    ),
    (
        {"target": "30次", "actual": "24次", "weight": "10", "score": "7", "criterion": "少于30次的，视情况扣分。"},
        "评分标准或表中所注另有扣分办法",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("cells", "note"), OPEN)
def test_what_no_formula_scores_stays_open_and_says_why(check: Check, cells: dict[str, Any], note: str) -> None:
    found = first(check, form(row(**cells)))
    assert (found["status"], found["recomputed"], found["difference"]) == ("open", None, None)
    assert zh(found["note"]) == note


def test_a_missed_date_is_less_than_full_marks_and_no_number(check: Check) -> None:
    cells = {"target": "2022年11月前", "actual": "2022年12月", "weight": "5", "score": "5"}
    found = first(check, form(row(**cells)))
    assert (found["status"], found["recomputed"]) == ("differs", None)
    assert zh(found["note"]) == "未达到指标值，应低于 5；没有公式算出扣多少"


@pytest.mark.parametrize(
    ("actual", "low", "high", "outside"),
    [
        ("部分达成预期指标并具有一定效果", "6", "8", True),
        ("未达成预期指标且效果较差", "0", "6", True),
        ("基本达成预期指标", "8", "10", False),
    ],
)
def test_qualitative_bands_leave_a_range(check: Check, actual: str, low: str, high: str, outside: bool) -> None:
    found = first(check, form(row(target="显著提升", actual=actual, weight="10", score="9")))
    assert found["recomputed"] is None
    assert (found["low"], found["high"]) == (D(low), D(high))
    assert ("填报的 9 在其外" in found["note"].zh) is outside


@pytest.mark.parametrize(
    ("criterion", "actual", "recomputed", "formula"),
    [
        ("巡查满30次得满分，每少1次扣0.5分。", "27次", "8.5", "按评分标准 10 − 3 × 0.5 = 8.5"),
        ("完成30次得满分，否则按比例扣分。", "24次", "8.0", "按评分标准 10 × 80% = 8.0"),
        ("完成30次得满分，否则不得分。", "24次", "0.0", "未达到评分标准，得 0.0"),
        ("完成30次得满分，完成率超过130%的扣1分。", "45次", "9.0", "按评分标准 10 − 1 = 9.0"),
    ],
)
def test_printed_standards(check: Check, criterion: str, actual: str, recomputed: str, formula: str) -> None:
    cells = {"target": "30次", "actual": actual, "weight": "10", "criterion": criterion}
    found = first(check, form(row(**cells, score=recomputed)))
    assert (found["status"], str(found["recomputed"]), zh(found["formula"])) == ("agrees", recomputed, formula)


def funds(**cells: Any) -> dict[str, Any]:
    numbers = {key: D(value) for key, value in cells.items() if key != "rate"}
    rate = {"rate": cells["rate"] if cells["rate"].endswith("%") else D(cells["rate"])} if "rate" in cells else {}
    return {"currency_unit": "元", "rows": [{"source": "total", "label": "年度资金总额", **numbers, **rate}]}


def test_execution_rate_and_score(check: Check) -> None:
    document = form(funds=funds(annual="860000", executed="731000", weight="10", rate="0.95", score="9.50"))
    rate, score = (first(check, document, kind) for kind in ("rate", "execution"))
    assert (rate["status"], rate["recomputed"], rate["difference"]) == ("differs", D("0.85"), D("0.10"))
    assert zh(rate["formula"]) == "731,000 ÷ 860,000 = 0.85"
    # the stated rate is one that offices multiply by
    assert (score["status"], zh(score["formula"])) == ("agrees", "10 × 95%（填报的执行率） = 9.50")
    wrong = form(funds=funds(annual="860000", executed="731000", weight="10", rate="0.85", score="9.50"))
    score = first(check, wrong, "execution")
    assert (score["recomputed"], zh(score["formula"])) == (D("8.50"), "10 × 731,000 ÷ 860,000 = 8.50")


def test_execution_by_a_printed_deduction(check: Check) -> None:
    document = form(
        funds=funds(annual="800000", executed="720000", weight="10", rate="90%", score="9.5"),
        notes=["执行率每降低1个百分点扣0.2分"],
    )
    found = first(check, document, "execution")
    assert (found["recomputed"], found["low"], found["high"]) == (D("8.0"), D("8.0"), D("9.0"))
    assert zh(found["formula"]) == "按表中所注 10 − 10 × 0.2 = 8.0"


def test_a_pack_chooses_what_is_divided_by(check: Check) -> None:
    document = form(funds=funds(initial="100", annual="200", executed="80", weight="10", score="8"))
    assert first(check, document, "execution")["recomputed"] == D("4")
    parameters = (("execution_base", "initial"),)
    found = first(check, document, "execution", parameters=parameters)
    assert (found["status"], zh(found["formula"])) == ("agrees", "10 × 80 ÷ 100 = 8")


def test_no_budget_no_points(check: Check) -> None:
    document = form(funds=funds(annual="0", executed="0", weight="10", rate="1.00", score="10.00"))
    rate, score = (first(check, document, kind) for kind in ("rate", "execution"))
    assert (rate["status"], rate["recomputed"]) == ("differs", D("0.00"))
    assert (score["status"], score["recomputed"], score["difference"]) == ("differs", D("0.00"), D("10.00"))


def test_total_and_grade_follow_the_recomputed_rows(check: Check) -> None:
    document = form(
        row(name="绿道养护长度", target="12公里", actual="6公里", weight="50", score="50"),
        row(name="苗木成活率", target="≥95%", actual="97%", weight="40", score="40"),
        funds=funds(annual="100", executed="100", weight="10", score="10"),
        total={"label": "总分", "weight": D(100), "score": D("99"), "grade": "优"},
    )
    total, grade = (first(check, document, kind) for kind in ("total", "grade"))
    assert (total["recomputed"], total["difference"], total["added"]) == (D(75), D(24), D(100))
    assert zh(total["formula"]) == "25 + 40 + 10 = 75"
    assert zh(total["note"]) == "各行填报得分相加为 100"
    assert (grade["status"], grade["recomputed"]) == ("differs", "中")
    assert zh(grade["note"]) == "按填报总分 99 为优"


def test_a_row_that_stays_open_counts_as_stated(check: Check) -> None:
    document = form(
        row(name="居民归属感", target="明显增强", actual="有所增强", weight="60", score="51.5"),
        row(name="苗木成活率", target="≥95%", actual="97%", weight="40", score="40"),
        total={"weight": D(100), "score": D("91.5"), "grade": "优"},
    )
    total = first(check, document, "total")
    assert (total["status"], str(total["recomputed"])) == ("agrees", "91.5")


def test_a_report_has_rows_by_table_with_subtotals(check: Check) -> None:
    scores = [
        {"table": 1, "level1": "产出", "name": "古树巡查次数", "target": "50次", "actual": "45次",
         "weight": D(60), "score": D(60)},
        {"table": 1, "level1": "产出", "name": "古树挂牌株数", "target": "30株", "actual": "30株",
         "weight": D(40), "score": D(40)},
    ]  # fmt: skip
    document = {
        "type": "evaluation-report",
        "heading": {"project": "古树保护"},
        "tables": [{"role": "goals"}, {"role": "scores", "caption": "得分表"}],
        "indicators": [{"table": 0, "name": "古树巡查次数", "target": "50次"}, *scores],
        "subtotals": [
            {"table": 1, "label": "小计", "kind": "subtotal", "level1": "产出", "first": 1, "last": 2, "score": D(99)},
            {"table": 1, "label": "合计", "kind": "total", "score": D(100)},
        ],
    }
    rows = [dict(each) for each in check(document).tables["rescore"]]
    assert [(each["kind"], each["pointer"], each["recomputed"]) for each in rows] == [
        ("indicator", "/indicators/1/score", D(54)),
        ("indicator", "/indicators/2/score", D(40)),
        ("subtotal", "/subtotals/0/score", D(94)),
        ("total", "/subtotals/1/score", D(94)),
    ]
    assert (rows[2]["added"], zh(rows[2]["note"])) == (D(100), "各行填报得分相加为 100")


# ---------------------------------------------------------------------------------------------- agreement with rules

CODES = {"LP204", "LP209", "LP301", "LP302", "LP303", "LP401", "LP403", "LP404"}


def agreeing(check: Check, document: dict[str, Any]) -> int:
    """Where a rule finds a score wrong, the table differs there, with the rule's value or a range around it."""
    result = check(document)
    rows = {each["pointer"]: each for each in result.tables["rescore"] if "pointer" in each}
    seen = 0
    for finding in result.findings:
        if finding.code not in CODES:
            continue
        seen += 1
        found = rows[finding.pointer]
        if finding.code == "LP204":
            assert round_half_up(found["added"], D(4)) == round_half_up(finding.expected, D(4)), finding
        elif finding.code == "LP209":
            assert finding.expected == found["recomputed"] or finding.expected in found["note"].zh, (finding, found)
        else:
            assert found["status"] == "differs", (finding, found)
            span = (found["low"], found["high"])
            inside = span != (None, None) and finding.expected is not None and span[0] <= finding.expected <= span[1]
            assert found["recomputed"] in (finding.expected, None) or inside, (finding, found)
    return seen


@pytest.mark.parametrize("code", sorted(CODES))
def test_table_and_findings_agree_on_injected_defects(check: Check, code: str) -> None:
    seen = 0
    for mutation in MUTATIONS:
        for seed in range(4) if mutation.code == code else ():
            document = copy.deepcopy(clean_form(seed))
            if mutation.mutate(document, random.Random(seed)) is not None:
                seen += agreeing(check, document)
    assert seen, "no form has this defect"


@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_every_family_gives_rows_that_agree_with_the_findings(check: Check, family: str) -> None:
    for seed in range(6):
        document = invent(Seeded(f"{seed}:rescore"), FAMILIES[family])
        assert check(document).tables["rescore"]
        agreeing(check, document)


@pytest.mark.parametrize("seed", range(6))
def test_clean_forms_differ_nowhere(check: Check, seed: int) -> None:
    rows = check(clean_form(seed)).tables["rescore"]
    assert [each for each in rows if each["status"] == "differs"] == []
    assert {"total", "execution", "indicator"} <= {each["kind"] for each in rows}


scores = st.integers(0, 400).map(lambda number: D(number) / 4)
texts = st.sampled_from(
    ["30次", "≥95%", "≤20小时", "显著", "", "100%", "60～100本", "2022年11月", "-5", ">0", "24次", "无"]
)
cells = st.fixed_dictionaries(
    {"target": texts, "actual": texts, "weight": st.one_of(st.none(), scores), "score": st.one_of(st.none(), scores)}
)


@settings(max_examples=150, deadline=None)
@given(rows=st.lists(cells, min_size=1, max_size=6), total=st.one_of(st.none(), scores))
def test_the_total_is_the_sum_of_its_rows(check: Check, rows: list[dict[str, Any]], total: Decimal | None) -> None:
    document = form(*({"level1": "产出指标", "name": f"第{at}项", **each} for at, each in enumerate(rows)),
                    total={"weight": D(100), "score": total})  # fmt: skip
    found = check(document).tables["rescore"]
    own = [each for each in found if each["kind"] == "indicator"]
    for each in own:
        assert each["status"] in ("agrees", "differs", "open")
        assert (each["recomputed"] is None) <= (each["note"] is not None)
        if each["recomputed"] is not None:
            assert 0 <= each["recomputed"] <= each["weight"]
    last = next((each for each in found if each["kind"] == "total"), None)
    if last is not None and last["recomputed"] is not None:
        counted = [each["stated"] if each["recomputed"] is None else each["recomputed"] for each in own]
        assert sum((each for each in counted if each is not None), D(0)) == last["recomputed"] or (
            last["status"] == "agrees"
        )


@pytest.mark.parametrize("defect", [each for each in DEFECTS if each.codes & (CODES | {"LP206"})], ids=lambda d: d.name)
def test_tables_of_reports_agree_with_the_findings(check: Check, defect: Defect) -> None:
    for seed in range(2):
        made = report(str(seed))
        if defect.put(made, random.Random(seed)) is None:
            continue
        result = check(canonical(made).data)
        rows = {each["pointer"]: each for each in result.tables["rescore"] if "pointer" in each}
        for finding in result.findings:
            if finding.code in ("LP204", "LP206") and finding.pointer.endswith("/score"):
                assert rows[finding.pointer]["added"] == finding.expected
            elif finding.code in CODES:
                assert rows[finding.pointer]["status"] == "differs"


def test_consistent_reports_differ_nowhere(check: Check) -> None:
    for seed in range(3):
        rows = check(canonical(report(f"clean-{seed}")).data).tables["rescore"]
        assert [each for each in rows if each.get("status") == "differs"] == []
        assert any(each["kind"] == "total" and each["status"] == "agrees" for each in rows)


ODD = [
    None, "", "abc", True, [], {}, D("1E+60"), D("1E+400"), D("1E-60"), D(-5), D(0), D(100), D("-0.00"),
    D("12.345678901234567890123456789"), "≥1e99", "50次", "45次", "0次", "≤0", "-5%", "9" * 300, "82%",
    "每少1次扣0.5分", "①有制度（1分）；②有台账（2分）",
]  # fmt: skip
FUND_CELLS = ("label", "initial", "annual", "received", "executed", "weight", "rate", "score")
ROW_CELLS = (
    "level1", "level2", "name", "operator", "target", "unit", "actual", "weight", "score", "converted_score",
    "criterion", "explanation", "merged",
)  # fmt: skip


@pytest.mark.parametrize("kind", ["self-evaluation", "evaluation-report"])
def test_no_document_breaks_it(session: Session, kind: str) -> None:
    """Numbers of any size, which no reader lets through, cells of any type, subtotals of rows that are not there."""
    rng = random.Random(kind)

    def odd(*names: str) -> dict[str, Any]:
        return {name: rng.choice(ODD) for name in names if rng.random() < 0.8}

    for _ in range(150):
        document: dict[str, Any] = {
            "type": kind,
            "heading": odd("unit", "project", "year"),
            "funds": {"rows": [odd(*FUND_CELLS) | {"source": rng.choice(["total", "fiscal"])} for _ in range(2)]},
            "indicators": [odd(*ROW_CELLS) | {"table": rng.choice([0, 1, None])} for _ in range(rng.randint(0, 4))],
            "total": odd("weight", "score", "grade"),
            "notes": [rng.choice(ODD)],
            "tables": [{"role": "scores"}, {"role": "criteria"}],
            "subtotals": [
                {"table": rng.choice([0, 1, None]), "label": "小计", "kind": rng.choice(["subtotal", "total", None]),
                 "first": rng.choice([0, 1, 9, None, -1]), "last": rng.choice([0, 1, 9, None])} | odd("score", "grade"),
            ],
        }  # fmt: skip
        crashes: list[Any] = []
        wanted = Wanted(tables=("summary", "rescore"))
        result = check_document(session, Document("a.json", document), Policy(today="2026-01-01"), crashes, wanted)
        assert [crash for crash in crashes if crash.subject in wanted.tables] == []
        assert set(result.tables) == set(wanted.tables)


def test_numbers_as_large_as_readers_allow_crash_no_rule(check: Check) -> None:
    cells = {"target": "50次", "actual": "45次", "weight": "1E+40", "score": "1E+40"}
    result = check(form(row(**cells), total={"weight": D("1E+39"), "score": D("1E-40"), "grade": "优"}))
    assert {"LP203", "LP204"} <= {finding.code for finding in result.findings}
