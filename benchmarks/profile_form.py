"""Where the time of one clean form goes: `python benchmarks/profile_form.py [--functions]`.

Without the option: microseconds a form for each step over 200 different forms, each step timed alone. With it: the
functions that cost most, by cProfile (which makes small functions look dearer than they are).
"""

from __future__ import annotations

import cProfile
import gc
import pstats
import statistics
import sys
import time
from decimal import localcontext
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.checker import open_checker
from benchmarks.forms import clean_form, form_text
from benchmarks.measure import exact
from lintperf.extension import Source
from lintperf.pipeline import check_source, open_session, read_documents
from lintperf.policy import Policy
from lintperf.rules.run import CONTEXT
from lintperf.rules.subject import DocumentSubject

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lintperf.extension import Check
    from lintperf.pipeline import Session
    from lintperf.rules.program import Program

FORMS = 200
ROUNDS = 9
TYPE = "self-evaluation"


def main() -> None:
    """Prints the split, or the profile."""
    if "--functions" not in sys.argv:
        print_steps()
        return
    check = open_checker()
    contents = batch(1)
    check(batch(0)[0])
    profile = cProfile.Profile()
    profile.enable()
    for content in contents:
        check(content)
    profile.disable()
    pstats.Stats(profile).sort_stats("tottime").print_stats(40)


def batch(number: int) -> list[bytes]:
    """Forms that no other batch has."""
    return [form_text(clean_form(number * FORMS + i)).encode() for i in range(FORMS)]


def print_steps() -> None:
    """Each step alone: reading, schema, facts by group, scans, checks one by one; and the whole.

    Every round takes new forms, so that facts are not just remembered; the whole takes others than the steps.
    """
    session, policy = open_session(), Policy(persona="auditor")
    taken: dict[str, list[float]] = {}
    for round_number in range(ROUNDS):
        times = {}
        for name, action in actions(session, policy, batch(2 * round_number), batch(2 * round_number + 1)):
            gc.collect()
            start = time.perf_counter()
            action()
            times[name] = time.perf_counter() - start
        for name, seconds in times.items():
            taken.setdefault(name, []).append(seconds)
    for name, several in taken.items():
        print(f"{statistics.median(several) / FORMS * 1e6:8.1f} µs  {name}")


def actions(
    session: Session, policy: Policy, contents: list[bytes], others: list[bytes]
) -> Iterator[tuple[str, Callable[[], object]]]:
    """The steps in their order; each finds done what it builds on."""
    kind = session.extensions.types[TYPE]
    program, _ = session.program(policy, TYPE)
    sources = [Source("form.json", content) for content in contents]
    documents = [read_documents(session, source)[0][0] for source in sources]
    subjects = [DocumentSubject(document.path, document.data, program.groups) for document in documents]
    yield "json.loads with Decimal", lambda: [exact(content) for content in contents]
    yield "reading", lambda: [read_documents(session, source) for source in sources]
    yield "schema", lambda: [kind.validator.check(document.data) for document in documents]
    with localcontext(CONTEXT):
        for number, group in sorted(enumerate(program.groups), key=lambda one: not one[1].each):
            compute = partial(_compute, subjects, number)
            yield f"facts {group.record.__name__} ({group.each or 'document'})", compute
        yield "scans: all rules that are expressions", partial(_scan, program, subjects)
        for number, check, options in program.checks:
            yield f"check {program.rules[number].code} {check.name}", partial(_check, subjects, check, options)
    yield (
        "whole: bytes to findings",
        lambda: [check_source(session, Source("form.json", one), policy) for one in others],
    )


def _compute(subjects: list[DocumentSubject], number: int) -> None:
    for subject in subjects:
        subject.row_facts(number)


def _scan(program: Program, subjects: list[DocumentSubject]) -> None:
    hits: list[tuple[int, int]] = []
    for subject in subjects:
        for _, scan in program.scans:
            scan(subject.data, subject.rows, subject.row_facts, subject.fact, hits.append, _raise)


def _check(subjects: list[DocumentSubject], check: Check, options: Mapping[str, object]) -> None:
    for subject in subjects:
        for _ in check.run(subject, options):
            pass


def _raise(_number: int, _row: int, problem: Exception) -> None:
    raise problem


if __name__ == "__main__":
    main()
