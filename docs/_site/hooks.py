"""What mkdocs does beyond Markdown: reference pages made from the program itself, pages that lie outside of docs/.

A page of a rule, of the schemas, hooks and commands is never written by hand, so it cannot say what is no longer true.
"""

from __future__ import annotations

import inspect
import posixpath
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mkdocs.structure.files import File

from lintperf import extension, hookspecs
from lintperf.explaining import all_rules, choosable_packs, explained_in_markdown
from lintperf.pipeline import open_session
from lintperf.policy import Policy
from lintperf.resources import data_folder

if TYPE_CHECKING:
    from mkdocs.config.defaults import MkDocsConfig
    from mkdocs.structure.files import Files
    from mkdocs.structure.pages import Page

ROOT = Path(__file__).resolve().parents[2]
# documents that lie where people look for them on a code host, and the page that each becomes here
OUTSIDE = {
    "README.md": "index.md",
    "CHANGELOG.md": "changelog.md",
    "CONTRIBUTING.md": "contributing.md",
    "benchmarks/README.md": "benchmarks.md",
    "plugins/lintperf-example/README.md": "example-plugin.md",
}
LINK = re.compile(r"(!?)\[((?:[^\[\]]|\[[^\]]*\])*)\]\(([^()\s]+)\)")
CODE = re.compile(r"\b(LP[0-9]{3})\b")
FENCE = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """Add the pages that are made here."""
    pages = {page: (ROOT / path).read_text(encoding="utf-8") for path, page in OUTSIDE.items()}
    pages |= dict(rule_pages())
    pages |= {
        "reference/cli.md": commands(),
        "reference/schemas.md": schemas(),
        "reference/hooks.md": hooks(),
    }
    for name, text in pages.items():
        files.append(File.generated(config, name, content=text))
    return files


def on_page_markdown(markdown: str, page: Page, **_: Any) -> str:
    """Links as they are right on the site: from the place of the file in the project to the place of its page."""
    at_home = {page: path for path, page in OUTSIDE.items()}
    uri = page.file.src_uri
    source = at_home.get(uri, f"docs/{uri}")
    text = outside_code(markdown, lambda part: LINK.sub(lambda match: _link(match, source, uri), part))
    if uri == "rules.md":
        text = re.sub(r"^\| (LP[0-9]{3}) \|", r"| [\1](rules/\1.md) |", text, flags=re.MULTILINE)
    return text


def outside_code(text: str, change: Any) -> str:
    """`text` with everything but fenced code changed."""
    pieces, end = [], 0
    for fence in FENCE.finditer(text):
        pieces += [change(text[end : fence.start()]), fence.group()]
        end = fence.end()
    return "".join([*pieces, change(text[end:])])


def _link(match: re.Match[str], source: str, uri: str) -> str:
    picture, label, target = match.groups()
    if re.match(r"[a-z]+:|#", target):
        return match.group()
    path, _, anchor = target.partition("#")
    wanted = posixpath.normpath(posixpath.join(posixpath.dirname(source), path))
    inside = wanted.removeprefix("docs/") if wanted.startswith("docs/") else OUTSIDE.get(wanted)
    if inside is None:
        # a folder or a program: there is nothing of it on the site
        return label if picture else f"{label}"
    relative = posixpath.relpath(inside, posixpath.dirname(uri) or ".")
    return f"{picture}[{label}]({relative}{'#' + anchor if anchor else ''})"


def rule_pages() -> Iterator[tuple[str, str]]:
    """A page a rule, in both languages."""
    session = open_session()
    ruleset, rules = all_rules(session, Policy())
    packs = choosable_packs(session, Policy())
    for rule in rules:
        zh, en = (explained_in_markdown(rule, ruleset, packs, lang) for lang in ("zh", "en"))
        title = f"# {rule.code} {rule.title.zh} {rule.title.en}"
        yield f"rules/{rule.code}.md", f"---\nsearch: {{boost: 0.5}}\n---\n{title}\n\n{zh}\n\n---\n\n{en}\n"


def _cell(text: str) -> str:
    return " ".join(text.split()).replace("|", "\\|").replace("<", "&lt;")


def commands() -> str:
    """The commands with their arguments and options, as `lintperf COMMAND --help` has them."""
    import typer

    from lintperf.cli.app import app

    group = typer.main.get_command(app)
    parts = [
        "# 命令 Commands",
        "退出码、输出格式和配置见[首页](../index.md)。 Exit codes, formats and configuration: see the start page.",
    ]
    for name, command in group.commands.items():  # type: ignore[attr-defined]
        parts.append(f"## lintperf {name}")
        parts.append(command.help or "")
        lines = ["| 参数 Parameter | 说明 Meaning | 环境变量 Environment |", "| --- | --- | --- |"]
        for parameter in command.params:
            if parameter.param_type_name == "argument":
                shown = (parameter.metavar or parameter.name).upper()
            else:
                shown = ", ".join([*parameter.opts, *parameter.secondary_opts])
                if not parameter.is_flag:
                    shown += f" {(parameter.metavar or parameter.name).upper()}"
            variable = f"`{parameter.envvar}`" if parameter.envvar else ""
            lines.append(f"| `{shown}` | {_cell(getattr(parameter, 'help', None) or '')} | {variable} |")
        if len(lines) > 2:
            parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def schemas() -> str:
    """The fields of the document types and of the files that rules and settings stand in."""
    import json

    parts = [
        "# 模式 Schemas",
        "`lintperf schema 名称` 打印原文，供编辑器和其他程序使用。 `lintperf schema NAME` prints each, for editors and programs.",
    ]
    for path in sorted(data_folder("schemas").glob("*.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        parts += [f"## {path.stem}", f"{schema['title']}。{schema.get('description', '')}"]
        lines = ["| 字段 Field | 标题 Title | 类型 Type | 说明 Description |", "| --- | --- | --- | --- |"]
        for name, field in _fields(schema, schema, "", 0):
            kind = field.get("type", "enum" if "enum" in field else "")
            kind = " / ".join(kind) if isinstance(kind, list) else kind
            unit = f" ({field['x-unit']})" if "x-unit" in field else ""
            title, told = field.get("title", ""), field.get("description", "")
            lines.append(f"| `{name}` | {_cell(title)} | {kind}{unit} | {_cell(told)} |")
        parts.append("\n".join(lines))
    return "\n\n".join(parts) + "\n"


def _fields(
    field: Mapping[str, Any], root: Mapping[str, Any], prefix: str, depth: int
) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, child in field.get("properties", {}).items():
        if "$ref" in child:
            target: Any = root
            for step in child["$ref"].removeprefix("#/").split("/"):
                target = target[step]
            child = {**target, **{key: value for key, value in child.items() if key != "$ref"}}
        yield prefix + name, child
        if depth < 4:
            yield from _fields(child, root, f"{prefix}{name}.", depth + 1)
            if isinstance(child.get("items"), dict):
                yield from _fields(child["items"], root, f"{prefix}{name}[].", depth + 1)


def hooks() -> str:
    """The hooks, and the records that they hand over."""
    parts = [
        "# 挂钩与记录 Hooks and records",
        "怎样写插件见[插件](../plugins.md)。 How to write a plugin: see Plugins.",
    ]
    for name, function in vars(hookspecs).items():
        if name.startswith("lintperf_"):
            parts += [f"## {name}", _docstring(function)]
    parts.append("# 记录 Records {#records}")
    for name in extension.__all__:
        item = getattr(extension, name)
        if not inspect.isclass(item):
            continue
        parts += [f"## {name}", _docstring(item)]
        fields = getattr(item, "__annotations__", {})
        if fields:
            defaults = getattr(item, "_field_defaults", {})
            lines = [
                f"{field}: {kind}" + (f" = {defaults[field]!r}" if field in defaults else "")
                for field, kind in fields.items()
            ]
            parts.append("```python\n" + "\n".join(lines) + "\n```")
    return "\n\n".join(parts) + "\n"


def _docstring(item: Any) -> str:
    """The docstring; its table of fields stays as it is written."""
    first, _, rest = (inspect.getdoc(item) or "").partition("\n\n")
    return first + (f"\n\n```text\n{rest}\n```" if rest else "")
