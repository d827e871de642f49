"""Real files among what schemathesis makes up: without them few requests get further than to the reading of a file.

Loaded by its command (`SCHEMATHESIS_HOOKS`), see `test_schemathesis.py`. The same seed gives the same requests.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import Any

import schemathesis
from hypothesis import strategies as st
from schemathesis import GenerationMode

EXAMPLES = Path(__file__).parents[2] / "examples"
OFFICE = "application/vnd.openxmlformats-officedocument"
MEDIA_TYPES = {
    ".json": "application/json",
    ".docx": f"{OFFICE}.wordprocessingml.document",
    ".xlsx": f"{OFFICE}.spreadsheetml.sheet",
    ".html": "text/html",
}
# fields whose values mean something beyond their shape; made up, they hardly ever do
MEANT = ("ruleset", "select", "extend_select", "ignore", "severity", "param", "filename")


def files(content: bytes) -> st.SearchStrategy[bytes]:
    """A file, whole or damaged at one place."""
    places, bytes_ = st.integers(0, len(content) - 1), st.binary(max_size=3)
    damaged = st.tuples(places, bytes_).map(lambda pair: content[: pair[0]] + pair[1] + content[pair[0] + 1 :])
    return st.one_of(st.just(content), st.just(content), damaged)


for path in EXAMPLES.iterdir():
    if path.suffix in MEDIA_TYPES:
        schemathesis.openapi.media_type(MEDIA_TYPES[path.suffix], files(path.read_bytes()))


@schemathesis.hook
def before_load_schema(context: Any, raw_schema: Any) -> None:
    """Say that a form brings one file of these types, made up as above; what is meant comes in the query."""
    for operations in raw_schema["paths"].values():
        for operation in operations.values():
            form = operation.get("requestBody", {}).get("content", {}).get("multipart/form-data")
            if form is not None:
                form["encoding"] = {"file": {"contentType": ", ".join(MEDIA_TYPES.values())}}
                form["schema"]["properties"]["file"] = {"type": "string", "format": "binary"}
                for name in MEANT:
                    form["schema"]["properties"].pop(name, None)


@schemathesis.hook
def before_call(context: Any, case: Any, kwargs: Any) -> None:
    """Leave out fields that mean something, but for every fourth request that is meant to be right."""
    if case.method != "POST" or case.meta is None or case.meta.generation.mode != GenerationMode.POSITIVE:
        return
    if case.query and zlib.crc32(repr(sorted(case.query.items())).encode()) % 4:
        for name in MEANT:
            case.query.pop(name, None)
