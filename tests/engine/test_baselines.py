"""Baselines as data: written and read again, findings counted, documents paired; the command is tested in tests/cli."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from toy_domain import rule

from lintperf.document.json_text import decode_json
from lintperf.findings.baseline import Baseline, Comparison, Entry, Held, Matcher, baseline_from, baseline_text
from lintperf.findings.fingerprints import identity, name_rows, rows_of
from lintperf.model import Confidence, Coverage, Finding, Notification, Related, Severity
from lintperf.resources import data_folder
from lintperf.results import DocumentResult, FileResult
from lintperf.schema.catalogue import load_schema
from lintperf.schema.fields import fields_of
from lintperf.schema.validation import Validator

VALIDATOR = Validator(load_schema(Path(data_folder("schemas") / "baseline.json")))
RULES = {each.code: each for each in (rule("TT101"), rule("TT102"), rule("TT103", mandatory=True))}

names = st.text('甲乙丙 a/~"\\\n', min_size=1, max_size=4)
entries = st.builds(
    Entry,
    code=st.sampled_from(["TT101", "TT102"]),
    rows=st.lists(st.text("甲乙丙", min_size=1, max_size=2), max_size=3).map(lambda rows: tuple(sorted(rows))),
    field=st.sampled_from(["", "dishes.price"]),
    id=st.text("0123456789abcdef", min_size=16, max_size=16),
    severity=st.sampled_from([Severity.error, Severity.warning, Severity.note]),
    confidence=st.sampled_from(Confidence),
    others=st.lists(names, max_size=2).map(lambda paths: tuple(sorted(paths))),
    times=st.integers(1, 3),
)
held = st.builds(
    Held, path=names, title=st.none() | names, group=st.none() | names,
    entries=st.lists(entries, min_size=1, max_size=4, unique_by=lambda entry: entry._replace(times=1)).map(
        lambda listed: tuple(sorted(listed))
    ),
)  # fmt: skip
baselines = st.lists(held, max_size=4).map(
    lambda documents: Baseline(tuple(sorted(documents, key=lambda document: document.path)))
)


@given(baselines)
@settings(max_examples=60)
def test_what_is_written_is_read_again(baseline: Baseline) -> None:
    text = baseline_text(baseline)
    data = decode_json(text)
    assert VALIDATOR.check(data) == (data, [])
    assert baseline_from(data) == baseline
    lines = [line for line in text.splitlines() if line.startswith('  {"code"')]
    assert len(lines) == sum(len(document.entries) for document in baseline.documents)


@given(baselines, st.randoms(use_true_random=False))
@settings(max_examples=60)
def test_a_merge_that_put_lines_in_another_order_is_read_the_same(baseline: Baseline, rng: random.Random) -> None:
    data = decode_json(baseline_text(baseline))
    for document in data["documents"]:
        rng.shuffle(document["findings"])
    assert baseline_from(data) == baseline


def finding(row: str | None = None, found: Any = "9", code: str = "TT101", **more: Any) -> Finding:
    return Finding(code, Severity.error, Confidence.high, "a", 0, "/dishes/3/price", row, "price", found=found, **more)


def entry(each: Finding) -> Entry:
    return Entry(each.code, rows_of(each), "", identity(each), each.severity)


@given(st.lists(st.sampled_from("甲乙丙丁")), st.lists(st.sampled_from("甲乙丙丁")))
def test_each_is_known_as_often_as_it_was_there(before: list[str], now: list[str]) -> None:
    matcher = Matcher(entry(finding(row)) for row in before)
    known = [row for row in now if matcher.take(finding(row))]
    assert Counter(known) == Counter(before) & Counter(now)
    assert sum(each.times for each in matcher.left()) == (Counter(before) - Counter(now)).total()


def test_white_space_and_the_numbers_of_rows_do_not_count() -> None:
    first = Finding("TT101", Severity.error, Confidence.high, "a", 0, "/dishes/3/price", "豆 腐", found="很 贵\n")
    second = Finding("TT101", Severity.note, Confidence.low, "b", 1, "/dishes/14/price", "豆腐", found="很贵")
    assert (identity(first), rows_of(first)) == (identity(second), rows_of(second))
    assert identity(finding(found="9")) != identity(finding(found="9.0"))
    assert identity(finding(code="TT102")) != identity(finding())


def test_rows_are_named_where_a_finding_is_about_several() -> None:
    dish = {"name": {"type": "string"}, "price": {"type": "number"}}
    items = {"type": "object", "x-label": "name", "properties": dish}
    schema = {"type": "object", "properties": {"dishes": {"type": "array", "items": items}}}
    root, data = fields_of(schema), {"dishes": [{"name": "豆腐"}, {"name": "茶"}, {}, {"name": "面条"}]}

    def named(pointer: str, row: str | None, *related: Related) -> tuple[str, ...]:
        each = Finding("TT101", Severity.error, Confidence.high, "a", 0, pointer, row, related=related)
        name_rows([each], lambda: root, data)
        return each.rows

    others = [Related(f"/dishes/{number}/price") for number in range(3)]
    assert named("/dishes/3/price", "面条", *others) == ("", "茶", "豆腐", "面条")
    assert named("/dishes/0/price", "豆腐", *others, Related("/dishes/3/price")) == ("", "茶", "豆腐", "面条")
    assert named("/dishes/0/price", "豆腐", Related("/dishes/0/name"), Related("/total")) == ()
    assert named("/dishes/0/price", "豆腐", Related("/dishes/1/price", path="b.json")) == ()
    assert named("/dishes/0/price", "全部菜品", *others) == ()  # a group with a name of its own


def file(path: str, *findings: Finding, title: str | None = "食堂", **more: Any) -> FileResult:
    return FileResult(path, [DocumentResult(0, "menu", title, list(findings), Coverage())], **more)


def compare(
    baseline: Baseline, *files: FileResult, gone: tuple[str, ...] = (), run: tuple[str, ...] = (), **more: Any
) -> Comparison:
    exists: Callable[[str], bool] = lambda path: path not in gone  # noqa: E731
    paths = [each.path for each in files] + list(run)
    comparison = Comparison(baseline, paths, lambda path: path, exists, RULES, lambda *_: True, **more)
    for each in files:
        comparison.take(each)
    comparison.finish()
    return comparison


def accepted(*files: FileResult) -> Baseline:
    return compare(Baseline(), *files, update=True).updated()


def test_a_crash_on_a_file_removes_nothing() -> None:
    baseline = accepted(file("a.json", finding("豆腐"), finding("茶")))
    crashed = file("a.json", finding("茶"), notifications=[Notification("a.json", 0, "TT101", RULES["TT101"].title)])
    again = compare(baseline, crashed, update=True)
    assert (again.totals.absent, again.updated()) == ({}, baseline)


def test_a_document_that_is_gone_from_the_disk_but_in_the_run_serves_nobody() -> None:
    """Two files with the same title: neither takes what is held for the other."""
    baseline = accepted(file("a.json", finding("豆腐")))
    comparison = compare(baseline, file("b.json", finding("豆腐")), file("a.json", finding("豆腐")))
    assert (comparison.totals.new, comparison.totals.unchanged) == ({"TT101": 1}, {"TT101": 1})


def test_a_moved_document_serves_one_file_only() -> None:
    baseline = accepted(file("a.json", finding("豆腐")))
    files = [file(path, finding("豆腐")) for path in ("b.json", "c.json")]
    comparison = compare(baseline, *files, gone=("a.json",))
    assert [len(each.documents[0].findings) for each in files] == [0, 1]
    assert comparison.totals.absent == {}
    moved = compare(baseline, file("b.json", finding("豆腐")), gone=("a.json",), update=True).updated()
    assert [document.path for document in moved.documents] == ["b.json"]


def test_the_form_of_the_same_name_comes_before_one_that_is_gone() -> None:
    baseline = accepted(file("a.docx", finding("茶")), file("b.docx", finding("豆腐")))
    converted = file("b.json", finding("豆腐"))
    comparison = compare(baseline, converted, gone=("a.docx",))
    assert (converted.documents[0].findings, comparison.totals.absent) == ([], {"TT101": 1})


def test_without_a_title_nothing_moves() -> None:
    baseline = accepted(file("a.json", finding("豆腐"), title=None))
    comparison = compare(baseline, file("b.json", finding("豆腐"), title=None), gone=("a.json",))
    assert (comparison.totals.new, comparison.totals.absent) == ({"TT101": 1}, {"TT101": 1})


def test_rules_that_did_not_run_are_neither_there_nor_gone() -> None:
    other = finding("豆腐", code="TT999")
    baseline = accepted(file("a.json", other, finding("茶")))
    comparison = compare(baseline, file("a.json"), update=True)
    assert comparison.totals.absent == {"TT101": 1}
    assert [each.code for each in comparison.totals.vanished] == ["TT101"]
    assert [each.code for each in comparison.updated().documents[0].entries] == ["TT999"]


def test_the_text_is_json_with_a_line_for_each_finding() -> None:
    text = baseline_text(accepted(file("a.json", finding("豆腐"), finding("豆腐"), finding())))
    assert json.loads(text)["documents"][0]["findings"][1]["count"] == 2
    assert text.splitlines()[4:7] == [
        '{"path": "a.json", "title": "食堂", "findings": [',
        f'  {{"code": "TT101", "field": "dishes.price", "severity": "error", "id": "{identity(finding())}"}},',
        f'  {{"code": "TT101", "rows": ["豆腐"], "field": "dishes.price", "severity": "error",'
        f' "id": "{identity(finding())}", "count": 2}}',
    ]
    assert baseline_text(Baseline()) == '{\n"type": "baseline",\n"version": 1,\n"documents": []\n}\n'
