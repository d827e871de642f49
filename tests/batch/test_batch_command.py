"""`lintperf batch`: what it writes, and that it goes on where it was stopped."""

from __future__ import annotations

import hashlib
import json
import os
import random
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from batch_runs import findings, lines, rows_in, written
from running import ROOT, command, environment

from lintperf.batch.engines import local
from lintperf.batch.rows import COLUMNS
from lintperf.batch.shards import BatchJob, Outcome, Shard, attempt

Run = Callable[..., tuple[int, str, str]]
SLOW = bool(os.environ.get("LINTPERF_SLOW_TESTS"))


@pytest.fixture(autouse=True)
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    """A mebibyte would be all of the forms."""
    monkeypatch.setattr("lintperf.cli.batch.MIB", 12_000)


def test_parts_summary_and_manifest(forms: Path, lintperf: Run) -> None:
    code, out, err = lintperf("batch", forms, "-o", "out", "--shard-size", 1, "--jobs", 1, "--lang", "zh")
    assert (code, out) == (1, "")
    assert err.splitlines()[0].startswith("60 份文档：") and "LP901" in err
    rows = rows_in(Path("out"))
    assert rows == findings(forms)
    summary = json.loads(Path("out/summary.json").read_text(encoding="utf-8"))
    assert summary["documents"] == summary["records"] == 60 and summary["findings"] == len(rows)
    assert sum(summary["by_severity"].values()) == sum(summary["by_code"].values()) == len(rows)
    assert summary["by_type"] == [{"type": "self-evaluation", "documents": 60}]
    assert sum(group["documents"] for group in summary["by_group"]) == 60
    assert sum(group["errors"] for group in summary["by_group"]) == summary["by_severity"]["error"]
    assert summary["rules_not_run"] == ["LP901", "LP902", "LP903"]
    parts = json.loads(Path("out/_SUCCESS").read_text())["parts"]
    assert len(parts) > 10 and sum(part["findings"] for part in parts) == len(rows)
    for part in parts:
        content = Path("out", part["name"]).read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (part["size"], part["sha256"])
        schema = pq.read_schema(Path("out", part["name"]))
        assert schema.names == [column.name for column in COLUMNS]
        assert schema.metadata[b"lintperf.findings"] == b"1"
        kinds = {"text": "string", "integer": "int64"}
        assert [str(field.type) for field in schema] == [kinds[column.kind] for column in COLUMNS]


def test_the_same_bytes_with_any_number_of_processes(forms: Path, lintperf: Run) -> None:
    for how in ("jsonl", "parquet"):
        for jobs in (1, 2):
            lintperf("batch", forms, "-o", f"{how}{jobs}", "--format", how, "--shard-size", 1, "--jobs", jobs)
        assert len(written(Path(f"{how}1"))) > 10
        assert written(Path(f"{how}1")) == written(Path(f"{how}2"))
    assert rows_in(Path("jsonl1")) == rows_in(Path("parquet1"))


def test_exit_codes(forms: Path, lintperf: Run) -> None:
    assert lintperf("batch", forms, "-o", "a", "--fail-on", "never", "--quiet") == (0, "", "")
    forms.write_bytes(b"".join(lines(60)[1:4]))
    assert lintperf("batch", forms, "-o", "b", "--quiet") == (0, "", "")
    for arguments in (
        ("batch", forms), ("batch", "-o", "c"), ("batch", "nothing.jsonl", "-o", "c"),
        ("batch", forms, "-o", "c", "--format", "csv"), ("batch", forms, "-o", "c", "--engine", "ray"),
        ("batch", forms, "-o", "c", "--select", "LP999"), ("batch", forms, "-o", forms),
    ):  # fmt: skip
        code, _, err = lintperf(*arguments)
        assert code == 2 and err.startswith("lintperf: ") and err.count("\n") == 1, arguments
    assert not Path("c").exists()


def test_a_folder_with_something_else_is_left_alone(forms: Path, lintperf: Run) -> None:
    Path("mine").mkdir()
    Path("mine/letter.txt").write_text("dear", encoding="utf-8")
    assert lintperf("batch", forms, "-o", "mine")[0] == 2
    assert [path.name for path in Path("mine").iterdir()] == ["letter.txt"]
    assert lintperf("batch", forms, "-o", "out")[0] == 1
    Path("out/letter.txt").write_text("dear", encoding="utf-8")
    before = written(Path("out"))
    code, _, err = lintperf("batch", forms, "-o", "out", "--persona", "auditor")
    assert code == 2 and "--no-resume" in err and written(Path("out")) == before
    assert lintperf("batch", forms, "-o", "out", "--persona", "auditor", "--no-resume", "--quiet")[0] == 1
    assert Path("out/letter.txt").exists()
    with forms.open("ab") as stream:
        stream.write(lines(60)[0])
    assert lintperf("batch", forms, "-o", "out", "--persona", "auditor")[0] == 2


def test_an_output_inside_of_the_input_is_no_input(forms: Path, lintperf: Run) -> None:
    for _ in range(2):
        assert lintperf("batch", forms.parent, "-o", forms.parent / "out", "--format", "jsonl", "--quiet")[0] == 1
    assert {Path(row["path"]).name for row in rows_in(forms.parent / "out")} == {"forms.jsonl"}


def test_what_is_done_is_not_done_again(forms: Path, lintperf: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("batch", forms, "-o", "out", "--shard-size", 1, "--format", "jsonl", "--quiet", "--jobs", 1)
    lintperf(*arguments)
    before = written(Path("out"))
    # a part that lost its end, one that is gone, and something half-written
    Path("out/findings/part-00001.jsonl").write_bytes(b"")
    Path("out/findings/part-00003.jsonl").unlink()
    Path("out/findings/.writing-part-00004.jsonl").write_bytes(b"{")
    asked = []

    def noted(shard: Shard, job: BatchJob) -> Outcome:
        asked.append(shard.number)
        return attempt(shard, job)

    empty = {number for number in (1, 3) if not before[f"findings/part-{number:05}.jsonl"]}
    monkeypatch.setattr(local, "attempt", noted)
    lintperf(*arguments)
    assert set(asked) == {1, 3} - (empty - {3})
    assert written(Path("out")) == before


def test_stopped_at_any_moment(forms: Path, lintperf: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("batch", forms, "--shard-size", 1, "--format", "parquet", "--quiet", "--jobs", 1, "-o")
    lintperf(*arguments, "whole")
    expected = written(Path("whole"))
    chance = random.Random(7)
    rename = Path.replace
    for attempted in range(10):
        left = chance.randrange(1, 2 * len(expected) - 4)

        def stop(path: Path, target: Path) -> Path:
            nonlocal left
            left -= 1
            if not left:
                raise KeyboardInterrupt
            return rename(path, target)

        with monkeypatch.context() as patched:
            patched.setattr(Path, "replace", stop)
            assert lintperf(*arguments, f"out{attempted}")[0] == 130
        assert not Path(f"out{attempted}/_SUCCESS").exists()
        lintperf(*arguments, f"out{attempted}")
        assert written(Path(f"out{attempted}")) == expected


def test_a_run_goes_on_as_of_the_day_it_began(forms: Path, lintperf: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lintperf.cli.app.today", lambda: "2024-03-31")
    lintperf("batch", forms, "-o", "out", "--quiet")
    before = written(Path("out"))
    Path("out/_SUCCESS").unlink()
    monkeypatch.setattr("lintperf.cli.app.today", lambda: "2024-04-01")
    assert lintperf("batch", forms, "-o", "out", "--quiet")[0] == 1
    assert written(Path("out")) == before
    assert lintperf("batch", forms, "-o", "out", "--quiet")[0] == 2


def test_killed_and_resumed(tmp_path: Path) -> None:
    forms = tmp_path / "many.jsonl"
    forms.write_bytes(b"".join(lines(60)) * (40 if SLOW else 12))
    arguments = command("batch", str(forms), "--shard-size", "1", "--jobs", "2", "--quiet", "--format", "jsonl", "-o")
    settings = environment({"LINTPERF_CACHE_DIR": str(tmp_path / "cache")})
    started = time.monotonic()
    assert subprocess.run([*arguments, "whole"], env=settings, check=False).returncode == 1
    took = time.monotonic() - started
    expected = written(Path("whole"))
    chance = random.Random(11)
    for number in range(10 if SLOW else 1):
        running = subprocess.Popen([*arguments, f"out{number}"], env=settings, start_new_session=True)
        time.sleep(took * chance.uniform(0.3, 0.9))
        os.killpg(running.pid, signal.SIGKILL)
        running.wait()
        assert subprocess.run([*arguments, f"out{number}"], env=settings, check=False).returncode == 1
        assert written(Path(f"out{number}")) == expected


def _killing(flag: Path, times: int) -> Callable[[Shard, BatchJob], Outcome]:
    def work(shard: Shard, job: BatchJob) -> Outcome:
        before = len(list(flag.parent.glob(f"{flag.name}*")))
        if shard.number == 2 and before < times:
            flag.with_name(f"{flag.name}{before}").touch()
            os.kill(os.getpid(), signal.SIGKILL)
        return attempt(shard, job)

    return work


def test_a_process_that_dies(forms: Path, lintperf: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ("batch", forms, "--shard-size", 1, "--format", "jsonl", "--quiet", "--jobs", 2, "--lang", "en", "-o")
    lintperf(*arguments, "whole")
    expected = written(Path("whole"))
    # forked workers inherit what is patched; a function without a name of its own could not be handed over
    work = _killing(Path("once").absolute(), 1)
    monkeypatch.setattr(local, "_asked", work, raising=False)
    monkeypatch.setattr(local, "attempt", _asked)
    assert lintperf(*arguments, "once-out")[0] == 1
    assert written(Path("once-out")) == expected
    monkeypatch.setattr(local, "_asked", _killing(Path("twice").absolute(), 9))
    code, _, err = lintperf(*arguments, "twice-out")
    assert code == 3 and "(shard 2): the process that checked it died twice" in err
    assert not Path("twice-out/_SUCCESS").exists()
    failed = json.loads(Path("twice-out/summary.json").read_text(encoding="utf-8"))["failed_shards"]
    assert [each["shard"] for each in failed] == [2]
    assert {name for name in expected if name.startswith("findings")} - set(written(Path("twice-out"))) == {
        "findings/part-00002.jsonl"
    }
    monkeypatch.undo()
    monkeypatch.setattr("lintperf.cli.batch.MIB", 12_000)
    os.chdir(forms.parent)
    lintperf(*arguments, "twice-out")
    assert written(Path("twice-out")) == expected


def _asked(shard: Shard, job: BatchJob) -> Outcome:
    return local._asked(shard, job)  # type: ignore[attr-defined, no-any-return]


def test_an_input_that_vanishes(forms: Path, lintperf: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def late(shards: Iterator[Shard], job: BatchJob, _processes: int) -> Iterator[Outcome]:
        for shard in list(shards):
            if shard.number == 4:
                forms.rename("elsewhere")
            yield attempt(shard, job)

    monkeypatch.setattr(local, "run_local", late)
    code, _, err = lintperf("batch", forms, "-o", "out", "--shard-size", 1, "--quiet", "--lang", "en")
    assert code == 3 and "(shard 4): it broke down (FileNotFoundError" in err


def test_sarif(forms: Path, lintperf: Run) -> None:
    for jobs in (1, 2):
        assert lintperf(
            "batch", forms, "-o", f"{jobs}.sarif", "--format", "sarif", "--shard-size", 1, "--jobs", jobs, "--quiet"
        ) == (1, "", "")
    assert Path("1.sarif").read_bytes() == Path("2.sarif").read_bytes()
    run = json.loads(Path("1.sarif").read_text(encoding="utf-8"))["runs"][0]
    found = [
        (each["locations"][0]["physicalLocation"]["region"]["startLine"], each["ruleId"]) for each in run["results"]
    ]
    assert found == [(row["record"], row["code"]) for row in findings(forms)]
    assert len(run["artifacts"]) == 1


def test_progress(forms: Path, lintperf: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lintperf.cli.batch.PROGRESS_EVERY", 0.0)
    _, _, err = lintperf("batch", forms, "-o", "out", "--shard-size", 1, "--lang", "en", "--jobs", 1)
    progress = [line for line in err.splitlines() if line.startswith("checking ")]
    assert len(progress) > 10 and progress[-1].startswith("checking 100.0%, 60 documents, ")
    assert progress[-1].endswith(" a second, 0:00 left")


def test_the_columns_are_documented() -> None:
    text = (ROOT / "docs" / "batch-runs.md").read_text(encoding="utf-8")
    listed = [line.split("`")[1] for line in text.splitlines() if line.startswith("| `") and line.count("|") == 4]
    assert listed[: len(COLUMNS)] == [column.name for column in COLUMNS]
