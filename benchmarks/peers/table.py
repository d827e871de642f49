"""The table of peers: what each is, where its rules lie, how it runs over a folder of forms, what it cannot say.

Each says the same ten rules (`CODES`) in its own language, in a folder of its own beside this file, and runs in an
environment of its own (`environments.py`). A tool that has no command for many files has a short driver there.
"""

from __future__ import annotations

import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.peers.environments import NODE, Environment, PythonEnvironment, python_environment
from lintperf.version import __version__

__all__ = [
    "CODES",
    "FINDINGS",
    "FORMATS",
    "LINTPERF",
    "PEERS",
    "SCHEMA",
    "SPECTRAL",
    "Finding",
    "Peer",
    "Words",
    "ajv_cli",
    "lintperf_check",
    "lintperf_command",
    "row_of",
    "schema_rule",
]

HERE = Path(__file__).resolve().parent
SCHEMA = HERE.parents[1] / "schemas" / "self-evaluation.json"
CODES = ("LP103", "LP104", "LP201", "LP202", "LP203", "LP204", "LP208", "LP301", "LP303", "LP305")
FINDINGS = (0, 1)  # exit codes of a linter that worked


class Words(NamedTuple):
    """A text in Chinese and English."""

    zh: str
    en: str


class Finding(NamedTuple):
    """What tools are compared by: the name of the form, the code, and the row or "" for the form as a whole.

    The name is that of the file without its ending; a row is `indicators/3` or `funds/rows/0`, counted from 0. Fields
    are named too freely for more.
    """

    form: str
    code: str
    row: str


@dataclass(frozen=True)
class Peer:
    """A tool with the ten rules.

    environment  where it is installed; None for lintperf, which runs in this one
    version      its version, with the engine below it where that matters
    language     what the rules are written in
    command      the command that checks all files of a folder in one run
    findings     what that command found, from what it wrote
    strength     what it is better at than lintperf
    cannot       the codes that cannot be said in it, with the reason
    reads        the kind of file that it reads, a key of `FORMATS`; forms are turned into it before it is measured
    """

    name: str
    environment: Environment | None
    version: str
    language: Words
    command: Callable[[Path], list[str]]
    findings: Callable[[str], set[Finding]]
    strength: Words
    cannot: Mapping[str, Words] = field(default_factory=dict)
    reads: str = "json"

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that can be said in it."""
        return tuple(code for code in CODES if code not in self.cannot)

    def missing(self) -> str | None:
        """None where it is installed, else a sentence that says that it is not."""
        return None if self.environment is None else self.environment.missing()


# --- commands --------------------------------------------------------------------------------------------------------


def lintperf_command() -> list[str]:
    """The command of lintperf: the script of this Python's environment, else `python -m lintperf`."""
    script = Path(sys.executable).parent / "lintperf"
    return [str(script)] if script.exists() else [sys.executable, "-m", "lintperf"]


def lintperf_check(folder: Path, codes: tuple[str, ...] | None) -> list[str]:
    """lintperf over a folder with these rules, or with all of them; results of earlier runs are not used."""
    select = ["--select", ",".join(codes)] if codes else []
    options = ["--no-config", "--no-cache", "--jobs", "1", "--persona", "auditor", "--format", "json"]
    return [*lintperf_command(), "check", str(folder), *select, *options]


def ajv_cli(folder: Path) -> list[str]:
    """ajv-cli over a folder: the schema alone."""
    # strict mode would refuse the schema's x- annotations
    options = ["--spec=draft2020", "--strict=false", "-s", str(SCHEMA), "-d", f"{folder}/*.json"]
    return [NODE.program("ajv"), "validate", *options]


def _spectral(folder: Path) -> list[str]:
    options = ["-r", str(HERE / "spectral" / "ruleset.mjs"), "--ignore-unknown-format", "-q", "-f", "json"]
    return [NODE.program("spectral"), "lint", *options, f"{folder}/*.json"]


def _check_jsonschema(folder: Path) -> list[str]:
    options = ["--schemafile", str(HERE / "check_jsonschema" / "rules.json"), "-o", "json"]
    files = [str(path) for path in sorted(folder.iterdir())]
    return [CHECK_JSONSCHEMA.program("check-jsonschema"), *options, *files]


# --- what they wrote -------------------------------------------------------------------------------------------------


def row_of(path: list[str]) -> str:
    """The row that the steps of a path lead into, or the empty text for the form as a whole."""
    number = next((i for i, step in enumerate(path) if step.isdigit()), None)
    return "" if number is None else "/".join(path[: number + 1])


def _of_lintperf(output: str) -> set[Finding]:
    return {
        Finding(Path(document["path"]).stem, one["code"], row_of(one["pointer"].split("/")[1:]))
        for document in json.loads(output)["documents"]
        for one in document["findings"]
    }


def _of_spectral(output: str) -> set[Finding]:
    return {
        Finding(Path(one["source"]).stem, one["code"], row_of([str(step) for step in one["path"]]))
        for one in json.loads(output)
    }


def _of_check_jsonschema(output: str) -> set[Finding]:
    """A report names place and message; the schema is written so that these tell the rules apart."""
    found = set()
    for error in json.loads(output)["errors"]:
        steps = re.findall(r"[a-z0-9_]+", error["path"])
        found.add(Finding(Path(error["filename"]).stem, schema_rule(steps, error["message"]), row_of(steps)))
    return found


def schema_rule(path: list[str], message: str) -> str:
    """The code of the rule that a place and a message of check-jsonschema stand for; the message where it is none."""
    required = re.fullmatch(r"'(\w+)' is a required property", message)
    where, name = path[0], required[1] if required else path[-1]
    if where == "funds":
        return "LP303"
    if name in ("target", "actual"):
        return "LP104"
    if required or "is not of type" in message:
        return "LP103"
    return {"score": "LP202", "weight": "LP208"}.get(name, message)


def _of_driver(output: str) -> set[Finding]:
    return {Finding(Path(file).stem, code, row) for file, code, row in json.loads(output)}


# --- forms as XML ----------------------------------------------------------------------------------------------------


def as_xml(text: str) -> str:
    """A form as XML: scalars as attributes in the decimals as written, members of lists as `row`, null left out."""
    return ElementTree.tostring(_element("form", json.loads(text, parse_int=str, parse_float=str)), encoding="unicode")


def _element(name: str, value: Any) -> ElementTree.Element:
    element = ElementTree.Element(name)
    if isinstance(value, dict):
        for key, member in value.items():
            if isinstance(member, dict | list):
                element.append(_element(key, member))
            elif member is not None:
                element.set(key, member)
    elif isinstance(value, list):
        element.extend(_element("row", member) for member in value)
    else:
        element.text = value
    return element


# what forms, which are JSON, are turned into
FORMATS: dict[str, Callable[[str], str]] = {"json": str, "xml": as_xml}


# --- the table -------------------------------------------------------------------------------------------------------

CHECK_JSONSCHEMA = python_environment("check-jsonschema", "check_jsonschema")
PANDERA = python_environment("pandera", "pandera")
FRICTIONLESS = python_environment("frictionless", "frictionless")
SCHEMATRON = python_environment("Schematron", "schematron")
REGO = python_environment("Rego", "rego")


def _driver(environment: PythonEnvironment, folder: str) -> Callable[[Path], list[str]]:
    return lambda forms: [environment.program("python"), str(HERE / folder / "check.py"), str(forms)]


TWO_VALUES = Words("模式里的值只能与常数比较", "a schema holds a value against constants, not against another value")
NO_SUMS = Words("模式不能求和", "a schema does not add up")
ONE_TABLE = Words(
    "一项检查只看得到一张表，而合计跨指标、资金、总分三处",
    "a check sees one table; the sum runs over indicators, funds and total",
)

LINTPERF = Peer(
    "lintperf",
    None,
    __version__,
    Words("规则文件（YAML）", "rule files (YAML)"),
    lambda folder: lintperf_check(folder, CODES),
    _of_lintperf,
    Words(
        "精确小数，保留所写小数位；另有一百余条规则，读 Word、Excel、PDF，双语说明，批注原件",
        "exact decimals with the places as written; a hundred more rules, Word, Excel and PDF, texts in two languages",
    ),
)
SPECTRAL = Peer(
    "Spectral",
    NODE,
    NODE.version("@stoplight/spectral-cli"),
    Words("规则集，每条一个 JSONPath 和一个 JavaScript 函数", "a ruleset: a JSONPath and a JavaScript function each"),
    _spectral,
    _of_spectral,
    Words(
        "OpenAPI、AsyncAPI 的现成规则，编辑器插件，规则集可由网址引用",
        "ready rules for OpenAPI and AsyncAPI, editor plugins, rulesets shared by address",
    ),
)
PEERS = (
    LINTPERF,
    SPECTRAL,
    Peer(
        "ajv + JavaScript",
        NODE,
        NODE.version("ajv"),
        Words(
            "JSON Schema 管结构，JavaScript 函数管计算", "JSON Schema for the shape, JavaScript functions for the rest"
        ),
        lambda folder: ["node", str(HERE / "ajv" / "check.mjs"), str(SCHEMA), str(folder)],
        _of_driver,
        Words("JavaScript 引擎的速度；在浏览器里也能用", "the speed of a JavaScript engine; runs in a browser as well"),
    ),
    Peer(
        "check-jsonschema",
        CHECK_JSONSCHEMA,
        CHECK_JSONSCHEMA.version("check-jsonschema"),
        Words("JSON Schema 2020-12", "JSON Schema 2020-12"),
        _check_jsonschema,
        _of_check_jsonschema,
        Words(
            "JSON Schema 处处可用：编辑器补全、各种语言的校验器；不用写程序",
            "JSON Schema is everywhere: completion in editors, validators in any language; no program to write",
        ),
        {
            "LP201": TWO_VALUES,
            "LP203": NO_SUMS,
            "LP204": NO_SUMS,
            "LP301": TWO_VALUES,
            "LP305": TWO_VALUES,
        },
    ),
    Peer(
        "pandera",
        PANDERA,
        f"{PANDERA.version('pandera')}, pandas {PANDERA.version('pandas')}",
        Words(
            "数据框模式，检查是按列计算的 Python 函数",
            "schemas of data frames; checks are Python functions over columns",
        ),
        _driver(PANDERA, "pandera"),
        _of_driver,
        Words(
            "成批的表一次按列算完；数据已在数据框里时不必转换",
            "all forms at once, by columns; at home where data are frames",
        ),
    ),
    Peer(
        "frictionless",
        FRICTIONLESS,
        FRICTIONLESS.version("frictionless"),
        Words(
            "表模式、行内公式，其余是 Python 检查类",
            "table schemas and formulas of a row, classes of checks for the rest",
        ),
        _driver(FRICTIONLESS, "frictionless"),
        _of_driver,
        Words(
            "CSV、Excel、数据库的表，数据包标准，开放数据平台通用；小数精确",
            "tables of CSV, Excel and databases, data packages, known to open-data portals; exact decimals",
        ),
        {"LP203": ONE_TABLE, "LP204": ONE_TABLE},
    ),
    Peer(
        "Schematron",
        SCHEMATRON,
        f"SaxonC-HE {SCHEMATRON.version('saxonche')}, lxml {SCHEMATRON.version('lxml')}",
        Words("ISO Schematron，XPath 3.1", "ISO Schematron with XPath 3.1"),
        _driver(SCHEMATRON, "schematron"),
        _of_driver,
        Words(
            "国际标准，小数精确，电子发票等 XML 交换通用；不用写程序",
            "an ISO standard with exact decimals, usual for XML such as e-invoices; no program to write",
        ),
        reads="xml",
    ),
    Peer(
        "Rego",
        REGO,
        f"rego-cpp {REGO.version('regopy')}",
        Words("Rego 策略", "a Rego policy"),
        _driver(REGO, "rego"),
        _of_driver,
        Words(
            "策略语言，Open Policy Agent 生态：准入控制、Terraform、Kubernetes",
            "a language of policies; Open Policy Agent's world of admission control, Terraform, Kubernetes",
        ),
    ),
)
