"""Real forms, where they are at hand: every format gives the same data, and nothing is left over."""

from __future__ import annotations

from pathlib import Path

import pytest
from lintperf_builtin.importers import IMPORTERS

from lintperf.document import Document
from lintperf.extension import Source

REAL = Path(__file__).parents[2].parent / "shared" / "real"
pytestmark = pytest.mark.skipif(not REAL.is_dir(), reason="the real forms are not here")
FORMS = sorted(path.stem for path in (REAL / "self-evaluation").glob("*.html"))
OTHERS = sorted(path.stem for path in (REAL / "other-layouts").glob("*.html"))


def read(path: Path) -> list[Document]:
    importer = next(one for one in IMPORTERS if path.suffix in one.suffixes)
    return list(importer.read(Source(path.name, path.read_bytes())))


@pytest.mark.parametrize(
    "path", [f"self-evaluation/{stem}" for stem in FORMS] + [f"other-layouts/{stem}" for stem in OTHERS]
)
def test_formats_agree_and_nothing_is_left_over(path: str) -> None:
    (word,), (excel,), (html,) = (read(REAL / f"{path}{suffix}") for suffix in (".docx", ".xlsx", ".html"))
    assert word.data is not None
    assert word.data == excel.data == html.data
    assert word.remarks == excel.remarks == html.remarks == []
    assert len(word.data["indicators"]) > 1
    assert word.data["total"] is not None


def test_eight_forms_in_one_file() -> None:
    singles = [read(REAL / "self-evaluation" / f"{stem}.docx")[0].data for stem in FORMS]
    for suffix in (".docx", ".xlsx"):
        together = read(REAL / "self-evaluation" / f"all{suffix}")
        assert [document.data for document in together] == singles
        assert [document.index for document in together] == list(range(len(singles)))
        assert not any(document.remarks for document in together)


def test_a_report_is_the_same_in_all_formats() -> None:
    """What a web page says around it becomes notes; a PDF knows paragraphs and white space only nearly."""
    for path in (REAL / "report").glob("*.docx"):
        (word,), (page,), (pdf,) = (read(path.with_suffix(suffix)) for suffix in (".docx", ".html", ".pdf"))
        assert word.data["type"] == "evaluation-report"
        assert word.remarks == page.remarks == pdf.remarks == []
        assert {**page.data, "notes": None} == word.data
        for name in ("title", "heading", "sections", "payments", "funds", "goals", "tables", "subtotals"):
            assert pdf.data[name] == word.data[name], name
        assert len(pdf.data["indicators"]) == len(word.data["indicators"]) > 1
        assert abs(len(pdf.data["paragraphs"]) - len(word.data["paragraphs"])) < len(word.data["paragraphs"]) / 20
