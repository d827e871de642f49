"""Where the schemas and rule packs that ship with lintperf lie: beside the package in a wheel, or in the checkout."""

from __future__ import annotations

from pathlib import Path

__all__ = ["data_folder"]


def data_folder(name: str) -> Path:
    """The folder `schemas` or `rulesets`. A wheel puts them under `lintperf_data`, beside the package."""
    beside = Path(__file__).parent.parent
    installed = beside / "lintperf_data" / name
    return installed if installed.is_dir() else beside / name
