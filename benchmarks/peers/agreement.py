"""Whether the peers find what lintperf finds, form by form, rule by rule, row by row."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

from benchmarks.forms import Form, clean_form, defective_form, form_text
from benchmarks.measure import run
from benchmarks.peers.table import CODES, FINDINGS, FORMATS, LINTPERF, Finding, Peer, Words

__all__ = ["PROBES", "Probe", "defects", "found_by", "unlike", "variants", "write_kinds"]

TENTH = Decimal("0.1")


def defects(forms: int) -> Iterator[tuple[str, str]]:
    """`forms` forms with each of the ten defects, as names and texts."""
    for code in CODES:
        for seed in range(forms):
            yield f"{code}-{seed}", form_text(defective_form(seed, code)[0])


def variants() -> Iterator[tuple[str, str]]:
    """A clean form, and the same form with what else the rules have to tell apart, as names and texts."""
    yield "clean", form_text(clean_form(3))
    for name, change in VARIANTS.items():
        form = clean_form(3)
        change(form)
        yield name, form_text(form)


def write_kinds(folder: Path, forms: Iterable[tuple[str, str]]) -> None:
    """Forms, given as names and texts, as files of each kind that peers read: `folder/json`, `folder/xml`."""
    for kind in FORMATS:
        (folder / kind).mkdir(parents=True, exist_ok=True)
    for name, text in forms:
        for kind, turned in FORMATS.items():
            (folder / kind / f"{name}.{kind}").write_text(turned(text), encoding="utf-8")


def found_by(peer: Peer, folder: Path) -> set[Finding]:
    """What a peer finds in the forms that `write_kinds` wrote."""
    return peer.findings(run(peer.command(folder / peer.reads), accept=FINDINGS).output)


def unlike(peer: Peer, ours: set[Finding], theirs: set[Finding]) -> list[str]:
    """Where a peer differs from lintperf in the codes that it can express, as lines; empty when they agree."""
    ours = {one for one in ours if one.code in peer.codes}
    lines = [f"{peer.name} alone: {' '.join(one)}" for one in sorted(theirs - ours)]
    return lines + [f"{LINTPERF.name} alone: {' '.join(one)}" for one in sorted(ours - theirs)]


def _blank_score(form: Form) -> None:
    form["indicators"][2]["score"] = None


def _no_score_key(form: Form) -> None:
    del form["indicators"][2]["score"]


def _dash_as_actual(form: Form) -> None:
    form["indicators"][4]["actual"] = "——"


def _no_weight_on_row(form: Form) -> None:
    form["indicators"][5]["weight"] = Decimal("0.0")


def _points_for_nothing(form: Form) -> None:
    row = form["funds"]["rows"][3]
    row["rate"], row["score"] = None, Decimal("1.0")


def _zero_percent(form: Form) -> None:
    form["funds"]["rows"][3]["rate"] = "0.00%"


def _percent_of_nothing(form: Form) -> None:
    form["funds"]["rows"][3]["rate"] = "100%"


def _wide_percent(form: Form) -> None:
    row = form["funds"]["rows"][0]
    rate = (row["executed"] / row["annual"] * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)
    row["rate"] = f"{rate}％"


def _wrong_percent(form: Form) -> None:
    form["funds"]["rows"][0]["rate"] = "12.34%"


def _other_words_for_empty(form: Form) -> None:
    row = next(row for row in form["indicators"] if row["name"] == "无")
    row["name"], row["target"] = "不适用", "/"


def _full_marks_unsaid(form: Form) -> None:
    form["total"]["weight"] = None


def _total_unsaid(form: Form) -> None:
    del form["total"]["score"]


def _several_at_once(form: Form) -> None:
    form["indicators"][0]["score"] += Decimal("1.5")
    form["indicators"][1]["score"] = Decimal("-1")
    form["indicators"][6]["actual"] = None
    form["funds"]["rows"][1]["rate"] = Decimal("0.10")


VARIANTS: dict[str, Callable[[Form], None]] = {
    "score-blank": _blank_score,
    "score-absent": _no_score_key,
    "actual-dash": _dash_as_actual,
    "weight-zero": _no_weight_on_row,
    "points-for-nothing": _points_for_nothing,
    "zero-percent": _zero_percent,
    "percent-of-nothing": _percent_of_nothing,
    "wide-percent": _wide_percent,
    "wrong-percent": _wrong_percent,
    "other-words-for-empty": _other_words_for_empty,
    "full-marks-unsaid": _full_marks_unsaid,
    "total-unsaid": _total_unsaid,
    "several-at-once": _several_at_once,
}


# --- forms on which numbers that are not exact, or have lost their decimals, show ------------------------------------


@dataclass(frozen=True)
class Probe:
    """A form that an exact tool judges rightly.

    code     the rule that it tries
    what     what is written in it
    expects  whether the rule finds something
    """

    code: str
    what: Words
    expects: bool
    form: Callable[[], Form]


def _rate_in_tenths() -> Form:
    """A clean form whose rate is written with one decimal, 0.9 for 0.93."""
    for seed in range(1000):
        form = clean_form(seed)
        top = form["funds"]["rows"][0]
        exact = top["executed"] / top["annual"]
        if exact.quantize(TENTH, ROUND_HALF_UP) == Decimal("0.9") and exact > Decimal("0.92"):
            top["rate"] = Decimal("0.9")
            return form
    raise LookupError("no form fits")


def _total_in_tenths() -> Form:
    """A clean form whose total score is written with one decimal less than it has."""
    for seed in range(1000):
        form = clean_form(seed)
        score = form["total"]["score"]
        if score != score.quantize(TENTH):
            form["total"]["score"] = score.quantize(TENTH, ROUND_HALF_UP)
            return form
    raise LookupError("no form fits")


def _cent_of_many() -> Form:
    """A form that spends a cent more than a budget of sixteen digits."""
    form = clean_form(1)
    row = form["funds"]["rows"][3]
    row["initial"] = row["annual"] = Decimal("1000000000000000.00")
    row["executed"] = row["annual"] + Decimal("0.01")
    row["rate"] = Decimal("1.00")
    return form


PROBES = (
    Probe(
        "LP301",
        Words("执行率只写一位小数，0.9（实为 0.93）", "a rate written with one decimal, 0.9 for 0.93"),
        False,
        _rate_in_tenths,
    ),
    Probe(
        "LP204",
        Words(
            "总得分只写一位小数，按四舍五入与明细相符",
            "a total written with one decimal, which the rows give when rounded",
        ),
        False,
        _total_in_tenths,
    ),
    Probe(
        "LP305",
        Words("预算 1000000000000000.00，执行多一分", "a cent spent above a budget of 1000000000000000.00"),
        True,
        _cent_of_many,
    ),
)
