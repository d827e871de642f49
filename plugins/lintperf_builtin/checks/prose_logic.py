"""What a text says that cannot be: deviations, periods, dates, arithmetic (LP604, LP611, LP614, LP616)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from lintperf.extension import Check, Problem, Subject
from lintperf.model import Text
from lintperf.patterns import pattern
from lintperf_builtin.facts.indicator import achievement
from lintperf_builtin.facts.units import NAMES
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
    most: Decimal | None = None
    for passage in passages(subject):
        for match in _DEVIATION.finditer(passage.plain) if "偏" in passage.text else ():
            percent = Decimal(match[1])
            most = _largest_deviation(subject) if most is None else most
            if percent >= _HUNDRED and most < percent / _HUNDRED:
                pointer = _pointer_at(passage, match.start(1))
                yield Problem(pointer, {"text": passage.text[match.start() : match.end()], "percent": percent})
                break
    by_table: dict[Any, list[tuple[int, str, Decimal]]] = {}
    rows, criteria = subject.rows("indicators"), subject.column("indicators", "criterion")
    for number, criterion in enumerate(criteria if any(criteria) else ()):
        if not criterion or "偏" not in criterion:
            continue
        found = _DEVIATION.search(level(criterion))
        if found is None or Decimal(found[1]) < _HUNDRED:
            continue
        most = _largest_deviation(subject) if most is None else most
        if most < Decimal(found[1]) / _HUNDRED:
            text = criterion[found.start() : found.end()]
            by_table.setdefault(rows[number].get("table"), []).append((number, text, Decimal(found[1])))
    for faulty in by_table.values():
        first, text, percent = faulty[0]
        names = tuple("".join((rows[number].get("name") or f"#{number + 1}").split()) for number, _, _ in faulty)
        yield Problem(
            f"/indicators/{first}/criterion",
            {"text": text, "percent": percent, "rows": names},
            related=[f"/indicators/{number}/criterion" for number, _, _ in faulty[1:]],
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

_EVENT: Final = pattern(
    r"验收|终验|初验|召开|举办|开展|提交|交付|竣工|完工|印发|出具|培训|评审|完成|通过|结项|移交|上线|启用|发放|组织|实施|检查|评估"
)
_NO_EVENT: Final = pattern(
    r"支付|付款|拨付|支出|截至|截止|下一步|今后|下年|次年|将于|将在|拟|计划|预计|合同期|期限|服务期|签订|上年|评价工作|绩效评价"
)
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
    paid = max(((date, index) for index, date in _payment_dates(subject) if date[:4] >= last[:4]), default=None)
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
            if (
                said.quantity != "date"
                or said.date is None
                or len(said.date) < 7
                or said.date <= last[: len(said.date)]
            ):
                continue
            around = passage.plain[clause_start(passage.plain, 0, said.start) : _reach(passage.plain, said.end)]
            if _EVENT.search(around) and not _NO_EVENT.search(around):
                yield Problem(
                    spoken.pointer,
                    {"date": said.date, "last": last},
                    found=said.date,
                    expected=last,
                    related=[at],
                    variant="event",
                )


def _reach(plain: str, start: int) -> int:
    """The end of the clause behind the one that ends at or after `start`: 2023年11月20日，我局组织验收|，验收合格."""
    place = start
    for _ in range(2):
        found = _COMMA.search(plain, place)
        if found is None or (found[0] != "，" and found[0] != ","):
            return len(plain) if found is None else found.start()
        place = found.end()
    return place


_COMMA: Final = pattern(r"[,，。；;\n]")


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
            if said.quantity != "date" or not said.date or len(said.date) != 10 or said.sentence not in spent:
                continue
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

_WORK: Final = pattern(
    r"评价工作(?:时间|期间|起止时间|开展时间|实施时间|周期)?|评价(?:组织)?实施(?:时间|期间)|评价开展时间"
)
_WORKING: Final = pattern(
    r"(?:开展|实施|进行|组织|完成|启动|结束)(?:了)?[^,，。；;]{0,14}评价|评价(?:工作)?组|评价小组|评价机构|现场评价|评价工作|评价(?:开展|实施)"
)
_NO_WORK: Final = pattern(
    r"评价时段|评价基准|评价期间|评价范围|评价区间|评价年度|评价对象|服务期|合同|被评价|资金|上年|上一年|以前|曾|往年|去年"
)
_NUMBER: Final = pattern(r"[〔\[(（]\s*((?:19|20)[0-9]{2})\s*[〕\])）]")


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
    at_work = _sections_of_work(subject)
    period = subject.data.get("period")
    until = period.get("to") if isinstance(period, Mapping) else None
    # an evaluation half-way covers a part of the year only
    whole_year = year is not None and (until is None or until >= f"{year}-12")
    for passage in passages(subject):
        for spoken in passage.numbers:
            last, said_so = _work_end(passage, spoken, at_work=passage.section in at_work)
            if last is None:
                continue
            if said_so and latest is not None and int(last[:4]) < latest[0]:
                number = subject.rows("citations")[latest[1]].get("number")
                yield Problem(
                    spoken.pointer,
                    {"last": last, "cited": number},
                    found=last,
                    related=[f"/citations/{latest[1]}/number"],
                    variant="cited",
                )
            elif year is not None and last < f"{year}-12" and (said_so or last[:4] != str(year) or whole_year):
                yield Problem(spoken.pointer, {"last": last, "year": Decimal(year)}, found=last)


def _sections_of_work(subject: Subject) -> frozenset[int]:
    """The sections about how the evaluation was done, by their headings."""
    return frozenset(
        index for index, row in enumerate(subject.rows("sections")) if _SECTION_OF_WORK.search(row.get("title") or "")
    )


_SECTION_OF_WORK: Final = pattern(r"评价(?:工作)?(?:的)?(?:组织)?(?:实施|开展|过程|程序)|评价工作")


def _work_end(passage: Passage, spoken: Spoken, *, at_work: bool) -> tuple[str | None, bool]:
    """The last day of the evaluation work, as far as the text writes it, and whether it is called so.

    评价工作时间为… says so. A date at which the work ended does not in as many words, nor does the last date of a
    sentence about the work in the section about it.
    """
    said = spoken.words
    if said.quantity == "date" and said.date is not None and len(said.date) >= 7:
        working = _WORKING.search(level(said.sentence)) and not _NO_WORK.search(said.sentence)
        ended = working and _ENDED.match(passage.plain, said.end)
        if not ended and at_work and _STEPS.search(said.sentence) and not _HISTORY.search(said.sentence):
            dates = [each.words.date for each in passage.numbers if each.words.sentence == said.sentence]
            last = said.date == max(date for date in dates if date is not None)
            return (said.date if last else None), False
        return (said.date if ended else None), False
    if said.quantity != "period":
        return None, False
    before = passage.plain[clause_start(passage.plain, 0, said.start) : said.start]
    around = passage.plain[clause_start(passage.plain, 0, said.start) : _reach(passage.plain, said.end)]
    said_so = _WORK.search(before) is not None and not _NO_WORK.search(before)
    if not said_so and (not _WORKING.search(around) or _NO_WORK.search(around)):
        return None, False
    bounds = period_of(said.text)
    return (bounds[1] if bounds is not None and len(bounds[1]) >= 7 else None), said_so


_STEPS: Final = pattern(r"评价|阶段|调研|核查|资料|访谈")
_HISTORY: Final = pattern(r"上年|上一年|以前|曾|往年|去年|成立|建成|立项|印发|发布")
_ENDED: Final = pattern(r"[^,，。；;0-9]{0,12}(?:结束|完成|出具|形成|提交|定稿|截止|为止|完毕)")


# ---------------------------------------------------------------------------------------------- arithmetic

_EACH: Final = pattern(r"每(?:个)?(年|月|季度|季|周|星期|天|日|工作日)(?:平均|至少|均|各)?[^,，。；;0-9每]{0,12}$")
_PERIODS: Final = {
    "月": (12,), "季度": (4,), "季": (4,), "周": (52,), "星期": (52,), "工作日": (250,),
    "天": (365, 250), "日": (365, 250),
}  # fmt: skip
_WHOLE_YEAR: Final = pattern(r"全年|年度|年内|本年|共计?|累计|总计|合计|总数|总共")
_SHORTER: Final = pattern(
    r"[0-9一二三四五六七八九十]+个月|[0-9]+\s*月(?:起|至|到|份)|上半年|下半年|季度起|寒假|暑假|汛期|周末|节假日|法定|非"
)


def arithmetic_in_text(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:  # noqa: ARG001
    """A number for each period and one for the year in one sentence that do not fit: 每周3期，全年100期.

    A range for each period counts as lower and upper total. A week counts 52 times, a day 250 or 365 times, and fires
    where neither fits. Sentences about a part of the year, about other things, and approximate numbers are left out.
    """
    for passage in passages(subject):
        if "每" not in passage.text:
            continue
        for spoken in passage.numbers:
            said = spoken.words
            if said.quantity != "count" or said.value is None or said.qualifier not in ("exact", "total", "at-least"):
                continue
            start = clause_start(passage.plain, 0, said.start)
            each = _EACH.search("".join(passage.plain[start : said.start].split()))
            if each is None or each[1] == "年":
                continue
            whole = _whole_year(passage, spoken)
            if whole is None or _SHORTER.search(_around(passage, spoken, whole)):
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


def _around(passage: Passage, one: Spoken, other: Spoken) -> str:
    """The words from the clause of the first of two numbers to the end of the clause of the second."""
    first, last = sorted((one.words, other.words), key=lambda words: words.start)
    return passage.plain[clause_start(passage.plain, 0, max(0, first.start - 12)) : last.end + 6]


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
