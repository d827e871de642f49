"""The same real forms in several formats: how many values are equal to those of the Word file, and every difference.

python tests/real/formats.py ../shared/real
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NamedTuple

if __package__ in (None, ""):
    root = Path(__file__).resolve().parents[2]
    sys.path[:0] = [str(root / "tests"), str(root / "plugins"), str(root)]

from generator.comparing import Value, compare

from lintperf.extension import Source
from lintperf.pipeline import Session, open_session, read_documents

__all__ = ["Compared", "compared", "main"]

FORMATS = ("xlsx", "html", "pdf", "txt")
# Formats that lose line breaks: white space in texts does not count.
WRAPPED = {"pdf", "txt"}


class Compared(NamedTuple):
    """A file beside its Word twin: its values, those that differ, and how many remarks were made on it.

    different  the number of the form in the file from 0, and the value: `expected` is that of the Word file
    """

    path: Path
    forms: int
    values: int
    different: list[tuple[int, Value]]
    remarks: int


def _forms(session: Session, path: Path) -> tuple[list[dict[str, Any]], int]:
    documents, notifications = read_documents(session, Source(path.name, path.read_bytes()))
    assert not notifications, notifications
    return [one.data for one in documents if one.data is not None], sum(len(one.remarks) for one in documents)


def compared(session: Session, folder: Path, format: str) -> list[Compared]:
    """Each file of the format under `self-evaluation` and `other-layouts` beside its Word twin, by name."""
    found = []
    for kind in ("self-evaluation", "other-layouts"):
        for path in sorted((folder / kind).glob(f"*.{format}")):
            expected, _ = _forms(session, path.with_suffix(".docx"))
            read, remarks = _forms(session, path)
            values = [
                (number, value)
                for number in range(max(len(expected), len(read)))
                for value in compare(
                    expected[number] if number < len(expected) else {},
                    read[number] if number < len(read) else {},
                    wrapped=format in WRAPPED,
                )
            ]
            different = [(number, value) for number, value in values if not value.right]
            found.append(Compared(path, len(read), len(values), different, remarks))
    return found


def main(folder: Path) -> int:
    """Prints a line for each format, below it every difference; 1 when a format keeps less than 99 % of the values."""
    session = open_session()
    enough = True
    for format in FORMATS:
        files = compared(session, folder, format)
        total = sum(one.values for one in files)
        wrong = sum(len(one.different) for one in files)
        forms = sum(one.forms for one in files)
        remarks = sum(one.remarks for one in files)
        share = 100 * (total - wrong) / total if total else 0
        enough = enough and 100 * (total - wrong) >= 99 * total
        print(
            f"{format:5} {len(files):3} files {forms:3} forms {total:5} values {wrong:3} different "
            f"{share:.2f} % remarks {remarks}"
        )
        for one in files:
            for number, value in one.different:
                print(f"      {one.path.stem} #{number} {value.pointer}: {value.expected!r} → {value.found!r}")
    return 0 if enough else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
