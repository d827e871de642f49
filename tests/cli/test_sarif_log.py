"""`check --format sarif`: what a whole run brings to the log that results made by hand do not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from running import Run

Command = Callable[..., Run]


def run_of(lintperf: Command, *arguments: str) -> Any:
    lintperf("check", *arguments, "--format", "sarif", "--persona", "auditor", "--output", "log.sarif")
    return json.loads(Path("log.sarif").read_text(encoding="utf-8"))["runs"][0]


def defective() -> dict[str, Any]:
    return {
        "type": "self-evaluation",
        "heading": {"project": "绿道养护", "department": "园林局", "unit": "绿道所", "year": 2023},
        "indicators": [{"level1": "产出指标", "name": "养护里程", "target": "≥12公里", "weight": 30, "score": 31}],
    }


def test_a_run_shows_rows_digests_and_the_version(lintperf: Command, tmp_path: Path) -> None:
    git = tmp_path / ".git"
    git.mkdir()
    (git / "HEAD").write_text("d" * 40)
    (git / "config").write_text('[remote "origin"]\nurl = git@example.org:forms.git\n')
    Path("form.json").write_text(json.dumps(defective(), ensure_ascii=False, indent=2), encoding="utf-8")
    run = run_of(lintperf, "form.json")
    (artifact,) = run["artifacts"]
    assert artifact["hashes"] == {"sha-256": hashlib.sha256(Path("form.json").read_bytes()).hexdigest()}
    assert run["versionControlProvenance"][0]["revisionId"] == "d" * 40
    (result,) = (each for each in run["results"] if each["ruleId"] == "LP201")
    place = result["locations"][0]["physicalLocation"]
    assert place["region"]["snippet"] == {"text": "31"}
    assert place["contextRegion"]["snippet"]["text"].splitlines() == [
        "    {",
        '      "level1": "产出指标",',
        '      "name": "养护里程",',
        '      "target": "≥12公里",',
        '      "weight": 30,',
        '      "score": 31',
        "    }",
    ]


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_number_of_processes_changes_nothing(lintperf: Command, jobs: str) -> None:
    for number in range(6):
        Path(f"{number}.json").write_text(json.dumps(defective(), ensure_ascii=False), encoding="utf-8")
    log = run_of(lintperf, ".", "--jobs", "1")
    assert run_of(lintperf, ".", "--jobs", jobs) == log
    assert len(log["artifacts"]) == 6


def test_what_is_around_a_syntax_error_is_shown(lintperf: Command) -> None:
    Path("broken.json").write_text('{\n  "type": "self-evaluation",,\n}\n', encoding="utf-8")
    (result,) = run_of(lintperf, "broken.json")["results"]
    place = result["locations"][0]["physicalLocation"]
    assert (place["region"]["startLine"], place["region"]["startColumn"]) == (2, 29)
    assert place["contextRegion"]["snippet"]["text"] == '{\n  "type": "self-evaluation",,\n}'


def test_a_suppressed_finding_is_there_with_its_reason_and_does_not_fail_the_run(lintperf: Command) -> None:
    entry = {"code": "LP201", "row": "养护里程", "reason": "按批复保留", "author": "王工"}
    form = {**defective(), "lintperf": {"ignore": [entry]}}
    Path("form.json").write_text(json.dumps(form, ensure_ascii=False), encoding="utf-8")
    results = run_of(lintperf, "form.json", "--select", "LP201")["results"]
    assert [each["suppressions"][0]["justification"] for each in results] == ["按批复保留"]
    assert lintperf("check", "form.json", "--select", "LP201", "--format", "sarif").code == 0


def test_findings_of_a_baseline_are_unchanged_and_suppressed_new_ones_are_new(lintperf: Command) -> None:
    Path("form.json").write_text(json.dumps(defective(), ensure_ascii=False), encoding="utf-8")
    lintperf("check", "form.json", "--select", "LP201,LP202", "--baseline", "base.json", "--update-baseline")
    form = defective()
    form["indicators"].append({**form["indicators"][0], "name": "补植苗木", "score": -1})
    Path("form.json").write_text(json.dumps(form, ensure_ascii=False), encoding="utf-8")
    run = run_of(lintperf, "form.json", "--select", "LP201,LP202", "--baseline", "base.json")
    results = run["results"]
    counts = {"new": {"LP202": 1}, "unchanged": {"LP201": 1}, "absent": {}}
    assert run["invocations"] == [{"executionSuccessful": True, "properties": {"baseline": counts}}]
    states = {each["ruleId"]: (each["baselineState"], each.get("suppressions")) for each in results}
    assert states == {
        "LP202": ("new", None),
        "LP201": ("unchanged", [{"kind": "external", "status": "accepted"}]),
    }
