"""Where the values of a converted document stood in the file that it came from: the document's `origin`.

`{"file": name, "places": {pointer: place as text}, "unsure": [pointers]}`; every document type may declare it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from lintperf.document import Document
from lintperf.document.places import read_place, whole
from lintperf.model import Origin

__all__ = ["origin_at", "origin_of", "unsure_pointers"]


def origin_of(document: Document) -> dict[str, Any]:
    """What to write beside the data of a document that was imported: its file's name and every place that is known."""
    places = {
        pointer: whole(place) for pointer in _pointers(document.data) if (place := document.locate(pointer)) is not None
    }
    origin: dict[str, Any] = {"file": PurePath(document.path).name, "places": places}
    if document.unsure:
        origin["unsure"] = sorted(document.unsure)
    return origin


def _pointers(value: Any, pointer: str = "") -> Iterator[str]:
    yield pointer
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _pointers(item, f"{pointer}/{key.replace('~', '~0').replace('/', '~1')}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _pointers(item, f"{pointer}/{index}")


def _origin(data: Any) -> Mapping[str, Any]:
    origin = data.get("origin") if isinstance(data, Mapping) else None
    return origin if isinstance(origin, Mapping) else {}


def origin_at(data: Any, pointer: str) -> Origin | None:
    """The place in the original file of the value at `pointer`, or of the nearest value around it; None without one."""
    origin = _origin(data)
    file, places = origin.get("file"), origin.get("places")
    if not isinstance(file, str) or not isinstance(places, Mapping):
        return None
    while True:
        text = places.get(pointer)
        if isinstance(text, str) and (place := read_place(text)) is not None:
            return Origin(file, place)
        if not pointer:
            return None
        pointer = pointer.rpartition("/")[0]


def unsure_pointers(document: Document) -> frozenset[str]:
    """The values that were read by a guess, now or when the document was converted."""
    noted = _origin(document.data).get("unsure")
    if not isinstance(noted, list):
        return document.unsure
    return document.unsure | {pointer for pointer in noted if isinstance(pointer, str)}
