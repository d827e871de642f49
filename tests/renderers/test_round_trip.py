"""A form that is printed and read again is the same form, in every format."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lintperf.document import Document
from lintperf.extension import Source
from lintperf.pipeline import Session, open_session, read_documents
from renderers.canonical import Form, all_forms, expected, national_forms, plain

FORMATS = (".docx", ".xlsx", ".html")


@pytest.fixture(scope="session")
def session() -> Session:
    return open_session(use_cache=False)


def printed_and_read(session: Session, forms: list[Form], suffix: str) -> list[Document]:
    rendered = session.extensions.renderers["self-evaluation", suffix].write(forms)
    assert rendered.omissions == []
    documents, crashes = read_documents(session, Source(f"form{suffix}", rendered.content))
    assert crashes == []
    return documents


def data_of(documents: list[Document]) -> list[Any]:
    assert [remark for document in documents for remark in document.remarks] == []
    return [plain(document.data) for document in documents]


@pytest.mark.parametrize("suffix", FORMATS)
@given(form=national_forms())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_national_forms_come_back(session: Session, suffix: str, form: Form) -> None:
    assert data_of(printed_and_read(session, [form], suffix)) == [expected(form)]


@pytest.mark.parametrize("suffix", FORMATS)
@given(form=all_forms())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_forms_of_every_kind_come_back(session: Session, suffix: str, form: Form) -> None:
    assert data_of(printed_and_read(session, [form], suffix)) == [expected(form)]


@pytest.mark.parametrize("suffix", FORMATS)
@given(forms=st.lists(all_forms(last=False), min_size=2, max_size=3))
@settings(max_examples=6, deadline=None, suppress_health_check=list(HealthCheck))
def test_several_forms_in_one_file_come_back(session: Session, suffix: str, forms: list[Form]) -> None:
    assert data_of(printed_and_read(session, forms, suffix)) == [expected(form) for form in forms]
