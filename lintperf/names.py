"""Names that were probably meant: every error about an unknown name suggests the nearest one."""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["near_name"]


def near_name(name: str, names: Iterable[str]) -> str | None:
    """The one of `names` that `name` was probably meant to be, None if none is near."""
    import difflib

    close = difflib.get_close_matches(name, list(names), n=1, cutoff=0.6)
    return close[0] if close else None
