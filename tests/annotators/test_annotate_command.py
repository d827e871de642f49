"""The command: what it writes, what it refuses, what it returns."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest
from marks import WRONG_RATE, changed, docx, findings, parts_of
from marks import check as check_content
from office_files import FORM, FUNDS, HEADING, TITLE, C, excel, page

from lintperf.cli.main import run
from lintperf.extension import Annotated, Annotator
from lintperf.hookspecs import hookimpl
from lintperf.model import Text
from lintperf.plugins import PluginProblem, load_extensions
from lintperf.results import FileResult


class Run(NamedTuple):
    code: int
    out: str
    err: str


Lintperf = Callable[[str], Run]


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith(("LINTPERF_", "LC_")) or name == "LANG"]:
        monkeypatch.delenv(name)
    Path("form.docx").write_bytes(docx(WRONG_RATE))
    Path("form.xlsx").write_bytes(excel(WRONG_RATE))


@pytest.fixture
def lintperf(capsys: pytest.CaptureFixture[str]) -> Lintperf:
    def command(line: str) -> Run:
        code = run(["annotate", *line.split()])
        out, err = capsys.readouterr()
        return Run(code, out, err)

    return command


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_a_copy_with_comments_and_one_line_of_summary(lintperf: Lintperf, suffix: str) -> None:
    before = Path(f"form{suffix}").read_bytes()
    done = lintperf(f"form{suffix} -o out{suffix} --select LP301")
    assert done == (1, f"out{suffix}：1 条批注，在 1 个单元格。\n", "")
    assert Path(f"form{suffix}").read_bytes() == before
    assert {"word/comments.xml", "xl/comments1.xml"} & set(parts_of(Path(f"out{suffix}").read_bytes()))
    english = lintperf(f"form{suffix} -o out{suffix} --select LP301 --lang en --fail-on never")
    assert english == (0, f"out{suffix}: 1 comment on 1 cell.\n", "")
    assert lintperf(f"form{suffix} -o out{suffix} --select LP301 --quiet --severity LP301=warning") == (0, "", "")
    assert sorted(path.name for path in Path().iterdir()) == ["form.docx", "form.xlsx", f"out{suffix}"]


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
def test_corrections_count_and_leave_nothing_to_fail_on(lintperf: Lintperf, suffix: str) -> None:
    done = lintperf(f"form{suffix} -o out{suffix} --select LP301 --fix")
    assert done == (0, f"out{suffix}：1 条批注，在 1 个单元格；改正 1 处，副本中还有 0 条。\n", "")


@pytest.mark.parametrize(("suffix", "write"), [(".docx", docx), (".xlsx", excel)])
def test_what_a_correction_makes_wrong_is_corrected_too(
    lintperf: Lintperf, suffix: str, write: Callable[..., bytes]
) -> None:
    # 9.5 and 98.00 add up, but the score must be 9.8, and then the total 98.30
    Path(f"sum{suffix}").write_bytes(write([TITLE, changed(FORM, (3, 6, "9.5"), (13, 2, "98.00"))]))
    done = lintperf(f"sum{suffix} -o out{suffix} --select LP302,LP204 --fix")
    assert done == (0, f"out{suffix}：2 条批注，在 2 个单元格；改正 2 处，副本中还有 0 条。\n", "")
    (document,) = check_content(Path(f"out{suffix}").read_bytes(), suffix).documents
    assert not {"LP302", "LP204"} & {finding.code for finding in document.findings}


def test_a_total_that_is_right_again_is_left_alone(lintperf: Lintperf) -> None:
    Path("sum.docx").write_bytes(docx([TITLE, changed(FORM, (3, 6, "9.5"))]))
    done = lintperf("sum.docx -o out.docx --select LP302,LP204 --fix")
    assert done.code == 0
    assert "改正 1 处，副本中还有 0 条" in done.out


def test_nothing_found_is_a_plain_copy(lintperf: Lintperf) -> None:
    assert lintperf("form.docx -o out.docx --select LP204") == (0, "out.docx：没有发现问题，副本与原件相同。\n", "")
    assert Path("out.docx").read_bytes() == Path("form.docx").read_bytes()


def test_an_older_copy_is_written_over(lintperf: Lintperf) -> None:
    Path("out.docx").write_bytes(b"old")
    assert lintperf("form.docx -o out.docx").code == 1
    assert Path("out.docx").read_bytes().startswith(b"PK")


def test_the_original_is_never_the_copy(lintperf: Lintperf) -> None:
    before = Path("form.docx").read_bytes()
    Path("link.docx").symlink_to("form.docx")
    os.link("form.docx", "hard.docx")
    Path("sub").mkdir()
    for output in ("form.docx", "./form.docx", "sub/../form.docx", "link.docx", "hard.docx"):
        done = lintperf(f"form.docx -o {output}")
        assert (done.code, done.out) == (2, "")
        assert "就是原件" in done.err
    assert lintperf("link.docx -o form.docx").code == 2
    assert Path("form.docx").read_bytes() == before


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("nope.docx -o out.docx", "没有这个文件：nope.docx"),
        ("form.docx -o out.xlsx", "副本的后缀应与原件相同（.docx）"),
        ("form.docx -o out", "副本的后缀应与原件相同（.docx）"),
        ("form.docx", "缺少参数 --output"),
        ("form.html -o out.html", "不能在 .html 文件中写批注（可以：.docx、.xlsm、.xlsx）；请用"),
        ("form.xls -o out.xls", "请另存为 .xlsx"),
        ("form.doc -o out.doc", "请另存为 .docx"),
        ("form -o out", "不能在没有后缀的文件中写批注"),
        ("form.docx -o nowhere/out.docx", "无法写入 nowhere/out.docx"),
        ("form.docx -o out.docx --select LP999", "没有规则 LP999"),
        ("form.docx -o out.docx --persona boss", "--persona 不能是 boss"),
    ],
)  # fmt: skip
def test_wrong_usage_is_one_line_and_writes_nothing(lintperf: Lintperf, line: str, said: str) -> None:
    Path("form.html").write_bytes(page([TITLE, FORM]))
    before = sorted(Path().iterdir())
    done = lintperf(line)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert done.err.count("\n") == 1
    assert sorted(Path().iterdir()) == before


def test_a_damaged_file_is_a_finding_and_leaves_no_copy(lintperf: Lintperf) -> None:
    Path("cut.docx").write_bytes(Path("form.docx").read_bytes()[:500])
    done = lintperf("cut.docx -o out.docx")
    assert (done.code, done.out) == (1, "")
    assert "cut.docx: error LP001 " in done.err
    assert "没有写出副本" in done.err
    assert not Path("out.docx").exists()


def test_unsafe_fixes_only_when_asked_for(lintperf: Lintperf, monkeypatch: pytest.MonkeyPatch) -> None:
    from lintperf.cli import annotate

    check = annotate._check

    def doubtful(*arguments: Any) -> FileResult:
        result = check(*arguments)
        for finding in findings(result):
            if finding.fix is not None:
                finding.fix = finding.fix._replace(safe=False)
        return result

    monkeypatch.setattr(annotate, "_check", doubtful)
    assert "改正" not in lintperf("form.docx -o out.docx --select LP301 --fix").out
    assert "改正 1 处" in lintperf("form.docx -o out.docx --select LP301 --unsafe-fixes").out


def test_settings_come_from_the_configuration_of_the_file(lintperf: Lintperf) -> None:
    Path("lintperf.toml").write_text('select = ["LP301"]\nlang = "en"\nfail-on = "never"\n', encoding="utf-8")
    assert lintperf("form.docx -o out.docx") == (0, "out.docx: 1 comment on 1 cell.\n", "")
    assert lintperf("form.docx -o out.docx --no-config").code == 1


def test_a_plugin_brings_an_annotator_for_a_suffix_of_its_own() -> None:
    def plugin(suffix: str) -> SimpleNamespace:
        own = Annotator("plain", (suffix,), lambda *_: Annotated(b"", 0, 0), Text("纯文本", "plain"))
        return SimpleNamespace(lintperf_annotators=hookimpl(lambda: [own]))

    assert {".docx", ".xlsx", ".xlsm", ".note"} <= set(load_extensions({"own": plugin(".note")}).annotators)
    with pytest.raises(PluginProblem) as caught:
        load_extensions({"own": plugin(".docx")})
    assert "suffix to annotate .docx is already taken" in caught.value.text.en


def test_forms_of_one_file_are_compared_with_each_other(lintperf: Lintperf) -> None:
    goal = "养护绿道沿线设施，及时修补破损路面，保持环境整洁，方便居民出行锻炼。"
    forms = []
    for project in ("绿道养护", "古树保护"):
        form = [list(row) for row in FORM]
        form[0][1] = C(project, 1, 4)
        form[len(HEADING) + len(FUNDS) + 1][0] = C(goal, 1, 4)
        forms.append(form)
    Path("two.docx").write_bytes(docx([TITLE, forms[0], TITLE, forms[1]]))
    done = lintperf("two.docx -o out.docx --select LP903 --persona reviewer")
    assert done == (0, "out.docx：1 条批注，在 1 个单元格。\n", "")
    assert (
        "与“绿道养护”的绩效目标相似度为 100%" in parts_of(Path("out.docx").read_bytes())["word/comments.xml"].decode()
    )
