"""The smaller commands: convert, rules, rule, test, schema, config."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lintperf.cli.output import complain, write_file, write_stream
from lintperf.config import Config, config_for, helpers, load_config, policy_from
from lintperf.document.exact import plain, pretty
from lintperf.document.origin import origin_of
from lintperf.document.places import short
from lintperf.extension import Source
from lintperf.findings.texts import format_value, message
from lintperf.model import Lang, Severity, Text
from lintperf.names import near_name
from lintperf.pipeline import Session, check_document, open_session, read_documents, rules_of
from lintperf.policy import Policy, UsageProblem
from lintperf.resources import data_folder
from lintperf.rules.rule import Citation, Rule

if TYPE_CHECKING:
    from lintperf.document import Document
    from lintperf.rules.packs import Pack, Ruleset

__all__ = [
    "config_command",
    "convert_command",
    "read_and_tell",
    "rule_command",
    "rules_command",
    "schema_command",
    "test_command",
]

SURENESS = {"zh": {"high": "高", "medium": "中", "low": "低"}, "en": {"high": "high", "medium": "medium", "low": "low"}}
LEVELS = {
    "zh": {Severity.error: "错误", Severity.warning: "警告", Severity.note: "提示", Severity.off: "关闭"},
    "en": {Severity.error: "error", Severity.warning: "warning", Severity.note: "note", Severity.off: "off"},
}
# suffixes of files that hold the document's own form: nothing is converted
AS_WRITTEN = (".json", ".yaml", ".yml")
FORMATS_OF_LINTPERF = ("ruleset", "rule", "cases", "choices", "config")


def convert_command(
    file: str, output: str | None, split: str | None, no_origin: bool, allow_libreoffice: bool, lang: Lang
) -> int:
    """Write the canonical JSON of a file with each value's origin; what could not be taken over is told on stderr."""
    path = Path(file)
    documents, _, failed = read_and_tell(open_session(), file, allow_libreoffice, lang)
    read = [document for document in documents if document.data is not None]
    if failed:
        return 3
    if not read:
        return 1
    for document in read if not no_origin else ():
        if path.suffix.lower() not in AS_WRITTEN and isinstance(document.data, dict):
            document.data["origin"] = origin_of(document)
    if split is not None:
        _split(read, Path(split))
        return 0
    data = read[0].data if len(read) == 1 else [document.data for document in read]
    text = pretty(data) + "\n"
    if output is None:
        write_stream([text], sys.stdout)
    else:
        write_file([text], Path(output))
    return 0


def read_and_tell(
    session: Session, file: str, allow_libreoffice: bool, lang: Lang
) -> tuple[list[Document], set[str], bool]:
    """The documents of a file; what was found while reading is told on stderr.

    Returns the documents, the codes of these findings, and whether an importer crashed. Raises UsageProblem for a
    file that does not exist.
    """
    path = Path(file)
    if not path.is_file():
        raise UsageProblem(Text(f"没有这个文件：{file}", f"no such file: {file}"))
    allowed = helpers(allow_libreoffice, config_for(path))
    documents, notifications = read_documents(session, Source(file, path.read_bytes(), allowed))
    for notification in notifications:
        complain(f"lintperf: {file}: {notification.text.to(lang)}")
    policy = Policy(select=("LP0",), persona="auditor")
    rules = rules_of(session, policy, [None, *session.extensions.types])
    codes = set()
    for document in documents:
        for finding in check_document(session, document, policy, []).findings:
            codes.add(finding.code)
            place = f" {short(finding.place)}" if finding.place is not None else ""
            text = message(finding, rules[finding.code], lang)
            complain(f"{file}{place}: {finding.severity.name} {finding.code} {text}")
    return documents, codes, bool(notifications)


def _split(documents: list[Any], folder: Path) -> None:
    """A file for each document, numbered in their order and named after their project."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise UsageProblem(
            Text(f"无法建立 {folder}：{problem.strerror}", f"cannot make {folder}: {problem.strerror}")
        ) from None
    width = len(str(len(documents)))
    for number, document in enumerate(documents, start=1):
        heading = document.data.get("heading") if isinstance(document.data, dict) else None
        title = (heading or {}).get("project") or ""
        safe = re.sub(r"[^\w-]+", "", title)[:60]
        name = f"{number:0{width}}-{safe}.json" if safe else f"{number:0{width}}.json"
        write_file([pretty(document.data) + "\n"], folder / name)


def _all_rules(session: Session, policy: Policy) -> tuple[Ruleset, list[Rule]]:
    """The rules of the chosen packs, those that are switched off too."""
    rulesets = [session.ruleset(policy, name) for name in session.extensions.types]
    rules = {rule.code: rule for ruleset in rulesets for rule in ruleset.rules}
    return rulesets[0], [rules[code] for code in sorted(rules)]


def _choosable(session: Session, policy: Policy) -> list[Pack]:
    """The packs that documents are checked with by their own marks, where none is named."""
    if policy.rulesets:
        return []
    choices = [choice for kind in session.extensions.types for choice in session.packs.choices(kind, policy.today)]
    return [session.packs.pack(name) for name in dict.fromkeys(choice.pack for choice in choices)]


def _values_of(pack: Pack, lang: Lang) -> list[str]:
    return [f"{name} = {_value_of(value, lang)}" for name, value in pack.assignments.items()]


def _value_of(value: Any, lang: Lang) -> str:
    """A parameter's value; an empty list shows as such."""
    return format_value(value or None if isinstance(value, list | tuple) else value, None, lang)


def _packs_table(packs: list[Pack], lang: Lang) -> list[str]:
    """What else there is beside the rules: the packs that documents ask for, in Markdown."""
    head = ("规则包", "适用", "参数", "依据") if lang == "zh" else ("pack", "for", "parameters", "source")
    lines = ["", "| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
    for pack in packs:
        source = "；".join(_cited(citation, lang) for citation in pack.source)
        cells = (pack.name, pack.title.to(lang), "<br>".join(_values_of(pack, lang)), source)
        lines.append("| " + " | ".join(cells) + " |")
    return lines


def rules_command(policy: Policy, form: str, lang: Lang) -> int:
    """List the rules of the chosen packs."""
    session = open_session()
    _, rules = _all_rules(session, policy)
    if form == "json":
        listed = [
            {
                "code": rule.code,
                "name": rule.name,
                "title": rule.title.to(lang),
                "severity": rule.severity.name,
                "confidence": rule.confidence.name,
                "pack": rule.pack,
                "types": list(rule.types),
                "status": rule.status,
                "mandatory": rule.mandatory,
                "fix": None if rule.fix is None else ("safe" if rule.fix.safe else "unsafe"),
            }
            for rule in rules
        ]
        write_stream([pretty(listed) + "\n"], sys.stdout)
        return 0
    if form == "markdown":
        head = (
            ("代码", "名称", "级别", "标题", "规则包")
            if lang == "zh"
            else ("code", "name", "severity", "title", "pack")
        )
        lines = ["| " + " | ".join(head) + " |", "|" + " --- |" * len(head)]
        lines += [
            f"| {rule.code} | {rule.name} | {LEVELS[lang][rule.severity]} | {rule.title.to(lang)} | {rule.pack} |"
            for rule in rules
        ]
        packs = _choosable(session, policy)
        lines += _packs_table(packs, lang) if packs else []
        write_stream(["\n".join(lines) + "\n"], sys.stdout)
        return 0
    for rule in rules:
        level = LEVELS[lang][rule.severity]
        pad = " " * max(0, 8 - (len(level) * 2 if lang == "zh" else len(level)))
        write_stream([f"{rule.code}  {level}{pad}{rule.name:34}{rule.title.to(lang)}  [{rule.pack}]\n"], sys.stdout)
    if packs := _choosable(session, policy):
        title = "按文档选用的规则包" if lang == "zh" else "Packs that documents are checked with by their own marks"
        lines = ["", title, *(f"  {pack.name:20}{pack.title.to(lang)}" for pack in packs)]
        write_stream(["\n".join(lines) + "\n"], sys.stdout)
    return 0


def rule_command(policy: Policy, code: str, lang: Lang) -> int:
    """Explain one rule."""
    session = open_session()
    ruleset, rules = _all_rules(session, policy)
    chosen = next((rule for rule in rules if code in (rule.code, rule.name) or code.upper() == rule.code), None)
    if chosen is None:
        near = near_name(code, [*(rule.code for rule in rules), *(rule.name for rule in rules)])
        raise UsageProblem(Text(
            f"没有规则 {code}" + (f"，是否为 {near}？" if near else ""),
            f"unknown rule {code}" + (f", did you mean {near}?" if near else ""),
        ))  # fmt: skip
    packs = _choosable(session, policy)
    write_stream(["\n".join(_explained(chosen, ruleset, packs, lang)) + "\n"], sys.stdout)
    return 0


def _explained(rule: Rule, ruleset: Ruleset, packs: list[Pack], lang: Lang) -> list[str]:
    """Head, facts and sections; a section without content is left out."""
    level, sureness = LEVELS[lang][rule.severity], SURENESS[lang][rule.confidence.name]
    facts = (
        (Text("级别", "severity"), level),
        (Text("把握", "confidence"), sureness),
        (Text("规则包", "pack"), rule.pack),
        (Text("适用", "applies to"), ", ".join(rule.types)),
    )
    parameters = [
        f"{name} = {_value_of(ruleset.parameters[name].value, lang)}    {ruleset.parameters[name].title.to(lang)}"
        for name in _parameters(rule, ruleset)
    ]
    elsewhere = []
    for pack in packs:
        changed = [name for name in _parameters(rule, ruleset) if name in pack.assignments]
        values = [f"{name} = {_value_of(pack.assignments[name], lang)}" for name in changed]
        elsewhere += [f"{pack.name}: {', '.join(values)}"] if values else []
    fix = []
    if rule.fix is not None:
        safety = Text("安全", "safe") if rule.fix.safe else Text("须核对", "look at it first")
        fix = [f"{rule.fix.value} ({safety.to(lang)})"]
    sections = (
        (Text("为什么", "Why"), [rule.why.to(lang)]),
        (Text("如何修改", "What to do"), [rule.remedy.to(lang)]),
        (Text("消息", "Message"), [text.to(lang) for text in (rule.message, *rule.variants.values())]),
        (Text("条件", "When"), [rule.when] if rule.when is not None else []),
        (Text("断言", "Assertion"), [rule.condition] if rule.condition is not None else []),
        (Text("检查", "Check"), [rule.check] if rule.check is not None else []),
        (Text("参数", "Parameters"), parameters),
        (Text("按文档选用的规则包", "Under packs that documents ask for"), elsewhere),
        (Text("修正", "Fix"), fix),
        (Text("依据", "Source"), [_cited(citation, lang) for citation in rule.source]),
        (Text("示例", "Example"), _example(rule)),
    )
    lines = [f"{rule.code} {rule.name}", rule.title.to(lang), ""]
    lines += [f"  {title.to(lang)}: {fact}" for title, fact in facts]
    for title, content in sections:
        if content:
            lines += ["", title.to(lang), *(f"  {line}" for line in content)]
    return lines


def _cited(citation: Citation, lang: Lang) -> str:
    parts = [citation.title.to(lang), citation.number or "", citation.article.to(lang) if citation.article else ""]
    return " ".join(part for part in parts if part)


def _parameters(rule: Rule, ruleset: Ruleset) -> list[str]:
    from lintperf.rules.packs import parameters_of

    return [name for name in parameters_of(rule) if name in ruleset.parameters]


def _example(rule: Rule) -> list[str]:
    """The first failing case that lies beside the rule."""
    from lintperf.cases import cases_beside
    from lintperf.rules.packs import read_yaml

    path = cases_beside(rule)
    if not path.is_file():
        return []
    case = read_yaml(path, "cases")[0]["fail"][0]
    key = next(key for key in ("document", "documents", "file") if key in case)
    shown = case["file"]["text"] if key == "file" else case[key]
    text = shown if isinstance(shown, str) else pretty(shown)
    return [f"# {case['name']}", *text.rstrip().splitlines()[:40]]


def test_command(name: str | None, lang: Lang) -> int:
    """Run the cases beside the rules; 1 when one of them fails."""
    from itertools import chain

    from lintperf.cases import run_cases, run_choice_cases

    session = open_session()
    names = [name] if name is not None else list(session.extensions.pack_folders)
    failed = total = 0
    for each in names:
        ruleset = session.ruleset(Policy(rulesets=(each,)))
        own = ruleset.packs[-1]
        for result in chain(run_cases(session, ruleset, only=own), run_choice_cases(session, own)):
            total += 1
            if result.failure is not None:
                failed += 1
                write_stream([f"{result.path}: {result.code} {result.name}: {result.failure.to(lang)}\n"], sys.stdout)
    summary = f"{total} 个用例，{failed} 个不符" if lang == "zh" else f"{total} cases, {failed} failed"
    write_stream([summary + "\n"], sys.stdout)
    return 1 if failed else 0


def schema_command(name: str) -> int:
    """Print a schema as it lies in its file."""
    session = open_session()
    known = {**{kind: data_folder("schemas") / f"{kind}.json" for kind in FORMATS_OF_LINTPERF},
             **{kind: each.path for kind, each in session.extensions.types.items()}}  # fmt: skip
    if name not in known:
        near = near_name(name, known)
        raise UsageProblem(Text(
            f"没有模式 {name}，可用：{'、'.join(known)}" + (f"；是否为 {near}？" if near else ""),
            f"unknown schema {name}, use one of {', '.join(known)}" + (f"; did you mean {near}?" if near else ""),
        ))  # fmt: skip
    write_stream([known[name].read_text(encoding="utf-8")], sys.stdout)
    return 0


def config_command(path: str, file: str | None, no_config: bool, lang: Lang) -> int:
    """The settings in force for a path, each with the file it comes from."""
    import os

    target = Path(path)
    if no_config:
        config = Config()
    elif file is not None:
        config = load_config(Path(file).resolve())
    else:
        config = config_for(target / "-" if target.is_dir() else target)
    default, environment = ("默认", "环境变量") if lang == "zh" else ("default", "environment")
    by_document = "，按文档类型和内容选用" if lang == "zh" else ", chosen by each document"
    policy = policy_from(config, Policy(), target)
    values: dict[str, Any] = {
        "ruleset": list(policy.rulesets),
        "select": list(policy.select),
        "extend-select": list(policy.extend_select),
        "ignore": list(policy.ignore),
        "severity": {code: severity.name for code, severity in policy.severities},
        "params": {key: plain(value, lang) for key, value in policy.parameters},
        "persona": policy.persona,
        "format": config.values.get("format"),
        "lang": config.values.get("lang"),
        "fail-on": config.values.get("fail-on", "error"),
        "jobs": config.values.get("jobs"),
        "statistics": config.values.get("statistics", False),
        "explain": config.values.get("explain", False),
        "allow-libreoffice": config.values.get("allow-libreoffice", False),
        "exclude": config.values.get("exclude", []),
        "per-file-ignores": config.values.get("per-file-ignores", {}),
    }
    from lintperf.document.exact import dumps

    for key, value in values.items():
        variable = "LINTPERF_" + ("PARAM" if key == "params" else key.upper().replace("-", "_"))
        if os.environ.get(variable):
            write_stream([f"{key} = {os.environ[variable]}    # {environment} {variable}\n"], sys.stdout)
        else:
            origin = config.origins.get(key, default)
            origin += by_document if key == "ruleset" and not value else ""
            write_stream([f"{key} = {dumps(value)}    # {origin}\n"], sys.stdout)
    return 0
