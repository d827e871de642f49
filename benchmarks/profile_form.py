"""Where the time of one form goes: `python benchmarks/profile_form.py [--functions]`.

Without the option: microseconds a form of each step, taken where it happens in real runs over forms that the process
has not seen. Facts and texts that several checks share are paid by the first that asks. With it: the functions that
cost most, by cProfile (which makes small functions look dearer than they are).

Times swing with whatever else the machine does; for a change of some percent count instructions instead:
`valgrind --tool=callgrind python -c ...` over two numbers of forms, and take the difference.
"""

from __future__ import annotations

import cProfile
import gc
import pstats
import statistics
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.checker import open_checker
from benchmarks.forms import clean_form, form_text
from benchmarks.measure import exact
from lintperf import pipeline
from lintperf.extension import Source
from lintperf.policy import Policy
from lintperf.rules.subject import DocumentSubject

if TYPE_CHECKING:
    from collections.abc import Callable

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
    """Decoding alone, the whole, and each step in its place. The median of rounds over new forms."""
    session, policy = pipeline.open_session(), Policy(persona="auditor")

    def check(content: bytes) -> None:
        pipeline.check_source(session, Source("form.json", content), policy)

    for content in batch(0):  # readers and patterns are made ready by the first forms
        check(content)
    taken: dict[str, list[float]] = {}
    for number in range(1, ROUNDS + 1):
        contents = batch(2 * number)
        for name, action in (("json.loads with Decimal", exact), ("whole: bytes to findings", check)):
            taken.setdefault(name, []).append(timed(action, contents))
    program, _ = session.program(policy, TYPE)
    spent = noted(program)
    for number in range(1, ROUNDS + 1):
        spent.clear()
        for content in batch(2 * number + 1):
            check(content)
        for name, seconds in spent.items():
            taken.setdefault(name, []).append(seconds)
    for name, several in taken.items():
        print(f"{statistics.median(several) / FORMS * 1e6:8.1f} µs  {name}")


def timed(action: Callable[[bytes], object], contents: list[bytes]) -> float:
    """Seconds for all contents."""
    gc.collect()
    start = time.perf_counter()
    for content in contents:
        action(content)
    return time.perf_counter() - start


def noted(program: Program) -> Counter[str]:
    """From now on the steps note the seconds that they take: in what is returned, by their names."""
    spent: Counter[str] = Counter()

    def watched(name: Callable[..., str], step: Callable[..., Any]) -> Callable[..., Any]:
        def run(*arguments: Any) -> Any:
            start = time.perf_counter()
            result = step(*arguments)
            if not isinstance(result, list | tuple):
                result = list(result) if hasattr(result, "__next__") else result
            spent[name(*arguments)] += time.perf_counter() - start
            return result

        return run

    pipeline.read_documents = watched(lambda *_: "reading and schema", pipeline.read_documents)
    row_facts = DocumentSubject.row_facts
    DocumentSubject.row_facts = lambda self, number: (  # type: ignore[method-assign]
        self._facts[number] if number in self._facts else facts(self, number)
    )
    facts = watched(lambda self, number: f"facts {self._groups[number].record.__name__}", row_facts)
    program.scans[:] = [
        (numbers, watched(lambda *_, each=each: f"rules over {each or 'the document'}, with their facts", scan))
        for (numbers, scan), (each, *_) in zip(program.scans, program.plan.scans, strict=True)
    ]
    program.checks[:] = [
        (number, watched(lambda *_, rule=program.rules[number]: f"check {rule.code} {rule.name}", run), options)
        for number, run, options in program.checks
    ]
    return spent


if __name__ == "__main__":
    main()
