"""The command `annotate`: the findings of an office file written into a copy of it, and corrected values with them."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

from lintperf.annotating import annotator_for, findings_of, is_unreadable, whole, written
from lintperf.cli.check import CheckOptions, job_for, nearest_config, view_for
from lintperf.cli.output import complain, default_lang, write_bytes, write_stream
from lintperf.config import policy_from
from lintperf.document.places import short
from lintperf.extension import Annotated, Source, UnreadableError
from lintperf.findings.texts import message
from lintperf.model import Lang, ParagraphPlace, Severity, Text
from lintperf.pipeline import Session, open_session
from lintperf.policy import UsageProblem
from lintperf.results import FileResult, Totals, View, Wanted
from lintperf.work import CRASHED, Job, Task, blamed, check_all, exit_code, lowest_failing

__all__ = ["annotate_command"]


def annotate_command(options: CheckOptions, output: str, fix: bool, unsafe: bool) -> int:
    """Check one file and write the findings into a copy. `options.paths` has that one file.

    Returns 0 or 1 as `check` would for the copy, 3 where something crashed; raises UsageProblem, RuleProblem or
    PluginProblem (exit code 2). A file that cannot be read leaves no copy.
    """
    file = options.paths[0]
    session = open_session(use_cache=not options.no_cache)
    report = Text(
        f"请用 lintperf check {file} --format text --output 结果.txt 得到可以分发的结果",
        f"for a report to pass on use lintperf check {file} --format text --output report.txt",
    )
    annotator = annotator_for(session, file, report)
    _refuse(file, output)
    source = Source(file, _read(file))
    config = nearest_config(options)
    lang: Lang = options.lang or config.values.get("lang") or default_lang()
    fail_on = lowest_failing(options.fail_on or config.values.get("fail-on") or "error")
    job = job_for(options, fail_on)
    policy = policy_from(config, job.policy, None, job.persona)
    try:
        view = view_for(options, session, policy, config.values, lang, fail_on)
    except UsageProblem as problem:
        raise blamed(problem, session, config, job.policy) from None
    result = _check(session, source, job)
    for notification in result.notifications:
        complain(f"lintperf: {file}: {notification.text.to(lang)}")
    if not result.documents:
        return CRASHED
    if is_unreadable(result, view):
        return _unwritten(result, None, view)
    try:
        annotated, asked, left = written(
            source, result, annotator, view, lambda copy: _check(session, copy, job), fix, unsafe
        )
    except UnreadableError as problem:
        return _unwritten(result, problem, view)
    write_bytes([annotated.content], Path(output))
    if not options.quiet:
        write_stream([_summary(annotated, result, asked, left, output, lang) + "\n"], sys.stdout)
    if result.notifications:
        return CRASHED
    return _code(left, fail_on)


def _refuse(file: str, output: str) -> None:
    """Raises UsageProblem where there is nothing to annotate, or where the copy would be the original or no copy."""
    source, target = Path(file), Path(output)
    if not source.is_file():
        raise UsageProblem(Text(f"没有这个文件：{file}", f"no such file: {file}"))
    if target.suffix.lower() != source.suffix.lower():
        raise UsageProblem(Text(
            f"副本的后缀应与原件相同（{source.suffix}），得到 {output}",
            f"the copy must have the suffix of the original ({source.suffix}), got {output}",
        ))  # fmt: skip
    if target.resolve() == source.resolve() or (target.exists() and target.samefile(source)):
        raise UsageProblem(Text(
            f"{output} 就是原件，原件从不改写；请给出另一个文件名",
            f"{output} is the original, which is never overwritten; give another name",
        ))  # fmt: skip


def _read(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise UsageProblem(Text(f"无法打开 {file}：{reason}", f"cannot open {file}: {reason}")) from None


def _check(session: Session, source: Source, job: Job) -> FileResult:
    """What is found in the file; several documents in it are compared with each other."""
    task = Task(source.path, content=source.content)
    return whole(session, source, check_all(session, [task], replace(job, wanted=Wanted(compared=True)), 1))


def _unwritten(result: FileResult, problem: UnreadableError | None, view: View) -> int:
    """Says why there is no copy: the file's own defect, which is a finding, or one that only matters here."""
    for finding in findings_of(result):
        place = f" {short(finding.place)}" if finding.place is not None else ""
        text = message(finding, view.rules[finding.code], view.lang)
        complain(f"{result.path}{place}: {finding.severity.name} {finding.code} {text}")
    said = Text("没有写出副本", "no copy written")
    if problem is not None:
        parts = [problem.reason] if problem.remedy is None else [problem.reason, problem.remedy]
        zh, en = "；".join(part.zh for part in parts), "; ".join(part.en for part in parts)
        said = Text(f"{said.zh}：{zh}", f"{said.en}: {en}")
    complain(f"lintperf: {result.path}: {said.to(view.lang)}")
    readable = any(document.type is not None for document in result.documents)
    return CRASHED if readable or result.notifications else _code(result, view.fail_on)


def _code(result: FileResult, fail_on: Severity) -> int:
    totals = Totals()
    totals.count(result)
    return exit_code(totals, fail_on)


def _summary(annotated: Annotated, result: FileResult, asked: int, left: FileResult, output: str, lang: Lang) -> str:
    """One line: how many comments on how many cells or places, what was corrected, in which file."""
    hidden = sum(document.hidden for document in result.documents)
    prose = any(isinstance(finding.place, ParagraphPlace) for finding in findings_of(result))
    done, remaining = len(annotated.corrected), sum(1 for _ in findings_of(left))
    if lang == "zh":
        text = (
            f"{output}：{annotated.comments} 条批注，在 {annotated.cells} {'处' if prose else '个单元格'}"
            if annotated.comments
            else (f"{output}：没有发现问题，副本与原件相同")
        )
        if asked:
            text += f"；改正 {done} 处" + (f"，{asked - done} 处无法写入" if asked > done else "")
            text += f"，副本中还有 {remaining} 条"
        return text + (f"；{hidden} 条未显示（--persona reviewer 查看）" if hidden else "") + "。"
    comments = f"{annotated.comments} comment{'' if annotated.comments == 1 else 's'}"
    cells = f"{annotated.cells} {'place' if prose else 'cell'}{'' if annotated.cells == 1 else 's'}"
    text = f"{output}: {comments} on {cells}" if annotated.comments else f"{output}: nothing found, a plain copy"
    if asked:
        text += f"; {done} value{'' if done == 1 else 's'} corrected"
        text += (f", {asked - done} could not be written" if asked > done else "") + f", {remaining} left in the copy"
    return text + (f"; {hidden} hidden (see --persona reviewer)" if hidden else "") + "."
