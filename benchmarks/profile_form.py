"""Where the time of one clean form goes: `python benchmarks/profile_form.py [--functions]`.

Without the option: microseconds a form for each step over 200 different forms, each step timed alone. With it: the
functions that cost most, by cProfile (which makes small functions look dearer than they are).
"""

from __future__ import annotations

import cProfile
import pstats
import sys
from decimal import localcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.checker import open_checker
from benchmarks.forms import clean_form, form_text
from benchmarks.measure import exact, take_turns
from lintperf.extension import Source
from lintperf.pipeline import check_source, open_session, read_documents
from lintperf.policy import Policy
from lintperf.rules.run import CONTEXT, run_rules
from lintperf.rules.subject import DocumentSubject

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lintperf.extension import Check

FORMS = 200
ROUNDS = 9
TYPE = "self-evaluation"


def main() -> None:
    """Prints the split, or the profile."""
    contents = [form_text(clean_form(seed)).encode() for seed in range(FORMS)]
    if "--functions" not in sys.argv:
        print_steps(contents)
        return
    check = open_checker()
    check(contents[0])
    profile = cProfile.Profile()
    profile.enable()
    for content in contents:
        check(content)
    profile.disable()
    pstats.Stats(profile).sort_stats("tottime").print_stats(40)


def print_steps(contents: list[bytes]) -> None:
    """Each step alone: reading, schema, facts by group, scans, checks one by one; and the whole."""
    session, policy = open_session(), Policy(persona="auditor")
    kind = session.extensions.types[TYPE]
    program, _ = session.program(policy, TYPE)
    sources = [Source("form.json", content) for content in contents]
    documents = [read_documents(session, source)[0][0] for source in sources]

    def subjects() -> list[DocumentSubject]:
        return [DocumentSubject(document.path, document.data, program.groups) for document in documents]

    ready = subjects()
    with localcontext(CONTEXT):
        for subject in ready:
            for number in range(len(program.groups)):
                subject.row_facts(number)

    def compute(number: int) -> None:
        # document-wide groups may ask for the facts of rows; those are timed as their own
        group = program.groups[number]
        for document, done in zip(documents, ready, strict=True):
            subject = DocumentSubject(document.path, document.data, program.groups) if group.each else done
            if group.each:
                subject.row_facts(number)
            else:
                group.compute(subject)

    def scan() -> None:
        hits: list[tuple[int, int]] = []
        for subject in ready:
            for _, _, one in program.scans:
                one(subject.data, subject.rows, subject.row_facts, subject.fact, hits.append, _raise)

    def run_check(check: Check, options: Mapping[str, object]) -> None:
        for subject in ready:
            for _ in check.run(subject, options):
                pass

    actions: dict[str, Callable[[], object]] = {
        "json.loads with Decimal": lambda: [exact(content) for content in contents],
        "reading": lambda: [read_documents(session, source) for source in sources],
        "schema": lambda: [kind.validator.check(document.data) for document in documents],
    }
    for number, group in enumerate(program.groups):
        actions[f"facts {group.record.__name__} ({group.each or 'document'})"] = partial(compute, number)
    actions["scans: all rules that are expressions"] = scan
    for number, check, options in program.checks:
        actions[f"check {program.rules[number].code} {check.name}"] = partial(run_check, check, options)
    actions["facts, scans and checks in one"] = lambda: [run_rules(program, one, one.data, []) for one in documents]
    actions["whole: bytes to findings"] = lambda: [check_source(session, source, policy) for source in sources]
    with localcontext(CONTEXT):
        times = take_turns(actions, ROUNDS)
    for name, timing in times.items():
        print(f"{timing.median / len(contents) * 1e6:8.1f} µs  {name}")


def _raise(_number: int, _row: int, problem: Exception) -> None:
    raise problem


if __name__ == "__main__":
    main()
