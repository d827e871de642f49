"""An invented batch: forms of some units, most of them sound, some odd, in structure, execution, scores or wording."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from lintperf_builtin.reporters.html import write

from benchmarks.forms import DEFECTS, clean_form, defective_form, form_text
from lintperf.across import compared
from lintperf.cli.check import CheckOptions, view_for
from lintperf.document import Document
from lintperf.model import Lang, Notification, Severity
from lintperf.pipeline import Session, check_document, open_session
from lintperf.policy import Policy
from lintperf.results import FileResult, Results, Totals, Wanted

__all__ = ["UNITS", "batch_forms", "batch_page", "write_batch"]

UNITS = (
    "绿道管护中心", "古树保护站", "社区图书角服务部", "河湖管护中心", "公共文化馆", "全民健身站", "公路养护段",
    "环境监测站", "防灾减灾中心", "农技推广站", "社区发展中心", "公用设施所", "路灯管理所", "口袋公园管理处",
    "长者食堂运营部", "应急广播站", "健身步道管理所", "乡村公路段", "停车服务中心", "图书流通站", "非遗传习所",
    "水位监测站", "苗圃场", "垃圾分类指导站",
)  # fmt: skip

Form = dict[str, Any]


def _spend(form: Form, share: Decimal) -> None:
    """Let a form have spent only a share of its budget, and score its execution so; its outputs stay as they are."""
    for row in form["funds"]["rows"]:
        row["executed"] = (row["annual"] * share).quantize(Decimal("0.01"))
        row["rate"] = share if row["annual"] else Decimal(0)
    top = form["funds"]["rows"][0]
    form["total"]["score"] += share * 10 - top["score"]
    top["score"] = share * 10


def _lose(form: Form, share: Decimal, rows: int = 99) -> None:
    """Let the first outputs of a form score only a share of what they did."""
    for row in form["indicators"][:rows]:
        if row["level1"].startswith("产出") and row["score"]:
            lower = (row["score"] * share).quantize(Decimal("0.1"))
            form["total"]["score"] += lower - row["score"]
            row["score"] = lower
            row["explanation"] = "因连续降雨施工推迟，下一步加快进度。"


def _regrade(form: Form, rng: random.Random) -> None:
    score = form["total"]["score"]
    words = ((90, "优"), (80, "良"), (60, "中"), (0, "差"))
    form["total"]["grade"] = next(word for least, word in words if score >= least or not least)
    if rng.random() < 0.03:
        form["total"]["grade"] = "优"


def batch_forms(number: int, seed: int = 7) -> list[Form]:
    """That many forms; the same arguments give the same ones."""
    rng = random.Random(f"batch {seed}")
    forms = []
    for count in range(number):
        unit = min(int(rng.paretovariate(0.9)) - 1, len(UNITS) - 1) if rng.random() < 0.5 else rng.randrange(len(UNITS))
        broken = rng.random() < 0.35 + 0.5 * (unit % 5 == 2)
        code = rng.choice(tuple(DEFECTS)) if unit % 7 else rng.choice(("LP301", "LP402", "LP801"))
        form = defective_form(seed * 1000 + count, code, 18)[0] if broken else clean_form(seed * 1000 + count, 18)
        form["heading"]["unit"] = UNITS[unit]
        form["heading"]["department"] = "青麓市" + ("城市管理局", "文化和旅游局", "农业农村局")[unit % 3]
        if count % 29 == 3:
            _spend(form, Decimal(rng.randrange(20, 70)).scaleb(-2))
        elif count % 17 == 5:
            _lose(form, Decimal(rng.randrange(40, 90)).scaleb(-2))
        elif rng.random() < 0.25:
            _lose(form, Decimal(rng.randrange(40, 99)).scaleb(-2), 1 + rng.randrange(2))
        if rng.random() < 0.6 or "grade" in form["total"]:
            _regrade(form, rng)
        forms.append(form)
    return forms


def write_batch(folder: Path, number: int, seed: int = 7) -> None:
    """The forms as JSON files, a folder a unit."""
    for count, form in enumerate(batch_forms(number, seed)):
        place = folder / form["heading"]["unit"]
        place.mkdir(parents=True, exist_ok=True)
        (place / f"{count:04}.json").write_text(form_text(form), "utf-8")


@cache
def session() -> Session:
    """The built-in rules."""
    return open_session()


def batch_page(forms: Sequence[Form], lang: Lang = "zh", together: bool = True) -> str:
    """The page on documents, checked and compared in this process.

    together  False: the documents are not compared with each other
    """
    policy = Policy(persona="reviewer", today="2026-01-01")
    wanted = Wanted(together, len(forms) <= 40, ("overview", "rescore", "summary"))
    documents = {f"{number:04}.json": Document(f"{number:04}.json", form) for number, form in enumerate(forms)}
    crashes: list[Notification] = []
    checked = (
        FileResult(path, [check_document(session(), document, policy, crashes, wanted)])
        for path, document in documents.items()
    )
    totals = Totals()
    view = view_for(CheckOptions((".",), policy), session(), policy, {}, lang, Severity.error)
    results = compared(session(), checked, lambda path: [documents[path]], totals)
    content = "".join(write(Results(_counted(results, totals), totals), view))
    assert not crashes, crashes
    return content


def _counted(results: Iterator[FileResult], totals: Totals) -> Iterator[FileResult]:
    for file in results:
        totals.count(file)
        yield file
