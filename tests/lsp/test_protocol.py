"""A client of another's make, which knows the types of the protocol: what the server sends has to fit them."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from client import ROOT
from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

FORM = """{
  "type": "self-evaluation",
  "heading": {"project": "古树保护"},
  "funds": {"rows": [{"source": "total", "label": "合计🌳𠮷", "annual": 200.00, "executed": 100.00, "rate": 0.95}]},
  "indicators": []
}
"""


def test_a_session_of_a_typed_client(tmp_path: Path) -> None:
    assert asyncio.run(session(tmp_path)) == 0


async def session(folder: Path) -> int:
    client = LanguageClient("古树", "1")
    published: asyncio.Queue[lsp.PublishDiagnosticsParams] = asyncio.Queue()

    @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
    def keep(params: lsp.PublishDiagnosticsParams) -> None:
        published.put_nowait(params)

    environment = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'plugins'}", "LC_ALL": "C.UTF-8"}
    await client.start_io(sys.executable, "-m", "lintperf", "lsp", env=environment)
    # an editor that can do next to nothing
    counting = lsp.GeneralClientCapabilities(position_encodings=[lsp.PositionEncodingKind.Utf32])
    capabilities = lsp.ClientCapabilities(general=counting)
    result = await client.initialize_async(lsp.InitializeParams(capabilities, locale="zh"))
    assert result.capabilities.position_encoding == "utf-32"
    assert result.server_info is not None
    assert result.server_info.name == "lintperf"
    client.initialized(lsp.InitializedParams())
    uri = (folder / "古树保护.json").as_uri()
    item = lsp.TextDocumentItem(uri, "json", 1, FORM)
    client.text_document_did_open(lsp.DidOpenTextDocumentParams(item))
    found = await asyncio.wait_for(published.get(), 30)
    wrong = next(each for each in found.diagnostics if each.code == "LP301")
    column = FORM.splitlines()[3].index("0.95")
    assert wrong.range == lsp.Range(lsp.Position(3, column), lsp.Position(3, column + 4))
    assert (wrong.related_information, wrong.code_description, wrong.data) == (None, None, None)
    document, place = lsp.TextDocumentIdentifier(uri), wrong.range.start
    hover = await client.text_document_hover_async(lsp.HoverParams(document, place))
    assert hover is not None
    assert isinstance(hover.contents, lsp.MarkupContent)
    context = lsp.CodeActionContext([wrong])
    actions = await client.text_document_code_action_async(lsp.CodeActionParams(document, wrong.range, context))
    assert next(each.title for each in actions or []) == "改为 0.50（LP301）"
    symbols = await client.text_document_document_symbol_async(lsp.DocumentSymbolParams(document))
    assert [(each.name, getattr(each, "container_name", None)) for each in symbols or []][:3] == [
        ("基本信息", None), ("项目名称", "基本信息"), ("项目资金", None)
    ]  # fmt: skip
    completions = await client.text_document_completion_async(lsp.CompletionParams(document, lsp.Position(1, 2)))
    assert isinstance(completions, lsp.CompletionList)
    assert all(each.insert_text_format is not lsp.InsertTextFormat.Snippet for each in completions.items)
    await client.shutdown_async(None)
    client.exit(None)
    await client.stop()
    assert client._server is not None
    return client._server.returncode if client._server.returncode is not None else -1
