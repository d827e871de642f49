"""The commands and their options."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from lintperf.cli.check import TIME_LIMIT, CheckOptions, check_command
from lintperf.cli.output import default_lang, today
from lintperf.model import Lang, Severity, Text
from lintperf.policy import PERSONAS, Policy, UsageProblem

__all__ = ["app"]

TABLE_FORMATS = ("text", "json", "csv", "xlsx")
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
Paths = Annotated[list[str] | None, typer.Argument(help="文件或文件夹")]
TableFormat = Annotated[
    str | None,
    typer.Option(
        "--format", help="text|json|csv|xlsx；默认依 -o 的后缀，没有则为 text", envvar="LINTPERF_TABLE_FORMAT"
    ),
]
TableOutput = Annotated[
    str | None, typer.Option("--output", "-o", help="写入文件：.xlsx、.csv、.json 或 .txt；默认输出到终端")
]
Jobs = Annotated[int | None, typer.Option(min=0, help="进程数，0 为自动", envvar="LINTPERF_JOBS")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="不使用缓存", envvar="LINTPERF_NO_CACHE")]
Color = Annotated[str, typer.Option(help="auto|always|never", envvar="LINTPERF_COLOR")]
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
    statistics: Annotated[
        bool, typer.Option("--statistics", help="按规则和单位统计", envvar="LINTPERF_STATISTICS")
    ] = False,
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


@app.command(help="一批表格的汇总表，一份一行。 Summarise a batch, one row a document.")
def summary(
    paths: Paths = None,
    format_: TableFormat = None,
    output: TableOutput = None,
    ruleset: Rulesets = None,
    select: Select = None,
    ignore: Ignore = None,
    extend_select: ExtendSelect = None,
    severity: Severities = None,
    param: Parameters = None,
    lang: Language = None,
    fail_on: Annotated[
        str | None, typer.Option(help="error|warning|note|never；默认 never", envvar="LINTPERF_FAIL_ON")
    ] = None,
    persona: Annotated[
        str | None, typer.Option(help="author|reviewer|auditor；默认 reviewer", envvar="LINTPERF_PERSONA")
    ] = None,
    jobs: Jobs = None,
    no_cache: NoCache = False,
    config: ConfigFile = None,
    no_config: NoConfig = False,
    color: Color = "auto",
    allow_libreoffice: AllowLibreOffice = False,
) -> int:
    """One row a document; a workbook also lists and counts the findings."""
    from lintperf.cli.tables import summary_command

    _choice("--format", format_, TABLE_FORMATS)
    _choice("--persona", persona, tuple(PERSONAS))
    _choice("--fail-on", fail_on, ("error", "warning", "note", "never"))
    _choice("--color", color, ("auto", "always", "never"))
    options = CheckOptions(
        paths=tuple(paths or ()),
        policy=_policy(ruleset, select, extend_select, ignore, severity, param),
        persona=persona or "reviewer",
        format=format_,
        output=output,
        lang=_language(lang) if lang is not None else None,
        fail_on=fail_on,
        jobs=jobs,
        no_cache=no_cache,
        config=config,
        no_config=no_config,
        color=color,
        allow_libreoffice=allow_libreoffice,
    )
    return summary_command(options)


@app.command(help="得分复核表：填报的得分与按公式复核的得分。 Stated scores beside recomputed ones.")
def rescore(
    paths: Paths = None,
    format_: TableFormat = None,
    output: TableOutput = None,
    ruleset: Rulesets = None,
    param: Parameters = None,
    lang: Language = None,
    jobs: Jobs = None,
    no_cache: NoCache = False,
    config: ConfigFile = None,
    no_config: NoConfig = False,
    color: Color = "auto",
    allow_libreoffice: AllowLibreOffice = False,
) -> int:
    """The reviewer's table: what each row should score, by which formula."""
    return table(
        "rescore", paths, format_, output, ruleset, param, lang, jobs, no_cache, config, no_config, color,
        allow_libreoffice,
    )  # fmt: skip


@app.command(help="插件提供的任一张表。 Any table that a plugin brings.")
def table(
    name: Annotated[str, typer.Argument(help="表的名称，如 summary、rescore")],
    paths: Paths = None,
    format_: TableFormat = None,
    output: TableOutput = None,
    ruleset: Rulesets = None,
    param: Parameters = None,
    lang: Language = None,
    jobs: Jobs = None,
    no_cache: NoCache = False,
    config: ConfigFile = None,
    no_config: NoConfig = False,
    color: Color = "auto",
    allow_libreoffice: AllowLibreOffice = False,
) -> int:
    """The rows of a table of each document."""
    from lintperf.cli.tables import table_command

    _choice("--format", format_, TABLE_FORMATS)
    _choice("--color", color, ("auto", "always", "never"))
    options = CheckOptions(
        paths=tuple(paths or ()),
        policy=_policy(ruleset, None, None, None, None, param),
        format=format_,
        output=output,
        lang=_language(lang) if lang is not None else None,
        jobs=jobs,
        no_cache=no_cache,
        config=config,
        no_config=no_config,
        color=color,
        allow_libreoffice=allow_libreoffice,
    )
    return table_command(options, name)


@app.command(help="大批量检查：JSONL、Parquet、文件夹，可续跑。 JSONL, Parquet or folders in bulk; resumable.")
def batch(
    paths: Annotated[list[str] | None, typer.Argument(help="JSONL（可 .gz、.zst）、Parquet、文件或文件夹")] = None,
    output: Annotated[str, typer.Option("--output", "-o", help="输出文件夹；--format sarif 时为文件")] = "",
    engine: Annotated[str, typer.Option(help="local|dask|spark", envvar="LINTPERF_ENGINE")] = "local",
    format_: Annotated[
        str | None, typer.Option("--format", help="parquet|jsonl|sarif", envvar="LINTPERF_BATCH_FORMAT")
    ] = None,
    column: Annotated[str | None, typer.Option(help="Parquet 中存放文档的列")] = None,
    shard_size: Annotated[int, typer.Option(min=1, max=1024, help="分片大小（MiB）")] = 16,
    resume: Annotated[bool, typer.Option("--resume/--no-resume", help="接着上次中断处；或重新开始")] = True,
    ruleset: Rulesets = None,
    select: Select = None,
    ignore: Ignore = None,
    extend_select: ExtendSelect = None,
    severity: Severities = None,
    param: Parameters = None,
    lang: Language = None,
    fail_on: Annotated[str | None, typer.Option(help="error|warning|note|never", envvar="LINTPERF_FAIL_ON")] = None,
    persona: Annotated[str | None, typer.Option(help="author|reviewer|auditor", envvar="LINTPERF_PERSONA")] = None,
    jobs: Jobs = None,
    no_cache: NoCache = False,
    config: ConfigFile = None,
    no_config: NoConfig = False,
    timeout: Annotated[
        float, typer.Option(min=0, max=LONGEST, help="每份文档的时限（秒），0 为不限", envvar="LINTPERF_TIMEOUT")
    ] = TIME_LIMIT,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="不显示进度和小结", envvar="LINTPERF_QUIET")] = False,
    allow_libreoffice: AllowLibreOffice = False,
) -> int:
    """Findings into a folder of shards."""
    from lintperf.cli.batch import BatchOptions, batch_command

    if not output:
        raise UsageProblem(Text("请用 -o 给出输出文件夹", "name the folder to write into with -o"))
    _choice("--engine", engine, ("local", "dask", "spark"))
    _choice("--persona", persona, tuple(PERSONAS))
    _choice("--fail-on", fail_on, ("error", "warning", "note", "never"))
    options = CheckOptions(
        paths=tuple(paths or ()),
        policy=_policy(ruleset, select, extend_select, ignore, severity, param),
        persona=persona,
        lang=_language(lang) if lang is not None else None,
        fail_on=fail_on,
        jobs=jobs,
        no_cache=no_cache,
        config=config,
        no_config=no_config,
        quiet=quiet,
        timeout=timeout,
        allow_libreoffice=allow_libreoffice,
    )
    return batch_command(options, BatchOptions(output, engine, format_, column, shard_size, resume))


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
def schema(
    name: Annotated[str, typer.Argument(help="self-evaluation、ruleset、rule、cases、config；all 为全部，须给 -o")],
    output: Annotated[
        str | None, typer.Option("--output", "-o", help="写入文件；all 写入文件夹，另有目录 catalog.json")
    ] = None,
) -> int:
    """Print the schema of a document type or of a file format of lintperf."""
    from lintperf.cli.commands import schema_command

    return schema_command(name, output)


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


@app.command(help="结果和规则的缓存：位置、大小、清空。 The cache of results and rules: where, how much, empty it.")
def cache(
    action: Annotated[str, typer.Argument(help="dir 位置，info 大小，clear 清空", metavar="dir|info|clear")],
    lang: Language = None,
) -> int:
    """Where the cache is, how much is in it, and away with it."""
    from lintperf.cli.cache import cache_command

    _choice("cache", action, ("dir", "info", "clear"))
    return cache_command(action, _language(lang))


@app.command(help="语言服务器，供编辑器使用（标准输入输出）。 The language server for editors, on stdio.")
def lsp(lang: Language = None) -> int:
    """Serve an editor."""
    from lintperf.cli.lsp import lsp_command

    return lsp_command(_language(lang) if lang is not None else None)


@app.command(
    help="启动网页和接口服务；其余设置见 lintperf.toml 的 [serve] 和 LINTPERF_SERVE_* 环境变量。 "
    "Serve the web page and the API; further settings: [serve] of lintperf.toml, LINTPERF_SERVE_* variables."
)
def serve(
    host: Annotated[str | None, typer.Option(help="监听的地址，默认 127.0.0.1 · address to listen on")] = None,
    port: Annotated[str | None, typer.Option(help="端口，默认 8000；0 为任意 · port, 0 for any")] = None,
    workers: Annotated[str | None, typer.Option(help="检查进程数，默认为处理器数 · checking processes")] = None,
    queue: Annotated[str | None, typer.Option(help="排队上限，默认 64 · requests that may wait")] = None,
    timeout: Annotated[str | None, typer.Option(help="每个请求的时限（秒），默认 30 · seconds a request")] = None,
    memory: Annotated[str | None, typer.Option(help="每个请求的内存，默认 1GiB · memory a request")] = None,
    max_file: Annotated[str | None, typer.Option(help="文件大小上限，默认 25MiB · largest file")] = None,
    max_total: Annotated[str | None, typer.Option(help="请求大小上限，默认 100MiB · largest request")] = None,
    tokens: Annotated[str | None, typer.Option(help="令牌文件 · file of bearer tokens")] = None,
    rate: Annotated[str | None, typer.Option(help="每个令牌或地址每分钟的请求数 · requests a minute")] = None,
    log: Annotated[str | None, typer.Option(help="访问日志，- 为标准错误，空为不记 · access log")] = None,
    config: ConfigFile = None,
    lang: Language = None,
) -> int:
    """Serve until told to stop."""
    from lintperf.cli.serve import serve_command

    options = {
        "host": host,
        "port": port,
        "workers": workers,
        "queue": queue,
        "seconds": timeout,
        "memory": memory,
        "max_file": max_file,
        "max_total": max_total,
        "tokens": tokens,
        "rate": rate,
        "log": log,
    }
    return serve_command(options, config, _language(lang))


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
