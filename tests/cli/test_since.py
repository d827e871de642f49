"""`--since`: only what changed since a revision of the repository, whatever else moved."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from forms import clean_form, form_text
from running import Run

Lintperf = Callable[..., Run]
JSON = ("--format", "json", "--persona", "auditor", "--no-config")


def git(*arguments: str) -> str:
    settings = {
        "GIT_AUTHOR_NAME": "某", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "某",
        "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull,
    }  # fmt: skip
    done = subprocess.run(
        ["git", *arguments], env={**os.environ, **settings}, capture_output=True, check=True, encoding="utf-8"
    )
    return done.stdout


def commit(message: str = "修改") -> None:
    git("add", "-A")
    git("commit", "-q", "--allow-empty", "-m", message)


def form(seed: int, above: int = 0, indicators: int = 10) -> dict[str, Any]:
    """A clean form in which the scores of the first `above` rows exceed their weights, the total with them."""
    made = clean_form(seed, indicators)
    for row in [row for row in made["indicators"] if row["weight"]][:above]:
        row["score"] = row["weight"] + 1
        made["total"]["score"] += 1
    return made


def write(path: str, data: Any) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(form_text(data), encoding="utf-8")


def found(run: Run) -> list[tuple[str, str, str | None]]:
    assert run.code in (0, 1), run.err
    log = json.loads(run.out)
    listed = [(doc["path"], each["code"], each["row"]) for doc in log["documents"] for each in doc["findings"]]
    return listed + [(each["path"], each["code"], each["row"]) for each in log["across"]["findings"]]


def left_out(run: Run) -> tuple[int, int]:
    since = json.loads(run.out)["summary"]["since"]
    return since["unchanged_files"], since["earlier_findings"]


@pytest.fixture(autouse=True)
def repository(own_surroundings: None) -> None:
    """Three forms with old findings, committed as `start`."""
    git("init", "-q")
    for seed in range(3):
        write(f"forms/{seed}.json", form(seed, above=2))
    commit()
    git("tag", "start")


def test_nothing_changed_nothing_reported(lintperf: Lintperf) -> None:
    run = lintperf("check", "forms", "--since", "start", *JSON)
    assert (run.code, found(run), left_out(run)) == (0, [], (3, 0))
    told = lintperf("check", "forms", "--since", "start", "--format", "text").out
    assert told == "没有改动过的文档。\n自 start 起未改动的 3 个文件和原有的 0 条问题未列出。\n"


def test_a_changed_row_is_reported_whole_and_the_others_are_not(lintperf: Lintperf) -> None:
    before = found(lintperf("check", "forms/1.json", *JSON, "--select", "LP201"))
    assert len(before) == 2
    changed = form(1, above=2)
    rows = changed["indicators"]
    row = next(row for row in rows if row["name"] == before[0][2])
    row["explanation"] = "养护标段分两期移交，汛后补植"  # another field of the row than the one found wrong
    rows.reverse()
    write("forms/1.json", changed)
    run = lintperf("check", "forms", "--since", "start", *JSON, "--select", "LP201")
    assert found(run) == [before[0]]
    assert left_out(run) == (2, 1)
    assert run.code == 1


def test_what_a_change_breaks_elsewhere_is_reported(lintperf: Lintperf) -> None:
    """A lower score in a row: the sum no longer agrees with the total, which itself was not changed."""
    changed = form(0, above=2)
    row = [row for row in changed["indicators"] if row["weight"]][5]
    row["score"] -= 1
    write("forms/0.json", changed)
    run = lintperf("check", "forms", "--since", "start", *JSON, "--select", "LP2")
    assert {code for _, code, _ in found(run)} == {"LP204"}
    assert left_out(run)[1] == 2


def test_a_changed_value_outside_of_rows(lintperf: Lintperf) -> None:
    changed = form(2, above=2)
    changed["total"]["score"] += 5
    write("forms/2.json", changed)
    assert found(lintperf("check", "forms", "--since", "start", *JSON, "--select", "LP2")) == [
        ("forms/2.json", "LP204", None)
    ]


def test_new_untracked_and_moved_files(lintperf: Lintperf) -> None:
    git("mv", "forms/0.json", "forms/移交.json")
    Path("forms/1.json").rename("forms/没有登记.json")
    write("forms/新增.json", form(9, above=3))
    run = lintperf("check", "forms", "--since", "start", *JSON, "--select", "LP201")
    # a file that git has not been told of is new, also where it was another one before
    assert sorted(path for path, _, _ in found(run)) == ["forms/新增.json"] * 3 + ["forms/没有登记.json"] * 2
    assert left_out(run) == (1, 2)


def test_committed_changes_count_and_the_working_tree_is_what_is_checked(lintperf: Lintperf) -> None:
    write("forms/1.json", form(1, above=3))
    commit()
    select = ("--select", "LP201")
    assert len(found(lintperf("check", ".", "--since", "start", *JSON, *select))) == 1
    assert len(found(lintperf("check", ".", "--since", "HEAD~1", *JSON, *select))) == 1
    assert found(lintperf("check", ".", "--since", "HEAD", *JSON, *select)) == []
    write("forms/1.json", form(1, above=2))
    assert found(lintperf("check", ".", "--since", "start", *JSON, *select)) == []


def test_a_copy_of_an_unchanged_form_is_found(lintperf: Lintperf) -> None:
    """Unchanged files are read for the comparison of documents, and for nothing else."""
    copied = form(1, above=2)
    copied["heading"]["project"] = "社区图书角"
    write("forms/copy.json", copied)
    run = lintperf("check", "forms", "--since", "start", *JSON, "--select", "LP9,LP201")
    assert {code for _, code, _ in found(run)} == {"LP201", "LP901", "LP903"}
    assert [doc["path"] for doc in json.loads(run.out)["documents"]] == ["forms/copy.json"]
    commit()
    again = lintperf("check", "forms", "--since", "HEAD", *JSON, "--select", "LP9,LP201")
    assert (again.code, found(again)) == (0, [])


def test_word_files(lintperf: Lintperf) -> None:
    for number in (0, 1):
        assert lintperf("render", f"forms/{number}.json", "-o", f"forms/{number}.docx").code == 0
        Path(f"forms/{number}.json").unlink()
    commit()
    write("new.json", form(1, above=3))
    assert lintperf("render", "new.json", "-o", "forms/1.docx").code == 0
    run = lintperf("check", "forms", "--since", "HEAD", *JSON, "--select", "LP201")
    assert [(path, code) for path, code, _ in found(run)] == [("forms/1.docx", "LP201")]
    assert left_out(run) == (2, 2)


def test_the_same_with_several_processes_and_from_a_folder_within(lintperf: Lintperf) -> None:
    write("forms/1.json", form(1, above=4))
    one, two = (lintperf("check", "forms", "--since", "start", *JSON, "--jobs", jobs).out for jobs in ("1", "2"))
    assert one == two
    os.chdir("forms")
    assert len(found(lintperf("check", ".", "--since", "start", *JSON, "--select", "LP201"))) == 2


def test_standard_input_has_the_revision_of_its_name(lintperf: Lintperf, process: Callable[..., Run]) -> None:
    content = form_text(form(1, above=3)).encode()
    run = process(
        "check", "-", "--stdin-filename", "forms/1.json", "--since", "start", *JSON, "--select", "LP201", stdin=content
    )
    assert len(found(run)) == 1


def test_with_a_baseline_both_limits_hold(lintperf: Lintperf) -> None:
    write("forms/1.json", form(1, above=3))
    lintperf("check", "forms", "--select", "LP201", "--baseline", "b.json", "--update-baseline")
    write("forms/1.json", form(1, above=5))
    run = lintperf("check", "forms", "--since", "start", *JSON, "--select", "LP201", "--baseline", "b.json")
    assert len(found(run)) == 2
    assert json.loads(run.out)["summary"]["baseline"] == {"new": 2, "unchanged": 3, "absent": 0}
    refused = lintperf("check", "forms", "--since", "start", "--baseline", "b.json", "--update-baseline")
    assert refused.code == 2
    assert "不能与 --since 同用" in refused.err


@pytest.mark.parametrize("revision", ["nowhere", "-x", "--output=x", "", "start\n", "start:forms/0.json"])
def test_an_unknown_revision(lintperf: Lintperf, revision: str) -> None:
    run = lintperf("check", "forms", f"--since={revision}")
    assert (run.code, run.out) == (2, "")
    assert "没有版本" in run.err
    assert sorted(Path().iterdir()) == [Path(".git"), Path("forms")]


def test_outside_of_a_repository_and_without_git(
    lintperf: Lintperf, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    outside = tmp_path_factory.mktemp("outside") / "0.json"
    shutil.copy("forms/0.json", outside)
    run = lintperf("check", str(outside), "--since", "start")
    assert (run.code, run.out) == (2, "")
    assert "不在 Git 仓库中" in run.err
    monkeypatch.setenv("PATH", "")
    run = lintperf("check", "forms", "--since", "start", "--lang", "en")
    assert (run.code, "git, which is not installed" in run.err) == (2, True)


def test_a_damaged_repository(lintperf: Lintperf) -> None:
    shutil.rmtree(".git/objects")
    run = lintperf("check", "forms", "--since", "start")
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("lintperf: --since：")


def test_the_repository_is_left_as_it_is(lintperf: Lintperf) -> None:
    write("forms/1.json", form(1, above=3))
    index = Path(".git/index").read_bytes()
    lintperf("check", "forms", "--since", "start")
    assert Path(".git/index").read_bytes() == index
    assert git("status", "--porcelain") == " M forms/1.json\n"
