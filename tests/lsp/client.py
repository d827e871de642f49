"""A small client that speaks the language server protocol over the pipes of a process of its own."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SECONDS = 30


class Editor:
    """An editor with one language server."""

    def __init__(self, cwd: Path, *arguments: str) -> None:
        paths = [str(ROOT), str(ROOT / "plugins")]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("LINTPERF_")}
        environment |= {"PYTHONPATH": os.pathsep.join(paths), "LC_ALL": "C.UTF-8"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "lintperf", "lsp", *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=cwd,
            env=environment,
        )
        self.answers: dict[int, queue.Queue[dict[str, Any]]] = {}
        self.published: queue.Queue[dict[str, Any]] = queue.Queue()
        self.messages: list[tuple[str, Any]] = []
        self.asked: list[tuple[str, Any]] = []
        self.settings: Any = None
        self.number = 0
        self.versions: dict[str, int] = {}
        self.capabilities: dict[str, Any] = {}
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while True:
            length = 0
            while line := stream.readline().strip():
                assert line.startswith((b"Content-Length:", b"Content-Type:")), line
                if line.startswith(b"Content-Length:"):
                    length = int(line.partition(b":")[2])
            if not length:
                return
            self._take(json.loads(stream.read(length)))

    def _take(self, message: dict[str, Any]) -> None:
        if "method" not in message:
            self.answers[message["id"]].put(message)
        elif "id" in message:
            self.asked.append((message["method"], message.get("params")))
            answers = {"workspace/configuration": [self.settings], "window/showDocument": {"success": True}}
            with suppress(OSError, ValueError):  # closed meanwhile
                self._send({"id": message["id"], "result": answers.get(message["method"])})
        elif message["method"] == "textDocument/publishDiagnostics":
            self.published.put(message["params"])
        else:
            self.messages.append((message["method"], message.get("params")))

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self.process.stdin is not None
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.process.stdin.flush()

    def notify(self, method: str, params: Any) -> None:
        """Tell the server something."""
        self._send({"method": method, "params": params})

    def start(self, method: str, params: Any) -> int:
        """Send a request; its number."""
        self.number += 1
        self.answers[self.number] = queue.Queue()
        self._send({"id": self.number, "method": method, "params": params})
        return self.number

    def answer(self, number: int) -> dict[str, Any]:
        """The whole answer to a request."""
        return self.answers[number].get(timeout=SECONDS)

    def ask(self, method: str, params: Any) -> Any:
        """Send a request and wait for its result."""
        message = self.answer(self.start(method, params))
        assert "error" not in message, message["error"]
        return message["result"]

    def initialize(self, encodings: list[str] | None = None, **further: Any) -> dict[str, Any]:
        """Shake hands with everything that an editor can do."""
        result = self.ask(
            "initialize",
            {
                "processId": os.getpid(),
                "rootUri": None,
                "locale": "zh-cn",
                "capabilities": {
                    "general": {"positionEncodings": encodings} if encodings else {},
                    "workspace": {
                        "configuration": True,
                        "didChangeWatchedFiles": {"dynamicRegistration": True},
                        "didChangeConfiguration": {"dynamicRegistration": True},
                    },
                    "window": {"showDocument": {"support": True}},
                    "textDocument": {
                        "publishDiagnostics": {
                            "relatedInformation": True,
                            "codeDescriptionSupport": True,
                            "dataSupport": True,
                            "tagSupport": {"valueSet": [1, 2]},
                        },
                        "completion": {"completionItem": {"snippetSupport": True}},
                        "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
                    },
                },
                **further,
            },
        )
        self.notify("initialized", {})
        self.capabilities = result["capabilities"]
        return result

    def open(self, path: Path | str, text: str) -> str:
        """Open a text; its URI."""
        uri = path.as_uri() if isinstance(path, Path) else path
        self.versions[uri] = 1
        item = {"uri": uri, "languageId": "json", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return uri

    def change(self, uri: str, *changes: dict[str, Any]) -> None:
        """Change a text: each of the changes {text} or {range, text}."""
        self.versions[uri] += 1
        document = {"uri": uri, "version": self.versions[uri]}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": list(changes)})

    def save(self, uri: str) -> None:
        """Say that a text is saved."""
        self.notify("textDocument/didSave", {"textDocument": {"uri": uri}})

    def diagnostics(self, uri: str) -> list[dict[str, Any]]:
        """The next diagnostics that are published for the newest version of a text."""
        while True:
            published = self.published.get(timeout=SECONDS)
            if published["uri"] == uri and published.get("version") in (None, self.versions.get(uri)):
                return published["diagnostics"]

    def at(self, uri: str, line: int, character: int) -> dict[str, Any]:
        """The parameters of a request about a position."""
        return {"textDocument": {"uri": uri}, "position": {"line": line, "character": character}}

    def close(self) -> tuple[int, str]:
        """Shut the server down; its exit code and what it wrote to standard error."""
        self.ask("shutdown", None)
        self.notify("exit", None)
        code = self.process.wait(SECONDS)
        assert self.process.stderr is not None
        return code, self.process.stderr.read().decode()
