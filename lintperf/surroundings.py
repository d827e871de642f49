"""What the user's machine says of the user: the language, the day, the git checkout. The one look at the clock."""

from __future__ import annotations

import os

from lintperf.model import Lang

__all__ = ["checkout_around", "default_lang", "today"]


def default_lang() -> Lang:
    """`en` where the locale is English, else `zh`."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "en" if value.lower().startswith("en") else "zh"
    return "zh"


def checkout_around(folder: str) -> str | None:
    """The root of the git checkout that a folder lies in: the nearest folder upwards with a `.git`; None for none."""
    while not os.path.lexists(os.path.join(folder, ".git")):  # noqa: PTH118 - asked for each file; a Path costs more
        above = os.path.dirname(folder)  # noqa: PTH120 - see above
        if above == folder:
            return None
        folder = above
    return folder


def today() -> str:
    """The user's day as `YYYY-MM-DD`: the one look at the clock, for packs and suppressions with dates."""
    import time

    return time.strftime("%Y-%m-%d")
