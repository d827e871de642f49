"""Schemas: what a document may hold, and what its fields are called."""
