"""Formats that only office programs read (.doc, .wps, .rtf, .odt, .xlsb), converted by LibreOffice where it is allowed.

Nothing here runs without the user's word. The program gets a folder and a profile of its own that are deleted after,
runs no macros, follows no links, is pointed at no network, and is ended after a time.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
from pathlib import Path

from lintperf.extension import UnreadableError
from lintperf.model import Text

__all__ = ["HELPER", "converted"]

HELPER = "libreoffice"
# Below the limit of a file, so that this message comes and not that of the limit; a first start takes five.
_SECONDS = 50.0
_PROGRAMS = ("soffice", "libreoffice")
_MAX_RESULT = 64 * 1024 * 1024

_SAVE_AS = Text(zh="请用 Word 或 WPS 另存为 .docx 或 .xlsx", en="save it as .docx or .xlsx in Word or WPS")
_ITEM = (
    '<item oor:path="/org.openoffice.{path}"><prop oor:name="{name}" oor:op="fuse"><value>{value}</value></prop></item>'
)
# Macros: never. Links: never updated. Everything that goes to the network meets a proxy that does not answer.
_SETTINGS = (
    ("Office.Common/Security/Scripting", "MacroSecurityLevel", "3"),
    ("Office.Common/Security/Scripting", "DisableMacrosExecution", "true"),
    ("Office.Common/Security/Scripting", "DisableActiveContent", "true"),
    ("Office.Common/Security/Scripting", "BlockUntrustedRefererLinks", "true"),
    ("Office.Writer/Content/Update", "Link", "0"),
    ("Office.Calc/Content/Update", "Link", "1"),
    ("Office.Common/Misc", "FirstRun", "false"),
    ("Inet/Settings", "ooInetProxyType", "2"),
    ("Inet/Settings", "ooInetHTTPProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPProxyPort", "9"),
    ("Inet/Settings", "ooInetHTTPSProxyName", "127.0.0.1"),
    ("Inet/Settings", "ooInetHTTPSProxyPort", "9"),
)


def converted(content: bytes, suffix: str, target: str) -> bytes:
    """The file, which has this suffix, in another format (`docx`, `xlsx`).

    Raises UnreadableError when LibreOffice is not installed, takes longer than 50 seconds, or makes nothing of it.
    """
    program = next((found for name in _PROGRAMS if (found := shutil.which(name))), None)
    if program is None:
        raise UnreadableError(
            Text(zh="没有找到 LibreOffice（soffice）", en="LibreOffice (soffice) was not found"),
            Text(
                zh="请安装 LibreOffice，或在 Word、WPS 中另存为 .docx 或 .xlsx",
                en="install LibreOffice, or save the file as .docx or .xlsx in Word or WPS",
            ),
        )
    with tempfile.TemporaryDirectory(prefix="lintperf-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        source = folder / f"form{suffix}"
        source.write_bytes(content)
        _write_profile(folder / "profile")
        _run(
            [
                program, "--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck",
                f"-env:UserInstallation={(folder / 'profile').as_uri()}",
                "--convert-to", target, "--outdir", str(folder / "out"), str(source),
            ],
            folder,
        )  # fmt: skip
        result = folder / "out" / f"form.{target}"
        if not result.is_file():
            raise UnreadableError(
                Text(zh="LibreOffice 无法转换该文件，文件可能已损坏",
                     en="LibreOffice could not convert the file; it may be damaged"),
                _SAVE_AS,
            )  # fmt: skip
        if result.stat().st_size > _MAX_RESULT:
            raise UnreadableError(
                Text(zh="LibreOffice 转换后的文件过大", en="what LibreOffice made of the file is too large"), _SAVE_AS
            )
        return result.read_bytes()


def _write_profile(folder: Path) -> None:
    (folder / "user").mkdir(parents=True)
    items = "".join(_ITEM.format(path=path, name=name, value=value) for path, name, value in _SETTINGS)
    (folder / "user" / "registrymodifications.xcu").write_text(
        '<?xml version="1.0" encoding="UTF-8"?><oor:items xmlns:oor="http://openoffice.org/2001/registry" '
        f'xmlns:xs="http://www.w3.org/2001/XMLSchema">{items}</oor:items>',
        encoding="utf-8",
    )


def _run(command: list[str], folder: Path) -> None:
    """Runs the program in a group of its own, so that its children end with it. Raises UnreadableError."""
    environment = {**os.environ, "HOME": str(folder), "TMPDIR": str(folder), "SAL_USE_VCLPLUGIN": "svp"}
    process = subprocess.Popen(  # noqa: S603 - the program found by its name, our own arguments
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        process.wait(_SECONDS)
    except subprocess.TimeoutExpired:
        raise UnreadableError(
            Text(zh=f"LibreOffice 在 {_SECONDS:.0f} 秒内没有完成转换",
                 en=f"LibreOffice did not finish within {_SECONDS:.0f} seconds"),
            _SAVE_AS,
        ) from None  # fmt: skip
    finally:
        # also when the time for the file is up or the user interrupts
        if process.poll() is None:
            if hasattr(os, "killpg"):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.kill()
            process.wait()
