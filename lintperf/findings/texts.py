"""The texts of a finding: messages filled with values, values as people write them."""

from __future__ import annotations

import re
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from lintperf.model import Finding, Lang, Text
from lintperf.rules.rule import PLACEHOLDER, Rule

__all__ = ["basis", "format_value", "message", "plain_number"]

LONGEST = 120
# numbers of a finding have at most 50 digits; rounding one must not fail for want of digits
CONTEXT = Context(prec=200, rounding=ROUND_HALF_UP)


def plain_number(value: Decimal) -> str:
    """The number in plain notation with its decimals; more than twelve are cut to six, trailing zeros dropped."""
    if value.is_finite() and -value.as_tuple().exponent > 12:  # type: ignore[operator]
        value = value.quantize(Decimal("0.000001"), context=CONTEXT).normalize(CONTEXT)
    return format(value, "f")


def format_value(value: Any, how: str | None = None, lang: Lang = "zh") -> str:
    """`value` as people write it; `money`: thousands separated; `percent`: a ratio as a percentage, two decimals.

    Absence is `（空）`/`(blank)`, a list is joined with `、`/`, `, long texts are cut with an ellipsis.
    """
    if value is None or value == "":
        return "（空）" if lang == "zh" else "(blank)"
    if isinstance(value, bool):
        return {True: ("是", "yes"), False: ("否", "no")}[value][lang == "en"]
    if isinstance(value, Text):
        return value.to(lang)
    if isinstance(value, Decimal):
        if how == "money":
            return format(value, ",f")
        if how == "percent":
            percent = CONTEXT.multiply(value, Decimal(100)).quantize(Decimal("0.01"), context=CONTEXT)
            return f"{plain_number(percent).rstrip('0').rstrip('.')}%"
        return plain_number(value)
    if isinstance(value, list | tuple):
        return ("、" if lang == "zh" else ", ").join(format_value(item, how, lang) for item in value)
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def basis(finding: Finding, rule: Rule, lang: Lang) -> str:
    """What a finding rests on, in one line."""
    cited = finding.basis or rule.source
    return ("；" if lang == "zh" else "; ").join(citation.to(lang) for citation in cited)


def message(finding: Finding, rule: Rule, lang: Lang) -> str:
    """The message of a finding in one language, its placeholders `{name}` or `{name:format}` filled."""
    template = rule.variants[finding.variant] if finding.variant else rule.message

    def fill(match: re.Match[str]) -> str:
        name, how = match.group(1), match.group(2)
        if name in finding.arguments:
            return format_value(finding.arguments[name], how, lang)
        return format_value(getattr(finding, name, None), how, lang)

    return PLACEHOLDER.sub(fill, template.to(lang))
