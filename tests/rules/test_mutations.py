"""Each rule on clean forms: put its defect into a random row and exactly that code fires there; undo it, silence."""

from __future__ import annotations

import copy
import importlib
import random
from pathlib import Path

import pytest

from benchmarks.forms import clean_form
from lintperf.document import Document
from lintperf.pipeline import Session, check_document, open_session
from lintperf.policy import Policy
from tests.rules.mutation import Mutation

MODULES = sorted(path.stem for path in Path(__file__).parent.glob("mutations_*.py"))
MUTATIONS: list[Mutation] = [
    mutation for module in MODULES for mutation in importlib.import_module(f"tests.rules.{module}").MUTATIONS
]
SEEDS = range(6)


@pytest.fixture(scope="module")
def session() -> Session:
    return open_session()


def findings(session: Session, form: object, mutation: Mutation | None = None) -> list[tuple[str, str]]:
    extend = (mutation.code,) if mutation is not None and mutation.extend else ()
    policy = Policy(persona="auditor", extend_select=extend)
    failed: list[object] = []
    result = check_document(session, Document("form.json", form), policy, failed)  # type: ignore[arg-type]
    assert not failed
    return [(finding.code, finding.pointer) for finding in result.findings]


@pytest.mark.parametrize("seed", SEEDS)
def test_clean_form_is_silent(session: Session, seed: int) -> None:
    assert findings(session, clean_form(seed)) == []


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda m: f"{m.code}-{m.mutate.__name__}")
def test_exactly_the_injected_defect_is_found(session: Session, mutation: Mutation) -> None:
    placed = 0
    for seed in SEEDS:
        clean = clean_form(seed)
        form = copy.deepcopy(clean)
        pointer = mutation.mutate(form, random.Random(seed))
        if pointer is None:
            continue
        placed += 1
        got = findings(session, form, mutation)
        assert (mutation.code, pointer) in got, (seed, pointer, got)
        assert {code for code, _ in got} <= {mutation.code} | mutation.implies, (seed, pointer, got)
        assert findings(session, clean, mutation) == []
    assert placed, "no clean form offers a place for this defect"
