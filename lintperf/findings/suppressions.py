"""What a document itself does not want reported: `lintperf.ignore`, with a reason, for a row, until a day."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from lintperf.model import Finding, Remark, Text
from lintperf.rules.rule import Rule

__all__ = ["suppress"]


def suppress(
    findings: Sequence[Finding],
    data: Any,
    rules: Mapping[str, Rule],
    today: str | None,
    later: Collection[str] = (),
) -> tuple[list[Finding], int, list[Remark]]:
    """The findings that remain, how many were suppressed, and remarks on entries that suppress nothing.

    An entry without a reason breaks the schema and is not followed; nor is one past its `until` or one for a mandatory
    rule. `today` None: no entry has expired. `later`: codes of rules whose findings are not among these yet, so that
    an entry for one is not useless.
    """
    settings = data.get("lintperf") if isinstance(data, Mapping) else None
    entries = settings.get("ignore") if isinstance(settings, Mapping) else None
    if not isinstance(entries, list) or not entries:
        return list(findings), 0, []
    kept = list(findings)
    remarks: list[Remark] = []
    for number, entry in enumerate(entries):
        if not isinstance(entry, Mapping) or not entry.get("reason") or not isinstance(entry.get("code"), str):
            continue
        word, row, until = entry["code"], entry.get("row"), entry.get("until")
        rule = rules.get(word) or next((rule for rule in rules.values() if rule.name == word), None)
        pointer = f"/lintperf/ignore/{number}"
        if rule is not None and rule.mandatory:
            reason = Text("该规则是强制规则，不能忽略", "the rule is mandatory and cannot be ignored")
        elif today is not None and until and str(until) < today:
            reason = Text(f"已于 {until} 到期", f"it expired on {until}")
        else:
            before = len(kept)
            if rule is not None:
                kept = [each for each in kept if each.code != rule.code or (row and each.row != row)]
            if len(kept) < before or rule is None or rule.code in later:
                # a rule that is not in force today may be in force elsewhere: nothing to say
                continue
            reason = Text("没有与之相符的问题", "it matches no finding")
        remarks.append(Remark("useless-suppression", {"rule": word, "reason": reason}, pointer))
    return kept, len(findings) - len(kept), remarks
