"""What the language server knows: settings, open texts, what the last check of each found.

Nothing here speaks the protocol but the texts. One thread at a time uses the sessions: the server's worker.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal

from lintperf.authoring import AuthorProblem, PackFile, failing_cases, kind_of, problems_in
from lintperf.config import config_for, excluded, forget_configurations, load_config, policy_from
from lintperf.document import Document
from lintperf.document.errors import SyntaxProblem
from lintperf.document.yaml_text import load_with_places
from lintperf.explaining import all_rules, choosable_packs, explained_in_markdown
from lintperf.extension import Source
from lintperf.fixing import mend
from lintperf.lsp.texts import EditorText
from lintperf.model import Finding, Lang, Text, TextPlace
from lintperf.pipeline import Session, check_source, open_session, read_documents, rules_of
from lintperf.policy import PERSONAS, Policy, UsageProblem
from lintperf.results import DocumentResult, FileResult, Wanted
from lintperf.rules.rule import Rule, RuleProblem
from lintperf.surroundings import default_lang, today

__all__ = ["DATA_SUFFIXES", "Checked", "Desk", "Settings"]

DATA_SUFFIXES = (".json", ".yaml", ".yml")
DEBOUNCE = 50
LONGEST_DEBOUNCE = 10_000
Kind = Literal["document", "rule", "cases", "ruleset", "choices", "config"]


@dataclass(frozen=True, slots=True)
class Settings:
    """The editor's settings; None where the configuration file, the locale or a default decides.

    debounce  how long to wait after a change before checking, in milliseconds
    """

    lang: Lang | None = None
    persona: str | None = None
    debounce: int = DEBOUNCE

    def changed(self, given: Any) -> tuple[Settings, list[Text]]:
        """The settings with those that an editor hands over, and what is wrong with these."""
        if isinstance(given, Mapping) and isinstance(given.get("lintperf"), Mapping):
            given = given["lintperf"]
        if not isinstance(given, Mapping):
            return self, []
        settings: Settings = self
        wrong: list[Text] = []
        lang, persona = given.get("lang"), given.get("persona")
        if "lang" in given and lang in ("zh", "en", None):
            settings = replace(settings, lang=lang)
        elif "lang" in given:
            wrong.append(_not_one_of("lang", lang, ("zh", "en")))
        if "persona" in given and (persona is None or persona in PERSONAS):
            settings = replace(settings, persona=persona)
        elif "persona" in given:
            wrong.append(_not_one_of("persona", persona, tuple(PERSONAS)))
        wait = given.get("debounce")
        if isinstance(wait, int | float) and not isinstance(wait, bool) and 0 <= wait <= LONGEST_DEBOUNCE:
            settings = replace(settings, debounce=int(wait))
        elif wait is not None:
            wrong.append(Text(
                f"设置 lintperf.debounce 应为 0 到 {LONGEST_DEBOUNCE} 毫秒，得到 {wait}",
                f"the setting lintperf.debounce must be 0 to {LONGEST_DEBOUNCE} milliseconds, got {wait}",
            ))  # fmt: skip
        return settings, wrong


def _not_one_of(name: str, value: Any, allowed: tuple[str, ...]) -> Text:
    return Text(
        f"设置 lintperf.{name} 不能是 {value}；可用：{'、'.join(allowed)}",
        f"the setting lintperf.{name} cannot be {value}; use one of {', '.join(allowed)}",
    )


@dataclass(slots=True)
class Checked:
    """What was found in one state of a text.

    result    of a document: the findings; rules: those that may have made them, by code
    problems  of a file of a pack or a configuration
    trouble   why it could not be checked: the configuration, or a rule file elsewhere
    """

    text: EditorText
    kind: Kind | None = None
    result: FileResult | None = None
    rules: Mapping[str, Rule] = field(default_factory=dict)
    problems: list[AuthorProblem] = field(default_factory=list)
    trouble: UsageProblem | RuleProblem | None = None

    @property
    def findings(self) -> list[tuple[DocumentResult, Finding]]:
        """The findings of all documents of the file, in order."""
        documents = self.result.documents if self.result is not None else []
        return [(document, finding) for document in documents for finding in document.findings]

    def span(self, place: TextPlace) -> tuple[int, int]:
        """The stretch to underline: that of the place, or its first line where it has several."""
        # the reader does not count a mark at the beginning
        shift = 1 if self.text.text.startswith("\ufeff") else 0
        start, end = place.offset + shift, place.end_offset + shift
        return start, min(end, max(start, self.text.line(place.line)[1]))


class Desk:
    """Open texts, what was found in them, and two sessions: one for documents, one for authors of packs.

    The latter reads packs anew whenever a file of one is written, and keeps nothing in the user's cache.
    """

    def __init__(self) -> None:
        self.settings = Settings()
        self.locale: Lang | None = None
        self.checked: dict[str, Checked] = {}
        # the last data of a pack's file that could be read, for completion while it cannot
        self.good: dict[str, Any] = {}
        self.failing: dict[str, list[AuthorProblem]] = {}
        # the labels of a document's rows that findings are about, as last known
        self.rows: dict[str, list[str]] = {}
        self._documents: set[str] = set()

    @cached_property
    def session(self) -> Session:
        """For documents."""
        return open_session()

    @cached_property
    def author(self) -> Session:
        """For files of packs."""
        return Session(self.session.extensions, use_cache=False)

    @property
    def lang(self) -> Lang:
        """The language of what the user reads."""
        return self.settings.lang or self.locale or default_lang()

    def get_ready(self) -> None:
        """Load what the first check of a document will need, while the editor opens it."""
        rules_of(self.session, Policy(today=today()), [None, *self.session.extensions.types])

    def forget(self, uri: str) -> None:
        """The editor has closed a text."""
        self.checked.pop(uri, None)
        self.good.pop(uri, None)
        self.failing.pop(uri, None)
        self.rows.pop(uri, None)
        self._documents.discard(uri)

    def read_again(self) -> None:
        """Configuration or rule files have changed on disk."""
        forget_configurations()
        self.session.forget_packs()
        self.author.forget_packs()

    def policy(self, text: EditorText) -> Policy:
        """What is wanted of a text's file. Raises UsageProblem for a configuration that cannot be used."""
        chosen = Policy(today=today(), persona=self.settings.persona or "author")
        if not text.saved:
            return chosen
        return policy_from(config_for(text.path), chosen, text.path, self.settings.persona)

    def check(self, text: EditorText) -> Checked:
        """Everything there is to say about a text; known where it has not changed since."""
        known = self.checked.get(text.uri)
        if known is not None and known.text is text:
            return known
        checked = Checked(text)
        try:
            self._look(text, checked)
        except (UsageProblem, RuleProblem) as problem:
            checked.trouble = problem
        self.checked[text.uri] = checked
        return checked

    def glance(self, text: EditorText) -> Checked:
        """What is known of a text without checking it: what kind it is, as far as it was checked before."""
        known = self.checked.get(text.uri)
        if known is not None and known.text is text:
            return known
        return Checked(text, known.kind if known is not None else None)

    def _look(self, text: EditorText, checked: Checked) -> None:
        if text.path.name == "lintperf.toml":
            checked.kind = "config"
            checked.problems = _config_problems(text)
            return
        if text.suffix not in DATA_SUFFIXES:
            return
        pack_file = kind_of(text.path, text.text)
        if pack_file is not None:
            self._look_at_pack_file(text, pack_file, checked)
        elif text.uri in self._documents or any(name in text.text for name in self.session.extensions.types):
            # a file that was a document stays one while its type is being typed anew
            self._look_at_document(text, checked)

    def _look_at_pack_file(self, text: EditorText, kind: PackFile, checked: Checked) -> None:
        checked.kind = kind
        checked.problems = list(problems_in(self.author, kind, text.path, text.text))
        try:
            data = load_with_places(text.text)[0]
        except SyntaxProblem:
            return
        if isinstance(data, dict):
            self.good[text.uri] = data

    def _look_at_document(self, text: EditorText, checked: Checked) -> None:
        policy = self.policy(text)
        if text.saved and excluded(config_for(text.path), text.path):
            return
        # half a surrogate pair cannot be encoded; a mark in its place keeps all others where they are
        content = text.text.encode("utf-8", "replace")
        source = Source(str(text.path), content)
        foreign = text.uri not in self._documents
        checked.result = check_source(self.session, source, policy, skip_unknown=foreign, wanted=Wanted(data=True))
        checked.rules = rules_of(self.session, policy, [None, *self.session.extensions.types])
        if checked.result.documents:
            checked.kind = "document"
            self._documents.add(text.uri)
            rows = [finding.row for _, finding in checked.findings if finding.row]
            if any(document.type for document in checked.result.documents):
                self.rows[text.uri] = list(dict.fromkeys(rows))

    def fixed(self, text: EditorText) -> list[Finding]:
        """The findings of a document whose safe fixes hold together: each with what to write where."""
        source = Source(str(text.path), text.text.encode("utf-8", "replace"))
        mended = mend(self.session, source, self.policy(text), skip_unknown=True).mended
        return list(mended.applied) if mended is not None else []

    def documents(self, text: EditorText) -> list[Document]:
        """The documents of a text with their places; none where it cannot be read."""
        source = Source(str(text.path), text.text.encode("utf-8", "replace"))
        return [each for each in read_documents(self.session, source)[0] if each.data is not None]

    def run_cases(self, text: EditorText) -> list[AuthorProblem]:
        """The cases of a rule that do not hold, where the open text is the rule's or that of its cases; as saved."""
        kind = kind_of(text.path, text.text)
        self.failing.pop(text.uri, None)
        if kind not in ("rule", "cases", "choices") or not text.saved:
            return []
        try:
            failing = list(failing_cases(self.author, text.path))
            places = load_with_places(text.text)[1]
        except (RuleProblem, UsageProblem, SyntaxProblem):
            return []  # said where it is wrong, when that file is open
        problems = []
        for result in failing:
            failure = result.failure or Text("", "")
            said = Text(f"用例“{result.name}”不符：{failure.zh}", f"case {result.name!r} fails: {failure.en}")
            pointer = "/code" if kind == "rule" else f"{result.pointer}/name"
            problems.append(AuthorProblem(said, places.get(pointer)))
        self.failing[text.uri] = problems
        return problems

    def rules(self, text: EditorText) -> dict[str, Rule]:
        """The rules that can be named in a text's file, by code and by name; all packs where it cannot be told."""
        policy = self._chosen(text)
        _, rules = all_rules(self.session, policy)
        known = {rule.code: rule for rule in rules}
        for pack in choosable_packs(self.session, policy):
            known.update({rule.code: rule for rule in pack.rules if rule.code not in known})
        return known

    def _chosen(self, text: EditorText) -> Policy:
        """The packs that are chosen for a text's file and nothing else; none where its configuration is wrong."""
        try:
            return Policy(rulesets=self.policy(text).rulesets)
        except UsageProblem:
            return Policy()

    def rule(self, text: EditorText, word: str) -> Rule | None:
        """The rule with this code or name."""
        try:
            rules = self.rules(text)
        except (RuleProblem, UsageProblem):
            return None
        return rules.get(word) or next((rule for rule in rules.values() if rule.name == word), None)

    def explain(self, text: EditorText, rule: Rule) -> str:
        """What `lintperf rule CODE` says, in Markdown."""
        policy = self._chosen(text)
        ruleset, _ = all_rules(self.session, policy)
        return explained_in_markdown(rule, ruleset, choosable_packs(self.session, policy), self.lang)

    def data_of(self, text: EditorText) -> Mapping[str, Any]:
        """The data of a pack's file as far as it can be read, else as it last could."""
        try:
            data = load_with_places(text.text)[0]
        except SyntaxProblem:
            data = self.good.get(text.uri)
        return data if isinstance(data, Mapping) else {}

    def type_at(self, text: EditorText, offset: int) -> str | None:
        """The type of the document around a place: the one named last before it, else the first."""
        types = self.session.extensions.types
        found = [(match.start(), match[1]) for match in _TYPE.finditer(text.text) if match[1] in types]
        before = [name for place, name in found if place <= offset]
        return before[-1] if before else found[0][1] if found else None


_TYPE = re.compile(r"""(?:^|[\s{,])["']?type["']?\s*:\s*["']?([A-Za-z][\w-]*)""")
_KEY_IN_TOML = re.compile(r"：([a-z-]+)")


def _config_problems(text: EditorText) -> list[AuthorProblem]:
    """What is wrong with the configuration file as it is saved; at the key that is named, where one is."""
    if not text.saved or not text.path.is_file():
        return []
    forget_configurations()
    try:
        load_config(text.path)
    except UsageProblem as problem:
        said = problem.text
        prefix = str(text.path)
        zh, en = (part.removeprefix(prefix).lstrip("：: ") for part in said)
        return [AuthorProblem(Text(zh, en), _toml_place(text, re.split("[：:. ]", en)[0]))]
    return []


def _toml_place(text: EditorText, key: str) -> TextPlace | None:
    found = re.search(rf"^\s*\[?({re.escape(key)})\b", text.text, re.MULTILINE) if key else None
    if found is None:
        return None
    start, end = found.span(1)
    line = text.position(start).line
    return TextPlace(line, 0, line, 0, start, end)
