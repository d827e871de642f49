"""The command `render`: documents as a clean file to print."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lintperf.cli.commands import read_and_tell
from lintperf.cli.output import complain, write_bytes
from lintperf.model import Lang, Text
from lintperf.names import near_name
from lintperf.pipeline import open_session
from lintperf.policy import UsageProblem

if TYPE_CHECKING:
    from lintperf.plugins import Extensions

__all__ = ["render_command"]

NOT_IN_SCHEMA = "LP002"


def render_command(file: str, output: str, allow_libreoffice: bool, lang: Lang) -> int:
    """Print the documents of a file, all of one type, to one file whose suffix says the format.

    Exit codes: 0 written; 1 the file cannot be read (the finding is told on stderr); 2 wrong usage, or a document
    that does not fit its schema; 3 an importer or a renderer crashed. What a document has that cannot be printed is
    told on stderr.
    """
    session = open_session()
    suffix = Path(output).suffix.lower()
    _known_suffix(session.extensions, suffix)
    if Path(output).exists() and Path(file).exists() and Path(output).samefile(file):
        raise UsageProblem(Text(f"{output} 就是要读的文件，不覆盖", f"{output} is the file to read; not overwritten"))
    documents, codes, failed = read_and_tell(session, file, allow_libreoffice, lang)
    read = [document for document in documents if document.data is not None]
    if failed:
        return 3
    if NOT_IN_SCHEMA in codes:
        raise UsageProblem(Text(f"{file} 不符合模式，没有印出", f"{file} does not fit its schema and is not printed"))
    if not read:
        return 1
    types = sorted({document.data["type"] for document in read})
    if len(types) > 1:
        shown = Text("、".join(types), ", ".join(types))
        raise UsageProblem(Text(
            f"一个文件只能印一种文档，{file} 中有 {shown.zh}；请用 convert --split 分开",
            f"one file holds documents of one type, {file} has {shown.en}; take them apart with convert --split",
        ))  # fmt: skip
    renderer = session.extensions.renderers.get((types[0], suffix))
    if renderer is None:
        raise UsageProblem(Text(f"{types[0]} 不能印成 {suffix}", f"{types[0]} cannot be printed as {suffix}"))
    rendered = renderer.write([document.data for document in read])
    for omission in rendered.omissions:
        complain(f"{file}: {read[omission.document].index + 1}{omission.pointer}: {omission.reason.to(lang)}")
    write_bytes([rendered.content], Path(output))
    return 0


def _known_suffix(extensions: Extensions, suffix: str) -> None:
    suffixes = sorted({known for _, known in extensions.renderers})
    if suffix in suffixes:
        return
    near = near_name(suffix, suffixes)
    raise UsageProblem(Text(
        f"不能写成 {suffix or '没有后缀的文件'}；可用：{'、'.join(suffixes)}" + (f"；是否为 {near}？" if near else ""),
        f"cannot write {suffix or 'a file without a suffix'}; use one of {', '.join(suffixes)}"
        + (f"; did you mean {near}?" if near else ""),
    ))  # fmt: skip
