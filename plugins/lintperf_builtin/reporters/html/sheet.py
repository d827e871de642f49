"""A drawn document as HTML: the page of a form or report, flagged where findings speak of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from lintperf.model import Lang, Text
from lintperf_builtin.renderers.printed import Box, Row, shown
from lintperf_builtin.reporters.html.blocks import Grid, Prose
from lintperf_builtin.reporters.html.marks import Flag, Marks, Spot, worst
from lintperf_builtin.reporters.html.parts import SEVERITIES, labelled, text

__all__ = ["sheet"]

_NUMBERED = Text("第 {number} 条，{severity} {code}", "Finding {number}, {severity} {code}")
# headings of documents stand below those of the page
_FIRST_HEADING = 3
_LAST_HEADING = 6


def sheet(marks: Marks, lang: Lang) -> Iterator[str]:
    """The whole drawing. Every spot that shows a value has an id."""
    wide = " wide" if marks.drawn.landscape else ""
    yield f'<div class="paper{wide}" lang="zh-CN">\n'
    number = 0
    for block in marks.drawn.blocks:
        if isinstance(block, Prose):
            yield _prose(block, marks.spot(number), lang)
            number += 1
            continue
        yield from _table(block, marks, number, lang)
        number += sum(len(row.boxes) for row in block.rows)
    yield "</div>\n"


def _prose(prose: Prose, spot: Spot, lang: Lang) -> str:
    if prose.look == "heading":
        tag = f"h{min(_LAST_HEADING, _FIRST_HEADING + prose.level - 1)}"
    else:
        tag = "p"
    return f"<{tag}{_attributes(spot, [prose.look])}>{_content(prose.text, spot, lang)}</{tag}>\n"


def _table(grid: Grid, marks: Marks, number: int, lang: Lang) -> Iterator[str]:
    total = sum(grid.widths)
    columns = "".join(f'<col class="w{max(1, round(width * 100 / total))}">' for width in grid.widths)
    headers = sum(row.header for row in grid.rows)
    wide = ' class="wide"' if grid.wide else ""
    yield f"<table{wide}>\n<colgroup>{columns}</colgroup>\n"
    for tag, rows in (("thead", grid.rows[:headers]), ("tbody", grid.rows[headers:])):
        if not rows:
            continue
        yield f"<{tag}>\n"
        for row in rows:
            yield _row(row, marks, number, lang)
            number += len(row.boxes)
        yield f"</{tag}>\n"
    yield "</table>\n"


def _row(row: Row, marks: Marks, number: int, lang: Lang) -> str:
    cells = (_cell(box, row.header, marks.spot(number + at), lang) for at, box in enumerate(row.boxes))
    return f"<tr>{''.join(cells)}</tr>\n"


def _cell(box: Box, header: bool, spot: Spot, lang: Lang) -> str:
    names: list[str] = [box.look] if box.look not in ("label", "text") else []
    names += [] if box.above else ["joined"]
    names += [] if box.below else ["open"]
    content = _content(shown(box), spot, lang)
    attributes = _attributes(spot, names)
    attributes += f' rowspan="{box.rows}"' if box.rows > 1 else ""
    attributes += f' colspan="{box.columns}"' if box.columns > 1 else ""
    if box.look not in ("label", "side") or not (box.value or spot.flags):
        return f"<td{attributes}>{content}</td>"
    return f'<th scope="{"col" if header and box.look == "label" else "row"}"{attributes}>{content}</th>'


def _attributes(spot: Spot, names: Sequence[str]) -> str:
    """Id and classes: `flag` and the severity where something is wrong, unless all of it is suppressed."""
    classes = list(names)
    open_ = [flag for flag in spot.flags if not flag.note.suppressed]
    if open_:
        classes += ["flag", worst(open_).name]
    elif spot.flags:
        classes += ["flag", "suppressed"]
    result = f' id="{spot.id}"' if spot.pointers else ""
    if classes:
        result += f' class="{" ".join(classes)}"'
    if spot.flags:
        result += f' tabindex="-1" data-findings="{" ".join(flag.note.id for flag in spot.flags)}"'
    return result


def _content(content: str, spot: Spot, lang: Lang) -> str:
    """The text with its line ends, the words that findings quote marked, and a number for each finding behind it."""
    if not spot.flags:
        return text(content)
    marked = [(words.start, words.end, flag) for flag in spot.flags for words in flag.words]
    edges = sorted({0, len(content), *(edge for start, end, _ in marked for edge in (start, end))})
    parts = []
    for start, end in pairwise(edges):
        over = [flag for first, last, flag in marked if first <= start and end <= last]
        piece = text(content[start:end])
        if over:
            quiet = all(flag.note.suppressed for flag in over)
            name = "suppressed" if quiet else worst([flag for flag in over if not flag.note.suppressed]).name
            ids = " ".join(dict.fromkeys(flag.note.id for flag in over))
            piece = f'<mark class="{name}" data-findings="{ids}">{piece}</mark>'
        parts.append(piece)
    links = "".join(_link(flag, lang) for flag in spot.flags)
    return f'{"".join(parts)}<span class="refs">{links}</span>'


def _link(flag: Flag, lang: Lang) -> str:
    note = flag.note
    severity = SEVERITIES[note.finding.severity]
    values = {"number": note.number, "code": note.finding.code}
    label = Text(
        _NUMBERED.zh.format(severity=severity.zh, **values), _NUMBERED.en.format(severity=severity.en, **values)
    )
    names = f"{note.finding.severity.name}{' suppressed' if note.suppressed else ''}"
    return (
        f'<a class="ref {names}" href="#{note.id}" {labelled(label, lang)}'
        f' aria-describedby="{note.id}m">{note.number}</a>'
    )
