"""Documents with defects and the pages made of them, for the tests of the web page."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from lintperf_builtin.prose.statements import statements
from lintperf_builtin.reporters import REPORTERS
from lintperf_builtin.reporters.html import write
from reports.mutate import DEFECTS
from reports.write import canonical, report

from lintperf.cli.check import CheckOptions, view_for
from lintperf.document import Document
from lintperf.model import Lang, Notification, Severity
from lintperf.pipeline import Session, check_document, open_session
from lintperf.policy import Policy
from lintperf.results import FileResult, Results, Totals, View, Wanted

HOSTILE = "养护\u202e达标</script><script>alert(1)</script><!--\"'&amp;\x1b[31m\n第二行  两格"
POLICY = Policy(persona="auditor")


def row(level1: str, level2: str, name: str, target: str, actual: str, weight: str, score: str, **more: Any) -> Any:
    """An indicator."""
    return {
        "level1": level1, "level2": level2, "name": name, "target": target, "actual": actual, "weight": Decimal(weight),
        "score": Decimal(score), "explanation": "", **more,
    }  # fmt: skip


def form() -> dict[str, Any]:
    """A form with a wrong rate, a bound met by equality, a proportion that is off and a wrong total."""
    return {
        "type": "self-evaluation",
        "title": "项目支出绩效自评表",
        "heading": {"project": "绿道养护", "department": "园林绿化局", "unit": "绿道管理中心", "year": Decimal(2023)},
        "funds": {
            "currency_unit": "万元",
            "rows": [
                {
                    "source": "total", "label": "年度资金总额", "initial": Decimal("86.00"), "annual": Decimal("86.00"),
                    "executed": Decimal("73.10"), "weight": Decimal(10), "rate": Decimal("0.95"),
                    "score": Decimal("9.50"),
                },
                {
                    "source": "fiscal", "label": "其中：当年财政拨款", "initial": Decimal("86.00"),
                    "annual": Decimal("86.00"), "executed": Decimal("73.10"),
                },
            ],
        },
        "goals": {"expected": "完成12公里绿道养护，苗木成活率95%以上。", "achieved": "完成12公里绿道养护。"},
        "indicators": [
            row("产出指标", "数量指标", "养护绿道长度", "≥12公里", "10公里", "20", "20"),
            row("产出指标", "质量指标", "苗木成活率", ">95%", "95%", "20", "20"),
            row("产出指标", "时效指标", "养护完成及时率", "100%", "100%", "10", "10"),
            row("效益指标", "社会效益指标", "市民休闲环境", "改善", "改善", "30", "30"),
            row("满意度指标", "服务对象满意度指标", "市民满意度", "≥90%", "92%", "10", "10"),
        ],
        "total": {"label": "总分", "weight": Decimal(100), "score": Decimal("98.50")},
    }  # fmt: skip


def evaluation_report() -> dict[str, Any]:
    """A report with two wrong numbers in its text and a table that disagrees."""
    made = report("html")
    for index, defect in enumerate(DEFECTS[:4]):
        defect.put(made, random.Random(index))
    data = canonical(made).data
    return {**data, "statements": statements(data["paragraphs"])}


@cache
def session() -> Session:
    """The built-in rules."""
    return open_session()


def view(lang: Lang = "zh") -> View:
    """How `check` shows results."""
    return view_for(CheckOptions(("a",), POLICY), session(), POLICY, {}, lang, Severity.error)


def checked(documents: Mapping[str, Any], policy: Policy = POLICY) -> list[FileResult]:
    """The results that `check --format html` hands to the reporter."""
    (reporter,) = (each for each in REPORTERS if each.name == "html")
    wanted = Wanted(data=True, tables=reporter.tables)
    files = []
    for path, data in documents.items():
        notifications: list[Notification] = []
        result = check_document(session(), Document(path, data), policy, notifications, wanted)
        files.append(FileResult(path, [result], notifications))
    return files


def page(files: Sequence[FileResult], lang: Lang = "zh") -> str:
    """The page on these results."""
    totals = Totals()

    def counted() -> Iterator[FileResult]:
        for file in files:
            totals.count(file)
            yield file

    return "".join(write(Results(counted(), totals), view(lang)))
