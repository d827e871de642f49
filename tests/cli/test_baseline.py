"""Baselines: what was there is known again wherever it has gone, and only what is new is reported."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from forms import DEFECTS, clean_form, defective_form, form_text
from running import Run

Lintperf = Callable[..., Run]
ALL = ("--persona", "auditor", "--format", "json", "--no-config")


def plain(value: Any) -> Any:
    """Numbers as JSON has them when another program writes the file: fewer decimals, other line breaks."""
    return float(value) if isinstance(value, Decimal) else value


def full_of_defects(seed: int) -> dict[str, Any]:
    """A form with one planted defect and a dozen that careless people add."""
    rng = random.Random(seed)
    form, _ = defective_form(seed, list(DEFECTS)[seed % len(DEFECTS)])
    for row in form["indicators"]:
        if rng.random() < 0.4 and row["weight"]:
            row["score"] = row["weight"] + 1
        if rng.random() < 0.4:
            row["explanation"] = rng.choice(["见附件", "", "因天气原因"])
    return form


def shuffled(form: dict[str, Any], seed: int) -> dict[str, Any]:
    """The rows in another order, each within its first level."""
    rng = random.Random(seed)
    groups: dict[str, list[Any]] = {}
    for row in form["indicators"]:
        groups.setdefault(row["level1"], []).append(row)
    for rows in groups.values():
        rng.shuffle(rows)
    return {**form, "indicators": [row for rows in groups.values() for row in rows]}


def write(path: Path, form: Any, **layout: Any) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(form, default=plain, ensure_ascii=False, **layout) if layout else form_text(form)
    path.write_text(text, encoding="utf-8")


def found(run: Run) -> list[tuple[str, str, str | None]]:
    assert run.code in (0, 1), run.err
    log = json.loads(run.out)
    listed = [(doc["path"], each["code"], each["row"]) for doc in log["documents"] for each in doc["findings"]]
    return listed + [(each["path"], each["code"], each["row"]) for each in log["across"]["findings"]]


def states(run: Run) -> tuple[int, int, int]:
    summary = json.loads(run.out)["summary"]["baseline"]
    return summary["new"], summary["unchanged"], summary["absent"]


def test_a_hundred_findings_accepted_and_one_added(lintperf: Lintperf) -> None:
    """The acceptance of the issue: everything moves, one defect is new, exactly that one is reported."""
    forms = {f"forms/{seed:02}.json": full_of_defects(seed) for seed in range(10)}
    for name, form in forms.items():
        write(Path(name), form)
    before = found(lintperf("check", "forms", *ALL))
    assert len(before) > 100
    accepted = lintperf("check", "forms", *ALL, "--baseline", "accepted.json", "--update-baseline")
    assert (accepted.code, found(accepted)) == (0, [])
    assert accepted.err == f"lintperf: 基线 accepted.json：{len(before)} 条，新收 {len(before)} 条，去掉 0 条\n"
    for number, (name, form) in enumerate(forms.items()):
        Path(name).unlink()
        folder = "forms/2024" if number % 2 else "forms"
        write(Path(folder, f"表{number}.json"), shuffled(form, number), indent=number % 3 or None)
    run = lintperf("check", "forms", *ALL, "--baseline", "accepted.json")
    assert (run.code, found(run), states(run)) == (0, [], (0, len(before), 0))
    form = shuffled(forms["forms/04.json"], 4)
    row = next(row for row in form["indicators"] if row["actual"].endswith("%") and row["score"] == row["weight"])
    row["actual"] = f"≥{row['actual']}"
    write(Path("forms/表4.json"), form)
    run = lintperf("check", "forms", *ALL, "--baseline", "accepted.json")
    assert found(run) == [("forms/表4.json", "LP106", row["name"])]
    assert states(run) == (1, len(before), 0)
    assert run.code == 1
    only = json.loads(run.out)["documents"]
    assert {each["baseline"] for document in only for each in document["findings"]} == {"new"}
    held = [each for document in only for each in document["suppressed"]]
    assert {(each["baseline"], each["suppression"]["kind"]) for each in held} == {("unchanged", "external")}


def test_the_same_bytes_whatever_the_order_and_the_number_of_processes(lintperf: Lintperf) -> None:
    for seed in range(6):
        write(Path("forms", f"{seed}.json"), full_of_defects(seed))
    texts = []
    for jobs in ("1", "2"):
        lintperf("check", "forms", *ALL, "--baseline", f"{jobs}.json", "--update-baseline", "--jobs", jobs)
        texts.append(Path(f"{jobs}.json").read_bytes())
    assert texts[0] == texts[1]
    held = json.loads(texts[0])["documents"]
    assert [document["path"] for document in held] == [f"forms/{seed}.json" for seed in range(6)]
    lines = [line for line in texts[0].decode().splitlines() if line.startswith('  {"code"')]
    assert len(lines) == sum(len(document["findings"]) for document in held)  # a finding a line
    before = Path("1.json").stat().st_mtime_ns
    again = lintperf("check", "forms", *ALL, "--baseline", "1.json", "--update-baseline")
    assert Path("1.json").stat().st_mtime_ns == before  # not written again
    assert "新收 0 条，去掉 0 条" in again.err


def test_a_finding_whose_value_changed_is_new(lintperf: Lintperf, wrong: Path) -> None:
    lintperf("check", wrong.name, "--baseline", "b.json", "--update-baseline")
    form = json.loads(wrong.read_text(encoding="utf-8"))
    row = next(row for row in form["funds"]["rows"] if row["source"] == "total")
    row["rate"] = float(row["rate"]) + 0.02
    write(wrong, form)
    run = lintperf("check", wrong.name, "--baseline", "b.json", "--format", "json", "--select", "LP301")
    assert [code for _, code, _ in found(run)] == ["LP301"]
    assert states(run) == (1, 0, 1)


def test_the_second_of_two_alike_findings_is_new(lintperf: Lintperf, tmp_path: Path) -> None:
    form = clean_form(5, 12)
    first, second = [row for row in form["indicators"] if row["weight"]][:2]
    first["score"] = first["weight"] + 3
    write(tmp_path / "a.json", form)
    lintperf("check", "a.json", "--select", "LP201", "--baseline", "b.json", "--update-baseline")
    second.update(name=first["name"], weight=first["weight"], score=first["score"])
    write(tmp_path / "a.json", form)
    run = lintperf("check", "a.json", "--select", "LP201", "--baseline", "b.json", "--format", "json")
    assert [code for _, code, _ in found(run)] == ["LP201"]
    assert states(run) == (1, 1, 0)


def test_a_finding_about_rows_is_held_while_they_grow_fewer_and_new_when_one_joins(lintperf: Lintperf) -> None:
    form = clean_form(8, 20)
    rows = [row for row in form["indicators"] if row["weight"]]
    for row in rows[2:6]:
        row["explanation"] = "因天气原因"
    select = ("--select", "LP505", "--persona", "auditor", "--format", "json")
    write(Path("a.json"), form)
    lintperf("check", "a.json", *select, "--baseline", "b.json", "--update-baseline")
    rows[2]["explanation"] = "暴雨冲毁步道二百米"
    write(Path("a.json"), form)
    assert found(lintperf("check", "a.json", *select, "--baseline", "b.json")) == []
    rows[8]["explanation"] = "因天气原因"
    write(Path("a.json"), form)
    assert [code for _, code, _ in found(lintperf("check", "a.json", *select, "--baseline", "b.json"))] == ["LP505"]


def test_a_moved_file_takes_its_baseline_along_and_a_copy_does_not(lintperf: Lintperf, wrong: Path) -> None:
    run = ("check", ".", "--format", "json", "--select", "LP301", "--baseline", "b.json")
    lintperf(*run, "--update-baseline")
    copy = Path("deep/er/copy.json")
    copy.parent.mkdir(parents=True)
    copy.write_bytes(wrong.read_bytes())
    assert [path for path, _, _ in found(lintperf(*run))] == ["deep/er/copy.json"]
    wrong.unlink()
    assert found(lintperf(*run)) == []
    lintperf(*run, "--update-baseline")
    assert '"path": "deep/er/copy.json"' in Path("b.json").read_text(encoding="utf-8")


def test_a_form_under_a_new_title_keeps_its_baseline_in_its_file(lintperf: Lintperf, wrong: Path) -> None:
    run = ("check", wrong.name, "--format", "json", "--select", "LP301", "--baseline", "b.json")
    lintperf(*run, "--update-baseline")
    form = json.loads(wrong.read_text(encoding="utf-8"))
    form["heading"]["project"] = "社区图书角"
    write(wrong, form)
    assert found(lintperf(*run)) == []


def test_the_printed_form_is_known_by_the_baseline_of_its_data(lintperf: Lintperf) -> None:
    """The form as JSON, then drawn as a Word file that takes its place."""
    form, _ = defective_form(11, "LP301", 12)
    for row in [row for row in form["indicators"] if row["weight"]][:3]:
        row["score"] = row["weight"] + 2
    write(Path("forms/绿道.json"), form)
    run = ("check", "forms", "--format", "json", "--select", "LP201,LP204,LP301", "--baseline", "b.json")
    lintperf(*run, "--update-baseline")
    assert lintperf("render", "forms/绿道.json", "-o", "forms/绿道.docx").code == 0
    Path("forms/绿道.json").unlink()
    printed = lintperf(*run)
    assert (found(printed), states(printed)) == ([], (0, 5, 0))


def test_a_workbook_or_array_keeps_its_documents_apart(lintperf: Lintperf) -> None:
    forms = [full_of_defects(seed) for seed in range(3)]
    write(Path("all.json"), forms, indent=1)
    lintperf("check", "all.json", *ALL, "--baseline", "b.json", "--update-baseline")
    write(Path("all.json"), [forms[2], forms[0], forms[1]])
    assert found(lintperf("check", "all.json", *ALL, "--baseline", "b.json")) == []
    # each in a file of its own, and the array is gone
    Path("all.json").unlink()
    for number, form in enumerate(forms):
        write(Path(f"{number}.json"), form)
    assert found(lintperf("check", "0.json", "1.json", "2.json", *ALL, "--baseline", "b.json")) == []


def test_files_outside_of_the_run_keep_their_entries_and_files_gone_lose_them(lintperf: Lintperf) -> None:
    for seed in range(3):
        write(Path(f"{seed}.json"), full_of_defects(seed))
    lintperf("check", "0.json", "1.json", "2.json", *ALL, "--baseline", "b.json", "--update-baseline")
    Path("1.json").unlink()
    lintperf("check", "0.json", *ALL, "--baseline", "b.json", "--update-baseline")
    held = json.loads(Path("b.json").read_text(encoding="utf-8"))["documents"]
    assert [document["path"] for document in held] == ["0.json", "2.json"]
    assert found(lintperf("check", "2.json", *ALL, "--baseline", "b.json")) == []


def test_rules_and_personas_that_did_not_look_remove_nothing(lintperf: Lintperf) -> None:
    write(Path("a.json"), full_of_defects(3))
    lintperf("check", "a.json", *ALL, "--baseline", "b.json", "--update-baseline")
    text = Path("b.json").read_text(encoding="utf-8")
    for narrow in (("--select", "LP301"), ("--ignore", "LP2"), ("--persona", "author")):
        run = lintperf("check", "a.json", "--format", "json", *narrow, "--baseline", "b.json", "--update-baseline")
        assert states(run)[2] == 0, narrow
        assert Path("b.json").read_text(encoding="utf-8") == text, narrow


def test_what_vanished_is_told_and_removed(lintperf: Lintperf, wrong: Path) -> None:
    run = ("check", wrong.name, "--select", "LP301", "--baseline", "b.json")
    lintperf(*run, "--update-baseline")
    write(wrong, clean_form(2, 8))
    told = lintperf(*run, "--format", "text").out
    assert "没有新的问题" in told
    assert "基线中原有的 0 条未列出，1 条已消失（--update-baseline 更新基线）。" in told
    assert "1 no longer found" in lintperf(*run, "--format", "text", "--lang", "en").out
    assert "去掉 1 条" in lintperf(*run, "--update-baseline").err
    assert json.loads(Path("b.json").read_text(encoding="utf-8"))["documents"] == []


def test_a_file_that_can_no_longer_be_read_keeps_its_entries(lintperf: Lintperf, wrong: Path) -> None:
    run = ("check", ".", "--select", "LP001,LP301", "--format", "json", "--baseline", "b.json")
    lintperf(*run, "--update-baseline")
    text = Path("b.json").read_text(encoding="utf-8")
    wrong.write_text(wrong.read_text(encoding="utf-8")[:300], encoding="utf-8")
    broken = lintperf(*run, "--update-baseline")
    # that it cannot be read is never accepted
    assert [code for _, code, _ in found(broken)] == ["LP001"]
    assert (broken.code, states(broken)) == (1, (0, 0, 0))
    assert "1 条属强制规则或文件无法读取，不能收入" in broken.err
    assert Path("b.json").read_text(encoding="utf-8") == text


def test_findings_of_mandatory_rules_are_never_held(lintperf: Lintperf, wrong: Path) -> None:
    lintperf("check", wrong.name, "--select", "LP301", "--baseline", "b.json", "--update-baseline")
    folder = Path("city-bureau")
    (folder / "rules").mkdir(parents=True)
    pack = "name: city-bureau\ntitle: {zh: 市局, en: City}\nversion: '1'\nextends: [base]\nmandatory: [LP301]\n"
    (folder / "ruleset.yaml").write_text(pack, encoding="utf-8")
    run = ("check", wrong.name, "--select", "LP301", "--ruleset", "city-bureau", "--format", "json")
    assert [code for _, code, _ in found(lintperf(*run, "--baseline", "b.json"))] == ["LP301"]
    again = lintperf(*run, "--baseline", "c.json", "--update-baseline")
    assert ([code for _, code, _ in found(again)], again.code) == (["LP301"], 1)
    assert json.loads(Path("c.json").read_text(encoding="utf-8"))["documents"] == []


def test_findings_that_compare_documents(lintperf: Lintperf) -> None:
    """Held with the others; not gone when the other document is no part of the run."""
    copied = clean_form(1, 8)
    for name in ("a.json", "b.json"):
        write(Path("forms", name), {**copied, "heading": {**copied["heading"], "project": f"古树保护{name}"}})
    run = ("--select", "LP9", "--persona", "auditor", "--format", "json", "--baseline", "held.json")
    before = found(lintperf("check", "forms", "--select", "LP9", "--persona", "auditor", "--format", "json"))
    assert before
    lintperf("check", "forms", *run, "--update-baseline")
    assert '"others": ["forms/a.json"]' in Path("held.json").read_text(encoding="utf-8")
    assert found(lintperf("check", "forms", *run)) == []
    assert states(lintperf("check", "forms/b.json", *run)) == (0, 0, 0)
    Path("forms/a.json").unlink()
    assert states(lintperf("check", "forms/b.json", *run)) == (0, 0, len(before))


def test_a_configuration_names_the_baseline_beside_it(lintperf: Lintperf, wrong: Path) -> None:
    Path("deep").mkdir()
    wrong = wrong.rename("deep/wrong.json")
    Path("lintperf.toml").write_text('baseline = "held/baseline.json"\n', encoding="utf-8")
    Path("held").mkdir()
    assert lintperf("check", "deep").code == 2
    assert lintperf("check", "deep", "--update-baseline").code == 0
    assert '"path": "../deep/wrong.json"' in Path("held/baseline.json").read_text(encoding="utf-8")
    assert lintperf("check", "deep").code == 0
    assert lintperf("check", "deep", "--baseline", "").code == 1


def test_the_baseline_is_no_document(lintperf: Lintperf, wrong: Path) -> None:
    run = ("check", ".", "--format", "json", "--baseline", "self-evaluation.json")
    lintperf(*run, "--update-baseline")
    summary = json.loads(lintperf(*run).out)["summary"]
    assert (summary["documents"], summary["skipped_files"]) == (1, 0)


GOOD = '{"type": "baseline", "version": 1, "documents": [\n{"path": "a.json", "findings": [\n%s\n]}]}'


@pytest.mark.parametrize(
    ("text", "place", "words"),
    [
        ("", ":1:1", "文件是空的"),
        ('{"type": "baseline",\n<<<<<<< HEAD\n', ":2:1", "双引号"),
        ("[]", "", "应为"),
        (GOOD % '{"code": "LP301", "severity": "error"}', ":3:1", "缺少字段 id"),
        (GOOD % '{"code": "LP301", "severity": "fatal", "id": "0123456789abcdef"}', ":3:31", "error、warning、note"),
        (GOOD % '{"code": "LP301", "severity": "error", "id": "0123456789abcdef", "count": 0}', ":3:75", "数字过小"),
        ("\x00\xff", ":1:1", "基线文件有误"),
        ('{"type": "baseline", "version": 2, "documents": []}', "", "请升级"),
    ],
)
def test_a_damaged_baseline_is_wrong_usage_with_its_place(
    lintperf: Lintperf, wrong: Path, text: str, place: str, words: str
) -> None:
    Path("b.json").write_text(text, encoding="utf-8")
    for more in ([], ["--update-baseline"]):
        run = lintperf("check", wrong.name, "--baseline", "b.json", *more)
        assert (run.code, run.out) == (2, "")
        assert run.err.startswith(f"lintperf: b.json{place}：")
        assert words in run.err
    assert Path("b.json").read_text(encoding="utf-8") == text


def test_errors_of_usage(lintperf: Lintperf, wrong: Path) -> None:
    missing = lintperf("check", wrong.name, "--baseline", "none.json")
    assert (missing.code, missing.out) == (2, "")
    assert "--baseline none.json --update-baseline" in missing.err
    assert lintperf("check", wrong.name, "--update-baseline").code == 2
    assert lintperf("check", wrong.name, "--baseline", ".").code == 2
    nowhere = lintperf("check", wrong.name, "--baseline", "no/where.json", "--update-baseline")
    assert nowhere.code == 2
    assert "where.json" in nowhere.err
