"""`summary`, `rescore` and `--statistics` as commands: files, formats, exit codes, the progress bar."""

from __future__ import annotations

import csv
import io
import json
import os
import pty
import shutil
import subprocess
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from forms import clean_form, defective_form, form_text
from running import ROOT, Run, command, environment

Command = Callable[..., Run]


def _write(path: Path, form: dict[str, Any], unit: str) -> None:
    form["heading"]["unit"] = unit
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(form_text(form), encoding="utf-8")


@pytest.fixture
def batch(tmp_path: Path) -> Path:
    """A mixed tree: forms of two units, an office file, one that is none of ours, one that cannot be read."""
    folder = tmp_path / "batch"
    _write(folder / "a.json", clean_form(1, 8), "园林绿化中心")
    _write(folder / "b.json", defective_form(2, "LP301", 8)[0], "园林绿化中心")
    _write(folder / "sub" / "c.json", defective_form(3, "LP204", 8)[0], "市文化馆")
    (folder / "foreign.json").write_text('{"name": "x"}')
    (folder / "broken.pdf").write_text("no PDF")
    return folder


def cells(path: str, sheet: str) -> list[list[Any]]:
    return [[cell.value for cell in line] for line in openpyxl.load_workbook(path)[sheet].iter_rows()]


def test_summary_lists_counts_and_means(lintperf: Command, batch: Path) -> None:
    done = lintperf("summary", "batch", "-o", "summary.xlsx")
    assert (done.code, done.out, done.err) == (0, "", "")
    checked = json.loads(lintperf("check", "batch", "--format", "json", "--persona", "reviewer").out)
    summary = checked["summary"]
    book = openpyxl.load_workbook("summary.xlsx")
    assert book.sheetnames == ["汇总", "问题清单", "按规则统计", "按单位统计"]
    listed = cells("summary.xlsx", "汇总")
    assert listed[0][0] == "绩效评价汇总表"
    assert listed[1][0].startswith(
        f"共 4 份，1 份没有问题；错误 {summary['errors']} 条，警告 {summary['warnings']} 条，提示 {summary['notes']} 条"
    )
    header = listed[2]
    assert header == [
        "序号",
        "单位",
        "项目",
        "年度",
        "总分",
        "等级",
        "执行率",
        "错误",
        "警告",
        "提示",
        "主要问题",
        "文件",
    ]
    documents = [dict(zip(header, line, strict=True)) for line in listed[3:7]]
    assert [each["文件"] for each in documents] == [
        "batch/a.json",
        "batch/b.json",
        "batch/broken.pdf",
        "batch/sub/c.json",
    ]
    assert [each["错误"] for each in documents] == [0, 1, 1, 1]
    assert documents[2]["主要问题"].startswith("文件无法读取")
    assert documents[1]["主要问题"].endswith("个百分点") and "执行率写为" in documents[1]["主要问题"]
    form = clean_form(1, 8)
    assert documents[0]["总分"] == float(form["total"]["score"])
    total = next(row for row in form["funds"]["rows"] if row["source"] == "total")
    assert round(documents[0]["执行率"], 4) == round(float(total["executed"] / total["annual"]), 4)
    assert (listed[7][7], listed[8][4]) == ("=SUBTOTAL(109,H4:H7)", "=SUBTOTAL(101,E4:E7)")
    found = cells("summary.xlsx", "问题清单")[2:]
    assert len(found) == summary["errors"] + summary["warnings"] + summary["notes"]
    assert {line[3] for line in found} == {"LP001", "LP301", "LP204"}
    groups = {line[0]: line[1:7] for line in cells("summary.xlsx", "按单位统计")[2:-1]}
    assert groups["园林绿化中心"] == [2, 1, 1, 0, 0, 0.5]
    assert groups["（未写明）"] == [1, 0, 1, 0, 0, 1]


def test_summary_counts_what_only_the_comparison_finds(lintperf: Command, tmp_path: Path) -> None:
    text = form_text(clean_form(5, 8))
    for name in ("a", "b"):
        Path(f"{name}.json").write_text(text.replace('"project": "', f'"project": "{name}'), encoding="utf-8")
    compared = json.loads(lintperf("check", ".", "--format", "json", "--persona", "reviewer").out)["across"]["findings"]
    assert compared
    got = json.loads(lintperf("summary", ".", "-o", "out.txt").out or "{}") or json.loads(
        lintperf("summary", "a.json", "b.json", "-o", "out.json").out or Path("out.json").read_text()
    )
    counts = [each["errors"] + each["warnings"] + each["notes"] for each in got["documents"]]
    own = json.loads(lintperf("check", ".", "--format", "json", "--persona", "reviewer").out)["documents"]
    assert sum(counts) == sum(len(each["findings"]) for each in own) + len(compared)


@pytest.mark.parametrize("suffix", ["xlsx", "csv", "json", "txt"])
def test_the_same_bytes_whatever_the_number_of_processes(lintperf: Command, batch: Path, suffix: str) -> None:
    for name in ("summary", "rescore"):
        for jobs in ("1", "2"):
            lintperf(name, "batch", "--jobs", jobs, "-o", f"{jobs}.{suffix}")
        assert Path(f"1.{suffix}").read_bytes() == Path(f"2.{suffix}").read_bytes()


def test_summary_as_data_and_in_english(lintperf: Command, batch: Path) -> None:
    assert lintperf("summary", "batch", "-o", "s.csv", "--lang", "en").code == 0
    lines = list(csv.DictReader(io.StringIO(Path("s.csv").read_bytes().decode("utf-8-sig"))))
    assert [line["Errors"] for line in lines] == ["0", "1", "1", "1"]
    lintperf("summary", "batch", "-o", "s.json")
    data = json.loads(Path("s.json").read_text(), parse_float=Decimal)
    assert data["documents"][0]["total"] == clean_form(1, 8)["total"]["score"]
    assert {each["code"]: each["findings"] for each in data["by_rule"]} == {"LP001": 1, "LP204": 1, "LP301": 1}
    assert [each["group"] for each in data["by_group"]][-1] in ("园林绿化中心", "市文化馆", "（未写明）")
    shown = lintperf("summary", "batch")
    assert shown.out.splitlines()[-1] == "共 4 份，1 份没有问题；错误 3 条，警告 0 条，提示 0 条"


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["summary"], 2, "请给出文件或文件夹"),
        (["summary", "nowhere"], 2, "没有这个文件或文件夹：nowhere"),
        (["summary", "batch", "-o", "x.xslx"], 2, "是否为 .xlsx？"),
        (["summary", "batch", "-o", "no/x.csv"], 2, "无法写入 no/x.csv"),
        (["summary", "batch", "--fail-on", "error", "-o", "x.csv"], 1, ""),
        (["rescore", "batch/a.json", "--format", "cvs"], 2, "是否为 csv？"),
        (["rescore", "batch/broken.pdf"], 1, "LP001"),
        (["rescore", "batch/b.json", "-o", "x.txt"], 0, ""),
        (["rescore", "batch/a.json", "--param", "nothing=1"], 2, "没有参数 nothing"),
    ],
)
def test_exit_codes_and_messages(lintperf: Command, batch: Path, arguments: list[str], code: int, said: str) -> None:
    done = lintperf(*arguments)
    assert done.code == code
    assert said in done.err and (said or not done.err)
    if code == 2:
        assert not Path("x.xslx").exists()


def test_rescore_on_a_terminal(lintperf: Command) -> None:
    form = {
        "type": "self-evaluation",
        "heading": {"project": "社区图书角", "unit": "市文化馆"},
        "funds": {"rows": [{"source": "total", "label": "年度资金总额", "annual": 860000, "executed": 731000,
                            "weight": 10, "rate": 0.95, "score": 9.0}]},
        "indicators": [
            {"name": "上架图书", "target": "600本", "actual": "540本", "weight": 50, "score": 48.5},
            {"name": "读者评价", "target": "明显改善", "actual": "有所改善", "weight": 40, "score": 36},
        ],
        "total": {"label": "总分", "weight": 100, "score": 93.5, "grade": "优"},
    }  # fmt: skip
    Path("form.json").write_text(json.dumps(form, ensure_ascii=False), encoding="utf-8")
    assert (
        lintperf("rescore", "form.json").out
        == """\
form.json  社区图书角 · 市文化馆
得分复核表

项目或指标                  指标值    完成值    分值  填报  复核  相差  结论
──────────────────────────────────────────────────────────────────────────────
执行率（年度资金总额）      860,000   731,000         0.95  0.85  0.10  不一致
      731,000 ÷ 860,000 = 0.85
执行率得分（年度资金总额）  860,000   731,000     10   9.0   8.5   0.5  不一致
      10 × 731,000 ÷ 860,000 = 8.5
      各种通行算法为 8.5–9.5
上架图书                    600本     540本       50  48.5  45.0   3.5  不一致
      50 × 540 ÷ 600 = 45.0
读者评价                    明显改善  有所改善    40    36              未复核
      定性指标，须对照材料评定
总分                                             100  93.5  89.5   4.0  不一致
      45.0 + 36 + 8.5 = 89.5
等级                                                    优    良        不一致
      89.5 分（优 ≥ 90，良 ≥ 80，中 ≥ 60，差 < 60）
      按填报总分 93.5 为优
"""
    )
    english = lintperf("rescore", "form.json", "--lang", "en").out
    assert "a qualitative target, judged on evidence" in english and "differs" in english


def test_rescore_of_office_files(lintperf: Command) -> None:
    examples = sorted(str(path) for path in (ROOT / "examples").glob("[0-9]*"))
    assert lintperf("rescore", *examples, "-o", "all.xlsx").code == 0
    book = openpyxl.load_workbook("all.xlsx")
    assert len(book.sheetnames) == len(examples)
    for sheet in book:
        assert sheet["A1"].value == "得分复核表"
        assert sheet.max_row > 10
    lintperf("rescore", *examples, "-o", "all.json")
    documents = json.loads(Path("all.json").read_text(), parse_float=Decimal)["documents"]
    assert [each["group"] for each in documents] == ["深圳市社会组织管理局"] * len(examples)
    totals = [next(row for row in document["rows"] if row["kind"] == "total") for document in documents]
    # the last one claims ten points for the execution of a budget that was withdrawn
    assert [row["difference"] for row in totals] == [0, 0, 0, 10]


def test_statistics_by_unit(lintperf: Command, batch: Path) -> None:
    text = lintperf("check", "batch", "--statistics", "--format", "text").out
    assert "  份数  错误  警告  提示  单位\n" in text
    assert "     2     1     0     0  园林绿化中心\n" in text
    data = json.loads(lintperf("check", "batch", "--statistics", "--format", "json").out)["statistics"]
    assert data["by_rule"] == {"LP001": 1, "LP204": 1, "LP301": 1}
    assert [(each["group"], each["documents"], each["errors"]) for each in data["by_group"]] == [
        ("园林绿化中心", 2, 1), ("市文化馆", 1, 1), (None, 1, 1),
    ]  # fmt: skip
    assert "statistics" not in json.loads(lintperf("check", "batch", "--format", "json").out)


def test_a_stranger_with_the_name_of_a_group_breaks_nothing(lintperf: Command, tmp_path: Path) -> None:
    _write(tmp_path / "x.json", clean_form(1, 8), "=cmd()\x1b[31m")
    assert lintperf("summary", "x.json", "-o", "x.csv").code == 0
    assert ",'=cmd()␛[31m," in Path("x.csv").read_text(encoding="utf-8-sig")


@pytest.mark.parametrize("arguments", [["check", "--format", "json", "--output", "o"], ["summary", "-o", "o.csv"]])
def test_a_bar_for_many_files(batch: Path, arguments: list[str]) -> None:
    for number in range(22):
        shutil.copy(batch / "a.json", batch / f"n{number}.json")
    parent, child = pty.openpty()
    with subprocess.Popen(
        command(*arguments, "batch", "--jobs", "2"), stderr=child, stdout=subprocess.DEVNULL, env=environment({})
    ) as process:
        os.close(child)
        shown = b""
        while True:
            try:
                piece = os.read(parent, 4096)
            except OSError:  # the other end is closed
                break
            shown += piece
            if not piece:
                break
    os.close(parent)
    assert process.returncode in (0, 1)
    assert "检查" in shown.decode() and b"100%" in shown


def test_a_check_does_not_load_what_only_tables_need(clean: Path) -> None:
    code = (
        "import sys; from lintperf.cli.main import run; run(['check', sys.argv[1]]);"
        "print([name for name in sys.modules if name.startswith(('xlsxwriter', 'csv', 'lintperf.tables',"
        " 'lintperf.cli.tables', 'lintperf_builtin.tables.rescore', 'lintperf_builtin.tables.scores'))])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(clean)], capture_output=True, text=True, env=environment({}), check=True
    )
    assert done.stdout.splitlines()[-1] == "[]"
