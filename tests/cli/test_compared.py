"""The command line over several documents: the same bytes whatever the number of processes, in every format."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest
from forms import clean_form, form_text
from running import command, environment

NUMBER = 60


@pytest.fixture(scope="module")
def batch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Sixty forms, of which every seventh has the goal of the first."""
    folder = tmp_path_factory.mktemp("batch")
    goal = clean_form(0)["goals"]["expected"]
    for seed in range(NUMBER):
        form = clean_form(seed)
        if seed % 7 == 0:
            form["goals"]["expected"] = goal
        (folder / f"form-{seed:03}.json").write_text(form_text(form), encoding="utf-8")
    return folder


def output(folder: Path, *arguments: str) -> tuple[int, str]:
    done = subprocess.run(
        command("check", ".", "--select", "LP9", *arguments),
        cwd=folder, capture_output=True, encoding="utf-8", env=environment({}), check=False,
    )  # fmt: skip
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.mark.parametrize("name", ["text", "concise", "json", "sarif", "github"])
def test_the_same_bytes_whatever_the_number_of_processes(batch: Path, name: str) -> None:
    one, two, three = (
        output(batch, "--persona", "reviewer", "--format", name, "--jobs", jobs) for jobs in ("1", "2", "3")
    )
    assert one == two == three
    assert one[0] == 0
    assert one[1].count("LP903") >= NUMBER // 7


def test_each_copy_is_found_once_and_counts_for_the_exit_code(batch: Path) -> None:
    code, out = output(batch, "--fail-on", "note", "--format", "json")
    log = json.loads(out)
    found = log["across"]["findings"]
    assert code == 1
    assert [finding["path"] for finding in found] == [f"form-{seed:03}.json" for seed in range(7, NUMBER, 7)]
    assert {related["path"] for finding in found for related in finding["related"]} == {"form-000.json"}
    assert log["across"]["documents"] == NUMBER
    assert (log["summary"]["documents"], log["summary"]["notes"]) == (NUMBER, len(found))


def test_sarif_names_each_file_once(batch: Path) -> None:
    (run,) = json.loads(output(batch, "--persona", "reviewer", "--format", "sarif")[1])["runs"]
    uris = [artifact["location"]["uri"] for artifact in run["artifacts"]]
    assert uris == [f"form-{seed:03}.json" for seed in range(NUMBER)]
    for result in run["results"]:
        (place,) = (each["physicalLocation"]["artifactLocation"] for each in result["relatedLocations"])
        assert (place["index"], place["uri"]) == (0, "form-000.json")
        own = result["locations"][0]["physicalLocation"]["artifactLocation"]
        assert uris[own["index"]] == own["uri"] != "form-000.json"


def test_rdjson_places_both_ends_of_a_comparison(batch: Path) -> None:
    """Columns in bytes where the finding stands; in the other document, whose text is not at hand, the line."""
    found = json.loads(output(batch, "--persona", "reviewer", "--format", "rdjson")[1])["diagnostics"]
    assert len(found) == len(range(7, NUMBER, 7))
    for each in found:
        start, end = (each["location"]["range"][edge] for edge in ("start", "end"))
        line = (batch / each["location"]["path"]).read_bytes().split(b"\n")[start["line"] - 1]
        assert start["line"] == end["line"]
        assert json.loads(line[start["column"] - 1 : end["column"] - 1]) == clean_form(0)["goals"]["expected"]
        (related,) = each["related_locations"]
        assert related["location"]["path"] == "form-000.json"
        assert list(related["location"]["range"]["start"]) == ["line"]
