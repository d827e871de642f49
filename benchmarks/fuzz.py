"""Random input against what reads strangers' text: `python benchmarks/fuzz.py [--seconds N] [--seed S]`.

Three parts take turns: the measure parser and comparison, rule expressions (made by a grammar, then damaged), and the
readers of JSON and YAML. Any exception but the one a part promises is a crash: it is printed with the input that
caused it, and the exit code is 1. An input that takes longer than SLOW seconds counts as a crash too.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any

from lintperf_builtin.facts.comparison import compare
from lintperf_builtin.facts.measures import Kind, parse_measure
from lintperf_builtin.readers import READERS

from lintperf.document import Document
from lintperf.extension import Source, UnreadableError
from lintperf.model import Confidence, Severity, Text
from lintperf.pipeline import open_session
from lintperf.policy import Policy
from lintperf.rules.compiler import compile_rules
from lintperf.rules.program import link
from lintperf.rules.rule import Rule, RuleProblem
from lintperf.rules.run import CONTEXT, run_rules

SLOW = 2.0
MOST_SHOWN = 20
# pieces that measures are made of, and some that they are not
MEASURES = """
≥ ≧ >= => ≤ <= = == ═ > < ＞ ＜ 约 不少于 不低于 不超过 以上 以内 大于 小于 && ～ ~ - — － 至 / 、 ， , 。 ； ： ( )
（ ） 0 1 2 9 10 95 100 1,000 1，000 １２ ٣ 0.5 .5 5. 1e9 99999999999999999999999999999999 零 一 两 十 百 千 万 亿 半
廿 几 数 % ％ ‰ 百分之 个 家 人次 元 万元 亿元 公里 平方米 小时 工作日 天 年 月 日 2021 2021年12月31日 12月底前 年底
份 册 株 及时 提高 显著 良好 无 不适用 空 总报告 分类报告 其中 每 次 A Ω 🌳
"""
EXPRESSIONS = """
weight score target actual name unit is_empty met completion indicators funds rows heading year total param r x K0
row data hit fact __import__ None True and or not in if else for lambda is present missing blank default sum count
any all highest lowest mean abs smaller larger decimals round_half_up agrees length contains contains_any squeeze
starts_with is_one_of proportional_score stated_ratio 0 1 2.50 1e9 0x1F 9999999999999999999999 'a' "绩效" '' b'a'
f'{x}' ( ) [ ] { } , . : = == != < <= > >= + - * / ** // % @ := ; # \\ ~ ! ? $ ` 长 ｘ ²
"""
PIECES = [*MEASURES.split(), "\n", "\t", "\u3000", "\u200b", "\ufeff", "\u202e", "\x00", "\ud800", " "]
WORDS = [*EXPRESSIONS.split(), "\n", "\x00", "\ud800"]


def some_text(chance: random.Random, pieces: list[str], most: int) -> str:
    """A few pieces in a row, sometimes with any character at all between them."""
    parts = [chance.choice(pieces) for _ in range(chance.randint(0, most))]
    if chance.random() < 0.3:
        parts.insert(
            chance.randint(0, len(parts)), chr(chance.choice((chance.randrange(0x250), chance.randrange(0x110000))))
        )
    return chance.choice(("", "", " ")).join(parts)


def damaged(chance: random.Random, text: str, pieces: list[str]) -> str:
    """The text with a stretch removed, doubled or replaced."""
    for _ in range(chance.randint(0, 2)):
        start = chance.randint(0, len(text))
        end = min(len(text), start + chance.randint(0, 6))
        middle = chance.choice(("", text[start:end] * 2, chance.choice(pieces)))
        text = text[:start] + middle + text[end:]
    return text


class Measures:
    """Texts of targets, actuals and amounts."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def make(self) -> Any:
        """Two texts, each perhaps with an operator and a unit from columns of their own."""
        columns = [None, None, "≥", "≤", "=", "", "定性", "%", "元", "万元", "人"]
        pick = self.chance.choice
        return [(some_text(self.chance, PIECES, pick((3, 8))), pick(columns), pick(columns)) for _ in "ab"]

    def use(self, made: Any) -> str:
        """Parse and compare; the kind of the first."""
        with localcontext(CONTEXT):
            first, second = (parse_measure(*each) for each in made)
            compare(first, second)
        if not isinstance(first.kind, Kind) or (first.kind is Kind.unreadable) != (first.reason is not None):
            raise AssertionError(f"an unreadable measure has a reason, others none: {first}")
        return f"measure {first.kind}"


class Expressions:
    """Expressions of rules over the built-in document type, compiled and run on a small document."""

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        session = open_session(use_cache=False)
        self.extensions = session.extensions
        self.name = next(iter(session.extensions.types))
        self.root = session.extensions.types[self.name].root
        self.groups = [group for group in session.extensions.groups if group.type == self.name]
        rules = session.ruleset(Policy(), self.name)
        self.parameters = rules.values()
        self.real = [(rule.each, rule.let, text) for rule in rules.rules if rule.check is None
                     for text in (rule.when, rule.condition) if text]  # fmt: skip

    def make(self) -> Any:
        """An array, `let` names and an expression: of a real rule and damaged, by the grammar, or words in a row."""
        how = self.chance.random()
        if how < 0.3:
            each, let, text = self.chance.choice(self.real)
            return each, dict(let), damaged(self.chance, text, WORDS)
        each = self.chance.choice(("", "indicators", "indicators"))
        text = self._tree("bool", 4) if how < 0.8 else some_text(self.chance, WORDS, 12)
        return each, {}, damaged(self.chance, text, WORDS) if how > 0.6 else text

    def _tree(self, kind: str, depth: int) -> str:
        chance = self.chance
        names = {
            "number": ["weight", "score", "completion", "total.score", "param.full_marks", "2.50", "0", "100"],
            "text": ["name", "target", "actual", "explanation", "'绿道'", "''"],
            "bool": ["is_empty", "met", "True", "quantitative"],
        }[kind]
        if depth == 0:
            return chance.choice(names)

        def sub(inner: str) -> str:
            return self._tree(inner, depth - 1)

        if kind == "number":
            return chance.choice((
                lambda: f"({sub('number')} {chance.choice('+-*/')} {sub('number')})",
                lambda: f"round_half_up({sub('number')}, {sub('number')})",
                lambda: f"default({sub('number')}, {sub('number')})",
                lambda: f"{chance.choice(('sum', 'mean', 'highest'))}(r.weight for r in indicators if {sub('bool')})",
                lambda: f"count(r for r in indicators if {sub('bool')})",
                lambda: f"({sub('number')} if {sub('bool')} else {sub('number')})",
                lambda: f"stated_ratio({sub('text')}, {sub('number')})",
                lambda: f"-{sub('number')}",
            ))()  # fmt: skip
        if kind == "text":
            return chance.choice((lambda: chance.choice(names), lambda: f"squeeze({sub('text')})"))()
        return chance.choice((
            lambda: f"({sub('number')} {chance.choice(('<', '<=', '==', '!=', '>', '>='))} {sub('number')})",
            lambda: f"({sub('bool')} {chance.choice(('and', 'or'))} {sub('bool')})",
            lambda: f"(not {sub('bool')})",
            lambda: f"present({sub(chance.choice(('number', 'text')))})",
            lambda: f"blank({sub('text')})",
            lambda: f"agrees({sub('number')}, {sub('number')})",
            lambda: f"any(r.score > r.weight for r in indicators if {sub('bool')})",
            lambda: f"contains_any({sub('text')}, ['步道', '树'])",
        ))()  # fmt: skip

    def use(self, made: Any) -> str:
        """Compile and run; whether it was refused, and what came out."""
        each, let, text = made
        word = Text("x", "x")
        rule = Rule(
            "ZZ101", "fuzz", "fuzz", "fuzz.yaml", word, word, word, word, (), Severity.note, Confidence.low,
            (self.name,), each=each, let=let, condition=text,
        )  # fmt: skip
        extensions = self.extensions
        parts = (self.groups, extensions.functions, extensions.checks)
        try:
            plan = compile_rules(self.name, self.root, (rule,), *parts, self.parameters)
        except RuleProblem:
            return "expression refused"
        program = link(plan, self.name, lambda: self.root, (rule,), *parts)
        row = {
            "name": "绿道巡查次数",
            "target": "≥30次",
            "actual": "24次",
            "weight": Decimal("10.0"),
            "score": Decimal(8),
        }
        data = {
            "type": self.name,
            "indicators": [row, {"name": "无"}, {**row, "weight": None}],
            "total": {"score": Decimal(8)},
        }
        findings, _, crashes = run_rules(program, Document("f.json", data), data, [])
        if crashes:
            raise AssertionError(crashes[0].text.en)
        return "expression with findings" if findings else "expression without"


class Files:
    """Bytes of JSON and YAML files."""

    SEEDS = (
        b'{"type": "self-evaluation", "indicators": [{"name": "\xe6\xa0\x91", "weight": 10.0}], "a": null}',
        b'[{"a": [1, 2.50, 1e5, true]}, {"b": "\\ud83c\\udf33 \\u0000"}]',
        "类型: [甲, 1.50, {b: 'c', d: |\n    多行\n  }]\n".encode(),
        b"a: 1\nb:\n  - x: \"\\u7ee9\"\n  - y: 'it''s'\n--- \nc: ~\n",
        "{\"名称\": \"绿道\"}".encode("gb18030"),
        '{"a": 1}'.encode("utf-16"),
    )  # fmt: skip
    BITS = (
        *b"{ } [ ] \" : , \\ - & * ! | > ' # % @ ` 1 0.1 1e999 NaN null ~ \xff \xef\xbb\xbf \xe7 <<: --- ...".split(),
        b"\n",
        b"\x00",
    )

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance

    def make(self) -> Any:
        """A suffix and bytes."""
        chance = self.chance
        if chance.random() < 0.2:
            content = chance.randbytes(chance.randint(0, 60))
        else:
            content = chance.choice(self.SEEDS)
            for _ in range(chance.randint(0, 5)):
                start = chance.randint(0, len(content))
                end = min(len(content), start + chance.randint(0, 8))
                middle = chance.choice((b"", content[start:end] * 2, chance.choice(self.BITS), chance.randbytes(1)))
                content = content[:start] + middle + content[end:]
        if chance.random() < 0.01:
            content = chance.choice((b"[", b'{"a":', b"- ", b"{a: ")) * chance.randint(50, 3000)
        return chance.choice((".json", ".yaml")), content

    def use(self, made: Any) -> str:
        """Read, and locate every value of the top."""
        suffix, content = made
        importer = next(reader for reader in READERS if suffix in reader.suffixes)
        try:
            documents = list(importer.read(Source(f"f{suffix}", content)))
        except UnreadableError:
            return f"{suffix} refused"
        for document in documents:
            keys = list(document.data) if isinstance(document.data, dict) else []
            for pointer in ("", *("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)):
                if document.locate(pointer) is None:
                    raise AssertionError(f"no place for {pointer!r}")
        return f"{suffix} read"


def main() -> int:
    """Fuzz for so many seconds; 1 where anything crashed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=30)
    parser.add_argument("--seed", type=int, default=None, help="repeats a run; without it each run is another")
    options = parser.parse_args()
    seed = options.seed if options.seed is not None else random.SystemRandom().randrange(2**32)
    chance = random.Random(seed)
    parts: list[Any] = [Measures(chance), Expressions(chance), Files(chance)]
    counts: Counter[str] = Counter()
    crashes: Counter[str] = Counter()
    slowest: dict[str, float] = {}
    end = time.monotonic() + options.seconds
    while time.monotonic() < end:
        for part in parts:
            made = part.make()
            start = time.perf_counter()
            problem = _problem(part.use, made, counts)
            took = time.perf_counter() - start
            name = type(part).__name__
            slowest[name] = max(slowest.get(name, 0.0), took)
            if problem is None and took > SLOW:
                problem = f"took {took:.1f} s"
            if problem is not None:
                crashes[problem] += 1
                if crashes[problem] == 1 and len(crashes) <= MOST_SHOWN:
                    print(f"CRASH {problem}\n  input: {made!a}")
    print(f"seed {seed}, {sum(counts.values()) + crashes.total()} inputs in {options.seconds:g} s")
    for name, count in sorted(counts.items()):
        print(f"  {count:>9}  {name}")
    print("  slowest: " + ", ".join(f"{name} {took * 1000:.1f} ms" for name, took in slowest.items()))
    print(f"  {crashes.total()} crashes of {len(crashes)} kinds")
    return 1 if crashes else 0


def _problem(use: Callable[[Any], str], made: Any, counts: Counter[str]) -> str | None:
    try:
        counts[use(made)] += 1
    except Exception as problem:
        where = traceback.extract_tb(problem.__traceback__)[-1]
        return f"{type(problem).__name__}: {problem} ({Path(where.filename).name}:{where.lineno})"
    return None


if __name__ == "__main__":
    sys.exit(main())
