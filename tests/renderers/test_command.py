"""The command `render`: files written, and what it says where it cannot."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from lintperf.cli.main import run

FORM = {
    "type": "self-evaluation",
    "heading": {"project": "社区图书角"},
    "indicators": [{"level1": "产出指标", "level2": "数量指标", "name": "图书册数", "target": "500册", "score": 9.5}],
}

Command = Callable[..., tuple[int, str]]


@pytest.fixture
def lintperf(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("LINTPERF_LANG", raising=False)

    def call(*arguments: str) -> tuple[int, str]:
        code = run([*arguments, "--lang", "en"])
        return code, capsys.readouterr().err

    return call


def save(name: str, data: object) -> None:
    Path(name).write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")


@pytest.mark.parametrize("name", ("out.docx", "out.xlsx", "out.html", "OUT.HTM"))
def test_a_form_is_written_and_read_again(lintperf: Command, name: str) -> None:
    save("form.json", FORM)
    assert lintperf("render", "form.json", "-o", name) == (0, "")
    assert lintperf("convert", name, "-o", "again.json", "--no-origin") == (0, "")
    again = json.loads(Path("again.json").read_text(encoding="utf-8"))
    assert again["heading"]["project"] == "社区图书角"
    assert '"score": 9.5,' in Path("again.json").read_text(encoding="utf-8")


def test_yaml_and_office_files_are_taken_too(lintperf: Command) -> None:
    Path("form.yaml").write_text(json.dumps(FORM), encoding="utf-8")
    assert lintperf("render", "form.yaml", "-o", "form.docx") == (0, "")
    assert lintperf("render", "form.docx", "-o", "copy.html") == (0, "")
    assert "图书册数" in Path("copy.html").read_text(encoding="utf-8")


def test_several_forms_go_to_one_file(lintperf: Command) -> None:
    save("forms.json", [FORM, FORM])
    assert lintperf("render", "forms.json", "-o", "out.html") == (0, "")
    assert Path("out.html").read_text(encoding="utf-8").count("<section>") == 2


def test_what_is_there_already_is_replaced(lintperf: Command) -> None:
    save("form.json", FORM)
    Path("out.html").write_text("old file", encoding="utf-8")
    assert lintperf("render", "form.json", "-o", "out.html") == (0, "")
    assert "old file" not in Path("out.html").read_text(encoding="utf-8")
    assert sorted(path.name for path in Path().iterdir()) == ["form.json", "out.html"]


def test_the_file_itself_is_not_overwritten(lintperf: Command) -> None:
    save("form.json", FORM)
    lintperf("render", "form.json", "-o", "form.html")
    before = Path("form.html").read_bytes()
    code, said = lintperf("render", "form.html", "-o", "./form.html")
    assert (code, said) == (2, "lintperf: ./form.html is the file to read; not overwritten\n")
    assert Path("form.html").read_bytes() == before


@pytest.mark.parametrize(
    ("output", "said"),
    (
        ("out.doc", "cannot write .doc; use one of .docx, .htm, .html, .xlsx; did you mean .docx?"),
        ("out.pdf", "cannot write .pdf; use one of .docx, .htm, .html, .xlsx"),
        ("out", "cannot write a file without a suffix; use one of .docx, .htm, .html, .xlsx"),
    ),
)
def test_other_suffixes_are_refused(lintperf: Command, output: str, said: str) -> None:
    save("form.json", FORM)
    assert lintperf("render", "form.json", "-o", output) == (2, f"lintperf: {said}\n")
    assert not Path(output).exists()


def test_a_document_against_its_schema_is_not_printed(lintperf: Command) -> None:
    save("form.json", {**FORM, "indicators": [{"name": "图书册数", "score": "九分"}]})
    code, said = lintperf("render", "form.json", "-o", "out.html")
    first, last = said.splitlines()
    assert code == 2
    assert first.startswith("form.json 1:")
    assert " error LP002 " in first
    assert last == "lintperf: form.json does not fit its schema and is not printed"
    assert not Path("out.html").exists()


def test_an_unknown_type_is_not_printed(lintperf: Command) -> None:
    save("form.json", {"type": "self-evaluatoin"})
    code, said = lintperf("render", "form.json", "-o", "out.html")
    assert code == 2
    assert "LP002" in said


def test_what_cannot_be_read_is_a_finding(lintperf: Command) -> None:
    Path("form.json").write_text('{"type": ', encoding="utf-8")
    code, said = lintperf("render", "form.json", "-o", "out.html")
    assert code == 1
    assert " error LP001 " in said
    assert not Path("out.html").exists()


def test_a_missing_file_is_wrong_usage(lintperf: Command) -> None:
    assert lintperf("render", "none.json", "-o", "out.html") == (2, "lintperf: no such file: none.json\n")


def test_what_is_left_out_is_said(lintperf: Command) -> None:
    save("form.json", {**FORM, "lintperf": {"ignore": [{"code": "LP203", "reason": "试点"}]}})
    code, said = lintperf("render", "form.json", "-o", "out.html")
    assert code == 0
    assert said == "form.json: 1/lintperf: settings of the check are no part of a form and are not printed\n"
