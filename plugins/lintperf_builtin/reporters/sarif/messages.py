"""Messages with SARIF's numbered placeholders, and texts in which nothing is taken for one.

The SARIF SDK's rules of style ask for values in single quotes, in any language (SARIF2015), and for a full stop at the
end of a rule's message (SARIF2001): values get these quotes in the place of the rule's own.
"""

from __future__ import annotations

import re
from functools import cache

import sarif_om as om  # type: ignore[import-untyped]

from lintperf.findings.texts import format_value
from lintperf.model import Finding, Lang, Text
from lintperf.rules.rule import PLACEHOLDER, Rule

__all__ = ["escaped", "message_of", "message_strings", "plain_message"]

# what SARIF would read as a link or as a placeholder inside a message
_LINK = re.compile(r"\[(?=[^\[\]]*\]\()")
_BRACED_NUMBER = re.compile(r"\{(?=[0-9]+\})|(?<=[0-9])\}")
DEFAULT = "default"


def escaped(text: str) -> str:
    """`text` so that nothing in it is taken for a link or a placeholder of the message."""
    if "](" in text:
        text = _LINK.sub(r"\\[", text)
    if "{" in text:
        text = _BRACED_NUMBER.sub(lambda match: match.group() * 2, text)
    return text


def plain_message(text: str) -> om.Message:
    """A message without placeholders."""
    return om.Message(text=escaped(text))


@cache
def _names(template: Text) -> tuple[tuple[str, str | None], ...]:
    """The placeholders of a message in the order of their numbers, the same in both languages."""
    found = (match.groups() for text in (template.zh, template.en) for match in PLACEHOLDER.finditer(text))
    return tuple(dict.fromkeys((name, how) for name, how in found))


@cache
def _pieces(template: Text, lang: Lang) -> tuple[str | int, ...]:
    """A message in one language: texts, and the numbers of the values between them. Values stand in single quotes."""
    numbers = {name: number for number, name in enumerate(_names(template))}
    pieces: list[str | int] = []
    before, end = "", 0
    text = template.to(lang)
    for match in PLACEHOLDER.finditer(text):
        name, how = match.groups()
        before += text[end : match.start()]
        end = match.end()
        if before.endswith("“") and text[end : end + 1] == "”":
            before, end = before[:-1], end + 1
        pieces += [f"{before}'", numbers[name, how]]
        before = "'"
    return (*pieces, before + text[end:])


def _template(template: Text, lang: Lang) -> om.MultiformatMessageString:
    written = (f"{{{piece}}}" if isinstance(piece, int) else _doubled(piece) for piece in _pieces(template, lang))
    return om.MultiformatMessageString(text="".join(written).rstrip().rstrip("。．.") + ".")


def _doubled(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")


def message_strings(rule: Rule, lang: Lang) -> dict[str, om.MultiformatMessageString]:
    """The messages of a rule by the ids that results name."""
    return {name: _template(text, lang) for name, text in ({DEFAULT: rule.message} | dict(rule.variants)).items()}


def _argument(finding: Finding, name: str, how: str | None, lang: Lang) -> str:
    value = finding.arguments[name] if name in finding.arguments else getattr(finding, name, None)
    return escaped(format_value(value, how, lang))


def message_of(finding: Finding, rule: Rule, lang: Lang) -> om.Message:
    """The message of a finding: its id, its values, and the text that they make in one language."""
    template = rule.variants[finding.variant] if finding.variant else rule.message
    arguments = [_argument(finding, name, how, lang) for name, how in _names(template)]
    pieces = _pieces(template, lang)
    return om.Message(
        id=finding.variant or DEFAULT,
        text="".join([arguments[piece] if isinstance(piece, int) else escaped(piece) for piece in pieces]),
        arguments=arguments or None,
    )
