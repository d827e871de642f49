"""Checks: what an expression cannot say, one module a family of rules."""

from lintperf.extension import Check, RunCheck
from lintperf_builtin.checks.batch import BATCH_CHECKS
from lintperf_builtin.checks.citations import CITATIONS_CHECKS
from lintperf_builtin.checks.completeness import COMPLETENESS_CHECKS
from lintperf_builtin.checks.deviations import DEVIATIONS_CHECKS
from lintperf_builtin.checks.explanations import EXPLANATIONS_CHECKS
from lintperf_builtin.checks.framework import FRAMEWORK_CHECKS
from lintperf_builtin.checks.funds import FUNDS_CHECKS
from lintperf_builtin.checks.goals import GOALS_CHECKS
from lintperf_builtin.checks.prose_logic import PROSE_LOGIC_CHECKS
from lintperf_builtin.checks.prose_tables import PROSE_TABLE_CHECKS
from lintperf_builtin.checks.report_blocks import REPORT_BLOCK_CHECKS
from lintperf_builtin.checks.report_pairs import REPORT_PAIR_CHECKS
from lintperf_builtin.checks.report_sections import REPORT_SECTION_CHECKS
from lintperf_builtin.checks.shares import SHARE_CHECKS
from lintperf_builtin.checks.targets import TARGETS_CHECKS
from lintperf_builtin.checks.totals import TOTALS_CHECKS
from lintperf_builtin.checks.wording import WORDING_CHECKS

__all__ = ["CHECKS", "RUN_CHECKS"]

CHECKS: tuple[Check, ...] = (
    *COMPLETENESS_CHECKS,
    *FRAMEWORK_CHECKS,
    *DEVIATIONS_CHECKS,
    *FUNDS_CHECKS,
    *TARGETS_CHECKS,
    *TOTALS_CHECKS,
    *CITATIONS_CHECKS,
    *EXPLANATIONS_CHECKS,
    *GOALS_CHECKS,
    *WORDING_CHECKS,
    *PROSE_LOGIC_CHECKS,
    *PROSE_TABLE_CHECKS,
    *REPORT_BLOCK_CHECKS,
    *REPORT_PAIR_CHECKS,
    *REPORT_SECTION_CHECKS,
    *SHARE_CHECKS,
)
RUN_CHECKS: tuple[RunCheck, ...] = BATCH_CHECKS
