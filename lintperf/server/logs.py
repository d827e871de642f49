"""The log of the service: one JSON object a line, without contents, without file names unless told."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from lintperf.model import Text
from lintperf.policy import UsageProblem

__all__ = ["Log", "pass_on"]


class Log:
    """Where lines go. A line that cannot be written (disk full, pipe closed) is counted and lost: requests go on.

    target  a file that is appended to; `-` standard error; empty: nowhere
    lost    is called for each line that could not be written
    """

    def __init__(self, target: str, lost: Callable[[], None] = lambda: None) -> None:
        self.target, self.lost = target, lost
        self._stream: TextIO | None = None
        self.reopen()

    def reopen(self) -> None:
        """Open the file anew, as after it was rotated. Raises UsageProblem, and goes on with the old one."""
        if self.target in ("", "-"):
            self._stream = sys.stderr if self.target else None
            return
        try:
            stream = Path(self.target).open("a", encoding="utf-8", buffering=1)  # noqa: SIM115 - for the run
        except OSError as problem:
            raise UsageProblem(Text(
                f"日志 {self.target}：无法写入（{problem.strerror}）",
                f"log {self.target}: cannot be written ({problem.strerror})",
            )) from None  # fmt: skip
        self.close()
        self._stream = stream

    def close(self) -> None:
        """Close the file."""
        if self._stream not in (None, sys.stderr):
            try:
                self._stream.close()
            except OSError:
                self.lost()
        self._stream = None

    def event(self, event: str, **details: Any) -> None:
        """Write a line: the time in UTC, what happened, its details."""
        if self._stream is None:
            return
        time = datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
        line = json.dumps({"time": time, "event": event, **details}, ensure_ascii=True, separators=(",", ":"))
        try:
            self._stream.write(line + "\n")
        except (OSError, ValueError):
            self.lost()


class _Handler(logging.Handler):
    """What a library logs, as lines of ours; only what it says of itself, not the exceptions of requests."""

    def __init__(self, log: Log) -> None:
        super().__init__(logging.WARNING)
        self.log = log

    def emit(self, record: logging.LogRecord) -> None:
        """Write a line for the record."""
        error = record.exc_info[0].__name__ if record.exc_info and record.exc_info[0] else None
        self.log.event(
            "library", level=record.levelname.lower(), logger=record.name, text=record.getMessage(), error=error
        )


def pass_on(log: Log, *names: str) -> None:
    """Let these loggers write to the log."""
    for name in names:
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [_Handler(log)], False
