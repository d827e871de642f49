"""The pool: each call gets its own answer, whatever happens to workers; `pool_work` is what they do here."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytest.importorskip("uvicorn", reason="the extra `serve` is not installed")

from lintperf.server import pool as pool_module
from lintperf.server.messages import LEAD, Answer, Call, answer_from, call_from, frame_of_answer, frame_of_call, lengths
from lintperf.server.pool import Busy, Died, Gone, Pool, PoolProblem, Stopping, TimedOut
from lintperf.server.settings import ServerSettings

MIB = 1024 * 1024


def call(name: str, text: str = "", files: bool = True) -> Call:
    return Call(name, (("form.json", text.encode()),) if files else ())


def in_pool(scenario: Callable[[Pool, list[Any]], Awaitable[None]], **settings: Any) -> None:
    """Run the scenario with a pool of its own; it gets what the pool reports, too."""

    async def run() -> None:
        reports: list[Any] = []
        pool = Pool(
            ServerSettings(**{"workers": 2, **settings}),
            "pool_work",
            lambda event, **details: reports.append((event, details)),
        )
        assert not pool.ready
        await pool.start()
        try:
            await asyncio.wait_for(scenario(pool, reports), 30)
        finally:
            await pool.stop(0)
        assert not Path(pool._folder).exists()

    asyncio.run(run())


async def until(holds: Callable[[], bool]) -> None:
    for _ in range(500):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it never came true")


def processes(pool: Pool) -> set[int]:
    return {worker.process for worker in pool._workers.values()}


def test_each_call_gets_its_own_answer() -> None:
    async def scenario(pool: Pool, reports: list[Any]) -> None:
        async def one(number: int) -> None:
            if number % 10 == 3:
                with pytest.raises(Died):
                    await pool.run(call("die", str(number)))
            answer = await pool.run(call("echo", f"number {number} " + "表" * number * 50))
            assert answer.body.decode() == f"number {number} " + "表" * number * 50
            assert dict(answer.headers)["x-state"] == "warm"

        await asyncio.gather(*map(one, range(60)))
        assert pool.replaced["died"] == 12  # each of the six was tried twice
        assert (pool.waiting, pool.running) == (0, 0)

    in_pool(scenario)


def test_a_full_queue_says_when_to_come_again() -> None:
    async def scenario(pool: Pool, reports: list[Any]) -> None:
        calls = [asyncio.ensure_future(pool.run(call("sleep", "0.3"))) for _ in range(4)]
        await asyncio.sleep(0)
        with pytest.raises(Busy) as refused:
            await pool.run(call("echo"))
        assert (refused.value.status, 1 <= refused.value.retry_after <= 60) == (429, True)
        assert [answer.body for answer in await asyncio.gather(*calls)] == [b"0.3"] * 4

    in_pool(scenario, queue=2)


def test_nobody_waits_longer_than_calls_may_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "ASIDE", 60)

    async def scenario(pool: Pool, reports: list[Any]) -> None:
        running = [asyncio.ensure_future(pool.run(call("sleep", "0.45"))) for _ in range(2)]
        await asyncio.sleep(0)
        with pytest.raises(Busy):
            await pool.run(call("sleep", "0"))
        first, _ = await asyncio.gather(*running, return_exceptions=True)
        assert isinstance(first, Answer) and first.body == b"0.45"

    in_pool(scenario, workers=1, seconds=0.5)


def test_a_call_that_takes_too_long_is_killed_and_hurts_nobody() -> None:
    async def scenario(pool: Pool, reports: list[Any]) -> None:
        before = processes(pool)
        long = asyncio.ensure_future(pool.run(call("sleep", "60")))
        others = await asyncio.gather(*(pool.run(call("echo", str(number))) for number in range(20)))
        assert [answer.body for answer in others] == [str(number).encode() for number in range(20)]
        with pytest.raises(TimedOut) as problem:
            await long
        assert problem.value.status == 422
        assert "0.6" in problem.value.text.zh and "0.6" in problem.value.text.en
        await until(lambda: pool.alive == 2 and processes(pool) != before)
        assert ("worker-replaced", "time") in [(event, details.get("why")) for event, details in reports]
        answer = await pool.run(call("echo", "after"))
        assert answer.body == b"after"

    in_pool(scenario, seconds=0.6)


def test_without_files_nobody_is_told_that_they_are_damaged() -> None:
    async def scenario(pool: Pool, reports: list[Any]) -> None:
        with pytest.raises(Died) as problem:
            await pool.run(call("die", files=False))
        assert problem.value.status == 503
        with pytest.raises(Died) as problem:
            await pool.run(call("die"))
        assert problem.value.status == 422

    in_pool(scenario)


def test_a_worker_that_dies_for_another_reason_costs_nothing(tmp_path: Path) -> None:
    async def scenario(pool: Pool, reports: list[Any]) -> None:
        assert (await pool.run(call("die-once", str(tmp_path / "mark")))).body == b"alive"
        for _ in range(5):
            running = [asyncio.ensure_future(pool.run(call("sleep", "0.05"))) for _ in range(10)]
            await asyncio.sleep(0.02)
            os.kill(min(processes(pool)), signal.SIGKILL)
            assert [answer.body for answer in await asyncio.gather(*running)] == [b"0.05"] * 10

    in_pool(scenario)


def test_memory_is_limited() -> None:
    async def scenario(pool: Pool, reports: list[Any]) -> None:
        assert (await pool.run(call("memory", str(32 * MIB)))).body == str(32 * MIB).encode()
        with pytest.raises(Died) as problem:
            await pool.run(call("memory", str(300 * MIB)))
        assert (problem.value.status, "memory" in problem.value.text.en) == (422, True)
        await until(lambda: pool.replaced["memory"] == 1 and pool.alive == 2)
        assert (await pool.run(call("echo", "after"))).body == b"after"

    in_pool(scenario, memory=128 * MIB)


def test_a_worker_that_grew_is_replaced() -> None:
    async def scenario(pool: Pool, reports: list[Any]) -> None:
        first = (await pool.run(call("memory", str(300 * MIB)))).body
        assert first == str(300 * MIB).encode()
        await until(lambda: pool.replaced["recycled"] == 1 and pool.alive == 1)
        assert (await pool.run(call("echo", "after"))).body == b"after"

    in_pool(scenario, workers=1)


def test_a_defect_is_reported_without_what_was_uploaded() -> None:
    async def scenario(pool: Pool, reports: list[Any]) -> None:
        with pytest.raises(Died):
            await pool.run(call("bug", "古树名木保护"))
        ((event, details),) = reports
        assert event == "call-failed"
        assert details["what"].startswith("LookupError at pool_work.py:")
        assert "古树" not in str(details)
        with pytest.raises(Died):
            await pool.run(call("nonsense"))

    in_pool(scenario)


def test_calls_whose_client_hung_up_are_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pool_module, "ASIDE", 60)

    async def scenario(pool: Pool, reports: list[Any]) -> None:
        async def gone() -> bool:
            return True

        long = asyncio.ensure_future(pool.run(call("sleep", "0.6")))
        dropped = asyncio.ensure_future(pool.run(call("echo", "dropped"), gone))
        cancelled = asyncio.ensure_future(pool.run(call("echo", "cancelled")))
        await asyncio.sleep(0.01)
        assert pool.waiting == 2
        cancelled.cancel()
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert pool.waiting == 1
        with pytest.raises(Gone):
            await dropped
        await long
        assert pool.performed <= 1

    in_pool(scenario, workers=1)


@pytest.mark.parametrize(("work", "seconds"), [("burn", "0.8"), ("sleep", "2")])
def test_others_need_not_wait_for_a_long_call(work: str, seconds: str) -> None:
    async def scenario(pool: Pool, reports: list[Any]) -> None:
        long = asyncio.ensure_future(pool.run(call(work, seconds)))
        await asyncio.sleep(0)
        answers = await asyncio.gather(*(pool.run(call("echo", str(number))) for number in range(5)))
        assert [answer.body for answer in answers] == [b"0", b"1", b"2", b"3", b"4"]
        assert not long.done()
        assert pool.alive == 2
        assert (await long).body == seconds.encode()
        await until(lambda: pool.alive == 1)
        assert pool.replaced.total() == 0

    in_pool(scenario, workers=1)


def test_files_of_workers_go_with_them(tmp_path: Path) -> None:
    async def scenario(pool: Pool, reports: list[Any]) -> None:
        left = Path((await pool.run(call("file"))).body.decode())
        assert left.read_bytes() == b"content"
        assert left.parent.parent == Path(pool._folder)
        mark = tmp_path / "where"
        with pytest.raises(TimedOut):
            await pool.run(call("file-and-hang", str(mark)))
        folder = Path(mark.read_text())
        assert folder.parent == Path(pool._folder)
        await until(lambda: not folder.exists())

    in_pool(scenario, seconds=0.4)


def test_the_template_may_die() -> None:
    async def scenario(pool: Pool, reports: list[Any]) -> None:
        running = [asyncio.ensure_future(pool.run(call("sleep", "0.2"))) for _ in range(6)]
        await asyncio.sleep(0.05)
        before = processes(pool)
        assert pool._template is not None
        pool._template.kill()
        assert [answer.body for answer in await asyncio.gather(*running)] == [b"0.2"] * 6
        assert not processes(pool) & before
        await until(lambda: not any(map(_runs, before)))

    in_pool(scenario)


def test_stopping_lets_calls_finish() -> None:
    async def scenario(pool: Pool, reports: list[Any]) -> None:
        running = [asyncio.ensure_future(pool.run(call("sleep", "0.2"))) for _ in range(4)]
        await asyncio.sleep(0.05)
        before = processes(pool)
        stopping = asyncio.ensure_future(pool.stop(5))
        await asyncio.sleep(0)
        with pytest.raises(Stopping) as problem:
            await pool.run(call("echo"))
        assert (problem.value.status, problem.value.retry_after, pool.ready) == (503, 5, False)
        assert [answer.body for answer in await asyncio.gather(*running)] == [b"0.2"] * 4
        await stopping
        assert pool.alive == 0
        await until(lambda: not any(map(_runs, before)))

    in_pool(scenario)


def test_stopping_has_an_end() -> None:
    async def scenario(pool: Pool, reports: list[Any]) -> None:
        running = [asyncio.ensure_future(pool.run(call("sleep", "60"))) for _ in range(3)]
        await asyncio.sleep(0.05)
        begun = time.monotonic()
        await pool.stop(0.2)
        assert time.monotonic() - begun < 5
        for each in running:
            with pytest.raises(PoolProblem):
                await each

    in_pool(scenario)


def test_bytes_in_memory_are_limited() -> None:
    pool = Pool(ServerSettings(max_held=10 * MIB))
    pool.hold(8 * MIB)
    with pytest.raises(Busy):
        pool.hold(3 * MIB)
    pool.hold(-8 * MIB)
    pool.hold(10 * MIB)
    assert pool.held == 10 * MIB


def test_a_pool_that_cannot_start_says_so(capfd: pytest.CaptureFixture[str]) -> None:
    async def run() -> None:
        pool = Pool(ServerSettings(workers=1), "no_such_module")
        with pytest.raises(RuntimeError):
            await pool.start()
        assert not pool.ready

    asyncio.run(run())
    assert "no_such_module" in capfd.readouterr().err


def test_no_process_outlives_the_web_process() -> None:
    program = textwrap.dedent("""
        import asyncio
        from lintperf.server.pool import Pool, Call
        from lintperf.server.settings import ServerSettings

        async def main():
            pool = Pool(ServerSettings(workers=2), "pool_work")
            await pool.start()
            asyncio.ensure_future(pool.run(Call("sleep", (("a", b"60"),))))
            while len(pool._idle) != 1 or pool.running != 1:
                await asyncio.sleep(0.01)
            print(pool._template.pid, *(worker.process for worker in pool._workers.values()), pool._folder, flush=True)
            await asyncio.sleep(60)

        asyncio.run(main())
    """)
    path = os.pathsep.join(sys.path)
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path}
    ) as web:
        assert web.stdout is not None
        *numbers, folder = web.stdout.readline().decode().split()
        web.kill()
    for _ in range(500):
        if not Path(folder).exists() and not any(_runs(int(number)) for number in numbers):
            break
        time.sleep(0.02)
    assert not Path(folder).exists()
    assert not any(_runs(int(number)) for number in numbers)


def _runs(process: int) -> bool:
    try:
        return " Z " not in Path(f"/proc/{process}/stat").read_text()
    except FileNotFoundError:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return False
        return not Path("/proc/self").exists()


names = st.text(max_size=30)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow], max_examples=50)
@given(
    st.builds(
        Call,
        names,
        st.lists(st.tuples(names, st.binary(max_size=200)), max_size=4).map(tuple),
        st.dictionaries(names, st.lists(names, max_size=3).map(tuple), max_size=3),
        names,
        st.sampled_from(["zh", "en"]),
    ),
    st.integers(0, 2**64 - 1),
)
def test_calls_arrive_as_they_were_sent(sent: Call, number: int) -> None:
    frame = b"".join(frame_of_call(number, sent))
    found, head, body = lengths(frame[: LEAD.size])
    assert (found, LEAD.size + head + body) == (number, len(frame))
    assert call_from(frame[LEAD.size : LEAD.size + head], frame[LEAD.size + head :]) == sent


def test_answers_arrive_as_they_were_sent() -> None:
    sent = Answer(422, "application/problem+json", b"\x00\xff", (("retry-after", "5"),))
    frame = b"".join(frame_of_answer(7, sent, last=True))
    _, head, _ = lengths(frame[: LEAD.size])
    assert answer_from(frame[LEAD.size : LEAD.size + head], frame[LEAD.size + head :]) == (sent, True)


@pytest.mark.parametrize(
    "head", [b"", b"{}", b"[1]", b'["200","a",[],false]', b"[99,1,[],0]", b"[200,1,[],0]", b"\xff"]
)
def test_an_answer_of_a_broken_worker_is_none(head: bytes) -> None:
    with pytest.raises(ValueError):
        answer_from(head, b"")
