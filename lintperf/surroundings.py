"""What the user's machine says of the user: the language, the day. The one look at environment and clock."""

from __future__ import annotations

import os

from lintperf.model import Lang

__all__ = ["default_lang", "today"]


def default_lang() -> Lang:
    """`en` where the locale is English, else `zh`."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "en" if value.lower().startswith("en") else "zh"
    return "zh"


def today() -> str:
    """The user's day as `YYYY-MM-DD`: the one look at the clock, for packs and suppressions with dates."""
    import time

    return time.strftime("%Y-%m-%d")
