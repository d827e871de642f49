"""The plugin manager: finds plugins, checks them, and gathers what they bring."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pluggy

from lintperf import hookspecs
from lintperf.extension import Annotator, Check, FactGroup, Function, Importer, Renderer, Reporter, RunCheck, Table
from lintperf.model import Text
from lintperf.rules.functions import CORE_FUNCTIONS
from lintperf.rules.rule import RuleProblem, UsageProblem
from lintperf.schema.catalogue import DocumentType

__all__ = ["Extensions", "PluginProblem", "load_extensions", "told"]


class PluginProblem(Exception):
    """A plugin that cannot be used. Stops the run: a check that silently did not run looks like a clean document."""

    def __init__(self, plugin: str, text: Text) -> None:
        super().__init__(f"{plugin}: {text.en}")
        self.plugin = plugin
        self.text = text


def told(problem: UsageProblem | PluginProblem | RuleProblem) -> Text:
    """What is wrong, with the file and place, or the plugin, that it is about."""
    text = problem.text
    place = getattr(problem, "place", None)
    where = getattr(problem, "path", None) or getattr(problem, "plugin", None)
    if where is None:
        return text
    if place is not None:
        where = f"{where}:{place.line + 1}:{place.column + 1}"
    # the colon that editors and terminals know behind a place, in both languages
    return Text(f"{where}: {text.zh}", f"{where}: {text.en}")


@dataclass(slots=True)
class Extensions:
    """Everything that the plugins bring, by name."""

    types: dict[str, DocumentType] = field(default_factory=dict)
    importers: dict[str, Importer] = field(default_factory=dict)
    groups: list[FactGroup] = field(default_factory=list)
    functions: dict[str, Function] = field(default_factory=dict)
    checks: dict[str, Check | RunCheck] = field(default_factory=dict)
    pack_folders: dict[str, Path] = field(default_factory=dict)
    reporters: dict[str, Reporter] = field(default_factory=dict)
    pages: dict[str, Reporter] = field(default_factory=dict)  # those that write for the page of the service
    tables: dict[str, Table] = field(default_factory=dict)
    vocabulary: tuple[Path, ...] = ()
    renderers: dict[tuple[str, str], Renderer] = field(default_factory=dict)  # by document type and suffix
    annotators: dict[str, Annotator] = field(default_factory=dict)
    plugins: dict[str, Any] = field(default_factory=dict)  # the modules or objects themselves

    def signature(self, groups: list[FactGroup]) -> str:
        """What compiled rules depend on: the schemas' times of change, the types of facts, functions and checks, and
        which parameters tables want."""
        schemas = [(name, each.path.stat().st_mtime_ns) for name, each in self.types.items()]
        facts = [(group.each, group.record.__name__, group.record.__annotations__) for group in groups]
        functions = [(each.name, each.parameters, each.result) for each in self.functions.values()]
        checks = [(each.name, each.type, dict(each.options)) for each in self.checks.values()]
        return repr((schemas, facts, functions, checks, self.table_parameters()))

    def table_parameters(self) -> list[str]:
        """The parameters of packs that tables name, in order, each once."""
        return sorted({name for table in self.tables.values() for name in table.parameters})


def load_extensions(plugins: Mapping[str, Any] | None = None) -> Extensions:
    """What the built-in plugin, installed plugins and `plugins` (name → module or object) bring.

    Raises PluginProblem: a plugin that fails to import, a misspelt hook or argument, a name brought twice.
    """
    manager = pluggy.PluginManager(hookspecs.PROJECT)
    manager.add_hookspecs(hookspecs)
    from lintperf_builtin import plugin as builtin

    _register(manager, builtin, "builtin")
    for name, module in _installed().items():
        _register(manager, module, name)
    for name, module in (plugins or {}).items():
        _register(manager, module, name)
    try:
        manager.check_pending()
    except pluggy.PluginValidationError as problem:
        raise _invalid(_label(manager.get_name(problem.plugin) or "?"), problem) from None
    return _gather(manager)


def _register(manager: pluggy.PluginManager, module: Any, name: str) -> None:
    misspelt = [
        attribute
        for attribute in vars(module)
        if attribute.startswith("lintperf_")
        and not hasattr(manager.hook, attribute)
        and callable(vars(module)[attribute])
    ]
    if misspelt:
        from lintperf.names import near_name

        near = near_name(misspelt[0], [hook for hook in vars(hookspecs) if hook.startswith("lintperf_")])
        raise PluginProblem(_label(name), Text(
            f"没有挂钩 {misspelt[0]}" + (f"，是否为 {near}？" if near else ""),
            f"unknown hook {misspelt[0]}" + (f", did you mean {near}?" if near else ""),
        ))  # fmt: skip
    try:
        manager.register(module, name)
    except (pluggy.PluginValidationError, ValueError) as problem:
        raise _invalid(_label(name), problem) from None
    for hook in vars(module):
        unmarked = hasattr(manager.hook, hook) and manager.parse_hookimpl_opts(module, hook) is None
        if hook.startswith("lintperf_") and callable(vars(module)[hook]) and unmarked:
            raise PluginProblem(_label(name), Text(
                f"挂钩 {hook} 没有标记 @hookimpl，不会运行", f"hook {hook} lacks the mark @hookimpl and would not run",
            ))  # fmt: skip


def _invalid(label: str, problem: Exception) -> PluginProblem:
    detail = " ".join(str(problem).split())
    return PluginProblem(label, Text(f"插件不符合接口：{detail}", f"the plugin breaks the interface: {detail}"))


def _installed() -> dict[str, Any]:
    """Plugins that other distributions declare under the entry point group `lintperf`, by entry point name."""
    if not _declares_entry_points():
        return {}
    from importlib.metadata import entry_points

    found: dict[str, Any] = {}
    for entry in sorted(entry_points(group=hookspecs.PROJECT), key=lambda entry: entry.name):
        if entry.dist is not None and entry.dist.name == hookspecs.PROJECT:
            continue
        label = f"{entry.name} ({entry.dist.name} {entry.dist.version})" if entry.dist is not None else entry.name
        try:
            found[entry.name] = entry.load()
        except Exception as problem:  # whatever a plugin's import raises: it is named and the run stops
            what = f"{type(problem).__name__}: {problem}"
            raise PluginProblem(label, Text(f"插件无法加载：{what}", f"the plugin fails to load: {what}")) from problem
    return found


def _declares_entry_points() -> bool:
    """Whether a distribution other than lintperf itself declares plugins.

    importlib.metadata costs 50 ms at start-up, a quarter of a whole run; looking for the group's name in the
    entry_points.txt files of the path costs 1 ms and is nearly always enough.
    """
    marker = f"[{hookspecs.PROJECT}]".encode()
    own = f"{hookspecs.PROJECT}-"
    for folder in sys.path:
        if folder.endswith(".zip") and Path(folder).is_file():
            return True  # a zipped path is rare; let importlib.metadata look
        try:
            entries = list(os.scandir(folder or "."))
        except OSError:
            continue
        for entry in entries:
            if entry.name.endswith((".dist-info", ".egg-info")) and not entry.name.startswith(own):
                try:
                    declared = Path(entry.path, "entry_points.txt").read_bytes()
                except OSError:
                    continue
                if marker in declared:
                    return True
    return False


def _label(name: str) -> str:
    from importlib.metadata import entry_points

    for entry in entry_points(group=hookspecs.PROJECT):
        if entry.name == name and entry.dist is not None:
            return f"{name} ({entry.dist.name} {entry.dist.version})"
    return name


def _gather(manager: pluggy.PluginManager) -> Extensions:
    extensions = Extensions(functions={function.name: function for function in CORE_FUNCTIONS})
    extensions.plugins = dict(manager.list_name_plugin())

    def each(hook: str) -> list[tuple[str, Any]]:
        items: list[tuple[str, Any]] = []
        for implementation in getattr(manager.hook, hook).get_hookimpls():
            try:
                items += [(implementation.plugin_name, item) for item in implementation.function()]
            except Exception as problem:  # see _installed
                what = f"{type(problem).__name__}: {problem}"
                raise PluginProblem(_label(implementation.plugin_name), Text(
                    f"挂钩 {hook} 出错：{what}", f"hook {hook} failed: {what}")) from problem  # fmt: skip
        return items

    def put(into: dict[Any, Any], name: Any, value: Any, plugin: str, what: Text) -> None:
        if name in into:
            shown = " ".join(name) if isinstance(name, tuple) else name
            raise PluginProblem(
                _label(plugin), Text(f"{what.zh} {shown} 已由另一插件提供", f"{what.en} {shown} is already taken")
            )
        into[name] = value

    for plugin, path in each("lintperf_schemas"):
        put(extensions.types, Path(path).stem, DocumentType(Path(path)), plugin, Text("文档类型", "document type"))
    for plugin, importer in each("lintperf_importers"):
        for suffix in importer.suffixes:
            put(extensions.importers, suffix, importer, plugin, Text("后缀", "suffix"))
    extensions.vocabulary = tuple(Path(file) for _, file in each("lintperf_vocabulary"))
    facts: dict[str, FactGroup] = {}
    for plugin, group in each("lintperf_facts"):
        for name in group.record._fields:
            where = f"{group.type}/{group.each}:{name}" if group.each else f"{group.type}:{name}"
            put(facts, where, group, plugin, Text("事实", "fact"))
        extensions.groups.append(group)
    for plugin, function in each("lintperf_functions"):
        put(extensions.functions, function.name, function, plugin, Text("函数", "function"))
    for plugin, check in each("lintperf_checks"):
        put(extensions.checks, check.name, check, plugin, Text("检查", "check"))
    for plugin, run_check in each("lintperf_run_checks"):
        put(extensions.checks, run_check.name, run_check, plugin, Text("检查", "check"))
    for plugin, folder in each("lintperf_rulesets"):
        put(extensions.pack_folders, Path(folder).name, Path(folder), plugin, Text("规则包", "ruleset"))
    for plugin, table in each("lintperf_tables"):
        put(extensions.tables, table.name, table, plugin, Text("表", "table"))
    for plugin, reporter in each("lintperf_reporters"):
        written_for = extensions.reporters if reporter.assets is None else extensions.pages
        put(written_for, reporter.name, reporter, plugin, Text("输出格式", "format"))
    for plugin, renderer in each("lintperf_renderers"):
        for suffix in renderer.suffixes:
            put(extensions.renderers, (renderer.type, suffix), renderer, plugin, Text("打印格式", "printed format"))
    for plugin, annotator in each("lintperf_annotators"):
        for suffix in annotator.suffixes:
            put(extensions.annotators, suffix, annotator, plugin, Text("可批注的后缀", "suffix to annotate"))
    return extensions
