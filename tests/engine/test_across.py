"""Documents of a run compared at its end: what such a check gets, and what becomes of its findings."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lintperf.across import Across, compared
from lintperf.document import Document
from lintperf.extension import RunCheck, RunProblem, Source, Subject
from lintperf.hookspecs import hookimpl
from lintperf.model import Finding, Severity, Text, TextPlace
from lintperf.pipeline import Session, check_document, check_source, open_session, read_documents
from lintperf.policy import Policy
from lintperf.results import FileResult, Totals, Wanted

SCHEMA = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "菜单 | Menu",
    "type": "object",
    "x-title": "/canteen",
    "required": ["type", "dishes"],
    "properties": {
        "type": {"const": "menu"},
        "canteen": {"type": "string"},
        "lintperf": {"type": "object"},
        "dishes": {
            "type": "array",
            "items": {"type": "object", "x-label": "name", "properties": {"name": {"type": "string"}}},
        },
    },
}
RULE = """code: MN101
name: same-dish
title: {zh: 同一道菜, en: Same dish}
severity: warning
confidence: high
applies_to: [menu]
check: {name: same-dish, with: {plain: {param: plain_dishes}}}
message: {zh: "“{found}”别处也有", en: "“{found}” is served elsewhere"}
remedy: {zh: 换一道。, en: Serve another.}
why: {zh: 会腻。, en: It grows dull.}
source: [{title: {zh: 自定, en: own}, house: true}]
"""
PACK = """name: menus
title: {zh: 菜单, en: Menus}
version: "1"
default_for: [menu]
parameters:
  plain_dishes: {type: "text*", default: [米饭], title: {zh: 主食, en: staples}}
"""


def dishes(subject: Subject, options: Mapping[str, Any]) -> dict[str, int] | None:
    names = {row["name"]: number for number, row in enumerate(subject.rows("dishes"))}
    if "digest" in names:
        raise ValueError("no digest")
    return {name: number for name, number in names.items() if name not in options["plain"]} or None


def same_dish(digests: Sequence[dict[str, int]], _options: Mapping[str, Any]) -> Iterator[RunProblem]:
    assert len(digests) >= 2
    first: dict[str, int] = {}
    for number, names in enumerate(digests):
        for name, row in names.items():
            if name == "compare":
                raise ValueError("no comparison")
            if name in first:
                related = [(first[name], f"/dishes/{digests[first[name]][name]}/name")]
                yield RunProblem(number, f"/dishes/{row}/name", found=name, related=related)
            first.setdefault(name, number)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    (tmp_path / "menu.json").write_text(json.dumps(SCHEMA), encoding="utf-8")
    rules = tmp_path / "menus" / "rules"
    rules.mkdir(parents=True)
    (tmp_path / "menus" / "ruleset.yaml").write_text(PACK, encoding="utf-8")
    (rules / "MN101-same-dish.yaml").write_text(RULE, encoding="utf-8")
    check = RunCheck("same-dish", "menu", dishes, same_dish, Text("同菜", "same dish"), {"plain": "text*"})
    plugin = SimpleNamespace(
        lintperf_schemas=hookimpl(lambda: [tmp_path / "menu.json"]),
        lintperf_run_checks=hookimpl(lambda: [check]),
        lintperf_rulesets=hookimpl(lambda: [tmp_path / "menus"]),
    )
    return open_session(plugins={"menus": plugin}, use_cache=False)


def menu(canteen: str, *names: str, **more: Any) -> dict[str, Any]:
    return {"type": "menu", "canteen": canteen, "dishes": [{"name": name} for name in names], **more}


def text(*menus: dict[str, Any]) -> bytes:
    data = menus[0] if len(menus) == 1 else list(menus)
    return json.dumps(data, ensure_ascii=False, indent=1).encode()


def run(
    session: Session, files: Mapping[str, bytes], totals: Totals | None = None, **settings: Any
) -> list[FileResult]:
    """All results of a run: the files as they went by, then what the comparison found."""
    policy = Policy(**settings)
    sources = {path: Source(path, content) for path, content in files.items()}
    results = (check_source(session, source, policy, wanted=Wanted(compared=True)) for source in sources.values())
    return list(compared(session, results, lambda path: read_documents(session, sources[path])[0], totals or Totals()))


def across(results: list[FileResult]) -> list[Finding]:
    return [finding for file in results if file.across for each in file.documents for finding in each.findings]


def test_findings_come_at_the_end_with_places_in_both_files(session: Session) -> None:
    totals = Totals()
    files = {
        "a.json": text(menu("老年食堂", "豆腐", "米饭")),
        "b.json": text(menu("学生食堂", "米饭", "豆腐")),
        "c.json": text(menu("职工食堂", "面条")),
    }
    results = run(session, files, totals)
    assert [(file.path, file.across) for file in results] == [
        ("a.json", False), ("b.json", False), ("c.json", False), ("b.json", True),
    ]  # fmt: skip
    assert [document.findings for file in results[:3] for document in file.documents] == [[], [], []]
    assert all(document.left is None for file in results for document in file.documents)
    (finding,) = across(results)
    assert (finding.code, finding.severity, finding.row, finding.field) == ("MN101", Severity.warning, "豆腐", "name")
    assert finding.snippet == '"豆腐"'
    assert finding.pointer == "/dishes/1/name"
    assert isinstance(finding.place, TextPlace) and finding.exact
    (related,) = finding.related
    assert (related.path, related.document, related.title, related.pointer) == (
        "a.json",
        0,
        "老年食堂",
        "/dishes/0/name",
    )
    assert isinstance(related.place, TextPlace) and related.exact
    assert (totals.compared, totals.rules_comparing) == (3, ("MN101",))
    for file in results:
        totals.count(file)
    assert (totals.files, totals.documents, totals.by_code) == (3, 3, {"MN101": 1})


def test_a_run_of_one_document_compares_nothing(session: Session) -> None:
    totals = Totals()
    results = run(session, {"a.json": text(menu("老年食堂", "豆腐", "豆腐"))}, totals)
    assert [file.across for file in results] == [False]
    assert (totals.compared, totals.rules_comparing) == (0, ())
    coverage = results[0].documents[0].coverage
    assert "MN101" not in coverage.not_applicable


def test_documents_of_one_file_are_compared(session: Session) -> None:
    results = run(session, {"a.json": text(menu("老年食堂", "豆腐"), menu("学生食堂", "豆腐"))})
    (finding,) = across(results)
    assert (finding.path, finding.document) == ("a.json", 1)
    assert [(related.path, related.document) for related in finding.related] == [("a.json", 0)]


def test_a_document_is_not_asked_for_a_digest_where_nothing_is_compared(session: Session) -> None:
    document = Document("a.json", menu("老年食堂", "digest"))
    notifications: list[Any] = []
    assert check_document(session, document, Policy(), notifications).left is None
    assert notifications == []


def test_a_document_can_have_its_findings_ignored_and_still_count_for_others(session: Session) -> None:
    ignore = {"ignore": [{"code": "MN101", "reason": "共用食谱"}]}
    files = {
        "a.json": text(menu("老年食堂", "豆腐", lintperf=ignore)),
        "b.json": text(menu("学生食堂", "豆腐", lintperf=ignore)),
        "c.json": text(menu("职工食堂", "豆腐")),
    }
    results = run(session, files)
    assert [finding.path for finding in across(results)] == ["c.json"]
    # nothing else is said of the entry in a.json, which nothing was found for
    assert [document.findings for file in results if not file.across for document in file.documents] == [[], [], []]
    assert sum(document.ignored for file in results for document in file.documents) == 1


def test_a_persona_that_does_not_see_the_finding_does_not_cost_a_second_reading(session: Session) -> None:
    read: list[str] = []
    documents = {path: Document(path, menu(path, "豆腐")) for path in ("a.json", "b.json")}
    policy = Policy(severities=(("MN101", Severity.note),))
    files = [
        FileResult(path, [check_document(session, each, policy, [], Wanted(compared=True))])
        for path, each in documents.items()
    ]

    def again(path: str) -> list[Document]:
        read.append(path)
        return [documents[path]]

    results = list(compared(session, files, again, Totals()))
    assert (across(results), read) == ([], [])
    assert sum(document.hidden for file in results for document in file.documents) == 1


def test_documents_under_other_settings_are_not_compared(session: Session) -> None:
    gathered = Across(session, lambda _path: [])
    for path, plain in (("a.json", ("米饭",)), ("b.json", ("面条",)), ("c.json", ("面条",))):
        policy = Policy(parameters=(("plain_dishes", plain),))
        document = check_document(session, Document(path, menu(path, "豆腐")), policy, [], wanted=Wanted(compared=True))
        gathered.take(FileResult(path, [document]))
    totals = Totals()
    assert [finding.path for finding in across(list(gathered.results(totals)))] == ["c.json"]
    assert totals.compared == 2


def test_a_file_that_is_gone_keeps_its_finding_without_a_place(session: Session) -> None:
    files = [
        FileResult(
            path,
            [check_document(session, Document(path, menu(path, "豆腐")), Policy(), [], wanted=Wanted(compared=True))],
        )
        for path in ("a.json", "b.json")
    ]
    (finding,) = across(list(compared(session, files, lambda _path: [], Totals())))
    assert (finding.path, finding.place, finding.related[0].place) == ("b.json", None, None)


def test_crashes_are_notifications_and_all_else_goes_on(session: Session) -> None:
    files = {
        "a.json": text(menu("老年食堂", "digest")),
        "b.json": text(menu("学生食堂", "豆腐")),
        "c.json": text(menu("职工食堂", "豆腐")),
    }
    results = run(session, files)
    assert [(each.subject, each.path) for file in results for each in file.notifications] == [("MN101", "a.json")]
    assert [finding.path for finding in across(results)] == ["c.json"]
    files["b.json"] = text(menu("学生食堂", "compare"))
    results = run(session, files)
    told = [each for file in results for each in file.notifications]
    assert [(each.subject, each.path) for each in told] == [("MN101", "a.json"), ("MN101", "b.json")]
    assert "crashed while it compared the documents (ValueError: no comparison)" in told[1].text.en
    assert across(results) == []
