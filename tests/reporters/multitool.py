"""Validate SARIF files with Microsoft's SARIF Multitool, GitHub's rules included: no error, no warning.

    npm install @microsoft/sarif-multitool-linux
    python tests/reporters/multitool.py FILE.sarif ...

SARIF_MULTITOOL names the program where it lies elsewhere. Exit code 0: clean; 1: errors or warnings, listed;
2: the tool could not be run or did not finish. (The tool's own exit code is 0 even with errors.)
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

INSTALLED = Path("node_modules/@microsoft/sarif-multitool-linux/Sarif.Multitool")
PROBLEM = re.compile(r": (error|warning) [A-Za-z]+[0-9]+:")
DONE = "Analysis completed successfully."


def run(program: Path, file: str) -> tuple[list[str], bool]:
    """The lines with errors and warnings, and whether the tool got to its end."""
    command = [str(program), "validate", file, "--rule-kind", "Sarif;Gh", "--level", "Error;Warning;Note"]
    environment = os.environ | {"DOTNET_SYSTEM_GLOBALIZATION_INVARIANT": "1"}
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    output = done.stdout + done.stderr
    # a log that the tool cannot load is passed over in silence; one that it loads always gets a note or two
    return [line for line in output.splitlines() if PROBLEM.search(line)], DONE in output and ": note SARIF" in output


def main(files: list[str]) -> int:
    """Check every file; print what is wrong."""
    program = Path(os.environ.get("SARIF_MULTITOOL", INSTALLED))
    if not files or not program.is_file():
        print(__doc__ if not files else f"not found: {program}", file=sys.stderr)
        return 2
    program.chmod(program.stat().st_mode | 0o100)  # npm may not run the package's own chmod
    code = 0
    for file in files:
        problems, finished = run(program.resolve(), file)
        print(*problems, sep="\n", end="\n" if problems else "")
        print(
            f"{file}: {f'{len(problems)} errors or warnings' if problems else 'clean' if finished else 'not checked'}"
        )
        code = max(code, 1 if problems else 0 if finished else 2)
    return code


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
