"""The work of the service: calls of plain data in, answers of plain data out; what a worker process does.

Each call does what a command does, by the same functions, so that its answer is the bytes that the command writes for
files of these names without a configuration.
"""

from __future__ import annotations

import errno
import gc
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from tempfile import gettempdir
from typing import TYPE_CHECKING

from lintperf.across import compared
from lintperf.annotating import annotator_for, findings_of, is_unreadable, whole, written
from lintperf.conversion import canonical, read_and_judge, with_origins
from lintperf.document.exact import pretty
from lintperf.extension import Source, UnreadableError
from lintperf.findings.texts import message
from lintperf.fixing import difference
from lintperf.model import Finding, Lang, Notification, Severity, Text
from lintperf.pipeline import Session, open_session, read_documents
from lintperf.policy import Policy, UsageProblem
from lintperf.results import FileResult, Results, Totals, View, Wanted
from lintperf.server.fields import Values, policy_of, read_fields
from lintperf.server.lookups import LOOKUPS, VARY, Doing
from lintperf.server.media import (
    DIFF,
    HTML,
    JSON,
    XLSX,
    Offer,
    attachment,
    chosen,
    of_file,
    offers,
    suffix_of,
    with_charset,
)
from lintperf.server.messages import Answer, Call
from lintperf.server.problems import Refusal, problem
from lintperf.surroundings import today
from lintperf.tables.collect import SUMMARY, entries
from lintperf.tables.writing import SUMMARY_FORMATS, TABLE_FORMATS, write_summary, write_table
from lintperf.views import view_of
from lintperf.work import CRASHED, Job, Task, check_all, exit_code, lowest_failing, persona_for, read_again

if TYPE_CHECKING:
    from lintperf.extension import Reporter
    from lintperf.rules.rule import Rule

__all__ = ["COMMENTS", "CORRECTED", "EXIT_CODE", "MENDED", "REFUSED", "REMARKS", "perform", "warm"]

# headers of answers: what the command would end with; comments written, values corrected, corrections not carried out;
# what could not be taken over
EXIT_CODE = "Lintperf-Exit-Code"
COMMENTS, CORRECTED, REFUSED = "Lintperf-Comments", "Lintperf-Corrected", "Lintperf-Not-Corrected"
REMARKS = "Lintperf-Remarks"
# the reporter of what the page shows, and the table of recomputed scores
PAGE, RESCORE = "page", "rescore"
# suffixes of files that are mended as text
MENDED = (".json", ".yaml", ".yml")
# settings of strangers whose compiled rules are kept; each takes a few megabytes
MOST_PROGRAMS = 64
# where in a page its policy is looked for
HEAD_OF_PAGE = 4096
_CSP = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]*)">')


def warm() -> Session:
    """A session in which all is loaded and compiled that most calls need."""
    gc.set_threshold(50_000, 20, 50)  # documents make no cycles
    session = open_session()
    view_of(session, Policy(today=today()), "zh", Severity.error)
    _exercise(session)
    session.use_cache = False  # the settings of strangers leave no files
    return session


def _exercise(session: Session) -> None:
    """Do with the samples of the page what clients do with their files: forks of this process have it loaded then."""
    for suffix in session.extensions.importers:
        read_documents(session, Source(f"empty{suffix}", b""))
    page = session.extensions.pages.get(PAGE)
    if page is None or page.assets is None:
        return
    assets = page.assets()
    for sample in assets.samples:
        name, content = PurePosixPath(sample.path), assets.files[sample.path]
        documents = [
            each.data for each in read_documents(session, Source(name.name, content))[0] if each.data is not None
        ]
        files = {name.suffix: content, ".json": (pretty(documents) + "\n").encode()}
        for (kind, suffix), renderer in session.extensions.renderers.items():
            own = [data for data in documents if data["type"] == kind]
            if own:
                files[suffix] = renderer.write(own).content
        fields = {".seconds": ("0",)}
        for suffix, each in files.items():
            one = ((f"a{suffix}", each),)
            calls = [Call(call, one, fields) for call in ("view", "convert", "annotate", "fix")]
            for call, form in (("check", "json"), ("check", "html"), ("summary", "xlsx"), ("rescore", "xlsx")):
                calls.append(Call(call, one, {**fields, "format": (form,)}))
            for each_call in calls:
                with suppress(Exception):  # such as a full disk: the client whose call it is will be told
                    perform(session, each_call)


def perform(session: Session, call: Call) -> Answer:
    """Do what a call asks for. What is wrong with the request is an answer too; an exception is a defect of ours."""
    lang = call.lang
    try:
        values = read_fields(call.fields, call.name)
        lang = "en" if (values.one("lang") or lang) == "en" else "zh"
        return CALLS[call.name](session, call, values, lang)
    except Refusal as refusal:
        return problem(refusal.status, refusal.text, lang, refusal.headers)
    except UsageProblem as usage:
        return problem(400, usage.text, lang)
    except Exception as trouble:
        if not _disk_full(trouble):
            raise
        text = Text(
            "服务器的磁盘已满，请稍后再试，或告诉管理员",
            "the disk of the server is full; try again later, or tell its operator",
        )
        return problem(503, text, lang, (("Retry-After", "30"),))
    finally:
        if len(session.programs) > MOST_PROGRAMS:
            _forget(session)


def _disk_full(trouble: BaseException) -> bool:
    """Whether a temporary file could not be made or grow; a library may have wrapped what says so."""
    inner = trouble.args[0] if trouble.args and isinstance(trouble.args[0], OSError) else trouble
    if not isinstance(inner, OSError):
        return False
    # the folder of a worker that was born on a full disk is missing
    return inner.errno in (errno.ENOSPC, errno.EFBIG, errno.EDQUOT) or not Path(gettempdir()).is_dir()


def _forget(session: Session) -> None:
    """Forget the rules as settings of strangers made them; those of one pack, or of none, are soon asked for again."""
    day = today()
    for kept in (session.programs, session.choosers):
        for key in list(kept):
            policy = key[0]
            plain = Policy(rulesets=policy.rulesets, asked_for=policy.asked_for, today=day)
            if policy != plain or len(policy.rulesets) > 1:
                del kept[key]


@dataclass(frozen=True, slots=True)
class Run:
    """The files of a request and the settings that hold for them."""

    session: Session
    tasks: tuple[Task, ...]
    job: Job
    view: View
    totals: Totals

    def files(self, wanted: Wanted) -> Iterator[FileResult]:
        """The results, counted as they go by: of each file, then of their comparison."""
        job = replace(self.job, wanted=wanted)
        by_name = {task.path: task for task in self.tasks}
        results = compared(
            self.session,
            check_all(self.session, self.tasks, job, 1),
            lambda name: read_again(self.session, by_name[name], job),
            self.totals,
        )
        for file in results:
            self.totals.count(file)
            yield file

    def exit_code(self) -> int:
        """What the command would end with, when all files have gone by."""
        return exit_code(self.totals, self.view.fail_on)


def run_of(
    session: Session, call: Call, values: Values, lang: Lang, persona: str | None = None, fail_on: str = "error"
) -> Run:
    """The run that a call asks for; files in the order of their names. Raises Refusal, UsageProblem."""
    readable(session, call)
    lowest = lowest_failing(values.one("fail_on") or fail_on)
    chosen = persona_for(values.one("persona") or persona, lowest)
    policy = policy_of(values, list(session.extensions.pack_folders))
    policy = replace(policy, persona=chosen or policy.persona)
    job = Job(
        policy=policy,
        persona=chosen,
        use_config=False,
        config_file=None,
        skip_unknown=False,
        seconds=_seconds(values, len(call.files)),
    )
    view = view_of(
        session,
        policy,
        lang,
        lowest,
        explain=values.truth("explain"),
        statistics=values.truth("statistics"),
        quiet=values.truth("quiet"),
    )
    tasks = tuple(Task(name, content=content) for name, content in sorted(call.files))
    return Run(session, tasks, job, view, Totals())


def _seconds(values: Values, files: int) -> float:
    """The time limit of a file: one slow file of several shall not cost the others, which then have as much left."""
    return float(values.inside("seconds")) / 2 if files > 1 else 0.0


def readable(session: Session, call: Call) -> None:
    """Raises Refusal where there is no file (422), or none of a kind that is read (415)."""
    if not call.files:
        raise Refusal(422, Text("请求中没有文件", "the request holds no file"))
    known = session.extensions.importers
    if not any(suffix_of(name) in known for name, _ in call.files):
        suffix = suffix_of(call.files[0][0])
        raise Refusal(415, Text(
            f"不支持的文件类型 {suffix or '（无后缀）'}；支持：{'、'.join(sorted(known))}",
            f"unsupported file type {suffix or '(no suffix)'}; supported: {', '.join(sorted(known))}",
        ))  # fmt: skip


def _only(call: Call) -> Source:
    """The one file of a call that takes one. Raises Refusal."""
    if len(call.files) > 1:
        raise Refusal(422, Text("一次只能处理一个文件", "one file at a time"))
    return Source(*call.files[0])


def _check(session: Session, call: Call, values: Values, lang: Lang) -> Answer:
    reporters = session.extensions.reporters
    offer = chosen(call.accept, values.one("format"), offers(reporters, "json"))
    return _reported(run_of(session, call, values, lang), reporters[offer.name], offer.media_type)


def _view(session: Session, call: Call, values: Values, lang: Lang) -> Answer:
    """What the page shows."""
    reporter = session.extensions.pages.get(PAGE)
    if reporter is None:
        raise Refusal(404, Text("没有安装网页所需的报告格式", "the report that the page is made of is not installed"))
    return _reported(run_of(session, call, values, lang), reporter, JSON)


def _reported(run: Run, reporter: Reporter, media_type: str) -> Answer:
    wanted = Wanted(True, len(run.tasks) <= reporter.documents, reporter.tables, reporter.source)
    pieces = reporter.write(Results(run.files(wanted), run.totals), run.view)
    body = _encoded("".join(pieces))
    headers = [(EXIT_CODE, str(run.exit_code())), VARY]
    if media_type == HTML:
        headers.append(("Content-Security-Policy", _policy_of_page(body)))
    return Answer(200, with_charset(media_type), body, tuple(headers))


def _encoded(text: str) -> bytes:
    """Text as commands write it to a file."""
    return text.encode("utf-8", "backslashreplace")


def _policy_of_page(body: bytes) -> str:
    """The content security policy that a page itself states, as a header; nothing at all is allowed without."""
    found = _CSP.search(body[:HEAD_OF_PAGE])
    stated = found[1].decode("ascii", "ignore") if found is not None else "default-src 'none'"
    return f"{stated}; frame-ancestors 'none'"


def _convert(session: Session, call: Call, values: Values, _lang: Lang) -> Answer:
    readable(session, call)
    source = _only(call)
    reading = read_and_judge(session, source)
    if reading.notifications:
        raise _failed(reading.notifications)
    if not reading.read:
        raise _unreadable(reading.findings, reading.rules)
    if values.truth("origin"):
        with_origins(reading.read)
    told = sum(finding.severity >= Severity.warning for finding in reading.findings)
    headers = ((EXIT_CODE, "0"), (REMARKS, str(told)), VARY)
    return Answer(200, JSON, _encoded(canonical(reading.read)), headers)


def _failed(notifications: Sequence[Notification]) -> Refusal:
    zh = "；".join(each.text.zh for each in notifications)
    return Refusal(422, Text(zh, "; ".join(each.text.en for each in notifications)), ((EXIT_CODE, str(CRASHED)),))


def _unreadable(findings: Iterable[Finding], rules: Mapping[str, Rule]) -> Refusal:
    """What stands in the way of reading a file: the findings of which it consists."""
    told = [finding for finding in findings if finding.severity is Severity.error] or list(findings)

    def sentence(lang: Lang) -> str:
        texts = (message(finding, rules[finding.code], lang) for finding in told)
        return ("；" if lang == "zh" else "; ").join(texts)

    text = Text(sentence("zh"), sentence("en")) if told else Text("文件中没有文档", "the file holds no document")
    return Refusal(422, text, ((EXIT_CODE, "1"),))


def _annotate(session: Session, call: Call, values: Values, lang: Lang) -> Answer:
    readable(session, call)
    source = _only(call)
    try:
        otherwise = Text("请用 /v1/check 得到报告", "for a report use /v1/check")
        annotator = annotator_for(session, source.path, otherwise)
    except UsageProblem as usage:
        raise Refusal(415, usage.text) from None
    run = run_of(session, call, values, lang)

    def check(copy: Source) -> FileResult:
        job = replace(run.job, wanted=Wanted(compared=True))
        return whole(session, copy, check_all(session, [Task(copy.path, content=copy.content)], job, 1))

    result = check(source)
    if not result.documents:
        raise _failed(result.notifications)
    if is_unreadable(result, run.view):
        raise _unreadable(findings_of(result), run.view.rules)
    fix = values.one("fix")
    try:
        made = written(source, result, annotator, run.view, check, fix is not None, fix == "unsafe")
    except UnreadableError as trouble:
        reason, remedy = trouble.reason, trouble.remedy
        text = reason if remedy is None else Text(f"{reason.zh}；{remedy.zh}", f"{reason.en}; {remedy.en}")
        raise Refusal(422, text) from None
    totals = Totals()
    totals.count(made.left)
    totals.notifications += len(result.notifications) if made.left is not result else 0
    headers = (
        (EXIT_CODE, str(exit_code(totals, run.view.fail_on))),
        (COMMENTS, str(made.annotated.comments)),
        (CORRECTED, str(len(made.annotated.corrected))),
        attachment(_named(source.path, Text("批注", "annotated").to(lang))),
    )
    return Answer(200, of_file(source.path), made.annotated.content, headers)


def _named(path: str, what: str) -> str:
    """What to call a file that was made of one: `form-annotated.docx`; without the folders of the client."""
    name, suffix = path.rpartition("/")[2], suffix_of(path)
    end = len(name) - len(suffix)
    return f"{name[:end]}-{what}{name[end:]}"


def _fix(session: Session, call: Call, values: Values, lang: Lang) -> Answer:
    readable(session, call)
    for name, _ in call.files:
        if suffix_of(name) not in MENDED:
            raise Refusal(415, Text(
                f"只能改正 {'、'.join(MENDED)} 文件；Word、Excel 文件请用 /v1/annotate?fix=safe 得到改正的副本",
                f"only {', '.join(MENDED)} files are mended; for Word and Excel use /v1/annotate?fix=safe",
            ))  # fmt: skip
    formats = [Offer("file", of_file(call.files[0][0])), Offer("diff", DIFF)]
    offer = chosen(call.accept, values.one("format"), formats)
    if offer.name == "file":
        _only(call)
    run = run_of(session, call, values, lang)
    unsafe = values.one("fix") == "unsafe"
    run = replace(run, job=replace(run.job, fixes="unsafe" if unsafe else "safe"))
    files = list(run.files(Wanted(compared=True)))
    contents = dict(call.files)
    pieces, applied, refused = [], 0, 0
    for file in files:
        if file.across:
            continue
        if file.notifications and not file.documents:
            raise _failed(file.notifications)
        if is_unreadable(file, run.view):
            raise _unreadable(findings_of(file), run.view.rules)
        mended = file.mended
        if mended is not None:
            applied += len(mended.applied)
            refused += len(mended.refused)
        if offer.name == "diff":
            if mended is not None and mended.applied:
                pieces.append(_encoded("".join(difference(file.path, mended))))
        else:
            pieces.append(mended.content if mended is not None else contents[file.path])
    code = CRASHED if run.totals.notifications else int(applied > 0) if offer.name == "diff" else run.exit_code()
    headers = ((EXIT_CODE, str(code)), (CORRECTED, str(applied)), (REFUSED, str(refused)), VARY)
    return Answer(200, with_charset(offer.media_type), b"".join(pieces), headers)


def _summary(session: Session, call: Call, values: Values, lang: Lang) -> Answer:
    offer = chosen(call.accept, values.one("format"), offers(SUMMARY_FORMATS, "json"))
    run = run_of(session, call, values, lang, persona="reviewer", fail_on="never")
    table = session.extensions.tables.get(SUMMARY)
    wanted = Wanted(compared=True, tables=(SUMMARY,) if table is not None else ())
    body = b"".join(write_summary(table, run.files(wanted), run.view, offer.name))
    return _tabular(SUMMARY, offer, body, run.exit_code())


def _rescore(session: Session, call: Call, values: Values, lang: Lang) -> Answer:
    table = session.extensions.tables.get(RESCORE)
    if table is None:
        raise Refusal(404, Text("没有这张表", "there is no such table"))
    offer = chosen(call.accept, values.one("format"), offers(TABLE_FORMATS, "json"))
    run = run_of(session, call, values, lang, fail_on="never")
    unread = 0

    def telling() -> Iterator[FileResult]:
        nonlocal unread
        for file in run.files(Wanted(tables=(RESCORE,))):
            for document in file.documents:
                found = document.findings if document.type is None else ()
                unread += sum(finding.severity is Severity.error for finding in found)
            yield file

    body = b"".join(write_table(table, entries(telling(), RESCORE), run.view, offer.name))
    code = run.exit_code()
    return _tabular(RESCORE, offer, body, code if code == CRASHED else int(bool(code or unread)))


def _tabular(name: str, offer: Offer, body: bytes, code: int) -> Answer:
    headers = [(EXIT_CODE, str(code)), VARY]
    if offer.media_type == XLSX:
        headers.append(attachment(f"{name}.xlsx"))
    return Answer(200, with_charset(offer.media_type), body, tuple(headers))


CALLS: dict[str, Doing] = {
    "check": _check,
    "view": _view,
    "convert": _convert,
    "annotate": _annotate,
    "fix": _fix,
    "summary": _summary,
    "rescore": _rescore,
    **LOOKUPS,
}
