"""Real forms, where they are at hand: PDF and text give the values of the Word files."""

from __future__ import annotations

from pathlib import Path

import pytest
from real.formats import compared

from lintperf.pipeline import open_session

REAL = Path(__file__).parents[2].parent / "shared" / "real"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real forms are not here")


@pytest.mark.parametrize(("format", "most"), [("xlsx", 0), ("html", 0), ("pdf", 0), ("txt", 4)])
def test_values_are_those_of_the_word_file(format: str, most: int) -> None:
    """A text extraction holds a cell that is merged over rows once: four explanations of one form."""
    files = compared(open_session(), REAL, format)
    different = [(one.path.stem, number, value) for one in files for number, value in one.different]
    assert len(different) <= most, different
    assert sum(one.values for one in files) > 1500
    assert not any(one.remarks for one in files)
