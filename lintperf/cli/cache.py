"""The command `cache`: where results and compiled rules are kept, how much that is, and away with it."""

from __future__ import annotations

import sys

from lintperf.cli.output import write_stream
from lintperf.model import Lang, Text
from lintperf.policy import UsageProblem
from lintperf.result_cache import clear_cache, size_of_cache
from lintperf.rules.cache import cache_folder

__all__ = ["cache_command"]


def cache_command(action: str, lang: Lang) -> int:
    """Do `action` (clear, dir or info). Raises UsageProblem for a folder that cannot be read or written to."""
    try:
        if action == "dir":
            told = str(cache_folder())
        elif action == "info":
            told = f"{cache_folder()}\n{_size(*size_of_cache()).to(lang)}"
        else:
            size = _size(*clear_cache())
            told = Text(f"已删除：{size.zh}", f"removed: {size.en}").to(lang)
    except OSError as problem:
        reason, place = problem.strerror or str(problem), problem.filename or cache_folder()
        raise UsageProblem(Text(f"缓存 {place}：{reason}", f"cache {place}: {reason}")) from None
    write_stream([f"{told}\n"], sys.stdout)
    return 0


def _size(count: int, size: int) -> Text:
    shown = f"{size / 1024 / 1024:.1f} MiB"
    return Text(f"{count} 个文件，{shown}", f"{count} {'file' if count == 1 else 'files'}, {shown}")
