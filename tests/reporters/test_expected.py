"""Every format, in both languages, byte for byte."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from .conftest import WRITERS, Written
from .sample import counted, files, view

EXPECTED = Path(__file__).with_name("expected")
CASES: list[tuple[str, str, dict[str, Any]]] = [
    ("text.zh.txt", "zh", {}),
    ("text.en.txt", "en", {}),
    ("text-explain.zh.txt", "zh", {"explain": True, "statistics": True}),
    ("text-explain.en.txt", "en", {"explain": True, "statistics": True}),
    ("text-color.zh.txt", "zh", {"color": True, "statistics": True}),
    ("text-narrow.zh.txt", "zh", {"width": 44}),
    ("concise.zh.txt", "zh", {}),
    ("concise.en.txt", "en", {}),
    ("github.zh.txt", "zh", {}),
    ("github.en.txt", "en", {}),
    ("json.zh.json", "zh", {}),
    ("json.en.json", "en", {}),
    ("sarif.zh.sarif", "zh", {}),
    ("sarif.en.sarif", "en", {}),
    ("junit.zh.xml", "zh", {}),
    ("junit.en.xml", "en", {}),
    ("gitlab.zh.json", "zh", {}),
    ("gitlab.en.json", "en", {}),
    ("rdjson.zh.json", "zh", {}),
    ("rdjson.en.json", "en", {}),
    ("markdown.zh.md", "zh", {}),
    ("markdown.en.md", "en", {}),
]


@pytest.mark.parametrize(("name", "lang", "settings"), CASES, ids=[name for name, _, _ in CASES])
def test_each_format_writes_exactly_what_is_expected(
    written: Written, name: str, lang: Any, settings: dict[str, Any]
) -> None:
    format_ = name.split(".")[0].split("-")[0]
    assert written(format_, view(lang, **settings)) == (EXPECTED / name).read_bytes().decode()


def test_every_case_has_its_file_and_no_file_is_left_over() -> None:
    assert sorted(path.name for path in EXPECTED.iterdir()) == sorted(name for name, _, _ in CASES)


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_a_second_run_writes_the_same_bytes(written: Written, name: str) -> None:
    assert written(name, view("zh")) == written(name, view("zh"))


@pytest.mark.parametrize("name", sorted(WRITERS))
def test_a_run_without_files_is_well_formed(name: str) -> None:
    text = "".join(WRITERS[name](counted([]), view("en")))
    assert text == "" if name in ("concise", "github") else text.endswith("\n")


# What begins with the counts can only begin when everything has been counted; what it keeps of a file is bounded.
COUNTS_FIRST = {"html", "markdown"}


@pytest.mark.parametrize("name", sorted(WRITERS.keys() - COUNTS_FIRST))
def test_a_file_is_written_before_the_next_is_taken(name: str) -> None:
    """A reporter that first collected everything would hold a whole batch in memory."""
    events: list[str] = []

    def watched() -> Any:
        for file in files()[:2]:
            events.append("taken")
            yield file

    for piece in WRITERS[name](counted(watched()), view("zh")):
        if "731,000.00" in piece and events[-1] == "taken":
            events.append("written")
    assert events == ["taken", "written", "taken", "written"]
