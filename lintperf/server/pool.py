"""Calls handed to worker processes: one at a time each, a bounded queue before them, killed when they take too long.

A worker has a socket of its own, and is sent the next call when it has answered the last. An answer is the call's by
that socket and by its number; a worker that was killed is no longer listened to, so what it still says reaches nobody.
"""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections import Counter, deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from math import ceil
from time import clock_gettime, monotonic
from typing import Any

from lintperf.model import Text
from lintperf.policy import UsageProblem
from lintperf.server.messages import LEAD, Answer, Call, answer_from, frame_of_call, lengths
from lintperf.server.settings import ServerSettings
from lintperf.server.worker import COMMAND, END, FORK, FORKED, KILL, MEMORY, READY, REPORT

__all__ = ["Answer", "Busy", "Call", "Died", "Gone", "Pool", "PoolProblem", "Stopping", "TimedOut"]

# seconds between two looks at limits, and until a call that waits is asked whether its client is still there
TICK = 0.05
PATIENCE = 0.3
# a call that takes so many seconds of a processor, or is not done after STUCK seconds, while others wait, is set aside:
# a further worker takes its worker's seat, and goes first; so many can be aside for each seat
ASIDE = 0.1
STUCK = 1.0
ASIDE_NICE = 5
ASIDE_SEATS = 2
# the longest time in which a template may start, and between two attempts to start one
START_SECONDS = 60.0
AGAIN_SECONDS = 5.0
# an answer is a report about what was uploaded; far more than that is none
LARGEST_ANSWER = 1024 * 1024 * 1024


class PoolProblem(Exception):
    """A call that came to no answer.

    status       of HTTP
    text         a sentence for the user
    retry_after  seconds after which it may go better; 0: not to be tried again as it is
    """

    status = 503

    def __init__(self, text: Text, retry_after: int = 0, status: int | None = None) -> None:
        super().__init__(text.en)
        self.text, self.retry_after = text, retry_after
        if status is not None:
            self.status = status


class Busy(PoolProblem):
    """There is no room for a further call, or for more bytes."""

    status = 429


class TimedOut(PoolProblem):
    """The work took longer than the limit; the worker was killed."""

    status = 422


class Died(PoolProblem):
    """The worker ended while it worked on the call, ran out of memory, or the code that it ran has a bug."""

    status = 422


class Stopping(PoolProblem):
    """The service is starting or stopping."""

    status = 503


class Gone(PoolProblem):
    """The client hung up while the call waited: nobody reads what is answered."""

    status = 499


class _Entry:
    """A call that waits or runs: its number, what its client gets, since when it waits or runs."""

    __slots__ = ("again", "call", "future", "gone", "number", "started", "waits_since")

    def __init__(
        self, number: int, call: Call, future: asyncio.Future[Answer], gone: Callable[[], Awaitable[bool]] | None
    ) -> None:
        self.number, self.call, self.future, self.gone = number, call, future, gone
        self.waits_since = monotonic()
        self.started = 0.0
        self.again = False  # a worker died on it before


class _Worker(asyncio.Protocol):
    """The web process' end of a worker: the bytes that come, and what it works on."""

    def __init__(self, pool: Pool, number: int) -> None:
        self.pool, self.number = pool, number
        self.process = 0
        self.entry: _Entry | None = None
        self.aside = False
        self.seen: tuple[int, float] | None = None  # the call seen at the last look, what the process had used before
        self.ended = False
        self.buffer = bytearray()
        self.transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport  # type: ignore[assignment]

    def send(self, entry: _Entry) -> None:
        """Hand over a call."""
        assert self.transport is not None
        self.entry, entry.started = entry, monotonic()
        self.transport.write(b"".join(frame_of_call(entry.number, entry.call)))

    def data_received(self, data: bytes) -> None:
        if self.ended:
            return
        self.buffer += data
        if len(self.buffer) < LEAD.size:
            return
        number, head_length, body_length = lengths(bytes(self.buffer[: LEAD.size]))
        body_start = LEAD.size + head_length
        if self.entry is None or number != self.entry.number or body_start + body_length > LARGEST_ANSWER:
            self.pool._talks_nonsense(self)
            return
        if len(self.buffer) < body_start + body_length:
            return
        frame, self.buffer = bytes(self.buffer), bytearray()
        try:
            answer, last = answer_from(frame[LEAD.size : body_start], frame[body_start:])
        except ValueError:
            self.pool._talks_nonsense(self)
            return
        self.pool._answered(self, answer, last)

    def eof_received(self) -> None:
        return None

    def connection_lost(self, _exc: Exception | None) -> None:
        self.pool._closed(self)


class Pool:
    """Workers and the queue before them. `start` and `stop` it within the event loop whose calls it performs.

    settings  `processes`, `queue`, `seconds` and `memory` are used here
    module    the module that workers use: `warm()` gives what they need, once; `perform(that, call)` an answer
    report    is told what happens: the event and its details
    """

    def __init__(
        self,
        settings: ServerSettings,
        module: str = "lintperf.server.calls",
        report: Callable[..., None] = lambda _event, **_details: None,
    ) -> None:
        self.settings, self.module, self.report = settings, module, report
        self.replaced: Counter[str] = Counter()
        self.performed = 0
        self.spent = 0.0
        self._queue: deque[_Entry] = deque()
        self._idle: list[_Worker] = []
        self._workers: dict[int, _Worker] = {}
        self._numbers = 0
        self._held = 0
        self._template: subprocess.Popen[bytes] | None = None
        self._control: asyncio.Transport | None = None
        self._warm = False
        self._stopping = False
        self.leaving = False  # the service is about to stop: it is not `ready`, but what is in flight finishes
        self._tasks: set[asyncio.Task[Any]] = set()
        self._started: asyncio.Future[None] | None = None
        self._drained = asyncio.Event()

    # what is to be seen from outside

    @property
    def ready(self) -> bool:
        """Whether calls are performed: not while starting or stopping."""
        return self._warm and not self.leaving and not self._stopping

    @property
    def waiting(self) -> int:
        """How many calls wait."""
        return len(self._queue)

    @property
    def running(self) -> int:
        """How many calls are being performed."""
        return sum(worker.entry is not None for worker in self._workers.values())

    @property
    def alive(self) -> int:
        """How many workers there are."""
        return len(self._workers)

    @property
    def held(self) -> int:
        """How many bytes of requests are in memory."""
        return self._held

    # the life of the pool

    async def start(self) -> None:
        """Start the template and the workers; returns when calls are performed.

        Raises UsageProblem where there is no temporary folder, RuntimeError where the workers do not start.
        """
        self._started = asyncio.get_running_loop().create_future()
        await self._start_template()
        self._task(self._watch())
        try:
            await asyncio.wait_for(asyncio.shield(self._started), START_SECONDS)
        except (TimeoutError, RuntimeError):
            await self.stop(0)
            raise RuntimeError("the workers did not start") from None

    async def stop(self, seconds: float) -> None:
        """Take no more calls, let those that wait and run finish within so many seconds, end all processes."""
        self._stopping = True
        if self._queue or self.running:
            self._drained.clear()
            with suppress(TimeoutError):
                await asyncio.wait_for(self._drained.wait(), seconds or 0.001)
        for task in self._tasks:
            task.cancel()
        while self._queue:
            self._fail(self._queue.popleft(), _stopping())
        for worker in list(self._workers.values()):
            self._forget(worker, _stopping())
        if self._control is not None:
            self._control.close()
        template, self._template = self._template, None
        if template is not None:
            loop = asyncio.get_running_loop()
            try:
                await loop.run_in_executor(None, template.wait, 5)
            except subprocess.TimeoutExpired:
                template.kill()
                await loop.run_in_executor(None, template.wait)
            shutil.rmtree(self._folder, ignore_errors=True)

    # calls

    def hold(self, size: int) -> None:
        """Count so many bytes of a request that is being read; negative ones when it is done. Raises Busy."""
        if size > 0 and self._held + size > self.settings.max_held:
            raise Busy(
                Text("服务器正忙，上传的内容过多，请稍后再试", "the server is busy with other uploads; try again soon"),
                5,
            )
        self._held += size

    async def run(self, call: Call, gone: Callable[[], Awaitable[bool]] | None = None) -> Answer:
        """The answer to a call.

        gone  tells whether the client hung up; asked now and then while the call waits

        Raises Busy when too many wait, or when this call waited for longer than it may run; TimedOut, Died, Stopping;
        Gone when the client hung up.
        """
        if self._stopping or not self._warm:
            raise _stopping() if self._stopping else _starting()
        self._numbers += 1
        entry = _Entry(self._numbers, call, asyncio.get_running_loop().create_future(), gone)
        if self._idle:
            self._idle.pop().send(entry)
        elif len(self._queue) >= self.settings.queue:
            raise self._busy()
        else:
            self._queue.append(entry)
        try:
            return await entry.future
        except asyncio.CancelledError:
            with suppress(ValueError):
                self._queue.remove(entry)
            raise

    def _busy(self) -> Busy:
        # until the queue is likely to be empty, by what calls took so far
        mean = self.spent / self.performed if self.performed else 1.0
        seconds = max(1, min(60, ceil(len(self._queue) * mean / self.settings.processes)))
        return Busy(Text("服务器正忙，请稍后再试", "the server is busy; try again soon"), seconds)

    def _answered(self, worker: _Worker, answer: Answer, last: bool) -> None:
        entry, worker.entry = worker.entry, None
        assert entry is not None
        self.performed += 1
        self.spent += monotonic() - entry.started
        if answer.status:
            if not entry.future.done():
                entry.future.set_result(answer)
        else:
            what = answer.body.decode("utf-8", "replace")
            self.report("call-failed", call=entry.call.name, why=answer.media_type, what=what)
            self._fail(entry, _out_of_memory() if answer.media_type == MEMORY else _died(entry))
        if last:
            self._forget(worker, None, "recycled" if answer.status else answer.media_type)
            self._fill()
        elif worker.aside:
            self._forget(worker)  # another sits on its seat
        else:
            self._next(worker)

    def _next(self, worker: _Worker) -> None:
        """Give the worker the next call that somebody still waits for."""
        while self._queue:
            entry = self._queue.popleft()
            if not entry.future.done():
                worker.send(entry)
                return
        self._idle.append(worker)
        if self._stopping and not self.running:
            self._drained.set()

    @staticmethod
    def _fail(entry: _Entry, problem: Exception) -> None:
        if not entry.future.done():
            entry.future.set_exception(problem)

    # workers

    def _seats(self) -> int:
        """How many workers there are but for those that were set aside."""
        return sum(not worker.aside for worker in self._workers.values())

    def _fill(self) -> None:
        """Have as many workers forked as are missing."""
        while self._warm and self._control is not None and self._seats() < self.settings.processes:
            self._numbers += 1
            worker = _Worker(self, self._numbers)
            self._workers[worker.number] = worker
            self._task(self._fork(worker))

    async def _fork(self, worker: _Worker) -> None:
        try:
            ours, theirs = socket.socketpair()
            with theirs:
                ours.setblocking(False)
                loop = asyncio.get_running_loop()
                await loop.create_unix_connection(lambda: worker, sock=ours)
                socket.send_fds(self._template_socket, [COMMAND.pack(FORK, worker.number, 0)], [theirs.fileno()])
        except OSError as problem:  # the template ended, or there are too many open files: the next look tries again
            self.report("fork-failed", why=problem.strerror)
            self._forget(worker)

    def _forked(self, number: int, process: int) -> None:
        worker = self._workers.get(number)
        if worker is None:  # given up meanwhile
            self._kill(process)
        elif process < 0:
            self.report("fork-failed")
            self._forget(worker)
        else:
            worker.process = process
            self._next(worker)
            all_there = all(each.process > 0 for each in self._workers.values())
            if all_there and self._started is not None and not self._started.done():
                self._started.set_result(None)

    def _kill(self, process: int) -> None:
        if process > 0:
            self._command(KILL, process)

    def _command(self, command: bytes, process: int) -> None:
        with suppress(OSError):  # it ended: so do its children
            self._template_socket.send(COMMAND.pack(command, 0, process))

    def _forget(self, worker: _Worker, problem: Exception | None = None, reason: str = "") -> None:
        """End a worker, with the problem for the call that it works on; another is forked, now or at the next look.

        problem  None: the call, which may have nothing to do with it, gets a second worker, but no third
        """
        if worker.ended:
            return
        worker.ended = True
        entry, worker.entry = worker.entry, None
        if entry is not None and problem is None and not entry.again and not self._stopping:
            entry.again = True
            self._queue.appendleft(entry)
        elif entry is not None:
            self._fail(entry, problem or _died(entry))
        if worker in self._idle:
            self._idle.remove(worker)
        self._workers.pop(worker.number, None)
        if worker.transport is not None:
            worker.transport.abort()
        self._kill(worker.process)
        if reason:
            self.replaced[reason] += 1
            self.report("worker-replaced", process=worker.process, why=reason)
        if self._stopping and not self._queue and not self.running:
            self._drained.set()
        if reason and entry is not None:
            self._fill()  # one that dies without a call waits for the next look: it may do so again and again

    def _closed(self, worker: _Worker) -> None:
        """The worker's socket closed: it died."""
        if not worker.ended:
            self._forget(worker, None, "died")

    def _talks_nonsense(self, worker: _Worker) -> None:
        self._forget(worker, None, "nonsense")

    # the template

    async def _start_template(self) -> None:
        ours, theirs = socket.socketpair()
        try:
            self._folder = tempfile.mkdtemp(prefix="lintperf-serve-")
        except OSError as problem:
            raise UsageProblem(Text(
                f"无法写入临时文件夹（{problem.strerror}）：请腾出空间，或用环境变量 TMPDIR 指定另一个",
                f"the temporary folder cannot be written to ({problem.strerror}): make room, or name another by TMPDIR",
            )) from None  # fmt: skip
        with theirs:
            handle = theirs.fileno()
            words = [str(handle), self.module, str(self.settings.memory), self._folder]
            self._template = subprocess.Popen(  # noqa: S603 - ourselves
                [sys.executable, "-P", "-m", "lintperf.server.worker", *words],
                pass_fds=[handle],
                # workers leave this folder, and find what they import as we do
                env={**os.environ, "PYTHONPATH": os.pathsep.join(map(os.path.abspath, sys.path))},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
            )
        ours.setblocking(False)
        self._template_socket = ours
        loop = asyncio.get_running_loop()
        self._control, _ = await loop.create_unix_connection(lambda: _Control(self), sock=ours.dup())

    def _told(self, what: bytes, number: int, process: int) -> None:
        if what == READY:
            self._warm = True
            self._fill()
        elif what == FORKED:
            self._forked(number, process)
        elif what == END:
            ended = [worker for worker in self._workers.values() if worker.process == process]
            for worker in ended:
                self._forget(worker, None, "died")

    def _template_ended(self) -> None:
        """The template ended, and its children with it: begin again."""
        self._warm, self._control = False, None
        self._template_socket.close()
        for worker in list(self._workers.values()):
            with suppress(ProcessLookupError, PermissionError):
                if worker.process > 0:
                    os.killpg(worker.process, signal.SIGKILL)
            self._forget(worker)
        if self._stopping:
            return
        self.report("template-ended")
        if self._started is not None and not self._started.done():
            self._started.set_exception(RuntimeError())
        else:
            self.replaced["template"] += 1
            self._task(self._start_again())

    async def _start_again(self) -> None:
        if self._template is not None:
            await asyncio.get_running_loop().run_in_executor(None, self._template.wait)
        shutil.rmtree(self._folder, ignore_errors=True)
        await asyncio.sleep(AGAIN_SECONDS if self.replaced["template"] > 1 else 0)
        while True:
            try:
                return await self._start_template()
            except (UsageProblem, OSError):  # no room for files or processes now
                self.report("template-failed")
                await asyncio.sleep(AGAIN_SECONDS)

    # looks at limits

    def _task(self, work: Any) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            now = monotonic()
            for worker in list(self._workers.values()):
                entry = worker.entry
                if entry is None:
                    continue
                ran = now - entry.started
                if ran > self.settings.seconds:
                    self._forget(worker, _timed_out(entry, self.settings.seconds), "time")
                elif self._queue and not worker.aside and (_worked(worker, entry) > ASIDE or ran > STUCK):
                    self._set_aside(worker)
            self._fill()
            for entry in [entry for entry in self._queue if now - entry.waits_since > self.settings.seconds]:
                self._queue.remove(entry)
                self._fail(entry, self._busy())
            for entry in [entry for entry in self._queue if now - entry.waits_since > PATIENCE]:
                if entry.gone is not None and not entry.future.done() and await _tells(entry.gone):
                    with suppress(ValueError):  # a worker may have taken it meanwhile
                        self._queue.remove(entry)
                        self._fail(entry, Gone(Text("客户端已断开", "the client hung up")))

    def _set_aside(self, worker: _Worker) -> None:
        """Let others not wait for a long call: it goes on, but a further worker takes the seat."""
        if sum(each.aside for each in self._workers.values()) >= self.settings.processes * ASIDE_SEATS:
            return
        worker.aside = True
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, worker.process, ASIDE_NICE)
        self._fill()


def _worked(worker: _Worker, entry: _Entry) -> float:
    """The seconds of a processor that the worker used since it was first seen with the call; 0 where nobody can say.

    The time that went by would say too much on a machine that is busy with other things.
    """
    try:
        used = clock_gettime(~worker.process << 3 | 2)  # the clock of another process, as clock_getcpuclockid makes it
    except (OSError, OverflowError):
        return 0.0
    if worker.seen is None or worker.seen[0] != entry.number:
        worker.seen = (entry.number, used)
    return used - worker.seen[1]


async def _tells(gone: Callable[[], Awaitable[bool]]) -> bool:
    """Whether the client hung up; where the question fails, it is taken to be there."""
    try:
        return await gone()
    except Exception:
        return False


class _Control(asyncio.Protocol):
    """What the template says."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while len(self.buffer) >= REPORT.size:
            message, self.buffer = self.buffer[: REPORT.size], self.buffer[REPORT.size :]
            self.pool._told(*REPORT.unpack(message))

    def connection_lost(self, _exc: Exception | None) -> None:
        self.pool._template_ended()


def _starting() -> Stopping:
    return Stopping(Text("服务正在启动，请稍后再试", "the service is starting; try again soon"), 1)


def _stopping() -> Stopping:
    return Stopping(Text("服务正在停止，请稍后再试", "the service is stopping; try again soon"), 5)


def _timed_out(entry: _Entry, seconds: float) -> TimedOut:
    if not entry.call.files:
        return TimedOut(Text(f"处理超过 {seconds:g} 秒，已放弃", f"gave up after {seconds:g} seconds"), 1, 503)
    return TimedOut(Text(
        f"处理超过 {seconds:g} 秒，已放弃；请拆分文件，或用命令行检查",
        f"gave up after {seconds:g} seconds; split the file, or check it on the command line",
    ))  # fmt: skip


def _died(entry: _Entry) -> Died:
    if not entry.call.files:
        return Died(Text("处理进程意外终止，请再试一次", "the worker died; try again"), 1, 503)
    return Died(Text(
        "处理这份文件的进程意外终止；文件可能已损坏，请另存后再试",
        "the worker died on this request; a file may be damaged: save it anew and try again",
    ))  # fmt: skip


def _out_of_memory() -> Died:
    return Died(Text(
        "处理所需内存超过上限，已放弃；请拆分文件，或用命令行检查",
        "gave up: it takes more memory than is allowed; split the file, or check it on the command line",
    ))  # fmt: skip
