"""Checks: what an expression cannot say, one module a family of rules."""

from lintperf.extension import Check
from lintperf_builtin.checks.completeness import COMPLETENESS_CHECKS
from lintperf_builtin.checks.deviations import DEVIATIONS_CHECKS
from lintperf_builtin.checks.framework import FRAMEWORK_CHECKS
from lintperf_builtin.checks.funds import FUNDS_CHECKS
from lintperf_builtin.checks.targets import TARGETS_CHECKS
from lintperf_builtin.checks.totals import TOTALS_CHECKS

__all__ = ["CHECKS"]

CHECKS: tuple[Check, ...] = (
    *COMPLETENESS_CHECKS,
    *FRAMEWORK_CHECKS,
    *DEVIATIONS_CHECKS,
    *FUNDS_CHECKS,
    *TARGETS_CHECKS,
    *TOTALS_CHECKS,
)
