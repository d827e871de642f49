"""SARIF logs under Microsoft's SARIF Multitool, GitHub's rules included: no error, no warning, no avoidable note.

    npm install @microsoft/sarif-multitool-linux
    python tests/reporters/multitool.py              logs of all kinds, made here (`logs`), both languages
    python tests/reporters/multitool.py FILE.sarif ...

SARIF_MULTITOOL names the program where it lies elsewhere. Exit code 0: clean; 1: something is wrong, listed;
2: the tool could not be run or did not finish. (The tool's own exit code is 0 even with errors.)
"""

from __future__ import annotations

import json
import os
import random
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import chdir
from pathlib import Path
from typing import Any, NamedTuple

INSTALLED = Path("node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool")
PROBLEM = re.compile(
    r"^(?P<file>.+?\.sarif)\([0-9,]+\): (?P<level>error|warning|note) (?P<rule>[A-Z]+[0-9]+): (?P<what>.*)"
)
RESULT = re.compile(r"runs\[0\]\.results\[(\d+)\]\.locations\[0\]")
DONE = "Analysis completed successfully."
ROOT = Path(__file__).parents[2]


class Unavoidable(NamedTuple):
    """A note that stays: of which rule, where it may be said (its text, the run it is about), and why."""

    rule: str
    where: Callable[[str, Mapping[str, Any]], bool]
    reason: str


def _region(what: str, run: Mapping[str, Any]) -> Mapping[str, Any]:
    found = RESULT.search(what)
    if found is None:
        return {}
    region: Mapping[str, Any] = run["results"][int(found[1])]["locations"][0]["physicalLocation"]["region"]
    return region


def _file(what: str, run: Mapping[str, Any]) -> str:
    found = RESULT.search(what)
    location = (
        run["results"][int(found[1])]["locations"][0] if found else {"physicalLocation": {"artifactLocation": {}}}
    )
    return str(location["physicalLocation"]["artifactLocation"].get("uri", ""))


UNAVOIDABLE = (
    Unavoidable(
        "SARIF2003",
        lambda _what, run: "versionControlProvenance" not in run,
        "outside of a git checkout, or in one without a remote, there is no address to give",
    ),
    Unavoidable(
        "SARIF2006",
        lambda what, _run: what.startswith("$schema:"),
        "the tool asks the network for the schema's official address; where it cannot, it says so of any log",
    ),
    Unavoidable(
        "SARIF2011",
        lambda what, run: _region(what, run).get("byteOffset") == 0,
        "an office file has no lines: its region is the whole file, and nothing is around that",
    ),
    Unavoidable(
        "SARIF2013",
        lambda _what, _run: True,
        "documents with names and accounts of people do not belong into logs, which go to more readers than they do",
    ),
    Unavoidable(
        "SARIF2016",
        lambda what, run: _file(what, run).startswith("file:///"),
        "a file that the user named outside of the root has no relative name",
    ),
)


def problems(output: str, runs: Mapping[str, Mapping[str, Any]]) -> tuple[list[str], Counter[str]]:
    """What is wrong, and how many notes of each rule cannot be avoided."""
    wrong, kept = [], Counter[str]()
    for line in output.splitlines():
        found = PROBLEM.match(line)
        if found is None:
            continue
        run = runs[Path(found["file"]).name]
        unavoidable = (each for each in UNAVOIDABLE if each.rule == found["rule"])
        if found["level"] == "note" and any(each.where(found["what"], run) for each in unavoidable):
            kept[found["rule"]] += 1
        else:
            wrong.append(line)
    return wrong, kept


def validate(program: Path, files: Sequence[Path]) -> int:
    """Check logs, each with another name; print what is wrong."""
    command = [str(program), "validate", *map(str, files), "--rule-kind", "Sarif;Gh", "--level", "Error;Warning;Note"]
    environment = os.environ | {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    output = done.stdout + done.stderr
    runs = {file.name: json.loads(file.read_text(encoding="utf-8"))["runs"][0] for file in files}
    wrong, kept = problems(output, runs)
    print(*wrong, sep="\n", end="\n" if wrong else "")
    # a log that the tool cannot load is passed over in silence; one that it loads always gets a note
    loaded = {found["file"] for found in map(PROBLEM.match, output.splitlines()) if found}
    finished = DONE in output and len(loaded) == len(files)
    notes = ", ".join(f"{count} {rule}" for rule, count in sorted(kept.items()))
    state = f"{len(wrong)} wrong" if wrong else "clean" if finished else "not checked"
    print(f"{len(files)} logs, {sum(len(run['results']) for run in runs.values())} results: {state} (stay: {notes})")
    return 1 if wrong else 0 if finished else 2


# ---- logs of all kinds


def _lintperf(folder: Path, *arguments: str) -> None:
    from lintperf.cli.main import run

    with chdir(folder):
        assert run(["check", *arguments]) in (0, 1), arguments


def _git(folder: Path, *arguments: str) -> None:
    who = ("-c", "user.name=lintperf", "-c", "user.email=lintperf@example.org", "-c", "init.defaultBranch=main")
    subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, check=True)


def _form() -> dict[str, Any]:
    """A form with defects, one of them not wanted, and a fix to each side of a YAML file's quotes."""
    row = {"level1": "产出指标", "level2": "数量指标", "target": "≥12公里", "actual": "12公里", "weight": 30}
    return {
        "type": "self-evaluation",
        "heading": {"project": "绿道养护", "department": "园林局", "unit": "社区图书角", "year": 2023},
        "funds": {
            "rows": [
                {"source": "total", "annual": 86, "executed": 73, "weight": 10, "rate": 0.95, "score": 9.5},
                {"source": "fiscal", "annual": 50, "executed": 50},
                {"source": "other", "annual": 30, "executed": 20},
            ]
        },
        "indicators": [
            {**row, "name": "养护里程", "score": 31},
            {**row, "name": "补植苗木", "target": ">95%", "actual": "95%", "score": 30},
        ],
        "total": {"weight": 100, "score": 88},
        "lintperf": {
            "ignore": [
                {"code": "LP201", "row": "养护里程", "reason": "按批复保留", "until": "2999-12-31", "author": "王工"}
            ]
        },
    }


def _reports() -> list[tuple[bytes, dict[str, Any]]]:
    """Evaluation reports with a defect each: as Word, and as data."""
    from reports.mutate import DEFECTS
    from reports.write import canonical, draw, report

    made = []
    for defect in DEFECTS[::6]:
        each = report(f"multitool {defect.name}")
        defect.put(each, random.Random(defect.name))
        made.append((draw(each, "styled", "multitool"), canonical(each).data))
    return made


def logs(folder: Path) -> list[Path]:
    """Logs of: examples and a report, in a checkout, from below its root, outside of one; JSON on one line and YAML;
    with a suppression, a baseline, an unreadable file."""
    import yaml

    sys.path[:0] = [str(ROOT / name) for name in ("tests", "plugins", ".")]
    checkout, plain = folder / "checkout", folder / "plain"
    (checkout / "区财政局").mkdir(parents=True)
    plain.mkdir()
    form = _form()
    (checkout / "区财政局" / "绿道 养护.json").write_text(
        json.dumps(form, ensure_ascii=False, indent=2), encoding="utf-8"
    )
    (checkout / "short.json").write_text(json.dumps(form, ensure_ascii=False), encoding="utf-8")
    (checkout / "form.yaml").write_text(yaml.safe_dump(form, allow_unicode=True, sort_keys=False), encoding="utf-8")
    (checkout / "broken.json").write_text('{"type": "self-evaluation",, }', encoding="utf-8")
    (plain / "form.json").write_text(json.dumps(form, ensure_ascii=False, indent=2), encoding="utf-8")
    (plain / "broken.docx").write_bytes(b"no Word document")
    reports = _reports()
    for number, (word, _) in enumerate(reports[:3]):
        (plain / f"report-{number}.docx").write_bytes(word)
    data = [each for _, each in reports]
    (plain / "reports.json").write_text(json.dumps(data, ensure_ascii=False, indent=1, default=float), encoding="utf-8")
    _git(checkout, "init")
    _git(checkout, "remote", "add", "origin", "https://example.org/forms.git")
    _git(checkout, "add", ".")
    _git(checkout, "commit", "-m", "forms")
    baseline = ("--baseline", str(folder / "baseline.json"))
    runs: list[tuple[Path, str, str, tuple[str, ...]]] = [
        (checkout, "checkout", "zh", (".",)),
        (checkout / "区财政局", "below", "en", (".",)),
        (plain, "plain", "zh", (".",)),
        (plain, "plain", "en", (".",)),
        (ROOT, "examples", "zh", ("examples",)),
        (ROOT, "examples", "en", ("examples",)),
        (plain, "outside", "zh", ("../checkout/short.json",)),
        (checkout, "baseline", "zh", (".", *baseline, "--update-baseline")),
        (checkout, "held", "en", (".", *baseline)),
    ]
    made = []
    for where, name, lang, arguments in runs:
        made.append(folder / f"{name}.{lang}.sarif")
        options = ("--format", "sarif", "--persona", "auditor", "--lang", lang, "--output", str(made[-1]))
        _lintperf(where, *arguments, *options)
    return made


def main(files: list[str]) -> int:
    """Check the files, or logs made for the purpose."""
    program = Path(os.environ.get("SARIF_MULTITOOL", INSTALLED))
    if not program.is_file():
        print(f"not found: {program}", file=sys.stderr)
        return 2
    program.chmod(program.stat().st_mode | 0o100)  # npm may not run the package's own chmod
    with tempfile.TemporaryDirectory() as folder:
        return validate(program.resolve(), [Path(file) for file in files] or logs(Path(folder)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
