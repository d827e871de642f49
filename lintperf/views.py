"""How results are shown: the view that reporters get, made of a session and what the user asked for."""

from __future__ import annotations

from lintperf.model import Lang, Severity, Text
from lintperf.pipeline import Session, rules_of
from lintperf.policy import Policy
from lintperf.results import View
from lintperf.version import __version__

__all__ = ["view_of"]


def view_of(
    session: Session,
    policy: Policy,
    lang: Lang,
    fail_on: Severity,
    *,
    color: bool = False,
    width: int = 80,
    explain: bool = False,
    statistics: bool = False,
    quiet: bool = False,
) -> View:
    """How to show what is found with the rules of a policy. Raises UsageProblem for wrong codes and parameters."""
    types = session.extensions.types
    rules = rules_of(session, policy, [None, *types])
    _, compiled = session.program(policy, next(iter(types), None))

    def title(document_type: str, path: str) -> str:
        field = types[document_type].field(path) if document_type in types else None
        return field.title_in(lang) if field is not None else path

    def both_titles(document_type: str, path: str) -> Text:
        field = types[document_type].field(path) if document_type in types else None
        return Text(path, path) if field is None else Text(field.title_in("zh"), field.title_in("en"))

    def unit(document_type: str, path: str) -> str | None:
        field = types[document_type].field(path) if document_type in types else None
        return field.unit if field is not None else None

    return View(
        lang=lang,
        rules=rules,
        titles=title,
        both_titles=both_titles,
        annotatable=frozenset(session.extensions.annotators),
        units=unit,
        ruleset_name=compiled.name,
        ruleset_hash=compiled.hash,
        version=__version__,
        color=color,
        width=width,
        explain=explain,
        statistics=statistics,
        quiet=quiet,
        fail_on=fail_on,
    )
