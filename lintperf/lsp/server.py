"""The server: messages of the protocol in, answers and diagnostics out. What they say is made by its neighbours.

Texts are kept here and not by pygls, whose lines also end at U+2028, form feeds and the like, which editors do not
count. All checks run one after the other in one worker thread, so that the loop answers while a large file is checked
and a request that the editor gives up does not hold up the next.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from lintperf.lsp.actions import FIX_ALL, SHOW_RULE, actions_at
from lintperf.lsp.completion import completions_at
from lintperf.lsp.desk import Checked, Desk
from lintperf.lsp.diagnostics import Client, diagnostics_of, rule_uri
from lintperf.lsp.hover import hover_at
from lintperf.lsp.navigation import definitions_at, references_at, symbols_of
from lintperf.lsp.texts import EditorText
from lintperf.model import Lang, Text
from lintperf.plugins import PluginProblem
from lintperf.policy import UsageProblem
from lintperf.rules.rule import RuleProblem
from lintperf.version import __version__

__all__ = ["make_server", "serve"]

Result = TypeVar("Result")
# a larger text is checked when it is opened and saved, not at every change
LARGEST_WHILE_TYPING = 2_000_000
WATCHED = ("**/lintperf.toml", "**/pyproject.toml", "**/ruleset.yaml", "**/rules/*.yaml")
SECTION = "lintperf"


class Server(LanguageServer):
    """A language server that never prints and never dies of a bug: what goes wrong is told to the editor's log."""

    def __init__(self) -> None:
        super().__init__("lintperf", __version__)
        self.desk = Desk()
        self.texts: dict[str, EditorText] = {}
        self.client = Client()
        self.encoding = "utf-16"
        self.worker = ThreadPoolExecutor(1, "lintperf")
        self.waiting: dict[str, asyncio.Task[None]] = {}
        self.warm = False
        self.shut_down = False

    def report_server_error(self, error: Exception, source: Any) -> None:  # noqa: ARG002 - pygls calls it
        """Tell the editor's log."""
        self.log(f"{type(error).__name__}: {error}")

    def log(self, message: str, kind: lsp.MessageType = lsp.MessageType.Error) -> None:
        """One line for the editor's log."""
        self.window_log_message(lsp.LogMessageParams(kind, message))

    def tell(self, text: Text, kind: lsp.MessageType = lsp.MessageType.Warning) -> None:
        """A message that the user sees."""
        self.window_show_message(lsp.ShowMessageParams(kind, f"lintperf: {text.to(self.desk.lang)}"))

    async def do(self, function: Callable[..., Result], *arguments: Any) -> Result:
        """A call in the worker thread, after those before it."""
        return await asyncio.get_running_loop().run_in_executor(self.worker, partial(function, *arguments))

    def later(self, uri: str, work: Coroutine[Any, Any, None]) -> None:
        """Do some work on a text in the place of what was to be done on it."""
        before = self.waiting.pop(uri, None)
        if before is not None:
            before.cancel()
        task = asyncio.get_running_loop().create_task(work)
        self.waiting[uri] = task
        task.add_done_callback(partial(self._done, uri))

    def _done(self, uri: str, task: asyncio.Task[None]) -> None:
        if self.waiting.get(uri) is task:
            del self.waiting[uri]
        if not task.cancelled() and (problem := task.exception()) is not None:
            self.log(f"{type(problem).__name__}: {problem}")

    async def publish(self, uri: str, wait: int = 0, with_cases: bool = False) -> None:
        """Check a text, after so many milliseconds, and publish what was found if it is still the same text."""
        if wait:
            await asyncio.sleep(wait / 1000)
        text = self.texts.get(uri)
        if text is None:
            return
        diagnostics = await self.do(self._diagnose, text)
        self._show(text, diagnostics)
        failing = await self.do(self.desk.run_cases, text) if with_cases else []
        if failing:
            self._show(text, await self.do(self._diagnose, text))
        if not self.warm:
            # the first hover would wait for all packs to be read; the first diagnostics do not need them
            self.warm = True
            await self.do(self.desk.rules, text)

    def _diagnose(self, text: EditorText) -> list[lsp.Diagnostic] | None:
        if self.texts.get(text.uri) is not text:
            return None  # a newer text waits already
        return diagnostics_of(self.desk, self.desk.check(text), self.client)

    def _show(self, text: EditorText, diagnostics: list[lsp.Diagnostic] | None) -> None:
        if diagnostics is not None and self.texts.get(text.uri) is text:
            self.text_document_publish_diagnostics(
                lsp.PublishDiagnosticsParams(text.uri, diagnostics, version=text.version)
            )

    async def at(self, uri: str, function: Callable[[Checked, EditorText], Result], otherwise: Result) -> Result:
        """What `function` makes of a text as it is now, checked; `otherwise` for a text that is not open."""
        text = self.texts.get(uri)
        if text is None:
            return otherwise
        look = self.desk.check if len(text.text) <= LARGEST_WHILE_TYPING else self.desk.glance
        return await self.do(lambda: function(look(text), text))

    async def read_again(self) -> None:
        """Files that decide about others have changed: all open texts are checked anew."""
        await self.do(self.desk.read_again)
        await self.check_again()

    async def check_again(self) -> None:
        """Check all open texts anew, whose settings may have changed."""
        await self.do(self.desk.checked.clear)
        for uri in list(self.texts):
            await self.publish(uri)

    def end(self) -> None:
        """Nothing goes on after this."""
        for task in list(self.waiting.values()):
            task.cancel()
        self.worker.shutdown(wait=False, cancel_futures=True)


def _initialize(server: Server, params: lsp.InitializeParams) -> None:
    server.client = Client(params.capabilities)
    server.encoding = str(getattr(encoding := server.workspace.position_encoding, "value", encoding))
    locale = (params.locale or "").lower()
    server.desk.locale = ("en" if not locale.startswith("zh") else "zh") if locale else None
    server.desk.settings, wrong = server.desk.settings.changed(params.initialization_options)
    for text in wrong:
        server.log(text.to(server.desk.lang), lsp.MessageType.Warning)


async def _initialized(server: Server, _params: lsp.InitializedParams) -> None:
    workspace = server.client_capabilities.workspace
    registrations = []
    if workspace is not None and workspace.did_change_watched_files is not None:
        if workspace.did_change_watched_files.dynamic_registration:
            watchers = [lsp.FileSystemWatcher(pattern) for pattern in WATCHED]
            options = lsp.DidChangeWatchedFilesRegistrationOptions(watchers)
            registrations.append(lsp.Registration("files", lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, options))
        if workspace.did_change_configuration is not None and workspace.did_change_configuration.dynamic_registration:
            section = lsp.DidChangeConfigurationRegistrationOptions(SECTION)
            registrations.append(lsp.Registration("settings", lsp.WORKSPACE_DID_CHANGE_CONFIGURATION, section))
    if registrations:
        await server.client_register_capability_async(lsp.RegistrationParams(registrations))
    await _ask_for_settings(server)
    try:
        await server.do(server.desk.get_ready)
    except (PluginProblem, RuleProblem, UsageProblem) as problem:
        server.tell(problem.text, lsp.MessageType.Error)


async def _ask_for_settings(server: Server) -> bool:
    """Ask the editor for its settings, where it can be asked."""
    workspace = server.client_capabilities.workspace
    if workspace is None or not workspace.configuration:
        return False
    items = [lsp.ConfigurationItem(section=SECTION)]
    given = await server.workspace_configuration_async(lsp.ConfigurationParams(items))
    await _take_settings(server, given[0] if given else None)
    return True


async def _take_settings(server: Server, given: Any) -> None:
    before = server.desk.settings
    server.desk.settings, wrong = before.changed(given)
    for text in wrong:
        server.tell(text)
    if server.desk.settings != before:
        await server.check_again()


async def _settings_changed(server: Server, params: lsp.DidChangeConfigurationParams) -> None:
    if not params.settings and await _ask_for_settings(server):
        return
    await _take_settings(server, params.settings)


async def _files_changed(server: Server, _params: lsp.DidChangeWatchedFilesParams) -> None:
    await server.read_again()


def _opened(server: Server, params: lsp.DidOpenTextDocumentParams) -> None:
    item = params.text_document
    server.texts[item.uri] = EditorText(item.uri, item.text, item.version, server.encoding, item.language_id)
    server.later(item.uri, server.publish(item.uri, with_cases=True))


def _changed(server: Server, params: lsp.DidChangeTextDocumentParams) -> None:
    uri = params.text_document.uri
    text = server.texts.get(uri)
    if text is None:
        return
    text = server.texts[uri] = text.changed(params.content_changes, params.text_document.version)
    if len(text.text) <= LARGEST_WHILE_TYPING:
        server.later(uri, server.publish(uri, server.desk.settings.debounce))


def _saved(server: Server, params: lsp.DidSaveTextDocumentParams) -> None:
    uri = params.text_document.uri
    text = server.texts.get(uri)
    if text is not None:
        server.later(uri, _publish_saved(server, text))


async def _publish_saved(server: Server, text: EditorText) -> None:
    if _decides_about_others(text.path):
        await server.do(server.desk.read_again)
        await server.do(server.desk.checked.clear)
    await server.publish(text.uri, with_cases=True)
    if _decides_about_others(text.path):
        for uri in [each for each in server.texts if each != text.uri]:
            await server.publish(uri)


def _decides_about_others(path: Path) -> bool:
    return path.name in ("lintperf.toml", "pyproject.toml", "ruleset.yaml") or path.parent.name == "rules"


def _closed(server: Server, params: lsp.DidCloseTextDocumentParams) -> None:
    uri = params.text_document.uri
    server.texts.pop(uri, None)
    if (task := server.waiting.pop(uri, None)) is not None:
        task.cancel()
    server.desk.forget(uri)
    server.text_document_publish_diagnostics(lsp.PublishDiagnosticsParams(uri, []))


async def _hover(server: Server, params: lsp.HoverParams) -> lsp.Hover | None:
    def look(checked: Checked, text: EditorText) -> lsp.Hover | None:
        found = hover_at(server.desk, checked, text.offset(params.position))
        if found is None:
            return None
        shown, start, end = found
        return lsp.Hover(lsp.MarkupContent(lsp.MarkupKind.Markdown, shown), text.range(start, end))

    return await server.at(params.text_document.uri, look, None)


async def _complete(server: Server, params: lsp.CompletionParams) -> lsp.CompletionList:
    documents = server.client_capabilities.text_document
    completion = documents.completion if documents is not None else None
    item = completion.completion_item if completion is not None else None
    snippets = bool(item and item.snippet_support)

    def look(checked: Checked, text: EditorText) -> lsp.CompletionList:
        return lsp.CompletionList(False, completions_at(server.desk, checked, text.offset(params.position), snippets))

    return await server.at(params.text_document.uri, look, lsp.CompletionList(False, []))


async def _actions(server: Server, params: lsp.CodeActionParams) -> list[lsp.CodeAction]:
    return await server.at(params.text_document.uri, lambda checked, _: actions_at(server.desk, checked, params), [])


async def _definition(server: Server, params: lsp.DefinitionParams) -> list[lsp.Location]:
    return await server.at(
        params.text_document.uri,
        lambda checked, text: definitions_at(server.desk, checked, text.offset(params.position)),
        [],
    )


async def _references(server: Server, params: lsp.ReferenceParams) -> list[lsp.Location]:
    return await server.at(
        params.text_document.uri, lambda checked, text: references_at(checked, text.offset(params.position)), []
    )


async def _symbols(server: Server, params: lsp.DocumentSymbolParams) -> list[Any]:
    uri = params.text_document.uri
    none: list[lsp.DocumentSymbol] = []
    found = await server.at(uri, lambda checked, _: symbols_of(server.desk, checked), none)
    documents = server.client_capabilities.text_document
    shown = documents.document_symbol if documents is not None else None
    if shown is not None and shown.hierarchical_document_symbol_support:
        return found
    return list(_flat(found, uri, None))


def _flat(symbols: list[lsp.DocumentSymbol], uri: str, inside: str | None) -> list[lsp.SymbolInformation]:
    """The outline for editors that know no nesting."""
    flat = []
    for symbol in symbols:
        where = lsp.Location(uri, symbol.range)
        flat.append(lsp.SymbolInformation(location=where, name=symbol.name, kind=symbol.kind, container_name=inside))
        flat += _flat(list(symbol.children or []), uri, symbol.name)
    return flat


async def _show_rule(server: Server, uri: str, code: str) -> None:
    """Open the file of a rule in the editor; where the editor cannot, show what it says."""
    text = server.texts.get(uri) or EditorText("untitled:rule.json", "", 0, server.encoding)
    rule = await server.do(server.desk.rule, text, code)
    if rule is None:
        return
    window = server.client_capabilities.window
    if window is not None and window.show_document is not None and window.show_document.support:
        await server.window_show_document_async(lsp.ShowDocumentParams(rule_uri(rule), take_focus=True))
    else:
        server.tell(Text(*(f"{code} {each}" for each in rule.why)), lsp.MessageType.Info)


def _shut_down(server: Server, *_: Any) -> None:
    server.shut_down = True
    server.end()


def make_server() -> Server:
    """The server with all it can do, not started yet."""
    server = Server()
    actions = lsp.CodeActionOptions([lsp.CodeActionKind.QuickFix, FIX_ALL])
    completion = lsp.CompletionOptions(trigger_characters=['"', ":", " ", "{", ".", "-"])
    features: tuple[tuple[str, Any, Any], ...] = (
        (lsp.INITIALIZE, _initialize, None),
        (lsp.INITIALIZED, _initialized, None),
        (lsp.WORKSPACE_DID_CHANGE_CONFIGURATION, _settings_changed, None),
        (lsp.WORKSPACE_DID_CHANGE_WATCHED_FILES, _files_changed, None),
        (lsp.TEXT_DOCUMENT_DID_OPEN, _opened, None),
        (lsp.TEXT_DOCUMENT_DID_CHANGE, _changed, None),
        (lsp.TEXT_DOCUMENT_DID_SAVE, _saved, lsp.SaveOptions(include_text=False)),
        (lsp.TEXT_DOCUMENT_DID_CLOSE, _closed, None),
        (lsp.TEXT_DOCUMENT_HOVER, _hover, None),
        (lsp.TEXT_DOCUMENT_COMPLETION, _complete, completion),
        (lsp.TEXT_DOCUMENT_CODE_ACTION, _actions, actions),
        (lsp.TEXT_DOCUMENT_DEFINITION, _definition, None),
        (lsp.TEXT_DOCUMENT_REFERENCES, _references, None),
        (lsp.TEXT_DOCUMENT_DOCUMENT_SYMBOL, _symbols, None),
        (lsp.SHUTDOWN, _shut_down, None),
    )
    for name, handler, options in features:
        server.feature(name, options)(handler)
    server.command(SHOW_RULE)(_show_rule)
    return server


def serve(lang: Lang | None = None) -> int:
    """Serve on standard input and output until the editor says exit.

    Returns the exit code: 1 where the editor went away without a `shutdown` before, as the protocol has it.

    lang  the language of all texts; None: the editor's
    """
    # whatever prints must not get between the messages
    answers, sys.stdout = sys.stdout.buffer, sys.stderr
    logging.getLogger("pygls").setLevel(logging.CRITICAL)
    server = make_server()
    server.desk.settings = replace(server.desk.settings, lang=lang)
    server.start_io(sys.stdin.buffer, answers)
    server.end()
    return 0 if server.shut_down else 1
