"""Very many documents at once: inputs cut into shards, shards checked by an engine, findings as rows of one schema.

`sources` what there is to check, cut into shards · `shards` one shard checked · `rows` the schema of findings ·
`parts` rows as JSONL or Parquet · `engines` who calls `lint_shard`, how often and where · `run` a whole run, which goes
on where it was stopped
"""

from lintperf.batch.rows import COLUMNS, SCHEMA_VERSION
from lintperf.batch.shards import BatchJob, Outcome, Shard, lint_shard

__all__ = ["COLUMNS", "SCHEMA_VERSION", "BatchJob", "Outcome", "Shard", "lint_shard"]
