"""Draw `docs/terminal.svg`, the picture in the README: a real run on an example, as a terminal shows it.

python docs/make_terminal.py
"""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from html import escape, unescape
from itertools import groupby
from pathlib import Path

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

ROOT = Path(__file__).parent.parent
COMMAND = ["check", "examples/09-guanli-zhuanxiang.docx", "examples/14-nengli-jianshe.html", "--select", "LP3,LP701"]
COLUMNS = 84
# of a column, as rich draws it
WIDTH = 12.2


def run() -> str:
    """The output of the command on a terminal of COLUMNS columns, with its colours."""
    master, slave = pty.openpty()
    environment = os.environ | {"COLUMNS": str(COLUMNS), "LINES": "40", "TERM": "xterm-256color", "LANG": "zh_CN.UTF-8"}
    command = [sys.executable, "-m", "lintperf", *COMMAND, "--color", "always"]
    with subprocess.Popen(command, stdout=slave, stderr=slave, cwd=ROOT, env=environment) as process:
        os.close(slave)
        pieces = []
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:
                break
            if not piece:
                break
            pieces.append(piece)
        process.wait()
    return b"".join(pieces).decode().replace("\r\n", "\n")


def _pieces(match: re.Match[str]) -> str:
    """A run of text cut into wide and narrow characters, each where its column is.

    rich counts the characters of a run for its length; a Chinese one takes two columns.
    """
    before, start, between, _, after, content = match.groups()
    drawn, place = [], float(start)
    for _, group in groupby(unescape(content), lambda character: cell_len(character) == 2):
        text = "".join(group)
        length = cell_len(text) * WIDTH
        shown = escape(text, quote=False).replace("\u00a0", "&#160;")
        drawn.append(f'<text{before}x="{place:g}"{between}textLength="{length:g}"{after}>{shown}</text>')
        place += length
    return "".join(drawn)


def main() -> None:
    """Write the picture."""
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        console = Console(record=True, width=COLUMNS, file=nowhere, force_terminal=True, color_system="truecolor")
        console.print(Text.from_ansi(f"$ lintperf {' '.join(COMMAND)}\n{run()}".rstrip()))
        drawn = console.export_svg(title="lintperf", unique_id="lintperf")
    # fonts of the reader's system, where Chinese takes exactly two columns; nothing is fetched
    drawn = re.sub(r"@font-face \{[^}]*\}\s*", "", drawn)
    drawn = drawn.replace("Fira Code, monospace", "'Sarasa Mono SC', 'Noto Sans Mono CJK SC', NSimSun, monospace")
    drawn = re.sub(r"<!--.*?-->", "", drawn, flags=re.DOTALL)
    text = r'<text([^>]*?)x="([0-9.]+)"([^>]*?)textLength="([0-9.]+)"([^>]*)>([^<]*)</text>'
    drawn = re.sub(text, _pieces, drawn)
    drawn = drawn.replace("<svg ", '<svg xml:space="preserve" ', 1)
    (ROOT / "docs" / "terminal.svg").write_text(drawn, encoding="utf-8")


if __name__ == "__main__":
    main()
