"""How long an editor waits: from a change of a form of 1,000 lines to its diagnostics, over the pipes of a real client.

`python benchmarks/lsp_latency.py` prints, for JSON and YAML, the median and the worst of 50 changes: without the wait
after the last key (`debounce` 0), and with the wait that the server has by default. Processor time is that of the
server for one change: on a busy machine it is the figure to look at.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "tests" / "lsp")]
from client import Editor  # noqa: E402 - its folder is no package
from forms import clean_form, form_text  # noqa: E402

LINES = 1000
CHANGES = 50


def long_form(write: Callable[[str], str]) -> str:
    """A form that has 1,000 lines or a few more as `write` writes it."""
    texts = (write(form_text(clean_form(7, indicators))) for indicators in range(60, 200))
    return next(text for text in texts if text.count("\n") >= LINES)


def as_yaml(text: str) -> str:
    """The same form as block YAML, numbers with their decimals."""
    lines: list[str] = []

    def write(value: object, indent: str, first: str) -> None:
        if isinstance(value, dict) and value:
            for number, (key, item) in enumerate(value.items()):
                lead = first if number == 0 else indent
                if isinstance(item, dict | list) and item:
                    lines.append(f"{lead}{key}:")
                    write(item, indent + "  ", indent + "  ")
                else:
                    lines.append(f"{lead}{key}: {scalar(item)}")
        elif isinstance(value, list):
            for item in value:
                write(item, indent + "  ", f"{indent}- ")
        else:
            lines.append(f"{first}{scalar(value)}")

    def scalar(value: object) -> str:
        return value[1:] if isinstance(value, str) and value.startswith("\0") else json.dumps(value, ensure_ascii=False)

    write(json.loads(text, parse_float=lambda number: f"\0{number}", parse_int=lambda number: f"\0{number}"), "", "")
    return "\n".join(lines) + "\n"


def processor_time(process: int) -> float:
    """Seconds of processor time that a process has had; 0 where the system does not say."""
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def measure(name: str, text: str, debounce: int | None) -> tuple[list[float], float]:
    """Seconds from each change to its diagnostics, and processor time a change; each makes a score wrong anew."""
    options = {} if debounce is None else {"debounce": debounce}
    with tempfile.TemporaryDirectory() as folder:
        editor = Editor(Path(folder))
        editor.initialize(initializationOptions=options)
        uri = editor.open(Path(folder) / name, text)
        editor.diagnostics(uri)
        lines = text.splitlines()
        line = next(number for number, each in enumerate(lines) if number > LINES // 2 and "score" in each)
        column = lines[line].index(":") + 2
        taken: list[float] = []
        before = processor_time(editor.process.pid)
        for number in range(CHANGES):
            where = {"start": {"line": line, "character": column}, "end": {"line": line, "character": column + 1}}
            start = time.perf_counter()
            editor.change(uri, {"range": where, "text": "98"[number % 2]})
            found = editor.diagnostics(uri)
            taken.append(time.perf_counter() - start)
            assert found, "the score is wrong and nothing was found"
        used = processor_time(editor.process.pid) - before
        editor.close()
    return taken, used / CHANGES


def main() -> None:
    """Print a line for each format and wait."""
    for name, content in (("form.json", long_form(str)), ("form.yaml", long_form(as_yaml))):
        for debounce in (0, None):
            taken, used = measure(name, content, debounce)
            wait = "no wait" if debounce == 0 else "default wait"
            print(
                f"{name} {content.count(chr(10))} lines, {wait}: "
                f"median {statistics.median(taken) * 1000:.0f} ms, worst {max(taken) * 1000:.0f} ms, "
                f"processor time {used * 1000:.0f} ms"
            )


if __name__ == "__main__":
    main()
