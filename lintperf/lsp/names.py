"""The names that the expressions of a rule may use, with what they mean: for hover and completion."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple

from lintperf.authoring import pack_around
from lintperf.lsp.desk import Desk
from lintperf.lsp.texts import EditorText
from lintperf.model import Text
from lintperf.policy import Policy, UsageProblem
from lintperf.rules.expressions import fact_type
from lintperf.rules.rule import RuleProblem
from lintperf.schema.fields import Field, arrays, lookup

__all__ = ["EXPRESSIONS", "Name", "arrays_of", "fields_in", "is_expression", "names_in", "placeholders_in", "types_of"]

# keys of a rule whose values are expressions; the items of `let` and `milder` have further ones
EXPRESSIONS = frozenset({"when", "assert", "found", "expected", "difference"})

_WORDS: Mapping[str, tuple[str, Text]] = {
    "present": ("(any) → bool", Text("有值", "there is a value")),
    "missing": ("(any) → bool", Text("没有值", "there is no value")),
    "blank": ("(text) → bool", Text("没有值或只有空白", "there is no value, or only white space")),
    "default": ("(any, any) → any", Text("没有值时取后者", "the second where there is no first")),
    "sum": ("(number for r in …) → number", Text("各行之和", "the sum over the rows")),
    "count": ("(bool for r in …) → number", Text("满足条件的行数", "how many rows hold")),
    "any": ("(bool for r in …) → bool", Text("有一行满足", "whether one row holds")),
    "all": ("(bool for r in …) → bool", Text("各行都满足", "whether all rows hold")),
    "highest": ("(number for r in …) → number?", Text("各行中的最大值", "the highest over the rows")),
    "lowest": ("(number for r in …) → number?", Text("各行中的最小值", "the lowest over the rows")),
    "mean": ("(number for r in …) → number?", Text("各行的平均值", "the mean over the rows")),
}
_SUPPLIED: Mapping[str, Text] = {
    "row": Text("行名", "the label of the row"),
    "rows": Text("各行的名称", "the labels of the rows"),
    "count": Text("行数", "how many rows"),
    "found": Text("实际值", "what was found"),
    "expected": Text("应有值", "what was expected"),
    "difference": Text("两者之差", "the difference"),
}


class Name(NamedTuple):
    """One name: what kind of thing, its type, what it means."""

    kind: Literal["field", "fact", "function", "parameter", "let", "argument"]
    type: str
    title: Text


def is_expression(path: tuple[str | int, ...]) -> bool:
    """Whether the value at a path of a rule's file is an expression."""
    match path:
        case (str(key),):
            return key in EXPRESSIONS
        case ("let", _) | ("fix", "value") | ("milder", _, "when"):
            return True
    return False


def types_of(desk: Desk, data: Mapping[str, Any]) -> list[str]:
    """The document types that a rule is for; all of them where it does not say."""
    types = desk.session.extensions.types
    named = data.get("applies_to")
    chosen = [name for name in named if isinstance(name, str) and name in types] if isinstance(named, list) else []
    return chosen or list(types)


def arrays_of(desk: Desk, data: Mapping[str, Any]) -> dict[str, Text]:
    """The arrays that a rule can range over."""
    found: dict[str, Text] = {}
    for name in types_of(desk, data):
        root = desk.session.extensions.types[name].root
        for path in arrays(root):
            declared = lookup(root, path)
            found.setdefault(path, _title(declared) if declared is not None else Text(path, path))
    return found


def _title(declared: Field) -> Text:
    return Text(declared.title_in("zh"), declared.title_in("en"))


def fields_in(desk: Desk, data: Mapping[str, Any]) -> dict[str, Name]:
    """The fields of the row and of the document that a rule sees, by dotted path."""
    found: dict[str, Name] = {}
    each = data.get("each")
    for name in types_of(desk, data):
        root = desk.session.extensions.types[name].root
        array = lookup(root, each) if isinstance(each, str) and each else None
        for key, declared in (array.items.properties if array is not None and array.items is not None else {}).items():
            found.setdefault(key, Name("field", declared.kind, _title(declared)))
        for key, declared in root.properties.items():
            found.setdefault(key, Name("field", declared.kind, _title(declared)))
            for inner, below in declared.properties.items():
                found.setdefault(f"{key}.{inner}", Name("field", below.kind, _title(below)))
    return found


def names_in(desk: Desk, text: EditorText, data: Mapping[str, Any]) -> dict[str, Name]:
    """Every name that the expressions of a rule's file may use."""
    extensions = desk.session.extensions
    found = fields_in(desk, data)
    types, each = types_of(desk, data), data.get("each") or ""
    for group in extensions.groups:
        if group.type in types and group.each in ("", each):
            for name in group.record._fields:
                kind, nullable = fact_type(group, name)
                title = group.titles.get(name, Text(name, name))
                found.setdefault(name, Name("fact", kind + "?" * nullable, title))
    for function in extensions.functions.values():
        found[function.name] = Name(
            "function", f"({', '.join(function.parameters)}) → {function.result}", function.title
        )
    for word, (signature, title) in _WORDS.items():
        found[word] = Name("function", signature, title)
    for name, parameter in _parameters(desk, text).items():
        found[f"param.{name}"] = Name("parameter", parameter.type, parameter.title)
    lets = data.get("let")
    for name, source in lets.items() if isinstance(lets, Mapping) else ():
        found[str(name)] = Name("let", "", Text(str(source), str(source)))
    return found


def placeholders_in(desk: Desk, text: EditorText, data: Mapping[str, Any]) -> dict[str, Name]:
    """What a message may name: what the engine supplies, and all names that are no functions or parameters."""
    found = {name: Name("argument", "", title) for name, title in _SUPPLIED.items()}
    for name, known in names_in(desk, text, data).items():
        if known.kind in ("field", "fact", "let") and "." not in name:
            found.setdefault(name, known)
    return found


def _parameters(desk: Desk, text: EditorText) -> Mapping[str, Any]:
    """The parameters of the pack around a file; of the default packs where that cannot be read."""

    try:
        around = pack_around(desk.author, text.path)
        return (around or desk.author.ruleset(Policy())).parameters
    except (RuleProblem, UsageProblem):
        return {}
