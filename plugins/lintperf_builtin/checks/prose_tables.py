"""Numbers that a text states against the tables of the same document (LP309, LP601, LP605)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise
from typing import Any, Final, NamedTuple

from lintperf.extension import Check, Problem, Subject
from lintperf.model import Text
from lintperf.patterns import pattern
from lintperf.rules.functions import agrees, round_half_up
from lintperf_builtin.facts.indicator import Achievement, achievement
from lintperf_builtin.facts.texts import without_blanks
from lintperf_builtin.facts.units import NAMES, convert
from lintperf_builtin.prose.sentences import clause_start, items, span_at
from lintperf_builtin.prose.spoken import REPORT, Passage, Spoken, passages
from lintperf_builtin.prose.statements import Counted, bare_noun, counted, noun_behind
from lintperf_builtin.prose.words import any_of, words

__all__ = ["PROSE_TABLE_CHECKS"]

_HUNDRED: Final = Decimal(100)
_POINTS: Final = pattern(r"[（(][^（）()]*分[^（）()]*[）)]?")
_NUMBERING: Final = pattern(
    r"^(?:[一二三四五六七八九十]{1,3}[、.．]|[（(][0-9一二三四五六七八九十]{1,3}[）)]|[0-9]{1,2}[.、．])+"
)
_TITLE_TAIL: Final = pattern(r"(?:指标|情况|分析|方面|完成|部分|类|得分|评价|绩效)+$")
_NAME_TAIL: Final = pattern(
    r"(?:的?(?:场次|场数|次数|期数|数量|条数|人数|个数|家数|份数|篇数|人次|任务数|完成数|总数)|(?<=.)数)$"
)
_LEAST_NAME: Final = 4


def block_name(text: str | None) -> str:
    """A heading or level as blocks are compared: without numbers, points, spaces, 项目 before, 指标 after."""
    bare = _NUMBERING.sub("", "".join((text or "").split()))
    bare = _TITLE_TAIL.sub("", _POINTS.sub("", bare))
    return bare.removeprefix("项目") or bare


# ---------------------------------------------------------------------------------------------- points of blocks


class _Block(NamedTuple):
    """The weights and scores of the rows under a name, in one table; None where a row lacks its number."""

    name: str
    weight: Decimal | None
    score: Decimal | None
    pointer: str


class _Blocks:
    """The blocks and rows of the tables that give points, by name."""

    def __init__(self, subject: Subject) -> None:
        tables = subject.rows("tables")
        groups: dict[tuple[int, str, str], list[int]] = {}
        self._seen: set[tuple[str, str, Decimal | None, Decimal | None]] = set()
        self.named: dict[str, list[_Block]] = {}
        self.under: dict[tuple[str, str], list[_Block]] = {}
        rows = subject.rows("indicators")
        for number, row in enumerate(rows):
            table = row.get("table")
            if table is None or not 0 <= table < len(tables) or tables[int(table)].get("role") == "goals":
                continue
            if row.get("weight") is None and row.get("score") is None and "weight" not in (row.get("merged") or ()):
                continue
            level1, level2 = block_name(row.get("level1")), block_name(row.get("level2"))
            groups.setdefault((int(table), level1, ""), []).append(number)
            if level2:
                groups.setdefault((int(table), level1, level2), []).append(number)
            self._add("", block_name(row.get("name")), _summed(rows, [number], row.get("name") or ""))
        for (_, level1, level2), numbers in groups.items():
            block = _summed(rows, numbers, rows[numbers[0]].get("level2" if level2 else "level1") or "")
            for name in {level2, level2.removeprefix(level1)} if level2 else {level1}:
                self._add(level1 if level2 else "", name, block)
        long = [name for name in self.named if len(name) > 2]
        self._mentions = re.compile(any_of(long)) if long else None

    def _add(self, parent: str, name: str, block: _Block) -> None:
        # a table that repeats another says nothing new
        if not name or (parent, name, block.weight, block.score) in self._seen:
            return
        self._seen.add((parent, name, block.weight, block.score))
        self.named.setdefault(name, []).append(block)
        if parent:
            self.under.setdefault((parent, name), []).append(block)

    def find(self, name: str, parent: str) -> list[_Block]:
        """The blocks of a name, of one parent where that tells them apart."""
        return self.under.get((parent, name)) or self.named.get(name, [])

    def mentioned(self, text: str) -> list[_Block]:
        """The blocks whose name of at least three characters stands in a text, the longest at each place."""
        if self._mentions is None:
            return []
        found = {match[0] for match in self._mentions.finditer("".join(text.split()))}
        return [block for name in found for block in self.named[name]]


def _summed(rows: Sequence[Mapping[str, Any]], numbers: Sequence[int], name: str) -> _Block:
    sums: dict[str, Decimal | None] = {}
    for field in ("weight", "score"):
        total: Decimal | None = Decimal(0)
        for number in numbers:
            value = rows[number].get(field)
            if value is None and field not in (rows[number].get("merged") or ()):
                total = None
                break
            total = total + (value or 0) if total is not None else None
        sums[field] = total
    return _Block("".join(name.split()), sums["weight"], sums["score"], f"/indicators/{numbers[0]}")


def _points_problems(subject: Subject, texts: Sequence[Passage]) -> Iterator[Problem]:
    blocks = _Blocks(subject)
    if not blocks.named:
        return
    sections = subject.rows("sections")

    def title(index: int | None) -> tuple[str, str]:
        if index is None or not 0 <= index < len(sections):
            return "", ""
        parent = sections[index].get("parent")
        above = sections[int(parent)].get("title") if parent is not None and 0 <= parent < len(sections) else None
        return block_name(sections[index].get("title")), block_name(above)

    for index, section in enumerate(sections):
        found = blocks.find(*title(index))
        for field in ("weight", "score"):
            value = section.get(field)
            if value is not None and found:
                yield from _compare_points(f"/sections/{index}/{field}", value, field, found, value)
    for passage in texts:
        name, parent = title(passage.section)
        for spoken in passage.numbers:
            said = spoken.words
            ending = _OF_BLOCKS.search(said.subject or "")
            if ending is None or said.value is None or said.subject == "综合得分" or said.qualifier not in _PLAIN:
                continue
            block = ending.string[: ending.start()]
            field = _FIELDS[ending[0]]
            if block:
                found = [*blocks.find(block_name(block), name), *blocks.find(block_name(block), parent)]
            else:
                found = blocks.find(name, parent)
                # the rows of the block are named in its paragraphs: the points may be theirs
                if any(_points_of(other, field) == said.value for other in blocks.mentioned(passage.plain)):
                    continue
            if found:
                yield from _compare_points(spoken.pointer, said.value, field, found, said.text)


_PLAIN: Final = ("exact", "total")


_OF_BLOCKS: Final = pattern(r"(?:满分|得分|得分率)$")
_FIELDS: Final = {"满分": "weight", "得分": "score", "得分率": "rate"}
_QUANTITIES: Final = {"weight": ("满分", "分"), "score": ("得分", "分"), "rate": ("得分率", "%")}


def _points_of(block: _Block, field: str) -> Decimal | None:
    if field == "rate":
        return None if not block.weight or block.score is None else block.score / block.weight * _HUNDRED
    return block.weight if field == "weight" else block.score


def _compare_points(pointer: str, value: Decimal, field: str, found: Sequence[_Block], text: Any) -> Iterator[Problem]:
    known = [(block, points) for block in found if (points := _points_of(block, field)) is not None]
    if known and not any(agrees(points, value) for _, points in known):
        first, expected = known[0]
        name, unit = _QUANTITIES[field]
        if field == "rate":
            expected = round_half_up(expected, Decimal(2))
        yield Problem(
            pointer,
            {"subject": f"“{first.name}”{name}", "stated": _shown(text, unit), "table": _shown(expected, unit)},
            found=value,
            expected=expected,
            related=[f"{first.pointer}/{'score' if field == 'rate' else field}"],
        )


def _shown(value: Any, unit: str = "") -> str:
    return f"{value:f}{unit}" if isinstance(value, Decimal) else str(value)


# ---------------------------------------------------------------------------------------------- total, money, rates


class _Known(NamedTuple):
    """A number of a table: in yuan, as a percentage or in points, with its pointer and as it is shown."""

    value: Decimal
    pointer: str
    text: str


_RATE_ROWS: Final = {
    "预算执行率": ("预算执行率", "资金执行率", "执行率", "预算资金执行率", "资金支出率"),
    "资金到位率": ("资金到位率", "到位率", "预算资金到位率"),
}
_FUND_FIELDS: Final = {
    "年初预算数": ("initial",),
    "全年预算数": ("annual",),
    "预算数": ("annual", "initial", "received"),
    "实际支出": ("executed",),
    "总成本": ("executed", "annual", "initial"),
    "到位资金": ("received", "annual", "initial"),
}


def _known_numbers(subject: Subject) -> dict[str, list[_Known]]:
    """What the tables say of the known quantities of a text."""
    known: dict[str, list[_Known]] = {}
    for index, row in enumerate(subject.rows("subtotals")):
        score = row.get("score") if row.get("kind") == "total" else None
        if score is not None and all(each.value != score for each in known.get("综合得分", ())):
            known.setdefault("综合得分", []).append(_Known(score, f"/subtotals/{index}/score", _shown(score, "分")))
    funds, payments = subject.data.get("funds"), subject.data.get("payments")
    funds = funds if isinstance(funds, Mapping) else {}
    unit = funds.get("currency_unit") or "万元"
    total = funds.get("total")
    total = total if isinstance(total, Mapping) else {}
    for name, fields in _FUND_FIELDS.items():
        for field in fields:
            amount = total.get(field)
            if isinstance(amount, Decimal) and funds.get("currency_unit"):
                _add_money(known, name, amount, unit, f"/funds/total/{field}")
    if isinstance(payments, Mapping) and isinstance(payments.get("total"), Decimal) and funds.get("currency_unit"):
        for name in ("实际支出", "总成本"):
            _add_money(known, name, payments["total"], unit, "/payments/total")
    for number, row in enumerate(subject.rows("indicators")):
        name = block_name(row.get("name"))
        for quantity, names in _RATE_ROWS.items():
            if name in names:
                facts = _read(row)
                new = all(each.value != facts.actual_value for each in known.get(quantity, ()))
                if facts.actual_unit == "%" and facts.actual_value is not None and new:
                    known.setdefault(quantity, []).append(
                        _Known(facts.actual_value, f"/indicators/{number}/actual", f"{facts.actual_value:f}%")
                    )
    return known


def _add_money(known: dict[str, list[_Known]], name: str, amount: Decimal, unit: str, pointer: str) -> None:
    yuan = convert(amount, unit, "元")
    if yuan is not None:
        known.setdefault(name, []).append(_Known(yuan, pointer, f"{amount:f}{unit}"))


def _read(row: Mapping[str, Any]) -> Achievement:
    return achievement(row.get("target"), row.get("actual"), row.get("operator"), row.get("unit"))


_NUMBER: Final = pattern(r"[0-9][0-9,]*(?:\.[0-9]+)?")
_YEAR: Final = pattern(r"(?<![0-9])((?:19|20)[0-9]{2})\s*年")
_INTERIM: Final = pattern(
    r"(?:截至|截止|到|至)[^,，。；;]{0,12}?(?:(?<!1)[1-9]|1[01])\s*月|上半年|[一二三]季度|前[0-9一二三四五六七八九十]+个月"
)


def _as_written(spoken: Spoken, exact: Decimal) -> tuple[Decimal, Decimal]:
    """The number as it stands in the text, and `exact` in the same unit."""
    match = _NUMBER.search(spoken.words.text.replace("，", ","))
    written = Decimal(match[0].replace(",", "")) if match else Decimal(0)
    unit = spoken.words.unit or ""
    if spoken.words.quantity == "money":
        scaled = convert(exact, "元", NAMES.get(unit, unit))
        return written, exact if scaled is None else scaled
    return written, exact


def _said_otherwise(spoken: Spoken, known: _Known) -> bool:
    written, exact = _as_written(spoken, known.value)
    stated = spoken.words.value
    return (
        stated is not None and stated != known.value and not agrees(exact, written) and not agrees(stated, known.value)
    )


def _quantity_problems(subject: Subject, texts: Sequence[Passage]) -> Iterator[Problem]:
    known = _known_numbers(subject)
    if not known:
        return
    heading = subject.data.get("heading")
    year = heading.get("year") if isinstance(heading, Mapping) else None
    for passage in texts:
        for spoken in passage.numbers:
            said = spoken.words
            found = known.get(said.subject or "")
            if not found or said.upper is not None or said.qualifier not in _PLAIN:
                continue
            if said.quantity != "score" and _other_time(said.sentence, year):
                continue
            if all(_said_otherwise(spoken, each) for each in found):
                yield Problem(
                    spoken.pointer,
                    {"subject": said.subject, "stated": said.text, "table": found[0].text},
                    found=said.value,
                    expected=found[0].value,
                    related=[each.pointer for each in found],
                )


def _other_time(sentence: str, year: Any) -> bool:
    """Whether a sentence tells of another year than the document's, or of a part of it."""
    years = {int(found) for found in _YEAR.findall(sentence)}
    other = bool(years - {int(year)}) if year is not None else len(years) > 1
    return other or _INTERIM.search(sentence) is not None


# ---------------------------------------------------------------------------------------------- counts of indicators


class _Row(NamedTuple):
    """An indicator as texts may name it: its whole name, the name without its ending for a count (`base`), its noun
    without verbs, and its numbers in one table."""

    number: int
    name: str
    base: str
    noun: str
    facts: Achievement


_KNOWN_RATES: Final = frozenset(name for names in _RATE_ROWS.values() for name in names)


def _equal(one: Decimal, other: Decimal) -> bool:
    """Whether one number is the other, or the other as rounded."""
    return one == other or agrees(one, other) or agrees(other, one)


def _named_rows(subject: Subject, units: Set[str | None] | None = None) -> list[_Row]:
    """The indicators with numbers, those in one of `units` where given; rates of the money are compared as known
    quantities."""
    rows = []
    seen = set()
    for number, row in enumerate(subject.rows("indicators")):
        name = "".join((row.get("name") or "").split())
        facts = _read(row)
        if units is not None and facts.target_unit not in units and facts.actual_unit not in units:
            continue
        key = (name, facts.target_value, facts.target_upper, facts.target_unit, facts.actual_value, facts.actual_unit)
        if key in seen:
            continue
        seen.add(key)
        if (
            len(name) >= 2
            and block_name(name) not in _KNOWN_RATES
            and facts.quantitative
            and facts.actual_value is not None
        ):
            base = _base(name, facts.target_unit or "")
            rows.append(_Row(number, name, base, _bare(base), facts))
    return rows


def _base(name: str, unit: str = "") -> str:
    """A name without its unit in brackets and its ending for a count: 修缮长椅处数 → 修缮长椅."""
    bare = _NAME_TAIL.sub("", _BRACKET.sub("", name)) or name
    return (bare.removesuffix(unit) if unit and bare != name else bare.removesuffix(f"{unit}数")) or name


_BRACKET: Final = pattern(r"[（(][^（）()]*[）)]$")


@lru_cache(maxsize=4096)
def _bare(base: str) -> str:
    """A base without the verbs at its beginning; itself where nothing else is in it."""
    return bare_noun(base) or base


def _noun(name: str) -> str:
    """The base of a name without the verbs at its beginning."""
    return _bare(_base(name))


def _same_unit(said: str | None, row: _Row) -> bool:
    unit = NAMES.get(said or "", said)
    return bool(unit) and (row.facts.target_unit == unit or row.facts.actual_unit == unit)


class _Match(NamedTuple):
    """The rows that a number is about, and how surely: by the whole noun, by its end, or by the item it stands in."""

    rows: list[_Row]
    exact: bool


@lru_cache(maxsize=4096)
def _pieces(name: str, base: str, noun: str) -> frozenset[str]:
    """The pieces of a name that a text may use."""
    pieces = {name, noun, base}
    pieces.update(noun[start:] for start in range(len(noun) - _LEAST_NAME + 1))
    pieces.update(base[cut:] + base[:cut] for cut in range(1, len(base)))
    pieces.update(base[cut:] for cut in range(2, len(base) - 1))
    return frozenset(pieces)


class _Index:
    """The rows by unit, and by the pieces of their names that a text may use, so that a number meets few of them."""

    def __init__(self, rows: Sequence[_Row]) -> None:
        self.by_unit: dict[str, list[_Row]] = {}
        self.nouns: dict[str, set[str]] = {}
        self._pieces: dict[str, dict[str, dict[int, _Row]]] = {}
        for row in rows:
            pieces = _pieces(row.name, row.base, row.noun)
            for unit in {row.facts.target_unit, row.facts.actual_unit} - {None}:
                assert unit is not None
                self.by_unit.setdefault(unit, []).append(row)
                self.nouns.setdefault(unit, set()).add(row.noun)
                known = self._pieces.setdefault(unit, {})
                for piece in pieces:
                    known.setdefault(piece, {})[row.number] = row

    def near(self, unit: str, *texts: str) -> list[_Row]:
        """The rows in a unit that share a piece with the whole or an end of one of the texts, in their order."""
        found: dict[int, _Row] = {}
        known = self._pieces.get(unit, {})
        for text in texts:
            for start in range(max(0, len(text) - _LONGEST_PIECE), len(text) - 1):
                if (rows := known.get(text[start:])) is not None:
                    found.update(rows)
        return [found[number] for number in sorted(found)]


_LONGEST_PIECE: Final = 40


def _counted_rows(passage: Passage, spoken: Spoken, index: _Index) -> _Match | None:
    said = spoken.words
    if said.quantity not in ("count", "percentage") or said.value is None or said.upper is not None:
        return None
    unit = NAMES.get(said.unit or "", said.unit) or ""
    if unit not in index.by_unit:
        return None
    start = clause_start(passage.plain, 0, said.start)
    clause = passage.plain[start : said.start]
    if said.subject is None:
        return _by_item(passage, spoken, index, unit) if said.quantity == "count" else None
    if words().partial.search(clause) or _ROUGH.search(clause) or said.qualifier in ("about", "less", "more"):
        return None
    noun = _noun(said.subject)
    before = _COUNTING.sub("", "".join(clause.split()))
    fitting = index.near(unit, said.subject, noun, before)
    exact = [
        row
        for row in fitting
        if row.name == said.subject or (row.noun == noun and len(noun) > 2) or _told(row, noun, before)
    ]
    if exact:
        return _Match(exact, exact=True)
    if said.quantity == "percentage":
        return _satisfaction(noun, index, unit)
    if len(noun) < _LEAST_NAME:
        return None
    near = [
        row for row in fitting if row.noun.endswith(noun) or (len(row.noun) >= _LEAST_NAME and noun.endswith(row.noun))
    ]
    # several indicators that end alike: which one is meant is a guess
    return _Match(near, exact=False) if near and len({row.noun for row in near}) == 1 else None


_COUNTING: Final = pattern(r"(?:了|共计?|总共|累计|总计|合计|达到?|实际|完成|为|至|[:：])+$")


def _told(row: _Row, noun: str, before: str) -> bool:
    """Whether a text says the row's verb and noun in its own order: 检修了36辆车, 车辆检修36辆 for 检修车辆."""
    base = row.base
    if len(base) < _LEAST_NAME:
        return False
    if len(noun) == len(base) and noun in base * 2:
        return True
    return before.endswith(base) or any(
        before.endswith((base[cut:] + base[:cut],)) or (before.endswith(base[:cut]) and noun == base[cut:])
        for cut in range(2, len(base) - 1)
    )


_OVERALL: Final = pattern(r"总体|综合|平均|整体|总(?=满意度)")
_SATISFACTION: Final = "满意度"


def _satisfaction(noun: str, index: _Index, unit: str) -> _Match | None:
    """A satisfaction without the respondents, or with 总体, where the tables have only one."""
    if not noun.endswith(_SATISFACTION):
        return None
    asked = [row for row in index.by_unit[unit] if row.noun.endswith(_SATISFACTION)]
    if len({row.noun for row in asked}) != 1:
        return None
    bare = _OVERALL.sub("", noun)
    return _Match(asked, exact=False) if bare in (_SATISFACTION, asked[0].noun) else None


_TOTAL: Final = pattern(r"(?:^|[,，。;；:：\s])(?:总数|总计|共计|合计|总共|累计|共|总量)(?:为|是|达)?\s*$")


def _by_item(passage: Passage, spoken: Spoken, index: _Index, unit: str) -> _Match | None:
    """A bare total (总数30期) in a list item or text that names one indicator, the only one in that unit."""
    said = spoken.words
    if len(index.nouns[unit]) != 1 or not _TOTAL.search(passage.plain[max(0, said.start - 12) : said.start]):
        return None
    fitting = index.by_unit[unit]
    start, _ = span_at(items(passage.plain), said.start)
    before = "".join(passage.plain[start : said.start].split())
    return _Match(fitting, exact=False) if _covered(fitting[0].noun, before) else None


def _covered(noun: str, text: str) -> bool:
    """Whether pieces of at least three characters of a noun, found in `text`, make up four fifths of it."""
    covered = 0
    place = 0
    while place < len(noun):
        size = 0
        while place + size < len(noun) and noun[place : place + size + 1] in text:
            size += 1
        if size >= 3:
            covered += size
            place += size
        else:
            place += 1
    return len(noun) >= _LEAST_NAME and covered * 5 >= len(noun) * 4


def _count_problems(subject: Subject, texts: Sequence[Passage], *, exact: bool) -> Iterator[Problem]:
    """The counts of a text that differ from target and actual of the indicator they are about.

    `exact`: those about an indicator by its whole noun; else the others.
    """
    said = {
        NAMES.get(spoken.words.unit or "", spoken.words.unit)
        for passage in texts
        for spoken in passage.numbers
        if spoken.words.quantity in _MEASURED
    }
    rows = _named_rows(subject, said) if said else []
    if not rows:
        return
    report = subject.data.get("type") == REPORT
    index = _Index(rows)
    for passage in texts:
        matches = [(spoken, _counted_rows(passage, spoken, index)) for spoken in passage.numbers]
        agreeing = {
            (row.noun, spoken.words.sentence)
            for spoken, match in matches
            if match is not None
            for row in match.rows
            if _agrees_with(spoken, [row], passage, report=report)
        }
        for spoken, match in matches:
            if match is None or (match.exact and report) != exact:
                continue
            if _agrees_with(spoken, match.rows, passage, report=report):
                continue
            # a part named beside the whole: 征集30个，选出16个
            if any((row.noun, spoken.words.sentence) in agreeing for row in match.rows):
                continue
            yield _count_problem(spoken, match.rows[0], passage)


def _agrees_with(spoken: Spoken, rows: Iterable[_Row], passage: Passage, *, report: bool) -> bool:
    said = spoken.words
    assert said.value is not None
    aims = [bound for row in rows for bound in (row.facts.target_value, row.facts.target_upper) if bound is not None]
    results = [row.facts.actual_value for row in rows if row.facts.actual_value is not None]
    plan = words().planned.search(said.sentence) is not None or said.qualifier in ("at-least", "at-most")
    if not report and passage.role == "achieved" and not plan:
        return any(_equal(said.value, number) for number in results)
    if said.qualifier == "at-least" and any(result >= said.value for result in results):
        return True
    return any(_equal(said.value, number) for number in (*aims, *results))


def _count_problem(spoken: Spoken, row: _Row, passage: Passage) -> Problem:
    aimed = passage.role == "expected"
    field = "target" if aimed else "actual"
    value = row.facts.target_value if aimed else row.facts.actual_value
    unit = (row.facts.target_unit if aimed else row.facts.actual_unit) or row.facts.target_unit or ""
    other = "actual" if aimed else "target"
    return Problem(
        spoken.pointer,
        {"subject": f"“{row.name}”", "stated": spoken.words.text, "table": f"{value:f}{unit}", "row": row.name},
        found=spoken.words.value,
        expected=value,
        related=[f"/indicators/{row.number}/{field}", f"/indicators/{row.number}/{other}"],
    )


def _named_problems(subject: Subject, texts: Sequence[Passage]) -> Iterator[Problem]:
    """Numbers behind the name of an indicator: 绿道巡查次数指标值为30次，实际完成28次.

    They run to the end of the sentence or the next name; what stands between the number before and a number says
    whether it is the target or the actual.
    """
    rows = _named_rows(subject)
    names: dict[str, list[_Row]] = {}
    for row in rows:
        for name in {row.name, row.base, row.noun}:
            if len(name) >= _LEAST_NAME:
                names.setdefault(name, []).append(row)
    if not names:
        return
    mentions = re.compile(any_of(names))
    titles = ["".join(_BRACKET.sub("", row.get("title") or "").split()) for row in subject.rows("sections")]
    for passage in texts:
        # names are compared without white space; the places are those of the text
        places = [place for place, character in enumerate(passage.plain) if not character.isspace()]
        bare = "".join(passage.plain.split())
        marks = [(places[match.end() - 1] + 1, match[0]) for match in mentions.finditer(bare)]
        if not marks:
            # 绿道巡查次数 as the heading of its paragraphs
            title = titles[passage.section] if passage.section is not None and passage.section < len(titles) else ""
            if title not in names:
                continue
            marks = [(0, title)]
        last_end = 0
        for spoken in passage.numbers:
            said = spoken.words
            if said.quantity not in _MEASURED or said.value is None or said.upper is not None:
                continue
            start, last_end = last_end, said.end
            mark = next((mark for mark in reversed(marks) if mark[0] <= said.start), None)
            if mark is None or mark[0] < _sentence_start(passage.plain, said.start):
                # the only one that the sentence names may follow: 目标30次，绿道巡查实际28次
                start_of, end_of = _sentence_start(passage.plain, said.start), _sentence_end(passage.plain, said.end)
                inside = {name for place, name in marks if start_of <= place <= end_of}
                if len(inside) != 1 or not _AIM_BEFORE.search(passage.plain[start_of : said.start]):
                    if mark is None or marks != [(0, mark[1])]:
                        continue
                else:
                    mark = (start_of, inside.pop())
            between = passage.plain[mark[0] : said.start]
            label = passage.plain[max(mark[0], start) : said.start]
            adjacent = _AIM_BEFORE.search(label) is not None
            clause = passage.plain[clause_start(passage.plain, 0, said.start) : said.start]
            if not adjacent and (words().partial.search(clause) or _ROUGH.search(clause)):
                continue
            if not _FILLER.sub("", label):
                label = clause
            if len(between) > _LONGEST_REACH or (_OTHER_NUMBER.search(label) and not adjacent):
                continue
            named = [row for row in names[mark[1]] if _same_unit(said.unit, row)]
            aimed = (
                adjacent or _AIMED.search(label) is not None or _AIM_BEHIND.match(passage.plain, said.end) is not None
            )
            done = (label == clause or _DONE.search(label) is not None) and "未" not in label
            if not named or (aimed and not adjacent and "实际" in label) or not (aimed or done):
                continue
            field = "target" if aimed else "actual"
            values = [number for row in named for number in _numbers(row, field)]
            if not any(_equal(said.value, number) for number in values) and said.qualifier in (
                "exact",
                "total",
                "at-least",
                "at-most",
            ):
                yield Problem(
                    spoken.pointer,
                    {
                        "subject": f"“{named[0].name}”{'指标值' if aimed else '完成值'}",
                        "stated": said.text,
                        "table": f"{values[0]:f}{named[0].facts.target_unit or named[0].facts.actual_unit or ''}",
                    },
                    found=said.value,
                    expected=values[0],
                    related=[f"/indicators/{named[0].number}/{field}"],
                )


_MEASURED: Final = ("count", "percentage")
_LONGEST_REACH: Final = 80
_OTHER_NUMBER: Final = pattern(
    r"完成率|得分率|偏差|偏离|超出|超额|多于|高出|比|较|每|平均|其中|增加|增长|提高|减少|上年|去年|差|权重|占|分别|比例|未完成|剩余|另|至少|以内"
)
_AIM: Final = r"指标值|标杆值|考核值|绩效值|标准值|目标值?|计划[数值量]?|任务[数量]?|预期值?"
_AIMED: Final = pattern(rf"{_AIM}|预计|设定|定为|原定|既定|拟|要求|应|需|须")
_AIM_BEFORE: Final = pattern(
    rf"(?:{_AIM})(?:为|是|的|设定为|定为|[:：])?\s*[“\"（(]?\s*[≥>=≤<]?\s*(?:不少于|不低于)?\s*$"
)
_ROUGH: Final = pattern(r"约|近(?!年)|左右")
_FILLER: Final = pattern(r"[\s“”\"（()）的共计了]")
_AIM_BEHIND: Final = pattern(r"[”\"]?的?(?:年度|年初|绩效|预期|既定|全年|原定)?(?:目标|计划|要求|指标值|标准|任务)")
_DONE: Final = pattern(r"实际|完成|达到|达|实现|已|累计|共计?|为|[:：]")


def _numbers(row: _Row, field: str) -> list[Decimal]:
    facts = row.facts
    found = (facts.target_value, facts.target_upper) if field == "target" else (facts.actual_value,)
    return [number for number in found if number is not None]


_LETTER: Final = r"([优良中差])(?:秀|好|等)?(?=级|档|等次|[”\"'’,，。；;、)）\s]|$)"
_QUOTE: Final = r"\s*[“\"'‘]?\s*"
_IS: Final = r"(?:为|是|属于?|达到|评定为|确定为|定为|[:：])"
_GRADE: Final = pattern(
    rf"(?:等级|等次|级别|档次|评级)(?:评定|评价|结果)?{_IS}?{_QUOTE}{_LETTER}"
    rf"|(?:结果|结论|绩效|定级|评定|评价|认定|评|定|列){_IS}{_QUOTE}{_LETTER}|(?:结果|结论|绩效)\s*[“\"]{_LETTER}"
)
_GRADE_BEHIND: Final = pattern(
    rf"[,，]?\s*(?:[（(]|属于?|为|评为|达到|对应|获评|被评为)?(?:等级)?{_IS}?{_QUOTE}{_LETTER}"
)
_BANDS: Final = pattern(r"优.{1,40}良.{1,40}[中差]")


def _grade_problems(subject: Subject, texts: Sequence[Passage]) -> Iterator[Problem]:
    """A grade that the text gives the project, against the total and the bands that the report prints."""
    rows = subject.rows("subtotals")
    totals = {row["score"]: n for n, row in enumerate(rows) if row.get("kind") == "total" and row.get("score")}
    printed = subject.rows("grade_bands")
    bands = [(row["lower"], row.get("grade") or "") for row in printed if row.get("lower") is not None]
    if len(totals) != 1 or len(bands) < 2:
        return
    ((total, index),) = totals.items()
    lowest = next((row.get("grade") or "" for row in printed if row.get("lower") is None), "")
    due = next((grade for lower, grade in sorted(bands, reverse=True) if total >= lower), lowest)
    heading = subject.data.get("heading")
    year = heading.get("year") if isinstance(heading, Mapping) else None
    for passage in texts:
        if passage.role != "text" or not due:
            continue
        for given, sentence in _grades(passage):
            if given != due[:1] and not _BANDS.search(sentence) and not _other_time(sentence, year):
                yield Problem(
                    passage.pointer,
                    {"subject": "评价等级", "stated": given, "table": f"{due}（{total:f}分）"},
                    found=given,
                    expected=due,
                    related=[f"/subtotals/{index}/score"],
                )
                break


def _grades(passage: Passage) -> Iterator[tuple[str, str]]:
    """The grades that a text gives the whole project, each with its sentence: behind 等级为, or behind the total."""
    plain = passage.plain
    for spoken in passage.numbers:
        if spoken.words.subject == "综合得分" and (match := _GRADE_BEHIND.match(plain, spoken.words.end)) is not None:
            yield match[1], spoken.words.sentence
    for match in _GRADE.finditer(plain):
        start = plain.rfind("。", 0, match.start()) + 1
        sentence = plain[start : _sentence_end(plain, match.end())]
        if "评" in sentence or "项目" in sentence or "得分" in sentence:
            yield next(group for group in match.groups() if group), sentence


def text_disagrees_with_table(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:  # noqa: ARG001
    """Numbers of a report's text for known quantities that no table gives so: scores, points, money, rates, counts."""
    texts = list(passages(subject))
    yield from _quantity_problems(subject, texts)
    yield from _points_problems(subject, texts)
    yield from _grade_problems(subject, texts)
    found = list(_named_problems(subject, texts))
    yield from found
    # one number, one finding
    said = {(problem.pointer, problem.arguments["stated"]) for problem in found}
    for problem in _count_problems(subject, texts, exact=True):
        if (problem.pointer, problem.arguments["stated"]) not in said:
            yield problem


def goal_text_contradicts_indicator(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:  # noqa: ARG001
    """Counts of a text that differ from the indicator they are about, where the text does not name it in full."""
    texts = passages(subject)
    if subject.data.get("type") == REPORT or _may_contradict(subject, texts):
        yield from _count_problems(subject, texts, exact=False)


def _may_contradict(subject: Subject, texts: Sequence[Passage]) -> bool:
    """A quick look at the goals of a form: whether a count differs from a row in its unit that it may be about.

    To say what a number is a number of takes ten times as long. Here it is of any row in its unit of whose name a
    piece stands beside it (`_named_in`); where the number is that of the row, as in nearly every form, all is well.
    What is doubtful is true.
    """
    if not texts:
        return False
    by_unit: dict[str, list[tuple[int, Achievement]]] = {}
    for row in enumerate(subject.facts(Achievement)):
        facts = row[1]
        if facts.quantitative and facts.actual_value is not None:
            target_unit, actual_unit = facts.target_unit, facts.actual_unit
            if actual_unit is not None:
                by_unit.setdefault(actual_unit, []).append(row)
            if target_unit is not None and target_unit != actual_unit:
                by_unit.setdefault(target_unit, []).append(row)
    names: Sequence[str] = ()
    for passage in texts:
        planned = passage.role == "expected"
        for number in counted(passage.plain, by_unit):
            value = number.value
            others = [
                (index, facts)
                for index, facts in by_unit[number.unit]
                if value != facts.actual_value and not (planned and value in (facts.target_value, facts.target_upper))
            ]
            if not others:
                continue
            if number.quantity == "count" and _TOTAL.search(passage.plain[max(0, number.start - 12) : number.start]):
                return True
            names = names or without_blanks(subject.column("indicators", "name"))
            around = _around_number(passage.plain, number)
            # whatever names one of them has two neighbours of its name
            together = "\n".join([names[index] for index, _ in others])
            if any(one + other in together for one, other in pairwise(around)) and any(
                _named_in(names[index], facts.target_unit or "", around) for index, facts in others
            ):
                return True
    return False


def _around_number(plain: str, number: Counted) -> str:
    """The words of a number's clause before it and, of a count, right behind it, without white space."""
    before = "".join(plain[clause_start(plain, 0, number.start) : number.start].split())
    noun = noun_behind(plain[number.end : number.end + 40]) if number.quantity == "count" else None
    return before if noun is None else f"{before} {noun[0]}"


def _named_in(name: str, unit: str, text: str) -> bool:
    """Whether a text may name an indicator: it has three neighbours of the name, or two of a short one.

    All ways of naming (whole name, noun, end of four characters or more, verb and noun changed about) need that much;
    in 长椅修缮 for 修缮长椅 no three stand together.
    """
    if any(text[place : place + 3] in name for place in range(len(text) - 2)):
        return True
    base = _base(name, unit)
    return len(base) <= _LEAST_NAME and (any(one + other in base for one, other in pairwise(text)) or name in text)


# ---------------------------------------------------------------------------------------------- parts of the budget

_WHOLE: Final = pattern(r"(?:具体)?(?:包括|包含|分为|构成|组成|分别为|分别是|明细|细分|用于以下)|由")
_OF_WHICH: Final = pattern(r"其中")
_MADE_OF: Final = pattern(r"(?:部分|项|方面|费用|经费)?(?:构成|组成)|[一二三四五六七八九十]部分")
_OPEN: Final = pattern(
    r"等(?:[。；;，,）)]|$)|等(?:费用|支出|方面|内容)|主要|其余|剩余|余下|左右|部分用于|[0-9]\s*[%％]"
)
_PART: Final = pattern(r"[^、,，;；。:：()（）0-9]{2,30}[:：(（]?$")
_BUDGETS: Final = ("年初预算数", "全年预算数", "预算数")


def budget_parts_not_total(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:  # noqa: ARG001
    """A sentence that states a budget and then its parts, which do not add up to it.

    Parts behind 其中 need to be three or more to count as complete; fewer, or an open list (等, 主要), may be less
    than the budget but not more.
    """
    for passage in passages(subject):
        budgets = [n for n, spoken in enumerate(passage.numbers) if spoken.words.subject in _BUDGETS]
        for position in budgets:
            spoken = passage.numbers[position]
            said = spoken.words
            if said.value is None or said.qualifier not in _PLAIN:
                continue
            end = _sentence_end(passage.plain, said.end)
            parts = [
                other.words
                for other in passage.numbers[position + 1 :]
                if other.words.start < end and other.words.quantity == "money" and other.words.value is not None
            ]
            if len(parts) < 2 or any(part.upper is not None or part.subject in _ALL_KNOWN for part in parts):
                continue
            joint = passage.plain[said.end : parts[0].start]
            rest = passage.plain[said.end : end]
            complete, of_which = _WHOLE.search(joint) or _MADE_OF.search(rest), _OF_WHICH.search(joint)
            if (complete is None and of_which is None) or any(c in joint for c in "。；;"):
                continue
            if not all(_PART.search(_part_name(passage.plain, part.start)) for part in parts):
                continue
            total = sum((part.value for part in parts if part.value is not None), Decimal(0))
            closed = (complete is not None or len(parts) > 2) and not _OPEN.search(rest)
            if total > said.value or (closed and total != said.value):
                unit = said.unit or "元"
                yield Problem(
                    spoken.pointer,
                    {"budget": said.text, "sum": _in(total, unit), "count": Decimal(len(parts))},
                    found=total,
                    expected=said.value,
                    difference=total - said.value,
                )


_ALL_KNOWN: Final = (*_BUDGETS, "实际支出", "到位资金")


def _sentence_start(plain: str, end: int) -> int:
    return (
        max(plain.rfind("。", 0, end), plain.rfind("\n", 0, end), plain.rfind("；", 0, end), plain.rfind(";", 0, end))
        + 1
    )


def _sentence_end(plain: str, start: int) -> int:
    ends = [place for place in (plain.find("。", start), plain.find("\n", start)) if place >= 0]
    return min(ends, default=len(plain))


def _part_name(plain: str, start: int) -> str:
    return "".join(plain[max(0, start - 40) : start].split())


def _in(yuan: Decimal, unit: str) -> str:
    scaled = convert(yuan, "元", unit)
    return f"{yuan:f}元" if scaled is None else f"{scaled.normalize():f}{unit}"


PROSE_TABLE_CHECKS: tuple[Check, ...] = (
    Check(
        "text-disagrees-with-table",
        REPORT,
        text_disagrees_with_table,
        Text("文中的数字与表中不同", "a number of the text differs from the table"),
    ),
    Check(
        "goal-text-contradicts-indicator",
        ("self-evaluation", REPORT),
        goal_text_contradicts_indicator,
        Text("文中的数量与指标不同", "a count of the text differs from the indicator"),
    ),
    Check(
        "budget-parts-not-total",
        REPORT,
        budget_parts_not_total,
        Text("文中预算各部分之和不等于预算", "parts of the budget in the text do not add up to it"),
    ),
)
