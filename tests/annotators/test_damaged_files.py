"""Damaged and hostile files: a copy that reads as the original, or a clear refusal; never a failure of the tool."""

from __future__ import annotations

import pytest
from bad_files import BadFile, bad_files
from marks import POLICY, docx, findings, session, view

from lintperf.extension import Source, UnreadableError
from lintperf.pipeline import check_source

SUFFIXES = (".docx", ".xlsx", ".xlsm")
# the large ones take seconds each, and differ only in size
LARGEST = 100_000
BAD = [bad for bad in bad_files() if bad.name.endswith(SUFFIXES)]


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: bad.name)
def test_a_copy_or_a_refusal(bad: BadFile) -> None:
    content = bad.make()
    suffix = "." + bad.name.rpartition(".")[2]
    if len(content) > LARGEST or "many" in bad.name or "bomb" in bad.name:
        pytest.skip("large")
    result = check_source(session(), Source(f"form{suffix}", content), POLICY)
    fixes = [finding.fix for finding in findings(result) if finding.fix is not None]
    write = session().extensions.annotators[suffix].write
    try:
        copy = write(Source(f"form{suffix}", content), result, view("zh"), fixes)
    except UnreadableError as problem:
        assert problem.reason.zh
        assert problem.reason.en
        return
    again = check_source(session(), Source(f"form{suffix}", copy.content), POLICY)
    if any(document.type for document in result.documents) and not copy.corrected:
        assert [document.findings for document in again.documents] == [each.findings for each in result.documents]


def test_elements_nested_without_end_are_refused() -> None:
    xml = f"<w:document xmlns:w='u'><w:body>{'<w:p>' * 300}{'</w:p>' * 300}</w:body></w:document>"
    result = check_source(session(), Source("form.docx", docx(xml)), POLICY)
    with pytest.raises(UnreadableError):
        session().extensions.annotators[".docx"].write(Source("form.docx", docx(xml)), result, view("zh"), ())
