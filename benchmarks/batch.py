"""Batch runs measured: time, processor time and the peak memory of all processes together, from JSONL and Parquet.

    python -m benchmarks.batch [FORMS ...]                        default 10000 100000, from JSONL and from Parquet
    python -m benchmarks.batch --engines local,dask,spark FORMS   the same input on each engine, and one of ten forms

A tenth of the forms has a defect. An engine's start is the time for ten forms; what it adds to a form is the slope.
Memory is the sum over the processes: of what each holds (RSS, which counts shared pages for each of them) and of its
share (PSS). Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from decimal import Decimal
from itertools import chain, islice
from pathlib import Path
from typing import BinaryIO

from benchmarks.forms import Form, clean_form, defective_form

MIB = 1024
# forms beyond these repeat them: no cache remembers so many, and making a form takes as long as checking one
DISTINCT = 100_000


def line_of(form: Form) -> str:
    """The form as a line of JSON; every Decimal a number with the decimals it has."""

    def other(value: object) -> float:
        raise TypeError(type(value).__name__)

    def numbers(value: object) -> object:
        if isinstance(value, Decimal):
            return f"\0{value:f}\0"
        if isinstance(value, dict):
            return {name: numbers(item) for name, item in value.items()}
        return [numbers(item) for item in value] if isinstance(value, list) else value

    text = json.dumps(numbers(form), ensure_ascii=False, default=other)
    return text.replace('"\\u0000', "").replace('\\u0000"', "")


def write_lines(path: Path, number: int) -> None:
    """So many forms, the first hundred thousand all different, a tenth of them with a defect."""
    with path.open("w", encoding="utf-8") as stream:
        for seed in range(min(number, DISTINCT)):
            form = clean_form(seed) if seed % 10 else defective_form(seed)[0]
            stream.write(line_of(form) + "\n")
    if number > DISTINCT:
        with path.open("rb") as first, path.open("ab") as stream:
            lines = chain.from_iterable(repeat_reading(first))
            stream.writelines(islice(lines, number - DISTINCT))


def repeat_reading(stream: BinaryIO) -> Iterator[Iterator[bytes]]:
    """The first lines of a file that grows, again and again."""
    while True:
        stream.seek(0)
        yield islice(stream, DISTINCT)


def write_rows(lines: Path, path: Path) -> None:
    """The same documents as a column of a Parquet file, in groups of rows as writers make them."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pa.schema([("document", pa.string())])
    with lines.open(encoding="utf-8") as stream, pq.ParquetWriter(path, schema) as writer:
        while rows := [line for _, line in zip(range(2000), stream, strict=False)]:
            writer.write_table(pa.table({"document": rows}, schema))


def processes_of(process: int) -> list[int]:
    """A process and all below it."""
    found = [process]
    try:
        for task in Path(f"/proc/{process}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += processes_of(int(child))
    except OSError:
        pass
    return found


def memory_of(process: int) -> tuple[int, int]:
    """(RSS, PSS) in KiB of a process; nothing where it has ended."""
    try:
        words = Path(f"/proc/{process}/smaps_rollup").read_text().split()
        return int(words[words.index("Rss:") + 1]), int(words[words.index("Pss:") + 1])
    except (OSError, ValueError):
        return 0, 0


def measured(command: list[str]) -> tuple[float, float, int, int]:
    """(seconds, processor seconds, peak RSS, peak PSS in MiB) of a command and what it starts."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    running = subprocess.Popen(command)
    rss = pss = 0
    while running.poll() is None:
        sums = [memory_of(process) for process in processes_of(running.pid)]
        rss, pss = max(rss, sum(each[0] for each in sums)), max(pss, sum(each[1] for each in sums))
        time.sleep(0.2)
    seconds = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if running.returncode not in (0, 1):
        raise SystemExit(f"exit code {running.returncode}")
    spent = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, spent, rss // MIB, pss // MIB


HEAD = "| forms | input | engine | MB | seconds | forms/s | processor ms/form | peak RSS MiB | peak PSS MiB |"


def run(path: Path, number: int, engine: str, folder: Path) -> tuple[float, float]:
    """Prints a line of the table; gives seconds and processor seconds."""
    out = folder / "out"
    command = [sys.executable, "-m", "lintperf", "batch", str(path), "-o", str(out), "--quiet", "--engine", engine]
    seconds, spent, rss, pss = measured(command)
    shutil.rmtree(out)
    size = path.stat().st_size / 1e6
    print(
        f"| {number} | {path.suffix[1:]} | {engine} | {size:.0f} | {seconds:.1f} | {number / seconds:.0f} "
        f"| {1000 * spent / number:.2f} | {rss} | {pss} |",
        flush=True,
    )
    return seconds, spent


def main(numbers: list[int], engines: list[str]) -> None:
    """A table, one line a run."""
    processors = len(os.sched_getaffinity(0))
    print(f"{processors} processors")
    print(HEAD)
    print("|---:|---|---|---:|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        lines, rows, few = folder / "forms.jsonl", folder / "forms.parquet", folder / "ten.jsonl"
        write_lines(few, 10)
        for number in numbers:
            write_lines(lines, number)
            if not engines:
                write_rows(lines, rows)
                run(lines, number, "local", folder)
                run(rows, number, "local", folder)
            for engine in engines:
                start, _ = run(few, 10, engine, folder)
                whole, _ = run(lines, number, engine, folder)
                print(
                    f"  {engine}: start {start:.1f} s, then {(number - 10) / (whole - start):.0f} forms/s", flush=True
                )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("forms", nargs="*", type=int)
    parser.add_argument("--engines", type=lambda text: text.split(","), default=[])
    chosen = parser.parse_args()
    main(chosen.forms or [10_000, 100_000], chosen.engines)
