"""Documents mended: every rule that carries a fix, fixes that meet, and what is left as it was."""

from __future__ import annotations

import copy
import importlib
import random
from collections.abc import Mapping
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.forms import clean_form, form_text
from lintperf.cases import _complete, cases_beside
from lintperf.document.json_text import decode_json
from lintperf.document.yaml_text import load_yaml
from lintperf.extension import Source
from lintperf.fixing import mend
from lintperf.model import Finding, Severity
from lintperf.pipeline import Session, open_session, read_documents
from lintperf.policy import Policy
from lintperf.results import FileResult, Mended
from lintperf.rules.packs import read_yaml
from lintperf.rules.rule import Rule
from tests.fixing.book_corner import COST, TOTAL, must_be
from tests.fixing.book_corner import session as book_corner
from tests.fixing.writing import as_json, as_yaml
from tests.rules.mutation import Mutation

PACKS = ("cn-self-evaluation", "cn-evaluation-report")
SESSION = open_session()


def rules_with_fixes() -> dict[str, tuple[str, Rule]]:
    found: dict[str, tuple[str, Rule]] = {}
    for pack in PACKS:
        for rule in SESSION.packs.ruleset((pack,), None, None).rules:
            if rule.fix is not None:
                found.setdefault(rule.code, (pack, rule))
    return found


RULES = rules_with_fixes()
SAFE = {"LP204", "LP206", "LP212", "LP301", "LP302", "LP308", "LP416", "LP806"}


def test_which_fixes_are_safe() -> None:
    assert {code for code, (_, rule) in RULES.items() if rule.fix and rule.fix.safe} == SAFE


def keys(result: FileResult) -> set[tuple[str, str]]:
    return {(finding.code, finding.pointer) for document in result.documents for finding in document.findings}


def refused(mended: Mended) -> set[tuple[str, str]]:
    return {(finding.code, finding.pointer) for finding, _ in mended.refused}


def differing(before: Any, after: Any, pointer: str = "") -> set[str]:
    """Pointers of the values that differ; 9.5 and 9.50 differ too."""
    if isinstance(before, dict) and isinstance(after, dict) and list(before) == list(after):
        return {
            found
            for key in before
            for found in differing(before[key], after[key], f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
        }
    if isinstance(before, list) and isinstance(after, list) and len(before) == len(after):
        parts = enumerate(zip(before, after, strict=True))
        return {found for number, pair in parts for found in differing(*pair, f"{pointer}/{number}")}
    return set() if (type(before), str(before)) == (type(after), str(after)) else {pointer}


def mended_twice(session: Session, path: str, text: str, policy: Policy, unsafe: bool) -> tuple[FileResult, Mended]:
    """The result of mending; a second time changes nothing, and only values of fixes have changed."""
    source = Source(path, text.encode())
    result = mend(session, source, policy, unsafe)
    mended = result.mended
    assert mended is not None and mended.before == text and mended.content == mended.after.encode()
    parse = load_yaml if path.endswith(".yaml") else decode_json
    several = isinstance(parse(text), list)
    changed = {f"/{each.document}" * several + each.fix.pointer for each in mended.applied if each.fix}
    assert differing(parse(text), parse(mended.after)) == changed
    position = end = 0
    for finding in mended.applied:
        assert finding.fix is not None and finding.fix.written is not None
        kept = text[end : finding.fix.place.offset]  # type: ignore[union-attr]
        assert mended.after[position : position + len(kept)] == kept
        position, end = position + len(kept) + len(finding.fix.written), finding.fix.place.end_offset  # type: ignore[union-attr]
    assert mended.after[position:] == text[end:]
    again = mend(session, Source(path, mended.content), policy, unsafe)
    assert again.mended is None or (again.mended.applied, again.mended.content) == ((), mended.content)
    assert again.mended is None or refused(again.mended) == refused(mended) & keys(again)
    assert keys(again) == keys(result)
    return result, mended


def cases() -> list[Any]:
    found = []
    for code, (pack, rule) in sorted(RULES.items()):
        data, _, _ = read_yaml(cases_beside(rule), "cases")
        for case in data["fail"]:
            if case["findings"][0].get("fix") is not None:
                kind = case["document"].get("type") or data.get("type") or rule.types[0]
                found.append(pytest.param(pack, rule, case, kind, id=f"{code}-{case['name']}"))
    return found


CASES = cases()


def test_every_rule_with_a_fix_has_a_case_of_it() -> None:
    assert {case.values[1].code for case in CASES} == set(RULES)


@pytest.mark.parametrize(("pack", "rule", "case", "kind"), CASES)
@pytest.mark.parametrize("write", [as_json, as_yaml])
def test_cases(pack: str, rule: Rule, case: Mapping[str, Any], kind: str, write: Any) -> None:
    """The fix of a case makes its finding vanish, in JSON and YAML of any style."""
    data = _complete(SESSION, kind, case["document"])
    policy = Policy((pack,), (rule.code,), (rule.code,), parameters=_parameters(case), persona="auditor")
    path = "form.json" if write is as_json else "form.yaml"
    text = write(data, random.Random(len(case["name"])))
    result, mended = mended_twice(SESSION, path, text, policy, unsafe=True)
    assert not mended.refused
    assert mended.applied[0].code == rule.code
    value = case["findings"][0]["fix"]
    assert str(mended.applied[0].fix.value) == str(value) or mended.applied[0].fix.value == value  # type: ignore[union-attr]
    fixed = {(finding.code, finding.pointer) for finding in mended.applied}
    assert not fixed & keys(result)
    if rule.fix is not None and not rule.fix.safe:
        left = mend(SESSION, Source(path, text.encode()), policy)
        assert left.mended is not None and not left.mended.applied and left.mended.after == text


def _parameters(case: Mapping[str, Any]) -> tuple[tuple[str, Any], ...]:
    given = case.get("parameters", {}).items()
    return tuple((name, tuple(value) if isinstance(value, list) else value) for name, value in given)


MODULES = sorted(path.stem for path in (Path(__file__).parents[1] / "rules").glob("mutations_*.py"))
MUTATIONS: list[Mutation] = [
    mutation
    for module in MODULES
    for mutation in importlib.import_module(f"tests.rules.{module}").MUTATIONS
    if mutation.code in RULES or mutation.implies & RULES.keys()
]


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: f"{m.code}-{m.mutate.__name__}")
@pytest.mark.parametrize("unsafe", [False, True])
def test_whole_forms(mutation: Mutation, unsafe: bool) -> None:
    """A defect in a clean form, all rules in force: nothing new breaks, and what is not mended is told."""
    for seed in range(2):
        form = copy.deepcopy(clean_form(seed, 12))
        pointer = mutation.mutate(form, random.Random(seed))
        if pointer is None:
            continue
        policy = Policy(persona="auditor", extend_select=(mutation.code,) if mutation.extend else ())
        text = form_text(form)
        result = mend(SESSION, Source("form.json", text.encode()), policy, unsafe)
        if result.mended is None:
            continue
        result, mended = mended_twice(SESSION, "form.json", text, policy, unsafe)
        fixed = {(finding.code, finding.pointer) for finding in mended.applied}
        assert not fixed & keys(result)
        assert keys(result) >= refused(mended)
        rule = RULES.get(mutation.code)
        offered = any(finding.code == mutation.code and finding.fix for finding in _found(text, policy))
        if rule is not None and rule[1].fix and offered and (rule[1].fix.safe or unsafe):
            assert (mutation.code, pointer) in fixed | refused(mended), (seed, pointer)


def _found(text: str, policy: Policy, path: str = "form.json") -> list[Finding]:
    from lintperf.pipeline import check_source

    result = check_source(SESSION, Source(path, text.encode()), policy)
    return [finding for document in result.documents for finding in document.findings]


def many_defects(seed: int) -> dict[str, Any]:
    form = copy.deepcopy(clean_form(seed, 12))
    choice = random.Random(seed)
    form["total"]["score"] -= 1
    for mutation in choice.sample(MUTATIONS, 6):
        changed = copy.deepcopy(form)
        # a mutation is made for a clean form: what another one has changed may not suit it
        with suppress(TypeError, KeyError, IndexError, ValueError):
            mutation.mutate(changed, choice)
            form = changed
    return form


@settings(max_examples=12, deadline=None)
@given(st.integers(0, 1_000_000), st.sampled_from([(as_json, "form.json"), (as_yaml, "form.yaml")]), st.booleans())
def test_forms_with_many_defects(seed: int, writing: tuple[Any, str], unsafe: bool) -> None:
    """Fixes that enter each other: no finding of an applied fix is left, no error is new, and so on."""
    policy = Policy(persona="auditor")
    write, path = writing
    text = write(many_defects(seed), random.Random(seed))
    found = _found(text, policy, path)
    if not any(finding.fix for finding in found):
        return
    result, mended = mended_twice(SESSION, path, text, policy, unsafe)
    assert not {(finding.code, finding.pointer) for finding in mended.applied} & keys(result)
    left = [finding for document in result.documents for finding in document.findings]
    assert errors(left) <= errors(found)


def errors(findings: list[Finding]) -> set[tuple[str, str]]:
    return {(finding.code, finding.pointer) for finding in findings if finding.severity is Severity.error}


# --- fixes that meet -------------------------------------------------------------------------------------------------


def corner(tmp_path: Path, text: str, rules: dict[str, tuple[str, str]], unsafe: bool = False) -> Mended:
    session = book_corner(tmp_path, rules)
    result, mended = mended_twice(session, "corner.json", text, Policy(persona="auditor"), unsafe)
    assert not {(finding.code, finding.pointer) for finding in mended.applied} & keys(result)
    return mended


def reasons(mended: Mended) -> dict[str, str]:
    return {finding.code: reason.en for finding, reason in mended.refused}


BOOKS = '{"type": "book-corner", "total": %s, "books": [{"name": "甲", "copies": 3, "price": 12.50, "cost": %s}]}'


def test_a_sum_is_that_of_mended_rows(tmp_path: Path) -> None:
    rules = {"BK101": ("error", TOTAL), "BK102": ("error", COST)}
    mended = corner(tmp_path, BOOKS % ("100.00", "30.00"), rules)
    assert mended.after == BOOKS % ("37.50", "37.50")
    assert [finding.code for finding in mended.applied] == ["BK101", "BK102"]
    assert not mended.refused


def test_a_sum_that_is_right_again_is_not_touched(tmp_path: Path) -> None:
    mended = corner(tmp_path, BOOKS % ("37.5", "30.00"), {"BK101": ("error", TOTAL), "BK102": ("error", COST)})
    assert mended.after == BOOKS % ("37.5", "37.50")
    assert [finding.code for finding in mended.applied] == ["BK102"]


@pytest.mark.parametrize(
    ("severities", "kept"),
    [(("warning", "error"), "B"), (("error", "warning"), "A"), (("error", "error"), "A"), (("note", "note"), "A")],
)
def test_of_two_fixes_for_one_value_the_graver_goes_first_then_the_code(
    tmp_path: Path, severities: tuple[str, str], kept: str
) -> None:
    rules = {
        "BK201": (severities[0], must_be("shelf", '"A"', '"A"')),
        "BK202": (severities[1], must_be("shelf", '"B"', '"B"')),
    }
    text = '{"type": "book-corner", "books": [{"shelf": "C"}]}'
    mended = corner(tmp_path, text, rules)
    assert mended.after == text.replace('"C"', f'"{kept}"')
    other = "BK202" if kept == "A" else "BK201"
    assert reasons(mended) == {other: "another fix for the same value goes first: not carried out"}


def test_fixes_for_one_value_that_go_together(tmp_path: Path) -> None:
    # 2.345 → two decimals, and not below 5: the second finds its value in what the first made
    rules = {
        "BK201": ("error", "each: books\nassert: cost >= 5\nat: cost\nfix: {value: cost + 5, safe: true}"),
        "BK202": (
            "warning",
            "each: books\nassert: round_half_up(cost, 2) == cost\nat: cost\n"
            "fix: {value: 'round_half_up(cost, 2)', safe: true}",
        ),
    }
    text = '{"type": "book-corner", "books": [{"cost": 2.345}]}'
    mended = corner(tmp_path, text, rules)
    assert not mended.refused
    assert mended.after == text.replace("2.345", "7.350")


def test_a_fix_that_does_not_mend_is_taken_back(tmp_path: Path) -> None:
    text = '{"type": "book-corner", "books": [{"shelf": "C"}]}'
    mended = corner(tmp_path, text, {"BK201": ("error", must_be("shelf", '"A"', '"B"'))})
    assert mended.after == text
    assert reasons(mended) == {"BK201": "the defect would still be there: taken back"}


def test_a_fix_that_brings_an_error_is_taken_back_and_others_stay(tmp_path: Path) -> None:
    rules = {
        "BK201": ("warning", must_be("price", "5", "5")),
        "BK202": ("error", "each: books\nassert: price != 5\nat: price"),
        "BK203": ("warning", must_be("shelf", '"A"', '"A"')),
    }
    text = '{"type": "book-corner", "books": [{"shelf": "C", "price": 6}]}'
    mended = corner(tmp_path, text, rules)
    assert mended.after == text.replace('"C"', '"A"')
    assert reasons(mended) == {"BK201": "it would bring a new error: taken back"}


def test_a_new_note_is_no_reason_to_take_a_fix_back(tmp_path: Path) -> None:
    rules = {
        "BK201": ("warning", must_be("price", "5", "5")),
        "BK202": ("note", "each: books\nassert: price != 5\nat: price"),
    }
    text = '{"type": "book-corner", "books": [{"price": 6}]}'
    assert corner(tmp_path, text, rules).after == text.replace("6", "5")


def test_unsafe_ones_only_when_asked_for(tmp_path: Path) -> None:
    rules = {"BK201": ("error", must_be("shelf", '"A"', '"A"', safe=False))}
    text = '{"type": "book-corner", "books": [{"shelf": "C"}]}'
    assert corner(tmp_path / "safe", text, rules).after == text
    assert corner(tmp_path / "unsafe", text, rules, unsafe=True).after == text.replace("C", "A")


def test_a_fix_of_another_field(tmp_path: Path) -> None:
    body = "each: books\nassert: cost == copies * price\nat: cost\nfix: {at: price, value: cost / copies, safe: true}"
    mended = corner(tmp_path, BOOKS % ("30", "30.00"), {"BK101": ("error", body)})
    assert mended.after == (BOOKS % ("30", "30.00")).replace("12.50", "10.00")


def test_each_document_of_a_file_for_itself(tmp_path: Path) -> None:
    rules = {"BK101": ("error", TOTAL), "BK102": ("error", COST)}
    text = f"[{BOOKS % ('1', '37.50')},\r\n  {BOOKS % ('37.50', '37.50')},\t{BOOKS % ('37.50', '30')}]"
    mended = corner(tmp_path, text, rules)
    right = BOOKS % ("37.50", "37.50")
    assert mended.after == f"[{right},\r\n  {right},\t{right}]"
    assert [finding.document for finding in mended.applied] == [0, 2]


def test_what_is_suppressed_is_not_mended() -> None:
    form = copy.deepcopy(clean_form(1, 8))
    form["total"]["score"] -= Decimal(1)
    text = form_text(form)
    assert mend(SESSION, Source("form.json", text.encode()), Policy()).mended is not None
    form["lintperf"] = {"ignore": [{"code": "LP204", "reason": "另有加分"}]}
    result = mend(SESSION, Source("form.json", form_text(form).encode()), Policy())
    assert result.mended is None


def test_other_files_are_left_alone() -> None:
    source = Source("form.html", b"<p>x</p>")
    assert mend(SESSION, source, Policy()).mended is None
    assert mend(SESSION, Source("form.json", b"{"), Policy()).mended is None


@pytest.mark.parametrize("mark", [b"\xef\xbb\xbf", b""])
def test_mark_encoding_and_line_ends_stay(mark: bytes) -> None:
    form = copy.deepcopy(clean_form(1, 8))
    form["total"]["score"] -= Decimal(1)
    text = form_text(form).replace("\n", "\r\n").replace("  ", "\t")
    name = "utf-8" if mark else "gb18030"
    content = mark + text.encode(name)
    mended = mend(SESSION, Source("form.json", content), Policy()).mended
    assert mended is not None
    (fix,) = [finding.fix for finding in mended.applied]
    assert fix is not None and fix.place is not None and fix.written is not None
    right = text[: fix.place.offset] + fix.written + text[fix.place.end_offset :]  # type: ignore[union-attr]
    assert mended.content == mark + right.encode(name)
    assert [each.data for each in read_documents(SESSION, Source("x.json", mended.content))[0]] == [clean_form(1, 8)]
