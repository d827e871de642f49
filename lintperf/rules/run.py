"""Rules run over one document: hits become findings, a crash becomes a notification, everything else is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Context, Decimal, localcontext
from typing import Any

from lintperf.document import Document
from lintperf.extension import Problem
from lintperf.model import Coverage, Finding, Fix, Notification, Related, Remark, Text
from lintperf.rules.program import Program
from lintperf.rules.rule import Rule
from lintperf.rules.subject import DocumentSubject
from lintperf.schema.fields import Field, resolve

__all__ = ["CONTEXT", "row_and_field", "run_rules"]

# 50 digits: sums of amounts below 1e15 with 12 decimals and their quotients are exact beyond any written precision
CONTEXT = Context(prec=50)


def run_rules(
    program: Program,
    document: Document,
    data: Mapping[str, Any] | None,
    remarks: Sequence[Remark],
    skipped: tuple[tuple[str, str], ...] = (),
    digests: list[tuple[str, Any]] | None = None,
) -> tuple[list[Finding], Coverage, list[Notification]]:
    """The findings of all rules of `program` on a document, without places, in no particular order.

    data     the document's values with those that break the schema set aside; None runs the remark rules alone
    remarks  what reader and schema check had to say
    digests  a list that is given what the document leaves for the comparison with others: (code, digest); None where
             nothing is compared. Rules that compare documents count neither as run nor as not applicable here
    """
    findings: list[Finding] = []
    notifications: list[Notification] = []
    with localcontext(CONTEXT):
        for remark in remarks:
            number = program.plan.remarks.get(remark.kind)
            if number is not None:
                findings.append(_from_remark(program, number, document, remark))
        if data is None:
            return findings, Coverage(*program.coverage(None), skipped), notifications
        subject = DocumentSubject(document.path, data, program.groups, document.source)
        applied = _scan(program, document, subject, findings, notifications)
        _check(program, document, subject, findings, notifications)
        if digests is not None:
            _digest(program, document, subject, digests, notifications)
    return findings, Coverage(*program.coverage(applied), skipped), notifications


def _crash(document: Document, rule: Rule, problem: Exception, row: int | None = None) -> Notification:
    what = f"{type(problem).__name__}: {problem}"
    where_zh = f"第 {row + 1} 行，" if row is not None else ""
    where_en = f"row {row + 1}, " if row is not None else ""
    return Notification(
        document.path,
        document.index,
        rule.code,
        Text(
            f"规则 {rule.code} {rule.name} 运行出错（{where_zh}{what}），其余规则照常检查",
            f"rule {rule.code} {rule.name} crashed ({where_en}{what}); all other rules ran",
        ),
    )


def _scan(
    program: Program,
    document: Document,
    subject: DocumentSubject,
    findings: list[Finding],
    notifications: list[Notification],
) -> Sequence[Sequence[bool]]:
    """For each scan: which of its rules found something to look at."""
    hits: list[tuple[int, int]] = []
    crashed: set[int] = set()

    def crash(number: int, row: int | None, problem: Exception) -> None:
        # one notification a rule, however many rows it crashes on; no row: it crashed outside of the loop over them
        if number not in crashed:
            crashed.add(number)
            notifications.append(_crash(document, program.rules[number], problem, row))

    data, rows, column, row_facts, fact = subject.data, subject.rows, subject.column, subject.row_facts, subject.fact
    applied = [scan(data, rows, column, row_facts, fact, hits.append, crash) for _, scan in program.scans]
    if not hits:
        return applied
    grouped: dict[tuple[int, Any], list[int]] = {}
    for number, row in hits:
        rule = program.rules[number]
        if rule.once:
            value = subject.rows(rule.each)[row].get(rule.once) if isinstance(rule.once, str) else None
            grouped.setdefault((number, value), []).append(row)
        else:
            findings.append(_from_hit(program, number, document, subject, [row], crash))
    for (number, _), alike in grouped.items():
        findings.append(_from_hit(program, number, document, subject, alike, crash))
    return applied


def _check(
    program: Program,
    document: Document,
    subject: DocumentSubject,
    findings: list[Finding],
    notifications: list[Notification],
) -> None:
    for number, run, options in program.checks:
        try:
            for problem in run(subject, options):
                findings.append(_from_problem(program, number, document, problem))
        except Exception as problem:  # a plugin's bug must not hide the findings of all other rules
            notifications.append(_crash(document, program.rules[number], problem))


def _digest(
    program: Program,
    document: Document,
    subject: DocumentSubject,
    digests: list[tuple[str, Any]],
    notifications: list[Notification],
) -> None:
    for number, check, options in program.run_checks:
        try:
            digest = check.digest(subject, options)
        except Exception as problem:  # see _check
            notifications.append(_crash(document, program.rules[number], problem))
        else:
            if digest is not None:
                digests.append((program.rules[number].code, digest))


def _from_remark(program: Program, number: int, document: Document, remark: Remark) -> Finding:
    rule = program.rules[number]
    pointer = remark.pointer or ""
    row, field = row_and_field(program.root(), document.data, pointer)
    return Finding(
        code=rule.code,
        severity=rule.severity if remark.severity is None else min(rule.severity, remark.severity),
        confidence=rule.confidence,
        path=document.path,
        document=document.index,
        pointer=pointer,
        row=row,
        field=field,
        arguments=remark.arguments,
        found=remark.arguments.get("found"),
        expected=remark.arguments.get("expected"),
        variant=remark.variant,
        place=remark.place,
    )


def _from_problem(program: Program, number: int, document: Document, problem: Problem) -> Finding:
    rule = program.rules[number]
    row, field = row_and_field(program.root(), document.data, problem.pointer)
    severity = rule.severity if problem.severity is None else min(rule.severity, problem.severity)
    related = tuple(Related(pointer) for pointer in problem.related)
    fix = None
    if rule.fix is not None:
        main = problem.expected if problem.variant is None else None
        value = problem.repaired if rule.fix.value == "repaired" else main
        if value is not None:
            fix = Fix(problem.pointer, value, rule.fix.safe)
    return Finding(
        code=rule.code,
        severity=severity,
        confidence=rule.confidence,
        path=document.path,
        document=document.index,
        pointer=problem.pointer,
        row=row if problem.row is None else problem.row,
        field=field,
        arguments=problem.arguments,
        found=problem.found,
        expected=problem.expected,
        difference=problem.difference,
        variant=problem.variant,
        related=related,
        fix=fix,
        cells=_cells(program.root(), document.data, problem.pointer, [*rule.related, *_siblings(problem)]),
    )


def _siblings(problem: Problem) -> list[str]:
    parent = problem.pointer.rpartition("/")[0]
    return [pointer.rpartition("/")[2] for pointer in problem.related if pointer.rpartition("/")[0] == parent]


def _from_hit(
    program: Program, number: int, document: Document, subject: DocumentSubject, rows: list[int], crash: Any
) -> Finding:
    rule = program.rules[number]
    first = rows[0]
    try:
        values = program.detail(number)(
            subject.data, subject.rows, subject.column, subject.row_facts, subject.fact, subject.aggregates, first
        )
    except Exception as problem:  # see _check
        crash(number, first, problem)
        values = {}
    base = "/" + rule.each.replace(".", "/") if rule.each else ""
    pointers = [f"{base}/{row}" if base else "" for row in rows]
    pointer = _join(program.root(), rule, pointers[0], rule.at)
    related = [_join(program.root(), rule, pointers[0], name) for name in rule.related]
    related += [_join(program.root(), rule, other, rule.at) for other in pointers[1:]]
    row, field = row_and_field(program.root(), document.data, pointer)
    severity, variant, is_main = rule.severity, None, True
    for position, milder in enumerate(rule.milder):
        if values.get(f"milder {position}"):
            severity, variant, is_main = min(severity, milder.severity), milder.variant, False
            break
    arguments = {key: value for key, value in values.items() if not key.startswith("milder ")}
    if rule.once:
        names = [row_and_field(program.root(), document.data, other)[0] or f"#{other}" for other in pointers]
        arguments["rows"] = names
        arguments["count"] = Decimal(len(rows))
    arguments["row"] = row
    fix = None
    if rule.fix is not None and values.get("fix") is not None and is_main:
        fixed = _join(program.root(), rule, pointers[0], rule.fix.at) if rule.fix.at is not None else pointer
        fix = Fix(fixed, values["fix"], rule.fix.safe)
    return Finding(
        code=rule.code,
        severity=severity,
        confidence=rule.confidence,
        path=document.path,
        document=document.index,
        pointer=pointer,
        row=row,
        field=field,
        arguments=arguments,
        found=values.get("found"),
        expected=values.get("expected"),
        difference=values.get("difference"),
        variant=variant,
        related=tuple(Related(other) for other in related if other != pointer),
        fix=fix,
        cells=_cells(program.root(), document.data, pointer, [name for name in rule.related if "." not in name]),
    )


def _join(root: Field, rule: Rule, row: str, name: str | None) -> str:
    """The pointer of a field of the row, or of a field of the document where the row has none of that name."""
    if name is None:
        return row
    own = root
    for part in rule.each.split(".") if rule.each else []:
        own = own.properties[part]
    fields = own.items.properties if own.items is not None else {}
    if name.split(".")[0] in fields or not rule.each:
        return f"{row}/{name.replace('.', '/')}"
    return "/" + name.replace(".", "/")


def row_and_field(root: Field, data: Any, pointer: str) -> tuple[str | None, str | None]:
    """The label of the row that a pointer leads into, and the name of the field it ends at."""
    declared: Field | None = root
    label: str | None = None
    name: str | None = None
    path = ""
    for token in pointer.split("/")[1:]:
        path += f"/{token}"
        if declared is None:
            break
        if declared.items is not None:
            declared, name = declared.items, None
            if declared.label is not None and label is None:
                value = resolve(data, f"{path}/{declared.label}")
                label = value if isinstance(value, str) and value else None
        else:
            declared, name = declared.properties.get(token), token
    return label, name


def _cells(root: Field, data: Any, pointer: str, others: Sequence[str]) -> tuple[tuple[str, Any], ...]:
    """The values beside the one a finding points to that it looks at, in the order of the schema."""
    parent, _, last = pointer.rpartition("/")
    declared: Field | None = root
    for token in parent.split("/")[1:]:
        if declared is None:
            return ()
        declared = declared.items if declared.items is not None else declared.properties.get(token)
    record = resolve(data, parent)
    if declared is None or not isinstance(record, Mapping):
        return ()
    wanted = {last, *others}
    return tuple((name, record.get(name)) for name in declared.properties if name in wanted)
