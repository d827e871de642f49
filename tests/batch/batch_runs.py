"""Forms in every kind of input, and runs over them in this process."""

from __future__ import annotations

import gzip
import json
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[2] / "benchmarks"), str(Path(__file__).parents[1] / "cli")]
from forms import clean_form, defective_form  # noqa: E402 - its folder is no package

from lintperf.batch import BatchJob, lint_shard  # noqa: E402
from lintperf.batch.rows import NAMES  # noqa: E402
from lintperf.batch.sources import inputs_of, shards_of  # noqa: E402
from lintperf.document.exact import dumps  # noqa: E402
from lintperf.pipeline import open_session  # noqa: E402
from lintperf.policy import Policy  # noqa: E402
from lintperf.work import Job  # noqa: E402

ROOT = Path(__file__).parents[2]
JOB = BatchJob(Job(Policy(), None, False, None, False, 0.0))


@cache
def lines(number: int) -> tuple[bytes, ...]:
    """Forms as lines, every fifth with a defect."""
    forms = (defective_form(seed, indicators=8)[0] if seed % 5 == 0 else clean_form(seed, 8) for seed in range(number))
    return tuple(f"{dumps(form)}\n".encode() for form in forms)


def packed(path: Path) -> Iterator[Path]:
    """The file compressed by gzip (two members) and by zstd (two frames)."""
    import zstandard

    content = path.read_bytes()
    half = len(content) // 2
    for suffix, pack in ((".gz", gzip.compress), (".zst", zstandard.compress)):
        other = path.with_name(path.name + suffix)
        other.write_bytes(pack(content[:half]) + pack(content[half:]))
        yield other


@cache
def session() -> Any:
    return open_session()


def inputs(*paths: Path, column: str | None = None) -> Any:
    types = session().extensions.types
    fields = {name for kind in types.values() for name in kind.root.properties}
    return inputs_of([(str(path), False) for path in paths], session().extensions.importers, fields, column)


def findings(*paths: Path, size: int = 20_000, column: str | None = None) -> list[dict[str, Any]]:
    """The findings on inputs, shard by shard."""
    found = []
    for shard in shards_of(inputs(*paths, column=column), size):
        part = lint_shard(shard, JOB, session()).part
        found += [json.loads(line) for line in part.splitlines()]
    return found


def told(rows: Sequence[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """The rows without their paths."""
    return [tuple(row[name] for name in NAMES if name != "path") for row in rows]


def rows_in(folder: Path) -> list[dict[str, Any]]:
    """The findings that a run has written."""
    rows: list[dict[str, Any]] = []
    for part in sorted((folder / "findings").iterdir()):
        if part.suffix == ".jsonl":
            rows += [json.loads(line) for line in part.read_text(encoding="utf-8").splitlines()]
        else:
            import pyarrow.parquet as pq

            rows += pq.read_table(part).to_pylist()
    return rows


def written(folder: Path) -> dict[str, bytes]:
    """Everything that a run leaves, without what it needs to go on."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".lintperf-run" not in path.parts
    }
