"""The description of the service for programs: OpenAPI 3.1, with the limits and plugins of this installation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from lintperf.model import Lang, Text
from lintperf.server.fields import FIELDS, FIELDS_OF, Field
from lintperf.server.media import DIFF, JSON, PLAIN, SCHEMA, SUFFIXES, XLSX, YAML, of_file
from lintperf.server.problems import MEDIA_TYPE, TITLES, kind_of
from lintperf.server.shapes import SHAPES, array, record
from lintperf.tables.writing import SUMMARY_FORMATS, TABLE_FORMATS
from lintperf.version import __version__

__all__ = ["Place", "description"]

Schema = dict[str, Any]
_BYTES: Schema = {"type": "string", "format": "binary", "contentMediaType": "application/octet-stream"}
_WORD: Schema = {"type": "string"}

_TITLE = Text("lintperf 检查服务", "lintperf service")
_ABOUT = Text(
    "检查上传的文件，与 `lintperf check` 同样的规则、同样的结果。答复之后不保留上传的内容。"
    "请求中的字段可写在查询串或表单中。答复的语言依 `lang` 字段，否则依 Accept-Language，默认中文。",
    "Checks the files that are uploaded: the rules and results of `lintperf check`. Nothing uploaded is kept after the"
    " answer. Fields may stand in the query or in the form. Answers are in the language of the field `lang`, else of"
    " Accept-Language, else in Chinese.",
)
_UPLOAD = Text(
    "文件：表单中任何带文件名的部分都是文件；或者整个请求就是一个文件，"
    "文件名写在 `filename` 或 Content-Disposition 中，没有文件名时按 Content-Type。文件名只作标记。",
    "Files: every part of a form that has a file name is one. Or the whole body is one file, named by `filename` or"
    " Content-Disposition, without a name by its Content-Type. Names are labels only.",
)
_LIMITS = Text(
    "限度：每个文件 {max_file} 字节，每个请求 {max_total} 字节、{max_files} 个文件，处理 {seconds} 秒。",
    "Limits: {max_file} bytes a file, {max_total} bytes and {max_files} files a request, {seconds} seconds of work.",
)

# POST: path → what it does
_UPLOADS: dict[str, Text] = {
    "check": Text("检查文件", "Check files"),
    "convert": Text("把一个文件转换为规范 JSON", "Convert a file to canonical JSON"),
    "annotate": Text(
        "把问题作为批注写入 Word、Excel 文件的副本", "Write the findings into a copy of a Word or Excel file"
    ),
    "fix": Text(
        "改正 JSON、YAML 文件中可以算出的值；format=file 得到改正的文件，format=diff 得到差异",
        "Mend the values of a JSON or YAML file that can be computed: the file (format=file) or what changes (diff)",
    ),
    "summary": Text("一批文件的汇总表，一份文档一行", "Summarise files, one row a document"),
    "rescore": Text("复核表：填报的与按公式复核的", "What is stated beside what is computed again"),
    "view": Text(
        "网页所显示的内容；随版本变化，供本服务的网页使用",
        "What the page shows; changes with versions, made for the page of this service",
    ),
}
_EXIT: dict[str, Any] = {
    "schema": {"type": "integer", "enum": [0, 1, 3]},
    "description": Text(
        "命令行的退出码：0 没有问题，1 有问题，3 程序自身出错",
        "what the command would exit with: 0 nothing found, 1 findings, 3 the program itself failed",
    ),
}
_NUMBER: Schema = {"type": "integer", "minimum": 0}
_FILENAME: Schema = {
    "name": "filename",
    "in": "query",
    "schema": {"type": "string", "minLength": 1},
    "description": Text("整个请求是一个文件时，它的名称", "the name of a file that is the whole body"),
}


class Place(NamedTuple):
    """How the service is set up: its limits, whether tokens are asked for, the prefix of its paths behind a proxy."""

    limits: Mapping[str, Any]
    secured: bool
    root: str


def description(
    offered: Mapping[str, Any],
    packs: Sequence[str],
    schemas: Mapping[str, Any],
    place: Place,
    lang: Lang,
) -> dict[str, Any]:
    """The document in one language; texts in it may still be in both.

    offered  what the installed plugins read and write, see `lookups`
    schemas  of the document types, by name
    """
    made = _Made(offered, packs, schemas, place)
    about = _ABOUT.to(lang) + "\n\n" + _UPLOAD.to(lang) + "\n\n" + _LIMITS.to(lang).format(**place.limits)
    document: dict[str, Any] = {
        "openapi": "3.1.0",
        "info": {
            "title": _TITLE,
            "version": __version__,
            "description": about,
            "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": place.root or "/"}],
        "paths": {**made.uploads(), **made.lookups(), **made.operation()},
        "components": {"schemas": {**SHAPES, **made.documents(), "Problem": _problem_shape()}},
    }
    if place.secured:
        document["components"]["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
        document["security"] = [{"token": []}]
    return document


class _Told(NamedTuple):
    """A path that only tells; `inside`: the parameters of the path."""

    path: str
    name: str
    summary: Text
    content: Mapping[str, Any]
    problems: tuple[int, ...] = ()
    inside: tuple[Schema, ...] = ()


class _Made:
    """The parts of a description."""

    def __init__(
        self,
        offered: Mapping[str, Any],
        packs: Sequence[str],
        schemas: Mapping[str, Any],
        place: Place,
    ) -> None:
        self.offered, self.packs, self.schemas = offered, packs, schemas
        self.limits, self.secured = place.limits, place.secured

    def documents(self) -> dict[str, Schema]:
        """The schemas of the document types as components."""
        return {name: _moved(schema, f"#/components/schemas/{name}") for name, schema in self.schemas.items()}

    def uploads(self) -> dict[str, Any]:
        """The paths that take files."""
        return {
            f"/v1/{name}": {
                "post": {
                    "operationId": name,
                    "summary": summary,
                    "parameters": [*(self._parameter(field, name) for field in FIELDS_OF[name]), _FILENAME],
                    "requestBody": self._body(name),
                    "responses": {"200": self._answer(name), **self._problems(400, 406, 413, 415, 422, 429, 503)},
                }
            }
            for name, summary in _UPLOADS.items()
        }

    def lookups(self) -> dict[str, Any]:
        """The paths that tell."""
        texts = {PLAIN: {"schema": _WORD}, "text/markdown": {"schema": _WORD}}
        rule = _in_path("code", Text("规则的代码或名称", "the code or the name of a rule"), "LP001")
        schema = _in_path("name", Text("见 /v1/schemas", "see /v1/schemas"), "rule")
        told = (
            _Told("/v1/rules", "rules", Text("列出规则", "List the rules"), {JSON: _ref("Rules"), **texts}, (400, 406)),
            _Told("/v1/rules/{code}", "rule", Text("解释一条规则", "Explain a rule"),
                  {JSON: _ref("RuleInFull"), **texts}, (400, 404, 406), (rule,)),
            _Told("/v1/schemas", "schemas", Text("列出 JSON Schema", "List the JSON Schemas"), {JSON: _ref("Schemas")}),
            _Told("/v1/schemas/{name}", "schema", Text("一个 JSON Schema", "A JSON Schema"),
                  {SCHEMA: {"schema": {"type": "object"}}}, (404,), (schema,)),
            _Told("/v1/rulesets", "rulesets", Text("规则包及其参数", "The rule packs and their parameters"),
                  {JSON: _ref("Rulesets")}),
            _Told("/v1/service", "service", Text("版本、格式和限度", "Version, formats and limits of the service"),
                  {JSON: _ref("Service")}),
        )  # fmt: skip
        return {each.path: self._get(each) for each in told}

    def operation(self) -> dict[str, Any]:
        """The paths for those who run the service."""
        state = {JSON: {"schema": record({"status": _WORD})}}
        described = {JSON: {"schema": {"type": "object"}}}
        measured = Text("供 Prometheus 读取的运行数据", "Metrics for Prometheus")
        metrics = _operation("metrics", measured, {PLAIN: {"schema": _WORD}})
        metrics["responses"] |= self._problems()
        return {
            "/openapi.json": self._open("openapi", Text("本说明", "This description"), described, 429, 503),
            "/healthz": self._open("health", Text("进程是否运行", "Whether the process runs"), state),
            "/readyz": self._open("ready", Text("是否接受请求", "Whether requests are carried out"), state, 503),
            "/metrics": {"get": metrics},
        }

    def _open(self, name: str, summary: Text, content: Mapping[str, Any], *problems: int) -> Schema:
        """A path that asks for no token."""
        operation = _operation(name, summary, content)
        operation["responses"] |= {str(status): _problem(status) for status in problems}
        return {"get": operation | ({"security": []} if self.secured else {})}

    def _get(self, told: _Told) -> Schema:
        operation = _operation(told.name, told.summary, told.content)
        fields = (self._parameter(field, told.name) for field in FIELDS_OF[told.name])
        operation["parameters"] = [*told.inside, *fields]
        operation["responses"] |= self._problems(*told.problems, 422, 429, 503)
        return {"get": operation}

    def _problems(self, *statuses: int) -> dict[str, Any]:
        # pages of other sites are forbidden to use the service even where no token is asked for
        told = {*statuses, 403, *((401,) if self.secured else ())}
        return {str(status): _problem(status) for status in sorted(told)}

    def _field(self, name: str, call: str) -> tuple[Field, Schema]:
        field = FIELDS[name]
        value: Schema = dict(_WORD)
        if name == "ruleset":
            value["enum"] = list(self.packs)
        elif name == "format":
            value["enum"] = self._formats(call)
        elif name in ("param", "severity"):
            value["pattern"] = "^[^=]*[^= ][^=]*=" + ("(error|warning|note|off)$" if name == "severity" else "")
        elif field.choices:
            value = (
                {"type": "boolean"} if set(field.choices) == {"true", "false"} else value | {"enum": [*field.choices]}
            )
        if field.default is not None:
            value["default"] = field.default == "true" if value.get("type") == "boolean" else field.default
        return field, array(value) if field.many else value

    def _formats(self, call: str) -> list[str]:
        if call == "check":
            return [each["name"] for each in self.offered["formats"]]
        if call == "fix":
            return ["file", "diff"]
        if call in ("summary", "rescore"):
            return list(SUMMARY_FORMATS if call == "summary" else TABLE_FORMATS)
        return ["json", "text", "markdown"]

    def _parameter(self, name: str, call: str) -> Schema:
        field, schema = self._field(name, call)
        parameter: Schema = {"name": name, "in": "query", "schema": schema, "description": field.text}
        if field.many:
            parameter |= {"style": "form", "explode": True}
        return parameter

    def _body(self, call: str) -> Schema:
        fields = {}
        for name in FIELDS_OF[call]:
            field, schema = self._field(name, call)
            fields[name] = schema | {"description": field.text}
        files = array(dict(_BYTES)) | {"minItems": 1, "maxItems": self.limits["max_files"]}
        form = record({"file": files, **fields}, required=("file",)) | {"additionalProperties": False}
        types = dict.fromkeys([JSON, YAML, *SUFFIXES.values()])
        raw: Schema = {each: {"schema": dict(_BYTES)} for each in types if each != JSON}
        return {"required": True, "content": {"multipart/form-data": {"schema": form}, JSON: {"schema": {}}, **raw}}

    def _answer(self, call: str) -> Schema:
        headers: dict[str, Any] = {"Lintperf-Exit-Code": _EXIT}
        named = {"schema": _WORD, "description": Text("文件名（RFC 6266）", "the name of the file (RFC 6266)")}
        content: dict[str, Any]
        if call == "check":
            content = {each["media_type"]: {"schema": _WORD} for each in self.offered["formats"]}
            # other formats of this media type have shapes of their own
            content[JSON] = {"schema": {"anyOf": [{"$ref": "#/components/schemas/Report"}, {}]}}
            content["application/sarif+json"] = {"schema": {"type": "object"}}
        elif call == "convert":
            known = [{"$ref": f"#/components/schemas/{name}"} for name in self.schemas]
            content = {JSON: {"schema": {
                "anyOf": [*known, array({"anyOf": [*known, {}]}), {}],
                "description": Text("一份文档，或几份文档的列表；原件有错时不一定符合模式",
                                    "a document, or a list of several; what is wrong in the file is wrong here"),
            }}}  # fmt: skip
            headers["Lintperf-Remarks"] = _counted(Text("未能取用的内容", "what could not be taken over"))
        elif call == "annotate":
            content = {of_file(f"a{suffix}"): {"schema": _BYTES} for suffix in self.offered["annotatable"]}
            headers["Lintperf-Comments"] = _counted(Text("写入的批注", "comments written"))
            headers["Lintperf-Corrected"] = _counted(Text("改正的值", "values corrected"))
            headers["Content-Disposition"] = named
        elif call == "fix":
            content = {JSON: {"schema": {}}, YAML: {"schema": _WORD}, DIFF: {"schema": _WORD}}
            headers["Lintperf-Corrected"] = _counted(Text("改正的值", "values corrected"))
            headers["Lintperf-Not-Corrected"] = _counted(Text("未执行的改正", "corrections not carried out"))
        elif call in ("summary", "rescore"):
            shape = "Summary" if call == "summary" else "Table"
            content = {
                JSON: _ref(shape),
                "text/csv": {"schema": _WORD},
                PLAIN: {"schema": _WORD},
                XLSX: {"schema": _BYTES},
            }
            headers["Content-Disposition"] = named
        else:
            content = {JSON: {"schema": {"type": "object"}}}
        return _ok(content) | {"headers": headers}


def _operation(name: str, summary: Text, content: Mapping[str, Any]) -> Schema:
    return {"operationId": name, "summary": summary, "responses": {"200": _ok(content)}}


def _in_path(name: str, text: Text, example: str) -> Schema:
    return {"name": name, "in": "path", "required": True, "schema": _WORD, "description": text, "example": example}


def _counted(text: Text) -> Schema:
    return {"schema": dict(_NUMBER), "description": text}


def _ref(name: str) -> Schema:
    return {"schema": {"$ref": f"#/components/schemas/{name}"}}


def _ok(content: Mapping[str, Any]) -> Schema:
    return {"description": Text("完成", "done"), "content": dict(content)}


def _problem(status: int) -> Schema:
    _, title = TITLES[status]
    answer: Schema = {
        "description": title,
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
    if status in (429, 503):
        after = Text("多少秒后再试", "come again after so many seconds")
        answer["headers"] = {"Retry-After": {"schema": dict(_NUMBER), "description": after}}
    return answer


def _problem_shape() -> Schema:
    """Problem details (RFC 9457)."""
    kinds = sorted({kind_of(status) for status in TITLES})
    return record({
        "type": {"type": "string", "format": "uri", "enum": kinds},
        "title": _WORD,
        "status": {"type": "integer", "minimum": 400, "maximum": 599},
        "detail": {"type": "string", "description": Text("给人看的一句话", "a sentence for a person")},
    })  # fmt: skip


def _moved(schema: Any, to: str) -> Any:
    """A schema as a part of another document: its own references point there."""
    if isinstance(schema, Mapping):
        moved = {key: _moved(value, to) for key, value in schema.items() if key not in ("$schema", "$id")}
        reference = moved.get("$ref")
        if isinstance(reference, str) and reference.startswith("#"):
            moved["$ref"] = to + reference[1:]
        return moved
    return [_moved(item, to) for item in schema] if isinstance(schema, list) else schema
