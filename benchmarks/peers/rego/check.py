"""Rego rules over a folder of forms by rego-cpp; prints a JSON array of [file, code, row].

`python check.py FOLDER`. The policy is compiled once into a bundle, which each form then meets as its input.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path

from regopy import Input, Interpreter

RULES = Path(__file__).with_name("rules.rego")


def findings(folder: Path) -> Iterator[tuple[str, str, str]]:
    """File, code and row of what is wrong in the forms."""
    compiler = Interpreter()
    compiler.add_module(RULES.name, RULES.read_text(encoding="utf-8"))
    bundle = compiler.build("found = data.peers.found")
    engine = Interpreter()
    for path in sorted(folder.iterdir()):
        engine.set_input(Input(json.loads(path.read_bytes())))
        for code, row in engine.query_bundle(bundle)[0]["found"]:
            yield path.name, code, row


if __name__ == "__main__":
    json.dump(list(findings(Path(sys.argv[1]))), sys.stdout)
