"""The fields of a request beside its files: their names, their values, and the settings that they make."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from lintperf.model import Severity, Text
from lintperf.names import near_name
from lintperf.policy import PERSONAS, Policy
from lintperf.server.problems import Refusal
from lintperf.surroundings import today

__all__ = ["FIELDS", "FIELDS_OF", "INTERNAL", "Field", "Values", "policy_of", "read_fields"]

# the names of fields that the service itself gives to workers begin so; those of clients never do
INTERNAL = "."


class Field(NamedTuple):
    """A field: given in the query or in the form.

    many     whether it can be given several times; each may hold several values with commas between, where `commas`
    choices  the values it can have; empty: any text
    """

    name: str
    text: Text
    choices: tuple[str, ...] = ()
    many: bool = False
    commas: bool = False
    default: str | None = None
    example: str | None = None


_TRUTH = ("true", "false")
_BOOLEAN = {"true": True, "1": True, "": True, "false": False, "0": False}
_LEVELS = ("error", "warning", "note")

FIELDS: dict[str, Field] = {
    each.name: each
    for each in (
        Field(
            "ruleset",
            Text("规则包的名称，见 /v1/rulesets；默认按文档类型和内容选用",
                 "names of rule packs, see /v1/rulesets; without, each document is checked with those made for it"),
            many=True, commas=True, example="cn-self-evaluation",
        ),
        Field("select", Text("只用这些规则：代码、前缀或名称", "only these rules: codes, prefixes of codes, or names"),
              many=True, commas=True, example="LP4"),
        Field("extend_select", Text("另外启用这些规则，包括默认关闭的", "further rules, also those switched off"),
              many=True, commas=True),
        Field("ignore", Text("不用这些规则", "not these rules"), many=True, commas=True, example="LP307"),
        Field("severity", Text("规则=error|warning|note|off", "RULE=error|warning|note|off"), many=True,
              example="LP307=note"),
        Field("param", Text("参数=值", "PARAMETER=VALUE"), many=True),
        Field("persona", Text("为谁检查：填报人、审核人或审计", "who is to see the findings"), tuple(PERSONAS)),
        Field("lang", Text("语言；默认依 Accept-Language", "the language; else by Accept-Language"), ("zh", "en")),
        Field("fail_on", Text("从哪一级起退出码为 1", "the lowest severity that gives the exit code 1"),
              (*_LEVELS, "never")),
        Field("explain", Text("显示依据和修改建议", "with basis and remedy"), _TRUTH, default="false"),
        Field("statistics", Text("按规则和单位统计", "with counts by rule and unit"), _TRUTH, default="false"),
        Field("quiet", Text("只输出问题", "nothing but findings"), _TRUTH, default="false"),
        Field("format", Text("答复的格式，优先于 Accept", "the format of the answer; goes before Accept")),
        Field("origin", Text("写出各个值在原件中的位置", "with the place of each value in the original file"), _TRUTH,
              default="true"),
        Field("fix", Text("执行哪些改正：可以算出的，或也包括须复核的",
                          "which fixes to carry out: those that can be computed, or also those to be looked at"),
              ("safe", "unsafe")),
    )
}  # fmt: skip

_POLICY = ("ruleset", "select", "extend_select", "ignore", "severity", "param")

# what each call takes
FIELDS_OF: dict[str, tuple[str, ...]] = {
    "check": (*_POLICY, "persona", "lang", "fail_on", "explain", "statistics", "quiet", "format"),
    "view": (*_POLICY, "persona", "lang", "fail_on"),
    "convert": ("origin", "lang"),
    "annotate": (*_POLICY, "persona", "lang", "fail_on", "fix"),
    "fix": (*_POLICY, "persona", "lang", "fail_on", "fix", "format"),
    "summary": (*_POLICY, "persona", "lang", "fail_on", "format"),
    "rescore": ("ruleset", "param", "lang", "format"),
    "rules": ("ruleset", "lang", "format"),
    "rule": ("ruleset", "lang", "format"),
    "schemas": ("lang",),
    "schema": ("lang",),
    "rulesets": ("lang",),
    "service": ("lang",),
    "openapi": ("lang",),
}


class Values(NamedTuple):
    """The fields of a request, each known and of the right shape; internal ones beside them."""

    given: Mapping[str, tuple[str, ...]]
    internal: Mapping[str, tuple[str, ...]]

    def one(self, name: str) -> str | None:
        """The value of a field that is given once; None without."""
        values = self.given.get(name)
        return values[0] if values else FIELDS[name].default

    def truth(self, name: str) -> bool:
        """Whether a field says `true`."""
        value = self.one(name)
        return value is not None and _BOOLEAN[value]

    def words(self, name: str) -> tuple[str, ...]:
        """The values of a field that may be given several times, or with commas between."""
        return tuple(part.strip() for value in self.given.get(name, ()) for part in value.split(",") if part.strip())

    def inside(self, name: str) -> str:
        """What the service itself said."""
        return self.internal[INTERNAL + name][0]


def read_fields(fields: Mapping[str, Sequence[str]], call: str) -> Values:
    """The fields of a call. Raises Refusal (422) for one that it does not take, or a value that it cannot have."""
    given, internal = {}, {}
    for name, values in fields.items():
        if name.startswith(INTERNAL):
            internal[name] = tuple(values)
            continue
        if name not in FIELDS_OF[call]:
            raise Refusal(422, _unknown(name, FIELDS_OF[call]))
        field = FIELDS[name]
        if not field.many and len(values) > 1:
            raise Refusal(422, Text(f"{name} 只能给出一次", f"{name} can be given only once"))
        for value in values:
            if field.choices == _TRUTH:
                if value not in _BOOLEAN:
                    raise Refusal(422, _not_one_of(name, value, _TRUTH))
            elif field.choices and value not in field.choices:
                raise Refusal(422, _not_one_of(name, value, field.choices))
        given[name] = tuple(values)
    return Values(given, internal)


def _unknown(name: str, known: Sequence[str]) -> Text:
    near = near_name(name, known)
    if near:
        return Text(f"没有字段 {name[:100]}，是否为 {near}？", f"unknown field {name[:100]}, did you mean {near}?")
    return Text(
        f"没有字段 {name[:100]}，可用：{'、'.join(known)}", f"unknown field {name[:100]}, use one of {', '.join(known)}"
    )


def _not_one_of(name: str, value: str, choices: Sequence[str]) -> Text:
    near = near_name(value, choices)
    hint_zh, hint_en = (f"，是否为 {near}？", f", did you mean {near}?") if near else ("", "")
    return Text(
        f"{name} 不能是 {value[:100]}；可用：{'、'.join(choices)}{hint_zh}",
        f"{name} cannot be {value[:100]}; use one of {', '.join(choices)}{hint_en}",
    )


def policy_of(values: Values, packs: Sequence[str]) -> Policy:
    """The settings that the fields make. Raises Refusal: 400 for a pack that is not installed, 422 for a wrong shape.

    A pack is named, never brought: a folder or a file is refused, also one that exists.
    """
    rulesets = values.words("ruleset")
    for name in rulesets:
        if name not in packs:
            near = near_name(name, packs)
            raise Refusal(400, Text(
                f"没有规则包 {name[:100]}" + (f"，是否为 {near}？" if near else f"；可用：{'、'.join(packs)}"),
                f"unknown ruleset {name[:100]}"
                + (f", did you mean {near}?" if near else f"; there are {', '.join(packs)}"),
            ))  # fmt: skip
    severities = []
    for code, word in _assignments(values, "severity"):
        if word not in Severity.__members__:
            raise Refusal(422, _not_one_of("severity", word, tuple(Severity.__members__)))
        severities.append((code, Severity[word]))
    return Policy(
        rulesets=rulesets,
        select=values.words("select"),
        extend_select=values.words("extend_select"),
        ignore=values.words("ignore"),
        severities=tuple(severities),
        parameters=_assignments(values, "param"),
        today=today(),
    )


def _assignments(values: Values, name: str) -> tuple[tuple[str, str], ...]:
    pairs = []
    for value in values.given.get(name, ()):
        key, sign, right = value.partition("=")
        if not sign or not key.strip():
            raise Refusal(422, Text(
                f"{name} 应写作 名称=值，得到 {value[:100]}", f"{name} takes NAME=VALUE, got {value[:100]}"
            ))  # fmt: skip
        pairs.append((key.strip(), right.strip()))
    return tuple(pairs)
