"""Document types by name: the schema of each, its fields and its validator, loaded when first asked for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from lintperf.schema.fields import Field, fields_of, lookup
from lintperf.schema.validation import Validator

__all__ = ["DocumentType", "load_schema"]


def load_schema(path: Path) -> dict[str, Any]:
    """A schema file as JSON."""
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


class DocumentType:
    """One document type: `name` is the stem of its schema file and the value of a document's `type` field."""

    def __init__(self, path: Path) -> None:
        self.name = path.stem
        self.path = path

    @cached_property
    def schema(self) -> Mapping[str, Any]:
        """The JSON Schema."""
        return load_schema(self.path)

    @cached_property
    def root(self) -> Field:
        """The fields of a document."""
        return fields_of(self.schema)

    @cached_property
    def validator(self) -> Validator:
        """The validator of the schema."""
        return Validator(self.schema)

    @cached_property
    def title_pointer(self) -> str | None:
        """Where a document of this type has its title (schema keyword `x-title`)."""
        return self.schema.get("x-title")

    @cached_property
    def group_pointer(self) -> str | None:
        """Where a document of this type says what it is counted under with others (schema keyword `x-group`)."""
        return self.schema.get("x-group")

    def field(self, path: str) -> Field | None:
        """The field at a dotted path such as `indicators.score`."""
        return lookup(self.root, path)
