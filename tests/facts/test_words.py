"""The tables of `facts/words.py` are those of `vocabulary/values.yaml`; run as a program, this writes them anew."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from lintperf_builtin.facts import words
from lintperf_builtin.facts.indicator import row_nature
from lintperf_builtin.facts.measures import Kind, parse_measure
from lintperf_builtin.facts.units import canonical_unit

FOLDER = Path(words.__file__).parents[1]
SOURCE = FOLDER / "vocabulary" / "values.yaml"
MODULE = FOLDER / "facts" / "words.py"
OPERATORS = (">=", ">", "<=", "<", "=")
TABLES = ("operator_signs", "operator_words", "operator_endings")
LISTS = ("no_operator", "ceilings", "empty_values", "empty_cells", "empty_units")
WIDTH = 110


def vocabulary() -> dict[str, Any]:
    """The words of the YAML file, refused where they are not what a table holds."""
    data = yaml.safe_load(SOURCE.read_text(encoding="utf-8"))
    assert sorted(data) == sorted((*TABLES, *LISTS))
    for name in TABLES:
        assert set(data[name]) <= set(OPERATORS), name
        flat = [word for texts in data[name].values() for word in texts]
        assert len(flat) == len(set(flat)), f"{name} has a word twice"
    for name in LISTS:
        assert all(isinstance(word, str) and word for word in data[name]), name
    return data


def _pairs(table: Mapping[str, list[str]]) -> list[str]:
    return [f'"{word}": "{operator}"' for operator, texts in table.items() for word in texts]


def _packed(items: list[str]) -> str:
    lines, line = [], ""
    for item in items:
        if line and len((line + item).encode("gb18030")) > WIDTH:
            lines.append(line.rstrip())
            line = ""
        line += item + ", "
    return "\n    ".join([*lines, line.rstrip()])


def module(data: Mapping[str, Any]) -> str:
    """The Python module of the tables."""
    names = "".join(f'    "{name.upper()}",\n' for name in sorted((*TABLES, *LISTS)))
    parts = [
        '"""The words within values: made of `vocabulary/values.yaml` by tests/facts/test_words.py, not by hand.\n'
        "\n"
        "They are Python and not read from YAML because every start of lintperf needs them.\n"
        '"""\n'
        "\n"
        "from typing import Final\n"
        "\n"
        f"__all__ = [\n{names}]\n",
    ]
    for name in TABLES:
        parts.append(f"{name.upper()}: Final = {{\n    {_packed(_pairs(data[name]))}\n}}  # fmt: skip\n")
    for name in LISTS:
        quoted = ['"{}"'.format(word.replace("\\", "\\\\")) for word in data[name]]
        parts.append(f"{name.upper()}: Final = (\n    {_packed(quoted)}\n)  # fmt: skip\n")
    return "\n".join(parts)


def test_the_tables_are_those_of_the_file() -> None:
    assert MODULE.read_text(encoding="utf-8") == module(vocabulary()), "run `python tests/facts/test_words.py`"


@pytest.mark.parametrize(
    ("operator", "word"),
    [(operator, word) for name in TABLES[:2] for operator, texts in vocabulary()[name].items() for word in texts],
)
def test_every_operator_is_read_before_a_number(operator: str, word: str) -> None:
    measure = parse_measure(f"{word}12公里")
    assert (measure.kind, measure.operator, measure.value, measure.unit) == (Kind.number, operator, 12, "公里")
    column = parse_measure("12", word, "公里")
    assert (column.kind, column.operator) == (Kind.number, operator)


@pytest.mark.parametrize(
    ("operator", "word"),
    [(operator, word) for operator, texts in vocabulary()["operator_endings"].items() for word in texts],
)
def test_every_ending_is_read_behind_a_number(operator: str, word: str) -> None:
    assert parse_measure(f"12公里{word}").operator == operator


@pytest.mark.parametrize("word", vocabulary()["no_operator"])
def test_a_column_without_operator_leaves_the_target_as_it_is(word: str) -> None:
    assert parse_measure("12公里", word) == parse_measure("12公里")


@pytest.mark.parametrize("word", vocabulary()["ceilings"])
def test_a_column_that_says_less_is_better_makes_a_ceiling(word: str) -> None:
    assert parse_measure("12公里", word).operator == "<="


def test_every_sign_for_nothing_is_one() -> None:
    data = vocabulary()
    assert [word for word in data["empty_values"] if parse_measure(word).kind is not Kind.empty] == []
    assert [
        word for word in data["empty_cells"] if not row_nature(None, None, word, word, None, None, None).is_empty
    ] == []
    assert [word for word in data["empty_units"] if canonical_unit(word) is not None] == []


if __name__ == "__main__":
    MODULE.write_text(module(vocabulary()), encoding="utf-8")
    sys.stdout.write(f"{MODULE}\n")
