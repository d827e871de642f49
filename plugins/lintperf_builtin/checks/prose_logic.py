"""What a text says that cannot be: deviations, periods, dates, arithmetic (LP604, LP611, LP614, LP616)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from lintperf.extension import Check, Problem, Subject
from lintperf.model import Severity, Text
from lintperf.patterns import pattern
from lintperf_builtin.facts.indicator import achievement
from lintperf_builtin.facts.units import NAMES, unit_relation
from lintperf_builtin.prose.sentences import clause_start, level
from lintperf_builtin.prose.spoken import REPORT, Passage, Spoken, passages
from lintperf_builtin.prose.statements import period_of

__all__ = ["PROSE_LOGIC_CHECKS"]

_HUNDRED: Final = Decimal(100)
_ONE: Final = Decimal(1)

# ---------------------------------------------------------------------------------------------- deviations

_DEVIATION: Final = pattern(
    r"(?:偏差|偏离)(?:率|度|幅度|程度|值)?[^,，。；;、()（）0-9完]{0,8}?(?<![0-9.])([0-9]{3,5}(?:\.[0-9]{1,4})?)\s*[%％]"
)


def deviation_called_completion(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:  # noqa: ARG001
    """A deviation of 100 % or more where the completion is meant: none of the rows deviates that far.

    Each sentence of a text is a problem; the standards of one table are one problem, at the first of them.
    """
    most = _largest_deviation(subject)
    for passage in passages(subject):
        seen = False
        for match in _DEVIATION.finditer(passage.plain):
            percent = Decimal(match[1])
            if percent >= _HUNDRED and most < percent / _HUNDRED and not seen:
                seen = True
                pointer = _pointer_at(passage, match.start(1))
                yield Problem(pointer, {"text": passage.text[match.start() : match.end()], "percent": percent})
    by_table: dict[Any, list[tuple[int, str, Decimal]]] = {}
    rows = subject.rows("indicators")
    for number, row in enumerate(rows):
        criterion = row.get("criterion")
        match = _DEVIATION.search(level(criterion)) if criterion and "偏" in criterion else None
        if match is not None and Decimal(match[1]) >= _HUNDRED and most < Decimal(match[1]) / _HUNDRED:
            text = criterion[match.start() : match.end()]
            by_table.setdefault(row.get("table"), []).append((number, text, Decimal(match[1])))
    for found in by_table.values():
        first, text, percent = found[0]
        names = tuple("".join((rows[number].get("name") or f"#{number + 1}").split()) for number, _, _ in found)
        yield Problem(
            f"/indicators/{first}/criterion",
            {"text": text, "percent": percent, "rows": names},
            related=[f"/indicators/{number}/criterion" for number, _, _ in found[1:]],
            variant="criteria",
        )


def _largest_deviation(subject: Subject) -> Decimal:
    """How far a row is from its target, as a ratio: the largest of the document; 0 where none is known."""
    most = Decimal(0)
    for row in subject.rows("indicators"):
        facts = achievement(row.get("target"), row.get("actual"), row.get("operator"), row.get("unit"))
        if facts.completion is not None:
            most = max(most, abs(facts.completion - _ONE))
    return most


def _pointer_at(passage: Passage, offset: int) -> str:
    """The statement that holds a place of a text, else the text."""
    for spoken in passage.numbers:
        if spoken.words.start <= offset < spoken.words.end:
            return spoken.pointer
    return passage.pointer


# ---------------------------------------------------------------------------------------------- periods

_EVENT: Final = pattern(r"验收|召开|举办|开展|提交|交付|竣工|完工|印发|出具|培训|评审")
_NO_EVENT: Final = pattern(r"支付|付款|拨付|支出|截至|截止|下一步|今后|将|拟|计划|合同|期限|签订|上年|评价")
_SETTLED: Final = pattern(r"(?:截至|截止到?|至)\s*$")


def date_outside_period(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:  # noqa: ARG001
    """Money and results of different periods, and events behind the period in the paragraphs that give points.

    The period is the one that the report states. Money counts to the last payment, or to the day of `截至…支出`.
    """
    period = subject.data.get("period")
    if not isinstance(period, Mapping) or not period.get("to"):
        return
    last: str = period["to"]
    texts = list(passages(subject))
    at = "/period/to"
    paid = max(
        ((date, index) for index, date in _payment_dates(subject) if date[:4] >= last[:4]), default=None
    )
    settled = _settled(texts)
    money = [found for found in (paid and (paid[0], f"/payments/rows/{paid[1]}/date"), settled) if found]
    later = [found for found in money if found[0] > last]
    if later:
        date, pointer = max(later)
        yield Problem(at, {"date": date, "last": last}, found=date, expected=last, related=[pointer])
    scored = _scored_sections(subject)
    for passage in texts:
        if passage.section not in scored:
            continue
        for spoken in passage.numbers:
            said = spoken.words
            if said.quantity != "date" or said.date is None or len(said.date) != 10 or said.date <= last:
                continue
            if _EVENT.search(said.sentence) and not _NO_EVENT.search(said.sentence):
                yield Problem(
                    spoken.pointer,
                    {"date": said.date, "last": last},
                    found=said.date,
                    expected=last,
                    related=[at],
                    variant="event",
                )


def _payment_dates(subject: Subject) -> Iterator[tuple[int, str]]:
    payments = subject.data.get("payments")
    rows = payments.get("rows") if isinstance(payments, Mapping) else None
    for index, row in enumerate(rows or ()):
        text = row.get("date") if isinstance(row, Mapping) else None
        found = _FULL_DATE.search(level(text)) if text else None
        if found is not None:
            yield index, f"{found[1]}-{int(found[2]):02d}-{int(found[3]):02d}"


_FULL_DATE: Final = pattern(r"((?:19|20)[0-9]{2})\s*[年.\-/]\s*([0-9]{1,2})\s*[月.\-/]\s*([0-9]{1,2})")


def _settled(texts: Sequence[Passage]) -> tuple[str, str] | None:
    """The day to which a text counts the spending: 截至2024年12月31日，项目实际支出…"""
    found = []
    for passage in texts:
        spent = {spoken.words.sentence for spoken in passage.numbers if spoken.words.subject == "实际支出"}
        for spoken in passage.numbers:
            said = spoken.words
            if said.quantity == "date" and said.date and len(said.date) == 10 and said.sentence in spent:
                if _SETTLED.search(passage.plain[max(0, said.start - 6) : said.start]):
                    found.append((said.date, spoken.pointer))
    return max(found, default=None)


def _scored_sections(subject: Subject) -> frozenset[int]:
    """The sections that give points, by their headings, and those below them."""
    scored: set[int] = set()
    for index, section in enumerate(subject.rows("sections")):
        parent = section.get("parent")
        if section.get("weight") is not None or (parent is not None and int(parent) in scored):
            scored.add(index)
    return frozenset(scored)


# ---------------------------------------------------------------------------------------------- evaluation work

_WORK: Final = pattern(r"评价工作(?:时间|期间|起止时间|开展时间|实施时间|周期)?|评价(?:组织)?实施(?:时间|期间)|评价开展时间")
_NO_WORK: Final = pattern(r"评价时段|评价基准|评价期间|评价范围|评价区间|评价年度|评价对象期")
_NUMBER: Final = pattern(r"[〔\[(（]\s*((?:19|20)[0-9]{2})\s*[〕\])）]")
_WORK_ENDED: Final = pattern(r"评价(?:工作)?(?:已)?于|完成(?:了)?(?:本次|此次)?(?:绩效)?评价(?:工作)?")


def evaluation_time_impossible(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:  # noqa: ARG001
    """Evaluation work that is said to end before the year evaluated does, or before a notice that the report cites."""
    heading = subject.data.get("heading")
    year = heading.get("year") if isinstance(heading, Mapping) else None
    cited = [
        (int(match[1]), index)
        for index, row in enumerate(subject.rows("citations"))
        if (match := _NUMBER.search(row.get("number") or ""))
    ]
    latest = max(cited, default=None)
    for passage in passages(subject):
        for spoken in passage.numbers:
            last = _work_end(passage, spoken)
            if last is None:
                continue
            if latest is not None and int(last[:4]) < latest[0]:
                number = subject.rows("citations")[latest[1]].get("number")
                yield Problem(
                    spoken.pointer,
                    {"last": last, "cited": number},
                    found=last,
                    related=[f"/citations/{latest[1]}/number"],
                    variant="cited",
                )
            elif year is not None and (int(last[:4]) < year or (last[:4] == str(year) and last < f"{year}-12")):
                yield Problem(spoken.pointer, {"last": last, "year": Decimal(year)}, found=last)


def _work_end(passage: Passage, spoken: Spoken) -> str | None:
    """The last day of the evaluation work, as far as the text writes it: at least the month."""
    said = spoken.words
    before = passage.plain[clause_start(passage.plain, 0, said.start) : said.start]
    if said.quantity != "period" or not _WORK.search(before) or _NO_WORK.search(before):
        return None
    bounds = period_of(said.text)
    return bounds[1] if bounds is not None and len(bounds[1]) >= 7 else None


# ---------------------------------------------------------------------------------------------- arithmetic

_EACH: Final = pattern(r"每(?:个)?(年|月|季度|季|周|星期|天|日|工作日)(?:平均|至少|均|各)?[^,，。；;0-9每]{0,12}$")
_PERIODS: Final = {
    "月": (12,), "季度": (4,), "季": (4,), "周": (52,), "星期": (52,), "天": (365, 250), "日": (365, 250), "工作日": (250,),
}  # fmt: skip
_WHOLE_YEAR: Final = pattern(r"全年|年度|年内|本年|共计?|累计|总计|合计|总数|总共")
_SHORTER: Final = pattern(r"[0-9一二三四五六七八九十]+个月|[0-9]+\s*月(?:起|至|到|份)|上半年|下半年|季度起|寒假|暑假|汛期|周末|节假日|法定|非")


def arithmetic_in_text(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:  # noqa: ARG001
    """A number for each period and one for the year in one sentence that do not fit: 每周3期，全年100期.

    A range for each period counts as lower and upper total. A week counts 52 times, a day 250 or 365 times, and fires
    where neither fits. Sentences about a part of the year, about other things, and approximate numbers are left out.
    """
    for passage in passages(subject):
        if "每" not in passage.plain:
            continue
        for spoken in passage.numbers:
            said = spoken.words
            if said.quantity != "count" or said.value is None or said.qualifier not in ("exact", "total", "at-least"):
                continue
            start = clause_start(passage.plain, 0, said.start)
            each = _EACH.search("".join(passage.plain[start : said.start].split()))
            if each is None or each[1] == "年" or _SHORTER.search(said.sentence):
                continue
            whole = _whole_year(passage, spoken)
            if whole is None:
                continue
            total = whole.words.value
            assert total is not None
            upper = said.upper if said.upper is not None else said.value
            bounds = [(said.value * times, upper * times) for times in _PERIODS[each[1]]]
            open_above = said.qualifier == "at-least" or whole.words.qualifier == "at-least"
            if any(low <= total and (open_above or total <= high) for low, high in bounds):
                continue
            if whole.words.qualifier == "at-least" and any(total <= high for _, high in bounds):
                continue
            unit = said.unit or ""
            least, most = bounds[0]
            yield Problem(
                whole.pointer,
                {
                    "each": passage.text[said.start : said.end].strip(),
                    "period": each[1],
                    "total": whole.words.text,
                    "computed": f"{least:f}{unit}" if least == most else f"{least:f}～{most:f}{unit}",
                },
                found=total,
                expected=least,
            )


def _whole_year(passage: Passage, each: Spoken) -> Spoken | None:
    """The number of the year in the sentence of `each`: same unit, same thing, a word for the whole; only one."""
    said = each.words
    unit = NAMES.get(said.unit or "", said.unit)
    found = []
    for other in passage.numbers:
        words = other.words
        if other is each or words.quantity != "count" or words.sentence != said.sentence or words.value is None:
            continue
        if abs(words.start - said.start) > _FAR or NAMES.get(words.unit or "", words.unit) != unit:
            continue
        clause = passage.plain[clause_start(passage.plain, 0, words.start) : words.start]
        if "每" in clause or words.upper is not None or words.qualifier not in ("exact", "total", "at-least"):
            continue
        if words.qualifier != "total" and not _WHOLE_YEAR.search(clause):
            continue
        if words.subject is not None and said.subject is not None and not _alike(words.subject, said.subject):
            continue
        found.append(other)
    return found[0] if len(found) == 1 else None


_FAR: Final = 120


def _alike(one: str, other: str) -> bool:
    return one in other or other in one


PROSE_LOGIC_CHECKS: tuple[Check, ...] = (
    Check(
        "deviation-called-completion",
        ("self-evaluation", REPORT),
        deviation_called_completion,
        Text("把完成率写作偏差率", "a completion called a deviation"),
    ),
    Check(
        "date-outside-period",
        REPORT,
        date_outside_period,
        Text("日期在评价时段之外", "a date outside the period"),
    ),
    Check(
        "evaluation-time-impossible",
        REPORT,
        evaluation_time_impossible,
        Text("评价工作时间不合情理", "an impossible time of the evaluation work"),
    ),
    Check(
        "arithmetic-in-text",
        ("self-evaluation", REPORT),
        arithmetic_in_text,
        Text("文中的数字算不拢", "numbers of a sentence that do not fit"),
    ),
)
