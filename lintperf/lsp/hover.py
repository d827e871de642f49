"""What there is to say about the place under the pointer: a finding's rule, a rule's code, a key, a name."""

from __future__ import annotations

import re

from lintperf.explaining import markdown_text
from lintperf.findings.texts import message
from lintperf.lsp.desk import Checked, Desk
from lintperf.lsp.diagnostics import span_of
from lintperf.lsp.names import Name, is_expression, names_in
from lintperf.lsp.schemas import choices_of, in_lang, node_at, root_of
from lintperf.lsp.syntax import Spot, spot_at
from lintperf.lsp.texts import EditorText
from lintperf.model import Finding
from lintperf.results import DocumentResult
from lintperf.rules.rule import Rule

__all__ = ["findings_at", "hover_at", "rule_at"]

_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_RULE = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:-[a-z0-9]+)*")


def findings_at(checked: Checked, start: int, end: int) -> list[tuple[DocumentResult, Finding]]:
    """The findings shown at a stretch of the text, touching it at least."""
    found = []
    for document, finding in checked.findings:
        first, last = span_of(checked, finding)
        if first <= end and start <= last:
            found.append((document, finding))
    return found


def hover_at(desk: Desk, checked: Checked, offset: int) -> tuple[str, int, int] | None:
    """Markdown, and the stretch that it is about; None where there is nothing to say."""
    text = checked.text
    found = [each for each in findings_at(checked, offset, offset) if span_of(checked, each[1])[1] > offset]
    if found:
        start, end = span_of(checked, found[0][1])
        parts = []
        for code in dict.fromkeys(finding.code for _, finding in found):
            rule = checked.rules[code]
            said = [f"> {markdown_text(message(each, rule, desk.lang))}" for _, each in found if each.code == code]
            parts.append("\n>\n".join(said) + "\n\n" + desk.explain(text, rule))
        return "\n\n---\n\n".join(parts), start, end
    if (ruled := rule_at(desk, checked, offset)) is not None:
        rule, start, end = ruled
        return desk.explain(text, rule), start, end
    spot = _touched(text, offset)
    if spot is None:
        return None
    if checked.kind == "rule" and spot.part != "key" and is_expression(spot.path):
        named = _name_at(desk, text, offset)
        if named is not None:
            return named
    return _of_schema(desk, checked, spot, offset)


def _touched(text: EditorText, offset: int) -> Spot | None:
    """The token that the character at `offset` belongs to."""
    suffix = text.suffix
    if suffix not in (".json", ".yaml", ".yml"):
        return None
    spot = spot_at(text.text, suffix, offset + 1)
    return spot if spot is not None and spot.start <= offset < spot.end else None


def rule_at(desk: Desk, checked: Checked, offset: int) -> tuple[Rule, int, int] | None:
    """The rule whose code or name stands at a place where rules are named."""
    text = checked.text
    if checked.kind not in ("document", "rule", "ruleset", "config"):
        return None
    spot = _touched(text, offset)
    if spot is not None and not _names_rules(checked.kind, spot):
        return None
    if spot is None and checked.kind != "config":
        return None
    line_start, line_end = text.line(text.position(offset).line)
    for match in _RULE.finditer(text.text, line_start, line_end):
        if match.start() <= offset < match.end():
            rule = desk.rule(text, match[0])
            return (rule, *match.span()) if rule is not None else None
    return None


def _names_rules(kind: str, spot: Spot) -> bool:
    """Whether a rule's code or name is written at this place."""
    path = [part for part in spot.path if not (isinstance(part, int))]
    if kind == "document":
        return spot.part != "key" and path == ["lintperf", "ignore", "code"]
    if kind == "rule":
        return spot.part != "key" and path in (["code"], ["name"])
    if spot.part == "key":
        return len(path) == 2 and path[0] == "severities"
    return path == ["mandatory"]


def _name_at(desk: Desk, text: EditorText, offset: int) -> tuple[str, int, int] | None:
    line_start, line_end = text.line(text.position(offset).line)
    names = names_in(desk, text, desk.data_of(text))
    for match in _WORD.finditer(text.text, line_start, line_end):
        if not match.start() <= offset < match.end():
            continue
        word = match[0]
        # `r.score` inside of an aggregate is a field of its row
        for known in (word, word.partition(".")[2], word.rpartition(".")[2]):
            if known in names:
                return describe(known, names[known], desk), *match.span()
    return None


KINDS = {
    "field": ("字段", "field"),
    "fact": ("事实", "fact"),
    "function": ("函数", "function"),
    "parameter": ("参数", "parameter"),
    "let": ("命名", "let"),
    "argument": ("消息的值", "value for messages"),
}


def describe(word: str, name: Name, desk: Desk) -> str:
    """A name of an expression with its kind, type and meaning, in Markdown."""
    kind = KINDS[name.kind][desk.lang == "en"]
    signature = f"{word}{name.type}" if name.kind == "function" else f"{word}: {name.type}" if name.type else word
    title = f"`{name.title.to(desk.lang)}`" if name.kind == "let" else name.title.to(desk.lang)
    return f"`{signature}` · {kind}\n\n{title}"


def _of_schema(desk: Desk, checked: Checked, spot: Spot, offset: int) -> tuple[str, int, int] | None:
    found = root_of(desk, checked.text, checked.kind, spot.path, offset)
    node = node_at(*found) if found is not None else None
    if node is None or not spot.path:
        return None
    title, description = in_lang(node.get("title"), desk.lang), in_lang(node.get("description"), desk.lang)
    parts = [f"**{title}** `{spot.path[-1]}`" if title else "", description]
    choices = [str(choice) for choice in choices_of(node) if choice is not None]
    if len(choices) > 1:
        parts.append(("可用：" if desk.lang == "zh" else "one of ") + " ".join(f"`{choice}`" for choice in choices))
    shown = "\n\n".join(part for part in parts if part)
    return (shown, spot.start, spot.end) if shown else None
