"""What the server knows of a text, asked in this process: configuration, packs of one's own, broken files."""

from __future__ import annotations

from pathlib import Path

import pytest
from forms import clean_form, form_text
from test_server import CASES, FORM, RULE, YAML

from lintperf.authoring import kind_of, problems_in
from lintperf.lsp.completion import completions_at
from lintperf.lsp.desk import Desk, Settings
from lintperf.lsp.diagnostics import Client, diagnostics_of
from lintperf.lsp.hover import hover_at
from lintperf.lsp.navigation import symbols_of
from lintperf.lsp.texts import EditorText

DESK = Desk()
DESK.locale = "zh"


def text_at(path: Path, text: str) -> EditorText:
    return EditorText(path.as_uri(), text, 1, "utf-16")


def codes(path: Path, text: str) -> list[str]:
    return [str(each.code) for each in diagnostics_of(DESK, DESK.check(text_at(path, text)), Client())]


def labels(path: Path, written: str) -> list[str]:
    """What is offered at the cursor (¦) of a text."""
    offset = written.index("¦")
    checked = DESK.check(text_at(path, written.replace("¦", "")))
    return [each.label for each in completions_at(DESK, checked, offset, True)]


@pytest.fixture(autouse=True)
def no_settings_before(tmp_path: Path) -> None:
    DESK.settings = Settings()
    DESK.read_again()


def test_the_configuration_of_the_file_counts(tmp_path: Path) -> None:
    (tmp_path / "lintperf.toml").write_text(
        'select = ["LP301"]\nexclude = ["old/*"]\n[per-file-ignores]\n"drafts/*" = ["LP301"]\n'
    )
    assert codes(tmp_path / "a.json", FORM) == ["LP301"]
    assert codes(tmp_path / "drafts" / "a.json", FORM) == []
    assert codes(tmp_path / "old" / "a.json", FORM) == []


def test_the_editor_chooses_the_persona(tmp_path: Path) -> None:
    (tmp_path / "lintperf.toml").write_text('select = ["LP301"]\n[severity]\nLP301 = "note"\n')
    assert codes(tmp_path / "a.json", FORM) == []
    DESK.settings, wrong = Settings().changed({"lintperf": {"persona": "auditor", "debounce": -1}})
    assert [each.en for each in wrong] == ["the setting lintperf.debounce must be 0 to 10000 milliseconds, got -1"]
    assert codes(tmp_path / "a.json", FORM) == ["LP301"]


def test_a_mark_at_the_beginning_moves_nothing(tmp_path: Path) -> None:
    (tmp_path / "lintperf.toml").write_text('select = ["LP301"]\n')
    one_line = " ".join(FORM.split())
    text = text_at(tmp_path / "a.json", "\ufeff" + one_line)
    (found,) = diagnostics_of(DESK, DESK.check(text), Client())
    start, end = text.offset(found.range.start), text.offset(found.range.end)
    assert text.text[start:end] == "0.95"


def test_half_a_surrogate_pair_is_a_finding(tmp_path: Path) -> None:
    assert "LP301" in codes(tmp_path / "a.json", FORM.replace("绿道", "\ud83c"))


def test_several_documents(tmp_path: Path) -> None:
    (tmp_path / "lintperf.toml").write_text('select = ["LP301"]\n')
    assert codes(tmp_path / "a.json", f"[{FORM},\n{FORM}]") == ["LP301", "LP301"]
    both = text_at(tmp_path / "a.yaml", f"{YAML}---\n{YAML}")
    assert codes(tmp_path / "a.yaml", both.text) == ["LP301", "LP301"]
    assert [each.name for each in symbols_of(DESK, DESK.check(both))] == ["绿道养护", "绿道养护"]
    assert "executed" not in labels(tmp_path / "b.json", f"[{FORM}, {{¦}}]")
    assert "heading" in labels(tmp_path / "b.json", f"[{FORM}, {{¦}}]")


def test_a_large_text_is_looked_at_without_being_checked(tmp_path: Path) -> None:
    text = text_at(tmp_path / "large.json", form_text(clean_form(3, 20)))
    assert DESK.glance(text).kind is None
    DESK.check(text)
    changed = text_at(tmp_path / "large.json", text.text + " ")
    glanced = DESK.glance(changed)
    assert (glanced.kind, glanced.result, glanced.text) == ("document", None, changed)


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("a.yaml", RULE, "rule"),
        ("a.yaml", CASES, "cases"),
        ("ruleset.yaml", "", "ruleset"),
        ("ruleset.test.yaml", "", "choices"),
        ("a.yaml", "chosen: []\nleft: []\n", "choices"),
        ("a.yaml", YAML, None),
        ("a.json", RULE, None),
        ("compose.yaml", "name: x\nservices: {}\n", None),
    ],
)
def test_files_of_packs_are_known_by_what_is_in_them(tmp_path: Path, name: str, text: str, kind: str | None) -> None:
    assert kind_of(tmp_path / name, text) == kind


def test_a_rule_anywhere_is_compiled_under_the_national_parameters(tmp_path: Path) -> None:
    good = RULE.replace("executd", "executed").replace("when: present(executed)", "when: executed > param.zero")
    (problem,) = problems_in(DESK.author, "rule", tmp_path / "XX001-rate-above-one.yaml", good)
    assert problem.text.en == "XX001 when: unknown name zero"
    (problem,) = problems_in(DESK.author, "rule", tmp_path / "other-name.yaml", RULE)
    assert problem.text.en == "the file must be named XX001-rate-above-one.yaml"
    unknown = RULE.replace("[self-evaluation]", "[self-evaluatoin]")
    (problem,) = problems_in(DESK.author, "rule", tmp_path / "XX001-rate-above-one.yaml", unknown)
    assert "did you mean self-evaluation?" in problem.text.en
    assert problem.place is not None
    assert (problem.place.line, problem.place.column) == (5, 13)


def test_a_pack_that_is_being_written(tmp_path: Path) -> None:
    folder = tmp_path / "own-pack"
    (folder / "rules").mkdir(parents=True)
    path = folder / "ruleset.yaml"
    good = "name: own-pack\ntitle: {zh: 本单位, en: Ours}\nversion: '1'\n"
    path.write_text(good)
    assert list(problems_in(DESK.author, "ruleset", path, good)) == []
    for further, said, column in (
        ("extends: [cn-performanc]\n", "did you mean cn-performance?", 10),
        ("severities: {LP999: off}\n", "unknown rule LP999", 20),
        ("set: {no_such: 1}\n", "unknown parameter no_such", 15),
        ("parameters: {limit: {type: number, default: x, title: {zh: 限, en: L}}}\n", "must be number", 44),
    ):
        (problem,) = problems_in(DESK.author, "ruleset", path, good + further)
        assert said in problem.text.en
        assert problem.place is not None
        assert (problem.place.line, problem.place.column) == (3, column)
    # what was tried out is not kept
    assert list(problems_in(DESK.author, "ruleset", path, good)) == []
    assert "cn-self-evaluation" in labels(path, good + "extends: [¦]\n")
    assert "LP301" in labels(path, good + "severities:\n  ¦\n")
    hover = hover_at(DESK, DESK.check(text_at(path, good + "mandatory: [LP301]\n")), len(good) + 14)
    assert hover is not None
    assert hover[0].startswith("### LP301 ")


def test_a_broken_pack_is_said_where_it_is_used(tmp_path: Path) -> None:
    folder = tmp_path / "own-pack"
    (folder / "rules").mkdir(parents=True)
    (folder / "ruleset.yaml").write_text("name: own-pack\ntitle: {zh: 本单位, en: Ours}\nversion: '1'\n")
    (folder / "rules" / "XX001-rate-above-one.yaml").write_text(RULE)
    (tmp_path / "lintperf.toml").write_text('ruleset = ["./own-pack"]\n')
    said = "XX001-rate-above-one.yaml:9：XX001 assert：没有名称 executd，是否为 executed？"
    (found,) = diagnostics_of(DESK, DESK.check(text_at(tmp_path / "a.json", FORM)), Client())
    assert (found.code, found.message) == ("configuration", said)
    rule = folder / "rules" / "XX001-rate-above-one.yaml"
    rule.write_text(RULE.replace("severity: warning", "severity: bad"))
    pack = folder / "ruleset.yaml"
    (found,) = diagnostics_of(DESK, DESK.check(text_at(pack, pack.read_text())), Client())
    assert found.message.startswith("XX001-rate-above-one.yaml:4：severity：值不在允许的范围内")


def test_completion_in_rules(tmp_path: Path) -> None:
    path = tmp_path / "XX001-rate-above-one.yaml"
    assert "row" in labels(path, RULE.replace("{executed:money}", "{¦}", 1))
    assert "with" in labels(path, RULE.replace("assert: executd <= annual", "check:\n  name: x\n  ¦"))
    checks = labels(path, RULE.replace("assert: executd <= annual", "check: {name: ¦}"))
    assert "score-exceeds-weight" in checks
    assert labels(path, RULE.replace("severity: warning", "severity: ¦")) == ["error", "warning", "note", "off"]
    assert "let" in labels(path, RULE + "¦")
    assert "code" not in labels(path, RULE + "¦")


def test_completion_in_cases_is_that_of_their_document(tmp_path: Path) -> None:
    path = tmp_path / "LP301-execution-rate-miscomputed.test.yaml"
    assert "currency_unit" in labels(path, CASES.replace("{funds: {rows", "{funds: {¦, rows", 1))
    assert labels(path, CASES + "    ¦") == ["documents", "path", "file", "parameters"]


def test_rules_and_facts_are_explained_where_they_are_named(tmp_path: Path) -> None:
    settings = tmp_path / "lintperf.toml"
    settings.write_text('ignore = ["LP301", "score-exceeds-weight"]\n')
    checked = DESK.check(text_at(settings, settings.read_text()))
    for word, code in (("LP301", "LP301"), ("score-exceeds", "LP201")):
        hover = hover_at(DESK, checked, settings.read_text().index(word) + 2)
        assert hover is not None
        assert hover[0].startswith(f"### {code} ")
    assert hover_at(DESK, checked, 2) is None
    text = RULE.replace("each: funds.rows", "each: indicators").replace("when: present(executed)", "when: met")
    checked = DESK.check(text_at(tmp_path / "XX001-rate-above-one.yaml", text))
    hover = hover_at(DESK, checked, text.index("when: met") + 7)
    assert hover is not None
    assert hover[0].startswith("`met: bool?` · 事实")
