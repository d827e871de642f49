"""The settings of the service: every limit with its name, its default and its unit."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from decimal import Decimal
from pathlib import Path
from typing import Any

from lintperf.config import load_config
from lintperf.model import Text
from lintperf.names import near_name
from lintperf.policy import UsageProblem

__all__ = ["LOOPBACK", "ServerSettings", "settings_from", "settings_table", "shown_size"]

LOOPBACK = ("127.0.0.1", "::1", "localhost")
PREFIX = "LINTPERF_SERVE_"
KIB, MIB = 1024, 1024 * 1024


def _setting(default: Any, zh: str, en: str, unit: str, lowest: float = 0, highest: float = 0) -> Any:
    about = {"text": Text(zh, en), "unit": unit, "lowest": lowest, "highest": highest}
    return field(default=default, metadata=about)


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """The settings in force. Sizes are in bytes here; users write them as `25MiB`; a unit of "" is a plain number."""

    host: str = _setting("127.0.0.1", "监听的地址", "the address to listen on", "text")
    port: int = _setting(
        8000, "监听的端口，0 为任意空闲端口", "the port to listen on, 0 for any free one", "", 0, 65535
    )
    workers: int = _setting(0, "检查进程数，0 为处理器数", "checking processes, 0 for one a processor", "", 0, 256)
    queue: int = _setting(
        64, "排队等候的请求数上限，超出的得到 429", "requests that may wait; more are answered 429", "", 0, 100_000
    )
    seconds: float = _setting(
        30.0, "处理一个请求的时限", "the time that the work on a request may take", "seconds", 0.1, 3600
    )
    memory: int = _setting(
        1024 * MIB, "处理一个请求可用的内存", "the memory that the work on a request may take", "bytes",
        64 * MIB, 1024 * 1024 * MIB,
    )  # fmt: skip
    max_file: int = _setting(25 * MIB, "一个文件的大小上限", "the largest size of a file", "bytes", KIB, 4096 * MIB)
    max_total: int = _setting(
        100 * MIB, "一个请求的大小上限", "the largest size of a request", "bytes", KIB, 4096 * MIB
    )
    max_held: int = _setting(
        1024 * MIB, "所有请求一时占用的内存上限，超出的得到 429",
        "the bytes of all requests in memory at a time; beyond that they are answered 429", "bytes", MIB, 1024**4,
    )  # fmt: skip
    max_files: int = _setting(200, "一个请求的文件数上限", "the files that a request may bring", "", 1, 10_000)
    max_fields: int = _setting(200, "一个请求的其他字段数上限", "the other fields of a request", "", 1, 10_000)
    max_field: int = _setting(
        16 * KIB, "一个其他字段的大小上限", "the largest size of one of the other fields", "bytes", 64, MIB
    )
    max_headers: int = _setting(32 * KIB, "请求头的大小上限", "the largest size of the headers", "bytes", KIB, MIB)
    max_connections: int = _setting(512, "同时的连接数上限", "the connections at a time", "", 1, 100_000)
    header_seconds: float = _setting(
        10.0, "收齐请求头的时限", "the time in which the headers must arrive", "seconds", 0.1, 3600
    )
    idle_seconds: float = _setting(
        20.0, "上传或下载停滞的时限", "the time for which an upload or a download may stand still", "seconds",
        0.1, 3600,
    )  # fmt: skip
    read_seconds: float = _setting(
        300.0, "收齐一个请求的时限", "the time in which a whole request must arrive", "seconds", 0.1, 86400
    )
    keep_alive: float = _setting(
        15.0, "空闲连接保留的时间", "the time that an idle connection is kept", "seconds", 0, 3600
    )
    stop_seconds: float = _setting(
        30.0, "停止时等候处理中请求的时限", "the time that requests in flight get when the service stops", "seconds",
        0, 3600,
    )  # fmt: skip
    tokens: str = _setting("", "令牌文件；没有则不要求令牌", "the file of tokens; none: no token is asked for", "path")
    rate: float = _setting(
        0.0, "每个令牌（没有令牌时每个地址）每分钟的请求数，0 为不限",
        "requests a minute for each token (or address, without tokens), 0 for no limit", "", 0, 1_000_000,
    )  # fmt: skip
    burst: int = _setting(
        0, "一时可超出的请求数，0 为与 rate 相同", "requests at a stretch, 0 for as many as `rate`", "", 0, 1_000_000
    )
    log: str = _setting(
        "-", "访问日志文件，- 为标准错误，空为不记", "the access log, - for standard error, empty for none", "path"
    )
    log_names: bool = _setting(False, "日志中记录文件名", "the log holds file names", "bool")
    hosts: tuple[str, ...] = _setting(
        (), "接受的主机名，空为任意", "the host names that are answered to, none for any", "names"
    )
    proxies: tuple[str, ...] = _setting(
        (), "可信的反向代理地址", "the addresses of reverse proxies that are trusted", "names"
    )
    root_path: str = _setting("", "反向代理之后的路径前缀", "the prefix of paths behind a reverse proxy", "text")

    @property
    def processes(self) -> int:
        """How many workers there are."""
        return self.workers or _processors()

    @property
    def local(self) -> bool:
        """Whether only this machine can reach the service."""
        return self.host in LOOPBACK


def settings_from(
    options: Mapping[str, Any], config_file: str | None = None, environ: Mapping[str, str] | None = None
) -> ServerSettings:
    """The settings in force: options before environment before the file's `[serve]` before defaults.

    options      name → value as given, None where it was not
    config_file  the file; None: `lintperf.toml` of the folder that the service is started in, where there is one

    Raises UsageProblem, which names the option, the variable or the key.
    """
    environ = os.environ if environ is None else environ
    values: dict[str, Any] = {}
    path = Path(config_file or environ.get("LINTPERF_CONFIG") or "lintperf.toml")
    if config_file or environ.get("LINTPERF_CONFIG") or path.is_file():
        config = load_config(path.resolve())
        for name, value in config.values.get("serve", {}).items():
            where = f"{path}：serve.{name}"
            values[name.replace("-", "_")] = _read(name.replace("-", "_"), value, where)
            if name in ("tokens", "log") and value not in ("", "-"):
                values[name] = str(Path(config.origins["serve"]).parent / value)
    known = {each.name: each for each in fields(ServerSettings)}
    for variable, text in environ.items():
        if not variable.startswith(PREFIX):
            continue
        name = variable.removeprefix(PREFIX).lower()
        if name not in known:
            near = near_name(name, list(known))
            meant = f"{PREFIX}{near.upper()}" if near else ""
            raise UsageProblem(Text(
                f"没有环境变量 {variable}" + (f"，是否为 {meant}？" if meant else ""),
                f"unknown variable {variable}" + (f", did you mean {meant}?" if meant else ""),
            ))  # fmt: skip
        values[name] = _read(name, text, variable)
    for name, value in options.items():
        if value is not None:
            values[name] = _read(name, value, f"--{'timeout' if name == 'seconds' else name.replace('_', '-')}")
    return _consistent(ServerSettings(**values))


def _consistent(settings: ServerSettings) -> ServerSettings:
    if settings.max_file > settings.max_total:
        raise UsageProblem(Text(
            f"max-file（{shown_size(settings.max_file)}）大于 max-total（{shown_size(settings.max_total)}）",
            f"max-file ({shown_size(settings.max_file)}) is larger than max-total ({shown_size(settings.max_total)})",
        ))  # fmt: skip
    if settings.max_total > settings.max_held:
        raise UsageProblem(Text(
            f"max-total（{shown_size(settings.max_total)}）大于 max-held（{shown_size(settings.max_held)}）",
            f"max-total ({shown_size(settings.max_total)}) is larger than max-held ({shown_size(settings.max_held)})",
        ))  # fmt: skip
    return settings


SIZE = re.compile(r"([0-9]+(?:\.[0-9]+)?) *(B|[KMG]i?B?)?", re.IGNORECASE)
POWERS = {"": 0, "b": 0, "k": 1, "m": 2, "g": 3}


def _size(text: str) -> int:
    match = SIZE.fullmatch(text.strip())
    if match is None:
        raise ValueError(text)
    return int(Decimal(match[1]) * 1024 ** POWERS[(match[2] or "")[:1].lower()])


def _flag(text: str) -> bool:
    return {"1": True, "true": True, "yes": True, "0": False, "false": False, "no": False, "": False}[text.lower()]


def shown_size(size: int) -> str:
    """A size as a user writes it: `25MiB`."""
    for power, unit in ((1024 * MIB, "GiB"), (MIB, "MiB"), (KIB, "KiB")):
        if size >= power and size % power == 0:
            return f"{size // power}{unit}"
    return str(size)


def _read(name: str, value: Any, where: str) -> Any:
    """The value as the setting wants it; `value` is text, or what a configuration file holds."""
    about = next(each for each in fields(ServerSettings) if each.name == name)
    unit, default = about.metadata["unit"], about.default
    try:
        if unit == "names":
            return (
                tuple(value)
                if isinstance(value, list | tuple)
                else tuple(part.strip() for part in value.split(",") if part.strip())
            )
        if unit == "bool":
            return value if isinstance(value, bool) else _flag(value)
        if unit in ("text", "path"):
            return str(value)
        if unit == "bytes":
            number: Any = _size(str(value))
        else:
            number = float(Decimal(str(value))) if isinstance(default, float) else int(str(value))
    except (ValueError, KeyError, ArithmeticError):
        zh, en = _expected(unit, default)
        raise UsageProblem(Text(f"{where} 应为{zh}，得到 {value}", f"{where} must be {en}, got {value}")) from None
    lowest, highest = about.metadata["lowest"], about.metadata["highest"]
    if not lowest <= number <= highest:
        low, high = (shown_size(lowest), shown_size(highest)) if unit == "bytes" else (f"{lowest:g}", f"{highest:g}")
        raise UsageProblem(Text(
            f"{where} 应在 {low} 到 {high} 之间，得到 {value}", f"{where} must be {low} to {high}, got {value}"
        ))  # fmt: skip
    return number


def _expected(unit: str, default: Any) -> tuple[str, str]:
    if unit == "bytes":
        return "大小，如 25MiB", "a size like 25MiB"
    if unit == "bool":
        return " 1 或 0", "1 or 0"
    return ("数字", "a number") if isinstance(default, float) else ("整数", "a whole number")


def settings_table() -> str:
    """All settings as a table in Markdown, for people: key, default, meaning."""
    lines = ["| 设置 | 默认 | 说明 |", "|---|---|---|"]
    for each in fields(ServerSettings):
        default: Any = each.default
        unit = each.metadata["unit"]
        shown = shown_size(default) if unit == "bytes" else f"{default:g}" if unit in ("", "seconds") else str(default)
        if unit in ("bool", "names"):
            shown = {False: "false", (): "[]"}[default]
        text = each.metadata["text"]
        seconds = ("（秒）", " (seconds)") if unit == "seconds" else ("", "")
        value = f"`{shown}`" if shown else ""
        lines.append(f"| `{each.name.replace('_', '-')}` | {value} | {text.zh}{seconds[0]} {text.en}{seconds[1]} |")
    return "\n".join(lines) + "\n"
