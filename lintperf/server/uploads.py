"""Requests with files, read with limits while they arrive: multipart forms, or one file as the whole body."""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncIterator, Mapping
from pathlib import PurePosixPath
from typing import NamedTuple
from urllib.parse import unquote_to_bytes

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import Request

from lintperf.model import Text
from lintperf.server.media import suffix_for
from lintperf.server.problems import Refusal
from lintperf.server.settings import ServerSettings

__all__ = ["Upload", "label", "read_upload"]

MOST_HEADERS = 16  # of a part
MOST_HEADER = 4096
LONGEST_NAME = 255
UNNAMED = "document"
_EXTENDED = re.compile(rb""";\s*filename\*\s*=\s*([\w.+-]+)'[^']*'([^;\s"]*)""", re.IGNORECASE)
_CHARSETS = {b"iso-8859-1": "latin-1", b"gb2312": "gb18030", b"gbk": "gb18030", b"gb18030": "gb18030"}
# what is wrong with a form is told to its sender
logging.getLogger("python_multipart").setLevel(logging.CRITICAL)

_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class Upload(NamedTuple):
    """What a request brought: files by name, in their order, and the other fields."""

    files: tuple[tuple[str, bytes], ...]
    fields: Mapping[str, tuple[str, ...]]


async def read_upload(request: Request, settings: ServerSettings) -> Upload:
    """The files and fields of a request; `filename` of the query is the name of a body that is a file.

    Raises Refusal: 413 for what is too large or too much, 415 where nobody says what the body is, 422 for a form that
    is damaged.
    """
    _refuse_early(request, settings)
    fields: dict[str, list[str]] = {}
    for name, value in request.query_params.multi_items():
        fields.setdefault(name, []).append(value)
    filename = fields.pop("filename", None)
    media_type, options = parse_options_header(request.headers.get("content-type", ""))
    if media_type == b"multipart/form-data":
        if filename is not None:
            raise Refusal(422, Text("filename 只用于不是表单的请求", "filename is for requests that are no form"))
        boundary = options.get(b"boundary", b"")
        if not boundary:
            raise Refusal(422, Text("表单没有分界（boundary）", "the form names no boundary"))
        form = _Form(boundary, settings)
        await form.read(request.stream())
        for name, value in form.fields:
            fields.setdefault(name, []).append(value)
        files = form.files
    else:
        if filename is not None and len(filename) > 1:
            raise Refusal(422, Text("filename 只能给出一次", "filename can be given only once"))
        named, name = _name_of_body(request, filename[0] if filename else None)
        content = await _whole(request.stream(), name, settings)
        files = [(name, content)] if content or named else []
    if sum(map(len, fields.values())) > settings.max_fields:
        raise _too_many_fields(settings)
    return Upload(_told_apart(files), {name: tuple(values) for name, values in fields.items()})


def _refuse_early(request: Request, settings: ServerSettings) -> None:
    """What the headers say to be too large, or to be packed, is not read at all."""
    encoding = request.headers.get("content-encoding", "identity").strip().lower()
    if encoding != "identity":
        raise Refusal(415, Text(
            f"不接受 Content-Encoding: {encoding[:40]}；请不压缩发送",
            f"Content-Encoding: {encoding[:40]} is not accepted; send it as it is",
        ), (("Accept-Encoding", "identity"),))  # fmt: skip
    length = request.headers.get("content-length", "")
    if length.isdigit() and int(length[:20]) > settings.max_total:
        raise _too_large(settings)


def _shown(size: int) -> str:
    for unit, name in ((1024 * 1024, "MiB"), (1024, "KiB")):
        if size >= unit:
            return f"{size / unit:.4g} {name}"
    return f"{size} B"


def _too_large(settings: ServerSettings) -> Refusal:
    limit = _shown(settings.max_total)
    return Refusal(413, Text(
        f"请求超过 {limit}；请分几次发送", f"the request is larger than {limit}; send it in parts",
    ))  # fmt: skip


def _file_too_large(name: str, settings: ServerSettings) -> Refusal:
    limit = _shown(settings.max_file)
    return Refusal(413, Text(f"文件 {name} 超过 {limit}", f"the file {name} is larger than {limit}"))


def _too_many_fields(settings: ServerSettings) -> Refusal:
    return Refusal(413, Text(
        f"请求的字段多于 {settings.max_fields} 个", f"the request has more than {settings.max_fields} fields"
    ))  # fmt: skip


async def _whole(stream: AsyncIterator[bytes], name: str, settings: ServerSettings) -> bytes:
    """The body as one file. One that is too large is read to its end, or to the limit of a request, before the client
    is told: clients that still send do not listen."""
    pieces, size = [], 0
    async for piece in stream:
        size += len(piece)
        if size > settings.max_total:
            raise _too_large(settings)
        if size <= settings.max_file:
            pieces.append(piece)
        else:
            pieces.clear()
    if size > settings.max_file:
        raise _file_too_large(name, settings)
    return b"".join(pieces)


def _name_of_body(request: Request, wanted: str | None) -> tuple[bool, str]:
    """The name of a file that is the body, and whether somebody gave it: the query, or Content-Disposition.

    Otherwise it is named by its media type. Raises Refusal (415) for one that nobody knows.
    """
    named = wanted or _filename(request.headers.get("content-disposition", "").encode("latin-1"))
    if named:
        return True, label(named)
    suffix = suffix_for(request.headers.get("content-type", ""))
    if suffix is None:
        raise Refusal(415, Text(
            "不知道是什么文件；请用 ?filename=名称.docx 给出文件名，或写明 Content-Type",
            "what file is this? name it with ?filename=NAME.docx, or say its Content-Type",
        ))  # fmt: skip
    return False, UNNAMED + suffix


def _filename(disposition: bytes, form: bool = False) -> str | None:
    """The name that a Content-Disposition gives, None where it gives none.

    Its extended form (RFC 6266) goes before the plain one, but not in forms, where only old clients send it.
    """
    if not disposition:
        return None
    extended = _EXTENDED.search(disposition)
    plain = parse_options_header(disposition)[1].get(b"filename")
    if extended is not None and not (form and plain):
        encoding = _CHARSETS.get(extended[1].lower(), "utf-8")
        return unquote_to_bytes(extended[2]).decode(encoding, "replace")
    return None if plain is None else _decoded(plain)


def _decoded(name: bytes) -> str:
    """A name as UTF-8, the way of the web, or as older systems in China write it."""
    for encoding in ("utf-8", "gb18030"):
        try:
            text = name.decode(encoding)
        except UnicodeDecodeError:
            continue
        # what forms of browsers escape
        return text.replace("%22", '"').replace("%0D", "").replace("%0A", "")
    return name.decode("latin-1")


def label(name: str) -> str:
    """A name to call a file by: no path of ours, on one line, not too long. Folders that the client names stay."""
    clean = _CONTROL.sub("", name).encode("utf-8", "replace").decode("utf-8").replace("\\", "/")
    parts = [part for part in clean.split("/") if part.strip() not in ("", ".", "..")]
    if len(parts) > 1 and re.fullmatch("[A-Za-z]:", parts[0]):
        del parts[0]
    text = "/".join(parts)
    if len(text) > LONGEST_NAME:
        suffix = PurePosixPath(text).suffix[:20]
        text = text[: LONGEST_NAME - len(suffix)] + suffix
    return text or UNNAMED


def _told_apart(files: list[tuple[str, bytes]]) -> tuple[tuple[str, bytes], ...]:
    """The files with different names: a second `a.docx` is `a (2).docx`."""
    taken: set[str] = set()
    named = []
    for name, content in files:
        path, number, unique = PurePosixPath(name), 1, name
        while unique in taken:
            number += 1
            unique = f"{name.removesuffix(path.suffix)} ({number}){path.suffix}"
        taken.add(unique)
        named.append((unique, content))
    return tuple(named)


class _Form:
    """A multipart form as it arrives. Parts with a file name are files, whatever their field is called."""

    def __init__(self, boundary: bytes, settings: ServerSettings) -> None:
        self.settings = settings
        self.files: list[tuple[str, bytes]] = []
        self.fields: list[tuple[str, str]] = []
        self._size = self._parts = 0
        self._too_large: Refusal | None = None
        self._ended = False
        self._headers: dict[bytes, bytes] = {}
        self._header_name, self._header_value = b"", b""
        self._field: str | None = None
        self._file: str | None = None
        self._content = bytearray()
        self._parser = MultipartParser(boundary, {
            "on_part_begin": self._begin,
            "on_header_field": self._in_header_name,
            "on_header_value": self._in_header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._headers_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._all,
        })  # fmt: skip

    async def read(self, stream: AsyncIterator[bytes]) -> None:
        """Read to the end. What is too large is read on, and thrown away, before the client is told."""
        async for piece in stream:
            self._size += len(piece)
            if self._size > self.settings.max_total:
                raise _too_large(self.settings)
            if self._too_large is not None:
                continue
            try:
                self._parser.write(piece)
            except MultipartParseError:
                raise _damaged() from None
            except Refusal as refusal:
                if refusal.status != 413:
                    raise
                self._too_large = refusal
                self.files.clear()
                self._content.clear()
        if self._too_large is not None:
            raise self._too_large
        if not self._ended:
            raise _damaged()

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > self.settings.max_files + self.settings.max_fields:
            most = self.settings.max_files + self.settings.max_fields
            raise Refusal(413, Text(f"表单多于 {most} 个部分", f"the form has more than {most} parts"))
        self._headers, self._field, self._file, self._content = {}, None, None, bytearray()

    def _in_header_name(self, data: bytes, start: int, end: int) -> None:
        self._header_name += data[start:end]
        if len(self._header_name) > MOST_HEADER:
            raise _damaged()

    def _in_header_value(self, data: bytes, start: int, end: int) -> None:
        self._header_value += data[start:end]
        if len(self._header_value) > MOST_HEADER:
            raise _damaged()

    def _header_end(self) -> None:
        if len(self._headers) >= MOST_HEADERS:
            raise _damaged()
        self._headers[self._header_name.lower()] = self._header_value
        self._header_name, self._header_value = b"", b""

    def _headers_end(self) -> None:
        disposition = self._headers.get(b"content-disposition", b"")
        kind, options = parse_options_header(disposition)
        if kind != b"form-data":
            raise _damaged()
        self._file = _filename(disposition, form=True)
        if self._file is None:
            self._field = options.get(b"name", b"").decode("utf-8", "replace")
            if len(self.fields) >= self.settings.max_fields:
                raise _too_many_fields(self.settings)
            return
        if self._file == "" or "." not in self._file:
            # a chooser without a choice sends a file without name and content; a piece of data has a type at least
            suffix = suffix_for(self._headers.get(b"content-type", b"").decode("latin-1"))
            self._file = (self._file or UNNAMED) + (suffix or "") if self._file or suffix else ""
        if len(self.files) >= self.settings.max_files:
            most = self.settings.max_files
            raise Refusal(413, Text(f"文件多于 {most} 个；请分几次发送", f"more than {most} files; send them in parts"))

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._content += data[start:end]
        if self._field is not None:
            if len(self._content) > self.settings.max_field:
                limit = _shown(self.settings.max_field)
                raise Refusal(413, Text(
                    f"字段 {self._field[:100]} 超过 {limit}", f"the field {self._field[:100]} is larger than {limit}"
                ))  # fmt: skip
        elif len(self._content) > self.settings.max_file:
            raise _file_too_large(label(self._file or ""), self.settings)

    def _end(self) -> None:
        if self._field is not None:
            self.fields.append((self._field, self._content.decode("utf-8", "replace")))
        elif self._file or self._content:
            self.files.append((label(self._file or ""), bytes(self._content)))
        self._content = bytearray()

    def _all(self) -> None:
        self._ended = True


def _damaged() -> Refusal:
    return Refusal(422, Text("表单不完整或已损坏", "the form is damaged or incomplete"))
