"""Text out of the program: to the terminal, or to a file that is written whole or not at all."""

from __future__ import annotations

import io
import os
import re
import stat
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from lintperf.model import Text
from lintperf.policy import UsageProblem
from lintperf.surroundings import default_lang, today

if TYPE_CHECKING:
    pass

__all__ = [
    "complain",
    "default_lang",
    "open_streams",
    "today",
    "wants_color",
    "write_bytes",
    "write_file",
    "write_stream",
]


_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


def open_streams() -> None:
    """Make the standard streams take any text: a caller may have closed them, or set an encoding that lacks Chinese.

    What is piped is UTF-8, whatever the locale: programs read it. A terminal keeps its own encoding.
    """
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, open(os.devnull, "w", encoding="utf-8"))  # noqa: PTH123, SIM115 - open to the end
        elif isinstance(stream, io.TextIOWrapper):
            terminal = stream.isatty()
            stream.reconfigure(encoding=None if terminal else "utf-8", errors="backslashreplace")


def wants_color(choice: str, stream: TextIO) -> bool:
    """Whether to colour: `always`, `never`, or `auto` for a terminal without NO_COLOR."""
    if choice == "auto":
        return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return choice == "always"


def complain(text: str) -> None:
    """One line on standard error, whatever names of files it contains."""
    with suppress(OSError, ValueError):  # nobody is there to be told
        print(_CONTROL.sub(lambda found: f"\\x{ord(found[0]):02x}", text), file=sys.stderr)


def write_stream(pieces: Iterable[str], stream: TextIO) -> None:
    """Write pieces to a stream that may be closed early (`| head`)."""
    try:
        for piece in pieces:
            stream.write(piece)
        stream.flush()
    except BrokenPipeError:
        # what reads us has had enough; the run is still finished for its exit code
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        for _ in pieces:
            pass
    except OSError as problem:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
        raise _cannot_write(Text("标准输出", "standard output"), problem) from None


def _cannot_write(where: Text, problem: OSError) -> UsageProblem:
    reason = problem.strerror or str(problem)
    return UsageProblem(Text(f"无法写入{where.zh}：{reason}", f"cannot write {where.en}: {reason}"))


def write_file(pieces: Iterable[str], path: Path) -> None:
    """Write pieces of text as UTF-8, as `write_bytes` does."""
    write_bytes((piece.encode("utf-8", "backslashreplace") for piece in pieces), path)


def write_bytes(pieces: Iterable[bytes], path: Path) -> None:
    """Write pieces to a file beside `path`, then rename it: nothing half-written is ever seen. Raises UsageProblem.

    A link stays one, and what is there already keeps its permissions. A device or pipe is written directly.
    """
    import tempfile

    temporary = None
    try:
        target = path.resolve()
        mode = _mode(target)
        if mode is not None and not stat.S_ISREG(mode):
            with target.open("wb") as stream:
                stream.writelines(pieces)
            return
        # not named after the file: a name can be as long as names may be
        handle, temporary = tempfile.mkstemp(prefix=".lintperf-", suffix=".tmp", dir=target.parent)
        with os.fdopen(handle, "wb") as stream:
            stream.writelines(pieces)
            stream.flush()
            os.fsync(stream.fileno())
        if mode is None:
            mask = os.umask(0)
            os.umask(mask)
            mode = 0o666 & ~mask
        Path(temporary).chmod(stat.S_IMODE(mode))
        Path(temporary).replace(target)
        temporary = None
    except OSError as problem:
        raise _cannot_write(Text(f" {path}", str(path)), problem) from None
    finally:
        if temporary is not None:
            with suppress(OSError):
                Path(temporary).unlink()


def _mode(path: Path) -> int | None:
    try:
        return path.stat().st_mode
    except FileNotFoundError:
        return None
