"""What an editor gets from `lintperf lsp`, spoken to over its pipes as editors do."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from client import ROOT, Editor
from forms import clean_form, form_text

RULES = ROOT / "rulesets" / "base" / "rules"
FORM = """{
  "type": "self-evaluation",
  "heading": {"project": "绿道养护"},
  "funds": {
    "rows": [
      {
        "source": "total", "label": "年度资金总额",
        "annual": 860000.00,
        "executed": 731000.00,
        "rate": 0.95
      }
    ]
  },
  "indicators": [{"name": "苗木成活率", "target": "≥95%"}, {"name": "巡查次数"}]
}
"""
YAML = """# 绿道养护
type: self-evaluation
heading: {project: 绿道养护}
funds:
  rows:
    - source: total   # 合计
      label: 年度资金总额
      annual: 860000.00
      executed: 731000.00
      rate: 0.95
indicators: []
"""


def span(diagnostic: dict[str, Any]) -> tuple[int, int, int, int]:
    start, end = diagnostic["range"]["start"], diagnostic["range"]["end"]
    return start["line"], start["character"], end["line"], end["character"]


def applied(text: str, edit: dict[str, Any], uri: str) -> str:
    """The text with an editor's edits (columns in UTF-16; the texts here have none above the BMP)."""
    lines = text.splitlines(keepends=True)
    starts = [sum(map(len, lines[:number])) for number in range(len(lines) + 1)]
    for change in sorted(edit["changes"][uri], key=lambda each: span(each), reverse=True):
        line, column, end_line, end_column = span(change)
        text = text[: starts[line] + column] + change["newText"] + text[starts[end_line] + end_column :]
    return text


def test_a_finding_as_an_editor_shows_it(editor: Editor, folder: Path) -> None:
    uri = editor.open(folder / "绿道养护.json", FORM)
    (found,) = editor.diagnostics(uri)
    assert span(found) == (9, 16, 9, 20)
    assert (found["code"], found["severity"], found["source"]) == ("LP301", 1, "lintperf")
    assert found["message"] == ("执行率写为 0.95，执行数 731,000.00 ÷ 预算数 860,000.00 应为 0.85，相差 10.00 个百分点")
    assert found["codeDescription"]["href"] == (RULES / "LP301-execution-rate-miscomputed.yaml").as_uri()
    related = [(each["message"], span(each["location"])) for each in found["relatedInformation"]]
    assert related == [
        ("年度资金总额 · 全年预算数：860000.00", (7, 18, 7, 27)),
        ("年度资金总额 · 全年执行数：731000.00", (8, 20, 8, 29)),
    ]
    assert found["data"] == {"pointer": "/funds/rows/0/rate", "document": 0, "row": "年度资金总额", "fix": "safe"}


def test_changes_and_a_text_that_is_broken_meanwhile(editor: Editor, folder: Path) -> None:
    uri = editor.open(folder / "改动.json", FORM)
    assert [each["code"] for each in editor.diagnostics(uri)] == ["LP301"]
    rate = {"start": {"line": 9, "character": 16}, "end": {"line": 9, "character": 20}}
    editor.change(uri, {"range": rate, "text": "0.85"})
    assert editor.diagnostics(uri) == []
    # a comma too many: the syntax error and nothing else
    end = {"line": 9, "character": 20}
    editor.change(uri, {"range": {"start": end, "end": end}, "text": ","})
    (broken,) = editor.diagnostics(uri)
    assert (broken["code"], span(broken)) == ("LP001", (10, 6, 10, 7))
    # keys are still completed and explained
    editor.change(uri, {"range": {"start": end, "end": {"line": 9, "character": 21}}, "text": ', "sc'})
    editor.diagnostics(uri)
    items = editor.ask("textDocument/completion", editor.at(uri, 9, 25))["items"]
    assert next(each for each in items if each["label"] == "score")["textEdit"] == {
        "range": {"start": {"line": 9, "character": 22}, "end": {"line": 9, "character": 25}},
        "newText": '"score": $1',
    }
    assert "**全年执行数** `executed`" in editor.ask("textDocument/hover", editor.at(uri, 8, 10))["contents"]["value"]
    editor.change(uri, {"text": FORM})
    assert [each["code"] for each in editor.diagnostics(uri)] == ["LP301"]
    editor.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    assert editor.diagnostics(uri) == []


@pytest.mark.parametrize("name", ["测算.json", "测算.yaml"])
def test_quick_fixes_lead_to_a_clean_text(editor: Editor, folder: Path, name: str) -> None:
    before = FORM if name.endswith(".json") else YAML
    uri = editor.open(folder / name, before)
    (found,) = editor.diagnostics(uri)
    params = {"textDocument": {"uri": uri}, "range": found["range"], "context": {"diagnostics": [found]}}
    actions = {each["title"]: each for each in editor.ask("textDocument/codeAction", params)}
    fix, ignore = actions["改为 0.85（LP301）"], actions["忽略 LP301（年度资金总额），理由待填"]
    assert fix["isPreferred"] is True
    assert fix["diagnostics"] == [found]
    assert applied(before, fix["edit"], uri) == before.replace("0.95", "0.85")
    everything = actions["改正全部可安全修正的值（1 处）"]
    assert everything["kind"] == "source.fixAll.lintperf"
    assert everything["edit"] == fix["edit"]
    # without a reason the entry suppresses nothing, and the schema asks for one
    suppressed = applied(before, ignore["edit"], uri)
    assert '"reason": ""' in suppressed or 'reason: ""' in suppressed
    editor.change(uri, {"text": suppressed})
    assert sorted(each["code"] for each in editor.diagnostics(uri)) == ["LP002", "LP301"]
    explained = suppressed.replace('""', '"财政已核实"')
    for after in (explained, applied(before, fix["edit"], uri)):
        editor.change(uri, {"text": after})
        assert editor.diagnostics(uri) == []
    # only of the kind that is asked for
    editor.change(uri, {"text": before})
    editor.diagnostics(uri)
    params["context"] = {"diagnostics": [], "only": ["source.fixAll"]}
    assert [each["kind"] for each in editor.ask("textDocument/codeAction", params)] == ["source.fixAll.lintperf"]


def test_the_entry_that_suppresses_is_completed_and_explained(editor: Editor, folder: Path) -> None:
    text = FORM.replace(
        '"indicators"', '"lintperf": {"ignore": [{"code": "LP301", "reason": "x", ""}]},\n  "indicators"'
    )
    uri = editor.open(folder / "忽略.json", text)
    editor.diagnostics(uri)
    line = text.splitlines().index(next(each for each in text.splitlines() if "lintperf" in each))
    column = text.splitlines()[line].index('""') + 1
    items = editor.ask("textDocument/completion", editor.at(uri, line, column))["items"]
    assert [each["label"] for each in items] == ["row", "until", "author"]
    column = text.splitlines()[line].index("LP301") + 2
    items = editor.ask("textDocument/completion", editor.at(uri, line, column))["items"]
    known = {each["label"]: each for each in items}
    assert known["LP301"]["detail"] == "执行率计算错误"
    assert known["LP301"]["filterText"] == '"LP301'
    hover = editor.ask("textDocument/hover", editor.at(uri, line, column))["contents"]["value"]
    assert hover.startswith("### LP301 执行率计算错误\n\n`execution-rate-miscomputed`")
    assert "**如何修改**\n\n按执行数除以全年预算数重新计算执行率。" in hover
    (where,) = editor.ask("textDocument/definition", editor.at(uri, line, column))
    assert where["uri"] == (RULES / "LP301-execution-rate-miscomputed.yaml").as_uri()


def test_hover_related_places_and_outline(editor: Editor, folder: Path) -> None:
    uri = editor.open(folder / "大纲.json", FORM)
    editor.diagnostics(uri)
    hover = editor.ask("textDocument/hover", editor.at(uri, 9, 17))
    assert hover["contents"]["value"].startswith("> 执行率写为 0.95，")
    assert hover["range"]["start"] == {"line": 9, "character": 16}
    places = editor.ask("textDocument/definition", editor.at(uri, 9, 17))
    assert [span(each) for each in places] == [(7, 18, 7, 27), (8, 20, 8, 29)]
    context = {"context": {"includeDeclaration": False}}
    assert editor.ask("textDocument/references", {**editor.at(uri, 9, 17), **context}) == places
    symbols = editor.ask("textDocument/documentSymbol", {"textDocument": {"uri": uri}})
    assert [each["name"] for each in symbols] == ["基本信息", "项目资金", "绩效指标"]
    assert [each["name"] for each in symbols[2]["children"]] == ["苗木成活率", "巡查次数"]
    assert symbols[0]["children"][0]["detail"] == "绿道养护"
    assert editor.ask("textDocument/hover", editor.at(uri, 0, 0)) is None


def test_rows_that_are_being_written(editor: Editor, folder: Path) -> None:
    text = YAML.replace("indicators: []", "indicators:\n  - name: 巡查次数\n    \n")
    uri = editor.open(folder / "新行.yaml", text)
    editor.diagnostics(uri)
    items = editor.ask("textDocument/completion", editor.at(uri, 12, 4))["items"]
    labels = [each["label"] for each in items]
    assert labels[:3] == ["level1", "level2", "operator"]
    assert "name" not in labels
    assert items[2]["detail"] == "指标性质"
    target = next(each for each in items if each["label"] == "target")
    assert target["textEdit"]["newText"] == "target: $0"
    # what has to be there comes first, enumerations give their values
    editor.change(uri, {"text": "type: self-evaluation\n\nfunds:\n  rows:\n    - source: \n"})
    editor.diagnostics(uri)
    top = editor.ask("textDocument/completion", editor.at(uri, 1, 0))["items"]
    assert [each["label"] for each in top][:2] == ["heading", "indicators"]
    assert top[0]["detail"] == "基本信息 · 必填"
    sources = editor.ask("textDocument/completion", editor.at(uri, 4, 14))["items"]
    assert [each["label"] for each in sources] == [
        "total",
        "fiscal",
        "carryover",
        "other",
        "basic",
        "project",
        "detail",
    ]
    # a file without a type can become a document
    editor.change(uri, {"text": "ty"})
    editor.diagnostics(uri)
    (first,) = editor.ask("textDocument/completion", editor.at(uri, 0, 2))["items"]
    assert first["label"] == "type"
    editor.change(uri, {"text": "type: "})
    editor.diagnostics(uri)
    kinds = editor.ask("textDocument/completion", editor.at(uri, 0, 6))["items"]
    assert [each["label"] for each in kinds] == ["self-evaluation", "evaluation-report"]


def test_files_of_others_are_left_alone(editor: Editor, folder: Path) -> None:
    uri = editor.open(folder / "package.json", '{"name": "x", "type": "module",}')
    assert editor.diagnostics(uri) == []
    params = {
        "textDocument": {"uri": uri},
        "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 9}},
    }
    assert editor.ask("textDocument/codeAction", {**params, "context": {"diagnostics": []}}) == []
    # a new text that has no name yet
    uri = editor.open("untitled:Untitled-1", FORM)
    assert "LP301" in [each["code"] for each in editor.diagnostics(uri)]
    # a document stays one while its type is typed anew
    editor.change(uri, {"text": FORM.replace("self-evaluation", "self-evaluatio")})
    (unknown,) = editor.diagnostics(uri)
    assert (unknown["code"], span(unknown)) == ("LP002", (1, 10, 1, 26))


RULE = """code: XX001
name: rate-above-one
title: {zh: 执行率高于 1, en: Rate above one}
severity: warning
confidence: high
applies_to: [self-evaluation]
each: funds.rows
when: present(executed)
assert: executd <= annual
at: executed
message: {zh: "执行数 {executed:money}", en: "spent {executed:money}"}
remedy: {zh: 请核对, en: Look at it}
why: {zh: 超支, en: Overspent}
source: [{title: {zh: 本单位约定, en: Our own}, house: true}]
"""
CASES = """pass:
  - name: 未超支
    document: {funds: {rows: [{source: total, annual: 2, executed: 1}]}}
fail:
  - name: 超支
    document: {funds: {rows: [{source: total, annual: 1, executed: 2}]}}
    findings: [{field: executed, found: 3}]
"""


@pytest.fixture
def pack(folder: Path) -> Path:
    """A pack of the user's own, whose rule misspells a field and whose failing case expects something else."""
    path = folder / "own-pack"
    (path / "rules").mkdir(parents=True, exist_ok=True)
    (path / "ruleset.yaml").write_text(
        "name: own-pack\ntitle: {zh: 本单位, en: Ours}\nversion: '1'\n"
        "parameters: {limit: {type: number, default: 1, title: {zh: 上限, en: Limit}}}\n"
    )
    (path / "rules" / "XX001-rate-above-one.yaml").write_text(RULE)
    (path / "rules" / "XX001-rate-above-one.test.yaml").write_text(CASES)
    return path


def test_a_rule_with_a_misspelt_field(editor: Editor, pack: Path) -> None:
    path = pack / "rules" / "XX001-rate-above-one.yaml"
    uri = editor.open(path, RULE)
    (found,) = editor.diagnostics(uri)
    assert span(found) == (8, 8, 8, 15)
    assert (found["code"], found["message"]) == ("rule-file", "XX001 assert：没有名称 executd，是否为 executed？")
    # mended but not saved: the rule is fine; once saved, its cases are run
    mended = RULE.replace("executd", "executed")
    editor.change(uri, {"text": mended})
    assert editor.diagnostics(uri) == []
    path.write_text(mended)
    editor.save(uri)
    assert editor.diagnostics(uri) == []
    (failing,) = editor.diagnostics(uri)
    assert (failing["code"], span(failing)) == ("failing-case", (0, 6, 0, 11))
    assert failing["message"] == "用例“超支”不符：found 应为 3，得到 2"
    cases = editor.open(path.with_suffix(".test.yaml"), CASES)
    assert editor.diagnostics(cases) == []
    (failing,) = editor.diagnostics(cases)
    assert span(failing) == (4, 10, 4, 12)
    # every place where the schema is broken, not the first alone
    editor.change(uri, {"text": mended.replace("severity: warning", "severity: bad").replace("at: ", "att: ")})
    assert [span(each)[0] for each in editor.diagnostics(uri)] == [3, 9]


def test_help_while_writing_a_rule(editor: Editor, pack: Path) -> None:
    uri = editor.open(pack / "rules" / "XX001-rate-above-one.yaml", RULE)
    editor.diagnostics(uri)
    hover = editor.ask("textDocument/hover", editor.at(uri, 7, 17))["contents"]["value"]
    assert hover == "`executed: number` · 字段\n\n全年执行数"
    assert "有值" in editor.ask("textDocument/hover", editor.at(uri, 7, 8))["contents"]["value"]
    assert "逐行" in editor.ask("textDocument/hover", editor.at(uri, 6, 1))["contents"]["value"]
    items = {each["label"]: each for each in editor.ask("textDocument/completion", editor.at(uri, 8, 11))["items"]}
    assert items["executed"]["textEdit"]["range"]["start"] == {"line": 8, "character": 8}
    assert items["param.limit"]["detail"] == "上限"
    assert items["agrees"]["textEdit"]["newText"] == "agrees($0)"
    for line, column, label in ((6, 8, "indicators"), (9, 5, "annual"), (5, 14, "evaluation-report")):
        items = editor.ask("textDocument/completion", editor.at(uri, line, column))["items"]
        assert label in [each["label"] for each in items]
    (cases,) = editor.ask("textDocument/definition", editor.at(uri, 7, 17))
    assert cases["uri"].endswith("XX001-rate-above-one.test.yaml")


def test_settings_and_configuration_that_change(editor: Editor, folder: Path) -> None:
    uri = editor.open(folder / "设置.json", FORM)
    assert len(editor.diagnostics(uri)) == 1
    editor.settings = {"lang": "en"}
    editor.notify("workspace/didChangeConfiguration", {"settings": None})
    assert editor.diagnostics(uri)[0]["message"].startswith("the rate is 0.95;")
    editor.notify("workspace/didChangeConfiguration", {"settings": {"lintperf": {"lang": None, "persona": "boss"}}})
    assert editor.diagnostics(uri)[0]["message"].startswith("执行率写为")
    assert ("window/showMessage", {
        "type": 2, "message": "lintperf: 设置 lintperf.persona 不能是 boss；可用：author、reviewer、auditor"
    }) in editor.messages  # fmt: skip
    configuration = folder / "lintperf.toml"
    before = configuration.read_text()
    try:
        configuration.write_text('ignore = ["LP30999"]\n')
        changed = {"changes": [{"uri": configuration.as_uri(), "type": 2}]}
        editor.notify("workspace/didChangeWatchedFiles", changed)
        (trouble,) = editor.diagnostics(uri)
        assert (trouble["code"], trouble["message"]) == ("configuration", "没有规则 LP30999")
        configuration.write_text('ignore = ["LP2", "LP3"]\nselect = ["LP301"]\n')
        editor.notify("workspace/didChangeWatchedFiles", changed)
        assert editor.diagnostics(uri) == []
        opened = editor.open(configuration, 'persna = "author"\nignore = ["LP"]\n')
        assert editor.diagnostics(opened) == []
        items = editor.ask("textDocument/completion", editor.at(opened, 1, 13))["items"]
        assert "LP301" in [each["label"] for each in items]
        configuration.write_text('persna = "author"\n')
        editor.save(opened)
        (wrong,) = editor.diagnostics(opened)
        assert (wrong["code"], span(wrong)) == ("configuration", (0, 0, 0, 6))
        assert "persona" in wrong["message"]
    finally:
        configuration.write_text(before)
        editor.notify("workspace/didChangeWatchedFiles", changed)


def test_the_rule_is_shown_by_a_command(editor: Editor, folder: Path) -> None:
    uri = editor.open(folder / "命令.json", FORM)
    editor.diagnostics(uri)
    editor.ask("workspace/executeCommand", {"command": "lintperf.showRule", "arguments": [uri, "LP301"]})
    shown = [params["uri"] for method, params in editor.asked if method == "window/showDocument"]
    assert shown == [(RULES / "LP301-execution-rate-miscomputed.yaml").as_uri()]


def test_a_long_text_and_a_request_that_is_given_up(editor: Editor, folder: Path) -> None:
    text = form_text(clean_form(7, 75))
    uri = editor.open(folder / "长表.json", text)
    number = editor.start("textDocument/hover", editor.at(uri, 300, 10))
    editor.notify("$/cancelRequest", {"id": number})
    answer = editor.answer(number)
    assert "result" in answer or answer["error"]["code"] == -32800
    assert editor.diagnostics(uri) == []


def test_an_error_inside_is_told_and_survived(editor: Editor, folder: Path) -> None:
    uri = editor.open(folder / "差错.json", FORM)
    editor.diagnostics(uri)
    answer = editor.answer(editor.start("workspace/executeCommand", {"command": "lintperf.nothing"}))
    assert "lintperf.nothing" in json.dumps(answer["error"])
    # a notification that is none: nobody waits for an answer, the editor's log is told
    before = len(editor.messages)
    editor.notify("textDocument/didChange", {"textDocument": 7})
    assert editor.ask("textDocument/hover", editor.at(uri, 9, 17)) is not None
    assert {method for method, _ in editor.messages[before:]} == {"window/logMessage"}


RARE = (
    '{"type": "self-evaluation", "heading": {"project": "𠮷🌳养护"}, "funds": {"rows": [{"source": "total", '
    '"annual": 860000.00, "executed": 731000.00, "rate": 0.95}]}, "indicators": []}'
)
BEFORE = RARE[: RARE.index("0.95")]


def columns_and_a_change(editor: Editor, path: Path, column: int) -> str:
    """The message of the finding at a column, after which characters stand that encodings count differently."""
    uri = editor.open(path, RARE)
    found = next(each for each in editor.diagnostics(uri) if each["code"] == "LP301")
    assert span(found) == (0, column, 0, column + 4)
    editor.change(uri, {"range": found["range"], "text": "0.85"})
    assert "LP301" not in [each["code"] for each in editor.diagnostics(uri)]
    return found["message"]


def test_columns_of_rare_characters_in_utf_16(editor: Editor, folder: Path) -> None:
    assert editor.capabilities["positionEncoding"] == "utf-16"
    columns_and_a_change(editor, folder / "𠮷.json", len(BEFORE.encode("utf-16-le")) // 2)


def test_columns_in_utf_8_english_and_an_editor_that_goes_away(tmp_path: Path) -> None:
    editor = Editor(tmp_path, "--lang", "en")
    assert editor.initialize(["utf-8", "utf-16"])["capabilities"]["positionEncoding"] == "utf-8"
    message = columns_and_a_change(editor, tmp_path / "𠮷.json", len(BEFORE.encode()))
    assert message.startswith("the rate is 0.95;")
    assert editor.process.stdin is not None
    editor.process.stdin.close()
    assert editor.process.wait(20) == 1


def test_without_the_library(tmp_path: Path) -> None:
    (tmp_path / "pygls.py").write_text("raise ModuleNotFoundError(\"No module named 'pygls'\", name='pygls')\n")
    done = subprocess.run(
        [sys.executable, "-m", "lintperf", "lsp", "--lang", "zh"],
        env={"PYTHONPATH": f"{tmp_path}:{ROOT}:{ROOT / 'plugins'}", "PATH": ""},
        input=b"", capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.decode() == "lintperf: 语言服务器需要另装程序库（pygls）：pip install 'lintperf[lsp]'\n"
