"""Tables that go on over a page: pieces joined, repeated headers dropped, cells that the break split made one."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from lintperf_builtin.importers.pdf_tables import SNAP
from lintperf_builtin.importers.pdf_text import is_cut, would_wrap

if TYPE_CHECKING:
    from lintperf_builtin.importers.pdf_tables import Piece, Table

__all__ = ["join_tables"]

# Column edges on two pages are the same up to this: each page is rounded for itself.
_SAME = SNAP
# The share of inner edges that two parts of one table have in common; a part with merged cells has few of them.
_COMMON = 0.6
# A header has at most this many rows; more equal rows are a second copy of a form.
_HEADER_ROWS = 8
_NUMBER = re.compile(r"[-+≥≤><=≧≦═]*[0-9][0-9.,，％%/]*")
# So many filled cells make a row of which a single text below is the rest.
_FILLED = 3
# So few characters are no name.
_FRAGMENT = 2
# Fewer texts than this may be equal in two rows by chance.
_HEADER_TEXTS = 3
# No label of a group has more characters.
_LABEL = 20
# A line of fewer characters fills a narrow cell without being a part of a longer text.
_LONG_LINE = 6
# A mark for no value is never the rest of a text.
_EMPTY = re.compile(r"[-－—–_/／.…]+|无|不适用")
# No name and no label begins like this: it is the end of one.
_TAIL = re.compile(r"指?标(?![0-9０-９一二三四五六七八九十:：])|[（(](?![0-9一二三四五六七八九十]{1,2}[)）].)")
# How far from the edge of a page's part the text of a split cell may end or begin, in sizes of its text.
_NEAR = 1.7


def join_tables(table: Table, part: Table, only_repeating: bool = False) -> bool:
    """Adds the part of a table on the next page to the table; False, and nothing changed, where it is another table.

    With `only_repeating`, the part has to repeat the table's header. The parts of one table have the same outer edges
    and mostly the same columns. A cell whose text was pieced together is marked `unsure`.
    """
    if not (_same_columns(table.xs, part.xs) or _begins_alike(table, part)):
        return False
    edges = _union(table.xs, part.xs)
    repeated = _repeated_rows(table, part, edges)
    if repeated is None or (only_repeating and not repeated):
        return False
    _refine(table, edges)
    _refine(part, edges)
    _drop_rows(part, repeated)
    if not part.pieces:
        return True
    height = table.height
    bottom = {(piece.column, piece.column_span): piece for piece in table.pieces if piece.end_row == height}
    pairs = [
        (above, piece)
        for piece in part.starting(0)
        if (above := bottom.get((piece.column, piece.column_span))) is not None
    ]
    split = _is_split_row(pairs, part, len(bottom))
    cut = not split and _is_cut_header(table, part, pairs)
    joined: dict[Piece, Piece] = {}
    torn: Piece | None = None
    for above, piece in sorted(pairs, key=lambda pair: pair[1].column):
        leading = all(left in joined for left in _left_of(part, piece))
        texts = bool(above.lines and piece.lines)
        if texts and not split and (_is_torn(above, piece) or (torn and _beside(torn, piece))):
            joined[piece] = above
            piece.breaks = True
            torn = piece
        elif (
            split
            or cut
            or _is_one_cell(above, piece, leading)
            or (texts and (_TAIL.match(_plain(piece)) or _is_one_text(table, above, piece)))
        ):
            joined[piece] = above
    shift = height - 1 if split else height
    for piece in part.pieces:
        piece.row += shift
        if piece in joined:
            _join(joined[piece], piece)
        else:
            table.pieces.append(piece)
    offset = table.ys[-1] - part.ys[0]
    table.ys += [y + offset for y in (part.ys[2:] if split else part.ys[1:])]
    table.pieces.sort(key=lambda piece: (piece.row, piece.column))
    return True


def _same_columns(xs: list[float], others: list[float]) -> bool:
    if abs(xs[0] - others[0]) > _SAME or abs(xs[-1] - others[-1]) > _SAME:
        return False
    inner, other_inner = xs[1:-1], others[1:-1]
    if not inner or not other_inner:
        return True
    one = sum(1 for x in inner if any(abs(x - other) <= _SAME for other in other_inner))
    two = sum(1 for x in other_inner if any(abs(x - other) <= _SAME for other in inner))
    return one >= _COMMON * len(inner) or two >= _COMMON * len(other_inner)


def _begins_alike(table: Table, part: Table) -> bool:
    """Whether a part has the table's outer edges, and its first row several cells between edges of the table.

    The last rows of a form, for its total and signatures, have columns of their own.
    """
    if abs(table.xs[0] - part.xs[0]) > _SAME or abs(table.xs[-1] - part.xs[-1]) > _SAME:
        return False
    first = part.starting(0)
    return len(first) > 1 and all(any(abs(piece.box[0] - x) <= _SAME for x in table.xs) for piece in first)


def _union(xs: list[float], others: list[float]) -> list[float]:
    """All edges of both, those of the first where they are the same."""
    found = list(xs)
    found += [other for other in others if all(abs(other - x) > _SAME for x in xs)]
    return sorted(found)


def _columns(xs: list[float], edges: list[float]) -> list[int]:
    """For each edge of a table its number among `edges`."""
    return [min(range(len(edges)), key=lambda number: abs(edges[number] - x)) for x in xs]


def _refine(table: Table, edges: list[float]) -> None:
    """Counts the columns of a table by other edges, which contain its own."""
    numbers = _columns(table.xs, edges)
    for piece in [one for first in table.pieces for one in (first, *first.more)]:
        start, end = numbers[piece.column], numbers[piece.column + piece.column_span]
        piece.column, piece.column_span = start, end - start
    table.xs = list(edges)


def _texts(table: Table, row: int, numbers: list[int]) -> dict[int, tuple[str, int]]:
    """The texts that start in a row, without white space, and their spans in rows, by columns."""
    found = {}
    for piece in table.starting(row):
        text = "".join(line.text() for one in (piece, *piece.more) for line in one.lines)
        if text := "".join(text.split()):
            found[numbers[piece.column]] = text, piece.row_span
    return found


def _repeated_rows(table: Table, part: Table, edges: list[float]) -> int | None:
    """How many rows at the beginning of a part repeat the header; None where the part is a copy of the whole table."""
    own, others = _columns(table.xs, edges), _columns(part.xs, edges)
    count = 0
    while count < min(table.height, part.height) and _repeats(
        _texts(table, count, own), _texts(part, count, others), 1
    ):
        count += 1
    if count > _HEADER_ROWS or (count == part.height and count > 1):
        return None
    if count:
        return count
    first = _texts(part, 0, others)
    if any(character.isdigit() for text, _ in first.values() for character in text):
        return 0
    # Rows of a template that nobody filled in are alike as well.
    if any(_EMPTY.fullmatch(text) for text, _ in first.values()):
        return 0
    for row in range(table.height - 1):
        if not _repeats(_texts(table, row, own), first, _HEADER_TEXTS):
            continue
        while (
            count < part.height
            and row + count < table.height
            and _repeats(_texts(table, row + count, own), _texts(part, count, others), 1)
        ):
            count += 1
        return count if count < part.height else 0
    return 0


def _repeats(row: dict[int, tuple[str, int]], other: dict[int, tuple[str, int]], least: int) -> bool:
    """Whether the second row repeats the first; a cell merged downwards in the first may be missing in it."""
    if len(other) < least or any(column not in row or row[column][0] != text for column, (text, _) in other.items()):
        return False
    return all(column in other or span > 1 for column, (_, span) in row.items())


def _drop_rows(part: Table, count: int) -> None:
    """Drops the first rows of a part; a cell that reaches below them keeps the rest."""
    for piece in part.pieces:
        start, end = max(piece.row - count, 0), piece.end_row - count
        piece.row, piece.row_span = start, end - start
    part.pieces = [piece for piece in part.pieces if piece.row_span > 0]
    part.ys = part.ys[count:]


def _left_of(part: Table, piece: Piece) -> list[Piece]:
    return [other for other in part.starting(0) if other.column < piece.column]


def _is_split_row(pairs: list[tuple[Piece, Piece]], part: Table, across: int) -> bool:
    """Whether the first row of a part is the rest of the row that the page break split.

    Then every cell has a counterpart, no number stands on both pages, and every text that does was wrapped there. That
    happens by chance as well, so some cell has to be empty on one of the pages, or the texts fill the page's end.
    A row with one text, or few of which one was wrapped, is the rest of a row that has many: a line may end for good at
    the page's end too.
    """
    top = part.starting(0)
    if len(pairs) != len(top) or len(top) != across:
        return False
    both = [(above, piece) for above, piece in pairs if above.lines and piece.lines]
    if not both:
        return not any(piece.lines for piece in top)
    if _are_labels(_plain(both[0][0]), _plain(both[0][1])):
        # The label on the left names another group.
        return False
    if all(_flows(above, piece) for above, piece in both) or _is_rest(pairs):
        return True
    return len(both) < len([pair for pair in pairs if pair[0].lines or pair[1].lines]) and all(
        _is_wrapped(above, piece) for above, piece in both
    )


def _is_rest(pairs: list[tuple[Piece, Piece]]) -> bool:
    """Whether few texts stand below many, each below one that it can go on from.

    A text that was not wrapped for sure is the rest of another one only in the last column, where explanations stand,
    or if it cannot be a name: a name without values is a row that nobody filled in.
    """
    if any(
        above.lines and piece.lines and piece.row_span > 1 and not (_flows(above, piece) or _is_tail(above, piece))
        for above, piece in pairs
    ):
        return False
    own = [(above, piece) for above, piece in pairs if piece.row_span == 1]
    filled = [(above, piece) for above, piece in own if piece.lines]
    before = sum(1 for above, _ in pairs if above.lines)
    if not filled or before < _FILLED or not all(above.lines for above, _ in filled):
        return False
    if all(_NUMBER.fullmatch(_plain(piece)) for _, piece in filled):
        # A row without a name: the last digits of numbers that had no room.
        return all(_had_no_room(above, piece) for above, piece in filled)
    last = max(pairs, key=lambda pair: pair[1].column)
    others = [pair for pair in filled if pair != last and not _may_go_on(*pair)]
    if any(_EMPTY.fullmatch(_plain(piece)) for _, piece in filled):
        return False
    if 2 * len(filled) > before:
        # So many texts are a row, unless each of them is cut.
        return all(_is_wrapped(*pair) or _is_tail(*pair) for pair in filled)
    ends = [pair for pair in filled if _is_end(*pair)]
    if ends:
        others = [pair for pair in others if not _is_last_digit(*pair)]
    # Where two cells hold nothing but an end, so does a third one to the right of them.
    return not others or (len(others) == 1 and len(ends) > 1 and others[0][1].column > ends[0][1].column)


def _may_go_on(above: Piece, piece: Piece) -> bool:
    """Whether a text can be the rest of the one above: it had no room there, is an end, or too short for a text."""
    return _is_wrapped(above, piece) or _is_end(above, piece)


def _is_end(above: Piece, piece: Piece) -> bool:
    """Whether a text is the end of one for sure: no label begins like it, or it is too short for one."""
    rest = _plain(piece)
    return _is_tail(above, piece) or (
        len(rest) <= _FRAGMENT and not _NUMBER.fullmatch(rest) and not _EMPTY.fullmatch(rest)
    )


def _is_cut_header(table: Table, part: Table, pairs: list[tuple[Piece, Piece]]) -> bool:
    """Whether the page break cut a header of several rows: below wide cells stand those that divide them.

    All other cells are empty or go on from the one above, at least one of them.
    """
    paired = {piece for _, piece in pairs}
    wide = [piece for piece in table.pieces if piece.end_row == table.height and piece.column_span > 1 and piece.lines]
    below = [piece for piece in part.starting(0) if piece not in paired]
    rests = [(above, piece) for above, piece in pairs if piece.lines]
    return (
        bool(below)
        and bool(rests)
        and all(piece.lines and any(_within(piece, over) for over in wide) for piece in below)
        and all(
            above.lines and _may_go_on(above, piece) and not _are_labels(_plain(above), _plain(piece))
            for above, piece in rests
        )
    )


def _within(piece: Piece, over: Piece) -> bool:
    start, end = over.column, over.column + over.column_span
    return start <= piece.column and piece.column + piece.column_span <= end


def _is_wrapped(above: Piece, piece: Piece) -> bool:
    """Whether the text below would not have fitted the last line above, and is no second number."""
    own, rest = _plain(above), _plain(piece)
    if own == rest or _EMPTY.fullmatch(rest) or (_NUMBER.fullmatch(own) and _NUMBER.fullmatch(rest)):
        return False
    return _had_no_room(above, piece)


def _is_last_digit(above: Piece, piece: Piece) -> bool:
    """Whether a number had no room for its last digit."""
    rest = _plain(piece)
    return len(rest) == 1 and rest.isdigit() and _had_no_room(above, piece)


def _had_no_room(above: Piece, piece: Piece) -> bool:
    before = (above.more or [above])[-1]
    left, _, right, _ = before.box
    return not before.lines or would_wrap(before.lines[-1], piece.lines[0], left, right)


def _flows(above: Piece, piece: Piece) -> bool:
    """Whether the text of one cell goes on in the other: cut at the page's end, and going on at its beginning."""
    before = (above.more or [above])[-1]
    if not before.lines or not piece.lines:
        return False
    last, first = before.lines[-1], piece.lines[0]
    left, _, right, bottom = before.box
    if _EMPTY.fullmatch(_plain(piece)):
        return False
    if _is_upright(before, piece):
        return True
    return (
        (len(before.lines) > 1 or len(last.glyphs) >= _LONG_LINE)
        and is_cut(last, left, right)
        and bottom - last.bottom < _NEAR * last.size
        and first.top - piece.box[1] < _NEAR * first.size
    )


def _is_upright(above: Piece, piece: Piece) -> bool:
    """Whether a label written downwards, a character a line, stands on both pages."""
    lines = [*above.lines, *piece.lines]
    return sum(len(line.glyphs) for line in lines) > _FRAGMENT and all(
        line.upright or len(line.glyphs) == 1 for line in lines
    )


def _is_tail(above: Piece, piece: Piece) -> bool:
    """Whether the text below is no text of its own but the end of the one above: the rest of a label, brackets."""
    rest = _plain(piece)
    return _TAIL.match(rest) is not None or _open_brackets(rest) < 0 or _is_upright(above, piece)


def _is_one_cell(above: Piece, piece: Piece, leading: bool) -> bool:
    """Whether a cell merged over rows goes on over the page break.

    leading  whether all cells to the left go on as well: labels of groups stand on the left
    """
    if above.row_span == 1 and (piece.row_span == 1 or not leading):
        return False
    if above.lines and piece.lines:
        if _are_labels(_plain(above), _plain(piece)):
            return False
        return _flows(above, piece) or _is_tail(above, piece) or (leading and _plain(above) == _plain(piece))
    return bool(above.lines) or leading or not piece.lines


def _is_one_text(table: Table, above: Piece, piece: Piece) -> bool:
    """Whether only together the texts of two cells are complete: by their brackets, or the ending of their column."""
    before, after = _plain(above), _plain(piece)
    if _are_labels(before, after) or _EMPTY.fullmatch(after):
        return False
    if _open_brackets(before) > 0 and _open_brackets(before + after) == 0:
        return True
    place = above.column, above.column_span
    others = [other for other in table.pieces if (other.column, other.column_span) == place and other is not above]
    if any(_plain(other) == after for other in others):
        return False
    endings = Counter(text[-1] for other in others if (text := _plain(other)))
    usual, count = max(endings.items(), key=lambda pair: pair[1], default=("", 0))
    return (
        2 * count > endings.total() > 1
        and not usual.isdigit()
        and after[-1] == usual != before[-1]
        and len(after) <= len(before)
        and is_cut(above.lines[-1], above.box[0], above.box[2])
    )


def _are_labels(before: str, after: str) -> bool:
    """Whether two different texts are each a whole label: both end alike, or the first with its points in brackets."""
    if before == after or _TAIL.match(after) or max(len(before), len(after)) > _LABEL:
        return False
    return before[-1] in ")）" or (before[-1] == after[-1] and before[-1].isalpha() and len(after) > _FRAGMENT)


def _open_brackets(text: str) -> int:
    return sum(text.count(sign) for sign in "(（") - sum(text.count(sign) for sign in ")）")


def _is_torn(above: Piece, piece: Piece) -> bool:
    """Whether the lines of one label stand on both pages: the points in brackets below the name of a group."""
    text = _plain(piece)
    return piece.row_span > 1 and text[0] in "(（" and text[-1] in ")）" and _plain(above)[-1] not in ")）"


def _beside(torn: Piece, piece: Piece) -> bool:
    """Whether a label stands directly beside one that the page break tore, over the same rows."""
    return torn.column + torn.column_span == piece.column and torn.row_span == piece.row_span


def _plain(piece: Piece) -> str:
    return "".join("".join(line.text().split()) for line in piece.lines)


def _join(above: Piece, piece: Piece) -> None:
    """Makes a cell of the next page a part of the one above."""
    above.row_span = piece.end_row - above.row
    above.unsure = above.unsure or piece.unsure
    if piece.lines and _plain(above) == _plain(piece):
        # a label that is repeated on the new page
        piece.lines = []
    if piece.lines:
        above.unsure = True
    above.more.append(piece)
    above.inner += piece.inner
