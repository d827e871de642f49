"""Places as text and back, and what a document says of the file that it was converted from."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lintperf.document import Document, places_in
from lintperf.document.origin import origin_at, origin_of, unsure_pointers
from lintperf.document.places import read_place, short, whole
from lintperf.findings.places import doubt
from lintperf.model import (
    CellPlace,
    Confidence,
    Finding,
    Origin,
    PagePlace,
    ParagraphPlace,
    Place,
    Severity,
    SheetPlace,
    TextPlace,
)

counts = st.integers(0, 10_000)
edges = st.integers(-2000, 2000)
cells = st.from_regex(r"[A-Z]{1,3}[1-9][0-9]{0,6}", fullmatch=True)
places: st.SearchStrategy[Place] = st.one_of(
    st.builds(CellPlace, counts, counts, counts),
    st.builds(PagePlace, counts, st.tuples(edges, edges, edges, edges), counts, counts, counts),
    st.builds(
        SheetPlace, st.text(min_size=1, max_size=31), st.from_regex(r"[A-Z]{1,3}[1-9][0-9]{0,6}", fullmatch=True)
    ),
    st.builds(ParagraphPlace, counts, counts, st.none() | st.integers(1, 10_000), st.none() | counts),
    st.builds(lambda line, column: TextPlace(line, column, line, column, 0, 0), counts, counts),
)


@given(places)
def test_a_place_is_read_back_as_it_was_written(place: Place) -> None:
    assert read_place(whole(place)) == place


@pytest.mark.parametrize(
    ("place", "text"),
    [
        (CellPlace(1, 0, 0), "表2!R1C1"),
        (SheetPlace("表1", "RC12"), "表1!RC12"),
        (TextPlace(11, 4, 11, 9, 80, 85), "12:5"),
        (PagePlace(1, (72, 100, 310, 128), 0, 5, 4), "页2!表1!R6C5"),
        (ParagraphPlace(11), "段12"),
        (ParagraphPlace(11, 4, 20), "段12:5-20"),
        (ParagraphPlace(11, 4), "段12:5-"),
        (ParagraphPlace(11, 4, 20, 1), "页2!段12:5-20"),
    ],
)
def test_a_place_in_a_few_characters(place: Place, text: str) -> None:
    assert short(place) == text


def test_the_box_is_written_where_a_place_is_kept() -> None:
    assert whole(PagePlace(1, (72, 100, 310, 128), 0, 5, 4)) == "页2[72,100,310,128]!表1!R6C5"


@pytest.mark.parametrize("text", ["", "表1", "Sheet1", "R1C1", "页2!表1!R6C5", "Sheet1!12", "0x1:2"])
def test_what_is_no_place_is_none(text: str) -> None:
    assert read_place(text) is None


ROW = {"name": "补植苗木", "a/b": Decimal(1)}
KNOWN = {"": CellPlace(0, 0, 0), "/rows/0": CellPlace(0, 4, 0), "/rows/0/a~1b": CellPlace(0, 4, 3)}


def test_the_origin_holds_every_known_place_and_no_folder() -> None:
    document = Document("some/folder/form.docx", {"rows": [ROW]}, locate=places_in(KNOWN))
    assert origin_of(document) == {
        "file": "form.docx",
        "places": {"": "表1!R1C1", "/rows/0": "表1!R5C1", "/rows/0/a~1b": "表1!R5C4"},
    }


def test_values_read_by_a_guess_are_listed() -> None:
    document = Document("form.pdf", {"rows": [ROW]}, unsure=frozenset({"/rows/0/name", "/rows/0/a~1b"}))
    origin = origin_of(document)
    assert origin["unsure"] == ["/rows/0/a~1b", "/rows/0/name"]
    again = Document("form.json", {"rows": [ROW], "origin": origin}, unsure=frozenset({"/x"}))
    assert unsure_pointers(again) == {"/rows/0/a~1b", "/rows/0/name", "/x"}


def test_a_value_without_a_place_has_that_of_what_is_around_it() -> None:
    data = {"rows": [ROW], "origin": origin_of(Document("form.docx", {"rows": [ROW]}, locate=places_in(KNOWN)))}
    assert origin_at(data, "/rows/0/a~1b") == Origin("form.docx", CellPlace(0, 4, 3))
    assert origin_at(data, "/rows/0/name") == Origin("form.docx", CellPlace(0, 4, 0))
    assert origin_at(data, "/other") == Origin("form.docx", CellPlace(0, 0, 0))


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"origin": None},
        {"origin": []},
        {"origin": {"file": 3, "places": {"": "表1!R1C1"}}},
        {"origin": {"file": "a.docx"}},
        {"origin": {"file": "a.docx", "places": {"": 7, "/rows": "nowhere"}}},
    ],
)
def test_a_broken_origin_names_no_place(data: object) -> None:
    assert origin_at(data, "/rows/0") is None
    assert unsure_pointers(Document("a.json", data)) == frozenset()


def finding(pointer: str, cells: tuple[str, ...] = ()) -> Finding:
    return Finding("X1", Severity.error, Confidence.high, "a", 0, pointer, cells=tuple((name, None) for name in cells))


def test_a_finding_on_a_guess_has_low_confidence() -> None:
    own, row, other = finding("/rows/0/b"), finding("/rows/0/c", ("a", "b")), finding("/rows/1/b", ("b",))
    doubt(Document("a", {}, unsure=frozenset({"/rows/0/b"})), [own, row, other])
    assert [each.confidence for each in (own, row, other)] == [Confidence.low, Confidence.low, Confidence.high]
