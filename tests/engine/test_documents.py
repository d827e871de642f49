"""The documents say what the code says: tables are generated here and compared, examples are compiled.

`python tests/engine/test_documents.py` writes the tables anew.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lintperf import hookspecs
from lintperf.pipeline import Session, open_session
from lintperf.policy import Policy
from lintperf.rules import expressions, packs
from lintperf.rules.expressions import AGGREGATES, SPECIAL, ExpressionError, ScopeNames, Writer, fact_type
from lintperf.rules.functions import CORE_FUNCTIONS

DOCS = Path(__file__).parents[2] / "docs"


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def functions_table(session: Session) -> str:
    """The functions, those of the language itself first."""
    core = [function.name for function in CORE_FUNCTIONS]
    functions = session.extensions.functions
    lines = ["| 函数 Function | 结果 Result | 含义 Meaning |", "|---|---|---|"]
    for name in [*core, *sorted(set(functions) - set(core))]:
        function = functions[name]
        arguments = ", ".join(function.parameters)
        lines.append(
            f"| `{name}({arguments})` | `{function.result}` | {_cell(function.title.zh)} {_cell(function.title.en)} |"
        )
    return "\n".join(lines)


def facts_table(session: Session) -> str:
    """The facts by document type and array."""
    parts = []
    for group in session.extensions.groups:
        where = f"`{group.type}`，" + (f"`{group.each}` 的每一行 each row" if group.each else "整个文档 the document")
        parts += [f"### {where}", "", "| 事实 Fact | 类型 Type | 可缺失 | 含义 Meaning |", "|---|---|---|---|"]
        for name in group.record._fields:
            kind, missing = fact_type(group, name)
            title = group.titles[name]
            parts.append(f"| `{name}` | `{kind}` | {'是' if missing else ''} | {_cell(title.zh)} {_cell(title.en)} |")
        parts.append("")
    return "\n".join(parts).rstrip()


def hooks_table(_session: Session) -> str:
    """The hooks in the order of their file, with the first sentence of each."""
    zh = {
        "lintperf_schemas": "文档类型的 JSON Schema",
        "lintperf_importers": "读入程序：后缀，以及从字节到文档的函数",
        "lintperf_vocabulary": "读入程序的词表：列标题的各种写法、栏目名、版式",
        "lintperf_facts": "事实：规则可以像字段一样使用",
        "lintperf_functions": "表达式可以调用的函数",
        "lintperf_checks": "检查：表达式说不清的",
        "lintperf_run_checks": "跨文档的检查：每份文档留下摘要，最后一起比较",
        "lintperf_rulesets": "规则包的文件夹",
        "lintperf_tables": "各文档的汇总表：栏目，以及从文档到行的函数",
        "lintperf_reporters": "输出格式",
        "lintperf_renderers": "打印格式",
        "lintperf_annotators": "批注程序",
    }
    lines = ["| 挂钩 Hook | 提供什么 What it brings |", "|---|---|"]
    for name, function in vars(hookspecs).items():
        if name.startswith("lintperf_"):
            sentence = " ".join(function.__doc__.split("\n\n")[0].split())
            lines.append(f"| `{name}` | {zh[name]} {_cell(sentence)} |")
    return "\n".join(lines)


TABLES: dict[tuple[str, str], Callable[[Session], str]] = {
    ("expressions.md", "functions"): functions_table,
    ("expressions.md", "facts"): facts_table,
    ("plugins.md", "hooks"): hooks_table,
}


def _block(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<=<!-- {name} -->\n).*?(?=<!-- end -->)", re.DOTALL)


@pytest.fixture(scope="module")
def session() -> Session:
    """The built-in plugin and no other."""
    return open_session(use_cache=False)


@pytest.mark.parametrize("where", TABLES, ids="-".join)
def test_tables_are_those_of_the_code(session: Session, where: tuple[str, str]) -> None:
    text = (DOCS / where[0]).read_text(encoding="utf-8")
    found = _block(where[1]).search(text)
    assert found is not None
    assert found[0] == f"\n{TABLES[where](session)}\n\n", "run `python tests/engine/test_documents.py`"


def test_every_word_of_the_language_is_documented() -> None:
    text = (DOCS / "expressions.md").read_text(encoding="utf-8")
    for name in AGGREGATES:
        assert f"`{name}`" in text
    for name in SPECIAL:
        assert f"| `{name}(" in text


def test_the_limits_are_those_of_the_code() -> None:
    text = (DOCS / "expressions.md").read_text(encoding="utf-8")
    assert f"| {expressions.LONGEST_EXPRESSION} 字符 |" in text
    assert f"| {expressions.MOST_NODES} 个节点，{expressions.DEEPEST} 层 |" in text
    assert f"{packs.MOST_BYTES // 1024 // 1024} MiB，普通文件" in text


def compiled(session: Session, source: str, lets: dict[str, str]) -> Any:
    extensions = session.extensions
    groups = tuple(group for group in extensions.groups if group.type == "self-evaluation")
    parameters = session.ruleset(Policy(), "self-evaluation").values()
    root = extensions.types["self-evaluation"].root
    writer = Writer(ScopeNames("indicators", root, groups, extensions.functions, parameters), "v_")
    for name, text in lets.items():
        writer.let(name, text)
    return writer.compile(source)


def test_the_examples_of_the_document_compile(session: Session) -> None:
    text = (DOCS / "expressions.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```(?:yaml)?\n(.*?)```", text, re.DOTALL)
    assert len(blocks) == 4
    rules = re.findall(r"^(?:assert|when): (.*?)(?: +#.*)?$", "\n".join((blocks[0], blocks[3])), re.MULTILINE)
    assert len(rules) == 10
    for source in rules:
        assert compiled(session, source, {"share": "score / weight"}).type == "bool"
    for source in blocks[2].strip().splitlines():
        assert compiled(session, source, {}).type in ("number", "bool")
    for source in blocks[1].strip().splitlines():
        plain = source.split("#")[0].replace("note", "explanation")
        assert compiled(session, plain, {"x": "weight / score"}).type == "bool"


def test_what_the_document_says_is_not_there_is_not(session: Session) -> None:
    for source in ("indicators[0]", "name.upper()", "lambda: 1", "(n := 1)", "f'{name}'", "weight ** 2", "None", "1e3"):
        with pytest.raises(ExpressionError):
            compiled(session, source, {})


if __name__ == "__main__":
    plain = open_session(use_cache=False)
    for (file, name), table in TABLES.items():
        path = DOCS / file
        content = f"\n{table(plain)}\n\n"
        path.write_text(
            _block(name).sub(lambda _, text=content: text, path.read_text(encoding="utf-8"), count=1), encoding="utf-8"
        )
    sys.exit(0)
