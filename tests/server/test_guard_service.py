"""The service as a process of its own: its start, its limits of connections, hostile files, its end."""

from __future__ import annotations

import contextlib
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("uvicorn", reason="the extra `serve` is not installed")

from lintperf.policy import UsageProblem

ROOT = Path(__file__).parents[2]
sys.path.append(str(ROOT / "tests/hostile"))
FORM = (ROOT / "examples/06-gongwu-jiedai.json").read_bytes()
WAIT = 60


@dataclass
class Service:
    """A service that runs: its process, where it listens, its log, what it said at its start."""

    process: subprocess.Popen[bytes]
    port: int
    log: Path
    said: Path

    def ask(
        self, path: str, method: str = "GET", body: bytes | None = None, headers: dict[str, str] | None = None
    ) -> tuple[int, dict[str, str], bytes]:
        """The status, the headers and the body of the answer."""
        connection = HTTPConnection("127.0.0.1", self.port, timeout=WAIT)
        try:
            connection.request(method, path, body, headers or {})
            answer = connection.getresponse()
            return answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def check(self, name: str, content: bytes) -> tuple[int, Any]:
        """The status and the findings of a check of a file with this name (already quoted)."""
        status, _, body = self.ask(f"/v1/check?format=json&lang=en&filename={name}", "POST", content)
        return status, json.loads(body)

    def measure(self, name: str) -> float:
        """A metric."""
        text = self.ask("/metrics")[2].decode()
        found = re.search(rf"^{re.escape(name)} (.*)$", text, re.MULTILINE)
        assert found is not None, name
        return float(found[1])

    def raw(self, data: bytes, end: bytes = b"") -> tuple[bytes, float]:
        """All that is answered to these bytes until the service closes the connection, and after how many seconds."""
        begun = time.monotonic()
        with socket.create_connection(("127.0.0.1", self.port), timeout=WAIT) as channel:
            channel.sendall(data)
            answer = b""
            with contextlib.suppress(ConnectionResetError):
                while piece := channel.recv(65536):
                    answer += piece
                    if end and end in answer:
                        break
        return answer, time.monotonic() - begun

    def stop(self) -> int:
        """Its exit code."""
        if self.process.poll() is None:
            self.process.terminate()
        return self.process.wait(WAIT)


@contextlib.contextmanager
def service(folder: Path, *options: str, **environment: str) -> Iterator[Service]:
    """A service in its own folder, with a temporary folder of its own."""
    (folder / "tmp").mkdir(exist_ok=True)
    log, said = folder / "service.log", folder / "said.txt"
    path = os.pathsep.join([str(ROOT), str(ROOT / "plugins"), os.environ.get("PYTHONPATH", "")])
    words = [sys.executable, "-P", "-m", "lintperf", "serve", "--port", "0", "--log", str(log), "--lang", "en"]
    with said.open("wb") as output, (folder / "stdout.txt").open("wb") as stdout:
        process = subprocess.Popen(
            [*words, *options],
            cwd=folder,
            stdout=stdout,
            stderr=output,
            env={**os.environ, "PYTHONPATH": path, "TMPDIR": str(folder / "tmp"), **environment},
        )
    try:
        until = time.monotonic() + WAIT
        while b"serving on" not in said.read_bytes():
            assert process.poll() is None, said.read_text("utf-8")
            assert time.monotonic() < until
            time.sleep(0.05)
        found = re.search(r"http://[^/]*:([0-9]+)/", said.read_text("utf-8"))
        assert found is not None
        yield Service(process, int(found[1]), log, said)
    finally:
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    folder = tmp_path_factory.mktemp("service")
    limits = {
        "LINTPERF_SERVE_HEADER_SECONDS": "0.6",
        "LINTPERF_SERVE_IDLE_SECONDS": "0.6",
        "LINTPERF_SERVE_READ_SECONDS": "2",
        "LINTPERF_SERVE_MAX_HEADERS": "4KiB",
        "LINTPERF_SERVE_MAX_CONNECTIONS": "20",
        "LINTPERF_SERVE_MAX_FILE": "2MiB",
        "LINTPERF_SERVE_MAX_TOTAL": "4MiB",
        "LINTPERF_SERVE_KEEP_ALIVE": "1",
    }
    with service(folder, "--workers", "1", "--timeout", "20", **limits) as running:
        yield running
        assert running.stop() == 0
        assert (folder / "stdout.txt").read_bytes() == b""
        assert list((folder / "tmp").iterdir()) == []


def findings(report: Any) -> set[str]:
    return {finding["code"] for document in report["documents"] for finding in document["findings"]}


def test_it_serves(shared: Service) -> None:
    assert shared.ask("/readyz")[0] == shared.ask("/healthz")[0] == 200
    status, report = shared.check("form.json", FORM)
    assert status == 200 and "LP412" in findings(report)
    status, headers, _ = shared.ask("/v1/nothing")
    assert (status, headers["x-content-type-options"], headers["cache-control"]) == (404, "nosniff", "no-store")
    assert "server" not in headers
    assert shared.measure("lintperf_workers") == 1


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"no http at all\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 5000 + b"\r\n\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\n" + b"".join(b"X-%d: y\r\n" % number for number in range(900)) + b"\r\n", 431),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 5000, 431),
        (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\nHost: a\r\n\r\n", 414),
        (b"GET / HTTP/1.1\r\nHost: a\r\n", 408),
        (b"POST /v1/check?filename=a.json HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nabc", 408),
        (b"POST /v1/check?filename=a.json HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n", 408),
        (b"POST /v1/check HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcde", 400),
    ],
)
def test_broken_and_slow_requests_are_refused(shared: Service, data: bytes, status: int) -> None:
    answer, _ = shared.raw(data)
    head, _, body = answer.partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert json.loads(body)["status"] == status
    assert b"connection: close" in head and b"application/problem+json" in head


def test_a_request_that_drips_is_cut_off(shared: Service) -> None:
    head = b"POST /v1/check?filename=a.json HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n"
    with socket.create_connection(("127.0.0.1", shared.port), timeout=WAIT) as channel:
        channel.sendall(head)
        begun = time.monotonic()
        with contextlib.suppress(OSError):
            while time.monotonic() - begun < WAIT:
                channel.sendall(b" ")
                time.sleep(0.2)
    assert 1.5 < time.monotonic() - begun < WAIT


def test_silent_connections_and_idle_ones_are_closed(shared: Service) -> None:
    assert shared.raw(b"")[0].startswith(b"HTTP/1.1 408")
    answer, seconds = shared.raw(b"GET /healthz HTTP/1.1\r\nHost: a\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200") and 0.9 < seconds < WAIT


def test_a_client_that_does_not_take_its_answer_is_closed(shared: Service) -> None:
    before = shared.measure('lintperf_refused_connections_total{why="unread"}') if _refused(shared, "unread") else 0
    request = b"GET /openapi.json HTTP/1.1\r\nHost: a\r\n\r\n"
    with socket.socket() as channel:
        channel.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        channel.settimeout(WAIT)
        channel.connect(("127.0.0.1", shared.port))
        with contextlib.suppress(OSError):
            for _ in range(400):  # more than all buffers between hold
                channel.sendall(request)
        for _ in range(200):
            if _refused(shared, "unread") > before:
                break
            time.sleep(0.05)
    assert _refused(shared, "unread") > before


def _refused(running: Service, why: str) -> float:
    text = running.ask("/metrics")[2].decode()
    found = re.search(rf'^lintperf_refused_connections_total{{why="{why}"}} (.*)$', text, re.MULTILINE)
    return float(found[1]) if found else 0


def test_more_connections_than_allowed_are_told_so(shared: Service) -> None:
    with contextlib.ExitStack() as stack:
        channels = [
            stack.enter_context(socket.create_connection(("127.0.0.1", shared.port), timeout=WAIT)) for _ in range(30)
        ]
        time.sleep(0.1)
        answers = []
        for channel in channels:
            with contextlib.suppress(ConnectionResetError):
                answers.append(channel.recv(65536))
    statuses = [answer[9:12] for answer in answers]
    assert statuses.count(b"503") >= 10
    assert set(statuses) <= {b"503", b"408"}
    assert shared.check("form.json", FORM)[0] == 200


def test_what_is_too_large_is_refused_while_it_arrives(shared: Service) -> None:
    status, problem = shared.check("a.json", b" " * (3 * 2**20))
    assert (status, "2 MiB" in problem["detail"]) == (413, True)
    status, problem = shared.check("a.json", b" " * (5 * 2**20))
    assert (status, "4 MiB" in problem["detail"]) == (413, True)
    chunks = b"".join(b"10000\r\n" + b" " * 65536 + b"\r\n" for _ in range(80)) + b"0\r\n\r\n"
    head = b"POST /v1/check?filename=a.json HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    answer, _ = shared.raw(head + chunks, b"}")
    assert answer.startswith(b"HTTP/1.1 413")
    assert shared.measure("lintperf_held_bytes") == 0


@pytest.mark.parametrize(
    "name",
    [
        "..%2F..%2F..%2Fetc%2Fpasswd.json",
        "%2Fetc%2Fpasswd",
        "..%5C..%5Cwindows%5Cwin.ini.json",
        "C%3A%5Cwindows%5Cx.docx",
        "a%00b.json",
        "-.json",
        "con.json",
        "%F0%9F%98%80" * 80 + ".json",
        "file%3A%2F%2F%2Fetc%2Fpasswd.json",
        "%3Cscript%3Ealert(1)%3C%2Fscript%3E.json",
        "lintperf.toml.json",
    ],
)
def test_names_of_files_are_never_paths(shared: Service, name: str) -> None:
    status, report = shared.check(name, FORM)
    assert status in (200, 415)
    if status == 200:
        assert "LP412" in findings(report) or findings(report) == {"LP001"}
    assert "root:" not in json.dumps(report)
    folder = shared.log.parent
    assert sorted(path.name for path in folder.iterdir()) == ["said.txt", "service.log", "stdout.txt", "tmp"]


# all of them would take minutes; each kind of trick is there
BOMBS = frozenset({
    "json-deep-lists.json", "yaml-deep-flow.yaml", "zip-bomb-within-xml.xlsx", "zip-bomb.docx",
    "zip-entities-external.docx", "zip-entities-laughs.xlsx", "zip-nested.docx",
})  # fmt: skip


def test_bombs_hurt_nobody(shared: Service) -> None:
    from bad_files import bad_files

    # those that come later are not made at all
    chosen = list(islice((bad for bad in bad_files() if bad.name in BOMBS), len(BOMBS)))
    assert len(chosen) == len(BOMBS)
    expected = shared.check("form.json", FORM)
    with ThreadPoolExecutor(2) as others:
        for bad in chosen:
            good = others.submit(shared.check, "form.json", FORM)
            status, report = shared.check(bad.name, bad.make())
            assert status == 200 and bad.codes & findings(report), (bad.name, report)
            assert good.result() == expected
    assert shared.measure("lintperf_ready") == 1
    assert shared.measure('lintperf_workers_replaced_total{why="nonsense"}') == 0


def test_the_log_holds_no_names_and_no_contents(shared: Service) -> None:
    shared.check("%E5%8F%A4%E6%A0%91-secret-name.json", FORM)
    text = shared.log.read_text("utf-8")
    assert "secret-name" not in text and "古树" not in text and "接待" not in text
    events = [json.loads(line) for line in text.splitlines()]
    assert events[0]["event"] == "started"
    assert {"id", "ms", "route", "status", "client"} <= set(events[-1])


def test_it_stops_when_requests_in_flight_are_done(tmp_path: Path) -> None:
    with service(tmp_path, "--workers", "2") as running:
        large = json.dumps({**json.loads(FORM), "heading": {"project": "绿道养护"}}).encode()
        with ThreadPoolExecutor(8) as clients:
            answers = [clients.submit(running.check, "form.json", (FORM, large)[number % 2]) for number in range(40)]
            while sum(answer.done() for answer in answers) < 8:
                time.sleep(0.005)
            running.process.send_signal(signal.SIGTERM)
            expected = None
            whole = 0
            for answer in answers:
                with contextlib.suppress(ConnectionError):  # those that came after the end of listening
                    status, report = answer.result()
                    assert status == 200
                    expected = expected or report
                    whole += 1
        assert whole >= 8
        assert running.process.wait(WAIT) == 0
        events = [json.loads(line)["event"] for line in running.log.read_text("utf-8").splitlines()]
        assert events[-1] == "stopped" and "stopping" in events
        assert events.count("request") >= whole
        assert list((tmp_path / "tmp").iterdir()) == []


def test_tokens_are_read_again_when_told(tmp_path: Path) -> None:
    tokens = tmp_path / "tokens.txt"
    tokens.write_text("a first-token-of-all\n", "utf-8")
    with service(tmp_path, "--workers", "1", "--tokens", str(tokens)) as running:

        def status(token: str) -> int:
            return running.ask("/metrics", headers={"Authorization": f"Bearer {token}"})[0]

        assert (running.ask("/metrics")[0], status("first-token-of-all")) == (401, 200)
        tokens.write_text("a second-token-of-all\n", "utf-8")
        running.process.send_signal(signal.SIGHUP)
        until = time.monotonic() + WAIT
        while status("second-token-of-all") != 200:
            assert time.monotonic() < until
            time.sleep(0.05)
        assert status("first-token-of-all") == 401
        tokens.write_text("a short\n", "utf-8")
        running.process.send_signal(signal.SIGHUP)
        while "at least 16" not in running.said.read_text("utf-8"):
            assert time.monotonic() < until
            time.sleep(0.05)
        assert status("second-token-of-all") == 200
        # interrupted while it is still listening: as by Ctrl-C
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(WAIT) == 0


@pytest.mark.parametrize(
    ("host", "tokens", "warned"),
    [("127.0.0.1", "", False), ("0.0.0.0", "", True), ("0.0.0.0", "a long-enough-for-a-token", False)],
)
def test_who_opens_it_to_others_without_tokens_is_warned(
    capsys: pytest.CaptureFixture[str], host: str, tokens: str, warned: bool
) -> None:
    from lintperf.server import run
    from lintperf.server.auth import Token, Tokens
    from lintperf.server.logs import Log
    from lintperf.server.settings import ServerSettings

    known = Tokens([Token("a", tokens.encode())] if tokens else [])
    settings = ServerSettings(host=host, port=0)
    with run._listener(settings) as listener:
        run._Service(settings, "en", known, Log(""), listener).greet()
        said = capsys.readouterr().err
        port = listener.getsockname()[1]
        assert f"serving on http://{host}:{port}/" in said
        assert ("warning" in said) is warned
        # an address that is taken is a mistake of who starts it
        with pytest.raises(UsageProblem) as problem:
            run.serve(ServerSettings(host=host, port=port), "en")
    assert f"cannot listen on {host}:{port}" in problem.value.text.en


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no sockets of systemd")
def test_systemd_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from lintperf.server.run import _notify

    path = tmp_path / "notify"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as channel:
        channel.bind(str(path))
        monkeypatch.setenv("NOTIFY_SOCKET", str(path))
        _notify("READY=1")
        assert channel.recv(100) == b"READY=1"


def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from lintperf.cli import serve
    from lintperf.cli.main import run

    monkeypatch.setattr(serve, "find_spec", lambda name: None if name == "uvicorn" else object())
    assert run(["serve", "--lang", "en"]) == 2
    assert "pip install 'lintperf[serve]'" in capsys.readouterr().err
