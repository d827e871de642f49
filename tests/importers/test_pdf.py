"""What a PDF shows and what is read of it: cells from strokes, lines joined, pages joined, and files that are none."""

from __future__ import annotations

import re
import time
import zlib
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lintperf_builtin.importers.grid import Grid, Paragraph
from lintperf_builtin.importers.office import PDF
from lintperf_builtin.importers.pdf import read_pdf
from pdf_files import HEIGHT, WIDTH, Canvas, file, pdf, stream

from lintperf.extension import Source, UnreadableError
from lintperf.model import PagePlace

X = [50, 150, 250, 350]


def blocks(*pages: Canvas) -> list[Paragraph | Grid]:
    (part,), _ = read_pdf(pdf(*pages))
    return part.blocks


def grid(*pages: Canvas) -> Grid:
    (only,) = [block for block in blocks(*pages) if isinstance(block, Grid)]
    return only


def texts(found: Grid) -> list[list[str | None]]:
    """The text at each place: `<` continues the cell to the left, `^` the one above."""
    shown: list[list[str | None]] = []
    for number, row in enumerate(found.rows):
        shown.append([])
        for column, cell in enumerate(row):
            if cell is None:
                shown[-1].append(None)
            elif cell.column < column:
                shown[-1].append("<")
            else:
                shown[-1].append("^" if cell.row < number else cell.text)
    return shown


def paragraphs(*pages: Canvas) -> list[str]:
    return [block.text for block in blocks(*pages) if isinstance(block, Paragraph)]


def table(rows: list[list[str]], top: float = 70, height: float = 20, **page: int) -> Canvas:
    canvas = Canvas(**page)
    x = [50 + 100 * column for column in range(len(rows[0]) + 1)]
    canvas.table(x, [top + height * row for row in range(len(rows) + 1)], rows)
    return canvas


# --- cells -------------------------------------------------------------------------------------------------------


def test_merged_cells_are_where_no_line_is_drawn() -> None:
    rows = [["项目", "<", "数"], ["一", "二", "三"], ["四", "^", "5.0"]]
    assert texts(grid(table(rows))) == rows


def test_places_name_page_box_and_cell() -> None:
    cell = grid(Canvas(), table([["古树", "挂牌"], ["200株", "198株"]])).rows[1][1]
    assert cell is not None
    assert cell.place == PagePlace(1, (150, 90, 250, 110), 0, 1, 1)
    assert not cell.unsure


@pytest.mark.parametrize("style", ["bars", "frames", "dashes", "double"])
def test_styles_of_ruling(style: str) -> None:
    canvas = Canvas()
    for row in range(2):
        for column in range(2):
            x, y = 50 + 100 * column, 70 + 20 * row
            canvas.lines(x, y, x + 100, f"第{row}{column}")
            if style == "frames":
                canvas.frame(x, y, 100, 20)
    for step in range(3):
        across, down = 50 + 100 * step, 70 + 20 * step
        if style == "bars":
            canvas.bar(across, 70, 0.8, 40)
            canvas.bar(50, down, 200, 1.5)
        elif style == "dashes":
            for at in range(0, 200, 5):
                canvas.line(50 + at, down, 53 + at, down)
            for at in range(0, 40, 5):
                canvas.line(across, 70 + at, across, 73 + at)
        elif style == "double":
            for shift in (0, 1.8):
                canvas.line(across + shift, 70, across + shift, 110)
                canvas.line(50, down + shift, 250, down + shift)
    assert texts(grid(canvas)) == [["第00", "第01"], ["第10", "第11"]]


def test_table_open_at_its_sides() -> None:
    canvas = Canvas()
    for y in (70, 90, 110):
        canvas.line(50, y, 250, y)
    canvas.line(150, 70, 150, 110)
    for row in range(2):
        canvas.lines(50, 70 + 20 * row, 150, f"左{row}")
        canvas.lines(150, 70 + 20 * row, 250, f"右{row}")
    assert texts(grid(canvas)) == [["左0", "右0"], ["左1", "右1"]]


def test_line_under_a_word_is_no_edge() -> None:
    canvas = table([["名称", "绿道养护"], ["单位", "园林所"]])
    canvas.line(156, 83, 196, 83)
    assert texts(grid(canvas)) == [["名称", "绿道养护"], ["单位", "园林所"]]


def test_frame_around_a_page_is_no_table() -> None:
    canvas = table([["甲", "乙"], ["丙", "丁"]])
    canvas.frame(20, 20, 500, 700)
    assert texts(grid(canvas)) == [["甲", "乙"], ["丙", "丁"]]


def test_table_in_a_cell_stays_in_it() -> None:
    canvas = Canvas()
    canvas.table([50, 150, 450], [70, 90, 200], [["说明", "图书角"], ["附", ""]])
    canvas.table([200, 250, 300], [120, 140, 160], [["甲", "1"], ["乙", "2"]])
    outer = grid(canvas).rows[1][1]
    assert outer is not None
    assert outer.text == "甲\t1\n乙\t2"
    (inner,) = [block for block in outer.tables if isinstance(block, Grid)]
    assert texts(inner) == [["甲", "1"], ["乙", "2"]]


def test_text_drawn_over_the_edge_belongs_to_the_cell_where_it_begins() -> None:
    found = grid(table([["滨湖绿道养护及苗木补植", ""], ["甲", "乙"]]))
    first = found.rows[0][0]
    assert first is not None
    assert (first.text, first.unsure) == ("滨湖绿道养护及苗木补植", True)


@given(st.data())
@settings(max_examples=25, deadline=None)
def test_any_table_drawn_is_read_back(data: st.DataObject) -> None:
    height, width = data.draw(st.integers(2, 6)), data.draw(st.integers(2, 4))
    rows = [[f"格{row}{column}" for column in range(width)] for row in range(height)]
    top, left = data.draw(st.integers(0, height - 1)), data.draw(st.integers(0, width - 1))
    bottom, right = data.draw(st.integers(top, height - 1)), data.draw(st.integers(left, width - 1))
    for row in range(top, bottom + 1):
        for column in range(left, right + 1):
            if (row, column) != (top, left):
                rows[row][column] = "<" if column > left else "^"
    if (bottom - top + 1, right - left + 1) == (height, width):
        return
    # An edge that no other cell has leaves no trace on paper.
    rows.append([f"底{column}" for column in range(width)])
    for row in rows:
        row.append("右")
    assert texts(grid(table(rows))) == rows


# --- text --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        ("苗木补植及绿道保洁|工作", "苗木补植及绿道保洁工作"),
        ("完成挂牌|200株", "完成挂牌\n200株"),
        ("一、已挂牌；|二、已建档。", "一、已挂牌；\n二、已建档。"),
        ("the annual work|report", "the annual work report"),
        ("ABCDEFGHIJKLMNOPQ|RSTU", "ABCDEFGHIJKLMNOPQRSTU"),
        ("资金共计为一千二12|34567890.50元", "资金共计为一千二1234567890.50元"),
        ("执行率＝执行数÷预|（算数）", "执行率＝执行数÷预（算数）"),
        ("在 2023 年完成了|20 株", "在 2023 年完成了 20 株"),
    ],
)
def test_wrapped_lines_are_joined_as_they_were(lines: str, text: str) -> None:
    canvas = Canvas()
    canvas.table([50, 150, 250], [70, 110, 130], [["名称", lines], ["甲", "乙"]])
    cell = grid(canvas).rows[0][1]
    assert cell is not None
    assert cell.text == text


def test_upright_text_is_read_downwards() -> None:
    canvas = Canvas()
    canvas.table([50, 80, 250], [70, 150, 170], [["绩|效|指|标", "甲"], ["乙", "丙"]])
    assert texts(grid(canvas))[0] == ["绩效指标", "甲"]


def test_bold_by_drawing_twice_is_read_once() -> None:
    canvas = table([["名称", ""], ["甲", "乙"]])
    canvas.text(155, 81, "古树保护")
    canvas.text(155.3, 81, "古树保护")
    assert texts(grid(canvas))[0] == ["名称", "古树保护"]


def test_radicals_are_the_characters_they_stand_for() -> None:
    assert texts(grid(table([["⼀级指标", "⻓效⻋辆"], ["甲", "乙"]])))[0] == ["一级指标", "长效车辆"]


def test_unknown_glyphs_make_a_cell_unsure() -> None:
    cell = grid(table([["完成", "\ue0a190%"], ["甲", "乙"]])).rows[0][1]
    assert cell is not None
    assert (cell.text, cell.unsure) == ("\ue0a190%", True)


def test_captions_keep_their_gaps_as_tabs_and_notes_are_joined() -> None:
    canvas = table([["名称", "绿道", "养护"], ["甲", "乙", "丙"]], top=100)
    canvas.text(160, 60, "社区图书角项目", 16)
    canvas.text(50, 90, "填报单位：文化站")
    canvas.text(290, 90, "单位：万元")
    canvas.text(50, 155, "注：一、本表由项目单位填写，金额一律保留到小数点后两位，数")
    canvas.text(50, 168, "量指标按实际填写。")
    assert paragraphs(canvas) == [
        "社区图书角项目",
        "填报单位：文化站\t单位：万元",
        "注：一、本表由项目单位填写，金额一律保留到小数点后两位，数量指标按实际填写。",
    ]


# --- pages -------------------------------------------------------------------------------------------------------

HEADER = ["指标", "指标值", "完成值", "得分"]


def test_pages_are_joined_and_repeated_headers_dropped() -> None:
    first = table([HEADER, ["挂牌", "20株", "20株", "10"]], top=700)
    second = table([HEADER, ["复壮", "5株", "4株", "8"]], top=60)
    assert texts(grid(first, second)) == [HEADER, ["挂牌", "20株", "20株", "10"], ["复壮", "5株", "4株", "8"]]


def test_cell_merged_over_a_page_break_is_one() -> None:
    first = table([HEADER, ["产出", "20株", "20株", "10"], ["^", "3次", "3次", "10"]], top=700)
    second = table([["", "90%", "90%", "10"], ["^", "80%", "80%", "10"], ["效益", "无", "无", "5"]], top=60)
    found = grid(first, second)
    assert [row[0] for row in texts(found)] == ["指标", "产出", "^", "^", "^", "效益"]
    cell = found.rows[1][0]
    assert cell is not None
    assert (cell.row_span, cell.place) == (4, PagePlace(0, (50, 720, 150, 760), 0, 1, 0))


def test_row_split_by_a_page_break_is_one_and_unsure() -> None:
    first = Canvas()
    first.table([*X, 450], [700, 720, 760], [HEADER, ["挂牌", "20株", "因连续降雨苗木到|场推迟导致挂牌工", "8"]])
    second = Canvas()
    second.table([*X, 450], [60, 90, 110], [["", "", "作延后到次年。", ""], ["复壮", "5株", "5株", "10"]])
    found = grid(first, second)
    assert texts(found) == [
        HEADER,
        ["挂牌", "20株", "因连续降雨苗木到场推迟导致挂牌工作延后到次年。", "8"],
        ["复壮", "5株", "5株", "10"],
    ]
    assert [(cell.column, cell.unsure) for cell in found.own(1)] == [(0, False), (1, False), (2, True), (3, False)]


def test_full_row_on_the_next_page_is_a_row_of_its_own() -> None:
    first = table([HEADER, ["挂牌及建立古树名木的档", "20株", "20株", "10"]], top=700)
    second = table([["案查询系统建设", "1套", "1套", "10"], ["复壮", "5株", "5株", "10"]], top=60)
    assert [row[0] for row in texts(grid(first, second))] == [
        "指标",
        "挂牌及建立古树名木的档",
        "案查询系统建设",
        "复壮",
    ]


@pytest.mark.parametrize("caption", ["社区图书角项目", "附表二"])
def test_caption_begins_another_table(caption: str) -> None:
    first = table([HEADER, ["挂牌", "20株", "20株", "10"]], top=700)
    second = table([HEADER, ["借阅", "300次", "310次", "10"]], top=90)
    second.text(50, 70, caption, 16)
    assert [texts(block) for block in blocks(first, second) if isinstance(block, Grid)] == [
        [HEADER, ["挂牌", "20株", "20株", "10"]],
        [HEADER, ["借阅", "300次", "310次", "10"]],
    ]


def test_other_columns_are_another_table() -> None:
    first = table([HEADER, ["挂牌", "20株", "20株", "10"]], top=700)
    second = table([["一", "二", "三"], ["四", "五", "六"]], top=60)
    assert len([block for block in blocks(first, second) if isinstance(block, Grid)]) == 2


def test_continued_mark_is_no_caption() -> None:
    first = table([HEADER, ["挂牌", "20株", "20株", "10"]], top=700)
    second = table([["复壮", "5株", "5株", "10"], ["巡查", "2次", "2次", "10"]], top=90)
    second.text(50, 70, "（续表）")
    assert len(texts(grid(first, second))) == 4


def test_print_titles_repeat_caption_and_header() -> None:
    first = table([HEADER, ["挂牌", "20株", "20株", "10"]], top=90)
    second = table([HEADER, ["复壮", "5株", "4株", "8"]], top=90)
    for page in (first, second):
        page.text(50, 70, "古树保护", 16)
    assert paragraphs(first, second) == ["古树保护"]
    assert len(texts(grid(first, second))) == 3


@pytest.mark.parametrize("number", ["{}", "第 {} 页", "- {} -", "—{}—", "第{}页 共3页", "{}/3", "Page {} of 3"])
def test_page_numbers_are_dropped(number: str) -> None:
    pages = [table([["挂牌", f"{page}株"]] * 2, top=60) for page in range(3)]
    for page, canvas in enumerate(pages, 1):
        canvas.text(280, 810, number.format(page))
    assert paragraphs(*pages) == []
    assert len(texts(grid(*pages))) == 6


def test_running_header_stays_once_and_titles_stay() -> None:
    pages = []
    for name in ("绿道", "古树", "图书角"):
        canvas = table([["名称", name], ["金额", "1"]], top=120)
        canvas.text(50, 40, "内部资料")
        canvas.text(200, 90, "项目情况表", 16)
        pages.append(canvas)
    assert paragraphs(*pages) == ["内部资料", "项目情况表", "项目情况表", "项目情况表"]


def test_numbers_in_the_text_are_no_page_numbers() -> None:
    canvas = table([["名称", "绿道"], ["金额", "1"]], top=200)
    canvas.text(280, 400, "2023")
    assert paragraphs(canvas) == ["2023"]


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_pages_turned_by_the_file_are_read_as_shown(turns: int) -> None:
    rows = [["项目", "<", "数"], ["一", "二", "三"], ["四", "^", "5.0"]]
    shown = table(rows)
    # The page as it is drawn, so that turning it clockwise shows the table upright.
    a, b, c, d, e, f = {
        1: (0, 1, -1, 0, HEIGHT, 0),
        2: (-1, 0, 0, -1, WIDTH, HEIGHT),
        3: (0, -1, 1, 0, 0, WIDTH),
    }[turns]
    size = (WIDTH, HEIGHT) if turns == 2 else (HEIGHT, WIDTH)
    turned = Canvas(*size, rotate=90 * turns)
    turned.operators = [f"q {a} {b} {c} {d} {e} {f} cm", *shown.operators, "Q"]
    found = grid(turned)
    assert texts(found) == rows
    cell = found.rows[0][0]
    assert cell is not None
    assert isinstance(cell.place, PagePlace)
    assert cell.place.box == (50, 70, 250, 90)


def test_text_printed_sideways_is_read_upright() -> None:
    rows = [["项目名称", "绿道养护"], ["主管部门", "园林管理所"]]
    sideways = Canvas(HEIGHT, WIDTH)
    sideways.operators = [f"q 0 1 -1 0 {HEIGHT} 0 cm", *table(rows).operators, "Q"]
    assert texts(grid(sideways)) == rows


def test_table_without_lines_is_read_by_alignment_and_unsure() -> None:
    rows = [HEADER, ["挂牌", "20株", "20株", "10"], ["复壮", "5株", "4株", "8"], ["巡查", "2次", "2次", "10"]]
    canvas = Canvas()
    canvas.text(200, 60, "古树保护", 16)
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            canvas.text(50 + 110 * column, 100 + 22 * number, text)
    found = grid(canvas)
    assert texts(found) == rows
    assert all(cell.unsure for row in found.rows for cell in row if cell is not None)
    assert paragraphs(canvas) == ["古树保护"]


# --- files that cannot be read -----------------------------------------------------------------------------------


def reason(content: bytes) -> str:
    with pytest.raises(UnreadableError) as problem:
        read_pdf(content)
    assert problem.value.remedy is not None
    return problem.value.reason.en


def test_scans_say_which_pages() -> None:
    scan = Canvas(picture=True)
    assert reason(pdf(scan, scan)) == "page 1–2: a scanned picture without text that could be read"
    _, remarks = read_pdf(pdf(table([["甲", "乙"], ["丙", "丁"]]), scan, Canvas(), scan))
    (remark,) = remarks
    assert remark.kind == "unrecognised-table"
    assert remark.arguments["reason"].en.startswith("page 2, 4: a scanned picture")
    assert "OCR" in remark.arguments["reason"].zh


def test_recognised_text_over_a_scan_is_unsure() -> None:
    canvas = table([["项目名称", "绿道养护项目"], ["主管部门", "滨湖园林管理所"]])
    canvas.text(50, 200, "本表由文字识别软件生成，仅供参考")
    canvas.picture = True
    cell = grid(canvas).rows[0][1]
    assert cell is not None
    assert (cell.text, cell.unsure) == ("绿道养护项目", True)


def test_text_without_characters_is_said() -> None:
    canvas = table([["项目名称", "绿道养护项目"], ["主管部门", "滨湖园林管理所"]])
    assert "without character codes" in reason(pdf(canvas, mapped=False))


def test_password() -> None:
    encrypt = b"/Encrypt<</Filter/Standard/V 1/R 2/O<%s>/U<%s>/P -4>>/ID[<00><00>]" % (b"11" * 32, b"22" * 32)
    assert "password" in reason(pdf(Canvas(), trailer=encrypt))


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"", "empty"),
        (b"PK\x03\x04 something else", "no PDF"),
        (b"%PDF-1.7\n", "damaged"),
        (b"%PDF-1.7\n" + b"\x00\xff" * 5000, "damaged"),
    ],
)
def test_damaged(content: bytes, text: str) -> None:
    assert text in reason(content)


@pytest.mark.parametrize("cut", range(5, 100, 9))
def test_cut_files_are_read_or_refused(cut: int) -> None:
    content = pdf(table([["甲", "乙"], ["丙", "丁"]]))
    try:
        read_pdf(content[: len(content) * cut // 100])
    except UnreadableError as problem:
        assert problem.remedy is not None


@given(st.integers(0, 2**32), st.binary(min_size=1, max_size=8))
@settings(max_examples=60, deadline=None)
def test_changed_bytes_are_read_or_refused(at: int, patch: bytes) -> None:
    content = bytearray(pdf(table([["甲", "乙"], ["丙", "丁"]])))
    start = at % len(content)
    content[start : start + len(patch)] = patch
    try:
        read_pdf(bytes(content))
    except UnreadableError as problem:
        assert problem.remedy is not None


def test_too_many_pages() -> None:
    kids = b" ".join([b"3 0 R"] * 5000)
    content = file(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[%s]/Count 5000>>" % kids,
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>",
        ]
    )
    assert "5000 pages" in reason(content)


def with_contents(*contents: bytes, box: bytes = b"0 0 595 842") -> bytes:
    """A page with these objects from number 4, the first of them its contents; `/F` draws object 5."""
    return file(
        [
            b"<</Type/Catalog/Pages 2 0 R>>",
            b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
            b"<</Type/Page/Parent 2 0 R/MediaBox[%s]/Contents 4 0 R/Resources<</XObject<</F 5 0 R>>>>>>" % box,
            *contents,
        ]
    )


def form(resources: bytes, draws: bytes) -> bytes:
    return stream(draws, b"/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Resources<<%s>>" % resources)


def test_bombs_end_soon() -> None:
    started = time.monotonic()
    flate = with_contents(stream(b"0 0 m 9 9 l S\n" * 3_000_000))
    assert len(flate) < 100_000
    assert "too large" in reason(flate)
    packed = zlib.compress(zlib.compress(b" " * 200_000_000))
    twice = b"<</Filter[/FlateDecode/FlateDecode]/Length %d>>\nstream\n%s\nendstream" % (len(packed), packed)
    assert "too large" in reason(with_contents(twice))
    lines = with_contents(stream(b"0 0 m 9 0 l S\n" * 600_000))
    assert "too much content" in reason(lines)
    assert time.monotonic() - started < 20


def test_drawings_that_draw_each_other_end_soon() -> None:
    nested = [form(b"/XObject<</F %d 0 R>>" % (6 + level), b"/F Do " * 10) for level in range(12)]
    content = with_contents(stream(b"/F Do"), *nested, form(b"", b"0 0 m 9 9 l S"))
    started = time.monotonic()
    assert "too large" in reason(content)
    assert time.monotonic() - started < 30


def test_drawing_that_draws_itself() -> None:
    once = with_contents(stream(b"/F Do"), form(b"/XObject<</F 5 0 R>>", b"/F Do"))
    assert reason(once) == "the PDF holds no text"
    twice = with_contents(stream(b"/F Do"), form(b"/XObject<</F 5 0 R>>", b"/F Do /F Do"))
    assert "too large" in reason(twice)


def test_drawing_with_parts_is_read() -> None:
    parts = form(b"/XObject<</F 6 0 R>>", b"/F Do /F Do")
    content = with_contents(stream(b"/F Do"), parts, form(b"", b"0 0 m 9 9 l S"))
    assert reason(content) == "the PDF holds no text"


def test_a_form_is_read_with_its_places() -> None:
    canvas = Canvas()
    canvas.text(200, 50, "项目支出绩效自评表", 16)
    header = ["一级指标", "二级指标", "三级指标", "年度指标值", "实际完成值", "分值", "得分"]
    x = [40 + 70 * column for column in range(8)]
    rows = [
        ["项目名称", "滨湖绿道养护", "<", "<", "<", "<", "<"],
        header,
        ["产出指标", "数量指标", "绿道养护长度", "≥12公里", "13公里", "60", "60"],
        ["^", "^", "补植苗木数量", "300株", "280株", "40", "37.3"],
    ]
    canvas.table(x, [70, 90, 110, 130, 150], rows)
    (document,) = PDF.read(Source("form.pdf", pdf(canvas)))
    assert document.remarks == []
    assert document.data["title"] == "项目支出绩效自评表"
    assert document.data["heading"]["project"] == "滨湖绿道养护"
    assert [(row["level1"], row["name"], row["target"], row["score"]) for row in document.data["indicators"]] == [
        ("产出指标", "绿道养护长度", "≥12公里", Decimal("60")),
        ("产出指标", "补植苗木数量", "300株", Decimal("37.3")),
    ]
    assert document.locate("/indicators/1/score") == PagePlace(0, (460, 130, 530, 150), 0, 3, 6)


def test_huge_page_and_huge_coordinates() -> None:
    drawing = b"1e38 0 m 1e38 1e38 l S -9e9 5 m 9e9 5 l S 0 0 m 3e9 0 l S\n" * 50
    content = with_contents(stream(drawing), box=b"-1e30 -1e30 1e30 1e30")
    assert reason(content) == "the PDF holds no text"


def test_hatching_is_bounded() -> None:
    canvas = Canvas()
    canvas.text(50, 40, "项目情况")
    canvas.operators += [f"{x / 10} 100 m {x / 10} 700 l S" for x in range(500, 5000)]
    canvas.operators += [f"50 {y / 10} m 500 {y / 10} l S" for y in range(1000, 7000)]
    started = time.monotonic()
    (part,), _ = read_pdf(pdf(canvas))
    assert [block.text for block in part.blocks if isinstance(block, Paragraph)] == ["项目情况"]
    assert time.monotonic() - started < 10


def test_component_missing_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "pypdfium2.raw", None)
    with pytest.raises(UnreadableError) as problem:
        read_pdf(pdf(Canvas()))
    assert problem.value.remedy is not None
    assert re.search("pip install .*pypdfium2", problem.value.remedy.en)


@pytest.mark.parametrize(
    ("above", "below", "label"),
    [
        ("效益指标|", "（20分）", "效益指标（20分）"),
        ("成本", "指标", "成本指标"),
        ("满|意|度", "指|标", "满意度指标"),
    ],
)
def test_label_cut_by_a_page_is_one(above: str, below: str, label: str) -> None:
    first = table([HEADER, [above, "20株", "20株", "10"]], top=700, height=50)
    second = table([[below, "", "", ""], ["复壮", "5株", "5株", "10"]], top=60, height=50)
    found = texts(grid(first, second))
    assert [[text.replace("\n", "") for text in row] for row in found[1:]] == [
        [label, "20株", "20株", "10"],
        ["复壮", "5株", "5株", "10"],
    ]


def test_labels_of_two_groups_are_not_joined() -> None:
    first = table([HEADER, ["生态效益指标（二十分）", "", "", ""]], top=700)
    second = table([["社会效益指标（二十分）", "3次", "3次", "5"]], top=60)
    assert [row[0] for row in texts(grid(first, second))[1:]] == ["生态效益指标（二十分）", "社会效益指标（二十分）"]


def test_equal_rows_that_nobody_filled_in_are_no_header() -> None:
    blank = ["……", "无", "无", "—"]
    first = table([HEADER, blank, ["挂牌", "20株", "20株", "10"]], top=700)
    second = table([blank, ["复壮", "5株", "5株", "10"]], top=60)
    assert texts(grid(first, second))[3:] == [blank, ["复壮", "5株", "5株", "10"]]
