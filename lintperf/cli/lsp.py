"""The `lsp` command: the language server, where its library is installed."""

from __future__ import annotations

from lintperf.model import Lang, Text
from lintperf.policy import UsageProblem

__all__ = ["lsp_command"]


def lsp_command(lang: Lang | None) -> int:
    """Serve an editor on standard input and output until it says exit. Raises UsageProblem without the extra `lsp`.

    lang  None: what the editor says of its language
    """
    try:
        import pygls.lsp.server  # noqa: F401 - only to see whether it is there
    except ImportError as problem:
        raise UsageProblem(Text(
            f"语言服务器需要另装程序库（{problem.name}）：pip install 'lintperf[lsp]'",
            f"the language server needs a further library ({problem.name}): pip install 'lintperf[lsp]'",
        )) from None  # fmt: skip
    from lintperf.lsp.server import serve

    return serve(lang)
