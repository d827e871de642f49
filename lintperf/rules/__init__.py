"""Rules as data: read, typed against the schema, compiled, run."""
