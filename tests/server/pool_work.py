"""What workers do in tests of the pool: the file's text says what."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from pathlib import Path

from lintperf.server.messages import Answer, Call


def warm() -> str:
    return "warm"


def perform(state: str, call: Call) -> Answer:
    text = b"".join(content for _, content in call.files).decode() if call.files else ""
    match call.name:
        case "echo":
            return Answer(200, "text/plain", text.encode(), (("x-process", str(os.getpid())), ("x-state", state)))
        case "sleep":
            time.sleep(float(text))
            return Answer(200, "text/plain", text.encode())
        case "burn":
            end = time.process_time() + float(text)
            while time.process_time() < end:
                pass
            return Answer(200, "text/plain", text.encode())
        case "die":
            os.kill(os.getpid(), signal.SIGKILL)
        case "die-once":
            mark = Path(text)
            if not mark.exists():
                mark.write_text("died")
                os._exit(3)
            return Answer(200, "text/plain", b"alive")
        case "memory":
            return Answer(200, "text/plain", str(len(bytearray(int(text)))).encode())
        case "bug":
            raise LookupError(text)
        case "nonsense":
            return Answer(99, "text/plain", b"")
        case "file":
            with tempfile.NamedTemporaryFile(delete=False) as stream:
                stream.write(b"content")
            return Answer(200, "text/plain", stream.name.encode())
        case "file-and-hang":
            Path(tempfile.gettempdir(), "left").write_text("content")
            Path(text).write_text(tempfile.gettempdir())
            time.sleep(60)
        case "large":
            return Answer(200, "application/octet-stream", b"x" * int(text))
    raise AssertionError(call.name)
