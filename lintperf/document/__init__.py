"""A document: plain data with exact decimals, and where each value stands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from lintperf.model import Place, Remark

__all__ = ["Document", "Locator", "no_places", "places_in"]

# pointer → its place, or None where the value has none of its own
Locator = Callable[[str], Place | None]


def no_places(_pointer: str) -> Place | None:
    """The locator of a document that has no places."""
    return None


def places_in(places: Mapping[str, Place]) -> Locator:
    """A locator over places that an importer noted while it read."""
    return places.get


@dataclass(slots=True)
class Document:
    """One document as a reader or importer hands it over.

    path     the file as the user named it
    data     what JSON can hold; every number is a `decimal.Decimal` with the decimals as written. None: unreadable
    index    which document of its file, from 0
    locate   pointer → place; called only for documents with findings, so it may compute them then
    remarks  what the reader has to say: content not taken over, tables not recognised, why it cannot be read
    source   the text of the file where it is a text file: snippets and fixes need it
    syntax   how values are written in `source`, where new ones can be put in their place
    unsure   pointers of values that were read by a guess; findings on them have low confidence
    valid    whether the reader has held `data` against the schema of its type
    """

    path: str
    data: Any
    index: int = 0
    locate: Locator = no_places
    remarks: list[Remark] = field(default_factory=list)
    source: str | None = None
    syntax: Literal["json", "yaml"] | None = None
    unsure: frozenset[str] = frozenset()
    valid: bool = False
