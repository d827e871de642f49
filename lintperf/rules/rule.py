"""A rule as it stands in its file, read and typed but not yet compiled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple

from lintperf.model import Confidence, Severity, Text, TextPlace

__all__ = ["FORMATS", "PLACEHOLDER", "Citation", "FixRule", "Milder", "Rule", "RuleProblem", "UsageProblem"]

# `{name}` or `{name:format}` in a message
PLACEHOLDER = re.compile(r"\{([a-z_][a-z0-9_]*)(?::([a-z]+))?\}")
FORMATS = frozenset({"money", "percent"})


class Citation(NamedTuple):
    """What a rule rests on: a regulation with title, number, issuer and article, or `house` for a rule of our own."""

    title: Text
    number: str | None = None
    issuer: str | None = None
    article: Text | None = None
    house: bool = False

    def to(self, lang: Literal["zh", "en"]) -> str:
        """One line: the number where there is one, else the title; then the article."""
        parts = [self.number or self.title.to(lang), self.article.to(lang) if self.article else ""]
        return " ".join(part for part in parts if part)


class Milder(NamedTuple):
    """A milder form of the defect: where `when` holds, the finding has this severity and this message."""

    when: str
    severity: Severity
    variant: str | None = None


class FixRule(NamedTuple):
    """What to put in the place of the wrong value; `safe` when it follows from the document alone.

    value  an expression; it is for the main form of the defect, not for its milder ones. With a check one of two
           words: `expected`, what the check says would be right where it is the main form; `repaired`, the whole new
           value that the check gives with a problem
    at     the field that gets the new value, where it is not the one that the finding points to
    """

    value: str
    safe: bool
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule. Exactly one of `condition`, `check` and `remark` says what it looks for.

    each       the array whose rows it ranges over; "" for the document
    let        names for parts of the expressions, in order
    when       the rule is about rows for which this holds
    condition  must hold there, else there is a finding
    check      the name of a plugin's check, with `options`
    remark     the rule reports remarks of readers or of the schema check with its name
    at         the field that the finding points to; related: further fields of the row (or pointers from the root)
    once       all rows of a document make one finding, at the first of them; `{rows}` names them. The name of a field:
               those rows that have the same value there
    severity   the one in force; declared: the one of the rule's own file
    dimension  the dimension of data quality that it protects, a key of DIMENSIONS; None where its author names none
    variants   further messages, chosen by `milder` or by the check
    """

    code: str
    name: str
    pack: str
    path: str
    title: Text
    message: Text
    remedy: Text
    why: Text
    source: tuple[Citation, ...]
    severity: Severity
    confidence: Confidence
    types: tuple[str, ...]
    status: Literal["stable", "preview", "removed"] = "stable"
    each: str = ""
    let: Mapping[str, str] = field(default_factory=dict)
    when: str | None = None
    condition: str | None = None
    check: str | None = None
    options: Mapping[str, Any] = field(default_factory=dict)
    remark: bool = False
    once: bool | str = False
    at: str | None = None
    related: tuple[str, ...] = ()
    found: str | None = None
    expected: str | None = None
    difference: str | None = None
    variants: Mapping[str, Text] = field(default_factory=dict)
    milder: tuple[Milder, ...] = ()
    fix: FixRule | None = None
    mandatory: bool = False
    declared: Severity = Severity.note
    dimension: str | None = None
    places: Mapping[str, TextPlace] = field(default_factory=dict)


class RuleProblem(Exception):
    """A rule or ruleset file that cannot be used: file, place and reason, as good as an error about a document."""

    def __init__(self, path: str, text: Text, place: TextPlace | None = None) -> None:
        super().__init__(f"{path}: {text.en}")
        self.path = path
        self.text = text
        self.place = place


class UsageProblem(Exception):
    """Wrong usage or configuration: exit code 2, with what is wrong and what would be right."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text
