"""Fingerprints stay while findings move and go when what was found changes."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from lintperf.findings.fingerprints import fingerprint
from lintperf.model import CellPlace, TextPlace

from .sample import bound_finding, rate_finding


def of(finding: Any, title: str | None = "绿道养护") -> str:
    return fingerprint(finding, title, {})


BASE = of(rate_finding("a.json", TextPlace(11, 16, 11, 20, 300, 304)))


@pytest.mark.parametrize(
    "moved",
    [
        rate_finding("a.json", TextPlace(99, 2, 99, 6, 900, 904)),
        rate_finding("b/other.docx", CellPlace(3, 1, 2)),
        rate_finding("a.json", None, pointer="/funds/rows/7/rate", document=4),
        rate_finding("a.json", None, row="年度 资金\n总额"),
        rate_finding("a.json", None, expected=Decimal("0.86"), cells=()),
    ],
)
def test_what_only_moved_keeps_its_fingerprint(moved: Any) -> None:
    assert of(moved) == BASE


@pytest.mark.parametrize(
    "changed",
    [
        rate_finding("a.json", None, found=Decimal("0.96")),
        rate_finding("a.json", None, row="其他资金"),
        rate_finding("a.json", None, pointer="/funds/rows/0/score"),
        rate_finding("a.json", None, pointer="/indicators/0/rate"),
    ],
)
def test_what_is_another_finding_has_another_fingerprint(changed: Any) -> None:
    assert of(changed) != BASE


def test_code_and_title_count() -> None:
    assert of(rate_finding("a.json", None), "古树保护") != BASE
    assert of(rate_finding("a.json", None), None) != BASE
    assert of(bound_finding("a.json", None, None)) != BASE


def test_alike_findings_of_a_file_differ_by_their_number() -> None:
    seen: dict[str, int] = {}
    first, second = (fingerprint(rate_finding("a.json", None), "绿道养护", seen) for _ in range(2))
    assert first == BASE
    assert second != first


def test_a_long_text_counts_to_its_end() -> None:
    texts = ["养护" * 100 + end for end in "甲乙"]
    assert of(bound_finding("a", None, None, texts[0])) != of(bound_finding("a", None, None, texts[1]))


def test_parts_do_not_run_into_each_other() -> None:
    one = rate_finding("a.json", None, row="甲乙", found="丙")
    other = rate_finding("a.json", None, row="甲", found="乙丙")
    assert of(one) != of(other)


def test_lone_surrogates_do_not_stop_it() -> None:
    assert len(of(bound_finding("a", None, None, "\ud800"))) == 64
