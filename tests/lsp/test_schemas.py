"""The schemas that editors use without the server: what is written, and that a validator of its own takes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from check_jsonschema import main as check_jsonschema
from click.testing import CliRunner
from client import ROOT

from lintperf.cli.main import run

EXAMPLE = ROOT / "examples" / "06-gongwu-jiedai.json"
RULES = ROOT / "rulesets" / "base" / "rules"


@pytest.fixture(scope="module")
def schemas(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("schemas") / "below"
    assert run(["schema", "all", "-o", str(folder)]) == 0
    return folder


def validated(*arguments: str | Path) -> tuple[int, str]:
    result = CliRunner().invoke(check_jsonschema, [str(argument) for argument in arguments])
    return result.exit_code, result.output


def test_every_schema_is_one(schemas: Path) -> None:
    files = sorted(path for path in schemas.iterdir() if path.name != "catalog.json")
    assert {"self-evaluation", "evaluation-report", "rule", "ruleset", "cases", "choices", "config"} <= {
        path.stem for path in files
    }
    assert validated("--check-metaschema", *files) == (0, "ok -- validation done\n")


def test_the_catalogue_leads_to_the_schemas(schemas: Path) -> None:
    catalogue = json.loads((schemas / "catalog.json").read_text(encoding="utf-8"))
    by_url = {each["url"]: each for each in catalogue["schemas"]}
    assert all((schemas / url).is_file() for url in by_url)
    assert by_url["./rule.json"]["fileMatch"] == ["**/rules/*.yaml", "!**/rules/*.test.yaml"]
    assert by_url["./self-evaluation.json"] == {
        "name": "项目支出绩效自评表 | Project expenditure self-evaluation form",
        "description": json.loads((schemas / "self-evaluation.json").read_text(encoding="utf-8"))["description"],
        "fileMatch": ["*.self-evaluation.json", "*.self-evaluation.yaml", "*.self-evaluation.yml"],
        "url": "./self-evaluation.json",
    }


def test_documents_fit_the_schema_that_they_name(schemas: Path, tmp_path: Path) -> None:
    form = {"$schema": "./self-evaluation.json", **json.loads(EXAMPLE.read_text(encoding="utf-8"))}
    (tmp_path / "named.json").write_text(json.dumps(form), encoding="utf-8")
    form["indicatorz"] = form.pop("indicators")
    (tmp_path / "wrong.json").write_text(json.dumps(form), encoding="utf-8")
    schema = schemas / "self-evaluation.json"
    assert validated("--schemafile", schema, EXAMPLE, tmp_path / "named.json")[0] == 0
    code, said = validated("--schemafile", schema, tmp_path / "wrong.json")
    assert code == 1
    assert "indicatorz" in said


def test_rules_cases_and_configuration_fit_theirs(schemas: Path, tmp_path: Path) -> None:
    stem = "LP301-execution-rate-miscomputed"
    assert validated("--schemafile", schemas / "rule.json", RULES / f"{stem}.yaml")[0] == 0
    assert validated("--schemafile", schemas / "cases.json", RULES / f"{stem}.test.yaml")[0] == 0
    (tmp_path / "lintperf.toml").write_text('ignore = ["LP301"]\npersona = "reviewer"\n')
    assert validated("--schemafile", schemas / "config.json", tmp_path / "lintperf.toml")[0] == 0


def test_one_schema_to_a_file_and_all_without_a_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", "rule", "--output", str(tmp_path / "rule.json")]) == 0
    assert (tmp_path / "rule.json").read_bytes() == (ROOT / "schemas" / "rule.json").read_bytes()
    assert run(["schema", "all"]) == 2
    (tmp_path / "taken").write_text("")
    assert run(["schema", "all", "-o", str(tmp_path / "taken" / "below")]) == 2
    assert capsys.readouterr().out == ""
