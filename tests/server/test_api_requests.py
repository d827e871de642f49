"""What clients may send, in which words they are refused, and what they get: fields, names, formats, limits."""

from __future__ import annotations

import json
from pathlib import Path
from time import sleep
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from server.asgi import BOUNDARY, PAGE, Reply, app, form, pool, post, send

from lintperf.document import Document
from lintperf.extension import Importer, Source
from lintperf.model import Text
from lintperf.policy import Policy
from lintperf.server import calls
from lintperf.server.app import NAMES, create_app
from lintperf.server.media import attachment
from lintperf.server.messages import Answer, Call
from lintperf.server.pool import Busy, PoolProblem
from lintperf.server.settings import ServerSettings
from lintperf.server.uploads import label
from lintperf.surroundings import today

CONTENT = (Path(__file__).parents[2] / "examples" / "06-gongwu-jiedai.json").read_bytes()
JSON = {"content-type": "application/json"}


def paths(reply: Reply) -> list[str]:
    assert reply.status == 200, reply.body
    return [document["path"] for document in reply.json["documents"]]


# ---------------------------------------------------------------------------------------------- names of files


@pytest.mark.parametrize(
    ("headers", "query", "name"),
    [
        (JSON, "", "document.json"),
        ({"content-type": "application/json; charset=utf-8"}, "", "document.json"),
        ({"content-type": "application/x-yaml"}, "", "document.yaml"),
        ({"content-type": "text/yaml"}, "?filename=a.json", "a.json"),
        (
            {"content-type": "application/x-www-form-urlencoded"},
            f"?filename={quote('绿道 养护.json')}",
            "绿道 养护.json",
        ),
        ({"content-disposition": 'attachment; filename="b.json"'}, "", "b.json"),
        ({"content-disposition": f"attachment; filename=x; filename*=UTF-8''{quote('古树.json')}"}, "", "古树.json"),
    ],
)
def test_a_body_that_is_a_file_has_a_name(headers: dict[str, str], query: str, name: str) -> None:
    assert paths(send("POST", f"/v1/check{query}", CONTENT, headers)) == [name]


@pytest.mark.parametrize("headers", [{}, {"content-type": "application/octet-stream"},
                                     {"content-type": "application/x-www-form-urlencoded"}])  # fmt: skip
def test_a_body_that_nobody_names_is_refused(headers: dict[str, str]) -> None:
    reply = send("POST", "/v1/check", CONTENT, {**headers, "accept-language": "en"})
    assert reply.status == 415
    assert "?filename=NAME.docx" in reply.detail


def test_files_of_one_name_are_told_apart() -> None:
    reply = post("check", [("a.json", CONTENT), ("a.json", CONTENT), ("b/a.json", CONTENT), ("a (2).json", CONTENT)])
    assert paths(reply) == ["a (2) (2).json", "a (2).json", "a.json", "b/a.json"]


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("../../etc/passwd.json", "etc/passwd.json"),
        ("/etc/./x.json", "etc/x.json"),
        ("C:\\表格\\x.json", "表格/x.json"),
        ("a\u202ejson.\r\nexe\x00.json", "ajson.exe.json"),
        ("", "document"),
        ("..", "document"),
        ("古" * 300 + ".docx", "古" * 250 + ".docx"),
    ],
)
def test_names_are_labels(sent: str, shown: str) -> None:
    assert label(sent) == shown


@given(st.text(max_size=600))
def test_any_name_is_a_label_on_one_line(name: str) -> None:
    shown = label(name)
    assert 0 < len(shown) <= 255
    assert not shown.startswith("/") and ".." not in shown.split("/") and "\\" not in shown
    assert shown.isprintable() or not any(each < " " for each in shown)
    assert label(shown) == shown
    shown.encode()


def test_a_name_in_the_encoding_of_older_systems_is_read() -> None:
    body, headers = form([("NAME", CONTENT)])
    assert paths(send("POST", "/v1/check", body.replace(b"NAME", "绿道.json".encode("gb18030")), headers)) == [
        "绿道.json"
    ]


@pytest.mark.parametrize("charset", ["UTF-8", "gbk"])
def test_a_name_of_older_clients_is_read(charset: str) -> None:
    body, headers = form([("NAME", CONTENT)])
    extended = f"filename*={charset}''{quote('绿道.json'.encode(charset))}".encode()
    assert paths(send("POST", "/v1/check", body.replace(b'filename="NAME"', extended), headers)) == ["绿道.json"]


@pytest.mark.parametrize(
    ("name", "header"),
    [
        ("绿道.docx", "attachment; filename=\"__.docx\"; filename*=UTF-8''%E7%BB%BF%E9%81%93.docx"),
        ('a"b\\c%d;.xlsx', "attachment; filename=\"a_b_c_d;.xlsx\"; filename*=UTF-8''a%22b%5Cc%25d%3B.xlsx"),
        ("plain 1.docx", 'attachment; filename="plain 1.docx"'),
    ],
)
def test_names_in_headers_are_read_by_old_and_new_clients(name: str, header: str) -> None:
    assert attachment(name) == ("Content-Disposition", header)


# ---------------------------------------------------------------------------------------------- formats


@pytest.mark.parametrize(
    ("accept", "media_type", "start"),
    [
        ("", "application/json", b'{"version"'),
        ("*/*", "application/json", b'{"version"'),
        (
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            "text/html; charset=utf-8",
            b"<!DOCTYPE html>",
        ),
        ("application/sarif+json", "application/sarif+json", b"{"),
        ("text/*;q=0.5, application/json;q=0.1", "text/plain; charset=utf-8", b""),
        ("text/markdown", "text/markdown; charset=utf-8", b""),
        ("application/xml", "application/xml", b"<?xml"),
        ("application/json;format=gitlab", "application/json", b"["),
        ("application/json;q=0, */*;q=0.2", "text/plain; charset=utf-8", b""),
    ],
)
def test_the_format_that_the_client_likes_best(accept: str, media_type: str, start: bytes) -> None:
    reply = send("POST", "/v1/check?lang=zh", CONTENT, JSON | ({"accept": accept} if accept else {}))
    assert (reply.status, reply.headers["content-type"]) == (200, media_type)
    assert reply.body.startswith(start)
    assert "Accept" in reply.headers["vary"]


def test_a_named_format_goes_before_what_is_accepted() -> None:
    reply = send("POST", "/v1/check?format=sarif", CONTENT, JSON | {"accept": "image/png"})
    assert (reply.status, reply.headers["content-type"]) == (200, "application/sarif+json")


def test_a_page_may_do_what_it_says_itself_and_be_framed_by_nobody() -> None:
    reply = send("POST", "/v1/check?format=html", CONTENT, JSON)
    policy = reply.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert policy.endswith("; frame-ancestors 'none'") and "unsafe" not in policy
    assert policy.removesuffix("; frame-ancestors 'none'").encode() in reply.body


# ---------------------------------------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("query", "status", "zh", "en"),
    [
        (
            "ruleset=cn-hube",
            400,
            "没有规则包 cn-hube，是否为 cn-hubei？",
            "unknown ruleset cn-hube, did you mean cn-hubei?",
        ),
        (
            "select=score-above-wieght",
            400,
            "没有规则 score-above-wieght，是否为",
            "no rule matches score-above-wieght, did you",
        ),
        ("param=nothing=1", 400, "没有参数 nothing", "unknown parameter nothing"),
        ("param=nothing", 422, "param 应写作 名称=值，得到 nothing", "param takes NAME=VALUE, got nothing"),
        ("severity=LP401=eror", 422, "severity 不能是 eror", "severity cannot be eror; use one of"),
        ("slect=LP4", 422, "没有字段 slect，是否为 select？", "unknown field slect, did you mean select?"),
        ("persona=boss", 422, "persona 不能是 boss；可用：author", "persona cannot be boss; use one of author"),
        ("explain=maybe", 422, "explain 不能是 maybe", "explain cannot be maybe"),
        ("format=jsn", 422, "没有格式 jsn", "unknown format jsn"),
        ("lang=zh&lang=en", 422, "lang 只能给出一次", "lang can be given only once"),
        ("filename=a.exe", 415, "不支持的文件类型 .exe；支持：.csv", "unsupported file type .exe; supported: .csv"),
        ("filename=a", 415, "不支持的文件类型 （无后缀）", "unsupported file type (no suffix)"),
        (".limits=1", 422, "没有以 . 开头的字段", "no field begins with ."),
        ("filename=a.json&filename=b.json", 422, "filename 只能给出一次", "filename can be given only once"),
    ],
)
def test_what_is_wrong_is_said_in_the_language_of_the_caller(query: str, status: int, zh: str, en: str) -> None:
    for lang, text in (("zh-CN,zh;q=0.9,en;q=0.5", zh), ("en-GB, zh;q=0.1", en)):
        reply = send("POST", f"/v1/check?{query}", CONTENT, JSON | {"accept-language": lang})
        if query.startswith("lang"):
            text = zh  # the first one counts
        assert reply.status == status
        assert reply.detail.startswith(text)
        assert reply.json["type"].startswith("urn:lintperf:problem:")
        assert reply.headers["content-language"] == ("zh" if text == zh else "en")


@pytest.mark.parametrize("name", ["/etc", ".", "rulesets/base", "../rulesets/base/ruleset.yaml", "base/../base"])
def test_rulesets_are_named_and_never_paths(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(Path(__file__).parents[2])  # where some of them exist
    for fields in ([("ruleset", name)], [("ruleset", f"base,{name}")]):
        reply = post("check", [("a.json", CONTENT)], fields)
        assert reply.status == 400
        assert f"没有规则包 {name}" in reply.detail


def test_what_cannot_be_accepted() -> None:
    reply = send("POST", "/v1/check", CONTENT, JSON | {"accept": "image/png"})
    assert reply.status == 406
    assert "application/sarif+json" in reply.detail


def test_no_file() -> None:
    assert post("check", [], [("lang", "en")]).detail == "the request holds no file"
    assert send("POST", "/v1/check", b"", JSON).status == 422
    # what a form sends whose chooser was left alone
    body, headers = form([("", b"")])
    assert send("POST", "/v1/check", body, headers).status == 422


@pytest.mark.parametrize("call", ["convert", "annotate", "fix"])
def test_calls_that_take_one_file(call: str) -> None:
    name = "a.docx" if call == "annotate" else "a.json"
    reply = post(call, [(name, CONTENT), (f"b{name}", CONTENT)])
    assert (reply.status, reply.detail) == (422, "一次只能处理一个文件")


@pytest.mark.parametrize(
    ("call", "name", "said"),
    [
        (
            "annotate",
            "a.json",
            "不能在 .json 文件中写批注（可以：.docx、.xlsm、.xlsx）；请用 /v1/check 得到报告",
        ),
        ("annotate", "a.xls", "不能在 .xls 文件中写批注（可以：.docx、.xlsm、.xlsx）；请另存为 .xlsx 后再批注"),
        (
            "fix",
            "a.docx",
            "只能改正 .json、.yaml、.yml 文件；Word、Excel 文件请用 /v1/annotate?fix=safe 得到改正的副本",
        ),
    ],
)
def test_files_that_a_call_does_not_take(call: str, name: str, said: str) -> None:
    reply = post(call, [(name, CONTENT)])
    assert (reply.status, reply.detail) == (415, said)


@pytest.mark.parametrize("call", ["convert", "annotate", "fix"])
def test_what_cannot_be_read_gives_no_file(call: str) -> None:
    name = "a.json" if call == "fix" else "a.docx"
    reply = post(call, [(name, b"PK\x03\x04")], [("lang", "en")])
    assert (reply.status, reply.headers["lintperf-exit-code"]) == (422, "1")
    report = post("check", [(name, b"PK\x03\x04")], [("lang", "en")]).json
    assert [reply.detail] == [finding["message"] for finding in report["documents"][0]["findings"]]


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "TRACE"])
def test_methods(method: str) -> None:
    reply = send(method, "/v1/check")
    assert (reply.status, reply.headers["allow"]) == (405, "OPTIONS, POST")
    assert reply.detail == f"/v1/check 不支持 {method}，可用：OPTIONS, POST"


def test_options_and_head_and_what_is_not_there() -> None:
    assert (send("OPTIONS", "/v1/check").status, send("OPTIONS", "/v1/rules").headers["allow"]) == (
        204,
        "GET, HEAD, OPTIONS",
    )
    assert send("HEAD", "/v1/rules").headers["content-length"] == str(len(send("GET", "/v1/rules").body))
    assert send("GET", "/v1/nothing?lang=en").detail == "there is no /v1/nothing; see /openapi.json"
    assert send("POST", "/v1/check/", CONTENT, JSON).status == 404  # no redirection, which would lose the upload
    assert send("GET", "/v1/rules/LP40?lang=en").status == 404
    assert send("GET", "/v1/schemas/rulst").detail.endswith("是否为 ruleset？")
    assert not [name for name in send("POST", "/v1/check", CONTENT, JSON | {"origin": "http://x"}).headers
                if name.startswith("access-control")]  # fmt: skip


# ---------------------------------------------------------------------------------------------- limits

SMALL = ServerSettings(max_file=2048, max_total=8192, max_files=3, max_fields=5, max_field=64)


def small(files: list[tuple[str, bytes]], fields: list[tuple[str, str]] = []) -> Reply:  # noqa: B006
    return post("check", files, fields, {"accept-language": "en"}, application=app(SMALL))


@pytest.mark.parametrize(
    ("files", "fields", "said"),
    [
        ([("a.json", b" " * 2049)], [], "the file a.json is larger than 2 KiB"),
        ([("a.json", b" " * 1000)] * 4, [], "more than 3 files; send them in parts"),
        (
            [("a.json", b" " * 2048)] * 3 + [("b.json", b" " * 2048)],
            [],
            "the request is larger than 8 KiB; send it in parts",
        ),
        ([("a.json", b"")], [("select", "LP4")] * 6, "the request has more than 5 fields"),
        ([("", b"")] * 9, [], "the form has more than 8 parts"),
        ([("a.json", b"")], [("select", "x" * 65)], "the field select is larger than 64 B"),
    ],
)
def test_limits_of_forms(files: list[tuple[str, bytes]], fields: list[tuple[str, str]], said: str) -> None:
    reply = small(files, fields)
    assert (reply.status, reply.detail) == (413, said)


def test_a_slow_file_does_not_cost_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(_source: Source) -> list[Document]:
        sleep(60)
        return []

    importer = Importer("slow", (".slow",), slow, Text("慢", "slow"))
    monkeypatch.setitem(pool().session.extensions.importers, ".slow", importer)
    hurried = app(ServerSettings(seconds=0.4))
    reply = post("check", [("a.slow", b""), ("b.json", CONTENT)], [("lang", "en")], application=hurried)
    assert (reply.status, reply.headers["lintperf-exit-code"]) == (200, "3")
    assert [(each["path"], each["text"]) for each in reply.json["notifications"]] == [
        ("a.slow", "gave up after 0.2 seconds")
    ]
    assert paths(reply) == ["b.json"]


def test_within_the_limits() -> None:
    reply = small([("a.json", b" " * 2048), ("b.json", b" " * 2048)], [("select", "LP4")] * 5)
    assert paths(reply) == ["a.json", "b.json"]


def test_limits_of_a_body() -> None:
    for pieces in ([b" " * 2049], [b" " * 1000] * 3):
        reply = send("POST", "/v1/check?filename=a.json&lang=en", pieces, {}, app(SMALL))
        assert (reply.status, reply.detail) == (413, "the file a.json is larger than 2 KiB")
    reply = send("POST", "/v1/check?filename=a.json&lang=en", [b" " * 3000] * 4, {}, app(SMALL))
    assert (reply.status, reply.detail) == (413, "the request is larger than 8 KiB; send it in parts")


def test_what_is_said_to_be_too_large_is_not_read() -> None:
    class Unread(list[bytes]):
        def pop(self, *_: object) -> bytes:
            raise AssertionError

    reply = send("POST", "/v1/check?filename=a.json", Unread(), {"content-length": "8193"}, app(SMALL))
    assert reply.status == 413


def test_packed_requests_are_refused() -> None:
    reply = send("POST", "/v1/check", CONTENT, JSON | {"content-encoding": "gzip", "accept-language": "en"})
    assert (reply.status, reply.headers["accept-encoding"]) == (415, "identity")
    assert reply.detail == "Content-Encoding: gzip is not accepted; send it as it is"
    assert send("POST", "/v1/check", CONTENT, JSON | {"content-encoding": "identity"}).status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nothing",
        f"--{BOUNDARY}".encode(),
        form([("a.json", CONTENT)], end=False)[0],
        form([("a.json", CONTENT)])[0].replace(b"form-data;", b"x;"),
        f"--{BOUNDARY}\r\n\r\n{{}}\r\n--{BOUNDARY}--\r\n".encode(),
        f"--{BOUNDARY}\r\n{'X' * 5000}: y\r\n\r\n{{}}\r\n--{BOUNDARY}--\r\n".encode(),
        f"--{BOUNDARY}\r\n".encode() + b"X: y\r\n" * 20 + f"\r\n{{}}\r\n--{BOUNDARY}--\r\n".encode(),
    ],
)
def test_damaged_forms(body: bytes) -> None:
    reply = send("POST", "/v1/check", body, {"content-type": f"multipart/form-data; boundary={BOUNDARY}"})
    assert (reply.status, reply.detail) == (422, "表单不完整或已损坏")
    assert send("POST", "/v1/check", body, {"content-type": "multipart/form-data"}).status == 422


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_forms_arrive_in_pieces_of_any_size(size: int) -> None:
    body, headers = form([("绿道.json", CONTENT), ("b.json", b"--" + BOUNDARY.encode())], [("persona", "auditor")])
    whole = send("POST", "/v1/check", body, headers)
    pieces = [body[start : start + size] for start in range(0, len(body), size)]
    assert send("POST", "/v1/check", pieces, headers).body == whole.body
    assert paths(whole) == ["b.json", "绿道.json"]


@given(st.binary(max_size=300))
def test_any_form_is_answered(garbage: bytes) -> None:
    body = f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=a; filename=a.json".encode() + garbage
    reply = send("POST", "/v1/convert", body, {"content-type": f"multipart/form-data; boundary={BOUNDARY}"})
    assert reply.status in (415, 422)


# ---------------------------------------------------------------------------------------------- the pool and the page


def test_what_the_pool_says_is_a_problem() -> None:
    class Full:
        ready = False

        async def run(self, call: Call, gone: object = None) -> Answer:
            problem = Busy(PoolText)
            problem.retry_after = 7
            raise problem

    PoolText = Text("排队已满", "the queue is full")  # noqa: N806
    full = create_app(ServerSettings(), Full(), object(), {})  # type: ignore[arg-type]
    reply = send("POST", "/v1/check", CONTENT, JSON | {"accept-language": "en"}, full)
    assert (reply.status, reply.headers["retry-after"], reply.detail) == (429, "7", "the queue is full")
    ready = send("GET", "/readyz", application=full)
    assert (ready.status, ready.headers["retry-after"]) == (503, "1")
    assert send("GET", "/healthz", application=full).json == {"status": "ok"}
    assert issubclass(Busy, PoolProblem)


def test_a_defect_is_a_problem_without_details() -> None:
    class Broken:
        ready = True

        async def run(self, call: Call, gone: object = None) -> Answer:
            raise ValueError("a secret of ours")

    async def caught(scope: dict[str, object], receive: object, take: object) -> None:
        with pytest.raises(ValueError, match="secret"):  # for the log
            await create_app(ServerSettings(), Broken(), object(), {})(scope, receive, take)  # type: ignore[arg-type]

    reply = send("POST", "/v1/check", CONTENT, JSON | {"accept-language": "en"}, caught)
    assert (reply.status, reply.detail) == (500, "the service failed; tell its administrator")


def test_the_names_of_files_are_left_for_the_log_and_nothing_else() -> None:
    seen = {}

    async def watched(scope: dict[str, object], receive: object, take: object) -> None:
        await app()(scope, receive, take)
        seen.update(scope)

    body, headers = form([("绿道.json", CONTENT)])
    assert send("POST", "/v1/check", body, headers, watched).status == 200
    assert seen[NAMES] == ["绿道.json"]


def test_files_of_the_page() -> None:
    reply = send("GET", "/")
    assert (reply.headers["content-type"], reply.body) == PAGE["/"]
    tag = reply.headers["etag"]
    again = send("GET", "/", headers={"if-none-match": f'"x", W/{tag}'})
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", tag)
    assert reply.headers["cache-control"] == "no-cache"
    assert send("GET", "/page/page.css").body == b"p {}"
    assert send("GET", "/page/").status == send("GET", "/page/../app.py").status == 404


def test_settings_of_strangers_do_not_pile_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "MOST_PROGRAMS", 12)
    session = pool().session
    usual = (("a.json", CONTENT),)
    before = pool().perform(Call("check", usual))
    known = dict(session.programs)
    most = 0
    for number in range(8):
        fields = {"ignore": (f"LP4{number}",), "ruleset": ("cn-hubei,cn-tianjin",) if number % 2 else ()}
        assert json.loads(pool().perform(Call("check", (("a.json", b"{}"),), fields)).body)
        most = max(most, len(session.programs))
    day = today()
    kept = {key for key in known if key[0] == Policy(rulesets=key[0].rulesets, asked_for=key[0].asked_for, today=day)}
    assert kept and all(session.programs[key] is known[key] for key in kept)
    assert most <= max(len(known), 12) + 3
    assert pool().perform(Call("check", usual)) == before
