"""Wrong rules are told with file, line, column and the name that was probably meant; nothing hostile gets through."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from toy_domain import RULE_FILE, plugin, program, register, rule, run, write_pack, write_rule_text

from lintperf.extension import Check
from lintperf.model import Text
from lintperf.pipeline import open_session
from lintperf.policy import Policy
from lintperf.rules.packs import load_pack
from lintperf.rules.rule import RuleProblem


def refused(expression: str, **fields: Any) -> RuleProblem:
    with pytest.raises(RuleProblem) as caught:
        program(rule(**({"each": "benches", "condition": expression} | fields)))
    return caught.value


@pytest.mark.parametrize(
    ("expression", "says"),
    [
        ("seets > 1", "unknown name seets, did you mean seats?"),
        ("twise > 1", "unknown name twise, did you mean twice?"),
        ("town.kode == 1", "unknown name kode, did you mean code?"),
        ("param.moost > 1", "unknown name moost, did you mean most?"),
        ("abz(seats) > 1", "unknown name abz, did you mean abs?"),
        ("kind == 'wodd'", "unknown name wodd, did you mean wood?"),
        ("'wodd' != kind", "unknown name wodd, did you mean wood?"),
        ("kind in ['stone', 'irn']", "unknown name irn, did you mean iron?"),
        ("sum(x.seets for x in benches) > 1", "unknown name seets, did you mean seats?"),
        ("sum(y.seats for x in benches) > 1", "unknown name"),
        ("sum(x.seats for x in bench) > 1", "bench is not an array"),
        ("sum(x.name for x in benches) > 1", "expected number here, got text"),
        ("any(x.seats for x in benches)", "expected bool here, got number"),
        ("count(x.seats for x in benches) > 1", "write count(x for x in array if condition)"),
        ("name + name == 'a'", "expected number here, got text"),
        ("name > 1", "cannot compare text with number"),
        ("name < name", "only numbers have an order"),
        ("seats == '3'", "cannot compare number with text"),
        ("name in [1, 2]", "must be a list of the same type"),
        ("seats in [1, '2']", "a list holds constants of one type"),
        ("seats in [height]", "a list holds constants of one type"),
        ("seats in []", "a list holds constants of one type"),
        ("seats", "expected bool here, got number"),
        ("not seats", "expected bool here, got number"),
        ("seats and roomy", "expected bool here, got number"),
        ("-name == 1", "expected number here, got text"),
        ("abs() > 1", "abs takes 1 arguments, got 0"),
        ("agrees(seats)", "agrees takes 2 arguments, got 1"),
        ("abs(name) > 1", "abs takes number here, got text"),
        ("abs(x=seats) > 1", "positional arguments only"),
        ("abs(*benches) > 1", "positional arguments only"),
        ("present(seats, cost)", "present takes 1 argument"),
        ("present(roomy)", "never missing"),
        ("present(1)", "never missing"),
        ("blank(seats)", "blank takes a text"),
        ("default(seats, name) == 1", "must have one type"),
        ("(1 if roomy else 'a') == 1", "both sides of if"),
        ("benches == 1", "is not a single value"),
        ("town == 1", "is not a single value"),
        ("seats == 1e3", "only texts, decimal numbers"),
        ("seats == 0x1F", "only texts, decimal numbers"),
        ("seats == 1_000", "only texts, decimal numbers"),
        ("seats == 1j", "only texts, decimal numbers"),
        ("seats == None", "only texts, decimal numbers"),
        ("name == b'a'", "only texts, decimal numbers"),
        ("seats == ...", "only texts, decimal numbers"),
        ("seats is 1", "this comparison is not part"),
        ("seats ** 2 > 1", "only + - * /"),
        ("9 ** 9 ** 9 > 1", "only + - * /"),
        ("seats // 2 > 1", "only + - * /"),
        ("seats % 2 > 1", "only + - * /"),
        ("seats << 2 > 1", "only + - * /"),
        ("roomy | roomy", "only + - * /"),
        ("~seats > 1", "this operator is not part"),
        ("+seats > 1", "this operator is not part"),
        ("'a' * 999999999 == 'a'", "expected number here, got text"),
        ("seats = 1", "syntax"),
        ("seats >", "syntax"),
        ("", "syntax"),
        ("seats > 1; crash(seats)", "syntax"),
        ("import os", "syntax"),
        ("seats > 1\x00", "syntax"),
        ("\ud800", "syntax"),
        ("name == '\\d'", "syntax"),
        ("1if roomy else 2", "syntax"),
        ("seats > 1 # 2", "no comments"),
        ("seats > 1  # first\n  and cost > 1", "no comments"),
    ],
)
def test_type_errors_say_what_is_wrong(expression: str, says: str) -> None:
    problem = refused(expression)
    assert says in problem.text.en
    assert problem.text.zh != problem.text.en


def test_a_number_sign_inside_a_text_is_no_comment() -> None:
    findings, _, _ = run(program(rule(each="benches", condition="name == '#'")), register({"name": "#"}))
    assert findings == []


HOSTILE = [
    "().__class__.__bases__[0].__subclasses__()",
    "(1).__class__ == 1",
    "name.__class__ == 'a'",
    "name.upper() == 'a'",
    "'{0.__class__}'.format(name) == ''",
    "x.__class__ == 1",
    "benches.__len__() > 1",
    "param.__class__ == 'a'",
    "param.most.__class__ == 'a'",
    "town.code.real == 1",
    "__import__('os').system('true') == 0",
    "__builtins__ == 1",
    "open('secret') == 1",
    "eval('1') == 1",
    "exec('1') == 1",
    "globals() == 1",
    "getattr(name, 'upper') == 1",
    "lambda: 1",
    "(lambda: 1)() == 1",
    "[x for x in benches] == 1",
    "{x for x in benches} == 1",
    "{x: 1 for x in benches} == 1",
    "(x for x in benches) == 1",
    "{'a': 1} == 1",
    "benches[0] == 1",
    "name[0:1] == 'a'",
    "(n := 1) == 1",
    "f'{name}' == 'a'",
    "f'{name!r:>999999999}' == 'a'",
    "await name",
    "(yield 1)",
    "K0 == 1",
    "K0",
    "rows == 1",
    "rows('benches') == 1",
    "hit((0, 0)) == 1",
    "fact(0, 0) == 1",
    "data == 1",
    "row == 1",
    "row.get('name') == 'a'",
    "i == 0",
    "v0_t1 == 1",
    "r_seats == 1",
    "aggregates == 1",
    "crash == 1",
    "sum(sum(y.seats for y in benches) for x in benches) > 1",
    "sum(x.seats for x in benches for y in benches) > 1",
    "sum([x.seats for x in benches]) > 1",
    "sum(x.seats async for x in benches) > 1",
    "sum(x.seats for x, y in benches) > 1",
    "sum(x.seats for x in [1, 2]) > 1",
    "sum(x.seats for x in benches * 999) > 1",
    "sum(x.seats for x in 'benches') > 1",
    "sum(x.seats for x in benches or benches) > 1",
    "sum(x.seats.real for x in benches) > 1",
    "sum(x.__class__ for x in benches) > 1",
    "sum(seats.seats for seats in benches) > 1",
    "sum(param.most for param in benches) > 1",
    "sum(x.seats for x in town) > 1",
    "sum(seats for x in benches) > 1",
    "sum(x for x in benches) > 1",
    "any(any(y.roomy for y in benches) for x in benches)",
    "sum(x.seats for x in benches if (x.seats for y in benches)) > 1",
    "abs(abs) > 1",
    "sum > 1",
    "present > 1",
    "print(name) == 1",
    "9" * 31 + " > 1",
    "9" * 1900 + " > 1",
    "0." + "1" * 31 + " > 1",
    "seats > " + "(" * 150 + "1" + ")" * 150 + " or " + "(" * 300 + "1",
    "(" * 900 + ")" * 900,
    "not " * 190 + "roomy",
    "not " * 480 + "roomy",
    "-" * 1900 + "1 > 0",
    "abs(" * 120 + "1" + ")" * 120 + " > 0",
    "how_many(1, " * 60 + "1" + ")" * 60 + " > 0",
    "how_many(seats, " * 75 + "1" + ")" * 75 + " > 0",
    "x" + ".a" * 900 + " == 1",
    "[" * 400 + "]" * 400 + " == 1",
    "1 if roomy else " * 110 + "1",
    "roomy and " * 190 + "roomy and",
    " + ".join(["1"] * 480) + " > 1",
    "roomy or " * 20_000 + "roomy",
    "1 < " * 25_000 + "2",
    "'" + "长" * 100_000 + "' == name",
]


@pytest.mark.parametrize("expression", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_expressions_are_refused(expression: str) -> None:
    refused(expression)
    # and in every other place where a rule takes an expression
    refused("True", when=expression)
    refused("True", found=expression)
    refused("True", let={"a": expression}, found="a")


@pytest.mark.parametrize(
    "expression",
    [
        "not " * 40 + "roomy",
        "(" * 90 + "roomy" + ")" * 90,
        " and ".join(["roomy"] * 130),
        " + ".join(["seats"] * 45) + " > 1",
        "how_many(seats, " * 40 + "1" + ")" * 40 + " > 0",
        "half_if_positive(" * 40 + "seats" + ")" * 40 + " > 0",
        "1 < " * 130 + "2",
        "'" + "长" * 1900 + "' != name",
        " and ".join(f"present(seats + {number})" for number in range(40)),
        "9" * 30 + " > seats",
        "'\\x41\\u957f' != name",
        "'''\"\"\"''' != name",
        "ｓeats > 0",
    ],
)
def test_what_is_large_but_allowed_runs(expression: str) -> None:
    compiled = program(rule(each="benches", when=expression, condition=expression, expected="seats"))
    _, _, crashes = run(compiled, register({"seats": 3, "name": "长椅"}))
    assert not crashes


def test_numbers_grow_no_further_than_they_can_be_held() -> None:
    """Squared thirty times over; the outcome is not applicable, and it comes at once."""
    lets = {"a0": "seats * 100000000000000000000000000000"}
    lets |= {f"a{number}": f"a{number - 1} * a{number - 1}" for number in range(1, 29)}
    findings, coverage, crashes = run(
        program(rule(each="benches", let=lets, condition="a28 < 0", expected="a28")), register({"seats": 1})
    )
    assert not crashes
    assert findings == []
    assert coverage.not_applicable == ("TT101",)


@pytest.mark.parametrize("name", ["param", "sum", "present", "class", "if", "a b", "a.b", "", "1a", "a\n", "a=1;b"])
def test_let_names_that_cannot_be_used(name: str) -> None:
    problem = refused("roomy", let={name: "1"}, found=f"{name}")
    assert "let" in problem.text.en


@pytest.mark.parametrize("name", ["t1", "i", "n0", "row", "rows", "K0", "data", "fact", "hit", "crash", "v0_l_a", "h0"])
def test_let_names_like_those_of_the_generated_code_are_fine(name: str) -> None:
    compiled = program(
        rule("TT101", each="benches", let={name: "half_if_positive(seats) + 1"}, when=f"{name} > 1",
             condition=f"{name} > 3", found=name),
        rule("TT102", each="benches", condition="seats > 1"),
    )  # fmt: skip
    findings, _, crashes = run(compiled, register({"seats": 2}, {"seats": 8}))
    assert not crashes
    assert [(finding.code, finding.pointer, finding.found) for finding in findings] == [("TT101", "/benches/0", 2)]


@pytest.mark.parametrize("value", [None, {"a": 1}, ["a", 1], [["a"]], [True]])
def test_parameters_that_no_expression_can_hold(value: Any) -> None:
    with pytest.raises(RuleProblem, match="can only be an option of a check"):
        program(rule(condition="param.odd == 1"), parameters={"odd": value})


HOSTILE_TEXTS = ["'", '"', "\\", "\n", "');crash(1)#", "{found}", "%s", "\x00", "\ud800", "长" * 1000, "K0", ""]


@pytest.mark.parametrize("text", HOSTILE_TEXTS)
def test_hostile_parameters_are_only_data(text: str) -> None:
    compiled = program(
        rule(each="benches", condition="name != param.word and name not in param.words and name != 'a'", found="name"),
        parameters={"word": text, "words": [text]},
    )
    findings, _, crashes = run(compiled, register({"name": text}, {"name": "长椅"}))
    assert not crashes
    assert [finding.found for finding in findings] == [text]


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_any_text_is_an_expression_or_a_rule_problem(text: str) -> None:
    try:
        compiled = program(rule(each="benches", condition=text))
    except RuleProblem as problem:
        assert problem.text.zh
    else:
        _, _, crashes = run(compiled, register({"seats": 1}))
        assert not crashes


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=30))
def test_any_text_as_a_literal_is_that_text(text: str) -> None:
    try:
        compiled = program(rule(each="benches", condition=f"name != {text!r}", found="name"))
    except RuleProblem:
        assert len(repr(text)) > 25
    else:
        findings, _, _ = run(compiled, register({"name": text}, {"name": text + "."}))
        assert [finding.found for finding in findings] == [text]


# -- places in files ------------------------------------------------------------------------------------------------


def rule_text(expression: str) -> str:
    """A rule file with this written under `assert`, indented as it comes."""
    head = {key: value for key, value in RULE_FILE.items() if key != "assert"}
    lines = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in head.items()]
    return "\n".join([*lines[:3], f"assert: {expression}", *lines[3:]]) + "\n"


def problem_of(folder: Path, text: str) -> RuleProblem:
    path = write_rule_text(folder / "toy", text)
    with pytest.raises(RuleProblem) as caught:
        session = open_session(plugins={"toy": plugin(folder, folder / "toy")}, use_cache=False)
        session.program(Policy(rulesets=("toy",)), "bench-register")
    assert caught.value.path == str(path)
    return caught.value


def word_at(text: str, problem: RuleProblem) -> str:
    """The word of a file that a problem points at."""
    assert problem.place is not None
    line = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")[problem.place.line]
    rest = line[problem.place.column :]
    return rest[: next((n for n, c in enumerate(rest) if not (c.isalnum() or c == "_")), len(rest))]


@pytest.mark.parametrize(
    "written",
    [
        "roomy and seets > 1",
        "roomy   and    seets > 1",
        "'roomy and seets > 1'",
        '"roomy and seets > 1"',
        "'  roomy and seets > 1  '",
        "name == '树荫下的''长椅' or seets > 1",
        "\"name == '树荫下的长椅' or seets > 1\"",
        "'name == ''树荫''''下'' or seets > 1'",
        '"name == \'树荫\\"\\u4e0b\\t长椅\' or seets > 1"',
        "name == '树荫'\n  or roomy\n  or seets > 1",
        "|\n  roomy\n  and seets > 1",
        "|-\n    name == '树荫下的长椅'\n      and\n    seets > 1",
        ">-\n  name == '树荫下的长椅'\n  and seets > 1\n  and roomy",
        ">\n\n  name == '树荫下的长椅'\n\n  and seets > 1",
        "'roomy\n  and seets > 1'",
        '"roomy and \\\n   seets > 1"',
        "|+\n  roomy and\n\n  seets > 1\n",
    ],
)
@pytest.mark.parametrize("start", ["", "\ufeff"])
def test_the_column_points_at_the_word(tmp_path: Path, written: str, start: str) -> None:
    text = start + rule_text(written)
    problem = problem_of(tmp_path, text)
    assert "seets" in problem.text.en
    assert word_at(text, problem) == "seets"


def test_the_column_is_right_with_windows_lines(tmp_path: Path) -> None:
    text = rule_text("|\n  name == '树荫'\n  and seets > 1").replace("\n", "\r\n")
    assert word_at(text, problem_of(tmp_path, text)) == "seets"


@pytest.mark.parametrize(
    ("changes", "word", "says"),
    [
        ({"when": "名称 > 1 or seets > 1"}, "名称", "unknown name"),
        ({"let": {"good": "1 + 1", "bad": "1 + seets"}, "found": "bad"}, "seets", "did you mean seats"),
        ({"found": "default(seets, 1)"}, "seets", "did you mean seats"),
        ({"expected": "seats + nmae"}, "nmae", "did you mean name"),
        ({"difference": "seats - seets"}, "seets", "did you mean seats"),
        ({"at": "seets"}, "seets", "unknown field seets, did you mean seats?"),
        ({"related": ["name", "hieght"]}, "hieght", "unknown field hieght, did you mean height?"),
        ({"each": "bnches"}, "bnches", "did you mean benches?"),
        ({"message": {"zh": "“{name}”有 {seets} 个座位", "en": "x"}}, "seets", "did you mean seats"),
        ({"message": {"zh": "好", "en": "it costs {cots}"}}, "cots", "did you mean cost"),
        ({"message": {"zh": "花费 {cost:mony} 元", "en": "x"}}, "mony", "unknown format mony"),
        ({"variants": {"mild": {"zh": "{seets}", "en": "x"}}}, "seets", "did you mean seats"),
        ({"milder": [{"when": "seets > 1", "severity": "note"}]}, "seets", "did you mean seats"),
        ({"milder": [{"when": "roomy", "severity": "note", "message": "mild"}]}, "mild", "no variant mild"),
        ({"fix": {"value": "seets", "safe": False}}, "seets", "did you mean seats"),
        ({"assert": None, "check": {"name": "even-seats"}}, "even", "did you mean even-saets?"),
        ({"assert": None, "check": {"name": "even-saets", "with": {"lmit": 1}}}, "1", "did you mean limit?"),
        ({"assert": None, "check": {"name": "even-saets", "with": {"limit": "a"}}}, "a", "option limit must be number"),
        ({"assert": None, "check": {"name": "even-saets", "with": {"limit": {"param": "mst"}}}}, "mst", "most"),
        ({"assert": None, "check": {"name": "even-saets"}}, "name", "option limit is missing"),
        ({"applies_to": ["bench-registr"]}, "bench-registr", "did you mean bench-register?"),
        ({"severity": "eror"}, "eror", "did you mean error?"),
        ({"sverity": "error"}, "error", "unknown field; expected severity"),
        ({"milder": [{"when": "roomy", "severity": "error"}]}, "error", "not one of those allowed"),
    ],
)
def test_every_part_of_a_rule_is_told_with_its_place(
    tmp_path: Path, changes: dict[str, Any], word: str, says: str
) -> None:
    check = Check(
        "even-saets", "bench-register", lambda subject, options: iter(()), Text("偶", "even"), {"limit": "number"}
    )
    most = {"most": {"type": "number", "default": 4, "title": {"zh": "多", "en": "most"}}}
    folder = write_pack(tmp_path / "toy", changes, parameters=most)
    path = next((folder / "rules").iterdir())
    with pytest.raises(RuleProblem) as caught:
        session = open_session(plugins={"toy": plugin(tmp_path, folder, checks=[check])}, use_cache=False)
        session.program(Policy(rulesets=("toy",)), "bench-register")
    problem = caught.value
    assert problem.path == str(path)
    assert says in problem.text.en
    assert problem.place is not None
    text = path.read_text(encoding="utf-8")
    rest = text.split("\n")[problem.place.line][problem.place.column :].lstrip('"{[')
    assert rest.startswith(word), rest[:40]


# -- hostile files --------------------------------------------------------------------------------------------------

BOMB = "a: &a [x, x]\nb: &b [*a, *a, *a, *a, *a, *a, *a, *a, *a]\nc: [*b, *b, *b, *b, *b, *b, *b, *b]\n"


@pytest.mark.parametrize(
    "text",
    [
        BOMB,
        "code: &x TT101\nname: *x\n",
        "<<: {code: TT101}\n",
        "code: !!python/object/apply:os.system ['true']\n",
        "code: !!python/name:os.system\n",
        "[" * 5000,
        "{a: " * 5000,
        "a: " * 100,
        "- " * 5000,
        "code: TT101\ncode: TT102\n",
        "code: TT101\n--- \ncode: TT102\n",
        "\x00",
        "%YAML 9.9\n---\n",
        "",
        "null",
        "[]",
        "5",
        "code: 1e999999999",
        "code: " + "9" * 5000,
        "'",
        "? [a]\n: b",
        "assert: \ud800".encode("utf-8", "surrogatepass").decode("latin-1"),
    ],
)
def test_hostile_rule_files_are_rule_problems(tmp_path: Path, text: str) -> None:
    write_rule_text(tmp_path / "toy", text)
    with pytest.raises(RuleProblem) as caught:
        load_pack(tmp_path / "toy")
    assert caught.value.path.endswith("TT101-too-few-seats.yaml")


def test_a_huge_rule_file_is_not_even_read(tmp_path: Path) -> None:
    write_rule_text(tmp_path / "toy", "# " + "长" * 4_000_000)
    with pytest.raises(RuleProblem, match="at most 1024 KiB"):
        load_pack(tmp_path / "toy")


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = write_rule_text(tmp_path / "toy", "")
    path.write_bytes(b"code: \xff\xfe")
    with pytest.raises(RuleProblem, match="not UTF-8"):
        load_pack(tmp_path / "toy")


@pytest.mark.parametrize("target", ["/dev/zero", "/dev/stdin"])
def test_a_rule_file_that_is_a_device_is_refused(tmp_path: Path, target: str) -> None:
    if not Path(target).exists():
        pytest.skip("no such device")
    path = write_rule_text(tmp_path / "toy", "")
    path.unlink()
    path.symlink_to(target)
    with pytest.raises(RuleProblem):
        load_pack(tmp_path / "toy")


def test_a_folder_in_a_rule_files_place_is_refused(tmp_path: Path) -> None:
    path = write_rule_text(tmp_path / "toy", "")
    path.unlink()
    path.mkdir()
    with pytest.raises(RuleProblem):
        load_pack(tmp_path / "toy")


def test_an_expression_too_long_for_the_schema_is_told_with_its_place(tmp_path: Path) -> None:
    write_rule_text(tmp_path / "toy", rule_text("'" + "1 < " * 25_000 + "2'"))
    with pytest.raises(RuleProblem, match="too long") as caught:
        load_pack(tmp_path / "toy")
    assert caught.value.place is not None
    assert caught.value.place.line == 3


@pytest.mark.parametrize("value", ["True", "true", "1 > 0"])
def test_yaml_truth_values_and_numbers_are_expressions_too(tmp_path: Path, value: str) -> None:
    write_rule_text(tmp_path / "toy", rule_text(value))
    assert load_pack(tmp_path / "toy").rules[0].condition in ("True", "1 > 0")


def test_a_small_number_stays_a_number(tmp_path: Path) -> None:
    write_rule_text(tmp_path / "toy", rule_text("seats > 1") + "expected: 0.0000001\n")
    assert load_pack(tmp_path / "toy").rules[0].expected == "0.0000001"
