"""What the sentences of a report say of itself: project and unit, period, regulations, bands of grades."""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from lintperf_builtin.importers import vocabulary
from lintperf_builtin.importers.normal import compact

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

__all__ = ["citations", "grade_bands", "heading_of", "is_title", "period"]

_MAX_TITLE = 100
_YEAR = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})年")
_YEARS = re.compile(r"(?:19|20)[0-9]{2}年?度?[-–—~至到和、](?:(?:19|20)?[0-9]{2})年")
# Paragraphs from the start in which a report says whose it is.
_FIRST = 6
_FIRST_WORDS = 2000

# White space is bounded: patterns with several stretches of it side by side would try them all.
_S = r"\s{0,4}"
_DAY = rf"([0-9]{{4}}){_S}(?:年|[-./]){_S}([0-9]{{1,2}}){_S}(?:月|[-./]){_S}([0-9]{{1,2}}){_S}日?"
_SHORT_DAY = rf"(?:([0-9]{{4}}){_S}(?:年|[-./]){_S})?([0-9]{{1,2}}){_S}(?:月|[-./]){_S}([0-9]{{1,2}}){_S}日?"
_SPAN = re.compile(rf"{_DAY}{_S}起?{_S}(?:至|到|[-–—~～]{{1,2}}){_S}{_SHORT_DAY}")
_ONE_DAY = re.compile(_DAY)
# Between the name of a period and its dates stand few words.
_BEFORE_DATES = 16

_TITLE = re.compile(r"《([^《》\n]{2,150}|[^《》\n]{0,80}《[^《》\n]{1,80}》[^《》\n]{0,60})》")
_DOCUMENT_NUMBER = re.compile(
    rf"{_S}[（(]{_S}([^（()）\s]{{1,20}}{_S}[〔\[【（(]{_S}(?:19|20)[0-9]{{2}}{_S}[〕\]】）)]{_S}第?{_S}[0-9]{{1,5}}{_S}号"
    rf"|[^（()）\s]{{2,20}}令{_S}第?{_S}[0-9]{{1,5}}{_S}号){_S}[）)]"
)
_BEFORE_TITLE = re.compile(r"[^，。；：、（）()《》“”！？,;:\s]{2,40}$")

# In text without white space.
_NUMBER = r"([0-9]{1,3}(?:\.[0-9]{1,2})?)"
_GRADE = r"[“\"'‘]?(优秀|优良|优|良好|良|中等|中|较差|差|合格|不合格|较好|好|一般)[”\"'’]?"
_INCLUDED = r"(?:[（(]不?含(?:[0-9]+分)?[^（()）]{0,4}[）)])?"
_IS = r"的?(?:为|是|评为|定为|属于|[:：,，])"
_BANDS = (
    # 90（含）-100 分为优
    re.compile(rf"{_NUMBER}分?{_INCLUDED}[-–—~～至到]{{1,2}}{_NUMBER}分?{_INCLUDED}{_IS}{_GRADE}"),
    # 90分（含）以上为优, 60 分以下为差
    re.compile(rf"{_NUMBER}分?{_INCLUDED}分?(以上|及以上|以下|及以下){_INCLUDED}{_IS}{_GRADE}"),
    # 优（90-100分）, 优：90—100分
    re.compile(rf"{_GRADE}[（(:：]{_NUMBER}分?{_INCLUDED}[-–—~～至到]{{1,2}}{_NUMBER}分?"),
    # 差（60分以下）
    re.compile(rf"{_GRADE}[（(:：]{_NUMBER}分?{_INCLUDED}分?(以上|及以上|以下|及以下)"),
)
# Fewer than so many in one paragraph are no scale.
_ENOUGH_BANDS = 2


def _words(section: str) -> vocabulary.Words:
    return vocabulary.current().words[section]


def is_title(text: str) -> bool:
    """Whether a line is the title of an evaluation report."""
    if len(text) > _MAX_TITLE or text.rstrip().endswith(("。", "：", ":", "》")):
        return False
    return _words("report_titles").search(compact(text)) is not None


def heading_of(title: str | None, texts: Sequence[str]) -> dict[str, Any]:
    """Project, department and year, where the title and the first paragraphs leave no doubt; else None.

    The project stands in the title and again in the text; the department calls itself 我局 in a first paragraph. A
    title of several years has no year.
    """
    line = compact(title or "")
    heading: dict[str, Any] = {"project": None, "department": None, "unit": None, "year": None}
    years = {found[1] for found in _YEAR.finditer(line)}
    if len(years) == 1 and not _YEARS.search(line):
        heading["year"] = Decimal(years.pop())
    found = _words("report_projects").search(line)
    if found and any(found[1] in compact(text) for text in texts):
        heading["project"] = found[1].strip('“”"《》')
    for text in texts[:_FIRST]:
        if unit := _words("report_units").search(compact(text[:_FIRST_WORDS])):
            heading["department"] = unit[1]
            break
    return heading


def period(texts: Sequence[tuple[int, str]]) -> dict[str, Any] | None:
    """The period that the text names, of several the one whose name the vocabulary lists first; None without dates."""
    for pattern, _ in _words("report_periods").patterns:
        for number, text in texts:
            for named in pattern.finditer(text):
                after = named.end() + _BEFORE_DATES
                span = _SPAN.search(text, named.end(), after + 40)
                if span and span.start() <= after and not re.search(r"[。；]", text[named.end() : span.start()]):
                    start = _day(span[1], span[2], span[3])
                    end = _day(span[4] or span[1], span[5], span[6])
                    if start and end:
                        return {"from": start, "to": end, "label": named[0], "paragraph": Decimal(number)}
                day = _ONE_DAY.search(text, named.end(), after + 20)
                if "基准" in named[0] and day and day.start() <= after:
                    return {
                        "from": None,
                        "to": _day(day[1], day[2], day[3]),
                        "label": named[0],
                        "paragraph": Decimal(number),
                    }
    return None


def _day(year: str, month: str, day: str) -> str | None:
    try:
        return date(int(year), int(month), int(day)).isoformat()
    except ValueError:
        return None


def citations(texts: Iterable[tuple[int, str]]) -> Iterator[tuple[dict[str, Any], int, int]]:
    """The regulations that the paragraphs cite, and where each stands in its paragraph.

    What stands inside 《》 is one if a document number follows, or if it ends as titles of regulations do.
    """
    endings = _words("citation_endings")
    for number, text in texts:
        for found in _TITLE.finditer(text):
            title = re.sub(r"\s+", " ", found[1]).strip()
            document_number = _DOCUMENT_NUMBER.match(text, found.end())
            if document_number is None and endings.search(compact(title)) is None:
                continue
            end = document_number.end() if document_number else found.end()
            citation = {
                "title": title,
                "number": re.sub(r"\s+", "", document_number[1]) if document_number else None,
                "issuer": _issuer(text[: found.start()]),
                "paragraph": Decimal(number),
            }
            yield citation, found.start(), end


def _issuer(before: str) -> str | None:
    """The office named right before a title."""
    found = _BEFORE_TITLE.search(before[-60:])
    if not found:
        return None
    name = found[0]
    lead = _words("issuer_leads").search(name)
    if lead:
        name = name[lead.end() :]
    return name if len(name) > 1 and _words("issuer_endings").search(name) else None


def grade_bands(texts: Iterable[tuple[int, str]]) -> list[dict[str, Any]]:
    """The bands of grades in the first paragraph that states a scale, best first; the upper bound of the best is the
    number written, null where it says 以上."""
    for number, text in texts:
        bands: dict[str, dict[str, Any]] = {}
        plain = "".join(text.split())
        for order, pattern in enumerate(_BANDS):
            for found in pattern.finditer(plain):
                grade, lower, upper = _band(order, found.groups())
                bands.setdefault(grade, {"grade": grade, "lower": lower, "upper": upper, "paragraph": Decimal(number)})
        if len(bands) >= _ENOUGH_BANDS:
            return sorted(bands.values(), key=lambda band: -(band["lower"] if band["lower"] is not None else -1))
    return []


def _band(order: int, groups: tuple[str, ...]) -> tuple[str, Decimal | None, Decimal | None]:
    if order == 0:
        first, second = sorted((Decimal(groups[0]), Decimal(groups[1])))
        return groups[2], first, second
    if order == 2:
        first, second = sorted((Decimal(groups[1]), Decimal(groups[2])))
        return groups[0], first, second
    bound, side, grade = (groups[0], groups[1], groups[2]) if order == 1 else (groups[1], groups[2], groups[0])
    if side.endswith("以下"):
        return grade, None, Decimal(bound)
    return grade, Decimal(bound), None
