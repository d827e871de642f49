"""Which settings are in force: files, what they extend, what overrides them, and what is wrong with them."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

Lintperf = Callable[..., "tuple[int, str, str]"]


def write(path: str, text: str) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text, encoding="utf-8")


OFF = 'ignore = ["LP301"]\n'


def test_the_nearest_file_upwards(lintperf: Lintperf, wrong: Path) -> None:
    content = wrong.read_text(encoding="utf-8")
    write("a/b/form.json", content)
    assert lintperf("check", "a").code == 1
    write("lintperf.toml", OFF)
    assert lintperf("check", "a/b/form.json").code == 0


def test_each_file_has_its_own(lintperf: Lintperf, wrong: Path) -> None:
    """Not the working folder decides, but where the file lies."""
    for folder in ("strict", "loose/deep", "plain"):
        write(f"{folder}/form.json", wrong.read_text(encoding="utf-8"))
    write("loose/lintperf.toml", OFF)
    write("strict/lintperf.toml", 'severity = {LP301 = "warning"}\n')
    wrong.unlink()
    code, out, err = lintperf("check", ".")
    assert (code, err) == (1, "")
    assert [line.split()[0].partition(":")[0] for line in out.splitlines()] == ["plain/form.json", "strict/form.json"]
    assert ": warning LP301" in out.splitlines()[1]


def test_pyproject(lintperf: Lintperf, wrong: Path) -> None:
    write("pyproject.toml", f"[tool.lintperf]\n{OFF}")
    assert lintperf("check", "wrong.json").code == 0


def test_pyproject_without_our_table_is_passed_over(lintperf: Lintperf, wrong: Path) -> None:
    write("lintperf.toml", OFF)
    write("sub/pyproject.toml", "[project]\nname = 'x'\n")
    write("sub/form.json", wrong.read_text(encoding="utf-8"))
    assert lintperf("check", "sub/form.json").code == 0


def test_lintperf_toml_before_pyproject(lintperf: Lintperf, wrong: Path) -> None:
    write("pyproject.toml", f"[tool.lintperf]\n{OFF}")
    write("lintperf.toml", "")
    assert lintperf("check", "wrong.json").code == 1


def test_extends(lintperf: Lintperf, wrong: Path) -> None:
    write("shared/base.toml", f'{OFF}fail-on = "warning"\n[severity]\nLP204 = "note"\n')
    write("lintperf.toml", 'extends = "shared/base.toml"\n[severity]\nLP202 = "off"\n')
    assert lintperf("check", "wrong.json").code == 0
    out = lintperf("config").out
    assert '"LP204": "note"' in out and '"LP202": "off"' in out
    assert f'fail-on = "warning"    # {Path("shared/base.toml").resolve()}' in out


def test_files_that_extend_each_other(lintperf: Lintperf, wrong: Path) -> None:
    write("a.toml", 'extends = "lintperf.toml"\n')
    write("lintperf.toml", 'extends = "a.toml"\n')
    code, _, err = lintperf("check", "wrong.json")
    assert code == 2 and "互相继承" in err and err.count("\n") == 1


def test_per_file_ignores(lintperf: Lintperf, wrong: Path) -> None:
    write("old/2020/form.json", wrong.read_text(encoding="utf-8"))
    write("lintperf.toml", '[per-file-ignores]\n"old/*" = ["LP3"]\n')
    code, out, _ = lintperf("check", ".")
    assert code == 1
    assert [line.partition(":")[0] for line in out.splitlines()] == ["wrong.json"]


def test_exclude(lintperf: Lintperf, wrong: Path) -> None:
    write("old/form.json", wrong.read_text(encoding="utf-8"))
    write("lintperf.toml", 'exclude = ["old/*", "wrong.json"]\n')
    assert lintperf("check", ".") == (0, "", "")
    # who names a file wants it checked
    assert lintperf("check", "old/form.json").code == 1


def test_parameters(lintperf: Lintperf, clean: Path) -> None:
    write("lintperf.toml", "[params]\nover_achievement_ratio = 1.35\n")
    assert "1.35" in lintperf("config").out
    assert lintperf("check", "clean.json").code in (0, 1)
    write("sub/lintperf.toml", "[params]\nover_achievement_rato = 1.35\n")
    write("sub/form.json", clean.read_text(encoding="utf-8"))
    code, _, err = lintperf("check", "sub/form.json")
    assert code == 2 and "是否为 over_achievement_ratio？" in err


def test_the_command_line_overrides(lintperf: Lintperf, wrong: Path) -> None:
    write("lintperf.toml", 'fail-on = "never"\nlang = "en"\nformat = "github"\npersona = "author"\nselect = ["LP2"]\n')
    assert lintperf("check", "wrong.json") == (0, "", "")
    code, out, _ = lintperf(
        "check", "wrong.json", "--select", "LP3", "--fail-on", "error", "--format", "concise", "--lang", "zh"
    )
    assert code == 1 and "执行率写为" in out and not out.startswith("::")


def test_config_and_no_config(lintperf: Lintperf, wrong: Path) -> None:
    write("lintperf.toml", OFF)
    write("other.toml", 'severity = {LP301 = "note"}\n')
    assert lintperf("check", "wrong.json", "--no-config").code == 1
    assert lintperf("check", "wrong.json", "--config", "other.toml", "--fail-on", "note").code == 1
    assert "other.toml" in lintperf("config", "--config", "other.toml").out
    assert "lintperf.toml" not in lintperf("config", "--no-config").out


@pytest.mark.parametrize(
    ("variable", "value", "option"),
    [
        ("SELECT", "LP2", ("--select", "LP2")),
        ("SELECT", "LP2,LP3", ("--select", "LP2,LP3")),
        ("IGNORE", "LP301", ("--ignore", "LP301")),
        ("IGNORE", "LP2 LP301", ("--ignore", "LP2", "--ignore", "LP301")),
        ("SEVERITY", "LP301=warning", ("--severity", "LP301=warning")),
        ("FAIL_ON", "never", ("--fail-on", "never")),
        ("FORMAT", "github", ("--format", "github")),
        ("LANG", "en", ("--lang", "en")),
        ("NO_CACHE", "1", ("--no-cache",)),
        ("PERSONA", "auditor", ("--persona", "auditor")),
        ("RULESET", "base", ("--ruleset", "base")),
        ("PARAM", "over_achievement_ratio=1.9", ("--param", "over_achievement_ratio=1.9")),
        ("PARAM", "over_achievement_rato=1.9", ("--param", "over_achievement_rato=1.9")),
        ("FAIL_ON", "sometimes", ("--fail-on", "sometimes")),
    ],
)
def test_environment(
    lintperf: Lintperf, wrong: Path, monkeypatch: pytest.MonkeyPatch, variable: str, value: str, option: tuple[str, ...]
) -> None:
    expected = lintperf("check", "wrong.json", *option)
    monkeypatch.setenv(f"LINTPERF_{variable}", value)
    assert lintperf("check", "wrong.json") == expected


def test_config_shows_variables(lintperf: Lintperf, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINTPERF_PARAM", "over_achievement_ratio=1.9")
    assert "LINTPERF_PARAM" in lintperf("config").out


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("fail-on = 'sometimes'\n", "fail-on"),
        ("selct = ['LP2']\n", "未知的字段；应为：select"),
        ("select = 'LP2'\n", "select"),
        ("jobs = -1\n", "jobs"),
        ("jobs = 1.5\n", "jobs"),
        ("[severity]\nLP301 = 'fatal'\n", "severity.LP301"),
        ("select = [\n", "TOML"),
        ("select = ['LP999']\n", "LP999"),
        ("ignore = ['execution-rate-miscomputd']\n", "是否为 execution-rate-miscomputed？"),
        ("ruleset = ['./nowhere']\n", "nowhere"),
        ("extends = 'nowhere.toml'\n", "nowhere.toml"),
        ("format = 'jsn'\n", "是否为 json？"),
        ("x = 2023-01-01\n", "x"),
        ("select = [2023-01-01, 07:30:00]\n", "2023-01-01"),
        ("jobs = nan\n", "nan"),
        ("[params]\nover_achievement_ratio = inf\n", "inf"),
        ("[params]\nover_achievement_ratio = 2023-01-01\n", "over_achievement_ratio"),
        ("[params]\nover_achievement_ratio = {a = 1}\n", "over_achievement_ratio"),
        ("[params]\nover_achievement_ratio = [[1]]\n", "over_achievement_ratio"),
    ],
)
def test_wrong_configuration(lintperf: Lintperf, wrong: Path, text: str, says: str) -> None:
    write("lintperf.toml", text)
    code, out, err = lintperf("check", "wrong.json")
    assert (code, out) == (2, "")
    assert err.startswith("lintperf: ") and err.count("\n") == 1
    assert says in err
    assert "lintperf.toml" in err


def test_configuration_that_is_no_text(lintperf: Lintperf, wrong: Path) -> None:
    Path("lintperf.toml").write_bytes(b"\xff\xfe\x00")
    code, _, err = lintperf("check", "wrong.json")
    assert code == 2 and "TOML" in err and err.count("\n") == 1


def test_wrong_configuration_of_another_folder(lintperf: Lintperf, wrong: Path) -> None:
    """It is named, whether one process or several come upon it."""
    write("sub/lintperf.toml", "select = ['LP999']\n")
    for number in range(4):
        write(f"sub/{number}.json", wrong.read_text(encoding="utf-8"))
    for jobs in ("1", "2"):
        code, _, err = lintperf("check", "wrong.json", "sub", "--jobs", jobs)
        assert code == 2 and err.count("\n") == 1
        assert str(Path("sub/lintperf.toml")) in err and "LP999" in err


def test_ruleset_that_cannot_be_used_of_another_folder(lintperf: Lintperf, wrong: Path) -> None:
    write("sub/lintperf.toml", "ruleset = ['./pack']\n")
    write("sub/pack/ruleset.yaml", "name: own\nnmae: x\n")
    for number in range(4):
        write(f"sub/{number}.json", wrong.read_text(encoding="utf-8"))
    for jobs in ("1", "2"):
        code, _, err = lintperf("check", "wrong.json", "sub", "--jobs", jobs)
        assert code == 2 and err.count("\n") == 1
        assert "ruleset.yaml:" in err


def test_config_of_a_path(lintperf: Lintperf, wrong: Path) -> None:
    write("sub/lintperf.toml", OFF)
    write("sub/form.json", "{}")
    for path in ("sub", "sub/form.json", "sub/"):
        assert '["LP301"]' in lintperf("config", path).out
    assert '["LP301"]' not in lintperf("config").out
