"""Comments on stretches of paragraphs: runs are split at the characters meant, and the text stays as it was."""

from __future__ import annotations

import io
import re
from typing import Any

import docx as python_docx
from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.annotators.markup import DEEP, Edits, Node, escape, scan
from lintperf_builtin.annotators.runs import paragraph_text, put_marks
from lintperf_builtin.importers.grid import Paragraph
from lintperf_builtin.importers.word import read_word
from marks import docx, joined, part, session, view
from office_files import W

from lintperf.extension import Annotated, Source
from lintperf.model import CellPlace, Confidence, Coverage, Finding, ParagraphPlace, Place, Related, Severity
from lintperf.results import DocumentResult, FileResult

BOLD = "<w:rPr><w:b/></w:rPr>"
TEXTS = st.text(st.sampled_from("绿道养护12公里，。 &<>𠮷\t"), min_size=1, max_size=8)
TEXT_RUN = st.tuples(st.sampled_from(["", BOLD]), TEXTS).map(
    lambda item: f'<w:r w:rsidR="00A1">{item[0]}<w:t xml:space="preserve">{escape(item[1])}</w:t></w:r>'
)
RUN = st.one_of(
    TEXT_RUN,
    st.just("<w:r><w:tab/><w:t>末</w:t><w:br/><w:t>尾</w:t></w:r>"),
    st.just('<w:r><w:footnoteReference w:id="2"/></w:r>'),
    TEXT_RUN.map(lambda run: f'<w:hyperlink w:anchor="a">{run}</w:hyperlink>'),
    TEXT_RUN.map(lambda run: f'<w:ins w:id="7" w:author="甲">{run}</w:ins>'),
    st.just('<w:del w:id="8"><w:r><w:delText>删去</w:delText></w:r></w:del>'),
)


def body(paragraphs: list[str]) -> str:
    return f'<w:document xmlns:w="{W}"><w:body>{"".join(paragraphs)}</w:body></w:document>'


def first_paragraph(xml: bytes) -> Node:
    return scan(xml, lambda name, _a, _o, _d: DEEP if name.endswith(" p") else 0)[0]


def text_of(xml: str) -> str:
    return paragraph_text(first_paragraph(xml.encode()))


@given(st.lists(RUN, min_size=1, max_size=6), st.data())
def test_marks_stand_at_their_characters_and_nothing_else_changes(runs: list[str], data: Any) -> None:
    xml = body([f"<w:p><w:pPr/>{''.join(runs)}</w:p>"])
    text = text_of(xml)
    if not text:
        return
    starts, ends = {}, {}
    expected = {}
    for number in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text) - 1))
        end = data.draw(st.integers(start + 1, len(text)))
        starts[start] = starts.get(start, "") + f'<w:commentRangeStart w:id="{number}"/>'
        ends[end] = ends.get(end, "") + f'<w:commentRangeEnd w:id="{number}"/>'
        expected[number] = text[start:end]
    edits = Edits(xml.encode())
    assert put_marks(edits, first_paragraph(xml.encode()), starts, ends)
    copy = edits.done().decode()
    assert text_of(copy) == text
    (old,), (new,) = (
        [block.text for block in read_word(docx(each))[0].blocks if isinstance(block, Paragraph)]
        for each in (xml, copy)
    )
    assert new == old == text
    for number, stretch in expected.items():
        _, _, rest = copy.partition(f'<w:commentRangeStart w:id="{number}"/>')
        inside, _, after = rest.partition(f'<w:commentRangeEnd w:id="{number}"/>')
        behind = text_of(body([f"<w:p>{reopened(after)}</w:p>"]))
        whole = text_of(body([f"<w:p>{reopened(inside + after)}</w:p>"]))
        assert whole.removesuffix(behind) == stretch


def reopened(piece: str) -> str:
    """The rest of a paragraph as XML of its own: what was opened before it is dropped, likewise what follows it."""
    piece = piece.partition("</w:p>")[0]
    piece = re.sub(r"</?w:(?:ins|hyperlink)[^>]*>", "", piece)
    return re.sub(r"<w:commentRange[^>]*>", "", piece)


def finding(place: Place | None, code: str = "LP611", related: tuple[Related, ...] = ()) -> Finding:
    return Finding(code, Severity.warning, Confidence.high, "r.docx", 0, "/paragraphs/0", place=place, related=related)


def annotated(paragraphs: list[str], findings: list[Finding]) -> Annotated:
    content = docx(body(paragraphs))
    shown = view("zh")
    assert {each.code for each in findings} <= set(shown.rules)
    result = FileResult("r.docx", [DocumentResult(0, "evaluation-report", "绿道养护", findings, Coverage())])
    return session().extensions.annotators[".docx"].write(Source("r.docx", content), result, shown, ())


SENTENCE = "<w:p><w:r><w:t>评价时段为2023年，养护绿道12公里。</w:t></w:r></w:p>"


def test_a_finding_about_a_sentence_is_a_comment_on_its_words() -> None:
    copy = annotated([SENTENCE], [finding(ParagraphPlace(0, 5, 10)), finding(ParagraphPlace(0, 11, 17), "LP601")])
    xml = part(copy.content, "word/document.xml")
    assert (copy.comments, copy.cells) == (2, 2)
    stretches = [
        "".join(re.findall(r"<w:t[^>]*>([^<]*)", f"<w:t>{piece}"))
        for piece in re.findall(r'<w:commentRangeStart w:id="[01]"/>(.*?)<w:commentRangeEnd', xml)
    ]
    assert stretches == ["2023年", "养护绿道12"]
    assert joined(re.sub(r"<w:commentRange[^>]*>|<w:r><w:commentReference[^>]*></w:r>", "", xml)) == body([SENTENCE])
    document = python_docx.Document(io.BytesIO(copy.content))
    assert document.paragraphs[0].text == "评价时段为2023年，养护绿道12公里。"
    assert [comment.text.split()[1] for comment in document.comments] == ["LP611", "LP601"]


def test_several_findings_on_one_stretch_and_on_the_whole_paragraph() -> None:
    places = [ParagraphPlace(0, 5, 10), ParagraphPlace(0, 5, 10), ParagraphPlace(0), ParagraphPlace(0, 0, 10)]
    copy = annotated([SENTENCE], [finding(place) for place in places])
    assert (copy.comments, copy.cells) == (4, 3)
    xml = part(copy.content, "word/document.xml")
    assert re.sub("<[^>]*>", "", xml.split("</w:body>")[0]) == "评价时段为2023年，养护绿道12公里。"


def test_what_cannot_be_split_is_commented_as_a_whole() -> None:
    formula = (
        '<w:p xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><w:r><w:t>得分为</w:t></w:r>'
        "<m:oMath><m:r><m:t>a+b</m:t></m:r></m:oMath></w:p>"
    )
    box = "<w:p><w:r><w:t>文字</w:t><w:pict><w:txbxContent><w:p/></w:txbxContent></w:pict></w:r></w:p>"
    data = "<w:p><w:r><w:t><![CDATA[绿道养护]]></w:t></w:r></w:p>"
    for paragraph, stretch in ((formula, (1, 5)), (box, (0, 1)), (data, (1, 2)), (SENTENCE, (5, 99))):
        copy = annotated([paragraph], [finding(ParagraphPlace(0, *stretch))])
        xml = part(copy.content, "word/document.xml")
        assert (copy.comments, copy.cells) == (1, 1)
        assert xml.count("<w:commentRangeStart") == 1
        assert re.sub(r"<w:commentRange[^>]*>|<w:r><w:commentReference[^>]*></w:r>", "", xml) == body([paragraph])


def test_white_space_at_a_split_is_kept() -> None:
    copy = annotated(["<w:p><w:r><w:t>养护 绿道</w:t></w:r></w:p>"], [finding(ParagraphPlace(0, 3, 5))])
    assert '<w:t xml:space="preserve">养护 </w:t>' in part(copy.content, "word/document.xml")
    copy = annotated(["<w:p><w:r><w:t>养护 绿道</w:t></w:r></w:p>"], [finding(ParagraphPlace(0, 0, 2))])
    assert '<w:t xml:space="preserve"> 绿道</w:t>' in part(copy.content, "word/document.xml")


def test_a_comment_names_the_table_cell_and_the_other_file() -> None:
    related = (
        Related("/indicators/3/actual", CellPlace(2, 4, 3)),
        Related("/goals/annual", ParagraphPlace(7), True, "b.docx", 0, "古树保护"),
    )
    copy = annotated([SENTENCE], [finding(ParagraphPlace(0, 5, 10), related=related)])
    (comment,) = python_docx.Document(io.BytesIO(copy.content)).comments
    (see,) = [line for line in comment.text.split("\n") if line.startswith("另见 ")]
    assert see == "另见 表3 第5行第4列 实际完成值、b.docx 第8段 年度目标"
