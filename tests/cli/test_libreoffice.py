"""`--allow-libreoffice`: who may allow it, and that nothing runs where nobody did."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from office_files import FORM, TITLE, word

Lintperf = Callable[..., "tuple[int, str, str]"]
OLD_WORD = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "WordDocument".encode("utf-16-le") + bytes(600)


@pytest.fixture(autouse=True)
def office_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An old document, and a program in place of LibreOffice that makes the usual form of everything."""
    folder = tmp_path / "programs"
    folder.mkdir()
    (folder / "made.docx").write_bytes(word([TITLE, FORM]))
    (folder / "soffice").write_text(f"#!/bin/sh\nmkdir out; cp {folder}/made.docx out/form.docx\n", encoding="utf-8")
    (folder / "soffice").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/bin:/usr/bin")
    Path("form.doc").write_bytes(OLD_WORD)
    return folder


def codes(out: str) -> set[str]:
    return {finding["code"] for document in json.loads(out)["documents"] for finding in document["findings"]}


CHECK = ("check", "form.doc", "--format", "json", "--persona", "reviewer")


def test_without_the_option_the_finding_says_how(lintperf: Lintperf) -> None:
    code, out, _ = lintperf(*CHECK)
    assert code == 1
    assert codes(out) == {"LP001"}
    assert "--allow-libreoffice" in out


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_the_option(lintperf: Lintperf, jobs: str) -> None:
    Path("other.wps").write_bytes(OLD_WORD)
    out = lintperf(*CHECK, "other.wps", "--allow-libreoffice", "--jobs", jobs).out
    for document in json.loads(out)["documents"]:
        assert document["title"]
        (said,) = [finding for finding in document["findings"] if finding["code"] == "LP001"]
        assert said["severity"] == "note"
        assert "LibreOffice" in said["message"] and ".docx" in said["message"]


def test_the_environment_and_the_configuration(lintperf: Lintperf, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("lintperf.toml").write_text("allow-libreoffice = true\n", encoding="utf-8")
    assert len(codes(lintperf(*CHECK).out)) > 1
    assert '"project"' in lintperf("convert", "form.doc").out
    assert codes(lintperf(*CHECK, "--no-config").out) == {"LP001"}
    monkeypatch.setenv("LINTPERF_ALLOW_LIBREOFFICE", "1")
    assert len(codes(lintperf(*CHECK, "--no-config").out)) > 1
    Path("lintperf.toml").write_text('allow-libreoffice = "yes"\n', encoding="utf-8")
    assert lintperf("check", "form.doc").code == 2


def test_convert(lintperf: Lintperf) -> None:
    assert lintperf("convert", "form.doc").code == 1
    code, out, err = lintperf("convert", "form.doc", "--allow-libreoffice")
    assert code == 0
    assert json.loads(out)["heading"]["project"] == "绿道养护"
    assert "LP001" in err and "LibreOffice" in err
