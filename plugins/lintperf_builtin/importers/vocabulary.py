"""The words by which forms say what stands where, read from YAML: a new layout is a change of data.

The built-in files lie in `lintperf_builtin/vocabulary/`; plugins bring more through the hook `lintperf_vocabulary`.
Files are merged in order: the words of a later one come first, so that it can move a word to another field.
"""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from lintperf.extension import vocabulary_files
from lintperf_builtin.importers.normal import normal

__all__ = ["BUILTIN", "FIELDS", "Layout", "Vocabulary", "VocabularyError", "Words", "current", "load"]

_FOLDER = Path(__file__).parent.parent / "vocabulary"
BUILTIN = tuple(
    _FOLDER / f"{name}.yaml" for name in ("heading", "funds", "goals", "indicators", "tables", "layouts", "reports")
)

# Sections of a file that map fields to words; any other key is a mistake.
FIELDS: dict[str, tuple[str, ...]] = {
    "heading": ("project", "project_amount", "department", "unit", "year", "others"),
    "kinds": ("monitoring", "target-declaration", "department", "self-evaluation"),
    "funds": (
        "initial", "annual", "received", "executed", "interim_executed", "expected_executed", "weight", "rate",
        "interim_rate", "score", "explanation", "others",
    ),
    "fund_sources": ("basic", "project", "other", "carryover", "total", "level", "part", "fiscal"),
    "fund_pairs": ("annual", "received", "executed", "medium"),
    "goals": ("expected", "achieved", "medium_expected", "medium_achieved"),
    "indicators": (
        "level1", "level2", "name", "operator", "target", "unit", "actual", "completion_status", "interim",
        "expected_actual", "weight", "weight_share", "score", "converted_score", "criterion", "likelihood",
        "explanation", "others",
    ),
    "tasks": (
        "name", "content", "result", "budget", "budget_fiscal", "budget_other", "executed", "executed_fiscal",
        "executed_other", "rate", "others",
    ),
    "task_parts": ("whole", "fiscal", "other"),
    "payments": ("label", "payee", "amount"),
    "management": ("aspect", "description", "problems"),
    "report_columns": ("description", "completion_rate", "score_rate", "number"),
    "report_goals": ("overall", "annual"),
    "report_payments": ("label", "payee", "amount", "date"),
}  # fmt: skip
# Sections that are lists of words.
_LISTS = (
    "department_names", "medium_targets", "medium_sections", "titles", "continued", "stated_weights", "ticked",
    "ticks", "unticked", "level_points", "numbered_names", "template_dots", "task_totals", "sections", "totals",
    "subtotals", "grades", "notes", "signatures", "blanks", "report_titles", "report_projects", "report_units",
    "report_tables", "report_periods", "page_furniture",
    "citation_endings", "issuer_endings", "issuer_leads",
)  # fmt: skip
# Sections whose words head rows or columns.
LABELS = (
    "indicators", "ticked", "funds", "fund_pairs", "fund_sources", "goals", "heading", "department_names", "tasks",
    "task_parts", "task_totals", "management", "payments", "sections",
)  # fmt: skip
# Results of patterns that are kept.
_REMEMBERED = 4096
_LAYOUT_KEYS = ("name", "title", "requires", "marks", "texts")


class VocabularyError(ValueError):
    """A vocabulary file that cannot be used; the message names file, key and what was expected."""


class Words:
    """Words and patterns with the fields they stand for.

    A word may stand for several fields, the likeliest first.
    """

    __slots__ = ("_found", "_joined", "exact", "patterns")

    def __init__(self) -> None:
        self.exact: dict[str, tuple[str, ...]] = {}
        self.patterns: list[tuple[re.Pattern[str], str]] = []
        self._found: dict[str, tuple[str, ...]] = {}
        self._joined: str | None = None

    def fields(self, word: str) -> tuple[str, ...]:
        """The fields that a label in its normal form may stand for; empty for an unknown one."""
        if not word:
            return ()
        found = self.exact.get(word)
        if found is None and self.patterns:
            found = self._found.get(word)
            if found is None:
                found = next(((field,) for pattern, field in self.patterns if pattern.search(word)), ())
                if len(self._found) >= _REMEMBERED:
                    self._found.clear()
                self._found[word] = found
        return found or ()

    def has_piece(self, text: str) -> bool:
        """Whether the text stands in one of the words."""
        if self._joined is None:
            self._joined = "\n".join(self.exact)
        return text in self._joined

    def put_first(self, others: Words) -> None:
        """Adds the words of `others`; where both know a word, the fields of `others` come first."""
        for word, fields in others.exact.items():
            self.exact[word] = (*fields, *(field for field in self.exact.get(word, ()) if field not in fields))
        self.patterns[:0] = others.patterns

    def __contains__(self, word: str) -> bool:
        return bool(self.fields(word))

    def search(self, text: str) -> re.Match[str] | None:
        """The first pattern's find in a text as it stands."""
        return next((found for pattern, _ in self.patterns if (found := pattern.search(text))), None)


class Layout(NamedTuple):
    """A layout and its marks; see layouts.yaml."""

    name: str
    requires: tuple[str, ...]
    marks: tuple[str, ...]
    texts: tuple[re.Pattern[str], ...]


class Vocabulary(NamedTuple):
    """All words by section, and the layouts in the order in which they are tried."""

    words: dict[str, Words]
    layouts: tuple[Layout, ...]
    # any pattern of a section whose words head rows or columns
    label: re.Pattern[str]
    # what was found out about texts, kept by `labels`
    known: dict[str, bool]


_latest: tuple[tuple[Path, ...] | None, Vocabulary] = (None, Vocabulary({}, (), re.compile(""), {}))


def current() -> Vocabulary:
    """The vocabulary in force: the files that plugins bring, or the built-in ones where nobody set any."""
    global _latest
    paths, vocabulary = _latest
    wanted = vocabulary_files.get()
    # Asked for every cell: the same tuple again needs no look at its paths.
    if paths is not wanted:
        vocabulary = load(wanted or BUILTIN)
        _latest = wanted, vocabulary
    return vocabulary


@lru_cache(maxsize=8)
def load(paths: tuple[Path, ...]) -> Vocabulary:
    """The vocabulary of these files. Raises VocabularyError."""
    words = {section: Words() for section in (*FIELDS, *_LISTS)}
    layouts: list[Layout] = []
    for path in paths:
        added: list[Layout] = []
        for section, content in _read(path).items():
            new = Words()
            if section == "layouts":
                added = _layouts(path, content)
            elif section in FIELDS:
                if not isinstance(content, dict):
                    raise VocabularyError(f"{path}: {section}: expected fields, each with a list of words")
                for field, entries in content.items():
                    if field not in FIELDS[section]:
                        known = ", ".join(FIELDS[section])
                        raise VocabularyError(f"{path}: {section}.{field}: unknown field, use one of {known}")
                    _add(new, f"{path}: {section}.{field}", field, entries)
                words[section].put_first(new)
            elif section in _LISTS:
                _add(new, f"{path}: {section}", section, content)
                words[section].put_first(new)
            else:
                known = ", ".join((*FIELDS, *_LISTS, "layouts"))
                raise VocabularyError(f"{path}: {section}: unknown section, use one of {known}")
        names = {layout.name for layout in added}
        layouts = added + [layout for layout in layouts if layout.name not in names]
    label = "|".join(f"(?:{pattern.pattern})" for section in LABELS for pattern, _ in words[section].patterns)
    return Vocabulary(words, tuple(layouts), re.compile(label or r"(?!)"), {})


def _read(path: Path) -> dict[str, Any]:
    import yaml

    # Every scalar is a text: `no`, `1` and `1e3` are words here.
    loader = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=loader)  # noqa: S506 - builds texts, lists and mappings alone # nosec B506
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as problem:
        raise VocabularyError(f"{path}: cannot be read: {problem}") from problem
    if not isinstance(content, dict):
        raise VocabularyError(f"{path}: expected sections (funds, indicators, …), each with its words")
    return content


def _add(words: Words, where: str, field: str, entries: Any) -> None:
    for entry in _strings(where, entries):
        if len(entry) > 2 and entry[0] == entry[-1] == "/":
            words.patterns.append((_pattern(where, entry[1:-1]), field))
            continue
        word = normal(entry) or entry
        fields = words.exact.get(word, ())
        if field not in fields:
            words.exact[word] = (*fields, field)


def _strings(where: str, entries: Any) -> list[str]:
    if not isinstance(entries, list) or not all(isinstance(entry, str) and entry for entry in entries):
        raise VocabularyError(f"{where}: expected a list of words")
    return entries


def _pattern(where: str, text: str) -> re.Pattern[str]:
    try:
        return re.compile(text)
    except re.error as problem:
        raise VocabularyError(f"{where}: /{text}/ is no valid pattern: {problem}") from problem


def _layouts(path: Path, content: Any) -> list[Layout]:
    if not isinstance(content, list):
        raise VocabularyError(f"{path}: layouts: expected a list")
    found = []
    for number, entry in enumerate(content):
        where = f"{path}: layouts[{number}]"
        if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
            raise VocabularyError(f"{where}: expected a mapping with a name")
        for key in entry:
            if key not in _LAYOUT_KEYS:
                raise VocabularyError(f"{where}.{key}: unknown key, use one of {', '.join(_LAYOUT_KEYS)}")
        requires, marks, texts = (
            _strings(f"{where}.{key}", entry.get(key, [])) for key in ("requires", "marks", "texts")
        )
        patterns = tuple(_pattern(f"{where}.texts", text) for text in texts)
        found.append(Layout(entry["name"], tuple(requires), tuple(marks), patterns))
    return found
