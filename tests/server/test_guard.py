"""The guard around the application, settings, tokens, rates and logs, each by itself."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("uvicorn", reason="the extra `serve` is not installed")

from lintperf.policy import UsageProblem
from lintperf.server.auth import MOST_BUCKETS, Rates, Tokens, read_tokens
from lintperf.server.guard import SECURITY_HEADERS, Guard
from lintperf.server.logs import Log
from lintperf.server.metrics import Metrics
from lintperf.server.pool import Busy, Pool
from lintperf.server.settings import ServerSettings, settings_from, settings_table, shown_size

KEY, OTHER, METERED, OLD = "a-long-enough-token", "another-long-token-0", "only-for-the-metrics", "left-the-office-2025"


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Reads the request and answers with its length; what the path names goes wrong."""
    scope["endpoint"] = application
    scope["path_params"] = {"code": scope["path"].rpartition("/")[2]} if scope["path"].startswith("/v1/rules/") else {}
    scope["lintperf.names"] = ["古树.docx"]
    size, more = 0, True
    while more:
        message = await receive()
        size, more = size + len(message.get("body", b"")), message.get("more_body", False)
    if scope["path"] == "/v1/defect":
        raise LookupError("绿道养护")
    headers = [(b"content-type", b"text/plain")]
    if scope["path"] == "/v1/report":
        headers += [(b"content-security-policy", b"sandbox"), (b"cache-control", b"max-age=60")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": str(size).encode(), "more_body": scope["path"] == "/v1/half"})
    if scope["path"] == "/v1/half":
        raise LookupError


class Client:
    """A guard and what goes through it; `lines` are those of its log."""

    def __init__(self, tmp_path: Path, tokens: Tokens | None = None, **settings: Any) -> None:
        self.settings = ServerSettings(**settings)
        self.pool = Pool(self.settings)
        self.metrics = Metrics(self.pool)
        self.path = tmp_path / "access.log"
        self.log = Log(str(self.path))
        self.guard = Guard(application, self.settings, self.pool, tokens or Tokens(), self.metrics, self.log)

    def ask(
        self, path: str = "/v1/check", method: str = "POST", body: bytes = b"", client: str = "10.0.0.1", **headers: str
    ) -> tuple[int, Mapping[str, str], bytes]:
        """The status, the headers and the body of the answer; a header `x_y` is `x-y`."""
        sent: list[Any] = []
        pieces = [body[start : start + 1000] for start in range(0, len(body), 1000)] or [b""]

        async def receive() -> Any:
            return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

        async def send(message: Any) -> None:
            sent.append(message)

        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "query_string": b"",
            "root_path": "",
            "client": (client, 5000),
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        }
        asyncio.run(self.guard(scope, receive, send))
        start, *rest = sent
        fields = {name.decode(): value.decode() for name, value in start["headers"]}
        return start["status"], fields, b"".join(message["body"] for message in rest)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.path.read_text("utf-8").splitlines()]


@pytest.fixture
def tokens(tmp_path: Path) -> Tokens:
    path = tmp_path / "tokens.txt"
    digest = sha256(OTHER.encode()).hexdigest().upper()
    path.write_text(
        f"# who may ask\n\n财政局 {KEY} rate=2\n审计局 sha256:{digest}\nprometheus {METERED} metrics\nold {OLD} off\n",
        "utf-8",
    )
    return read_tokens(path)


def test_every_answer_has_the_security_headers(tmp_path: Path) -> None:
    client = Client(tmp_path)
    for path in ("/v1/check", "/", "/v1/defect"):
        _, headers, _ = client.ask(path)
        for name, value in SECURITY_HEADERS:
            assert headers[name.decode()] == value.decode()
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "*" not in policy
    assert headers["cache-control"] == "no-store"
    assert not any(name.startswith("access-control") for name in headers)
    _, headers, _ = client.ask("/v1/report")
    assert (headers["content-security-policy"], headers["cache-control"]) == ("sandbox", "max-age=60")


def test_tokens_open_the_doors_that_are_theirs(tmp_path: Path, tokens: Tokens) -> None:
    client = Client(tmp_path, tokens)
    status, headers, body = client.ask()
    assert (status, headers["www-authenticate"]) == (401, 'Bearer realm="lintperf"')
    assert json.loads(body)["detail"] == "需要令牌：Authorization: Bearer 令牌"
    assert json.loads(client.ask(accept_language="en")[2])["detail"].startswith("a token is needed")
    for wrong in ("Bearer ", "Bearer nonsense", f"Basic {KEY}", f"Bearer {KEY}x", KEY, "Bearer"):
        assert client.ask(authorization=wrong)[0] == 401
    assert client.ask(authorization=f"Bearer {KEY}")[0] == 200
    assert client.ask(authorization=f"bearer  {OTHER} ")[0] == 200
    assert client.ask("/metrics", "GET", authorization=f"Bearer {METERED}")[0] == 200
    assert client.ask(authorization=f"Bearer {METERED}")[0] == 403
    assert client.ask("/metrics", "GET", authorization=f"Bearer {OLD}")[0] == 403
    assert client.ask("/metrics", "GET")[0] == 401
    assert client.ask("/nothing", "GET")[0] == client.ask("//v1/check")[0] == 401
    for path in ("/", "/page/page.js", "/healthz", "/readyz", "/openapi.json"):
        assert client.ask(path, "GET")[0] == 200
    assert [line["token"] for line in client.lines if "token" in line] == [
        "财政局", "审计局", "prometheus", "prometheus", "old",
    ]  # fmt: skip
    assert not any(secret in client.path.read_text("utf-8") for secret in (KEY, OTHER, METERED, OLD))


def test_each_token_has_its_own_rate(tmp_path: Path, tokens: Tokens) -> None:
    client = Client(tmp_path, tokens, rate=1)
    statuses = [client.ask(authorization=f"Bearer {KEY}")[0] for _ in range(3)]
    assert statuses == [200, 200, 429]
    assert [client.ask(authorization=f"Bearer {OTHER}")[0] for _ in range(2)] == [200, 429]
    _, headers, body = client.ask(authorization=f"Bearer {KEY}")
    assert 25 <= int(headers["retry-after"]) <= 30
    assert headers["retry-after"] in json.loads(body)["detail"]
    assert client.ask("/metrics", "GET", authorization=f"Bearer {METERED}")[0] == 200


def test_without_tokens_each_address_has_its_own_rate(tmp_path: Path) -> None:
    client = Client(tmp_path, rate=60, burst=2)
    assert [client.ask()[0] for _ in range(3)] == [200, 200, 429]
    assert client.ask(client="10.0.0.2")[0] == 200
    assert client.ask("/", "GET")[0] == 200


def test_rates_refill_with_time_and_forget() -> None:
    rates = Rates(60, 2)
    assert [rates.wait("a", now) for now in (0, 0, 0, 0.5, 1.0, 1.0, 100, 100, 100)] == [0, 0, 1, 1, 0, 1, 0, 0, 1]
    for number in range(MOST_BUCKETS + 10):
        rates.wait(str(number), 200)
    assert len(rates._buckets) == MOST_BUCKETS
    assert Rates(0).wait("a", 0) == 0


def test_more_than_a_request_may_bring_is_refused_while_it_arrives(tmp_path: Path) -> None:
    client = Client(tmp_path, max_total=5000, max_file=2000)
    assert client.ask(body=b"x" * 5000)[0] == 200
    status, _, body = client.ask(body=b"x" * 5001)
    assert (status, json.loads(body)["detail"]) == (413, "上传的内容超过 5000，请分批上传")
    assert client.pool.held == 0
    client.pool.hold(client.settings.max_held - 500)
    status, headers, _ = client.ask(body=b"x" * 1001)
    assert (status, headers["retry-after"]) == (429, "5")
    assert client.pool.held == client.settings.max_held - 500


def test_pages_of_other_sites_and_other_host_names_are_refused(tmp_path: Path) -> None:
    client = Client(tmp_path, hosts=("jixiao.example", "127.0.0.1"))
    assert client.ask(host="jixiao.example")[0] == 200
    assert client.ask(host="JIXIAO.example:8000")[0] == 200
    assert client.ask(host="evil.example")[0] == 421
    assert client.ask()[0] == 421
    assert client.ask(host="127.0.0.1", sec_fetch_site="cross-site")[0] == 403
    assert client.ask(host="127.0.0.1", sec_fetch_site="same-origin")[0] == 200
    assert client.ask("/", "GET", host="127.0.0.1", sec_fetch_site="cross-site")[0] == 200


def test_the_log_tells_what_was_asked_and_nothing_of_what_was_sent(tmp_path: Path) -> None:
    client = Client(tmp_path)
    _, headers, _ = client.ask("/v1/rules/LP301", "GET", x_request_id="from-the-proxy.7")
    assert headers["x-request-id"] == "from-the-proxy.7"
    status, headers, body = client.ask("/v1/defect", body=b"secret", x_request_id="bad id\n")
    assert (status, json.loads(body)["type"]) == (500, "urn:lintperf:problem:failed")
    first, defect, second = client.lines
    assert {**first, "time": "", "ms": 0} == {
        "time": "", "event": "request", "id": "from-the-proxy.7", "client": "10.0.0.1", "method": "GET",
        "route": "/v1/rules/{code}", "status": 200, "ms": 0, "received": 0, "sent": 1,
    }  # fmt: skip
    assert (defect["event"], defect["error"], defect["id"]) == ("error", "LookupError", headers["x-request-id"])
    assert defect["where"].startswith("test_guard.py:")
    assert (second["status"], second["received"], len(second["id"])) == (500, 6, 16)
    written = client.path.read_text("utf-8")
    assert "secret" not in written and "绿道" not in written and "docx" not in written
    named = Client(tmp_path, log_names=True)
    named.ask()
    assert named.lines[-1]["names"] == ["古树.docx"]


def test_an_answer_that_breaks_off_is_not_passed_as_whole(tmp_path: Path) -> None:
    client = Client(tmp_path)
    with pytest.raises(ConnectionAbortedError):
        client.ask("/v1/half")
    assert client.lines[-1]["broken"] is True


def test_metrics_count_by_route_never_by_what_clients_write(tmp_path: Path) -> None:
    client = Client(tmp_path)
    client.ask(body=b"12345")
    client.ask("/v1/rules/anything-at-all", "BREW")
    text = client.metrics.text()
    assert 'lintperf_requests_total{method="POST",route="/v1/check",status="200"} 1.0' in text
    assert 'lintperf_requests_total{method="other",route="/v1/rules/{code}",status="200"} 1.0' in text
    assert 'lintperf_request_seconds_count{route="/v1/check"} 1.0' in text
    assert "lintperf_received_bytes_total 5.0" in text
    for name in ("lintperf_ready 0.0", "lintperf_queue_length 0.0", 'lintperf_workers_replaced_total{why="time"} 0.0'):
        assert name in text
    assert "anything" not in text


def test_a_log_that_was_rotated_is_opened_anew(tmp_path: Path) -> None:
    folder = tmp_path / "log"
    folder.mkdir()
    log = Log(str(folder / "a.log"))
    log.event("first")
    folder.rename(tmp_path / "old")
    with pytest.raises(UsageProblem):
        log.reopen()
    log.event("second")
    folder.mkdir()
    log.reopen()
    log.event("third")
    log.close()
    log.event("fourth")
    assert [json.loads(line)["event"] for line in (tmp_path / "old/a.log").read_text().splitlines()] == [
        "first",
        "second",
    ]
    assert [json.loads(line)["event"] for line in (folder / "a.log").read_text().splitlines()] == ["third"]


def test_a_full_disk_costs_lines_not_requests(tmp_path: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("this system has no /dev/full")
    client = Client(tmp_path)
    lost: list[int] = []
    log = Log("/dev/full", lambda: lost.append(1))
    client.guard.log = log
    assert client.ask()[0] == 200
    assert lost
    log.close()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name", "1: expected NAME TOKEN"),
        ("a short", "1: a token has at least 16 characters"),
        ("a sha256:12", "1: sha256: is followed by 64 hexadecimal digits"),
        (f"# x\na {KEY} rat=1", "2: after the token: rate=N, metrics, off"),
        (f"a {KEY}\na {OTHER}", "2: the name or the token was there before"),
        (f"a {KEY}\nb {KEY}", "2: the name or the token was there before"),
        ("# nobody\n", " there is no token in it"),
    ],
)
def test_a_wrong_file_of_tokens_is_explained_without_its_secrets(tmp_path: Path, text: str, expected: str) -> None:
    path = tmp_path / "tokens.txt"
    path.write_text(text, "utf-8")
    with pytest.raises(UsageProblem) as problem:
        read_tokens(path)
    assert problem.value.text.en == f"{path}:{expected}"
    assert KEY not in problem.value.text.zh + problem.value.text.en
    with pytest.raises(UsageProblem):
        read_tokens(tmp_path / "none.txt")


def test_options_come_before_the_environment_before_the_file(tmp_path: Path) -> None:
    path = tmp_path / "lintperf.toml"
    path.write_text(
        'ignore = ["LP407"]\n[serve]\nworkers = 3\nmax-file = "10 MiB"\nseconds = 2.5\nqueue = 5\n'
        'hosts = ["a", "b"]\ntokens = "tokens.txt"\nlog = "-"\nlog-names = true\n',
        "utf-8",
    )
    environment = {"LINTPERF_SERVE_QUEUE": "7", "LINTPERF_SERVE_MAX_TOTAL": "20M", "LINTPERF_SERVE_PROXIES": "x, y,"}
    found = settings_from({"queue": "9", "host": "::1", "port": None}, str(path), environment)
    assert found == ServerSettings(
        host="::1", workers=3, queue=9, max_file=10 * 2**20, max_total=20 * 2**20, seconds=2.5, hosts=("a", "b"),
        proxies=("x", "y"), tokens=str(tmp_path / "tokens.txt"), log="-", log_names=True,
    )  # fmt: skip
    assert found.processes == 3
    assert settings_from({}, str(path), {}).queue == 5


@pytest.mark.parametrize(
    ("options", "environment", "expected"),
    [
        ({"port": "99999"}, {}, "--port must be 0 to 65535, got 99999"),
        ({"memory": "1M"}, {}, "--memory must be 64MiB to 1024GiB, got 1M"),
        ({"max_file": "many"}, {}, "--max-file must be a size like 25MiB, got many"),
        ({"workers": "1.5"}, {}, "--workers must be a whole number, got 1.5"),
        ({"seconds": "nan"}, {}, "--timeout must be 0.1 to 3600, got nan"),
        ({}, {"LINTPERF_SERVE_LOG_NAMES": "perhaps"}, "LINTPERF_SERVE_LOG_NAMES must be 1 or 0, got perhaps"),
        ({}, {"LINTPERF_SERVE_PORTS": "1"}, "unknown variable LINTPERF_SERVE_PORTS, did you mean LINTPERF_SERVE_PORT?"),
        ({"max_total": "1M"}, {}, "max-file (25MiB) is larger than max-total (1MiB)"),
        ({"max_total": "2GiB"}, {}, "max-total (2GiB) is larger than max-held (1GiB)"),
    ],
)  # fmt: skip
def test_wrong_settings_are_explained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: Any, environment: Any, expected: str
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageProblem) as problem:
        settings_from(options, None, environment)
    assert problem.value.text.en == expected
    assert problem.value.text.zh != expected


def test_wrong_keys_of_a_file_are_explained(tmp_path: Path) -> None:
    path = tmp_path / "lintperf.toml"
    for text, word in (("[serve]\nport = 70000\n", "serve.port"), ("[serve]\nmax-file = 'big'\n", "serve.max-file")):
        path.write_text(text, "utf-8")
        with pytest.raises(UsageProblem) as problem:
            settings_from({}, str(path), {})
        assert word in problem.value.text.en
    path.write_text("[serve]\nnames = 1\n", "utf-8")
    with pytest.raises(UsageProblem):
        settings_from({}, str(path), {})


def test_the_schema_of_the_configuration_knows_all_settings() -> None:
    schema = json.loads((Path(__file__).parents[2] / "schemas/config.json").read_text("utf-8"))
    serve = schema["properties"]["serve"]["properties"]
    names = [each.replace("_", "-") for each in ServerSettings.__dataclass_fields__]
    assert sorted(serve) == sorted(names)
    for name, field in ServerSettings.__dataclass_fields__.items():
        about = serve[name.replace("_", "-")]
        if "minimum" in about:
            assert (about["minimum"], about["maximum"]) == (field.metadata["lowest"], field.metadata["highest"])


def test_the_documentation_lists_all_settings() -> None:
    assert settings_table() in (Path(__file__).parents[2] / "docs/serving.md").read_text("utf-8")


def test_the_examples_of_the_documentation_are_right(tmp_path: Path) -> None:
    docs = Path(__file__).parents[2] / "docs"
    text = (docs / "serving.md").read_text("utf-8")
    blocks = re.findall(r"^```(\w*)\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    tomls = [block for language, block in blocks if language == "toml"]
    assert len(tomls) == 2
    for number, block in enumerate(tomls):
        path = tmp_path / f"{number}.toml"
        path.write_text(block, "utf-8")
        assert settings_from({}, str(path), {}) != ServerSettings()
    (example,) = [block for _, block in blocks if "sha256:" in block and "rate=" in block]
    path = tmp_path / "tokens.txt"
    path.write_text(example, "utf-8")
    assert [token.name for token in read_tokens(path).tokens] == ["财政局绩效科", "预算单位", "prometheus", "旧系统"]
    unit = (docs / "serve/lintperf.service").read_text("utf-8")
    seconds = re.search(r"^TimeoutStopSec=([0-9]+)$", unit, re.MULTILINE)
    assert seconds is not None and int(seconds[1]) > ServerSettings().stop_seconds + 5
    environment = re.findall(r"LINTPERF_SERVE_[A-Z_]*[A-Z]", text + unit)
    assert environment
    for variable in environment:
        assert variable.removeprefix("LINTPERF_SERVE_").lower() in ServerSettings.__dataclass_fields__


def test_sizes_are_shown_as_they_are_written() -> None:
    assert [shown_size(size) for size in (1024, 25 * 2**20, 2**30, 1500)] == ["1KiB", "25MiB", "1GiB", "1500"]


def test_busy_says_when(tmp_path: Path) -> None:
    pool = Pool(ServerSettings(workers=1, queue=0))
    pool._warm = True

    async def run() -> None:
        from lintperf.server.messages import Call

        with pytest.raises(Busy) as problem:
            await pool.run(Call("check"))
        assert problem.value.retry_after == 1

    asyncio.run(run())
