"""What a mutation of a clean form is: the defect of one rule, put into a random place."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any, NamedTuple

__all__ = ["Mutation"]


class Mutation(NamedTuple):
    """One defect.

    code     the rule that must fire
    mutate   breaks the form in place, in a row the generator chooses, and returns the JSON pointer that the finding
             must point to, or None when this form offers no place for the defect
    implies  codes that the same defect brings along, with good reason
    extend   the rule is off by default and has to be asked for
    """

    code: str
    mutate: Callable[[dict[str, Any], random.Random], str | None]
    implies: frozenset[str] = frozenset()
    extend: bool = False
