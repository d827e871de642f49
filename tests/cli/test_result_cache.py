"""Results kept from run to run: the same bytes as without, whatever has changed, and never a stale one."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from forms import clean_form, defective_form, form_text
from running import ROOT, Run, command, environment

from lintperf import result_cache, work
from lintperf.surroundings import today

FORMATS = ("text", "concise", "json", "sarif", "github", "gitlab", "junit", "rdjson", "markdown", "html")
DEFECTS = ("LP301", "LP201", "LP106", "LP402", "LP607")


def own_words(number: int) -> dict[str, Any]:
    """Entries of a document against findings: one that holds, one that is over."""
    return {"ignore": [
        {"code": "LP301", "reason": "已核对", "until": "2999-12-31"},
        {"code": "LP106", "reason": "已核对", "until": "2020-01-01"},
    ]} if number == 0 else {}  # fmt: skip


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LINTPERF_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """`forms/`: ten forms, some with defects, two of them alike, and one broken, and a file that is none of ours."""
    folder = tmp_path / "forms"
    folder.mkdir()
    for number in range(10):
        form = clean_form(number, 25 if number == 9 else 8)
        if number < len(DEFECTS):
            form = defective_form(number, DEFECTS[number], 8)[0]
            form["lintperf"] = own_words(number)
        (folder / f"{number}.json").write_text(form_text(form), encoding="utf-8")
    copy = clean_form(9, 25)
    copy["heading"]["project"] = "图书角更新"
    (folder / "copy.json").write_text(form_text(copy), encoding="utf-8")
    (folder / "broken.json").write_text('{"type": "self-evaluation", ', encoding="utf-8")
    (folder / "other.json").write_text('{"name": "none of ours"}', encoding="utf-8")
    return folder


@pytest.fixture(autouse=True)
def settled_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files that were written just now are taken for settled, but for the test of files in the making."""
    monkeypatch.setattr(result_cache, "TICK", 0)


@pytest.fixture
def checked(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that are checked, not taken from the cache, in this process."""
    names: list[str] = []
    check_one = work.check_one

    def told(session: Any, task: work.Task, job: work.Job) -> Any:
        names.append(Path(task.path).name)
        return check_one(session, task, job)

    monkeypatch.setattr(work, "check_one", told)
    return names


Command = Callable[..., Run]


def without(lintperf: Command, *arguments: str) -> Run:
    return lintperf("check", "forms", *arguments, "--no-cache")


@pytest.mark.parametrize(("form", "persona"), [*((form, "auditor") for form in FORMATS), ("concise", "author")])
def test_cold_warm_and_without_are_the_same_bytes(
    folder: Path, lintperf: Command, checked: list[str], form: str, persona: str
) -> None:
    arguments = ("--format", form, "--persona", persona)
    expected = without(lintperf, *arguments)
    assert lintperf("check", "forms", *arguments) == expected
    checked.clear()
    assert lintperf("check", "forms", *arguments) == expected
    assert bool(checked) is (form in ("sarif", "rdjson", "html"))  # they show the files themselves
    assert expected.code == 1


def test_a_warm_run_starts_no_check_with_two_processes_either(
    folder: Path, lintperf: Command, checked: list[str]
) -> None:
    expected = without(lintperf, "--jobs", "2")
    checked.clear()
    assert lintperf("check", "forms", "--jobs", "2") == expected  # in two processes, which fill the cache
    assert lintperf("check", "forms", "--jobs", "2") == expected
    assert lintperf("check", "forms", "--jobs", "1") == expected
    assert checked == []


def test_only_what_has_changed_is_checked(folder: Path, lintperf: Command, checked: list[str]) -> None:
    lintperf("check", "forms", "--persona", "reviewer")
    (folder / "9.json").write_text(form_text(clean_form(77, 8)), encoding="utf-8")  # no longer alike
    (folder / "3.json").unlink()
    (folder / "new.json").write_text(form_text(defective_form(5, "LP202", 8)[0]), encoding="utf-8")
    checked.clear()
    warm = lintperf("check", "forms", "--persona", "reviewer")
    assert checked == ["9.json", "new.json"]
    assert warm == without(lintperf, "--persona", "reviewer")
    checked.clear()
    assert lintperf("check", "forms", "--persona", "reviewer") == warm
    assert checked == []


def test_documents_are_compared_with_those_that_were_kept(folder: Path, lintperf: Command, checked: list[str]) -> None:
    copied = folder / "copy.json"
    text = copied.read_text(encoding="utf-8")
    copied.write_text(form_text(clean_form(50, 8)), encoding="utf-8")
    first = lintperf("check", "forms", "--persona", "auditor", "--format", "json")
    copied.write_text(text, encoding="utf-8")
    checked.clear()
    second = lintperf("check", "forms", "--persona", "auditor", "--format", "json")
    assert checked == ["copy.json"]
    assert second == without(lintperf, "--persona", "auditor", "--format", "json")
    assert {each["code"] for each in json.loads(second.out)["across"]["findings"]} >= {"LP901"}
    assert not json.loads(first.out)["across"]["findings"]


def test_without_what_documents_leave_they_are_checked_again(
    folder: Path, cache: Path, lintperf: Command, checked: list[str]
) -> None:
    lintperf("check", "forms")
    (folder / "9.json").write_text(form_text(clean_form(77, 8)), encoding="utf-8")
    for path in (cache / "results").glob("*.left"):
        path.unlink()
    checked.clear()
    assert lintperf("check", "forms") == without(lintperf)
    assert len(set(checked)) == 13


def test_a_file_with_new_times_and_the_same_bytes_is_the_same(
    folder: Path, lintperf: Command, checked: list[str]
) -> None:
    expected = lintperf("check", "forms")
    for path in folder.iterdir():
        os.utime(path, (1_700_000_000, 1_700_000_000))
    checked.clear()
    assert lintperf("check", "forms") == expected
    assert checked == []


def test_other_bytes_with_the_same_size_and_times_are_found_out(folder: Path, lintperf: Command) -> None:
    lintperf("check", "forms")
    path = folder / "0.json"
    status = path.stat()
    path.write_bytes(path.read_bytes().replace("已核对".encode(), "已看过".encode(), 1))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert path.stat().st_size == status.st_size
    arguments = ("--format", "json", "--persona", "reviewer")
    assert lintperf("check", "forms", *arguments) == without(lintperf, *arguments)


def test_a_file_in_the_making_is_not_known_by_its_times(
    folder: Path, lintperf: Command, checked: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # a clock that ticks once in ten days: whatever is written in them has the same times
    monkeypatch.setattr(result_cache, "TICK", 10 * result_cache.DAY)
    path = folder / "9.json"
    before = clean_form(9, 8)
    path.write_text(form_text(before), encoding="utf-8")
    real = os.stat
    times = real(path)

    def coarse(name: Any, *arguments: Any, **named: Any) -> os.stat_result:
        status = real(name, *arguments, **named)
        if str(name).endswith("9.json"):
            fields = list(status)[:10]
            return os.stat_result(fields, {
                "st_atime_ns": 0, "st_mtime_ns": times.st_mtime_ns, "st_ctime_ns": times.st_ctime_ns,
            })  # fmt: skip
        return status

    monkeypatch.setattr(os, "stat", coarse)
    lintperf("check", "forms")
    wrong = form_text(before).replace(str(before["heading"]["project"]), "甲" * len(before["heading"]["project"]))
    path.write_text(wrong, encoding="utf-8")
    assert path.stat().st_size == times.st_size
    checked.clear()
    assert lintperf("check", "forms", "--format", "json").out.count("甲甲") >= 1
    assert "9.json" in checked


@pytest.mark.parametrize(
    "change",
    [
        ("--select", "LP3"),
        ("--severity", "LP301=warning"),
        ("--param", "full_marks=90"),
        ("--persona", "reviewer"),
        ("--ignore-unknown",),
    ],
)
def test_other_settings_have_their_own_results(folder: Path, lintperf: Command, change: tuple[str, ...]) -> None:
    plain = lintperf("check", "forms", "--format", "json")
    changed = lintperf("check", "forms", "--format", "json", *change)
    assert changed == without(lintperf, "--format", "json", *change)
    assert changed == lintperf("check", "forms", "--format", "json", *change)
    assert plain == lintperf("check", "forms", "--format", "json")


def test_a_changed_configuration_is_followed(
    folder: Path, tmp_path: Path, lintperf: Command, checked: list[str]
) -> None:
    config = tmp_path / "lintperf.toml"
    for text in (
        'ignore = ["LP201"]',
        'exclude = ["forms/1.json"]',
        'persona = "reviewer"\n[per-file-ignores]\n"forms/2.json" = ["LP106"]',
        "",
    ):
        config.write_text(text, encoding="utf-8")
        assert lintperf("check", "forms", "--format", "json") == without(lintperf, "--format", "json")
        checked.clear()
        lintperf("check", "forms", "--format", "json")
        assert checked == []
    below = folder / "lintperf.toml"
    below.write_text('select = ["LP2"]', encoding="utf-8")
    assert lintperf("check", "forms", "--format", "json") == without(lintperf, "--format", "json")


PACK = """
name: ours
title: {{zh: 自订, en: ours}}
version: "1.0.0"
extends: [{parent}]
{more}
"""


def test_a_changed_pack_is_followed(folder: Path, tmp_path: Path, lintperf: Command, checked: list[str]) -> None:
    pack = tmp_path / "ours" / "ruleset.yaml"
    pack.parent.mkdir()
    outputs = set()
    for more in ("", "severities: {LP201: warning}", "severities: {LP201: 'off'}"):
        pack.write_text(PACK.format(parent="cn-self-evaluation", more=more), encoding="utf-8")
        arguments = ("--ruleset", str(pack.parent), "--format", "concise")
        found = lintperf("check", "forms", *arguments)
        if found.code == 2:
            pytest.fail(found.err)
        assert found == without(lintperf, *arguments)
        outputs.add(found.out)
        checked.clear()
        assert lintperf("check", "forms", *arguments) == found
        assert checked == []
    assert len(outputs) == 3


def test_a_pack_with_dates_is_followed_from_day_to_day(
    folder: Path, tmp_path: Path, lintperf: Command, monkeypatch: pytest.MonkeyPatch, checked: list[str]
) -> None:
    pack = tmp_path / "ours" / "ruleset.yaml"
    pack.parent.mkdir()
    more = "in_force: {until: '2030-06-30'}\nseverities: {LP106: note}"
    pack.write_text(PACK.format(parent="cn-self-evaluation", more=more), encoding="utf-8")
    for day in ("2030-06-30", "2030-07-01"):
        monkeypatch.setattr("lintperf.cli.app.today", lambda day=day: day)
        arguments = ("--ruleset", str(pack.parent), "--format", "json")
        found = lintperf("check", "forms", *arguments)
        assert found.code in (0, 1)
        assert found == without(lintperf, *arguments)


def test_entries_of_documents_end_while_results_are_kept(
    folder: Path, lintperf: Command, monkeypatch: pytest.MonkeyPatch, checked: list[str]
) -> None:
    def on(day: str) -> Run:
        monkeypatch.setattr("lintperf.cli.app.today", lambda: day)
        checked.clear()
        found = lintperf("check", "forms", "--format", "json")
        names = list(checked)
        assert found == without(lintperf, "--format", "json")
        checked[:] = names
        return found

    first = on(today())
    assert on("2998-01-01") == first
    assert checked == []  # nothing has ended in between
    assert on("3000-01-01") != first
    assert checked == ["0.json"]


def test_a_changed_plugin_is_followed(folder: Path, tmp_path: Path, cache: Path) -> None:
    site = tmp_path / "site"
    (site / "lintperf_words-1.0.dist-info").mkdir(parents=True)
    (site / "lintperf_words-1.0.dist-info" / "METADATA").write_text("Name: lintperf-words\nVersion: 1.0\n")
    (site / "lintperf_words-1.0.dist-info" / "entry_points.txt").write_text("[lintperf]\nwords = lintperf_words\n")
    source = """
from lintperf.extension import Reporter
from lintperf.hookspecs import hookimpl
from lintperf.model import Text
@hookimpl
def lintperf_reporters():
    return []
"""
    module = site / "lintperf_words.py"
    module.write_text(source)
    path = os.pathsep.join([str(ROOT), str(ROOT / "plugins"), str(site)])

    def keys() -> set[str]:
        subprocess.run(
            command("check", "forms"),
            env={**environment({}), "PYTHONPATH": path, "LINTPERF_CACHE_DIR": str(cache)},
            check=False, capture_output=True,
        )  # fmt: skip
        return {
            json.loads(file.read_text(encoding="utf-8").split("\n")[1])["key"]
            for file in (cache / "results").glob("*.results")
        }

    first = keys()
    assert len(first) == 1
    assert keys() == first
    module.write_text(source.replace("return []", "return ()  # changed"))
    assert keys() != first


def test_fixes_look_at_the_files_themselves(folder: Path, lintperf: Command, checked: list[str]) -> None:
    lintperf("check", "forms")
    kept = lintperf("check", "forms", "--diff")
    assert kept == lintperf("check", "forms", "--diff", "--no-cache")
    lintperf("check", "forms", "--fix")
    assert lintperf("check", "forms") == without(lintperf)


def test_with_a_baseline(folder: Path, lintperf: Command, checked: list[str]) -> None:
    lintperf("check", "forms")
    checked.clear()
    written = lintperf("check", "forms", "--baseline", "base.json", "--update-baseline")
    assert checked == []
    content = Path("base.json").read_bytes()
    Path("base.json").unlink()
    assert lintperf("check", "forms", "--baseline", "base.json", "--update-baseline", "--no-cache") == written
    assert Path("base.json").read_bytes() == content
    (folder / "new.json").write_text(form_text(defective_form(5, "LP202", 8)[0]), encoding="utf-8")
    arguments = ("--baseline", "base.json", "--format", "json")
    assert lintperf("check", "forms", *arguments) == without(lintperf, *arguments)


def test_with_the_working_folder_paths_change(folder: Path, lintperf: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    lintperf("check", "forms")
    monkeypatch.chdir(folder)
    assert lintperf("check", ".") == lintperf("check", ".", "--no-cache")
    assert lintperf("check", str(folder)) == lintperf("check", str(folder), "--no-cache")


@pytest.mark.parametrize(
    "damage",
    [
        lambda content: b"",
        lambda content: content[: len(content) // 2],
        lambda content: content[:100] + b"?" + content[101:],
        lambda content: b"\x00" * 100,
        lambda content: b"00000000\n[]",
    ],
)
def test_a_damaged_cache_is_made_again(
    folder: Path, cache: Path, lintperf: Command, checked: list[str], damage: Callable[[bytes], bytes]
) -> None:
    expected = lintperf("check", "forms")
    whole = {path: path.read_bytes() for path in (cache / "results").iterdir()}
    assert len(whole) == 2
    for path, content in whole.items():
        path.write_bytes(damage(content))
    assert lintperf("check", "forms") == expected
    assert {path: path.read_bytes() for path in (cache / "results").iterdir()} == whole
    checked.clear()
    assert lintperf("check", "forms") == expected
    assert checked == []


def test_lines_that_make_no_sense_are_checked_again(
    folder: Path, cache: Path, lintperf: Command, checked: list[str]
) -> None:
    expected = lintperf("check", "forms")
    from zlib import crc32

    for path in (cache / "results").glob("*.results"):
        _, _, content = path.read_bytes().partition(b"\n")
        content = content.replace(b'"d":"', b'"e":"').replace(b'LP301",', b'LP301",7,')
        path.write_bytes(b"%08x\n" % crc32(content) + content)
    checked.clear()
    assert lintperf("check", "forms") == expected
    assert 0 < len(checked) < 13


def test_a_folder_that_cannot_be_written_to_is_no_error(
    folder: Path, cache: Path, lintperf: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = without(lintperf)

    def full(_path: Path, _content: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_bytes", full)
        assert lintperf("check", "forms") == expected
    assert not list((cache / "results").iterdir())
    (cache / "results").rmdir()
    (cache / "results").write_text("in the way")
    assert lintperf("check", "forms") == expected


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="permissions of POSIX")
def test_a_folder_that_everybody_can_write_to_is_not_used(
    folder: Path, cache: Path, lintperf: Command, checked: list[str]
) -> None:
    lintperf("check", "forms")
    (cache / "results").chmod(0o777)
    checked.clear()
    lintperf("check", "forms")
    assert len(checked) == 13


def test_runs_at_the_same_time_do_not_harm_each_other(folder: Path, cache: Path, lintperf: Command) -> None:
    expected = {name: without(lintperf, *arguments) for name, arguments in {"a": (), "b": ("--jobs", "2")}.items()}
    outputs: dict[str, list[str]] = {"a": [], "b": []}
    settings = environment({"LINTPERF_CACHE_DIR": str(cache)})

    def check(name: str) -> None:
        for _ in range(2):
            more = ["--jobs", "2"] if name == "b" else []
            done = subprocess.run(command("check", "forms", *more), capture_output=True, env=settings, check=False)
            outputs[name].append(done.stdout.decode())

    threads = [threading.Thread(target=check, args=(name,)) for name in outputs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {name: set(found) for name, found in outputs.items()} == {name: {run.out} for name, run in expected.items()}
    assert not list((cache / "results").glob("*.tmp"))


def test_runs_over_parts_of_a_folder_keep_each_others_results(
    folder: Path, lintperf: Command, checked: list[str]
) -> None:
    paths = sorted(str(path.relative_to(Path.cwd())) for path in folder.iterdir())
    for number in range(20):
        (folder / f"more-{number:02}.json").write_text(form_text(clean_form(100 + number, 8)), encoding="utf-8")
    more = [f"forms/more-{number:02}.json" for number in range(20)]
    lintperf("check", *paths)
    lintperf("check", *more)
    checked.clear()
    lintperf("check", *paths, *more)
    # what all of them leave is kept as well, so that they can be compared
    assert checked == []


def test_few_files_and_standard_input_keep_nothing(folder: Path, cache: Path, lintperf: Command) -> None:
    lintperf("check", "forms/0.json", "forms/1.json")
    assert not (cache / "results").exists()


def test_no_cache_neither_reads_nor_writes(folder: Path, cache: Path, lintperf: Command, checked: list[str]) -> None:
    without(lintperf)
    assert not cache.exists()
    lintperf("check", "forms")
    checked.clear()
    without(lintperf)
    assert len(checked) == 13


def test_the_oldest_make_room(folder: Path, cache: Path, lintperf: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    lintperf("check", "forms")
    first = set((cache / "results").iterdir())
    for path in first:
        os.utime(path, (1, 1))
    monkeypatch.setattr(result_cache, "MOST_BYTES", sum(path.stat().st_size for path in first))
    lintperf("check", "forms", "--persona", "reviewer")
    second = set((cache / "results").iterdir())
    assert second
    assert not first & second


def test_the_command_cache(folder: Path, cache: Path, lintperf: Command) -> None:
    assert lintperf("cache", "dir").out == f"{cache}\n"
    lintperf("check", "forms")
    (cache / "mine.txt").write_text("the user's own")
    files = [path for path in cache.rglob("*") if path.is_file() and path.name != "mine.txt"]
    size = sum(path.stat().st_size for path in files) / 1024 / 1024
    assert lintperf("cache", "info", "--lang", "en").out == f"{cache}\n{len(files)} files, {size:.1f} MiB\n"
    assert lintperf("cache", "clear").out == f"已删除：{len(files)} 个文件，{size:.1f} MiB\n"
    assert [path.name for path in cache.iterdir()] == ["mine.txt"]
    assert lintperf("cache", "info").out == f"{cache}\n0 个文件，0.0 MiB\n"
    assert lintperf("cache", "empty").code == 2
