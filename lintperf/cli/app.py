"""The commands and their options."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from lintperf.cli.check import TIME_LIMIT, CheckOptions, check_command
from lintperf.cli.output import default_lang, today
from lintperf.model import Lang, Severity, Text
from lintperf.policy import PERSONAS, Policy, UsageProblem

__all__ = ["app"]

# seconds; a timer takes no more on some platforms
LONGEST = 1_000_000

app = typer.Typer(
    add_completion=False,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="绩效自评表和评价报告的检查工具。 Linting of performance-evaluation forms and reports.",
)


def _choice(name: str, value: str | None, allowed: tuple[str, ...]) -> None:
    if value is not None and value not in allowed:
        from lintperf.names import near_name

        near = near_name(value, allowed)
        hint_zh = f"，是否为 {near}？" if near else ""
        hint_en = f", did you mean {near}?" if near else ""
        raise UsageProblem(Text(
            f"{name} 不能是 {value}；可用：{'、'.join(allowed)}{hint_zh}",
            f"{name} cannot be {value}; use one of {', '.join(allowed)}{hint_en}",
        ))  # fmt: skip


def _split(values: list[str] | None) -> tuple[str, ...]:
    """Codes given several times or separated by commas."""
    return tuple(part.strip() for value in values or [] for part in value.split(",") if part.strip())


def _assignments(name: str, values: list[str] | None) -> tuple[tuple[str, str], ...]:
    pairs = []
    for value in values or []:
        key, sign, right = value.partition("=")
        if not sign or not key.strip():
            raise UsageProblem(Text(f"{name} 应写作 名称=值，得到 {value}", f"{name} takes NAME=VALUE, got {value}"))
        pairs.append((key.strip(), right.strip()))
    return tuple(pairs)


Select = Annotated[list[str] | None, typer.Option(help="只用这些规则：代码、前缀或名称", envvar="LINTPERF_SELECT")]
ExtendSelect = Annotated[
    list[str] | None, typer.Option(help="另外启用这些规则，包括默认关闭的", envvar="LINTPERF_EXTEND_SELECT")
]
Ignore = Annotated[list[str] | None, typer.Option(help="不用这些规则", envvar="LINTPERF_IGNORE")]
Rulesets = Annotated[list[str] | None, typer.Option("--ruleset", help="规则包名称或文件夹", envvar="LINTPERF_RULESET")]
Severities = Annotated[
    list[str] | None,
    typer.Option("--severity", help="规则=error|warning|note|off", envvar="LINTPERF_SEVERITY"),
]
Parameters = Annotated[list[str] | None, typer.Option("--param", help="参数=值", envvar="LINTPERF_PARAM")]
Language = Annotated[str | None, typer.Option("--lang", help="zh 或 en", envvar="LINTPERF_LANG")]
ConfigFile = Annotated[str | None, typer.Option("--config", help="配置文件", envvar="LINTPERF_CONFIG")]
AllowLibreOffice = Annotated[
    bool,
    typer.Option(
        "--allow-libreoffice",
        help="可调用已安装的 LibreOffice 转换 .doc、.wps、.rtf 等格式",
        envvar="LINTPERF_ALLOW_LIBREOFFICE",
    ),
]
NoConfig = Annotated[bool, typer.Option("--no-config", help="不读配置文件", envvar="LINTPERF_NO_CONFIG")]


def _policy(
    rulesets: list[str] | None,
    select: list[str] | None,
    extend_select: list[str] | None,
    ignore: list[str] | None,
    severities: list[str] | None,
    parameters: list[str] | None,
) -> Policy:
    levels = []
    for code, word in _assignments("--severity", severities):
        _choice("--severity", word, tuple(Severity.__members__))
        levels.append((code, Severity[word]))
    return Policy(
        rulesets=_split(rulesets),
        select=_split(select),
        extend_select=_split(extend_select),
        ignore=_split(ignore),
        severities=tuple(levels),
        parameters=_assignments("--param", parameters),
        today=today(),
    )


def _language(value: str | None) -> Lang:
    _choice("--lang", value, ("zh", "en"))
    return value if value in ("zh", "en") else default_lang()  # type: ignore[return-value]


@app.command(help="检查文件、文件夹或标准输入（-）。 Check files, folders or standard input.")
def check(
    paths: Annotated[list[str] | None, typer.Argument(help="文件、文件夹，或 - 表示标准输入")] = None,
    ruleset: Rulesets = None,
    select: Select = None,
    ignore: Ignore = None,
    extend_select: ExtendSelect = None,
    severity: Severities = None,
    param: Parameters = None,
    format_: Annotated[str | None, typer.Option("--format", help="输出格式", envvar="LINTPERF_FORMAT")] = None,
    output: Annotated[str | None, typer.Option(help="写入文件", envvar="LINTPERF_OUTPUT")] = None,
    lang: Language = None,
    fail_on: Annotated[str | None, typer.Option(help="error|warning|note|never", envvar="LINTPERF_FAIL_ON")] = None,
    persona: Annotated[str | None, typer.Option(help="author|reviewer|auditor", envvar="LINTPERF_PERSONA")] = None,
    jobs: Annotated[int | None, typer.Option(help="进程数，0 为自动", envvar="LINTPERF_JOBS")] = None,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="不使用缓存", envvar="LINTPERF_NO_CACHE")] = False,
    statistics: Annotated[bool, typer.Option("--statistics", help="按规则统计", envvar="LINTPERF_STATISTICS")] = False,
    config: ConfigFile = None,
    no_config: NoConfig = False,
    explain: Annotated[bool, typer.Option("--explain", help="显示依据和修改建议", envvar="LINTPERF_EXPLAIN")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="只输出问题", envvar="LINTPERF_QUIET")] = False,
    color: Annotated[str, typer.Option(help="auto|always|never", envvar="LINTPERF_COLOR")] = "auto",
    stdin_filename: Annotated[
        str | None, typer.Option(help="标准输入的文件名", envvar="LINTPERF_STDIN_FILENAME")
    ] = None,
    ignore_unknown: Annotated[
        bool,
        typer.Option(
            "--ignore-unknown", help="跳过没有写明文档类型的 JSON、YAML 文件", envvar="LINTPERF_IGNORE_UNKNOWN"
        ),
    ] = False,
    fix: Annotated[
        bool, typer.Option("--fix", help="改正 JSON、YAML 文件中可以算出的值", envvar="LINTPERF_FIX")
    ] = False,
    unsafe_fixes: Annotated[
        bool, typer.Option("--unsafe-fixes", help="也改须复核的值；含 --fix", envvar="LINTPERF_UNSAFE_FIXES")
    ] = False,
    diff: Annotated[bool, typer.Option("--diff", help="只显示会怎样改正，不写文件", envvar="LINTPERF_DIFF")] = False,
    baseline: Annotated[
        str | None, typer.Option(help="基线文件：只报告其中没有的问题", envvar="LINTPERF_BASELINE")
    ] = None,
    update_baseline: Annotated[
        bool, typer.Option("--update-baseline", help="把现有问题写入基线文件", envvar="LINTPERF_UPDATE_BASELINE")
    ] = False,
    since: Annotated[
        str | None, typer.Option(help="只报告 Git 版本 REV 之后改过的文档和行", metavar="REV", envvar="LINTPERF_SINCE")
    ] = None,
    timeout: Annotated[
        float, typer.Option(help="每个文件的时限（秒），0 为不限", envvar="LINTPERF_TIMEOUT")
    ] = TIME_LIMIT,
    allow_libreoffice: AllowLibreOffice = False,
) -> int:
    """Check files; see `cli.md` for the options."""
    _choice("--persona", persona, tuple(PERSONAS))
    _choice("--fail-on", fail_on, ("error", "warning", "note", "never"))
    _choice("--color", color, ("auto", "always", "never"))
    if jobs is not None and jobs < 0:
        raise UsageProblem(Text("--jobs 不能为负数", "--jobs cannot be negative"))
    if not 0 <= timeout <= LONGEST:
        raise UsageProblem(
            Text(
                f"--timeout 应为 0 到 {LONGEST} 秒，0 为不限",
                f"--timeout must be 0 to {LONGEST} seconds, 0 for no limit",
            )
        )
    options = CheckOptions(
        paths=tuple(paths or ()),
        policy=_policy(ruleset, select, extend_select, ignore, severity, param),
        persona=persona,
        format=format_,
        output=output,
        lang=_language(lang) if lang is not None else None,
        fail_on=fail_on,
        jobs=jobs,
        no_cache=no_cache,
        statistics=statistics,
        config=config,
        no_config=no_config,
        explain=explain,
        quiet=quiet,
        color=color,
        stdin_filename=stdin_filename,
        ignore_unknown=ignore_unknown,
        timeout=timeout,
        allow_libreoffice=allow_libreoffice,
        fix=fix,
        unsafe_fixes=unsafe_fixes,
        diff=diff,
        baseline=baseline,
        update_baseline=update_baseline,
        since=since,
    )
    return check_command(options)


@app.command(help="把办公文件、网页或文本转换为规范 JSON。 Convert a file to canonical JSON.")
def convert(
    file: Annotated[str, typer.Argument(help="文件")],
    output: Annotated[str | None, typer.Option("--output", "-o", help="写入文件；默认为标准输出")] = None,
    split: Annotated[str | None, typer.Option(help="每张表写入该文件夹中的一个文件")] = None,
    no_origin: Annotated[bool, typer.Option("--no-origin", help="不写各个值在原件中的位置（origin）")] = False,
    allow_libreoffice: AllowLibreOffice = False,
    lang: Language = None,
) -> int:
    """Write the canonical JSON of a file."""
    from lintperf.cli.commands import convert_command

    return convert_command(file, output, split, no_origin, allow_libreoffice, _language(lang))


@app.command(help="把规范 JSON（或其他可读的文件）按通用版式印出。 Print a document in its usual layout.")
def render(
    file: Annotated[str, typer.Argument(help="JSON、YAML 或办公文件")],
    output: Annotated[str, typer.Option("--output", "-o", help="写入文件：.docx、.xlsx 或 .html")],
    allow_libreoffice: AllowLibreOffice = False,
    lang: Language = None,
) -> int:
    """Write a clean form to print."""
    from lintperf.cli.render import render_command

    return render_command(file, output, allow_libreoffice, _language(lang))


@app.command(help="把问题作为批注写入 Word、Excel 文件的副本。 Write the findings into a copy of the file.")
def annotate(
    file: Annotated[str, typer.Argument(help="Word 或 Excel 文件")],
    output: Annotated[str, typer.Option("--output", "-o", help="副本，后缀与原件相同")],
    ruleset: Rulesets = None,
    select: Select = None,
    ignore: Ignore = None,
    extend_select: ExtendSelect = None,
    severity: Severities = None,
    param: Parameters = None,
    fix: Annotated[bool, typer.Option("--fix", help="在副本中写入可以算出的正确值（Word 为修订）")] = False,
    unsafe_fixes: Annotated[bool, typer.Option("--unsafe-fixes", help="也写入须复核的值；含 --fix")] = False,
    lang: Language = None,
    fail_on: Annotated[str | None, typer.Option(help="error|warning|note|never", envvar="LINTPERF_FAIL_ON")] = None,
    persona: Annotated[str | None, typer.Option(help="author|reviewer|auditor", envvar="LINTPERF_PERSONA")] = None,
    config: ConfigFile = None,
    no_config: NoConfig = False,
    no_cache: Annotated[bool, typer.Option("--no-cache", help="不使用缓存", envvar="LINTPERF_NO_CACHE")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="不输出小结", envvar="LINTPERF_QUIET")] = False,
) -> int:
    """Write the findings into a copy of an office file."""
    from lintperf.cli.annotate import annotate_command

    _choice("--persona", persona, tuple(PERSONAS))
    _choice("--fail-on", fail_on, ("error", "warning", "note", "never"))
    options = CheckOptions(
        paths=(file,),
        policy=_policy(ruleset, select, extend_select, ignore, severity, param),
        persona=persona,
        lang=_language(lang) if lang is not None else None,
        fail_on=fail_on,
        no_cache=no_cache,
        config=config,
        no_config=no_config,
        quiet=quiet,
    )
    return annotate_command(options, output, fix or unsafe_fixes, unsafe_fixes)


@app.command(help="列出规则。 List the rules.")
def rules(
    ruleset: Rulesets = None,
    format_: Annotated[str, typer.Option("--format", help="text|json|markdown")] = "text",
    lang: Language = None,
) -> int:
    """The rules of the chosen packs."""
    from lintperf.cli.commands import rules_command

    _choice("--format", format_, ("text", "json", "markdown"))
    return rules_command(_policy(ruleset, None, None, None, None, None), format_, _language(lang))


@app.command(help="解释一条规则。 Explain one rule.")
def rule(
    code: Annotated[str, typer.Argument(help="规则代码或名称")],
    ruleset: Rulesets = None,
    lang: Language = None,
) -> int:
    """What a rule finds, why, how to mend it, what it rests on."""
    from lintperf.cli.commands import rule_command

    return rule_command(_policy(ruleset, None, None, None, None, None), code, _language(lang))


@app.command(help="运行规则旁的用例。 Run the cases beside the rules.")
def test(
    ruleset: Annotated[str | None, typer.Argument(help="规则包名称或文件夹；默认为随附的全部规则包")] = None,
    lang: Language = None,
) -> int:
    """For authors of packs."""
    from lintperf.cli.commands import test_command

    return test_command(ruleset, _language(lang))


@app.command(help="输出 JSON Schema。 Print a JSON Schema.")
def schema(name: Annotated[str, typer.Argument(help="self-evaluation、ruleset、rule、cases、config")]) -> int:
    """Print the schema of a document type or of a file format of lintperf."""
    from lintperf.cli.commands import schema_command

    return schema_command(name)


@app.command(help="显示生效的设置及其来源。 Show the settings in force and where they come from.")
def config(
    path: Annotated[str, typer.Argument(help="为哪个文件或文件夹")] = ".",
    config_file: ConfigFile = None,
    no_config: NoConfig = False,
    lang: Language = None,
) -> int:
    """The settings in force for a file."""
    from lintperf.cli.commands import config_command

    return config_command(path, config_file, no_config, _language(lang))


@app.callback(invoke_without_command=True)
def main(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="显示版本")] = False,
) -> Any:
    """Options before the command."""
    if version:
        from lintperf.version import __version__

        print(f"lintperf {__version__}")
        raise typer.Exit
    if context.invoked_subcommand is None:
        print(context.get_help())
        raise typer.Exit(2)
