"""Whatever is typed or deleted anywhere: every request is answered, and what is offered fits the text."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types as lsp
from test_desk import DESK
from test_server import CASES, FORM, RULE, YAML

from lintperf.lsp.actions import actions_at
from lintperf.lsp.completion import completions_at
from lintperf.lsp.diagnostics import Client, diagnostics_of
from lintperf.lsp.hover import hover_at
from lintperf.lsp.navigation import definitions_at, references_at, symbols_of
from lintperf.lsp.texts import EditorText

PACK = """name: own-pack
title: {zh: 本单位, en: Ours}
version: '1'
extends: [cn-performance]
severities:
  LP301: off
"""
TEXTS = {
    "古树.json": FORM,
    "古树.yaml": YAML,
    "rules/XX001-rate-above-one.yaml": RULE,
    "rules/XX001-rate-above-one.test.yaml": CASES,
    "ruleset.yaml": PACK,
    "lintperf.toml": 'ignore = ["LP301"]\n[severity]\nLP201 = "note"\n',
}
TYPED = st.sampled_from(
    ["", '"', "'", "{", "}", "[", "]", ",", ":", "\n", "  ", "- ", "#", "a", "null", "𠮷", "---\n", "|", "1e5"]
)
CLIENT = Client(
    lsp.ClientCapabilities(
        text_document=lsp.TextDocumentClientCapabilities(
            publish_diagnostics=lsp.PublishDiagnosticsClientCapabilities(
                related_information=True, code_description_support=True, data_support=True
            )
        )
    )
)


@pytest.mark.parametrize("name", TEXTS)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_request_is_answered(name: str, data: st.DataObject) -> None:
    text = TEXTS[name]
    for _ in range(data.draw(st.integers(0, 3))):
        start = data.draw(st.integers(0, len(text)))
        text = text[:start] + data.draw(TYPED) + text[start + data.draw(st.integers(0, 12)) :]
    offset = data.draw(st.integers(0, len(text)))
    state = EditorText(Path("/nowhere/own-pack", name).as_uri(), text, 1, "utf-16")
    checked = DESK.check(state)
    end = state.position(len(text))
    for diagnostic in diagnostics_of(DESK, checked, CLIENT):
        assert diagnostic.message
        assert (diagnostic.range.end.line, diagnostic.range.end.character) <= (end.line, end.character)
    hover = hover_at(DESK, checked, offset)
    assert hover is None or (hover[0] and 0 <= hover[1] <= offset < hover[2] <= len(text))
    for item in completions_at(DESK, checked, offset, True):
        edit = item.text_edit
        assert isinstance(edit, lsp.TextEdit)
        # editors take an edit only on the line of the cursor, around it
        first, last = state.offset(edit.range.start), state.offset(edit.range.end)
        assert first <= offset <= last
    definitions_at(DESK, checked, offset)
    references_at(checked, offset)
    symbols_of(DESK, checked)
    place = state.range(offset, offset)
    parameters = lsp.CodeActionParams(lsp.TextDocumentIdentifier(state.uri), place, lsp.CodeActionContext([]))
    for action in actions_at(DESK, checked, parameters):
        assert action.edit is not None or action.command is not None
