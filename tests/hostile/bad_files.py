"""Bad files of every format, the same ones in every run: damaged, disguised, and made to exhaust whoever reads them.

`python tests/hostile/bad_files.py FOLDER` writes them, to try them by hand.
"""

from __future__ import annotations

import io
import json
import random
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "importers"))
from office_files import FORM, TITLE, W, excel, page, word, word_file, word_xml, zip_file
from old_files import ODS, ods, ods_file, ods_xml, web_archive, xls, xml_sheet

__all__ = ["BadFile", "bad_files"]

UNREADABLE = frozenset({"LP001"})
VIOLATION = frozenset({"LP002"})
NO_FORM = frozenset({"LP003"})
NOT_A_FORM = UNREADABLE | VIOLATION | NO_FORM
# whatever is said about it, or nothing: the file can be read as a form
ANYTHING: frozenset[str] = frozenset()

LARGE = 100_000
HUGE = 1_000_000
MANY = 400_000


@dataclass(frozen=True)
class BadFile:
    """A bad file: its name, how to make its bytes, and the codes of which at least one has to be found (or none)."""

    name: str
    make: Callable[[], bytes]
    codes: frozenset[str]


def _indicator(**changes: Any) -> dict[str, Any]:
    row = {
        "level1": "产出指标", "level2": "数量指标", "name": "图书角新增图书", "target": "≥500册", "actual": "520册",
        "weight": 90, "score": 90, "explanation": "无偏差",
    }  # fmt: skip
    return {**row, **changes}


def _form(**changes: Any) -> dict[str, Any]:
    form: dict[str, Any] = {
        "type": "self-evaluation",
        "version": "1",
        "title": TITLE,
        "heading": {"project": "社区图书角", "department": "文化局", "unit": "图书馆", "year": 2023},
        "indicators": [_indicator()],
        "total": {"weight": 100, "score": 99},
    }
    return {**form, **changes}


def _text(form: Any) -> str:
    return json.dumps(form, ensure_ascii=False, indent=1)


def _with_number(number: str) -> bytes:
    return _text(_form()).replace('"score": 99', f'"score": {number}').encode()


PLAIN = _text(_form())
YAML = """type: self-evaluation
heading:
  project: 古树保护
  department: 林业局
  year: 2023
indicators:
  - level1: 产出指标
    level2: 数量指标
    name: 挂牌古树
    target: ≥30株
    actual: 31株
    weight: 90
    score: 90
"""
WORD, EXCEL, HTML = word([TITLE, FORM]), excel([TITLE, FORM]), page([TITLE, FORM])
SUFFIXES = ("json", "yaml", "docx", "xlsx", "html")
WHOLE = {"json": PLAIN.encode(), "yaml": YAML.encode(), "docx": WORD, "xlsx": EXCEL, "html": HTML}


def bad_files() -> Iterator[BadFile]:
    """All of them, each with its own name."""
    groups = (
        _cut, _disguised, _json, _texts, _yaml, _encodings, _zip, _word, _excel, _html, _xls, _ods, _sheets, _archives,
        _renamed, _pdf, _plain,
    )  # fmt: skip
    for group in groups:
        for name, content, codes in group():
            make = content if callable(content) else lambda content=content: content
            yield BadFile(f"{group.__name__[1:]}-{name}", make, codes)


_Case = tuple[str, "bytes | Callable[[], bytes]", frozenset[str]]


def _cut() -> Iterator[_Case]:
    for suffix, content in WHOLE.items():
        # a page or a YAML text that stops early is still one; what is left of it need not be a form
        codes = ANYTHING if suffix in ("yaml", "html") else UNREADABLE
        number = 24 if suffix in ("docx", "xlsx", "json") else 10
        for step in range(number):
            at = len(content.rstrip()) * step // number
            yield f"at-{at}.{suffix}", content[:at], codes if at else NOT_A_FORM


MAGIC = {
    "pdf": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n",
    "rtf": b"{\\rtf1\\ansi text}",
    "old-office": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000),
    "password": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + "EncryptedPackage".encode("utf-16-le") + bytes(99),
    "png": b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(80),
    "gzip": b"\x1f\x8b\x08\x00" + bytes(60),
    "elf": b"\x7fELF\x02\x01\x01" + bytes(60),
    "zip-of-text": zip_file({"readme.txt": "x"}),
    "open-document": zip_file({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}),
    "empty": b"",
    "blank": b" \r\n\t ",
    "mark": b"\xef\xbb\xbf",
    "nul": bytes(4096),
}


def _disguised() -> Iterator[_Case]:
    for suffix in SUFFIXES:
        for kind, content in MAGIC.items():
            yield f"{kind}.{suffix}", content, NOT_A_FORM
        for kind, content in WHOLE.items():
            # JSON is YAML, and any text is a page
            if kind != suffix and (kind, suffix) != ("json", "yaml"):
                yield f"{kind}-named.{suffix}", content, NOT_A_FORM
    chance = random.Random(11)
    for number in range(10):
        yield f"noise-{number}.{SUFFIXES[number % 5]}", chance.randbytes(3000), NOT_A_FORM


def _json() -> Iterator[_Case]:
    texts = {
        "comment": "// form\n" + PLAIN,
        "trailing-comma": PLAIN[:-2] + ",}",
        "single-quotes": PLAIN.replace('"', "'"),
        "lines": json.dumps(_form()) + "\n" + json.dumps(_form()),
        "script": "var form = " + PLAIN,
        "twice": PLAIN + PLAIN,
        "empty-list": "[]",
        "bare-word": "form",
        "same-key": PLAIN.replace('"version": "1"', '"type": "self-evaluation"'),
        "same-key-escaped": PLAIN.replace('"version": "1"', '"t\\u0079pe": "self-evaluation"'),
        "same-key-deep": PLAIN.replace('"level2": "数量指标"', '"level1": "效益指标"'),
        "half-character": PLAIN.replace("社区图书角", "\\ud83d"),
        "half-characters-swapped": PLAIN.replace("社区图书角", "\\udcda\\ud83d"),
        "half-character-in-key": PLAIN.replace('"version"', '"\\udfff"'),
        "raw-line-break": PLAIN.replace("社区图书角", "社区\n图书角"),
        "raw-control": PLAIN.replace("社区图书角", "社区\x1b[31m图书角"),
        "raw-nul": PLAIN.replace("社区图书角", "社区\x00图书角"),
        "bad-escape": PLAIN.replace("社区图书角", "\\x41"),
        "deep-lists": "[" * HUGE,
        "deep-objects": '{"a":' * HUGE,
        "deep-closed": "[" * LARGE + "]" * LARGE,
        "deep-in-field": _text(_form(goals=1)).replace('"goals": 1', '"goals": ' + "[" * 5000 + "]" * 5000),
        "deep-by-one": "[" * 101 + "]" * 101,
        "backslashes": '["' + "\\" * HUGE,
        "quotes": '"' * HUGE,
        "digits": "-" * HUGE,
    }
    for name, text in texts.items():
        yield f"{name}.json", text.encode(), UNREADABLE
    numbers = {
        "nan": "NaN",
        "infinity": "Infinity",
        "minus-infinity": "-Infinity",
        "exponent": "1e999999999",
        "exponent-long": "1e" + "9" * 5000,
        "exponent-negative": "1e-999999999",
        "digits": "9" * LARGE,
        "decimals": "0." + "3" * LARGE,
        "leading-zero": "012",
        "plus": "+1",
        "hex": "0x1F",
        "bare-point": ".5",
        "grouped": "1,000",
        "wide": "１２",
    }
    for name, number in numbers.items():
        yield f"number-{name}.json", _with_number(number), UNREADABLE
    for name, number in {
        "large": "1e300", "large-negative": "-1e300", "nines": "9" * 900, "small": "1e-300",
    }.items():  # fmt: skip
        yield f"value-{name}.json", _with_number(number), ANYTHING if name == "small" else VIOLATION | UNREADABLE
    for name, value in {"true": "true", "text": '"99"', "object": "{}", "list": "[]"}.items():
        yield f"value-{name}.json", _with_number(value), VIOLATION
    for name, data in {
        "null": None,
        "number": 1,
        "text": "form",
        "true": True,
        "object": {},
        "lists": [[]],
        "numbers": [1, 2, 3],
        "no-type": {"heading": {}},
        "type-list": {"type": ["self-evaluation"]},
        "type-number": {"type": 7},
        "type-near": {"type": "self-evalution"},
        "type-long": {"type": "x" * HUGE},
        "heading-list": _form(heading=[]),
        "heading-text": _form(heading="社区图书角"),
        "rows-object": _form(indicators={}),
        "rows-null": _form(indicators=None),
        "rows-of-rows": _form(indicators=[[_indicator()]]),
        "row-null": _form(indicators=[None, _indicator()]),
        "row-bare": _form(indicators=[{}]),
        "name-object": _form(indicators=[_indicator(name={"text": "x"})]),
        "unknown-key": _form(indicatros=[]),
        "unknown-keys": {**_form(), **{f"key{number}": number for number in range(20_000)}},
        "unknown-keys-deep": _form(indicators=[_indicator(**{f"nmae{n}": n for n in range(100)})] * 100),
        "key-long": _form(**{"k" * HUGE: 1}),
        "key-control": _form(**{"\x1b]0;x\x07\n\u202e": 1}),
        "key-slash": _form(**{"a/b~c~1": 1, "": 2}),
        "text-long": _form(title="长" * HUGE),
        "rows-wrong": _form(indicators=[_indicator(weight="十")] * 3000),
        "rows-many": _form(indicators=[_indicator()] * 20_000),
        "ignore-wrong": _form(lintperf={"ignore": [{"code": "LP201"}]}),
        "ignore-many": _form(lintperf={"ignore": [{"code": f"LP{n}", "reason": "x"} for n in range(5000)]}),
    }.items():
        yield (
            f"data-{name}.json",
            _text(data).encode(),
            (ANYTHING if name.startswith("ignore") or name == "rows-many" else VIOLATION | UNREADABLE),
        )
    yield "documents-many.json", ("[" + "{}," * 9_000 + "{}]").encode(), VIOLATION
    yield "documents-too-many.json", ("[" + "{}," * 3 * HUGE + "{}]").encode(), UNREADABLE
    yield "values-too-many.json", ("[" + "1," * 8 * HUGE + "1]").encode(), UNREADABLE
    yield "lists-too-many.json", ("[" + "[]," * 5 * HUGE + "[]]").encode(), UNREADABLE
    yield "members-too-many.json", b'{"type":{"a":[' + b'{"a":1},' * 2 * HUGE + b"1]}}", UNREADABLE
    # one character outside the basic plane makes every other one take four bytes
    yield "text-wide.json", lambda: ('["' + "x" * 30 * HUGE + '😀"]').encode(), VIOLATION | UNREADABLE


# what a cell can hold to trouble a pattern, a parser of numbers, or a terminal
CELLS = {
    "control": "\x00\x01\x07\x08\x1b[2J\x1b]0;title\x07\x7f\x85\x9b31m",
    "bidi": "\u202e\u2066\u200f图书\u2069\u202c",
    "breaks": "\u2028\u2029\r\n\n\v\f",
    "marks": "é" + "\u0301" * 3000,
    "joiners": "👩\u200d" * 2000,
    "private": "\ue000\uf8ff\ufffe\uffff\U000e0001" * 500,
    "digits": "9" * 15_000,
    "zeros": "0." + "0" * 15_000 + "1",
    "wide-digits": "９" * 15_000,
    "roman-digits": "²³¼ⅧⅨ①②٣४" * 1500,
    "exponents": "1e" * 7000 + "9",
    "exponent": "≥1e999999999",
    "operators": "≥≤><=＞＜" * 2000,
    "brackets": "（" * 15_000,
    "bracket-pairs": "（1）" * 5000,
    "ranges": "1-2～3—" * 3000,
    "commas": "1,234," * 3000,
    "points": "1.2." * 4000,
    "percents": "%" * 15_000,
    "scales": "万亿" * 7000,
    "scaled": "9" * 300 + "万亿" * 300,
    "abouts": "约不少于" * 4000,
    "dates": "2023年12月31日前" * 1500,
    "dates-wrong": "0000年99月99日、2023年2月30日、9999999年1月",
    "chinese-digits": "一二三千百十万亿" * 1900,
    "chinese-zero": "零" * 15_000,
    "units": "1平方公里/人·次" * 1500,
    "spaces": "1" + " " * 15_000 + "2",
    "ideographic-spaces": "\u3000" * 15_000,
    "semicolons": "；。，、" * 3500,
    "markup": "<p>&nbsp;&lt;" * 1000,
    "angles": "<" * 15_000,
    "formats": "{0.__class__}%s%n{found}{{}}" * 500,
    "formula": "=cmd|' /C calc'!A0",
    "paths": "../../etc/passwd\x00.json",
    "json": '{"type": "self-evaluation"}' * 500,
    "workflow": "::error file=x::y\n::set-output name=a::b\r\n##[group]",
}


def _texts() -> Iterator[_Case]:
    for name, text in CELLS.items():
        row = _indicator(target=text[:1900], actual=text[:1900], name=text[:900], explanation=text)
        rows = [row, _indicator(target=text), _indicator(actual=text), _indicator(name="x", level1=text[:90])]
        form = _form(indicators=rows, heading={"project": text[:900], "year": 2023}, goals={"expected": text})
        yield f"{name}.json", _text(form).encode(), ANYTHING
    cells = "".join(f"<tr><td>{text}<td>{text[:99]}</tr>" for text in CELLS.values())
    yield "all.html", HTML.replace(b"</table>", f"{cells}</table>".encode()), ANYTHING
    rows = [[text[:5000].translate(dict.fromkeys(range(32), "?")), "x"] for text in CELLS.values()]
    safe = [[cell.replace("\ufffe", "").replace("\uffff", "") for cell in row] for row in rows]
    yield "all.docx", word([TITLE, [*FORM, *safe]]), ANYTHING


def _yaml() -> Iterator[_Case]:
    bomb = "a0: &a0 [x,x,x,x,x,x,x,x,x]\n" + "".join(
        f"a{n}: &a{n} [{','.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12)
    )
    texts = {
        "anchors": bomb,
        "alias-to-itself": "type: &x [*x]\n",
        "merge": "a: &a {b: 1}\nc:\n  <<: *a\n",
        "tag-python": "type: !!python/object/apply:os.system ['true']\n",
        "tag-binary": "type: !!binary aGVsbG8=\n",
        "tag-own": "type: !include /etc/hostname\n",
        "deep-flow": "[" * LARGE,
        "deep-flow-objects": "{a: " * LARGE,
        "deep-sequence": "- " * LARGE,
        "deep-keys": "? " * LARGE,
        "deep-block": "".join(" " * n + "a:\n" for n in range(2000)),
        "same-key": YAML + "type: self-evaluation\n",
        "key-list": "? [a, b]\n: 1\n",
        "key-null": "~: 1\n",
        "key-number": "1: 1\n",
        "tabs": YAML.replace("  ", "\t"),
        "open-quote": YAML + 'title: "x\n',
        "indent": YAML.replace("  year", "   year"),
        "directive": "%YAML 9.9\n---\n" + YAML,
        "control": YAML + "title: a\x07b\n",
        "exponent": YAML + "total: {score: " + "9" * LARGE + "}\n",
        "empty-documents": "---\n" * 5000,
        "documents-too-many": "--- {}\n" * LARGE,
        "values-too-many": "[" + "1, " * HUGE + "1]",
        "values-too-many-block": "- 1\n" * HUGE,
        "percent": "%" * LARGE,
        "colons": ":" * LARGE,
        "stars": "*" * LARGE,
        "quotes": "'" * LARGE,
        "long-key": "k" * 5000 + ": 1\n: 2\n",
    }
    for name, text in texts.items():
        yield f"{name}.yaml", text.encode(), VIOLATION | UNREADABLE
    yield "not-a-number.yaml", (YAML + "total: {score: .nan}\n").encode(), VIOLATION
    yield "infinite.yml", (YAML + "total: {score: -.inf}\n").encode(), VIOLATION
    yield "sexagesimal.yaml", (YAML + "total: {score: 190:20:30}\n").encode(), VIOLATION
    yield "octal.yaml", (YAML + "total: {score: 0o17}\n").encode(), VIOLATION
    yield "date.yaml", (YAML + "total: {score: 2023-01-01}\n").encode(), VIOLATION
    yield "long-text.yaml", (YAML + "title: |\n" + "  长\n" * LARGE).encode(), VIOLATION
    yield "long-fold.yaml", (YAML + 'title: "' + "长\n\n " * LARGE + '"\n').encode(), VIOLATION
    yield "documents-many.yaml", ("--- {}\n" * 5000).encode(), VIOLATION


def _encodings() -> Iterator[_Case]:
    for encoding, suffix in (
        ("utf-16-le", "json"), ("utf-16-be", "json"), ("utf-32", "json"), ("utf-32-le", "yaml"),
        ("utf-7", "json"), ("shift-jis", "json"), ("euc-kr", "yaml"), ("big5", "json"), ("cp037", "json"),
    ):  # fmt: skip
        content = WHOLE[suffix].decode().encode(encoding, "replace")
        # Big5, Shift-JIS and EUC-KR cannot always be told from GB18030
        codes = ANYTHING if encoding in ("shift-jis", "euc-kr", "big5", "utf-7") else NOT_A_FORM
        yield f"{encoding}.{suffix}", content, codes
    for encoding in ("utf-16", "gb18030", "utf-8-sig"):
        for suffix in ("json", "yaml", "html"):
            content = WHOLE[suffix].decode().encode(encoding)
            yield f"{encoding}-allowed.{suffix}", content, ANYTHING
    yield "utf-16-odd.json", PLAIN.encode("utf-16")[:-1], UNREADABLE
    yield "utf-16-half-pair.json", b"\xff\xfe" + '"'.encode("utf-16-le") + b"\x3d\xd8" + b'"\x00', UNREADABLE
    yield "surrogate-bytes.json", PLAIN.encode().replace("社区".encode(), b"\xed\xa0\x80"), UNREADABLE
    yield "overlong.json", PLAIN.encode().replace("社区".encode(), b"\xc0\xaf"), UNREADABLE
    yield "mixed.json", PLAIN.encode().replace("社区".encode(), "社区".encode("gb18030") + b"\xff"), UNREADABLE
    for charset in ("idna", "hex", "rot13", "zlib", "utf-7", "utf-16", "nonsense", "unicode_escape", "../x"):
        content = HTML.replace(b'charset="utf-8"', f'charset="{charset}"'.encode())
        yield f"charset-{charset.strip('./')}.html", content, ANYTHING


def _repacked(content: bytes, changes: dict[str, bytes | None], stored: bool = False) -> bytes:
    """The archive with some parts replaced, added, or (None) left out."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    parts = {name: archive.read(name) for name in archive.namelist()} | changes
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED) as new:
        for name, part in parts.items():
            if part is not None:
                new.writestr(name, part)
    return buffer.getvalue()


def _part(content: bytes, name: str) -> bytes:
    return zipfile.ZipFile(io.BytesIO(content)).read(name)


def _patched(content: bytes, local: int, central: int, value: bytes) -> bytes:
    """The archive with a field of all its headers overwritten."""
    changed = bytearray(content)
    for mark, at in ((b"PK\x03\x04", local), (b"PK\x01\x02", central)):
        start = -1
        while (start := changed.find(mark, start + 1)) >= 0:
            changed[start + at : start + at + len(value)] = value
    return bytes(changed)


def _packed(parts: dict[str, bytes], method: int) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return buffer.getvalue()


def _large_dictionary() -> bytes:
    """An LZMA entry whose header asks for a dictionary of four gibibytes."""
    content = _packed({"word/document.xml": _part(WORD, "word/document.xml")}, zipfile.ZIP_LZMA)
    # version, size of the properties (5), then lc/lp/pb and the dictionary's size
    return content.replace(b"\x05\x00\x5d", b"\x05\x00\x5d\xff\xff\xff\xff", 1)[: len(content)]


def _zip() -> Iterator[_Case]:
    spaces = b" " * (40 * 1024 * 1024)
    for suffix, content, part in (
        ("docx", WORD, "word/document.xml"),
        ("xlsx", EXCEL, "xl/worksheets/sheet1.xml"),
    ):
        nested = zip_file({"inner.zip": zip_file({"x": spaces})})
        yield f"bomb.{suffix}", lambda c=content, p=part: _repacked(c, {p: spaces}), UNREADABLE
        yield (
            f"bomb-within-xml.{suffix}",
            _repacked(content, {part: _part(content, part) + b" " * HUGE * 9}),
            UNREADABLE,
        )
        yield f"bomb-unused-part.{suffix}", lambda c=content: _repacked(c, {"media/x.xml": spaces}), UNREADABLE
        yield f"nested.{suffix}", _repacked(content, {part: nested}), UNREADABLE
        yield f"nested-beside.{suffix}", _repacked(content, {"media/inner.zip": nested}), ANYTHING
        yield f"size-too-small.{suffix}", _patched(content, 22, 24, struct.pack("<I", 100)), UNREADABLE
        yield f"size-too-large.{suffix}", _patched(content, 22, 24, struct.pack("<I", 2**31)), UNREADABLE
        yield f"compressed-size-lies.{suffix}", _patched(content, 18, 20, struct.pack("<I", 2**31)), ANYTHING
        yield f"checksum.{suffix}", _patched(content, 14, 16, b"abcd"), UNREADABLE
        yield f"method-unknown.{suffix}", _patched(content, 8, 10, b"\x63\x00"), UNREADABLE
        yield f"encrypted.{suffix}", _patched(content, 6, 8, b"\x01\x00"), UNREADABLE
        yield f"patched.{suffix}", _patched(content, 6, 8, b"\x20\x00"), UNREADABLE
        yield f"offset-beyond.{suffix}", _patched(content, 0, 42, struct.pack("<I", 2**31)), UNREADABLE
        yield f"garbage-before.{suffix}", b"PK\x03\x04" + bytes(99) + content, ANYTHING
        yield f"garbage-after.{suffix}", content + bytes(70_000), UNREADABLE
        yield f"comment.{suffix}", content[:-2] + b"\xff\xff" + bytes(0xFFFF), ANYTHING
        yield f"entries-lie.{suffix}", content[:-12] + b"\xff\xff" + content[-10:], ANYTHING
        yield f"parts-many.{suffix}", _repacked(content, {f"x/{n}.xml": b"" for n in range(6000)}), UNREADABLE
        yield f"part-missing.{suffix}", _repacked(content, {part: None}), UNREADABLE | NO_FORM
        yield f"part-empty.{suffix}", _repacked(content, {part: b""}), UNREADABLE | NO_FORM
        yield f"part-not-xml.{suffix}", _repacked(content, {part: b"\x89PNG"}), UNREADABLE
        yield (
            f"part-utf-7.{suffix}",
            (_repacked(content, {part: b'<?xml version="1.0" encoding="utf-7"?>' + _part(content, part)})),
            UNREADABLE,
        )
        yield (
            f"part-encoding-unknown.{suffix}",
            (_repacked(content, {part: b'<?xml version="1.0" encoding="nonsense"?>' + _part(content, part)})),
            UNREADABLE,
        )
        yield f"part-path-absolute.{suffix}", _repacked(content, {"/etc/hostname": b"x", "C:\\x.xml": b""}), ANYTHING
        yield f"part-path-up.{suffix}", _repacked(content, {"../../x.xml": b"<x/>", "..\\x.xml": b"<x/>"}), ANYTHING
        yield f"relations-missing.{suffix}", _repacked(content, {"_rels/.rels": None}), ANYTHING
        yield f"types-missing.{suffix}", _repacked(content, {"[Content_Types].xml": None}), ANYTHING
        outside = b"""<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
            <Relationship Id="rId1" Target="../../../../etc/hostname"
            Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/>
            </Relationships>"""
        yield f"relations-outside.{suffix}", _repacked(content, {"_rels/.rels": outside}), ANYTHING
        for method, label in ((zipfile.ZIP_BZIP2, "bzip2"), (zipfile.ZIP_LZMA, "lzma")):
            names = zipfile.ZipFile(io.BytesIO(content)).namelist()
            parts = {name: _part(content, name) for name in names}
            yield f"{label}.{suffix}", _packed(parts, method), UNREADABLE
            bomb = {**parts, part: spaces[: 30 * 1024 * 1024]}
            yield f"{label}-bomb.{suffix}", lambda b=bomb, m=method: _packed(b, m), UNREADABLE
        for name, xml in _entities(_part(content, part)).items():
            yield f"entities-{name}.{suffix}", _repacked(content, {part: xml}), UNREADABLE
    yield "lzma-dictionary.docx", _large_dictionary, UNREADABLE
    for part in ("xl/workbook.xml", "xl/styles.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"):
        xml = _entities(_part(EXCEL, part))["laughs"]
        # the list of content types is not read at all
        codes = ANYTHING if part.startswith("[") else UNREADABLE
        yield f"entities-in-{Path(part).stem.strip('[]')}.xlsx", _repacked(EXCEL, {part: xml}), codes


def _entities(xml: bytes) -> dict[str, bytes]:
    """The part with definitions that grow, or that reach out of the file."""
    body = xml.split(b"?>", 1)[-1] if xml.startswith(b"<?xml") else xml
    laughs = '<!DOCTYPE x [<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    ) + "]>"  # fmt: skip
    blowup = f'<!DOCTYPE x [<!ENTITY a "{"a" * LARGE}">]>'
    return {
        "laughs": laughs.encode() + body.replace(b">", b">&a9;", 1),
        "quadratic": blowup.encode() + body.replace(b">", b">" + b"&a;" * 10_000, 1),
        "external": b'<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + body.replace(b">", b">&a;", 1),
        "dtd": b'<!DOCTYPE x SYSTEM "http://localhost:9/x.dtd">' + body,
        "parameter": b'<!DOCTYPE x [<!ENTITY % a SYSTEM "http://localhost:9/"> %a;]>' + body,
        "utf-16": (
            "\ufeff" + '<?xml version="1.0" encoding="utf-16"?>' + laughs + body.decode().replace(">", ">&a9;", 1)
        ).encode("utf-16-le"),
    }


def _word() -> Iterator[_Case]:
    whole = word_xml([TITLE, FORM])

    def document(body: str) -> bytes:
        return word_file(f'<w:document xmlns:w="{W}"><w:body>{body}</w:body></w:document>')

    def stored(xml: str) -> Callable[[], bytes]:
        return lambda: _packed({"[Content_Types].xml": b"<Types/>", "word/document.xml": xml.encode()}, 0)

    start = f'<w:document xmlns:w="{W}"><w:body>'
    cell = "<w:tc><w:p/></w:tc>"
    row = f"<w:tr>{cell * 8}</w:tr>"
    yield "empty-body.docx", document(""), NO_FORM
    yield "empty-table.docx", document("<w:tbl/>"), NO_FORM
    yield "blank-table.docx", document(f"<w:tbl>{row * 30}</w:tbl>"), NO_FORM
    yield "other-root.docx", word_file("<html><body>x</body></html>"), NO_FORM
    yield "other-namespace.docx", word_file(whole.replace(W, "urn:x")), NO_FORM
    yield "undeclared-prefix.docx", word_file(whole.replace(f'xmlns:w="{W}"', "")), UNREADABLE
    for value in ("1000000", "-5", "0", "x", "999999999999999999999", "1e5", ""):
        wide = whole.replace('w:gridSpan w:val="4"', f'w:gridSpan w:val="{value}"')
        yield f"span-{value or 'none'}.docx", word_file(wide), ANYTHING
        before = whole.replace("<w:tr>", f'<w:tr><w:trPr><w:gridBefore w:val="{value}"/></w:trPr>', 3)
        yield f"before-{value or 'none'}.docx", word_file(before), ANYTHING
    yield "merged-all.docx", word_file(whole.replace("<w:tcPr>", "<w:tcPr><w:vMerge/>")), ANYTHING
    yield "merged-sideways.docx", word_file(whole.replace("<w:tcPr>", "<w:tcPr><w:hMerge/>")), ANYTHING
    yield "merge-unknown.docx", word_file(whole.replace("<w:vMerge/>", '<w:vMerge w:val="x"/>')), ANYTHING
    yield "cell-outside.docx", document(cell + "<w:tr/><w:gridSpan/><w:vMerge/>" + whole[len(start) : -23]), ANYTHING
    yield "row-in-cell.docx", document(f"<w:tbl><w:tr><w:tc><w:tr>{cell}</w:tr></w:tc></w:tr></w:tbl>"), NO_FORM
    yield (
        "cell-in-cell.docx",
        document("<w:tbl><w:tr>" + "<w:tc>" * 3000 + "</w:tc>" * 3000 + "</w:tr></w:tbl>"),
        (NO_FORM | UNREADABLE),
    )
    yield "tables-nested.docx", document("<w:tbl><w:tr><w:tc>" * 10_000 + "</w:tc></w:tr></w:tbl>" * 10_000), UNREADABLE
    yield "deep.docx", document("<w:x>" * LARGE + "</w:x>" * LARGE), NO_FORM | UNREADABLE
    yield "deep-paragraphs.docx", document("<w:p>" * LARGE + "</w:p>" * LARGE), NO_FORM | UNREADABLE
    yield "rows-many.docx", document(f"<w:tbl>{'<w:tr><w:tc/></w:tr>' * 150_000}</w:tbl>"), UNREADABLE | NO_FORM
    yield "cells-many.docx", stored(start + "<w:tbl>" + row * 200_000 + "</w:tbl></w:body></w:document>"), UNREADABLE
    yield "row-wide.docx", document(f"<w:tbl><w:tr>{cell * LARGE}</w:tr></w:tbl>"), UNREADABLE
    yield "cells-without-row-end.docx", document("<w:tbl>" + cell * LARGE + "</w:tbl>"), UNREADABLE | NO_FORM
    yield "paragraphs-many.docx", stored(start + "<w:p/>" * 5_500_000 + "</w:body></w:document>"), NO_FORM | UNREADABLE
    yield (
        "paragraphs-in-cell.docx",
        stored(start + "<w:tbl><w:tr><w:tc>" + "<w:p/>" * 5_000_000 + "</w:tc></w:tr></w:tbl></w:body></w:document>"),
        NO_FORM | UNREADABLE,
    )
    yield "tables-many.docx", stored(start + "<w:tbl/>" * 3 * HUGE + "</w:body></w:document>"), NO_FORM | UNREADABLE
    yield (
        "tabs-many.docx",
        stored(start + "<w:p><w:r>" + "<w:tab/>" * 3 * HUGE + "</w:r></w:p></w:body></w:document>"),
        NO_FORM | UNREADABLE,
    )
    yield "text-long.docx", stored(whole.replace("无偏差", "长" * 9 * HUGE)), ANYTHING
    attributes = " ".join(f'a{n}="{n}"' for n in range(LARGE))
    yield "attributes-many.docx", document(f"<w:p {attributes}/>"), NO_FORM
    yield "attribute-long.docx", document(f'<w:p w:x="{"x" * HUGE * 5}"/>'), NO_FORM | UNREADABLE
    spaces = " ".join(f'xmlns:n{n}="urn:{n}"' for n in range(20_000))
    yield "namespaces-many.docx", document(f"<w:p {spaces}/>"), NO_FORM
    yield "forms-many.docx", lambda: word([TITLE, FORM] * 300), ANYTHING


RELATIONS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _excel() -> Iterator[_Case]:
    name = "xl/worksheets/sheet1.xml"
    sheet = _part(EXCEL, name).decode()
    book = _part(EXCEL, "xl/workbook.xml").decode()
    styles = _part(EXCEL, "xl/styles.xml").decode()
    relations = _part(EXCEL, "xl/_rels/workbook.xml.rels").decode()

    def changed(old: str, new: str, count: int = -1) -> bytes:
        assert old in sheet, old
        return _repacked(EXCEL, {name: sheet.replace(old, new, count).encode()})

    def rows(xml: str) -> bytes:
        return changed("<sheetData>", f"<sheetData>{xml}")

    def after(xml: str) -> bytes:
        return changed("</sheetData>", f"</sheetData>{xml}")

    dimension = sheet[sheet.index("<dimension") : sheet.index("/>", sheet.index("<dimension")) + 2]
    for label, value in {"all": "A1:XFD1048576", "small": "A1:A1", "wrong": "x", "back": "Z9:A1"}.items():
        yield f"dimension-{label}.xlsx", changed(dimension, f'<dimension ref="{value}"/>'), ANYTHING
    yield "sheet-empty.xlsx", excel([]), NO_FORM
    yield "sheets-empty.xlsx", excel(*[[] for _ in range(300)]), NO_FORM
    yield "sheet-of-numbers.xlsx", excel([[[str(n), "1"] for n in range(200)]]), NO_FORM
    far = '<row r="{0}"><c r="{1}{0}" t="inlineStr"><is><t>x</t></is></c></row>'
    yield "cell-far.xlsx", changed("</sheetData>", far.format(1048576, "XFD") + "</sheetData>"), ANYTHING
    yield "cell-beyond.xlsx", changed("</sheetData>", far.format(99999999, "ZZZZZ") + "</sheetData>"), ANYTHING
    yield "cell-name-wrong.xlsx", rows('<row r="x"><c r="?"><v>1</v></c></row>'), UNREADABLE | NO_FORM
    yield "row-zero.xlsx", rows('<row r="0"><c r="A0"><v>1</v></c></row>'), ANYTHING
    yield "row-negative.xlsx", rows('<row r="-7"><c><v>1</v></c></row>'), ANYTHING
    for label, value in {
        "large": "1e400", "nan": "NaN", "infinite": "INF", "text": "abc", "long": "9" * 20_000, "empty": "",
        "date": "1e300",
    }.items():  # fmt: skip
        yield f"number-{label}.xlsx", rows(f'<row r="60"><c r="B60"><v>{value}</v></c></row>'), ANYTHING
        yield f"date-{label}.xlsx", (
            _repacked(EXCEL, {
                name: sheet.replace(
                    "</sheetData>", f'<row r="60"><c r="B60" s="0"><v>{value}</v></c></row></sheetData>'
                ).encode(),
                "xl/styles.xml": styles.replace('numFmtId="0"', 'numFmtId="14"').encode(),
            })
        ), ANYTHING  # fmt: skip
    for label, value in {"beyond": "99999", "negative": "-1", "text": "x", "none": ""}.items():
        yield f"shared-{label}.xlsx", rows(f'<row r="60"><c r="B60" t="s"><v>{value}</v></c></row>'), ANYTHING
    yield "shared-missing.xlsx", _repacked(EXCEL, {"xl/sharedStrings.xml": None}), ANYTHING
    yield "shared-empty.xlsx", _repacked(EXCEL, {"xl/sharedStrings.xml": b""}), ANYTHING
    yield "style-beyond.xlsx", rows('<row r="60"><c r="B60" s="777"><v>1</v></c></row>'), ANYTHING
    yield "kind-unknown.xlsx", rows('<row r="60"><c r="B60" t="zz"><v>1</v></c></row>'), ANYTHING
    yield "formula-without-result.xlsx", rows('<row r="60"><c r="B60"><f>SUM(A1:A9)</f></c></row>'), ANYTHING
    yield (
        "formula-of-all.xlsx",
        (rows('<row r="60"><c r="B60"><f t="array" ref="A1:XFD1048576">1</f><v>1</v></c></row>')),
        ANYTHING,
    )
    yield (
        "formula-shared.xlsx",
        (rows("".join(f'<row r="{n}"><c r="B{n}"><f t="shared" si="0"/></c></row>' for n in range(60, 600)))),
        ANYTHING,
    )
    yield "formula-long.xlsx", rows(f'<row r="60"><c r="B60"><f>{"(" * LARGE}</f><v>1</v></c></row>'), ANYTHING
    for label, value in {"long": "0" * 20_000, "sections": ";" * 5000, "colors": "[Red]" * 4000, "open": '"' * 999,
                         "dates": "yyyymmdd" * 3000, "brackets": "[" * 9000}.items():  # fmt: skip
        yield f"format-{label}.xlsx", (
            _repacked(EXCEL, {"xl/styles.xml": styles.replace(
                "<fonts", f'<numFmts count="1"><numFmt numFmtId="0" formatCode="{value.replace(chr(34), "&quot;")}"/>'
                "</numFmts><fonts", 1,
            ).replace("<numFmts/>", "").encode()})
        ), ANYTHING  # fmt: skip
    merge = '<mergeCells><mergeCell ref="{}"/></mergeCells>'
    bare = sheet[: sheet.index("<mergeCells")] + sheet[sheet.index("</mergeCells>") + 13 :]
    for label, value in {"all": "A1:XFD1048576", "wrong": "A1:", "back": "Z9:A1", "tall": "A1:A1048576",
                         "lower": "a1:xfd1048576", "dollars": "$A$1:$XFD$1048576", "columns": "A:XFD",
                         "one": "A1"}.items():  # fmt: skip
        xml = bare.replace("</sheetData>", "</sheetData>" + merge.format(value)).encode()
        yield f"merge-{label}.xlsx", _repacked(EXCEL, {name: xml}), ANYTHING
    quoted = bare.replace("</sheetData>", "</sheetData>" + merge.format("A1:XFD1048576").replace('"', "'"))
    yield "merge-single-quotes.xlsx", _repacked(EXCEL, {name: quoted.encode()}), ANYTHING
    overlapping = "".join(f'<mergeCell ref="A1:Z{n}"/>' for n in range(2, 3000))
    xml = bare.replace("</sheetData>", f"</sheetData><mergeCells>{overlapping}</mergeCells>").encode()
    yield "merge-overlapping.xlsx", _repacked(EXCEL, {name: xml}), ANYTHING
    yield (
        "link-of-all.xlsx",
        (after('<hyperlinks><hyperlink ref="A1:XFD1048576" location="x"/></hyperlinks>')),
        ANYTHING,
    )
    yield (
        "columns-of-all.xlsx",
        (changed("<sheetData>", '<cols><col min="1" max="99999999" width="9"/></cols><sheetData>')),
        ANYTHING,
    )
    yield "conditions-many.xlsx", (
        after('<conditionalFormatting sqref="A1:XFD1048576"><cfRule type="expression" priority="1"/>'
              "</conditionalFormatting>" * 5000)
    ), ANYTHING  # fmt: skip
    yield (
        "validations-many.xlsx",
        (after("<dataValidations>" + '<dataValidation sqref="A1:XFD1048576"/>' * 20_000 + "</dataValidations>")),
        ANYTHING,
    )
    cell = '<c r="A{0}"><v>1</v></c>'
    many = "".join(f'<row r="{n}">{cell.format(n)}</row>' for n in range(60, 240_000))
    yield "cells-many.xlsx", lambda: rows(many), UNREADABLE
    for label, part in {"other-folder": "xl/other/s.xml", "other-suffix": "xl/worksheets/s.dat",
                        "upper-case": "xl/worksheets/S.XML"}.items():  # fmt: skip
        moved = {
            name: None,
            part: sheet.replace("<sheetData>", f"<sheetData>{many}").encode(),
            "xl/_rels/workbook.xml.rels": relations.replace(f"/{name}", f"/{part}").encode(),
            "[Content_Types].xml": _part(EXCEL, "[Content_Types].xml").replace(name.encode(), part.encode()),
        }
        yield f"cells-many-{label}.xlsx", lambda moved=moved: _repacked(EXCEL, moved), UNREADABLE
        bomb = {**moved, part: _entities(sheet.encode())["laughs"]}
        yield f"entities-{label}.xlsx", _repacked(EXCEL, bomb), UNREADABLE
    entry = book[book.index("<sheet ") : book.index("/>", book.index("<sheet ")) + 2]
    repeated = "".join(entry.replace('name="表1"', f'name="s{n}"') for n in range(2000))
    yield "sheet-repeated.xlsx", _repacked(EXCEL, {"xl/workbook.xml": book.replace(entry, repeated).encode()}), ANYTHING
    heavy = "".join(f'<row r="{n}">{cell.format(n)}</row>' for n in range(60, 60_000))
    yield "sheet-heavy-repeated.xlsx", _repacked(EXCEL, {
        "xl/workbook.xml": book.replace(entry, repeated).encode(),
        name: sheet.replace("</sheetData>", f"{heavy}</sheetData>").encode(),
    }), UNREADABLE  # fmt: skip
    names = "".join(f'<definedName name="n{n}">表1!$A$1</definedName>' for n in range(30_000))
    yield "names-many.xlsx", (
        _repacked(EXCEL, {"xl/workbook.xml": book.replace("<definedNames/>", "").replace(
            "</sheets>", f"</sheets><definedNames>{names}</definedNames>").encode()})
    ), ANYTHING  # fmt: skip
    yield (
        "sheet-name-hostile.xlsx",
        (_repacked(EXCEL, {"xl/workbook.xml": book.replace('name="表1"', 'name="::error::&#10;\u202e[!]"').encode()})),
        ANYTHING,
    )
    yield "sheet-without-part.xlsx", _repacked(EXCEL, {"xl/_rels/workbook.xml.rels": b"<x/>"}), UNREADABLE | NO_FORM
    yield "workbook-missing.xlsx", _repacked(EXCEL, {"xl/workbook.xml": None}), UNREADABLE
    yield "workbook-empty.xlsx", _repacked(EXCEL, {"xl/workbook.xml": b"<workbook/>"}), UNREADABLE | NO_FORM
    yield "styles-missing.xlsx", _repacked(EXCEL, {"xl/styles.xml": None}), ANYTHING
    yield "deep.xlsx", rows("<x>" * LARGE + "</x>" * LARGE), ANYTHING
    yield "runs-many.xlsx", rows(
        '<row r="60"><c r="B60" t="inlineStr"><is>' + "<r><t>x</t></r>" * 150_000 + "</is></c></row>"
    ), ANYTHING  # fmt: skip
    yield "text-long.xlsx", rows(
        f'<row r="60"><c r="B60" t="inlineStr"><is><t>{"长" * 5 * HUGE}</t></is></c></row>'
    ), ANYTHING  # fmt: skip
    yield "external-book.xlsx", (
        _repacked(EXCEL, {"xl/_rels/workbook.xml.rels": relations.replace(
            "</Relationships>", f'<Relationship Id="rIdX" Type="{RELATIONS}/externalLink" '
            'Target="file:///etc/hostname" TargetMode="External"/></Relationships>').encode()})
    ), ANYTHING  # fmt: skip


def _html() -> Iterator[_Case]:
    whole = HTML.decode()
    tags = {
        "tables-nested": "<table><tr><td>" * 10_000,
        "divs-nested": "<div>" * MANY,
        "rows": "<table>" + "<tr>" * MANY,
        "cells": "<table><tr>" + "<td>" * MANY,
        "cells-closed": "<table>" + "<tr><td>1</td></tr>" * 250_000,
        "tables-side-by-side": "<table><tr><td>x</table>" * 150_000,
        "tables-empty": "<table></table>" * MANY,
        "open-tags": "<" * MANY,
        "open-comments": "<!--" * MANY,
        "open-names": "<a " * MANY,
        "open-quotes": "<a b='" * MANY,
        "end-tags": "</td>" * MANY,
        "cdata": "<![CDATA[" * LARGE,
        "ampersands": "&" * MANY,
        "entities": "&#99999999999;&#xD800;&#0;&nbsp;&bogus;" * 50_000,
        "digits-of-entity": "&#" + "9" * MANY + ";",
        "breaks": "<br>" * MANY,
        "scripts": "<script>" * LARGE,
        "scripts-open": "<script><table>" * LARGE,
        "svg": "<svg><table><tr><td>" * 50_000,
        "paragraphs": "<p>x" * MANY,
        "attributes": "<table " + "a=1 " * MANY + "><tr><td>x",
        "spaces": "<p>" + " " * 9 * HUGE,
        "form-feed": "\f\v\x1c" * MANY,
    }
    for name, text in tags.items():
        # a text of angle brackets or breaks alone may be told not to be a page
        yield f"{name}.html", f"<html><body>{text}".encode(), NO_FORM | UNREADABLE
    for value in ("1000000", "-3", "0", "x", "65534", "999999999999999999999", "1e9", "3.7", ""):
        yield f"colspan-{value or 'none'}.html", whole.replace("colspan=4", f"colspan={value}").encode(), ANYTHING
        yield f"rowspan-{value or 'none'}.html", whole.replace('rowspan="5"', f'rowspan="{value}"').encode(), ANYTHING
    both = "<td rowspan=65534 colspan=1000>x"
    yield "spans-all.html", f"<table>{f'<tr>{both * 20}' * 500}".encode(), NO_FORM | UNREADABLE
    yield "merged-all.html", whole.replace('rowspan="1"', "rowspan=50").encode(), ANYTHING
    yield "text-long.html", whole.replace("无偏差", "长" * 4 * HUGE).encode(), ANYTHING
    yield "too-large.htm", lambda: b"<html>" + b" " * 17 * HUGE, UNREADABLE
    yield "web-archive.html", b"MIME-Version: 1.0\r\nContent-Type: multipart/related\r\n\r\n=3Ctable=3E", UNREADABLE
    yield "frames.html", b"<html><frameset><frame src='sheet001.htm'></frameset></html>", NO_FORM
    yield "forms-many.html", lambda: page([TITLE, FORM] * 400), ANYTHING


XLS, SHEETS, ARCHIVE = xls([TITLE, FORM]), xml_sheet([TITLE, FORM]), web_archive(HTML)
ODS_FILE, ODS_TEXT = ods([TITLE, FORM]), ods_xml([TITLE, FORM])


def _records(stream: bytes) -> Iterator[tuple[int, int, int]]:
    """Offset, kind and length of the records of an old workbook, which xlwt writes from the second sector on."""
    at = 512
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == 0 and length == 0:
            return
        yield at, kind, length
        at += 4 + length


def _with_record(kind: int, old: bytes | None, new: Callable[[bytes], bytes]) -> bytes:
    """The old workbook with the body of the first record of a kind (and beginning) changed, its length kept."""
    content = bytearray(XLS)
    for at, found, length in _records(XLS):
        body = XLS[at + 4 : at + 4 + length]
        if found == kind and (old is None or body.startswith(old)):
            content[at + 4 : at + 4 + length] = new(body)[:length].ljust(length, b"\xff")
            return bytes(content)
    raise AssertionError(hex(kind))


def _xls() -> Iterator[_Case]:
    for step in range(16):
        at = len(XLS) * step // 16
        yield f"cut-{at}.xls", XLS[:at], NOT_A_FORM
    chance = random.Random(5)
    for number in range(24):
        content = bytearray(XLS)
        for _ in range(chance.choice((1, 4, 30))):
            content[chance.randrange(512 if number % 3 == 0 else len(content))] = chance.randrange(256)
        yield f"damaged-{number}.xls", bytes(content), ANYTHING
    # the header's own numbers: sectors that do not exist, chains that go round
    for field, at in {
        "sector-size": 30,
        "directory": 48,
        "fat": 44,
        "fat-first": 76,
        "small-fat": 60,
        "more-fat": 68,
    }.items():
        for label, value in {"max": 0xFFFFFFFE, "large": 0x00FFFFFF, "zero": 0}.items():
            content = bytearray(XLS)
            struct.pack_into("<I", content, at, value)
            yield f"{field}-{label}.xls", bytes(content), ANYTHING
    for kind, label in {0x00FC: "strings", 0x00E5: "merged", 0x00FD: "cell", 0x0208: "row", 0x00E0: "style",
                        0x0085: "sheet", 0x0809: "start", 0x0031: "font"}.items():  # fmt: skip
        for fill in (b"\x00", b"\x7f", b"\xff"):
            yield f"{label}-{fill.hex()}.xls", _with_record(kind, None, lambda b, f=fill: f * len(b)), ANYTHING
    yield (
        "strings-many.xls",
        _with_record(0x00FC, None, lambda b: struct.pack("<II", 2**31 - 1, 2**31 - 1) + b[8:]),
        ANYTHING,
    )
    yield "sheet-far.xls", _with_record(0x0085, None, lambda b: struct.pack("<I", 2**31 - 1) + b[4:]), ANYTHING
    yield "sheet-round.xls", _with_record(0x0085, None, lambda b: struct.pack("<I", 0) + b[4:]), ANYTHING
    yield "protected.xls", _with_record(0x0042, None, lambda b: b).replace(
        struct.pack("<HH", 0x0042, 2), struct.pack("<HH", 0x002F, 2), 1
    ), UNREADABLE  # fmt: skip
    yield "only-magic.xls", MAGIC["old-office"], UNREADABLE
    yield "too-large.xls", lambda: XLS + bytes(17 * 1024 * 1024), UNREADABLE
    yield "sheets-many.xls", lambda: xls(*[[] for _ in range(200)]), NO_FORM
    yield "rows-hidden.xls", lambda: _far_cells(30_000, hidden=True), NO_FORM | UNREADABLE
    yield "wide.xls", lambda: _far_cells(3000), NO_FORM | UNREADABLE
    yield "rows-many.xls", lambda: _far_cells(60_000), UNREADABLE
    yield "forms-many.xls", lambda: xls([TITLE, FORM] * 100), ANYTHING


def _far_cells(rows: int, hidden: bool = False) -> bytes:
    """One cell in each of so many rows: in the last column, or in the first and every other row hidden."""
    import xlwt

    book = xlwt.Workbook()
    sheet = book.add_sheet("x")
    for row in range(rows):
        sheet.write(row, 0 if hidden else 255, 1)
        sheet.row(row).hidden = hidden and row % 2 == 0
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _ods() -> Iterator[_Case]:
    for step in range(12):
        at = len(ODS_FILE) * step // 12
        yield f"cut-{at}.ods", ODS_FILE[:at], UNREADABLE if at else NOT_A_FORM
    chance = random.Random(6)
    for number in range(12):
        content = bytearray(ODS_TEXT.encode())
        for _ in range(3):
            content[chance.randrange(len(content))] = chance.choice(b'<>"/ x0A1&')
        yield f"damaged-{number}.ods", ods_file(bytes(content)), ANYTHING

    def table(rows: str) -> bytes:
        return ods_file(
            f'<office:document-content {ODS}><office:body><office:spreadsheet><table:table table:name="x">{rows}'
            "</table:table></office:spreadsheet></office:body></office:document-content>"
        )

    text = "<text:p>x</text:p>"
    row = "<table:table-row{}><table:table-cell{}>{}</table:table-cell></table:table-row>"
    for value in ("16384", "99999999", "999999999999", "-1", "0", "x", ""):
        repeat = f' table:number-columns-repeated="{value}"'
        yield f"columns-{value or 'none'}.ods", table(row.format("", repeat, text)), NO_FORM | UNREADABLE
        repeat = f' table:number-rows-repeated="{value}"'
        yield f"rows-{value or 'none'}.ods", table(row.format(repeat, "", text)), NO_FORM | UNREADABLE
        yield f"rows-blank-{value or 'none'}.ods", table(row.format(repeat, "", "") + row.format("", "", text)), (
            NO_FORM | UNREADABLE
        )  # fmt: skip
        span = f' table:number-columns-spanned="{value}" table:number-rows-spanned="{value}"'
        yield f"spans-{value or 'none'}.ods", table(row.format("", span, text) * 50), NO_FORM | UNREADABLE
        spaces = f'<text:p>a<text:s text:c="{value}"/>b</text:p>'
        yield f"spaces-{value or 'none'}.ods", table(row.format("", "", spaces * 200)), NO_FORM | UNREADABLE
    both = ' table:number-rows-repeated="1048576"', ' table:number-columns-repeated="16384"'
    yield "repeats-of-repeats.ods", table(row.format(*both, text)), UNREADABLE
    hidden = '<table:table-column table:visibility="collapse" table:number-columns-repeated="99999"/>' * 9000
    yield "columns-hidden.ods", table(hidden + row.format("", "", text)), NO_FORM
    yield "tables-nested.ods", table(f"<table:table-row><table:table-cell>{'<table:table>' * 5000}"), UNREADABLE
    yield "deep.ods", table("<x>" * LARGE + "</x>" * LARGE), NO_FORM | UNREADABLE
    yield "paragraphs-many.ods", table(row.format("", "", "<text:p/>" * MANY)), NO_FORM | UNREADABLE
    yield "rows-100000.ods", lambda: table(row.format("", "", text) * LARGE), NO_FORM | UNREADABLE
    yield "cells-many.ods", lambda: table(row.format("", "", text) * 3 * LARGE), UNREADABLE
    yield "sheets-many.ods", ods(*[[] for _ in range(1500)]), UNREADABLE
    yield "content-missing.ods", zip_file({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), UNREADABLE
    yield "content-empty.ods", ods_file(""), UNREADABLE
    yield "content-other.ods", ods_file("<html/>"), NO_FORM
    yield "password.ods", ods_file("\x01", **{"META-INF/manifest.xml": "<encryption-data/>"}), UNREADABLE
    yield "bomb.ods", lambda: ods_file(b" " * (40 * 1024 * 1024)), UNREADABLE
    yield "text-document.ods", MAGIC["open-document"], UNREADABLE
    for name, xml in _entities(ODS_TEXT.encode()).items():
        yield f"entities-{name}.ods", ods_file(xml), UNREADABLE


def _sheets() -> Iterator[_Case]:
    """XML Spreadsheet 2003 and workbooks of today, both large and wrong in ways of their own."""
    for step in range(1, 10):
        at = len(SHEETS.encode()) * step // 10
        yield f"cut-{at}.xls", SHEETS.encode()[:at], UNREADABLE
    for value in ("99999999", "999999999999", "-1", "0", "x", ""):
        for name in ("Index", "MergeAcross", "MergeDown"):
            changed = SHEETS.replace(f'ss:{name}="3"', f'ss:{name}="{value}"').replace(
                f'ss:{name}="1"', f'ss:{name}="{value}"'
            )
            yield f"{name.lower()}-{value or 'none'}.xls", changed.encode(), ANYTHING
    for name, xml in _entities(SHEETS.encode()).items():
        yield f"entities-{name}.xls", xml, UNREADABLE
    head, tail = SHEETS.split("<Row", 1)[0], "</Table></Worksheet></Workbook>"
    cell = '<Row><Cell><Data ss:Type="Number">1</Data></Cell></Row>'
    yield "rows-100000.xls", lambda: (head + cell * LARGE + tail).encode(), NO_FORM | UNREADABLE
    yield "cells-many.xls", lambda: (head + cell * 3 * LARGE + tail).encode(), UNREADABLE
    yield "deep.xls", (head + "<x>" * LARGE).encode(), UNREADABLE
    yield (
        "worksheets-many.xls",
        (head + tail[:-11] + '<Worksheet ss:Name="x"/>' * 3000 + "</Workbook>").encode(),
        UNREADABLE,
    )
    yield "no-worksheet.xls", SHEETS.split("<Worksheet")[0].encode() + b"</Workbook>", UNREADABLE
    name = "xl/worksheets/sheet1.xml"
    sheet = _part(EXCEL, name).decode()
    inline = '<row r="{0}"><c r="A{0}" t="inlineStr"><is><t>x</t></is></c><c r="B{0}"><v>1</v></c></row>'
    rows = "".join(inline.format(number) for number in range(60, 90_060))
    yield "rows-90000.xlsx", lambda: _repacked(
        EXCEL, {name: sheet.replace("</sheetData>", f"{rows}</sheetData>").encode()}
    ), UNREADABLE  # fmt: skip
    areas = "".join(f'<mergeCell ref="K{2 * n}:L{2 * n + 1}"/>' for n in range(10, 5010))
    yield "merges-5000.xlsx", _repacked(
        EXCEL, {name: sheet.replace("</mergeCells>", f"{areas}</mergeCells>").encode()}
    ), ANYTHING  # fmt: skip
    areas = "".join(f'<mergeCell ref="A1:Z{n}"/>' for n in range(100, 5100))
    yield "merges-5000-overlapping.xlsx", _repacked(
        EXCEL, {name: sheet.replace("</mergeCells>", f"{areas}</mergeCells>").encode()}
    ), ANYTHING  # fmt: skip
    hidden = "".join(f'<row r="{n}" hidden="1"/>' for n in range(60, 40_060, 2))
    yield "rows-hidden.xlsx", _repacked(
        EXCEL, {name: sheet.replace("</sheetData>", f"{hidden}</sheetData>").encode()}
    ), ANYTHING  # fmt: skip
    relations = _part(EXCEL, "xl/_rels/workbook.xml.rels").decode()
    for label, target in {"itself": "workbook.xml", "package": "../[Content_Types].xml", "styles": "styles.xml",
                          "folder": "worksheets/", "up": "../../../../x.xml", "long": "x" * 9_999}.items():  # fmt: skip
        changed = relations.replace("/xl/worksheets/sheet1.xml", target)
        yield (
            f"relation-to-{label}.xlsx",
            _repacked(EXCEL, {"xl/_rels/workbook.xml.rels": changed.encode()}),
            UNREADABLE | NO_FORM,
        )
    for label, kind in {"unknown": "urn:x", "chart": f"{RELATIONS}/chartsheet", "none": ""}.items():
        changed = relations.replace(f"{RELATIONS}/worksheet", kind)
        yield (
            f"relation-kind-{label}.xlsx",
            _repacked(EXCEL, {"xl/_rels/workbook.xml.rels": changed.encode()}),
            UNREADABLE | NO_FORM,
        )
    round_about = relations.replace(
        "</Relationships>", '<Relationship Id="rIdZ" Type="x" Target="workbook.xml"/></Relationships>'
    )
    yield "relations-round.xlsx", _repacked(EXCEL, {"xl/_rels/workbook.xml.rels": round_about.encode()}), ANYTHING
    yield (
        "types-wrong.xlsx",
        _repacked(EXCEL, {"[Content_Types].xml": b'<Types><Default Extension="xml" ContentType="image/png"/></Types>'}),
        ANYTHING,
    )
    yield (
        "types-wrong.docx",
        _repacked(WORD, {"[Content_Types].xml": b'<Types><Default Extension="xml" ContentType="image/png"/></Types>'}),
        ANYTHING,
    )
    wrong = f'<Relationship Id="r" Type="{RELATIONS}/officeDocument" Target="word/_rels/none.xml"/>'
    yield (
        "relation-wrong.docx",
        _repacked(WORD, {"_rels/.rels": f"<Relationships>{wrong}</Relationships>".encode()}),
        ANYTHING,
    )


def _archives() -> Iterator[_Case]:
    for step in range(1, 10):
        at = len(ARCHIVE) * step // 10
        yield f"cut-{at}.mht", ARCHIVE[:at], ANYTHING
    start = b"MIME-Version: 1.0\r\nContent-Type: "
    for name, rest in {
        "no-page": b"text/plain\r\n\r\nx",
        "no-boundary": b"multipart/related\r\n\r\nx",
        "boundary-empty": b'multipart/related; boundary=""\r\n\r\n--\r\n\r\nx\r\n----',
        "parts-many": b"multipart/related; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * LARGE,
        "nested": b"multipart/related; boundary=b0\r\n\r\n" + b"".join(
            b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(1500)
        ),
        "type-twice": b"text/html\r\nContent-Type: multipart/related\r\n\r\n<table><tr><td>x",
        "base64-wrong": b"text/html\r\nContent-Transfer-Encoding: base64\r\n\r\n*?*?*",
        "encoding-unknown": b"text/html\r\nContent-Transfer-Encoding: x-none\r\n\r\n<p>x",
        "uuencoded": b"text/html\r\nContent-Transfer-Encoding: x-uuencode\r\n\r\nbegin 600 x\r\n!!!!\r\nend",
        "charset-unknown": b"text/html; charset=nonsense\r\n\r\n<p>x",
        "charset-quoted": b"text/html; charset=\"'><table>\"\r\n\r\n<p>x",
        "charset-encoded": b"text/html; charset*=utf-8''%E4%BD\r\n\r\n<p>x",
        "header-long": b"text/html; x=" + b"y" * HUGE + b"\r\n\r\n<p>x",
        "headers-many": b"text/html\r\n" + b"X: y\r\n" * LARGE + b"\r\n<p>x",
        "message": b"message/rfc822\r\n\r\n" + b"Content-Type: message/rfc822\r\n\r\n" * 3000,
        "no-blank-line": b"text/html",
    }.items():  # fmt: skip
        yield f"{name}.mht", start + rest, NO_FORM | UNREADABLE
    yield "page.mhtml", HTML, ANYTHING
    yield "pages-many.mht", start + b"multipart/related; boundary=b\r\n\r\n" + (
        b"--b\r\nContent-Type: text/html\r\n\r\n<p>x\r\n" * 900
    ), NO_FORM  # fmt: skip
    whole = HTML.decode()
    for name, text in {
        "row": whole.replace("<tr>", '<tr style="display:none">'),
        "cells": whole.replace("<td ", "<td hidden "),
        "divs": "<div hidden>" * LARGE + whole,
        "paragraphs": whole.replace("<p>", '<p style="DISPLAY : NONE">'),
        "open": whole.replace("<table>", "<table><span hidden>", 1),
        "attributes": "<table><tr><td" + " hidden=" * LARGE + ">x",
        "style-long": f'<table><tr><td style="{"display:" * LARGE}none">x',
        "inputs": "<table><tr><td>" + '<input type="text" value="1">' * LARGE,
        "input-open": "<table><tr><td>" + "<input value='" * LARGE,
    }.items():
        yield f"hidden-{name}.html", text.encode(), ANYTHING


def _renamed() -> Iterator[_Case]:
    """Every format under every name of an old one, and old ones under the names of today's."""
    whole = {**WHOLE, "xls": XLS, "ods": ODS_FILE, "mht": ARCHIVE, "xml": SHEETS.encode(), **MAGIC}
    for suffix in ("xls", "et", "xlsb", "ods", "doc", "wps", "rtf", "odt", "mht"):
        for kind, content in whole.items():
            yield f"{kind}.{suffix}", content, ANYTHING
    for suffix in ("docx", "xlsx", "json", "yaml"):
        for kind in ("xls", "ods", "mht", "xml"):
            yield f"{kind}.{suffix}", whole[kind], NOT_A_FORM
    chance = random.Random(12)
    for suffix in ("xls", "ods", "doc", "mht", "et", "wps"):
        yield f"noise.{suffix}", chance.randbytes(3000), NOT_A_FORM


def _pdf_file(content: bytes, **changes: bytes) -> bytes:
    """One page with this content stream; `changes` replace the objects catalog, pages, page and stream."""
    objects = {
        "catalog": b"<</Type/Catalog/Pages 2 0 R>>",
        "pages": b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        "page": b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F 5 0 R>>>>>>",
        "stream": b"<</Length %d>>stream\n%s\nendstream" % (len(content), content),
        "font": b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
        **changes,
    }
    out, places = bytearray(b"%PDF-1.4\n"), []
    for number, body in enumerate(objects.values(), 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)
    return bytes(out)


def _pdf() -> Iterator[_Case]:
    words = b"BT /F 9 Tf 50 %d Td (form %d) Tj ET\n"
    lines = b"".join(words % (800 - 12 * n, n) for n in range(40))
    rules = b"".join(b"40 %d m 550 %d l S\n" % (800 - 12 * n, 800 - 12 * n) for n in range(40))
    whole = _pdf_file(lines + rules)
    for step in range(12):
        at = len(whole) * step // 12
        yield f"cut-{at}.pdf", whole[:at], UNREADABLE | NO_FORM
    chance = random.Random(8)
    for number in range(16):
        content = bytearray(whole)
        for _ in range(12):
            content[chance.randrange(len(content))] = chance.randrange(256)
        yield f"damaged-{number}.pdf", bytes(content), UNREADABLE | NO_FORM
    for name, changes in {
        "pages-round": {"pages": b"<</Type/Pages/Kids[2 0 R]/Count 1>>"},
        "pages-many": {"pages": b"<</Type/Pages/Kids[" + b"3 0 R " * 3000 + b"]/Count 3000>>"},
        "pages-claimed": {"pages": b"<</Type/Pages/Kids[3 0 R]/Count 2000000000>>"},
        "page-itself": {"page": b"<</Type/Page/Parent 3 0 R/MediaBox 3 0 R/Contents 3 0 R>>"},
        "page-vast": {"page": b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 1e30 1e30]/Contents 4 0 R>>"},
        "page-flat": {"page": b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 0 0]/Contents 4 0 R>>"},
        "contents-many": {
            "page": b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents[" + b"4 0 R " * 5000 + b"]>>"
        },
        "length-wrong": {"stream": b"<</Length 999999999>>stream\nx\nendstream"},
        "length-itself": {"stream": b"<</Length 4 0 R>>stream\nx\nendstream"},
        "filter-unknown": {"stream": b"<</Length 1/Filter/None>>stream\nx\nendstream"},
        "encrypted": {"font": b"<<>>\nendobj\ntrailer<</Encrypt<</Filter/Standard/V 1/R 2/O(x)/U(x)/P -4>>>>"},
        "no-catalog": {"catalog": b"<<>>"},
        "script": {"catalog": b"<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert(1))>>>>"},
    }.items():  # fmt: skip
        yield f"{name}.pdf", _pdf_file(lines, **changes), UNREADABLE | NO_FORM
    bomb = zlib.compress(b" " * (200 * 1024 * 1024))
    yield "bomb.pdf", _pdf_file(
        b"", stream=b"<</Length %d/Filter/FlateDecode>>stream\n%s\nendstream" % (len(bomb), bomb)
    ), UNREADABLE | NO_FORM  # fmt: skip
    twice = zlib.compress(bomb)
    yield "bomb-twice.pdf", _pdf_file(
        b"", stream=b"<</Length %d/Filter[/FlateDecode/FlateDecode]>>stream\n%s\nendstream" % (len(twice), twice)
    ), UNREADABLE | NO_FORM  # fmt: skip
    yield "no-text.pdf", _pdf_file(b"1 0 0 rg 0 0 595 842 re f"), UNREADABLE | NO_FORM
    yield "states-open.pdf", _pdf_file(b"q " * MANY), UNREADABLE | NO_FORM
    yield "arrays-open.pdf", _pdf_file(b"[" * MANY), UNREADABLE | NO_FORM
    yield "rules-many.pdf", lambda: _pdf_file(
        b"".join(b"%d %d m %d %d l S\n" % (n % 595, n % 842, n % 595, (n + 9) % 842) for n in range(LARGE))
    ), UNREADABLE | NO_FORM  # fmt: skip
    yield "words-many.pdf", lambda: _pdf_file(
        b"".join(words % (n % 842, n) for n in range(LARGE))
    ), UNREADABLE | NO_FORM  # fmt: skip


def _plain() -> Iterator[_Case]:
    header = "一级指标\t二级指标\t三级指标\t年度指标值\t实际完成值\t分值\t得分\n"
    texts = {
        "tabs": "\t" * HUGE,
        "lines": "\n" * HUGE,
        "lines-of-tabs": "\t\t\n" * LARGE,
        "spaces": "  " * HUGE,
        "headers": header * 5000,
        "header-long": header.strip() * 3000,
        "words": "甲  乙  丙\n" * 60_000,
        "pages": "\f" * HUGE,
        "quotes": '"' * HUGE,
        "quotes-open": 'a,"b\n' * LARGE,
        "commas": "," * HUGE,
        "pipes": "|" * HUGE,
        "rows-of-pipes": "| a | b |\n|---|---|\n" * 20_000,
        "dashes": "-" * HUGE,
        "markup": "<table><tr><td>" * 20_000,
        "backslashes": "\\|" * LARGE,
        "wide": "长" * HUGE,
        "marks": "é" + "\u0301" * MANY,
        "control": "\x1b[2J\x07甲\t乙\n" * 999,
        "numbers": "1\t2\t3\n" * 60_000,
        "cells-alone": "".join(f"单元{number}\n" for number in range(100_000)),
        "rows-wide": "1,2,3,4,5,6,7,8,9,10\n" * 60_000,
    }
    for suffix in ("txt", "csv", "md"):
        for name, text in texts.items():
            yield f"{name}.{suffix}", text.encode(), ANYTHING
        for kind in ("png", "gzip", "nul", "old-office", "zip-of-text", "empty"):
            yield f"{kind}.{suffix}", MAGIC[kind], NOT_A_FORM
        yield f"noise.{suffix}", random.Random(13).randbytes(3000), NOT_A_FORM
        yield f"utf-16.{suffix}", header.encode("utf-16"), ANYTHING
        yield f"nothing-known.{suffix}", b"x", NOT_A_FORM


def main() -> None:
    """Write all files to a folder."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for bad in bad_files():
        (folder / bad.name).write_bytes(bad.make())


if __name__ == "__main__":
    main()
