"""Comments and tracked changes in Word files: on the very cells, and nothing else changed."""

from __future__ import annotations

import html
import io
import re
import zipfile
from decimal import Decimal

import docx as python_docx
import pytest
from marks import (
    MARKS,
    RATE_ROW,
    WRONG_RATE,
    annotate,
    changed,
    check,
    docx,
    findings,
    fixed,
    part,
    parts_of,
    session,
    view,
)
from office_files import FORM, TITLE, W, excel, word_xml

from lintperf.extension import Annotated, Source, UnreadableError
from lintperf.model import CellPlace, ParagraphPlace
from lintperf.results import FileResult

CONTENT = docx(WRONG_RATE)


def comments(content: bytes) -> list[str]:
    """The texts of the comments as python-docx reads them."""
    return [comment.text for comment in python_docx.Document(io.BytesIO(content)).comments]


def commented_cells(content: bytes) -> dict[str, str]:
    """For each comment's id the text of the cell in which it begins and ends."""
    found = {}
    for cell in re.findall(r"<w:tc>.*?</w:tc>", part(content, "word/document.xml")):
        starts = re.findall(r'<w:commentRangeStart w:id="([0-9]+)"/>', cell)
        assert starts == re.findall(r'<w:commentRangeEnd w:id="([0-9]+)"/>', cell)
        assert starts == re.findall(r'<w:commentReference w:id="([0-9]+)"/>', cell)
        text = "".join(re.findall(r"<w:t>([^<]*)</w:t>", cell))
        found.update(dict.fromkeys(starts, text))
    return found


def test_each_finding_is_a_comment_on_its_cell() -> None:
    copy = annotate(CONTENT, ".docx")
    found = findings(check(CONTENT, ".docx"))
    texts = comments(copy.content)
    assert (len(texts), copy.comments) == (len(found), len(found))
    assert [text.split()[1] for text in texts] == [finding.code for finding in found]
    (number,) = [number for number, text in enumerate(texts) if " LP301 " in text]
    assert commented_cells(copy.content)[str(number)] == "0.95"
    assert copy.cells == len({finding.place for finding in found})


def test_a_finding_on_prose_is_a_comment_on_its_paragraph() -> None:
    prose = "绿道沿江而建，养护工作自开园以来由本单位承担，资金列入部门预算并按季度拨付给养护单位使用。"
    cited = "《财政部关于绩效评价的通知》（财预〔2020〕10号）"
    text = f"评价依据{cited}开展，过程包括资料核查、现场踏勘和问卷调查三个环节，历时两个月。"
    content = docx(["2023年度绿道养护项目绩效评价报告", "一、基本情况", prose, "二、评价依据", text, "三、结论", prose])
    (finding,) = [one for one in findings(check(content, ".docx")) if one.code == "LP703"]
    assert finding.place == ParagraphPlace(4)
    xml = part(annotate(content, ".docx").content, "word/document.xml")
    (commented,) = [one for one in re.findall(r"<w:p>.*?</w:p>", xml) if cited in one]
    assert len(re.findall("commentRangeStart", commented)) >= 1


def test_a_comment_says_code_title_values_basis_and_where_to_read_on() -> None:
    (text,) = [text for text in comments(annotate(CONTENT, ".docx").content) if " LP301 " in text]
    lines = text.split("\n")
    assert lines[0] == "错误 LP301 执行率计算错误"
    assert lines[1] == "执行率写为 0.95，执行数 1,176,000.00 ÷ 预算数 1,200,000.00 应为 0.98，相差 3.00 个百分点"
    assert "可改为 0.98" in lines
    assert any(line.startswith("依据 ") for line in lines)
    assert lines[-1] == "lintperf rule LP301"
    english = comments(annotate(CONTENT, ".docx", lang="en").content)
    (text,) = [text for text in english if " LP301 " in text]
    assert text.startswith("error LP301 ")
    assert "the rate is 0.95" in text


def test_author_initials_and_no_clock() -> None:
    copy = annotate(CONTENT, ".docx").content
    (first, *_) = python_docx.Document(io.BytesIO(copy)).comments
    assert (first.author, first.initials, first.timestamp) == ("lintperf", "LP", None)
    assert copy == annotate(CONTENT, ".docx").content


def test_without_the_marks_the_text_is_the_original_byte_for_byte() -> None:
    copy = part(annotate(CONTENT, ".docx").content, "word/document.xml")
    assert MARKS.search(copy)
    assert MARKS.sub("", copy) == part(CONTENT, "word/document.xml")


def test_all_other_parts_are_unchanged_in_their_order() -> None:
    more: dict[str, str | bytes] = {"word/media/image1.png": bytes(range(256)) * 40, "word/styles.xml": "<x/>\r\n"}
    content = docx(WRONG_RATE, more)
    copy = annotate(content, ".docx").content
    before, after = parts_of(content), parts_of(copy)
    assert list(after) == [*before, "word/comments.xml", "word/_rels/document.xml.rels"]
    same = {name for name in before if before[name] == after[name]}
    assert set(before) - same == {"[Content_Types].xml", "word/document.xml"}
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(io.BytesIO(copy)) as new:
        for entry in old.infolist():
            other = new.getinfo(entry.filename)
            assert (entry.date_time, entry.compress_type, entry.external_attr) == (
                other.date_time, other.compress_type, other.external_attr,
            )  # fmt: skip


def test_the_copy_reads_as_the_original() -> None:
    assert check(annotate(CONTENT, ".docx").content, ".docx").documents == check(CONTENT, ".docx").documents


def test_nothing_found_is_the_same_file() -> None:
    empty = FileResult("form.docx")
    for suffix, content in ((".docx", CONTENT), (".xlsx", excel([TITLE, FORM]))):
        annotator = session().extensions.annotators[suffix]
        copy = annotator.write(Source(f"form{suffix}", content), empty, view("zh"), ())
        assert copy == Annotated(content, 0, 0, [])


def test_a_file_without_a_body_is_said_to_be_unreadable() -> None:
    with pytest.raises(UnreadableError) as caught:
        annotate(docx("<document/>"), ".docx")
    assert caught.value.reason.en == "the Word file has no body"


def test_existing_comments_stay_and_ids_do_not_clash() -> None:
    document = python_docx.Document(io.BytesIO(CONTENT))
    paragraph = document.paragraphs[0]
    document.add_comment(paragraph.runs, "请核对名称", author="处长", initials="ZZ")
    buffer = io.BytesIO()
    document.save(buffer)
    before = part(buffer.getvalue(), "word/comments.xml")
    copy = annotate(buffer.getvalue(), ".docx")
    after = part(copy.content, "word/comments.xml")
    assert after.startswith(before.removesuffix("</w:comments>\n").removesuffix("</w:comments>"))
    read = list(python_docx.Document(io.BytesIO(copy.content)).comments)
    assert [read[0].author, read[0].text] == ["处长", "请核对名称"]
    assert len({comment.comment_id for comment in read}) == len(read) == copy.comments + 1
    assert list(parts_of(copy.content)) == list(parts_of(buffer.getvalue()))


def test_a_correction_is_a_tracked_change_in_the_format_of_the_run() -> None:
    style = '<w:rPr><w:rFonts w:eastAsia="宋体"/><w:b/></w:rPr>'
    xml = word_xml(WRONG_RATE).replace(
        "<w:r><w:t>0.95</w:t></w:r>", f"<w:r>{style}<w:t>0.</w:t></w:r><w:r><w:t>95</w:t></w:r>"
    )
    content = docx(xml)
    copy = fixed(content, ".docx")
    (fix,) = copy.corrected
    assert (fix.place, fix.found, fix.value) == (CellPlace(0, RATE_ROW, 7), Decimal("0.95"), Decimal("0.98"))
    text = part(copy.content, "word/document.xml")
    (cell,) = re.findall(r"<w:tc>(?:(?!</w:tc>).)*<w:del .*?</w:tc>", text)
    assert re.sub(r' w:id="[0-9]+"', "", MARKS.sub("", cell)).endswith(
        f'<w:p><w:del w:author="lintperf"><w:r>{style}<w:delText>0.</w:delText></w:r></w:del>'
        '<w:del w:author="lintperf"><w:r><w:delText>95</w:delText></w:r></w:del>'
        f'<w:ins w:author="lintperf"><w:r>{style}<w:t xml:space="preserve">0.98</w:t></w:r></w:ins></w:p></w:tc>'
    )
    assert "LP301" not in {finding.code for finding in findings(check(copy.content, ".docx"))}
    assert any("已改正 0.95 → 0.98" in comment for comment in comments(copy.content))


def test_what_stands_around_a_corrected_value_remains() -> None:
    content = docx([TITLE, changed(FORM, (3, 6, "9.5分"))])  # 0.98 of 10 points are 9.80
    copy = fixed(content, ".docx")
    (new,) = re.findall(r"<w:ins [^>]*><w:r><w:t [^>]*>([^<]*&#[0-9]+;)</w:t>", part(copy.content, "word/document.xml"))
    assert html.unescape(new) == "9.8分"


BUILDS = {
    "blank paragraph behind": "<w:p>RUN</w:p><w:p/>",
    "blank paragraph before": "<w:p/><w:p w:x='1 > 0'><w:pPr><w:jc/></w:pPr>RUN</w:p>",
    "content control": "<w:sdt><w:sdtContent><w:p>RUN</w:p></w:sdtContent></w:sdt>",
    "inserted text": "<w:p><w:ins w:id='0' w:author='甲'>RUN</w:ins></w:p>",
    "link": "<w:p><w:hyperlink>RUN</w:hyperlink></w:p>",
    "deleted text": "<w:p>RUN<w:del w:id='7'><w:r><w:delText>1</w:delText></w:r></w:del></w:p>",
}


@pytest.mark.parametrize("build", BUILDS)
def test_cells_of_any_build_are_marked_and_corrected(build: str) -> None:
    run = "<w:r><w:t>0.95</w:t></w:r>"
    old, new = f"<w:p>{run}</w:p>", BUILDS[build].replace("RUN", run)
    content = docx(word_xml(WRONG_RATE).replace(old, new))
    copy = annotate(content, ".docx").content
    assert MARKS.sub("", part(copy, "word/document.xml")) == part(content, "word/document.xml")
    assert check(copy, ".docx").documents == check(content, ".docx").documents
    mended = fixed(content, ".docx").content
    assert "LP301" not in {finding.code for finding in findings(check(mended, ".docx"))}
    ids = re.findall(r'<w:(?:ins|del|commentRangeStart) w:id=["\']([0-9]+)', part(mended, "word/document.xml"))
    assert len(ids) == len(set(ids))


def test_blank_cells_without_runs_or_paragraphs() -> None:
    # a target without an actual value: the finding points to the blank cell
    rows = changed(FORM, (11, 2, ""))
    for blank in ("<w:p></w:p>", "<w:p/>", "<w:p w:rsidR='00A1'/>", "<w:p><w:pPr><w:jc/></w:pPr></w:p>", ""):
        xml = word_xml([TITLE, rows]).replace("<w:p><w:r><w:t></w:t></w:r></w:p>", blank)
        content = docx(xml)
        places = {finding.place for finding in findings(check(content, ".docx"))}
        copy = annotate(content, ".docx")
        text = part(copy.content, "word/document.xml")
        assert python_docx.Document(io.BytesIO(copy.content)).comments
        assert check(copy.content, ".docx").documents == check(content, ".docx").documents
        assert len(re.findall("<w:commentRangeStart", text)) == copy.comments
        assert copy.cells == len(places)
        bare = MARKS.sub("", text)
        if blank.endswith("/>"):
            bare = bare.replace(f"{blank[:-2]}></w:p>", blank)
        elif not blank:
            bare = bare.replace("</w:tcPr><w:p></w:p></w:tc>", "</w:tcPr></w:tc>")
        assert bare == xml


def test_other_prefixes_and_the_strict_namespace() -> None:
    plain = word_xml(WRONG_RATE)
    default = re.sub(r"(</?)w:", r"\1", plain).replace(f'xmlns:w="{W}"', f'xmlns="{W}" xmlns:w="{W}"')
    other = plain.replace("w:", "ns0:").replace("xmlns:w", "xmlns:ns0")
    strict = plain.replace(W, "http://purl.oclc.org/ooxml/wordprocessingml/main")
    for xml in (default, other, strict):
        content = docx(xml)
        copy = annotate(content, ".docx")
        assert copy.comments == annotate(CONTENT, ".docx").comments
        assert check(copy.content, ".docx").documents == check(content, ".docx").documents
        mended = fixed(content, ".docx").content
        assert "LP301" not in {finding.code for finding in findings(check(mended, ".docx"))}
    assert len(comments(annotate(docx(default), ".docx").content)) == len(comments(annotate(CONTENT, ".docx").content))
    assert "purl.oclc.org" in part(annotate(docx(strict), ".docx").content, "word/comments.xml")


def test_several_forms_and_nested_tables() -> None:
    table = word_xml([WRONG_RATE[1]]).partition("<w:body>")[2].partition("</w:body>")[0]
    layout = f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>说明</w:t></w:r></w:p></w:tc><w:tc>{table}<w:p/></w:tc></w:tr></w:tbl>"
    xml = f'<w:document xmlns:w="{W}"><w:body><w:p/>{layout}<w:p/>{table}</w:body></w:document>'
    content = docx(xml)
    wrong = [finding for finding in findings(check(content, ".docx")) if finding.code == "LP301"]
    assert [finding.place for finding in wrong] == [CellPlace(1, RATE_ROW, 7), CellPlace(2, RATE_ROW, 7)]
    copy = annotate(content, ".docx").content
    texts = comments(copy)
    cells = commented_cells(copy)
    marked = [cells[str(number)] for number, text in enumerate(texts) if " LP301 " in text]
    assert [text[-4:] for text in marked] == ["0.95", "0.95"]
    assert MARKS.sub("", part(copy, "word/document.xml")) == xml


def test_a_cell_in_a_text_box_is_marked_at_the_paragraph_around_it() -> None:
    table = word_xml([WRONG_RATE[1]]).partition("<w:body>")[2].partition("</w:body>")[0]
    box = f"<w:p><w:r><w:pict><w:txbxContent>{table}<w:p/></w:txbxContent></w:pict></w:r></w:p>"
    xml = f'<w:document xmlns:w="{W}"><w:body><w:p/>{box}</w:body></w:document>'
    copy = annotate(docx(xml), ".docx")
    text = part(copy.content, "word/document.xml")
    assert copy.cells == 1
    inside = text.partition("<w:txbxContent>")[2].partition("</w:txbxContent>")[0]
    assert not MARKS.search(inside)
    assert MARKS.sub("", text) == xml


def test_a_file_without_a_form_has_its_finding_at_the_first_paragraph() -> None:
    xml = (
        f'<w:document xmlns:w="{W}"><w:body><w:p><w:r><w:t>会议通知</w:t></w:r></w:p><w:sectPr/></w:body></w:document>'
    )
    copy = annotate(docx(xml), ".docx")
    assert (copy.comments, copy.cells) == (1, 1)
    assert part(copy.content, "word/document.xml").startswith(
        f'<w:document xmlns:w="{W}"><w:body><w:p><w:commentRangeStart w:id="0"/><w:r><w:t>会议通知'
    )


def test_a_value_that_is_written_differently_is_not_corrected() -> None:
    # the formula of an equation is read as text, but it is no run of text
    math = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    equation = f"<w:p><m:oMath {math}><m:r><m:t>0.95</m:t></m:r></m:oMath></w:p>"
    content = docx(word_xml(WRONG_RATE).replace("<w:p><w:r><w:t>0.95</w:t></w:r></w:p>", equation))
    copy = fixed(content, ".docx")
    assert copy.corrected == []
    assert MARKS.sub("", part(copy.content, "word/document.xml")) == part(content, "word/document.xml")
