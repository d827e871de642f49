"""Forms with known defects as complete office files, what is found in them, and the copies with the findings."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from functools import cache

from office_files import FORM, TITLE, Block, Row, word_xml, zip_file

from lintperf.cli.check import CheckOptions, view_for
from lintperf.extension import Annotated, Source
from lintperf.model import Finding, Fix, Lang, Severity
from lintperf.pipeline import Session, check_source, open_session
from lintperf.policy import Policy
from lintperf.results import FileResult, View

POLICY = Policy(persona="auditor")
TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/word/document.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" '
    'Target="word/document.xml"/></Relationships>'
)
# marks of comments as they are written beside a prefix `w:`
MARKS = re.compile(
    r'<w:commentRange(?:Start|End) w:id="[0-9]+"/>|<w:r><w:commentReference w:id="[0-9]+"/></w:r>',
)


@cache
def session() -> Session:
    return open_session(use_cache=False)


def docx(body: str | list[Block], parts: dict[str, str | bytes] | None = None) -> bytes:
    """A Word file that any program opens; `parts` are added to it."""
    xml = body if isinstance(body, str) else word_xml(body)
    return zip_file({"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS, "word/document.xml": xml, **(parts or {})})


def changed(form: list[Row], *changes: tuple[int, int, str]) -> list[Row]:
    """The rows of a form with some cells replaced: row, number of the cell in it, text."""
    rows = [list(row) for row in form]
    for row, number, text in changes:
        rows[row][number] = text
    return rows


# the execution rate of 1,176,000 ÷ 1,200,000 is 0.98
WRONG_RATE = [TITLE, changed(FORM, (3, 5, "0.95"))]
RATE_ROW = 3


def check(content: bytes, suffix: str) -> FileResult:
    result = check_source(session(), Source(f"form{suffix}", content), POLICY)
    assert not result.notifications
    return result


def findings(result: FileResult) -> list[Finding]:
    return [finding for document in result.documents for finding in document.findings]


def annotate(content: bytes, suffix: str, fixes: Sequence[Fix] = (), lang: Lang = "zh") -> Annotated:
    write = session().extensions.annotators[suffix].write
    return write(Source(f"form{suffix}", content), check(content, suffix), view(lang), fixes)


def view(lang: Lang) -> View:
    """How to show findings."""
    return view_for(CheckOptions((), POLICY), session(), POLICY, {}, lang, Severity.error)


def fixed(content: bytes, suffix: str) -> Annotated:
    """The copy with all fixes of the findings carried out."""
    found = [finding.fix for finding in findings(check(content, suffix)) if finding.fix is not None]
    assert found
    return annotate(content, suffix, found)


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def part(content: bytes, name: str) -> str:
    return parts_of(content)[name].decode()


def joined(xml: str) -> str:
    """The part with neighbouring runs of text made one where they look alike, so that a split run is whole again.

    Likewise without what says that white space at the edge of a text counts: a text that is split has more edges.
    """
    xml = xml.replace(' xml:space="preserve"', "")
    end = 0
    while found := _SPLIT.search(xml, end):
        end = found.start()
        xml = xml[: found.start()] + found[1] + xml[found.end() :]
    return xml


_SPLIT = re.compile(
    r"(<w:r(?: [^<>]*)?>(<w:rPr>(?:(?!</w:rPr>).)*</w:rPr>)?<w:t(?: [^<>]*)?>[^<]*)"
    r"</w:t></w:r><w:r(?: [^<>]*)?>(?(2)\2)<w:t(?: [^<>]*)?>"
)
