"""A table of a run, or its summary, in a format: pieces of text, or the bytes of a workbook."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import chain, islice
from typing import Any

from lintperf.display import clean, visible
from lintperf.document.exact import dumps, plain
from lintperf.extension import Column, Table
from lintperf.model import Lang, Text
from lintperf.results import FileResult, View
from lintperf.tables.collect import FINDINGS, Entry, Summary, finding_row
from lintperf.tables.data import UNSHOWN, csv_rows, json_row
from lintperf.tables.lines import text_rows
from lintperf.tables.sheet import Sheet, headings
from lintperf.tables.workbook import Workbook

__all__ = ["SUMMARY_FORMATS", "TABLE_FORMATS", "write_summary", "write_table"]

# documents that get a sheet each; more of them share one
MOST_SHEETS = 40
_WHICH = (
    Column("path", Text("文件", "File"), width=12),
    Column("group", Text("单位", "Unit"), width=10),
    Column("title", Text("项目", "Document"), width=12),
)
_NOTHING = Text("没有可列入此表的文档", "no document has rows for this table")
_HIDDEN = ("tones",)


def write_table(table: Table, documents: Iterable[Entry], view: View, how: str) -> Iterator[bytes]:
    """A table in one of TABLE_FORMATS, the rows of each document behind those of the one before."""
    return TABLE_FORMATS[how](table, iter(documents), view)


def _which(entry: Entry) -> dict[str, Any]:
    return {"path": entry.path, "group": entry.group, "title": entry.title}


def _heading(entry: Entry) -> str:
    return " · ".join(clean(part) for part in (entry.title, entry.group) if part)


def _table_text(table: Table, documents: Iterator[Entry], view: View) -> Iterator[bytes]:
    columns = headings(table.columns, view.lang)
    empty = True
    for entry in documents:
        name = f"{visible(entry.path)}  {_heading(entry)}".rstrip()
        title = table.title.to(view.lang)
        lines = text_rows(columns, entry.rows, view.lang, view.width, view.color)
        yield ("" if empty else "\n").encode() + f"{name}\n{title}\n\n".encode()
        yield "".join(lines).encode("utf-8", "backslashreplace")
        empty = False
    if empty:
        yield f"{_NOTHING.to(view.lang)}\n".encode()


def _table_csv(table: Table, documents: Iterator[Entry], view: View) -> Iterator[bytes]:
    rows = ({**_which(entry), **row} for entry in documents for row in entry.rows)
    for line in csv_rows(headings((*_WHICH, *table.columns), view.lang), rows, view.lang):
        yield line.encode("utf-8", "backslashreplace")


def _table_json(table: Table, documents: Iterator[Entry], view: View) -> Iterator[bytes]:
    """One object; a row is a line. Members of a row that are no columns stand in it as well."""
    lang = view.lang
    columns = [{"key": each.key, "title": each.title.to(lang), "kind": each.kind} for each in table.columns]
    head = {"version": view.version, "table": table.name, "title": table.title.to(lang), "columns": columns}
    yield f'{dumps(head)[:-1]}, "documents": ['.encode()
    for number, entry in enumerate(documents):
        which = {"path": entry.path, "document": entry.number, "type": entry.type,
                 "title": entry.title, "group": entry.group}  # fmt: skip
        rows = ",\n    ".join(json_row(row, lang) for row in entry.rows)
        yield f'{"," if number else ""}\n  {dumps(which)[:-1]}, "rows": [\n    {rows}\n  ]}}'.encode()
    yield b"\n]}\n"


def _table_xlsx(table: Table, documents: Iterator[Entry], view: View) -> Iterator[bytes]:
    """A sheet a document, or where there are many one sheet with columns that say which document it is."""
    lang, title = view.lang, table.title.to(view.lang)
    book = Workbook(lang)
    first = list(islice(documents, MOST_SHEETS + 1))
    if len(first) <= MOST_SHEETS:
        for entry in first:
            subtitle = f"{_heading(entry)}    {visible(entry.path)}".strip()
            sheet = book.sheet(Sheet(clean(entry.title or title), title, headings(table.columns, lang), subtitle))
            for row in entry.rows:
                sheet.row(row, tone=row.get(UNSHOWN))
        if not first:
            book.sheet(Sheet(title, title, headings(table.columns, lang), _NOTHING.to(lang)))
    else:
        sheet = book.sheet(Sheet(title, title, headings((*_WHICH, *table.columns), lang)))
        for entry in chain(first, documents):
            for row in entry.rows:
                sheet.row({**_which(entry), **row}, tone=row.get(UNSHOWN))
    yield book.content()


TABLE_FORMATS: dict[str, Callable[[Table, Iterator[Entry], View], Iterator[bytes]]] = {
    "text": _table_text,
    "json": _table_json,
    "csv": _table_csv,
    "xlsx": _table_xlsx,
}


# ---------------------------------------------------------------------------------------------- summary

_LIST = Text("汇总", "Summary")
_TITLE = Text("汇总表", "Summary")
_FINDINGS = Text("问题清单", "Findings")
_BY_RULE = Text("按规则统计", "By rule")
_BY_GROUP = Text("按单位统计", "By unit")


def write_summary(table: Table | None, files: Iterable[FileResult], view: View, how: str) -> Iterator[bytes]:
    """One row a document, in one of SUMMARY_FORMATS; a workbook also lists the findings and counts them."""
    return SUMMARY_FORMATS[how](Summary(table, view), files, view)


def _taken(summary: Summary, files: Iterable[FileResult]) -> None:
    for file in files:
        summary.take(file)


def _shown(row: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in row.items() if key not in _HIDDEN}


def _summary_text(summary: Summary, files: Iterable[FileResult], view: View) -> Iterator[bytes]:
    _taken(summary, files)
    rows = list(summary.rows())
    if not rows:
        yield f"{_NOTHING.to(view.lang)}\n".encode()
        return
    columns = headings(summary.columns(), view.lang)
    lines = text_rows(columns, rows, view.lang, view.width, view.color)
    yield "".join((*lines, "\n", summary.in_short(), "\n")).encode("utf-8", "backslashreplace")


def _summary_csv(summary: Summary, files: Iterable[FileResult], view: View) -> Iterator[bytes]:
    _taken(summary, files)
    for line in csv_rows(headings(summary.columns(), view.lang), summary.rows(), view.lang):
        yield line.encode("utf-8", "backslashreplace")


def _summary_json(summary: Summary, files: Iterable[FileResult], view: View) -> Iterator[bytes]:
    _taken(summary, files)
    lang = view.lang
    yield f'{{"version": {dumps(view.version)}'.encode()
    for name, rows in (("documents", summary.rows()), ("by_rule", summary.by_rule()), ("by_group", summary.by_group())):
        yield f',\n"{name}": ['.encode()
        for number, row in enumerate(rows):
            yield f"{',' if number else ''}\n  {json_row(_shown(row), lang)}".encode()
        yield b"\n]"
    ruleset = {"name": view.ruleset_name, "hash": view.ruleset_hash}
    yield f',\n"ruleset": {dumps(plain(ruleset, lang))}}}\n'.encode()


def _summary_xlsx(summary: Summary, files: Iterable[FileResult], view: View) -> Iterator[bytes]:
    """Sheets: the documents, the findings, counts by rule and by group. Findings are written as they come."""
    lang: Lang = view.lang
    book = Workbook(lang)
    title = summary.table.title.to(lang) if summary.table is not None else _TITLE.to(lang)
    made = Text(f"规则包 {view.ruleset_name}，lintperf {view.version}",
                f"ruleset {view.ruleset_name}, lintperf {view.version}").to(lang)  # fmt: skip
    listed = book.sheet(Sheet(_LIST.to(lang), title, headings(summary.columns(), lang)))
    findings = book.sheet(Sheet(_FINDINGS.to(lang), _FINDINGS.to(lang), headings(FINDINGS, lang)))
    for file in files:
        summary.take(file)
        for document in file.documents:
            for finding in document.findings:
                row = finding_row(finding, document, file.path, view)
                findings.row(row, row["tones"])
    listed.sheet = listed.sheet._replace(subtitle=f"{summary.in_short()}    {made}")
    for row in summary.rows():
        listed.row(row, row["tones"])
    for name, columns, rows in (
        (_BY_RULE, summary.rule_columns(), summary.by_rule()),
        (_BY_GROUP, summary.group_columns(), summary.by_group()),
    ):
        sheet = book.sheet(Sheet(name.to(lang), name.to(lang), headings(columns, lang)))
        for row in rows:
            sheet.row(row, row["tones"])
    yield book.content()


SUMMARY_FORMATS: dict[str, Callable[[Summary, Iterable[FileResult], View], Iterator[bytes]]] = {
    "text": _summary_text,
    "json": _summary_json,
    "csv": _summary_csv,
    "xlsx": _summary_xlsx,
}
