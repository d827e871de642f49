"""Offsets of elements, and edits at them: what is not edited stays, what is edited can be read back."""

from __future__ import annotations

from decimal import Decimal
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.annotators.markup import DEEP, SHALLOW, Edits, Node, escape, scan
from lintperf_builtin.annotators.notes import as_number, rewritten

from lintperf.extension import UnreadableError

NAMES = st.sampled_from(["a", "b", "n:c"])
TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=6)
QUOTED = TEXTS.map(escape).flatmap(
    lambda text: st.sampled_from([f' x="{text}"', f" x = '{text.replace(chr(39), '')}'"])
)


def element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    filled = st.tuples(NAMES, QUOTED, st.lists(inner, max_size=3)).map(
        lambda parts: f"<{parts[0]}{parts[1]}>{''.join(parts[2])}</{parts[0]} >"
    )
    empty = st.tuples(NAMES, QUOTED).map(lambda parts: f"<{parts[0]}{parts[1]} />")
    return st.one_of(filled, empty, TEXTS.map(escape), st.just("<!-- <a> -->"))


DOCUMENTS = st.recursive(TEXTS.map(escape), element, max_leaves=12).map(
    lambda inner: f'<?xml version="1.0"?>\n<r xmlns:n="u">{inner}</r>'
)


def all_nodes(xml: bytes) -> list[Node]:
    return scan(xml, lambda *_: SHALLOW)


@given(DOCUMENTS)
def test_each_node_is_an_element_of_its_own(text: str) -> None:
    xml, root = text.encode(), ElementTree.fromstring(text)
    nodes = all_nodes(xml)
    assert [node.local for node in nodes] == [each.tag.rpartition("}")[2] for each in root.iter()]
    for node, each in zip(nodes, root.iter(), strict=True):
        piece = xml[node.start : node.end].decode()
        read = ElementTree.fromstring(f'<w xmlns:n="u">{piece}</w>')[0]
        assert ElementTree.tostring(read).split(b">", 1)[0] == ElementTree.tostring(each).split(b">", 1)[0]
        assert xml[node.start : node.start + 1] == b"<"
        assert node.is_empty_tag == (node.inner == node.close == node.end)


@given(DOCUMENTS, st.data(), TEXTS)
def test_what_is_put_in_is_read_and_the_rest_is_untouched(text: str, data: st.DataObject, new: str) -> None:
    xml = text.encode()
    nodes = [node for node in all_nodes(xml) if not node.is_empty_tag]
    node = data.draw(st.sampled_from(nodes))
    edits = Edits(xml)
    edits.append(node, f"<new>{escape(new)}</new>")
    edits.prepend(node, "<first/>")
    done = edits.done()
    inside = xml[node.inner : node.close]
    added = b"<new>" + escape(new).encode("ascii", "xmlcharrefreplace") + b"</new>"
    assert done == xml[: node.inner] + b"<first/>" + inside + added + xml[node.close :]
    assert [each.text or "" for each in ElementTree.fromstring(done).iter("new")] == [new]


def test_empty_elements_are_opened_once() -> None:
    (root,) = [node for node in all_nodes(b"<a><b x='1'/></a>") if node.local == "b"]
    edits = Edits(b"<a><b x='1'/></a>")
    edits.append(root, "2")
    edits.prepend(root, "1")
    edits.append(root, "3")
    edits.attribute(root, "x", "7")
    edits.attribute(root, "y", '"')
    assert edits.done() == b'<a><b y="&quot;" x="7">123</b></a>'


def test_insertions_at_one_place_keep_their_order_and_rank() -> None:
    edits = Edits(b"<a></a>")
    for text, rank in (("2", 0), ("3", 0), ("1", -1)):
        edits.insert(3, text, rank)
    assert edits.done() == b"<a>123</a>"


def test_text_is_ascii_and_what_xml_lacks_is_replaced() -> None:
    assert Edits(b"").done() == b""
    edits = Edits(b"<a/>")
    edits.append(all_nodes(b"<a/>")[0], escape("表<&\x00\ud800😀"))
    assert edits.done() == b"<a>&#34920;&lt;&amp;&#65533;&#65533;&#128512;</a>"


@pytest.mark.parametrize("xml", [b"", b"<a>", b"<!DOCTYPE a><a/>", "<a/>".encode("utf-16"), b"<a/><b/>"])
def test_what_is_no_xml_is_refused(xml: bytes) -> None:
    with pytest.raises(UnreadableError):
        scan(xml, lambda *_: DEEP)


@pytest.mark.parametrize(
    ("text", "number"),
    [("85%", "0.85"), (" ８５．５％ ", "0.855"), ("1,200.50", "1200.50"), ("9.8分", None), ("", None), ("NaN", None)],
)
def test_numbers_of_texts(text: str, number: str | None) -> None:
    assert as_number(text) == (None if number is None else Decimal(number))


def test_a_value_is_rewritten_where_it_stands_once() -> None:
    nine, ten = Decimal("9.50"), Decimal("9.80")
    assert rewritten("9.5分", nine, ten) == "9.80分"
    assert rewritten("总分：９.５", nine, ten) == "总分：9.80"
    assert rewritten("1,200,000.00元", Decimal(1200000), Decimal("1300000.5")) == "1,300,000.5元"
    assert rewritten("9.5，另计9.5", nine, ten) is None
    assert rewritten("19.5", nine, ten) is None
    assert rewritten("95 %", "95%", "98%") == "98%"
    assert rewritten("195%", "95%", "98%") is None
    assert rewritten("不少于30公里", "不少于30公里", "≥30公里") == "≥30公里"
    assert rewritten(" ", None, ten) == "9.80"
    assert rewritten("无", None, ten) is None
    assert rewritten("9.5", nine, None) is None
