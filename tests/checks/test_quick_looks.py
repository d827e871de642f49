"""The quick ways of the checks of texts, each held equal to the plain way that says what is meant."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lintperf_builtin.checks import goals, wording
from lintperf_builtin.facts.numerals import fold
from lintperf_builtin.facts.texts import any_of, without_blanks
from lintperf_builtin.prose.sentences import clause_start, level

_SIGNS = (
    "0123456789一二十百〇余多个人次场年月日号第表（）()〔〕[]《》【】，。、；;：:,.-~ \n\t是方面大类要点项绿道修缮aX&<>"
)
_WORDS = (
    "2023",
    "2023年",
    "2023年度",
    "不少于",
    "30个长椅",
    "〔2023〕15号",
    "人次",
    "百分之",
    "三个方面",
    "1.",
    "（二）",
)
_TEXT = st.lists(st.sampled_from((*_SIGNS, *_WORDS)), max_size=24).map("".join) | st.text(max_size=20)

_BEFORE_ITEM = r"(?:^|(?<=[\s。；;：:，,>）)]))"
_BRACKETED = r"[（(]\s*(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})\s*[）)]"
_COUNTED_PARTS = (
    r"[0-9二两三四五六七八九十]\s*(?:个|大|项|大类)?"
    r"(?:方面|部分|大类|板块|环节|阶段|步骤|举措|措施|任务|要点|内容|类|项|点)"
)


@pytest.mark.parametrize(
    ("quick", "plain"),
    [
        (goals._ITEM_NUMBER, rf"{_BEFORE_ITEM}(?:{_BRACKETED}|[0-9]{{1,2}}\s*(?:[.、．)）](?![0-9])))"),
        (
            goals._ITEM_SPLIT,
            rf"{_BEFORE_ITEM}(?:{_BRACKETED}|[0-9]{{1,2}}\s*[.、．](?![0-9])|[一二三四五六七八九]是)",
        ),
        (goals._YEAR, r"(?<![0-9])(?:19|20)[0-9]{2}\s*(?:[-—~～至到]\s*(?:19|20)?[0-9]{2}\s*)?年?度?(?![0-9])"),
        (wording._MAYBE_COUNTED, _COUNTED_PARTS),
    ],
)
@given(_TEXT)
def test_a_pattern_that_begins_with_a_set_finds_what_the_plain_one_finds(
    quick: re.Pattern[str], plain: str, text: str
) -> None:
    assert [match.span() for match in quick.finditer(text)] == [match.span() for match in re.finditer(plain, text)]


@given(_TEXT)
def test_three_figures_or_five_are_a_number(text: str) -> None:
    lengths = [len(figures) for figures in re.findall(r"[0-9]++(?!\s*号)", text)]
    assert (goals._FIGURES.search(text) is not None) is any(length == 3 or length > 4 for length in lengths)


@given(_TEXT)
def test_a_text_without_a_sign_of_counts_has_none_that_is_compared(text: str) -> None:
    counts = [count for count in goals._counted(text) if len(count.noun) >= 2]
    assert not counts or goals._MAYBE_COUNTS.search(text) is not None


@given(_TEXT, st.integers(0, 30), st.integers(0, 90))
def test_a_clause_begins_behind_the_last_mark(text: str, start: int, offset: int) -> None:
    text = text * 4
    offset = min(offset, len(text))
    least = max(start, offset - 80)
    marks = [place + 1 for place in range(least, offset) if text[place] in ',，。;；!?！？\n()“”"【】<>']
    assert clause_start(text, start, offset) == max(marks, default=least)


@given(st.text(alphabet="：；（）０％～－绿道12a", max_size=60))
def test_a_levelled_text_is_folded_sign_by_sign(text: str) -> None:
    assert level(text) == "".join(map(fold, text))


@given(st.text(alphabet="绿道養護邨囧㎡—·塬", max_size=14))
def test_a_text_whose_characters_are_all_in_use_has_no_traditional_one(text: str) -> None:
    rare = {character for character in text if wording._outside_simplified_set(character)}
    traditional = [character for character in rare if wording._simplified(character) != character]
    assert wording._all_in_use(text) is (not traditional and len(rare) <= wording._MOST_RARE)


@given(st.lists(st.sampled_from(("的的", "在在", "了", "")), max_size=3).map(tuple), _TEXT)
def test_any_of_some_words(words: tuple[str, ...], text: str) -> None:
    assert (any_of(words).search(text) is not None) is any(word in text for word in words)


@given(st.lists(st.none() | st.text(alphabet="绿道 \u3000\n1", max_size=4), max_size=5))
def test_columns_are_compared_without_white_space(texts: list[str | None]) -> None:
    assert list(without_blanks(texts)) == ["".join((text or "").split()) for text in texts]


@pytest.mark.parametrize(
    ("ratio", "unlike"), [("0", False), ("0.001", False), ("0.9", True), ("1", True), ("1.5", False)]
)
def test_any_ratio_can_be_asked_for(ratio: str, unlike: bool) -> None:
    assert goals._too_unlike("修缮长椅三十六张", "绿道养护", ("已",), Decimal(ratio)) is unlike
