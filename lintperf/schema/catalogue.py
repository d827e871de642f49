"""Document types by name: the schema of each, its fields and its validator, loaded when first asked for."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from lintperf.resources import data_folder
from lintperf.schema.fields import Field, fields_of, lookup
from lintperf.schema.validation import Validator

__all__ = ["DocumentType", "editor_catalogue", "load_schema", "schema_files"]

FORMATS_OF_LINTPERF = ("ruleset", "rule", "cases", "choices", "config", "baseline")

# which files the formats of lintperf itself are for; a document of any type can be called as it likes
_FILES = {
    "rule": ["**/rules/*.yaml", "!**/rules/*.test.yaml"],
    "cases": ["**/rules/*.test.yaml"],
    "ruleset": ["**/ruleset.yaml"],
    "choices": ["**/ruleset.test.yaml"],
    "config": ["lintperf.toml"],
}


def load_schema(path: Path) -> dict[str, Any]:
    """A schema file as JSON."""
    schema: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return schema


def schema_files(types: Mapping[str, DocumentType]) -> dict[str, Path]:
    """The files of all schemas by name: of the formats of lintperf itself, then of the document types."""
    own = {name: data_folder("schemas") / f"{name}.json" for name in FORMATS_OF_LINTPERF}
    return own | {name: each.path for name, each in types.items()}


def editor_catalogue(schemas: Mapping[str, Path], types: Collection[str]) -> dict[str, Any]:
    """The schemas as editors look them up: names, descriptions, patterns of files, addresses beside the catalogue.

    The members are those of SchemaStore's catalogue. A document type is known by the suffix `.<type>.json`.
    """
    listed = []
    for name, path in schemas.items():
        schema = load_schema(path)
        files = [f"*.{name}.{suffix}" for suffix in ("json", "yaml", "yml")] if name in types else _FILES.get(name, [])
        listed.append(
            {
                "name": schema.get("title", name),
                "description": schema.get("description", ""),
                "fileMatch": files,
                "url": f"./{name}.json",
            }
        )
    return {"version": 1, "schemas": listed}


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
