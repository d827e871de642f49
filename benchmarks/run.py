"""All benchmarks of lintperf in one run: `python benchmarks/run.py [--quick] [--json OUT]`.

Prints a table with the target beside each figure. What is compared takes turns within this run; the figures are
medians of ratios, because times of one machine mean little on another.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict
from decimal import Decimal
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.checker import open_checker
from benchmarks.forms import clean_form, form_text, write_forms
from benchmarks.measure import Figure, Run, Timing, exact, median_run, ratio, run, take_run_turns, take_turns
from benchmarks.peers.agreement import defects, found_by, unlike, write_kinds
from benchmarks.peers.environments import NODE
from benchmarks.peers.table import (
    CODES,
    FINDINGS,
    LINTPERF,
    SCHEMA,
    SPECTRAL,
    ajv_cli,
    lintperf_check,
    lintperf_command,
)


def main() -> int:
    """Measures and prints; exit code 0 when every target is met, 1 otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="fewer repetitions, 1,000 forms instead of 10,000")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures here as JSON too")
    parser.add_argument("--only", default="start,check,batch,growth,peers", metavar="PARTS",
                        help="start, check, batch, growth, peers; joined by commas")  # fmt: skip
    options = parser.parse_args()
    parts: dict[str, Callable[[bool], list[Figure]]] = {
        "start": start_up,
        "check": one_form,
        "batch": many_forms,
        "growth": growth,
        "peers": peers,
    }
    figures: list[Figure] = []
    for name in options.only.split(","):
        for figure in parts[name](options.quick):
            figures.append(figure)
            print(line(figure), flush=True)
    if options.json:
        options.json.write_text(json.dumps(report(figures), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    missed = [figure.name for figure in figures if figure.met is False]
    print(f"\n{len(missed)} of {sum(f.met is not None for f in figures)} targets missed"
          + "".join(f"\n  {name}" for name in missed))  # fmt: skip
    return 1 if missed else 0


def line(figure: Figure) -> str:
    """A figure as a line of the table."""
    target = ""
    if figure.target is not None:
        sign = "≥" if figure.least else "≤"
        target = f"{sign} {figure.target:,.10g}{figure.unit}  {'met' if figure.met else 'MISSED'}"
    value = f"{figure.value:,.2f}" if figure.value < 100 else f"{figure.value:,.0f}"
    return f"{figure.name:<72} {value + figure.unit:>14}  {target:<20} {figure.note}".rstrip()


def report(figures: list[Figure]) -> dict[str, Any]:
    """The figures and the machine they come from."""
    return {
        "python": platform.python_version(),
        "machine": f"{platform.system()} {platform.machine()}",
        "processors": os.cpu_count(),
        "figures": [{**asdict(figure), "met": figure.met} for figure in figures],
    }


def start_up(quick: bool) -> list[Figure]:
    """From the start of a process to its end, against `python -c pass`: `--version`, and one form checked."""
    with tempfile.TemporaryDirectory() as folder:
        form = Path(folder) / "form.json"
        form.write_text(form_text(clean_form(1)), encoding="utf-8")
        commands = {
            "pass": [sys.executable, "-c", "pass"],
            "version": [*lintperf_command(), "--version"],
            "form": [*lintperf_command(), "check", str(form)],
            "options": [*lintperf_command(), "check", str(form), "--no-config"],
        }
        runs = take_run_turns(commands, 9 if quick else 31, FINDINGS)
    times = {name: Timing(tuple(one.seconds for one in several)) for name, several in runs.items()}
    base = f"python -c pass: {milliseconds(times['pass'])}"
    return [
        Figure("lintperf --version ÷ python -c pass", ratio(times["version"], times["pass"]), "×", 6,
               note=f"{milliseconds(times['version'])}; {base}"),
        Figure("lintperf check --no-config, one form ÷ python -c pass", ratio(times["options"], times["pass"]), "×"),
        Figure("lintperf check, one JSON form ÷ python -c pass", ratio(times["form"], times["pass"]), "×", 10,
               note=milliseconds(times["form"])),
    ]  # fmt: skip


def one_form(quick: bool) -> list[Figure]:
    """In one process, from bytes to findings, against decoding and validating the same forms.

    Each round takes forms that the process has not seen, so that what lintperf remembers of texts helps only as far as
    texts repeat between forms (see `forms.py`); a last figure says what the same forms cost the second time.
    """
    rounds, size = (6, 100) if quick else (16, 200)  # the first is the unmeasured one of take_turns
    batches = [[form_text(clean_form(r * size + i)).encode() for i in range(size)] for r in range(rounds)]
    check = open_checker()
    validator = exact_validator()
    found: Counter[str] = Counter()

    actions: dict[str, Callable[[], object]] = {
        "decode": over(batches, exact),
        "check": over(batches, lambda content: found.update(check(content))),
        "json": over(batches, json.loads),
        "again": over(batches, check),
        "jsonschema": over([batch[:20] for batch in batches], lambda text: list(validator.iter_errors(exact(text)))),
    }
    orjson, jsonschema_rs = optional("orjson"), optional("jsonschema_rs")
    if orjson is not None:
        actions["orjson"] = over(batches, orjson.loads)
    if jsonschema_rs is not None:
        fast = jsonschema_rs.Draft202012Validator(json.loads(SCHEMA.read_bytes()))
        actions["jsonschema-rs"] = over(batches, lambda content: fast.is_valid(json.loads(content)))
    times = take_turns(actions, rounds - 1)

    def each(name: str, number: int = size) -> str:
        return f"{times[name].median / number * 1e6:,.0f} µs a form"

    figures = [
        Figure(f"findings in {rounds * size:,} clean forms (whole catalogue, notes included)", found.total(), "", 0,
               note=" ".join(f"{code}×{number}" for code, number in sorted(found.items()))),
        Figure("clean form, whole catalogue ÷ exact json decode", ratio(times["check"], times["decode"]), "×", 6,
               note=f"{each('check')}; decode {each('decode')}"),
        Figure("the same forms once more ÷ exact json decode", ratio(times["again"], times["decode"]), "×",
               note=each("again")),
        Figure("clean form, whole catalogue ÷ json.loads", ratio(times["check"], times["json"]), "×",
               note=f"json.loads {each('json')}"),
    ]  # fmt: skip
    if orjson is not None:
        figures.append(Figure("clean form, whole catalogue ÷ orjson", ratio(times["check"], times["orjson"]), "×",
                              note=f"orjson {each('orjson')}"))  # fmt: skip
    if jsonschema_rs is not None:
        value = ratio(times["check"], times["jsonschema-rs"])
        note = f"json.loads and is_valid {each('jsonschema-rs')}"
        figures.append(Figure("clean form, whole catalogue ÷ json.loads + jsonschema-rs", value, "×", note=note))
    figures.append(Figure("decode + jsonschema iter_errors ÷ clean form, whole catalogue",
                          ratio(times["jsonschema"], times["check"]) * size / 20, "×",
                          note=f"jsonschema {each('jsonschema', 20)}"))  # fmt: skip
    return figures


def many_forms(quick: bool) -> list[Figure]:
    """A folder of forms through the command: forms a second on one core, what two workers gain, what is kept."""
    number = 1000 if quick else 10_000
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as cache:
        write_forms(Path(folder), number)
        os.environ["LINTPERF_CACHE_DIR"] = cache
        command = [*lintperf_command(), "check", folder, "--no-config", "--jobs"]
        # the unmeasured turn fills the cache of "again"
        commands = {"1": [*command, "1", "--no-cache"], "2": [*command, "2", "--no-cache"], "again": [*command, "2"]}
        runs = take_run_turns(commands, 1 if quick else 3, FINDINGS)
        del os.environ["LINTPERF_CACHE_DIR"]
    times = {name: Timing(tuple(one.seconds for one in several)) for name, several in runs.items()}
    one = times["1"].median
    cpu = {name: Timing(tuple(one.cpu for one in several)).median for name, several in runs.items()}
    return [
        Figure(f"{number:,} forms, --jobs 1", number / one, " forms/s", 2000, True,
               f"{one:.2f} s, of which processor {cpu['1']:.2f} s"),
        Figure(f"{number:,} forms, --jobs 2 over --jobs 1", ratio(times["1"], times["2"]), "×", 1.7, True,
               f"{times['2'].median:.2f} s, processors {cpu['2']:.2f} s in sum; {os.cpu_count()} processors"),
        Figure(f"{number:,} forms, --jobs 2 ÷ once more, unchanged", ratio(times["2"], times["again"]), "×", 20, True,
               f"{times['again'].median:.2f} s, processor {cpu['again']:.2f} s"),
    ]  # fmt: skip


def growth(quick: bool) -> list[Figure]:
    """Time per indicator and per file, and peak memory, from small to large.

    Linear: the largest costs no more an indicator than the next smaller one, within 1.5; start-up is taken off.
    """
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as folder:
        base = Path(folder)
        sizes = (10, 100, 1000) if quick else (10, 100, 1000, 10_000)
        check = open_checker()
        each: dict[int, float] = {}
        for size in sizes:
            number = max(1, 1000 // size)
            batches = [[form_text(clean_form(r * number + i, size)).encode() for i in range(number)] for r in range(6)]
            each[size] = take_turns({"check": over(batches, check)}, 5)["check"].median / number / size
            text = batches[0][0]
            path = base / f"{size}.json"
            path.write_bytes(text)
            whole = median_run([*lintperf_command(), "check", str(path), "--no-config"], 3, accept=(0, 1))
            figures.append(Figure(f"{size:,} indicators in one form", each[size] * 1e6, " µs/indicator",
                                  note=f"{len(text):,} bytes, peak memory {whole.memory:.0f} MiB"))  # fmt: skip
            path.unlink()
        largest, smaller = sizes[-1], sizes[-2]
        figures.append(Figure(f"an indicator among {largest:,} ÷ among {smaller:,}", each[largest] / each[smaller], "×",
                              1.5))  # fmt: skip
        figures += _growth_of_files(base, (100, 1000) if quick else (100, 1000, 10_000))
    return figures


def _growth_of_files(base: Path, numbers: tuple[int, ...]) -> list[Figure]:
    figures: list[Figure] = []
    runs: dict[int, Run] = {}
    for number in numbers:
        write_forms(base, number)
        runs[number] = median_run([*lintperf_command(), "check", str(base), "--no-config", "--no-cache",
                                   "--format", "json", "--jobs", "1"], 3, accept=FINDINGS)  # fmt: skip
        each = runs[number].cpu / number * 1e6
        figures.append(Figure(f"{number:,} files, --jobs 1, start-up included", each, " µs/file",
                              note=f"processor time; peak memory {runs[number].memory:.0f} MiB"))  # fmt: skip
    first, second, last = numbers[0], numbers[-2], numbers[-1]
    more = (runs[last].cpu - runs[first].cpu) / (last - first)
    before = runs[second].cpu / second
    figures.append(Figure(f"a further file up to {last:,} ÷ a file of {second:,}", more / before, "×", 1.2))
    figures.append(Figure(f"peak memory of {last:,} files ÷ {second:,} files",
                          runs[last].memory / runs[second].memory, "×"))  # fmt: skip
    return figures


def peers(quick: bool) -> list[Figure]:
    """Spectral and ajv-cli, where npm is to be had; `peers/run.py` has all of the peers."""
    reason = NODE.install()
    if reason is not None:
        print(f"skipped: {reason}")
        return []
    with tempfile.TemporaryDirectory() as folder:
        write_kinds(Path(folder), defects(1 if quick else 4))
        different = unlike(SPECTRAL, found_by(LINTPERF, Path(folder)), found_by(SPECTRAL, Path(folder)))
    print("".join(f"{one}\n" for one in different), end="")
    figures = [Figure("findings of the ten rules that differ between Spectral and lintperf", len(different), "", 0)]
    return figures + _per_form(100 if quick else 200, 3 if quick else 5)


def _per_form(forms: int, repetitions: int) -> list[Figure]:
    """Times per form over `forms` different forms in one process (ten times as many for the schema), as ratios.

    Start-up is the time of the same command on one form. Runs take turns; each figure is the median over the rounds.
    """
    many = 10 * forms
    with tempfile.TemporaryDirectory() as root:
        folders = {number: Path(root) / str(number) for number in (1, forms, many)}
        for number, folder in folders.items():
            write_forms(folder, number)
        commands: dict[str, tuple[int, Callable[[Path], list[str]]]] = {
            "ajv": (many, ajv_cli),
            "schema": (many, lambda folder: lintperf_check(folder, ("LP002",))),
            "all": (many, lambda folder: lintperf_check(folder, None)),
            "spectral": (forms, SPECTRAL.command),
            "ten": (forms, lambda folder: lintperf_check(folder, CODES)),
        }
        start: dict[str, list[float]] = {name: [] for name in commands}
        bare: dict[str, list[float]] = {name: [] for name in commands}
        whole: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(repetitions):
            for name, (number, command) in commands.items():
                first = run(command(folders[1]), accept=FINDINGS).seconds
                last = run(command(folders[number]), accept=FINDINGS).seconds
                start[name].append(first)
                bare[name].append((last - first) / (number - 1))
                whole[name].append(last / number)

    def times(taken: dict[str, list[float]], theirs: str, ours: str) -> float:
        return statistics.median(taken[theirs]) / statistics.median(taken[ours])

    def middle(taken: list[float], digits: int) -> str:
        return f"{statistics.median(taken) * 1e3:.{digits}f}"

    def beside(theirs: str, ours: str) -> str:
        each = f"{middle(bare[theirs], 3)} against {middle(bare[ours], 3)} ms a form"
        return f"{each}; start-up {middle(start[theirs], 0)} against {middle(start[ours], 0)} ms"

    spectral, ajv = "Spectral ÷ lintperf, ten rules", "ajv-cli (schema alone) ÷ lintperf"
    return [
        Figure(f"{spectral}, start-up subtracted", times(bare, "spectral", "ten"), "×", 100, True,
               beside("spectral", "ten")),
        Figure(f"{spectral}, {forms:,} forms with start-up", times(whole, "spectral", "ten"), "×"),
        Figure(f"{ajv} (schema alone), start-up subtracted", times(bare, "ajv", "schema"), "×", 1, True,
               beside("ajv", "schema")),
        Figure(f"{ajv} (schema alone), {many:,} forms with start-up", times(whole, "ajv", "schema"), "×"),
        Figure(f"{ajv} (whole catalogue), start-up subtracted", times(bare, "ajv", "all"), "×",
               note=beside("ajv", "all")),
        Figure(f"{ajv} (whole catalogue), one form with start-up", times(start, "ajv", "all"), "×"),
    ]  # fmt: skip


def exact_validator() -> Any:
    """jsonschema's validator over exact decimals, to which 2023 is an integer as well."""
    import jsonschema

    def is_integer(_checker: object, value: object) -> bool:
        return isinstance(value, Decimal) and value == value.to_integral_value()

    validators: Any = jsonschema.validators  # its functions have no types
    kind = validators.extend(
        jsonschema.Draft202012Validator,
        type_checker=jsonschema.Draft202012Validator.TYPE_CHECKER.redefine("integer", is_integer),
    )
    return kind(exact(SCHEMA.read_bytes()))


def over(batches: Sequence[Sequence[bytes]], work: Callable[[bytes], object]) -> Callable[[], None]:
    """An action for `take_turns` that does the work on each text of the next batch."""
    ahead = iter(batches)

    def action() -> None:
        for content in next(ahead):
            work(content)

    return action


def optional(name: str) -> Any:
    """A module if it is installed, else None."""
    import importlib

    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def milliseconds(timing: Timing) -> str:
    """The median as text."""
    return f"{timing.median * 1e3:.0f} ms"


if __name__ == "__main__":
    sys.exit(main())
