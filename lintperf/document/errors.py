"""The one error of the text formats: a text that cannot be read as JSON or YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lintperf.model import Text, TextPlace

__all__ = ["SyntaxProblem"]


class SyntaxProblem(Exception):
    """A text that is no strict JSON or YAML.

    reason   a sentence without the file's name: what is wrong
    place    where, if that is known
    """

    def __init__(self, reason: Text, place: TextPlace | None = None) -> None:
        super().__init__(reason.en)
        self.reason = reason
        self.place = place
