"""JSON Schemas as help for writing: what may stand at a path, what it is called."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

from lintperf.lsp.desk import Desk
from lintperf.lsp.syntax import Path
from lintperf.lsp.texts import EditorText
from lintperf.model import Lang
from lintperf.resources import data_folder
from lintperf.schema.catalogue import load_schema

__all__ = ["Node", "choices_of", "in_lang", "kinds_of", "node_at", "root_of"]

Node = Mapping[str, Any]


def in_lang(text: Any, lang: Lang) -> str:
    """A title or description of a schema, which writes both languages as `中文 | English`."""
    chinese, _, english = str(text or "").partition(" | ")
    return (english or chinese) if lang == "en" else chinese


@lru_cache(maxsize=16)
def _of_lintperf(name: str) -> Node:
    return load_schema(data_folder("schemas") / f"{name}.json")


def root_of(desk: Desk, text: EditorText, kind: str | None, path: Path, offset: int) -> tuple[Node, Path] | None:
    """The schema that a path of a text leads into, and the path from there; None where none is known.

    A file may hold several documents, and a file of cases holds documents too.
    """
    types = desk.session.extensions.types
    if kind in ("rule", "cases", "ruleset", "choices", "config"):
        if kind in ("cases", "choices") and len(path) > 3 and path[2] in ("document", "documents"):
            inner = path[3:] if path[2] == "document" else path[4:]
            name = desk.data_of(text).get("type") or _type_of_cases(desk, text)
            if name in types and inner:
                return types[name].schema, inner
        return _of_lintperf(kind), path
    name = desk.type_at(text, offset)
    if name is None:
        return None
    return types[name].schema, path[1:] if path and isinstance(path[0], int) else path


def _type_of_cases(desk: Desk, text: EditorText) -> str | None:
    """The first type of the rule that cases are about."""
    rule = desk.rule(text, text.path.name.partition("-")[0])
    return rule.types[0] if rule is not None else next(iter(desk.session.extensions.types), None)


def node_at(root: Node, path: Path) -> Node | None:
    """What a schema says of the value at a path; None where it says nothing."""
    node: Node | None = _whole(root, root)
    for part in path:
        if node is None:
            return None
        if isinstance(part, int):
            below = node.get("items")
        else:
            below = node.get("properties", {}).get(part, node.get("additionalProperties"))
        node = _whole(below, root) if isinstance(below, Mapping) else None
    return node


def _whole(node: Node, root: Node, depth: int = 0) -> Node:
    """The node with what it refers to put in its place."""
    if depth > 10:
        return node
    if "$ref" in node:
        target: Any = root
        for part in str(node["$ref"]).removeprefix("#/").split("/"):
            target = target[part]
        node = {**_whole(target, root, depth + 1), **{key: value for key, value in node.items() if key != "$ref"}}
    for part in node.get("allOf", []):
        whole = _whole(part, root, depth + 1)
        node = {**whole, **node}
    return node


def kinds_of(node: Node) -> list[str]:
    """The types that a value may have."""
    kinds = node.get("type", [])
    return [kinds] if isinstance(kinds, str) else list(kinds)


def choices_of(node: Node) -> Iterator[Any]:
    """The values that a schema lists."""
    if "const" in node:
        yield node["const"]
    yield from node.get("enum", [])
    if not ("const" in node or "enum" in node) and kinds_of(node) == ["boolean"]:
        yield from (True, False)
