"""The ten rules as pandera schemas over three data frames of all forms; prints a JSON array of [file, code, row].

`python check.py FOLDER`. A frame of forms, one of indicators and one of funds: the forms are flattened first, which
pandera leaves to its users. Numbers are pandas' floats, so sums are compared to a millionth and a rate that is a number
is taken to have two decimals.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pandera.errors
import pandera.pandas as pa

BLANK = r"\s*(?:|无|不适用|[/—－_-])\s*"
RATE = r"^([-+]?[0-9]+(?:[.]([0-9]+))?)[%％]$"
NUMBER = pa.Column(float, nullable=True, required=True)
TEXT = pa.Column(str, nullable=True, required=True)


def frames(folder: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """The forms of a folder as a frame of forms, one of indicators and one of funds, each with file and row."""
    forms: list[dict[str, Any]] = []
    indicators: list[dict[str, Any]] = []
    funds: list[dict[str, Any]] = []
    for path in sorted(folder.iterdir()):
        form = json.loads(path.read_bytes())
        total, money = form.get("total") or {}, (form.get("funds") or {}).get("rows") or []
        top = next((row for row in money if row["source"] == "total"), {})
        forms.append({"file": path.name, "row": "", "full": total.get("weight"), "total": total.get("score"),
                      "execution_weight": top.get("weight"), "execution_score": top.get("score")})  # fmt: skip
        indicators += [
            {"file": path.name, "row": f"indicators/{i}", **{key: row.get(key) for key in INDICATOR}}
            for i, row in enumerate(form["indicators"])
        ]
        funds += [
            {"file": path.name, "row": f"funds/rows/{i}", **{key: row.get(key) for key in FUND}}
            for i, row in enumerate(money)
        ]
    return _typed(forms, FORM), _typed(indicators, INDICATOR), _typed(funds, FUND)


FORM = {"full": float, "total": float, "execution_weight": float, "execution_score": float}
INDICATOR = {"name": str, "target": str, "actual": str, "weight": float, "score": float}
FUND = {"annual": float, "executed": float, "rate": str, "score": float}


def _typed(rows: list[dict[str, Any]], kinds: dict[str, type]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["file", "row", *kinds])
    return frame.astype({name: "str" if kind is str else kind for name, kind in kinds.items()})


# --- what the checks need of a frame, as columns of their own --------------------------------------------------------


def with_facts(
    forms: pd.DataFrame, indicators: pd.DataFrame, funds: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Empty rows, columns that a form has, sums of a form, rates as numbers."""
    indicators["empty"] = _matches(indicators["name"], BLANK) & _matches(indicators["target"], BLANK)
    of_form = indicators.groupby("file", sort=False)
    for key in ("weight", "score"):
        indicators[f"has_{key}"] = of_form[key].transform("count") > 0
        lacking = (indicators[key].isna() & ~indicators["empty"]).groupby(indicators["file"], sort=False).any()
        added = of_form[key].sum().where(~lacking)
        forms[f"{key}s"] = forms["file"].map(added) + forms[f"execution_{key}"].fillna(0)
    forms["full"] = forms["full"].fillna(100)
    percent = funds["rate"].str.extract(RATE)
    plain = pd.to_numeric(funds["rate"], errors="coerce")
    funds["stated"] = plain.where(percent[0].isna(), pd.to_numeric(percent[0]) / 100)
    funds["decimals"] = 2 + percent[1].str.len().fillna(0)
    return forms, indicators, funds


def _matches(texts: pd.Series, pattern: str) -> pd.Series:
    return texts.isna() | texts.str.fullmatch(pattern).fillna(False)


def _rate_as_computed(frame: pd.DataFrame) -> pd.Series:
    scale = 10 ** frame["decimals"]
    computed = np.floor(frame["executed"] / frame["annual"] * scale + 0.5 + 1e-9) / scale
    return (computed - frame["stated"]).abs() < 1e-6


# --- the rules: a check is true where all is well --------------------------------------------------------------------

# comparisons with what is not there are false in pandas, so each rule is said as its violation and turned round
INDICATORS = pa.DataFrameSchema(
    {"name": TEXT, "target": TEXT, "actual": TEXT, "weight": NUMBER, "score": NUMBER},
    checks=[
        pa.Check(
            lambda f: f["empty"] | ~((f["has_weight"] & f["weight"].isna()) | (f["has_score"] & f["score"].isna())),
            name="LP103",
        ),
        pa.Check(
            lambda f: (
                ~(
                    (f["score"] > 0)
                    & ~f["empty"]
                    & (_matches(f["target"], r"[\W_]*") | _matches(f["actual"], r"[\W_]*"))
                )
            ),
            name="LP104",
        ),
        pa.Check(lambda f: ~(f["score"] > f["weight"]), name="LP201"),
        pa.Check(lambda f: ~(f["score"] < 0), name="LP202"),
        pa.Check(lambda f: ~((f["empty"] & (f["weight"] > 0)) | (~f["empty"] & (f["weight"] == 0))), name="LP208"),
    ],
)
FORMS = pa.DataFrameSchema(
    {"full": NUMBER, "total": NUMBER, "weights": NUMBER, "scores": NUMBER},
    checks=[
        pa.Check(lambda f: ~((f["weights"] - f["full"]).abs() >= 1e-6), name="LP203"),
        pa.Check(lambda f: ~((f["scores"] - f["total"]).abs() >= 1e-6), name="LP204"),
    ],
)
FUNDS = pa.DataFrameSchema(
    {"annual": NUMBER, "executed": NUMBER, "stated": NUMBER, "score": NUMBER},
    checks=[
        pa.Check(
            lambda f: f["stated"].isna() | f["executed"].isna() | ~(f["annual"] > 0) | _rate_as_computed(f),
            name="LP301",
        ),
        pa.Check(
            lambda f: ~((f["annual"] == 0) & (f["executed"] == 0) & ((f["stated"] > 0) | (f["score"] > 0))),
            name="LP303",
        ),
        pa.Check(lambda f: ~(f["executed"] > f["annual"]), name="LP305"),
    ],
)


def failures(schema: pa.DataFrameSchema, frame: pd.DataFrame) -> set[tuple[str, str, str]]:
    """File, code and row of every failed check."""
    try:
        schema.validate(frame, lazy=True)
    except pandera.errors.SchemaErrors as errors:
        cases = errors.failure_cases[["check", "index"]].drop_duplicates()
        return {(frame.at[at, "file"], code, frame.at[at, "row"]) for code, at in cases.itertuples(index=False)}
    return set()


if __name__ == "__main__":
    forms, indicators, funds = with_facts(*frames(Path(sys.argv[1])))
    found = failures(INDICATORS, indicators) | failures(FORMS, forms) | failures(FUNDS, funds)
    json.dump(sorted(found), sys.stdout)
