"""Places in the three encodings, and changes as an editor sends them."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lsprotocol import types as lsp

from lintperf.lsp.texts import EditorText

ENCODINGS = ("utf-8", "utf-16", "utf-32")
UNITS = {
    "utf-8": lambda text: len(text.encode()),
    "utf-16": lambda text: len(text.encode("utf-16-le")) // 2,
    "utf-32": len,
}
# what editors count differently, and what Python takes for line breaks that editors do not
PIECES = st.lists(
    st.sampled_from(["a", "绿", "𠮷", "🌳", "\n", "\r\n", "\r", "\u2028", "\x0c", "\x85", '"', " "]), max_size=30
)


def text_of(pieces: list[str], encoding: str) -> EditorText:
    return EditorText("file:///forms/a.json", "".join(pieces), 1, encoding)


@pytest.mark.parametrize(("encoding", "character"), [("utf-8", 12), ("utf-16", 6), ("utf-32", 4)])
def test_columns_of_emoji_and_rare_characters(encoding: str, character: int) -> None:
    text = text_of(['"\n"𠮷🌳道"'], encoding)
    assert text.position(6) == lsp.Position(1, character)
    assert text.offset(lsp.Position(1, character)) == 6
    assert text.text[6] == '"'


@pytest.mark.parametrize("encoding", ENCODINGS)
@settings(deadline=None)
@given(pieces=PIECES, data=st.data())
def test_positions_go_back_and_forth(encoding: str, pieces: list[str], data: st.DataObject) -> None:
    text = text_of(pieces, encoding)
    offset = data.draw(st.integers(0, len(text.text)))
    position = text.position(offset)
    inside_of_break = text.text[offset - 1 : offset + 1] == "\r\n"
    assert text.offset(position) == offset - inside_of_break
    line_start = max(text.text.rfind("\n", 0, offset), text.text.rfind("\r", 0, offset)) + 1
    if not inside_of_break:
        assert position.character == UNITS[encoding](text.text[line_start:offset])


@pytest.mark.parametrize("encoding", ENCODINGS)
@settings(deadline=None)
@given(pieces=PIECES, new=PIECES, data=st.data())
def test_changes_are_those_of_the_editor(encoding: str, pieces: list[str], new: list[str], data: st.DataObject) -> None:
    text = text_of(pieces, encoding)
    start, end = sorted(data.draw(st.lists(st.integers(0, len(text.text)), min_size=2, max_size=2)))
    if any(text.text[each - 1 : each + 1] == "\r\n" for each in (start, end)):
        return  # no position of the protocol
    change = lsp.TextDocumentContentChangePartial(range=text.range(start, end), text="".join(new))
    changed = text.changed([change], 2)
    assert changed.text == text.text[:start] + "".join(new) + text.text[end:]
    assert changed.version == 2


def test_places_beyond_the_text_are_its_ends() -> None:
    text = text_of(["绿道\n养护"], "utf-16")
    assert text.offset(lsp.Position(0, 99)) == 2
    assert text.offset(lsp.Position(9, 0)) == 5
    assert text.position(99) == lsp.Position(1, 2)


def test_texts_that_are_not_saved() -> None:
    text = EditorText("untitled:Untitled-1.json", json.dumps({}), 1, "utf-16")
    assert (text.saved, text.suffix) == (False, ".json")
