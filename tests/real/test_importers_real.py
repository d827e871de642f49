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


@pytest.mark.parametrize("suffix", [".docx", ".html"])
def test_report_is_no_self_evaluation_form(suffix: str) -> None:
    for path in (REAL / "report").glob(f"*{suffix}"):
        (document,) = read(path)
        assert document.data is None
        assert {remark.kind for remark in document.remarks} == {"unrecognised-table"}
