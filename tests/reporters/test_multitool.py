"""What the check of SARIF logs lets pass: notes that are listed with their reason, and those only where it holds."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from .multitool import UNAVOIDABLE, problems

DOCUMENT = (Path(__file__).parents[2] / "docs" / "sarif.md").read_text(encoding="utf-8")
OFFICE = {"physicalLocation": {"artifactLocation": {"uri": "a.docx"}, "region": {"byteOffset": 0, "byteLength": 9}}}
TEXT = {"physicalLocation": {"artifactLocation": {"uri": "file:///a.json"}, "region": {"startLine": 1}}}
RUN = {"results": [{"locations": [OFFICE]}, {"locations": [TEXT]}]}


@pytest.mark.parametrize(
    ("said", "run", "passes"),
    [
        ("note SARIF2003: runs[0]: This run", RUN, True),
        ("note SARIF2003: runs[0]: This run", {**RUN, "versionControlProvenance": []}, False),
        ("note SARIF2006: $schema: The URI", RUN, True),
        ("note SARIF2006: runs[0].tool.driver.rules[0].helpUri: The URI", RUN, False),
        ("note SARIF2011: runs[0].results[0].locations[0].physicalLocation: This", RUN, True),
        ("note SARIF2011: runs[0].results[1].locations[0].physicalLocation: This", RUN, False),
        ("note SARIF2016: runs[0].results[1].locations[0].physicalLocation.artifactLocation.uri: The", RUN, True),
        ("note SARIF2016: runs[0].results[0].locations[0].physicalLocation.artifactLocation.uri: The", RUN, False),
        ("note SARIF2015: runs[0].tool.driver.rules[3]: In", RUN, False),
        ("warning SARIF2013: runs[0]: This run", RUN, False),
        ("error SARIF1012: runs[0].results[1].message: The", RUN, False),
    ],
)
def test_a_note_passes_only_where_it_cannot_be_avoided(said: str, run: Any, passes: bool) -> None:
    wrong, kept = problems(f"Analyzing...\n/a/b.sarif(3,17): {said} text.\n", {"b.sarif": run})
    assert (len(wrong), sum(kept.values())) == (0, 1) if passes else (1, 0)


def test_the_document_names_the_same_notes() -> None:
    assert re.findall(r"^\| (SARIF\d+) \|", DOCUMENT, re.MULTILINE) == [each.rule for each in UNAVOIDABLE]
