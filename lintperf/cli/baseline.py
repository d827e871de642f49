"""`--baseline` and `--update-baseline`: the file read, the run held against it, the file written."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from lintperf.cli.output import complain, write_file
from lintperf.document.errors import SyntaxProblem
from lintperf.document.json_text import decode_json
from lintperf.extension import Source
from lintperf.findings.baseline import VERSION, Baseline, Comparison, baseline_from, baseline_text
from lintperf.model import Lang, Text, TextPlace
from lintperf.pipeline import Session, read_documents
from lintperf.policy import Policy, UsageProblem
from lintperf.resources import data_folder
from lintperf.results import FileResult, Totals, View
from lintperf.schema.catalogue import load_schema
from lintperf.schema.validation import Validator

__all__ = ["BaselineStage", "baseline_stage"]

AGAIN = Text(
    "请改正，或删去后以 --update-baseline 重新生成", "correct it, or delete it and write it anew with --update-baseline"
)


@dataclass(slots=True)
class BaselineStage:
    """A run held against its baseline; `save` writes the new one where that was asked for."""

    path: Path
    before: bytes | None
    comparison: Comparison

    def results(self, files: Iterable[FileResult], totals: Totals) -> Iterator[FileResult]:
        """The files as they come, what the baseline holds set aside; at the end `totals` is told what has vanished."""
        totals.baseline = self.comparison.totals
        totals.baseline.updated = self.comparison.update
        for file in files:
            self.comparison.take(file)
            yield file
        self.comparison.finish()

    def save(self, lang: Lang, quiet: bool) -> None:
        """Write what was found as the new baseline, and say how much it is. Raises UsageProblem."""
        if not self.comparison.update:
            return
        updated = self.comparison.updated()
        text = baseline_text(updated)
        if text.encode("utf-8", "backslashreplace") != self.before:
            write_file([text], self.path)
        if not quiet:
            complain(f"lintperf: {self._told(updated).to(lang)}")

    def _told(self, updated: Baseline) -> Text:
        totals = self.comparison.totals
        size, new, absent = updated.size(), sum(totals.new.values()), sum(totals.absent.values())
        zh = f"基线 {self.path}：{size} 条，新收 {new} 条，去掉 {absent} 条"
        en = f"baseline {self.path}: {size} held, {new} added, {absent} removed"
        if refused := self.comparison.refused:
            zh += f"；另有 {refused} 条属强制规则或文件无法读取，不能收入"
            en += f"; {refused} of mandatory rules or unreadable files cannot be held"
        return Text(zh, en)


def baseline_stage(
    path: Path, update: bool, session: Session, policy: Policy, view: View, files: Sequence[str]
) -> BaselineStage:
    """What holds a run over `files` against the baseline at `path`. Raises UsageProblem.

    update  write what the run finds to `path`, which need not exist yet
    """
    before = _bytes(path, update)
    baseline = _read(path, before, session) if before is not None else Baseline()
    folder = os.path.abspath(path.parent)  # noqa: PTH100 - links are followed neither here nor in the paths of files

    def key(file: str) -> str:
        return _relative(file, folder)

    comparison = Comparison(
        baseline,
        [key(file) for file in files],
        key,
        lambda held: os.path.lexists(os.path.join(folder, held)),  # noqa: PTH118 - a Path costs more
        view.rules,
        policy.shows,
        update,
    )
    return BaselineStage(path, before, comparison)


def _relative(file: str, folder: str) -> str:
    """A file's path relative to the folder of the baseline, with `/`; as it is where there is no way between them."""
    try:
        path = os.path.relpath(file, folder)
    except ValueError:  # another drive
        path = os.path.abspath(file)  # noqa: PTH100 - see above
    return path.replace(os.sep, "/").encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _bytes(path: Path, update: bool) -> bytes | None:
    """The content of the file; None where there is none yet and one is to be written."""
    try:
        return path.read_bytes()
    except FileNotFoundError:
        if update:
            return None
        raise UsageProblem(Text(
            f"没有基线文件 {path}；以 --baseline {path} --update-baseline 生成",
            f"no baseline {path}; write it with --baseline {path} --update-baseline",
        )) from None  # fmt: skip
    except OSError as problem:
        reason = problem.strerror or str(problem)
        raise UsageProblem(
            Text(f"无法读取基线 {path}：{reason}", f"cannot read the baseline {path}: {reason}")
        ) from None


def _read(path: Path, content: bytes, session: Session) -> Baseline:
    try:
        data = decode_json(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise _damaged(path, None, Text("不是 UTF-8 文本", "it is no UTF-8 text")) from None
    except SyntaxProblem as problem:
        raise _damaged(path, problem.place, problem.reason) from None
    version = data.get("version") if isinstance(data, dict) else None
    if isinstance(version, Decimal) and version > VERSION:
        raise UsageProblem(Text(
            f"{path}：基线的格式版本为 {version}，本程序只认到 {VERSION}；请升级 lintperf",
            f"{path}: the baseline has format version {version}, this program knows {VERSION}; update lintperf",
        ))  # fmt: skip
    _, remarks = Validator(load_schema(data_folder("schemas") / "baseline.json")).check(data)
    if remarks:
        arguments, pointer = remarks[0].arguments, remarks[0].pointer or ""
        reason = Text(
            f"{arguments['problem'].zh}；应为：{arguments['expected'].zh}",
            f"{arguments['problem'].en}; expected {arguments['expected'].en}",
        )
        raise _damaged(path, _place(path, content, pointer, session), reason)
    return baseline_from(data)


def _place(path: Path, content: bytes, pointer: str, session: Session) -> TextPlace | None:
    documents, _ = read_documents(session, Source(f"{path.name}.json", content))
    place = documents[0].locate(pointer) if documents and documents[0].data is not None else None
    return place if isinstance(place, TextPlace) else None


def _damaged(path: Path, place: TextPlace | None, reason: Text) -> UsageProblem:
    where = f"{path}:{place.line + 1}:{place.column + 1}" if place is not None else str(path)
    return UsageProblem(
        Text(
            f"{where}：基线文件有误：{reason.zh}；{AGAIN.zh}",
            f"{where}: the baseline is damaged: {reason.en}; {AGAIN.en}",
        )
    )
