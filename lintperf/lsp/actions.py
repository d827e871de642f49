"""What an editor offers to do about a finding: mend it, suppress it, mend all that is safe, read the rule."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from lsprotocol import types as lsp

from lintperf.document.additions import appended
from lintperf.findings.texts import format_value
from lintperf.lsp.desk import Checked, Desk
from lintperf.lsp.diagnostics import SOURCE
from lintperf.lsp.hover import findings_at
from lintperf.lsp.texts import EditorText
from lintperf.model import Finding, Lang, Text, TextPlace

__all__ = ["FIX_ALL", "SHOW_RULE", "actions_at"]

FIX_ALL = "source.fixAll.lintperf"
SHOW_RULE = "lintperf.showRule"
SETTINGS = ("lintperf", "ignore")


def actions_at(desk: Desk, checked: Checked, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    """The actions for a stretch of a text; only of the kinds that are asked for, where some are."""
    text, only = checked.text, params.context.only
    if checked.kind != "document":
        return []
    actions: list[lsp.CodeAction] = []
    start, end = text.offset(params.range.start), text.offset(params.range.end)
    found = [finding for _, finding in findings_at(checked, start, end)]
    reported = params.context.diagnostics
    if _asked(lsp.CodeActionKind.QuickFix, only):
        for finding in found:
            actions += _mend(desk, text, finding, _of(reported, finding))
        seen: set[tuple[str, str | None, int]] = set()
        for finding in found:
            key = (finding.code, finding.row, finding.document)
            if key not in seen and not checked.rules[finding.code].mandatory:
                seen.add(key)
                actions += _suppress(desk, checked, finding, _of(reported, finding))
        for code in dict.fromkeys(finding.code for finding in found):
            title = Text(f"查看规则 {code}", f"Show rule {code}").to(desk.lang)
            command = lsp.Command(title, SHOW_RULE, arguments=[text.uri, code])
            actions.append(lsp.CodeAction(title, lsp.CodeActionKind.QuickFix, command=command))
    # working out what holds together takes some checks: not at every move of the cursor
    if (only or found) and _asked(FIX_ALL, only) and any(each.fix is not None for _, each in checked.findings):
        actions += _mend_all(desk, text)
    return actions


def _asked(kind: str, only: Sequence[Any] | None) -> bool:
    """Whether a kind of action is asked for: kinds are hierarchical, `source` asks for `source.fixAll.lintperf`."""
    if not only:
        return True
    asked = [str(getattr(each, "value", each)) for each in only]
    name = str(getattr(kind, "value", kind))
    return any(each in ("", name) or name.startswith(f"{each}.") for each in asked)


def _of(reported: Iterable[lsp.Diagnostic], finding: Finding) -> list[lsp.Diagnostic]:
    """The editor's diagnostics that stand for a finding."""
    return [each for each in reported if each.source == SOURCE and each.code == finding.code]


def _workspace_edit(text: EditorText, edits: list[tuple[int, int, str]]) -> lsp.WorkspaceEdit:
    return lsp.WorkspaceEdit(changes={text.uri: [lsp.TextEdit(text.range(a, b), new) for a, b, new in edits]})


def _replaced(text: EditorText, finding: Finding) -> tuple[int, int, str] | None:
    fix = finding.fix
    if fix is None or fix.written is None or not isinstance(fix.place, TextPlace):
        return None
    shift = 1 if text.text.startswith("\ufeff") else 0
    return fix.place.offset + shift, fix.place.end_offset + shift, fix.written


def _mend(desk: Desk, text: EditorText, finding: Finding, reported: list[lsp.Diagnostic]) -> list[lsp.CodeAction]:
    edit = _replaced(text, finding)
    if edit is None or finding.fix is None:
        return []
    shown = format_value(finding.fix.value, None, desk.lang)
    title = _mending(finding.code, shown, finding.fix.safe, desk.lang)
    return [
        lsp.CodeAction(
            title,
            lsp.CodeActionKind.QuickFix,
            reported,
            is_preferred=finding.fix.safe,
            edit=_workspace_edit(text, [edit]),
        )
    ]


def _mending(code: str, shown: str, safe: bool, lang: Lang) -> str:
    careful = Text("", "") if safe else Text("（须核对）", " (look at it first)")
    return Text(f"改为 {shown}{careful.zh}（{code}）", f"Change to {shown}{careful.en} ({code})").to(lang)


def _mend_all(desk: Desk, text: EditorText) -> list[lsp.CodeAction]:
    edits = [edit for finding in desk.fixed(text) if (edit := _replaced(text, finding)) is not None]
    if not edits:
        return []
    title = Text(f"改正全部可安全修正的值（{len(edits)} 处）", f"Fix all that is safe to fix ({len(edits)})").to(
        desk.lang
    )
    return [lsp.CodeAction(title, FIX_ALL, edit=_workspace_edit(text, edits))]


def _suppress(desk: Desk, checked: Checked, finding: Finding, reported: list[lsp.Diagnostic]) -> list[lsp.CodeAction]:
    """An entry of the document that wants this finding not reported; the reason is left to the author to write."""
    text = checked.text
    document = next((each for each in desk.documents(text) if each.index == finding.document), None)
    if document is None or document.source is None or document.syntax is None:
        return []
    # a reason that nobody wrote must not suppress anything: the schema asks for one until it is there
    entry = {"code": finding.code, **({"row": finding.row} if finding.row else {}), "reason": ""}
    edit = appended(document.source, document.syntax, document.data, document.index, document.locate, SETTINGS, entry)
    if edit is None:
        return []
    shift = len(text.text) - len(document.source)
    of = Text(f"（{finding.row}）", f" ({finding.row})") if finding.row else Text("", "")
    code = finding.code
    title = Text(f"忽略 {code}{of.zh}，理由待填", f"Ignore {code}{of.en}, reason to be written").to(desk.lang)
    return [
        lsp.CodeAction(
            title,
            lsp.CodeActionKind.QuickFix,
            reported,
            edit=_workspace_edit(text, [(edit.start + shift, edit.end + shift, edit.text)]),
        )
    ]
