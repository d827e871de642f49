"""The processes behind the pool: a template that is warm and forks, and the workers it forks, which perform calls.

The template is started afresh, with one thread and nothing open but its control socket. It loads what calls need once;
a fork of it answers after milliseconds and shares that memory. It alone kills and reaps its children, so that no
signal ever reaches a stranger who was given the number of a process that ended. When the web process ends, however it
ends, the template sees its control socket close, kills what it forked, and removes their temporary files.
"""

from __future__ import annotations

import gc
import os
import resource
import select
import shutil
import signal
import socket
import struct
import sys
import tempfile
import traceback
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from lintperf.server.messages import LEAD, Answer, call_from, frame_of_answer

__all__ = ["COMMAND", "CRASH", "END", "FORK", "FORKED", "KILL", "MEMORY", "READY", "REPORT", "main"]

# to the template: fork (number; the worker's socket goes with it), kill (process); from it: ready, forked (number,
# process), ended (process, status)
COMMAND = struct.Struct("!cQq")
FORK, KILL = b"F", b"K"
REPORT = COMMAND
READY, FORKED, END = b"R", b"P", b"E"

# what a worker says where there is no answer: an answer of status 0 with one of these
MEMORY, CRASH = "memory", "crash"

# a worker that has grown by so much is replaced when it has answered: it would keep what one large file needed
GROWTH = 256 * 1024 * 1024
# and so is one that has answered so many, should something leak
ANSWERS = 20_000


def main() -> None:
    """The template: `python -m lintperf.server.worker SOCKET MODULE MEMORY FOLDER`, started by the pool."""
    control = socket.socket(fileno=int(sys.argv[1]))
    module = import_module(sys.argv[2])
    memory, folder = int(sys.argv[3]), Path(sys.argv[4])
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # they reach all processes of a terminal or a service; the web process says when its workers are to end
        signal.signal(name, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core would hold what was uploaded
    try:
        state = module.warm()
    except Exception as problem:
        text = getattr(problem, "text", None)
        if text is None:
            raise
        sys.exit(f"lintperf: {text.zh}\nlintperf: {text.en}")
    gc.collect()
    gc.freeze()  # what is there stays there: workers need not look at it, and share its pages
    if not os.environ.get("LINTPERF_TRACEBACK"):
        with open(os.devnull, "w") as nothing:  # noqa: PTH123 - what libraries say may hold what was uploaded
            os.dup2(nothing.fileno(), 2)
    try:
        with suppress(OSError):  # the web process is gone: so shall its workers be
            _Template(control, module, state, memory, folder).serve()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class _Template:
    """Forks, kills and reaps workers as it is told."""

    def __init__(self, control: socket.socket, module: Any, state: Any, memory: int, folder: Path) -> None:
        self.control, self.module, self.state, self.memory, self.folder = control, module, state, memory, folder
        self.children: set[int] = set()
        self.woken, self.waker = os.pipe()
        os.set_blocking(self.waker, False)
        os.set_blocking(self.woken, False)
        signal.set_wakeup_fd(self.waker, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda _signal, _frame: None)

    def serve(self) -> None:
        """Do as told until the control socket closes; then kill all children."""
        try:
            self.control.sendall(REPORT.pack(READY, 0, os.getpid()))
            while True:
                ready, _, _ = select.select([self.control.fileno(), self.woken], [], [])
                if self.woken in ready:
                    with suppress(BlockingIOError):
                        os.read(self.woken, 4096)
                    self._reap()
                if self.control.fileno() in ready and not self._obey():
                    return
        finally:
            for child in self.children:
                self._kill(child)
            self._reap(wait=True)

    def _obey(self) -> bool:
        message, handles, _, _ = socket.recv_fds(self.control, COMMAND.size, 1, socket.MSG_WAITALL)
        if len(message) < COMMAND.size:
            return False
        command, number, process = COMMAND.unpack(message)
        if command == FORK:
            self._fork(number, handles[0])
        elif command == KILL and process in self.children:
            self._kill(process)
        return True

    def _fork(self, number: int, handle: int) -> None:
        try:
            child = os.fork()
        except OSError:
            child = -1
        if child == 0:
            self._become_worker(handle)
        os.close(handle)
        if child > 0:
            self.children.add(child)
        self.control.sendall(REPORT.pack(FORKED, number, child))

    def _become_worker(self, handle: int) -> NoReturn:
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            self.control.close()
            os.close(self.woken)
            os.close(self.waker)
            # programs that it starts are killed with it
            os.setpgid(0, 0)
            folder = self.folder / str(os.getpid())
            os.environ["TMPDIR"] = tempfile.tempdir = str(folder)
            os.chdir(self.folder)  # some reports tell of the repository that they are made in: here is none
            with suppress(OSError):  # a disk that is full costs the few calls that need files, not the others
                folder.mkdir(mode=0o700)
                os.chdir(folder)
            _limit(self.memory)
            _work(socket.socket(fileno=handle), self.module.perform, self.state)
            code = 0
        finally:
            os._exit(code)  # nothing of the template is to be cleaned up by a fork of it

    @staticmethod
    def _kill(child: int) -> None:
        with suppress(ProcessLookupError, PermissionError):
            os.kill(child, signal.SIGKILL)

    def _reap(self, wait: bool = False) -> None:
        while self.children:
            found = os.waitid(os.P_ALL, 0, os.WEXITED | os.WNOWAIT | (0 if wait else os.WNOHANG))
            if found is None:
                return
            child = found.si_pid
            # as long as it is not reaped, its number and that of its group are its own
            with suppress(ProcessLookupError, PermissionError):
                os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
            self.children.discard(child)
            shutil.rmtree(self.folder / str(child), ignore_errors=True)
            if not wait:
                self.control.sendall(REPORT.pack(END, found.si_status, child))


def _limit(memory: int) -> None:
    """Let this process take so much memory beyond what it has, and be the first that the system ends for want of it."""
    pages = Path("/proc/self/statm")
    has = int(pages.read_text().split()[0]) * resource.getpagesize() if pages.exists() else 4 * 1024**3
    with suppress(OSError, ValueError):  # not every system limits address space
        resource.setrlimit(resource.RLIMIT_AS, (has + memory, has + memory))
    with suppress(OSError):
        Path("/proc/self/oom_score_adj").write_text("1000")


def _largest() -> int:
    """The most memory in bytes that the process ever had."""
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size if sys.platform == "darwin" else size * 1024


def _work(channel: socket.socket, perform: Any, state: Any) -> None:
    """Perform one call after another until the web process closes the channel."""
    reader = channel.makefile("rb")
    start, answers = _largest(), 0
    while lead := reader.read(LEAD.size):
        if len(lead) < LEAD.size:
            return
        number, head_length, body_length = LEAD.unpack(lead)
        head, body = reader.read(head_length), reader.read(body_length)
        if len(body) < body_length:
            return
        last = False
        try:
            answer = perform(state, call_from(head, body))
        except MemoryError:
            answer, last = Answer(0, MEMORY, b""), True
        except Exception as problem:
            # where, not what: the text of an exception may hold what was uploaded
            where = [
                f"{Path(each.filename).name}:{each.lineno}" for each in traceback.extract_tb(problem.__traceback__)
            ]
            answer = Answer(0, CRASH, f"{type(problem).__name__} at {' < '.join(where[:-4:-1])}".encode())
        del head, body
        answers += 1
        last = last or answers >= ANSWERS or _largest() > start + GROWTH
        channel.sendall(b"".join(frame_of_answer(number, answer, last)))
        if last:
            return


if __name__ == "__main__":
    main()
