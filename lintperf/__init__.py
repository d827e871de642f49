"""Validation and linting of structured documents by rules that are data."""

from lintperf.version import __version__

__all__ = ["__version__"]
