"""lintperf beside other tools with the same ten rules: `python benchmarks/peers/run.py [--quick]`.

Installs the peers into environments of their own, verifies that they find what lintperf finds, measures them and writes
docs/peers.md. What cannot be installed is left out with a sentence. Exit code 1 where a peer differs; then, and where
anything fails, the page stays as it was.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

if __package__ in (None, ""):
    sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from benchmarks.forms import form_text
from benchmarks.peers.agreement import PROBES, defects, found_by, unlike, variants, write_kinds
from benchmarks.peers.figures import FULL, QUICK, measure
from benchmarks.peers.page import Results, page
from benchmarks.peers.table import LINTPERF, PEERS, Peer

PAGE = Path(__file__).resolve().parents[2] / "docs" / "peers.md"


def main() -> int:
    """Installs, verifies, measures, writes the page."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--quick", action="store_true", help="up to 1,000 forms and indicators, fewer rounds")
    parser.add_argument("--install", action="store_true", help="install the peers and nothing more")
    parser.add_argument("--verify", action="store_true", help="install and verify, do not measure")
    parser.add_argument("--output", type=Path, default=PAGE, metavar="FILE", help="the page to write: docs/peers.md")
    options = parser.parse_args()
    peers = installed()
    if options.install:
        return 0
    compared, differences = verified(peers)
    print("".join(f"{line}\n" for line in differences), end="")
    if differences:
        return 1
    print(f"{len(peers) - 1} peers and lintperf find the same in {compared} forms.", flush=True)
    if options.verify:
        return 0
    plan = QUICK if options.quick else FULL
    results = Results(
        command=f"python benchmarks/peers/run.py{' --quick' if options.quick else ''}",
        plan=plan,
        processors=os.cpu_count() or 1,
        compared=compared,
        peers=peers,
        absent=[peer.name for peer in PEERS if peer not in peers],
        wrong=wrong_probes(peers),
        series=measure(peers, plan, progress()),
    )
    text = page(results)
    beside = options.output.with_name(f"{options.output.name}.new")
    beside.write_text(text, encoding="utf-8")
    beside.replace(options.output)
    print(f"written: {options.output}")
    return 0


def installed() -> list[Peer]:
    """The peers that are installed, lintperf first; those that are missing are installed where that is possible."""
    there = []
    for peer in PEERS:
        reason = peer.environment.install() if peer.environment is not None else None
        print(f"skipped: {reason}" if reason else f"{peer.name} {peer.version}", flush=True)
        if reason is None:
            there.append(peer)
    return there


def verified(peers: list[Peer], forms: int = 4) -> tuple[int, list[str]]:
    """The number of forms compared, `forms` of each defect among them, and where peers differ from lintperf."""
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root)
        texts = [*defects(forms), *variants()]
        write_kinds(folder, texts)
        ours = found_by(LINTPERF, folder)
        differences = [f"{code} is not found in {name}" for name, _ in texts
                       if (code := name.split("-")[0]).startswith("LP")
                       and not any(one.form == name and one.code == code for one in ours)]  # fmt: skip
        for peer in peers:
            differences += unlike(peer, ours, found_by(peer, folder))
    return len(texts), differences


def wrong_probes(peers: list[Peer]) -> dict[str, list[int]]:
    """For each peer, the positions of the probes that it judges otherwise than they expect."""
    with tempfile.TemporaryDirectory() as root:
        folder = Path(root)
        write_kinds(folder, ((f"{position}", form_text(probe.form())) for position, probe in enumerate(PROBES)))
        wrong = {}
        for peer in peers:
            found = {(one.form, one.code) for one in found_by(peer, folder)}
            wrong[peer.name] = [
                position
                for position, probe in enumerate(PROBES)
                if probe.code in peer.codes and ((f"{position}", probe.code) in found) != probe.expects
            ]
    return wrong


def progress() -> Callable[[str], None]:
    """A function that prints a line with the minutes and seconds since now before it."""
    start = time.monotonic()

    def say(line: str) -> None:
        minutes, seconds = divmod(int(time.monotonic() - start), 60)
        print(f"{minutes:3}:{seconds:02}  {line}", flush=True)

    return say


if __name__ == "__main__":
    sys.exit(main())
