"""The passing and failing cases that lie beside a rule, run as a user's documents would be.

pass:
  - name: what it shows
    document: {…}            a document; `type` and required fields are filled in
fail:
  - name: …
    file: {name: x.json, text: "{"}      or a file as text, instead of `document`
    findings: [{row, field, found, expected, difference, severity, message, fix}]     what must be found, in order
    parameters: {name: value}
  - name: …
    documents: [{…}, {…}]    for rules that compare documents; they are called form-1.json, form-2.json, …

A pack can also hold cases of rules that it inherits, which run under its own parameters, and in `ruleset.test.yaml`
the documents that it is chosen for and those that it is not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from lintperf.across import compared
from lintperf.document import Document
from lintperf.extension import Source
from lintperf.findings.texts import message
from lintperf.model import Finding, Notification, Severity, Text
from lintperf.pipeline import Session, check_document, check_source
from lintperf.policy import Policy
from lintperf.results import FileResult, Totals, Wanted
from lintperf.rules.packs import Ruleset, read_yaml
from lintperf.rules.rule import PLACEHOLDER, Rule

__all__ = ["CaseResult", "cases_beside", "inherited_cases", "run_cases", "run_choice_cases", "run_file"]


@dataclass(frozen=True, slots=True)
class CaseResult:
    """One case: the rule's code, the case's name, and why it failed (None: it holds).

    pointer  where the case stands in its file; None where there is no such file
    """

    code: str
    name: str
    path: str
    failure: Text | None = None
    pointer: str | None = None


def cases_beside(rule: Rule) -> Path:
    """The file of a rule's cases."""
    return Path(rule.path).with_suffix(".test.yaml")


def inherited_cases(folder: Path) -> list[Path]:
    """The files of cases in a pack's folder that have no rule beside them: about rules that the pack inherits."""
    paths = sorted((folder / "rules").glob("*.test.yaml"))
    return [path for path in paths if not path.with_name(path.name.removesuffix(".test.yaml") + ".yaml").is_file()]


def run_cases(session: Session, ruleset: Ruleset, only: str | None = None) -> Iterator[CaseResult]:
    """Run the cases of every rule of a ruleset; or those of the pack `only`, about its own rules and inherited ones.

    A rule without cases fails. Raises RuleProblem for a file of cases that cannot be used.
    """
    for rule in ruleset.rules:
        if only is not None and rule.pack != only:
            continue
        path = cases_beside(rule)
        if path.is_file():
            yield from run_file(session, ruleset, rule, path)
        else:
            yield CaseResult(rule.code, "", str(path), Text("没有用例文件", "there is no file of cases"))
    if only is None:
        return
    rules = {f"{rule.code}-{rule.name}.test.yaml": rule for rule in ruleset.rules}
    for path in inherited_cases(session.packs.pack(only).folder):
        if path.name in rules:
            yield from run_file(session, ruleset, rules[path.name], path)
        else:
            problem = Text("规则包及其继承的包中没有这条规则", "neither the pack nor those it extends have this rule")
            yield CaseResult(path.name.partition("-")[0], "", str(path), problem)


def run_file(session: Session, ruleset: Ruleset, rule: Rule, path: Path) -> Iterator[CaseResult]:
    """Run the cases of one file, about a rule of the ruleset. Raises RuleProblem."""
    data, _, _ = read_yaml(path, "cases")
    for kind in ("pass", "fail"):
        for number, case in enumerate(data[kind]):
            failure = _run(session, ruleset, rule, case, data.get("type"))
            yield CaseResult(rule.code, case["name"], str(path), failure, f"/{kind}/{number}")


def run_choice_cases(session: Session, name: str) -> Iterator[CaseResult]:
    """Run the cases of a pack's choice: for which documents it is chosen when no pack is named.

    A pack that states marks and has no such cases fails; one without marks has none to run. Raises RuleProblem for a
    file of cases that cannot be used.
    """
    pack = session.packs.pack(name)
    path = pack.folder / "ruleset.test.yaml"
    if not pack.chosen_when:
        return
    if not path.is_file():
        yield CaseResult(pack.name, "", str(path), Text("没有用例文件", "there is no file of cases"))
        return
    data, _, _ = read_yaml(path, "choices")
    kind = data.get("type") or next(iter(pack.chosen_when))
    for word, wanted in (("chosen", True), ("left", False)):
        for number, case in enumerate(data[word]):
            document = _complete(session, kind, case["document"])
            got = session.program_for(Policy(), kind, document)[1].name
            failure = None
            if (got == pack.name) is not wanted:
                failure = Text(f"选用了 {got}", f"{got} was chosen")
            yield CaseResult(pack.name, case["name"], str(path), failure, f"/{word}/{number}")


def _run(session: Session, ruleset: Ruleset, rule: Rule, case: Mapping[str, Any], kind: str | None) -> Text | None:
    policy = Policy(
        rulesets=tuple(ruleset.packs[-1:]),
        select=(rule.code,),
        extend_select=(rule.code,),
        severities=((rule.code, rule.declared),),
        parameters=tuple(
            (name, tuple(value) if isinstance(value, list) else value)
            for name, value in case.get("parameters", {}).items()
        ),
        persona="auditor",
    )
    findings: list[Finding] = []
    notifications: list[Notification] = []
    if "file" in case:
        source = Source(case["file"]["name"], case["file"]["text"].encode())
        result = check_source(session, source, policy)
        notifications = result.notifications
        findings = [finding for document in result.documents for finding in document.findings]
    elif "documents" in case:
        findings = list(_compared(session, case["documents"], kind or rule.types[0], policy, notifications))
    else:
        # a rule for several types has cases of each; those of the first need not say so
        name = case["document"].get("type") or kind or rule.types[0]
        document = Document(case.get("path", "form.json"), _complete(session, name, case["document"]))
        result_of = check_document(session, document, policy, notifications)
        findings = result_of.findings
    if notifications:
        return notifications[0].text
    wanted = case.get("findings", [])
    if len(findings) != len(wanted):
        shown_zh = "；".join(message(finding, rule, "zh") for finding in findings) or "无"
        shown_en = "; ".join(message(finding, rule, "en") for finding in findings) or "none"
        return Text(f"应有 {len(wanted)} 条问题，得到 {len(findings)} 条：{shown_zh}",
                    f"expected {len(wanted)} finding(s), got {len(findings)}: {shown_en}")  # fmt: skip
    for finding, expected in zip(findings, wanted, strict=True):
        failure = _differs(finding, expected, rule) or _unfilled(finding, rule)
        if failure is not None:
            return failure
    return None


def _compared(
    session: Session,
    documents: Sequence[Mapping[str, Any]],
    kind: str,
    policy: Policy,
    notifications: list[Notification],
) -> Iterator[Finding]:
    """What is found in several documents, checked one after the other and compared at the end."""
    files = {
        f"form-{number}.json": Document(
            f"form-{number}.json", _complete(session, document.get("type") or kind, document)
        )
        for number, document in enumerate(documents, start=1)
    }
    results = (
        FileResult(path, [check_document(session, document, policy, notifications, Wanted(compared=True))])
        for path, document in files.items()
    )
    for file in compared(session, results, lambda path: [files[path]], Totals()):
        notifications += file.notifications
        for result in file.documents:
            yield from result.findings


def _complete(session: Session, name: str, document: Mapping[str, Any]) -> Any:
    """The document with its type and with empty values for required fields that the case leaves out."""
    schema = session.extensions.types[name].schema
    data: dict[str, Any] = {"type": name, **document}
    for field in schema.get("required", []):
        if field not in data:
            data[field] = [] if schema["properties"][field].get("type") == "array" else {}
    return data


def _differs(finding: Finding, expected: Mapping[str, Any], rule: Rule) -> Text | None:
    for key, value in expected.items():
        if key == "message":
            got: Any = message(finding, rule, "zh")
            if value in got:
                continue
        elif key == "severity":
            got = Severity(finding.severity).name
        elif key == "fix":
            got = finding.fix.value if finding.fix is not None else None
        else:
            got = getattr(finding, key)
            if isinstance(got, Text):
                got = got.zh
        same_decimals = not isinstance(value, Decimal) or (isinstance(got, Decimal) and got == value)
        if got != value or not same_decimals:
            return Text(f"{key} 应为 {value}，得到 {got}", f"{key} should be {value}, got {got}")
    return None


def _unfilled(finding: Finding, rule: Rule) -> Text | None:
    """A placeholder of the message that the finding has no value for."""
    template = rule.variants[finding.variant] if finding.variant else rule.message
    for lang in ("zh", "en"):
        for match in PLACEHOLDER.finditer(getattr(template, lang)):
            name = match.group(1)
            if name not in finding.arguments and not hasattr(finding, name):
                return Text(f"消息中的 {{{name}}} 没有值", f"{{{name}}} of the message has no value")
    return None
