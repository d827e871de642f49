"""Values separated by commas, semicolons or tabs: delimiters, quotes, ragged rows, places."""

from __future__ import annotations

import csv
import io
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.importers.delimited_text import rows_of
from lintperf_builtin.importers.grid import Budget
from test_plain_text import FORM, ROWS, read, rows

from lintperf.model import TextPlace


def drawn(delimiter: str, terminator: str = "\r\n") -> str:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator=terminator).writerows(
        line.split("\t") for line in FORM.split("\n")
    )
    return text.getvalue()


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("terminator", ["\r\n", "\n", "\r"])
def test_delimiters(delimiter: str, terminator: str) -> None:
    data = read(drawn(delimiter, terminator), ".csv").data
    assert rows(data) == ROWS
    assert data["heading"]["unit"] == "绿道养护中心"


def test_delimiter_is_what_makes_headers() -> None:
    text = drawn(";").replace("雨季停工", "雨季, 停工, 顺延, 两周, 已报, 已批" * 9)
    assert rows(read(text, ".csv").data)[0][:4] == ROWS[0][:4]


def test_excel_tells_its_delimiter() -> None:
    assert rows(read("sep=;\r\n" + drawn(";"), ".csv").data) == ROWS


def test_places_within_quotes() -> None:
    text = drawn(",").replace("雨季停工", '"雨季，""停工""\n两周"')
    document = read(text, ".csv")
    assert rows(document.data)[0][-1] == '雨季，"停工"\n两周'
    place = document.locate("/indicators/0/explanation")
    assert isinstance(place, TextPlace)
    assert text[place.offset : place.end_offset] == '雨季，""停工""\n两周'
    after = document.locate("/indicators/1/target")
    assert isinstance(after, TextPlace)
    assert text[after.offset : after.end_offset] == "200株"
    assert (after.line, after.column) == (13, 8)


def test_a_quote_that_is_never_closed_is_a_character() -> None:
    document = read(drawn(",").replace("居民使用率", '"居民使用率'), ".csv")
    assert rows(document.data)[3][2] == '"居民使用率'
    assert rows(document.data)[4] == ROWS[4]


def test_ragged_rows() -> None:
    ragged = "\n".join(line.rstrip(",") for line in drawn(",", "\n").split("\n"))
    assert rows(read(ragged, ".csv").data) == ROWS


FIELD = st.text(alphabet=st.sampled_from('a,;"\t\n 得'), max_size=6)


@given(st.lists(st.lists(FIELD, min_size=2, max_size=4), max_size=4), st.sampled_from(",;\t"))
def test_reads_what_the_csv_module_writes(table: list[list[str]], delimiter: str) -> None:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter, lineterminator="\n").writerows(table)
    found = list(rows_of(text.getvalue(), delimiter, 0, Budget()))
    assert [[field.text for field in row] for row in found] == [[field.strip() for field in row] for row in table]
    ends = [edge for row in found for field in row for edge in (field.start, field.end)]
    assert all(left <= right for left, right in pairwise(ends))
