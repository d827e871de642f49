"""The page of the service in a browser, against the service as it runs: no request leaves it, nothing complains."""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from decimal import Decimal
from functools import cache
from pathlib import Path
from time import monotonic, sleep
from typing import Any

import pytest
from lintperf_builtin.renderers import RENDERERS
from lintperf_builtin.reporters.html import service
from reporters.html_documents import HOSTILE, form, row

from lintperf.document.exact import dumps

Visit = Callable[..., Any]
EXAMPLES = Path(__file__).parents[2] / "examples"
WORD = EXAMPLES / "09-guanli-zhuanxiang.docx"
FORMS = sorted(path for path in EXAMPLES.iterdir() if path.suffix != ".md")
MIB = 1024 * 1024
# the dialog for files is a window of the system, which tests do without
ASKED = """() => document.getElementById("chooser").addEventListener("click", (event) => {
  event.preventDefault();
  event.target.dataset.asked = "";
})"""
# the page knows what the service can do
READY = "#ruleset option:nth-child(2)"
# as if a file were dropped on the page
DROP = """([name, content]) => {
  const bytes = Uint8Array.from(atob(content), (each) => each.charCodeAt(0));
  const dataTransfer = new DataTransfer();
  dataTransfer.items.add(new File([bytes], name));
  for (const kind of ["dragenter", "dragover", "drop"]) {
    document.body.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer }));
  }
}"""
PASTE = """([type, content]) => {
  const clipboardData = new DataTransfer();
  clipboardData.setData(type, content);
  document.body.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, clipboardData }));
}"""


def started(folder: Path, *options: str) -> tuple[subprocess.Popen[bytes], str]:
    """A service on a port of its own, and its address. It writes its log into the folder."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith("LINTPERF_")}
    environment["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    command = [sys.executable, "-m", "lintperf", "serve", "--port", "0", "--workers", "1", *options]
    log = folder / "log"
    with log.open("wb") as stream:
        process = subprocess.Popen(command, stderr=stream, env=environment, cwd=folder)
    until = monotonic() + 30
    while process.poll() is None and monotonic() < until:
        for line in log.read_text("utf-8").splitlines():
            with suppress(ValueError):
                event = json.loads(line)
                if event["event"] == "started":
                    return process, f"http://127.0.0.1:{event['port']}/"
        sleep(0.05)
    pytest.fail(f"the service did not start: {log.read_text('utf-8')}")


def ended(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    assert process.wait(timeout=30) == 0


@pytest.fixture(scope="module")
def address(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The service, started once for all tests here, where there is a browser at all."""
    pytest.importorskip("starlette")
    process, url = started(tmp_path_factory.mktemp("service"))
    yield url
    ended(process)


@pytest.fixture
def visit(browser: Any, address: str) -> Iterator[Visit]:
    """Opens the page at 1366×768 in Chinese; fails at the end if it asked elsewhere, or its scripts complained.

    `forgiven`: statuses of answers that a test provokes, which browsers complain of.
    """
    contexts: list[Any] = []
    complaints: list[str] = []

    def visit_(url: str = "", forgiven: tuple[int, ...] = (), **settings: Any) -> Any:
        url = url or address
        context = browser.new_context(**{"viewport": {"width": 1366, "height": 768}, "locale": "zh-CN", **settings})
        contexts.append(context)
        page = context.new_page()

        def heard(message: Any) -> None:
            if message.type == "error" and not any(f"status of {status} " in message.text for status in forgiven):
                complaints.append(message.text)

        def asked(request: Any) -> None:
            if not request.url.startswith((url, f"blob:{url}", "data:")):
                complaints.append(request.url)

        page.on("console", heard)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", asked)
        page.goto(url)
        page.wait_for_selector("dialog[open]" if 401 in forgiven else READY, state="attached")
        return page

    yield visit_
    for context in contexts:
        context.close()
    assert complaints == []


@cache
def found(*paths: Path) -> dict[str, Any]:
    """What `lintperf check --format json` finds."""
    command = [sys.executable, "-m", "lintperf", "check", *map(str, paths), "--no-config", "--format", "json"]
    written = subprocess.run(command, capture_output=True, check=False).stdout
    return {Path(each["path"]).name: each for each in json.loads(written)["documents"]}


def drop(page: Any, path: Path) -> None:
    page.evaluate(DROP, [path.name, base64.b64encode(path.read_bytes()).decode()])


def choose(page: Any, *files: dict[str, Any] | Path) -> None:
    """Files by their paths, or as they were made up; several of both kinds all as made up."""
    if not all(isinstance(each, Path) for each in files):
        files = tuple(upload(each.name, each.read_bytes()) if isinstance(each, Path) else each for each in files)
    page.set_input_files("#chooser", files)


def upload(name: str, content: bytes) -> dict[str, Any]:
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def item(page: Any, name: str) -> Any:
    """The entry of the list of files."""
    return page.locator("#queue .item", has=page.get_by_text(name, exact=True))


def open_sample(page: Any) -> None:
    page.locator("[data-sample]").click()
    page.wait_for_selector("#document.shown .desk")


def open_all(page: Any) -> None:
    """The four examples, and their overview."""
    choose(page, *FORMS)
    page.locator("[data-do=overview]:not([disabled])").click()
    page.wait_for_selector("#batch.live")


def test_a_dropped_form_shows_what_the_command_finds(visit: Visit) -> None:
    page = visit()
    drop(page, WORD)
    page.wait_for_selector("#document.shown .desk")
    expected = found(WORD)[WORD.name]["findings"]
    entries = page.locator("li.finding")
    assert sorted(entries.evaluate_all("all => all.map((each) => each.dataset.code)")) == sorted(
        each["code"] for each in expected
    )
    said = set(page.locator("li.finding .message .zh").all_inner_texts())
    assert {each["message"] for each in expected} <= said
    assert page.title().startswith(found(WORD)[WORD.name]["title"])
    assert page.evaluate("document.activeElement.tagName") == "H1"


def test_a_finding_leads_to_its_cell_and_the_cell_back(visit: Visit) -> None:
    page = visit()
    open_sample(page)
    entry = page.locator("li.finding[data-code=LP401]")
    entry.locator("h3").click()
    assert "依据" in entry.locator(".more").inner_text()
    entry.locator("a.to").click()
    cell = page.evaluate("document.activeElement.id")
    assert cell == entry.get_attribute("data-cell")
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.id") == entry.get_attribute("id")
    page.locator(".toggle.error").click()
    assert page.locator("li.finding.error:visible").count() == 0
    assert page.locator("li.finding.warning:visible").count() == 2


def test_the_way_back_leads_to_the_file_that_one_comes_from(visit: Visit) -> None:
    page = visit()
    open_sample(page)
    page.locator("li.finding h3").first.click()
    page.go_back()
    page.wait_for_selector("#files.shown")
    assert page.evaluate("document.activeElement.className") == "open"
    page.go_forward()
    page.wait_for_selector("#document.shown")
    assert page.locator("#document .desk").is_visible()


def test_the_language_changes_everywhere_and_is_remembered(visit: Visit) -> None:
    page = visit()
    open_sample(page)
    page.locator("[data-set-lang=en]").click()
    assert page.evaluate("document.documentElement.lang") == "en"
    entry = page.locator("li.finding[data-code=LP301]")
    assert "Execution rate miscomputed" in entry.inner_text()
    assert page.locator("[data-download=annotated]").inner_text() == "Word with comments"
    page.locator(".top [data-at=files]").click()
    page.locator("#settings summary").click()
    page.wait_for_selector("#parameter option:has-text('full marks')", state="attached")
    names = "示例：绿道养护自评表.docx", "城区绿道日常养护", "中文"
    page.locator("select").evaluate_all("all => all.forEach((each) => each.remove())")  # titles quote words of forms
    shown = page.locator("body").inner_text()
    for name in names:
        shown = shown.replace(name, "")
    assert [each for each in shown if "\u4e00" <= each <= "\u9fff"] == []
    page.reload()
    page.wait_for_selector(READY, state="attached")
    assert page.locator("#drop").inner_text().startswith("Drop files here")
    assert visit().locator("#drop").inner_text().startswith("把文件拖到这里")
    assert visit(locale="en-GB").locator("#drop").inner_text().startswith("Drop files here")


def test_the_annotated_copy_has_the_findings_as_comments(visit: Visit) -> None:
    page = visit()
    choose(page, WORD)
    page.wait_for_selector("#document.shown .desk")
    with page.expect_download() as waiting:
        page.locator("[data-download=annotated]").click()
    download = waiting.value
    assert download.suggested_filename.endswith(".docx")
    assert download.suggested_filename != WORD.name
    with zipfile.ZipFile(download.path()) as copy:
        comments = copy.read("word/comments.xml").decode()
    for each in found(WORD)[WORD.name]["findings"]:
        assert each["code"] in comments


def test_the_annotated_copy_can_have_its_numbers_corrected(visit: Visit) -> None:
    page = visit()
    open_sample(page)
    page.get_by_label("同时改正能算出的数").check()
    with page.expect_download() as waiting:
        page.locator("[data-download=annotated]").click()
    with zipfile.ZipFile(waiting.value.path()) as copy:
        text = copy.read("word/document.xml").decode()
    assert ">0.80<" in text  # the rate that follows from what was spent
    with zipfile.ZipFile(Path(service.__file__).parent / "sample" / "sample.docx") as original:
        assert ">0.80<" not in original.read("word/document.xml").decode()


def test_reports_can_be_taken_away(visit: Visit) -> None:
    page = visit()
    open_sample(page)
    for kind, suffix, start in (
        ("html", ".html", b"<!DOCTYPE html>"),
        ("sarif", ".sarif", b"{"),
        ("summary", ".xlsx", b"PK"),
        ("rescore", ".xlsx", b"PK"),
    ):
        with page.expect_download() as waiting:
            page.locator(f"#document [data-download={kind}]").click()
        assert waiting.value.suggested_filename.endswith(suffix)
        assert Path(waiting.value.path()).read_bytes().lstrip().startswith(start)


def test_several_files_have_an_overview_that_leads_to_each(visit: Visit) -> None:
    page = visit()
    open_all(page)
    documents = found(*FORMS)
    assert page.locator("[data-tile=forms]").inner_text() == str(len(FORMS))
    errors = sum(each["severity"] == "error" for one in documents.values() for each in one["findings"])
    assert page.locator("[data-tile=error]").inner_text() == str(errors)
    assert page.locator("[data-chart=scatter] svg").count() == 1
    page.locator("#batch a.drawn").first.click()
    page.wait_for_selector("#document.shown .desk")
    assert page.locator("#document li.finding").count() == len(documents[FORMS[0].name]["findings"])
    page.get_by_role("button", name="下一份").click()
    page.wait_for_selector(f"#document .path:has-text('{FORMS[1].name}')")
    page.locator(".top [data-at=overview]").click()
    page.locator("[data-set-lang=en]").click()
    page.wait_for_selector("#batch h1 .en:visible")
    assert page.locator("[data-tile=forms]").inner_text() == str(len(FORMS))


def test_what_two_documents_share_leads_from_one_to_the_other(visit: Visit) -> None:
    data = form()
    other = {**data, "heading": {**data["heading"], "project": "湿地公园养护"}}
    page = visit()
    page.locator("#settings summary").click()
    page.get_by_role("radio", name="审计").check()
    choose(page, upload("a.json", dumps(data).encode()), upload("b.json", dumps(other).encode()))
    page.wait_for_selector("[data-do=overview]:not([disabled])")
    item(page, "b.json").locator(".open").click()
    shared = page.locator("li.finding[data-code=LP901]")
    shared.locator("h3").click()
    link = shared.locator(".see a").first
    target = link.get_attribute("href")[1:]
    assert target.startswith("d0c")
    link.click()
    page.wait_for_selector("#document .path:has-text('a.json')")
    page.wait_for_selector(f"#{target}:focus")
    page.go_back()
    page.wait_for_selector("#document .path:has-text('b.json')")


def test_settings_are_chosen_from_lists_and_hold_at_once(visit: Visit) -> None:
    page = visit(forgiven=(400,))
    choose(page, WORD)
    page.wait_for_selector("#document.shown .desk")
    page.locator(".top [data-at=files]").click()
    page.locator("#settings summary").click()
    before = item(page, WORD.name).locator(".chips").inner_text()
    page.get_by_role("radio", name="审计").check()
    page.wait_for_selector("#queue .item[data-state=done] .chip.note")
    assert item(page, WORD.name).locator(".chips").inner_text() != before
    page.locator("#parameter").select_option("full_marks")
    page.locator("#value").fill("不是数")
    page.get_by_role("button", name="采用").click()
    problem = item(page, WORD.name).locator(".problem")
    problem.wait_for()
    assert "full_marks" in problem.inner_text()
    page.locator("#parameters button").click()
    page.wait_for_selector("#queue .item[data-state=done]")
    page.locator("#ruleset").select_option("cn-guangxi")
    page.wait_for_selector("#settings .chosen:has-text('广西')")
    page.wait_for_selector("#queue .item[data-state=done]")


def hostile_form() -> bytes:
    """A form whose texts try to be markup."""
    data = form()
    data["heading"] = {**data["heading"], "project": HOSTILE, "unit": "<img src=x onerror=alert(2)>"}
    data["indicators"].append(row("产出指标", "数量指标", HOSTILE, "≥5", "4", "10", "10"))
    return dumps(data).encode()


def test_hostile_names_and_texts_are_shown_as_text(visit: Visit) -> None:
    page = visit()
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    name = "<img src=x onerror=alert(1)>\u202e'\"&amp;.json"
    choose(page, upload(name, hostile_form()), upload("<svg onload=alert(3)>.docx", b"PK\x03\x04 no archive"))
    page.wait_for_selector("[data-do=overview]:not([disabled])")
    assert page.locator("#queue .item .name").first.inner_text().startswith("<img src=x onerror=alert(1)>_'_&amp;.json")
    page.locator("[data-do=overview]").click()
    page.wait_for_selector("#batch.live")
    page.locator("#batch button[data-open]").first.click()
    page.locator(".top [data-at=files]").click()
    item_ = page.locator("#queue .item").first
    item_.locator(".open").click()
    page.wait_for_selector("#document.shown .desk")
    assert page.locator("main img, main script:not([type='application/json']), main svg[onload]").count() == 0
    assert "</script><script>alert(1)</script>" in page.locator("#document h1").inner_text()
    assert "alert(1)" in page.title()


def test_a_file_that_is_too_large_is_refused_with_a_sentence(visit: Visit, tmp_path: Path) -> None:
    page = visit(forgiven=(413,))
    large = tmp_path / "扫描件.pdf"
    large.write_bytes(b"%PDF-1.7\n" + bytes(30 * MIB))
    choose(page, large)
    problem = item(page, "扫描件.pdf").locator(".problem")
    assert "30 MB" in problem.inner_text()
    assert "25 MB" in problem.inner_text()
    # and by the service itself, where the page does not know the limit
    other = visit(forgiven=(413,))
    other.route("**/v1/service", lambda route: route.fulfill(json={"limits": {}, "importers": [], "annotatable": []}))
    other.locator("[data-set-lang=en]").click()
    other.reload()
    other.wait_for_selector(READY, state="attached")
    choose(other, large)
    problem = item(other, large.name).locator(".problem")
    problem.wait_for()
    assert "The file is too large." in problem.inner_text()
    assert "25 MiB" in problem.inner_text()


def test_what_is_no_document_is_refused_beside_the_others(visit: Visit) -> None:
    page = visit()
    choose(page, upload("照片.png", b"\x89PNG"), upload("空.docx", b""), WORD)
    assert ".png" in item(page, "照片.png").locator(".problem").inner_text()
    assert "空的" in item(page, "空.docx").locator(".problem").inner_text()
    item(page, WORD.name).locator(".chip").first.wait_for()
    page.get_by_role("button", name="移除 照片.png").click()
    assert page.locator("#queue .item").count() == 2
    page.locator("[data-do=clear]").click()
    assert page.locator("#queue").is_hidden()
    assert page.evaluate("document.activeElement.id") == "drop"


def test_a_busy_service_is_asked_again(visit: Visit) -> None:
    page = visit(forgiven=(429, 503))
    answers = [(429, "1"), (503, "1")]

    def answer(route: Any) -> None:
        if not answers:
            route.continue_()
            return
        status, after = answers.pop(0)
        route.fulfill(status=status, headers={"Retry-After": after}, json={"detail": "请稍候"})

    page.route("**/v1/view", answer)
    choose(page, WORD)
    page.wait_for_selector("#queue .item[data-state=paused]")
    assert "自动重试" in item(page, WORD.name).inner_text()
    page.wait_for_selector("#document.shown .desk")
    assert answers == []


def test_problems_are_told_in_words_and_can_be_tried_again(visit: Visit) -> None:
    page = visit(forgiven=(422, 500))
    answers = [
        lambda route: route.fulfill(status=422, json={"detail": "检查用时超过 30 秒"}),
        lambda route: route.fulfill(status=500, body="<h1>Bad gateway</h1>"),
        lambda route: route.fulfill(status=200, body="no JSON"),
    ]
    page.route("**/v1/view", lambda route: answers.pop(0)(route) if answers else route.continue_())
    choose(page, WORD)
    for words in ("检查用时超过 30 秒", "服务出错", "答复读不懂"):
        page.wait_for_selector(f"#queue .problem:has-text('{words}')")
        page.get_by_role("button", name="重试").click()
    page.wait_for_selector("#document.shown .desk")


def test_offline_is_told_and_mended_by_itself(browser: Any, address: str) -> None:
    context = browser.new_context(locale="zh-CN")
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(READY, state="attached")
    context.set_offline(True)
    choose(page, WORD)
    page.wait_for_selector("#queue .problem:has-text('连不上服务')")
    context.set_offline(False)
    page.wait_for_selector("#document.shown .desk")
    context.close()


def test_a_service_with_tokens_asks_for_one(visit: Visit, tmp_path: Path) -> None:
    tokens = tmp_path / "tokens"
    tokens.write_text("bureau a-token-of-the-bureau\n", "utf-8")
    tokens.chmod(0o600)
    process, url = started(tmp_path, "--tokens", str(tokens))
    try:
        page = visit(url, forgiven=(401,))
        page.locator("#token-value").fill("not-the-right-one")
        page.keyboard.press("Enter")
        page.wait_for_selector("#token .why:has-text('令牌不对')")
        page.locator("#token-value").fill("a-token-of-the-bureau")
        page.keyboard.press("Enter")
        page.wait_for_selector(READY, state="attached")
        open_sample(page)
    finally:
        ended(process)


def test_a_table_that_is_pasted_is_checked(visit: Visit) -> None:
    page = visit()
    (renderer,) = (each for each in RENDERERS if each.name == "html")
    page.evaluate(PASTE, ["text/html", renderer.write([form()]).content.decode()])
    page.wait_for_selector("#document.shown .desk")
    assert page.locator("li.finding[data-code=LP301]").count() == 1


def test_all_can_be_done_by_keyboard(visit: Visit) -> None:
    page = visit()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.id") == "drop"
    page.evaluate(ASKED)
    page.keyboard.press("Enter")
    page.wait_for_selector("#chooser[data-asked]", state="attached")
    choose(page, WORD)
    page.wait_for_selector("#document.shown .desk")
    page.keyboard.press("F8")
    assert page.locator("li.finding.current").count() == 1
    page.wait_for_selector("#said:has-text('警告')", state="attached")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_barrier_that_axe_knows(visit: Visit, scheme: str) -> None:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is not installed")
    page = visit(color_scheme=scheme, reduced_motion="reduce", forgiven=(413,))

    def barriers() -> list[Any]:
        violations = axe.Axe().run(page).response["violations"]
        return [(each["id"], [node["target"] for node in each["nodes"][:3]]) for each in violations]

    page.locator("#settings summary").click()
    if scheme == "light":
        assert barriers() == []
    open_sample(page)
    page.keyboard.press("F8")
    assert barriers() == []
    page.locator(".top [data-at=files]").click()
    choose(page, upload("照片.png", b"\x89PNG"), WORD)
    page.wait_for_selector("[data-do=overview]:not([disabled])")
    assert barriers() == []
    if scheme == "light":
        page.locator("[data-do=overview]").click()
        page.wait_for_selector("#batch.live [data-chart=scatter] svg")
        assert barriers() == []


@pytest.mark.parametrize("width", [1366, 390])
def test_the_page_never_scrolls_sideways(visit: Visit, width: int) -> None:
    page = visit(viewport={"width": width, "height": 768})

    def fits() -> bool:
        return bool(page.evaluate("document.documentElement.scrollWidth") <= width)

    assert fits()
    open_sample(page)
    assert fits()
    open_all(page)
    assert fits()
    page.locator(".top [data-at=files]").click()
    assert fits()


def test_a_document_prints_without_the_page_around_it(visit: Visit) -> None:
    pdfium = pytest.importorskip("pypdfium2")
    page = visit()
    open_sample(page)
    document = pdfium.PdfDocument(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    texts = ["".join(each.get_textpage().get_text_range().split()) for each in document]
    assert "城区绿道日常养护" in texts[0]
    assert "全部文件" not in "".join(texts)
    assert "检查发现" in "".join(texts)


def test_the_sample_is_what_render_makes_of_its_values() -> None:
    (renderer,) = (each for each in RENDERERS if each.name == "word")
    folder = Path(service.__file__).parent / "sample"
    data = json.loads((folder / "sample.json").read_text("utf-8"), parse_float=Decimal, parse_int=Decimal)
    assert renderer.write([data]).content == (folder / "sample.docx").read_bytes()
