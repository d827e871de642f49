"""Tables of all office formats in one shape: a grid in which every place knows the cell that covers it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lintperf.extension import UnreadableError
from lintperf.model import Text

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from lintperf.model import Place, Remark

__all__ = ["MAX_CELLS", "Block", "Budget", "Cell", "Grid", "Paragraph", "Part", "cell_text", "clean", "unfold"]

# Places of all grids of a file, spread: a form has about 300.
MAX_CELLS = 200_000
# Characters that stand at the edge of a cell and are no text; str.strip knows all other white space.
_INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff"


@dataclass(slots=True)
class Paragraph:
    """A line of text outside of tables, as written; `place` where the format has one for it.

    level  of a heading by its style or tag, from 1; 0 for a title; None for anything else
    footnote  whether the text stands in the notes below the pages
    """

    text: str
    place: Place | None = field(default=None, compare=False)
    level: int | None = field(default=None, compare=False)
    footnote: bool = field(default=False, compare=False)


@dataclass(slots=True, eq=False)
class Cell:
    """A cell with its upper left corner and its spans in rows and columns.

    text   as written, without white space at its edges; paragraphs are joined with line feeds
    tables the blocks of the cell where it contains tables, else empty
    unsure whether the text or its column is a guess: pieces joined, a shifted row put right
    """

    text: str
    row: int
    column: int
    row_span: int = 1
    column_span: int = 1
    place: Place | None = None
    tables: list[Block] = field(default_factory=list)
    unsure: bool = False

    @property
    def end(self) -> int:
        """The column after the cell's last."""
        return self.column + self.column_span


@dataclass(slots=True, eq=False)
class Grid:
    """A table: for each row and column the cell that covers it, None where there is none. Rows are equally long."""

    rows: list[list[Cell | None]]

    @property
    def width(self) -> int:
        """The number of columns."""
        return len(self.rows[0]) if self.rows else 0

    def own(self, row: int) -> list[Cell]:
        """The cells that start in `row`, from left to right."""
        return [
            cell
            for column, cell in enumerate(self.rows[row])
            if cell is not None and cell.row == row and cell.column == column
        ]


Block = Paragraph | Grid


@dataclass(slots=True)
class Part:
    """A stretch of a file that no form crosses: a sheet of a workbook, a whole text document.

    remarks  what is to be said of it if it holds a form: formulas without a result, rows that are hidden
    """

    blocks: list[Block]
    remarks: list[Remark] = field(default_factory=list)


class Budget:
    """Counts the places of a file's grids and stops at MAX_CELLS."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = MAX_CELLS

    def take(self, cells: int) -> None:
        """Counts `cells` more. Raises UnreadableError when the file has too many."""
        self._left -= cells
        if self._left < 0:
            raise UnreadableError(
                Text(
                    zh=f"表格过大（合计超过 {MAX_CELLS} 个单元格）",
                    en=f"the tables are too large (more than {MAX_CELLS} cells together)",
                ),
                Text(zh="请只保留自评表后再检查", en="keep only the forms and check again"),
            )


def clean(text: str) -> str:
    """The text without white space and invisible characters at its edges; blank for a cell of `&nbsp;`."""
    return text.strip().strip(_INVISIBLE).strip()


def _block_text(block: Block) -> str:
    """A block as text of the cell that contains it: the cells of a table by tabs, its rows by line feeds."""
    if isinstance(block, Paragraph):
        return block.text
    return "\n".join("\t".join(cell.text for cell in block.own(row)) for row in range(len(block.rows)))


def cell_text(blocks: Iterable[Block]) -> str:
    """The text of a cell that contains these blocks: one line each, without blank ones."""
    return clean("\n".join(text for block in blocks if clean(text := _block_text(block))))


def unfold(blocks: Iterable[Block], is_form: Callable[[Grid], bool]) -> Iterator[Block]:
    """The blocks, with layout tables replaced by what they contain, in their order.

    A table in whose cells stand other tables lays out a page, unless its own texts make it a form; then the inner
    tables are part of their cell's text, and nothing else.
    """
    for block in blocks:
        if isinstance(block, Paragraph) or is_form(block):
            yield block
            continue
        owners = [cell for row in range(len(block.rows)) for cell in block.own(row)]
        if not any(cell.tables for cell in owners):
            yield block
            continue
        for cell in owners:
            yield from unfold(cell.tables or [Paragraph(cell.text)], is_form)
