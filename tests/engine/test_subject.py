"""A document as rules look at it: columns are what the rows say, however alike or unlike the rows are."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from lintperf.rules.subject import DocumentSubject

NAMES = ("name", "target", "weight")
ROW = st.dictionaries(st.sampled_from(NAMES), st.integers(0, 3) | st.none())
# rows as programs write them have the same fields in one order
ALIKE = st.permutations(NAMES).flatmap(
    lambda names: st.lists(
        st.tuples(*[st.integers(0, 3)] * len(names)).map(lambda row: dict(zip(names, row, strict=True)))
    )
)


@given(st.lists(ROW) | ALIKE)
def test_a_column_is_the_field_of_every_row(rows: list[dict[str, Any]]) -> None:
    subject = DocumentSubject("form.json", {"lines": rows}, ())
    for name in (*NAMES, "unknown", *NAMES):
        assert list(subject.column("lines", name)) == [row.get(name) for row in rows]


def test_an_array_that_is_not_there_has_empty_columns() -> None:
    assert list(DocumentSubject("form.json", {}, ()).column("lines", "name")) == []
