"""The command `annotate`: the findings of an office file written into a copy of it, and corrected values with them."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from lintperf.across import compared
from lintperf.cli.check import CRASHED, CheckOptions, job_for, lowest_failing, nearest_config, view_for
from lintperf.cli.output import complain, default_lang, write_bytes, write_stream
from lintperf.cli.work import Job, Task, blamed, check_all
from lintperf.config import policy_from
from lintperf.document.places import short
from lintperf.extension import Annotated, Annotator, Source, UnreadableError
from lintperf.findings.places import in_order
from lintperf.findings.texts import message
from lintperf.model import Finding, Fix, Lang, ParagraphPlace, Place, Severity, Text
from lintperf.pipeline import Session, open_session, read_documents
from lintperf.policy import UsageProblem
from lintperf.results import FileResult, Totals, View, Wanted

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["annotate_command"]

# A corrected value can make another one wrong, such as a total; a form is in order after two or three rounds.
MOST_ROUNDS = 5
# the rule that reports a file of which nothing can be read
UNREADABLE = "unreadable-document"
# what to save a file as that holds cells, and a text that can be written into
_TO_EXCEL = (".xls", ".ods", ".et", ".csv")
_TO_WORD = (".doc", ".wps", ".odt", ".rtf")


def annotate_command(options: CheckOptions, output: str, fix: bool, unsafe: bool) -> int:
    """Check one file and write the findings into a copy. `options.paths` has that one file.

    Returns 0 or 1 as `check` would for the copy, 3 where something crashed; raises UsageProblem, RuleProblem or
    PluginProblem (exit code 2). A file that cannot be read leaves no copy.
    """
    file = options.paths[0]
    session = open_session(use_cache=not options.no_cache)
    annotator = _annotator(session, file)
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
    if _is_unreadable(result, view):
        return _unwritten(result, None, view)
    try:
        annotated, asked, left = _written(session, source, result, job, annotator, view, fix, unsafe)
    except UnreadableError as problem:
        return _unwritten(result, problem, view)
    write_bytes([annotated.content], Path(output))
    if not options.quiet:
        write_stream([_summary(annotated, result, asked, left, output, lang) + "\n"], sys.stdout)
    if result.notifications:
        return CRASHED
    return _code(left, fail_on)


def _annotator(session: Session, file: str) -> Annotator:
    suffix = Path(file).suffix.lower()
    annotator = session.extensions.annotators.get(suffix)
    if annotator is not None:
        return annotator
    known = sorted(session.extensions.annotators)
    shown = suffix or Text("没有后缀的", "a file without a suffix")
    zh, en = shown if isinstance(shown, Text) else (f" {shown} ", f"a {shown} file")
    if suffix in _TO_EXCEL:
        way = Text("请另存为 .xlsx 后再批注", "save it as .xlsx first")
    elif suffix in _TO_WORD:
        way = Text("请另存为 .docx 后再批注", "save it as .docx first")
    else:
        way = Text(
            f"请用 lintperf check {file} --format text --output 结果.txt 得到可以分发的结果",
            f"for a report to pass on use lintperf check {file} --format text --output report.txt",
        )
    raise UsageProblem(Text(
        f"不能在{zh}文件中写批注（可以：{'、'.join(known)}）；{way.zh}",
        f"cannot write comments into {en} (only {', '.join(known)}); {way.en}",
    ))  # fmt: skip


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
    checked = check_all(
        session, [Task(source.path, content=source.content)], replace(job, wanted=Wanted(compared=True)), 1
    )
    file, *across = compared(session, checked, lambda _path: read_documents(session, source)[0], Totals())
    for more in across:
        file.notifications += more.notifications
        further = {document.index: document for document in more.documents}
        for document in file.documents:
            if document.index in further:
                document.findings = in_order([*document.findings, *further[document.index].findings])
                document.hidden += further[document.index].hidden
    return file


def _written(
    session: Session,
    source: Source,
    result: FileResult,
    job: Job,
    annotator: Annotator,
    view: View,
    fix: bool,
    unsafe: bool,
) -> tuple[Annotated, int, FileResult]:
    """The copy, how many values were to be corrected, and what a check of the copy finds.

    With fixes the copy is checked again: what is wrong only now, and can be mended, is mended too. The copy is made
    from the original each time.
    """
    fixes: dict[Place, Fix] = {}
    left = result
    annotated = None
    for number in range(MOST_ROUNDS):
        new = [finding for finding in _findings(left) if fix and _is_new(finding, fixes, unsafe)]
        if not new:
            break
        for finding in new:
            _take(finding, fixes)
        if number:
            result = _with(result, new)
        annotated = annotator.write(source, result, view, _changing(fixes))
        left = _check(session, Source(source.path, annotated.content), job)
    if annotated is None:
        annotated = annotator.write(source, result, view, [])
    return annotated, len(_changing(fixes)), left


def _changing(fixes: dict[Place, Fix]) -> list[Fix]:
    """The fixes that change a value: a total may be right again when what it adds up is mended."""
    return [fix for fix in fixes.values() if fix.value != fix.found]


def _findings(result: FileResult) -> Iterator[Finding]:
    for document in result.documents:
        yield from document.findings


def _is_new(finding: Finding, fixes: dict[Place, Fix], unsafe: bool) -> bool:
    fix = finding.fix
    if fix is None or fix.place is None or not (fix.safe or unsafe):
        return False
    known = fixes.get(fix.place)
    return known is None or known.value != fix.value


def _take(finding: Finding, fixes: dict[Place, Fix]) -> None:
    fix = finding.fix
    assert fix is not None and fix.place is not None
    known = fixes.get(fix.place)
    fixes[fix.place] = fix if known is None else fix._replace(found=known.found)


def _with(result: FileResult, findings: list[Finding]) -> FileResult:
    """The result with findings that only came up after a correction."""
    documents = [
        replace(
            document,
            findings=in_order([*document.findings, *(each for each in findings if each.document == document.index)]),
        )
        for document in result.documents
    ]
    return replace(result, documents=documents)


def _is_unreadable(result: FileResult, view: View) -> bool:
    """Whether nothing of the file could be read: there is no place for a comment. One without a form has places."""
    return all(document.type is None for document in result.documents) and any(
        view.rules[finding.code].name == UNREADABLE for finding in _findings(result)
    )


def _unwritten(result: FileResult, problem: UnreadableError | None, view: View) -> int:
    """Says why there is no copy: the file's own defect, which is a finding, or one that only matters here."""
    for finding in _findings(result):
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
    return 1 if fail_on is not Severity.off and totals.worst() >= fail_on else 0


def _summary(annotated: Annotated, result: FileResult, asked: int, left: FileResult, output: str, lang: Lang) -> str:
    """One line: how many comments on how many cells or places, what was corrected, in which file."""
    hidden = sum(document.hidden for document in result.documents)
    prose = any(isinstance(finding.place, ParagraphPlace) for finding in _findings(result))
    done, remaining = len(annotated.corrected), sum(1 for _ in _findings(left))
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
