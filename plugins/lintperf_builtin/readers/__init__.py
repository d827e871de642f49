"""Readers of text formats that hold documents as data."""

from collections.abc import Iterable

from lintperf.document import Document
from lintperf.extension import Importer, Source
from lintperf.model import Text
from lintperf_builtin.readers.json_reader import JSON

__all__ = ["READERS"]


def _read_yaml(source: Source) -> Iterable[Document]:
    # PyYAML costs 12 ms to import, and most files are no YAML
    from lintperf_builtin.readers.yaml_reader import read_yaml

    return read_yaml(source)


YAML = Importer("yaml", (".yaml", ".yml"), _read_yaml, Text(zh="YAML 文件", en="YAML file"))
READERS: tuple[Importer, ...] = (JSON, YAML)
