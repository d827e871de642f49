"""The page on a batch: tiles, filters, figures, what was found across documents, the list, the data of the script."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, Final

from lintperf.model import Severity, Text
from lintperf.results import Totals, View
from lintperf_builtin.reporters.html.batch_counts import (
    LEVELS,
    MOST_RULES,
    NO_UNIT,
    Counts,
    decimal,
    head,
    link,
    percent,
    rounded,
    unit_name,
    words,
)
from lintperf_builtin.reporters.html.batch_figures import figures
from lintperf_builtin.reporters.html.digest import Form, Gathered, median
from lintperf_builtin.reporters.html.parts import SEVERITIES, both, data, labelled, text
from lintperf_builtin.tables.overview import CLASSES

__all__ = ["body"]


def body(gathered: Gathered, totals: Totals, view: View, strings: Sequence[str]) -> Iterator[str]:
    """The part of the page on the batch, in pieces."""
    batch = Counts(gathered, totals, view)
    yield f"<h1>{words('批量检查总览', 'The batch at a glance')}</h1>\n"
    yield from _tiles(batch)
    yield from _remarks(batch)
    if not batch.forms:
        return
    yield from _filters(batch)
    yield from figures(batch)
    yield from _across(batch)
    yield from _list(batch)
    yield _data(batch, strings)


# ---- head


_MANY: Final = {severity: Text(name.zh, f"{name.en}s") for severity, name in SEVERITIES.items()}


def _tiles(batch: Counts) -> Iterator[str]:
    totals, gathered = batch.totals, batch.gathered
    clean = sum(not form.counts for form in batch.forms) + gathered.not_listed_clean
    share = Decimal(clean) / gathered.documents if gathered.documents else None
    tiles = [
        ("forms", Text("份文档", "documents"), f"{totals.documents:,}", ""),
        ("units", Text("个单位", "units"), f"{sum(unit != '' for unit in gathered.units):,}", ""),
        *(
            (severity.name, _MANY[severity], f"{totals.by_severity.get(severity, 0):,}", severity.name)
            for severity in LEVELS
        ),
        ("clean", Text("没有发现问题的份数", "documents without findings"), f"{clean:,}", "ok"),
        ("share", Text("没有发现问题的比例", "share without findings"), percent(share), "ok"),
        (
            "score",
            Text("总得分的中位数", "median total score"),
            decimal(rounded(median(batch.scores), "0.01")) if batch.scores else "—",
            "",
        ),
    ]
    yield '<dl class="tiles">\n'
    for name, title, value, tone in tiles:
        yield f'<div class="tile {tone}"><dt>{both(title)}</dt><dd data-tile="{name}">{value}</dd></div>\n'
    yield "</dl>\n"


def _remarks(batch: Counts) -> Iterator[str]:
    """What the figures do not hold, and why."""
    totals, gathered = batch.totals, batch.gathered
    said: list[Text] = []
    unread = sum(form.type is None for form in batch.forms)
    if unread:
        said.append(
            Text(
                f"{unread:,} 份不能读取或类型不明，只列在清单中。",
                f"{unread:,} unreadable or of unknown type: listed only.",
            )
        )
    if totals.hidden:
        said.append(
            Text(
                f"另有 {totals.hidden:,} 条发现按所选身份未显示；以审计身份（--persona auditor）检查可看到全部。",
                f"{totals.hidden:,} further findings are hidden in this view (--persona auditor sees all).",
            )
        )
    if totals.since is not None:
        since = totals.since
        said.append(
            Text(
                f"只报告 {since.revision} 之后改过的：{since.files:,} 个文件未改，"
                f"{since.findings:,} 条原有发现未计入。",
                f"Only what changed since {since.revision}: {since.files:,} files had not, {since.findings:,} findings "
                "that were there before are not counted.",
            )
        )
    if totals.ignored:
        said.append(Text(f"{totals.ignored:,} 条由文档自行忽略。", f"{totals.ignored:,} suppressed by the documents."))
    if totals.skipped_files:
        said.append(
            Text(
                f"{totals.skipped_files:,} 个文件不是可检查的文档，已略过。",
                f"{totals.skipped_files:,} files passed over: no documents of ours.",
            )
        )
    if totals.notifications:
        said.append(
            Text(
                f"工具自身出错 {totals.notifications:,} 处，结果不完整。",
                f"{totals.notifications:,} failures of the tool itself: results incomplete.",
            )
        )
    if gathered.not_listed:
        said.append(
            Text(
                f"本页只画出前 {len(batch.forms):,} 份，其余 {gathered.not_listed:,} 份只计入上面的条数；"
                "请分批生成，或用 lintperf summary。",
                f"Only the first {len(batch.forms):,} documents are drawn; {gathered.not_listed:,} more are in the "
                "counts above alone. Make a page for each part, or use lintperf summary.",
            )
        )
    if said:
        yield '<ul class="remarks">\n'
        yield from (f"<li>{both(each)}</li>\n" for each in said)
        yield "</ul>\n"


def _filters(batch: Counts) -> Iterator[str]:
    lang = batch.view.lang

    def option(value: str, shown: Text) -> str:
        zh, en = text(shown.zh), text(shown.en)
        return f'<option value="{text(value)}" data-zh="{zh}" data-en="{en}">{zh if lang == "zh" else en}</option>'

    yield f'<div class="filters" role="search" {labelled(Text("筛选文档", "Filter the documents"), lang)}>\n'
    units = [option("", Text("全部单位", "All units"))]
    units += [
        option(str(number), Text(unit, unit) if unit else NO_UNIT)
        for number, unit in sorted(enumerate(batch.units), key=lambda each: each[1])
    ]
    levels = [
        option("", Text("全部文档", "All documents")),
        option("3", Text("有错误的", "With errors")),
        option("2", Text("有警告的", "With warnings")),
        option("1", Text("有提示的", "With notes")),
        option("0", Text("没有发现的", "Without findings")),
    ]
    rules = [option("", Text("全部规则", "All rules"))]
    for number, code in sorted(enumerate(batch.codes), key=lambda each: each[1]):
        title = batch.view.rules[code].title
        rules.append(option(str(number), Text(f"{code} {title.zh}", f"{code} {title.en}")))
    for name, label, options in (
        ("unit", Text("单位", "Unit"), units),
        ("level", Text("级别", "Level"), levels),
        ("rule", Text("规则", "Rule"), rules),
    ):
        yield f'<label>{both(label)} <select data-filter="{name}">{"".join(options)}</select></label>\n'
    where = labelled(Text("项目、单位、文件、问题", "project, unit, file, finding"), lang, "placeholder")
    yield (
        f'<label>{words("文字", "Text")} <input type="search" data-filter="text" {where}></label>\n'
        f'<button type="button" data-reset disabled>{words("清除筛选", "Clear")}</button>\n'
        '<ul class="chosen" data-chosen></ul>\n'
        '<output data-status aria-live="polite"></output>\n</div>\n'
    )


# ---- lists


def _across(batch: Counts) -> Iterator[str]:
    gathered = batch.gathered
    if not batch.totals.compared:
        return
    yield f'<section class="across"><h2>{words("跨文档的发现", "Found across documents")}</h2>\n'
    rules, documents = len(batch.totals.rules_comparing), batch.totals.compared
    count = words(
        f"以 {rules} 条规则相互比较 {documents:,} 份文档，发现 {gathered.pairs:,} 处。",
        f"{rules} rules compared {documents:,} documents and found {gathered.pairs:,}.",
    )
    yield f"<p>{count}</p>\n"
    if gathered.across:
        yield '<div class="scroll"><table class="list">'
        yield head(Text("规则", "Rule"), Text("文档", "Document"), Text("另一份", "The other"), Text("问题", "Finding"))
        yield "<tbody>\n"
        for number, others, code, said in gathered.across:
            named = "<br>".join(link(batch, other) for other in others)
            forms = " ".join(map(str, (number, *others)))
            yield (
                f'<tr data-forms="{forms}"><th scope="row">{text(code)}</th><td>{link(batch, number)}</td>'
                f"<td>{named}</td><td>{text(said)}</td></tr>\n"
            )
        yield "</tbody></table></div>\n"
        if gathered.pairs > len(gathered.across):
            more = gathered.pairs - len(gathered.across)
            yield f"<p>{words(f'另有 {more:,} 处，见各文档。', f'{more:,} more: see the documents.')}</p>\n"
    yield "</section>\n"


_COLUMNS: Final = (
    ("title", Text("文档", "Document"), "text"),
    ("unit", Text("单位", "Unit"), "text"),
    ("year", Text("年度", "Year"), "number"),
    ("score", Text("总得分", "Score"), "number"),
    ("grade", Text("等级", "Grade"), "text"),
    ("execution", Text("执行率", "Execution"), "number"),
    ("output", Text("产出得分率", "Output"), "number"),
    ("error", SEVERITIES[Severity.error], "number"),
    ("warning", SEVERITIES[Severity.warning], "number"),
    ("note", SEVERITIES[Severity.note], "number"),
)


def _list(batch: Counts) -> Iterator[str]:
    hint = words("点选文档名称展开其发现；点选表头排序。", "Choose a document to see its findings, a heading to sort.")
    yield f'<section class="forms"><h2>{words("文档清单", "Documents")}</h2>\n<p class="hint">{hint}</p>\n'
    yield '<div class="pager" data-pager></div>\n<div class="scroll"><table class="list forms" data-forms-table>\n'
    yield "<thead><tr>"
    for key, title, kind in _COLUMNS:
        yield f'<th scope="col" data-sort="{key}" class="{kind}">{both(title)}</th>'
    yield "</tr></thead>\n<tbody>\n"
    for number, form in enumerate(batch.forms):
        yield _row(number, form)
    yield '</tbody></table></div>\n<div class="pager" data-pager></div>\n</section>\n'


def _where(form: Form) -> str:
    """The file, and the number of the document in it where it is not the first."""
    return f"{form.path} #{form.index + 1}" if form.index else form.path


def _row(number: int, form: Form) -> str:
    seen = form.overview
    drawn = (
        f' <a class="drawn" href="#{text(form.anchor)}">{words("查看原表", "See it drawn")}</a>' if form.anchor else ""
    )
    year = "" if seen.year is None else f"{seen.year:f}"
    cells = [
        f'<th scope="row"><span data-open>{text(form.title or form.path)}</span>{drawn}'
        f"<small>{text(_where(form))}</small></th>",
        f"<td>{unit_name(form.unit)}</td>",
        f"<td>{year}</td>",
        f"<td>{decimal(seen.total)}</td>",
        f"<td>{text(seen.grade or '')}</td>",
        f"<td>{percent(seen.execution)}</td>",
        f"<td>{percent(seen.output)}</td>",
    ]
    for severity in LEVELS:
        count = form.found(severity)
        cells.append(f'<td class="{severity.name}">{count}</td>' if count else "<td></td>")
    return f'<tr id="f{number}">{"".join(cells)}</tr>\n'


# ---- data of the script


def _data(batch: Counts, strings: Sequence[str]) -> str:
    """What the script needs. A document is a list; its counts are flat: rule, severity, number, again and again."""
    codes = {code: number for number, code in enumerate(batch.codes)}
    units = {unit: number for number, unit in enumerate(batch.units)}
    bands = {grade: number for number, (grade, _) in enumerate(batch.bands)}
    odd = {number for number, _ in batch.odd.forms}
    forms = []
    for number, form in enumerate(batch.forms):
        seen = form.overview
        counts = [
            part for (code, severity), count in form.counts.items() for part in (codes[code], int(severity), count)
        ]
        forms.append([
            units[form.unit],
            rounded(form.score(), "0.01"),
            rounded(seen.execution, "0.0001"),
            rounded(seen.output, "0.0001"),
            batch.structure(form),
            batch.bin(form),
            bands.get(seen.due or ""),
            int(number in batch.mismatched),
            int(number in odd),
            counts,
            [points.normalize() for points in seen.aspects] if seen.aspects else None,
            form.left_out,
            form.details,
        ])  # fmt: skip
    rules: list[Mapping[str, Any]] = []
    for code in batch.codes:
        rule = batch.view.rules[code]
        rules.append({
            "code": code, "zh": rule.title.zh, "en": rule.title.en, "level": int(batch.severities[code]),
            "remedy": rule.remedy.to(batch.view.lang),
        })  # fmt: skip
    used = [number for number in range(len(CLASSES)) if any(key[number] for key in batch.structures)]
    names = list(CLASSES.values())
    return data("batch-data", {
        "units": batch.units,
        "rules": rules,
        "bins": [list(each) for each in batch.bins],
        "bands": [{"grade": grade, "lower": lower} for grade, lower in batch.bands],
        "odd": {"centre": rounded(batch.odd.centre, "0.0001"), "limit": rounded(batch.odd.limit, "0.0001")},
        "classes": [{"zh": names[n].zh, "en": names[n].en, "number": n} for n in used],
        "structures": [[key[n] for n in used] for key in batch.structures],
        "otherStructures": batch.other_structures > 0,
        "heat": min(len(batch.codes), MOST_RULES),
        "trend": [[code, *counts] for code, counts in batch.trend.items()],
        "noUnit": {"zh": NO_UNIT.zh, "en": NO_UNIT.en},
        "strings": strings,
        "forms": forms,
    })  # fmt: skip
