"""The whole flow on one screen: a file's bytes → documents → schema check → rules → findings in order, with places."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from decimal import localcontext
from os.path import splitext
from typing import TYPE_CHECKING, Any

from lintperf.document import Document
from lintperf.extension import FactGroup, Source, UnreadableError, quick_reading, vocabulary_files
from lintperf.findings.fingerprints import name_rows
from lintperf.findings.places import doubt, in_order, locate
from lintperf.findings.suppressions import last_days, row_labels, suppress
from lintperf.model import Coverage, Finding, Notification, Remark, Text
from lintperf.names import near_name
from lintperf.plugins import Extensions, load_extensions
from lintperf.policy import Policy, apply_policy
from lintperf.results import FINDINGS, DocumentResult, FileResult, Left, Wanted
from lintperf.rules.cache import Compiled, key_of, load, save
from lintperf.rules.choice import Chooser
from lintperf.rules.library import PackLibrary
from lintperf.rules.program import Plan, Program, link
from lintperf.rules.rule import Rule, RuleProblem
from lintperf.rules.run import CONTEXT, run_rules
from lintperf.rules.subject import DocumentSubject
from lintperf.schema.fields import Field, resolve
from lintperf.schema.quick import QuickReaders

if TYPE_CHECKING:
    from lintperf.rules.choice import Choice
    from lintperf.rules.packs import Ruleset

__all__ = [
    "Session",
    "check_document",
    "check_source",
    "open_session",
    "read_documents",
    "rest_on_pack",
    "rules_of",
    "unreadable",
]


ANY_PERSONA = Policy().persona


@dataclass(slots=True)
class Session:
    """Extensions loaded once, programs as they are needed; used for one run or for the life of a server."""

    extensions: Extensions
    use_cache: bool = True
    packs: PackLibrary = field(init=False)
    quickly: QuickReaders = field(init=False)
    programs: dict[tuple[Policy, str | None], tuple[Program, Compiled]] = field(default_factory=dict)
    choosers: dict[tuple[Policy, str | None], Chooser] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.packs = PackLibrary(self.extensions.pack_folders)
        self.quickly = QuickReaders(self.extensions.types)

    def forget_packs(self) -> None:
        """Read all packs again: a process that lives on saw one change."""
        self.packs = PackLibrary(self.extensions.pack_folders)
        self.programs.clear()
        self.choosers.clear()

    def ruleset(self, policy: Policy, document_type: str | None = None) -> Ruleset:
        """The ruleset that a policy chooses; without one, the packs that are default for the document type."""
        return self.packs.ruleset(policy.rulesets, document_type, policy.today)

    def program(self, policy: Policy, document_type: str | None) -> tuple[Program, Compiled]:
        """The compiled rules for a document type. For an unknown type only the rules about reading remain."""
        found = self.programs.get((policy, document_type))
        if found is None:
            plain = replace(policy, persona=ANY_PERSONA)  # what is compiled is the same for all
            found = self.programs.get((plain, document_type)) or self._linked(plain, document_type)
            self.programs[plain, document_type] = self.programs[policy, document_type] = found
        return found

    def _linked(self, policy: Policy, document_type: str | None) -> tuple[Program, Compiled]:
        extensions = self.extensions
        groups = [group for group in extensions.groups if group.type == document_type]
        compiled = self._compiled(policy, document_type, groups)

        def root() -> Field:
            return extensions.types[document_type].root if document_type else Field("", "record")

        program = link(
            compiled.plan,
            document_type or "",
            root,
            compiled.rules,
            groups,
            extensions.functions,
            extensions.checks,
        )
        return program, compiled

    def program_for(self, policy: Policy, document_type: str | None, data: Any) -> tuple[Program, Compiled, Policy]:
        """The compiled rules for a document: where the policy names no packs, those that its marks ask for.

        The policy comes back with the pack that was asked for, else as it is.
        """
        program, compiled = self.program(policy, document_type)
        if compiled.choices and data is not None:
            chooser = self.choosers.get((policy, document_type))
            if chooser is None:
                chooser = self.choosers[policy, document_type] = Chooser(compiled.choices)
            name = chooser.pack(data)
            if name is not None:
                policy = replace(policy, rulesets=(name,), asked_for=True)
                program, compiled = self.program(policy, document_type)
        return program, compiled, policy

    def _compiled(self, policy: Policy, document_type: str | None, groups: list[FactGroup]) -> Compiled:
        key = ""
        if self.use_cache:
            parts = (policy, document_type, self.packs.signature(policy.rulesets), self.extensions.signature(groups))
            key = key_of(*parts)
            found = load(key)
            if found is not None:
                return found
        from lintperf.rules.compiler import compile_rules

        ruleset = self.ruleset(policy, document_type)
        rules, parameters = apply_policy(ruleset, policy, self._elsewhere(policy))
        _known_types(rules, list(self.extensions.types))
        own = tuple(rule for rule in rules if (document_type is None and rule.remark) or document_type in rule.types)
        root = self.extensions.types[document_type].root if document_type else Field("", "record")
        functions, checks = self.extensions.functions, self.extensions.checks
        plan = compile_rules(document_type or "", root, own, groups, functions, checks, parameters)
        choices, further = ((), ()) if policy.rulesets else self._choices(policy, document_type, own)
        told = {name: parameters[name] for name in self.extensions.table_parameters() if name in parameters}
        compiled = Compiled(ruleset.name, ruleset.hash, ruleset.skipped, own, plan, choices, further, told)
        if self.use_cache:
            save(key, compiled)
        return compiled

    def _elsewhere(self, policy: Policy) -> Callable[[], Ruleset] | None:
        """The default packs of all types, where the user chose none: a policy may speak of the rules of any."""
        if policy.rulesets and not policy.asked_for:
            return None
        return lambda: self.packs.ruleset((), None, policy.today)

    def _choices(
        self, policy: Policy, document_type: str | None, own: tuple[Rule, ...]
    ) -> tuple[tuple[Choice, ...], tuple[Rule, ...]]:
        """The packs that a document can ask for, and the rules they add to `own`."""
        choices = self.packs.choices(document_type, policy.today)
        known = {rule.code for rule in own}
        further: dict[str, Rule] = {}
        for pack, _ in choices:
            chosen = replace(policy, rulesets=(pack,), asked_for=True)
            for rule in apply_policy(self.ruleset(chosen, document_type), chosen, self._elsewhere(chosen))[0]:
                if rule.code not in known and document_type in rule.types:
                    further.setdefault(rule.code, rule)
        return choices, tuple(further.values())


def _known_types(rules: Iterable[Rule], types: list[str]) -> None:
    """A rule for a document type that nobody brings would never run. Raises RuleProblem."""
    for rule in rules:
        for number, name in enumerate(rule.types):
            if name not in types:
                near = near_name(name, types)
                text = Text(
                    f"{rule.code} applies_to：没有文档类型 {name}，"
                    + (f"是否为 {near}？" if near else f"可用：{'、'.join(types)}"),
                    f"{rule.code} applies_to: unknown document type {name}, "
                    + (f"did you mean {near}?" if near else f"use one of {', '.join(types)}"),
                )
                raise RuleProblem(rule.path, text, rule.places.get(f"/applies_to/{number}"))


def open_session(plugins: Mapping[str, Any] | None = None, use_cache: bool = True) -> Session:
    """A session with the built-in plugin, the installed ones and `plugins`. Raises PluginProblem."""
    return Session(load_extensions(plugins), use_cache)


def read_documents(session: Session, source: Source) -> tuple[list[Document], list[Notification]]:
    """The documents of a file; one without data and with a remark where it cannot be read."""
    suffix = _suffix(source.path)
    importer = session.extensions.importers.get(suffix)
    if importer is None:
        known = "、".join(sorted(session.extensions.importers))
        reason = Text(f"不支持的文件类型 {suffix or '（无后缀）'}", f"unsupported file type {suffix or '(no suffix)'}")
        remedy = Text(f"支持：{known}", f"supported: {known.replace('、', ', ')}")
        return [unreadable(source.path, UnreadableError(reason, remedy))], []
    token = vocabulary_files.set(session.extensions.vocabulary)
    quick = quick_reading.set(session.quickly)
    try:
        return list(importer.read(source)), []
    except UnreadableError as problem:
        return [unreadable(source.path, problem)], []
    except Exception as problem:  # an importer's bug must not hide the findings of all other files
        what = f"{type(problem).__name__}: {problem}"
        text = Text(f"读取程序 {importer.name} 出错（{what}）", f"importer {importer.name} crashed ({what})")
        return [], [Notification(source.path, None, importer.name, text)]
    finally:
        quick_reading.reset(quick)
        vocabulary_files.reset(token)


def _suffix(path: str) -> str:
    return splitext(path)[1].lower()  # noqa: PTH122 - a Path costs more than reading small forms


def unreadable(path: str, problem: UnreadableError) -> Document:
    """The document that stands for a file that cannot be read; a rule makes its remark a finding."""
    remedy = problem.remedy or Text("请改正后再检查", "correct it and check again")
    remark = Remark("unreadable-document", {"reason": problem.reason, "remedy": remedy}, place=problem.place)
    return Document(path, None, remarks=[remark], source=problem.source)


def check_source(
    session: Session, source: Source, policy: Policy, skip_unknown: bool = False, wanted: Wanted = FINDINGS
) -> FileResult:
    """Everything there is to say about one file.

    skip_unknown  a JSON or YAML file without a `type` of ours is none of ours, nor is a file with a shared suffix
                  (`.txt`) that holds no document: it is skipped and counted
    wanted        what the results shall hold beside the findings
    """
    documents, notifications = read_documents(session, source)
    result = FileResult(source.path, notifications=notifications, size=len(source.content))
    if wanted.source or wanted.digest:
        from hashlib import sha256  # 3 ms that only some reports cost

        result.sha256 = sha256(source.content).hexdigest()
    importer = session.extensions.importers.get(_suffix(source.path))
    shared = importer is not None and importer.shared
    for document in documents:
        foreign = shared if document.data is None else _type_of(session, document) is None
        if skip_unknown and foreign:
            result.skipped = True
            continue
        result.documents.append(check_document(session, document, policy, result.notifications, wanted))
    return result


def _type_of(session: Session, document: Document) -> str | None:
    name = document.data.get("type") if isinstance(document.data, Mapping) else None
    return name if isinstance(name, str) and name in session.extensions.types else None


def check_document(
    session: Session,
    document: Document,
    policy: Policy,
    notifications: list[Notification],
    wanted: Wanted = FINDINGS,
) -> DocumentResult:
    """Everything there is to say about one document; crashes of rules are added to `notifications`.

    wanted  what the result shall hold beside the findings
    """
    name = _type_of(session, document)
    remarks = list(document.remarks)
    data = None
    if name is not None:
        data = document.data
        if not document.valid:
            data, violations = session.extensions.types[name].validator.check(data)
            remarks += violations
    program, compiled, chosen = session.program_for(policy, name, data)
    if name is None and document.data is not None:
        remarks.append(_unknown_type(session, document))
    if wanted.digests_only:
        program, remarks = _comparing_only(program), []
    digests: list[tuple[str, Any]] | None = [] if wanted.compared else None
    findings, coverage, crashes = run_rules(program, document, data, remarks, compiled.skipped, digests)
    notifications += crashes
    if chosen is not policy:
        rest_on_pack(findings, program)
    result = _result(session, document, name, policy, program, findings, coverage)
    result.ruleset_name, result.ruleset_hash = compiled.name, compiled.hash
    if digests:
        result.left = Left(chosen, tuple(digests))
    if wanted.data:
        result.data = document.data
    if wanted.source:
        result.source = document.source
    if wanted.tables and data is not None:
        _fill_tables(session, program, compiled, document, data, wanted.tables, result, notifications)
    return result


def _fill_tables(
    session: Session,
    program: Program,
    compiled: Compiled,
    document: Document,
    data: Mapping[str, Any],
    names: Iterable[str],
    result: DocumentResult,
    notifications: list[Notification],
) -> None:
    """The rows that the document gives to each table about documents of its type."""
    subject = DocumentSubject(document.path, data, program.groups, document.source)
    for name in names:
        table = session.extensions.tables[name]
        if program.type not in ((table.type,) if isinstance(table.type, str) else table.type):
            continue
        try:
            with localcontext(CONTEXT):
                values = {each: compiled.parameters[each] for each in table.parameters if each in compiled.parameters}
                result.tables[name] = list(table.rows(subject, values) if table.parameters else table.rows(subject))
        except Exception as problem:  # a plugin's bug must not hide the findings
            what = f"{type(problem).__name__}: {problem}"
            text = Text(f"表 {name} 计算出错（{what}）", f"table {name} crashed ({what})")
            notifications.append(Notification(document.path, document.index, name, text))


def rest_on_pack(findings: Iterable[Finding], program: Program) -> None:
    """Let findings of a document name what the pack that it asked for rests on: reports know the rules of the run."""
    for finding in findings:
        cited = program.by_code[finding.code].source
        finding.basis = tuple(Text(each.to("zh"), each.to("en")) for each in cited)


def _unknown_type(session: Session, document: Document) -> Remark:
    types = list(session.extensions.types)
    found = document.data.get("type") if isinstance(document.data, Mapping) else None
    near = near_name(found, types) if isinstance(found, str) else None
    expected = Text(near or "、".join(types), near or ", ".join(types))
    if found is None:
        problem, pointer = Text("文档没有写明类型（type）", "the document does not state its type"), ""
    else:
        problem, pointer = Text("文档类型（type）未知", "the document type is unknown"), "/type"
    shown = found if isinstance(found, str) else None
    return Remark("schema-violation", {"problem": problem, "found": shown, "expected": expected}, pointer)


def _result(
    session: Session,
    document: Document,
    name: str | None,
    policy: Policy,
    program: Program,
    findings: Iterable[Finding],
    coverage: Coverage,
) -> DocumentResult:
    findings = list(findings)
    name_rows(findings, program.root, document.data)
    kept, suppressed, useless = suppress(
        findings,
        document.data,
        program.by_code,
        policy.today,
        later={program.rules[number].code for number, _, _ in program.run_checks},
        labels=lambda: row_labels(program.root(), document.data),
        known=lambda: session.packs.rule_names(policy.rulesets),
    )
    if useless:
        more, _, _ = run_rules(_remarks_only(program), document, None, useless)
        kept += more
    doubt(document, [*kept, *(finding for finding, _ in suppressed)])
    shown = [finding for finding in kept if policy.shows(finding.severity, finding.confidence)]
    suppressed = [each for each in suppressed if policy.shows(each[0].severity, each[0].confidence)]
    if shown or suppressed:
        locate(document, [*shown, *(finding for finding, _ in suppressed)])
    title = group = None
    if name is not None:
        kind = session.extensions.types[name]
        title, group = _text_at(document.data, kind.title_pointer), _text_at(document.data, kind.group_pointer)
    return DocumentResult(
        document.index,
        name,
        title,
        in_order(shown),
        coverage,
        ignored=len(suppressed),
        hidden=len(kept) - len(shown),
        group=group,
        suppressed=suppressed,
        days=last_days(document.data),
    )


def _text_at(data: Any, pointer: str | None) -> str | None:
    value = resolve(data, pointer) if pointer and data is not None else None
    return value if isinstance(value, str) and value else None


def _remarks_only(program: Program) -> Program:
    plan = Plan(remarks=program.plan.remarks)
    return Program(program.type, program.root, program.rules, program.groups, program.functions, plan)


def _comparing_only(program: Program) -> Program:
    return Program(
        program.type, program.root, program.rules, program.groups, program.functions, Plan(),
        run_checks=program.run_checks,
    )  # fmt: skip


def rules_of(session: Session, policy: Policy, types: Iterable[str | None]) -> dict[str, Rule]:
    """The rules in force by code, over the document types of a run."""
    rules: dict[str, Rule] = {}
    for name in types:
        program, compiled = session.program(policy, name)
        rules.update(program.by_code)
        for rule in compiled.further:
            rules.setdefault(rule.code, rule)
    return dict(sorted(rules.items()))
