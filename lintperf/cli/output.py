"""Text out of the program: to the terminal, or to a file that is written whole or not at all."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TextIO

from lintperf.model import Lang, Text
from lintperf.policy import UsageProblem

__all__ = ["complain", "default_lang", "today", "wants_color", "write_file", "write_stream"]


def default_lang() -> Lang:
    """`en` where the locale is English, else `zh`."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(name, "")
        if value:
            return "en" if value.lower().startswith("en") else "zh"
    return "zh"


def today() -> str:
    """The user's day as `YYYY-MM-DD`: the one look at the clock, for packs and suppressions with dates."""
    import time

    return time.strftime("%Y-%m-%d")


def wants_color(choice: str, stream: TextIO) -> bool:
    """Whether to colour: `always`, `never`, or `auto` for a terminal without NO_COLOR."""
    if choice == "auto":
        return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    return choice == "always"


def complain(text: str) -> None:
    """One line on standard error."""
    print(text, file=sys.stderr)


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


def write_file(pieces: Iterable[str], path: Path) -> None:
    """Write pieces to a file beside `path`, then rename it: nothing half-written is ever seen. Raises UsageProblem."""
    import tempfile

    temporary = None
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            for piece in pieces:
                stream.write(piece)
            stream.flush()
            os.fsync(stream.fileno())
        mask = os.umask(0)
        os.umask(mask)
        Path(temporary).chmod(0o666 & ~mask)
        Path(temporary).replace(path)
        temporary = None
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise UsageProblem(Text(f"无法写入 {path}：{reason}", f"cannot write {path}: {reason}")) from None
    finally:
        if temporary is not None:
            with suppress(OSError):
                Path(temporary).unlink()
