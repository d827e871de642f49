"""What the vocabulary in force makes of labels, headers and lines of text."""

from __future__ import annotations

import re

from lintperf_builtin.importers import vocabulary
from lintperf_builtin.importers.normal import MAX_LABEL, compact, normal

__all__ = [
    "ambiguous_fields",
    "currency_unit",
    "forget",
    "fund_field",
    "fund_pair",
    "fund_source",
    "goal_field",
    "heading_field",
    "indicator_field",
    "is_continued",
    "is_department_title",
    "is_in",
    "is_known_header",
    "is_note",
    "is_section_label",
    "is_signature",
    "is_title",
    "kind_of_title",
    "may_be_label",
    "normal",
    "starts_numbered",
    "stated_weight",
]

_CURRENCY = re.compile(r"(?:\(|单位:|,|:)(?:单位:|人民币|金额:)*(元|万元|亿元)(?:\)|$|人民币|[,;])")
_MAX_TITLE = 100
_MAX_PATTERN = 45
# Texts of earlier files that are remembered; one file may add MAX_CELLS.
_REMEMBERED = 20_000
_MAX_SIGNATURE = 200


def _words(section: str) -> vocabulary.Words:
    return vocabulary.current().words[section]


def _fields(section: str, text: str) -> tuple[str, ...]:
    """The fields that a label may name, the likeliest first. The name of a whole section fits no pattern."""
    word = normal(text)
    words = _words(section)
    found = words.exact.get(word)
    if found is None:
        found = () if word in _words("sections").exact else words.fields(word)
    return found


def _field(section: str, text: str) -> str | None:
    return next(iter(_fields(section, text)), None)


def is_in(section: str, text: str) -> bool:
    """Whether the text, in its normal form, is in a list of the vocabulary: `totals`, `grades`, `ticks` …"""
    words = _words(section)
    return normal(text) in words or text.strip() in words.exact


def ambiguous_fields(section: str, text: str) -> tuple[str, ...]:
    """All fields of a section that this header may name, the likeliest first."""
    return _fields(section, text)


def heading_field(text: str) -> str | None:
    """The field of the heading that this label names; `others` for labels without a field of their own."""
    return _field("heading", text)


def fund_field(text: str) -> str | None:
    """The field of a funds row that this column header names; `others` for columns without a field of their own."""
    return _field("funds", text)


def fund_pair(text: str) -> str | None:
    """The amount that this label names where labels and amounts stand in pairs: `预算数：| 100`."""
    return _field("fund_pairs", text)


def indicator_field(text: str) -> str | None:
    """The field of an indicator that this column header names; `others` for columns without a field of their own.

    `ticked`: a column to tick under the likelihood.
    """
    return _field("indicators", text) or ("ticked" if normal(text) in _words("ticked") else None)


def goal_field(text: str) -> str | None:
    """The goal (`expected`, `achieved`, `medium_expected`, `medium_achieved`) that this label names."""
    return _field("goals", text)


def fund_source(label: str, below_fiscal: bool) -> str | None:
    """The source that the label of a funds row names, as the schema calls it; None for labels nobody knows.

    `below_fiscal`: a row of fiscal appropriation as a whole stands above, so its parts are details.
    """
    word = re.sub(r"^其中[:,]?", "", normal(label))
    source = next(iter(_words("fund_sources").fields(word)), None)
    if source in ("level", "part"):
        return "detail" if below_fiscal else "fiscal"
    return source


def stated_weight(text: str) -> str | None:
    """The points that a header states for execution (`得分（20分*执行率）`), as a number's text."""
    found = _words("stated_weights").search(compact(text)) if len(text) <= 4 * MAX_LABEL else None
    return found[1] if found else None


def currency_unit(text: str) -> str | None:
    """元, 万元 or 亿元 where the text names it in brackets or after 单位."""
    found = _CURRENCY.search(compact(text[:200]))
    return found[1] if found else None


def is_section_label(text: str) -> bool:
    """Whether the text names a section, or is a piece of such a name (a narrow column cuts it into cells).

    A number behind the name (`年度绩效目标1`) counts the sections.
    """
    word = normal(text)
    if not word:
        return False
    labels = _words("sections")
    return labels.has_piece(word) or (word[-1].isdigit() and word.rstrip("0123456789") in labels.exact)


def is_note(text: str) -> bool:
    """Whether the text begins a note or names one."""
    words = _words("notes")
    if normal(text) in words.exact:
        return True
    start = compact(text[:MAX_LABEL])
    return any(pattern.search(start) for pattern, _ in words.patterns)


def is_signature(text: str) -> bool:
    """Whether the text begins a line of signatures."""
    return len(text) <= _MAX_SIGNATURE and normal(text) in _words("signatures")


def is_title(text: str) -> bool:
    """Whether a line of text is the title of a form."""
    if len(text) > _MAX_TITLE or text.rstrip().endswith("。"):
        return False
    return _words("titles").search(compact(text)) is not None


def kind_of_title(text: str) -> str | None:
    """The kind of form that a title tells."""
    line = compact(text)
    return next((kind for pattern, kind in _words("kinds").patterns if pattern.search(line)), None)


def is_continued(text: str) -> bool:
    """Whether a title says that its form goes on from above: 续表."""
    line = compact(text)
    return any(line.endswith(mark) for mark in _words("continued").exact)


def is_department_title(text: str) -> bool:
    """Whether a title is that of a form on a whole department."""
    line = compact(text)
    return any(pattern.search(line) for pattern, kind in _words("kinds").patterns if kind == "department")


def starts_numbered(text: str) -> bool:
    """Whether the name of an indicator begins with its number: 指标1：."""
    return _words("numbered_names").search(compact(text)) is not None


def may_be_label(text: str) -> bool:
    """Whether the text is a word of any section: what is none heads nothing. Remembered: it is asked of each cell."""
    known = vocabulary.current().known
    found = known.get(text)
    if found is None:
        found = known[text] = _is_word(normal(text))
    return found


def forget() -> None:
    """Drops what is remembered of texts when it has grown large; between two files."""
    known = vocabulary.current().known
    if len(known) > _REMEMBERED:
        known.clear()


def _is_word(word: str) -> bool:
    if not word:
        return False
    known = vocabulary.current()
    exact = any(word in known.words[section].exact for section in vocabulary.LABELS)
    # Long words, and those without a Chinese character, fit no pattern.
    if exact or word.isascii() or len(word) > _MAX_PATTERN:
        return exact
    if known.label.search(word) is not None or is_section_label(word):
        return True
    return word.startswith("其中") and bool(known.words["fund_sources"].fields(re.sub(r"^其中[:,]?", "", word)))


def is_known_header(text: str) -> bool:
    """Whether the text is a header or label of any part of a form."""
    if not may_be_label(text):
        return False
    return bool(
        text
        and len(text) <= 4 * MAX_LABEL
        and (indicator_field(text) or fund_field(text) or goal_field(text) or heading_field(text))
    )
