"""Rules that compare documents: nothing on clean runs, the injected defect in the right document, at any size."""

from __future__ import annotations

import copy
import json
import random
import time
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lintperf_builtin.checks.batch import BATCH_CHECKS

from benchmarks.forms import clean_form
from lintperf.across import compared
from lintperf.document import Document
from lintperf.model import Finding
from lintperf.pipeline import Session, check_document, open_session
from lintperf.policy import Policy
from lintperf.results import FileResult, Totals, Wanted

Form = dict[str, Any]
CODES = ("LP901", "LP902", "LP903")
CHECKS = {check.name: check for check in BATCH_CHECKS}
GOALS = {"likeness": Decimal("0.8"), "shortest": Decimal(20)}


@pytest.fixture(scope="module")
def session() -> Session:
    return open_session()


def found(session: Session, forms: Sequence[Form]) -> list[Finding]:
    """What the comparison finds in the forms of one run."""
    documents = {f"{number:04}.json": Document(f"{number:04}.json", form) for number, form in enumerate(forms)}
    policy = Policy(persona="auditor", select=CODES)
    files = (
        FileResult(path, [check_document(session, document, policy, [], wanted=Wanted(compared=True))])
        for path, document in documents.items()
    )
    results = list(compared(session, files, lambda path: [documents[path]], Totals()))
    assert not any(file.notifications for file in results)
    return [finding for file in results for document in file.documents for finding in document.findings]


def of_one_unit(seeds: Sequence[int]) -> list[Form]:
    forms = [clean_form(seed) for seed in seeds]
    for form in forms:
        form["heading"] |= {"unit": "园林绿化中心", "year": 2023}
    return forms


@pytest.mark.parametrize("seed", range(3))
def test_unlike_forms_are_silent(session: Session, seed: int) -> None:
    assert found(session, of_one_unit(range(seed * 40, seed * 40 + 40))) == []


@pytest.mark.parametrize("seed", range(6))
def test_copied_rows_are_found_in_the_later_form(session: Session, seed: int) -> None:
    rng = random.Random(seed)
    forms = of_one_unit(range(100 + seed * 10, 110 + seed * 10))
    first, second = sorted(rng.sample(range(10), 2))
    rows = [row for row in forms[first]["indicators"] if row["level2"] in ("数量指标", "质量指标")][:3]
    assert len(rows) == 3
    at = rng.randrange(3)
    forms[second]["indicators"][at:at] = copy.deepcopy(rows)
    (finding,) = found(session, forms)
    assert (finding.code, finding.path, finding.pointer) == ("LP901", f"{second:04}.json", f"/indicators/{at}/name")
    assert {related.path for related in finding.related} == {f"{first:04}.json"}
    assert finding.found == tuple(row["name"] for row in rows)
    del forms[second]["indicators"][at]
    assert found(session, forms) == []


def unchanged(form: Form) -> bool:
    return all(row["initial"] == row["annual"] for row in form["funds"]["rows"])


@pytest.mark.parametrize("seed", range(6))
def test_mirrored_changes_are_found_in_the_later_form(session: Session, seed: int) -> None:
    rng = random.Random(seed)
    forms = of_one_unit(range(200 + seed * 10, 210 + seed * 10))
    # forms whose budget was changed say why
    plain = [number for number, form in enumerate(forms) if unchanged(form)]
    first, second = sorted(rng.sample(plain, 2))
    for number, sign in ((first, -1), (second, 1)):
        (total,) = (row for row in forms[number]["funds"]["rows"] if row["source"] == "total")
        factor = Decimal(10_000) if forms[number]["funds"]["currency_unit"] == "万元" else Decimal(1)
        total["annual"] = total["initial"] + sign * Decimal("60000.00") / factor
    (finding,) = found(session, forms)
    assert (finding.code, finding.path, finding.variant) == ("LP902", f"{second:04}.json", "added")
    assert [related.path for related in finding.related] == [None, f"{first:04}.json"]
    forms[second]["heading"]["year"] = 2022
    assert found(session, forms) == []


@pytest.mark.parametrize("seed", range(6))
def test_a_shared_goal_is_found_in_the_later_form(session: Session, seed: int) -> None:
    rng = random.Random(seed)
    forms = [clean_form(number) for number in range(300 + seed * 10, 310 + seed * 10)]
    first, second = sorted(rng.sample(range(10), 2))
    forms[second]["goals"]["expected"] = forms[first]["goals"]["expected"]
    (finding,) = found(session, forms)
    assert (finding.code, finding.path, finding.pointer) == ("LP903", f"{second:04}.json", "/goals/expected")
    assert [related.path for related in finding.related] == [f"{first:04}.json"]


class _Subject:
    """A document with nothing but a project and a goal."""

    path = "form.json"

    def __init__(self, project: str, goal: str) -> None:
        self.data = {"heading": {"project": project}, "goals": {"expected": goal}}


def shared(goals: Sequence[str]) -> list[tuple[int, int]]:
    """(later, earlier) for each goal that is found to be that of an earlier project."""
    check = CHECKS["goal-text-shared"]
    digests = [check.digest(_Subject(f"项目{number}甲乙丙", goal), GOALS) for number, goal in enumerate(goals)]  # type: ignore[arg-type]
    return [(problem.document, problem.related[0][0]) for problem in check.compare(digests, GOALS)]


CHARACTERS = (
    "养护绿道修补路面保持设施完好居民出行锻炼更新图书阅读角落社区老年食堂送餐上门探访古树复壮防治病虫培训志愿者开展活动"
)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(40, 200))
def test_a_text_with_a_tenth_of_its_characters_changed_is_recognised(seed: int, length: int) -> None:
    rng = random.Random(seed)
    goals = ["".join(rng.choices(CHARACTERS, k=length)) for _ in range(12)]
    changed = list(goals[4])
    for position in rng.sample(range(length), length // 10):
        changed[position] = "〇"
    assert shared([*goals, "".join(changed)]) == [(12, 4)]


def test_many_copies_and_many_common_phrases_take_no_longer_each() -> None:
    rng = random.Random(1)
    common = "按照年度工作部署和绩效管理要求完成各项任务"

    def seconds(count: int, copies: bool) -> float:
        goals = [
            common + ("确保设施完好居民满意" * 3 if copies else "".join(rng.choices(CHARACTERS, k=90)))
            for _ in range(count)
        ]
        check = CHECKS["goal-text-shared"]
        digests = [check.digest(_Subject(f"项目{number}甲乙丙", goal), GOALS) for number, goal in enumerate(goals)]  # type: ignore[arg-type]
        begun = time.perf_counter()
        problems = list(check.compare(digests, GOALS))
        spent = time.perf_counter() - begun
        assert len(problems) == (count - 1 if copies else 0)
        return spent

    for copies in (True, False):
        small = min(seconds(400, copies) for _ in range(3))
        large = seconds(4000, copies)
        assert large < 30 * small + 0.5, (small, large)


def test_a_digest_is_small() -> None:
    """A hundred thousand documents have to fit into memory."""
    import pickle

    sizes = []
    for seed in range(20):
        form = clean_form(seed)
        document = Document("form.json", form)
        result = check_document(open_session(), document, Policy(), [], wanted=Wanted(compared=True))
        assert result.left is not None
        sizes.append(len(pickle.dumps(result.left.digests)))
    assert max(sizes) < 6000 < len(json.dumps(clean_form(0), default=str, ensure_ascii=False).encode())
