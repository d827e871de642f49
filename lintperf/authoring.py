"""What is wrong with the files of a pack, also while they are written: for editors, all problems of one file at once.

`lintperf test` stops at the first problem of a pack. An author who types wants to know of every problem of the file
that is open, whatever the state of the other files of the pack.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal, NamedTuple

from lintperf.cases import CaseResult, run_choice_cases, run_file
from lintperf.document.errors import SyntaxProblem
from lintperf.document.yaml_text import load_with_places
from lintperf.model import Text, TextPlace
from lintperf.names import near_name
from lintperf.pipeline import Session
from lintperf.policy import Policy, UsageProblem
from lintperf.rules.packs import Ruleset, load_pack, load_rule, schema_problems, unsaved
from lintperf.rules.rule import Rule, RuleProblem

__all__ = ["AuthorProblem", "PackFile", "failing_cases", "kind_of", "pack_around", "problems_in", "told_elsewhere"]

PackFile = Literal["rule", "cases", "ruleset", "choices"]

_KEYS = re.compile(r"^([a-z_]+):", re.MULTILINE)
# top-level keys that tell the files of packs from all other YAML
_MARKS: tuple[tuple[PackFile, frozenset[str], frozenset[str]], ...] = (
    ("rule", frozenset({"code", "name"}), frozenset({"applies_to", "assert", "check", "remark", "severity"})),
    ("cases", frozenset({"pass", "fail"}), frozenset({"pass", "fail"})),
    ("choices", frozenset({"chosen", "left"}), frozenset({"chosen", "left"})),
)


class AuthorProblem(NamedTuple):
    """One problem of a file of a pack: what is wrong and where; None where the file as a whole is meant."""

    text: Text
    place: TextPlace | None = None


def kind_of(path: Path, text: str) -> PackFile | None:
    """Which file of a pack this is, by its name within a pack's folder or else by its top-level keys; None: none."""
    if path.suffix not in (".yaml", ".yml"):
        return None
    if path.name == "ruleset.yaml":
        return "ruleset"
    if path.name == "ruleset.test.yaml":
        return "choices"
    if path.parent.name == "rules" and (path.parent.parent / "ruleset.yaml").is_file():
        return "cases" if path.name.endswith(".test.yaml") else "rule"
    keys = set(_KEYS.findall(text))
    return next((kind for kind, all_of, one_of in _MARKS if all_of <= keys and one_of & keys), None)


def problems_in(session: Session, kind: PackFile, path: Path, text: str) -> Iterator[AuthorProblem]:
    """The problems of one file of a pack with this text, which need not be saved: syntax, schema, then meaning.

    A rule is compiled for each of its document types with the parameters of its pack; what is wrong in other files is
    not told, and where it keeps the pack from being read, the parameters are those of the default packs. Of a
    `ruleset.yaml` the first problem of the whole pack is told.
    """
    try:
        data, places, _ = load_with_places(text)
    except SyntaxProblem as problem:
        yield AuthorProblem(problem.reason, problem.place)
        return
    found = [AuthorProblem(*problem) for problem in schema_problems(data, places, kind)]
    if found:
        yield from found
        return
    token = unsaved.set({**unsaved.get(), path: text, path.resolve(): text})
    try:
        if kind == "rule":
            _compile(session, path)
        elif kind == "ruleset":
            load_pack(path.parent)
            session.packs.read_again(path.parent)
            if path.is_file():  # else nobody can name the pack yet
                session.ruleset(Policy(rulesets=(_name_of(session, path.parent),)))
    except RuleProblem as problem:
        if Path(problem.path).resolve() == path.resolve():
            yield AuthorProblem(problem.text, problem.place or _named(data, places, problem.text))
        elif kind == "ruleset":
            yield AuthorProblem(told_elsewhere(problem))
    except UsageProblem as problem:
        yield AuthorProblem(problem.text)
    finally:
        unsaved.reset(token)
        if kind == "ruleset":
            session.packs.read_again(path.parent)


def told_elsewhere(problem: RuleProblem) -> Text:
    """A problem of a rule file as it is told in another file: with the file's name and the line."""
    name = Path(problem.path).name
    line = f":{problem.place.line + 1}" if problem.place is not None else ""
    return Text(f"{name}{line}：{problem.text.zh}", f"{name}{line}: {problem.text.en}")


def _named(data: Any, places: Mapping[str, TextPlace], problem: Text) -> TextPlace | None:
    """Where a pack names what a problem is about: merging packs knows of names and not of places."""
    words = set(re.findall(r"[\w.-]+", problem.en))
    for key in ("extends", "mandatory"):
        for number, name in enumerate(data.get(key, [])):
            if name in words:
                return places.get(f"/{key}/{number}")
    for key in ("severities", "set"):
        for name in data.get(key, {}):
            if name in words:
                return places.get(f"/{key}/{name}")
    return None


def _compile(session: Session, path: Path) -> None:
    """Raises RuleProblem for what is wrong with the rule in a file."""
    from lintperf.rules.compiler import compile_rules

    rule = load_rule(path, path.parent.parent.name)
    extensions = session.extensions
    parameters = (pack_around(session, path) or session.ruleset(Policy())).values()
    for number, name in enumerate(rule.types):
        if name not in extensions.types:
            near = near_name(name, extensions.types)
            raise RuleProblem(rule.path, Text(
                f"没有文档类型 {name}" + (f"，是否为 {near}？" if near else f"；可用：{'、'.join(extensions.types)}"),
                f"unknown document type {name}"
                + (f", did you mean {near}?" if near else f"; use one of {', '.join(extensions.types)}"),
            ), rule.places.get(f"/applies_to/{number}"))  # fmt: skip
        groups = [group for group in extensions.groups if group.type == name]
        compile_rules(
            name, extensions.types[name].root, [rule], groups, extensions.functions, extensions.checks, parameters
        )


def pack_around(session: Session, path: Path) -> Ruleset | None:
    """The pack that a rule's file lies in, with all it builds on; None where there is none that can be read."""
    folder = path.parent.parent
    if not (folder / "ruleset.yaml").is_file():
        return None
    try:
        return session.ruleset(Policy(rulesets=(_name_of(session, folder),)))
    except (RuleProblem, UsageProblem):
        return None


def _name_of(session: Session, folder: Path) -> str:
    """A pack as a policy names it: one that a plugin brings by its name, others by their folder."""
    known = next((name for name, each in session.packs.folders.items() if each.resolve() == folder.resolve()), None)
    return known or str(folder)


def failing_cases(session: Session, path: Path) -> Iterator[CaseResult]:
    """The cases of a rule that do not hold, by the saved files: `path` is the rule's or that of its cases.

    For `ruleset.test.yaml` those of the pack's choice, if the pack is one that documents can choose.

    Nothing where there are no cases, or where the pack cannot be read. Raises RuleProblem for cases that cannot be
    used.
    """
    if path.name == "ruleset.test.yaml":
        yield from _failing_choices(session, path.parent)
        return
    cases = path if path.name.endswith(".test.yaml") else path.with_suffix(".test.yaml")
    if not cases.is_file():
        return
    ruleset = pack_around(session, path)
    if ruleset is None:
        return
    stem = cases.name.removesuffix(".test.yaml")
    rule = next((rule for rule in ruleset.rules if _stem(rule) == stem), None)
    if rule is None:
        return
    for result in run_file(session, ruleset, rule, cases):
        if result.failure is not None:
            yield result


def _failing_choices(session: Session, folder: Path) -> Iterator[CaseResult]:
    name = _name_of(session, folder)
    if name in session.packs.folders:
        yield from (result for result in run_choice_cases(session, name) if result.failure is not None)


def _stem(rule: Rule) -> str:
    return f"{rule.code}-{rule.name}"
