"""The cache of compiled rules: it gives back what was put in, or nothing."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from zlib import crc32

import pytest
from toy_domain import plugin, register, write_pack

from lintperf.document import Document
from lintperf.extension import Check, Problem
from lintperf.model import Finding, Text
from lintperf.pipeline import Session, check_document, open_session
from lintperf.policy import Policy
from lintperf.rules import cache, compiler
from lintperf.rules.cache import cache_folder, key_of, load, save

POLICY = Policy(rulesets=("toy",), persona="auditor")
RULES: tuple[dict[str, Any], ...] = (
    {
        "let": {"total": "sum(x.seats for x in benches)"},
        "milder": [{"when": "seats == 1", "severity": "note", "message": "one"}],
        "variants": {"one": {"zh": "一座 {total}", "en": "one seat"}},
        "related": ["name", "limit"],
        "fix": {"value": "2", "safe": False},
        "expected": "param.least",
    },
    {"code": "TT102", "name": "not-wood", "assert": "kind in ['wood'] and name not in param.words", "at": "kind"},
    {"code": "TT103", "name": "odd", "assert": None, "each": None, "at": None, "message": {"zh": "{w}", "en": "{w}"},
     "check": {"name": "odd", "with": {"words": {"param": "words"}, "any": {"a": [1, "x"], "b": None}}}},
)  # fmt: skip
PARAMETERS = {
    "least": {"type": "number", "default": 2, "title": {"zh": "最少", "en": "least"}},
    "words": {"type": "text*", "default": ["石", "'\\\u2028"], "title": {"zh": "词", "en": "words"}},
}
DATA = register({"name": "甲", "seats": 1, "kind": "stone"}, {"name": "石", "seats": 0, "kind": "wood"}, limit=3)


def odd(_subject: Any, options: Any) -> Iterator[Problem]:
    yield Problem("", {"w": repr(sorted(options["words"])), "any": options["any"]})


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LINTPERF_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "toy", *RULES, parameters=PARAMETERS)


def new_session(pack: Path) -> Session:
    checks = [Check("odd", "bench-register", odd, Text("", ""), {"words": "text*", "any": "any"})]
    return open_session(plugins={"toy": plugin(pack.parent, pack, checks=checks)})


def findings(session: Session, policy: Policy = POLICY) -> list[Finding]:
    return check_document(session, Document("b.json", DATA), policy, []).findings


def forbid_compiling(monkeypatch: pytest.MonkeyPatch) -> None:
    def never(*_: object) -> None:
        raise AssertionError("compiled again")

    monkeypatch.setattr(compiler, "compile_rules", never)


def test_a_hit_equals_a_miss(pack: Path, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = findings(new_session(pack))
    assert len(list(folder.glob("*.json"))) == 1
    assert len(fresh) == 5
    forbid_compiling(monkeypatch)
    again = findings(new_session(pack))
    assert again == fresh
    one, _ = new_session(pack).program(POLICY, "bench-register")
    assert [rule.code for rule in one.rules] == ["TT101", "TT102", "TT103"]
    assert one.rules[0].variants["one"].zh == "一座 {total}"


def test_the_folder_is_the_users_alone(pack: Path, folder: Path) -> None:
    findings(new_session(pack))
    assert folder.stat().st_mode & 0o777 == 0o700
    assert not [path for path in folder.iterdir() if path.suffix != ".json"]


@pytest.mark.parametrize("change", ["rule", "new rule", "gone rule", "pack", "parameter"])
def test_what_changes_is_noticed(pack: Path, change: str) -> None:
    before = findings(new_session(pack))
    policy = POLICY
    if change == "rule":
        write_pack(pack, {**RULES[0], "assert": "seats >= 0"}, parameters=PARAMETERS)
    elif change == "new rule":
        write_pack(pack, {"code": "TT109", "name": "new", "assert": "False"}, parameters=PARAMETERS)
    elif change == "gone rule":
        (pack / "rules" / "TT102-not-wood.yaml").unlink()
    elif change == "pack":
        write_pack(pack, parameters=PARAMETERS, severities={"TT101": "off"})
    else:
        policy = Policy(rulesets=("toy",), persona="auditor", parameters=(("least", "9"),))
    after = findings(new_session(pack), policy)
    assert after != before


def test_a_change_of_the_same_size_is_noticed_by_its_time(pack: Path) -> None:
    before = findings(new_session(pack))
    path = pack / "rules" / "TT101-too-few-seats.yaml"
    status = path.stat()
    path.write_text(path.read_text(encoding="utf-8").replace("seats >= 2", "seats >= 1"), encoding="utf-8")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns + 1))
    assert path.stat().st_size == status.st_size
    assert len(findings(new_session(pack))) == len(before) - 1


@pytest.mark.parametrize("ours", [True, False])
def test_the_loops_are_compiled_once_for_a_python(
    pack: Path, folder: Path, monkeypatch: pytest.MonkeyPatch, ours: bool
) -> None:
    fresh = findings(new_session(pack))
    (entry,) = folder.glob("*.json")
    data = json.loads(entry.read_bytes().partition(b"\n")[2])
    if ours:  # the source is not looked at
        data["scans"] = [[each, numbers, "not Python", constants] for each, numbers, _, constants in data["scans"]]
    else:  # the code is not looked at
        data["python"], data["codes"] = "another 30a0", ["AAAA" for _ in data["codes"]]
    body = json.dumps(data).encode()
    entry.write_bytes(b"%08x\n" % crc32(body) + body)
    forbid_compiling(monkeypatch)
    assert findings(new_session(pack)) == fresh


def damaged(content: bytes) -> Iterator[bytes]:
    """An entry after an accident of the disk."""
    yield b""
    yield b"\0" * len(content)
    yield content[: len(content) // 2]
    yield content[:-1]
    yield content + b" "
    yield content.replace(b"seats", b"seetz", 1)
    yield content.replace(b"def scan", b"def scam", 1)
    yield b"00000000\n{}"
    yield b"null"
    yield b"\xff\xfe"
    yield b"[" * 100_000


def strange(content: bytes) -> Iterator[bytes]:
    """An entry with a right checksum that some other program wrote."""
    data = json.loads(content.partition(b"\n")[2])
    for key in data:
        for broken in (
            {name: value for name, value in data.items() if name != key},
            {**data, key: None},
            {**data, key: 5},
        ):
            text = json.dumps(broken).encode()
            yield b"%08x\n" % cache.crc32(text) + text
    for text in (b"null", b"[1]", b"{}", b"5"):
        yield b"%08x\n" % cache.crc32(text) + text


def test_damaged_entries_are_made_again(pack: Path, folder: Path) -> None:
    fresh = findings(new_session(pack))
    (entry,) = folder.glob("*.json")
    content = entry.read_bytes()
    key = json.loads(content.partition(b"\n")[2])["key"]
    for damage in damaged(content):
        assert damage != content
        entry.write_bytes(damage)
        assert load(key) is None
        assert findings(new_session(pack)) == fresh
        assert entry.read_bytes() == content


def test_strange_entries_are_no_crash(pack: Path, folder: Path) -> None:
    findings(new_session(pack))
    (entry,) = folder.glob("*.json")
    content = entry.read_bytes()
    key = json.loads(content.partition(b"\n")[2])["key"]
    for other in strange(content):
        entry.write_bytes(other)
        found = load(key)
        assert found is None or found.plan.scans is not None


def test_an_entry_under_another_key_is_not_taken(pack: Path, folder: Path) -> None:
    findings(new_session(pack))
    (entry,) = folder.glob("*.json")
    other = folder / f"{cache.crc32(key_of('other').encode()):08x}.json"
    other.write_bytes(entry.read_bytes())
    assert load(key_of("other")) is None
    assert load(json.loads(entry.read_bytes().partition(b"\n")[2])["key"]) is not None


@pytest.mark.parametrize("kind", ["file", "below a file", "long name", "read only", "entry is a folder"])
def test_a_folder_that_cannot_be_used_is_no_error(pack: Path, folder: Path, kind: str,
                                                  monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    if kind == "file":
        folder.write_text("")
    elif kind == "below a file":
        folder.write_text("")
        monkeypatch.setenv("LINTPERF_CACHE_DIR", str(folder / "inside"))
    elif kind == "long name":
        monkeypatch.setenv("LINTPERF_CACHE_DIR", "x" * 5000)
    elif kind == "read only":
        folder.mkdir(mode=0o500)
    else:
        findings(new_session(pack))
        (entry,) = folder.glob("*.json")
        entry.unlink()
        entry.mkdir()
    assert len(findings(new_session(pack))) == 5
    assert len(findings(new_session(pack))) == 5


@pytest.mark.skipif(not hasattr(os, "getuid"), reason="permissions as POSIX has them")
def test_a_folder_that_everybody_can_write_to_is_not_read(
    pack: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = findings(new_session(pack))
    folder.chmod(0o777)
    (entry,) = folder.glob("*.json")
    body = entry.read_bytes().partition(b"\n")[2].replace(b"def scan(", b"def scan(x): raise 1\\ndef sc(")
    entry.write_bytes(b"%08x\n" % cache.crc32(body) + body)
    assert findings(new_session(pack)) == fresh
    folder.chmod(0o700)
    monkeypatch.setattr(os, "getuid", lambda: 12345)
    assert folder.stat().st_uid in (0, 12345) or load("x") is None


def test_writers_at_the_same_time(pack: Path, folder: Path) -> None:
    program, compiled = new_session(pack).program(POLICY, "bench-register")
    assert program.rules
    broken: list[object] = []

    def work(number: int) -> None:
        for turn in range(20):
            key = key_of("shared") if turn % 2 else key_of(number, turn)
            save(key, compiled)
            found = load(key)
            if found is not None and found.hash != compiled.hash:
                broken.append(found)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not broken
    entry = load(key_of("shared"))
    assert entry is not None
    assert entry.rules[0].code == "TT101"
    assert len(list(folder.glob("*.json"))) <= cache.MOST_ENTRIES + 8
    assert not list(folder.glob("*.tmp"))


def test_old_entries_are_dropped(pack: Path, folder: Path) -> None:
    _, compiled = new_session(pack).program(POLICY, "bench-register")
    for number in range(cache.MOST_ENTRIES + 10):
        save(key_of(number), compiled)
    assert len(list(folder.glob("*.json"))) == cache.MOST_ENTRIES
    assert load(key_of(cache.MOST_ENTRIES + 9)) is not None


def test_half_a_character_from_the_command_line_does_no_harm(pack: Path) -> None:
    policy = Policy(rulesets=("toy",), persona="auditor", parameters=(("words", "\udcff,石"),))
    fresh = findings(new_session(pack), policy)
    assert findings(new_session(pack), policy) == fresh


def test_without_the_cache_nothing_is_written(pack: Path, folder: Path) -> None:
    checks = [Check("odd", "bench-register", odd, Text("", ""), {"words": "text*", "any": "any"})]
    session = open_session(plugins={"toy": plugin(pack.parent, pack, checks=checks)}, use_cache=False)
    assert len(findings(session)) == 5
    assert not folder.exists()


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"LINTPERF_CACHE_DIR": "chosen"}, "chosen"),
        ({"XDG_CACHE_HOME": "caches"}, "caches/lintperf"),
        ({}, "~/.cache/lintperf"),
    ],
)  # fmt: skip
def test_where_the_folder_is(variables: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LINTPERF_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(cache.sys, "platform", "linux")
    assert cache_folder() == Path(expected).expanduser()
