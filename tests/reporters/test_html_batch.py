"""The page on a batch: its statistics, what it counts, what it leaves out; no text of a document gets loose."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal
from hashlib import sha256
from html.parser import HTMLParser
from importlib.resources import files
from itertools import pairwise
from typing import Any

import pytest
from browser.batch_forms import UNITS, batch_forms, batch_page, session
from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.reporters.html import batch as module
from lintperf_builtin.reporters.html.batch import Batch
from lintperf_builtin.reporters.html.digest import Form, Overview, bins, median, most_common, odd_ones

from benchmarks.forms import clean_form
from lintperf.cli.check import CheckOptions, view_for
from lintperf.document import Document
from lintperf.model import Lang, Severity
from lintperf.pipeline import check_document
from lintperf.policy import Policy
from lintperf.results import BaselineTotals, FileResult, Totals, View, Wanted

D = Decimal
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u202e\"'&amp;"


class Page(HTMLParser):
    """What of a page matters here: elements with their attributes, data, ids, texts by element."""

    def __init__(self, content: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.data: Any = None
        self.tiles: dict[str | None, str] = {}
        self.feed(content)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        tag, attributes = self.elements[-1] if self.elements else ("", {})
        if tag == "script" and attributes.get("id") == "batch-data" and data.strip():
            self.data = json.loads(data, parse_float=D)
        elif "data-tile" in attributes and data.strip():
            self.tiles.setdefault(attributes["data-tile"], data)
        elif tag not in ("script", "style"):
            self.texts.append(data)

    def ids(self) -> set[str]:
        """The ids of all elements."""
        return {attributes["id"] or "" for _, attributes in self.elements if "id" in attributes}


def form(execution: str | None, output: str | None) -> Form:
    overview = Overview(execution=execution and D(execution), output=output and D(output))  # type: ignore[arg-type]
    return Form("a.json", 0, "self-evaluation", "绿道养护", "绿道管护中心", overview, {})


def view(lang: Lang = "zh") -> View:
    policy = Policy(persona="auditor", today="2026-01-01")
    return view_for(CheckOptions((".",), policy), session(), policy, {}, lang, Severity.error)


def checked(*forms: dict[str, Any]) -> Iterator[FileResult]:
    policy = Policy(persona="auditor", today="2026-01-01")
    for number, each in enumerate(forms):
        path = f"{number}.json"
        wanted = Wanted(tables=("overview",))
        yield FileResult(path, [check_document(session(), Document(path, each), policy, [], wanted)])


def section(totals: Totals, *forms: dict[str, Any], anchors: Any = None) -> Page:
    """The part of the page on some forms."""
    batch = Batch(view())
    for file in checked(*forms):
        totals.count(file)
        batch.take(file)
    return Page("".join(batch.section(totals, anchors or {}).body))


def tile(content: str, name: str) -> str:
    found = re.search(f'data-tile="{name}">([^<]*)<', content)
    assert found is not None
    return found[1]


# ---- statistics


@pytest.mark.parametrize(("values", "middle"), [(["3"], "3"), (["1", "2"], "1.5"), (["9", "1", "2"], "2")])
def test_the_median_is_the_middle_one_or_the_mean_of_both(values: list[str], middle: str) -> None:
    assert median(map(D, values)) == D(middle)


def test_few_documents_are_held_against_a_gap_of_zero() -> None:
    odd = odd_ones([form("0.40", "1"), form("0.95", "0.99"), form("1", "0.84"), form(None, "1"), form("1", "0.85")])
    assert (odd.centre, odd.limit) == (D(0), D("0.15"))
    assert odd.forms == ((0, D("0.60")), (2, D("-0.16")))


def test_many_documents_are_held_against_the_middle_of_them_all() -> None:
    # all outputs score 20 points above execution: that is how this batch is, and nobody stands out for it
    usual = [form(f"0.{70 + number}", f"0.{90 + number}") for number in range(9)]
    odd = odd_ones([*usual, form("0.90", "0.90"), form("0.90", "0.96")])
    assert (odd.centre, odd.limit) == (D("0.20"), D("0.15"))
    assert odd.forms == ((9, D("0.00")),)


def test_a_batch_that_scatters_widens_the_limit() -> None:
    gaps = ["-0.30", "-0.20", "-0.10", "-0.05", "0.05", "0.10", "0.20", "0.30", "0.95"]
    odd = odd_ones([form("1", str(1 + D(gap))) for gap in gaps])
    # the median gap is 0.05, the median distance from it 0.15
    assert odd.limit == 3 * D("1.4826") * D("0.15")
    assert [number for number, _ in odd.forms] == [8]


@given(st.lists(st.decimals("0", "100", places=2), min_size=1, max_size=30))
def test_every_score_lies_in_one_bin(scores: list[Decimal]) -> None:
    found = bins(scores)
    assert found[0].low <= 60
    assert found[-1].high == 100
    assert all(left.high == right.low for left, right in pairwise(found))
    assert all(sum(low <= score < high or score == high == 100 for low, high in found) == 1 for score in scores)


def test_bins_reach_to_scores_beyond_full_marks_and_below_nothing() -> None:
    assert bins([D("103.5")])[-1] == (D(102), D(104))
    assert bins([D("-3")])[0].low == -10
    assert bins([])[0].low == 60


def test_the_most_common_value_is_the_first_of_several() -> None:
    assert most_common(["b", None, None, None, "a", "a", "b"], None) == "b"
    assert most_common([], None) is None


# ---- the page


def test_the_page_counts_what_the_run_counted() -> None:
    totals = Totals()
    forms = batch_forms(40)
    batch = Batch(view())
    for file in checked(*forms):
        totals.count(file)
        batch.take(file)
    content = "".join(batch.section(totals, {}).body)
    page = Page(content)
    assert tile(content, "forms") == "40"
    for severity in (Severity.error, Severity.warning, Severity.note):
        assert tile(content, severity.name) == f"{totals.by_severity.get(severity, 0):,}"
    counts: dict[str, int] = {}
    for each in page.data["forms"]:
        flat = each[9]
        for rule, _, number in zip(flat[::3], flat[1::3], flat[2::3], strict=True):
            code = page.data["rules"][rule]["code"]
            counts[code] = counts.get(code, 0) + number
    assert counts == totals.by_code
    assert sum(each[0] is not None for each in page.data["forms"]) == 40
    assert {f"f{number}" for number in range(40)} <= page.ids()
    bins_ = [int(each) for each in re.findall(r'data-bin="\d+">([^<]*)<', content)]
    assert sum(bins_) == 40


def test_details_hold_the_message_with_its_values_and_the_row() -> None:
    wrong = batch_forms(1)[0]
    wrong["total"]["score"] += 7
    page = section(Totals(), wrong, wrong)
    strings = page.data["strings"]
    details = [each for each in page.data["forms"][0][12] if strings[each[0]] == "LP204"]
    (detail,) = details
    pieces = strings[detail[5]].split("\x1f")
    values = [strings[number] for number in detail[6]]
    said = "".join(piece + value for piece, value in zip(pieces, [*values, ""], strict=True))
    (finding,) = (each for each in next(checked(wrong)).documents[0].findings if each.code == "LP204")
    assert f"{finding.found:f}" in said
    assert "相差 7" in said.replace("7.00", "7")
    heads = strings[detail[7]].split("\x1f")
    assert len(heads) == len(detail[8])
    assert any(mark > 0 for mark in detail[9])


def test_hostile_texts_stay_texts() -> None:
    hostile = batch_forms(1)[0]
    hostile["heading"] |= {"project": HOSTILE, "unit": HOSTILE + "2", "department": HOSTILE}
    hostile["total"] |= {"grade": HOSTILE, "score": D(50)}
    hostile["indicators"][0] |= {"name": HOSTILE, "actual": HOSTILE}
    content = batch_page([hostile, *batch_forms(2)])
    page = Page(content)
    assert not [tag for tag, _ in page.elements if tag == "img"]
    assert not [name for _, attributes in page.elements for name in attributes if name.startswith("on")]
    assert not [attributes for _, attributes in page.elements if "style" in attributes]
    assert "<script>alert" not in content
    assert "<img" not in content
    assert "\u202e" not in content
    assert page.data["units"].count(HOSTILE + "2") == 1


def test_links_lead_to_rows_and_drawn_documents() -> None:
    content = batch_page(batch_forms(12))
    page = Page(content)
    targets = [a["href"] for tag, a in page.elements if tag == "a" and (a.get("href") or "").startswith("#")]
    assert {f"#d{number}" for number in range(12)} <= set(targets)
    assert {(target or "")[1:] for target in targets} <= page.ids()


@pytest.mark.parametrize("number", [0, 2, 12])
def test_the_page_is_valid_html(number: int) -> None:
    html5lib = pytest.importorskip("html5lib", reason="html5lib is not installed")
    html5lib.HTMLParser(strict=True).parse(batch_page(batch_forms(number)))


def test_the_same_run_gives_the_same_bytes() -> None:
    assert batch_page(batch_forms(5)) == batch_page(batch_forms(5))


def test_both_languages_are_on_the_page_and_messages_in_that_of_the_run() -> None:
    forms = batch_forms(8)
    zh, en = batch_page(forms), batch_page(forms, "en")
    for content in (zh, en):
        assert "预算执行率与产出得分率" in content
        assert "Execution against output score" in content
    assert '<html lang="zh-CN"' in zh
    assert '<html lang="en"' in en


def test_nothing_to_show_is_said() -> None:
    content = batch_page([])
    assert tile(content, "forms") == "0"
    assert 'id="batch-data"' not in content


def test_what_cannot_be_read_is_counted_and_listed() -> None:
    nothing = {"type": "no-such-type"}
    page = section(Totals(), nothing, batch_forms(1)[0])
    assert any("1 份不能读取或类型不明" in text for text in page.texts)
    assert "f1" in page.ids()


def test_more_than_a_page_holds_is_left_out_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_FORMS", 3)
    monkeypatch.setattr(module, "MOST_DETAILS", 2)
    wrong = batch_forms(1)[0]
    wrong["total"]["score"] += 7
    wrong["indicators"][0]["score"] += 50
    totals = Totals()
    clean = clean_form(1, 12)
    page = section(totals, *[wrong] * 4, clean)
    assert len(page.data["forms"]) == 3
    assert sum(len(each[12]) for each in page.data["forms"]) == 2
    found = sum(totals.by_severity.values()) // 4
    assert page.tiles == {**page.tiles, "forms": "5", "clean": "1", "share": "20.0%"}
    assert page.data["forms"][0][11] == found - 2
    assert page.data["forms"][1][11] == found
    # the gravest are written out
    assert {each[1] for each in page.data["forms"][0][12]} == {3}
    assert any("其余 2 份只计入上面的条数" in text for text in page.texts)


def test_a_baseline_shows_what_came_and_went() -> None:
    totals = Totals()
    totals.baseline = BaselineTotals({"LP204": 3}, {"LP204": 1, "LP301": 2}, {"LP402": 9})
    page = section(totals, *batch_forms(2))
    assert page.data["trend"] == [["LP402", 0, 0, 9], ["LP204", 3, 1, 0], ["LP301", 0, 2, 0]]
    assert any("基线中原有 12 条，现有 6 条" in text for text in page.texts)
    assert "b-trend" not in section(Totals(), *batch_forms(2)).ids()


def test_units_are_ranked_by_what_was_found() -> None:
    page = section(Totals(), *batch_forms(60))
    assert set(page.data["units"]) <= set(UNITS)
    by_unit = [0] * len(page.data["units"])
    for each in page.data["forms"]:
        by_unit[each[0]] += len(set(each[9][::3]))
    assert by_unit == sorted(by_unit, reverse=True)


def test_the_vendored_library_is_the_one_that_is_described() -> None:
    folder = files("lintperf_builtin.reporters.html").joinpath("vendor")
    readme = folder.joinpath("README.md").read_text("utf-8")
    library = folder.joinpath("echarts.min.js").read_bytes()
    assert sha256(library).hexdigest() in readme
    packages = json.loads(folder.joinpath("package-lock.json").read_text("utf-8"))["packages"]
    version = packages["node_modules/echarts"]["version"]
    assert f"Apache ECharts {version} (parts)".encode() in library[:200]
    assert f"ECharts](https://echarts.apache.org/) {version}" in readme
    assert b"</script" not in library.lower()
    licence = folder.joinpath("LICENSE.echarts.txt").read_text("utf-8")
    assert all(word in licence for word in ("Apache License", "Baidu", "Mike Bostock", "NOTICE"))
