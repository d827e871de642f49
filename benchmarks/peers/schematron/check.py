"""Schematron over a folder of forms as XML, by Saxon; prints a JSON array of [file, code, row].

`python check.py FOLDER`. The ISO skeleton that lxml brings along compiles the schema to XSLT once a run. It writes
XSLT 1.0 and copies the tests as they are: its result has to call itself 3.0 for Saxon to read them as XPath 3.1.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from lxml import etree
from lxml.isoschematron import iso_abstract_expand, iso_dsdl_include, iso_svrl_for_xslt1
from saxonche import PySaxonProcessor

RULES = Path(__file__).with_name("rules.sch")
SVRL = "{http://purl.oclc.org/dsdl/svrl}"
STEP = re.compile(r"/([a-z]+)(?:\[([0-9]+)\])?")


def compiled() -> str:
    """The schema as XSLT."""
    sheet = iso_svrl_for_xslt1(iso_abstract_expand(iso_dsdl_include(etree.parse(RULES)))).getroot()
    sheet.set("version", "3.0")
    return etree.tostring(sheet, encoding="unicode")


def row_of(location: str) -> str:
    """The row that an XPath such as `/form/indicators/row[4]` leads to, as `indicators/3`; blank for the form."""
    steps = [f"{int(number or 1) - 1}" if name == "row" else name for name, number in STEP.findall(location)]
    return "/".join(steps[1:])


def findings(folder: Path) -> Iterator[tuple[str, str, str]]:
    """File, code and row of what is wrong in the forms."""
    with PySaxonProcessor(license=False) as processor:
        sheet = processor.new_xslt30_processor().compile_stylesheet(stylesheet_text=compiled())
        for path in sorted(folder.iterdir()):
            report = etree.fromstring(sheet.transform_to_string(source_file=str(path)).encode())
            for one in report.iter(f"{SVRL}successful-report"):
                yield path.name, one.get("id", ""), row_of(one.get("location", ""))


if __name__ == "__main__":
    json.dump(list(findings(Path(sys.argv[1]))), sys.stdout)
