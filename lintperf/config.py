"""Configuration: `lintperf.toml` or `[tool.lintperf]`, the nearest one upwards of each file, and what overrides it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from fnmatch import fnmatch
from functools import lru_cache
from pathlib import Path
from typing import Any

from lintperf.model import Severity, Text
from lintperf.policy import Policy, UsageProblem
from lintperf.resources import data_folder
from lintperf.schema.catalogue import load_schema
from lintperf.schema.validation import Validator

__all__ = ["Config", "config_for", "excluded", "forget_configurations", "helpers", "load_config", "policy_from"]

NAMES = ("lintperf.toml", "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Config:
    """The settings of one configuration file (and of those it extends): key → value, key → the file it comes from."""

    values: Mapping[str, Any] = field(default_factory=dict)
    origins: Mapping[str, str] = field(default_factory=dict)
    path: Path | None = None

    @property
    def folder(self) -> Path | None:
        """What patterns of files are relative to."""
        return self.path.parent if self.path is not None else None


EMPTY = Config()


def _table(path: Path) -> Mapping[str, Any] | None:
    """The settings in a file; None where a pyproject.toml has none. Raises UsageProblem."""
    import tomllib

    try:
        with path.open("rb") as stream:
            data = tomllib.load(stream, parse_float=_finite)
    except OSError as problem:
        raise UsageProblem(
            Text(f"{path}：无法读取（{problem.strerror}）", f"{path}: cannot be read ({problem.strerror})")
        ) from None
    except (ValueError, RecursionError) as problem:  # no TOML, no text, or not finite
        raise UsageProblem(
            Text(f"{path}：不是合法的 TOML（{problem}）", f"{path}: no valid TOML ({problem})")
        ) from None
    if path.name == "pyproject.toml":
        table = data.get("tool", {}).get("lintperf")
        if table is None:
            return None
        return _numbers(table)  # type: ignore[no-any-return]
    return _numbers(data)  # type: ignore[no-any-return]


def _finite(text: str) -> Decimal:
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError(text)
    return number


def _numbers(value: Any) -> Any:
    """The value with all numbers as Decimal, as everywhere else, and dates and times as text."""
    if isinstance(value, bool):
        return value
    if isinstance(value, date | time):
        return str(value)
    if isinstance(value, int):
        return Decimal(value)
    if isinstance(value, dict):
        return {key: _numbers(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_numbers(item) for item in value]
    return value


@lru_cache(maxsize=256)
def load_config(path: Path) -> Config:
    """The configuration in a file, on top of what it extends. Raises UsageProblem with the file and the key."""
    return _load(path, ())


def _load(path: Path, open_files: tuple[Path, ...]) -> Config:
    if path in open_files:
        loop = " → ".join(str(each) for each in (*open_files, path))
        raise UsageProblem(Text(f"配置文件互相继承：{loop}", f"configuration files extend each other: {loop}"))
    table = _table(path) or {}
    _, remarks = Validator(load_schema(data_folder("schemas") / "config.json")).check(table)
    if remarks:
        pointer, arguments = remarks[0].pointer or "", remarks[0].arguments
        key = pointer.lstrip("/").replace("/", ".")
        raise UsageProblem(Text(
            f"{path}：{key}：{arguments['problem'].zh}；应为：{arguments['expected'].zh}",
            f"{path}: {key}: {arguments['problem'].en}; expected {arguments['expected'].en}",
        ))  # fmt: skip
    for name, value in table.get("params", {}).items():
        if isinstance(value, dict) or (
            isinstance(value, list) and any(isinstance(each, dict | list) for each in value)
        ):
            raise UsageProblem(Text(
                f"{path}：params.{name}：参数应为文字、数字、true/false 或其列表",
                f"{path}: params.{name}: a parameter is text, a number, true or false, or a list of them",
            ))  # fmt: skip
    below = EMPTY
    if "extends" in table:
        parent = (path.parent / table["extends"]).resolve()
        if not parent.is_file():
            raise UsageProblem(Text(f"{path}：extends：没有文件 {parent}", f"{path}: extends: no such file: {parent}"))
        below = _load(parent, (*open_files, path))
    values = dict(below.values)
    for key, value in table.items():
        if key in ("severity", "params", "per-file-ignores") and key in values:
            value = {**values[key], **value}
        values[key] = value
    values["ruleset"] = [_beside(path, name) for name in table.get("ruleset", [])] or values.get("ruleset", [])
    values.pop("extends", None)
    origins = {**below.origins, **dict.fromkeys(table, str(path))}
    return Config({key: value for key, value in values.items() if value != []}, origins, path)


def _beside(path: Path, name: str) -> str:
    """A pack's folder relative to the configuration file; a bare name stays a name."""
    return str((path.parent / name).resolve()) if "/" in name or "\\" in name or name.startswith(".") else name


def config_for(file: Path) -> Config:
    """The nearest configuration upwards of a file. Raises UsageProblem."""
    return _nearest(os.path.abspath(file.parent))  # noqa: PTH100 - resolving would ask the file system for each file


@lru_cache(maxsize=4096)
def _nearest(folder: str) -> Config:
    for name in NAMES:
        path = Path(folder, name)
        if path.is_file() and (name != "pyproject.toml" or _table(path) is not None):
            return load_config(path)
    above = os.path.dirname(folder)  # noqa: PTH120 - see above
    return _nearest(above) if above != folder else EMPTY


def forget_configurations() -> None:
    """Read all configuration files again: a process that lives on saw one change."""
    load_config.cache_clear()
    _nearest.cache_clear()


def policy_from(config: Config, chosen: Policy, file: Path | None = None, persona: str | None = None) -> Policy:
    """The policy for a file: the configuration's, overridden by what was chosen on the command line.

    Lists given on the command line replace the configuration's, but `ignore` and `extend_select` add to them, and so
    do severities and parameters, the command line's last. `persona` None: the configuration's, else that of `chosen`.
    """
    values = config.values
    if not values and persona in (None, chosen.persona):
        return chosen
    ignores = [*values.get("ignore", []), *chosen.ignore]
    if file is not None and config.folder is not None:
        for pattern, codes in values.get("per-file-ignores", {}).items():
            if _covers(pattern, file, config.folder):
                ignores += codes
    return Policy(
        rulesets=chosen.rulesets or tuple(values.get("ruleset", [])),
        select=chosen.select or tuple(values.get("select", [])),
        extend_select=(*values.get("extend-select", []), *chosen.extend_select),
        ignore=tuple(dict.fromkeys(ignores)),
        severities=(*((code, Severity[word]) for code, word in values.get("severity", {}).items()), *chosen.severities),
        parameters=(
            *(
                (name, tuple(value) if isinstance(value, list) else value)
                for name, value in values.get("params", {}).items()
            ),
            *chosen.parameters,
        ),
        persona=persona or values.get("persona", chosen.persona),
        today=chosen.today,
    )


def _covers(pattern: str, file: Path, folder: Path) -> bool:
    try:
        relative = file.resolve().relative_to(folder).as_posix()
    except ValueError:
        return False
    return fnmatch(relative, pattern) or fnmatch(file.name, pattern)


def helpers(allow_libreoffice: bool, config: Config) -> frozenset[str]:
    """The programs that importers may run: what the command line allows, or the configuration of the file."""
    return frozenset({"libreoffice"} if allow_libreoffice or config.values.get("allow-libreoffice") else ())


def excluded(config: Config, file: Path) -> bool:
    """Whether a configuration leaves a file out when its folder is walked."""
    return config.folder is not None and any(
        _covers(pattern, file, config.folder) for pattern in config.values.get("exclude", [])
    )
