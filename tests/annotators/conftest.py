"""The invented forms of the importers' tests are used here as well."""

from __future__ import annotations

import sys
from pathlib import Path

tests = Path(__file__).parents[1]
sys.path[:0] = [str(tests), str(tests / "importers"), str(tests / "hostile")]
