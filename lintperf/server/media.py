"""Media types: of the formats that answers have, of the files that come in, and which of them a client accepts."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from os.path import splitext
from typing import NamedTuple
from urllib.parse import quote

from lintperf.model import Text
from lintperf.names import near_name
from lintperf.server.problems import Refusal, quality

__all__ = [
    "DIFF",
    "FORMATS",
    "HTML",
    "JSON",
    "PLAIN",
    "SCHEMA",
    "SUFFIXES",
    "XLSX",
    "Offer",
    "attachment",
    "chosen",
    "of_file",
    "offers",
    "suffix_for",
    "suffix_of",
    "with_charset",
]

JSON, PLAIN, CSV, MARKDOWN, HTML = "application/json", "text/plain", "text/csv", "text/markdown", "text/html"
XML, SARIF, YAML, DIFF = "application/xml", "application/sarif+json", "application/yaml", "text/x-diff"
SCHEMA = "application/schema+json"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# format → media type; formats that are not here are text
FORMATS = {
    "json": JSON,
    "sarif": SARIF,
    "html": HTML,
    "markdown": MARKDOWN,
    "text": PLAIN,
    "junit": XML,
    "gitlab": JSON,
    "rdjson": JSON,
    "csv": CSV,
    "xlsx": XLSX,
    "diff": DIFF,
}

# media types of files, by suffix; the first suffix of a type is that of a file that came without a name
SUFFIXES = {
    ".json": JSON,
    ".yaml": YAML,
    ".yml": YAML,
    ".docx": DOCX,
    ".docm": "application/vnd.ms-word.document.macroenabled.12",
    ".xlsx": XLSX,
    ".xlsm": "application/vnd.ms-excel.sheet.macroenabled.12",
    ".xlsb": "application/vnd.ms-excel.sheet.binary.macroenabled.12",
    ".wps": "application/wps-office.wps",
    ".et": "application/wps-office.et",
    ".doc": "application/msword",
    ".xls": "application/vnd.ms-excel",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".rtf": "application/rtf",
    ".pdf": "application/pdf",
    ".html": HTML,
    ".htm": HTML,
    ".mht": "multipart/related",
    ".mhtml": "multipart/related",
    ".csv": CSV,
    ".tsv": "text/tab-separated-values",
    ".md": MARKDOWN,
    ".txt": PLAIN,
}
_SYNONYMS = {
    "application/x-yaml": YAML,
    "application/xhtml+xml": HTML,
    "text/json": JSON,
    "text/rtf": "application/rtf",
    "text/x-markdown": MARKDOWN,
    "text/x-yaml": YAML,
    "text/yaml": YAML,
}


class Offer(NamedTuple):
    """A format that an answer can have."""

    name: str
    media_type: str


def offers(names: Iterable[str], first: str) -> list[Offer]:
    """The formats of these names; `first` is the one that a client without wishes gets."""
    ordered = sorted(names, key=lambda name: (name != first, name))
    # of several formats of one media type the one that is named after it stands for it
    ordered.sort(key=lambda name: name not in ("json", "text") and name != first)
    return [Offer(name, FORMATS.get(name, PLAIN)) for name in ordered]


def with_charset(media_type: str) -> str:
    """The media type as a header says it: text is UTF-8."""
    return f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type


def chosen(accept: str, wanted: str | None, formats: Sequence[Offer]) -> Offer:
    """The format of an answer: the one that was named, else the one that the client likes best, else the first.

    A media type may be told from another format of it by a parameter: `application/json;format=gitlab`. Raises Refusal:
    422 for a name that no format has, 406 where nothing is accepted.
    """
    if wanted is not None:
        found = next((offer for offer in formats if offer.name == wanted), None)
        if found is None:
            names = [offer.name for offer in formats]
            near = near_name(wanted, names)
            raise Refusal(422, Text(
                f"没有格式 {wanted[:100]}，可用：{'、'.join(names)}" + (f"；是否为 {near}？" if near else ""),
                f"unknown format {wanted[:100]}, use one of {', '.join(names)}"
                + (f"; did you mean {near}?" if near else ""),
            ))  # fmt: skip
        return found
    if not accept.strip():
        return formats[0]
    ranges = [_range(item) for item in accept.split(",")[:64]]
    best: tuple[float, Offer] | None = None
    for offer in formats:
        fitting = [each for each in ranges if each.fits(offer)]
        if not fitting:
            continue
        # what is said most precisely of a type counts
        liking = max(fitting, key=lambda each: each.precision).quality
        if liking > 0 and (best is None or liking > best[0]):
            best = (liking, offer)
    if best is None:
        types = list(dict.fromkeys(offer.media_type for offer in formats))
        raise Refusal(406, Text(f"可以给出：{'、'.join(types)}", f"there is {', '.join(types)}"))
    return best[1]


class _Range(NamedTuple):
    type: str
    subtype: str
    format: str | None
    quality: float

    @property
    def precision(self) -> int:
        return (self.type != "*") + (self.subtype != "*") + (self.format is not None)

    def fits(self, offer: Offer) -> bool:
        type_, _, subtype = offer.media_type.partition("/")
        return (
            self.type in ("*", type_)
            and self.subtype in ("*", subtype)
            and (self.format is None or self.format == offer.name)
        )


def _range(item: str) -> _Range:
    name, *parameters = item.split(";")
    type_, _, subtype = name.strip().lower().partition("/")
    wanted = None
    for parameter in parameters:
        key, _, value = parameter.partition("=")
        if key.strip().lower() == "format":
            wanted = value.strip().strip('"').lower()
    return _Range(type_, subtype, wanted, quality(";".join(parameters)))


def suffix_of(name: str) -> str:
    """The suffix of the name of a file in lower case, with the dot."""
    return splitext(name)[1].lower()  # noqa: PTH122 - a name of an upload is no path


def of_file(name: str) -> str:
    """The media type of a file by its suffix."""
    return SUFFIXES.get(suffix_of(name), "application/octet-stream")


def suffix_for(content_type: str) -> str | None:
    """The suffix of a file of which only the media type is known; None for one that says nothing."""
    media_type = content_type.partition(";")[0].strip().lower()
    media_type = _SYNONYMS.get(media_type, media_type)
    return next((suffix for suffix, each in SUFFIXES.items() if each == media_type), None)


def attachment(name: str, how: str = "attachment") -> tuple[str, str]:
    """The header that names the file of an answer (RFC 6266): in ASCII for old clients, and as it is."""
    plain = "".join(each if each.isascii() and each.isprintable() and each not in '"\\%' else "_" for each in name)
    header = f'{how}; filename="{plain}"'
    if plain != name:
        header += f"; filename*=UTF-8''{quote(name, safe='')}"
    return "Content-Disposition", header
