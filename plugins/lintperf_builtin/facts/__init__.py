"""What rules may know of a form beyond its fields."""

from lintperf.extension import FactGroup, Function
from lintperf_builtin.facts.form import FORM_FACTS, FORM_FUNCTIONS
from lintperf_builtin.facts.indicator import INDICATOR_FACTS, INDICATOR_FUNCTIONS
from lintperf_builtin.facts.scoring import SCORING_FUNCTIONS

__all__ = ["FACT_GROUPS", "FUNCTIONS"]

FACT_GROUPS: tuple[FactGroup, ...] = (*INDICATOR_FACTS, *FORM_FACTS)
FUNCTIONS: tuple[Function, ...] = (*FORM_FUNCTIONS, *INDICATOR_FUNCTIONS, *SCORING_FUNCTIONS)
