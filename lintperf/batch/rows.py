"""Findings as rows: one flat schema for every engine and format, stable within a version."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from lintperf.document.exact import dumps, plain
from lintperf.findings.texts import basis, message, plain_number
from lintperf.model import Finding, Lang, Text
from lintperf.results import DocumentResult
from lintperf.rules.rule import Rule

__all__ = ["COLUMNS", "NAMES", "SCHEMA_VERSION", "Column", "row_of"]

# raised when a column changes its name, type or meaning; a column more at the end is no change
SCHEMA_VERSION = 1


class Column(NamedTuple):
    """A column: its name, its type, whether it can be null, and what it holds."""

    name: str
    kind: Literal["text", "integer"]
    nullable: bool
    title: Text


COLUMNS: tuple[Column, ...] = (
    Column("path", "text", False, Text("输入文件", "the input file")),
    Column("record", "integer", True, Text(
        "JSONL 的行号或 Parquet 的行序，从 1 数起；一份文档一个文件的为空",
        "the line of a JSONL file or the row of a Parquet file, from 1; null where the file is the document",
    )),
    Column("document", "integer", False, Text(
        "文件或一行中的第几份文档，从 0 数起", "which document of the file or line, from 0",
    )),
    Column("type", "text", True, Text("文档类型；读不出的为空", "the document type; null where it cannot be read")),
    Column("title", "text", True, Text("文档的名称", "what the document is about")),
    Column("group", "text", True, Text("文档所属的单位", "the unit that the document is of")),
    Column("code", "text", False, Text("规则代码", "the code of the rule")),
    Column("name", "text", False, Text("规则名称", "the name of the rule")),
    Column("severity", "text", False, Text("error、warning 或 note", "error, warning or note")),
    Column("confidence", "text", False, Text("high、medium 或 low", "high, medium or low")),
    Column("pointer", "text", False, Text("JSON 指针", "JSON pointer of the value")),
    Column("row", "text", True, Text("表中一行的名称", "the label of the table row")),
    Column("field", "text", True, Text("字段", "the field")),
    Column("found", "text", True, Text("所填的值；数字保留原有小数位", "the value found, numbers with their decimals")),
    Column("expected", "text", True, Text("应为", "the value expected")),
    Column("difference", "text", True, Text("相差", "the difference")),
    Column("message_id", "text", False, Text(
        "消息：规则代码，或 代码.变体", "which message: the code of the rule, or code.variant",
    )),
    Column("arguments", "text", False, Text("消息的参数，JSON", "the message's arguments as JSON")),
    Column("message", "text", False, Text("消息（运行时的语言）", "the message, in the language of the run")),
    Column("basis", "text", False, Text("依据", "what the rule rests on")),
)  # fmt: skip
NAMES = tuple(column.name for column in COLUMNS)


def row_of(
    finding: Finding, document: DocumentResult, path: str, record: int | None, rule: Rule, lang: Lang
) -> tuple[Any, ...]:
    """The row of a finding, in the order of COLUMNS.

    Values that are no texts are written as `_as_text` says, so that a column has one type; numbers are exact.
    """
    return (
        path,
        record,
        document.index,
        document.type,
        document.title,
        document.group,
        finding.code,
        rule.name,
        finding.severity.name,
        finding.confidence.name,
        finding.pointer,
        finding.row,
        finding.field,
        _as_text(finding.found, lang),
        _as_text(finding.expected, lang),
        _as_text(finding.difference, lang),
        f"{finding.code}.{finding.variant}" if finding.variant else finding.code,
        dumps(plain(_whole(finding.arguments), lang)),
        message(finding, rule, lang),
        basis(finding, rule, lang),
    )


def _whole(arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    """Numbers of long division are cut as messages cut them: 30 digits of a third tell nothing."""
    return {
        name: Decimal(plain_number(value)) if isinstance(value, Decimal) and value.is_finite() else value
        for name, value in arguments.items()
    }


def _as_text(value: Any, lang: Lang) -> str | None:
    """Text as it is, a number in plain notation, `true`/`false`, anything with parts as JSON; None stays None."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Text):
        return value.to(lang)
    if isinstance(value, Decimal):
        return plain_number(value)
    return dumps(plain(value, lang))
