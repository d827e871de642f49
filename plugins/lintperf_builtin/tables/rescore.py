"""The reviewer's table (得分复核表): each stated score beside the one that target, actual, weight and formulas give.

Rows: rates and scores of execution, the indicators, subtotals, the total and the grade, in the order of the document.
Where a row stays open its stated score counts in the recomputed total.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from lintperf.extension import Subject
from lintperf.model import Text
from lintperf.rules.functions import agrees, decimals, round_half_up
from lintperf_builtin.checks.totals import added_scores, grading, stated_grade
from lintperf_builtin.facts.criteria import Criterion
from lintperf_builtin.facts.form import FormFacts, read_rate
from lintperf_builtin.facts.indicator import Achievement, RowNature
from lintperf_builtin.facts.scoring import states_deduction
from lintperf_builtin.facts.tables import ReportTables, TableView, is_report
from lintperf_builtin.tables.scores import Scored, execution_score, indicator_score, number_text

__all__ = ["rows"]

Row = dict[str, Any]

_ZERO: Final = Decimal(0)
_FULL_MARKS: Final = Decimal(100)
_LIMIT: Final = Decimal("1.3")
_MOST_ADDENDS: Final = 12
_RESULTS: Final = {
    "agrees": Text("一致", "agrees"),
    "differs": Text("不一致", "differs"),
    "open": Text("未复核", "open"),
}
_UNSTATED: Final = Text("未填报", "not stated")
_EXPLAINED: Final = Text("表中写有偏差说明", "the deviation is explained")
_TONES: Final = {"differs": "bad", "open": "quiet"}


def rows(subject: Subject, parameters: Mapping[str, Any]) -> Iterator[Row]:
    """The rows of a form, or of each table of a report that has scores (of all where none has)."""
    yield from _funds(subject, parameters)
    if not is_report(subject):
        yield from _table(subject, parameters, subject.facts(Criterion), _place, None)
        return
    views = subject.facts(ReportTables)[0].table_views
    scored = [view for view in views if any(row.get("score") is not None for row in view.rows("indicators"))]
    for view in scored or views:
        if len(scored or views) > 1:
            yield _heading(view)
        yield from _table(view, parameters, view.facts(Criterion), view.pointer, view.index)


_TOO_LARGE: Final = Text("数字超出可计算的范围", "numbers beyond what can be computed")


def _guarded(compute: Callable[..., Scored], *arguments: Any) -> Scored:
    """What `compute` gives; open for numbers of a size that no form has and no rounding can take."""
    try:
        return compute(*arguments)
    except ArithmeticError:
        return Scored(note=_TOO_LARGE)


def _place(pointer: str) -> str:
    return pointer


def _heading(view: TableView) -> Row:
    caption = view.data.get("title")
    label = Text(caption, caption) if caption else Text("指标表", "table of indicators")
    return {"kind": "table", "label": label, "table": view.index, "tone": "strong"}


def _row(kind: str, label: Any, pointer: str, stated: Any, scored: Scored, **more: Any) -> Row:
    if scored.score is None:
        status = "differs" if scored.wrong else "open"
    else:
        status = "open" if stated is None else "agrees" if scored.score == stated else "differs"
    difference = None if stated is None or scored.score is None else stated - scored.score
    row = {
        "kind": kind,
        "label": label,
        "level1": None,
        "level2": None,
        "table": None,
        "pointer": pointer,
        "target": None,
        "actual": None,
        "weight": None,
        "stated": stated,
        "recomputed": scored.score,
        "difference": difference,
        "low": scored.low,
        "high": scored.high,
        "formula": scored.formula,
        "note": _ranged(scored) if status == "differs" else scored.note,
        "result": _UNSTATED if stated is None and scored.score is not None else _RESULTS[status],
        "status": status,
        **more,
    }
    if status in _TONES:
        row["tone"] = f"{row.get('tone', '')} {_TONES[status]}".strip()
    return row


def _ranged(scored: Scored) -> Text | None:
    """The note, with the range of the accepted formulas."""
    if scored.score is None or scored.low is None or scored.high is None:
        return scored.note
    bounds = f"{scored.low:f}–{scored.high:f}"
    text = Text(f"各种通行算法为 {bounds}", f"the formulas in use give {bounds}")
    return _joined(scored.note, text)


def _joined(first: Text | None, second: Text) -> Text:
    return second if first is None else Text(f"{first.zh}；{second.zh}", f"{first.en}; {second.en}")


# ---------------------------------------------------------------------------------------------- money


def _funds(subject: Subject, parameters: Mapping[str, Any]) -> Iterator[Row]:
    """For each fund row its rate, where one is stated, and its score, where it bears points."""
    field = parameters.get("execution_base", "annual")
    deduction = subject.facts(FormFacts)[0].deduction_per_point
    for number, row in enumerate(subject.rows("funds.rows")):
        pointer, label = f"/funds/rows/{number}", row.get("label")
        base, spent = row.get(field), row.get("executed")
        money = {"target": _money(base), "actual": _money(spent)}
        if row.get("rate") is not None:
            try:
                yield _rate(row, label, pointer, _ratio(base, spent), money, base)
            except ArithmeticError:
                name = _named(Text("执行率", "Execution rate"), label)
                yield _row("rate", name, f"{pointer}/rate", None, Scored(note=_TOO_LARGE)) | {"stated": row["rate"]}
        if row.get("weight") is not None or row.get("score") is not None:
            scored = _guarded(_execution_of, row, base, deduction)
            name = _named(Text("执行率得分", "Score of execution"), label)
            place = f"{pointer}/score"
            yield _row("execution", name, place, row.get("score"), scored, weight=row.get("weight"), **money)


def _ratio(base: Decimal | None, spent: Decimal | None) -> Decimal | None:
    return None if base is None or spent is None or base <= 0 else spent / base


def _execution_of(row: Mapping[str, Any], base: Decimal | None, deduction: Decimal | None) -> Scored:
    read = read_rate(row.get("rate"), _ratio(base, row.get("executed")))
    return execution_score(row, base, read.ratio if read is not None else None, deduction)


def _named(what: Text, label: str | None) -> Text:
    """What a number of a fund row is, and of which row."""
    return Text(f"{what.zh}（{label}）", f"{what.en} ({label})") if label else what


def _money(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:,f}"


def _rate(
    row: Mapping[str, Any], label: Any, pointer: str, ratio: Decimal | None, money: Row, base: Decimal | None
) -> Row:
    """The stated rate against the computed one, in the same notation; texts where it stands with a percent sign."""
    stated, spent, received = row["rate"], row.get("executed"), row.get("received")
    formula = note = expected = None
    if ratio is not None:
        read = read_rate(stated, ratio)
        other = read_rate(stated, spent / received) if received and received > 0 and spent is not None else None
        expected = read.expected if read is not None else None
        division = f"{money['actual']} ÷ {money['target']}"
        if read is not None and not read.agrees and other is not None and other.agrees:
            expected, division = other.expected, f"{money['actual']} ÷ {received:,f}"
        shown = f"{expected:f}" if isinstance(expected, Decimal) else expected
        back = read_rate(expected, ratio)
        sign = "=" if back is not None and back.ratio == ratio else "≈"
        formula = Text(f"{division} {sign} {shown}", f"{division} {sign} {shown}")
    elif base == 0 and spent == 0:
        zero = read_rate(stated, _ZERO)
        expected = zero.expected if zero is not None else None
        note = Text("没有预算和执行", "neither budget nor spending")
    else:
        note = Text("没有预算数或执行数", "budget or spending is missing")
    right = _same(stated, expected)
    status = "open" if expected is None else "agrees" if right else "differs"
    both = isinstance(stated, Decimal) and isinstance(expected, Decimal)
    result = _row("rate", _named(Text("执行率", "Execution rate"), label), f"{pointer}/rate", stated,
                  Scored(formula=formula, note=note), **money)  # fmt: skip
    result.update(
        recomputed=expected,
        difference=stated - expected if both else _ZERO if right else None,
        result=_RESULTS[status],
        status=status,
    )
    result.pop("tone", None)
    if status in _TONES:
        result["tone"] = _TONES[status]
    return result


def _same(stated: Any, expected: Any) -> bool:
    if isinstance(stated, str) and isinstance(expected, str):
        return Decimal(stated[:-1]) == Decimal(expected[:-1])
    return bool(stated == expected)


# ---------------------------------------------------------------------------------------------- indicators


def _table(
    subject: Subject,
    parameters: Mapping[str, Any],
    criteria: Sequence[Criterion],
    place: Callable[[str], str],
    index: int | None,
) -> Iterator[Row]:
    """The indicators of one table, its subtotals, total and grade."""
    natures = subject.facts(RowNature)
    limit = parameters.get("over_achievement_ratio", _LIMIT)
    form = subject.facts(FormFacts)[0]
    deducts = states_deduction(form.explanatory_text)
    # the score that counts: the recomputed one, else the stated one
    counts: list[Decimal | None] = []
    subtotals = _subtotals(subject, index)
    numbers = list(subject.numbers) if isinstance(subject, TableView) else list(range(len(natures)))
    changed = False
    for number, row in enumerate(subject.rows("indicators")):
        facts = subject.facts(Achievement)[number]
        scored = _guarded(indicator_score, row, natures[number], facts, criteria[number], limit, deducts)
        stated = row.get("score")
        counts.append(stated if scored.score is None else scored.score)
        changed = changed or (scored.score is not None and scored.score != stated)
        if not natures[number].is_empty or stated or row.get("weight"):
            listed = _row(
                "indicator",
                row.get("name") or row.get("level2") or row.get("level1"),
                place(f"/indicators/{number}/score"),
                stated,
                scored,
                level1=row.get("level1"),
                level2=row.get("level2"),
                table=index,
                target=_target(row),
                actual=row.get("actual"),
                weight=row.get("weight"),
            )
            if listed["status"] == "differs" and natures[number].explained:
                listed["note"] = _joined(listed["note"], _EXPLAINED)
            yield listed
        for at, subtotal in subtotals.get(numbers[number], ()):
            first = subtotal.get("first")
            begin = numbers.index(int(first)) if first is not None and int(first) in numbers else -1
            yield _subtotal(subject, at, subtotal, counts, begin, index)
    yield from _total(subject, parameters, counts, changed, place, index)


def _target(row: Mapping[str, Any]) -> str | None:
    """The target with the sign and unit of columns of their own."""
    sign, target, unit = (row.get(name) or "" for name in ("operator", "target", "unit"))
    return f"{'' if sign in target else sign}{target}{'' if unit in target else unit}" or None


def _subtotals(subject: Subject, index: int | None) -> dict[int, list[tuple[int, Mapping[str, Any]]]]:
    """The subtotals of a report's table, each with its position, by the report's number of the last row it counts."""
    found: dict[int, list[tuple[int, Mapping[str, Any]]]] = {}
    if isinstance(subject, TableView):
        for number, row in enumerate(subject.rows("subtotals")):
            table = row.get("table")
            mine = (None if table is None else int(table)) == index
            if mine and row.get("kind") != "total" and row.get("last") is not None:
                found.setdefault(int(row["last"]), []).append((number, row))
    return found


def _subtotal(
    subject: Subject, number: int, row: Mapping[str, Any], counts: Sequence[Decimal | None], first: int, index: Any
) -> Row:
    """A subtotal over the rows from `first` (-1: not known) to the last one so far."""
    natures, all_rows = subject.facts(RowNature), subject.rows("indicators")
    counted = range(first, len(counts)) if first >= 0 else range(0)
    lacking = any(counts[at] is None and not (natures[at].is_empty or natures[at].shares_points) for at in counted)
    numbers = [count for at in counted if (count := counts[at]) is not None]
    added = None
    if not numbers or lacking:
        scored = Scored(note=_LACKING if lacking else Text("不知所计的行", "its rows are not known"))
    else:
        added = sum((all_rows[at].get("score") or _ZERO for at in counted), _ZERO)
        scored = _guarded(_sum, numbers, row.get("score"), added)
    label = f"{row.get('level1') or row.get('level2') or ''}{row.get('label') or ''}"
    return _row("subtotal", "".join(label.split()), f"/subtotals/{number}/score", row.get("score"), scored,
                table=index, weight=row.get("weight"), added=added, tone="strong")  # fmt: skip


def _sum(numbers: Sequence[Decimal], stated: Decimal | None, added: Decimal | None) -> Scored:
    """The numbers added up; at the decimals of the stated sum where that agrees with them."""
    exact = sum(numbers, _ZERO)
    score = round_half_up(exact, decimals(stated)) if stated is not None and agrees(exact, stated) else exact
    sign = "=" if score == exact else "≈"
    if len(numbers) <= _MOST_ADDENDS:
        addends = " + ".join(number_text(number) for number in numbers)
        formula = Text(f"{addends} {sign} {score:f}", f"{addends} {sign} {score:f}")
    else:
        formula = Text(f"各行复核得分之和 {sign} {score:f}", f"sum of the rows {sign} {score:f}")
    note = None
    if added is not None and stated is not None and not agrees(added, stated):
        note = Text(f"各行填报得分相加为 {added:f}", f"the stated scores add up to {added:f}")
    return Scored(score, formula, note=note)


# ---------------------------------------------------------------------------------------------- total and grade


def _total(
    subject: Subject,
    parameters: Mapping[str, Any],
    counts: Sequence[Decimal | None],
    changed: bool,
    place: Callable[[str], str],
    index: Any,
) -> Iterator[Row]:
    """The total, each row with its recomputed score, and the grade that it gives."""
    total = subject.data.get("total") or {}
    stated, grade = total.get("score"), total.get("grade")
    if all(count is None for count in counts) and stated is None:
        return
    full = parameters.get("full_marks", _FULL_MARKS)
    try:
        sums = added_scores(subject, full, parameters.get("detail_row_prefixes", ()))
    except ArithmeticError:  # see _guarded
        sums = None
    added = sums.score if sums is not None else None
    numbers, note = _addends(subject, parameters, counts, full, sums is not None and sums.alone)
    if note is None and sums is not None and sums.converted:
        # what a column makes of the scores follows a rule of the office
        numbers, note = ([sums.own, sums.execution], None) if not changed else ([], _CONVERTED)
    scored = _guarded(_sum, numbers, stated, added) if note is None else Scored(note=note)
    if total or scored.score is not None:
        label = total.get("label") or Text("总分", "Total")
        yield _row("total", label, place("/total/score"), stated, scored, table=index, weight=total.get("weight"),
                   added=added, tone="strong")  # fmt: skip
    if grade:
        yield _grade(subject, parameters, grade, stated, scored.score, place("/total/grade"), full, index)


_LACKING: Final = Text("有的行没有得分，也不能计算", "a row has no score, nor can one be computed")
_ELSEWHERE: Final = Text("预算执行率的得分不在表中", "the score of execution is not in the form")
_CONVERTED: Final = Text("总分由折算得分相加，折算办法未知", "the total adds up converted scores")


def _addends(
    subject: Subject, parameters: Mapping[str, Any], counts: Sequence[Decimal | None], full: Decimal, alone: bool
) -> tuple[list[Decimal], Text | None]:
    """The scores that make the total, and why they are not known."""
    natures, all_rows = subject.facts(RowNature), subject.rows("indicators")
    prefixes = tuple(parameters.get("detail_row_prefixes", ()))
    numbers: list[Decimal] = []
    weights = _ZERO
    for row, nature, count in zip(all_rows, natures, counts, strict=True):
        weights += row.get("weight") or _ZERO
        if count is not None:
            # rows that were not used score nothing
            numbers += [count] if count or not nature.is_empty else []
        elif not (nature.is_empty or nature.shares_points
                  or "".join((row.get("name") or "").split()).startswith(prefixes)):  # fmt: skip
            return [], _LACKING
    execution = None if isinstance(subject, TableView) or alone else _execution(subject, parameters)
    if execution is not None:
        return [*numbers, execution], None
    form = subject.facts(FormFacts)[0]
    if not alone and (form.execution_weight is not None or weights < (_weight(subject) or full)):
        return [], _ELSEWHERE
    return numbers, None


def _weight(subject: Subject) -> Decimal | None:
    return (subject.data.get("total") or {}).get("weight")


def _execution(subject: Subject, parameters: Mapping[str, Any]) -> Decimal | None:
    """The score of the total fund row that counts: the recomputed one, else the stated one."""
    for row in _funds(subject, parameters):
        if row["kind"] != "execution":
            continue
        number = int(row["pointer"].split("/")[3])
        if subject.rows("funds.rows")[number].get("source") == "total":
            score = row["recomputed"] if row["recomputed"] is not None else row["stated"]
            return score if isinstance(score, Decimal) else None
    return None


def _grade(
    subject: Subject,
    parameters: Mapping[str, Any],
    grade: str,
    stated: Decimal | None,
    recomputed: Decimal | None,
    pointer: str,
    full: Decimal,
    index: Any,
) -> Row:
    """The grade of the recomputed total, or of the stated one where there is none."""
    row = _row("grade", Text("等级", "Grade"), pointer, None, Scored(), table=index)
    row["stated"] = grade
    words, bounds = parameters.get("grade_words"), parameters.get("grade_lower_bounds")
    score = recomputed if recomputed is not None else stated
    options = {"full_marks": full, "grades": words, "lower_bounds": bounds}
    scale = grading(subject, options) if words and bounds else None
    known = stated_grade(grade, scale.grades) if scale is not None else None
    if scale is None or known is None or score is None:
        row["note"] = Text("没有适用的等级标准", "no bands that apply")
        return row
    right = scale.of(score)
    bands = "，".join(scale.bands())
    row["recomputed"] = grade if right == known else scale.grades[right][0]
    row["formula"] = Text(f"{score:f} 分（{bands}）", f"{score:f} ({bands.replace('，', ', ')})")
    status = "agrees" if right == known else "differs"
    if stated is not None and scale.of(stated) != right:
        by_stated = scale.grades[scale.of(stated)][0]
        row["note"] = Text(f"按填报总分 {stated:f} 为{by_stated}", f"the stated total of {stated:f} is {by_stated}")
    row.update(result=_RESULTS[status], status=status)
    row.pop("tone", None)
    if status in _TONES:
        row["tone"] = _TONES[status]
    return row
