"""Words are data: a plugin's file adds spellings and layouts, and a mistake in one is named."""

from __future__ import annotations

import re
import time
import types
from decimal import Decimal
from pathlib import Path

import pytest
from lintperf_builtin.importers import vocabulary
from lintperf_builtin.plugin import VOCABULARY
from office_files import FUNDS, HEADING, TITLE, Row, word

from lintperf.document import Document
from lintperf.extension import Source, vocabulary_files
from lintperf.hookspecs import hookimpl
from lintperf.pipeline import open_session, read_documents

TABLE: list[Row] = [
    ["一级指标", "二级指标", "三级指标", "愿景刻度", "结果刻度", "分值", "得分", "养护诀窍"],
    ["产出指标", "数量指标", "巡查", "≥9次", "9次", "90", "88", "雨天补巡"],
]
WORDS = """
indicators:
  target: [愿景刻度]
  actual: ['/^结果刻度/']
  others: [养护诀窍]
layouts:
  - name: garden
    title: {zh: 园林表, en: gardens}
    requires: [indicators.target=愿景刻度]
    marks: [indicators.score]
"""


def read(files: list[Path]) -> Document:
    plugin = types.ModuleType("garden")

    @hookimpl
    def lintperf_vocabulary() -> list[Path]:
        return files

    plugin.lintperf_vocabulary = lintperf_vocabulary  # type: ignore[attr-defined]
    session = open_session({"garden": plugin}, use_cache=False)
    documents, notifications = read_documents(session, Source("form.docx", word([TITLE, [*HEADING, *FUNDS], TABLE])))
    assert notifications == []
    (document,) = documents
    return document


def test_file_of_a_plugin_adds_words_and_a_layout(tmp_path: Path) -> None:
    file = tmp_path / "garden.yaml"
    file.write_text(WORDS, encoding="utf-8")
    document = read([file])
    assert document.remarks == []
    (row,) = document.data["indicators"]
    assert (row["target"], row["actual"], row["score"]) == ("≥9次", "9次", Decimal(88))
    assert row["others"] == [{"label": "养护诀窍", "text": "雨天补巡"}]
    assert document.data["layout"]["name"] == "garden"
    # Only while an importer of that session reads.
    assert vocabulary_files.get() == ()
    without = read([])
    assert [remark.arguments["text"] for remark in without.remarks][:2] == ["愿景刻度", "结果刻度"]


def test_word_of_a_later_file_goes_first(tmp_path: Path) -> None:
    file = tmp_path / "garden.yaml"
    file.write_text("indicators: {actual: [分值]}\nfunds: {weight: [满分]}", encoding="utf-8")
    words = vocabulary.load((*vocabulary.BUILTIN, file)).words
    assert words["indicators"].fields("分值") == ("actual", "weight")
    assert words["funds"].fields("满分")[0] == "weight"
    assert vocabulary.load(vocabulary.BUILTIN).words["indicators"].fields("分值") == ("weight",)


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        ("funds: {weigth: [分值]}", "funds.weigth: unknown field, use one of initial, annual"),
        ("fonds: {}", "fonds: unknown section, use one of heading"),
        ("funds: [分值]", "funds: expected fields, each with a list of words"),
        ("funds: {weight: 分值}", "funds.weight: expected a list of words"),
        ("funds: {weight: [[分值]]}", "funds.weight: expected a list of words"),
        ("totals: {a: b}", "totals: expected a list of words"),
        ("titles: ['/(/']", "titles: /(/ is no valid pattern"),
        ("- a", "expected sections"),
        ("a: [", "cannot be read"),
        ("layouts: {}", "layouts: expected a list"),
        ("layouts: [{title: x}]", "layouts[0]: expected a mapping with a name"),
        ("layouts: [{name: x, mark: [a]}]", "layouts[0].mark: unknown key, use one of name, title, requires"),
    ],
)
def test_mistakes_are_named_with_file_and_key(tmp_path: Path, content: str, problem: str) -> None:
    file = tmp_path / "garden.yaml"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(vocabulary.VocabularyError) as caught:
        vocabulary.load((*vocabulary.BUILTIN, file))
    assert str(caught.value).startswith(f"{file}: ")
    assert problem in str(caught.value)


def test_what_yaml_takes_for_a_number_or_a_truth_is_a_word(tmp_path: Path) -> None:
    file = tmp_path / "garden.yaml"
    file.write_text("indicators: {others: [no, 12, 1e3]}", encoding="utf-8")
    words = vocabulary.load((file,)).words["indicators"]
    assert [words.fields(word) for word in ("no", "12", "1e3")] == [("others",)] * 3


def test_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(vocabulary.VocabularyError, match=r"none\.yaml: cannot be read"):
        vocabulary.load((tmp_path / "none.yaml",))


def test_built_in_files_are_those_of_the_plugin() -> None:
    assert tuple(path.stem for path in vocabulary.BUILTIN) == VOCABULARY
    assert open_session(use_cache=False).extensions.vocabulary == vocabulary.BUILTIN


def test_every_layout_names_known_marks() -> None:
    sections = {name: vocabulary.FIELDS[name] for name in ("funds", "indicators", "goals", "heading")}
    plain = {
        "tasks", "management", "medium", "pairs", "total", "stated-weight", "a-b", "weight-first", "level-points",
        "numbered-names", "template-dots", "scores-merged",
    }  # fmt: skip
    for layout in vocabulary.load(vocabulary.BUILTIN).layouts:
        for mark in (*layout.requires, *layout.marks):
            name = mark.lstrip("!").partition("=")[0]
            section, _, field = name.partition(".")
            assert name in plain or name == "kind" or field in sections[section], f"{layout.name}: {mark}"


def test_no_pattern_takes_long_on_repeated_words() -> None:
    """Alternatives that overlap under a repetition take exponential time: seconds for a label of 60 characters."""
    started = time.process_time()
    for words in vocabulary.load(vocabulary.BUILTIN).words.values():
        for pattern, _ in words.patterns:
            for part in set(re.findall(r"[\u4e00-\u9fff]{1,5}", pattern.pattern)):
                pattern.search((part * 60)[:59] + "甲")
    assert time.process_time() - started < 5
