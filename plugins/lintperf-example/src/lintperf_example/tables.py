"""A table over the registers of a run: one row a park, its benches, seats and metres."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from lintperf.extension import Column, Subject, Table
from lintperf.model import Text

__all__ = ["PARKS"]


def park_rows(subject: Subject) -> Iterator[Mapping[str, Any]]:
    """One row: how many benches, the seats and the length of those that state them."""
    benches = subject.rows("benches")
    yield {
        "park": subject.data.get("park"),
        "benches": Decimal(len(benches)),
        "seats": sum((bench["seats"] for bench in benches if bench.get("seats") is not None), Decimal(0)),
        "length": sum((bench["length"] for bench in benches if bench.get("length") is not None), Decimal(0)),
    }


PARKS = Table(
    "parks",
    "bench-register",
    (
        Column("park", Text("公园", "Park")),
        Column("benches", Text("长椅", "Benches"), "count", total=True),
        Column("seats", Text("座位数", "Seats"), "count", total=True),
        Column("length", Text("长度（米）", "Length (m)"), "number", total=True),
    ),
    park_rows,
    Text("各公园的长椅", "Benches by park"),
)
