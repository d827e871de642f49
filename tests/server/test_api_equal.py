"""What the service answers is, byte for byte, what the command line writes for files of the same names."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest
from server.asgi import copied, pool, post, send

from lintperf.cli.main import run
from lintperf.server.messages import Answer, Call
from lintperf.server.pool import Pool
from lintperf.server.settings import ServerSettings

EXAMPLES = Path(__file__).parents[2] / "examples"
NAMES = ("06-gongwu-jiedai.json", "09-guanli-zhuanxiang.docx", "13-dangjian-gongzuo.xlsx", "14-nengli-jianshe.html")
FORMATS = sorted(pool().session.extensions.reporters)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the command runs; it is in no repository, as the working folder of a worker."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("COLUMNS", raising=False)
    return tmp_path


def example(name: str) -> bytes:
    return (EXAMPLES / name).read_bytes()


def written(files: list[tuple[str, bytes]], *arguments: str) -> tuple[int, bytes]:
    """What the command writes, and its exit code."""
    for name, content in files:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    command, *options = arguments
    code = run([command, *(name for name, _ in files), *options, "--output", "written"])
    return code, Path("written").read_bytes()


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("form", FORMATS)
def test_every_format_over_several_files(folder: Path, form: str, lang: str) -> None:
    files = [(f"单位/{name}", example(name)) for name in NAMES]
    files.append(("a b.json", copied(example(NAMES[0]), "绿道养护")))
    options = ("--no-config", "--format", form, "--lang", lang, "--persona", "auditor")
    code, expected = written(files, "check", *options)
    reply = post("check", reversed(files), [("format", form), ("lang", lang), ("persona", "auditor")])
    assert reply.status == 200
    assert reply.headers["lintperf-exit-code"] == str(code) == "1"
    assert reply.body == expected
    if form == "json":
        assert {finding["code"][:3] for finding in reply.json["across"]["findings"]} == {"LP9"}
        assert reply.json["summary"]["files"] == 5


@pytest.mark.parametrize("name", NAMES)
def test_every_kind_of_file(folder: Path, name: str) -> None:
    code, expected = written([(name, example(name))], "check", "--no-config", "--format", "json", "--lang", "zh")
    reply = send("POST", f"/v1/check?filename={name}", example(name))
    assert (reply.status, reply.headers["lintperf-exit-code"]) == (200, str(code))
    assert reply.body == expected


SETTINGS = [
    [("select", "LP3"), ("select", "LP4,LP8"), ("ignore", "LP307"), ("persona", "auditor")],
    [("ruleset", "cn-hubei"), ("severity", "LP307=note"), ("fail_on", "note"), ("statistics", "true")],
    [("fail_on", "never"), ("explain", "1"), ("quiet", "true"), ("extend_select", "LP5")],
]


@pytest.mark.parametrize("fields", SETTINGS)
def test_settings_are_options(folder: Path, fields: list[tuple[str, str]]) -> None:
    options = []
    for name, value in fields:
        option = f"--{name.replace('_', '-')}"
        options += [option] if name in ("statistics", "explain", "quiet") else [option, value]
    files = [(NAMES[0], example(NAMES[0]))]
    code, expected = written(files, "check", "--no-config", "--format", "text", "--lang", "en", *options)
    in_form = post("check", files, [*fields, ("format", "text")], {"accept-language": "en"})
    in_query = post("check", files, [], {"accept-language": "en", "accept": "text/plain"}, fields)
    assert in_form.body == in_query.body == expected
    assert in_form.headers["lintperf-exit-code"] == str(code)


def test_a_parameter_is_one_of_the_pack(folder: Path) -> None:
    files = [(NAMES[0], example(NAMES[0]))]
    parameter = next(
        each
        for pack in send("GET", "/v1/rulesets").json["rulesets"]
        if pack["name"] == "cn-self-evaluation"
        for each in pack["parameters"]
        if each["type"] == "number"
    )
    assignment = f"{parameter['name']}=0.5"
    _, expected = written(files, "check", "--no-config", "--format", "json", "--lang", "zh", "--param", assignment)
    assert post("check", files, [("param", assignment)]).body == expected


def test_an_unreadable_file_is_a_finding_as_on_the_command_line(folder: Path) -> None:
    files = [("damaged.docx", b"PK\x03\x04"), ("strange.exe", b"MZ"), ("empty.json", b"")]
    code, expected = written(files, "check", "--no-config", "--format", "json", "--lang", "zh")
    reply = post("check", files)
    assert reply.body == expected
    assert reply.headers["lintperf-exit-code"] == str(code) == "1"
    codes = [finding["code"] for document in reply.json["documents"] for finding in document["findings"]]
    assert codes == ["LP001"] * 3
    code, expected = written([files[2]], "check", "--no-config", "--format", "json", "--lang", "zh")
    assert send("POST", "/v1/check?filename=empty.json").body == expected


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("origin", ["true", "false"])
def test_convert(folder: Path, name: str, origin: str) -> None:
    options = [] if origin == "true" else ["--no-origin"]
    _, expected = written([(name, example(name))], "convert", *options)
    reply = post("convert", [(name, example(name))], [("origin", origin)])
    assert (reply.status, reply.headers["content-type"]) == (200, "application/json")
    assert reply.body == expected


@pytest.mark.parametrize("fix", [None, "safe", "unsafe"])
@pytest.mark.parametrize("name", [NAMES[1], NAMES[2]])
def test_annotate(folder: Path, name: str, fix: str | None) -> None:
    Path(name).write_bytes(example(name))
    options = {None: [], "safe": ["--fix"], "unsafe": ["--unsafe-fixes"]}[fix]
    copy = f"copy{Path(name).suffix}"
    code = run(["annotate", name, "-o", copy, "--no-config", "--lang", "zh", "--persona", "reviewer", *options])
    reply = post("annotate", [(name, example(name))], [("persona", "reviewer"), *([("fix", fix)] if fix else [])])
    assert reply.status == 200
    assert reply.body == Path(copy).read_bytes()
    assert reply.headers["lintperf-exit-code"] == str(code)
    assert int(reply.headers["lintperf-comments"]) > 0
    shown = Path(name).stem
    assert reply.headers["content-disposition"] == (
        f'attachment; filename="{shown}-__{Path(name).suffix}"; '
        f"filename*=UTF-8''{shown}-%E6%89%B9%E6%B3%A8{Path(name).suffix}"
    )


MENDABLE = json.dumps(
    {
        "type": "self-evaluation",
        "heading": {"project": "古树保护", "unit": "园林中心"},
        "indicators": [
            {"level1": "产出指标", "level2": "数量指标", "name": "养护古树", "target": ">90 株", "actual": "95株"},
            {"level1": "产出指标", "level2": "成本指标", "name": "养护成本", "target": "<=5万元", "actual": "4 万元"},
        ],
    },
    ensure_ascii=False,
    indent=1,
).encode()


@pytest.mark.parametrize("fix", ["safe", "unsafe"])
@pytest.mark.parametrize("content", [MENDABLE, example(NAMES[0])])
def test_fix(folder: Path, fix: str, content: bytes) -> None:
    option = "--fix" if fix == "safe" else "--unsafe-fixes"
    Path("form.json").write_bytes(content)
    options = ["--no-config", "--lang", "zh", "--persona", "auditor"]
    changing = run(["check", "form.json", option, "--diff", "--output", "changes", *options])
    code = run(["check", "form.json", option, "--format", "json", "--output", "report", *options])
    mended = post("fix", [("form.json", content)], [("fix", fix), ("persona", "auditor")])
    assert (mended.status, mended.headers["content-type"]) == (200, "application/json")
    assert mended.body == Path("form.json").read_bytes()
    assert mended.headers["lintperf-exit-code"] == str(code)
    changes = post("fix", [("form.json", content)], [("fix", fix), ("persona", "auditor"), ("format", "diff")])
    assert changes.headers["content-type"] == "text/x-diff; charset=utf-8"
    assert changes.body == Path("changes").read_bytes()
    assert changes.headers["lintperf-exit-code"] == str(changing)
    assert changes.headers["lintperf-corrected"] == mended.headers["lintperf-corrected"]
    assert (mended.body != content) == (changing == 1)


def test_something_is_mended() -> None:
    """Otherwise the test above would compare nothing with nothing."""
    mended = post("fix", [("form.json", MENDABLE)], [("fix", "unsafe"), ("persona", "auditor")])
    assert int(mended.headers["lintperf-corrected"]) > 0
    assert mended.body != MENDABLE


@pytest.mark.parametrize("form", ["json", "csv", "text", "xlsx"])
@pytest.mark.parametrize("command", ["summary", "rescore"])
def test_tables(folder: Path, command: str, form: str) -> None:
    files = [(name, example(name)) for name in NAMES]
    code, expected = written(files, command, "--no-config", "--format", form, "--lang", "en")
    reply = post(command, files, [("format", form), ("lang", "en")])
    assert reply.status == 200
    assert reply.body == expected
    assert reply.headers["lintperf-exit-code"] == str(code) == "0"
    if form == "xlsx":
        assert reply.headers["content-disposition"] == f'attachment; filename="{command}.xlsx"'


def test_rescoring_says_that_a_file_cannot_be_read(folder: Path) -> None:
    files = [(NAMES[0], example(NAMES[0])), ("x.docx", b"PK")]
    code, expected = written(files, "rescore", "--no-config", "--format", "json", "--lang", "zh")
    reply = post("rescore", files)
    assert reply.body == expected
    assert reply.headers["lintperf-exit-code"] == str(code) == "1"


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize(
    ("target", "arguments"),
    [
        ("/v1/rules?lang={}", ["rules", "--format", "json"]),
        ("/v1/rules?lang={}&format=markdown&ruleset=base", ["rules", "--format", "markdown", "--ruleset", "base"]),
        ("/v1/rules?lang={}&format=text", ["rules"]),
        ("/v1/rules/LP401?lang={}&format=text", ["rule", "LP401"]),
    ],
)
def test_rules(target: str, arguments: list[str], lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run([*arguments, "--lang", lang]) == 0
    reply = send("GET", target.format(lang))
    assert reply.body.decode() == capsys.readouterr().out


@pytest.mark.parametrize("name", ["self-evaluation", "rule"])
def test_schemas(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["schema", name]) == 0
    reply = send("GET", f"/v1/schemas/{name}")
    assert (reply.headers["content-type"], reply.body.decode()) == ("application/schema+json", capsys.readouterr().out)


def test_worker_processes_answer_the_same(folder: Path) -> None:
    files = tuple((name, example(name)) for name in NAMES)
    calls = [
        *(Call("check", files, {"format": (form,), ".seconds": ("60",)}, lang="en") for form in FORMATS),
        Call("annotate", files[1:2], {"fix": ("unsafe",), ".seconds": ("60",)}),
        Call("summary", files, {"format": ("xlsx",), ".seconds": ("60",)}),
    ]

    async def answers() -> list[Answer]:
        workers = Pool(ServerSettings(workers=1, seconds=60))
        await workers.start()
        try:
            return [await workers.run(call) for call in calls]
        finally:
            await workers.stop(5)

    assert asyncio.run(answers()) == [pool().perform(call) for call in calls]
