"""The page on a document in a browser: choosing, stepping, filtering, languages, without scripts, on paper, for all."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from reporters.html_documents import checked, evaluation_report, form, page

from lintperf.model import Suppression

Open = Callable[..., Any]


@cache
def form_page() -> str:
    """A form with a suppressed finding."""
    (file,) = checked({"a.json": form()})
    (document,) = file.documents
    gone = next(each for each in document.findings if each.pointer == "/indicators/0/score")
    document.findings.remove(gone)
    document.suppressed.append((gone, Suppression("in_source", reason="已核对")))
    return page([file])


@cache
def report_page() -> str:
    return page(checked({"a.json": evaluation_report()}))


@cache
def two_pages() -> str:
    return page(checked({"a.json": form(), "b.json": evaluation_report()}))


def entry(opened: Any, pointer_text: str) -> Any:
    """The list entry whose place reads so."""
    return opened.locator("ol.list > li.finding:not(.suppressed)", has_text=pointer_text).first


def focused(opened: Any) -> str:
    return str(opened.evaluate("document.activeElement.id"))


def test_a_finding_leads_to_its_cell_and_the_cell_back(open_page: Open) -> None:
    opened = open_page(form_page())
    item = entry(opened, "执行率计算错误")
    assert not item.locator(".more").is_visible()
    item.locator("h3").click()
    assert "current" in item.get_attribute("class")
    assert item.locator(".more").is_visible()
    cell = opened.locator(f"#{item.get_attribute('data-cell')}")
    assert "current" in cell.get_attribute("class")
    assert cell.inner_text().startswith("0.95")
    item.locator("a.to").click()
    assert focused(opened) == cell.get_attribute("id")
    assert opened.locator(".related").count() == len(item.get_attribute("data-related").split())
    opened.keyboard.press("Escape")
    assert focused(opened) == item.get_attribute("id")
    cell.locator("a.ref").first.click()
    assert focused(opened) == cell.locator("a.ref").first.get_attribute("href")[1:]


def test_a_click_on_a_cell_steps_through_its_findings(open_page: Open) -> None:
    opened = open_page(form_page())
    cell = opened.locator("td.flag").filter(has=opened.locator("a.ref:not(.suppressed):nth-of-type(2)")).first
    names = [name for name in cell.get_attribute("data-findings").split() if "s" not in name]
    seen = []
    for _ in names:
        cell.click(position={"x": 6, "y": 6})
        seen.append(opened.locator("li.finding.current").get_attribute("id"))
    assert sorted(seen) == sorted(names)


def test_keys_step_through_the_findings(open_page: Open) -> None:
    opened = open_page(form_page())
    numbers = [each.inner_text() for each in opened.locator("ol.list > li:not(.suppressed) .number").all()]

    def current() -> str:
        return str(opened.locator("li.finding.current .number").inner_text())

    opened.keyboard.press("F8")
    assert current() == numbers[0]
    opened.keyboard.press("F8")
    opened.keyboard.press("ArrowDown")
    assert current() == numbers[2]
    opened.keyboard.press("Shift+F8")
    assert current() == numbers[1]
    opened.keyboard.press("End")
    assert current() == numbers[-1]
    opened.keyboard.press("F8")
    assert current() == numbers[0]
    opened.keyboard.press("End")
    opened.keyboard.press("Enter")
    assert focused(opened) == opened.locator("li.finding.current").get_attribute("data-cell")


def test_hovering_shows_what_is_wrong(open_page: Open) -> None:
    opened = open_page(form_page())
    item = entry(opened, "执行率计算错误")
    opened.locator(f"#{item.get_attribute('data-cell')}").hover()
    tip = opened.locator(".tip")
    assert item.locator(".message").inner_text() in tip.inner_text()
    opened.keyboard.press("Escape")
    assert not tip.is_visible()


def test_filters_by_severity_rule_and_words(open_page: Open) -> None:
    opened = open_page(form_page())
    every = opened.locator("ol.list > li.finding:not(.suppressed):visible")
    whole = every.count()
    errors = opened.locator("li.finding.error:not(.suppressed)").count()
    for name in ("warning", "note"):
        opened.locator(f".toggle.{name}").click()
    assert every.count() == errors < whole
    assert opened.locator("output.shown").inner_text() == f"显示 {errors} 条，共 {whole} 条"
    assert opened.locator(".paper a.ref.warning:not(.suppressed):visible").count() == 0
    for name in ("warning", "note"):
        opened.locator(f".toggle.{name}").click()
    opened.locator("[data-rule]").select_option("LP301")
    assert {each.get_attribute("data-code") for each in every.all()} == {"LP301"}
    opened.locator("[data-rule]").select_option("")
    opened.locator("[data-search]").fill("苗木成活率")
    assert 0 < every.count() < whole
    opened.locator("[data-search]").fill("没有这样的字")
    assert every.count() == 0
    opened.keyboard.press("F8")
    assert opened.locator("li.finding.current").count() == 0


def test_the_language_changes_in_the_page(open_page: Open) -> None:
    opened = open_page(form_page())
    item = entry(opened, "LP301")
    assert "执行率计算错误" in item.inner_text()
    opened.locator("[data-set-lang=en]").click()
    assert "执行率计算错误" not in item.inner_text()
    assert "error" in item.inner_text()
    assert opened.evaluate("document.documentElement.lang") == "en"
    assert opened.locator("[data-search]").get_attribute("placeholder") == "Search"
    assert opened.locator("[data-rule] option").first.inner_text() == "All rules"


def test_what_is_ignored_is_marked_on_demand(open_page: Open) -> None:
    opened = open_page(form_page())
    mark = opened.locator(".paper a.ref.suppressed")
    assert not mark.is_visible()
    opened.locator("details.ignored summary").click()
    opened.locator("[data-show-ignored]").check()
    assert mark.is_visible()
    mark.click()
    assert "已核对" in opened.locator("li.finding.current").inner_text()


def test_the_address_names_a_finding(open_page: Open) -> None:
    opened = open_page(two_pages(), "#d1f0")
    opened.wait_for_selector("#d1f0.current")
    assert opened.locator("#d1").is_visible()
    assert not opened.locator("#d0").is_visible()
    opened.locator(".top nav a[href='#d0']").click()
    opened.wait_for_selector("#d0.shown")
    assert not opened.locator("#d1").is_visible()


def test_words_of_a_report_are_marked_and_lead_to_their_finding(open_page: Open) -> None:
    opened = open_page(report_page())
    words = opened.locator(".paper p mark").first
    words.click()
    current = opened.locator("li.finding.current")
    assert current.get_attribute("id") in words.get_attribute("data-findings").split()


def test_everything_can_be_read_without_scripts(open_page: Open) -> None:
    opened = open_page(two_pages(), java_script_enabled=False)
    text = opened.locator("body").inner_text()
    for words in ("执行率计算错误", "依据", "养护绿道长度", "得分复核表", "检查范围"):
        assert words in text
    assert opened.locator("li.finding .more").first.is_visible()
    assert opened.locator(".controls").first.is_hidden()
    opened.locator(".paper a.ref").first.click()
    assert re.search(r"#d0[fs][0-9]+$", opened.url)


@pytest.mark.parametrize(("made", "scheme"), [(form_page, "light"), (form_page, "dark"), (report_page, "light")])
def test_no_barrier_that_axe_knows(open_page: Open, made: Callable[[], str], scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    opened = open_page(made(), color_scheme=scheme, reduced_motion="reduce")
    opened.keyboard.press("F8")
    found = axe.Axe().run(opened).response["violations"]
    assert [(each["id"], [node["target"] for node in each["nodes"][:3]]) for each in found] == []


@pytest.mark.parametrize("width", [1366, 390])
def test_the_page_itself_never_scrolls_sideways(open_page: Open, width: int) -> None:
    opened = open_page(form_page(), viewport={"width": width, "height": 768})
    assert opened.evaluate("document.documentElement.scrollWidth") <= width


def test_a_form_prints_on_a4_with_its_findings_behind(open_page: Open) -> None:
    pdfium = pytest.importorskip("pypdfium2")
    opened = open_page(form_page())
    document = pdfium.PdfDocument(io.BytesIO(opened.pdf(prefer_css_page_size=True)))
    for number in range(len(document)):
        assert sorted(round(side) for side in document[number].get_size()) == [595, 842]
    texts = ["".join(each.get_textpage().get_text_range().split()) for each in document]
    assert "项目支出绩效自评表" in texts[0]
    behind = next(number for number, text in enumerate(texts) if "检查发现" in text)
    assert behind > 0
    assert "依据" in texts[behind]
