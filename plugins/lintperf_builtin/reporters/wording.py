"""Sentences that several formats write: a finding on one line, what was counted, what was left out."""

from __future__ import annotations

from lintperf.findings.texts import message
from lintperf.model import Finding, Lang, Place, Severity, Text, TextPlace
from lintperf.results import BaselineTotals, SinceTotals, Totals, View
from lintperf_builtin.reporters.layout import clean, visible
from lintperf_builtin.reporters.places import in_words, origin_in_words, related_in_short

__all__ = [
    "ACROSS",
    "against_baseline",
    "cell_in_words",
    "counted",
    "nothing_found",
    "number_of",
    "origin_and_related",
    "sentence",
    "since_revision",
]

ACROSS = Text("与本次检查的其他文档比较", "compared with the other documents of this run")
_COUNTED = {
    Severity.error: ("个错误", "error"),
    Severity.warning: ("个警告", "warning"),
    Severity.note: ("条提示", "note"),
}


def sentence(finding: Finding, view: View) -> str:
    """What is wrong, on one line, with the row's name before it unless the message names it."""
    text = clean(message(finding, view.rules[finding.code], view.lang))
    row = clean(finding.row or "")
    if not row or row in text:
        return text
    return f"「{row}」{text}" if view.lang == "zh" else f"“{row}”: {text}"


def cell_in_words(place: Place | None, lang: Lang) -> str:
    """`表1 第6行第6列`: where a value stands in a file without lines; "" for lines and for what is unknown."""
    return "" if place is None or isinstance(place, TextPlace) else visible(in_words(place, lang))


def origin_and_related(finding: Finding, lang: Lang) -> str:
    """What a reader has to look at beside the place: `另见 表1!R6C5；原件 form.docx 表1 第6行第5列`; mostly ""."""
    zh = lang == "zh"
    parts = []
    if beside := related_in_short(finding, lang):
        parts.append(f"另见 {beside}" if zh else f"see {beside}")
    if origin := origin_in_words(finding, lang):
        parts.append(f"原件 {origin}" if zh else f"from {origin}")
    return visible(("；" if zh else "; ").join(parts))


def number_of(number: int, zh: str, en: str, lang: Lang) -> str:
    """`1 个文件`, `1 file`, `2 files`; `en` is the singular."""
    return f"{number} {zh}" if lang == "zh" else f"{number} {en if number == 1 else en + 's'}"


def counted(number: int, severity: Severity, lang: Lang) -> str:
    """`1 个错误`, `2 errors`."""
    return number_of(number, *_COUNTED[severity], lang)


def nothing_found(totals: Totals) -> Text:
    """What to say of a run without findings: there may be old ones."""
    limited = totals.baseline is not None or totals.since is not None
    return Text("没有新的问题", "Nothing new found") if limited else Text("没有发现问题", "Nothing found")


def against_baseline(totals: BaselineTotals, lang: Lang) -> str:
    """What the baseline holds of what was found, and what of it is no longer found."""
    new, held, gone = (sum(counts.values()) for counts in (totals.new, totals.unchanged, totals.absent))
    if totals.updated:
        if lang == "zh":
            return f"基线现有本次发现的 {new + held} 条，其中新收 {new} 条；{gone} 条已消失，不再保留。"
        return (
            f"The baseline now holds {new + held} found here, {new} of them new; {gone} no longer found were removed."
        )
    if lang == "zh":
        text = f"基线中原有的 {held} 条未列出"
        return text + (f"，{gone} 条已消失（--update-baseline 更新基线）。" if gone else "。")
    text = f"{held} held by the baseline are not listed"
    return text + (f", {gone} no longer found (--update-baseline removes them)." if gone else ".")


def since_revision(totals: SinceTotals, lang: Lang) -> str:
    """What was left out because it has not changed."""
    revision = clean(totals.revision)
    if lang == "zh":
        return f"自 {revision} 起未改动的 {totals.files} 个文件和原有的 {totals.findings} 条问题未列出。"
    files = number_of(totals.files, "", "file", "en")
    findings = number_of(totals.findings, "", "finding", "en")
    return f"Not listed: {files} unchanged since {revision}, and {findings} from before."
