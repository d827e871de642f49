"""The service as another program uses it: started as a process, asked over HTTP, its memory and time looked at.

Used by `serve.py` and by the tests of faults. The client is small because it shares the processors with the service.
"""

from __future__ import annotations

import asyncio
import json
import os
import queue
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

__all__ = ["Connection", "Response", "Service", "Usage", "processes_below", "started"]

HOST = "127.0.0.1"
START_SECONDS = 60.0
TICKS = os.sysconf("SC_CLK_TCK")


class Usage(NamedTuple):
    """What the processes of a service have and took: memory in bytes, processor time in seconds.

    Memory is the proportional set: a page that n processes share counts 1/n in each, so the sum is what is taken.
    """

    memory: int
    web_memory: int
    web_seconds: float
    worker_seconds: float


@dataclass
class Service:
    """A running service: its first process, its port, and the lines of its log so far."""

    process: subprocess.Popen[bytes]
    port: int
    log: list[dict[str, Any]]

    def workers(self) -> list[int]:
        """The processes that check, but for the template that they are forked from."""
        templates = children(self.process.pid)
        return [worker for template in templates for worker in children(template)]

    def usage(self) -> Usage:
        """Memory and time now. Time of processes that ended counts for the one that they were started by."""
        web, others = self.process.pid, processes_below(self.process.pid)
        memory = {process: _memory(process) for process in (web, *others)}
        return Usage(sum(memory.values()), memory[web], _seconds(web, False), sum(_seconds(p, True) for p in others))

    def events(self, name: str) -> list[dict[str, Any]]:
        """The lines of the log with this event."""
        return [line for line in self.log if line.get("event") == name]

    def stop(self, seconds: float = 40.0) -> int:
        """Tell it to stop; its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(seconds)


@contextmanager
def started(*options: str, environment: Mapping[str, str] | None = None) -> Iterator[Service]:
    """A service with these options on a free port of this machine, ready when it is handed over; ended after that."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("LINTPERF_")}
    kept["PYTHONPATH"] = os.pathsep.join(path for path in sys.path if path)
    command = [sys.executable, "-P", "-m", "lintperf", "serve", "--port", "0", "--lang", "en", *options]
    process = subprocess.Popen(
        command,
        env={**kept, **(environment or {})},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    log: list[dict[str, Any]] = []
    said: list[str] = []
    begun: queue.Queue[int] = queue.Queue()
    reader = threading.Thread(target=_listen, args=(process, log, said, begun), daemon=True)
    reader.start()
    try:
        port = begun.get(timeout=START_SECONDS)
        if not port:
            raise RuntimeError("the service did not start:\n" + "\n".join(said))
        yield Service(process, port, log)
    finally:
        if process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                for other in processes_below(process.pid):
                    os.kill(other, signal.SIGKILL)
                process.kill()
                process.wait()
        reader.join(5)


def _listen(
    process: subprocess.Popen[bytes], log: list[dict[str, Any]], said: list[str], begun: queue.Queue[int]
) -> None:
    """Collect the lines of the service; its port comes with the sentence that it serves."""
    assert process.stderr is not None
    with process.stderr as lines:
        for line in lines:
            text = line.decode("utf-8", "replace").rstrip()
            if text.startswith("{"):
                log.append(json.loads(text))
            else:
                said.append(text)
                if "serving on http://" in text:
                    begun.put(int(text.partition("http://")[2].partition("/")[0].rpartition(":")[2]))
    begun.put(0)


def children(process: int) -> list[int]:
    """The processes that a process started and that still are."""
    try:
        return [int(word) for word in Path(f"/proc/{process}/task/{process}/children").read_text().split()]
    except OSError:
        return []


def processes_below(process: int) -> list[int]:
    """The processes that a process started, those that these started, and so on."""
    return [each for child in children(process) for each in (child, *processes_below(child))]


def _memory(process: int) -> int:
    try:
        text = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:  # it ended meanwhile
        return 0
    line = next((line for line in text.splitlines() if line.startswith("Pss:")), "Pss: 0 kB")
    return int(line.split()[1]) * 1024


def _seconds(process: int, with_children: bool) -> float:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11 : 15 if with_children else 13])) / TICKS


class Response(NamedTuple):
    """An answer: its status, its headers with names in lower case, its body, the seconds that it took."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


class Connection:
    """A connection that is kept from one request to the next; opened when it is needed. One request at a time."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """The two ends of the connection."""
        if self._streams is None:
            self._streams = await asyncio.open_connection(HOST, self.port, limit=1024 * 1024)
        return self._streams

    def close(self) -> None:
        """Hang up."""
        if self._streams is not None:
            self._streams[1].transport.abort()
        self._streams = None

    async def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Response:
        """The answer to a request. Raises OSError or EOFError where the connection breaks; then it is closed."""
        start = time.perf_counter()
        try:
            reader, writer = await self.open()
            writer.write(request(method, path, body, headers))
            status, found, content = await answer(reader)
        except (OSError, EOFError):
            self.close()
            raise
        if found.get("connection", "").lower() == "close":
            self.close()
        return Response(status, found, content, time.perf_counter() - start)

    async def check(self, name: str, content: bytes, fields: str = "format=json") -> Response:
        """The answer of the check to one file."""
        return await self.ask("POST", f"/v1/check?filename={name}&{fields}", content)


def request(method: str, path: str, body: bytes, headers: Mapping[str, str] | None = None) -> bytes:
    """The bytes of a request."""
    lines = [f"{method} {path} HTTP/1.1", f"Host: {HOST}", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


async def answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    """The next answer that a stream holds: status, headers, body. Raises EOFError where it ends before."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
    headers = {}
    for line in head[1:]:
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    body = await reader.readexactly(int(headers["content-length"])) if "content-length" in headers else b""
    return int(head[0].split()[1]), headers, body
