"""The entry point. `lintperf --version` answers before anything heavier than this module is imported."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> None:
    """Run the command line; ends the process with its exit code."""
    if sys.argv[1:] == ["--version"]:
        from lintperf.version import __version__

        print(f"lintperf {__version__}")
        return
    from lintperf.cli.main import run

    sys.exit(run(sys.argv[1:]))


if __name__ == "__main__":
    main()
