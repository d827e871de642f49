"""`check --fix`, `--unsafe-fixes` and `--diff`: what is written, what is said, what is left alone."""

from __future__ import annotations

import io
import json
import os
import random
import shutil
import stat
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from benchmarks.forms import clean_form, form_text
from lintperf.cli.main import run as run_command
from lintperf.config import _nearest, load_config
from tests.rules.mutations_targets import equality_on_strict_sign

sys.path.insert(0, str(Path(__file__).parents[1] / "importers"))
from office_files import FORM, TITLE, excel, word


class Run(NamedTuple):
    code: int
    out: str
    err: str


Lintperf = Callable[..., Run]


@pytest.fixture(autouse=True)
def own_surroundings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("LINTPERF_", "LC_")) or name in ("LANG", "NO_COLOR"):
            monkeypatch.delenv(name)


@pytest.fixture
def lintperf(capfdbinary: pytest.CaptureFixture[bytes]) -> Lintperf:
    def command(*arguments: str) -> Run:
        load_config.cache_clear()
        _nearest.cache_clear()
        code = run_command(["check", *arguments])
        out, err = capfdbinary.readouterr()
        return Run(code, out.decode(), err.decode())

    return command


def form(wrong: str = "", number: int = 1) -> str:
    """A clean form, or one whose total score (`total`) or one target (`strict`) is wrong, or both."""
    data: dict[str, Any] = clean_form(number, 12)
    if "total" in wrong:
        data["total"]["score"] -= Decimal("0.5")
    if "strict" in wrong:
        assert equality_on_strict_sign(data, random.Random(1)) is not None
    return form_text(data)


def right_total(text: str) -> str:
    """The form with the total score of the clean one."""
    right, wrong = (json.loads(each, parse_float=Decimal)["total"]["score"] for each in (form(), text))
    head, tail = text.rsplit(f'"score": {wrong}', 1)
    return f'{head}"score": {right}{tail}'


def test_fixed_and_the_rest_reported(lintperf: Lintperf) -> None:
    Path("forms").mkdir()
    for name, wrong in (("a", "total"), ("b", ""), ("c", "total strict")):
        Path(f"forms/{name}.json").write_text(form(wrong), encoding="utf-8")
    done = lintperf("forms", "--fix", "--select", "LP2,LP402")
    assert done.code == 0
    assert [line.split(":")[0] for line in done.out.splitlines()] == ["forms/c.json"]
    assert "LP402" in done.out
    assert done.err == "已改正 2 处，涉及 2 个文件。\n另有 1 处须复核的改正，用 --unsafe-fixes 执行。\n"
    assert Path("forms/a.json").read_text(encoding="utf-8") == form()
    assert Path("forms/c.json").read_text(encoding="utf-8") == right_total(form("total strict"))
    again = lintperf("forms", "--fix", "--select", "LP2,LP402", "--quiet")
    assert (again.code, again.out, again.err) == (0, done.out, "")
    unsafe = lintperf("forms", "--unsafe-fixes", "--select", "LP2,LP402", "--lang", "en")
    assert unsafe == (0, "", "Fixed 1 value in 1 file.\n")
    assert lintperf("forms", "--unsafe-fixes") == (0, "", "")


def test_what_is_not_mended_decides_the_code(lintperf: Lintperf) -> None:
    data = clean_form(1, 8)
    data["total"]["score"] -= Decimal("0.5")
    data["indicators"][0]["score"] = data["indicators"][0]["weight"] + 1
    Path("a.json").write_text(form_text(data), encoding="utf-8")
    done = lintperf("a.json", "--fix")
    assert done.code == 1 and "LP201" in done.out and "LP204" not in done.out


def test_a_machine_format_and_a_file_hold_what_is_left(lintperf: Lintperf) -> None:
    Path("a.json").write_text(form("total strict"), encoding="utf-8")
    done = lintperf("a.json", "--fix", "--format", "json", "--output", "out.json", "--select", "LP2,LP402")
    assert (done.code, done.out) == (0, "")
    report = json.loads(Path("out.json").read_text(encoding="utf-8"))
    (finding,) = report["documents"][0]["findings"]
    assert (finding["code"], finding["fix"]["safe"]) == ("LP402", False)
    assert finding["fix"]["value"].startswith("≥")


@pytest.mark.parametrize("option", ["--fix", "--diff"])
def test_a_fix_that_is_taken_back_is_told(lintperf: Lintperf, option: str) -> None:
    data = clean_form(1, 8)
    # the total that follows from the rows would not fit the grade, which only an unsafe fix changes
    data["total"]["grade"], data["total"]["score"] = "中", Decimal("70.0")
    text = form_text(data)
    Path("a.json").write_text(text, encoding="utf-8")
    done = lintperf("a.json", option, "--select", "LP204,LP209", "--lang", "en")
    assert "LP204 it would bring a new error: taken back\n" in done.err
    assert done.err.startswith("a.json:")
    assert done.code == (1 if option == "--fix" else 0)
    assert Path("a.json").read_text(encoding="utf-8") == text
    assert lintperf("a.json", "--unsafe-fixes", "--select", "LP204,LP209").code == 0


def test_links_modes_and_folders_stay(lintperf: Lintperf) -> None:
    Path("real.json").write_text(form("total"), encoding="utf-8")
    Path("real.json").chmod(0o640)
    Path("link.json").symlink_to("real.json")
    assert lintperf("link.json", "--fix").code == 0
    assert Path("link.json").is_symlink()
    assert Path("real.json").read_text(encoding="utf-8") == form()
    assert stat.S_IMODE(Path("real.json").stat().st_mode) == 0o640
    assert sorted(path.name for path in Path().iterdir()) == ["link.json", "real.json"]


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="permissions bind no superuser")
def test_a_folder_that_cannot_be_written(lintperf: Lintperf) -> None:
    Path("locked").mkdir()
    Path("locked/a.json").write_text(form("total"), encoding="utf-8")
    Path("locked").chmod(0o500)
    try:
        done = lintperf("locked", "--fix")
    finally:
        Path("locked").chmod(0o700)
    assert done.code == 2 and "locked/a.json" in done.err
    assert Path("locked/a.json").read_text(encoding="utf-8") == form("total")


def test_several_processes_do_the_same(lintperf: Lintperf) -> None:
    Path("forms").mkdir()
    for number in range(1, 9):
        Path(f"forms/{number}.json").write_text(form("total", number), encoding="utf-8")
    done = lintperf("forms", "--fix", "--jobs", "2", "--select", "LP2")
    assert done == (0, "", "已改正 8 处，涉及 8 个文件。\n")
    for number in range(1, 9):
        assert Path(f"forms/{number}.json").read_text(encoding="utf-8") == form(number=number)


def test_foreign_and_excluded_files_are_not_touched(lintperf: Lintperf) -> None:
    Path("lintperf.toml").write_text('exclude = ["old/*"]\n', encoding="utf-8")
    texts = {"package.json": '{"name": "x"}', "tsconfig.json": "{// x\n}", "a.yml": "a: &a 1\nb: *a\n"}
    Path("old").mkdir()
    texts["old/a.json"] = form("total")
    for name, text in texts.items():
        Path(name).write_text(text, encoding="utf-8")
    assert lintperf(".", "--fix") == (0, "", "")
    assert {name: Path(name).read_text(encoding="utf-8") for name in texts} == texts


def test_office_files_are_left_alone_and_a_way_is_shown(lintperf: Lintperf) -> None:
    table = [list(row) for row in FORM]
    table[3][5] = "0.50"
    pages = {"a.docx": word([TITLE, table]), "b.xlsx": excel([TITLE, table])}
    for name, content in pages.items():
        Path(name).write_bytes(content)
    done = lintperf("a.docx", "b.xlsx", "--fix", "--select", "LP301")
    assert done.code == 1
    assert done.err == (
        "2 个办公文件中有 2 处可改正，原件不改动；请用 lintperf annotate a.docx --fix -o 副本 写入副本。\n"
    )
    english = lintperf("a.docx", "--diff", "--select", "LP301", "--lang", "en")
    assert english.code == 0 and english.out == ""
    assert "1 value in 1 office file could be corrected" in english.err and "annotate a.docx --fix" in english.err
    assert {name: Path(name).read_bytes() for name in pages} == pages


class Piped(io.TextIOWrapper):
    """Standard input with given bytes."""


def give(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", Piped(io.BytesIO(content)))


@pytest.mark.parametrize("name", ["utf-8", "gb18030"])
def test_standard_input_comes_out_mended(lintperf: Lintperf, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    text = form("total strict").replace("\n", "\r\n")
    arguments = ["check", "-", "--stdin-filename", "a.json", "--fix", "--select", "LP2,LP402"]
    process = subprocess.run(
        [sys.executable, "-m", "lintperf", *arguments],
        input=text.encode(name), capture_output=True, check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip
    assert process.stdout == right_total(text).encode(name)
    assert "LP402" in process.stderr.decode() and "已改正 1 处" in process.stderr.decode()
    assert not Path("a.json").exists()


@pytest.mark.parametrize(("name", "content"), [("a.json", b"{"), ("a.json", form().encode()), ("a.html", b"<p>x</p>")])
def test_standard_input_without_a_fix_comes_out_as_it_was(
    lintperf: Lintperf, monkeypatch: pytest.MonkeyPatch, name: str, content: bytes
) -> None:
    give(monkeypatch, content)
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="utf-8"))
    code = run_command(["check", "-", "--stdin-filename", name, "--fix"])
    assert written.getvalue() == content
    assert code == (content == b"{")


def test_a_difference_and_nothing_else(lintperf: Lintperf) -> None:
    Path("a.json").write_text(form("total"), encoding="utf-8")
    Path("b.json").write_text(form("strict"), encoding="utf-8")
    done = lintperf("a.json", "b.json", "--diff")
    assert done.code == 1
    changed = [line for line in done.out.splitlines() if line[0] in "+-"]
    assert [line.split()[0] for line in changed] == ["---", "+++", "-", "+"]
    assert done.err == "可改正 1 处，涉及 1 个文件，尚未写入。\n另有 1 处须复核的改正，用 --unsafe-fixes 执行。\n"
    assert Path("a.json").read_text(encoding="utf-8") == form("total")
    assert lintperf("b.json", "--diff", "--quiet") == (0, "", "")
    both = lintperf("a.json", "b.json", "--diff", "--unsafe-fixes", "--lang", "en", "--output", "out.diff")
    assert both[:2] == (1, "") and both.err == "Would fix 2 values in 2 files.\n"
    assert Path("out.diff").read_text(encoding="utf-8").count("\n@@") == 2


def test_no_difference_for_files_that_cannot_be_read(lintperf: Lintperf) -> None:
    Path("a.json").write_text("{", encoding="utf-8")
    assert lintperf("a.json", "--diff") == (0, "", "")
    assert lintperf("nope.json", "--diff").code == 2


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
@pytest.mark.parametrize("tail", ["\n", ""])
def test_a_difference_can_be_applied(lintperf: Lintperf, end: str, mark: str, tail: str) -> None:
    lines = [line for line in form("total").splitlines() if line.strip()]
    # all on few lines, so that the first and the last are part of the difference
    text = mark + lines[0] + end + "".join(lines[1:-1]) + end + lines[-1] + tail.replace("\n", end)
    Path("a.json").write_bytes(text.encode())
    done = lintperf("a.json", "--diff", "--quiet", "--select", "LP2")
    Path("a.diff").write_bytes(done.out.encode())
    applied = subprocess.run(
        ["git", "apply", "-p0", "--whitespace=nowarn", "a.diff"], capture_output=True, text=True, check=False
    )
    assert applied.returncode == 0, applied.stderr
    patched = Path("a.json").read_bytes()
    assert patched != text.encode()
    Path("a.json").write_bytes(text.encode())
    assert lintperf("a.json", "--fix", "--select", "LP2").code == 0
    assert Path("a.json").read_bytes() == patched


def test_what_a_baseline_holds_is_left_as_it_is(lintperf: Lintperf) -> None:
    for number in (1, 2):
        Path(f"{number}.json").write_text(form("total", number), encoding="utf-8")
    assert lintperf(".", "--select", "LP2", "--baseline", "held.json", "--update-baseline").code == 0
    data = json.loads(form("", 2), parse_float=Decimal)
    data["total"]["score"] = Decimal("50.00")
    wrong = form_text(data)
    Path("2.json").write_text(wrong, encoding="utf-8")
    assert lintperf(".", "--select", "LP2", "--baseline", "held.json", "--diff").err.startswith("可改正 1 处")
    done = lintperf(".", "--select", "LP2", "--baseline", "held.json", "--fix")
    assert (done.code, done.out, done.err) == (0, "", "已改正 1 处，涉及 1 个文件。\n")
    assert Path("1.json").read_text(encoding="utf-8") == form("total", 1)
    assert Path("2.json").read_text(encoding="utf-8") == form("", 2)
    # a new baseline is that of the mended files
    done = lintperf(".", "--select", "LP2", "--baseline", "held.json", "--update-baseline", "--fix")
    assert done.code == 0 and "已改正 1 处" in done.err
    assert json.loads(Path("held.json").read_text(encoding="utf-8"))["documents"] == []


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_what_has_not_changed_since_is_left_as_it_is(lintperf: Lintperf) -> None:
    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=x", "-c", "user.email=x@example.org"]
        subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)

    for number in (1, 2):
        Path(f"{number}.json").write_text(form("total", number), encoding="utf-8")
    git("init", "--quiet")
    git("add", ".")
    git("commit", "--quiet", "-m", "forms")
    # another layout is no change
    laid_out = form("total", 1).replace('"total": {', '"total":   {')
    Path("1.json").write_text(laid_out, encoding="utf-8")
    data = json.loads(form("", 2), parse_float=Decimal)
    data["total"]["score"] = Decimal("50.00")
    Path("2.json").write_text(form_text(data), encoding="utf-8")
    done = lintperf(".", "--select", "LP2", "--since", "HEAD", "--fix")
    assert (done.code, done.out, done.err) == (0, "", "已改正 1 处，涉及 1 个文件。\n")
    assert Path("1.json").read_text(encoding="utf-8") == laid_out
    assert Path("2.json").read_text(encoding="utf-8") == form("", 2)
