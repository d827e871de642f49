"""Compiled rules, ready to run: one loop a scope over all its rules, and a function a rule for what a finding says.

The loop does as little as it can on a clean document: it reads each field once, evaluates conditions, notes hits.
Only a hit runs the rule's detail function, which is compiled when it is first needed. The compiler hands over a plan,
which is plain data, so that a plan can be kept in a cache; `link` makes functions of it.
"""

from __future__ import annotations

import marshal
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from types import CodeType
from typing import Any

from lintperf.extension import Check, FactGroup, Function, Problem, RunCheck, Subject
from lintperf.rules.rule import Rule
from lintperf.schema.fields import Field

__all__ = ["Constants", "Plan", "Program", "link", "scan_codes"]

Detail = Callable[..., dict[str, Any]]
CheckRun = Callable[[Subject, Mapping[str, Any]], Iterable[Problem]]
# name in the code → ("number", "0.9"), ("text", "无"), ("list", ["预算", "资金"]) or ("function", "agrees")
Constants = dict[str, tuple[str, Any]]
# no builtins are within reach of compiled rules but the few that the generated loops use
BUILTINS = {"zip": zip, "ArithmeticError": ArithmeticError, "Exception": Exception}


@dataclass(slots=True)
class Plan:
    """The compiler's result as plain data; rules go by their position.

    scans    (array, rules in it, source of the function `scan`, its constants)
    checks   (rule, name of the check, its options)
    remarks  remark kind → its rule
    details  rule → (source of the function `detail`, its constants)
    codes    what the sources of `scans` compile to, in their order, as `marshal` writes it for this Python: compiling
             them is a twentieth of a run over one form. Empty where only the sources are known
    """

    scans: list[tuple[str, list[int], str, Constants]] = field(default_factory=list)
    checks: list[tuple[int, str, dict[str, Any]]] = field(default_factory=list)
    remarks: dict[str, int] = field(default_factory=dict)
    details: dict[int, tuple[str, Constants]] = field(default_factory=dict)
    codes: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class Program:
    """The rules of one document type, ready to run; see Plan. `root` is asked for only where there are findings."""

    type: str
    root: Callable[[], Field]
    rules: tuple[Rule, ...]
    groups: tuple[FactGroup, ...]
    functions: Mapping[str, Function]
    plan: Plan
    scans: list[tuple[list[int], Callable[..., tuple[Any, ...]]]] = field(default_factory=list)
    checks: list[tuple[int, CheckRun, Mapping[str, Any]]] = field(default_factory=list)
    run_checks: list[tuple[int, RunCheck, Mapping[str, Any]]] = field(default_factory=list)
    by_code: dict[str, Rule] = field(init=False)
    _details: dict[int, Detail] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.by_code = {rule.code: rule for rule in self.rules}

    def coverage(self, applied: Sequence[Sequence[bool]] | None) -> tuple[int, tuple[str, ...]]:
        """How many rules ran on a document, and the codes of those that found nothing to look at.

        applied  what the scans gave; None where nothing but remarks could be looked at. Rules that compare documents
                 count neither as run nor as idle
        """
        remarks = self.plan.remarks.values()
        if applied is None:
            others = {*remarks, *(number for number, _, _ in self.run_checks)}
            return len(remarks), tuple(rule.code for number, rule in enumerate(self.rules) if number not in others)
        ran, idle = len(remarks) + len(self.checks), []
        for (numbers, _), each in zip(self.scans, applied, strict=True):
            ran += sum(each)
            idle += [number for number, used in zip(numbers, each, strict=True) if not used]
        idle.sort()
        return ran, tuple([self.rules[number].code for number in idle])

    def detail(self, number: int) -> Detail:
        """The detail function of a rule, compiled at its first hit."""
        if number not in self._details:
            source, constants = self.plan.details[number]
            label = f"<{self.rules[number].code} detail>"
            self._details[number] = _function(compile(source, label, "exec"), "detail", constants, self.functions)
        return self._details[number]


def link(
    plan: Plan,
    document_type: str,
    root: Callable[[], Field],
    rules: Sequence[Rule],
    groups: Sequence[FactGroup],
    functions: Mapping[str, Function],
    checks: Mapping[str, Check | RunCheck],
) -> Program:
    """The program of a plan. `groups` are those of the document type, in the order the plan was made with."""
    program = Program(document_type, root, tuple(rules), tuple(groups), functions, plan)
    codes = [marshal.loads(code) for code in plan.codes] if plan.codes else _compiled(plan)  # noqa: S302 - as `source` # nosec B302
    for (_, numbers, _, constants), code in zip(plan.scans, codes, strict=True):
        program.scans.append((numbers, _function(code, "scan", constants, functions)))
    for number, name, options in plan.checks:
        check = checks[name]
        if isinstance(check, RunCheck):
            program.run_checks.append((number, check, options))
        else:
            program.checks.append((number, check.run, options))
    return program


def scan_codes(plan: Plan) -> list[bytes]:
    """What belongs into `Plan.codes`."""
    return [marshal.dumps(code) for code in _compiled(plan)]


def _compiled(plan: Plan) -> list[CodeType]:
    return [compile(source, f"<rules over {each}>", "exec") for each, _, source, _ in plan.scans]


def _function(code: CodeType, name: str, constants: Constants, functions: Mapping[str, Function]) -> Any:
    namespace: dict[str, Any] = {"__builtins__": BUILTINS}
    for variable, (kind, value) in constants.items():
        namespace[variable] = _value(kind, value, functions)
    # the only code executed here was written by the compiler from checked expressions
    exec(code, namespace)  # noqa: S102 # nosec B102
    return namespace[name]


def _value(kind: str, value: Any, functions: Mapping[str, Function]) -> Any:
    if kind == "function":
        return functions[value].call
    if kind == "number":
        return Decimal(value)
    if kind == "numbers":
        return tuple(Decimal(item) for item in value)
    return tuple(value) if kind == "texts" else value
