"""A rule explained: what it finds, why, how to mend it, what it rests on; for the command line and for editors."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

from lintperf.document.exact import plain, pretty
from lintperf.findings.texts import format_value
from lintperf.model import Lang, Severity, Text
from lintperf.names import near_name
from lintperf.pipeline import Session
from lintperf.policy import Policy, UsageProblem
from lintperf.rules.dimensions import DIMENSIONS
from lintperf.rules.rule import Citation, Rule

if TYPE_CHECKING:
    from lintperf.rules.packs import Pack, Parameter, Ruleset

__all__ = [
    "LEVELS",
    "all_rules",
    "brief",
    "choosable_packs",
    "cited",
    "dimension_title",
    "explained",
    "explained_in_markdown",
    "fix_kind",
    "in_full",
    "listed",
    "listed_in_markdown",
    "markdown_text",
    "parameter_data",
    "rule_called",
    "value_text",
]

Section = Literal["text", "code"]
SURENESS = {"zh": {"high": "高", "medium": "中", "low": "低"}, "en": {"high": "high", "medium": "medium", "low": "low"}}
LEVELS = {
    "zh": {Severity.error: "错误", Severity.warning: "警告", Severity.note: "提示", Severity.off: "关闭"},
    "en": {Severity.error: "error", Severity.warning: "warning", Severity.note: "note", Severity.off: "off"},
}
SAFE_FIX, UNSAFE_FIX = (
    Text("安全，--fix", "safe, --fix"),
    Text("须复核，--unsafe-fixes", "needs a look, --unsafe-fixes"),
)
# what a rule with a check says its fix is; see FixRule
FROM_CHECKS = {"expected": Text("应有的值", "what is expected"), "repaired": Text("改好的文字", "the text put right")}


def all_rules(session: Session, policy: Policy) -> tuple[Ruleset, list[Rule]]:
    """The rules of the chosen packs, those that are switched off too."""
    rulesets = [session.ruleset(policy, name) for name in session.extensions.types]
    rules = {rule.code: rule for ruleset in rulesets for rule in ruleset.rules}
    return rulesets[0], [rules[code] for code in sorted(rules)]


def rule_called(name: str, rules: Sequence[Rule]) -> Rule:
    """The rule with a code, in capitals or not, or a name. Raises UsageProblem."""
    chosen = next((rule for rule in rules if name in (rule.code, rule.name) or name.upper() == rule.code), None)
    if chosen is None:
        near = near_name(name, [*(rule.code for rule in rules), *(rule.name for rule in rules)])
        raise UsageProblem(Text(
            f"没有规则 {name}" + (f"，是否为 {near}？" if near else ""),
            f"unknown rule {name}" + (f", did you mean {near}?" if near else ""),
        ))  # fmt: skip
    return chosen


def brief(rule: Rule, lang: Lang) -> dict[str, Any]:
    """A rule in a list for programs."""
    return {
        "code": rule.code,
        "name": rule.name,
        "title": rule.title.to(lang),
        "severity": rule.severity.name,
        "confidence": rule.confidence.name,
        "dimension": rule.dimension,
        "pack": rule.pack,
        "types": list(rule.types),
        "status": rule.status,
        "mandatory": rule.mandatory,
        "fix": None if rule.fix is None else ("safe" if rule.fix.safe else "unsafe"),
    }


def in_full(rule: Rule, ruleset: Ruleset, packs: list[Pack], lang: Lang) -> dict[str, Any]:
    """A rule for programs, with all that `explained` tells."""
    return {
        **brief(rule, lang),
        "why": rule.why.to(lang),
        "remedy": rule.remedy.to(lang),
        "messages": [text.to(lang) for text in (rule.message, *rule.variants.values())],
        "when": rule.when,
        "assert": rule.condition,
        "check": rule.check,
        "parameters": [parameter_data(ruleset.parameters[name], lang) for name in _parameters(rule, ruleset)],
        "elsewhere": [
            {"pack": pack.name, "parameters": {name: plain(pack.assignments[name], lang) for name in changed}}
            for pack in packs
            if (changed := [name for name in _parameters(rule, ruleset) if name in pack.assignments])
        ],
        "source": [cited(citation, lang) for citation in rule.source],
        "example": "\n".join(_example(rule)) or None,
    }


def parameter_data(parameter: Parameter, lang: Lang) -> dict[str, Any]:
    """A parameter of a pack for programs."""
    return {
        "name": parameter.name,
        "type": parameter.type,
        "value": plain(parameter.value, lang),
        "title": parameter.title.to(lang),
        "pack": parameter.pack,
    }


def listed(rules: Sequence[Rule], packs: Sequence[Pack], lang: Lang) -> list[str]:
    """The lines of `lintperf rules`: the rules, then the packs that documents ask for."""
    lines = []
    for rule in rules:
        level = LEVELS[lang][rule.severity]
        pad = " " * max(0, 8 - (len(level) * 2 if lang == "zh" else len(level)))
        lines.append(f"{rule.code}  {level}{pad}{rule.name:34}{rule.title.to(lang)}  [{rule.pack}]")
    if packs:
        title = "按文档选用的规则包" if lang == "zh" else "Packs that documents are checked with by their own marks"
        lines += ["", title, *(f"  {pack.name:20}{pack.title.to(lang)}" for pack in packs)]
    return lines


def listed_in_markdown(rules: Sequence[Rule], packs: Sequence[Pack], lang: Lang) -> list[str]:
    """The same as tables in Markdown."""
    head = (
        ("代码", "名称", "级别", "维度", "标题", "规则包", "修正")
        if lang == "zh"
        else ("code", "name", "severity", "dimension", "title", "pack", "fix")
    )
    lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for rule in rules:
        level, title = LEVELS[lang][rule.severity], rule.title.to(lang)
        cells = (rule.code, rule.name, level, dimension_title(rule, lang), title, rule.pack, fix_kind(rule, lang))
        lines.append("| " + " | ".join(cells) + " |")
    return [*lines, *_packs_table(packs, lang)] if packs else lines


def _packs_table(packs: Sequence[Pack], lang: Lang) -> list[str]:
    """What else there is beside the rules: the packs that documents ask for."""
    head = ("规则包", "适用", "参数", "依据") if lang == "zh" else ("pack", "for", "parameters", "source")
    lines = ["", "| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for pack in packs:
        source = "；".join(cited(citation, lang) for citation in pack.source)
        values = [f"{name} = {value_text(value, lang)}" for name, value in pack.assignments.items()]
        cells = (pack.name, pack.title.to(lang), "<br>".join(values), source)
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def fix_kind(rule: Rule, lang: Lang) -> str:
    """Whether `--fix` or `--unsafe-fixes` carries out what the rule offers; "" where it has no fix."""
    return "" if rule.fix is None else (SAFE_FIX if rule.fix.safe else UNSAFE_FIX).to(lang)


def choosable_packs(session: Session, policy: Policy) -> list[Pack]:
    """The packs that documents are checked with by their own marks, where none is named."""
    if policy.rulesets:
        return []
    choices = [choice for kind in session.extensions.types for choice in session.packs.choices(kind, policy.today)]
    return [session.packs.pack(name) for name in dict.fromkeys(choice.pack for choice in choices)]


def value_text(value: Any, lang: Lang) -> str:
    """A parameter's value; an empty list shows as such."""
    return format_value(value or None if isinstance(value, list | tuple) else value, None, lang)


def _told(
    rule: Rule, ruleset: Ruleset, packs: list[Pack], lang: Lang
) -> tuple[list[tuple[str, str]], list[tuple[Section, str, list[str]]]]:
    """Facts (title, value), and sections (which, title, lines); a section without content is left out."""
    level, sureness = LEVELS[lang][rule.severity], SURENESS[lang][rule.confidence.name]
    facts = (
        (Text("级别", "severity"), level),
        (Text("把握", "confidence"), sureness),
        *([(Text("维度", "dimension"), dimension_title(rule, lang))] if rule.dimension else []),
        (Text("规则包", "pack"), rule.pack),
        (Text("适用", "applies to"), ", ".join(rule.types)),
    )
    parameters = [
        f"{name} = {value_text(ruleset.parameters[name].value, lang)}    {ruleset.parameters[name].title.to(lang)}"
        for name in _parameters(rule, ruleset)
    ]
    elsewhere = []
    for pack in packs:
        changed = [name for name in _parameters(rule, ruleset) if name in pack.assignments]
        values = [f"{name} = {value_text(pack.assignments[name], lang)}" for name in changed]
        elsewhere += [f"{pack.name}: {', '.join(values)}"] if values else []
    fix = []
    if rule.fix is not None:
        value = Text(rule.fix.value, rule.fix.value) if rule.check is None else FROM_CHECKS[rule.fix.value]
        where = f"{rule.fix.at}: " if rule.fix.at is not None else ""
        fix = [f"{where}{value.to(lang)} ({fix_kind(rule, lang)})"]
    sections: tuple[tuple[Section, Text, list[str]], ...] = (
        ("text", Text("为什么", "Why"), [rule.why.to(lang)]),
        ("text", Text("如何修改", "What to do"), [rule.remedy.to(lang)]),
        ("text", Text("消息", "Message"), [text.to(lang) for text in (rule.message, *rule.variants.values())]),
        ("code", Text("条件", "When"), [rule.when] if rule.when is not None else []),
        ("code", Text("断言", "Assertion"), [rule.condition] if rule.condition is not None else []),
        ("code", Text("检查", "Check"), [rule.check] if rule.check is not None else []),
        ("code", Text("参数", "Parameters"), parameters),
        ("code", Text("按文档选用的规则包", "Under packs that documents ask for"), elsewhere),
        ("code", Text("修正", "Fix"), fix),
        ("text", Text("依据", "Source"), [cited(citation, lang) for citation in rule.source]),
        ("code", Text("示例", "Example"), _example(rule)),
    )
    told = [(kind, title.to(lang), content) for kind, title, content in sections if content]
    return [(title.to(lang), fact) for title, fact in facts], told


def explained(rule: Rule, ruleset: Ruleset, packs: list[Pack], lang: Lang) -> list[str]:
    """The lines of `lintperf rule CODE`: head, facts and sections."""
    facts, sections = _told(rule, ruleset, packs, lang)
    lines = [f"{rule.code} {rule.name}", rule.title.to(lang), ""]
    lines += [f"  {title}: {fact}" for title, fact in facts]
    for _, title, content in sections:
        lines += ["", title, *(f"  {line}" for line in content)]
    return lines


def explained_in_markdown(rule: Rule, ruleset: Ruleset, packs: list[Pack], lang: Lang) -> str:
    """The same in Markdown; expressions and examples as code."""
    facts, sections = _told(rule, ruleset, packs, lang)
    parts = [f"### {rule.code} {rule.title.to(lang)}", f"`{rule.name}`"]
    parts.append("  \n".join(f"{title}: {markdown_text(fact)}" for title, fact in facts))
    for kind, title, content in sections:
        if kind == "code":
            # longer than any fence inside
            fence = "`" * (1 + max([2, *(len(run) for line in content for run in re.findall("`+", line))]))
            body = "\n".join([fence, *content, fence])
        else:
            body = "  \n".join(markdown_text(line) for line in content)
        parts.append(f"**{title}**\n\n{body}")
    return "\n\n".join(parts)


def markdown_text(text: str) -> str:
    """A text that Markdown shows as it is."""
    return re.sub(r"([\\`*_{}\[\]<>#|~])", r"\\\1", text)


def dimension_title(rule: Rule, lang: Lang) -> str:
    """What its dimension of data quality is called; "" for a rule that has none."""
    return DIMENSIONS[rule.dimension].title.to(lang) if rule.dimension else ""


def cited(citation: Citation, lang: Lang) -> str:
    """A citation in one line: title, number, article."""
    parts = [citation.title.to(lang), citation.number or "", citation.article.to(lang) if citation.article else ""]
    return " ".join(part for part in parts if part)


def _parameters(rule: Rule, ruleset: Ruleset) -> list[str]:
    from lintperf.rules.packs import parameters_of

    return [name for name in parameters_of(rule) if name in ruleset.parameters]


def _example(rule: Rule) -> list[str]:
    """The first failing case that lies beside the rule."""
    from lintperf.cases import cases_beside
    from lintperf.rules.packs import read_yaml

    path = cases_beside(rule)
    if not path.is_file():
        return []
    case = read_yaml(path, "cases")[0]["fail"][0]
    key = next(key for key in ("document", "documents", "file") if key in case)
    shown = case["file"]["text"] if key == "file" else case[key]
    text = shown if isinstance(shown, str) else pretty(shown)
    return [f"# {case['name']}", *text.rstrip().splitlines()[:40]]
