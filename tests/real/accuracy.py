"""Check the real forms and the real report in several formats, compare the findings, score them by a list made by hand.

python tests/real/accuracy.py ../shared/real
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from lintperf.document.exact import pretty
from lintperf.extension import Source
from lintperf.findings.texts import message
from lintperf.pipeline import Session, check_source, open_session, read_documents
from lintperf.policy import Policy

FORMATS = ("docx", "xlsx", "html", "json")
REPORT_FORMATS = ("docx", "html", "pdf")
# every code of the catalogue that is there; LP315 is off by default and has entries of its own on the list
POLICY = Policy(persona="auditor", extend_select=("LP315",))


def forms(folder: Path) -> dict[int, Path]:
    """The Word files of the single forms by number."""
    found = {}
    for path in sorted((folder / "self-evaluation").glob("*.docx")):
        match = re.match(r"([0-9]+)-", path.name)
        if match:
            found[int(match[1])] = path
    return found


def findings(session: Session, folder: Path, kind: str) -> list[dict[str, Any]]:
    """The findings on all forms in one format, as `score.py` reads them."""
    listed = []
    for number, path in forms(folder).items():
        if kind == "json":
            documents, _ = read_documents(session, Source(path.name, path.read_bytes()))
            source = Source(path.with_suffix(".json").name, pretty(documents[0].data).encode())
        else:
            other = path.with_suffix(f".{kind}")
            source = Source(other.name, other.read_bytes())
        listed += _listed(session, source, number, "self-evaluation")
    return listed


def report_findings(session: Session, folder: Path, kind: str) -> list[dict[str, Any]]:
    """The findings on the report in one format; its number on the list is 0."""
    path = next((folder / "report").glob(f"*.{kind}"))
    return _listed(session, Source(path.name, path.read_bytes()), 0, "evaluation-report")


def _listed(session: Session, source: Source, number: int, type_: str) -> list[dict[str, Any]]:
    program, _ = session.program(POLICY, type_)
    result = check_source(session, source, POLICY)
    assert not result.notifications, result.notifications
    return [
        {
            "form": number,
            "code": finding.code,
            "row": finding.row,
            "field": finding.field,
            "message": message(finding, program.by_code[finding.code], "zh"),
            "severity": finding.severity.name[0].upper(),
        }
        for document in result.documents
        for finding in document.findings
    ]


def keys(listed: list[dict[str, Any]]) -> list[tuple[Any, ...]]:
    """What must be the same in all formats: form, code, row and field."""
    return sorted((item["form"], item["code"], item["row"] or "", item["field"] or "") for item in listed)


def _codes(listed: list[dict[str, Any]]) -> list[str]:
    return sorted(item["code"] for item in listed)


def score(folder: Path, listed: list[dict[str, Any]]) -> str:
    """What `score.py` prints on the findings on the forms or on the report."""
    numbers = "0" if {item["form"] for item in listed} == {0} else ",".join(map(str, forms(folder)))
    with tempfile.TemporaryDirectory() as temporary:
        file = Path(temporary) / "findings.json"
        file.write_text(json.dumps(listed, ensure_ascii=False), encoding="utf-8")
        command = [sys.executable, folder / "score.py", folder / "expected.json", file, "--forms", numbers]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def main(folder: Path) -> int:
    """Print the comparisons and the scores; 1 when the formats differ."""
    session = open_session()
    by_format = {kind: findings(session, folder, kind) for kind in FORMATS}
    same = {kind: keys(listed) == keys(by_format["docx"]) for kind, listed in by_format.items()}
    print("findings:", {kind: len(listed) for kind, listed in by_format.items()}, "same:", all(same.values()))
    print(score(folder, by_format["docx"]))
    reports = {kind: report_findings(session, folder, kind) for kind in REPORT_FORMATS}
    alike = {kind: _codes(listed) == _codes(reports["docx"]) for kind, listed in reports.items()}
    print("report:", {kind: len(listed) for kind, listed in reports.items()}, "same codes:", all(alike.values()))
    print(score(folder, reports["docx"]))
    return 0 if all(same.values()) and all(alike.values()) else 1


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
