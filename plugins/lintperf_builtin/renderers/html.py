"""Printed forms as one web page that needs no other file, with a style sheet for A4."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from lintperf_builtin.renderers.printed import shown

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lintperf_builtin.renderers.printed import Box, Printed, Row

__all__ = ["draw"]

# Blanks that a page would run together.
_BLANKS = re.compile(r"  |\t| \n|\n ")
_TAGS = {"title": "h1", "caption": 'p class="caption"', "corner": 'p class="corner"'}
_STYLE = """
@page { size: A4 portrait; margin: 15mm; }
@page wide { size: A4 landscape; margin: 15mm; }
* { box-sizing: border-box; }
body { margin: 0; background: #e9e9e9; color: #000;
  font: 10pt/1.4 "Times New Roman", "仿宋", FangSong, "仿宋_GB2312", STFangsong, "Noto Serif CJK SC", serif; }
section { width: 210mm; margin: 8mm auto; padding: 15mm; background: #fff; box-shadow: 0 0 2mm #bbb; }
section.wide { width: 297mm; page: wide; }
h1 { margin: 0 0 2mm; text-align: center;
  font: bold 18pt/1.3 "Times New Roman", "宋体", SimSun, STSong, "Noto Serif CJK SC", serif; }
p { margin: 0 0 2mm; font-size: 12pt; }
p.caption { text-align: center; }
table { width: 100%; margin-top: -1px; border-collapse: collapse; table-layout: fixed; }
th, td { border: 1px solid #000; padding: 0.8mm; height: 7mm; vertical-align: middle; text-align: left;
  overflow-wrap: anywhere; }
th { background: #f2f2f2; text-align: center;
  font-family: "Times New Roman", "宋体", SimSun, STSong, "Noto Serif CJK SC", serif; }
th.side { background: none; }
.short, .number { text-align: center; }
.open { border-bottom-style: hidden; }
.joined { border-top-style: hidden; }
pre { margin: 0; font: inherit; white-space: pre-wrap; }
tr:not(.long) > :not([rowspan]) { break-inside: avoid; }
thead { display: table-header-group; }
@media print {
  body { background: none; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  section, section.wide { width: auto; margin: 0; padding: 0 1px; box-shadow: none; }
  section + section { break-before: page; }
}
"""
# Rows with a longer text may break over pages.
_LONG = 1200


def draw(forms: Sequence[Printed]) -> bytes:
    """The bytes of an .html file with these forms, in UTF-8."""
    title = _text(forms[0].name) if forms else ""
    pieces = [
        '<!DOCTYPE html>\n<html lang="zh-CN">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{title}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n"
    ]
    for form in forms:
        pieces.append('<section class="wide">\n' if form.landscape else "<section>\n")
        for line in form.lines:
            tag = _TAGS[line.look]
            pieces.append(f"<{tag}>{_text(line.text)}</{tag.split()[0]}>\n")
        pieces += [_table(form, rows) for rows in form.tables]
        pieces.append("</section>\n")
    pieces.append("</body>\n</html>\n")
    return "".join(pieces).encode()


def _text(text: str) -> str:
    escaped = html.escape(text).replace("\n", "<br>")
    return f"<pre>{escaped}</pre>" if _BLANKS.search(text) else escaped


def _table(form: Printed, rows: tuple[Row, ...]) -> str:
    total = sum(form.widths)
    columns = "".join(f'<col style="width:{width * 100 / total:.2f}%">' for width in form.widths)
    headers = sum(row.header for row in rows)
    parts = [f"<table>\n<colgroup>{columns}</colgroup>\n"]
    for tag, part in (("thead", rows[:headers]), ("tbody", rows[headers:])):
        if part:
            parts += [f"<{tag}>\n", *map(_row, part), f"</{tag}>\n"]
    return "".join(parts) + "</table>\n"


def _row(row: Row) -> str:
    long = ' class="long"' if any(len(shown(box)) > _LONG for box in row.boxes) else ""
    return f"<tr{long}>{''.join(map(_cell, row.boxes))}</tr>\n"


def _cell(box: Box) -> str:
    names: list[str] = [] if box.look in ("label", "text") else [box.look]
    names += [] if box.above else ["joined"]
    names += [] if box.below else ["open"]
    attributes = f' class="{" ".join(names)}"' if names else ""
    attributes += f' rowspan="{box.rows}"' if box.rows > 1 else ""
    attributes += f' colspan="{box.columns}"' if box.columns > 1 else ""
    tag = "th" if box.look in ("label", "side") else "td"
    return f"<{tag}{attributes}>{_text(shown(box))}</{tag}>"
