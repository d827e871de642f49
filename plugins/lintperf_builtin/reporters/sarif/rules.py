"""What a run applied: its rules, the dimensions of data quality that they protect, both in both languages."""

from __future__ import annotations

from collections.abc import Sequence

import sarif_om as om  # type: ignore[import-untyped]

from lintperf.model import Confidence, Lang, Severity, Text
from lintperf.results import View
from lintperf.rules.dimensions import DIMENSIONS
from lintperf.rules.rule import Rule
from lintperf_builtin.reporters.sarif.messages import message_strings

__all__ = ["LANGUAGES", "LEVELS", "driver", "taxonomy", "translations"]

INFORMATION = "https://pypi.org/project/lintperf/"
# the documentation has no public address, and none is made up: a name, as of the schemas. `lintperf rule CODE` explains
HELP = "urn:lintperf:rule:"
TAXONOMY = "data-quality"
TAXONOMY_TITLE = Text("数据质量维度", "Dimensions of data quality")
TAXONOMY_MEANING = Text(
    "规则所维护的数据质量维度，取自 ISO/IEC 25012 和 GB/T 36344-2018。",
    "The dimensions of data quality that rules protect, after ISO/IEC 25012 and GB/T 36344-2018.",
)
LANGUAGES: dict[Lang, str] = {"zh": "zh-CN", "en": "en"}
LEVELS = {Severity.error: "error", Severity.warning: "warning", Severity.note: "note", Severity.off: "none"}
PROBLEM = {Severity.error: "error", Severity.warning: "warning", Severity.note: "recommendation"}
PRECISION = {Confidence.high: "high", Confidence.medium: "medium", Confidence.low: "low"}
WHY, REMEDY, BASIS = Text("为什么", "Why"), Text("修改建议", "Remedy"), Text("依据", "Basis")


def _string(text: str) -> om.MultiformatMessageString:
    return om.MultiformatMessageString(text=text)


def _pascal(name: str) -> str:
    """`ActualIsaBound` for `actual-is-a-bound`: a word of one letter makes no capital of its own."""
    first, *others = name.split("-")
    return first.capitalize() + "".join(part if len(part) == 1 else part.capitalize() for part in others)


def _basis(rule: Rule, lang: Lang) -> str:
    return ("；" if lang == "zh" else "; ").join(citation.to(lang) for citation in rule.source)


def _help(rule: Rule, lang: Lang) -> om.MultiformatMessageString:
    parts = [
        (label.to(lang), text)
        for label, text in (
            (WHY, rule.why.to(lang)),
            (REMEDY, rule.remedy.to(lang)),
            (BASIS, _basis(rule, lang)),
        )
        if text
    ]
    colon = "：" if lang == "zh" else ": "
    return om.MultiformatMessageString(
        text="\n".join(f"{label}{colon}{text}" for label, text in parts),
        markdown="\n\n".join(f"**{label}**\n\n{text}" for label, text in parts),
    )


def _in_taxonomy(dimension: str) -> om.ReportingDescriptorRelationship:
    """Every finding of the rule is of the dimension: so results need not repeat it."""
    target = om.ReportingDescriptorReference(
        id=dimension,
        index=list(DIMENSIONS).index(dimension),
        tool_component=om.ToolComponentReference(name=TAXONOMY, index=0),
    )
    return om.ReportingDescriptorRelationship(target=target, kinds=["superset"])


def _descriptor(rule: Rule, lang: Lang) -> om.ReportingDescriptor:
    return om.ReportingDescriptor(
        id=rule.code,
        name=_pascal(rule.name),
        short_description=_string(rule.title.to(lang)),
        full_description=_string(rule.why.to(lang) or rule.title.to(lang)),
        help=_help(rule, lang),
        help_uri=f"{HELP}{rule.code}",
        message_strings=message_strings(rule, lang),
        default_configuration=om.ReportingConfiguration(level=LEVELS[rule.severity]),
        relationships=[_in_taxonomy(rule.dimension)] if rule.dimension else None,
        properties={
            "name": rule.name,
            "pack": rule.pack,
            "confidence": rule.confidence.name,
            "precision": PRECISION[rule.confidence],
            "problem.severity": PROBLEM.get(rule.severity, "recommendation"),
            "tags": [*([rule.dimension] if rule.dimension else []), rule.pack, *rule.types],
        },
    )


def _translated(rule: Rule, lang: Lang) -> om.ReportingDescriptor:
    """The texts of a rule in the language that the driver does not speak."""
    return om.ReportingDescriptor(
        id=rule.code,
        short_description=_string(rule.title.to(lang)),
        full_description=_string(rule.why.to(lang) or rule.title.to(lang)),
        help=_help(rule, lang),
        message_strings=message_strings(rule, lang),
    )


def driver(rules: Sequence[Rule], view: View) -> om.ToolComponent:
    """The program and the rules in force."""
    return om.ToolComponent(
        name="lintperf",
        version=view.version,
        semantic_version=view.version,
        information_uri=INFORMATION,
        language=LANGUAGES[view.lang],
        supported_taxonomies=[om.ToolComponentReference(name=TAXONOMY, index=0)],
        rules=[_descriptor(rule, view.lang) for rule in rules],
    )


def _taxa(lang: Lang) -> list[om.ReportingDescriptor]:
    return [
        om.ReportingDescriptor(
            id=name,
            name=name.capitalize(),
            short_description=_string(dimension.title.to(lang)),
            full_description=_string(dimension.meaning.to(lang)),
        )
        for name, dimension in DIMENSIONS.items()
    ]


def taxonomy(view: View) -> om.ToolComponent:
    """The dimensions of data quality."""
    return om.ToolComponent(
        name=TAXONOMY,
        version=view.version,
        language=LANGUAGES[view.lang],
        is_comprehensive=True,
        short_description=_string(TAXONOMY_TITLE.to(view.lang)),
        full_description=_string(TAXONOMY_MEANING.to(view.lang)),
        taxa=_taxa(view.lang),
    )


def translations(rules: Sequence[Rule], view: View) -> list[om.ToolComponent]:
    """Rules and dimensions in the other language."""
    lang: Lang = "en" if view.lang == "zh" else "zh"

    def translation(of: str) -> om.ToolComponent:
        return om.ToolComponent(
            name=of,
            version=view.version,
            semantic_version=view.version,
            language=LANGUAGES[lang],
            contents=["localizedData"],
            associated_component=om.ToolComponentReference(name=of),
            translation_metadata=om.TranslationMetadata(name=f"{of} {LANGUAGES[lang]}"),
        )

    own, dimensions = translation("lintperf"), translation(TAXONOMY)
    own.rules = [_translated(rule, lang) for rule in rules]
    dimensions.short_description = _string(TAXONOMY_TITLE.to(lang))
    dimensions.full_description = _string(TAXONOMY_MEANING.to(lang))
    dimensions.taxa = _taxa(lang)
    return [own, dimensions]
