"""The engine knows no domain: a contract register, invented here, is linted by the same engine and command line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import pytest

from lintperf import plugins
from lintperf.cases import run_cases
from lintperf.cli import check as check_module
from lintperf.cli.main import run
from lintperf.extension import Check, FactGroup, Problem, Subject
from lintperf.hookspecs import hookimpl
from lintperf.model import Text
from lintperf.pipeline import Session, open_session
from lintperf.policy import Policy

SCHEMA: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "合同登记 | Contract record",
    "type": "object",
    "x-title": "/buyer",
    "required": ["type", "awards"],
    "additionalProperties": False,
    "properties": {
        "type": {"const": "contract-record"},
        "buyer": {"type": "string"},
        "awards": {
            "type": "array",
            "items": {
                "type": "object",
                "x-label": "id",
                "required": ["id"],
                "properties": {
                    "id": {"type": "string"},
                    "supplier": {"type": ["string", "null"]},
                    "estimate": {"type": ["number", "null"], "minimum": 0},
                    "value": {"type": ["number", "null"], "minimum": 0},
                    "signed": {"type": ["string", "null"]},
                    "published": {"type": ["string", "null"]},
                },
            },
        },
    },
}


class AwardFacts(NamedTuple):
    """What is known of an award beyond its fields."""

    overrun: Decimal | None
    days_to_publication: Decimal | None


def award_facts(
    estimate: Decimal | None, value: Decimal | None, signed: str | None, published: str | None
) -> AwardFacts:
    """The share by which the value is above the estimate; days from signature to publication."""
    from datetime import date

    overrun = (value - estimate) / estimate if estimate and value is not None else None
    try:
        days = date.fromisoformat(published or "") - date.fromisoformat(signed or "")
    except ValueError:
        return AwardFacts(overrun, None)
    return AwardFacts(overrun, Decimal(days.days))


def repeated_supplier(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """A supplier with more awards than allowed; told once, at the last."""
    seen: dict[str, list[int]] = {}
    for number, row in enumerate(subject.rows("awards")):
        if row.get("supplier"):
            seen.setdefault(str(row["supplier"]), []).append(number)
    for supplier, numbers in seen.items():
        if len(numbers) > options["most"]:
            related = [f"/awards/{number}/supplier" for number in numbers[:-1]]
            yield Problem(
                f"/awards/{numbers[-1]}/supplier", {"times": Decimal(len(numbers))}, supplier, related=related
            )


def texts(zh: str, en: str) -> dict[str, str]:
    return {"zh": zh, "en": en}


def rule_data(code: str, name: str, severity: str, **fields: Any) -> dict[str, Any]:
    return {
        "code": code, "name": name, "title": texts(name, name), "severity": severity, "confidence": "high",
        "applies_to": ["contract-record"], "remedy": texts("改", "mend"), "why": texts("因", "because"),
        "source": [{"title": texts("自定", "own"), "house": True}], **fields,
    }  # fmt: skip


def dates(signed: str, published: str) -> dict[str, str]:
    return {"id": "a", "signed": signed, "published": published}


RULES = {
    "OC101-value-above-estimate": (
        rule_data(
            "OC101", "value-above-estimate", "error", each="awards", when="overrun > 0",
            **{"assert": "overrun <= param.overrun"}, at="value", related=["estimate"], expected="estimate",
            message=texts("合同价 {found:money} 高于估价 {expected:money}，超出 {overrun:percent}",
                          "value {found:money}, estimate {expected:money}, above it by {overrun:percent}"),
        ),
        {
            "pass": [{"name": "十分之一以内", "document": {"awards": [{"id": "a", "estimate": 100, "value": 110}]}},
                     {"name": "没有估价", "document": {"awards": [{"id": "a", "estimate": 0, "value": 110}]}}],
            "fail": [{"name": "超出", "document": {"awards": [{"id": "a", "estimate": 1000, "value": 1100.10}]},
                      "findings": [{"row": "a", "field": "value", "found": 1100.1, "message": "超出 10.01%"}]}],
        },
    ),
    "OC102-published-late": (
        rule_data(
            "OC102", "published-late", "warning", each="awards", **{"assert": "0 <= days_to_publication <= 7"},
            at="published",
            message=texts("签订后 {days_to_publication} 天公布", "published {days_to_publication} days later"),
        ),
        {
            "pass": [{"name": "及时", "document": {"awards": [dates("2024-01-01", "2024-01-08")]}}],
            "fail": [{"name": "晚", "document": {"awards": [dates("2024-01-01", "2024-01-09")]},
                      "findings": [{"found": "2024-01-09"}]}],
        },
    ),
    "OC103-repeated-supplier": (
        rule_data(
            "OC103", "repeated-supplier", "note", check={"name": "repeated-supplier", "with": {"most": 2}},
            message=texts("{found}中标 {times} 次", "{found} won {times} times"),
        ),
        {
            "pass": [{"name": "两次", "document": {"awards": [{"id": each, "supplier": "甲"} for each in "ab"]}}],
            "fail": [{"name": "三次", "document": {"awards": [{"id": each, "supplier": "甲"} for each in "abc"]},
                      "findings": [{"row": "c", "field": "supplier", "found": "甲"}]}],
        },
    ),
}  # fmt: skip


@pytest.fixture
def contracts(tmp_path: Path) -> Any:
    schema = tmp_path / "contract-record.json"
    schema.write_text(json.dumps(SCHEMA, ensure_ascii=False), encoding="utf-8")
    pack = tmp_path / "contracts"
    (pack / "rules").mkdir(parents=True)
    head = {
        "name": "contracts", "title": texts("合同", "contracts"), "version": "1", "default_for": ["contract-record"],
        "parameters": {"overrun": {"type": "number", "default": 0.1, "title": texts("超出", "overrun")}},
    }  # fmt: skip
    (pack / "ruleset.yaml").write_text(json.dumps(head, ensure_ascii=False), encoding="utf-8")
    for stem, (data, cases) in RULES.items():
        (pack / "rules" / f"{stem}.yaml").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        (pack / "rules" / f"{stem}.test.yaml").write_text(json.dumps(cases, ensure_ascii=False), encoding="utf-8")
    inputs = ("estimate", "value", "signed", "published")

    def lintperf_schemas() -> Sequence[Path]:
        return [schema]

    def lintperf_facts() -> Sequence[FactGroup]:
        return [FactGroup("contract-record", "awards", inputs, award_facts, AwardFacts, {})]

    def lintperf_checks() -> Sequence[Check]:
        return [Check("repeated-supplier", "contract-record", repeated_supplier, Text("", ""), {"most": "number"})]

    def lintperf_rulesets() -> Sequence[Path]:
        return [pack]

    hooks = (lintperf_schemas, lintperf_facts, lintperf_checks, lintperf_rulesets)
    return SimpleNamespace(**{hook.__name__: hookimpl(hook) for hook in hooks})


RECORD = """{"type": "contract-record", "buyer": "河道管理处", "awards": [
  {"id": "2024-1", "supplier": "甲", "estimate": 200000, "value": 250000.00, "signed": "2024-03-01"},
  {"id": "2024-2", "supplier": "甲", "estimate": 0, "value": 1, "signed": "2024-03-01", "published": "2024-04-01"},
  {"id": "2024-3", "supplier": "甲"}
]}
"""


def test_its_cases_hold(contracts: Any) -> None:
    session = open_session(plugins={"contracts": contracts}, use_cache=False)
    ruleset = session.ruleset(Policy(), "contract-record")
    results = list(run_cases(session, ruleset))
    assert len(results) == 7
    assert [result.failure for result in results if result.failure] == []


@pytest.fixture
def command(contracts: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """The command line with the plugin in it, and a record to lint."""

    def with_contracts(use_cache: bool = True) -> Session:
        return Session(plugins.load_extensions({"contracts": contracts}), use_cache)

    monkeypatch.setattr(check_module, "open_session", with_contracts)
    monkeypatch.setenv("LINTPERF_CACHE_DIR", str(tmp_path / "cache"))
    path = tmp_path / "record.json"
    path.write_text(RECORD, encoding="utf-8")
    return path


def test_the_command_line_lints_it(command: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(["check", str(command), "--format", "concise", "--lang", "zh", "--persona", "reviewer"])
    lines = capsys.readouterr().out.splitlines()
    assert code == 1
    assert [line.split(": ", 1)[1] for line in lines[:3]] == [
        "error OC101 [value-above-estimate] 合同价 250,000.00 高于估价 200,000，超出 25%",
        "warning OC102 [published-late] 签订后 31 天公布",
        "note OC103 [repeated-supplier] 甲中标 3 次",
    ]
    column = RECORD.split("\n")[1].index("250000.00") + 1
    assert lines[0].startswith(f"{command}:2:{column}:")


def test_its_json_names_its_type_title_and_row(command: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(["check", str(command), "--format", "json", "--lang", "en"])
    (document,) = json.loads(capsys.readouterr().out)["documents"]
    assert (document["type"], document["title"]) == ("contract-record", "河道管理处")
    assert [each["row"] for each in document["findings"]] == ["2024-1", "2024-2"]


def test_its_parameter_can_be_set(command: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run(
        [
            "check",
            str(command),
            "--ruleset",
            "contracts",
            "--param",
            "overrun=0.3",
            "--select",
            "OC1",
            "--format",
            "concise",
        ]
    )
    assert code == 0
    assert "OC101" not in capsys.readouterr().out


# words of our first domain; the engine may name them only where a person is shown an example
DOMAIN = re.compile(
    r"绩效|自评|预算|执行率|偏差|满意度|指标|财政|得分|分值|budget|execution|indicator|self-evaluation|performance|"
    r"deviation|satisfaction|fiscal|explanation|weight|\bgoal|\bfunds",
    re.IGNORECASE,
)
# where a person is shown an example, and one punctuation mark: file and part of the line
ALLOWED = (
    ("lintperf/cli/app.py", 'help="绩效自评表和评价报告的检查工具'),
    ("lintperf/cli/app.py", '@app.command(help="得分复核表'),
    ("lintperf/cli/app.py", 'help="self-evaluation、ruleset'),
    ("lintperf/document/yaml_text.py", "'-' indicator"),
    ("lintperf/extension.py", "the array whose rows they describe"),
    ("lintperf/model.py", "the label of the table row (an indicator's name)"),
    ("lintperf/results.py", "such as `indicators.score`) → its title"),
    ("lintperf/rules/program.py", '# name in the code → ("number", "0.9")'),
    ("lintperf/server/fields.py", 'example="cn-self-evaluation"'),
    ("lintperf/schema/catalogue.py", "The field at a dotted path such as"),
    ("lintperf/schema/fields.py", "The field at a dotted path, lists passed"),
)


def test_the_engine_has_no_word_of_its_first_domain() -> None:
    root = Path(plugins.__file__).parent.parent
    found = [
        (path.relative_to(root).as_posix(), line.strip())
        for path in sorted((root / "lintperf").rglob("*.py"))
        for line in path.read_text(encoding="utf-8").splitlines()
        if DOMAIN.search(line)
    ]
    strange = [(name, line) for name, line in found if not any(name == file and part in line for file, part in ALLOWED)]
    assert strange == []
