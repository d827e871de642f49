"""Checks of completeness: heading, points, empty rows, and text that no office wrote: markup and template."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from lintperf.extension import Check, Problem, Subject
from lintperf.model import Severity, Text
from lintperf.patterns import pattern
from lintperf_builtin.checks.totals import HEADING_POINTS, may_print_points
from lintperf_builtin.facts.form import FormFacts, is_department_wide
from lintperf_builtin.facts.indicator import Achievement, RowNature
from lintperf_builtin.facts.measures import IS_COMPOSITE, IS_DATE, IS_NUMBER, IS_PROSE, IS_RANGE, IS_WORDS
from lintperf_builtin.facts.tables import FORMS_AND_REPORTS, per_table
from lintperf_builtin.facts.texts import together, values

__all__ = ["COMPLETENESS_CHECKS"]

_NAME: Final = Text("三级指标", "name")
_TARGET: Final = Text("年度指标值", "target")
_ACTUAL: Final = Text("实际完成值", "actual")
_EXPLANATION: Final = Text("偏差说明", "explanation")
_CELLS: Final = {"name": _NAME, "target": _TARGET, "actual": _ACTUAL, "explanation": _EXPLANATION}


_SIGNS_FOR_NOTHING: Final = " \t\r\n\u3000/／\\-—－–―_＿~～.…·*"


def _says_nothing(text: str | None) -> bool:
    """Whether a cell is blank or holds signs such as / and — alone. `无` says something."""
    return not text or not text.strip(_SIGNS_FOR_NOTHING)


def _joined(texts: Sequence[Text]) -> Text:
    return Text("和".join(text.zh for text in texts), " and ".join(text.en for text in texts))


# --- heading ---------------------------------------------------------------------------------------------------------

_PROJECT: Final = Text("项目名称", "project")
_UNIT: Final = Text("主管部门或实施单位", "responsible unit")
_YEAR: Final = Text("年度", "fiscal year")
# not within a date (20230105) and not in the number of a document (〔2023〕15号)
_BARE_YEAR: Final = pattern(r"(?<![0-9])((?:19|20)[0-9]{2})(?![0-9]|[〕\]】)）]\s*第?[0-9]+号)")
# a year with 年, but no target date: 2023年11月底前, 2023年底, 到2025年; 2023年1月至12月 is a period
_YEAR_IN_TEXT: Final = pattern(
    r"(?<![0-9至到])(?<!截至|截止)((?:19|20)[0-9]{2})\s*年(?!\s*(?:年?[底末]|以?前|[0-9]{1,2}\s*月(?!\s*[-至到—－~～])))"
)


def missing_heading_field(subject: Subject, _options: Mapping[str, Any]) -> Iterator[Problem]:
    """Project, responsible unit (either of two) and year that the heading does not state, one problem each.

    A department-wide form has no project. A year found in title, file name, project name or goal texts makes a note of
    it: somebody can still file the form.
    """
    heading = subject.data.get("heading") or {}
    if _says_nothing(heading.get("project")) and not is_department_wide(subject.data):
        yield Problem("/heading/project", {"label": _PROJECT})
    if _says_nothing(heading.get("unit")) and _says_nothing(heading.get("department")):
        yield Problem("/heading/unit", {"label": _UNIT})
    if heading.get("year") is not None:
        return
    where, years = _years_elsewhere(subject, heading)
    arguments = {"label": _YEAR, "where": where}
    if years:
        yield Problem("/heading/year", arguments, years, severity=Severity.note, variant="year-elsewhere")
    else:
        yield Problem("/heading/year", arguments)


def _years_elsewhere(subject: Subject, heading: Mapping[str, Any]) -> tuple[Text | None, list[str]]:
    """The first of the other places that names a year, and the years it names."""
    goals = subject.data.get("goals") or {}
    file_name = re.split(r"[/\\]", subject.path)[-1]
    for where, years_of, text in (
        (Text("标题", "title"), _BARE_YEAR, subject.data.get("title")),
        (Text("文件名", "file name"), _BARE_YEAR, file_name),
        (Text("项目名称", "project name"), _YEAR_IN_TEXT, heading.get("project")),
        (Text("目标文字", "goal text"), _YEAR_IN_TEXT, goals.get("expected")),
        (Text("目标文字", "goal text"), _YEAR_IN_TEXT, goals.get("achieved")),
    ):
        years = years_of.findall(text or "")
        if years:
            return where, list(dict.fromkeys(years))
    return None, []


# --- points ----------------------------------------------------------------------------------------------------------

_WEIGHT: Final = Text("分值", "weight")
_SCORE: Final = Text("得分", "score")


def missing_weight_or_score(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """Rows that are not empty and lack weight or score, where the form has such a column; one problem a row.

    What lacks both is left alone where it bears no points by design: details, and the further rows of a merged cell,
    which show in weights that make up the full marks without them. Where a form has no weights, a row without a score
    under a scored one of the same second level shares that score.
    """
    form = subject.facts(FormFacts)[0]
    if not (form.has_weights and form.weight_sum is None) and not (form.has_scores and form.score_sum is None):
        return
    rows = subject.rows("indicators")
    complete: bool | None = None
    block: tuple[Any, Any] | None = None
    for index, (row, nature) in enumerate(zip(rows, subject.facts(RowNature), strict=True)):
        no_weight = form.has_weights and row.get("weight") is None
        no_score = form.has_scores and row.get("score") is None
        if row.get("merged"):
            # the number stands in the first row of the merged cell
            no_weight = no_weight and "weight" not in row["merged"]
            no_score = no_score and "score" not in row["merged"]
        if not form.has_weights and not no_score:
            block = row.get("level1"), row.get("level2")
        if not (no_weight or no_score) or nature.is_empty:
            continue
        if no_score and block is not None and block == (row.get("level1"), row.get("level2")):
            continue
        if row.get("weight") is None and row.get("score") is None and form.has_weights:
            if (row.get("name") or "").strip().startswith(tuple(options["detail_prefixes"])):
                continue
            complete = _adds_up(subject, form, options["full_marks"]) if complete is None else complete
            if complete:
                continue
        missing = [text for text, lacks in ((_WEIGHT, no_weight), (_SCORE, no_score)) if lacks]
        field = "weight" if no_weight else "score"
        related = (f"/indicators/{index}/score",) if no_weight else (f"/indicators/{index}/weight",)
        yield Problem(f"/indicators/{index}/{field}", {"missing": _joined(missing)}, related=related)


def _adds_up(subject: Subject, form: FormFacts, full_marks: Decimal) -> bool:
    """Whether the weights there are make the full marks, with the weight of execution or without it."""
    total = subject.data.get("total") or {}
    full = total.get("weight") or full_marks
    weights = sum((row.get("weight") or Decimal(0) for row in subject.rows("indicators")), Decimal(0))
    return full in (weights, weights + (form.execution_weight or 0))


# kinds of measures that say something for certain
_EVIDENCE: Final = (IS_NUMBER, IS_RANGE, IS_DATE, IS_WORDS, IS_COMPOSITE, IS_PROSE)


def points_without_evidence(subject: Subject, _options: Mapping[str, Any]) -> Iterator[Problem]:
    """Rows with a score above 0 whose target or actual is blank, where the form has such a column."""
    form = subject.facts(FormFacts)[0]
    if not form.has_scores:
        return
    columns = [
        (name, text)
        for name, text, there in (("target", _TARGET, form.has_targets), ("actual", _ACTUAL, form.has_actuals))
        if there
    ]
    rows, natures = subject.rows("indicators"), subject.facts(RowNature)
    for index, facts in enumerate(subject.facts(Achievement)):
        if (facts.target_kind in _EVIDENCE and facts.actual_kind in _EVIDENCE) or natures[index].is_empty:
            continue
        row = rows[index]
        blank = [column for column in columns if _says_nothing(row.get(column[0]))]
        if not blank:
            continue
        score = row.get("score")
        if score is None or score <= 0:
            continue
        at = f"/indicators/{index}"
        related = [f"{at}/{name}" for name, _ in blank[1:]]
        arguments = {"score": score, "missing": _joined([text for _, text in blank])}
        yield Problem(f"{at}/{blank[0][0]}", arguments, related=[*related, f"{at}/score"])


def points_without_indicator(subject: Subject, _options: Mapping[str, Any]) -> Iterator[Problem]:
    """First-level blocks that bear points, `满意度指标（10分）`, and hold empty rows only; at the first of the rows."""
    if not may_print_points(subject.column("indicators", "level1")):
        return
    rows = subject.rows("indicators")
    natures = subject.facts(RowNature)
    start = 0
    for index in range(1, len(rows) + 1):
        level1 = rows[start].get("level1")
        if index < len(rows) and rows[index].get("level1") == level1:
            continue
        if level1 and "分" in level1 and all(nature.is_empty for nature in natures[start:index]):
            match = HEADING_POINTS.search(level1)
            if match is not None and Decimal(match[1]):
                arguments = {"points": Decimal(match[1]), "count": Decimal(index - start)}
                related = [f"/indicators/{row}/name" for row in range(start, index)]
                name = "".join(level1.split())
                yield Problem(f"/indicators/{start}/level1", arguments, level1, related=related, row=name)
        start = index


def inconsistent_empty_row(subject: Subject, _options: Mapping[str, Any]) -> Iterator[Problem]:
    """Empty rows whose actual is 0, or that leave blank what the row itself or other empty rows fill.

    Rows that the template left (指标2：, ……) are no empty rows of the office's own.
    """
    rows, achievements = subject.rows("indicators"), subject.facts(Achievement)
    empty = [index for index, nature in enumerate(subject.facts(RowNature)) if nature.is_empty]
    columns = [subject.column("indicators", name) for name in _CELLS]
    texts = [column[index] for column in columns for index in empty]
    if all(text is None or text.strip() for text in texts) and all(
        achievements[index].actual_kind != "number" for index in empty
    ):
        return
    empty = [index for index in empty if not _is_template_row(rows[index])]
    filled = {name: sum(1 for index in empty if (rows[index].get(name) or "").strip()) for name in _CELLS}
    for index in empty:
        row, at = rows[index], f"/indicators/{index}"
        if achievements[index].actual_kind == "number" and achievements[index].actual_value == 0:
            yield Problem(f"{at}/actual", {}, row.get("actual"), variant="zero")
            continue
        blank = [name for name in filled if row.get(name) is not None and not row[name].strip()]
        own = any((row.get(name) or "").strip() for name in ("name", "target", "actual"))
        odd = [name for name in blank if filled[name] or (own and name != "explanation")]
        if odd:
            related = [f"{at}/{name}" for name in odd[1:]]
            cells = Text("、".join(_CELLS[name].zh for name in odd), ", ".join(_CELLS[name].en for name in odd))
            yield Problem(f"{at}/{odd[0]}", {"cells": cells}, related=related)


def _is_template_row(row: Mapping[str, Any]) -> bool:
    name = "".join((row.get("name") or "").split())
    return name.startswith("指标") or bool(_DOTS.fullmatch(name))


# --- text that no office wrote ---------------------------------------------------------------------------------------

_TAGS: Final = (
    "p|br|hr|div|span|font|b|i|u|s|em|strong|sub|sup|small|center|ul|ol|li|dl|dt|dd|table|thead|tbody|tr|td|th|a|img"
    "|h[1-6]|style|script|section|article|label|input|pre|code|blockquote|o:p"
)
_RESIDUE: Final = pattern(
    rf"</?(?:{_TAGS})(?:\s[^<>]{{0,500}})?\s?/?>"
    r"|&(?:[a-z]{2,8}[0-9]{0,2}|#[0-9]{2,6}|#x[0-9a-f]{2,6});"
    r"|_x[0-9a-f]{4}_|\\u[0-9a-f]{4}|\\[nrt](?![a-z])|\\(?:geqslant|leqslant|geq?|leq?|times|%)(?![a-z])",
    re.IGNORECASE,
)
# how residue begins, but for a backslash: < before a figure is an operator
_AFTER_BRACKET: Final = frozenset("/#abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
_RESIDUE_SIGNS: Final = (("<", _AFTER_BRACKET), ("&", _AFTER_BRACKET), ("_", frozenset("x")))
_MOST_SHOWN: Final = 5


def markup_residue(subject: Subject, _options: Mapping[str, Any]) -> Iterator[Problem]:
    """HTML tags, character references and escapes in any text of the document; one problem a field."""
    # most documents have nothing of the kind: one look at all texts together is enough
    if not _may_have_residue(subject.text()):
        return
    for pointer, text in _places_below(subject.data, ""):
        found = _RESIDUE.findall(text)
        if found:
            shown = list(dict.fromkeys(found))[:_MOST_SHOWN]
            yield Problem(pointer, {"count": Decimal(len(found))}, shown)


def _may_have_residue(text: str) -> bool:
    if "\\" in text:
        return True
    for sign, following in _RESIDUE_SIGNS:
        place = text.find(sign)
        while place >= 0:
            if text[place + 1 : place + 2] in following:
                return True
            place = text.find(sign, place + 1)
    return False


def _places_below(value: Any, pointer: str) -> Iterator[tuple[str, str]]:
    pairs: Iterable[tuple[Any, Any]] = value.items() if isinstance(value, Mapping) else enumerate(value)
    for key, item in pairs:
        if isinstance(item, str):
            yield f"{pointer}/{key}", item
        elif isinstance(item, Mapping | list) and key not in ("lintperf", "statements"):
            yield from _places_below(item, f"{pointer}/{key}")


_DOTS: Final = pattern(r"(?:…|\.{3,}|·{3,})+")
# alone in a cell or line; within a text 二○○八年 is a year and 李** a name withheld
_PLACEHOLDER: Final = pattern(r"(?:…|\.{3,}|·{3,}|[○□*×Xx]{2,})+")
_CROSSES: Final = pattern(r"(?<![A-Za-z0-9×])(?:×{2,}|X{2,}|x{2,})(?![A-Za-z0-9×])")
# (100字以内), (简要说明，200字左右); not (每篇800字左右), which describes a product
_LENGTH_HINT: Final = pattern(
    r"[（(](?:[^（）()]{0,40}(?:说明|填写|填报|简述|概述|描述|阐述|分析|不超过|限|控制在)[^（）()]{0,20}?)?"
    r"[0-9]{2,4}字(?:以内|之内|以下|左右)[)）]"
)
_BLANK_NUMBER: Final = "[0-9一二三四五六七八九十]{1,3}[:：]?(?:…|\\.{3,})*"
_TEMPLATE_SIGNS: Final = ("…", "×", "○", "□", "...", "···", "**", "XX", "xx", "字以", "字之", "字左")


def template_text_left(subject: Subject, options: Mapping[str, Any]) -> Iterator[Problem]:
    """What is left of the form's template: 指标2：, ……, ×× and hints of how to fill it in.

    Looks at names, targets, actuals, explanations and goals. The same text in the same column is one problem at its
    first place.
    """
    words, labels = options["words"], options["labels"]
    # one look at all texts together: most forms have nothing of the kind
    signs = _any_template(words, labels)
    if not signs.search(together(subject)) and not signs.search(values(subject)):
        return
    blank = pattern(f"(?:{'|'.join(map(re.escape, labels))}){_BLANK_NUMBER}") if labels else None
    found: dict[tuple[str, str], list[str]] = {}
    for pointer, column, text in _own_texts(subject.data):
        residue = _template_part(text, words, blank)
        if residue is not None:
            found.setdefault((column, residue), []).append(pointer)
    for (_, residue), pointers in found.items():
        yield Problem(pointers[0], {"count": Decimal(len(pointers))}, residue, related=pointers[1:])


@lru_cache(maxsize=64)
def _any_template(words: tuple[str, ...], labels: tuple[str, ...]) -> re.Pattern[str]:
    """Finds whatever makes it worth while to look at each text."""
    signs = [re.escape(sign) for sign in (*_TEMPLATE_SIGNS, *words)]
    return re.compile("|".join([*signs, *(f"{re.escape(label)}[0-9０-９一二三四五六七八九十]" for label in labels)]))


def _own_texts(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Pointer, column and text of what an office fills in."""
    yield from _texts_beside_indicators(data)
    for index, row in enumerate(data.get("indicators") or ()):
        for name in _CELLS:
            text = row.get(name)
            if text:
                yield f"/indicators/{index}/{name}", name, text


def _texts_beside_indicators(data: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    funds = data.get("funds") or {}
    for index, row in enumerate(funds.get("rows") or ()):
        if row.get("explanation"):
            yield f"/funds/rows/{index}/explanation", "funds", row["explanation"]
    goals = data.get("goals") or {}
    for name in ("expected", "achieved"):
        if goals.get(name):
            yield f"/goals/{name}", name, goals[name]


def _template_part(text: str, words: Sequence[str], blank: re.Pattern[str] | None) -> str | None:
    """The template's text in a cell; None where the cell holds the office's own."""
    for line in text.split("\n"):
        bare = "".join(line.split())
        if bare and (_PLACEHOLDER.fullmatch(bare) or (blank is not None and blank.fullmatch(bare))):
            return bare
    hint = _LENGTH_HINT.search(text) or _CROSSES.search(text)
    if hint is not None:
        return hint[0]
    return next((word for word in words if word in text), None)


COMPLETENESS_CHECKS: tuple[Check, ...] = (
    Check(
        "missing-heading-field",
        "self-evaluation",
        missing_heading_field,
        Text("表头缺项目名称、单位或年度", "the heading lacks project, unit or year"),
    ),
    Check(
        "missing-weight-or-score",
        FORMS_AND_REPORTS,
        per_table(missing_weight_or_score),
        Text("非空指标行缺分值或得分", "an indicator row lacks weight or score"),
        {"full_marks": "number", "detail_prefixes": "text*"},
    ),
    Check(
        "points-without-evidence",
        FORMS_AND_REPORTS,
        per_table(points_without_evidence),
        Text("有得分而指标值或完成值空白", "points are given while target or actual is blank"),
    ),
    Check(
        "points-without-indicator",
        FORMS_AND_REPORTS,
        per_table(points_without_indicator),
        Text("一级指标有分值而各行均为空行", "a first-level block bears points and holds empty rows only"),
    ),
    Check(
        "inconsistent-empty-row",
        FORMS_AND_REPORTS,
        per_table(inconsistent_empty_row),
        Text("空行填写不一致", "empty rows are filled in different ways"),
    ),
    Check(
        "markup-residue",
        FORMS_AND_REPORTS,
        markup_residue,
        Text("文字中残留网页标记", "markup is left in a text"),
    ),
    Check(
        "template-text-left",
        "self-evaluation",
        template_text_left,
        Text("残留模板文字", "the template's text is left in"),
        {"words": "text*", "labels": "text*"},
    ),
)
