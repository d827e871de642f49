"""The service under load: `python benchmarks/serve.py [--seconds N] [--only json,docx,…] [--json OUT]`.

Starts `lintperf serve` on this machine with two workers and asks it as fast as it answers (`json`, `docx`, `xlsx`,
`html`, `pdf`: with wrk, which is a Debian package), then at a steady pace without and with 5 % hostile files (`mixed`).
Prints a table with the target beside each figure; exit code 1 when one is missed. Everything shares the processors: the
client, the web process and the workers; how much of them others took stands in the note.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.forms import clean_form, form_text
from benchmarks.measure import Figure
from benchmarks.run import line, report
from benchmarks.service import Connection, Service, Usage, started

MIB = 1024 * 1024
INDICATORS = 22  # makes forms of 8 KB
FORMS = 3000
RENDERED = 300
PRINTED = 40
NUMBER = "第{NUMBER}号"
HOSTILE_SHARE = 0.05
# what wrk asks: each file of a list in turn; then its figures as JSON
SCRIPT = """
local requests, at = {}, 0
function init(arguments)
  for path in io.lines(arguments[1]) do
    local file = io.open(path, "rb")
    requests[#requests + 1] = wrk.format("POST", arguments[2], {}, file:read("*a"))
    file:close()
  end
end
function request()
  at = at % #requests + 1
  return requests[at]
end
function done(summary, latency, _)
  local errors = summary.errors
  io.write(string.format(
    '\\n{"requests": %d, "micros": %d, "p50": %d, "p99": %d, "max": %d, "status": %d, "broken": %d, "late": %d}\\n',
    summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), latency.max,
    errors.status, errors.connect + errors.read + errors.write, errors.timeout))
end
"""


def main() -> int:
    """Measures and prints; exit code 0 when every target is met, 1 otherwise."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60, help="how long each load lasts")
    parser.add_argument("--connections", type=int, default=16, help="connections of wrk")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rate", type=float, default=100, help="requests a second of `mixed`")
    parser.add_argument("--only", default="json,docx,xlsx,html,pdf,mixed", metavar="PARTS")
    parser.add_argument("--json", type=Path, metavar="OUT", help="write the figures here as JSON too")
    options = parser.parse_args()
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory() as name:
        for part in options.only.split(","):
            folder = Path(name) / part
            folder.mkdir()
            with started("--workers", str(options.workers), "--log", str(folder / "log")) as service:
                made = mixed(service, options) if part == "mixed" else saturated(service, part, folder, options)
                for figure in made:
                    figures.append(figure)
                    print(line(figure), flush=True)
    if options.json:
        options.json.write_text(json.dumps(report(figures), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return 1 if any(figure.met is False for figure in figures) else 0


# what is sent


def forms(number: int) -> Iterator[dict[str, Any]]:
    """Clean forms, all different."""
    return (clean_form(seed, INDICATORS) for seed in range(number))


def write_files(kind: str, folder: Path) -> list[Path]:
    """Forms as files of this kind; none where this machine cannot make them."""
    if kind == "json":
        made = ((f"{number}.json", form_text(form).encode()) for number, form in enumerate(forms(FORMS)))
    else:
        made = rendered(kind if kind != "pdf" else "docx", RENDERED if kind != "pdf" else PRINTED)
    paths = []
    for name, content in made:
        paths.append(folder / name)
        paths[-1].write_bytes(content)
    if kind != "pdf":
        return paths
    if shutil.which("soffice") is None:
        return []
    subprocess.run(
        ["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "pdf",
         "--outdir", str(folder), *map(str, paths)],
        check=True, capture_output=True,
    )  # fmt: skip
    return sorted(folder.glob("*.pdf"))


def rendered(kind: str, number: int) -> Iterator[tuple[str, bytes]]:
    """Forms as lintperf prints them."""
    from lintperf.pipeline import open_session

    renderer = open_session().extensions.renderers["self-evaluation", f".{kind}"]
    return ((f"{at}.{kind}", renderer.write([form]).content) for at, form in enumerate(forms(number)))


# as fast as it answers


def saturated(service: Service, kind: str, folder: Path, options: argparse.Namespace) -> Iterator[Figure]:
    """wrk with one kind of file: answers a second, how long they take, errors, memory, and who used the processors."""
    if shutil.which("wrk") is None:
        print("wrk is missing (Debian package wrk): nothing measured", file=sys.stderr)
        return
    paths = write_files(kind, folder)
    if not paths:
        print(f"{kind}: LibreOffice is missing: nothing measured", file=sys.stderr)
        return
    (folder / "script.lua").write_text(SCRIPT)
    (folder / "list").write_text("".join(f"{path}\n" for path in paths))
    wrk(service, kind, folder, options.connections, 3)  # not measured: workers meet their first files
    with watched(service) as watch:
        figures, client = wrk(service, kind, folder, options.connections, options.seconds)
    answers, seconds = figures["requests"], figures["micros"] / 1e6
    size = sum(path.stat().st_size for path in paths) / len(paths)
    targets = {"json": 1500, "docx": 150}
    yield Figure(
        f"{kind}: checks a second, {options.workers} workers, {options.connections} connections", answers / seconds, "",
        targets.get(kind), least=True,
        note=f"{answers} in {seconds:.0f} s; {len(paths)} different files of {size / 1024:.1f} KiB",
    )  # fmt: skip
    yield Figure(
        f"{kind}: p99", figures["p99"] / 1000, " ms", 50 if kind == "json" else None,
        note=f"p50 {figures['p50'] / 1000:.1f} ms, longest {figures['max'] / 1000:.0f} ms",
    )  # fmt: skip
    errors = figures["status"] + figures["broken"] + figures["late"]
    yield Figure(f"{kind}: answers that are errors", errors, "", 0, note=f"{figures}" if errors else "")
    yield watch.growth(kind)
    yield watch.memory(kind)
    yield from watch.times(kind, answers, client)


def wrk(service: Service, kind: str, folder: Path, connections: int, seconds: float) -> tuple[dict[str, int], float]:
    """The figures of wrk, and the processor time that it took itself."""
    path = f"/v1/check?filename=form.{kind}&format=json"
    before = os.times()
    done = subprocess.run(
        ["wrk", "-t1", f"-c{connections}", f"-d{seconds:.0f}s", "--timeout", "30s", "-s", str(folder / "script.lua"),
         f"http://127.0.0.1:{service.port}", "--", str(folder / "list"), path],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    after = os.times()
    taken = after.children_user + after.children_system - before.children_user - before.children_system
    return json.loads(done.stdout.strip().splitlines()[-1]), taken


@dataclass
class Watch:
    """Memory and processor time of a service while something happens; looked at every second."""

    samples: list[Usage] = field(default_factory=list)
    seconds: float = 0.0
    others: float = 0.0  # processor time of whoever else is on the machine, in processors

    def memory(self, kind: str) -> Figure:
        """The most memory of all processes together."""
        most = max(self.samples, key=lambda sample: sample.memory)
        return Figure(
            f"{kind}: memory of all processes, the most", most.memory / MIB, " MiB",
            note=f"web process {most.web_memory / MIB:.0f} MiB; at the start {self.samples[0].memory / MIB:.0f} MiB",
        )  # fmt: skip

    def growth(self, kind: str) -> Figure:
        """The memory of the last quarter of the time against the second: the first one warms up."""
        values = [sample.memory for sample in self.samples]
        quarter = max(1, len(values) // 4)
        early, late = values[quarter : 2 * quarter] or values, values[-quarter:]
        grown = (sum(late) / len(late)) / (sum(early) / len(early))
        return Figure(f"{kind}: memory, last quarter ÷ second quarter", grown, "×", 1.05)

    def times(self, kind: str, answers: int, client: float) -> Iterator[Figure]:
        """Where the processors were, by answer."""
        first, last = self.samples[0], self.samples[-1]
        web, workers = last.web_seconds - first.web_seconds, last.worker_seconds - first.worker_seconds
        for who, seconds in (("workers", workers), ("web process", web), ("client", client)):
            yield Figure(f"{kind}: processor time of the {who} by answer", seconds / answers * 1000, " ms")
        yield Figure(
            f"{kind}: processors busy with it", (web + workers + client) / self.seconds, "",
            note=f"of {os.cpu_count()}; others took {self.others:.2f}",
        )  # fmt: skip


@contextmanager
def watched(service: Service) -> Iterator[Watch]:
    """Look at a service every second until the block ends."""
    watch, ended = Watch([service.usage()]), threading.Event()

    def look() -> None:
        while not ended.wait(1):
            watch.samples.append(service.usage())

    thread = threading.Thread(target=look)
    start, busy, own = time.perf_counter(), _busy(), sum(os.times()[:4])
    thread.start()
    try:
        yield watch
    finally:
        ended.set()
        thread.join()
        watch.samples.append(service.usage())
        watch.seconds = time.perf_counter() - start
        first, last = watch.samples[0], watch.samples[-1]
        ours = last.web_seconds + last.worker_seconds - first.web_seconds - first.worker_seconds
        watch.others = max(0.0, (_busy() - busy - ours - (sum(os.times()[:4]) - own)) / watch.seconds)


def _busy() -> float:
    """Seconds that all processors of the machine were busy since it started."""
    words = Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    user, nice, system, _idle, _wait, interrupts, soft = map(int, words[:7])
    return (user + nice + system + interrupts + soft) / os.sysconf("SC_CLK_TCK")


# at a steady pace


def mixed(service: Service, options: argparse.Namespace) -> Iterator[Figure]:
    """Good requests at a steady pace, without and with hostile files among them.

    Requests are sent when it is their time, whether or not others were answered, and an answer took as long as from
    that time on: a service that stands still is not spared.
    """
    sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests/hostile"))
    from bad_files import bad_files

    good = [form_text(_named(form)) for form in forms(1000)]
    hostile = [(bad.name, bad.make()) for bad in bad_files()]
    asyncio.run(Pace(service.port, options.rate, good).run(3))
    quiet, loud = [], []
    # by turns, so that both meet the same machine
    for turn in range(2):
        pace = Pace(service.port, options.rate * (1 - HOSTILE_SHARE), good, seed=turn)
        asyncio.run(pace.run(options.seconds / 4))
        quiet.append(pace)
        pace = Pace(service.port, options.rate, good, hostile, seed=turn)
        with watched(service) as watch:
            asyncio.run(pace.run(options.seconds / 4))
        loud.append(pace)
    alone = sorted(seconds for pace in quiet for seconds in pace.seconds)
    beside = sorted(seconds for pace in loud for seconds in pace.seconds)
    statuses = sum((pace.statuses for pace in loud), Counter[int]())
    yield Figure(
        f"mixed: p99 of good ones beside {HOSTILE_SHARE:.0%} hostile ÷ alone, {options.rate:g} requests a second",
        _share(beside, 0.99) / _share(alone, 0.99), "×", 2,
        note=f"{_share(beside, 0.99) * 1000:.0f} ms, alone {_share(alone, 0.99) * 1000:.0f} ms; "
        f"p50 {_share(beside, 0.5) * 1000:.1f} ms, alone {_share(alone, 0.5) * 1000:.1f} ms; "
        f"others took {watch.others:.2f} processors",
    )  # fmt: skip
    wrong = sum(pace.wrong for pace in (*quiet, *loud))
    yield Figure(
        "mixed: good requests lost, refused or answered wrongly", wrong, "", 0, note=f"of {len(alone) + len(beside)}"
    )
    errors = sum(number for status, number in statuses.items() if status >= 500 and status != 503)
    yield Figure(
        "mixed: hostile files answered by a server error but 503", errors + sum(pace.broken for pace in loud), "", 0,
        note=", ".join(f"{status}: {number}" for status, number in sorted(statuses.items())),
    )  # fmt: skip
    yield watch.memory("mixed")


def _named(form: dict[str, Any]) -> dict[str, Any]:
    form["heading"]["project"] += NUMBER
    return form


def _share(ordered: Sequence[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


@dataclass
class Pace:
    """So many requests a second, at times that chance says; hostile ones among them."""

    port: int
    rate: float
    good: Sequence[str]
    hostile: Sequence[tuple[str, bytes]] = ()
    seed: int = 0
    seconds: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    wrong: int = 0
    broken: int = 0
    _free: list[Connection] = field(default_factory=list)

    async def run(self, seconds: float) -> None:
        """Ask for so long, then wait for the last answers."""
        chance = random.Random(self.seed)
        times = [0.0]
        while times[-1] < seconds:
            times.append(times[-1] + chance.expovariate(self.rate))
        start, tasks = time.perf_counter(), []
        for number, (_, at) in enumerate(pairwise(times)):
            await asyncio.sleep(max(0.0, start + at - time.perf_counter()))
            bad = chance.choice(self.hostile) if self.hostile and chance.random() < HOSTILE_SHARE else None
            one = self._good(number, start + at) if bad is None else self._hostile(*bad)
            tasks.append(asyncio.ensure_future(one))
        await asyncio.gather(*tasks)
        for connection in self._free:
            connection.close()

    async def _good(self, number: int, due: float) -> None:
        content = self.good[number % len(self.good)].replace("{NUMBER}", str(number)).encode()
        connection = self._free.pop() if self._free else Connection(self.port)
        try:
            response = await connection.check(f"form-{number}.json", content)
        except (OSError, EOFError):
            self.wrong += 1
            return
        self.seconds.append(time.perf_counter() - due)
        named = f"第{number}号".encode() in response.body and f'"form-{number}.json"'.encode() in response.body
        self.wrong += response.status != 200 or not named
        self._free.append(connection)

    async def _hostile(self, name: str, content: bytes) -> None:
        connection = Connection(self.port)
        try:
            response = await connection.check(name, content)
            self.statuses[response.status] += 1
        except (OSError, EOFError):
            self.broken += 1
        connection.close()


if __name__ == "__main__":
    sys.exit(main())
