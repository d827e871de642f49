"""A plugin that cannot be used stops the run with exit code 2 and is named with its distribution and version."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from lintperf.cli.main import run
from lintperf.hookspecs import hookimpl
from lintperf.plugins import PluginProblem, load_extensions

HEAD = "from lintperf.hookspecs import hookimpl\nfrom lintperf.extension import *\nfrom lintperf.model import Text\n"
Install = Callable[..., None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Installs a distribution with one plugin module, as an installer leaves it on the path."""
    monkeypatch.syspath_prepend(str(tmp_path))
    before = set(sys.modules)

    def put(name: str, text: str, module: str | None = None) -> None:
        (tmp_path / f"{module or name}.py").write_text(HEAD + text, encoding="utf-8")
        information = tmp_path / f"dist_{name}-1.2.3.dist-info"
        information.mkdir()
        (information / "METADATA").write_text(f"Metadata-Version: 2.1\nName: dist-{name}\nVersion: 1.2.3\n")
        (information / "entry_points.txt").write_text(f"[lintperf]\n{name} = {name}\n")
        importlib.invalidate_caches()

    yield put
    for module in set(sys.modules) - before:
        if str(getattr(sys.modules[module], "__file__", "")).startswith(str(tmp_path)):
            del sys.modules[module]


GOOD = """
@hookimpl
def lintperf_functions():
    return [Function("is_weekday", ("text",), "bool", lambda text: True, Text("工作日", "weekday"))]
"""

PROBLEMS = {
    "misspelt hook": ("@hookimpl\ndef lintperf_function():\n    return []\n",
                      "unknown hook lintperf_function, did you mean lintperf_functions?"),
    "misspelt hook without a mark": ("def lintperf_chekcs():\n    return []\n",
                                     "unknown hook lintperf_chekcs, did you mean lintperf_checks?"),
    "hook without a mark": ("def lintperf_checks():\n    return []\n", "hook lintperf_checks lacks the mark @hookimpl"),
    "wrong argument": ("@hookimpl\ndef lintperf_checks(config):\n    return []\n", "config"),
    "raises on import": ("raise RuntimeError('no licence')\n", "fails to load: RuntimeError: no licence"),
    "missing module": ("import no_such_module_anywhere\n", "fails to load: ModuleNotFoundError"),
    "wrong syntax": ("def (:\n", "fails to load: SyntaxError"),
    "raises in a hook": ("@hookimpl\ndef lintperf_facts():\n    return 1 / 0\n",
                         "hook lintperf_facts failed: ZeroDivisionError"),
    "gives nothing": ("@hookimpl\ndef lintperf_facts():\n    pass\n", "hook lintperf_facts failed: TypeError"),
    "suffix taken": ("@hookimpl\ndef lintperf_importers():\n"
                     "    return [Importer('mine', ('.json',), lambda source: [], Text('', ''))]\n",
                     "suffix .json is already taken"),
    "check taken": ("@hookimpl\ndef lintperf_checks():\n"
                    "    return [Check('a', 't', None, Text('', '')), Check('a', 't', None, Text('', ''))]\n",
                    "check a is already taken"),
    "function taken": ("@hookimpl\ndef lintperf_functions():\n"
                       "    return [Function('abs', ('number',), 'number', abs, Text('', ''))]\n",
                       "function abs is already taken"),
    "type taken": ("@hookimpl\ndef lintperf_schemas():\n    return ['elsewhere/self-evaluation.json']\n",
                   "document type self-evaluation is already taken"),
    "format taken": ("@hookimpl\ndef lintperf_reporters():\n    return [Reporter('text', None, Text('', ''))]\n",
                     "format text is already taken"),
    "printed format taken": ("@hookimpl\ndef lintperf_renderers():\n"
                             "    return [Renderer('a', ('.docx',), 'self-evaluation', None, Text('', ''))]\n",
                             "printed format self-evaluation .docx is already taken"),
    "pack taken": ("@hookimpl\ndef lintperf_rulesets():\n    return ['elsewhere/base']\n",
                   "ruleset base is already taken"),
}  # fmt: skip


@pytest.mark.parametrize("case", PROBLEMS)
def test_the_run_stops_and_names_plugin_distribution_and_version(
    case: str, install: Install, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, says = PROBLEMS[case]
    install("strange_plugin", text)
    form = tmp_path / "form.json"
    form.write_text("{}")
    for lang in ("en", "zh"):
        assert run(["check", str(form), "--no-cache", "--lang", lang]) == 2
        captured = capsys.readouterr()
        assert captured.out == ""
        assert captured.err.startswith("lintperf: strange_plugin (dist-strange_plugin 1.2.3)")
        assert "Traceback" not in captured.err
        if lang == "en":
            assert says in captured.err


def test_a_module_that_is_not_there(install: Install, tmp_path: Path) -> None:
    install("gone_plugin", GOOD, module="other_name")
    with pytest.raises(PluginProblem, match=r"gone_plugin \(dist-gone_plugin 1\.2\.3\): the plugin fails to load"):
        load_extensions()


def test_two_good_plugins_that_bring_the_same(install: Install) -> None:
    install("first_plugin", GOOD)
    install("second_plugin", GOOD)
    with pytest.raises(
        PluginProblem, match=r"_plugin \(dist-\w+_plugin 1\.2\.3\): function is_weekday is already taken"
    ):
        load_extensions()


def test_a_good_plugin_is_found_and_the_built_in_ones_stay(install: Install) -> None:
    install("good_plugin", GOOD)
    extensions = load_extensions()
    assert "is_weekday" in extensions.functions
    assert {"abs", "agrees"} <= set(extensions.functions)
    assert ".json" in extensions.importers


def test_a_plugin_given_by_hand_is_named_too() -> None:
    def lintperf_facts() -> list[Any]:
        raise ValueError("not today")

    with pytest.raises(PluginProblem, match="by-hand: hook lintperf_facts failed: ValueError: not today"):
        load_extensions({"by-hand": SimpleNamespace(lintperf_facts=hookimpl(lintperf_facts))})
    with pytest.raises(PluginProblem, match="by-hand: unknown hook lintperf_fact"):
        load_extensions({"by-hand": SimpleNamespace(lintperf_fact=hookimpl(lintperf_facts))})


def test_every_hook_is_documented_with_an_example() -> None:
    from lintperf import hookspecs

    hooks = [function for name, function in vars(hookspecs).items() if name.startswith("lintperf_")]
    assert len(hooks) == 12
    for hook in hooks:
        assert "Example: `return [" in hook.__doc__
