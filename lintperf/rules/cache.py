"""Compiled rulesets kept in the user's cache folder as JSON: reading and typing 60 rule files costs 100 ms, this 3.

An entry is found by a key over everything it was made from (the pack files by name, size and time of change, the
plugins' facts, functions and checks, the settings, the versions). It is a checksum and JSON, never pickle; an entry
that cannot be read or is not what it should be is made again. A folder that everybody can write to is not used.
Beside the source of the loops an entry holds what this very Python compiled it to: whoever could change that could as
well change the source, and another Python compiles the source anew.
"""

from __future__ import annotations

import json
import os
import stat
import sys
from binascii import a2b_base64, b2a_base64
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from threading import get_ident
from typing import Any
from zlib import crc32

from lintperf.model import Confidence, Severity, Text
from lintperf.rules.choice import Choice, Mark
from lintperf.rules.program import Plan, scan_codes
from lintperf.rules.rule import Citation, FixRule, Milder, Rule
from lintperf.version import __version__

__all__ = ["Compiled", "cache_folder", "is_ours", "key_of", "load", "save", "signature"]

FORMAT = "8"
# code is good for one release of one Python only
PYTHON = f"{sys.implementation.cache_tag} {sys.hexversion:x}"
MOST_ENTRIES = 64


@dataclass(frozen=True, slots=True)
class Compiled:
    """A ruleset compiled for one document type: its name and hash, the rules in force, the plan, what was skipped.

    choices     packs that a document can ask for instead, where none was named
    further     rules that those packs add to the ones in force
    parameters  values of the parameters that tables name
    """

    name: str
    hash: str
    skipped: tuple[tuple[str, str], ...]
    rules: tuple[Rule, ...]
    plan: Plan
    choices: tuple[Choice, ...] = ()
    further: tuple[Rule, ...] = ()
    parameters: Mapping[str, Any] = field(default_factory=dict)


def cache_folder() -> Path:
    """Where entries lie: LINTPERF_CACHE_DIR, else the platform's folder for caches."""
    chosen = os.environ.get("LINTPERF_CACHE_DIR")
    if chosen:
        return Path(chosen)
    if sys.platform == "win32":
        return Path(os.environ.get("LOCALAPPDATA") or Path.home()) / "lintperf" / "cache"
    if sys.platform == "darwin":
        return Path.home() / "Library" / "Caches" / "lintperf"
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "lintperf"


def signature(folders: Iterable[Path]) -> str:
    """Names, sizes and times of change of the files of packs, as one text. A folder that is gone counts as empty."""
    parts: list[str] = []
    for folder in folders:
        parts.append(str(folder))
        for place in (folder, folder / "rules"):
            try:
                with os.scandir(place) as entries:
                    listed = sorted(entries, key=lambda entry: entry.name)
                    for entry in listed:
                        if entry.name.endswith(".yaml") and not entry.name.endswith(".test.yaml"):
                            status = entry.stat()
                            parts.append(f"{entry.name}:{status.st_size}:{status.st_mtime_ns}")
            except OSError:
                continue
    return "\n".join(parts)


def key_of(*parts: object) -> str:
    """The key over what an entry is made from. It is the whole text: an entry holds it and is compared with it."""
    return "\0".join(repr(part) for part in (FORMAT, __version__, *parts))


def _entry(key: str) -> Path:
    # only a file name: two keys with one name cost a recompilation, never a wrong rule. hashlib costs 3 ms to import
    return cache_folder() / f"{crc32(key.encode(errors='surrogatepass')):08x}.json"


def is_ours(folder: Path) -> bool:
    """Whether nobody but this user (or root) can put files into a folder: an entry holds code that will run."""
    if not hasattr(os, "getuid"):
        return True
    status = folder.stat()
    return status.st_uid in (0, os.getuid()) and not status.st_mode & stat.S_IWOTH


def load(key: str) -> Compiled | None:
    """The entry of a key; None where there is none or it cannot be used."""
    try:
        path = _entry(key)
        if not is_ours(path.parent):
            return None
        checksum, _, body = path.read_bytes().partition(b"\n")
        if checksum != b"%08x" % crc32(body):
            return None
        data = json.loads(body)
        if data["key"] != key:
            return None
        return _decoded(data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RuntimeError):
        return None


def save(key: str, compiled: Compiled) -> None:
    """Keep an entry; written whole or not at all. A cache that cannot be written is no error."""
    with suppress(OSError, RuntimeError):
        folder = cache_folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        temporary = folder / f".{os.getpid()}-{get_ident()}.tmp"
        with suppress(FileNotFoundError):
            _drop_oldest(folder)
        try:
            text = json.dumps({"key": key, **_encoded(compiled)}, ensure_ascii=False)
            body = text.encode(errors="surrogatepass")
            temporary.write_bytes(b"%08x\n" % crc32(body) + body)
            temporary.replace(_entry(key))
        finally:
            with suppress(OSError):
                temporary.unlink()


def _drop_oldest(folder: Path) -> None:
    entries = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
    for path in entries[: max(0, len(entries) - MOST_ENTRIES + 1)]:
        with suppress(OSError):
            path.unlink()


def _text(text: Text | None) -> list[str] | None:
    return [text.zh, text.en] if text is not None else None


def _option(value: Any) -> Any:
    """A check's option as JSON can hold it; a decimal becomes {"decimal": "1.3"}."""
    if isinstance(value, Decimal):
        return {"decimal": str(value)}
    if isinstance(value, list | tuple):
        return [_option(item) for item in value]
    if isinstance(value, Mapping):
        return {"record": {key: _option(item) for key, item in value.items()}}
    return value


def _option_back(value: Any) -> Any:
    if isinstance(value, dict):
        if "decimal" in value:
            return Decimal(value["decimal"])
        return {key: _option_back(item) for key, item in value["record"].items()}
    return tuple(_option_back(item) for item in value) if isinstance(value, list) else value


def _encoded(compiled: Compiled) -> dict[str, Any]:
    plan = compiled.plan
    return {
        "name": compiled.name,
        "hash": compiled.hash,
        "skipped": compiled.skipped,
        "rules": [_rule(rule) for rule in compiled.rules],
        "scans": plan.scans,
        "checks": [[number, name, _option(options)] for number, name, options in plan.checks],
        "remarks": plan.remarks,
        "details": plan.details,
        "python": PYTHON,
        "codes": [b2a_base64(code, newline=False).decode() for code in scan_codes(plan)],
        "choices": [
            [pack, [[mark.at, mark.test, _option(mark.values), mark.points, mark.required] for mark in marks]]
            for pack, marks in compiled.choices
        ],
        "further": [_rule(rule) for rule in compiled.further],
        "parameters": _option(compiled.parameters),
    }


def _is_for_us(data: Mapping[str, Any]) -> bool:
    """Whether this Python wrote the code of an entry."""
    return bool(data["python"] == PYTHON) and len(data["codes"]) == len(data["scans"])


def _decoded(data: Mapping[str, Any]) -> Compiled:
    plan = Plan(
        scans=[(each, numbers, source, constants) for each, numbers, source, constants in data["scans"]],
        checks=[(number, name, _option_back(options)) for number, name, options in data["checks"]],
        remarks=data["remarks"],
        details={int(number): (source, constants) for number, (source, constants) in data["details"].items()},
        codes=[a2b_base64(code) for code in data["codes"]] if _is_for_us(data) else [],
    )
    skipped = tuple((code, reason) for code, reason in data["skipped"])
    rules, further = (tuple(_rule_back(rule) for rule in data[name]) for name in ("rules", "further"))
    choices = tuple(
        Choice(
            pack,
            tuple(
                Mark(tuple(at), test, _option_back(values), points, required)
                for at, test, values, points, required in marks
            ),
        )
        for pack, marks in data["choices"]
    )
    parameters = _option_back(data["parameters"])
    return Compiled(data["name"], data["hash"], skipped, rules, plan, choices, further, parameters)


# what a rule needs after it has been compiled: its expressions and places stay in its file
_PLAIN = (
    "code",
    "name",
    "pack",
    "path",
    "types",
    "status",
    "each",
    "check",
    "remark",
    "once",
    "at",
    "related",
    "mandatory",
    "dimension",
)


def _rule(rule: Rule) -> dict[str, Any]:
    return {
        **{name: getattr(rule, name) for name in _PLAIN},
        "texts": [_text(text) for text in (rule.title, rule.message, rule.remedy, rule.why)],
        "variants": {key: _text(text) for key, text in rule.variants.items()},
        "levels": [rule.severity, rule.declared, rule.confidence],
        "milder": [[milder.when, milder.severity, milder.variant] for milder in rule.milder],
        "fix": list(rule.fix) if rule.fix is not None else None,
        "source": [
            [_text(each.title), each.number, each.issuer, _text(each.article), each.house] for each in rule.source
        ],
    }


def _rule_back(data: Mapping[str, Any]) -> Rule:
    title, message, remedy, why = (Text(*text) for text in data["texts"])
    severity, declared, confidence = data["levels"]
    plain: dict[str, Any] = {name: tuple(data[name]) if name in ("types", "related") else data[name] for name in _PLAIN}
    return Rule(
        title=title,
        message=message,
        remedy=remedy,
        why=why,
        variants={key: Text(*text) for key, text in data["variants"].items()},
        severity=Severity(severity),
        declared=Severity(declared),
        confidence=Confidence(confidence),
        milder=tuple(Milder(when, Severity(level), variant) for when, level, variant in data["milder"]),
        fix=FixRule(*data["fix"]) if data["fix"] is not None else None,
        source=tuple(
            Citation(Text(*text), number, issuer, Text(*article) if article is not None else None, house)
            for text, number, issuer, article, house in data["source"]
        ),
        **plain,
    )
