"""Checks of a report's outline and prose against its tables: sections, totals, annexes, lists, problems."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from lintperf.extension import Check, Problem, Subject
from lintperf.model import Severity, Text
from lintperf.patterns import pattern
from lintperf_builtin.facts.indicator import RowNature
from lintperf_builtin.facts.pairing import bare_name
from lintperf_builtin.facts.tables import REPORT, ReportTables, TableView

__all__ = [
    "REPORT_SECTION_CHECKS",
    "annex_not_referenced",
    "missing_section",
    "missing_total_row",
    "problem_contradicts_score",
    "rows_claimed_missing",
]


# --- outline ---------------------------------------------------------------------------------------------------------


def missing_section(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Sections of the outline that a report lacks, one problem each.

    outline  one text a section: its name, a colon, and what a heading may say instead, each as words joined by + that
             all stand in it, separated by spaces: `有关建议:建议 整改+措施`
    milder   names of sections whose lack is a note
    Headings of all levels count, at any place. A report without headings is left alone.
    """
    sections = subject.rows("sections")
    titles = ["".join((section.get("title") or "").split()) for section in sections]
    if not any(titles):
        return
    for entry in options["outline"]:
        name, _, wordings = entry.partition(":")
        wanted = [tuple(wording.split("+")) for wording in (name, *wordings.split())]
        if not any(all(word in title for word in words) for words in wanted for title in titles):
            severity = Severity.note if name in options["milder"] else None
            yield Problem("/sections", {"section": name}, severity=severity)


_TABLE_NUMBER: Final = pattern(r"(?:见|由|如|及|和|、|从|据|下)\s*表\s*([0-9]{1,2}\s*[-—－–.．]\s*[0-9]{1,3})(?![0-9])")
_CAPTION_NUMBER: Final = pattern(r"表\s*([0-9]{1,2}\s*[-—－–.．]\s*[0-9]{1,3})(?![0-9])")
_DASHES: Final = str.maketrans({"—": "-", "－": "-", "–": "-", ".": "-", "．": "-"})


def _number(text: str) -> str:
    return "".join(text.split()).translate(_DASHES)


def missing_total_row(subject: Subject, _options: Mapping[str, Any]) -> Iterator[Problem]:
    """Tables of scores without a row of the total; and tables that the text points to by number and that are not there.

    A table is there when its number, or a caption with it, is.
    """
    views = subject.facts(ReportTables)[0].table_views
    for view in views:
        scored = any(row.get("weight") is not None and row.get("score") is not None for row in view.rows("indicators"))
        if view.role == "scores" and view.index is not None and view.total is None and scored:
            yield Problem(f"/tables/{view.index}", {"table": _label(subject, view)})
    paragraphs = subject.rows("paragraphs")
    captions = [row.get("caption") for row in subject.rows("tables")] + [
        row.get("number") for row in subject.rows("tables")
    ]
    captions += [row.get("text") for row in paragraphs if row.get("role") == "caption"]
    there = {_number(match[1]) for caption in captions if caption for match in _CAPTION_NUMBER.finditer(caption)}
    if not there:
        return
    for number, row in enumerate(paragraphs):
        if row.get("role") == "caption" or "表" not in (row.get("text") or ""):
            continue
        for match in _TABLE_NUMBER.finditer(row["text"]):
            if _number(match[1]) not in there:
                there.add(_number(match[1]))  # once a table
                yield Problem(f"/paragraphs/{number}/text", {"table": f"表{_number(match[1])}"}, variant="promised")


def _label(subject: Subject, view: TableView) -> str:
    """What messages call a table: its number and caption as far as there are any."""
    table = subject.rows("tables")[view.index] if view.index is not None else {}
    number, caption = table.get("number") or "", table.get("caption") or ""
    return caption if number in caption else f"{number} {caption}".strip()


def annex_not_referenced(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Annexed tables that no paragraph mentions, one problem each.

    words  what an annex is called: 附件, 附表
    A table is annexed when its number or caption, or the heading it stands under, begins with such a word. Captions
    and headings mention nothing.
    """
    words = tuple(options["words"])
    sections = subject.rows("sections")
    mentioned: bool | None = None
    for number, table in enumerate(subject.rows("tables")):
        section = table.get("section")
        heading = sections[int(section)] if section is not None and section < len(sections) else {}
        names = (table.get("number"), table.get("caption"), heading.get("title"), heading.get("number"))
        if not any((name or "").lstrip().startswith(words) for name in names):
            continue
        mentioned = _mentions(subject, words) if mentioned is None else mentioned
        if not mentioned:
            name = table.get("caption") or table.get("number") or heading.get("title")
            yield Problem(f"/tables/{number}", {"table": name})


def _mentions(subject: Subject, words: tuple[str, ...]) -> bool:
    """Whether a paragraph has one of the words and is no caption."""
    return any(
        row.get("role") != "caption" and not text.lstrip().startswith(words) and any(word in text for word in words)
        for row in subject.rows("paragraphs")
        if (text := row.get("text"))
    )


# --- lists -----------------------------------------------------------------------------------------------------------

_ITEM: Final = pattern(r"(?:^|[。；;：:\n])\s*(?:[一二三四五六七八九十]{1,2})是\s*([^。；;，,：:\n]{2,60})")


# tables in which a name is looked for
_MOST_PLACES: Final = 8


class _List(NamedTuple):
    """A list 一是…二是… in the prose: the paragraphs it stands in, and what its items begin with."""

    paragraphs: list[int]
    items: list[str]


def _lists(subject: Subject) -> Iterator[_List]:
    """Lists of two items or more: in one paragraph, or in paragraphs of one section that follow each other."""
    current: _List | None = None
    section: Any = None
    for number, row in enumerate(subject.rows("paragraphs")):
        text = row.get("text") or ""
        items = _ITEM.findall(text) if "是" in text else []
        starts = text.lstrip().startswith("一是")
        if current is not None and (not items or starts or row.get("section") != section):
            if len(current.items) > 1:
                yield current
            current = None
        if items:
            current = current or _List([], [])
            current.paragraphs.append(number)
            current.items.extend(items)
            section = row.get("section")
    if current is not None and len(current.items) > 1:
        yield current


def rows_claimed_missing(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Lists in the prose, 一是…二是…, that name some rows of a block and not the others; one problem a list and table.

    suffixes   endings of names that do not count
    lasting    words for a lasting effect: a goal that promises it while the rows for it are empty is a note
    A list names a block when each of its items begins with the name of a row, and all of those rows stand under one
    first and second level. Lists that name other things say nothing about a table.
    """
    suffixes = tuple(options["suffixes"])
    views = subject.facts(ReportTables)[0].table_views
    blocks = [block for view in views if view.role in ("scores", "criteria") for block in _blocks(view, suffixes)]
    by_name: dict[str, list[int]] = {}
    for position, block in enumerate(blocks):
        for name in block.names:
            places = by_name.setdefault(name, [])
            if len(places) < _MOST_PLACES:
                places.append(position)
    for found in _lists(subject) if blocks else ():
        named: dict[int, dict[int, str]] = {}  # block → item → name
        for number, item in enumerate(found.items):
            head = bare_name(item, suffixes)
            for length in range(1, len(head) + 1):
                for position in by_name.get(head[:length], ()):
                    named.setdefault(position, {})[number] = head[:length]
        for position in sorted(named):
            names = set(named[position].values())
            left = [name for name in blocks[position].names if name not in names]
            if len(named[position]) == len(found.items) and len(names) > 1 and left:
                yield _left_out(blocks[position], found, left)
    yield from _promised(subject, views, options["lasting"])


class _Block(NamedTuple):
    """Rows of a table under one first and second level: bare name → pointer of the row."""

    view: TableView
    names: dict[str, str]


def _blocks(view: TableView, suffixes: tuple[str, ...]) -> Iterator[_Block]:
    blocks: dict[tuple[str, str], _Block] = {}
    rows = view.rows("indicators")
    for number, nature in enumerate(view.facts(RowNature)):
        name = bare_name(rows[number].get("name") or "", suffixes)
        if name and not nature.is_empty:
            level1, level2 = ("".join((rows[number].get(field) or "").split()) for field in ("level1", "level2"))
            block = blocks.setdefault((level1, level2), _Block(view, {}))
            block.names[name] = f"/indicators/{number}"
    yield from (block for block in blocks.values() if len(block.names) > 1)


def _left_out(block: _Block, found: _List, left: Sequence[str]) -> Problem:
    rows = block.view.rows("indicators")
    names = [rows[int(block.names[name].rsplit("/", 1)[1])].get("name") for name in left]
    related = [block.view.pointer(f"{block.names[name]}/name") for name in left]
    related += [f"/paragraphs/{number}/text" for number in found.paragraphs[:-1]]
    arguments = {"names": names, "items": len(found.items), "all": len(block.names)}
    return Problem(f"/paragraphs/{found.paragraphs[-1]}/text", arguments, related=related)


def _promised(subject: Subject, views: Sequence[TableView], words: Sequence[str]) -> Iterator[Problem]:
    """A lasting effect that the goal promises, in tables whose rows for it are all empty; the first of them."""
    goals = subject.data.get("goals") or {}
    texts = [(field, text) for field in ("overall", "annual") if (text := goals.get(field))]
    promise = next(((field, word) for field, text in texts for word in words if word in text), None)
    if promise is None:
        return
    for view in views:
        natures = view.facts(RowNature)
        lasting = [number for number, nature in enumerate(natures) if nature.aspect == "sustainable"]
        if lasting and all(natures[number].is_empty for number in lasting):
            yield Problem(
                view.pointer(f"/indicators/{lasting[0]}/name"),
                {"word": promise[1]},
                related=[f"/goals/{promise[0]}"],
                severity=Severity.note,
                variant="promised",
            )
            return


# --- problems --------------------------------------------------------------------------------------------------------

_SENTENCE: Final = pattern(r"[。；;！？\n]")


def problem_contradicts_score(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Rows with full marks for what the section of problems blames, one problem a row.

    section  a word in the heading of that section
    themes   one text a theme, `subjects/faults/rows`: words of which one stands in a sentence, words for a fault of
             which one stands behind it, and words of which one stands in the row's name; words separated by spaces
    denials  words for the absence of a fault: 未发现
    Each row counts once, in the first table where it has full marks.
    """
    sections = subject.rows("sections")
    blamed = _below(sections, options["section"])
    if not blamed:
        return
    themes = [tuple(tuple(part.split()) for part in theme.split("/")) for theme in options["themes"]]
    done: set[str] = set()
    open_themes = dict(enumerate(themes))
    for number, paragraph in enumerate(subject.rows("paragraphs")):
        if paragraph.get("section") not in blamed or not paragraph.get("text"):
            continue
        for sentence in _SENTENCE.split(paragraph["text"]):
            if any(word in sentence for word in options["denials"]):
                continue
            for key, (subjects, faults, names) in list(open_themes.items()):
                fault = _fault(sentence, subjects, faults)
                if fault is not None:
                    del open_themes[key]  # blamed once, it is blamed
                    yield from _full_marks(subject, names, fault, f"/paragraphs/{number}/text", done)


def _below(sections: Sequence[Mapping[str, Any]], word: str) -> set[int]:
    """The sections with a word in their heading, and those below them."""
    found: set[int] = set()
    for number, section in enumerate(sections):
        parent = section.get("parent")
        if word in "".join((section.get("title") or "").split()) or (parent is not None and int(parent) in found):
            found.add(number)
    return found


def _fault(sentence: str, subjects: Sequence[str], faults: Sequence[str]) -> str | None:
    """The first word of a fault that stands behind one of the subjects."""
    start = min((place for word in subjects if (place := sentence.find(word)) >= 0), default=-1)
    return next((word for word in faults if start >= 0 and word in sentence[start:]), None)


def _full_marks(subject: Subject, names: Sequence[str], fault: str, pointer: str, done: set[str]) -> Iterator[Problem]:
    rows = subject.rows("indicators")
    for number, nature in enumerate(subject.facts(RowNature)):
        name = "".join((rows[number].get("name") or "").split())
        if nature.full_marks and name not in done and any(word in name for word in names):
            done.add(name)
            row = rows[number]
            arguments = {"name": row.get("name"), "fault": fault, "weight": row.get("weight")}
            yield Problem(f"/indicators/{number}/score", arguments, row.get("score"), related=[pointer])


REPORT_SECTION_CHECKS: tuple[Check, ...] = (
    Check(
        "missing-section",
        REPORT,
        missing_section,
        Text("报告缺少的部分", "sections that a report lacks"),
        {"outline": "text*", "milder": "text*"},
    ),
    Check(
        "missing-total-row",
        REPORT,
        missing_total_row,
        Text("得分表的合计行，文中提到的表", "the total row of tables of scores, and tables that the text points to"),
    ),
    Check(
        "annex-not-referenced",
        REPORT,
        annex_not_referenced,
        Text("正文没有提到的附件", "annexes that the text does not mention"),
        {"words": "text*"},
    ),
    Check(
        "rows-claimed-missing",
        REPORT,
        rows_claimed_missing,
        Text("文中列举与表中指标", "lists in the prose against the rows of a table"),
        {"suffixes": "text*", "lasting": "text*"},
    ),
    Check(
        "problem-contradicts-score",
        REPORT,
        problem_contradicts_score,
        Text("存在的问题与满分指标", "the section of problems against rows with full marks"),
        {"section": "text", "themes": "text*", "denials": "text*"},
    ),
)
