"""How much of invented forms lintperf reads right: `python tests/generator/measure.py --family all --format html,docx`.

Draws forms of a seed in families and formats, imports the files as `lintperf check` would, compares value by value with
what was drawn and prints a table, the fields that were read wrong with examples, and the speed of importing alone, by
the processor's time on one core.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

if __package__ in (None, ""):
    root = Path(__file__).resolve().parents[2]
    sys.path[:0] = [str(root / "tests"), str(root / "plugins"), str(root)]

from generator.choosing import Seeded
from generator.comparing import Value, compare
from generator.drawers import DRAWERS, convert
from generator.families import FAMILIES
from generator.invent import invent
from lintperf.extension import Source
from lintperf.pipeline import open_session, read_documents

__all__ = ["Drawn", "Measured", "draw", "measure"]

# Formats that lose line breaks and merged cells.
WRAPPED = {"pdf", "txt", "csv", "md"}
UNMERGED = {"txt", "csv", "md"}
_SUFFIXES = {"python-docx": "docx"}


class Drawn(NamedTuple):
    """A drawn file: its forms as they must be read, and its bytes."""

    seed: str
    forms: list[dict[str, Any]]
    content: bytes


class Measured(NamedTuple):
    """What came of a family in a format. `wrong`: field → seed and value of each that was read wrong."""

    family: str
    format: str
    forms: int
    values: int
    right: int
    perfect: int
    wrong: dict[str, list[tuple[str, Value]]]
    remarks: Counter[str]
    examples: dict[str, str]
    crashes: list[str]
    seconds: float


def draw(family: str, format: str, seed: str) -> Drawn:
    """One invented form, or seldom two in one file, drawn in a family and a format (PDF: the Word file to convert)."""
    choose = Seeded(f"{seed}:{family}")
    number = 2 if choose.chance(10) else 1
    forms = [invent(choose, FAMILIES[family]) for _ in range(number)]
    style = Seeded(f"{seed}:{family}:style")
    sheets = [FAMILIES[family].lay_out(form, style, format not in UNMERGED) for form in forms]
    drawer = DRAWERS["docx" if format == "pdf" else format]
    return Drawn(seed, forms, drawer(sheets, Seeded(f"{seed}:{family}:{format}")))


def drawings(family: str, format: str, count: int, seed: int) -> Iterator[Drawn]:
    """`count` files of a seed; PDF files are converted a hundred at a time."""
    for start in range(0, count, 100):
        drawn = [draw(family, format, f"{seed}:{number}") for number in range(start, min(count, start + 100))]
        yield from _converted(drawn) if format == "pdf" else drawn


def _converted(drawn: list[Drawn]) -> Iterator[Drawn]:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = []
        for number, one in enumerate(drawn):
            files.append(folder / f"{number:03}.docx")
            files[-1].write_bytes(one.content)
        convert(files, "pdf", folder, folder / "profile")
        for one, file in zip(drawn, files, strict=True):
            yield one._replace(content=file.with_suffix(".pdf").read_bytes())


def measure(family: str, format: str, count: int, seed: int) -> Measured:
    """Draws, imports and compares `count` files of a family in a format."""
    session = open_session()
    wrong: dict[str, list[tuple[str, Value]]] = defaultdict(list)
    remarks: Counter[str] = Counter()
    examples: dict[str, str] = {}
    crashes: list[str] = []
    forms = values = right = perfect = 0
    seconds = 0.0
    for drawn in drawings(family, format, count, seed):
        started = time.process_time()
        documents, notifications = read_documents(
            session, Source(f"form.{_SUFFIXES.get(format, format)}", drawn.content)
        )
        seconds += time.process_time() - started
        crashes += [f"seed {drawn.seed}: {note.text.en}" for note in notifications]
        for document in documents:
            for remark in document.remarks:
                remarks[remark.kind] += 1
                examples.setdefault(remark.kind, f"seed {drawn.seed}: {_shown(dict(remark.arguments))}")
        read = [document.data for document in documents if document.data is not None]
        if len(read) != len(drawn.forms):
            crashes.append(f"seed {drawn.seed}: {len(read)} forms read of {len(drawn.forms)}")
        for number, form in enumerate(drawn.forms):
            found = read[number] if number < len(read) else {}
            compared = compare(form, found, FAMILIES[family].unsaid, format in WRAPPED)
            bad = [value for value in compared if not value.right]
            forms += 1
            perfect += not bad
            values += len(compared)
            right += len(compared) - len(bad)
            for value in bad:
                wrong[value.field].append((drawn.seed, value))
    return Measured(family, format, forms, values, right, perfect, dict(wrong), remarks, examples, crashes, seconds)


def _shown(value: Any) -> str:
    text = str(value) if not isinstance(value, str) else repr(value)
    return text if len(text) < 90 else text[:87] + "…"


def report(found: Measured, fields: int, examples: int) -> str:
    """One line of the table, and below it what was read wrong."""
    share = 100 * found.right / found.values if found.values else 0
    # 99.999 must not be shown as 100
    shown = "100" if found.right == found.values else f"{min(share, 99.99):.2f}"
    kinds = " ".join(f"{kind}:{count}" for kind, count in sorted(found.remarks.items())) or "-"
    speed = found.forms / found.seconds if found.seconds else 0
    lines = [
        f"{found.family:26} {found.format:12} {found.forms:6} {found.values:8} {shown:>7} "
        f"{100 * found.perfect / found.forms:7.1f} {speed:9.1f}  {kinds}"
    ]
    ordered = sorted(found.wrong.items(), key=lambda item: -len(item[1]))
    if not found.right:
        fields = 0  # nothing at all was read: the reason below says why
    for field, cases in ordered[:fields]:
        lines.append(f"    {field}: {len(cases)}")
        picked = cases[:: max(1, len(cases) // examples)][:examples]
        for seed, value in picked:
            lines.append(
                f"        seed {seed} {value.pointer}: drawn {_shown(value.expected)} read {_shown(value.found)}"
            )
    if len(ordered) > fields > 0:
        lines.append(f"    and {len(ordered) - fields} fields more")
    lines += [f"    {kind}: {text}" for kind, text in sorted(found.examples.items())]
    lines += [f"    {text}" for text in found.crashes[:3]]
    return "\n".join(lines)


def main() -> int:
    """Prints the table; exit code 1 where a value was read wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--family", default="all", help="all, or names by comma: " + ", ".join(FAMILIES))
    parser.add_argument("--format", default="html,docx,xlsx", help="by comma: pdf, " + ", ".join(DRAWERS))
    parser.add_argument("--count", type=int, default=20, help="files per family and format")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--fields", type=int, default=8, help="wrong fields to show")
    parser.add_argument("--examples", type=int, default=2, help="examples of each")
    parser.add_argument("--dump", metavar="FOLDER/NUMBER", help="only write drawing NUMBER of the seed into FOLDER")
    options = parser.parse_args()
    families = list(FAMILIES) if options.family == "all" else options.family.split(",")
    formats = options.format.split(",")
    if options.dump:
        folder, number = options.dump.rsplit("/", 1)
        for family in families:
            for format in formats:
                (drawn,) = [draw(family, format, f"{options.seed}:{number}")]
                suffix = "docx" if format == "pdf" else _SUFFIXES.get(format, format)
                Path(folder, f"{family}-{options.seed}-{number}.{suffix}").write_bytes(drawn.content)
        return 0
    print(
        f"{'family':26} {'format':12} {'forms':>6} {'values':>8} {'right %':>7} {'perfect':>7} {'forms/s':>9}  remarks"
    )
    tasks = [(family, format, options.count, options.seed) for format in formats for family in families]
    ok = True
    with ProcessPoolExecutor(options.jobs) as pool:
        results = (
            pool.map(measure, *zip(*tasks, strict=True)) if options.jobs > 1 else (measure(*task) for task in tasks)
        )
        for found in results:
            print(report(found, options.fields, options.examples), flush=True)
            ok = ok and found.right == found.values and not found.crashes
    return 0 if ok else 1


if __name__ == "__main__":
    raise SystemExit(main())
