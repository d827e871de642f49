"""Shares that whole numbers can give."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.checks.shares import share_fits

from lintperf.rules.functions import round_half_up


@pytest.mark.parametrize(
    ("share", "base", "fits"),
    [
        ("2", 7, False),
        ("2", 53, True),
        ("14", 7, True),
        ("14.3", 7, True),
        # cut off instead of rounded
        ("14.2", 7, True),
        ("14.4", 7, False),
        ("97.01", 35, False),
        ("97.14", 35, True),
        ("50", 1, False),
        ("0", 9, True),
    ],
)
def test_shares_of_a_base(share: str, base: int, fits: bool) -> None:
    assert share_fits(Decimal(share), Decimal(base)) is fits


@given(st.integers(1, 10**6), st.data(), st.integers(0, 4))
def test_every_counted_share_fits_its_base(base: int, data: st.DataObject, places: int) -> None:
    part = data.draw(st.integers(0, base))
    share = round_half_up(Decimal(part) * 100 / base, Decimal(places))
    assert share_fits(share, Decimal(base))
