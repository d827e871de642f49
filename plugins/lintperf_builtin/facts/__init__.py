"""What rules may know of a form beyond its fields."""

from lintperf.extension import FactGroup, Function
from lintperf_builtin.facts.criteria import CRITERIA_FACTS
from lintperf_builtin.facts.form import FORM_FACTS, FORM_FUNCTIONS
from lintperf_builtin.facts.indicator import INDICATOR_FACTS, INDICATOR_FUNCTIONS
from lintperf_builtin.facts.scoring import SCORING_FUNCTIONS
from lintperf_builtin.facts.tables import REPORT, TABLE_FACTS
from lintperf_builtin.facts.texts import TEXT_FUNCTIONS

__all__ = ["FACT_GROUPS", "FUNCTIONS"]

_OF_FORMS: tuple[FactGroup, ...] = (*INDICATOR_FACTS, *FORM_FACTS)
# rows of a report have the same fields as those of a form
_OF_REPORTS: tuple[FactGroup, ...] = tuple(group._replace(type=REPORT) for group in _OF_FORMS)
FACT_GROUPS: tuple[FactGroup, ...] = (*_OF_FORMS, *_OF_REPORTS, *TABLE_FACTS, *CRITERIA_FACTS)
FUNCTIONS: tuple[Function, ...] = (*FORM_FUNCTIONS, *INDICATOR_FUNCTIONS, *SCORING_FUNCTIONS, *TEXT_FUNCTIONS)
