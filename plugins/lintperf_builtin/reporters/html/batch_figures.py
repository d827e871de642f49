"""The figures of the page on a batch: each a heading, how to read it, the place of its chart, its numbers as a table.

The tables have a cell for whatever a choice of the reader can change, so that the script only writes numbers into them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import ROUND_HALF_UP, Decimal
from typing import Final

from lintperf.model import Text
from lintperf.results import View
from lintperf_builtin.reporters.html.batch_counts import (
    MOST_RULES,
    Counts,
    head,
    in_bin,
    link,
    percent,
    plain,
    unit_name,
    words,
)
from lintperf_builtin.reporters.html.digest import median
from lintperf_builtin.reporters.html.parts import SEVERITIES, both, labelled, text
from lintperf_builtin.tables.overview import ASPECTS, CLASSES

__all__ = ["figures"]

# units that are shown at once; the others on demand
UNITS_SHOWN: Final = 16
MOST_ODD: Final = 100

_NONE_FOUND: Final = Text("没有发现问题。", "Nothing was found.")


def figures(batch: Counts) -> Iterator[str]:
    """All figures in the order of the page."""
    yield '<div class="figures">\n'
    for draw in (_scatter, _histogram, _heat_map, _defects, _weights, _trend):
        yield from draw(batch)
    yield "</div>\n"


def _figure(
    name: str,
    title: Text,
    how: Text,
    table: Iterable[str],
    label: Text | None = None,
    view: View | None = None,
    wide: bool = False,
    before: str = "",
    after: str = "",
    opened: bool = False,
) -> Iterator[str]:
    """A figure: heading, how to read it, the place of the chart if it has a label, and its table."""
    kind = "figure wide" if wide else "figure"
    yield f'<figure class="{kind}" id="b-{name}">\n<figcaption><h2>{both(title)}</h2><p>{both(how)}</p></figcaption>\n'
    yield before
    if label is not None and view is not None:
        yield f'<div class="canvas" data-chart="{name}" role="img" {labelled(label, view.lang)}></div>\n{after}'
    if opened:
        yield from table
    else:
        yield f'<details class="numbers"><summary>{words("数据表", "Table of the numbers")}</summary>\n'
        yield from table
        yield "</details>\n"
    yield "</figure>\n"


def _scatter(batch: Counts) -> Iterator[str]:
    odd = batch.odd
    both_known = sum(form.overview.execution is not None and form.overview.output is not None for form in batch.forms)
    centre, limit = percent(odd.centre)[:-1], percent(odd.limit)[:-1]
    how = Text(
        f"两率俱全的 {both_known:,} 份；两率各在同一百分点内的合为一点，面积为份数。"
        f"产出得分率减预算执行率，距全批中位数（{centre} 个百分点）超过 {limit} 个百分点的为离群："
        "界限取 15 个百分点与三倍稳健标准差（1.4826×绝对中位差）中的较大者，不足 8 份时以 0 为中心。",
        f"The {both_known:,} documents that state both rates; those within a point both ways are one dot, its area "
        "their number. Out of line are those whose output score rate minus execution rate is more than "
        f"{limit} points from the batch's median ({centre} points): the limit is the greater of 15 points and three "
        "robust standard deviations (1.4826 × median absolute deviation); below 8 documents the centre is 0.",
    )

    def table() -> Iterator[str]:
        if not odd.forms:
            yield f"<p>{words('没有离群的文档。', 'No document stands out.')}</p>\n"
            return
        yield '<div class="scroll"><table class="list">'
        yield head(
            Text("文档", "Document"),
            Text("单位", "Unit"),
            Text("预算执行率", "Execution"),
            Text("产出得分率", "Output score"),
            Text("相差（百分点）", "Apart (points)"),
            Text("为何标出", "Why"),
        )
        yield "<tbody>\n"
        for number, gap in odd.forms[:MOST_ODD]:
            form = batch.forms[number]
            points = (gap * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
            why = (
                Text("花钱不多而产出得分高", "little spent, outputs scored high")
                if gap > odd.centre
                else Text("钱已花而产出得分低", "money spent, outputs scored low")
            )
            yield (
                f'<tr data-form="{number}"><th scope="row">{link(batch, number)}</th><td>{unit_name(form.unit)}</td>'
                f"<td>{percent(form.overview.execution)}</td><td>{percent(form.overview.output)}</td>"
                f"<td>{points:+f}</td><td>{both(why)}</td></tr>\n"
            )
        yield "</tbody></table></div>\n"
        if len(odd.forms) > MOST_ODD:
            more = len(odd.forms) - MOST_ODD
            yield f"<p>{words(f'另有 {more:,} 份。', f'{more:,} more.')}</p>\n"

    count = len(odd.forms)
    label = Text(
        f"散点图：横轴预算执行率，纵轴产出得分率，{count} 份离群文档列于下表",
        f"Scatter plot: execution rate across, output score rate upwards; the {count} that stand out are in the table",
    )
    title = Text("预算执行率与产出得分率", "Execution against output score")
    after = '<ol class="named" data-named></ol>\n'
    yield from _figure("scatter", title, how, table(), label, batch.view, after=after)


def _histogram(batch: Counts) -> Iterator[str]:
    without = len(batch.forms) - len(batch.scores)
    how = Text(
        "每柱 2 分，得分按满分 100 折算；底色为规则包规定的等级分档，文档自印的分档以各自为准。"
        + (f"{without:,} 份没有总得分。" if without else ""),
        "Two points a bar, scores out of 100; the shades are the grade bands of the rule pack (a document that prints "
        "its own bands is graded by those)." + (f" {without:,} documents have no total score." if without else ""),
    )
    mismatched = len(batch.mismatched)
    chips = []
    for number, (grade, lower) in enumerate(batch.bands):
        count = sum(form.overview.due == grade for form in batch.forms)
        above = f"≥ {plain(lower)}" if lower is not None else f"< {plain(batch.bands[-2][1] or Decimal(0))}"
        chips.append(
            f'<li class="band b{number}"><b>{text(grade)}</b> <small>{text(above)}</small> '
            f'<span data-band="{number}">{count:,}</span></li>'
        )
    if batch.bands:
        chips.append(
            f'<li class="mismatch">{words("所填等级与得分不符", "grade not that of the score")} '
            f"<span data-mismatch>{mismatched:,}</span></li>"
        )
    before = f'<ul class="bands">{"".join(chips)}</ul>\n' if chips else ""

    def table() -> Iterator[str]:
        yield '<div class="scroll"><table class="list narrow">'
        yield head(Text("得分", "Score"), Text("份数", "Documents"))
        yield "<tbody>\n"
        for number, (low, high) in enumerate(batch.bins):
            last = high == 100
            count = sum(in_bin(score, low, high) for score in batch.scores)
            shown = f"[{plain(low)}, {plain(high)}" + ("]" if last else ")")
            yield f'<tr><th scope="row">{shown}</th><td data-bin="{number}">{count:,}</td></tr>\n'
        yield "</tbody></table></div>\n"

    label = Text("直方图：总得分的分布，数字见下表", "Histogram of total scores; the numbers are in the table")
    title = Text("总得分分布与等级", "Total scores and grades")
    yield from _figure("histogram", title, how, table(), label, batch.view, before=before)


def _heat_map(batch: Counts) -> Iterator[str]:
    how = Text(
        "数字是有该问题的文档份数，颜色深浅是其占该单位文档的比例，大小单位可以相比。点选单位、规则或格子，其余各图随之筛选；方向键可在格子间移动。",
        "The number is how many documents have the defect, the shade their share of the unit's documents, so that "
        "large and small units compare. Choose a unit, a rule or a cell and all figures follow; arrow keys move "
        "between cells.",
    )
    codes = batch.codes[:MOST_RULES]
    others = len(batch.codes) - len(codes)

    def table() -> Iterator[str]:
        if not codes:
            yield f"<p>{both(_NONE_FOUND)}</p>\n"
            return
        yield '<div class="scroll"><table class="heat"><thead><tr><th scope="col">'
        yield words("单位（份数）", "Unit (documents)") + "</th>"
        for code in codes:
            title = batch.view.rules[code].title
            named = labelled(Text(f"{code} {title.zh}", f"{code} {title.en}"), batch.view.lang, "title")
            yield (
                f'<th scope="col"><button type="button" data-pick-rule="{batch.codes.index(code)}" '
                f'class="{batch.severities[code].name}" {named}><b>{text(code)}</b> <span>{both(title)}</span>'
                "</button></th>"
            )
        yield "</tr></thead>\n<tbody>\n"
        for row, unit in enumerate(batch.units):
            of_unit = batch.of_unit[unit]
            more = ' class="more"' if row >= UNITS_SHOWN else ""
            yield (
                f'<tr data-unit="{row}"{more}><th scope="row"><button type="button" data-pick-unit="{row}">'
                f"{unit_name(unit)}</button> <small data-of>{of_unit:,}</small></th>"
            )
            for code in codes:
                count = batch.by_unit[unit].get(code, 0)
                yield f'<td class="h{_shade(count, of_unit)}">{count or ""}</td>'
            yield "</tr>\n"
        yield "</tbody></table></div>\n"
        yield '<p class="legend">'
        for shade, shares in enumerate(("0", "< 10%", "10–25%", "25–50%", "50–75%", "≥ 75%")):
            yield f'<span><i class="h{shade}"></i>{text(shares)}</span>'
        yield "</p>\n"
        if len(batch.units) > UNITS_SHOWN:
            count = len(batch.units)
            yield _show_all("units", words(f"显示全部 {count:,} 个单位", f"Show all {count:,} units"))
        if others > 0:
            more = words(
                f"另有 {others} 条规则见“最常见的问题”。", f"{others} more rules: see the most frequent defects."
            )
            yield f"<p>{more}</p>\n"

    title = Text("单位与规则", "Units and rules")
    yield from _figure("heat", title, how, table(), wide=True, opened=True)


def _show_all(what: str, shown: str) -> str:
    """A button that shows the rows beyond the first ones; without scripts all of them are shown."""
    button = f'<button type="button" data-all-{what} aria-expanded="false">{shown}</button>'
    return f'<p class="showall">{button}</p>\n'


def _shade(count: int, of: int) -> int:
    """0 for none, 1 below a tenth, 2 below a quarter, 3 below a half, 4 below three quarters, 5 above."""
    if not count:
        return 0
    return 1 + sum(count * 100 >= of * bound for bound in (10, 25, 50, 75))


def _defects(batch: Counts) -> Iterator[str]:
    how = Text(
        "按有该问题的文档份数排列；条长为份数，括号内为条数。例子取第一份。点选规则即筛选。",
        "By the number of documents that have the defect; the bar is documents, findings in brackets. The example is "
        "the first one. Choose a rule to filter.",
    )
    most = max(batch.forms_by_code.values(), default=1)

    def table() -> Iterator[str]:
        if not batch.codes:
            yield f"<p>{both(_NONE_FOUND)}</p>\n"
            return
        yield '<div class="scroll"><table class="list defects">'
        yield head(Text("规则", "Rule"), Text("份数（条数）", "Documents (findings)"), Text("例子", "Example"))
        yield "<tbody>\n"
        for number, code in enumerate(batch.codes):
            severity = batch.severities[code]
            count = batch.forms_by_code[code]
            width = max(1, round(count * 100 / most))
            example = batch.gathered.examples.get(code)
            shown = f'{text(example[1])} <span class="where">{link(batch, example[0])}</span>' if example else ""
            more = ' class="more"' if number >= MOST_RULES else ""
            yield (
                f'<tr data-rule="{number}"{more}><th scope="row"><button type="button" data-pick-rule="{number}">'
                f'<span class="chip {severity.name}">{both(SEVERITIES[severity])}</span> {text(code)} '
                f"{both(batch.view.rules[code].title)}</button></th>"
                f'<td class="bar"><svg viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden="true">'
                f'<rect class="{severity.name}" width="{width}" height="8"/></svg> '
                f"<span data-count>{count:,} ({batch.found_by_code[code]:,})</span></td><td>{shown}</td></tr>\n"
            )
        yield "</tbody></table></div>\n"
        if len(batch.codes) > MOST_RULES:
            count = len(batch.codes)
            yield _show_all("rules", words(f"显示全部 {count} 条规则", f"Show all {count} rules"))

    yield from _figure("defects", Text("最常见的问题", "Most frequent defects"), how, table(), wide=True, opened=True)


def _weights(batch: Counts) -> Iterator[str]:
    structures = batch.structures
    if not structures:
        return
    used = [n for n in range(len(CLASSES)) if any(key[n] for key in structures)]
    names = list(CLASSES.values())
    judged = [form.overview.frame_kept for form in batch.forms if form.overview.frame_kept is not None]
    apart = judged.count(False)
    frame = batch.frame or ""
    how = Text(
        "一级指标分值的各种结构，由多到少。"
        + (
            f"规则包规定 {frame}（执行率/产出/效益/满意度；只规定合计的在最后合并），{apart:,} 份与其规则包的规定不同。"
            if frame
            else ""
        ),
        "The ways in which points are shared out at the first level, most frequent first. "
        + (
            f"The rule pack lays down {frame} (execution/output/benefit/satisfaction; classes laid down in sum stand "
            f"last as one); {apart:,} documents differ from their pack's."
            if frame
            else ""
        ),
    )

    def table() -> Iterator[str]:
        yield '<div class="scroll"><table class="list narrow">'
        yield head(Text("结构", "Structure"), *(names[n] for n in used), Text("合计", "Sum"), Text("份数", "Documents"))
        yield "<tbody>\n"
        for number, key in enumerate(structures):
            cells = "".join(f"<td>{plain(key[n])}</td>" for n in used)
            total = plain(sum(key, Decimal(0)))
            count = batch.structure_counts[key]
            named = "/".join(plain(key[n]) for n in used)
            yield (
                f'<tr><th scope="row">{named}</th>{cells}<td>{total}</td>'
                f'<td data-structure="{number}">{count:,}</td></tr>\n'
            )
        if batch.other_structures:
            yield (
                f'<tr><th scope="row" colspan="{len(used) + 2}">{words("其他", "Others")}</th>'
                f'<td data-structure="{len(structures)}">{batch.other_structures:,}</td></tr>\n'
            )
        yield '</tbody></table></div>\n<div class="scroll"><table class="list narrow">'
        yield head(
            Text("二级指标", "Second level"),
            Text("份数", "Documents"),
            Text("分值中位数", "Median points"),
            Text("最低", "Lowest"),
            Text("最高", "Highest"),
        )
        yield "<tbody>\n"
        for number, title in enumerate(ASPECTS.values()):
            values = [
                form.overview.aspects[number]
                for form in batch.forms
                if form.overview.aspects and form.overview.aspects[number]
            ]
            if values:
                yield (
                    f'<tr data-aspect="{number}"><th scope="row">{both(title)}</th><td>{len(values):,}</td>'
                    f"<td>{plain(median(values))}</td><td>{plain(min(values))}</td><td>{plain(max(values))}</td></tr>\n"
                )
        yield "</tbody></table></div>\n"

    label = Text("堆叠条形图：各种分值结构，数字见下表", "Stacked bars: the structures of points; numbers in the table")
    title = Text("分值结构", "Structure of points")
    wide = not batch.trend
    yield from _figure("weights", title, how, table(), label, batch.view, wide=wide)


def _trend(batch: Counts) -> Iterator[str]:
    trend = batch.trend
    if not trend:
        return
    new, still, gone = (sum(counts[n] for counts in trend.values()) for n in range(3))
    how = Text(
        f"基线中原有 {still + gone:,} 条，现有 {still + new:,} 条："
        f"新出现 {new:,} 条，仍在 {still:,} 条，已消失 {gone:,} 条。本页其余各图只算新出现的。",
        f"The baseline held {still + gone:,} findings, now there are {still + new:,}: {new:,} new, {still:,} still "
        f"there, {gone:,} gone. All other figures count the new ones alone.",
    )

    def table() -> Iterator[str]:
        yield '<div class="scroll"><table class="list narrow">'
        yield head(Text("规则", "Rule"), Text("新出现", "New"), Text("仍在", "Still there"), Text("已消失", "Gone"))
        yield "<tbody>\n"
        for code, counts in trend.items():
            title = batch.view.rules[code].title if code in batch.view.rules else Text("", "")
            cells = "".join(f"<td>{count:,}</td>" for count in counts)
            yield f'<tr><th scope="row">{text(code)} {both(title)}</th>{cells}</tr>\n'
        yield "</tbody></table></div>\n"

    label = Text("堆叠条形图：各规则新出现、仍在、已消失的条数", "Stacked bars: new, still there and gone by rule")
    yield from _figure("trend", Text("与基线相比", "Against the baseline"), how, table(), label, batch.view)
