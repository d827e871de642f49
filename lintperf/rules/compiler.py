"""The compiler: typed expressions of rules become the source of one function a scope and of one a rule."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from lintperf.extension import Check, FactGroup, Function, RunCheck
from lintperf.model import Text
from lintperf.names import near_name
from lintperf.rules.expressions import ExpressionError, Node, ScopeNames, Writer, loop_over
from lintperf.rules.packs import place_inside
from lintperf.rules.parameters import fits
from lintperf.rules.program import Plan
from lintperf.rules.rule import PLACEHOLDER, Rule, RuleProblem
from lintperf.schema.fields import Field, arrays, lookup

__all__ = ["compile_rules"]

# arguments that the engine itself supplies to messages
SUPPLIED = frozenset({"row", "rows", "count", "found", "expected", "difference"})
# rules of a scope that make the same test, from which on it is made once for all of them
_SHARED = 3
WORD = re.compile(r"[A-Za-z_][A-Za-z_0-9]*")


def compile_rules(
    document_type: str,
    root: Field,
    rules: Sequence[Rule],
    groups: Sequence[FactGroup],
    functions: Mapping[str, Function],
    checks: Mapping[str, Check | RunCheck],
    parameters: Mapping[str, Any],
) -> Plan:
    """The plan of the rules of a document type. Raises RuleProblem for the first rule that cannot be used."""
    plan = Plan()
    scopes: dict[str, list[int]] = {}
    for number, rule in enumerate(rules):
        if rule.remark:
            plan.remarks[rule.name] = number
        elif rule.check is not None:
            check = _check(rule, checks, document_type)
            if rule.fix is not None and rule.fix.value not in ("expected", "repaired"):
                text = Text(
                    "用检查的规则只能写 expected 或 repaired", "a rule with a check can only say expected or repaired"
                )
                raise _problem(rule, "fix/value", text)
            if rule.fix is not None and rule.fix.at is not None:
                text = Text("用检查的规则由检查指明位置", "with a check the problem says where")
                raise _problem(rule, "fix/at", text)
            plan.checks.append((number, check.name, _options(rule, checks, parameters)))
        else:
            _known_array(rule, root)
            _known_fields(rule, root)
            scopes.setdefault(rule.each, []).append(number)
    for each, numbers in scopes.items():
        names = ScopeNames(each, root, tuple(groups), functions, parameters)
        bodies = _bodies(rules, numbers, names)
        plan.scans.append((each, numbers, _scan_source(names, bodies), names.constants))
        for number in numbers:
            own = ScopeNames(each, root, tuple(groups), functions, parameters)
            plan.details[number] = (_detail_source(rules[number], own), own.constants)
    return plan


def _known_array(rule: Rule, root: Field) -> None:
    array = lookup(root, rule.each)
    if rule.each and (array is None or array.items is None or array.items.kind != "record"):
        near = near_name(rule.each, arrays(root))
        raise _problem(rule, "each", Text(
            f"{rule.each} 不是数组" + (f"，是否为 {near}？" if near else ""),
            f"{rule.each} is not an array of the document" + (f", did you mean {near}?" if near else ""),
        ))  # fmt: skip


def _known_fields(rule: Rule, root: Field) -> None:
    """What `at` and `related` name must be a field of the row or of the document; list items count from 0."""
    row = lookup(root, rule.each) if rule.each else None
    holders = [holder for holder in (row.items if row is not None else None, root) if holder is not None]
    fix_at = rule.fix.at if rule.fix is not None else None
    names = [*([("at", rule.at)] if rule.at is not None else []),
             *([("fix/at", fix_at)] if fix_at is not None else []),
             *((f"related/{number}", name) for number, name in enumerate(rule.related))]  # fmt: skip
    for key, name in names:
        path = ".".join(part for part in name.split(".") if not part.isdigit())
        if not any(lookup(holder, path) for holder in holders):
            near = near_name(name, [field for holder in holders for field in holder.properties])
            raise _problem(rule, key, Text(
                f"没有字段 {name}" + (f"，是否为 {near}？" if near else ""),
                f"unknown field {name}" + (f", did you mean {near}?" if near else ""),
            ))  # fmt: skip


def _problem(rule: Rule, key: str, text: Text, source: str = "", column: int = 0) -> RuleProblem:
    """The problem with what stands under a key of a rule, at a character of its text `source`."""
    place = rule.places.get(f"/{key}")
    place = place_inside(rule.path, place, source, column) if place is not None else rule.places.get("")
    return RuleProblem(rule.path, Text(f"{rule.code} {key}：{text.zh}", f"{rule.code} {key}: {text.en}"), place)


def _check(rule: Rule, checks: Mapping[str, Check | RunCheck], document_type: str) -> Check | RunCheck:
    check = checks.get(rule.check or "")
    types = () if check is None else (check.type,) if isinstance(check.type, str) else check.type
    if check is None or document_type not in types:
        near = near_name(rule.check or "", checks)
        raise _problem(rule, "check/name", Text(
            f"没有检查 {rule.check}" + (f"，是否为 {near}？" if near else ""),
            f"unknown check {rule.check}" + (f", did you mean {near}?" if near else ""),
        ))  # fmt: skip
    return check


def _options(rule: Rule, checks: Mapping[str, Check | RunCheck], parameters: Mapping[str, Any]) -> dict[str, Any]:
    check = checks[rule.check or ""]
    options: dict[str, Any] = {}
    for name, value in rule.options.items():
        if name not in check.options:
            near = near_name(name, check.options)
            raise _problem(rule, f"check/with/{name}", Text(
                f"检查 {check.name} 没有选项 {name}" + (f"，是否为 {near}？" if near else ""),
                f"check {check.name} has no option {name}" + (f", did you mean {near}?" if near else ""),
            ))  # fmt: skip
        if isinstance(value, Mapping) and set(value) == {"param"}:
            if value["param"] not in parameters:
                near = near_name(str(value["param"]), parameters)
                raise _problem(rule, f"check/with/{name}/param", Text(
                    f"没有参数 {value['param']}" + (f"，是否为 {near}？" if near else ""),
                    f"unknown parameter {value['param']}" + (f", did you mean {near}?" if near else ""),
                ))  # fmt: skip
            value = parameters[value["param"]]
        if not fits(value, check.options[name]):
            raise _problem(rule, f"check/with/{name}", Text(
                f"选项 {name} 应为 {check.options[name]}", f"option {name} must be {check.options[name]}"))  # fmt: skip
        options[name] = _frozen(value)
    missing = [name for name in check.options if name not in options]
    if missing:
        raise _problem(rule, "check", Text(f"缺少选项 {missing[0]}", f"option {missing[0]} is missing"))
    return options


def _frozen(value: Any) -> Any:
    """Lists as tuples, however deep: an option is the same whether it comes from a file, a parameter or the cache."""
    if isinstance(value, list | tuple):
        return tuple(_frozen(item) for item in value)
    return {key: _frozen(item) for key, item in value.items()} if isinstance(value, Mapping) else value


def _compile(writer: Writer, rule: Rule, key: str, source: str, expected: str | None = None) -> Node:
    try:
        return writer.compile(source, expected)
    except ExpressionError as problem:
        raise _problem(rule, key, problem.text, source.strip(), problem.column) from None


def _lets(writer: Writer, rule: Rule, *sources: str) -> None:
    """Bind the `let` names that `sources` use, directly or through each other; all of them without `sources`."""
    wanted = set().union(*(_words(source) for source in sources)) if sources else set(rule.let)
    for name, source in reversed(list(rule.let.items())):
        if name in wanted:
            wanted |= _words(source)
    for name, source in rule.let.items():
        if name not in wanted or name in writer.lets:
            continue
        try:
            writer.let(name, source)
        except ExpressionError as problem:
            raise _problem(rule, f"let/{name}", problem.text, source.strip(), problem.column) from None


def _test(needs: Iterable[str], code: str | None = None) -> str:
    parts = [f"{name} is not None" for name in needs]
    return " and ".join([*parts, code] if code is not None else parts) or "True"


def _rule_lines(rule: Rule, number: int, names: ScopeNames, guard: str = "") -> tuple[list[str], set[str], list[str]]:
    """The statements of one rule inside its scope's loop, the variables of the aggregates it uses, and plain tests.

    Plain tests are the parts of its condition that need nothing computed before; `guard` is one of them that holds
    where the statements are put, so that they leave it out.
    """
    writer = Writer(names, f"v{number}_")
    lines: list[str] = []
    plain: list[str] = []
    indent = "    "
    known: frozenset[str] = frozenset()
    # each part of the condition is tested before what later parts need is computed: on most rows the first part fails
    for part in _conjuncts(writer, rule):
        _lets(writer, rule, ast.unparse(part))
        node = _conjunct(writer, rule, part)
        if not node.needs and not writer.lines:
            plain.append(node.code)
            if node.code == guard:
                known |= node.true
                continue
        test = _test([name for name in node.needs if name not in known], node.code)
        if not writer.lines and lines and lines[-1].endswith(":"):
            lines[-1] = f"{lines[-1][:-1]} and {test}:"
        else:
            lines += [indent + line for line in writer.lines]
            writer.lines.clear()
            lines.append(f"{indent}if {test}:")
            indent += "    "
        known |= node.true
    asserted = rule.condition if rule.condition is not None else "False"
    _lets(writer, rule, asserted)
    condition = _compile(writer, rule, "assert", asserted, "bool")
    lines += [indent + line for line in writer.lines]
    needs = [name for name in condition.needs if name not in known]
    if needs:
        lines.append(f"{indent}if {_test(needs)}:")
        indent += "    "
    # noted last: where the assertion divides by zero the rule has not run
    lines += [f"{indent}if not {condition.code}:", f"{indent}    hit(({number}, i))", f"{indent}n{number} = True"]
    body = [
        "try:",
        *lines,
        "except ArithmeticError:",
        "    pass",
        "except Exception as problem:",
        f"    crash({number}, i, problem)",
    ]
    return body, writer.aggregates, plain


class _Body(NamedTuple):
    """The statements of a rule: lines, variables of aggregates, and the test under which they stand, "" for none."""

    lines: list[str]
    aggregates: set[str]
    guard: str


def _bodies(rules: Sequence[Rule], numbers: Sequence[int], names: ScopeNames) -> dict[int, _Body]:
    """The statements of the rules of a scope, by the test that they share with others.

    A test that several rules make is made once a row, for all of them: most rows are no cost and have no standard, and
    pass a dozen rules with two tests. Of the tests of a rule the one that the fewest others share says the most.
    """
    written = {number: _rule_lines(rules[number], number, names) for number in numbers}
    shared = Counter(test for _, _, plain in written.values() for test in dict.fromkeys(plain))
    bodies: dict[int, _Body] = {}
    for number, (lines, aggregates, plain) in written.items():
        guard = min((test for test in plain if shared[test] >= _SHARED), key=lambda test: shared[test], default="")
        if guard:
            lines, aggregates, _ = _rule_lines(rules[number], number, names, guard)
        bodies[number] = _Body(lines, aggregates, guard)
    return bodies


def _conjuncts(writer: Writer, rule: Rule) -> list[ast.expr]:
    try:
        return writer.conjuncts(rule.when) if rule.when is not None else []
    except ExpressionError as problem:
        raise _problem(rule, "when", problem.text, (rule.when or "").strip(), problem.column) from None


def _conjunct(writer: Writer, rule: Rule, part: ast.expr) -> Node:
    try:
        return writer.conjunct(rule.when or "", part)
    except ExpressionError as problem:
        raise _problem(rule, "when", problem.text, (rule.when or "").strip(), problem.column) from None


def _words(source: str) -> set[str]:
    return set(WORD.findall(source))


def _root_lines(names: ScopeNames) -> list[str]:
    """Statements that read the document's own fields."""
    lines: list[str] = []
    holders: dict[tuple[str, ...], str] = {(): "data"}
    for path, variable in names.root_fields.items():
        *parents, last = path.split(".")
        for depth, part in enumerate(parents):
            holder, inner = holders[tuple(parents[:depth])], tuple(parents[: depth + 1])
            if inner not in holders:
                holders[inner] = f"o{len(holders)}"
                lines.append(f"{holders[inner]} = {holder}.get({part!r}) if {holder} is not None else None")
        holder = holders[tuple(parents)]
        lines.append(f"{variable} = {holder}.get({last!r}) if {holder} is not None else None")
    return lines


def _fact_lines(names: ScopeNames) -> list[str]:
    lines = []
    by_group: dict[int, dict[int, str]] = {}
    for name, (group, position) in names.row_facts.items():
        by_group.setdefault(group, {})[position] = f"f_{name}"
    for group, variables in sorted(by_group.items()):
        # one plain tuple (the slice) taken apart: a fifth of the time of reading a NamedTuple's items one by one
        targets = ", ".join(variables.get(position, "_") for position in range(max(variables) + 1))
        lines.append(f"{targets}, = facts_{group}[:{max(variables) + 1}]")
    return lines


def _groups(names: ScopeNames) -> list[int]:
    return sorted({group for group, _ in names.row_facts.values()})


def _scan_source(names: ScopeNames, bodies: Mapping[int, _Body]) -> str:
    """The function that runs the rules of a scope. What breaks outside of any one rule is a crash of all it serves."""
    ran = [f"n{number}" for number in bodies]
    lines = ["def scan(data, rows, column, row_facts, fact, hit, crash):", f"    {' = '.join(ran)} = False", "    try:"]
    lines += [f"        {line}" for line in _root_lines(names)]
    for variable, body in names.aggregates.values():
        users = [number for number, each in bodies.items() if variable in each.aggregates]
        lines += [f"        {line}" for line in body]
        lines += ["        except Exception as problem:", f"            {variable} = None"]
        lines += [f"            crash({number}, None, problem)" for number in users]
    indent = "        "
    if names.each:
        fields = {variable: name for name, variable in names.row_fields.items()}
        loop = loop_over(names.each, fields, _groups(names))
        lines += ["        i = -1", f"        {loop}", "            i += 1"]
        indent = "            "
        lines += [indent + line for line in _fact_lines(names)]
    else:
        lines.append("        i = 0")
    for guard in dict.fromkeys(each.guard for each in bodies.values()):
        if guard:
            lines.append(f"{indent}if {guard}:")
        deeper = indent + "    " if guard else indent
        lines += [deeper + line for each in bodies.values() if each.guard == guard for line in each.lines]
    lines.append("    except Exception as problem:")
    lines += [f"        crash({number}, None, problem)" for number in bodies]
    lines.append(f"    return ({''.join(f'{name}, ' for name in ran)})")
    return "\n".join(lines) + "\n"


def _detail_source(rule: Rule, names: ScopeNames) -> str:
    """The function that gathers what a finding of the rule says: values by name, `None` where one is missing."""
    writer = Writer(names, "v_")
    _lets(writer, rule)
    entries: list[tuple[str, Node]] = []
    for key in ("found", "expected", "difference"):
        source = getattr(rule, key)
        if source is not None:
            entries.append((key, _compile(writer, rule, key, source)))
        elif key == "found" and rule.at is not None:
            entries.append((key, _compile(writer, rule, "at", rule.at)))
    for placeholder, (key, text, column) in _placeholders(rule).items():
        if placeholder not in SUPPLIED and placeholder not in dict(entries):
            try:
                entries.append((placeholder, writer.compile(placeholder)))
            except ExpressionError as problem:
                raise _problem(rule, key, problem.text, text, column) from None
    for number, milder in enumerate(rule.milder):
        entries.append((f"milder {number}", _compile(writer, rule, f"milder/{number}/when", milder.when, "bool")))
    if rule.fix is not None:
        entries.append(("fix", _compile(writer, rule, "fix/value", rule.fix.value)))
    lines = ["def detail(data, rows, column, row_facts, fact, aggregates, i):", "    values = {}"]
    lines += [f"    {line}" for line in _root_lines(names)]
    for key, (variable, body) in names.aggregates.items():
        lines += [f"    if {key!r} in aggregates:", f"        {variable} = aggregates[{key!r}]", "    else:"]
        lines += [f"        {line}" for line in [*body, f"aggregates[{key!r}] = {variable}"]]
    if names.each:
        lines += [f"    {each} = column({names.each!r}, {name!r})[i]" for name, each in names.row_fields.items()]
        lines += [f"    facts_{group} = row_facts({group})[i]" for group in _groups(names)]
        lines += [f"    {line}" for line in _fact_lines(names)]
    for line in writer.lines:
        variable = line.split(" = ")[0]
        lines += ["    try:", f"        {line}", "    except ArithmeticError:", f"        {variable} = None"]
    for key, node in entries:
        code = f"({node.code}) if {_test(node.needs)} else None"
        lines += ["    try:", f"        values[{key!r}] = {code}", "    except ArithmeticError:",
                  f"        values[{key!r}] = None"]  # fmt: skip
    return "\n".join([*lines, "    return values"]) + "\n"


def _placeholders(rule: Rule) -> dict[str, tuple[str, str, int]]:
    """The names in the rule's messages, each with the key of the text it first stands in, that text and its column."""
    found: dict[str, tuple[str, str, int]] = {}
    texts = [("message", rule.message), *((f"variants/{key}", text) for key, text in rule.variants.items())]
    for key, text in texts:
        for lang in ("zh", "en"):
            for match in PLACEHOLDER.finditer(getattr(text, lang)):
                found.setdefault(match.group(1), (f"{key}/{lang}", getattr(text, lang), match.start(1)))
    return found
