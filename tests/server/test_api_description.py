"""The description of the service says what the service does: paths, fields, statuses, shapes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from openapi_spec_validator import validate
from server.asgi import PAGE, app, copied, pool, post, send
from starlette.routing import Route

from lintperf.server.app import UPLOADS, create_app
from lintperf.server.fields import FIELDS, FIELDS_OF
from lintperf.server.settings import ServerSettings

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = [(path.name, path.read_bytes()) for path in sorted(EXAMPLES.iterdir()) if path.suffix != ".md"]
DESCRIPTION: dict[str, Any] = send("GET", "/openapi.json?lang=en").json


def test_it_is_valid_openapi_in_both_languages() -> None:
    validate(DESCRIPTION)
    chinese = send("GET", "/openapi.json?lang=zh").json
    validate(chinese)
    assert chinese["info"]["title"] == "lintperf 检查服务"
    assert DESCRIPTION["paths"]["/v1/check"]["post"]["summary"] == "Check files"


def test_every_route_is_described_and_nothing_else() -> None:
    routes = {
        (route.path, method)
        for route in app().routes
        if isinstance(route, Route) and route.path not in PAGE
        for method in (route.methods or set()) - {"HEAD"}
    }
    described = {(path, method.upper()) for path, item in DESCRIPTION["paths"].items() for method in item}
    assert described == routes


@pytest.mark.parametrize("call", UPLOADS)
def test_every_field_is_described_in_the_query_and_in_the_form(call: str) -> None:
    operation = DESCRIPTION["paths"][f"/v1/{call}"]["post"]
    in_query = [each["name"] for each in operation["parameters"]]
    in_form = operation["requestBody"]["content"]["multipart/form-data"]["schema"]["properties"]
    assert in_query == [*FIELDS_OF[call], "filename"]
    assert list(in_form) == ["file", *FIELDS_OF[call]]
    for each in operation["parameters"]:
        assert each["description"]
        if each["name"] in FIELDS and FIELDS[each["name"]].many:
            assert each["schema"]["type"] == "array"


def test_limits_and_plugins_are_those_of_the_installation() -> None:
    assert "26214400 bytes a file" in DESCRIPTION["info"]["description"]
    small = create_app(ServerSettings(max_file=4096, max_files=7), pool(), object(), {})  # type: ignore[arg-type]
    described = send("GET", "/openapi.json?lang=en", application=small).json
    assert "4096 bytes a file" in described["info"]["description"]
    form = described["paths"]["/v1/check"]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert form["properties"]["file"]["maxItems"] == 7
    formats = next(each for each in described["paths"]["/v1/check"]["post"]["parameters"] if each["name"] == "format")
    assert set(formats["schema"]["enum"]) == set(pool().session.extensions.reporters)
    assert send("GET", "/v1/service", application=small).json["limits"]["max_file"] == 4096


def test_tokens_are_described_where_they_are_asked_for() -> None:
    assert "security" not in DESCRIPTION
    secured = create_app(ServerSettings(tokens="tokens.txt", root_path="/lintperf"), pool(), object(), {})  # type: ignore[arg-type]
    described = send("GET", "/openapi.json", application=secured).json
    validate(described)
    assert described["servers"] == [{"url": "/lintperf"}]
    assert DESCRIPTION["servers"] == [{"url": "/"}]
    assert described["security"] == [{"token": []}]
    assert described["paths"]["/healthz"]["get"]["security"] == []
    assert "401" in described["paths"]["/v1/check"]["post"]["responses"]


def fits(value: Any, schema: dict[str, Any]) -> None:
    """Raises ValidationError. References point into the description."""
    root = {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
    Draft202012Validator({**root, "components": DESCRIPTION["components"]}).validate(value)


def named(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_reports_have_the_described_shape(lang: str) -> None:
    files = [*FILES, ("again.json", copied(FILES[0][1], "绿道养护")), ("damaged.docx", b"PK")]
    fields = [("persona", "auditor"), ("lang", lang), ("statistics", "true")]
    report = post("check", files, fields).json
    assert report["across"]["findings"] and report["statistics"]
    fits(report, named("Report"))
    fits(post("summary", files, [("lang", lang)]).json, named("Summary"))
    fits(post("rescore", files, [("lang", lang)]).json, named("Table"))


def test_shapes_can_be_broken() -> None:
    report = post("check", FILES[:1]).json
    del report["documents"][0]["findings"][0]["code"]
    with pytest.raises(Exception, match="'code' is a required property"):
        fits(report, named("Report"))


@pytest.mark.parametrize("path", ["/v1/rules", "/v1/schemas", "/v1/rulesets", "/v1/service", "/healthz", "/readyz"])
def test_what_is_told_has_the_described_shape(path: str) -> None:
    content = DESCRIPTION["paths"][path]["get"]["responses"]["200"]["content"]
    fits(send("GET", path).json, content["application/json"]["schema"])


def test_every_rule_in_full_has_the_described_shape() -> None:
    for rule in send("GET", "/v1/rules").json:
        full = send("GET", f"/v1/rules/{rule['code']}?lang=en").json
        assert (full["code"], full["pack"]) == (rule["code"], rule["pack"])
        fits(full, named("RuleInFull"))


@pytest.mark.parametrize("name", [name for name, _ in FILES])
def test_converted_documents_fit_their_schema(name: str) -> None:
    content = dict(FILES)[name]
    documents = post("convert", [(name, content)]).json
    for document in documents if isinstance(documents, list) else [documents]:
        fits(document, named(document["type"]))


@pytest.mark.parametrize(
    ("method", "target", "body"),
    [
        ("POST", "/v1/check", b"{}"),
        ("POST", "/v1/check?filename=a.json&ruleset=nothing", b"{}"),
        ("POST", "/v1/check?filename=a.json&nothing=1", b"{}"),
        ("POST", "/v1/annotate?filename=a.json", b"{}"),
        ("POST", "/v1/annotate?filename=a.docx", b"PK"),
        ("POST", "/v1/fix?filename=a.json", b"{"),
        ("POST", "/v1/convert?filename=a.pdf", b"%PDF"),
        ("GET", "/v1/rules/nothing", b""),
        ("GET", "/v1/schemas/nothing", b""),
        ("GET", "/v1/rules?ruleset=nothing", b""),
    ],
)
def test_refusals_are_described(method: str, target: str, body: bytes) -> None:
    reply = send(method, target, body)
    path = next(
        path
        for path in DESCRIPTION["paths"]
        if path.partition("{")[0] == target.partition("?")[0].replace("nothing", "")
    )
    responses = DESCRIPTION["paths"][path][method.lower()]["responses"]
    assert reply.status >= 400
    content = responses[str(reply.status)]["content"][reply.headers["content-type"]]
    fits(reply.json, content["schema"])
