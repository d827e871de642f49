"""The smaller commands: convert, rules, rule, test, schema, config."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lintperf.cli.output import complain, write_file, write_stream
from lintperf.config import Config, config_for, helpers, load_config, policy_from
from lintperf.conversion import canonical, read_and_judge, with_origins
from lintperf.document.exact import plain, pretty
from lintperf.document.places import short
from lintperf.explaining import (
    all_rules,
    brief,
    choosable_packs,
    explained,
    listed,
    listed_in_markdown,
    rule_called,
)
from lintperf.extension import Source
from lintperf.findings.texts import message
from lintperf.model import Lang, Text
from lintperf.names import near_name
from lintperf.pipeline import Session, open_session
from lintperf.policy import Policy, UsageProblem
from lintperf.schema.catalogue import schema_files

if TYPE_CHECKING:
    from lintperf.document import Document

__all__ = [
    "config_command",
    "convert_command",
    "read_and_tell",
    "rule_command",
    "rules_command",
    "schema_command",
    "test_command",
]


def convert_command(
    file: str, output: str | None, split: str | None, no_origin: bool, allow_libreoffice: bool, lang: Lang
) -> int:
    """Write the canonical JSON of a file with each value's origin; what could not be taken over is told on stderr."""
    documents, _, failed = read_and_tell(open_session(), file, allow_libreoffice, lang)
    read = [document for document in documents if document.data is not None]
    if failed:
        return 3
    if not read:
        return 1
    if not no_origin:
        with_origins(read)
    if split is not None:
        _split(read, Path(split))
        return 0
    text = canonical(read)
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
    reading = read_and_judge(session, Source(file, path.read_bytes(), allowed))
    for notification in reading.notifications:
        complain(f"lintperf: {file}: {notification.text.to(lang)}")
    for finding in reading.findings:
        place = f" {short(finding.place)}" if finding.place is not None else ""
        text = message(finding, reading.rules[finding.code], lang)
        complain(f"{file}{place}: {finding.severity.name} {finding.code} {text}")
    codes = {finding.code for finding in reading.findings}
    return list(reading.documents), codes, bool(reading.notifications)


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


def rules_command(policy: Policy, form: str, lang: Lang) -> int:
    """List the rules of the chosen packs."""
    session = open_session()
    _, rules = all_rules(session, policy)
    if form == "json":
        write_stream([pretty([brief(rule, lang) for rule in rules]) + "\n"], sys.stdout)
        return 0
    packs = choosable_packs(session, policy)
    lines = listed_in_markdown(rules, packs, lang) if form == "markdown" else listed(rules, packs, lang)
    write_stream(["\n".join(lines) + "\n"], sys.stdout)
    return 0


def rule_command(policy: Policy, code: str, lang: Lang) -> int:
    """Explain one rule."""
    session = open_session()
    ruleset, rules = all_rules(session, policy)
    chosen = rule_called(code, rules)
    packs = choosable_packs(session, policy)
    write_stream(["\n".join(explained(chosen, ruleset, packs, lang)) + "\n"], sys.stdout)
    return 0


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


def schema_command(name: str, output: str | None = None) -> int:
    """Print a schema as it lies in its file, or write it; `all` writes every schema and their catalogue to a folder."""
    session = open_session()
    known = schema_files(session.extensions.types)
    if name == "all":
        _write_schemas(known, list(session.extensions.types), output)
        return 0
    if name not in known:
        near = near_name(name, known)
        raise UsageProblem(Text(
            f"没有模式 {name}，可用：{'、'.join(known)}" + (f"；是否为 {near}？" if near else ""),
            f"unknown schema {name}, use one of {', '.join(known)}" + (f"; did you mean {near}?" if near else ""),
        ))  # fmt: skip
    text = known[name].read_text(encoding="utf-8")
    if output is None:
        write_stream([text], sys.stdout)
    else:
        write_file([text], Path(output))
    return 0


def _write_schemas(known: dict[str, Path], types: list[str], output: str | None) -> None:
    from lintperf.schema.catalogue import editor_catalogue

    if output is None:
        raise UsageProblem(Text("请用 -o 给出文件夹", "name a folder with -o"))
    folder = Path(output)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise UsageProblem(
            Text(f"无法建立 {folder}：{problem.strerror}", f"cannot make {folder}: {problem.strerror}")
        ) from None
    for name, path in known.items():
        write_file([path.read_text(encoding="utf-8")], folder / f"{name}.json")
    write_file([pretty(editor_catalogue(known, types)) + "\n"], folder / "catalog.json")


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
