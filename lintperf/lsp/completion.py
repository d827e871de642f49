"""What may be written at the cursor: keys and values from the schemas, names of expressions, codes of rules."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from lsprotocol import types as lsp

from lintperf.lsp.desk import Checked, Desk
from lintperf.lsp.hover import describe
from lintperf.lsp.names import Name, arrays_of, fields_in, is_expression, names_in, placeholders_in
from lintperf.lsp.schemas import Node, choices_of, in_lang, kinds_of, node_at, root_of
from lintperf.lsp.syntax import Path, Spot, spot_at
from lintperf.lsp.texts import EditorText
from lintperf.policy import Policy, UsageProblem
from lintperf.rules.rule import RuleProblem

__all__ = ["completions_at"]

_NAME_BEFORE = re.compile(r"[A-Za-z_][A-Za-z0-9_.]*\Z")
_OPEN_PLACEHOLDER = re.compile(r"\{([a-z0-9_]*)\Z")
_PLAIN_YAML = re.compile(r"[A-Za-z_\u4e00-\u9fff][\w\u4e00-\u9fff.-]*")
_NOT_PLAIN = frozenset({"true", "false", "null"})
_ITEM_KINDS = {
    "field": lsp.CompletionItemKind.Field,
    "fact": lsp.CompletionItemKind.Property,
    "function": lsp.CompletionItemKind.Function,
    "parameter": lsp.CompletionItemKind.Constant,
    "let": lsp.CompletionItemKind.Variable,
    "argument": lsp.CompletionItemKind.Variable,
}


class Choice(NamedTuple):
    """A value to choose: how it is called, what it means."""

    value: Any
    detail: str = ""
    description: str = ""


def completions_at(desk: Desk, checked: Checked, offset: int, snippets: bool) -> list[lsp.CompletionItem]:
    """The items for a place, in the order to show them. `snippets`: the editor takes places to fill in."""
    text = checked.text
    if checked.kind == "config":
        return _in_config(desk, text, offset)
    if text.suffix not in (".json", ".yaml", ".yml"):
        return []
    spot = spot_at(text.text, text.suffix, offset)
    if spot is None:
        return []
    if checked.kind == "rule" and spot.part != "key":
        if is_expression(spot.path):
            names = names_in(desk, text, desk.data_of(text))
            return _names(desk, text, offset, names, snippets, _NAME_BEFORE)
        if spot.path[:1] in (("message",), ("variants",)):
            names = placeholders_in(desk, text, desk.data_of(text))
            return _names(desk, text, offset, names, False, _OPEN_PLACEHOLDER)
    if spot.part == "item":
        inner = root_of(desk, text, checked.kind, spot.path, offset)
        node = node_at(*inner) if inner is not None else None
        if node is not None and "properties" in node:
            spot = spot._replace(path=(*spot.path, text.text[spot.start : spot.end]), part="key")
    if spot.part == "key":
        return _keys(desk, checked, spot, offset, snippets)
    return _values(desk, checked, spot, offset)


def _keys(desk: Desk, checked: Checked, spot: Spot, offset: int, snippets: bool) -> list[lsp.CompletionItem]:
    text, parent = checked.text, spot.path[:-1]
    found = root_of(desk, text, checked.kind, spot.path, offset)
    if found is None:
        if not parent or (len(parent) == 1 and isinstance(parent[0], int)):
            return _first_key(desk, text, spot, snippets)
        return []
    root, path = found
    node = node_at(root, path[:-1])
    if node is None:
        return []
    required = list(node.get("required", []))
    properties = {name: node_at(root, (*path[:-1], name)) or {} for name in node.get("properties", {})}
    if not properties:
        properties = {choice.value: {"title": choice.detail} for choice in _free_keys(desk, checked, path[:-1])}
    order = [name for name in properties if name in required] + [name for name in properties if name not in required]
    items = []
    for number, name in enumerate(each for each in order if each not in spot.siblings):
        declared = properties[name]
        detail = in_lang(declared.get("title"), desk.lang)
        if name in required:
            detail += " · 必填" if desk.lang == "zh" else " · required"
        new = _key_text(text, spot, name, declared, snippets)
        items.append(
            _item(
                text, spot, name, new, number, detail, in_lang(declared.get("description"), desk.lang),
                lsp.CompletionItemKind.Property, snippets,
            )
        )  # fmt: skip
    return items


def _first_key(desk: Desk, text: EditorText, spot: Spot, snippets: bool) -> list[lsp.CompletionItem]:
    """A file without a type can become a document: its type comes first."""
    if "type" in spot.siblings:
        return []
    declared = {"enum": list(desk.session.extensions.types)}
    detail = "文档类型" if desk.lang == "zh" else "document type"
    new = _key_text(text, spot, "type", declared, snippets)
    return [_item(text, spot, "type", new, 0, detail, "", lsp.CompletionItemKind.Property, snippets)]


def _free_keys(desk: Desk, checked: Checked, path: Path) -> Iterator[Choice]:
    """Keys that no schema lists: options of a check, rules and parameters of a pack."""
    data = desk.data_of(checked.text)
    if checked.kind == "rule" and path == ("check", "with"):
        named = data.get("check")
        check = desk.session.extensions.checks.get(str(named.get("name")) if isinstance(named, Mapping) else "")
        if check is not None:
            yield from (Choice(name, kind) for name, kind in check.options.items())
    elif checked.kind == "ruleset" and path in (("severities",), ("set",)):
        yield from _codes(desk, checked.text) if path == ("severities",) else _parameters(desk)


def _parameters(desk: Desk) -> Iterator[Choice]:
    try:
        for name, parameter in desk.session.ruleset(Policy()).parameters.items():
            yield Choice(name, parameter.title.to(desk.lang))
    except (RuleProblem, UsageProblem):
        return


def _key_text(text: EditorText, spot: Spot, name: str, node: Node, snippets: bool) -> str:
    """What to write for a key: with its sign and a place for the value, where there is no value yet."""
    json_like = text.suffix == ".json"
    key = json.dumps(name, ensure_ascii=False) if json_like or spot.quote == '"' else _yaml_text(name)
    if spot.following == ":":
        return key
    if json_like:
        comma = "," if spot.following in ('"', "{", "[") else ""
        return f"{_kept(key, snippets)}: {_value_snippet(node, snippets)}{comma}"
    kinds = kinds_of(node)
    if not spot.flow and snippets and ("object" in kinds or "array" in kinds):
        indent = " " * (text.position(spot.start).character + 2)
        return f"{_kept(key, snippets)}:\n{indent}{'- ' if 'array' in kinds else ''}$0"
    choices = [choice for choice in choices_of(node) if choice is not None]
    only = _yaml_text(choices[0]) if len(choices) == 1 else ""
    return f"{_kept(key, snippets)}: " + (_kept(only, snippets) or ("$0" if snippets else ""))


def _kept(text: str, snippets: bool) -> str:
    """A text as it stands, where snippets give some characters a meaning."""
    return re.sub(r"([$}\\])", r"\\\1", text) if snippets else text


def _value_snippet(node: Node, snippets: bool) -> str:
    choices = [json.dumps(choice, ensure_ascii=False) for choice in choices_of(node) if choice is not None]
    if len(choices) == 1:
        return _kept(choices[0], snippets)
    if not snippets:
        return ""
    if choices:
        return "${1|" + ",".join(re.sub(r"([,|\\$}])", r"\\\1", choice) for choice in choices) + "|}"
    kinds = [kind for kind in kinds_of(node) if kind != "null"]
    return {"string": '"$1"', "object": "{$1}", "array": "[$1]"}.get(kinds[0] if len(kinds) == 1 else "", "$1")


def _values(desk: Desk, checked: Checked, spot: Spot, offset: int) -> list[lsp.CompletionItem]:
    text = checked.text
    items = []
    for number, choice in enumerate(_choices(desk, checked, spot, offset)):
        if text.suffix == ".json" or spot.quote == '"':
            new = json.dumps(choice.value, ensure_ascii=False)
        else:
            new = _yaml_text(choice.value)
        label = choice.value if isinstance(choice.value, str) else json.dumps(choice.value)
        kind = lsp.CompletionItemKind.EnumMember
        items.append(_item(text, spot, label, new, number, choice.detail, choice.description, kind, False))
    return items


def _choices(desk: Desk, checked: Checked, spot: Spot, offset: int) -> Iterable[Choice]:
    """The values for a place: those that the schema lists, else those that other files or the document know."""
    found = root_of(desk, checked.text, checked.kind, spot.path, offset)
    if found is None:
        last = [part for part in spot.path if not isinstance(part, int)]
        return [Choice(name) for name in desk.session.extensions.types] if last == ["type"] else []
    root, path = found
    node = node_at(root, path)
    listed = list(choices_of(node)) if node is not None else []
    if listed:
        return [Choice(value) for value in listed]
    names = tuple("*" if isinstance(part, int) else part for part in path)
    return _known(desk, checked, names)


def _known(desk: Desk, checked: Checked, names: tuple[str, ...]) -> Iterable[Choice]:
    extensions, data = desk.session.extensions, desk.data_of(checked.text) if checked.kind == "rule" else {}
    lang = desk.lang
    types = [Choice(name, in_lang(kind.schema.get("title"), lang)) for name, kind in extensions.types.items()]
    packs = [Choice(name) for name in extensions.pack_folders]
    match checked.kind, names:
        case _, ("lintperf", "ignore", "*", "code"):
            return _codes(desk, checked.text)
        case _, ("lintperf", "ignore", "*", "row"):
            return [Choice(row) for row in desk.rows.get(checked.text.uri, [])]
        case "rule", ("applies_to", "*"):
            return types
        case "rule", ("each",):
            return [Choice(name, title.to(lang)) for name, title in arrays_of(desk, data).items()]
        case "rule", ("at",) | ("related", "*") | ("once",):
            return [Choice(name, each.title.to(lang)) for name, each in fields_in(desk, data).items()]
        case "rule", ("check", "name"):
            return [Choice(name, check.title.to(lang)) for name, check in extensions.checks.items()]
        case "rule", ("check", "with", _, "param"):
            return _parameters(desk)
        case "rule", ("milder", "*", "message"):
            variants = data.get("variants")
            return [Choice(name) for name in variants] if isinstance(variants, Mapping) else []
        case "ruleset", ("extends", "*"):
            return packs
        case "ruleset", ("default_for", "*"):
            return types
        case "ruleset", ("mandatory", "*"):
            return _codes(desk, checked.text)
    return []


def _codes(desk: Desk, text: EditorText) -> list[Choice]:
    try:
        rules = desk.rules(text)
    except (RuleProblem, UsageProblem):
        return []
    return [Choice(code, rule.title.to(desk.lang), rule.why.to(desk.lang)) for code, rule in sorted(rules.items())]


def _yaml_text(value: Any) -> str:
    """A value as YAML: plain where that is the same text, else in quotes."""
    if not isinstance(value, str):
        return json.dumps(value)
    return value if _PLAIN_YAML.fullmatch(value) and value not in _NOT_PLAIN else json.dumps(value, ensure_ascii=False)


def _item(
    text: EditorText,
    spot: Spot,
    label: str,
    new: str,
    number: int,
    detail: str,
    description: str,
    kind: lsp.CompletionItemKind,
    snippets: bool,
) -> lsp.CompletionItem:
    return lsp.CompletionItem(
        label=label,
        kind=kind,
        detail=detail or None,
        documentation=lsp.MarkupContent(lsp.MarkupKind.Markdown, description) if description else None,
        sort_text=f"{number:04}",
        # editors compare with what the edit replaces, quotation marks included
        filter_text=f"{spot.quote}{label}" if spot.quote else label,
        text_edit=lsp.TextEdit(text.range(spot.start, spot.end), new),
        insert_text_format=lsp.InsertTextFormat.Snippet if snippets else lsp.InsertTextFormat.PlainText,
    )


def _names(
    desk: Desk, text: EditorText, offset: int, names: Mapping[str, Name], snippets: bool, before: re.Pattern[str]
) -> list[lsp.CompletionItem]:
    """Names for an expression or a message, in the place of what is written of one before the cursor."""
    line_start, _ = text.line(text.position(offset).line)
    written = before.search(text.text[line_start:offset])
    if written is None and before is _OPEN_PLACEHOLDER:
        return []
    start = line_start + (written.start(written.re.groups) if written else offset - line_start)
    order = {"let": 0, "field": 1, "fact": 2, "parameter": 3, "function": 4, "argument": 0}
    items = []
    for word, name in sorted(names.items(), key=lambda each: (order[each[1].kind], each[0])):
        call = snippets and name.kind == "function"
        items.append(
            lsp.CompletionItem(
                label=word,
                kind=_ITEM_KINDS[name.kind],
                detail=name.title.to(desk.lang),
                documentation=lsp.MarkupContent(lsp.MarkupKind.Markdown, describe(word, name, desk)),
                sort_text=f"{order[name.kind]}{word}",
                text_edit=lsp.TextEdit(text.range(start, offset), f"{word}($0)" if call else word),
                insert_text_format=lsp.InsertTextFormat.Snippet if call else lsp.InsertTextFormat.PlainText,
            )
        )
    return items


_IN_TOML = re.compile(r"""["'][^"',\]]*\Z""")


def _in_config(desk: Desk, text: EditorText, offset: int) -> list[lsp.CompletionItem]:
    """Keys at the beginning of a line of lintperf.toml, codes of rules within quotation marks."""
    line_start, _ = text.line(text.position(offset).line)
    before = text.text[line_start:offset]
    opened = _IN_TOML.search(before)
    if opened is not None:
        choices, start = _codes(desk, text), line_start + opened.start() + 1
        return [_simple(text, start, offset, choice, number) for number, choice in enumerate(choices)]
    if re.fullmatch(r"[a-z-]*", before) is None:
        return []
    root = root_of(desk, text, "config", (), offset)
    properties = root[0].get("properties", {}) if root is not None else {}
    found = []
    for number, name in enumerate(properties):
        node = node_at(root[0], (name,)) if root is not None else None
        title, description = (in_lang((node or {}).get(key), desk.lang) for key in ("title", "description"))
        found.append(_simple(text, line_start, offset, Choice(name, title, description), number))
    return found


def _simple(text: EditorText, start: int, end: int, choice: Choice, number: int) -> lsp.CompletionItem:
    return lsp.CompletionItem(
        label=choice.value,
        kind=lsp.CompletionItemKind.EnumMember,
        detail=choice.detail or None,
        documentation=lsp.MarkupContent(lsp.MarkupKind.Markdown, choice.description) if choice.description else None,
        sort_text=f"{number:04}",
        text_edit=lsp.TextEdit(text.range(start, end), choice.value),
    )
