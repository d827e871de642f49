"""Options and exit codes of every command; errors are one line that says what to do."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from office_files import FORM, TITLE, excel, page, word

Lintperf = Callable[..., "tuple[int, str, str]"]


def one_line(err: str) -> str:
    assert err.startswith("lintperf: ") and err.count("\n") == 1 and err.endswith("\n"), err
    assert "Traceback" not in err
    return err


# --- what is wrong with a command ----------------------------------------------------------------------------------

WRONG = [
    ("check", "请给出文件"),
    ("check nope.json", "没有这个文件或文件夹：nope.json"),
    ("check clean.json --format jsn", "是否为 json？"),
    ("check clean.json --select LP999", "没有规则 LP999"),
    ("check clean.json --select execution-rate-miscomputd", "是否为 execution-rate-miscomputed？"),
    ("check clean.json --ignore LP31x", "没有规则 LP31x"),
    ("check clean.json --extend-select nothing-like-it", "没有规则 nothing-like-it"),
    ("check clean.json --severity LP301=eror", "是否为 error？"),
    ("check clean.json --severity LP301", "名称=值"),
    ("check clean.json --severity LP99=error", "没有规则 LP99"),
    ("check clean.json --param over_achievement_rato=1.2", "是否为 over_achievement_ratio？"),
    ("check clean.json --param over_achievement_ratio=viel", "应为 number"),
    ("check clean.json --param over_achievement_ratio", "名称=值"),
    ("check clean.json --ruleset cn-self-evalution", "是否为 cn-self-evaluation？"),
    ("check clean.json --ruleset ./nowhere", "没有规则包 ./nowhere"),
    ("check clean.json --lang fr", "zh、en"),
    ("check clean.json --persona auditer", "是否为 auditor？"),
    ("check clean.json --fail-on errors", "是否为 error？"),
    ("check clean.json --color red", "auto、always、never"),
    ("check clean.json --jobs many", "--jobs / LINTPERF_JOBS 应为整数，得到 many"),
    ("check clean.json --jobs -1", "不能为负数"),
    ("check clean.json --timeout soon", "应为数字"),
    ("check clean.json --timeout -1", "--timeout 应为 0 到"),
    ("check clean.json --timeout nan", "--timeout 应为 0 到"),
    ("check clean.json --timeout inf", "--timeout 应为 0 到"),
    ("check clean.json --config nope.toml", "nope.toml"),
    ("check clean.json --formt json", "没有选项 --formt，是否为 --format？"),
    ("check clean.json --output", "选项 --output 之后应有值"),
    ("check clean.json -", "- 不能与其他路径同用"),
    ("chek clean.json", "没有命令 chek，是否为 check？"),
    ("zzz", "可用：check"),
    ("rule", "缺少参数 CODE"),
    ("rule LP999", "没有规则 LP999"),
    ("rule execution-rate-miscomputd", "是否为 execution-rate-miscomputed？"),
    ("rules --format xml", "text、json、markdown"),
    ("rules --ruleset bse", "是否为 base？"),
    ("schema self-evalution", "是否为 self-evaluation？"),
    ("test nope", "没有规则包 nope"),
    ("convert nope.docx", "没有这个文件：nope.docx"),
    ("convert", "缺少参数 FILE"),
    ("config --config nope.toml", "nope.toml"),
    ("--langg en check clean.json", "没有选项 --langg"),
]


@pytest.mark.parametrize(("line", "says"), WRONG, ids=[line for line, _ in WRONG])
def test_wrong_usage(lintperf: Lintperf, clean: Path, line: str, says: str) -> None:
    code, out, err = lintperf(*line.split())
    assert (code, out) == (2, "")
    assert says in one_line(err)


@pytest.mark.parametrize("line", [line for line, _ in WRONG if not line.startswith(("--", "check clean.json --lang"))])
def test_wrong_usage_in_english(lintperf: Lintperf, clean: Path, monkeypatch: pytest.MonkeyPatch, line: str) -> None:
    monkeypatch.setenv("LANG", "en_GB.UTF-8")
    code, _, err = lintperf(*line.split())
    assert code == 2
    assert not re.search("[\u4e00-\u9fff]", one_line(err))


def test_empty_path_is_not_the_current_folder(lintperf: Lintperf, wrong: Path) -> None:
    """An unset variable in a script must not check, and pass, something else."""
    code, _, err = lintperf("check", "")
    assert code == 2 and '""' in one_line(err)


def test_path_that_is_too_long(lintperf: Lintperf) -> None:
    code, _, err = lintperf("check", "x" * 5000)
    assert code == 2 and len(one_line(err)) < 400


def test_no_command_shows_the_help(lintperf: Lintperf) -> None:
    code, out, err = lintperf()
    assert code == 2
    assert "check" in out + err


@pytest.mark.parametrize("arguments", [["-h"], ["--help"], ["check", "-h"], ["rules", "--help"]])
def test_help(lintperf: Lintperf, arguments: list[str]) -> None:
    code, out, err = lintperf(*arguments)
    assert (code, err) == (0, "")
    assert "Usage: lintperf" in out


def test_every_option_of_check_is_in_its_help_with_a_variable(lintperf: Lintperf) -> None:
    from typer.main import get_command

    from lintperf.cli.app import app

    options = [option for option in get_command(app).commands["check"].params if getattr(option, "envvar", None)]
    _, out, _ = lintperf("check", "-h")
    assert len(options) >= 18
    for option in options:
        name = option.opts[0]
        assert name in out
        assert option.envvar == "LINTPERF_" + name.removeprefix("--").upper().replace("-", "_")


def test_version(lintperf: Lintperf, process: Lintperf) -> None:
    from lintperf.version import __version__

    assert lintperf("--version") == (0, f"lintperf {__version__}\n", "")
    assert process("--version") == (0, f"lintperf {__version__}\n", "")


# --- check ---------------------------------------------------------------------------------------------------------


def test_exit_codes(lintperf: Lintperf, clean: Path, wrong: Path) -> None:
    assert lintperf("check", "clean.json") == (0, "", "")
    code, out, err = lintperf("check", "wrong.json")
    assert (code, err) == (1, "")
    assert re.fullmatch(r"wrong\.json:\d+:\d+: error LP301 \[execution-rate-miscomputed\] .+\n", out)


@pytest.mark.parametrize(
    ("level", "severity", "code"),
    [("error", "error", 1), ("error", "warning", 0), ("warning", "warning", 1), ("warning", "note", 0),
     ("note", "note", 1), ("never", "error", 0)],
)  # fmt: skip
def test_fail_on(lintperf: Lintperf, wrong: Path, level: str, severity: str, code: int) -> None:
    result = lintperf("check", "wrong.json", "--fail-on", level, "--severity", f"LP301={severity}")
    assert result.code == code
    # who fails on notes sees them
    assert ("LP301" in result.out) == (severity != "note" or level == "note")


def test_a_crash_is_exit_3_and_the_others_are_checked(
    lintperf: Lintperf, clean: Path, wrong: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from lintperf import work

    read = work.check_source

    def broken(session, source, *rest):
        if source.path == "clean.json":
            raise ZeroDivisionError("of all things")
        return read(session, source, *rest)

    monkeypatch.setattr(work, "check_source", broken)
    code, out, err = lintperf("check", "clean.json", "wrong.json")
    assert code == 3
    assert "LP301" in out
    assert err.startswith("lintperf: clean.json: ") and "of all things" in err and err.count("\n") == 1


def test_what_nobody_foresaw_is_exit_3(lintperf: Lintperf, clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments, **_options):
        raise ZeroDivisionError("of all things")

    monkeypatch.setattr("lintperf.cli.check.open_session", broken)
    code, _, err = lintperf("check", "clean.json")
    assert code == 3
    assert "of all things" in one_line(err) and "LINTPERF_TRACEBACK" in err
    monkeypatch.setenv("LINTPERF_TRACEBACK", "1")
    with pytest.raises(ZeroDivisionError):
        lintperf("check", "clean.json")


def test_time_limit(lintperf: Lintperf, clean: Path, wrong: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import time

    from lintperf import work

    read = work.check_source

    def slow(session, source, *rest):
        if source.path == "clean.json":
            time.sleep(30)
        return read(session, source, *rest)

    monkeypatch.setattr(work, "check_source", slow)
    code, out, err = lintperf("check", "clean.json", "wrong.json", "--timeout", "0.05")
    assert code == 3 and "LP301" in out and "0.05 秒" in err


def test_select_ignore_and_severity(lintperf: Lintperf, wrong: Path) -> None:
    assert lintperf("check", "wrong.json", "--select", "LP3").code == 1
    assert lintperf("check", "wrong.json", "--select", "LP2").code == 0
    assert lintperf("check", "wrong.json", "--select", "LP2,execution-rate-miscomputed").code == 1
    assert lintperf("check", "wrong.json", "--ignore", "LP301").code == 0
    assert lintperf("check", "wrong.json", "--ignore", "LP2", "--ignore", "LP30").code == 0
    assert lintperf("check", "wrong.json", "--select", "LP2", "--extend-select", "LP301").code == 1
    assert lintperf("check", "wrong.json", "--severity", "LP301=off") == (0, "", "")
    code, out, _ = lintperf("check", "wrong.json", "--severity", "LP301=warning")
    assert code == 0 and ": warning LP301 " in out


def test_parameter_changes_what_is_found(lintperf: Lintperf, wrong: Path) -> None:
    listed = lintperf("rule", "LP301").out
    assert "execution_base" in listed
    assert lintperf("check", "wrong.json", "--param", "execution_base=initial").code in (0, 1)


def test_persona(lintperf: Lintperf, wrong: Path) -> None:
    note = ("--severity", "LP301=note")
    assert "LP301" not in lintperf("check", "wrong.json", *note, "--persona", "author").out
    assert "LP301" in lintperf("check", "wrong.json", *note, "--persona", "reviewer").out
    assert "LP301" in lintperf("check", "wrong.json", *note, "--persona", "auditor").out


@pytest.mark.parametrize("form", ["text", "concise", "json", "sarif", "github"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_format_in_both_languages(lintperf: Lintperf, wrong: Path, form: str, lang: str) -> None:
    code, out, err = lintperf("check", "wrong.json", "--format", form, "--lang", lang)
    assert (code, err) == (1, "")
    assert "LP301" in out
    assert ("执行率写为" in out) == (lang == "zh") or form == "sarif"  # SARIF's rules carry both
    if form in ("json", "sarif"):
        assert json.loads(out)


def test_statistics_explain_quiet(lintperf: Lintperf, wrong: Path) -> None:
    text = ("check", "wrong.json", "--format", "text")
    plain = lintperf(*text).out
    assert re.search(r"^  1  LP301  ", lintperf(*text, "--statistics").out, re.MULTILINE)
    assert "建议" in lintperf(*text, "--explain").out and "建议" not in plain
    assert "1 份文档" in plain and "1 份文档" not in lintperf(*text, "--quiet").out


def test_plain_check_is_the_same_as_with_options(lintperf: Lintperf, clean: Path, wrong: Path) -> None:
    """`check PATHS` runs without the option parser."""
    Path("foreign.json").write_text("{}", encoding="utf-8")
    Path("lintperf.toml").write_text('severity = {LP301 = "warning"}\nfail-on = "warning"\n', encoding="utf-8")
    for paths in (["."], ["wrong.json"], ["clean.json"], ["foreign.json"], ["nope.json"], [""], ["clean.json", "-"]):
        plain, parsed = lintperf("check", *paths), lintperf("check", "--color", "auto", *paths)
        assert plain == parsed
    assert lintperf("check", ".").code == 1


def test_each_file_once_in_order(lintperf: Lintperf, wrong: Path) -> None:
    Path("b").mkdir()
    Path("b/wrong.json").write_bytes(wrong.read_bytes())
    out = lintperf("check", "wrong.json", "./wrong.json", "b/../wrong.json", "b", "b/wrong.json", ".").out
    assert [line.partition(":")[0].removeprefix("./") for line in out.splitlines()] == ["b/wrong.json", "wrong.json"]


def test_folder_is_walked(lintperf: Lintperf, wrong: Path) -> None:
    content = wrong.read_bytes()
    wrong.unlink()
    for name in (".hidden/x.json", "node_modules/x.json", "~$lock.docx", ".x.json", "deep/er/x.json", "x.JSON"):
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(content)
    Path("settings.json").write_text('{"compilerOptions": {}}', encoding="utf-8")
    Path("notes.txt").write_text("x", encoding="utf-8")
    Path("list.json").write_text("[1, 2]", encoding="utf-8")
    code, out, _ = lintperf("check", ".")
    assert code == 1
    assert [line.partition(":")[0] for line in out.splitlines()] == ["deep/er/x.json", "x.JSON"]
    assert "3 个文件不是可检查的文档" in lintperf("check", ".", "--format", "text").out


def test_foreign_files_with_errors_are_passed_over_too(lintperf: Lintperf) -> None:
    """JSON with comments and YAML with anchors fill every project; strict readers refuse both."""
    Path("tsconfig.json").write_text('{\n// comment\n"a": 1,}', encoding="utf-8")
    Path("compose.yml").write_text("x: &x {a: 1}\ny: *x\n", encoding="utf-8")
    Path("empty.json").write_bytes(b"")
    assert lintperf("check", ".") == (0, "", "")
    assert lintperf("check", "--ignore-unknown", "tsconfig.json", "compose.yml", "empty.json") == (0, "", "")
    assert lintperf("check", "tsconfig.json", "compose.yml").out.count("LP001") == 2
    for encoding in ("utf-8", "utf-16", "gb18030"):
        Path("form.json").write_text('{"type": "self-evaluation", "title": "自评表",', encoding=encoding)
        code, out, _ = lintperf("check", ".")
        assert code == 1 and out.startswith("form.json:1:") and out.count("LP001") == 1


def test_foreign_file_by_its_name(lintperf: Lintperf) -> None:
    Path("settings.json").write_text('{"compilerOptions": {}}', encoding="utf-8")
    Path("notes.bmp").write_text("x", encoding="utf-8")
    assert lintperf("check", "settings.json").code == 1
    assert lintperf("check", "settings.json", "--ignore-unknown") == (0, "", "")
    code, out, _ = lintperf("check", "notes.bmp")
    assert (
        code == 1 and "LP001" in out and ".docx" in lintperf("check", "notes.bmp", "--explain", "--format", "text").out
    )


@pytest.mark.parametrize(
    "name",
    ["a b.json", "绿道 养护（2023）.json", "line\nbreak.json", "-dash.json", "--format.json", "quote'\".json",
     "\x1b[31mred.json", "%25,:.json", "\u202egnp.json", "e\u0301.json"],
)  # fmt: skip
def test_names_of_files(lintperf: Lintperf, wrong: Path, name: str) -> None:
    wrong.rename(name)
    for arguments in (["--", name], ["."], [os.path.join(".", name)]):  # noqa: PTH118 - keeps the dot
        code, out, err = lintperf("check", *arguments)
        assert (code, err) == (1, "")
        assert out.count("\n") == 1 and "\x1b" not in out and "\u202e" not in out
    report = json.loads(lintperf("check", ".", "--format", "json").out)
    assert report["documents"][0]["path"] == name
    for form in ("text", "sarif", "github"):
        out = lintperf("check", ".", "--format", form).out
        assert "\x1b" not in out


# --- output --------------------------------------------------------------------------------------------------------


def test_output(lintperf: Lintperf, wrong: Path) -> None:
    Path("report").mkdir()
    code, out, err = lintperf("check", "wrong.json", "--output", "report/found.txt")
    assert (code, out, err) == (1, "", "")
    assert Path("report/found.txt").read_text(encoding="utf-8") == lintperf("check", "wrong.json").out
    assert [path.name for path in Path("report").iterdir()] == ["found.txt"]


def test_output_keeps_permissions_and_links(lintperf: Lintperf, wrong: Path) -> None:
    real = Path("real.txt")
    real.write_text("before", encoding="utf-8")
    real.chmod(0o640)
    Path("link.txt").symlink_to("real.txt")
    assert lintperf("check", "wrong.json", "--output", "link.txt").code == 1
    assert Path("link.txt").is_symlink()
    assert "LP301" in real.read_text(encoding="utf-8")
    assert real.stat().st_mode & 0o777 == 0o640
    new = Path("new.txt")
    mask = os.umask(0o027)
    try:
        lintperf("check", "wrong.json", "--output", "new.txt")
    finally:
        os.umask(mask)
    assert new.stat().st_mode & 0o777 == 0o640


def test_output_to_a_device_leaves_it_one(lintperf: Lintperf, wrong: Path) -> None:
    assert lintperf("check", "wrong.json", "--output", os.devnull) == (1, "", "")
    assert Path(os.devnull).is_char_device()


@pytest.mark.parametrize("target", ["nowhere/found.txt", "wrong.json/found.txt", "folder"])
def test_output_that_cannot_be_written(lintperf: Lintperf, wrong: Path, target: str) -> None:
    Path("folder").mkdir()
    code, out, err = lintperf("check", "wrong.json", "--output", target)
    assert (code, out) == (2, "")
    assert f"无法写入 {target}" in one_line(err)
    assert sorted(path.name for path in Path().iterdir()) == ["folder", "wrong.json"]


def test_output_is_kept_when_the_run_fails(lintperf: Lintperf, wrong: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lintperf.cli import check

    Path("found.txt").write_text("before", encoding="utf-8")

    def broken(*_arguments):
        raise KeyboardInterrupt
        yield

    monkeypatch.setattr(check, "check_all", broken)
    code, out, err = lintperf("check", "wrong.json", "--output", "found.txt")
    assert (code, out) == (130, "")
    assert "已中断" in one_line(err)
    assert sorted(path.name for path in Path().iterdir()) == ["found.txt", "wrong.json"]
    assert Path("found.txt").read_text(encoding="utf-8") == "before"


# --- the other commands --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("suffix", "write"), [("docx", word), ("xlsx", excel), ("html", page)])
def test_convert(lintperf: Lintperf, suffix: str, write: Callable[[list], bytes]) -> None:
    Path(f"form.{suffix}").write_bytes(write([TITLE, FORM]))
    code, out, _ = lintperf("convert", f"form.{suffix}")
    assert code == 0
    assert json.loads(out)["type"] == "self-evaluation"
    assert lintperf("convert", f"form.{suffix}", "-o", "form.json").out == ""
    assert Path("form.json").read_text(encoding="utf-8") == out
    codes = [sorted(re.findall(r"LP\d+", lintperf("check", f"form.{each}").out)) for each in (suffix, "json")]
    assert codes[0] == codes[1]


def test_convert_several_forms(lintperf: Lintperf) -> None:
    Path("forms.docx").write_bytes(word([TITLE, FORM, TITLE, FORM]))
    assert len(json.loads(lintperf("convert", "forms.docx").out)) == 2
    assert lintperf("convert", "forms.docx", "--split", "parts/new").out == ""
    assert sorted(path.name for path in Path("parts/new").iterdir()) == ["1-绿道养护.json", "2-绿道养护.json"]
    assert lintperf("check", "parts").code in (0, 1)


def test_convert_says_what_it_cannot_do(lintperf: Lintperf) -> None:
    Path("bad.docx").write_bytes(b"PK\x03\x04")
    Path("none.html").write_text("<p>没有表格</p>", encoding="utf-8")
    for name, said in (("bad.docx", "LP001"), ("none.html", "LP003")):
        code, out, err = lintperf("convert", name)
        assert (code, out) == (1, "")
        assert said in err
    Path("form.docx").write_bytes(word([TITLE, FORM]))
    code, _, err = lintperf("convert", "form.docx", "-o", "nowhere/x.json")
    assert code == 2 and "无法写入" in err.splitlines()[-1]
    Path("file").write_text("x", encoding="utf-8")
    assert lintperf("convert", "form.docx", "--split", "file").code == 2


def test_rules(lintperf: Lintperf) -> None:
    code, out, _ = lintperf("rules")
    assert code == 0 and out.startswith("LP001  错误")
    listed = json.loads(lintperf("rules", "--format", "json", "--lang", "en").out)
    assert {"code", "name", "title", "severity", "confidence", "dimension", "pack"} <= listed[0].keys()
    rows = [line for line in out.splitlines() if line.startswith("LP")]
    assert len(listed) == len(rows) == len({rule["code"] for rule in listed})
    assert lintperf("rules", "--format", "markdown").out.count("\n| LP") == len(listed)
    base = json.loads(lintperf("rules", "--ruleset", "base", "--format", "json").out)
    assert {rule["pack"] for rule in base} == {"base"}


@pytest.mark.parametrize("name", ["LP301", "lp301", "execution-rate-miscomputed"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_rule(lintperf: Lintperf, name: str, lang: str) -> None:
    code, out, _ = lintperf("rule", name, "--lang", lang)
    assert code == 0
    assert out.startswith("LP301 execution-rate-miscomputed\n")
    assert ("为什么" if lang == "zh" else "Why") in out


@pytest.mark.parametrize("name", ["self-evaluation", "ruleset", "rule", "cases", "choices", "config", "baseline"])
def test_schema(lintperf: Lintperf, name: str) -> None:
    code, out, _ = lintperf("schema", name)
    assert code == 0
    assert json.loads(out)["$schema"].endswith("2020-12/schema")


def test_test_reports_the_case_that_fails(lintperf: Lintperf, tmp_path: Path) -> None:
    """A pack whose case expects what its rule does not find."""
    import shutil

    from lintperf.resources import data_folder

    pack = tmp_path / "base"
    shutil.copytree(data_folder("rulesets") / "base", pack)
    case = next((pack / "rules").glob("LP202-*.test.yaml"))
    case.write_text(re.sub("^pass:", "fail_:", case.read_text(encoding="utf-8"), flags=re.M), encoding="utf-8")
    code, _, err = lintperf("test", "./base")
    assert code == 2 and f"{case.name}:" in err and err.count("\n") == 1


# --- languages -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "english"),
    [({}, False), ({"LANG": "en_US.UTF-8"}, True), ({"LANG": "zh_CN.UTF-8"}, False), ({"LANG": "C"}, False),
     ({"LANG": "zh_CN.UTF-8", "LC_ALL": "en_US.UTF-8"}, True), ({"LC_MESSAGES": "en_GB", "LANG": "zh_CN"}, True),
     ({"LINTPERF_LANG": "en"}, True), ({"LINTPERF_LANG": "zh", "LANG": "en_US"}, False)],
)  # fmt: skip
def test_language(
    lintperf: Lintperf, wrong: Path, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], english: bool
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert ("执行率写为" not in lintperf("check", "wrong.json").out) == english
    assert ("no such file" in lintperf("check", "nope").err) == english


def test_the_cases_of_a_pack_far_away(lintperf: Lintperf, tmp_path: Path) -> None:
    pack = tmp_path / "elsewhere" / "own-pack"
    (pack / "rules").mkdir(parents=True)
    (pack / "ruleset.yaml").write_text(
        "name: own-pack\ntitle: {zh: 本单位, en: Ours}\nversion: '1'\n", encoding="utf-8"
    )
    text = {"zh": "未填单位", "en": "no unit"}
    rule = {
        "code": "XX001", "name": "unit-blank", "title": text, "severity": "note", "confidence": "high",
        "applies_to": ["self-evaluation"], "assert": "present(heading.unit)", "at": "heading.unit", "message": text,
        "remedy": text, "why": text, "source": [{"title": text, "house": True}],
    }  # fmt: skip
    (pack / "rules" / "XX001-unit-blank.yaml").write_text(json.dumps(rule), encoding="utf-8")
    cases = {
        "pass": [{"name": "已填", "document": {"heading": {"unit": "古树保护中心"}}}],
        "fail": [{"name": "未填", "document": {"heading": {}}, "findings": [{"field": "unit"}]}],
    }
    (pack / "rules" / "XX001-unit-blank.test.yaml").write_text(json.dumps(cases), encoding="utf-8")
    code, out, err = lintperf("test", str(pack))
    assert (code, out, err) == (0, "2 个用例，0 个不符\n", "")
