"""Rule packs: folders of rule files that build on each other, merged into the ruleset that a run applies."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from types import MappingProxyType
from typing import Any

from lintperf.document.errors import SyntaxProblem
from lintperf.document.lines import Lines
from lintperf.document.yaml_text import load_with_places
from lintperf.model import Confidence, Severity, Text, TextPlace
from lintperf.names import near_name
from lintperf.resources import data_folder
from lintperf.rules.choice import Mark
from lintperf.rules.parameters import fits
from lintperf.rules.rule import FORMATS, PLACEHOLDER, Citation, FixRule, Milder, Rule, RuleProblem
from lintperf.schema.catalogue import load_schema
from lintperf.schema.validation import Validator

__all__ = [
    "Pack",
    "Parameter",
    "Ruleset",
    "in_force",
    "load_pack",
    "load_rule",
    "merge",
    "parameters_of",
    "place_inside",
    "read_yaml",
    "rule_files",
    "schema_problems",
    "unsaved",
]

# what a file of a pack may hold; the largest of ours has 8 KiB
MOST_BYTES = 1024 * 1024

# Texts by path that count in place of the files of packs: what an editor holds and has not saved.
unsaved: ContextVar[Mapping[Path, str]] = ContextVar("unsaved", default=MappingProxyType({}))


@dataclass(frozen=True, slots=True)
class Parameter:
    """A threshold or word list of a pack: its type, its value, what it means and which pack declared it.

    source  what the pack that gave it another value rests on
    """

    name: str
    type: str
    value: Any
    title: Text
    pack: str
    source: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Pack:
    """One pack as its folder says, without the packs it extends."""

    name: str
    folder: Path
    title: Text
    version: str
    extends: tuple[str, ...]
    default_for: tuple[str, ...]
    in_force: tuple[str | None, str | None]
    parameters: Mapping[str, Parameter]
    assignments: Mapping[str, Any]
    severities: Mapping[str, Severity]
    mandatory: frozenset[str]
    rules: tuple[Rule, ...]
    digest: str
    chosen_when: Mapping[str, tuple[Mark, ...]] = field(default_factory=dict)
    source: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Ruleset:
    """Packs merged, the one that builds on others after them: what a run applies.

    skipped  (code, reason) of rules that are not in force on the day of the run
    hash     over every file of every pack, so that two results can be told to rest on the same rules
    """

    name: str
    title: Text
    rules: tuple[Rule, ...]
    parameters: Mapping[str, Parameter]
    hash: str
    skipped: tuple[tuple[str, str], ...] = ()
    packs: tuple[str, ...] = field(default_factory=tuple)

    def values(self) -> dict[str, Any]:
        """The values of the parameters by name."""
        return {name: parameter.value for name, parameter in self.parameters.items()}


def read_yaml(path: Path, schema: str) -> tuple[Any, dict[str, TextPlace], str]:
    """The data of a YAML file that fits a schema, the places of its values, and its text. Raises RuleProblem."""
    shown = str(path)
    try:
        text = unsaved.get().get(path)
        # a device or a pipe would never end
        if text is None and path.exists() and (not path.is_file() or path.stat().st_size > MOST_BYTES):
            raise RuleProblem(shown, Text(f"不是不超过 {MOST_BYTES // 1024} KiB 的普通文件",
                                          f"no regular file of at most {MOST_BYTES // 1024} KiB"))  # fmt: skip
        text = path.read_bytes().decode("utf-8-sig") if text is None else text
        data, places, _ = load_with_places(text)
    except UnicodeDecodeError:
        raise RuleProblem(shown, Text("文件不是 UTF-8 编码", "the file is not UTF-8")) from None
    except SyntaxProblem as problem:
        raise RuleProblem(shown, problem.reason, problem.place) from None
    except OSError as problem:
        raise RuleProblem(shown, Text(f"无法读取：{problem.strerror}", f"cannot be read: {problem.strerror}")) from None
    for problem_text, place in schema_problems(data, places, schema):
        raise RuleProblem(shown, problem_text, place)
    return data, places, text


def schema_problems(data: Any, places: Mapping[str, TextPlace], schema: str) -> Iterator[tuple[Text, TextPlace | None]]:
    """Where the data of a file breaks the schema of its kind (rule, ruleset, cases, choices), in order."""
    for remark in _validator(schema).check(data)[1]:
        pointer = remark.pointer or ""
        place = places.get(pointer) or places.get(pointer.rpartition("/")[0]) or places.get("")
        problem, expected = remark.arguments["problem"], remark.arguments["expected"]
        where = pointer.lstrip("/") or "/"
        said = Text(f"{where}：{problem.zh}；应为：{expected.zh}", f"{where}: {problem.en}; expected {expected.en}")
        yield said, place


_VALIDATORS: dict[str, Validator] = {}


def _validator(name: str) -> Validator:
    if name not in _VALIDATORS:
        _VALIDATORS[name] = Validator(load_schema(data_folder("schemas") / f"{name}.json"))
    return _VALIDATORS[name]


def _text(data: Mapping[str, str] | None) -> Text | None:
    return Text(data["zh"], data["en"]) if data is not None else None


def _citations(items: Iterable[Mapping[str, Any]]) -> tuple[Citation, ...]:
    return tuple(
        Citation(
            Text(**item["title"]),
            item.get("number"),
            item.get("issuer"),
            _text(item.get("article")),
            item.get("house", False),
        )
        for item in items
    )


def _mark(item: Mapping[str, Any]) -> Mark:
    test = next(name for name in ("equals", "like", "contains") if name in item)
    return Mark(
        tuple(item["at"]), test, tuple(item[test]), int(item.get("points", 1)), bool(item.get("required", False))
    )


def _source(value: Any) -> str:
    """An expression as text, also where YAML read it as a number or a truth value."""
    return format(value, "f") if isinstance(value, Decimal) else str(value)


def place_inside(path: str, place: TextPlace, source: str, column: int) -> TextPlace:
    """Where the character at `column` of a scalar's value `source` stands in its file, however YAML writes the scalar.

    White space is not counted: YAML folds and indents it. The scalar's own place where the file is no longer there.
    """
    text = unsaved.get().get(Path(path))
    try:
        text = Path(path).read_bytes().decode("utf-8-sig") if text is None else text
    except (OSError, UnicodeDecodeError):
        return place
    return _inside(text, place, source, column)


def _inside(text: str, place: TextPlace, source: str, column: int) -> TextPlace:
    left = sum(not character.isspace() for character in source[:column])
    position = place.offset
    mark = text[position : position + 1]
    if mark in ("'", '"'):
        position += 1
    elif mark in ("|", ">"):
        position = text.find("\n", position) + 1
    while position < place.end_offset:
        width, blank = _written(text, position, mark)
        if not blank and left == 0:
            break
        left -= not blank
        position += width
    return Lines(text).place(min(position, place.end_offset), place.end_offset)


def _written(text: str, position: int, mark: str) -> tuple[int, bool]:
    """How many characters of the file one character of a scalar takes, and whether it is white space."""
    if mark == "'" and text.startswith("''", position):
        return 2, False
    if mark == '"' and text[position] == "\\":
        escaped = text[position + 1 : position + 2]
        return {"x": 4, "u": 6, "U": 10}.get(escaped, 2), escaped in " \t\r\nntrvNLP_"
    return 1, text[position].isspace()


def load_rule(path: Path, pack: str) -> Rule:
    """The rule in a file named `<CODE>-<name>.yaml`. Raises RuleProblem."""
    data, places, text = read_yaml(path, "rule")
    if path.stem != f"{data['code']}-{data['name']}":
        stem = f"{data['code']}-{data['name']}"
        raise RuleProblem(str(path), Text(f"文件名应为 {stem}.yaml", f"the file must be named {stem}.yaml"),
                          places.get("/code"))  # fmt: skip
    milder = tuple(
        Milder(_source(item["when"]), Severity[item["severity"]], item.get("message"))
        for item in data.get("milder", [])
    )
    variants = {key: Text(value["zh"], value["en"]) for key, value in data.get("variants", {}).items()}
    for number, item in enumerate(milder):
        if item.variant is not None and item.variant not in variants:
            near = near_name(item.variant, variants)
            raise RuleProblem(str(path), Text(
                f"variants 中没有 {item.variant}" + (f"，是否为 {near}？" if near else ""),
                f"there is no variant {item.variant}" + (f", did you mean {near}?" if near else ""),
            ), places.get(f"/milder/{number}/message"))  # fmt: skip
    for key, value in (
        ("message", data["message"]),
        *((f"variants/{k}", v) for k, v in data.get("variants", {}).items()),
    ):
        for lang in ("zh", "en"):
            for match in PLACEHOLDER.finditer(value[lang]):
                if match.group(2) and match.group(2) not in FORMATS:
                    raise RuleProblem(str(path), Text(
                        f"没有格式 {match.group(2)}，可用：{'、'.join(sorted(FORMATS))}",
                        f"unknown format {match.group(2)}, use one of {', '.join(sorted(FORMATS))}",
                    ), _inside(text, places[f"/{key}/{lang}"], value[lang], match.start(2)))  # fmt: skip
    check = data.get("check")
    fix = data.get("fix")
    return Rule(
        code=data["code"],
        name=data["name"],
        pack=pack,
        path=str(path),
        title=Text(**data["title"]),
        message=Text(**data["message"]),
        remedy=Text(**data["remedy"]),
        why=Text(**data["why"]),
        source=_citations(data["source"]),
        severity=Severity[data["severity"]],
        declared=Severity[data["severity"]],
        confidence=Confidence[data["confidence"]],
        dimension=data.get("dimension"),
        types=tuple(data["applies_to"]),
        status=data.get("status", "stable"),
        each=data.get("each", ""),
        let={name: _source(value) for name, value in data.get("let", {}).items()},
        when=_source(data["when"]) if "when" in data else None,
        condition=_source(data["assert"]) if "assert" in data else None,
        check=check["name"] if check else None,
        options=check.get("with", {}) if check else {},
        remark=data.get("remark", False),
        once=data.get("once", False),
        at=data.get("at"),
        related=tuple(data.get("related", [])),
        found=_source(data["found"]) if "found" in data else None,
        expected=_source(data["expected"]) if "expected" in data else None,
        difference=_source(data["difference"]) if "difference" in data else None,
        variants=variants,
        milder=milder,
        fix=FixRule(_source(fix["value"]), fix["safe"], fix.get("at")) if fix else None,
        places=places,
    )  # fmt: skip


def rule_files(folder: Path) -> list[Path]:
    """The rule files of a pack's folder, without the cases beside them, by name."""
    return sorted(path for path in (folder / "rules").glob("*.yaml") if not path.name.endswith(".test.yaml"))


def load_pack(folder: Path) -> Pack:
    """The pack in a folder with a `ruleset.yaml` and `rules/`. Raises RuleProblem."""
    path = folder / "ruleset.yaml"
    data, places, _ = read_yaml(path, "ruleset")
    if data["name"] != folder.name:
        text = Text(f"名称应与文件夹同名：{folder.name}", f"the name must be the folder's: {folder.name}")
        raise RuleProblem(str(path), text, places.get("/name"))
    parameters = {}
    for name, item in data.get("parameters", {}).items():
        value = tuple(item["default"]) if isinstance(item["default"], list) else item["default"]
        if not fits(value, item["type"]):
            raise RuleProblem(str(path), Text(f"参数 {name} 的默认值应为 {item['type']}",
                                              f"the default of parameter {name} must be {item['type']}"),
                              places.get(f"/parameters/{name}/default"))  # fmt: skip
        parameters[name] = Parameter(name, item["type"], value, Text(**item["title"]), data["name"])
    rules = tuple(load_rule(rule, data["name"]) for rule in rule_files(folder))
    _all_different(rules)
    digest = hashlib.sha256()
    for file in (path, *rule_files(folder)):
        digest.update(file.name.encode() + b"\0" + _content(file) + b"\0")
    dates = data.get("in_force", {})
    return Pack(
        name=data["name"],
        folder=folder,
        title=Text(**data["title"]),
        version=data["version"],
        extends=tuple(data.get("extends", [])),
        default_for=tuple(data.get("default_for", [])),
        in_force=(dates.get("from"), dates.get("until")),
        parameters=parameters,
        assignments=data.get("set", {}),
        severities={code: Severity[value] for code, value in data.get("severities", {}).items()},
        mandatory=frozenset(data.get("mandatory", [])),
        rules=rules,
        digest=digest.hexdigest(),
        chosen_when={name: tuple(_mark(item) for item in marks) for name, marks in data.get("chosen_when", {}).items()},
        source=_citations(data.get("source", [])),
    )


def _content(path: Path) -> bytes:
    text = unsaved.get().get(path)
    return path.read_bytes() if text is None else text.encode("utf-8", "surrogatepass")


def _all_different(rules: Sequence[Rule]) -> None:
    """Raises RuleProblem where two rules of a pack share a code or a name: one would hide the other."""
    seen: dict[str, Rule] = {}
    for rule in rules:
        for key, word in (("code", rule.code), ("name", rule.name)):
            other = seen.setdefault(word, rule)
            if other is not rule:
                file = Path(other.path).name
                raise RuleProblem(rule.path, Text(f"{word} 已用于 {file}", f"{word} is already used in {file}"),
                                  rule.places.get(f"/{key}"))  # fmt: skip


def _ordered(chosen: Iterable[str], packs: Mapping[str, Pack]) -> list[Pack]:
    """The chosen packs and all they extend, each after those it extends. Raises RuleProblem on a loop or a gap."""
    order: list[Pack] = []
    open_packs: list[str] = []

    def visit(name: str, by: Pack | None) -> None:
        if any(pack.name == name for pack in order):
            return
        path = str(by.folder / "ruleset.yaml") if by else name
        if name in open_packs:
            loop = " → ".join([*open_packs, name])
            raise RuleProblem(path, Text(f"规则包互相继承：{loop}", f"packs extend each other: {loop}"))
        pack = packs.get(name)
        if pack is None:
            near = near_name(name, packs)
            raise RuleProblem(path, Text(
                f"没有规则包 {name}" + (f"，是否为 {near}？" if near else f"，可用：{'、'.join(packs)}"),
                f"unknown ruleset {name}" + (f", did you mean {near}?" if near else f", there are {', '.join(packs)}"),
            ))  # fmt: skip
        open_packs.append(name)
        for parent in pack.extends:
            visit(parent, pack)
        open_packs.pop()
        order.append(pack)

    for name in chosen:
        visit(name, None)
    return order


def in_force(pack: Pack, today: str | None) -> bool:
    """Whether a pack is in force on a day `YYYY-MM-DD`; on no day in particular all are."""
    since, until = pack.in_force
    return today is None or not ((since and today < since) or (until and today > until))


def merge(chosen: Sequence[str], packs: Mapping[str, Pack], today: str | None = None) -> Ruleset:
    """The ruleset of the chosen packs. A pack's rule replaces one of the same code in a pack it extends.

    today   `YYYY-MM-DD`; packs not in force on that day contribute nothing but skipped rules; None: all are in force.
    Raises RuleProblem.
    """
    order = _ordered(chosen, packs)
    rules: dict[str, Rule] = {}
    parameters: dict[str, Parameter] = {}
    skipped: list[tuple[str, str]] = []
    # of packs not in force and of rules removed: a pack that builds on them may still name them
    dormant: set[str] = set()
    digest = hashlib.sha256()
    for pack in order:
        path = str(pack.folder / "ruleset.yaml")
        digest.update(pack.digest.encode())
        if not in_force(pack, today):
            since, until = pack.in_force
            dates = f"{since or ''}…{until or ''}"
            skipped += [(rule.code, f"{pack.name} {dates}") for rule in pack.rules]
            dormant.update(rule.code for rule in pack.rules)
            dormant.update(pack.parameters)
            continue
        parameters.update(pack.parameters)
        for name, value in pack.assignments.items():
            if name not in parameters:
                if name in dormant:
                    continue
                near = near_name(name, parameters)
                raise RuleProblem(path, Text(
                    f"没有参数 {name}" + (f"，是否为 {near}？" if near else ""),
                    f"unknown parameter {name}" + (f", did you mean {near}?" if near else ""),
                ))  # fmt: skip
            value = tuple(value) if isinstance(value, list) else value
            if not fits(value, parameters[name].type):
                raise RuleProblem(path, Text(f"参数 {name} 应为 {parameters[name].type}",
                                             f"parameter {name} must be {parameters[name].type}"))  # fmt: skip
            parameters[name] = replace(parameters[name], value=value, source=pack.source)
        for rule in pack.rules:
            if rule.status != "removed":
                rules[rule.code] = rule
            else:
                rules.pop(rule.code, None)
                dormant.add(rule.code)
        for code, severity in pack.severities.items():
            if _known_rule(code, rules, dormant, path):
                rules[code] = replace(rules[code], severity=severity)
        for code in sorted(pack.mandatory):
            if _known_rule(code, rules, dormant, path):
                rules[code] = replace(rules[code], mandatory=True)
    name = "+".join(pack.name for pack in order if pack.name in chosen)
    return Ruleset(
        name=name,
        title=order[-1].title if order else Text("", ""),
        rules=tuple(_rested(rules[code], parameters) for code in sorted(rules)),
        parameters=parameters,
        hash=digest.hexdigest(),
        skipped=tuple(skipped),
        packs=tuple(pack.name for pack in order),
    )


def parameters_of(rule: Rule) -> list[str]:
    """The parameters that a rule names in its expressions and options, in order, each once."""
    texts = [rule.when, rule.condition, *rule.let.values(), *(milder.when for milder in rule.milder)]
    named = [name for text in texts if text for name in _PARAMETER.findall(text)]
    named += [value["param"] for value in rule.options.values() if isinstance(value, dict) and set(value) == {"param"}]
    return list(dict.fromkeys(named))


_PARAMETER = re.compile(r"param\.([a-z][a-z0-9_]*)")


def _rested(rule: Rule, parameters: Mapping[str, Parameter]) -> Rule:
    """The rule, resting first on what the packs rest on that gave its parameters other values."""
    further: dict[Citation, None] = {}
    for name in parameters_of(rule):
        if name in parameters:
            further.update(dict.fromkeys(parameters[name].source))
    return replace(rule, source=(*further, *(each for each in rule.source if each not in further))) if further else rule


def _known_rule(code: str, rules: Mapping[str, Rule], dormant: Collection[str], path: str) -> bool:
    """Whether a rule is there; False for one that is not in force. Raises RuleProblem for one that never was."""
    if code not in rules and code not in dormant:
        near = near_name(code, rules)
        raise RuleProblem(path, Text(
            f"没有规则 {code}" + (f"，是否为 {near}？" if near else ""),
            f"unknown rule {code}" + (f", did you mean {near}?" if near else ""),
        ))  # fmt: skip
    return code in rules
