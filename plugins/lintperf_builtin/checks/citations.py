"""Checks of citations: regulations with a title, number or issuer that is not theirs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from lintperf.extension import Check, Problem, Subject
from lintperf.model import Text
from lintperf.patterns import pattern
from lintperf_builtin.facts.texts import passages, together, without_markup

__all__ = ["CITATIONS_CHECKS", "Citation", "citations_in"]


class Citation(NamedTuple):
    """A regulation as a text cites it.

    title    the words inside 《》
    number   财预〔2020〕10号 behind the title, without white space and with 〔〕; "" where none stands
    before   the words of the clause in front of the title, which may end in its issuers
    start    where 《 stands in the text
    """

    title: str
    number: str
    before: str
    start: int


class _Regulation(NamedTuple):
    number: str
    titles: tuple[str, ...]
    issuers: tuple[str, ...]
    shown: str


_TITLE: Final = pattern(r"《([^《》]{2,100}(?:《[^《》]{2,80}》[^《》]{0,20})?)》")
_NUMBER: Final = pattern(
    r"\s*[（(]\s*([\u4e00-\u9fff]{1,12})\s*[〔\[［(（【]\s*((?:19|20)[0-9]{2})\s*[〕\]］)）】]\s*第?\s*([0-9]{1,5})\s*号"
)
_BOUND: Final = pattern(r"[。；;，,：:！!？?\n》]")
_BEFORE: Final = 60


def citations_in(text: str) -> Iterator[Citation]:
    """The titles in 《》 of a text with the document numbers behind them."""
    for match in _TITLE.finditer(text):
        number = _NUMBER.match(text, match.end())
        before = _BOUND.split(text[max(0, match.start() - _BEFORE) : match.start()])[-1]
        shown = f"{number[1]}〔{number[2]}〕{number[3]}号" if number is not None else ""
        yield Citation(match[1], shown, before, match.start())


def wrong_citation(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Citations that disagree with the pack's list, one problem each: the number with another title (variant none),
    the title with another number of the same series (`number`), the title with other issuers (`issuer`).

    An entry of `regulations` is `文号 | 标题 | 发文机关 | 日期 | 来源`. White space, quotation marks and brackets make
    no difference, and neither do issuers in front of a title or the frame 关于印发…的通知; a title that is part of the
    right one is short for it. What is not on the list is not known, and no problem.
    """
    if "《" not in together(subject):
        return
    known = _regulations(options["regulations"])
    issuers = _issuers(known)
    seen: set[tuple[str, str, str]] = set()
    for passage in passages(subject):
        if "《" not in passage.text:
            continue
        for citation in citations_in(without_markup(passage.text)):
            found = _disagreement(citation, known, issuers)
            key = (citation.title, citation.number, found[0] if found else "")
            if found is None or key in seen:
                continue
            seen.add(key)
            variant, stated, right = found
            words = {"title": citation.title, "number": citation.number}
            yield Problem(
                passage.pointer,
                words,
                found=stated,
                expected=right,
                variant=variant or None,
                repaired=_corrected(passage.text, variant, stated, right),
            )


def _corrected(text: str, variant: str, stated: str, right: str) -> str | None:
    """The text with the right title or number; None where the wrong one does not stand there exactly once.

    Which issuers are meant by those that are named is left to whoever knows the document.
    """
    if variant == "issuer":
        return None
    old, new = (stated, right) if variant else (f"《{stated}》", f"《{right}》")
    return text.replace(old, new) if text.count(old) == 1 else None


def _disagreement(
    citation: Citation, known: Sequence[_Regulation], issuers: Sequence[str]
) -> tuple[str, str, str] | None:
    """The variant, what is stated and what is right; None for a citation that is right or unknown."""
    plain = _plain(citation.title)
    bare, inside = _without_issuers(plain, issuers)
    for regulation in known:
        exact = bare in regulation.titles
        same_number = bool(citation.number) and citation.number == regulation.number
        if same_number and not any(bare in title or _longer(bare, title) for title in regulation.titles):
            return "", citation.title, regulation.shown
        if not exact:
            continue
        series = citation.number.partition("〔")[0]
        if series and regulation.number.partition("〔")[0] == series and citation.number != regulation.number:
            return "number", citation.number, regulation.number
        stated = inside or _issuers_at_end(citation.before, issuers)
        if stated and regulation.issuers and sorted(stated) != sorted(regulation.issuers):
            return "issuer", "、".join(stated), "、".join(regulation.issuers)
    return None


_BEFORE_TITLE: Final = pattern(r"(?:.*转发.{0,20})?(?:关于)?(?P<issued>印发|发布|下发)?")
_BEHIND_TITLE: Final = pattern(r"(?:试行|暂行|修订稿?|全文)?(?P<notice>的(?:通知|公告))?")


def _longer(bare: str, title: str) -> bool:
    """Whether a citation is a known title with no more than its frame: 转发, 关于印发…的通知, 试行.

    …的通知 without 印发 is a notice about something, and another title.
    """
    before, found, behind = bare.partition(title)
    start, end = _BEFORE_TITLE.fullmatch(before), _BEHIND_TITLE.fullmatch(behind)
    if not found or start is None or end is None:
        return False
    return not end["notice"] or bool(start["issued"]) or "转发" in before


_IGNORED: Final = pattern(r"[\s《》〈〉<>＜＞“”‘’\"'（）()【】、，,·]")
_FRAME: Final = pattern(r"^(?:关于)?(?:印发|发布|下发)(.+?)的(?:通知|公告)$")


@lru_cache(maxsize=1024)
def _plain(title: str) -> str:
    return _IGNORED.sub("", title)


@lru_cache(maxsize=8)
def _regulations(entries: tuple[str, ...]) -> tuple[_Regulation, ...]:
    """The entries of the list; each title as it is and without the frame 关于印发…的通知."""
    found = []
    for entry in entries:
        parts = [part.strip() for part in entry.split("|")]
        number, shown, issuers = (*parts, "", "", "")[:3]
        title = _plain(shown)
        frame = _FRAME.match(title)
        # a title within a title stands in 〈〉
        title_inside = shown.replace("《", "〈").replace("》", "〉")
        # 关于… and … without it are the same title
        titles = {title, title.removeprefix("关于"), *((frame[1],) if frame else ())}
        found.append(_Regulation(number, tuple(sorted(titles)), tuple(filter(None, issuers.split("、"))), title_inside))
    return tuple(found)


def _issuers(known: Sequence[_Regulation]) -> tuple[str, ...]:
    """All issuers of the list, the longest first."""
    return tuple(sorted({name for regulation in known for name in regulation.issuers}, key=lambda name: -len(name)))


def _without_issuers(title: str, issuers: Sequence[str]) -> tuple[str, tuple[str, ...]]:
    """A title without the issuers in front of it, and those issuers."""
    stated: list[str] = []
    rest = title
    while True:
        name = next((name for name in issuers if rest.startswith(name)), None)
        if name is None or len(rest) == len(name):
            return (rest, tuple(stated)) if stated else (title, ())
        stated.append(name)
        rest = rest[len(name) :]


_BETWEEN: Final = " \u3000、和与及"
_JOINTS: Final = ("、", "和", "与", "及")


def _issuers_at_end(before: str, issuers: Sequence[str]) -> tuple[str, ...]:
    """The issuers that stand directly in front of a title, in order; none where another body is among them.

    Behind a character that ends the name of another body (市, 部) an issuer is part of a longer name; behind 、 or 和
    it is one of several, of which the others are not known.
    """
    stated: list[str] = []
    rest = before.replace("党中央", "中共中央").rstrip(_BETWEEN)
    while True:
        name = next((name for name in issuers if rest.endswith(name)), None)
        if name is None:
            break
        stated.insert(0, name)
        rest = rest[: -len(name)].rstrip()
        if rest.endswith(_JOINTS):
            rest = rest.rstrip(_BETWEEN)
            if not rest.endswith(tuple(issuers)):
                return ()
    return () if rest.endswith(_PARTS_OF_NAMES) else tuple(stated)


_PARTS_OF_NAMES: Final = ("部", "委", "省", "市", "县", "区", "局", "厅", "署", "院", "会", "办", "办公厅", "政府")


CITATIONS_CHECKS: tuple[Check, ...] = (
    Check(
        "wrong-citation",
        ("self-evaluation", "evaluation-report"),
        wrong_citation,
        Text("引用文件的名称、文号或发文机关有误", "citations with a wrong title, number or issuer"),
        {"regulations": "text*"},
    ),
)
