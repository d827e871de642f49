"""What the page of the service is given: the parts of the HTML report, each by itself, and the list of files."""

from __future__ import annotations

import json
import re
from html.parser import HTMLParser
from typing import Any

import pytest
from lintperf_builtin.reporters.html import MOST_DRAWN, service
from lintperf_builtin.reporters.html.document import STYLES

from lintperf.model import Lang, Notification, Text
from lintperf.results import FileResult, Results, Totals
from lintperf.server.page import files as page_files
from reporters.html_documents import HOSTILE, checked, evaluation_report, form, page, view


def parts(files: list[FileResult], lang: Lang = "zh") -> dict[str, Any]:
    totals = Totals()

    def counted() -> Any:
        for file in files:
            totals.count(file)
            yield file

    written = "".join(service.write(Results(counted(), totals), view(lang)))
    result: dict[str, Any] = json.loads(written)
    return result


def test_one_document_is_the_part_that_the_report_shows() -> None:
    files = checked({"a.json": form()})
    answer = parts(files)
    (part,) = answer["parts"]
    assert (part["id"], part["kind"]) == ("d0", "document")
    assert part["html"] in page(files)
    (file,) = answer["files"]
    (document,) = file["documents"]
    assert document["title"] == "绿道养护"
    assert document["part"] == "d0"
    counts = {
        name: len(re.findall(f'<li id="d0f[0-9]+" class="finding {name}"', part["html"])) for name in document["counts"]
    }
    assert document["counts"] == counts
    assert sum(counts.values()) > 3


def test_several_documents_have_a_batch_before_them() -> None:
    files = checked({"a.json": form(), "b.json": evaluation_report()})
    answer = parts(files, "en")
    assert [part["id"] for part in answer["parts"]] == ["batch", "d0", "d1"]
    assert answer["language"] == "en"
    assert 'href="#d1"' in answer["parts"][0]["html"]
    assert [(file["path"], file["documents"][0]["part"]) for file in answer["files"]] == [
        ("a.json", "d0"),
        ("b.json", "d1"),
    ]


def test_many_documents_are_not_drawn_but_still_linked() -> None:
    (file,) = checked({"a.json": form()})
    many = [FileResult(f"{number}.json", file.documents) for number in range(MOST_DRAWN + 1)]
    answer = parts(many)
    assert [part["id"] for part in answer["parts"]] == ["batch"]
    assert f'href="#d{MOST_DRAWN}"' in answer["parts"][0]["html"]
    assert {file["documents"][0]["part"] for file in answer["files"]} == {None}
    assert answer["files"][-1]["documents"][0]["number"] == f"d{MOST_DRAWN}"


def test_what_a_comparison_found_counts_with_the_document() -> None:
    (file,) = checked({"a.json": form()})
    (document,) = file.documents
    across = FileResult(
        "a.json", [type(document)(0, document.type, None, document.findings[:2], document.coverage)], across=True
    )
    answer = parts([file, across])
    (listed,) = answer["files"]
    assert sum(listed["documents"][0]["counts"].values()) == len(document.findings) + 2


def test_a_file_without_documents_says_why() -> None:
    answer = parts(
        [
            FileResult(
                "x.json", skipped=True, notifications=[Notification("x.json", None, "importer", Text("坏了", "broken"))]
            )
        ]
    )
    assert answer["parts"] == []
    (file,) = answer["files"]
    assert file["skipped"]
    assert file["documents"] == []
    assert file["failures"] == [{"zh": "坏了", "en": "broken"}]


def test_texts_of_documents_never_become_markup() -> None:
    data = form()
    data["heading"] = {**data["heading"], "project": HOSTILE, "unit": "<img src=x onerror=alert(1)>"}
    seen: list[tuple[str, list[str]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            seen.append((tag, [name for name, _ in attrs]))

    for part in parts(checked({"a.json": data, "<b>.json": data}))["parts"]:
        Reader().feed(part["html"])
    assert seen
    assert {tag for tag, _ in seen} & {"img", "iframe", "object", "embed", "form", "base", "link", "style"} == set()
    assert [name for _, names in seen for name in names if name.startswith("on") or name == "style"] == []


def test_every_part_names_files_that_the_service_has() -> None:
    served = page_files()
    wanted = {"page.css", *STYLES}
    for part in parts(checked({"a.json": form(), "b.json": form()}))["parts"]:
        wanted |= {*part["styles"], *part["scripts"]}
    assert {f"/page/report/{name}" for name in wanted} <= set(served)
    assert all(content for _, content in served.values())


@pytest.mark.parametrize("path", ["/", "/page/page.js", "/page/requests.js", "/page/words.js", "/page/first.js"])
def test_the_page_asks_nowhere_else_and_has_no_code_in_its_markup(path: str) -> None:
    text = page_files()[path][1].decode()
    assert "<!-- " not in text
    assert re.findall(r"https?://(?!www\.w3\.org/)", text) == []
    # behind a proxy the service has a prefix: no address begins at the root
    assert re.findall(r"""(?:src|href)="/|["'`]/?/(?:v1|page)/""", text) == []
    if path == "/":
        assert re.findall(r"<script(?![^>]* src=)|<style|\sstyle=|\son[a-z]+=", text) == []


def test_page_texts_are_in_both_languages() -> None:
    text = page_files()["/"][1].decode()
    assert text.count('<span class="zh"') == text.count('<span class="en"') > 20
    for name in ("aria-label", "title"):
        assert re.findall(rf"\sdata-zh-{name}=", text).__len__() == re.findall(rf"\sdata-en-{name}=", text).__len__()
