"""The `serve` command: the service, where its libraries are installed."""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any

from lintperf.model import Lang, Text
from lintperf.policy import UsageProblem

__all__ = ["serve_command"]

NEEDED = ("starlette", "uvicorn", "httptools", "python_multipart", "prometheus_client")


def serve_command(options: Mapping[str, Any], config_file: str | None, lang: Lang) -> int:
    """Serve until told to stop. Raises UsageProblem for settings, without the extra `serve`, and without fork.

    options  the settings that were given, by their names; None where the file or the environment decides
    """
    missing = [name for name in NEEDED if find_spec(name) is None]
    if missing:
        names = ", ".join(missing)
        raise UsageProblem(Text(
            f"服务需要另装程序库（{names}）：pip install 'lintperf[serve]'",
            f"the service needs further libraries ({names}): pip install 'lintperf[serve]'",
        ))  # fmt: skip
    if not hasattr(os, "fork"):
        raise UsageProblem(Text(
            "服务须在 Linux 或 macOS 上运行；Windows 上请用 WSL 或容器",
            "the service runs on Linux and macOS; on Windows use WSL or a container",
        ))  # fmt: skip
    from lintperf.server.run import serve
    from lintperf.server.settings import settings_from

    return serve(settings_from(options, config_file), lang)
