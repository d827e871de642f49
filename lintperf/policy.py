"""What a user wants reported: rulesets, selections, severities, parameters, persona. Plain, hashable data."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from lintperf.model import Confidence, Severity, Text
from lintperf.names import near_name
from lintperf.rules.parameters import fits, from_text
from lintperf.rules.rule import Rule, UsageProblem

if TYPE_CHECKING:
    from lintperf.rules.packs import Ruleset

__all__ = ["PERSONAS", "Policy", "UsageProblem", "apply_policy"]

# persona → the lowest severity and the lowest confidence it sees
PERSONAS: Mapping[str, tuple[Severity, Confidence]] = {
    "author": (Severity.warning, Confidence.medium),
    "reviewer": (Severity.note, Confidence.medium),
    "auditor": (Severity.note, Confidence.low),
}


@dataclass(frozen=True, slots=True)
class Policy:
    """The settings that decide which findings there are.

    rulesets       packs or folders; empty: chosen by document type
    asked_for      the packs are those that a document asks for, not the user
    select         codes, prefixes of codes or names; empty: all
    extend_select  further ones, also rules that a pack has switched off
    parameters     (name, value as text or as typed by a configuration file)
    today          `YYYY-MM-DD` for packs and suppressions with dates; None: dates are not looked at
    """

    rulesets: tuple[str, ...] = ()
    asked_for: bool = False
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    severities: tuple[tuple[str, Severity], ...] = ()
    parameters: tuple[tuple[str, Any], ...] = ()
    persona: str = "author"
    today: str | None = None

    def shows(self, severity: Severity, confidence: Confidence) -> bool:
        """Whether the persona sees a finding of this severity and confidence."""
        lowest_severity, lowest_confidence = PERSONAS[self.persona]
        return severity >= lowest_severity and confidence >= lowest_confidence


def _matches(rule: Rule, pattern: str) -> bool:
    return rule.code.startswith(pattern) or rule.name == pattern


def _matched(rules: Sequence[Rule], patterns: Sequence[str], elsewhere: Callable[[], Ruleset] | None) -> set[str]:
    codes: set[str] = set()
    for pattern in patterns:
        hits = {rule.code for rule in rules if _matches(rule, pattern)}
        if not hits:
            if elsewhere is not None and any(_matches(rule, pattern) for rule in elsewhere().rules):
                continue
            # a code near a wrong one is another rule; a name near a misspelt one is most likely the one meant
            near = near_name(pattern, [rule.name for rule in rules])
            raise UsageProblem(Text(
                f"没有规则 {pattern}" + (f"，是否为 {near}？" if near else ""),
                f"no rule matches {pattern}" + (f", did you mean {near}?" if near else ""),
            ))  # fmt: skip
        codes |= hits
    return codes


def apply_policy(
    ruleset: Ruleset, policy: Policy, elsewhere: Callable[[], Ruleset] | None = None
) -> tuple[tuple[Rule, ...], dict[str, Any]]:
    """The rules in force with their severities, and the values of the parameters. Raises UsageProblem.

    elsewhere  the rules of all document types of the run: what a policy says of them is no mistake here
    """
    values = ruleset.values()
    for name, value in policy.parameters:
        parameter = ruleset.parameters.get(name)
        if parameter is None:
            if elsewhere is not None and name in elsewhere().parameters:
                continue
            near = near_name(name, ruleset.parameters)
            raise UsageProblem(Text(
                f"没有参数 {name}" + (f"，是否为 {near}？" if near else ""),
                f"unknown parameter {name}" + (f", did you mean {near}?" if near else ""),
            ))  # fmt: skip
        try:
            typed = from_text(value, parameter.type) if isinstance(value, str) else value
        except ValueError:
            typed = None
        typed = tuple(typed) if isinstance(typed, list) else typed
        if typed is None or not fits(typed, parameter.type):
            raise UsageProblem(Text(f"参数 {name} 应为 {parameter.type}，得到 {value}",
                                    f"parameter {name} must be {parameter.type}, got {value}"))  # fmt: skip
        values[name] = typed
    rules = ruleset.rules
    selected = _matched(rules, policy.select, elsewhere) if policy.select else {rule.code for rule in rules}
    extended = _matched(rules, policy.extend_select, elsewhere)
    ignored = _matched(rules, policy.ignore, elsewhere)
    # naming one rule asks for it even where its pack has switched it off; a prefix does not
    named = extended | {rule.code for rule in rules for word in policy.select if word in (rule.code, rule.name)}
    severities: dict[str, Severity] = {}
    for word, severity in policy.severities:
        for code in _matched(rules, (word,), elsewhere):
            severities[code] = severity
    in_force: list[Rule] = []
    for rule in rules:
        severity = severities.get(rule.code, rule.severity)
        if rule.code in named and rule.code not in severities and severity is Severity.off:
            severity = rule.declared
        wanted = (rule.code in selected or rule.code in extended) and rule.code not in ignored
        if rule.mandatory and (rule.code in ignored or severity is Severity.off):
            raise UsageProblem(Text(f"规则 {rule.code} 是强制规则，不能关闭",
                                    f"rule {rule.code} is mandatory and cannot be switched off"))  # fmt: skip
        if wanted and severity is not Severity.off:
            in_force.append(replace(rule, severity=severity) if severity is not rule.severity else rule)
    return tuple(in_force), values
