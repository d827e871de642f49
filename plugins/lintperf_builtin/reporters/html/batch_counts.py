"""What the figures and lists of a batch share: counts worked out once, numbers as the page writes them, small parts."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from lintperf.model import Severity, Text
from lintperf.results import Totals, View
from lintperf_builtin.reporters.html.digest import Form, Gathered, bins, most_common, odd_ones
from lintperf_builtin.reporters.html.parts import SEVERITIES, both, text

__all__ = [
    "LEVELS",
    "MOST_RULES",
    "NO_UNIT",
    "Counts",
    "decimal",
    "head",
    "in_bin",
    "link",
    "percent",
    "plain",
    "rounded",
    "unit_name",
    "words",
]

MOST_STRUCTURES: Final = 8
# rules with a column of their own in the heat map
MOST_RULES: Final = 16

NO_UNIT: Final = Text("（未写明单位）", "(no unit stated)")
LEVELS: Final = tuple(SEVERITIES)


def percent(value: Decimal | None, places: str = "0.1") -> str:
    if value is None:
        return "—"
    return f"{(value * 100).quantize(Decimal(places), ROUND_HALF_UP):f}%"


def decimal(value: Decimal | None) -> str:
    """A score as it is written, or with two decimals where it was computed."""
    if value is None:
        return "—"
    exponent = value.as_tuple().exponent
    short = value.quantize(Decimal("0.01"), ROUND_HALF_UP) if isinstance(exponent, int) and exponent < -2 else value
    return f"{short:f}"


def plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def rounded(value: Decimal | None, places: str) -> Decimal | None:
    """A value for a picture, which needs no more digits."""
    return None if value is None else value.quantize(Decimal(places), ROUND_HALF_UP)


class Counts:
    """The batch counted by document, unit, rule, structure and score."""

    def __init__(self, gathered: Gathered, totals: Totals, view: View) -> None:
        self.gathered, self.totals, self.view = gathered, totals, view
        self.forms = gathered.forms
        self.odd = odd_ones(self.forms)
        self.trend = _trend_of(totals)
        self.forms_by_code: dict[str, int] = {}
        self.found_by_code: dict[str, int] = {}
        self.by_unit: dict[str, dict[str, int]] = {}
        self.severities: dict[str, Severity] = {}
        self.of_unit: dict[str, int] = {}
        grading = {code for code, rule in view.rules.items() if rule.check == "grade-mismatch"}
        # what the rule on grades says: it knows the words and the bands that a form prints
        self.mismatched = {n for n, form in enumerate(self.forms) if any(code in grading for code, _ in form.counts)}
        for form in self.forms:
            self.of_unit[form.unit] = self.of_unit.get(form.unit, 0) + 1
            unit = self.by_unit.setdefault(form.unit, {})
            for code in dict.fromkeys(code for code, _ in form.counts):
                self.forms_by_code[code] = self.forms_by_code.get(code, 0) + 1
                unit[code] = unit.get(code, 0) + 1
            for (code, severity), count in form.counts.items():
                self.severities[code] = max(severity, self.severities.get(code, severity))
                self.found_by_code[code] = self.found_by_code.get(code, 0) + count
        self.codes = sorted(self.forms_by_code, key=lambda code: (-self.forms_by_code[code], code))
        self.units = sorted(self.by_unit, key=lambda unit: (-sum(self.by_unit[unit].values()), unit))
        structures: dict[tuple[Decimal, ...], int] = {}
        for form in self.forms:
            if any(form.overview.classes):
                key = tuple(points.normalize() for points in form.overview.classes)
                structures[key] = structures.get(key, 0) + 1
        ranked = sorted(structures, key=lambda key: (-structures[key], key))
        self.structures = ranked[:MOST_STRUCTURES]
        self.structure_counts = structures
        self.other_structures = sum(structures[key] for key in ranked[MOST_STRUCTURES:])
        self.scores = [score for form in self.forms if (score := form.score()) is not None]
        self.bins = bins(self.scores)
        self.bands = most_common((form.overview.bands for form in self.forms), ())
        self.frame = most_common((form.overview.frame for form in self.forms), None)

    def structure(self, form: Form) -> int | None:
        """The position of a form's structure; that behind the last for a rare one; None without points."""
        if not any(form.overview.classes):
            return None
        key = tuple(points.normalize() for points in form.overview.classes)
        return self.structures.index(key) if key in self.structures else len(self.structures)

    def bin(self, form: Form) -> int | None:
        """The position of a form's bin; None without a score."""
        score = form.score()
        if score is None:
            return None
        return next((number for number, (low, high) in enumerate(self.bins) if in_bin(score, low, high)), None)


def in_bin(score: Decimal, low: Decimal, high: Decimal) -> bool:
    return low <= score < high or score == high == 100


def _trend_of(totals: Totals) -> dict[str, tuple[int, int, int]]:
    """Code → findings new since the baseline, still there, gone; the most frequent first; empty without a baseline."""
    held = totals.baseline
    if held is None:
        return {}
    codes = sorted({*held.new, *held.unchanged, *held.absent})
    counts = {code: tuple(each.get(code, 0) for each in (held.new, held.unchanged, held.absent)) for code in codes}
    return dict(sorted(counts.items(), key=lambda item: -sum(item[1])))  # type: ignore[arg-type]


def words(zh: str, en: str) -> str:
    """A text in both languages as HTML."""
    return both(Text(zh, en))


def head(*titles: Text) -> str:
    cells = "".join(f'<th scope="col">{both(title)}</th>' for title in titles)
    return f"<thead><tr>{cells}</tr></thead>\n"


def link(batch: Counts, number: int) -> str:
    form = batch.forms[number]
    return f'<a href="#f{number}">{text(form.title or form.path)}</a>'


def unit_name(unit: str) -> str:
    return text(unit) if unit else both(NO_UNIT)
