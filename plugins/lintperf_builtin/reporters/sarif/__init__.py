"""SARIF 2.1.0 (OASIS, errata 01) for code scanning: a log written piece by piece, results as they come.

The objects are sarif-om's. Its classes check no types and its own serialiser is slow and wants everything in memory,
so each construction stands in a small typed function here and the text is ours (`serialise`).

`log` the whole · `rules` what the run applied · `results` findings · `files` where they are · `repository` of which
version · `context` the lines around them · `messages` texts with placeholders
"""

from lintperf_builtin.reporters.sarif.log import write

__all__ = ["write"]
