"""Checks: what an expression cannot say, one module a family of rules."""

from lintperf.extension import Check

__all__ = ["CHECKS"]

CHECKS: tuple[Check, ...] = ()
