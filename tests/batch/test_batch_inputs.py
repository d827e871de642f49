"""Whatever documents come in and however they are cut: the same findings as of `check`."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from batch_runs import findings, inputs, lines, packed, session, told
from hypothesis import given, settings
from hypothesis import strategies as st

from lintperf.batch import records
from lintperf.batch.parts import part_of
from lintperf.batch.records import data_of, records_of
from lintperf.batch.rows import COLUMNS, NAMES
from lintperf.batch.sources import shards_of
from lintperf.policy import UsageProblem

TEXTS = st.lists(st.text(alphabet="a \r{}", max_size=12), max_size=20)


def test_findings_are_those_of_check(forms: Path, lintperf: Callable[..., tuple[int, str, str]]) -> None:
    folder = forms.parent / "files"
    folder.mkdir()
    for number, line in enumerate(lines(60), 1):
        (folder / f"{number:03}.json").write_bytes(line)
    checked = json.loads(lintperf("check", folder, "--format", "json", "--lang", "zh")[1])
    expected = [
        (number, each["code"], each["severity"], each["pointer"], each["row"], each["message"], each["basis"])
        for number, document in enumerate(checked["documents"], 1)
        for each in document["findings"]
    ]
    names = ("code", "severity", "pointer", "row", "message", "basis")
    assert len(expected) >= 12
    assert [(row["record"], *(row[name] for name in names)) for row in findings(forms)] == expected
    files = sorted(folder.iterdir())
    assert [(int(Path(row["path"]).stem), *(row[name] for name in names)) for row in findings(*files)] == expected
    assert {row["record"] for row in findings(*files)} == {None}


def test_compressed_lines_and_columns(forms: Path) -> None:
    expected = told(findings(forms, size=10**9))
    assert len(expected) >= 12
    for size in (1, 5_000, 20_000):
        assert told(findings(forms, size=size)) == expected
    for path in packed(forms):
        assert told(findings(path)) == expected
    texts = [line.decode() for line in lines(60)]
    for name, kind, rows in (("a", pa.string(), 7), ("b", pa.large_binary(), 60), ("c", pa.large_string(), 1)):
        path = forms.with_name(f"{name}.parquet")
        column = pa.array([text.encode() for text in texts] if "binary" in str(kind) else texts, kind)
        pq.write_table(pa.table({"number": range(60), "document": column}), path, row_group_size=rows)
        assert told(findings(path)) == expected


def _as_column(value: Any) -> Any:
    """A column has one type: what may be a number or a text is a text."""
    if isinstance(value, dict):
        return {name: _as_column(item) for name, item in value.items()}
    if isinstance(value, list):
        return [_as_column(item) for item in value]
    return str(value) if isinstance(value, Decimal) else value


def test_columns_that_are_the_fields(forms: Path) -> None:
    documents = [json.loads(line, parse_float=Decimal, parse_int=Decimal) for line in lines(60)]
    types = session().extensions.types
    root = types["self-evaluation"].root
    rows = [_as_column(document) for document in documents]
    for row, document in zip(rows, documents, strict=True):
        row["heading"] = {**document["heading"], "year": int(document["heading"]["year"])}
        row["heading"]["project_amount"] = float(document["heading"]["project_amount"])
        assert data_of(row, root)["heading"]["project_amount"] == document["heading"]["project_amount"]
    path = forms.with_name("fields.parquet")
    pq.write_table(pa.Table.from_pylist(rows), path, row_group_size=13)
    expected = [row[:2] + row[5:] for row in told(findings(forms))]
    found = [row[:2] + row[5:] for row in told(findings(path))]
    assert [row[4] for row in found] == [row[4] for row in expected]


def test_values_of_columns() -> None:
    assert data_of({"a": 1, "b": None, "c": [0.1, float("nan"), True], "d": {"e": "1.50"}}) == {
        "a": Decimal(1), "c": [Decimal("0.1"), None, True], "d": {"e": "1.50"},
    }  # fmt: skip
    assert str(data_of(Decimal("2.50"))) == "2.50"


@settings(max_examples=60, deadline=None)
@given(TEXTS, st.integers(1, 40), st.booleans())
def test_no_line_is_lost_or_seen_twice(texts: list[str], size: int, ended: bool) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "lines.jsonl")
        path.write_bytes("\n".join(texts).encode() + b"\n" * ended)
        expected = [(number, text) for number, text in enumerate(texts, 1) if text.strip(" \t\r\n")]
        for each in (path, *packed(path)):
            shards = list(shards_of(inputs(each), size))
            assert [shard.number for shard in shards] == list(range(len(shards)))
            assert sum(shard.size for shard in shards) == each.stat().st_size or not any(texts)
            read = [
                (number, content.rstrip(b"\n").decode()) for shard in shards for number, content in records_of(shard)
            ]
            assert read == expected


def test_what_is_broken_is_a_finding(forms: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = [lines(60)[row["record"] - 1] for row in findings(forms)[:2]]
    limit = max(map(len, good)) + 1
    monkeypatch.setattr(records, "LONGEST_LINE", limit)
    long = b'{"type": "' + b"x" * (2 * limit) + b'"}\n'
    forms.write_bytes(b"".join([min(lines(60), key=len), b"\n", b'{"type": \n', b"[]\n", good[0], long, good[1]]))
    rows = findings(forms, size=10**6)
    assert [row["record"] for row in rows if row["code"] == "LP001"] == [3, 4, 6]
    assert "这一行超过" in next(row["message"] for row in rows if row["record"] == 6)
    assert {row["record"] for row in rows if row["code"] != "LP001"} == {5, 7}


def test_damaged_files(forms: Path) -> None:
    expected = told(findings(forms))
    for path in packed(forms):
        path.write_bytes(path.read_bytes()[:-30])
        rows = findings(path)
        assert rows[-1]["code"] == "LP001" and rows[-1]["record"] is None and "无法读取" in rows[-1]["message"]
        assert told(rows)[:5] == expected[:5] and len(rows) > len(expected) // 2
    for suffix in ("parquet", "jsonl.gz", "jsonl.zst"):
        path = forms.with_name(f"no.{suffix}")
        path.write_bytes(b"this is nothing of the kind, and says so at length")
        assert [row["code"] for row in findings(path)] == ["LP001"]
    assert [row["code"] for row in findings(forms.with_name("gone.jsonl"))] == ["LP001"]


def test_the_column_has_to_be_known(forms: Path) -> None:
    table = pa.table({"one": ["{}"], "two": ["{}"]})
    path = forms.with_name("two.parquet")
    pq.write_table(table, path)
    with pytest.raises(UsageProblem, match="--column"):
        inputs(path)
    with pytest.raises(UsageProblem, match="three"):
        inputs(path, column="three")
    assert inputs(path, column="two")[0].column == "two"


def test_parts_hold_any_text() -> None:
    row = ("a\u202e.jsonl", 2**40, 0, None, '\x00\u2028"\\', "\\ud800", *["x"] * 9, None, "c", "{}", "", "")
    assert len(row) == len(COLUMNS)
    assert pq.read_table(pa.BufferReader(part_of([row], "parquet"))).to_pylist() == [dict(zip(NAMES, row, strict=True))]
    assert json.loads(part_of([row], "jsonl")) == dict(zip(NAMES, row, strict=True))
    half = (*row[:4], "x\ud800y", *row[5:])
    assert pq.read_table(pa.BufferReader(part_of([half], "parquet")))["title"].to_pylist() == ["x?y"]
    assert json.loads(part_of([half], "jsonl"))["title"] == "x\ud800y"
    assert pq.read_table(pa.BufferReader(part_of([], "parquet"))).num_rows == 0
