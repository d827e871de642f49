"""The page on a batch of 1,000 forms in a browser: how large, how fast, and whether everything follows a choice."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from browser.batch_forms import UNITS, batch_forms, batch_page
from browser.conftest import Open

NUMBER = 1000


@pytest.fixture(scope="module")
def content() -> str:
    return batch_page(batch_forms(NUMBER))


@pytest.fixture
def page(open_page: Open, content: str) -> Any:
    return open_page(content)


def shown(page: Any) -> int:
    """How many documents fit what is chosen, as the page says."""
    return int(page.text_content("[data-status]").split("/")[0].replace(",", ""))


def wait_for(page: Any, number: int) -> None:
    """Until so many documents fit: what is typed is looked for a moment later."""
    page.locator("[data-status]", has_text=re.compile(f"^{number} ")).wait_for()


def figures(page: Any) -> dict[str, Any]:
    """What the figures show: numbers of tiles, bins, units, rules; and how many shapes the charts have."""
    return page.evaluate(
        """() => ({
          tiles: [...document.querySelectorAll("[data-tile]")].map((each) => each.textContent),
          bins: [...document.querySelectorAll("[data-bin]")].map((each) => +each.textContent),
          units: [...document.querySelectorAll("[data-of]")].map((each) => each.textContent),
          rules: [...document.querySelectorAll("table.defects tbody tr:not([hidden]) [data-count]")]
            .map((each) => each.textContent),
          shapes: document.querySelector("[data-chart=scatter] svg").querySelectorAll("path").length,
        })"""
    )


def data(content: str) -> Any:
    found = re.search(r'<script type="application/json" id="batch-data">(.*?)</script>', content, re.DOTALL)
    assert found is not None
    return json.loads(found[1])


def test_a_thousand_forms_stay_below_five_megabytes(content: str) -> None:
    assert len(content.encode()) < 5_000_000
    assert len(data(content)["forms"]) == NUMBER


def test_charts_are_drawn_as_vectors_with_a_name_for_who_cannot_see_them(page: Any) -> None:
    for name in ("scatter", "histogram"):
        chart = page.locator(f"[data-chart={name}]")
        assert chart.get_attribute("role") == "img"
        assert chart.get_attribute("aria-label")
        assert chart.locator("svg path").count() > 10
    assert page.locator("canvas").count() == 0
    page.locator("#b-weights").scroll_into_view_if_needed()
    page.wait_for_selector("[data-chart=weights] svg path", state="attached")


def test_a_unit_filters_all_figures_and_the_list(page: Any) -> None:
    before = figures(page)
    assert sum(before["bins"]) == NUMBER
    page.select_option("[data-filter=unit]", label=UNITS[5])
    of_unit = sum(form["heading"]["unit"] == UNITS[5] for form in batch_forms(NUMBER))
    after = figures(page)
    assert shown(page) == of_unit == int(after["tiles"][0])
    assert after["tiles"][1] == "1"
    assert sum(after["bins"]) == of_unit
    assert after["units"] == before["units"]  # units are what was chosen from: they stay to choose another
    assert after["rules"] != before["rules"]
    assert after["shapes"] < before["shapes"]
    listed = page.locator("[data-forms-table] tbody tr").all_text_contents()
    assert len(listed) == min(50, of_unit)
    assert all(UNITS[5] in row for row in listed)
    page.click("[data-reset]")
    assert figures(page) == before


def test_a_cell_of_the_heat_map_is_as_many_documents_as_it_says(page: Any) -> None:
    cell = page.locator('[data-cell="0,0"]')
    said = int(cell.text_content())
    cell.click()
    assert shown(page) == said
    assert cell.get_attribute("aria-pressed") == "true"
    assert page.locator("[data-chosen] button").count() == 2
    page.locator("[data-chosen] button").first.click()
    assert shown(page) > said
    cell.focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowRight")
    assert page.evaluate("document.activeElement.dataset.cell") == "1,1"


def test_a_band_a_level_and_words_filter_together(page: Any) -> None:
    band = page.locator("[data-band]").nth(1)
    said = int(band.text_content())
    page.locator(".bands .b1 button").click()
    assert shown(page) == said
    page.select_option("[data-filter=level]", "2")
    warned = shown(page)
    assert 0 < warned <= said
    page.fill("[data-filter=text]", "没有这样的项目")
    wait_for(page, 0)
    assert page.locator("[data-forms-table] tbody tr").count() == 0
    page.fill("[data-filter=text]", "")
    wait_for(page, warned)


def test_the_list_sorts_and_turns_its_pages(page: Any) -> None:
    scores = "[data-forms-table] tbody tr td:nth-child(4)"
    page.click("[data-sort=score] button")
    falling = [float(each) for each in page.locator(scores).all_text_contents()]
    assert falling == sorted(falling, reverse=True)
    page.click("[data-sort=score] button")
    rising = [float(each) for each in page.locator(scores).all_text_contents()]
    assert rising == sorted(rising)
    assert rising[0] < falling[-1]
    assert page.get_attribute("[data-sort=score]", "aria-sort") == "ascending"
    page.locator("[data-pager] button").nth(1).click()
    assert float(page.locator(scores).first.text_content()) >= rising[-1]
    page.locator(".sizes button").last.click()
    assert page.locator("[data-forms-table] tbody tr").count() == NUMBER


def test_a_document_opens_with_its_findings_and_the_cell_in_question(page: Any, content: str) -> None:
    forms = data(content)["forms"]
    number = next(n for n, form in enumerate(forms) if len(form[12]) == 3)
    page.evaluate(f"location.hash = 'f{number}'")
    details = page.locator(f"#f{number}-findings")
    details.wait_for()
    assert details.locator(".finding").count() == 3
    assert details.locator("td.flagged").count() >= 1
    toggle = page.locator(f"#f{number} button[data-open]")
    assert toggle.get_attribute("aria-expanded") == "true"
    toggle.press("Enter")
    assert details.count() == 0


def test_an_odd_document_is_named_and_leads_to_its_row(page: Any) -> None:
    first = page.locator("[data-named] li button").first
    title = first.text_content()
    first.click()
    focused = page.evaluate("document.activeElement.textContent")
    assert focused == title


def test_the_language_changes_the_charts_too(page: Any) -> None:
    assert "预算执行率" in page.text_content("[data-chart=scatter] svg")
    page.click("[data-set-lang=en]")
    assert "Execution" in page.text_content("[data-chart=scatter] svg")
    assert "1,000 of 1,000 documents" in page.text_content("[data-status]")


def test_a_dot_says_which_document_it_is(open_page: Open) -> None:
    hostile = "</strong><img src=x>绿道养护"
    forms = batch_forms(45)
    forms[3]["heading"]["project"] = hostile  # it spent little, so it is named
    page = open_page(batch_page(forms))
    named = page.locator("[data-named] li button").all_text_contents()
    number = named.index(hostile) + 1
    page.locator("[data-chart=scatter] svg text", has_text=re.compile(f"^{number}$")).first.hover()
    tip = page.locator(".tip strong")
    tip.wait_for()
    assert tip.text_content() == hostile
    assert page.locator("img").count() == 0


def test_a_bar_can_be_chosen_without_a_mouse(page: Any) -> None:
    page.locator("#b-histogram summary").click()
    row = page.locator("tr", has=page.locator("[data-bin='20']"))
    said = int(row.locator("td").text_content())
    row.locator("button").press("Enter")
    assert shown(page) == said


def test_paper_has_all_charts_at_its_own_width(page: Any) -> None:
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    for name in ("scatter", "histogram", "weights"):
        assert page.locator(f"[data-chart={name}] svg").get_attribute("width") == "660"
    assert not page.locator(".filters").is_visible()
    page.emulate_media(media="screen")
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert page.locator("[data-chart=histogram] svg").get_attribute("width") != "660"


def test_nobody_is_kept_out(open_page: Open) -> None:
    page = open_page(batch_page(batch_forms(60)))
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        found = axe.Axe().run(page, options={"resultTypes": ["violations"]}).response["violations"]
        grave = [
            (each["id"], node["html"][:120], node["failureSummary"])
            for each in found
            if each["impact"] in ("serious", "critical")
            for node in each["nodes"][:3]
        ]
        assert grave == []


def test_without_scripts_the_numbers_are_there(browser: Any, content: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    try:
        page = context.new_page()
        page.set_content(content)
        assert page.locator("[data-forms-table] tbody tr").count() == NUMBER
        assert page.locator("table.heat tbody tr").count() == len(UNITS)
        assert page.locator("table.heat tbody tr").last.is_visible()
        assert not page.locator(".filters").is_visible()
    finally:
        context.close()
