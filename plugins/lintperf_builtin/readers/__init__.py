"""Readers of text formats that hold documents as data."""

from lintperf.extension import Importer
from lintperf_builtin.readers.json_reader import JSON
from lintperf_builtin.readers.yaml_reader import YAML

__all__ = ["READERS"]

READERS: tuple[Importer, ...] = (JSON, YAML)
