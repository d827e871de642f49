"""What only a process of its own shows: pipes, terminals, signals, workers, caches."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from forms import clean_form, defective_form, form_text
from running import command, environment

Process = Callable[..., "tuple[int, str, str]"]
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and terminals of POSIX")


def many(folder: Path, number: int) -> None:
    """Forms, every third one with a defect."""
    folder.mkdir()
    for seed in range(number):
        form = defective_form(seed, "LP301", 8)[0] if seed % 3 == 0 else clean_form(seed, 8)
        (folder / f"form-{seed:03}.json").write_text(form_text(form), encoding="utf-8")


def on_terminal(*arguments: str, **settings: str) -> tuple[int, str]:
    """Exit code and output of a run whose standard output is a terminal."""
    outer, inner = pty.openpty()
    running = subprocess.Popen(command(*arguments), stdout=inner, stderr=inner, env=environment(settings))
    os.close(inner)
    pieces = []
    while select.select([outer], [], [], 60)[0]:
        try:
            piece = os.read(outer, 65536)
        except OSError:
            break
        if not piece:
            break
        pieces.append(piece)
    os.close(outer)
    return running.wait(60), b"".join(pieces).decode()


def test_standard_input(process: Process, wrong: Path) -> None:
    content = wrong.read_bytes()
    code, out, err = process("check", "-", "--stdin-filename", "sub/form.json", stdin=content)
    assert (code, err) == (1, "")
    assert out.startswith("sub/form.json:")
    code, _, err = process("check", "-", stdin=content)
    assert code == 2 and "--stdin-filename" in err and err.count("\n") == 1
    assert process("check", "-", "--stdin-filename", "form.yaml", stdin=b"").code == 1


def test_standard_input_follows_the_configuration_of_its_name(process: Process, wrong: Path) -> None:
    Path("sub").mkdir()
    Path("sub/lintperf.toml").write_text('ignore = ["LP301"]\n', encoding="utf-8")
    content = wrong.read_bytes()
    assert process("check", "-", "--stdin-filename", "sub/form.json", stdin=content) == (0, "", "")


def test_text_on_a_terminal_and_concise_in_a_pipe(process: Process, wrong: Path) -> None:
    code, out = on_terminal("check", "wrong.json", TERM="xterm")
    assert code == 1
    assert "1 份文档" in out and "\x1b[" in out
    piped = process("check", "wrong.json").out
    assert piped.startswith("wrong.json:") and "\x1b" not in piped and piped.count("\n") == 1


def test_colour(process: Process, wrong: Path) -> None:
    for settings in ({"NO_COLOR": "1", "TERM": "xterm"}, {"TERM": "dumb"}):
        assert "\x1b[" not in on_terminal("check", "wrong.json", **settings)[1]
    assert "\x1b[" not in on_terminal("check", "wrong.json", "--color", "never", TERM="xterm")[1]
    assert "\x1b[" in process("check", "wrong.json", "--format", "text", "--color", "always", NO_COLOR="1").out
    Path("out.txt").unlink(missing_ok=True)
    process("check", "wrong.json", "--format", "text", "--color", "always", "--output", "out.txt")
    assert "\x1b" not in Path("out.txt").read_text(encoding="utf-8")


def test_reader_that_leaves_early(tmp_path: Path) -> None:
    many(tmp_path / "forms", 60)
    line = f"set -o pipefail; {' '.join(command('check', 'forms', '--format', 'json'))} | head -1"
    done = subprocess.run(["bash", "-c", line], capture_output=True, env=environment({}), check=False)
    assert (done.returncode, done.stderr) == (1, b"")
    assert done.stdout.count(b"\n") == 1


def test_output_without_room(wrong: Path) -> None:
    if not Path("/dev/full").exists():
        pytest.skip("needs /dev/full")
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device
        done = subprocess.run(
            command("check", "wrong.json"), stdout=full, stderr=subprocess.PIPE, env=environment({}), check=False
        )
    assert done.returncode == 2
    assert done.stderr.decode().startswith("lintperf: 无法写入标准输出") and done.stderr.count(b"\n") == 1


@pytest.mark.parametrize("closed", ["1", "2", "1 2"])
def test_closed_streams(wrong: Path, closed: str) -> None:
    line = " ".join(command("check", "wrong.json")) + "".join(f" {number}>&-" for number in closed.split())
    done = subprocess.run(["bash", "-c", line], capture_output=True, env=environment({}), check=False)
    assert done.returncode == 1
    assert b"Traceback" not in done.stderr


@pytest.mark.parametrize(
    "settings", [{"PYTHONIOENCODING": "ascii"}, {"LC_ALL": "C"}, {"PYTHONUTF8": "0", "LC_ALL": "POSIX"}]
)
def test_encodings_without_chinese(process: Process, wrong: Path, settings: dict[str, str]) -> None:
    assert process("check", "wrong.json", **settings) == process("check", "wrong.json")
    code, _, err = process("check", "没有.json", **settings)
    assert code == 2 and err.count("\n") == 1


def test_name_that_is_no_text(wrong: Path) -> None:
    """A file name in GBK on a system of UTF-8."""
    name = "绿道.json".encode("gbk")
    wrong.rename(os.fsdecode(name))
    for form in ("concise", "text", "json", "sarif", "github"):
        done = subprocess.run(
            command("check", ".", "--format", form), capture_output=True, env=environment({}), check=False
        )
        assert (done.returncode, done.stderr) == (1, b""), form
        assert done.stdout.decode()
        done = subprocess.run(
            command("check", ".", "--format", form, "--output", "out"),
            capture_output=True,
            env=environment({}),
            check=False,
        )
        assert (done.returncode, done.stderr) == (1, b""), form


def test_interrupted(tmp_path: Path) -> None:
    """One line, exit code 130, no worker left, nothing half-written."""
    many(tmp_path / "forms", 40)
    os.mkfifo(tmp_path / "wait")
    for jobs in ("1", "2"):
        running = subprocess.Popen(
            [sys.executable, "-c", SLOW, "check", "forms", "--jobs", jobs, "--output", "found.txt"],
            stderr=subprocess.PIPE, env=environment({}), start_new_session=True,
        )  # fmt: skip
        with open(tmp_path / "wait", "rb") as started:  # noqa: PTH123 - a pipe
            # to the end: they have closed it, so that they are at work and in no destructor, which swallows interrupts
            started.read()
        # as Ctrl-C does: to all processes of the terminal
        os.killpg(running.pid, signal.SIGINT)
        _, err = running.communicate(timeout=60)
        assert running.returncode == 130
        assert err.decode() == "lintperf: 已中断\n"
        assert sorted(path.name for path in tmp_path.iterdir()) == ["forms", "wait"]
        deadline = time.monotonic() + 20
        while _group_lives(running.pid) and time.monotonic() < deadline:
            time.sleep(0.05)
        assert not _group_lives(running.pid)


SLOW = """
import signal, sys, time
from lintperf import work
from lintperf.cli import main
# whoever started the tests may have chosen to ignore it
signal.signal(signal.SIGINT, signal.default_int_handler)
def slow(*arguments):
    with open("wait", "wb") as stream:
        stream.write(b"x")
    time.sleep(60)
work.check_source = slow
sys.exit(main.run(sys.argv[1:]))
"""


def _group_lives(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


KILLED = """
import os, signal, sys
from lintperf import work
from lintperf.cli import main
read = work.check_source
def deadly(session, source, *rest):
    if source.path.endswith("form-007.json"):
        os.kill(os.getpid(), signal.SIGKILL)
    return read(session, source, *rest)
work.check_source = deadly
sys.exit(main.run(sys.argv[1:]))
"""


def test_a_worker_that_is_killed_costs_its_file_alone(process: Process, tmp_path: Path) -> None:
    many(tmp_path / "forms", 30)
    expected = process("check", "forms").out
    done = subprocess.run(
        [sys.executable, "-c", KILLED, "check", "forms", "--jobs", "2", "--no-cache"],
        capture_output=True,
        env=environment({}),
        check=False,
    )
    assert done.returncode == 3
    assert done.stderr.decode() == "lintperf: forms/form-007.json: 检查进程意外终止\n"
    assert done.stdout.decode() == expected  # the seventh is a clean one


@pytest.mark.parametrize("form", ["concise", "json", "sarif", "text"])
def test_jobs_give_the_same_bytes(process: Process, tmp_path: Path, form: str) -> None:
    many(tmp_path / "forms", 12)
    arguments = ("check", "forms", "--format", form, "--no-cache", "--jobs")
    runs = [process(*arguments, jobs) for jobs in ("0", "1", "2", "4")]
    assert runs[0].code == 1 and runs[0].out and not runs[0].err
    for run in runs[1:]:
        assert run == runs[0]


def test_cache_that_cannot_be_used(process: Process, wrong: Path, tmp_path: Path) -> None:
    expected = process("check", "wrong.json", "--no-cache")
    read_only = tmp_path / "read-only"
    read_only.mkdir(mode=0o500)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    for folder in (read_only, tmp_path / "file", tmp_path / "file" / "below", "/dev/null/x"):
        assert process("check", "wrong.json", LINTPERF_CACHE_DIR=str(folder)) == expected


def test_cache_of_nonsense(process: Process, wrong: Path, tmp_path: Path) -> None:
    folder = {"LINTPERF_CACHE_DIR": str(tmp_path / "cache")}
    expected = process("check", "wrong.json", **folder)
    entries = list((tmp_path / "cache").glob("*.json"))
    assert entries
    for nonsense in (b"", b"{}", b"[]", b"null", b"\xff", b'{"key": 1}', entries[0].read_bytes()[:-20]):
        for entry in entries:
            entry.write_bytes(nonsense)
        assert process("check", "wrong.json", **folder) == expected
    for arguments in (("--no-cache",),):
        assert process("check", "wrong.json", *arguments, **folder) == expected


def test_progress_only_for_somebody_who_watches(process: Process, tmp_path: Path) -> None:
    many(tmp_path / "forms", 24)
    assert process("check", "forms").err == ""
    outer, inner = pty.openpty()
    done = subprocess.run(
        command("check", "forms"), stdout=subprocess.PIPE, stderr=inner, env=environment({"TERM": "xterm"}), check=False
    )
    os.close(inner)
    shown = os.read(outer, 65536).decode()
    os.close(outer)
    assert "检查" in shown
    assert done.stdout.decode() == process("check", "forms").out
