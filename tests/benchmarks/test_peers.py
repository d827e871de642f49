"""The peers that lintperf is measured against: those that are installed find what lintperf finds."""

from __future__ import annotations

import json
import re
import sys
from decimal import Decimal
from pathlib import Path

import pytest

from benchmarks.forms import clean_form, form_text
from benchmarks.measure import Run, run
from benchmarks.peers import figures
from benchmarks.peers.agreement import PROBES, defects, found_by, unlike, write_kinds
from benchmarks.peers.environments import NODE, PythonEnvironment
from benchmarks.peers.figures import Plan, Point, Series, measure
from benchmarks.peers.page import Results, page
from benchmarks.peers.table import CODES, FORMATS, LINTPERF, PEERS, Finding, Peer, Words, row_of, schema_rule

HERE = Path(__file__).resolve().parents[2] / "benchmarks" / "peers"


@pytest.fixture(scope="module")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Twenty forms, two with each defect."""
    folder = tmp_path_factory.mktemp("forms")
    write_kinds(folder, defects(2))
    return folder


@pytest.fixture(scope="module")
def ours(forms: Path) -> set[Finding]:
    """What lintperf finds in them."""
    return found_by(LINTPERF, forms)


def test_each_defect_is_found(ours: set[Finding]) -> None:
    assert {(one.form, one.code) for one in ours} >= {(f"{code}-{seed}", code) for code in CODES for seed in (0, 1)}


@pytest.mark.parametrize("peer", PEERS[1:], ids=lambda peer: peer.name)
def test_a_peer_finds_what_lintperf_finds(peer: Peer, forms: Path, ours: set[Finding]) -> None:
    reason = peer.missing()
    if reason is not None:
        pytest.skip(reason)
    assert unlike(peer, ours, found_by(peer, forms)) == []


def test_differences_are_said_for_what_a_peer_can_express() -> None:
    half = next(peer for peer in PEERS if "LP203" in peer.cannot)
    sums, score = Finding("a", "LP203", ""), Finding("a", "LP202", "indicators/1")
    assert unlike(half, {sums, score}, {score}) == []
    assert unlike(half, {sums, score}, set()) == ["lintperf alone: a LP202 indicators/1"]
    assert unlike(half, set(), {score}) == [f"{half.name} alone: a LP202 indicators/1"]
    assert unlike(half, {sums}, {sums}) == [f"{half.name} alone: a LP203 "]  # it cannot be right by luck


def test_what_cannot_be_expressed_is_among_the_ten() -> None:
    for peer in PEERS:
        assert set(peer.cannot) <= set(CODES)
        assert [*peer.codes, *peer.cannot] and len(peer.codes) + len(peer.cannot) == len(CODES)
    assert LINTPERF.codes == CODES


def test_every_version_is_pinned() -> None:
    wanted = json.loads((HERE / "package.json").read_text(encoding="utf-8"))["dependencies"]
    assert wanted and all(re.fullmatch(r"[0-9]+(\.[0-9]+){2}", version) for version in wanted.values())
    files = sorted(HERE.glob("*/requirements.txt"))
    assert len(files) == len({peer.environment for peer in PEERS} - {None, NODE})
    for file in files:
        for line in file.read_text(encoding="utf-8").splitlines():
            assert re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][A-Za-z0-9.]*", line), f"{file}: {line}"


def test_an_environment_is_told_by_what_it_was_installed_from(tmp_path: Path) -> None:
    pinned = tmp_path / "requirements.txt"
    pinned.write_text("tool==1.0\n", encoding="utf-8")
    environment = PythonEnvironment("tool", pinned, tmp_path / "environment")
    assert environment.version("tool") == "1.0"
    assert "not installed" in (environment.missing() or "")
    environment.folder.mkdir()
    (environment.folder / "installed-from").write_text("tool==1.0\n", encoding="utf-8")
    assert environment.missing() is None
    pinned.write_text("tool==1.1\n", encoding="utf-8")
    assert "other versions" in (environment.missing() or "")


@pytest.mark.parametrize(
    ("path", "message", "code"),
    [
        (["indicators", "3", "weight"], "None is not of type 'number'", "LP103"),
        (["indicators", "3"], "'score' is a required property", "LP103"),
        (["indicators", "3"], "'actual' is a required property", "LP104"),
        (["indicators", "3", "actual"], "None is not of type 'string'", "LP104"),
        (["indicators", "3", "score"], "-1 is less than the minimum of 0", "LP202"),
        (["indicators", "3", "weight"], "0 should not be valid under {'const': 0}", "LP208"),
        (["funds", "rows", "3", "rate"], "1.0 is greater than the maximum of 0", "LP303"),
    ],
)
def test_what_a_schema_says_is_told_apart(path: list[str], message: str, code: str) -> None:
    assert schema_rule(path, message) == code


def test_rows() -> None:
    assert row_of(["indicators", "3", "score"]) == "indicators/3"
    assert row_of(["funds", "rows", "0"]) == "funds/rows/0"
    assert row_of(["total", "score"]) == ""


def test_forms_as_xml_keep_the_decimals_as_written() -> None:
    xml = FORMATS["xml"]('{"total": {"score": 90.10, "label": null}, "notes": ["甲", "乙"], "rows": [{"a": 1.0}]}')
    assert (
        xml
        == '<form><total score="90.10" /><notes><row>甲</row><row>乙</row></notes><rows><row a="1.0" /></rows></form>'
    )


def test_what_takes_too_long_is_stopped() -> None:
    with pytest.raises(TimeoutError, match="stopped after 1 s"):
        run([sys.executable, "-c", "while True: pass"], limit=1)


# --- measuring, with tools whose times are made up -------------------------------------------------------------------

EXPECTED = {Finding("000000", "LP202", "indicators/0")}


def _tool(name: str) -> Peer:
    return Peer(name, None, "1", Words("脚本", "a script"), lambda folder: [name, str(folder)],
                lambda output: {Finding(*one) for one in json.loads(output)}, Words("", ""))  # fmt: skip


@pytest.fixture
def tools(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Tools called linear, quadratic, stuck or fragile (from two forms on), blind (finds nothing); lists what ran."""
    ran: list[str] = []

    def pretend(command: list[str], accept: tuple[int, ...], limit: int) -> Run:
        name, folder = command
        forms = len(list(Path(folder).iterdir()))
        ran.append(f"{name} {forms}")
        if name == "stuck" and forms > 1:
            raise TimeoutError("stopped")
        if name == "fragile" and forms > 1:
            raise RuntimeError("out of memory")
        seconds = 0.5 + forms**2 if name == "quadratic" else 0.5 + forms / 10
        return Run(99, seconds, 1, "[]" if name == "blind" else json.dumps([*EXPECTED]), 10)

    monkeypatch.setattr(figures, "run", pretend)
    monkeypatch.setattr(figures, "found_by", lambda _peer, _folder: EXPECTED)
    return ran


def test_measuring_leaves_out_what_would_take_too_long_and_goes_on(tools: list[str]) -> None:
    said: list[str] = []
    peers = [_tool(name) for name in ("linear", "quadratic", "stuck", "fragile")]
    series = measure(peers, Plan({1: 1, 2: 2, 6: 1, 7: 1}, {}, 8), said.append)
    points = [Point("forms", size) for size in (1, 2, 6, 7)]
    assert list(series["linear"].runs) == points
    assert [len(runs) for runs in series["linear"].runs.values()] == [1, 2, 1, 1]
    # 1.5 and 4.5 s: six forms would take 1.5 + 3 × 3
    assert list(series["quadratic"].runs) == points[:2]
    assert series["quadratic"].cut == {points[2]}
    assert list(series["stuck"].runs) == list(series["fragile"].runs) == points[:1]
    assert series["stuck"].cut == series["fragile"].failed == {points[1]}
    assert not series["stuck"].failed and not series["fragile"].cut
    assert tools == [
        *("linear 1", "quadratic 1", "stuck 1", "fragile 1") * 2,  # the first time does not count
        *("linear 2", "quadratic 2", "stuck 2", "fragile 2", "linear 2", "quadratic 2"),
        *("linear 6", "linear 7"),
    ]
    assert "2 forms: stuck: stopped" in said
    assert "2 forms: fragile: out of memory" in said
    assert "6 forms: quadratic would take more than 8 s" in said


@pytest.mark.usefixtures("tools")
def test_measuring_stops_at_a_tool_that_finds_something_else() -> None:
    with pytest.raises(RuntimeError, match="blind finds"):
        measure([_tool("linear"), _tool("blind")], Plan({1: 1}, {}, 60), lambda _line: None)


# --- the page --------------------------------------------------------------------------------------------------------


def test_the_page_shows_ratios_cuts_and_what_is_absent() -> None:
    tool = _tool("tool")
    points = [Point("forms", 1), Point("forms", 11), Point("indicators", 10)]
    series = {
        "lintperf": Series({point: [Run(9, 0.5 + 0.001 * point.size, 0, "", 40)] for point in points}),
        "tool": Series({points[0]: [Run(9, 0.25, 0, "", 100)], points[2]: [Run(9, 1.02, 0, "", 1234)]}, {points[1]}),
        "weak": Series({points[0]: [Run(9, 1.5, 0, "", 50)]}, failed={points[1], points[2]}),
    }
    results = Results("do it", Plan({1: 1, 11: 1}, {10: 1}, 60), 2, 33, (LINTPERF, tool, _tool("weak")), ("rest",),
                      {"lintperf": [], "tool": [1], "weak": []}, series)  # fmt: skip
    text = page(results)
    assert text.index("## 中文") < text.index("## English")
    assert "$" not in text
    assert text.count("> 60 s |") == 2
    assert "| lintperf | 501 ms | 1.0 × | 1.00 ms | 1.0 × | 11 |" in text
    assert "| tool | 250 ms | 0.50 × | – | – | – |" in text
    assert "| tool | 1.0 s<br>1,234 MiB<br>2.0 × |" in text
    assert "| weak | 1.5 s<br>50 MiB<br>3.0 × | breaks down |" in text
    assert "| weak | 崩溃 |" in text
    assert "| tool | ✓ | ✗ | ✓ |" in text
    assert "未能安装、没有测的：rest。" in text and "Not to be had and left out: rest." in text


def test_the_probes_are_forms_that_a_float_judges_wrongly() -> None:
    """Each would be told apart by exact decimals alone."""
    tenth, total, cent = (probe.form() for probe in PROBES)
    assert form_text(tenth) != form_text(clean_form(0))
    assert str(tenth["funds"]["rows"][0]["rate"]) == "0.9"
    assert Decimal(total["total"]["score"]).as_tuple().exponent == -1
    row = cent["funds"]["rows"][3]
    assert row["executed"] > row["annual"] and float(row["executed"]) == float(row["annual"])
