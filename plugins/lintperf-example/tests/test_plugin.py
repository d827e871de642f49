"""The plugin's own tests: the cases of its rules, its importer, and a run of the command line's pipeline."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest
from lintperf_example import plugin
from lintperf_example.annotator import write_remarks
from lintperf_example.importer import read_benches
from lintperf_example.renderer import write_sheet
from lintperf_example.reporter import write_tally

from lintperf.cases import run_cases
from lintperf.extension import Source, UnreadableError
from lintperf.model import TextPlace
from lintperf.pipeline import Session, check_source, open_session
from lintperf.policy import Policy
from lintperf.results import Results, Totals, View, Wanted

FILE = Path(__file__).parent / "riverside.bench"


@pytest.fixture(scope="module")
def session() -> Session:
    """A session with the plugin, whether it is installed or not."""
    plain = open_session(use_cache=False)
    if "bench-register" in plain.extensions.types:
        return plain
    return open_session(plugins={"benches": plugin}, use_cache=False)


def test_the_cases_of_every_rule_hold(session: Session) -> None:
    ruleset = session.ruleset(Policy(), "bench-register")
    results = list(run_cases(session, ruleset))
    assert len(results) == 12
    assert [result for result in results if result.failure is not None] == []


def test_the_importer_keeps_decimals_and_places() -> None:
    (document,) = read_benches(Source("p.bench", "公园\n 01 | 3 |  1.50\n\nnot a bench\n".encode()))
    assert document.data["benches"] == [{"number": "01", "seats": Decimal(3), "length": Decimal("1.50")}]
    assert str(document.data["benches"][0]["length"]) == "1.50"
    assert document.locate("/benches/0/length") == TextPlace(1, 11, 1, 15, 14, 18)
    assert document.source is not None
    assert document.source[14:18] == "1.50"
    assert [remark.kind for remark in document.remarks] == ["unmapped-content"]


def test_what_cannot_be_read_says_why() -> None:
    with pytest.raises(UnreadableError, match="not UTF-8"):
        list(read_benches(Source("p.bench", b"\xff\xff")))


def test_a_number_that_is_none_is_found_by_the_schema() -> None:
    (document,) = read_benches(Source("p.bench", "公园\n1 | three | NaN\n".encode()))
    assert document.data["benches"] == [{"number": "1", "seats": "three", "length": "NaN"}]


def test_a_file_is_checked_and_tallied(session: Session) -> None:
    result = check_source(session, Source(str(FILE), FILE.read_bytes()), Policy())
    assert [(finding.code, finding.snippet) for finding in result.documents[0].findings] == [
        ("BR101", "5"),
        ("BR102", "02"),
    ]
    rules = {rule.code: rule for rule in session.ruleset(Policy(), "bench-register").rules}
    view = View("zh", rules, lambda _type, path: path, lambda _type, _path: None, "bench-register", "", "1")
    assert "".join(write_tally(Results([result], Totals()), view)) == "    1  BR101  座位过窄\n    1  BR102  编号重复\n"


def test_a_register_gives_a_row_of_its_table(session: Session) -> None:
    source = Source("p.bench", "江畔公园\n01 | 3 | 1.50\n02 | 4 |\n".encode())
    result = check_source(session, source, Policy(), wanted=Wanted(tables=("parks",)))
    assert result.documents[0].tables == {
        "parks": [{"park": "江畔公园", "benches": Decimal(2), "seats": Decimal(7), "length": Decimal("1.50")}]
    }


def test_a_register_is_printed_with_its_decimals(session: Session) -> None:
    documents = [
        document.data for document in read_benches(Source("p.bench", "江畔公园\n01 | 3 | 1.50\n02 | 4 |\n".encode()))
    ]
    rendered = write_sheet(documents)
    assert rendered.content.decode() == "江畔公园\n编号\t座位数\t长度（米）\n01\t3\t1.50\n02\t4\t\n"
    assert rendered.omissions == []
    assert session.extensions.renderers["bench-register", ".txt"].write is write_sheet


def test_findings_stand_below_their_lines(session: Session) -> None:
    source = Source(str(FILE), FILE.read_bytes())
    result = check_source(session, source, Policy())
    rules = {rule.code: rule for rule in session.ruleset(Policy(), "bench-register").rules}
    view = View("zh", rules, lambda _type, path: path, lambda _type, _path: None, "bench-register", "", "1")
    copy = write_remarks(source, result, view, [])
    assert (copy.comments, copy.cells) == (2, 2)
    lines = copy.content.decode().splitlines()
    remarks = [number for number, line in enumerate(lines) if line.startswith("# ")]
    assert ["5" in lines[remarks[0] - 1], "02" in lines[remarks[1] - 1]] == [True, True]
    assert [line for line in lines if not line.startswith("# ")] == FILE.read_text(encoding="utf-8").splitlines()
