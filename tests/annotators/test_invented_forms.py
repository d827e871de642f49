"""Invented forms of every family: the annotated copy reads as the original, and what is corrected is right."""

from __future__ import annotations

import pytest
from generator.families import FAMILIES
from generator.measure import draw
from marks import MARKS, annotate, check, findings, fixed, part

EACH = 2


@pytest.mark.parametrize("suffix", [".docx", ".xlsx"])
@pytest.mark.parametrize("family", sorted(FAMILIES))
def test_copies_of_invented_forms(family: str, suffix: str) -> None:
    for number in range(EACH):
        content = draw(family, suffix[1:], f"annotate:{number}").content
        before = check(content, suffix)
        copy = annotate(content, suffix)
        assert copy.comments == len(findings(before))
        assert check(copy.content, suffix).documents == before.documents
        if suffix == ".docx":
            assert MARKS.sub("", part(copy.content, "word/document.xml")) == part(content, "word/document.xml")
        wanted = {finding.fix.place for finding in findings(before) if finding.fix is not None}
        if wanted:
            mended = fixed(content, suffix)
            assert {fix.place for fix in mended.corrected} == wanted
            new = {fix.place: fix.value for fix in mended.corrected}
            for finding in findings(check(mended.content, suffix)):
                # another finding may want another value there, but never the one that was written
                assert finding.fix is None or finding.fix.value != new.get(finding.fix.place)
