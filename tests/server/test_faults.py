"""The service under load while something goes wrong: no wrong answer, none mixed up with another's, and it comes back.

Each request carries a form with its own number, and each answer must name it (`load`). The service is a process of its
own, as an operator starts it. `LINTPERF_SLOW_TESTS=1` makes each load ten times as long.
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

pytest.importorskip("uvicorn", reason="the extra `serve` is not installed")
if not Path("/proc/self/smaps_rollup").exists():
    pytest.skip("processes are looked at in /proc", allow_module_level=True)

from load import Load, is_problem, names_its_number, numbered_form

from benchmarks.service import Connection, Service, children, processes_below, request, started

TIMES = 10 if os.environ.get("LINTPERF_SLOW_TESTS") else 1
SHORT = {
    "LINTPERF_SERVE_HEADER_SECONDS": "0.6",
    "LINTPERF_SERVE_IDLE_SECONDS": "0.6",
    "LINTPERF_SERVE_READ_SECONDS": "2",
    "LINTPERF_SERVE_STOP_SECONDS": "10",
}


@pytest.fixture(scope="module")
def service() -> Iterator[Service]:
    """A service with two workers that has little patience with clients and files."""
    with started("--workers", "2", "--timeout", "1.5", environment=SHORT) as running:
        yield running


async def eventually(holds: Callable[[], bool], seconds: float = 15.0) -> None:
    until = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < until, "it never came true"
        await asyncio.sleep(0.02)


async def metric(service: Service, name: str) -> float:
    """A number that the service measures, over all its labels."""
    text = (await Connection(service.port).ask("GET", "/metrics")).body.decode()
    lines = [line for line in text.splitlines() if line.startswith((f"{name} ", f"{name}{{"))]
    assert lines, name
    return sum(float(line.rpartition(" ")[2]) for line in lines)


async def whole(service: Service) -> None:
    """The service has its workers, nobody waits or runs, and it answers well."""
    await eventually(lambda: len(service.workers()) == 2)
    connection = Connection(service.port)
    for number in range(20):
        response = await connection.check(f"form-{number}.json", numbered_form(number))
        assert response.status == 200 and names_its_number(response, number)
    connection.close()


def test_workers_killed_under_load(service: Service) -> None:
    load = Load(service.port)

    async def kill() -> None:
        for _ in range(10 * TIMES):
            await load.answered(10)
            await eventually(lambda: len(service.workers()) >= 2)
            os.kill(service.workers()[0], signal.SIGKILL)
        await load.answered(30)

    async def scenario() -> None:
        await load.run(kill)
        await whole(service)

    asyncio.run(scenario())
    assert not load.broken
    # a request whose worker dies gets another one; only one that loses both is told so
    assert set(load.statuses) <= {200, 422}
    assert load.statuses[422] <= TIMES


def test_the_template_of_workers_killed_under_load(service: Service) -> None:
    load = Load(service.port)

    async def kill() -> None:
        await load.answered(20)
        (template,) = children(service.process.pid)
        os.kill(template, signal.SIGKILL)
        await eventually(lambda: children(service.process.pid) not in ([], [template]), 30)
        await load.answered(20)

    async def scenario() -> None:
        await load.run(kill)
        await whole(service)

    asyncio.run(scenario())
    assert not load.broken
    assert set(load.statuses) <= {200, 422, 429, 503}


def test_a_worker_that_hangs_is_replaced(service: Service) -> None:
    load = Load(service.port)

    async def stop_one() -> None:
        await load.answered(10)
        os.kill(service.workers()[0], signal.SIGSTOP)
        await eventually(lambda: load.statuses[422] == 1)
        await load.answered(20)

    async def scenario() -> None:
        await load.run(stop_one)
        await whole(service)

    asyncio.run(scenario())
    assert not load.broken
    assert set(load.statuses) == {200, 422}
    assert service.events("worker-replaced")[-1]["why"] == "time"


def test_clients_that_send_slowly_are_closed_and_hold_up_nobody(service: Service) -> None:
    load = Load(service.port)
    form = request("POST", "/v1/check?filename=a.json", numbered_form(1))

    async def send_slowly(start: bytes) -> float:
        """Seconds until the service closes a connection that brings a byte now and then after this start."""
        begun = time.monotonic()
        reader, writer = await Connection(service.port).open()
        writer.write(start)
        reading = asyncio.ensure_future(reader.read())
        sent = len(start)
        while not reading.done() and time.monotonic() < begun + 15:
            await asyncio.sleep(0.1)
            if len(start) != 400:  # that one sends nothing more at all
                writer.write(form[sent : sent + 1])
                sent += 1
        assert reading.done(), "the service waits for ever"
        assert reading.exception() is not None or not reading.result().startswith(b"HTTP/1.1 200")
        return time.monotonic() - begun

    async def clients() -> None:
        # in the middle of the headers, in the middle of the body, and nothing after the start of the body
        slow = [send_slowly(form[:20]), send_slowly(form[:300]), send_slowly(form[:400]), send_slowly(b"")]
        await asyncio.gather(*(each for _ in range(3) for each in slow[:1]), *slow[1:])
        await load.answered(20)

    async def scenario() -> None:
        await load.run(clients)
        await whole(service)

    asyncio.run(scenario())
    assert not load.broken
    assert set(load.statuses) == {200}


def test_clients_that_do_not_read_are_closed(service: Service) -> None:
    """Answers that nobody takes are no reason to hold them, nor the connection."""

    async def scenario() -> None:
        clients = []
        for number in range(8):
            reader, writer = await Connection(service.port).open()
            reader._transport.pause_reading()  # type: ignore[attr-defined]
            ask = request("POST", f"/v1/check?filename=form-{number}.json&format=html", numbered_form(number))
            writer.write(ask * 40)
            clients.append(writer)
        load = Load(service.port, 2)
        await load.run(lambda: load.answered(50))
        assert set(load.statuses) == {200} and not load.broken
        before = await metric(service, "lintperf_refused_connections_total")
        assert before >= 1
        for writer in clients:
            writer.transport.abort()
        await whole(service)

    asyncio.run(scenario())


def test_clients_that_hang_up(service: Service) -> None:
    load = Load(service.port)
    asked = request("POST", "/v1/check?filename=a.json&format=html", numbered_form(1))

    async def hang_up() -> None:
        for number in range(100 * TIMES):
            connection = Connection(service.port)
            _, writer = await connection.open()
            writer.write(asked[: len(asked) * (number % 5) // 4])
            await asyncio.sleep(0.002 * (number % 7))
            connection.close()

    async def scenario() -> None:
        await load.run(hang_up)
        await whole(service)
        assert await metric(service, "lintperf_held_bytes") == 0
        assert await metric(service, "lintperf_queue_length") == 0

    asyncio.run(scenario())
    assert not load.broken
    assert set(load.statuses) <= {200, 429}


def test_hostile_files_among_good_ones(service: Service) -> None:
    sys.path.insert(0, str(Path(__file__).parents[1] / "hostile"))
    from bad_files import bad_files

    # the small ones that are made at once; all of them are for the benchmark
    groups = ("cut-", "disguised-", "encodings-", "renamed-", "archives-", "pdf-")
    files = [(bad.name, bad.make()) for bad in bad_files() if bad.name.startswith(groups)]
    load = Load(service.port, 8, [(name, content) for name, content in files if len(content) < 20_000])
    assert len(load.hostile) > 400

    async def scenario() -> None:
        await load.run(lambda: load.answered(300 * TIMES, 60 * TIMES))
        await whole(service)

    asyncio.run(scenario())
    assert not load.broken
    assert set(load.statuses) == {200}


def test_a_full_disk(tmp_path: Path) -> None:
    """Where no file can grow, whatever needs none is answered, and all else is a problem with a sentence."""
    environment = {"TMPDIR": str(tmp_path)}
    word = Path(__file__).parents[2] / "examples" / "09-guanli-zhuanxiang.docx"
    with started("--workers", "2", "--log", str(tmp_path / "access.log"), environment=environment) as service:

        async def scenario() -> None:
            connection = Connection(service.port)
            await whole(service)
            for process in (service.process.pid, *processes_below(service.process.pid)):
                resource.prlimit(process, resource.RLIMIT_FSIZE, (0, 0))
            for call in ("check?format=json", "check?format=html", "annotate?", "summary?format=xlsx", "convert?"):
                response = await connection.ask(
                    "POST", f"/v1/{call}&filename=a.docx".replace("?&", "?"), word.read_bytes()
                )
                assert response.status == 200 or (response.status == 503 and is_problem(response)), response
            for worker in service.workers():
                os.kill(worker, signal.SIGKILL)
            await whole(service)
            assert await metric(service, "lintperf_lost_log_lines_total") > 20

        asyncio.run(scenario())
        assert service.stop() == 0
    assert [path for path in tmp_path.iterdir() if path.name != "access.log"] == []


def test_a_temporary_folder_without_room(tmp_path: Path) -> None:
    """A small file system of its own as temporary folder: without room for a file, then not even for a folder."""
    folder = tmp_path / "small"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64k,nr_inodes=16", "none", str(folder)]
    if sys.platform != "linux" or subprocess.run(mount, check=False, capture_output=True).returncode:
        pytest.skip("this test has to mount a file system")
    word = Path(__file__).parents[2] / "examples" / "09-guanli-zhuanxiang.docx"
    try:
        with started("--workers", "2", environment={"TMPDIR": str(folder)}) as service:

            async def scenario() -> None:
                connection = Connection(service.port)
                with pytest.raises(OSError), (folder / "filler").open("wb", 0) as filler:
                    while True:
                        filler.write(b"x" * 4096)
                for call in ("check?format=json", "annotate?format=", "summary?format=xlsx"):
                    path = f"/v1/{call}&filename=a.docx".replace("format=&", "")
                    response = await connection.ask("POST", path, word.read_bytes())
                    assert response.status == 200 or (response.status == 503 and is_problem(response)), response
                await whole(service)
                with pytest.raises(OSError):
                    for number in range(100):
                        (folder / f"filler-{number}").touch()
                for worker in service.workers():
                    os.kill(worker, signal.SIGKILL)
                await eventually(lambda: bool(service.events("worker-replaced")))
                response = await connection.check("form-1.json", numbered_form(1))
                assert names_its_number(response, 1) if response.status == 200 else is_problem(response)
                for path in folder.glob("filler*"):
                    path.unlink()
                await whole(service)

            asyncio.run(scenario())
            assert service.stop() == 0
    finally:
        subprocess.run(["umount", str(folder)], check=False)


def test_stopped_under_load() -> None:
    """What was sent before the signal is answered; what comes later finds nobody; no process is left."""
    with started("--workers", "2", environment=SHORT) as service:
        load = Load(service.port, 8)
        told = 0.0

        async def stop() -> None:
            nonlocal told
            await load.answered(30)
            told = time.monotonic()
            service.process.send_signal(signal.SIGTERM)
            await eventually(lambda: service.process.poll() is not None)

        processes = processes_below(service.process.pid)
        asyncio.run(load.run(stop))
        assert service.process.returncode == 0
        assert set(load.statuses) == {200}
        # a request on its way when the service closes the connection gets no answer, not half of one
        assert all(sent > told - 0.005 for sent in load.broken), [sent - told for sent in load.broken]
        assert not [process for process in processes if Path(f"/proc/{process}").exists()]
