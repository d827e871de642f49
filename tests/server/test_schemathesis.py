"""The whole API under requests that its description allows, and under ones that it forbids: schemathesis.

All its checks but one: no answer is a server error, each has a status, a media type, headers and a body that the
description has, what the description forbids is refused, methods that are not there are refused with `Allow`. The one
left out wants every request accepted that the description allows; no description can say which files can be read.

`LINTPERF_SLOW_TESTS=1` makes it some 2,000 requests and more.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from importlib.util import find_spec
from pathlib import Path

import pytest

pytest.importorskip("uvicorn", reason="the extra `serve` is not installed")
if find_spec("schemathesis") is None:
    pytest.skip("schemathesis is not installed", allow_module_level=True)

from benchmarks.service import started

HERE = Path(__file__).parent
# examples of each operation in the phase `fuzzing`; those of the phase `coverage` follow from the description
EXAMPLES = 40 if os.environ.get("LINTPERF_SLOW_TESTS") else 3
FEWEST = 2000 if os.environ.get("LINTPERF_SLOW_TESTS") else 1000
UPLOADS = ("annotate", "check", "convert", "fix", "rescore", "summary", "view")


def test_the_api_is_as_described(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with started("--workers", "2", "--log", str(log)) as service:
        command = [
            sys.executable, "-m", "schemathesis.cli", "run", f"http://127.0.0.1:{service.port}/openapi.json",
            "--seed", "1", "--max-examples", str(EXAMPLES), "--continue-on-failure", "--no-shrink", "--no-color",
            "--exclude-checks", "positive_data_acceptance",
        ]  # fmt: skip
        environment = {
            **os.environ,
            "SCHEMATHESIS_HOOKS": "schemathesis_hooks",
            "PYTHONPATH": os.pathsep.join([str(HERE), *filter(None, sys.path)]),
        }
        done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-20_000:] + done.stderr
    cases = re.search(r"([0-9]+) generated", done.stdout)
    assert cases is not None and int(cases[1]) >= FEWEST, done.stdout[-2000:]
    requests = [json.loads(line) for line in log.read_text().splitlines()]
    statuses = Counter(line["status"] for line in requests if line["event"] == "request")
    assert not {status for status in statuses if status >= 500} - {503}, statuses
    # it would be no test if files never got as far as to be read
    answered = {line["route"] for line in requests if line.get("status") == 200 and line["method"] == "POST"}
    assert answered >= {f"/v1/{name}" for name in UPLOADS} - {"annotate"}, statuses
    assert not [line for line in requests if line["event"] in ("error", "call-failed", "worker-replaced")]
    print(f"{cases[1]} cases: {dict(sorted(statuses.items()))}")
