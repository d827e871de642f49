"""The web page on documents: every finding has its cell, nothing of a document becomes markup, nothing is fetched."""

from __future__ import annotations

import base64
import copy
import hashlib
import random
import re
from dataclasses import replace
from decimal import Decimal
from typing import Any

import html5lib
import pytest
from generator.choosing import Seeded
from generator.families import FAMILIES
from generator.invent import invent
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lintperf_builtin.renderers.national import lay_out
from lintperf_builtin.reporters.html.document import marks_of
from lintperf_builtin.reporters.html.marks import Marks

from lintperf.model import Coverage, Lang, Notification, Related, Suppression, Text, TextPlace
from lintperf.results import DocumentResult, FileResult
from lintperf.schema.fields import resolve

from .html_documents import HOSTILE, checked, evaluation_report, form, page, view

DOCUMENTS = {"form": form, "report": evaluation_report}
# what a page may not hold: anything that a browser would fetch, and what its security policy forbids
FETCHES = re.compile(
    r"""(?:src|srcset|href|action|poster|data)\s*=\s*["']?(?!#|["'])|url\(|@import|\bfetch\(|XMLHttp"""
)
INLINE = re.compile(r"<[^>]+\s(?:style|on\w+)\s*=")


def parsed(content: str) -> Any:
    """The page as a tree; raises for anything that HTML 5 calls an error."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(content)


def by_id(tree: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for element in tree.iter():
        if name := element.get("id"):
            assert name not in found, name
            found[name] = element
    return found


def text_of(element: Any) -> str:
    return "".join(element.itertext())


def marks_for(data: dict[str, Any]) -> tuple[DocumentResult, Marks]:
    (file,) = checked({"a.json": data})
    return file.documents[0], marks_of("d0", file.documents[0], view())


@pytest.mark.parametrize("kind", DOCUMENTS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_finding_has_an_entry_and_its_cell_shows_the_value(kind: str, lang: Lang) -> None:
    files = checked({"a.json": DOCUMENTS[kind]()})
    (document,) = files[0].documents
    elements = by_id(parsed(page(files, lang)))
    assert len(document.findings) > 3
    for index, finding in enumerate(document.findings):
        entry = elements[f"d0f{index}"]
        assert finding.code in text_of(entry)
        if not entry.get("data-cell"):
            assert resolve(document.data, finding.pointer) is None
            continue
        cell = elements[entry.get("data-cell")]
        assert entry.get("id") in cell.get("data-findings").split()
        assert (
            finding.severity.name in cell.get("class") or "error" in cell.get("class") or "warning" in cell.get("class")
        )
        value = resolve(document.data, finding.pointer)
        if isinstance(value, str):
            assert value in text_of(cell)
        for name in entry.get("data-related").split():
            assert name in elements
    assert [entry.tag for entry in elements.values() if entry.get("id", "").endswith("m")].count("p") == len(
        document.findings
    )


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_all_links_lead_somewhere(kind: str) -> None:
    tree = parsed(page(checked({"a.json": DOCUMENTS[kind](), "b.json": form()})))
    elements = by_id(tree)
    for element in tree.iter("a"):
        assert element.get("href")[1:] in elements
    for element in tree.iter():
        for name in (element.get("aria-describedby") or element.get("aria-labelledby") or "").split():
            assert name in elements


def test_a_page_asks_for_nothing_and_allows_nothing_else() -> None:
    content = page(checked({"a.json": form(), "b.json": evaluation_report()}))
    markup = re.sub(r"<(script|style)[^>]*>.*?</\1>", "", content, flags=re.DOTALL)
    assert not FETCHES.search(markup)
    assert not INLINE.search(markup)
    assert not re.search(r"https?://(?!www\.w3\.org/)", markup)
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', content)
    assert policy is not None
    assert policy[1].startswith("default-src 'none';")
    written = re.findall(r"<(style|script)>(.*?)</\1>", content, flags=re.DOTALL)
    assert {kind for kind, _ in written} == {"style", "script"}
    for _, each in written:
        assert f"'sha256-{base64.b64encode(hashlib.sha256(each.encode()).digest()).decode()}'" in policy[1]


def hostile(value: Any) -> Any:
    """The document with every text followed by what would break out of a careless page."""
    if isinstance(value, dict):
        return {
            name: item if name in ("type", "source", "currency_unit") else hostile(item) for name, item in value.items()
        }
    if isinstance(value, list):
        return [hostile(item) for item in value]
    return value + HOSTILE if isinstance(value, str) else value


@pytest.mark.parametrize("kind", DOCUMENTS)
def test_nothing_of_a_document_becomes_markup(kind: str) -> None:
    plain = parsed(page(checked({"a.json": DOCUMENTS[kind]()})))
    content = page(checked({f"a{HOSTILE}.json": hostile(DOCUMENTS[kind]())}))
    tree = parsed(content)
    assert len(list(tree.iter("script"))) == len(list(plain.iter("script")))
    assert "alert(1)</script>" not in content
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00-\x08\x0b\x0c\x0e-\x1f]", content)
    assert "达标</script><script>alert(1)</script><!--\"'&amp;" in "".join(tree.itertext())


def test_the_same_run_gives_the_same_bytes_and_no_clock() -> None:
    documents = {"a.json": form(), "b.json": evaluation_report()}
    assert page(checked(documents)) == page(checked(copy.deepcopy(documents)))
    assert not re.search(r"\b20[0-9]{2}-[0-9]{2}-[0-9]{2}T", page(checked({"a.json": form()})))


def test_both_languages_are_in_the_page_and_one_is_chosen() -> None:
    chinese, english = (page(checked({"a.json": form()}), lang) for lang in ("zh", "en"))
    assert '<html lang="zh-CN" data-lang="zh">' in chinese
    assert '<html lang="en" data-lang="en">' in english
    for content in (chinese, english):
        assert "执行率计算错误" in content
        assert "Execution rate" in content


@pytest.mark.parametrize("name", FAMILIES)
def test_forms_of_every_family_are_drawn_whole(name: str) -> None:
    data = invent(Seeded(name), FAMILIES[name])
    tree = parsed(page(checked({"a.json": data})))
    drawn = text_of(next(each for each in tree.iter("div") if (each.get("class") or "").startswith("paper")))
    for pointer, value in leaves(data):
        if pointer.split("/")[1] in ("type", "kind", "layout", "version") or pointer.endswith(("/source", "/merged")):
            continue
        # the label of a note stands in a box of its own
        text = f"{value:f}" if isinstance(value, Decimal) else value.partition("：")[2] or value
        assert text in drawn or (isinstance(value, Decimal) and f"{value:,f}" in drawn), pointer


def test_reports_are_drawn_whole() -> None:
    data = evaluation_report()
    tree = parsed(page(checked({"a.json": data})))
    drawn = text_of(next(each for each in tree.iter("div") if (each.get("class") or "").startswith("paper")))
    # numbers of findings stand between a text and what follows it, never inside
    for pointer, value in leaves({name: data[name] for name in ("title", "sections", "paragraphs", "payments")}):
        if pointer.endswith(("/text", "/title", "/label", "/payee", "/date")):
            assert value in drawn, pointer
    for pointer, value in leaves({"indicators": data["indicators"], "subtotals": data["subtotals"]}):
        if pointer.rpartition("/")[2] not in ("table", "kind", "first", "last", "level1", "level2"):
            assert (f"{value:f}" if isinstance(value, Decimal) else value) in drawn, pointer


def leaves(value: Any, pointer: str = "") -> Any:
    """(pointer, value) of all texts and numbers."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, f"{pointer}/{name}")
    elif isinstance(value, list):
        for at, item in enumerate(value):
            yield from leaves(item, pointer if isinstance(item, str) and "merged" in pointer else f"{pointer}/{at}")
    elif value not in (None, ""):
        yield pointer, value


def test_each_box_of_the_printed_layout_shows_the_values_it_points_to() -> None:
    for family in FAMILIES.values():
        data = invent(Seeded(f"boxes {family.name}"), family)
        (printed,), _ = lay_out([data])
        boxes = [box for rows in printed.tables for row in rows for box in row.boxes]
        assert sum(bool(box.pointers) for box in boxes) > 10
        for box in boxes:
            for pointer in box.pointers:
                value = resolve(data, pointer)
                if isinstance(value, str | Decimal) and not pointer.startswith("/notes/"):
                    assert box.value == value, pointer


BAD = (
    None, "", [], {}, Decimal(5), Decimal("1e30"), True, HOSTILE, [Decimal(1)], {"a": "b"}, [None], [{"label": None}],
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> Any:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, item in items:
        yield (*path, name)
        yield from places(item, (*path, name))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.integers(0, 10**6))
def test_whatever_breaks_the_schema_is_drawn_or_listed(seed: int) -> None:
    rng = random.Random(seed)
    data = rng.choice([form, form, form, evaluation_report])()
    for _ in range(rng.choice((1, 3, 9))):
        target = rng.choice([path for path in places(data) if path[0] != "type" and "merged" not in path])
        around: Any = data
        for name in target[:-1]:
            around = around[name]
        around[target[-1]] = copy.deepcopy(rng.choice(BAD))
    files = checked({"a.json": data})
    elements = by_id(parsed(page(files)))
    for index, finding in enumerate(files[0].documents[0].findings):
        entry = elements[f"d0f{index}"]
        value = resolve(data, finding.pointer)
        if finding.code == "LP002" and isinstance(value, str | Decimal) and value != "":
            assert elements[entry.get("data-cell")] is not None


def test_the_very_words_are_marked() -> None:
    document, marks = marks_for(evaluation_report())
    tree = parsed(page(checked({"a.json": evaluation_report()})))
    elements = by_id(tree)
    statements = [
        (index, resolve(document.data, finding.pointer.rpartition("/")[0]))
        for index, finding in enumerate(document.findings)
        if finding.pointer.startswith("/statements/")
    ]
    assert statements
    for index, statement in statements:
        name = f"d0f{index}"
        cell = elements[elements[name].get("data-cell")]
        words = [text_of(each) for each in cell.iter("mark") if name in each.get("data-findings").split()]
        assert "".join(words) == statement["text"]
    assert marks.notes


def test_a_value_that_the_layout_has_no_room_for_is_listed_with_its_finding() -> None:
    data = {**form(), "version": "9"}
    (file,) = checked({"a.json": data})
    elements = by_id(parsed(page([file])))
    index = next(at for at, finding in enumerate(file.documents[0].findings) if finding.pointer == "/version")
    assert text_of(elements[elements[f"d0f{index}"].get("data-cell")]).startswith("9")


def test_findings_about_the_whole_document_come_first_and_numbers_follow_the_form() -> None:
    data = form()
    del data["heading"]["year"]
    data["funds"]["rows"].reverse()
    _, marks = marks_for(data)
    spots = [-1 if note.spot is None else note.spot for note in marks.notes]
    assert spots == sorted(spots)
    assert [note.number for note in marks.notes] == [str(number) for number in range(1, len(spots) + 1)]


def test_several_findings_on_one_cell_are_all_numbered_there() -> None:
    (file,) = checked({"a.json": form()})
    (document,) = file.documents
    first = next(each for each in document.findings if each.pointer == "/funds/rows/0/rate")
    document.findings.append(replace(first, code="LP302"))
    elements = by_id(parsed(page([file])))
    cell = next(each for each in elements.values() if len((each.get("data-findings") or "").split()) > 1)
    links = list(cell.iter("a"))
    assert len(links) == len(cell.get("data-findings").split())
    assert "0.95" in text_of(cell)


def test_suppressed_findings_are_told_apart_with_their_reason() -> None:
    (file,) = checked({"a.json": form()})
    (document,) = file.documents
    gone = document.findings.pop(0)
    why = Suppression("in_source", "/lintperf/ignore/0", "已与财政部门核对<b>", "2030-01-01", "王工")
    document.suppressed.append((gone, why))
    elements = by_id(parsed(page([file])))
    entry = elements["d0s0"]
    for words in ("已与财政部门核对<b>", "2030-01-01", "王工", gone.code):
        assert words in text_of(entry)
    assert "suppressed" in entry.get("class").split()
    cell = elements[entry.get("data-cell")]
    assert "d0s0" in cell.get("data-findings").split()


def test_a_finding_across_documents_leads_to_the_other_document() -> None:
    files = checked({"a.json": form(), "b.json": form()})
    finding = replace(files[1].documents[0].findings[0])
    finding.related = (Related("/funds/rows/0/rate", TextPlace(0, 0, 0, 1, 0, 1), path="a.json", title="绿道养护"),)
    across = FileResult(
        "b.json", [DocumentResult(0, "self-evaluation", "绿道养护", [finding], Coverage())], across=True
    )
    last = len(files[1].documents[0].findings)
    elements = by_id(parsed(page([*files, across])))
    (link,) = (each for each in elements[f"d1f{last}"].iter("a") if each.get("href").startswith("#d0c"))
    assert text_of(elements[link.get("href")[1:]]).startswith("0.95")
    assert "a.json" in text_of(link)


def test_an_unreadable_file_is_a_page_too() -> None:
    document = DocumentResult(0, None, None, [], Coverage(1))
    tree = parsed(page([FileResult("a.docx", [document])]))
    assert "没有可画的表" in text_of(tree)


def test_failures_of_the_tool_are_told_first() -> None:
    (file,) = checked({"a.json": form()})
    said = Text("规则 LP301 出错<b>", "rule LP301 crashed<b>")
    broken = FileResult("b.docx", [], [Notification("b.docx", None, "LP301", said)])
    tree = parsed(page([file, broken]))
    (aside,) = tree.iter("aside")
    assert "工具自身出错 1 处" in text_of(aside)
    assert "b.docx 规则 LP301 出错<b>" in text_of(aside)
    assert not list(parsed(page([file])).iter("aside"))


def test_the_window_is_named_after_the_only_document() -> None:
    tree = parsed(page(checked({"a.json": form()})))
    assert next(tree.iter("title")).text == "绿道养护 · 绩效文档检查报告"


def test_any_document_type_is_drawn_by_its_values() -> None:
    data = {
        "type": "bench-register",
        "park": "河滨公园",
        "benches": [{"number": "1", "seats": Decimal(3)}],
        "x": {"y": [1]},
    }
    files = checked({"a.json": data})
    files[0].documents[0].type = "bench-register"
    tree = parsed(page(files))
    assert {"河滨公园", "3"} <= {text_of(each) for each in tree.iter("td")}


def test_more_documents_than_can_be_drawn_leave_the_batch_alone() -> None:
    (file,) = checked({"a.json": form()})
    files = [FileResult(f"{number}.json", file.documents) for number in range(41)]
    content = page(files)
    assert 'id="batch"' in content
    assert 'class="paper' not in content


def test_the_rescoring_table_leads_to_the_scores() -> None:
    tree = parsed(page(checked({"a.json": form()})))
    elements = by_id(tree)
    (table,) = (each for each in tree.iter("section") if (each.get("class") or "") == "rescore")
    differing = [row for row in table.iter("tr") if "differs" in (row.get("class") or "")]
    assert any("苗木" in text_of(row) or "长度" in text_of(row) for row in differing)
    targets = [elements[link.get("href")[1:]] for link in table.iter("a")]
    assert any(text_of(each).startswith("20") for each in targets)
